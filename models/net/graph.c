/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>

#include "models/net/travel.h"

cp_status cp_graph_of_roads(cp_ctx *ctx, cp_arena *arena, const cp_network *net, cp_graph *out)
{
    const cp_rows *r = &net->rows;
    int32_t *first = NULL, *to = NULL, *fill = NULL;
    double *seconds = NULL, *metres = NULL;
    CP_NEW(ctx, arena, first, r->n_road_node + 1);
    CP_NEW(ctx, arena, to, r->n_road_link);
    CP_NEW(ctx, arena, seconds, r->n_road_link);
    CP_NEW(ctx, arena, metres, r->n_road_link);
    CP_NEW(ctx, arena, fill, r->n_road_node + 1);
    for (int32_t i = 0; i < r->n_road_link; i++)
        if (r->road_link[i].from >= 0 && r->road_link[i].to >= 0) first[r->road_link[i].from + 1]++;
    for (int32_t v = 0; v < r->n_road_node; v++) {
        first[v + 1] += first[v];
        fill[v] = first[v];
    }
    for (int32_t i = 0; i < r->n_road_link; i++) {
        const cp_road_link *link = &r->road_link[i];
        if (link->from < 0 || link->to < 0) continue;
        const double kmh = link->speed_kmh > 0 ? link->speed_kmh : net->settings.road_speed_kmh;
        const int32_t at = fill[link->from]++;
        to[at] = link->to;
        seconds[at] = link->length_m * 3.6 / kmh;
        metres[at] = link->length_m;
    }
    *out = (cp_graph){r->n_road_node, first, to, seconds, metres};
    return CP_OK;
}

/* Binary heap of nodes by (seconds, node), with each node's place so that keys can fall. */
typedef struct heap {
    int32_t *node, *place; /* place -1 = not inside */
    const double *key;
    int32_t n;
} heap;

static bool before(const heap *h, int32_t a, int32_t b)
{
    if (h->key[a] < h->key[b]) return true;
    return !(h->key[b] < h->key[a]) && a < b;
}

static void put(heap *h, int32_t at, int32_t node)
{
    h->node[at] = node;
    h->place[node] = at;
}

static void rise(heap *h, int32_t at)
{
    const int32_t node = h->node[at];
    while (at > 0 && before(h, node, h->node[(at - 1) / 2])) {
        put(h, at, h->node[(at - 1) / 2]);
        at = (at - 1) / 2;
    }
    put(h, at, node);
}

static void sink(heap *h, int32_t at)
{
    const int32_t node = h->node[at];
    for (;;) {
        int32_t child = 2 * at + 1;
        if (child >= h->n) break;
        if (child + 1 < h->n && before(h, h->node[child + 1], h->node[child])) child++;
        if (!before(h, h->node[child], node)) break;
        put(h, at, h->node[child]);
        at = child;
    }
    put(h, at, node);
}

static int32_t pop(heap *h)
{
    const int32_t top = h->node[0];
    h->place[top] = -1;
    h->n--;
    if (h->n > 0) {
        h->node[0] = h->node[h->n];
        sink(h, 0);
    }
    return top;
}

cp_status cp_graph_shortest(cp_ctx *ctx, const cp_graph *graph, int32_t start, double *seconds,
                            double *metres)
{
    const cp_arena_mark mark = cp_arena_here(ctx->scratch);
    heap h = {NULL, NULL, seconds, 0};
    CP_NEW(ctx, ctx->scratch, h.node, graph->n_nodes);
    CP_NEW(ctx, ctx->scratch, h.place, graph->n_nodes);
    for (int32_t v = 0; v < graph->n_nodes; v++) {
        seconds[v] = metres[v] = INFINITY;
        h.place[v] = -1;
    }
    seconds[start] = metres[start] = 0;
    h.n = 1;
    put(&h, 0, start);
    while (h.n > 0) {
        const int32_t v = pop(&h);
        for (int32_t e = graph->first[v]; e < graph->first[v + 1]; e++) {
            const int32_t w = graph->to[e];
            const double s = seconds[v] + graph->seconds[e];
            if (!(s < seconds[w])) continue;
            seconds[w] = s;
            metres[w] = metres[v] + graph->metres[e];
            if (h.place[w] < 0) put(&h, h.n++, w);
            rise(&h, h.place[w]);
        }
    }
    cp_arena_rewind(ctx->scratch, mark);
    return CP_OK;
}

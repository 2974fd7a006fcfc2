/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "solver/route/vrp_start.h"

#include <stdlib.h>

#define N_NEAR 40 /* neighbours of each node with which it may be joined */

typedef struct saving {
    int64_t ticks;
    int32_t a, b;
} saving;

/* Paths of nodes; what is said of a path stands with both of its ends. */
typedef struct paths {
    int32_t *link;  /* 2 a node: the nodes beside it, -1 = none */
    int32_t *other; /* the path's other end */
    int64_t *load;
} paths;

static int by_saving(const void *a, const void *b)
{
    const saving *x = a, *y = b;
    if (x->ticks != y->ticks) return x->ticks > y->ticks ? -1 : 1;
    if (x->a != y->a) return x->a < y->a ? -1 : 1;
    return x->b < y->b ? -1 : x->b > y->b;
}

static cp_status list_savings(cp_ctx *ctx, const cp_dense *d, saving **out, int32_t *n_out)
{
    const int32_t n_near = N_NEAR < d->n_near ? N_NEAR : d->n_near;
    const int32_t *depot = cp_arc_row(d, d->kinds[0].from);
    saving *list = NULL;
    int32_t n = 0;
    CP_NEW(ctx, ctx->scratch, list, (size_t)d->n * (size_t)n_near + 1);
    for (int32_t i = 0; i < d->n; i++)
        for (int32_t k = 0; k < n_near; k++) {
            const cp_near *v = &d->near[(size_t)i * (size_t)d->n_near + (size_t)k];
            const int64_t ticks = (int64_t)depot[i] + depot[v->node] - v->arc;
            if (ticks > 0)
                list[n++] = (saving){ticks, i < v->node ? i : v->node, i < v->node ? v->node : i};
        }
    qsort(list, (size_t)n, sizeof(*list), by_saving);
    *out = list;
    *n_out = n;
    return CP_OK;
}

/* Join two paths by their ends a and b. */
static void join(paths *p, int32_t a, int32_t b)
{
    const int32_t far_a = p->other[a], far_b = p->other[b];
    const int64_t load = p->load[a] + p->load[b];
    p->link[2 * a + (p->link[2 * a] >= 0)] = b;
    p->link[2 * b + (p->link[2 * b] >= 0)] = a;
    p->other[far_a] = far_b;
    p->other[far_b] = far_a;
    p->load[far_a] = p->load[far_b] = load;
}

static cp_status make_paths(cp_ctx *ctx, const cp_dense *d, paths *p)
{
    saving *list = NULL;
    int32_t n = 0;
    CP_NEW(ctx, ctx->scratch, p->link, 2 * (size_t)d->n);
    CP_NEW(ctx, ctx->scratch, p->other, d->n);
    CP_NEW(ctx, ctx->scratch, p->load, d->n);
    for (int32_t i = 0; i < d->n; i++) {
        p->link[2 * i] = p->link[2 * i + 1] = -1;
        p->other[i] = i;
        p->load[i] = d->n_dims > 0 ? d->weight[(size_t)i * (size_t)d->n_dims] : 0;
    }
    CP_TRY(list_savings(ctx, d, &list, &n));
    const cp_dense_kind *q = &d->kinds[0];
    const int64_t most = d->n_dims > 0 && q->capacity != NULL ? q->capacity[0] : CP_VRP_NO_LIMIT;
    for (int32_t k = 0; k < n; k++) {
        const int32_t a = list[k].a, b = list[k].b;
        if (p->link[2 * a + 1] >= 0 || p->link[2 * b + 1] >= 0 || p->other[a] == b) continue;
        if (p->load[a] + p->load[b] <= most) join(p, a, b);
    }
    return CP_OK;
}

static void drive(cp_state *s, const paths *p, int32_t first, int32_t route)
{
    const int32_t end = s->d->n + route;
    cp_state_touch(s, route);
    cp_state_set_kind(s, route, 0);
    for (int32_t x = first, from = -1; x >= 0;) {
        s->cost -= s->d->nodes[x].out;
        cp_state_insert(s, x, s->stops[end].prev, route);
        const int32_t *link = &p->link[2 * x];
        const int32_t next = link[0] == from ? link[1] : link[0];
        from = x;
        x = next;
    }
}

static cp_status begin(cp_ctx *ctx, cp_state *s)
{
    const cp_dense *d = s->d;
    paths p = {NULL, NULL, NULL};
    CP_TRY(make_paths(ctx, d, &p));
    for (int32_t x = 0; x < d->n; x++) {
        if (p.link[2 * x + 1] >= 0 || p.other[x] < x) continue;
        if (!d->alone[x]) continue;
        const int32_t route = s->n_used < d->kinds[0].count ? cp_state_free_route(s) : -1;
        if (route >= 0) drive(s, &p, x, route);
    }
    s->n_out = 0;
    for (int32_t x = 0; x < d->n; x++)
        if (s->stops[x].route < 0) s->out[s->n_out++] = x;
    return CP_OK;
}

cp_status cp_start_savings(cp_ctx *ctx, cp_state *s)
{
    const cp_dense *d = s->d;
    if ((d->has & ~(unsigned)CP_VRP_HAS_MULT) || d->n_kinds != 1 || d->arc != d->arc_to)
        return CP_OK;
    const cp_arena_mark mark = cp_arena_here(ctx->scratch);
    const cp_status st = begin(ctx, s);
    cp_arena_rewind(ctx->scratch, mark);
    return st;
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "solver/route/vrp_cuts.h"

#include <stdlib.h>
#include <string.h>

#define IN_USE 1e-6
#define LEAST_VIOLATION 0.03
#define NODE_CUTS_MOST 6 /* of one separation, per node */

/* ---- neighbourhoods -------------------------------------------------------------------------- */

typedef struct near {
    double far;
    int32_t node;
} near;

static int by_far(const void *a, const void *b)
{
    const near *x = a, *y = b;
    if (x->far != y->far) return x->far < y->far ? -1 : 1;
    return x->node - y->node;
}

/* How little is lost by going there and back again: the cheaper, the likelier a cycle. */
static double cycle_cost(const cp_relax *r, int32_t i, int32_t j)
{
    double least = 1e300;
    for (int32_t v = 0; v < r->p->n_vehicles; v++) {
        const cp_relax_kind *k = &r->kinds[v];
        const cp_relax_leg *a = &k->legs[i * k->n_points + j];
        const cp_relax_leg *b = &k->legs[j * k->n_points + i];
        if (!k->serves[i] || !k->serves[j] || a->drive_s < 0 || b->drive_s < 0) continue;
        const double far = (double)(a->ticks + b->ticks) + 1e-6 * (a->drive_s + b->drive_s);
        if (far < least) least = far;
    }
    return least;
}

void cp_ng_first(const cp_relax *r, int32_t size, cp_node_set *ng)
{
    const int32_t n = r->p->n_nodes;
    near all[CP_RELAX_NODES];
    for (int32_t i = 0; i < n; i++) {
        for (int32_t j = 0; j < n; j++)
            all[j] = (near){j == i ? -1e300 : cycle_cost(r, i, j), j};
        qsort(all, (size_t)n, sizeof(*all), by_far);
        memset(ng[i], 0, sizeof(ng[i]));
        for (int32_t j = 0; j < n && j < size; j++)
            cp_set_add(ng[i], all[j].node);
    }
}

static int32_t set_size(const uint64_t *set)
{
    int32_t n = 0;
    for (int32_t w = 0; w < CP_RELAX_WORDS; w++)
        n += __builtin_popcountll(set[w]);
    return n;
}

/* Make every node between two visits of a node remember it, if each of them has room. */
static bool forbid_cycle(const cp_vrp_master *m, const cp_column *c, int32_t from, int32_t to,
                         int32_t most, cp_node_set *ng)
{
    const int32_t *nodes = m->nodes + c->first, x = nodes[from];
    for (int32_t i = from + 1; i < to; i++)
        if (!cp_in_set(ng[nodes[i]], x) && set_size(ng[nodes[i]]) >= most) return false;
    for (int32_t i = from + 1; i < to; i++)
        cp_set_add(ng[nodes[i]], x);
    return true;
}

/* Forbid the shortest cycle of the route first: a longer one may hold it. */
static bool forbid_cycles(const cp_vrp_master *m, const cp_column *c, int32_t most, cp_node_set *ng)
{
    const int32_t *nodes = m->nodes + c->first;
    for (int32_t len = 2; len < c->n; len++)
        for (int32_t from = 0; from + len < c->n; from++)
            if (nodes[from] == nodes[from + len] && forbid_cycle(m, c, from, from + len, most, ng))
                return true;
    return false;
}

bool cp_ng_allows(const cp_vrp_master *m, const cp_column *c, const cp_node_set *ng)
{
    cp_node_set seen = {0};
    for (int32_t i = 0; i < c->n; i++) {
        const int32_t x = m->nodes[c->first + i];
        if (cp_in_set(seen, x)) return false;
        for (int32_t w = 0; w < CP_RELAX_WORDS; w++)
            seen[w] &= ng[x][w];
        cp_set_add(seen, x);
    }
    return true;
}

cp_status cp_ng_grow(cp_vrp_master *m, int32_t most, cp_node_set *ng, bool *grown)
{
    const cp_arena_mark mark = cp_arena_here(m->ctx->scratch);
    bool *keep = NULL;
    *grown = false;
    for (int32_t c = 0; c < m->n_columns; c++)
        if (m->x[c] > IN_USE && forbid_cycles(m, &m->columns[c], most, ng)) *grown = true;
    if (!*grown) return CP_OK;
    CP_NEW(m->ctx, m->ctx->scratch, keep, m->n_columns);
    for (int32_t c = 0; c < m->n_columns; c++)
        keep[c] = cp_ng_allows(m, &m->columns[c], (const cp_node_set *)ng);
    cp_vrp_master_keep(m, keep);
    cp_arena_rewind(m->ctx->scratch, mark);
    return CP_OK;
}

/* ---- cuts ------------------------------------------------------------------------------------ */

typedef struct triple {
    double violation;
    int32_t node[3];
} triple;

static int by_violation(const void *a, const void *b)
{
    const triple *x = a, *y = b;
    if (x->violation != y->violation) return x->violation > y->violation ? -1 : 1;
    return memcmp(x->node, y->node, sizeof(x->node));
}

/* Sum of x of the routes that visit two or three of the nodes; visits[c] is a route's set. */
static double value_of(const cp_vrp_master *m, const int32_t *used, const cp_node_set *visits,
                       int32_t n_used, const int32_t *node)
{
    double sum = 0;
    for (int32_t u = 0; u < n_used; u++) {
        const int32_t of = cp_in_set(visits[u], node[0]) + cp_in_set(visits[u], node[1]) +
                           cp_in_set(visits[u], node[2]);
        if (of >= 2) sum += m->x[used[u]];
    }
    return sum;
}

static int32_t list_used(const cp_vrp_master *m, int32_t *used, cp_node_set *visits)
{
    int32_t n = 0;
    for (int32_t c = 0; c < m->n_columns; c++) {
        if (m->x[c] <= IN_USE || m->x[c] > 1 - IN_USE) continue;
        memset(visits[n], 0, sizeof(visits[n]));
        for (int32_t i = 0; i < m->columns[c].n; i++)
            cp_set_add(visits[n], m->nodes[m->columns[c].first + i]);
        used[n++] = c;
    }
    return n;
}

/* Nodes that share a fractional route. */
static void list_friends(int32_t n, int32_t n_used, const cp_node_set *visits, cp_node_set *friends)
{
    memset(friends, 0, (size_t)n * sizeof(*friends));
    for (int32_t u = 0; u < n_used; u++)
        for (int32_t i = 0; i < n; i++)
            for (int32_t w = 0; w < CP_RELAX_WORDS && cp_in_set(visits[u], i); w++)
                friends[i][w] |= visits[u][w];
}

/* All violated triples; their number. A violated one has two pairs of nodes that share a route. */
static int32_t list_triples(const cp_vrp_master *m, const int32_t *used, const cp_node_set *visits,
                            int32_t n_used, const cp_node_set *friends, triple *out, int32_t most)
{
    const int32_t n = m->r->p->n_nodes;
    int32_t n_out = 0;
    for (int32_t a = 0; a < n; a++) {
        for (int32_t b = a + 1; b < n; b++) {
            for (int32_t c = b + 1; c < n && n_out < most; c++) {
                const int32_t pairs =
                    cp_in_set(friends[a], b) + cp_in_set(friends[a], c) + cp_in_set(friends[b], c);
                if (pairs < 2) continue;
                triple t = {0, {a, b, c}};
                t.violation = value_of(m, used, visits, n_used, t.node) - 1;
                if (t.violation >= LEAST_VIOLATION) out[n_out++] = t;
            }
        }
    }
    return n_out;
}

/* The nodes that must remember the cut so that no route in use escapes it: those between the first
 * and the second visit of each pair. */
static void set_memory(const cp_vrp_master *m, const int32_t *used, int32_t n_used, cp_cut *cut)
{
    memset(cut->memory, 0, sizeof(cut->memory));
    for (int32_t i = 0; i < 3; i++)
        cp_set_add(cut->memory, cut->node[i]);
    for (int32_t u = 0; u < n_used; u++) {
        const cp_column *c = &m->columns[used[u]];
        int32_t first = -1;
        for (int32_t i = 0; i < c->n; i++) {
            const int32_t x = m->nodes[c->first + i];
            if (x != cut->node[0] && x != cut->node[1] && x != cut->node[2]) continue;
            for (int32_t j = first; first >= 0 && j < i; j++)
                cp_set_add(cut->memory, m->nodes[c->first + j]);
            first = first >= 0 ? -1 : i;
        }
    }
}

static int32_t add_cuts(cp_vrp_master *m, const int32_t *used, int32_t n_used, const triple *t,
                        int32_t n_triples, int32_t most)
{
    int32_t n = 0, times[CP_RELAX_NODES] = {0};
    for (int32_t k = 0; k < n_triples && n < most; k++) {
        const int32_t *x = t[k].node;
        if (times[x[0]] >= NODE_CUTS_MOST || times[x[1]] >= NODE_CUTS_MOST ||
            times[x[2]] >= NODE_CUTS_MOST)
            continue;
        cp_cut cut = {{x[0], x[1], x[2]}, {0}};
        set_memory(m, used, n_used, &cut);
        if (!cp_vrp_master_cut(m, &cut)) break;
        for (int32_t i = 0; i < 3; i++)
            times[x[i]]++;
        n++;
    }
    return n;
}

cp_status cp_cuts_find(cp_vrp_master *m, int32_t most, int32_t *n)
{
    const cp_arena_mark mark = cp_arena_here(m->ctx->scratch);
    const int32_t n_nodes = m->r->p->n_nodes, n_triples_max = 20000;
    int32_t *used = NULL;
    cp_node_set *visits = NULL, *friends = NULL;
    triple *triples = NULL;
    CP_NEW(m->ctx, m->ctx->scratch, used, m->n_columns + 1);
    CP_NEW(m->ctx, m->ctx->scratch, visits, m->n_columns + 1);
    CP_NEW(m->ctx, m->ctx->scratch, friends, n_nodes + 1);
    CP_NEW(m->ctx, m->ctx->scratch, triples, n_triples_max);
    const int32_t n_used = list_used(m, used, visits);
    list_friends(n_nodes, n_used, visits, friends);
    const int32_t n_triples =
        list_triples(m, used, visits, n_used, friends, triples, n_triples_max);
    qsort(triples, (size_t)n_triples, sizeof(*triples), by_violation);
    *n = add_cuts(m, used, n_used, triples, n_triples, most);
    cp_arena_rewind(m->ctx->scratch, mark);
    return CP_OK;
}

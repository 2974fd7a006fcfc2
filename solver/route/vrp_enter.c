/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "solver/route/vrp_enter.h"

#include <stdlib.h>
#include <string.h>

#define IN_USE 1e-7
#define LEAST_VIOLATION 0.02

typedef struct found {
    double violation;
    cp_enter_set set;
} found;

typedef struct search {
    const cp_vrp_master *m;
    int32_t n;
    double *flow; /* direct ways from node to node in use, both directions together: n * n */
    double *near; /* flow between the set and a node outside */
    int64_t *sum; /* per dimension delivered, then picked up, in the set */
    int64_t most[CP_VRP_DIMS_MAX]; /* capacity of the largest vehicle */
    found *out;
    int32_t n_out, out_max;
} search;

static void sum_flows(search *s)
{
    const cp_vrp_master *m = s->m;
    for (int32_t c = 0; c < m->n_columns; c++) {
        const cp_column *q = &m->columns[c];
        if (m->x[c] <= IN_USE) continue;
        for (int32_t i = q->first + 1; i < q->first + q->n; i++) {
            if (m->ways[i] >= 0) continue;
            s->flow[m->nodes[i - 1] * s->n + m->nodes[i]] += m->x[c];
            s->flow[m->nodes[i] * s->n + m->nodes[i - 1]] += m->x[c];
        }
    }
}

static void find_capacities(search *s)
{
    const cp_vrp *p = s->m->r->p;
    for (int32_t d = 0; d < p->n_dims; d++)
        for (int32_t v = 0; v < p->n_vehicles; v++) {
            const int64_t cap =
                p->vehicles[v].capacity == NULL ? CP_VRP_NO_LIMIT : p->vehicles[v].capacity[d];
            if (cap > s->most[d]) s->most[d] = cap;
        }
}

static void add_loads(search *s, int32_t node)
{
    const cp_vrp *p = s->m->r->p;
    const cp_vrp_node *x = &p->nodes[node];
    for (int32_t d = 0; d < p->n_dims; d++) {
        if (x->deliver != NULL) s->sum[d] += x->deliver[d];
        if (x->pickup != NULL) s->sum[p->n_dims + d] += x->pickup[d];
    }
}

/* Trips that the set needs: all it is delivered leaves a depot, all it gives returns to one. */
static int32_t need_of(const search *s)
{
    const int32_t n_dims = s->m->r->p->n_dims;
    int64_t need = 1;
    for (int32_t k = 0; k < 2 * n_dims; k++) {
        const int64_t cap = s->most[k % n_dims];
        if (cap <= 0 || cap == CP_VRP_NO_LIMIT) continue;
        const int64_t trips = (s->sum[k] + cap - 1) / cap;
        if (trips > need) need = trips;
    }
    return need < s->n ? (int32_t)need : s->n;
}

/* Keep the set among the most violated, each once. */
static void offer(search *s, const found *f)
{
    int32_t at = s->n_out;
    for (int32_t k = 0; k < s->n_out; k++)
        if (memcmp(s->out[k].set.in, f->set.in, sizeof(f->set.in)) == 0) return;
    while (at > 0 && s->out[at - 1].violation < f->violation)
        at--;
    if (at == s->out_max) return;
    if (s->n_out < s->out_max) s->n_out++;
    memmove(&s->out[at + 1], &s->out[at], (size_t)(s->n_out - 1 - at) * sizeof(*s->out));
    s->out[at] = *f;
}

static bool may_join(const search *s, int32_t i)
{
    return s->m->r->out[i] == INT64_MAX;
}

/* Grow a set from a node. Each of its nodes being served once, it is entered as often as it has
 * nodes less the ways inside it. */
static void grow(search *s, int32_t from)
{
    found f = {0};
    double inside = 0.0;
    memset(s->near, 0, (size_t)s->n * sizeof(*s->near));
    memset(s->sum, 0, 2 * CP_VRP_DIMS_MAX * sizeof(*s->sum));
    int32_t next = from;
    for (int32_t size = 1; next >= 0; size++) {
        inside += s->near[next];
        cp_set_add(f.set.in, next);
        add_loads(s, next);
        f.set.need = need_of(s);
        f.violation = f.set.need - (size - inside);
        if (size > 1 && f.violation > LEAST_VIOLATION) offer(s, &f);
        const int32_t last = next;
        next = -1;
        for (int32_t i = 0; i < s->n; i++) {
            s->near[i] += s->flow[last * s->n + i];
            if (cp_in_set(f.set.in, i) || !may_join(s, i)) continue;
            if (next < 0 || s->near[i] > s->near[next]) next = i;
        }
    }
}

cp_status cp_enter_find(cp_vrp_master *m, int32_t most, int32_t *n)
{
    const cp_arena_mark mark = cp_arena_here(m->ctx->scratch);
    search s = {.m = m, .n = m->r->p->n_nodes, .out_max = most};
    CP_NEW(m->ctx, m->ctx->scratch, s.flow, (size_t)s.n * (size_t)s.n + 1);
    CP_NEW(m->ctx, m->ctx->scratch, s.near, s.n + 1);
    CP_NEW(m->ctx, m->ctx->scratch, s.sum, 2 * CP_VRP_DIMS_MAX);
    CP_NEW(m->ctx, m->ctx->scratch, s.out, most + 1);
    sum_flows(&s);
    find_capacities(&s);
    for (int32_t i = 0; i < s.n; i++)
        if (may_join(&s, i)) grow(&s, i);
    *n = 0;
    for (int32_t k = 0; k < s.n_out; k++)
        *n += cp_vrp_master_set(m, &s.out[k].set);
    cp_arena_rewind(m->ctx->scratch, mark);
    return CP_OK;
}

/* ---- routes in all --------------------------------------------------------------------------- */

/* Seconds from the earliest departure to the latest return; 0 = not limited. */
static int64_t longest_day(const cp_relax_kind *k)
{
    const int32_t time = k->at[CP_RES_TIME], busy = k->at[CP_RES_BUSY];
    int64_t most = INT64_MAX;
    if (time >= 0) most = k->limit[time] - k->begin[time];
    if (busy >= 0 && k->limit[busy] < most) most = k->limit[busy];
    return most;
}

/* The least that a kind drives and works to serve the node, from wherever it comes; -1 = it cannot.
 */
static int64_t least_way(const cp_relax_kind *k, int32_t node)
{
    int64_t least = -1;
    for (int32_t i = 0; i < k->end; i++) {
        const cp_relax_leg *leg = &k->legs[i * k->n_points + node];
        if (i == node || leg->drive_s < 0) continue;
        const int64_t s = (int64_t)leg->drive_s + leg->work_s;
        if (least < 0 || s < least) least = s;
    }
    return k->serves[node] ? least : -1;
}

void cp_enter_routes(cp_vrp_master *m)
{
    const cp_vrp *p = m->r->p;
    cp_enter_set all = {.need = 1, .starts = true};
    int64_t longest = 1, sum = 0;
    int32_t n_must = 0;
    for (int32_t v = 0; v < p->n_vehicles; v++)
        if (p->vehicles[v].count > 0 && longest_day(&m->r->kinds[v]) > longest)
            longest = longest_day(&m->r->kinds[v]);
    for (int32_t i = 0; i < p->n_nodes; i++) {
        int64_t least = -1;
        cp_set_add(all.in, i);
        if (m->r->out[i] < INT64_MAX) continue;
        n_must++;
        for (int32_t v = 0; v < p->n_vehicles; v++) {
            const int64_t s = p->vehicles[v].count > 0 ? least_way(&m->r->kinds[v], i) : -1;
            if (s >= 0 && (least < 0 || s < least)) least = s;
        }
        if (least > 0) sum += least;
    }
    if (n_must == 0) return;
    if (sum > longest) all.need = (int32_t)((sum - 1) / longest) + 1;
    (void)cp_vrp_master_set(m, &all);
}

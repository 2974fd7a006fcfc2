/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "solver/replenish/site_exact.h"

#include <math.h>
#include <string.h>

#define GAIN 0.01 /* minor units by which a plan must be better to be looked for */

#define FIRST_LABELS 512 /* room at first; a power of two */
#define WORK_A_LABEL 16  /* choices looked at, per label allowed */

/* A plan is looked for first in this part of the distance between the bound and the incumbent, then
 * in so many times that: the best plan mostly lies near the bound, and the states within a distance
 * multiply with it (deepening a search by its bound: Korf 1985). */
#define FIRST_PART 0.125
#define NEXT_PART 2.0

/* A way on from a node. */
typedef struct option {
    double cost, bound; /* bound: with the least cost of all that follows */
    int32_t to;
} option;

/* Those of one node, cheapest bound first, and the cheapest end among them; n = 0: not yet made. */
typedef struct option_list {
    option *on;
    int32_t n;
} option_list;

typedef struct label {
    uint64_t key;
    double cost;
    int32_t parent, next_of_day, next_of_hash;
} label;

typedef struct exact {
    cp_ctx *ctx;
    const cp_site_joint *j;
    int32_t n_nodes;    /* most of a machine */
    option_list **list; /* by machine and place of the visit in its graph */
    option_list *start; /* by machine: first visits and none */
    label *label;
    int32_t *at;                  /* label * n + k: next visit of machine k */
    int32_t n_labels, cap_labels; /* there is a place in the hash for each of cap_labels */
    int32_t *hash, *day;          /* first labels, -1 = none */
    int64_t work;
    double best, dropped;
    int32_t best_label;
    int32_t *state;  /* of the label being made */
    int32_t *moving; /* machines that choose */
    double *rest;    /* least cost of those yet to choose */
    int32_t n_moving, parent;
    int32_t n_crew; /* the first of the moving machines, to which a crew comes */
} exact;

/* ---- the machines -------------------------------------------------------------------- */

static const cp_site_graph *graph_of(const exact *x, int32_t k)
{
    return x->j->machine[k].graph;
}

static bool is_done(const exact *x, int32_t k, int32_t node)
{
    return node == graph_of(x, k)->done;
}

static const cp_graph_node *visit_of(const exact *x, int32_t k, int32_t node)
{
    const cp_site_graph *g = graph_of(x, k);
    return &g->visit[g->place[node]];
}

static void sort_options(option_list *list)
{
    option *o = list->on;
    for (int32_t i = 1; i < list->n; i++) {
        const option held = o[i];
        int32_t k = i;
        for (; k > 0 && (o[k - 1].bound > held.bound ||
                         (o[k - 1].bound == held.bound && o[k - 1].to > held.to));
             k--)
            o[k] = o[k - 1];
        o[k] = held;
    }
}

static void add_ways(const cp_site_graph *g, const cp_graph_way *on, int32_t n, option_list *list)
{
    for (int32_t i = 0; i < n; i++)
        list->on[list->n++] = (option){on[i].cost, on[i].cost + g->need[on[i].to], on[i].to};
}

/* The options of a visit, made when a state first needs them. */
static const option_list *options_of(const exact *x, int32_t k, int32_t node)
{
    const cp_site_graph *g = graph_of(x, k);
    option_list *list = &x->list[k][g->place[node]];
    if (list->n > 0) return list;
    const cp_graph_node *e = visit_of(x, k, node);
    add_ways(g, e->on, e->n, list);
    if (e->n_ends > 0) {
        const double cost = e->end[e->n_ends - 1].cost;
        list->on[list->n++] = (option){cost, cost, g->done};
    }
    sort_options(list);
    return list;
}

/* Needs under the division, and room for the options of each visit. */
static cp_status prepare_machine(exact *x, int32_t k)
{
    const cp_site_machine *m = &x->j->machine[k];
    cp_site_graph *g = m->graph;
    cp_arena *tmp = x->ctx->scratch;
    double *fixed = NULL, *each = NULL;
    option *room = NULL;
    int32_t first = -1, n = g->n_start;
    CP_NEW(x->ctx, tmp, fixed, x->j->n_days);
    CP_NEW(x->ctx, tmp, each, x->j->n_days);
    for (int32_t t = 0; t < x->j->n_days; t++) {
        fixed[t] = m->division[t] * x->j->full[t];
        each[t] = m->division[t] * x->j->stop[t];
    }
    const cp_stop_charge charge = {fixed, each, NULL};
    (void)cp_site_graph_pass(g, &charge, &first);
    for (int32_t i = 0; i < g->n; i++)
        n += g->visit[i].n + 1;
    CP_NEW(x->ctx, tmp, room, n + 1);
    CP_NEW(x->ctx, tmp, x->list[k], g->n + 1);
    for (int32_t i = 0; i < g->n; i++) {
        x->list[k][i].on = room;
        room += g->visit[i].n + 1;
    }
    x->start[k].on = room;
    add_ways(g, g->start, g->n_start, &x->start[k]);
    sort_options(&x->start[k]);
    return CP_OK;
}

/* ---- labels -------------------------------------------------------------------------- */

static uint64_t key_of(const exact *x, const int32_t *state)
{
    uint64_t key = 0;
    for (int32_t k = 0; k < x->j->n; k++)
        key = key * (uint64_t)x->n_nodes + (uint64_t)state[k];
    return key;
}

static int32_t first_day(const exact *x, const int32_t *state)
{
    int32_t day = x->j->n_days;
    for (int32_t k = 0; k < x->j->n; k++)
        if (!is_done(x, k, state[k]) && state[k] % x->j->n_days < day)
            day = state[k] % x->j->n_days;
    return day;
}

static int32_t *chain_of(const exact *x, uint64_t key)
{
    const uint64_t mixed = (key * UINT64_C(0x9E3779B97F4A7C15)) >> 32;
    return &x->hash[mixed & (uint64_t)(x->cap_labels - 1)];
}

/* Room for twice as many labels: most searches need few, and more is slower to walk through. */
static cp_status grow_labels(exact *x)
{
    const size_t n = (size_t)x->j->n, cap = 2 * (size_t)x->cap_labels;
    label *more = NULL;
    int32_t *at = NULL;
    CP_NEW(x->ctx, x->ctx->scratch, more, cap);
    CP_NEW(x->ctx, x->ctx->scratch, at, cap * n);
    CP_NEW(x->ctx, x->ctx->scratch, x->hash, cap);
    memcpy(more, x->label, (size_t)x->n_labels * sizeof *more);
    memcpy(at, x->at, (size_t)x->n_labels * n * sizeof *at);
    memset(x->hash, -1, cap * sizeof *x->hash);
    x->label = more;
    x->at = at;
    x->cap_labels = (int32_t)cap;
    for (int32_t i = 0; i < x->n_labels; i++) {
        int32_t *chain = chain_of(x, more[i].key);
        more[i].next_of_hash = *chain;
        *chain = i;
    }
    return CP_OK;
}

static cp_status put_label(exact *x, double cost, double bound)
{
    const size_t n = (size_t)x->j->n;
    const uint64_t key = key_of(x, x->state);
    const int32_t day = first_day(x, x->state);
    for (int32_t i = *chain_of(x, key); i >= 0; i = x->label[i].next_of_hash)
        if (x->label[i].key == key) {
            if (cost < x->label[i].cost) {
                x->label[i].cost = cost;
                x->label[i].parent = x->parent;
            }
            if (day == x->j->n_days && cost < x->best) x->best = cost;
            return CP_OK;
        }
    if (x->n_labels >= x->j->most_labels) {
        x->dropped = fmin(x->dropped, bound);
        return CP_OK;
    }
    if (x->n_labels >= x->cap_labels) CP_TRY(grow_labels(x));
    const int32_t i = x->n_labels++;
    int32_t *chain = chain_of(x, key);
    x->label[i] = (label){key, cost, x->parent, -1, *chain};
    *chain = i;
    memcpy(x->at + (size_t)i * n, x->state, n * sizeof *x->at);
    if (day < x->j->n_days) {
        x->label[i].next_of_day = x->day[day];
        x->day[day] = i;
    } else { /* nothing follows: a whole plan */
        x->best_label = i;
        x->best = fmin(x->best, cost);
    }
    return CP_OK;
}

/* The i-th of the moving machines chooses; cost so far, and bound without the machines to come. */
static cp_status choose(exact *x, int32_t i, bool start, double cost, double bound)
{
    if (++x->work > WORK_A_LABEL * x->j->most_labels) {
        x->dropped = fmin(x->dropped, bound + x->rest[i]);
        return CP_OK;
    }
    if (i == x->n_moving) return put_label(x, cost, bound);
    const int32_t k = x->moving[i], held = x->state[k];
    const option_list *list = start ? &x->start[k] : options_of(x, k, held);
    const option *o = list->on;
    for (int32_t c = 0; c < list->n; c++) {
        if (bound + o[c].bound + x->rest[i + 1] >= x->best - GAIN) break;
        x->state[k] = o[c].to;
        CP_TRY(choose(x, i + 1, start, cost + o[c].cost, bound + o[c].bound));
    }
    x->state[k] = held;
    return CP_OK;
}

/* All machines to which a crew comes end, with at most this share of the stop; the others choose.
 */
static cp_status end_all(exact *x, double share, double cost, double bound)
{
    for (int32_t i = 0; i < x->n_crew; i++) {
        const cp_graph_node *e = visit_of(x, x->moving[i], x->state[x->moving[i]]);
        int32_t c = e->n_ends - 1;
        while (c >= 0 && e->end[c].share > share)
            c--;
        if (c < 0) return CP_OK;
        cost += e->end[c].cost;
        bound += e->end[c].cost;
    }
    if (bound + x->rest[x->n_crew] >= x->best - GAIN) return CP_OK;
    for (int32_t i = 0; i < x->n_crew; i++)
        x->state[x->moving[i]] = graph_of(x, x->moving[i])->done;
    return choose(x, x->n_crew, false, cost, bound);
}

/* rest[i]: least cost of the moving machines from the i-th on, their stop paid. */
static void sum_rest(exact *x)
{
    x->rest[x->n_moving] = 0.0;
    for (int32_t i = x->n_moving - 1; i >= 0; i--)
        x->rest[i] = x->rest[i + 1] + visit_of(x, x->moving[i], x->state[x->moving[i]])->free_need;
}

/* The machines that move on the day, those to which a crew comes first; `waiting` is what the
 * others need at least. */
static double find_moving(exact *x, int32_t day)
{
    double waiting = 0.0;
    x->n_moving = x->n_crew = 0;
    for (int32_t k = 0; k < x->j->n; k++) {
        if (is_done(x, k, x->state[k])) continue;
        if (x->state[k] % x->j->n_days != day)
            waiting += graph_of(x, k)->need[x->state[k]];
        else if (visit_of(x, k, x->state[k])->crew)
            x->moving[x->n_crew++] = k;
    }
    x->n_moving = x->n_crew;
    for (int32_t k = 0; k < x->j->n; k++)
        if (!is_done(x, k, x->state[k]) && x->state[k] % x->j->n_days == day &&
            !visit_of(x, k, x->state[k])->crew)
            x->moving[x->n_moving++] = k;
    return waiting;
}

static cp_status expand(exact *x, int32_t index, int32_t day)
{
    const size_t n = (size_t)x->j->n;
    const double cost = x->label[index].cost;
    x->parent = index;
    memcpy(x->state, x->at + (size_t)index * n, n * sizeof *x->state);
    const double waiting = find_moving(x, day);
    sum_rest(x);
    if (cost + waiting + x->rest[0] >= x->best - GAIN) return CP_OK;
    if (x->n_crew == 0) return choose(x, 0, false, cost, cost + waiting); /* nobody stops */
    const double full = cost + x->j->full[day];
    CP_TRY(choose(x, 0, false, full + x->j->stop[day], full + x->j->stop[day] + waiting));
    for (int32_t i = 0; i < x->n_crew; i++) {
        const cp_graph_node *e =
            visit_of(x, x->moving[i], x->at[(size_t)index * n + (size_t)x->moving[i]]);
        const double others = waiting + x->rest[0] - e->free_need;
        for (int32_t c = 0; c < e->n_ends && e->end[c].share < 1.0; c++) {
            const double paid = full + x->j->stop[day] * e->end[c].share;
            if (paid + others + e->end[c].cost >= x->best) continue;
            memcpy(x->state, x->at + (size_t)index * n, n * sizeof *x->state);
            CP_TRY(end_all(x, e->end[c].share, paid, paid + waiting));
        }
    }
    return CP_OK;
}

/* ---- the plan ------------------------------------------------------------------------ */

/* The step from one node to the next; an end takes the cheapest that costs no more than `paid`. */
static cp_step step_of(const exact *x, int32_t k, int32_t from, int32_t to, double share)
{
    const cp_graph_node *e = visit_of(x, k, from);
    int32_t arc = -1;
    if (is_done(x, k, to)) {
        int32_t c = e->n_ends - 1;
        while (c > 0 && e->end[c].share > share)
            c--;
        return cp_graph_step(graph_of(x, k), from, e->end[c].arc);
    }
    for (int32_t c = 0; c < e->n; c++)
        if (e->on[c].to == to) arc = e->on[c].arc;
    return cp_graph_step(graph_of(x, k), from, arc);
}

/* Cost of the way from one node to another; of an end the cheapest. */
static double cost_of(const exact *x, int32_t k, int32_t from, int32_t to)
{
    const cp_graph_node *e = visit_of(x, k, from);
    if (is_done(x, k, to)) return e->n_ends > 0 ? e->end[e->n_ends - 1].cost : INFINITY;
    for (int32_t c = 0; c < e->n; c++)
        if (e->on[c].to == to) return e->on[c].cost;
    return INFINITY;
}

/* Does machine k leave a stop of a crew between the two states? */
static bool leaves_stop(const exact *x, const int32_t *before, const int32_t *after, int32_t k)
{
    return before[k] != after[k] && visit_of(x, k, before[k])->crew;
}

/* What all that end pay when the stop is charged at `share`; INFINITY where one cannot. */
static double ends_at(const exact *x, const int32_t *before, const int32_t *after, double share)
{
    double sum = 0.0;
    for (int32_t i = 0; i < x->j->n; i++) {
        if (!leaves_stop(x, before, after, i)) continue;
        const cp_graph_node *f = visit_of(x, i, before[i]);
        int32_t d = f->n_ends - 1;
        while (d >= 0 && f->end[d].share > share)
            d--;
        sum += d < 0 ? INFINITY : f->end[d].cost;
    }
    return sum;
}

/* The greatest share that the machines moving from `before` to `after` may take of their stop:
 * the whole if one goes on, else the one with which the costs add up. */
static double share_paid(const exact *x, const int32_t *before, const int32_t *after, int32_t day,
                         double spent)
{
    double share = 1.0, best = INFINITY, fills = 0.0;
    for (int32_t k = 0; k < x->j->n; k++) {
        if (before[k] == after[k]) continue;
        if (!visit_of(x, k, before[k])->crew)
            fills += cost_of(x, k, before[k], after[k]);
        else if (!is_done(x, k, after[k]))
            return 1.0;
    }
    for (int32_t k = 0; k < x->j->n; k++) {
        if (!leaves_stop(x, before, after, k)) continue;
        const cp_graph_node *e = visit_of(x, k, before[k]);
        for (int32_t c = 0; c < e->n_ends; c++) {
            const double stop = x->j->full[day] + x->j->stop[day] * e->end[c].share;
            const double sum = stop + fills + ends_at(x, before, after, e->end[c].share);
            if (fabs(sum - spent) < best) {
                best = fabs(sum - spent);
                share = e->end[c].share;
            }
        }
    }
    return share;
}

static void read_plan(const exact *x)
{
    const size_t n = (size_t)x->j->n;
    int32_t index = x->best_label;
    for (int32_t k = 0; k < x->j->n; k++)
        x->j->machine[k].n_steps = 0;
    for (; x->label[index].parent >= 0; index = x->label[index].parent) {
        const int32_t parent = x->label[index].parent;
        const int32_t *after = x->at + (size_t)index * n, *before = x->at + (size_t)parent * n;
        const int32_t day = first_day(x, before);
        const double share =
            share_paid(x, before, after, day, x->label[index].cost - x->label[parent].cost);
        for (int32_t k = 0; k < x->j->n; k++) {
            cp_site_machine *m = &x->j->machine[k];
            if (before[k] == after[k]) continue;
            m->steps[m->n_steps++] = step_of(x, k, before[k], after[k], share);
        }
    }
    for (int32_t k = 0; k < x->j->n; k++) { /* they were read from the end */
        cp_site_machine *m = &x->j->machine[k];
        for (int32_t i = 0; i < m->n_steps / 2; i++) {
            const cp_step held = m->steps[i];
            m->steps[i] = m->steps[m->n_steps - 1 - i];
            m->steps[m->n_steps - 1 - i] = held;
        }
    }
}

/* ---- all ----------------------------------------------------------------------------- */

static cp_status start(exact *x)
{
    cp_arena *tmp = x->ctx->scratch;
    const size_t n = (size_t)x->j->n;
    x->cap_labels = FIRST_LABELS;
    CP_NEW(x->ctx, tmp, x->list, n);
    CP_NEW(x->ctx, tmp, x->start, n);
    CP_NEW(x->ctx, tmp, x->label, FIRST_LABELS);
    CP_NEW(x->ctx, tmp, x->at, FIRST_LABELS * n);
    CP_NEW(x->ctx, tmp, x->hash, FIRST_LABELS);
    CP_NEW(x->ctx, tmp, x->day, x->j->n_days);
    CP_NEW(x->ctx, tmp, x->state, n);
    CP_NEW(x->ctx, tmp, x->moving, n);
    CP_NEW(x->ctx, tmp, x->rest, n + 1);
    for (int32_t k = 0; k < x->j->n; k++)
        CP_TRY(prepare_machine(x, k));
    return CP_OK;
}

/* First visits of all machines. */
static cp_status open_all(exact *x)
{
    x->parent = -1;
    x->n_moving = x->j->n;
    for (int32_t k = 0; k < x->j->n; k++) {
        x->moving[k] = k;
        x->state[k] = graph_of(x, k)->done;
    }
    return choose(x, 0, true, 0.0, 0.0);
}

/* What all machines need at least from the start; into rest[], too. */
static double least_cost(exact *x)
{
    x->rest[x->j->n] = 0.0;
    for (int32_t k = x->j->n - 1; k >= 0; k--)
        x->rest[k] = x->rest[k + 1] + (x->start[k].n > 0 ? x->start[k].on[0].bound : INFINITY);
    return x->rest[0];
}

/* All plans that cost less than `limit`. *found: the best of them, if no state had to be dropped.
 */
static cp_status search_below(exact *x, double limit, bool *found)
{
    x->best = limit;
    x->dropped = INFINITY;
    x->best_label = -1;
    x->n_labels = 0;
    x->work = 0;
    memset(x->hash, -1, (size_t)x->cap_labels * sizeof *x->hash);
    memset(x->day, -1, (size_t)x->j->n_days * sizeof *x->day);
    (void)least_cost(x);
    CP_TRY(open_all(x));
    for (int32_t t = 0; t < x->j->n_days; t++)
        for (int32_t i = x->day[t]; i >= 0; i = x->label[i].next_of_day)
            CP_TRY(expand(x, i, t));
    *found = x->best_label >= 0;
    return CP_OK;
}

cp_status cp_site_exact(cp_ctx *ctx, const cp_site_joint *joint, double *bound, bool *better,
                        double *cost)
{
    const cp_arena_mark mark = cp_arena_here(ctx->scratch);
    *bound = -INFINITY;
    *better = false;
    exact x;
    memset(&x, 0, sizeof x);
    x.ctx = ctx;
    x.j = joint;
    for (int32_t k = 0; k < joint->n; k++)
        if (joint->machine[k].graph->done >= x.n_nodes)
            x.n_nodes = joint->machine[k].graph->done + 1;
    if (joint->n * log2((double)x.n_nodes) > 62.0) return CP_OK; /* keys have 64 bits */
    CP_TRY(start(&x));
    const double least = fmax(least_cost(&x), joint->known_bound);
    const double distance = joint->incumbent - least;
    bool ends = false;
    for (double part = FIRST_PART; !ends; part *= NEXT_PART) {
        CP_TRY(search_below(&x, part < 1.0 ? least + part * distance : joint->incumbent, better));
        *bound = fmax(*bound, fmin(x.best - GAIN, x.dropped));
        ends = *better || x.dropped < x.best || part >= 1.0;
    }
    if (*better) {
        *cost = x.best;
        read_plan(&x);
    }
    cp_arena_rewind(ctx->scratch, mark);
    return CP_OK;
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "solver/replenish/site_exact.h"

#include <math.h>
#include <string.h>

#define GAIN 0.01 /* minor units by which a plan must be better to be looked for */

#define WORK_A_LABEL 16 /* choices looked at, per label allowed */

/* A plan is looked for first in this part of the distance between the bound and the incumbent, then
 * in so many times that: the best plan mostly lies near the bound, and the states within a distance
 * multiply with it (deepening a search by its bound: Korf 1985). */
#define FIRST_PART 0.125
#define NEXT_PART 2.0

/* Nodes of a machine: a visit (kind, t) at kind * n_days + t; kinds are the modes and then the ways
 * of first visits. One more node means that no visit follows. A visit by the branch's staff makes
 * no stop: it moves on the day like the others, but pays nothing of the stop. */

/* A way on from a node. */
typedef struct option {
    double cost, bound; /* bound: with the least cost of all that follows */
    double share;       /* of the stop; internal 1 */
    int32_t to, arc;
} option;

typedef struct node {
    bool allowed, listed;
    double need;      /* least cost from here on, paying its part of the stops */
    double free_need; /* the same where this day's stop is paid by others */
    int32_t n;        /* options to other visits and the best end, cheapest bound first */
    option *on;
    int32_t n_ends; /* ends by rising share, each cheaper than those before */
    option *end;
} node;

typedef struct graph {
    cp_site_machine *m;
    node *node;    /* n_kinds * n_days + 1 */
    option *start; /* first visits and none */
    int32_t n_start;
} graph;

typedef struct label {
    uint64_t key;
    double cost;
    int32_t parent, next_of_day, next_of_hash;
} label;

typedef struct exact {
    cp_ctx *ctx;
    const cp_site_joint *j;
    graph *g;
    int32_t n_kinds;       /* most of all machines */
    int32_t n_nodes, done; /* nodes of a machine; the node after which nothing follows */
    label *label;
    int32_t *at; /* label * n + k: next visit of machine k */
    int32_t n_labels, n_hash;
    int32_t *hash, *day; /* first labels, -1 = none */
    int64_t work;
    double best, dropped;
    int32_t best_label;
    int32_t *state;  /* of the label being made */
    int32_t *moving; /* machines that choose */
    double *rest;    /* least cost of those yet to choose */
    int32_t n_moving, parent;
    int32_t n_crew; /* the first of the moving machines, to which a crew comes */
} exact;

/* ---- graphs of the machines ---------------------------------------------------------- */

/* Way of a kind of node; -1: a mode. */
static int32_t way_of(int32_t kind)
{
    return kind - CP_MAX_MODES;
}

static int32_t mode_of(const cp_arcs *a, int32_t kind)
{
    if (kind < CP_MAX_MODES) return kind < a->n_modes ? kind : -1;
    return way_of(kind) < a->n_firsts ? a->way[way_of(kind)].mode : -1;
}

/* Does a crew come at this node? */
static bool stops(const exact *x, const graph *g, int32_t at)
{
    return mode_of(g->m->arcs, at / x->j->n_days) != g->m->arcs->branch_mode;
}

static double sort_price(const exact *x, int32_t t, int32_t back)
{
    return x->j->sort[t].slope * back;
}

/* Options of a visit from the entries of its day; the steps of the staircase of ends are kept in
 * e->end by falling cost. */
static void add_end(node *e, option o)
{
    int32_t at = e->n_ends;
    while (at > 0 && e->end[at - 1].share > o.share)
        at--;
    if (at > 0 && e->end[at - 1].cost <= o.cost) return;
    int32_t over = at; /* those of greater share that are no cheaper fall away */
    while (over < e->n_ends && e->end[over].cost >= o.cost)
        over++;
    memmove(e->end + at + 1, e->end + over, (size_t)(e->n_ends - over) * sizeof o);
    e->n_ends += 1 - (over - at);
    e->end[at] = o;
}

/* Of those from `first` on, which lead to the same day, one each for a next visit is kept. */
static void add_on(node *e, int32_t first, option o)
{
    for (int32_t i = e->n - 1; i >= first; i--)
        if (e->on[i].to == o.to) {
            if (o.cost < e->on[i].cost) e->on[i] = o;
            return;
        }
    e->on[e->n++] = o;
}

/* What an end by the mode costs more than the table says. */
static double more_of(const cp_arcs *a, const cp_arc_table *tab, int32_t mode, int32_t i)
{
    return mode == a->branch_mode ? tab->branch[i] : mode == 1 && tab->more ? tab->more[i] : 0.0;
}

static void read_entries(const exact *x, const graph *g, const cp_arc_table *tab, int32_t kind,
                         int32_t t, node *e)
{
    const cp_arcs *a = g->m->arcs;
    const int32_t T = x->j->n_days, mode = mode_of(a, kind);
    const bool crew = mode != a->branch_mode;
    const double own = g->m->node[mode * T + t];
    const double visit = own + (double)a->node[mode * T + t];
    int32_t day = -1, first = 0; /* the options that lead to the day: entries come by day */
    for (int32_t i = tab->first[t]; i < tab->first[t + 1]; i++) {
        const cp_level *level = &tab->levels[tab->level[i]];
        double cost = tab->cost[i] + cp_use_cost(&g->m->value[t], (double)level->out_minor);
        if (tab->entry) cost += sort_price(x, t, level->entry_back);
        if (g->m->stock && t < g->m->stock->n_days)
            cost += cp_stock_out_price(a, g->m->stock, t, level);
        if (i >= tab->last[t]) {
            cost += own + more_of(a, tab, mode, i);
            const double share = crew ? (double)(T - t) / (tab->until[i] - t) : 0.0;
            add_end(e, (option){cost, cost, share, x->done, i});
            continue;
        }
        const int32_t s = tab->until[i];
        if (s != day) first = e->n;
        day = s;
        for (int32_t m = 0; m < a->n_modes; m++) {
            if (!a->may_visit[m * T + s] || !isfinite(g->node[m * T + s].need)) continue;
            const int32_t back = m == a->branch_mode ? 0 : tab->back[m][i];
            const double c = cost + visit + (crew ? 0.0 : tab->fill[i]) + more_of(a, tab, m, i) +
                             sort_price(x, s, back);
            add_on(e, first, (option){c, c + g->node[m * T + s].need, 1.0, m * T + s, i});
        }
    }
}

static void sort_options(option *o, int32_t n)
{
    for (int32_t i = 1; i < n; i++) {
        const option held = o[i];
        int32_t k = i;
        for (; k > 0 && (o[k - 1].bound > held.bound ||
                         (o[k - 1].bound == held.bound && o[k - 1].to > held.to));
             k--)
            o[k] = o[k - 1];
        o[k] = held;
    }
}

static void set_needs(const exact *x, const graph *g, int32_t t, bool crew, node *e)
{
    const double part = crew ? g->m->division[t] : 0.0;
    e->need = e->free_need = INFINITY;
    for (int32_t i = 0; i < e->n; i++) {
        const double stop = part * (x->j->full[t] + x->j->stop[t]);
        e->need = fmin(e->need, e->on[i].bound + stop);
        e->free_need = fmin(e->free_need, e->on[i].bound);
    }
    for (int32_t i = 0; i < e->n_ends; i++) {
        const double stop = part * (x->j->full[t] + x->j->stop[t] * e->end[i].share);
        e->need = fmin(e->need, e->end[i].cost + stop);
        e->free_need = fmin(e->free_need, e->end[i].cost);
    }
    if (e->n_ends > 0) e->on[e->n++] = e->end[e->n_ends - 1];
}

static cp_status make_node(const exact *x, graph *g, int32_t kind, int32_t t)
{
    const cp_arcs *a = g->m->arcs;
    const int32_t mode = mode_of(a, kind), way = way_of(kind);
    node *e = &g->node[kind * x->j->n_days + t];
    e->need = INFINITY;
    if (mode < 0 || !a->may_visit[mode * x->j->n_days + t]) return CP_OK;
    if (way >= 0 && !a->may_open[t]) return CP_OK;
    const cp_arc_table *tab = way >= 0 ? a->way[way].table : a->table;
    CP_NEW(x->ctx, x->ctx->scratch, e->on, (x->j->n_days - t) * CP_MAX_MODES + 1);
    CP_NEW(x->ctx, x->ctx->scratch, e->end, tab->first[t + 1] - tab->last[t] + 1);
    read_entries(x, g, tab, kind, t, e);
    set_needs(x, g, t, mode != a->branch_mode, e);
    return CP_OK;
}

static cp_status make_start(const exact *x, graph *g)
{
    const cp_arcs *a = g->m->arcs;
    const int32_t T = x->j->n_days;
    CP_NEW(x->ctx, x->ctx->scratch, g->start, x->n_kinds * T + 1);
    for (int32_t t = 0; t < T; t++) {
        const cp_arc *o = &a->opening[t];
        if (!a->may_open[t]) continue;
        for (int32_t kind = 0; kind < x->n_kinds; kind++) {
            const bool plain = kind < CP_MAX_MODES;
            const node *e = &g->node[kind * T + t];
            if (!isfinite(e->need) || (plain && cp_first_way(a, kind) >= 0)) continue;
            double c = (double)o->cost + cp_stock_first_price(g->m->stock, t, mode_of(a, kind));
            if (plain)
                c += (double)cp_arc_end(a, -1, o, NULL, kind) +
                     sort_price(x, t, cp_arc_back(a, o, kind));
            g->start[g->n_start++] = (option){c, c + e->need, 0.0, kind * T + t, -1};
        }
    }
    const double none = (double)a->opening[T].cost;
    if (a->may_open[T]) g->start[g->n_start++] = (option){none, none, 0.0, x->done, -1};
    sort_options(g->start, g->n_start);
    return CP_OK;
}

static cp_status make_graph(const exact *x, cp_site_machine *m, graph *g)
{
    g->m = m;
    CP_NEW(x->ctx, x->ctx->scratch, g->node, x->n_nodes);
    for (int32_t t = x->j->n_days - 1; t >= 0; t--)
        for (int32_t kind = 0; kind < x->n_kinds; kind++)
            CP_TRY(make_node(x, g, kind, t));
    return make_start(x, g);
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
        if (state[k] != x->done && state[k] % x->j->n_days < day) day = state[k] % x->j->n_days;
    return day;
}

static void put_label(exact *x, double cost, double bound)
{
    const size_t n = (size_t)x->j->n;
    const uint64_t key = key_of(x, x->state);
    const int32_t day = first_day(x, x->state);
    int32_t *chain =
        &x->hash[(key * UINT64_C(0x9E3779B97F4A7C15)) >> 40 & (uint64_t)(x->n_hash - 1)];
    for (int32_t i = *chain; i >= 0; i = x->label[i].next_of_hash)
        if (x->label[i].key == key) {
            if (cost < x->label[i].cost) {
                x->label[i].cost = cost;
                x->label[i].parent = x->parent;
            }
            if (day == x->j->n_days && cost < x->best) x->best = cost;
            return;
        }
    if (x->n_labels >= x->j->most_labels) {
        x->dropped = fmin(x->dropped, bound);
        return;
    }
    const int32_t i = x->n_labels++;
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
}

/* The i-th of the moving machines chooses; cost so far, and bound without the machines to come. */
static void choose(exact *x, int32_t i, bool start, double cost, double bound)
{
    if (++x->work > WORK_A_LABEL * x->j->most_labels) {
        x->dropped = fmin(x->dropped, bound + x->rest[i]);
        return;
    }
    if (i == x->n_moving) {
        put_label(x, cost, bound);
        return;
    }
    const int32_t k = x->moving[i], held = x->state[k];
    const node *e = &x->g[k].node[held];
    const option *o = start ? x->g[k].start : e->on;
    const int32_t n = start ? x->g[k].n_start : e->n;
    for (int32_t c = 0; c < n; c++) {
        if (bound + o[c].bound + x->rest[i + 1] >= x->best - GAIN) break;
        x->state[k] = o[c].to;
        choose(x, i + 1, start, cost + o[c].cost, bound + o[c].bound);
    }
    x->state[k] = held;
}

/* All machines to which a crew comes end, with at most this share of the stop; the others choose.
 */
static void end_all(exact *x, double share, double cost, double bound)
{
    for (int32_t i = 0; i < x->n_crew; i++) {
        const node *e = &x->g[x->moving[i]].node[x->state[x->moving[i]]];
        int32_t c = e->n_ends - 1;
        while (c >= 0 && e->end[c].share > share)
            c--;
        if (c < 0) return;
        cost += e->end[c].cost;
        bound += e->end[c].cost;
    }
    if (bound + x->rest[x->n_crew] >= x->best - GAIN) return;
    for (int32_t i = 0; i < x->n_crew; i++)
        x->state[x->moving[i]] = x->done;
    choose(x, x->n_crew, false, cost, bound);
}

static void sort_moving(exact *x)
{
    for (int32_t i = 0; i < x->n_moving; i++) {
        node *e = &x->g[x->moving[i]].node[x->state[x->moving[i]]];
        if (!e->listed) sort_options(e->on, e->n);
        e->listed = true;
    }
    x->rest[x->n_moving] = 0.0;
    for (int32_t i = x->n_moving - 1; i >= 0; i--)
        x->rest[i] = x->rest[i + 1] + x->g[x->moving[i]].node[x->state[x->moving[i]]].free_need;
}

/* The machines that move on the day, those to which a crew comes first; `waiting` is what the
 * others need at least. */
static double find_moving(exact *x, int32_t day)
{
    double waiting = 0.0;
    x->n_moving = x->n_crew = 0;
    for (int32_t k = 0; k < x->j->n; k++) {
        if (x->state[k] == x->done) continue;
        if (x->state[k] % x->j->n_days != day)
            waiting += x->g[k].node[x->state[k]].need;
        else if (stops(x, &x->g[k], x->state[k]))
            x->moving[x->n_crew++] = k;
    }
    x->n_moving = x->n_crew;
    for (int32_t k = 0; k < x->j->n; k++)
        if (x->state[k] != x->done && x->state[k] % x->j->n_days == day &&
            !stops(x, &x->g[k], x->state[k]))
            x->moving[x->n_moving++] = k;
    return waiting;
}

static void expand(exact *x, int32_t index, int32_t day)
{
    const size_t n = (size_t)x->j->n;
    const double cost = x->label[index].cost;
    x->parent = index;
    memcpy(x->state, x->at + (size_t)index * n, n * sizeof *x->state);
    const double waiting = find_moving(x, day);
    sort_moving(x);
    if (cost + waiting + x->rest[0] >= x->best - GAIN) return;
    if (x->n_crew == 0) { /* nobody stops */
        choose(x, 0, false, cost, cost + waiting);
        return;
    }
    const double full = cost + x->j->full[day];
    choose(x, 0, false, full + x->j->stop[day], full + x->j->stop[day] + waiting);
    for (int32_t i = 0; i < x->n_crew; i++) {
        const node *e = &x->g[x->moving[i]].node[x->at[(size_t)index * n + (size_t)x->moving[i]]];
        const double others = waiting + x->rest[0] - e->free_need;
        for (int32_t c = 0; c < e->n_ends && e->end[c].share < 1.0; c++) {
            const double paid = full + x->j->stop[day] * e->end[c].share;
            if (paid + others + e->end[c].cost >= x->best) continue;
            memcpy(x->state, x->at + (size_t)index * n, n * sizeof *x->state);
            end_all(x, e->end[c].share, paid, paid + waiting);
        }
    }
}

/* ---- the plan ------------------------------------------------------------------------ */

/* The step from one node to the next; an end takes the cheapest that costs no more than `paid`. */
static cp_step step_of(const exact *x, const graph *g, int32_t from, int32_t to, double share)
{
    const int32_t T = x->j->n_days, kind = from / T;
    const node *e = &g->node[from];
    const int32_t way = way_of(kind);
    cp_step s = {(int16_t)(from % T), (uint8_t)mode_of(g->m->arcs, kind),
                 (uint8_t)(way >= 0 ? way + 1 : 0), -1};
    if (to == x->done) {
        int32_t c = e->n_ends - 1;
        while (c > 0 && e->end[c].share > share)
            c--;
        s.arc = e->end[c].arc;
        return s;
    }
    for (int32_t c = 0; c < e->n; c++)
        if (e->on[c].to == to) s.arc = e->on[c].arc;
    return s;
}

/* Cost of the way from one node to another; of an end the cheapest. */
static double cost_of(const exact *x, const node *e, int32_t to)
{
    if (to == x->done) return e->n_ends > 0 ? e->end[e->n_ends - 1].cost : INFINITY;
    for (int32_t c = 0; c < e->n; c++)
        if (e->on[c].to == to) return e->on[c].cost;
    return INFINITY;
}

/* What all that end pay when the stop is charged at `share`; INFINITY where one cannot. */
static double ends_at(const exact *x, const int32_t *before, const int32_t *after, double share)
{
    double sum = 0.0;
    for (int32_t i = 0; i < x->j->n; i++) {
        if (before[i] == after[i] || !stops(x, &x->g[i], before[i])) continue;
        const node *f = &x->g[i].node[before[i]];
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
        if (!stops(x, &x->g[k], before[k]))
            fills += cost_of(x, &x->g[k].node[before[k]], after[k]);
        else if (after[k] != x->done)
            return 1.0;
    }
    for (int32_t k = 0; k < x->j->n; k++) {
        if (before[k] == after[k] || !stops(x, &x->g[k], before[k])) continue;
        const node *e = &x->g[k].node[before[k]];
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
            m->steps[m->n_steps++] = step_of(x, &x->g[k], before[k], after[k], share);
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

static int32_t kinds_of(const cp_site_joint *joint)
{
    int32_t most = 0;
    for (int32_t k = 0; k < joint->n; k++)
        if (joint->machine[k].arcs->n_firsts > most) most = joint->machine[k].arcs->n_firsts;
    return CP_MAX_MODES + most;
}

static cp_status start(exact *x)
{
    cp_arena *tmp = x->ctx->scratch;
    const size_t n = (size_t)x->j->n, most = (size_t)x->j->most_labels;
    x->n_kinds = kinds_of(x->j);
    x->done = x->n_kinds * x->j->n_days;
    x->n_nodes = x->done + 1;
    x->n_hash = 256;
    while ((size_t)x->n_hash < most)
        x->n_hash *= 2;
    CP_NEW(x->ctx, tmp, x->g, n);
    CP_NEW(x->ctx, tmp, x->label, most);
    CP_NEW(x->ctx, tmp, x->at, most * n);
    CP_NEW(x->ctx, tmp, x->hash, x->n_hash);
    CP_NEW(x->ctx, tmp, x->day, x->j->n_days);
    CP_NEW(x->ctx, tmp, x->state, n);
    CP_NEW(x->ctx, tmp, x->moving, n);
    CP_NEW(x->ctx, tmp, x->rest, n + 1);
    for (size_t k = 0; k < n; k++)
        CP_TRY(make_graph(x, &x->j->machine[k], &x->g[k]));
    return CP_OK;
}

/* First visits of all machines. */
static void open_all(exact *x)
{
    x->parent = -1;
    x->n_moving = x->j->n;
    for (int32_t k = 0; k < x->j->n; k++) {
        x->moving[k] = k;
        x->state[k] = x->done;
    }
    choose(x, 0, true, 0.0, 0.0);
}

/* What all machines need at least from the start; into rest[], too. */
static double least_cost(exact *x)
{
    x->rest[x->j->n] = 0.0;
    for (int32_t k = x->j->n - 1; k >= 0; k--)
        x->rest[k] = x->rest[k + 1] + (x->g[k].n_start > 0 ? x->g[k].start[0].bound : INFINITY);
    return x->rest[0];
}

/* All plans that cost less than `limit`. Returns whether one was found: the best of them, if no
 * state had to be dropped. */
static bool search_below(exact *x, double limit)
{
    x->best = limit;
    x->dropped = INFINITY;
    x->best_label = -1;
    x->n_labels = 0;
    x->work = 0;
    memset(x->hash, -1, (size_t)x->n_hash * sizeof *x->hash);
    memset(x->day, -1, (size_t)x->j->n_days * sizeof *x->day);
    (void)least_cost(x);
    open_all(x);
    for (int32_t t = 0; t < x->j->n_days; t++)
        for (int32_t i = x->day[t]; i >= 0; i = x->label[i].next_of_day)
            expand(x, i, t);
    return x->best_label >= 0;
}

cp_status cp_site_exact(cp_ctx *ctx, const cp_site_joint *joint, double *bound, bool *better,
                        double *cost)
{
    const cp_arena_mark mark = cp_arena_here(ctx->scratch);
    *bound = -INFINITY;
    *better = false;
    if (joint->n * log2(kinds_of(joint) * joint->n_days + 1.0) > 62.0)
        return CP_OK; /* keys have 64 bits */
    exact x;
    memset(&x, 0, sizeof x);
    x.ctx = ctx;
    x.j = joint;
    CP_TRY(start(&x));
    const double least = fmax(least_cost(&x), joint->known_bound);
    const double distance = joint->incumbent - least;
    bool ends = false;
    for (double part = FIRST_PART; !ends; part *= NEXT_PART) {
        *better = search_below(&x, part < 1.0 ? least + part * distance : joint->incumbent);
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

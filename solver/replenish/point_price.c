/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "solver/replenish/point_price.h"

#include <math.h>
#include <string.h>

double cp_use_cost(const cp_use_price *price, double u)
{
    double cost = price->slope * u;
    if (price->p2 <= 0.0) return cost;
    for (int32_t i = 0; i < 2; i++) { /* after minus before */
        const double over = (i == 0 ? u : 0.0) - price->slack;
        if (over <= 0.0) continue;
        const double extra = over < price->extra ? over : price->extra;
        const double part = price->p1 * extra + price->p2 * (over - extra);
        cost += i == 0 ? part : -part;
    }
    return cost;
}

typedef struct search {
    const cp_arcs *a;
    const cp_point_prices *p;
    double *best;    /* [mode * T + t] from the visit (t, mode) on; its own entry is not in it */
    int32_t *choice; /* arc */
    uint8_t *next;   /* mode of the next visit */
} search;

static double sort_price(const search *s, int32_t t, int32_t back)
{
    return s->p->sort ? cp_use_cost(&s->p->sort[t], (double)back) : 0.0;
}

static double stop_price(const search *s, int32_t t, double share)
{
    const double paid = s->p->paid_share ? s->p->paid_share[t] : 0.0;
    return share > paid ? s->p->stop[t] * (share - paid) : 0.0;
}

/* Cheapest continuation after `arc` that ends at a visit inside the horizon. */
static double go_on(const search *s, const cp_arc *arc, uint8_t *next)
{
    const int32_t n_days = s->a->n_days;
    double best = INFINITY;
    for (int32_t m = 0; m < s->a->n_modes; m++) {
        if (!s->a->may_visit[m * n_days + arc->until]) continue;
        const double c = (double)arc->end[m] + sort_price(s, arc->until, arc->back[m]) +
                         s->best[m * n_days + arc->until];
        if (c < best) {
            best = c;
            *next = (uint8_t)m;
        }
    }
    return best;
}

/* Cost of leaving (t, mode) by `arc` with `level`; *next is set when the arc ends at a visit. */
static double leave(const search *s, int32_t t, int32_t mode, const cp_arc *arc,
                    const cp_level *level, uint8_t *next)
{
    const int32_t n_days = s->a->n_days;
    double cost = (double)arc->cost + s->p->node[mode * n_days + t];
    if (s->p->value) cost += cp_use_cost(&s->p->value[t], (double)level->out_minor);
    if (arc->until >= n_days) {
        const double share = (double)(n_days - t) / (double)(arc->until - t);
        return cost + (double)arc->end[mode] + stop_price(s, t, share);
    }
    cost += (double)cp_arcs_node_cost(s->a, t, mode, level) + stop_price(s, t, 1.0);
    return cost + go_on(s, arc, next);
}

static void solve_day(const search *s, int32_t t)
{
    const cp_arcs *a = s->a;
    for (int32_t m = 0; m < a->n_modes; m++) {
        const int32_t at = m * a->n_days + t;
        s->best[at] = INFINITY;
        if (!a->may_visit[at]) continue;
        for (int32_t i = a->first[t]; i < a->first[t + 1]; i++) {
            uint8_t next = 0;
            const double c = leave(s, t, m, &a->arc[i], &a->level[a->arc[i].level], &next);
            if (c < s->best[at]) {
                s->best[at] = c;
                s->choice[at] = i;
                s->next[at] = next;
            }
        }
    }
}

/* The first visit: plain, or as a fixed amount added. */
typedef struct opening {
    double cost;
    int32_t t; /* n_days = no visit */
    uint8_t mode, first_add, next;
    int32_t arc;
} opening;

static void open_plain(const search *s, int32_t t, opening *best)
{
    const cp_arcs *a = s->a;
    for (int32_t m = 0; m < a->n_modes; m++) {
        if (m == a->add_mode || !a->may_visit[m * a->n_days + t]) continue;
        const cp_arc *o = &a->opening[t];
        const double c = (double)(o->cost + o->end[m]) + sort_price(s, t, o->back[m]) +
                         s->best[m * a->n_days + t];
        if (c < best->cost) *best = (opening){c, t, (uint8_t)m, 0, 0, -1};
    }
}

static void open_add(const search *s, int32_t t, opening *best)
{
    const cp_arcs *a = s->a;
    const int32_t m = a->add_mode;
    if (m < 0 || !a->may_visit[m * a->n_days + t]) return;
    for (int32_t i = a->add_first[t]; i < a->add_first[t + 1]; i++) {
        const cp_level *amount = &a->amount[a->add_arc[i].level];
        uint8_t next = 0;
        const double c = (double)(a->opening[t].cost + amount->entry_minor) +
                         sort_price(s, t, amount->entry_back) +
                         leave(s, t, m, &a->add_arc[i], amount, &next);
        if (c < best->cost) *best = (opening){c, t, (uint8_t)m, 1, next, i};
    }
}

static void read_plan(const search *s, const opening *o, cp_step *steps, int32_t *n_steps)
{
    const cp_arcs *a = s->a;
    *n_steps = 0;
    if (o->t >= a->n_days) return;
    int32_t t = o->t;
    uint8_t mode = o->mode, first_add = o->first_add;
    for (;;) {
        const int32_t at = mode * a->n_days + t;
        const int32_t arc = first_add ? o->arc : s->choice[at];
        const uint8_t next = first_add ? o->next : s->next[at];
        steps[(*n_steps)++] = (cp_step){(int16_t)t, mode, first_add, arc};
        const int32_t until = first_add ? a->add_arc[arc].until : a->arc[arc].until;
        if (until >= a->n_days) return;
        t = until;
        mode = next;
        first_add = 0;
    }
}

cp_status cp_point_price(cp_ctx *ctx, const cp_arcs *arcs, const cp_point_prices *prices,
                         double *cost, cp_step *steps, int32_t *n_steps)
{
    const cp_arena_mark mark = cp_arena_here(ctx->scratch);
    const size_t n = (size_t)arcs->n_days * CP_MAX_MODES;
    search s = {arcs, prices, NULL, NULL, NULL};
    CP_NEW(ctx, ctx->scratch, s.best, n);
    CP_NEW(ctx, ctx->scratch, s.choice, n);
    CP_NEW(ctx, ctx->scratch, s.next, n);
    for (int32_t t = arcs->n_days - 1; t >= 0; t--)
        solve_day(&s, t);
    opening best = {INFINITY, arcs->n_days, 0, 0, 0, -1};
    if (arcs->may_open[arcs->n_days]) best.cost = (double)arcs->opening[arcs->n_days].cost;
    for (int32_t t = 0; t < arcs->n_days; t++) {
        if (!arcs->may_open[t]) continue;
        open_plain(&s, t, &best);
        open_add(&s, t, &best);
    }
    *cost = best.cost;
    read_plan(&s, &best, steps, n_steps);
    cp_arena_rewind(ctx->scratch, mark);
    return CP_OK;
}

const cp_arc *cp_step_arc(const cp_arcs *arcs, const cp_step *step)
{
    return step->first_add ? &arcs->add_arc[step->arc] : &arcs->arc[step->arc];
}

const cp_level *cp_step_level(const cp_arcs *arcs, const cp_step *step)
{
    const cp_arc *arc = cp_step_arc(arcs, step);
    return step->first_add ? &arcs->amount[arc->level] : &arcs->level[arc->level];
}

int32_t cp_step_back(const cp_arcs *arcs, const cp_step *steps, int32_t i)
{
    const cp_step *step = &steps[i];
    if (step->first_add) return cp_step_level(arcs, step)->entry_back;
    if (i == 0) return arcs->opening[step->t].back[step->mode];
    return cp_step_arc(arcs, &steps[i - 1])->back[step->mode];
}

void cp_step_share(const cp_arcs *arcs, const cp_step *step, int64_t *num, int64_t *den)
{
    const int32_t until = cp_step_arc(arcs, step)->until;
    *num = until < arcs->n_days ? 1 : arcs->n_days - step->t;
    *den = until < arcs->n_days ? 1 : until - step->t;
}

cp_minor cp_steps_cost(const cp_arcs *arcs, const cp_step *steps, int32_t n_steps)
{
    if (n_steps == 0) return arcs->n_modes > 0 ? arcs->opening[arcs->n_days].cost : 0;
    const cp_arc *open = &arcs->opening[steps[0].t];
    cp_minor cost = open->cost + (steps[0].first_add ? cp_step_level(arcs, steps)->entry_minor
                                                     : open->end[steps[0].mode]);
    for (int32_t i = 0; i < n_steps; i++) {
        const cp_arc *arc = cp_step_arc(arcs, &steps[i]);
        cost += arc->cost;
        if (arc->until >= arcs->n_days)
            cost += arc->end[steps[i].mode];
        else
            cost += arc->end[steps[i + 1].mode] + cp_arcs_node_cost(arcs, steps[i].t, steps[i].mode,
                                                                    cp_step_level(arcs, &steps[i]));
    }
    return cost;
}

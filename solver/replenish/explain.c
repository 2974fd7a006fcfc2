/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "solver/replenish/explain.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "solver/replenish/refill_state.h"

typedef struct study {
    cp_ctx *ctx;
    const cp_zone *z;
    cp_refill_state *s;
    int32_t p;     /* zone point */
    cp_arcs arcs;  /* its own, with permissions that the study may change */
    uint8_t *open; /* the true permissions */
    uint8_t *visit;
    cp_step *steps; /* as planned */
    int32_t n_steps;
    cp_minor without; /* the zone's cost with the point taken out */
} study;

/* ---- stored visits -> steps ------------------------------------------------------------------ */

static bool same_level(const cp_arcs *a, const cp_level *level, const cp_plan_visit *visit,
                       const cp_plan_load *loads)
{
    if (level->mix != visit->mix) return false;
    for (int32_t k = 0; k < a->n_channels; k++) {
        const cp_plan_load *load = &loads[visit->first_load + k];
        const int64_t notes = visit->fixed_amount ? load->load_notes : load->level_notes;
        if (visit->kind == CP_VISIT_PARTIAL_SWAP && !load->swapped) continue;
        if (visit->kind != CP_VISIT_PICKUP && notes != level->notes[k]) return false;
    }
    return true;
}

/* Channels whose cassettes the visit exchanges. */
static uint32_t swapped_of(const cp_plan_visit *visit, const cp_plan_load *loads)
{
    uint32_t channels = 0;
    for (int32_t k = 0; k < visit->n_loads; k++)
        if (loads[visit->first_load + k].swapped) channels |= UINT32_C(1) << k;
    return channels;
}

static bool is_mode(const cp_arcs *a, int32_t m, const cp_plan_visit *visit,
                    const cp_plan_load *loads)
{
    const cp_mode *mode = &a->mode[m];
    if (mode->by_branch != visit->by_branch) return false;
    if (visit->kind == CP_VISIT_PARTIAL_SWAP && mode->swapped != swapped_of(visit, loads))
        return false;
    return mode->kind == visit->kind || (visit->kind == CP_VISIT_PICKUP && m == a->add_mode);
}

static bool find_step(const cp_arcs *a, const cp_plan *plan, const cp_plan_visit *visit,
                      cp_step *out)
{
    if (visit->n_loads != a->n_channels) return false;
    const bool own_way = visit->fixed_amount || visit->kind == CP_VISIT_PARTIAL_SWAP;
    for (int32_t m = 0; m < a->n_all_modes; m++) {
        if (!is_mode(a, m, visit, plan->loads)) continue;
        const int32_t way = own_way ? 1 + cp_first_way(a, m) : 0;
        const cp_arc_table *tab = cp_arcs_table(a, way);
        for (int32_t i = tab->first[visit->t]; i < tab->first[visit->t + 1]; i++) {
            if (tab->until[i] != visit->until) continue;
            if (!same_level(a, &tab->levels[tab->level[i]], visit, plan->loads)) continue;
            *out = (cp_step){(int16_t)visit->t, (uint8_t)m, (uint8_t)way, i};
            return true;
        }
    }
    return false;
}

/* The trail of lead i that is the partial swap; -1: none. */
static int32_t find_trail(const cp_arcs *a, const cp_plan *plan, const cp_plan_visit *visit,
                          int32_t i)
{
    const cp_arc_table *tab = cp_arcs_table(a, cp_trail_way(a));
    for (int32_t k = tab->first[i]; k < tab->first[i + 1]; k++)
        if (tab->until[k] == visit->until &&
            same_level(a, &tab->levels[tab->level[k]], visit, plan->loads))
            return k;
    return -1;
}

/* A visit and the partial swap after it; writes two steps. */
static bool find_pair(const cp_arcs *a, const cp_plan *plan, const cp_plan_visit *visit,
                      const cp_plan_visit *partial, cp_step *out)
{
    const cp_arc_table *tab = a->n_leads > 0 ? cp_arcs_table(a, cp_lead_way(a)) : NULL;
    const uint32_t swapped = swapped_of(partial, plan->loads);
    int32_t mode = -1;
    for (int32_t m = a->n_modes - 1; m >= 0; m--)
        if (is_mode(a, m, visit, plan->loads)) mode = m;
    if (tab == NULL || mode < 0 || visit->fixed_amount) return false;
    for (int32_t i = tab->first[visit->t]; i < tab->first[visit->t + 1]; i++) {
        if (tab->until[i] != partial->t || a->mode[a->lead_mode[i]].swapped != swapped) continue;
        if (!same_level(a, &tab->levels[tab->level[i]], visit, plan->loads)) continue;
        const int32_t trail = find_trail(a, plan, partial, i);
        if (trail < 0) continue;
        out[0] = (cp_step){(int16_t)visit->t, (uint8_t)mode, (uint8_t)cp_lead_way(a), i};
        out[1] = (cp_step){(int16_t)partial->t, a->lead_mode[i], (uint8_t)cp_trail_way(a), trail};
        return true;
    }
    return false;
}

/* Visits stand by day, so those of a point come in order. */
static bool find_steps(const cp_arcs *a, const cp_plan *plan, cp_step *steps, int32_t *n)
{
    const cp_plan_visit *before = NULL;
    bool found = true; /* the step of the visit before */
    *n = 0;
    for (int32_t i = 0; i < plan->n_visits; i++) {
        const cp_plan_visit *visit = &plan->visits[i];
        if (visit->point != a->point) continue;
        if (*n >= a->n_days || visit->n_loads != a->n_channels) return false;
        const bool pair = before && visit->kind == CP_VISIT_PARTIAL_SWAP;
        if (!pair && !found) return false;
        found = pair ? find_pair(a, plan, before, visit, &steps[*n - 1])
                     : find_step(a, plan, visit, &steps[*n]);
        if (pair && !found) return false;
        before = visit;
        (*n)++;
    }
    return found;
}

cp_status cp_explain_state(cp_ctx *ctx, const cp_zone *z, const cp_plan *plan, int32_t must,
                           cp_refill_state *state, int32_t *n_changed)
{
    const cp_arena_mark mark = cp_arena_here(ctx->scratch);
    cp_step *steps = NULL;
    int32_t *changed = NULL;
    CP_NEW(ctx, ctx->scratch, steps, z->n_days + 1);
    CP_NEW(ctx, ctx->scratch, changed, z->n_points + 1);
    *n_changed = 0;
    for (int32_t p = 0; p < z->n_points; p++) {
        int32_t n = 0;
        const bool found = find_steps(z->arcs[p], plan, steps, &n);
        if (!found && p == must)
            CP_FAIL(ctx, CP_E_INPUT,
                    "point %s: its planned visits are no longer possible with the data at hand; "
                    "plan again, then ask",
                    z->net->points[z->point[p]].code);
        if (found)
            cp_refill_put_in(state, p, steps, n);
        else
            changed[(*n_changed)++] = p;
    }
    for (int32_t i = 0; i < *n_changed; i++)
        CP_TRY(cp_refill_replan(ctx, state, changed[i]));
    cp_arena_rewind(ctx->scratch, mark);
    return CP_OK;
}

static cp_status rebuild(study *e, const cp_plan *plan, int32_t *n_changed)
{
    CP_TRY(cp_explain_state(e->ctx, e->z, plan, e->p, e->s, n_changed));
    e->n_steps = e->s->n_steps[e->p];
    memcpy(e->steps, e->s->steps + (size_t)e->p * (size_t)e->z->n_days,
           (size_t)e->n_steps * sizeof *e->steps);
    return CP_OK;
}

/* ---- one choice ------------------------------------------------------------------------------ */

static cp_minor stops_of(const study *e)
{
    const size_t row = (size_t)e->z->site_of[e->p] * (size_t)e->z->n_days;
    cp_minor sum = 0;
    for (int32_t t = 0; t < e->z->n_days; t++)
        sum += e->s->stop_cost[row + (size_t)t];
    return sum;
}

static bool misses(const cp_arcs *a, const cp_step *steps, int32_t n)
{
    if (a->opening[n > 0 ? steps[0].t : a->n_days].misses) return true;
    for (int32_t i = 0; i < n; i++)
        if (cp_step_misses(a, &steps[i])) return true;
    return false;
}

/* What the zone pays more with these steps than without the point, which is out before and after.
 */
static cp_choice weigh(study *e, const cp_step *steps, int32_t n)
{
    cp_choice c = {.t = -1, .n_visits = n, .misses = misses(&e->arcs, steps, n)};
    const cp_minor stops = stops_of(e);
    if (n > 0) {
        c.t = steps[0].t;
        c.kind = e->arcs.mode[steps[0].mode].kind;
        c.by_branch = e->arcs.mode[steps[0].mode].by_branch;
        c.swapped = e->arcs.mode[steps[0].mode].swapped;
        c.until = cp_step_until(&e->arcs, &steps[0]);
        c.out_minor = cp_step_level(&e->arcs, &steps[0])->out_minor;
    }
    cp_refill_put_in(e->s, e->p, steps, n);
    c.total_minor = e->s->total - e->without;
    c.own_minor = e->s->point_cost[e->p];
    c.stop_minor = stops_of(e) - stops;
    c.limits_minor = c.total_minor - c.own_minor - c.stop_minor;
    cp_refill_take_out(e->s, e->p);
    return c;
}

/* First visit on t (n_days: none), by this mode only. */
static void force(study *e, int32_t t, int32_t mode)
{
    cp_arcs *a = &e->arcs;
    memset(a->may_open, 0, (size_t)a->n_days + 1);
    a->may_open[t] = e->open[t];
    memcpy(a->may_visit, e->visit, (size_t)a->n_all_modes * (size_t)a->n_days);
    for (int32_t m = 0; m < a->n_all_modes && t < a->n_days; m++)
        if (m != mode) a->may_visit[m * a->n_days + t] = 0;
}

static bool same_steps(const study *e, const cp_step *steps, int32_t n)
{
    return n == e->n_steps && memcmp(steps, e->steps, (size_t)n * sizeof *steps) == 0;
}

static cp_status try_choice(study *e, int32_t t, int32_t mode, cp_explanation *out)
{
    const cp_step *steps = e->s->steps + (size_t)e->p * (size_t)e->z->n_days;
    cp_step *kept = NULL;
    force(e, t, mode);
    const cp_status st = cp_refill_replan(e->ctx, e->s, e->p);
    if (st == CP_E_SOLVER) { /* no plan begins like this */
        cp_error_clear(e->ctx);
        return CP_OK;
    }
    CP_TRY(st);
    const int32_t n = e->s->n_steps[e->p];
    CP_NEW(e->ctx, e->ctx->scratch, kept, n + 1);
    memcpy(kept, steps, (size_t)n * sizeof *kept);
    cp_refill_take_out(e->s, e->p);
    if (same_steps(e, kept, n)) return CP_OK; /* the chosen one is there already */
    out->choice[out->n_choices++] = weigh(e, kept, n);
    return CP_OK;
}

static int by_cost(const void *a, const void *b)
{
    const cp_choice *x = a, *y = b;
    if (x->total_minor != y->total_minor) return x->total_minor < y->total_minor ? -1 : 1;
    if (x->t != y->t) return x->t < y->t ? -1 : 1;
    if (x->kind != y->kind) return x->kind < y->kind ? -1 : 1;
    if (x->by_branch != y->by_branch) return x->by_branch ? 1 : -1;
    return (x->swapped > y->swapped) - (x->swapped < y->swapped);
}

static cp_status all_choices(study *e, cp_explanation *out)
{
    const cp_arcs *a = &e->arcs;
    CP_NEW(e->ctx, e->ctx->run, out->choice, a->n_days * a->n_all_modes + 2);
    out->choice[out->n_choices] = weigh(e, e->steps, e->n_steps);
    out->choice[out->n_choices++].chosen = true;
    for (int32_t t = 0; t < a->n_days; t++)
        for (int32_t m = 0; m < a->n_all_modes && e->open[t]; m++)
            if (e->visit[m * a->n_days + t]) CP_TRY(try_choice(e, t, m, out));
    if (e->open[a->n_days]) CP_TRY(try_choice(e, a->n_days, -1, out));
    qsort(out->choice, (size_t)out->n_choices, sizeof *out->choice, by_cost);
    return CP_OK;
}

/* ---- other loads ----------------------------------------------------------------------------- */

static int by_value(const void *a, const void *b)
{
    const cp_load_choice *x = a, *y = b;
    if (x->out_minor != y->out_minor) return x->out_minor < y->out_minor ? -1 : 1;
    if (x->more_minor != y->more_minor) return x->more_minor < y->more_minor ? -1 : 1;
    return x->mix - y->mix;
}

/* The first visit's interval, if it were made by this arc: with the end that the plan has for it
 * (the visit that ends it may be of another mode; its residual is charged by it). */
static cp_minor interval_cost(const study *e, const cp_arc *arc, const cp_level *level)
{
    const cp_arcs *a = &e->arcs;
    const cp_step *step = &e->steps[0];
    const bool last = arc->until >= a->n_days;
    const int32_t end = last ? step->mode : e->steps[1].mode;
    cp_minor cost = arc->cost + cp_arc_end(a, step->t, arc, level, end);
    if (step->first_add > 0 && step->mode != a->branch_mode) cost += level->entry_minor;
    return last ? cost : cost + cp_arcs_node_cost(a, step->t, step->mode, level);
}

static cp_status other_loads(study *e, cp_explanation *out)
{
    const cp_arcs *a = &e->arcs;
    if (e->n_steps == 0) return CP_OK;
    const cp_step *step = &e->steps[0];
    const cp_arc_table *tab = cp_arcs_table(a, step->first_add);
    const cp_arc own = cp_step_arc(a, step);
    const cp_minor paid = interval_cost(e, &own, &tab->levels[own.level]);
    CP_NEW(e->ctx, e->ctx->run, out->load, tab->first[step->t + 1] - tab->first[step->t] + 1);
    for (int32_t i = tab->first[step->t]; i < tab->first[step->t + 1]; i++) {
        if (tab->until[i] != own.until) continue;
        if (cp_step_leads(a, step) && a->lead_mode[i] != e->steps[1].mode) continue;
        const cp_arc arc = cp_arcs_get(a, step->first_add, step->t, i);
        const cp_level *level = &tab->levels[arc.level];
        const cp_minor cost = interval_cost(e, &arc, level);
        out->load[out->n_loads++] = (cp_load_choice){level->out_minor, cost - paid, arc.misses != 0,
                                                     i == step->arc, level->mix};
    }
    qsort(out->load, (size_t)out->n_loads, sizeof *out->load, by_value);
    return CP_OK;
}

/* ---- what it would do alone ------------------------------------------------------------------ */

/* The cheapest plan when no row has a price: the visits', and the stops' where no other machine of
 * the site pays for them. */
static cp_status plan_alone(study *e, cp_step *steps, int32_t *n)
{
    const cp_zone *z = e->z;
    const size_t days = (size_t)z->n_days;
    cp_use_price *free_row = NULL;
    double *node = NULL, *paid = NULL, *stop = NULL, cost = 0.0;
    CP_NEW(e->ctx, e->ctx->scratch, free_row, days);
    CP_NEW(e->ctx, e->ctx->scratch, node, days * CP_MAX_ALL_MODES);
    CP_NEW(e->ctx, e->ctx->scratch, paid, days);
    CP_NEW(e->ctx, e->ctx->scratch, stop, days);
    for (size_t t = 0; t < days; t++) {
        const size_t at = (size_t)z->site_of[e->p] * days + t;
        stop[t] = (double)z->site_stop[at];
        paid[t] = e->s->n_at[at] > 0 ? 1.0 : 0.0;
    }
    memcpy(e->arcs.may_open, e->open, days + 1);
    memcpy(e->arcs.may_visit, e->visit, (size_t)e->arcs.n_all_modes * days);
    const cp_point_prices prices = {node, stop, paid, free_row, free_row, NULL};
    return cp_point_price(e->ctx, &e->arcs, &prices, &cost, steps, n);
}

/* The limit stands against it where its use costs more than that of the others alone. */
static void put_push(const cp_zone_row *row, int64_t others, int64_t use, cp_explanation *out)
{
    const cp_minor cost = cp_zone_row_cost(row, use) - cp_zone_row_cost(row, others);
    if (cost <= 0) return;
    cp_push *push = &out->push[out->n_pushes++];
    push->kind = row->kind;
    push->t = row->t;
    push->item = row->item;
    push->cap = row->cap + row->extra_cap + row->second_cap;
    push->others = others;
    push->wanted = use - others;
    push->cost_minor = cost;
}

static cp_status alone(study *e, cp_explanation *out)
{
    const cp_zone *z = e->z;
    cp_step *steps = NULL;
    int64_t *others = NULL;
    int32_t n = 0;
    CP_NEW(e->ctx, e->ctx->scratch, steps, z->n_days + 1);
    CP_NEW(e->ctx, e->ctx->scratch, others, z->n_rows + 1);
    CP_NEW(e->ctx, e->ctx->run, out->push, z->n_rows + 1);
    CP_TRY(plan_alone(e, steps, &n));
    out->alone = weigh(e, steps, n);
    out->alone.chosen = same_steps(e, steps, n);
    memcpy(others, e->s->use, (size_t)z->n_rows * sizeof *others);
    cp_refill_put_in(e->s, e->p, steps, n);
    for (int32_t r = 0; r < z->n_rows; r++)
        put_push(&z->row[r], others[r], e->s->use[r], out);
    cp_refill_take_out(e->s, e->p);
    return CP_OK;
}

/* ---- all of it ------------------------------------------------------------------------------- */

static cp_status own_permissions(study *e, cp_zone *z)
{
    const size_t days = (size_t)z->n_days;
    const cp_arcs *shared = z->arcs[e->p];
    const size_t cells = (size_t)shared->n_all_modes * days;
    e->arcs = *shared;
    e->open = shared->may_open;
    e->visit = shared->may_visit;
    CP_NEW(e->ctx, e->ctx->run, e->arcs.may_open, days + 1);
    CP_NEW(e->ctx, e->ctx->run, e->arcs.may_visit, cells + 1);
    memcpy(e->arcs.may_open, e->open, days + 1);
    memcpy(e->arcs.may_visit, e->visit, cells);
    z->arcs[e->p] = &e->arcs;
    return CP_OK;
}

static cp_status study_point(study *e, const cp_plan *plan, cp_explanation *out)
{
    CP_NEW(e->ctx, e->ctx->scratch, e->steps, e->z->n_days + 1);
    CP_TRY(cp_refill_state_new(e->ctx, e->z, &e->s));
    CP_TRY(rebuild(e, plan, &out->n_changed));
    cp_refill_take_out(e->s, e->p);
    e->without = e->s->total;
    CP_TRY(all_choices(e, out));
    CP_TRY(other_loads(e, out));
    return alone(e, out);
}

cp_status cp_explain_zone(cp_ctx *ctx, cp_zone *zone, const cp_plan *plan, int32_t point,
                          cp_explanation *out)
{
    const cp_arena_mark mark = cp_arena_here(ctx->scratch);
    study e = {.ctx = ctx, .z = zone, .p = -1};
    memset(out, 0, sizeof *out);
    out->point = point;
    for (int32_t p = 0; p < zone->n_points; p++)
        if (zone->point[p] == point) e.p = p;
    if (e.p < 0)
        CP_FAIL(ctx, CP_E_INPUT, "point %s is not planned from a vault",
                zone->net->points[point].code);
    const cp_arcs *shared = zone->arcs[e.p];
    CP_TRY(own_permissions(&e, zone));
    const cp_status st = study_point(&e, plan, out);
    zone->arcs[e.p] = shared;
    cp_arena_rewind(ctx->scratch, mark);
    return st;
}

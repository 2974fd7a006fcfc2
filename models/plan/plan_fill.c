/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "models/plan/plan_fill.h"

#include <stdlib.h>
#include <string.h>

#include "models/plan/plan_sim.h"

/* ---- builder ------------------------------------------------------------------------------ */

struct cp_plan_builder {
    const cp_network *net;
    const char *policy;
    cp_plan_visit *visits; /* first_load indexes loads below, in order of arrival */
    cp_plan_load *loads;
    int32_t n_visits, cap_visits, n_loads, cap_loads;
};

cp_status cp_plan_builder_new(cp_ctx *ctx, const cp_network *net, const char *policy,
                              cp_plan_builder **out)
{
    cp_plan_builder *b = NULL;
    CP_NEW(ctx, ctx->run, b, 1);
    b->net = net;
    b->policy = policy;
    *out = b;
    return CP_OK;
}

/* Room for n more of both kinds; doubling leaves the old arrays to the arena. */
static cp_status grow(cp_ctx *ctx, cp_plan_builder *b, int32_t n_loads)
{
    if (b->n_visits == b->cap_visits) {
        cp_plan_visit *old = b->visits;
        b->cap_visits = b->cap_visits > 0 ? 2 * b->cap_visits : 64;
        CP_NEW(ctx, ctx->run, b->visits, b->cap_visits);
        if (b->n_visits > 0) memcpy(b->visits, old, (size_t)b->n_visits * sizeof *old);
    }
    if (b->n_loads + n_loads > b->cap_loads) {
        cp_plan_load *old = b->loads;
        b->cap_loads = 2 * b->cap_loads + n_loads + 128;
        CP_NEW(ctx, ctx->run, b->loads, b->cap_loads);
        if (b->n_loads > 0) memcpy(b->loads, old, (size_t)b->n_loads * sizeof *old);
    }
    return CP_OK;
}

cp_status cp_plan_builder_visit(cp_ctx *ctx, cp_plan_builder *b, const cp_plan_visit *visit,
                                const int64_t *notes)
{
    const cp_point *point = &b->net->points[visit->point];
    CP_TRY(grow(ctx, b, point->n_channels));
    cp_plan_visit *v = &b->visits[b->n_visits++];
    *v = *visit;
    v->first_load = b->n_loads;
    v->n_loads = point->n_channels;
    for (int32_t k = 0; k < point->n_channels; k++) {
        cp_plan_load *load = &b->loads[b->n_loads++];
        const int32_t channel = point->first_channel + k;
        const bool cash = b->net->channels[channel].role != CP_ROLE_DEPOSIT;
        const bool kept = visit->kind == CP_VISIT_PARTIAL_SWAP && notes != NULL && notes[k] < 0;
        const int64_t n = cash && notes != NULL && !kept ? notes[k] : 0;
        load->channel = channel;
        load->swapped = cp_visit_swaps(visit) && !(kept && cash);
        load->level_notes = visit->kind == CP_VISIT_ADD && visit->fixed_amount ? -1 : n;
        load->load_notes = n;
    }
    return CP_OK;
}

static int by_day_and_point(const void *a, const void *b)
{
    const cp_plan_visit *x = a;
    const cp_plan_visit *y = b;
    if (x->t != y->t) return x->t < y->t ? -1 : 1;
    return x->point < y->point ? -1 : x->point > y->point;
}

static int32_t pin_kept(const cp_network *net, const cp_plan_visit *visit)
{
    for (int32_t i = 0; i < net->rows.n_pin; i++) {
        const cp_pin *pin = &net->rows.pin[i];
        if (pin->rule == CP_PIN_MUST && pin->point == visit->point &&
            pin->day == net->first_day + visit->t)
            return i;
    }
    return -1;
}

static cp_status copy_sorted(cp_ctx *ctx, const cp_plan_builder *b, cp_plan *plan)
{
    CP_NEW(ctx, ctx->run, plan->visits, b->n_visits);
    CP_NEW(ctx, ctx->run, plan->loads, b->n_loads);
    if (b->n_visits == 0) return CP_OK;
    memcpy(plan->visits, b->visits, (size_t)b->n_visits * sizeof *plan->visits);
    qsort(plan->visits, (size_t)b->n_visits, sizeof *plan->visits, by_day_and_point);
    for (int32_t i = 0; i < b->n_visits; i++) {
        cp_plan_visit *v = &plan->visits[i];
        if (i > 0 && by_day_and_point(v - 1, v) == 0)
            CP_FAIL(ctx, CP_E_INPUT, "point %s has two visits on day %d",
                    b->net->points[v->point].code, (int)v->t);
        memcpy(plan->loads + plan->n_loads, b->loads + v->first_load,
               (size_t)v->n_loads * sizeof *plan->loads);
        v->first_load = plan->n_loads;
        v->pin = pin_kept(b->net, v);
        plan->n_loads += v->n_loads;
    }
    plan->n_visits = b->n_visits;
    return CP_OK;
}

/* `until` of every visit but the last ones is the next visit's day; a visit that became the last
 * one because others were left out is laid until the end of the plan. */
static cp_status link_visits(cp_ctx *ctx, const cp_network *net, cp_plan *plan)
{
    int32_t *next = NULL;
    CP_NEW(ctx, ctx->scratch, next, net->n_points);
    for (int32_t i = plan->n_visits - 1; i >= 0; i--) {
        cp_plan_visit *v = &plan->visits[i];
        if (next[v->point] > 0)
            v->until = next[v->point] - 1;
        else if (v->until < plan->n_days)
            v->until = plan->n_days;
        next[v->point] = v->t + 1;
    }
    return CP_OK;
}

cp_status cp_plan_builder_finish(cp_ctx *ctx, cp_plan_builder *b, cp_plan **out)
{
    const cp_arena_mark mark = cp_arena_here(ctx->scratch);
    cp_plan *plan = NULL;
    CP_NEW(ctx, ctx->run, plan, 1);
    plan->policy = b->policy;
    plan->first_day = b->net->first_day;
    plan->n_days = b->net->n_days;
    plan->outcome = CP_FEASIBLE;
    plan->stopped_by = "work";
    CP_TRY(copy_sorted(ctx, b, plan));
    CP_TRY(link_visits(ctx, b->net, plan));
    cp_arena_rewind(ctx->scratch, mark);
    *out = plan;
    return CP_OK;
}

/* ---- returns and expected deliveries ------------------------------------------------------ */

typedef struct filler {
    cp_ctx *ctx;
    const cp_network *net;
    cp_plan *plan;
    cp_plan_sim sim;
    int64_t *residual; /* channel * n_paths + w, before the visit */
    int64_t *work;     /* n_paths */
} filler;

static int by_number(const void *a, const void *b)
{
    const int64_t x = *(const int64_t *)a;
    const int64_t y = *(const int64_t *)b;
    return (x > y) - (x < y);
}

static int64_t mean_up(__int128 sum, int64_t n)
{
    return (int64_t)((sum + n - 1) / n);
}

/* The ceil(q * n / 1e6)-th smallest; reorders a. */
static int64_t quantile(int64_t *a, int64_t n, int64_t q_ppm)
{
    int64_t k = (q_ppm * n + 999999) / 1000000;
    if (k < 1) k = 1;
    qsort(a, (size_t)n, sizeof *a, by_number);
    return a[(k < n ? k : n) - 1];
}

static void fill_returns(filler *f, cp_plan_visit *visit)
{
    const cp_plan_sim *sim = &f->sim;
    const int64_t q = f->net->settings.return_quantile_ppm;
    const size_t n = (size_t)sim->n_paths;
    __int128 value = 0;
    for (int32_t k = 0; k < sim->n_channels; k++) {
        cp_plan_load *load = &f->plan->loads[visit->first_load + k];
        const int64_t *back = sim->back + (size_t)k * n;
        int64_t sum = 0;
        for (size_t w = 0; w < n; w++)
            sum += back[w];
        memcpy(f->work, back, n * sizeof *back);
        load->return_notes = mean_up(sum, sim->n_paths);
        load->return_q_notes = quantile(f->work, sim->n_paths, q);
        load->sealed_notes = cp_plan_sim_sealed_notes(sim, k) / sim->n_paths;
        value += (__int128)sum * sim->channel[k].value_minor;
    }
    for (size_t w = 0; w < n; w++) {
        f->work[w] = 0;
        for (int32_t k = 0; k < sim->n_channels; k++)
            f->work[w] += sim->back[(size_t)k * n + w] * sim->channel[k].value_minor;
    }
    visit->return_minor = mean_up(value, sim->n_paths);
    visit->return_q_minor = quantile(f->work, sim->n_paths, q);
}

/* Expected delivery of a fill-up add in whole steps. */
static int64_t delivery(const filler *f, int32_t k, int64_t level)
{
    const int64_t *residual = f->residual + (size_t)k * (size_t)f->sim.n_paths;
    const int64_t step = f->sim.channel[k].step_notes > 0 ? f->sim.channel[k].step_notes : 1;
    int64_t sum = 0;
    for (int32_t w = 0; w < f->sim.n_paths; w++)
        sum += level > residual[w] ? level - residual[w] : 0;
    const int64_t mean = mean_up(sum, f->sim.n_paths);
    return (mean + step - 1) / step * step;
}

static void fill_loads(filler *f, cp_plan_visit *visit)
{
    visit->load_minor = 0;
    visit->cassettes = 0;
    for (int32_t k = 0; k < visit->n_loads; k++) {
        cp_plan_load *load = &f->plan->loads[visit->first_load + k];
        const cp_channel *c = &f->sim.channel[k];
        const bool partial = visit->kind == CP_VISIT_PARTIAL_SWAP;
        load->swapped = cp_load_swaps(visit, load) || (partial && c->role == CP_ROLE_DEPOSIT);
        const bool idle = c->role == CP_ROLE_DEPOSIT || visit->kind == CP_VISIT_PICKUP ||
                          (partial && !load->swapped);
        if (idle)
            load->load_notes = 0;
        else if (cp_visit_swaps(visit))
            load->level_notes = load->load_notes;
        else if (!visit->fixed_amount)
            load->load_notes = delivery(f, k, load->level_notes);
        if (idle) load->level_notes = 0;
        if (visit->kind == CP_VISIT_ADD && visit->fixed_amount) load->level_notes = -1;
        if (load->load_notes > 0) visit->load_minor += load->load_notes * c->value_minor;
        if (load->swapped) visit->cassettes += c->n_cassettes;
    }
}

static cp_status fill_point(filler *f, const cp_forecast *forecast, const cp_shares *shares,
                            uint64_t seed, const int32_t *visits, int32_t n_visits)
{
    cp_ctx *ctx = f->ctx;
    const cp_arena_mark mark = cp_arena_here(ctx->scratch);
    const int32_t point = f->plan->visits[visits[0]].point;
    CP_TRY(cp_plan_sim_new(ctx, f->net, forecast, shares, point, f->net->settings.n_paths, seed,
                           &f->sim));
    const size_t n = (size_t)f->sim.n_channels * (size_t)f->sim.n_paths;
    CP_NEW(ctx, ctx->scratch, f->residual, n);
    CP_NEW(ctx, ctx->scratch, f->work, f->sim.n_paths);
    int32_t t = -1;
    for (int32_t i = 0; i < n_visits; i++) {
        cp_plan_visit *visit = &f->plan->visits[visits[i]];
        cp_plan_sim_interval(&f->sim, t, visit->t);
        memcpy(f->residual, f->sim.stock, n * sizeof *f->residual);
        fill_loads(f, visit);
        cp_plan_sim_visit(&f->sim, visit, f->plan->loads + visit->first_load);
        fill_returns(f, visit);
        t = visit->t;
    }
    cp_arena_rewind(ctx->scratch, mark);
    return CP_OK;
}

cp_status cp_plan_fill_visits(cp_ctx *ctx, const cp_network *net, const cp_forecast *forecast,
                              const cp_shares *shares, uint64_t seed, cp_plan *plan)
{
    const cp_arena_mark mark = cp_arena_here(ctx->scratch);
    cp_visit_index index = {NULL, NULL};
    filler f = {.ctx = ctx, .net = net, .plan = plan};
    CP_TRY(cp_visit_index_make(ctx, net, plan, &index));
    for (int32_t p = 0; p < net->n_points; p++) {
        const int32_t n = index.first[p + 1] - index.first[p];
        if (n > 0) CP_TRY(fill_point(&f, forecast, shares, seed, index.visit + index.first[p], n));
    }
    cp_arena_rewind(ctx->scratch, mark);
    return CP_OK;
}

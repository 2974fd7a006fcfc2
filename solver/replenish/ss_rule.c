/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "solver/replenish/ss_rule.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "models/plan/plan_fill.h"
#include "models/plan/plan_sim.h"
#include "solver/replenish/policy.h"

#define DRIVE_MIN 12     /* minutes of driving a stop, where the bank gives no figure of its own */
#define LEVEL_PPM 980000 /* service aimed at where no level and no penalty is given */

/* One machine on its way through the days. */
typedef struct rule {
    cp_ctx *ctx;
    const cp_network *net;
    cp_plan_builder *builder;
    int32_t point, last_day, longest, interval; /* R */
    int64_t level_ppm;
    cp_visit_kind kind;
    cp_plan_sim sim;
    int64_t *kept; /* stocks put aside, channel * n_paths + w */
    int64_t *work; /* n_paths */
    bool visited;
    int32_t last_visit; /* day of the last visit; before the first: -days_since_visit */
} rule;

/* ---- parameters --------------------------------------------------------------------------- */

static int64_t tariff(const rule *r, cp_tariff_item item)
{
    const int32_t site = r->net->points[r->point].site;
    return cp_tariff_get(r->net, item, r->net->first_day, r->net->sites[site].vault, -1, site, -1);
}

/* Economic interval (Harris 1913): stop cost against holding what is used. */
static int32_t economic_interval(const rule *r, const cp_forecast *f)
{
    const cp_point *p = &r->net->points[r->point];
    const cp_settings *s = &r->net->settings;
    const int32_t minutes = r->net->sites[p->site].service_min +
                            (s->stop_drive_min > 0 ? s->stop_drive_min : DRIVE_MIN) +
                            (r->kind == CP_VISIT_SWAP ? p->service_min_swap : p->service_min_add);
    double cassettes = 0;
    double daily = 0;
    for (int32_t k = 0; k < p->n_channels && r->kind == CP_VISIT_SWAP; k++)
        cassettes += r->sim.channel[k].n_cassettes;
    const int64_t row = (int64_t)CP_FLOW_WITHDRAWAL * f->n_points + r->point;
    for (int32_t d = 0; d < f->n_days && f->has_flow[row]; d++)
        daily += f->mean[row * f->n_days + d] / f->n_days;
    const double stop = (double)tariff(r, CP_TARIFF_STOP_SITE_MINOR) +
                        (double)tariff(r, CP_TARIFF_STOP_MACHINE_MINOR) +
                        (double)tariff(r, CP_TARIFF_HOUR_MINOR) * minutes / 60.0 +
                        (double)tariff(r, CP_TARIFF_PACK_CASSETTE_MINOR) * cassettes;
    const double hold = (double)tariff(r, CP_TARIFF_HOLD_PPM_YEAR) / 365e6;
    const double days = hold * daily > 0 ? sqrt(2.0 * stop / (hold * daily)) : r->longest;
    const int32_t whole = days < r->longest ? (int32_t)(days + 0.5) : r->longest;
    return whole < 2 ? 2 : whole;
}

/* The service level, or what the penalty is worth against holding for a week. */
static int64_t aimed_level(const rule *r)
{
    const int32_t own = r->net->points[r->point].service_level_ppm;
    const int64_t level = own >= 0 ? own : r->net->settings.service_level_ppm;
    const double lost = (double)tariff(r, CP_TARIFF_CASH_OUT_PPM);
    const double hold = (double)tariff(r, CP_TARIFF_HOLD_PPM_YEAR) * 7.0 / 365.0;
    if (level > 0) return level;
    return lost > 0 ? (int64_t)(1e6 * lost / (lost + hold)) : LEVEL_PPM;
}

/* ---- one decision ------------------------------------------------------------------------- */

static int by_number(const void *a, const void *b)
{
    const int64_t x = *(const int64_t *)a;
    const int64_t y = *(const int64_t *)b;
    return (x > y) - (x < y);
}

static int64_t quantile(int64_t *a, int32_t n, int64_t ppm)
{
    const int64_t k = (ppm * n + 999999) / 1000000;
    qsort(a, (size_t)n, sizeof *a, by_number);
    return a[k < 1 ? 0 : (k < n ? k : n) - 1];
}

/* Would too many paths fail before day `next` if nothing came on day t? The sim stands at the
 * moment of a visit on t and is put back there. */
static bool would_fail(rule *r, int32_t t, int32_t next)
{
    cp_plan_sim *sim = &r->sim;
    const size_t bytes = (size_t)sim->n_channels * (size_t)sim->n_paths * sizeof *sim->stock;
    memcpy(r->kept, sim->stock, bytes);
    cp_plan_sim_clear(sim);
    cp_plan_sim_part(sim, t, CP_PART_AFTER);
    for (int32_t d = t + 1; d < next && d < sim->n_days; d++)
        cp_plan_sim_part(sim, d, CP_PART_WHOLE);
    if (next < sim->n_days) cp_plan_sim_part(sim, next, CP_PART_BEFORE);
    const int64_t failed = cp_plan_sim_missed(sim);
    memcpy(sim->stock, r->kept, bytes);
    return failed * 1000000 > (1000000 - r->level_ppm) * (int64_t)sim->n_paths;
}

/* S: what covers the need of the days until t + R on enough paths. Withdrawals come first within a
 * day, so need is the greatest net outflow up to any moment. */
static void order_up_to(rule *r, int32_t t, int64_t *notes)
{
    const cp_plan_sim *sim = &r->sim;
    const size_t n = (size_t)sim->n_paths;
    const int32_t end = t + r->interval + 1 < sim->n_days ? t + r->interval + 1 : sim->n_days;
    for (int32_t k = 0; k < sim->n_channels; k++) {
        notes[k] = 0;
        if (sim->channel[k].role == CP_ROLE_DEPOSIT) continue;
        for (size_t w = 0; w < n; w++) {
            int64_t net = 0;
            int64_t need = 0;
            for (int32_t d = t; d < end; d++) {
                const size_t at = ((size_t)k * (size_t)sim->n_days + (size_t)d) * n + w;
                net += sim->paths.out[at];
                if (net > need) need = net;
                net -= sim->paths.in[at];
            }
            r->work[w] = need;
        }
        notes[k] = quantile(r->work, sim->n_paths, r->level_ppm);
    }
}

/* Mean and greatest stock by channel. */
static void inside_now(const rule *r, int64_t *expected, int64_t *most)
{
    const cp_plan_sim *sim = &r->sim;
    for (int32_t k = 0; k < sim->n_channels; k++) {
        const int64_t *stock = sim->stock + (size_t)k * (size_t)sim->n_paths;
        int64_t sum = 0;
        most[k] = 0;
        for (int32_t w = 0; w < sim->n_paths; w++) {
            sum += stock[w];
            if (stock[w] > most[k]) most[k] = stock[w];
        }
        expected[k] = sum / sim->n_paths;
    }
}

static cp_status make_visit(rule *r, int32_t t, const cp_pin *pin)
{
    int64_t notes[CP_POLICY_CHANNELS] = {0};
    int64_t expected[CP_POLICY_CHANNELS] = {0};
    int64_t most[CP_POLICY_CHANNELS] = {0};
    cp_plan_load loads[CP_POLICY_CHANNELS] = {{0}};
    cp_plan_visit visit = {.t = t, .point = r->point, .kind = r->kind};
    if (pin != NULL && pin->kind >= 0) visit.kind = (cp_visit_kind)pin->kind;
    visit.fixed_amount = visit.kind == CP_VISIT_ADD && !r->visited;
    if (visit.kind != CP_VISIT_PICKUP) {
        order_up_to(r, t, notes);
        cp_policy_fit_level(r->net, r->point, visit.kind == CP_VISIT_SWAP, notes);
        inside_now(r, expected, most);
        int64_t level[CP_POLICY_CHANNELS];
        memcpy(level, notes, sizeof level);
        if (visit.fixed_amount)
            cp_policy_fit_amount(r->net, r->point, level, expected, most, notes);
        if (pin != NULL) cp_policy_fit_pin(r->net, r->point, pin->amount_minor, notes);
    }
    for (int32_t k = 0; k < r->sim.n_channels; k++)
        loads[k].level_notes = loads[k].load_notes = notes[k];
    CP_TRY(cp_plan_builder_visit(r->ctx, r->builder, &visit, notes));
    cp_plan_sim_visit(&r->sim, &visit, loads);
    r->visited = true;
    r->last_visit = t;
    return CP_OK;
}

/* The next day after t on which the machine can be served. */
static int32_t next_chance(const rule *r, int32_t t)
{
    int32_t next = t + 1;
    while (next < r->last_day && !cp_policy_may(r->net, r->point, r->kind, next))
        next++;
    return next;
}

/* Is this the day to go? */
static bool must_go(rule *r, int32_t t)
{
    const int32_t next = next_chance(r, t);
    const int32_t due = r->visited ? r->last_visit + r->longest : cp_policy_due(r->net, r->point);
    return next > due || would_fail(r, t, next);
}

/* ---- one machine -------------------------------------------------------------------------- */

static cp_status walk_days(rule *r, int32_t *until)
{
    for (int32_t t = 0; t < r->last_day; t++) {
        const cp_pin *pin = t < r->net->n_days ? cp_policy_must(r->net, r->point, t) : NULL;
        const bool may = cp_policy_may(r->net, r->point, r->kind, t);
        cp_plan_sim_part(&r->sim, t, may ? CP_PART_BEFORE : CP_PART_WHOLE);
        if (!may) continue;
        const bool go = pin != NULL || must_go(r, t);
        if (go && t >= r->net->n_days) {
            *until = t;
            return CP_OK;
        }
        if (go) CP_TRY(make_visit(r, t, pin));
        if (!go && t >= r->net->n_days && !r->visited) return CP_OK;
        cp_plan_sim_part(&r->sim, t, CP_PART_AFTER);
    }
    return CP_OK;
}

static cp_status plan_point(rule *r, const cp_forecast *forecast, const cp_shares *shares,
                            uint64_t seed, int32_t *until)
{
    cp_ctx *ctx = r->ctx;
    CP_TRY(cp_plan_sim_new(ctx, r->net, forecast, shares, r->point, r->net->settings.n_paths, seed,
                           &r->sim));
    if (r->sim.n_channels > CP_POLICY_CHANNELS)
        CP_FAIL(ctx, CP_E_RANGE, "point %s has %d channels; at most %d are handled",
                r->net->points[r->point].code, (int)r->sim.n_channels, CP_POLICY_CHANNELS);
    CP_NEW(ctx, ctx->scratch, r->kept, (size_t)r->sim.n_channels * (size_t)r->sim.n_paths);
    CP_NEW(ctx, ctx->scratch, r->work, r->sim.n_paths);
    r->kind = cp_policy_kind(r->net, r->point);
    r->longest = cp_policy_longest(r->net, r->point);
    r->level_ppm = aimed_level(r);
    r->interval = economic_interval(r, forecast);
    *until = r->last_day;
    CP_TRY(walk_days(r, until));
    if (r->visited && *until > r->last_visit + r->longest) *until = r->last_visit + r->longest;
    if (*until < r->net->n_days) *until = r->net->n_days;
    return CP_OK;
}

/* The builder takes `until` of a last visit with the visit, but it is known only after; so it is
 * set on the finished plan. */
static void lay_last(cp_plan *plan, const int32_t *until)
{
    for (int32_t i = 0; i < plan->n_visits; i++)
        if (plan->visits[i].until >= plan->n_days)
            plan->visits[i].until = until[plan->visits[i].point];
}

cp_status cp_ss_plan(cp_ctx *ctx, const cp_network *net, const cp_history *history,
                     const cp_forecast *forecast, const cp_shares *shares, uint64_t seed,
                     cp_plan **out)
{
    const cp_arena_mark mark = cp_arena_here(ctx->scratch);
    cp_plan_builder *builder = NULL;
    int32_t *until = NULL;
    (void)history;
    CP_TRY(cp_plan_builder_new(ctx, net, "sS", &builder));
    CP_NEW(ctx, ctx->scratch, until, net->n_points);
    for (int32_t p = 0; p < net->n_points; p++) {
        if (!cp_point_is_planned(net, p)) continue;
        const cp_arena_mark here = cp_arena_here(ctx->scratch);
        rule r = {.ctx = ctx, .net = net, .builder = builder, .point = p};
        r.last_day = cp_policy_last_day(net, forecast);
        CP_TRY(plan_point(&r, forecast, shares, seed, &until[p]));
        cp_arena_rewind(ctx->scratch, here);
    }
    cp_plan *plan = NULL;
    CP_TRY(cp_plan_builder_finish(ctx, builder, &plan));
    lay_last(plan, until);
    CP_TRY(cp_plan_fill_visits(ctx, net, forecast, shares, seed, plan));
    cp_arena_rewind(ctx->scratch, mark);
    *out = plan;
    return CP_OK;
}

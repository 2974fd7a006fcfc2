/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "solver/replenish/naive.h"

#include <math.h>
#include <string.h>

#include "models/plan/plan_fill.h"
#include "models/plan/plan_sim.h"
#include "solver/replenish/policy.h"

#define MEAN_DAYS 30 /* history that the mean is taken of */
#define RESERVE_DAYS 2
#define WEEK 7

typedef struct naive {
    cp_ctx *ctx;
    const cp_network *net;
    const cp_history *history;
    const cp_forecast *forecast;
    const cp_shares *shares;
    cp_plan_builder *builder;
    int64_t *load_of; /* [vault * WEEK + weekday] stops a week so far */
    uint8_t *weekday; /* by point: bits of its fixed weekdays */
    int32_t last_day;
} naive;

/* What a machine takes and gives a day, notes by channel. */
typedef struct flow {
    double out[CP_POLICY_CHANNELS], in[CP_POLICY_CHANNELS];
} flow;

/* ---- means -------------------------------------------------------------------------------- */

/* Mean value a day of the last 30 days; of the forecast where there is no history. */
static double mean_value(const naive *n, int32_t point, cp_flow f)
{
    double sum = 0;
    int32_t days = 0;
    for (cp_day d = n->net->first_day - MEAN_DAYS; n->history != NULL && d < n->net->first_day;
         d++) {
        const cp_minor amount = cp_history_at(n->history, f, point, d);
        if (amount == CP_HISTORY_MISSING) continue;
        sum += (double)amount;
        days++;
    }
    if (days > 0) return sum / days;
    const cp_forecast *fc = n->forecast;
    const int64_t row = (int64_t)f * fc->n_points + point;
    for (int32_t d = 0; d < fc->n_days && fc->has_flow[row]; d++)
        sum += fc->mean[row * fc->n_days + d];
    return fc->n_days > 0 ? sum / fc->n_days : 0;
}

static flow mean_notes(const naive *n, int32_t point)
{
    flow f = {{0}, {0}};
    const cp_point *p = &n->net->points[point];
    const double out = mean_value(n, point, CP_FLOW_WITHDRAWAL);
    const double in = mean_value(n, point, CP_FLOW_DEPOSIT);
    for (int32_t k = 0; k < p->n_channels; k++) {
        const int32_t c = p->first_channel + k;
        const double value = (double)n->net->channels[c].value_minor;
        f.out[k] = out * n->shares->out_ppm[c] / 1e6 / value;
        f.in[k] = in * n->shares->in_ppm[c] / 1e6 / value;
    }
    return f;
}

/* Notes wanted for `days`: a recycler's own deposits count for the days, not for the reserve. */
static void wanted(const naive *n, int32_t point, const flow *f, int32_t days, int64_t *notes)
{
    for (int32_t k = 0; k < n->net->points[point].n_channels; k++) {
        const double net = f->out[k] > f->in[k] ? f->out[k] - f->in[k] : 0;
        const double most =
            (double)n->net->channels[n->net->points[point].first_channel + k].capacity_notes;
        const double want = net * days + f->out[k] * RESERVE_DAYS;
        notes[k] = (int64_t)ceil(want < most ? want : most);
    }
}

/* ---- fixed weekdays ----------------------------------------------------------------------- */

/* Days that the fullest load, or the room for deposits, lasts less the reserve. */
static int32_t days_it_lasts(const naive *n, int32_t point, const flow *f)
{
    const cp_point *p = &n->net->points[point];
    int64_t full[CP_POLICY_CHANNELS];
    double least = cp_policy_longest(n->net, point);
    for (int32_t k = 0; k < p->n_channels; k++)
        full[k] = n->net->channels[p->first_channel + k].capacity_notes;
    cp_policy_fit_level(n->net, point, cp_policy_kind(n->net, point) == CP_VISIT_SWAP, full);
    for (int32_t k = 0; k < p->n_channels; k++) {
        const cp_channel *c = &n->net->channels[p->first_channel + k];
        const double net = f->out[k] - f->in[k];
        const double room = (double)c->capacity_notes - f->out[k] * RESERVE_DAYS;
        double days = least;
        if (net > 0)
            days = ((double)full[k] - f->out[k] * RESERVE_DAYS) / net;
        else if (net < 0)
            days = (c->role == CP_ROLE_DEPOSIT ? (double)c->capacity_notes : room) / -net -
                   RESERVE_DAYS;
        if (days < least) least = days;
    }
    return least > 1 ? (int32_t)least : 1;
}

/* k weekdays out of a mask, evenly from the start-th one on. */
static uint8_t spread(uint8_t mask, int32_t k, int32_t start)
{
    int32_t day[WEEK];
    int32_t n = 0;
    uint8_t out = 0;
    for (int32_t d = 0; d < WEEK; d++)
        if ((mask >> d & 1) != 0) day[n++] = d;
    for (int32_t i = 0; i < k && n > 0; i++)
        out = (uint8_t)(out | 1U << day[(start + i * n / k) % n]);
    return out;
}

static int32_t count_bits(uint8_t mask)
{
    int32_t n = 0;
    for (int32_t d = 0; d < WEEK; d++)
        n += mask >> d & 1;
    return n;
}

/* Most days from one fixed weekday to the next. */
static int32_t widest_gap(uint8_t mask)
{
    int32_t most = 0;
    for (int32_t d = 0; d < WEEK; d++) {
        int32_t gap = 1;
        if ((mask >> d & 1) == 0) continue;
        while ((mask >> (d + gap) % WEEK & 1) == 0)
            gap++;
        if (gap > most) most = gap;
    }
    return most;
}

/* The weekdays on which every machine of the site may be served, or any if they have none in
 * common. */
static uint8_t site_mask(const naive *n, const cp_site *site)
{
    uint8_t common = 127;
    uint8_t any = 0;
    for (int32_t p = site->first_point; p < site->first_point + site->n_points; p++) {
        if (!cp_point_is_planned(n->net, p)) continue;
        common = (uint8_t)(common & n->net->points[p].service_days);
        any = (uint8_t)(any | (n->net->points[p].service_days & 127));
    }
    return common != 0 ? common : any;
}

/* The emptiest start for k stops a week of the vault. */
static int32_t best_start(const naive *n, int32_t vault, uint8_t mask, int32_t k)
{
    int32_t best = 0;
    int64_t least = INT64_MAX;
    for (int32_t start = 0; start < count_bits(mask); start++) {
        const uint8_t days = spread(mask, k, start);
        int64_t load = 0;
        for (int32_t d = 0; d < WEEK; d++)
            if ((days >> d & 1) != 0) load += n->load_of[vault * WEEK + d];
        if (load >= least) continue;
        least = load;
        best = start;
    }
    return best;
}

/* Visits a week so that no gap is longer than the machine's stock lasts; all it can get if none is
 * short enough. */
static int32_t visits_a_week(uint8_t mask, int32_t days)
{
    const int32_t most = count_bits(mask);
    int32_t k = 1;
    while (k < most && widest_gap(spread(mask, k, 0)) > days)
        k++;
    return k;
}

static void fix_weekdays(naive *n, int32_t s)
{
    const cp_site *site = &n->net->sites[s];
    const uint8_t mask = site_mask(n, site);
    int32_t most = 0;
    if (mask == 0) return;
    for (int32_t pass = 0; pass < 2; pass++) {
        const uint8_t days =
            pass == 0 ? 0 : spread(mask, most, best_start(n, site->vault, mask, most));
        for (int32_t p = site->first_point; p < site->first_point + site->n_points; p++) {
            if (!cp_point_is_planned(n->net, p)) continue;
            const flow f = mean_notes(n, p);
            const int32_t k = visits_a_week(pass == 0 ? mask : days, days_it_lasts(n, p, &f));
            if (pass == 0 && k > most) most = k;
            if (pass == 1) n->weekday[p] = spread(days, k, 0);
        }
        for (int32_t d = 0; d < WEEK; d++)
            n->load_of[site->vault * WEEK + d] += days >> d & 1;
        if (most == 0) return;
    }
}

/* ---- days and loads ----------------------------------------------------------------------- */

static bool is_fixed(const naive *n, int32_t point, int32_t t)
{
    return (n->weekday[point] >> cp_weekday(n->net->first_day + t) & 1) != 0;
}

/* Mark the visits of a point on days 0 .. last_day - 1. */
static void mark_days(const naive *n, int32_t point, uint8_t *visit)
{
    const cp_visit_kind kind = cp_policy_kind(n->net, point);
    const int32_t longest = cp_policy_longest(n->net, point);
    int32_t due = cp_policy_due(n->net, point);
    memset(visit, 0, (size_t)n->last_day);
    for (int32_t t = 0; t < n->last_day; t++) {
        if (t < n->net->n_days && cp_policy_must(n->net, point, t) != NULL) visit[t] = 1;
        if (!is_fixed(n, point, t)) continue;
        int32_t day = t;
        while (day < n->last_day && !cp_policy_may(n->net, point, kind, day) &&
               (day == t || !is_fixed(n, point, day)))
            day++;
        if (day == n->last_day || !cp_policy_may(n->net, point, kind, day)) {
            day = t;
            while (day >= 0 && !cp_policy_may(n->net, point, kind, day))
                day--;
        }
        if (day >= 0) visit[day] = 1;
    }
    /* What the fixed days leave too long is visited at the last moment. */
    for (int32_t t = 0, latest = -1; t < n->last_day; t++) {
        if (cp_policy_may(n->net, point, kind, t)) latest = t;
        if (visit[t] == 0 && t >= due && latest >= 0) visit[t = latest] = 1;
        if (visit[t] == 0) continue;
        due = t + longest;
        latest = -1;
    }
}

/* Stock that a planner expects, and the most there may be, on day t before the first visit. */
static void expect(const naive *n, int32_t point, const flow *f, int32_t t, int64_t *expected,
                   int64_t *most)
{
    const cp_point *p = &n->net->points[point];
    for (int32_t k = 0; k < p->n_channels; k++) {
        const cp_channel *c = &n->net->channels[p->first_channel + k];
        const double now = (double)c->balance_notes + (f->in[k] - f->out[k]) * t;
        expected[k] = now < 0                           ? 0
                      : now < (double)c->capacity_notes ? (int64_t)now
                                                        : c->capacity_notes;
        most[k] = c->balance_notes;
        if (f->in[k] > 0) most[k] = c->capacity_notes; /* deposits may have filled it */
    }
}

static cp_status put_visit(naive *n, int32_t point, const flow *f, int32_t t, int32_t next,
                           bool first)
{
    int64_t level[CP_POLICY_CHANNELS] = {0};
    int64_t notes[CP_POLICY_CHANNELS] = {0};
    int64_t expected[CP_POLICY_CHANNELS] = {0};
    int64_t most[CP_POLICY_CHANNELS] = {0};
    const cp_pin *pin = cp_policy_must(n->net, point, t);
    cp_plan_visit visit = {.t = t, .point = point, .until = next};
    visit.kind =
        pin != NULL && pin->kind >= 0 ? (cp_visit_kind)pin->kind : cp_policy_kind(n->net, point);
    visit.fixed_amount = visit.kind == CP_VISIT_ADD && first;
    if (visit.kind != CP_VISIT_PICKUP) {
        wanted(n, point, f, next - t, level);
        cp_policy_fit_level(n->net, point, visit.kind == CP_VISIT_SWAP, level);
        memcpy(notes, level, sizeof notes);
        expect(n, point, f, t, expected, most);
        if (visit.fixed_amount) cp_policy_fit_amount(n->net, point, level, expected, most, notes);
        if (pin != NULL) cp_policy_fit_pin(n->net, point, pin->amount_minor, notes);
    }
    return cp_plan_builder_visit(n->ctx, n->builder, &visit, notes);
}

static cp_status plan_point(naive *n, int32_t point, uint8_t *visit)
{
    const flow f = mean_notes(n, point);
    const int32_t longest = cp_policy_longest(n->net, point);
    bool first = true;
    mark_days(n, point, visit);
    for (int32_t t = 0; t < n->net->n_days; t++) {
        if (visit[t] == 0) continue;
        int32_t next = t + 1;
        while (next < n->last_day && next < t + longest && visit[next] == 0)
            next++;
        CP_TRY(put_visit(n, point, &f, t, next, first));
        first = false;
    }
    return CP_OK;
}

static cp_status check_size(const naive *n, int32_t point)
{
    if (n->net->points[point].n_channels > CP_POLICY_CHANNELS)
        CP_FAIL(n->ctx, CP_E_RANGE, "point %s has %d channels; at most %d are handled",
                n->net->points[point].code, (int)n->net->points[point].n_channels,
                CP_POLICY_CHANNELS);
    return CP_OK;
}

static cp_status fix_all(naive *n)
{
    const cp_network *net = n->net;
    CP_NEW(n->ctx, n->ctx->scratch, n->load_of, (size_t)net->n_vaults * WEEK);
    for (int32_t p = 0; p < net->n_points; p++)
        if (cp_point_is_planned(net, p)) CP_TRY(check_size(n, p));
    for (int32_t s = 0; s < net->n_sites; s++)
        if (net->sites[s].vault >= 0) fix_weekdays(n, s);
    return CP_OK;
}

cp_status cp_naive_weekdays(cp_ctx *ctx, const cp_network *net, const cp_history *history,
                            const cp_forecast *forecast, const cp_shares *shares, uint8_t *weekdays)
{
    const cp_arena_mark mark = cp_arena_here(ctx->scratch);
    naive n = {.ctx = ctx, .net = net, .history = history, .forecast = forecast, .shares = shares};
    memset(weekdays, 0, (size_t)net->n_points);
    n.weekday = weekdays;
    CP_TRY(fix_all(&n));
    cp_arena_rewind(ctx->scratch, mark);
    return CP_OK;
}

static cp_status plan_points(naive *n)
{
    uint8_t *visit = NULL;
    CP_NEW(n->ctx, n->ctx->scratch, visit, n->last_day + 1);
    for (int32_t p = 0; p < n->net->n_points; p++)
        if (cp_point_is_planned(n->net, p)) CP_TRY(plan_point(n, p, visit));
    return CP_OK;
}

cp_status cp_naive_plan(cp_ctx *ctx, const cp_naive_input *in, uint64_t seed, cp_plan **out)
{
    const cp_arena_mark mark = cp_arena_here(ctx->scratch);
    naive n = {.ctx = ctx,
               .net = in->net,
               .history = in->history,
               .forecast = in->forecast,
               .shares = in->shares};
    cp_plan *plan = NULL;
    n.last_day = cp_policy_last_day(n.net, n.forecast);
    CP_TRY(cp_plan_builder_new(ctx, n.net, "naive", &n.builder));
    CP_NEW(ctx, ctx->scratch, n.weekday, n.net->n_points);
    if (in->weekdays != NULL)
        memcpy(n.weekday, in->weekdays, (size_t)n.net->n_points);
    else
        CP_TRY(fix_all(&n));
    CP_TRY(plan_points(&n));
    CP_TRY(cp_plan_builder_finish(ctx, n.builder, &plan));
    CP_TRY(cp_plan_fill_visits(ctx, n.net, n.forecast, n.shares, seed, plan));
    cp_arena_rewind(ctx->scratch, mark);
    *out = plan;
    return CP_OK;
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "models/plan/plan_service.h"

#include <assert.h>
#include <math.h>
#include <string.h>

#include "models/plan/plan_fill.h"
#include "models/plan/plan_rules.h"

#define FRESH_SEED                                                                                 \
    2 /* added to the plan's: KPIs take + 1, so that no two look at one set of paths */
#define MOST_KPIS_SCOPE 26
#define KPIS_POINT 6

/* What became of one interval; failures are numbers of paths. */
typedef struct interval {
    int64_t in_failed, fresh_failed;
    int64_t less_failed; /* fresh, with the step less that costs the least service */
    bool declared;
    bool has_less; /* some channel can be lessened */
    cp_service_sort sort;
    double gain_minor;            /* of the best single step, > 0: improvable */
    double in_minor, fresh_minor; /* expected cost */
} interval;

typedef struct judge {
    cp_ctx *ctx;
    const cp_service_ask *ask;
    const cp_point *point;
    int32_t at, vault; /* point index */
    int32_t level_ppm, n_visits;
    const int32_t *visits;
    cp_plan_sim sim;
    int64_t *before;    /* stock before a visit, as cp_plan_sim.stock */
    cp_plan_load *load; /* one visit's loads, to be changed */
    int32_t *failures;  /* by path: intervals of the point that failed on it */
    interval *interval; /* n_visits + 1 */
} judge;

int32_t cp_point_level_ppm(const cp_network *net, int32_t point)
{
    const int32_t own = net->points[point].service_level_ppm;
    return own >= 0 ? own : net->settings.service_level_ppm;
}

cp_status cp_service_openings(cp_ctx *ctx, const cp_network *net, const cp_plan *plan,
                              uint8_t **out)
{
    CP_NEW(ctx, ctx->scratch, *out, net->n_points + 1);
    for (int32_t i = 0; i < plan->n_limits; i++) {
        const cp_plan_limit *l = &plan->limits[i];
        if (l->kind == CP_LIMIT_SERVICE_LEVEL && l->t < 0 && l->relief > 0 && l->item >= 0)
            (*out)[l->item] = 1;
    }
    return CP_OK;
}

/* ---- one interval ------------------------------------------------------------------------------
 */

static const cp_plan_visit *visit_of(const judge *j, int32_t i)
{
    return i >= 0 && i < j->n_visits ? &j->ask->plan->visits[j->visits[i]] : NULL;
}

/* Carry the stock from the visit `i` (-1: the opening) to the next one. */
static void run_interval(judge *j, int32_t i)
{
    const cp_plan_visit *visit = visit_of(j, i), *next = visit_of(j, i + 1);
    cp_plan_sim_clear(&j->sim);
    if (next != NULL || visit != NULL) {
        cp_plan_sim_interval(&j->sim, visit != NULL ? visit->t : -1,
                             next != NULL ? next->t : visit->until);
        return;
    }
    for (int32_t d = 0; d < j->ask->plan->n_days; d++) {
        cp_plan_sim_part(&j->sim, d, CP_PART_WHOLE);
        cp_plan_sim_evening(&j->sim);
    }
}

/* May this channel's load be changed by so many notes? */
static bool may_change(const judge *j, const cp_plan_visit *visit, int32_t k, int64_t by)
{
    const cp_channel *c = &j->sim.channel[k];
    const cp_plan_load *loads = j->ask->plan->loads + visit->first_load;
    const cp_minor insured = j->point->insured_minor;
    const bool amount = visit->kind == CP_VISIT_ADD && visit->fixed_amount;
    if (c->role == CP_ROLE_DEPOSIT || visit->kind == CP_VISIT_PICKUP) return false;
    const int64_t now = amount ? loads[k].load_notes : loads[k].level_notes;
    if (now <= 0 && !amount) return false; /* nothing is laid in: not loaded at this visit */
    if (by < 0) return now + by >= (amount ? 0 : c->min_load_notes);
    if (now + by > c->load_most_notes || (amount && insured > 0)) return false;
    cp_minor value = by * c->value_minor;
    for (int32_t i = 0; i < visit->n_loads && insured > 0; i++)
        value += loads[i].level_notes * j->sim.channel[i].value_minor;
    return insured <= 0 || value <= insured;
}

/* The visit with its loads changed by `by` notes in channel k, and the interval after it, from the
 * stock that stood before the visit. */
static void run_changed(judge *j, int32_t i, int32_t k, int64_t by)
{
    const cp_plan_visit *visit = visit_of(j, i);
    const size_t n = (size_t)j->sim.n_channels * (size_t)j->sim.n_paths;
    memcpy(j->load, j->ask->plan->loads + visit->first_load,
           (size_t)visit->n_loads * sizeof *j->load);
    j->load[k].load_notes += by;
    if (j->load[k].level_notes >= 0) j->load[k].level_notes += by;
    memcpy(j->sim.stock, j->before, n * sizeof *j->before);
    cp_plan_sim_visit(&j->sim, visit, j->load);
    run_interval(j, i);
}

static int64_t rate_of(const judge *j, cp_tariff_item item, int32_t t)
{
    return cp_tariff_get(j->ask->net, item, j->ask->net->first_day + t, j->vault, -1,
                         j->point->site, -1);
}

/* Expected cost of the interval just run, with what leaves at its end and the value of `more_notes`
 * brought besides the plan's load. */
static double interval_cost(const judge *j, int32_t i, int64_t more_notes, int32_t k)
{
    const cp_plan_visit *visit = visit_of(j, i), *next = visit_of(j, i + 1);
    const cp_plan_visit *end = next != NULL ? next : visit;
    const int32_t t = visit != NULL ? visit->t : 0;
    const double w = j->sim.n_paths;
    const double share = next != NULL || visit == NULL
                             ? 1.0
                             : (double)(j->ask->plan->n_days - t) / (visit->until - t);
    int64_t notes = 0;
    __int128 value = 0;
    if (end != NULL)
        cp_plan_sim_charged_now(&j->sim, end, j->ask->plan->loads + end->first_load, &notes,
                                &value);
    const double brought = (double)(more_notes * j->sim.channel[k].value_minor);
    const cp_tariff_item by_whom =
        visit != NULL && visit->by_branch ? CP_TARIFF_BRANCH_VALUE_PPM : CP_TARIFF_STOP_VALUE_PPM;
    const double per_path =
        (double)j->sim.hold_minor * (double)rate_of(j, CP_TARIFF_HOLD_PPM_YEAR, t) / 365e6 +
        (double)j->sim.lost_minor * (double)rate_of(j, CP_TARIFF_CASH_OUT_PPM, t) / 1e6 +
        (double)cp_plan_sim_failed(&j->sim) * (double)rate_of(j, CP_TARIFF_EMERGENCY_MINOR, t) +
        (double)notes * (double)rate_of(j, CP_TARIFF_SORT_1000_MINOR, t) / 1e3 +
        (double)value * (double)rate_of(j, CP_TARIFF_STOP_VALUE_PPM, t) / 1e6;
    return share * (per_path / w + brought * (double)rate_of(j, by_whom, t) / 1e6);
}

/* In-sample: may a step less be taken, and would one step change for the better? */
static void try_steps(judge *j, int32_t i, double planned)
{
    interval *v = &j->interval[i + 1];
    const cp_plan_visit *visit = visit_of(j, i);
    const int64_t most =
        j->level_ppm > 0 ? cp_paths_may_fail(j->level_ppm, j->sim.n_paths) : j->sim.n_paths;
    bool may_lessen = false;
    for (int32_t k = 0; k < j->sim.n_channels; k++)
        for (int32_t way = -1; way <= 1; way += 2) {
            const int64_t by = way * (int64_t)j->sim.channel[k].step_notes;
            if (by == 0 || !may_change(j, visit, k, by)) continue;
            run_changed(j, i, k, by);
            const bool keeps = cp_plan_sim_missed(&j->sim) <= most;
            v->has_less = v->has_less || way < 0;
            may_lessen = may_lessen || (way < 0 && keeps);
            if (!keeps) continue;
            const double gain = planned - interval_cost(j, i, by, k);
            v->gain_minor = gain > v->gain_minor ? gain : v->gain_minor;
        }
    v->sort = !v->has_less ? CP_SERVICE_LEAST : may_lessen ? CP_SERVICE_COST : CP_SERVICE_STEP;
}

/* Fresh: failures with the step less that costs the least service. */
static void lessen(judge *j, int32_t i)
{
    interval *v = &j->interval[i + 1];
    const cp_plan_visit *visit = visit_of(j, i);
    v->less_failed = j->sim.n_paths;
    for (int32_t k = 0; k < j->sim.n_channels; k++) {
        const int64_t by = -(int64_t)j->sim.channel[k].step_notes;
        if (by == 0 || !may_change(j, visit, k, by)) continue;
        run_changed(j, i, k, by);
        const int64_t failed = cp_plan_sim_missed(&j->sim);
        v->less_failed = failed < v->less_failed ? failed : v->less_failed;
    }
}

/* ---- one point ---------------------------------------------------------------------------------
 */

/* Count the interval just run, path by path, unless it is declared. */
static int64_t count_failures(judge *j, const interval *v)
{
    const cp_plan_rules *rules = j->sim.rules;
    for (int32_t w = 0; w < j->sim.n_paths && !v->declared; w++)
        j->failures[w] +=
            j->sim.unmet[w] + j->sim.refused[w] > 0 || (rules != NULL && rules->below[w] != 0);
    return cp_plan_sim_missed(&j->sim);
}

/* The changes of visit i; the stock is then again that before the visit. */
static void changes(judge *j, int32_t i, bool fresh)
{
    const size_t n = (size_t)j->sim.n_channels * (size_t)j->sim.n_paths;
    memcpy(j->before, j->sim.stock, n * sizeof *j->before);
    if (fresh && j->interval[i + 1].sort == CP_SERVICE_STEP) lessen(j, i);
    if (!fresh) {
        run_changed(j, i, 0, 0);
        try_steps(j, i, interval_cost(j, i, 0, 0));
    }
    memcpy(j->sim.stock, j->before, n * sizeof *j->before);
}

static cp_status check_end(const judge *j)
{
    const cp_plan_visit *last = visit_of(j, j->n_visits - 1);
    if (last == NULL) return CP_OK;
    const int32_t need = last->until + (j->sim.before_ppm > 0 ? 1 : 0);
    if (need > j->sim.n_days)
        CP_FAIL(j->ctx, CP_E_INPUT,
                "point %s: its last visit is laid until day %d, the forecast has %d days",
                j->point->code, (int)last->until, (int)j->sim.n_days);
    return CP_OK;
}

/* The variance of the number of failed intervals, as mean of n paths. */
static double variance(const int32_t *failures, int32_t n)
{
    double sum = 0.0, squares = 0.0;
    for (int32_t w = 0; w < n; w++) {
        sum += failures[w];
        squares += (double)failures[w] * failures[w];
    }
    const double mean = sum / n;
    return n > 1 ? (squares / n - mean * mean) / (n - 1) : 0.0;
}

static cp_status walk(judge *j, bool fresh, double *var)
{
    const cp_service_ask *ask = j->ask;
    cp_ctx *ctx = j->ctx;
    const cp_arena_mark mark = cp_arena_here(ctx->scratch);
    const int32_t n_paths = fresh ? ask->n_fresh : ask->net->settings.n_paths;
    CP_TRY(cp_plan_sim_new(ctx, ask->net, ask->forecast, ask->shares, j->at, n_paths,
                           ask->seed + (fresh ? FRESH_SEED : 0), &j->sim));
    CP_TRY(check_end(j));
    CP_NEW(ctx, ctx->scratch, j->before, (size_t)j->sim.n_channels * (size_t)n_paths);
    CP_NEW(ctx, ctx->scratch, j->load, j->sim.n_channels);
    CP_NEW(ctx, ctx->scratch, j->failures, n_paths);
    for (int32_t i = -1; i < j->n_visits; i++) {
        const cp_plan_visit *visit = visit_of(j, i);
        interval *v = &j->interval[i + 1];
        if (visit != NULL) {
            if (!v->declared) changes(j, i, fresh);
            cp_plan_sim_visit(&j->sim, visit, ask->plan->loads + visit->first_load);
        }
        run_interval(j, i);
        *(fresh ? &v->fresh_failed : &v->in_failed) = count_failures(j, v);
        *(fresh ? &v->fresh_minor : &v->in_minor) = interval_cost(j, i, 0, 0);
    }
    *var = variance(j->failures, n_paths);
    cp_arena_rewind(ctx->scratch, mark);
    return CP_OK;
}

static void sum_up(const judge *j, cp_service *out)
{
    const double asked = (double)j->level_ppm / 1e6;
    const double n = j->ask->n_fresh, w = j->ask->net->settings.n_paths;
    for (int32_t i = 0; i <= j->n_visits; i++) {
        const interval *v = &j->interval[i];
        out->n_declared += v->declared;
        out->in_minor += v->in_minor;
        out->fresh_minor += v->fresh_minor;
        if (v->declared) continue;
        const double fresh = 1.0 - (double)v->fresh_failed / n;
        out->n_judged++;
        out->asked += asked;
        out->in_sample += 1.0 - (double)v->in_failed / w;
        out->fresh += fresh;
        if (v->gain_minor > 0.0) {
            out->n_improvable++;
            out->improvable_minor += v->gain_minor;
        }
        if (j->level_ppm <= 0) continue;
        out->n_sort[v->sort]++;
        out->excess[v->sort] += fresh - asked;
        if (v->sort == CP_SERVICE_STEP) out->step_less += 1.0 - (double)v->less_failed / n;
    }
}

cp_status cp_service_point(cp_ctx *ctx, const cp_service_ask *ask, int32_t point, cp_service *out)
{
    const cp_arena_mark mark = cp_arena_here(ctx->scratch);
    judge j = {.ctx = ctx, .ask = ask, .point = &ask->net->points[point], .at = point};
    cp_service sums;
    memset(&sums, 0, sizeof sums);
    *out = sums;
    if (!cp_point_is_planned(ask->net, point)) return CP_OK;
    j.vault = ask->net->sites[j.point->site].vault;
    j.level_ppm = cp_point_level_ppm(ask->net, point);
    j.n_visits = ask->index->first[point + 1] - ask->index->first[point];
    j.visits = ask->index->visit + ask->index->first[point];
    CP_NEW(ctx, ctx->scratch, j.interval, j.n_visits + 1);
    j.interval[0].sort = CP_SERVICE_OPENING;
    j.interval[0].declared = ask->opening_declared[point] != 0;
    for (int32_t i = 0; i < j.n_visits; i++)
        j.interval[i + 1].declared = visit_of(&j, i)->relief;
    CP_TRY(walk(&j, false, &sums.in_var));
    CP_TRY(walk(&j, true, &sums.fresh_var));
    sum_up(&j, &sums);
    cp_arena_rewind(ctx->scratch, mark);
    *out = sums;
    return CP_OK;
}

void cp_service_add(cp_service *to, const cp_service *from)
{
    to->n_judged += from->n_judged;
    to->n_declared += from->n_declared;
    to->asked += from->asked;
    to->in_sample += from->in_sample;
    to->fresh += from->fresh;
    to->in_var += from->in_var;
    to->fresh_var += from->fresh_var;
    for (int32_t k = 0; k < CP_N_SERVICE_SORTS; k++) {
        to->n_sort[k] += from->n_sort[k];
        to->excess[k] += from->excess[k];
    }
    to->step_less += from->step_less;
    to->in_minor += from->in_minor;
    to->fresh_minor += from->fresh_minor;
    to->n_improvable += from->n_improvable;
    to->improvable_minor += from->improvable_minor;
}

/* ---- figures -----------------------------------------------------------------------------------
 */

static void put(cp_record *record, int32_t cap, const char *scope, const char *name, double value)
{
    assert(record->n_kpis < cap);
    (void)cap;
    record->kpis[record->n_kpis++] = (cp_kpi){name, scope, value};
}

static double pct(double sum, int64_t n)
{
    return 100.0 * sum / (double)n;
}

static void put_level(cp_record *record, int32_t cap, const char *scope, const cp_service *s)
{
    static const char *const excess[CP_N_SERVICE_SORTS] = {
        "interval_service_excess_step_pct", "interval_service_excess_least_pct",
        "interval_service_excess_opening_pct", "interval_service_excess_cost_pct"};
    static const char *const intervals[CP_N_SERVICE_SORTS] = {
        "intervals_step", "intervals_least", "intervals_opening", "intervals_cost"};
    const int64_t n = s->n_judged;
    if (s->n_judged + s->n_declared == 0) return;
    put(record, cap, scope, "intervals_judged", (double)n);
    put(record, cap, scope, "intervals_declared", (double)s->n_declared);
    if (n == 0) return;
    put(record, cap, scope, "interval_service_asked_pct", pct(s->asked, n));
    put(record, cap, scope, "interval_service_in_sample_pct", pct(s->in_sample, n));
    put(record, cap, scope, "interval_service_fresh_pct", pct(s->fresh, n));
    put(record, cap, scope, "interval_service_bias_pct", pct(s->in_sample - s->fresh, n));
    put(record, cap, scope, "interval_service_error_pct", pct(sqrt(s->fresh_var), n));
    for (int32_t k = 0; k < CP_N_SERVICE_SORTS; k++) {
        put(record, cap, scope, intervals[k], (double)s->n_sort[k]);
        put(record, cap, scope, excess[k], pct(s->excess[k], n));
    }
    if (s->n_sort[CP_SERVICE_STEP] > 0)
        put(record, cap, scope, "interval_service_step_less_pct",
            pct(s->step_less, s->n_sort[CP_SERVICE_STEP]));
}

static void put_penalty(cp_record *record, int32_t cap, const char *scope, const cp_service *s)
{
    const int64_t n = s->n_judged;
    if (n == 0) return;
    put(record, cap, scope, "penalty_intervals", (double)n);
    put(record, cap, scope, "penalty_service_in_sample_pct", pct(s->in_sample, n));
    put(record, cap, scope, "penalty_service_fresh_pct", pct(s->fresh, n));
    put(record, cap, scope, "penalty_service_bias_pct", pct(s->in_sample - s->fresh, n));
    put(record, cap, scope, "penalty_service_error_pct", pct(sqrt(s->fresh_var), n));
}

/* Both ways of asking: 0 by level, 1 by penalty. */
static void put_scope(cp_record *record, int32_t cap, const char *scope, const cp_service both[2])
{
    cp_service all = both[0];
    cp_service_add(&all, &both[1]);
    put_level(record, cap, scope, &both[0]);
    put_penalty(record, cap, scope, &both[1]);
    if (all.n_judged == 0) return;
    put(record, cap, scope, "interval_cost_in_sample_minor", all.in_minor);
    put(record, cap, scope, "interval_cost_fresh_minor", all.fresh_minor);
    put(record, cap, scope, "loads_improvable", (double)all.n_improvable);
    put(record, cap, scope, "loads_improvable_minor", all.improvable_minor);
}

static void put_point(cp_record *record, int32_t cap, const cp_network *net, int32_t p,
                      const cp_service *s)
{
    const char *code = net->points[p].code;
    const int64_t n = s->n_judged;
    if (n == 0) return;
    if (s->asked > 0.0) put(record, cap, code, "point_service_asked_pct", pct(s->asked, n));
    put(record, cap, code, "point_service_in_sample_pct", pct(s->in_sample, n));
    put(record, cap, code, "point_service_fresh_pct", pct(s->fresh, n));
    put(record, cap, code, "point_service_error_pct", pct(sqrt(s->fresh_var), n));
    if (s->asked > 0.0)
        put(record, cap, code, "point_service_excess_step_pct", pct(s->excess[CP_SERVICE_STEP], n));
    if (s->n_sort[CP_SERVICE_STEP] > 0)
        put(record, cap, code, "point_service_step_less_pct",
            pct(s->step_less, s->n_sort[CP_SERVICE_STEP]));
}

cp_status cp_service_kpis(cp_ctx *ctx, const cp_network *net, const cp_service *point,
                          cp_record *record)
{
    const cp_arena_mark mark = cp_arena_here(ctx->scratch);
    const int32_t n_vaults = net->n_vaults;
    const int32_t cap =
        record->n_kpis + MOST_KPIS_SCOPE * (n_vaults + 1) + KPIS_POINT * net->n_points;
    cp_service(*both)[2] = NULL; /* by vault, then the total */
    cp_kpi *kpis = NULL;
    CP_NEW(ctx, ctx->scratch, both, n_vaults + 1);
    CP_NEW(ctx, ctx->run, kpis, cap);
    if (record->n_kpis > 0) memcpy(kpis, record->kpis, (size_t)record->n_kpis * sizeof *kpis);
    record->kpis = kpis;
    for (int32_t p = 0; p < net->n_points; p++) {
        if (!cp_point_is_planned(net, p)) continue;
        const int32_t by_penalty = cp_point_level_ppm(net, p) <= 0;
        cp_service_add(&both[net->sites[net->points[p].site].vault][by_penalty], &point[p]);
        cp_service_add(&both[n_vaults][by_penalty], &point[p]);
    }
    put_scope(record, cap, "total", both[n_vaults]);
    for (int32_t v = 0; v < n_vaults; v++)
        put_scope(record, cap, net->vaults[v].code, both[v]);
    for (int32_t p = 0; p < net->n_points; p++)
        put_point(record, cap, net, p, &point[p]);
    cp_arena_rewind(ctx->scratch, mark);
    return CP_OK;
}

double cp_record_kpi(const cp_record *record, const char *scope, const char *name, double missing)
{
    for (int32_t i = 0; i < record->n_kpis; i++)
        if (strcmp(record->kpis[i].name, name) == 0 && strcmp(record->kpis[i].scope, scope) == 0)
            return record->kpis[i].value;
    return missing;
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The achieved service: single intervals by hand; loads chosen on sample paths keep what was asked
 * of them on paths they have not seen, by service level and by penalty. */
#include <math.h>
#include <string.h>

#include "models/plan/plan_fill.h"
#include "models/plan/plan_service.h"
#include "solver/replenish/refill.h"
#include "tests/check.h"
#include "tests/toy.h"
#include "tests/unit/refill_bank.h"

static void judge(cp_ctx *ctx, const cp_service_ask *like, int32_t point, cp_service *out)
{
    cp_service_ask ask = *like;
    cp_visit_index index = {NULL, NULL};
    uint8_t *openings = NULL;
    assert_ok(ctx, cp_visit_index_make(ctx, ask.net, ask.plan, &index));
    assert_ok(ctx, cp_service_openings(ctx, ask.net, ask.plan, &openings));
    ask.index = &index;
    ask.opening_declared = openings;
    assert_ok(ctx, cp_service_point(ctx, &ask, point, out));
}

/* ---- by hand -----------------------------------------------------------------------------------
 */

/* Asks for 300 notes a day, known for sure; holds 1,000 in the evening before: three full days. */
static cp_toy *sure_machine(cp_ctx *ctx, const char *cassette)
{
    cp_toy *toy = toy_new(ctx);
    toy_put(toy, "setting", "key=n_paths|value=4");
    toy_put(toy, "setting", "key=before_visit_ppm|value=0");
    toy_put(toy, "site", "code=S|lat_deg=31.1|lon_deg=121.0");
    toy_put(toy, "point", "code=A|site_code=S|kind=atm|visit_kinds=swap|service_level_ppm=900000");
    toy_put(toy, "cassette",
            "point_code=A|slot=1|cassette_model_code=M|denomination_code=CNY100|role=dispense|"
            "balance_notes=1000%s",
            cassette);
    toy_tariff(toy, "hold_ppm_year", 40000);
    toy_tariff(toy, "cash_out_ppm", 20000);
    toy_build(toy, 6);
    for (int32_t d = 0; d < 20; d++)
        toy_demand(toy, "A", CP_FLOW_WITHDRAWAL, d, 3000000);
    toy_forecast(toy, 20);
    return toy;
}

static void single_intervals(void **state)
{
    (void)state;
    static const struct {
        const char *name, *cassette;
        int32_t t; /* of the visit, laid until day 6 */
        int64_t notes;
        bool relief;
        double opening, interval, less; /* shares of passes */
        cp_service_sort sort;
        bool improvable;
    } cases[] = {
        {"the least that lasts", "", 3, 900, false, 1.0, 1.0, 0.0, CP_SERVICE_STEP, false},
        {"a step too much", "", 3, 1000, false, 1.0, 1.0, 0.0, CP_SERVICE_COST, true},
        {"a step too little", "", 3, 800, false, 1.0, 0.0, 0.0, CP_SERVICE_STEP, true},
        {"the minimum load", "|min_load_notes=1200", 3, 1200, false, 1.0, 1.0, 0.0,
         CP_SERVICE_LEAST, false},
        {"a visit too late", "", 4, 600, false, 0.0, 1.0, 0.0, CP_SERVICE_STEP, false},
        {"declared", "", 3, 300, true, 1.0, 0.0, 0.0, CP_SERVICE_STEP, false},
    };
    for (int32_t i = 0; i < LEN(cases); i++) {
        cp_ctx ctx;
        assert_int_equal(cp_ctx_init(&ctx), CP_OK);
        cp_toy *toy = sure_machine(&ctx, cases[i].cassette);
        const toy_visit visit = {"A", cases[i].t, CP_VISIT_SWAP, false, 6, {cases[i].notes}};
        cp_plan *plan = toy_plan(toy, &visit, 1);
        plan->visits[0].relief = cases[i].relief;
        const cp_service_ask ask = {toy->net, toy->forecast, toy->shares, toy->seed,
                                    8,        plan,          NULL,        NULL};
        cp_service s;
        judge(&ctx, &ask, 0, &s);
        const double want = cases[i].opening + (cases[i].relief ? 0.0 : cases[i].interval);
        if (s.n_declared != (cases[i].relief ? 1 : 0) || s.n_judged + s.n_declared != 2 ||
            fabs(s.fresh - want) > 1e-12 || fabs(s.in_sample - want) > 1e-12)
            fail_msg("%s: %d declared, fresh %g, in-sample %g", cases[i].name, (int)s.n_declared,
                     s.fresh, s.in_sample);
        assert_int_equal(s.n_sort[CP_SERVICE_OPENING], 1);
        assert_true(s.in_minor > 0.0 && fabs(s.in_minor - s.fresh_minor) < 1e-6);
        if (!cases[i].relief && s.n_sort[cases[i].sort] != 1)
            fail_msg("%s: of another sort", cases[i].name);
        assert_true(fabs(s.step_less - cases[i].less) < 1e-12);
        if ((s.n_improvable > 0) != cases[i].improvable)
            fail_msg("%s: improvable by %g", cases[i].name, s.improvable_minor);
        cp_ctx_done(&ctx);
    }
}

/* ---- on fresh paths ----------------------------------------------------------------------------
 */

typedef struct planned {
    refill_bank bank;
    cp_plan *plan;
    uint64_t seed;
} planned;

static void make_plan(cp_ctx *ctx, uint64_t seed, int32_t level_ppm, planned *out)
{
    const refill_bank_opts opts = {
        .n_sites = 8, .n_days = 7, .n_paths = 100, .seed = seed, .before_ppm = 400000};
    static const cp_stop_prices prices = {0};
    cp_refill_opts ropts = cp_refill_defaults();
    cp_refill *refill = NULL;
    assert_ok(ctx, refill_bank_make(ctx, &opts, &out->bank));
    const refill_bank *b = &out->bank;
    cp_point *points = cp_alloc(ctx, ctx->run, (size_t)b->net->n_points, sizeof *points);
    assert_non_null(points);
    memcpy(points, b->net->points, (size_t)b->net->n_points * sizeof *points);
    for (int32_t p = 0; p < b->net->n_points; p++)
        if (points[p].service_level_ppm > 0) points[p].service_level_ppm = level_ppm;
    b->net->points = points;
    out->seed = seed + 70;
    ropts.replans = 30 * b->net->n_points;
    assert_ok(ctx, cp_refill_build(ctx, b->net, b->forecast, b->shares, out->seed, &refill));
    out->plan = cp_alloc(ctx, ctx->run, 1, sizeof *out->plan);
    assert_non_null(out->plan);
    assert_ok(ctx, cp_refill_solve(ctx, refill, &prices, &ropts, out->plan));
    assert_ok(ctx, cp_plan_fill_visits(ctx, b->net, b->forecast, b->shares, out->seed, out->plan));
    assert_ok(ctx, cp_plan_fill_limits(ctx, b->net, b->forecast, b->shares, out->seed, out->plan));
}

/* All points with a level: on the plan's own seed, or with both sets of paths of another one. */
static cp_service judge_all(cp_ctx *ctx, const planned *p, uint64_t seed, int32_t n_fresh)
{
    const refill_bank *b = &p->bank;
    const cp_service_ask ask = {b->net, b->forecast, b->shares, seed, n_fresh, p->plan, NULL, NULL};
    cp_service all, one;
    memset(&all, 0, sizeof all);
    for (int32_t i = 0; i < b->net->n_points; i++) {
        if (cp_point_level_ppm(b->net, i) == 0) continue;
        judge(ctx, &ask, i, &one);
        cp_service_add(&all, &one);
    }
    return all;
}

/* Loads asked for by level keep it, on paths that neither they nor the reported bias have seen. */
static void levels_are_kept(void **state)
{
    (void)state;
    static const int32_t levels[] = {900000, 950000, 980000};
    for (int32_t i = 0; i < LEN(levels); i++) {
        cp_service reported = {0}, seen = {0};
        for (uint64_t seed = 1; seed <= 3; seed++) {
            cp_ctx ctx;
            planned p;
            assert_int_equal(cp_ctx_init(&ctx), CP_OK);
            make_plan(&ctx, seed, levels[i], &p);
            const cp_service own = judge_all(&ctx, &p, p.seed, 400);
            const cp_service other = judge_all(&ctx, &p, p.seed + 1000, 2000);
            cp_service_add(&reported, &own);
            cp_service_add(&seen, &other);
            cp_ctx_done(&ctx);
        }
        const double n = (double)seen.n_judged;
        const double error = sqrt(seen.fresh_var + reported.fresh_var) / n;
        const double bias = (reported.in_sample - reported.fresh) / n;
        const double fresh = seen.fresh / n, asked = seen.asked / n;
        assert_true(n > 100);
        if (fresh < asked - 3.0 * error - fmax(bias, 0.0))
            fail_msg("asked %g, achieved %g, bias %g, error %g", asked, fresh, bias, error);
        /* The two measurements agree, and every path of excess has its sort. */
        assert_true(fabs(reported.fresh / n - fresh) < 4.0 * error);
        double excess = 0.0;
        int64_t sorts = 0;
        for (int32_t k = 0; k < CP_N_SERVICE_SORTS; k++) {
            excess += reported.excess[k];
            sorts += reported.n_sort[k];
        }
        assert_int_equal(sorts, reported.n_judged);
        assert_true(fabs(excess - (reported.fresh - reported.asked)) < 1e-6);
        /* Where a load is the least that steps allow, one step less does not reach the level. */
        const double n_step = (double)reported.n_sort[CP_SERVICE_STEP];
        if (n_step > 0.0 && reported.step_less / n_step > asked + 3.0 * error * n / n_step)
            fail_msg("one step less reaches %g of %g", reported.step_less / n_step, asked);
    }
}

/* ---- by penalty: the condition of the newsvendor ------------------------------------------------
 */

#define PATHS 3000

/* Six machines of one cassette each, loads by penalty alone. */
static cp_toy *penalty_bank(cp_ctx *ctx)
{
    cp_toy *toy = toy_new(ctx);
    toy_put(toy, "setting", "key=n_paths|value=300");
    toy_put(toy, "setting", "key=before_visit_ppm|value=300000");
    for (int32_t p = 0; p < 6; p++) {
        toy_put(toy, "site", "code=S%d|lat_deg=31.%d|lon_deg=121.0", (int)p, (int)p + 1);
        toy_put(toy, "point",
                "code=A%d|site_code=S%d|kind=atm|visit_kinds=swap|service_level_ppm=0", (int)p,
                (int)p);
        toy_put(toy, "cassette",
                "point_code=A%d|slot=1|cassette_model_code=M|denomination_code=CNY100|"
                "role=dispense|balance_notes=%d|capacity_notes=2500|step_notes=50",
                (int)p, 200 + 150 * (int)p);
    }
    toy_tariff(toy, "hold_ppm_year", 60000);
    toy_tariff(toy, "stop_site_minor", 9000);
    toy_tariff(toy, "cash_out_ppm", 9000);
    toy_build(toy, 7);
    toy_noisy_forecast(toy, 2500000, 21, NULL);
    return toy;
}

/* Cost of an interval from `notes` on one path, by code of its own: holding of the evenings and
 * value refused. */
static double path_cost(const cp_point_paths *paths, int32_t w, const cp_plan_visit *visit,
                        int64_t notes)
{
    double held = 0.0, refused = 0.0;
    for (int32_t d = visit->t; d <= visit->until; d++) {
        const int64_t day = paths->out[(size_t)d * (size_t)paths->n_paths + (size_t)w];
        const int64_t before = day * 300000 / 1000000;
        const int64_t want = d == visit->t ? day - before : d == visit->until ? before : day;
        const int64_t met = want < notes ? want : notes;
        refused += (double)(want - met);
        notes -= met;
        if (d < visit->until) held += (double)notes;
    }
    return 10000.0 * (held * 60000.0 / 365e6 + refused * 9000.0 / 1e6);
}

/* Is a load `by` notes from the chosen one cheaper by more than chance and `slack` of its cost? */
static void step_does_not_pay(const cp_point_paths *paths, const cp_plan_visit *visit,
                              int64_t notes, int64_t by, double slack)
{
    double sum = 0.0, squares = 0.0, cost = 0.0;
    for (int32_t w = 0; w < paths->n_paths; w++) {
        const double own = path_cost(paths, w, visit, notes);
        const double gain = own - path_cost(paths, w, visit, notes + by);
        cost += own;
        sum += gain;
        squares += gain * gain;
    }
    const double n = paths->n_paths, mean = sum / n;
    const double error = sqrt((squares / n - mean * mean) / n);
    if (mean > 3.0 * error + slack * cost / n)
        fail_msg("day %d to %d, %d notes: %d more save %g of %g (error %g)", (int)visit->t,
                 (int)visit->until, (int)notes, (int)by, mean, cost / n, error);
}

static void penalty_loads_are_marginal(void **state)
{
    (void)state;
    cp_ctx ctx;
    static const cp_stop_prices prices = {0};
    cp_refill_opts ropts = cp_refill_defaults();
    cp_refill *refill = NULL;
    cp_plan plan;
    int32_t n_tested = 0;
    memset(&plan, 0, sizeof plan);
    assert_int_equal(cp_ctx_init(&ctx), CP_OK);
    cp_toy *toy = penalty_bank(&ctx);
    assert_ok(&ctx, cp_refill_build(&ctx, toy->net, toy->forecast, toy->shares, 11, &refill));
    assert_ok(&ctx, cp_refill_solve(&ctx, refill, &prices, &ropts, &plan));
    assert_ok(&ctx, cp_plan_fill_visits(&ctx, toy->net, toy->forecast, toy->shares, 11, &plan));
    for (int32_t i = 0; i < plan.n_visits; i++) {
        const cp_plan_visit *visit = &plan.visits[i];
        const int64_t notes = plan.loads[visit->first_load].load_notes;
        cp_point_paths paths;
        assert_ok(&ctx, cp_point_paths_make(&ctx, ctx.scratch, toy->net, toy->forecast, toy->shares,
                                            visit->point, PATHS, 9000, &paths));
        if (notes + 50 <= 2500) step_does_not_pay(&paths, visit, notes, 50, 0.01);
        step_does_not_pay(&paths, visit, notes, -50, 0.01);
        n_tested++;
    }
    assert_true(n_tested >= 6);
    cp_ctx_done(&ctx);
}

/* Figures are those of the points, in percent; a point's own are found under its code. */
static void figures(void **state)
{
    (void)state;
    cp_ctx ctx;
    planned p;
    cp_record record;
    cp_service *point = NULL, *sum = NULL;
    assert_int_equal(cp_ctx_init(&ctx), CP_OK);
    make_plan(&ctx, 4, 950000, &p);
    const refill_bank *b = &p.bank;
    point = cp_alloc(&ctx, ctx.run, (size_t)b->net->n_points, sizeof *point);
    sum = cp_alloc(&ctx, ctx.run, 2, sizeof *sum);
    const cp_service_ask ask = {b->net, b->forecast, b->shares, p.seed, 50, p.plan, NULL, NULL};
    for (int32_t i = 0; i < b->net->n_points; i++) {
        judge(&ctx, &ask, i, &point[i]);
        cp_service_add(&sum[cp_point_level_ppm(b->net, i) == 0], &point[i]);
    }
    memset(&record, 0, sizeof record);
    assert_ok(&ctx, cp_service_kpis(&ctx, b->net, point, &record));
    const double n = (double)sum[0].n_judged;
    assert_true(fabs(cp_record_kpi(&record, "total", "interval_service_fresh_pct", -1.0) -
                     100.0 * sum[0].fresh / n) < 1e-9);
    assert_true(fabs(cp_record_kpi(&record, "V", "interval_service_asked_pct", -1.0) - 95.0) <
                1e-9);
    assert_true(fabs(cp_record_kpi(&record, "total", "penalty_service_fresh_pct", -1.0) -
                     100.0 * sum[1].fresh / (double)sum[1].n_judged) < 1e-9);
    for (int32_t i = 0; i < b->net->n_points; i++) {
        const char *code = b->net->points[i].code;
        const double asked = (double)cp_point_level_ppm(b->net, i) / 1e4;
        assert_true(fabs(cp_record_kpi(&record, code, "point_service_fresh_pct", -1.0) -
                         100.0 * point[i].fresh / (double)point[i].n_judged) < 1e-9);
        assert_true(fabs(cp_record_kpi(&record, code, "point_service_asked_pct", 0.0) - asked) <
                    1e-9);
    }
    cp_ctx_done(&ctx);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(single_intervals),
        cmocka_unit_test(levels_are_kept),
        cmocka_unit_test(penalty_loads_are_marginal),
        cmocka_unit_test(figures),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

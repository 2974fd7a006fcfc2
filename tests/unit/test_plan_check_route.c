/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The referee's own timing against models/route on random days: what one allows the other accepts
 * with equal times, and what one refuses the other refuses for the same reason. */
#include <string.h>

#include "models/base/rng.h"
#include "models/plan/plan_check.h"
#include "models/plan/plan_fill.h"
#include "models/route/car_route.h"
#include "tests/check.h"
#include "tests/toy.h"

#define N_SITES 6

static int32_t below(cp_rng *rng, int32_t n)
{
    return (int32_t)cp_rng_below(rng, (uint32_t)n);
}

static cp_toy *random_bank(cp_ctx *ctx, cp_rng *rng)
{
    cp_toy *toy = toy_bare(ctx);
    toy_put(toy, "setting", "key=n_paths|value=5");
    toy_put(toy, "vault", "code=V|lat_deg=31.0|lon_deg=121.0|open_min=%02d:30|close_min=%d:00",
            (int)(6 + below(rng, 3)), (int)(15 + below(rng, 8)));
    toy_put(toy, "carrier", "code=K");
    toy_put(toy, "car",
            "code=C|carrier_code=K|vault_code=V|insured_minor=%d|volume_cm3=%d|max_trips=%d|"
            "reload_min=%d|open_route=%d|overtime_min=%d|shift_start_min=08:%02d",
            (int)(below(rng, 3) == 0 ? 21000000 : 200000000), (int)(below(rng, 4) == 0 ? 35000 : 0),
            (int)(1 + below(rng, 3)), (int)below(rng, 40), (int)(below(rng, 4) == 0),
            (int)below(rng, 90), (int)below(rng, 60));
    for (int32_t i = 0; i < N_SITES; i++) {
        const int32_t open = 6 + below(rng, 9);
        toy_put(toy, "site",
                "code=S%d|lat_deg=31.%02d|lon_deg=121.%02d|open_min=%02d:15|close_min=%02d:45|"
                "service_min=%d|open2_min=%s|close2_min=%s",
                (int)i, (int)below(rng, 40), (int)below(rng, 40), (int)open,
                (int)(open + below(rng, 5)), (int)below(rng, 25), open < 12 ? "16:00" : "",
                open < 12 ? "18:00" : "");
        toy_put(toy, "point", "code=P%d|site_code=S%d|kind=atm", (int)i, (int)i);
        toy_put(toy, "cassette",
                "point_code=P%d|slot=1|cassette_model_code=M|denomination_code=CNY100|"
                "role=dispense|balance_notes=%d",
                (int)i, (int)(100 * below(rng, 15)));
    }
    toy_build(toy, 7);
    toy_forecast(toy, 24);
    return toy;
}

static cp_plan *random_visits(cp_toy *toy, cp_rng *rng)
{
    static const char *const codes[N_SITES] = {"P0", "P1", "P2", "P3", "P4", "P5"};
    toy_visit visits[N_SITES];
    const int32_t n = 1 + below(rng, N_SITES);
    memset(visits, 0, sizeof visits);
    for (int32_t i = 0; i < n; i++) {
        visits[i].point = codes[i];
        visits[i].t = 2;
        visits[i].until = 8;
        visits[i].notes[0] = 100 * (1 + below(rng, 15));
    }
    return toy_plan(toy, visits, n);
}

static cp_car_verdict random_route(cp_toy *toy, cp_rng *rng, cp_plan *plan)
{
    cp_car_stop stop[N_SITES];
    const int32_t n = plan->n_visits;
    int32_t trip = 0;
    memset(stop, 0, sizeof stop);
    plan->stops = cp_alloc(toy->ctx, toy->ctx->run, (size_t)n, sizeof *plan->stops);
    plan->routes = cp_alloc(toy->ctx, toy->ctx->run, 1, sizeof *plan->routes);
    for (int32_t i = 0; i < n; i++) {
        const cp_plan_visit *v = &plan->visits[i];
        int32_t at = below(rng, i + 1);
        memmove(&stop[at + 1], &stop[at], (size_t)(i - at) * sizeof *stop);
        memset(&stop[at], 0, sizeof *stop);
        stop[at].site = toy->net->points[v->point].site;
        stop[at].service_s = 60 * (toy->net->sites[stop[at].site].service_min +
                                   toy->net->points[v->point].service_min_swap);
        stop[at].out_minor = v->load_minor;
        stop[at].back_minor = v->return_q_minor;
        stop[at].out_cm3 = stop[at].back_cm3 = 10000;
    }
    for (int32_t i = 0; i < n; i++) {
        if (i > 0 && below(rng, 4) == 0) trip++;
        stop[i].trip = trip;
        plan->stops[i].site = stop[i].site;
        plan->stops[i].trip = trip;
    }
    const cp_car_verdict v = cp_car_route_check(toy->net, 0, stop, n, plan->routes, plan->stops);
    plan->routes[0].t = 2;
    plan->routes[0].n_stops = n;
    plan->n_stops = n;
    plan->n_routes = 1;
    if (v.fault != CP_CAR_OK) plan->routes[0].n_trips = trip + 1;
    return v;
}

static bool breaks(const cp_verdict *v, const char *rule)
{
    for (int32_t i = 0; i < v->n_kept; i++)
        if (strcmp(v->violations[i].rule, rule) == 0) return true;
    return false;
}

static void both_judge_alike(void **state)
{
    (void)state;
    static const char *const rule_of[] = {[CP_CAR_OK] = "",
                                          [CP_CAR_TRIPS] = "car",
                                          [CP_CAR_UNREACHABLE] = "way",
                                          [CP_CAR_VALUE] = "car_value",
                                          [CP_CAR_VOLUME] = "car_volume",
                                          [CP_CAR_WINDOW] = "window",
                                          [CP_CAR_SHIFT] = "shift"};
    int32_t seen[LEN(rule_of)] = {0};
    cp_rng rng = cp_rng_new(5, 1);
    for (int32_t round = 0; round < 400; round++) {
        cp_ctx ctx;
        assert_int_equal(cp_ctx_init(&ctx), CP_OK);
        cp_toy *toy = random_bank(&ctx, &rng);
        cp_plan *plan = random_visits(toy, &rng);
        const cp_car_verdict fault = random_route(toy, &rng, plan);
        cp_verdict *v = NULL;
        assert_ok(&ctx,
                  cp_plan_check(&ctx, toy->net, toy->forecast, toy->shares, toy->seed, plan, &v));
        seen[fault.fault]++;
        if (fault.fault == CP_CAR_OK && !v->accepted)
            fail_msg("round %d: %s", (int)round, v->violations[0].text);
        if (fault.fault != CP_CAR_OK && !breaks(v, rule_of[fault.fault]))
            fail_msg("round %d: not refused for %s", (int)round, rule_of[fault.fault]);
        cp_ctx_done(&ctx);
    }
    for (int32_t k = 0; k < LEN(rule_of); k++)
        if (k != CP_CAR_UNREACHABLE) assert_true(seen[k] > 5);
}

/* Two cars with a stop each, thirty minutes of loading. */
static cp_toy *two_cars(cp_ctx *ctx, int32_t slots)
{
    cp_toy *toy = toy_bare(ctx);
    toy_put(toy, "setting", "key=n_paths|value=5");
    toy_put(toy, "vault", "code=V|lat_deg=31.0|lon_deg=121.0|dock_slots=%d", (int)slots);
    toy_put(toy, "carrier", "code=K");
    for (int32_t i = 0; i < 2; i++) {
        toy_put(toy, "car", "code=C%d|carrier_code=K|vault_code=V|insured_minor=200000000", (int)i);
        toy_put(toy, "site", "code=S%d|lat_deg=31.1|lon_deg=121.%d|open_min=10:00", (int)i, (int)i);
        toy_put(toy, "point", "code=P%d|site_code=S%d|kind=atm", (int)i, (int)i);
        toy_put(toy, "cassette",
                "point_code=P%d|slot=1|cassette_model_code=M|denomination_code=CNY100|"
                "role=dispense|balance_notes=500",
                (int)i);
    }
    toy_build(toy, 7);
    toy_forecast(toy, 24);
    return toy;
}

static void docks_are_counted(void **state)
{
    (void)state;
    static const struct {
        const char *name;
        int32_t slots, depart[2], written; /* written: added to what the second route says */
        const char *rule;                  /* "" = accepted */
    } cases[] = {
        {"two docks", 2, {560, 560}, 0, ""},
        {"one dock for two cars", 1, {560, 560}, 0, "dock"},
        {"one after the other", 1, {530, 560}, 0, ""},
        {"a minute too close", 1, {531, 560}, 0, "dock"},
        {"before the shift", 1, {470, 560}, 0, "shift"},
        {"times of another departure", 1, {520, 560}, 1, "times"},
        {"any departure only where docks are few", 0, {530, 560}, 0, "times"},
    };
    for (int32_t i = 0; i < LEN(cases); i++) {
        cp_ctx ctx;
        assert_int_equal(cp_ctx_init(&ctx), CP_OK);
        cp_toy *toy = two_cars(&ctx, cases[i].slots);
        const toy_visit visits[] = {{"P0", 2, CP_VISIT_SWAP, false, 8, {1000}},
                                    {"P1", 2, CP_VISIT_SWAP, false, 8, {1000}}};
        cp_plan *plan = toy_plan(toy, visits, 2);
        cp_plan_route routes[2];
        cp_plan_stop stops[2];
        cp_verdict *v = NULL;
        for (int32_t c = 0; c < 2; c++) {
            const cp_plan_visit *visit = &plan->visits[c];
            const cp_car_stop stop = {toy->net->points[visit->point].site,
                                      0,
                                      60 * (8 + 6),
                                      visit->load_minor,
                                      visit->return_q_minor,
                                      10000,
                                      10000};
            memset(&stops[c], 0, sizeof stops[c]);
            cp_car_verdict fault = cp_car_route_leave(toy->net, c, &stop, 1, cases[i].depart[c],
                                                      &routes[c], &stops[c], NULL);
            if (fault.fault != CP_CAR_OK) /* timed as if allowed; the referee must see it */
                fault = cp_car_route_check(toy->net, c, &stop, 1, &routes[c], &stops[c]);
            assert_int_equal(fault.fault, CP_CAR_OK);
            routes[c].depart_min = cases[i].depart[c] + (c == 1 ? cases[i].written : 0);
            routes[c].t = 2;
            routes[c].first_stop = c;
        }
        plan->routes = routes;
        plan->stops = stops;
        plan->n_routes = plan->n_stops = 2;
        assert_ok(&ctx,
                  cp_plan_check(&ctx, toy->net, toy->forecast, toy->shares, toy->seed, plan, &v));
        if (v->accepted != (cases[i].rule[0] == '\0') ||
            (cases[i].rule[0] != '\0' && !breaks(v, cases[i].rule)))
            fail_msg("%s: %s", cases[i].name, v->n_kept > 0 ? v->violations[0].text : "accepted");
        cp_ctx_done(&ctx);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(both_judge_alike),
                                       cmocka_unit_test(docks_are_counted)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}

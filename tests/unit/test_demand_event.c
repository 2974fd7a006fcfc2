/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What events, festivals and paydays did is learned over machines and expected again. */
#include <math.h>

#include "models/demand/demand_calendar.h"
#include "models/demand/forecast.h"
#include "tests/check.h"
#include "tests/unit/demand_toy.h"

#define FIRST 20458 /* Monday 2026-01-05 */
#define N_POINTS 12
#define HORIZON 21

static demand_toy *machines(cp_ctx *ctx, int32_t n_days)
{
    cp_rng rng = cp_rng_new(21, 0);
    demand_toy *toy = NULL;
    assert_int_equal(cp_ctx_init(ctx), CP_OK);
    assert_ok(ctx, demand_toy_make(ctx, N_POINTS, FIRST, n_days, &toy));
    demand_toy_invent(toy, &rng, 0.15, 0.1, 0.003);
    return toy;
}

static void times(demand_toy *toy, int32_t point, int32_t i, double factor)
{
    cp_minor *cell = &toy->history->amount[(int64_t)point * toy->history->n_days + i];
    *cell = llrint(factor * (double)*cell);
}

static cp_forecast *forecast(cp_ctx *ctx, const demand_toy *toy)
{
    cp_forecast *f = NULL;
    assert_ok(ctx, cp_forecast_make(ctx, &toy->net, toy->history, FIRST + toy->history->n_days,
                                    HORIZON, NULL, &f));
    return f;
}

/* Mean of forecast day d over that of the same weekday a week on; both without the week's own. */
static double over_next_week(const cp_forecast *f, int32_t p, int32_t d)
{
    return f->mean[(int64_t)p * HORIZON + d] / f->mean[(int64_t)p * HORIZON + d + 7];
}

static cp_event event(const char *code, const char *name, int32_t from, int32_t to, int32_t point,
                      const char *segment)
{
    const cp_event e = {.code = code,
                        .name = name,
                        .first_day = FIRST + from,
                        .last_day = FIRST + to,
                        .point_code = point < 0 ? "" : "P",
                        .segment = segment,
                        .vault_code = "",
                        .point = point,
                        .vault = -1};
    return e;
}

static void an_event_is_expected_to_do_what_its_like_did(void **state)
{
    (void)state;
    enum { N_DAYS = 300 };
    cp_ctx ctx;
    demand_toy *toy = machines(&ctx, N_DAYS);
    /* Fairs of three days trebled demand at three machines; now one comes to two others. A concert
     * has never been there; the whole street has a market that did nothing. */
    cp_event events[] = {
        event("E1", "fair", 100, 102, 0, ""),
        event("E2", "fair", 150, 152, 1, ""),
        event("E3", "fair", 200, 202, 2, ""),
        event("E4", "fair", N_DAYS + 3, N_DAYS + 5, 7, ""),
        event("E5", "concert", N_DAYS + 3, N_DAYS + 5, 8, ""),
        event("E6", "market", 120, 120, -1, "street"),
        event("E7", "market", N_DAYS + 10, N_DAYS + 10, -1, "street"),
        event("E8", "fair", N_DAYS + 3, N_DAYS + 5, -1, "no such segment"),
    };
    for (int32_t e = 0; e < 3; e++)
        for (int32_t i = 0; i < 3; i++)
            times(toy, events[e].point, events[e].first_day - FIRST + i, 3);
    toy->net.rows.event = events;
    toy->net.rows.n_event = LEN(events);
    const cp_forecast *f = forecast(&ctx, toy);
    for (int32_t d = 3; d <= 5; d++) {
        const double more = over_next_week(f, 7, d) / over_next_week(f, 5, d);
        assert_true(fabs(log(more / 3)) < 0.3);
        assert_true(fabs(over_next_week(f, 8, d) - 1) < 0.15);
        assert_true(fabs(over_next_week(f, 5, d) - 1) < 0.15);
    }
    assert_true(fabs(over_next_week(f, 5, 10) - 1) < 0.15);
    cp_ctx_done(&ctx);
}

/* Points with the same events share one calendar, those without have none of their own. */
static void calendars_are_shared(void **state)
{
    (void)state;
    cp_ctx ctx;
    cp_demand_calendar *c = NULL;
    demand_toy *toy = machines(&ctx, 100);
    cp_event events[] = {event("E1", "fair", 50, 52, 3, ""), event("E2", "fair", 50, 52, 4, ""),
                         event("E3", "gone", -500, -490, 5, "")};
    toy->net.rows.event = events;
    toy->net.rows.n_event = 3;
    assert_ok(&ctx, cp_demand_calendar_make(&ctx, &toy->net, 0, FIRST, FIRST + 120, FIRST,
                                            FIRST + 100, &c));
    assert_int_equal(c->n_copies, 2); /* rows differ, though the days are the same */
    assert_ptr_equal(cp_demand_calendar_at(c, 0), c);
    assert_ptr_equal(cp_demand_calendar_at(c, 5), c);
    const cp_demand_calendar *own = cp_demand_calendar_at(c, 3);
    assert_true(own != c && own->n_cols == c->n_cols && c->n_cols > c->event_first);
    for (int32_t i = 0; i < c->n_days; i++) {
        const int32_t more = (own->start[i + 1] - own->start[i]) - (c->start[i + 1] - c->start[i]);
        assert_int_equal(more, i >= 47 && i <= 54); /* three days before, two after */
        assert_int_equal(own->event[i], more);
    }
    cp_ctx_done(&ctx);
}

/* Six days off at another date each year; demand doubles eight days before and halves inside. */
static void a_moving_festival_brings_its_profile_along(void **state)
{
    (void)state;
    enum { N_DAYS = 760 };
    static const int32_t at[] = {45, 400, N_DAYS + 9};
    cp_ctx ctx;
    demand_toy *toy = machines(&ctx, N_DAYS);
    for (int32_t k = 0; k < 3; k++)
        for (int32_t i = 0; i < 6; i++)
            demand_toy_day(toy, FIRST + at[k] + i, CP_DAY_OFF, "Spring Festival");
    for (int32_t k = 0; k < 2; k++)
        for (int32_t p = 0; p < N_POINTS; p++) {
            times(toy, p, at[k] - 8, 2);
            for (int32_t i = 0; i < 6; i++)
                times(toy, p, at[k] + i, 0.5);
        }
    const cp_forecast *f = forecast(&ctx, toy);
    double before = 0, inside = 0;
    for (int32_t p = 0; p < N_POINTS; p++) {
        /* Day 1 is eight days before; day 15, two weeks on, comes right after the festival. */
        before += log(f->mean[(int64_t)p * HORIZON + 1] / f->mean[(int64_t)p * HORIZON + 15]);
        inside += log(f->mean[(int64_t)p * HORIZON + 12] / f->mean[(int64_t)p * HORIZON + 19]);
    }
    assert_true(fabs(before / N_POINTS - log(2)) < 0.25);
    assert_true(inside / N_POINTS < -0.4);
    cp_ctx_done(&ctx);
}

/* Salaries draw, pensions of that name do not. */
static void paydays_of_another_name_are_learned_apart(void **state)
{
    (void)state;
    enum { N_DAYS = 365 };
    cp_ctx ctx;
    demand_toy *toy = machines(&ctx, N_DAYS);
    for (int32_t k = 0; k <= N_DAYS / 15 + 1; k++) {
        const int32_t i = 8 + 15 * k;
        demand_toy_day(toy, FIRST + i, CP_DAY_PAYDAY, k % 2 == 0 ? "salary" : "pension");
        for (int32_t p = 0; k % 2 == 0 && i < N_DAYS && p < N_POINTS; p++)
            times(toy, p, i, 2.5);
    }
    const cp_forecast *f = forecast(&ctx, toy);
    int32_t n = 0;
    for (int32_t k = 0; k <= N_DAYS / 15 + 1; k++) {
        const int32_t d = 8 + 15 * k - N_DAYS;
        if (d < 0 || d + 7 >= HORIZON) continue;
        const double want = k % 2 == 0 ? 2.5 : 1;
        double sum = 0;
        for (int32_t p = 0; p < N_POINTS; p++)
            sum += log(over_next_week(f, p, d)) / N_POINTS;
        assert_true(fabs(sum - log(want)) < 0.25);
        n++;
    }
    assert_true(n >= 1);
    cp_ctx_done(&ctx);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_event_is_expected_to_do_what_its_like_did),
        cmocka_unit_test(calendars_are_shared),
        cmocka_unit_test(a_moving_festival_brings_its_profile_along),
        cmocka_unit_test(paydays_of_another_name_are_learned_apart),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

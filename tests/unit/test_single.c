/* SPDX-License-Identifier: GPL-3.0-or-later */
/* test_single.c - single forecast models against plain recomputation, and their combination. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "models/demand/demand_combine.h"
#include "models/demand/demand_parts.h"
#include "models/demand/single_kinds.h"
#include "models/demand/week_shift.h"
#include "models/demand/year_move.h"
#include "tests/check.h"
#include "tests/unit/demand_toy.h"

#define FIRST 20458 /* Monday 2026-01-05 */
#define MOST 900

typedef struct bench {
    cp_ctx ctx;
    cp_series s;
    cp_filter_input in;
    double z[MOST], x[MOST], weight[MOST], like[CP_N_SLOTS];
    uint8_t seen[MOST], broken[MOST], reason[MOST];
} bench;

static const double profile[7] = {-0.1, -0.2, 0.0, 0.15, 0.5, 0.1, -0.45};

/* n days of level 1, the profile and noise of sigma. */
static void set_up(bench *b, int32_t n, double sigma)
{
    demand_toy *toy = NULL;
    cp_demand_calendar *c = NULL;
    memset(b, 0, sizeof *b);
    assert_int_equal(cp_ctx_init(&b->ctx), CP_OK);
    assert_ok(&b->ctx, demand_toy_make(&b->ctx, 1, FIRST, n, &toy));
    assert_ok(&b->ctx, cp_demand_calendar_make(&b->ctx, &toy->net, -1, FIRST, FIRST + n - 1, FIRST,
                                               FIRST + n, &c));
    b->s = (cp_series){.calendar = c,
                       .n = n,
                       .scale = 1,
                       .x = b->x,
                       .seen = b->seen,
                       .weight = b->weight,
                       .broken = b->broken,
                       .reason = b->reason,
                       .n_exact = n};
    b->in = (cp_filter_input){.series = &b->s,
                              .z = b->z,
                              .slot = c->slot,
                              .level_days = 0.2,
                              .sigma0 = 0.3,
                              .scale = CP_SCALE_LOG,
                              .like = b->like,
                              .quick = true};
    cp_rng rng = cp_rng_new(5, 0);
    for (int32_t i = 0; i < n; i++) {
        b->z[i] = 1 + profile[i % 7] + sigma * cp_rng_normal(&rng);
        b->x[i] = cp_scale_from(CP_SCALE_LOG, b->z[i]);
        b->seen[i] = CP_SEEN_EXACTLY;
        b->weight[i] = 1;
    }
    memcpy(b->like, profile, sizeof profile);
}

static void roll_end(bench *b, cp_single single, cp_single_state *end)
{
    assert_ok(&b->ctx, cp_single_roll(&b->ctx, &b->in, single, NULL, 0, end));
}

/* What a model says after a past day is what it would say if the history ended there. */
static void a_past_state_knows_nothing_of_what_came_after(void **state)
{
    (void)state;
    static const int32_t origin[] = {56, 59, 60, 99, 150};
    bench b;
    set_up(&b, 200, 0.2);
    b.seen[60] = CP_SEEN_NOTHING;
    b.seen[77] = CP_SEEN_AT_LEAST;
    b.z[90] = 9;
    b.broken[120] = CP_REPAIR_MODE_SWITCH;
    b.x[50] = 0;
    for (int32_t k = 0; k < CP_N_SINGLES; k++) {
        cp_single_state states[LEN(origin) + 1], end;
        b.s.n = 200;
        assert_ok(&b.ctx, cp_single_roll(&b.ctx, &b.in, (cp_single)k, origin, LEN(origin), states));
        for (int32_t o = 0; o < LEN(origin); o++) {
            b.s.n = origin[o] + 1;
            roll_end(&b, (cp_single)k, &end);
            assert_memory_equal(&end.week, &states[o].week, sizeof end.week);
            assert_true(!(fabs(end.level - states[o].level) > 0) &&
                        !(fabs(end.slope - states[o].slope) > 0));
        }
    }
    cp_ctx_done(&b.ctx);
}

/* Every model but that of rare demand, whose sizes know no weekday, knows a plain week, also behind
 * gaps and after a new level that is told. */
static void a_steady_week_is_expected_again(void **state)
{
    (void)state;
    for (int32_t k = 0; k < CP_SINGLE_RARE; k++) {
        bench b;
        cp_single_state end;
        float got[14];
        set_up(&b, 210, 0);
        for (int32_t i = 0; i < 210; i++) {
            if (i % 11 == 4) b.seen[i] = CP_SEEN_NOTHING;
            if (i >= 140) b.z[i] += 1;
            b.x[i] = cp_scale_from(CP_SCALE_LOG, b.z[i]);
        }
        b.broken[140] = CP_REPAIR_LEVEL_SHIFT;
        roll_end(&b, (cp_single)k, &end);
        cp_single_predict(&end, b.in.slot, 14, got); /* day 210 is a Monday again */
        for (int32_t h = 0; h < 14; h++) {
            const double want = 2 + profile[h % 7];
            /* Sizes are smoothed as amounts, over months. */
            /* Weekdays alone have seen ten weeks since; what was before counts as one more. */
            const double within = k == CP_SINGLE_DAYS_SLOW ? 0.12 : 0.1;
            if (fabs((double)got[h] - want) > within)
                fail_msg("%s, day %d: %.3f, not %.3f", cp_single_name(k), (int)h, (double)got[h],
                         want);
        }
        cp_ctx_done(&b.ctx);
    }
}

static int ascending(const void *a, const void *b)
{
    const double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

static void weekdays_alone_are_what_their_recursions_say(void **state)
{
    (void)state;
    bench b;
    cp_single_state end;
    set_up(&b, 120, 0.05);
    static const double gain[] = {CP_DAYS_SLOW, CP_DAYS_FAST};
    for (int32_t c = 0; c < 2; c++) {
        roll_end(&b, c == 0 ? CP_SINGLE_DAYS_SLOW : CP_SINGLE_DAYS_FAST, &end);
        for (int32_t k = 0; k < 7; k++) {
            double mean = 0, n = 0.5;
            for (int32_t i = k; i < 120; i += 7, n += 1)
                mean += fmax(gain[c], 1 / (n + 1)) * (b.z[i] - mean);
            assert_true(fabs(end.level + end.week[k] - mean) < 0.01); /* large errors are held */
        }
    }
    static const int32_t count[] = {1, CP_RECENT_MOST};
    for (int32_t c = 0; c < 2; c++) {
        roll_end(&b, c == 0 ? CP_SINGLE_LAST : CP_SINGLE_MEDIAN, &end);
        for (int32_t k = 0; k < 7; k++) {
            double v[CP_RECENT_MOST];
            int32_t n = 0;
            for (int32_t i = 119; i >= 0 && n < count[c]; i--)
                if (i % 7 == k) v[n++] = b.z[i];
            qsort(v, (size_t)n, sizeof *v, ascending);
            const double want = (v[n / 2] + v[(n - 1) / 2]) / 2;
            assert_true(fabs(end.level + end.week[k] - want) < 1e-12);
        }
    }
    cp_ctx_done(&b.ctx);
}

/* Holt-Winters without any of the model's precautions, on a series that needs none. */
static double plain_loss(const bench *b, const cp_ets *p)
{
    double level = 0, trend = 0, week[7] = {0}, sum = 0, days = 0;
    for (int32_t i = 0; i < 56; i++)
        level += b->z[i] / 56;
    for (int32_t i = 0; i < 56; i++)
        week[i % 7] += (b->z[i] - level) / 9; /* eight days and one prior day without effect */
    for (int32_t i = 0; i < b->s.n; i++) {
        const double before = level + p->damp * trend, e = b->z[i] - before - week[i % 7];
        if (i >= 28) {
            sum += fabs(e);
            days += 1;
        }
        level = before + p->level * e;
        trend = p->damp * trend + p->trend * e;
        week[i % 7] += p->week * e;
    }
    return sum / days;
}

static double ets_loss(bench *b, const cp_ets *par)
{
    double loss = 0;
    assert_ok(&b->ctx, cp_ets_loss(&b->ctx, &b->in, par, &loss));
    return loss;
}

static void smoothing_by_likelihood_is_holt_winters(void **state)
{
    (void)state;
    bench b;
    set_up(&b, 300, 0.02);
    static const cp_ets par[] = {
        {0.3, 0.01, 0.2, 0.9}, {0.05, 0, 0.05, 0.98}, {0.5, 0.05, 0.4, 0.8}};
    for (int32_t c = 0; c < LEN(par); c++) {
        const double want = plain_loss(&b, &par[c]);
        assert_true(fabs(ets_loss(&b, &par[c]) - want) < 1e-9 * want + 1e-12);
    }
    /* What the search finds is no worse than any of a grid, but for a hundredth. */
    cp_ets best;
    b.in.quick = false;
    assert_ok(&b.ctx, cp_ets_fit(&b.ctx, &b.in, &best));
    const double found = ets_loss(&b, &best);
    for (int32_t i = 0; i < 81; i++) {
        const cp_ets grid = {0.02 + 0.15 * (i % 3), 0.01 * (i / 3 % 3), 0.02 + 0.12 * (i / 9 % 3),
                             0.85 + 0.06 * (double)(i / 27)};
        assert_true(found < 1.01 * ets_loss(&b, &grid));
    }
    cp_ctx_done(&b.ctx);
}

static void theta_goes_on_with_half_the_slope(void **state)
{
    (void)state;
    bench b;
    cp_single_state end;
    set_up(&b, 400, 0.01);
    for (int32_t i = 0; i < 400; i++)
        b.z[i] += 0.004 * i;
    roll_end(&b, CP_SINGLE_THETA, &end);
    assert_true(fabs(end.slope - 0.002) < 0.0001 && !(fabs(end.damp - 1) > 0));
    float got[28];
    cp_single_predict(&end, b.in.slot + 1, 28, got); /* day 400 is a Tuesday */
    assert_true(fabs((double)got[27] - (double)got[20] - 7 * end.slope) < 1e-5);
    cp_ctx_done(&b.ctx);
}

static void rare_demand_is_chance_times_size(void **state)
{
    (void)state;
    bench b;
    cp_single_state end;
    set_up(&b, 420, 0);
    cp_rng rng = cp_rng_new(8, 0);
    double any = 0;
    for (int32_t i = 0; i < 420; i++) {
        b.x[i] = cp_rng_unit(&rng) < 0.3 ? 2 : 0;
        b.z[i] = cp_scale_to(CP_SCALE_LOG, b.x[i]);
        if (i >= 280) any += b.x[i] > 0 ? 1.0 / 140 : 0;
    }
    b.s.quiet = true;
    roll_end(&b, CP_SINGLE_RARE, &end);
    double mean = 0;
    for (int32_t k = 0; k < 7; k++)
        mean += cp_scale_from(CP_SCALE_LOG, end.level + end.week[k]) / 7;
    assert_true(fabs(mean - 2 * any) < 0.2);
    cp_ctx_done(&b.ctx);
}

static void the_movement_of_a_year_ago_comes_again_by_half(void **state)
{
    (void)state;
    bench b;
    float *move = NULL;
    set_up(&b, 800, 0);
    const double year = 2 * 3.14159265358979 / CP_YEAR_DAYS;
    for (int32_t i = 0; i < 800; i++)
        b.z[i] += 0.3 * sin(year * i);
    assert_ok(&b.ctx, cp_year_move_make(&b.ctx, &b.in, profile, &move));
    for (int32_t h = 1; h <= 120; h += 7) {
        const int32_t then = 799 - CP_YEAR_DAYS;
        const double want = 0.15 * (sin(year * (then + h)) - sin(year * then));
        assert_true(fabs((double)(move[then + h] - move[then]) - want) < 0.02);
    }
    b.s.n = CP_YEAR_MOVE_LEAST - 1;
    assert_ok(&b.ctx, cp_year_move_make(&b.ctx, &b.in, profile, &move));
    assert_null(move);
    cp_ctx_done(&b.ctx);
}

static void a_week_that_moved_is_told_from_one_that_did_not(void **state)
{
    (void)state;
    static const struct {
        const char *name;
        int32_t from, days;
        double add, sigma;
        bool found;
    } cases[] = {
        {"moved by two days three weeks ago", 279, 2, 0, 0.15, true},
        {"moved by five days, another level", 260, 5, 0.4, 0.15, true},
        {"only another level", 279, 0, 0.7, 0.15, false},
        {"nothing", 300, 0, 0, 0.2, false},
        {"too late to tell", 295, 2, 0, 0.15, false},
    };
    for (int32_t c = 0; c < LEN(cases); c++) {
        bench b;
        cp_week_shift shift;
        uint8_t slot[300];
        set_up(&b, 300, 0);
        cp_rng rng = cp_rng_new(4, 0);
        for (int32_t i = 0; i < 300; i++) {
            const int32_t k = i < cases[c].from ? i % 7 : (i + 7 - cases[c].days) % 7;
            b.z[i] = 2 * profile[k] + (i < cases[c].from ? 0 : cases[c].add) +
                     cases[c].sigma * cp_rng_normal(&rng);
            b.x[i] = cp_scale_from(CP_SCALE_LOG, b.z[i]);
            slot[i] = b.in.slot[i];
        }
        b.seen[290] = CP_SEEN_NOTHING;
        b.reason[290] = CP_REPAIR_OUTLIER;
        assert_ok(&b.ctx, cp_week_shift_find(&b.ctx, &b.s, &shift));
        assert_int_equal(shift.days, cases[c].found ? cases[c].days : 0);
        assert_ok(&b.ctx, cp_week_shift_apply(&b.ctx, &shift, &b.s, slot));
        if (cases[c].found) {
            assert_true(abs(shift.from - cases[c].from) <= 3);
            for (int32_t i = 0; i < 300; i++)
                assert_int_equal(slot[i], i < shift.from ? (i + cases[c].days) % 7 : i % 7);
        }
        assert_int_equal(b.seen[290], cases[c].found ? CP_SEEN_EXACTLY : CP_SEEN_NOTHING);
        cp_ctx_done(&b.ctx);
    }
}

static double quadratic(const double *g, int32_t n, const double *w)
{
    double sum = 0;
    for (int32_t a = 0; a < n; a++)
        for (int32_t b = 0; b < n; b++)
            sum += w[a] * g[a * n + b] * w[b];
    return sum;
}

/* Against all weights of a grid; two models also in closed form. */
static void weights_are_the_best_of_the_simplex(void **state)
{
    (void)state;
    cp_rng rng = cp_rng_new(12, 0);
    for (int32_t round = 0; round < 200; round++) {
        double root[9], g[9] = {0}, w[3];
        for (int32_t k = 0; k < 9; k++)
            root[k] = cp_rng_normal(&rng);
        for (int32_t a = 0; a < 3; a++)
            for (int32_t b = 0; b < 3; b++)
                for (int32_t k = 0; k < 3; k++)
                    g[a * 3 + b] += root[a * 3 + k] * root[b * 3 + k];
        cp_simplex_least(g, 3, w);
        assert_true(w[0] >= 0 && w[1] >= 0 && w[2] >= 0 && fabs(w[0] + w[1] + w[2] - 1) < 1e-12);
        const double got = quadratic(g, 3, w);
        for (int32_t i = 0; i <= 20; i++)
            for (int32_t j = 0; i + j <= 20; j++) {
                const double v[3] = {i / 20.0, j / 20.0, (20 - i - j) / 20.0};
                assert_true(got <= quadratic(g, 3, v) + 1e-6);
            }
        const double two[4] = {g[0], g[1], g[3], g[4]};
        cp_simplex_least(two, 2, w);
        const double free = (g[4] - g[1]) / (g[0] + g[4] - 2 * g[1]);
        assert_true(fabs(w[0] - fmax(0, fmin(1, free))) < 1e-9);
    }
}

/* Model 0 errs little in the past and much lately, model 1 the other way round, model 2 always. */
static void recent_origins_count_more(void **state)
{
    (void)state;
    enum { ORIGINS = 60, AHEAD = 7 };
    static float error[3 * ORIGINS * AHEAD];
    int32_t origin[ORIGINS];
    double gram[CP_GRAM], days = 0, weight[3];
    cp_rng rng = cp_rng_new(3, 0);
    const cp_trials t = {.n_singles = 3,
                         .n_origins = ORIGINS,
                         .n_ahead = AHEAD,
                         .single = {CP_SINGLE_SMOOTH, CP_SINGLE_DAYS_FAST, CP_SINGLE_LAST},
                         .origin = origin,
                         .error = error};
    for (int32_t k = 0; k < 3; k++)
        for (int32_t o = 0; o < ORIGINS; o++)
            for (int32_t h = 0; h < AHEAD; h++) {
                const bool late = o >= ORIGINS / 2;
                const double size = k == 2 ? 1.5 : (k == 0) == late ? 1 : 0.1;
                origin[o] = 10 * o;
                error[(k * ORIGINS + o) * AHEAD + h] = (float)(size * cp_rng_normal(&rng));
            }
    cp_combine_gram(&t, 1, gram, &days);
    cp_combine_weights(&t, gram, days, NULL, 0, weight);
    assert_true(weight[1] > 0.6 && weight[1] > weight[0] + 0.3 && weight[2] < 0.15);
    assert_true(fabs(weight[0] + weight[1] + weight[2] - 1) < 1e-9);
    /* Nothing known of one's own: the others' weights. Nothing known at all: equal ones. */
    double other[3], none[3];
    cp_combine_weights(&t, gram, 0, gram, 100, other);
    cp_combine_weights(&t, gram, 0, NULL, 0, none);
    for (int32_t k = 0; k < 3; k++) {
        assert_true(fabs(other[k] - weight[k]) < 1e-6);
        assert_true(fabs(none[k] - 1.0 / 3) < 1e-9);
    }
}

/* A machine of three weeks has the smoothing model alone; with a year all take part, and the
 * combination errs no more than a fiftieth above the best of them. */
static void short_history_falls_back_long_history_combines(void **state)
{
    (void)state;
    static const int32_t lengths[] = {20, 400};
    for (int32_t c = 0; c < 2; c++) {
        cp_ctx ctx;
        demand_toy *toy = NULL;
        cp_forecast *f = NULL;
        cp_rng rng = cp_rng_new(17, 0);
        assert_int_equal(cp_ctx_init(&ctx), CP_OK);
        assert_ok(&ctx, demand_toy_make(&ctx, 8, FIRST, lengths[c], &toy));
        demand_toy_invent(toy, &rng, 0.25, 0.2, 0.01);
        assert_ok(&ctx, cp_forecast_make(&ctx, &toy->net, toy->history, FIRST + lengths[c], 14,
                                         NULL, &f));
        for (int32_t p = 0; p < 8; p++) {
            cp_forecast_parts parts;
            assert_ok(&ctx, cp_forecast_parts_of(&ctx, f, CP_FLOW_WITHDRAWAL, p, &parts));
            if (c == 0) {
                assert_int_equal(parts.n_singles, 1);
                assert_string_equal(parts.single[0].name, "smooth");
                assert_true(isnan(parts.score));
                continue;
            }
            double best = HUGE_VAL;
            assert_true(parts.n_singles >= 9 && parts.n_origins >= 30);
            for (int32_t k = 0; k < parts.n_singles; k++)
                best = fmin(best, parts.single[k].score);
            assert_true(parts.score < 1.02 * best && parts.score > 0.3);
        }
        cp_ctx_done(&ctx);
    }
}

static void names_lead_back_to_models(void **state)
{
    (void)state;
    for (int32_t k = 0; k < CP_N_SINGLES; k++)
        assert_int_equal(cp_single_of_name(cp_single_name(k)), k);
    assert_int_equal(cp_single_of_name("none"), -1);
    assert_string_equal(cp_single_name(CP_N_SINGLES), "");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_past_state_knows_nothing_of_what_came_after),
        cmocka_unit_test(a_steady_week_is_expected_again),
        cmocka_unit_test(weekdays_alone_are_what_their_recursions_say),
        cmocka_unit_test(smoothing_by_likelihood_is_holt_winters),
        cmocka_unit_test(theta_goes_on_with_half_the_slope),
        cmocka_unit_test(rare_demand_is_chance_times_size),
        cmocka_unit_test(the_movement_of_a_year_ago_comes_again_by_half),
        cmocka_unit_test(a_week_that_moved_is_told_from_one_that_did_not),
        cmocka_unit_test(weights_are_the_best_of_the_simplex),
        cmocka_unit_test(recent_origins_count_more),
        cmocka_unit_test(short_history_falls_back_long_history_combines),
        cmocka_unit_test(names_lead_back_to_models),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

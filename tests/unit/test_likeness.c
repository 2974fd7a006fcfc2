/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "models/route/likeness.h"

#include <string.h>

#include "models/base/rng.h"
#include "models/plan/plan_check_part.h"
#include "tests/check.h"

#define MOST 12

/* A day written as sites in driving order: -1 begins a new trip, -2 a new car; arrivals are
 * `first` minutes and `step` more from stop to stop. */
typedef struct written {
    int32_t word[MOST], n, first, step;
} written;

typedef struct set {
    cp_plan_route routes[2 * MOST];
    cp_plan_stop stops[2 * MOST];
    int32_t n_routes, n_stops;
} set;

static void write_day(set *s, const written *w, int32_t t)
{
    int32_t trip = 0, minute = w->first;
    bool fresh = true;
    for (int32_t k = 0; k < w->n; k++) {
        if (w->word[k] == -1) trip++;
        if (w->word[k] == -2) fresh = true;
        if (w->word[k] < 0) continue;
        if (fresh) {
            s->routes[s->n_routes++] = (cp_plan_route){.t = t, .first_stop = s->n_stops};
            trip = 0;
        }
        fresh = false;
        s->stops[s->n_stops++] =
            (cp_plan_stop){.site = w->word[k], .trip = trip, .arrive_min = minute};
        s->routes[s->n_routes - 1].n_stops++;
        minute += w->step;
    }
}

static const cp_likeness_rule rule = {
    .days = 10, .slot_min = 30, .arcs = 400000, .order = 200000, .slots = 400000, .limit_pct = 60};

/* Day 0 of `a` against day -1 of `b`. */
static cp_plan_likeness compare(cp_ctx *ctx, const cp_likeness_rule *r, const written *a,
                                const written *b)
{
    set now = {.n_routes = 0}, then = {.n_routes = 0};
    write_day(&now, a, 0);
    write_day(&then, b, -1);
    const cp_drives own = {now.routes, now.n_routes, now.stops};
    const cp_drives past = {then.routes, then.n_routes, then.stops};
    cp_drive_day day, *window = NULL;
    cp_plan_likeness l = {0};
    int32_t n = 0;
    assert_ok(ctx, cp_drive_day_make(ctx, ctx->run, &own, 0, 0, &day));
    assert_ok(ctx, cp_drive_window(ctx, ctx->run, r, &past, &own, 0, 0, &window, &n));
    assert_int_equal(n, 1);
    assert_ok(ctx, cp_likeness_window(ctx, r, &day, window, n, &l, NULL));
    return l;
}

/* A day against an earlier one, and what must come out. */
static const struct {
    const char *name;
    written now, then;
    int32_t common, arcs, order, slots, likeness;
} cases[] = {
    {"driven again to the minute",
     {{1, 2, 3}, 3, 480, 60},
     {{1, 2, 3}, 3, 480, 60},
     3,
     1000000,
     1000000,
     1000000,
     1000000},
    {"the other way round, at other times",
     {{1, 2, 3}, 3, 480, 60},
     {{3, 2, 1}, 3, 700, 60},
     3,
     0,
     0,
     0,
     0},
    {"the other way round: the middle stop keeps its time",
     {{1, 2, 3}, 3, 480, 60},
     {{3, 2, 1}, 3, 480, 60},
     3,
     0,
     0,
     333333,
     133333},
    {"half an hour later is the same slot",
     {{1, 2}, 2, 510, 60},
     {{1, 2}, 2, 480, 60},
     2,
     1000000,
     1000000,
     1000000,
     1000000},
    {"a minute more is not",
     {{1, 2}, 2, 511, 60},
     {{1, 2}, 2, 480, 60},
     2,
     1000000,
     1000000,
     0,
     600000},
    {"no site in common", {{1, 2}, 2, 480, 60}, {{3, 4}, 2, 480, 60}, 0, -1, -1, -1, 0},
    {"one site of four in common, from and to the base another way",
     {{5, 1, 6, 7}, 4, 480, 60},
     {{1}, 1, 540, 60},
     1,
     0,
     -1,
     1000000,
     125000},
    {"half of the day among other stops: order and time come again, one way",
     {{1, 2, 8, 9}, 4, 480, 60},
     {{1, 2}, 2, 480, 60},
     2,
     750000,
     1000000,
     1000000,
     450000},
    {"a second trip breaks the way, not the order",
     {{1, 2, -1, 3, 4}, 5, 480, 60},
     {{1, 2, 3, 4}, 4, 480, 60},
     4,
     750000,
     1000000,
     1000000,
     900000},
    {"one pair among four sites weighs half",
     {{1, 2, -2, 3, -2, 4}, 6, 480, 60},
     {{1, 2, -2, 4, -2, 3}, 6, 480, 60},
     4,
     1000000,
     1000000,
     500000,
     777777},
    {"two cars instead of one: pairs on one car are fewer",
     {{1, 2, -2, 3, 4}, 5, 480, 60},
     {{1, 2, 3, 4}, 4, 480, 60},
     4,
     750000,
     333333,
     1000000,
     766666},
};

static void parts_are_what_a_watcher_sees(void **state)
{
    cp_ctx *ctx = *state;
    for (int32_t i = 0; i < LEN(cases); i++) {
        const cp_plan_likeness l = compare(ctx, &rule, &cases[i].now, &cases[i].then);
        if (l.likeness_ppm != cases[i].likeness || l.arcs_ppm != cases[i].arcs)
            print_error("%s: %d %d %d %d\n", cases[i].name, l.arcs_ppm, l.order_ppm, l.slots_ppm,
                        l.likeness_ppm);
        assert_int_equal(l.n_common, cases[i].common);
        assert_int_equal(l.arcs_ppm, cases[i].arcs);
        assert_int_equal(l.order_ppm, cases[i].order);
        assert_int_equal(l.slots_ppm, cases[i].slots);
        assert_int_equal(l.likeness_ppm, cases[i].likeness);
    }
}

/* ---- against a count site by site, pair by pair -------------------------------------------- */

static int32_t at(const written *w, int32_t site)
{
    for (int32_t k = 0; k < w->n; k++)
        if (w->word[k] == site) return k;
    return -1;
}

static int32_t beside(const written *w, int32_t k, int32_t step)
{
    return k + step < 0 || k + step >= w->n || w->word[k + step] < 0 ? -1 : w->word[k + step];
}

static int32_t car_of(const written *w, int32_t k)
{
    int32_t car = 0;
    for (int32_t i = 0; i < k; i++)
        car += w->word[i] == -2;
    return car;
}

static int32_t minute_of(const written *w, int32_t k)
{
    int32_t n = 0;
    for (int32_t i = 0; i < k; i++)
        n += w->word[i] >= 0;
    return w->first + n * w->step;
}

static int32_t slow_likeness(const written *a, const written *b)
{
    int64_t n = 0, c = 0, arcs = 0, slots = 0, pairs = 0, kept = 0, mates = 0;
    for (int32_t i = 0; i < a->n; i++) {
        const int32_t k = a->word[i] < 0 ? -1 : at(b, a->word[i]);
        n += a->word[i] >= 0;
        if (k < 0) continue;
        c++;
        arcs += (beside(a, i, -1) == beside(b, k, -1)) + (beside(a, i, 1) == beside(b, k, 1));
        const int32_t apart = minute_of(a, i) - minute_of(b, k);
        slots += apart >= -30 && apart <= 30;
        bool mate = false;
        for (int32_t j = 0; j < a->n; j++) {
            const int32_t m = a->word[j] < 0 || j == i ? -1 : at(b, a->word[j]);
            if (m < 0) continue;
            const bool now = car_of(a, i) == car_of(a, j), then = car_of(b, k) == car_of(b, m);
            mate = mate || now || then;
            pairs += j < i && (now || then);
            if (j < i && now && then) kept += m < k ? 1 : -1;
        }
        mates += mate;
    }
    if (c == 0) return 0;
    const int64_t pa = 1000000 * arcs / (2 * c), ps = 1000000 * slots / c;
    const int64_t po = pairs > 0 && kept > 0 ? 1000000 * kept / pairs : 0;
    return (int32_t)((2 * c * pa + mates * po + 2 * c * ps) / (4 * c + mates) * c / n);
}

/* Some of 9 sites in a random order with random cuts. */
static written random_day(cp_rng *rng)
{
    written w = {.n = 0,
                 .first = 420 + (int32_t)cp_rng_below(rng, 90),
                 .step = 20 + (int32_t)cp_rng_below(rng, 20)};
    int32_t sites[9], n = 9;
    for (int32_t k = 0; k < n; k++)
        sites[k] = k;
    const int32_t want = 1 + (int32_t)cp_rng_below(rng, 8);
    for (int32_t k = 0; k < want; k++) {
        const int32_t pick = (int32_t)cp_rng_below(rng, (uint32_t)n);
        if (k > 0 && w.n + 2 + want - k < MOST && cp_rng_below(rng, 4) == 0)
            w.word[w.n++] = cp_rng_below(rng, 2) == 0 ? -1 : -2;
        w.word[w.n++] = sites[pick];
        sites[pick] = sites[--n];
    }
    return w;
}

static void random_days_equal_a_slow_count(void **state)
{
    cp_ctx *ctx = *state;
    cp_rng rng = cp_rng_new(7, 0);
    int32_t positive = 0;
    for (int32_t k = 0; k < 3000; k++) {
        const cp_arena_mark mark = cp_arena_here(ctx->run);
        const written a = random_day(&rng), b = random_day(&rng);
        const cp_plan_likeness l = compare(ctx, &rule, &a, &b);
        assert_int_equal(l.likeness_ppm, slow_likeness(&a, &b));
        assert_in_range(l.likeness_ppm, 0, CP_LIKENESS_ONE);
        positive += l.likeness_ppm > 0;
        assert_int_equal(compare(ctx, &rule, &a, &a).likeness_ppm, CP_LIKENESS_ONE);
        cp_arena_rewind(ctx->run, mark);
    }
    assert_true(positive > 1000);
}

static void weights_of_zero_leave_a_part_out(void **state)
{
    cp_ctx *ctx = *state;
    const written a = {{1, 2, 3}, 3, 480, 60}, b = {{1, 2, 3}, 3, 600, 60};
    cp_likeness_rule r = rule;
    r.slots = 0;
    assert_int_equal(compare(ctx, &r, &a, &b).likeness_ppm, CP_LIKENESS_ONE);
    r.arcs = r.order = 0;
    assert_int_equal(compare(ctx, &r, &a, &b).likeness_ppm, 0);
    r.slots = 1;
    assert_int_equal(compare(ctx, &r, &a, &b).likeness_ppm, 0);
}

/* ---- windows and plans --------------------------------------------------------------------- */

static void the_most_alike_of_the_last_days_counts(void **state)
{
    cp_ctx *ctx = *state;
    const written same = {{1, 2, 3}, 3, 480, 60}, other = {{3, 2, 1}, 3, 800, 60};
    set past = {.n_routes = 0}, own = {.n_routes = 0};
    cp_vault vault = {.code = "V"};
    cp_network net = {.n_vaults = 1, .vaults = &vault};
    cp_plan plan = {.n_days = 2};
    net.settings.likeness_days = 3;
    net.settings.likeness_slot_min = 30;
    net.settings.likeness_arcs_ppm = net.settings.likeness_slots_ppm = 1;
    net.settings.likeness_order_ppm = 1;
    net.settings.likeness_limit_pct = 40;
    write_day(&past, &other, -4); /* a day too far back for day 0 */
    write_day(&past, &same, -3);
    write_day(&past, &other, -1);
    write_day(&own, &same, 0);
    write_day(&own, &other, 1);
    const cp_drives drives = {past.routes, past.n_routes, past.stops};
    plan.routes = own.routes;
    plan.n_routes = own.n_routes;
    plan.stops = own.stops;
    plan.n_stops = own.n_stops;
    plan.past = &drives;
    assert_ok(ctx, cp_likeness_make(ctx, &net, &plan));
    assert_int_equal(plan.n_likeness, 2);
    const cp_plan_likeness *l = plan.likeness;
    assert_int_equal(l[0].n_days, 2);
    assert_int_equal(l[0].with_t, -3);
    assert_int_equal(l[0].likeness_ppm, 1000000);
    assert_int_equal(l[0].mean_ppm, 500000);
    assert_int_equal(l[0].above_pct, 60);
    /* Day -3 is out of the window of day 1; day 0 is the plan's own. */
    assert_int_equal(l[1].n_days, 2);
    assert_int_equal(l[1].with_t, -1);
    net.settings.likeness_days = 0;
    assert_ok(ctx, cp_likeness_make(ctx, &net, &plan));
    assert_int_equal(plan.n_likeness, 0);
}

/* ---- the referee --------------------------------------------------------------------------- */

static int32_t violations(cp_ctx *ctx, const cp_network *net, const cp_plan *plan)
{
    cp_violation kept[CP_VERDICT_KEPT];
    cp_verdict verdict = {.violations = kept};
    cp_check check = {.ctx = ctx, .net = net, .plan = plan, .verdict = &verdict};
    assert_ok(ctx, cp_check_likeness(&check));
    for (int32_t k = 0; k < verdict.n_kept; k++)
        assert_string_equal(kept[k].rule, "likeness");
    return verdict.n_violations;
}

/* One field of a row changed; false when there is no field `k`. */
static bool spoil(cp_plan_likeness *l, int32_t k)
{
    int32_t *const fields[] = {&l->n_days,   &l->with_t,    &l->n_stops,   &l->n_common,
                               &l->arcs_ppm, &l->order_ppm, &l->slots_ppm, &l->likeness_ppm,
                               &l->mean_ppm, &l->limit_pct, &l->above_pct};
    if (k >= LEN(fields)) return false;
    *fields[k] += 1;
    return true;
}

/* A day after two earlier ones: the referee finds the same, and every change. */
static void the_referee_finds_the_same_and_every_change(void **state)
{
    cp_ctx *ctx = *state;
    cp_rng rng = cp_rng_new(11, 0);
    cp_vault vault = {.code = "V"};
    cp_network net = {.n_vaults = 1, .vaults = &vault};
    int32_t n_rows = 0, n_above = 0;
    net.settings.likeness_days = 5;
    net.settings.likeness_slot_min = 30;
    net.settings.likeness_arcs_ppm = net.settings.likeness_slots_ppm = 400000;
    net.settings.likeness_order_ppm = 200000;
    net.settings.likeness_limit_pct = 30;
    net.settings.likeness_price_minor = 5;
    for (int32_t turn = 0; turn < 100; turn++) {
        const cp_arena_mark mark = cp_arena_here(ctx->run);
        set *past = cp_alloc(ctx, ctx->run, 4, sizeof *past), *own = past + 1;
        cp_plan plan = {.n_days = 1};
        for (int32_t t = -2; t <= 0; t++) {
            const written day = random_day(&rng);
            write_day(t < 0 ? past : own, &day, t);
        }
        const cp_drives drives = {past->routes, past->n_routes, past->stops};
        plan.routes = own->routes;
        plan.n_routes = own->n_routes;
        plan.stops = own->stops;
        plan.n_stops = own->n_stops;
        plan.past = &drives;
        assert_ok(ctx, cp_likeness_make(ctx, &net, &plan));
        assert_int_equal(violations(ctx, &net, &plan), 0);
        assert_int_equal(plan.n_likeness, 1);
        n_rows++;
        const cp_plan_likeness kept = plan.likeness[0];
        for (int32_t k = 0; spoil(&plan.likeness[0], k); k++) {
            assert_int_equal(violations(ctx, &net, &plan), 1);
            plan.likeness[0] = kept;
        }
        plan.n_likeness = 0;
        n_above += kept.above_pct > 0;
        assert_int_equal(violations(ctx, &net, &plan), kept.above_pct > 0);
        cp_arena_rewind(ctx->run, mark);
    }
    assert_true(n_rows > 50 && n_above > 10 && n_above < n_rows);
}

static void a_part_of_a_point_counts_whole(void **state)
{
    (void)state;
    assert_int_equal(cp_likeness_above(400000, 40), 0);
    assert_int_equal(cp_likeness_above(400001, 40), 1);
    assert_int_equal(cp_likeness_above(1000000, 100), 0);
    assert_int_equal(cp_likeness_above(1000000, 0), 100);
    assert_int_equal(cp_likeness_above(0, 0), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(parts_are_what_a_watcher_sees, check_start, check_finish),
        cmocka_unit_test_setup_teardown(random_days_equal_a_slow_count, check_start, check_finish),
        cmocka_unit_test_setup_teardown(weights_of_zero_leave_a_part_out, check_start,
                                        check_finish),
        cmocka_unit_test_setup_teardown(the_most_alike_of_the_last_days_counts, check_start,
                                        check_finish),
        cmocka_unit_test_setup_teardown(the_referee_finds_the_same_and_every_change, check_start,
                                        check_finish),
        cmocka_unit_test_setup_teardown(a_part_of_a_point_counts_whole, check_start, check_finish),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

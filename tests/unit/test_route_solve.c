/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "solver/route/route_solve.h"

#include <string.h>

#include "tests/check.h"
#include "tests/unit/route_toy.h"

#define TOY_STOPS 6
#define TOY_CARS 2
#define SETS (1 << TOY_STOPS)

static int set_up(void **state)
{
    static cp_ctx ctx;
    *state = &ctx;
    return cp_ctx_init(&ctx) == CP_OK ? 0 : -1;
}

static int tear_down(void **state)
{
    cp_ctx_done(*state);
    return 0;
}

static cp_minor route_cost(cp_ctx *ctx, const toy *t, const cp_plan_route *r)
{
    const cp_car_rates rates = cp_car_rates_get(&t->net, r->car, 0);
    cp_minor cost = 0;
    assert_ok(ctx, cp_car_route_cost(ctx, &t->net, &rates, r, &cost));
    return cost;
}

/* ---- brute force: every partition, order and cut into two trips ---- */

typedef struct brute {
    cp_ctx *ctx;
    const toy *t;
    int32_t car;
    cp_car_stop stops[TOY_STOPS];
    cp_minor best[TOY_CARS][SETS]; /* -1 = not allowed */
} brute;

/* All orders of the tasks not yet in `done`, all cuts. Every prefix is a day of its own set. */
static void extend(brute *b, int32_t done, int32_t n)
{
    const toy *t = b->t;
    for (int32_t cut = 1; cut <= n; cut++) {
        for (int32_t k = 0; k < n; k++)
            b->stops[k].trip = k >= cut;
        cp_plan_route r;
        cp_plan_stop timed[TOY_STOPS];
        if (!toy_judge(t, b->car, b->stops, n, &r, timed)) continue;
        const cp_minor cost = route_cost(b->ctx, t, &r);
        cp_minor *best = &b->best[b->car][done];
        if (*best < 0 || cost < *best) *best = cost;
    }
    for (int32_t i = 0; i < t->day.n_tasks; i++) {
        if ((done >> i & 1) != 0) continue;
        b->stops[n] = toy_stop(t, i, 0);
        extend(b, done | 1 << i, n + 1);
    }
}

static int64_t weight_of(const toy *t, int32_t set)
{
    int64_t w = 0;
    for (int32_t i = 0; i < t->day.n_tasks; i++)
        if ((set >> i & 1) != 0) w += t->tasks[i].must ? 1 + t->day.n_tasks : 1;
    return w;
}

static bool pins_kept(const toy *t, int32_t car, int32_t set)
{
    for (int32_t i = 0; i < t->day.n_tasks; i++)
        if ((set >> i & 1) != 0 && t->tasks[i].car >= 0 && t->tasks[i].car != car) return false;
    return true;
}

/* Least weight left out, then least cost. */
static void brute_force(cp_ctx *ctx, const toy *t, int64_t *weight, cp_minor *cost)
{
    static brute b;
    memset(&b, 0, sizeof(b));
    b.ctx = ctx;
    b.t = t;
    const int32_t all = (1 << t->day.n_tasks) - 1;
    for (int32_t car = 0; car < TOY_CARS; car++) {
        for (int32_t set = 1; set <= all; set++)
            b.best[car][set] = -1;
        b.car = car;
        if (car < t->net.n_cars) extend(&b, 0, 0);
    }
    *weight = INT64_MAX;
    *cost = 0;
    for (int32_t one = 0; one <= all; one++) {
        if (b.best[0][one] < 0 || !pins_kept(t, 0, one)) continue;
        for (int32_t two = 0; two <= all; two++) {
            if ((one & two) != 0 || b.best[1][two] < 0 || !pins_kept(t, 1, two)) continue;
            const int64_t w = weight_of(t, all & ~(one | two));
            const cp_minor c = b.best[0][one] + b.best[1][two];
            if (w > *weight || (w == *weight && c >= *cost)) continue;
            *weight = w;
            *cost = c;
        }
    }
}

/* ---- what every result must be ---- */

static int64_t left_out(const toy *t, const cp_route_result *r)
{
    int64_t w = 0;
    for (int32_t k = 0; k < r->n_unserved; k++)
        w += t->tasks[r->unserved[k]].must ? 1 + t->day.n_tasks : 1;
    return w;
}

/* The task of a site. */
static int32_t task_at(const toy *t, int32_t site)
{
    for (int32_t i = 0; i < t->day.n_tasks; i++)
        if (t->tasks[i].site == site) return i;
    return -1;
}

/* Every task is served once or has a reason; every route is judged again by the slow judge. */
static void is_allowed(cp_ctx *ctx, const toy *t, const cp_route_result *r)
{
    int32_t times[64] = {0};
    cp_minor cost = 0;
    int32_t stops_seen = 0;
    for (int32_t k = 0; k < r->n_routes; k++) {
        const cp_plan_route *route = &r->routes[k];
        assert_true(k == 0 || route->car > r->routes[k - 1].car);
        assert_int_equal(route->first_stop, stops_seen);
        cp_car_stop stops[64];
        for (int32_t j = 0; j < route->n_stops; j++) {
            const cp_plan_stop *s = &r->stops[route->first_stop + j];
            const int32_t task = task_at(t, s->site);
            assert_in_range(task, 0, t->day.n_tasks - 1);
            times[task]++;
            assert_true(t->tasks[task].car < 0 || t->tasks[task].car == route->car);
            stops[j] = toy_stop(t, task, s->trip);
        }
        cp_plan_route again;
        cp_plan_stop timed[64];
        assert_true(toy_judge(t, route->car, stops, route->n_stops, &again, timed));
        assert_int_equal(again.depart_min, route->depart_min);
        assert_int_equal(again.return_min, route->return_min);
        assert_int_equal(again.wait_min, route->wait_min);
        for (int32_t j = 0; j < route->n_stops; j++)
            assert_int_equal(timed[j].start_min, r->stops[route->first_stop + j].start_min);
        cost += route_cost(ctx, t, route);
        stops_seen += route->n_stops;
    }
    assert_int_equal(stops_seen, r->n_stops);
    assert_int_equal(cost, r->cost_minor);
    for (int32_t k = 0; k < r->n_unserved; k++) {
        assert_non_null(r->reason[k]);
        assert_int_equal(r->removal_minor[r->unserved[k]], 0);
        times[r->unserved[k]]++;
    }
    for (int32_t i = 0; i < t->day.n_tasks; i++)
        assert_int_equal(times[i], 1);
}

static cp_route_result *solved(cp_ctx *ctx, const toy *t, int64_t work, uint64_t seed)
{
    cp_route_opts opts = cp_route_defaults();
    opts.work = work;
    opts.seed = seed;
    cp_route_result *r = NULL;
    assert_ok(ctx, cp_route_solve(ctx, &t->net, &t->day, &opts, &r));
    is_allowed(ctx, t, r);
    return r;
}

/* The search prices seconds, the tariff whole minutes of waiting and overtime: routes may differ by
 * the rounding of up to three minutes each. */
static cp_minor rounding(const toy *t)
{
    const int64_t hour =
        cp_tariff_get(&t->net, CP_TARIFF_HOUR_MINOR, t->net.first_day, 0, -1, -1, -1);
    const int64_t over =
        cp_tariff_get(&t->net, CP_TARIFF_OVERTIME_HOUR_MINOR, t->net.first_day, 0, -1, -1, -1);
    return t->net.n_cars * (2 * hour + over) / 60 + 1;
}

static void small_days_equal_brute_force(void **state)
{
    cp_ctx *ctx = *state;
    for (uint32_t k = 0; k < 300; k++) {
        const cp_arena_mark mark = cp_arena_here(ctx->run);
        /* Every rule alone first, then mixes of rules. Legs that do not exist, at random, are not
         * among the mixes: then stops may be possible in pairs only, and the search inserts one by
         * one. */
        uint32_t rules = k < 12 ? 1u << k : (k * 2654435761u >> 7) % TOY_RULES;
        if (k >= 12) rules &= ~(uint32_t)TOY_NO_WAY;
        toy *t = toy_new(ctx, 3 + (int32_t)(k % 4), TOY_CARS, rules, k);
        if (k % 5 == 0) t->tasks[0].must = true;
        if (k % 7 == 0) t->tasks[1].car = 1;
        if (k % 11 == 0) t->cars[0].paid_daily = true;
        int64_t weight = 0;
        cp_minor cost = 0;
        brute_force(ctx, t, &weight, &cost);
        const cp_route_result *r = solved(ctx, t, 3000, 1);
        if (left_out(t, r) != weight)
            fail_msg("day %u rules %u: left out %d, best %d", k, rules, (int)left_out(t, r),
                     (int)weight);
        if (r->cost_minor < cost || r->cost_minor > cost + rounding(t))
            fail_msg("day %u rules %u: cost %lld, best %lld", k, rules, (long long)r->cost_minor,
                     (long long)cost);
        cp_arena_rewind(ctx->run, mark);
    }
}

static void a_wider_limit_never_costs_more(void **state)
{
    cp_ctx *ctx = *state;
    for (uint32_t k = 0; k < 40; k++) {
        const cp_arena_mark mark = cp_arena_here(ctx->run);
        toy *t = toy_new(ctx, TOY_STOPS, TOY_CARS, TOY_VALUE | TOY_SHORT_SHIFT | TOY_TRIPS, k);
        const cp_route_result *tight = solved(ctx, t, 3000, 1);
        for (int32_t c = 0; c < TOY_CARS; c++) {
            if (k % 2 == 0)
                t->cars[c].insured_minor += 80;
            else
                t->cars[c].shift_end_min += 45;
        }
        const cp_route_result *wide = solved(ctx, t, 3000, 1);
        assert_true(wide->n_unserved <= tight->n_unserved);
        if (wide->n_unserved == tight->n_unserved)
            assert_true(wide->cost_minor <= tight->cost_minor + rounding(t));
        cp_arena_rewind(ctx->run, mark);
    }
}

static void larger_days_are_allowed_and_repeat_to_the_byte(void **state)
{
    cp_ctx *ctx = *state;
    for (uint32_t k = 0; k < 24; k++) {
        const cp_arena_mark mark = cp_arena_here(ctx->run);
        const uint32_t rules = (k * 2654435761u >> 5) % TOY_RULES;
        const toy *t = toy_new(ctx, 40, 5, rules, k);
        const cp_route_result *a = solved(ctx, t, 1500, 9);
        const cp_route_result *b = solved(ctx, t, 1500, 9);
        assert_int_equal(a->work_done, 1500);
        assert_false(a->stopped_by_time);
        assert_int_equal(a->n_routes, b->n_routes);
        assert_int_equal(a->n_stops, b->n_stops);
        assert_memory_equal(a->routes, b->routes, (size_t)a->n_routes * sizeof(*a->routes));
        assert_memory_equal(a->stops, b->stops, (size_t)a->n_stops * sizeof(*a->stops));
        assert_memory_equal(a->removal_minor, b->removal_minor, 40 * sizeof(cp_minor));
        cp_arena_rewind(ctx->run, mark);
    }
}

static void more_work_helps(void **state)
{
    cp_ctx *ctx = *state;
    cp_minor little = 0;
    cp_minor much = 0;
    for (uint32_t k = 0; k < 6; k++) {
        const cp_arena_mark mark = cp_arena_here(ctx->run);
        const toy *t = toy_new(ctx, 40, 5, TOY_VALUE | TOY_WINDOWS | TOY_TRIPS, k);
        little += solved(ctx, t, 20, 1)->cost_minor;
        much += solved(ctx, t, 8000, 1)->cost_minor;
        cp_arena_rewind(ctx->run, mark);
    }
    assert_true(much < little);
}

/* ---- against savings (Clarke, Wright 1964), judged by the same rules ---- */

typedef struct saving {
    cp_car_stop stops[64];
    int32_t n;
    cp_minor cost;
} saving;

/* Cost of a followed by b in one car; -1 = not allowed. */
static cp_minor joined(cp_ctx *ctx, const toy *t, const saving *a, const saving *b, saving *out)
{
    memcpy(out->stops, a->stops, sizeof(out->stops));
    memcpy(out->stops + a->n, b->stops, (size_t)b->n * sizeof(out->stops[0]));
    out->n = a->n + b->n;
    cp_plan_route r;
    cp_plan_stop timed[64];
    if (!toy_judge(t, 0, out->stops, out->n, &r, timed)) return -1;
    out->cost = route_cost(ctx, t, &r);
    return out->cost;
}

/* Join the two tours whose joining saves most until none does. Cars are all alike and enough. */
static cp_minor savings_cost(cp_ctx *ctx, const toy *t)
{
    static saving tours[40];
    int32_t n = t->day.n_tasks;
    const saving none = {.n = 0};
    for (int32_t i = 0; i < n; i++) {
        const saving one = {.stops = {toy_stop(t, i, 0)}, .n = 1};
        assert_true(joined(ctx, t, &one, &none, &tours[i]) >= 0);
    }
    for (;;) {
        cp_minor most = 0;
        int32_t from = -1;
        int32_t to = -1;
        for (int32_t i = 0; i < n; i++)
            for (int32_t j = 0; j < n; j++) {
                saving both;
                if (i == j || joined(ctx, t, &tours[i], &tours[j], &both) < 0) continue;
                const cp_minor saved = tours[i].cost + tours[j].cost - both.cost;
                if (saved <= most) continue;
                most = saved;
                from = i;
                to = j;
            }
        if (from < 0) break;
        saving both;
        (void)joined(ctx, t, &tours[from], &tours[to], &both);
        tours[from] = both;
        tours[to] = tours[--n];
    }
    cp_minor sum = 0;
    for (int32_t i = 0; i < n; i++)
        sum += tours[i].cost;
    return sum;
}

static void days_with_windows_are_cheaper_than_savings(void **state)
{
    cp_ctx *ctx = *state;
    cp_minor ours = 0;
    cp_minor theirs = 0;
    for (uint32_t k = 0; k < 6; k++) {
        const cp_arena_mark mark = cp_arena_here(ctx->run);
        toy *t = toy_new(ctx, 30, 30, TOY_WINDOWS | TOY_VALUE, 100 + k);
        for (int32_t c = 0; c < 30; c++) {
            t->cars[c] = t->cars[0];
            t->cars[c].insured_minor = 500;
            t->cars[c].shift_start_min = 400;
            t->cars[c].shift_end_min = 1300;
        }
        const cp_minor base = savings_cost(ctx, t);
        const cp_route_result *r = solved(ctx, t, 6000, 1);
        assert_int_equal(r->n_unserved, 0);
        assert_true(r->cost_minor <= base);
        ours += r->cost_minor;
        theirs += base;
        cp_arena_rewind(ctx->run, mark);
    }
    print_message("cost against savings: %.3f\n", (double)ours / (double)theirs);
    assert_true((double)ours <= 0.97 * (double)theirs);
}

/* ---- what is said of each stop ---- */

static void leaving_a_stop_out_saves_what_is_said(void **state)
{
    cp_ctx *ctx = *state;
    for (uint32_t k = 0; k < 20; k++) {
        const cp_arena_mark mark = cp_arena_here(ctx->run);
        const toy *t = toy_new(ctx, 12, 2, TOY_WINDOWS | TOY_VALUE | TOY_TRIPS, k);
        const cp_route_result *r = solved(ctx, t, 500, 1);
        for (int32_t q = 0; q < r->n_routes; q++) {
            const cp_plan_route *route = &r->routes[q];
            for (int32_t gone = 0; gone < route->n_stops; gone++) {
                cp_car_stop stops[64];
                int32_t n = 0;
                int32_t trip = -1;
                int32_t last = -1;
                for (int32_t j = 0; j < route->n_stops; j++) {
                    const cp_plan_stop *s = &r->stops[route->first_stop + j];
                    if (j == gone) continue;
                    trip += s->trip != last; /* trips are numbered anew */
                    last = s->trip;
                    stops[n++] = toy_stop(t, task_at(t, s->site), trip);
                }
                cp_plan_route rest = *route;
                cp_plan_stop timed[64];
                cp_minor cost = 0;
                rest.drive_s = 0;
                if (n > 0) {
                    assert_true(toy_judge(t, route->car, stops, n, &rest, timed));
                    cost = route_cost(ctx, t, &rest);
                }
                const int32_t task = task_at(t, r->stops[route->first_stop + gone].site);
                const cp_minor saved = route_cost(ctx, t, route) - cost;
                assert_int_equal(r->removal_minor[task], saved > 0 ? saved : 0);
                const int32_t saved_s = route->drive_s - rest.drive_s;
                assert_int_equal(r->removal_drive_s[task], saved_s > 0 ? saved_s : 0);
            }
        }
        cp_arena_rewind(ctx->run, mark);
    }
}

static void the_true_cause_is_given(void **state)
{
    cp_ctx *ctx = *state;
    enum {
        NO_CAR,
        NO_WAY,
        VALUE,
        VOLUME,
        WINDOW,
        SHIFT,
        PINNED_VALUE,
        TIME_LEFT,
        VALUE_LEFT,
        PINNED_TIME
    };
    static const struct {
        const char *name;
        int32_t what;
        const char *says;
    } cases[] = {
        {"the vault has no car", NO_CAR, "no car"},
        {"no road to the site", NO_WAY, "no way by road"},
        {"value above every car's limit", VALUE,
         "value alone is above the insured limit of any car"},
        {"cassettes above every car's volume", VOLUME, "above the volume"},
        {"closed before a car can be there", WINDOW, "window cannot be met"},
        {"too far for a shift", SHIFT, "longer than the shift"},
        {"too much for the pinned car alone", PINNED_VALUE, "pinned car C1"},
        {"the day is full", TIME_LEFT, "no car has time left"},
        {"the cars are full", VALUE_LEFT, "no car has insured value or volume left"},
        {"the pinned car's day is full", PINNED_TIME, "the pinned car has no time left"},
    };
    for (int32_t k = 0; k < LEN(cases); k++) {
        toy *t = toy_new(ctx, 6, 2, 0, 5);
        int32_t only = 2; /* the task that must be left out; -1 = any */
        for (int32_t c = 0; c < 2; c++)
            t->cars[c].volume_cm3 = 100000;
        switch (cases[k].what) {
        case NO_CAR:
            t->net.n_cars = 0;
            only = -1;
            break;
        case NO_WAY:
            for (int32_t i = 0; i < 7; i++)
                t->seconds[7 * i + 2] = -1;
            break;
        case VALUE:
            t->tasks[2].out_minor = 1000001;
            break;
        case VOLUME:
            t->tasks[2].back_cm3 = 100001;
            break;
        case WINDOW:
            t->sites[2].open_min = t->sites[2].close_min = 60;
            break;
        case SHIFT:
            t->tasks[2].service_s = 11 * 3600;
            break;
        case PINNED_VALUE:
            t->cars[1].insured_minor = 10;
            t->tasks[2].car = 1;
            t->tasks[2].out_minor = 11;
            break;
        case TIME_LEFT:
            for (int32_t i = 0; i < 6; i++)
                t->tasks[i].service_s = 4 * 3600;
            only = -1;
            break;
        case VALUE_LEFT:
            for (int32_t i = 0; i < 6; i++)
                t->tasks[i].out_minor = 600000;
            only = -1;
            break;
        default:
            for (int32_t i = 1; i < 3; i++) {
                t->tasks[i].service_s = 6 * 3600;
                t->tasks[i].car = 1;
            }
            t->tasks[1].must = true;
            break;
        }
        const cp_route_result *r = solved(ctx, t, 500, 1);
        assert_true(r->n_unserved > 0);
        if (only >= 0) {
            assert_int_equal(r->n_unserved, 1);
            assert_int_equal(r->unserved[0], only);
        }
        if (strstr(r->reason[0], cases[k].says) == NULL)
            fail_msg("%s: reason is '%s'", cases[k].name, r->reason[0]);
    }
}

static void bad_tasks_are_refused(void **state)
{
    cp_ctx *ctx = *state;
    for (int32_t k = 0; k < 6; k++) {
        toy *t = toy_new(ctx, 4, 1, 0, 1);
        switch (k) {
        case 0:
            t->tasks[1].site = 4;
            break;
        case 1:
            t->tasks[1].site = 0;
            break;
        case 2:
            t->tasks[1].car = 1;
            break;
        case 3:
            t->tasks[1].service_s = -1;
            break;
        case 4:
            t->tasks[1].back_minor = -1;
            break;
        default:
            t->day.vault = 1;
            break;
        }
        cp_route_result *r = NULL;
        assert_fails(ctx, CP_E_INPUT, cp_route_solve(ctx, &t->net, &t->day, NULL, &r));
        assert_null(r);
    }
}

static void a_stop_flag_ends_the_search_with_a_result(void **state)
{
    cp_ctx *ctx = *state;
    const toy *t = toy_new(ctx, 20, 2, 0, 1);
    const atomic_int stop = 1;
    ctx->stop = &stop;
    const cp_route_result *r = solved(ctx, t, 1000000, 1);
    assert_true(r->stopped_by_time);
    assert_int_equal(r->work_done, 0);
    assert_int_equal(r->n_unserved, 0);
    ctx->stop = NULL;
}

static void an_empty_day_has_no_route(void **state)
{
    cp_ctx *ctx = *state;
    toy *t = toy_new(ctx, 3, 1, 0, 1);
    t->day.n_tasks = 0;
    const cp_route_result *r = solved(ctx, t, 10, 1);
    assert_int_equal(r->n_routes, 0);
    assert_int_equal(r->n_unserved, 0);
    assert_int_equal(r->cost_minor, 0);
}

/* ---- the estimate ---- */

static void the_estimate_is_near_real_routes(void **state)
{
    cp_ctx *ctx = *state;
    double estimated = 0.0;
    double driven = 0.0;
    for (uint32_t k = 0; k < 8; k++) {
        const cp_arena_mark mark = cp_arena_here(ctx->run);
        toy *t = toy_new(ctx, 60, 3, 0, k);
        for (int32_t c = 0; c < 3; c++)
            t->cars[c].paid_daily = true;
        /* Every fourth site is visited today. */
        for (int32_t i = 0; i < 15; i++) {
            t->tasks[i] = t->tasks[4 * i];
            t->tasks[i].must = false;
        }
        t->day.n_tasks = 15;
        const int32_t stops[1] = {15};
        int32_t drive_s[60];
        cp_minor price[60];
        assert_ok(ctx, cp_route_estimate(ctx, &t->net, stops, drive_s, price));
        const cp_route_result *r = solved(ctx, t, 3000, 1);
        for (int32_t i = 0; i < 15; i++) {
            estimated += drive_s[t->tasks[i].site];
            assert_true(drive_s[t->tasks[i].site] > 0 && price[t->tasks[i].site] > 0);
        }
        for (int32_t q = 0; q < r->n_routes; q++)
            driven += r->routes[q].drive_s;
        cp_arena_rewind(ctx->run, mark);
    }
    print_message("driving estimated against driven: %.3f\n", estimated / driven);
    assert_true(estimated > 0.5 * driven && estimated < 2.0 * driven);
}

static void a_remote_site_and_a_quiet_day_cost_more(void **state)
{
    cp_ctx *ctx = *state;
    toy *t = toy_new(ctx, 40, 2, 0, 2);
    for (int32_t j = 0; j < 41; j++) { /* site 7 moves half an hour away from everything */
        t->seconds[7 * 41 + j] += 1800;
        t->seconds[j * 41 + 7] += 1800;
    }
    int32_t few_s[40];
    int32_t many_s[40];
    const int32_t few = 4;
    const int32_t many = 30;
    assert_ok(ctx, cp_route_estimate(ctx, &t->net, &few, few_s, NULL));
    assert_ok(ctx, cp_route_estimate(ctx, &t->net, &many, many_s, NULL));
    int64_t sum_few = 0;
    int64_t sum_many = 0;
    for (int32_t i = 0; i < 40; i++) {
        assert_true(i == 7 || (few_s[i] < few_s[7] && many_s[i] < many_s[7]));
        sum_few += few_s[i];
        sum_many += many_s[i];
    }
    assert_true(sum_many < sum_few);
    t->net.settings.stop_drive_min = 9;
    assert_ok(ctx, cp_route_estimate(ctx, &t->net, &few, few_s, NULL));
    assert_int_equal(few_s[7], 540);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(small_days_equal_brute_force, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_wider_limit_never_costs_more, set_up, tear_down),
        cmocka_unit_test_setup_teardown(larger_days_are_allowed_and_repeat_to_the_byte, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(more_work_helps, set_up, tear_down),
        cmocka_unit_test_setup_teardown(days_with_windows_are_cheaper_than_savings, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(leaving_a_stop_out_saves_what_is_said, set_up, tear_down),
        cmocka_unit_test_setup_teardown(the_true_cause_is_given, set_up, tear_down),
        cmocka_unit_test_setup_teardown(bad_tasks_are_refused, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_stop_flag_ends_the_search_with_a_result, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(an_empty_day_has_no_route, set_up, tear_down),
        cmocka_unit_test_setup_teardown(the_estimate_is_near_real_routes, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_remote_site_and_a_quiet_day_cost_more, set_up, tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

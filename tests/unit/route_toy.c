/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/unit/route_toy.h"

#include <math.h>
#include <string.h>

#include "tests/check.h"

#define KM_SIDE 20.0
#define METRES_PER_S 9.0

void toy_tariff(toy *t, cp_tariff_item item, int64_t amount)
{
    cp_tariff *rows = t->net.rows.tariff;
    for (int32_t k = 0; k < t->net.rows.n_tariff; k++)
        if (rows[k].item == item) rows[k].amount = amount;
}

/* The four tariffs of routes, in the order of items, as cp_tariff_index would leave them. */
static void set_tariffs(cp_ctx *ctx, toy *t)
{
    static const struct {
        cp_tariff_item item;
        int64_t amount;
    } prices[] = {{CP_TARIFF_CAR_DAY_MINOR, 20000},
                  {CP_TARIFF_KM_MINOR, 150},
                  {CP_TARIFF_HOUR_MINOR, 6000},
                  {CP_TARIFF_OVERTIME_HOUR_MINOR, 9000}};
    cp_tariff *rows = cp_alloc(ctx, ctx->run, 4, sizeof(*rows));
    for (int32_t k = 0; k < 4; k++) {
        rows[k] = (cp_tariff){.item = prices[k].item,
                              .vault_code = "",
                              .carrier_code = "",
                              .site_code = "",
                              .cassette_model_code = "",
                              .valid_from = 0,
                              .valid_to = 1000000,
                              .amount = prices[k].amount,
                              .vault = -1,
                              .carrier = -1,
                              .site = -1,
                              .cassette_model = -1};
        t->net.tariff_scopes[prices[k].item] = 1;
    }
    t->net.rows.tariff = rows;
    t->net.rows.n_tariff = 4;
    for (int32_t item = 0; item < CP_N_TARIFF_ITEMS; item++) {
        int32_t n = 0;
        for (int32_t k = 0; k < 4; k++)
            n += (int32_t)rows[k].item <= item;
        t->net.tariff_first[item + 1] = n;
    }
}

static int32_t between(cp_rng *rng, int32_t lo, int32_t hi)
{
    return lo + (int32_t)cp_rng_below(rng, (uint32_t)(hi - lo + 1));
}

static void set_sites(cp_ctx *ctx, toy *t, uint32_t rules, cp_rng *rng)
{
    const int32_t n = t->net.n_sites;
    t->sites = cp_alloc(ctx, ctx->run, (size_t)n, sizeof(*t->sites));
    t->tasks = cp_alloc(ctx, ctx->run, (size_t)n, sizeof(*t->tasks));
    for (int32_t i = 0; i < n; i++) {
        cp_site *s = &t->sites[i];
        s->code = cp_strf(ctx, ctx->run, "S%d", (int)i);
        s->close_min = 1440;
        s->open2_min = s->close2_min = -1;
        s->service_min = between(rng, 5, 25);
        if ((rules & TOY_WINDOWS) != 0 && cp_rng_below(rng, 3) > 0) {
            s->open_min = between(rng, 420, 900);
            s->close_min = s->open_min + between(rng, 0, 180);
            if ((rules & TOY_SECOND_WINDOWS) != 0 && cp_rng_below(rng, 2) == 0) {
                s->open2_min = s->close_min + between(rng, 10, 120);
                s->close2_min = s->open2_min + between(rng, 0, 180);
            }
        }
        cp_route_task *task = &t->tasks[i];
        task->site = i;
        task->service_s = s->service_min * 60 + ((rules & TOY_ASYMMETRIC) != 0 ? 17 : 0);
        task->out_minor = between(rng, 0, 100);
        task->back_minor = between(rng, 0, 60);
        task->out_cm3 = between(rng, 0, 50);
        task->back_cm3 = between(rng, 0, 50);
        task->car = -1;
    }
}

static void set_cars(cp_ctx *ctx, toy *t, uint32_t rules, cp_rng *rng)
{
    const int32_t n = t->net.n_cars;
    t->cars = cp_alloc(ctx, ctx->run, (size_t)n, sizeof(*t->cars));
    for (int32_t k = 0; k < n; k++) {
        cp_car *c = &t->cars[k];
        c->code = cp_strf(ctx, ctx->run, "C%d", (int)k);
        c->insured_minor = (rules & TOY_VALUE) != 0 ? between(rng, 120, 260) : 1000000;
        c->volume_cm3 = (rules & TOY_VOLUME) != 0 ? between(rng, 60, 150) : 0;
        c->shift_start_min = between(rng, 440, 500);
        c->shift_end_min = c->shift_start_min + 600;
        if ((rules & TOY_SHORT_SHIFT) != 0)
            c->shift_end_min = c->shift_start_min + between(rng, 60, 180);
        c->overtime_min = (rules & TOY_OVERTIME) != 0 ? 60 : 0;
        c->max_trips = (rules & TOY_TRIPS) != 0 ? 2 : 1;
        c->reload_min = 15;
        c->open_route = (rules & TOY_OPEN_ROUTES) != 0;
    }
}

static void set_travel(cp_ctx *ctx, toy *t, uint32_t rules, cp_rng *rng)
{
    const int32_t n = t->net.n_sites + 1;
    const size_t cells = (size_t)n * (size_t)n;
    t->seconds = cp_alloc(ctx, ctx->run, cells, sizeof(int32_t));
    t->metres = cp_alloc(ctx, ctx->run, cells, sizeof(int32_t));
    uint8_t *estimated = cp_alloc(ctx, ctx->run, cells, 1);
    int32_t *block = cp_alloc(ctx, ctx->run, (size_t)n, sizeof(int32_t));
    int32_t *place = cp_alloc(ctx, ctx->run, (size_t)n, sizeof(int32_t));
    double *x = cp_alloc(ctx, ctx->run, (size_t)n * 2, sizeof(double));
    for (int32_t i = 0; i < 2 * n; i++)
        x[i] = KM_SIDE * cp_rng_unit(rng);
    for (int32_t i = 0; i < n; i++) {
        place[i] = i;
        for (int32_t j = 0; j < n; j++) {
            const int32_t at = i * n + j;
            const double m = 1000.0 * hypot(x[2 * i] - x[2 * j], x[2 * i + 1] - x[2 * j + 1]);
            t->metres[at] = (int32_t)ceil(m);
            t->seconds[at] = (int32_t)ceil(m / METRES_PER_S);
            if ((rules & TOY_ASYMMETRIC) != 0)
                t->seconds[at] = (int32_t)((double)t->seconds[at] * (0.7 + 0.9 * cp_rng_unit(rng)));
            if ((rules & TOY_NO_WAY) != 0 && i != j && cp_rng_below(rng, 6) == 0)
                t->seconds[at] = t->metres[at] = -1;
            estimated[at] = cp_rng_below(rng, 2) == 0;
        }
    }
    cp_travel_block *one = cp_alloc(ctx, ctx->run, 1, sizeof(*one));
    one->width = n;
    t->net.travel = (cp_travel){.n = n,
                                .n_blocks = 1,
                                .blocks = one,
                                .block = block,
                                .place = place,
                                .block_seconds = t->seconds,
                                .block_metres = t->metres,
                                .block_estimated = estimated};
}

toy *toy_new(cp_ctx *ctx, int32_t n_sites, int32_t n_cars, uint32_t rules, uint64_t seed)
{
    cp_rng rng = cp_rng_new(seed, rules);
    toy *t = cp_alloc(ctx, ctx->run, 1, sizeof(*t));
    t->net.first_day = 20000;
    t->net.n_days = 7;
    t->net.n_sites = n_sites;
    t->net.n_cars = n_cars;
    t->net.n_vaults = 1;
    t->vault = cp_alloc(ctx, ctx->run, 1, sizeof(*t->vault));
    t->vault->code = "V";
    t->vault->close_min = 1440;
    if ((rules & TOY_VAULT_HOURS) != 0) {
        t->vault->open_min = 470;
        t->vault->close_min = 960;
    }
    set_sites(ctx, t, rules, &rng);
    set_cars(ctx, t, rules, &rng);
    set_travel(ctx, t, rules, &rng);
    set_tariffs(ctx, t);
    if ((rules & TOY_FREE_TIME) != 0) toy_tariff(t, CP_TARIFF_HOUR_MINOR, 0);
    t->net.sites = t->sites;
    t->net.cars = t->cars;
    t->net.vaults = t->vault;
    t->day = (cp_route_day){.t = 0, .vault = 0, .tasks = t->tasks, .n_tasks = n_sites};
    return t;
}

cp_car_stop toy_stop(const toy *t, int32_t task, int32_t trip)
{
    const cp_route_task *k = &t->tasks[task];
    const cp_car_stop s = {k->site,       trip,       k->service_s, k->out_minor,
                           k->back_minor, k->out_cm3, k->back_cm3};
    return s;
}

/* ---- the slow judge ---- */

static int32_t leg_s(const toy *t, int32_t a, int32_t b)
{
    return t->seconds[a * (t->net.n_sites + 1) + b];
}

static int32_t up(int64_t s)
{
    return (int32_t)(s % 60 == 0 ? s / 60 : s / 60 + 1);
}

/* Start of service when arriving at `now`; -1 = none. *window: which. */
static int64_t service_start(const cp_site *s, int64_t now, int32_t *window)
{
    int64_t best = -1;
    for (int32_t w = 0; w < 2; w++) {
        if (w == 1 && s->open2_min < 0) continue;
        const int64_t open = 60 * (int64_t)(w == 0 ? s->open_min : s->open2_min);
        const int64_t close = 60 * (int64_t)(w == 0 ? s->close_min : s->close2_min);
        const int64_t at = now < open ? open : now;
        if (at > close || (best >= 0 && best <= at)) continue;
        best = at;
        *window = w;
    }
    return best;
}

/* Drive the day leaving at `now`; -1 = a rule of time is broken, else the end. */
static int64_t drive(const toy *t, int32_t car, const cp_car_stop *stops, int32_t n, int64_t now,
                     int32_t *windows, cp_plan_stop *timed)
{
    const cp_car *c = &t->cars[car];
    const int32_t v = t->net.n_sites;
    for (int32_t i = 0; i < n; i++) {
        if (i == 0) {
            if (!c->open_route) now += leg_s(t, v, stops[0].site);
        } else if (stops[i].trip == stops[i - 1].trip) {
            now += leg_s(t, stops[i - 1].site, stops[i].site);
        } else {
            now += leg_s(t, stops[i - 1].site, v) + 60 * c->reload_min;
            if (now > 60 * t->vault->close_min) return -1;
            now += leg_s(t, v, stops[i].site);
        }
        const int64_t start = service_start(&t->sites[stops[i].site], now, &windows[i]);
        if (start < 0) return -1;
        timed[i].arrive_min = up(now);
        timed[i].start_min = up(start);
        now = start + stops[i].service_s;
        timed[i].leave_min = up(now);
    }
    if (!c->open_route) {
        now += leg_s(t, stops[n - 1].site, v);
        if (now > 60 * t->vault->close_min) return -1;
    }
    return now > 60 * (c->shift_end_min + c->overtime_min) ? -1 : now;
}

/* Every moment of load: what is still to be delivered in the trip, and what was taken back. */
static bool loads(const toy *t, int32_t car, const cp_car_stop *stops, int32_t n,
                  cp_plan_route *route, cp_plan_stop *timed)
{
    const cp_car *c = &t->cars[car];
    for (int32_t i = 0; i < n; i++)
        for (int32_t after = 0; after < 2; after++) {
            int64_t value = 0;
            int64_t volume = 0;
            for (int32_t k = 0; k < n; k++) {
                if (stops[k].trip != stops[i].trip) continue;
                const bool served = k < i || (k == i && after == 1);
                value += served ? stops[k].back_minor : stops[k].out_minor;
                volume += served ? stops[k].back_cm3 : stops[k].out_cm3;
            }
            if (value > c->insured_minor) return false;
            if (c->volume_cm3 > 0 && volume > c->volume_cm3) return false;
            if (value > route->most_on_board_minor) route->most_on_board_minor = value;
            timed[i].on_board_minor = value;
            timed[i].on_board_cm3 = volume;
        }
    return true;
}

/* Sums over the legs of the day; false when one does not exist. */
static bool legs(const toy *t, int32_t car, const cp_car_stop *stops, int32_t n, cp_plan_route *r)
{
    const int32_t v = t->net.n_sites;
    int32_t path[64];
    int32_t m = 0;
    const bool open = t->cars[car].open_route;
    if (!open) path[m++] = v;
    for (int32_t i = 0; i < n; i++) {
        if (i > 0 && stops[i].trip != stops[i - 1].trip) path[m++] = v;
        path[m++] = stops[i].site;
    }
    if (!open) path[m++] = v;
    for (int32_t k = 1; k < m; k++) {
        const int32_t s = leg_s(t, path[k - 1], path[k]);
        if (s < 0) return false;
        r->drive_s += s;
        r->dist_m += t->metres[path[k - 1] * (v + 1) + path[k]];
        r->legs++;
        r->estimated_legs += cp_travel_estimated(&t->net, path[k - 1], path[k]);
    }
    return true;
}

bool toy_judge(const toy *t, int32_t car, const cp_car_stop *stops, int32_t n, cp_plan_route *route,
               cp_plan_stop *timed)
{
    const cp_car *c = &t->cars[car];
    cp_plan_route r = {.vault = 0, .car = car, .n_stops = n, .n_trips = stops[n - 1].trip + 1};
    if (r.n_trips > c->max_trips || (c->open_route && r.n_trips > 1)) return false;
    if (!legs(t, car, stops, n, &r) || !loads(t, car, stops, n, &r, timed)) return false;

    int32_t windows[64];
    int32_t now_windows[64];
    int64_t first = 60 * c->shift_start_min;
    if (!c->open_route && first < 60 * t->vault->open_min) first = 60 * t->vault->open_min;
    const int64_t end = drive(t, car, stops, n, first, windows, timed);
    if (end < 0) return false;
    int64_t leave = first;
    for (int64_t d = first; d <= end; d += 60) {
        if (drive(t, car, stops, n, d, now_windows, timed) != end) break;
        if (memcmp(windows, now_windows, (size_t)n * sizeof(windows[0])) != 0) break;
        leave = d;
    }
    (void)drive(t, car, stops, n, leave, now_windows, timed);
    int64_t service = 60 * (int64_t)c->reload_min * (r.n_trips - 1);
    for (int32_t i = 0; i < n; i++) {
        service += stops[i].service_s;
        timed[i].site = stops[i].site;
        timed[i].trip = stops[i].trip;
    }
    r.depart_min = up(leave);
    r.return_min = up(end);
    r.service_min = up(service);
    r.wait_min = up(end - leave - r.drive_s - service);
    r.overtime_min = end > 60 * c->shift_end_min ? up(end - 60 * c->shift_end_min) : 0;
    *route = r;
    return true;
}

cp_minor toy_cost(cp_ctx *ctx, const toy *t, const cp_plan_route *r)
{
    const cp_car_rates rates = cp_car_rates_get(&t->net, r->car, 0);
    cp_minor cost = 0;
    assert_ok(ctx, cp_car_route_cost(ctx, &t->net, &rates, r, &cost));
    return cost;
}

/* ---- results of the search ---- */

int64_t toy_left_out(const toy *t, const cp_route_result *r)
{
    int64_t w = 0;
    for (int32_t k = 0; k < r->n_unserved; k++)
        w += t->tasks[r->unserved[k]].must ? 1 + t->day.n_tasks : 1;
    return w;
}

/* The task of a site. */
int32_t toy_task_at(const toy *t, int32_t site)
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
            const int32_t task = toy_task_at(t, s->site);
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
        cost += toy_cost(ctx, t, route);
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

cp_route_result *toy_solve(cp_ctx *ctx, const toy *t, int64_t work, uint64_t seed)
{
    cp_route_opts opts = cp_route_defaults();
    opts.work = work;
    opts.seed = seed;
    cp_route_result *r = NULL;
    assert_ok(ctx, cp_route_solve(ctx, &t->net, &t->day, &opts, &r));
    is_allowed(ctx, t, r);
    return r;
}

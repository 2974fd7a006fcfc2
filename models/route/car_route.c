/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "models/route/car_route.h"

#include <assert.h>
#include <stddef.h>

/* What the passes over one day need. */
typedef struct walk {
    const cp_network *net;
    const cp_car *car;
    const cp_car_stop *stops;
    int32_t n;
    int32_t vault; /* stop index in net->travel */
    int64_t first_s, end_s, reload_s, reload_end_s;
} walk;

static int64_t ceil_minute(int64_t seconds)
{
    return (seconds + 59) / 60;
}

static bool new_trip(const walk *w, int32_t i)
{
    return w->stops[i].trip != w->stops[i - 1].trip;
}

/* Seconds and metres from one place to another; false when there is no way. */
static bool leg(const walk *w, int32_t from, int32_t to, int64_t *seconds, int64_t *metres)
{
    const int32_t s = cp_travel_s(w->net, from, to);
    if (s < 0) return false;
    const int32_t m = cp_travel_m(w->net, from, to);
    *seconds = s;
    *metres = m > 0 ? m : 0;
    return true;
}

static cp_car_verdict fault_at(cp_car_fault fault, int32_t stop)
{
    const cp_car_verdict v = {fault, stop};
    return v;
}

static walk walk_of(const cp_network *net, int32_t car, const cp_car_stop *stops, int32_t n)
{
    const cp_car *c = &net->cars[car];
    const cp_vault *v = &net->vaults[c->vault];
    walk w = {.net = net, .car = c, .stops = stops, .n = n};
    w.vault = net->n_sites + c->vault;
    w.first_s = (int64_t)c->shift_start_min * 60;
    w.end_s = ((int64_t)c->shift_end_min + c->overtime_min) * 60;
    w.reload_s = (int64_t)c->reload_min * 60;
    w.reload_end_s = (int64_t)v->close_min * 60;
    if (!c->open_route) {
        if (w.first_s < (int64_t)v->open_min * 60) w.first_s = (int64_t)v->open_min * 60;
        if (w.end_s > (int64_t)v->close_min * 60) w.end_s = (int64_t)v->close_min * 60;
    }
    return w;
}

static cp_car_verdict check_trips(const walk *w)
{
    for (int32_t i = 0; i < w->n; i++) {
        const int32_t before = i == 0 ? 0 : w->stops[i - 1].trip;
        const int32_t rise = w->stops[i].trip - before;
        if (rise < 0 || rise > (i == 0 ? 0 : 1)) return fault_at(CP_CAR_TRIPS, i);
        const int32_t most = w->car->open_route ? 1 : w->car->max_trips;
        if (w->stops[i].trip >= most) return fault_at(CP_CAR_TRIPS, i);
    }
    return fault_at(CP_CAR_OK, -1);
}

/* Sums legs, and says where there is no way. */
static cp_car_verdict check_ways(const walk *w, cp_plan_route *route)
{
    for (int32_t i = 0; i <= w->n; i++) {
        int32_t place[3];
        int32_t n_places = 0;
        if (i > 0) place[n_places++] = w->stops[i - 1].site;
        const bool home = i == 0 || i == w->n || new_trip(w, i);
        if (home && !w->car->open_route) place[n_places++] = w->vault;
        if (i < w->n) place[n_places++] = w->stops[i].site;
        for (int32_t k = 1; k < n_places; k++) {
            int64_t s = 0;
            int64_t m = 0;
            if (!leg(w, place[k - 1], place[k], &s, &m))
                return fault_at(CP_CAR_UNREACHABLE, i < w->n ? i : w->n - 1);
            route->drive_s += (int32_t)s;
            route->dist_m += m;
            route->legs++;
            if (cp_travel_estimated(w->net, place[k - 1], place[k])) route->estimated_legs++;
        }
    }
    return fault_at(CP_CAR_OK, -1);
}

/* Value or volume on board, trip by trip. The load before a trip is the sum of what it delivers. */
static cp_car_verdict check_load(const walk *w, bool value, cp_plan_route *route,
                                 cp_plan_stop *timed)
{
    const int64_t most = value ? w->car->insured_minor : w->car->volume_cm3;
    const bool limited = value || most > 0;
    int64_t board = 0;
    for (int32_t i = 0; i < w->n; i++) {
        const cp_car_stop *s = &w->stops[i];
        if (i == 0 || new_trip(w, i)) {
            board = 0;
            for (int32_t k = i; k < w->n && w->stops[k].trip == s->trip; k++)
                board += value ? w->stops[k].out_minor : w->stops[k].out_cm3;
            if (limited && board > most) return fault_at(value ? CP_CAR_VALUE : CP_CAR_VOLUME, i);
            if (value && board > route->most_on_board_minor) route->most_on_board_minor = board;
        }
        board += value ? s->back_minor - s->out_minor : s->back_cm3 - s->out_cm3;
        if (limited && board > most) return fault_at(value ? CP_CAR_VALUE : CP_CAR_VOLUME, i);
        if (value && board > route->most_on_board_minor) route->most_on_board_minor = board;
        if (timed != NULL && value) timed[i].on_board_minor = board;
        if (timed != NULL && !value) timed[i].on_board_cm3 = board;
    }
    return fault_at(CP_CAR_OK, -1);
}

/* Driving from stop i - 1 to stop i (by the vault when a trip begins), and where the clock stands
 * still on the way: *drive_before the reload and *drive_after it. i = 0: from the vault. */
static void approach(const walk *w, int32_t i, int64_t *drive_before, int64_t *drive_after)
{
    int64_t m = 0;
    *drive_before = *drive_after = 0;
    if (i == 0) {
        if (!w->car->open_route) leg(w, w->vault, w->stops[0].site, drive_after, &m);
    } else if (new_trip(w, i)) {
        leg(w, w->stops[i - 1].site, w->vault, drive_before, &m);
        leg(w, w->vault, w->stops[i].site, drive_after, &m);
    } else {
        leg(w, w->stops[i - 1].site, w->stops[i].site, drive_after, &m);
    }
}

static int64_t drive_home(const walk *w)
{
    int64_t s = 0;
    int64_t m = 0;
    if (!w->car->open_route) leg(w, w->stops[w->n - 1].site, w->vault, &s, &m);
    return s;
}

/* Earliest start in a window of the site not before `arrive`; false if none. *close: its end. */
static bool window_start(const cp_site *site, int64_t arrive, int64_t *start, int64_t *close)
{
    const int32_t open_min[2] = {site->open_min, site->open2_min};
    const int32_t close_min[2] = {site->close_min, site->close2_min};
    bool found = false;
    for (int32_t k = 0; k < 2; k++) {
        if (k == 1 && open_min[k] < 0) break;
        const int64_t at = arrive > (int64_t)open_min[k] * 60 ? arrive : (int64_t)open_min[k] * 60;
        if (at > (int64_t)close_min[k] * 60 || (found && at >= *start)) continue;
        *start = at;
        *close = (int64_t)close_min[k] * 60;
        found = true;
    }
    return found;
}

/* One pass forward from `leave`; timed (may be NULL) gets the times. *end is the last return or
 * leaving, *latest the latest departure that delays neither it nor any stop beyond its window.
 *
 * The backward pass of the header in closed form: a departure later by d starts stop i later by
 * max(0, d - waited_i), where waited_i is all waiting up to and including i. So d is at most
 * close_i - start_i + waited_i for every stop, and all waiting for the end. */
static cp_car_verdict forward(const walk *w, int64_t leave, cp_plan_stop *timed, int64_t *latest,
                              int64_t *end)
{
    int64_t now = leave;
    int64_t waited = 0;
    int64_t slack = INT64_MAX;
    for (int32_t i = 0; i < w->n; i++) {
        int64_t before = 0;
        int64_t after = 0;
        approach(w, i, &before, &after);
        if (i > 0 && new_trip(w, i)) {
            now += before + w->reload_s;
            if (now > w->reload_end_s) return fault_at(CP_CAR_SHIFT, i);
        }
        now += after;
        int64_t start = 0;
        int64_t close = 0;
        if (!window_start(&w->net->sites[w->stops[i].site], now, &start, &close))
            return fault_at(CP_CAR_WINDOW, i);
        waited += start - now;
        if (close - start + waited < slack) slack = close - start + waited;
        if (timed != NULL) {
            timed[i].arrive_min = (int32_t)ceil_minute(now);
            timed[i].start_min = (int32_t)ceil_minute(start);
            timed[i].leave_min = (int32_t)ceil_minute(start + w->stops[i].service_s);
        }
        now = start + w->stops[i].service_s;
    }
    now += drive_home(w);
    if (now > w->end_s) return fault_at(CP_CAR_SHIFT, w->n - 1);
    *latest = leave + (waited < slack ? waited : slack);
    *end = now;
    return fault_at(CP_CAR_OK, -1);
}

/* What no departure changes. */
static cp_car_verdict check_apart_from_time(const walk *w, cp_plan_route *r)
{
    cp_car_verdict v = check_trips(w);
    if (v.fault == CP_CAR_OK) v = check_ways(w, r);
    if (v.fault == CP_CAR_OK) v = check_load(w, true, r, NULL);
    if (v.fault == CP_CAR_OK) v = check_load(w, false, r, NULL);
    return v;
}

/* The times of a day that is allowed when it is left at `leave`. */
static void write_times(const walk *w, int64_t leave, cp_plan_route *r, cp_plan_stop *timed)
{
    int64_t latest = 0;
    int64_t end = 0;
    if (timed != NULL) {
        for (int32_t i = 0; i < w->n; i++) {
            timed[i].site = w->stops[i].site;
            timed[i].trip = w->stops[i].trip;
        }
        (void)check_load(w, true, r, timed);
        (void)check_load(w, false, r, timed);
    }
    (void)forward(w, leave, timed, &latest, &end);
    r->n_trips = w->stops[w->n - 1].trip + 1;
    int64_t service = (r->n_trips - 1) * w->reload_s;
    for (int32_t i = 0; i < w->n; i++)
        service += w->stops[i].service_s;
    r->depart_min = (int32_t)ceil_minute(leave);
    r->return_min = (int32_t)ceil_minute(end);
    r->service_min = (int32_t)ceil_minute(service);
    r->wait_min = (int32_t)ceil_minute(end - leave - r->drive_s - service);
    const int64_t over = end - (int64_t)w->car->shift_end_min * 60;
    r->overtime_min = over > 0 ? (int32_t)ceil_minute(over) : 0;
}

cp_car_verdict cp_car_route_check(const cp_network *net, int32_t car, const cp_car_stop *stops,
                                  int32_t n, cp_plan_route *route, cp_plan_stop *timed)
{
    assert(n >= 1 && car >= 0 && car < net->n_cars);
    const walk w = walk_of(net, car, stops, n);
    cp_plan_route r = {.vault = w.car->vault, .car = car, .n_stops = n};
    cp_car_verdict v = check_apart_from_time(&w, &r);
    int64_t latest = 0;
    int64_t end = 0;
    if (v.fault == CP_CAR_OK) v = forward(&w, w.first_s, NULL, &latest, &end);
    if (v.fault != CP_CAR_OK || route == NULL) return v;
    int64_t leave = latest - latest % 60;
    if (leave < w.first_s) leave = w.first_s;
    write_times(&w, leave, &r, timed);
    *route = r;
    return v;
}

/* Where the loadings begin; the day is allowed. */
static void find_loadings(const walk *w, int64_t leave, int64_t *begin_s)
{
    int64_t now = leave;
    begin_s[0] = leave - w->reload_s;
    for (int32_t i = 0; i < w->n; i++) {
        int64_t before = 0;
        int64_t after = 0;
        int64_t start = 0;
        int64_t close = 0;
        approach(w, i, &before, &after);
        if (i > 0 && new_trip(w, i)) {
            begin_s[w->stops[i].trip] = now + before;
            now += before + w->reload_s;
        }
        (void)window_start(&w->net->sites[w->stops[i].site], now + after, &start, &close);
        now = start + w->stops[i].service_s;
    }
}

cp_car_verdict cp_car_route_leave(const cp_network *net, int32_t car, const cp_car_stop *stops,
                                  int32_t n, int32_t depart_min, cp_plan_route *route,
                                  cp_plan_stop *timed, int64_t *begin_s)
{
    assert(n >= 1 && car >= 0 && car < net->n_cars);
    const walk w = walk_of(net, car, stops, n);
    const int64_t leave = (int64_t)depart_min * 60;
    cp_plan_route r = {.vault = w.car->vault, .car = car, .n_stops = n};
    cp_car_verdict v = check_apart_from_time(&w, &r);
    int64_t latest = 0;
    int64_t end = 0;
    if (v.fault == CP_CAR_OK && leave < w.first_s) v = fault_at(CP_CAR_SHIFT, 0);
    if (v.fault == CP_CAR_OK) v = forward(&w, leave, NULL, &latest, &end);
    if (v.fault != CP_CAR_OK) return v;
    if (begin_s != NULL) find_loadings(&w, leave, begin_s);
    write_times(&w, leave, &r, timed);
    if (route != NULL) *route = r;
    return v;
}

cp_car_rates cp_car_rates_get(const cp_network *net, int32_t car, int32_t t)
{
    const cp_car *c = &net->cars[car];
    const cp_day day = net->first_day + t;
    cp_car_rates r;
    r.car_day_minor = c->paid_daily ? 0
                                    : cp_tariff_get(net, CP_TARIFF_CAR_DAY_MINOR, day, c->vault,
                                                    c->carrier, -1, -1);
    r.km_minor = cp_tariff_get(net, CP_TARIFF_KM_MINOR, day, c->vault, c->carrier, -1, -1);
    r.hour_minor = cp_tariff_get(net, CP_TARIFF_HOUR_MINOR, day, c->vault, c->carrier, -1, -1);
    r.overtime_hour_minor =
        cp_tariff_get(net, CP_TARIFF_OVERTIME_HOUR_MINOR, day, c->vault, c->carrier, -1, -1);
    return r;
}

/* a * num / den as cp_mul_div, false when it leaves the range of amounts. */
static bool priced(int64_t a, int64_t num, int64_t den, cp_minor *sum)
{
    const __int128 p = (__int128)a * num / den;
    if (p > INT64_MAX / 2 || p < -(INT64_MAX / 2)) return false;
    return cp_minor_add(*sum, cp_mul_div(a, num, den), sum);
}

cp_status cp_car_route_cost(cp_ctx *ctx, const cp_network *net, const cp_car_rates *rates,
                            const cp_plan_route *route, cp_minor *cost_minor)
{
    const int64_t duty_s = route->drive_s + 60 * ((int64_t)route->wait_min + route->service_min);
    cp_minor sum = rates->car_day_minor;
    if (!priced(route->dist_m, rates->km_minor, 1000, &sum) ||
        !priced(duty_s, rates->hour_minor, 3600, &sum) ||
        !priced(route->overtime_min, rates->overtime_hour_minor, 60, &sum))
        CP_FAIL(ctx, CP_E_RANGE, "car %s: the cost of its day is too large; check the tariffs",
                net->cars[route->car].code);
    *cost_minor = sum;
    return CP_OK;
}

cp_status cp_car_drives_cost(cp_ctx *ctx, const cp_network *net, const cp_drives *drives,
                             int32_t vault, int32_t t, cp_minor *sum_minor)
{
    cp_minor sum = 0;
    for (int32_t k = 0; k < drives->n_routes; k++) {
        const cp_plan_route *r = &drives->routes[k];
        if (r->t != t || r->vault != vault) continue;
        const cp_car_rates rates = cp_car_rates_get(net, r->car, r->t);
        cp_minor cost = 0;
        CP_TRY(cp_car_route_cost(ctx, net, &rates, r, &cost));
        if (!cp_minor_add(sum, cost, &sum))
            CP_FAIL(ctx, CP_E_RANGE, "routes of vault %s: their cost is too large",
                    net->vaults[vault].code);
    }
    *sum_minor = sum;
    return CP_OK;
}

const char *cp_car_fault_text(cp_car_fault fault)
{
    static const char *const texts[] = {
        "within all limits",
        "more trips than the car may make",
        "no way to the site by road",
        "value on board above the insured limit of the car",
        "volume on board above the limit of the car",
        "the service window cannot be met",
        "no time left in the shift",
    };
    return texts[fault];
}

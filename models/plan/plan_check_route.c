/* SPDX-License-Identifier: GPL-3.0-or-later */
/* plan_check_route.c - is every visit driven to, in time, and insured at every moment? The rule is
 * that of models/route/car_route.h, written again from its words. */
#include <string.h>

#include "models/plan/plan_check_part.h"

/* One leg of a car's day: driving that ends at stop `to` (n = the end of the day). Before it the
 * car may have stood at the vault to reload. */
typedef struct leg {
    int64_t drive_s, metres;
    int32_t n_legs, n_estimated;
    int64_t reload_s;       /* 0 unless a new trip begins */
    int64_t before_vault_s; /* driving before the reload, part of drive_s */
} leg;

typedef struct day {
    cp_check *check;
    const cp_plan_route *route;
    const cp_plan_stop *stops;
    const cp_car *car;
    const cp_vault *vault;
    cp_check_at at;
    int32_t n;
    leg *legs; /* n + 1 */
    int64_t *service_s, *arrive_s, *start_s, *close_s;
    cp_minor *out, *back;
    int64_t *cm3;
} day;

/* ---- stops and their visits --------------------------------------------------------------- */

static int64_t minutes_up(int64_t seconds)
{
    return seconds > 0 ? (seconds - 1) / 60 + 1 : 0;
}

/* Visits of day t at the site: [from, to) of the plan's visits. Points of a site stand together. */
static void visits_at(const cp_check *check, int32_t t, int32_t site, int32_t *from, int32_t *to)
{
    const cp_plan *plan = check->plan;
    const cp_site *s = &check->net->sites[site];
    int32_t lo = 0;
    int32_t hi = plan->n_visits;
    while (lo < hi) {
        const int32_t mid = (lo + hi) / 2;
        const cp_plan_visit *v = &plan->visits[mid];
        if (v->t < t || (v->t == t && v->point < s->first_point))
            lo = mid + 1;
        else
            hi = mid;
    }
    *from = lo;
    while (lo < plan->n_visits && plan->visits[lo].t == t &&
           plan->visits[lo].point < s->first_point + s->n_points)
        lo++;
    *to = lo;
}

static cp_status load_stop(day *d, int32_t i)
{
    const int32_t site = d->stops[i].site;
    const cp_site *s = &d->check->net->sites[site];
    int32_t from = 0;
    int32_t to = 0;
    visits_at(d->check, d->route->t, site, &from, &to);
    d->service_s[i] = 60 * (int64_t)s->service_min;
    int32_t n_crew = 0;
    for (int32_t v = from; v < to; v++) {
        const cp_check_fact *fact = &d->check->fact[v];
        if (d->check->plan->visits[v].by_branch) continue;
        n_crew++;
        d->service_s[i] += fact->service_s;
        d->out[i] += fact->out_minor;
        d->back[i] += fact->back_q_minor;
        d->cm3[i] += fact->set_cm3;
    }
    if (n_crew == 0)
        CP_TRY(cp_check_say(d->check, "routed", d->at, "site %s is a stop without any visit",
                            s->code));
    if (s->vault != d->route->vault)
        CP_TRY(cp_check_say(d->check, "routed", d->at, "site %s belongs to another vault's zone",
                            s->code));
    return CP_OK;
}

/* ---- ways --------------------------------------------------------------------------------- */

static bool drive(const cp_network *net, int32_t from, int32_t to, leg *out)
{
    const int32_t seconds = cp_travel_s(net, from, to);
    const int32_t metres = cp_travel_m(net, from, to);
    if (seconds < 0) return false;
    out->drive_s += seconds;
    out->metres += metres > 0 ? metres : 0;
    out->n_legs++;
    out->n_estimated += cp_travel_estimated(net, from, to);
    return true;
}

/* Fill in the legs; *complete is false when there is no way somewhere. */
static cp_status find_ways(day *d, bool *complete)
{
    const cp_network *net = d->check->net;
    const int32_t home = net->n_sites + d->route->vault;
    const bool open = d->car->open_route;
    *complete = true;
    for (int32_t i = 0; i <= d->n; i++) {
        leg *l = &d->legs[i];
        const int32_t from = i > 0 ? d->stops[i - 1].site : home;
        const int32_t to = i < d->n ? d->stops[i].site : home;
        const bool reload = i > 0 && i < d->n && d->stops[i].trip != d->stops[i - 1].trip;
        bool way = true;
        if (reload && !open) {
            way = drive(net, from, home, l);
            l->before_vault_s = l->drive_s;
            l->reload_s = 60 * (int64_t)d->car->reload_min;
            way = way && drive(net, home, to, l);
        } else if (!open || (i > 0 && i < d->n)) {
            way = drive(net, from, to, l);
        }
        if (way) continue;
        *complete = false;
        const bool back = i == d->n;
        CP_TRY(cp_check_say(d->check, "way", d->at, "there is no way from %s to %s",
                            i > 0 ? net->sites[from].code : d->vault->code,
                            back ? d->vault->code : net->sites[to].code));
    }
    return CP_OK;
}

static cp_status check_trips(day *d)
{
    const int32_t most = d->car->open_route ? 1 : d->car->max_trips;
    int32_t trip = 0;
    for (int32_t i = 0; i < d->n; i++) {
        const int32_t rise = d->stops[i].trip - trip;
        if (rise < 0 || rise > (i > 0 ? 1 : 0))
            return cp_check_say(d->check, "car", d->at, "trip %d follows trip %d",
                                (int)d->stops[i].trip, (int)trip);
        trip = d->stops[i].trip;
    }
    if (trip + 1 > most)
        return cp_check_say(d->check, "car", d->at, "%d trips; at most %d are allowed",
                            (int)trip + 1, (int)most);
    if (d->route->n_trips != trip + 1)
        return cp_check_say(d->check, "times", d->at, "%d trips are written, %d are driven",
                            (int)d->route->n_trips, (int)trip + 1);
    return CP_OK;
}

/* ---- times -------------------------------------------------------------------------------- */

static int64_t first_departure(const day *d)
{
    const int64_t shift = 60 * (int64_t)d->car->shift_start_min;
    const int64_t open = 60 * (int64_t)d->vault->open_min;
    return d->car->open_route || shift > open ? shift : open;
}

static int64_t last_return(const day *d)
{
    const int64_t shift = 60 * ((int64_t)d->car->shift_end_min + d->car->overtime_min);
    const int64_t close = 60 * (int64_t)d->vault->close_min;
    return d->car->open_route || shift < close ? shift : close;
}

/* Earliest service in one of the site's windows; -1 when both are over. */
static int64_t serve_from(const cp_site *s, int64_t arrive, int64_t *close_s)
{
    int64_t best = -1;
    const int64_t open[2] = {60 * (int64_t)s->open_min, 60 * (int64_t)s->open2_min};
    const int64_t close[2] = {60 * (int64_t)s->close_min, 60 * (int64_t)s->close2_min};
    for (int32_t k = 0; k < (s->open2_min >= 0 ? 2 : 1); k++) {
        const int64_t start = arrive > open[k] ? arrive : open[k];
        if (start > close[k] || (best >= 0 && start >= best)) continue;
        best = start;
        *close_s = close[k];
    }
    return best;
}

/* Drive the day from `leave`; *end is its end, -1 when a window cannot be met. With `say` what is
 * not met is reported. */
static cp_status run_day(day *d, int64_t leave, bool say, int64_t *end)
{
    int64_t now = leave;
    *end = -1;
    for (int32_t i = 0; i < d->n; i++) {
        const leg *l = &d->legs[i];
        const cp_site *s = &d->check->net->sites[d->stops[i].site];
        const int64_t reloaded = now + l->before_vault_s + l->reload_s;
        if (say && l->reload_s + l->before_vault_s > 0 &&
            reloaded > 60 * (int64_t)d->vault->close_min)
            CP_TRY(cp_check_say(d->check, "shift", d->at,
                                "it would leave the vault again after closing, before %s",
                                s->code));
        d->arrive_s[i] = now + l->drive_s + l->reload_s;
        d->start_s[i] = serve_from(s, d->arrive_s[i], &d->close_s[i]);
        if (d->start_s[i] < 0) {
            if (!say) return CP_OK;
            char at[16];
            return cp_check_say(d->check, "window", d->at,
                                "site %s is reached at %s at the earliest, after its last window",
                                s->code, cp_minute_text((int32_t)minutes_up(d->arrive_s[i]), at));
        }
        now = d->start_s[i] + d->service_s[i];
    }
    *end = now + d->legs[d->n].drive_s;
    return CP_OK;
}

/* The departure that waits least: going backwards, a stop may start no later than its window closes
 * and than keeps the next stop's latest start; the last stop keeps the end. */
static int64_t latest_departure(const day *d, int64_t earliest)
{
    int64_t latest = d->start_s[d->n - 1];
    for (int32_t i = d->n - 1; i > 0; i--) {
        const leg *l = &d->legs[i];
        int64_t before = latest - l->drive_s - l->reload_s - d->service_s[i - 1];
        if (before > d->close_s[i - 1]) before = d->close_s[i - 1];
        latest = before;
    }
    if (latest > d->close_s[0]) latest = d->close_s[0];
    latest -= d->legs[0].drive_s;
    const int64_t whole = latest / 60 * 60;
    return whole > earliest ? whole : earliest;
}

static cp_status same(day *d, const char *what, int64_t got, int64_t want)
{
    if (got == want) return CP_OK;
    return cp_check_say(d->check, "times", d->at, "%s is written as %lld; it is %lld", what,
                        (long long)got, (long long)want);
}

static cp_status compare_stops(day *d)
{
    for (int32_t i = 0; i < d->n; i++) {
        const cp_plan_stop *s = &d->stops[i];
        const char *code = d->check->net->sites[s->site].code;
        if (s->arrive_min == minutes_up(d->arrive_s[i]) &&
            s->start_min == minutes_up(d->start_s[i]) &&
            s->leave_min == minutes_up(d->start_s[i] + d->service_s[i]))
            continue;
        char is[16];
        char must[16];
        CP_TRY(cp_check_say(d->check, "times", d->at,
                            "service at %s is written to start at %s; it can at %s (arrival or "
                            "leaving may differ, too)",
                            code, cp_minute_text(s->start_min, is),
                            cp_minute_text((int32_t)minutes_up(d->start_s[i]), must)));
    }
    return CP_OK;
}

static cp_status compare_route(day *d, int64_t leave, int64_t end)
{
    const cp_plan_route *r = d->route;
    int64_t drive_s = 0;
    int64_t metres = 0;
    int64_t legs = 0;
    int64_t estimated = 0;
    int64_t service_s = 0;
    for (int32_t i = 0; i <= d->n; i++) {
        drive_s += d->legs[i].drive_s;
        metres += d->legs[i].metres;
        legs += d->legs[i].n_legs;
        estimated += d->legs[i].n_estimated;
        service_s += d->legs[i].reload_s + (i < d->n ? d->service_s[i] : 0);
    }
    const int64_t wait_s = end - leave - drive_s - service_s;
    const int64_t over_s = end - 60 * (int64_t)d->car->shift_end_min;
    CP_TRY(compare_stops(d));
    CP_TRY(same(d, "the departure (minute)", r->depart_min, minutes_up(leave)));
    CP_TRY(same(d, "the return (minute)", r->return_min, minutes_up(end)));
    CP_TRY(same(d, "driving in seconds", r->drive_s, drive_s));
    CP_TRY(same(d, "waiting in minutes", r->wait_min, minutes_up(wait_s)));
    CP_TRY(same(d, "service in minutes", r->service_min, minutes_up(service_s)));
    CP_TRY(same(d, "overtime in minutes", r->overtime_min, over_s > 0 ? minutes_up(over_s) : 0));
    CP_TRY(same(d, "the distance in metres", r->dist_m, metres));
    CP_TRY(same(d, "the number of legs", r->legs, legs));
    CP_TRY(same(d, "the number of estimated legs", r->estimated_legs, estimated));
    d->check->crew_min[(size_t)r->vault * (size_t)d->check->plan->n_days + (size_t)r->t] +=
        minutes_up(drive_s) + minutes_up(wait_s) + minutes_up(service_s);
    return CP_OK;
}

/* Each loading of the day that was run last. */
static void note_loadings(day *d, int64_t leave)
{
    const int64_t load_s = 60 * (int64_t)d->car->reload_min;
    const int32_t route = (int32_t)(d->route - d->check->plan->routes);
    cp_check_loading *to = d->check->loadings + d->check->n_loadings;
    int32_t n = 0;
    to[n++] = (cp_check_loading){route, leave - load_s, leave};
    for (int32_t i = 1; i < d->n; i++) {
        if (d->stops[i].trip == d->stops[i - 1].trip) continue;
        const int64_t at = d->start_s[i - 1] + d->service_s[i - 1] + d->legs[i].before_vault_s;
        to[n++] = (cp_check_loading){route, at, at + load_s};
    }
    d->check->n_loadings += n;
}

/* Where docks are few the car may leave at any whole minute that keeps the day. */
static cp_status check_staggered(day *d, int64_t earliest)
{
    const int64_t leave = 60 * (int64_t)d->route->depart_min;
    int64_t end = -1;
    if (leave < earliest)
        return cp_check_say(d->check, "shift", d->at, "it leaves %lld minutes too early",
                            (long long)minutes_up(earliest - leave));
    CP_TRY(run_day(d, leave, true, &end));
    if (end < 0) return CP_OK;
    if (end > last_return(d))
        CP_TRY(cp_check_say(d->check, "shift", d->at,
                            "leaving so late it is back %lld minutes late",
                            (long long)minutes_up(end - last_return(d))));
    note_loadings(d, leave);
    return compare_route(d, leave, end);
}

static cp_status check_times(day *d)
{
    int64_t end = -1;
    const int64_t earliest = first_departure(d);
    CP_TRY(run_day(d, earliest, true, &end));
    if (end < 0) return CP_OK;
    if (end > last_return(d)) {
        char at[16];
        char most[16];
        return cp_check_say(d->check, "shift", d->at,
                            "the day ends at %s at the earliest; it must by %s (shift, overtime, "
                            "vault hours)",
                            cp_minute_text((int32_t)minutes_up(end), at),
                            cp_minute_text((int32_t)(last_return(d) / 60), most));
    }
    if (d->vault->dock_slots <= 0 || d->car->open_route) {
        const int64_t leave = latest_departure(d, earliest);
        CP_TRY(run_day(d, leave, false, &end));
        return compare_route(d, leave, end);
    }
    return check_staggered(d, earliest);
}

/* ---- value and volume on board ------------------------------------------------------------ */

static cp_status over_limit(day *d, const char *rule, int64_t board, int64_t most, int32_t i,
                            bool leaving)
{
    return cp_check_say(d->check, rule, d->at, "%lld %s on board %s site %s; allowed are %lld",
                        (long long)board, rule[4] == 'v' && rule[5] == 'a' ? "minor units" : "cm3",
                        leaving ? "on the way to" : "after",
                        d->check->net->sites[d->stops[i].site].code, (long long)most);
}

/* One trip [from, to): its load is what its stops get; it changes at every stop. */
static cp_status check_trip(day *d, int32_t from, int32_t to, cp_minor *top)
{
    cp_minor value = 0;
    int64_t cm3 = 0;
    for (int32_t i = from; i < to; i++) {
        value += d->out[i];
        cm3 += d->cm3[i];
    }
    if (value > *top) *top = value;
    if (value > d->car->insured_minor)
        CP_TRY(over_limit(d, "car_value", value, d->car->insured_minor, from, true));
    if (d->car->volume_cm3 > 0 && cm3 > d->car->volume_cm3)
        CP_TRY(over_limit(d, "car_volume", cm3, d->car->volume_cm3, from, true));
    for (int32_t i = from; i < to; i++) {
        value += d->back[i] - d->out[i];
        if (value > *top) *top = value;
        if (value > d->car->insured_minor)
            CP_TRY(over_limit(d, "car_value", value, d->car->insured_minor, i, false));
        /* A full set out and an empty one back: the volume stays. */
        if (d->stops[i].on_board_minor != value || d->stops[i].on_board_cm3 != cm3)
            CP_TRY(cp_check_say(d->check, "times", d->at,
                                "after site %s %lld minor units are written to be on board; there "
                                "are %lld",
                                d->check->net->sites[d->stops[i].site].code,
                                (long long)d->stops[i].on_board_minor, (long long)value));
    }
    return CP_OK;
}

static cp_status check_board(day *d)
{
    cp_minor top = 0;
    int32_t from = 0;
    for (int32_t i = 1; i <= d->n; i++) {
        if (i < d->n && d->stops[i].trip == d->stops[from].trip) continue;
        CP_TRY(check_trip(d, from, i, &top));
        from = i;
    }
    return same(d, "the most value on board", d->route->most_on_board_minor, top);
}

/* ---- routes ------------------------------------------------------------------------------- */

static cp_status new_day(cp_check *check, int32_t r, day *d)
{
    cp_ctx *ctx = check->ctx;
    memset(d, 0, sizeof *d);
    d->check = check;
    d->route = &check->plan->routes[r];
    d->stops = check->plan->stops + d->route->first_stop;
    d->n = d->route->n_stops;
    d->car = &check->net->cars[d->route->car];
    d->vault = &check->net->vaults[d->route->vault];
    d->at = cp_at_route(d->route->t, r);
    CP_NEW(ctx, ctx->scratch, d->legs, d->n + 1);
    CP_NEW(ctx, ctx->scratch, d->service_s, d->n);
    CP_NEW(ctx, ctx->scratch, d->arrive_s, d->n);
    CP_NEW(ctx, ctx->scratch, d->start_s, d->n);
    CP_NEW(ctx, ctx->scratch, d->close_s, d->n);
    CP_NEW(ctx, ctx->scratch, d->out, d->n);
    CP_NEW(ctx, ctx->scratch, d->back, d->n);
    CP_NEW(ctx, ctx->scratch, d->cm3, d->n);
    return CP_OK;
}

static cp_status check_route(cp_check *check, int32_t r)
{
    const cp_arena_mark mark = cp_arena_here(check->ctx->scratch);
    day d;
    bool complete = false;
    CP_TRY(new_day(check, r, &d));
    if (d.car->vault != d.route->vault)
        CP_TRY(cp_check_say(check, "car", d.at, "it belongs to another vault than the route"));
    for (int32_t i = 0; i < d.n; i++)
        CP_TRY(load_stop(&d, i));
    CP_TRY(check_trips(&d));
    CP_TRY(find_ways(&d, &complete));
    if (complete) CP_TRY(check_times(&d));
    CP_TRY(check_board(&d));
    cp_arena_rewind(check->ctx->scratch, mark);
    return CP_OK;
}

/* Is each (day, site) with visits by crews on exactly one stop? */
static cp_status check_cover(cp_check *check)
{
    const cp_plan *plan = check->plan;
    const cp_network *net = check->net;
    uint8_t *stops = NULL;
    CP_NEW(check->ctx, check->ctx->scratch, stops, (size_t)net->n_sites * (size_t)plan->n_days);
    for (int32_t k = 0; k < plan->n_stops; k++) {
        const int32_t r = check->stop_route[k];
        if (r < 0) {
            CP_TRY(cp_check_say(check, "routed", cp_at_day(-1), "stop %d is on no route", (int)k));
            continue;
        }
        const int32_t t = plan->routes[r].t;
        uint8_t *seen = &stops[(size_t)plan->stops[k].site * (size_t)plan->n_days + (size_t)t];
        if (*seen > 0)
            CP_TRY(cp_check_say(check, "routed", cp_at_route(t, r),
                                "site %s is a second time a "
                                "stop on this day",
                                net->sites[plan->stops[k].site].code));
        *seen = 1;
    }
    for (int32_t i = 0; i < plan->n_visits; i++) {
        const cp_plan_visit *v = &plan->visits[i];
        const int32_t site = net->points[v->point].site;
        if (!v->by_branch && stops[(size_t)site * (size_t)plan->n_days + (size_t)v->t] == 0)
            CP_TRY(cp_check_say(check, "routed", cp_at_visit(v), "no car comes to its site %s",
                                net->sites[site].code));
    }
    return CP_OK;
}

static cp_status check_unserved(cp_check *check)
{
    const cp_plan *plan = check->plan;
    for (int32_t i = 0; i < plan->n_unserved; i++) {
        const cp_plan_unserved *u = &plan->unserved[i];
        for (int32_t k = check->first[u->point]; k < check->first[u->point + 1]; k++)
            if (plan->visits[check->of_point[k]].t == u->t)
                CP_TRY(cp_check_say(check, "routed", cp_at_point(u->t, u->point),
                                    "the visit is planned and also listed as not served"));
    }
    return CP_OK;
}

cp_status cp_check_routes(cp_check *check)
{
    const size_t cells = (size_t)check->net->n_vaults * (size_t)check->plan->n_days;
    CP_NEW(check->ctx, check->ctx->scratch, check->crew_min, cells);
    CP_NEW(check->ctx, check->ctx->scratch, check->loadings, /* a route has a trip a stop at most */
           check->plan->n_stops + check->plan->n_routes);
    for (int32_t r = 0; r < check->plan->n_routes; r++)
        CP_TRY(check_route(check, r));
    CP_TRY(check_cover(check));
    return check_unserved(check);
}

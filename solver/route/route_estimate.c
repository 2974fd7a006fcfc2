/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <float.h>
#include <stdlib.h>

#include "models/route/car_route.h"
#include "solver/route/route_solve.h"

/* Of the nearest sites so many are looked at that with all but this probability two of them are
 * visited on the same day, up to a bound on the work. */
#define TAIL 0.01
#define PAIRS_FROM_MOST 160

/* Mean rates and hours of a vault's cars. */
typedef struct fleet {
    int32_t n, n_open;
    double per_m, per_s, car_day;
    double shift_s;
} fleet;

typedef struct zone {
    const cp_network *net;
    int32_t vault;
    int32_t *sites, n;
    double chance; /* that a site of the zone is visited on a given day */
    double stops;
    fleet cars;
} zone;

typedef struct near_site {
    int32_t site;
    double s; /* mean of both directions */
} near_site;

static int near_order(const void *a, const void *b)
{
    const near_site *x = a;
    const near_site *y = b;
    if (x->s < y->s) return -1;
    if (x->s > y->s) return 1;
    return (x->site > y->site) - (x->site < y->site);
}

/* Mean of both directions in seconds (and metres); DBL_MAX when either has no way. */
static double both_ways(const cp_network *net, int32_t a, int32_t b, double *metres)
{
    const int32_t there_s = cp_travel_s(net, a, b);
    const int32_t back_s = cp_travel_s(net, b, a);
    *metres = 0.0;
    if (there_s < 0 || back_s < 0) return DBL_MAX;
    const int32_t there_m = cp_travel_m(net, a, b);
    const int32_t back_m = cp_travel_m(net, b, a);
    if (there_m > 0) *metres += 0.5 * (double)there_m;
    if (back_m > 0) *metres += 0.5 * (double)back_m;
    return 0.5 * ((double)there_s + (double)back_s);
}

static fleet fleet_of(const cp_network *net, int32_t vault)
{
    fleet f = {0, 0, 0.0, 0.0, 0.0, 0.0};
    for (int32_t k = 0; k < net->n_cars; k++) {
        const cp_car *c = &net->cars[k];
        if (c->vault != vault) continue;
        const cp_car_rates r = cp_car_rates_get(net, k, 0);
        f.n++;
        f.n_open += c->open_route;
        f.per_m += (double)r.km_minor / 1000.0;
        f.per_s += (double)r.hour_minor / 3600.0;
        f.car_day += (double)r.car_day_minor;
        f.shift_s += 60.0 * (double)(c->shift_end_min - c->shift_start_min);
    }
    if (f.n == 0) return f;
    f.per_m /= f.n;
    f.per_s /= f.n;
    f.car_day /= f.n;
    f.shift_s /= f.n;
    return f;
}

/* Expected detour to insert site x between the two nearest sites visited that day, each other site
 * being visited with chance p: the j-th and k-th nearest (j < k) are those two with probability
 * p^2 (1 - p)^(k - 2). near[0..n-1] is sorted. */
static void mean_detour(const zone *z, int32_t x, const near_site *near, int32_t n, double *seconds,
                        double *metres)
{
    double weight = 0.0;
    double sum_s = 0.0;
    double sum_m = 0.0;
    double chance = z->chance * z->chance;
    for (int32_t k = 1; k < n; k++) {
        for (int32_t j = 0; j < k; j++) {
            double m1 = 0.0;
            double m2 = 0.0;
            double m3 = 0.0;
            (void)both_ways(z->net, x, near[j].site, &m1);
            (void)both_ways(z->net, x, near[k].site, &m2);
            const double direct = both_ways(z->net, near[j].site, near[k].site, &m3);
            if (direct >= DBL_MAX) continue;
            const double s = near[j].s + near[k].s - direct;
            const double m = m1 + m2 - m3;
            sum_s += chance * (s > 0.0 ? s : 0.0);
            sum_m += chance * (m > 0.0 ? m : 0.0);
            weight += chance;
        }
        chance *= 1.0 - z->chance;
        if (chance <= 0.0) break;
    }
    *seconds = weight > 0.0 ? sum_s / weight : 0.0;
    *metres = weight > 0.0 ? sum_m / weight : 0.0;
}

/* How many of the sorted neighbours matter: with all but TAIL two of them are visited. */
static int32_t enough(const zone *z, int32_t n)
{
    double none = 1.0;
    double one = 0.0;
    for (int32_t k = 0; k < n; k++) {
        if (none + one < TAIL || k >= PAIRS_FROM_MOST) return k;
        one = one * (1.0 - z->chance) + none * z->chance;
        none *= 1.0 - z->chance;
    }
    return n;
}

/* One site: the detour plus its share of a trip to the vault and back and of the car's day. A trip
 * holds as many stops as fit a shift. */
static void estimate_site(const zone *z, int32_t x, near_site *near, int32_t *drive_s,
                          cp_minor *price_minor)
{
    const cp_network *net = z->net;
    int32_t n = 0;
    for (int32_t k = 0; k < z->n; k++) {
        if (z->sites[k] == x) continue;
        double m = 0.0;
        near[n].site = z->sites[k];
        near[n].s = both_ways(net, x, z->sites[k], &m);
        if (near[n].s < DBL_MAX) n++;
    }
    qsort(near, (size_t)n, sizeof(*near), near_order);
    double detour_s = 0.0;
    double detour_m = 0.0;
    mean_detour(z, x, near, enough(z, n), &detour_s, &detour_m);

    double home_m = 0.0;
    double home_s = both_ways(net, x, net->n_sites + z->vault, &home_m);
    const double closed = z->cars.n > 0 ? 1.0 - (double)z->cars.n_open / z->cars.n : 1.0;
    if (home_s >= DBL_MAX) home_s = 0.0;
    home_s *= closed;
    home_m *= closed;
    const double service_s = 60.0 * (double)net->sites[x].service_min;
    const double stop_s = service_s + detour_s > 60.0 ? service_s + detour_s : 60.0;
    double per_trip = (z->cars.shift_s - 2.0 * home_s) / stop_s;
    if (per_trip > z->stops) per_trip = z->stops;
    if (per_trip < 1.0) per_trip = 1.0;
    double s = detour_s + 2.0 * home_s / per_trip;
    const double m = detour_m + 2.0 * home_m / per_trip;
    if (net->settings.stop_drive_min > 0) s = 60.0 * (double)net->settings.stop_drive_min;
    drive_s[x] = s < (double)INT32_MAX ? (int32_t)(s + 0.5) : INT32_MAX;
    const double price =
        z->cars.per_m * m + z->cars.per_s * (s + service_s) + z->cars.car_day / per_trip;
    if (price_minor != NULL)
        price_minor[x] = price < (double)CP_MINOR_MAX ? (cp_minor)(price + 0.5) : CP_MINOR_MAX;
}

static cp_status estimate(cp_ctx *ctx, const cp_network *net, const int32_t *stops_per_vault_day,
                          int32_t *drive_s, cp_minor *price_minor)
{
    zone z = {.net = net};
    near_site *near = NULL;
    CP_NEW(ctx, ctx->scratch, z.sites, net->n_sites);
    CP_NEW(ctx, ctx->scratch, near, net->n_sites);
    for (int32_t v = 0; v < net->n_vaults; v++) {
        z.vault = v;
        z.n = 0;
        z.cars = fleet_of(net, v);
        for (int32_t i = 0; i < net->n_sites; i++)
            if (net->sites[i].vault == v) z.sites[z.n++] = i;
        z.stops = stops_per_vault_day[v] > 1 ? (double)stops_per_vault_day[v] : 1.0;
        z.chance = z.n > 0 ? z.stops / z.n : 1.0;
        if (z.chance > 1.0) z.chance = 1.0;
        for (int32_t k = 0; k < z.n; k++)
            estimate_site(&z, z.sites[k], near, drive_s, price_minor);
    }
    return CP_OK;
}

cp_status cp_route_estimate(cp_ctx *ctx, const cp_network *net, const int32_t *stops_per_vault_day,
                            int32_t *drive_s, cp_minor *price_minor)
{
    const cp_arena_mark mark = cp_arena_here(ctx->scratch);
    for (int32_t i = 0; i < net->n_sites; i++) {
        drive_s[i] = 0;
        if (price_minor != NULL) price_minor[i] = 0;
    }
    const cp_status st = estimate(ctx, net, stops_per_vault_day, drive_s, price_minor);
    cp_arena_rewind(ctx->scratch, mark);
    return st;
}

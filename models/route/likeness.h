/* SPDX-License-Identifier: GPL-3.0-or-later */
/* likeness.h - how alike the routes of a vault's day are with those of earlier days, as a number.
 *
 * Who watches an armored car looks for what comes again: the same way, the same order, the same
 * time of day. Three measures of that are in the literature, and each alone can be cheated:
 *   - ways driven again: the peripatetic salesman (Krarup 1975) forbids them; the k-dissimilar
 *     vehicle routing problem (Talarico, Soerensen, Springael, EJOR 244(1), 2015) bounds the share
 *     of them between any two of k solutions;
 *   - order and risk on the way that is used again: Bozkaya, Salman, Telciler ("An adaptive and
 *     diversified vehicle routing approach to reducing the security risk of cash-in-transit
 *     operations", Networks 69(3), 2017) weigh usage of the days before against cost, day by day;
 *   - arrival times: Hoogeboom, Dullaert ("Vehicle routing with arrival time diversification", EJOR
 *     275(1), 2019) ask that a customer is not reached in the slot of an earlier day.
 * Here all three are parts of one number, on integers, so that it is the same everywhere.
 *
 * Given    day T, its routes of one vault, n stops (a site at most once a day), and an earlier day
 *          P likewise. C: the sites served on both. Sites of one day alone are compared with
 *          nothing; they count only in n.
 * arcs     for every site of C what lies before and what lies after it on its trip: a site, or the
 *          base (the vault; on open routes wherever the car starts and ends). m of these 2 |C|
 *          neighbours are the same on both days: arcs = m / (2 |C|). Direction matters. A way
 *          between two sites of C counts at both, a way from or to the base at one.
 * order    over all pairs of C that one car serves on T, or one car on P: the pairs on one car on
 *          both days in the same order less those in the opposite order, never below 0, divided by
 *          all pairs: Kendall's tau where the cars serve the same sites. A random order is near
 *          0. q sites of C are in such a pair; q = 0: no order to compare.
 * slots    of the sites of C those whose arrivals on T and P are at most slot_min minutes apart,
 *          divided by |C|.
 * likeness = |C| / n * (w_a arcs + w_o' order + w_s slots) / (w_a + w_o' + w_s) with w_o' = w_o q /
 *          |C|: the order weighs by the sites that have one, so that one pair among many sites
 *          says little. 0 when C is empty or the weights are. A day driven again to the minute has
 *          1, whichever cars drive; half a day driven again among other stops about 1/2.
 * A vault's day is compared with each of the N days before it; its number is the greatest
 * likeness. N, slot_min and the weights are settings (likeness_*: 10 days, 30 minutes, 0.4, 0.2,
 * 0.4).
 *
 * Parts are written in millionths, rounded down. From them likeness = floor(|C| L / n) with
 * L = floor((w_a |C| arcs + w_o q order + w_s |C| slots) / (w_a |C| + w_o q + w_s |C|)). */
#ifndef CP_LIKENESS_H
#define CP_LIKENESS_H

#include "models/base/ctx.h"
#include "models/plan/record.h"

#define CP_LIKENESS_ONE 1000000 /* millionths */
#define CP_BASE_SITE (-1)       /* before the first and after the last stop of a trip */

/* What is compared, from the settings. */
typedef struct cp_likeness_rule {
    int32_t days; /* N */
    int32_t slot_min;
    int32_t arcs, order, slots; /* weights, 0 .. 1000000 */
    int32_t limit_pct;          /* 100 = no limit */
    cp_minor price_minor;       /* of a point above the limit */
} cp_likeness_rule;
cp_likeness_rule cp_likeness_rule_of(const cp_settings *settings);

/* A stop with what is compared of it. */
typedef struct cp_drive_stop {
    int32_t site;
    int32_t before, after; /* sites, or CP_BASE_SITE */
    int32_t route, place;  /* number of the route among the day's, of the stop on it */
    int32_t arrive_min;
} cp_drive_stop;

/* The routes of a vault's day, stops by site. */
typedef struct cp_drive_day {
    int32_t t;
    cp_drive_stop *stop;
    int32_t n;
} cp_drive_day;

/* Collect the routes of (vault, t); n = 0 when there is none. A site that stands twice (only a
 * database written by others has that) counts once. Stops live in `arena`. */
cp_status cp_drive_day_make(cp_ctx *ctx, cp_arena *arena, const cp_drives *drives, int32_t vault,
                            int32_t t, cp_drive_day *out);

/* The days t - rule->days .. t - 1 of the vault that have routes, the latest first: those of `own`
 * (may be NULL) for days >= 0, of `past` (may be NULL) for days before. In `arena`. */
cp_status cp_drive_window(cp_ctx *ctx, cp_arena *arena, const cp_likeness_rule *rule,
                          const cp_drives *past, const cp_drives *own, int32_t vault, int32_t t,
                          cp_drive_day **out, int32_t *n);

/* One day with another: with_t, n_stops, n_common, parts and likeness_ppm of *out; all else is left
 * as it is. */
cp_status cp_likeness_of(cp_ctx *ctx, const cp_likeness_rule *rule, const cp_drive_day *day,
                         const cp_drive_day *before, cp_plan_likeness *out);

/* A day with each of a window: all of *out but t and vault. each_ppm (n entries, may be NULL) gets
 * the likeness with each. n >= 1. */
cp_status cp_likeness_window(cp_ctx *ctx, const cp_likeness_rule *rule, const cp_drive_day *day,
                             const cp_drive_day *window, int32_t n, cp_plan_likeness *out,
                             int32_t *each_ppm);

/* Points above the limit, a part of a point counting whole. */
int32_t cp_likeness_above(int32_t likeness_ppm, int32_t limit_pct);

/* Rows of all days and vaults of the plan against plan->past and the plan's own earlier days:
 * plan->likeness, in ctx->run. */
cp_status cp_likeness_make(cp_ctx *ctx, const cp_network *net, cp_plan *plan);

/* Add to record->kpis, in total and for each vault with a row: route_likeness_most_pct and
 * _mean_pct (greatest and mean of the days' likeness), route_ways_again_pct, route_order_again_pct,
 * route_slots_again_pct (means of the parts over the days that have them),
 * route_likeness_days_above (days above the limit). */
cp_status cp_likeness_kpis(cp_ctx *ctx, const cp_network *net, const cp_plan *plan,
                           cp_record *record);

#endif

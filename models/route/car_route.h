/* SPDX-License-Identifier: GPL-3.0-or-later */
/* car_route.h - time, load and insured value along one car's day.
 *
 * THE rule by which a car's day is timed and judged. Searches and referee follow it; the referee
 * with code of its own. Everything is simulated in whole seconds; a moment or duration is written
 * in whole minutes rounded up, ceil(seconds / 60), and nothing is rounded before that.
 *
 * A car's day is a sequence of stops in driving order, cut into trips 0, 1, .. (trip numbers do not
 * fall along the sequence, rise by one at a time, start at 0; every trip has a stop).
 *
 * Places   closed route: vault, stops of trip 0, vault, stops of trip 1, .., vault.
 *          open route (cp_car.open_route): the stops alone, one trip, no leg before or after.
 * Travel   seconds and metres of net->travel as they stand (overload_factor is already in them);
 *          metres < 0 count as 0; seconds < 0 = no way: not allowed.
 * Windows  service of a stop starts in [open, close] or in [open2, close2] of its site (open2 >=
 * 0), both ends included; the car waits until the earliest such moment not before its arrival (the
 * first window if both give the same); not allowed if there is none. leave = start + service_s.
 * Vault    the first departure is not before max(shift_start, vault open); between two trips the
 * car spends reload_min at the vault, at once on its return, and leaves at once after, not after
 *          vault close; the last return is not after min(shift_end + overtime_min, vault close).
 *          Open route: the vault's hours do not count; the first arrival is not before shift_start,
 *          the last leaving not after shift_end + overtime_min.
 * Leaving  1. leave at the earliest moment allowed; this gives every stop's window and the end of
 *             the day (last return; open route: last leaving).
 *          2. backwards: the latest start of a stop that delays neither the end nor any later stop
 *             beyond its own latest start, and is inside the window found in 1.
 *          3. the car leaves at that latest moment, rounded down to a whole minute (open route: the
 *             first arrival is then); but not before the moment of 1. The times of the plan are
 *             those of a forward pass from there. The end is the same as in 1.
 * Dock     at a vault with dock_slots > 0 a closed route loads for reload_min before its first
 *          departure (that may begin before the shift and the vault's hours) and in every reload;
 * at no moment more than dock_slots cars load. Its departure need not be that of 3: any whole
 *          minute not before the moment of 1 will do from which no window, reload or return is
 * missed. Crew     service = services of all stops + reload between trips; wait = end - leaving -
 * driving - service. So drive + wait + service is the time from the first departure to the end.
 *          overtime = what the end lies after shift_end.
 * Value    at the departure of a trip the sum of its out_minor; after each stop minus its out_minor
 *          plus its back_minor; never above insured_minor (0 = no value may be carried). Volume
 *          likewise, limit volume_cm3, 0 = not limited. A return to the vault empties the car.
 * Cost     plan_cost.h: CAR_DAY once (0 here for a paid_daily car, whose day is paid in any case),
 * KM md(dist_m, km_minor, 1000), HOUR md(drive_s + 60 * (wait_min + service_min), hour_minor,
 *          3600), OVERTIME_HOUR md(overtime_min, overtime_hour_minor, 60); tariffs of the car's
 *          vault and carrier on first_day + t. */
#ifndef CP_CAR_ROUTE_H
#define CP_CAR_ROUTE_H

#include "models/base/ctx.h"
#include "models/net/network.h"
#include "models/plan/plan.h"

/* One stop as the car meets it. */
typedef struct cp_car_stop {
    int32_t site;
    int32_t trip;
    int32_t service_s;         /* >= 0 */
    cp_minor out_minor;        /* value delivered, >= 0 */
    cp_minor back_minor;       /* value taken back, >= 0 */
    int64_t out_cm3, back_cm3; /* >= 0 */
} cp_car_stop;

/* The first rule that a car's day breaks. */
typedef enum cp_car_fault {
    CP_CAR_OK,
    CP_CAR_TRIPS,       /* numbering of trips, more than max_trips, open route with two trips */
    CP_CAR_UNREACHABLE, /* no way to the stop, or home */
    CP_CAR_VALUE,       /* above insured_minor at the departure to or after the stop */
    CP_CAR_VOLUME,
    CP_CAR_WINDOW, /* no window left at the stop */
    CP_CAR_SHIFT   /* end of the day or a return or reload too late */
} cp_car_fault;

typedef struct cp_car_verdict {
    cp_car_fault fault;
    int32_t stop; /* index at which it was noticed */
} cp_car_verdict;

/* The tariffs that price one car's day. */
typedef struct cp_car_rates {
    int64_t car_day_minor, km_minor, hour_minor, overtime_hour_minor;
} cp_car_rates;

cp_car_rates cp_car_rates_get(const cp_network *net, int32_t car, int32_t t);

/* Judge the day of `car` over n >= 1 stops. When it breaks no rule, fills *route (all but t and
 * first_stop) and timed[0..n-1] (may both be NULL); else they are untouched and the verdict names
 * the first fault in the order of enum and then of stops. Amounts are at most CP_MINOR_MAX each. */
cp_car_verdict cp_car_route_check(const cp_network *net, int32_t car, const cp_car_stop *stops,
                                  int32_t n, cp_plan_route *route, cp_plan_stop *timed);

/* The same for a departure at a given minute of the day instead of the latest one. begin_s (may be
 * NULL) gets the second at which the loading of each trip begins: reload_min before the departure
 * of the first, the return to the vault for the others. A minute before the moment of 1 is
 * CP_CAR_SHIFT. */
cp_car_verdict cp_car_route_leave(const cp_network *net, int32_t car, const cp_car_stop *stops,
                                  int32_t n, int32_t depart_min, cp_plan_route *route,
                                  cp_plan_stop *timed, int64_t *begin_s);

/* CAR_DAY + KM + HOUR + OVERTIME_HOUR of one timed route; CP_E_RANGE naming the car on overflow. */
cp_status cp_car_route_cost(cp_ctx *ctx, const cp_network *net, const cp_car_rates *rates,
                            const cp_plan_route *route, cp_minor *cost_minor);

/* The same summed over the routes of (vault, t); 0 without any. */
cp_status cp_car_drives_cost(cp_ctx *ctx, const cp_network *net, const cp_drives *drives,
                             int32_t vault, int32_t t, cp_minor *sum_minor);

/* A short phrase for a fault, e.g. "value on board above the insured limit of the car". */
const char *cp_car_fault_text(cp_car_fault fault);

#endif

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* vroom_day.h - a vault's day of our own database in the JSON of VROOM: the problem, and routes of
 * ours as an answer.
 *
 * Job k (ids from 1) is the k-th stop, vehicle k the k-th car of the vault; amounts are value in
 * minor units and volume in cm3; row k of the matrices is stop k, the last one the vault; seconds
 * count from midnight, costs are minor units.
 *
 * Said      windows, service, loads both ways, insured value and volume, pinned cars (as skills),
 *           planners' pins (as the highest priority), hours of cars and vault with the overtime
 *           that is allowed, prices of car-day, kilometre, driven and worked hour, ways that differ
 *           by direction or are missing, open routes (vehicles without start and end).
 * Not said  several trips a day, the price of overtime and of waiting, docks, likeness to earlier
 *           days: the format has no word for them. What applies is listed under "_not_said", in
 *           words, and stands with the vehicles as "_max_trips", "_reload_s", "_shift_end",
 *           "_overtime_per_hour". Names that begin with "_" are passed over by readers. */
#ifndef CP_VROOM_DAY_H
#define CP_VROOM_DAY_H

#include "models/base/outfile.h"
#include "models/route/car_route.h"

typedef struct cp_vroom_day {
    const cp_network *net;
    int32_t t, vault;         /* tariffs of day t of the plan */
    const cp_car_stop *stops; /* what is to be served; `trip` is not read */
    const int32_t *car;       /* by stop: the car it is pinned to, -1 = any */
    const bool *must;         /* by stop: pinned by a planner */
    int32_t n_stops;
} cp_vroom_day;

/* The problem, by data/json/schema/vroom_problem.schema.json. */
cp_status cp_vroom_day_problem(cp_ctx *ctx, const cp_vroom_day *d, cp_outfile *out);

/* Routes of the day (of t and vault; others are passed over) as an answer, by
 * vroom_answer.schema.json. Times are the plan's, whole minutes rounded up; a return to the vault
 * between two trips is a step of type "reload". */
cp_status cp_vroom_day_answer(cp_ctx *ctx, const cp_vroom_day *d, const cp_drives *drives,
                              cp_outfile *out);

#endif

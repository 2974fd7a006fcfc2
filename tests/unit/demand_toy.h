/* SPDX-License-Identifier: GPL-3.0-or-later */
/* demand_toy.h - a small network with a calendar and an invented history of cash machines. */
#ifndef CP_DEMAND_TOY_H
#define CP_DEMAND_TOY_H

#include "models/base/rng.h"
#include "models/demand/history.h"

#define TOY_NOTE 10000 /* minor units of the one note */
#define TOY_MOST_CALENDAR_DAYS 64

typedef struct demand_toy {
    cp_network net;
    cp_site *sites;
    cp_point *points;
    cp_channel *channels;
    cp_calendar *calendar;
    cp_calendar_day *calendar_days;
    cp_history *history;
} demand_toy;

/* n_points ATMs "P000", .. with one dispense channel each, two at every site "S000", .., all in
 * zone "V" and on calendar "CAL" (Saturday and Sunday off, covered from a year before the history
 * to a hundred days after it); an empty history of n_days from first_day. Lives in ctx->run. */
cp_status demand_toy_make(cp_ctx *ctx, int32_t n_points, cp_day first_day, int32_t n_days,
                          demand_toy **out);

/* One more row of the calendar. */
void demand_toy_day(demand_toy *toy, cp_day day, cp_day_kind kind, const char *name);

/* Withdrawal of a point on day i of the history; faults as bits. */
void demand_toy_set(demand_toy *toy, int32_t point, int32_t i, double amount, int32_t faults);

/* Lifelike machines on all points: level by machine, a weekly profile, noise of `sigma` a day on
 * the log scale of which `together` (0..1) of the variance is common to all machines, and a level
 * that walks by `drift` a day. */
void demand_toy_invent(demand_toy *toy, cp_rng *rng, double sigma, double together, double drift);

/* Weekly profile of invented machines. */
extern const double demand_toy_week[7];

#endif

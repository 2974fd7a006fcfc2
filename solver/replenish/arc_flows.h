/* SPDX-License-Identifier: GPL-3.0-or-later */
/* arc_flows.h - what flows out of and into one point after a visit, path by path, without any limit
 * of stock: made once for each visit day, and asked for every load of that day.
 *
 * As long as no path has needed more than a load, or brought more than still fits above it, nothing
 * was unmet or refused, and what is left is the load less the net outflow, in the sum over the
 * paths too. Most loads are in that state on most days: they need no simulation (arc_sim.c). As
 * long as nothing was refused for want of room, what was not met so far is what the need exceeds
 * the load by, whatever came in between, and what is left is the load less the net outflow and that
 * more (the reflected sum of queues, Skorokhod 1961): one look at each path instead of all days. */
#ifndef CP_ARC_FLOWS_H
#define CP_ARC_FLOWS_H

#include "models/base/ctx.h"

struct cp_arc_sim;

/* The greatest over the paths; `room`: net inflow. Of a stock that lies on what is there before the
 * visit: need less that, and room plus that. */
typedef struct cp_reach {
    int32_t need, room;           /* until the end of the day */
    int32_t need_next, room_next; /* until the moment before a visit on the next day */
    int32_t swing, swing_next;    /* of a swap: need less net outflow, at the ends of parts of days
                                     until both moments: so much is there at most on a path on which
                                     something was not met */
} cp_reach;

/* Day i is t + i, from the moment after the visit on. Index (i * n_channels + k), times n_paths and
 * plus w for the arrays over paths. */
typedef struct cp_arc_flows {
    int32_t t, n_days; /* the visit day, days told from it on */
    int32_t n_channels, n_paths;
    int32_t *net;                /* net outflow until the end of day i */
    int32_t *need;               /* its greatest value so far, >= 0 */
    int32_t *need_next;          /* the same until before a visit on day i + 1 */
    int32_t *room_next;          /* the same of the net inflow */
    int64_t *sum_net, *sum_next; /* over the paths: net outflow until both moments */
    cp_reach *reach;             /* of a swap */
    cp_reach *reach_above;       /* of a stock on what is there; only with `there` */
    const int32_t *there;        /* k * n_paths + w: stock before the visit; NULL = not told */
    int64_t *sum_there;          /* by channel, over the paths */
    int32_t *least_there, *most_there;
    int32_t *room; /* k * n_paths + w: while they are made */
} cp_arc_flows;

/* Arrays for up to n_days days after a visit, in ctx->scratch. */
cp_status cp_arc_flows_new(cp_ctx *ctx, const struct cp_arc_sim *sim, int32_t n_days,
                           cp_arc_flows *flows);

/* Flows after a visit on day t until before one on day `last` (at most t + n_days of _new). */
void cp_arc_flows_make(const struct cp_arc_sim *sim, int32_t t, int32_t last, const int32_t *there,
                       cp_arc_flows *flows);

#endif

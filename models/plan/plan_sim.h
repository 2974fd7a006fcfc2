/* SPDX-License-Identifier: GPL-3.0-or-later */
/* plan_sim.h - the stock of one point carried along all its sample paths through a plan's visits.
 *
 * The rules are those of plan_cost.h (order within a day) and plan.h (what a visit does). Used by
 * cost, assembly, KPIs and replay; the referee and the searches have code of their own. */
#ifndef CP_PLAN_SIM_H
#define CP_PLAN_SIM_H

#include "models/demand/paths.h"
#include "models/plan/plan.h"

/* The visits of each point by day: of point p they are visit[first[p] .. first[p + 1]). */
typedef struct cp_visit_index {
    int32_t *first; /* n_points + 1 */
    int32_t *visit; /* index in plan->visits */
} cp_visit_index;

/* Lives in ctx->scratch. CP_E_INPUT when the visits are not sorted by (t, point), a point has two
 * on one day, one lies outside the plan, its loads are not one per channel of the point in their
 * order, or a last visit's `until` lies inside the plan. */
cp_status cp_visit_index_make(cp_ctx *ctx, const cp_network *net, const cp_plan *plan,
                              cp_visit_index *out);

/* Is the point's cash planned here (plan_cost.h), and not by its branch alone? */
bool cp_point_is_planned(const cp_network *net, int32_t point);

typedef enum cp_day_part { CP_PART_WHOLE, CP_PART_BEFORE, CP_PART_AFTER } cp_day_part;

/* Per path and channel: [channel * n_paths + w]. The sums run since cp_plan_sim_clear. */
typedef struct cp_plan_sim {
    const cp_network *net;
    int32_t point;
    const cp_channel *channel; /* of the point, as the mix inside has them */
    int32_t n_channels, n_days, n_paths;
    int64_t before_ppm;
    cp_point_paths paths;
    int64_t *stock;
    int64_t *back;               /* what the last visit took out of the machine */
    int64_t *unmet, *refused;    /* notes per path */
    __int128 unmet_minor;        /* value unmet, sum over the paths */
    __int128 lost_minor;         /* value unmet or refused, sum over the paths */
    __int128 hold_minor;         /* value of the stocks of the evenings, sum over the paths */
    int64_t *cut_out, *cut_in;   /* n_paths: one part of a day */
    struct cp_plan_rules *rules; /* plan_rules.h; NULL = none of them */
} cp_plan_sim;

/* Paths of the point; the stock is its balance. Lives in ctx->scratch: the caller marks and
 * rewinds.
 */
cp_status cp_plan_sim_new(cp_ctx *ctx, const cp_network *net, const cp_forecast *forecast,
                          const cp_shares *shares, int32_t point, int32_t n_paths, uint64_t seed,
                          cp_plan_sim *sim);
/* The same on given paths. */
cp_status cp_plan_sim_on(cp_ctx *ctx, const cp_network *net, int32_t point,
                         const cp_point_paths *paths, cp_plan_sim *sim);

void cp_plan_sim_clear(cp_plan_sim *sim);
/* Demand of a part of day d (0 .. n_days - 1). */
void cp_plan_sim_part(cp_plan_sim *sim, int32_t d, cp_day_part part);
/* The evening: today's stock is added to hold_minor. */
void cp_plan_sim_evening(cp_plan_sim *sim);
/* From a visit on day t (t = -1: from the evening before the plan) to the visit on day s: the rest
 * of day t, whole days, the part of day s before it. Evenings t .. s - 1 are counted. */
void cp_plan_sim_interval(cp_plan_sim *sim, int32_t t, int32_t s);
/* Carry the visit out; fills back. */
void cp_plan_sim_visit(cp_plan_sim *sim, const cp_plan_visit *visit, const cp_plan_load *loads);
/* Day d as it is lived: the part before the visit, the visit, the rest; without a visit (NULL) the
 * whole day. The sums are not cleared, the evening is not counted. */
void cp_plan_sim_day(cp_plan_sim *sim, int32_t d, const cp_plan_visit *visit,
                     const cp_plan_load *loads);
/* Paths with any unmet or refused note. */
int64_t cp_plan_sim_failed(const cp_plan_sim *sim);
/* Paths that count against the service level: those that failed, and those on which a denomination
 * fell below its low level where that counts (plan_fill.h). */
int64_t cp_plan_sim_missed(const cp_plan_sim *sim);
/* Notes of channel k that the last visit took back sealed (plan_cost.h), sum over the paths. */
int64_t cp_plan_sim_sealed_notes(const cp_plan_sim *sim, int32_t k);
/* Cassettes that it took back sealed, sum over the paths. */
int64_t cp_plan_sim_sealed_boxes(const cp_plan_sim *sim);
/* Notes and value of `back` that a visit of this kind is charged for (plan_cost.h, SORT). */
void cp_plan_sim_charged(const cp_plan_sim *sim, const cp_plan_visit *visit, int64_t *notes,
                         __int128 *value_minor);
/* The same for a visit not carried out: what another one like this would be charged now. */
void cp_plan_sim_charged_now(const cp_plan_sim *sim, const cp_plan_visit *visit,
                             const cp_plan_load *loads, int64_t *notes, __int128 *value_minor);

#endif

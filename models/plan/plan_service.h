/* SPDX-License-Identifier: GPL-3.0-or-later */
/* plan_service.h - the service a plan achieves on sample paths that its loads were not chosen on.
 *
 * Service of an interval (from a visit, or from the opening, until the next visit) is the
 * probability that no note is unmet or refused in it (and, with the setting low_level_counts, that
 * no low level is passed): what settings.service_level_ppm and a point's own level ask for. Loads
 * are chosen so that enough of the in-sample paths pass (cp_paths_may_fail, plan_fill.h); choosing
 * the best of many loads and days on the same paths makes them look better than they are. So the
 * plan is carried over `n_fresh` paths of another seed:
 *
 *   in-sample   share of passes on the paths that were planned with
 *   fresh       the same on paths that nothing was chosen on
 *   bias        in-sample minus fresh: what choosing on the paths flatters
 *   error       standard error of fresh: binomial for one interval; the intervals of one point are
 *               taken together path by path, because they may fail together
 *   excess      fresh minus asked. Each judged interval is of one sort, which explains its excess:
 *     step      with one loading step less in any one channel too many in-sample paths would fail:
 *               the load is the least that the steps allow; step_less tells what one less reaches
 *     least     no load of it can be lessened: minimum load, or nothing is loaded (pick-up)
 *     opening   nothing is loaded: only the day of the visit that ends it is chosen
 *     cost      a smaller load would keep the level: it was left for its cost, or not among the
 *               loads that were priced
 *
 * The same choosing flatters the expected cost of the intervals (holding, refused value, emergency
 * trips, sorting and value charges): it is measured on both sets of paths too.
 *
 * Intervals that miss their level under declared relief are counted but not judged. Points whose
 * level is 0 (loads by expected penalty) have no asked service and no excess. Their loads, and
 * those of sort cost, are improvable where one step more or less in one channel would lower the
 * expected cost of the interval on the in-sample paths (holding, refused value, emergency trip,
 * sorting and value charges, without shared limits and stops) and keep the level: for a load by
 * penalty this is the condition of the newsvendor (Arrow, Harris, Marschak 1951), for marginal
 * steps. */
#ifndef CP_PLAN_SERVICE_H
#define CP_PLAN_SERVICE_H

#include "models/plan/plan_sim.h"
#include "models/plan/record.h"

typedef enum cp_service_sort {
    CP_SERVICE_STEP,
    CP_SERVICE_LEAST,
    CP_SERVICE_OPENING,
    CP_SERVICE_COST,
    CP_N_SERVICE_SORTS
} cp_service_sort;

/* Sums over judged intervals; shares are sums of probabilities. */
typedef struct cp_service {
    int64_t n_judged, n_declared;
    double asked, in_sample, fresh;
    double in_var, fresh_var;           /* variances of the two sums */
    int64_t n_sort[CP_N_SERVICE_SORTS]; /* intervals by sort (with a level alone) */
    double excess[CP_N_SERVICE_SORTS];  /* fresh - asked, by sort */
    double step_less;                   /* fresh share with one step less, of sort STEP */
    double in_minor, fresh_minor;       /* expected cost of all intervals, declared ones too */
    int64_t n_improvable;
    double improvable_minor; /* by the best single step each */
} cp_service;

typedef struct cp_service_ask {
    const cp_network *net;
    const cp_forecast *forecast;
    const cp_shares *shares;
    uint64_t seed;   /* of the in-sample paths; the fresh ones take another */
    int32_t n_fresh; /* >= 1 */
    const cp_plan *plan;
    const cp_visit_index *index;     /* of the plan */
    const uint8_t *opening_declared; /* by point: its opening misses the level, declared */
} cp_service_ask;

/* The level asked for at a point, ppm; 0 = by penalty. */
int32_t cp_point_level_ppm(const cp_network *net, int32_t point);

/* Marks of openings that plan->limits declares. In ctx->scratch. */
cp_status cp_service_openings(cp_ctx *ctx, const cp_network *net, const cp_plan *plan,
                              uint8_t **out);

/* Judge one point; all zero when it is not planned. Independent of all others, so that points may
 * be judged in parallel. CP_E_INPUT when the forecast ends before a last interval does. */
cp_status cp_service_point(cp_ctx *ctx, const cp_service_ask *ask, int32_t point, cp_service *out);

void cp_service_add(cp_service *to, const cp_service *from);

/* Append to record->kpis, from one result a point: for the total and each vault interval_service_*
 * (points with a level) and penalty_service_* (those without), for each point point_service_*; all
 * in percent, names as at the top of this file. */
cp_status cp_service_kpis(cp_ctx *ctx, const cp_network *net, const cp_service *point,
                          cp_record *record);

/* A figure of record->kpis by scope and name; `missing` when there is none. */
double cp_record_kpi(const cp_record *record, const char *scope, const char *name, double missing);

#endif

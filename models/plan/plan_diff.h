/* SPDX-License-Identifier: GPL-3.0-or-later */
/* plan_diff.h - what changed between two plans of one network, in a planner's terms. */
#ifndef CP_PLAN_DIFF_H
#define CP_PLAN_DIFF_H

#include "models/base/ctx.h"
#include "models/plan/plan.h"

typedef enum cp_change_kind {
    CP_CHANGE_NEW,    /* visit only in the later plan */
    CP_CHANGE_GONE,   /* visit only in the earlier plan */
    CP_CHANGE_MOVED,  /* the same visit on another day, at most CP_MOVED_DAYS away */
    CP_CHANGE_KIND,   /* swap, add or pick-up instead of another */
    CP_CHANGE_AMOUNT, /* other loads */
    CP_CHANGE_CAR     /* another car comes */
} cp_change_kind;

#define CP_MOVED_DAYS 3

typedef struct cp_plan_change {
    cp_change_kind kind;
    int32_t point;
    cp_day day, day_before; /* CP_DAY_NONE where there is no visit */
    cp_visit_kind visit, visit_before;
    cp_minor load_minor, load_before_minor;
    int32_t car, car_before; /* -1: none or not routed */
} cp_plan_change;

typedef struct cp_plan_diff {
    cp_day first_day; /* the days that both plans have ... */
    int32_t n_days;   /* ... none: 0 */
    int32_t n_same;   /* visits that are equal in both */
    int32_t n_changes;
    cp_plan_change *changes; /* by day (of the later plan, else of the earlier), then point */
    cp_cost cost;            /* later less earlier, item by item, of the whole plans */
} cp_plan_diff;

/* Compare on the calendar days that both plans have. Point and car indexes of both plans are those
 * of one network. A visit with several changes is listed once, under the first kind of the enum
 * that applies. Lives in ctx->run. */
cp_status cp_plan_diff_make(cp_ctx *ctx, const cp_network *net, const cp_plan *before,
                            const cp_plan *after, cp_plan_diff **out);

const char *cp_change_kind_name(cp_change_kind kind);

#endif

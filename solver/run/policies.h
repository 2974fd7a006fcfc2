/* SPDX-License-Identifier: GPL-3.0-or-later */
/* policies.h - ours, the rules of thumb and perfect foresight, as planners of a replay (replay.h).
 */
#ifndef CP_POLICIES_H
#define CP_POLICIES_H

#include "models/plan/limit_price.h"
#include "solver/run/replay.h"

typedef enum cp_policy {
    CP_POLICY_CASHPLAN,
    CP_POLICY_NAIVE,
    CP_POLICY_SS,
    CP_POLICY_FORESIGHT,
    CP_N_POLICIES
} cp_policy;
const char *cp_policy_name(cp_policy policy);

/* Routes of the last days that were driven, and how alike they were with those before. */
typedef struct cp_drive_log {
    cp_drives drives; /* t: days since CP_DAY 0, not of a plan */
    cp_plan_route *routes;
    cp_plan_stop *stops;
    int32_t n_stops, days; /* days kept: the setting likeness_days */
    int64_t sum_ppm;       /* of the n vault-days that could be compared */
    int32_t n, most_ppm;
} cp_drive_log;

/* Room for the days that the settings look back at; in ctx->run. */
cp_status cp_drive_log_new(cp_ctx *ctx, const cp_network *net, cp_drive_log *out);

typedef struct cp_policy_user {
    cp_policy policy;
    const cp_history *truth; /* foresight alone looks beyond the evening */
    const cp_shares *shares;
    int64_t work; /* of each plan, as in plan_run.h; 0 = default */
    /* The naive rule's fixed weekdays, by point: set by the first plan and kept by the later ones
     * (fixed means fixed). Room of the caller's; NULL = every plan fixes its own. */
    uint8_t *weekdays;
    bool weekdays_set;
    /* What the limits were worth in our last plan: the next one starts from it. Room of the
     * caller's for so many; NULL = every plan starts from nothing. */
    cp_limit_prices *before;
    int32_t before_room;
    cp_drive_log *driven; /* kept by cp_policy_look; NULL = plans know of no earlier routes */
} cp_policy_user;

/* A cp_replan_fn; `user` is a cp_policy_user. The rules of thumb are routed like our own plans. */
cp_status cp_policy_replan(cp_ctx *ctx, void *user, const cp_network *net, const cp_history *known,
                           cp_plan **out);

/* A cp_replay_look_fn: the day's routes join those driven. */
cp_status cp_policy_look(cp_ctx *ctx, void *user, const cp_network *net, const cp_plan *plan,
                         int32_t t);

#endif

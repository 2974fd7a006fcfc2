/* SPDX-License-Identifier: GPL-3.0-or-later */
/* plan_rules.h - the rules of plan_sim.h that only some machines have: low levels that count,
 * denominations that stand in for each other, cassettes that come back sealed (plan_cost.h,
 * plan_fill.h). Used by plan_sim.c; the referee and the searches have code of their own. */
#ifndef CP_PLAN_RULES_H
#define CP_PLAN_RULES_H

#include "models/plan/plan_sim.h"

typedef struct cp_plan_rules {
    bool low, mix, seals;
    uint8_t *below;    /* per path: a low level was passed since the sums were cleared */
    int32_t *by_value; /* n_channels: those that pay out by falling value, equal ones in order */
    int32_t n_pay;
    int64_t *missing; /* n_channels: of one path */
    const cp_cassette *box;
    int32_t n_boxes;
    int64_t *load;   /* [channel * n_boxes + box]: as the last swap left it; 0 = not known */
    int64_t *sealed; /* by channel: notes of what the last visit took, sum over the paths */
    int64_t sealed_notes, sealed_boxes; /* of all channels */
} cp_plan_rules;

/* sim->rules (scratch) if the point has any such rule; else NULL. */
cp_status cp_plan_rules_make(cp_ctx *ctx, const cp_network *net, int32_t point, cp_plan_sim *sim);
void cp_plan_rules_clear(cp_plan_sim *sim);
/* cp_plan_sim_part: cut_out and cut_in are made by `cut`. */
void cp_plan_rules_part(cp_plan_sim *sim, int32_t d, cp_day_part part);
/* What a swap that comes now would find sealed: fills sealed_notes and sealed_boxes. */
void cp_plan_rules_find_sealed(const cp_plan_sim *sim);
/* The loads of a swap lie in the cassettes of its mix from now on. */
void cp_plan_rules_fill(cp_plan_sim *sim, const cp_plan_visit *visit, const cp_plan_load *loads);

#endif

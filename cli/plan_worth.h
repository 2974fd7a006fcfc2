/* SPDX-License-Identifier: GPL-3.0-or-later */
/* plan_worth.h - what one more of each shared thing would save over the plan, in a planner's words.
 *
 * A limit of the day that is raised by one saves its dual on every day on which it binds: a crew
 * hour more every day, a set of cassettes more in the pool, a million more insured at night. Notes
 * stay in the vault until they leave: one unit more of a denomination is worth its dual on the
 * first day, and one that comes a day earlier the greatest difference of two days on end. */
#ifndef CP_PLAN_WORTH_H
#define CP_PLAN_WORTH_H

#include "models/plan/plan.h"

typedef struct cp_worth {
    cp_limit_kind kind;
    int32_t vault, item; /* cassette model or denomination; -1 */
    bool earlier;        /* of notes: a unit a day earlier */
    int64_t units;     /* what is told for, in the limit's own unit: 60 minutes, 1,000 notes ... */
    double save_minor; /* over the plan */
    double most_minor; /* on one day ... */
    int32_t most_t;    /* ... this one */
    int32_t days;      /* on which it binds */
} cp_worth;

/* Rows worth at least one minor unit, the greatest saving first, in ctx->run. */
cp_status cp_worth_list(cp_ctx *ctx, const cp_network *net, const cp_plan *plan, cp_worth **out,
                        int32_t *n);

/* "one more hour of crews a day" and the like, in ctx->scratch; NULL = no memory. */
const char *cp_worth_text(cp_ctx *ctx, const cp_network *net, const cp_worth *worth);

#endif

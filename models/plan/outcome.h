/* SPDX-License-Identifier: GPL-3.0-or-later */
/* outcome.h - how a search ended; an answer, not an error. */
#ifndef CP_OUTCOME_H
#define CP_OUTCOME_H

#include <stdbool.h>

typedef enum cp_outcome {
    CP_OPTIMAL,    /* bound equals cost to the minor unit */
    CP_WITHIN_GAP, /* the gap asked for is proven */
    CP_FEASIBLE,   /* a plan (and a bound), but the budget ran out */
    CP_INFEASIBLE, /* proven: no plan exists */
    CP_NO_PLAN     /* the budget ran out first */
} cp_outcome;

static inline bool cp_outcome_has_plan(cp_outcome outcome)
{
    return outcome == CP_OPTIMAL || outcome == CP_WITHIN_GAP || outcome == CP_FEASIBLE;
}
const char *cp_outcome_text(cp_outcome outcome);

#endif

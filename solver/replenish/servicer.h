/* SPDX-License-Identifier: GPL-3.0-or-later */
/* servicer.h - center or branch: what each would cost for one machine, and the break-even volume.
 *
 * The machine is planned alone, exactly (point_price.h), with its site's stops at their full price
 * and no shared limit: once with crews of the center only, once with the branch's own staff only,
 * once with both. Then its demand is scaled, everything else staying as it is: at the break-even
 * volume both cost the same. Costs jump where a visit more is needed, so they may cross more than
 * once; the crossing nearest to today's volume is told, found on a grid of factors two apart and
 * then by bisection, in a counted number of plans. */
#ifndef CP_SERVICER_H
#define CP_SERVICER_H

#include "solver/replenish/point_price.h"

typedef struct cp_servicer_ask {
    cp_arc_input in;
    const cp_stop_prices *prices; /* estimated drive on top of the tariff; may hold NULL arrays */
} cp_servicer_ask;

typedef struct cp_servicer_study {
    int32_t point;
    cp_minor volume_minor; /* expected withdrawals a day */
    /* Of the whole horizon, stops included; -1: no plan in this way. */
    cp_minor center_minor, branch_minor, either_minor;
    bool crosses;              /* there is a break-even volume between 1/16 and 16 times today's */
    bool branch_below;         /* below it the branch is cheaper, above it the center */
    cp_minor break_even_minor; /* withdrawals a day */
    int32_t n_plans;           /* plans made */
} cp_servicer_study;

/* Of a point serviced by either (CP_E_INPUT otherwise). Uses ctx->scratch and, rewound, ctx->run.
 */
cp_status cp_servicer_study_point(cp_ctx *ctx, const cp_servicer_ask *ask, int32_t point,
                                  cp_servicer_study *out);

#endif

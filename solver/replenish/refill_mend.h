/* SPDX-License-Identifier: GPL-3.0-or-later */
/* refill_mend.h - plans that break a limit made to keep it, by exchanges between several sites.
 *
 * A row over its limit by a few minutes is cured by one visit moved away only at the price of the
 * time that is then left idle; what fits is an exchange: one site leaves the day, another one comes
 * to it, a third makes room where the first one went. Every site gets its best plan with and
 * without a visit on the days in question, at the prices of the relaxation; those that lose least
 * are put together, up to some six at a time, by a beam search that counts costs and rows exactly
 * (compound moves as in the ejection chains of Glover 1996; beam search: Lowerre 1976). Limits that
 * stay broken weigh more from round to round, so that in the end no cost is a reason to break one.
 */
#ifndef CP_REFILL_MEND_H
#define CP_REFILL_MEND_H

#include "solver/replenish/refill_master.h"
#include "solver/replenish/refill_state.h"

typedef struct cp_mend_opts {
    int32_t rounds;          /* counted work: at most so many */
    const double *row_price; /* of the relaxation, by row */
    const cp_master *master; /* its plans are choices too; NULL = none */
} cp_mend_opts;

/* What the state pays for breaking limits, at the prices its rows have. */
cp_minor cp_refill_relief(const cp_refill_state *s);

/* *s (every point in it) is changed only so that less relief is needed; its total may rise. Goes on
 * past a deadline. *done += plans priced. */
cp_status cp_refill_mend(cp_ctx *ctx, cp_refill_state *s, const cp_mend_opts *opts, int64_t *done);

#endif

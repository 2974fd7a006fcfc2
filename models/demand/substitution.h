/* SPDX-License-Identifier: GPL-3.0-or-later */
/* substitution.h - closed points, whose demand moves over to their neighbours.
 *
 * On the days of its rows a closed point has no demand, and each receiver has, path by path, its
 * own demand and its share of what the closed point would have had: path w of both belongs to one
 * future, so what the two have in common stays common, and the receiver's quantiles are those of
 * the sum. Both flows move; what a receiver cannot serve, and shares that no row names, are lost.
 * Planners' overrides (override.h) are laid over what comes out. The truth is never touched. */
#ifndef CP_SUBSTITUTION_H
#define CP_SUBSTITUTION_H

#include "models/demand/forecast.h"

/* Rows by point as chains; -1 ends one. */
struct cp_forecast_moves {
    const cp_substitution *row;
    int32_t n_rows;
    int32_t *first_in, *first_out; /* by point: as receiver, as closed point */
    int32_t *next_in, *next_out;   /* by row */
};

/* Chains of the rows that meet the forecast's days, as forecast->moves; NULL when there are none.
 * Rows are those of the network, which has been checked. Memory in ctx->run. */
cp_status cp_moves_make(cp_ctx *ctx, const cp_network *net, cp_forecast *forecast);

/* Is the point closed on this day? */
bool cp_moves_closed(const struct cp_forecast_moves *moves, int32_t point, cp_day day);

/* Sample of one point as its own model gives it, [day * n_draws + draw]. */
typedef cp_status cp_moves_sample_fn(void *user, int32_t point, double *out);

/* The moves laid over a point's sample, which `out` holds; what others would have had is asked of
 * `fn`. work: as large as out. */
cp_status cp_moves_apply(const cp_forecast *forecast, int32_t point, int32_t n_draws,
                         cp_moves_sample_fn *fn, void *user, double *work, double *out);

/* "substitution U-1 by anna: A-1 is closed on 2026-11-25 to 2026-11-27, 60 % of its demand
 * (expected withdrawals 300.00, deposits 0.00) goes to A-2 (building works)", in ctx->run. NULL in
 * *out where the row does not meet the forecast's days. */
cp_status cp_substitution_text(cp_ctx *ctx, const cp_network *net, const cp_forecast *forecast,
                               int32_t row, const char **out);

#endif

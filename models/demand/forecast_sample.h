/* SPDX-License-Identifier: GPL-3.0-or-later */
/* forecast_sample.h - the distribution of one machine's flow as equally likely amounts. */
#ifndef CP_FORECAST_SAMPLE_H
#define CP_FORECAST_SAMPLE_H

#include "models/demand/forecast.h"

/* Amounts in minor units of a point's flow on n_draws sample paths, with what moves from and to
 * closed points (substitution.h), without overrides: path w, day d at [d * n_draws + w]. The paths
 * are as the path generator makes them, but from a stream of the point's own, so that they depend
 * on no seed, and the first of many are the few. Mean and quantiles of the forecast are taken from
 * them; sums of days along a path have the spread that totals have. All 0 where the point's flow
 * has no demand. All points have been fitted (cp_forecast_point). */
cp_status cp_forecast_sample(cp_ctx *ctx, const cp_network *net, const cp_forecast *forecast,
                             cp_flow flow, int32_t point, int32_t n_draws, double *out);

/* The same as if no point were closed. */
cp_status cp_forecast_sample_alone(cp_ctx *ctx, const cp_network *net, const cp_forecast *forecast,
                                   cp_flow flow, int32_t point, int32_t n_draws, double *out);

#endif

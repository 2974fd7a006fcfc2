/* SPDX-License-Identifier: GPL-3.0-or-later */
/* split_draw.h - sample paths of the split of a point's demand between its channels; for the files
 * of this folder only.
 *
 * Denominations are split off one after the other; each takes the fraction sin^2(angle + s z) of
 * what the ones before it leave, z standard normal: never below 0 or above what is there, with mean
 * and variance exactly those of a Dirichlet of the measured spread (as far as a fraction near 0 or
 * 1 can vary so much). A part of z is the same on all days of a path, the rest is new every day.
 * Channels of one denomination keep their ratio. */
#ifndef CP_SPLIT_DRAW_H
#define CP_SPLIT_DRAW_H

#include "models/base/rng.h"
#include "models/demand/paths.h"

/* Does the split of the point's flow vary at all? */
bool cp_split_varies(const cp_network *net, const cp_shares *shares, cp_flow flow, int32_t point);

/* Shares in ppm of (channel k of the point, day, path) at [(k * n_days + day) * n_paths + path], in
 * ctx->scratch: of each day and path they sum to what the shares sum to. */
cp_status cp_split_draw(cp_ctx *ctx, const cp_network *net, const cp_shares *shares, cp_flow flow,
                        int32_t point, int32_t n_days, int32_t n_paths, cp_rng *rng, int32_t **out);

#endif

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* paths.h - demand -> equally likely sample paths, in whole notes per channel (GSL). */
#ifndef CP_PATHS_H
#define CP_PATHS_H

#include "models/demand/forecast.h"

/* Sample paths of one point. Notes of (channel k of the point, day d, path w) at
 * [(k * n_days + d) * n_paths + w]: paths innermost, so that loops over paths vectorise. */
typedef struct cp_point_paths {
    int32_t n_channels, n_days, n_paths;
    int32_t *out; /* notes asked for (0 for a deposit channel) */
    int32_t *in;  /* notes paid in (0 for a dispense channel) */
} cp_point_paths;

/* The value shares of a point's channels, ppm of withdrawals (out_ppm) and deposits (in_ppm), each
 * summing to 1,000,000 over the channels that can serve the flow (all 0 if none can). Order of
 * precedence: cassette share_ppm, history's split, capacity value. A denomination's share is
 * divided between its dispense and recycle (resp. deposit and recycle) channels by capacity. */
cp_status cp_channel_shares(cp_ctx *ctx, const cp_network *net, const cp_history *history,
                            int32_t point, int32_t *out_ppm, int32_t *in_ppm);

/* Shares of all channels of the network, indexed by channel; lives in ctx->run. */
typedef struct cp_shares {
    int32_t *out_ppm, *in_ppm;
    float *spread; /* [(flow * n_points + point) * 2]: how far the split strays from them, of a day
                      and what of it lasts (split_tally.h); 0 where the history does not tell or the
                      cassettes give the shares. NULL: nowhere */
} cp_shares;
cp_status cp_shares_make(cp_ctx *ctx, const cp_network *net, const cp_history *history,
                         cp_shares **out);

/* The paths of one point: regenerated from (seed, point code) at every call, equal for equal
 * arguments on any thread. Arrays live in `arena`. Notes = floor(amount * share / note value); what
 * rounding leaves is carried to the path's next day so that sums are right. With a truth forecast
 * all paths are equal. Correlation over days and a common shock of one site's machines are kept.
 * Where the history knows denominations, the split varies as it did there (split_draw.h); a point
 * under an override keeps its mean split. */
cp_status cp_point_paths_make(cp_ctx *ctx, cp_arena *arena, const cp_network *net,
                              const cp_forecast *forecast, const cp_shares *shares, int32_t point,
                              int32_t n_paths, uint64_t seed, cp_point_paths *out);

#endif

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* network_build.h - rows in any order -> a sorted, indexed network. */
#ifndef CP_NETWORK_BUILD_H
#define CP_NETWORK_BUILD_H

#include "models/net/roads.h"

/* Sorts copies of the rows, resolves codes, merges sites of equal coordinates (setting), makes
 * channels, takes the latest balance on or before first_day - 1 (older ones are only marked in
 * *balance_day, see below), computes travel times. Everything lives in ctx->run. n_days is the
 * horizon; 0 = the setting. All problems found are in the error text (first 100); CP_E_INPUT then.
 * *balance_day: per point the evening its balances are of (CP_DAY_NONE: no balance row: balances of
 * the cassette rows are taken as of first_day - 1). */
cp_status cp_network_build(cp_ctx *ctx, const cp_rows *rows, cp_day first_day, int32_t n_days,
                           cp_network **out, cp_day **balance_day);

/* As cp_network_build with the legs that the store keeps (NULL = none): while they belong to these
 * rows no way is searched in the road graph. (*out)->travel.roads tells whether they were used, or
 * no longer fit; the travel times are the same either way. */
cp_status cp_network_build_with_roads(cp_ctx *ctx, const cp_rows *rows, cp_day first_day,
                                      int32_t n_days, const cp_road_legs *roads, cp_network **out,
                                      cp_day **balance_day);

/* The legs over the road graph of the rows, for the store. *out is NULL when there is nothing to
 * keep (no nodes, no links, no two stops) and when *stored (NULL = nothing stored) is the hash of
 * these rows. CP_E_INPUT when the rows are not whole yet, or when a site and a vault have one code:
 * their legs have no names. Needs no balances, calendars or days. In ctx->run. */
cp_status cp_network_roads(cp_ctx *ctx, const cp_rows *rows, const uint64_t *stored,
                           cp_road_legs **out);

#endif

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* network_build.h - rows in any order -> a sorted, indexed network. */
#ifndef CP_NETWORK_BUILD_H
#define CP_NETWORK_BUILD_H

#include "models/net/network.h"

/* Sorts copies of the rows, resolves codes, merges sites of equal coordinates (setting), makes
 * channels, takes the latest balance on or before first_day - 1 (older ones are only marked in
 * *balance_day, see below), computes travel times. Everything lives in ctx->run. n_days is the
 * horizon; 0 = the setting. All problems found are in the error text (first 100); CP_E_INPUT then.
 * *balance_day: per point the evening its balances are of (CP_DAY_NONE: no balance row: balances of
 * the cassette rows are taken as of first_day - 1). */
cp_status cp_network_build(cp_ctx *ctx, const cp_rows *rows, cp_day first_day, int32_t n_days,
                           cp_network **out, cp_day **balance_day);

#endif

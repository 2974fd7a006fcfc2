/* SPDX-License-Identifier: GPL-3.0-or-later */
/* single_kinds.h - the single models one by one; all as cp_single_roll of single.h. */
#ifndef CP_SINGLE_KINDS_H
#define CP_SINGLE_KINDS_H

#include "models/demand/single.h"

#define CP_RECENT_MOST 8  /* same weekdays a median is taken of */
#define CP_DAYS_SLOW 0.10 /* gains a week */
#define CP_DAYS_FAST 0.35

/* Parameters of exponential smoothing with a damped trend and an additive week. */
typedef struct cp_ets {
    double level, trend, week, damp; /* gains, each 0 .. 1; share of the trend that stays a day */
} cp_ets;

/* Additive errors, damped additive trend, additive week (Gardner, McKenzie 1985; Hyndman, Koehler,
 * Ord, Snyder 2008). Parameters of greatest likelihood for double exponential errors, found by
 * GSL's simplex search; large errors are held when the state takes them in. The first states are
 * means of 56 days, so that origins before know more than their past. */
cp_status cp_single_ets(cp_ctx *ctx, const cp_filter_input *in, const int32_t *origin, int32_t n,
                        cp_single_state *states);
/* The parameters alone, and mean absolute error one day ahead with given ones. */
cp_status cp_ets_fit(cp_ctx *ctx, const cp_filter_input *in, cp_ets *out);
cp_status cp_ets_loss(cp_ctx *ctx, const cp_filter_input *in, const cp_ets *ets, double *out);

/* Theta (Assimakopoulos, Nikolopoulos 2000) as simple exponential smoothing with a drift of half
 * the least-squares slope (Hyndman, Billah 2003), the week taken out by running means. */
cp_status cp_single_theta(cp_ctx *ctx, const cp_filter_input *in, const int32_t *origin, int32_t n,
                          cp_single_state *states);

/* Every weekday smoothed on its own; the gain falls from 1 to its final value. */
cp_status cp_single_days(const cp_filter_input *in, double gain, const int32_t *origin, int32_t n,
                         cp_single_state *states);

/* Median of the last `count` (1 .. CP_RECENT_MOST) days of the same weekday; 1: as last week. */
cp_status cp_single_recent(const cp_filter_input *in, int32_t count, const int32_t *origin,
                           int32_t n, cp_single_state *states);

/* Own level, the week of in->like. */
cp_status cp_single_like(const cp_filter_input *in, const int32_t *origin, int32_t n,
                         cp_single_state *states);

/* Own level and own week, with fixed gains. */
cp_status cp_single_plain(const cp_filter_input *in, const int32_t *origin, int32_t n,
                          cp_single_state *states);

/* Chance of any demand and size of it smoothed apart (Teunter, Syntetos, Babai 2011), with the
 * chance by weekday. */
cp_status cp_single_rare(const cp_filter_input *in, const int32_t *origin, int32_t n,
                         cp_single_state *states);

#endif

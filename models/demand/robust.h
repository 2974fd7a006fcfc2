/* SPDX-License-Identifier: GPL-3.0-or-later */
/* robust.h - medians: centre and spread that a few wild values do not move. */
#ifndef CP_ROBUST_H
#define CP_ROBUST_H

#include "models/base/ctx.h"

/* A normal error's median absolute deviation times this is its standard deviation. */
#define CP_MAD_SIGMA 1.4826

/* x[0..n) in rising order. */
void cp_sort(double *x, int32_t n);

/* Median of x[0..n); x is put in another order. 0 when n is 0. */
double cp_median(double *x, int32_t n);

/* Standard deviation of x[0..n) round 0 by the median of |x|; x is overwritten. */
double cp_mad(double *x, int32_t n);

/* Running median: out[i] of the v[k] with known[k] and|k - i| <= half; where there is none, that
 * of the last day before that has one, at the start the first (0 when nothing is known at all).
 * `window`: room for 2 * half + 2 values. A median keeps the edge of a step where a mean would
 * smear it (Tukey 1977). */
void cp_running_median(const double *v, const uint8_t *known, int32_t n, int32_t half,
                       double *window, double *out);

#endif

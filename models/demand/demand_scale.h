/* SPDX-License-Identifier: GPL-3.0-or-later */
/* demand_scale.h - the scales on which demand is modelled.
 *
 * x is an amount over the machine's usual amount. z = ((u)^power - 1) / power with
 * u = (x + c) / (1 + c), power 0 meaning log u (Box, Cox 1964): all powers have z = 0 and slope
 * 1 / (1 + c) at x = 1, so effects of a machine's usual size mean the same on every scale. The
 * small c keeps a day without demand finite. Only powers whose inverse needs no pow() are offered:
 * the inverse is taken once a path and day. */
#ifndef CP_DEMAND_SCALE_H
#define CP_DEMAND_SCALE_H

#include <math.h>

#define CP_SCALE_OFFSET 0.02

typedef enum cp_scale {
    CP_SCALE_LOG,
    CP_SCALE_FOURTH_ROOT,
    CP_SCALE_ROOT,
    CP_N_SCALES,                  /* those a machine's scale is chosen from */
    CP_SCALE_PLAIN = CP_N_SCALES, /* z = x - 1 */
} cp_scale;

static inline double cp_scale_to(cp_scale scale, double x)
{
    if (scale == CP_SCALE_PLAIN) return x - 1;
    const double u = (x + CP_SCALE_OFFSET) / (1 + CP_SCALE_OFFSET);
    if (scale == CP_SCALE_LOG) return log(u);
    if (scale == CP_SCALE_ROOT) return 2 * (sqrt(u) - 1);
    return 4 * (sqrt(sqrt(u)) - 1);
}

/* Never negative; values below the scale's range are 0. */
static inline double cp_scale_from(cp_scale scale, double z)
{
    if (scale == CP_SCALE_PLAIN) return z > -1 ? 1 + z : 0;
    double u = 0;
    if (scale == CP_SCALE_LOG) {
        u = exp(z);
    } else if (scale == CP_SCALE_ROOT) {
        const double r = 1 + z / 2;
        u = r > 0 ? r * r : 0;
    } else {
        const double r = 1 + z / 4;
        u = r > 0 ? r * r * r * r : 0;
    }
    const double x = (1 + CP_SCALE_OFFSET) * u - CP_SCALE_OFFSET;
    return x > 0 ? x : 0;
}

/* log(dz/dx) at x: what makes likelihoods on two scales comparable. */
double cp_scale_log_slope(cp_scale scale, double x);

#endif

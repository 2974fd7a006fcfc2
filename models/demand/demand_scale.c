/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "models/demand/demand_scale.h"

double cp_scale_log_slope(cp_scale scale, double x)
{
    static const double power[CP_N_SCALES] = {0, 0.25, 0.5};
    const double log_u = log((x + CP_SCALE_OFFSET) / (1 + CP_SCALE_OFFSET));
    return (power[scale] - 1) * log_u - log(1 + CP_SCALE_OFFSET);
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* bound_text.h - what is proved of a plan's routes, in words and as JSON. */
#ifndef CP_BOUND_TEXT_H
#define CP_BOUND_TEXT_H

#include <stdio.h>

#include "models/plan/plan.h"

/* Lines of the summary: all days together, then the days without a bound by their reason. */
void cp_bounds_print(FILE *out, const cp_network *net, const cp_plan *plan);
/* "route_bounds": [one object a vault's day], without a comma. */
void cp_bounds_json(FILE *out, const cp_network *net, const cp_plan *plan);

/* One line on the routes of a vault's day, nothing when none are stored; the object, or null. */
void cp_bound_day_print(FILE *out, const cp_network *net, const cp_plan *plan, int32_t t,
                        int32_t vault);
void cp_bound_day_json(FILE *out, const cp_network *net, const cp_plan *plan, int32_t t,
                       int32_t vault);

#endif

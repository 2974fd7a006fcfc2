/* SPDX-License-Identifier: GPL-3.0-or-later */
/* export_plan.h - an invented bank with a plan by a plain rule, for the tests of exports and page.
 *
 * The plan is lifelike in form (whole steps, loads that fit, routes in order, several trips, pins,
 * limits, orders, unserved visits) but not good and not refereed. Equal arguments, equal plan. */
#ifndef CP_EXPORT_PLAN_H
#define CP_EXPORT_PLAN_H

#include "data/json/export.h"

typedef struct export_bank {
    cp_network *net;
    cp_plan *plan;
    cp_record *record;
    cp_export_plan ex;
    cp_run_info info;
} export_bank;

/* Whatever fails ends the test. */
export_bank *export_bank_make(cp_ctx *ctx, int32_t n_points, int32_t n_days, bool roads);

#endif

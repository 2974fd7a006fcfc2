/* SPDX-License-Identifier: GPL-3.0-or-later */
/* kpi.h - the quantified KPIs of a plan, and its behaviour on paths it has not seen. */
#ifndef CP_KPI_H
#define CP_KPI_H

#include "models/plan/record.h"

/* KPIs of domain.md section 8 that the data allow, in total and per vault; needs plan->cost. Adds
 * to record: kpis, service_pct (simulated on n_fresh paths of seed + 1), estimated legs. */
cp_status cp_kpi_make(cp_ctx *ctx, const cp_network *net, const cp_forecast *forecast,
                      const cp_shares *shares, uint64_t seed, const cp_plan *plan,
                      cp_record *record);

/* Daily demand and stock of every point for the page: fills record->series. */
cp_status cp_series_make(cp_ctx *ctx, const cp_network *net, const cp_forecast *forecast,
                         const cp_shares *shares, uint64_t seed, const cp_plan *plan,
                         cp_record *record);

/* Share (percent) of machine-days 0..n_days-1 without any unmet or refused note when the plan's
 * visits are carried out on n_paths paths of `seed`. */
cp_status cp_plan_service(cp_ctx *ctx, const cp_network *net, const cp_forecast *forecast,
                          const cp_shares *shares, uint64_t seed, int32_t n_paths,
                          const cp_plan *plan, double *service_pct);

#endif

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* record.h - what is stored with a plan besides its decisions: run record, KPIs, series, rivals. */
#ifndef CP_RECORD_H
#define CP_RECORD_H

#include "models/plan/plan.h"
#include "models/plan/plan_check.h"

/* A measured key figure of domain.md section 8. */
typedef struct cp_kpi {
    const char *name;  /* snake_case with the unit at the end: availability_pct, stops_planned */
    const char *scope; /* "total", or vault / point / car code */
    double value;
} cp_kpi;

/* One point and day as the page draws it. Notes are turned into value. */
typedef struct cp_point_day {
    int32_t point, t;
    cp_minor demand_mean_minor, demand_q10_minor, demand_q90_minor; /* withdrawals */
    cp_minor deposit_mean_minor;
    cp_minor stock_mean_minor, stock_low_minor; /* end of day over the paths: mean, 5 % quantile */
} cp_point_day;

/* Another policy (naive, sS, foresight) planned on the same data and priced the same way, except
 * that breaking shared limits is free for it: its RELIEF is 0. Compare with ours without RELIEF. */
typedef struct cp_rival {
    const char *policy;
    cp_cost cost;
    int32_t n_visits;
    double service_pct; /* machine-days without cash-out on unseen paths */
} cp_rival;

typedef enum cp_plan_status {
    CP_PLAN_REFUSED,
    CP_PLAN_PROPOSED,
    CP_PLAN_PROPOSED_RELIEF,
    CP_PLAN_APPROVED,
    CP_PLAN_RELEASED,
    CP_PLAN_EXECUTED,
    CP_PLAN_CLOSED
} cp_plan_status;

typedef struct cp_record {
    cp_plan_status status;
    uint64_t input_hash, seed;
    const char *options;                   /* JSON text of the options used */
    const char *version;                   /* program version */
    const char *scenario;                  /* "base" */
    double seconds;                        /* wall seconds of the run */
    double service_pct, service_asked_pct; /* machine-days without cash-out on fresh paths; asked */
    int32_t balances_rolled; /* points whose balance was older than the evening before */
    int32_t n_repaired;      /* history values repaired */
    int64_t estimated_legs, legs;
    cp_kpi *kpis;
    int32_t n_kpis;
    cp_point_day *series;
    int32_t n_series;
    cp_rival *rivals;
    int32_t n_rivals;
    const cp_verdict *verdict;
    const char **notes; /* of plan_notes.h: what a planner should read, one sentence each */
    int32_t n_notes;
} cp_record;

#endif

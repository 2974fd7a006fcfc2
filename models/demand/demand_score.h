/* SPDX-License-Identifier: GPL-3.0-or-later */
/* demand_score.h - measures of a forecast against what came, as sums that add up.
 *
 * The median is the point forecast of the absolute measures, which it minimises; the mean is that
 * of the bias. Sources: sMAPE as in the M4 competition (Makridakis, Spiliotis, Assimakopoulos
 * 2020); MASE: Hyndman and Koehler 2006; weighted quantile loss: sum of 2 * pinball over sum of
 * demand, mean over the deciles (Park, Maddix et al. 2022). */
#ifndef CP_DEMAND_SCORE_H
#define CP_DEMAND_SCORE_H

#include "models/demand/forecast.h"

/* What was said about one amount, in minor units: a day's demand or that of several days. */
typedef struct cp_said {
    double mean;
    double decile[CP_N_QUANTILES]; /* at cp_quantile_pct */
    double lo50, hi50, lo95, hi95; /* 25, 75, 2.5 and 97.5 % */
} cp_said;

typedef struct cp_backtest_score {
    double smape_pct;     /* mean of 200 |f - y| / (|f| + |y|) */
    double mase;          /* |f - y| over the in-sample mean change against a week before */
    double wql;           /* mean over levels of 2 sum(pinball) / sum |y| */
    double pinball_minor; /* mean over levels and amounts of the pinball loss */
    double cover50_pct, cover80_pct, cover95_pct; /* amounts inside of the central interval */
    double bias_pct;                              /* sum(f - y) / sum(y) */
    int64_t
        n_days; /* amounts scored: machine-days, or totals of several days (censored: left out) */
} cp_backtest_score;

/* Running sums behind one score. */
typedef struct cp_score_sums {
    double smape, mase, pinball, actual, error;
    int64_t n, n_smape, n_mase, n_in50, n_in80, n_in95;
} cp_score_sums;

/* Read the distribution off a sample, which is sorted in place. */
void cp_said_of_sample(double *sample, int32_t n, cp_said *out);
/* Add one amount y (>= 0); scale: the unit of the scaled error, 0 = none. */
void cp_score_add(cp_score_sums *sums, const cp_said *said, double y, double scale);
void cp_score_join(cp_score_sums *to, const cp_score_sums *from);
/* Measures that nothing can be said about are 0. */
cp_backtest_score cp_score_of(const cp_score_sums *sums);

/* Mean absolute change of totals of `days` days against the totals a week before (days = 1: single
 * days), over all pairs that are recorded in full; 0 where there is none. */
double cp_score_scale(const cp_history *history, cp_flow flow, int32_t point, int32_t days);

#endif

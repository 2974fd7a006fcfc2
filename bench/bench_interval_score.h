/* SPDX-License-Identifier: GPL-3.0-or-later */
/* bench_interval_score.h - what came against a sample of what might have: coverage and loss. */
#ifndef CP_BENCH_INTERVAL_SCORE_H
#define CP_BENCH_INTERVAL_SCORE_H

#include <stdint.h>

#define N_LEVELS 3

/* Of one series and length of total, or of all series together. The rest of the fields: sums. */
typedef struct interval_score {
    double inside[N_LEVELS]; /* of the central intervals of 50, 80 and 95 % */
    double below, above;     /* the 10 % and the 90 % quantile */
    double width;            /* of the interval of 80 % */
    double
        loss; /* weighted quantile loss, levels 5, 10, .. 95 %: its sum over the levels' number */
    double truth;
    int64_t n;
    double at_origin, n_at_origin; /* inside the 80 % interval since the last origin ended */
    int64_t n_origins, n_low;      /* origins with outcomes; with fewer than 60 % of them inside */
} interval_score;

/* Set one outcome against its sample, which is sorted. Returns the place of the outcome in the
 * sample, 0 .. 1 (outcomes equal to some of the sample stand in the middle of these). */
double interval_score_add(double *sample, int32_t n, double y, interval_score *to);

/* The outcomes of one origin are complete. */
void interval_score_origin(interval_score *score);

/* A row of the table: the mean over series; nothing if none of them has an outcome. */
void interval_score_head(void);
void interval_score_print(const char *name, const interval_score *by_series, int32_t n_series);

#endif

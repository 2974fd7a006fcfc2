/* SPDX-License-Identifier: GPL-3.0-or-later */
/* demand_combine.h - how much each single model counts for one machine.
 *
 * The weights are those that would have erred least from past origins: errors of all models one to
 * many days ahead, the last year's origins, recent ones counting more. They minimise the mean
 * squared error of the weighted mean over weights that are not negative and sum to 1 (stacking;
 * Wolpert 1992, Breiman 1996), with errors reweighted so that it is nearly the absolute one
 * (Huber's loss). One machine's errors are few and alike, so its matrix of mean products of errors
 * is held to that of the machines of its calendar, and all weights to equal ones. */
#ifndef CP_DEMAND_COMBINE_H
#define CP_DEMAND_COMBINE_H

#include "models/demand/single.h"

#define CP_GRAM (CP_N_SINGLES * CP_N_SINGLES)

/* Past errors of the models of one machine. */
typedef struct cp_trials {
    int32_t n_singles, n_origins, n_ahead;
    uint8_t single[CP_N_SINGLES];
    int32_t *origin; /* n_origins: index of the last day known, rising */
    int32_t gap;     /* the first day ahead is origin + gap + 1 */
    float *error;    /* [(single * n_origins + origin) * n_ahead + h]; NAN where nothing is known */
} cp_trials;

/* Origins for a history of n days from `first` on, at most n_most, into out; returns how many. */
int32_t cp_trial_origins(int32_t first, int32_t n, int32_t gap, int32_t n_most, int32_t *out);

/* Mean products of errors in units of sigma^2, gram[a * CP_N_SINGLES + b] of models a, b; those
 * of models that were not tried are left at 0. *weight: days behind it, recent ones counting more;
 * 0: nothing is known. */
void cp_combine_gram(const cp_trials *t, double sigma, double *gram, double *weight);

/* Weights of the t->n_singles models. pooled: mean gram of other machines with the days it is
 * worth, pooled_days 0: none. */
void cp_combine_weights(const cp_trials *t, const double *gram, double days, const double *pooled,
                        double pooled_days, double *weight);

/* Minimise w' G w over w >= 0, sum w = 1; G is n x n, row-major, positive semidefinite. */
void cp_simplex_least(const double *g, int32_t n, double *w);

#endif

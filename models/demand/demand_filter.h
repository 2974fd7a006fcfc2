/* SPDX-License-Identifier: GPL-3.0-or-later */
/* demand_filter.h - level and week followed by exponential smoothing, robust and with gaps.
 *
 * Additive Holt-Winters without trend (Winters 1960) on the machine's scale, with two changes. The
 * gains fall from 1 / (n + prior days) to their final values, so that the start is a weighted mean
 * with the segment's profile and a new machine needs no case of its own. Errors beyond 2.5 standard
 * deviations are held to that; the third of one sign in a row is believed as a level shift. A bank
 * of filters with different gains is averaged by their errors 1 .. 14 days ahead. */
#ifndef CP_DEMAND_FILTER_H
#define CP_DEMAND_FILTER_H

#include "models/demand/demand_scale.h"
#include "models/demand/demand_series.h"

/* Filters of the bank. */
#define CP_N_BANK 8

/* What models choose for one machine, by place. */
enum {
    CP_GAIN_SCALE, /* cp_scale */
    CP_GAIN_ETS,   /* four parameters, see single_kinds.h */
    CP_GAIN_THETA = CP_GAIN_ETS + 4,
    CP_GAIN_BANK, /* weights of the bank */
    CP_N_GAINS = CP_GAIN_BANK + CP_N_BANK
};

/* What all filters of a bank read. */
typedef struct cp_filter_input {
    const cp_series *series;
    const double *z; /* n: value on the machine's scale, effects out; bound if seen at least */
    double level0, level_days; /* prior level and the days it is worth */
    double week0[CP_N_SLOTS];  /* prior week */
    double sigma0;
    const uint8_t *slot; /* n: place in the week, in the week of today (week_shift.h) */
    const double *like;  /* CP_N_SLOTS: week of the machines most like this one; NULL: unknown */
    const float *move;   /* n, or NULL: the level as it moves within the year (year_move.h) */
    cp_scale scale;
    double *gain;  /* CP_N_GAINS: what is chosen for the machine; NULL = chosen and forgotten */
    bool given;    /* gain holds what was chosen before: nothing is searched for */
    int64_t *work; /* days gone through, added up; NULL = not counted */
    bool quick;    /* nothing is chosen: fixed gains, equal weights */
} cp_filter_input;

typedef struct cp_filter_state {
    double level, week[CP_N_SLOTS];
    double n;     /* days behind the level */
    double sigma; /* running scale of one day's error */
} cp_filter_state;

/* Forecast of a day in `slot` from the state. */
static inline double cp_filter_predict(const cp_filter_state *s, int32_t slot)
{
    return s->level + s->week[slot];
}

static inline void cp_filter_count(const cp_filter_input *in, int64_t days)
{
    if (in->work != NULL) *in->work += days;
}

/* Fit quality of one default filter: mean absolute one-day error and the days it is over. */
void cp_filter_probe(const cp_filter_input *in, double *mean_abs, int32_t *n_days);

/* Run the bank. states[k]: averaged state after day origin[k] (origins rise; those before the
 * first day give the prior); states[n]: after the whole history. equal: all filters weigh the same.
 */
cp_status cp_filter_bank(cp_ctx *ctx, const cp_filter_input *in, const int32_t *origin, int32_t n,
                         bool equal, cp_filter_state *states);

/* Mean of a normal error of spread sigma that is e at least (Tobin 1958). */
double cp_filter_censored(double e, double sigma);

/* Error of day i against what was expected with spread sigma; *known false when nothing can be
 * said. Censored days give the expected error above their bound. */
double cp_filter_surprise(const cp_filter_input *in, int32_t i, double expected, double sigma,
                          bool *known);
/* The same against a state. */
double cp_filter_error(const cp_filter_input *in, const cp_filter_state *state, int32_t i,
                       bool *known);

#endif

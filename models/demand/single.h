/* SPDX-License-Identifier: GPL-3.0-or-later */
/* single.h - the single models that a forecast combines.
 *
 * All of them follow one machine's cleaned series on its own scale z, calendar effects taken out
 * (demand_filter.h), one day after the other, and can say at any day what they expect: a level that
 * may go on with a damped slope, and a week. So one pass over the history gives the forecasts of
 * all past origins, and nothing is fitted anew for them. Parameters, where a model has some, are
 * those of greatest likelihood over the whole history (three or four numbers from hundreds of
 * days). */
#ifndef CP_SINGLE_H
#define CP_SINGLE_H

#include <math.h>

#include "models/base/ctx.h"
#include "models/demand/demand_filter.h"

/* In this order they are tried and stored. */
typedef enum cp_single {
    CP_SINGLE_SMOOTH,    /* level and week by a bank of exponential smoothings (demand_filter.h) */
    CP_SINGLE_ETS,       /* damped trend and weekly season, of greatest likelihood */
    CP_SINGLE_THETA,     /* smoothing with half the slope of the whole history */
    CP_SINGLE_DAYS_SLOW, /* every weekday smoothed on its own, slowly ... */
    CP_SINGLE_DAYS_FAST, /* ... and fast */
    CP_SINGLE_LAST,      /* as last week */
    CP_SINGLE_MEDIAN,    /* median of the last eight same weekdays */
    CP_SINGLE_LIKE,      /* own level, week of the machines most like it */
    CP_SINGLE_PLAIN,     /* own level and week with fixed gains */
    CP_SINGLE_RARE,      /* chance and size of demand apart, for machines with many zeros */
    CP_N_SINGLES
} cp_single;

/* What a model expects after some day. */
typedef struct cp_single_state {
    double level;
    double slope, damp; /* h days on the level is level + slope * (damp + damp^2 + .. + damp^h) */
    double week[CP_N_SLOTS];
    const float *move; /* NULL, or: move[h] - move[0] is added to the level (year_move.h) */
    double sigma, n;   /* of one day's error, days behind it; 0 where the model does not tell */
} cp_single_state;

/* Short name, as stored and printed; "" if there is no such model. */
const char *cp_single_name(int32_t single);
/* The model of that name; -1 if there is none. */
int32_t cp_single_of_name(const char *name);

/* Can the model say anything about this machine? */
bool cp_single_fits(const cp_filter_input *in, cp_single single);

/* states[k]: what the model expects after day origin[k] (rising; a day before the first of the
 * series gives the prior); states[n]: after the last day of the history. */
cp_status cp_single_roll(cp_ctx *ctx, const cp_filter_input *in, cp_single single,
                         const int32_t *origin, int32_t n, cp_single_state *states);

/* z of the day h >= 1 days after the state's, in `slot`: predicted[h - 1], for h = 1 .. n_days. */
void cp_single_predict(const cp_single_state *state, const uint8_t *slot, int32_t n_days,
                       float *predicted);

/* For the models' own files ----------------------------------------------------------------------
 */

/* A model as three functions over its memory: begin with the prior, take in a day, tell. */
typedef struct cp_single_kind {
    void (*begin)(void *memory, const cp_filter_input *in);
    void (*step)(void *memory, const cp_filter_input *in, int32_t i);
    void (*tell)(const void *memory, const cp_filter_input *in, int32_t i, cp_single_state *out);
} cp_single_kind;

void cp_single_run(const cp_filter_input *in, const cp_single_kind *kind, void *memory,
                   const int32_t *origin, int32_t n, cp_single_state *states);

static inline double cp_single_held(double e, double most)
{
    return e > most ? most : e < -most ? -most : e;
}

/* How much day i teaches about other days: 1, less on special days and on those that cleaning
 * doubts. */
static inline double cp_single_share(const cp_filter_input *in, int32_t i)
{
    const cp_series *s = in->series;
    return s->calendar->special[s->at + i] ? fmin(0.3, s->weight[i]) : s->weight[i];
}

/* What came before a break of the level (of level and week: *week) is worth so many days, and so
 * many of each weekday. */
#define CP_BREAK_DAYS 4.0
#define CP_BREAK_WEEKS 1.0
static inline bool cp_single_broken(const cp_filter_input *in, int32_t i, bool *week)
{
    *week = in->series->broken[i] == CP_REPAIR_MODE_SWITCH;
    return in->series->broken[i] != 0;
}

/* Spread of one day's error, as a running mean. */
static inline double cp_single_spread(double sigma, double e, double gain)
{
    const double next = sigma + gain * (1.2533 * fabs(cp_single_held(e, 5 * sigma)) - sigma);
    return next < 1e-3 ? 1e-3 : next;
}

/* Level from the open weekdays' mean, the week as what is left, the make-up slot from working days.
 */
void cp_single_centre(const cp_filter_input *in, cp_single_state *state);

#endif

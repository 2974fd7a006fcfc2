/* SPDX-License-Identifier: GPL-3.0-or-later */
/* single_days_seen.h - a machine's days laid out for a search that goes through them some sixty
 * times: what does not depend on the gains is worked out once. */
#ifndef CP_SINGLE_DAYS_SEEN_H
#define CP_SINGLE_DAYS_SEEN_H

#include "models/demand/single.h"

typedef struct cp_seen_day {
    double z, share;    /* cp_single_share; 0 where nothing is known */
    double loss;        /* weight of the day's error in the loss */
    double level_least; /* 1 over the days that the level rests on, this one included ... */
    double week_least;  /* ... and over those of its weekday */
    double spread_gain; /* of the running error scale */
    uint8_t slot, seen; /* seen: CP_SEEN_NOTHING, CP_SEEN_EXACTLY or CP_SEEN_AT_LEAST */
    uint8_t broken;     /* 0, or the cp_repair of a break */
} cp_seen_day;

typedef struct cp_seen_days {
    const cp_seen_day *day; /* day i of the series is day[i - first] */
    int32_t first, n;
    double loss; /* of all days, added up */
} cp_seen_days;

/* What a model's memory begins with. */
typedef struct cp_seen_start {
    double level_days, week_days; /* days that level and weekdays rest on at the start */
    double week_prior;            /* added to a weekday's */
    double spread_days;           /* added to the level's for the spread; 0: its gain is fixed */
    double spread_gain;           /* least */
    int32_t warm_up;              /* days before errors count */
} cp_seen_start;

/* Lives in ctx->scratch. */
cp_status cp_seen_days_make(cp_ctx *ctx, const cp_filter_input *in, const cp_seen_start *start,
                            cp_seen_days *out);

/* Error of the day against what was expected. */
static inline double cp_seen_error(const cp_seen_day *d, double expected, double sigma)
{
    const double e = d->z - expected;
    return d->seen == CP_SEEN_EXACTLY ? e : cp_filter_censored(e, sigma);
}

/* e held to +-most. Errors that are held are rare: a branch keeps the chain from day to day short.
 */
static inline double cp_seen_held(double e, double most)
{
    if (__builtin_expect(e > most, 0)) return most;
    return __builtin_expect(e < -most, 0) ? -most : e;
}

static inline double cp_seen_spread(double sigma, double e, double gain)
{
    const double next = sigma + gain * (1.2533 * fabs(cp_seen_held(e, 5 * sigma)) - sigma);
    return next < 1e-3 ? 1e-3 : next;
}

#endif

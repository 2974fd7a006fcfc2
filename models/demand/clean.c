/* SPDX-License-Identifier: GPL-3.0-or-later */
/* clean.c - the reasons of one series, its weights, and what its days are taken for. */
#include "models/demand/clean.h"

#include <gsl/gsl_sf_erf.h>
#include <math.h>

#include "models/demand/demand_scale.h"
#include "models/demand/robust.h"

#define CLOSED_SHARE 0.9 /* so many days of a slot without demand: the slot is closed */
#define LONG_SILENCE 14  /* zeros in a row that are an outage, not a quiet machine */
#define LONG_IDLE 28     /* ... and at the end of the history: the machine is out of use */
#define RARE_ZERO 0.10   /* a zero in a slot with fewer zeros than this is a fault */
#define PART_DAY 0.5     /* log below the usual of a day beside such a zero */
#define FAR 4.0          /* robust standard deviations from which a day weighs less */
#define FAR_LEAST 0.5    /* ... and log: by 65 % more or 40 % less */
#define NOTHING_FROM 1.5 /* times that: it weighs nothing */
#define FEW_KNOWN 42     /* days compared, fewer of which judge no other */
#define WITH_NETWORK 0.5 /* share of the network's own departure that a machine must show */

const char *cp_repair_name(cp_repair reason)
{
    static const char *const names[CP_N_REPAIRS] = {
        "none",     "missing", "out_of_service", "cash_out", "full",        "zero",       "silence",
        "part_day", "closed",  "network",        "outlier",  "level_shift", "mode_switch"};
    return names[reason];
}

const char *cp_repair_text(cp_repair reason)
{
    static const char *const texts[CP_N_REPAIRS] = {
        "as recorded",
        "no record",
        "out of service",
        "ran empty: demand was at least this",
        "bin full: deposits were at least this",
        "a zero where zeros are rare: closed, empty or broken",
        "weeks of zeros: out of use",
        "low beside such a zero: part of a day",
        "demand on a day on which it is closed as a rule",
        "the whole network left its usual, and the calendar gives no reason",
        "far from the usual of such days",
        "the level is another from here on",
        "the week or the mode is another from here on"};
    return texts[reason];
}

/* Zeros in long runs say that the machine was shut: nothing about demand. Only a run that lasts to
 * the end of the history is believed, for it may be the future as well. */
static void drop_silences(cp_series *s)
{
    int32_t run = 0;
    for (int32_t i = s->first; i <= s->n; i++) {
        const bool silent = i < s->n && (s->seen[i] == CP_SEEN_NOTHING || s->x[i] <= 0);
        if (silent) {
            run++;
            continue;
        }
        const bool last = i == s->n;
        if (last && run >= LONG_IDLE) {
            int32_t zeros = 0;
            for (int32_t k = i - run; k < i; k++)
                zeros += s->seen[k] == CP_SEEN_EXACTLY;
            s->idle = zeros >= LONG_IDLE;
        }
        for (int32_t k = i - run; run >= LONG_SILENCE && !(last && s->idle) && k < i; k++) {
            if (s->seen[k] == CP_SEEN_EXACTLY) s->reason[k] = CP_REPAIR_SILENCE;
            s->seen[k] = CP_SEEN_NOTHING;
        }
        run = 0;
    }
}

/* Days of each slot, those without demand, and those with a recorded zero. */
typedef struct slot_count {
    int32_t days, silent, zeros, seen;
} slot_count;

static void count_slots(const cp_series *s, slot_count *count, slot_count *off)
{
    for (int32_t i = s->first; i < s->n; i++) {
        slot_count *c = s->calendar->off[s->at + i] ? off : &count[s->calendar->slot[s->at + i]];
        const bool exact = s->seen[i] == CP_SEEN_EXACTLY;
        c->days++;
        c->silent += s->seen[i] == CP_SEEN_NOTHING || s->x[i] <= 0;
        c->seen += exact;
        c->zeros += exact && s->x[i] <= 0;
    }
}

static bool is_closed(const slot_count *c, int32_t fewest)
{
    return c->days >= fewest && c->silent >= CLOSED_SHARE * c->days;
}

/* Weekdays and holidays on which the point is shut as a rule. A machine that is silent on all
 * weekdays is not closed but idle or without a record. */
static void find_closed(cp_series *s, const slot_count *count, const slot_count *off)
{
    int32_t n_closed = 0;
    for (int32_t k = 0; k < 7; k++)
        if (is_closed(&count[k], 4)) {
            s->closed_slots |= (uint8_t)(1U << k);
            n_closed++;
        }
    if (n_closed > 5) s->closed_slots = 0;
    s->closed_off = n_closed <= 5 && is_closed(off, 2);
}

static void drop_day(cp_series *s, int32_t i, cp_repair reason)
{
    s->seen[i] = CP_SEEN_NOTHING;
    s->reason[i] = (uint8_t)reason;
}

/* Closed days and zeros that cannot be demand. */
static void mark_zeros(cp_series *s, const slot_count *count)
{
    int32_t zeros = 0, n = 0;
    for (int32_t i = s->first; i < s->n; i++) {
        const int32_t slot = s->calendar->slot[s->at + i];
        const bool off = s->calendar->off[s->at + i];
        const bool closed = ((s->closed_slots >> slot) & 1) || (off && s->closed_off);
        if (closed && (s->x[i] <= 0 || s->seen[i] == CP_SEEN_NOTHING)) {
            s->seen[i] = CP_SEEN_CLOSED;
            s->reason[i] = CP_REPAIR_NONE;
        } else if (closed) {
            drop_day(s, i, CP_REPAIR_CLOSED); /* an exception teaches nothing about open days */
        } else if (s->seen[i] == CP_SEEN_EXACTLY && s->x[i] <= 0 && !off && !s->idle &&
                   count[slot].zeros < RARE_ZERO * count[slot].seen) {
            drop_day(s, i, CP_REPAIR_ZERO);
        }
        n += s->seen[i] == CP_SEEN_EXACTLY;
        zeros += s->seen[i] == CP_SEEN_EXACTLY && s->x[i] <= 0;
    }
    s->quiet = zeros > RARE_ZERO * n;
}

static bool is_stop(const cp_series *s, int32_t i)
{
    return i >= s->first && i < s->n &&
           (s->reason[i] == CP_REPAIR_ZERO || s->reason[i] == CP_REPAIR_SILENCE);
}

/* A machine that stands on one day was often open for a part of the day before and after only. */
static void mark_part_days(cp_series *s, const cp_usual *u)
{
    for (int32_t i = s->first; i < s->n; i++) {
        if (!u->known[i] || u->resid[i] > -fmax(PART_DAY, 2 * u->sigma)) continue;
        if (!is_stop(s, i - 1) && !is_stop(s, i + 1)) continue;
        s->seen[i] = CP_SEEN_AT_LEAST;
        s->reason[i] = CP_REPAIR_PART_DAY;
    }
}

/* Days on which hardly any machine has a record; before anything is compared. */
static void mark_holes(cp_series *s, cp_flow flow)
{
    const uint8_t *network = s->calendar->network[flow];
    for (int32_t i = s->first; network != NULL && i < s->n; i++)
        if (network[s->at + i] == CP_NETWORK_HOLE && s->seen[i] != CP_SEEN_CLOSED)
            drop_day(s, i, CP_REPAIR_NETWORK);
}

/* The whole network off its usual: no demand was possible, or what came will not come again. */
static bool with_network(cp_series *s, const cp_usual *u, cp_flow flow, int32_t i)
{
    const cp_demand_calendar *c = s->calendar;
    const int32_t day = c->network[flow] != NULL ? c->network[flow][s->at + i] : CP_NETWORK_USUAL;
    if (day != CP_NETWORK_LOW && day != CP_NETWORK_HIGH) return false;
    const double all = c->common[flow][s->at + i];
    if (u->resid[i] * all <= 0 || fabs(u->resid[i]) < WITH_NETWORK * fabs(all)) return false;
    if (day == CP_NETWORK_LOW)
        drop_day(s, i, CP_REPAIR_NETWORK);
    else
        s->reason[i] = CP_REPAIR_NETWORK;
    s->weight[i] = 0;
    return true;
}

static cp_status mark_outliers(cp_ctx *ctx, cp_series *s, const cp_usual *u, cp_flow flow)
{
    const cp_demand_calendar *c = s->calendar;
    double *resid = NULL, *work = NULL;
    int32_t n = 0;
    CP_NEW(ctx, ctx->scratch, resid, s->n);
    CP_NEW(ctx, ctx->scratch, work, s->n);
    for (int32_t i = s->first; i < s->n; i++)
        resid[i] = u->resid[i] - (c->common[flow] != NULL ? c->common[flow][s->at + i] : 0);
    for (int32_t i = s->first; i < s->n; i++)
        if (u->known[i]) work[n++] = resid[i];
    CP_TRY(cp_without_recurring(ctx, c, s->at, s->n, u->known, resid));
    const double far = fmax(FAR_LEAST, FAR * cp_mad(work, n));
    for (int32_t i = s->first; i < s->n; i++) {
        if (!u->known[i] || s->seen[i] != CP_SEEN_EXACTLY || with_network(s, u, flow, i)) continue;
        const double off = fmin(fabs(resid[i]), fabs(u->resid[i])) / far;
        if (off <= 1) continue;
        s->reason[i] = CP_REPAIR_OUTLIER;
        s->weight[i] = off >= NOTHING_FROM ? 0 : (NOTHING_FROM - off) / (NOTHING_FROM - 1);
    }
    return CP_OK;
}

/* x as such a day has it as a rule. Where zeros are common, the mean of the days known. */
static void set_usual(cp_series *s, const cp_usual *u)
{
    double sum = 0;
    int32_t n = 0;
    for (int32_t i = s->first; i < s->n; i++) {
        if (s->seen[i] != CP_SEEN_EXACTLY) continue;
        sum += s->x[i];
        n++;
    }
    for (int32_t i = s->first; i < s->n; i++) {
        const double week = u->week[u->stretch[i]][s->calendar->slot[s->at + i]];
        s->usual[i] =
            s->quiet ? (n > 0 ? sum / n : 0) : cp_scale_from(CP_SCALE_LOG, u->level[i] + week);
        if (s->seen[i] != CP_SEEN_AT_LEAST) continue;
        /* Censored: the mean of what lies above the bound, normal on the log scale (Tobin 1958). */
        const double mid = cp_scale_to(CP_SCALE_LOG, s->usual[i]);
        const double e = (cp_scale_to(CP_SCALE_LOG, s->x[i]) - mid) / u->sigma;
        const double more = e < -8 ? 0 : e > 8 ? e : gsl_sf_hazard(e);
        s->usual[i] = fmax(s->x[i], cp_scale_from(CP_SCALE_LOG, mid + u->sigma * more));
    }
}

static void count_days(cp_series *s)
{
    s->since = s->first;
    for (int32_t i = s->first; i < s->n; i++) {
        s->n_exact += s->seen[i] == CP_SEEN_EXACTLY;
        if (s->seen[i] == CP_SEEN_NOTHING || s->seen[i] == CP_SEEN_CLOSED) s->weight[i] = 0;
        s->n_repaired += s->reason[i] != CP_REPAIR_NONE;
        if (s->broken[i] != 0) s->since = i;
    }
}

cp_status cp_clean_series(cp_ctx *ctx, cp_flow flow, bool first_look, cp_series *s)
{
    slot_count count[CP_N_SLOTS] = {{0, 0, 0, 0}}, off = {0, 0, 0, 0};
    cp_usual u;
    drop_silences(s);
    count_slots(s, count, &off);
    find_closed(s, count, &off);
    mark_zeros(s, count);
    mark_holes(s, flow);
    CP_TRY(cp_usual_make(ctx, s, &u));
    if (!s->quiet) {
        mark_part_days(s, &u);
        if (u.n_known >= FEW_KNOWN && !first_look) CP_TRY(mark_outliers(ctx, s, &u, flow));
    }
    set_usual(s, &u);
    count_days(s);
    return CP_OK;
}

double cp_series_repaired(const cp_series *s, int32_t i)
{
    if (s->seen[i] == CP_SEEN_CLOSED || s->reason[i] == CP_REPAIR_CLOSED) return 0;
    if (s->seen[i] != CP_SEEN_EXACTLY) return s->usual[i];
    return s->weight[i] * s->x[i] + (1 - s->weight[i]) * s->usual[i];
}

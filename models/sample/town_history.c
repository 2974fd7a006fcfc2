/* SPDX-License-Identifier: GPL-3.0-or-later */
/* town_history.c - what was asked for, what the stock allowed, and what is left. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "models/sample/town.h"

#define PERSISTENCE 0.35 /* of one day's noise in the next */
#define CALM_DAYS 21     /* before the plan no visit comes late */
#define REVIEW_DAYS 28   /* loads follow the level this often */
#define TREND_A_DAY (-0.03 / 365)

/* Monday .. Sunday by segment. */
static const double week[CP_N_SEGMENTS][7] = {
    {1.25, 1.12, 1.08, 1.08, 1.15, 0.72, 0.60}, /* branch */
    {1.10, 1.03, 1.00, 1.00, 1.08, 0.95, 0.84}, /* onsite */
    {0.85, 0.85, 0.88, 0.92, 1.15, 1.25, 1.10}, /* mall */
    {1.05, 1.02, 1.00, 1.00, 1.10, 0.95, 0.88}, /* metro */
    {1.20, 1.10, 1.05, 1.05, 1.02, 0.82, 0.76}, /* hospital */
    {1.05, 0.95, 0.95, 0.95, 1.10, 1.00, 1.00}, /* campus */
    {1.15, 1.08, 1.05, 1.05, 1.15, 0.78, 0.74}, /* office */
    {0.95, 0.93, 0.95, 0.97, 1.05, 1.10, 1.05}, /* community */
    {0.95, 0.90, 0.90, 0.95, 1.20, 1.10, 1.00}, /* station */
};
static const double holiday[CP_N_SEGMENTS] = {0.35, 0.75, 1.12, 0.80, 0.70, 0.50, 0.45, 0.92, 1.25};

/* More is drawn, and paid in, while the trade fair is on. */
static const double fair[CP_N_SEGMENTS] = {[CP_SEG_MALL] = 0.35, [CP_SEG_STATION] = 0.6};

/* What makes a point different from the others, and its state from day to day. */
typedef struct mood {
    double payday[3], surge;
    double level; /* log */
    double noise[CP_N_FLOWS];
    cp_rng rng, site_rng;
    double site_shock;
    int32_t out_left, since, late;
} mood;

static mood mood_of(const cp_town *t, const cp_town_point *p)
{
    mood m;
    memset(&m, 0, sizeof m);
    m.rng = cp_town_rng(t, "demand", p->row);
    m.site_rng = cp_town_rng(t, "site", p->site);
    for (int32_t k = 0; k < 3; k++)
        m.payday[k] = 0.30 * (0.2 + 1.1 * cp_rng_unit(&m.rng));
    m.surge = 0.6 + 0.7 * cp_rng_unit(&m.rng);
    m.since = (int32_t)cp_rng_below(&m.rng, (uint32_t)p->interval);
    return m;
}

static void next_day(mood *m, const cp_town_point *p)
{
    const double sd[CP_N_FLOWS] = {p->machine == CP_M_BRANCH ? 0.19 : 0.17, 0.20};
    m->level = 0.997 * m->level + 0.005 * cp_rng_normal(&m->rng) + TREND_A_DAY;
    if (cp_rng_unit(&m->rng) < 0.0006) m->level += 0.22 * cp_rng_normal(&m->rng);
    for (int32_t f = 0; f < CP_N_FLOWS; f++)
        m->noise[f] = PERSISTENCE * m->noise[f] +
                      sd[f] * sqrt(1 - PERSISTENCE * PERSISTENCE) * cp_rng_normal(&m->rng);
    m->site_shock = 0.05 * cp_rng_normal(&m->site_rng);
}

/* What the public would move on a day, minor units. */
static double wanted(const cp_town_point *p, mood *m, const cp_town_day *d, cp_flow flow)
{
    const bool out = flow == CP_FLOW_WITHDRAWAL;
    double f = week[p->segment][d->week];
    double lift = 0;
    for (int32_t k = 0; k < 3; k++)
        lift += d->payday[k] * m->payday[k];
    f *= 1 + lift * (out ? 1 : 0.35);
    f *= 1 + d->month_end * (out ? 0.06 : 0.18);
    f *= 1 + d->surge * (out ? m->surge : 0.25);
    if (d->fair) f *= 1 + fair[p->segment];
    if (d->off) f = holiday[p->segment] * (0.7 * f + 0.3);
    f *= exp(m->level + m->noise[flow] + d->shock + m->site_shock - 0.03);
    if (cp_rng_unit(&m->rng) < 0.003) f *= 1.6; /* a market day, a wedding */
    return f * (out ? p->out_mean : p->in_mean);
}

/* The part of a till, with a little noise of its own, rounded to notes at random. */
static int64_t notes_of(mood *m, double amount, double share, cp_minor value)
{
    const double x = amount * share / (double)value * (1 + 0.04 * cp_rng_normal(&m->rng));
    const double whole = floor(x + cp_rng_unit(&m->rng));
    return whole > 0 ? (int64_t)whole : 0;
}

/* Result of one day at one point. */
typedef struct day_flow {
    cp_minor by_denomination[CP_N_FLOWS][CP_TOWN_CHANNELS];
    int32_t faults;
} day_flow;

static void move_cash(cp_town_point *p, const double *amount, mood *m, day_flow *d)
{
    for (int32_t k = 0; k < p->n_tills; k++) {
        cp_till *till = &p->till[k];
        int64_t out = notes_of(m, amount[CP_FLOW_WITHDRAWAL], till->out_share, till->value_minor);
        int64_t in = notes_of(m, amount[CP_FLOW_DEPOSIT], till->in_share, till->value_minor);
        if (out > till->notes) {
            d->faults |= CP_FAULT_CASH_OUT;
            out = till->notes;
        }
        till->notes -= out;
        if (in > till->capacity - till->notes) {
            d->faults |= CP_FAULT_FULL;
            in = till->capacity - till->notes;
        }
        till->notes += in;
        d->by_denomination[CP_FLOW_WITHDRAWAL][till->denomination] += out * till->value_minor;
        d->by_denomination[CP_FLOW_DEPOSIT][till->denomination] += in * till->value_minor;
    }
}

/* Faults come seldom and last a day or three; a recycler now and then only dispenses. */
static void troubles(const cp_town_point *p, mood *m, double *amount, day_flow *d)
{
    if (p->machine == CP_M_BRANCH) return;
    if (m->out_left == 0 && cp_rng_unit(&m->rng) < 0.003)
        m->out_left = 1 + (int32_t)cp_rng_below(&m->rng, 3);
    if (m->out_left > 0) {
        const double alive = 0.5 * cp_rng_unit(&m->rng);
        m->out_left--;
        d->faults |= CP_FAULT_OUT_OF_SERVICE;
        amount[0] *= alive;
        amount[1] *= alive;
    } else if (p->machine == CP_M_RECYCLER && cp_rng_unit(&m->rng) < 0.002) {
        d->faults |= CP_FAULT_MODE_SWITCH;
        amount[CP_FLOW_DEPOSIT] = 0;
    }
}

static void refill(cp_town_point *p, mood *m)
{
    for (int32_t k = 0; k < p->n_tills; k++)
        p->till[k].notes = p->till[k].target;
    m->since = 0;
    m->late = 0;
}

/* The morning's decision of the simple rule: visited when due or when the interval is over; once in
 * a while the car comes a day or two late, which is where cash-outs come from. */
static void morning(const cp_town *t, cp_town_point *p, mood *m, int32_t i)
{
    const cp_day day = t->history_start + i;
    const cp_town_day *d = &t->day[i];
    if (i == p->opened || (i % REVIEW_DAYS == 0 && i > p->opened)) {
        cp_town_point now = *p;
        now.out_mean *= exp(m->level);
        now.in_mean *= exp(m->level);
        cp_town_cycle(t, &now);
        p->interval = now.interval;
        for (int32_t k = 0; k < p->n_tills; k++)
            p->till[k].target = now.till[k].target;
    }
    if (i == p->opened) {
        refill(p, m);
        m->since = (int32_t)cp_rng_below(&m->rng, (uint32_t)p->interval);
        return;
    }
    m->since++;
    if (p->machine == CP_M_BRANCH && (d->off || cp_weekday(day) >= 5)) return;
    if (!cp_town_due(p) && m->since < p->interval) return;
    if (m->late == 0 && i < t->o->history_days - CALM_DAYS && cp_rng_unit(&m->rng) < 0.05)
        m->late = 2 + (int32_t)cp_rng_below(&m->rng, 2);
    if (m->late > 1) {
        m->late--;
        return;
    }
    refill(p, m);
}

typedef struct writer {
    cp_history_row *rows;
    int64_t n;
} writer;

static void write_day(const cp_town *t, const cp_town_point *p, const day_flow *d, cp_day day,
                      writer *w)
{
    for (int32_t f = 0; f < CP_N_FLOWS; f++) {
        if ((f == CP_FLOW_WITHDRAWAL ? p->out_mean : p->in_mean) <= 0) continue;
        cp_minor total = 0;
        cp_history_row row = {t->rows->point[p->row].code, day, (cp_flow)f, "", 0, d->faults};
        for (int32_t c = 0; c < CP_TOWN_CHANNELS; c++) {
            bool held = false;
            for (int32_t k = 0; k < p->n_tills; k++)
                held = held || p->till[k].denomination == c;
            total += d->by_denomination[f][c];
            if (!held || !p->split) continue;
            row.denomination_code = t->rows->denomination[c].code;
            row.amount_minor = d->by_denomination[f][c];
            w->rows[w->n++] = row;
        }
        if (p->split) continue;
        row.amount_minor = total;
        w->rows[w->n++] = row;
    }
}

static void live(cp_town *t, cp_town_point *p, writer *w)
{
    mood m = mood_of(t, p);
    const double base[CP_N_FLOWS] = {p->out_mean, p->in_mean};
    for (int32_t i = 0; i < t->o->history_days; i++) {
        next_day(&m, p);
        if (i < p->opened) continue;
        morning(t, p, &m, i);
        day_flow d;
        memset(&d, 0, sizeof d);
        double amount[CP_N_FLOWS];
        for (int32_t f = 0; f < CP_N_FLOWS; f++)
            amount[f] = wanted(p, &m, &t->day[i], (cp_flow)f);
        troubles(p, &m, amount, &d);
        move_cash(p, amount, &m, &d);
        write_day(t, p, &d, t->history_start + i, w);
    }
    t->rows->point[p->row].days_since_visit = m.since + 1;
    p->out_mean = base[0] * exp(m.level);
    p->in_mean = base[1] * exp(m.level);
    cp_town_cycle(t, p);
}

/* The stock of each till over its slots, as even as whole notes allow. */
static void write_balances(const cp_town *t, const cp_town_point *p, const cp_cassette *slot,
                           int32_t n_slots, cp_balance *out)
{
    static const char *const codes[] = {"CNY10", "CNY100", "CNY20", "CNY50"};
    cp_rng rng = cp_town_rng(t, "reject", p->row);
    for (int32_t s = 0; s < n_slots; s++) {
        out[s].point_code = t->rows->point[p->row].code;
        out[s].day = t->o->first_day - 1;
        out[s].slot = slot[s].slot;
        out[s].notes = slot[s].role == CP_ROLE_REJECT ? (int64_t)cp_rng_below(&rng, 60) : 0;
    }
    for (int32_t k = 0; k < p->n_tills; k++) {
        int32_t n = 0, at = 0;
        for (int32_t pass = 0; pass < 2; pass++)
            for (int32_t s = 0; s < n_slots; s++) {
                if (slot[s].role != p->till[k].role ||
                    strcmp(slot[s].denomination_code, codes[p->till[k].denomination]) != 0)
                    continue;
                if (pass == 0)
                    n++;
                else
                    out[s].notes = p->till[k].notes / n + (at++ < p->till[k].notes % n ? 1 : 0);
            }
    }
}

static cp_status all_balances(cp_town *t)
{
    CP_TRY(cp_town_rows(t, CP_ENTITY_BALANCE, t->rows->n_cassette));
    int32_t first = 0;
    for (int32_t i = 0; i < t->o->n_points; i++) {
        int32_t n = 0;
        while (first + n < t->rows->n_cassette &&
               strcmp(t->rows->cassette[first + n].point_code, t->rows->point[i].code) == 0)
            n++;
        write_balances(t, &t->point[i], &t->rows->cassette[first], n, &t->rows->balance[first]);
        first += n;
    }
    return CP_OK;
}

cp_status cp_town_history(cp_town *t, cp_history_row **history, int64_t *n_history)
{
    int64_t most = 0;
    for (int32_t i = 0; i < t->o->n_points; i++) {
        const cp_town_point *p = &t->point[i];
        const int32_t flows = (p->out_mean > 0) + (p->in_mean > 0);
        most +=
            (int64_t)(t->o->history_days - p->opened) * flows * (p->split ? CP_TOWN_CHANNELS : 1);
    }
    writer w = {NULL, 0};
    CP_NEW(t->ctx, t->o->history_in != NULL ? t->o->history_in : t->ctx->run, w.rows, most);
    for (int32_t i = 0; i < t->o->n_points; i++) {
        live(t, &t->point[i], &w);
        cp_progress(t->ctx, "history", i + 1, t->o->n_points);
    }
    *history = w.rows;
    *n_history = w.n;
    return all_balances(t);
}

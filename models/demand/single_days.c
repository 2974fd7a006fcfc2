/* SPDX-License-Identifier: GPL-3.0-or-later */
/* single_days.c - models that see every weekday on its own: smoothed, or from its last days. */
#include <math.h>
#include <string.h>

#include "models/demand/robust.h"
#include "models/demand/single_kinds.h"

#define HOLD 2.5

typedef struct days_memory {
    double gain, week[CP_N_SLOTS], n[7], sigma;
    int32_t run[7]; /* large errors in a row, negative: of negative sign */
} days_memory;

static void begin_days(void *memory, const cp_filter_input *in)
{
    days_memory *m = memory;
    m->sigma = in->sigma0;
    for (int32_t k = 0; k < CP_N_SLOTS; k++)
        m->week[k] = in->level0 + in->week0[k];
    for (int32_t k = 0; k < 7; k++) {
        m->n[k] = 0.5;
        m->run[k] = 0;
    }
}

static void step_days(void *memory, const cp_filter_input *in, int32_t i)
{
    days_memory *m = memory;
    const int32_t slot = in->slot[i];
    bool known = false, week = false;
    for (int32_t k = 0; k < 7 && cp_single_broken(in, i, &week); k++)
        m->n[k] = fmin(m->n[k], CP_BREAK_WEEKS);
    const double e = cp_filter_surprise(in, i, m->week[slot], m->sigma, &known);
    const double share = cp_single_share(in, i);
    if (!known || slot >= 7 || share <= 0.3) return;
    /* The first two days, also after a break, are taken as they are. */
    double use = m->n[slot] < 2 ? e : cp_single_held(e, HOLD * m->sigma);
    m->run[slot] = use == e ? 0
                   : e > 0  ? (m->run[slot] > 0 ? m->run[slot] + 1 : 1)
                            : (m->run[slot] < 0 ? m->run[slot] - 1 : -1);
    if (m->run[slot] > 1 || m->run[slot] < -1) use = e; /* twice in a row: believed */
    m->week[slot] += share * fmax(m->gain, 1 / (m->n[slot] + 1)) * use;
    m->n[slot] += share;
    m->sigma = cp_single_spread(m->sigma, e, 0.03);
}

static void tell_days(const void *memory, const cp_filter_input *in, int32_t i,
                      cp_single_state *out)
{
    const days_memory *m = memory;
    (void)i;
    out->level = 0;
    memcpy(out->week, m->week, sizeof out->week);
    cp_single_centre(in, out);
}

cp_status cp_single_days(const cp_filter_input *in, double gain, const int32_t *origin, int32_t n,
                         cp_single_state *states)
{
    static const cp_single_kind kind = {begin_days, step_days, tell_days};
    days_memory m = {.gain = gain};
    cp_single_run(in, &kind, &m, origin, n, states);
    return CP_OK;
}

/* The last days of every weekday, in a ring, with what they say. */
typedef struct recent_memory {
    int32_t count, n[7];
    double last[7][CP_RECENT_MOST];
    double median[7]; /* what was known before stands until the weekday is seen (again) */
} recent_memory;

static void begin_recent(void *memory, const cp_filter_input *in)
{
    recent_memory *m = memory;
    for (int32_t k = 0; k < 7; k++) {
        m->n[k] = 0;
        m->median[k] = in->level0 + in->week0[k];
    }
}

static void step_recent(void *memory, const cp_filter_input *in, int32_t i)
{
    recent_memory *m = memory;
    const cp_series *s = in->series;
    const int32_t slot = in->slot[i];
    bool week = false;
    if (cp_single_broken(in, i, &week)) memset(m->n, 0, sizeof m->n);
    if (s->seen[i] != CP_SEEN_EXACTLY || slot >= 7 || cp_single_share(in, i) < 0.5) return;
    double v[CP_RECENT_MOST];
    m->last[slot][m->n[slot]++ % m->count] = in->z[i];
    const int32_t n = m->n[slot] < m->count ? m->n[slot] : m->count;
    memcpy(v, m->last[slot], (size_t)n * sizeof *v);
    m->median[slot] = cp_median(v, n);
}

static void tell_recent(const void *memory, const cp_filter_input *in, int32_t i,
                        cp_single_state *out)
{
    const recent_memory *m = memory;
    (void)i;
    out->level = 0;
    memcpy(out->week, m->median, sizeof m->median);
    cp_single_centre(in, out);
}

cp_status cp_single_recent(const cp_filter_input *in, int32_t count, const int32_t *origin,
                           int32_t n, cp_single_state *states)
{
    static const cp_single_kind kind = {begin_recent, step_recent, tell_recent};
    recent_memory m = {.count = count};
    cp_single_run(in, &kind, &m, origin, n, states);
    return CP_OK;
}

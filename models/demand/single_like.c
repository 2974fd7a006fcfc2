/* SPDX-License-Identifier: GPL-3.0-or-later */
/* single_like.c - one level with a fixed gain, and a week: the machine's own or that of machines
 * most like it. */
#include <math.h>
#include <string.h>

#include "models/demand/single_kinds.h"

#define HOLD 2.5
#define GAIN 0.05
#define WEEK_GAIN 0.03
#define WEEK_PRIOR 3.0

typedef struct level_memory {
    bool fixed; /* the week stays */
    double level, n, sigma, week[CP_N_SLOTS], n_slot[7];
} level_memory;

static void begin(void *memory, const cp_filter_input *in)
{
    level_memory *m = memory;
    m->level = in->level0;
    m->n = in->level_days;
    m->sigma = in->sigma0;
    memcpy(m->week, m->fixed ? in->like : in->week0, sizeof m->week);
    memset(m->n_slot, 0, sizeof m->n_slot);
}

static void step(void *memory, const cp_filter_input *in, int32_t i)
{
    level_memory *m = memory;
    const int32_t slot = in->slot[i];
    bool known = false, week = false;
    if (cp_single_broken(in, i, &week)) {
        m->n = fmin(m->n, CP_BREAK_DAYS);
        for (int32_t k = 0; k < 7 && week; k++)
            m->n_slot[k] = fmin(m->n_slot[k], CP_BREAK_WEEKS);
    }
    const double e = cp_filter_surprise(in, i, m->level + m->week[slot], m->sigma, &known);
    const double share = cp_single_share(in, i);
    if (!known || share <= 0) return;
    /* The first days, also after a break, are taken as they are. */
    const double use = m->n < 2 * CP_BREAK_DAYS ? e : cp_single_held(e, HOLD * m->sigma);
    const double gain = share * fmax(GAIN, 1 / (m->n + 1));
    m->level += gain * use;
    m->n += share;
    if (!m->fixed && slot < 7) {
        const double week_gain = fmax(WEEK_GAIN, 1 / (m->n_slot[slot] + 1 + WEEK_PRIOR));
        m->week[slot] += share * week_gain * (1 - gain) * use;
        m->n_slot[slot] += share;
    }
    m->sigma = cp_single_spread(m->sigma, e, 0.03);
}

static void tell(const void *memory, const cp_filter_input *in, int32_t i, cp_single_state *out)
{
    const level_memory *m = memory;
    (void)i;
    out->level = m->level;
    memcpy(out->week, m->week, sizeof out->week);
    cp_single_centre(in, out);
}

cp_status cp_single_plain(const cp_filter_input *in, const int32_t *origin, int32_t n,
                          cp_single_state *states)
{
    static const cp_single_kind kind = {begin, step, tell};
    level_memory m = {.fixed = false};
    cp_single_run(in, &kind, &m, origin, n, states);
    return CP_OK;
}

cp_status cp_single_like(const cp_filter_input *in, const int32_t *origin, int32_t n,
                         cp_single_state *states)
{
    static const cp_single_kind kind = {begin, step, tell};
    level_memory m = {.fixed = true};
    cp_single_run(in, &kind, &m, origin, n, states);
    return CP_OK;
}

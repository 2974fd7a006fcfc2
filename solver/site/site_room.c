/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "solver/site/site_room.h"

#include <math.h>
#include <string.h>

#include "models/base/clock.h"
#include "solver/site/site_flow.h"

struct cp_site_room {
    const cp_siting *s;
    cp_site_flow *flow;
    uint8_t *open;
    int32_t n_open;
    double fixed; /* of the open sites */
};

cp_status cp_site_room_new(cp_ctx *ctx, const cp_siting *s, cp_site_room **out)
{
    cp_site_room *w = NULL;
    CP_NEW(ctx, ctx->scratch, w, 1);
    w->s = s;
    CP_NEW(ctx, ctx->scratch, w->open, s->n_sites);
    CP_TRY(cp_site_flow_new(ctx, s, &w->flow));
    *out = w;
    return CP_OK;
}

static int32_t duty_of(const cp_siting *s, int32_t j)
{
    return s->duty == NULL ? CP_SITING_FREE : s->duty[j];
}

static void turn(cp_site_room *w, int32_t j)
{
    w->open[j] = !w->open[j];
    w->n_open += w->open[j] ? 1 : -1;
    w->fixed += w->open[j] ? w->s->fixed[j] : -w->s->fixed[j];
    if (w->open[j])
        cp_site_flow_open(w->flow, j);
    else
        cp_site_flow_close(w->flow, j);
}

double cp_site_room_cost(const cp_site_room *w)
{
    if (w->n_open < w->s->least_open || w->n_open > w->s->most_open) return INFINITY;
    return w->fixed + cp_site_flow_cost(w->flow);
}

/* The closed site with the cheapest room; -1 = none. */
static int32_t roomiest(const cp_site_room *w)
{
    int32_t best = -1;
    double least = INFINITY;
    for (int32_t j = 0; j < w->s->n_sites; j++) {
        if (w->open[j] || duty_of(w->s, j) == CP_SITING_SHUT || w->s->capacity[j] <= 0) continue;
        const double ratio = w->s->fixed[j] / w->s->capacity[j];
        if (best >= 0 && ratio >= least) continue;
        best = j;
        least = ratio;
    }
    return best;
}

void cp_site_room_set(cp_site_room *w, const uint8_t *open)
{
    const cp_siting *s = w->s;
    for (int32_t j = 0; j < s->n_sites; j++) {
        const int32_t duty = duty_of(s, j);
        const bool want = duty == CP_SITING_OPEN || (open[j] && duty != CP_SITING_SHUT);
        if (want && !w->open[j]) turn(w, j);
    }
    for (int32_t j = 0; j < s->n_sites; j++)
        if (w->open[j] && !open[j] && duty_of(s, j) != CP_SITING_OPEN) turn(w, j);
    while (cp_site_flow_missing(w->flow) > 0 || w->n_open < s->least_open) {
        const int32_t j = roomiest(w);
        if (j < 0) return;
        turn(w, j);
    }
}

/* Keeps a change if the cost does not rise above `before`; else takes it back. */
static bool keep_if(cp_site_room *w, int32_t in, int32_t out, double before)
{
    if (in >= 0) turn(w, in);
    if (out >= 0) turn(w, out);
    if (cp_site_room_cost(w) <= before) return true;
    if (out >= 0) turn(w, out);
    if (in >= 0) turn(w, in);
    return false;
}

void cp_site_room_prune(cp_site_room *w)
{
    const cp_siting *s = w->s;
    for (int32_t j = 0; j < s->n_sites; j++)
        if (w->open[j] && duty_of(s, j) != CP_SITING_OPEN &&
            (w->n_open > s->least_open || w->n_open > s->most_open))
            (void)keep_if(w, -1, j, fmin(cp_site_room_cost(w), 1e300));
}

static int32_t random_site(const cp_site_room *w, cp_rng *rng, bool open)
{
    const cp_siting *s = w->s;
    for (int32_t k = 0; k < 64; k++) {
        const int32_t j = (int32_t)cp_rng_below(rng, (uint32_t)s->n_sites);
        if ((w->open[j] != 0) == open && duty_of(s, j) == CP_SITING_FREE) return j;
    }
    return -1;
}

void cp_site_room_shake(const cp_ctx *ctx, cp_site_room *w, cp_rng *rng, int32_t rounds,
                        double until_s)
{
    for (int32_t k = 0; k < rounds; k++) {
        if (cp_should_stop(ctx) || cp_cpu_s() >= until_s) return;
        const uint32_t kind = cp_rng_below(rng, 4);
        const int32_t in = kind == 0 ? -1 : random_site(w, rng, false);
        const int32_t out = kind == 1 ? -1 : random_site(w, rng, true);
        if (in < 0 && out < 0) continue;
        (void)keep_if(w, in, out, cp_site_room_cost(w));
    }
}

const uint8_t *cp_site_room_open(const cp_site_room *w)
{
    return w->open;
}

void cp_site_room_shares(const cp_site_room *w, double *share)
{
    cp_site_flow_shares(w->flow, share);
}

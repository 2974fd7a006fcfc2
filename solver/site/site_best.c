/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>
#include <string.h>

#include "solver/site/site_tree.h"

double cp_site_cutoff(const cp_site_best *best)
{
    const double top = fmin(best->plan.cost, best->limit);
    if (!isfinite(top)) return INFINITY;
    const double noise = 1e-9 * fabs(top);
    return best->quantum > 2 * noise ? top - best->quantum + noise : top - noise;
}

static cp_status plan_new(cp_ctx *ctx, const cp_siting *s, cp_siting_plan *out)
{
    *out = (cp_siting_plan){.cost = INFINITY};
    CP_NEW(ctx, ctx->scratch, out->open, s->n_sites);
    if (s->demand == NULL)
        CP_NEW(ctx, ctx->scratch, out->server, s->n_clients);
    else
        CP_NEW(ctx, ctx->scratch, out->share, s->first[s->n_clients]);
    return CP_OK;
}

cp_status cp_site_best_new(cp_ctx *ctx, const cp_siting *s, double limit, cp_site_best *out)
{
    *out = (cp_site_best){.limit = limit};
    /* With split service costs are fractions of the file's numbers. */
    if (s->demand == NULL) out->quantum = cp_siting_quantum(s);
    CP_TRY(plan_new(ctx, s, &out->plan));
    CP_TRY(plan_new(ctx, s, &out->trial));
    if (s->demand == NULL) return cp_site_swap_new(ctx, s, &out->swap);
    return cp_site_room_new(ctx, s, &out->room);
}

/* The plan in `trial` is kept if it is allowed and better. */
static void judge(const cp_siting *s, cp_site_best *best)
{
    int32_t n_open = 0;
    for (int32_t j = 0; j < s->n_sites; j++)
        n_open += best->trial.open[j];
    if (n_open < s->least_open || n_open > s->most_open) return;
    if (best->trial.cost >= best->plan.cost || best->trial.cost >= best->limit) return;
    const cp_siting_plan old = best->plan;
    best->plan = best->trial;
    best->trial = old;
}

/* What the room search holds, offered. */
static void offer_room(const cp_siting *s, cp_site_best *best)
{
    best->trial.cost = cp_site_room_cost(best->room);
    if (best->trial.cost >= best->plan.cost) return;
    memcpy(best->trial.open, cp_site_room_open(best->room), (size_t)s->n_sites);
    cp_site_room_shares(best->room, best->trial.share);
    judge(s, best);
}

void cp_site_offer(const cp_siting *s, const uint8_t *open, cp_site_best *best)
{
    if (best->room != NULL) {
        cp_site_room_set(best->room, open);
        offer_room(s, best);
        return;
    }
    memcpy(best->trial.open, open, (size_t)s->n_sites);
    cp_siting_serve_nearest(s, &best->trial);
    judge(s, best);
}

void cp_site_improve(const cp_ctx *ctx, const cp_siting *s, const uint8_t *open, int32_t rounds,
                     double until_s, cp_rng *rng, cp_site_best *best)
{
    if (best->room != NULL) {
        cp_site_room_set(best->room, open);
        cp_site_room_prune(best->room);
        cp_site_room_shake(ctx, best->room, rng, rounds, until_s);
        offer_room(s, best);
        return;
    }
    cp_site_swap_set(best->swap, open);
    (void)cp_site_swap_descend(best->swap);
    cp_site_swap_shake(ctx, best->swap, rng, rounds);
    cp_site_offer(s, cp_site_swap_open(best->swap), best);
}

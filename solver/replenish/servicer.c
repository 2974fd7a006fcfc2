/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "solver/replenish/servicer.h"

#include <math.h>
#include <string.h>

#define N_DOUBLINGS 4 /* the grid of factors goes from 2^-4 to 2^4 */
#define N_HALVINGS 9  /* of a grid step: the volume is then known to 0.2 % */
#define PPM INT64_C(1000000)

typedef struct study {
    cp_ctx *ctx;
    const cp_servicer_ask *ask;
    int32_t point;
    double *node, *stop; /* prices: none of a visit, those of the site's stops */
    cp_servicer_study *out;
} study;

/* Whole minor units of the two families at one volume; -1: no plan. */
typedef struct outcome {
    cp_minor center, branch, either;
} outcome;

static cp_status new_prices(study *s)
{
    const cp_network *net = s->ask->in.net;
    const cp_stop_prices *p = s->ask->prices;
    const int32_t site = net->points[s->point].site;
    const size_t days = (size_t)net->n_days;
    CP_NEW(s->ctx, s->ctx->scratch, s->node, days * CP_MAX_ALL_MODES);
    CP_NEW(s->ctx, s->ctx->scratch, s->stop, days);
    for (int32_t t = 0; t < net->n_days; t++) {
        const size_t at = (size_t)site * days + (size_t)t;
        const cp_minor drive = p->price_minor ? p->price_minor[at] : 0;
        s->stop[t] =
            (double)(drive + cp_tariff_get(net, CP_TARIFF_STOP_SITE_MINOR, net->first_day + t,
                                           net->sites[site].vault, -1, site, -1));
    }
    return CP_OK;
}

/* The cheapest plan by visits of these modes alone. */
static cp_status plan_by(study *s, cp_arcs *a, const uint8_t *may, bool center, bool branch,
                         cp_minor *cost_minor)
{
    const cp_point_prices prices = {s->node, s->stop, NULL, NULL, NULL, NULL};
    const size_t days = (size_t)a->n_days;
    cp_step *steps = NULL;
    double cost = 0.0;
    int32_t n = 0;
    CP_NEW(s->ctx, s->ctx->scratch, steps, days);
    for (int32_t m = 0; m < a->n_all_modes; m++)
        for (size_t t = 0; t < days; t++) {
            const size_t at = (size_t)m * days + t;
            a->may_visit[at] = may[at] && (m == a->branch_mode ? branch : center);
        }
    CP_TRY(cp_point_price(s->ctx, a, &prices, &cost, steps, &n));
    s->out->n_plans++;
    *cost_minor = isfinite(cost) ? llround(cost) : -1;
    return CP_OK;
}

static cp_status at_volume(study *s, double factor, outcome *out)
{
    const cp_arena_mark run = cp_arena_here(s->ctx->run), tmp = cp_arena_here(s->ctx->scratch);
    cp_arcs arcs;
    uint8_t *may = NULL;
    CP_TRY(
        cp_arcs_build_scaled(s->ctx, &s->ask->in, s->point, llround(factor * (double)PPM), &arcs));
    const size_t cells = (size_t)arcs.n_all_modes * (size_t)arcs.n_days;
    CP_NEW(s->ctx, s->ctx->scratch, may, cells);
    memcpy(may, arcs.may_visit, cells);
    CP_TRY(plan_by(s, &arcs, may, true, false, &out->center));
    CP_TRY(plan_by(s, &arcs, may, false, true, &out->branch));
    CP_TRY(plan_by(s, &arcs, may, true, true, &out->either));
    cp_arena_rewind(s->ctx->run, run);
    cp_arena_rewind(s->ctx->scratch, tmp);
    return CP_OK;
}

/* Who is cheaper: -1 the center, 1 the branch, 0 neither (or one of them cannot). */
static int32_t cheaper(const outcome *o)
{
    if (o->center < 0 || o->branch < 0) return 0;
    return (o->center > o->branch) - (o->center < o->branch);
}

/* Between two factors at which different ones are cheaper. */
static cp_status halve(study *s, double low, double high, int32_t below, double *factor)
{
    for (int32_t i = 0; i < N_HALVINGS; i++) {
        const double middle = 0.5 * (low + high);
        outcome o;
        CP_TRY(at_volume(s, middle, &o));
        if (cheaper(&o) == below)
            low = middle;
        else
            high = middle;
    }
    *factor = 0.5 * (low + high);
    return CP_OK;
}

/* The change of sides nearest to today's volume, by grid steps. */
static cp_status find_crossing(study *s, double *factor)
{
    int32_t side[2 * N_DOUBLINGS + 1] = {0};
    int32_t best = -1, from = -1, best_from = -1;
    for (int32_t i = 0; i <= 2 * N_DOUBLINGS; i++) {
        outcome o;
        CP_TRY(at_volume(s, ldexp(1.0, i - N_DOUBLINGS), &o));
        side[i] = cheaper(&o);
        if (side[i] == 0) continue;
        const bool change = from >= 0 && side[from] != side[i];
        const int32_t away = i > N_DOUBLINGS ? i - 1 - N_DOUBLINGS : N_DOUBLINGS - i;
        const int32_t held = best > N_DOUBLINGS ? best - 1 - N_DOUBLINGS : N_DOUBLINGS - best;
        if (change && (best < 0 || away < held)) {
            best = i;
            best_from = from;
        }
        from = i;
    }
    if (best < 0) return CP_OK;
    s->out->crosses = true;
    s->out->branch_below = side[best_from] > 0;
    return halve(s, ldexp(1.0, best_from - N_DOUBLINGS), ldexp(1.0, best - N_DOUBLINGS),
                 side[best_from], factor);
}

static cp_minor mean_withdrawals(const cp_arc_input *in, int32_t point)
{
    const cp_forecast *f = in->forecast;
    double sum = 0.0;
    int32_t n = 0;
    for (int32_t t = 0; t < in->net->n_days; t++) {
        const int32_t d = in->net->first_day + t - f->first_day;
        if (d < 0 || d >= f->n_days) continue;
        sum += f->mean[((int64_t)CP_FLOW_WITHDRAWAL * f->n_points + point) * f->n_days + d];
        n++;
    }
    return n > 0 ? llround(sum / n) : 0;
}

cp_status cp_servicer_study_point(cp_ctx *ctx, const cp_servicer_ask *ask, int32_t point,
                                  cp_servicer_study *out)
{
    const cp_arena_mark mark = cp_arena_here(ctx->scratch);
    const cp_point *p = &ask->in.net->points[point];
    study s = {.ctx = ctx, .ask = ask, .point = point, .out = out};
    outcome today;
    double factor = 0.0;
    memset(out, 0, sizeof *out);
    out->point = point;
    if (p->serviced_by != CP_BY_EITHER || p->n_channels == 0)
        CP_FAIL(ctx, CP_E_INPUT, "point %s is not serviced by either, center or branch", p->code);
    CP_TRY(new_prices(&s));
    CP_TRY(at_volume(&s, 1.0, &today));
    out->center_minor = today.center;
    out->branch_minor = today.branch;
    out->either_minor = today.either;
    out->volume_minor = mean_withdrawals(&ask->in, point);
    CP_TRY(find_crossing(&s, &factor));
    if (out->crosses) out->break_even_minor = llround(factor * (double)out->volume_minor);
    cp_arena_rewind(ctx->scratch, mark);
    return CP_OK;
}

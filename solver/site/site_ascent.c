/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "solver/site/site_ascent.h"

#include <math.h>
#include <string.h>

#include "models/base/clock.h"

#define KEPT_DIRECTION 0.3 /* of the last direction in the new one */
#define KEPT_SHARE 0.95    /* of the old mean in the new one */
#define LEAST_LENGTH 2e-3  /* below this factor steps no longer move the bound */

cp_status cp_site_ascent_new(cp_ctx *ctx, cp_arena *arena, const cp_siting *s, cp_site_ascent *out)
{
    *out = (cp_site_ascent){.bound = -INFINITY};
    CP_NEW(ctx, arena, out->lambda, s->n_clients);
    CP_NEW(ctx, arena, out->at, s->n_clients);
    CP_NEW(ctx, arena, out->along, s->n_clients);
    CP_NEW(ctx, arena, out->share, s->n_sites);
    return cp_site_value_new(ctx, arena, s, &out->v);
}

static double leave_of(const cp_siting *s, int32_t i)
{
    return s->leave == NULL ? INFINITY : s->leave[i];
}

void cp_site_ascent_start(const cp_site_node *node, cp_site_ascent *a)
{
    const cp_siting *s = node->s;
    for (int32_t i = 0; i < s->n_clients; i++) {
        const int32_t b = node->first[i], e = node->first[i + 1];
        const double price = e > b ? node->arc_cost[e - b > 1 ? b + 1 : b] : 0;
        a->lambda[i] = fmin(price, leave_of(s, i));
    }
    for (int32_t j = 0; j < s->n_sites; j++)
        a->share[j] = node->duty[j] == CP_SITING_OPEN ? 1 : 0;
}

/* The direction from the slack: no price leaves its box. Returns its squared length. */
static double turn(const cp_siting *s, cp_site_ascent *a)
{
    double square = 0;
    for (int32_t i = 0; i < s->n_clients; i++) {
        double d = a->v.slack[i] + KEPT_DIRECTION * a->along[i];
        if (d < 0 && a->at[i] <= 0) d = 0;
        if (d > 0 && a->at[i] >= leave_of(s, i)) d = 0;
        a->along[i] = d;
        square += d * d;
    }
    return square;
}

static void walk(const cp_siting *s, double length, cp_site_ascent *a)
{
    for (int32_t i = 0; i < s->n_clients; i++)
        a->at[i] = fmin(fmax(a->at[i] + length * a->along[i], 0), leave_of(s, i));
}

static void average(const cp_site_node *node, cp_site_ascent *a)
{
    for (int32_t k = 0; k < node->n_free; k++) {
        const int32_t j = node->free[k];
        a->share[j] = KEPT_SHARE * a->share[j] + (1 - KEPT_SHARE) * a->v.chosen[j];
    }
}

void cp_site_ascent_run(const cp_ctx *ctx, const cp_site_node *node,
                        const cp_site_ascent_opts *opts, cp_site_ascent *a)
{
    const cp_siting *s = node->s;
    const size_t bytes = (size_t)s->n_clients * sizeof(double);
    memcpy(a->at, a->lambda, bytes);
    memset(a->along, 0, bytes);
    a->bound = -INFINITY;
    double length = opts->length;
    int32_t idle = 0;
    for (int32_t step = 0; step < opts->max_steps && length > LEAST_LENGTH; step++) {
        if (step > 0 && (cp_should_stop(ctx) || cp_cpu_s() >= opts->until_s)) break;
        cp_site_evaluate(node, a->at, &a->v);
        a->steps++;
        average(node, a);
        if (a->v.bound > a->bound) {
            idle = a->v.bound > a->bound + 1e-6 * fabs(a->bound) ? 0 : idle + 1;
            a->bound = a->v.bound;
            memcpy(a->lambda, a->at, bytes);
        } else {
            idle++;
        }
        if (a->bound >= opts->cutoff) break;
        if (idle >= opts->patience) {
            length /= 2;
            idle = 0;
            memcpy(a->at, a->lambda, bytes);
            memset(a->along, 0, bytes);
            cp_site_evaluate(node, a->at, &a->v);
        }
        const double square = turn(s, a);
        if (square <= 0) break;
        const double target = isfinite(opts->target) ? opts->target : a->bound * 1.05 + 1;
        walk(s, length * fmax(target - a->v.bound, 1e-9 * fabs(target)) / square, a);
    }
    cp_site_evaluate(node, a->lambda, &a->v);
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "solver/site/site_center.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "models/base/clock.h"
#include "solver/site/site_cover.h"

static int ascending(const void *a, const void *b)
{
    const double p = *(const double *)a, q = *(const double *)b;
    return (p > q) - (p < q);
}

/* The distances of the problem, each once. */
static cp_status distances(cp_ctx *ctx, const cp_siting *s, double **out, int32_t *n_out)
{
    const int32_t all = s->first[s->n_clients];
    double *d = NULL;
    CP_NEW(ctx, ctx->scratch, d, all);
    memcpy(d, s->arc_cost, (size_t)all * sizeof *d);
    qsort(d, (size_t)all, sizeof *d, ascending);
    int32_t n = 0;
    for (int32_t a = 0; a < all; a++)
        if (n == 0 || d[a] > d[n - 1]) d[n++] = d[a];
    *out = d;
    *n_out = n;
    return CP_OK;
}

/* Who is within `radius` of whom, in ctx->scratch. */
static cp_status covering(cp_ctx *ctx, const cp_siting *s, double radius, cp_siting *out)
{
    int32_t *first = NULL, *site = NULL;
    CP_NEW(ctx, ctx->scratch, first, s->n_clients + 1);
    CP_NEW(ctx, ctx->scratch, site, s->first[s->n_clients]);
    int32_t len = 0;
    for (int32_t i = 0; i < s->n_clients; i++) {
        for (int32_t a = s->first[i]; a < s->first[i + 1] && s->arc_cost[a] <= radius; a++)
            site[len++] = s->arc_site[a];
        first[i + 1] = len;
    }
    *out = (cp_siting){
        .n_sites = s->n_sites, .n_clients = s->n_clients, .first = first, .arc_site = site};
    return CP_OK;
}

typedef struct halving {
    cp_ctx *ctx;
    const cp_siting *s;
    cp_siting_opts opts;
    double until_s;
    double *distance;
    int32_t low, high; /* the least radius is distance[k], low <= k <= high */
    uint8_t *trial;    /* [site] */
    bool unsure;       /* some covering was neither found nor refuted */
    cp_site_center *out;
} halving;

/* What the sites keep in truth may be less than what they were asked for. */
static double radius_of(const cp_siting *s, const uint8_t *open)
{
    double worst = 0;
    for (int32_t i = 0; i < s->n_clients; i++) {
        int32_t a = s->first[i];
        while (a < s->first[i + 1] && !open[s->arc_site[a]])
            a++;
        if (a == s->first[i + 1]) return INFINITY;
        worst = fmax(worst, s->arc_cost[a]);
    }
    return worst;
}

static cp_status try_radius(halving *h, int32_t at, cp_site_cover_answer *answer)
{
    cp_ctx *ctx = h->ctx;
    const cp_arena_mark mark = cp_arena_here(ctx->scratch);
    cp_siting near;
    cp_site_cover_result r;
    CP_TRY(covering(ctx, h->s, h->distance[at], &near));
    h->opts.cpu_limit_s = isfinite(h->until_s) ? fmax(h->until_s - cp_cpu_s(), 1e-3) : 0;
    CP_TRY(cp_siting_cover(ctx, &near, h->s->most_open, &h->opts, h->trial, &r));
    h->out->nodes += r.nodes;
    h->out->steps += r.steps;
    *answer = r.answer;
    if (r.answer == CP_SITE_COVER_FOUND) {
        h->out->found = true;
        h->out->radius = radius_of(h->s, h->trial);
        memcpy(h->out->open, h->trial, (size_t)h->s->n_sites);
    }
    cp_arena_rewind(ctx->scratch, mark);
    return CP_OK;
}

static cp_status halve(halving *h)
{
    while (h->low < h->high) {
        const int32_t at = h->low + (h->high - h->low) / 2;
        cp_site_cover_answer answer;
        CP_TRY(try_radius(h, at, &answer));
        if (answer == CP_SITE_COVER_OPEN) {
            h->unsure = true;
            return CP_OK;
        }
        if (answer == CP_SITE_COVER_NONE) {
            h->low = at + 1;
            continue;
        }
        while (h->high > h->low && h->distance[h->high] > h->out->radius)
            h->high--;
    }
    return CP_OK;
}

cp_status cp_siting_center(cp_ctx *ctx, const cp_siting *s, const cp_siting_opts *opts,
                           cp_site_center *out)
{
    *out = (cp_site_center){.radius = INFINITY, .bound = INFINITY, .proven = true};
    CP_TRY(cp_siting_valid(ctx, s));
    CP_NEW(ctx, ctx->run, out->open, s->n_sites);
    const cp_arena_mark mark = cp_arena_here(ctx->scratch);
    halving h = {.ctx = ctx, .s = s, .opts = *opts, .until_s = INFINITY, .out = out};
    if (opts->cpu_limit_s > 0) h.until_s = cp_cpu_s() + opts->cpu_limit_s;
    int32_t n = 0;
    CP_NEW(ctx, ctx->scratch, h.trial, s->n_sites);
    CP_TRY(distances(ctx, s, &h.distance, &n));
    cp_site_cover_answer answer = CP_SITE_COVER_FOUND;
    h.high = n - 1;
    if (n > 0) CP_TRY(try_radius(&h, n - 1, &answer));
    if (n == 0) {
        out->found = s->n_clients == 0;
        out->radius = out->bound = out->found ? 0 : INFINITY;
    } else if (answer == CP_SITE_COVER_FOUND) {
        while (h.high > 0 && h.distance[h.high] > out->radius)
            h.high--;
        CP_TRY(halve(&h));
        out->bound = h.distance[h.low];
        out->proven = !h.unsure && out->radius <= out->bound;
    } else {
        out->proven = answer == CP_SITE_COVER_NONE;
        if (!out->proven) out->bound = h.distance[0];
    }
    cp_arena_rewind(ctx->scratch, mark);
    return CP_OK;
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "solver/site/site_assign.h"

#include <stdlib.h>
#include <string.h>

#include "models/base/clock.h"
#include "solver/site/site_assign_raw.h"

enum { FIRST_CYCLE = 4000, WATCH = 100, WARM_UP = 200 };
#define COLD 0.01 /* the last heat of a cycle, of its first */

typedef struct reach {
    double unit;
    int32_t client;
} reach;

static int by_unit(const void *a, const void *b)
{
    const reach *x = a, *y = b;
    if (x->unit != y->unit) return x->unit < y->unit ? -1 : 1;
    return (x->client > y->client) - (x->client < y->client);
}

/* The clients that each site reaches, the cheapest a unit first. */
static cp_status list_reach(cp_ctx *ctx, cp_site_assign *w)
{
    const cp_siting *s = w->s;
    reach *list = NULL;
    CP_NEW(ctx, ctx->scratch, w->site_first, s->n_sites + 1);
    CP_NEW(ctx, ctx->scratch, w->site_client, s->first[s->n_clients]);
    CP_NEW(ctx, ctx->scratch, list, s->n_clients);
    for (int32_t j = 0; j < s->n_sites; j++) {
        int32_t n = 0;
        for (int32_t i = 0; i < s->n_clients; i++)
            if (isfinite(cp_assign_at(w, i, j)))
                list[n++] = (reach){cp_assign_at(w, i, j) / s->demand[i], i};
        qsort(list, (size_t)n, sizeof *list, by_unit);
        w->site_first[j + 1] = w->site_first[j] + n;
        for (int32_t k = 0; k < n; k++)
            w->site_client[w->site_first[j] + k] = list[k].client;
    }
    return CP_OK;
}

static cp_status alloc_clients(cp_ctx *ctx, cp_site_assign *w, size_t n)
{
    CP_NEW(ctx, ctx->scratch, w->server, n);
    CP_NEW(ctx, ctx->scratch, w->next, n);
    CP_NEW(ctx, ctx->scratch, w->prev, n);
    CP_NEW(ctx, ctx->scratch, w->client_round, n);
    CP_NEW(ctx, ctx->scratch, w->changed, n);
    CP_NEW(ctx, ctx->scratch, w->was_server, n);
    CP_NEW(ctx, ctx->scratch, w->bag, n);
    CP_NEW(ctx, ctx->scratch, w->key, n);
    CP_NEW(ctx, ctx->scratch, w->best_server, n);
    return CP_OK;
}

static cp_status alloc_sites(cp_ctx *ctx, cp_site_assign *w, size_t m)
{
    CP_NEW(ctx, ctx->scratch, w->open, m);
    CP_NEW(ctx, ctx->scratch, w->load, m);
    CP_NEW(ctx, ctx->scratch, w->head, m);
    CP_NEW(ctx, ctx->scratch, w->n_guest, m);
    CP_NEW(ctx, ctx->scratch, w->site_round, m);
    CP_NEW(ctx, ctx->scratch, w->turned, m);
    CP_NEW(ctx, ctx->scratch, w->pick, m);
    CP_NEW(ctx, ctx->scratch, w->queue, m);
    CP_NEW(ctx, ctx->scratch, w->queued, m);
    CP_NEW(ctx, ctx->scratch, w->best_open, m);
    return CP_OK;
}

cp_status cp_site_assign_new(cp_ctx *ctx, const cp_siting *s, cp_site_assign **out)
{
    cp_site_assign *w = NULL;
    const size_t m = (size_t)s->n_sites, n = (size_t)s->n_clients;
    if (s->demand == NULL)
        CP_FAIL(ctx, CP_E_INPUT, "service from one site each needs demands and capacities");
    CP_NEW(ctx, ctx->scratch, w, 1);
    w->s = s;
    CP_NEW(ctx, ctx->scratch, w->cost, n * m);
    CP_TRY(alloc_clients(ctx, w, n));
    CP_TRY(alloc_sites(ctx, w, m));
    for (size_t k = 0; k < n * m; k++)
        w->cost[k] = INFINITY;
    for (int32_t i = 0; i < s->n_clients; i++) {
        w->dust += CP_ASSIGN_DUST * s->demand[i];
        for (int32_t a = s->first[i]; a < s->first[i + 1]; a++)
            w->cost[(size_t)i * m + (size_t)s->arc_site[a]] = s->arc_cost[a];
    }
    CP_TRY(list_reach(ctx, w));
    w->best_cost = INFINITY;
    *out = w;
    return CP_OK;
}

/* First prices of what is not allowed: a unit too much as a unit of this plan costs, a client left
 * more than any site and service. */
static void price_faults(cp_site_assign *w)
{
    const cp_siting *s = w->s;
    double demand = 0, dearest = 0;
    for (int32_t j = 0; j < s->n_sites; j++)
        dearest = fmax(dearest, s->fixed[j]);
    double service = 0;
    for (int32_t i = 0; i < s->n_clients; i++) {
        demand += s->demand[i];
        if (s->first[i] < s->first[i + 1])
            service = fmax(service, s->arc_cost[s->first[i + 1] - 1]);
    }
    w->lost_price = 2 * (dearest + service) + 1;
    w->over_price = 0;
    if (demand > 0) w->over_price = w->now.cost / demand;
    if (!(w->over_price > 0)) w->over_price = 1;
}

/* Everybody who has no server is served as well as the open sites allow; the dearest units last. */
static void serve_rest(cp_site_assign *w, cp_rng *rng)
{
    const cp_siting *s = w->s;
    cp_assign_begin(w);
    for (int32_t i = 0; i < s->n_clients; i++)
        if (w->server[i] == NONE) w->bag[w->n_bag++] = i;
    cp_assign_fill(w, rng);
    for (int32_t j = 0; j < s->n_sites; j++)
        if (w->open[j]) cp_assign_enqueue(w, j);
    cp_assign_mend(w);
}

void cp_site_assign_set(cp_site_assign *w, const uint8_t *open, const int32_t *server)
{
    const cp_siting *s = w->s;
    cp_rng rng = cp_rng_new(1, 0);
    for (int32_t j = 0; j < s->n_sites; j++) {
        const int32_t duty = cp_assign_duty(w, j);
        w->open[j] = duty == CP_SITING_OPEN || (open != NULL && open[j] && duty != CP_SITING_SHUT);
    }
    for (int32_t i = 0; i < s->n_clients; i++) {
        const int32_t j = open == NULL || server == NULL ? NONE : server[i];
        w->server[i] = j != NONE && w->open[j] && isfinite(cp_assign_at(w, i, j)) ? j : NONE;
    }
    cp_assign_recount(w);
    price_faults(w);
    cp_assign_begin(w);
    if (open == NULL || w->n_open < s->least_open) cp_assign_build(w);
    price_faults(w);
    serve_rest(w, &rng);
    price_faults(w);
    w->step = w->cycle = 0;
    cp_assign_note(w);
}

/* The price of too much follows how often plans are allowed. */
static void watch(cp_site_assign *w)
{
    w->tried++;
    w->allowed += w->now.over <= w->dust && w->now.lost == 0;
    if (w->tried < WATCH) return;
    if (w->allowed * 10 < w->tried * 2) w->over_price *= 1.1;
    if (w->allowed * 10 > w->tried * 5) w->over_price *= 0.9;
    w->tried = w->allowed = 0;
}

static void start_cycle(cp_site_assign *w)
{
    if (isfinite(w->best_cost)) {
        memcpy(w->open, w->best_open, (size_t)w->s->n_sites * sizeof *w->open);
        memcpy(w->server, w->best_server, (size_t)w->s->n_clients * sizeof *w->server);
    }
    cp_assign_recount(w);
    w->cycle = w->cycle == 0 ? FIRST_CYCLE : 2 * w->cycle;
    w->step = 0;
    w->first_heat = 0;
}

static void round_once(cp_site_assign *w, cp_rng *rng)
{
    const cp_assign_worth before = w->now;
    const double was = cp_assign_priced(w);
    cp_assign_begin(w);
    cp_assign_ruin(w, rng);
    cp_assign_mend(w);
    cp_assign_note(w);
    const double is = cp_assign_priced(w);
    if (w->step < WARM_UP) w->first_heat += fmax(is - was, 0) / WARM_UP * 0.2;
    const double at = (double)w->step / (double)w->cycle;
    w->heat = w->step < WARM_UP ? 0 : w->first_heat * pow(COLD, at);
    if (is > was - w->heat * log(1 - cp_rng_unit(rng))) {
        cp_assign_undo(w);
        w->now = before;
    }
}

void cp_site_assign_search(const cp_ctx *ctx, cp_site_assign *w, cp_rng *rng, int64_t rounds,
                           double until_s)
{
    if (w->s->n_clients == 0) return;
    for (int64_t k = 0; k < rounds; k++) {
        if (k % 16 == 0 && (cp_should_stop(ctx) || cp_cpu_s() >= until_s)) return;
        if (w->step == w->cycle) start_cycle(w);
        round_once(w, rng);
        watch(w);
        w->step++;
    }
}

double cp_site_assign_cost(const cp_site_assign *w)
{
    return w->best_cost;
}

const uint8_t *cp_site_assign_open(const cp_site_assign *w)
{
    return w->best_open;
}

const int32_t *cp_site_assign_server(const cp_site_assign *w)
{
    return w->best_server;
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "models/plan/plan_pool.h"

/* Cassettes of the model that stand in the zone's machines; those for rejects are no part of sets.
 */
static int64_t in_machines(const cp_network *net, const cp_cassette_pool *pool)
{
    int64_t n = 0;
    for (int32_t p = 0; p < net->n_points; p++) {
        const cp_point *point = &net->points[p];
        if (point->kind == CP_POINT_BRANCH || net->sites[point->site].vault != pool->vault)
            continue;
        for (int32_t c = point->first_cassette; c < point->first_cassette + point->n_cassettes; c++)
            n += net->cassettes[c].cassette_model == pool->cassette_model &&
                 net->cassettes[c].role != CP_ROLE_REJECT;
    }
    return n;
}

/* exchanged[t] of one model. */
static void count_exchanged(const cp_network *net, const cp_plan *plan,
                            const cp_cassette_pool *pool, int64_t *exchanged)
{
    for (int32_t t = 0; t <= plan->n_days; t++)
        exchanged[t] = 0;
    for (int32_t i = 0; i < plan->n_visits; i++) {
        const cp_plan_visit *visit = &plan->visits[i];
        const cp_point *p = &net->points[visit->point];
        if (!cp_visit_swaps(visit) || p->kind == CP_POINT_BRANCH ||
            net->sites[p->site].vault != pool->vault)
            continue;
        for (int32_t c = p->first_cassette; c < p->first_cassette + p->n_cassettes; c++)
            exchanged[visit->t] += net->cassettes[c].cassette_model == pool->cassette_model &&
                                   cp_visit_takes_cassette(net, plan, visit, c);
    }
}

static int64_t at_least_zero(int64_t n)
{
    return n > 0 ? n : 0;
}

static void put_days(const cp_network *net, const cp_cassette_pool *pool, const int64_t *exchanged,
                     cp_plan *plan)
{
    const int32_t lead = net->vaults[pool->vault].sort_lead_days;
    const int64_t machines = in_machines(net, pool);
    for (int32_t t = 0; t < plan->n_days; t++) {
        cp_plan_pool *row = &plan->pool[plan->n_pool++];
        row->vault = pool->vault;
        row->model = pool->cassette_model;
        row->t = t;
        row->in_machine = machines;
        row->in_transit = exchanged[t];
        row->uncounted = 0;
        for (int32_t u = t - 1; u >= 0 && u > t - lead; u--)
            row->uncounted += exchanged[u];
        const int64_t away = row->in_transit + row->uncounted;
        const int64_t left = at_least_zero(pool->spare - away);
        row->borrowed = at_least_zero(away - pool->spare);
        row->full = exchanged[t + 1] < left ? exchanged[t + 1] : left;
        row->empty = left - row->full;
    }
}

cp_status cp_plan_pool_make(cp_ctx *ctx, const cp_network *net, cp_plan *plan)
{
    const cp_arena_mark mark = cp_arena_here(ctx->scratch);
    const int32_t n = net->rows.n_cassette_pool;
    int64_t *exchanged = NULL; /* the day after the last one has none */
    CP_NEW(ctx, ctx->scratch, exchanged, plan->n_days + 1);
    CP_NEW(ctx, ctx->run, plan->pool, (size_t)n * (size_t)plan->n_days + 1);
    plan->n_pool = 0;
    for (int32_t i = 0; i < n; i++) {
        count_exchanged(net, plan, &net->rows.cassette_pool[i], exchanged);
        put_days(net, &net->rows.cassette_pool[i], exchanged, plan);
    }
    cp_arena_rewind(ctx->scratch, mark);
    return CP_OK;
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* plan_check_pool.c - are the cassettes where the plan says they are? Carried from day to day. */
#include "models/plan/plan_check_part.h"

/* Cassettes of one model of a vault. What the vault lacks makes `empty` negative: borrowed. */
typedef struct stock {
    int64_t full, empty, machines;
    int64_t *leaving; /* [t] */
    int64_t *sorted;  /* [t]: of those that came back, usable from that morning on */
    int32_t n_days;
} stock;

static void count_cassettes(const cp_check *check, const cp_cassette_pool *pool, stock *s)
{
    const cp_network *net = check->net;
    const int32_t lead =
        net->vaults[pool->vault].sort_lead_days > 0 ? net->vaults[pool->vault].sort_lead_days : 1;
    s->machines = 0;
    for (int32_t t = 0; t <= s->n_days; t++)
        s->leaving[t] = s->sorted[t] = 0;
    for (int32_t c = 0; c < net->n_cassettes; c++) {
        const cp_point *p = &net->points[net->cassettes[c].point];
        if (net->cassettes[c].cassette_model != pool->cassette_model ||
            p->kind == CP_POINT_BRANCH || net->sites[p->site].vault != pool->vault ||
            net->cassettes[c].role == CP_ROLE_REJECT)
            continue;
        s->machines++;
        for (int32_t i = check->first[net->cassettes[c].point];
             i < check->first[net->cassettes[c].point + 1]; i++) {
            const cp_plan_visit *v = &check->plan->visits[check->of_point[i]];
            if (!cp_check_exchanged(check, v, c)) continue;
            s->leaving[v->t]++;
            if (v->t + lead <= s->n_days) s->sorted[v->t + lead]++;
        }
    }
}

/* One day: what is sorted is empty, what leaves is packed, then tomorrow's as far as it goes. */
static void pass_day(stock *s, int32_t t)
{
    s->empty += s->sorted[t];
    s->empty -= s->leaving[t] - s->full;
    s->full = s->leaving[t + 1];
    if (s->full > s->empty) s->full = s->empty > 0 ? s->empty : 0;
    s->empty -= s->full;
}

static cp_status compare(cp_check *check, const cp_cassette_pool *pool, const stock *s,
                         const cp_plan_pool *row, int32_t t)
{
    const cp_network *net = check->net;
    const int64_t borrowed = s->empty < 0 ? -s->empty : 0;
    const int64_t all = row->full + row->in_machine + row->in_transit + row->uncounted + row->empty;
    const bool same = row->vault == pool->vault && row->model == pool->cassette_model &&
                      row->t == t && row->full == s->full && row->in_machine == s->machines &&
                      row->in_transit == s->leaving[t] && row->empty == s->empty + borrowed &&
                      row->borrowed == borrowed && row->uncounted >= 0 &&
                      all == pool->spare + s->machines + borrowed;
    if (same) return CP_OK;
    return cp_check_say(
        check, "pool_states", cp_at_day(t),
        "vault %s model %s: %lld cassettes full, %lld in machines, %lld on the road, %lld empty, "
        "%lld borrowed are written, %lld in all; it follows from the visits: %lld, %lld, %lld, "
        "%lld, %lld, in all %lld",
        net->vaults[pool->vault].code, net->models[pool->cassette_model].code, (long long)row->full,
        (long long)row->in_machine, (long long)row->in_transit, (long long)row->empty,
        (long long)row->borrowed, (long long)all, (long long)s->full, (long long)s->machines,
        (long long)s->leaving[t], (long long)(s->empty + borrowed), (long long)borrowed,
        (long long)(pool->spare + s->machines + borrowed));
}

cp_status cp_check_pool_states(cp_check *check)
{
    const cp_rows *rows = &check->net->rows;
    const cp_plan *plan = check->plan;
    stock s = {.n_days = plan->n_days};
    if (plan->n_pool == 0) return CP_OK;
    if (plan->n_pool != rows->n_cassette_pool * plan->n_days)
        return cp_check_say(check, "pool_states", cp_at_day(-1),
                            "%d rows of cassettes; there must be one for each model and day",
                            (int)plan->n_pool);
    CP_NEW(check->ctx, check->ctx->scratch, s.leaving, plan->n_days + 1);
    CP_NEW(check->ctx, check->ctx->scratch, s.sorted, plan->n_days + 1);
    for (int32_t i = 0; i < rows->n_cassette_pool; i++) {
        count_cassettes(check, &rows->cassette_pool[i], &s);
        s.full = 0;
        s.empty = rows->cassette_pool[i].spare;
        for (int32_t t = 0; t < plan->n_days; t++) {
            pass_day(&s, t);
            CP_TRY(
                compare(check, &rows->cassette_pool[i], &s, &plan->pool[i * plan->n_days + t], t));
        }
    }
    return CP_OK;
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "solver/order/vault_orders.h"

#include <string.h>

/* ---- just in time ---------------------------------------------------------------------------- */

typedef struct greedy {
    const cp_vault_books *b;
    cp_plan *plan;
    int64_t unit;
    int64_t *stock; /* [denom] usable now */
} greedy;

static int64_t unit_of(const cp_vault_books *b)
{
    const cp_central_bank *bank = &b->net->rows.central_bank[b->net->vaults[b->vault].central_bank];
    return bank->order_unit_notes > 0 ? bank->order_unit_notes : 1;
}

static size_t at_day(const cp_vault_books *b, int32_t denom, int32_t t)
{
    return (size_t)denom * (size_t)b->n_days + (size_t)t;
}

static void put_order(greedy *g, int32_t denom, int32_t due, int64_t notes)
{
    cp_plan_order *o = &g->plan->orders[g->plan->n_orders++];
    o->vault = g->b->vault;
    o->denomination = denom;
    o->due_t = due;
    o->t = notes > 0 ? cp_vault_placing_day(g->b->net, g->b->vault, due) : due;
    o->notes = notes;
}

static cp_minor night_value(const greedy *g, int32_t t)
{
    cp_minor value = g->b->rest_minor[t];
    for (int32_t d = 0; d < g->b->n_denoms; d++)
        value += g->stock[d] * g->b->net->denoms[d].value_minor;
    return value;
}

/* Notes that stay: what goes out tomorrow; where no order may be due for some days after a
 * lodgement, what lasts until then. */
static int64_t notes_kept(const greedy *g, int32_t d, int32_t t)
{
    const cp_vault_books *b = g->b;
    const int32_t apart =
        b->net->rows.central_bank[b->net->vaults[b->vault].central_bank].cross_ship_days;
    int64_t most = t + 1 < b->n_days ? b->out[at_day(b, d, t + 1)] : 0, need = 0;
    for (int32_t u = t + 1; u < t + apart && u < b->n_days; u++) {
        need += b->out[at_day(b, d, u)] - b->sorted[at_day(b, d, u)];
        if (need > most) most = need;
    }
    return most;
}

/* May notes be lodged on day t so soon after the last order of them? */
static bool lodging_is_free(const greedy *g, int32_t d, int32_t t)
{
    const cp_vault_books *b = g->b;
    const int32_t apart =
        b->net->rows.central_bank[b->net->vaults[b->vault].central_bank].cross_ship_days;
    for (int32_t i = 0; i < g->plan->n_orders; i++) {
        const cp_plan_order *o = &g->plan->orders[i];
        if (o->vault == b->vault && o->denomination == d && o->notes > 0 && t - o->due_t < apart)
            return false;
    }
    return true;
}

/* Lodge whole units until the night's value is insured; surplus = stock beyond what is kept. */
static void lodge_excess(greedy *g, int32_t t)
{
    const cp_vault_books *b = g->b;
    const cp_minor limit = b->net->vaults[b->vault].insured_minor;
    while (limit > 0 && night_value(g, t) > limit) {
        int32_t most = -1;
        int64_t most_value = 0;
        for (int32_t d = 0; d < b->n_denoms; d++) {
            const int64_t spare = (g->stock[d] - notes_kept(g, d, t)) / g->unit * g->unit;
            if (lodging_is_free(g, d, t) && spare > 0 &&
                spare * b->net->denoms[d].value_minor > most_value) {
                most = d;
                most_value = spare * b->net->denoms[d].value_minor;
            }
        }
        if (most < 0) return;
        const cp_minor each = g->unit * b->net->denoms[most].value_minor;
        int64_t units = (night_value(g, t) - limit + each - 1) / each;
        if (units > most_value / each) units = most_value / each;
        g->stock[most] -= units * g->unit;
        put_order(g, most, t, -units * g->unit);
    }
}

cp_status cp_vault_orders_greedy(cp_ctx *ctx, const cp_vault_books *books, cp_plan *plan)
{
    const cp_arena_mark mark = cp_arena_here(ctx->scratch);
    const cp_vault_books *b = books;
    greedy g = {.b = b, .plan = plan, .unit = unit_of(b)};
    CP_NEW(ctx, ctx->scratch, g.stock, b->n_denoms + 1);
    memcpy(g.stock, b->opening, (size_t)b->n_denoms * sizeof *g.stock);
    for (int32_t t = 0; t < b->n_days; t++) {
        for (int32_t d = 0; d < b->n_denoms; d++) {
            g.stock[d] += b->sorted[at_day(b, d, t)] - b->out[at_day(b, d, t)];
            if (g.stock[d] + b->loan[at_day(b, d, t)] >= 0) continue;
            const int64_t notes = (-g.stock[d] + g.unit - 1) / g.unit * g.unit;
            g.stock[d] += notes;
            put_order(&g, d, t, notes);
        }
        if (cp_vault_bank_works(b->net, b->vault, t)) lodge_excess(&g, t);
    }
    cp_arena_rewind(ctx->scratch, mark);
    return CP_OK;
}

/* ---- the better of the two ------------------------------------------------------------------- */

static cp_status improve(cp_ctx *ctx, const cp_vault_books *b, int32_t first, cp_plan *plan)
{
    const cp_order_mip_opts opts = cp_order_mip_defaults();
    const int32_t n = plan->n_orders - first;
    cp_plan_order *start = NULL;
    double before = 0.0, after = 0.0, bound = 0.0;
    bool found = false;
    CP_NEW(ctx, ctx->scratch, start, n + 1);
    memcpy(start, plan->orders + first, (size_t)n * sizeof *start);
    CP_TRY(cp_order_value(ctx, b, plan, &before));
    plan->n_orders = first;
    CP_TRY(cp_order_mip_solve(ctx, b, &opts, plan, &found, &bound));
    if (found) CP_TRY(cp_order_value(ctx, b, plan, &after));
    const bool better = found && after < before;
    cp_log(&ctx->log, CP_LOG_INFO, "vault %s: orders just in time %.0f, program %.0f, bound %.0f",
           b->net->vaults[b->vault].code, before, found ? after : before, bound);
    if (better) return CP_OK;
    memcpy(plan->orders + first, start, (size_t)n * sizeof *start);
    plan->n_orders = first + n;
    return CP_OK;
}

/* ---- what the stock limits ------------------------------------------------------------------- */

static double at_least_zero(double v)
{
    return v > 0.0 ? v : 0.0;
}

static int64_t moved(const cp_vault_books *b, const cp_plan *plan, int32_t d, int32_t t,
                     int64_t *lodged)
{
    int64_t due = 0;
    *lodged = 0;
    for (int32_t i = 0; i < plan->n_orders; i++) {
        const cp_plan_order *o = &plan->orders[i];
        if (o->vault != b->vault || o->denomination != d || o->due_t != t) continue;
        if (o->notes > 0)
            due += o->notes;
        else
            *lodged -= o->notes;
    }
    return due;
}

/* The limits of the early days leave plan->limits, to stand with those of the days after them:
 * *first by denomination and day, with the duals they have. Where the plan has none yet they are
 * made. */
static cp_status take_early(cp_ctx *ctx, const cp_vault_books *b, int32_t early, cp_plan *plan,
                            cp_plan_limit **first)
{
    const size_t cells = (size_t)b->n_denoms * (size_t)early;
    cp_plan_limit *made = NULL;
    int32_t n = 0, kept = 0;
    CP_NEW(ctx, ctx->scratch, *first, cells + 1);
    CP_NEW(ctx, ctx->scratch, made, cells + 1);
    CP_TRY(cp_vault_early_limits(ctx, b->net, plan, b->vault, made, &n));
    for (int32_t i = 0; i < n; i++)
        (*first)[(size_t)made[i].item * (size_t)early + (size_t)made[i].t] = made[i];
    for (int32_t i = 0; i < plan->n_limits; i++) {
        const cp_plan_limit *l = &plan->limits[i];
        if (l->kind != CP_LIMIT_VAULT_STOCK || l->vault != b->vault)
            plan->limits[kept++] = *l;
        else if (l->t >= 0 && l->t < early)
            (*first)[(size_t)l->item * (size_t)early + (size_t)l->t].dual_minor = l->dual_minor;
    }
    plan->n_limits = kept;
    return CP_OK;
}

/* A note more either goes out with a visit or stays: worth the greater of the two. */
static double greater(double a, double b)
{
    return a > b ? a : b;
}

static cp_status put_limits(cp_ctx *ctx, const cp_vault_books *b, cp_plan *plan)
{
    const cp_minor insured = b->net->vaults[b->vault].insured_minor;
    const int32_t early = cp_vault_early_days(b->net, b->vault);
    cp_order_duals duals;
    cp_plan_limit *first = NULL;
    cp_minor *night = NULL;
    CP_NEW(ctx, ctx->scratch, night, b->n_days + 1);
    CP_TRY(cp_order_duals_make(ctx, b, plan, &duals));
    CP_TRY(take_early(ctx, b, early, plan, &first));
    cp_vault_books_night(b, plan, night, NULL);
    for (int32_t t = 0; t < b->n_days && insured > 0; t++)
        plan->limits[plan->n_limits++] =
            (cp_plan_limit){.kind = CP_LIMIT_VAULT_VALUE,
                            .vault = b->vault,
                            .t = t,
                            .item = -1,
                            .cap = insured,
                            .use = night[t],
                            .dual_minor = at_least_zero(duals.insured_minor[t])};
    for (int32_t d = 0; d < b->n_denoms; d++) {
        int64_t stock = b->opening[d];
        for (int32_t t = 0; t < b->n_days && b->counted[d]; t++) {
            const size_t at = at_day(b, d, t);
            int64_t lodged = 0;
            stock += b->sorted[at] + moved(b, plan, d, t, &lodged);
            if (t < early) {
                cp_plan_limit *limit = &plan->limits[plan->n_limits++];
                *limit = first[(size_t)d * (size_t)early + (size_t)t];
                limit->dual_minor = greater(limit->dual_minor, duals.note_minor[at]);
                stock -= b->out[at] + lodged;
                continue;
            }
            plan->limits[plan->n_limits++] =
                (cp_plan_limit){.kind = CP_LIMIT_VAULT_STOCK,
                                .vault = b->vault,
                                .t = t,
                                .item = d,
                                .cap = stock,
                                .use = b->out[at] + lodged,
                                .dual_minor = at_least_zero(duals.note_minor[at])};
            stock -= b->out[at] + lodged;
        }
    }
    return CP_OK;
}

static cp_status make_room(cp_ctx *ctx, const cp_network *net, cp_plan *plan)
{
    const size_t vaults = (size_t)net->n_vaults, days = (size_t)plan->n_days;
    const size_t more = vaults * days * ((size_t)net->n_denoms + 1);
    cp_plan_limit *limits = NULL;
    CP_NEW(ctx, ctx->run, plan->orders, 3 * vaults * days * (size_t)net->n_denoms + 1);
    CP_NEW(ctx, ctx->run, limits, (size_t)plan->n_limits + more + 1);
    if (plan->n_limits > 0) memcpy(limits, plan->limits, (size_t)plan->n_limits * sizeof *limits);
    plan->limits = limits;
    plan->n_orders = 0;
    return CP_OK;
}

cp_status cp_vault_orders_make(cp_ctx *ctx, const cp_network *net, cp_plan *plan)
{
    CP_TRY(make_room(ctx, net, plan));
    for (int32_t v = 0; v < net->n_vaults; v++) {
        const cp_arena_mark mark = cp_arena_here(ctx->scratch);
        const int32_t first = plan->n_orders;
        cp_vault_books books;
        if (net->vaults[v].central_bank < 0) continue;
        CP_TRY(cp_vault_books_make(ctx, net, plan, v, &books));
        if (!books.known) continue;
        CP_TRY(cp_vault_orders_greedy(ctx, &books, plan));
        if (!cp_should_stop(ctx)) CP_TRY(improve(ctx, &books, first, plan));
        CP_TRY(put_limits(ctx, &books, plan));
        cp_arena_rewind(ctx->scratch, mark);
    }
    return CP_OK;
}

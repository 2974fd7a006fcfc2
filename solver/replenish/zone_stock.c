/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "solver/replenish/zone_stock.h"

#include <string.h>

#include "models/net/slot_mix.h"
#include "models/plan/plan_fill.h"
#include "models/plan/vault_books.h"

/* ---- rows ------------------------------------------------------------------------------------ */

static int64_t common_divisor(int64_t a, int64_t b)
{
    while (b != 0) {
        const int64_t rest = a % b;
        a = b;
        b = rest;
    }
    return a;
}

/* What divides every load of a denomination, in whole loading steps of all mixes. */
static int64_t load_step(const cp_zone *z, int32_t denom)
{
    int64_t step = 0;
    for (int32_t p = 0; p < z->n_points; p++)
        for (int32_t m = 0; m < cp_mix_count(z->net, z->point[p]); m++)
            for (int32_t k = 0; k < z->arcs[p]->n_channels; k++) {
                const cp_channel *c = &cp_mix_channels(z->net, z->point[p], m)[k];
                if (c->denomination == denom && c->role != CP_ROLE_DEPOSIT)
                    step = common_divisor(c->step_notes, step);
            }
    return step < INT32_MAX ? step : 0;
}

cp_status cp_zone_stock_rows(cp_ctx *ctx, cp_zone *z)
{
    const cp_arena_mark mark = cp_arena_here(ctx->scratch);
    const int32_t early = cp_vault_early_days(z->net, z->vault);
    const size_t cells = (size_t)z->net->n_denoms * (size_t)early;
    cp_plan_limit *limit = NULL;
    cp_plan none;
    int32_t n = 0;
    if (early == 0) return CP_OK;
    memset(&none, 0, sizeof none);
    none.n_days = z->n_days;
    z->n_stock_days = early;
    CP_NEW(ctx, ctx->run, z->stock_row, cells);
    CP_NEW(ctx, ctx->scratch, limit, cells);
    CP_TRY(cp_vault_early_limits(ctx, z->net, &none, z->vault, limit, &n));
    for (size_t i = 0; i < cells; i++)
        z->stock_row[i] = -1;
    for (int32_t i = 0; i < n; i++) {
        cp_zone_row *row = &z->row[z->n_rows];
        z->stock_row[limit[i].item * early + limit[i].t] = z->n_rows++;
        memset(row, 0, sizeof *row);
        row->kind = limit[i].kind;
        row->t = limit[i].t;
        row->item = limit[i].item;
        row->cap = limit[i].cap;
        row->relief_minor = limit[i].relief_price_minor;
        if (row->t < z->lead_days) row->step = (int32_t)load_step(z, row->item); /* no returns */
    }
    cp_arena_rewind(ctx->scratch, mark);
    return CP_OK;
}

static int32_t denomination_of(const cp_zone *z, const cp_arcs *a, int32_t k)
{
    return z->net->channels[z->net->points[a->point].first_channel + k].denomination;
}

/* Row of the notes of channel k on day t; -1: none. */
static int32_t row_of(const cp_zone *z, const cp_arcs *a, int32_t k, int32_t t)
{
    return z->stock_row[denomination_of(z, a, k) * z->n_stock_days + t];
}

/* Does a first visit by this mode bring back all that is in the channel? */
static bool brings_back(const cp_zone *z, const cp_arcs *a, const cp_mode *mode, int32_t k)
{
    const cp_channel *c = &z->net->channels[z->net->points[a->point].first_channel + k];
    return !mode->by_branch && ((mode->swapped >> k & 1) != 0 || c->role == CP_ROLE_DEPOSIT);
}

/* ---- uses ------------------------------------------------------------------------------------ */

void cp_zone_stock_out(const cp_zone *z, const cp_arcs *a, int32_t t, const cp_level *level,
                       cp_use_fn *fn, void *user)
{
    for (int32_t k = 0; k < a->n_channels; k++)
        for (int32_t u = t; u < z->n_stock_days && level->notes[k] > 0; u++) {
            const int32_t row = row_of(z, a, k, u);
            if (row >= 0) fn(user, row, level->notes[k]);
        }
}

void cp_zone_stock_back(const cp_zone *z, const cp_arcs *a, int32_t t, int32_t mode, cp_use_fn *fn,
                        void *user)
{
    for (int32_t k = 0; k < a->n_channels && t + z->lead_days < z->n_stock_days; k++) {
        const int64_t notes = a->left[t * a->n_channels + k];
        if (notes == 0 || !brings_back(z, a, &a->mode[mode], k)) continue;
        for (int32_t u = t + z->lead_days; u < z->n_stock_days; u++) {
            const int32_t row = row_of(z, a, k, u);
            if (row >= 0) fn(user, row, -notes);
        }
    }
}

void cp_zone_stock_uses(const cp_zone *z, int32_t zp, const cp_step *steps, int32_t n_steps,
                        cp_use_fn *fn, void *user)
{
    const cp_arcs *a = z->arcs[zp];
    if (n_steps > 0) cp_zone_stock_back(z, a, steps[0].t, steps[0].mode, fn, user);
    for (int32_t i = 0; i < n_steps && steps[i].t < z->n_stock_days; i++)
        cp_zone_stock_out(z, a, steps[i].t, cp_step_level(a, &steps[i]), fn, user);
}

static int64_t notes_of(const cp_zone *z, const cp_arcs *a, const cp_level *level, int32_t denom)
{
    int64_t notes = 0;
    for (int32_t k = 0; k < a->n_channels; k++)
        if (denomination_of(z, a, k) == denom && level->notes[k] > 0) notes += level->notes[k];
    return notes;
}

/* Of a table's arcs from day u (of trails: of lead u): the most that the visit carries out, and the
 * visits after it can, up to day t. */
static int64_t most_of(const cp_zone *z, const cp_arcs *a, const cp_arc_table *tab, int32_t u,
                       int32_t denom, int32_t t, const int64_t *most)
{
    int64_t all = 0;
    for (int32_t i = tab->first[u]; i < tab->first[u + 1]; i++) {
        const int64_t after = tab->until[i] <= t ? most[tab->until[i]] : 0;
        const int64_t notes = notes_of(z, a, &tab->levels[tab->level[i]], denom) + after;
        all = notes > all ? notes : all;
    }
    return all;
}

/* The same of leads from day u. */
static int64_t most_led(const cp_zone *z, const cp_arcs *a, int32_t u, int32_t denom, int32_t t,
                        const int64_t *most)
{
    const cp_arc_table *lead = cp_arcs_table(a, cp_lead_way(a));
    const cp_arc_table *trail = cp_arcs_table(a, cp_trail_way(a));
    int64_t all = 0;
    for (int32_t i = lead->first[u]; i < lead->first[u + 1]; i++) {
        const int64_t own = notes_of(z, a, &lead->levels[lead->level[i]], denom);
        const int64_t after = lead->until[i] <= t ? most_of(z, a, trail, i, denom, t, most) : 0;
        all = own + after > all ? own + after : all;
    }
    return all;
}

/* The most notes of a denomination that any visits on days up to t carry out: the longest path over
 * the arcs that begin there. most: t + 1 numbers, of visits from each day on. */
static int64_t most_out(const cp_zone *z, const cp_arcs *a, int32_t denom, int32_t t, int64_t *most)
{
    int64_t all = 0;
    for (int32_t u = t; u >= 0; u--) {
        most[u] = most_of(z, a, a->table, u, denom, t, most);
        const int64_t led = a->n_leads > 0 ? most_led(z, a, u, denom, t, most) : 0;
        most[u] = led > most[u] ? led : most[u];
        all = most[u] > all ? most[u] : all;
    }
    for (int32_t w = 0; w < a->n_firsts; w++)
        for (int32_t u = 0; u <= t; u++) {
            const int64_t notes = most_of(z, a, a->way[w].table, u, denom, t, most);
            all = notes > all ? notes : all;
        }
    return all;
}

static bool is_first_of(const cp_zone *z, const cp_arcs *a, int32_t k)
{
    for (int32_t j = 0; j < k; j++)
        if (denomination_of(z, a, j) == denomination_of(z, a, k)) return false;
    return true;
}

cp_status cp_zone_stock_most(cp_ctx *ctx, const cp_zone *z, int32_t zp, cp_use_fn *fn, void *user)
{
    const cp_arena_mark mark = cp_arena_here(ctx->scratch);
    const cp_arcs *a = z->arcs[zp];
    int64_t *most = NULL;
    if (z->n_stock_days == 0) return CP_OK;
    CP_NEW(ctx, ctx->scratch, most, z->n_stock_days);
    for (int32_t k = 0; k < a->n_channels; k++) {
        if (!is_first_of(z, a, k)) continue;
        for (int32_t t = 0; t < z->n_stock_days; t++) {
            const int32_t row = row_of(z, a, k, t);
            if (row >= 0) fn(user, row, most_out(z, a, denomination_of(z, a, k), t, most));
        }
    }
    cp_arena_rewind(ctx->scratch, mark);
    return CP_OK;
}

/* ---- prices ---------------------------------------------------------------------------------- */

cp_status cp_zone_stock_prices_new(cp_ctx *ctx, cp_arena *arena, const cp_zone *z,
                                   cp_stock_prices *out)
{
    const size_t days = (size_t)z->n_stock_days;
    memset(out, 0, sizeof *out);
    if (days == 0) return CP_OK;
    CP_NEW(ctx, arena, out->row, days * (size_t)z->net->n_denoms);
    CP_NEW(ctx, arena, out->slope, days * CP_MAX_CHANNELS);
    CP_NEW(ctx, arena, out->first, days * CP_MAX_ALL_MODES);
    return CP_OK;
}

/* slope[t, k]: of a note of channel k that leaves on t, in all rows it uses. */
static void set_slopes(const cp_zone *z, const cp_arcs *a, const double *row_price, double weight,
                       cp_stock_prices *out)
{
    for (int32_t k = 0; k < a->n_channels; k++) {
        double sum = 0.0;
        for (int32_t t = z->n_stock_days - 1; t >= 0; t--) {
            const int32_t row = row_of(z, a, k, t);
            if (row >= 0) sum += weight * row_price[row];
            out->slope[t * CP_MAX_CHANNELS + k] = sum;
            if (sum > 0.0 && t >= out->n_days) out->n_days = t + 1;
        }
    }
}

void cp_zone_stock_slopes(const cp_zone *z, int32_t zp, const double *row_price, double weight,
                          cp_stock_prices *out)
{
    const cp_arcs *a = z->arcs[zp];
    const size_t days = (size_t)z->n_stock_days;
    out->n_days = 0;
    if (days == 0) return;
    memset(out->slope, 0, days * CP_MAX_CHANNELS * sizeof *out->slope);
    memset(out->first, 0, days * CP_MAX_ALL_MODES * sizeof *out->first);
    if (row_price && weight > 0.0) set_slopes(z, a, row_price, weight, out);
    for (int32_t t = 0; t + z->lead_days < out->n_days; t++)
        for (int32_t m = 0; m < a->n_all_modes; m++)
            for (int32_t k = 0; k < a->n_channels; k++)
                if (brings_back(z, a, &a->mode[m], k))
                    out->first[t * CP_MAX_ALL_MODES + m] -=
                        (double)a->left[t * a->n_channels + k] *
                        out->slope[(t + z->lead_days) * CP_MAX_CHANNELS + k];
}

/* What first visits bring back to a row in which notes are missing is worth their relief. */
static void add_returns(const cp_zone *z, const cp_arcs *a, const cp_stock_price *row,
                        cp_stock_prices *out)
{
    const double missing = -row->price.slack;
    for (int32_t t = 0; t + z->lead_days <= row->t; t++)
        for (int32_t m = 0; m < a->n_all_modes; m++) {
            int64_t notes = 0;
            for (int32_t k = 0; k < a->n_channels; k++)
                if ((row->channels >> k & 1) != 0 && brings_back(z, a, &a->mode[m], k))
                    notes += a->left[t * a->n_channels + k];
            out->first[t * CP_MAX_ALL_MODES + m] -=
                row->price.p2 * ((double)notes < missing ? (double)notes : missing);
        }
}

void cp_zone_stock_left(const cp_zone *z, int32_t zp, const int64_t *use, cp_stock_prices *out)
{
    const cp_arcs *a = z->arcs[zp];
    const cp_point *point = &z->net->points[a->point];
    out->n = 0;
    for (int32_t i = 0; i < z->net->n_denoms * z->n_stock_days; i++) {
        const int32_t r = z->stock_row[i];
        if (r < 0) continue;
        const cp_zone_row *row = &z->row[r];
        cp_stock_price *left = &out->row[out->n];
        int64_t room = 0;
        left->channels = 0;
        for (int32_t k = 0; k < point->n_channels; k++) {
            const cp_channel *c = &z->net->channels[point->first_channel + k];
            if (c->denomination != row->item) continue;
            left->channels |= 1u << k;
            room += c->capacity_notes;
        }
        const int64_t slack = row->cap - use[r];
        if (left->channels == 0 || slack >= room) continue;
        left->t = row->t;
        left->price =
            (cp_use_price){0.0, (double)slack, 0.0, 0.0, (double)row->relief_minor, 0.0, 0.0};
        if (slack < 0) add_returns(z, a, left, out);
        out->n++;
    }
    if (out->n > 0) out->n_days = z->n_stock_days;
}

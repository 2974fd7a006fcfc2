/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "models/plan/vault_books.h"

#include <string.h>

#include "models/plan/plan_fill.h"

#define YEAR_PPM (INT64_C(365) * 1000000)

/* ---- books ----------------------------------------------------------------------------------- */

static bool is_latest(const cp_network *net, const cp_vault_stock *s)
{
    for (int32_t i = 0; i < net->rows.n_vault_stock; i++) {
        const cp_vault_stock *o = &net->rows.vault_stock[i];
        if (o->vault == s->vault && o->denomination == s->denomination && o->state == s->state &&
            o->day > s->day && o->day < net->first_day)
            return false;
    }
    return true;
}

static size_t at_day(const cp_vault_books *b, int32_t denom, int32_t t)
{
    return (size_t)denom * (size_t)b->n_days + (size_t)t;
}

/* The latest count of each denomination and state. `rest` gets what is not usable, by day so far
 * only that of the opening. */
static void read_opening(cp_vault_books *b, int32_t lead, int64_t *asleep)
{
    const cp_network *net = b->net;
    for (int32_t i = 0; i < net->rows.n_vault_stock; i++) {
        const cp_vault_stock *s = &net->rows.vault_stock[i];
        if (s->vault != b->vault || s->day >= net->first_day || !is_latest(net, s)) continue;
        b->known = true;
        b->counted[s->denomination] = 1;
        if (s->state == CP_NOTE_NEW || s->state == CP_NOTE_ATM_FIT) {
            b->opening[s->denomination] += s->notes;
            continue;
        }
        asleep[s->denomination] += s->notes;
        if (s->state == CP_NOTE_UNCOUNTED && lead - 1 < b->n_days)
            b->sorted[at_day(b, s->denomination, lead - 1)] += s->notes;
    }
}

/* Visits of the plan; back[] of the day they come. */
static void read_visits(cp_vault_books *b, const cp_plan *plan, int32_t lead, int64_t *back)
{
    const cp_network *net = b->net;
    for (int32_t i = 0; i < plan->n_visits; i++) {
        const cp_plan_visit *v = &plan->visits[i];
        if (net->sites[net->points[v->point].site].vault != b->vault) continue;
        for (int32_t k = v->first_load; k < v->first_load + v->n_loads; k++) {
            const cp_plan_load *load = &plan->loads[k];
            const int32_t d = net->channels[load->channel].denomination;
            if (load->load_notes > 0) b->out[at_day(b, d, v->t)] += load->load_notes;
            if (v->by_branch) continue; /* stays in the branch */
            back[at_day(b, d, v->t)] += load->return_notes;
            if (v->t + lead < b->n_days) b->sorted[at_day(b, d, v->t + lead)] += load->return_notes;
        }
    }
}

cp_status cp_vault_books_make(cp_ctx *ctx, const cp_network *net, const cp_plan *plan,
                              int32_t vault, cp_vault_books *out)
{
    const int32_t lead =
        net->vaults[vault].sort_lead_days > 0 ? net->vaults[vault].sort_lead_days : 1;
    const size_t cells = (size_t)net->n_denoms * (size_t)plan->n_days;
    cp_vault_books b = {
        .net = net, .vault = vault, .n_denoms = net->n_denoms, .n_days = plan->n_days};
    int64_t *back = NULL, *asleep = NULL;
    CP_NEW(ctx, ctx->scratch, b.counted, b.n_denoms + 1);
    CP_NEW(ctx, ctx->scratch, b.opening, b.n_denoms + 1);
    CP_NEW(ctx, ctx->scratch, asleep, b.n_denoms + 1);
    CP_NEW(ctx, ctx->scratch, b.out, cells + 1);
    CP_NEW(ctx, ctx->scratch, b.sorted, cells + 1);
    CP_NEW(ctx, ctx->scratch, b.loan, cells + 1);
    CP_NEW(ctx, ctx->scratch, b.waiting, cells + 1);
    CP_NEW(ctx, ctx->scratch, back, cells + 1);
    CP_NEW(ctx, ctx->scratch, b.rest_minor, b.n_days + 1);
    read_opening(&b, lead, asleep);
    if (b.known) read_visits(&b, plan, lead, back);
    for (int32_t i = 0; i < plan->n_limits; i++) {
        const cp_plan_limit *l = &plan->limits[i];
        if (l->kind == CP_LIMIT_VAULT_STOCK && l->vault == vault && l->t >= 0)
            b.loan[at_day(&b, l->item, l->t)] += l->relief;
    }
    for (int32_t d = 0; d < b.n_denoms && b.known; d++)
        for (int32_t t = 0; t < b.n_days; t++) {
            asleep[d] += back[at_day(&b, d, t)] - b.sorted[at_day(&b, d, t)];
            b.waiting[at_day(&b, d, t)] = asleep[d];
            b.rest_minor[t] += asleep[d] * net->denoms[d].value_minor;
        }
    *out = b;
    return CP_OK;
}

void cp_vault_books_night(const cp_vault_books *books, const cp_plan *plan, cp_minor *night,
                          int64_t *usable)
{
    const cp_vault_books *b = books;
    for (int32_t t = 0; t < b->n_days; t++)
        night[t] = b->rest_minor[t];
    for (int32_t d = 0; d < b->n_denoms; d++) {
        int64_t notes = b->opening[d];
        for (int32_t t = 0; t < b->n_days; t++) {
            notes += b->sorted[at_day(b, d, t)] - b->out[at_day(b, d, t)];
            for (int32_t i = 0; i < plan->n_orders; i++) {
                const cp_plan_order *o = &plan->orders[i];
                if (o->vault == b->vault && o->denomination == d && o->due_t == t)
                    notes += o->notes;
            }
            night[t] += notes * b->net->denoms[d].value_minor;
            if (usable) usable[at_day(b, d, t)] = notes;
        }
    }
    for (int32_t t = 0; t < b->n_days; t++)
        if (night[t] < 0) night[t] = 0;
}

cp_status cp_stock_nights(cp_ctx *ctx, const cp_network *net, const cp_plan *plan,
                          cp_stock_night **out, int32_t *n)
{
    const size_t cells = (size_t)net->n_denoms * (size_t)plan->n_days;
    *n = 0;
    CP_NEW(ctx, ctx->run, *out, (size_t)net->n_vaults * cells + 1);
    for (int32_t v = 0; v < net->n_vaults; v++) {
        const cp_arena_mark mark = cp_arena_here(ctx->scratch);
        cp_vault_books b;
        cp_minor *night = NULL;
        int64_t *usable = NULL;
        CP_TRY(cp_vault_books_make(ctx, net, plan, v, &b));
        CP_NEW(ctx, ctx->scratch, night, b.n_days + 1);
        CP_NEW(ctx, ctx->scratch, usable, cells + 1);
        if (b.known) cp_vault_books_night(&b, plan, night, usable);
        for (int32_t d = 0; d < b.n_denoms && b.known; d++)
            for (int32_t t = 0; t < b.n_days && b.counted[d]; t++)
                (*out)[(*n)++] = (cp_stock_night){v, d, t, usable[at_day(&b, d, t)],
                                                  b.waiting[at_day(&b, d, t)]};
        cp_arena_rewind(ctx->scratch, mark);
    }
    return CP_OK;
}

/* ---- the central bank ------------------------------------------------------------------------ */

bool cp_vault_bank_works(const cp_network *net, int32_t vault, int32_t t)
{
    if (net->vaults[vault].central_bank < 0) return false;
    const cp_central_bank *bank = &net->rows.central_bank[net->vaults[vault].central_bank];
    const cp_day day = net->first_day + t;
    bool working = true;
    if (bank->calendar >= 0 && !cp_calendar_lookup(net, bank->calendar, day, &working))
        working = true;
    return working && (bank->service_days >> cp_weekday(day) & 1);
}

int32_t cp_vault_placing_day(const cp_network *net, int32_t vault, int32_t t)
{
    const int32_t latest = t - net->rows.central_bank[net->vaults[vault].central_bank].lead_days;
    for (int32_t day = latest; day > latest - 14; day--)
        if (cp_vault_bank_works(net, vault, day)) return day;
    return latest;
}

/* ---- the early days -------------------------------------------------------------------------- */

int32_t cp_vault_early_days(const cp_network *net, int32_t vault)
{
    bool known = false;
    if (vault < 0) return 0;
    for (int32_t i = 0; i < net->rows.n_vault_stock; i++)
        known = known || (net->rows.vault_stock[i].vault == vault &&
                          net->rows.vault_stock[i].day < net->first_day);
    if (!known || net->vaults[vault].central_bank < 0) return 0;
    int32_t t = 0;
    while (t < net->n_days && cp_vault_placing_day(net, vault, t) < 0)
        t++;
    return t;
}

/* change[d, t]: notes that leave on day t, less those of first visits that are usable again. */
static cp_status early_changes(cp_ctx *ctx, const cp_vault_books *b, const cp_plan *plan,
                               int32_t early, int64_t *change)
{
    const cp_network *net = b->net;
    const int32_t lead =
        net->vaults[b->vault].sort_lead_days > 0 ? net->vaults[b->vault].sort_lead_days : 1;
    uint8_t *seen = NULL;
    CP_NEW(ctx, ctx->scratch, seen, net->n_points + 1);
    for (int32_t i = 0; i < plan->n_visits && plan->visits[i].t < early; i++) {
        const cp_plan_visit *v = &plan->visits[i];
        const bool fill_up = v->kind == CP_VISIT_ADD && !v->fixed_amount;
        if (net->sites[net->points[v->point].site].vault != b->vault) continue;
        for (int32_t k = v->first_load; k < v->first_load + v->n_loads; k++) {
            const cp_plan_load *load = &plan->loads[k];
            const cp_channel *c = &net->channels[load->channel];
            const int64_t out = fill_up ? load->level_notes : load->load_notes;
            if (out > 0) change[at_day(b, c->denomination, v->t)] += out;
            if (seen[v->point] || v->by_branch || v->t + lead >= early) continue;
            if (cp_load_swaps(v, load) || c->role == CP_ROLE_DEPOSIT)
                change[at_day(b, c->denomination, v->t + lead)] -= load->return_notes;
        }
        seen[v->point] = 1;
    }
    return CP_OK;
}

cp_status cp_vault_early_limits(cp_ctx *ctx, const cp_network *net, const cp_plan *plan,
                                int32_t vault, cp_plan_limit *rows, int32_t *n)
{
    const cp_arena_mark mark = cp_arena_here(ctx->scratch);
    const int32_t early = cp_vault_early_days(net, vault);
    cp_plan none;
    cp_vault_books b;
    int64_t *change = NULL;
    if (early == 0) return CP_OK;
    memset(&none, 0, sizeof none);
    none.n_days = net->n_days;
    CP_TRY(cp_vault_books_make(ctx, net, &none, vault, &b));
    CP_NEW(ctx, ctx->scratch, change, (size_t)b.n_denoms * (size_t)b.n_days + 1);
    CP_TRY(early_changes(ctx, &b, plan, early, change));
    for (int32_t d = 0; d < b.n_denoms; d++) {
        int64_t cap = b.opening[d], use = 0;
        for (int32_t t = 0; t < early && b.counted[d]; t++) {
            cp_plan_limit *row = &rows[(*n)++];
            cap += b.sorted[at_day(&b, d, t)];
            use += change[at_day(&b, d, t)];
            memset(row, 0, sizeof *row);
            row->kind = CP_LIMIT_VAULT_STOCK;
            row->vault = vault;
            row->t = t;
            row->item = d;
            row->cap = cap;
            row->use = use;
            row->relief = row->use > cap ? row->use - cap : 0;
            row->relief_price_minor =
                cp_relief_price(net, CP_LIMIT_VAULT_STOCK, vault, -1, net->first_day + t);
        }
    }
    cp_arena_rewind(ctx->scratch, mark);
    return CP_OK;
}

/* ---- cost ------------------------------------------------------------------------------------ */

static cp_status add(cp_ctx *ctx, cp_cost *cost, cp_cost_item item, int64_t n, int64_t rate,
                     int64_t per)
{
    __int128 whole = (__int128)n * rate;
    if (whole / per > INT64_MAX / 2 ||
        !cp_minor_add(cost->item[item], cp_mul_div(n, rate, per), &cost->item[item]))
        CP_FAIL(ctx, CP_E_RANGE, "cost item %s leaves the range of amounts; check the tariffs",
                cp_cost_item_name(item));
    return CP_OK;
}

static int64_t bundles_of(const cp_network *net, const cp_plan_order *order)
{
    const int64_t unit = net->denoms[order->denomination].bundle_notes;
    const int64_t notes = order->notes > 0 ? order->notes : -order->notes;
    return unit > 0 ? (notes + unit - 1) / unit : 0;
}

static int64_t rate_of(const cp_vault_books *b, cp_tariff_item item, int32_t t)
{
    return cp_tariff_get(b->net, item, b->net->first_day + t, b->vault, -1, -1, -1);
}

static cp_status add_orders(cp_ctx *ctx, const cp_vault_books *b, const cp_plan *plan,
                            cp_cost *cost)
{
    for (int32_t i = 0; i < plan->n_orders; i++) {
        const cp_plan_order *o = &plan->orders[i];
        bool first = o->vault == b->vault;
        if (!first) continue;
        for (int32_t k = 0; k < i; k++)
            first = first && !(plan->orders[k].vault == o->vault && plan->orders[k].t == o->t);
        CP_TRY(add(ctx, cost, CP_COST_ORDERS, bundles_of(b->net, o),
                   rate_of(b, CP_TARIFF_ORDER_BUNDLE_MINOR, o->t), 1));
        if (first)
            CP_TRY(add(ctx, cost, CP_COST_ORDERS, 1, rate_of(b, CP_TARIFF_ORDER_ACCESS_MINOR, o->t),
                       1));
    }
    return CP_OK;
}

/* Bundles of a denomination that are ordered and lodged in the week from day `monday` on. */
static int64_t cross_bundles(const cp_network *net, const cp_plan *plan, int32_t vault,
                             int32_t denom, int32_t monday)
{
    int64_t ordered = 0, lodged = 0;
    for (int32_t i = 0; i < plan->n_orders; i++) {
        const cp_plan_order *o = &plan->orders[i];
        if (o->vault != vault || o->denomination != denom || o->due_t < monday ||
            o->due_t >= monday + 7)
            continue;
        *(o->notes > 0 ? &ordered : &lodged) += bundles_of(net, o);
    }
    return ordered < lodged ? ordered : lodged;
}

int64_t cp_vault_cross_bundles(const cp_network *net, const cp_plan *plan, int32_t vault)
{
    int64_t bundles = 0;
    for (int32_t monday = -cp_weekday(net->first_day); monday < plan->n_days; monday += 7)
        for (int32_t d = 0; d < net->n_denoms; d++)
            bundles += cross_bundles(net, plan, vault, d, monday);
    return bundles;
}

static cp_status add_cross_shipping(cp_ctx *ctx, const cp_vault_books *b, const cp_plan *plan,
                                    int32_t monday, cp_cost *cost)
{
    const int64_t rate = rate_of(b, CP_TARIFF_CROSS_SHIP_BUNDLE_MINOR, monday > 0 ? monday : 0);
    for (int32_t d = 0; d < b->n_denoms && rate > 0; d++)
        CP_TRY(add(ctx, cost, CP_COST_CROSS_SHIP, cross_bundles(b->net, plan, b->vault, d, monday),
                   rate, 1));
    return CP_OK;
}

cp_status cp_vault_cost(cp_ctx *ctx, const cp_vault_books *books, const cp_plan *plan,
                        cp_cost *cost)
{
    const cp_vault_books *b = books;
    const cp_arena_mark mark = cp_arena_here(ctx->scratch);
    cp_minor *night = NULL;
    CP_NEW(ctx, ctx->scratch, night, b->n_days + 1);
    CP_TRY(add_orders(ctx, b, plan, cost));
    for (int32_t monday = -cp_weekday(b->net->first_day); monday < b->n_days; monday += 7)
        CP_TRY(add_cross_shipping(ctx, b, plan, monday, cost));
    if (b->known) cp_vault_books_night(b, plan, night, NULL);
    for (int32_t t = 0; t < b->n_days && b->known; t++)
        CP_TRY(add(ctx, cost, CP_COST_VAULT_HOLD, night[t],
                   rate_of(b, CP_TARIFF_VAULT_HOLD_PPM_YEAR, t), YEAR_PPM));
    cp_arena_rewind(ctx->scratch, mark);
    return CP_OK;
}

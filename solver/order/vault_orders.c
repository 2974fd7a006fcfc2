/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "solver/order/vault_orders.h"

#include <string.h>

typedef struct book {
    cp_ctx *ctx;
    const cp_network *net;
    cp_plan *plan;
    int32_t vault, n_denoms, n_days;
    int64_t *stock; /* [denom] usable now */
    int64_t *out;   /* [denom * n_days + t] */
    int64_t *back;  /* [denom * n_days + t]: usable from t on */
    int32_t cap;    /* orders there is room for */
} book;

/* True when the vault's stock is known at all. */
static bool opening_stock(book *b)
{
    const cp_network *net = b->net;
    bool known = false;
    memset(b->stock, 0, (size_t)b->n_denoms * sizeof *b->stock);
    for (int32_t i = 0; i < net->rows.n_vault_stock; i++) {
        const cp_vault_stock *s = &net->rows.vault_stock[i];
        if (s->vault != b->vault || s->day >= net->first_day) continue;
        known = true;
        if (s->state == CP_NOTE_NEW || s->state == CP_NOTE_ATM_FIT)
            b->stock[s->denomination] += s->notes;
    }
    return known;
}

static void movements(book *b)
{
    const cp_network *net = b->net;
    const int32_t lead = net->vaults[b->vault].sort_lead_days;
    const size_t n = (size_t)b->n_denoms * (size_t)b->n_days;
    memset(b->out, 0, n * sizeof *b->out);
    memset(b->back, 0, n * sizeof *b->back);
    for (int32_t i = 0; i < b->plan->n_visits; i++) {
        const cp_plan_visit *v = &b->plan->visits[i];
        if (net->sites[net->points[v->point].site].vault != b->vault) continue;
        for (int32_t k = v->first_load; k < v->first_load + v->n_loads; k++) {
            const cp_plan_load *load = &b->plan->loads[k];
            const size_t row =
                (size_t)net->channels[load->channel].denomination * (size_t)b->n_days;
            if (load->load_notes > 0) b->out[row + (size_t)v->t] += load->load_notes;
            const int32_t usable = v->t + (lead > 0 ? lead : 1);
            if (usable < b->n_days) b->back[row + (size_t)usable] += load->return_notes;
        }
    }
}

/* The latest day on which an order due on day t can be placed. */
static int32_t placing_day(const book *b, int32_t t)
{
    const cp_central_bank *bank = &b->net->rows.central_bank[b->net->vaults[b->vault].central_bank];
    int32_t day = t - bank->lead_days;
    for (int32_t tries = 0; tries < 14; tries++, day--) {
        const cp_day d = b->net->first_day + day;
        bool working = true;
        if (bank->calendar >= 0 && !cp_calendar_lookup(b->net, bank->calendar, d, &working))
            working = true;
        if (working && (bank->service_days >> cp_weekday(d) & 1)) return day;
    }
    return t - bank->lead_days;
}

static void put_order(book *b, int32_t denom, int32_t due, int64_t notes)
{
    cp_plan_order *o = &b->plan->orders[b->plan->n_orders++];
    o->vault = b->vault;
    o->denomination = denom;
    o->due_t = due;
    o->t = notes > 0 ? placing_day(b, due) : due;
    o->notes = notes;
}

static cp_minor night_value(const book *b)
{
    cp_minor value = 0;
    for (int32_t d = 0; d < b->n_denoms; d++)
        value += b->stock[d] * b->net->denoms[d].value_minor;
    return value;
}

/* Lodge whole units until the night's value is insured; surplus = stock beyond what goes out
 * tomorrow. */
static void lodge_excess(book *b, int32_t t, int64_t unit)
{
    const cp_minor limit = b->net->vaults[b->vault].insured_minor;
    while (limit > 0 && night_value(b) > limit) {
        int32_t most = -1;
        int64_t most_value = 0;
        for (int32_t d = 0; d < b->n_denoms; d++) {
            const int64_t tomorrow =
                t + 1 < b->n_days ? b->out[(size_t)d * (size_t)b->n_days + (size_t)t + 1] : 0;
            const int64_t spare = (b->stock[d] - tomorrow) / unit * unit;
            if (spare > 0 && spare * b->net->denoms[d].value_minor > most_value) {
                most = d;
                most_value = spare * b->net->denoms[d].value_minor;
            }
        }
        if (most < 0) return;
        const cp_minor each = unit * b->net->denoms[most].value_minor;
        int64_t units = (night_value(b) - limit + each - 1) / each;
        if (units > most_value / each) units = most_value / each;
        b->stock[most] -= units * unit;
        put_order(b, most, t, -units * unit);
    }
}

static void walk_days(book *b, int64_t unit)
{
    for (int32_t t = 0; t < b->n_days; t++) {
        for (int32_t d = 0; d < b->n_denoms; d++) {
            const size_t at = (size_t)d * (size_t)b->n_days + (size_t)t;
            b->stock[d] += b->back[at] - b->out[at];
            if (b->stock[d] >= 0) continue;
            const int64_t notes = (-b->stock[d] + unit - 1) / unit * unit;
            b->stock[d] += notes;
            put_order(b, d, t, notes);
        }
        lodge_excess(b, t, unit);
    }
}

cp_status cp_vault_orders_make(cp_ctx *ctx, const cp_network *net, cp_plan *plan)
{
    const cp_arena_mark mark = cp_arena_here(ctx->scratch);
    book b = {ctx, net, plan, 0, net->n_denoms, plan->n_days, NULL, NULL, NULL, 0};
    const size_t n = (size_t)b.n_denoms * (size_t)b.n_days;
    CP_NEW(ctx, ctx->scratch, b.stock, b.n_denoms + 1);
    CP_NEW(ctx, ctx->scratch, b.out, n + 1);
    CP_NEW(ctx, ctx->scratch, b.back, n + 1);
    /* At most one order and a few lodgements a denomination and day. */
    CP_NEW(ctx, ctx->run, plan->orders, 3 * n * (size_t)net->n_vaults + 1);
    plan->n_orders = 0;
    for (b.vault = 0; b.vault < net->n_vaults; b.vault++) {
        const int32_t bank = net->vaults[b.vault].central_bank;
        if (bank < 0 || !opening_stock(&b)) continue;
        const int64_t unit = net->rows.central_bank[bank].order_unit_notes;
        movements(&b);
        walk_days(&b, unit > 0 ? unit : 1);
    }
    cp_arena_rewind(ctx->scratch, mark);
    return CP_OK;
}

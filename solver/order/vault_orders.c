/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "solver/order/vault_orders.h"

#include <string.h>

typedef struct book {
    cp_ctx *ctx;
    const cp_network *net;
    cp_plan *plan;
    int32_t vault, n_denoms, n_days, lead;
    int64_t *stock; /* [denom] usable now */
    int64_t *other; /* [denom] in the vault, not usable: uncounted, unfit, suspect, counter-fit */
    int64_t *uncounted; /* [denom] of these, uncounted when the plan begins */
    int64_t *out;       /* [denom * n_days + t] */
    int64_t *back;      /* [denom * n_days + t]: came back that day */
} book;

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

/* The latest count of each denomination and state; false when the vault's stock is not known. */
static bool opening_stock(book *b)
{
    const cp_network *net = b->net;
    bool known = false;
    const size_t bytes = (size_t)b->n_denoms * sizeof *b->stock;
    memset(b->stock, 0, bytes);
    memset(b->other, 0, bytes);
    memset(b->uncounted, 0, bytes);
    for (int32_t i = 0; i < net->rows.n_vault_stock; i++) {
        const cp_vault_stock *s = &net->rows.vault_stock[i];
        if (s->vault != b->vault || s->day >= net->first_day || !is_latest(net, s)) continue;
        known = true;
        if (s->state == CP_NOTE_NEW || s->state == CP_NOTE_ATM_FIT)
            b->stock[s->denomination] += s->notes;
        else
            b->other[s->denomination] += s->notes;
        if (s->state == CP_NOTE_UNCOUNTED) b->uncounted[s->denomination] += s->notes;
    }
    return known;
}

static void movements(book *b)
{
    const cp_network *net = b->net;
    const size_t n = (size_t)b->n_denoms * (size_t)b->n_days;
    memset(b->out, 0, n * sizeof *b->out);
    memset(b->back, 0, n * sizeof *b->back);
    for (int32_t i = 0; i < b->plan->n_visits; i++) {
        const cp_plan_visit *v = &b->plan->visits[i];
        if (net->sites[net->points[v->point].site].vault != b->vault) continue;
        for (int32_t k = v->first_load; k < v->first_load + v->n_loads; k++) {
            const cp_plan_load *load = &b->plan->loads[k];
            const size_t at =
                (size_t)net->channels[load->channel].denomination * (size_t)b->n_days +
                (size_t)v->t;
            if (load->load_notes > 0) b->out[at] += load->load_notes;
            if (!v->by_branch) b->back[at] += load->return_notes;
        }
    }
}

static const cp_central_bank *bank_of(const book *b)
{
    return &b->net->rows.central_bank[b->net->vaults[b->vault].central_bank];
}

/* Does the central bank work on day t? A day its calendar does not cover counts as one. */
static bool bank_works(const book *b, int32_t t)
{
    const cp_central_bank *bank = bank_of(b);
    const cp_day day = b->net->first_day + t;
    bool working = true;
    if (bank->calendar >= 0 && !cp_calendar_lookup(b->net, bank->calendar, day, &working))
        working = true;
    return working && (bank->service_days >> cp_weekday(day) & 1);
}

/* The latest day on which an order due on day t can be placed; looked for over two weeks, longer
 * than any run of holidays. */
static int32_t placing_day(const book *b, int32_t t)
{
    const int32_t latest = t - bank_of(b)->lead_days;
    for (int32_t day = latest; day > latest - 14; day--)
        if (bank_works(b, day)) return day;
    return latest;
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
        value += (b->stock[d] + b->other[d]) * b->net->denoms[d].value_minor;
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

/* What was counted and sorted today may be loaded tomorrow (plan_check_vault.c books alike). */
static void sorted_today(book *b, int32_t d, int32_t t)
{
    int64_t usable = 0;
    if (t == b->lead - 1) usable += b->uncounted[d];
    if (t >= b->lead) usable += b->back[(size_t)d * (size_t)b->n_days + (size_t)(t - b->lead)];
    b->stock[d] += usable;
    b->other[d] -= usable;
}

static void walk_days(book *b, int64_t unit)
{
    for (int32_t t = 0; t < b->n_days; t++) {
        for (int32_t d = 0; d < b->n_denoms; d++) {
            const size_t at = (size_t)d * (size_t)b->n_days + (size_t)t;
            sorted_today(b, d, t);
            b->stock[d] -= b->out[at];
            b->other[d] += b->back[at];
            if (b->stock[d] >= 0) continue;
            const int64_t notes = (-b->stock[d] + unit - 1) / unit * unit;
            b->stock[d] += notes;
            put_order(b, d, t, notes);
        }
        if (bank_works(b, t)) lodge_excess(b, t, unit);
    }
}

cp_status cp_vault_orders_make(cp_ctx *ctx, const cp_network *net, cp_plan *plan)
{
    const cp_arena_mark mark = cp_arena_here(ctx->scratch);
    book b;
    memset(&b, 0, sizeof b);
    b.ctx = ctx;
    b.net = net;
    b.plan = plan;
    b.n_denoms = net->n_denoms;
    b.n_days = plan->n_days;
    const size_t n = (size_t)b.n_denoms * (size_t)b.n_days;
    CP_NEW(ctx, ctx->scratch, b.stock, b.n_denoms + 1);
    CP_NEW(ctx, ctx->scratch, b.other, b.n_denoms + 1);
    CP_NEW(ctx, ctx->scratch, b.uncounted, b.n_denoms + 1);
    CP_NEW(ctx, ctx->scratch, b.out, n + 1);
    CP_NEW(ctx, ctx->scratch, b.back, n + 1);
    /* At most one order and a few lodgements a denomination and day. */
    CP_NEW(ctx, ctx->run, plan->orders, 3 * n * (size_t)net->n_vaults + 1);
    plan->n_orders = 0;
    for (b.vault = 0; b.vault < net->n_vaults; b.vault++) {
        const int32_t bank = net->vaults[b.vault].central_bank;
        if (bank < 0 || !opening_stock(&b)) continue;
        const int64_t unit = net->rows.central_bank[bank].order_unit_notes;
        b.lead = net->vaults[b.vault].sort_lead_days > 0 ? net->vaults[b.vault].sort_lead_days : 1;
        movements(&b);
        walk_days(&b, unit > 0 ? unit : 1);
    }
    cp_arena_rewind(ctx->scratch, mark);
    return CP_OK;
}

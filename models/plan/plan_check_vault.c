/* SPDX-License-Identifier: GPL-3.0-or-later */
/* plan_check_vault.c - does the vault have the notes that leave it, and may it keep what it has? */
#include <string.h>

#include "models/plan/plan_check_part.h"

#define N_STATES (CP_NOTE_UNCOUNTED + 1)

/* Books of one vault. */
typedef struct books {
    cp_check *check;
    int32_t vault;
    uint8_t *known;   /* by denomination: it has an opening row */
    int64_t *opening; /* [denomination * N_STATES + state] */
    int64_t *gone;    /* [denomination * n_days + t]: out with the cars */
    int64_t *came;    /* the same: back with the cars, not what stays in a branch */
} books;

static size_t at_day(const books *b, int32_t denomination, int32_t t)
{
    return (size_t)denomination * (size_t)b->check->plan->n_days + (size_t)t;
}

/* The latest row of each denomination and state before the plan; false when there is none. */
static cp_status read_opening(books *b, bool *any)
{
    const cp_rows *rows = &b->check->net->rows;
    const size_t cells = (size_t)b->check->net->n_denoms * N_STATES;
    cp_day *day = NULL;
    CP_NEW(b->check->ctx, b->check->ctx->scratch, day, cells);
    for (size_t i = 0; i < cells; i++)
        day[i] = CP_DAY_NONE;
    *any = false;
    for (int32_t i = 0; i < rows->n_vault_stock; i++) {
        const cp_vault_stock *s = &rows->vault_stock[i];
        if (s->vault != b->vault || s->day >= b->check->plan->first_day) continue;
        const size_t cell = (size_t)s->denomination * N_STATES + (size_t)s->state;
        if (s->day < day[cell]) continue;
        day[cell] = s->day;
        b->opening[cell] = s->notes;
        b->known[s->denomination] = 1;
        *any = true;
    }
    return CP_OK;
}

static void read_cars(books *b)
{
    const cp_plan *plan = b->check->plan;
    const cp_network *net = b->check->net;
    for (int32_t i = 0; i < plan->n_visits; i++) {
        const cp_plan_visit *v = &plan->visits[i];
        if (net->sites[net->points[v->point].site].vault != b->vault) continue;
        for (int32_t k = v->first_load; k < v->first_load + v->n_loads; k++) {
            const int32_t d = net->channels[plan->loads[k].channel].denomination;
            if (plan->loads[k].load_notes > 0)
                b->gone[at_day(b, d, v->t)] += plan->loads[k].load_notes;
            if (!v->by_branch) b->came[at_day(b, d, v->t)] += b->check->back_notes[k];
        }
    }
}

static int64_t orders_due(const books *b, int32_t denomination, int32_t t)
{
    int64_t notes = 0;
    for (int32_t i = 0; i < b->check->plan->n_orders; i++) {
        const cp_plan_order *o = &b->check->plan->orders[i];
        if (o->vault == b->vault && o->denomination == denomination && o->due_t == t)
            notes += o->notes;
    }
    return notes;
}

static int64_t of_state(const books *b, int32_t denomination, cp_note_state state)
{
    return b->opening[(size_t)denomination * N_STATES + (size_t)state];
}

/* One denomination through the days; adds to value[t] what all its notes are worth at night. */
static cp_status walk_notes(books *b, int32_t d, cp_minor *value)
{
    const cp_plan *plan = b->check->plan;
    const cp_network *net = b->check->net;
    int32_t lead = net->vaults[b->vault].sort_lead_days;
    int64_t usable = of_state(b, d, CP_NOTE_NEW) + of_state(b, d, CP_NOTE_ATM_FIT);
    int64_t all = 0;
    if (lead < 1) lead = 1;
    for (int32_t s = 0; s < N_STATES; s++)
        all += of_state(b, d, (cp_note_state)s);
    for (int32_t t = 0; t < plan->n_days; t++) {
        const int64_t moved = orders_due(b, d, t) - b->gone[at_day(b, d, t)];
        int64_t extra = 0;
        int64_t relief = 0;
        if (t == lead - 1) usable += of_state(b, d, CP_NOTE_UNCOUNTED);
        if (t >= lead) usable += b->came[at_day(b, d, t - lead)];
        usable += moved;
        all += moved + b->came[at_day(b, d, t)];
        value[t] += all * net->denoms[d].value_minor;
        cp_check_declared(b->check, CP_LIMIT_VAULT_STOCK, b->vault, t, d, &extra, &relief);
        if (b->known[d] && usable + relief < 0)
            CP_TRY(cp_check_say(b->check, "vault_stock", cp_at_day(t),
                                "vault %s: %lld notes of %s are missing in the evening",
                                net->vaults[b->vault].code, (long long)-usable,
                                net->denoms[d].code));
    }
    return CP_OK;
}

static cp_status check_vault(cp_check *check, int32_t vault)
{
    cp_ctx *ctx = check->ctx;
    const cp_network *net = check->net;
    const size_t days = (size_t)check->plan->n_days;
    books b = {.check = check, .vault = vault};
    cp_minor *value = NULL;
    bool any = false;
    CP_NEW(ctx, ctx->scratch, b.known, net->n_denoms);
    CP_NEW(ctx, ctx->scratch, b.opening, (size_t)net->n_denoms * N_STATES);
    CP_NEW(ctx, ctx->scratch, b.gone, (size_t)net->n_denoms * days);
    CP_NEW(ctx, ctx->scratch, b.came, (size_t)net->n_denoms * days);
    CP_NEW(ctx, ctx->scratch, value, days);
    CP_TRY(read_opening(&b, &any));
    if (!any) return CP_OK;
    read_cars(&b);
    for (int32_t d = 0; d < net->n_denoms; d++)
        CP_TRY(walk_notes(&b, d, value));
    const cp_minor limit = net->vaults[vault].insured_minor;
    for (int32_t t = 0; limit > 0 && t < check->plan->n_days; t++)
        if (value[t] > limit)
            CP_TRY(cp_check_say(check, "vault_value", cp_at_day(t),
                                "vault %s holds %lld minor units at night; insured are %lld",
                                net->vaults[vault].code, (long long)value[t], (long long)limit));
    return CP_OK;
}

/* ---- orders ------------------------------------------------------------------------------- */

static bool bank_works(const cp_network *net, const cp_central_bank *bank, cp_day day)
{
    bool working = true;
    if ((bank->service_days >> cp_weekday(day) & 1) == 0) return false;
    if (bank->calendar >= 0 && cp_calendar_lookup(net, bank->calendar, day, &working))
        return working;
    return true;
}

static cp_status check_order(cp_check *check, const cp_plan_order *o)
{
    const cp_network *net = check->net;
    const cp_vault *v = &net->vaults[o->vault];
    const char *denom = net->denoms[o->denomination].code;
    const cp_check_at at = cp_at_day(o->t >= 0 && o->t < check->plan->n_days ? o->t : -1);
    if (v->central_bank < 0)
        return cp_check_say(check, "order", at, "vault %s has no central bank to order %s from",
                            v->code, denom);
    const cp_central_bank *bank = &net->rows.central_bank[v->central_bank];
    const int64_t unit = bank->order_unit_notes > 0 ? bank->order_unit_notes : 1;
    if (o->notes == 0 || o->notes % unit != 0)
        CP_TRY(cp_check_say(check, "order", at,
                            "vault %s: %lld notes of %s are not whole units of "
                            "%lld",
                            v->code, (long long)o->notes, denom, (long long)unit));
    if (o->t < 0) check->verdict->with_relief = true;
    if (!bank_works(net, bank, check->plan->first_day + o->t))
        CP_TRY(cp_check_say(check, "order", at, "vault %s: %s of %s on a day on which %s is closed",
                            v->code, o->notes > 0 ? "an order" : "a lodgement", denom, bank->code));
    if (o->notes > 0 ? o->due_t - o->t < bank->lead_days : o->due_t != o->t)
        CP_TRY(cp_check_say(check, "order", at,
                            "vault %s: %s ordered on day %d cannot be there on "
                            "day %d (lead %d days)",
                            v->code, denom, (int)o->t, (int)o->due_t, (int)bank->lead_days));
    return CP_OK;
}

/* An order against every lodgement of the same notes. */
static cp_status check_cross_shipping(cp_check *check, const cp_plan_order *o)
{
    const cp_network *net = check->net;
    const cp_vault *v = &net->vaults[o->vault];
    if (o->notes <= 0 || v->central_bank < 0) return CP_OK;
    const int32_t apart = net->rows.central_bank[v->central_bank].cross_ship_days;
    for (int32_t i = 0; apart > 0 && i < check->plan->n_orders; i++) {
        const cp_plan_order *l = &check->plan->orders[i];
        if (l->vault != o->vault || l->denomination != o->denomination || l->notes >= 0) continue;
        const int32_t days = l->due_t < o->due_t ? o->due_t - l->due_t : l->due_t - o->due_t;
        if (days >= apart) continue;
        CP_TRY(cp_check_say(check, "cross_ship",
                            cp_at_day(o->due_t < check->plan->n_days ? o->due_t : -1),
                            "vault %s: %lld notes of %s are due on day %d and %lld lodged on day "
                            "%d; must be %d days apart",
                            v->code, (long long)o->notes, net->denoms[o->denomination].code,
                            (int)o->due_t, -(long long)l->notes, (int)l->due_t, (int)apart));
    }
    return CP_OK;
}

cp_status cp_check_vaults(cp_check *check)
{
    for (int32_t v = 0; v < check->net->n_vaults; v++) {
        const cp_arena_mark mark = cp_arena_here(check->ctx->scratch);
        CP_TRY(check_vault(check, v));
        cp_arena_rewind(check->ctx->scratch, mark);
    }
    for (int32_t i = 0; i < check->plan->n_orders; i++) {
        CP_TRY(check_order(check, &check->plan->orders[i]));
        CP_TRY(check_cross_shipping(check, &check->plan->orders[i]));
    }
    return CP_OK;
}

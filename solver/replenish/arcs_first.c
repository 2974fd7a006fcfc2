/* SPDX-License-Identifier: GPL-3.0-or-later */
/* arcs_first.c - the opening, and first visits whose outcome depends on today's stock. */
#include "solver/replenish/arc_builder.h"

static void start_opening(cp_arc_builder *b)
{
    int64_t notes[CP_MAX_CHANNELS];
    for (int32_t k = 0; k < b->sim.n_channels; k++)
        notes[k] = b->sim.channel[k].balance_notes;
    cp_arc_sim_start(&b->sim, notes);
}

void cp_arcb_opening(cp_arc_builder *b)
{
    start_opening(b);
    for (int32_t s = 0; s <= b->n_days; s++) {
        if (s < b->n_days) {
            cp_arc_sim_peek(&b->sim, s);
            b->out->opening[s] = cp_arcb_arc(b, -1, s, 0);
            cp_arc_sim_day(&b->sim, s);
            continue;
        }
        cp_arc arc = {0};
        const int32_t failures = cp_arc_sim_failures(&b->sim);
        const cp_arc_share whole = {1, 1};
        arc.until = (int16_t)s;
        arc.misses = cp_arcb_misses(b, cp_arc_sim_missed(&b->sim));
        arc.cost =
            cp_arcb_stock_cost(b, 0, whole, b->sim.hold_minor, b->sim.refused_minor, failures) +
            (arc.misses ? b->out->miss_minor : 0);
        b->out->opening[s] = arc;
    }
}

/* Carry out a first add of `level` on the residual; returns the notes and value that come back. */
static void add_amount(cp_arc_builder *b, const cp_level *level, const int32_t *residual,
                       int64_t *notes, int64_t *value)
{
    *notes = *value = 0;
    for (int32_t k = 0; k < b->sim.n_channels; k++) {
        const cp_channel *c = &b->sim.channel[k];
        int64_t back = 0;
        for (int32_t w = 0; w < b->sim.n_paths; w++) {
            const size_t at = (size_t)k * (size_t)b->sim.n_paths + (size_t)w;
            const int64_t there = residual[at];
            int64_t after = there + level->notes[k];
            if (after > c->capacity_notes) after = c->capacity_notes;
            if (after < 0 || c->role == CP_ROLE_DEPOSIT) after = 0;
            const int64_t came = level->notes[k] > 0 ? level->notes[k] : 0;
            back += there + came - after;
            b->sim.stock[at] = (int32_t)after;
        }
        *notes += back;
        *value += back * c->value_minor;
    }
}

static cp_status add_arcs_of_day(cp_arc_builder *b, int32_t t, const int32_t *residual)
{
    cp_arcs *a = b->out;
    int32_t n = 0, base = 0;
    bool any = false;
    for (int32_t i = 0; i < a->n_firsts; i++)
        any = any || a->may_visit[a->way[i].mode * b->n_days + t];
    if (!a->may_open[t] || !any) return CP_OK;
    while (a->amount[base].notes)
        base++;
    cp_level_ask ask = cp_arcb_ask(b, t);
    ask.amounts = true;
    ask.residual = residual;
    CP_TRY(cp_arc_levels(b->ctx, &ask, a->amount + base, &n));
    CP_TRY(cp_arcb_pin_levels(b, t, a->amount + base, &n));
    const cp_arc_share whole = {1, 1};
    for (int32_t i = 0; i < n; i++) {
        cp_level *level = &a->amount[base + i];
        int64_t notes = 0, value = 0;
        add_amount(b, level, residual, &notes, &value);
        cp_arc_sim_clear(&b->sim);
        level->entry_minor = cp_arcb_back_cost(b, 0, whole, notes, value);
        level->entry_back = cp_arcb_mean_up(notes, b->sim.n_paths);
        cp_arcb_walk(b, a->amount, t, base + i, 0);
    }
    return cp_arcb_flush(b);
}

/* The stock before a first visit on each day: the opening simulation, kept. */
static cp_status keep_residuals(cp_arc_builder *b, int32_t **out)
{
    const size_t n = (size_t)b->sim.n_channels * (size_t)b->sim.n_paths;
    int32_t *residual = NULL;
    CP_NEW(b->ctx, b->ctx->scratch, residual, n * (size_t)b->n_days);
    start_opening(b);
    for (int32_t t = 0; t < b->n_days; t++) {
        cp_arc_sim_residual(&b->sim, t, residual + n * (size_t)t);
        cp_arc_sim_day(&b->sim, t);
    }
    *out = residual;
    return CP_OK;
}

cp_status cp_arcb_firsts(cp_arc_builder *b)
{
    cp_arcs *a = b->out;
    const size_t n = (size_t)b->sim.n_channels * (size_t)b->sim.n_paths;
    int32_t *residual = NULL, *first = NULL;
    CP_TRY(keep_residuals(b, &residual));
    CP_NEW(b->ctx, b->ctx->run, a->amount, (size_t)b->n_days * CP_LEVELS_PER_DAY + 1);
    CP_NEW(b->ctx, b->ctx->run, first, b->n_days + 1);
    for (int32_t t = 0; t < b->n_days; t++) {
        first[t] = b->n_list;
        CP_TRY(add_arcs_of_day(b, t, residual + n * (size_t)t));
    }
    first[b->n_days] = b->n_list;
    for (int32_t i = 0; i < a->n_firsts; i++)
        a->way[i].first = first;
    return CP_OK;
}

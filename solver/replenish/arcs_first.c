/* SPDX-License-Identifier: GPL-3.0-or-later */
/* arcs_first.c - the opening, and first visits whose outcome depends on today's stock. */
#include <string.h>

#include "solver/replenish/arc_builder.h"

static void start_opening(cp_arc_builder *b)
{
    int64_t notes[CP_MAX_CHANNELS];
    for (int32_t k = 0; k < b->sim.n_channels; k++)
        notes[k] = b->sim.channel[k].balance_notes;
    cp_arc_sim_start(&b->sim, NULL, notes);
}

void cp_arcb_opening(cp_arc_builder *b)
{
    start_opening(b);
    for (int32_t s = 0; s <= b->n_days; s++) {
        if (s < b->n_days) {
            cp_arc_sim_peek(&b->sim, s);
            b->out->opening[s] = cp_arcb_arc(b, -1, s, 0);
            for (int32_t k = 0; k < b->sim.n_channels && s < b->out->n_early; k++)
                b->out->left[s * b->sim.n_channels + k] =
                    cp_arcb_mean_up(b->sim.peek_notes[k], b->sim.n_paths);
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

/* An add to a channel of which something overflows or is taken out on some path; what comes back.
 */
static int64_t add_cut(cp_arc_builder *b, int32_t k, int64_t notes, const int32_t *there)
{
    const int64_t came = notes > 0 ? notes : 0, most = b->sim.channel[k].capacity_notes;
    int32_t *stock = b->sim.stock + (size_t)k * (size_t)b->sim.n_paths;
    int64_t back = 0;
    for (int32_t w = 0; w < b->sim.n_paths; w++) {
        int64_t after = there[w] + notes;
        if (after > most) after = most;
        if (after < 0) after = 0;
        back += there[w] + came - after;
        stock[w] = (int32_t)after;
    }
    return back;
}

/* Carry out a first add of `level` on what is there; returns the notes and value that come back. */
static void add_amount(cp_arc_builder *b, const cp_level *level, int64_t *notes, int64_t *value)
{
    const cp_arc_flows *f = &b->flows;
    *notes = *value = 0;
    cp_arc_sim_begin(&b->sim, f);
    for (int32_t k = 0; k < b->sim.n_channels; k++) {
        const cp_channel *c = &b->sim.channel[k];
        const int64_t add = level->notes[k];
        int64_t back = 0;
        if (c->role == CP_ROLE_DEPOSIT) {
            back = f->sum_there[k] + (add > 0 ? add * f->n_paths : 0);
            cp_arc_sim_put(&b->sim, k, false, 0);
        } else if (f->least_there[k] + add >= 0 && f->most_there[k] + add <= c->capacity_notes) {
            back = add < 0 ? -add * f->n_paths : 0;
            cp_arc_sim_put(&b->sim, k, true, add);
        } else {
            back = add_cut(b, k, add, f->there + (size_t)k * (size_t)f->n_paths);
        }
        *notes += back;
        *value += back * c->value_minor;
    }
}

/* Levels of first visits while they are made: in scratch, those that an arc uses are kept. */
typedef struct level_pool {
    cp_level *level;
    int32_t n, cap;
} level_pool;

static bool way_is_open(const cp_arc_builder *b, int32_t mode, int32_t t)
{
    return b->out->may_open[t] && b->out->may_visit[mode * b->n_days + t];
}

static cp_status add_arcs_of_day(cp_arc_builder *b, int32_t t, const int32_t *residual,
                                 level_pool *pool)
{
    const cp_arcs *a = b->out;
    int32_t n = 0;
    const bool center = a->add_mode >= 0 && way_is_open(b, a->add_mode, t);
    const bool branch = a->branch_mode >= 0 && way_is_open(b, a->branch_mode, t);
    if (!center && !branch) return CP_OK;
    cp_level *levels = pool->level + pool->n;
    cp_arcb_flows(b, t, residual);
    cp_level_ask ask = cp_arcb_ask(b, t);
    ask.amounts = true;
    CP_TRY(cp_arc_levels(b->ctx, &ask, levels, &n));
    CP_TRY(cp_arcb_pin_levels(b, t, levels, &n));
    const cp_arc_share whole = {1, 1};
    for (int32_t k = 0; k < n; k++) { /* the greatest first, as in arcs_build.c */
        const int32_t i = (k + n - 1) % n;
        int64_t notes = 0, value = 0;
        add_amount(b, &levels[i], &notes, &value);
        cp_arc_sim_clear(&b->sim);
        levels[i].entry_minor = cp_arcb_back_cost(b, 0, whole, notes, value);
        levels[i].entry_back = cp_arcb_mean_up(notes, b->sim.n_paths);
        cp_arcb_walk(b, pool->level, t, pool->n + i, 0);
    }
    pool->n += n;
    return cp_arcb_flush(b);
}

/* ---- partial swaps -------------------------------------------------------------------------- */

bool cp_arcb_is_insured(const cp_arc_builder *b, uint32_t swapped, const int64_t *notes,
                        const int32_t *residual)
{
    cp_minor value = 0;
    if (b->point->insured_minor <= 0) return true;
    for (int32_t k = 0; k < b->sim.n_channels; k++) {
        int64_t held = notes[k];
        const int32_t *there = residual + (size_t)k * (size_t)b->sim.n_paths;
        for (int32_t w = 0; w < b->sim.n_paths && !(swapped >> k & 1); w++)
            held = there[w] > held ? there[w] : held;
        value += held * b->sim.channel[k].value_minor;
    }
    return value <= b->point->insured_minor;
}

/* The loads of whole swaps cut down to the channels that are swapped, each once. */
static cp_status partial_levels(cp_arc_builder *b, uint32_t swapped, const int32_t *residual,
                                const cp_level *whole, int32_t n_whole, int32_t most, cp_level *out,
                                int32_t *n_out)
{
    const size_t n_channels = (size_t)b->sim.n_channels;
    *n_out = 0;
    for (int32_t i = 0; i < n_whole && *n_out < most; i++) {
        int64_t *notes = NULL;
        bool known = false;
        CP_NEW(b->ctx, b->ctx->scratch, notes, n_channels);
        cp_level level = {.notes = notes};
        for (size_t k = 0; k < n_channels; k++) {
            notes[k] = swapped >> k & 1 ? whole[i].notes[k] : 0;
            level.out_minor += notes[k] * b->sim.channel[k].value_minor;
        }
        for (int32_t j = 0; j < *n_out && !known; j++)
            known = memcmp(out[j].notes, notes, n_channels * sizeof *notes) == 0;
        if (!known && cp_arcb_is_insured(b, swapped, notes, residual)) out[(*n_out)++] = level;
    }
    return CP_OK;
}

/* Carry out a partial swap; returns the notes and value that come back. */
static void swap_some(cp_arc_builder *b, uint32_t swapped, const cp_level *level, int64_t *notes,
                      int64_t *value)
{
    *notes = *value = 0;
    cp_arc_sim_begin(&b->sim, &b->flows);
    for (int32_t k = 0; k < b->sim.n_channels; k++) {
        const bool is_swapped = swapped >> k & 1;
        cp_arc_sim_put(&b->sim, k, !is_swapped, is_swapped ? level->notes[k] : 0);
        if (!is_swapped) continue;
        *notes += b->flows.sum_there[k];
        *value += b->flows.sum_there[k] * b->sim.channel[k].value_minor;
    }
}

/* First visits on t that swap the channels of one mode; `whole` are the loads of whole swaps. */
static cp_status partial_arcs_of_day(cp_arc_builder *b, int32_t t, int32_t mode,
                                     const int32_t *residual, const cp_level *whole,
                                     int32_t n_whole, level_pool *pool)
{
    const uint32_t swapped = b->out->mode[mode].swapped;
    const cp_arc_share all = {1, 1};
    cp_level *levels = pool->level + pool->n;
    int32_t n = 0;
    CP_TRY(partial_levels(b, swapped, residual, whole, n_whole, pool->cap - pool->n, levels, &n));
    CP_TRY(cp_arcb_pin_levels(b, t, levels, &n));
    cp_arcb_flows(b, t, residual);
    for (int32_t i = 0; i < n; i++) {
        int64_t notes = 0, value = 0;
        swap_some(b, swapped, &levels[i], &notes, &value);
        cp_arc_sim_clear(&b->sim);
        levels[i].entry_minor = cp_arcb_back_cost(b, 0, all, notes, value);
        levels[i].entry_back = cp_arcb_mean_up(notes, b->sim.n_paths);
        cp_arcb_walk(b, pool->level, t, pool->n + i, mode);
    }
    pool->n += n;
    return cp_arcb_flush(b);
}

/* The arcs listed since first[0] are those of a way. */
static cp_status table_way(cp_arc_builder *b, cp_first *way, const level_pool *pool)
{
    const cp_arc_list list = {b->list, b->first, pool->level, b->point->code};
    b->first[b->n_days] = b->n_list;
    return cp_arc_table_make(b->ctx, b->out, &list, way->mode, &way->table);
}

/* All partial swaps of one mode, day by day. */
static cp_status partial_arcs(cp_arc_builder *b, cp_first *way, const int32_t *residual,
                              cp_level *const *whole, const int32_t *n_whole, level_pool *pool)
{
    const size_t n = (size_t)b->sim.n_channels * (size_t)b->sim.n_paths;
    b->n_list = 0;
    for (int32_t t = 0; t < b->n_days; t++) {
        b->first[t] = b->n_list;
        if (!way_is_open(b, way->mode, t)) continue;
        CP_TRY(partial_arcs_of_day(b, t, way->mode, residual + n * (size_t)t, whole[t], n_whole[t],
                                   pool));
    }
    return table_way(b, way, pool);
}

/* Loads of whole swaps by day, as many as all partial swaps together may make of them: arcs count
 * levels with 16 bits. */
static cp_status whole_loads(cp_arc_builder *b, cp_level **whole, int32_t *n_whole)
{
    const int32_t n_partials = b->out->n_all_modes - b->out->n_modes;
    const int32_t most = INT16_MAX / ((n_partials + 1) * b->n_days);
    for (int32_t t = 0; t < b->n_days; t++) {
        if (!b->out->may_open[t]) continue;
        cp_arcb_flows(b, t, NULL);
        const cp_level_ask ask = cp_arcb_ask(b, t);
        CP_NEW_RAW(b->ctx, b->ctx->scratch, whole[t], CP_LEVELS_PER_DAY);
        CP_TRY(cp_arc_levels(b->ctx, &ask, whole[t], &n_whole[t]));
        const int32_t n = n_whole[t];
        if (n <= most || most < 2) continue;
        for (int32_t i = 0; i < most; i++) /* thinned evenly, both ends kept */
            whole[t][i] = whole[t][(int64_t)i * (n - 1) / (most - 1)];
        n_whole[t] = most;
    }
    return CP_OK;
}

static cp_status all_partials(cp_arc_builder *b, const int32_t *residual, level_pool *pool)
{
    cp_arcs *a = b->out;
    cp_level **whole = NULL;
    int32_t *n_whole = NULL;
    if (a->n_all_modes == a->n_modes) return CP_OK;
    CP_NEW(b->ctx, b->ctx->scratch, whole, b->n_days);
    CP_NEW(b->ctx, b->ctx->scratch, n_whole, b->n_days);
    CP_TRY(whole_loads(b, whole, n_whole));
    for (int32_t i = 0; i < a->n_firsts; i++)
        if (a->way[i].mode >= a->n_modes)
            CP_TRY(partial_arcs(b, &a->way[i], residual, whole, n_whole, pool));
    return CP_OK;
}

/* ---- all ------------------------------------------------------------------------------------ */

/* The stock before a first visit on each day: the opening simulation, kept. */
static cp_status keep_residuals(cp_arc_builder *b, int32_t **out)
{
    const size_t n = (size_t)b->sim.n_channels * (size_t)b->sim.n_paths;
    int32_t *residual = NULL;
    CP_NEW_RAW(b->ctx, b->ctx->scratch, residual, n * (size_t)b->n_days);
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
    const int32_t n_partials = a->n_all_modes - a->n_modes;
    cp_arc_table *table[CP_MAX_FIRSTS];
    int32_t *residual = NULL, n_amounts = 0;
    level_pool pool = {NULL, 0, b->n_days * CP_LEVELS_PER_DAY * (1 + n_partials)};
    CP_TRY(keep_residuals(b, &residual));
    CP_NEW_RAW(b->ctx, b->ctx->scratch, pool.level, pool.cap + 1);
    for (int32_t t = 0; t < b->n_days; t++) {
        b->first[t] = b->n_list;
        CP_TRY(add_arcs_of_day(b, t, residual + n * (size_t)t, &pool));
    }
    for (int32_t i = 0; i < a->n_firsts; i++) /* by crews and by the branch: the cost differs */
        if (a->way[i].mode < a->n_modes) CP_TRY(table_way(b, &a->way[i], &pool));
    CP_TRY(all_partials(b, residual, &pool));
    for (int32_t i = 0; i < a->n_firsts; i++)
        table[i] = a->way[i].table;
    return cp_arcb_pack_levels(b, table, a->n_firsts, b->n_days, pool.n, &a->amount, &n_amounts);
}

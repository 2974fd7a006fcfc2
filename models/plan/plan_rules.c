/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "models/plan/plan_rules.h"

#include <string.h>

#include "models/net/cassette_load.h"
#include "models/net/slot_mix.h"

static bool pays_out(const cp_plan_sim *sim, int32_t k)
{
    return sim->channel[k].role != CP_ROLE_DEPOSIT;
}

/* Insertion by falling value; equal values keep the order of the channels. */
static void sort_by_value(const cp_plan_sim *sim, cp_plan_rules *r)
{
    for (int32_t k = 0; k < sim->n_channels; k++) {
        if (!pays_out(sim, k)) continue;
        int32_t at = r->n_pay++;
        while (at > 0 &&
               sim->channel[r->by_value[at - 1]].value_minor < sim->channel[k].value_minor) {
            r->by_value[at] = r->by_value[at - 1];
            at--;
        }
        r->by_value[at] = k;
    }
}

cp_status cp_plan_rules_make(cp_ctx *ctx, const cp_network *net, int32_t point, cp_plan_sim *sim)
{
    const cp_point *p = &net->points[point];
    cp_plan_rules *r = NULL;
    bool low = false;
    for (int32_t k = 0; k < sim->n_channels; k++)
        if (pays_out(sim, k) && sim->channel[k].low_notes > 0) low = net->settings.low_level_counts;
    const bool mix = p->kind == CP_POINT_ATM && p->dispense_rule == CP_DISPENSE_MIX;
    const bool seals = cp_point_keeps_seals(p);
    if (!low && !mix && !seals) return CP_OK;
    CP_NEW(ctx, ctx->scratch, r, 1);
    r->low = low;
    r->mix = mix;
    r->seals = seals;
    r->box = net->cassettes + p->first_cassette;
    r->n_boxes = p->n_cassettes;
    CP_NEW(ctx, ctx->scratch, r->below, sim->n_paths);
    CP_NEW(ctx, ctx->scratch, r->by_value, sim->n_channels);
    CP_NEW(ctx, ctx->scratch, r->missing, sim->n_channels);
    CP_NEW(ctx, ctx->scratch, r->sealed, sim->n_channels);
    CP_NEW(ctx, ctx->scratch, r->load, (size_t)sim->n_channels * (size_t)r->n_boxes);
    sort_by_value(sim, r);
    sim->rules = r;
    return CP_OK;
}

void cp_plan_rules_clear(cp_plan_sim *sim)
{
    memset(sim->rules->below, 0, (size_t)sim->n_paths);
}

/* ---- a part of a day ---------------------------------------------------------------------- */

/* Notes of a day that fall into the part. */
static int64_t cut(const cp_plan_sim *sim, int64_t notes, cp_day_part part)
{
    const int64_t early = notes * sim->before_ppm / 1000000;
    if (part == CP_PART_WHOLE) return notes;
    return part == CP_PART_BEFORE ? early : notes - early;
}

static int64_t *stock_of(const cp_plan_sim *sim, int32_t k, size_t w)
{
    return &sim->stock[(size_t)k * (size_t)sim->n_paths + w];
}

/* Other denominations pay what one could not. */
static void stand_in(const cp_plan_sim *sim, size_t w)
{
    const cp_plan_rules *r = sim->rules;
    for (int32_t i = 0; i < r->n_pay; i++)
        for (int32_t j = 0; j < r->n_pay; j++) {
            const int32_t want = r->by_value[i], by = r->by_value[j];
            const cp_minor value = sim->channel[by].value_minor;
            if (i == j || value <= 0 || sim->channel[want].value_minor < value ||
                sim->channel[want].value_minor % value != 0)
                continue;
            const int64_t notes = sim->channel[want].value_minor / value;
            int64_t paid = *stock_of(sim, by, w) / notes;
            if (paid > r->missing[want]) paid = r->missing[want];
            r->missing[want] -= paid;
            *stock_of(sim, by, w) -= paid * notes;
        }
}

static void run_path(cp_plan_sim *sim, int32_t d, cp_day_part part, size_t w)
{
    const cp_plan_rules *r = sim->rules;
    const size_t n = (size_t)sim->n_paths;
    for (int32_t k = 0; k < sim->n_channels; k++) {
        const size_t at = ((size_t)k * (size_t)sim->n_days + (size_t)d) * n + w;
        const int64_t asked = cut(sim, sim->paths.out[at], part);
        int64_t *stock = stock_of(sim, k, w);
        const int64_t met = asked < *stock ? asked : *stock;
        r->missing[k] = asked - met;
        *stock -= met;
    }
    if (r->mix) stand_in(sim, w);
    for (int32_t k = 0; k < sim->n_channels; k++) {
        const size_t at = ((size_t)k * (size_t)sim->n_days + (size_t)d) * n + w;
        const cp_channel *c = &sim->channel[k];
        int64_t *stock = stock_of(sim, k, w);
        if (r->low && pays_out(sim, k) && *stock < c->low_notes) r->below[w] = 1;
        const int64_t full = *stock + cut(sim, sim->paths.in[at], part);
        *stock = full < c->capacity_notes ? full : c->capacity_notes;
        sim->unmet[w] += r->missing[k];
        sim->refused[w] += full - *stock;
        sim->unmet_minor += (__int128)r->missing[k] * c->value_minor;
        sim->lost_minor += (__int128)(r->missing[k] + full - *stock) * c->value_minor;
    }
}

void cp_plan_rules_part(cp_plan_sim *sim, int32_t d, cp_day_part part)
{
    for (int32_t w = 0; w < sim->n_paths; w++)
        run_path(sim, d, part, (size_t)w);
}

/* ---- seals -------------------------------------------------------------------------------- */

void cp_plan_rules_find_sealed(const cp_plan_sim *sim)
{
    cp_plan_rules *r = sim->rules;
    r->sealed_notes = 0;
    r->sealed_boxes = 0;
    for (int32_t k = 0; r->seals && k < sim->n_channels; k++) {
        r->sealed[k] = 0;
        for (size_t w = 0; w < (size_t)sim->n_paths; w++) {
            int64_t left = *stock_of(sim, k, w);
            for (int32_t i = r->n_boxes - 1; i >= 0; i--) {
                const int64_t load = r->load[(size_t)k * (size_t)r->n_boxes + (size_t)i];
                if (load > left) break;
                left -= load;
                r->sealed[k] += load;
                r->sealed_boxes += load > 0;
            }
        }
        r->sealed_notes += r->sealed[k];
    }
}

void cp_plan_rules_fill(cp_plan_sim *sim, const cp_plan_visit *visit, const cp_plan_load *loads)
{
    cp_plan_rules *r = sim->rules;
    r->box = cp_mix_cassettes(sim->net, sim->point, visit->mix);
    for (int32_t k = 0; r->seals && k < sim->n_channels; k++)
        if (sim->channel[k].role == CP_ROLE_DISPENSE)
            (void)cp_drain_loads(r->box, r->n_boxes, &sim->channel[k], loads[k].load_notes,
                                 r->load + (size_t)k * (size_t)r->n_boxes);
}

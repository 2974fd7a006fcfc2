/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "solver/replenish/arc_rules.h"

#include <string.h>

#include "models/net/cassette_load.h"

static bool pays_out(const cp_channel *c)
{
    return c->role != CP_ROLE_DEPOSIT;
}

/* ---- set-up ------------------------------------------------------------------------------- */

/* The next channel by falling value after `last` (-1: the first); of equal ones the first by index.
 * -1 when there is none. */
static int32_t next_by_value(const cp_arc_sim *sim, int32_t last)
{
    int32_t best = -1;
    for (int32_t k = 0; k < sim->n_channels; k++) {
        const cp_channel *c = &sim->channel[k];
        if (!pays_out(c) || c->value_minor <= 0) continue;
        if (last >= 0) {
            const cp_minor before = sim->channel[last].value_minor;
            if (c->value_minor > before || (c->value_minor == before && k <= last)) continue;
        }
        if (best < 0 || c->value_minor > sim->channel[best].value_minor) best = k;
    }
    return best;
}

static cp_status list_pairs(cp_ctx *ctx, const cp_arc_sim *sim, cp_arc_rules *rules)
{
    const size_t n = (size_t)sim->n_channels;
    CP_NEW(ctx, ctx->scratch, rules->pair, n * n);
    CP_NEW(ctx, ctx->scratch, rules->missing, n * (size_t)sim->n_paths);
    for (int32_t want = next_by_value(sim, -1); want >= 0; want = next_by_value(sim, want))
        for (int32_t by = next_by_value(sim, -1); by >= 0; by = next_by_value(sim, by)) {
            const cp_minor notes = sim->channel[want].value_minor / sim->channel[by].value_minor;
            if (by == want || notes < 1 || notes > INT32_MAX ||
                notes * sim->channel[by].value_minor != sim->channel[want].value_minor)
                continue;
            rules->pair[rules->n_pairs++] = (cp_stand_in){want, by, (int32_t)notes};
        }
    return CP_OK;
}

static cp_status new_seals(cp_ctx *ctx, const cp_network *net, const cp_point *point,
                           const cp_arc_sim *sim, cp_arc_rules *rules)
{
    rules->box = net->cassettes + point->first_cassette;
    rules->n_boxes = point->n_cassettes;
    CP_NEW(ctx, ctx->scratch, rules->load, rules->n_boxes);
    CP_NEW(ctx, ctx->scratch, rules->tail, (size_t)sim->n_channels * ((size_t)rules->n_boxes + 1));
    CP_NEW(ctx, ctx->scratch, rules->n_tail, sim->n_channels);
    return CP_OK;
}

cp_status cp_arc_rules_make(cp_ctx *ctx, const cp_network *net, int32_t point, cp_arc_sim *sim)
{
    const cp_point *p = &net->points[point];
    cp_arc_rules rules;
    memset(&rules, 0, sizeof rules);
    for (int32_t k = 0; k < sim->n_channels; k++)
        rules.low = rules.low || (net->settings.low_level_counts && pays_out(&sim->channel[k]) &&
                                  sim->channel[k].low_notes > 0);
    rules.seals = cp_point_keeps_seals(p);
    rules.has_pre = net->settings.before_visit_ppm > 0;
    const bool mix = p->dispense_rule == CP_DISPENSE_MIX && p->kind == CP_POINT_ATM;
    if (!rules.low && !rules.seals && !mix) return CP_OK;
    CP_NEW(ctx, ctx->scratch, sim->rules, 1);
    CP_NEW(ctx, ctx->scratch, sim->low, sim->n_paths);
    CP_NEW(ctx, ctx->scratch, sim->peek_low, sim->n_paths);
    *sim->rules = rules;
    if (mix) CP_TRY(list_pairs(ctx, sim, sim->rules));
    if (!mix) CP_NEW(ctx, ctx->scratch, sim->rules->missing, sim->n_paths);
    return rules.seals ? new_seals(ctx, net, p, sim, sim->rules) : CP_OK;
}

/* ---- a part of a day ---------------------------------------------------------------------- */

/* What is asked of channel k is paid as far as its stock goes. */
static void withdraw(int32_t n, const int32_t *out, int32_t *stock, int32_t *missing)
{
    for (int32_t w = 0; w < n; w++) {
        const int32_t met = out[w] < stock[w] ? out[w] : stock[w];
        missing[w] = out[w] - met;
        stock[w] -= met;
    }
}

static void stand_in(int32_t n, int32_t notes, int32_t *missing, int32_t *stock)
{
    for (int32_t w = 0; w < n; w++) {
        const int32_t can = stock[w] / notes;
        const int32_t paid = missing[w] < can ? missing[w] : can;
        missing[w] -= paid;
        stock[w] -= paid * notes;
    }
}

static int64_t take_in(int32_t n, int32_t capacity, const int32_t *in, int32_t *stock,
                       int32_t *failed)
{
    int64_t refused = 0;
    for (int32_t w = 0; w < n; w++) {
        const int32_t full = stock[w] + in[w];
        stock[w] = full < capacity ? full : capacity;
        failed[w] |= full - stock[w];
        refused += full - stock[w];
    }
    return refused;
}

typedef struct part {
    const int32_t *out, *in;
    int32_t *stock, *failed, *low;
} part;

/* One part of day t; returns the value unmet or refused, sum over the paths. */
static int64_t run_part(const cp_arc_sim *sim, int32_t t, const part *x)
{
    const cp_arc_rules *r = sim->rules;
    const size_t n = (size_t)sim->n_paths, step = r->pair ? n : 0;
    int64_t lost_minor = 0;
    for (int32_t k = 0; k < sim->n_channels; k++) {
        const size_t at = ((size_t)k * (size_t)sim->n_days + (size_t)t) * n;
        withdraw(sim->n_paths, x->out + at, x->stock + (size_t)k * n,
                 r->missing + (size_t)k * step);
        for (size_t w = 0; w < n && !r->pair; w++) {
            lost_minor += r->missing[w] * sim->channel[k].value_minor;
            x->failed[w] |= r->missing[w];
        }
    }
    for (int32_t i = 0; i < r->n_pairs; i++)
        stand_in(sim->n_paths, r->pair[i].notes, r->missing + (size_t)r->pair[i].want * n,
                 x->stock + (size_t)r->pair[i].by * n);
    for (int32_t k = 0; k < sim->n_channels; k++) {
        const size_t at = ((size_t)k * (size_t)sim->n_days + (size_t)t) * n;
        const cp_channel *c = &sim->channel[k];
        int32_t *stock = x->stock + (size_t)k * n;
        for (size_t w = 0; w < n && r->pair; w++) {
            lost_minor += r->missing[(size_t)k * n + w] * c->value_minor;
            x->failed[w] |= r->missing[(size_t)k * n + w];
        }
        for (size_t w = 0; w < n && r->low && pays_out(c); w++)
            x->low[w] |= stock[w] < c->low_notes;
        const int32_t most = c->capacity_notes < INT32_MAX ? (int32_t)c->capacity_notes : INT32_MAX;
        lost_minor += c->value_minor * take_in(sim->n_paths, most, x->in + at, stock, x->failed);
    }
    return lost_minor;
}

int64_t cp_arc_rules_low(const cp_arc_sim *sim, int32_t k)
{
    return sim->rules && sim->rules->low && pays_out(&sim->channel[k]) ? sim->channel[k].low_notes
                                                                       : 0;
}

void cp_arc_rules_lack(const cp_arc_sim *sim, int32_t k, const int32_t *const *need,
                       const int64_t *notes, int32_t *lack)
{
    const cp_arc_rules *r = sim->rules;
    memcpy(lack, need[k], (size_t)sim->n_paths * sizeof *lack);
    for (int32_t i = 0; i < r->n_pairs; i++) {
        const cp_stand_in *pair = &r->pair[i];
        for (int32_t w = 0; w < sim->n_paths && pair->want == k; w++) {
            const int64_t over = notes[pair->by] - need[pair->by][w];
            const int64_t gives = over > 0 ? over / pair->notes : 0;
            lack[w] = lack[w] > gives ? lack[w] - (int32_t)gives : 0;
        }
    }
}

void cp_arc_rules_both(const cp_arc_sim *sim, const cp_stand_in *pair, const int32_t *need_great,
                       const int32_t *need_small, int64_t notes, int32_t *both)
{
    for (int32_t w = 0; w < sim->n_paths; w++) {
        const int64_t lack = need_great[w] > notes ? need_great[w] - notes : 0;
        const int64_t sum = need_small[w] + lack * pair->notes;
        both[w] = sum < INT32_MAX ? (int32_t)sum : INT32_MAX;
    }
}

static int64_t sum_notes(const cp_arc_sim *sim, const int32_t *stock, int32_t k)
{
    int64_t sum = 0;
    for (size_t w = 0; w < (size_t)sim->n_paths; w++)
        sum += stock[(size_t)k * (size_t)sim->n_paths + w];
    return sum;
}

void cp_arc_rules_live(cp_arc_sim *sim, const int32_t *out, const int32_t *in, int32_t t)
{
    const part x = {out, in, sim->stock, sim->failed, sim->low};
    sim->refused_minor += run_part(sim, t, &x);
    for (int32_t k = 0; k < sim->n_channels; k++)
        sim->hold_minor += sim->channel[k].value_minor * sum_notes(sim, sim->stock, k);
}

void cp_arc_rules_peek(cp_arc_sim *sim, int32_t t)
{
    const part x = {sim->pre_out, sim->pre_in, sim->peek, sim->peek_failed, sim->peek_low};
    const size_t n = (size_t)sim->n_paths;
    memcpy(sim->peek, sim->stock, (size_t)sim->n_channels * n * sizeof *sim->peek);
    memcpy(sim->peek_failed, sim->failed, n * sizeof *sim->failed);
    memcpy(sim->peek_low, sim->low, n * sizeof *sim->low);
    sim->peek_refused_minor = sim->refused_minor;
    if (sim->rules->has_pre) sim->peek_refused_minor += run_part(sim, t, &x);
    for (int32_t k = 0; k < sim->n_channels; k++)
        sim->peek_notes[k] = sum_notes(sim, sim->peek, k);
}

/* ---- seals -------------------------------------------------------------------------------- */

void cp_arc_rules_start(cp_arc_sim *sim, const int64_t *notes)
{
    cp_arc_rules *r = sim->rules;
    for (int32_t k = 0; r->seals && k < sim->n_channels; k++) {
        int64_t *tail = r->tail + (size_t)k * ((size_t)r->n_boxes + 1);
        int32_t n = 0;
        r->n_tail[k] = 0;
        if (sim->channel[k].role != CP_ROLE_DISPENSE) continue;
        (void)cp_drain_loads(r->box, r->n_boxes, &sim->channel[k], notes[k], r->load);
        tail[0] = 0;
        for (int32_t i = r->n_boxes - 1; i >= 0; i--)
            if (r->load[i] > 0) {
                n++;
                tail[n] = tail[n - 1] + r->load[i];
            }
        r->n_tail[k] = n;
    }
}

int64_t cp_arc_rules_sealed(const cp_arc_sim *sim)
{
    const cp_arc_rules *r = sim->rules;
    int64_t sum = 0;
    if (r == NULL || !r->seals) return 0;
    for (int32_t k = 0; k < sim->n_channels; k++) {
        const int64_t *tail = r->tail + (size_t)k * ((size_t)r->n_boxes + 1);
        const int32_t *left = sim->peek + (size_t)k * (size_t)sim->n_paths;
        for (int32_t w = 0; r->n_tail[k] > 0 && w < sim->n_paths; w++) {
            int32_t i = r->n_tail[k];
            while (tail[i] > left[w])
                i--;
            sum += tail[i];
        }
    }
    return sum;
}

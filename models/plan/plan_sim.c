/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "models/plan/plan_sim.h"

#include <string.h>

#include "models/net/slot_mix.h"
#include "models/plan/plan_rules.h"

/* ---- visits by point ---------------------------------------------------------------------- */

bool cp_point_is_planned(const cp_network *net, int32_t point)
{
    const cp_point *p = &net->points[point];
    return p->serviced_by != CP_BY_BRANCH && p->n_channels > 0 && net->sites[p->site].vault >= 0;
}

static cp_status check_visit(cp_ctx *ctx, const cp_network *net, const cp_plan *plan, int32_t i)
{
    const cp_plan_visit *v = &plan->visits[i];
    if (v->point < 0 || v->point >= net->n_points)
        CP_FAIL(ctx, CP_E_INPUT, "visit %d of the plan names point %d; there are %d", (int)i,
                (int)v->point, (int)net->n_points);
    const cp_point *p = &net->points[v->point];
    if (v->t < 0 || v->t >= plan->n_days)
        CP_FAIL(ctx, CP_E_INPUT, "point %s: visit on day %d; the plan has days 0 to %d", p->code,
                (int)v->t, (int)plan->n_days - 1);
    if (i > 0) {
        const cp_plan_visit *b = &plan->visits[i - 1];
        if (b->t > v->t || (b->t == v->t && b->point >= v->point))
            CP_FAIL(ctx, CP_E_INPUT, "point %s: visits of day %d are not in order or not unique",
                    p->code, (int)v->t);
    }
    bool fits = v->n_loads == p->n_channels && v->first_load >= 0 &&
                v->first_load <= plan->n_loads - v->n_loads;
    for (int32_t k = 0; fits && k < v->n_loads; k++)
        fits = plan->loads[v->first_load + k].channel == p->first_channel + k;
    if (!fits)
        CP_FAIL(ctx, CP_E_INPUT, "point %s: the visit on day %d must have one load per channel",
                p->code, (int)v->t);
    return CP_OK;
}

cp_status cp_visit_index_make(cp_ctx *ctx, const cp_network *net, const cp_plan *plan,
                              cp_visit_index *out)
{
    int32_t *next = NULL;
    CP_NEW(ctx, ctx->scratch, out->first, net->n_points + 1);
    CP_NEW(ctx, ctx->scratch, out->visit, plan->n_visits);
    CP_NEW(ctx, ctx->scratch, next, net->n_points + 1);
    for (int32_t i = 0; i < plan->n_visits; i++) {
        CP_TRY(check_visit(ctx, net, plan, i));
        out->first[plan->visits[i].point + 1]++;
    }
    for (int32_t p = 0; p < net->n_points; p++) {
        out->first[p + 1] += out->first[p];
        next[p] = out->first[p];
    }
    for (int32_t i = 0; i < plan->n_visits; i++)
        out->visit[next[plan->visits[i].point]++] = i;
    for (int32_t p = 0; p < net->n_points; p++) {
        if (out->first[p] == out->first[p + 1]) continue;
        const cp_plan_visit *last = &plan->visits[out->visit[out->first[p + 1] - 1]];
        if (last->until < plan->n_days)
            CP_FAIL(ctx, CP_E_INPUT,
                    "point %s: its last visit, on day %d, is laid until day %d; it must reach the "
                    "end of the plan (day %d) or there must be a visit on that day",
                    net->points[p].code, (int)last->t, (int)last->until, (int)plan->n_days);
    }
    return CP_OK;
}

/* ---- simulation --------------------------------------------------------------------------- */

cp_status cp_plan_sim_on(cp_ctx *ctx, const cp_network *net, int32_t point,
                         const cp_point_paths *paths, cp_plan_sim *sim)
{
    const cp_point *p = &net->points[point];
    memset(sim, 0, sizeof *sim);
    sim->paths = *paths;
    sim->net = net;
    sim->point = point;
    sim->channel = net->channels + p->first_channel;
    sim->n_channels = p->n_channels;
    sim->n_days = paths->n_days;
    sim->n_paths = paths->n_paths;
    sim->before_ppm = net->settings.before_visit_ppm;
    const size_t n = (size_t)sim->n_channels * (size_t)sim->n_paths;
    CP_NEW(ctx, ctx->scratch, sim->stock, n);
    CP_NEW(ctx, ctx->scratch, sim->back, n);
    CP_NEW(ctx, ctx->scratch, sim->unmet, sim->n_paths);
    CP_NEW(ctx, ctx->scratch, sim->refused, sim->n_paths);
    CP_NEW(ctx, ctx->scratch, sim->cut_out, sim->n_paths);
    CP_NEW(ctx, ctx->scratch, sim->cut_in, sim->n_paths);
    for (int32_t k = 0; k < sim->n_channels; k++)
        for (int32_t w = 0; w < sim->n_paths; w++)
            sim->stock[(size_t)k * (size_t)sim->n_paths + (size_t)w] =
                sim->channel[k].balance_notes;
    return cp_plan_rules_make(ctx, net, point, sim);
}

cp_status cp_plan_sim_new(cp_ctx *ctx, const cp_network *net, const cp_forecast *forecast,
                          const cp_shares *shares, int32_t point, int32_t n_paths, uint64_t seed,
                          cp_plan_sim *sim)
{
    cp_point_paths paths;
    CP_TRY(cp_point_paths_make(ctx, ctx->scratch, net, forecast, shares, point, n_paths, seed,
                               &paths));
    return cp_plan_sim_on(ctx, net, point, &paths, sim);
}

void cp_plan_sim_clear(cp_plan_sim *sim)
{
    const size_t bytes = (size_t)sim->n_paths * sizeof *sim->unmet;
    memset(sim->unmet, 0, bytes);
    memset(sim->refused, 0, bytes);
    sim->lost_minor = 0;
    sim->unmet_minor = 0;
    sim->hold_minor = 0;
    if (sim->rules) cp_plan_rules_clear(sim);
}

/* Notes of one day and flow that fall into the part. */
static void cut(const cp_plan_sim *sim, const int32_t *day, cp_day_part part, int64_t *out)
{
    const int64_t ppm = part == CP_PART_WHOLE ? 0 : sim->before_ppm;
    for (int32_t w = 0; w < sim->n_paths; w++)
        out[w] = day[w];
    if (part == CP_PART_BEFORE)
        for (int32_t w = 0; w < sim->n_paths; w++)
            out[w] = ppm == 0 ? 0 : out[w] * ppm / 1000000;
    else if (ppm > 0)
        for (int32_t w = 0; w < sim->n_paths; w++)
            out[w] -= out[w] * ppm / 1000000;
}

/* Withdrawals, then deposits, of one channel on all paths; returns notes lost in total, of which
 * *short_notes were unmet. */
static int64_t run_channel(const cp_plan_sim *sim, int64_t capacity, int64_t *restrict stock,
                           int64_t *short_notes)
{
    const int64_t *restrict out = sim->cut_out;
    const int64_t *restrict in = sim->cut_in;
    int64_t *restrict unmet = sim->unmet;
    int64_t *restrict refused = sim->refused;
    int64_t lost = 0;
    int64_t missing = 0;
    for (int32_t w = 0; w < sim->n_paths; w++) {
        const int64_t met = out[w] < stock[w] ? out[w] : stock[w];
        const int64_t full = stock[w] - met + in[w];
        const int64_t kept = full < capacity ? full : capacity;
        unmet[w] += out[w] - met;
        refused[w] += full - kept;
        missing += out[w] - met;
        lost += full - kept;
        stock[w] = kept;
    }
    *short_notes = missing;
    return lost + missing;
}

void cp_plan_sim_part(cp_plan_sim *sim, int32_t d, cp_day_part part)
{
    if (part == CP_PART_BEFORE && sim->before_ppm == 0) return;
    if (sim->rules) {
        cp_plan_rules_part(sim, d, part);
        return;
    }
    const size_t n = (size_t)sim->n_paths;
    for (int32_t k = 0; k < sim->n_channels; k++) {
        const size_t at = ((size_t)k * (size_t)sim->n_days + (size_t)d) * n;
        cut(sim, sim->paths.out + at, part, sim->cut_out);
        cut(sim, sim->paths.in + at, part, sim->cut_in);
        int64_t unmet = 0;
        const int64_t lost =
            run_channel(sim, sim->channel[k].capacity_notes, sim->stock + (size_t)k * n, &unmet);
        sim->unmet_minor += (__int128)unmet * sim->channel[k].value_minor;
        sim->lost_minor += (__int128)lost * sim->channel[k].value_minor;
    }
}

void cp_plan_sim_evening(cp_plan_sim *sim)
{
    for (int32_t k = 0; k < sim->n_channels; k++) {
        const int64_t *stock = sim->stock + (size_t)k * (size_t)sim->n_paths;
        int64_t sum = 0;
        for (int32_t w = 0; w < sim->n_paths; w++)
            sum += stock[w];
        sim->hold_minor += (__int128)sum * sim->channel[k].value_minor;
    }
}

void cp_plan_sim_interval(cp_plan_sim *sim, int32_t t, int32_t s)
{
    if (t >= 0) {
        cp_plan_sim_part(sim, t, CP_PART_AFTER);
        cp_plan_sim_evening(sim);
    }
    for (int32_t d = t + 1; d < s; d++) {
        cp_plan_sim_part(sim, d, CP_PART_WHOLE);
        cp_plan_sim_evening(sim);
    }
    cp_plan_sim_part(sim, s, CP_PART_BEFORE);
}

/* Stock of a channel after the visit when `residual` is left before it. */
static int64_t after_visit(const cp_plan_visit *visit, const cp_plan_load *load,
                           const cp_channel *channel, int64_t residual)
{
    if (visit->kind == CP_VISIT_PICKUP) return channel->role == CP_ROLE_DEPOSIT ? 0 : residual;
    if (channel->role == CP_ROLE_DEPOSIT) return 0;
    if (visit->kind == CP_VISIT_PARTIAL_SWAP && !load->swapped) return residual;
    if (cp_visit_swaps(visit)) return load->load_notes;
    if (!visit->fixed_amount) return load->level_notes;
    const int64_t full = residual + load->load_notes;
    const int64_t kept = full < channel->capacity_notes ? full : channel->capacity_notes;
    return kept > 0 ? kept : 0;
}

void cp_plan_sim_visit(cp_plan_sim *sim, const cp_plan_visit *visit, const cp_plan_load *loads)
{
    if (sim->rules) cp_plan_rules_find_sealed(sim);
    if (visit->kind == CP_VISIT_SWAP && sim->net->points[sim->point].n_mixes > 0)
        sim->channel = cp_mix_channels(sim->net, sim->point, visit->mix);
    if (sim->rules && visit->kind == CP_VISIT_SWAP) cp_plan_rules_fill(sim, visit, loads);
    for (int32_t k = 0; k < sim->n_channels; k++) {
        const cp_channel *c = &sim->channel[k];
        int64_t *stock = sim->stock + (size_t)k * (size_t)sim->n_paths;
        int64_t *back = sim->back + (size_t)k * (size_t)sim->n_paths;
        const bool amount = visit->kind == CP_VISIT_ADD && visit->fixed_amount &&
                            c->role != CP_ROLE_DEPOSIT && loads[k].load_notes > 0;
        const int64_t brought = amount ? loads[k].load_notes : 0;
        for (int32_t w = 0; w < sim->n_paths; w++) {
            const int64_t residual = stock[w];
            stock[w] = after_visit(visit, &loads[k], c, residual);
            back[w] = residual + brought - stock[w];
            if (cp_load_swaps(visit, &loads[k])) back[w] = residual;
            if (back[w] < 0) back[w] = 0; /* filled up: more was put in than was there */
        }
    }
}

void cp_plan_sim_day(cp_plan_sim *sim, int32_t d, const cp_plan_visit *visit,
                     const cp_plan_load *loads)
{
    if (visit == NULL) {
        cp_plan_sim_part(sim, d, CP_PART_WHOLE);
        return;
    }
    cp_plan_sim_part(sim, d, CP_PART_BEFORE);
    cp_plan_sim_visit(sim, visit, loads);
    cp_plan_sim_part(sim, d, CP_PART_AFTER);
}

int64_t cp_plan_sim_failed(const cp_plan_sim *sim)
{
    int64_t n = 0;
    for (int32_t w = 0; w < sim->n_paths; w++)
        n += sim->unmet[w] + sim->refused[w] > 0;
    return n;
}

int64_t cp_plan_sim_missed(const cp_plan_sim *sim)
{
    if (sim->rules == NULL) return cp_plan_sim_failed(sim);
    int64_t n = 0;
    for (int32_t w = 0; w < sim->n_paths; w++)
        n += sim->unmet[w] + sim->refused[w] > 0 || sim->rules->below[w] != 0;
    return n;
}

int64_t cp_plan_sim_sealed_notes(const cp_plan_sim *sim, int32_t k)
{
    return sim->rules ? sim->rules->sealed[k] : 0;
}

int64_t cp_plan_sim_sealed_boxes(const cp_plan_sim *sim)
{
    return sim->rules ? sim->rules->sealed_boxes : 0;
}

static void sum_notes(const cp_plan_sim *sim, const int64_t *notes, bool all, int64_t *sum,
                      __int128 *value_minor)
{
    *sum = 0;
    *value_minor = 0;
    for (int32_t k = 0; k < sim->n_channels; k++) {
        if (!all && sim->channel[k].role != CP_ROLE_DEPOSIT) continue;
        int64_t part = 0;
        for (int32_t w = 0; w < sim->n_paths; w++)
            part += notes[(size_t)k * (size_t)sim->n_paths + (size_t)w];
        *sum += part;
        *value_minor += (__int128)part * sim->channel[k].value_minor;
    }
}

void cp_plan_sim_charged(const cp_plan_sim *sim, const cp_plan_visit *visit, int64_t *notes,
                         __int128 *value_minor)
{
    const bool fill_up = visit->kind == CP_VISIT_ADD && !visit->fixed_amount;
    sum_notes(sim, sim->back, !fill_up, notes, value_minor);
    if (sim->rules) *notes -= sim->rules->sealed_notes;
    if (!visit->by_branch) return;
    *notes = 0;
    *value_minor = 0;
}

void cp_plan_sim_charged_now(const cp_plan_sim *sim, const cp_plan_visit *visit,
                             const cp_plan_load *loads, int64_t *notes, __int128 *value_minor)
{
    *notes = 0;
    *value_minor = 0;
    for (int32_t k = 0; k < sim->n_channels && !visit->by_branch; k++) {
        int64_t part = 0;
        if (!cp_load_swaps(visit, &loads[k]) && sim->channel[k].role != CP_ROLE_DEPOSIT) continue;
        for (int32_t w = 0; w < sim->n_paths; w++)
            part += sim->stock[(size_t)k * (size_t)sim->n_paths + (size_t)w];
        *notes += part;
        *value_minor += (__int128)part * sim->channel[k].value_minor;
    }
    if (sim->rules == NULL) return;
    cp_plan_rules_find_sealed(sim);
    *notes -= sim->rules->sealed_notes;
}

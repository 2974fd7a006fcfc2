/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "solver/replenish/refill_decode.h"

#include <stdlib.h>
#include <string.h>

static int by_day_and_point(const void *a, const void *b)
{
    const cp_plan_visit *x = a, *y = b;
    if (x->t != y->t) return x->t < y->t ? -1 : 1;
    return x->point < y->point ? -1 : x->point > y->point;
}

static int32_t pin_of(const cp_network *net, int32_t point, cp_day day)
{
    for (int32_t i = 0; i < net->rows.n_pin; i++)
        if (net->rows.pin[i].point == point && net->rows.pin[i].day == day &&
            net->rows.pin[i].rule == CP_PIN_MUST)
            return i;
    return -1;
}

static void count(const cp_zone_answer *answers, int32_t n_answers, cp_plan *plan)
{
    for (int32_t v = 0; v < n_answers; v++) {
        const cp_zone *z = answers[v].zone;
        const cp_refill_state *s = answers[v].state;
        for (int32_t p = 0; p < z->n_points; p++) {
            plan->n_visits += s->n_steps[p];
            plan->n_loads += s->n_steps[p] * z->arcs[p]->n_channels;
        }
    }
}

static void decode_step(const cp_network *net, const cp_arcs *a, const cp_step *step,
                        cp_plan_visit *visit)
{
    visit->t = step->t;
    visit->point = a->point;
    visit->kind = a->mode[step->mode].kind;
    visit->fixed_amount = cp_step_is_first(a, step) && visit->kind == CP_VISIT_ADD;
    visit->until = cp_step_until(a, step);
    visit->cassettes = a->mode[step->mode].cassettes;
    visit->relief = cp_step_misses(a, step);
    visit->by_branch = a->mode[step->mode].by_branch;
    visit->mix = cp_step_level(a, step)->mix;
    visit->pin = pin_of(net, a->point, net->first_day + step->t);
}

static void decode_loads(const cp_network *net, const cp_arcs *a, const cp_step *step,
                         const cp_plan_visit *visit, cp_plan_load *loads)
{
    const cp_level *level = cp_step_level(a, step);
    for (int32_t k = 0; k < a->n_channels; k++) {
        cp_plan_load *load = &loads[k];
        load->channel = net->points[a->point].first_channel + k;
        load->level_notes = visit->fixed_amount ? -1 : level->notes[k];
        load->load_notes = level->notes[k];
        if (visit->kind == CP_VISIT_PICKUP) load->level_notes = load->load_notes = 0;
        load->swapped = a->mode[step->mode].swapped >> k & 1;
    }
}

/* Visits sorted by (day, point), their loads in the same order. */
static cp_status decode_visits(cp_ctx *ctx, const cp_network *net, const cp_zone_answer *answers,
                               int32_t n_answers, cp_plan *plan)
{
    const cp_step **step = NULL;
    const cp_arcs **arcs = NULL;
    int32_t n = 0;
    CP_NEW(ctx, ctx->scratch, step, plan->n_visits + 1);
    CP_NEW(ctx, ctx->scratch, arcs, plan->n_visits + 1);
    for (int32_t v = 0; v < n_answers; v++) {
        const cp_zone *z = answers[v].zone;
        for (int32_t p = 0; p < z->n_points; p++)
            for (int32_t i = 0; i < answers[v].state->n_steps[p]; i++) {
                step[n] = &answers[v].state->steps[(size_t)p * (size_t)z->n_days + (size_t)i];
                arcs[n] = z->arcs[p];
                decode_step(net, arcs[n], step[n], &plan->visits[n]);
                plan->visits[n].first_load = n; /* for now: where its step is */
                n++;
            }
    }
    qsort(plan->visits, (size_t)n, sizeof *plan->visits, by_day_and_point);
    int32_t at = 0;
    for (int32_t i = 0; i < n; i++) {
        cp_plan_visit *visit = &plan->visits[i];
        const int32_t from = visit->first_load;
        visit->first_load = at;
        visit->n_loads = arcs[from]->n_channels;
        decode_loads(net, arcs[from], step[from], visit, plan->loads + at);
        at += visit->n_loads;
    }
    return CP_OK;
}

/* Of notes in the vault: one more from that morning on, which all later rows of the first days have
 * too. */
static double worth_of(const cp_zone_answer *answer, int32_t r)
{
    const cp_zone *z = answer->zone;
    const cp_zone_row *row = &z->row[r];
    double worth = answer->row_price[r];
    if (row->kind != CP_LIMIT_VAULT_STOCK) return worth;
    for (int32_t t = row->t + 1; t < z->n_stock_days; t++)
        worth += answer->row_price[z->stock_row[row->item * z->n_stock_days + t]];
    return worth;
}

static void put_row(const cp_zone_answer *answer, int32_t r, cp_plan_limit *limit)
{
    const cp_zone_row *row = &answer->zone->row[r];
    limit->kind = row->kind;
    limit->vault = answer->zone->vault;
    limit->t = row->t;
    limit->item = row->item;
    cp_zone_row_declare(row, answer->state->use[r], limit);
    limit->dual_minor = worth_of(answer, r);
}

static void put_miss(const cp_zone *z, const cp_arcs *a, int32_t t, cp_plan_limit *limit)
{
    limit->kind = CP_LIMIT_SERVICE_LEVEL;
    limit->vault = z->vault;
    limit->t = t;
    limit->item = a->point;
    limit->use = 1;
    limit->relief = 1;
    limit->relief_price_minor = a->miss_minor;
}

/* Declared service relief of one point: the opening interval (t = -1) and those after visits. */
static int32_t put_misses(const cp_zone_answer *answer, int32_t p, cp_plan_limit *out)
{
    const cp_zone *z = answer->zone;
    const cp_arcs *a = z->arcs[p];
    const cp_step *steps = answer->state->steps + (size_t)p * (size_t)z->n_days;
    const int32_t n_steps = answer->state->n_steps[p];
    int32_t n = 0;
    if (a->opening[n_steps > 0 ? steps[0].t : z->n_days].misses) put_miss(z, a, -1, &out[n++]);
    for (int32_t i = 0; i < n_steps; i++)
        if (cp_step_misses(a, &steps[i])) put_miss(z, a, steps[i].t, &out[n++]);
    return n;
}

cp_status cp_refill_decode(cp_ctx *ctx, const cp_network *net, const cp_zone_answer *answers,
                           int32_t n_answers, cp_plan *plan)
{
    const cp_arena_mark mark = cp_arena_here(ctx->scratch);
    int32_t n_limits = 0;
    plan->n_visits = plan->n_loads = 0;
    count(answers, n_answers, plan);
    CP_NEW(ctx, ctx->run, plan->visits, plan->n_visits + 1);
    CP_NEW(ctx, ctx->run, plan->loads, plan->n_loads + 1);
    CP_TRY(decode_visits(ctx, net, answers, n_answers, plan));
    for (int32_t v = 0; v < n_answers; v++)
        n_limits += answers[v].zone->n_rows + answers[v].zone->n_points;
    CP_NEW(ctx, ctx->run, plan->limits, n_limits + plan->n_visits + 1);
    plan->n_limits = 0;
    for (int32_t v = 0; v < n_answers; v++) {
        for (int32_t r = 0; r < answers[v].zone->n_rows; r++)
            put_row(&answers[v], r, &plan->limits[plan->n_limits++]);
        for (int32_t p = 0; p < answers[v].zone->n_points; p++)
            plan->n_limits += put_misses(&answers[v], p, plan->limits + plan->n_limits);
    }
    cp_arena_rewind(ctx->scratch, mark);
    return CP_OK;
}

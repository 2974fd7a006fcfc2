/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "solver/run/alike_run.h"

#include <stdlib.h>

#include "models/route/car_route.h"
#include "models/route/likeness.h"

/* Where two days agree; both have their stops by site. */
static void compare(const cp_drive_day *a, const cp_drive_day *b, int32_t slot_min,
                    cp_alike_day *out)
{
    for (int32_t i = 0, k = 0; i < a->n && k < b->n;) {
        const cp_drive_stop *x = &a->stop[i], *y = &b->stop[k];
        if (x->site != y->site) {
            if (x->site < y->site)
                i++;
            else
                k++;
            continue;
        }
        i++;
        k++;
        /* A way between two sites is seen at the one it leads to, one to the base where it begins.
         */
        if (x->before == y->before) out->ways[out->n_ways++] = (cp_way_again){x->before, x->site};
        if (x->after == CP_BASE_SITE && y->after == CP_BASE_SITE)
            out->ways[out->n_ways++] = (cp_way_again){x->site, CP_BASE_SITE};
        if (abs(x->arrive_min - y->arrive_min) <= slot_min) out->slots[out->n_slots++] = x->site;
    }
}

static cp_status find_again(cp_ctx *ctx, const cp_likeness_ask *ask, cp_alike_day *out)
{
    const cp_likeness_rule rule = cp_likeness_rule_of(&ask->net->settings);
    const cp_drives own = {ask->plan->routes, ask->plan->n_routes, ask->plan->stops};
    const cp_drives *then = out->row->with_t < 0 ? ask->past : &own;
    cp_drive_day day, before = {0};
    CP_TRY(cp_drive_day_make(ctx, ctx->scratch, &own, ask->vault, ask->t, &day));
    if (then != NULL)
        CP_TRY(cp_drive_day_make(ctx, ctx->scratch, then, ask->vault, out->row->with_t, &before));
    CP_NEW(ctx, ctx->run, out->ways, 2 * (size_t)day.n + 1);
    CP_NEW(ctx, ctx->run, out->slots, (size_t)day.n + 1);
    compare(&day, &before, rule.slot_min, out);
    return CP_OK;
}

/* Levels are sorted, the cheapest first and the least alike last. */
static void choose(cp_alike_day *out)
{
    out->keeps = -1;
    out->least = out->levels.n - 1;
    for (int32_t i = 0; i < out->levels.n && out->keeps < 0; i++)
        if (cp_likeness_above(out->levels.level[i].likeness.likeness_ppm, out->row->limit_pct) == 0)
            out->keeps = i;
}

static cp_status study_day(cp_ctx *ctx, const cp_likeness_ask *all, const cp_plan_likeness *row,
                           cp_alike_day *out)
{
    const cp_arena_mark mark = cp_arena_here(ctx->scratch);
    const cp_drives own = {all->plan->routes, all->plan->n_routes, all->plan->stops};
    cp_likeness_ask ask = *all;
    ask.t = row->t;
    ask.vault = row->vault;
    *out = (cp_alike_day){.row = row};
    CP_TRY(find_again(ctx, &ask, out));
    CP_TRY(cp_car_drives_cost(ctx, ask.net, &own, ask.vault, ask.t, &out->cost_minor));
    CP_TRY(cp_likeness_run(ctx, &ask, &out->levels));
    choose(out);
    cp_arena_rewind(ctx->scratch, mark);
    return CP_OK;
}

cp_status cp_alike_run(cp_ctx *ctx, const cp_likeness_ask *ask, cp_alike_days *out)
{
    *out = (cp_alike_days){0};
    CP_NEW(ctx, ctx->run, out->day, ask->plan->n_likeness + 1);
    for (int32_t i = 0; i < ask->plan->n_likeness; i++) {
        const cp_plan_likeness *row = &ask->plan->likeness[i];
        if (row->above_pct <= 0 || (ask->t >= 0 && row->t != ask->t) ||
            (ask->vault >= 0 && row->vault != ask->vault))
            continue;
        cp_progress(ctx, "likeness", i, ask->plan->n_likeness);
        CP_TRY(study_day(ctx, ask, row, &out->day[out->n++]));
    }
    return CP_OK;
}

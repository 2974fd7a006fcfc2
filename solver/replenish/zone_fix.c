/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "solver/replenish/zone_fix.h"

#include <string.h>

cp_status cp_visit_fix_new(cp_ctx *ctx, const cp_zone *zone, cp_visit_fix *fix)
{
    const size_t cells = (size_t)zone->n_points * (size_t)zone->n_days;
    CP_NEW(ctx, ctx->run, fix->visit, cells);
    CP_NEW(ctx, ctx->run, fix->barred, cells);
    CP_NEW(ctx, ctx->run, fix->out_min, cells);
    CP_NEW(ctx, ctx->run, fix->out_max, cells);
    CP_NEW(ctx, ctx->run, fix->least, zone->n_days);
    CP_NEW(ctx, ctx->run, fix->most, zone->n_days);
    CP_NEW(ctx, ctx->run, fix->notes, cp_note_cell(zone, zone->n_points, 0, 0) + 1);
    cp_visit_fix_clear(fix, zone);
    return CP_OK;
}

void cp_visit_fix_clear(cp_visit_fix *fix, const cp_zone *zone)
{
    const size_t cells = (size_t)zone->n_points * (size_t)zone->n_days;
    memset(fix->visit, 0, cells * sizeof *fix->visit);
    memset(fix->barred, 0, cells * sizeof *fix->barred);
    for (size_t i = 0; i < cells; i++) {
        fix->out_min[i] = 0;
        fix->out_max[i] = INT64_MAX;
    }
    for (int32_t t = 0; t < zone->n_days; t++) {
        fix->least[t] = 0;
        fix->most[t] = zone->n_points;
    }
    fix->any_notes = false;
    for (size_t i = 0; i < cp_note_cell(zone, zone->n_points, 0, 0); i++)
        fix->notes[i] = (cp_note_range){0, INT64_MAX};
}

static void bound_notes(cp_visit_fix *fix, const cp_zone *zone, const cp_visit_change *c)
{
    cp_note_range *range = &fix->notes[cp_note_cell(zone, c->point, c->t, c->channel)];
    if (c->up && c->n + 1 > range->least) range->least = c->n + 1;
    if (!c->up && c->n < range->most) range->most = c->n;
    fix->any_notes = true;
}

/* Fixings that are stricter already stay. */
void cp_visit_change_apply(cp_visit_fix *fix, const cp_zone *zone, const cp_visit_change *c)
{
    const size_t at = (size_t)c->point * (size_t)zone->n_days + (size_t)c->t;
    switch (c->kind) {
    case CP_CHANGE_DAY:
        if (c->up && c->n + 1 > fix->least[c->t]) fix->least[c->t] = (int32_t)c->n + 1;
        if (!c->up && c->n < fix->most[c->t]) fix->most[c->t] = (int32_t)c->n;
        break;
    case CP_CHANGE_VISIT:
        fix->visit[at] = c->up ? 1 : -1;
        break;
    case CP_CHANGE_MODE:
        if (c->up) fix->visit[at] = 1;
        fix->barred[at] |= c->up ? ~((uint64_t)1 << c->n) : (uint64_t)1 << c->n;
        break;
    case CP_CHANGE_OUT:
        if (c->up) fix->visit[at] = 1;
        if (c->up && c->n + 1 > fix->out_min[at]) fix->out_min[at] = c->n + 1;
        if (!c->up && c->n < fix->out_max[at]) fix->out_max[at] = c->n;
        break;
    case CP_CHANGE_NOTES:
        if (c->up) fix->visit[at] = 1;
        bound_notes(fix, zone, c);
        break;
    }
}

/* Do the notes of a visit on t lie in the ranges? */
static bool notes_fit(const cp_zone *z, const cp_visit_fix *fix, int32_t p, const cp_step *step)
{
    const cp_level *level = cp_step_level(z->arcs[p], step);
    for (int32_t k = 0; step->t < z->n_stock_days && k < z->arcs[p]->n_channels; k++) {
        const cp_note_range *range = &fix->notes[cp_note_cell(z, p, step->t, k)];
        const int64_t notes = level->notes[k] > 0 ? level->notes[k] : 0;
        if (notes < range->least || notes > range->most) return false;
    }
    return true;
}

bool cp_visit_fix_fits(const cp_zone *z, const cp_site_plan *plan, const cp_visit_fix *fix)
{
    const int32_t first = z->first_point[plan->site];
    const int32_t n = z->first_point[plan->site + 1] - first;
    for (int32_t k = 0; k < n; k++) {
        const size_t own = (size_t)(first + k) * (size_t)z->n_days;
        int32_t asked = 0;
        for (int32_t t = 0; t < z->n_days; t++)
            asked += fix->visit[own + (size_t)t] > 0;
        for (int32_t i = plan->first[k]; i < plan->first[k + 1]; i++) {
            const cp_step *step = &plan->steps[i];
            const size_t at = own + (size_t)step->t;
            const cp_minor out = cp_step_level(z->arcs[first + k], step)->out_minor;
            if (fix->visit[at] < 0 || (fix->barred[at] >> step->mode & 1) != 0) return false;
            if (out < fix->out_min[at] || out > fix->out_max[at]) return false;
            if (fix->any_notes && !notes_fit(z, fix, first + k, step)) return false;
            asked -= fix->visit[at] > 0;
        }
        if (asked > 0) return false;
    }
    return true;
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* demand_event.c - calendars of points that have events of their own. */
#include <string.h>

#include "models/base/rng.h"
#include "models/demand/demand_calendar.h"

/* Positions of an event's name: days before, its days, days after. */
enum { BEFORE = 3, INSIDE = 10, AFTER = 2, N_POSITIONS = BEFORE + INSIDE + AFTER };

static bool is_of(const cp_network *net, const cp_event *e, int32_t p)
{
    const cp_point *point = &net->points[p];
    if (e->point >= 0 && e->point != p) return false;
    if (e->vault >= 0 && net->sites[point->site].vault != e->vault) return false;
    return e->segment[0] == '\0' ||
           (point->segment != NULL && strcmp(e->segment, point->segment) == 0);
}

/* Place of a day in an event; -1: too far. */
static int32_t position(const cp_event *e, cp_day day)
{
    if (day < e->first_day)
        return e->first_day - day <= BEFORE ? BEFORE - (e->first_day - day) : -1;
    if (day > e->last_day)
        return day - e->last_day <= AFTER ? BEFORE + INSIDE - 1 + (day - e->last_day) : -1;
    const int32_t nth = day - e->first_day;
    return BEFORE + (nth < INSIDE ? nth : INSIDE - 1);
}

/* Columns of the names that the history has seen: first[e] of event row e, -1 = never seen. Rows
 * are sorted by code, so the numbers hang on the data alone. */
static cp_status number_events(cp_ctx *ctx, const cp_network *net, cp_day learn_end,
                               cp_demand_calendar *base, int32_t *first)
{
    const cp_rows *r = &net->rows;
    base->event_first = base->n_cols;
    for (int32_t e = 0; e < r->n_event; e++)
        first[e] = -1;
    for (int32_t e = 0; e < r->n_event; e++) {
        const cp_event *event = &r->event[e];
        if (first[e] >= 0 || event->first_day >= learn_end || event->last_day < base->first_day)
            continue;
        for (int32_t k = 0; k < r->n_event; k++)
            if (strcmp(r->event[k].name, event->name) == 0) first[k] = base->n_cols;
        base->n_cols += N_POSITIONS;
    }
    if (base->n_cols > UINT16_MAX)
        CP_FAIL(ctx, CP_E_INPUT, "events have %d days with names; more than can be told apart",
                (int)(base->n_cols - base->event_first));
    uint8_t *family = NULL;
    CP_NEW(ctx, ctx->run, family, base->n_cols);
    memcpy(family, base->family, (size_t)base->event_first * sizeof *family);
    memset(family + base->event_first, CP_EFFECT_NAMED, (size_t)(base->n_cols - base->event_first));
    base->family = family;
    return CP_OK;
}

/* The day's columns and those of the events in list[0..n). */
static int32_t day_columns(const cp_network *net, const cp_demand_calendar *base,
                           const int32_t *first, const int32_t *list, int32_t n, int32_t i,
                           cp_demand_calendar *c)
{
    int32_t at = c->start[i];
    for (int32_t k = base->start[i]; k < base->start[i + 1]; k++)
        c->col[at++] = base->col[k];
    for (int32_t k = 0; k < n; k++) {
        const int32_t place = position(&net->rows.event[list[k]], base->first_day + i);
        if (place < 0) continue;
        c->special[i] = 1;
        c->event[i] = 1;
        bool there = first[list[k]] < 0;
        for (int32_t j = c->start[i]; j < at && !there; j++)
            there = c->col[j] == first[list[k]] + place;
        if (!there) c->col[at++] = (uint16_t)(first[list[k]] + place);
    }
    return at;
}

static cp_status copy_with(cp_ctx *ctx, const cp_network *net, const cp_demand_calendar *base,
                           const int32_t *first, const int32_t *list, int32_t n,
                           cp_demand_calendar **out)
{
    cp_demand_calendar *c = NULL;
    size_t most = (size_t)base->start[base->n_days];
    for (int32_t k = 0; k < n; k++) {
        const cp_event *e = &net->rows.event[list[k]];
        for (cp_day day = e->first_day - BEFORE; day <= e->last_day + AFTER; day++)
            most += day >= base->first_day && day < base->first_day + base->n_days;
    }
    CP_NEW(ctx, ctx->run, c, 1);
    *c = *base;
    c->by_point = NULL;
    c->copy = NULL;
    c->n_copies = 0;
    CP_NEW(ctx, ctx->run, c->start, base->n_days + 1);
    CP_NEW(ctx, ctx->run, c->col, most);
    CP_NEW(ctx, ctx->run, c->special, base->n_days);
    CP_NEW(ctx, ctx->run, c->event, base->n_days);
    memcpy(c->special, base->special, (size_t)base->n_days * sizeof *c->special);
    for (int32_t i = 0; i < base->n_days; i++)
        c->start[i + 1] = day_columns(net, base, first, list, n, i, c);
    *out = c;
    return CP_OK;
}

/* The events of a point that touch the calendar's days, and a hash of which they are. */
static int32_t list_events(const cp_network *net, const cp_demand_calendar *base, int32_t p,
                           int32_t *list, uint64_t *hash)
{
    int32_t n = 0;
    for (int32_t e = 0; e < net->rows.n_event; e++) {
        const cp_event *event = &net->rows.event[e];
        if (event->last_day + AFTER < base->first_day ||
            event->first_day - BEFORE >= base->first_day + base->n_days || !is_of(net, event, p))
            continue;
        list[n++] = e;
    }
    *hash = cp_hash_bytes(UINT64_C(0x6576656E74), list, (size_t)n * sizeof *list);
    return n;
}

/* Points with the same events share a copy. */
static cp_status make_copies(cp_ctx *ctx, const cp_network *net, int32_t calendar,
                             const int32_t *first, cp_demand_calendar *base)
{
    int32_t *list = NULL;
    uint64_t *hash = NULL;
    CP_NEW(ctx, ctx->scratch, list, net->rows.n_event);
    CP_NEW(ctx, ctx->scratch, hash, net->n_points);
    for (int32_t p = 0; p < net->n_points; p++) {
        if (cp_point_demand_calendar(&net->points[p]) != calendar) continue;
        uint64_t own = 0;
        int32_t k = 0;
        const int32_t n = list_events(net, base, p, list, &own);
        if (n == 0) continue;
        while (k < base->n_copies && hash[k] != own)
            k++;
        if (k == base->n_copies) {
            hash[k] = own;
            CP_TRY(copy_with(ctx, net, base, first, list, n, &base->copy[k]));
            base->n_copies++;
        }
        base->by_point[p] = base->copy[k];
    }
    return CP_OK;
}

cp_status cp_demand_events_add(cp_ctx *ctx, const cp_network *net, int32_t calendar,
                               cp_day learn_end, cp_demand_calendar *base)
{
    const cp_arena_mark mark = cp_arena_here(ctx->scratch);
    int32_t *first = NULL;
    base->event_first = base->n_cols;
    if (net->rows.n_event == 0) return CP_OK;
    CP_NEW(ctx, ctx->scratch, first, net->rows.n_event);
    CP_TRY(number_events(ctx, net, learn_end, base, first));
    CP_NEW(ctx, ctx->run, base->by_point, net->n_points);
    CP_NEW(ctx, ctx->run, base->copy, net->n_points);
    CP_TRY(make_copies(ctx, net, calendar, first, base));
    cp_arena_rewind(ctx->scratch, mark);
    return CP_OK;
}

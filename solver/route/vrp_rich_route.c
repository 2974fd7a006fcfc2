/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "solver/route/vrp_rich_route.h"

#include <math.h>
#include <string.h>

#define LEAST_ROOM 16 /* items; sizes double */

/* ---- memory ---- */

static cp_status new_room(cp_ctx *ctx, const cp_rich_drive *e, int32_t cap, cp_rich_room **out)
{
    const size_t states = (size_t)cap + 2;
    cp_rich_room *r = NULL;
    CP_NEW(ctx, ctx->scratch, r, 1);
    r->cap = cap;
    CP_NEW(ctx, ctx->scratch, r->items, cap);
    CP_NEW(ctx, ctx->scratch, r->heads, states);
    CP_NEW(ctx, ctx->scratch, r->tails, states);
    CP_NEW(ctx, ctx->scratch, r->head_loads, states * (size_t)(e->f.n_dims + 1));
    CP_NEW(ctx, ctx->scratch, r->tail_loads, states * (size_t)(e->f.n_dims + 1));
    *out = r;
    return CP_OK;
}

cp_status cp_rich_drive_new(cp_ctx *ctx, const cp_vrp *p, cp_rich_drive *out)
{
    int32_t breaks = 0;
    for (int32_t k = 0; k < p->n_vehicles; k++)
        if (p->vehicles[k].n_breaks > breaks) breaks = p->vehicles[k].n_breaks;
    *out = (cp_rich_drive){.most_items = 2 * p->n_nodes + breaks + 4};
    CP_TRY(cp_fold_new(ctx, p, &out->f));
    CP_TRY(new_room(ctx, out, out->most_items, &out->trial.room));
    return new_room(ctx, out, out->most_items, &out->probe.room);
}

static int32_t size_of(int32_t n)
{
    int32_t size = 0;
    while (LEAST_ROOM << size < n)
        size++;
    return size;
}

static void shelve(cp_rich_drive *e, cp_rich_room *room)
{
    const int32_t size = size_of(room->cap);
    room->next = e->spare[size];
    e->spare[size] = room;
}

cp_status cp_rich_reserve(cp_ctx *ctx, cp_rich_drive *e, cp_rich_route *r, int32_t n)
{
    cp_rich_room *old = r->room;
    if (old != NULL && old->cap >= n) return CP_OK;
    const int32_t size = size_of(n);
    if (e->spare[size] == NULL) {
        CP_TRY(new_room(ctx, e, LEAST_ROOM << size, &r->room));
    } else {
        r->room = e->spare[size];
        e->spare[size] = r->room->next;
    }
    if (old == NULL) return CP_OK;
    memcpy(r->room->items, old->items, (size_t)r->n * sizeof(*old->items));
    r->fresh = false;
    shelve(e, old);
    return CP_OK;
}

void cp_rich_give_back(cp_rich_drive *e, cp_rich_route *r)
{
    if (r->room != NULL) shelve(e, r->room);
    r->room = NULL;
    r->n = 0;
    r->fresh = false;
}

/* ---- items ---- */

void cp_rich_put(cp_rich_route *r, int32_t at, const int32_t *put, int32_t n)
{
    int32_t *x = r->room->items;
    memmove(x + at + n, x + at, (size_t)(r->n - at) * sizeof(*x));
    memcpy(x + at, put, (size_t)n * sizeof(*x));
    r->n += n;
    r->fresh = false;
}

void cp_rich_take(cp_rich_route *r, int32_t at, int32_t n)
{
    int32_t *x = r->room->items;
    memmove(x + at, x + at + n, (size_t)(r->n - at - n) * sizeof(*x));
    r->n -= n;
    r->fresh = false;
}

void cp_rich_copy(const cp_rich_route *from, cp_rich_route *to)
{
    to->kind = from->kind;
    to->n = from->n;
    to->fresh = false;
    memcpy(to->room->items, from->room->items, (size_t)from->n * sizeof(*to->room->items));
}

/* ---- driving ---- */

static cp_fold_load *load_at(const cp_rich_drive *e, cp_fold_load *loads, int32_t i)
{
    return loads + (size_t)i * (size_t)e->f.n_dims;
}

static void copy_load(const cp_rich_drive *e, const cp_fold_load *from, cp_fold_load *to)
{
    for (int32_t m = 0; m < e->f.n_dims; m++)
        to[m] = from[m];
}

static bool drive_heads(const cp_rich_drive *e, cp_rich_route *r)
{
    const cp_fold_kind *k = &e->f.kinds[r->kind];
    const cp_rich_room *m = r->room;
    if (!cp_head_begin(k, &m->heads[0], m->head_loads)) return false;
    for (int32_t i = 0; i < r->n_steps; i++) {
        cp_fold_load *load = load_at(e, m->head_loads, i + 1);
        m->heads[i + 1] = m->heads[i];
        copy_load(e, load_at(e, m->head_loads, i), load);
        if (cp_head_go(k, cp_rich_step(e, r, i), &m->heads[i + 1], load) != CP_FOLD_FITS)
            return false;
    }
    return true;
}

/* With forbidden hours the departure follows from the moments of all steps. */
static int64_t departure(const cp_fold_kind *k, const cp_rich_route *r)
{
    if (!k->walks) return INT64_MAX;
    const int32_t first = k->start.place >= 0 ? 0 : 1;
    return cp_fold_departure(k, r->room->heads + first, r->n_steps - first);
}

static int64_t rest_of(const cp_fold_kind *k, uint64_t taken)
{
    int64_t s = 0;
    for (int32_t b = 0; b < k->v->n_breaks; b++)
        if (taken >> b & 1) s += k->pauses[b].rest_s;
    return s;
}

bool cp_rich_refresh(const cp_rich_drive *e, cp_rich_route *r)
{
    const cp_fold_kind *k = &e->f.kinds[r->kind];
    const cp_rich_room *m = r->room;
    r->n_steps = r->n + (k->end.place >= 0 ? 1 : 0);
    r->fresh = false;
    if (!drive_heads(e, r)) return false;
    const int32_t n = r->n_steps;
    cp_tail_end(k, &m->tails[n], load_at(e, m->tail_loads, n));
    const cp_fold_word word =
        cp_fold_join(k, &m->heads[n], load_at(e, m->head_loads, n), &m->tails[n],
                     load_at(e, m->tail_loads, n), departure(k, r), &r->sum);
    if (word != CP_FOLD_FITS) return false;
    for (int32_t i = n - 1; i >= 0; i--)
        cp_tail_go(k, cp_rich_step(e, r, i), &m->heads[i + 1], &m->tails[i],
                   load_at(e, m->tail_loads, i));
    r->waits_s = r->sum.idle_s - rest_of(k, m->heads[n].taken);
    r->fresh = true;
    return true;
}

cp_fold_word cp_rich_finish(const cp_rich_drive *e, const cp_rich_route *r, int32_t i, cp_head *h,
                            cp_fold_load *load, cp_fold_sum *out)
{
    const cp_fold_kind *k = &e->f.kinds[r->kind];
    const cp_rich_room *m = r->room;
    /* The next place may be reached from elsewhere now. */
    bool moved = h->place != m->heads[i].place;
    while (i < r->n_steps && (moved || !cp_tail_knows(k, &m->tails[i], h->leave_s))) {
        const cp_fold_step *s = cp_rich_step(e, r, i);
        if (!moved && h->leave_s > m->tails[i].late_s) return CP_FOLD_NOT;
        const cp_fold_word word = cp_head_go(k, s, h, load);
        if (word != CP_FOLD_FITS) return word;
        moved = moved && s->place < 0;
        i++;
    }
    return cp_fold_join(k, h, load, &m->tails[i], load_at(e, m->tail_loads, i), INT64_MAX, out);
}

/* Breaks stay as they are, also missing. */
static cp_fold_word try_as_is(cp_rich_drive *e, const cp_rich_route *r, int32_t at,
                              const int32_t *put, int32_t n, cp_fold_sum *out)
{
    const cp_fold_kind *k = &e->f.kinds[r->kind];
    cp_fold_load load[CP_VRP_DIMS_MAX];
    cp_head h = r->room->heads[at];
    copy_load(e, load_at(e, r->room->head_loads, at), load);
    for (int32_t i = 0; i < n; i++) {
        const cp_fold_word word = cp_head_go(k, cp_fold_step_of(k, put[i]), &h, load);
        if (word != CP_FOLD_FITS) return word;
    }
    if (!k->walks) return cp_rich_finish(e, r, at, &h, load, out);
    cp_rich_copy(r, &e->probe);
    cp_rich_put(&e->probe, at, put, n);
    if (!cp_rich_refresh(e, &e->probe)) return CP_FOLD_FULL;
    *out = e->probe.sum;
    return CP_FOLD_FITS;
}

/* ---- breaks ---- */

/* Put a break where it costs least, and of such places where most time is left. */
static bool set_break(cp_rich_drive *e, cp_rich_route *r, int32_t b)
{
    const int32_t item = cp_vrp_break_item(b);
    cp_fold_sum best = {.cost = HUGE_VAL}, sum;
    int32_t place = -1;
    for (int32_t at = 0; at <= r->n; at++) {
        if (try_as_is(e, r, at, &item, 1, &sum) != CP_FOLD_FITS) continue;
        if (sum.cost > best.cost || (sum.cost == best.cost && sum.slack_s <= best.slack_s))
            continue;
        best = sum;
        place = at;
    }
    if (place < 0) return false;
    cp_rich_put(r, place, &item, 1);
    return cp_rich_refresh(e, r);
}

/* Drive with all breaks that are wanted; those there stay. */
static bool furnish(cp_rich_drive *e, cp_rich_route *r)
{
    if (!cp_rich_refresh(e, r)) return false;
    while (r->sum.missing != 0) {
        int32_t b = 0;
        while ((r->sum.missing >> b & 1) == 0)
            b++;
        if (!set_break(e, r, b)) return false;
    }
    return true;
}

static void strip_breaks(cp_rich_route *r)
{
    int32_t n = 0;
    for (int32_t i = 0; i < r->n; i++)
        if (!cp_vrp_is_break(r->room->items[i])) r->room->items[n++] = r->room->items[i];
    r->n = n;
    r->fresh = false;
}

/* Move one break of a fresh route, or leave it out where it is not wanted any more. */
static void move_break(cp_rich_drive *e, cp_rich_route *r, int32_t b)
{
    int32_t at = 0;
    while (at < r->n && r->room->items[at] != cp_vrp_break_item(b))
        at++;
    if (at == r->n) return;
    cp_rich_copy(r, &e->trial);
    cp_rich_take(&e->trial, at, 1);
    if (!cp_rich_refresh(e, &e->trial)) return;
    if ((e->trial.sum.missing >> b & 1) != 0 && !set_break(e, &e->trial, b)) return;
    if (e->trial.sum.missing != 0 || e->trial.sum.cost > r->sum.cost) return;
    cp_rich_copy(&e->trial, r);
    (void)cp_rich_refresh(e, r);
}

bool cp_rich_settle(cp_rich_drive *e, cp_rich_route *r)
{
    const cp_vrp_vehicle *v = e->f.kinds[r->kind].v;
    if (cp_rich_refresh(e, r) && r->sum.missing == 0) return true;
    if (v->n_breaks == 0) return false;
    /* A route on trial has room for more breaks than r may have: it is tried there. */
    cp_rich_copy(r, &e->trial);
    if (!furnish(e, &e->trial)) {
        cp_rich_copy(r, &e->trial);
        strip_breaks(&e->trial);
        if (!furnish(e, &e->trial)) return false;
    }
    cp_rich_copy(&e->trial, r);
    return cp_rich_refresh(e, r);
}

void cp_rich_move_breaks(cp_rich_drive *e, cp_rich_route *r)
{
    for (int32_t b = 0; b < e->f.kinds[r->kind].v->n_breaks; b++)
        move_break(e, r, b);
}

cp_fold_word cp_rich_try(cp_rich_drive *e, const cp_rich_route *r, int32_t at, const int32_t *put,
                         int32_t n, cp_fold_sum *out)
{
    const cp_fold_word word = try_as_is(e, r, at, put, n, out);
    if (word != CP_FOLD_FITS || out->missing == 0) return word;
    cp_rich_copy(r, &e->trial);
    cp_rich_put(&e->trial, at, put, n);
    if (!furnish(e, &e->trial)) return CP_FOLD_NOT;
    *out = e->trial.sum;
    return CP_FOLD_FITS;
}

bool cp_rich_make(cp_rich_drive *e, int32_t kind, const int32_t *items, int32_t n)
{
    e->trial.kind = kind;
    e->trial.n = n;
    memcpy(e->trial.room->items, items, (size_t)n * sizeof(*items));
    return furnish(e, &e->trial);
}

/* Metres, driving and work that something adds. */
typedef struct longer {
    int64_t way_m, way_s, work_s;
} longer;

static bool add_way(const cp_fold_kind *k, int32_t from, int32_t to, longer *sum)
{
    if (from < 0 || to < 0) return true;
    const size_t way = (size_t)from * (size_t)k->f->p->n_places + (size_t)to;
    sum->way_m += k->dist_m[way];
    sum->way_s += k->time_s[way];
    return k->time_s[way] >= 0;
}

static bool add_step(const cp_fold_kind *k, const cp_fold_step *s, int32_t *place, longer *sum)
{
    if (s->place < 0) return true;
    if (!add_way(k, *place, s->place, sum)) return false;
    sum->work_s += s->work_s + (s->place == *place ? 0 : s->setup_s);
    *place = s->place;
    return true;
}

double cp_rich_longer(const cp_rich_drive *e, const cp_rich_route *r, int32_t at,
                      const int32_t *put, int32_t n)
{
    const cp_fold_kind *k = &e->f.kinds[r->kind];
    const cp_tail *t = &r->room->tails[at];
    longer sum = {-(int64_t)t->leg_m, -(int64_t)t->leg_s, 0};
    int32_t place = r->room->heads[at].place;
    for (int32_t i = 0; i < n; i++)
        if (!add_step(k, cp_fold_step_of(k, put[i]), &place, &sum)) return HUGE_VAL;
    if (!add_way(k, place, t->place, &sum)) return HUGE_VAL;
    int64_t saved_s = sum.way_s + sum.work_s;
    if (saved_s > r->waits_s) saved_s = r->waits_s;
    if (saved_s < 0) saved_s = 0;
    return (double)sum.way_m * k->metre + (double)sum.way_s * k->driving +
           (double)sum.work_s * k->working - (double)saved_s * k->idle;
}

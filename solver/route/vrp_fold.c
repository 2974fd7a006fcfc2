/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "solver/route/vrp_fold.h"

#include <string.h>

#define NEVER (INT64_MAX / 4)

static int64_t least(int64_t a, int64_t b)
{
    return a < b ? a : b;
}

static int64_t greatest(int64_t a, int64_t b)
{
    return a > b ? a : b;
}

/* ---- building ---- */

static cp_status build_loads(cp_ctx *ctx, cp_fold *f)
{
    const cp_vrp *p = f->p;
    const size_t cells = (size_t)p->n_nodes * (size_t)p->n_dims;
    int64_t *carry = NULL, *gain = NULL;
    CP_NEW(ctx, ctx->scratch, carry, cells + 1);
    CP_NEW(ctx, ctx->scratch, gain, cells + 1);
    for (int32_t i = 0; i < p->n_nodes; i++) {
        const cp_vrp_node *q = &p->nodes[i];
        cp_fold_step *s = &f->nodes[i];
        const size_t at = (size_t)i * (size_t)p->n_dims;
        for (int32_t m = 0; m < p->n_dims; m++) {
            const int64_t down = q->deliver == NULL ? 0 : q->deliver[m];
            const int64_t up = q->pickup == NULL ? 0 : q->pickup[m];
            carry[at + (size_t)m] = s->opens_pairs < 0 ? 0 : down;
            gain[at + (size_t)m] = s->opens_pairs < 0 ? up - down : up;
            if (m == p->value_dim) s->moved = down + up;
        }
        s->carry = carry + at;
        s->gain = gain + at;
        s->pavement = (double)s->moved * q->pavement_s;
    }
    return CP_OK;
}

static cp_status build_nodes(cp_ctx *ctx, cp_fold *f)
{
    const cp_vrp *p = f->p;
    CP_NEW(ctx, ctx->scratch, f->nodes, p->n_nodes + 1);
    CP_NEW(ctx, ctx->scratch, f->partner, p->n_nodes + 1);
    for (int32_t i = 0; i < p->n_nodes; i++) {
        const cp_vrp_node *q = &p->nodes[i];
        f->partner[i] = -1;
        f->nodes[i] = (cp_fold_step){.place = q->place,
                                     .node = i,
                                     .pause = -1,
                                     .setup_s = q->setup_s,
                                     .work_s = q->service_s,
                                     .n_windows = q->n_windows,
                                     .windows = q->windows};
    }
    for (int32_t i = 0; i < p->n_pairs; i++) {
        const cp_vrp_pair q = p->pairs[i];
        f->partner[q.fetch] = q.bring;
        f->partner[q.bring] = q.fetch;
        f->nodes[q.fetch].opens_pairs = 1;
        f->nodes[q.bring].opens_pairs = -1;
    }
    return build_loads(ctx, f);
}

static cp_fold_step depot_step(const cp_vrp *p, int32_t depot)
{
    cp_fold_step s = {.place = -1, .node = -1, .pause = -1};
    if (depot < 0) return s;
    s.place = p->depots[depot].place;
    s.n_windows = p->depots[depot].n_windows;
    s.windows = p->depots[depot].windows;
    return s;
}

/* A break with a most load: so much less room than usual. */
static cp_status build_pauses(cp_ctx *ctx, const cp_fold *f, cp_fold_kind *k)
{
    const cp_vrp_vehicle *v = k->v;
    CP_NEW(ctx, ctx->scratch, k->pauses, v->n_breaks + 1);
    for (int32_t b = 0; b < v->n_breaks; b++) {
        const cp_vrp_break *q = &v->breaks[b];
        k->pauses[b] = (cp_fold_step){.place = -1,
                                      .node = -1,
                                      .pause = b,
                                      .rest_s = q->duration_s,
                                      .n_windows = q->n_windows,
                                      .windows = q->windows};
        if (q->max_load == NULL) continue;
        int64_t *room = NULL;
        CP_NEW(ctx, ctx->scratch, room, f->n_dims + 1);
        for (int32_t m = 0; m < f->n_dims; m++)
            room[m] = greatest(k->room[m] - q->max_load[m], 0);
        k->pauses[b].headroom = room;
    }
    return CP_OK;
}

static void set_limits(const cp_vrp *p, cp_fold_kind *k)
{
    const cp_vrp_vehicle *v = k->v;
    const bool ends = v->shift_end_s < CP_VRP_LATEST, paid = v->paid_s < CP_VRP_LATEST;
    k->end_s = ends ? (int64_t)v->shift_end_s + v->overtime_max_s : NEVER;
    k->after_s = ends ? v->shift_end_s : NEVER;
    k->paid_s = paid ? v->paid_s : NEVER;
    k->lasts_s = v->shift_max_s < CP_VRP_LATEST ? v->shift_max_s : NEVER;
    k->driven_s = v->drive_max_s < CP_VRP_LATEST ? v->drive_max_s : NEVER;
    k->spans = v->idle_price > 0 || k->lasts_s < NEVER || (v->over_price > 0 && (ends || paid));
    for (int32_t b = 0; b < v->n_breaks; b++)
        k->spans = k->spans || v->breaks[b].after_s > 0;
    k->walks = k->spans && k->spells.n > 1;
    k->metre = (double)v->dist_price / (double)p->dist_den;
    k->driving = (double)v->drive_price / (double)p->time_den;
    k->working = (double)v->work_price / (double)p->time_den;
    k->idle = (double)v->idle_price / (double)p->time_den;
    k->over = (double)v->over_price / (double)p->time_den;
    k->exposure = (double)v->exposure_price / (double)p->exposure_den;
}

static cp_status build_kind(cp_ctx *ctx, const cp_fold *f, const cp_vrp_vehicle *v, cp_fold_kind *k)
{
    const cp_vrp *p = f->p;
    k->f = f;
    k->v = v;
    k->time_s = p->profiles[v->profile].time_s;
    k->dist_m = p->profiles[v->profile].dist_m;
    k->start = depot_step(p, v->start_depot);
    k->end = depot_step(p, v->end_depot);
    CP_TRY(cp_spells_new(ctx, v, &k->spells));
    CP_NEW(ctx, ctx->scratch, k->room, f->n_dims + 1);
    for (int32_t m = 0; m < f->n_dims; m++)
        k->room[m] = v->capacity == NULL ? NEVER : least(v->capacity[m], NEVER);
    CP_NEW(ctx, ctx->scratch, k->reloads, v->n_reload_depots + 1);
    for (int32_t r = 0; r < v->n_reload_depots; r++) {
        k->reloads[r] = depot_step(p, v->reload_depots[r]);
        k->reloads[r].work_s = p->depots[v->reload_depots[r]].reload_s + v->reload_s;
        k->reloads[r].ends_trip = true;
    }
    CP_TRY(build_pauses(ctx, f, k));
    set_limits(p, k);
    return CP_OK;
}

cp_status cp_fold_new(cp_ctx *ctx, const cp_vrp *p, cp_fold *out)
{
    *out = (cp_fold){.p = p, .n_dims = p->n_dims, .dim = p->value_dim};
    CP_TRY(build_nodes(ctx, out));
    CP_NEW(ctx, ctx->scratch, out->kinds, p->n_vehicles + 1);
    for (int32_t k = 0; k < p->n_vehicles; k++)
        CP_TRY(build_kind(ctx, out, &p->vehicles[k], &out->kinds[k]));
    return CP_OK;
}

/* ---- heads ---- */

/* The start from t on, in the first window that is not over; the window's ends in the head. */
static bool begin(const cp_fold_kind *k, const cp_fold_step *s, int64_t t, cp_head *h)
{
    h->open_s = -NEVER;
    h->close_s = NEVER;
    h->later = false;
    const int64_t soonest = cp_spell_after(&k->spells, t, h->length_s);
    int64_t start = soonest;
    if (s->n_windows > 0) {
        const cp_vrp_window *w = s->windows, *past = w + s->n_windows;
        for (; w < past; w++) {
            if (soonest > w->close_s) continue;
            if (soonest >= w->open_s) break;
            start = cp_spell_after(&k->spells, w->open_s, h->length_s);
            if (start <= w->close_s) break;
        }
        if (w == past) return false;
        h->open_s = w->open_s;
        h->close_s = w->close_s;
        h->later = w > s->windows;
    }
    h->leave_s = start + h->length_s;
    return true;
}

/* Over the way to the step's place and through what it takes; false where that cannot be. */
static bool spend(const cp_fold_kind *k, const cp_fold_step *s, cp_head *h)
{
    h->left_s = h->leave_s;
    h->leg_s = h->leg_m = 0;
    h->length_s = s->work_s + s->rest_s;
    if (s->place >= 0) {
        if (h->place >= 0) {
            const size_t way = (size_t)h->place * (size_t)k->f->p->n_places + (size_t)s->place;
            h->leg_s = k->time_s[way];
            if (h->leg_s < 0) return false;
            h->leg_m = k->dist_m[way];
        }
        if (s->place != h->place) h->length_s += s->setup_s;
        h->place = s->place;
    }
    const int64_t there = cp_spell_after(&k->spells, h->leave_s, h->leg_s) + h->leg_s;
    if (!begin(k, s, there, h)) return false;
    h->busy_s += h->leg_s;
    h->depart_s = least(h->depart_s, h->close_s - h->busy_s);
    h->busy_s += h->length_s;
    h->dist_m += h->leg_m;
    h->drive_s += h->leg_s;
    h->work_s += h->length_s - s->rest_s;
    return true;
}

static void begin_trip(const cp_fold_kind *k, cp_head *h, cp_fold_load *load)
{
    h->trip_nodes = 0;
    h->way_s = h->most = 0;
    h->risk = 0;
    for (int32_t m = 0; m < k->f->n_dims; m++)
        load[m] = (cp_fold_load){0, 0, 0};
}

/* What a trip with this peak of value and this exposure costs; false when it may not be. */
static bool end_trip(const cp_fold_kind *k, int64_t most, double risk, double *bands,
                     double *exposure)
{
    if (k->v->exposure_max < CP_VRP_NO_LIMIT && risk > (double)k->v->exposure_max) return false;
    *exposure += risk;
    *bands += (double)cp_vrp_band_price(k->v->trip_bands, k->v->n_trip_bands, most);
    return true;
}

static bool load_node(const cp_fold_kind *k, const cp_fold_step *s, cp_head *h, cp_fold_load *load)
{
    bool fits = true;
    for (int32_t m = 0; m < k->f->n_dims; m++) {
        cp_fold_load *l = &load[m];
        l->carry += s->carry[m];
        l->gain += s->gain[m];
        l->peak = greatest(l->peak + s->carry[m], l->gain);
        fits = fits && l->peak <= k->room[m];
    }
    h->nodes++;
    h->trip_nodes++;
    h->open += s->opens_pairs;
    if (k->f->dim < 0) return fits;
    h->risk += (double)s->carry[k->f->dim] * (double)h->way_s + s->pavement;
    h->most = greatest(h->most + s->carry[k->f->dim], load[k->f->dim].gain);
    if (k->v->n_stop_bands > 0)
        h->bands += (double)cp_vrp_band_price(k->v->stop_bands, k->v->n_stop_bands, s->moved);
    return fits;
}

cp_fold_word cp_head_go(const cp_fold_kind *k, const cp_fold_step *s, cp_head *h,
                        cp_fold_load *load)
{
    if (!spend(k, s, h)) return CP_FOLD_NOT;
    h->way_s += h->leg_s;
    if (k->f->dim >= 0) h->risk += (double)load[k->f->dim].gain * h->leg_s;
    if (s->node >= 0) return load_node(k, s, h, load) ? CP_FOLD_FITS : CP_FOLD_FULL;
    if (s->pause >= 0) h->taken |= UINT64_C(1) << s->pause;
    for (int32_t m = 0; s->headroom != NULL && m < k->f->n_dims; m++) {
        load[m].peak = greatest(load[m].peak, load[m].gain + s->headroom[m]);
        if (load[m].peak > k->room[m]) return CP_FOLD_NOT;
    }
    if (!s->ends_trip) return CP_FOLD_FITS;
    if (h->trip_nodes == 0 || h->open > 0 || ++h->trips >= k->v->max_trips) return CP_FOLD_NOT;
    if (!end_trip(k, h->most, h->risk, &h->bands, &h->exposure)) return CP_FOLD_FULL;
    begin_trip(k, h, load);
    return CP_FOLD_FITS;
}

bool cp_head_begin(const cp_fold_kind *k, cp_head *h, cp_fold_load *load)
{
    *h = (cp_head){.place = -1, .leave_s = k->v->shift_start_s, .depart_s = NEVER};
    begin_trip(k, h, load);
    return k->start.place < 0 || cp_head_go(k, &k->start, h, load) == CP_FOLD_FITS;
}

/* ---- tails ---- */

void cp_tail_end(const cp_fold_kind *k, cp_tail *t, cp_fold_load *load)
{
    *t = (cp_tail){
        .place = -1, .late_s = k->end_s, .from_s = -NEVER, .by_s = NEVER, .end_s = -NEVER};
    for (int32_t m = 0; m < k->f->n_dims; m++)
        load[m] = (cp_fold_load){0, 0, 0};
}

/* The latest start with which the step is over by `end`, -NEVER when there is none. */
static int64_t latest_start(const cp_fold_kind *k, const cp_fold_step *s, int64_t end,
                            int64_t length)
{
    if (s->n_windows == 0) return cp_spell_before(&k->spells, end, length);
    for (const cp_vrp_window *w = s->windows + s->n_windows; w-- > s->windows;) {
        const int64_t x = cp_spell_before(&k->spells, least(end, w->close_s + length), length);
        if (x >= w->open_s) return x;
    }
    return -NEVER;
}

static void tail_times(const cp_fold_kind *k, const cp_fold_step *s, const cp_head *at, cp_tail *t)
{
    const cp_tail *next = t + 1;
    const int64_t start = latest_start(k, s, next->late_s, at->length_s);
    t->late_s = cp_spell_before(&k->spells, start, at->leg_s);
    t->busy_s = next->busy_s + at->length_s + at->leg_s;
    t->end_s = greatest(next->end_s, at->open_s + at->length_s + next->busy_s);
    t->by_s = least(at->close_s, next->by_s - at->length_s) - at->leg_s;
    /* Who comes no sooner than it did finds the windows over that it found over. */
    t->from_s = next->from_s > -NEVER || at->later ? at->left_s : -NEVER;
}

/* The step's own load before that of what follows. */
static void tail_loads(const cp_fold_kind *k, const cp_fold_step *s, cp_tail *t, cp_fold_load *load)
{
    const int32_t n = k->f->n_dims, dim = k->f->dim;
    const cp_fold_load *next = load + n;
    for (int32_t m = 0; m < n; m++) {
        const int64_t carry = s->node >= 0 ? s->carry[m] : 0;
        const int64_t gain = s->node >= 0 ? s->gain[m] : 0;
        const int64_t here = s->headroom != NULL ? s->headroom[m] : carry;
        load[m].carry = carry + next[m].carry;
        load[m].gain = gain + next[m].gain;
        load[m].peak = greatest(here + next[m].carry, next[m].peak + gain);
    }
    if (s->node < 0) return;
    t->nodes++;
    t->trip_nodes++;
    if (dim < 0) return;
    t->most = greatest(s->carry[dim] + next[dim].carry, t->most + s->gain[dim]);
    t->risk += s->pavement + (double)s->gain[dim] * (double)t->way_s;
    if (k->v->n_stop_bands > 0)
        t->bands += (double)cp_vrp_band_price(k->v->stop_bands, k->v->n_stop_bands, s->moved);
}

/* What follows a reload is a trip whole. */
static void tail_trip(const cp_fold_kind *k, cp_tail *t, cp_fold_load *load)
{
    (void)end_trip(k, t->most, t->risk, &t->bands, &t->exposure);
    t->trips++;
    t->trip_nodes = 0;
    t->most = t->way_s = 0;
    t->risk = 0;
    for (int32_t m = 0; m < k->f->n_dims; m++)
        load[m] = (cp_fold_load){0, 0, 0};
}

void cp_tail_go(const cp_fold_kind *k, const cp_fold_step *s, const cp_head *at, cp_tail *t,
                cp_fold_load *load)
{
    t[0] = t[1];
    tail_times(k, s, at, t);
    t->dist_m += at->leg_m;
    t->drive_s += at->leg_s;
    t->work_s += at->length_s - s->rest_s;
    if (s->pause >= 0) t->taken |= UINT64_C(1) << s->pause;
    if (s->place >= 0) {
        t->place = s->place;
        t->leg_s = at->leg_s;
        t->leg_m = at->leg_m;
    }
    if (s->ends_trip)
        tail_trip(k, t, load);
    else
        tail_loads(k, s, t, load);
    t->way_s += at->leg_s;
    if (k->f->dim >= 0) t->risk += (double)load[k->f->dim].carry * at->leg_s;
}

/* ---- whole routes ---- */

static cp_fold_word join_loads(const cp_fold_kind *k, const cp_head *h, const cp_fold_load *a,
                               const cp_tail *t, const cp_fold_load *b, cp_fold_sum *out)
{
    double bands = h->bands + t->bands, exposure = h->exposure + t->exposure;
    for (int32_t m = 0; m < k->f->n_dims; m++)
        if (greatest(a[m].peak + b[m].carry, b[m].peak + a[m].gain) > k->room[m])
            return CP_FOLD_FULL;
    if (k->f->dim >= 0) {
        const cp_fold_load *x = &a[k->f->dim], *y = &b[k->f->dim];
        const double risk = h->risk + t->risk + (double)y->carry * (double)h->way_s +
                            (double)x->gain * (double)t->way_s;
        if (!end_trip(k, greatest(h->most + y->carry, t->most + x->gain), risk, &bands, &exposure))
            return CP_FOLD_FULL;
    }
    out->cost += bands + exposure * k->exposure;
    return CP_FOLD_FITS;
}

/* Duration, overtime and idle time; false when the day is too long. */
static bool join_times(const cp_fold_kind *k, const cp_head *h, const cp_tail *t, int64_t latest,
                       cp_fold_sum *out)
{
    const int64_t busy = h->busy_s + t->busy_s;
    const int64_t end = greatest(h->leave_s + t->busy_s, t->end_s);
    int64_t depart = latest;
    if (latest == INT64_MAX) depart = least(end - busy, least(h->depart_s, t->by_s - h->busy_s));
    out->lasts_s = end - depart;
    out->idle_s = out->lasts_s - h->drive_s - h->work_s - t->drive_s - t->work_s;
    if (end > k->end_s || out->lasts_s > k->lasts_s) return false;
    const int64_t over = greatest(greatest(end - k->after_s, out->lasts_s - k->paid_s), 0);
    out->cost += (double)out->idle_s * k->idle + (double)over * k->over;
    return true;
}

static uint64_t missing_breaks(const cp_vrp_vehicle *v, uint64_t taken, int64_t lasts)
{
    uint64_t missing = 0;
    for (int32_t b = 0; b < v->n_breaks; b++)
        if ((taken >> b & 1) == 0 && (v->breaks[b].after_s == 0 || lasts > v->breaks[b].after_s))
            missing |= UINT64_C(1) << b;
    return missing;
}

cp_fold_word cp_fold_join(const cp_fold_kind *k, const cp_head *h, const cp_fold_load *head_load,
                          const cp_tail *t, const cp_fold_load *tail_load, int64_t latest,
                          cp_fold_sum *out)
{
    const cp_vrp_vehicle *v = k->v;
    const int64_t dist = h->dist_m + t->dist_m, drive = h->drive_s + t->drive_s;
    if (h->leave_s > t->late_s || drive > k->driven_s || dist > v->dist_max_m) return CP_FOLD_NOT;
    if (h->trips + t->trips >= v->max_trips || h->nodes + t->nodes > v->nodes_max)
        return CP_FOLD_NOT;
    if (h->trip_nodes + t->trip_nodes == 0) return CP_FOLD_NOT;
    *out = (cp_fold_sum){.slack_s = t->late_s - h->leave_s};
    out->cost = (double)v->fixed + (double)dist * k->metre + (double)drive * k->driving +
                (double)(h->work_s + t->work_s) * k->working;
    if (k->spans && !join_times(k, h, t, latest, out)) return CP_FOLD_NOT;
    const cp_fold_word word = join_loads(k, h, head_load, t, tail_load, out);
    if (v->n_breaks > 0) out->missing = missing_breaks(v, h->taken | t->taken, out->lasts_s);
    return word;
}

int64_t cp_fold_departure(const cp_fold_kind *k, const cp_head *heads, int32_t n)
{
    int64_t latest = heads[n].leave_s - heads[n].length_s;
    for (int32_t i = n - 1; i >= 0; i--) {
        const int64_t leave = cp_spell_before(&k->spells, latest, heads[i + 1].leg_s);
        const int64_t by = least(leave, heads[i].close_s + heads[i].length_s);
        latest = cp_spell_before(&k->spells, by, heads[i].length_s);
    }
    return latest;
}

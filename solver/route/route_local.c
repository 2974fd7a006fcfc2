/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "solver/route/route_local.h"

#include <math.h>
#include <string.h>

/* Settings of the paper (section 6.1): mean number of stops taken out, longest string, share of
 * split strings, chance to widen the part kept in a split string, chance to pass over a place. */
#define MEAN_REMOVED 10.0
#define STRING_MOST 10.0
#define SPLIT_SHARE 0.5
#define SPLIT_WIDER 0.01
#define BLINK 0.01
#define BLINK_SMALL 0.5 /* over the number of tasks: few places need passing over more often */
/* Temperatures in mean legs to the nearest neighbours; measured on eleven of Solomon's days (mean
 * gap 0.8 % after 30,000 iterations from 10 legs, 1.2 % from 1, 2.4 % from 0.3). */
#define HOT 10.0
#define COLD 0.01
/* Of the tasks left out before, so many are tried again in one iteration, and every so often they
 * are tried at all places instead of near neighbours: with forty of 300 stops that do not fit,
 * trying all everywhere took five times as long and found less. */
#define OUT_TRIED 10
#define ALL_EVERY 16
/* Absence counters decide between sets of equal rank in this first share of the work. They find
 * room for the last few stops (ten tight days of Solomon: none left out instead of three), but
 * where a stop cannot be placed at all they would keep the cost from falling until the end. A
 * search for room alone (enough_weight) uses them throughout. */
#define ABSENCE_SHARE 0.5
#define CHANGE_EVERY 20 /* iterations between exchanges of tours between cars */
#define CLOCK_EVERY 64

typedef struct search {
    cp_ctx *ctx;
    const cp_tasks_day *p;
    cp_tours *s;
    cp_rng *rng;
    cp_slot_search slots;
    /* Tours as they were before this iteration, where touched. */
    cp_tours *old;
    int32_t *touched, n_touched;
    int64_t *touched_at; /* per car: last iteration that touched it */
    /* Best so far; dirty: differs from the current one. */
    cp_tours *best;
    bool *dirty;
    int64_t best_weight, weight;
    int64_t iteration;
    bool by_absences; /* still the first part of the search */
    bool *gone;
    int32_t *list, n_list; /* tasks to insert */
    double *key;
    int64_t *absences;
    int64_t *trip_ruined; /* per car and trip: last iteration */
    int32_t trip_room;
    bool mixed; /* cars of several kinds */
} search;

static cp_status search_new(cp_ctx *ctx, cp_tours *s, cp_rng *rng, search *r)
{
    const cp_tasks_day *p = s->p;
    *r = (search){.ctx = ctx, .p = p, .s = s, .rng = rng};
    r->slots.rng = rng;
    r->slots.blink = BLINK + BLINK_SMALL / (double)(p->n_tasks + 1);
    CP_NEW(ctx, ctx->scratch, r->slots.kind_seen, p->n_cars);
    CP_TRY(cp_tours_new(ctx, p, &r->old));
    CP_TRY(cp_tours_new(ctx, p, &r->best));
    CP_NEW(ctx, ctx->scratch, r->touched, p->n_cars);
    CP_NEW(ctx, ctx->scratch, r->touched_at, p->n_cars);
    CP_NEW(ctx, ctx->scratch, r->dirty, p->n_cars);
    CP_NEW(ctx, ctx->scratch, r->gone, p->n_tasks);
    CP_NEW(ctx, ctx->scratch, r->list, p->n_tasks);
    CP_NEW(ctx, ctx->scratch, r->key, p->n_tasks);
    CP_NEW(ctx, ctx->scratch, r->absences, p->n_tasks);
    r->trip_room = p->n_tasks + 1;
    for (int32_t k = 1; k < p->n_cars; k++)
        r->mixed = r->mixed || p->cars[k].kind != p->cars[0].kind;
    CP_NEW(ctx, ctx->scratch, r->trip_ruined, (size_t)p->n_cars * (size_t)r->trip_room);
    return CP_OK;
}

/* Keep a tour as it is, to go back to when the iteration is not accepted. */
static void touch(search *r, int32_t car)
{
    if (r->touched_at[car] == r->iteration) return;
    r->touched_at[car] = r->iteration;
    r->touched[r->n_touched++] = car;
    cp_tour_copy(&r->old->tours[car], &r->s->tours[car]);
}

/* ---- ruin ---- */

static int32_t trip_of(const search *r, int32_t task)
{
    const int32_t car = r->s->car_of[task];
    return car * r->trip_room + r->s->tours[car].at[r->s->at_of[task]].trip;
}

static int32_t below(search *r, int32_t n)
{
    return n <= 1 ? 0 : (int32_t)cp_rng_below(r->rng, (uint32_t)n);
}

static void mark_gone(search *r, int32_t task)
{
    r->gone[task] = true;
    r->list[r->n_list++] = task;
}

/* Mark a string of the trip of `task`, about `longest` stops long, that holds it. */
static void ruin_string(search *r, int32_t task, double longest)
{
    const int32_t car = r->s->car_of[task];
    const cp_tour *t = &r->s->tours[car];
    const int32_t here = r->s->at_of[task];
    int32_t lo = here;
    int32_t hi = here;
    while (t->at[lo - 1].node < r->p->n_tasks)
        lo--;
    while (t->at[hi + 1].node < r->p->n_tasks)
        hi++;
    const int32_t n = hi - lo + 1;
    const double most = longest < (double)n ? longest : (double)n;
    int32_t len = (int32_t)(1.0 + cp_rng_unit(r->rng) * most);
    if (len > n) len = n;
    int32_t keep = 0;
    if (len < n && len > 1 && cp_rng_unit(r->rng) < SPLIT_SHARE) {
        keep = 1;
        while (len + keep < n && cp_rng_unit(r->rng) < SPLIT_WIDER)
            keep++;
    }
    /* The window of len + keep stops is laid so that it holds `here`; the part kept lies inside. */
    const int32_t width = len + keep;
    const int32_t from_lo = here - width + 1 > lo ? here - width + 1 : lo;
    const int32_t from_hi = here + width - 1 < hi ? here : hi - width + 1;
    const int32_t from = from_lo + below(r, from_hi - from_lo + 1);
    const int32_t keep_from = keep > 0 ? from + 1 + below(r, len - 1) : from + width;
    touch(r, car);
    for (int32_t k = from; k < from + width; k++)
        if (k < keep_from || k >= keep_from + keep) mark_gone(r, t->at[k].node);
    r->trip_ruined[trip_of(r, task)] = r->iteration;
}

static void ruin(search *r)
{
    int32_t trips = 0;
    int32_t stops = 0;
    for (int32_t k = 0; k < r->p->n_cars; k++) {
        trips += r->s->tours[k].n_trips;
        stops += r->s->tours[k].n_stops;
    }
    if (trips == 0) return;
    const double mean = (double)stops / (double)trips;
    const double longest = mean < STRING_MOST ? mean : STRING_MOST;
    const double most = 4.0 * MEAN_REMOVED / (1.0 + longest) - 1.0;
    int32_t left = (int32_t)(1.0 + cp_rng_unit(r->rng) * most);
    const int32_t seed = below(r, r->p->n_tasks);
    const int32_t *near = &r->p->near[(size_t)seed * (size_t)r->p->n_near];
    for (int32_t k = -1; k < r->p->n_near && left > 0; k++) {
        const int32_t task = k < 0 ? seed : near[k];
        if (r->s->car_of[task] < 0 || r->gone[task]) continue;
        if (r->trip_ruined[trip_of(r, task)] == r->iteration) continue;
        ruin_string(r, task, longest);
        left--;
    }
    for (int32_t k = 0; k < r->n_touched; k++)
        cp_tours_take_out(r->s, r->touched[k], r->gone, r->list, &r->n_list);
}

/* ---- other cars ---- */

static void put_back(search *r, int32_t car)
{
    cp_tour_copy(&r->s->tours[car], &r->old->tours[car]);
    cp_tours_index(r->s, car);
}

/* Write the nodes of one tour into another car's; false when that car may not drive it. */
static bool take_over(search *r, int32_t car, const cp_tour *from)
{
    const cp_tasks_day *p = r->p;
    cp_tour *t = &r->s->tours[car];
    if (from->n_trips > p->cars[car].max_trips) return false;
    t->n = from->n;
    for (int32_t k = 0; k < from->n; k++) {
        const int32_t node = from->at[k].node;
        const bool task = node < p->n_tasks;
        if (task && p->tasks[node].car >= 0 && p->tasks[node].car != car) return false;
        t->at[k].node = task ? node : p->cars[car].home;
    }
    return cp_tour_rebuild(p, car, t) == 0;
}

/* Two cars of different kinds change tours, if both may. Stop by stop a tour does not find its way
 * to another car: the first stop of an emptied day costs the same in many of them. */
static void change_cars(search *r)
{
    const int32_t a = below(r, r->p->n_cars);
    const int32_t b = below(r, r->p->n_cars);
    if (r->p->cars[a].kind == r->p->cars[b].kind || r->s->closed[a] || r->s->closed[b]) return;
    if (r->s->tours[a].n_stops + r->s->tours[b].n_stops == 0) return;
    touch(r, a);
    touch(r, b);
    const double before = r->s->tours[a].cost + r->s->tours[b].cost;
    if (take_over(r, a, &r->old->tours[b]) && take_over(r, b, &r->old->tours[a])) {
        r->s->cost += r->s->tours[a].cost + r->s->tours[b].cost - before;
        cp_tours_index(r->s, a);
        cp_tours_index(r->s, b);
    } else {
        put_back(r, a);
        put_back(r, b);
    }
}

/* ---- recreate ---- */

/* Orders of insertion with the paper's weights (sections 5.3 and 7 for time windows). */
static void set_keys(search *r)
{
    const int32_t w = below(r, 17);
    for (int32_t k = 0; k < r->n_list; k++) {
        const int32_t task = r->list[k];
        const cp_day_task *t = &r->p->tasks[task];
        const int32_t home = r->p->n_tasks;
        double key = 0.0;
        if (w < 4)
            key = cp_rng_unit(r->rng);
        else if (w < 8)
            key = -(double)t->load[0].most;
        else if (w < 10)
            key = -(double)cp_leg_at(r->p, home, task)->s;
        else if (w < 11)
            key = (double)cp_leg_at(r->p, home, task)->s;
        else if (w < 13)
            key = (double)(t->close_s[t->n_windows - 1] - t->open_s[0]);
        else if (w < 15)
            key = (double)t->open_s[0];
        else
            key = -(double)t->close_s[t->n_windows - 1];
        r->key[task] = key;
    }
}

static bool comes_before(const search *r, int32_t a, int32_t b)
{
    const bool first_a = r->p->tasks[a].first;
    const bool first_b = r->p->tasks[b].first;
    if (first_a != first_b) return first_a;
    if (r->key[a] < r->key[b]) return true;
    if (r->key[a] > r->key[b]) return false;
    return a < b;
}

static void sort_list(search *r)
{
    for (int32_t k = 1; k < r->n_list; k++) {
        const int32_t task = r->list[k];
        int32_t j = k;
        for (; j > 0 && comes_before(r, task, r->list[j - 1]); j--)
            r->list[j] = r->list[j - 1];
        r->list[j] = task;
    }
}

/* Tasks left out before join the list; of many only a random part, the rest wait. */
static void add_left_out(search *r)
{
    cp_tours *s = r->s;
    const int32_t n = s->n_out < OUT_TRIED ? s->n_out : OUT_TRIED;
    for (int32_t k = 0; k < n; k++) {
        const int32_t at = s->n_out > OUT_TRIED ? below(r, s->n_out) : s->n_out - 1;
        r->list[r->n_list++] = s->out[at];
        s->out[at] = s->out[--s->n_out];
    }
}

static void recreate(search *r)
{
    add_left_out(r);
    set_keys(r);
    sort_list(r);
    for (int32_t k = 0; k < r->n_list; k++) {
        const int32_t task = r->list[k];
        r->gone[task] = false;
        const cp_slot slot = cp_slot_near(r->s, &r->slots, task);
        if (slot.car >= 0) {
            touch(r, slot.car);
            cp_tours_insert(r->s, &slot, task);
        } else {
            r->s->out[r->s->n_out++] = task;
        }
    }
    r->n_list = 0;
}

/* ---- accept ---- */

static int64_t absence_sum(const search *r, const int32_t *out, int32_t n)
{
    int64_t sum = 0;
    for (int32_t k = 0; k < n; k++)
        sum += r->absences[out[k]] * r->p->tasks[out[k]].weight;
    return sum;
}

static bool accepted(search *r, double temperature)
{
    const int64_t weight = cp_tours_weight_out(r->s);
    bool ok = weight < r->weight;
    if (!ok && weight == r->weight)
        ok = r->s->cost < r->old->cost - temperature * log(1.0 - cp_rng_unit(r->rng));
    if (!ok && weight == r->weight && r->s->n_out > 0 && r->by_absences)
        ok = absence_sum(r, r->s->out, r->s->n_out) < absence_sum(r, r->old->out, r->old->n_out);
    for (int32_t k = 0; k < r->s->n_out; k++)
        r->absences[r->s->out[k]]++;
    if (ok) r->weight = weight;
    return ok;
}

static void copy_out(cp_tours *to, const cp_tours *from)
{
    memcpy(to->out, from->out, (size_t)from->n_out * sizeof(*to->out));
    to->n_out = from->n_out;
}

static void go_back(search *r)
{
    copy_out(r->s, r->old);
    for (int32_t k = 0; k < r->s->n_out; k++)
        r->s->car_of[r->s->out[k]] = -1;
    for (int32_t k = 0; k < r->n_touched; k++)
        put_back(r, r->touched[k]);
    r->s->cost = r->old->cost;
}

/* The current tours are the best: copy those that differ. */
static void keep_best(search *r)
{
    for (int32_t k = 0; k < r->p->n_cars; k++) {
        if (!r->dirty[k]) continue;
        cp_tour_copy(&r->best->tours[k], &r->s->tours[k]);
        r->dirty[k] = false;
    }
    copy_out(r->best, r->s);
    /* Sums of many differences drift: start again from the tours. */
    r->s->cost = 0.0;
    for (int32_t k = 0; k < r->p->n_cars; k++)
        r->s->cost += r->s->tours[k].cost;
    r->best->cost = r->s->cost;
    r->best_weight = r->weight;
}

static void iterate(search *r, double temperature)
{
    r->iteration++;
    r->n_touched = 0;
    r->old->cost = r->s->cost;
    copy_out(r->old, r->s);
    r->slots.all = r->iteration % ALL_EVERY == 0;
    if (r->mixed && r->iteration % CHANGE_EVERY == 0) change_cars(r);
    ruin(r);
    recreate(r);
    if (!accepted(r, temperature)) {
        go_back(r);
        return;
    }
    for (int32_t k = 0; k < r->n_touched; k++)
        r->dirty[r->touched[k]] = true;
    if (r->weight < r->best_weight ||
        (r->weight == r->best_weight && r->s->cost < r->best->cost - 1e-9 * r->best->cost))
        keep_best(r);
}

cp_status cp_route_improve(cp_ctx *ctx, cp_tours *s, const cp_local_opts *opts, cp_local_end *end)
{
    const cp_arena_mark mark = cp_arena_here(ctx->scratch);
    search r;
    CP_TRY(search_new(ctx, s, opts->rng, &r));
    r.weight = cp_tours_weight_out(s);
    for (int32_t k = 0; k < r.p->n_cars; k++)
        r.dirty[k] = true;
    keep_best(&r);
    const double hot = HOT * r.p->leg_cost;
    const double fall = log(COLD / HOT);
    end->work_done = 0;
    end->stopped_by_time = false;
    for (int64_t k = 0; k < opts->work; k++) {
        if (k % CLOCK_EVERY == 0 && cp_should_stop(ctx)) {
            end->stopped_by_time = true;
            break;
        }
        r.by_absences = opts->enough_weight >= 0 || (double)k < ABSENCE_SHARE * (double)opts->work;
        iterate(&r, hot * exp(fall * (double)k / (double)opts->work));
        end->work_done++;
        if (r.best_weight <= opts->enough_weight) break;
    }
    cp_tours_copy(s, r.best);
    cp_arena_rewind(ctx->scratch, mark);
    return CP_OK;
}

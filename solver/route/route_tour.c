/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "solver/route/route_tour.h"

#include <assert.h>
#include <string.h>

static const cp_load no_load = {0, 0, 0};

static bool is_task(const cp_tasks_day *p, int32_t node)
{
    return node < p->n_tasks;
}

/* Most places of a car's tour: every task, a vault visit between any two trips, home twice. */
static int32_t room_of(const cp_tasks_day *p, int32_t car)
{
    const int32_t trips = p->cars[car].max_trips;
    return p->n_tasks + (trips < p->n_tasks ? trips : p->n_tasks) + 3;
}

cp_status cp_tours_new(cp_ctx *ctx, const cp_tasks_day *p, cp_tours **out)
{
    cp_tours *s = NULL;
    CP_NEW(ctx, ctx->scratch, s, 1);
    s->p = p;
    CP_NEW(ctx, ctx->scratch, s->tours, p->n_cars);
    CP_NEW(ctx, ctx->scratch, s->car_of, p->n_tasks);
    CP_NEW(ctx, ctx->scratch, s->at_of, p->n_tasks);
    CP_NEW(ctx, ctx->scratch, s->out, p->n_tasks);
    CP_NEW(ctx, ctx->scratch, s->closed, p->n_cars);
    for (int32_t k = 0; k < p->n_cars; k++) {
        cp_tour *t = &s->tours[k];
        CP_NEW(ctx, ctx->scratch, t->at, room_of(p, k));
        t->n = 2;
        t->at[0].node = t->at[1].node = p->cars[k].home;
        (void)cp_tour_rebuild(p, k, t);
    }
    for (int32_t i = 0; i < p->n_tasks; i++) {
        s->car_of[i] = -1;
        s->out[s->n_out++] = i;
    }
    *out = s;
    return CP_OK;
}

/* The span of a node alone, a task in its window w. */
static cp_span span_of(const cp_tasks_day *p, const cp_day_car *car, int32_t node, int32_t w)
{
    if (is_task(p, node)) {
        const cp_day_task *t = &p->tasks[node];
        const cp_span r = {t->service_s, t->open_s[w], t->close_s[w]};
        return r;
    }
    const cp_span r = {car->reload_s, 0, car->reload_late_s};
    return r;
}

static cp_span start_span(const cp_day_car *car)
{
    const cp_span r = {0, car->first_s, car->end_s};
    return r;
}

static cp_span end_span(const cp_day_car *car)
{
    const cp_span r = {0, 0, car->end_s};
    return r;
}

/* Earliest window of a task still open when reached at `arrive`; the last one if none is. */
static int32_t window_at(const cp_day_task *t, int32_t arrive)
{
    return t->n_windows == 2 && arrive > t->close_s[0] ? 1 : 0;
}

/* Join node to a run that ends at `from`, in the window its earliest schedule uses. */
static bool extend(const cp_tasks_day *p, const cp_day_car *car, const cp_span *run, int32_t from,
                   int32_t node, cp_span *out, cp_span *own)
{
    const int32_t leg_s = cp_leg_at(p, from, node)->s;
    int32_t w = 0;
    if (is_task(p, node)) w = window_at(&p->tasks[node], run->early + run->dur + leg_s);
    *own = span_of(p, car, node, w);
    return cp_span_join(run, leg_s, own, out);
}

static double time_cost(const cp_day_car *car, const cp_span *whole)
{
    const int32_t over = whole->early + whole->dur - car->shift_end_s;
    return car->per_s * (double)whole->dur + (over > 0 ? car->per_over_s * (double)over : 0.0);
}

/* Drop vault visits at either end and next to each other. */
static void drop_empty_trips(const cp_tasks_day *p, cp_tour *tour)
{
    int32_t n = 1;
    for (int32_t k = 1; k < tour->n - 1; k++) {
        const int32_t node = tour->at[k].node;
        if (!is_task(p, node) && !is_task(p, tour->at[n - 1].node)) continue;
        tour->at[n++].node = node;
    }
    if (n > 1 && !is_task(p, tour->at[n - 1].node)) n--;
    tour->at[n++].node = tour->at[0].node;
    tour->n = n;
}

/* Loads of the trips before and after each place; false when above a limit. */
static bool rebuild_loads(const cp_tasks_day *p, const cp_day_car *car, cp_tour *tour)
{
    const int32_t n_kinds = p->any_volume ? CP_N_LOADS : 1;
    for (int32_t q = 0; q < n_kinds; q++) {
        tour->at[0].pre_load[q] = no_load;
        for (int32_t k = 1; k < tour->n; k++) {
            cp_place *a = &tour->at[k];
            a->pre_load[q] = no_load;
            if (!is_task(p, a->node)) continue;
            a->pre_load[q] = cp_load_join(&a[-1].pre_load[q], &p->tasks[a->node].load[q]);
            if (a->pre_load[q].most > car->limit[q]) return false;
        }
        tour->at[tour->n - 1].suf_load[q] = no_load;
        for (int32_t k = tour->n - 2; k >= 0; k--) {
            cp_place *a = &tour->at[k];
            a->suf_load[q] = no_load;
            if (!is_task(p, a->node)) continue;
            a->suf_load[q] = cp_load_join(&p->tasks[a->node].load[q], &a[1].suf_load[q]);
        }
    }
    return true;
}

/* Prices of the order in which the tour serves its stops. */
static double pairs_of(const cp_tasks_day *p, const cp_tour *tour)
{
    double sum = 0.0;
    for (int32_t k = 1; k < tour->n; k++)
        for (int32_t j = 1; j < k && is_task(p, tour->at[k].node); j++)
            if (is_task(p, tour->at[j].node))
                sum += cp_pair_price(p, tour->at[j].node, tour->at[k].node);
    return sum;
}

/* Turning a tour round is worth no more than what its order repeats: likeness of order is never
 * below 0 (models/route/likeness.h). */
static double order_cost(double pairs)
{
    return pairs > 0.0 ? pairs : 0.0;
}

/* What the order of the tour costs more with the task at the slot. */
static double order_detour(const cp_tasks_day *p, const cp_tour *tour, int32_t after, int32_t task)
{
    double sum = tour->pairs;
    for (int32_t k = 1; k < tour->n - 1; k++)
        if (is_task(p, tour->at[k].node))
            sum += k <= after ? cp_pair_price(p, tour->at[k].node, task)
                              : cp_pair_price(p, task, tour->at[k].node);
    return order_cost(sum) - order_cost(tour->pairs);
}

/* What the tour repeats of earlier days, as it is driven when the car leaves at the latest moment
 * that keeps its end, a whole minute. */
static double alike_cost(const cp_tasks_day *p, const cp_day_car *car, const cp_tour *tour)
{
    const cp_place *at = tour->at;
    const int32_t latest = at[tour->n - 1].pre.early / 60 * 60;
    int32_t now = latest > car->first_s ? latest : car->first_s;
    double sum = 0.0;
    for (int32_t k = 1; k < tour->n; k++) {
        const int32_t node = at[k].node;
        sum += cp_arc_price(p, at[k - 1].node, node);
        now += at[k - 1].next_s;
        if (!is_task(p, node)) {
            now += car->reload_s;
            continue;
        }
        const cp_day_task *t = &p->tasks[node];
        const int32_t open = t->open_s[window_at(t, now)];
        sum += cp_slot_price(p, node, now);
        now = (now > open ? now : open) + t->service_s;
    }
    return sum;
}

int32_t cp_tour_rebuild(const cp_tasks_day *p, int32_t car_index, cp_tour *tour)
{
    const cp_day_car *car = &p->cars[car_index];
    drop_empty_trips(p, tour);
    cp_place *at = tour->at;
    const int32_t last = tour->n - 1;
    tour->n_stops = 0;
    tour->n_trips = last > 1 ? 1 : 0;
    tour->cost = tour->time_cost = tour->pairs = 0.0;
    at[0].pre = start_span(car);
    at[0].trip = 0;
    int64_t metres = 0;
    int32_t busy_s = 0;
    for (int32_t k = 1; k <= last; k++) {
        cp_span own = end_span(car);
        const cp_leg *leg = cp_leg_at(p, at[k - 1].node, at[k].node);
        bool fits = false;
        if (k == last)
            fits = cp_span_join(&at[k - 1].pre, leg->s, &own, &at[k].pre);
        else
            fits = extend(p, car, &at[k - 1].pre, at[k - 1].node, at[k].node, &at[k].pre, &own);
        if (!fits) return k;
        at[k].suf = own; /* alone for now, joined below */
        at[k].trip = tour->n_trips - 1;
        if (k < last && is_task(p, at[k].node))
            tour->n_stops++;
        else if (k < last)
            tour->n_trips++;
        at[k - 1].next_m = leg->m;
        at[k - 1].next_s = leg->s;
        metres += leg->m;
        busy_s += leg->s + (k < last ? own.dur : 0);
    }
    tour->wait_s = at[last].pre.dur - busy_s;
    at[last].two_after = 0;
    for (int32_t k = last - 1; k >= 0; k--) {
        const cp_span own = k == 0 ? start_span(car) : at[k].suf;
        if (!cp_span_join(&own, cp_leg_at(p, at[k].node, at[k + 1].node)->s, &at[k + 1].suf,
                          &at[k].suf))
            return k + 1;
        const bool two = is_task(p, at[k].node) && p->tasks[at[k].node].n_windows == 2;
        at[k].two_after = at[k + 1].two_after + two;
    }
    if (!rebuild_loads(p, car, tour) || tour->n_trips > car->max_trips) return last;
    if (tour->n_stops == 0) return 0;
    tour->time_cost = time_cost(car, &at[last].pre);
    tour->cost = car->fixed + car->per_m * (double)metres + tour->time_cost;
    if (p->arc_price == NULL) return 0;
    tour->pairs = pairs_of(p, tour);
    tour->cost += alike_cost(p, car, tour) + order_cost(tour->pairs);
    return 0;
}

bool cp_tour_load_fits(const cp_tasks_day *p, const cp_tour *tour, const cp_slot *slot,
                       int32_t task)
{
    const cp_day_car *car = &p->cars[slot->car];
    const cp_place *before = &tour->at[slot->after];
    const cp_place *behind = before + 1;
    const int32_t n_kinds = p->any_volume ? CP_N_LOADS : 1;
    for (int32_t q = 0; q < n_kinds; q++) {
        const cp_load *own = &p->tasks[task].load[q];
        cp_load all = *own;
        if (slot->split != CP_SPLIT_BEFORE) all = cp_load_join(&before->pre_load[q], own);
        if (slot->split != CP_SPLIT_AFTER) all = cp_load_join(&all, &behind->suf_load[q]);
        if (all.most > car->limit[q]) return false;
    }
    return true;
}

/* The whole day from a run ending at `from` on through the places from `k`, window by window. */
static bool walk_rest(const cp_tasks_day *p, const cp_day_car *car, const cp_tour *tour,
                      cp_span run, int32_t from, int32_t k, cp_span *whole)
{
    cp_span own;
    for (; k < tour->n - 1; k++) {
        cp_span next;
        if (!extend(p, car, &run, from, tour->at[k].node, &next, &own)) return false;
        run = next;
        from = tour->at[k].node;
    }
    own = end_span(car);
    return cp_span_join(&run, cp_leg_at(p, from, tour->at[k].node)->s, &own, whole);
}

/* The run up to and with the task and the vault before or after it, as the slot says. */
static bool reach(const cp_tasks_day *p, const cp_place *before, const cp_slot *slot, int32_t task,
                  cp_span *run)
{
    const cp_day_car *car = &p->cars[slot->car];
    cp_span own;
    cp_span next;
    int32_t from = before->node;
    *run = before->pre;
    if (slot->split == CP_SPLIT_BEFORE) {
        if (!extend(p, car, run, from, car->home, &next, &own)) return false;
        *run = next;
        from = car->home;
    }
    if (!extend(p, car, run, from, task, &next, &own)) return false;
    *run = next;
    if (slot->split != CP_SPLIT_AFTER) return true;
    if (!extend(p, car, run, task, car->home, &next, &own)) return false;
    *run = next;
    return true;
}

/* What the ways of the slot repeat of earlier days, less the way that is no longer driven. */
static double alike_detour(const cp_tasks_day *p, int32_t home, const cp_place *before,
                           cp_split split, int32_t task)
{
    const int32_t from = split == CP_SPLIT_BEFORE ? home : before->node;
    const int32_t to = split == CP_SPLIT_AFTER ? home : before[1].node;
    double price = cp_arc_price(p, from, task) + cp_arc_price(p, task, to) -
                   cp_arc_price(p, before->node, before[1].node);
    if (split == CP_SPLIT_BEFORE) price += cp_arc_price(p, before->node, home);
    if (split == CP_SPLIT_AFTER) price += cp_arc_price(p, home, before[1].node);
    return price;
}

/* Least cost of the slot as far as it is seen without windows: *detour is that of the kilometres
 * and of a car-day, to which come the hours that waiting cannot absorb. */
static double least_price(const cp_tasks_day *p, const cp_tour *tour, const cp_slot *slot,
                          int32_t task, double *detour)
{
    const cp_day_car *car = &p->cars[slot->car];
    const cp_place *before = &tour->at[slot->after];
    const int32_t behind = before[1].node;
    const bool first_home = slot->split == CP_SPLIT_BEFORE;
    const bool then_home = slot->split == CP_SPLIT_AFTER;
    const cp_leg *in = cp_leg_to(p, first_home ? car->home : before->node, task);
    const cp_leg *out = cp_leg_at(p, task, then_home ? car->home : behind);
    int64_t m = (int64_t)in->m + out->m - before->next_m;
    int64_t s = (int64_t)in->s + out->s - before->next_s;
    if (slot->split != CP_SPLIT_NONE) {
        const cp_leg *more =
            first_home ? cp_leg_at(p, before->node, car->home) : cp_leg_at(p, car->home, behind);
        m += more->m;
        s += (int64_t)more->s + car->reload_s;
    }
    s += p->tasks[task].service_s - tour->wait_s;
    *detour = car->per_m * (double)m + (tour->n_stops == 0 ? car->fixed : 0.0);
    if (p->arc_price != NULL) *detour += alike_detour(p, car->home, before, slot->split, task);
    return *detour + (s > 0 ? car->per_s * (double)s : 0.0);
}

bool cp_tour_price(const cp_tasks_day *p, const cp_tour *tour, cp_slot *slot, int32_t task,
                   double bound)
{
    const cp_day_car *car = &p->cars[slot->car];
    const cp_place *before = &tour->at[slot->after];
    const cp_place *behind = before + 1;
    double detour = 0.0;
    if (least_price(p, tour, slot, task, &detour) >= bound) return false;

    cp_span run;
    if (slot->split == CP_SPLIT_NONE) {
        const int32_t in_s = cp_leg_to(p, before->node, task)->s;
        const int32_t arrive = before->pre.early + before->pre.dur + in_s;
        const cp_span own = span_of(p, car, task, window_at(&p->tasks[task], arrive));
        if (!cp_span_join(&before->pre, in_s, &own, &run)) return false;
        /* Its own arrival alone is looked at; the tour is priced whole once the task is in it. */
        if (p->arc_price != NULL) detour += cp_slot_price(p, task, arrive);
    } else if (!reach(p, before, slot, task, &run)) {
        return false;
    }
    if (!cp_tour_load_fits(p, tour, slot, task)) return false;
    const int32_t last = slot->split == CP_SPLIT_AFTER ? car->home : task;
    cp_span whole;
    if (!cp_span_join(&run, cp_leg_at(p, last, behind->node)->s, &behind->suf, &whole)) {
        if (behind->two_after == 0 || !walk_rest(p, car, tour, run, last, slot->after + 1, &whole))
            return false;
    }
    if (p->arc_price != NULL) detour += order_detour(p, tour, slot->after, task);
    slot->delta = detour + time_cost(car, &whole) - tour->time_cost;
    return slot->delta < bound;
}

void cp_tours_index(cp_tours *s, int32_t car)
{
    const cp_tour *t = &s->tours[car];
    for (int32_t k = 1; k < t->n - 1; k++) {
        if (!is_task(s->p, t->at[k].node)) continue;
        s->car_of[t->at[k].node] = car;
        s->at_of[t->at[k].node] = k;
    }
}

void cp_tours_insert(cp_tours *s, const cp_slot *slot, int32_t task)
{
    cp_tour *t = &s->tours[slot->car];
    const int32_t more = slot->split == CP_SPLIT_NONE ? 1 : 2;
    assert(t->n + more <= room_of(s->p, slot->car));
    for (int32_t k = t->n - 1; k > slot->after; k--)
        t->at[k + more].node = t->at[k].node;
    t->n += more;
    const int32_t home = s->p->cars[slot->car].home;
    cp_place *a = &t->at[slot->after + 1];
    a[0].node = slot->split == CP_SPLIT_BEFORE ? home : task;
    if (more == 2) a[1].node = slot->split == CP_SPLIT_BEFORE ? task : home;
    s->cost -= t->cost;
    const int32_t bad = cp_tour_rebuild(s->p, slot->car, t);
    assert(bad == 0);
    (void)bad;
    s->cost += t->cost;
    cp_tours_index(s, slot->car);
}

/* Try the tour without each vault visit in turn. */
static void merge_trips(const cp_tasks_day *p, int32_t car, cp_tour *t)
{
    for (int32_t k = 2; k < t->n - 2; k++) {
        if (is_task(p, t->at[k].node)) continue;
        bool fits = true;
        for (int32_t q = 0; q < (p->any_volume ? CP_N_LOADS : 1); q++)
            fits =
                fits && cp_load_join(&t->at[k - 1].pre_load[q], &t->at[k + 1].suf_load[q]).most <=
                            p->cars[car].limit[q];
        if (!fits) continue;
        const double cost = t->cost;
        const int32_t home = t->at[k].node;
        for (int32_t j = k; j < t->n - 1; j++)
            t->at[j].node = t->at[j + 1].node;
        t->n--;
        if (cp_tour_rebuild(p, car, t) == 0 && t->cost <= cost) continue;
        for (int32_t j = t->n; j > k; j--)
            t->at[j].node = t->at[j - 1].node;
        t->at[k].node = home;
        t->n++;
        (void)cp_tour_rebuild(p, car, t);
    }
}

/* Delete place k. */
static void delete_place(cp_tour *t, int32_t k)
{
    for (int32_t j = k; j < t->n - 1; j++)
        t->at[j].node = t->at[j + 1].node;
    t->n--;
}

void cp_tours_take_out(cp_tours *s, int32_t car, bool *gone, int32_t *list, int32_t *n_list)
{
    cp_tour *t = &s->tours[car];
    int32_t n = 1;
    for (int32_t k = 1; k < t->n; k++) {
        const int32_t node = t->at[k].node;
        if (k < t->n - 1 && is_task(s->p, node) && gone[node]) {
            s->car_of[node] = -1;
            continue;
        }
        t->at[n++].node = node;
    }
    t->n = n;
    s->cost -= t->cost;
    for (int32_t bad = cp_tour_rebuild(s->p, car, t); bad > 0;
         bad = cp_tour_rebuild(s->p, car, t)) {
        while (!is_task(s->p, t->at[bad].node))
            bad--;
        const int32_t node = t->at[bad].node;
        gone[node] = true;
        s->car_of[node] = -1;
        list[(*n_list)++] = node;
        delete_place(t, bad);
    }
    if (t->n_trips > 1) merge_trips(s->p, car, t);
    s->cost += t->cost;
    cp_tours_index(s, car);
}

void cp_tour_copy(cp_tour *to, const cp_tour *from)
{
    cp_place *at = to->at;
    memcpy(at, from->at, (size_t)from->n * sizeof(*at));
    *to = *from;
    to->at = at;
}

void cp_tours_copy(cp_tours *to, const cp_tours *from)
{
    for (int32_t i = 0; i < to->p->n_tasks; i++)
        to->car_of[i] = -1;
    for (int32_t k = 0; k < to->p->n_cars; k++) {
        cp_tour_copy(&to->tours[k], &from->tours[k]);
        cp_tours_index(to, k);
    }
    memcpy(to->out, from->out, (size_t)from->n_out * sizeof(*to->out));
    to->n_out = from->n_out;
    to->cost = from->cost;
}

int64_t cp_tours_weight_out(const cp_tours *s)
{
    int64_t w = 0;
    for (int32_t k = 0; k < s->n_out; k++)
        w += s->p->tasks[s->out[k]].weight;
    return w;
}

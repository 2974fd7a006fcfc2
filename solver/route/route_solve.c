/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "solver/route/route_solve.h"

#include <string.h>

#include "models/route/car_route.h"
#include "solver/route/route_dock.h"
#include "solver/route/route_fleet.h"
#include "solver/route/route_like.h"
#include "solver/route/route_vrp.h"

/* Default work: iterations a task, and at least. Measured on days of 40 to 300 stops: twice as many
 * save less than half a percent more. */
#define WORK_PER_TASK 400
#define WORK_LEAST 4000
/* Iterations of the route model's search, one for so many of the day's own. */
#define MODEL_WORK_SHARE 2
#define LIKE_TURNS 4      /* rounds at prices on what earlier days had */
#define LIKE_WORK_SHARE 2 /* each with this part of the work */
#define SERVICE_MOST_S (7 * 24 * 3600)

cp_route_opts cp_route_defaults(void)
{
    const cp_route_opts o = {.work = 0, .seed = 1, .like = NULL};
    return o;
}

static cp_status check_task(cp_ctx *ctx, const cp_network *net, const cp_route_task *t,
                            int32_t index, bool *seen)
{
    if (t->site < 0 || t->site >= net->n_sites)
        CP_FAIL(ctx, CP_E_INPUT, "route task %d: %d is no site; there are %d", (int)index,
                (int)t->site, (int)net->n_sites);
    const char *code = net->sites[t->site].code;
    if (seen[t->site]) CP_FAIL(ctx, CP_E_INPUT, "site %s: visited twice on one day", code);
    seen[t->site] = true;
    if (t->car < -1 || t->car >= net->n_cars)
        CP_FAIL(ctx, CP_E_INPUT, "site %s: %d is no car; there are %d", code, (int)t->car,
                (int)net->n_cars);
    if (t->service_s < 0 || t->service_s > SERVICE_MOST_S)
        CP_FAIL(ctx, CP_E_INPUT, "site %s: %d seconds of service; 0 to %d are allowed", code,
                (int)t->service_s, SERVICE_MOST_S);
    const int64_t amounts[] = {t->out_minor, t->back_minor, t->out_cm3, t->back_cm3};
    for (int32_t k = 0; k < 4; k++)
        if (amounts[k] < 0 || amounts[k] > CP_MINOR_MAX)
            CP_FAIL(ctx, CP_E_INPUT,
                    "site %s: value or volume %lld of the visit; 0 to %lld are allowed", code,
                    (long long)amounts[k], (long long)CP_MINOR_MAX);
    return CP_OK;
}

static cp_status check_day(cp_ctx *ctx, const cp_network *net, const cp_route_day *day)
{
    if (day->vault < 0 || day->vault >= net->n_vaults)
        CP_FAIL(ctx, CP_E_INPUT, "routes: %d is no vault; there are %d", (int)day->vault,
                (int)net->n_vaults);
    bool *seen = NULL;
    CP_NEW(ctx, ctx->scratch, seen, net->n_sites);
    for (int32_t i = 0; i < day->n_tasks; i++)
        CP_TRY(check_task(ctx, net, &day->tasks[i], i, seen));
    return CP_OK;
}

/* Tasks still left out are tried everywhere once more: the search looks near neighbours only. */
static void place_rest(cp_tours *s)
{
    for (int32_t k = 0; k < s->n_out;) {
        cp_slot best = {-1, -1, CP_SPLIT_NONE, 0.0};
        for (int32_t car = 0; car < s->p->n_cars; car++) {
            const cp_slot slot = cp_slot_in_car(s, car, s->out[k]);
            if (slot.car >= 0 && (best.car < 0 || slot.delta < best.delta)) best = slot;
        }
        if (best.car < 0) {
            k++;
            continue;
        }
        cp_tours_insert(s, &best, s->out[k]);
        s->out[k] = s->out[--s->n_out];
    }
}

/* Why a task that a car could serve alone found no place: would it with nothing to carry? */
static const char *crowded_out(cp_tours *s, int32_t task)
{
    cp_day_task *t = &s->p->tasks[task];
    const cp_day_task kept = *t;
    memset(t->load, 0, sizeof(t->load));
    bool time_left = false;
    for (int32_t car = 0; car < s->p->n_cars && !time_left; car++)
        time_left = cp_slot_in_car(s, car, task).car >= 0;
    *t = kept;
    if (t->car >= 0)
        return time_left ? "the pinned car has no insured value or volume left"
                         : "the pinned car has no time left";
    return time_left ? "no car has insured value or volume left" : "no car has time left";
}

/* The stops of one tour as the evaluation of a car's day wants them; task_of: index in the day. */
static int32_t stops_of(const cp_route_day *day, const cp_tours *s, int32_t car, cp_car_stop *stops,
                        int32_t *task_of)
{
    const cp_tour *t = &s->tours[car];
    int32_t n = 0;
    for (int32_t k = 1; k < t->n - 1; k++) {
        if (t->at[k].node >= s->p->n_tasks) continue;
        const int32_t index = s->p->tasks[t->at[k].node].index;
        const cp_route_task *task = &day->tasks[index];
        const cp_car_stop stop = {task->site,       t->at[k].trip, task->service_s, task->out_minor,
                                  task->back_minor, task->out_cm3, task->back_cm3};
        task_of[n] = index;
        stops[n++] = stop;
    }
    return n;
}

/* Copy stops without number `gone`; a trip left empty disappears. */
static int32_t without(const cp_car_stop *stops, int32_t n, int32_t gone, cp_car_stop *out)
{
    const int32_t trip = stops[gone].trip;
    const bool alone = (gone == 0 || stops[gone - 1].trip != trip) &&
                       (gone == n - 1 || stops[gone + 1].trip != trip);
    int32_t m = 0;
    for (int32_t k = 0; k < n; k++) {
        if (k == gone) continue;
        out[m] = stops[k];
        if (alone && k > gone) out[m].trip--;
        m++;
    }
    return m;
}

/* What each stop of a route costs: the route's cost with it and without. Where the rest is not
 * allowed without it (the way around may be longer), nothing would be saved. */
static cp_status price_removals(cp_ctx *ctx, const cp_network *net, const cp_plan_route *whole,
                                const cp_car_stop *stops, const int32_t *task_of,
                                cp_route_result *r)
{
    const cp_car_rates rates = cp_car_rates_get(net, whole->car, whole->t);
    cp_minor with = 0;
    CP_TRY(cp_car_route_cost(ctx, net, &rates, whole, &with));
    if (!cp_minor_add(r->cost_minor, with, &r->cost_minor))
        CP_FAIL(ctx, CP_E_RANGE, "routes of vault %s: their cost is too large",
                net->vaults[whole->vault].code);
    const int32_t n = whole->n_stops;
    cp_car_stop *rest = NULL;
    CP_NEW(ctx, ctx->scratch, rest, n);
    for (int32_t k = 0; k < n; k++) {
        const int32_t m = without(stops, n, k, rest);
        cp_plan_route less = *whole;
        cp_minor cost = 0;
        less.drive_s = 0;
        if (m > 0) {
            const cp_car_verdict v = cp_car_route_check(net, whole->car, rest, m, &less, NULL);
            if (v.fault != CP_CAR_OK) continue;
            CP_TRY(cp_car_route_cost(ctx, net, &rates, &less, &cost));
        }
        r->removal_minor[task_of[k]] = with > cost ? with - cost : 0;
        const int32_t saved_s = whole->drive_s - less.drive_s;
        r->removal_drive_s[task_of[k]] = saved_s > 0 ? saved_s : 0;
    }
    return CP_OK;
}

static cp_status fill_routes(cp_ctx *ctx, const cp_network *net, const cp_route_day *day,
                             const cp_tours *s, bool *dropped, cp_route_result *r)
{
    cp_car_stop *all = NULL;
    int32_t *all_tasks = NULL;
    CP_NEW(ctx, ctx->scratch, all, day->n_tasks);
    CP_NEW(ctx, ctx->scratch, all_tasks, day->n_tasks);
    CP_NEW(ctx, ctx->run, r->routes, s->p->n_cars);
    CP_NEW(ctx, ctx->run, r->stops, day->n_tasks);
    CP_NEW(ctx, ctx->run, r->removal_minor, day->n_tasks);
    CP_NEW(ctx, ctx->run, r->removal_drive_s, day->n_tasks);
    for (int32_t car = 0; car < s->p->n_cars; car++) {
        cp_car_stop *stops = all + r->n_stops;
        int32_t *task_of = all_tasks + r->n_stops;
        const int32_t n = stops_of(day, s, car, stops, task_of);
        if (n == 0) continue;
        cp_plan_route *route = &r->routes[r->n_routes++];
        const int32_t net_car = s->p->cars[car].car;
        const cp_car_verdict v =
            cp_car_route_check(net, net_car, stops, n, route, &r->stops[r->n_stops]);
        if (v.fault != CP_CAR_OK)
            CP_FAIL(ctx, CP_E_SOLVER, "route of car %s on day %d breaks a rule at stop %d: %s",
                    net->cars[net_car].code, (int)day->t, (int)v.stop, cp_car_fault_text(v.fault));
        route->t = day->t;
        route->first_stop = r->n_stops;
        r->n_stops += n;
        CP_TRY(price_removals(ctx, net, route, stops, task_of, r));
    }
    return cp_route_stagger(ctx, net, day, all, all_tasks, dropped, r);
}

/* A cause for each task that the search left out, for no other. */
static void find_causes(cp_tours *s, const char **cause)
{
    for (int32_t k = 0; k < s->n_out; k++) {
        const char **why = &cause[s->p->tasks[s->out[k]].index];
        if (*why == NULL) *why = crowded_out(s, s->out[k]);
    }
    for (int32_t k = 0; k < s->p->n_tasks; k++)
        if (s->car_of[k] >= 0) cause[s->p->tasks[k].index] = NULL;
}

static cp_status fill_unserved(cp_ctx *ctx, const cp_route_day *day, const char **cause,
                               cp_route_result *r)
{
    CP_NEW(ctx, ctx->run, r->unserved, day->n_tasks);
    CP_NEW(ctx, ctx->run, r->reason, day->n_tasks);
    for (int32_t i = 0; i < day->n_tasks; i++) {
        if (cause[i] == NULL) continue;
        r->reason[r->n_unserved] = cause[i];
        r->unserved[r->n_unserved++] = i;
    }
    return CP_OK;
}

/* Stops that the docks drove out are not served either. */
static void add_dropped(const cp_route_day *day, const bool *dropped, const char **cause,
                        cp_route_result *r)
{
    for (int32_t i = 0; i < day->n_tasks; i++) {
        if (!dropped[i]) continue;
        cause[i] = "no dock of the vault is free when a car must load for it";
        r->removal_minor[i] = 0;
        r->removal_drive_s[i] = 0;
    }
}

static int64_t work_of(const cp_tasks_day *p, const cp_route_opts *opts)
{
    const int64_t work = (int64_t)p->n_tasks * WORK_PER_TASK;
    if (opts->work > 0) return opts->work;
    return work < WORK_LEAST ? WORK_LEAST : work;
}

/* The problem while it is solved. */
typedef struct task {
    cp_ctx *ctx;
    const cp_network *net;
    const cp_route_day *day;
    const cp_route_opts *opts;
    cp_tasks_day *p;
    cp_tours *s;
    const char **cause;
} task;

/* Regret insertion, cars closed that cost more than their work, ruin and recreate. */
static cp_status search_own(task *k, cp_route_result *r)
{
    cp_rng rng = cp_rng_new(k->opts->seed, 0);
    cp_local_opts local = {.work = work_of(k->p, k->opts), .enough_weight = -1, .rng = &rng};
    cp_local_end end = {0, false};
    CP_TRY(cp_tours_construct(k->ctx, k->s));
    CP_TRY(cp_route_fewer_cars(k->ctx, k->s, &local, &end));
    if (!end.stopped_by_time) {
        local.work -= end.work_done;
        const int64_t before = end.work_done;
        CP_TRY(cp_route_improve(k->ctx, k->s, &local, &end));
        end.work_done += before;
    }
    r->work_done = end.work_done;
    r->stopped_by_time = end.stopped_by_time;
    place_rest(k->s);
    return CP_OK;
}

/* Is there a choice that a frame (route_vrp.h) takes away? */
static bool has_choices(const cp_tasks_day *p)
{
    for (int32_t i = 0; i < p->n_tasks; i++)
        if (p->tasks[i].n_windows > 1) return true;
    for (int32_t i = 0; i < p->n_cars; i++)
        if (p->cars[i].max_trips > 1) return true;
    return false;
}

/* The route model's search goes on from the day's own routes, the better ones are kept: first with
 * the choices that those made, then, if asked, with all. */
static cp_status search_routes(task *k, cp_route_result *r)
{
    const int32_t times = k->opts->every_choice && has_choices(k->p) ? 2 : 1;
    CP_TRY(search_own(k, r));
    for (int32_t i = 0; i < times && !r->stopped_by_time; i++) {
        const cp_route_vrp_opts o = {
            .work = work_of(k->p, k->opts) / MODEL_WORK_SHARE + 1,
            .seed = k->opts->seed,
            .framed = i == 0,
        };
        cp_route_vrp_end end;
        CP_TRY(cp_route_vrp_improve(k->ctx, k->day, &o, k->s, &end));
        r->work_done += end.work_done;
        r->stopped_by_time = end.stopped;
    }
    return CP_OK;
}

/* The tours as routes, and why stops are left out. cause: of tasks that no car can serve. */
static cp_status write_result(cp_ctx *ctx, const cp_network *net, const cp_route_day *day,
                              cp_tours *s, const char *const *cause, cp_route_result *r)
{
    const cp_arena_mark mark = cp_arena_here(ctx->scratch);
    const char **why = NULL;
    bool *dropped = NULL;
    CP_NEW(ctx, ctx->scratch, why, day->n_tasks);
    CP_NEW(ctx, ctx->scratch, dropped, day->n_tasks);
    for (int32_t i = 0; i < day->n_tasks; i++)
        why[i] = cause[i];
    find_causes(s, why);
    CP_TRY(fill_routes(ctx, net, day, s, dropped, r));
    add_dropped(day, dropped, why, r);
    CP_TRY(fill_unserved(ctx, day, why, r));
    cp_arena_rewind(ctx->scratch, mark);
    return CP_OK;
}

/* One more search from the tours as they are, at the prices that the problem now has. */
static cp_status search_on(task *k, int32_t turn, cp_route_result *r)
{
    cp_rng rng = cp_rng_new(k->opts->seed, (uint64_t)turn);
    const cp_local_opts local = {
        .work = work_of(k->p, k->opts) / LIKE_WORK_SHARE + 1, .enough_weight = -1, .rng = &rng};
    cp_local_end end = {0, false};
    k->s->cost = 0.0;
    for (int32_t car = 0; car < k->p->n_cars; car++) {
        (void)cp_tour_rebuild(k->p, car, &k->s->tours[car]);
        k->s->cost += k->s->tours[car].cost;
    }
    CP_TRY(cp_route_improve(k->ctx, k->s, &local, &end));
    place_rest(k->s);
    r->work_done = end.work_done;
    r->stopped_by_time = end.stopped_by_time;
    return write_result(k->ctx, k->net, k->day, k->s, k->cause, r);
}

/* Rounds in which what the routes share with earlier days has a price; *r becomes the best. */
static cp_status less_alike(task *k, cp_route_result *r)
{
    cp_like_rounds rounds;
    int64_t work = r->work_done;
    bool stopped = r->stopped_by_time;
    CP_TRY(cp_like_begin(k->ctx, k->day, k->opts->like, &rounds));
    CP_TRY(cp_like_measure(k->ctx, &rounds, r));
    for (int32_t turn = 1; turn <= LIKE_TURNS && !stopped; turn++) {
        cp_route_result now = {0};
        if (!cp_like_wanted(&rounds, r)) break;
        CP_TRY(cp_like_price(k->ctx, &rounds, k->p));
        CP_TRY(search_on(k, turn, &now));
        CP_TRY(cp_like_measure(k->ctx, &rounds, &now));
        work += now.work_done;
        stopped = now.stopped_by_time;
        if (cp_like_better(&rounds, &now, r)) *r = now;
    }
    r->work_done = work;
    r->stopped_by_time = stopped;
    return CP_OK;
}

static cp_status solve(task *k, cp_route_result *r)
{
    cp_ctx *ctx = k->ctx;
    CP_TRY(check_day(ctx, k->net, k->day));
    CP_NEW(ctx, ctx->scratch, k->cause, k->day->n_tasks);
    CP_TRY(cp_tasks_day_build(ctx, k->net, k->day, k->cause, &k->p));
    CP_TRY(cp_tours_new(ctx, k->p, &k->s));
    if (k->p->n_tasks > 0) CP_TRY(search_routes(k, r));
    CP_TRY(write_result(ctx, k->net, k->day, k->s, k->cause, r));
    return k->opts->like != NULL && k->p->n_tasks > 0 ? less_alike(k, r) : CP_OK;
}

cp_status cp_route_solve(cp_ctx *ctx, const cp_network *net, const cp_route_day *day,
                         const cp_route_opts *opts, cp_route_result **out)
{
    const cp_route_opts dflt = cp_route_defaults();
    cp_route_result *r = NULL;
    CP_NEW(ctx, ctx->run, r, 1);
    const cp_arena_mark mark = cp_arena_here(ctx->scratch);
    task k = {.ctx = ctx, .net = net, .day = day, .opts = opts != NULL ? opts : &dflt};
    const cp_status st = solve(&k, r);
    cp_arena_rewind(ctx->scratch, mark);
    if (st == CP_OK) *out = r;
    return st;
}

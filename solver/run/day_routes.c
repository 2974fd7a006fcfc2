/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "solver/run/day_routes.h"

#include <string.h>

#include "models/base/rng.h"
#include "solver/par/job.h"

#define AGAIN_MOST 4   /* searches of a day for fewer cars */
#define DAYS_MOST 1000 /* more than a plan has: seeds of different days stay different */

typedef struct route_job {
    const cp_network *net;
    const cp_plan *plan;
    const cp_day_routes_opts *opts;
    const int32_t *first_visit; /* n_days + 1: visits of a day */
    cp_likeness_rule rule;
    int32_t first;                      /* day and vault of the job with index 0 */
    const struct route_answer *answers; /* of all days and vaults, as far as they are routed */
} route_job;

typedef struct route_answer {
    cp_route_task *tasks;
    int32_t n_tasks;
    cp_route_result *result; /* NULL: no stop that day */
    bool kept;               /* as in the routes before: the same stops, the same days before */
} route_answer;

/* Outside volume of the cassettes that a swap carries each way. */
static int64_t set_cm3(const cp_network *net, const cp_plan *plan, const cp_plan_visit *visit)
{
    const cp_point *p = &net->points[visit->point];
    int64_t cm3 = 0;
    if (!cp_visit_swaps(visit)) return 0;
    for (int32_t c = p->first_cassette; c < p->first_cassette + p->n_cassettes; c++)
        if (net->cassettes[c].cassette_model >= 0 && cp_visit_takes_cassette(net, plan, visit, c))
            cm3 += net->models[net->cassettes[c].cassette_model].volume_cm3;
    return cm3;
}

static void add_visit(const cp_network *net, const cp_plan *plan, const cp_plan_visit *visit,
                      cp_route_task *task)
{
    const int64_t cm3 = set_cm3(net, plan, visit);
    task->service_s += 60 * cp_visit_service_min(net, visit);
    task->out_minor += visit->load_minor;
    task->back_minor += visit->return_q_minor;
    task->out_cm3 += cm3;
    task->back_cm3 += cm3;
    if (visit->pin < 0) return;
    task->must = true;
    if (net->rows.pin[visit->pin].car >= 0) task->car = net->rows.pin[visit->pin].car;
}

/* Visits from .. to - 1 are those of a day. Points are sorted by site, so the visits of a stop
 * stand together. */
static cp_status make_tasks(cp_ctx *ctx, const cp_network *net, const cp_plan *plan, int32_t from,
                            int32_t to, int32_t vault, route_answer *answer)
{
    CP_NEW(ctx, ctx->run, answer->tasks, to - from + 1);
    for (int32_t i = from; i < to; i++) {
        const cp_plan_visit *visit = &plan->visits[i];
        const int32_t site = net->points[visit->point].site;
        if (net->sites[site].vault != vault || visit->by_branch) continue;
        cp_route_task *task = &answer->tasks[answer->n_tasks > 0 ? answer->n_tasks - 1 : 0];
        if (answer->n_tasks == 0 || task->site != site) {
            task = &answer->tasks[answer->n_tasks++];
            task->site = site;
            task->car = -1;
            task->service_s = 60 * net->sites[site].service_min;
        }
        add_visit(net, plan, visit, task);
    }
    return CP_OK;
}

cp_status cp_day_routes_tasks(cp_ctx *ctx, const cp_network *net, const cp_plan *plan, int32_t t,
                              int32_t vault, cp_route_task **tasks, int32_t *n_tasks)
{
    route_answer answer = {0};
    int32_t from = 0, to = 0;
    while (from < plan->n_visits && plan->visits[from].t < t)
        from++;
    for (to = from; to < plan->n_visits && plan->visits[to].t == t;)
        to++;
    CP_TRY(make_tasks(ctx, net, plan, from, to, vault, &answer));
    *tasks = answer.tasks;
    *n_tasks = answer.n_tasks;
    return CP_OK;
}

static bool same_task(const cp_route_task *a, const cp_route_task *b)
{
    return a->site == b->site && a->car == b->car && a->must == b->must &&
           a->service_s == b->service_s && a->out_minor == b->out_minor &&
           a->back_minor == b->back_minor && a->out_cm3 == b->out_cm3 && a->back_cm3 == b->back_cm3;
}

/* Do routes depend on those of the days before? */
static bool is_steered(const cp_likeness_rule *rule)
{
    return rule->days > 0 && rule->price_minor > 0 && rule->limit_pct < 100;
}

static bool was_routed(const route_job *job, int32_t index, const route_answer *answer)
{
    const cp_day_routes *before = job->opts->before;
    const int32_t n_vaults = job->net->n_vaults;
    if (before == NULL || before->work_per_task != job->opts->work_per_task) return false;
    const route_answer *was = &before->answers[index];
    if (was->n_tasks != answer->n_tasks) return false;
    for (int32_t d = 1; is_steered(&job->rule) && d <= job->rule.days; d++)
        if (index - d * n_vaults >= 0 && !job->answers[index - d * n_vaults].kept) return false;
    for (int32_t i = 0; i < answer->n_tasks; i++)
        if (!same_task(&was->tasks[i], &answer->tasks[i])) return false;
    return true;
}

/* The days before that a day is to be unlike, in ctx->scratch. */
static cp_status look_back(cp_ctx *ctx, const route_job *job, int32_t t, int32_t vault,
                           cp_route_like *like)
{
    cp_drive_day *window = NULL;
    like->rule = &job->rule;
    CP_NEW(ctx, ctx->scratch, window, job->rule.days + 1);
    for (int32_t d = t - 1; d >= t - job->rule.days; d--) {
        const cp_drives *drives = d < 0 ? job->opts->past : NULL;
        cp_drives own;
        const route_answer *was =
            d >= 0 ? &job->answers[(size_t)d * (size_t)job->net->n_vaults + (size_t)vault] : NULL;
        if (was != NULL && was->result != NULL) {
            own = (cp_drives){was->result->routes, was->result->n_routes, was->result->stops};
            drives = &own;
        }
        if (drives == NULL) continue;
        CP_TRY(cp_drive_day_make(ctx, ctx->scratch, drives, vault, d, &window[like->n_window]));
        if (window[like->n_window].n > 0) like->n_window++;
    }
    like->window = window;
    return CP_OK;
}

/* Could one car less drive the day, by its hours alone? */
static bool fewer_may_do(const cp_network *net, int32_t vault, const cp_route_result *r)
{
    int64_t minutes = 0, most = 0;
    for (int32_t k = 0; k < r->n_routes; k++)
        minutes += r->routes[k].drive_s / 60 + r->routes[k].service_min;
    for (int32_t k = 0; k < net->n_cars; k++) {
        const cp_car *car = &net->cars[k];
        const int64_t has = car->shift_end_min - car->shift_start_min + car->overtime_min;
        if (car->vault == vault && has > most) most = has;
    }
    return minutes <= (r->n_routes - 1) * most;
}

static int64_t crew_minutes(const cp_route_result *r)
{
    int64_t minutes = 0;
    for (int32_t k = 0; k < r->n_routes; k++)
        minutes += cp_route_crew_min(&r->routes[k]);
    return minutes;
}

static bool is_better(const cp_vault *vault, const cp_route_result *now, const cp_route_result *was)
{
    const int64_t crew = crew_minutes(now);
    if (crew > crew_minutes(was) && vault->crew_min_per_day > 0 && crew > vault->crew_min_per_day)
        return false;
    if (now->n_unserved != was->n_unserved) return now->n_unserved < was->n_unserved;
    return now->cost_minor < was->cost_minor;
}

/* A day that keeps its routes, searched again for fewer cars: not every search finds them. */
static cp_status route_again(cp_ctx *ctx, const route_job *job, const cp_route_day *day,
                             route_answer *answer)
{
    const cp_vault *vault = &job->net->vaults[day->vault];
    const int32_t n_routes = answer->result->n_routes;
    cp_route_opts opts = cp_route_defaults();
    if (is_steered(&job->rule)) return CP_OK;
    opts.work = job->opts->work_per_task * answer->n_tasks;
    opts.every_choice = true;
    for (int32_t turn = 1; turn <= AGAIN_MOST && answer->result->n_routes == n_routes; turn++) {
        cp_route_result *found = NULL;
        if (!fewer_may_do(job->net, day->vault, answer->result) || cp_should_stop(ctx)) break;
        opts.seed =
            cp_hash_text(job->opts->seed + (uint64_t)(day->t + turn * DAYS_MOST), vault->code);
        CP_TRY(cp_route_solve(ctx, job->net, day, &opts, &found));
        if (is_better(vault, found, answer->result)) answer->result = found;
    }
    return CP_OK;
}

static cp_status route_one(cp_ctx *ctx, int32_t at, const void *shared, void *out_slot)
{
    const route_job *job = shared;
    route_answer *answer = out_slot;
    const int32_t index = job->first + at;
    const int32_t t = index / job->net->n_vaults, vault = index % job->net->n_vaults;
    memset(answer, 0, sizeof *answer);
    CP_TRY(make_tasks(ctx, job->net, job->plan, job->first_visit[t], job->first_visit[t + 1], vault,
                      answer));
    answer->kept = was_routed(job, index, answer);
    if (answer->kept) answer->result = job->opts->before->answers[index].result;
    const cp_route_day day = {t, vault, answer->tasks, answer->n_tasks};
    if (answer->n_tasks == 0) return CP_OK;
    if (answer->kept) return job->opts->fewer_cars ? route_again(ctx, job, &day, answer) : CP_OK;
    cp_route_opts opts = cp_route_defaults();
    cp_route_like like = {0};
    if (is_steered(&job->rule)) {
        CP_TRY(look_back(ctx, job, t, vault, &like));
        opts.like = &like;
    }
    opts.work = job->opts->work_per_task * answer->n_tasks;
    opts.seed = cp_hash_text(job->opts->seed + (uint64_t)t, job->net->vaults[vault].code);
    return cp_route_solve(ctx, job->net, &day, &opts, &answer->result);
}

static cp_status index_days(cp_ctx *ctx, const cp_plan *plan, int32_t **out)
{
    int32_t *first = NULL;
    CP_NEW(ctx, ctx->scratch, first, plan->n_days + 1);
    for (int32_t i = 0; i < plan->n_visits; i++)
        first[plan->visits[i].t + 1]++;
    for (int32_t t = 0; t < plan->n_days; t++)
        first[t + 1] += first[t];
    *out = first;
    return CP_OK;
}

static cp_status new_result(cp_ctx *ctx, const cp_network *net, route_answer *answers, int32_t n,
                            int64_t work_per_task, cp_plan *plan, cp_day_routes **out)
{
    cp_day_routes *d = NULL;
    const size_t cells = (size_t)net->n_sites * (size_t)plan->n_days;
    int32_t n_routes = 0, n_stops = 0, n_unrouted = 0;
    for (int32_t i = 0; i < n; i++) {
        if (!answers[i].result) continue;
        n_routes += answers[i].result->n_routes;
        n_stops += answers[i].result->n_stops;
        n_unrouted += answers[i].result->n_unserved;
    }
    CP_NEW(ctx, ctx->run, d, 1);
    d->answers = answers;
    d->work_per_task = work_per_task;
    CP_NEW(ctx, ctx->run, d->unrouted, n_unrouted + 1);
    CP_NEW(ctx, ctx->run, d->removal_minor, cells + 1);
    CP_NEW(ctx, ctx->run, d->removal_drive_s, cells + 1);
    CP_NEW(ctx, ctx->run, d->crew_min, n + 1);
    CP_NEW(ctx, ctx->run, plan->routes, n_routes + 1);
    CP_NEW(ctx, ctx->run, plan->stops, n_stops + 1);
    plan->n_routes = plan->n_stops = 0;
    for (size_t i = 0; i < cells; i++)
        d->removal_minor[i] = -1;
    *out = d;
    return CP_OK;
}

static void collect(const route_answer *answer, int32_t t, cp_plan *plan, cp_day_routes *d)
{
    const cp_route_result *r = answer->result;
    for (int32_t i = 0; i < r->n_routes; i++) {
        cp_plan_route *route = &plan->routes[plan->n_routes++];
        *route = r->routes[i];
        d->crew_min[(size_t)route->vault * (size_t)plan->n_days + (size_t)t] +=
            cp_route_crew_min(route);
        route->first_stop = plan->n_stops;
        memcpy(plan->stops + plan->n_stops, r->stops + r->routes[i].first_stop,
               (size_t)route->n_stops * sizeof *plan->stops);
        plan->n_stops += route->n_stops;
    }
    for (int32_t k = 0; k < answer->n_tasks; k++) {
        const size_t at = (size_t)answer->tasks[k].site * (size_t)plan->n_days + (size_t)t;
        d->removal_minor[at] = r->removal_minor[k];
        d->removal_drive_s[at] = r->removal_drive_s[k];
    }
    for (int32_t i = 0; i < r->n_unserved; i++)
        d->unrouted[d->n_unrouted++] =
            (cp_unrouted){t, answer->tasks[r->unserved[i]].site, r->reason[i]};
    d->cost_minor += r->cost_minor;
    d->work_done += r->work_done;
    d->stopped = d->stopped || r->stopped_by_time;
}

/* Every day at once, or one after the other where each is to be unlike those before. */
static cp_status route_all(cp_ctx *ctx, route_job *job, int32_t n, route_answer *answers)
{
    const int32_t n_vaults = job->net->n_vaults;
    job->answers = answers;
    if (!is_steered(&job->rule))
        return cp_job_run(ctx, n, route_one, job, answers, sizeof *answers);
    for (job->first = 0; job->first < n; job->first += n_vaults)
        CP_TRY(cp_job_run(ctx, n_vaults, route_one, job, answers + job->first, sizeof *answers));
    return CP_OK;
}

cp_status cp_day_routes_make(cp_ctx *ctx, const cp_network *net, const cp_day_routes_opts *opts,
                             cp_plan *plan, cp_day_routes **out)
{
    const cp_arena_mark mark = cp_arena_here(ctx->scratch);
    const int32_t n = plan->n_days * net->n_vaults;
    route_job job = {
        .net = net, .plan = plan, .opts = opts, .rule = cp_likeness_rule_of(&net->settings)};
    route_answer *answers = NULL;
    int32_t *first = NULL;
    CP_TRY(index_days(ctx, plan, &first));
    job.first_visit = first;
    CP_NEW(ctx, ctx->run, answers, n + 1);
    CP_TRY(route_all(ctx, &job, n, answers));
    CP_TRY(new_result(ctx, net, answers, n, opts->work_per_task, plan, out));
    for (int32_t i = 0; i < n; i++)
        if (answers[i].result) collect(&answers[i], i / net->n_vaults, plan, *out);
    plan->past = opts->past;
    CP_TRY(cp_likeness_make(ctx, net, plan));
    cp_arena_rewind(ctx->scratch, mark);
    return CP_OK;
}

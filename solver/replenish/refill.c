/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "solver/replenish/refill.h"

#include <math.h>
#include <string.h>

#include "models/base/rng.h"
#include "solver/par/job.h"
#include "solver/replenish/refill_decode.h"
#include "solver/replenish/refill_mend.h"
#include "solver/replenish/refill_pool.h"
#include "solver/replenish/refill_search.h"
#include "solver/replenish/zone_tree.h"

#define STRICTLY 64 /* times that, where a tree finds relief cheaper than keeping the limits */
#define MEND_ROUNDS 8
#define AS_RELIEF 0.99 /* of its price: a limit worth so much is broken in the relaxation */
/* Of a vault's time, where there is a deadline: for the rounds of the relaxation, and until the end
 * of the dive to whole plans. Beyond a deadline the rounds have at least so much of what the
 * intervals took: without any there is neither a bound nor a plan worth having. */
#define ROUNDS_TIME 0.65
#define DIVE_TIME 0.9
#define LEAST_ROUNDS 0.4
#define ROUGH                                                                                      \
    0.02 /* relative distance of LP and bound: beyond it the LP's plans are not good ones */
#define REPLANS_PER_POINT 300
#define REPLANS_PER_PROGRAM 2000 /* of the search, for each program of refill_pool.h */
#define REPLANS_PER_NODE 60      /* of the search, for each node of a tree */
#define POINTS_TIMES_NODES 6000
#define NODES_FEWER 18   /* than that divided by the points: beyond some hundred there is no tree */
#define REPAIR_HEAT 0.05 /* of a search's start temperature */

struct cp_refill {
    const cp_network *net;
    cp_arc_input in;
    cp_arcs *arcs;        /* by point */
    cp_zone_answer *last; /* by vault: of the last solve, zeros before */
    double build_s;       /* what the intervals took, on the clock of the deadline */
};

cp_refill_opts cp_refill_defaults(void)
{
    const cp_refill_opts opts = {0, 0, 0.0, 1, NULL, -1, NULL, false, NULL};
    return opts;
}

/* Is there any plan of the point at all? */
static cp_status has_plan(cp_ctx *ctx, const cp_arcs *a, bool *yes)
{
    const cp_arena_mark mark = cp_arena_here(ctx->scratch);
    const size_t days = (size_t)a->n_days;
    double *zero = NULL, cost = INFINITY;
    cp_step *steps = NULL;
    int32_t n = 0;
    CP_NEW(ctx, ctx->scratch, zero, days * CP_MAX_ALL_MODES);
    CP_NEW(ctx, ctx->scratch, steps, days);
    const cp_point_prices free_of_charge = {zero, zero, NULL, NULL, NULL, NULL};
    CP_TRY(cp_point_price(ctx, a, &free_of_charge, &cost, steps, &n));
    *yes = isfinite(cost);
    cp_arena_rewind(ctx->scratch, mark);
    return CP_OK;
}

static cp_status ban_point(cp_ctx *ctx, cp_arcs *a, int32_t t, int32_t *n_banned)
{
    uint8_t before[CP_MAX_ALL_MODES] = {0};
    const uint8_t open = a->may_open[t];
    bool ok = false, was_allowed = false, others = false;
    for (int32_t m = 0; m < a->n_all_modes; m++) {
        if (m == a->branch_mode) { /* it needs no car */
            others = a->may_visit[m * a->n_days + t];
            continue;
        }
        before[m] = a->may_visit[m * a->n_days + t];
        was_allowed = was_allowed || before[m];
        a->may_visit[m * a->n_days + t] = 0;
    }
    if (!others) a->may_open[t] = 0;
    CP_TRY(has_plan(ctx, a, &ok));
    if (!ok) {
        for (int32_t m = 0; m < a->n_all_modes; m++)
            if (m != a->branch_mode) a->may_visit[m * a->n_days + t] = before[m];
        a->may_open[t] = open;
    }
    *n_banned += ok && was_allowed;
    return CP_OK;
}

cp_status cp_refill_ban(cp_ctx *ctx, cp_refill *refill, int32_t site, int32_t t, int32_t *n_banned)
{
    const cp_site *s = &refill->net->sites[site];
    for (int32_t p = s->first_point; p < s->first_point + s->n_points; p++)
        if (refill->arcs[p].n_modes > 0) CP_TRY(ban_point(ctx, &refill->arcs[p], t, n_banned));
    return CP_OK;
}

static cp_status check_plans(cp_ctx *ctx, const cp_refill *r)
{
    for (int32_t p = 0; p < r->net->n_points; p++) {
        bool ok = true;
        if (r->arcs[p].n_modes > 0) CP_TRY(has_plan(ctx, &r->arcs[p], &ok));
        if (!ok)
            CP_FAIL(
                ctx, CP_E_INPUT,
                "point %s cannot be planned: its service days, pins, earliest and latest day and "
                "longest interval leave no sequence of visits",
                r->net->points[p].code);
    }
    return CP_OK;
}

static cp_status build_point(cp_ctx *ctx, int32_t index, const void *shared, void *out_slot)
{
    return cp_arcs_build(ctx, shared, index, out_slot);
}

cp_status cp_refill_build(cp_ctx *ctx, const cp_network *net, const cp_forecast *forecast,
                          const cp_shares *shares, uint64_t seed, cp_refill **out)
{
    cp_refill *r = NULL;
    const double start_s = cp_ctx_now_s(ctx);
    CP_NEW(ctx, ctx->run, r, 1);
    r->net = net;
    r->in = (cp_arc_input){net, forecast, shares, seed, NULL};
    CP_NEW(ctx, ctx->run, r->arcs, net->n_points + 1);
    CP_NEW(ctx, ctx->run, r->last, net->n_vaults + 1);
    CP_TRY(cp_job_run(ctx, net->n_points, build_point, &r->in, r->arcs, sizeof *r->arcs));
    r->build_s = cp_ctx_now_s(ctx) - start_s;
    *out = r;
    return check_plans(ctx, r);
}

/* ---- one vault
 * ------------------------------------------------------------------------------------ */

typedef struct solve_job {
    const cp_refill *refill;
    const cp_stop_prices *prices;
    const cp_refill_opts *opts;
    int32_t inner_threads;
    int32_t *vault; /* those to solve */
    int32_t n_vaults;
    int32_t at_once;   /* vaults solved beside each other */
    int64_t *n_points; /* of the vaults from each on: they share what is left until the deadline */
} solve_job;

static cp_refill_search_opts search_opts(const solve_job *job, const cp_zone *z)
{
    cp_refill_search_opts search;
    memset(&search, 0, sizeof search);
    const int64_t all_points = job->refill->net->n_points > 0 ? job->refill->net->n_points : 1;
    search.replans = job->opts->replans > 0 ? job->opts->replans * z->n_points / all_points
                                            : (int64_t)REPLANS_PER_POINT * z->n_points;
    search.seed = cp_hash_text(job->opts->seed, job->refill->net->vaults[z->vault].code);
    search.stop_gap = job->opts->stop_gap;
    search.heat = 1.0;
    return search;
}

/* In small zones many nodes, in larger ones few and then none: a node takes longer there, and the
 * relaxation is good without. */
static int64_t nodes_for(const cp_zone *z, int64_t replans)
{
    const int64_t by_work = replans / REPLANS_PER_NODE;
    const int64_t by_size = z->n_points > 0 ? POINTS_TIMES_NODES / z->n_points - NODES_FEWER : 0;
    return by_work < by_size ? by_work : by_size;
}

/* Small zones: the relaxation is weak there, and a tree can do something about it. */
static cp_status prove_zone(cp_ctx *ctx, const solve_job *job, const cp_master *master,
                            int64_t replans, cp_zone_answer *answer)
{
    const int64_t asked = job->opts->nodes;
    const cp_tree_opts tree = {asked != 0 ? asked : nodes_for(answer->zone, replans),
                               job->opts->stop_gap, master};
    int64_t done = 0;
    if (tree.nodes <= 0) return CP_OK;
    CP_TRY(cp_zone_tree(ctx, answer->zone, &tree, answer->state, &answer->bound_minor, &done));
    answer->work += done;
    return CP_OK;
}

/* Relief counts so many times its price from here on. */
static void weigh_relief(cp_zone_answer *answer, int64_t num, int64_t den)
{
    cp_zone_scale_relief(answer->zone, num, den);
    if (answer->state) cp_refill_recount(answer->state);
}

static void put_plans(cp_refill_state *to, const cp_refill_state *from)
{
    const size_t days = (size_t)from->z->n_days;
    for (int32_t p = 0; p < from->z->n_points; p++)
        cp_refill_take_out(to, p);
    for (int32_t p = 0; p < from->z->n_points; p++)
        cp_refill_put_in(to, p, from->steps + (size_t)p * days, from->n_steps[p]);
}

/* The first choice is a plan with less relief, the second a cheaper one. */
static bool is_better(const cp_refill_state *a, const cp_refill_state *b)
{
    const cp_minor x = cp_refill_relief(a), y = cp_refill_relief(b);
    return x != y ? x < y : a->total < b->total;
}

/* Points re-planned a few at a time (replans 0: all of them in turn) where relief costs what it
 * costs, since the way to a good plan leads over broken limits; then what is broken is mended, and
 * only in the end relief counts more. */
static cp_status fit_plans(cp_ctx *ctx, const cp_master *master,
                           const cp_refill_search_opts *search, cp_zone_answer *answer)
{
    const cp_mend_opts mend = {MEND_ROUNDS, master->row_price, master};
    weigh_relief(answer, 1, CP_RELIEF_TIMES);
    CP_TRY(cp_refill_improve(ctx, answer->state, search, &answer->work));
    CP_TRY(cp_refill_mend(ctx, answer->state, &mend, &answer->work));
    weigh_relief(answer, CP_RELIEF_TIMES, 1);
    return CP_OK;
}

/* Go back to the plan before when that was the better one. */
static void keep_better(cp_refill_state *s, cp_refill_state *before)
{
    cp_refill_recount(before);
    if (is_better(before, s)) put_plans(s, before);
    put_plans(before, s);
}

/* The tree; once more where it would rather pay relief than keep the limits. */
static cp_status prove_kept(cp_ctx *ctx, const solve_job *job, const cp_master *master,
                            int64_t replans, cp_refill_state *before, cp_zone_answer *answer)
{
    CP_TRY(prove_zone(ctx, job, master, replans, answer));
    const bool pays = cp_refill_relief(answer->state) > 0;
    keep_better(answer->state, before);
    if (!pays) return CP_OK;
    weigh_relief(answer, STRICTLY, 1);
    CP_TRY(prove_zone(ctx, job, master, replans, answer));
    weigh_relief(answer, 1, STRICTLY);
    keep_better(answer->state, before);
    return CP_OK;
}

/* The relaxation's plans fitted together, which takes no time worth speaking of, then all else. */
static cp_status improve_zone(cp_ctx *ctx, const solve_job *job, const cp_master *master,
                              const cp_refill_search_opts *search, cp_zone_answer *answer)
{
    const cp_pool_opts pool = {(int32_t)(search->replans / REPLANS_PER_PROGRAM), search->seed};
    cp_refill_search_opts sweeps = *search;
    cp_refill_state *before = NULL;
    sweeps.replans = 0;
    CP_TRY(cp_refill_round(ctx, answer->state, master));
    CP_TRY(fit_plans(ctx, master, &sweeps, answer));
    if (cp_should_stop(ctx)) return CP_OK;
    CP_TRY(cp_refill_state_new(ctx, answer->zone, &before));
    put_plans(before, answer->state);
    CP_TRY(fit_plans(ctx, master, search, answer));
    keep_better(answer->state, before);
    CP_TRY(cp_refill_pool(ctx, answer->state, master, &pool, &answer->work));
    keep_better(answer->state, before);
    CP_TRY(prove_kept(ctx, job, master, search->replans, before, answer));
    CP_TRY(cp_refill_improve(ctx, answer->state, &sweeps, &answer->work));
    keep_better(answer->state, before);
    return CP_OK;
}

static cp_status search_zone(cp_ctx *ctx, const solve_job *job, const cp_master *master,
                             cp_zone_answer *answer)
{
    const cp_zone *z = answer->zone;
    cp_refill_search_opts search = search_opts(job, z);
    search.bound = master->bound_minor;
    search.row_price = master->row_price;
    search.rough_start = master->lp_minor - master->bound_minor > ROUGH * fabs(master->lp_minor);
    answer->bound_minor = answer->lp_bound_minor = master->bound_minor;
    CP_TRY(cp_refill_state_new(ctx, z, &answer->state));
    CP_TRY(improve_zone(ctx, job, master, &search, answer));
    cp_log(&ctx->log, CP_LOG_INFO,
           "vault %s: %d rounds, %lld simplex iterations, %d columns, lp %.0f, bound %.0f, "
           "plan %lld",
           job->refill->net->vaults[z->vault].code, (int)master->rounds,
           (long long)master->simplex_iterations, (int)master->n_columns, master->lp_minor,
           answer->bound_minor, (long long)answer->state->total);
    return CP_OK;
}

/* From the last plan on; every point is planned anew at least once, so that nothing forbidden
 * stays. */
static cp_status repair_zone(cp_ctx *ctx, const solve_job *job, const cp_zone_answer *last,
                             cp_zone_answer *answer)
{
    cp_zone *zone = answer->zone;
    const cp_mend_opts mend = {MEND_ROUNDS, last->row_price, NULL};
    cp_refill_search_opts search = search_opts(job, zone);
    *answer = *last;
    answer->zone = zone;
    answer->work = 0;
    answer->bound_minor = last->kept_bound_minor;
    search.bound = last->kept_bound_minor;
    search.row_price = last->row_price;
    search.heat = REPAIR_HEAT;
    CP_TRY(cp_refill_state_new(ctx, zone, &answer->state));
    put_plans(answer->state, last->state);
    CP_TRY(cp_refill_improve(ctx, answer->state, &search, &answer->work));
    if (cp_refill_relief(answer->state) == 0) return CP_OK;
    return cp_refill_mend(ctx, answer->state, &mend, &answer->work);
}

/* Back to what relief costs. A plan without relief is measured by what no such plan can do for
 * less; one with relief by what no plan at all can, with prices of limits that relief caps. */
static cp_status settle_bound(cp_ctx *ctx, cp_zone_answer *answer)
{
    const cp_zone *z = answer->zone;
    cp_master_opts opts = cp_master_defaults();
    cp_master *master = NULL;
    opts.max_rounds = opts.dive_steps = 0;
    weigh_relief(answer, 1, CP_RELIEF_TIMES);
    answer->kept_bound_minor = answer->bound_minor;
    if (cp_refill_relief(answer->state) == 0) return CP_OK;
    CP_TRY(cp_refill_master(ctx, z, &opts, answer->row_price, &master));
    answer->bound_minor = fmin(answer->bound_minor, master->bound_minor);
    return CP_OK;
}

/* *out NULL = none. */
static cp_status first_prices(cp_ctx *ctx, const cp_limit_prices *start, const cp_zone *zone,
                              const double **out)
{
    double *price = NULL;
    *out = NULL;
    if (start == NULL) return CP_OK;
    CP_NEW(ctx, ctx->scratch, price, zone->n_rows + 1);
    cp_refill_start_rows(start, zone, price);
    *out = price;
    return CP_OK;
}

/* When the parts of a vault's work end, by cp_ctx_now_s; zeros without a deadline. */
typedef struct vault_time {
    double rounds, dive, search;
} vault_time;

/* Those solved later get their time too, and what those before have left. */
static vault_time time_of(const cp_ctx *ctx, const solve_job *job, int32_t index, const cp_zone *z)
{
    vault_time time = {0.0, 0.0, 0.0};
    if (ctx->deadline_s <= 0.0) return time;
    const double now = cp_ctx_now_s(ctx), left = fmax(0.0, ctx->deadline_s - now);
    const double part =
        job->n_points[index] > 0 ? (double)z->n_points / (double)job->n_points[index] : 0.0;
    const double own = fmin(left, left * job->at_once * part);
    const int32_t all = job->refill->net->n_points;
    const double least = LEAST_ROUNDS * job->refill->build_s * z->n_points / (all > 0 ? all : 1);
    time.search = now + own;
    time.rounds = now + fmax(ROUNDS_TIME * own, least);
    time.dive = fmax(now + DIVE_TIME * own, time.rounds + least * (1.0 - ROUNDS_TIME));
    return time;
}

/* Rows whose uses come in steps that the limit is no multiple of: their hull pays a part of the
 * relief for what no plan that keeps them can use. */
static bool is_stepped(const cp_zone_row *row)
{
    return cp_zone_row_hull(row).cap < (double)row->cap;
}

static void weigh_plain_rows(cp_zone *zone, int64_t num, int64_t den)
{
    for (int32_t r = 0; r < zone->n_rows; r++)
        if (!is_stepped(&zone->row[r]))
            zone->row[r].relief_minor = zone->row[r].relief_minor * num / den;
}

/* The relaxation with relief at its own price, which takes fewer rounds; where it would pay that,
 * again with what the search counts. */
static cp_status relax_zone(cp_ctx *ctx, const cp_master_opts *opts, const double *start,
                            cp_zone *zone, cp_master **out)
{
    bool pays = false;
    weigh_plain_rows(zone, 1, CP_RELIEF_TIMES);
    CP_TRY(cp_refill_master(ctx, zone, opts, start, out));
    for (int32_t r = 0; r < zone->n_rows && !pays; r++)
        pays = (*out)->row_price[r] >= AS_RELIEF * (double)zone->row[r].relief_minor;
    weigh_plain_rows(zone, CP_RELIEF_TIMES, 1);
    if (!pays || (*out)->stopped) return CP_OK;
    const cp_master *plain = *out;
    CP_TRY(cp_refill_master(ctx, zone, opts, plain->row_price, out));
    (*out)->rounds += plain->rounds; /* both are work that was done */
    (*out)->simplex_iterations += plain->simplex_iterations;
    return CP_OK;
}

static cp_status solve_vault(cp_ctx *ctx, int32_t index, const void *shared, void *out_slot)
{
    const solve_job *job = shared;
    const cp_refill *r = job->refill;
    const int32_t vault = job->vault[index];
    const cp_zone_answer *last = &r->last[vault];
    cp_zone_answer *answer = out_slot;
    cp_master_opts opts = cp_master_defaults();
    cp_master *master = NULL;
    const double *start = last->row_price;
    const int32_t threads = ctx->n_threads;
    if (job->opts->dump_vault == vault) opts.dump_lp = job->opts->dump_lp;
    CP_TRY(cp_zone_make(ctx, r->net, r->arcs, job->prices, vault, &answer->zone));
    cp_zone_scale_relief(answer->zone, CP_RELIEF_TIMES, 1);
    const bool warm = last->zone && last->zone->n_rows == answer->zone->n_rows;
    if (job->opts->repair && warm) {
        CP_TRY(repair_zone(ctx, job, last, answer));
        return settle_bound(ctx, answer);
    }
    if (!warm) CP_TRY(first_prices(ctx, job->opts->start, answer->zone, &start));
    const double deadline_s = ctx->deadline_s;
    const vault_time time = time_of(ctx, job, index, answer->zone);
    ctx->n_threads = job->inner_threads;
    ctx->deadline_s = time.dive;
    opts.until_s = time.rounds;
    cp_status st = relax_zone(ctx, &opts, start, answer->zone, &master);
    ctx->n_threads = threads;
    ctx->deadline_s = deadline_s;
    ctx->deadline_s = time.search;
    if (st == CP_OK) st = search_zone(ctx, job, master, answer);
    ctx->deadline_s = deadline_s;
    if (st != CP_OK) return st;
    answer->row_price = master->row_price;
    answer->lp_minor = master->lp_minor;
    answer->rounds = master->rounds;
    answer->n_columns = master->n_columns;
    answer->n_fractional = master->n_split;
    answer->simplex_iterations = master->simplex_iterations;
    answer->work += master->rounds;
    answer->closed = master->closed;
    answer->stopped = master->stopped;
    return settle_bound(ctx, answer);
}

static int64_t points_of(const cp_network *net, int32_t vault)
{
    int64_t n = 0;
    for (int32_t i = 0; i < net->n_sites; i++)
        if (net->sites[i].vault == vault) n += net->sites[i].n_points;
    return n;
}

static cp_status choose_vaults(cp_ctx *ctx, solve_job *job)
{
    const cp_network *net = job->refill->net;
    const bool *asked = job->opts->vaults;
    bool *has_sites = NULL;
    CP_NEW(ctx, ctx->scratch, has_sites, net->n_vaults + 1);
    CP_NEW(ctx, ctx->scratch, job->vault, net->n_vaults + 1);
    for (int32_t i = 0; i < net->n_sites; i++)
        if (net->sites[i].vault >= 0) has_sites[net->sites[i].vault] = true;
    int32_t n_used = 0;
    for (int32_t v = 0; v < net->n_vaults; v++) {
        if (asked && !asked[v] && job->refill->last[v].zone) continue;
        job->vault[job->n_vaults++] = v;
        n_used += has_sites[v];
    }
    CP_NEW(ctx, ctx->scratch, job->n_points, job->n_vaults + 1);
    for (int32_t i = job->n_vaults - 1; i >= 0; i--)
        job->n_points[i] = job->n_points[i + 1] + points_of(net, job->vault[i]);
    /* Many vaults: one a job. Few: one after the other, pricing in parallel. Same result. */
    job->inner_threads = n_used > ctx->n_threads ? 1 : ctx->n_threads;
    return CP_OK;
}

static cp_status solve_all(cp_ctx *ctx, solve_job *job, cp_zone_answer *answers)
{
    CP_TRY(choose_vaults(ctx, job));
    job->at_once = job->inner_threads == 1 ? ctx->n_threads : 1;
    if (job->inner_threads == 1)
        return cp_job_run(ctx, job->n_vaults, solve_vault, job, answers, sizeof *answers);
    for (int32_t i = 0; i < job->n_vaults; i++)
        CP_TRY(solve_vault(ctx, i, job, &answers[i]));
    return CP_OK;
}

/* A bound above the plan by more than the rounding of the rows' overtime is a mistake of ours. */
static cp_status set_proof(cp_ctx *ctx, const cp_refill *r, cp_plan *plan)
{
    double bound = 0.0;
    cp_minor cost = 0;
    bool stopped = false;
    for (int32_t v = 0; v < r->net->n_vaults; v++) {
        const cp_zone_answer *answer = &r->last[v];
        bound += floor(answer->bound_minor - 1e-9 * fabs(answer->bound_minor));
        cost += answer->state->total;
        stopped = stopped || answer->stopped;
    }
    plan->proof.has_bound = isfinite(bound);
    plan->proof.bound_minor = plan->proof.has_bound ? (cp_minor)bound : 0;
    if (plan->proof.bound_minor > cost + 1 + cost / 1000000000)
        CP_FAIL(ctx, CP_E_SOLVER, "replenishment: bound %lld above the plan's cost %lld",
                (long long)plan->proof.bound_minor, (long long)cost);
    if (plan->proof.bound_minor > cost) plan->proof.bound_minor = cost;
    plan->proof.plan_minor = cost;
    plan->proof.gap = cost > 0 ? (double)(cost - plan->proof.bound_minor) / (double)cost : 0.0;
    plan->proof.n_paths = r->net->settings.n_paths;
    plan->proof.seed = r->in.seed;
    plan->outcome = plan->proof.bound_minor == cost ? CP_OPTIMAL : CP_FEASIBLE;
    plan->stopped_by = stopped ? "time" : "work";
    return CP_OK;
}

cp_status cp_refill_solve(cp_ctx *ctx, cp_refill *refill, const cp_stop_prices *prices,
                          const cp_refill_opts *opts, cp_plan *plan)
{
    const cp_arena_mark mark = cp_arena_here(ctx->scratch);
    const int32_t n = refill->net->n_vaults;
    solve_job job = {.refill = refill, .prices = prices, .opts = opts};
    cp_zone_answer *answers = NULL;
    CP_NEW(ctx, ctx->scratch, answers, n + 1);
    CP_TRY(solve_all(ctx, &job, answers));
    for (int32_t i = 0; i < job.n_vaults; i++) {
        plan->work_done += answers[i].work;
        refill->last[job.vault[i]] = answers[i];
    }
    plan->policy = "cashplan";
    plan->first_day = refill->net->first_day;
    plan->n_days = refill->net->n_days;
    plan->prices = *prices;
    CP_TRY(cp_refill_decode(ctx, refill->net, refill->last, n, plan));
    CP_TRY(set_proof(ctx, refill, plan));
    cp_arena_rewind(ctx->scratch, mark);
    return CP_OK;
}

void cp_refill_forget(cp_refill *refill)
{
    memset(refill->last, 0, (size_t)refill->net->n_vaults * sizeof *refill->last);
}

cp_refill_stats cp_refill_stats_get(const cp_refill *refill)
{
    cp_refill_stats s = {.closed = true};
    for (int32_t v = 0; v < refill->net->n_vaults; v++) {
        const cp_zone_answer *a = &refill->last[v];
        if (!a->zone) continue;
        s.lp_minor += a->lp_minor;
        s.bound_minor += a->lp_bound_minor;
        s.n_rows += a->zone->n_rows;
        s.n_columns += a->n_columns;
        s.n_fractional += a->n_fractional;
        s.rounds += a->rounds;
        s.simplex_iterations += a->simplex_iterations;
        s.closed = s.closed && a->closed;
    }
    return s;
}

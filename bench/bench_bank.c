/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bench/bench_bank.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "models/sample/generate.h"
#include "solver/run/demand_run.h"
#include "solver/run/stop_prices.h"

#define HISTORY_DAYS 84
#define POINTS_PER_VAULT 1250
#define INTERVAL_DAYS 14
#define WIDE 1000000000
#define LOOSE 0.5
#define TIGHT 0.3

double bench_cpu_s(void)
{
    struct timespec t = {0, 0};
    (void)clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
    return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

/* ---- the network ------------------------------------------------------------------------------
 */

/* Limits so wide that none binds: their rows tell what a plan uses. */
static void widen(cp_rows *rows)
{
    for (int32_t v = 0; v < rows->n_vault; v++) {
        rows->vault[v].stops_per_day = 0;
        rows->vault[v].crew_min_per_day = WIDE;
        rows->vault[v].out_minor_per_day = (cp_minor)WIDE * 1000000;
        rows->vault[v].pack_cassettes_per_day = WIDE;
        rows->vault[v].pack_overtime_cassettes = 0;
        rows->vault[v].sort_notes_per_day = WIDE;
        rows->vault[v].sort_overtime_notes = 0;
    }
    for (int32_t i = 0; i < rows->n_cassette_pool; i++)
        rows->cassette_pool[i].spare = WIDE;
}

typedef struct usage {
    double sum, most;
    int32_t n;
} usage;

static usage use_of(const cp_plan *plan, cp_limit_kind kind, int32_t vault, int32_t item)
{
    usage u = {0.0, 0.0, 0};
    for (int32_t i = 0; i < plan->n_limits; i++) {
        const cp_plan_limit *l = &plan->limits[i];
        if (l->kind != kind || l->vault != vault || l->item != item || l->use <= 0) continue;
        u.sum += (double)l->use;
        u.most = fmax(u.most, (double)l->use);
        u.n++;
    }
    return u;
}

static int64_t between(usage u, double part)
{
    const double mean = u.n > 0 ? u.sum / u.n : 0.0;
    return (int64_t)(mean + part * (u.most - mean)) + 1;
}

/* The limits are written into the network at hand: nothing else in it depends on them, and a second
 * one would need its memory once more. */
static void limit(const bench_args *a, const cp_plan *plan, cp_network *net)
{
    const double part = a->tight ? TIGHT : LOOSE;
    for (int32_t v = 0; v < net->n_vaults; v++) {
        cp_vault *row = &net->rows.vault[v];
        row->crew_min_per_day = (int32_t)between(use_of(plan, CP_LIMIT_CREW_MIN, v, -1), part);
        row->out_minor_per_day =
            a->tight ? between(use_of(plan, CP_LIMIT_VALUE_OUT, v, -1), part) : 0;
        row->pack_cassettes_per_day =
            a->tight ? (int32_t)between(use_of(plan, CP_LIMIT_PACK, v, -1), part) : 0;
        row->sort_notes_per_day =
            a->tight ? (int32_t)between(use_of(plan, CP_LIMIT_SORT, v, -1), part) : 0;
    }
    for (int32_t i = 0; i < net->rows.n_cassette_pool; i++) {
        cp_cassette_pool *pool = &net->rows.cassette_pool[i];
        pool->spare =
            (int32_t)between(use_of(plan, CP_LIMIT_POOL, pool->vault, pool->cassette_model), part);
    }
    if (!a->tight) net->rows.n_cassette_pool = 0;
}

static int by_code(const void *a, const void *b)
{
    const cp_point *const *x = a;
    const cp_point *const *y = b;
    return strcmp((*x)->code, (*y)->code);
}

static cp_status lay_out(cp_ctx *ctx, const cp_network *net, const cp_history_row *rows, int64_t n,
                         cp_day first, cp_history **out)
{
    const cp_point **order = NULL;
    cp_history *history = NULL;
    CP_TRY(cp_history_new(ctx, net, first - HISTORY_DAYS, HISTORY_DAYS, &history));
    CP_NEW(ctx, ctx->run, order, net->n_points);
    for (int32_t p = 0; p < net->n_points; p++)
        order[p] = &net->points[p];
    qsort(order, (size_t)net->n_points, sizeof *order, by_code);
    for (int64_t i = 0; i < n; i++) {
        const cp_point key = {.code = rows[i].point_code};
        const cp_point *of = &key;
        const cp_point **found = bsearch(&of, order, (size_t)net->n_points, sizeof *order, by_code);
        if (found == NULL) continue;
        const int64_t at =
            ((int64_t)rows[i].flow * net->n_points + (*found - net->points)) * HISTORY_DAYS +
            rows[i].day - history->first_day;
        cp_minor *sum = &history->amount[at];
        *sum = (*sum == CP_HISTORY_MISSING ? 0 : *sum) + rows[i].amount_minor;
    }
    *out = history;
    return CP_OK;
}

static cp_status plan_free(cp_ctx *ctx, const bench_bank *b, cp_plan *plan)
{
    cp_refill_opts opts = cp_refill_defaults();
    cp_stop_prices prices;
    CP_TRY(cp_stop_prices_first(ctx, b->net, &prices));
    opts.replans = b->net->n_points;
    return cp_refill_solve(ctx, b->refill, &prices, &opts, plan);
}

/* Plan without limits, with little work and in memory of its own, and set them. The intervals stay
 * for the solve that is timed: they are what takes long. */
static cp_status measure(cp_ctx *ctx, const bench_args *a, bench_bank *b)
{
    const double cpu = bench_cpu_s(), wall = cp_now_s();
    cp_ctx own;
    cp_plan plan;
    memset(&plan, 0, sizeof plan);
    CP_TRY(cp_refill_build(ctx, b->net, b->forecast, b->shares, a->seed, &b->refill));
    b->build_s = bench_cpu_s() - cpu;
    b->build_wall = cp_now_s() - wall;
    CP_TRY(cp_ctx_init(&own));
    own.n_threads = ctx->n_threads;
    own.seed = ctx->seed;
    const cp_status st = plan_free(&own, b, &plan);
    cp_refill_forget(b->refill);
    if (st == CP_OK)
        limit(a, &plan, b->net);
    else
        ctx->error = own.error;
    cp_ctx_done(&own);
    return st;
}

/* Network, shares and forecast; `draft` holds the history, which nothing needs afterwards. */
static cp_status invent(cp_ctx *ctx, cp_ctx *draft, const bench_args *a, bench_bank *b)
{
    cp_generate_opts opts = cp_generate_defaults();
    cp_forecast_opts steady = cp_forecast_defaults();
    cp_rows bank;
    cp_history_row *rows = NULL;
    cp_history *history = NULL;
    cp_day *balance_day = NULL;
    int64_t n = 0;
    const int32_t by_size = a->n_points / POINTS_PER_VAULT;
    opts.n_points = a->n_points;
    opts.n_vaults = a->n_vaults > 0 ? a->n_vaults : by_size > 1 ? by_size : 1;
    opts.n_candidates = 0;
    opts.history_days = HISTORY_DAYS;
    opts.horizon_days = a->n_days;
    opts.longest_interval_days = INTERVAL_DAYS;
    opts.seed = a->seed;
    opts.first_day = cp_day_of(2026, 11, 2);
    opts.calendar = (cp_calendar){"B", "bench", opts.first_day - 365, opts.first_day + 365, 96};
    opts.history_in = draft->run;
    steady.steady = true;
    steady.paths_only = true;
    CP_TRY(cp_generate(ctx, &opts, &bank, &rows, &n));
    widen(&bank);
    CP_TRY(cp_network_build(ctx, &bank, opts.first_day, a->n_days, &b->net, &balance_day));
    const cp_status st = lay_out(draft, b->net, rows, n, opts.first_day, &history);
    if (st != CP_OK) {
        ctx->error = draft->error;
        return st;
    }
    CP_TRY(cp_shares_make(ctx, b->net, history, &b->shares));
    return cp_demand_run(ctx, b->net, history, opts.first_day, a->n_days + INTERVAL_DAYS, &steady,
                         &b->forecast);
}

cp_status bench_bank_make(cp_ctx *ctx, const bench_args *a, bench_bank *b)
{
    cp_ctx draft;
    CP_TRY(cp_ctx_init(&draft));
    const cp_status st = invent(ctx, &draft, a, b);
    cp_ctx_done(&draft);
    CP_TRY(st);
    return measure(ctx, a, b);
}

bool bench_args_read(int argc, char **argv, bench_args *a)
{
    for (int i = 1; i + 1 < argc; i += 2) {
        const char *value = argv[i + 1];
        if (strcmp(argv[i], "--points") == 0)
            a->n_points = atoi(value);
        else if (strcmp(argv[i], "--days") == 0)
            a->n_days = atoi(value);
        else if (strcmp(argv[i], "--threads") == 0)
            a->n_threads = atoi(value);
        else if (strcmp(argv[i], "--vaults") == 0)
            a->n_vaults = atoi(value);
        else if (strcmp(argv[i], "--seed") == 0)
            a->seed = strtoull(value, NULL, 10);
        else if (strcmp(argv[i], "--work") == 0)
            a->work = atoll(value);
        else if (strcmp(argv[i], "--nodes") == 0)
            a->nodes = atoll(value);
        else if (strcmp(argv[i], "--time-limit-s") == 0)
            a->limit_s = atof(value);
        else if (strcmp(argv[i], "--cpu-limit-s") == 0)
            a->cpu_limit_s = atof(value);
        else if (strcmp(argv[i], "--out") == 0)
            a->out = value;
        else if (strcmp(argv[i], "--limits") == 0 && strcmp(value, "tight") == 0)
            a->tight = true;
        else if (strcmp(argv[i], "--limits") != 0 || strcmp(value, "loose") != 0)
            return false;
    }
    return argc % 2 == 1 && a->n_points > 0 && a->n_days > 0 && a->n_threads > 0;
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* bench_refill.c - the replenishment alone, on invented networks of any size (bench_bank.h).
 *
 *   bench_refill --points N --days T --seed S --limits loose|tight --time-limit-s X [--threads K]
 *                [--work N] [--nodes N] [--vaults N] [--cpu-limit-s X]
 *
 * Stop prices and driving minutes are those of the continuous approximation. --work is counted
 * (re-plans a point, 300); without it and with a limit of time, the tree of a zone goes on to the
 * proof. --time-limit-s is shared by the vaults, by the relaxation and the search of each; the
 * relaxation may go on past it for up to two fifths of what the intervals took. It counts CPU
 * seconds of this process with one thread and seconds that pass with more. --cpu-limit-s ends all
 * of them where they stand.
 *
 * Prints one JSON line. cpu_s and wall_s are of the solver: sample paths, intervals (made before
 * the limits are measured, and counted here), column generation, rounding and search; made_s is
 * what the network, its forecast, its limits and its stop prices took. */
#include <inttypes.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/time.h>

#include "bench/bench_bank.h"
#include "solver/par/job.h"
#include "solver/replenish/refill.h"
#include "solver/run/stop_prices.h"

/* ---- solving ----------------------------------------------------------------------------------
 */

/* Set when the CPU time is over, as Ctrl-C would. */
static atomic_int over;

static void on_cpu_limit(int signal_number)
{
    (void)signal_number;
    atomic_store(&over, 1);
}

/* Stop after so much CPU time of this process, `used` of it already; 0 = never. */
static void limit_cpu(cp_ctx *ctx, double seconds, double used)
{
    const double left = seconds > used + 1e-3 ? seconds - used : 1e-3;
    const long whole = (long)left;
    const struct itimerval timer = {{0, 0}, {whole, (long)(1e6 * (left - (double)whole))}};
    if (seconds <= 0.0) return;
    ctx->stop = &over;
    (void)signal(SIGPROF, on_cpu_limit);
    (void)setitimer(ITIMER_PROF, &timer, NULL);
}

static double peak_mb(void)
{
    struct rusage use;
    return getrusage(RUSAGE_SELF, &use) == 0 ? (double)use.ru_maxrss / 1024.0 : 0.0;
}

static int64_t relief_of(const cp_plan *plan)
{
    int64_t sum = 0;
    for (int32_t i = 0; i < plan->n_limits; i++)
        if (plan->limits[i].kind != CP_LIMIT_SERVICE_LEVEL) sum += plan->limits[i].relief;
    return sum;
}

static void print(const bench_args *a, const cp_plan *plan, const cp_refill_stats *s,
                  const double *time)
{
    printf("{\"points\": %d, \"days\": %d, \"limits\": \"%s\", \"seed\": %" PRIu64
           ", \"shared_rows\": %d, \"lp_bound\": %" PRId64 ", \"plan_cost\": %" PRId64
           ", \"gap\": %.7f, \"lp_gap\": %.2e, \"fractional\": %d, \"columns\": %d, "
           "\"iterations\": %" PRId64 ", \"relief\": %" PRId64
           ", \"visits\": %d, \"made_s\": %.2f, "
           "\"build_s\": %.2f, \"cpu_s\": %.2f, \"wall_s\": %.2f, \"peak_mb\": %.0f}\n",
           (int)a->n_points, (int)a->n_days, a->tight ? "tight" : "loose", a->seed, (int)s->n_rows,
           plan->proof.bound_minor, plan->proof.plan_minor, plan->proof.gap,
           s->lp_minor > 0.0 ? (s->lp_minor - s->bound_minor) / s->lp_minor : 0.0,
           (int)s->n_fractional, (int)s->n_columns, plan->work_done, relief_of(plan),
           (int)plan->n_visits, time[0], time[1], time[2], time[3], peak_mb());
}

/* With a limit of time and none of work, the tree of a zone goes on until it has the proof or the
 * time is over; else by size. */
static int64_t nodes_by_time(const bench_args *a)
{
    const bool timed = a->limit_s > 0.0 || a->cpu_limit_s > 0.0;
    return timed && a->work <= 0 ? INT64_MAX : 0;
}

static cp_status run(cp_ctx *ctx, const bench_args *a)
{
    bench_bank b;
    cp_refill_opts opts = cp_refill_defaults();
    cp_stop_prices prices;
    cp_plan plan;
    double time[4] = {0.0};
    memset(&b, 0, sizeof b);
    memset(&plan, 0, sizeof plan);
    ctx->n_threads = a->n_threads;
    ctx->cpu_clock = a->n_threads == 1;
    ctx->seed = a->seed;
    CP_TRY(bench_bank_make(ctx, a, &b));
    CP_TRY(cp_stop_prices_first(ctx, b.net, &prices));
    const double wall = cp_now_s() - b.build_wall;
    time[0] = bench_cpu_s() - b.build_s;
    time[1] = b.build_s;
    limit_cpu(ctx, a->cpu_limit_s, b.build_s);
    if (a->limit_s > 0.0) ctx->deadline_s = (ctx->cpu_clock ? time[0] : wall) + a->limit_s;
    opts.seed = a->seed;
    opts.nodes = a->nodes != 0 ? a->nodes : nodes_by_time(a);
    if (a->work > 0) opts.replans = a->work * b.net->n_points;
    CP_TRY(cp_refill_solve(ctx, b.refill, &prices, &opts, &plan));
    time[2] = bench_cpu_s() - time[0];
    time[3] = cp_now_s() - wall;
    const cp_refill_stats stats = cp_refill_stats_get(b.refill);
    print(a, &plan, &stats, time);
    return CP_OK;
}

int main(int argc, char **argv)
{
    bench_args a = {.n_days = 14, .n_threads = 1, .seed = 1};
    cp_ctx ctx;
    if (!bench_args_read(argc, argv, &a)) {
        fprintf(stderr, "bench_refill: --points N [--days T] [--seed S] [--limits loose|tight] "
                        "[--time-limit-s X] [--threads K] [--work N] [--nodes N] "
                        "[--vaults N] [--cpu-limit-s X]\n");
        return 2;
    }
    if (cp_ctx_init(&ctx) != CP_OK) return 1;
    const cp_status st = run(&ctx, &a);
    if (st != CP_OK) fprintf(stderr, "bench_refill: %s\n", ctx.error.text);
    cp_ctx_done(&ctx);
    return st == CP_OK ? 0 : 1;
}

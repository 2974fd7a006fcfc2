/* SPDX-License-Identifier: GPL-3.0-or-later */
/* bench_interval.c - do the intervals of the demand forecast hold what they say?
 *
 *   bench_interval TRAIN.csv [--truth TEST.csv] [--horizon H] [--origins N] [--step DAYS]
 *                  [--hold-out N] [--sum DAYS] [--paths W] [--seed S] [--threads K]
 *                  [--holidays FILE] [--day-shift auto|-1|0|1] [--new-of K] [--new-days N]
 *                  [--per-series OUT.csv]
 *
 * Rolls N origins, DAYS apart, back from H days before the end of the series; at each one
 * everything is fitted anew on what was known, and W sample paths of every series are set against
 * what came. With --truth the one origin is the end of TRAIN, and TEST tells what came. Scored are
 * single days, sums of --sum days that follow each other from the origin on (sums with a day
 * unknown are left out), and both of all series together. The interval of 80 % lies between the 10
 * % and 90 % quantiles of the paths.
 *
 * --new-of K: one series in K has no history but its last N days (--new-days), in K turns, so that
 * every series is scored as a new machine once.
 *
 * Prints a table: coverage at 50, 80 and 95 %, mean over series and the worst series at 80 %; the
 * share of truth below the 10 % and above the 90 % quantile; the width of the 80 % interval and the
 * weighted quantile loss (levels 5, 10, .. 95 %), both over the mean truth. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bench/bench_series.h"
#include "models/base/outfile.h"
#include "models/demand/day_shift.h"
#include "models/demand/paths.h"
#include "solver/run/demand_run.h"

#define SHIFT_AUTO 9
#define N_LEVELS 3
#define N_LOSSES 19

static const double levels[N_LEVELS] = {0.5, 0.8, 0.95};

typedef struct interval_args {
    bench_series_opts in;
    const char *truth, *per_series;
    int32_t n_threads, horizon, shift, n_origins, step, sum, n_paths, seed, new_of, new_days;
} interval_args;

/* Of one series and kind of sum, or of all together. */
typedef struct score {
    double inside[N_LEVELS], below, above, width, loss, truth;
    int64_t n;
} score;

typedef struct bench {
    cp_ctx *ctx;
    const interval_args *a;
    bench_series series;
    const cp_history *truth;
    const int32_t *truth_row; /* by series, -1: the truth does not know it */
    score *day, *sum;         /* by series */
    score all_day, all_sum;
    double *work; /* n_paths */
} bench;

static bool read_whole(const char *text, int32_t lo, int32_t hi, int32_t *out)
{
    char *end = NULL;
    const long v = strtol(text, &end, 10);
    *out = (int32_t)v;
    return end != text && *end == '\0' && v >= lo && v <= hi;
}

static bool read_args(int argc, char **argv, interval_args *a)
{
    const struct {
        const char *name;
        int32_t lo, hi, *to;
    } whole[] = {
        {"--horizon", 1, 366, &a->horizon},       {"--threads", 1, 1024, &a->n_threads},
        {"--origins", 1, 1000, &a->n_origins},    {"--step", 1, 366, &a->step},
        {"--hold-out", 0, 3660, &a->in.hold_out}, {"--sum", 1, 366, &a->sum},
        {"--paths", 20, 100000, &a->n_paths},     {"--seed", 0, INT32_MAX, &a->seed},
        {"--new-of", 2, 1000000, &a->new_of},     {"--new-days", 0, 366, &a->new_days},
        {"--day-shift", -1, 1, &a->shift},
    };
    const struct {
        const char *name, **to;
    } text[] = {
        {"--truth", &a->truth}, {"--holidays", &a->in.holidays}, {"--per-series", &a->per_series}};
    for (int i = 1; i < argc; i++) {
        bool ok = argv[i][0] != '-' && a->in.path == NULL;
        if (ok) a->in.path = argv[i];
        for (size_t k = 0; !ok && i + 1 < argc && k < sizeof whole / sizeof *whole; k++)
            if (strcmp(argv[i], whole[k].name) == 0)
                ok = read_whole(argv[++i], whole[k].lo, whole[k].hi, whole[k].to) ||
                     (whole[k].to == &a->shift && strcmp(argv[i], "auto") == 0 &&
                      (a->shift = SHIFT_AUTO) == SHIFT_AUTO);
        for (size_t k = 0; !ok && i + 1 < argc && k < sizeof text / sizeof *text; k++)
            if (strcmp(argv[i], text[k].name) == 0) {
                *text[k].to = argv[++i];
                ok = true;
            }
        if (!ok) return false;
    }
    return a->in.path != NULL && a->sum <= a->horizon && (a->truth == NULL || a->n_origins == 1);
}

static int by_value(const void *a, const void *b)
{
    const double x = *(const double *)a, y = *(const double *)b;
    return x < y ? -1 : x > y;
}

static double quantile_of(const double *sorted, int32_t n, double level)
{
    const double at = level * (n - 1);
    const int32_t i = (int32_t)at < n - 2 ? (int32_t)at : n - 2;
    return sorted[i] + (at - i) * (sorted[i + 1] - sorted[i]);
}

/* Set one outcome against its sample, which is sorted. */
static void add_score(double *sample, int32_t n, double y, score *to)
{
    qsort(sample, (size_t)n, sizeof *sample, by_value);
    for (int32_t k = 0; k < N_LEVELS; k++)
        to->inside[k] += y >= quantile_of(sample, n, 0.5 - levels[k] / 2) &&
                         y <= quantile_of(sample, n, 0.5 + levels[k] / 2);
    const double low = quantile_of(sample, n, 0.1), high = quantile_of(sample, n, 0.9);
    to->below += y < low;
    to->above += y > high;
    to->width += high - low;
    for (int32_t k = 1; k <= N_LOSSES; k++) {
        const double level = 0.05 * k, q = quantile_of(sample, n, level);
        to->loss += 2 * (y >= q ? level * (y - q) : (1 - level) * (q - y)) / N_LOSSES;
    }
    to->truth += y;
    to->n++;
}

static double truth_at(const bench *b, int32_t series, cp_day day)
{
    if (b->truth_row[series] < 0) return NAN;
    const cp_minor y = cp_history_at(b->truth, CP_FLOW_WITHDRAWAL, b->truth_row[series], day);
    return y == CP_HISTORY_MISSING || y < 0 ? NAN : (double)y;
}

/* One series at one origin; its paths on days whose truth is known are added to those of all. */
static void score_series(bench *b, const cp_forecast *f, const cp_point_paths *paths,
                         int32_t series, double *all_path, double *all_truth)
{
    const int32_t n = b->a->n_paths, length = b->a->sum;
    for (int32_t d = 0; d < f->n_days; d++) {
        const double y = truth_at(b, series, f->first_day + d);
        if (isnan(y)) continue;
        for (int32_t w = 0; w < n; w++)
            b->work[w] = paths->out[(int64_t)d * n + w];
        for (int32_t w = 0; w < n; w++)
            all_path[(int64_t)d * n + w] += b->work[w];
        all_truth[d] += y;
        add_score(b->work, n, y, &b->day[series]);
    }
    for (int32_t d = 0; d + length <= f->n_days; d += length) {
        double y = 0.0;
        for (int32_t k = 0; k < length; k++)
            y += truth_at(b, series, f->first_day + d + k);
        if (isnan(y)) continue;
        for (int32_t w = 0; w < n; w++) {
            b->work[w] = 0.0;
            for (int32_t k = 0; k < length; k++)
                b->work[w] += paths->out[((int64_t)d + k) * n + w];
        }
        add_score(b->work, n, y, &b->sum[series]);
    }
}

static void score_all(bench *b, int32_t n_days, double *path, const double *truth)
{
    const int32_t n = b->a->n_paths, length = b->a->sum;
    for (int32_t d = 0; d + length <= n_days; d += length) {
        double y = 0.0;
        for (int32_t w = 0; w < n; w++)
            b->work[w] = 0.0;
        for (int32_t k = d; k < d + length; k++) {
            y += truth[k];
            for (int32_t w = 0; w < n; w++)
                b->work[w] += path[(int64_t)k * n + w];
        }
        add_score(b->work, n, y, &b->all_sum);
    }
    for (int32_t d = 0; d < n_days; d++)
        if (truth[d] > 0.0) add_score(path + (int64_t)d * n, n, truth[d], &b->all_day);
}

/* Take the history of the series that play new machines in this turn. */
static void make_new(const bench *b, int32_t turn, cp_history *known)
{
    for (int32_t i = turn; b->a->new_of > 0 && i < known->n_points; i += b->a->new_of)
        for (int32_t d = 0; d < known->n_days - b->a->new_days; d++)
            known->amount[(int64_t)i * known->n_days + d] = CP_HISTORY_MISSING;
}

static cp_status run_turn(bench *b, cp_day first, int32_t turn)
{
    cp_ctx *ctx = b->ctx;
    const interval_args *a = b->a;
    const cp_network *net = b->series.net;
    cp_history *known = NULL;
    cp_forecast *f = NULL;
    cp_shares *shares = NULL;
    double *path = NULL, *truth = NULL;
    const cp_arena_mark mark = cp_arena_here(ctx->run);
    CP_TRY(cp_history_until(ctx, b->series.history, first, &known));
    make_new(b, turn, known);
    CP_TRY(cp_demand_run(ctx, net, known, first, a->horizon, NULL, &f));
    CP_TRY(cp_shares_make(ctx, net, known, &shares));
    CP_NEW(ctx, ctx->run, path, (size_t)a->horizon * (size_t)a->n_paths);
    CP_NEW(ctx, ctx->run, truth, a->horizon);
    for (int32_t i = 0; i < net->n_points; i++) {
        const cp_arena_mark one = cp_arena_here(ctx->scratch);
        cp_point_paths paths;
        if (a->new_of > 0 && i % a->new_of != turn) continue;
        CP_TRY(cp_point_paths_make(ctx, ctx->scratch, net, f, shares, i, a->n_paths,
                                   (uint64_t)a->seed, &paths));
        score_series(b, f, &paths, i, path, truth);
        cp_arena_rewind(ctx->scratch, one);
    }
    score_all(b, a->horizon, path, truth);
    cp_arena_rewind(ctx->run, mark);
    return CP_OK;
}

static void add_sums(const score *from, score *to)
{
    for (int32_t k = 0; k < N_LEVELS; k++)
        to->inside[k] += from->inside[k] / (double)from->n;
    to->below += from->below / (double)from->n;
    to->above += from->above / (double)from->n;
    to->width += from->width;
    to->loss += from->loss;
    to->truth += from->truth;
    to->n++;
}

/* Mean over the series; `one` is a score of a single series otherwise. */
static void print_row(const char *name, const score *by_series, int32_t n_series)
{
    score all = {.n = 0};
    double worst = 1.0;
    int32_t n_low = 0;
    for (int32_t i = 0; i < n_series; i++) {
        if (by_series[i].n == 0) continue;
        const double inside = by_series[i].inside[1] / (double)by_series[i].n;
        add_sums(&by_series[i], &all);
        if (inside < worst) worst = inside;
        n_low += inside < 0.6;
    }
    if (all.n == 0) return;
    const double n = 0.01 * (double)all.n;
    printf("%-14s %6.2f %6.2f %6.2f   %6.2f %3d   %6.2f %6.2f   %.4f %.5f\n", name,
           all.inside[0] / n, all.inside[1] / n, all.inside[2] / n, 100.0 * worst, (int)n_low,
           all.below / n, all.above / n, all.width / all.truth, all.loss / all.truth);
}

static cp_status write_series(const bench *b)
{
    cp_outfile to;
    if (b->a->per_series == NULL) return CP_OK;
    CP_TRY(cp_outfile_open(b->ctx, b->a->per_series, &to));
    cp_outfile_text(&to, "series,days,in50,in80,in95,sums,sum50,sum80,sum95\n");
    for (int32_t i = 0; i < b->series.net->n_points; i++) {
        const score *s[2] = {&b->day[i], &b->sum[i]};
        cp_outfile_text(&to, b->series.net->points[i].code);
        for (int32_t k = 0; k < 2; k++) {
            const double n = s[k]->n > 0 ? (double)s[k]->n : 1.0;
            cp_outfile_format(&to, ",%lld,%.4f,%.4f,%.4f", (long long)s[k]->n, s[k]->inside[0] / n,
                              s[k]->inside[1] / n, s[k]->inside[2] / n);
        }
        cp_outfile_text(&to, "\n");
    }
    return cp_outfile_close(b->ctx, &to, CP_OK);
}

/* What came: the same file, or another one, whose series go by their names. Days of both are
 * moved alike; units differ by powers of ten. */
static cp_status read_truth(bench *b, int32_t shift)
{
    cp_ctx *ctx = b->ctx;
    const cp_network *net = b->series.net;
    bench_series other;
    int32_t *row = NULL;
    CP_NEW(ctx, ctx->run, row, net->n_points);
    b->truth_row = row;
    b->truth = b->series.history;
    for (int32_t i = 0; i < net->n_points; i++)
        row[i] = i;
    if (b->a->truth == NULL) return CP_OK;
    const bench_series_opts opts = {.path = b->a->truth};
    CP_TRY(bench_series_read(ctx, &opts, &other));
    other.history->first_day += shift;
    const int64_t cells = (int64_t)other.net->n_points * other.history->n_days;
    for (int64_t i = 0; i < cells; i++)
        if (other.history->amount[i] != CP_HISTORY_MISSING)
            other.history->amount[i] =
                llrint((double)other.history->amount[i] / other.unit * b->series.unit);
    for (int32_t i = 0; i < net->n_points; i++) {
        row[i] = -1;
        for (int32_t k = 0; k < other.net->n_points; k++)
            if (strcmp(net->points[i].code, other.net->points[k].code) == 0) row[i] = k;
    }
    b->truth = other.history;
    return CP_OK;
}

static cp_status run(cp_ctx *ctx, const interval_args *a)
{
    bench b = {.ctx = ctx, .a = a};
    int32_t shift = a->shift == SHIFT_AUTO ? 0 : a->shift;
    char name[32];
    ctx->n_threads = a->n_threads;
    CP_TRY(bench_series_read(ctx, &a->in, &b.series));
    if (a->shift == SHIFT_AUTO)
        CP_TRY(cp_history_day_shift(ctx, b.series.net, b.series.history, &shift));
    b.series.history->first_day += shift;
    CP_TRY(read_truth(&b, shift));
    const cp_history *h = b.series.history;
    CP_NEW(ctx, ctx->run, b.day, b.series.net->n_points);
    CP_NEW(ctx, ctx->run, b.sum, b.series.net->n_points);
    CP_NEW(ctx, ctx->run, b.work, a->n_paths);
    for (int32_t k = 0; k < a->n_origins; k++) {
        const cp_day end = h->first_day + h->n_days;
        const cp_day first = a->truth != NULL ? end : end - a->horizon - k * a->step;
        for (int32_t turn = 0; turn < (a->new_of > 0 ? a->new_of : 1); turn++)
            CP_TRY(run_turn(&b, first, turn));
    }
    printf("%-14s %6s %6s %6s   %6s %3s   %6s %6s   %6s %7s\n", "", "50%", "80%", "95%", "worst",
           "<60", "<q10", ">q90", "width", "loss");
    print_row("days", b.day, b.series.net->n_points);
    (void)snprintf(name, sizeof name, "%d days", (int)a->sum);
    print_row(name, b.sum, b.series.net->n_points);
    print_row("all: days", &b.all_day, 1);
    (void)snprintf(name, sizeof name, "all: %d days", (int)a->sum);
    print_row(name, &b.all_sum, 1);
    return write_series(&b);
}

int main(int argc, char **argv)
{
    interval_args a = {.n_threads = 1,
                       .shift = SHIFT_AUTO,
                       .horizon = 56,
                       .n_origins = 1,
                       .step = 28,
                       .sum = 7,
                       .n_paths = 1000,
                       .seed = 1};
    cp_ctx ctx;
    if (!read_args(argc, argv, &a)) {
        (void)fprintf(stderr,
                      "usage: bench_interval TRAIN.csv [--truth TEST.csv] [--horizon H] "
                      "[--origins N] [--step DAYS] [--hold-out N] [--sum DAYS] [--paths W] "
                      "[--seed S] [--threads K] [--holidays FILE] [--day-shift auto|-1|0|1] "
                      "[--new-of K] [--new-days N] [--per-series OUT.csv]\n");
        return 2;
    }
    if (cp_ctx_init(&ctx) != CP_OK) return 1;
    const cp_status st = run(&ctx, &a);
    if (st != CP_OK) (void)fprintf(stderr, "bench_interval: %s\n", ctx.error.text);
    cp_ctx_done(&ctx);
    return st == CP_OK ? 0 : 1;
}

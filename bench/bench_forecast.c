/* SPDX-License-Identifier: GPL-3.0-or-later */
/* bench_forecast.c - the demand forecast on daily series of any origin.
 *
 *   bench_forecast TRAIN.csv --horizon H --out FORECAST.csv [--threads K] [--holidays FILE]
 *                  [--hold-out N] [--day-shift auto|-1|0|1] [--model NAME]
 *
 * Forecasts H days from the day after each series' last and writes series, date, mean
 * and the quantiles q0.1 .. q0.9 of every day. --hold-out does not read the last N days of each
 * series.
 * --holidays: the public holidays that demand follows; dates of series that are a day off are seen
 * by them (day_shift.h) and moved for the forecast, not in what is written.
 *
 * --model: one single model alone (single.h) instead of the combination.
 *
 * Prints one JSON line; cpu_s is of fitting and forecasting, read_s of the files. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>

#include "bench/bench_series.h"
#include "models/base/outfile.h"
#include "models/demand/day_shift.h"
#include "solver/run/demand_run.h"

#define SHIFT_AUTO 9

typedef struct forecast_args {
    bench_series_opts in;
    const char *out, *model;
    int32_t n_threads, horizon, shift;
} forecast_args;

static double cpu_s(void)
{
    struct rusage use;
    if (getrusage(RUSAGE_SELF, &use) != 0) return 0.0;
    return (double)(use.ru_utime.tv_sec + use.ru_stime.tv_sec) +
           1e-6 * (double)(use.ru_utime.tv_usec + use.ru_stime.tv_usec);
}

static bool read_whole(const char *text, int32_t lo, int32_t hi, int32_t *out)
{
    char *end = NULL;
    const long v = strtol(text, &end, 10);
    *out = (int32_t)v;
    return end != text && *end == '\0' && v >= lo && v <= hi;
}

static bool read_args(int argc, char **argv, forecast_args *a)
{
    for (int i = 1; i < argc; i++) {
        const char *name = argv[i];
        if (name[0] != '-') {
            if (a->in.path) return false;
            a->in.path = name;
            continue;
        }
        if (i + 1 >= argc) return false;
        const char *value = argv[++i];
        bool ok = true;
        if (strcmp(name, "--horizon") == 0)
            ok = read_whole(value, 1, 366, &a->horizon);
        else if (strcmp(name, "--threads") == 0)
            ok = read_whole(value, 1, 1024, &a->n_threads);
        else if (strcmp(name, "--hold-out") == 0)
            ok = read_whole(value, 0, 3660, &a->in.hold_out);
        else if (strcmp(name, "--day-shift") == 0 && strcmp(value, "auto") != 0)
            ok = read_whole(value, -1, 1, &a->shift);
        else if (strcmp(name, "--out") == 0)
            a->out = value;
        else if (strcmp(name, "--model") == 0)
            a->model = value;
        else if (strcmp(name, "--holidays") == 0)
            a->in.holidays = value;
        else
            ok = strcmp(name, "--day-shift") == 0;
        if (!ok) return false;
    }
    return a->in.path && a->out && a->horizon > 0;
}

static void write_day(cp_outfile *to, const bench_series *s, const cp_forecast *f, int32_t series,
                      int32_t d)
{
    char text[16];
    const int64_t at = (int64_t)series * f->n_days + d;
    cp_outfile_format(to, "%s,%s,%.9g", s->net->points[series].code,
                      cp_day_text(s->end[series] + d, text), f->mean[at] / s->unit);
    for (int32_t k = 0; k < CP_N_QUANTILES; k++)
        cp_outfile_format(to, ",%.9g", f->quantile[at * CP_N_QUANTILES + k] / s->unit);
    cp_outfile_text(to, "\n");
}

/* The series that end on one day, known until then; all others teach what they knew by then. */
static cp_status forecast_some(cp_ctx *ctx, const forecast_args *a, const bench_series *s,
                               int32_t shift, cp_day end, cp_outfile *to, int32_t *n_repaired)
{
    cp_history *known = NULL;
    cp_forecast *f = NULL;
    cp_forecast_opts opts = cp_forecast_defaults();
    opts.model = a->model;
    CP_TRY(cp_history_until(ctx, s->history, end + shift, &known));
    CP_TRY(cp_demand_run(ctx, s->net, known, end + shift, a->horizon, &opts, &f));
    for (int32_t i = 0; i < s->net->n_points; i++)
        for (int32_t d = 0; d < a->horizon && s->end[i] == end; d++)
            write_day(to, s, f, i, d);
    *n_repaired = f->n_repaired;
    return CP_OK;
}

/* All series, those that end first before the others. */
static cp_status forecast_all(cp_ctx *ctx, const forecast_args *a, const bench_series *s,
                              int32_t shift, cp_outfile *to, int32_t *n_repaired)
{
    cp_outfile_text(to, "series,date,mean");
    for (int32_t k = 0; k < CP_N_QUANTILES; k++)
        cp_outfile_format(to, ",q0.%d", (int)cp_quantile_pct[k] / 10);
    cp_outfile_text(to, "\n");
    for (cp_day done = CP_DAY_NONE;;) {
        cp_day end = CP_DAY_NONE;
        for (int32_t i = 0; i < s->net->n_points; i++)
            if ((done == CP_DAY_NONE || s->end[i] > done) &&
                (end == CP_DAY_NONE || s->end[i] < end))
                end = s->end[i];
        if (end == CP_DAY_NONE) return CP_OK;
        CP_TRY(forecast_some(ctx, a, s, shift, end, to, n_repaired));
        done = end;
    }
}

static cp_status run(cp_ctx *ctx, const forecast_args *a)
{
    bench_series s;
    cp_outfile to;
    struct rusage use;
    int32_t shift = a->shift == SHIFT_AUTO ? 0 : a->shift, n_repaired = 0;
    ctx->n_threads = a->n_threads;
    CP_TRY(bench_series_read(ctx, &a->in, &s));
    const double read = cpu_s();
    if (a->shift == SHIFT_AUTO) CP_TRY(cp_history_day_shift(ctx, s.net, s.history, &shift));
    s.history->first_day += shift;
    CP_TRY(cp_outfile_open(ctx, a->out, &to));
    const cp_status st = forecast_all(ctx, a, &s, shift, &to, &n_repaired);
    CP_TRY(cp_outfile_close(ctx, &to, st));
    (void)getrusage(RUSAGE_SELF, &use);
    printf("{\"series\": %d, \"days\": %d, \"horizon\": %d, \"day_shift\": %d, \"repaired\": %d, "
           "\"read_s\": %.3f, \"cpu_s\": %.3f, \"peak_mb\": %.0f}\n",
           (int)s.net->n_points, (int)s.history->n_days, (int)a->horizon, (int)shift,
           (int)n_repaired, read, cpu_s() - read, (double)use.ru_maxrss / 1024.0);
    return CP_OK;
}

int main(int argc, char **argv)
{
    forecast_args a = {.n_threads = 1, .shift = SHIFT_AUTO};
    cp_ctx ctx;
    if (!read_args(argc, argv, &a)) {
        (void)fprintf(
            stderr, "usage: bench_forecast TRAIN.csv --horizon H --out FORECAST.csv [--threads K] "
                    "[--holidays FILE] [--hold-out N] [--day-shift auto|-1|0|1] "
                    "[--model NAME]\n");
        return 2;
    }
    if (cp_ctx_init(&ctx) != CP_OK) return 1;
    const cp_status st = run(&ctx, &a);
    if (st != CP_OK) (void)fprintf(stderr, "bench_forecast: %s\n", ctx.error.text);
    cp_ctx_done(&ctx);
    return st == CP_OK ? 0 : 1;
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* bench_interval.c - do the intervals of the demand forecast hold what they say?
 *
 *   bench_interval TRAIN.csv | --db FILE [--truth TEST.csv] [--horizon H] [--origins N]
 *                  [--step DAYS] [--hold-out N] [--sum DAYS]... [--paths W] [--seed S]
 *                  [--threads K] [--holidays FILE] [--day-shift auto|-1|0|1] [--new-of K]
 *                  [--new-days N] [--per-series OUT.csv] [--places OUT.csv]
 *
 * Rolls N origins, DAYS apart, back from H days before the end of the series; at each one
 * everything is fitted anew on what was known, and W sample paths of every series are set against
 * what came. With --truth the one origin is the end of TRAIN, and TEST tells what came. With --db
 * the series are the withdrawals and deposits of a bank's database (cashplan init, import). Scored
 * are single days, sums of --sum days (2, 7 and 14 if none are named) that follow each other from
 * the origin on (sums with a day unknown are left out), and all of these of all series together.
 * The interval of 80 % lies between the 10 % and 90 % quantiles of the paths.
 *
 * --new-of K: one series in K has no history but its last N days (--new-days), in K turns, so that
 * every series is scored as a new machine once.
 *
 * Prints a table: coverage at 50, 80 and 95 %, mean over series and the worst series at 80 %; how
 * many series are below 60 % there, and how many in a hundred are at a single origin; the share of
 * truth below the 10 % and above the 90 % quantile; the width of the 80 % interval and the weighted
 * quantile loss (levels 5, 10, .. 95 %), both over the mean truth. --places writes the place of
 * every outcome in its sample. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bench/bench_interval_score.h"
#include "bench/bench_series.h"
#include "data/store/history_store.h"
#include "data/store/road_store.h"
#include "models/base/outfile.h"
#include "models/demand/day_shift.h"
#include "models/demand/paths.h"
#include "solver/run/demand_run.h"

#define SHIFT_AUTO 9
#define MOST_SUMS 7 /* lengths of totals, beside single days */

typedef struct interval_args {
    bench_series_opts in;
    const char *db, *truth, *per_series, *places;
    int32_t n_threads, horizon, shift, n_origins, step, n_paths, seed, new_of, new_days;
    int32_t n_lengths, length[MOST_SUMS + 1]; /* days of a total; the first one is 1 */
} interval_args;

typedef struct bench {
    cp_ctx *ctx;
    const interval_args *a;
    bench_series series;
    const cp_history *truth;
    const int32_t *truth_row; /* by series, -1: the truth does not know it */
    interval_score *score;    /* [(flow * n_lengths + length) * n_points + series] */
    interval_score all[CP_N_FLOWS][MOST_SUMS + 1];
    double *work; /* n_paths */
    cp_outfile places;
} bench;

/* What is being scored: a flow of one series, or of all together (NULL). */
typedef struct scored {
    cp_flow flow;
    const char *code;
    cp_day first;
    int32_t n_days;
    const double *path, *truth; /* [day * n_paths + path]; by day, NAN: not known */
} scored;

static bool read_whole(const char *text, int32_t lo, int32_t hi, int32_t *out)
{
    char *end = NULL;
    const long v = strtol(text, &end, 10);
    *out = (int32_t)v;
    return end != text && *end == '\0' && v >= lo && v <= hi;
}

static bool add_length(const char *text, interval_args *a)
{
    return a->n_lengths <= MOST_SUMS && read_whole(text, 2, 366, &a->length[a->n_lengths++]);
}

static bool read_number(const char *name, const char *text, interval_args *a)
{
    const struct {
        const char *name;
        int32_t lo, hi, *to;
    } whole[] = {
        {"--horizon", 1, 366, &a->horizon},       {"--threads", 1, 1024, &a->n_threads},
        {"--origins", 1, 1000, &a->n_origins},    {"--step", 1, 366, &a->step},
        {"--hold-out", 0, 3660, &a->in.hold_out}, {"--paths", 20, 100000, &a->n_paths},
        {"--seed", 0, INT32_MAX, &a->seed},       {"--new-of", 2, 1000000, &a->new_of},
        {"--new-days", 0, 366, &a->new_days},     {"--day-shift", -1, 1, &a->shift},
    };
    if (strcmp(name, "--sum") == 0) return add_length(text, a);
    for (size_t k = 0; k < sizeof whole / sizeof *whole; k++)
        if (strcmp(name, whole[k].name) == 0)
            return read_whole(text, whole[k].lo, whole[k].hi, whole[k].to) ||
                   (whole[k].to == &a->shift && strcmp(text, "auto") == 0 &&
                    (a->shift = SHIFT_AUTO) == SHIFT_AUTO);
    return false;
}

static bool read_args(int argc, char **argv, interval_args *a)
{
    const struct {
        const char *name, **to;
    } text[] = {{"--truth", &a->truth},
                {"--holidays", &a->in.holidays},
                {"--per-series", &a->per_series},
                {"--places", &a->places},
                {"--db", &a->db}};
    for (int i = 1; i < argc; i++) {
        bool ok = argv[i][0] != '-' && a->in.path == NULL;
        if (ok) a->in.path = argv[i];
        for (size_t k = 0; !ok && i + 1 < argc && k < sizeof text / sizeof *text; k++)
            if (strcmp(argv[i], text[k].name) == 0) {
                *text[k].to = argv[++i];
                ok = true;
            }
        if (!ok && i + 1 < argc && (ok = read_number(argv[i], argv[i + 1], a))) i++;
        if (!ok) return false;
    }
    for (int32_t k = 0; a->n_lengths == 1 && k < 3; k++)
        a->length[1 + k] = (const int32_t[]){2, 7, 14}[k];
    if (a->n_lengths == 1) a->n_lengths = 4;
    return (a->in.path != NULL) != (a->db != NULL) &&
           (a->truth == NULL || (a->n_origins == 1 && a->db == NULL));
}

static double truth_at(const bench *b, cp_flow flow, int32_t series, cp_day day)
{
    if (b->truth_row[series] < 0) return NAN;
    const cp_minor y = cp_history_demand(b->truth, flow, b->truth_row[series], day);
    return y == CP_HISTORY_MISSING ? NAN : (double)y;
}

/* All totals of one length. */
static void score_length(bench *b, const scored *s, int32_t length, interval_score *to)
{
    const int32_t n = b->a->n_paths;
    for (int32_t d = 0; d + length <= s->n_days; d += length) {
        double y = 0.0;
        for (int32_t k = d; k < d + length; k++)
            y += s->truth[k];
        if (isnan(y)) continue;
        memset(b->work, 0, (size_t)n * sizeof *b->work);
        for (int32_t k = d; k < d + length; k++)
            for (int32_t w = 0; w < n; w++)
                b->work[w] += s->path[(int64_t)k * n + w];
        const double place = interval_score_add(b->work, n, y, to);
        char day[16];
        if (b->a->places != NULL)
            cp_outfile_format(&b->places, "%s,%d,%d,%s,%d,%.5f,%.9g\n", s->code, (int)s->flow,
                              (int)length, cp_day_text(s->first, day), (int)d, place, y);
    }
}

/* Value of the notes of one flow, [day * n_paths + path]. */
static void add_value(const cp_network *net, const cp_point_paths *paths, cp_flow flow,
                      int32_t point, double *out)
{
    const int64_t cells = (int64_t)paths->n_days * paths->n_paths;
    const int32_t *notes = flow == CP_FLOW_WITHDRAWAL ? paths->out : paths->in;
    memset(out, 0, (size_t)cells * sizeof *out);
    for (int32_t k = 0; k < paths->n_channels; k++) {
        const cp_channel *c = &net->channels[net->points[point].first_channel + k];
        for (int64_t i = 0; i < cells; i++)
            out[i] += (double)notes[k * cells + i] * (double)c->value_minor;
    }
}

/* Paths and truth of all series together: of those whose truth is known on the day. */
typedef struct whole {
    double *path, *truth;
} whole;

/* One series at one origin. */
static void score_series(bench *b, const scored *s, int32_t series, whole *all)
{
    const int32_t n = b->a->n_paths;
    const int64_t first = (int64_t)s->flow * b->a->n_lengths;
    for (int32_t k = 0; k < b->a->n_lengths; k++) {
        interval_score *to = &b->score[(first + k) * b->series.net->n_points + series];
        score_length(b, s, b->a->length[k], to);
        interval_score_origin(to);
    }
    for (int32_t d = 0; d < s->n_days; d++) {
        if (isnan(s->truth[d])) continue;
        for (int32_t w = 0; w < n; w++)
            all->path[(int64_t)d * n + w] += s->path[(int64_t)d * n + w];
        all->truth[d] += s->truth[d];
    }
}

/* Take the history of the series that play new machines in this turn. */
static void make_new(const bench *b, int32_t turn, cp_history *known)
{
    for (int32_t i = turn; b->a->new_of > 0 && i < known->n_points; i += b->a->new_of)
        for (int32_t flow = 0; flow < CP_N_FLOWS; flow++)
            for (int32_t d = 0; d < known->n_days - b->a->new_days; d++)
                known->amount[((int64_t)flow * known->n_points + i) * known->n_days + d] =
                    CP_HISTORY_MISSING;
}

static cp_status score_point(bench *b, const cp_forecast *f, const cp_point_paths *paths,
                             int32_t point, whole *all)
{
    const cp_network *net = b->series.net;
    double *path = NULL, *truth = NULL;
    CP_NEW(b->ctx, b->ctx->scratch, path, (size_t)f->n_days * (size_t)b->a->n_paths);
    CP_NEW(b->ctx, b->ctx->scratch, truth, f->n_days);
    for (int32_t flow = 0; flow < CP_N_FLOWS; flow++) {
        if (!f->has_flow[flow * f->n_points + point]) continue;
        add_value(net, paths, (cp_flow)flow, point, path);
        for (int32_t d = 0; d < f->n_days; d++)
            truth[d] = truth_at(b, (cp_flow)flow, point, f->first_day + d);
        const scored s = {(cp_flow)flow, net->points[point].code, f->first_day, f->n_days, path,
                          truth};
        score_series(b, &s, point, &all[flow]);
    }
    return CP_OK;
}

static void score_whole(bench *b, const cp_forecast *f, whole *all)
{
    for (int32_t flow = 0; flow < CP_N_FLOWS; flow++) {
        for (int32_t d = 0; d < f->n_days; d++)
            if (all[flow].truth[d] <= 0) all[flow].truth[d] = NAN;
        const scored s = {(cp_flow)flow,  "*", f->first_day, f->n_days, all[flow].path,
                          all[flow].truth};
        for (int32_t k = 0; k < b->a->n_lengths; k++) {
            score_length(b, &s, b->a->length[k], &b->all[flow][k]);
            interval_score_origin(&b->all[flow][k]);
        }
    }
}

static cp_status run_turn(bench *b, cp_day first, int32_t turn)
{
    cp_ctx *ctx = b->ctx;
    const interval_args *a = b->a;
    const cp_network *net = b->series.net;
    cp_history *known = NULL;
    cp_forecast *f = NULL;
    cp_shares *shares = NULL;
    whole all[CP_N_FLOWS];
    const cp_arena_mark mark = cp_arena_here(ctx->run);
    CP_TRY(cp_history_until(ctx, b->series.history, first, &known));
    make_new(b, turn, known);
    CP_TRY(cp_demand_run(ctx, net, known, first, a->horizon, NULL, &f));
    CP_TRY(cp_shares_make(ctx, net, known, &shares));
    for (int32_t flow = 0; flow < CP_N_FLOWS; flow++) {
        CP_NEW(ctx, ctx->run, all[flow].path, (size_t)a->horizon * (size_t)a->n_paths);
        CP_NEW(ctx, ctx->run, all[flow].truth, a->horizon);
    }
    for (int32_t i = 0; i < net->n_points; i++) {
        const cp_arena_mark one = cp_arena_here(ctx->scratch);
        cp_point_paths paths;
        if (a->new_of > 0 && i % a->new_of != turn) continue;
        CP_TRY(cp_point_paths_make(ctx, ctx->scratch, net, f, shares, i, a->n_paths,
                                   (uint64_t)a->seed, &paths));
        CP_TRY(score_point(b, f, &paths, i, all));
        cp_arena_rewind(ctx->scratch, one);
    }
    score_whole(b, f, all);
    cp_arena_rewind(ctx->run, mark);
    return CP_OK;
}

static const interval_score *scores_of(const bench *b, int32_t flow, int32_t length)
{
    return &b->score[((int64_t)flow * b->a->n_lengths + length) * b->series.net->n_points];
}

static cp_status write_series(const bench *b)
{
    cp_outfile to;
    if (b->a->per_series == NULL) return CP_OK;
    CP_TRY(cp_outfile_open(b->ctx, b->a->per_series, &to));
    cp_outfile_text(&to, "series,flow,days,n,in50,in80,in95\n");
    for (int32_t i = 0; i < b->series.net->n_points; i++)
        for (int32_t k = 0; k < CP_N_FLOWS * b->a->n_lengths; k++) {
            const int32_t flow = k / b->a->n_lengths, length = k % b->a->n_lengths;
            const interval_score *s = &scores_of(b, flow, length)[i];
            const double n = (double)s->n;
            if (s->n > 0)
                cp_outfile_format(&to, "%s,%d,%d,%lld,%.4f,%.4f,%.4f\n",
                                  b->series.net->points[i].code, (int)flow,
                                  (int)b->a->length[length], (long long)s->n, s->inside[0] / n,
                                  s->inside[1] / n, s->inside[2] / n);
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

/* A bank's withdrawals and deposits, up to the last day that is stored. */
static cp_status read_bank(cp_ctx *ctx, cp_db *db, bench_series *out)
{
    cp_rows rows;
    cp_day from = CP_DAY_NONE, to = CP_DAY_NONE, *balance_day = NULL;
    CP_TRY(cp_network_load(ctx, db, &rows));
    CP_TRY(cp_history_span(ctx, db, &from, &to));
    if (from == CP_DAY_NONE) CP_FAIL(ctx, CP_E_INPUT, "the database holds no history");
    CP_TRY(cp_roads_build(ctx, db, &rows, to + 1, 1, &out->net, &balance_day));
    out->unit = 1;
    return cp_history_load(ctx, db, out->net, from, to - from + 1, &out->history);
}

static cp_status read_db(bench *b)
{
    cp_db *db = NULL;
    int32_t *row = NULL;
    CP_TRY(cp_db_open(b->ctx, b->a->db, CP_DB_READ, &db));
    const cp_status st = read_bank(b->ctx, db, &b->series);
    cp_db_close(db);
    CP_TRY(st);
    CP_NEW(b->ctx, b->ctx->run, row, b->series.net->n_points);
    for (int32_t i = 0; i < b->series.net->n_points; i++)
        row[i] = i;
    b->truth_row = row;
    b->truth = b->series.history;
    return CP_OK;
}

static cp_status read_csv(bench *b)
{
    int32_t shift = b->a->shift == SHIFT_AUTO ? 0 : b->a->shift;
    CP_TRY(bench_series_read(b->ctx, &b->a->in, &b->series));
    if (b->a->shift == SHIFT_AUTO)
        CP_TRY(cp_history_day_shift(b->ctx, b->series.net, b->series.history, &shift));
    b->series.history->first_day += shift;
    return read_truth(b, shift);
}

static void print_table(const bench *b)
{
    static const char *const flow_names[CP_N_FLOWS] = {"out", "in"};
    interval_score_head();
    for (int32_t flow = 0; flow < CP_N_FLOWS; flow++)
        for (int32_t k = 0; k < 2 * b->a->n_lengths; k++) {
            const int32_t length = k % b->a->n_lengths, days = b->a->length[length];
            const bool all = k >= b->a->n_lengths;
            char name[48], what[24] = "days";
            if (days > 1) (void)snprintf(what, sizeof what, "%d days", (int)days);
            (void)snprintf(name, sizeof name, "%s: %s%s", flow_names[flow], all ? "all, " : "",
                           what);
            interval_score_print(name, all ? &b->all[flow][length] : scores_of(b, flow, length),
                                 all ? 1 : b->series.net->n_points);
        }
}

static cp_status run_origins(bench *b)
{
    const interval_args *a = b->a;
    const cp_history *h = b->series.history;
    for (int32_t k = 0; k < a->n_origins; k++) {
        const cp_day end = h->first_day + h->n_days;
        const cp_day first = a->truth != NULL ? end : end - a->horizon - k * a->step;
        for (int32_t turn = 0; turn < (a->new_of > 0 ? a->new_of : 1); turn++)
            CP_TRY(run_turn(b, first, turn));
    }
    return CP_OK;
}

static cp_status run(cp_ctx *ctx, const interval_args *a)
{
    bench b = {.ctx = ctx, .a = a};
    ctx->n_threads = a->n_threads;
    CP_TRY(a->db != NULL ? read_db(&b) : read_csv(&b));
    CP_NEW(ctx, ctx->run, b.score,
           CP_N_FLOWS * (size_t)a->n_lengths * (size_t)b.series.net->n_points);
    CP_NEW(ctx, ctx->run, b.work, a->n_paths);
    if (a->places != NULL) {
        CP_TRY(cp_outfile_open(ctx, a->places, &b.places));
        cp_outfile_text(&b.places, "series,flow,days,origin,ahead,place,truth\n");
        CP_TRY(cp_outfile_close(ctx, &b.places, run_origins(&b)));
    } else {
        CP_TRY(run_origins(&b));
    }
    print_table(&b);
    return write_series(&b);
}

int main(int argc, char **argv)
{
    interval_args a = {.n_threads = 1,
                       .shift = SHIFT_AUTO,
                       .horizon = 56,
                       .n_origins = 1,
                       .step = 28,
                       .n_lengths = 1,
                       .length = {1},
                       .n_paths = 1000,
                       .seed = 1};
    cp_ctx ctx;
    if (!read_args(argc, argv, &a)) {
        (void)fprintf(
            stderr, "usage: bench_interval TRAIN.csv | --db FILE [--truth TEST.csv] [--horizon H] "
                    "[--origins N] [--step DAYS] [--hold-out N] [--sum DAYS]... [--paths W] "
                    "[--seed S] [--threads K] [--holidays FILE] [--day-shift auto|-1|0|1] "
                    "[--new-of K] [--new-days N] [--per-series OUT.csv] [--places OUT.csv]\n");
        return 2;
    }
    if (cp_ctx_init(&ctx) != CP_OK) return 1;
    const cp_status st = run(&ctx, &a);
    if (st != CP_OK) (void)fprintf(stderr, "bench_interval: %s\n", ctx.error.text);
    cp_ctx_done(&ctx);
    return st == CP_OK ? 0 : 1;
}

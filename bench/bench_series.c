/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bench/bench_series.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "data/csv/csv.h"
#include "data/csv/problems.h"
#include "models/net/calendar.h"

#define USUAL_VALUE 1e6 /* minor units that the mean value has at least */
#define MOST_VALUE 1e12
#define MOST_DAYS 40000 /* of a file: a century is no slip of the pen, ten are */
#define CALENDAR "HOLIDAYS"
#define SATURDAY_SUNDAY 0x60

typedef struct value_row {
    int32_t series;
    cp_day day;
    double value; /* NAN: no record */
    int64_t line;
} value_row;

typedef struct file_reader {
    cp_ctx *ctx;
    const char *path;
    cp_csv *csv;
    cp_problems problems;
    int32_t column[3]; /* of what is wanted, -1: not there */
    cp_csv_record record;
} file_reader;

/* ---- a file with named columns ------------------------------------------------------------------
 */

static bool is_name(const char *have, const char *want, bool prefix)
{
    return prefix ? strncmp(have, want, strlen(want)) == 0 : strcmp(have, want) == 0;
}

static cp_status find_columns(file_reader *f, const char *const *want, const bool *needed)
{
    bool more = false;
    CP_TRY(cp_csv_next(f->ctx, f->csv, &f->record, &more));
    for (int32_t w = 0; w < 3; w++) {
        f->column[w] = -1;
        for (int32_t i = 0; more && i < f->record.n_fields && f->column[w] < 0; i++)
            if (is_name(f->record.fields[i], want[w], !needed[w])) f->column[w] = i;
        if (f->column[w] < 0 && needed[w])
            CP_FAIL(f->ctx, CP_E_INPUT, "%s line 1: there is no column %s", f->path, want[w]);
    }
    return CP_OK;
}

static const char *field(const file_reader *f, int32_t which)
{
    const int32_t i = f->column[which];
    return i >= 0 && i < f->record.n_fields ? f->record.fields[i] : "";
}

static cp_status wrong(file_reader *f, const char *name, const char *value, const char *allowed)
{
    return cp_problem_add(f->ctx, &f->problems, CP_PROBLEM_VALUE, "%s line %lld, field %s: %s %s",
                          f->path, (long long)f->record.line, name, cp_value_shown(f->ctx, value),
                          allowed);
}

/* All problems as one error. */
static cp_status settle(file_reader *f)
{
    const int64_t n = cp_problems_count(&f->problems);
    const char *text = "";
    if (n == 0) return CP_OK;
    for (int32_t i = 0; i < f->problems.n_shown; i++)
        text =
            cp_strf(f->ctx, f->ctx->run, "%s%s%s", text, i > 0 ? "\n" : "", f->problems.shown[i]);
    if (n > f->problems.n_shown)
        text = cp_strf(f->ctx, f->ctx->run, "%s\n%lld more", text,
                       (long long)(n - f->problems.n_shown));
    CP_FAIL(f->ctx, CP_E_INPUT, "%s", text);
}

typedef cp_status row_fn(file_reader *f, void *user);

static cp_status read_rows(file_reader *f, row_fn *row, void *user)
{
    for (bool more = true;;) {
        CP_TRY(cp_csv_next(f->ctx, f->csv, &f->record, &more));
        if (!more) return settle(f);
        if (f->record.problem)
            CP_TRY(cp_problem_add(f->ctx, &f->problems, CP_PROBLEM_RECORD, "%s line %lld: %s",
                                  f->path, (long long)f->record.line, f->record.problem));
        else
            CP_TRY(row(f, user));
    }
}

static cp_status read_file(cp_ctx *ctx, const char *path, const char *const *want,
                           const bool *needed, row_fn *row, void *user)
{
    const cp_csv_options options = {0, NULL};
    file_reader f;
    memset(&f, 0, sizeof f);
    f.ctx = ctx;
    f.path = path;
    CP_TRY(cp_csv_open(ctx, path, &options, &f.csv));
    cp_status st = find_columns(&f, want, needed);
    if (st == CP_OK) st = read_rows(&f, row, user);
    cp_csv_close(f.csv);
    return st;
}

static cp_status read_day(file_reader *f, int32_t which, cp_day *day, bool *ok)
{
    *ok = cp_day_parse(field(f, which), day);
    if (*ok) return CP_OK;
    return wrong(f, "date", field(f, which), "is no date of the form YYYY-MM-DD");
}

/* ---- the series ---------------------------------------------------------------------------------
 */

typedef struct table {
    value_row *row;
    int32_t n, cap;
    const char **name;
    int32_t n_names, cap_names;
    int32_t last; /* series of the row before: rows of one mostly follow each other */
} table;

static cp_status series_of(file_reader *f, table *t, int32_t *series)
{
    const char *name = field(f, 0);
    *series = t->last;
    if (t->n_names > 0 && strcmp(t->name[t->last], name) == 0) return CP_OK;
    for (*series = 0; *series < t->n_names; (*series)++)
        if (strcmp(t->name[*series], name) == 0) break;
    if (*series == t->n_names) {
        if (t->n_names == t->cap_names) {
            const char **more = NULL;
            const int32_t cap = t->cap_names > 0 ? 2 * t->cap_names : 64;
            CP_NEW(f->ctx, f->ctx->run, more, cap);
            if (t->n_names > 0) memcpy(more, t->name, (size_t)t->n_names * sizeof *more);
            t->name = more;
            t->cap_names = cap;
        }
        t->name[t->n_names] = cp_strdup(f->ctx, f->ctx->run, name);
        if (t->name[t->n_names++] == NULL) return CP_E_NOMEM;
    }
    t->last = *series;
    return CP_OK;
}

static cp_status read_value(file_reader *f, double *value)
{
    const char *text = field(f, 2);
    char *end = NULL;
    *value = NAN;
    if (text[0] == '\0' || strcasecmp(text, "na") == 0 || strcasecmp(text, "nan") == 0)
        return CP_OK;
    *value = strtod(text, &end);
    if (*end == '\0' && *value >= 0.0 && *value <= MOST_VALUE) return CP_OK;
    return wrong(f, "value", text, "is no number from 0 to 1e12 (empty: no record)");
}

static cp_status value_row_read(file_reader *f, void *user)
{
    table *t = user;
    bool ok = false;
    value_row row = {.line = f->record.line};
    if (field(f, 0)[0] == '\0') return wrong(f, "series", "", "is empty");
    CP_TRY(read_day(f, 1, &row.day, &ok));
    CP_TRY(read_value(f, &row.value));
    CP_TRY(series_of(f, t, &row.series));
    if (!ok) return CP_OK;
    if (t->n == t->cap) {
        value_row *more = NULL;
        const int32_t cap = t->cap > 0 ? 2 * t->cap : 4096;
        CP_NEW(f->ctx, f->ctx->run, more, cap);
        if (t->n > 0) memcpy(more, t->row, (size_t)t->n * sizeof *more);
        t->row = more;
        t->cap = cap;
    }
    t->row[t->n++] = row;
    return CP_OK;
}

static int by_series_and_day(const void *a, const void *b)
{
    const value_row *x = a;
    const value_row *y = b;
    if (x->series != y->series) return x->series < y->series ? -1 : 1;
    if (x->day != y->day) return x->day < y->day ? -1 : 1;
    return x->line < y->line ? -1 : x->line > y->line;
}

/* Takes the last days of every series away; *n is what is left. */
static cp_status hold_out(cp_ctx *ctx, const bench_series_opts *o, table *t, bench_series *s)
{
    int32_t n = 0;
    CP_NEW(ctx, ctx->run, s->end, t->n_names + 1);
    CP_NEW(ctx, ctx->run, s->n_held, t->n_names + 1);
    for (int32_t from = 0, to = 0; from < t->n; from = to) {
        const int32_t series = t->row[from].series;
        for (to = from; to < t->n && t->row[to].series == series; to++)
            if (to > from && t->row[to].day == t->row[to - 1].day)
                CP_FAIL(ctx, CP_E_INPUT, "%s line %lld: series %s has this day twice", o->path,
                        (long long)t->row[to].line, t->name[series]);
        const cp_day last = t->row[to - 1].day - o->hold_out;
        for (int32_t i = from; i < to && t->row[i].day <= last; i++)
            t->row[n++] = t->row[i];
        s->end[series] = last + 1;
        s->n_held[series] = o->hold_out;
        if (t->row[from].day > last)
            CP_FAIL(ctx, CP_E_INPUT, "%s: series %s has no day before the last %d", o->path,
                    t->name[series], (int)o->hold_out);
    }
    t->n = n;
    return CP_OK;
}

/* ---- machines -----------------------------------------------------------------------------------
 */

static cp_status make_machines(cp_ctx *ctx, const table *t, bool on_calendar, cp_network *net)
{
    cp_denomination *note = NULL;
    cp_site *site = NULL;
    cp_point *point = NULL;
    cp_channel *channel = NULL;
    const int32_t n = t->n_names;
    CP_NEW(ctx, ctx->run, note, 1);
    CP_NEW(ctx, ctx->run, site, n + 1);
    CP_NEW(ctx, ctx->run, point, n + 1);
    CP_NEW(ctx, ctx->run, channel, n + 1);
    note->code = "UNIT";
    note->value_minor = 1;
    for (int32_t i = 0; i < n; i++) {
        site[i].code = point[i].code = t->name[i];
        site[i].first_point = i;
        site[i].n_points = 1;
        point[i].segment = "";
        point[i].site = point[i].first_channel = i;
        point[i].n_channels = 1;
        point[i].calendar_code = on_calendar ? CALENDAR : "";
        point[i].calendar = on_calendar ? 0 : -1;
        channel[i].point = i;
        channel[i].role = CP_ROLE_DISPENSE;
        channel[i].capacity_notes = 1;
        channel[i].value_minor = 1;
        channel[i].share_ppm = -1;
    }
    net->denoms = note;
    net->sites = site;
    net->points = point;
    net->channels = channel;
    net->n_denoms = 1;
    net->n_sites = net->n_points = net->n_channels = n;
    return CP_OK;
}

static double unit_of(const table *t)
{
    double sum = 0.0, unit = 1.0;
    int32_t n = 0;
    for (int32_t i = 0; i < t->n; i++) {
        if (isnan(t->row[i].value)) continue;
        sum += t->row[i].value;
        n++;
    }
    while (n > 0 && sum > 0.0 && sum / n * unit < USUAL_VALUE && unit < 1e15)
        unit *= 10.0;
    return unit;
}

static cp_status make_history(cp_ctx *ctx, const bench_series_opts *o, const table *t,
                              bench_series *s)
{
    cp_day first = t->row[0].day, last = t->row[0].day;
    for (int32_t i = 0; i < t->n; i++) {
        if (t->row[i].day < first) first = t->row[i].day;
        if (t->row[i].day > last) last = t->row[i].day;
    }
    for (int32_t i = 0; i < t->n_names; i++)
        if (s->end[i] - 1 > last) last = s->end[i] - 1;
    if (last - first >= MOST_DAYS)
        CP_FAIL(ctx, CP_E_INPUT, "%s: its days span %d, allowed are %d", o->path,
                (int)(last - first + 1), MOST_DAYS);
    CP_TRY(cp_history_new(ctx, s->net, first, last - first + 1, &s->history));
    s->unit = unit_of(t);
    for (int32_t i = 0; i < t->n; i++) {
        if (isnan(t->row[i].value)) continue;
        const int64_t at = (int64_t)t->row[i].series * s->history->n_days + t->row[i].day - first;
        s->history->amount[at] = llrint(t->row[i].value * s->unit);
    }
    return CP_OK;
}

/* ---- holidays -----------------------------------------------------------------------------------
 */

typedef struct holidays {
    cp_calendar_day *day;
    int32_t n, cap;
} holidays;

static cp_status holiday_row_read(file_reader *f, void *user)
{
    holidays *h = user;
    bool ok = false;
    cp_calendar_day d = {.calendar_code = CALENDAR, .kind = CP_DAY_OFF};
    const char *kind = field(f, 2);
    CP_TRY(read_day(f, 0, &d.day, &ok));
    if (strcmp(kind, "work") == 0)
        d.kind = CP_DAY_WORK;
    else if (kind[0] != '\0' && strcmp(kind, "off") != 0 && strcmp(kind, "public") != 0 &&
             strcmp(kind, "bank") != 0)
        return wrong(f, "kind", kind, "is none of off, public, bank, work");
    if (!ok) return CP_OK;
    d.name = cp_strdup(f->ctx, f->ctx->run, field(f, 1));
    if (d.name == NULL) return CP_E_NOMEM;
    if (h->n == h->cap) {
        cp_calendar_day *more = NULL;
        const int32_t cap = h->cap > 0 ? 2 * h->cap : 256;
        CP_NEW(f->ctx, f->ctx->run, more, cap);
        if (h->n > 0) memcpy(more, h->day, (size_t)h->n * sizeof *more);
        h->day = more;
        h->cap = cap;
    }
    h->day[h->n++] = d;
    return CP_OK;
}

/* Covered is what the file speaks of, from the first of January of its first year on. */
static cp_status read_holidays(cp_ctx *ctx, const bench_series_opts *o, cp_network *net)
{
    static const char *const want[3] = {"date", "name", "kind"};
    static const bool needed[3] = {true, false, false};
    holidays h = {NULL, 0, 0};
    cp_calendar *calendar = NULL;
    CP_TRY(read_file(ctx, o->holidays, want, needed, holiday_row_read, &h));
    if (h.n == 0) CP_FAIL(ctx, CP_E_INPUT, "%s: it has no day", o->holidays);
    CP_NEW(ctx, ctx->run, calendar, 1);
    calendar->code = CALENDAR;
    calendar->name = o->holidays;
    calendar->weekend_days = SATURDAY_SUNDAY;
    calendar->covered_from = calendar->covered_to = h.day[0].day;
    for (int32_t i = 0; i < h.n; i++) {
        if (h.day[i].day < calendar->covered_from) calendar->covered_from = h.day[i].day;
        if (h.day[i].day > calendar->covered_to) calendar->covered_to = h.day[i].day;
    }
    int32_t year = 0, month = 0, day = 0;
    cp_day_split(calendar->covered_from, &year, &month, &day);
    calendar->covered_from = cp_day_of(year, 1, 1);
    net->rows.calendar = calendar;
    net->rows.n_calendar = 1;
    net->rows.calendar_day = h.day;
    net->rows.n_calendar_day = h.n;
    return cp_calendar_index(ctx, net);
}

cp_status bench_series_read(cp_ctx *ctx, const bench_series_opts *opts, bench_series *out)
{
    static const char *const want[3] = {"series", "date", "value"};
    static const bool needed[3] = {true, true, true};
    table t;
    memset(&t, 0, sizeof t);
    memset(out, 0, sizeof *out);
    CP_TRY(read_file(ctx, opts->path, want, needed, value_row_read, &t));
    if (t.n == 0) CP_FAIL(ctx, CP_E_INPUT, "%s: it has no day", opts->path);
    qsort(t.row, (size_t)t.n, sizeof *t.row, by_series_and_day);
    CP_TRY(hold_out(ctx, opts, &t, out));
    CP_NEW(ctx, ctx->run, out->net, 1);
    CP_TRY(make_machines(ctx, &t, opts->holidays != NULL, out->net));
    CP_TRY(make_history(ctx, opts, &t, out));
    return opts->holidays ? read_holidays(ctx, opts, out->net) : CP_OK;
}

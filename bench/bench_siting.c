/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bench/bench_siting.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "bench/bench_siting_raw.h"

static cp_status split(cp_ctx *ctx, const char *text, size_t n, cp_words *w)
{
    char *copy = NULL;
    CP_NEW(ctx, ctx->scratch, copy, n + 1);
    CP_NEW(ctx, ctx->scratch, w->at, n / 2 + 1);
    CP_NEW(ctx, ctx->scratch, w->line, n / 2 + 2);
    if (n > 0) memcpy(copy, text, n);
    bool inside = false;
    int32_t line = 1;
    for (size_t i = 0; i < n; i++) {
        const char c = copy[i];
        const bool space = c == ' ' || c == '\t' || c == '\r' || c == '\n' || c == '\0';
        if (!space && !inside) {
            w->at[w->n] = copy + i;
            w->line[w->n++] = line;
        }
        line += c == '\n';
        if (space) copy[i] = '\0';
        inside = !space;
    }
    return CP_OK;
}

static bool number_of(const cp_words *w, int64_t i, double *out)
{
    if (i < 0 || i >= w->n) return false;
    char *end = NULL;
    const double v = strtod(w->at[i], &end);
    if (end == w->at[i] || *end != '\0' || !isfinite(v) || fabs(v) > 1e15) return false;
    *out = v;
    return true;
}

cp_status cp_words_number(cp_ctx *ctx, const cp_words *w, int64_t i, double lo, double *out)
{
    if (i < 0 || i >= w->n)
        CP_FAIL(ctx, CP_E_INPUT, "line %d: the file ends where a number should follow",
                w->n > 0 ? (int)w->line[w->n - 1] : 1);
    if (!number_of(w, i, out) || *out < lo)
        CP_FAIL(ctx, CP_E_INPUT, "line %d: \"%.40s\"; a number of at least %g should stand there",
                (int)w->line[i], w->at[i], lo);
    return CP_OK;
}

static bool count_of(const cp_words *w, int64_t i, int32_t *out)
{
    double v = 0;
    if (!number_of(w, i, &v) || v < 0 || v > 1e5 || v != floor(v)) return false;
    *out = (int32_t)v;
    return true;
}

/* Words of the line that word i stands on, from i on. */
static int32_t words_on(const cp_words *w, int64_t i)
{
    int32_t n = 0;
    while (i + n < w->n && w->line[i + n] == w->line[i])
        n++;
    return n;
}

cp_status cp_bench_siting_alloc(cp_ctx *ctx, const char *form, int32_t m, int32_t n,
                                cp_bench_siting *out)
{
    if (m < 1 || n < 1)
        CP_FAIL(ctx, CP_E_INPUT, "line 1: %d sites and %d clients; both must be 1 to 100000",
                (int)m, (int)n);
    const int32_t p = out->p;
    *out = (cp_bench_siting){.form = form, .n_sites = m, .n_clients = n, .p = p};
    const size_t pairs = (size_t)m * (size_t)n;
    CP_NEW(ctx, ctx->run, out->fixed, m);
    CP_NEW(ctx, ctx->run, out->capacity, m);
    CP_NEW(ctx, ctx->run, out->demand, n);
    CP_NEW(ctx, ctx->run, out->cost, pairs);
    out->distance = out->cost;
    for (int32_t i = 0; i < n; i++)
        out->demand[i] = 1;
    return CP_OK;
}

/* n numbers from word `at` on into out[k * step]; returns the word after them in *at. */
static cp_status row(cp_ctx *ctx, const cp_words *w, int64_t *at, int32_t n, int64_t step,
                     double *out)
{
    for (int32_t k = 0; k < n; k++)
        CP_TRY(cp_words_number(ctx, w, (*at)++, 0, &out[k * step]));
    return CP_OK;
}

static cp_status sites_in_pairs(cp_ctx *ctx, const cp_words *w, int64_t *at, cp_bench_siting *b)
{
    for (int32_t j = 0; j < b->n_sites; j++) {
        if (*at < w->n && strcmp(w->at[*at], "capacity") == 0) {
            b->has_word = true;
            (*at)++;
        } else {
            CP_TRY(cp_words_number(ctx, w, (*at)++, 0, &b->capacity[j]));
        }
        CP_TRY(cp_words_number(ctx, w, (*at)++, 0, &b->fixed[j]));
    }
    return CP_OK;
}

static cp_status read_orlib_cap(cp_ctx *ctx, const cp_words *w, cp_bench_siting *b)
{
    int64_t at = 2;
    CP_TRY(sites_in_pairs(ctx, w, &at, b));
    for (int32_t i = 0; i < b->n_clients; i++) {
        CP_TRY(cp_words_number(ctx, w, at++, 0, &b->demand[i]));
        CP_TRY(row(ctx, w, &at, b->n_sites, b->n_clients, &b->cost[i]));
    }
    return CP_OK;
}

static cp_status read_holmberg(cp_ctx *ctx, const cp_words *w, cp_bench_siting *b)
{
    int64_t at = 2;
    CP_TRY(sites_in_pairs(ctx, w, &at, b));
    CP_TRY(row(ctx, w, &at, b->n_clients, 1, b->demand));
    for (int32_t j = 0; j < b->n_sites; j++)
        CP_TRY(row(ctx, w, &at, b->n_clients, 1, &b->cost[(size_t)j * (size_t)b->n_clients]));
    return CP_OK;
}

static cp_status read_delmaire(cp_ctx *ctx, const cp_words *w, cp_bench_siting *b)
{
    int64_t at = 2;
    for (int32_t i = 0; i < b->n_clients; i++)
        CP_TRY(row(ctx, w, &at, b->n_sites, b->n_clients, &b->cost[i]));
    CP_TRY(row(ctx, w, &at, b->n_clients, 1, b->demand));
    CP_TRY(row(ctx, w, &at, b->n_sites, 1, b->fixed));
    return row(ctx, w, &at, b->n_sites, 1, b->capacity);
}

static cp_status read_avella(cp_ctx *ctx, const cp_words *w, cp_bench_siting *b)
{
    int64_t at = 2;
    CP_TRY(row(ctx, w, &at, b->n_clients, 1, b->demand));
    CP_TRY(row(ctx, w, &at, b->n_sites, 1, b->capacity));
    CP_TRY(row(ctx, w, &at, b->n_sites, 1, b->fixed));
    for (int32_t j = 0; j < b->n_sites; j++) {
        double *cost = &b->cost[(size_t)j * (size_t)b->n_clients];
        CP_TRY(row(ctx, w, &at, b->n_clients, 1, cost));
        for (int32_t i = 0; i < b->n_clients; i++)
            cost[i] *= b->demand[i]; /* the file counts by unit */
    }
    return CP_OK;
}

static double mean_of(const double *v, int32_t n)
{
    double sum = 0;
    for (int32_t k = 0; k < n; k++)
        sum += v[k];
    return sum / n;
}

typedef cp_status reader(cp_ctx *ctx, const cp_words *w, cp_bench_siting *b);

/* Diaz and Fernandez' files (clients first) and Avella and Boccia's (sites first) differ in the
 * number of words unless there are as many clients as sites. Then: a site serves several clients,
 * so in the right reading capacities are large beside demands, in the wrong one both are service
 * costs. */
static cp_status read_by_size(cp_ctx *ctx, const cp_words *w, int32_t a, int32_t b,
                              cp_bench_siting *out)
{
    const int64_t pairs = (int64_t)a * b;
    const bool clients_first = w->n == 2 + pairs + a + 2 * (int64_t)b;
    const bool sites_first = w->n == 2 + pairs + b + 2 * (int64_t)a;
    cp_bench_siting other = {.p = 0};
    if (!clients_first && !sites_first)
        CP_FAIL(ctx, CP_E_INPUT,
                "%d words; %d and %d on line 1 ask for %lld (clients first) or %lld (sites first)",
                (int)w->n, (int)a, (int)b, (long long)(2 + pairs + a + 2 * (int64_t)b),
                (long long)(2 + pairs + b + 2 * (int64_t)a));
    if (clients_first) {
        CP_TRY(cp_bench_siting_alloc(ctx, "delmaire", b, a, out));
        CP_TRY(read_delmaire(ctx, w, out));
        if (!sites_first) return CP_OK;
    }
    CP_TRY(cp_bench_siting_alloc(ctx, "avella", a, b, &other));
    CP_TRY(read_avella(ctx, w, &other));
    const double first = clients_first ? mean_of(out->capacity, b) / mean_of(out->demand, a) : 0;
    const double second = mean_of(other.capacity, a) / mean_of(other.demand, b);
    if (!clients_first || !(first > second)) *out = other;
    return CP_OK;
}

static cp_status read_location(cp_ctx *ctx, const cp_words *w, int32_t a, int32_t b,
                               cp_bench_siting *out)
{
    if (words_on(w, 2) != 2) return read_by_size(ctx, w, a, b, out);
    /* OR-Library: a client's demand stands alone on its line. */
    const int64_t client = 2 + 2 * (int64_t)a;
    const bool orlib = strcmp(w->at[2], "capacity") == 0 || words_on(w, client) == 1;
    CP_TRY(cp_bench_siting_alloc(ctx, orlib ? "orlib_cap" : "holmberg", a, b, out));
    return orlib ? read_orlib_cap(ctx, w, out) : read_holmberg(ctx, w, out);
}

static cp_status read_ufllib(cp_ctx *ctx, const cp_words *w, cp_bench_siting *out)
{
    int32_t m = 0, n = 0;
    if (!count_of(w, 2, &m) || !count_of(w, 3, &n))
        CP_FAIL(ctx, CP_E_INPUT, "line 2: sites and clients should stand there as two counts");
    CP_TRY(cp_bench_siting_alloc(ctx, "ufllib", m, n, out));
    out->capacity = NULL;
    int64_t at = 5;
    for (int32_t j = 0; j < m; j++) {
        at++; /* the site's number */
        CP_TRY(row(ctx, w, &at, 1, 1, &out->fixed[j]));
        CP_TRY(row(ctx, w, &at, n, 1, &out->cost[(size_t)j * (size_t)n]));
    }
    return CP_OK;
}

/* Every place a client and a candidate; columns x, y, and by form demand alone or capacity, demand.
 */
static cp_status read_places(cp_ctx *ctx, const cp_words *w, int64_t at, bool osman,
                             cp_bench_siting *out)
{
    const int32_t n = out->n_sites;
    double *x = NULL, *y = NULL;
    CP_NEW(ctx, ctx->scratch, x, n);
    CP_NEW(ctx, ctx->scratch, y, n);
    for (int32_t i = 0; i < n; i++) {
        at += osman; /* the place's number */
        CP_TRY(cp_words_number(ctx, w, at++, -1e15, &x[i]));
        CP_TRY(cp_words_number(ctx, w, at++, -1e15, &y[i]));
        if (!osman) CP_TRY(cp_words_number(ctx, w, at++, 0, &out->capacity[i]));
        CP_TRY(cp_words_number(ctx, w, at++, 0, &out->demand[i]));
    }
    for (int32_t j = 0; j < n; j++)
        for (int32_t i = 0; i < n; i++) {
            const double d = hypot(x[i] - x[j], y[i] - y[j]);
            out->cost[(size_t)j * (size_t)n + (size_t)i] = osman ? floor(d + 1e-9) : d;
        }
    return CP_OK;
}

static cp_status read_osman(cp_ctx *ctx, const cp_words *w, cp_bench_siting *out)
{
    int32_t n = 0;
    double room = 0;
    if (!count_of(w, 2, &n) || !count_of(w, 3, &out->p))
        CP_FAIL(ctx, CP_E_INPUT, "line 2: places and medians should stand there as two counts");
    CP_TRY(cp_words_number(ctx, w, 4, 0, &room));
    CP_TRY(cp_bench_siting_alloc(ctx, "osman", n, n, out));
    for (int32_t j = 0; j < n; j++)
        out->capacity[j] = room;
    return read_places(ctx, w, 5, true, out);
}

static cp_status read_network(cp_ctx *ctx, const cp_words *w, int32_t n, int32_t edges,
                              cp_bench_siting *out)
{
    CP_TRY(cp_bench_siting_alloc(ctx, "orlib_pmed", n, n, out));
    out->capacity = NULL;
    const size_t side = (size_t)n;
    for (size_t k = 0; k < side * side; k++)
        out->cost[k] = INFINITY;
    for (int32_t e = 0; e < edges; e++) {
        int32_t a = 0, b = 0;
        double length = 0;
        const int64_t at = 3 + 3 * (int64_t)e;
        CP_TRY(cp_words_number(ctx, w, at + 2, 0, &length));
        if (!count_of(w, at, &a) || !count_of(w, at + 1, &b) || a < 1 || b < 1 || a > n || b > n)
            CP_FAIL(ctx, CP_E_INPUT, "line %d: places are 1 to %d", (int)w->line[at], (int)n);
        const size_t i = (size_t)a - 1, j = (size_t)b - 1;
        out->cost[i * side + j] = out->cost[j * side + i] = length; /* the last one counts */
    }
    return cp_bench_siting_paths(ctx, n, out->cost);
}

cp_status cp_bench_siting_read(cp_ctx *ctx, const char *text, size_t n, cp_bench_siting *out)
{
    cp_words w = {0};
    int32_t a = 0, b = 0, c = 0;
    *out = (cp_bench_siting){0};
    if (memchr(text, ',', n < 200 ? n : 200) != NULL) return cp_bench_siting_csv(ctx, text, n, out);
    CP_TRY(split(ctx, text, n, &w));
    if (w.n > 1 && strcmp(w.at[0], "FILE:") == 0) return read_ufllib(ctx, &w, out);
    const int32_t head = w.n > 0 ? words_on(&w, 0) : 0;
    const bool two = count_of(&w, 0, &a) && count_of(&w, 1, &b);
    if (head == 3 && two && count_of(&w, 2, &c) && w.n >= 3 + 3 * (int64_t)b) {
        out->p = c;
        return read_network(ctx, &w, a, b, out);
    }
    if (head == 2 && words_on(&w, 2) == 3 && count_of(&w, 2, &c) && w.n == 5 + 4 * (int64_t)c)
        return read_osman(ctx, &w, out);
    if (head == 2 && two && words_on(&w, 2) == 4 && w.n == 2 + 4 * (int64_t)a) {
        out->p = b;
        CP_TRY(cp_bench_siting_alloc(ctx, "lorena", a, a, out));
        return read_places(ctx, &w, 2, false, out);
    }
    if (two && w.n >= 2 + 2 * (int64_t)a + (int64_t)b + (int64_t)a * b - a)
        return read_location(ctx, &w, a, b, out);
    CP_FAIL(ctx, CP_E_INPUT,
            "line 1: none of the known forms of siting files begins so and holds "
            "%d words",
            (int)w.n);
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "bench/bench_siting_raw.h"

typedef struct edge {
    int32_t to;
    double length;
} edge;

typedef struct heap {
    double *key;           /* by place */
    int32_t *item, *where; /* where[place] = index in item, -1 = not in it */
    int32_t n;
} heap;

static void swap_items(heap *h, int32_t a, int32_t b)
{
    const int32_t x = h->item[a], y = h->item[b];
    h->item[a] = y;
    h->item[b] = x;
    h->where[y] = a;
    h->where[x] = b;
}

static void lift(heap *h, int32_t at)
{
    while (at > 0 && h->key[h->item[at]] < h->key[h->item[(at - 1) / 2]]) {
        swap_items(h, at, (at - 1) / 2);
        at = (at - 1) / 2;
    }
}

static int32_t take_least(heap *h)
{
    const int32_t least = h->item[0];
    swap_items(h, 0, --h->n);
    h->where[least] = -1;
    for (int32_t at = 0;;) {
        int32_t child = 2 * at + 1;
        if (child >= h->n) break;
        if (child + 1 < h->n && h->key[h->item[child + 1]] < h->key[h->item[child]]) child++;
        if (h->key[h->item[at]] <= h->key[h->item[child]]) break;
        swap_items(h, at, child);
        at = child;
    }
    return least;
}

static void from_place(heap *h, const int32_t *first, const edge *edges, int32_t n, int32_t source)
{
    h->n = 0;
    for (int32_t i = 0; i < n; i++) {
        h->key[i] = INFINITY;
        h->where[i] = -1;
    }
    h->key[source] = 0;
    h->item[h->n] = source;
    h->where[source] = h->n++;
    while (h->n > 0) {
        const int32_t i = take_least(h);
        for (int32_t e = first[i]; e < first[i + 1]; e++) {
            const int32_t k = edges[e].to;
            const double key = h->key[i] + edges[e].length;
            if (key >= h->key[k]) continue;
            h->key[k] = key;
            if (h->where[k] < 0) {
                h->item[h->n] = k;
                h->where[k] = h->n++;
            }
            lift(h, h->where[k]);
        }
    }
}

cp_status cp_bench_siting_paths(cp_ctx *ctx, int32_t n, double *length)
{
    const size_t side = (size_t)n;
    int32_t *first = NULL;
    edge *edges = NULL;
    heap h = {0};
    size_t n_edges = 0;
    for (size_t k = 0; k < side * side; k++)
        n_edges += isfinite(length[k]) ? 1 : 0;
    CP_NEW(ctx, ctx->scratch, first, n + 1);
    CP_NEW(ctx, ctx->scratch, edges, n_edges);
    CP_NEW(ctx, ctx->scratch, h.key, n);
    CP_NEW(ctx, ctx->scratch, h.item, n);
    CP_NEW(ctx, ctx->scratch, h.where, n);
    int32_t len = 0;
    for (int32_t i = 0; i < n; i++) {
        for (int32_t k = 0; k < n; k++)
            if (isfinite(length[(size_t)i * side + (size_t)k]))
                edges[len++] = (edge){k, length[(size_t)i * side + (size_t)k]};
        first[i + 1] = len;
    }
    for (int32_t i = 0; i < n; i++) {
        from_place(&h, first, edges, n, i);
        memcpy(&length[(size_t)i * side], h.key, side * sizeof *length);
    }
    return CP_OK;
}

/* ---- tables of distances ---- */

typedef struct table {
    char **cell; /* [row * n_columns + column], the head is row 0 */
    int32_t n_rows, n_columns;
} table;

/* Cells between commas; quotes around a cell are dropped. */
static cp_status cells(cp_ctx *ctx, const char *text, size_t n, table *t)
{
    char *copy = NULL;
    size_t n_cells = 1;
    for (size_t i = 0; i < n; i++) {
        n_cells += text[i] == ',' || text[i] == '\n';
    }
    CP_NEW(ctx, ctx->scratch, copy, n + 1);
    CP_NEW(ctx, ctx->scratch, t->cell, n_cells);
    memcpy(copy, text, n);
    size_t len = 0;
    for (char *line = copy; *line != '\0';) {
        char *end = line + strcspn(line, "\r\n");
        char *next = end + strspn(end, "\r\n");
        *end = '\0';
        int32_t columns = 0;
        for (char *at = line;; columns++) {
            char *comma = strchr(at, ',');
            if (comma != NULL) *comma = '\0';
            const size_t size = strlen(at);
            const bool quoted = size >= 2 && at[0] == '"' && at[size - 1] == '"';
            if (quoted) at[size - 1] = '\0';
            t->cell[len++] = at + quoted;
            if (comma == NULL) break;
            at = comma + 1;
        }
        if (t->n_rows == 0) t->n_columns = columns + 1;
        if (columns + 1 != t->n_columns)
            CP_FAIL(ctx, CP_E_INPUT, "line %d: %d columns; the head has %d", (int)t->n_rows + 1,
                    (int)columns + 1, (int)t->n_columns);
        t->n_rows++;
        line = next;
    }
    return CP_OK;
}

static int32_t column_of(const table *t, const char *name)
{
    for (int32_t k = 0; k < t->n_columns; k++)
        if (strcmp(t->cell[k], name) == 0) return k;
    return -1;
}

static int by_name(const void *a, const void *b)
{
    return strcmp(*(char *const *)a, *(char *const *)b);
}

/* The different names of a column in ascending order. */
static cp_status names_of(cp_ctx *ctx, const table *t, int32_t column, char ***out, int32_t *n_out)
{
    char **names = NULL;
    int32_t n = 0;
    CP_NEW(ctx, ctx->scratch, names, t->n_rows);
    for (int32_t r = 1; r < t->n_rows; r++)
        names[r - 1] = t->cell[(size_t)r * (size_t)t->n_columns + (size_t)column];
    qsort(names, (size_t)t->n_rows - 1, sizeof *names, by_name);
    for (int32_t r = 0; r < t->n_rows - 1; r++)
        if (n == 0 || strcmp(names[r], names[n - 1]) != 0) names[n++] = names[r];
    *out = names;
    *n_out = n;
    return CP_OK;
}

static int32_t index_of(char **names, int32_t n, char *name)
{
    char **at = bsearch(&name, names, (size_t)n, sizeof *names, by_name);
    return at == NULL ? -1 : (int32_t)(at - names);
}

static cp_status number_in(cp_ctx *ctx, const table *t, int32_t r, int32_t column, double *out)
{
    const char *text = t->cell[(size_t)r * (size_t)t->n_columns + (size_t)column];
    char *end = NULL;
    *out = strtod(text, &end);
    if (end == text || *end != '\0' || !isfinite(*out) || *out < 0)
        CP_FAIL(ctx, CP_E_INPUT, "line %d: %s \"%.40s\"; it must be a number >= 0", (int)r + 1,
                t->cell[column], text);
    return CP_OK;
}

cp_status cp_bench_siting_csv(cp_ctx *ctx, const char *text, size_t n, cp_bench_siting *out)
{
    table t = {0};
    char **sites = NULL, **clients = NULL;
    int32_t m = 0, k = 0;
    CP_TRY(cells(ctx, text, n, &t));
    const int32_t length = column_of(&t, "distance"), from = column_of(&t, "name"),
                  to = column_of(&t, "DestinationName"), weight = column_of(&t, "demand");
    if (length < 0 || from < 0 || to < 0 || weight < 0)
        CP_FAIL(ctx, CP_E_INPUT,
                "line 1: the columns distance, name, DestinationName, demand are "
                "needed");
    CP_TRY(names_of(ctx, &t, from, &sites, &m));
    CP_TRY(names_of(ctx, &t, to, &clients, &k));
    CP_TRY(cp_bench_siting_alloc(ctx, "distances", m, k, out));
    out->capacity = NULL;
    const size_t pairs = (size_t)m * (size_t)k;
    CP_NEW(ctx, ctx->run, out->distance, pairs);
    for (size_t a = 0; a < pairs; a++)
        out->distance[a] = out->cost[a] = INFINITY;
    for (int32_t r = 1; r < t.n_rows; r++) {
        char **cell = &t.cell[(size_t)r * (size_t)t.n_columns];
        const int32_t j = index_of(sites, m, cell[from]), i = index_of(clients, k, cell[to]);
        const size_t a = (size_t)j * (size_t)k + (size_t)i;
        double d = 0;
        CP_TRY(number_in(ctx, &t, r, length, &d));
        CP_TRY(number_in(ctx, &t, r, weight, &out->demand[i]));
        out->distance[a] = d;
        out->cost[a] = d * out->demand[i];
    }
    return CP_OK;
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/siting_check/siting_file.h"

#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define MOST_PLACES 100000.0
#define MOST_PAIRS 200e6

void die(const char *format, ...)
{
    va_list args;
    va_start(args, format);
    (void)vprintf(format, args);
    va_end(args);
    printf("\n");
    exit(1);
}

void *take(long n, unsigned long size)
{
    void *p = n < 0 ? NULL : calloc((unsigned long)n + 1, size);
    if (p == NULL) die("no memory");
    return p;
}

static char *slurp(const char *path, long *size)
{
    FILE *f = fopen(path, "rb");
    long room = 1 << 16, n = 0;
    char *text = take(room, 1);
    if (f == NULL) die("%s cannot be read", path);
    for (;;) {
        n += (long)fread(text + n, 1, (size_t)(room - n), f);
        if (n < room) break;
        char *more = realloc(text, (size_t)room * 2 + 1);
        if (more == NULL) die("no memory");
        text = more;
        room *= 2;
    }
    (void)fclose(f);
    text[n] = '\0';
    *size = n;
    return text;
}

/* ---- numbers one after the other ---- */

typedef struct source {
    const char *path;
    char *at;
    int line;
} source;

static void skip_blanks(source *s)
{
    for (; *s->at == ' ' || *s->at == '\t' || *s->at == '\r' || *s->at == '\n'; s->at++)
        s->line += *s->at == '\n';
}

static bool take_word(source *s, const char *word)
{
    skip_blanks(s);
    const size_t n = strlen(word);
    if (strncmp(s->at, word, n) != 0) return false;
    s->at += n;
    return true;
}

static double number(source *s)
{
    skip_blanks(s);
    char *end = NULL;
    const double v = strtod(s->at, &end);
    if (end == s->at || !isfinite(v)) die("%s: line %d: no number", s->path, s->line);
    s->at = end;
    return v;
}

static int count(source *s)
{
    const double v = number(s);
    if (v < 0 || v > MOST_PLACES || v != floor(v))
        die("%s: line %d: %g is no count", s->path, s->line, v);
    return (int)v;
}

static void at_end(source *s)
{
    skip_blanks(s);
    if (*s->at != '\0') die("%s: line %d: words after the end", s->path, s->line);
}

static void room_for(instance *in, int m, int n)
{
    if (m < 1 || n < 1 || (double)m * n > MOST_PAIRS) die("%d sites and %d clients", m, n);
    in->m = m;
    in->n = n;
    in->fixed = take(m, sizeof(double));
    in->capacity = take(m, sizeof(double));
    in->demand = take(n, sizeof(double));
    in->cost = take((long)m * n, sizeof(double));
    in->distance = in->cost;
    for (int i = 0; i < n; i++)
        in->demand[i] = 1;
}

static double *cell(instance *in, int site, int client)
{
    return &in->cost[(long)site * in->n + client];
}

/* ---- the forms ---- */

static void orlib(source *s, instance *in, bool rows_by_client)
{
    const int m = count(s), n = count(s);
    room_for(in, m, n);
    for (int j = 0; j < m; j++) {
        in->capacity[j] = take_word(s, "capacity") ? -1 : number(s);
        in->fixed[j] = number(s);
    }
    for (int i = 0; i < n; i++) {
        in->demand[i] = number(s);
        for (int j = 0; j < m && rows_by_client; j++)
            *cell(in, j, i) = number(s);
    }
    for (int j = 0; j < m && !rows_by_client; j++)
        for (int i = 0; i < n; i++)
            *cell(in, j, i) = number(s);
}

static void delmaire(source *s, instance *in)
{
    const int n = count(s), m = count(s);
    room_for(in, m, n);
    for (int i = 0; i < n; i++)
        for (int j = 0; j < m; j++)
            *cell(in, j, i) = number(s);
    for (int i = 0; i < n; i++)
        in->demand[i] = number(s);
    for (int j = 0; j < m; j++)
        in->fixed[j] = number(s);
    for (int j = 0; j < m; j++)
        in->capacity[j] = number(s);
}

static void avella(source *s, instance *in)
{
    const int m = count(s), n = count(s);
    room_for(in, m, n);
    for (int i = 0; i < n; i++)
        in->demand[i] = number(s);
    for (int j = 0; j < m; j++)
        in->capacity[j] = number(s);
    for (int j = 0; j < m; j++)
        in->fixed[j] = number(s);
    for (int j = 0; j < m; j++)
        for (int i = 0; i < n; i++)
            *cell(in, j, i) = number(s) * in->demand[i];
}

static void ufllib(source *s, instance *in)
{
    if (!take_word(s, "FILE:")) die("%s: no \"FILE:\" at the beginning", s->path);
    s->at += strcspn(s->at, "\n");
    const int m = count(s), n = count(s);
    (void)number(s);
    room_for(in, m, n);
    in->capacity = NULL;
    for (int j = 0; j < m; j++) {
        if (count(s) != j + 1) die("%s: line %d: site %d expected", s->path, s->line, j + 1);
        in->fixed[j] = number(s);
        for (int i = 0; i < n; i++)
            *cell(in, j, i) = number(s);
    }
}

/* Lengths of shortest paths between all places (Floyd and Warshall). */
static void pmed(source *s, instance *in)
{
    const int n = count(s), edges = count(s);
    const int p = count(s);
    room_for(in, n, n);
    in->p = p;
    in->capacity = NULL;
    for (long k = 0; k < (long)n * n; k++)
        in->cost[k] = k / n == k % n ? 0 : INFINITY;
    for (int e = 0; e < edges; e++) {
        const int a = count(s), b = count(s);
        const double length = number(s);
        if (a < 1 || b < 1 || a > n || b > n) die("%s: line %d: no such place", s->path, s->line);
        if (a != b) *cell(in, a - 1, b - 1) = *cell(in, b - 1, a - 1) = length;
    }
    for (int via = 0; via < n; via++)
        for (int a = 0; a < n; a++) {
            const double to = *cell(in, a, via);
            for (int b = 0; b < n && isfinite(to); b++) {
                const double way = to + *cell(in, via, b);
                if (way < *cell(in, a, b)) *cell(in, a, b) = way;
            }
        }
}

/* Places that are clients and sites: x and y, distances as they are or rounded down. */
static void places(source *s, instance *in, bool osman)
{
    double room = 0;
    if (osman) {
        (void)number(s);
        (void)number(s);
    }
    const int n = count(s), p = count(s);
    if (osman) room = number(s);
    room_for(in, n, n);
    in->p = p;
    double *x = take(n, sizeof(double)), *y = take(n, sizeof(double));
    for (int i = 0; i < n; i++) {
        if (osman && count(s) != i + 1)
            die("%s: line %d: place %d expected", s->path, s->line, i + 1);
        x[i] = number(s);
        y[i] = number(s);
        in->capacity[i] = osman ? room : number(s);
        in->demand[i] = number(s);
    }
    for (int a = 0; a < n; a++)
        for (int b = 0; b < n; b++) {
            const double dx = x[a] - x[b], dy = y[a] - y[b], d = sqrt(dx * dx + dy * dy);
            *cell(in, a, b) = osman ? (double)(long)d : d;
        }
    free(x);
    free(y);
}

/* ---- tables ---- */

/* The n-th cell of a line (from 0), without quotes, in `out`. */
static bool nth_cell(const char *line, int k, char *out, size_t size)
{
    for (; k > 0; k--) {
        line += strcspn(line, ",\r\n");
        if (*line != ',') return false;
        line++;
    }
    size_t n = strcspn(line, ",\r\n");
    if (n >= 2 && line[0] == '"' && line[n - 1] == '"') {
        line++;
        n -= 2;
    }
    if (n >= size) return false;
    memcpy(out, line, n);
    out[n] = '\0';
    return true;
}

typedef struct names {
    char (*at)[64];
    int n;
} names;

static int place_of(const names *list, const char *name)
{
    int lo = 0, hi = list->n;
    while (lo < hi) {
        const int mid = lo + (hi - lo) / 2;
        if (strcmp(list->at[mid], name) < 0)
            lo = mid + 1;
        else
            hi = mid;
    }
    return lo;
}

static void add_name(names *list, const char *name)
{
    const int at = place_of(list, name);
    if (at < list->n && strcmp(list->at[at], name) == 0) return;
    memmove(list->at + at + 1, list->at + at, (size_t)(list->n - at) * sizeof *list->at);
    memcpy(list->at[at], name, strlen(name) + 1);
    list->n++;
}

enum { DISTANCE, SITE, CLIENT, DEMAND, N_COLUMNS };

static void columns_of(const char *head, int column[N_COLUMNS])
{
    static const char *const want[N_COLUMNS] = {"distance", "name", "DestinationName", "demand"};
    char text[64];
    for (int c = 0; c < N_COLUMNS; c++) {
        column[c] = -1;
        for (int k = 0; nth_cell(head, k, text, sizeof text); k++)
            if (strcmp(text, want[c]) == 0) column[c] = k;
        if (column[c] < 0) die("the table has no column %s", want[c]);
    }
}

/* A line's cells; false at the end of the text. */
static bool table_line(char **at, const int column[N_COLUMNS], char out[N_COLUMNS][64])
{
    if (**at == '\0') return false;
    for (int c = 0; c < N_COLUMNS; c++)
        if (!nth_cell(*at, column[c], out[c], sizeof out[c])) die("a short line: %.40s", *at);
    *at += strcspn(*at, "\n");
    *at += strspn(*at, "\r\n");
    return true;
}

static void table(source *s, instance *in)
{
    int column[N_COLUMNS];
    char text[N_COLUMNS][64];
    long lines = 1;
    for (const char *c = s->at; *c != '\0'; c++)
        lines += *c == '\n';
    names sites = {.at = take(lines, 64)}, clients = {.at = take(lines, 64)};
    columns_of(s->at, column);
    s->at += strcspn(s->at, "\n");
    s->at += strspn(s->at, "\r\n");
    char *at = s->at;
    while (table_line(&at, column, text)) {
        add_name(&sites, text[SITE]);
        add_name(&clients, text[CLIENT]);
    }
    room_for(in, sites.n, clients.n);
    in->capacity = NULL;
    in->distance = take((long)in->m * in->n, sizeof(double));
    for (long k = 0; k < (long)in->m * in->n; k++)
        in->cost[k] = in->distance[k] = INFINITY;
    for (at = s->at; table_line(&at, column, text);) {
        const int j = place_of(&sites, text[SITE]), i = place_of(&clients, text[CLIENT]);
        const double d = strtod(text[DISTANCE], NULL);
        in->demand[i] = strtod(text[DEMAND], NULL);
        in->distance[(long)j * in->n + i] = d;
        *cell(in, j, i) = d * in->demand[i];
    }
    s->at = at;
    free(sites.at);
    free(clients.at);
}

void instance_read(const char *path, const char *form, instance *out)
{
    long size = 0;
    char *text = slurp(path, &size);
    source s = {.path = path, .at = text, .line = 1};
    *out = (instance){0};
    if (strcmp(form, "orlib") == 0)
        orlib(&s, out, true);
    else if (strcmp(form, "holmberg") == 0)
        orlib(&s, out, false);
    else if (strcmp(form, "delmaire") == 0)
        delmaire(&s, out);
    else if (strcmp(form, "avella") == 0)
        avella(&s, out);
    else if (strcmp(form, "ufllib") == 0)
        ufllib(&s, out);
    else if (strcmp(form, "pmed") == 0)
        pmed(&s, out);
    else if (strcmp(form, "osman") == 0 || strcmp(form, "lorena") == 0)
        places(&s, out, form[0] == 'o');
    else if (strcmp(form, "table") == 0)
        table(&s, out);
    else
        die("no form \"%s\"", form);
    at_end(&s);
    free(text);
}

/* ---- solutions ---- */

static void open_sites(source *s, const instance *in, solution *out)
{
    if (!take_word(s, "open")) die("%s: line 1: no \"open\"", s->path);
    for (;;) {
        s->at += strspn(s->at, " \t\r");
        if (*s->at == '\n' || *s->at == '\0') return;
        const int site = count(s);
        if (site < 1 || site > in->m) die("open site %d; there are %d", site, in->m);
        if (out->open[site - 1]) die("site %d is opened twice", site);
        out->open[site - 1] = true;
        out->n_open++;
    }
}

void solution_read(const char *path, const instance *in, solution *out)
{
    long size = 0;
    char *text = slurp(path, &size);
    source s = {.path = path, .at = text, .line = 1};
    long lines = 1;
    for (long k = 0; k < size; k++)
        lines += text[k] == '\n';
    *out = (solution){.open = take(in->m, sizeof(bool)), .service = take(lines, sizeof(service))};
    open_sites(&s, in, out);
    for (skip_blanks(&s); *s.at != '\0'; skip_blanks(&s)) {
        const int line = s.line, client = count(&s), site = count(&s);
        const double share = number(&s);
        if (s.line != line) die("%s: line %d: three numbers are needed", path, line);
        if (client < 1 || client > in->n) die("client %d; there are %d", client, in->n);
        if (site < 1 || site > in->m) die("client %d: site %d; there are %d", client, site, in->m);
        if (out->n_services == lines) die("%s: two services on one line", path);
        out->service[out->n_services++] = (service){client - 1, site - 1, share};
    }
    free(text);
}

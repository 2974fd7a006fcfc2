/* SPDX-License-Identifier: GPL-3.0-or-later */
/* LP text as CPLEX documents it, kept to the part that GLPK, CBC, HiGHS and SCIP all read: a row
 * with two limits is written as two rows, because GLPK reads no "lo <= row <= hi". */
#include "models/mip/mip_write.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "models/base/outfile.h"
#include "models/base/text.h"

#define NAME_MAX_LP 200 /* readers stop at 255; "~hi" may be appended */
#define TERMS_PER_LINE 5

/* The names to write and the entries row by row; both in ctx->scratch. */
typedef struct writer {
    cp_outfile file;
    const cp_mip *mip;
    const char **row_name, **col_name;
    int32_t *row_start, *row_col;
    double *row_value;
} writer;

static bool is_keyword(const char *name)
{
    static const char *words[] = {
        "min",      "max",      "minimum", "maximum",  "minimize", "maximize", "minimise",
        "maximise", "subject",  "such",    "st",       "s.t.",     "st.",      "bounds",
        "bound",    "free",     "inf",     "infinity", "general",  "generals", "gen",
        "integer",  "integers", "int",     "binary",   "binaries", "bin",      "end",
        "semi",     "sos",      "sos1",    "sos2",     "semis",    "lazy",     "user",
        "obj",      "pwlobj",   "to",      "that"};
    for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
        if (strcasecmp(name, words[i]) == 0) return true;
    return false;
}

/* A name every reader takes, in `out`; false when there is none. Brackets become parentheses. Names
 * like x12 are refused, since those are what nameless rows and columns are called here. */
static bool clean_name(const char *name, char out[NAME_MAX_LP + 1])
{
    const size_t n = name != NULL ? strlen(name) : 0;
    if (n == 0 || n > NAME_MAX_LP || is_keyword(name)) return false;
    const bool exponent =
        (name[0] == 'e' || name[0] == 'E') && (n == 1 || !isalpha((unsigned char)name[1]));
    if (exponent || !(isalpha((unsigned char)name[0]) || name[0] == '_')) return false;
    const bool ours = (name[0] == 'x' || name[0] == 'r') && strspn(name + 1, "0123456789") == n - 1;
    if (ours) return false;
    for (size_t i = 0; i < n; i++) {
        char c = name[i];
        if (c == '[') c = '(';
        if (c == ']') c = ')';
        const bool plain =
            (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
        if (!plain && strchr("_.,()#@", c) == NULL) return false;
        out[i] = c;
    }
    out[n] = '\0';
    return true;
}

static int by_text(const void *a, const void *b)
{
    const char *const *left = a;
    const char *const *right = b;
    return strcmp(*left, *right);
}

static const char *numbered(cp_ctx *ctx, char letter, int32_t i)
{
    return cp_strf(ctx, ctx->scratch, "%c%d", letter, (int)i);
}

/* Names to write: clean and different from each other. Two columns of one name would be read as
 * one, so a name that appears twice is not used at all. */
static cp_status make_names(cp_ctx *ctx, int32_t n, const char *const *given, char letter,
                            const char ***out)
{
    const char **names = NULL;
    const char **sorted = NULL;
    CP_NEW(ctx, ctx->scratch, names, n);
    CP_NEW(ctx, ctx->scratch, sorted, n);
    for (int32_t i = 0; i < n; i++) {
        char clean[NAME_MAX_LP + 1];
        names[i] = clean_name(given[i], clean) ? cp_strdup(ctx, ctx->scratch, clean)
                                               : numbered(ctx, letter, i);
        if (names[i] == NULL) return CP_E_NOMEM;
        sorted[i] = names[i];
    }
    qsort(sorted, (size_t)n, sizeof(*sorted), by_text);
    for (int32_t i = 0; i < n; i++) {
        const char **at = bsearch(&names[i], sorted, (size_t)n, sizeof(*sorted), by_text);
        const bool before = at > sorted && strcmp(at[-1], names[i]) == 0;
        const bool after = at < sorted + n - 1 && strcmp(at[1], names[i]) == 0;
        if (!before && !after) continue;
        names[i] = numbered(ctx, letter, i);
        if (names[i] == NULL) return CP_E_NOMEM;
    }
    *out = names;
    return CP_OK;
}

/* Entries row by row, columns ascending (counting sort). */
static cp_status turn_entries(cp_ctx *ctx, writer *w)
{
    const cp_mip *mip = w->mip;
    int32_t *next = NULL;
    CP_NEW(ctx, ctx->scratch, w->row_start, mip->n_rows + 1);
    CP_NEW(ctx, ctx->scratch, next, mip->n_rows + 1);
    CP_NEW(ctx, ctx->scratch, w->row_col, mip->n_nz);
    CP_NEW(ctx, ctx->scratch, w->row_value, mip->n_nz);
    for (int32_t k = 0; k < mip->n_nz; k++)
        w->row_start[mip->row[k] + 1]++;
    for (int32_t i = 0; i < mip->n_rows; i++) {
        w->row_start[i + 1] += w->row_start[i];
        next[i] = w->row_start[i];
    }
    for (int32_t j = 0; j < mip->n_cols; j++) {
        for (int32_t k = mip->start[j]; k < mip->start[j + 1]; k++) {
            const int32_t at = next[mip->row[k]]++;
            w->row_col[at] = j;
            w->row_value[at] = mip->value[k];
        }
    }
    return CP_OK;
}

/* One term; `n` counts the terms of the row, so that lines stay short enough for every reader. */
static void write_term(writer *w, int32_t *n, double value, int32_t col)
{
    if (*n > 0 && *n % TERMS_PER_LINE == 0) cp_outfile_text(&w->file, "\n   ");
    cp_outfile_format(&w->file, " %c %.17g %s", value < 0 ? '-' : '+', value < 0 ? -value : value,
                      w->col_name[col]);
    (*n)++;
}

/* Some column, where the text needs one. */
static const char *any_col(const writer *w)
{
    return w->mip->n_cols > 0 ? w->col_name[0] : "none";
}

/* Columns that are in no row must be named here, or readers would not know them. */
static void write_objective(writer *w)
{
    const cp_mip *mip = w->mip;
    int32_t n = 0;
    cp_outfile_text(&w->file, "Minimize\n obj:");
    for (int32_t j = 0; j < mip->n_cols; j++)
        if (mip->cost[j] < 0 || mip->cost[j] > 0 || mip->start[j] == mip->start[j + 1])
            write_term(w, &n, mip->cost[j], j);
    if (n == 0) cp_outfile_format(&w->file, " 0 %s", any_col(w));
}

static void write_row(writer *w, int32_t i, const char *suffix, const char *sense, double rhs)
{
    int32_t n = 0;
    cp_outfile_format(&w->file, "\n %s%s:", w->row_name[i], suffix);
    for (int32_t k = w->row_start[i]; k < w->row_start[i + 1]; k++)
        write_term(w, &n, w->row_value[k], w->row_col[k]);
    if (n == 0) cp_outfile_format(&w->file, " 0 %s", any_col(w));
    cp_outfile_format(&w->file, " %s %.17g", sense, rhs);
}

static void write_rows(writer *w)
{
    const cp_mip *mip = w->mip;
    bool any = false;
    cp_outfile_text(&w->file, "\nSubject To");
    for (int32_t i = 0; i < mip->n_rows; i++) {
        const double lo = mip->row_lo[i];
        const double hi = mip->row_hi[i];
        any = any || lo > -CP_MIP_INF || hi < CP_MIP_INF;
        if (lo >= hi && lo <= hi) { /* equal, without comparing doubles by == */
            write_row(w, i, "", "=", lo);
            continue;
        }
        if (lo > -CP_MIP_INF) write_row(w, i, "", ">=", lo);
        if (hi < CP_MIP_INF) write_row(w, i, lo > -CP_MIP_INF ? "~hi" : "", "<=", hi);
    }
    /* Readers want at least one row. */
    if (!any) cp_outfile_format(&w->file, "\n r0: 0 %s <= 1", any_col(w));
}

static void write_bounds(writer *w)
{
    const cp_mip *mip = w->mip;
    cp_outfile_text(&w->file, "\nBounds");
    for (int32_t j = 0; j < mip->n_cols; j++) {
        const double lo = mip->col_lo[j];
        const double hi = mip->col_hi[j];
        const char *name = w->col_name[j];
        const bool no_hi = hi >= CP_MIP_INF;
        if (lo <= -CP_MIP_INF && no_hi)
            cp_outfile_format(&w->file, "\n %s free", name);
        else if (lo <= -CP_MIP_INF)
            cp_outfile_format(&w->file, "\n -inf <= %s <= %.17g", name, hi);
        else if (no_hi && (lo < 0 || lo > 0))
            cp_outfile_format(&w->file, "\n %s >= %.17g", name, lo);
        else if (!no_hi && lo >= hi && lo <= hi)
            cp_outfile_format(&w->file, "\n %s = %.17g", name, lo);
        else if (!no_hi)
            cp_outfile_format(&w->file, "\n %.17g <= %s <= %.17g", lo, name, hi);
    }
}

static void write_integers(writer *w)
{
    bool any = false;
    for (int32_t j = 0; j < w->mip->n_cols; j++) {
        if (!w->mip->col_int[j]) continue;
        if (!any) cp_outfile_text(&w->file, "\nGenerals");
        any = true;
        cp_outfile_format(&w->file, "\n %s", w->col_name[j]);
    }
}

static cp_status write_file(cp_ctx *ctx, writer *w, const char *path)
{
    CP_TRY(make_names(ctx, w->mip->n_rows, w->mip->row_name, 'r', &w->row_name));
    CP_TRY(make_names(ctx, w->mip->n_cols, w->mip->col_name, 'x', &w->col_name));
    CP_TRY(turn_entries(ctx, w));
    CP_TRY(cp_outfile_open(ctx, path, &w->file));
    write_objective(w);
    write_rows(w);
    write_bounds(w);
    write_integers(w);
    cp_outfile_text(&w->file, "\nEnd\n");
    return cp_outfile_close(ctx, &w->file, CP_OK);
}

cp_status cp_mip_write_lp(cp_ctx *ctx, const cp_mip *mip, const char *path)
{
    writer w = {.mip = mip};
    const cp_arena_mark mark = cp_arena_here(ctx->scratch);
    const cp_status st = write_file(ctx, &w, path);
    cp_arena_rewind(ctx->scratch, mark);
    return st;
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "data/csv/import.h"

#include <dirent.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "data/csv/import_file.h"
#include "data/store/site_pairs.h"
#include "data/store/slot_check.h"

/* The tables' own files in the folder, in the order of the tables. */
static cp_status list_own_files(cp_importer *im, cp_mapping *mapping)
{
    cp_ctx *ctx = im->ctx;
    CP_NEW(ctx, ctx->run, mapping->files, CP_N_TABLES);
    for (int32_t t = 0; t < CP_N_TABLES; t++) {
        struct stat info;
        const char *file = cp_strf(ctx, ctx->run, "%s.csv", cp_table(t)->name);
        const char *path = file != NULL ? cp_strf(ctx, ctx->run, "%s/%s", im->folder, file) : NULL;
        if (path == NULL) return CP_E_NOMEM;
        if (stat(path, &info) != 0) continue;
        mapping->files[mapping->n_files++] = (cp_map_file){
            .file = file, .entity = cp_table(t)->name, .decimal = '.', .header = true};
    }
    return CP_OK;
}

static int compare_names(const void *a, const void *b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

/* Names of the *.csv files of the folder that are no table's, sorted; at most `room` of them. */
static cp_status list_strangers(cp_importer *im, DIR *dir, const char **names, int32_t room,
                                int32_t *n)
{
    *n = 0;
    for (const struct dirent *e = readdir(dir); e != NULL && *n < room; e = readdir(dir)) {
        const size_t length = strlen(e->d_name);
        if (length < 5 || strcmp(e->d_name + length - 4, ".csv") != 0) continue;
        const char *table = cp_strf(im->ctx, im->ctx->run, "%.*s", (int)length - 4, e->d_name);
        const char *name = cp_strdup(im->ctx, im->ctx->run, e->d_name);
        if (table == NULL || name == NULL) return CP_E_NOMEM;
        if (cp_table_by_name(table) < 0) names[(*n)++] = name;
    }
    qsort(names, (size_t)*n, sizeof(*names), compare_names);
    return CP_OK;
}

/* A misspelt file name would otherwise be a silent loss. */
static cp_status warn_of_strangers(cp_importer *im)
{
    const char *names[CP_PROBLEMS_SHOWN];
    int32_t n = 0;
    DIR *dir = opendir(im->folder);
    if (dir == NULL)
        CP_FAIL(im->ctx, CP_E_IO, "%s cannot be opened: %s", im->folder, strerror(errno));
    const cp_status st = list_strangers(im, dir, names, CP_PROBLEMS_SHOWN, &n);
    closedir(dir);
    CP_TRY(st);
    for (int32_t i = 0; i < n; i++)
        CP_TRY(cp_problem_add(im->ctx, &im->report->problems, CP_PROBLEM_WARNING,
                              "%s is not read: there is no table of this name", names[i]));
    return CP_OK;
}

static cp_status list_files(cp_importer *im, const char *mapping_path, cp_mapping **out)
{
    cp_ctx *ctx = im->ctx;
    struct stat info;
    if (stat(im->folder, &info) != 0)
        CP_FAIL(ctx, CP_E_IO, "%s cannot be opened: %s", im->folder, strerror(errno));
    if (!S_ISDIR(info.st_mode)) CP_FAIL(ctx, CP_E_IO, "%s is not a folder", im->folder);
    im->strict = mapping_path == NULL;
    if (mapping_path != NULL) return cp_mapping_read(ctx, mapping_path, out);
    CP_NEW(ctx, ctx->run, *out, 1);
    CP_TRY(list_own_files(im, *out));
    CP_TRY(warn_of_strangers(im));
    if ((*out)->n_files == 0)
        CP_FAIL(ctx, CP_E_INPUT,
                "%s holds no file named after a table (site.csv, point.csv, ...); describe other "
                "files with --mapping",
                im->folder);
    return CP_OK;
}

/* Files in the order of their tables, so that currencies are known before amounts. */
static cp_status read_files(cp_importer *im, const cp_mapping *mapping)
{
    cp_ctx *ctx = im->ctx;
    CP_NEW(ctx, ctx->run, im->files, mapping->n_files);
    im->n_files = mapping->n_files;
    for (int32_t i = 0; i < mapping->n_files; i++)
        im->files[i] = mapping->files[i].file;
    for (int32_t t = -1; t < CP_N_TABLES; t++) /* -1: names that are no table */
        for (int32_t i = 0; i < mapping->n_files; i++)
            if (cp_table_by_name(mapping->files[i].entity) == t)
                CP_TRY(cp_import_file(im, i, &mapping->files[i]));
    return CP_OK;
}

static cp_status note_unknown(cp_ctx *ctx, void *user, int32_t t, int32_t field, const char *code,
                              cp_place place)
{
    cp_importer *im = user;
    const cp_field *f = &cp_table(t)->fields[field];
    const char *what = f->ref >= 0 ? cp_table(f->ref)->name : "site or vault";
    const bool is_pair = f->ref < 0;
    if (is_pair ? im->uncertain[CP_ENTITY_SITE] || im->uncertain[CP_ENTITY_VAULT]
                : im->uncertain[f->ref])
        return CP_OK;
    const cp_arena_mark mark = cp_arena_here(ctx->scratch);
    const char *shown = cp_value_shown(ctx, code);
    if (shown == NULL) return CP_E_NOMEM;
    const cp_status st =
        cp_problem_add(ctx, &im->report->problems, CP_PROBLEM_UNKNOWN,
                       "%s line %lld, field %s: %s is no known %s; must be a code of these files "
                       "or one stored before",
                       im->files[place.file], (long long)place.line, f->name, shown, what);
    cp_arena_rewind(ctx->scratch, mark);
    return st;
}

static cp_status note_pair(cp_ctx *ctx, void *user, const char *first, const char *second,
                           bool merged)
{
    cp_importer *im = user;
    return cp_problem_add(ctx, &im->report->problems, CP_PROBLEM_WARNING,
                          merged
                              ? "sites %s and %s have the same coordinates: planned as one stop "
                                "(setting merge_equal_sites)"
                              : "sites %s and %s have the same coordinates: planned as two stops "
                                "(setting merge_equal_sites)",
                          first, second);
}

static cp_status note_slot(cp_ctx *ctx, void *user, const char *point, int32_t slot,
                           const char *field, const char *why, cp_place place)
{
    cp_importer *im = user;
    return cp_problem_add(ctx, &im->report->problems, CP_PROBLEM_RULE,
                          "%s line %lld, field %s: %s slot %d: %s", im->files[place.file],
                          (long long)place.line, field, point, (int)slot, why);
}

static cp_status run(cp_importer *im, const cp_import_options *options)
{
    cp_ctx *ctx = im->ctx;
    cp_mapping *mapping = NULL;
    cp_import_report *report = im->report;
    CP_TRY(list_files(im, options->mapping_path, &mapping));
    CP_TRY(read_files(im, mapping));
    CP_TRY(cp_stage_check(ctx, im->stage, note_unknown, im));
    CP_TRY(cp_slot_check(ctx, im->stage, note_slot, im));
    const int64_t n = cp_problems_count(&report->problems);
    if (n > 0)
        CP_FAIL(ctx, CP_E_INPUT, "%lld problem%s: nothing was imported", (long long)n,
                n == 1 ? "" : "s");
    if (cp_stage_rows(im->stage, CP_ENTITY_SITE) > 0)
        CP_TRY(cp_site_pairs(ctx, im->stage, note_pair, im));
    const char *source = cp_strf(ctx, ctx->run, "import %s", options->folder);
    if (source == NULL) return CP_E_NOMEM;
    return cp_stage_merge(ctx, im->stage, source, options->dry_run, report->counts);
}

cp_status cp_import(cp_ctx *ctx, cp_db *db, const cp_import_options *options,
                    cp_import_report *report)
{
    memset(report, 0, sizeof(*report));
    cp_importer im = {.ctx = ctx, .db = db, .report = report, .folder = options->folder};
    CP_TRY(cp_stage_new(ctx, db, &im.stage));
    const cp_status st = run(&im, options);
    cp_stage_free(im.stage);
    return st;
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* fuzz_rows.c - a sound database whose rows are odd: the input is a list of changes, five bytes
 * each (table, row, column, kind of value, which one), made through SQL with foreign keys and
 * CHECKs switched off, as another program or an unlucky hand could. Column types stay as STRICT
 * tables keep them. Whatever is read must end with something usable or with words; what is usable
 * is dumped, compared with itself, exported and drawn. */
#include <dirent.h>
#include <sqlite3.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "data/store/history_store.h"
#include "data/store/network_store.h"
#include "data/store/plan_dump.h"
#include "data/store/road_store.h"
#include "models/net/network_check.h"
#include "models/plan/plan_diff.h"
#include "tests/unit/export_plan.h"
#include "viz/page_data.h"

#define STEP_BYTES 5
#define MOST_BYTES (STEP_BYTES * 40)
#define COLUMNS_MAX 64

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n);

static const char *const whole[] = {"0",
                                    "-1",
                                    "1",
                                    "2",
                                    "7",
                                    "100",
                                    "1440",
                                    "99999",
                                    "2147483647",
                                    "-2147483648",
                                    "4294967296",
                                    "9007199254740993",
                                    "1000000000000001",
                                    "9223372036854775807",
                                    "-9223372036854775808"};
static const char *const real[] = {"0.0",    "-1.0",   "1e308", "-1e308", "9e999",
                                   "-9e999", "1e-308", "91.5",  "180.0",  "-0.0"};
static const char *const text[] = {"''",
                                   "'x'",
                                   "'none'",
                                   "'swap'",
                                   "'2026-11-24'",
                                   "'9999-12-31'",
                                   "'-4713-11-24'",
                                   "'2026-02-30'",
                                   "'0000-00-00'",
                                   "'base'",
                                   "'1111111'",
                                   "'99999999999999999999'",
                                   "'<script>\"\\'",
                                   "CAST(x'ff00fe' AS TEXT)",
                                   "CAST(x'4100420a0d' AS TEXT)",
                                   "printf('%.*c', 5000, 'k')"};

/* Two days of both flows, for every point. */
static bool add_history(const char *path)
{
    sqlite3 *db = NULL;
    const bool good =
        sqlite3_open_v2(path, &db, SQLITE_OPEN_READWRITE, NULL) == SQLITE_OK &&
        sqlite3_exec(db,
                     "INSERT INTO history (point_code, day, flow, denomination_code, amount_minor,"
                     " faults) SELECT code, d.column1, f.column1, '', 100000, 'none' FROM point,"
                     " (VALUES ('2026-11-20'), ('2026-11-21')) d,"
                     " (VALUES ('withdrawal'), ('deposit')) f",
                     NULL, NULL, NULL) == SQLITE_OK;
    sqlite3_close(db);
    return good;
}

/* The database every input begins from: a bank of 20 points, history, a plan. */
static bool make_sound(const char *path)
{
    cp_ctx ctx;
    cp_db *db = NULL;
    int64_t id = 0;
    if (cp_ctx_init(&ctx) != CP_OK) return false;
    const export_bank *bank = export_bank_make(&ctx, 20, 7, false);
    const char *notes[] = {"a note"};
    bank->record->notes = notes;
    bank->record->n_notes = 1;
    (void)unlink(path);
    cp_status st = cp_db_open(&ctx, path, CP_DB_CREATE, &db);
    if (st == CP_OK) st = cp_network_save(&ctx, db, &bank->net->rows, "fuzz", NULL);
    for (int k = 0; k < 2 && st == CP_OK; k++)
        st = cp_plan_store_save(&ctx, db, bank->net, bank->plan, bank->record, &id);
    cp_db_close(db);
    cp_ctx_done(&ctx);
    return st == CP_OK && add_history(path);
}

static bool copy_file(const char *from, const char *to)
{
    char block[1 << 16];
    FILE *in = fopen(from, "rb"), *out = fopen(to, "wb");
    size_t n = 0;
    bool good = in != NULL && out != NULL;
    while (good && (n = fread(block, 1, sizeof block, in)) > 0)
        good = fwrite(block, 1, n, out) == n;
    if (in != NULL) (void)fclose(in);
    if (out != NULL) good = fclose(out) == 0 && good;
    return good;
}

/* Name number k of the first column of a query, counted round; false when there is none. */
static bool pick(sqlite3 *db, const char *sql, int k, char *out, size_t size, char *type)
{
    sqlite3_stmt *stmt = NULL;
    int n = 0;
    for (int turn = 0; turn < 2; turn++) {
        if (sqlite3_prepare_v2(db, sql, -1, &stmt, NULL) != SQLITE_OK) return false;
        for (int i = 0; sqlite3_step(stmt) == SQLITE_ROW; i++) {
            if (turn == 0) n++;
            if (turn == 0 || i != k % n) continue;
            (void)snprintf(out, size, "%s", (const char *)sqlite3_column_text(stmt, 0));
            if (type != NULL) *type = (char)sqlite3_column_text(stmt, 1)[0];
        }
        sqlite3_finalize(stmt);
        if (n == 0) return false;
    }
    return true;
}

/* One change; what the table does not take is left as it was. */
static void change(sqlite3 *db, const uint8_t *step)
{
    char table[80], column[80], key[80], sql[1600], query[200];
    char type = 'T';
    if (!pick(db,
              "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%'"
              " ORDER BY name",
              step[0], table, sizeof table, NULL))
        return;
    (void)snprintf(query, sizeof query, "SELECT name, type FROM pragma_table_info('%s')", table);
    if (!pick(db, query, step[2], column, sizeof column, &type)) return;
    (void)snprintf(query, sizeof query, "SELECT name, type FROM pragma_table_info('%s')", table);
    if (!pick(db, query, 0, key, sizeof key, NULL)) return;
    const char *value = "NULL";
    const int which = step[4];
    if (step[3] % 8 == 1)
        value = column; /* moved below: the value of another row */
    else if (step[3] % 8 != 0 && type == 'I')
        value = whole[which % (int)(sizeof whole / sizeof *whole)];
    else if (step[3] % 8 != 0 && type == 'R')
        value = real[which % (int)(sizeof real / sizeof *real)];
    else if (step[3] % 8 != 0)
        value = text[which % (int)(sizeof text / sizeof *text)];
    if (step[3] % 8 == 2)
        (void)snprintf(sql, sizeof sql,
                       "DELETE FROM %s WHERE %s IS (SELECT %s FROM %s LIMIT 1 OFFSET %d)", table,
                       key, key, table, step[1] % 16);
    else if (value == column)
        (void)snprintf(sql, sizeof sql,
                       "UPDATE OR IGNORE %s SET %s = (SELECT %s FROM %s LIMIT 1 OFFSET %d)", table,
                       column, column, table, which % 16);
    else
        (void)snprintf(sql, sizeof sql,
                       "UPDATE OR IGNORE %s SET %s = %s WHERE %s IS (SELECT %s FROM %s LIMIT 1"
                       " OFFSET %d)",
                       table, column, value, key, key, table, step[1] % 16);
    (void)sqlite3_exec(db, sql, NULL, NULL, NULL);
}

static bool change_rows(const char *path, const uint8_t *bytes, size_t n)
{
    sqlite3 *db = NULL;
    const bool good =
        sqlite3_open_v2(path, &db, SQLITE_OPEN_READWRITE, NULL) == SQLITE_OK &&
        sqlite3_exec(db,
                     "PRAGMA foreign_keys = OFF; PRAGMA ignore_check_constraints = ON;"
                     "PRAGMA synchronous = OFF; BEGIN",
                     NULL, NULL, NULL) == SQLITE_OK;
    for (; good && n >= STEP_BYTES; bytes += STEP_BYTES, n -= STEP_BYTES)
        change(db, bytes);
    if (good) (void)sqlite3_exec(db, "COMMIT", NULL, NULL, NULL);
    sqlite3_close(db);
    return good;
}

/* A failure must have words. */
static bool good(cp_ctx *ctx, cp_status st)
{
    if (st == CP_OK) return true;
    if (ctx->error.text[0] == '\0') abort();
    cp_error_clear(ctx);
    return false;
}

static void use_plan(cp_ctx *ctx, const cp_stored_plan *s, const char *path)
{
    const cp_run_info info = {s->plan_id, s->created_utc, s->made_by, s->approved_by};
    cp_plan_diff *diff = NULL;
    cp_export_plan ex;
    cp_outfile out;
    FILE *sink = fopen("/dev/null", "w");
    if (sink == NULL) abort();
    (void)good(ctx, cp_plan_store_dump(ctx, s, sink));
    (void)fclose(sink);
    if (!good(ctx, cp_plan_diff_make(ctx, s->net, s->plan, s->plan, &diff))) return;
    if (!good(ctx, cp_export_plan_make(ctx, s->net, s->plan, s->record, &ex))) return;
    const cp_page_before before = {s->plan_id, diff, NULL, NULL};
    if (!good(ctx, cp_outfile_open(ctx, path, &out))) return;
    const cp_status st = cp_page_data_write(ctx, &ex, &info, &before, NULL, true, &out);
    (void)good(ctx, cp_outfile_close(ctx, &out, st));
    const cp_export_opts opts = {0, true};
    char out_folder[100];
    int32_t n = 0, removed = 0;
    (void)snprintf(out_folder, sizeof out_folder, "%s.out", path);
    (void)good(ctx, cp_export_write(ctx, &ex, &info, &opts, out_folder, &n, &removed));
}

static void use_network(cp_ctx *ctx, cp_db *db)
{
    cp_rows rows;
    cp_network *net = NULL;
    cp_day *balance_day = NULL;
    cp_issues *issues = NULL;
    cp_history *history = NULL;
    cp_day from = CP_DAY_NONE, to = CP_DAY_NONE;
    memset(&rows, 0, sizeof rows);
    if (!good(ctx, cp_network_load(ctx, db, &rows))) return;
    if (!good(ctx, cp_roads_build(ctx, db, &rows, cp_day_of(2026, 11, 24), 7, &net, &balance_day)))
        return;
    (void)good(ctx, cp_network_check(ctx, net, &issues));
    if (!good(ctx, cp_history_span(ctx, db, &from, &to)) || from == CP_DAY_NONE) return;
    if ((int64_t)to - from < 2000)
        (void)good(ctx, cp_history_load(ctx, db, net, from, to - from + 1, &history));
}

static void read_everything(cp_ctx *ctx, const char *path, const char *page)
{
    cp_db *db = NULL;
    cp_plan_head *heads = NULL;
    cp_stored_plan *stored = NULL;
    int32_t n = 0;
    if (!good(ctx, cp_db_open(ctx, path, CP_DB_READ, &db))) return;
    (void)good(ctx, cp_db_verify(ctx, db));
    use_network(ctx, db);
    (void)good(ctx, cp_plan_store_list(ctx, db, &heads, &n));
    if (good(ctx, cp_plan_store_load(ctx, db, 0, &stored))) use_plan(ctx, stored, page);
    cp_db_close(db);
}

static char folder[] = "/tmp/cashplan-rows-XXXXXX";

static void remove_files(const char *in)
{
    DIR *dir = opendir(in);
    char path[400];
    for (struct dirent *e = NULL; dir != NULL && (e = readdir(dir)) != NULL;) {
        (void)snprintf(path, sizeof path, "%s/%s", in, e->d_name);
        if (e->d_name[0] != '.') (void)unlink(path); /* a folder stays */
    }
    if (dir != NULL) (void)closedir(dir);
    (void)rmdir(in);
}

static void remove_folder(void)
{
    char exports[64];
    (void)snprintf(exports, sizeof exports, "%s/page.out", folder);
    remove_files(exports);
    remove_files(folder);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
    static bool made;
    char sound[64], path[64], page[64];
    cp_ctx ctx;
    if (n > MOST_BYTES || cp_ctx_init(&ctx) != CP_OK) return 0;
    if (!made && (mkdtemp(folder) == NULL || atexit(remove_folder) != 0)) abort();
    (void)snprintf(sound, sizeof sound, "%s/sound.db", folder);
    (void)snprintf(path, sizeof path, "%s/t.db", folder);
    (void)snprintf(page, sizeof page, "%s/page", folder);
    if (!made && !make_sound(sound)) abort();
    made = true;
    if (!copy_file(sound, path) || !change_rows(path, bytes, n)) abort();
    read_everything(&ctx, path, page);
    cp_ctx_done(&ctx);
    return 0;
}

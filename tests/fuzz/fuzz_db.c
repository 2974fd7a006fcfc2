/* SPDX-License-Identifier: GPL-3.0-or-later */
/* fuzz_db.c - a damaged database: the input is a list of patches (three bytes of place, one of
 * value) on a sound one; a last group of less than four bytes cuts the file short. Reading must end
 * with rows or with words. */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "data/store/history_store.h"
#include "data/store/plan_store.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n);

/* Makes a sound database with a few rows in `path`. */
static bool make_sound(cp_ctx *ctx, const char *path)
{
    cp_currency currency = {"CNY", 2};
    cp_denomination denomination = {"CNY100", "CNY", 10000, 100, 1000, -1};
    cp_setting_row setting = {"horizon_days", "14"};
    cp_rows rows;
    cp_db *db = NULL;
    memset(&rows, 0, sizeof(rows));
    rows.currency = &currency;
    rows.denomination = &denomination;
    rows.setting = &setting;
    rows.n_currency = rows.n_denomination = rows.n_setting = 1;
    (void)unlink(path);
    cp_status st = cp_db_open(ctx, path, CP_DB_CREATE, &db);
    if (st == CP_OK) st = cp_network_save(ctx, db, &rows, "fuzz", NULL);
    cp_db_close(db);
    return st == CP_OK;
}

static bool damage(const char *path, const uint8_t *bytes, size_t n)
{
    FILE *file = fopen(path, "r+b");
    if (file == NULL) return false;
    (void)fseek(file, 0, SEEK_END);
    const long size = ftell(file);
    for (; n >= 4; bytes += 4, n -= 4) {
        const long at = ((long)bytes[0] << 16 | (long)bytes[1] << 8 | bytes[2]) % size;
        (void)fseek(file, at, SEEK_SET);
        (void)fputc(bytes[3], file);
    }
    const bool cut = n > 0;
    (void)fclose(file);
    return !cut || truncate(path, size * bytes[0] / 256) == 0;
}

static void read_everything(cp_ctx *ctx, const char *path)
{
    cp_db *db = NULL;
    cp_rows rows;
    cp_day first = 0, last = 0;
    cp_plan_head *heads = NULL;
    int32_t n = 0;
    cp_status st = cp_db_open(ctx, path, CP_DB_READ, &db);
    if (st == CP_OK) st = cp_db_verify(ctx, db);
    if (st != CP_OK && ctx->error.text[0] == '\0') abort();
    cp_error_clear(ctx);
    if (db != NULL) {
        st = cp_network_load(ctx, db, &rows);
        if (st != CP_OK && ctx->error.text[0] == '\0') abort();
        cp_error_clear(ctx);
        (void)cp_history_span(ctx, db, &first, &last);
        (void)cp_plan_store_list(ctx, db, &heads, &n);
    }
    cp_db_close(db);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
    cp_ctx ctx;
    char path[64];
    if (n > 4096 || cp_ctx_init(&ctx) != CP_OK) return 0;
    (void)snprintf(path, sizeof(path), "/tmp/cashplan-fuzz-%ld.db", (long)getpid());
    if (!make_sound(&ctx, path)) abort();
    if (damage(path, bytes, n)) read_everything(&ctx, path);
    (void)unlink(path);
    cp_ctx_done(&ctx);
    return 0;
}

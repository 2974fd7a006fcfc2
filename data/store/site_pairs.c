/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "data/store/site_pairs.h"

#include <sqlite3.h>
#include <string.h>

#include "data/store/stage_inner.h"
#include "models/net/settings.h"

/* The setting as it will be: gathered before stored before default. */
static cp_status find_setting(cp_ctx *ctx, cp_stage *stage, bool *merged)
{
    const bool staged = cp_stage_rows(stage, CP_ENTITY_SETTING) > 0;
    const char *sql = staged ? "SELECT value FROM (SELECT 0 AS o, value FROM temp.stage_setting"
                               " WHERE key = 'merge_equal_sites' UNION ALL SELECT 1, value FROM"
                               " main.setting WHERE key = 'merge_equal_sites') ORDER BY o"
                             : "SELECT value FROM setting WHERE key = 'merge_equal_sites'";
    const cp_field *key = cp_setting_by_key("merge_equal_sites");
    cp_settings settings = cp_settings_defaults();
    sqlite3_stmt *stmt = NULL;
    bool row = false;
    const char *why = NULL;
    CP_TRY(cp_sql_prepare(ctx, stage->db, sql, &stmt));
    cp_status st = cp_sql_step(ctx, stage->db, stmt, &row);
    if (st == CP_OK && row && key != NULL)
        st = cp_field_parse(ctx, ctx->scratch, key, (const char *)sqlite3_column_text(stmt, 0),
                            &settings, &why);
    sqlite3_finalize(stmt);
    *merged = settings.merge_equal_sites;
    return st;
}

cp_status cp_site_pairs(cp_ctx *ctx, cp_stage *stage, cp_site_pair_fn *fn, void *user)
{
    bool merged = false, row = false;
    CP_TRY(find_setting(ctx, stage, &merged));
    sqlite3_stmt *stmt = NULL;
    /* Stored sites that are gathered too have their new place. */
    CP_TRY(cp_sql_prepare(
        ctx, stage->db,
        "WITH place AS (SELECT code, lat_deg, lon_deg FROM temp.stage_site UNION ALL"
        " SELECT code, lat_deg, lon_deg FROM main.site WHERE code NOT IN"
        " (SELECT code FROM temp.stage_site)),"
        " first AS (SELECT lat_deg, lon_deg, min(code) AS code, count(*) AS n FROM place"
        " GROUP BY lat_deg, lon_deg HAVING n > 1)"
        " SELECT f.code, s.code FROM first AS f JOIN temp.stage_site AS s"
        " ON s.lat_deg = f.lat_deg AND s.lon_deg = f.lon_deg WHERE s.code > f.code ORDER BY 1, 2",
        &stmt));
    cp_status st = cp_sql_step(ctx, stage->db, stmt, &row);
    while (st == CP_OK && row) {
        st = fn(ctx, user, (const char *)sqlite3_column_text(stmt, 0),
                (const char *)sqlite3_column_text(stmt, 1), merged);
        if (st == CP_OK) st = cp_sql_step(ctx, stage->db, stmt, &row);
    }
    sqlite3_finalize(stmt);
    return st;
}

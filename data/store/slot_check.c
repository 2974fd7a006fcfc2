/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "data/store/slot_check.h"

#include <sqlite3.h>

#include "data/store/sql.h"
#include "data/store/stage_inner.h"

/* The field of a point as it will be (gathered, else stored, else the default) is another than
 * `want`; a value that was refused is not judged. */
#define POINT_DIFFERS(field, dflt, want)                                                           \
    "(typeof(sp." field ") <> 'blob' AND coalesce(sp." field ", mp." field ", '" dflt              \
    "') <> '" want "')"
#define FROM_POINTS                                                                                \
    " FROM temp.stage_slot_option AS o LEFT JOIN temp.stage_point AS sp ON sp.code = o.point_code" \
    " LEFT JOIN main.point AS mp ON mp.code = o.point_code"                                        \
    " WHERE (sp.code IS NOT NULL OR mp.code IS NOT NULL)"

static const char *const wrong_machine =
    "SELECT o.point_code, o.slot, o.file_no, o.line" FROM_POINTS
    " AND (" POINT_DIFFERS("visit_kinds", "swap", "swap") " OR " POINT_DIFFERS(
        "serviced_by", "center", "center") " OR " POINT_DIFFERS("kind", "", "atm") ")"
                                                                                   " ORDER BY 3, 4";

static const char *const wrong_slot =
    "SELECT o.point_code, o.slot, o.file_no, o.line" FROM_POINTS
    " AND NOT EXISTS (SELECT 1 FROM temp.stage_cassette AS c"
    "  WHERE c.point_code = o.point_code AND c.slot = o.slot)"
    " AND NOT EXISTS (SELECT 1 FROM main.cassette AS c"
    "  WHERE c.point_code = o.point_code AND c.slot = o.slot) ORDER BY 3, 4";

typedef struct report {
    cp_slot_problem_fn *fn;
    void *user;
    const char *field, *why;
} report;

static cp_status tell(cp_ctx *ctx, cp_stage *stage, const char *sql, const report *r)
{
    sqlite3_stmt *stmt = NULL;
    bool row = false;
    CP_TRY(cp_sql_prepare(ctx, stage->db, sql, &stmt));
    cp_status st = cp_sql_step(ctx, stage->db, stmt, &row);
    while (st == CP_OK && row) {
        const cp_place place = {cp_sql_int32(stmt, 2), sqlite3_column_int64(stmt, 3)};
        st = r->fn(ctx, r->user, (const char *)sqlite3_column_text(stmt, 0), cp_sql_int32(stmt, 1),
                   r->field, r->why, place);
        if (st == CP_OK) st = cp_sql_step(ctx, stage->db, stmt, &row);
    }
    sqlite3_finalize(stmt);
    return st;
}

/* A table without gathered rows has no temporary table yet: an empty one takes its place. */
static cp_status make_missing(cp_ctx *ctx, cp_stage *stage)
{
    if (cp_stage_rows(stage, CP_ENTITY_POINT) == 0)
        CP_TRY(cp_sql_exec(ctx, stage->db,
                           "CREATE TEMP TABLE IF NOT EXISTS stage_point (code, visit_kinds, "
                           "serviced_by, kind)"));
    if (cp_stage_rows(stage, CP_ENTITY_CASSETTE) == 0)
        CP_TRY(cp_sql_exec(ctx, stage->db,
                           "CREATE TEMP TABLE IF NOT EXISTS stage_cassette (point_code, slot)"));
    return CP_OK;
}

/* What make_missing made is not part of the stage: it goes again. */
static cp_status drop_missing(cp_ctx *ctx, cp_stage *stage)
{
    if (stage->add[CP_ENTITY_POINT] == NULL)
        CP_TRY(cp_sql_exec(ctx, stage->db, "DROP TABLE temp.stage_point"));
    if (stage->add[CP_ENTITY_CASSETTE] == NULL)
        CP_TRY(cp_sql_exec(ctx, stage->db, "DROP TABLE temp.stage_cassette"));
    return CP_OK;
}

cp_status cp_slot_check(cp_ctx *ctx, cp_stage *stage, cp_slot_problem_fn *fn, void *user)
{
    const report machine = {fn, user, "point_code",
                            "only a machine that is swapped by the center and nothing else may "
                            "have options (visit_kinds swap)"};
    const report slot = {fn, user, "slot", "the machine has no such slot"};
    if (cp_stage_rows(stage, CP_ENTITY_SLOT_OPTION) == 0) return CP_OK;
    CP_TRY(make_missing(ctx, stage));
    CP_TRY(tell(ctx, stage, wrong_machine, &machine));
    CP_TRY(tell(ctx, stage, wrong_slot, &slot));
    return drop_missing(ctx, stage);
}

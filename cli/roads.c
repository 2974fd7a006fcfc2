/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/roads.h"

#include <string.h>

#include "data/store/network_store.h"
#include "data/store/road_store.h"
#include "models/net/network_build.h"

static cp_status look(cp_cli *cli, cp_db *db, const cp_rows *given, cp_road_legs **legs)
{
    cp_ctx *ctx = &cli->ctx;
    bool any = false;
    uint64_t hash = 0;
    cp_rows rows;
    memset(&rows, 0, sizeof rows);
    if (given != NULL)
        rows = *given;
    else
        CP_TRY(cp_network_load(ctx, db, &rows));
    CP_TRY(cp_roads_stored(ctx, db, &any, &hash));
    return cp_network_roads(ctx, &rows, any ? &hash : NULL, legs);
}

/* What is kept is looked at for reading first, so that a database that may not be written is
 * written, and complained of, only when there is something to keep. */
static cp_status open_and_refresh(cp_cli *cli, const cp_rows *rows)
{
    cp_db *db = NULL;
    cp_road_legs *legs = NULL;
    CP_TRY(cp_cli_open(cli, CP_DB_READ, &db));
    cp_status st = look(cli, db, rows, &legs);
    cp_db_close(db);
    if (st != CP_OK || legs == NULL) return st;
    CP_TRY(cp_cli_open(cli, CP_DB_WRITE, &db));
    st = cp_roads_save(&cli->ctx, db, legs);
    cp_db_close(db);
    return st;
}

static cp_status refresh(cp_cli *cli, cp_db *db)
{
    cp_road_legs *legs = NULL;
    CP_TRY(look(cli, db, NULL, &legs));
    return legs != NULL ? cp_roads_save(&cli->ctx, db, legs) : CP_OK;
}

void cp_cli_roads(cp_cli *cli, cp_db *db, const cp_rows *rows)
{
    const cp_status st = db != NULL ? refresh(cli, db) : open_and_refresh(cli, rows);
    if (st == CP_OK) return;
    cp_cli_progress_end(cli);
    if (!cli->quiet) cp_cli_note(cli, "warning: road times are not kept: %s", cli->ctx.error.text);
    cp_error_clear(&cli->ctx);
}

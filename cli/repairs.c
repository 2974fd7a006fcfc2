/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/repairs.h"

#include "data/store/history_store.h"
#include "data/store/repair_store.h"
#include "models/net/network_build.h"

static cp_status clean(cp_cli *cli, cp_db *db, cp_repairs *none)
{
    cp_ctx *ctx = &cli->ctx;
    cp_rows rows;
    cp_network *net = NULL;
    cp_history *history = NULL;
    cp_repairs *repairs = NULL;
    cp_day from = CP_DAY_NONE, to = CP_DAY_NONE;
    CP_TRY(cp_history_span(ctx, db, &from, &to));
    if (from == CP_DAY_NONE) return CP_OK;
    CP_TRY(cp_repairs_save(ctx, db, NULL, none));
    CP_TRY(cp_network_load(ctx, db, &rows));
    CP_TRY(cp_network_build(ctx, &rows, to + 1, 1, &net, NULL));
    CP_TRY(cp_history_load(ctx, db, net, from, to - from + 1, &history));
    CP_TRY(cp_clean_history(ctx, net, history, &repairs));
    return cp_repairs_save(ctx, db, net, repairs);
}

void cp_cli_repairs(cp_cli *cli, cp_db *db)
{
    cp_repairs none = {NULL, 0, NULL};
    if (clean(cli, db, &none) == CP_OK) return;
    cp_cli_progress_end(cli);
    if (!cli->quiet)
        cp_cli_note(cli, "warning: the history is not cleaned yet: %s", cli->ctx.error.text);
    cp_error_clear(&cli->ctx);
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/load.h"

#include <string.h>

#include "data/store/likeness_store.h"
#include "data/store/road_store.h"
#include "models/base/rng.h"

static uint64_t hash_history(uint64_t start, const cp_history *h)
{
    const uint64_t cells = (uint64_t)h->n_points * (uint64_t)h->n_days;
    start = cp_hash_bytes(start, &h->first_day, sizeof h->first_day);
    start = cp_hash_bytes(start, h->amount, cells * CP_N_FLOWS * sizeof *h->amount);
    return cp_hash_bytes(start, h->faults, cells);
}

static cp_status read_all(cp_cli *cli, cp_db *db, cp_day first_day, int32_t n_days, int32_t beyond,
                          cp_loaded *out)
{
    cp_ctx *ctx = &cli->ctx;
    cp_day from = CP_DAY_NONE, to = CP_DAY_NONE;
    CP_TRY(cp_network_load(ctx, db, &out->rows));
    out->input_hash = cp_rows_hash(&out->rows);
    CP_TRY(cp_roads_build(ctx, db, &out->rows, first_day, n_days, &out->net, &out->balance_day));
    if (out->net->travel.roads == CP_ROADS_STALE && !cli->quiet)
        cp_cli_note(cli, "the road times that are kept belong to other roads or sites; computed "
                         "anew (cashplan check keeps them)");
    CP_TRY(cp_history_span(ctx, db, &from, &to));
    if (from == CP_DAY_NONE || from >= first_day)
        CP_FAIL(ctx, CP_E_INPUT,
                "there is no history before the first planned day; import it first "
                "(cashplan import)");
    if (to > first_day - 1 + beyond) to = first_day - 1 + beyond;
    return cp_history_load(ctx, db, out->net, from, to - from + 1, &out->history);
}

cp_status cp_cli_load(cp_cli *cli, cp_day first_day, int32_t n_days, int32_t beyond, cp_loaded *out)
{
    cp_db *db = NULL;
    memset(out, 0, sizeof *out);
    CP_TRY(cp_cli_open(cli, CP_DB_READ, &db));
    cp_status st = cp_db_begin_read(&cli->ctx, db);
    if (st == CP_OK) st = read_all(cli, db, first_day, n_days, beyond, out);
    if (st == CP_OK) out->input_hash = hash_history(out->input_hash, out->history);
    cp_db_rollback(db);
    cp_db_close(db);
    return st;
}

cp_status cp_cli_load_plan(cp_cli *cli, int64_t plan_id, cp_stored_plan **out)
{
    cp_db *db = NULL;
    CP_TRY(cp_cli_open(cli, CP_DB_READ, &db));
    const cp_status st = cp_plan_store_load(&cli->ctx, db, plan_id, out);
    cp_db_close(db);
    return st;
}

cp_status cp_cli_find_point(cp_cli *cli, const cp_network *net, const char *code, int32_t *out)
{
    for (*out = 0; *out < net->n_points; (*out)++)
        if (strcmp(net->points[*out].code, code) == 0) return CP_OK;
    CP_FAIL(&cli->ctx, CP_E_INPUT, "there is no machine or branch \"%s\"", code);
}

cp_status cp_cli_find_vault(cp_cli *cli, const cp_network *net, const char *code, int32_t *out)
{
    *out = -1;
    if (code == NULL) return CP_OK;
    for (int32_t v = 0; v < net->n_vaults; v++)
        if (strcmp(net->vaults[v].code, code) == 0) *out = v;
    if (*out < 0) CP_FAIL(&cli->ctx, CP_E_INPUT, "there is no vault \"%s\"", code);
    return CP_OK;
}

cp_status cp_cli_find_day(cp_cli *cli, const cp_stored_plan *stored, cp_day day, int32_t *t)
{
    *t = day - stored->plan->first_day;
    if (*t < 0 || *t >= stored->plan->n_days)
        CP_FAIL(&cli->ctx, CP_E_INPUT, "plan %lld does not plan that day",
                (long long)stored->plan_id);
    return CP_OK;
}

cp_status cp_cli_load_drives(cp_cli *cli, const cp_network *net, cp_drives **out)
{
    cp_db *db = NULL;
    CP_TRY(cp_cli_open(cli, CP_DB_READ, &db));
    const cp_status st = cp_drives_load(&cli->ctx, db, net, net->settings.likeness_days, out);
    cp_db_close(db);
    return st;
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* load.h - from the database to a network and its history: what planning commands read. */
#ifndef CP_LOAD_H
#define CP_LOAD_H

#include "cli/args.h"
#include "data/store/history_store.h"
#include "data/store/plan_store.h"

typedef struct cp_loaded {
    cp_rows rows;
    cp_network *net;
    cp_day *balance_day;
    cp_history *history; /* from the first stored day up to `until`, see cp_cli_load */
    uint64_t input_hash; /* rows and history looked at */
} cp_loaded;

/* Read everything in one read transaction and close the database. n_days 0 = the setting. History
 * days are read up to first_day - 1, and `beyond` days more (perfect foresight, replay). */
cp_status cp_cli_load(cp_cli *cli, cp_day first_day, int32_t n_days, int32_t beyond,
                      cp_loaded *out);

/* A stored plan with its network, for reading; 0 = the latest. Opens and closes the database. */
cp_status cp_cli_load_plan(cp_cli *cli, int64_t plan_id, cp_stored_plan **out);

/* Index of a point by its code; CP_E_INPUT naming the code when there is none. */
cp_status cp_cli_find_point(cp_cli *cli, const cp_network *net, const char *code, int32_t *out);

/* Index of a vault by its code, -1 for NULL; CP_E_INPUT naming the code when there is none. */
cp_status cp_cli_find_vault(cp_cli *cli, const cp_network *net, const char *code, int32_t *out);

/* Day index of a stored plan; CP_E_INPUT naming the plan when it does not plan that day. */
cp_status cp_cli_find_day(cp_cli *cli, const cp_stored_plan *stored, cp_day day, int32_t *t);

/* Routes of the days before a stored plan that its settings look back at. Opens and closes the
 * database. */
cp_status cp_cli_load_drives(cp_cli *cli, const cp_network *net, cp_drives **out);

#endif

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* cmd_init.c - `cashplan init`: a new database, or an old one brought up to date. */
#include "cli/cmd.h"

int cp_cmd_init(cp_cli *cli)
{
    static const cp_usage usage = {
        "init",
        "",
        "Makes an empty plan database (only its owner may read it), or brings one made by an "
        "older\n"
        "cashplan up to date. A database that is up to date is left as it is.",
        NULL,
        0,
        0};
    const int end = cp_args_read(cli, &usage);
    if (end != CP_ARGS_GO) return end;
    cp_db *db = NULL;
    if (cp_cli_open(cli, CP_DB_CREATE, &db) != CP_OK) return cp_cli_fail(cli);
    cp_db_close(db);
    if (cli->json)
        printf("{\"schema_version\": %d}\n", (int)cp_db_schema_version());
    else
        printf("%s is ready (schema %d)\n", cli->db_path, (int)cp_db_schema_version());
    return CP_EXIT_DONE;
}

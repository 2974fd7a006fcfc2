/* SPDX-License-Identifier: GPL-3.0-or-later */
/* cmd_backup.c - `cashplan backup`: a consistent copy while others may work. */
#include "cli/cmd.h"

int cp_cmd_backup(cp_cli *cli)
{
    const char *to = NULL;
    const cp_option options[] = {
        {"to", CP_OPT_TEXT, &to, "FILE", "the new file; never replaces one", 0, 0},
        {NULL, CP_OPT_FLAG, NULL, NULL, NULL, 0, 0},
    };
    const cp_usage usage = {"backup",
                            "",
                            "Copies the plan database into a new file that only its owner may "
                            "read.\nOthers may use the database meanwhile.",
                            options,
                            0,
                            0};
    const int end = cp_args_read(cli, &usage);
    if (end != CP_ARGS_GO) return end;
    if (to == NULL) return cp_cli_misuse(cli, "backup: --to FILE is missing");
    cp_db *db = NULL;
    cp_status st = cp_cli_open(cli, CP_DB_READ, &db);
    if (st == CP_OK) st = cp_db_verify(&cli->ctx, db);
    if (st == CP_OK) st = cp_db_backup(&cli->ctx, db, to);
    cp_db_close(db);
    if (st != CP_OK) return cp_cli_fail(cli);
    cp_cli_progress_end(cli);
    if (cli->json)
        printf("{\"copied\": true}\n");
    else
        printf("%s copied to %s\n", cli->db_path, to);
    return CP_EXIT_DONE;
}

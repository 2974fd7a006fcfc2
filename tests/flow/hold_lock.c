/* SPDX-License-Identifier: GPL-3.0-or-later */
/* hold_lock FILE: the other process of a test. Begins to write, says "ready", ends with its input.
 */
#include <stdio.h>

#include "data/store/db.h"

int main(int argc, char **argv)
{
    cp_ctx ctx;
    cp_db *db = NULL;
    if (argc != 2 || cp_ctx_init(&ctx) != CP_OK) return 2;
    cp_status st = cp_db_open(&ctx, argv[1], CP_DB_WRITE, &db);
    if (st == CP_OK) st = cp_db_begin(&ctx, db);
    if (st == CP_OK) {
        printf("ready\n");
        fflush(stdout);
        while (getchar() != EOF)
            continue;
    } else {
        fprintf(stderr, "%s\n", ctx.error.text);
    }
    cp_db_close(db);
    cp_ctx_done(&ctx);
    return st == CP_OK ? 0 : 1;
}

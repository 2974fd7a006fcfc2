/* SPDX-License-Identifier: GPL-3.0-or-later */
/* stage_inner.h - what stage.c and stage_merge.c share. */
#ifndef CP_STAGE_INNER_H
#define CP_STAGE_INNER_H

#include "data/store/stage.h"

struct cp_stage {
    cp_db *db;
    struct sqlite3_stmt *add[CP_N_TABLES];  /* NULL until the first row of the table */
    struct sqlite3_stmt *find[CP_N_TABLES]; /* place of a key */
    struct sqlite3_stmt *refuse;
    int64_t n_rows[CP_N_TABLES];
};

#endif

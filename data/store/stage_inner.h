/* SPDX-License-Identifier: GPL-3.0-or-later */
/* stage_inner.h - what the files around the stage share: table t's rows are in temp.stage_<name>,
 * in the form of the store; a value that the file does not have is NULL there, a refused one an
 * empty blob. */
#ifndef CP_STAGE_INNER_H
#define CP_STAGE_INNER_H

#include "data/store/stage.h"

struct cp_stage {
    cp_db *db;
    struct sqlite3_stmt *add[CP_N_TABLES];  /* NULL until the first row of the table */
    struct sqlite3_stmt *find[CP_N_TABLES]; /* place of a key */
    struct sqlite3_stmt *stray;
    int64_t n_rows[CP_N_TABLES];
    int64_t n_strays[CP_N_TABLES]; /* references of rows that are not in their table */
};

#endif

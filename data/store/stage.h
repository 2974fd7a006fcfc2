/* SPDX-License-Identifier: GPL-3.0-or-later */
/* stage.h - rows on their way into the store: gathered beside it, checked together, merged at once.
 *
 * Rows go into temporary tables of the connection (on disk when there are many, so that an import
 * of any size needs constant memory). While they are gathered the database is free for others; only
 * the merge is a write transaction. */
#ifndef CP_STAGE_H
#define CP_STAGE_H

#include "data/store/table.h"

typedef struct cp_stage cp_stage;

/* Where a row stands: number of the file in the caller's list, and line (1..). */
typedef struct cp_place {
    int32_t file;
    int64_t line;
} cp_place;

cp_status cp_stage_new(cp_ctx *ctx, cp_db *db, cp_stage **out);
void cp_stage_free(cp_stage *stage);

/* A row of table `t` on its way. given[f] tells which fields the file has (NULL: all): the others
 * keep the stored value of a row that exists, and take their default in a new one; fields of the
 * key are always used. bad[f] tells which values were refused (NULL: none): such a row is gathered
 * for the checks alone, so that its other values are judged and rows that refer to it are left in
 * peace; who gathers one must not merge. */
typedef struct cp_stage_row {
    int32_t t;
    const void *values;
    const bool *given, *bad;
    cp_place place;
} cp_stage_row;

/* Gather a row. *clash is true, with *at the place, when its key was gathered before. Of such a
 * row, and of one with a bad value in its key, only the references are kept, for the check. */
cp_status cp_stage_add(cp_ctx *ctx, cp_stage *stage, const cp_stage_row *row, bool *clash,
                       cp_place *at);

/* Called for every code that refers to nothing, in order of table, field, file and line. */
typedef cp_status cp_stage_problem_fn(cp_ctx *ctx, void *user, int32_t t, int32_t field,
                                      const char *code, cp_place place);
/* Looks up every reference in what is gathered and what is stored. */
cp_status cp_stage_check(cp_ctx *ctx, cp_stage *stage, cp_stage_problem_fn *fn, void *user);

/* In one write transaction with an import_run and an audit row, by the rules of cp_network_save.
 * `dry`: roll it back and keep only the counts. counts has CP_N_TABLES items. */
cp_status cp_stage_merge(cp_ctx *ctx, cp_stage *stage, const char *source, bool dry,
                         cp_save_counts *counts);

/* Least and most exponent of the currency `code` (NULL: of all), gathered or stored; both are left
 * as they are when there is none. */
cp_status cp_stage_exponents(cp_ctx *ctx, cp_stage *stage, const char *code, int64_t *least,
                             int64_t *most);

/* Rows gathered for a table. */
int64_t cp_stage_rows(const cp_stage *stage, int32_t t);

#endif

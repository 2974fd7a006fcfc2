/* SPDX-License-Identifier: GPL-3.0-or-later */
/* plan_fields.h - a stored plan being read: where its rows go, and its columns, each held against
 * what a plan can have.
 *
 * A column with a value that no plan of ours has is noted in `bad`; the row that holds it then ends
 * the reading with CP_E_IO and the column's name. Nothing here sees a network that is not the one
 * in force. */
#ifndef CP_PLAN_FIELDS_H
#define CP_PLAN_FIELDS_H

#include "data/store/code_list.h"
#include "data/store/plan_store.h"

typedef struct cp_plan_reader {
    cp_ctx *ctx;
    cp_db *db;
    cp_stored_plan *out;
    cp_plan *plan;     /* of `out` */
    cp_record *record; /* of `out` */
    cp_network *net;
    cp_code_list points, sites, vaults, cars, denoms, models;
    struct sqlite3_stmt *stmt; /* of the row at hand */
    const char *bad; /* column of the row at hand whose value no plan of ours has; NULL = none */
} cp_plan_reader;

/* Takes the row at hand. */
typedef cp_status cp_reader_row_fn(cp_plan_reader *r);

/* Days from the first day of a plan to any day it speaks of, at most. */
#define CP_READER_DAYS_AROUND 4000

/* Index of the code in the column; CP_E_INPUT when the network no longer has it. */
cp_status cp_reader_code(cp_plan_reader *r, const cp_code_list *list, int col, int32_t *index);

/* CP_E_IO with the words: `what` is not what it can be. */
cp_status cp_reader_damaged(cp_plan_reader *r, const char *what);

/* Notes that the column holds what no plan can have. */
void cp_reader_refuse(cp_plan_reader *r, int col);

/* A number from lo to hi; else lo, and the row is refused. */
int64_t cp_reader_within(cp_plan_reader *r, int col, int64_t lo, int64_t hi);

/* A count. */
int32_t cp_reader_whole(cp_plan_reader *r, int col);

/* An amount of money or notes, or a sum of such. */
int64_t cp_reader_wide(cp_plan_reader *r, int col);

/* A number that is not whole, and finite. */
double cp_reader_fraction(cp_plan_reader *r, int col);

/* A day as index of the plan, from lo to hi; and a day of the plan itself. */
int32_t cp_reader_day(cp_plan_reader *r, int col, int32_t lo, int32_t hi);
int32_t cp_reader_plan_day(cp_plan_reader *r, int col);

/* Text, "" for NULL; lives as long as the row. */
const char *cp_reader_text(cp_plan_reader *r, int col);

/* Position of a name among the n names of an enum; -1 = none of them. */
int32_t cp_reader_name(const char *text, const char *(*name)(int32_t), int32_t n);

/* Runs a query with the plan's number as ?1 and calls `row` for each row. */
cp_status cp_reader_each(cp_plan_reader *r, const char *sql, cp_reader_row_fn *row);

/* Reads the rows of all tables of a plan but the head into arrays that have the room (plan_rows.c).
 */
cp_status cp_plan_rows_read(cp_plan_reader *r);

#endif

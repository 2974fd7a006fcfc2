/* SPDX-License-Identifier: GPL-3.0-or-later */
/* import.h - the bank's files -> tables, with file and line for every refusal.
 *
 * Without a mapping the folder holds one CSV file a table, named after it (site.csv), with the
 * names of its fields as header. With a mapping (data/json/mapping.h) any delimited file will do.
 * All problems of all files are gathered; the rows are stored in one transaction when there is
 * none. */
#ifndef CP_IMPORT_H
#define CP_IMPORT_H

#include "data/csv/problems.h"
#include "data/json/mapping.h"
#include "data/store/table.h"

typedef struct cp_import_options {
    const char *folder;
    const char *mapping_path; /* NULL = one file a table */
    bool dry_run;             /* look at everything, store nothing */
} cp_import_options;

typedef struct cp_import_report {
    cp_problems problems;
    int64_t n_records;         /* of all files, with those skipped */
    int64_t n_skipped;         /* by skip_if */
    bool present[CP_N_TABLES]; /* tables that a file was given for */
    cp_save_counts counts[CP_N_TABLES];
} cp_import_report;

/* CP_E_INPUT when anything is refused: the report then holds every problem (the first hundred in
 * full) and nothing is stored. Other failures as of the store. The report lives in ctx->run. */
cp_status cp_import(cp_ctx *ctx, cp_db *db, const cp_import_options *options,
                    cp_import_report *report);

#endif

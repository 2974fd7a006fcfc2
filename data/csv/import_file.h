/* SPDX-License-Identifier: GPL-3.0-or-later */
/* import_file.h - inside data/csv: one file of an import into the stage. */
#ifndef CP_IMPORT_FILE_H
#define CP_IMPORT_FILE_H

#include "data/csv/import.h"
#include "data/store/stage.h"

/* What the files of one import share. */
typedef struct cp_importer {
    cp_ctx *ctx;
    cp_db *db;
    cp_stage *stage;
    cp_import_report *report;
    const char *folder;
    bool strict; /* without a mapping: every column must be a field */
    /* Of this table rows are missing that nobody can name (a file or a line that cannot be read):
     * codes that refer to it are not judged. */
    bool uncertain[CP_N_TABLES];
    int32_t n_files;
    const char **files; /* names for messages, by file number */
} cp_importer;

/* Read file number `file`; what is wrong with it is noted in the report. Failures of the store and
 * of memory are returned. */
cp_status cp_import_file(cp_importer *im, int32_t file, const cp_map_file *map);

#endif

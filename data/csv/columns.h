/* SPDX-License-Identifier: GPL-3.0-or-later */
/* columns.h - inside data/csv: where each field of a table comes from in one file. */
#ifndef CP_COLUMNS_H
#define CP_COLUMNS_H

#include "data/csv/problems.h"
#include "data/json/mapping.h"
#include "data/store/table.h"

typedef enum cp_source_kind {
    CP_FROM_NOWHERE, /* the file does not have it */
    CP_FROM_COLUMN,
    CP_FROM_CONSTANT,
    CP_FROM_TEMPLATE, /* a text with {columns} */
    CP_FROM_DAY,      /* wide: the day of the column at hand */
    CP_FROM_CELL      /* wide: the cell of that column */
} cp_source_kind;

typedef struct cp_source {
    cp_source_kind kind;
    int32_t column;           /* COLUMN */
    const char *text;         /* CONSTANT, TEMPLATE */
    const char *dflt;         /* of the mapping, for an empty value; NULL = none */
    const cp_map_list *words; /* NULL = none */
} cp_source;

typedef struct cp_columns {
    const cp_map_file *map;
    const char *file; /* name for messages */
    int32_t table;
    int32_t n_columns;
    const char *const *names;
    cp_source *sources;    /* by field */
    bool *given;           /* by field: the file has it */
    bool *broken;          /* by field: its source cannot be read, as was told of the header */
    int32_t *skip_columns; /* by skip rule */
    cp_day *wide_days;     /* by column, CP_DAY_NONE = no day; NULL = not wide */
    int32_t exponent;      /* decimals of amounts given in units */
} cp_columns;

/* Works out the sources from the names of a file's columns (copied to ctx->run). `strict`: every
 * column must be a field. Problems are noted; *usable is false when rows cannot be read at all. */
cp_status cp_columns_make(cp_ctx *ctx, const cp_map_file *map, const char *const *names,
                          int32_t n_names, bool strict, cp_problems *problems, cp_columns *out,
                          bool *usable);

/* Index of a column by name; -1 = none. */
int32_t cp_column_find(const cp_columns *columns, const char *name, size_t n);

/* A date by a format with YYYY, MM and DD ("DD.MM.YYYY") -> ISO text; false when it is none. */
bool cp_date_by_format(const char *text, const char *format, char out[16]);

#endif

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* mapping.h - how the bank's own files become rows: the mapping file of an import (JSON).
 *
 *   {"files": [{
 *      "file": "atm.csv",          path in the folder of the import
 *      "entity": "point",          table that the rows go to (several files may go to one)
 *      "separator": ";",           , ; tab (or "\t") |; absent: found from the first line
 *      "decimal": ",",             decimal mark of numbers; "thousands": mark to be left out
 *      "encoding": "gb18030",      absent: utf-8
 *      "header": true,             false: columns are named "1", "2", ...
 *      "date_format": "DD.MM.YYYY", absent: YYYY-MM-DD
 *      "money_units": true,        amounts are units with decimals, not minor units
 *      "currency": "CNY",          whose decimals those are; absent: the only one known
 *      "columns":   {"code": "SiteID"},        field <- column
 *      "constants": {"kind": "atm"},           field <- value
 *      "defaults":  {"service_min": "8"},      field <- value where the column is empty
 *      "computed":  {"code": "{bank}-{id}"},   field <- columns in a text
 *      "values":    {"kind": {"Filiale": "branch", "*": "atm"}},  words of the file -> ours
 *      "skip_if":   {"column": "bank", "not": "X"},  or "is"; one value or a list; or a list of
 * such "wide":      {"id": "tid", "day_columns": "iso"}  history with one column a day; "iso" or a
 *                                              date format; an empty cell is no record
 *   }]}
 *
 * A field without an entry takes the column of its own name, if there is one. */
#ifndef CP_MAPPING_H
#define CP_MAPPING_H

#include "models/base/ctx.h"

/* Pair of texts: field and column, field and value, word of the file and word of ours. */
typedef struct cp_map_pair {
    const char *field, *text;
} cp_map_pair;

typedef struct cp_map_list {
    int32_t n;
    const cp_map_pair *pairs;
} cp_map_list;

/* Words of one field. */
typedef struct cp_map_words {
    const char *field;
    cp_map_list words;
} cp_map_words;

/* A record is skipped when its column is (or is not) one of the values. */
typedef struct cp_map_skip {
    const char *column;
    bool when_not;
    int32_t n_values;
    const char *const *values;
} cp_map_skip;

typedef struct cp_map_file {
    const char *file, *entity;
    char separator;                     /* 0 = found */
    char decimal;                       /* '.' or ',' */
    char thousands;                     /* 0 = none */
    const char *encoding, *date_format; /* NULL = usual */
    bool header, money_units;
    const char *currency; /* NULL = the only one */
    cp_map_list columns, constants, defaults, computed;
    int32_t n_values, n_skips;
    const cp_map_words *values;
    const cp_map_skip *skips;
    const char *wide_id;   /* NULL = not wide */
    const char *wide_days; /* date format of the columns' names; NULL = ISO */
} cp_map_file;

typedef struct cp_mapping {
    int32_t n_files;
    cp_map_file *files;
} cp_mapping;

/* Read a mapping file; everything lives in ctx->run. CP_E_IO when it cannot be read, CP_E_INPUT
 * with the place when it is no JSON, or an entry is unknown or of the wrong type. */
cp_status cp_mapping_read(cp_ctx *ctx, const char *path, cp_mapping **out);
/* The same from text; `name` is used in messages. */
cp_status cp_mapping_parse(cp_ctx *ctx, const char *text, size_t n, const char *name,
                           cp_mapping **out);

#endif

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* store_toy.h - a folder that goes away after the test, files in it, a database in it. */
#ifndef CP_STORE_TOY_H
#define CP_STORE_TOY_H

#include "data/csv/import.h"
#include "tests/check.h"

typedef struct store_toy {
    cp_ctx ctx;
    char folder[64];
    char path[128]; /* of the last store_path */
    cp_db *db;      /* NULL until store_open */
} store_toy;

/* cmocka's setup and teardown: *state is the store_toy. */
int store_setup(void **state);
int store_teardown(void **state);

/* folder/name; valid until the next call. */
const char *store_path(store_toy *toy, const char *name);
void store_file(store_toy *toy, const char *name, const char *text);
void store_bytes(store_toy *toy, const char *name, const void *bytes, size_t n);
/* Opens folder/t.db, making it when needed. */
void store_open(store_toy *toy);

/* A small bank: every table an import needs for two sites with a machine and a branch. */
void store_bank(store_toy *toy);
/* Import of the folder (mapping: name of a file in it, or NULL). */
cp_status store_import(store_toy *toy, const char *mapping, cp_import_report *report);
/* True when a problem (or a warning) of the report holds the words. */
bool store_told(const cp_import_report *report, const char *words);

#endif

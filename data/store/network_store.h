/* SPDX-License-Identifier: GPL-3.0-or-later */
/* network_store.h - the rows of every entity, in and out of the database, driven by fields.h. */
#ifndef CP_NETWORK_STORE_H
#define CP_NETWORK_STORE_H

#include "data/store/db.h"
#include "models/net/fields.h"

/* What became of the rows of one entity. */
typedef struct cp_save_counts {
    int64_t n_new, n_changed, n_equal;
} cp_save_counts;

/* Save all rows in one transaction by the rules of an import: a key that is not stored yet is new,
 * one with equal values is no change, one with other values is updated and the change recorded.
 * Entities without a key (road_link) are replaced whole when there is at least one row. `source`
 * says where the rows come from ("import DIR", "generate --points 500"). The same key twice, an
 * unknown code or a value out of its range: CP_E_INPUT with every problem in the text (first ones),
 * nothing written. counts may be NULL. */
cp_status cp_network_save(cp_ctx *ctx, cp_db *db, const cp_rows *rows, const char *source,
                          cp_save_counts counts[CP_N_ENTITIES]);

/* All rows of all entities in order of their keys; texts and arrays live in ctx->run. Dense indexes
 * are left at -1: cp_network_build fills them in. */
cp_status cp_network_load(cp_ctx *ctx, cp_db *db, cp_rows *out);

/* A hash of all rows as they are stored, for the run record. */
uint64_t cp_rows_hash(const cp_rows *rows);

#endif

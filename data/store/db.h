/* SPDX-License-Identifier: GPL-3.0-or-later */
/* db.h - the plan database: open, migrate, transaction, backup, audit.
 *
 * One connection, used by one thread, never open during a search. Files are made with mode 0600
 * (the -wal and -shm beside them too). Foreign keys are on, the journal is a write-ahead log. */
#ifndef CP_DB_H
#define CP_DB_H

#include <stdbool.h>

#include "models/base/ctx.h"

typedef struct cp_db cp_db; /* hides sqlite3 */

typedef enum cp_db_mode {
    CP_DB_READ, /* must exist and be of this version; nothing is written, and nothing is left beside
                   it, though it or its folder be read-only */
    CP_DB_WRITE, /* must exist; older versions are migrated */
    CP_DB_CREATE /* as WRITE; a file that does not exist is made */
} cp_db_mode;

/* Version of the schema this program writes (PRAGMA user_version). */
int32_t cp_db_schema_version(void);

/* Open `path`. CP_E_IO with words that name the file and the cause: missing, no permission, locked
 * by another process (after waiting 5 s), damaged, not a cashplan database, of a newer version (or,
 * in CP_DB_READ, an older one), disk full, read-only with changes in a log that only its owner can
 * take in. A read-only database without a log is read without locks; a writer that comes meanwhile
 * is noticed, and the reading fails. */
cp_status cp_db_open(cp_ctx *ctx, const char *path, cp_db_mode mode, cp_db **out);
/* Rolls back what is not committed. NULL is allowed. */
void cp_db_close(cp_db *db);

/* Who works with the database: stored as maker of plans and in the audit; the login of the process
 * unless set. Copied, at most 100 bytes. */
void cp_db_set_user(cp_db *db, const char *who);
const char *cp_db_user(const cp_db *db);
const char *cp_db_path(const cp_db *db);

/* A write transaction (begin immediate), or a read transaction that sees one state of the database.
 * Transactions do not nest. After a failed commit the transaction is rolled back. */
cp_status cp_db_begin(cp_ctx *ctx, cp_db *db);
cp_status cp_db_begin_read(cp_ctx *ctx, cp_db *db);
cp_status cp_db_commit(cp_ctx *ctx, cp_db *db);
/* Nothing to do outside a transaction. Never fails. */
void cp_db_rollback(cp_db *db);
/* commit when st is CP_OK, else rollback; returns st or what commit returned. */
cp_status cp_db_end(cp_ctx *ctx, cp_db *db, cp_status st);

/* A row of the audit table: what was done ("import", "plan", "approve", ...) and a short text.
 * Inside or outside of a transaction. */
cp_status cp_db_audit(cp_ctx *ctx, cp_db *db, const char *what, const char *detail);

/* A consistent copy of the database in the new file `path` (0600); CP_E_IO when it exists. */
cp_status cp_db_backup(cp_ctx *ctx, cp_db *db, const char *path);

/* Thorough look for damage (PRAGMA integrity_check, foreign_key_check). */
cp_status cp_db_verify(cp_ctx *ctx, cp_db *db);

#endif

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "data/store/db.h"

#include <errno.h>
#include <fcntl.h>
#include <pwd.h>
#include <sqlite3.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "data/store/schema.h"
#include "data/store/sql.h"

#define BUSY_WAIT_MS 5000
#define APPLICATION_ID 0x4350504C /* "CPPL", in the header of the file */
#define OWNER_ONLY (S_IRUSR | S_IWUSR)

int32_t cp_db_schema_version(void)
{
    return cp_schema_n_steps;
}

static cp_db *db_new(const char *path)
{
    cp_db *db = calloc(1, sizeof(*db));
    if (db == NULL) return NULL;
    db->path = strdup(path);
    if (db->path == NULL) {
        free(db);
        return NULL;
    }
    const struct passwd *me = getpwuid(geteuid());
    cp_db_set_user(db, me != NULL ? me->pw_name : "unknown");
    return db;
}

void cp_db_close(cp_db *db)
{
    if (db == NULL) return;
    cp_db_rollback(db);
    sqlite3_close_v2(db->handle);
    free(db->path);
    free(db);
}

void cp_db_set_user(cp_db *db, const char *who)
{
    size_t n = strlen(who);
    if (n > sizeof(db->user) - 1) {
        n = sizeof(db->user) - 1;
        while (n > 0 && ((unsigned char)who[n] & 0xC0u) == 0x80u)
            n--; /* whole characters */
    }
    memcpy(db->user, who, n);
    db->user[n] = '\0';
}

const char *cp_db_user(const cp_db *db)
{
    return db->user;
}

const char *cp_db_path(const cp_db *db)
{
    return db->path;
}

/* Makes the file of a new database, so that it and what SQLite puts beside it is for the owner only
 * from the first moment. */
static cp_status make_file(cp_ctx *ctx, const char *path)
{
    const int fd = open(path, O_CREAT | O_EXCL | O_WRONLY | O_CLOEXEC, OWNER_ONLY);
    if (fd < 0) CP_FAIL(ctx, CP_E_IO, "%s cannot be made: %s", path, strerror(errno));
    close(fd);
    return CP_OK;
}

static char *folder_of(cp_ctx *ctx, const char *path)
{
    const char *slash = strrchr(path, '/');
    if (slash == NULL) return cp_strdup(ctx, ctx->scratch, ".");
    if (slash == path) return cp_strdup(ctx, ctx->scratch, "/");
    return cp_strf(ctx, ctx->scratch, "%.*s", (int)(slash - path), path);
}

/* May we write the file and make others beside it? A database in write-ahead mode needs both. */
static cp_status may_write(cp_ctx *ctx, const char *path, bool *may)
{
    const char *folder = folder_of(ctx, path);
    if (folder == NULL) return CP_E_NOMEM;
    *may = access(path, W_OK) == 0 && access(folder, W_OK) == 0;
    return CP_OK;
}

static cp_status look_at_file(cp_ctx *ctx, const char *path, cp_db_mode mode, bool *made)
{
    struct stat info;
    *made = false;
    if (stat(path, &info) == 0) {
        if (!S_ISREG(info.st_mode)) CP_FAIL(ctx, CP_E_IO, "%s is not a file", path);
        if (access(path, R_OK) != 0)
            CP_FAIL(ctx, CP_E_IO, "%s cannot be read: %s", path, strerror(errno));
        bool may = true;
        if (mode != CP_DB_READ) CP_TRY(may_write(ctx, path, &may));
        if (!may)
            CP_FAIL(ctx, CP_E_IO, "%s cannot be written: the file or its folder is read-only",
                    path);
        return CP_OK;
    }
    if (errno == ENOENT && mode == CP_DB_CREATE) {
        CP_TRY(make_file(ctx, path));
        *made = true;
        return CP_OK;
    }
    if (errno == ENOENT)
        CP_FAIL(ctx, CP_E_IO, "%s: no such database; `cashplan init --db %s` makes one", path,
                path);
    CP_FAIL(ctx, CP_E_IO, "%s: %s", path, strerror(errno));
}

/* How a database is opened for reading. */
typedef enum read_way {
    READ_AS_OWNER,  /* we may write: the last one to close takes the log in and removes it */
    READ_ONLY,      /* the log and its index lie beside it: they are read, nothing is made */
    READ_IMMUTABLE, /* no log, or an empty one: the file is all there is */
    READ_NOT        /* a log with changes that cannot be read here */
} read_way;

static char *beside(cp_ctx *ctx, const char *path, const char *ending)
{
    return cp_strf(ctx, ctx->scratch, "%s%s", path, ending);
}

/* A reader that may not write must leave nothing beside the database either: a log or an index that
 * belongs to him would keep the owner from writing. */
static cp_status choose_way(cp_ctx *ctx, const char *path, read_way *way)
{
    struct stat log;
    bool may = false;
    const char *wal = beside(ctx, path, "-wal"), *shm = beside(ctx, path, "-shm");
    if (wal == NULL || shm == NULL) return CP_E_NOMEM;
    CP_TRY(may_write(ctx, path, &may));
    const bool has_log = stat(wal, &log) == 0;
    const bool has_index = access(shm, R_OK) == 0;
    if (may)
        *way = READ_AS_OWNER;
    else if (has_log && has_index && access(wal, R_OK) == 0)
        *way = READ_ONLY;
    else if (!has_log || log.st_size == 0)
        *way = READ_IMMUTABLE;
    else
        *way = READ_NOT;
    return CP_OK;
}

/* Path -> file URI: '%', '?' and '#' are escaped. */
static char *file_uri(cp_ctx *ctx, const char *path, const char *query)
{
    const size_t n = strlen(path);
    char *out = cp_alloc(ctx, ctx->scratch, 3 * n + strlen(query) + 8, 1);
    if (out == NULL) return NULL;
    char *at = out;
    memcpy(at, "file:", 5);
    at += 5;
    for (size_t i = 0; i < n; i++) {
        const char c = path[i];
        if (c == '%' || c == '?' || c == '#') {
            *at++ = '%';
            *at++ = "0123456789ABCDEF"[(unsigned char)c >> 4];
            *at++ = "0123456789ABCDEF"[(unsigned char)c & 15];
        } else {
            *at++ = c;
        }
    }
    memcpy(at, query, strlen(query) + 1);
    return out;
}

static cp_status open_handle(cp_ctx *ctx, cp_db *db, cp_db_mode mode)
{
    read_way way = READ_AS_OWNER;
    if (mode == CP_DB_READ) CP_TRY(choose_way(ctx, db->path, &way));
    if (way == READ_NOT)
        CP_FAIL(ctx, CP_E_IO,
                "%s-wal holds changes that cannot be taken in here, because the database is "
                "read-only; its owner can, with `cashplan backup --db %s --to COPY`: read the copy",
                db->path, db->path);
    db->immutable = way == READ_IMMUTABLE && cp_sql_same_file(db, true);
    const char *uri = file_uri(ctx, db->path, db->immutable ? "?immutable=1" : "");
    if (uri == NULL) return CP_E_NOMEM;
    const int flags = (way == READ_AS_OWNER ? SQLITE_OPEN_READWRITE : SQLITE_OPEN_READONLY) |
                      SQLITE_OPEN_URI | SQLITE_OPEN_NOMUTEX;
    if (sqlite3_open_v2(uri, &db->handle, flags, NULL) != SQLITE_OK) {
        if (db->handle == NULL) CP_FAIL(ctx, CP_E_NOMEM, "out of memory");
        return cp_sql_fail(ctx, db);
    }
    sqlite3_extended_result_codes(db->handle, 1);
    sqlite3_busy_timeout(db->handle, BUSY_WAIT_MS);
    /* Triggers and views of a file from elsewhere must not call functions with side effects. */
    sqlite3_db_config(db->handle, SQLITE_DBCONFIG_DEFENSIVE, 1, NULL);
    return cp_sql_exec(ctx, db, "PRAGMA trusted_schema = OFF");
}

/* Refuses files that are no database of ours; *version is 0 for an empty one. */
static cp_status read_version(cp_ctx *ctx, cp_db *db, int64_t *version)
{
    int64_t id = 0, n_tables = 0;
    CP_TRY(cp_sql_int(ctx, db, "PRAGMA user_version", version));
    CP_TRY(cp_sql_int(ctx, db, "PRAGMA application_id", &id));
    CP_TRY(cp_sql_int(ctx, db, "SELECT count(*) FROM sqlite_schema", &n_tables));
    if (id != APPLICATION_ID && (n_tables > 0 || *version != 0))
        CP_FAIL(ctx, CP_E_IO, "%s is a database of another program", db->path);
    if (*version > cp_schema_n_steps || *version < 0)
        CP_FAIL(
            ctx, CP_E_IO,
            "%s was made by a newer cashplan (schema %lld, this program knows %d); use that one",
            db->path, (long long)*version, (int)cp_schema_n_steps);
    return CP_OK;
}

/* The steps that are missing, in one transaction: all or none. Another process may have done them
 * in the meantime, so the version is read again inside. Steps make tables anew with the same rows,
 * which foreign keys would take for lost parents: they are off meanwhile (a change of them has no
 * effect inside a transaction). */
static cp_status run_steps(cp_ctx *ctx, cp_db *db)
{
    int64_t version = 0;
    CP_TRY(cp_db_begin(ctx, db));
    cp_status st = read_version(ctx, db, &version);
    for (int64_t step = version; step < cp_schema_n_steps && st == CP_OK; step++)
        st = cp_sql_exec(ctx, db, cp_schema_steps[step]);
    if (st == CP_OK) {
        char sql[120];
        sqlite3_snprintf(sizeof(sql), sql, "PRAGMA application_id = %d; PRAGMA user_version = %d",
                         APPLICATION_ID, (int)cp_schema_n_steps);
        st = cp_sql_exec(ctx, db, sql);
    }
    if (st == CP_OK && version == 0) st = cp_db_audit(ctx, db, "init", "database made");
    if (st == CP_OK && version > 0) st = cp_db_audit(ctx, db, "migrate", "brought up to date");
    return cp_db_end(ctx, db, st);
}

static cp_status migrate(cp_ctx *ctx, cp_db *db)
{
    CP_TRY(cp_sql_exec(ctx, db, "PRAGMA foreign_keys = OFF"));
    CP_TRY(run_steps(ctx, db));
    return cp_sql_exec(ctx, db, "PRAGMA foreign_keys = ON");
}

static cp_status bring_up_to_date(cp_ctx *ctx, cp_db *db, cp_db_mode mode)
{
    int64_t version = 0;
    CP_TRY(read_version(ctx, db, &version));
    if (mode == CP_DB_READ) {
        if (version == 0) CP_FAIL(ctx, CP_E_IO, "%s is empty: not a cashplan database", db->path);
        if (version < cp_schema_n_steps)
            CP_FAIL(ctx, CP_E_IO,
                    "%s is of an older cashplan; `cashplan init --db %s` brings it up to date "
                    "(where it is read-only: a copy of it)",
                    db->path, db->path);
        return cp_sql_exec(ctx, db, "PRAGMA query_only = ON");
    }
    if (version == 0 && mode == CP_DB_WRITE)
        CP_FAIL(ctx, CP_E_IO, "%s is empty; `cashplan init --db %s` makes a database of it",
                db->path, db->path);
    CP_TRY(cp_sql_exec(ctx, db,
                       "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;"
                       "PRAGMA foreign_keys = ON"));
    return version < cp_schema_n_steps ? migrate(ctx, db) : CP_OK;
}

cp_status cp_db_open(cp_ctx *ctx, const char *path, cp_db_mode mode, cp_db **out)
{
    bool made = false;
    CP_TRY(look_at_file(ctx, path, mode, &made));
    cp_db *db = db_new(path);
    if (db == NULL) CP_FAIL(ctx, CP_E_NOMEM, "out of memory");
    const cp_arena_mark mark = cp_arena_here(ctx->scratch);
    cp_status st = open_handle(ctx, db, mode);
    if (st == CP_OK) st = bring_up_to_date(ctx, db, mode);
    cp_arena_rewind(ctx->scratch, mark);
    if (st != CP_OK) {
        cp_db_close(db);
        if (made) (void)unlink(path); /* nothing half-made stays */
        return st;
    }
    *out = db;
    return CP_OK;
}

static cp_status begin(cp_ctx *ctx, cp_db *db, const char *sql)
{
    CP_TRY(cp_sql_exec(ctx, db, sql));
    db->in_transaction = true;
    return CP_OK;
}

cp_status cp_db_begin(cp_ctx *ctx, cp_db *db)
{
    return begin(ctx, db, "BEGIN IMMEDIATE");
}

cp_status cp_db_begin_read(cp_ctx *ctx, cp_db *db)
{
    return begin(ctx, db, "BEGIN");
}

cp_status cp_db_commit(cp_ctx *ctx, cp_db *db)
{
    const cp_status st = cp_sql_exec(ctx, db, "COMMIT");
    if (st != CP_OK) {
        cp_db_rollback(db);
        return st;
    }
    db->in_transaction = false;
    return CP_OK;
}

void cp_db_rollback(cp_db *db)
{
    if (!db->in_transaction) return;
    db->in_transaction = false;
    /* Fails only when SQLite has rolled back by itself. */
    (void)sqlite3_exec(db->handle, "ROLLBACK", NULL, NULL, NULL);
}

cp_status cp_db_end(cp_ctx *ctx, cp_db *db, cp_status st)
{
    if (st == CP_OK) return cp_db_commit(ctx, db);
    cp_db_rollback(db);
    return st;
}

cp_status cp_db_audit(cp_ctx *ctx, cp_db *db, const char *what, const char *detail)
{
    sqlite3_stmt *stmt = NULL;
    CP_TRY(cp_sql_prepare(ctx, db,
                          "INSERT INTO audit (at_utc, who, what, detail)"
                          " VALUES (strftime('%Y-%m-%dT%H:%M:%SZ', 'now'), ?1, ?2, ?3)",
                          &stmt));
    cp_sql_bind_text(stmt, 1, db->user);
    cp_sql_bind_text(stmt, 2, what);
    cp_sql_bind_text(stmt, 3, detail);
    const cp_status st = cp_sql_run(ctx, db, stmt);
    sqlite3_finalize(stmt);
    return st;
}

/* Page by page into a file of our own making, which goes away when the copy fails. */
static cp_status copy_pages(cp_ctx *ctx, cp_db *db, cp_db *to)
{
    sqlite3_backup *backup = sqlite3_backup_init(to->handle, "main", db->handle, "main");
    if (backup == NULL) return cp_sql_fail(ctx, to);
    int code = SQLITE_OK;
    while (code == SQLITE_OK) {
        code = sqlite3_backup_step(backup, 1024);
        const int total = sqlite3_backup_pagecount(backup);
        cp_progress(ctx, "backup", total - sqlite3_backup_remaining(backup), total);
    }
    sqlite3_backup_finish(backup);
    if (code == SQLITE_DONE) return CP_OK;
    if (code == SQLITE_BUSY || code == SQLITE_LOCKED)
        CP_FAIL(ctx, CP_E_IO, "%s is locked by another process; try again when it is done",
                db->path);
    if (code == SQLITE_CORRUPT || code == SQLITE_NOTADB)
        CP_FAIL(ctx, CP_E_IO, "%s is damaged; it cannot be copied", db->path);
    return cp_sql_fail(ctx, to);
}

cp_status cp_db_backup(cp_ctx *ctx, cp_db *db, const char *path)
{
    if (access(path, F_OK) == 0)
        CP_FAIL(ctx, CP_E_IO, "%s exists already; a backup never replaces a file", path);
    CP_TRY(make_file(ctx, path));
    cp_db *to = db_new(path);
    if (to == NULL) CP_FAIL(ctx, CP_E_NOMEM, "out of memory");
    const cp_arena_mark mark = cp_arena_here(ctx->scratch);
    cp_status st = open_handle(ctx, to, CP_DB_WRITE);
    cp_arena_rewind(ctx->scratch, mark);
    if (st == CP_OK) st = copy_pages(ctx, db, to);
    /* The copy is one file on its own: no log beside it. */
    if (st == CP_OK) st = cp_sql_exec(ctx, to, "PRAGMA journal_mode = DELETE");
    cp_db_close(to);
    if (st != CP_OK) (void)unlink(path);
    return st;
}

cp_status cp_db_verify(cp_ctx *ctx, cp_db *db)
{
    sqlite3_stmt *stmt = NULL;
    bool row = false;
    CP_TRY(cp_sql_prepare(ctx, db, "PRAGMA integrity_check(1)", &stmt));
    cp_status st = cp_sql_step(ctx, db, stmt, &row);
    if (st == CP_OK && row) {
        const char *said = cp_sql_text(ctx, stmt, 0);
        if (said != NULL && strcmp(said, "ok") != 0)
            st = cp_fail(ctx, CP_E_IO, __FILE__, __LINE__,
                         "%s is damaged (%s); restore a copy made by `cashplan backup`", db->path,
                         said);
    }
    sqlite3_finalize(stmt);
    if (st != CP_OK) return st;
    CP_TRY(cp_sql_prepare(ctx, db, "PRAGMA foreign_key_check", &stmt));
    st = cp_sql_step(ctx, db, stmt, &row);
    if (st == CP_OK && row)
        st = cp_fail(ctx, CP_E_IO, __FILE__, __LINE__,
                     "%s: table %s has a row that refers to a missing row of %s", db->path,
                     cp_sql_text(ctx, stmt, 0), cp_sql_text(ctx, stmt, 2));
    sqlite3_finalize(stmt);
    return st;
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "data/store/db.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "data/store/sql.h"
#include "tests/unit/store_toy.h"

static int mode_of(const char *path)
{
    struct stat info;
    return stat(path, &info) == 0 ? (int)(info.st_mode & 0777) : -1;
}

static void only_the_owner_may_read(void **state)
{
    store_toy *toy = *state;
    store_open(toy);
    assert_ok(&toy->ctx, cp_db_audit(&toy->ctx, toy->db, "test", "makes the log"));
    assert_int_equal(mode_of(store_path(toy, "t.db")), 0600);
    assert_int_equal(mode_of(store_path(toy, "t.db-wal")), 0600);
    assert_int_equal(mode_of(store_path(toy, "t.db-shm")), 0600);
}

static void opening_what_cannot_be_opened(void **state)
{
    store_toy *toy = *state;
    cp_ctx *ctx = &toy->ctx;
    cp_db *db = NULL;
    static const struct {
        const char *name, *text, *words;
        cp_db_mode mode;
    } cases[] = {
        {"missing", NULL, "no such database", CP_DB_READ},
        {"missing, to write", NULL, "cashplan init", CP_DB_WRITE},
        {"empty", "", "is empty", CP_DB_READ},
        {"empty, to write", "", "is empty", CP_DB_WRITE},
        {"a text",
         "this is no database at all, but long enough to have a header of one, or so it "
         "seems to the reader of the file who looks at its first hundred bytes",
         "not a database", CP_DB_WRITE},
    };
    for (int32_t i = 0; i < LEN(cases); i++) {
        const char *path = store_path(toy, "x.db");
        (void)unlink(path);
        if (cases[i].text != NULL) store_file(toy, "x.db", cases[i].text);
        assert_int_equal(cp_db_open(ctx, path, cases[i].mode, &db), CP_E_IO);
        if (strstr(ctx->error.text, cases[i].words) == NULL)
            fail_msg("%s: %s", cases[i].name, ctx->error.text);
        cp_error_clear(ctx);
        assert_null(db);
    }
    assert_fails(ctx, CP_E_IO, cp_db_open(ctx, toy->folder, CP_DB_READ, &db));
    assert_fails(ctx, CP_E_IO, cp_db_open(ctx, "/no/such/folder/x.db", CP_DB_CREATE, &db));
}

static void a_newer_version_is_refused(void **state)
{
    store_toy *toy = *state;
    cp_db *db = NULL;
    store_open(toy);
    assert_ok(&toy->ctx, cp_sql_exec(&toy->ctx, toy->db, "PRAGMA user_version = 999"));
    for (int mode = CP_DB_READ; mode <= CP_DB_CREATE; mode++) {
        assert_int_equal(cp_db_open(&toy->ctx, store_path(toy, "t.db"), (cp_db_mode)mode, &db),
                         CP_E_IO);
        assert_non_null(strstr(toy->ctx.error.text, "newer cashplan"));
        cp_error_clear(&toy->ctx);
    }
}

static void a_database_of_another_program_is_refused(void **state)
{
    store_toy *toy = *state;
    cp_db *db = NULL;
    store_open(toy);
    assert_ok(&toy->ctx, cp_sql_exec(&toy->ctx, toy->db, "PRAGMA application_id = 7"));
    assert_fails(&toy->ctx, CP_E_IO,
                 cp_db_open(&toy->ctx, store_path(toy, "t.db"), CP_DB_WRITE, &db));
}

static void two_writers_wait_and_say_so(void **state)
{
    store_toy *toy = *state;
    cp_db *other = NULL;
    store_open(toy);
    assert_ok(&toy->ctx, cp_db_open(&toy->ctx, store_path(toy, "t.db"), CP_DB_WRITE, &other));
    assert_ok(&toy->ctx, cp_db_begin(&toy->ctx, toy->db));
    assert_ok(&toy->ctx, cp_sql_exec(&toy->ctx, other, "PRAGMA busy_timeout = 50"));
    assert_int_equal(cp_db_begin(&toy->ctx, other), CP_E_IO);
    assert_non_null(strstr(toy->ctx.error.text, "locked by another process"));
    cp_error_clear(&toy->ctx);
    cp_db_rollback(toy->db);
    assert_ok(&toy->ctx, cp_db_begin(&toy->ctx, other));
    cp_db_close(other);
}

static void a_transaction_is_whole_or_nothing(void **state)
{
    store_toy *toy = *state;
    cp_ctx *ctx = &toy->ctx;
    int64_t before = 0, after = 0;
    store_open(toy);
    assert_ok(ctx, cp_sql_int(ctx, toy->db, "SELECT count(*) FROM audit", &before));
    assert_ok(ctx, cp_db_begin(ctx, toy->db));
    assert_ok(ctx, cp_db_audit(ctx, toy->db, "test", "rolled back"));
    assert_int_equal(cp_db_end(ctx, toy->db, CP_E_INPUT), CP_E_INPUT);
    assert_ok(ctx, cp_db_begin(ctx, toy->db));
    assert_ok(ctx, cp_db_audit(ctx, toy->db, "test", "kept"));
    assert_ok(ctx, cp_db_end(ctx, toy->db, CP_OK));
    assert_ok(ctx, cp_sql_int(ctx, toy->db, "SELECT count(*) FROM audit", &after));
    assert_int_equal(after, before + 1);
}

static void a_reader_writes_nothing(void **state)
{
    store_toy *toy = *state;
    cp_db *reader = NULL;
    store_open(toy);
    assert_ok(&toy->ctx, cp_db_open(&toy->ctx, store_path(toy, "t.db"), CP_DB_READ, &reader));
    assert_fails(&toy->ctx, CP_E_IO, cp_db_audit(&toy->ctx, reader, "test", "x"));
    cp_db_close(reader);
}

static void a_backup_is_whole_and_never_replaces(void **state)
{
    store_toy *toy = *state;
    cp_ctx *ctx = &toy->ctx;
    cp_db *copy = NULL;
    char to[160];
    store_open(toy);
    assert_ok(ctx, cp_db_audit(ctx, toy->db, "test", "still in the log"));
    (void)snprintf(to, sizeof(to), "%s", store_path(toy, "copy.db"));
    assert_ok(ctx, cp_db_backup(ctx, toy->db, to));
    assert_int_equal(mode_of(to), 0600);
    assert_fails(ctx, CP_E_IO, cp_db_backup(ctx, toy->db, to));
    assert_ok(ctx, cp_db_open(ctx, to, CP_DB_WRITE, &copy));
    int64_t n = 0;
    assert_ok(ctx, cp_sql_int(ctx, copy, "SELECT count(*) FROM audit WHERE what = 'test'", &n));
    assert_int_equal(n, 1);
    assert_ok(ctx, cp_db_verify(ctx, copy));
    cp_db_close(copy);
}

static void a_full_disk_is_told(void **state)
{
    store_toy *toy = *state;
    cp_ctx *ctx = &toy->ctx;
    int64_t pages = 0, before = 0, after = 0;
    store_open(toy);
    assert_ok(ctx, cp_sql_int(ctx, toy->db, "SELECT count(*) FROM audit", &before));
    assert_ok(ctx, cp_sql_int(ctx, toy->db, "PRAGMA page_count", &pages));
    /* SQLite gives the error of a full disk when the file may not grow. */
    assert_ok(ctx, cp_sql_exec(ctx, toy->db,
                               cp_strf(ctx, ctx->run, "PRAGMA max_page_count = %d", (int)pages)));
    cp_status st = cp_db_begin(ctx, toy->db);
    for (int i = 0; i < 2000 && st == CP_OK; i++)
        st = cp_db_audit(ctx, toy->db, "test", "a row that needs room on the disk");
    st = cp_db_end(ctx, toy->db, st);
    assert_int_equal(st, CP_E_IO);
    assert_non_null(strstr(ctx->error.text, "the disk is full"));
    cp_error_clear(ctx);
    assert_ok(ctx, cp_sql_int(ctx, toy->db, "SELECT count(*) FROM audit", &after));
    assert_int_equal(after, before);
}

/* In a process of its own, because root may write everything: the number of the step that failed, 0
 * when all went well. */
static int read_without_locks(void)
{
    static const char *const sql = "SELECT count(*) FROM audit";
    char folder[] = "/tmp/cashplan-db-XXXXXX", path[64];
    static cp_ctx ctx;
    cp_db *db = NULL;
    int64_t n = 0;
    int failed = 0;
    if (getuid() == 0 &&
        (setresgid(65534, 65534, 65534) != 0 || setresuid(65534, 65534, 65534) != 0))
        return 1;
    if (mkdtemp(folder) == NULL || cp_ctx_init(&ctx) != CP_OK) return 2;
    (void)snprintf(path, sizeof path, "%s/t.db", folder);
    if (cp_db_open(&ctx, path, CP_DB_CREATE, &db) != CP_OK) return 3;
    cp_db_close(db);
    if (chmod(path, 0444) != 0 || chmod(folder, 0555) != 0) return 4;
    if (cp_db_open(&ctx, path, CP_DB_READ, &db) != CP_OK) return 5;
    if (cp_sql_int(&ctx, db, sql, &n) != CP_OK || n != 1) failed = 6;
    const struct timespec times[2] = {{1, 0}, {1, 0}}; /* as a writer would leave other times */
    if (utimensat(AT_FDCWD, path, times, 0) != 0) failed = 7;
    if (cp_sql_int(&ctx, db, sql, &n) != CP_E_IO) failed = 8;
    if (strstr(ctx.error.text, "was changed by another process") == NULL) failed = 9;
    cp_db_close(db);
    (void)chmod(folder, 0700);
    if (unlink(path) != 0 || rmdir(folder) != 0) failed = 10; /* nothing else lies there */
    cp_ctx_done(&ctx);
    return failed;
}

static void a_change_under_a_reader_without_locks_is_noticed(void **state)
{
    (void)state;
    int status = -1;
    const pid_t pid = fork();
    assert_true(pid >= 0);
    if (pid == 0) _exit(read_without_locks());
    assert_int_equal(waitpid(pid, &status, 0), pid);
    assert_true(WIFEXITED(status));
    assert_int_equal(WEXITSTATUS(status), 0);
}

static void readers_leave_nothing_beside(void **state)
{
    store_toy *toy = *state;
    cp_db *reader = NULL;
    int64_t n = 0;
    store_open(toy);
    cp_db_close(toy->db);
    toy->db = NULL;
    assert_ok(&toy->ctx, cp_db_open(&toy->ctx, store_path(toy, "t.db"), CP_DB_READ, &reader));
    assert_ok(&toy->ctx, cp_sql_int(&toy->ctx, reader, "SELECT count(*) FROM audit", &n));
    cp_db_close(reader);
    assert_int_not_equal(access(store_path(toy, "t.db-wal"), F_OK), 0);
    assert_int_not_equal(access(store_path(toy, "t.db-shm"), F_OK), 0);
}

int main(void)
{
#define T(f) cmocka_unit_test_setup_teardown(f, store_setup, store_teardown)
    const struct CMUnitTest tests[] = {
        T(only_the_owner_may_read),
        T(opening_what_cannot_be_opened),
        T(a_newer_version_is_refused),
        T(a_database_of_another_program_is_refused),
        T(two_writers_wait_and_say_so),
        T(a_transaction_is_whole_or_nothing),
        T(a_reader_writes_nothing),
        T(a_backup_is_whole_and_never_replaces),
        T(a_full_disk_is_told),
        T(readers_leave_nothing_beside),
        cmocka_unit_test(a_change_under_a_reader_without_locks_is_noticed),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

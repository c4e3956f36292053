/* SPDX-License-Identifier: GPL-3.0-or-later */

/* A migration that dies at any of its statements leaves the old store, and the next start makes it
 * whole (F-20). */

#include "unit/ports/store_fixture.h"

#include "ports/store-private.h"

#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

typedef struct {
    guint at, n;
} Deadline;

static int
die_at(unsigned kind, void *data, void *statement, void *sql)
{
    Deadline *deadline = data;

    (void)kind;
    (void)statement;
    (void)sql;
    if (++deadline->n == deadline->at)
        (void)raise(SIGKILL);
    return 0;
}

/* TRUE when the child died at its n-th statement. */
static gboolean
migrate_killed_at(const char *path, guint n)
{
    int status = 0;
    pid_t pid = fork();

    if (pid == 0) {
        Deadline deadline = {.at = n};
        sqlite3 *db = mp_sql_open(path, FALSE, NULL);

        (void)sqlite3_trace_v2(db, SQLITE_TRACE_STMT, die_at, &deadline);
        _exit(mp_schema_migrate(db, mp_schema_migrations, mp_schema_version, NULL) ? 0 : 1);
    }
    assert_int_equal(waitpid(pid, &status, 0), pid);
    assert_true(WIFSIGNALED(status) || WEXITSTATUS(status) == 0);
    return WIFSIGNALED(status);
}

static int
version_of(const char *path)
{
    sqlite3 *db = mp_sql_open(path, FALSE, NULL);
    sqlite3_stmt *statement = NULL;

    assert_int_equal(sqlite3_prepare_v2(db, "PRAGMA user_version", -1, &statement, NULL),
                     SQLITE_OK);
    assert_int_equal(sqlite3_step(statement), SQLITE_ROW);
    int version = sqlite3_column_int(statement, 0);
    (void)sqlite3_finalize(statement);
    (void)sqlite3_close(db);
    return version;
}

static guint
kill_all(int from)
{
    g_autofree char *name = g_strdup_printf("schema/v%d.sqlite", from);
    size_t length = 0;
    g_autofree char *bytes = mp_test_data(name, &length);
    gboolean is_killed = TRUE;
    guint n = 0;

    while (is_killed) {
        g_autofree char *dir = make_dir();
        g_autofree char *path = g_build_filename(dir, MP_STORE_FILE, NULL);

        assert_true(g_file_set_contents(path, bytes, (gssize)length, NULL));
        is_killed = migrate_killed_at(path, ++n);
        assert_int_equal(version_of(path), is_killed ? from : mp_schema_version);
        MpStore *store = open_store_at(dir);
        g_autoptr(MpCase) kase = store->case_load(store, NUMBER, NULL);
        assert_non_null(kase);
        store->free(store);
        assert_int_equal(version_of(path), mp_schema_version);
        remove_dir(dir);
    }
    return n;
}

static void
killed_at_any_statement_the_old_store_stands(void **state)
{
    (void)state;
    for (int v = 1; v < mp_schema_version; v++)
        assert_true(kill_all(v) > 5);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        {"F-20 a migration killed at any statement leaves the old store, then goes through",
         killed_at_any_statement_the_old_store_stands,
         NULL,
         NULL,
         NULL},
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

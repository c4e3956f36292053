/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Backup while writing, restore, damaged files, a full disk. */

#include "unit/ports/store_fixture.h"

#include "ports/store-private.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

/* --- backup and restore --- */

static void
put_mail(MpStore *store, const char *name, const char *text)
{
    g_autoptr(GBytes) content = g_bytes_new(text, strlen(text));

    MUST(store->archive_put(store, name, content, NOON, &why));
    MUST(store->archive_commit(store, &why));
}

static void
assert_mail(MpStore *store, const char *name, const char *want)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(GBytes) content = store->archive_get(store, name, &error);

    assert_no_gerror(error);
    assert_int_equal(g_bytes_get_size(content), strlen(want));
    assert_memory_equal(g_bytes_get_data(content, NULL), want, strlen(want));
}

static void
assert_no_case(MpStore *store, const char *number)
{
    g_autoptr(GError) error = NULL;

    assert_null(store->case_load(store, number, &error));
    assert_no_gerror(error);
}

static void
assert_case(MpStore *store, const char *number)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(MpCase) kase = store->case_load(store, number, &error);

    assert_no_gerror(error);
    assert_non_null(kase);
}

static void
restored_backup_is_the_store_of_that_day(void **state)
{
    g_autofree char *base = make_dir();
    g_autofree char *dir = g_build_filename(base, "store", NULL);
    g_autofree char *copy = g_build_filename(base, "backup", NULL);
    MpStore *store = open_store_at(dir);

    (void)state;
    save_story(store, NUMBER);
    put_mail(store, "2026/11/20/a.eml", "yesterday");
    put_mail(store, "2025/01/02/b.eml", "last year");
    MUST(store->backup(store, copy, &why));
    save_story(store, "SE-2026-000002");
    put_mail(store, "2026/11/21/c.eml", "today");
    store->free(store);

    MUST(mp_store_restore(copy, dir, &why));
    store = open_store_at(dir);
    assert_case(store, NUMBER);
    assert_no_case(store, "SE-2026-000002");
    assert_mail(store, "2026/11/20/a.eml", "yesterday");
    assert_mail(store, "2025/01/02/b.eml", "last year");
    assert_null(store->archive_get(store, "2026/11/21/c.eml", NULL));
    store->free(store);
    g_autofree char *old = g_build_filename(dir, "mailproc.sqlite.old", NULL);
    assert_int_equal(g_access(old, F_OK), 0);
    remove_dir(base);
}

static void
backup_is_made_while_another_process_writes(void **state)
{
    g_autofree char *base = make_dir();
    g_autofree char *dir = g_build_filename(base, "store", NULL);
    g_autofree char *copy = g_build_filename(base, "backup", NULL);
    MpStore *store = open_store_at(dir);
    int status = -1;

    (void)state;
    save_story(store, NUMBER);
    store->free(store);
    pid_t pid = fork();
    if (pid == 0) {
        MpStore *writer = mp_store_open(dir, NULL);

        for (int i = 0; writer != NULL && i < 300; i++) {
            g_autofree char *value = g_strdup_printf("%d", i);

            (void)writer->begin(writer, NULL);
            (void)writer->mark_set(writer, "count", value, NULL);
            (void)writer->commit(writer, NULL);
        }
        _exit(writer != NULL ? 0 : 1);
    }
    store = mp_store_open_readonly(dir, NULL);
    assert_non_null(store);
    for (int i = 0; i < 3; i++)
        MUST(store->backup(store, copy, &why));
    store->free(store);
    assert_int_equal(waitpid(pid, &status, 0), pid);
    assert_int_equal(status, 0);
    store = open_store_at(copy);
    assert_case(store, NUMBER);
    store->free(store);
    remove_dir(base);
}

/* A backup whose archive is damaged ends the restore half-way: what lies there then is neither the
 * old store nor the new one, and no service may begin an empty one in its place. */
static void
restore_that_was_cut_short_is_finished_first(void **state)
{
    g_autofree char *base = make_dir();
    g_autofree char *dir = g_build_filename(base, "store", NULL);
    g_autofree char *copy = g_build_filename(base, "backup", NULL);
    g_autofree char *junk = g_build_filename(copy, "archive-2020.sqlar", NULL);
    g_autoptr(GError) error = NULL;
    MpStore *store = open_store_at(dir);

    (void)state;
    save_story(store, NUMBER);
    put_mail(store, "2026/11/20/a.eml", "yesterday");
    MUST(store->backup(store, copy, &why));
    store->free(store);
    assert_true(g_file_set_contents(junk, "no archive", -1, NULL));
    assert_false(mp_store_restore(copy, dir, &error));
    assert_gerror(error, MP_ERROR_STORAGE);
    g_clear_error(&error);
    assert_null(mp_store_open(dir, &error));
    assert_gerror(error, MP_ERROR_STORAGE);
    assert_contains(error->message, "restore was cut short");
    g_clear_error(&error);
    assert_null(mp_store_open_readonly(dir, &error));
    assert_contains(error->message, "restore was cut short");
    g_clear_error(&error);
    assert_null(mp_store_open_shared(dir, &error));
    assert_contains(error->message, "restore was cut short");

    assert_int_equal(g_unlink(junk), 0);
    MUST(mp_store_restore(copy, dir, &why));
    store = open_store_at(dir);
    assert_case(store, NUMBER);
    assert_mail(store, "2026/11/20/a.eml", "yesterday");
    store->free(store);
    remove_dir(base);
}

static void
restore_is_refused_while_the_service_runs(void **state)
{
    g_autofree char *base = make_dir();
    g_autofree char *dir = g_build_filename(base, "store", NULL);
    g_autofree char *copy = g_build_filename(base, "backup", NULL);
    MpStore *store = open_store_at(dir);
    g_autoptr(GError) error = NULL;

    (void)state;
    MUST(store->backup(store, copy, &why));
    assert_false(mp_store_restore(copy, dir, &error));
    assert_gerror(error, MP_ERROR_STORAGE);
    assert_contains(error->message, "already in use by process");
    store->free(store);
    remove_dir(base);
}

static void
backup_onto_the_store_itself_is_refused(void **state)
{
    g_autofree char *dir = make_dir();
    MpStore *store = open_store_at(dir);
    g_autoptr(GError) error = NULL;

    (void)state;
    assert_false(store->backup(store, dir, &error));
    assert_gerror(error, MP_ERROR_STORAGE);
    store->free(store);
    remove_dir(dir);
}

/* --- damage --- */

static void
flipped_page_is_found_at_start(void **state)
{
    g_autofree char *dir = make_dir();
    g_autofree char *path = g_build_filename(dir, "mailproc.sqlite", NULL);
    MpStore *store = open_store_at(dir);
    g_autoptr(GError) error = NULL;
    guint8 junk[64];

    (void)state;
    save_story(store, NUMBER);
    store->free(store);
    memset(junk, 0xa5, sizeof junk);
    int fd = open(path, O_RDWR);
    /* The head of the second page: the root of some table. */
    assert_int_equal(pwrite(fd, junk, sizeof junk, 4096), sizeof junk);
    (void)close(fd);
    assert_null(mp_store_open(dir, &error));
    assert_gerror(error, MP_ERROR_STORAGE);
    remove_dir(dir);
}

static void
file_that_is_no_store_is_refused(void **state)
{
    g_autofree char *dir = make_dir();
    g_autofree char *path = g_build_filename(dir, "mailproc.sqlite", NULL);
    g_autofree char *text = g_strnfill(8192, 'x');
    g_autoptr(GError) error = NULL;

    (void)state;
    assert_true(g_file_set_contents(path, text, -1, NULL));
    assert_null(mp_store_open(dir, &error));
    assert_gerror(error, MP_ERROR_STORAGE);
    remove_dir(dir);
}

static void
full_disk_rolls_back_and_the_store_goes_on(void **state)
{
    MpStore *store = open_store_at(":memory:");
    MpStoreSqlite *self = (MpStoreSqlite *)store;
    g_autofree char *large = g_strnfill(1024 * 1024, 'x');
    g_autoptr(GError) error = NULL;

    (void)state;
    /* SQLITE_FULL as a full disk gives it. */
    MUST(mp_sql_exec(self->db, "test", "PRAGMA max_page_count = 100", &why));
    MUST(store->begin(store, &why));
    assert_false(store->mark_set(store, "large", large, &error));
    assert_gerror(error, MP_ERROR_STORAGE);
    g_clear_error(&error);
    /* Nothing slips out in a transaction that is not one any more. */
    gboolean is_open = sqlite3_get_autocommit(self->db) == 0;
    if (!is_open)
        assert_false(store->commit(store, &error));
    store->rollback(store);
    assert_null(store->mark_get(store, "large"));
    MUST(mp_sql_exec(self->db, "test", "PRAGMA max_page_count = 100000", &why));
    MUST(store->begin(store, &why));
    MUST(store->mark_set(store, "large", large, &why));
    MUST(store->commit(store, &why));
    store->free(store);
}

static void
busy_store_is_an_error_not_a_hang(void **state)
{
    g_autofree char *dir = make_dir();
    MpStore *store = open_store_at(dir);
    MpStore *beside = mp_store_open_shared(dir, NULL);
    g_autoptr(GError) error = NULL;

    (void)state;
    (void)sqlite3_busy_timeout(((MpStoreSqlite *)beside)->db, 1);
    MUST(store->begin(store, &why));
    assert_false(beside->begin(beside, &error));
    assert_gerror(error, MP_ERROR_STORAGE);
    assert_contains(error->message, "locked");
    MUST(store->commit(store, &why));
    MUST(beside->begin(beside, &why));
    beside->rollback(beside);
    beside->free(beside);
    store->free(store);
    remove_dir(dir);
}

static void
counts_tell_what_waits(void **state)
{
    MpStore *store = open_store_at(":memory:");
    g_autoptr(MpLedgerRow) row = mp_ledger_row_new();
    MpStoreCounts counts;

    (void)state;
    save_story(store, NUMBER);
    row->mailbox = g_strdup("box");
    row->uid = 1;
    row->arrived_utc = NOON;
    MUST(store->begin(store, &why));
    MUST(store->ledger_add(store, row, &why));
    MUST(store->commit(store, &why));
    MUST(store->counts(store, &counts, &why));
    assert_int_equal(counts.mails[MP_LEDGER_TAKEN], 1);
    assert_int_equal(counts.oldest_taken_utc, NOON);
    assert_int_equal(counts.cases[MP_CASE_OPEN], 1);
    assert_int_equal(counts.events, 3);
    assert_int_equal(counts.oldest_unsent_utc, 0);
    store->free(store);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(restored_backup_is_the_store_of_that_day),
        cmocka_unit_test(backup_is_made_while_another_process_writes),
        cmocka_unit_test(restore_is_refused_while_the_service_runs),
        cmocka_unit_test(restore_that_was_cut_short_is_finished_first),
        cmocka_unit_test(backup_onto_the_store_itself_is_refused),
        cmocka_unit_test(flipped_page_is_found_at_start),
        cmocka_unit_test(file_that_is_no_store_is_refused),
        cmocka_unit_test(full_disk_rolls_back_and_the_store_goes_on),
        cmocka_unit_test(busy_store_is_an_error_not_a_hang),
        cmocka_unit_test(counts_tell_what_waits),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The store as a whole: opening, lock, modes and transactions. */

#include "unit/ports/store_fixture.h"

#include <sys/stat.h>
#include <unistd.h>

#define HASH_A "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"

static MpStore *
open_memory(void)
{
    return open_store_at(":memory:");
}

static MpLedgerRow *
new_row(guint32 uid)
{
    MpLedgerRow *row = mp_ledger_row_new();

    row->mailbox = g_strdup("imaps://mail.contohkab.go.id/INBOX");
    row->uid_validity = 4000000000u;
    row->uid = uid;
    row->arrived_utc = NOON - uid;
    row->bytes = 30000;
    row->sha256 = g_strdup(HASH_A);
    row->message_id = g_strdup("a@contohkab.go.id");
    row->content_hash = g_strdup("hash");
    return row;
}

static void
savepoint_undoes_one_mail_only(void **state)
{
    MpStore *store = open_memory();
    MpLedgerRow *one = new_row(1);
    MpLedgerRow *two = new_row(2);
    gboolean is_known = TRUE;

    (void)state;
    MUST(store->begin(store, &why));
    MUST(store->savepoint(store, &why));
    MUST(store->ledger_add(store, one, &why));
    MUST(store->release(store, &why));
    MUST(store->savepoint(store, &why));
    MUST(store->ledger_add(store, two, &why));
    store->rollback_to(store);
    MUST(store->commit(store, &why));
    MUST(store->ledger_has_uid(store, one->mailbox, one->uid_validity, 1, &is_known, &why));
    assert_true(is_known);
    MUST(store->ledger_has_uid(store, one->mailbox, one->uid_validity, 2, &is_known, &why));
    assert_false(is_known);
    mp_ledger_row_free(one);
    mp_ledger_row_free(two);
    store->free(store);
}

static void
writing_outside_a_transaction_is_refused(void **state)
{
    MpStore *store = open_memory();
    g_autoptr(GError) error = NULL;

    (void)state;
    assert_false(store->mark_set(store, "a", "b", &error));
    assert_gerror(error, MP_ERROR_STORAGE);
    store->free(store);
}

static int
mode_of(const char *dir, const char *name)
{
    g_autofree char *path = g_build_filename(dir, name, NULL);
    struct stat info;

    assert_int_equal(stat(path, &info), 0);
    return (int)(info.st_mode & 0777);
}

static void
files_are_private(void **state)
{
    g_autofree char *base = make_dir();
    g_autofree char *dir = g_build_filename(base, "store", NULL);
    g_autoptr(GError) error = NULL;
    g_autoptr(GBytes) content = g_bytes_new_static("raw", 3);

    (void)state;
    mode_t mask = umask(0);
    MpStore *store = mp_store_open(dir, &error);
    assert_no_gerror(error);
    MUST(store->archive_put(store, "2026/11/20/x.eml", content, NOON, &why));
    MUST(store->archive_commit(store, &why));
    (void)umask(mask);
    assert_int_equal(mode_of(base, "store"), 0700);
    assert_int_equal(mode_of(dir, "mailproc.sqlite"), 0600);
    assert_int_equal(mode_of(dir, "mailproc.sqlite-wal"), 0600);
    assert_int_equal(mode_of(dir, "archive-2026.sqlar"), 0600);
    assert_int_equal(mode_of(dir, "mailproc.lock"), 0600);
    store->free(store);
    remove_dir(dir);
    remove_dir(base);
}

static void
open_directory_in_use_is_refused(void **state)
{
    g_autofree char *dir = make_dir();
    g_autofree char *file = g_build_filename(dir, "somebody-elses", NULL);
    g_autoptr(GError) error = NULL;

    (void)state;
    assert_true(g_file_set_contents(file, "x", 1, NULL));
    assert_int_equal(g_chmod(dir, 0755), 0);
    assert_null(mp_store_open(dir, &error));
    assert_gerror(error, MP_ERROR_CONFIG);
    assert_contains(error->message, "chmod 700");
    remove_dir(dir);
}

static void
second_writer_hears_who_is_first(void **state)
{
    g_autofree char *dir = make_dir();
    g_autoptr(GError) error = NULL;
    MpStore *store = mp_store_open(dir, &error);
    g_autofree char *want = g_strdup_printf("already in use by process %ld", (long)getpid());

    (void)state;
    assert_no_gerror(error);
    assert_null(mp_store_open(dir, &error));
    assert_gerror(error, MP_ERROR_STORAGE);
    assert_contains(error->message, want);
    g_clear_error(&error);
    store->free(store);
    store = mp_store_open(dir, &error);
    assert_no_gerror(error);
    store->free(store);
    remove_dir(dir);
}

static void
reader_sees_commits_beside_the_writer(void **state)
{
    g_autofree char *dir = make_dir();
    g_autoptr(GError) error = NULL;
    MpStore *store = mp_store_open(dir, &error);
    g_autoptr(MpCase) got = NULL;

    (void)state;
    assert_no_gerror(error);
    MpStore *reader = mp_store_open_readonly(dir, &error);
    assert_no_gerror(error);
    assert_null(reader->case_load(reader, NUMBER, &error));
    save_story(store, NUMBER);
    got = reader->case_load(reader, NUMBER, &error);
    assert_non_null(got);
    assert_false(reader->begin(reader, &error));
    assert_gerror(error, MP_ERROR_STORAGE);
    reader->free(reader);
    store->free(store);
    remove_dir(dir);
}

static void
reader_needs_no_running_service(void **state)
{
    g_autofree char *dir = make_dir();
    g_autoptr(GError) error = NULL;
    MpStore *store = mp_store_open(dir, &error);
    g_autoptr(MpCase) got = NULL;

    (void)state;
    save_story(store, NUMBER);
    store->free(store);
    store = mp_store_open_readonly(dir, &error);
    assert_no_gerror(error);
    got = store->case_load(store, NUMBER, &error);
    assert_non_null(got);
    store->free(store);
    remove_dir(dir);
}

static void
shared_writer_works_beside_the_service(void **state)
{
    g_autofree char *dir = make_dir();
    g_autoptr(GError) error = NULL;
    MpStore *store = mp_store_open(dir, &error);
    MpStore *beside = mp_store_open_shared(dir, &error);

    (void)state;
    assert_no_gerror(error);
    MUST(beside->begin(beside, &why));
    MUST(beside->mark_set(beside, "a", "1", &why));
    MUST(beside->commit(beside, &why));
    g_autofree char *mark = store->mark_get(store, "a");
    assert_text(mark, "1");
    beside->free(beside);
    store->free(store);
    remove_dir(dir);
}

static void
broken_key_is_named_at_commit(void **state)
{
    MpStore *store = open_memory();
    MpLedgerRow *row = new_row(3);
    g_autoptr(GError) error = NULL;

    (void)state;
    row->case_number = g_strdup("SE-2026-777777");
    MUST(store->begin(store, &why));
    MUST(store->ledger_add(store, row, &why));
    assert_false(store->commit(store, &error));
    assert_gerror(error, MP_ERROR_STORAGE);
    assert_contains(error->message, "table ledger");
    store->rollback(store);
    MUST(store->begin(store, &why));
    store->rollback(store);
    mp_ledger_row_free(row);
    store->free(store);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(savepoint_undoes_one_mail_only),
        cmocka_unit_test(writing_outside_a_transaction_is_refused),
        cmocka_unit_test(files_are_private),
        cmocka_unit_test(open_directory_in_use_is_refused),
        cmocka_unit_test(second_writer_hears_who_is_first),
        cmocka_unit_test(reader_sees_commits_beside_the_writer),
        cmocka_unit_test(reader_needs_no_running_service),
        cmocka_unit_test(shared_writer_works_beside_the_service),
        cmocka_unit_test(broken_key_is_named_at_commit),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

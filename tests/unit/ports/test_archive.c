/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The archive: an sqlar that sqlite3 itself lists and extracts, one file a year. */

#include "unit/ports/store_fixture.h"

#include <sqlite3.h>

#define SHA_OF_ABC "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"

typedef struct {
    const char *name;
    gsize bytes;
} Size;

/* Around the chunk of blob I/O and the size from which it is used. */
static const Size sizes[] = {
    {"empty entry", 0},
    {"one byte", 1},
    {"last size that is bound whole", 64 * 1024 - 1},
    {"first size written by blob I/O", 64 * 1024},
    {"one chunk", 256 * 1024},
    {"one chunk and a byte", 256 * 1024 + 1},
    {"5 MiB and some", 5 * 1024 * 1024 + 3},
};

static GBytes *
make_content(gsize length)
{
    char *bytes = g_malloc(length + 1);

    for (gsize i = 0; i < length; i++)
        bytes[i] = (char)(i * 31 + i / 251);
    return g_bytes_new_take(bytes, length);
}

static void
size_row(void **state)
{
    const Size *row = *state;
    g_autofree char *dir = make_dir();
    MpStore *store = open_store_at(dir);
    g_autoptr(GBytes) want = make_content(row->bytes);
    g_autoptr(GBytes) got = NULL;
    g_autoptr(GError) error = NULL;

    MUST(store->archive_put(store, "2026/11/20/x.eml", want, NOON, &why));
    MUST(store->archive_commit(store, &why));
    store->free(store);
    store = open_store_at(dir);
    got = store->archive_get(store, "2026/11/20/x.eml", &error);
    assert_no_gerror(error);
    assert_true(g_bytes_equal(got, want));
    store->free(store);
    remove_dir(dir);
}

static void
same_name_twice_keeps_the_first(void **state)
{
    MpStore *store = open_store_at(":memory:");
    g_autoptr(GBytes) first = make_content(70000);
    g_autoptr(GBytes) second = make_content(80000);
    g_autoptr(GBytes) got = NULL;

    (void)state;
    MUST(store->archive_put(store, "2026/a", first, NOON, &why));
    MUST(store->archive_put(store, "2026/a", second, NOON, &why));
    MUST(store->archive_commit(store, &why));
    got = store->archive_get(store, "2026/a", NULL);
    assert_true(g_bytes_equal(got, first));
    store->free(store);
}

static void
year_comes_from_name_or_time_or_use(void **state)
{
    g_autofree char *dir = make_dir();
    MpStore *store = open_store_at(dir);
    g_autoptr(GBytes) content = make_content(3);
    g_auto(GStrv) names = NULL;
    g_autofree char *joined = NULL;

    (void)state;
    MUST(store->archive_put(store, "2025/12/31/a.eml", content, NOON, &why));
    MUST(store->archive_put(store, "doc/a", content, NOON, &why));
    MUST(store->archive_put(store, "doc/b", content, 0, &why));
    MUST(store->archive_commit(store, &why));
    names = mp_files_list(dir, ".sqlar", NULL);
    joined = g_strjoinv(" ", names);
    assert_text(joined, "archive-2025.sqlar archive-2026.sqlar");
    store->free(store);
    /* A document is found whatever its year. */
    store = mp_store_open_readonly(dir, NULL);
    g_autoptr(GBytes) got = store->archive_get(store, "doc/b", NULL);
    assert_non_null(got);
    store->free(store);
    remove_dir(dir);
}

static void
uncommitted_entries_are_not_there_after_a_death(void **state)
{
    g_autofree char *dir = make_dir();
    MpStore *store = open_store_at(dir);
    g_autoptr(GBytes) content = make_content(100000);
    g_autoptr(GError) error = NULL;

    (void)state;
    MUST(store->archive_put(store, "2026/kept", content, NOON, &why));
    MUST(store->archive_commit(store, &why));
    MUST(store->archive_put(store, "2026/lost", content, NOON, &why));
    store->free(store);
    store = open_store_at(dir);
    g_autoptr(GBytes) kept = store->archive_get(store, "2026/kept", &error);
    assert_no_gerror(error);
    assert_null(store->archive_get(store, "2026/lost", &error));
    assert_gerror(error, MP_ERROR_INPUT);
    store->free(store);
    remove_dir(dir);
}

static void
entry_whose_content_lost_its_hash_is_told(void **state)
{
    g_autofree char *dir = make_dir();
    g_autofree char *path = g_build_filename(dir, "archive-2026.sqlar", NULL);
    MpStore *store = open_store_at(dir);
    g_autoptr(GBytes) content = g_bytes_new_static("abc", 3);
    g_autoptr(GBytes) got = NULL;
    g_autoptr(GError) error = NULL;
    sqlite3 *db = NULL;

    (void)state;
    MUST(store->archive_put(store, "2026/11/20/" SHA_OF_ABC ".eml", content, NOON, &why));
    MUST(store->archive_commit(store, &why));
    got = store->archive_get(store, "2026/11/20/" SHA_OF_ABC ".eml", &error);
    assert_no_gerror(error);
    assert_int_equal(sqlite3_open(path, &db), SQLITE_OK);
    assert_int_equal(sqlite3_exec(db, "UPDATE sqlar SET data = x'616264'", NULL, NULL, NULL),
                     SQLITE_OK);
    (void)sqlite3_close(db);
    assert_null(store->archive_get(store, "2026/11/20/" SHA_OF_ABC ".eml", &error));
    assert_gerror(error, MP_ERROR_STORAGE);
    assert_contains(error->message, "another hash");
    store->free(store);
    remove_dir(dir);
}

static void
erased_entry_is_gone_from_the_files(void **state)
{
    static const char words[] = "NIK 3399010101800001 milik seseorang";
    g_autofree char *dir = make_dir();
    MpStore *store = open_store_at(dir);
    g_autoptr(GBytes) content = g_bytes_new_static(words, sizeof words - 1);

    (void)state;
    MUST(store->archive_put(store, "2026/a", content, NOON, &why));
    MUST(store->archive_commit(store, &why));
    MUST(store->archive_erase(store, "2026/a", &why));
    MUST(store->archive_erase(store, "2026/never-was", &why));
    MUST(store->archive_commit(store, &why));
    for (int i = 0; i < 2; i++) {
        g_autofree char *base = g_strconcat("archive-2026.sqlar", i == 0 ? "" : "-wal", NULL);
        g_autofree char *path = g_build_filename(dir, base, NULL);
        g_autofree char *bytes = NULL;
        gsize length = 0;

        assert_true(g_file_get_contents(path, &bytes, &length, NULL));
        assert_null(memmem(bytes, length, words, sizeof words - 1));
    }
    store->free(store);
    remove_dir(dir);
}

/* --- by sqlite3's own hand --- */

static char *
run_sqlite(const char *dir, const char *command)
{
    g_auto(GStrv) argv = g_strsplit(command, " ", -1);
    char *out = NULL;
    char *err = NULL;
    int status = -1;
    g_autoptr(GError) error = NULL;

    (void)g_spawn_sync(
        dir, argv, NULL, G_SPAWN_SEARCH_PATH, NULL, NULL, &out, &err, &status, &error);
    assert_no_gerror(error);
    assert_text(err, "");
    assert_int_equal(status, 0);
    g_free(err);
    return out;
}

static void
sqlite_lists_and_extracts_the_archive(void **state)
{
    g_autofree char *dir = make_dir();
    g_autofree char *path = g_build_filename(dir, "2026", "11", "20", "x.eml", NULL);
    MpStore *store = open_store_at(dir);
    g_autoptr(GBytes) large = make_content(100000);
    g_autoptr(GBytes) small = g_bytes_new_static("abc", 3);
    g_autofree char *bytes = NULL;
    gsize length = 0;
    GStatBuf info;

    (void)state;
    MUST(store->archive_put(store, "2026/11/20/x.eml", large, NOON, &why));
    MUST(store->archive_put(store, "doc/" SHA_OF_ABC, small, NOON, &why));
    MUST(store->archive_commit(store, &why));
    g_autofree char *listed = run_sqlite(dir, "sqlite3 archive-2026.sqlar -A --list");
    assert_text(listed, "2026/11/20/x.eml\ndoc/" SHA_OF_ABC "\n");
    g_autofree char *extracted = run_sqlite(dir, "sqlite3 archive-2026.sqlar -A --extract");
    assert_true(g_file_get_contents(path, &bytes, &length, NULL));
    g_autoptr(GBytes) got = g_bytes_new(bytes, length);
    assert_true(g_bytes_equal(got, large));
    assert_int_equal(g_stat(path, &info), 0);
    assert_int_equal(info.st_mode & 0777, 0600);
    assert_int_equal(info.st_mtime, NOON / G_USEC_PER_SEC);
    store->free(store);
    remove_dir(dir);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(same_name_twice_keeps_the_first),
        cmocka_unit_test(year_comes_from_name_or_time_or_use),
        cmocka_unit_test(uncommitted_entries_are_not_there_after_a_death),
        cmocka_unit_test(entry_whose_content_lost_its_hash_is_told),
        cmocka_unit_test(erased_entry_is_gone_from_the_files),
        cmocka_unit_test(sqlite_lists_and_extracts_the_archive),
    };

    return run_rows("sizes", sizes, size_row) + cmocka_run_group_tests(tests, NULL, NULL);
}

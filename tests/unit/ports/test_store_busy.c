/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Two writers on one store (F-07): each takes the lock before it reads what it will change, so that
 * none finds its snapshot old (SQLITE_BUSY_SNAPSHOT, 517); the other waits a bounded time. */

#include "unit/ports/store_fixture.h"

#include "ports/store-private.h"

enum { ROUNDS = 20, WAIT_MS = 50 };

typedef struct {
    gboolean is_immediate;
    guint n_writes, n_bare;
} Watch;

static int
look(unsigned kind, void *data, void *statement, void *sql)
{
    Watch *watch = data;
    gboolean writes = sqlite3_stmt_readonly(statement) == 0;

    (void)kind;
    if (g_str_has_prefix(sql, "BEGIN"))
        watch->is_immediate = strcmp(sql, "BEGIN IMMEDIATE") == 0;
    else if (g_str_has_prefix(sql, "COMMIT") || g_str_has_prefix(sql, "ROLLBACK"))
        watch->is_immediate = FALSE;
    else if (writes) {
        watch->n_writes++;
        watch->n_bare += !watch->is_immediate;
    }
    return 0;
}

static void
every_write_is_inside_begin_immediate(void **state)
{
    g_autofree char *dir = make_dir();
    MpStore *store = open_store_at(dir);
    Watch watch = {0};

    (void)state;
    (void)sqlite3_trace_v2(((MpStoreSqlite *)store)->db, SQLITE_TRACE_STMT, look, &watch);
    save_story(store, NUMBER);
    assert_true(watch.n_writes > 5);
    assert_int_equal(watch.n_bare, 0);
    store->free(store);
    remove_dir(dir);
}

static void
set_mark(MpStore *store, const char *name, const char *value)
{
    MUST(store->begin(store, &why));
    MUST(store->mark_set(store, name, value, &why));
    MUST(store->commit(store, &why));
}

static void
writers_take_turns_after_each_others_commits(void **state)
{
    g_autofree char *dir = make_dir();
    MpStore *service = open_store_at(dir);
    MpStore *other = mp_store_open_shared(dir, NULL);
    const MpCaseFilter all = {.limit = 100};

    (void)state;
    save_story(service, NUMBER);
    for (guint i = 0; i < ROUNDS; i++) {
        g_autofree char *value = g_strdup_printf("%u", i);
        g_autofree char *seen = NULL;
        g_autoptr(GPtrArray) read = service->case_find(service, &all, NULL);

        assert_int_equal(read->len, 1);
        set_mark(other, "giliran", value);
        /* What was read before the other's commit is old now. */
        set_mark(service, "jawab", value);
        seen = service->mark_get(service, "giliran");
        assert_text(seen, value);
    }
    other->free(other);
    service->free(service);
    remove_dir(dir);
}

static void
one_waits_for_the_other_and_no_longer(void **state)
{
    g_autofree char *dir = make_dir();
    MpStore *service = open_store_at(dir);
    MpStore *other = mp_store_open_shared(dir, NULL);
    g_autoptr(GError) error = NULL;
    g_autofree char *seen = NULL;

    (void)state;
    (void)sqlite3_busy_timeout(((MpStoreSqlite *)other)->db, WAIT_MS);
    MUST(service->begin(service, &why));
    MUST(service->mark_set(service, "giliran", "satu", &why));
    assert_false(other->begin(other, &error));
    assert_gerror(error, MP_ERROR_STORAGE);
    assert_contains(error->message, "database is locked");
    assert_false(mp_store_is_broken(other));
    seen = other->mark_get(other, "giliran");
    assert_null(seen);
    MUST(service->commit(service, &why));
    set_mark(other, "giliran", "dua");
    other->free(other);
    service->free(service);
    remove_dir(dir);
}

int
main(void)
{
#define T(sentence, test)                                                                          \
    {                                                                                              \
        (sentence), (test), NULL, NULL, NULL                                                       \
    }
    const struct CMUnitTest tests[] = {
        T("F-07 every write is inside BEGIN IMMEDIATE", every_write_is_inside_begin_immediate),
        T("F-07 two writers take turns: no snapshot is too old",
          writers_take_turns_after_each_others_commits),
        T("F-07 one waits for the other, and no longer than it may",
          one_waits_for_the_other_and_no_longer),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

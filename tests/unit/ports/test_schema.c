/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Migrations, the stores of old versions, and the plans of the hot queries. */

#include "unit/ports/store_fixture.h"

#include "ports/store-private.h"

static void
assert_case(MpStore *store, const char *number)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(MpCase) kase = store->case_load(store, number, &error);

    assert_no_gerror(error);
    assert_non_null(kase);
}

/* --- migrations --- */

static gint64
ask(sqlite3 *db, const char *sql)
{
    sqlite3_stmt *statement = NULL;

    assert_int_equal(sqlite3_prepare_v2(db, sql, -1, &statement, NULL), SQLITE_OK);
    assert_int_equal(sqlite3_step(statement), SQLITE_ROW);
    gint64 value = sqlite3_column_int64(statement, 0);
    (void)sqlite3_finalize(statement);
    return value;
}

static void
migrations_run_from_where_the_store_is(void **state)
{
    static const char *const steps[] = {
        "CREATE TABLE a (x)", "CREATE TABLE b (x)", "CREATE TABLE c (x)"};
    sqlite3 *db = mp_sql_open(":memory:", FALSE, NULL);

    (void)state;
    MUST(mp_schema_migrate(db, steps, 2, &why));
    assert_int_equal(ask(db, "PRAGMA user_version"), 2);
    assert_int_equal(ask(db, "SELECT count(*) FROM sqlite_schema"), 2);
    MUST(mp_schema_migrate(db, steps, 3, &why));
    assert_int_equal(ask(db, "PRAGMA user_version"), 3);
    assert_int_equal(ask(db, "SELECT count(*) FROM sqlite_schema"), 3);
    (void)sqlite3_close(db);
}

static void
migration_that_fails_leaves_the_old_store(void **state)
{
    static const char *const steps[] = {
        "CREATE TABLE a (x)", "CREATE TABLE b (x)", "CREATE TABLE b (x)"};
    sqlite3 *db = mp_sql_open(":memory:", FALSE, NULL);
    g_autoptr(GError) error = NULL;

    (void)state;
    MUST(mp_schema_migrate(db, steps, 1, &why));
    assert_false(mp_schema_migrate(db, steps, 3, &error));
    assert_gerror(error, MP_ERROR_STORAGE);
    assert_contains(error->message, "migration 3");
    assert_int_equal(ask(db, "PRAGMA user_version"), 1);
    assert_int_equal(ask(db, "SELECT count(*) FROM sqlite_schema"), 1);
    (void)sqlite3_close(db);
}

static void
newer_store_is_refused(void **state)
{
    g_autofree char *dir = make_dir();
    g_autofree char *path = g_build_filename(dir, "mailproc.sqlite", NULL);
    MpStore *store = open_store_at(dir);
    g_autoptr(GError) error = NULL;

    (void)state;
    store->free(store);
    sqlite3 *db = mp_sql_open(path, FALSE, NULL);
    MUST(mp_sql_exec(db, "test", "PRAGMA user_version = 99", &why));
    (void)sqlite3_close(db);
    assert_null(mp_store_open(dir, &error));
    assert_gerror(error, MP_ERROR_STORAGE);
    assert_contains(error->message, "made by a newer mailproc");
    g_clear_error(&error);
    assert_null(mp_store_open_readonly(dir, &error));
    assert_gerror(error, MP_ERROR_STORAGE);
    remove_dir(dir);
}

/* Text of every table, index and trigger. */
static char *
schema_of(sqlite3 *db)
{
    sqlite3_stmt *statement = NULL;
    GString *out = g_string_new(NULL);

    assert_int_equal(sqlite3_prepare_v2(db,
                                        "SELECT name, ifnull(sql, '') FROM sqlite_schema"
                                        " WHERE name NOT LIKE 'sqlite_%' ORDER BY type, name",
                                        -1,
                                        &statement,
                                        NULL),
                     SQLITE_OK);
    while (sqlite3_step(statement) == SQLITE_ROW)
        g_string_append_printf(out, "%s\n", (const char *)sqlite3_column_text(statement, 1));
    (void)sqlite3_finalize(statement);
    return g_string_free(out, FALSE);
}

/* tests/data/schema holds a store of every version: a word added to an X-list without a migration
 * would let the old store keep its narrower CHECK, and shows here. */
static void
old_stores_become_what_fresh_ones_are(void **state)
{
    MpStore *fresh = open_store_at(":memory:");
    g_autofree char *want = schema_of(((MpStoreSqlite *)fresh)->db);

    (void)state;
    for (int v = 1; v <= mp_schema_version; v++) {
        g_autofree char *dir = make_dir();
        g_autofree char *to = g_build_filename(dir, "mailproc.sqlite", NULL);
        g_autofree char *from = g_strdup_printf("schema/v%d.sqlite", v);
        size_t length = 0;
        g_autofree char *bytes = mp_test_data(from, &length);

        assert_true(g_file_set_contents(to, bytes, (gssize)length, NULL));
        MpStore *store = open_store_at(dir);
        g_autofree char *got = schema_of(((MpStoreSqlite *)store)->db);
        assert_text(got, want);
        assert_case(store, NUMBER);
        store->free(store);
        remove_dir(dir);
    }
    fresh->free(fresh);
}

static void
old_names_are_found_without_degrees(void **state)
{
    g_autofree char *dir = make_dir();
    g_autofree char *path = g_build_filename(dir, "mailproc.sqlite", NULL);
    const MpCaseFilter filter = {.name = "Dra. SITI AMINAH"};
    size_t length = 0;
    g_autofree char *bytes = mp_test_data("schema/v2.sqlite", &length);

    (void)state;
    assert_true(g_file_set_contents(path, bytes, (gssize)length, NULL));
    sqlite3 *db = mp_sql_open(path, FALSE, NULL);
    MUST(mp_sql_exec(db,
                     "test",
                     "UPDATE applicant SET name = 'Siti Aminah, S.Kom.',"
                     " name_folded = 'siti aminah s kom'",
                     &why));
    (void)sqlite3_close(db);
    MpStore *store = open_store_at(dir);
    g_autoptr(GPtrArray) found = store->case_find(store, &filter, NULL);
    assert_int_equal(found->len, 1);
    store->free(store);
    remove_dir(dir);
}

/* --- plans --- */

typedef struct {
    const char *name;
    MpCaseFilter filter;
    const char *want;  /* stands in the plan */
    const char *lacks; /* does not */
} FindPlan;

static const FindPlan find_plans[] = {
    {"letter is looked up", {.letter = "1", .state = "open"}, "cases_letter (", "SCAN"},
    {"requester is looked up", {.requester = "a@b"}, "cases_requester (", "SCAN"},
    {"NIP is looked up", {.nip = "1"}, "applicant_nip (", "SCAN"},
    {"e-mail is looked up", {.email = "a@b"}, "applicant_email (", "SCAN"},
    {"name is looked up", {.name = "a", .service = "pembaruan"}, "applicant_name (", "SCAN"},
    {"open cases come in order", {.state = "open"}, "cases_open (is_closed=?)", "TEMP B-TREE"},
    {"a state comes in order", {.state = "waiting"}, "cases_state (state=?)", "TEMP B-TREE"},
    {"open cases of a role stop at the limit",
     {.state = "open", .holder_role = "kabid"},
     "cases_open (is_closed=?)",
     "TEMP B-TREE"},
    {"open cases of a service are found among the open ones",
     {.state = "open", .service = "pembaruan"},
     "cases_open (is_closed=?)",
     "TEMP B-TREE"},
    {"case list walks open cases alone",
     {.state = "open", .limit = 100000},
     "SEARCH cases USING COVERING INDEX cases_open (is_closed=?)",
     "SCAN"},
    {"the digest of a role walks open cases alone",
     {.state = "open", .holder_role = "verifikator"},
     "SEARCH cases USING INDEX cases_open (is_closed=?)",
     "SCAN"},
    {"the digest's watch over BSrE walks open cases alone",
     {.state = "open", .holder_role = "bsre"},
     "SEARCH cases USING INDEX cases_open (is_closed=?)",
     "SCAN"},
    {"a recount of due times walks open cases alone",
     {.state = "open", .service = "pembaruan", .limit = G_MAXINT},
     "SEARCH cases USING INDEX cases_open (is_closed=?)",
     "SCAN"},
    {"a letter's twin is looked up",
     {.state = "open", .service = "pembaruan", .letter = "1"},
     "cases_letter (",
     "SCAN"},
    {"a requester's own cases are looked up",
     {.state = "open", .requester = "a@b", .limit = 5},
     "cases_requester (",
     "SCAN"},
    {"what is offered to a requester is looked up",
     {.state = "finished", .requester = "a@b", .step = "selesai-tawaran"},
     "cases_requester (",
     "SCAN"},
    {"all cases come in the order of their due time", {.limit = 1}, "cases_due", "TEMP B-TREE"},
};

/* The plans of every statement that the store has kept. */
static char *
plans_of(MpStore *store, const char *part)
{
    MpStoreSqlite *self = (MpStoreSqlite *)store;
    GString *out = g_string_new(NULL);
    GHashTableIter iter;
    gpointer sql = NULL;

    g_hash_table_iter_init(&iter, self->statements);
    while (g_hash_table_iter_next(&iter, &sql, NULL)) {
        g_autofree char *explain = g_strconcat("EXPLAIN QUERY PLAN ", sql, NULL);
        sqlite3_stmt *statement = NULL;

        if (strstr(sql, part) == NULL)
            continue;
        assert_int_equal(sqlite3_prepare_v2(self->db, explain, -1, &statement, NULL), SQLITE_OK);
        while (sqlite3_step(statement) == SQLITE_ROW)
            g_string_append_printf(out, "%s\n", (const char *)sqlite3_column_text(statement, 3));
        (void)sqlite3_finalize(statement);
    }
    return g_string_free(out, FALSE);
}

static void
find_plan_row(void **state)
{
    const FindPlan *row = *state;
    MpStore *store = open_store_at(":memory:");
    g_autoptr(GPtrArray) found = store->case_find(store, &row->filter, NULL);
    g_autofree char *plans = plans_of(store, "SELECT number FROM cases");

    assert_non_null(found);
    assert_contains(plans, row->want);
    assert_lacks(plans, row->lacks);
    store->free(store);
}

/* A sweep touches what is due, however many timers wait; so does the look for the next one. */
static void
timers_are_read_in_order(void **state)
{
    MpStore *store = open_store_at(":memory:");

    (void)state;
    g_ptr_array_unref(store->timers_due(store, NOON, 10, NULL));
    g_autofree char *due = plans_of(store, "FROM timer");
    (void)store->timer_next(store);
    g_autofree char *both = plans_of(store, "FROM timer");
    assert_contains(due, "SEARCH timer USING COVERING INDEX timer_at (at_utc<?)");
    assert_contains(both, "SEARCH timer USING COVERING INDEX timer_at\n");
    assert_lacks(both, "SCAN");
    assert_lacks(both, "TEMP B-TREE");
    store->free(store);
}

static void
queues_are_read_from_their_indexes(void **state)
{
    MpStore *store = open_store_at(":memory:");
    const gint64 now = NOON;
    gboolean is_known = FALSE;
    g_autofree char *hash = NULL;
    gint64 id = 0;

    (void)state;
    g_ptr_array_unref(store->timers_due(store, now, 10, NULL));
    g_ptr_array_unref(store->outbox_due(store, now, 10, NULL));
    g_ptr_array_unref(store->ledger_taken(store, 10, NULL, NULL));
    g_ptr_array_unref(store->ledger_unacknowledged(store, "box", 10, NULL));
    g_ptr_array_unref(store->outbox_list(store, "failed", NULL, 10, NULL));
    g_ptr_array_unref(store->outbox_list(store, NULL, NUMBER, 10, NULL));
    (void)store->outbox_next(store);
    (void)store->timer_next(store);
    MUST(store->ledger_has_uid(store, "box", 1, 1, &is_known, &why));
    MUST(store->ledger_find_message(store, "a@b", &id, &hash, &why));
    MUST(store->ledger_find_hash(store, "a", &id, &why));
    g_ptr_array_unref(store->case_entries(store, NUMBER, NULL));
    g_autofree char *plans = plans_of(store, "SELECT");
    assert_contains(plans, "INDEX timer_at");
    assert_contains(plans, "INDEX outbox_due");
    assert_contains(plans, "INDEX outbox_state");
    assert_contains(plans, "INDEX outbox_case");
    assert_contains(plans, "INDEX ledger_taken");
    assert_contains(plans, "INDEX ledger_unacknowledged");
    assert_contains(plans, "INDEX ledger_message");
    assert_contains(plans, "INDEX ledger_content");
    assert_contains(plans, "INDEX ledger_archive");
    assert_lacks(plans, "SCAN ledger\n");
    assert_lacks(plans, "SCAN outbox\n");
    assert_lacks(plans, "SCAN timer\n");
    store->free(store);
}

/* How the files of tests/data/schema are made (see the README there). */
static int
write_schema_file(const char *path)
{
    g_autofree char *base = make_dir();
    g_autofree char *dir = g_build_filename(base, "store", NULL);
    g_autofree char *copy = g_build_filename(base, "backup", NULL);
    g_autofree char *made = g_build_filename(copy, MP_STORE_FILE, NULL);
    MpStore *store = open_store_at(dir);
    g_autofree char *bytes = NULL;
    gsize length = 0;

    save_story(store, NUMBER);
    MUST(store->backup(store, copy, &why));
    store->free(store);
    gboolean is_done = g_file_get_contents(made, &bytes, &length, NULL) &&
                       g_file_set_contents(path, bytes, (gssize)length, NULL);
    remove_dir(base);
    return is_done ? 0 : 1;
}

int
main(void)
{
    const char *schema_file = g_getenv("MP_WRITE_SCHEMA");
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(migrations_run_from_where_the_store_is),
        cmocka_unit_test(migration_that_fails_leaves_the_old_store),
        cmocka_unit_test(newer_store_is_refused),
        cmocka_unit_test(old_stores_become_what_fresh_ones_are),
        cmocka_unit_test(old_names_are_found_without_degrees),
        cmocka_unit_test(timers_are_read_in_order),
        cmocka_unit_test(queues_are_read_from_their_indexes),
    };

    if (schema_file != NULL)
        return write_schema_file(schema_file);
    return run_rows("find plans", find_plans, find_plan_row) +
           cmocka_run_group_tests(tests, NULL, NULL);
}

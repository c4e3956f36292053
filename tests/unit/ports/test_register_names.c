/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Who is meant by a name that many have. */

#include "unit/ports/store_fixture.h"

#include "ports/store-private.h"

#define NIK "3399014101800001"
#define NIP_OF_MANY "198001010000%03u999"
#define NIK_OF_MANY "3399014101800%03u"

/* Two names, with or without unit, NIP and NIK; one name and unit stands once, twice or never. */
static void
fill_namesakes(MpStore *store)
{
    static const char *const units[] = {NULL, "dinas sosial", "dinas kesehatan"};
    MpStoreSqlite *self = (MpStoreSqlite *)store;

    for (guint i = 0; i < 24; i++) {
        const char *unit = units[i % 3];
        g_autofree char *nip = g_strdup_printf(NIP_OF_MANY, i);
        g_autofree char *nik = g_strdup_printf(NIK_OF_MANY, i);
        char *sql = sqlite3_mprintf("INSERT INTO holder (name_folded, unit_folded, nip, nik, state,"
                                    " is_guess, at_utc) VALUES ('name %c', %Q, %Q, %Q, 'active',"
                                    " 0, 0)",
                                    (int)('a' + (i * i + i / 5) % 6),
                                    unit,
                                    i / 3 % 2 == 0 ? nip : NULL,
                                    i / 6 % 2 == 0 ? nik : NULL);

        MUST(mp_sql_exec(self->db, "test", sql, &why));
        sqlite3_free(sql);
    }
}

/* What the words say, without an index. */
static gint64
meant(MpStore *store, const char *nip, const char *nik, const char *name, const char *unit)
{
    MpStoreSqlite *self = (MpStoreSqlite *)store;
    sqlite3_stmt *statement = NULL;

    assert_int_equal(
        sqlite3_prepare_v2(self->db,
                           "SELECT min(id), count(*) FROM holder NOT INDEXED WHERE name_folded = ?1"
                           " AND (?2 IS NULL OR unit_folded IS NULL OR unit_folded = ?2)"
                           " AND (?3 IS NULL OR nip IS NULL) AND (?4 IS NULL OR nik IS NULL)",
                           -1,
                           &statement,
                           NULL),
        SQLITE_OK);
    mp_sql_bind_text(statement, 1, name);
    mp_sql_bind_text(statement, 2, unit);
    mp_sql_bind_text(statement, 3, nip);
    mp_sql_bind_text(statement, 4, nik);
    assert_int_equal(sqlite3_step(statement), SQLITE_ROW);
    gint64 id = sqlite3_column_int64(statement, 1) == 1 ? sqlite3_column_int64(statement, 0) : 0;
    (void)sqlite3_finalize(statement);
    return id;
}

static void
namesakes_are_told_apart_by_what_both_know(void **state)
{
    static const char *const units[] = {NULL, "dinas sosial", "dinas kesehatan", "bagian umum"};
    static const char *const names[] = {"name a", "name b", "name c", "name d", "name e", "name f"};
    MpStore *store = open_store_at(":memory:");
    guint known = 0, unknown = 0;

    (void)state;
    fill_namesakes(store);
    for (guint i = 0; i < 4 * 4 * G_N_ELEMENTS(names); i++) {
        const char *nip = i % 2 == 0 ? NULL : "198001010000900999";
        const char *nik = i / 2 % 2 == 0 ? NULL : "3399014101800900";
        const char *unit = units[i / 4 % 4], *name = names[i / 16];
        gint64 want = meant(store, nip, nik, name, unit), got = -1;

        MUST(mp_register_identify(store, nip, nik, name, unit, NULL, &got, &why));
        assert_int_equal(got, want);
        known += want != 0;
        unknown += want == 0;
    }
    assert_true(known > 10 && unknown > 10);
    store->free(store);
}

typedef struct {
    const char *name, *nip, *nik, *unit;
    const char *want;
} NamesakePlan;

static const NamesakePlan namesake_plans[] = {
    {"a name alone", NULL, NULL, NULL, "holder_name (name_folded=?)"},
    {"a name and a unit", NULL, NULL, "x", "holder_name (name_folded=? AND unit_folded=?)"},
    {"a new NIP", NIP, NULL, NULL, "holder_name_nip (name_folded=?)"},
    {"a new NIP and a unit", NIP, NULL, "x", "holder_name_nip (name_folded=? AND unit_folded=?)"},
    {"a new NIP, a new NIK and a unit",
     NIP,
     NIK,
     "x",
     "holder_name_nip (name_folded=? AND unit_folded=? AND nik=?)"},
    {"a new NIK and a unit", NULL, NIK, "x", "holder_name_nik (name_folded=? AND unit_folded=?)"},
};

static void
namesake_plan_row(void **state)
{
    const NamesakePlan *row = *state;
    MpStore *store = open_store_at(":memory:");
    MpStoreSqlite *self = (MpStoreSqlite *)store;
    g_autoptr(GString) plan = g_string_new(NULL);
    GHashTableIter iter;
    gpointer sql = NULL;
    gint64 id = 0;

    MUST(mp_register_identify(store, row->nip, row->nik, "a", row->unit, NULL, &id, &why));
    g_hash_table_iter_init(&iter, self->statements);
    while (g_hash_table_iter_next(&iter, &sql, NULL)) {
        g_autofree char *explain = g_strconcat("EXPLAIN QUERY PLAN ", sql, NULL);
        sqlite3_stmt *statement = NULL;

        if (strstr(sql, "name_folded") == NULL)
            continue;
        assert_int_equal(sqlite3_prepare_v2(self->db, explain, -1, &statement, NULL), SQLITE_OK);
        while (sqlite3_step(statement) == SQLITE_ROW)
            g_string_append_printf(plan, "%s\n", (const char *)sqlite3_column_text(statement, 3));
        (void)sqlite3_finalize(statement);
    }
    assert_contains(plan->str, row->want);
    assert_lacks(plan->str, "SCAN");
    store->free(store);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(namesakes_are_told_apart_by_what_both_know),
    };

    return run_rows("plans of names", namesake_plans, namesake_plan_row) +
           cmocka_run_group_tests(tests, NULL, NULL);
}

/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Searching the register of certificates: what is found, that each way of searching finds the same,
 * and that none reads more than it must. */

#include "unit/ports/store_fixture.h"

#include "ports/store-private.h"

#define HOLDERS 300

typedef struct {
    guint rare_max, lookups_max;
} Way;

/* The rarest word leads; the order of the answer leads and words are looked up, some or all of them
 * tallied on the way. */
static const Way ways[] = {{G_MAXINT32, 0}, {0, G_MAXUINT}, {0, 0}, {0, 7}, {0, 100}, {0, 400}};

static void
set_way(MpStore *store, const Way *way)
{
    MpStoreSqlite *self = (MpStoreSqlite *)store;

    self->rare_max = way->rare_max;
    self->lookups_max = way->lookups_max;
}

static GPtrArray *
find(MpStore *store, MpRegisterFilter filter)
{
    g_autoptr(GError) error = NULL;
    GPtrArray *found = store->register_find(store, &filter, &error);

    assert_no_gerror(error);
    return found;
}

static void
import(MpStore *store, MpHolder holder)
{
    MUST(store->begin(store, &why));
    MUST(store->register_import(store, &holder, &why));
    MUST(store->commit(store, &why));
}

/* --- few holders --- */

typedef struct {
    const char *name;
    MpRegisterFilter filter;
    const char *want; /* names in order */
} FindRow;

static const FindRow find_rows[] = {
    {"everybody, soonest first", {0}, "Budi;Siti Aminah;Wayan Ārta;"},
    {"part of a name", {.text = "ami"}, "Siti Aminah;"},
    {"accents do not matter", {.text = "arta"}, "Wayan Ārta;"},
    {"two words both count", {.text = "dinas siti"}, "Siti Aminah;"},
    {"words of an office", {.text = "DINAS"}, "Budi;Siti Aminah;"},
    {"a NIP", {.text = NIP}, "Siti Aminah;"},
    {"an address", {.text = "budi@contohkab"}, "Budi;"},
    {"exactly an address", {.email = "BUDI@contohkab.go.id"}, "Budi;"},
    {"the beginning of an address is another one", {.email = "budi@contohkab.go"}, ""},
    {"no address", {.email = "@"}, ""},
    {"nobody", {.text = "zainal"}, ""},
    {"nothing but dots", {.text = "..."}, ""},
    {"the middle of a word is no hit", {.text = "minah"}, ""},
    {"a limit", {.limit = 1}, "Budi;"},
    {"what ends up to a day",
     {.until_up_to = "2027-02-01", .active_only = TRUE},
     "Budi;Siti Aminah;"},
    {"what ends after a day", {.until_after = "2027-01-01"}, "Siti Aminah;Wayan Ārta;"},
    {"words and days", {.text = "dinas", .until_after = "2027-01-01"}, "Siti Aminah;"},
    {"a walk by ids", {.by_id = TRUE, .above_id = 1}, "Siti Aminah;Wayan Ārta;"},
};

static void
assert_names(MpStore *store, const FindRow *row)
{
    g_autoptr(GPtrArray) found = find(store, row->filter);
    g_autoptr(GString) got = g_string_new(NULL);

    for (guint i = 0; i < found->len; i++)
        g_string_append_printf(got, "%s;", ((MpHolder *)g_ptr_array_index(found, i))->name);
    assert_text(got->str, row->want);
}

static void
find_row(void **state)
{
    MpStore *store = open_store_at(":memory:");

    import(store,
           (MpHolder){.name = (char *)"Budi",
                      .unit = (char *)"Dinas Sosial",
                      .email = (char *)"budi@contohkab.go.id",
                      .valid_until = (char *)"2027-01-01"});
    import(store,
           (MpHolder){.name = (char *)"Siti Aminah",
                      .unit = (char *)"Dinas Kesehatan",
                      .nip = (char *)NIP,
                      .valid_until = (char *)"2027-02-01"});
    import(store,
           (MpHolder){.name = (char *)"Wayan Ārta",
                      .unit = (char *)"Bagian Umum",
                      .state = MP_HOLDER_REVOKED,
                      .valid_until = (char *)"2027-03-01"});
    for (guint i = 0; i < G_N_ELEMENTS(ways); i++) {
        set_way(store, &ways[i]);
        assert_names(store, *state);
    }
    store->free(store);
}

/* --- many holders --- */

static void
import_one_of_many(MpStore *store, guint i)
{
    static const char *const names[] = {"Widodo", "Siti", "Andi", "Budi", "Citra", "Wilis"};
    static const char *const areas[] = {"Kesehatan", "Pendidikan", "Sosial"};
    g_autofree char *name = g_strdup_printf(
        "%s %c%c", names[i % G_N_ELEMENTS(names)], 'a' + (char)(i % 26), 'a' + (char)(i / 26));
    g_autofree char *unit =
        g_strdup_printf("Dinas %s Wilayah %c", areas[i / 2 % 3], 'A' + (char)(i % 10));
    g_autofree char *nip = g_strdup_printf("19800101%07u999", i);
    g_autofree char *until = g_strdup_printf("2028-%02u-15", i * 5 % 12 + 1);

    import(store,
           (MpHolder){.name = name,
                      .unit = unit,
                      .nip = nip,
                      .state = i % 5 == 0 ? MP_HOLDER_REVOKED : MP_HOLDER_ACTIVE,
                      .valid_until = until});
}

static MpStore *
open_many(void)
{
    MpStore *store = open_store_at(":memory:");

    for (guint i = 0; i < HOLDERS; i++)
        import_one_of_many(store, i);
    /* What only a change of data told has no end; ids are not without gaps. */
    MUST(mp_sql_exec(((MpStoreSqlite *)store)->db,
                     "test",
                     "UPDATE holder SET valid_until = NULL WHERE id % 7 = 0;"
                     "DELETE FROM tenure WHERE holder % 11 = 0;"
                     "DELETE FROM holder WHERE id % 11 = 0",
                     &why));
    return store;
}

static char *
ids_of(MpStore *store, const Way *way, MpRegisterFilter filter)
{
    GString *ids = g_string_new(NULL);

    set_way(store, way);
    g_autoptr(GPtrArray) found = find(store, filter);
    for (guint i = 0; i < found->len; i++)
        g_string_append_printf(
            ids, "%" G_GINT64_FORMAT " ", ((MpHolder *)g_ptr_array_index(found, i))->id);
    return g_string_free(ids, FALSE);
}

typedef struct {
    const char *name;
    MpRegisterFilter filter;
    gboolean is_nobody;
} ManyRow;

static const ManyRow many_rows[] = {
    {"a word of everybody", {.text = "dinas"}, FALSE},
    {"a word of everybody, up to a limit", {.text = "dinas", .limit = 50}, FALSE},
    {"a whole unit", {.text = "Dinas Kesehatan Wilayah A"}, FALSE},
    {"a whole unit, up to a limit", {.text = "Dinas Kesehatan Wilayah A", .limit = 2}, FALSE},
    {"two words of one beginning", {.text = "wi"}, FALSE},
    {"the same word twice", {.text = "budi budi"}, FALSE},
    {"common words that nobody has together", {.text = "dinas kesehatan sosial"}, TRUE},
    {"a word that nobody has", {.text = "dinas zainal"}, TRUE},
    {"one holder among words of everybody", {.text = "dinas 198001010000017999"}, FALSE},
    {"more words than are looked at", {.text = "d k w a di ke zainal"}, FALSE},
    {"active ones", {.text = "dinas sosial", .active_only = TRUE}, FALSE},
    {"active ones up to a limit", {.text = "wilayah", .active_only = TRUE, .limit = 30}, FALSE},
    {"what ends after a day", {.text = "dinas siti", .until_after = "2028-06-15"}, FALSE},
    {"what ends up to a day", {.text = "dinas siti", .until_up_to = "2028-06-15"}, FALSE},
    {"what ends within a month",
     {.text = "pendidikan",
      .until_after = "2028-04-30",
      .until_up_to = "2028-05-31",
      .active_only = TRUE,
      .limit = 5},
     FALSE},
    {"what ends on days that are none",
     {.text = "dinas", .until_after = "2028-06-15", .until_up_to = "2028-06-15"},
     TRUE},
    {"above an id", {.text = "dinas", .above_id = 100, .limit = 20}, FALSE},
    {"by ids", {.text = "dinas", .by_id = TRUE, .above_id = 100, .limit = 20}, FALSE},
};

/* One for all rows: none changes it but the way it is searched. */
static MpStore *many;

static void
many_row(void **state)
{
    const ManyRow *row = *state;

    many = many == NULL ? open_many() : many;
    g_autofree char *want = ids_of(many, &ways[0], row->filter);

    assert_int_equal(want[0] == '\0', row->is_nobody);
    for (guint i = 1; i < G_N_ELEMENTS(ways); i++) {
        g_autofree char *got = ids_of(many, &ways[i], row->filter);

        assert_text(got, want);
    }
}

/* --- plans --- */

static char *
plan_of(MpStore *store, MpRegisterFilter filter)
{
    MpStoreSqlite *self = (MpStoreSqlite *)store;
    GString *out = g_string_new(NULL);
    GHashTableIter iter;
    gpointer sql = NULL;
    g_autoptr(GPtrArray) found = find(store, filter);

    g_hash_table_iter_init(&iter, self->statements);
    while (g_hash_table_iter_next(&iter, &sql, NULL)) {
        g_autofree char *explain = g_strconcat("EXPLAIN QUERY PLAN ", sql, NULL);
        sqlite3_stmt *statement = NULL;

        if (!g_str_has_prefix(sql, "SELECT") || strstr(sql, "FROM holder") == NULL)
            continue;
        assert_int_equal(sqlite3_prepare_v2(self->db, explain, -1, &statement, NULL), SQLITE_OK);
        while (sqlite3_step(statement) == SQLITE_ROW)
            g_string_append_printf(out, "%s\n", (const char *)sqlite3_column_text(statement, 3));
        (void)sqlite3_finalize(statement);
    }
    return g_string_free(out, FALSE);
}

typedef struct {
    const char *name;
    MpRegisterFilter filter;
    Way way;
    const char *want, *lacks;
} PlanRow;

static const PlanRow plan_rows[] = {
    {"one word is looked up",
     {.text = "siti"},
     {.rare_max = 9},
     "PRIMARY KEY (word>? AND word<?)",
     "SCAN holder"},
    {"the second word is looked up for each hit",
     {.text = "siti kesehatan"},
     {.rare_max = 9},
     "holder_word_holder (holder=? AND word>? AND word<?)",
     "SCAN holder"},
    {"an address is looked up by its words, common or not",
     {.email = "siti@contohkab.go.id"},
     {0},
     "PRIMARY KEY (word>? AND word<?)",
     "SCAN holder"},
    {"words lead where a date stands too",
     {.text = "siti", .until_up_to = "2028-01-01"},
     {.rare_max = 9},
     "PRIMARY KEY (word>? AND word<?)",
     "SCAN holder"},
    {"what ends soon is looked up by its date",
     {.until_up_to = "2028-01-01"},
     {.rare_max = 9},
     "holder_until (valid_until<?)",
     "SCAN holder"},
    {"common words are asked in the order of the answer",
     {.text = "siti kesehatan"},
     {.lookups_max = 9},
     "SCAN holder USING COVERING INDEX holder_until\n",
     "TEMP B-TREE"},
    {"common words are asked where the dates are",
     {.text = "siti kesehatan", .until_after = "2027-01-01", .until_up_to = "2028-01-01"},
     {.lookups_max = 9},
     "SEARCH holder USING COVERING INDEX holder_until (valid_until>? AND valid_until<?)",
     "TEMP B-TREE"},
    {"a common word is looked up for each holder",
     {.text = "siti kesehatan"},
     {.lookups_max = 9},
     "SEARCH holder_word USING COVERING INDEX holder_word_holder (holder=? AND word>? AND word<?)",
     "TEMP B-TREE"},
    {"a common word is tallied from its own entries",
     {.text = "siti kesehatan"},
     {.lookups_max = 0},
     "SEARCH holder_word USING PRIMARY KEY (word>? AND word<?)",
     "TEMP B-TREE"},
};

static void
plan_row(void **state)
{
    const PlanRow *row = *state;
    MpStore *store = open_store_at(":memory:");

    for (guint i = 0; i < 3; i++)
        import_one_of_many(store, i * 13 + 1);
    set_way(store, &row->way);
    g_autofree char *plan = plan_of(store, row->filter);
    assert_contains(plan, row->want);
    assert_lacks(plan, row->lacks);
    assert_lacks(plan, "SCAN holder_word");
    assert_lacks(plan, "SCAN holder\n");
    store->free(store);
}

int
main(void)
{
    int failed = run_rows("searches", find_rows, find_row) +
                 run_rows("ways of searching find the same", many_rows, many_row) +
                 run_rows("plans of searches", plan_rows, plan_row);

    if (many != NULL)
        many->free(many);
    return failed;
}

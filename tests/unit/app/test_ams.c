/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The table for AMS: columns as data, its limit of rows, and cells that are no formulas. */

#include "app/ams.h"
#include "support/asserts.h"

typedef struct {
    const char *name, *text, *want;
} BadRow;

static const BadRow bad_files[] = {
    {"unknown field", "Nama\tnama\nX\tnamaa\n", "a.tsv:2: not a head and a field"},
    {"no tab", "Nama nama\n", "a.tsv:1: not a head and a field"},
    {"three cells", "a\tnama\tb\n", "a.tsv:1: not a head and a field"},
    {"no head", "\tnama\n", "a.tsv:1: not a head and a field"},
    {"no columns", "# nothing\n\n", "a.tsv:1: there are no columns"},
};

static void
bad_file(void **state)
{
    const BadRow *row = *state;
    g_autoptr(GError) error = NULL;

    assert_null(mp_ams_parse("a.tsv", row->text, &error));
    assert_gerror(error, MP_ERROR_CONFIG);
    assert_contains(error->message, row->want);
}

/* --- tables --- */

static MpAms *
columns(const char *text)
{
    g_autoptr(GError) error = NULL;
    MpAms *ams = mp_ams_parse("a.tsv", text, &error);

    assert_no_gerror(error);
    return ams;
}

static MpCase *
make_case(guint n)
{
    MpCase *kase = mp_case_new();

    kase->number = g_strdup("SE-2026-000001");
    for (guint i = 1; i <= n; i++) {
        MpCaseApplicant *one = mp_case_applicant_new();

        one->n = i;
        one->name = g_strdup_printf("Orang %u", i);
        g_ptr_array_add(kase->applicants, one);
    }
    return kase;
}

static MpCaseApplicant *
first_of(MpCase *kase)
{
    return g_ptr_array_index(kase->applicants, 0);
}

static guint
count_lines(const char *table)
{
    g_auto(GStrv) lines = g_strsplit(table, "\r\n", -1);

    return g_strv_length(lines) - 1;
}

typedef struct {
    const char *name, *column, *value, *want;
} CellRow;

static const CellRow cell_rows[] = {
    {"a name that is a formula", "nama", "=HYPERLINK(\"http://x\")", "'=HYPERLINK"},
    {"a name that begins with a plus", "nama", "+1+2", "'+1+2"},
    {"a name that begins with an at sign", "nama", "@SUM(1)", "'@SUM(1)"},
    {"a name with a line end", "nama", "Budi\r\n=1+1", "Budi =1+1"},
    {"a name with comma and quotes", "nama", "Budi \"B\", S.Kom.", "\"Budi \"\"B\"\", S.Kom.\""},
    {"an address in lower case", "surel", "Budi.S@ContohKab.GO.ID", "budi.s@contohkab.go.id"},
};

static void
cell_row(void **state)
{
    const CellRow *row = *state;
    g_autofree char *text = g_strdup_printf("X\t%s\n", row->column);
    g_autoptr(MpAms) ams = columns(text);
    g_autoptr(MpCase) kase = make_case(1);
    g_autoptr(GError) error = NULL;
    char **cell = strcmp(row->column, "nama") == 0 ? &first_of(kase)->name : &first_of(kase)->email;

    g_free(*cell);
    *cell = g_strdup(row->value);
    g_autoptr(GPtrArray) tables = mp_ams_tables(ams, kase, &error);
    assert_no_gerror(error);
    assert_contains(g_ptr_array_index(tables, 0), row->want);
    assert_int_equal(count_lines(g_ptr_array_index(tables, 0)), 2);
}

static void
hundred_people_are_one_table_one_more_is_two(void **state)
{
    g_autoptr(MpAms) ams = columns("No\tno\nNama\tnama\n");
    g_autoptr(MpCase) hundred = make_case(100);
    g_autoptr(MpCase) more = make_case(101);
    g_autoptr(GPtrArray) one = mp_ams_tables(ams, hundred, NULL);
    g_autoptr(GPtrArray) two = mp_ams_tables(ams, more, NULL);

    (void)state;
    assert_int_equal(one->len, 1);
    assert_int_equal(count_lines(one->pdata[0]), 101);
    assert_int_equal(two->len, 2);
    assert_int_equal(count_lines(two->pdata[0]), 101);
    assert_text(two->pdata[1], "No,Nama\r\n101,Orang 101\r\n");
}

static void
files_of_several_tables_are_numbered(void **state)
{
    g_autofree char *only = mp_ams_filename("/a.b/tabel.csv", 0, 1);
    g_autofree char *second = mp_ams_filename("/a.b/tabel.csv", 1, 2);
    g_autofree char *bare = mp_ams_filename("/a.b/tabel", 1, 2);

    (void)state;
    assert_text(only, "/a.b/tabel.csv");
    assert_text(second, "/a.b/tabel-2.csv");
    assert_text(bare, "/a.b/tabel-2");
}

static void
who_has_an_outcome_is_left_out(void **state)
{
    g_autoptr(MpAms) ams = columns("Nama\tnama\n");
    g_autoptr(MpCase) kase = make_case(2);
    g_autoptr(GError) error = NULL;

    (void)state;
    first_of(kase)->outcome = MP_OUTCOME_REJECTED;
    g_autoptr(GPtrArray) tables = mp_ams_tables(ams, kase, &error);
    assert_text(tables->pdata[0], "Nama\r\nOrang 2\r\n");
    ((MpCaseApplicant *)kase->applicants->pdata[1])->outcome = MP_OUTCOME_ISSUED;
    assert_null(mp_ams_tables(ams, kase, &error));
    assert_gerror(error, MP_ERROR_INPUT);
}

static void
documents_over_one_megabyte_are_flagged(void **state)
{
    g_autoptr(MpAms) ams = columns("Besar\tberkas_besar\n");
    g_autoptr(MpCase) kase = make_case(1);
    MpCaseDocument *document = mp_case_document_new();

    (void)state;
    document->filename = g_strdup("KTP.jpeg");
    document->bytes = MP_AMS_DOCUMENT_BYTES;
    g_ptr_array_add(kase->documents, document);
    g_autoptr(GPtrArray) fits = mp_ams_tables(ams, kase, NULL);
    assert_text(fits->pdata[0], "Besar\r\ntidak ada\r\n");
    document->bytes++;
    g_autoptr(GPtrArray) large = mp_ams_tables(ams, kase, NULL);
    assert_text(large->pdata[0], "Besar\r\n\"KTP.jpeg (1,1 MB)\"\r\n");
}

static void
shipped_columns_load(void **state)
{
    g_autofree char *bytes = NULL;

    (void)state;
    assert_true(g_file_get_contents(MP_SOURCE_DIR "/rules/ams.tsv", &bytes, NULL, NULL));
    g_autoptr(MpAms) ams = columns(bytes);
    g_autoptr(MpCase) kase = make_case(1);
    first_of(kase)->nip = g_strdup("199002142015021999");
    g_autoptr(GPtrArray) tables = mp_ams_tables(ams, kase, NULL);
    assert_contains(tables->pdata[0], "No,Nama,NIP,NIK,Email");
    assert_contains(tables->pdata[0], "199002142015021999");
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(hundred_people_are_one_table_one_more_is_two),
        cmocka_unit_test(files_of_several_tables_are_numbered),
        cmocka_unit_test(who_has_an_outcome_is_left_out),
        cmocka_unit_test(documents_over_one_megabyte_are_flagged),
        cmocka_unit_test(shipped_columns_load),
    };
    int failed = run_rows("files of columns", bad_files, bad_file);

    failed += run_rows("T-42 cells of the table for AMS", cell_rows, cell_row);
    return failed + cmocka_run_group_tests_name("tables for AMS", tests, NULL, NULL);
}

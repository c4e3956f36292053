/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The register's CSV, in and out, and the command that takes a file whole or not at all. */

#include "unit/ports/store_fixture.h"

#include "app/commands.h"
#include "app/register.h"

#define HEAD "nama,nip,nik,surel,unit,jabatan,status,berlaku_dari,berlaku_sampai\n"
#define TODAY "2026-11-20"

static GPtrArray *
read_csv(const char *text, GPtrArray **problems_out)
{
    *problems_out = g_ptr_array_new_with_free_func(g_free);
    return mp_register_read_csv("daftar.csv", text, strlen(text), *problems_out);
}

/* --- bad rows --- */

typedef struct {
    const char *name, *text, *want; /* one complaint */
} BadRow;

static const BadRow bad_rows[] = {
    {"empty file", "", "daftar.csv:1: the head line must name at least nama and berlaku_sampai"},
    {"unknown column", "nama,berlaku_sampai,warna\n", "daftar.csv:1: no such column: 'warna'"},
    {"column twice", "nama,berlaku_sampai,Nama\n", "daftar.csv:1: a column stands twice"},
    {"no name", HEAD ",,,,A,,,,2027-01-01\n", "daftar.csv:2: the name is missing"},
    {"no end", HEAD "B,,,,A,,,,\n", "daftar.csv:2: berlaku_sampai is missing"},
    {"a NIP of 17 digits",
     HEAD "B,19800101200604299,,,A,,,,2027-01-01\n",
     "daftar.csv:2: NIP has 17 digits, not 18"},
    {"a NIP that a spreadsheet rounded",
     HEAD "B,1.98E+17,,,A,,,,2027-01-01\n",
     "daftar.csv:2: NIP holds something other than digits"},
    {"a NIP without a day of birth",
     HEAD "B,198013012006042999,,,A,,,,2027-01-01\n",
     "daftar.csv:2: NIP does not begin with a day of birth"},
    {"a NIK of 14 digits",
     HEAD "B,,33990141018000,,A,,,,2027-01-01\n",
     "daftar.csv:2: NIK has 14 digits, not 16"},
    {"no address",
     HEAD "B,,,budi at contohkab,A,,,,2027-01-01\n",
     "daftar.csv:2: the address is no plain address"},
    {"unknown state",
     HEAD "B,,,,A,,hijau,,2027-01-01\n",
     "daftar.csv:2: the state is none of active, expired, renewed, revoked"},
    {"30 February",
     HEAD "B,,,,A,,,,2027-02-30\n",
     "daftar.csv:2: berlaku_sampai is no day (YYYY-MM-DD or DD-MM-YYYY)"},
    {"ends before it begins",
     HEAD "B,,,,A,,,2027-01-02,2027-01-01\n",
     "daftar.csv:2: berlaku_dari is after berlaku_sampai"},
    {"nothing but a name",
     HEAD "B,,,,,,,,2027-01-01\n",
     "daftar.csv:2: one of nip, nik and unit is needed beside the name"},
    {"a cell too many",
     HEAD "B,,,,A,,,,2027-01-01,x\n",
     "daftar.csv:2: 10 cells where the head line has 9"},
    {"an open quote", HEAD "\"B,,,,A,,,,2027-01-01\n", "daftar.csv:2: a quoted cell does not end"},
    {"line numbers count quoted ends of line",
     HEAD "\"B\nC\",,,,A,,,,2027-01-01\nD,,,,A,,,,x\n",
     "daftar.csv:4: berlaku_sampai is no day (YYYY-MM-DD or DD-MM-YYYY)"},
    {"the same certificate twice",
     HEAD "B,198001012006042999,,,A,,,,2027-01-01\nB,19800101 200604 2 999,,,A,,,,01-01-2027\n",
     "daftar.csv:3: the same certificate stands in the file already"},
    {"not UTF-8", HEAD "B\xff,,,,A,,,,2027-01-01\n", "daftar.csv:1: the file is not UTF-8"},
};

static void
bad_row(void **state)
{
    const BadRow *row = *state;
    GPtrArray *problems = NULL;
    g_autoptr(GPtrArray) rows = read_csv(row->text, &problems);

    assert_true(problems->len > 0);
    assert_text(g_ptr_array_index(problems, 0), row->want);
    g_ptr_array_unref(problems);
}

static void
every_bad_row_is_named(void **state)
{
    GPtrArray *problems = NULL;
    g_autoptr(GPtrArray) rows = read_csv(HEAD "B,1,,,A,,,,2027-01-01\n"
                                              "C,,,,A,,,,2027-01-01\n"
                                              "D,,2,x,A,,,,2027-01-01\n",
                                         &problems);

    (void)state;
    assert_int_equal(problems->len, 3);
    assert_contains(g_ptr_array_index(problems, 0), ":2: NIP");
    assert_contains(g_ptr_array_index(problems, 1), ":4: NIK");
    assert_contains(g_ptr_array_index(problems, 2), ":4: the address");
    g_ptr_array_unref(problems);
}

static void
cell_has_a_largest_length(void **state)
{
    (void)state;
    for (gsize n = 300; n <= 301; n++) {
        g_autofree char *name = g_strnfill(n, 'a');
        g_autofree char *text = g_strconcat(HEAD, name, ",,,,A,,,,2027-01-01\n", NULL);
        GPtrArray *problems = NULL;
        g_autoptr(GPtrArray) rows = read_csv(text, &problems);

        assert_int_equal(problems->len, n == 300 ? 0 : 1);
        g_ptr_array_unref(problems);
    }
}

/* --- good rows --- */

static void
row_is_read_whole(void **state)
{
    GPtrArray *problems = NULL;
    /* As a spreadsheet of an Indonesian office writes it. */
    g_autoptr(GPtrArray) rows =
        read_csv("\xef\xbb\xbfNama;NIP;E-mail;OPD;Jabatan;Status;Berlaku_Sampai\r\n"
                 "\"Siti \"\"Ami\"\" Aminah, S.Kom\";19800101 200604 2 999;"
                 "Siti@Contohkab.go.id;Dinas; Camat ;Dicabut;20-11-2028\r\n"
                 ";;;;;;\r\n",
                 &problems);

    (void)state;
    assert_int_equal(problems->len, 0);
    assert_int_equal(rows->len, 1);
    const MpHolder *row = g_ptr_array_index(rows, 0);
    assert_text(row->name, "Siti \"Ami\" Aminah, S.Kom");
    assert_text(row->nip, NIP);
    assert_text(row->email, "siti@contohkab.go.id");
    assert_text(row->unit, "Dinas");
    assert_text(row->position, "Camat");
    assert_int_equal(row->state, MP_HOLDER_REVOKED);
    assert_text(row->valid_until, "2028-11-20");
    g_ptr_array_unref(problems);
}

/* What is written is read again as it was; nothing in it is a formula. */
static void
written_row_is_read_back(void **state)
{
    static const char *const names[] = {
        "=HYPERLINK(\"http://x\";1)", "+1", "-1", "@x", "'petik", "Siti, \"A\"", "Ayu"};

    (void)state;
    for (guint i = 0; i < G_N_ELEMENTS(names); i++) {
        MpHolder holder = {.name = (char *)names[i],
                           .unit = (char *)"=1+1",
                           .valid_until = (char *)"2027-01-01",
                           .is_guess = TRUE};
        g_autofree char *head = mp_register_csv_head();
        g_autofree char *line = mp_register_csv_line(&holder, TODAY);
        g_autofree char *text = g_strconcat(head, line, NULL);
        GPtrArray *problems = NULL;
        g_autoptr(GPtrArray) rows = read_csv(text, &problems);

        assert_int_equal(problems->len, 0);
        assert_text(((MpHolder *)g_ptr_array_index(rows, 0))->name, names[i]);
        assert_text(((MpHolder *)g_ptr_array_index(rows, 0))->unit, "=1+1");
        assert_true(((MpHolder *)g_ptr_array_index(rows, 0))->is_guess);
        assert_null(strchr("=+-@", line[line[0] == '"' ? 1 : 0]));
        assert_contains(line, ",'=1+1,");
        g_ptr_array_unref(problems);
    }
}

static void
row_without_a_name_keeps_its_columns(void **state)
{
    const MpHolder holder = {.nik = (char *)"3399014101800001", .valid_until = (char *)TODAY};
    g_autofree char *line = mp_register_csv_line(&holder, TODAY);

    (void)state;
    assert_text(line, ",,3399014101800001,,,,active,," TODAY ",tidak,\r\n");
}

/* --- days --- */

typedef struct {
    const char *name;
    MpHolderState state;
    const char *until, *want;
} StateRow;

static const StateRow state_rows[] = {
    {"good on its last day", MP_HOLDER_ACTIVE, "2026-11-20", "active"},
    {"over the day after", MP_HOLDER_ACTIVE, "2026-11-19", "expired"},
    {"revoked stays revoked", MP_HOLDER_REVOKED, "2026-11-19", "revoked"},
    {"no day is no certificate", MP_HOLDER_ACTIVE, NULL, "expired"},
};

static void
state_row(void **state)
{
    const StateRow *row = *state;
    const MpHolder holder = {.state = row->state, .valid_until = (char *)row->until};

    assert_text(mp_register_state(&holder, TODAY), row->want);
}

static void
days_are_counted(void **state)
{
    g_autofree char *a = mp_register_day_after("2028-02-28", 1);
    g_autofree char *b = mp_register_day_after("2027-01-01", -1);
    g_autofree char *c = mp_register_day_after("2027-13-01", 1);
    g_autofree char *d = mp_register_birth(NIP);
    g_autofree char *e = mp_register_birth("198002302006042999");

    (void)state;
    assert_text(a, "2028-02-29");
    assert_text(b, "2026-12-31");
    assert_null(c);
    assert_text(d, "1980-01-01");
    assert_null(e);
}

/* --- the command --- */

/* The demo's office with the rules of the source tree. */
static char *
office_text(const char *dir)
{
    g_autofree char *text = mp_config_default_text(dir);
    g_auto(GStrv) halves = g_strsplit(text, "[office]\n", 2);

    return g_strconcat(halves[0],
                       "[office]\nrules_dir = " MP_SOURCE_DIR "/rules\n"
                       "templates_dir = " MP_SOURCE_DIR "/templates\n",
                       halves[1],
                       NULL);
}

static int
run_import(const char *dir, const char *text)
{
    g_autofree char *config = g_build_filename(dir, "mailproc.conf", NULL);
    g_autofree char *file = g_build_filename(dir, "daftar.csv", NULL);
    g_autofree char *words = office_text(dir);
    char *argv[] = {(char *)"register", (char *)"import", file, NULL};
    const MpGlobalOptions options = {.config_option = config, .is_quiet = TRUE};

    assert_true(g_file_set_contents(config, words, -1, NULL));
    assert_true(g_file_set_contents(file, text, -1, NULL));
    return mp_command_register(&options, 3, argv);
}

static guint
count_holders(const char *dir)
{
    g_autofree char *path = g_build_filename(dir, "store", NULL);
    MpStore *store = open_store_at(path);
    const MpRegisterFilter filter = {0};
    g_autoptr(GPtrArray) found = store->register_find(store, &filter, NULL);
    guint n = found->len;

    store->free(store);
    return n;
}

static void
file_is_imported_whole_or_not_at_all(void **state)
{
    g_autofree char *dir = make_dir();

    (void)state;
    assert_int_equal(count_holders(dir), 0);
    assert_int_equal(run_import(dir, HEAD "B,,,,A,,,,2027-01-01\nC,,,,A,,,,x\n"), 65);
    assert_int_equal(count_holders(dir), 0);
    assert_int_equal(run_import(dir, HEAD "B,,,,A,,,,2027-01-01\nC,,,,A,,,,2027-01-02\n"), 0);
    assert_int_equal(count_holders(dir), 2);
    assert_int_equal(run_import(dir, HEAD "B,,,,A,,,,2027-01-01\n"), 0);
    assert_int_equal(count_holders(dir), 2);
    remove_dir(dir);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_bad_row_is_named),
        cmocka_unit_test(cell_has_a_largest_length),
        cmocka_unit_test(row_is_read_whole),
        cmocka_unit_test(written_row_is_read_back),
        cmocka_unit_test(row_without_a_name_keeps_its_columns),
        cmocka_unit_test(days_are_counted),
        cmocka_unit_test(file_is_imported_whole_or_not_at_all),
    };

    return run_rows("bad rows", bad_rows, bad_row) +
           run_rows("states of a certificate", state_rows, state_row) +
           cmocka_run_group_tests(tests, NULL, NULL);
}

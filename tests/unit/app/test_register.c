/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The register's CSV, in and out, and the command that takes a file whole or not at all. */

#include "unit/ports/store_fixture.h"

#include "app/commands.h"
#include "app/pipeline-private.h"
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

/* --- reminders and the watch --- */

typedef struct {
    const char *name, *until;
    int want;
} StageRow;

static const StageRow stage_rows[] = {
    {"31 days left", "2026-12-21", 0},
    {"30 days left", "2026-12-20", 30},
    {"15 days left", "2026-12-05", 30},
    {"14 days left", "2026-12-04", 14},
    {"7 days left", "2026-11-27", 7},
    {"2 days left", "2026-11-22", 7},
    {"tomorrow", "2026-11-21", 1},
    {"today", "2026-11-20", 1},
    {"yesterday", "2026-11-19", 0},
    {"no day", "besok", 0},
};

static void
stage_row(void **state)
{
    const StageRow *row = *state;

    assert_int_equal(mp_register_stage(row->until, TODAY), row->want);
}

/* 20 November 2026, 09.00 WIB: the demo's office is open. */
#define MORNING ((gint64)1795140000 * G_USEC_PER_SEC)

typedef struct {
    char *dir;
    MpApp *app;
} Office;

static Office
open_office(void)
{
    Office office = {.dir = make_dir()};
    g_autofree char *config = g_build_filename(office.dir, "mailproc.conf", NULL);
    g_autofree char *store = g_build_filename(office.dir, "store", NULL);
    g_autofree char *words = office_text(office.dir);
    g_autoptr(GError) error = NULL;

    assert_true(g_file_set_contents(config, words, -1, NULL));
    office.app = mp_app_open(&(MpGlobalOptions){.config_option = config, .is_quiet = TRUE}, &error);
    assert_no_gerror(error);
    office.app->store = open_store_at(store);
    office.app->clock->free(office.app->clock);
    office.app->clock = mp_clock_new_set(MORNING);
    return office;
}

static void
close_office(Office *office)
{
    mp_app_free(office->app);
    remove_dir(office->dir);
    g_free(office->dir);
}

static void
add_holder(const Office *office, const char *name, const char *nip, const char *until)
{
    g_autofree char *email = g_strdup_printf("%s@contohkab.go.id", name);
    const MpHolder holder = {.name = (char *)name,
                             .nip = (char *)nip,
                             .email = email,
                             .unit = (char *)"Dinas Sosial",
                             .valid_until = (char *)until};
    MpStore *store = office->app->store;

    MUST(store->begin(store, &why));
    MUST(store->register_import(store, &holder, &why));
    MUST(store->commit(store, &why));
}

/* Templates and recipients of all mails so far. */
static char *
mails_of(const Office *office)
{
    MpStore *store = office->app->store;
    g_autoptr(GPtrArray) found = store->outbox_list(store, NULL, NULL, 100, NULL);
    GString *out = g_string_new(NULL);

    for (guint i = 0; i < found->len; i++) {
        const MpOutboxEntry *entry = g_ptr_array_index(found, i);

        g_string_append_printf(out, "%s %s;", entry->template_, entry->recipient);
    }
    return g_string_free(out, FALSE);
}

static void
expect_after(const Office *office, gint64 later_days, const char *want)
{
    g_autofree char *got = NULL;

    mp_clock_set(office->app->clock, MORNING + later_days * G_TIME_SPAN_DAY);
    MUST(mp_pipeline_register(office->app, &why));
    MUST(mp_pipeline_register(office->app, &why));
    got = mails_of(office);
    assert_text(got, want);
}

static void
owner_is_reminded_once_a_stage(void **state)
{
    Office office = open_office();

    (void)state;
    add_holder(&office, "budi", NIP, "2026-12-19");
    add_holder(&office, "ayu", NULL, "2027-03-01");
    expect_after(&office, 0, "masa-berlaku budi@contohkab.go.id;");
    expect_after(&office, 3, "masa-berlaku budi@contohkab.go.id;");
    /* A Saturday: nobody is there to be asked back. */
    expect_after(&office, 15, "masa-berlaku budi@contohkab.go.id;");
    expect_after(
        &office, 17, "masa-berlaku budi@contohkab.go.id;masa-berlaku budi@contohkab.go.id;");
    close_office(&office);
}

static void
reminder_says_until_when(void **state)
{
    Office office = open_office();
    MpStore *store = office.app->store;

    (void)state;
    add_holder(&office, "budi", NIP, "2026-12-04");
    MUST(mp_pipeline_register(office.app, &why));
    g_autoptr(GPtrArray) found = store->outbox_list(store, NULL, NULL, 10, NULL);
    assert_int_equal(found->len, 1);
    const MpOutboxEntry *entry = g_ptr_array_index(found, 0);
    assert_text(entry->mail->subject, "Sertifikat elektronik berakhir 14 hari lagi");
    assert_contains(entry->mail->text, "berlaku sampai 4 Desember 2026 (14 hari lagi)");
    assert_lacks(entry->mail->text, NIP);
    close_office(&office);
}

static void
verifikator_gets_the_list_once_a_month(void **state)
{
    Office office = open_office();
    MpStore *store = office.app->store;

    (void)state;
    /* 58 in December 2026: retires on 1 January 2027. */
    add_holder(&office, "wayan", "196812122006041999", "2028-01-01");
    add_holder(&office, "muda", NIP, "2028-01-01");
    MUST(mp_pipeline_register(office.app, &why));
    g_autoptr(GPtrArray) found = store->outbox_list(store, NULL, NULL, 10, NULL);
    assert_int_equal(found->len, 1);
    const MpOutboxEntry *entry = g_ptr_array_index(found, 0);
    assert_text(entry->template_, "pantauan");
    assert_contains(entry->mail->text, "wayan");
    assert_contains(entry->mail->text, "mencapai batas usia pensiun pada 1 Januari 2027");
    assert_contains(entry->mail->text, "mohon menyampaikan permohonan pencabutan");
    assert_lacks(entry->mail->text, "muda");
    mp_clock_set(office.app->clock, MORNING + 4 * G_TIME_SPAN_DAY);
    MUST(mp_pipeline_register(office.app, &why));
    g_autoptr(GPtrArray) again = store->outbox_list(store, NULL, NULL, 10, NULL);
    assert_int_equal(again->len, 1);
    close_office(&office);
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
        cmocka_unit_test(owner_is_reminded_once_a_stage),
        cmocka_unit_test(reminder_says_until_when),
        cmocka_unit_test(verifikator_gets_the_list_once_a_month),
    };

    return run_rows("bad rows", bad_rows, bad_row) +
           run_rows("states of a certificate", state_rows, state_row) +
           run_rows("stages of reminding", stage_rows, stage_row) +
           cmocka_run_group_tests(tests, NULL, NULL);
}

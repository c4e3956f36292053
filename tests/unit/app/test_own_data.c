/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Requests about one's own data: who may open one, its clock, its end; and the answer to it. */

#include "app/commands.h"
#include "app/demo.h"
#include "app/person.h"
#include "support/asserts.h"
#include "support/planner.h"

#include <glib/gstdio.h>
#include <sys/stat.h>

#define OWNER "sulastri.wulandari@contohkab.go.id"
#define VERIFIKATOR "verifikator@contohkab.go.id"
#define SECOND "SE-2026-000002"
#define SERVICE "[service akses-data]\nsop = akses-data.sop\n"
#define NIP "197109051996032999"

#define WORDS                                                                                      \
    "Yth. Layanan TTE,\r\n\r\nSaya mengajukan permintaan akses data pribadi saya yang disimpan "   \
    "layanan.\r\n\r\nTerima kasih.\r\n"

static GString *printed; /* what went to standard error */

static void
ask(MpTrial *trial, const char *from, const char *auth, const char *words)
{
    mp_trial_send(
        trial,
        &(MpTrialMail){
            .from = from, .auth = auth, .subject = "Permintaan data pribadi", .text = words});
}

static MpTrial *
open_trial(const char *more)
{
    MpTrial *trial = mp_trial_new(more);

    mp_trial_open(trial);
    mp_trial_wait(trial, 3600);
    return trial;
}

/* --- how it comes --- */

typedef struct {
    const char *name, *words;
} WordRow;

static const WordRow word_rows[] = {
    {"access", WORDS},
    {"a copy",
     "Dengan ini saya meminta salinan data pribadi saya sesuai UU Nomor 27 Tahun 2022.\r\n"},
    {"correction", "Mohon perbaikan data pribadi saya yang keliru pada sistem layanan.\r\n"},
    {"what is kept", "Data pribadi apa saja tentang saya yang disimpan oleh layanan ini?\r\n"},
};

static void
word_row(void **state)
{
    const WordRow *row = *state;
    g_autoptr(MpTrial) trial = open_trial(SERVICE);

    ask(trial, OWNER, NULL, row->words);
    assert_text(trial->facts->verdict->kind, "inquiry");
    g_autoptr(MpCase) kase = mp_trial_case(trial, SECOND);
    assert_text(kase->service, "akses-data");
    assert_text(kase->step, "siapkan");
    assert_text(kase->requester_address, OWNER);
    assert_int_equal(kase->applicants->len, 0);
}

static void
clock_runs_72_hours_from_the_mail(void **state)
{
    g_autoptr(MpTrial) trial = open_trial(SERVICE);
    gint64 asked_utc;

    (void)state;
    /* A Saturday: the law's hours do not wait for Monday. */
    mp_trial_wait(trial, 5 * 24 * 3600);
    asked_utc = trial->now_utc;
    ask(trial, OWNER, NULL, WORDS);
    g_autoptr(MpCase) kase = mp_trial_case(trial, SECOND);
    assert_true(kase->due_utc == asked_utc + 72 * G_TIME_SPAN_HOUR);
}

/* A Thursday afternoon: the time is over on Sunday, and the reminder comes on Friday. */
static void
verifikator_is_reminded_before_it_is_due(void **state)
{
    g_autoptr(MpTrial) trial = open_trial(SERVICE);
    MpStore *store = trial->app.store;
    gint64 earliest = 0;

    (void)state;
    mp_trial_wait(trial, 3 * 24 * 3600 + 4 * 3600);
    ask(trial, OWNER, NULL, WORDS);
    g_autoptr(MpCase) kase = mp_trial_case(trial, SECOND);
    g_autoptr(GPtrArray) timers =
        store->timers_due(store, kase->due_utc + 30 * G_TIME_SPAN_DAY, 100, NULL);
    for (guint i = 0; i < timers->len; i++) {
        const MpTimerRow *timer = g_ptr_array_index(timers, i);

        if (strcmp(timer->case_number, SECOND) == 0 && strcmp(timer->name, "reminder") == 0)
            earliest = timer->at_utc;
    }
    assert_true(earliest > 0);
    assert_true(earliest < kase->due_utc);
    assert_true(mp_trial_count(trial, VERIFIKATOR) > 0);
}

static void
command_of_the_verifikator_closes_it(void **state)
{
    g_autoptr(MpTrial) trial = open_trial(SERVICE);

    (void)state;
    ask(trial, OWNER, NULL, WORDS);
    g_autofree char *code = mp_trial_code(trial, VERIFIKATOR);
    g_autofree char *text = g_strdup_printf("SELESAI\r\n\r\n> Kode: %s\r\n", code);
    mp_trial_wait(trial, 3600);
    mp_trial_send(
        trial,
        &(MpTrialMail){.from = VERIFIKATOR, .subject = "Re: [" SECOND "] giliran", .text = text});
    g_autoptr(MpCase) kase = mp_trial_case(trial, SECOND);
    assert_text(kase->step, "selesai");
    assert_true(kase->state == MP_CASE_FINISHED);
    g_autoptr(GPtrArray) mails = mp_trial_mails(trial, OWNER);
    assert_true(mails->len >= 2);
}

/* --- who may not --- */

typedef struct {
    const char *name, *from, *auth, *more, *want;
} RefusedRow;

static const RefusedRow refused_rows[] = {
    {"a stranger", "orang@luar.example", NULL, SERVICE, "alamat tidak dikenal"},
    {"the owner's name at another address",
     "Sulastri <sulastri.wulandari@contohkab.example>",
     NULL,
     SERVICE,
     "tidak terbukti"},
    {"a forged owner", OWNER, "dmarc=fail header.from=contohkab.go.id", SERVICE, "terbukti"},
    {"an office without the procedure", OWNER, NULL, NULL, "3 x 24 jam"},
};

static void
refused_row(void **state)
{
    const RefusedRow *row = *state;
    g_autoptr(MpTrial) trial = open_trial(row->more);
    guint before = mp_trial_count(trial, NULL);

    ask(trial, row->from, row->auth, WORDS);
    assert_int_equal(mp_trial_n_cases(trial), 1);
    g_autoptr(GPtrArray) mails = mp_trial_mails(trial, VERIFIKATOR);
    g_autofree char *words = mp_trial_words(mails->pdata[mails->len - 1]);
    assert_contains(words, row->want);
    /* Nobody but the verifikator heard of it. */
    assert_int_equal(mp_trial_count(trial, NULL), before + 1);
}

static void
second_mail_joins_the_open_request(void **state)
{
    g_autoptr(MpTrial) trial = open_trial(SERVICE);

    (void)state;
    ask(trial, OWNER, NULL, WORDS);
    mp_trial_wait(trial, 3600);
    ask(trial, OWNER, NULL, "Mohon salinan data pribadi saya segera dikirim.\r\n");
    assert_int_equal(mp_trial_n_cases(trial), 2);
    assert_text(trial->plan->case_number, SECOND);
}

/* --- people of the register alone --- */

#define HOLDER "ahmad@contohkab.go.id"

/* The one who is meant ends last, behind many whose addresses begin like his. */
static void
add_holders(MpTrial *trial, guint n_before)
{
    MpStore *store = trial->app.store;
    g_autoptr(GError) error = NULL;

    assert_true(store->begin(store, &error));
    for (guint i = 0; i <= n_before; i++) {
        g_autofree char *name =
            g_strdup_printf("Ahmad Su%c%cno", 'a' + (int)(i / 26), 'a' + (int)(i % 26));
        g_autofree char *email =
            i < n_before ? g_strdup_printf("ahmad.%u@contohkab.go.id", i) : g_strdup(HOLDER);
        const MpHolder holder = {.name = name,
                                 .email = email,
                                 .valid_until =
                                     (char *)(i < n_before ? "2027-01-01" : "2028-01-01")};

        assert_true(store->register_import(store, &holder, &error));
    }
    assert_true(store->commit(store, &error));
}

static void
holder_is_known_among_many_alike(void **state)
{
    g_autoptr(MpTrial) trial = open_trial(SERVICE);

    (void)state;
    add_holders(trial, 60);
    ask(trial, HOLDER, NULL, WORDS);
    assert_int_equal(mp_trial_n_cases(trial), 2);
}

/* --- the answer: case export --person --- */

static char *
new_dir(void)
{
    g_autofree char *parent = g_dir_make_tmp("mailproc-person-XXXXXX", NULL);

    return g_build_filename(parent, "data", NULL);
}

static void
remove_all(const char *dir)
{
    g_autofree char *parent = g_path_get_dirname(dir);
    g_autoptr(GDir) files = g_dir_open(dir, 0, NULL);
    const char *name;

    while (files != NULL && (name = g_dir_read_name(files)) != NULL) {
        g_autofree char *path = g_build_filename(dir, name, NULL);

        g_unlink(path);
    }
    g_rmdir(dir);
    g_rmdir(parent);
}

/* All files of the directory as one text; each must be the owner's alone. */
static char *
read_all(const char *dir)
{
    g_autoptr(GDir) files = g_dir_open(dir, 0, NULL);
    GString *all = g_string_new(NULL);
    const char *name;
    GStatBuf info;

    assert_int_equal(g_stat(dir, &info), 0);
    assert_int_equal(info.st_mode & 0777, 0700);
    while ((name = g_dir_read_name(files)) != NULL) {
        g_autofree char *path = g_build_filename(dir, name, NULL);
        g_autofree char *text = NULL;

        assert_true(g_file_get_contents(path, &text, NULL, NULL));
        assert_int_equal(g_stat(path, &info), 0);
        assert_int_equal(info.st_mode & 0777, 0600);
        g_string_append_printf(all, "== %s\n%s\n", name, text);
    }
    return g_string_free(all, FALSE);
}

static const char two_people[] =
    "From: dishub@contohkab.go.id\r\nTo: <" TRIAL_OFFICE ">\r\n"
    "Date: Mon, 16 Nov 2026 02:00:00 +0000\r\nMessage-ID: <dua@luar.example>\r\n"
    "Authentication-Results: mx.contohkab.go.id; dmarc=pass header.from=contohkab.go.id\r\n"
    "Subject: Permohonan Pembaruan Sertifikat Elektronik\r\nMIME-Version: 1.0\r\n"
    "Content-Type: text/plain; charset=utf-8\r\n\r\n"
    "Dengan hormat, kami sampaikan Surat Nomor 550/99/2026 tanggal 16 November 2026 perihal "
    "Permohonan Pembaruan Sertifikat Elektronik:\r\n\r\n"
    "1. Nama : Dra. Sulastri Wulandari\r\n   NIP : 19710905 199603 2 999\r\n"
    "   Jabatan : Kepala Bidang Lalu Lintas\r\n   Email : " OWNER "\r\n\r\n"
    "2. Nama : Bambang Prakoso, S.T.\r\n   NIP : 19800101 200501 1 999\r\n"
    "   Jabatan : Kepala Seksi Angkutan\r\n   Email : bambang.prakoso@contohkab.go.id\r\n";

static void
export_holds_the_person_and_nobody_else(void **state)
{
    g_autoptr(MpTrial) trial = open_trial(SERVICE);
    g_autofree char *dir = new_dir();

    (void)state;
    mp_trial_take(trial, two_people);
    g_autoptr(MpCase) second = mp_trial_case(trial, SECOND);
    assert_int_equal(second->applicants->len, 2);
    mp_trial_wait(trial, 60);
    ask(trial, OWNER, NULL, WORDS);
    assert_int_equal(mp_command_case_person(&trial->app, NIP, dir), 0);
    g_autofree char *text = read_all(dir);
    assert_contains(text, TRIAL_CASE);
    assert_contains(text, SECOND);
    assert_contains(text, "SE-2026-000003");
    assert_contains(text, NIP);
    assert_contains(text, "Sulastri Wulandari");
    assert_lacks(text, "Bambang");
    assert_lacks(text, "198001012005011999");
    assert_lacks(text, "bambang.prakoso");
    assert_lacks(text, "Kode: ");
    remove_all(dir);
}

/* Anybody can write a letter that names another's number beside his own address. */
static void
address_of_a_letter_alone_is_no_proof(void **state)
{
    g_autoptr(MpTrial) trial = open_trial(SERVICE);
    g_autofree char *one = new_dir();
    g_autofree char *other = new_dir();

    (void)state;
    assert_int_equal(mp_command_case_person(&trial->app, "19710905 199603 2 999", one), 0);
    assert_int_equal(
        mp_command_case_person(&trial->app, "Sulastri.Wulandari@contohkab.go.id", other), 65);
    assert_false(g_file_test(other, G_FILE_TEST_EXISTS));
    g_autofree char *a = read_all(one);
    assert_contains(a, TRIAL_CASE);
    remove_all(one);
}

static void
shared_address_is_refused(void **state)
{
    g_autoptr(MpTrial) trial = mp_trial_new(SERVICE);
    g_autofree char *dir = new_dir();
    g_autoptr(GString) mail = g_string_new(two_people);

    (void)state;
    g_string_replace(mail, "bambang.prakoso@contohkab.go.id", OWNER, 0);
    mp_trial_take(trial, mail->str);
    assert_int_equal(mp_trial_n_cases(trial), 1);
    assert_int_equal(mp_command_case_person(&trial->app, OWNER, dir), 65);
    assert_false(g_file_test(dir, G_FILE_TEST_EXISTS));
    assert_int_equal(mp_command_case_person(&trial->app, NIP, dir), 0);
    g_autofree char *text = read_all(dir);
    assert_lacks(text, "Bambang");
    remove_all(dir);
}

static void
unknown_person_leaves_no_directory(void **state)
{
    g_autoptr(MpTrial) trial = open_trial(SERVICE);
    g_autofree char *dir = new_dir();

    (void)state;
    assert_int_equal(mp_command_case_person(&trial->app, "199001012015011999", dir), 65);
    assert_false(g_file_test(dir, G_FILE_TEST_EXISTS));
    remove_all(dir);
}

static void
directory_that_stands_already_is_left_alone(void **state)
{
    g_autoptr(MpTrial) trial = open_trial(SERVICE);
    g_autofree char *dir = new_dir();

    (void)state;
    assert_int_equal(g_mkdir(dir, 0700), 0);
    assert_int_equal(mp_command_case_person(&trial->app, NIP, dir), 73);
    remove_all(dir);
}

static void
holder_is_found_among_many_alike(void **state)
{
    g_autoptr(MpTrial) trial = open_trial(SERVICE);
    g_autoptr(GError) error = NULL;
    MpStore *store = trial->app.store;
    const MpHolder holder = {.name = (char *)"Ahmad Fauzi",
                             .email = (char *)"Ahmad@contohkab.go.id",
                             .nip = (char *)"198001012005011999",
                             .valid_until = (char *)"2029-01-01"};

    (void)state;
    add_holders(trial, 120);
    assert_true(store->begin(store, &error));
    assert_true(store->register_import(store, &holder, &error));
    assert_true(store->commit(store, &error));
    /* Two have it: whose data that is cannot be told. */
    assert_null(mp_person_find(&trial->app, HOLDER, &error));
    assert_gerror(error, MP_ERROR_INPUT);
}

static void
add_words(const char *words)
{
    g_string_append(printed, words);
}

/* The directory can be made, but no name fits behind it. */
static void
file_that_cannot_be_written_is_told(void **state)
{
    g_autoptr(MpTrial) trial = open_trial(SERVICE);
    g_autofree char *top = g_dir_make_tmp("mailproc-person-XXXXXX", NULL);
    g_autoptr(GString) deep = g_string_new(top);
    GPrintFunc before;
    int code;

    (void)state;
    while (deep->len < 4000)
        g_string_append_printf(deep, "/%0*d", (int)MIN(200, 4000 - deep->len), 0);
    assert_int_equal(g_mkdir_with_parents(deep->str, 0700), 0);
    g_string_append_printf(deep, "/%0*d", (int)(4087 - deep->len), 0);
    printed = g_string_new(NULL);
    before = g_set_printerr_handler(add_words);
    code = mp_command_case_person(&trial->app, NIP, deep->str);
    g_set_printerr_handler(before);
    assert_int_equal(code, mp_error_exit(MP_ERROR_STORAGE));
    assert_contains(printed->str, "/data.json: ");
    assert_contains(printed->str, mp_error_cure(MP_ERROR_STORAGE));
    g_string_free(printed, TRUE);
    for (; deep->len >= strlen(top);
         g_string_truncate(deep, (gsize)(strrchr(deep->str, '/') - deep->str)))
        g_rmdir(deep->str);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(clock_runs_72_hours_from_the_mail),
        cmocka_unit_test(verifikator_is_reminded_before_it_is_due),
        cmocka_unit_test(command_of_the_verifikator_closes_it),
        cmocka_unit_test(second_mail_joins_the_open_request),
        cmocka_unit_test(holder_is_known_among_many_alike),
        cmocka_unit_test(holder_is_found_among_many_alike),
        cmocka_unit_test(file_that_cannot_be_written_is_told),
        cmocka_unit_test(export_holds_the_person_and_nobody_else),
        cmocka_unit_test(address_of_a_letter_alone_is_no_proof),
        cmocka_unit_test(shared_address_is_refused),
        cmocka_unit_test(unknown_person_leaves_no_directory),
        cmocka_unit_test(directory_that_stands_already_is_left_alone),
    };
    int failed = run_rows("words of a request about own data", word_rows, word_row);

    failed += run_rows("who is shown to the verifikator", refused_rows, refused_row);
    return failed + cmocka_run_group_tests_name("own data", tests, NULL, NULL);
}

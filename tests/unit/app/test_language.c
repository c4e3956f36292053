/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The command language on the whole way from bytes to plan: what a mail does, what its one
 * transcript says, and whom else it reaches. */

#include "app/demo.h"
#include "support/asserts.h"
#include "support/planner.h"

#define KADIS "kadis@contohkab.go.id"
#define KABID "kabid@contohkab.go.id"
#define HELPDESK "helpdesk@contohkab.go.id"
#define VERIFIKATOR "verifikator@contohkab.go.id"
#define DISHUB "dishub@contohkab.go.id"
#define OWNER "sulastri.wulandari@contohkab.go.id"
#define BSRE "BSrE <noreply@bssn.go.id>"

#define say mp_trial_say
#define say_with mp_trial_say_with

static void
assert_step(MpTrial *trial, const char *step)
{
    g_autoptr(MpCase) kase = mp_trial_case(trial, TRIAL_CASE);

    assert_text(kase->step, step);
}

static char *
last_words(MpTrial *trial, const char *to)
{
    g_autoptr(GPtrArray) mails = mp_trial_mails(trial, to);

    assert_true(mails->len > 0);
    return mp_trial_words(g_ptr_array_index(mails, mails->len - 1));
}

static void
assert_told(MpTrial *trial, const char *to, const char *part)
{
    g_autofree char *words = last_words(trial, to);

    assert_contains(words, part);
}

static gboolean
has_action(const MpTrial *trial, const char *action)
{
    for (guint i = 0; i < trial->plan->actions->len; i++)
        if (strcmp(((const MpPlanAction *)trial->plan->actions->pdata[i])->action, action) == 0)
            return TRUE;
    return FALSE;
}

static MpTrial *
open_trial(void)
{
    MpTrial *trial = mp_trial_new(NULL);

    mp_trial_open(trial);
    return trial;
}

static MpTrial *
trial_at_bsre(void)
{
    MpTrial *trial = open_trial();

    say(trial, KADIS, "SETUJU");
    say(trial, KABID, "TERUSKAN");
    say(trial, HELPDESK, "TERUSKAN");
    say(trial, VERIFIKATOR, "TERUSKAN");
    say(trial, VERIFIKATOR, "AJUKAN");
    assert_step(trial, "bsre");
    return trial;
}

/* --- COBA --------------------------------------------------------------------------------------
 */

static void
test_trial_run(void **state)
{
    g_autoptr(MpTrial) trial = open_trial();
    guint mails = mp_trial_count(trial, NULL);

    (void)state;
    say(trial, KADIS, "COBA TOLAK berkas tidak benar");
    assert_step(trial, "disposisi");
    assert_int_equal(trial->plan->changes->len, 0);
    assert_int_equal(mp_trial_count(trial, NULL), mails + 1);
    assert_told(trial, KADIS, "percobaan: akan dijalankan; tidak ada yang berubah");
    assert_told(trial, KADIS, "Sesudah: Ditolak");
    assert_true(has_action(trial, "trial"));
    assert_false(has_action(trial, "move"));
    /* What was tried spends nothing: the same code still works. */
    say(trial, KADIS, "SETUJU");
    assert_step(trial, "tindak-lanjut");
}

static void
test_trial_refused(void **state)
{
    g_autoptr(MpTrial) trial = open_trial();

    (void)state;
    say(trial, KADIS, "COBA TUNDA sampai 01-02-2020 libur");
    assert_step(trial, "disposisi");
    assert_told(trial, KADIS, "percobaan: akan ditolak; tidak ada yang berubah");
    assert_told(trial, KADIS, "mohon tuliskan tanggalnya");
}

static char *
next_number(MpTrial *trial)
{
    MpStore *store = trial->app.store;
    g_autoptr(GError) error = NULL;
    char *next;

    assert_true(store->begin(store, &error));
    next = store->case_number(store, "SE", 2026, &error);
    store->rollback(store);
    assert_no_gerror(error);
    return next;
}

/* A change of data for one who holds a certificate opens a linked case: trying it takes no number
 * from the counter, doing it does. */
static void
test_trial_takes_no_number(void **state)
{
    static const char *const changes[] = {
        "demak-perubahan-data.sop", "pekalongan-perubahan-data.sop", NULL};
    g_autoptr(MpTrial) trial = mp_trial_new_changed(changes, NULL);
    g_autofree char *mail = mp_demo_letter_mail(
        &mp_demo_letters[4], TRIAL_OFFICE, "Mon, 16 Nov 2026 02:00:00 +0000", 1);

    (void)state;
    mp_trial_take(trial, mail);
    say(trial, VERIFIKATOR, "AJUKAN");
    assert_step(trial, "verifikasi");
    say(trial, VERIFIKATOR, "COBA SELESAI");
    assert_told(trial, VERIFIKATOR, "percobaan: akan dijalankan");
    g_autofree char *tried = next_number(trial);
    assert_text(tried, "SE-2026-000002");
    say(trial, VERIFIKATOR, "SELESAI");
    assert_step(trial, "pencabutan");
    g_autofree char *done = next_number(trial);
    assert_text(done, "SE-2026-000003");
}

/* The question that a doubtful notice leaves; trying its answer joins nothing. */
static void
test_trial_of_joining(void **state)
{
    g_autoptr(MpTrial) trial = trial_at_bsre();
    const MpTrialMail notice = {.from = BSRE,
                                .subject = "Pembaruan Sertifikat Elektronik",
                                .text = "Sertifikat elektronik atas nama Dra. Sulastri Wulan telah "
                                        "diperbarui dan berlaku sampai dengan 16-11-2028.\r\n"};
    g_autofree char *code = NULL;

    (void)state;
    mp_trial_send(trial, &notice);
    code = mp_trial_code(trial, VERIFIKATOR);
    say_with(trial, VERIFIKATOR, code, "COBA TAUTKAN " TRIAL_CASE);
    assert_step(trial, "bsre");
    assert_told(trial, VERIFIKATOR, "percobaan: akan dijalankan");
    say_with(trial, VERIFIKATOR, code, "TAUTKAN " TRIAL_CASE);
    assert_step(trial, "selesai");
}

/* --- BATAL -------------------------------------------------------------------------------------
 */

static void
test_undo(void **state)
{
    g_autoptr(MpTrial) trial = open_trial();
    g_autofree char *code = mp_trial_code(trial, KADIS);

    (void)state;
    say_with(trial, KADIS, code, "SETUJU");
    assert_step(trial, "tindak-lanjut");
    /* By the very mail that he answered: only his own command came in between. */
    say_with(trial, KADIS, code, "BATAL");
    assert_step(trial, "disposisi");
    say(trial, KADIS, "SETUJU");
    say(trial, KABID, "TERUSKAN");
    assert_step(trial, "pendataan");
    /* Somebody else's step came in between. */
    say_with(trial, KADIS, code, "BATAL");
    assert_step(trial, "pendataan");
    assert_told(trial, KADIS, "sudah berubah");
    say(trial, KADIS, "BATAL");
    assert_step(trial, "pendataan");
    assert_told(trial, KADIS, "perintah terakhir pada permohonan ini bukan dari Bapak/Ibu");
}

static void
test_undo_of_an_end(void **state)
{
    g_autoptr(MpTrial) trial = open_trial();
    g_autofree char *code = mp_trial_code(trial, KADIS);

    (void)state;
    say_with(trial, KADIS, code, "TOLAK berkas tidak benar");
    assert_step(trial, "ditolak");
    say_with(trial, KADIS, code, "BATAL");
    assert_step(trial, "ditolak");
    assert_told(trial, KADIS, "tidak dapat dibatalkan lagi");
}

/* --- several people, several lines -------------------------------------------------------------
 */

static const char *const three_people =
    "Yth. Kepala Dinas,\r\nmohon pembaruan sertifikat elektronik yang berlaku sampai dengan 30 "
    "November 2026 untuk:\r\n\r\n"
    "1. Nama : Dra. Sulastri Wulandari\r\n   NIP : 19710905 199603 2 999\r\n"
    "   Email : satu@contohkab.go.id\r\n"
    "2. Nama : Rangga Prasetya, S.Kom.\r\n   NIP : 19900214 201502 1 999\r\n"
    "   Email : dua@contohkab.go.id\r\n"
    "3. Nama : Drs. Slamet Riyanto\r\n   NIP : 19661201 199203 1 999\r\n"
    "   Email : tiga@contohkab.go.id\r\n\r\nTerima kasih.\r\n";

static MpTrial *
trial_of_three(void)
{
    MpTrial *trial = mp_trial_new(NULL);

    static const struct {
        const char *official, *words;
    } moves[] = {{VERIFIKATOR, "TERUSKAN"},
                 {KADIS, "SETUJU"},
                 {KABID, "TERUSKAN"},
                 {HELPDESK, "TERUSKAN"},
                 {VERIFIKATOR, "TERUSKAN"},
                 {VERIFIKATOR, "AJUKAN"}};

    g_autoptr(MpCase) opened = NULL;
    g_autoptr(MpCase) kase = NULL;

    mp_trial_send(trial,
                  &(MpTrialMail){.from = "Dishub <" DISHUB ">",
                                 .subject = "Permohonan Pembaruan Sertifikat Elektronik",
                                 .text = three_people});
    opened = mp_trial_case(trial, TRIAL_CASE);
    assert_int_equal(opened->applicants->len, 3);
    if (strcmp(opened->step, "dilengkapi") == 0) {
        mp_trial_wait(trial, 600);
        mp_trial_send(trial,
                      &(MpTrialMail){.from = DISHUB,
                                     .subject = "Re: [" TRIAL_CASE "] kelengkapan",
                                     .text = "BENAR"});
    }
    for (gsize i = 0; i < G_N_ELEMENTS(moves); i++)
        say(trial, moves[i].official, moves[i].words);
    kase = mp_trial_case(trial, TRIAL_CASE);
    assert_text(kase->step, "bsre");
    return trial;
}

static void
assert_outcome(MpTrial *trial, guint n, MpOutcome want, const char *until)
{
    g_autoptr(MpCase) kase = mp_trial_case(trial, TRIAL_CASE);
    const MpCaseApplicant *applicant = g_ptr_array_index(kase->applicants, n - 1);

    assert_int_equal(applicant->outcome, want);
    if (until != NULL)
        assert_text(applicant->valid_until, until);
}

static void
test_one_of_several(void **state)
{
    g_autoptr(MpTrial) trial = trial_of_three();

    (void)state;
    say(trial, VERIFIKATOR, "SELESAI 2 s.d. 20-11-2028");
    assert_outcome(trial, 1, MP_OUTCOME_NONE, NULL);
    assert_outcome(trial, 2, MP_OUTCOME_RENEWED, "2028-11-20");
    assert_outcome(trial, 3, MP_OUTCOME_NONE, NULL);
    assert_step(trial, "bsre");
    assert_int_equal(mp_trial_count(trial, "dua@contohkab.go.id"), 2);
    /* He has his outcome already, and there is no fourth. */
    say(trial, VERIFIKATOR, "SELESAI 2");
    assert_told(trial, VERIFIKATOR, "nomor pemohon tidak ada atau sudah mempunyai hasil");
    say(trial, VERIFIKATOR, "SELESAI 4");
    assert_told(trial, VERIFIKATOR, "nomor pemohon tidak ada atau sudah mempunyai hasil");
    /* A day that is past was mistyped; a shortened month is asked back. */
    say(trial, VERIFIKATOR, "SELESAI 1 s.d. 20-11-2020");
    assert_told(trial, VERIFIKATOR, "mohon tuliskan tanggalnya");
    say(trial, VERIFIKATOR, "SELESAI 1 s.d. 20 Nop 2028");
    assert_told(trial, VERIFIKATOR, "tanggalnya belum jelas");
    assert_outcome(trial, 1, MP_OUTCOME_NONE, NULL);
    say(trial,
        VERIFIKATOR,
        "SELESAI 1 s.d. 21 November 2028\r\nGAGAL 3 data kependudukan tidak cocok");
    assert_outcome(trial, 1, MP_OUTCOME_RENEWED, "2028-11-21");
    assert_outcome(trial, 3, MP_OUTCOME_REJECTED, NULL);
    assert_step(trial, "selesai");
}

static void
test_whole_or_nothing(void **state)
{
    g_autoptr(MpTrial) trial = open_trial();
    guint mails = mp_trial_count(trial, NULL);

    (void)state;
    say(trial, KADIS, "CATAT berkas asli di meja\r\nSETUJU\r\nSETUJU SE-2026-000099");
    assert_step(trial, "disposisi");
    assert_int_equal(trial->plan->changes->len, 0);
    assert_int_equal(mp_trial_count(trial, NULL), mails + 1);
    assert_told(trial, KADIS, "permohonan SE-2026-000099 tidak ada");
    assert_told(trial, KADIS, "baris ini benar, tetapi ada baris lain yang ditolak");
    assert_false(has_action(trial, "move"));
    assert_false(has_action(trial, "event"));
}

static void
test_stale_answer(void **state)
{
    g_autoptr(MpTrial) trial = open_trial();
    g_autofree char *code = mp_trial_code(trial, KADIS);
    g_autofree char *fresh = NULL;

    (void)state;
    say_with(trial, KADIS, code, "SETUJU");
    say_with(trial, KADIS, code, "TOLAK ternyata salah");
    assert_step(trial, "tindak-lanjut");
    assert_told(trial, KADIS, "sudah berubah sejak surel yang Bapak/Ibu balas: ");
    assert_told(trial, KADIS, "menuju tahap: Menerima disposisi dan menindaklanjuti");
    assert_told(trial, KADIS, "Sekarang: Menerima disposisi dan menindaklanjuti (");
    fresh = mp_trial_code(trial, KADIS);
    assert_string_not_equal(fresh, code);
}

/* --- words that count here ---------------------------------------------------------------------
 */

static void
test_did_you_mean(void **state)
{
    g_autoptr(MpTrial) trial = open_trial();

    (void)state;
    say(trial, KADIS, "SETUJI");
    assert_told(trial, KADIS, "maksudnya SETUJU?");
    /* AJUKAN is a word of the language, but none of this step. */
    say(trial, KADIS, "AJUKN");
    {
        g_autofree char *words = last_words(trial, KADIS);

        assert_contains(words, "tidak dimengerti");
        assert_lacks(words, "maksudnya");
    }
    assert_step(trial, "disposisi");
    say(trial, KADIS, "SETUJU");
    say(trial, KABID, "TERUSKAN");
    say(trial, HELPDESK, "TERUSKAN");
    say(trial, VERIFIKATOR, "AJUKN");
    assert_told(trial, VERIFIKATOR, "maksudnya AJUKAN?");
    assert_step(trial, "terima-berkas");
}

static void
test_help(void **state)
{
    g_autoptr(MpTrial) trial = open_trial();

    (void)state;
    say(trial, KADIS, "HELP");
    assert_told(trial, KADIS, "Words you can use");
    assert_told(trial, KADIS, "TERUSKAN: passes on to the next step");
    assert_told(trial, KADIS, "Kode: ");
    assert_step(trial, "disposisi");
    say(trial, KADIS, "BANTUAN");
    assert_told(trial, KADIS, "Kata yang dapat digunakan");
    assert_told(trial, KADIS, "TERUSKAN: meneruskan ke tahap berikutnya");
    say(trial, KADIS, "?");
    assert_told(trial, KADIS, "Kata yang dapat digunakan");
    assert_step(trial, "disposisi");
}

/* --- what the public sees ----------------------------------------------------------------------
 */

static void
assert_no_outsider_sees(MpTrial *trial, const char *secret)
{
    g_autoptr(GPtrArray) mails = mp_trial_mails(trial, NULL);

    for (guint i = 0; i < mails->len; i++) {
        const MpOutboxEntry *entry = g_ptr_array_index(mails, i);
        g_autofree char *words = mp_trial_words(entry);

        if (mp_setup_any_role(trial->app.setup, entry->recipient, "2026-11-16") == NULL &&
            strstr(words, secret) != NULL)
            fail_msg("%s reads '%s'", entry->recipient, secret);
    }
}

static void
test_message(void **state)
{
    g_autoptr(MpTrial) trial = open_trial();

    (void)state;
    say(trial,
        KADIS,
        "CATAT rahasia-dapur satu\r\nLENGKAPI rahasia-dapur dua\r\n"
        "pesan: Mohon lampirkan SK terakhir.");
    assert_step(trial, "diminta");
    assert_told(trial, DISHUB, "Mohon lampirkan SK terakhir.");
    assert_no_outsider_sees(trial, "rahasia-dapur");
    assert_no_outsider_sees(trial, "LENGKAPI");
    assert_no_outsider_sees(trial, "Kode: ");
}

static void
test_notes_stay_inside(void **state)
{
    g_autoptr(MpTrial) trial = open_trial();

    (void)state;
    say(trial, KADIS, "SETUJU rahasia-dapur tiga");
    say(trial, KABID, "KEMBALIKAN rahasia-dapur empat");
    say(trial, KADIS, "ALIH sekretaris@contohkab.go.id rahasia-dapur lima");
    say(trial, "sekretaris@contohkab.go.id", "TERUSKAN rahasia-dapur enam");
    say(trial, KABID, "TERUSKAN rahasia-dapur tujuh");
    say(trial, HELPDESK, "TERUSKAN rahasia-dapur delapan");
    say(trial, VERIFIKATOR, "TERUSKAN rahasia-dapur sembilan");
    say(trial, VERIFIKATOR, "AJUKAN rahasia-dapur sepuluh");
    say(trial, VERIFIKATOR, "SELESAI s.d. 20-11-2028 rahasia-dapur sebelas");
    assert_step(trial, "selesai");
    assert_true(mp_trial_count(trial, OWNER) >= 2);
    assert_no_outsider_sees(trial, "rahasia-dapur");
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        {"COBA shows what would happen and does nothing", test_trial_run, NULL, NULL, NULL},
        {"COBA of what would be refused says so", test_trial_refused, NULL, NULL, NULL},
        {"COBA takes no case number", test_trial_takes_no_number, NULL, NULL, NULL},
        {"COBA TAUTKAN joins nothing", test_trial_of_joining, NULL, NULL, NULL},
        {"BATAL takes back one's own last command", test_undo, NULL, NULL, NULL},
        {"BATAL takes back no end", test_undo_of_an_end, NULL, NULL, NULL},
        {"SELESAI and GAGAL for one of several, with days", test_one_of_several, NULL, NULL, NULL},
        {"a mail is done whole or not at all", test_whole_or_nothing, NULL, NULL, NULL},
        {"an answer to an older version is told what changed", test_stale_answer, NULL, NULL, NULL},
        {"did you mean: only words that count here", test_did_you_mean, NULL, NULL, NULL},
        {"HELP is answered in English", test_help, NULL, NULL, NULL},
        {"pesan: is all that the applicant reads", test_message, NULL, NULL, NULL},
        {"notes of officials stay inside", test_notes_stay_inside, NULL, NULL, NULL},
    };

    return cmocka_run_group_tests_name("language", tests, NULL, NULL);
}

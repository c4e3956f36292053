/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What one hour may bring: a stolen mailbox closes only so many cases and is noticed by somebody
 * else, and no flood of letters becomes a flood of cases. Each limit at N and at N + 1. */

#include "app/demo.h"
#include "app/digest.h"
#include "support/asserts.h"
#include "support/planner.h"

#define KADIS "kadis@contohkab.go.id"
#define VERIFIKATOR "verifikator@contohkab.go.id"
#define DISHUB "dishub@contohkab.go.id"

static const char *const letter =
    "Yth. Kepala Dinas,\r\nmohon pencabutan sertifikat elektronik karena purna tugas untuk:\r\n\r\n"
    "Nama : Drs. Slamet Riyanto\r\nNIP : 19661201 199203 1 999\r\n"
    "Email : slamet.riyanto@contohkab.go.id\r\n\r\nTerima kasih.\r\n";

/* A letter of its own number from this address: taken as bytes once, then as facts with another
 * letter number, which costs a tenth. */
static void
send_letter(MpTrial *trial, const char *from, const char *auth)
{
    mp_trial_send(trial,
                  &(MpTrialMail){.from = from,
                                 .auth = auth,
                                 .subject = "Permohonan Pencabutan Sertifikat Elektronik",
                                 .text = letter});
}

static void
send_next(MpTrial *trial, guint n)
{
    MpLetter *known = trial->facts->verdict->letter;

    g_free(known->number);
    known->number = g_strdup_printf("800/%u/2026", n);
    mp_trial_plan(trial);
}

static guint
count_template(MpTrial *trial, const char *to, const char *template_)
{
    g_autoptr(GPtrArray) mails = mp_trial_mails(trial, to);
    guint n = 0;

    for (guint i = 0; i < mails->len; i++)
        n += strcmp(((const MpOutboxEntry *)mails->pdata[i])->template_, template_) == 0;
    return n;
}

static guint
n_held(MpTrial *trial)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(GPtrArray) rows =
        trial->app.store->ledger_list(trial->app.store, "quarantined", 100000, &error);

    assert_no_gerror(error);
    return rows->len;
}

/* --- T-46: cases opened ------------------------------------------------------------------------
 */

static void
test_open_per_sender(void **state)
{
    g_autoptr(MpTrial) trial = mp_trial_new("[rations]\nopen_per_sender_hour = 5\n");

    (void)state;
    send_letter(trial, DISHUB, NULL);
    for (guint i = 2; i <= 5; i++)
        send_next(trial, i);
    assert_int_equal(mp_trial_n_cases(trial), 5);
    assert_int_equal(n_held(trial), 0);
    for (guint i = 6; i <= 9; i++)
        send_next(trial, i);
    assert_int_equal(mp_trial_n_cases(trial), 5);
    assert_int_equal(n_held(trial), 4);
    assert_text(trial->plan->reason, "held: open_per_sender_hour");
    assert_true(trial->plan->is_for_quarantine);
    assert_int_equal(count_template(trial, VERIFIKATOR, "ditahan"), 1);
    /* Another office is not held up by it, and an hour later there is room again. */
    send_letter(trial, "disdik@contohkab.go.id", NULL);
    assert_int_equal(mp_trial_n_cases(trial), 6);
    mp_trial_wait(trial, 3601);
    send_letter(trial, DISHUB, NULL);
    send_next(trial, 77);
    assert_int_equal(mp_trial_n_cases(trial), 7);
}

/* What claims the office's address without proof uses up nothing of the office's own hour. */
static void
test_open_forged(void **state)
{
    g_autoptr(MpTrial) trial = mp_trial_new("[rations]\nopen_per_sender_hour = 3\n");

    (void)state;
    send_letter(trial, DISHUB, "dmarc=none header.from=contohkab.go.id");
    for (guint i = 2; i <= 5; i++)
        send_next(trial, i);
    assert_int_equal(mp_trial_n_cases(trial), 3);
    assert_text(trial->plan->reason, "held: open_per_sender_hour");
    send_letter(trial, DISHUB, NULL);
    for (guint i = 102; i <= 105; i++)
        send_next(trial, i);
    assert_int_equal(mp_trial_n_cases(trial), 6);
    assert_text(trial->plan->reason, "held: open_per_sender_hour");
}

/* A hundred tags are one mailbox, which opens and is answered as one. */
static void
test_open_tagged(void **state)
{
    g_autoptr(MpTrial) trial = mp_trial_new("[rations]\nopen_per_sender_hour = 3\n");

    (void)state;
    send_letter(trial, DISHUB, NULL);
    for (guint i = 1; i < 100; i++) {
        MpAddress *from = g_ptr_array_index(trial->facts->message->from, 0);

        g_free(from->address);
        from->address = g_strdup_printf("dishub+%u@contohkab.go.id", i);
        send_next(trial, i);
        assert_int_equal(mp_trial_n_cases(trial), MIN(i + 1, 3));
    }
    assert_int_equal(n_held(trial), 97);
}

/* A held mail that a person takes up opens its case, whatever the hour holds. */
static void
test_taken_up(void **state)
{
    g_autoptr(MpTrial) trial = mp_trial_new("[rations]\nopen_per_sender_hour = 1\n");
    g_autoptr(GError) error = NULL;
    g_autoptr(GPtrArray) rows = NULL;
    MpLedgerRow *row;

    (void)state;
    send_letter(trial, DISHUB, NULL);
    send_next(trial, 2);
    assert_int_equal(mp_trial_n_cases(trial), 1);
    rows = trial->app.store->ledger_list(trial->app.store, "quarantined", 10, &error);
    assert_no_gerror(error);
    assert_int_equal(rows->len, 1);
    row = g_ptr_array_index(rows, 0);
    mp_trial_again(trial, row);
    assert_int_equal(mp_trial_n_cases(trial), 2);
    assert_int_equal(n_held(trial), 0);
}

/* 40 domains, one of them with 30 senders, none of them proved to be the region's. */
static void
test_open_of_strangers(void **state)
{
    g_autoptr(MpTrial) trial =
        mp_trial_new("[rations]\nopen_per_domain_hour = 10\nopen_total_hour = 25\n");

    (void)state;
    for (guint i = 0; i < 30; i++) {
        g_autofree char *from = g_strdup_printf("warga%u@surat.example", i);

        send_letter(trial, from, NULL);
        assert_int_equal(mp_trial_n_cases(trial), MIN(i + 1, 10));
    }
    assert_text(trial->plan->reason, "held: open_per_domain_hour");
    for (guint i = 0; i < 40; i++) {
        g_autofree char *from = g_strdup_printf("warga@surat%u.example", i);

        send_letter(trial, from, NULL);
        assert_int_equal(mp_trial_n_cases(trial), MIN(10 + i + 1, 25));
    }
    assert_text(trial->plan->reason, "held: open_total_hour");
    assert_int_equal(count_template(trial, VERIFIKATOR, "ditahan"), 2);
    /* A proved office of the region opens its case, one that only calls itself so does not. */
    send_letter(trial, DISHUB, NULL);
    assert_int_equal(mp_trial_n_cases(trial), 26);
    send_letter(trial, "dinkes@contohkab.go.id", "dmarc=none header.from=contohkab.go.id");
    assert_int_equal(mp_trial_n_cases(trial), 26);
}

/* The hour is that of the mails' arrival: what waited for a weekend is no flood, and neither is an
 * import of last year's mail beside today's. */
static void
test_hour_of_arrival(void **state)
{
    g_autoptr(MpTrial) trial = mp_trial_new("[rations]\nopen_per_sender_hour = 2\n");

    (void)state;
    send_letter(trial, DISHUB, NULL);
    send_next(trial, 2);
    mp_trial_wait(trial, -30 * 24 * 3600);
    send_next(trial, 3);
    send_next(trial, 4);
    assert_int_equal(mp_trial_n_cases(trial), 4);
    send_next(trial, 5);
    assert_int_equal(mp_trial_n_cases(trial), 4);
}

/* Fifty thousand letters of ten thousand senders at the planner's door, with what a configuration
 * says by itself; meanwhile an official works. */
static void
test_flood_of_cases(void **state)
{
    enum { MAILS = 50000, SENDERS = 10000 };

    g_autoptr(MpTrial) trial = mp_trial_new(NULL);
    g_autoptr(MpCase) kase = NULL;
    guint n = 0;

    (void)state;
    mp_trial_open(trial);
    send_letter(trial, "warga@surat.example", NULL);
    for (guint i = 0; i < MAILS; i++) {
        MpAddress *from = g_ptr_array_index(trial->facts->message->from, 0);

        g_free(from->address);
        from->address = g_strdup_printf("warga%u@surat%u.example", i % SENDERS, i % 500);
        send_next(trial, i);
        n += trial->plan->changes->len > 0;
    }
    assert_int_equal(n + 2, mp_trial_n_cases(trial));
    assert_true(mp_trial_n_cases(trial) <= 1 + 60);
    assert_int_equal(n_held(trial), MAILS - n);
    assert_true(count_template(trial, VERIFIKATOR, "ditahan") <= 3);
    mp_trial_say(trial, KADIS, "SETUJU");
    kase = mp_trial_case(trial, TRIAL_CASE);
    assert_text(kase->step, "tindak-lanjut");
    assert_int_equal(trial->plan->mails->len, 2);
    for (guint i = 0; i < trial->plan->mails->len; i++) {
        const MpOutboxEntry *entry = ((const MpPlanMail *)trial->plan->mails->pdata[i])->entry;

        assert_int_equal(entry->state, MP_OUTBOX_QUEUED);
        assert_int_equal(entry->next_try_utc, trial->now_utc);
    }
}

/* --- T-45: a stolen mailbox --------------------------------------------------------------------
 */

enum { STOLEN = 12 };

/* Complete letters about revocations, each waiting for the head. */
static void
open_revocations(MpTrial *trial, guint n)
{
    g_autofree char *mail = mp_demo_letter_mail(
        &mp_demo_letters[3], TRIAL_OFFICE, "Mon, 16 Nov 2026 02:00:00 +0000", 900);

    mp_trial_take(trial, mail);
    for (guint i = 2; i <= n; i++)
        send_next(trial, i);
    assert_int_equal(mp_trial_n_cases(trial), n);
    assert_int_equal(mp_trial_count(trial, KADIS), n);
}

/* `STOLEN` revocations wait for the head, whose mailbox somebody else has for an hour. */
static MpTrial *
stolen(const char *more)
{
    g_autofree char *lines = g_strconcat("[rations]\nper_address_hour = 1000\n", more, NULL);
    MpTrial *trial = mp_trial_new(lines);

    open_revocations(trial, STOLEN);
    return trial;
}

static guint
n_closed(MpTrial *trial)
{
    guint n = 0;

    for (guint i = 1; i <= STOLEN; i++) {
        g_autofree char *number = g_strdup_printf("SE-2026-%06u", i);
        g_autoptr(MpCase) kase = mp_trial_case(trial, number);

        n += mp_case_state_is_closed(kase->state);
    }
    return n;
}

/* The thief answers each case's own mail, with the code in it. */
static void
refuse_all(MpTrial *trial)
{
    g_autoptr(GPtrArray) mails = mp_trial_mails(trial, KADIS);

    for (guint i = 0; i < mails->len; i++) {
        const MpOutboxEntry *entry = g_ptr_array_index(mails, i);
        const char *line = strstr(entry->mail->text, "Kode: ");
        g_autofree char *code =
            line == NULL ? NULL : g_strndup(line + 6, strcspn(line + 6, "\r\n "));
        g_autofree char *text = g_strdup_printf(
            "TOLAK semua\r\n\r\nPada Senin, Layanan <" TRIAL_OFFICE "> menulis:\r\n> Kode: %s\r\n",
            code);

        if (code == NULL)
            continue;
        mp_trial_wait(trial, 60);
        mp_trial_send(trial, &(MpTrialMail){.from = KADIS, .text = text});
    }
}

static void
test_stolen_mailbox(void **state)
{
    g_autoptr(MpTrial) trial = stolen("final_per_hour = 5\n");
    g_autoptr(GPtrArray) mails = NULL;
    g_autofree char *words = NULL;

    (void)state;
    refuse_all(trial);
    assert_int_equal(n_closed(trial), 5);
    /* Told once, at once, and not to the one whose mailbox is stolen. */
    assert_int_equal(count_template(trial, VERIFIKATOR, "batas-perintah"), 1);
    assert_int_equal(count_template(trial, KADIS, "batas-perintah"), 0);
    assert_int_equal(count_template(trial, NULL, "batas-perintah"), 1);
    mails = mp_trial_mails(trial, VERIFIKATOR);
    for (guint i = 0; i < mails->len && words == NULL; i++) {
        const MpOutboxEntry *entry = g_ptr_array_index(mails, i);

        if (strcmp(entry->template_, "batas-perintah") == 0)
            words = mp_trial_words(entry);
    }
    assert_contains(words, KADIS);
    assert_contains(words, "lebih dari 5 keputusan akhir dalam satu jam");
    /* An hour later the true owner goes on. */
    mp_trial_wait(trial, 3601);
    refuse_all(trial);
    assert_int_equal(n_closed(trial), 10);
}

/* The morning's digest allows two cases in one answer: together they are within the limit or not.
 */
static void
test_stolen_in_one_mail(void **state)
{
    static const struct {
        const char *most;
        guint closed;
    } rows[] = {{"final_per_hour = 1\n", 0}, {"final_per_hour = 2\n", 2}};

    (void)state;
    for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
        g_autoptr(MpTrial) trial = stolen(rows[i].most);
        g_autoptr(GError) error = NULL;

        mp_trial_wait(trial, 24 * 3600);
        assert_true(mp_pipeline_digest(&trial->app, &error));
        assert_no_gerror(error);
        mp_trial_say(trial, KADIS, "SE-2026-000001 TOLAK semua\r\nSE-2026-000002 TOLAK semua");
        assert_int_equal(n_closed(trial), rows[i].closed);
        assert_int_equal(count_template(trial, VERIFIKATOR, "batas-perintah"), 1 - i);
    }
}

static void
test_warned_by_watch(void **state)
{
    g_autoptr(MpTrial) trial =
        stolen("final_per_hour = 2\n[watch]\naddresses = " KADIS "; pengawas@luar.example\n");

    (void)state;
    refuse_all(trial);
    assert_int_equal(n_closed(trial), 2);
    assert_int_equal(count_template(trial, "pengawas@luar.example", "batas-perintah"), 1);
    assert_int_equal(count_template(trial, NULL, "batas-perintah"), 1);
}

/* The verifikator himself: the next role hears of it. */
static void
test_warned_beside_verifikator(void **state)
{
    g_autoptr(MpTrial) trial = mp_trial_new("[rations]\nfinal_per_hour = 1\n");

    static const struct {
        const char *official, *words;
    } moves[] = {{KADIS, "SETUJU"}, {VERIFIKATOR, "AJUKAN"}};

    (void)state;
    open_revocations(trial, 2);
    for (guint n = 1; n <= 2; n++) {
        g_autofree char *number = g_strdup_printf("SE-2026-%06u", n);

        for (gsize i = 0; i < G_N_ELEMENTS(moves); i++)
            mp_trial_confirm(trial, moves[i].official, number, moves[i].words);
        mp_trial_confirm(trial, VERIFIKATOR, number, "SELESAI");
    }
    assert_int_equal(count_template(trial, VERIFIKATOR, "batas-perintah"), 0);
    assert_int_equal(count_template(trial, NULL, "batas-perintah"), 1);
}

/* The second factor is the office's to ask for: a signature the thief does not have. */
static void
test_second_factor(void **state)
{
    g_autoptr(MpTrial) trial = mp_trial_new("level.TOLAK = signed\nlevel.SELESAI = signed\n"
                                            "[rations]\nper_address_hour = 1000\n");

    (void)state;
    open_revocations(trial, STOLEN);
    refuse_all(trial);
    assert_int_equal(n_closed(trial), 0);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        {"T-45 a stolen mailbox closes N cases in its hour and another person is warned",
         test_stolen_mailbox,
         NULL,
         NULL,
         NULL},
        {"T-45 a mail is within the limit as a whole", test_stolen_in_one_mail, NULL, NULL, NULL},
        {"T-45 who watches is warned, the stolen address is not",
         test_warned_by_watch,
         NULL,
         NULL,
         NULL},
        {"T-45 where the verifikator is stolen, another role is warned",
         test_warned_beside_verifikator,
         NULL,
         NULL,
         NULL},
        {"T-45 a signature as second factor stops the thief", test_second_factor, NULL, NULL, NULL},
        {"T-46 one sender opens N cases an hour, the rest is held and told once",
         test_open_per_sender,
         NULL,
         NULL,
         NULL},
        {"T-46 a forged sender does not hold up the true one", test_open_forged, NULL, NULL, NULL},
        {"T-05 T-46 a hundred tags of one mailbox open as one sender",
         test_open_tagged,
         NULL,
         NULL,
         NULL},
        {"T-46 a held letter that is taken up opens its case", test_taken_up, NULL, NULL, NULL},
        {"T-46 strangers' domains and all of them together",
         test_open_of_strangers,
         NULL,
         NULL,
         NULL},
        {"T-46 the hour is that of arrival", test_hour_of_arrival, NULL, NULL, NULL},
        {"T-46 fifty thousand letters of ten thousand senders",
         test_flood_of_cases,
         NULL,
         NULL,
         NULL},
    };

    return cmocka_run_group_tests_name("caps", tests, NULL, NULL);
}

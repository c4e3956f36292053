/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Addresses that take no mail (F-17): who is told, what is withheld, and what brings them back. */

#include "outgoing.h"

/* --- addresses ---------------------------------------------------------------------------------
 */

static gboolean
is_dead(MpTrial *trial, const char *address)
{
    g_autofree char *mark = mp_plan_dead_mark(address);
    g_autofree char *value = trial->app.store->mark_get(trial->app.store, mark);

    return value != NULL;
}

/* The officials answer until BSrE's turn, so that a notice to the applicant goes out. */
static void
work_until_bsre(MpTrial *trial)
{
    static const struct {
        const char *from, *word;
    } says[] = {{"kadis", "TERUSKAN"},
                {"kabid", "TERUSKAN"},
                {"helpdesk", "TERUSKAN"},
                {"verifikator", "TERUSKAN"},
                {"verifikator", "AJUKAN"}};

    g_autoptr(MpCase) kase = NULL;

    for (gsize i = 0; i < G_N_ELEMENTS(says); i++) {
        g_autofree char *from = g_strconcat(says[i].from, "@contohkab.go.id", NULL);
        g_autofree char *code = mp_trial_code(trial, from);
        g_autofree char *text = g_strdup_printf("%s\r\n\r\nPada Senin, Layanan <" TRIAL_OFFICE
                                                "> menulis:\r\n> Kode: %s\r\n",
                                                says[i].word,
                                                code);

        mp_trial_send(trial, &(MpTrialMail){.from = from, .text = text});
    }
    kase = mp_trial_case(trial, TRIAL_CASE);
    assert_text(kase->step, "bsre");
}

static char *
applicant_address(MpTrial *trial)
{
    g_autoptr(MpCase) kase = mp_trial_case(trial, TRIAL_CASE);

    return g_strdup(((const MpCaseApplicant *)kase->applicants->pdata[0])->email);
}

/* A mail of the case to that address, which the server refuses in these words. */
static void
refuse(MpTrial *trial, const char *to, const char *words)
{
    gint64 id;

    hold_waiting(trial);
    id = add_for(trial, to, TRIAL_CASE);
    mp_fake_sender_fail_at(trial->app.sender, 1, MP_SEND_REFUSED, words);
    deliver(trial);
    assert_row(trial, id, MP_OUTBOX_FAILED, 1);
}

static void
a_dead_address_gets_no_more_mail(void **state)
{
    MpTrial *trial = begin("");
    g_autofree char *applicant = NULL;
    g_autoptr(MpCase) kase = NULL;
    guint before;
    gint64 waiting;

    (void)state;
    mp_trial_open(trial);
    kase = mp_trial_case(trial, TRIAL_CASE);
    applicant = applicant_address(trial);
    refuse(trial, applicant, "550 5.1.1 User unknown");
    assert_true(is_dead(trial, applicant));
    /* The OPD is asked for another one, the verifikator is told; each once. */
    assert_int_equal(told(trial, kase->requester_address, "alamat-mati"), 1);
    assert_int_equal(told(trial, VERIFIKATOR, "gagal-kirim"), 1);
    /* What waits already is not sent, what is made later is withheld. */
    waiting = add(trial, applicant);
    before = n_tries(trial);
    deliver(trial);
    assert_row(trial, waiting, MP_OUTBOX_CANCELLED, 0);
    assert_reason(trial, waiting, "takes no mail");
    assert_int_equal(n_tries(trial), before);
    work_until_bsre(trial);
    assert_int_equal(told(trial, applicant, "menunggu-bsre"), 0);
    end(trial);
}

static void
an_owner_who_writes_has_his_address_back(void **state)
{
    MpTrial *trial = begin("");
    g_autofree char *applicant = NULL;

    (void)state;
    mp_trial_open(trial);
    applicant = applicant_address(trial);
    refuse(trial, applicant, "550 5.2.1 Mailbox disabled");
    assert_true(is_dead(trial, applicant));
    mp_trial_send(trial, &(MpTrialMail){.from = applicant, .auth = "dmarc=fail", .text = "Halo"});
    assert_true(is_dead(trial, applicant));
    mp_trial_send(trial, &(MpTrialMail){.from = applicant, .text = "Halo"});
    assert_false(is_dead(trial, applicant));
    work_until_bsre(trial);
    assert_int_equal(told(trial, applicant, "menunggu-bsre"), 1);
    end(trial);
}

/* The field of an answer to the newest mail to that address. */
static char *
in_reply_to(MpTrial *trial, const char *to)
{
    g_autoptr(GPtrArray) mails = mp_trial_mails(trial, to);
    const MpOutboxEntry *last = g_ptr_array_index(mails, mails->len - 1);

    return g_strdup_printf("In-Reply-To: <%s>\r\n", last->mail->message_id);
}

static void
a_corrected_address_gets_the_mail(void **state)
{
    MpTrial *trial = begin("");
    g_autofree char *applicant = NULL;
    g_autofree char *after = NULL;
    g_autofree char *text = NULL;
    g_autofree char *head = NULL;
    g_autoptr(MpCase) kase = NULL;
    const MpCaseApplicant *person;

    (void)state;
    mp_trial_open(trial);
    kase = mp_trial_case(trial, TRIAL_CASE);
    person = g_ptr_array_index(kase->applicants, 0);
    applicant = applicant_address(trial);
    refuse(trial, applicant, "550 5.1.1 User unknown");
    text = g_strdup_printf("Dengan hormat, berikut alamat surel yang aktif.\r\n\r\n"
                           "Nama : %s\r\nNIP : %s\r\nEmail : baru@contohkab.go.id\r\n",
                           person->name,
                           person->nip);
    head = in_reply_to(trial, kase->requester_address);
    mp_trial_send(trial,
                  &(MpTrialMail){.from = kase->requester_address,
                                 .head = head,
                                 .subject = "Re: [" TRIAL_CASE "] Mohon alamat surel yang aktif",
                                 .text = text});
    after = applicant_address(trial);
    assert_text(after, "baru@contohkab.go.id");
    work_until_bsre(trial);
    assert_int_equal(told(trial, "baru@contohkab.go.id", "menunggu-bsre"), 1);
    assert_int_equal(told(trial, applicant, "menunggu-bsre"), 0);
    end(trial);
}

static void
an_official_is_written_to_all_the_same(void **state)
{
    MpTrial *trial = begin("");
    gint64 id;

    (void)state;
    mp_trial_open(trial);
    refuse(trial, "kasi@contohkab.go.id", "550 5.1.1 User unknown");
    assert_true(is_dead(trial, "kasi@contohkab.go.id"));
    assert_int_equal(told(trial, VERIFIKATOR, "gagal-kirim"), 1);
    id = add(trial, "kasi@contohkab.go.id");
    mp_fake_sender_fail_at(trial->app.sender, 1, MP_SEND_REFUSED, "550 5.1.1 User unknown");
    deliver(trial);
    assert_row(trial, id, MP_OUTBOX_FAILED, 1);
    assert_int_equal(told(trial, VERIFIKATOR, "gagal-kirim"), 1);
    end(trial);
}

static void
a_refused_mail_is_no_dead_address(void **state)
{
    MpTrial *trial = begin("");
    g_autofree char *applicant = NULL;

    (void)state;
    mp_trial_open(trial);
    applicant = applicant_address(trial);
    refuse(trial, applicant, "554 5.7.1 Message looks like spam");
    assert_false(is_dead(trial, applicant));
    assert_int_equal(told(trial, VERIFIKATOR, "gagal-kirim"), 1);
    work_until_bsre(trial);
    assert_int_equal(told(trial, applicant, "menunggu-bsre"), 1);
    end(trial);
}

/* Several addresses of one sweep, each refused in its own words. */
static void
refuse_all(MpTrial *trial, const char *const *to, const char *const *words)
{
    hold_waiting(trial);
    for (guint i = 0; to[i] != NULL; i++) {
        (void)add_for(trial, to[i], TRIAL_CASE);
        mp_fake_sender_fail_at(trial->app.sender, i + 1, MP_SEND_REFUSED, words[i]);
    }
    deliver(trial);
}

static void
a_relay_that_refuses_all_kills_nobody(void **state)
{
    static const char *const to[] = {
        "satu@contohkab.go.id", "dua@contohkab.go.id", "tiga@contohkab.go.id", NULL};
    static const char *const relay[] = {
        "550 relay not permitted", "550 relay not permitted", "550 relay not permitted"};
    static const char *const same[] = {
        "550 5.1.1 User unknown", "550 5.1.1 User unknown", "550 5.1.1 <tiga>: User unknown"};
    MpTrial *trial = begin("");

    (void)state;
    mp_trial_open(trial);
    refuse_all(trial, to, relay);
    for (guint i = 0; to[i] != NULL; i++)
        assert_false(is_dead(trial, to[i]));
    /* The same words to two mailboxes are about neither; other words in the batch are. */
    refuse_all(trial, to, same);
    assert_false(is_dead(trial, to[0]));
    assert_false(is_dead(trial, to[1]));
    assert_true(is_dead(trial, to[2]));
    end(trial);
}

static void
two_mails_to_one_dead_address(void **state)
{
    static const char *const to[] = {"satu@contohkab.go.id", "SATU@contohkab.go.id", NULL};
    static const char *const words[] = {"550 5.1.1 User unknown", "550 5.1.1 User unknown"};
    MpTrial *trial = begin("");

    (void)state;
    mp_trial_open(trial);
    refuse_all(trial, to, words);
    assert_true(is_dead(trial, to[0]));
    end(trial);
}

/* A stranger's report about the row's mail. */
static void
report(MpTrial *trial, gint64 id, const char *action, const char *status)
{
    g_autoptr(MpOutboxEntry) entry = row_of(trial, id);
    g_autofree char *text = g_strdup_printf(
        "--RR\r\nContent-Type: text/plain\r\n\r\nTidak sampai.\r\n--RR\r\nContent-Type: "
        "message/delivery-status\r\n\r\nReporting-MTA: dns; mx.asing.example\r\n\r\n"
        "Final-Recipient: rfc822; %s\r\nAction: %s\r\nStatus: %s\r\n"
        "Diagnostic-Code: smtp; 550 %s HUBUNGI WWW.ASING.EXAMPLE\r\n\r\n"
        "--RR\r\nContent-Type: text/rfc822-headers\r\n\r\nMessage-ID: <%s>\r\n\r\n--RR--\r\n",
        entry->recipient,
        action,
        status,
        status,
        entry->mail->message_id);

    mp_trial_send(trial,
                  &(MpTrialMail){.from = "MAILER-DAEMON@mx.asing.example",
                                 .auth = "",
                                 .head = "Return-Path: <>\r\nAuto-Submitted: auto-replied\r\n",
                                 .type = "multipart/report; report-type=delivery-status; "
                                         "boundary=RR",
                                 .subject = "Undelivered Mail",
                                 .text = text});
}

static gint64
send_to(MpTrial *trial, const char *to)
{
    gint64 id = add_for(trial, to, TRIAL_CASE);

    deliver(trial);
    assert_row(trial, id, MP_OUTBOX_SENT, 1);
    return id;
}

static void
a_row_fails_once(void **state)
{
    MpTrial *trial = begin("");
    gint64 id, last_seq;

    (void)state;
    mp_trial_open(trial);
    hold_waiting(trial);
    id = send_to(trial, "satu@contohkab.go.id");
    /* A report for now comes first, as it does, and silences the last one not. */
    report(trial, id, "delayed", "4.4.1");
    assert_text(mp_ledger_state_to_string(trial->plan->end), "done");
    report(trial, id, "delayed", "4.4.1");
    assert_text(mp_ledger_state_to_string(trial->plan->end), "ignored");
    report(trial, id, "failed", "5.7.1");
    assert_text(mp_ledger_state_to_string(trial->plan->end), "done");
    {
        g_autoptr(MpCase) kase = mp_trial_case(trial, TRIAL_CASE);

        last_seq = kase->last_seq;
    }
    for (guint i = 0; i < 100; i++) {
        g_autoptr(MpCase) kase = NULL;

        report(trial, id, i % 2 == 0 ? "failed" : "delayed", i % 2 == 0 ? "5.1.1" : "4.4.1");
        assert_text(mp_ledger_state_to_string(trial->plan->end), "ignored");
        assert_int_equal(trial->plan->mails->len, 0);
        kase = mp_trial_case(trial, TRIAL_CASE);
        assert_int_equal(kase->last_seq, last_seq);
    }
    assert_int_equal(told(trial, VERIFIKATOR, "gagal-kirim"), 1);
    assert_false(is_dead(trial, "satu@contohkab.go.id"));
    end(trial);
}

static void
failures_hold_up_no_step(void **state)
{
    enum { N = 25 };

    MpTrial *trial = begin("");
    g_autoptr(GPtrArray) mails = NULL;
    g_autoptr(GError) error = NULL;
    guint count = 0, n_turns = 0;

    (void)state;
    mp_trial_open(trial);
    hold_waiting(trial);
    for (guint i = 0; i < N; i++) {
        g_autofree char *to = g_strdup_printf("orang%u@contohkab.go.id", i);

        report(trial, send_to(trial, to), "failed", "5.7.1");
    }
    assert_int_equal(told(trial, VERIFIKATOR, "gagal-kirim"), N);
    assert_true(trial->app.store->ration_count(
        trial->app.store, "to " VERIFIKATOR, trial->now_utc - G_TIME_SPAN_HOUR, &count, &error));
    assert_int_equal(count, 0);
    work_until_bsre(trial);
    mails = mp_trial_mails(trial, VERIFIKATOR);
    for (guint i = 0; i < mails->len; i++) {
        const MpOutboxEntry *entry = g_ptr_array_index(mails, i);

        if (strcmp(entry->template_, "giliran") != 0)
            continue;
        assert_true(entry->next_try_utc == entry->made_utc);
        n_turns++;
    }
    assert_true(n_turns > 0);
    end(trial);
}

int
main(void)
{
    static const struct CMUnitTest tests[] = {
        {"F-17 an address that is dead gets no more mail; OPD and verifikator are told",
         a_dead_address_gets_no_more_mail,
         NULL,
         NULL,
         NULL},
        {"F-17 an owner who proves to write has his address back",
         an_owner_who_writes_has_his_address_back,
         NULL,
         NULL,
         NULL},
        {"F-17 a corrected address gets the mail",
         a_corrected_address_gets_the_mail,
         NULL,
         NULL,
         NULL},
        {"F-17 an official is written to all the same, and told of once",
         an_official_is_written_to_all_the_same,
         NULL,
         NULL,
         NULL},
        {"F-17 a refusal of the mail is no dead address",
         a_refused_mail_is_no_dead_address,
         NULL,
         NULL,
         NULL},
        {"F-17 a relay that refuses everybody in the same words marks nobody dead",
         a_relay_that_refuses_all_kills_nobody,
         NULL,
         NULL,
         NULL},
        {"F-17 a mail fails once however many reports name it; the rest are ignored",
         a_row_fails_once,
         NULL,
         NULL,
         NULL},
        {"F-17 reports of a stranger put off no step of the verifikator",
         failures_hold_up_no_step,
         NULL,
         NULL,
         NULL},
        {"F-17 two mails of one sweep to the same dead address mark it",
         two_mails_to_one_dead_address,
         NULL,
         NULL,
         NULL},
    };

    return cmocka_run_group_tests_name("dead addresses", tests, NULL, NULL);
}

/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Addresses that take no mail (F-17): who is told, what is withheld, and what brings them back. */

#include "outgoing.h"

#include "app/plan-session.h"

/* --- addresses ---------------------------------------------------------------------------------
 */

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
    mp_trial_send(
        trial,
        &(MpTrialMail){.from = kase->requester_address,
                       .head = head,
                       .subject = "Re: [" TRIAL_CASE "] Mohon disampaikan alamat surel yang aktif",
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

static void
a_servers_words_stay_outside(void **state)
{
    MpTrial *trial = begin("");
    g_autofree char *applicant = NULL;
    g_autofree char *to_us = NULL;
    g_autofree char *to_opd = NULL;
    g_autoptr(MpCase) kase = NULL;

    (void)state;
    mp_trial_open(trial);
    kase = mp_trial_case(trial, TRIAL_CASE);
    applicant = applicant_address(trial);
    refuse(trial, applicant, "550 5.1.1 User unknown, HUBUNGI WWW.ASING.EXAMPLE");
    to_us = last_words(trial, VERIFIKATOR);
    assert_contains(to_us, "Jawaban server: 5.1.1 (alamat tidak dikenal)");
    assert_lacks(to_us, "ASING");
    to_opd = last_words(trial, kase->requester_address);
    assert_contains(to_opd, applicant);
    assert_lacks(to_opd, "ASING");
    assert_lacks(to_opd, "5.1.1");
    end(trial);
}

/* What a refused or tried line marked goes with the rest of it. */
static void
marks_are_taken_back_with_a_line(void **state)
{
    g_autoptr(MpPlan) plan = mp_plan_new();
    MpPlanning planning = {.plan = plan};
    MpSession session = {.p = &planning};
    MpPlanMark before;

    (void)state;
    mp_plan_add_mark(&planning, "before", "1");
    before = mp_plan_mark(&session);
    mp_plan_add_mark(&planning, "of the line", NULL);
    mp_plan_cut(&session, &before);
    assert_int_equal(plan->marks->len, 1);
    assert_text(((const MpMarkChange *)g_ptr_array_index(plan->marks, 0))->name, "before");
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
        {"F-17 of a server's words nothing but the status is told, and that not to the OPD",
         a_servers_words_stay_outside,
         NULL,
         NULL,
         NULL},
        {"F-17 two mails of one sweep to the same dead address mark it",
         two_mails_to_one_dead_address,
         NULL,
         NULL,
         NULL},
        {"what a line marked is taken back with it",
         marks_are_taken_back_with_a_line,
         NULL,
         NULL,
         NULL},
    };

    return cmocka_run_group_tests_name("dead addresses", tests, NULL, NULL);
}

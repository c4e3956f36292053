/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Reports about mails of ours that came back (F-17): anybody may have written them. */

#include "outgoing.h"

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
a_reports_words_stay_outside(void **state)
{
    static const char *const statuses[] = {"5.1.1", "5.0.0"};
    static const char *const wants[] = {"5.1.1 (alamat tidak dikenal)",
                                        "5.0.0 (surel ditolak oleh server)"};

    (void)state;
    for (guint i = 0; i < G_N_ELEMENTS(statuses); i++) {
        MpTrial *trial = begin("");
        g_autofree char *words = NULL;

        mp_trial_open(trial);
        hold_waiting(trial);
        report(trial, send_to(trial, "satu@contohkab.go.id"), "failed", statuses[i]);
        words = last_words(trial, VERIFIKATOR);
        assert_contains(words, wants[i]);
        assert_lacks(words, "ASING");
        end(trial);
    }
}

/* A report has no proved sender; the requester hears of the address all the same, once. */
static void
a_report_asks_for_another_address(void **state)
{
    MpTrial *trial = begin("");
    g_autofree char *applicant = NULL;
    g_autofree char *words = NULL;
    g_autoptr(MpCase) kase = NULL;
    gint64 ids[2];

    (void)state;
    mp_trial_open(trial);
    kase = mp_trial_case(trial, TRIAL_CASE);
    applicant = applicant_address(trial);
    hold_waiting(trial);
    for (guint i = 0; i < G_N_ELEMENTS(ids); i++)
        ids[i] = send_to(trial, applicant);
    for (guint i = 0; i < G_N_ELEMENTS(ids); i++)
        report(trial, ids[i], "failed", "5.1.1");
    assert_true(is_dead(trial, applicant));
    assert_int_equal(told(trial, kase->requester_address, "alamat-mati"), 1);
    words = last_words(trial, kase->requester_address);
    assert_lacks(words, "ASING");
    assert_int_equal(told(trial, "MAILER-DAEMON@mx.asing.example", "alamat-mati"), 0);
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
        {"F-17 a mail fails once however many reports name it; the rest are ignored",
         a_row_fails_once,
         NULL,
         NULL,
         NULL},
        {"F-17 of the words of a report nothing but the status is told",
         a_reports_words_stay_outside,
         NULL,
         NULL,
         NULL},
        {"F-17 a report about a dead address asks the requester for another, once",
         a_report_asks_for_another_address,
         NULL,
         NULL,
         NULL},
        {"F-17 reports of a stranger put off no step of the verifikator",
         failures_hold_up_no_step,
         NULL,
         NULL,
         NULL},
    };

    return cmocka_run_group_tests_name("returned mail", tests, NULL, NULL);
}

/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Complaints from mail to answer: a case of their own, beside the case they are about. */

#include "support/asserts.h"
#include "support/planner.h"

#define COMPLAINANT "opd.umum@contohkab.go.id"
#define OFFICER "pengaduan@contohkab.go.id"
#define HEAD "kadis@contohkab.go.id"
#define COMPLAINT "SE-2026-000002"

#define WORDS                                                                                      \
    "Yth. Layanan TTE,\r\n\r\nKami mengajukan pengaduan karena pelayanan lambat sekali dan tidak " \
    "ada kabar.\r\n\r\nTerima kasih.\r\n"

static void
complain(MpTrial *trial, const char *subject)
{
    const MpTrialMail mail = {.from = COMPLAINANT, .subject = subject, .text = WORDS};

    mp_trial_send(trial, &mail);
    assert_text(trial->facts->verdict->kind, "complaint");
}

static MpTrial *
open_trial(void)
{
    MpTrial *trial = mp_trial_new("[service pengaduan]\nsop = pengaduan.sop\n");

    mp_trial_open(trial);
    mp_trial_wait(trial, 3600);
    return trial;
}

static void
complaint_opens_a_case_beside_its_own(void **state)
{
    g_autoptr(MpTrial) trial = open_trial();
    g_autoptr(MpCase) before = mp_trial_case(trial, TRIAL_CASE);

    (void)state;
    complain(trial, "Pengaduan [" TRIAL_CASE "]");
    g_autoptr(MpCase) complaint = mp_trial_case(trial, COMPLAINT);
    g_autoptr(MpCase) after = mp_trial_case(trial, TRIAL_CASE);
    assert_text(complaint->service, "pengaduan");
    assert_text(complaint->linked_from, TRIAL_CASE);
    assert_text(complaint->step, "jawab");
    assert_text(complaint->requester_address, COMPLAINANT);
    /* Nothing of the case's clock moved; its file says so. */
    assert_text(after->step, before->step);
    assert_int_equal(after->due_utc, before->due_utc);
    assert_int_equal(after->step_since_utc, before->step_since_utc);
    assert_int_equal(after->version, before->version);
    MpStore *store = trial->app.store;
    g_autoptr(GPtrArray) events = store->case_events(store, TRIAL_CASE, NULL);
    const MpEvent *last = g_ptr_array_index(events, events->len - 1);
    assert_text(last->note, "pengaduan " COMPLAINT);
}

static void
head_and_officer_hear_of_it(void **state)
{
    g_autoptr(MpTrial) trial = open_trial();
    guint head = mp_trial_count(trial, HEAD);

    (void)state;
    complain(trial, "Pengaduan [" TRIAL_CASE "]");
    g_autoptr(GPtrArray) to_head = mp_trial_mails(trial, HEAD);
    g_autoptr(GPtrArray) to_officer = mp_trial_mails(trial, OFFICER);
    assert_int_equal(to_head->len, head + 1);
    const MpOutboxEntry *told = g_ptr_array_index(to_head, head);
    assert_text(told->template_, "pengaduan");
    assert_contains(told->mail->text, "mengenai permohonan " TRIAL_CASE);
    assert_lacks(told->mail->text, "Kode:");
    assert_int_equal(to_officer->len, 1);
    assert_text(((MpOutboxEntry *)g_ptr_array_index(to_officer, 0))->template_, "giliran");
}

static void
answer_reaches_the_complainant(void **state)
{
    g_autoptr(MpTrial) trial = open_trial();

    (void)state;
    complain(trial, "Pengaduan [" TRIAL_CASE "]");
    g_autofree char *code = mp_trial_code(trial, OFFICER);
    g_autofree char *text = g_strdup_printf(
        "SELESAI\r\npesan: Permohonan Bapak/Ibu sudah diproses hari ini.\r\n\r\n> Kode: %s\r\n",
        code);
    mp_trial_wait(trial, 3600);
    mp_trial_send(
        trial,
        &(MpTrialMail){.from = OFFICER, .subject = "Re: [" COMPLAINT "] giliran", .text = text});
    g_autoptr(MpCase) complaint = mp_trial_case(trial, COMPLAINT);
    assert_text(mp_case_state_to_string(complaint->state), "finished");
    g_autoptr(GPtrArray) mails = mp_trial_mails(trial, COMPLAINANT);
    const MpOutboxEntry *last = g_ptr_array_index(mails, mails->len - 1);
    assert_text(last->template_, "selesai");
    assert_contains(last->mail->text, "sudah diproses hari ini");
    /* The case it was about goes on as if nothing had been said. */
    g_autoptr(MpCase) about = mp_trial_case(trial, TRIAL_CASE);
    assert_false(mp_case_state_is_closed(about->state));
}

static void
second_mail_of_the_complainant_opens_no_other_case(void **state)
{
    g_autoptr(MpTrial) trial = open_trial();

    (void)state;
    complain(trial, "Pengaduan [" TRIAL_CASE "]");
    mp_trial_wait(trial, 3600);
    complain(trial, "Pengaduan lagi [" COMPLAINT "]");
    assert_int_equal(mp_trial_n_cases(trial), 2);
    assert_text(trial->plan->case_number, COMPLAINT);
}

static void
complaint_of_a_stranger_stands_alone(void **state)
{
    g_autoptr(MpTrial) trial = open_trial();
    const MpTrialMail mail = {.from = "warga@luar.example", .subject = "Pengaduan", .text = WORDS};

    (void)state;
    mp_trial_send(trial, &mail);
    g_autoptr(MpCase) complaint = mp_trial_case(trial, COMPLAINT);
    assert_null(complaint->linked_from);
    assert_text(complaint->service, "pengaduan");
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(complaint_opens_a_case_beside_its_own),
        cmocka_unit_test(head_and_officer_hear_of_it),
        cmocka_unit_test(answer_reaches_the_complainant),
        cmocka_unit_test(second_mail_of_the_complainant_opens_no_other_case),
        cmocka_unit_test(complaint_of_a_stranger_stands_alone),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

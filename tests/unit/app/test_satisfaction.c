/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Nine figures in answer to a closing notice: who may answer, once, and that nothing moves. */

#include "support/asserts.h"
#include "support/planner.h"

#define HEAD "kadis@contohkab.go.id"
#define FIGURES "4 4 3 4 4 4 3 4 4\r\n"

/* A case refused by the head an hour after it came: it has a requester and a closing notice. */
static MpTrial *
closed_trial(void)
{
    MpTrial *trial = mp_trial_new(NULL);
    g_autofree char *code = NULL;
    g_autofree char *text = NULL;

    mp_trial_open(trial);
    mp_trial_wait(trial, 3600);
    code = mp_trial_code(trial, HEAD);
    text = g_strdup_printf("TOLAK berkas ganda\r\n\r\n> Kode: %s\r\n", code);
    mp_trial_send(
        trial,
        &(MpTrialMail){.from = HEAD, .subject = "Re: [" TRIAL_CASE "] giliran", .text = text});
    mp_trial_wait(trial, 3600);
    return trial;
}

static char *
requester_of(MpTrial *trial)
{
    g_autoptr(MpCase) kase = mp_trial_case(trial, TRIAL_CASE);

    assert_true(mp_case_state_is_closed(kase->state));
    return g_strdup(kase->requester_address);
}

static void
answer(MpTrial *trial, const char *from, const char *auth, const char *head, const char *text)
{
    const MpTrialMail mail = {.from = from,
                              .auth = auth,
                              .head = head,
                              .subject = "Re: [" TRIAL_CASE "] Permohonan tidak dapat dipenuhi",
                              .text = text};

    mp_trial_send(trial, &mail);
}

static guint
count_answers(MpTrial *trial, MpEvent **last_out)
{
    MpStore *store = trial->app.store;
    g_autoptr(GPtrArray) events = store->case_events(store, TRIAL_CASE, NULL);
    guint n = 0;

    for (guint i = 0; i < events->len; i++) {
        MpEvent *event = g_ptr_array_index(events, i);

        if (strcmp(event->kind, "survey") != 0)
            continue;
        n++;
        if (last_out != NULL)
            *last_out = mp_event_copy(event);
    }
    return n;
}

static void
the_closing_notice_asks(void **state)
{
    g_autoptr(MpTrial) trial = closed_trial();
    g_autofree char *requester = requester_of(trial);
    g_autoptr(GPtrArray) mails = mp_trial_mails(trial, requester);
    const MpOutboxEntry *last = g_ptr_array_index(mails, mails->len - 1);

    (void)state;
    assert_text(last->template_, "ditolak");
    assert_contains(last->mail->text, "sembilan angka");
    assert_contains(last->mail->text, "9. Sarana dan prasarana");
    assert_contains(last->mail->html, "Penanganan pengaduan");
}

static void
an_answer_is_kept_and_moves_nothing(void **state)
{
    g_autoptr(MpTrial) trial = closed_trial();
    g_autofree char *requester = requester_of(trial);
    g_autoptr(MpCase) before = mp_trial_case(trial, TRIAL_CASE);
    g_autoptr(MpEvent) event = NULL;
    MpStore *store = trial->app.store;

    (void)state;
    answer(trial, requester, NULL, NULL, FIGURES "Petugasnya ramah, terima kasih.\r\n");
    assert_int_equal(trial->plan->end, MP_LEDGER_DONE);
    assert_text(trial->plan->case_number, TRIAL_CASE);
    assert_int_equal(count_answers(trial, &event), 1);
    assert_text(mp_event_get(event, "answers"), "443444344");
    assert_text(event->actor, "requester");
    assert_text(event->note, "Petugasnya ramah, terima kasih.");
    g_autoptr(MpCase) after = mp_trial_case(trial, TRIAL_CASE);
    assert_int_equal(after->state, before->state);
    assert_int_equal(after->version, before->version);
    assert_text(after->step, before->step);
    assert_int_equal(after->closed_utc, before->closed_utc);
    assert_int_equal(mp_trial_n_cases(trial), 1);
    /* Rebuild and chain hold with it. */
    g_autoptr(GPtrArray) differences = store->case_compare(store, NULL, NULL);
    assert_int_equal(differences->len, 0);
    gint64 broken = -1;
    g_autofree char *why = NULL;
    assert_true(store->chain_verify(store, &broken, &why, NULL));
    assert_int_equal(broken, 0);
    g_autoptr(GPtrArray) mails = mp_trial_mails(trial, requester);
    const MpOutboxEntry *thanks = g_ptr_array_index(mails, mails->len - 1);
    assert_text(thanks->template_, "survei");
    assert_contains(thanks->mail->text, "telah kami catat");
    /* The remark is the office's alone. */
    assert_lacks(thanks->mail->text, "ramah");
}

static void
a_second_answer_does_not_count(void **state)
{
    g_autoptr(MpTrial) trial = closed_trial();
    g_autofree char *requester = requester_of(trial);

    (void)state;
    answer(trial, requester, NULL, NULL, FIGURES);
    mp_trial_wait(trial, 2 * 24 * 3600);
    answer(trial, requester, NULL, NULL, "1 1 1 1 1 1 1 1 1\r\n");
    assert_int_equal(trial->plan->end, MP_LEDGER_IGNORED);
    assert_text(trial->plan->reason, "survey answered before");
    assert_int_equal(count_answers(trial, NULL), 1);
    g_autoptr(GPtrArray) mails = mp_trial_mails(trial, requester);
    const MpOutboxEntry *last = g_ptr_array_index(mails, mails->len - 1);
    assert_contains(last->mail->text, "sudah kami catat sebelumnya");
}

static void
what_is_not_understood_is_asked_back_once(void **state)
{
    g_autoptr(MpTrial) trial = closed_trial();
    g_autofree char *requester = requester_of(trial);
    guint before = mp_trial_count(trial, requester);

    (void)state;
    answer(trial, requester, NULL, NULL, "4 4 3 4 4 4 3 4\r\n");
    assert_text(trial->plan->reason, "survey not understood");
    assert_int_equal(mp_trial_count(trial, requester), before + 1);
    g_autoptr(GPtrArray) mails = mp_trial_mails(trial, requester);
    const MpOutboxEntry *asked = g_ptr_array_index(mails, mails->len - 1);
    assert_contains(asked->mail->text, "tepat sembilan angka");
    assert_contains(asked->mail->text, "9. Sarana dan prasarana");
    mp_trial_wait(trial, 2 * 24 * 3600);
    answer(trial, requester, NULL, NULL, "4 4 3 4 9 4 3 4 4\r\n");
    assert_int_equal(mp_trial_count(trial, requester), before + 1);
    assert_int_equal(count_answers(trial, NULL), 0);
    /* A good one still counts. */
    mp_trial_wait(trial, 2 * 24 * 3600);
    answer(trial, requester, NULL, NULL, FIGURES);
    assert_int_equal(count_answers(trial, NULL), 1);
}

typedef struct {
    const char *name, *from, *auth, *head, *text;
} NoVote;

static const NoVote no_votes[] = {
    {"figures of a stranger do not count", "warga@luar.example", NULL, NULL, FIGURES},
    {"figures of another office do not count", "opd.lain@contohkab.go.id", NULL, NULL, FIGURES},
    {"figures of an official do not count", "verifikator@contohkab.go.id", NULL, NULL, FIGURES},
    {"figures under a forged sender do not count",
     NULL,
     "mx.contohkab.go.id; dmarc=fail header.from=contohkab.go.id",
     NULL,
     FIGURES},
    {"figures of an automatic reply do not count",
     NULL,
     NULL,
     "Auto-Submitted: auto-replied\r\n",
     FIGURES},
    {"thanks are no answer", NULL, NULL, NULL, "Terima kasih banyak.\r\n"},
    {"figures below quoted lines are not the person's own words",
     NULL,
     NULL,
     NULL,
     "Terima kasih.\r\n\r\n> 4 4 3 4 4 4 3 4 4\r\n"},
};

static void
test_no_vote(void **state)
{
    const NoVote *row = *state;
    g_autoptr(MpTrial) trial = closed_trial();
    g_autofree char *requester = requester_of(trial);
    g_autoptr(MpCase) before = mp_trial_case(trial, TRIAL_CASE);

    answer(trial, row->from == NULL ? requester : row->from, row->auth, row->head, row->text);
    assert_int_equal(count_answers(trial, NULL), 0);
    g_autoptr(MpCase) after = mp_trial_case(trial, TRIAL_CASE);
    assert_int_equal(after->version, before->version);
    g_autoptr(GPtrArray) mails = mp_trial_mails(trial, NULL);
    for (guint i = 0; i < mails->len; i++)
        assert_true(strcmp(((MpOutboxEntry *)g_ptr_array_index(mails, i))->template_, "survei") !=
                    0);
}

static void
an_open_case_takes_no_answer(void **state)
{
    g_autoptr(MpTrial) trial = mp_trial_new(NULL);

    (void)state;
    mp_trial_open(trial);
    g_autoptr(MpCase) kase = mp_trial_case(trial, TRIAL_CASE);
    answer(trial, kase->requester_address, NULL, NULL, FIGURES);
    assert_int_equal(count_answers(trial, NULL), 0);
}

static void
an_office_that_asks_nobody_takes_no_answer(void **state)
{
    MpTrial *trial = mp_trial_new("[report]\nsurvey = no\n");
    g_autofree char *code = NULL;
    g_autofree char *text = NULL;

    (void)state;
    mp_trial_open(trial);
    mp_trial_wait(trial, 3600);
    code = mp_trial_code(trial, HEAD);
    text = g_strdup_printf("TOLAK berkas ganda\r\n\r\n> Kode: %s\r\n", code);
    mp_trial_send(
        trial,
        &(MpTrialMail){.from = HEAD, .subject = "Re: [" TRIAL_CASE "] giliran", .text = text});
    g_autofree char *requester = requester_of(trial);
    g_autoptr(GPtrArray) mails = mp_trial_mails(trial, requester);
    const MpOutboxEntry *last = g_ptr_array_index(mails, mails->len - 1);
    assert_text(last->template_, "ditolak");
    assert_lacks(last->mail->text, "sembilan angka");
    answer(trial, requester, NULL, NULL, FIGURES);
    assert_int_equal(count_answers(trial, NULL), 0);
    mp_trial_free(trial);
}

static void
figures_are_no_command_even_with_a_verb_below(void **state)
{
    g_autoptr(MpTrial) trial = closed_trial();
    g_autofree char *requester = requester_of(trial);
    g_autoptr(MpEvent) event = NULL;

    (void)state;
    answer(trial, requester, NULL, NULL, FIGURES "TERUSKAN\r\n");
    assert_int_equal(count_answers(trial, &event), 1);
    assert_text(event->note, "TERUSKAN");
    assert_int_equal(mp_trial_n_cases(trial), 1);
}

/* --- letters that look like figures --- */

typedef struct {
    const char *name, *subject, *text, *kind;
} Letter;

#define LISTED                                                                                     \
    "1. Menunggu sampai minggu ke-4\r\n2. Berkas diminta ulang 3\r\n3. Loket tutup pukul 2\r\n"    \
    "4. Telepon tidak diangkat 4\r\n5. Diterima petugas loket 1\r\n"

static const Letter letters[] = {
    {"a complaint with a numbered list is a complaint",
     "Re: [" TRIAL_CASE "] Permohonan tidak dapat dipenuhi",
     "Kami mengajukan pengaduan, karena:\r\n\r\n" LISTED "\r\nMohon ditindaklanjuti.\r\n",
     "complaint"},
    {"a complaint below nine figures is a complaint",
     "Re: [" TRIAL_CASE "] Permohonan tidak dapat dipenuhi",
     FIGURES "Kami mengajukan pengaduan karena lambat.\r\n",
     "complaint"},
    {"a withdrawal with a numbered list is a withdrawal",
     "Re: [" TRIAL_CASE "] Permohonan tidak dapat dipenuhi",
     "Kami membatalkan permohonan, karena:\r\n\r\n" LISTED,
     "withdrawal"},
};

static void
test_letter(void **state)
{
    const Letter *row = *state;
    g_autoptr(MpTrial) trial = closed_trial();
    g_autofree char *requester = requester_of(trial);
    guint before = mp_trial_count(trial, "verifikator@contohkab.go.id");

    mp_trial_send(trial,
                  &(MpTrialMail){.from = requester, .subject = row->subject, .text = row->text});
    assert_text(trial->facts->verdict->kind, row->kind);
    assert_int_equal(count_answers(trial, NULL), 0);
    assert_true(g_strcmp0(trial->plan->reason, "survey not understood") != 0);
    /* Somebody hears of a complaint. */
    if (strcmp(row->kind, "complaint") == 0)
        assert_true(mp_trial_count(trial, "verifikator@contohkab.go.id") > before);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_closing_notice_asks),
        cmocka_unit_test(an_answer_is_kept_and_moves_nothing),
        cmocka_unit_test(a_second_answer_does_not_count),
        cmocka_unit_test(what_is_not_understood_is_asked_back_once),
        cmocka_unit_test(an_open_case_takes_no_answer),
        cmocka_unit_test(an_office_that_asks_nobody_takes_no_answer),
        cmocka_unit_test(figures_are_no_command_even_with_a_verb_below),
    };

    return run_rows("no votes", no_votes, test_no_vote) +
           run_rows("letters that look like figures", letters, test_letter) +
           cmocka_run_group_tests(tests, NULL, NULL);
}

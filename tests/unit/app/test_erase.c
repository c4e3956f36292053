/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Copies of identity cards: how long they live, what goes with them, and what stays. */

#include "app/demo.h"
#include "app/pipeline-private.h"
#include "app/retention.h"
#include "support/asserts.h"
#include "support/planner.h"

#define HEAD "kadis@contohkab.go.id"
#define KABID "kabid@contohkab.go.id"
#define KASI "kasi@contohkab.go.id"
#define VERIFIKATOR "verifikator@contohkab.go.id"
#define A_DAY (24 * 3600)

/* --- an office --- */

static void
take_letter(MpTrial *trial, const char *number, guint n)
{
    MpDemoLetter letter = mp_demo_letters[0];
    g_autofree char *mail = NULL;

    letter.number = number;
    mail = mp_demo_letter_mail(&letter, TRIAL_OFFICE, "Mon, 16 Nov 2026 02:00:00 +0000", n);
    mp_trial_take(trial, mail);
}

/* The archive as the pipeline would have left it; what stands in an entry is of no matter here. */
static void
fill_archive(MpTrial *trial, const char *number)
{
    MpStore *store = trial->app.store;
    g_autoptr(GPtrArray) entries = store->case_entries(store, number, NULL);
    g_autoptr(GBytes) bytes = g_bytes_new_static("x", 1);

    for (guint i = 0; i < entries->len; i++)
        assert_true(store->archive_put(store, g_ptr_array_index(entries, i), bytes, 0, NULL));
    assert_true(store->archive_commit(store, NULL));
}

static MpTrial *
open_trial(const char *more)
{
    MpTrial *trial = mp_trial_new(more);

    take_letter(trial, "800/1123/2026", 900);
    fill_archive(trial, TRIAL_CASE);
    return trial;
}

/* All that is on its way has gone. */
static void
send_all(MpTrial *trial)
{
    MpStore *store = trial->app.store;
    g_autoptr(GPtrArray) mails = mp_trial_mails(trial, NULL);

    assert_true(store->begin(store, NULL));
    for (guint i = 0; i < mails->len; i++) {
        MpOutboxEntry *entry = g_ptr_array_index(mails, i);

        if (entry->state != MP_OUTBOX_QUEUED)
            continue;
        entry->state = MP_OUTBOX_SENDING;
        assert_true(store->outbox_move(store, entry, MP_OUTBOX_QUEUED, NULL));
        entry->state = MP_OUTBOX_SENT;
        entry->sent_utc = trial->now_utc;
        assert_true(store->outbox_move(store, entry, MP_OUTBOX_SENDING, NULL));
    }
    assert_true(store->commit(store, NULL));
}

static void
say(MpTrial *trial, const char *who, const char *words)
{
    g_autofree char *code = mp_trial_code(trial, who);
    g_autofree char *text = g_strdup_printf("%s\r\n\r\n> Kode: %s\r\n", words, code);

    mp_trial_wait(trial, 60);
    mp_trial_send(
        trial,
        &(MpTrialMail){.from = who, .subject = "Re: [" TRIAL_CASE "] giliran", .text = text});
}

static void
assert_step(MpTrial *trial, const char *step)
{
    g_autoptr(MpCase) kase = mp_trial_case(trial, TRIAL_CASE);

    assert_text(kase->step, step);
}

static void
walk_to_verification(MpTrial *trial)
{
    say(trial, HEAD, "SETUJU");
    say(trial, KABID, "SETUJU");
    assert_step(trial, "verifikasi");
}

static void
walk_behind_the_check(MpTrial *trial)
{
    walk_to_verification(trial);
    say(trial, KASI, "SETUJU");
    assert_step(trial, "rekomendasi");
    say(trial, VERIFIKATOR, "AJUKAN");
    assert_step(trial, "akun");
}

static void
next_day(MpTrial *trial)
{
    g_autoptr(GError) error = NULL;

    mp_trial_wait(trial, A_DAY);
    assert_true(mp_pipeline_erase(&trial->app, &error));
    assert_no_gerror(error);
}

static const MpCaseDocument *
ktp_of(const MpCase *kase)
{
    for (guint i = 0; i < kase->documents->len; i++) {
        const MpCaseDocument *document = g_ptr_array_index(kase->documents, i);

        if (strcmp(document->kind, "ktp") == 0)
            return document;
    }
    fail_msg("the case has no ktp");
    return NULL;
}

static gboolean
has_entry(MpTrial *trial, const char *name)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(GBytes) bytes = trial->app.store->archive_get(trial->app.store, name, &error);

    return bytes != NULL || !g_error_matches(error, MP_ERROR, MP_ERROR_INPUT);
}

static gboolean
is_kept(MpTrial *trial)
{
    g_autoptr(MpCase) kase = mp_trial_case(trial, TRIAL_CASE);

    return ktp_of(kase)->sha256 != NULL;
}

/* --- how long --- */

static void
copy_goes_once_no_step_needs_it(void **state)
{
    g_autoptr(MpTrial) trial = open_trial(NULL);
    g_autoptr(MpCase) before = mp_trial_case(trial, TRIAL_CASE);
    g_autofree char *entry = g_strconcat("doc/", ktp_of(before)->sha256, NULL);

    (void)state;
    walk_to_verification(trial);
    send_all(trial);
    next_day(trial);
    assert_true(is_kept(trial));
    assert_true(has_entry(trial, entry));
    say(trial, KASI, "SETUJU");
    send_all(trial);
    next_day(trial);
    assert_true(is_kept(trial));
    say(trial, VERIFIKATOR, "AJUKAN");
    send_all(trial);
    next_day(trial);
    assert_false(is_kept(trial));
    assert_false(has_entry(trial, entry));
}

static void
copy_waits_for_mail_that_carries_it(void **state)
{
    g_autoptr(MpTrial) trial = open_trial(NULL);

    (void)state;
    walk_behind_the_check(trial);
    next_day(trial);
    assert_true(is_kept(trial));
    send_all(trial);
    next_day(trial);
    assert_false(is_kept(trial));
}

static void
copy_waits_for_another_open_case(void **state)
{
    g_autoptr(MpTrial) trial = open_trial(NULL);

    (void)state;
    walk_behind_the_check(trial);
    take_letter(trial, "800/1124/2026", 901);
    assert_int_equal(mp_trial_n_cases(trial), 2);
    send_all(trial);
    next_day(trial);
    assert_true(is_kept(trial));
}

static void
copy_of_a_refused_case_goes(void **state)
{
    g_autoptr(MpTrial) trial = open_trial(NULL);

    (void)state;
    say(trial, HEAD, "TOLAK bukan kewenangan kami");
    send_all(trial);
    next_day(trial);
    assert_false(is_kept(trial));
}

static void
office_may_keep_it_with_the_case(void **state)
{
    g_autoptr(MpTrial) trial = open_trial("[retention]\nerase_ktp = with-case\n");

    (void)state;
    walk_behind_the_check(trial);
    send_all(trial);
    next_day(trial);
    assert_true(is_kept(trial));
}

/* A case that ran out takes its papers up again; for a month they are still there. */
static void
expired_case_keeps_it_for_a_month(void **state)
{
    g_autoptr(MpTrial) trial = open_trial(NULL);
    g_autoptr(MpCase) kase = mp_trial_case(trial, TRIAL_CASE);
    const MpSop *sop = mp_setup_sop_by_id(trial->app.setup, kase->sop);

    (void)state;
    g_free(kase->step);
    kase->step = g_strdup("kedaluwarsa");
    kase->state = MP_CASE_EXPIRED;
    kase->closed_utc = trial->now_utc;
    assert_false(mp_erase_is_due(sop, kase, trial->now_utc + 30 * G_TIME_SPAN_DAY));
    assert_true(mp_erase_is_due(sop, kase, trial->now_utc + 30 * G_TIME_SPAN_DAY + 1));
}

static void
open_case_of_an_unknown_procedure_keeps_it(void **state)
{
    g_autoptr(MpTrial) trial = open_trial(NULL);
    g_autoptr(MpCase) kase = mp_trial_case(trial, TRIAL_CASE);

    (void)state;
    assert_false(mp_erase_is_due(NULL, kase, trial->now_utc));
}

/* --- what goes, what stays --- */

static void
mail_goes_too_and_the_ledger_says_so(void **state)
{
    g_autoptr(MpTrial) trial = open_trial(NULL);
    MpStore *store = trial->app.store;
    g_autoptr(GError) error = NULL;
    g_autoptr(MpLedgerRow) before = store->ledger_get(store, 1, &error);
    g_autoptr(MpCase) kase = mp_trial_case(trial, TRIAL_CASE);
    const MpCaseDocument *letter = g_ptr_array_index(kase->documents, 0);
    g_autofree char *entry = g_strconcat("doc/", letter->sha256, NULL);

    (void)state;
    assert_no_gerror(error);
    assert_true(has_entry(trial, before->archive_name));
    walk_behind_the_check(trial);
    send_all(trial);
    next_day(trial);
    assert_false(has_entry(trial, before->archive_name));
    assert_true(has_entry(trial, entry));
    g_autoptr(MpLedgerRow) after = store->ledger_get(store, 1, &error);
    assert_no_gerror(error);
    assert_text(after->sha256, before->sha256);
    assert_text(after->content_hash, before->content_hash);
    assert_text(after->reason, "[dimusnahkan] ktp");
    assert_true(mp_retention_is_erased(after));
    assert_int_equal(after->state, MP_LEDGER_DONE);
}

static void
events_say_it_and_the_chain_is_whole(void **state)
{
    g_autoptr(MpTrial) trial = open_trial(NULL);
    MpStore *store = trial->app.store;
    g_autoptr(GError) error = NULL;
    g_autofree char *why = NULL;
    gint64 broken = -1;

    (void)state;
    walk_behind_the_check(trial);
    send_all(trial);
    next_day(trial);
    g_autoptr(GPtrArray) events = store->case_events(store, TRIAL_CASE, &error);
    const MpEvent *last = g_ptr_array_index(events, events->len - 1);
    assert_text(last->kind, "erased");
    assert_text(mp_event_get(last, "kind"), "ktp");
    assert_true(store->chain_verify(store, &broken, &why, &error));
    assert_int_equal(broken, 0);
    g_autoptr(GPtrArray) differences = store->case_compare(store, NULL, &error);
    assert_int_equal(differences->len, 0);
    assert_true(store->begin(store, NULL));
    assert_true(store->case_rebuild(store, NULL, &error));
    assert_true(store->commit(store, NULL));
    assert_false(is_kept(trial));
    /* Nothing is left to do. */
    guint n = events->len;
    next_day(trial);
    g_autoptr(GPtrArray) again = store->case_events(store, TRIAL_CASE, &error);
    assert_int_equal(again->len, n);
}

/* After a death between store and archive the next day ends it. */
static void
erasing_is_taken_up_again(void **state)
{
    g_autoptr(MpTrial) trial = open_trial(NULL);
    MpStore *store = trial->app.store;
    g_autoptr(GPtrArray) entries = g_ptr_array_new();

    (void)state;
    g_ptr_array_add(entries, (gpointer) "uji/1.eml");
    assert_true(has_entry(trial, "uji/1.eml"));
    assert_true(store->begin(store, NULL));
    assert_true(mp_purge_leave(&trial->app, entries, NULL));
    assert_true(store->commit(store, NULL));
    assert_true(has_entry(trial, "uji/1.eml"));
    next_day(trial);
    assert_false(has_entry(trial, "uji/1.eml"));
}

/* What another process left meanwhile is not forgotten. */
static void
two_lists_of_entries_are_both_erased(void **state)
{
    g_autoptr(MpTrial) trial = open_trial(NULL);
    MpStore *store = trial->app.store;
    g_autofree char *hash = g_strnfill(64, 'b');
    g_autofree char *other = g_strconcat("doc/", hash, NULL);
    g_autoptr(GBytes) bytes = g_bytes_new_static("x", 1);
    g_autoptr(GPtrArray) one = g_ptr_array_new();
    g_autoptr(GPtrArray) two = g_ptr_array_new();

    (void)state;
    g_ptr_array_add(one, (gpointer) "uji/1.eml");
    g_ptr_array_add(two, other);
    assert_true(store->archive_put(store, other, bytes, 0, NULL));
    assert_true(store->archive_commit(store, NULL));
    assert_true(has_entry(trial, other));
    assert_true(store->begin(store, NULL));
    assert_true(mp_purge_leave(&trial->app, one, NULL));
    assert_true(mp_purge_leave(&trial->app, two, NULL));
    assert_true(store->commit(store, NULL));
    assert_true(mp_purge_resume(&trial->app, NULL));
    assert_false(has_entry(trial, "uji/1.eml"));
    assert_false(has_entry(trial, other));
}

/* Killed between the store's commit and the archive: meanwhile nothing uses the one entry, and a
 * case uses the other again. */
static void
test_resume_keeps_what_is_used(void **state)
{
    g_autoptr(MpTrial) trial = open_trial(NULL);
    MpStore *store = trial->app.store;
    g_autoptr(MpCase) kase = mp_trial_case(trial, TRIAL_CASE);
    const MpCaseDocument *used = g_ptr_array_index(kase->documents, 0);
    g_autofree char *used_entry = g_strconcat("doc/", used->sha256, NULL);
    g_autofree char *other = g_strnfill(64, 'a');
    g_autofree char *other_entry = g_strconcat("doc/", other, NULL);
    g_autoptr(GPtrArray) entries = g_ptr_array_new();
    g_autoptr(GBytes) bytes = g_bytes_new_static("x", 1);
    g_autoptr(GError) kept = NULL;
    g_autoptr(GError) gone = NULL;

    (void)state;
    assert_true(store->archive_put(store, other_entry, bytes, 0, NULL));
    assert_true(store->archive_commit(store, NULL));
    g_ptr_array_add(entries, used_entry);
    g_ptr_array_add(entries, other_entry);
    assert_true(store->begin(store, NULL));
    assert_true(mp_purge_leave(&trial->app, entries, NULL));
    assert_true(store->commit(store, NULL));
    assert_true(mp_purge_resume(&trial->app, NULL));
    /* What is there has other content than its name says, what is not there has none. */
    assert_null(store->archive_get(store, used_entry, &kept));
    assert_gerror(kept, MP_ERROR_STORAGE);
    assert_null(store->archive_get(store, other_entry, &gone));
    assert_gerror(gone, MP_ERROR_INPUT);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        {"F-01 what is used again is not destroyed by a purge that died",
         test_resume_keeps_what_is_used,
         NULL,
         NULL,
         NULL},
        cmocka_unit_test(copy_goes_once_no_step_needs_it),
        cmocka_unit_test(copy_waits_for_mail_that_carries_it),
        cmocka_unit_test(copy_waits_for_another_open_case),
        cmocka_unit_test(copy_of_a_refused_case_goes),
        cmocka_unit_test(office_may_keep_it_with_the_case),
        cmocka_unit_test(expired_case_keeps_it_for_a_month),
        cmocka_unit_test(open_case_of_an_unknown_procedure_keeps_it),
        cmocka_unit_test(mail_goes_too_and_the_ledger_says_so),
        cmocka_unit_test(events_say_it_and_the_chain_is_whole),
        cmocka_unit_test(erasing_is_taken_up_again),
        cmocka_unit_test(two_lists_of_entries_are_both_erased),
    };

    return cmocka_run_group_tests_name("copies of identity cards", tests, NULL, NULL);
}

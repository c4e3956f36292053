/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Reports of an office that works: what the pipeline keeps for them when a case closes. */

#include "app/evaluation.h"
#include "support/asserts.h"
#include "support/planner.h"

#define REQUESTER "opd.umum@contohkab.go.id"
#define HEAD "kadis@contohkab.go.id"

static char *
csv_of(MpTrial *trial)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(MpReport) report = mp_evaluation_new(&trial->app, "2026-11-01", "2026-11-30", &error);

    assert_non_null(report);
    assert_true(mp_evaluation_count(report, &trial->app, &error));
    assert_no_gerror(error);
    return mp_report_to_csv(report);
}

/* A case refused by the head an hour after it came. */
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
    g_autoptr(MpCase) kase = mp_trial_case(trial, TRIAL_CASE);
    assert_text(mp_case_state_to_string(kase->state), "refused");
    return trial;
}

typedef gboolean (*Act)(MpTrial *trial, GError **error);

static void
in_store(MpTrial *trial, Act act)
{
    g_autoptr(GError) error = NULL;
    MpStore *store = trial->app.store;

    assert_true(store->begin(store, &error));
    assert_true(act(trial, &error));
    assert_true(store->commit(store, &error));
    assert_no_gerror(error);
}

/* As a store of before there were lines. */
static gboolean
forget_line(MpTrial *trial, GError **error)
{
    MpStore *store = trial->app.store;
    g_autoptr(MpCase) kase = mp_trial_case(trial, TRIAL_CASE);

    kase->state = MP_CASE_OPEN;
    if (!store->case_save(store, kase, NULL, error))
        return FALSE;
    return store->case_rebuild(store, TRIAL_CASE, error);
}

static gboolean
refill(MpTrial *trial, GError **error)
{
    guint written = 0;

    if (!mp_evaluation_refill(&trial->app, &written, error))
        return FALSE;
    assert_int_equal(written, 1);
    return TRUE;
}

static void
a_case_that_closes_leaves_its_line(void **state)
{
    g_autoptr(MpTrial) trial = closed_trial();
    MpStore *store = trial->app.store;
    g_autoptr(GPtrArray) missing = store->closing_missing(store, "", NULL);

    (void)state;
    assert_int_equal(missing->len, 0);
}

static void
a_report_says_the_same_by_lines_and_by_events(void **state)
{
    g_autoptr(MpTrial) trial = closed_trial();
    MpStore *store = trial->app.store;
    g_autofree char *by_line = csv_of(trial);

    (void)state;
    in_store(trial, forget_line);
    g_autoptr(GPtrArray) missing = store->closing_missing(store, "", NULL);
    assert_int_equal(missing->len, 1);
    g_autofree char *by_events = csv_of(trial);
    assert_text(by_events, by_line);
    assert_contains(by_line, "layanan,pembaruan");
    in_store(trial, refill);
    g_autofree char *refilled = csv_of(trial);
    assert_text(refilled, by_line);
}

static void
an_open_case_is_counted_from_its_events(void **state)
{
    g_autoptr(MpTrial) trial = mp_trial_new(NULL);

    (void)state;
    mp_trial_open(trial);
    mp_trial_wait(trial, 3600);
    g_autofree char *csv = csv_of(trial);
    assert_contains(csv, "pemegang,,,,Kepala Dinas");
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_case_that_closes_leaves_its_line),
        cmocka_unit_test(a_report_says_the_same_by_lines_and_by_events),
        cmocka_unit_test(an_open_case_is_counted_from_its_events),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The report by mail: after the period, on a working day, once, whatever the clock does. */

#include "app/evaluation.h"
#include "support/asserts.h"
#include "support/planner.h"

#define HEAD "kadis@contohkab.go.id"

/* Looks as the service does, at an instant of the office's clock (+07:00). */
static void
look_at(MpTrial *trial, const char *when)
{
    g_autoptr(GTimeZone) zone = g_time_zone_new_offset(7 * 3600);
    g_autoptr(GDateTime) at = g_date_time_new_from_iso8601(when, zone);
    g_autoptr(GError) error = NULL;

    trial->now_utc = g_date_time_to_unix(at) * G_USEC_PER_SEC;
    mp_clock_set(trial->app.clock, trial->now_utc);
    assert_true(mp_pipeline_evaluation(&trial->app, &error));
    assert_no_gerror(error);
}

static guint
reports_to(MpTrial *trial, const char *address, const MpOutboxEntry **last_out, GPtrArray **keep)
{
    GPtrArray *mails = mp_trial_mails(trial, address);
    guint n = 0;

    for (guint i = 0; i < mails->len; i++) {
        const MpOutboxEntry *entry = g_ptr_array_index(mails, i);

        if (g_strcmp0(entry->template_, "laporan") != 0)
            continue;
        n++;
        if (last_out != NULL)
            *last_out = entry;
    }
    if (keep != NULL)
        *keep = mails;
    else
        g_ptr_array_unref(mails);
    return n;
}

static guint
count_reports(MpTrial *trial)
{
    return reports_to(trial, NULL, NULL, NULL);
}

static char *
document_text(MpTrial *trial, const MpOutboxDocument *document)
{
    g_autofree char *name = g_strconcat("doc/", document->sha256, NULL);
    g_autoptr(GError) error = NULL;
    g_autoptr(GBytes) content = trial->app.store->archive_get(trial->app.store, name, &error);
    gsize length = 0;
    const char *bytes;

    assert_no_gerror(error);
    bytes = g_bytes_get_data(content, &length);
    assert_int_equal(length, document->bytes);
    return g_strndup(bytes, length);
}

static void
a_month_is_sent_on_the_next_working_day(void **state)
{
    MpTrial *trial = mp_trial_new("[report]\nschedule = monthly\ntime = 09:30\n");

    (void)state;
    look_at(trial, "2026-10-20T09:00:00");
    look_at(trial, "2026-10-31T23:59:59");
    /* The first of November is a Sunday. */
    look_at(trial, "2026-11-01T10:00:00");
    look_at(trial, "2026-11-02T09:29:59");
    assert_int_equal(count_reports(trial), 0);
    look_at(trial, "2026-11-02T09:30:00");
    assert_int_equal(count_reports(trial), 1);
    mp_trial_free(trial);
}

static void
page_and_table_go_with_it_and_name_no_person(void **state)
{
    MpTrial *trial = mp_trial_new("[report]\nschedule = quarterly\n");
    const MpOutboxEntry *entry = NULL;
    GPtrArray *mails = NULL;

    (void)state;
    mp_trial_open(trial);
    look_at(trial, "2026-11-16T09:10:00");
    look_at(trial, "2027-01-04T09:30:00");
    assert_int_equal(reports_to(trial, HEAD, &entry, &mails), 1);
    assert_contains(entry->mail->subject, "1 Oktober 2026 sampai dengan 31 Desember 2026");
    assert_contains(entry->mail->text, "permohonan masuk: 1");
    assert_lacks(entry->mail->text, "Kode:");
    assert_int_equal(entry->documents->len, 2);
    const MpOutboxDocument *page = g_ptr_array_index(entry->documents, 0);
    const MpOutboxDocument *table = g_ptr_array_index(entry->documents, 1);
    assert_text(page->filename, "laporan-2026-12-31.html");
    assert_text(page->type, "text/html");
    assert_text(table->filename, "laporan-2026-12-31.csv");
    g_autofree char *html = document_text(trial, page);
    g_autofree char *csv = document_text(trial, table);
    assert_contains(html, "Periode 1 Oktober 2026 sampai dengan 31 Desember 2026");
    assert_contains(csv, "layanan,pembaruan");
    g_autoptr(MpCase) kase = mp_trial_case(trial, TRIAL_CASE);
    const MpCaseApplicant *applicant = g_ptr_array_index(kase->applicants, 0);
    assert_lacks(html, applicant->name);
    assert_lacks(csv, applicant->name);
    assert_lacks(html, kase->requester_address);
    g_ptr_array_unref(mails);
    mp_trial_free(trial);
}

static void
a_period_is_sent_once_over_restarts_and_clock_jumps(void **state)
{
    MpTrial *trial = mp_trial_new("[report]\nschedule = quarterly\n");

    (void)state;
    look_at(trial, "2026-11-16T09:00:00");
    look_at(trial, "2027-01-04T09:00:00");
    assert_int_equal(count_reports(trial), 1);
    look_at(trial, "2027-01-04T09:00:01");
    look_at(trial, "2027-01-05T12:00:00");
    assert_int_equal(count_reports(trial), 1);
    /* Back before the end of the year, and over it again. */
    look_at(trial, "2026-12-30T09:00:00");
    look_at(trial, "2027-01-04T10:00:00");
    assert_int_equal(count_reports(trial), 1);
    /* Three years ahead by mistake: that period's report goes out, and no other is swallowed. */
    look_at(trial, "2030-02-01T10:00:00");
    assert_int_equal(count_reports(trial), 2);
    look_at(trial, "2027-04-01T10:00:00");
    assert_int_equal(count_reports(trial), 3);
    mp_trial_free(trial);
}

static void
a_schedule_that_is_new_sends_no_old_period(void **state)
{
    MpTrial *trial = mp_trial_new("[report]\nschedule = monthly\n");

    (void)state;
    look_at(trial, "2026-11-16T09:00:00");
    look_at(trial, "2026-11-17T09:00:00");
    assert_int_equal(count_reports(trial), 0);
    look_at(trial, "2026-12-01T09:00:00");
    assert_int_equal(count_reports(trial), 1);
    mp_trial_free(trial);
}

static void
a_first_look_by_a_clock_ahead_is_forgotten(void **state)
{
    MpTrial *trial = mp_trial_new("[report]\nschedule = monthly\n");

    (void)state;
    look_at(trial, "2030-02-01T10:00:00");
    look_at(trial, "2026-11-16T09:00:00");
    look_at(trial, "2026-12-01T09:00:00");
    assert_int_equal(count_reports(trial), 1);
    mp_trial_free(trial);
}

static void
late_is_better_than_never(void **state)
{
    MpTrial *trial = mp_trial_new("[report]\nschedule = monthly\n");

    (void)state;
    look_at(trial, "2026-11-16T09:00:00");
    look_at(trial, "2026-12-20T22:00:00");
    assert_int_equal(count_reports(trial), 1);
    mp_trial_free(trial);
}

static void
recipients_take_the_heads_place(void **state)
{
    MpTrial *trial =
        mp_trial_new("[report]\nschedule = monthly\n"
                     "recipients = bupati@contohkab.go.id; inspektorat@contohkab.go.id\n");

    (void)state;
    look_at(trial, "2026-11-16T09:00:00");
    look_at(trial, "2026-12-01T09:00:00");
    assert_int_equal(count_reports(trial), 2);
    assert_int_equal(reports_to(trial, HEAD, NULL, NULL), 0);
    assert_int_equal(reports_to(trial, "bupati@contohkab.go.id", NULL, NULL), 1);
    mp_trial_free(trial);
}

static void
an_empty_period_says_so(void **state)
{
    MpTrial *trial = mp_trial_new("[report]\nschedule = monthly\n");
    const MpOutboxEntry *entry = NULL;
    GPtrArray *mails = NULL;

    (void)state;
    look_at(trial, "2026-11-16T09:00:00");
    look_at(trial, "2026-12-01T09:00:00");
    assert_int_equal(reports_to(trial, HEAD, &entry, &mails), 1);
    assert_contains(entry->mail->text, "Tidak ada permohonan yang masuk");
    g_ptr_array_unref(mails);
    mp_trial_free(trial);
}

static void
without_a_schedule_nothing_is_sent(void **state)
{
    MpTrial *trial = mp_trial_new(NULL);

    (void)state;
    look_at(trial, "2026-11-16T09:00:00");
    look_at(trial, "2027-01-04T12:00:00");
    assert_int_equal(count_reports(trial), 0);
    assert_int_equal(mp_evaluation_next(&trial->app), 0);
    mp_trial_free(trial);
}

/* --- beside other processes --- */

static MpStore real;
static gboolean is_inside;
static guint n_counts;

static gboolean
watched_begin(MpStore *store, GError **error)
{
    is_inside = real.begin(store, error);
    return is_inside;
}

static gboolean
watched_commit(MpStore *store, GError **error)
{
    is_inside = FALSE;
    return real.commit(store, error);
}

static gboolean
watched_walk(MpStore *store,
             gint64 from_utc,
             gint64 until_utc,
             MpClosingFunc func,
             gpointer data,
             GError **error)
{
    assert_false(is_inside);
    n_counts++;
    return real.closing_walk(store, from_utc, until_utc, func, data, error);
}

/* Delivery waits for the store no longer than it takes to write mails and a mark. */
static void
nobody_waits_while_it_is_counted(void **state)
{
    MpTrial *trial = mp_trial_new("[report]\nschedule = monthly\n");
    MpStore *store = trial->app.store;

    (void)state;
    look_at(trial, "2026-11-16T09:00:00");
    real = *store;
    n_counts = 0;
    store->begin = watched_begin;
    store->commit = watched_commit;
    store->closing_walk = watched_walk;
    look_at(trial, "2026-12-01T09:00:00");
    assert_int_equal(n_counts, 1);
    assert_int_equal(count_reports(trial), 1);
    mp_trial_free(trial);
}

/* As if another process had sent it while this one counted. */
static gboolean
late_begin(MpStore *store, GError **error)
{
    return real.begin(store, error) &&
           store->mark_set(store, "report-sent 2026-11-01 2026-11-30", "2026-12-01", error);
}

static void
what_was_sent_meanwhile_is_not_sent_again(void **state)
{
    MpTrial *trial = mp_trial_new("[report]\nschedule = monthly\n");
    MpStore *store = trial->app.store;

    (void)state;
    look_at(trial, "2026-11-16T09:00:00");
    real = *store;
    store->begin = late_begin;
    look_at(trial, "2026-12-01T09:00:00");
    assert_int_equal(count_reports(trial), 0);
    mp_trial_free(trial);
}

static void
the_service_wakes_for_it(void **state)
{
    MpTrial *trial = mp_trial_new("[report]\nschedule = monthly\ntime = 10:00\n");
    g_autofree char *at = NULL;

    (void)state;
    look_at(trial, "2026-10-20T09:00:00");
    at = mp_calendar_format(trial->app.setup->calendar, mp_evaluation_next(&trial->app));
    assert_text(at, "Senin, 2 November 2026 pukul 10.00 WIB");
    mp_trial_free(trial);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_month_is_sent_on_the_next_working_day),
        cmocka_unit_test(page_and_table_go_with_it_and_name_no_person),
        cmocka_unit_test(a_period_is_sent_once_over_restarts_and_clock_jumps),
        cmocka_unit_test(a_schedule_that_is_new_sends_no_old_period),
        cmocka_unit_test(a_first_look_by_a_clock_ahead_is_forgotten),
        cmocka_unit_test(late_is_better_than_never),
        cmocka_unit_test(recipients_take_the_heads_place),
        cmocka_unit_test(an_empty_period_says_so),
        cmocka_unit_test(without_a_schedule_nothing_is_sent),
        cmocka_unit_test(nobody_waits_while_it_is_counted),
        cmocka_unit_test(what_was_sent_meanwhile_is_not_sent_again),
        cmocka_unit_test(the_service_wakes_for_it),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Cases that walked through real procedures, counted: what came in, ended, took how long, waits. */
#include "letters.h"

static int
set_up(void **state)
{
    *state = office_new();
    return 0;
}

static int
tear_down(void **state)
{
    office_free(*state);
    return 0;
}

static MpReport *
november(Office *office, const char *now)
{
    g_autoptr(GError) error = NULL;
    MpReport *report = office_report(office, "2026-11-01", "2026-11-30", now, &error);

    assert_no_gerror(error);
    return report;
}

static const MpReportService *
only_service(const MpReport *report)
{
    assert_int_equal(report->services->len, 1);
    return g_ptr_array_index(report->services, 0);
}

static const MpReportStep *
step_named(const MpReport *report, const char *id)
{
    for (guint i = 0; i < report->steps->len; i++) {
        const MpReportStep *step = g_ptr_array_index(report->steps, i);

        if (strcmp(step->step, id) == 0)
            return step;
    }
    fail_msg("no step '%s'", id);
    return NULL;
}

/* --- counting --- */

static void
test_in_time_share(void **state)
{
    Office *office = *state;
    g_autoptr(MpReport) report = november(office, "2026-11-30T09:00:00");
    const MpReportService *service;
    const MpReportStep *step;

    /* The SOP gives the head 15 minutes, the upload 15 too: both took it from 13.00 at the most. */
    report_take(report, office_revocation(office, "Dinas A", "2026-11-16", "T08:10:00"));
    report_take(report, office_revocation(office, "Dinas A", "2026-11-17", "T08:15:00"));
    report_take(report, office_revocation(office, "Dinas A", "2026-11-18", "T08:16:00"));
    service = only_service(report);
    assert_int_equal(service->received, 3);
    assert_int_equal(service->finished, 3);
    assert_int_equal(service->judged, 3);
    assert_int_equal(service->in_time, 0);
    step = step_named(report, "rekomendasi");
    assert_int_equal(step->limit, 15);
    assert_int_equal(step->used.n, 3);
    assert_int_equal(step->in_time, 2);
    assert_int_equal(mp_tally_percentile(&step->used, 50), 15);
    assert_int_equal(mp_tally_percentile(&step->used, 90), 16);
    step = step_named(report, "unggah");
    assert_int_equal(step->in_time, 0);
    step = step_named(report, "bsre");
    assert_int_equal(step->kind, MP_TIME_ELAPSED);
    assert_int_equal(step->in_time, 3);
    assert_int_equal(mp_tally_max(&step->used), 60);
}

static void
test_whole_case_in_time(void **state)
{
    Office *office = *state;
    g_autoptr(MpReport) report = november(office, "2026-11-30T09:00:00");
    Told *told = office_letter(office, office->revocation, "Dinas A", "2026-11-16T08:00:00");

    told_say(told, "SETUJU", "kepala-dinas", "2026-11-16T08:15:00");
    told_say(told, "AJUKAN", "verifikator", "2026-11-16T08:30:00");
    told_say(told, "SELESAI", "verifikator", "2026-11-17T08:00:00");
    report_take(report, told);
    assert_int_equal(only_service(report)->judged, 1);
    assert_int_equal(only_service(report)->in_time, 1);
    /* Half an hour in the office; BSrE's day is not the office's. */
    assert_int_equal(mp_tally_max(&only_service(report)->office_minutes), 30);
}

static void
test_refused(void **state)
{
    Office *office = *state;
    g_autoptr(MpReport) report = november(office, "2026-11-30T09:00:00");
    Told *told = office_letter(office, office->revocation, "Dinas A", "2026-11-16T08:00:00");
    const MpReportOpd *opd;

    told_say(told, "TOLAK", "kepala-dinas", "2026-11-16T08:05:00");
    report_take(report, told);
    assert_int_equal(only_service(report)->refused, 1);
    assert_int_equal(only_service(report)->finished, 0);
    assert_int_equal(only_service(report)->open, 0);
    opd = g_ptr_array_index(report->opds, 0);
    assert_text(opd->name, "Dinas A");
    assert_int_equal(opd->refused, 1);
}

static void
test_open(void **state)
{
    Office *office = *state;
    g_autoptr(MpReport) report = november(office, "2026-11-30T09:00:00");
    const MpReportHolder *holder;
    const MpReportOpen *oldest;

    report_take(report,
                office_letter(office, office->revocation, "Dinas A", "2026-11-26T08:00:00"));
    report_take(report,
                office_letter(office, office->revocation, "Dinas B", "2026-10-01T08:00:00"));
    assert_int_equal(only_service(report)->received, 1);
    assert_int_equal(only_service(report)->open, 2);
    assert_int_equal(only_service(report)->overdue, 2);
    assert_int_equal(report->holders->len, 1);
    holder = g_ptr_array_index(report->holders, 0);
    assert_text(holder->role, "kepala-dinas");
    assert_int_equal(holder->ages[1], 1);
    assert_int_equal(holder->ages[MP_AGES - 1], 1);
    oldest = g_ptr_array_index(report->oldest, 0);
    assert_text(oldest->number, "SE-2026-000002");
    assert_int_equal(oldest->days, 60);
}

/* --- the edges of a period --- */

static void
test_before_and_after(void **state)
{
    Office *office = *state;
    g_autoptr(MpReport) report = november(office, "2026-12-31T09:00:00");

    report_take(report, office_revocation(office, "Dinas A", "2026-10-30", "T08:10:00"));
    report_take(report, office_revocation(office, "Dinas A", "2026-12-01", "T08:10:00"));
    assert_true(mp_report_is_empty(report));
    report_take(report, office_revocation(office, "Dinas A", "2026-11-30", "T08:10:00"));
    assert_false(mp_report_is_empty(report));
    assert_int_equal(only_service(report)->finished, 1);
}

/* Closed in December: in November's report it still stands open, with the holder it had then. */
static void
test_as_it_stood(void **state)
{
    Office *office = *state;
    g_autoptr(MpReport) report = november(office, "2026-12-31T09:00:00");
    Told *told = office_letter(office, office->revocation, "Dinas A", "2026-11-30T08:00:00");
    const MpReportHolder *holder;

    told_say(told, "SETUJU", "kepala-dinas", "2026-11-30T08:10:00");
    told_say(told, "AJUKAN", "verifikator", "2026-12-01T08:10:00");
    told_say(told, "SELESAI", "verifikator", "2026-12-02T08:10:00");
    assert_int_equal(told->kase->state, MP_CASE_FINISHED);
    report_take(report, told);
    assert_int_equal(only_service(report)->finished, 0);
    assert_int_equal(only_service(report)->open, 1);
    holder = g_ptr_array_index(report->holders, 0);
    assert_text(holder->role, "verifikator");
    assert_int_equal(step_named(report, "unggah")->open, 1);
    assert_int_equal(step_named(report, "unggah")->used.n, 0);
}

static void
test_unknown_procedure(void **state)
{
    Office *office = *state;
    g_autoptr(MpReport) report = november(office, "2026-11-30T09:00:00");
    Told *told = office_revocation(office, "Dinas A", "2026-11-16", "T08:10:00");
    g_autoptr(GError) error = NULL;

    assert_true(mp_report_add(report, told->kase, told->events, NULL, office->calendar, &error));
    assert_no_gerror(error);
    assert_int_equal(only_service(report)->finished, 1);
    assert_int_equal(only_service(report)->judged, 0);
    assert_int_equal(report->steps->len, 0);
    told_free(told);
}

static void
test_broken_events(void **state)
{
    Office *office = *state;
    g_autoptr(MpReport) report = november(office, "2026-11-30T09:00:00");
    Told *told = office_revocation(office, "Dinas A", "2026-11-16", "T08:10:00");
    g_autoptr(GError) error = NULL;

    g_ptr_array_remove_index(told->events, 0);
    assert_false(
        mp_report_add(report, told->kase, told->events, told->sop, office->calendar, &error));
    assert_gerror(error, MP_ERROR_INPUT);
    assert_true(mp_report_is_empty(report));
    told_free(told);
}

/* --- bounds --- */

static void
test_opds_bound(void **state)
{
    Office *office = *state;
    g_autoptr(MpReport) report = november(office, "2026-11-30T09:00:00");

    for (guint i = 0; i < 1003; i++) {
        g_autofree char *name = g_strdup_printf("Dinas %u", i);

        mp_report_find_opd(report, name)->received++;
        /* A thousand names, and one row for all that come after. */
        assert_int_equal(report->opds->len, MIN(i + 1, 1001));
    }
    const MpReportOpd *rest = g_ptr_array_index(report->opds, 1000);
    assert_text(rest->name, "Lainnya");
    assert_int_equal(rest->received, 3);
}

static void
test_oldest_bound(void **state)
{
    Office *office = *state;
    g_autoptr(MpReport) report = november(office, "2026-11-30T09:00:00");

    for (guint i = 0; i < 21; i++) {
        g_autofree char *day = g_strdup_printf("2026-11-%02uT08:00:00", 2 + i % 20);

        report_take(report, office_letter(office, office->revocation, "Dinas A", day));
        assert_int_equal(report->oldest->len, MIN(i + 1, 20));
    }
    assert_int_equal(only_service(report)->open, 21);
    for (guint i = 1; i < report->oldest->len; i++) {
        const MpReportOpen *before = g_ptr_array_index(report->oldest, i - 1);
        const MpReportOpen *here = g_ptr_array_index(report->oldest, i);

        assert_true(before->days >= here->days);
    }
}

/* --- texts --- */

static void
test_empty(void **state)
{
    g_autoptr(MpReport) report = november(*state, "2026-11-30T09:00:00");
    g_autofree char *html = mp_report_to_html(report);
    g_autofree char *csv = mp_report_to_csv(report);
    g_autofree char *text = mp_report_to_text(report);

    assert_contains(html, "Tidak ada permohonan yang masuk, ditutup, maupun masih terbuka");
    assert_lacks(html, "<svg");
    assert_true(g_str_has_prefix(csv, "bagian,layanan,"));
    assert_true(strchr(csv, '\n') == csv + strlen(csv) - 1);
    assert_contains(text, "no case came in, was closed or stood open in this period");
}

static void
test_nobody_is_named(void **state)
{
    static const char *const secrets[] = {"Rangga",
                                          "rangga.prasetya",
                                          "umum@",
                                          "Bagian Umum",
                                          "199002142015021999",
                                          "3399011402900001",
                                          "081200001122",
                                          "800/1/2026"};
    Office *office = *state;
    g_autoptr(MpReport) report = november(office, "2026-11-30T09:00:00");

    report_take(report,
                office_letter(
                    office, office->revocation, "Dinas 199002142015021999", "2026-11-26T08:00:00"));
    report_take(report, office_revocation(office, "Rangga Prasetya", "2026-11-16", "T08:10:00"));
    g_autofree char *html = mp_report_to_html(report);
    g_autofree char *csv = mp_report_to_csv(report);
    g_autofree char *text = mp_report_to_text(report);

    for (gsize i = 0; i < G_N_ELEMENTS(secrets); i++) {
        assert_lacks(html, secrets[i]);
        assert_lacks(csv, secrets[i]);
        assert_lacks(text, secrets[i]);
    }
    assert_contains(html, "Tidak tercatat");
}

static void
test_needs_nothing(void **state)
{
    Office *office = *state;
    g_autoptr(MpReport) report = november(office, "2026-11-30T09:00:00");

    report_take(report, office_revocation(office, "Dinas A", "2026-11-16", "T08:10:00"));
    g_autofree char *html = mp_report_to_html(report);

    assert_lacks(html, "<script");
    assert_lacks(html, "http:");
    assert_lacks(html, "https:");
    assert_lacks(html, "src=");
    assert_lacks(html, "url(");
    assert_contains(html, "default-src 'none'");
    assert_contains(html, "@media print");
}

/* --- escaping, by rows --- */

typedef struct {
    const char *name, *unit, *cell, *html;
} EscapeRow;

static const EscapeRow escape_rows[] = {
    {"a plain name", "Dinas A", ",Dinas A,", "<td>Dinas A</td>"},
    {"a comma", "Dinas A, B", ",\"Dinas A, B\",", "<td>Dinas A, B</td>"},
    {"a semicolon", "Dinas A; B", ",\"Dinas A; B\",", "<td>Dinas A; B</td>"},
    {"quotes", "Dinas \"A\"", ",\"Dinas \"\"A\"\"\",", "<td>Dinas &quot;A&quot;</td>"},
    {"a line end", "Dinas\r\nA", ",Dinas A,", "<td>Dinas A</td>"},
    {"a formula", "=1+1", ",\"'=1+1\",", "<td>=1+1</td>"},
    {"a formula behind a blank", " =1+1", ",\"'=1+1\",", "<td>=1+1</td>"},
    {"a formula behind a tab", "\t=1+1", ",\"'=1+1\",", "<td>=1+1</td>"},
    {"a plus", "+62", ",\"'+62\",", "<td>+62</td>"},
    {"a minus", "-A", ",\"'-A\",", "<td>-A</td>"},
    {"an at sign is no office", "@SUM(1)", ",Tidak tercatat,", "<td>Tidak tercatat</td>"},
    {"a formula with quotes",
     "=HYPERLINK(\"x\")",
     ",\"'=HYPERLINK(\"\"x\"\")\",",
     "<td>=HYPERLINK(&quot;x&quot;)</td>"},
    {"a tag", "<b>Dinas</b>", ",<b>Dinas</b>,", "<td>&lt;b&gt;Dinas&lt;/b&gt;</td>"},
    {"an ampersand", "A & B", ",A & B,", "<td>A &amp; B</td>"},
    {"an apostrophe", "Jum'at", ",Jum'at,", "<td>Jum&apos;at</td>"},
    {"text that runs backwards",
     "A\xe2\x80\xae"
     "B",
     ",AB,",
     "<td>AB</td>"},
};

static void
test_escape(void **state)
{
    const EscapeRow *row = *state;
    Office *office = office_new();
    g_autoptr(MpReport) report = november(office, "2026-11-30T09:00:00");

    report_take(report,
                office_letter(office, office->revocation, row->unit, "2026-11-26T08:00:00"));
    g_autofree char *html = mp_report_to_html(report);
    g_autofree char *csv = mp_report_to_csv(report);

    assert_contains(csv, row->cell);
    assert_contains(html, row->html);
    office_free(office);
}

#define TEST(function) cmocka_unit_test_setup_teardown(function, set_up, tear_down)

int
main(void)
{
    const struct CMUnitTest tests[] = {TEST(test_in_time_share),
                                       TEST(test_whole_case_in_time),
                                       TEST(test_refused),
                                       TEST(test_open),
                                       TEST(test_before_and_after),
                                       TEST(test_as_it_stood),
                                       TEST(test_unknown_procedure),
                                       TEST(test_broken_events),
                                       TEST(test_opds_bound),
                                       TEST(test_oldest_bound),
                                       TEST(test_empty),
                                       TEST(test_nobody_is_named),
                                       TEST(test_needs_nothing)};
    int failed = run_rows("escaping", escape_rows, test_escape);

    return cmocka_run_group_tests_name("report", tests, NULL, NULL) + failed;
}

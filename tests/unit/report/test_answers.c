/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What citizens said, in numbers: the survey's index and its grade, complaints apart. */
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
november(Office *office)
{
    g_autoptr(GError) error = NULL;
    MpReport *report =
        office_report(office, "2026-11-01", "2026-11-30", "2026-11-30T09:00:00", &error);

    assert_no_gerror(error);
    return report;
}

typedef struct {
    const char *name;
    guint64 figures, n;
    guint want;
} Index;

static const Index indexes[] = {
    {"index of nothing is nought", 0, 0, 0},
    {"all ones are 25,00", 9, 9, 2500},
    {"all fours are 100,00", 36, 9, 10000},
    {"a third is rounded down", 10, 3, 8333},
    {"two thirds are rounded up", 11, 3, 9167},
};

static void
test_index(void **state)
{
    const Index *row = *state;

    assert_int_equal(mp_report_index(row->figures, row->n), row->want);
}

static void
test_answers(void **state)
{
    g_autoptr(MpReport) report = november(*state);
    const MpReportService *service;

    assert_true(mp_report_is_empty(report));
    mp_report_add_answer(report, "pencabutan", "444444443");
    mp_report_add_answer(report, "pencabutan", "222222221");
    assert_false(mp_report_is_empty(report));
    service = g_ptr_array_index(report->services, 0);
    assert_int_equal(service->n_answers, 2);
    assert_int_equal(report->figures[0], 6);
    assert_int_equal(report->figures[8], 4);
    g_autofree char *html = mp_report_to_html(report);
    g_autofree char *csv = mp_report_to_csv(report);
    assert_contains(html, "Indeks kepuasan <b>72,22</b> dari 100 berdasarkan 2 jawaban");
    assert_contains(html, "mutu layanan <b>C</b> (kurang baik)");
    assert_contains(csv, "survei,,,,,,,,,,,,,2,,,,,,,,72.22,C");
}

static void
test_no_answers(void **state)
{
    Office *office = *state;
    g_autoptr(MpReport) report = november(office);

    report_take(report, office_revocation(office, "Dinas A", "2026-11-16", "T08:10:00"));
    g_autofree char *html = mp_report_to_html(report);
    assert_contains(html, "Tidak ada jawaban survei dalam periode ini.");
    assert_contains(html, "Tidak ada pengaduan dalam periode ini.");
}

static const char *const bad[] = {"", "4444", "4444444444", "444444445", "04444444x"};

static void
test_bad_answers(void **state)
{
    g_autoptr(MpReport) report = november(*state);

    for (gsize i = 0; i < G_N_ELEMENTS(bad); i++)
        mp_report_add_answer(report, "pencabutan", bad[i]);
    assert_int_equal(report->n_answers, 0);
    assert_true(mp_report_is_empty(report));
}

/* A complaint is nobody's application. */
static void
test_complaints(void **state)
{
    Office *office = *state;
    g_autoptr(MpReport) report = november(office);

    report_take(report, office_letter(office, office->complaint, "Dinas A", "2026-11-16T08:00:00"));
    report_take(report, office_revocation(office, "Dinas A", "2026-11-16", "T08:10:00"));
    g_autofree char *html = mp_report_to_html(report);
    assert_contains(html, "<div><b>1</b>permohonan masuk</div>");
    assert_contains(html, "<div><b>1</b>pengaduan masuk</div>");
    assert_contains(html, "<td>Masih terbuka</td><td class=\"n\">1</td>");
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_answers, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_no_answers, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_bad_answers, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_complaints, set_up, tear_down),
    };

    return run_rows("indexes", indexes, test_index) + cmocka_run_group_tests(tests, NULL, NULL);
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A closed case counted by its line must count as it does by its events. */
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

static const MpSop *
sop_by_id(gconstpointer data, const char *id)
{
    const Office *office = data;

    if (strcmp(id, office->revocation->id) == 0)
        return office->revocation;
    return strcmp(id, office->registration->id) == 0 ? office->registration : NULL;
}

static MpReport *
make_report(Office *office, const char *from, const char *to)
{
    const MpReportOffice words = {.office_name = "Dinas Contoh",
                                  .service_name = "Layanan Sertifikat Elektronik",
                                  .calendar = office->calendar,
                                  .sop_by_id = sop_by_id,
                                  .sop_data = office};
    g_autoptr(GError) error = NULL;
    MpReport *report =
        mp_report_new(&words, from, to, walk_time(office->calendar, "2026-12-31T09:00:00"), &error);

    assert_no_gerror(error);
    return report;
}

static char *
close_line(const Told *told)
{
    return mp_report_close_line(told->kase, told->events, told->sop, told->office->calendar);
}

/* Counts in both ways, as the store tells it, and forgets the case: what closed after the period is
 * told by its events alone. */
static void
take_twice(MpReport *by_events, MpReport *by_lines, Told *told)
{
    g_autofree char *line = close_line(told);
    g_autoptr(GError) error = NULL;

    assert_non_null(line);
    if (told->kase->closed_utc < by_lines->until_utc)
        assert_true(mp_report_add_line(by_lines, line, &error));
    else
        assert_true(mp_report_add(
            by_lines, told->kase, told->events, told->sop, told->office->calendar, &error));
    assert_no_gerror(error);
    report_take(by_events, told);
}

static Told *
refused(Office *office, const char *unit)
{
    Told *told = office_letter(office, office->revocation, unit, "2026-11-17T08:00:00");

    told_say(told, "TOLAK", "kepala-dinas", "2026-11-17T08:05:00");
    return told;
}

typedef struct {
    const char *name, *from, *to;
} Period;

static const Period periods[] = {
    {"line counts like events: all in the period", "2026-11-01", "2026-11-30"},
    {"line counts like events: opened before the period", "2026-11-17", "2026-11-17"},
    {"line counts like events: one day of many", "2026-11-16", "2026-11-16"},
    {"line counts like events: nothing in the period", "2026-09-01", "2026-09-30"},
};

static void
test_same(void **state)
{
    const Period *row = *state;
    Office *office = office_new();
    g_autoptr(MpReport) by_events = make_report(office, row->from, row->to);
    g_autoptr(MpReport) by_lines = make_report(office, row->from, row->to);
    Told *slow = office_letter(office, office->revocation, "Dinas B", "2026-11-12T08:00:00");

    take_twice(
        by_events, by_lines, office_revocation(office, "Dinas A", "2026-11-16", "T08:10:00"));
    take_twice(
        by_events, by_lines, office_revocation(office, "Dinas A", "2026-11-17", "T08:40:00"));
    take_twice(by_events,
               by_lines,
               office_revocation(office, "Rangga Prasetya", "2026-11-17", "T08:20:00"));
    take_twice(by_events, by_lines, refused(office, "Kecamatan Mawar"));
    told_say(slow, "SETUJU", "kepala-dinas", "2026-11-16T10:00:00");
    told_say(slow, "AJUKAN", "verifikator", "2026-11-17T08:30:00");
    told_say(slow, "SELESAI", "verifikator", "2026-11-17T15:00:00");
    take_twice(by_events, by_lines, slow);
    g_autofree char *want = mp_report_to_csv(by_events);
    g_autofree char *got = mp_report_to_csv(by_lines);
    g_autofree char *want_page = mp_report_to_html(by_events);
    g_autofree char *got_page = mp_report_to_html(by_lines);

    assert_text(got, want);
    assert_text(got_page, want_page);
    office_free(office);
}

static void
test_no_person(void **state)
{
    Office *office = *state;
    Told *told = office_revocation(office, "Dinas A", "2026-11-16", "T08:10:00");
    g_autofree char *line = close_line(told);

    assert_contains(line, "Dinas A");
    assert_lacks(line, "Rangga");
    assert_lacks(line, "199002");
    assert_lacks(line, "3399");
    assert_lacks(line, "@");
    told_free(told);
}

static void
test_open_has_none(void **state)
{
    Office *office = *state;
    Told *told = office_letter(office, office->revocation, "Dinas A", "2026-11-16T08:00:00");

    assert_null(close_line(told));
    told_free(told);
}

static void
test_unknown_procedure(void **state)
{
    Office *office = *state;
    g_autoptr(MpReport) report = make_report(office, "2026-11-01", "2026-11-30");
    Told *told = office_revocation(office, "Dinas A", "2026-11-16", "T08:10:00");
    g_autofree char *line = mp_report_close_line(told->kase, told->events, NULL, office->calendar);
    const MpReportService *service;

    assert_true(mp_report_add_line(report, line, NULL));
    service = g_ptr_array_index(report->services, 0);
    assert_int_equal(service->finished, 1);
    assert_int_equal(service->judged, 0);
    assert_int_equal(service->office_minutes.n, 0);
    assert_int_equal(report->steps->len, 0);
    told_free(told);
}

typedef struct {
    const char *name, *line;
} BadLine;

static const BadLine bad_lines[] = {
    {"line that is empty is refused", ""},
    {"line of another version is refused", "2\ta\tb\tfinished\t1\t2\t1\t1\t0\t5\tx\t"},
    {"line with a field too few is refused", "1\ta\tb\tfinished\t1\t2\t1\t1\t0\t5\t"},
    {"line with a field too many is refused", "1\ta\tb\tfinished\t1\t2\t1\t1\t0\t5\tx\t\t"},
    {"line of an unknown state is refused", "1\ta\tb\tdone\t1\t2\t1\t1\t0\t5\tx\t"},
    {"line with a broken step is refused",
     "1\ta\tb\tfinished\t1\t1795410000000000\t1\t1\t0\t5\tx\tstep:12"},
};

static void
test_bad_line(void **state)
{
    const BadLine *row = *state;
    Office *office = office_new();
    g_autoptr(MpReport) report = make_report(office, "2026-11-01", "2026-11-30");
    g_autoptr(GError) error = NULL;

    assert_false(mp_report_add_line(report, row->line, &error));
    assert_gerror(error, MP_ERROR_INPUT);
    assert_true(mp_report_is_empty(report));
    office_free(office);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_no_person, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_open_has_none, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_unknown_procedure, set_up, tear_down),
    };

    return run_rows("periods", periods, test_same) +
           run_rows("bad lines", bad_lines, test_bad_line) +
           cmocka_run_group_tests(tests, NULL, NULL);
}

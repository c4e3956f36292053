/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Days, weeks, and which periods are none. */
#include "office.h"

/* --- weeks --- */

typedef struct {
    const char *name, *day, *monday;
} WeekRow;

static const WeekRow week_rows[] = {
    {"a Monday begins its own week", "2026-11-16", "2026-11-16"},
    {"a Friday", "2026-11-20", "2026-11-16"},
    {"a Sunday ends the week", "2026-11-22", "2026-11-16"},
    {"New Year's Day is in the old year's week", "2027-01-01", "2026-12-28"},
    {"the last day of a year in the new year's week", "2024-12-31", "2024-12-30"},
    {"the day after a leap day", "2028-03-01", "2028-02-28"},
};

static void
test_week(void **state)
{
    const WeekRow *row = *state;
    g_autofree char *monday = mp_report_iso_day(mp_report_monday(mp_report_julian(row->day)));

    assert_text(monday, row->monday);
}

/* --- days --- */

typedef struct {
    const char *name, *day;
    gboolean is_day;
} DayRow;

static const DayRow day_rows[] = {
    {"a day", "2026-11-20", TRUE},
    {"a leap day", "2028-02-29", TRUE},
    {"no leap day", "2027-02-29", FALSE},
    {"a thirteenth month", "2026-13-01", FALSE},
    {"day nought", "2026-11-00", FALSE},
    {"as officials write it", "20-11-2026", FALSE},
    {"without its noughts", "2026-1-1", FALSE},
    {"letters", "2026-1x-01", FALSE},
    {"with a time", "2026-11-20T", FALSE},
    {"nothing", "", FALSE},
    {"no text", NULL, FALSE},
};

static void
test_day(void **state)
{
    const DayRow *row = *state;

    assert_int_equal(mp_report_julian(row->day) != 0, row->is_day);
}

/* --- periods --- */

typedef struct {
    const char *name, *from, *to, *why; /* why NULL = fine */
    guint n_weeks;
} PeriodRow;

static const PeriodRow period_rows[] = {
    {"one day is one week", "2026-11-18", "2026-11-18", NULL, 1},
    {"Sunday and Monday are two weeks", "2026-11-22", "2026-11-23", NULL, 2},
    {"a quarter", "2026-10-01", "2026-12-31", NULL, 14},
    {"over the end of a year", "2026-12-28", "2027-01-10", NULL, 2},
    {"ten years", "2020-01-01", "2029-12-31", NULL, 523},
    {"ten years and a day", "2020-01-01", "2030-01-01", "longer than ten years", 0},
    {"backwards", "2026-11-20", "2026-11-19", "ends before it begins", 0},
    {"from no day", "kemarin", "2026-11-19", "YYYY-MM-DD", 0},
    {"to no day", "2026-11-19", NULL, "YYYY-MM-DD", 0},
};

static void
test_period(void **state)
{
    const PeriodRow *row = *state;
    Office *office = office_new();
    g_autoptr(GError) error = NULL;
    g_autoptr(MpReport) report =
        office_report(office, row->from, row->to, "2026-11-20T09:00:00", &error);

    if (row->why != NULL) {
        assert_null(report);
        assert_gerror(error, MP_ERROR_INPUT);
        assert_contains(error->message, row->why);
    } else {
        assert_no_gerror(error);
        assert_int_equal(report->n_weeks, row->n_weeks);
    }
    office_free(office);
}

int
main(void)
{
    return run_rows("weeks", week_rows, test_week) + run_rows("days", day_rows, test_day) +
           run_rows("periods", period_rows, test_period);
}

/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Working time held against a brute-force counter that looks at every minute, over random calendars
 * in the three zones; and the dates of 2026 that a clerk would check first. */

#include "walk.h"

#define HOURS "mon-thu 08:00-12:00,13:00-15:45; fri 08:00-11:00"

/* --- examples --- */

typedef struct {
    const char *name;
    const char *zone;
    const char *hours;
    const char *from;
    gint64 minutes;
    const char *want;
} Sum;

static const Sum sums[] = {
    {"inside a morning",
     "Asia/Jakarta",
     HOURS,
     "2026-11-18T09:14",
     15,
     "2026-11-18T09:29:00+07:00"},
    {"over the break", "Asia/Jakarta", HOURS, "2026-11-18T11:50", 15, "2026-11-18T13:05:00+07:00"},
    {"up to the closing bell, not over it",
     "Asia/Jakarta",
     HOURS,
     "2026-11-18T11:50",
     10,
     "2026-11-18T12:00:00+07:00"},
    {"over a weekend", "Asia/Jakarta", HOURS, "2026-11-20T10:50", 15, "2026-11-23T08:05:00+07:00"},
    {"after closing begins the next working minute",
     "Asia/Jayapura",
     HOURS,
     "2026-11-20T16:05",
     15,
     "2026-11-23T08:15:00+09:00"},
    {"over Lebaran with its cuti bersama",
     "Asia/Makassar",
     HOURS,
     "2026-03-17T15:40",
     15,
     "2026-03-25T08:10:00+08:00"},
    {"over Christmas", "Asia/Jakarta", HOURS, "2026-12-23T15:40", 15, "2026-12-28T08:10:00+07:00"},
    {"round the clock",
     "Asia/Jakarta",
     "mon-sun 00:00-24:00",
     "2026-11-18T23:50",
     20,
     "2026-11-19T00:10:00+07:00"},
};

static void
test_sum(void **state)
{
    const Sum *row = *state;
    MpCalendar *calendar = walk_calendar(row->zone, row->hours);
    gint64 from = walk_time(calendar, row->from);
    gint64 got = mp_calendar_add_minutes(calendar, from, row->minutes);
    g_autofree char *text = mp_calendar_format_rfc3339(calendar, got);

    assert_text(text, row->want);
    assert_int_equal(mp_calendar_minutes_between(calendar, from, got), row->minutes);
    mp_calendar_free(calendar);
}

typedef struct {
    const char *name;
    const char *from;
    int days;
    const char *want;
} Days;

static const Days days[] = {
    {"the day after is day one", "2026-11-18T09:14", 1, "2026-11-19T15:45:00+07:00"},
    {"a mail after closing counts as received the next working day",
     "2026-11-18T16:05",
     1,
     "2026-11-20T11:00:00+07:00"},
    {"five days over a weekend", "2026-11-18T09:14", 5, "2026-11-25T15:45:00+07:00"},
    {"day none is the day itself", "2026-11-18T09:14", 0, "2026-11-18T15:45:00+07:00"},
    {"from a holiday", "2026-12-25T09:00", 1, "2026-12-29T15:45:00+07:00"},
};

static void
test_days(void **state)
{
    const Days *row = *state;
    MpCalendar *calendar = walk_calendar("Asia/Jakarta", HOURS);
    g_autofree char *text = mp_calendar_format_rfc3339(
        calendar, mp_calendar_add_days(calendar, walk_time(calendar, row->from), row->days));

    assert_text(text, row->want);
    mp_calendar_free(calendar);
}

static void
test_words(void **state G_GNUC_UNUSED)
{
    MpCalendar *calendar = walk_calendar("Asia/Makassar", HOURS);
    gint64 at = walk_time(calendar, "2026-11-20T09:14");
    g_autofree char *whole = mp_calendar_format(calendar, at);
    g_autofree char *day = mp_calendar_format_day(calendar, at);
    g_autofree char *iso = mp_calendar_today(calendar, at);
    g_autofree char *spelt = mp_calendar_format_iso_day("2028-02-29");
    g_autofree char *kept = mp_calendar_format_iso_day("2027-02-29");

    assert_text(whole, "Jumat, 20 November 2026 pukul 09.14 WITA");
    assert_text(day, "Jumat, 20 November 2026");
    assert_text(iso, "2026-11-20");
    assert_text(spelt, "29 Februari 2028");
    assert_text(kept, "2027-02-29");
    assert_true(mp_calendar_has_year(calendar, 2026));
    assert_false(mp_calendar_has_year(calendar, 2027));
    assert_true(mp_calendar_day_start(calendar, "2026-13-01") == 0);
    mp_calendar_free(calendar);
}

static void
test_closed_for_good(void **state G_GNUC_UNUSED)
{
    g_autoptr(GTimeZone) zone = g_time_zone_new_identifier("Asia/Jakarta");
    g_autoptr(MpCalendar) calendar = mp_calendar_new(zone, "mon 08:00-09:00", NULL);
    g_autoptr(GString) holidays = g_string_new(NULL);
    gint64 at = mp_calendar_day_start(calendar, "2026-01-01");
    GDate date;

    g_date_clear(&date, 1);
    g_date_set_dmy(&date, 1, G_DATE_JANUARY, 2026);
    for (guint i = 0; i < 800; i++, g_date_add_days(&date, 1)) {
        g_string_append_printf(holidays,
                               "%04d-%02d-%02d\tlibur\tLibur\tuji\n",
                               g_date_get_year(&date),
                               (int)g_date_get_month(&date),
                               g_date_get_day(&date));
    }
    assert_true(mp_calendar_add_holidays(calendar, "h.tsv", holidays->str, holidays->len, NULL));
    assert_true(mp_calendar_next_open(calendar, at) == 0);
    assert_true(mp_calendar_add_minutes(calendar, at, 5) == 0);
    assert_true(mp_calendar_add_days(calendar, at, 1) == 0);
    assert_false(mp_calendar_is_open(calendar, at));
}

/* --- refusals --- */

typedef struct {
    const char *name;
    const char *hours;
    const char *want;
} Bad;

static const Bad bad_hours[] = {
    {"overlapping hours", "mon 08:00-12:00,11:00-13:00", "hours overlap"},
    {"overlap of two clauses", "mon-fri 08:00-12:00; wed 10:00-14:00", "hours overlap"},
    {"unknown weekday", "sen 08:00-12:00", "no such weekday"},
    {"backward span of days", "fri-mon 08:00-12:00", "runs backwards"},
    {"closing before opening", "mon 12:00-08:00", "closing is not after opening"},
    {"no minutes", "mon 08:00-08:00", "closing is not after opening"},
    {"hour 25", "mon 08:00-25:00", "HH:MM-HH:MM"},
    {"24:01", "mon 08:00-24:01", "HH:MM-HH:MM"},
    {"one digit", "mon 8:00-12:00", "HH:MM-HH:MM"},
    {"a weekday without times", "mon", "has no times"},
    {"nothing", " ; ", "no day is open"},
};

static void
test_bad_hours(void **state)
{
    const Bad *row = *state;
    g_autoptr(GTimeZone) zone = g_time_zone_new_utc();
    g_autoptr(GError) error = NULL;
    g_autoptr(MpCalendar) calendar = mp_calendar_new(zone, row->hours, &error);

    assert_null(calendar);
    assert_gerror(error, MP_ERROR_CONFIG);
    assert_contains(error->message, row->want);
}

static const Bad bad_holidays[] = {
    {"three cells", "2026-01-01\tlibur\tTahun Baru\n", "h.tsv:1: line has not the four cells"},
    {"no day", "# x\n2026-02-30\tlibur\tX\tuji\n", "h.tsv:2: date is no day"},
    {"unknown kind", "2026-01-01\tliburan\tX\tuji\n", "h.tsv:1: kind is neither"},
    {"no source", "2026-01-01\tlibur\tX\t\n", "h.tsv:1: name or source is empty"},
    {"date twice",
     "2026-01-01\tlibur\tX\tuji\n2026-01-01\tlibur\tY\tuji\n",
     "h.tsv:2: date stands there already"},
    {"no UTF-8", "2026-01-01\tlibur\tX\xff\tuji\n", "h.tsv:1: file is no UTF-8 text"},
};

static void
test_bad_holidays(void **state)
{
    const Bad *row = *state;
    g_autoptr(GTimeZone) zone = g_time_zone_new_utc();
    g_autoptr(MpCalendar) calendar = mp_calendar_new(zone, HOURS, NULL);
    g_autoptr(GError) error = NULL;

    assert_false(
        mp_calendar_add_holidays(calendar, "h.tsv", row->hours, strlen(row->hours), &error));
    assert_gerror(error, MP_ERROR_CONFIG);
    assert_contains(error->message, row->want);
    assert_false(mp_calendar_has_year(calendar, 2026));
}

static void
test_periods(void **state G_GNUC_UNUSED)
{
    MpCalendar *calendar = walk_calendar("Asia/Jakarta", HOURS);
    g_autoptr(GError) error = NULL;

    assert_true(
        mp_calendar_add_period(calendar, "2026-02-18", "2026-03-19", "mon-fri 08:00-12:00", NULL));
    assert_false(mp_calendar_is_open(calendar, walk_time(calendar, "2026-02-18T14:00")));
    assert_true(mp_calendar_is_open(calendar, walk_time(calendar, "2026-02-12T14:00")));
    assert_false(mp_calendar_add_period(
        calendar, "2026-03-19", "2026-03-20", "mon-fri 08:00-12:00", &error));
    assert_contains(error->message, "overlaps another period");
    g_clear_error(&error);
    assert_false(mp_calendar_add_period(
        calendar, "2026-05-02", "2026-05-01", "mon-fri 08:00-12:00", &error));
    assert_gerror(error, MP_ERROR_CONFIG);
    mp_calendar_free(calendar);
}

/* --- properties --- */

typedef struct {
    const char *name;
    guint32 seed;
} Seed;

static const Seed seeds[] = {
    {"random calendar 1", 1},
    {"random calendar 2", 2},
    {"random calendar 3", 3},
    {"random calendar 4", 4},
    {"random calendar 5", 5},
    {"random calendar 6", 6},
    {"random calendar 7", 7},
    {"random calendar 8", 8},
    {"random calendar 9", 9},
};

#define YEAR_DAYS 1096
#define DAY_MINUTES 1440

/* The whole of three years, a byte a minute; and how many were open before. */
typedef struct {
    guint8 *open;
    guint32 *before;
    guint n;
    gint64 start;
} Minutes;

static char *
random_hours(GRand *rand)
{
    static const char *const weekdays[] = {"mon", "tue", "wed", "thu", "fri", "sat", "sun"};
    GString *hours = g_string_new(NULL);

    for (guint day = 0; day < 7; day++) {
        int a = g_rand_int_range(rand, 0, 720), b = a + g_rand_int_range(rand, 1, 300);
        int c = b + g_rand_int_range(rand, 0, 60), d = c + g_rand_int_range(rand, 1, 300);

        if (day > 0 && g_rand_int_range(rand, 0, 4) == 0)
            continue;
        g_string_append_printf(hours,
                               "%s %02d:%02d-%02d:%02d,%02d:%02d-%02d:%02d; ",
                               weekdays[day],
                               a / 60,
                               a % 60,
                               b / 60,
                               b % 60,
                               c / 60,
                               c % 60,
                               MIN(d, DAY_MINUTES) / 60,
                               MIN(d, DAY_MINUTES) % 60);
    }
    return g_string_free(hours, FALSE);
}

/* Written down anew from the text, without the code under test. */
static void
paint_day(guint8 *open, const char *hours, guint weekday)
{
    static const char *const weekdays[] = {"mon", "tue", "wed", "thu", "fri", "sat", "sun"};
    const char *at = strstr(hours, weekdays[weekday]);
    int v[8];

    memset(open, 0, DAY_MINUTES);
    if (at == NULL)
        return;
    assert_int_equal(sscanf(at + 4,
                            "%d:%d-%d:%d,%d:%d-%d:%d",
                            &v[0],
                            &v[1],
                            &v[2],
                            &v[3],
                            &v[4],
                            &v[5],
                            &v[6],
                            &v[7]),
                     8);
    for (int m = v[0] * 60 + v[1]; m < v[2] * 60 + v[3]; m++)
        open[m] = 1;
    for (int m = v[4] * 60 + v[5]; m < v[6] * 60 + v[7]; m++)
        open[m] = 1;
}

static char *
iso_of(guint day)
{
    GDate date;

    g_date_clear(&date, 1);
    g_date_set_dmy(&date, 1, G_DATE_JANUARY, 2026);
    g_date_add_days(&date, day);
    return g_strdup_printf("%04d-%02d-%02d",
                           g_date_get_year(&date),
                           (int)g_date_get_month(&date),
                           g_date_get_day(&date));
}

static MpCalendar *
random_calendar(GRand *rand, Minutes *minutes)
{
    static const char *const zones[] = {"Asia/Jakarta", "Asia/Makassar", "Asia/Jayapura"};
    g_autoptr(GTimeZone) zone = g_time_zone_new_identifier(zones[g_rand_int_range(rand, 0, 3)]);
    g_autofree char *hours = random_hours(rand);
    g_autofree char *ramadan = random_hours(rand);
    g_autoptr(GString) holidays = g_string_new(NULL);
    guint from = (guint)g_rand_int_range(rand, 10, 900), until = from + 29;
    g_autofree char *first = iso_of(from);
    g_autofree char *last = iso_of(until);
    MpCalendar *calendar = mp_calendar_new(zone, hours, NULL);

    assert_non_null(calendar);
    assert_true(mp_calendar_add_period(calendar, first, last, ramadan, NULL));
    minutes->n = YEAR_DAYS * DAY_MINUTES;
    minutes->open = g_malloc0(minutes->n);
    minutes->before = g_new0(guint32, minutes->n + 1);
    minutes->start = mp_calendar_day_start(calendar, "2026-01-01");
    for (guint day = 0; day < YEAR_DAYS; day++) {
        guint8 *open = minutes->open + day * DAY_MINUTES;

        /* 1 January 2026 is a Thursday. */
        paint_day(open, day >= from && day <= until ? ramadan : hours, (day + 3) % 7);
        if (g_rand_int_range(rand, 0, 20) == 0) {
            g_autofree char *iso = iso_of(day);

            memset(open, 0, DAY_MINUTES);
            g_string_append_printf(holidays, "%s\tlibur\tHari\tuji\n", iso);
        }
    }
    for (guint i = 0; i < minutes->n; i++)
        minutes->before[i + 1] = minutes->before[i] + minutes->open[i];
    assert_true(mp_calendar_add_holidays(calendar, "h.tsv", holidays->str, holidays->len, NULL));
    return calendar;
}

static void
check_minute(const MpCalendar *calendar, const Minutes *minutes, GRand *rand)
{
    guint a = (guint)g_rand_int_range(rand, 0, (gint32)minutes->n - 200 * DAY_MINUTES);
    guint b = a + (guint)g_rand_int_range(rand, 0, 20 * DAY_MINUTES);
    gint64 at = minutes->start + a * MP_WALK_MINUTE;
    gint64 later = minutes->start + b * MP_WALK_MINUTE;
    gint64 amount = g_rand_int_range(rand, 1, 3000), more = g_rand_int_range(rand, 1, 500);
    gint64 due = mp_calendar_add_minutes(calendar, at, amount);
    guint brute = a;

    assert_int_equal(mp_calendar_is_open(calendar, at), minutes->open[a]);
    assert_int_equal(mp_calendar_minutes_between(calendar, at, later),
                     minutes->before[b] - minutes->before[a]);
    while (minutes->before[brute] - minutes->before[a] < amount)
        brute++;
    assert_true(due == minutes->start + brute * MP_WALK_MINUTE);
    /* additive, and monotone in its start */
    assert_true(mp_calendar_add_minutes(calendar, due, more) ==
                mp_calendar_add_minutes(calendar, at, amount + more));
    assert_true(mp_calendar_add_minutes(calendar, later, amount) >= due);
    assert_true(mp_calendar_minutes_between(calendar, at, due) == amount);
}

static void
test_property(void **state)
{
    const Seed *row = *state;
    g_autoptr(GRand) rand = g_rand_new_with_seed(row->seed);
    Minutes minutes;
    MpCalendar *calendar = random_calendar(rand, &minutes);

    for (guint i = 0; i < 400; i++)
        check_minute(calendar, &minutes, rand);
    mp_calendar_free(calendar);
    g_free(minutes.open);
    g_free(minutes.before);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_words),
        cmocka_unit_test(test_closed_for_good),
        cmocka_unit_test(test_periods),
    };

    return run_rows("minutes", sums, test_sum) + run_rows("days", days, test_days) +
           run_rows("bad hours", bad_hours, test_bad_hours) +
           run_rows("bad holidays", bad_holidays, test_bad_holidays) +
           run_rows("properties", seeds, test_property) + cmocka_run_group_tests(tests, NULL, NULL);
}

/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Which minutes of which days the office is open: a week, other weeks for some periods (Ramadan),
 * holidays as a data file with a source a line. */

#include "case/case-private.h"

typedef struct {
    guint32 from, until; /* both included */
    MpWeek *week;
} Period;

struct MpCalendar {
    GTimeZone *zone;
    MpWeek *week;
    GPtrArray *periods;   /* Period */
    GHashTable *holidays; /* day → itself */
    GHashTable *years;    /* year → itself, of those with holidays loaded */
    GArray *closed;       /* an empty list of openings */
};

static void
period_free(gpointer data)
{
    Period *period = data;

    mp_week_free(period->week);
    g_free(period);
}

MpCalendar *
mp_calendar_new(GTimeZone *zone, const char *hours, GError **error)
{
    g_autoptr(MpWeek) week = mp_week_parse(hours, error);
    MpCalendar *calendar;

    if (week == NULL)
        return NULL;
    calendar = g_new0(MpCalendar, 1);
    calendar->zone = g_time_zone_ref(zone);
    calendar->week = g_steal_pointer(&week);
    calendar->periods = g_ptr_array_new_with_free_func(period_free);
    calendar->holidays = g_hash_table_new(NULL, NULL);
    calendar->years = g_hash_table_new(NULL, NULL);
    calendar->closed = g_array_new(FALSE, FALSE, sizeof(MpOpening));
    return calendar;
}

void
mp_calendar_free(MpCalendar *calendar)
{
    if (calendar == NULL)
        return;
    g_time_zone_unref(calendar->zone);
    mp_week_free(calendar->week);
    g_ptr_array_unref(calendar->periods);
    g_hash_table_unref(calendar->holidays);
    g_hash_table_unref(calendar->years);
    g_array_unref(calendar->closed);
    g_free(calendar);
}

guint32
mp_day_parse(const char *iso_day)
{
    gint64 year, month, day;
    g_autofree char *y = NULL;
    g_autofree char *m = NULL;

    if (iso_day == NULL || strlen(iso_day) != 10 || iso_day[4] != '-' || iso_day[7] != '-' ||
        strspn(iso_day, "0123456789-") != 10)
        return 0;
    y = g_strndup(iso_day, 4);
    m = g_strndup(iso_day + 5, 2);
    if (!g_ascii_string_to_signed(y, 10, 1900, 9999, &year, NULL) ||
        !g_ascii_string_to_signed(m, 10, 1, 12, &month, NULL) ||
        !g_ascii_string_to_signed(iso_day + 8, 10, 1, 31, &day, NULL) ||
        !g_date_valid_dmy((GDateDay)day, (GDateMonth)month, (GDateYear)year))
        return 0;
    {
        GDate date;

        g_date_clear(&date, 1);
        g_date_set_dmy(&date, (GDateDay)day, (GDateMonth)month, (GDateYear)year);
        return g_date_get_julian(&date);
    }
}

char *
mp_day_format(guint32 day)
{
    GDate date;

    g_date_clear(&date, 1);
    g_date_set_julian(&date, day);
    return g_strdup_printf("%04d-%02d-%02d",
                           g_date_get_year(&date),
                           (int)g_date_get_month(&date),
                           g_date_get_day(&date));
}

int
mp_day_weekday(guint32 day)
{
    /* Julian day 1 is 1 January of the year 1, a Monday. */
    return (int)((day - 1) % 7);
}

gboolean
mp_calendar_add_period(
    MpCalendar *calendar, const char *from, const char *until, const char *hours, GError **error)
{
    g_autoptr(MpWeek) week = NULL;
    guint32 first = mp_day_parse(from), last = mp_day_parse(until);
    Period *period;

    if (first == 0 || last == 0 || last < first) {
        g_set_error(error,
                    MP_ERROR,
                    MP_ERROR_CONFIG,
                    "period '%s' to '%s': not two ISO days in order",
                    from,
                    until);
        return FALSE;
    }
    for (guint i = 0; i < calendar->periods->len; i++) {
        const Period *other = g_ptr_array_index(calendar->periods, i);

        if (first <= other->until && other->from <= last) {
            g_set_error(error,
                        MP_ERROR,
                        MP_ERROR_CONFIG,
                        "period '%s' to '%s': overlaps another period",
                        from,
                        until);
            return FALSE;
        }
    }
    week = mp_week_parse(hours, error);
    if (week == NULL)
        return FALSE;
    period = g_new0(Period, 1);
    period->from = first;
    period->until = last;
    period->week = g_steal_pointer(&week);
    g_ptr_array_add(calendar->periods, period);
    return TRUE;
}

static gboolean
refuse_line(GError **error, const char *name, guint line, const char *what)
{
    g_set_error(error, MP_ERROR, MP_ERROR_CONFIG, "%s:%u: %s", name, line, what);
    return FALSE;
}

static gboolean
add_holiday(GHashTable *holidays, const char *name, guint number, char *line, GError **error)
{
    g_auto(GStrv) cells = g_strsplit(line, "\t", -1);
    guint32 day;

    if (g_strv_length(cells) != 4)
        return refuse_line(
            error, name, number, "line has not the four cells date, kind, name, source");
    for (guint i = 0; i < 4; i++)
        g_strstrip(cells[i]);
    day = mp_day_parse(cells[0]);
    if (day == 0)
        return refuse_line(error, name, number, "date is no day YYYY-MM-DD");
    if (strcmp(cells[1], "libur") != 0 && strcmp(cells[1], "cuti-bersama") != 0)
        return refuse_line(error, name, number, "kind is neither libur nor cuti-bersama");
    if (cells[2][0] == '\0' || cells[3][0] == '\0')
        return refuse_line(error, name, number, "name or source is empty");
    if (!g_hash_table_add(holidays, GUINT_TO_POINTER(day)))
        return refuse_line(error, name, number, "date stands there already");
    return TRUE;
}

static void
take_holidays(MpCalendar *calendar, GHashTable *holidays)
{
    GHashTableIter iter;
    gpointer key;

    g_hash_table_iter_init(&iter, holidays);
    while (g_hash_table_iter_next(&iter, &key, NULL)) {
        GDate date;

        g_date_clear(&date, 1);
        g_date_set_julian(&date, GPOINTER_TO_UINT(key));
        g_hash_table_add(calendar->holidays, key);
        g_hash_table_add(calendar->years, GINT_TO_POINTER((gint)g_date_get_year(&date)));
    }
}

gboolean
mp_calendar_add_holidays(
    MpCalendar *calendar, const char *name, const char *bytes, gsize length, GError **error)
{
    g_autofree char *text = g_strndup(bytes, length);
    g_auto(GStrv) lines = NULL;
    g_autoptr(GHashTable) holidays = g_hash_table_new(NULL, NULL);

    if (strlen(text) != length || !g_utf8_validate(text, -1, NULL))
        return refuse_line(error, name, 1, "file is no UTF-8 text");
    lines = g_strsplit(text, "\n", -1);
    for (guint i = 0; lines[i] != NULL; i++) {
        if (g_str_has_suffix(lines[i], "\r"))
            lines[i][strlen(lines[i]) - 1] = '\0';
        if (lines[i][0] == '\0' || lines[i][0] == '#')
            continue;
        if (!add_holiday(holidays, name, i + 1, lines[i], error))
            return FALSE;
    }
    take_holidays(calendar, holidays);
    return TRUE;
}

gboolean
mp_calendar_has_year(const MpCalendar *calendar, int year)
{
    return g_hash_table_contains(calendar->years, GINT_TO_POINTER(year));
}

gboolean
mp_calendar_knows(const MpCalendar *calendar, int year)
{
    return g_hash_table_size(calendar->years) == 0 || mp_calendar_has_year(calendar, year);
}

guint32
mp_calendar_day_of(const MpCalendar *calendar, gint64 at_utc)
{
    g_autoptr(GDateTime) utc = g_date_time_new_from_unix_utc(at_utc / G_USEC_PER_SEC);
    g_autoptr(GDateTime) local = utc != NULL ? g_date_time_to_timezone(utc, calendar->zone) : NULL;
    GDate date;

    if (local == NULL)
        return 0;
    g_date_clear(&date, 1);
    g_date_set_dmy(&date,
                   (GDateDay)g_date_time_get_day_of_month(local),
                   (GDateMonth)g_date_time_get_month(local),
                   (GDateYear)g_date_time_get_year(local));
    return g_date_get_julian(&date);
}

const GArray *
mp_calendar_openings(const MpCalendar *calendar, guint32 day)
{
    const MpWeek *week = calendar->week;

    if (g_hash_table_contains(calendar->holidays, GUINT_TO_POINTER(day)))
        return calendar->closed;
    for (guint i = 0; i < calendar->periods->len; i++) {
        const Period *period = g_ptr_array_index(calendar->periods, i);

        if (day >= period->from && day <= period->until)
            week = period->week;
    }
    return week->days[mp_day_weekday(day)];
}

gint64
mp_calendar_instant(const MpCalendar *calendar, guint32 day, int minute)
{
    GDate date;
    g_autoptr(GDateTime) local = NULL;

    if (minute == 24 * 60) {
        day++;
        minute = 0;
    }
    g_date_clear(&date, 1);
    g_date_set_julian(&date, day);
    local = g_date_time_new(calendar->zone,
                            g_date_get_year(&date),
                            (int)g_date_get_month(&date),
                            g_date_get_day(&date),
                            minute / 60,
                            minute % 60,
                            0);
    return local != NULL ? g_date_time_to_unix(local) * G_USEC_PER_SEC : 0;
}

GTimeZone *
mp_calendar_zone(const MpCalendar *calendar)
{
    return calendar->zone;
}

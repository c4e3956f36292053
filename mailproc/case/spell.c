/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Times and days as people read them, in Indonesian and in the office's zone. */

#include "case/case-private.h"

static const char *const weekdays[] = {
    "Senin", "Selasa", "Rabu", "Kamis", "Jumat", "Sabtu", "Minggu"};
static const char *const months[] = {"Januari",
                                     "Februari",
                                     "Maret",
                                     "April",
                                     "Mei",
                                     "Juni",
                                     "Juli",
                                     "Agustus",
                                     "September",
                                     "Oktober",
                                     "November",
                                     "Desember"};

static GDateTime *
local_time(const MpCalendar *calendar, gint64 at_utc)
{
    g_autoptr(GDateTime) utc = g_date_time_new_from_unix_utc(at_utc / G_USEC_PER_SEC);

    return utc != NULL ? g_date_time_to_timezone(utc, mp_calendar_zone(calendar)) : NULL;
}

static char *
spell_day(GDateTime *local)
{
    return g_strdup_printf("%s, %d %s %d",
                           weekdays[g_date_time_get_day_of_week(local) - 1],
                           g_date_time_get_day_of_month(local),
                           months[g_date_time_get_month(local) - 1],
                           g_date_time_get_year(local));
}

char *
mp_calendar_format(const MpCalendar *calendar, gint64 at_utc)
{
    g_autoptr(GDateTime) local = local_time(calendar, at_utc);
    g_autofree char *day = NULL;

    if (local == NULL)
        return g_strdup("-");
    day = spell_day(local);
    return g_strdup_printf("%s pukul %02d.%02d %s",
                           day,
                           g_date_time_get_hour(local),
                           g_date_time_get_minute(local),
                           g_date_time_get_timezone_abbreviation(local));
}

char *
mp_calendar_format_due(const MpCalendar *calendar, gint64 due_utc)
{
    g_autoptr(GDateTime) local = local_time(calendar, due_utc);
    g_autofree char *text = mp_calendar_format(calendar, due_utc);

    if (local == NULL || mp_calendar_knows(calendar, g_date_time_get_year(local)))
        return g_steal_pointer(&text);
    return g_strconcat(text, " (sementara)", NULL);
}

char *
mp_calendar_format_day(const MpCalendar *calendar, gint64 at_utc)
{
    g_autoptr(GDateTime) local = local_time(calendar, at_utc);

    return local != NULL ? spell_day(local) : g_strdup("-");
}

char *
mp_calendar_format_rfc3339(const MpCalendar *calendar, gint64 at_utc)
{
    g_autoptr(GDateTime) local = local_time(calendar, at_utc);

    return local != NULL ? g_date_time_format(local, "%Y-%m-%dT%H:%M:%S%:z") : NULL;
}

char *
mp_calendar_format_iso_day(const char *iso_day)
{
    guint32 day = mp_day_parse(iso_day);
    GDate date;

    if (day == 0)
        return g_strdup(iso_day != NULL ? iso_day : "-");
    g_date_clear(&date, 1);
    g_date_set_julian(&date, day);
    return g_strdup_printf("%d %s %d",
                           g_date_get_day(&date),
                           months[g_date_get_month(&date) - 1],
                           g_date_get_year(&date));
}

char *
mp_calendar_today(const MpCalendar *calendar, gint64 at_utc)
{
    return mp_day_format(mp_calendar_day_of(calendar, at_utc));
}

gint64
mp_calendar_day_start(const MpCalendar *calendar, const char *iso_day)
{
    guint32 day = mp_day_parse(iso_day);

    return day != 0 ? mp_calendar_instant(calendar, day, 0) : 0;
}

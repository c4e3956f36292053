/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Days and weeks by their Julian numbers, where no year's end can confuse them. */

#include "report/report-private.h"

static gboolean
read_number(const char *from, gsize length, guint *number_out)
{
    guint number = 0;

    for (gsize i = 0; i < length; i++) {
        if (!g_ascii_isdigit(from[i]))
            return FALSE;
        number = number * 10 + (guint)g_ascii_digit_value(from[i]);
    }
    *number_out = number;
    return TRUE;
}

guint
mp_report_julian(const char *iso_day)
{
    guint year, month, day;
    GDate date;

    if (iso_day == NULL || strlen(iso_day) != 10 || iso_day[4] != '-' || iso_day[7] != '-' ||
        !read_number(iso_day, 4, &year) || !read_number(iso_day + 5, 2, &month) ||
        !read_number(iso_day + 8, 2, &day))
        return 0;
    if (!g_date_valid_dmy((GDateDay)day, (GDateMonth)month, (GDateYear)year))
        return 0;
    g_date_clear(&date, 1);
    g_date_set_dmy(&date, (GDateDay)day, (GDateMonth)month, (GDateYear)year);
    return g_date_get_julian(&date);
}

char *
mp_report_iso_day(guint julian)
{
    GDate date;

    g_date_clear(&date, 1);
    g_date_set_julian(&date, julian);
    return g_strdup_printf("%04u-%02u-%02u",
                           (guint)g_date_get_year(&date),
                           (guint)g_date_get_month(&date),
                           (guint)g_date_get_day(&date));
}

guint
mp_report_monday(guint julian)
{
    /* Julian day 1 of GLib (1 January of the year 1) was a Monday. */
    return julian - (julian - 1) % 7;
}

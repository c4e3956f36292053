/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The table of verbs, the holidays and the hours: loaded or refused with an error. */

#include "case/case.h"

int
LLVMFuzzerTestOneInput(const guint8 *data, size_t size)
{
    const char *bytes = (const char *)data;
    g_autofree char *text = g_strndup(bytes, size);
    g_autoptr(GError) error = NULL;
    g_autoptr(GError) hours_error = NULL;
    g_autoptr(GError) holidays_error = NULL;
    g_autoptr(MpVerbs) verbs = mp_verbs_parse("f.tsv", bytes, size, &error);
    g_autoptr(GTimeZone) zone = g_time_zone_new_utc();
    g_autoptr(MpCalendar) calendar = mp_calendar_new(zone, text, &hours_error);

    g_assert((verbs == NULL) == (error != NULL));
    g_assert((calendar == NULL) == (hours_error != NULL));
    if (calendar == NULL)
        calendar = mp_calendar_new(zone, "mon-fri 08:00-16:00", NULL);
    g_assert(mp_calendar_add_holidays(calendar, "h.tsv", bytes, size, &holidays_error) ==
             (holidays_error == NULL));
    g_assert(mp_calendar_add_minutes(calendar, (gint64)1795000000 * G_USEC_PER_SEC, 90) >= 0);
    return 0;
}

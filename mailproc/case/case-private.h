/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/* What files of case/ share about values and days; procedures, the decision and the command
 * language have private headers of their own beside this one. */

#include "case/case.h"

/* --- values --- */

/* A copy of a list of strings. */
GPtrArray *mp_case_strings_copy(const GPtrArray *strings);
/* "a; b" and back; empty items are dropped. */
char *mp_case_strings_join(const GPtrArray *strings);
GPtrArray *mp_case_strings_split(const char *text);
MpCaseApplicant *mp_case_applicant_get(const MpCase *kase, guint n);

/* --- calendar --- */

/* Minutes of a local day, [start, end). */
typedef struct {
    int start, end;
} MpOpening;

/* The openings of a week; Monday is 0. */
typedef struct {
    GArray *days[7]; /* MpOpening, in order */
} MpWeek;

MpWeek *mp_week_parse(const char *hours, GError **error) G_GNUC_WARN_UNUSED_RESULT;
void mp_week_free(MpWeek *week);

/* Days as numbers (GDate's julian). 0 = no ISO day. */
guint32 mp_day_parse(const char *iso_day);
char *mp_day_format(guint32 day);
/* Monday = 0. */
int mp_day_weekday(guint32 day);
/* Whether the year's holidays are known; a calendar without any year claims to know all. */
gboolean mp_calendar_knows(const MpCalendar *calendar, int year);
guint32 mp_calendar_day_of(const MpCalendar *calendar, gint64 at_utc);
/* Openings of a day (MpOpening), never NULL; an empty list when closed. */
const GArray *mp_calendar_openings(const MpCalendar *calendar, guint32 day);
GTimeZone *mp_calendar_zone(const MpCalendar *calendar); /* borrowed */
/* The instant of a local minute of a day. */
gint64 mp_calendar_instant(const MpCalendar *calendar, guint32 day, int minute);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(MpWeek, mp_week_free)

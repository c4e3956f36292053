/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Working time: adding it, counting it. All arithmetic is on instants (µs UTC) inside openings, so
 * no minute is lost at midnight, in breaks or between zones.
 *
 * mp_calendar_add_minutes(from, m) for m > 0 is the earliest instant t with exactly m open minutes
 * in [from, t); it may be a closing instant (a deadline of 12.00 is 12.00, not 13.00). */

#include "case/case-private.h"

#define MINUTE (60 * (gint64)G_USEC_PER_SEC)
/* Days without any opening after which the calendar is taken to be closed for good. */
#define MAX_CLOSED_DAYS 731

typedef struct {
    const MpCalendar *calendar;
    guint32 day;
    const GArray *openings;
    guint next;
} Walk;

static void
walk_begin(Walk *walk, const MpCalendar *calendar, gint64 from_utc)
{
    walk->calendar = calendar;
    walk->day = mp_calendar_day_of(calendar, from_utc);
    walk->openings = mp_calendar_openings(calendar, walk->day);
    walk->next = 0;
}

/* The next opening in order as instants; FALSE when there is none for two years. */
static gboolean
walk_next(Walk *walk, gint64 *start_out, gint64 *end_out)
{
    guint closed = 0;
    MpOpening opening;

    while (walk->next >= walk->openings->len) {
        if (++closed > MAX_CLOSED_DAYS)
            return FALSE;
        walk->day++;
        walk->openings = mp_calendar_openings(walk->calendar, walk->day);
        walk->next = 0;
    }
    opening = g_array_index(walk->openings, MpOpening, walk->next);
    walk->next++;
    *start_out = mp_calendar_instant(walk->calendar, walk->day, opening.start);
    *end_out = mp_calendar_instant(walk->calendar, walk->day, opening.end);
    return *start_out > 0 && *end_out > 0;
}

gint64
mp_calendar_next_open(const MpCalendar *calendar, gint64 at_utc)
{
    Walk walk;
    gint64 start, end;

    walk_begin(&walk, calendar, at_utc);
    while (walk_next(&walk, &start, &end)) {
        if (at_utc < end)
            return MAX(at_utc, start);
    }
    return 0;
}

gboolean
mp_calendar_is_open(const MpCalendar *calendar, gint64 at_utc)
{
    return mp_calendar_next_open(calendar, at_utc) == at_utc;
}

gint64
mp_calendar_add_minutes(const MpCalendar *calendar, gint64 from_utc, gint64 minutes)
{
    Walk walk;
    gint64 start, end, left;

    if (minutes <= 0)
        return mp_calendar_next_open(calendar, from_utc);
    if (minutes > G_MAXINT64 / MINUTE)
        return 0;
    left = minutes * MINUTE;
    walk_begin(&walk, calendar, from_utc);
    while (walk_next(&walk, &start, &end)) {
        gint64 begin = MAX(start, from_utc);

        if (begin >= end)
            continue;
        if (left <= end - begin)
            return begin + left;
        left -= end - begin;
    }
    return 0;
}

gint64
mp_calendar_add_days(const MpCalendar *calendar, gint64 from_utc, int days)
{
    gint64 open = mp_calendar_next_open(calendar, from_utc);
    guint32 day;
    const GArray *openings;
    guint closed = 0;

    if (open == 0)
        return 0;
    day = mp_calendar_day_of(calendar, open);
    while (days > 0 && closed <= MAX_CLOSED_DAYS) {
        day++;
        closed++;
        if (mp_calendar_openings(calendar, day)->len > 0) {
            days--;
            closed = 0;
        }
    }
    openings = mp_calendar_openings(calendar, day);
    if (days > 0 || openings->len == 0)
        return 0;
    return mp_calendar_instant(
        calendar, day, g_array_index(openings, MpOpening, openings->len - 1).end);
}

gint64
mp_calendar_minutes_between(const MpCalendar *calendar, gint64 from_utc, gint64 until_utc)
{
    Walk walk;
    gint64 start, end, sum = 0;

    if (until_utc <= from_utc)
        return 0;
    walk_begin(&walk, calendar, from_utc);
    while (walk_next(&walk, &start, &end) && start < until_utc) {
        gint64 first = MAX(start, from_utc), last = MIN(end, until_utc);

        if (first < last)
            sum += last - first;
    }
    return sum / MINUTE;
}

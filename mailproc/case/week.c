/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Office hours of a week as people write them: "mon-thu 08:00-12:00,13:00-15:45; fri 08:00-11:00".
 */

#include "case/case-private.h"

static const char *const day_names[] = {"mon", "tue", "wed", "thu", "fri", "sat", "sun", NULL};

static gboolean
refuse(GError **error, const char *what, const char *text)
{
    g_set_error(error, MP_ERROR, MP_ERROR_CONFIG, "hours '%s': %s", text, what);
    return FALSE;
}

static int
find_day(const char *name)
{
    for (int i = 0; day_names[i] != NULL; i++) {
        if (g_ascii_strcasecmp(day_names[i], name) == 0)
            return i;
    }
    return -1;
}

/* "mon-thu" or "fri"; a span may not run over Sunday. */
static gboolean
parse_days(const char *text, int *first_out, int *last_out, GError **error)
{
    g_auto(GStrv) ends = g_strsplit(text, "-", 2);
    int first = find_day(ends[0]);
    int last = ends[1] != NULL ? find_day(ends[1]) : first;

    if (first < 0 || last < 0)
        return refuse(error, "no such weekday (mon tue wed thu fri sat sun)", text);
    if (last < first)
        return refuse(error, "the span of weekdays runs backwards", text);
    *first_out = first;
    *last_out = last;
    return TRUE;
}

/* "08:00"; 24:00 may end a day. */
static gboolean
parse_minute(const char *text, int *minute_out)
{
    gint64 hour, minute;
    const char *colon = strchr(text, ':');
    g_autofree char *left = NULL;

    if (colon == NULL || colon - text != 2 || strlen(colon + 1) != 2)
        return FALSE;
    left = g_strndup(text, 2);
    if (!g_ascii_string_to_signed(left, 10, 0, 24, &hour, NULL) ||
        !g_ascii_string_to_signed(colon + 1, 10, 0, 59, &minute, NULL) || left[0] == '+' ||
        colon[1] == '+' || hour * 60 + minute > 24 * 60)
        return FALSE;
    *minute_out = (int)(hour * 60 + minute);
    return TRUE;
}

static gboolean
parse_span(const char *text, MpOpening *opening_out, GError **error)
{
    g_auto(GStrv) ends = g_strsplit(text, "-", 3);

    if (g_strv_length(ends) != 2 || !parse_minute(g_strstrip(ends[0]), &opening_out->start) ||
        !parse_minute(g_strstrip(ends[1]), &opening_out->end))
        return refuse(error, "a time is not HH:MM-HH:MM", text);
    if (opening_out->end <= opening_out->start)
        return refuse(error, "closing is not after opening", text);
    return TRUE;
}

/* Keeps the day's openings in order and apart. */
static gboolean
add_opening(GArray *day, MpOpening opening, const char *text, GError **error)
{
    guint at = 0;

    while (at < day->len && g_array_index(day, MpOpening, at).start < opening.start)
        at++;
    if ((at > 0 && g_array_index(day, MpOpening, at - 1).end > opening.start) ||
        (at < day->len && opening.end > g_array_index(day, MpOpening, at).start))
        return refuse(error, "hours overlap", text);
    g_array_insert_val(day, at, opening);
    return TRUE;
}

static gboolean
parse_clause(MpWeek *week, char *clause, GError **error)
{
    char *blank = strpbrk(clause, " \t");
    g_auto(GStrv) spans = NULL;
    int first, last;

    if (blank == NULL)
        return refuse(error, "a weekday has no times", clause);
    *blank = '\0';
    if (!parse_days(clause, &first, &last, error))
        return FALSE;
    spans = g_strsplit(blank + 1, ",", -1);
    for (guint i = 0; spans[i] != NULL; i++) {
        MpOpening opening;

        if (!parse_span(spans[i], &opening, error))
            return FALSE;
        for (int day = first; day <= last; day++) {
            if (!add_opening(week->days[day], opening, spans[i], error))
                return FALSE;
        }
    }
    return TRUE;
}

MpWeek *
mp_week_parse(const char *hours, GError **error)
{
    g_autoptr(MpWeek) week = g_new0(MpWeek, 1);
    g_auto(GStrv) clauses = g_strsplit(hours, ";", -1);
    gboolean any = FALSE;

    for (int i = 0; i < 7; i++)
        week->days[i] = g_array_new(FALSE, FALSE, sizeof(MpOpening));
    for (guint i = 0; clauses[i] != NULL; i++) {
        g_strstrip(clauses[i]);
        if (clauses[i][0] == '\0')
            continue;
        if (!parse_clause(week, clauses[i], error))
            return NULL;
        any = TRUE;
    }
    if (!any) {
        refuse(error, "no day is open", hours);
        return NULL;
    }
    return g_steal_pointer(&week);
}

void
mp_week_free(MpWeek *week)
{
    if (week == NULL)
        return;
    for (int i = 0; i < 7; i++) {
        if (week->days[i] != NULL)
            g_array_unref(week->days[i]);
    }
    g_free(week);
}

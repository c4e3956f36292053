/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/* Procedure, calendar and clock for a case that a test walks: the first half of walk.h. */

#include "case/case.h"
#include "support/asserts.h"

#define MP_WALK_MINUTE (60 * (gint64)G_USEC_PER_SEC)

static const char *const walk_roles[] = {"kepala-dinas",
                                         "sekretaris",
                                         "kabid",
                                         "kasi",
                                         "admin-helpdesk",
                                         "verifikator",
                                         "pejabat-pengaduan",
                                         NULL};

typedef struct {
    MpSop *sop;
    MpCalendar *calendar;
    MpCase *kase;
    GPtrArray *events; /* MpEvent, owned */
    GString *notices;  /* "template>audience " of the last decision */
    GString *all_notices;
    GHashTable *timers; /* name → gint64 * */
    gint64 now;
    guint links;
} Walk;

static inline void
walk_free_event(gpointer data)
{
    mp_event_free(data);
}

static inline char *
walk_read(const char *path, gsize *length_out)
{
    g_autofree char *full = g_build_filename(MP_SOURCE_DIR, path, NULL);
    g_autoptr(GError) error = NULL;
    char *text = NULL;

    g_file_get_contents(full, &text, length_out, &error);
    assert_no_gerror(error);
    return text;
}

static inline MpSop *
walk_load(const char *name)
{
    g_autofree char *path = g_strconcat("rules/sop/", name, ".sop", NULL);
    g_autoptr(GError) error = NULL;
    gsize length;
    g_autofree char *text = walk_read(path, &length);
    MpSop *sop = mp_sop_parse(path, text, length, walk_roles, &error);

    assert_no_gerror(error);
    return sop;
}

static inline MpCalendar *
walk_calendar(const char *zone_name, const char *hours)
{
    g_autoptr(GTimeZone) zone = g_time_zone_new_identifier(zone_name);
    g_autoptr(GError) error = NULL;
    gsize length;
    g_autofree char *holidays = walk_read("rules/holidays-2026.tsv", &length);
    MpCalendar *calendar = mp_calendar_new(zone, hours, &error);

    assert_no_gerror(error);
    assert_true(mp_calendar_add_holidays(calendar, "holidays-2026.tsv", holidays, length, &error));
    return calendar;
}

/* "2026-11-20T09:14:00" in the calendar's zone. */
static inline gint64
walk_time(const MpCalendar *calendar, const char *text)
{
    g_autofree char *day = g_strndup(text, 10);
    gint64 hour, minute;
    g_autofree char *h = g_strndup(text + 11, 2);
    g_autofree char *m = g_strndup(text + 14, 2);

    assert_true(g_ascii_string_to_signed(h, 10, 0, 23, &hour, NULL));
    assert_true(g_ascii_string_to_signed(m, 10, 0, 59, &minute, NULL));
    return mp_calendar_day_start(calendar, day) + (hour * 60 + minute) * MP_WALK_MINUTE;
}

static inline Walk *
walk_new(const char *sop, const char *start)
{
    Walk *walk = g_new0(Walk, 1);

    walk->sop = walk_load(sop);
    walk->calendar = walk_calendar(
        walk->sop->zone != NULL ? walk->sop->zone : "Asia/Jakarta",
        walk->sop->hours != NULL ? walk->sop->hours
                                 : "mon-thu 07:30-12:00,13:00-16:00; fri 07:30-11:30,13:00-16:30");
    walk->events = g_ptr_array_new_with_free_func(walk_free_event);
    walk->notices = g_string_new(NULL);
    walk->all_notices = g_string_new(NULL);
    walk->timers = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
    walk->now = walk_time(walk->calendar, start);
    return walk;
}

static inline void
walk_free(Walk *walk)
{
    mp_sop_free(walk->sop);
    mp_calendar_free(walk->calendar);
    mp_case_free(walk->kase);
    g_ptr_array_unref(walk->events);
    g_string_free(walk->notices, TRUE);
    g_string_free(walk->all_notices, TRUE);
    g_hash_table_unref(walk->timers);
    g_free(walk);
}

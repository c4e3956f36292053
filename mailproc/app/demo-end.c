/* SPDX-License-Identifier: GPL-3.0-or-later */

/* How the demo ends: a table of its cases, and a report of its days. */

#include "app/commands.h"
#include "app/demo.h"
#include "app/evaluation.h"

guint
mp_demo_print_table(const char *place, const MpApp *app)
{
    const MpCaseFilter all = {.limit = 100};
    g_autoptr(GPtrArray) cases = app->store->case_find(app->store, &all, NULL);
    guint finished = 0;

    for (guint i = 0; cases != NULL && i < cases->len; i++) {
        const MpCase *kase = g_ptr_array_index(cases, i);
        const MpCalendar *calendar = mp_setup_calendar(app->setup, kase->service);
        g_autofree char *closed = mp_calendar_format_rfc3339(calendar, kase->closed_utc);
        const MpCaseApplicant *first =
            kase->applicants->len > 0 ? g_ptr_array_index(kase->applicants, 0) : NULL;

        finished += kase->state == MP_CASE_FINISHED;
        g_print("%-10s %-15s %-15s %-26s %-9s %-9s %s\n",
                place,
                kase->number,
                kase->service,
                kase->sop,
                mp_case_state_to_string(kase->state),
                first == NULL ? "-" : mp_outcome_to_string(first->outcome),
                closed);
    }
    return finished;
}

/* The office whose clock has run longest: it saw the last case close. */
static const MpApp *
latest_of(const GPtrArray *apps)
{
    const MpApp *latest = g_ptr_array_index(apps, 0);

    for (guint i = 1; i < apps->len; i++) {
        const MpApp *app = g_ptr_array_index(apps, i);

        if (app->clock->now_utc(app->clock) > latest->clock->now_utc(latest->clock))
            latest = app;
    }
    return latest;
}

gboolean
mp_demo_write_report(const GPtrArray *apps, gint64 from_utc, const char *path, GError **error)
{
    const MpApp *latest = latest_of(apps);
    const MpCalendar *calendar = latest->setup->calendar;
    g_autofree char *from = mp_calendar_today(calendar, from_utc);
    g_autofree char *to = mp_calendar_today(calendar, latest->clock->now_utc(latest->clock));
    g_autoptr(MpReport) report = mp_evaluation_new(latest, from, to, error);
    g_autofree char *page = NULL;

    if (report == NULL)
        return FALSE;
    for (guint i = 0; i < apps->len; i++)
        if (!mp_evaluation_count(report, g_ptr_array_index(apps, i), error))
            return FALSE;
    page = mp_report_to_html(report);
    return mp_cli_report_write(path, page, error);
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/* What the calendar asks of the running program, apart from single timers: the morning's digest to
 * each official with open work, and due times counted anew when holidays or hours have changed.
 *
 * Invariants
 *  - One digest a day at most, on working days, inside office hours; a clock that jumps back sends
 *    none a second time.
 *  - Reminders of cases that stood in a digest are not sent a second time that morning.
 *  - A changed calendar is counted once, however often the program starts.
 */

#include "app/app.h"
#include "app/plan.h"

/* The instant of a day's digest; 0 when the office does not open from then on that day. Cases that
 * came to their holder before it stand in it: of the others he has just heard. */
gint64 mp_digest_instant(const MpSetup *setup, const char *iso_day);
/* When the next digest is due; in the past when it is late, 0 when digests are off. */
gint64 mp_digest_next(MpApp *app);
/* Sends the digest when it is due. */
gboolean mp_pipeline_digest(MpApp *app, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* After a setup was loaded: recounts open cases of every service whose calendar is another one than
 * the store remembers. */
gboolean mp_pipeline_calendars(MpApp *app, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Mails of the digest (plan-digest.c). */
MpPlan *mp_plan_digest(const MpPlanner *planner, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* TRUE when the holder of the case was told of it by the digest of this morning. */
gboolean mp_plan_is_digested(const MpPlanner *planner, const MpCase *kase);
/* The case's due time counted anew; a plan without changes where it stays. */
MpPlan *mp_plan_recount(const MpPlanner *planner,
                        const MpCase *kase,
                        GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Everything that makes up a service's calendar, as one hash (setup-calendar.c). */
char *mp_setup_calendar_print(const MpSetup *setup,
                              const char *service,
                              GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* What the start of work asks of it: refused, or the warning said. */
gboolean mp_app_check_years(const MpApp *app, const MpSetup *setup, gint64 now_utc, GError **error)
    G_GNUC_WARN_UNUSED_RESULT;
/* A year whose holidays the office's calendar or a service's does not know at that time; 0 = none.
 */
int mp_setup_missing_year(const MpSetup *setup, gint64 at_utc);
/* CONFIG error when a calendar lacks the holidays of this year; `warning_out` (or NULL) when it
 * lacks those of the next one. */
gboolean mp_setup_check_years(const MpSetup *setup,
                              gint64 now_utc,
                              char **warning_out,
                              GError **error) G_GNUC_WARN_UNUSED_RESULT;

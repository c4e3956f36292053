/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/* The office's evaluation: the numbers of a period counted from the store, for `report`, and as a
 * mail to the head of office once each period has ended.
 *
 * Invariants
 *  - A closed case is counted by the line that was written when it closed; only what was open at
 * the end of the period, and cases of before there were such lines, are told from their events.
 *  - No person is named in anything made here.
 * Errors: STORAGE from the store, INPUT for a period that is none.
 */

#include "app/plan.h"
#include "report/report.h"

/* A report over a period in the words of this office; app must outlive it. */
MpReport *mp_evaluation_new(const MpApp *app,
                            const char *from_day,
                            const char *to_day,
                            GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Counts what the store of `app` has to say about the period. */
gboolean
mp_evaluation_count(MpReport *report, const MpApp *app, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* The office as reports and papers describe it. */
MpReportOffice mp_evaluation_office(const MpApp *app);

/* Sends the report of the last period when it is due by [report] schedule; once for each period.
 * Periods that were over when the schedule was first seen are not sent. */
gboolean mp_pipeline_evaluation(MpApp *app, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* When the next one is due; in the past when it is late, 0 when none is sent. */
gint64 mp_evaluation_next(MpApp *app);

/* Writes the line of a case that is closed, inside a transaction; an open one is left as it is. */
gboolean mp_evaluation_close(const MpApp *app, const MpCase *kase, const MpSop *sop, GError **error)
    G_GNUC_WARN_UNUSED_RESULT;
/* Writes the lines that closed cases lack, inside a transaction. */
gboolean mp_evaluation_refill(const MpApp *app,
                              guint *written_out,
                              GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/* The office as report/ knows it: names, titles and the calendar of a service, borrowed from the
 * setup, which must outlive it.
 */

#include "app/app.h"
#include "report/report.h"

/* `service` NULL = the office's own calendar. */
MpReportOffice mp_office_of_papers(const MpSetup *setup, const char *service);
/* Names and titles for notices, from the configuration. */
void mp_setup_fill_notify(MpSetup *setup);
/* Questions and grades of the survey, where closing notices ask for it; CONFIG "file:line". */
gboolean mp_setup_load_survey(MpSetup *setup,
                              const char *rules_dir,
                              GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* A paper of a case with the words of its template (report.h). */
GBytes *mp_office_draw(const MpSetup *setup,
                       const char *name,
                       const MpCase *kase,
                       const GPtrArray *events,
                       gint64 now_utc,
                       GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/* report/: the numbers of a period. Cases go in one by one and only counts stay, so that a report
 * over a million cases needs no more memory than one over a hundred. Out come a CSV, one HTML page
 * that needs neither network nor script, and a short table for a terminal.
 *
 * Invariants
 *  - No person is named: of a case only number, service, step, holder's role and the applicant's
 *    office are kept, and every foreign text passes the mask of identity numbers.
 *  - The same cases in the same order give the same bytes.
 *  - Everything is told as it stood when the period ended (or now, if that is earlier).
 * Errors: INPUT for a period that is none, and for events that cannot be folded (a broken store).
 */

#include "base/base.h"
#include "case/case.h"

/* The longest period: ten years and their leap days. */
enum { MP_REPORT_DAYS_MAX = 3653 };

typedef struct {
    const char *office_name, *service_name;
    const MpCalendar *calendar; /* the office's own: where days and weeks begin */
    /* Words for ids; NULL = the ids themselves. */
    const char *(*service_title)(const char *service);
    const char *(*role_title)(gconstpointer data, const char *role);
    gconstpointer role_data;
    /* The procedure of a case, NULL = not known any more; needed by mp_report_add_line alone. */
    const MpSop *(*sop_by_id)(gconstpointer data, const char *sop);
    gconstpointer sop_data;
    gboolean shows_nip;            /* the draft of a recommendation holds the whole NIP */
    const MpSurvey *survey;        /* names and bands of what citizens answered; NULL = not asked */
    const char *complaint_service; /* counted apart from what is applied for; NULL = none */
} MpReportOffice;

typedef struct MpReport MpReport;

/* Both days (ISO) are included. Strings, calendar and data of `office` must outlive the report. */
MpReport *mp_report_new(const MpReportOffice *office,
                        const char *from_day,
                        const char *to_day,
                        gint64 now_utc,
                        GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* The instants [from, until) that it is about; until: the period's end, or now. */
void mp_report_span(const MpReport *report, gint64 *from_utc_out, gint64 *until_utc_out);
/* FALSE when the case has nothing to say about the period: its events need not be loaded. */
gboolean mp_report_wants(const MpReport *report, const MpCase *kase);
/* Counts one case. `sop` NULL = its procedure is not known any more: its steps are not counted.
 * `calendar` is the service's. */
gboolean mp_report_add(MpReport *report,
                       const MpCase *kase,
                       const GPtrArray *events,
                       const MpSop *sop,
                       const MpCalendar *calendar,
                       GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* One line that says all a report will ever ask of a closed case, so that a later one need not read
 * its events: made once, when it closes, with the procedure and calendar of that day. NULL for a
 * case that is open. No person stands in it. */
char *mp_report_close_line(const MpCase *kase,
                           const GPtrArray *events,
                           const MpSop *sop,
                           const MpCalendar *calendar);
/* Counts a case by its line as mp_report_add would; INPUT for a line that is none. */
gboolean
mp_report_add_line(MpReport *report, const char *line, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Counts one answer to the survey; what is not nine figures from 1 to 4 is left out. */
void mp_report_add_answer(MpReport *report, const char *service, const char *answers);
/* No case came in, was closed or stood open. */
gboolean mp_report_is_empty(const MpReport *report);

/* The numbers that matter most, as they head the page: name, value, name, value … (char *). */
GPtrArray *mp_report_headlines(const MpReport *report);
/* RFC 4180 with a header line; a cell that a spreadsheet would take for a formula is disarmed. */
char *mp_report_to_csv(const MpReport *report);
/* One self-contained page in formal Indonesian. */
char *mp_report_to_html(const MpReport *report);
/* A few lines for a terminal, in English like all of the command line. */
char *mp_report_to_text(const MpReport *report);
void mp_report_free(MpReport *report);

/* --- papers --- */

/* A paper of a case (a name of MP_CASE_PAPERS) as PDF on A4, equal bytes for equal arguments (and
 * equal fonts). `words` of a letter: "Kepada: …" and "Hal: …" on lines of their own, then a
 * paragraph a line, where "[tabel]" is the table of people; the control card needs none (NULL).
 * Number, date and signature are left blank for the office; identity numbers are masked, but for
 * the NIP of a recommendation where the office says so. `sop` may be NULL where the procedure is
 * not known any more. INPUT: no paper of that name, or a case without applicants where the paper is
 * about them; STORAGE: no memory to draw with. */
GBytes *mp_report_paper(const MpReportOffice *office,
                        const char *name,
                        const char *words,
                        const MpCase *kase,
                        const GPtrArray *events,
                        const MpSop *sop,
                        gint64 now_utc,
                        GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* One person whose certificate should be revoked, and why. */
typedef struct {
    const char *name, *nip, *position, *why;
} MpReportLeaver;

/* Draft of the letter that asks an OPD to send the request for revocation of its people, as above.
 */
GBytes *mp_report_reminder(const MpReportOffice *office,
                           const char *words,
                           const MpReportLeaver *people,
                           gsize n_people,
                           gint64 now_utc,
                           GError **error) G_GNUC_WARN_UNUSED_RESULT;

G_DEFINE_AUTOPTR_CLEANUP_FUNC(MpReport, mp_report_free)

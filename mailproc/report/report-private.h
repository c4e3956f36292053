/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/* What the files of report/ share: the counts, and how they become text. */

#include "report/report.h"
#include "report/text-private.h"

/* --- counts of one number (tally.c) ------------------------------------------------------------
 */

/* How often each value came: percentiles stay exact, and a million cases of a few hundred different
 * lengths cost a few hundred entries. */
typedef struct {
    GArray *entries; /* Entry of tally.c, by value */
    guint64 n;
} MpTally;

void mp_tally_add(MpTally *tally, gint64 value);
/* Nearest rank: the least value that at least `percent` of all do not exceed; 0 of nothing. */
gint64 mp_tally_percentile(const MpTally *tally, guint percent);
gint64 mp_tally_max(const MpTally *tally);
void mp_tally_clear(MpTally *tally);

/* --- the report (rows.c, collect.c)
 * --------------------------------------------------------------------
 */

/* Upper ends, in days, of the classes of age of what is open; the last class has none. */
enum { MP_AGES = 5 };

typedef struct {
    char *service;
    guint64 received, finished, refused, withdrawn, expired, open, overdue;
    guint64 judged, in_time;    /* closed cases with a timed step; of these, none too long */
    MpTally office_minutes;     /* of closed cases: all steps inside the office together */
    MpTally days;               /* of closed cases: from letter to end, calendar days */
    GArray *weeks;              /* guint64: received, by week of the period */
    guint64 n_answers, figures; /* of the survey: answers, and all their figures together */
} MpReportService;

typedef struct {
    char *service, *sop, *step;
    char *printed, *activity, *actor, *limit_text;
    guint line; /* of the file: the order of the steps */
    MpTimeKind kind;
    gint64 limit; /* 0 = the SOP prints no time */
    guint64 in_time, open;
    MpTally used;
} MpReportStep;

typedef struct {
    char *name;
    guint64 received, finished, refused, withdrawn, expired, open;
    MpTally days;
} MpReportOpd;

typedef struct {
    char *role;
    guint64 open, overdue, ages[MP_AGES];
    MpTally days;
} MpReportHolder;

typedef struct {
    char *number, *service, *role, *activity;
    gint64 days;
    gboolean is_overdue;
} MpReportOpen;

struct MpReport {
    MpReportOffice office;
    char *from_day, *to_day;
    gint64 from_utc, until_utc, now_utc; /* until: end of the period, or now */
    guint first_monday;                  /* Julian day of the first week's Monday */
    guint n_weeks;
    GArray *week_ends; /* gint64: the instant that ends each week */
    guint64 n_cases;
    guint64 n_answers, figures[MP_SURVEY_QUESTIONS]; /* of the survey, by question */
    GPtrArray *services;                             /* MpReportService, by id */
    GPtrArray *steps;                                /* MpReportStep, by service, SOP and line */
    GPtrArray *opds;                                 /* MpReportOpd, in order of appearance */
    GHashTable *opd_by_name;
    GPtrArray *holders; /* MpReportHolder, by role */
    GPtrArray *oldest;  /* MpReportOpen, oldest first, at most OLDEST_MAX */
};

/* Empty lists of a new report. */
void mp_report_make_rows(MpReport *report);
/* The row of that name, made when it is new. */
MpReportService *mp_report_find_service(MpReport *report, const char *name);
MpReportStep *
mp_report_find_step(MpReport *report, const char *service, const MpSop *sop, const MpSopStep *step);
MpReportOpd *mp_report_find_opd(MpReport *report, const char *name); /* NULL = not known */
MpReportHolder *mp_report_find_holder(MpReport *report, const char *role);

/* How a closed case went: what counts of it beside its steps. */
typedef struct {
    const char *service, *opd; /* opd NULL = not known */
    MpCaseState state;
    gint64 opened_utc, closed_utc;
    gboolean is_judged; /* the steps are known; below, what they say */
    gboolean is_timed, is_over;
    gint64 office_minutes;
} MpReportEnding;

gboolean mp_report_is_within(const MpReport *report, gint64 at_utc);
void
mp_report_count_received(MpReport *report, const char *service, const char *opd, gint64 opened_utc);
void mp_report_count_ending(MpReport *report, const MpReportEnding *ending);
/* Time used in a step that was left. */
void mp_report_count_use(MpReport *report,
                         const char *service,
                         const MpSop *sop,
                         const MpSopStep *step,
                         gint64 used,
                         gboolean is_over);
/* A step without a time that is only passed through tells nothing. */
gboolean mp_report_is_use(const MpCaseUse *use);
/* Judges the whole walk. */
void mp_report_judge(MpReportEnding *ending, const GPtrArray *uses);
/* The clock that the account of a case tells a step's time on. */
MpTimeKind mp_report_clock(const MpSopStep *step);
guint64 mp_report_closed(const MpReportService *service);
gboolean mp_report_is_complaint(const MpReport *report, const MpReportService *service);
/* Mean of `n` figures × 25 in hundredths, rounded; 0 of none. */
guint mp_report_index(guint64 figures, guint64 n);
/* All figures of the survey together. */
guint64 mp_report_figures(const MpReport *report);
/* Names of the class `i` of ages: "0–2 hari". */
const char *mp_report_age_name(guint i);
/* Most letters first, then by name; the list is the caller's, its items are not. */
GPtrArray *mp_report_sort_opds(const MpReport *report);
const char *mp_report_service_title(const MpReport *report, const char *service);
const char *mp_report_role_title(const MpReport *report, const char *role);

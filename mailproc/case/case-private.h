/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/* What two files of case/ share. */

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
guint32 mp_calendar_day_of(const MpCalendar *calendar, gint64 at_utc);
/* Openings of a day (MpOpening), never NULL; an empty list when closed. */
const GArray *mp_calendar_openings(const MpCalendar *calendar, guint32 day);
GTimeZone *mp_calendar_zone(const MpCalendar *calendar); /* borrowed */
/* The instant of a local minute of a day. */
gint64 mp_calendar_instant(const MpCalendar *calendar, guint32 day, int minute);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(MpWeek, mp_week_free)

/* --- words of procedures: closed lists (decisions.md 16) --- */

#define MP_SOP_OUTSIDERS(X) X("requester") X("applicant") X("bsre") X("system")

/* name, is it an official's verb, does it need a reason */
#define MP_SOP_EVENTS(X)                                                                           \
    X("enter", FALSE, FALSE)                                                                       \
    X("received", FALSE, FALSE)                                                                    \
    X("supplement", FALSE, FALSE)                                                                  \
    X("withdrawal", FALSE, FALSE)                                                                  \
    X("confirmed", FALSE, FALSE)                                                                   \
    X("SETUJU", TRUE, FALSE)                                                                       \
    X("TERUSKAN", TRUE, FALSE)                                                                     \
    X("LENGKAPI", TRUE, FALSE)                                                                     \
    X("KEMBALIKAN", TRUE, TRUE)                                                                    \
    X("TOLAK", TRUE, TRUE)                                                                         \
    X("TUNDA", TRUE, FALSE)                                                                        \
    X("AJUKAN", TRUE, FALSE)                                                                       \
    X("SELESAI", TRUE, FALSE)                                                                      \
    X("GAGAL", TRUE, TRUE)                                                                         \
    X("notice.issued", FALSE, FALSE)                                                               \
    X("notice.renewed", FALSE, FALSE)                                                              \
    X("notice.changed", FALSE, FALSE)                                                              \
    X("notice.revoked", FALSE, FALSE)                                                              \
    X("notice.rejected", FALSE, FALSE)                                                             \
    X("notice.activation", FALSE, FALSE)                                                           \
    X("notice.passphrase", FALSE, FALSE)                                                           \
    X("notice.reminder", FALSE, FALSE)                                                             \
    X("timer.due", FALSE, FALSE)                                                                   \
    X("timer.reminder", FALSE, FALSE)                                                              \
    X("timer.escalation", FALSE, FALSE)                                                            \
    X("timer.requester", FALSE, FALSE)                                                             \
    X("timer.expire", FALSE, FALSE)                                                                \
    X("timer.wake", FALSE, FALSE)                                                                  \
    X("link.finished", FALSE, FALSE)                                                               \
    X("link.failed", FALSE, FALSE)

/* name, number of arguments */
#define MP_SOP_ACTIONS(X)                                                                          \
    X(NOTICE, "notice", 2)       /* template, audience */                                          \
    X(OPEN_LINK, "open_link", 2) /* service, reason */                                             \
    X(HOLD_WINDOW, "hold_window", 0)                                                               \
    X(SLEEP, "sleep", 0)                                                                           \
    X(COMPLETE, "complete", 0) /* the official says the file is complete */                        \
    X(ASK, "ask", 0)           /* OPD or applicant is asked; @back leads here again */

typedef enum {

#define X(id, name, arguments) MP_SOP_ACTION_##id,
    MP_SOP_ACTIONS(X)
#undef X
        MP_SOP_ACTION_N
} MpSopAction;

#define MP_CASE_TIMERS(X)                                                                          \
    X("due") X("reminder") X("escalation") X("requester") X("expire") X("wake")

#define MP_SOP_STAY "."
#define MP_SOP_BACK "@back"

gboolean mp_sop_is_outsider(const char *actor);
gboolean mp_sop_is_event(const char *event);
gboolean mp_sop_event_is_verb(const char *event);
gboolean mp_sop_event_needs_reason(const char *event);
gboolean mp_sop_is_template(const char *name);
/* Closed list of timer names, NULL-terminated. */
const char *const *mp_case_timer_names(void);
const char *const *mp_sop_event_names(void);
/* An action "name(a, b)" taken apart; FALSE when name or number of arguments is wrong. */
gboolean mp_sop_action_parse(const char *text, MpSopAction *action_out, char ***arguments_out);
gboolean mp_sop_row_has(const MpSopRow *row, MpSopAction action);
/* "not name" → TRUE and the bare name. */
const char *mp_sop_guard_name(const char *guard, gboolean *negated_out);
/* CONFIG "file:line: …", FALSE. */
gboolean mp_sop_refuse(const MpSop *sop, guint line, GError **error, const char *format, ...)
    G_GNUC_PRINTF(4, 5);
gboolean
mp_sop_check(const MpSop *sop, const char *const *roles, GError **error) G_GNUC_WARN_UNUSED_RESULT;
MpSopStep *mp_sop_step_new(void);
void mp_sop_step_free(MpSopStep *step);
MpSopRow *mp_sop_row_new(void);
MpSopRow *mp_sop_row_copy(const MpSopRow *row, const char *step);
void mp_sop_row_free(MpSopRow *row);
/* TRUE when `enter` rows leave the step whatever the guards say. */
gboolean mp_sop_step_passes(const MpSop *sop, const char *step);

/* --- guards --- */

typedef struct {
    const MpSop *sop;
    const MpCase *kase; /* with what the input brings already in */
    const MpCaseInput *input;
    const MpCalendar *calendar;
    gint64 now_utc;
} MpGuardContext;

gboolean mp_guard_exists(const char *name);
gboolean mp_guard_holds(const char *name, const MpGuardContext *context);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(MpSopStep, mp_sop_step_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC(MpSopRow, mp_sop_row_free)

/* --- one decision in the making --- */

typedef struct {
    const MpSop *sop;
    const MpCaseInput *input;
    const MpCalendar *calendar;
    gint64 now_utc;
    MpDecision *decision;
    GArray *targets;      /* guint: applicants whose outcome this input set */
    GHashTable *timers;   /* name → gint64 *, those set so far */
    gboolean sets_timers; /* the step was entered, left or put to sleep: all others are cancelled */
} MpRun;

/* Sets the refusal; FALSE. */
gboolean mp_run_refuse(MpRun *run, const char *refusal);
/* A new event of this input with actor, address, trust and mail filled in. */
MpEvent *mp_run_event(const MpRun *run, const char *kind);
/* Appends the event and applies it; FALSE (refusal "broken") when it cannot be folded. */
gboolean mp_run_emit(MpRun *run, MpEvent *event);
MpCaseNotice *mp_run_notice(MpRun *run, const char *template_, const char *audience);
void mp_run_set_timer(MpRun *run, const char *name, gint64 at_utc);
/* A text that may go to people outside: what follows `pesan:`, or the reason of verbs whose reason
 * is meant for them. */
const char *mp_run_public_note(const MpRun *run);

/* opening and supplement (step-facts.c) */
gboolean mp_run_open(MpRun *run, const char *number);
gboolean mp_run_take_facts(MpRun *run);
gboolean mp_run_take_certificate(MpRun *run);
gboolean mp_run_set_missing(MpRun *run, const GPtrArray *missing);
/* "pemohon [n]: Nama; NIP …; email …" in a note → applicant event; TRUE also when it is none. */
gboolean mp_run_take_applicant_note(MpRun *run);

/* clocks (step-time.c) */
gint64 mp_step_due(const MpRun *run, const MpSopStep *step, gint64 since_utc);
gboolean mp_step_waits_for_answer(const MpSop *sop, const MpSopStep *step);
void mp_run_set_clock(MpRun *run, const MpSopStep *step, gint64 since_utc, gint64 due_utc);
gboolean mp_run_timer(MpRun *run); /* a timer that no row of the step speaks of */

/* moving (step-move.c) */
const MpSopRow *mp_run_pick(const MpRun *run, const char *step, const char **guard_out);
const MpSopRow *
mp_run_pick_event(const MpRun *run, const char *step, const char *event, const char **guard_out);
gboolean mp_run_follow(MpRun *run, const MpSopRow *row);
gboolean mp_run_move(MpRun *run, const char *to, const char *rule);
void mp_run_tell_holder(MpRun *run, const char *template_);
gboolean mp_run_is_asleep(const MpRun *run);

/* events that every step takes (step-common.c); FALSE in `known_out` when the event is none */
gboolean mp_run_common(MpRun *run, gboolean *known_out);
/* Only the holder of the step, or its keeper, may command it. */
gboolean mp_run_check_role(MpRun *run);

/* --- the command language --- */

typedef enum { MP_DATE_NONE, MP_DATE_GOOD, MP_DATE_BAD } MpDateFound;

/* The first day written in `text`: "20-11-2028", "20/11/2028", "2028-11-20", "20 November 2028".
 * BAD is something that looks like a day but is none beyond doubt ("20-11-28", "20 Nop 2028"). */
MpDateFound mp_date_find(const char *text, char **iso_day_out);
/* The same right at the beginning of `text`. */
MpDateFound mp_date_at(const char *text, char **iso_day_out);

/* One word of a line; bytes, half open. */
typedef struct {
    gsize start, end;
    char *text; /* ASCII lower case */
} MpWord;

/* The words of a line (MpWord). */
GArray *mp_words_of(const char *line);
/* Longest phrase that begins at word `at`: its verb, and how many words it takes; else NULL. */
const char *mp_verbs_match(const MpVerbs *verbs, const GArray *words, guint at, guint *taken_out);
gboolean mp_verbs_is_courtesy(const MpVerbs *verbs, const char *word);
gboolean mp_verbs_is_negation(const MpVerbs *verbs, const char *word);
gboolean mp_verbs_is_condition(const MpVerbs *verbs, const char *word);
/* May `word` follow the verb without a mark between them? */
gboolean mp_verbs_may_follow(const MpVerbs *verbs, const char *verb, const char *word);
gboolean mp_verbs_contradict(const MpVerbs *verbs, const char *a, const char *b);
/* Verb of the nearest single-word phrase within `limit`, or NULL. */
const char *mp_verbs_nearest(const MpVerbs *verbs, const char *word, guint limit);

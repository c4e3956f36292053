/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/* The closed lists a procedure may speak in, and what its loader, checker and the engine share. */

#include "case/case-private.h"

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
    X(ASK, "ask", 0)           /* OPD or applicant is asked; @back leads here again */             \
    X(OFFER, "offer", 0)       /* the end that the row leads to has something to offer */

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
/* Audience: applicants who hold a certificate. */
#define MP_SOP_CERTIFICATE_HOLDERS "certificate-holders"

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
/* The step whose printed time this one shares; itself when it has its own. */
const MpSopStep *mp_sop_clock(const MpSop *sop, const MpSopStep *step);
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

/* The i-th guard, NULL after the last. */
const char *mp_guard_name(guint i);
gboolean mp_guard_exists(const char *name);
gboolean mp_guard_holds(const char *name, const MpGuardContext *context);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(MpSopStep, mp_sop_step_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC(MpSopRow, mp_sop_row_free)

/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/* One command mail being worked: what was read in it, the writer's grant, and the lines of the
 * transcript. Shared by the files that work command mails only. */

#include "app/plan-private.h"

/* One line of the transcript. */
typedef struct {
    const MpCommand *command;
    char *said;   /* the line as written */
    char *result; /* "dijalankan", "tidak dijalankan" … */
    char *detail;
    char *before, *after;
    gboolean is_refused;
    gboolean is_change; /* something stands in the plan because of it */
} MpSessionLine;

typedef struct {
    MpPlanning *p;
    MpCommands *commands;
    MpGrant *grant;   /* the writer's, or NULL */
    GPtrArray *lines; /* MpSessionLine */
    char *role;       /* a role the writer has */
    char *first_case; /* of the first command */
    char *asked_case; /* of an expired code of the writer's: says what he means, allows nothing */
    gboolean wants_confirmation;
    gboolean has_change;
    guint finals; /* commands of this mail that brought an outcome, an end or a destruction */
} MpSession;

/* Marks the line as not carried out, and why. */
void mp_plan_refuse(MpSessionLine *line, const char *format, ...) G_GNUC_PRINTF(2, 3);
/* The same for a step that the procedure refused, and for an answer to an older version of the
 * case: what changed since (plan-refusal.c). */
void mp_plan_refuse_decision(const MpSession *session,
                             MpSessionLine *line,
                             const MpCase *kase,
                             const MpDecision *decision);
void
mp_plan_refuse_stale(MpSession *session, MpSessionLine *line, const MpCase *kase, guint version);
/* "Memberikan disposisi … (Kepala Dinas)": where the case stands. */
char *mp_plan_describe_step(const MpSession *session, const MpCase *kase);
/* The first code in the mail that was given to this very writer and has not expired. */
gboolean mp_plan_find_grant(MpSession *session, GError **error);
/* FALSE and a refused line when the mail does not carry the authority; `kase` NULL = no case. */
gboolean mp_plan_is_authorised(MpSession *session,
                               const MpCommand *command,
                               const MpCase *kase,
                               MpSessionLine *line);

/* What stood in the plan at a point, to cut back to (plan-whole.c). */
typedef struct {
    guint changes, mails, files, rations, actions, marks, finals;
    gboolean had_change;
} MpPlanMark;

MpPlanMark mp_plan_mark(const MpSession *session);
void mp_plan_cut(MpSession *session, const MpPlanMark *mark);
/* Once all lines have run: nothing of them when one was refused, or the hour has no room. */
gboolean mp_plan_whole_or_nothing(MpSession *session, const MpPlanMark *before, GError **error);
/* MUSNAHKAN: recorded in the closed case (plan-destroy.c). */
gboolean
mp_plan_destroy(MpSession *session, const MpCase *kase, MpSessionLine *line, GError **error);
/* The words of the step with their meaning in English (plan-context.c); `kase` may be NULL. */
MpValue *mp_plan_english_words(const MpPlanning *p, const MpCase *kase);
/* The one answer to the mail. */
gboolean mp_plan_send_transcript(MpSession *session, GError **error);
/* What a mail that counts as no command says all the same; never to be carried out. */
MpCommands *mp_plan_commands_said(const MpPlanning *p);

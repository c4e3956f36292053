/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/* One command mail being worked: what was read in it, the writer's grant, and the lines of the
 * transcript. Shared by plan-command.c, plan-authority.c and plan-transcript.c only. */

#include "app/plan-private.h"

/* One line of the transcript. */
typedef struct {
    const MpCommand *command;
    char *said;   /* the line as written */
    char *result; /* "dijalankan", "tidak dijalankan" … */
    char *detail;
    char *before, *after;
    gboolean is_refused;
} MpSessionLine;

typedef struct {
    MpPlanning *p;
    MpCommands *commands;
    MpGrant *grant;   /* the writer's, or NULL */
    GPtrArray *lines; /* MpSessionLine */
    char *role;       /* a role the writer has */
    char *first_case; /* of the first command */
    gboolean wants_confirmation;
    gboolean has_change;
} MpSession;

/* Marks the line as not carried out, and why. */
void mp_plan_refuse(MpSessionLine *line, const char *format, ...) G_GNUC_PRINTF(2, 3);
/* The first code in the mail that was given to this very writer and has not expired. */
gboolean mp_plan_find_grant(MpSession *session, GError **error);
/* FALSE and a refused line when the mail does not carry the authority; `kase` NULL = no case. */
gboolean mp_plan_is_authorised(MpSession *session,
                               const MpCommand *command,
                               const MpCase *kase,
                               MpSessionLine *line);
/* MUSNAHKAN: recorded in the closed case (plan-destroy.c). */
gboolean
mp_plan_destroy(MpSession *session, const MpCase *kase, MpSessionLine *line, GError **error);
/* The one answer to the mail. */
gboolean mp_plan_send_transcript(MpSession *session, GError **error);
/* What a mail that counts as no command says all the same; never to be carried out. */
MpCommands *mp_plan_commands_said(const MpPlanning *p);

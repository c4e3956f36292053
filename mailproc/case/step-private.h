/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/* One decision of mp_case_step() in the making, passed from file to file. */

#include "case/sop-private.h"

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
/* "pemohon [n]: Nama; NIP …; email …" or "ulang nama: …" in a note → applicant event; TRUE also
 * when it is none. */
gboolean mp_run_take_applicant_note(MpRun *run);

/* clocks (step-time.c) */
gint64 mp_step_due(const MpRun *run, const MpSopStep *step, gint64 since_utc);
gboolean mp_step_waits_for_answer(const MpSop *sop, const MpSopStep *step);
void mp_run_set_clock(MpRun *run, const MpSopStep *step, gint64 since_utc, gint64 due_utc);
/* Of the timers just set anew, takes away those that spoke in this stay (input's history). */
void mp_run_skip_spoken(MpRun *run, gint64 since_utc);
/* A timer that would speak to people outside office hours is put off: TRUE. */
gboolean mp_run_put_off(MpRun *run);
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

/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/* What the files of the planner share: the plan being made, the cases as they stand in it, and the
 * mails it will send. Nothing outside plan*.c includes this. */

#include "app/plan.h"

/* One mail (or timer) being planned. */
typedef struct {
    const MpPlanner *planner;
    const MpFacts *facts;   /* NULL for timers and operators */
    const MpLedgerRow *row; /* likewise */
    MpPlan *plan;
    gint64 at_utc;        /* when it counts as having happened: arrival, else now */
    const char *sender;   /* the single plain From, or NULL */
    MpTrustLevel trust;   /* of the sender, capability included once found */
    gboolean may_answer;  /* the sender may get automatic answers */
    gboolean is_digested; /* the morning's digest spoke already: no single reminder */
} MpPlanning;

MpPlan *mp_plan_new(void);
MpPlanChange *mp_plan_change_new(const char *number, const MpSop *sop, MpDecision *decision_take);
void mp_plan_change_free(MpPlanChange *change);
MpPlanMail *mp_plan_mail_new(MpOutboxEntry *entry_take);
void mp_plan_mail_free(MpPlanMail *mail);

void mp_plan_end(MpPlanning *p, MpLedgerState end, const char *reason, const char *case_number);
void
mp_plan_note(MpPlanning *p, const char *action, const char *case_number, const char *format, ...)
    G_GNUC_PRINTF(4, 5);
void mp_plan_add_mark(MpPlanning *p, const char *name, const char *value);
/* The case as it stands after the plan so far (a copy), or NULL without error when there is none.
 */
MpCase *mp_plan_case(MpPlanning *p, const char *number, GError **error);
/* Cases by filter, each as it stands after the plan so far. */
GPtrArray *mp_plan_cases(MpPlanning *p, const MpCaseFilter *filter, GError **error);
gboolean mp_plan_is_same_address(const char *a, const char *b);
/* The address as it is counted: in small letters and without a tag ("a+x@b" is "a@b"), so that tags
 * are no second person. Never to write to, and never to compare authority by. */
char *mp_plan_mailbox(const char *address);
/* Today in the office's calendar as an ISO day. */
char *mp_plan_today(const MpPlanning *p);

/* The next case number (a made-up one in dry plans). */
char *mp_plan_take_number(MpPlanning *p, GError **error);
/* Takes the step and, when accepted, adds change, mails, linked cases and the parent's step. The
 * decision is returned for its refusal; borrowed from the plan when accepted, else owned by the
 * caller through `refused_out`. FALSE = STORAGE error. */
gboolean mp_plan_step(MpPlanning *p,
                      const char *number,
                      const MpCase *kase,
                      const MpSop *sop,
                      const MpCaseInput *input,
                      const MpDecision **decision_out,
                      MpDecision **refused_out,
                      GError **error);

/* The same where a refusal is only worth a note. */
gboolean mp_plan_inner_step(MpPlanning *p,
                            const char *number,
                            const MpCase *kase,
                            const MpSop *sop,
                            const MpCaseInput *input,
                            GError **error);

/* Mails (plan-mail.c). */
typedef struct {
    const char *template_;
    const char *to; /* address */
    const char *to_name;
    const MpCase *kase; /* or NULL */
    guint applicant;
    MpValue *extra;            /* map whose keys are added to the context; borrowed */
    const GPtrArray *grants;   /* MpGrantItem, or NULL: no authority in the reply */
    const char *role;          /* whose grant expiry counts */
    gboolean wants_documents;  /* attach the case's documents that its step requires */
    gboolean is_answer;        /* to the sender of the mail, because of it: rationed */
    const MpAttachment *files; /* of our own making, attached to this mail; borrowed */
    gsize n_files;
} MpLetterOrder;

/* Context of the order's template (plan-context.c); `sop` of its case, or NULL. */
MpValue *mp_plan_context(MpPlanning *p, const MpLetterOrder *order, const MpSop *sop);
/* Why the mail may not go out, or NULL; `ration_out` the counter that it uses up; `hours_out`
 * how many hours later it goes (plan-ration.c). */
gboolean mp_plan_withheld(MpPlanning *p,
                          const MpLetterOrder *order,
                          char **ration_out,
                          const char **reason_out,
                          guint *hours_out,
                          GError **error);
gboolean mp_plan_send(MpPlanning *p, const MpLetterOrder *order, GError **error);
/* The notices of a decision, each to everyone of its audience. */
gboolean
mp_plan_send_notices(MpPlanning *p, const MpDecision *decision, const MpSop *sop, GError **error);
/* An empty list of MpGrantItem, and one with an item for the case as it stands. */
GPtrArray *mp_plan_no_grant_items(void);
GPtrArray *mp_plan_grant_items(const MpCase *kase);
void mp_plan_add_grant_item(GPtrArray *items, const MpCase *kase);
/* Tells the verifikator (all holders of the role) about a mail that a person must look at. */
#define MP_UNSEEN_TEMPLATE "surel-menumpuk" /* the one note for those that a cap dropped */
gboolean mp_plan_ask_person(MpPlanning *p,
                            const char *template_,
                            const MpCase *kase,
                            const char *reason,
                            MpValue *extra,
                            GError **error);
/* The same without a case, with files of our own making. */
gboolean mp_plan_ask_person_with(MpPlanning *p,
                                 const char *template_,
                                 MpValue *extra,
                                 const MpAttachment *files,
                                 gsize n_files,
                                 GError **error);
/* Words the holder of a step may answer with, as list `kata`. */
MpValue *mp_plan_words(const MpPlanning *p, const MpSop *sop, const MpCase *kase);
/* One row of `daftar`. */
MpValue *mp_plan_case_row(const MpPlanning *p, const MpCase *kase);

/* The kinds (plan-request.c, plan-command.c, plan-bsre.c). */
gboolean mp_plan_request(MpPlanning *p, GError **error);
gboolean mp_plan_supplement(MpPlanning *p, GError **error);
gboolean mp_plan_withdrawal(MpPlanning *p, GError **error);
gboolean mp_plan_inquiry(MpPlanning *p, GError **error);
/* No kind of its own: ignored, unless its sender was asked something (plan-answer.c). */
gboolean mp_plan_other(MpPlanning *p, GError **error);
gboolean mp_plan_suspect(MpPlanning *p, GError **error);
gboolean mp_plan_command(MpPlanning *p, GError **error);
gboolean mp_plan_bsre(MpPlanning *p, GError **error);
/* Nine figures in answer to a closing notice (plan-survey.c): `is_taken_out` FALSE = the mail is
 * something else. */
gboolean mp_plan_survey(MpPlanning *p, gboolean *is_taken_out, GError **error);
/* The questions go into the context of closing notices. */
void mp_plan_offer_survey(const MpPlanning *p, const MpLetterOrder *order, MpValue *context);
/* Automatic answers: nothing moves, the holder's deputy hears of it (plan-absence.c). */
gboolean mp_plan_absence(MpPlanning *p, GError **error);
/* TRUE when a rule gave this mark ("owns-certificate", "asks-own-data"). */
gboolean mp_plan_says(const MpFacts *facts, const char *mark);
/* A person asks for the own data: likewise (plan-own-data.c). */
gboolean mp_plan_own_data(MpPlanning *p, GError **error);
/* A complaint: a case of its own, beside the case it is about (plan-complaint.c). */
gboolean mp_plan_complaint(MpPlanning *p, GError **error);
/* Which case a mail is about: named in it, else the only one its letter or sender points to; NULL =
 * none. */
gboolean mp_plan_find_case(MpPlanning *p, MpCase **kase_out, GError **error);
/* How many applicants of `a` are applicants of `b` (decisions.md 21; plan-same.c). */
guint mp_plan_shared_people(const MpCase *a, const MpCase *b);
/* The open case that the letter belongs to already, or one that has some of its people. */
gboolean mp_plan_find_same(
    MpPlanning *p, const MpCase *facts, MpCase **same_out, MpCase **partly_out, GError **error);
/* The mail is the requester's plain yes to what the finished case offers. */
gboolean mp_plan_accepts(const MpPlanning *p, const MpCase *kase);
/* The finished case of the letter's requester that offers the letter's service to one of its
 * people, or NULL. */
gboolean mp_plan_find_offer(MpPlanning *p, const MpCase *facts, MpCase **kase_out, GError **error);
/* The case that the plan has just opened is what was offered. */
gboolean mp_plan_close_offer(MpPlanning *p, const MpCase *offer, GError **error);
/* Opens the case of a request or complaint that nothing speaks against; over the hour's caps the
 * mail ends QUARANTINED instead. */
gboolean mp_plan_open_case(MpPlanning *p, const MpSop *sop, const MpCase *facts, GError **error);
/* What the register knows of the applicants goes into the facts of a request: who holds a
 * certificate, until when (plan-register.c). */
gboolean mp_plan_ask_register(MpPlanning *p, MpCase *facts, GError **error);
/* Facts of a mail as the case's values (decision input); owned by the caller. */
MpCase *mp_plan_case_facts(const MpPlanning *p);

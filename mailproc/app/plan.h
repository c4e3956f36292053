/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/* app/plan: the one function that plans (decisions.md 26): facts of a mail + snapshot of the store
 * + now → what is to be done, as data. `explain`, COBA, the pipeline and the replay all call it;
 * only the pipeline carries a plan out. It reads the store and draws random bytes for grants, and
 * does nothing else to the world.
 *
 * Invariants
 *  - A plan says where the mail ends (`end` and `reason`), always.
 *  - All or nothing: a command mail with one bad line changes no case.
 *  - An automatic mail changes no case's step and is never answered.
 * Errors: STORAGE from the store; anything about the mail itself ends in the plan, not in an error.
 */

#include "app/app.h"

/* The service whose cases are complaints. */
#define MP_COMPLAINT_SERVICE "pengaduan"

/* Names of every template that plans use, NULL-terminated: checked at start. */
extern const char *const mp_plan_templates[];

typedef struct {
    const MpSetup *setup;
    MpStore *store;   /* NULL: no case is known (explain without a store) */
    MpRandom *random; /* for grants and Message-IDs */
    gint64 now_utc;
    gboolean is_dry; /* nothing will be carried out: case numbers are not taken */
} MpPlanner;

typedef struct {
    char *number;
    const MpSop *sop;
    MpDecision *decision; /* accepted */
} MpPlanChange;

typedef struct {
    MpOutboxEntry *entry;    /* CANCELLED when withheld */
    MpGrant *grant;          /* or NULL */
    char *ration;            /* counter to raise, or NULL */
    char *mark, *mark_value; /* state to keep with it, or NULL */
} MpPlanMail;

/* Bytes of our own making that mails of the plan name: an entry of the archive. */
typedef struct {
    char *entry; /* "doc/<sha256>" */
    GBytes *content;
} MpPlanFile;

/* A counter of an hour that the plan uses up. */
typedef struct {
    char *key;
    gint64 at_utc;
} MpPlanRation;

/* For people: what was decided ("open-case", "move", "send", "withhold", "ignore" …). */
typedef struct {
    char *action, *case_number, *detail;
} MpPlanAction;

/* State by name that the plan sets (value NULL = deletes). */
typedef struct {
    char *name, *value;
} MpMarkChange;

typedef struct {
    MpLedgerState end;
    char *reason; /* of ignored, duplicate, quarantined; else NULL */
    char *case_number;
    gboolean is_for_quarantine; /* goes to the quarantine folder though it is decided */
    GPtrArray *changes;         /* MpPlanChange, in order */
    GPtrArray *mails;           /* MpPlanMail, in order */
    GPtrArray *files;           /* MpPlanFile, each entry once */
    GPtrArray *rations;         /* MpPlanRation */
    GPtrArray *actions;         /* MpPlanAction */
    GPtrArray *marks;           /* MpMarkChange */
} MpPlan;

/* What the mail means. `row` gives ledger id and arrival. */
MpPlan *mp_plan_mail(const MpPlanner *planner,
                     const MpFacts *facts,
                     const MpLedgerRow *row,
                     GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* A mail that cannot be read: quarantined, the office told once. */
MpPlan *mp_plan_unreadable(const MpPlanner *planner, const MpLedgerRow *row, const char *why);
/* The same mail again: counts once. */
MpPlan *mp_plan_repeat(gint64 first_id);
/* What the ledger keeps of a decision for `mail why`: rules, doubts, actions, as JSON. */
char *mp_why_to_json(const MpFacts *facts, const MpPlan *plan);
/* A timer of a case that is due. */
MpPlan *mp_plan_timer(const MpPlanner *planner,
                      const MpTimerRow *timer,
                      GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* An operator's command in a named official's stead (`case command`); INPUT when it is refused. */
MpPlan *mp_plan_operator(const MpPlanner *planner,
                         const char *number,
                         const char *role,
                         const char *operator_name,
                         const char *words,
                         GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* An outgoing mail failed for good, or may have arrived and is held: the case's file and the
 * verifikator are told. `is_shared`: the server said the same of another mailbox, so its words are
 * about neither. */
MpPlan *mp_plan_undelivered(const MpPlanner *planner,
                            const MpOutboxEntry *entry,
                            gboolean is_shared,
                            GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* The mark of an address that takes no mail: while it stands nothing goes there. Its name has the
 * address's hash, so that erasing a person finds nothing to erase; its value is "DAY ROW": since
 * when, and the outbox row that came back. g_free. */
#define MP_DEAD_MARK "dead "
char *mp_plan_dead_mark(const char *address);
/* TRUE when mail to the address came back for good and nothing has corrected it since; never of an
 * official, whose address the configuration vouches for. */
gboolean mp_plan_is_dead_address(const MpPlanner *planner, const char *address);
/* Documents a request lacks under the configured procedure of its service, for `explain`. */
GPtrArray *mp_plan_missing(const MpPlanner *planner, const MpFacts *facts);
/* The counters of hourly caps that an outgoing mail uses up ("all" …), NULL-terminated. Answers to
 * officials' commands and notes about our mails that failed have one of their own, so that a flood
 * of the one holds up none of the other. */
char **mp_plan_cap_keys(const char *template_, const char *recipient);
/* Commands of the mail as the language reads them (MpCommands); empty for other kinds. */
MpCommands *mp_plan_commands(const MpPlanner *planner, const MpFacts *facts);
/* Carries out a plan that belongs to no mail, inside the caller's transaction (pipeline.c). */
gboolean
mp_pipeline_carry_out(MpApp *app, const MpPlan *plan, GError **error) G_GNUC_WARN_UNUSED_RESULT;
void mp_plan_free(MpPlan *plan);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(MpPlan, mp_plan_free)

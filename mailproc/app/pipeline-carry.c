/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Carrying out a plan: events, cases, grants, outgoing mails and the ledger's word on the mail, all
 * inside the caller's transaction. */

#include "app/evaluation.h"
#include "app/pipeline-private.h"

#include <syslog.h>

/* A case that the plan steps twice was decided on its own first step: the store has numbered those
 * events meanwhile. */
static void
follow_first_step(const MpPlan *plan, guint at)
{
    const MpPlanChange *change = g_ptr_array_index(plan->changes, at);

    for (guint i = at; i > 0; i--) {
        const MpPlanChange *before = g_ptr_array_index(plan->changes, i - 1);

        if (strcmp(before->number, change->number) == 0) {
            change->decision->after->last_seq = before->decision->after->last_seq;
            return;
        }
    }
}

static gboolean
save_changes(MpApp *app, const MpPlan *plan, GError **error)
{
    MpStore *store = app->store;

    for (guint i = 0; i < plan->changes->len; i++) {
        const MpPlanChange *change = g_ptr_array_index(plan->changes, i);
        const MpDecision *decision = change->decision;

        follow_first_step(plan, i);
        if (!store->case_save(store, decision->after, decision->events, error) ||
            !mp_evaluation_close(app, decision->after, change->sop, error) ||
            !store->grant_spend(store, change->number, decision->after->version, error))
            return FALSE;
        for (guint j = 0; j < decision->timers->len; j++) {
            const MpCaseTimer *timer = g_ptr_array_index(decision->timers, j);

            if (!store->timer_set(store, change->number, timer->name, timer->at_utc, error))
                return FALSE;
        }
    }
    return TRUE;
}

/* Counters of the hourly caps. */
static gboolean
count_mail(MpStore *store, const MpOutboxEntry *entry, GError **error)
{
    g_auto(GStrv) keys = mp_plan_cap_keys(entry->template_, entry->recipient);

    for (gsize i = 0; entry->state != MP_OUTBOX_CANCELLED && keys[i] != NULL; i++)
        if (!store->ration_add(store, keys[i], entry->made_utc, error))
            return FALSE;
    return TRUE;
}

static gboolean
count_rations(MpStore *store, const MpPlan *plan, GError **error)
{
    for (guint i = 0; i < plan->rations->len; i++) {
        const MpPlanRation *ration = g_ptr_array_index(plan->rations, i);

        if (!store->ration_add(store, ration->key, ration->at_utc, error))
            return FALSE;
    }
    return TRUE;
}

static gboolean
save_mails(MpApp *app, const MpPlan *plan, GError **error)
{
    MpStore *store = app->store;

    for (guint i = 0; i < plan->mails->len; i++) {
        const MpPlanMail *mail = g_ptr_array_index(plan->mails, i);

        if (!store->outbox_add(store, mail->entry, error) || !count_mail(store, mail->entry, error))
            return FALSE;
        if (mail->mark != NULL && !store->mark_set(store, mail->mark, mail->mark_value, error))
            return FALSE;
        if (mail->grant != NULL && !store->grant_add(store, mail->grant, error))
            return FALSE;
        if (mail->ration != NULL &&
            !store->ration_add(store, mail->ration, mail->entry->made_utc, error))
            return FALSE;
    }
    return TRUE;
}

static gboolean
save_marks(MpStore *store, const MpPlan *plan, GError **error)
{
    for (guint i = 0; i < plan->marks->len; i++) {
        const MpMarkChange *mark = g_ptr_array_index(plan->marks, i);

        if (!store->mark_set(store, mark->name, mark->value, error))
            return FALSE;
    }
    return TRUE;
}

/* Documents of the mail that a case now refers to, by hash: many letters carry the same form. */
static gboolean
save_documents(MpApp *app, const MpFacts *facts, const MpPlan *plan, GError **error)
{
    if (plan->case_number == NULL)
        return TRUE;
    for (guint i = 0; i < facts->documents->len; i++) {
        const MpDocument *document = g_ptr_array_index(facts->documents, i);
        g_autofree char *name = g_strconcat("doc/", document->sha256, NULL);

        if (document->content != NULL &&
            !app->store->archive_put(app->store, name, document->content, 0, error))
            return FALSE;
    }
    return TRUE;
}

/* What we made ourselves lies in the archive before a row names it. A mail's batch commits the
 * archive once for all; what belongs to no mail does it here. */
static gboolean
save_files(MpApp *app, const MpPlan *plan, gboolean is_batched, GError **error)
{
    for (guint i = 0; i < plan->files->len; i++) {
        const MpPlanFile *file = g_ptr_array_index(plan->files, i);

        if (!app->store->archive_put(app->store, file->entry, file->content, 0, error))
            return FALSE;
    }
    return is_batched || plan->files->len == 0 || app->store->archive_commit(app->store, error);
}

static void
log_plan(const MpApp *app, const MpLedgerRow *row, const MpPlan *plan)
{
    g_autofree char *id = g_strdup_printf("%" G_GINT64_FORMAT, row->id);

    mp_app_log(app,
               LOG_INFO,
               "mail.decided",
               "mail",
               id,
               "kind",
               row->kind,
               "end",
               mp_ledger_state_to_string(plan->end),
               "case",
               plan->case_number,
               "reason",
               plan->reason,
               NULL);
    for (guint i = 0; i < plan->changes->len; i++) {
        const MpPlanChange *change = g_ptr_array_index(plan->changes, i);
        const MpEvent *first = change->decision->events->len > 0
                                   ? g_ptr_array_index(change->decision->events, 0)
                                   : NULL;

        mp_app_log(app,
                   LOG_INFO,
                   "case.step",
                   "case",
                   change->number,
                   "from",
                   first == NULL ? NULL : first->from_step,
                   "to",
                   change->decision->after->step,
                   "state",
                   mp_case_state_to_string(change->decision->after->state),
                   "rule",
                   change->decision->rule,
                   NULL);
    }
}

MpPlanner
mp_pipeline_planner(MpApp *app)
{
    return (MpPlanner){.setup = app->setup,
                       .store = app->store,
                       .random = app->random,
                       .now_utc = app->clock->now_utc(app->clock)};
}

/* A mail may name a case that this office never had; the ledger points only to those it has. */
static char *
known_case(MpStore *store, const char *number)
{
    g_autoptr(MpCase) kase = number == NULL ? NULL : store->case_load(store, number, NULL);

    return kase == NULL ? NULL : g_strdup(number);
}

/* The ledger's word on a mail once it is decided. */
static void
close_row(MpApp *app, MpLedgerRow *row, const MpFacts *facts, const MpPlan *plan)
{
    row->state = plan->end;
    row->done_utc = app->clock->now_utc(app->clock);
    g_free(row->reason);
    row->reason = g_strdup(plan->reason);
    g_free(row->case_number);
    row->case_number = known_case(app->store, plan->case_number);
    if (facts == NULL)
        return;
    g_free(row->kind);
    row->kind = g_strdup(facts->verdict->kind);
    g_free(row->why);
    row->why = mp_why_to_json(facts, plan);
}

gboolean
mp_pipeline_carry(
    MpApp *app, MpLedgerRow *row, const MpFacts *facts, const MpPlan *plan, GError **error)
{
    if (facts != NULL && !save_documents(app, facts, plan, error))
        return FALSE;
    if (!save_files(app, plan, row != NULL, error) || !save_changes(app, plan, error) ||
        !save_mails(app, plan, error) || !count_rations(app->store, plan, error) ||
        !save_marks(app->store, plan, error))
        return FALSE;
    if (row == NULL)
        return TRUE;
    close_row(app, row, facts, plan);
    log_plan(app, row, plan);
    return app->store->ledger_update(app->store, row, error);
}

gboolean
mp_pipeline_carry_out(MpApp *app, const MpPlan *plan, GError **error)
{
    return mp_pipeline_carry(app, NULL, NULL, plan, error);
}

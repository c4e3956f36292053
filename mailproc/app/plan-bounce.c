/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Our own mails that came back, or never went. */

#include "app/plan-private.h"
#include "app/plan-register.h"

char *
mp_plan_dead_mark(const char *address)
{
    g_autofree char *lower = mp_text_lower_ascii(address);
    g_autofree char *hash = mp_text_sha256((const guint8 *)lower, strlen(lower));

    return g_strconcat("dead ", hash, NULL);
}

/* The month's watch over certificates asks which mailboxes are dead. */
static void
remember_dead(MpPlanning *p, const char *address)
{
    MpPlanMail *last =
        p->plan->mails->len == 0 ? NULL : p->plan->mails->pdata[p->plan->mails->len - 1];

    if (last == NULL || last->mark != NULL)
        return;
    last->mark = mp_plan_dead_mark(address);
    last->mark_value = mp_plan_today(p);
}

/* A forged report cannot name our random Message-ID, so it can cause nothing; and a bounce of the
 * note about a bounce tells nobody again. */
gboolean
mp_plan_bounced(MpPlanning *p, const MpOutboxEntry *entry, const MpBounced *bounced, GError **error)
{
    g_autoptr(MpValue) extra = mp_value_map();
    g_autoptr(MpCase) kase = NULL;
    g_autoptr(GError) local = NULL;
    const MpSop *sop = NULL;
    MpCaseInput input = {.event = "CATAT",
                         .actor = "system",
                         .mail = p->row == NULL ? 0 : p->row->id,
                         .note = "surel tidak sampai"};
    g_autofree char *note = NULL;
    const MpDecision *decision = NULL;
    g_autoptr(MpDecision) refused = NULL;

    if (entry->case_number != NULL)
        kase = mp_plan_case(p, entry->case_number, &local);
    if (local != NULL) {
        g_propagate_error(error, g_steal_pointer(&local));
        return FALSE;
    }
    mp_plan_end(p, MP_LEDGER_DONE, "bounce", entry->case_number);
    sop = kase == NULL ? NULL : mp_setup_sop_by_id(p->planner->setup, kase->sop);
    note = g_strdup_printf("surel '%s' ke %s tidak sampai (%s)",
                           entry->template_,
                           entry->recipient,
                           bounced->is_permanent ? "tetap" : "sementara");
    input.note = note;
    if (sop != NULL &&
        !mp_plan_step(p, kase->number, kase, sop, &input, &decision, &refused, error))
        return FALSE;
    if (!bounced->is_permanent || strcmp(entry->template_, "gagal-kirim") == 0)
        return TRUE;
    mp_value_set_text(extra, "alamat_gagal", entry->recipient);
    mp_value_set_text(extra, "jawaban_server", bounced->diagnostic);
    mp_value_set_text(extra, "jenis_surel", mp_notify_notice_title(entry->template_));
    if (!mp_plan_ask_person(p, "gagal-kirim", kase, "alamat tidak dapat dikirimi", extra, error))
        return FALSE;
    remember_dead(p, entry->recipient);
    return TRUE;
}

MpPlan *
mp_plan_undelivered(const MpPlanner *planner, const MpOutboxEntry *entry, GError **error)
{
    g_autoptr(MpPlan) plan = mp_plan_new();
    MpPlanning p = {.planner = planner, .plan = plan, .at_utc = planner->now_utc};
    const MpBounced bounced = {
        .address = entry->recipient, .is_permanent = TRUE, .diagnostic = entry->server_reply};

    if (!mp_plan_bounced(&p, entry, &bounced, error))
        return NULL;
    return g_steal_pointer(&plan);
}

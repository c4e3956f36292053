/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/digest.h"
#include "app/plan-bounce.h"

const char *const mp_plan_templates[] = {"diterima",
                                         "kurang",
                                         "dipindai",
                                         "giliran",
                                         "kemajuan",
                                         "menunggu-bsre",
                                         "selesai",
                                         "selesai-pemohon",
                                         "ditolak",
                                         "ditarik",
                                         "kedaluwarsa",
                                         "ditunda",
                                         "pembaruan-awal",
                                         "terkait",
                                         "pengingat",
                                         "eskalasi",
                                         "ringkasan",
                                         "pengingat-pemohon",
                                         "transkrip",
                                         "status",
                                         "bantuan",
                                         "tanya-bsre",
                                         "konfirmasi",
                                         "ganda",
                                         "penarikan-ditolak",
                                         "karantina",
                                         "gagal-kirim",
                                         "perlu-dilihat",
                                         "catatan-harian",
                                         "masa-berlaku",
                                         "pantauan",
                                         "pengaduan",
                                         "pemusnahan",
                                         "selesai-tawaran",
                                         "bantuan-en",
                                         "batas-perintah",
                                         "ditahan",
                                         "survei",
                                         "laporan",
                                         "standar",
                                         "surat-rekomendasi.surat",
                                         "surat-pemberitahuan.surat",
                                         "surat-pencabutan.surat",
                                         "alamat-mati",
                                         "surel-menumpuk",
                                         NULL};

/* --- values --- */

MpPlanChange *
mp_plan_change_new(const char *number, const MpSop *sop, MpDecision *decision_take)
{
    MpPlanChange *change = g_new0(MpPlanChange, 1);

    change->number = g_strdup(number);
    change->sop = sop;
    change->decision = decision_take;
    return change;
}

void
mp_plan_change_free(MpPlanChange *change)
{
    if (change == NULL)
        return;
    g_free(change->number);
    mp_decision_free(change->decision);
    g_free(change);
}

MpPlanMail *
mp_plan_mail_new(MpOutboxEntry *entry_take)
{
    MpPlanMail *mail = g_new0(MpPlanMail, 1);

    mail->entry = entry_take;
    return mail;
}

void
mp_plan_mail_free(MpPlanMail *mail)
{
    if (mail == NULL)
        return;
    mp_outbox_entry_free(mail->entry);
    mp_grant_free(mail->grant);
    g_free(mail->ration);
    g_free(mail->mark);
    g_free(mail->mark_value);
    g_free(mail);
}

static void
file_free(gpointer data)
{
    MpPlanFile *file = data;

    g_free(file->entry);
    g_bytes_unref(file->content);
    g_free(file);
}

static void
action_free(gpointer data)
{
    MpPlanAction *action = data;

    g_free(action->action);
    g_free(action->case_number);
    g_free(action->detail);
    g_free(action);
}

static void
ration_free(gpointer data)
{
    MpPlanRation *ration = data;

    g_free(ration->key);
    g_free(ration);
}

static void
mark_free(gpointer data)
{
    MpMarkChange *mark = data;

    g_free(mark->name);
    g_free(mark->value);
    g_free(mark);
}

void
mp_plan_add_mark(MpPlanning *p, const char *name, const char *value)
{
    MpMarkChange *mark = g_new0(MpMarkChange, 1);

    mark->name = g_strdup(name);
    mark->value = g_strdup(value);
    g_ptr_array_add(p->plan->marks, mark);
}

MpPlan *
mp_plan_new(void)
{
    MpPlan *plan = g_new0(MpPlan, 1);

    plan->end = MP_LEDGER_IGNORED;
    plan->changes = g_ptr_array_new_with_free_func((GDestroyNotify)mp_plan_change_free);
    plan->mails = g_ptr_array_new_with_free_func((GDestroyNotify)mp_plan_mail_free);
    plan->files = g_ptr_array_new_with_free_func(file_free);
    plan->rations = g_ptr_array_new_with_free_func(ration_free);
    plan->actions = g_ptr_array_new_with_free_func(action_free);
    plan->marks = g_ptr_array_new_with_free_func(mark_free);
    return plan;
}

void
mp_plan_free(MpPlan *plan)
{
    if (plan == NULL)
        return;
    g_free(plan->reason);
    g_free(plan->case_number);
    g_ptr_array_unref(plan->changes);
    g_ptr_array_unref(plan->mails);
    g_ptr_array_unref(plan->files);
    g_ptr_array_unref(plan->rations);
    g_ptr_array_unref(plan->actions);
    g_ptr_array_unref(plan->marks);
    g_free(plan);
}

void
mp_plan_end(MpPlanning *p, MpLedgerState end, const char *reason, const char *case_number)
{
    p->plan->end = end;
    g_free(p->plan->reason);
    p->plan->reason = g_strdup(reason);
    if (case_number != NULL) {
        g_free(p->plan->case_number);
        p->plan->case_number = g_strdup(case_number);
    }
    mp_plan_note(p, mp_ledger_state_to_string(end), case_number, "%s", reason ? reason : "");
}

void
mp_plan_note(MpPlanning *p, const char *action, const char *case_number, const char *format, ...)
{
    MpPlanAction *row = g_new0(MpPlanAction, 1);
    va_list args;

    row->action = g_strdup(action);
    row->case_number = g_strdup(case_number);
    va_start(args, format);
    row->detail = g_strdup_vprintf(format, args);
    va_end(args);
    g_ptr_array_add(p->plan->actions, row);
}

/* --- the snapshot with the plan so far on top --- */

static const MpCase *
planned_case(const MpPlanning *p, const char *number)
{
    for (guint i = p->plan->changes->len; i > 0; i--) {
        const MpPlanChange *change = g_ptr_array_index(p->plan->changes, i - 1);

        if (strcmp(change->number, number) == 0)
            return change->decision->after;
    }
    return NULL;
}

MpCase *
mp_plan_case(MpPlanning *p, const char *number, GError **error)
{
    const MpCase *planned = planned_case(p, number);

    if (planned != NULL)
        return mp_case_copy(planned);
    if (p->planner->store == NULL)
        return NULL;
    return p->planner->store->case_load(p->planner->store, number, error);
}

GPtrArray *
mp_plan_cases(MpPlanning *p, const MpCaseFilter *filter, GError **error)
{
    GPtrArray *found;

    if (p->planner->store == NULL)
        return g_ptr_array_new_with_free_func((GDestroyNotify)mp_case_free);
    found = p->planner->store->case_find(p->planner->store, filter, error);
    for (guint i = 0; found != NULL && i < found->len; i++) {
        MpCase *stored = g_ptr_array_index(found, i);
        const MpCase *planned = planned_case(p, stored->number);

        if (planned == NULL)
            continue;
        found->pdata[i] = mp_case_copy(planned);
        mp_case_free(stored);
    }
    return found;
}

gboolean
mp_plan_is_same_address(const char *a, const char *b)
{
    return a != NULL && b != NULL && g_ascii_strcasecmp(a, b) == 0;
}

char *
mp_plan_mailbox(const char *address)
{
    char *mailbox = mp_text_lower_ascii(address);
    char *at = mailbox == NULL ? NULL : strrchr(mailbox, '@');
    char *tag = mailbox == NULL ? NULL : strchr(mailbox, '+');

    if (tag != NULL && tag > mailbox && at != NULL && tag < at)
        memmove(tag, at, strlen(at) + 1);
    return mailbox;
}

char *
mp_plan_today(const MpPlanning *p)
{
    return mp_calendar_today(p->planner->setup->calendar, p->planner->now_utc);
}

/* --- the mail --- */

/* The address is a fact for the case's file; only a report about a mail of ours says anything. */
static gboolean
plan_bounce(MpPlanning *p, GError **error)
{
    MpStore *store = p->planner->store;

    for (guint i = 0; store != NULL && i < p->facts->message->bounced->len; i++) {
        const MpBounced *bounced = g_ptr_array_index(p->facts->message->bounced, i);
        g_autoptr(MpOutboxEntry) entry = NULL;
        g_autoptr(GError) local = NULL;

        if (bounced->original_message_id == NULL)
            continue;
        entry = store->outbox_find(store, bounced->original_message_id, &local);
        if (local != NULL) {
            g_propagate_error(error, g_steal_pointer(&local));
            return FALSE;
        }
        if (entry == NULL || entry->state != MP_OUTBOX_SENT)
            continue;
        if (!mp_plan_bounced(p, entry, bounced, error))
            return FALSE;
    }
    if (p->plan->end != MP_LEDGER_DONE)
        mp_plan_end(p, MP_LEDGER_IGNORED, "bounce", p->facts->verdict->case_number);
    return TRUE;
}

static gboolean
plan_for_person(MpPlanning *p, const char *why, const char *reason, GError **error)
{
    mp_plan_end(p, MP_LEDGER_IGNORED, why, p->facts->verdict->case_number);
    return mp_plan_ask_person(p, "perlu-dilihat", NULL, reason, NULL, error);
}

static const struct {
    const char *kind;
    gboolean (*plan)(MpPlanning *p, GError **error);
} kinds[] = {
    {"request", mp_plan_request},
    {"supplement", mp_plan_supplement},
    {"command", mp_plan_command},
    {"notice", mp_plan_bsre},
    {"inquiry", mp_plan_inquiry},
    {"withdrawal", mp_plan_withdrawal},
    {"complaint", mp_plan_complaint},
    {"bounce", plan_bounce},
    {"suspect", mp_plan_suspect},
    {"auto-reply", mp_plan_absence},
    {"other", mp_plan_other},
};

static gboolean
may_answer(const MpPlanner *planner, const MpFacts *facts)
{
    const char *authserv = mp_config_string(planner->setup->config, "trust", "authserv_id");

    if (facts->message->automatic != MP_AUTOMATIC_NONE || mp_message_sender(facts->message) == NULL)
        return FALSE;
    if (facts->trust->level >= MP_TRUST_ALIGNED)
        return TRUE;
    return authserv[0] == '\0' && mp_config_bool(planner->setup->config, "trust", "ack_unverified");
}

MpPlan *
mp_plan_mail(const MpPlanner *planner, const MpFacts *facts, const MpLedgerRow *row, GError **error)
{
    g_autoptr(MpPlan) plan = mp_plan_new();
    MpPlanning p = {.planner = planner,
                    .facts = facts,
                    .row = row,
                    .plan = plan,
                    .at_utc = MIN(row->arrived_utc, planner->now_utc),
                    .sender = mp_message_sender(facts->message),
                    .trust = facts->trust->level,
                    .may_answer = may_answer(planner, facts)};
    gboolean is_survey = FALSE;

    mp_plan_revive(&p);
    if (facts->verdict->has_rule_limit) {
        if (!plan_for_person(&p, "rule-limit", "aturan pembacaan mencapai batas", error))
            return NULL;
        return g_steal_pointer(&plan);
    }
    if (!mp_plan_survey(&p, &is_survey, error))
        return NULL;
    if (is_survey)
        return g_steal_pointer(&plan);
    for (gsize i = 0; i < G_N_ELEMENTS(kinds); i++)
        if (strcmp(kinds[i].kind, facts->verdict->kind) == 0) {
            if (!kinds[i].plan(&p, error))
                return NULL;
            return g_steal_pointer(&plan);
        }
    if (!plan_for_person(&p, facts->verdict->kind, "jenis surel tidak dikenal", error))
        return NULL;
    return g_steal_pointer(&plan);
}

MpPlan *
mp_plan_repeat(gint64 first_id)
{
    MpPlan *plan = mp_plan_new();
    MpPlanning p = {.plan = plan};
    g_autofree char *reason = g_strdup_printf("same mail as %" G_GINT64_FORMAT, first_id);

    mp_plan_end(&p, MP_LEDGER_DUPLICATE, reason, NULL);
    return plan;
}

MpPlan *
mp_plan_unreadable(const MpPlanner *planner, const MpLedgerRow *row, const char *why)
{
    MpPlan *plan = mp_plan_new();
    MpPlanning p = {.planner = planner, .row = row, .plan = plan, .at_utc = planner->now_utc};
    g_autoptr(GError) error = NULL;

    mp_plan_end(&p, MP_LEDGER_QUARANTINED, why, NULL);
    plan->is_for_quarantine = TRUE;
    if (!mp_plan_ask_person(&p, "karantina", NULL, why, NULL, &error))
        mp_plan_note(&p, "not-told", NULL, "%s", error->message);
    return plan;
}

MpPlan *
mp_plan_timer(const MpPlanner *planner, const MpTimerRow *timer, GError **error)
{
    g_autoptr(MpPlan) plan = mp_plan_new();
    MpPlanning p = {.planner = planner, .plan = plan, .at_utc = planner->now_utc};
    g_autofree char *event = g_strconcat("timer.", timer->name, NULL);
    MpCaseInput input = {.event = event, .actor = "system"};
    g_autoptr(GError) local = NULL;
    g_autoptr(MpCase) kase = mp_plan_case(&p, timer->case_number, &local);
    const MpSop *sop;

    if (local != NULL) {
        g_propagate_error(error, g_steal_pointer(&local));
        return NULL;
    }
    sop = kase == NULL ? NULL : mp_setup_sop_by_id(planner->setup, kase->sop);
    if (sop == NULL) {
        mp_plan_note(&p, "no-procedure", timer->case_number, "%s", timer->name);
        return g_steal_pointer(&plan);
    }
    p.is_digested = mp_plan_is_digested(planner, kase);
    if (!mp_plan_inner_step(&p, kase->number, kase, sop, &input, error))
        return NULL;
    return g_steal_pointer(&plan);
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/plan-private.h"

const char *const mp_plan_templates[] = {
    "diterima",      "kurang",      "dipindai",          "giliran",        "kemajuan",
    "menunggu-bsre", "selesai",     "selesai-pemohon",   "ditolak",        "ditarik",
    "kedaluwarsa",   "ditunda",     "pembaruan-awal",    "terkait",        "pengingat",
    "eskalasi",      "ringkasan",   "pengingat-pemohon", "transkrip",      "status",
    "bantuan",       "tanya-bsre",  "konfirmasi",        "ganda",          "penarikan-ditolak",
    "karantina",     "gagal-kirim", "perlu-dilihat",     "catatan-harian", NULL};

/* --- values
 * ----------------------------------------------------------------------------------------- */

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
action_free(gpointer data)
{
    MpPlanAction *action = data;

    g_free(action->action);
    g_free(action->case_number);
    g_free(action->detail);
    g_free(action);
}

MpPlan *
mp_plan_new(void)
{
    MpPlan *plan = g_new0(MpPlan, 1);

    plan->end = MP_LEDGER_IGNORED;
    plan->changes = g_ptr_array_new_with_free_func((GDestroyNotify)mp_plan_change_free);
    plan->mails = g_ptr_array_new_with_free_func((GDestroyNotify)mp_plan_mail_free);
    plan->actions = g_ptr_array_new_with_free_func(action_free);
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
    g_ptr_array_unref(plan->actions);
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

/* --- the snapshot with the plan so far on top
 * ---------------------------------------------------------- */

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
mp_plan_today(const MpPlanning *p)
{
    return mp_calendar_today(p->planner->setup->calendar, p->planner->now_utc);
}

/* --- steps
 * ------------------------------------------------------------------------------------------------
 */

static gboolean
follow_links(MpPlanning *p, const char *number, const MpDecision *decision, GError **error);
static gboolean
tell_parent(MpPlanning *p, const MpCase *before, const MpCase *after, GError **error);

static void
note_events(MpPlanning *p, const char *number, const MpDecision *decision)
{
    for (guint i = 0; i < decision->events->len; i++) {
        const MpEvent *event = g_ptr_array_index(decision->events, i);

        if (g_strcmp0(event->from_step, event->to_step) != 0)
            mp_plan_note(p,
                         "move",
                         number,
                         "%s → %s (%s)",
                         event->from_step ? event->from_step : "-",
                         event->to_step ? event->to_step : "-",
                         event->rule ? event->rule : "");
        else
            mp_plan_note(p, "event", number, "%s", event->kind);
    }
}

gboolean
mp_plan_step(MpPlanning *p,
             const char *number,
             const MpCase *kase,
             const MpSop *sop,
             const MpCaseInput *input,
             const MpDecision **decision_out,
             MpDecision **refused_out,
             GError **error)
{
    const MpCalendar *calendar = mp_setup_calendar(p->planner->setup, sop->service);
    gint64 at_utc = kase == NULL ? p->at_utc : MAX(p->at_utc, kase->step_since_utc);
    g_autoptr(MpDecision) decision = mp_case_step(sop, kase, number, input, calendar, at_utc);
    const MpDecision *kept = decision;

    *refused_out = NULL;
    if (!decision->is_accepted) {
        *decision_out = decision;
        *refused_out = g_steal_pointer(&decision);
        return TRUE;
    }
    note_events(p, number, decision);
    g_ptr_array_add(p->plan->changes, mp_plan_change_new(number, sop, g_steal_pointer(&decision)));
    *decision_out = kept;
    return mp_plan_send_notices(p, kept, sop, error) && follow_links(p, number, kept, error) &&
           tell_parent(p, kase, kept->after, error);
}

/* A step inside the plan whose refusal is only worth a note. */
static gboolean
inner_step(MpPlanning *p,
           const char *number,
           const MpCase *kase,
           const MpSop *sop,
           const MpCaseInput *input,
           GError **error)
{
    const MpDecision *decision = NULL;
    g_autoptr(MpDecision) refused = NULL;

    if (!mp_plan_step(p, number, kase, sop, input, &decision, &refused, error))
        return FALSE;
    if (refused != NULL)
        mp_plan_note(p, "refused", number, "%s: %s", input->event, refused->refusal);
    return TRUE;
}

static char *
take_number(MpPlanning *p, GError **error)
{
    const MpPlanner *planner = p->planner;
    const char *prefix = mp_config_string(planner->setup->config, "office", "case_prefix");
    g_autofree char *today = mp_calendar_today(planner->setup->calendar, p->at_utc);
    int year = (int)g_ascii_strtoll(today, NULL, 10);

    if (planner->is_dry || planner->store == NULL)
        return g_strdup_printf("%s-%04d-%06u", prefix, year, p->plan->changes->len);
    return planner->store->case_number(planner->store, prefix, year, error);
}

char *
mp_plan_take_number(MpPlanning *p, GError **error)
{
    return take_number(p, error);
}

static gboolean
link_names(const MpCaseLink *link, guint n)
{
    for (guint i = 0; link->applicants != NULL && i < link->applicants->len; i++)
        if (g_array_index(link->applicants, guint, i) == n)
            return TRUE;
    return FALSE;
}

/* The same letter, papers and people, as far as the link names them, before any of it happened. */
static MpCase *
linked_facts(const MpCase *parent, const MpCaseLink *link)
{
    MpCase *facts = mp_case_copy(parent);
    guint n = 0;

    g_free(facts->reason);
    g_free(facts->linked_from);
    facts->reason = g_strdup(link->reason);
    facts->linked_from = g_strdup(parent->number);
    for (guint i = facts->applicants->len; i > 0; i--) {
        const MpCaseApplicant *applicant = g_ptr_array_index(facts->applicants, i - 1);

        if (!link_names(link, applicant->n))
            g_ptr_array_remove_index(facts->applicants, i - 1);
    }
    for (guint i = 0; i < facts->applicants->len; i++) {
        MpCaseApplicant *applicant = g_ptr_array_index(facts->applicants, i);

        applicant->n = ++n;
        applicant->outcome = MP_OUTCOME_NONE;
        g_clear_pointer(&applicant->outcome_reason, g_free);
    }
    return facts;
}

static gboolean
open_link(
    MpPlanning *p, const char *number, const MpCase *parent, const MpCaseLink *link, GError **error)
{
    const MpSop *sop = mp_setup_sop(p->planner->setup, link->service);
    g_autoptr(MpCase) facts = linked_facts(parent, link);
    g_autofree char *linked = NULL;
    g_autoptr(MpCase) now = NULL;
    MpCaseInput open = {.event = "received",
                        .actor = "system",
                        .trust = p->trust,
                        .mail = p->row ? p->row->id : 0,
                        .note = link->reason,
                        .facts = facts};
    MpCaseInput told = {.event = "link.opened", .actor = "system", .trust = p->trust};

    if (sop == NULL) {
        mp_plan_note(p, "no-procedure", number, "%s", link->service);
        return mp_plan_ask_person(
            p, "perlu-dilihat", parent, "layanan terkait belum punya prosedur", NULL, error);
    }
    linked = take_number(p, error);
    if (linked == NULL || !inner_step(p, linked, NULL, sop, &open, error))
        return FALSE;
    mp_plan_note(p, "open-linked", linked, "%s", number);
    now = mp_plan_case(p, number, error);
    told.note = linked;
    return now != NULL &&
           inner_step(
               p, number, now, mp_setup_sop_by_id(p->planner->setup, now->sop), &told, error);
}

static gboolean
follow_links(MpPlanning *p, const char *number, const MpDecision *decision, GError **error)
{
    for (guint i = 0; i < decision->links->len; i++)
        if (!open_link(p, number, decision->after, g_ptr_array_index(decision->links, i), error))
            return FALSE;
    return TRUE;
}

/* A linked case that closes lets its parent go on. */
static gboolean
tell_parent(MpPlanning *p, const MpCase *before, const MpCase *after, GError **error)
{
    g_autoptr(MpCase) parent = NULL;
    g_autoptr(GError) local = NULL;
    const MpSop *sop;
    MpCaseInput input = {.event =
                             after->state == MP_CASE_FINISHED ? "link.finished" : "link.failed",
                         .actor = "system",
                         .note = after->number};

    if (before == NULL || after->linked_from == NULL || mp_case_state_is_closed(before->state) ||
        !mp_case_state_is_closed(after->state))
        return TRUE;
    parent = mp_plan_case(p, after->linked_from, &local);
    if (local != NULL) {
        g_propagate_error(error, g_steal_pointer(&local));
        return FALSE;
    }
    sop = parent == NULL ? NULL : mp_setup_sop_by_id(p->planner->setup, parent->sop);
    if (sop == NULL) {
        mp_plan_note(p, "no-parent", after->number, "%s", after->linked_from);
        return TRUE;
    }
    return inner_step(p, parent->number, parent, sop, &input, error);
}

/* --- the mail
 * ---------------------------------------------------------------------------------------------- */

static gboolean
plan_suspect(MpPlanning *p, GError **error)
{
    p->plan->is_for_quarantine = TRUE;
    mp_plan_end(p, MP_LEDGER_IGNORED, "suspect", NULL);
    return mp_plan_ask_person(
        p, "perlu-dilihat", NULL, "pengirim tidak terbukti (surel mencurigakan)", NULL, error);
}

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

static gboolean
plan_complaint(MpPlanning *p, GError **error)
{
    const MpSop *sop = mp_setup_sop(p->planner->setup, "pengaduan");

    if (sop != NULL)
        return mp_plan_request(p, error);
    return plan_for_person(p, "complaint", "pengaduan", error);
}

static gboolean
plan_ignored(MpPlanning *p, GError **error)
{
    (void)error;
    mp_plan_end(p, MP_LEDGER_IGNORED, p->facts->verdict->kind, p->facts->verdict->case_number);
    return TRUE;
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
    {"complaint", plan_complaint},
    {"bounce", plan_bounce},
    {"suspect", plan_suspect},
    {"auto-reply", plan_ignored},
    {"other", plan_ignored},
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

    if (facts->verdict->has_rule_limit) {
        if (!plan_for_person(&p, "rule-limit", "aturan pembacaan mencapai batas", error))
            return NULL;
        return g_steal_pointer(&plan);
    }
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
    if (!inner_step(&p, kase->number, kase, sop, &input, error))
        return NULL;
    return g_steal_pointer(&plan);
}

/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Steps inside a plan: the step itself, the cases it opens, and the parent that a linked case lets
 * go on. */

#include "app/plan-private.h"

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

/* What the signature of a command's mail was worth, and whose certificate it was, stands with what
 * it did. */
static void
keep_signature(const MpPlanning *p, const MpDecision *decision)
{
    const MpSmimeVerdict *smime = p->facts == NULL ? NULL : p->facts->trust->smime;
    g_autofree char *said = NULL;

    if (smime == NULL)
        return;
    if (smime->fingerprint == NULL)
        said = g_strdup(smime->reason);
    else
        said = g_strdup_printf("%s; serial %s; issuer %s; sha256 %s",
                               smime->reason,
                               smime->serial,
                               smime->issuer,
                               smime->fingerprint);
    for (guint i = 0; i < decision->events->len; i++) {
        MpEvent *event = g_ptr_array_index(decision->events, i);

        mp_event_set(event, "signature", said);
        mp_event_set(event, "signer", smime->subject);
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
    keep_signature(p, decision);
    g_ptr_array_add(p->plan->changes, mp_plan_change_new(number, sop, g_steal_pointer(&decision)));
    *decision_out = kept;
    return mp_plan_send_notices(p, kept, sop, error) && follow_links(p, number, kept, error) &&
           tell_parent(p, kase, kept->after, error);
}

/* A step inside the plan whose refusal is only worth a note. */
gboolean
mp_plan_inner_step(MpPlanning *p,
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

/* Papers that came with the yes to an offer. */
static void
add_papers(const MpPlanning *p, MpCase *facts)
{
    g_autoptr(MpCase) mail = p->facts == NULL ? NULL : mp_plan_case_facts(p);

    while (mail != NULL && mail->documents->len > 0)
        g_ptr_array_add(facts->documents, g_ptr_array_steal_index(mail->documents, 0));
}

/* What a finished case offers comes after its people's certificates are revoked. */
static void
forget_certificates(MpCase *facts)
{
    for (guint i = 0; i < facts->applicants->len; i++) {
        MpCaseApplicant *applicant = g_ptr_array_index(facts->applicants, i);

        applicant->holds_certificate = FALSE;
        g_clear_pointer(&applicant->valid_until, g_free);
    }
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
    gboolean is_offer = mp_case_offers(parent);
    MpCaseInput open = {.event = "received",
                        .actor = "system",
                        .trust = p->trust,
                        .mail = p->row ? p->row->id : 0,
                        .note = link->reason,
                        .facts = facts};
    MpCaseInput told = {.event = "link.opened", .actor = "system", .trust = p->trust};

    if (is_offer) {
        open.actor = "requester";
        open.address = p->sender;
        forget_certificates(facts);
        add_papers(p, facts);
    }
    if (sop == NULL) {
        mp_plan_note(p, "no-procedure", number, "%s", link->service);
        return mp_plan_ask_person(
            p, "perlu-dilihat", parent, "layanan terkait belum punya prosedur", NULL, error);
    }
    linked = take_number(p, error);
    if (linked == NULL || !mp_plan_inner_step(p, linked, NULL, sop, &open, error))
        return FALSE;
    mp_plan_note(p, "open-linked", linked, "%s", number);
    now = mp_plan_case(p, number, error);
    told.note = linked;
    return now != NULL &&
           mp_plan_inner_step(
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
    return mp_plan_inner_step(p, parent->number, parent, sop, &input, error);
}

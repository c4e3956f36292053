/* SPDX-License-Identifier: GPL-3.0-or-later */

/* MUSNAHKAN by mail: nothing is destroyed here. The command is written into the closed case's
 * events, so that the chain keeps who gave it; `purge --do` looks there. */

#include "app/plan-session.h"
#include "app/retention.h"

static MpDecision *
note_command(const MpPlanning *p, const MpCase *kase, const char *role, GError **error)
{
    g_autoptr(MpDecision) decision = mp_decision_new();
    MpEvent *event = mp_event_new("note", MAX(p->at_utc, kase->closed_utc));

    g_ptr_array_add(decision->events, event);
    event->actor = g_strdup(role);
    event->address = mp_text_lower_ascii(p->sender);
    event->trust = p->trust;
    event->mail = p->row == NULL ? 0 : p->row->id;
    event->from_step = g_strdup(kase->step);
    event->to_step = g_strdup(kase->step);
    event->note = g_strdup("MUSNAHKAN");
    mp_event_set(event, MP_DESTROY_KEY, "yes");
    decision->is_accepted = TRUE;
    decision->after = mp_case_copy(kase);
    return mp_case_apply(decision->after, event, error) ? g_steal_pointer(&decision) : NULL;
}

gboolean
mp_plan_destroy(MpSession *session, const MpCase *kase, MpSessionLine *line, GError **error)
{
    MpPlanning *p = session->p;
    const MpSop *sop = mp_setup_sop_by_id(p->planner->setup, kase->sop);
    MpDecision *decision;

    if (!mp_case_state_is_closed(kase->state)) {
        mp_plan_refuse(line,
                       "permohonan masih berjalan; yang dimusnahkan hanya yang sudah ditutup");
        return TRUE;
    }
    if (p->trust < MP_TRUST_CAPABILITY) {
        mp_plan_refuse(line, "perintah ini hanya sebagai balasan atas surel dengan kode");
        return TRUE;
    }
    if (line->command->is_trial) {
        g_free(line->result);
        line->result = g_strdup("akan dicatat; pemusnahan dikerjakan petugas sesudah masa simpan");
        return TRUE;
    }
    decision = note_command(p, kase, session->role, error);
    if (decision == NULL)
        return FALSE;
    g_ptr_array_add(p->plan->changes, mp_plan_change_new(kase->number, sop, decision));
    mp_plan_note(p, "destroy-commanded", kase->number, "%s", session->role);
    session->has_change = TRUE;
    line->is_change = TRUE;
    session->finals++;
    g_free(line->result);
    line->result = g_strdup("perintah dicatat; pemusnahan dikerjakan petugas sesudah masa simpan");
    return TRUE;
}

MpPlan *
mp_plan_ask_destruction(const MpPlanner *planner, const MpCase *kase, GError **error)
{
    static const char *const roles[] = {"verifikator", "kepala-dinas"};
    g_autoptr(MpPlan) plan = mp_plan_new();
    MpPlanning p = {.planner = planner, .plan = plan, .at_utc = planner->now_utc};
    g_autofree char *today = mp_plan_today(&p);
    g_autoptr(GPtrArray) items = mp_plan_grant_items(kase);

    for (gsize i = 0; i < G_N_ELEMENTS(roles); i++) {
        g_autoptr(GPtrArray) addresses = mp_setup_role_addresses(planner->setup, roles[i], today);
        MpLetterOrder order = {.template_ = "pemusnahan",
                               .kase = kase,
                               .grants = items,
                               .role = roles[i],
                               .to_name = mp_notify_role_title(&planner->setup->notify, roles[i])};

        for (guint j = 0; j < addresses->len; j++) {
            order.to = g_ptr_array_index(addresses, j);
            if (!mp_plan_send(&p, &order, error))
                return NULL;
        }
    }
    return g_steal_pointer(&plan);
}

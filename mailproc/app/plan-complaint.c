/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Complaints: a case of their own under the procedure of the service "pengaduan". The case that one
 * is about is named in it and gets a line in its file, but nothing of its clock or step changes;
 * the head of the office sees every complaint. */

#include "app/plan-private.h"

static gboolean
show_verifikator(MpPlanning *p, const char *why, const char *reason, GError **error)
{
    mp_plan_end(p, MP_LEDGER_IGNORED, why, p->facts->verdict->case_number);
    return mp_plan_ask_person(p, "perlu-dilihat", NULL, reason, NULL, error);
}

static gboolean
is_complaint(const MpCase *kase)
{
    return kase != NULL && g_strcmp0(kase->service, MP_COMPLAINT_SERVICE) == 0;
}

/* In the file of the case that the complaint is about; a case that takes no notes any more is left
 * as it is. */
static gboolean
note_in_case(MpPlanning *p, const MpCase *about, const char *number, GError **error)
{
    const MpSop *sop = mp_setup_sop_by_id(p->planner->setup, about->sop);
    g_autofree char *note = g_strdup_printf("pengaduan %s", number);
    MpCaseInput input = {
        .event = "CATAT", .actor = "system", .mail = p->row == NULL ? 0 : p->row->id, .note = note};

    return sop == NULL || mp_plan_inner_step(p, about->number, about, sop, &input, error);
}

static gboolean
tell_head(MpPlanning *p, const char *number, const MpCase *about, GError **error)
{
    const MpSetup *setup = p->planner->setup;
    g_autofree char *today = mp_plan_today(p);
    g_autoptr(GPtrArray) addresses = mp_setup_role_addresses(setup, "kepala-dinas", today);
    g_autoptr(MpCase) kase = mp_plan_case(p, number, error);
    g_autoptr(MpValue) extra = mp_value_map();
    MpLetterOrder order = {.template_ = "pengaduan",
                           .kase = kase,
                           .extra = extra,
                           .to_name = mp_notify_role_title(&setup->notify, "kepala-dinas")};

    if (kase == NULL)
        return FALSE;
    if (about != NULL)
        mp_value_set_text(extra, "asal", about->number);
    for (guint i = 0; i < addresses->len; i++) {
        order.to = g_ptr_array_index(addresses, i);
        if (!mp_plan_send(p, &order, error))
            return FALSE;
    }
    return TRUE;
}

/* Whose complaint it is, he may go on writing about it without opening another one. */
static gboolean
continues(const MpPlanning *p, const MpCase *about)
{
    return is_complaint(about) && !mp_case_state_is_closed(about->state) &&
           mp_plan_is_same_address(about->requester_address, p->sender);
}

static gboolean
add_to_complaint(MpPlanning *p, const MpCase *about, GError **error)
{
    const MpSop *sop = mp_setup_sop_by_id(p->planner->setup, about->sop);
    g_autoptr(MpValue) extra = mp_value_map();
    MpCaseInput input = {.event = "CATAT",
                         .actor = "requester",
                         .address = p->sender,
                         .trust = p->trust,
                         .mail = p->row == NULL ? 0 : p->row->id,
                         .note = "pengadu menambahkan keterangan"};

    mp_plan_end(p, MP_LEDGER_DONE, NULL, about->number);
    return (sop == NULL || mp_plan_inner_step(p, about->number, about, sop, &input, error)) &&
           mp_plan_ask_person(
               p, "perlu-dilihat", about, "pengadu menambahkan keterangan", extra, error);
}

gboolean
mp_plan_complaint(MpPlanning *p, GError **error)
{
    const MpSop *sop = mp_setup_sop(p->planner->setup, MP_COMPLAINT_SERVICE);
    g_autoptr(MpCase) about = NULL;
    g_autoptr(MpCase) facts = NULL;

    if (sop == NULL)
        return show_verifikator(p, "complaint", "pengaduan", error);
    if (p->sender == NULL)
        return show_verifikator(
            p, "sender is no plain address", "pengirim bukan satu alamat yang jelas", error);
    if (!mp_plan_find_case(p, &about, error))
        return FALSE;
    if (continues(p, about))
        return add_to_complaint(p, about, error);
    facts = mp_plan_case_facts(p);
    g_free(facts->service);
    facts->service = g_strdup(MP_COMPLAINT_SERVICE);
    g_free(facts->linked_from);
    facts->linked_from = about == NULL ? NULL : g_strdup(about->number);
    if (!mp_plan_open_case(p, sop, facts, error))
        return FALSE;
    if (p->plan->case_number == NULL || p->plan->end != MP_LEDGER_DONE)
        return TRUE;
    if (about != NULL && !note_in_case(p, about, p->plan->case_number, error))
        return FALSE;
    return tell_head(p, p->plan->case_number, about, error);
}

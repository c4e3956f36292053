/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What the end of a case offers (the new certificate after a revocation), and who takes it up: the
 * requester's plain yes, or his new letter about the same people. */

#include "app/plan-private.h"

/* --- who is the same person --- */

static gboolean
same_text(const char *a, const char *b)
{
    g_autofree char *x = a == NULL ? NULL : g_utf8_casefold(a, -1);
    g_autofree char *y = b == NULL ? NULL : g_utf8_casefold(b, -1);

    return x != NULL && x[0] != '\0' && g_strcmp0(x, y) == 0;
}

/* NIP, else NIK, else name and unit (decisions.md 21). */
static gboolean
is_same_person(const MpCaseApplicant *a, const MpCaseApplicant *b)
{
    if (a->nip != NULL && b->nip != NULL)
        return strcmp(a->nip, b->nip) == 0;
    if (a->nik != NULL && b->nik != NULL)
        return strcmp(a->nik, b->nik) == 0;
    return same_text(a->name, b->name) &&
           (a->unit == NULL || b->unit == NULL || same_text(a->unit, b->unit));
}

guint
mp_plan_shared_people(const MpCase *a, const MpCase *b)
{
    guint n = 0;

    for (guint i = 0; i < a->applicants->len; i++)
        for (guint j = 0; j < b->applicants->len; j++)
            if (is_same_person(g_ptr_array_index(a->applicants, i),
                               g_ptr_array_index(b->applicants, j))) {
                n++;
                break;
            }
    return n;
}

/* --- taking up an offer --- */

gboolean
mp_plan_accepts(const MpPlanning *p, const MpCase *kase)
{
    return mp_case_offers(kase) && p->facts->message->automatic == MP_AUTOMATIC_NONE &&
           mp_plan_is_same_address(kase->requester_address, p->sender) &&
           mp_plan_says(p->facts, "says-yes");
}

/* The newest of the sender's cases at that end which speaks of one of the letter's people. */
static gboolean
find_at(MpPlanning *p, const MpCase *facts, const char *step, MpCase **kase_out, GError **error)
{
    const MpCaseFilter filter = {
        .state = "finished", .requester = facts->requester_address, .step = step};
    g_autoptr(GPtrArray) found = mp_plan_cases(p, &filter, error);

    for (guint i = 0; found != NULL && i < found->len; i++) {
        const MpCase *kase = g_ptr_array_index(found, i);

        if (!mp_case_offers(kase) || mp_plan_shared_people(facts, kase) == 0 ||
            (*kase_out != NULL && (*kase_out)->closed_utc >= kase->closed_utc))
            continue;
        g_clear_pointer(kase_out, mp_case_free);
        *kase_out = mp_case_copy(kase);
    }
    return found != NULL;
}

static gboolean
find_in(MpPlanning *p, const MpSop *sop, const MpCase *facts, MpCase **kase_out, GError **error)
{
    for (guint i = 0; i < sop->steps->len; i++) {
        const MpSopStep *step = g_ptr_array_index(sop->steps, i);

        if (mp_sop_offers(sop, step->id, facts->service) &&
            !find_at(p, facts, step->id, kase_out, error))
            return FALSE;
    }
    return TRUE;
}

gboolean
mp_plan_find_offer(MpPlanning *p, const MpCase *facts, MpCase **kase_out, GError **error)
{
    const MpSetup *setup = p->planner->setup;
    GHashTableIter iter;
    gpointer sop = NULL;

    if (p->trust < MP_TRUST_ALIGNED || facts->requester_address == NULL)
        return TRUE;
    g_hash_table_iter_init(&iter, setup->sops);
    while (g_hash_table_iter_next(&iter, NULL, &sop))
        if (!find_in(p, sop, facts, kase_out, error))
            return FALSE;
    for (guint i = 0; i < setup->other_sops->len; i++)
        if (!find_in(p, g_ptr_array_index(setup->other_sops, i), facts, kase_out, error))
            return FALSE;
    return TRUE;
}

gboolean
mp_plan_close_offer(MpPlanning *p, const MpCase *offer, GError **error)
{
    const MpSop *sop = mp_setup_sop_by_id(p->planner->setup, offer->sop);
    MpCaseInput told = {.event = "link.opened",
                        .actor = "system",
                        .trust = p->trust,
                        .mail = p->row == NULL ? 0 : p->row->id,
                        .note = p->plan->case_number};

    return p->plan->case_number == NULL ||
           mp_plan_inner_step(p, offer->number, offer, sop, &told, error);
}

/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Which open case a letter belongs to already, by letter or by people; and what the end of a case
 * offers (the new certificate after a revocation), taken up by the requester's plain yes or by his
 * new letter about the same people. */

#include "app/plan-private.h"

guint
mp_plan_shared_people(const MpCase *a, const MpCase *b)
{
    guint n = 0;

    for (guint i = 0; i < a->applicants->len; i++)
        for (guint j = 0; j < b->applicants->len; j++)
            if (mp_case_is_same_person(g_ptr_array_index(a->applicants, i),
                                       g_ptr_array_index(b->applicants, j))) {
                n++;
                break;
            }
    return n;
}

/* --- which is the same letter --- */

/* The open case this letter belongs to already: same number, same date, a person in common. */
static gboolean
find_same_letter(
    MpPlanning *p, const MpCase *facts, MpCase **same_out, MpCase **partly_out, GError **error)
{
    const MpCaseFilter filter = {
        .state = "open", .service = facts->service, .letter = facts->letter_number};
    g_autoptr(GPtrArray) found = NULL;

    if (facts->letter_number == NULL)
        return TRUE;
    found = mp_plan_cases(p, &filter, error);
    for (guint i = 0; found != NULL && i < found->len; i++) {
        const MpCase *other = g_ptr_array_index(found, i);
        guint shared = mp_plan_shared_people(facts, other);

        if (shared == 0 || g_strcmp0(facts->letter_date, other->letter_date) != 0)
            continue;
        if (shared == facts->applicants->len && shared == other->applicants->len) {
            *same_out = mp_case_copy(other);
            return TRUE;
        }
        if (*partly_out == NULL)
            *partly_out = mp_case_copy(other);
    }
    return found != NULL;
}

/* A letter without a number: an open case of the same requester for exactly these people and this
 * service. */
static gboolean
find_same_people(MpPlanning *p, const MpCase *facts, MpCase **same_out, GError **error)
{
    const MpCaseFilter filter = {
        .state = "open", .service = facts->service, .requester = facts->requester_address};
    g_autoptr(GPtrArray) found = NULL;

    if (facts->letter_number != NULL || facts->requester_address == NULL ||
        facts->applicants->len == 0)
        return TRUE;
    found = mp_plan_cases(p, &filter, error);
    for (guint i = 0; found != NULL && *same_out == NULL && i < found->len; i++) {
        const MpCase *other = g_ptr_array_index(found, i);
        guint shared = mp_plan_shared_people(facts, other);

        if (shared == facts->applicants->len && shared == other->applicants->len)
            *same_out = mp_case_copy(other);
    }
    return found != NULL;
}

gboolean
mp_plan_find_same(
    MpPlanning *p, const MpCase *facts, MpCase **same_out, MpCase **partly_out, GError **error)
{
    if (!find_same_letter(p, facts, same_out, partly_out, error))
        return FALSE;
    return *same_out != NULL || *partly_out != NULL || find_same_people(p, facts, same_out, error);
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

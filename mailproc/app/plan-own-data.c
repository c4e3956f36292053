/* SPDX-License-Identifier: GPL-3.0-or-later */

/* A person asks for the own data (UU 27/2022): a case of its own under the procedure of the service
 * "akses-data", whose clock runs by the hours of the day. It is opened only for a proved address
 * that an applicant or a holder has; whoever else asks is shown to the verifikator, and nothing
 * about anybody's data is answered by the program. */

#include "app/plan-private.h"

#define SERVICE "akses-data"
#define REASON "permintaan akses atau perbaikan data pribadi"

static gboolean
show_verifikator(MpPlanning *p, const char *why, const char *reason, GError **error)
{
    mp_plan_end(p, MP_LEDGER_IGNORED, why, NULL);
    return mp_plan_ask_person(p, "perlu-dilihat", NULL, reason, NULL, error);
}

static gboolean
is_holder(MpPlanning *p, gboolean *known_out, GError **error)
{
    const MpRegisterFilter filter = {.email = p->sender, .limit = 1};
    MpStore *store = p->planner->store;
    g_autoptr(GPtrArray) found = store->register_find(store, &filter, error);

    if (found == NULL)
        return FALSE;
    *known_out = found->len > 0;
    return TRUE;
}

/* Exactly the address of somebody whose data is kept. */
static gboolean
is_known(MpPlanning *p, gboolean *known_out, GError **error)
{
    g_autofree char *address = mp_text_lower_ascii(p->sender);
    const MpCaseFilter filter = {.email = address, .limit = 1};
    g_autoptr(GPtrArray) found = mp_plan_cases(p, &filter, error);

    if (found == NULL)
        return FALSE;
    *known_out = found->len > 0;
    return *known_out || p->planner->store == NULL || is_holder(p, known_out, error);
}

/* Who has asked already is not given a second clock. */
static gboolean
add_to_open(MpPlanning *p, const MpCase *kase, GError **error)
{
    const MpSop *sop = mp_setup_sop_by_id(p->planner->setup, kase->sop);
    const MpCaseInput input = {.event = "CATAT",
                               .actor = "requester",
                               .address = p->sender,
                               .trust = p->trust,
                               .mail = p->row == NULL ? 0 : p->row->id,
                               .note = "pemilik data menulis lagi"};

    mp_plan_end(p, MP_LEDGER_DONE, NULL, kase->number);
    return (sop == NULL || mp_plan_inner_step(p, kase->number, kase, sop, &input, error)) &&
           mp_plan_ask_person(p, "perlu-dilihat", kase, "pemilik data menulis lagi", NULL, error);
}

static gboolean
open_case(MpPlanning *p, const MpSop *sop, GError **error)
{
    g_autoptr(MpCase) facts = mp_plan_case_facts(p);

    g_free(facts->service);
    facts->service = g_strdup(SERVICE);
    g_free(facts->reason);
    facts->reason = g_strdup(REASON);
    g_ptr_array_set_size(facts->applicants, 0);
    return mp_plan_open_case(p, sop, facts, error);
}

gboolean
mp_plan_own_data(MpPlanning *p, GError **error)
{
    const MpSop *sop = mp_setup_sop(p->planner->setup, SERVICE);
    g_autofree char *address = mp_text_lower_ascii(p->sender);
    const MpCaseFilter filter = {
        .state = "open", .service = SERVICE, .requester = address, .limit = 1};
    g_autoptr(GPtrArray) open = NULL;
    gboolean known = FALSE;

    if (p->sender == NULL || p->trust < MP_TRUST_ALIGNED)
        return show_verifikator(p,
                                "own data of an unproved sender",
                                REASON ": pengirim tidak terbukti; batas 3 x 24 jam",
                                error);
    if (!is_known(p, &known, error))
        return FALSE;
    if (!known)
        return show_verifikator(p,
                                "own data of an unknown address",
                                REASON ": alamat tidak dikenal; batas 3 x 24 jam",
                                error);
    if (sop == NULL)
        return show_verifikator(p, "own data", REASON "; batas 3 x 24 jam", error);
    open = mp_plan_cases(p, &filter, error);
    if (open == NULL)
        return FALSE;
    return open->len > 0 ? add_to_open(p, g_ptr_array_index(open, 0), error)
                         : open_case(p, sop, error);
}

/* SPDX-License-Identifier: GPL-3.0-or-later */

/* A mail that says nothing by itself may still be the answer to our question: an official asked
 * with LENGKAPI for a telephone number, and the office that asked for the service writes it. */

#include "app/plan-session.h"

static gboolean
is_awaited(const MpPlanning *p, const MpCase *kase)
{
    return kase != NULL && kase->state == MP_CASE_WAITING && kase->resume_step != NULL &&
           g_strcmp0(kase->holder_role, "requester") == 0 &&
           p->facts->message->automatic == MP_AUTOMATIC_NONE &&
           mp_plan_is_same_address(kase->requester_address, p->sender);
}

/* A stranger who gives orders about a case hears nothing, but the office does. */
static gboolean
is_strange_order(const MpPlanning *p, const MpCase *kase)
{
    g_autoptr(MpCommands) said = NULL;

    if (kase == NULL || p->facts->message->automatic != MP_AUTOMATIC_NONE ||
        mp_plan_is_same_address(kase->requester_address, p->sender))
        return FALSE;
    said = mp_plan_commands_said(p);
    return said->commands->len > 0;
}

gboolean
mp_plan_other(MpPlanning *p, GError **error)
{
    const char *number = p->facts->verdict->case_number;
    g_autoptr(GError) local = NULL;
    g_autoptr(MpCase) kase = number == NULL ? NULL : mp_plan_case(p, number, &local);

    if (local != NULL) {
        g_propagate_error(error, g_steal_pointer(&local));
        return FALSE;
    }
    if (is_awaited(p, kase) || (kase != NULL && mp_plan_accepts(p, kase)))
        return mp_plan_supplement(p, error);
    if (p->facts->message->is_encrypted && p->facts->message->automatic == MP_AUTOMATIC_NONE) {
        mp_plan_end(p, MP_LEDGER_IGNORED, "encrypted", number);
        return mp_plan_ask_person(p,
                                  "perlu-dilihat",
                                  kase,
                                  "surel terenkripsi; isinya tidak dapat dibaca sistem",
                                  NULL,
                                  error);
    }
    mp_plan_end(p, MP_LEDGER_IGNORED, p->facts->verdict->kind, number);
    if (is_strange_order(p, kase))
        return mp_plan_ask_person(
            p, "perlu-dilihat", kase, "perintah dari alamat yang bukan pejabat", NULL, error);
    return TRUE;
}

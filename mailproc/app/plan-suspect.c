/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Mail whose sender is not who it says. Nothing is done, the verifikator sees it, and an official
 * in whose name it commanded is asked at his registered address whether it was his (decisions.md
 * 12). */

#include "app/plan-session.h"

enum { MAX_LINES = 10 };

static MpValue *
lines_value(const MpCommands *commands)
{
    MpValue *list = mp_value_list();

    for (guint i = 0; i < commands->commands->len && i < MAX_LINES; i++) {
        const MpCommand *command = g_ptr_array_index(commands->commands, i);
        g_autofree char *said = mp_text_mask_all(command->line);
        MpValue *row = mp_value_map();

        mp_value_set_text(row, "perintah", said);
        mp_value_append_take(list, row);
    }
    return list;
}

MpCommands *
mp_plan_commands_said(const MpPlanning *p)
{
    const MpSetup *setup = p->planner->setup;

    return mp_commands_parse(setup->verbs,
                             p->facts->message->reply_text,
                             mp_config_string(setup->config, "office", "case_prefix"),
                             &setup->reading->limits);
}

/* One question a day and case, however many forgeries there are. */
static gboolean
ask_registered(MpPlanning *p, const char *role, GError **error)
{
    const MpSetup *setup = p->planner->setup;
    g_autoptr(MpCommands) commands = mp_plan_commands_said(p);
    g_autoptr(MpValue) extra = mp_value_map();
    g_autoptr(GPtrArray) items = NULL;
    g_autoptr(MpCase) kase = NULL;
    g_autoptr(GError) local = NULL;
    MpLetterOrder order = {.template_ = "konfirmasi",
                           .to = p->sender,
                           .to_name = mp_notify_role_title(&setup->notify, role),
                           .role = role,
                           .extra = extra,
                           .is_answer = TRUE};

    if (commands->commands->len == 0)
        return TRUE;
    if (p->facts->verdict->case_number != NULL)
        kase = mp_plan_case(p, p->facts->verdict->case_number, &local);
    if (local != NULL) {
        g_propagate_error(error, g_steal_pointer(&local));
        return FALSE;
    }
    if (kase != NULL && !mp_case_state_is_closed(kase->state))
        items = mp_plan_grant_items(kase);
    order.kase = kase;
    order.grants = items;
    mp_value_set_take(extra, "baris", lines_value(commands));
    mp_value_set_text(extra, "alasan", "server surel kantor tidak membuktikan pengirimnya");
    return mp_plan_send(p, &order, error);
}

gboolean
mp_plan_suspect(MpPlanning *p, GError **error)
{
    g_autofree char *today = mp_plan_today(p);
    const char *role =
        p->sender == NULL ? NULL : mp_setup_any_role(p->planner->setup, p->sender, today);

    p->plan->is_for_quarantine = TRUE;
    mp_plan_end(p, MP_LEDGER_IGNORED, "suspect", NULL);
    if (role != NULL && p->facts->message->automatic == MP_AUTOMATIC_NONE &&
        !ask_registered(p, role, error))
        return FALSE;
    return mp_plan_ask_person(
        p, "perlu-dilihat", NULL, "pengirim tidak terbukti (surel mencurigakan)", NULL, error);
}

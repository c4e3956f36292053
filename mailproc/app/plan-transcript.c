/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The transcript: what each line of a command mail did, the case before and after, what happens
 * next. */

#include "app/plan-session.h"

static MpValue *
lines_value(const MpSession *session)
{
    MpValue *list = mp_value_list();

    for (guint i = 0; i < session->lines->len; i++) {
        const MpSessionLine *line = g_ptr_array_index(session->lines, i);
        g_autofree char *said = mp_text_mask_all(line->said);
        MpValue *row = mp_value_map();

        mp_value_set_text(row, "perintah", said);
        mp_value_set_text(row, "hasil_baris", line->result);
        mp_value_set_text(row, "keterangan", line->detail);
        mp_value_set_text(row, "sebelum", line->before);
        mp_value_set_text(row, "sesudah", line->after);
        mp_value_set_take(row, "ditolak", mp_value_bool(line->is_refused));
        mp_value_append_take(list, row);
    }
    return list;
}

static gboolean
list_work(MpSession *session, MpValue *context, GError **error)
{
    const MpSetup *setup = session->p->planner->setup;
    g_autofree char *today = mp_plan_today(session->p);
    const MpCaseFilter filter = {.state = "open", .limit = 200};
    g_autoptr(GPtrArray) found = mp_plan_cases(session->p, &filter, error);
    MpValue *list;
    g_autofree char *count = NULL;
    guint n = 0;

    if (found == NULL)
        return FALSE;
    list = mp_value_list();
    for (guint i = 0; i < found->len; i++) {
        const MpCase *kase = g_ptr_array_index(found, i);

        if (!mp_plan_is_same_address(kase->holder_address, session->p->sender) &&
            !mp_setup_has_role(setup, kase->holder_role, session->p->sender, today))
            continue;
        mp_value_append_take(list, mp_plan_case_row(session->p, kase));
        n++;
    }
    count = g_strdup_printf("%u", n);
    mp_value_set_text(context, "jumlah_daftar", count);
    mp_value_set_take(context, "daftar", list);
    return TRUE;
}

static gboolean
asks(const MpSession *session, const char *verb)
{
    for (guint i = 0; i < session->commands->commands->len; i++) {
        const MpCommand *command = g_ptr_array_index(session->commands->commands, i);

        if (strcmp(command->verb, verb) == 0)
            return TRUE;
    }
    return FALSE;
}

/* HELP, where BANTUAN is the office's own word. */
static gboolean
asks_in_english(const MpSession *session)
{
    for (guint i = 0; i < session->commands->commands->len; i++) {
        const MpCommand *command = g_ptr_array_index(session->commands->commands, i);
        g_autofree char *line = mp_text_lower_ascii(command->line);
        g_auto(GStrv) words = g_strsplit_set(line == NULL ? "" : line, " \t.,;:!?", -1);

        if (strcmp(command->verb, "BANTUAN") == 0 &&
            g_strv_contains((const char *const *)words, "help"))
            return TRUE;
    }
    return FALSE;
}

static const char *
pick_template(const MpSession *session)
{
    if (session->commands->commands->len == 1 && asks(session, "BANTUAN"))
        return asks_in_english(session) ? "bantuan-en" : "bantuan";
    if (session->commands->commands->len == 1 && asks(session, "DAFTAR"))
        return "ringkasan";
    return "transkrip";
}

static char *
what_next(const MpSession *session, const MpCase *kase)
{
    const MpSetup *setup = session->p->planner->setup;

    if (session->wants_confirmation)
        return g_strdup(
            "Bila perintah itu memang dari Bapak/Ibu dan masih dikehendaki, mohon balas "
            "surel ini dengan perintah yang sama.");
    if (kase == NULL)
        return NULL;
    return mp_case_progress(kase,
                            mp_notify_role_title(&setup->notify, kase->holder_role),
                            mp_setup_calendar(setup, kase->service));
}

gboolean
mp_plan_send_transcript(MpSession *session, GError **error)
{
    MpPlanning *p = session->p;
    g_autoptr(MpValue) extra = mp_value_map();
    g_autoptr(MpCase) kase = NULL;
    g_autoptr(GPtrArray) items = NULL;
    g_autofree char *next = NULL;
    MpLetterOrder order = {.template_ = pick_template(session),
                           .to = p->sender,
                           .extra = extra,
                           .role = session->role};

    if (session->first_case == NULL)
        session->first_case = g_strdup(p->facts->verdict->case_number);
    if (session->first_case != NULL)
        kase = mp_plan_case(p, session->first_case, NULL);
    mp_value_set_take(extra, "baris", lines_value(session));
    if (asks(session, "DAFTAR") && !list_work(session, extra, error))
        return FALSE;
    /* A new code only where the step is the writer's own and his mail changed nothing. */
    if (kase != NULL && !session->has_change && !mp_case_state_is_closed(kase->state))
        items = mp_plan_grant_items(kase);
    next = what_next(session, kase);
    mp_value_set_text(extra, "selanjutnya", next);
    order.to_name = mp_notify_role_title(&p->planner->setup->notify, session->role);
    order.kase = kase;
    order.grants = items;
    if (strcmp(order.template_, "bantuan-en") == 0)
        mp_value_set_take(extra, "kata", mp_plan_english_words(p, kase));
    /* An official who mistypes twice hears it twice; words without any command may be a robot's. */
    order.is_answer = !session->has_change && session->commands->commands->len == 0 &&
                      session->commands->not_understood->len == 0;
    return mp_plan_send(p, &order, error);
}

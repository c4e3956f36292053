/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What a template may say: the case's facts, the mail that came, the words that may be answered,
 * the time used. */

#include "app/plan-attach.h"
#include "app/plan-session.h"

/* In the zone of the case that the mail is about. */
static void
describe_mail(const MpPlanning *p, const MpCalendar *calendar, MpValue *context)
{
    const MpMessage *message = p->facts == NULL ? NULL : p->facts->message;
    g_autofree char *arrived = NULL;
    g_autofree char *id = NULL;
    g_autofree char *excerpt = NULL;

    if (p->row != NULL) {
        arrived = mp_calendar_format(calendar, p->row->arrived_utc);
        id = g_strdup_printf("%" G_GINT64_FORMAT, p->row->id);
        mp_value_set_text(context, "tiba_pada", arrived);
        mp_value_set_text(context, "id_surel", id);
    }
    if (message == NULL)
        return;
    if (message->from->len > 0) {
        const MpAddress *from = g_ptr_array_index(message->from, 0);

        mp_value_set_text(context, "pengaku", from->name);
        mp_value_set_text(context, "pengirim", from->address ? from->address : from->name);
    }
    excerpt = mp_text_mask_all(message->subject);
    mp_value_set_text(context, "perihal", excerpt);
}

/* The one printed step that a verb's rows lead to; NULL where none does, or where it depends. */
static const MpSopStep *
next_of(const MpSop *sop, const MpCase *kase, const char *verb)
{
    const MpSopStep *only = NULL;

    for (guint i = 0; i < sop->rows->len; i++) {
        const MpSopRow *row = g_ptr_array_index(sop->rows, i);
        const MpSopStep *next;

        if (g_strcmp0(row->step, kase->step) != 0 || g_strcmp0(row->event, verb) != 0)
            continue;
        next = row->next == NULL ? NULL : mp_sop_step(sop, row->next);
        if (next == NULL || strcmp(next->id, kase->step) == 0)
            continue;
        if (next->is_end || next->is_addition || (only != NULL && only != next))
            return NULL;
        only = next;
    }
    return only;
}

/* What a verb does, and where its row of the procedure leads. */
static char *
meaning_of(const MpPlanning *p, const MpSop *sop, const MpCase *kase, const char *verb)
{
    const char *general = mp_notify_verb_meaning(verb);
    const MpSopStep *next = next_of(sop, kase, verb);

    if (next == NULL)
        return g_strdup(general ? general : "");
    return g_strdup_printf("%s; berikutnya: %s (%s)",
                           general ? general : "",
                           next->activity,
                           mp_notify_role_title(&p->planner->setup->notify, next->actor));
}

MpValue *
mp_plan_words(const MpPlanning *p, const MpSop *sop, const MpCase *kase)
{
    g_autofree char **verbs = mp_sop_verbs_at(sop, kase->step);
    MpValue *list = mp_value_list();

    for (guint i = 0; verbs != NULL && verbs[i] != NULL; i++) {
        MpValue *word = mp_value_map();
        g_autofree char *meaning = meaning_of(p, sop, kase, verbs[i]);

        mp_value_set_text(word, "verba", verbs[i]);
        mp_value_set_text(word, "arti", meaning);
        mp_value_append_take(list, word);
    }
    return list;
}

MpValue *
mp_plan_english_words(const MpPlanning *p, const MpCase *kase)
{
    const MpSop *sop = kase == NULL ? NULL : mp_setup_sop_by_id(p->planner->setup, kase->sop);
    g_autofree char **verbs = sop == NULL ? NULL : mp_sop_verbs_at(sop, kase->step);
    MpValue *list = mp_value_list();

    for (guint i = 0; verbs != NULL && verbs[i] != NULL; i++) {
        MpValue *word = mp_value_map();

        mp_value_set_text(word, "verba", verbs[i]);
        mp_value_set_text(word, "arti", mp_notify_verb_meaning_english(verbs[i]));
        mp_value_append_take(list, word);
    }
    return list;
}

MpValue *
mp_plan_case_row(const MpPlanning *p, const MpCase *kase)
{
    const MpSetup *setup = p->planner->setup;
    const MpCalendar *calendar = mp_setup_calendar(setup, kase->service);
    const MpSop *sop = mp_setup_sop_by_id(setup, kase->sop);
    const MpSopStep *step = sop == NULL ? NULL : mp_sop_step(sop, kase->step);
    g_autofree char *due =
        kase->due_utc == 0 ? NULL : mp_calendar_format_due(calendar, kase->due_utc);
    MpValue *row = mp_value_map();

    mp_value_set_text(row, "nomor_kasus", kase->number);
    mp_value_set_text(row, "layanan_kasus", mp_notify_service_title(kase->service));
    mp_value_set_text(row,
                      "pengaju_kasus",
                      kase->requester_name ? kase->requester_name : kase->requester_address);
    mp_value_set_text(row, "tahap_kasus", step == NULL ? kase->step : step->activity);
    mp_value_set_text(
        row, "pemegang_kasus", mp_notify_role_title(&setup->notify, kase->holder_role));
    mp_value_set_text(row, "batas_kasus", due);
    mp_value_set_take(
        row, "terlambat", mp_value_bool(kase->due_utc != 0 && kase->due_utc < p->planner->now_utc));
    return row;
}

GPtrArray *
mp_plan_events(MpPlanning *p, const char *number, GError **error)
{
    MpStore *store = p->planner->store;
    g_autoptr(GPtrArray) events =
        store == NULL ? g_ptr_array_new_with_free_func((GDestroyNotify)mp_event_free)
                      : store->case_events(store, number, error);

    if (events == NULL)
        return NULL;
    for (guint i = 0; i < p->plan->changes->len; i++) {
        const MpPlanChange *change = g_ptr_array_index(p->plan->changes, i);

        for (guint j = 0; strcmp(change->number, number) == 0 && j < change->decision->events->len;
             j++)
            g_ptr_array_add(events, mp_event_copy(g_ptr_array_index(change->decision->events, j)));
    }
    return g_steal_pointer(&events);
}

static void
set_times(MpPlanning *p, const MpSop *sop, const MpCase *kase, MpValue *context)
{
    g_autoptr(GPtrArray) events = mp_plan_events(p, kase->number, NULL);
    g_autoptr(GPtrArray) account = NULL;
    MpValue *list;

    if (events == NULL)
        return;
    account = mp_case_account(
        sop, events, mp_setup_calendar(p->planner->setup, kase->service), p->planner->now_utc);
    list = mp_value_list();
    for (guint i = 0; i < account->len; i++) {
        const MpCaseUse *use = g_ptr_array_index(account, i);
        g_autofree char *used = mp_case_use_to_text(use);
        MpValue *row = mp_value_map();

        /* What was only passed through and has no time of its own is nobody's use of time. */
        if (use->step->is_end || g_strcmp0(use->step->actor, "system") == 0 ||
            (use->used_minutes == 0 && use->budget_minutes == 0)) {
            mp_value_free(row);
            continue;
        }
        mp_value_set_text(row, "kegiatan_waktu", use->step->activity);
        mp_value_set_text(row,
                          "pelaku_waktu",
                          mp_notify_role_title(&p->planner->setup->notify, use->step->actor));
        mp_value_set_text(row, "terpakai", used);
        mp_value_set_text(row, "menurut_sop", use->step->time_text);
        mp_value_set_take(row, "lewat", mp_value_bool(use->is_over));
        mp_value_append_take(list, row);
    }
    mp_value_set_take(context, "waktu", list);
    mp_value_set_text(context, "total_sop", sop->total_text);
}

/* How the present due time comes about. */
static void
set_reckoning(const MpPlanning *p, const MpSop *sop, const MpCase *kase, MpValue *context)
{
    g_autoptr(GPtrArray) lines = NULL;
    g_autofree char *count = NULL;
    MpValue *list;

    if (kase->due_utc == 0)
        return;
    lines = mp_case_explain_due(sop, kase, mp_setup_calendar(p->planner->setup, kase->service));
    if (lines->len == 0)
        return;
    count = g_strdup_printf("%u", lines->len);
    list = mp_value_list();
    for (guint i = 0; i < lines->len; i++) {
        MpValue *row = mp_value_map();

        mp_value_set_text(row, "isi_hitungan", g_ptr_array_index(lines, i));
        mp_value_append_take(list, row);
    }
    mp_value_set_take(context, "hitungan", list);
    mp_value_set_text(context, "jumlah_hitungan", count);
}

MpValue *
mp_plan_context(MpPlanning *p, const MpLetterOrder *order, const MpSop *sop)
{
    const MpSetup *setup = p->planner->setup;
    MpNotifyOffice office = setup->notify;
    MpValue *context;

    if (order->kase != NULL)
        office.calendar = mp_setup_calendar(setup, order->kase->service);
    context = order->kase == NULL
                  ? mp_notify_office_context(&office, p->planner->now_utc)
                  : mp_notify_case_context(
                        &office, sop, order->kase, order->applicant, p->planner->now_utc);
    if (order->to_name != NULL && order->to_name[0] != '\0')
        mp_value_set_text(context, "penerima", order->to_name);
    if (order->kase != NULL && sop != NULL) {
        mp_value_set_take(context, "kata", mp_plan_words(p, sop, order->kase));
        if (mp_case_state_is_closed(order->kase->state))
            set_times(p, sop, order->kase, context);
        else
            set_reckoning(p, sop, order->kase, context);
    }
    mp_plan_offer_survey(p, order, context);
    describe_mail(p, office.calendar, context);
    mp_value_merge(context, order->extra);
    return context;
}

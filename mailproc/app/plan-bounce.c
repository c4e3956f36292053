/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Our own mails that came back, or never went; and the addresses that take no mail any more. */

#include "app/plan-bounce.h"

/* --- dead addresses ----------------------------------------------------------------------------
 */

char *
mp_plan_dead_mark(const char *address)
{
    g_autofree char *lower = mp_text_lower_ascii(address);
    g_autofree char *hash = mp_text_sha256(lower == NULL ? "" : lower, lower ? strlen(lower) : 0);

    return g_strconcat(MP_DEAD_MARK, hash, NULL);
}

/* What the plan so far says, else the store. */
static gboolean
is_marked(const MpPlanning *p, const char *mark)
{
    MpStore *store = p->planner->store;
    g_autofree char *value = NULL;

    for (guint i = p->plan->marks->len; i > 0; i--) {
        const MpMarkChange *planned = g_ptr_array_index(p->plan->marks, i - 1);

        if (strcmp(planned->name, mark) == 0)
            return planned->value != NULL;
    }
    value = store == NULL ? NULL : store->mark_get(store, mark);
    return value != NULL;
}

gboolean
mp_plan_is_dead(const MpPlanning *p, const char *address)
{
    g_autofree char *today = mp_plan_today(p);
    g_autofree char *mark = mp_plan_dead_mark(address);

    return mp_setup_any_role(p->planner->setup, address, today) == NULL && is_marked(p, mark);
}

gboolean
mp_plan_is_dead_address(const MpPlanner *planner, const char *address)
{
    g_autoptr(MpPlan) plan = mp_plan_new();
    const MpPlanning p = {.planner = planner, .plan = plan};

    return mp_plan_is_dead(&p, address);
}

void
mp_plan_revive(MpPlanning *p)
{
    g_autofree char *mark = NULL;

    if (p->trust < MP_TRUST_ALIGNED || p->sender == NULL ||
        p->facts->message->automatic != MP_AUTOMATIC_NONE)
        return;
    mark = mp_plan_dead_mark(p->sender);
    if (!is_marked(p, mark))
        return;
    mp_plan_add_mark(p, mark, NULL);
    mp_plan_note(p, "address-alive", NULL, "%s writes again", p->sender);
}

static void
mark_dead(MpPlanning *p, const MpOutboxEntry *entry, const char *mark)
{
    g_autofree char *today = mp_plan_today(p);
    g_autofree char *value = g_strdup_printf("%s %" G_GINT64_FORMAT, today, entry->id);

    mp_plan_add_mark(p, mark, value);
    mp_plan_note(p, "address-dead", entry->case_number, "%s takes no mail", entry->recipient);
}

/* --- telling -----------------------------------------------------------------------------------
 */

/* The OPD is asked for the right address of its applicant: BSrE writes to the same one. */
static gboolean
ask_requester(
    MpPlanning *p, const MpOutboxEntry *entry, const MpCase *kase, MpValue *extra, GError **error)
{
    MpLetterOrder order = {.template_ = "alamat-mati", .kase = kase, .extra = extra};

    if (kase == NULL || mp_case_state_is_closed(kase->state) || kase->requester_address == NULL ||
        mp_plan_is_same_address(kase->requester_address, entry->recipient))
        return TRUE;
    for (guint i = 0; i < kase->applicants->len; i++) {
        const MpCaseApplicant *applicant = g_ptr_array_index(kase->applicants, i);

        if (!mp_plan_is_same_address(applicant->email, entry->recipient))
            continue;
        order.applicant = applicant->n;
        order.to = kase->requester_address;
        order.to_name = kase->requester_name;
        return mp_plan_send(p, &order, error);
    }
    return TRUE;
}

typedef struct {
    const char *words; /* of the server, any stranger's: only their status is told */
    gboolean is_permanent, is_dead, is_maybe_there;
} Failure;

static char *
said_in_our_words(const char *words)
{
    g_autofree char *status = mp_outbox_status(words);

    return status == NULL ? NULL
                          : g_strdup_printf("%s (%s)", status, mp_notify_status_title(status));
}

/* Into the file of the case, where it has one that is open. */
static gboolean
note_failure(MpPlanning *p,
             const MpOutboxEntry *entry,
             const MpCase *kase,
             const Failure *failure,
             GError **error)
{
    const MpSop *sop = kase == NULL ? NULL : mp_setup_sop_by_id(p->planner->setup, kase->sop);
    g_autofree char *note =
        g_strdup_printf("surel '%s' ke %s %s",
                        entry->template_,
                        entry->recipient,
                        failure->is_maybe_there ? "mungkin tidak sampai (ditahan)"
                        : failure->is_dead      ? "tidak sampai (tetap); alamat tidak aktif"
                        : failure->is_permanent ? "tidak sampai (tetap)"
                                                : "tidak sampai (sementara)");
    const MpCaseInput input = {
        .event = "CATAT", .actor = "system", .mail = p->row == NULL ? 0 : p->row->id, .note = note};
    const MpDecision *decision = NULL;
    g_autoptr(MpDecision) refused = NULL;

    return sop == NULL ||
           mp_plan_step(p, kase->number, kase, sop, &input, &decision, &refused, error);
}

/* A forged report cannot name our random Message-ID, so it can cause nothing; a bounce of the note
 * about a bounce tells nobody again, nor does an address that is known to take no mail. */
static gboolean
plan_failure(MpPlanning *p, const MpOutboxEntry *entry, const Failure *failure, GError **error)
{
    g_autoptr(MpValue) extra = mp_value_map();
    g_autofree char *mark = mp_plan_dead_mark(entry->recipient);
    g_autofree char *said = said_in_our_words(failure->words);
    gboolean was_dead = failure->is_dead && is_marked(p, mark);
    g_autoptr(MpCase) kase = NULL;
    g_autoptr(GError) local = NULL;

    if (entry->case_number != NULL)
        kase = mp_plan_case(p, entry->case_number, &local);
    if (local != NULL) {
        g_propagate_error(error, g_steal_pointer(&local));
        return FALSE;
    }
    mp_plan_end(p, MP_LEDGER_DONE, "bounce", entry->case_number);
    if (!note_failure(p, entry, kase, failure, error))
        return FALSE;
    if (failure->is_dead && !was_dead)
        mark_dead(p, entry, mark);
    if (!failure->is_permanent || was_dead || strcmp(entry->template_, "gagal-kirim") == 0)
        return TRUE;
    mp_value_set_text(extra, "alamat_gagal", entry->recipient);
    mp_value_set_text(extra, "jawaban_server", said);
    mp_value_set_text(extra, "jenis_surel", mp_notify_notice_title(entry->template_));
    mp_value_set_take(extra, "mungkin_sampai", mp_value_bool(failure->is_maybe_there));
    mp_value_set_take(
        extra, "alamat_berhenti", mp_value_bool(mp_plan_is_dead(p, entry->recipient)));
    if (failure->is_dead && !ask_requester(p, entry, kase, extra, error))
        return FALSE;
    return mp_plan_ask_person(p,
                              "gagal-kirim",
                              kase,
                              failure->is_maybe_there ? "jawaban server hilang"
                                                      : "alamat tidak dapat dikirimi",
                              extra,
                              error);
}

/* Each outbox row fails once, however many reports name it: whoever got a mail of ours knows its
 * Message-ID. A report for now does not silence the last one. */
static gboolean
is_repeated(MpPlanning *p, const MpOutboxEntry *entry, gboolean is_permanent)
{
    g_autofree char *today = mp_plan_today(p);
    g_autofree char *last = g_strdup_printf("bounced %" G_GINT64_FORMAT, entry->id);
    g_autofree char *soft = g_strdup_printf("bounced-soft %" G_GINT64_FORMAT, entry->id);

    if (is_marked(p, last) || (!is_permanent && is_marked(p, soft)))
        return TRUE;
    mp_plan_add_mark(p, is_permanent ? last : soft, today);
    return FALSE;
}

gboolean
mp_plan_bounced(MpPlanning *p, const MpOutboxEntry *entry, const MpBounced *bounced, GError **error)
{
    /* "5.0.0" is what a server says that knows no better; its words may. */
    gboolean is_vague = bounced->status == NULL || g_str_has_prefix(bounced->status, "5.0.");
    const char *words = is_vague ? bounced->diagnostic : bounced->status;
    const Failure failure = {.words = words,
                             .is_permanent = bounced->is_permanent,
                             .is_dead = bounced->is_permanent && mp_outbox_is_dead_address(words)};

    return is_repeated(p, entry, failure.is_permanent) || plan_failure(p, entry, &failure, error);
}

MpPlan *
mp_plan_undelivered(const MpPlanner *planner,
                    const MpOutboxEntry *entry,
                    gboolean is_shared,
                    GError **error)
{
    g_autoptr(MpPlan) plan = mp_plan_new();
    MpPlanning p = {.planner = planner, .plan = plan, .at_utc = planner->now_utc};
    gboolean has_failed = entry->state != MP_OUTBOX_UNCERTAIN;
    const Failure failure = {.words = entry->server_reply,
                             .is_permanent = TRUE,
                             .is_maybe_there = !has_failed,
                             .is_dead = has_failed && !is_shared &&
                                        mp_outbox_is_dead_address(entry->server_reply)};

    if (!plan_failure(&p, entry, &failure, error))
        return NULL;
    return g_steal_pointer(&plan);
}

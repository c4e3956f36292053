/* SPDX-License-Identifier: GPL-3.0-or-later */

/* From a decision's notices to outbox rows: who gets it, what the template may say, whether the
 * answer may carry authority, and whether it may be sent at all just now (rations, hourly caps). */

#include "app/plan-attach.h"
#include "trust/trust.h"

enum { GRANT_BYTES = 16, ID_BYTES = 12, CODE_LENGTH = 26, MAX_REFERENCES = 8 };

#define CAP_WAIT_US G_TIME_SPAN_HOUR

/* --- grants --- */

void
mp_plan_add_grant_item(GPtrArray *items, const MpCase *kase)
{
    MpGrantItem *item = g_new0(MpGrantItem, 1);

    item->case_number = g_strdup(kase->number);
    item->step = g_strdup(kase->step);
    item->version = kase->version;
    g_ptr_array_add(items, item);
}

static void
grant_item_free(gpointer data)
{
    MpGrantItem *item = data;

    g_free(item->case_number);
    g_free(item->step);
    g_free(item);
}

GPtrArray *
mp_plan_no_grant_items(void)
{
    return g_ptr_array_new_with_free_func(grant_item_free);
}

GPtrArray *
mp_plan_grant_items(const MpCase *kase)
{
    GPtrArray *items = mp_plan_no_grant_items();

    mp_plan_add_grant_item(items, kase);
    return items;
}

static MpGrant *
make_grant(MpPlanning *p, const MpLetterOrder *order, char **code_out)
{
    const MpConfig *config = p->planner->setup->config;
    g_autofree char *section = g_strconcat("role ", order->role ? order->role : "", NULL);
    gint64 expiry_s = mp_config_has_section(config, section)
                          ? mp_config_duration(config, section, "grant_expiry")
                          : 14 * 24 * 3600;
    guint8 random[GRANT_BYTES];
    MpGrant *grant = mp_grant_new();

    p->planner->random->fill(p->planner->random, random, sizeof(random));
    *code_out = mp_trust_format_code(random);
    grant->hash = mp_trust_hash_code(*code_out);
    grant->recipient = mp_text_lower_ascii(order->to);
    grant->expires_utc = p->planner->now_utc + expiry_s * G_USEC_PER_SEC;
    for (guint i = 0; i < order->grants->len; i++) {
        const MpGrantItem *from = g_ptr_array_index(order->grants, i);
        MpGrantItem *to = g_new0(MpGrantItem, 1);

        to->case_number = g_strdup(from->case_number);
        to->step = g_strdup(from->step);
        to->version = from->version;
        g_ptr_array_add(grant->items, to);
    }
    return grant;
}

static char *
make_id(MpPlanning *p, const MpLetterOrder *order, const char *code)
{
    const char *number = order->kase == NULL ? "kantor" : order->kase->number;
    const char *step = order->kase == NULL || order->kase->step == NULL ? "-" : order->kase->step;
    const char *domain = p->planner->setup->id_domain;
    g_autoptr(GString) random = g_string_new(NULL);
    guint8 bytes[ID_BYTES];

    if (code != NULL)
        return g_strdup_printf("%s.%s.%s@%s", number, step, code, domain);
    p->planner->random->fill(p->planner->random, bytes, sizeof(bytes));
    for (guint i = 0; i < ID_BYTES; i++)
        g_string_append_printf(random, "%02x", bytes[i]);
    return g_strdup_printf("%s.%s@%s", number, random->str, domain);
}

/* --- the mail --- */

/* An id of ours that carries a code is named to nobody but the code's owner. */
static gboolean
may_name(const MpPlanning *p, const MpLetterOrder *order, const char *id)
{
    MpStore *store = p->planner->store;
    const char *at = strrchr(id, '@');
    const char *dot = at == NULL ? NULL : g_strrstr_len(id, at - id, ".");
    g_autofree char *code = dot == NULL ? NULL : g_strndup(dot + 1, (gsize)(at - dot - 1));
    g_autofree char *hash = NULL;
    g_autoptr(MpGrant) grant = NULL;

    if (code == NULL || g_ascii_strcasecmp(at + 1, p->planner->setup->id_domain) != 0 ||
        strlen(code) != CODE_LENGTH)
        return TRUE;
    hash = mp_trust_hash_code(code);
    grant = store == NULL ? NULL : store->grant_find(store, hash, NULL);
    return grant != NULL && mp_plan_is_same_address(grant->recipient, order->to);
}

static void
thread_mail(const MpPlanning *p, const MpLetterOrder *order, MpMail *mail)
{
    const MpMessage *message = p->facts == NULL ? NULL : p->facts->message;
    GString *references;

    if (message == NULL || message->message_id == NULL ||
        !mp_plan_is_same_address(order->to, p->sender))
        return;
    mail->is_reply = TRUE;
    mail->in_reply_to = g_strdup(message->message_id);
    references = g_string_new(NULL);
    for (guint i = message->references->len > MAX_REFERENCES
                       ? message->references->len - MAX_REFERENCES
                       : 0;
         i < message->references->len;
         i++) {
        const char *id = g_ptr_array_index(message->references, i);

        if (may_name(p, order, id))
            g_string_append_printf(references, "<%s> ", id);
    }
    g_string_append_printf(references, "<%s>", message->message_id);
    mail->references = g_string_free(references, FALSE);
}

/* decisions.md 11: transcripts, and answers to people who are not officials, go out with the null
 * path; everything else with the office's address, because its bounces teach us dead mailboxes. */
static gboolean
has_null_path(const MpPlanning *p, const MpLetterOrder *order)
{
    g_autofree char *today = mp_plan_today(p);

    if (strcmp(order->template_, "transkrip") == 0)
        return TRUE;
    return order->is_answer && mp_setup_any_role(p->planner->setup, order->to, today) == NULL;
}

static MpMail *
make_mail(const MpPlanning *p, const MpLetterOrder *order, const char *id)
{
    const MpSetup *setup = p->planner->setup;
    MpMail *mail = mp_mail_new();

    mail->message_id = g_strdup(id);
    mail->from_name = g_strdup(setup->from_name);
    mail->from_address = g_strdup(setup->from_address);
    mail->to_name = g_strdup(order->to_name);
    mail->to_address = g_strdup(order->to);
    mail->date_utc = p->planner->now_utc;
    thread_mail(p, order, mail);
    return mail;
}

static MpOutboxEntry *
make_entry(const MpPlanning *p, const MpLetterOrder *order, const char *reason)
{
    MpOutboxEntry *entry = mp_outbox_entry_new();

    entry->case_number = order->kase == NULL ? NULL : g_strdup(order->kase->number);
    entry->template_ = g_strdup(order->template_);
    entry->recipient = mp_text_lower_ascii(order->to);
    entry->envelope_from = g_strdup(
        has_null_path(p, order) ? ""
                                : mp_config_string(p->planner->setup->config, "office", "address"));
    entry->state = reason == NULL ? MP_OUTBOX_QUEUED : MP_OUTBOX_CANCELLED;
    entry->reason = g_strdup(reason);
    entry->made_utc = p->planner->now_utc;
    entry->next_try_utc = p->planner->now_utc;
    return entry;
}

gboolean
mp_plan_send(MpPlanning *p, const MpLetterOrder *order, GError **error)
{
    const MpSop *sop =
        order->kase == NULL ? NULL : mp_setup_sop_by_id(p->planner->setup, order->kase->sop);
    g_autoptr(MpValue) context = mp_plan_context(p, order, sop);
    g_autofree char *ration = NULL;
    g_autofree char *code = NULL;
    g_autofree char *id = NULL;
    const char *reason = NULL;
    guint hours = 0;
    MpPlanMail *planned;
    MpMail *mail;

    if (!mp_plan_withheld(p, order, &ration, &reason, &hours, error))
        return FALSE;
    planned = mp_plan_mail_new(make_entry(p, order, reason));
    planned->entry->next_try_utc += hours * CAP_WAIT_US;
    planned->ration = g_steal_pointer(&ration);
    g_ptr_array_add(p->plan->mails, planned);
    if (order->grants != NULL && reason == NULL) {
        g_autofree char *grouped = NULL;

        planned->grant = make_grant(p, order, &code);
        grouped = mp_trust_group_code(code);
        mp_value_set_text(context, "kode", grouped);
    }
    if (reason == NULL && !mp_plan_attach_all(p, order, sop, planned->entry, context, error))
        return FALSE;
    id = make_id(p, order, code);
    mail = make_mail(p, order, id);
    g_clear_pointer(&planned->entry->mail, mp_mail_free);
    planned->entry->mail = mail;
    mp_plan_note(p,
                 reason == NULL ? "send" : "withhold",
                 planned->entry->case_number,
                 "%s → %s%s%s",
                 order->template_,
                 planned->entry->recipient,
                 reason == NULL ? "" : ": ",
                 reason == NULL ? "" : reason);
    return mp_templates_render(p->planner->setup->templates,
                               order->template_,
                               context,
                               &mail->subject,
                               &mail->text,
                               &mail->html,
                               error);
}

/* --- the notices of a decision --- */

static gboolean
is_answer_template(const char *name)
{
    static const char *const answers[] = {"diterima", "status", "ganda", "penarikan-ditolak", NULL};

    return g_strv_contains(answers, name);
}

static gboolean
send_to_role(MpPlanning *p,
             const MpCase *kase,
             const MpCaseNotice *notice,
             MpLetterOrder *order,
             GError **error)
{
    g_autofree char *today = mp_plan_today(p);
    g_autoptr(GPtrArray) addresses =
        mp_setup_role_addresses(p->planner->setup, notice->audience, today);
    g_autoptr(GPtrArray) items = notice->wants_grant ? mp_plan_grant_items(kase) : NULL;
    gboolean is_holder = g_strcmp0(notice->audience, kase->holder_role) == 0;

    order->grants = items;
    order->role = notice->audience;
    order->to_name = mp_notify_role_title(&p->planner->setup->notify, notice->audience);
    if (is_holder && kase->holder_address != NULL) {
        g_ptr_array_set_size(addresses, 0);
        g_ptr_array_add(addresses, g_strdup(kase->holder_address));
    }
    if (addresses->len == 0)
        mp_plan_note(p, "nobody", kase->number, "%s has no address", notice->audience);
    for (guint i = 0; i < addresses->len; i++) {
        order->to = g_ptr_array_index(addresses, i);
        if (!mp_plan_send(p, order, error))
            return FALSE;
    }
    return TRUE;
}

static gboolean
send_to_applicants(MpPlanning *p,
                   const MpCase *kase,
                   const MpCaseNotice *notice,
                   MpLetterOrder *order,
                   GError **error)
{
    for (guint i = 0; i < kase->applicants->len; i++) {
        const MpCaseApplicant *applicant = g_ptr_array_index(kase->applicants, i);

        if (notice->applicant != 0 && notice->applicant != applicant->n)
            continue;
        if (applicant->email == NULL || applicant->email[0] == '\0') {
            mp_plan_note(p, "nobody", kase->number, "applicant %u has no address", applicant->n);
            continue;
        }
        order->to = applicant->email;
        order->to_name = applicant->name;
        order->applicant = applicant->n;
        if (!mp_plan_send(p, order, error))
            return FALSE;
    }
    return TRUE;
}

/* One official by his address: he holds the step in the role's stead (ALIH), and answers as it
 * would. */
static gboolean
send_to_holder(MpPlanning *p,
               const MpCase *kase,
               const MpCaseNotice *notice,
               MpLetterOrder *order,
               GError **error)
{
    g_autoptr(GPtrArray) items = notice->wants_grant ? mp_plan_grant_items(kase) : NULL;

    order->grants = items;
    order->role = kase->holder_role;
    order->to = notice->audience;
    return mp_plan_send(p, order, error);
}

static gboolean
send_notice(MpPlanning *p, const MpCase *kase, const MpCaseNotice *notice, GError **error)
{
    g_autoptr(MpValue) extra = mp_value_map();
    MpLetterOrder order = {.template_ = notice->template_,
                           .kase = kase,
                           .applicant = notice->applicant,
                           .extra = extra,
                           .wants_documents = notice->wants_documents,
                           .is_answer = is_answer_template(notice->template_)};

    if (p->is_digested && strcmp(notice->template_, "pengingat") == 0) {
        mp_plan_note(p, "withhold", kase->number, "pengingat: told by the morning's digest");
        return TRUE;
    }
    if (notice->note != NULL)
        mp_value_set_text(extra, "catatan", notice->note);
    if (strcmp(notice->audience, "requester") == 0) {
        order.to = kase->requester_address ? kase->requester_address : "";
        order.to_name = kase->requester_name;
        return mp_plan_send(p, &order, error);
    }
    if (strcmp(notice->audience, "applicant") == 0)
        return send_to_applicants(p, kase, notice, &order, error);
    if (strchr(notice->audience, '@') != NULL)
        return send_to_holder(p, kase, notice, &order, error);
    return send_to_role(p, kase, notice, &order, error);
}

gboolean
mp_plan_send_notices(MpPlanning *p, const MpDecision *decision, const MpSop *sop, GError **error)
{
    (void)sop;
    for (guint i = 0; i < decision->notices->len; i++)
        if (!send_notice(p, decision->after, g_ptr_array_index(decision->notices, i), error))
            return FALSE;
    return TRUE;
}

/* A flood must not silence what nobody else would see: when the hourly cap dropped the last note,
 * one mail at the end of the hour says that there is more to look at. */
static gboolean
tell_of_unseen(MpPlanning *p, const MpLetterOrder *order, GError **error)
{
    const MpPlanMail *last = g_ptr_array_index(p->plan->mails, p->plan->mails->len - 1);
    const MpLetterOrder more = {.template_ = MP_UNSEEN_TEMPLATE,
                                .to = order->to,
                                .to_name = order->to_name,
                                .role = order->role};
    MpStore *store = p->planner->store;
    gint64 now_utc = p->planner->now_utc;
    g_autofree char *mark = g_strconcat("unseen ", last->entry->recipient, NULL);
    g_autofree char *due = store == NULL ? NULL : store->mark_get(store, mark);
    g_autofree char *next = g_strdup_printf("%" G_GINT64_FORMAT, now_utc + CAP_WAIT_US);

    if (last->entry->state != MP_OUTBOX_CANCELLED ||
        !g_str_has_prefix(last->entry->reason, "hourly cap") ||
        (due != NULL && g_ascii_strtoll(due, NULL, 10) > now_utc))
        return TRUE;
    mp_plan_add_mark(p, mark, next);
    return mp_plan_send(p, &more, error);
}

/* The verifikator is the one whom everything unclear is shown to; where an office has none, the
 * first role of its configuration. */
static gboolean
ask_verifikator(MpPlanning *p, MpLetterOrder *order, MpValue *extra, GError **error)
{
    const MpSetup *setup = p->planner->setup;
    const char *const *roles = mp_config_sections(setup->config, "role");
    const char *role = g_strv_contains(roles, "verifikator") ? "verifikator" : roles[0];
    g_autofree char *today = mp_plan_today(p);
    g_autoptr(GPtrArray) addresses = NULL;
    g_autoptr(GPtrArray) items = NULL;

    if (role == NULL) {
        mp_plan_note(p, "nobody", NULL, "no role is configured");
        return TRUE;
    }
    order->extra = extra;
    order->role = role;
    addresses = mp_setup_role_addresses(setup, role, today);
    order->to_name = mp_notify_role_title(&setup->notify, role);
    if (order->kase != NULL) {
        items = mp_plan_grant_items(order->kase);
        order->grants = items;
    }
    for (guint i = 0; i < addresses->len; i++) {
        order->to = g_ptr_array_index(addresses, i);
        if (!mp_plan_send(p, order, error) || !tell_of_unseen(p, order, error))
            return FALSE;
    }
    return TRUE;
}

gboolean
mp_plan_ask_person(MpPlanning *p,
                   const char *template_,
                   const MpCase *kase,
                   const char *reason,
                   MpValue *extra,
                   GError **error)
{
    g_autoptr(MpValue) context = mp_value_map();
    MpLetterOrder order = {.template_ = template_, .kase = kase};

    mp_value_merge(context, extra);
    mp_value_set_text(context, "alasan", reason);
    return ask_verifikator(p, &order, context, error);
}

gboolean
mp_plan_ask_person_with(MpPlanning *p,
                        const char *template_,
                        MpValue *extra,
                        const MpAttachment *files,
                        gsize n_files,
                        GError **error)
{
    MpLetterOrder order = {.template_ = template_, .files = files, .n_files = n_files};

    return ask_verifikator(p, &order, extra, error);
}

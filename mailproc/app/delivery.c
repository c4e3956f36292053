/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Outgoing mail: SENDING is committed before the first byte leaves, the outcome after the last one.
 * What was SENDING when the program died is UNCERTAIN at the next start. Results of a batch are
 * committed together: between the server's word and the commit lies at most one batch of mails that
 * would be repeated with the same Message-ID. */

#include "app/app.h"
#include "app/plan.h"

#include <syslog.h>

enum { SEND_BATCH = 20 };

static MpOutboxPolicy
policy_of(const MpConfig *config)
{
    MpOutboxPolicy policy = mp_outbox_policy_default();

    policy.base_s = mp_config_duration(config, "sender", "retry_first");
    policy.cap_s = mp_config_duration(config, "sender", "retry_longest");
    policy.give_up_s = mp_config_duration(config, "sender", "give_up");
    policy.uncertain_s = mp_config_duration(config, "sender", "uncertain_wait");
    policy.repeat_uncertain = strcmp(mp_config_string(config, "sender", "uncertain"), "retry") == 0;
    return policy;
}

/* The finished bytes: a pure function of the row and its documents (decisions.md 30). */
static GBytes *
build_mail(MpStore *store, const MpOutboxEntry *entry, GError **error)
{
    g_autofree MpAttachment *attachments = g_new0(MpAttachment, entry->documents->len + 1);
    g_autoptr(GPtrArray) contents = g_ptr_array_new_with_free_func((GDestroyNotify)g_bytes_unref);

    for (guint i = 0; i < entry->documents->len; i++) {
        const MpOutboxDocument *document = g_ptr_array_index(entry->documents, i);
        g_autofree char *name = g_strconcat("doc/", document->sha256, NULL);
        GBytes *content = store->archive_get(store, name, error);

        if (content == NULL)
            return NULL;
        g_ptr_array_add(contents, content);
        attachments[i].filename = document->filename;
        attachments[i].type = document->type;
        attachments[i].content = content;
    }
    return mp_notify_build(entry->mail, attachments, entry->documents->len, error);
}

GBytes *
mp_delivery_build(MpStore *store, const MpOutboxEntry *entry, GError **error)
{
    return build_mail(store, entry, error);
}

typedef gboolean (*RowFunc)(MpApp *app, GPtrArray *entries, GError **error);

static gboolean
in_transaction(MpApp *app, GPtrArray *entries, RowFunc func, GError **error)
{
    if (!app->store->begin(app->store, error))
        return FALSE;
    if (!func(app, entries, error) || !app->store->commit(app->store, error)) {
        app->store->rollback(app->store);
        return FALSE;
    }
    return TRUE;
}

static gboolean
mark_sending(MpApp *app, GPtrArray *entries, GError **error)
{
    for (guint i = 0; i < entries->len; i++) {
        MpOutboxEntry *entry = g_ptr_array_index(entries, i);
        MpOutboxState before = entry->state;

        entry->state = MP_OUTBOX_SENDING;
        entry->tries++;
        if (!app->store->outbox_move(app->store, entry, before, error))
            return FALSE;
    }
    return TRUE;
}

static void
set_next(MpOutboxEntry *entry, const MpOutboxNext *next)
{
    entry->state = next->state;
    entry->next_try_utc = next->next_try_utc;
    entry->is_held = next->hold;
}

static gboolean
tell_person(MpApp *app, const MpOutboxEntry *entry, GError **error)
{
    const MpPlanner planner = {.setup = app->setup,
                               .store = app->store,
                               .random = app->random,
                               .now_utc = app->clock->now_utc(app->clock)};
    g_autoptr(MpPlan) plan = mp_plan_undelivered(&planner, entry, error);

    return plan != NULL && mp_pipeline_carry_out(app, plan, error);
}

static gboolean
mark_results(MpApp *app, GPtrArray *entries, GError **error)
{
    for (guint i = 0; i < entries->len; i++) {
        MpOutboxEntry *entry = g_ptr_array_index(entries, i);

        if (!app->store->outbox_move(app->store, entry, MP_OUTBOX_SENDING, error))
            return FALSE;
        if (entry->state == MP_OUTBOX_FAILED && !tell_person(app, entry, error))
            return FALSE;
    }
    return TRUE;
}

static void
log_sent(const MpApp *app, const MpOutboxEntry *entry, MpSendResult result)
{
    g_autofree char *id = g_strdup_printf("%" G_GINT64_FORMAT, entry->id);

    mp_app_log(app,
               result == MP_SEND_ACCEPTED ? LOG_INFO : LOG_WARNING,
               "mail.sent",
               "outbox",
               id,
               "case",
               entry->case_number,
               "template",
               entry->template_,
               "result",
               mp_send_result_to_string(result),
               "state",
               mp_outbox_state_to_string(entry->state),
               "reply",
               entry->server_reply,
               NULL);
}

static void
append_copy(MpApp *app, GBytes *bytes)
{
    const char *folder = mp_config_string(app->setup->config, "mailbox", "sent_folder");
    g_autoptr(GError) error = NULL;

    if (folder[0] == '\0' || app->mailbox == NULL || app->mailbox->append == NULL)
        return;
    if (!app->mailbox->append(app->mailbox, folder, bytes, &error))
        mp_app_log(app, LOG_WARNING, "sent.copy", "problem", error->message, NULL);
}

/* One mail over the wire. What cannot even be built is refused for good: a person must look. */
static MpSendResult
send_one(MpApp *app, MpOutboxEntry *entry)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(GBytes) bytes = build_mail(app->store, entry, &error);
    g_autofree char *reply = NULL;
    MpSendResult result = MP_SEND_REFUSED;

    if (bytes == NULL) {
        reply = g_strdup(error->message);
    } else {
        mp_ports_checkpoint("send.before");
        result =
            app->sender->send(app->sender, entry->envelope_from, entry->recipient, bytes, &reply);
        mp_ports_checkpoint("send.after");
    }
    g_free(entry->server_reply);
    entry->server_reply = reply == NULL ? NULL : mp_text_line(reply);
    if (result == MP_SEND_ACCEPTED)
        append_copy(app, bytes);
    return result;
}

static guint
jitter_of(MpApp *app)
{
    guint8 two[2];

    app->random->fill(app->random, two, sizeof(two));
    return ((guint)two[0] << 8 | two[1]) % 1000;
}

static void
send_all(MpApp *app, GPtrArray *entries)
{
    const MpOutboxPolicy policy = policy_of(app->setup->config);

    for (guint i = 0; i < entries->len; i++) {
        MpOutboxEntry *entry = g_ptr_array_index(entries, i);
        MpSendResult result = send_one(app, entry);
        gint64 now_utc = app->clock->now_utc(app->clock);
        MpOutboxNext next = mp_outbox_after_try(
            &policy, result, entry->tries, entry->made_utc, now_utc, jitter_of(app));

        set_next(entry, &next);
        entry->sent_utc = result == MP_SEND_ACCEPTED ? now_utc : 0;
        app->n_sent += result == MP_SEND_ACCEPTED;
        log_sent(app, entry, result);
    }
}

static gboolean
mark_uncertain(MpApp *app, GPtrArray *entries, GError **error)
{
    const MpOutboxPolicy policy = policy_of(app->setup->config);
    gint64 now_utc = app->clock->now_utc(app->clock);

    for (guint i = 0; i < entries->len; i++) {
        MpOutboxEntry *entry = g_ptr_array_index(entries, i);
        MpOutboxNext next = mp_outbox_after_crash(&policy, entry->tries, now_utc);

        set_next(entry, &next);
        if (!app->store->outbox_move(app->store, entry, MP_OUTBOX_SENDING, error))
            return FALSE;
        log_sent(app, entry, MP_SEND_UNCERTAIN);
    }
    return TRUE;
}

gboolean
mp_pipeline_recover(MpApp *app, GError **error)
{
    g_autoptr(GPtrArray) entries = app->store->outbox_list(
        app->store, mp_outbox_state_to_string(MP_OUTBOX_SENDING), NULL, 10000, error);

    if (entries == NULL)
        return FALSE;
    return entries->len == 0 || in_transaction(app, entries, mark_uncertain, error);
}

/* The server that cannot be reached for one mail is not asked again for the others of the batch. */
static gboolean
is_unreachable(const GPtrArray *entries, GError **error)
{
    guint waiting = 0;
    const MpOutboxEntry *last = NULL;

    for (guint i = 0; i < entries->len; i++) {
        const MpOutboxEntry *entry = g_ptr_array_index(entries, i);

        if (entry->state == MP_OUTBOX_DEFERRED) {
            waiting++;
            last = entry;
        }
    }
    if (waiting < entries->len || last == NULL)
        return FALSE;
    g_set_error(error,
                MP_ERROR,
                MP_ERROR_UNREACHABLE,
                "sender: %s",
                last->server_reply ? last->server_reply : "no answer");
    return TRUE;
}

gboolean
mp_pipeline_deliver(MpApp *app, GError **error)
{
    for (;;) {
        g_autoptr(GPtrArray) entries =
            app->store->outbox_due(app->store, app->clock->now_utc(app->clock), SEND_BATCH, error);

        if (entries == NULL)
            return FALSE;
        if (entries->len == 0)
            break;
        if (!in_transaction(app, entries, mark_sending, error))
            return FALSE;
        mp_ports_checkpoint("send.marked");
        send_all(app, entries);
        if (!in_transaction(app, entries, mark_results, error))
            return FALSE;
        mp_ports_checkpoint("send.recorded");
        if (is_unreachable(entries, error))
            return FALSE;
    }
    app->sender->finish(app->sender);
    return TRUE;
}

/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Outgoing mail: SENDING is committed before the first byte leaves, the outcome after the last one.
 * What was SENDING when the program died is UNCERTAIN at the next start. Results of a batch are
 * committed together: between the server's word and the commit lies at most one batch of mails that
 * would be repeated with the same Message-ID. */

#include "app/delivery-private.h"
#include "app/pipeline-private.h"
#include "app/service-private.h"

#include <syslog.h>

enum { SEND_BATCH = 20, MISSES = 2 };

#define COPIES_MARK "sent-copies" /* outbox ids, each with a space behind it */

static MpOutboxPolicy
policy_of(const MpConfig *config)
{
    MpOutboxPolicy policy = mp_outbox_policy_default();

    policy.base_s = mp_config_duration(config, "sender", "retry_first");
    policy.cap_s = mp_config_duration(config, "sender", "retry_longest");
    policy.give_up_s = mp_config_duration(config, "sender", "give_up");
    policy.uncertain_s = mp_config_duration(config, "sender", "uncertain_wait");
    policy.repeat_uncertain = strcmp(mp_config_string(config, "sender", "uncertain"), "retry") == 0;
    policy.pause_after = (guint)mp_config_int(config, "sender", "pause_after");
    policy.pause_s = mp_config_duration(config, "sender", "pause_first");
    policy.pause_cap_s = mp_config_duration(config, "sender", "pause_longest");
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

typedef struct {
    GPtrArray *entries;    /* MpOutboxEntry */
    MpOutboxState *before; /* of each, before it was SENDING; NULL = not known any more */
    MpRests *rests;        /* of their recipients' domains; NULL likewise */
    gboolean is_away;      /* the server cannot be reached */
    const char *words;     /* its last ones, of an entry; NULL = none */
} Batch;

typedef gboolean (*BatchFunc)(MpApp *app, Batch *batch, GError **error);

static gboolean
in_transaction(MpApp *app, Batch *batch, BatchFunc func, GError **error)
{
    if (!app->store->begin(app->store, error))
        return FALSE;
    if (!func(app, batch, error) || !app->store->commit(app->store, error)) {
        app->store->rollback(app->store);
        return FALSE;
    }
    return TRUE;
}

/* What came back while this mail waited. */
static gboolean
is_dead(MpApp *app, const MpOutboxEntry *entry)
{
    const MpPlanner planner = mp_pipeline_planner(app);

    return mp_plan_is_dead_address(&planner, entry->recipient);
}

/* Most are marked as being sent; what may not go just now stays what it is. */
static gboolean
mark_one(MpApp *app, Batch *batch, MpOutboxEntry *entry, GError **error)
{
    MpOutboxState before = entry->state;
    gint64 rest_utc = mp_rests_until(batch->rests, app->store, entry->recipient);

    g_clear_pointer(&entry->reason, g_free);
    if (is_dead(app, entry)) {
        entry->state = MP_OUTBOX_CANCELLED;
        entry->reason = g_strdup("address takes no mail: it came back");
    } else if (rest_utc > app->clock->now_utc(app->clock)) {
        entry->next_try_utc = rest_utc;
        entry->reason = g_strdup(MP_REST_REASON);
    } else {
        entry->state = MP_OUTBOX_SENDING;
        entry->tries++;
    }
    return app->store->outbox_move(app->store, entry, before, error);
}

static gboolean
mark_sending(MpApp *app, Batch *batch, GError **error)
{
    for (guint i = 0; i < batch->entries->len; i++) {
        MpOutboxEntry *entry = g_ptr_array_index(batch->entries, i);

        batch->before[i] = entry->state;
        if (!mark_one(app, batch, entry, error))
            return FALSE;
    }
    return TRUE;
}

/* What is not being sent is done with for now. */
static void
drop_others(Batch *batch)
{
    guint n = 0;

    for (guint i = 0; i < batch->entries->len; i++) {
        MpOutboxEntry *entry = g_ptr_array_index(batch->entries, i);

        if (entry->state != MP_OUTBOX_SENDING)
            continue;
        batch->entries->pdata[i] = batch->entries->pdata[n];
        batch->entries->pdata[n] = entry;
        batch->before[n++] = batch->before[i];
    }
    g_ptr_array_set_size(batch->entries, (gint)n);
}

static void
set_next(MpOutboxEntry *entry, const MpOutboxNext *next)
{
    entry->state = next->state;
    entry->next_try_utc = next->next_try_utc;
    entry->is_held = next->hold;
}

/* The process that holds the mailbox appends the copy; until then the store remembers it. */
static gboolean
order_copy(MpApp *app, const MpOutboxEntry *entry, GError **error)
{
    g_autofree char *before = app->store->mark_get(app->store, COPIES_MARK);
    g_autofree char *after = NULL;

    if (mp_config_string(app->setup->config, "mailbox", "sent_folder")[0] == '\0')
        return TRUE;
    after = g_strdup_printf("%s%" G_GINT64_FORMAT " ", before == NULL ? "" : before, entry->id);
    return app->store->mark_set(app->store, COPIES_MARK, after, error);
}

/* Words that several mailboxes got in one batch are about none of them: a relay that refuses us. */
static gboolean
is_shared(const Batch *batch, const MpOutboxEntry *entry)
{
    for (guint i = 0; entry->server_reply != NULL && i < batch->entries->len; i++) {
        const MpOutboxEntry *other = g_ptr_array_index(batch->entries, i);

        if (other->state == MP_OUTBOX_FAILED &&
            g_ascii_strcasecmp(other->recipient, entry->recipient) != 0 &&
            g_strcmp0(other->server_reply, entry->server_reply) == 0)
            return TRUE;
    }
    return FALSE;
}

static gboolean
mark_results(MpApp *app, Batch *batch, GError **error)
{
    for (guint i = 0; i < batch->entries->len; i++) {
        MpOutboxEntry *entry = g_ptr_array_index(batch->entries, i);

        if (!app->store->outbox_move(app->store, entry, MP_OUTBOX_SENDING, error))
            return FALSE;
        if (entry->state == MP_OUTBOX_SENT && !order_copy(app, entry, error))
            return FALSE;
        if (mp_delivery_needs_person(entry) &&
            !mp_delivery_owe(app->store, entry, is_shared(batch, entry), error))
            return FALSE;
    }
    return mp_rests_save(batch->rests, app->store, error);
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

/* One mail over the wire. What cannot even be built is refused for good, a person must look; where
 * the store is in trouble it is tried again. Neither says anything about a server. */
static MpSendResult
send_one(MpApp *app, MpOutboxEntry *entry, gboolean *is_asked_out)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(GBytes) bytes = build_mail(app->store, entry, &error);
    g_autofree char *reply = NULL;
    MpSendResult result = MP_SEND_REFUSED;

    *is_asked_out = bytes != NULL;
    if (bytes == NULL) {
        if (error->domain != MP_ERROR || error->code == MP_ERROR_STORAGE)
            result = MP_SEND_REFUSED_SOON;
        reply = g_strdup(error->message);
    } else {
        mp_ports_checkpoint("send.before");
        result =
            app->sender->send(app->sender, entry->envelope_from, entry->recipient, bytes, &reply);
        mp_ports_checkpoint("send.after");
    }
    g_free(entry->server_reply);
    entry->server_reply = reply == NULL ? NULL : mp_text_line(reply);
    return result;
}

static guint
jitter_of(MpApp *app)
{
    guint8 two[2];

    app->random->fill(app->random, two, sizeof(two));
    return ((guint)two[0] << 8 | two[1]) % 1000;
}

/* What has not left yet was never begun. */
static void
put_back(MpOutboxEntry *entry, MpOutboxState before, gint64 next_try_utc)
{
    entry->state = before == MP_OUTBOX_UNCERTAIN ? before : MP_OUTBOX_DEFERRED;
    entry->next_try_utc = next_try_utc;
    entry->tries--;
}

/* The outcome of one try: what becomes of the mail, and, where a server was asked, what it says
 * about the domain. */
static void
judge(MpApp *app, Batch *batch, guint i, MpSendResult result, gboolean is_asked)
{
    const MpOutboxPolicy policy = policy_of(app->setup->config);
    MpOutboxEntry *entry = g_ptr_array_index(batch->entries, i);
    gint64 now_utc = app->clock->now_utc(app->clock);
    MpOutboxNext next = mp_outbox_after_try_from(
        &policy, batch->before[i], result, entry->tries, entry->made_utc, now_utc, jitter_of(app));

    set_next(entry, &next);
    entry->sent_utc = result == MP_SEND_ACCEPTED ? now_utc : 0;
    app->n_sent += result == MP_SEND_ACCEPTED;
    if (is_asked)
        mp_rests_learn(batch->rests, &policy, entry, result, now_utc);
    log_sent(app, entry, result);
}

/* Whether this mail must wait although it is marked: the service ends, the server is away, or the
 * domain rests since an earlier mail of the batch. */
static gboolean
must_wait(MpApp *app, const Batch *batch, const MpOutboxEntry *entry, gint64 *until_utc)
{
    gint64 now_utc = app->clock->now_utc(app->clock);
    gint64 rest_utc = mp_rests_until(batch->rests, app->store, entry->recipient);

    *until_utc = MAX(rest_utc, now_utc);
    return mp_service_is_stopping() || batch->is_away || rest_utc > now_utc;
}

/* A server that cannot be reached twice in a row is not asked for the rest of the batch: each would
 * wait the whole time limit. Once may be the mail's own fault. */
static void
send_all(MpApp *app, Batch *batch)
{
    guint misses = 0;
    gboolean is_reached = FALSE;

    for (guint i = 0; i < batch->entries->len; i++) {
        MpOutboxEntry *entry = g_ptr_array_index(batch->entries, i);
        gint64 until_utc = 0;
        MpSendResult result;
        gboolean is_asked = FALSE;

        if (must_wait(app, batch, entry, &until_utc)) {
            put_back(entry, batch->before[i], until_utc);
            if (until_utc > app->clock->now_utc(app->clock))
                entry->reason = g_strdup(MP_REST_REASON);
            continue;
        }
        mp_service_beat(0);
        result = send_one(app, entry, &is_asked);
        if (mp_service_is_stopping() && result == MP_SEND_UNREACHABLE) {
            put_back(entry, batch->before[i], app->clock->now_utc(app->clock));
            continue;
        }
        judge(app, batch, i, result, is_asked);
        if (!is_asked)
            continue;
        is_reached |= result != MP_SEND_UNREACHABLE;
        misses = result == MP_SEND_UNREACHABLE ? misses + 1 : 0;
        batch->is_away = misses >= MISSES;
        batch->words = entry->server_reply;
    }
    batch->is_away |= misses > 0 && !is_reached;
}

static gboolean
mark_uncertain(MpApp *app, Batch *batch, GError **error)
{
    const MpOutboxPolicy policy = policy_of(app->setup->config);
    gint64 now_utc = app->clock->now_utc(app->clock);

    for (guint i = 0; i < batch->entries->len; i++) {
        MpOutboxEntry *entry = g_ptr_array_index(batch->entries, i);
        MpOutboxNext next = mp_outbox_after_crash(&policy, entry->tries, now_utc);

        set_next(entry, &next);
        if (!app->store->outbox_move(app->store, entry, MP_OUTBOX_SENDING, error))
            return FALSE;
        if (mp_delivery_needs_person(entry) && !mp_delivery_owe(app->store, entry, FALSE, error))
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
    Batch batch = {.entries = entries};

    if (entries == NULL)
        return FALSE;
    if (entries->len > 0 && !in_transaction(app, &batch, mark_uncertain, error))
        return FALSE;
    mp_delivery_tell(app);
    return TRUE;
}

/* One batch; FALSE also when the server cannot be reached. */
static gboolean
send_batch(MpApp *app, Batch *batch, GError **error)
{
    if (!in_transaction(app, batch, mark_sending, error))
        return FALSE;
    drop_others(batch);
    mp_ports_checkpoint("send.marked");
    send_all(app, batch);
    if (!in_transaction(app, batch, mark_results, error))
        return FALSE;
    mp_ports_checkpoint("send.recorded");
    mp_delivery_tell(app);
    if (!batch->is_away)
        return TRUE;
    g_set_error(error,
                MP_ERROR,
                MP_ERROR_UNREACHABLE,
                "sender: %s",
                batch->words == NULL || batch->words[0] == '\0' ? "no answer" : batch->words);
    return FALSE;
}

static gboolean
send_due(MpApp *app, GError **error)
{
    while (!mp_service_is_stopping()) {
        g_autoptr(GPtrArray) entries =
            app->store->outbox_due(app->store, app->clock->now_utc(app->clock), SEND_BATCH, error);
        g_autoptr(MpRests) rests = mp_rests_new();
        MpOutboxState before[SEND_BATCH];
        Batch batch = {.entries = entries, .before = before, .rests = rests};

        if (entries == NULL)
            return FALSE;
        if (entries->len == 0)
            break;
        if (!send_batch(app, &batch, error))
            return FALSE;
    }
    app->sender->finish(app->sender);
    return TRUE;
}

/* --- copies ----------------------------------------------------------------------------------- */

static gboolean
forget_copies(MpApp *app, const char *done, GError **error)
{
    MpStore *store = app->store;
    g_autofree char *now = NULL;
    gboolean is_kept;

    if (!store->begin(store, error))
        return FALSE;
    now = store->mark_get(store, COPIES_MARK);
    /* Delivery only ever adds at the end. */
    is_kept = now == NULL || !g_str_has_prefix(now, done) ||
              store->mark_set(
                  store, COPIES_MARK, now[strlen(done)] == '\0' ? NULL : now + strlen(done), error);
    if (is_kept && store->commit(store, error))
        return TRUE;
    store->rollback(store);
    return FALSE;
}

static gboolean
append_one(MpApp *app, const char *folder, const char *id, GError **error)
{
    g_autoptr(MpOutboxEntry) entry =
        app->store->outbox_get(app->store, g_ascii_strtoll(id, NULL, 10), error);
    g_autoptr(GBytes) bytes = entry == NULL ? NULL : build_mail(app->store, entry, error);

    return bytes != NULL && app->mailbox->append(app->mailbox, folder, bytes, error);
}

/* A copy that cannot be filed is tried again at the next sweep and stops nothing. */
static gboolean
file_copies(MpApp *app, GError **error)
{
    const char *folder = mp_config_string(app->setup->config, "mailbox", "sent_folder");
    g_autofree char *waiting = app->store->mark_get(app->store, COPIES_MARK);
    g_auto(GStrv) ids = waiting == NULL ? NULL : g_strsplit(waiting, " ", -1);
    g_autoptr(GString) done = g_string_new(NULL);

    if (folder[0] == '\0' || app->mailbox->append == NULL || ids == NULL)
        return TRUE;
    for (gsize i = 0; ids[i] != NULL && ids[i][0] != '\0' && !mp_service_is_stopping(); i++) {
        g_autoptr(GError) local = NULL;

        mp_service_beat(0);
        if (!append_one(app, folder, ids[i], &local)) {
            mp_app_log(app, LOG_WARNING, "sent.copy", "problem", local->message, NULL);
            if (!g_error_matches(local, MP_ERROR, MP_ERROR_INPUT))
                break;
        }
        g_string_append_printf(done, "%s ", ids[i]);
    }
    return done->len == 0 || forget_copies(app, done->str, error);
}

gboolean
mp_pipeline_deliver(MpApp *app, GError **error)
{
    if (app->sender != NULL)
        mp_delivery_tell(app);
    if (app->sender != NULL && !send_due(app, error))
        return FALSE;
    return app->mailbox == NULL || file_copies(app, error);
}

/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The story of a mail, left to right: list, fetch, keep, read, decide, commit, acknowledge. Each
 * durable point is one commit a batch, and each phase can be taken up again where it stopped,
 * because it asks the store what is left to do, never its own memory. */

#include "app/app.h"
#include "app/plan.h"
#include "intake/intake.h"

#include <syslog.h>

enum {
    FETCH_BATCH = 100,
    FETCH_BATCH_BYTES = 16 * 1024 * 1024,
    WORK_BATCH = 100,
    TIMER_BATCH = 100,
    MAX_ATTEMPTS = 3,
};

/* --- keep
 * ------------------------------------------------------------------------------------------ */

typedef struct {
    MpApp *app;
    guint32 validity;
    GPtrArray *rows; /* MpLedgerRow, archived but not in the ledger yet */
    gsize bytes;
    GError *error;
} Taking;

static char *
archive_name(gint64 arrived_utc, const char *sha256)
{
    g_autoptr(GDateTime) day = g_date_time_new_from_unix_utc(arrived_utc / G_USEC_PER_SEC);
    g_autofree char *path = g_date_time_format(day, "%Y/%m/%d");

    return g_strdup_printf("%s/%s.eml", path, sha256);
}

static MpLedgerRow *
make_row(const Taking *taking, const MpFetched *mail)
{
    MpLedgerRow *row = mp_ledger_row_new();
    gint64 now_utc = taking->app->clock->now_utc(taking->app->clock);

    row->mailbox = g_strdup(taking->app->mailbox->name);
    row->uid_validity = taking->validity;
    row->uid = mail->uid;
    row->arrived_utc = mail->arrived_utc > 0 ? MIN(mail->arrived_utc, now_utc) : now_utc;
    row->taken_utc = now_utc;
    row->bytes = mail->size;
    return row;
}

/* A mail that is too large to be fetched at all stays on the server; the ledger says so and the
 * quarantine folder gets it. */
static gboolean
keep_unfetched(Taking *taking, const MpFetched *mail)
{
    MpLedgerRow *row = make_row(taking, mail);

    row->state = MP_LEDGER_QUARANTINED;
    row->reason = g_strdup(mail->problem);
    row->sha256 = g_strdup("");
    row->archive_name = g_strdup("");
    row->content_hash = g_strdup("");
    g_ptr_array_add(taking->rows, row);
    return TRUE;
}

static gboolean
flush(Taking *taking, GError **error)
{
    MpStore *store = taking->app->store;

    if (taking->rows->len == 0)
        return TRUE;
    if (!store->archive_commit(store, error))
        return FALSE;
    mp_ports_checkpoint("take.archived");
    if (!store->begin(store, error))
        return FALSE;
    for (guint i = 0; i < taking->rows->len; i++) {
        MpLedgerRow *row = g_ptr_array_index(taking->rows, i);

        if (!store->ledger_add(store, row, error)) {
            store->rollback(store);
            return FALSE;
        }
    }
    if (!store->commit(store, error)) {
        store->rollback(store);
        return FALSE;
    }
    mp_ports_checkpoint("take.ledger");
    taking->app->n_taken += taking->rows->len;
    g_ptr_array_set_size(taking->rows, 0);
    taking->bytes = 0;
    return TRUE;
}

static gboolean
keep_one(const MpFetched *mail, gpointer data)
{
    Taking *taking = data;
    MpStore *store = taking->app->store;
    g_autoptr(GError) error = NULL;
    gsize length = 0;
    const guint8 *bytes;
    MpLedgerRow *row;
    gboolean is_known = FALSE;

    if (!store->ledger_has_uid(
            store, taking->app->mailbox->name, taking->validity, mail->uid, &is_known, &error)) {
        taking->error = g_steal_pointer(&error);
        return FALSE;
    }
    if (is_known)
        return TRUE;
    if (mail->content == NULL)
        return keep_unfetched(taking, mail);
    bytes = g_bytes_get_data(mail->content, &length);
    row = make_row(taking, mail);
    row->bytes = length;
    row->sha256 = mp_text_sha256(bytes == NULL ? (const guint8 *)"" : bytes, length);
    row->content_hash = mp_message_content_hash(bytes == NULL ? (const guint8 *)"" : bytes, length);
    row->archive_name = archive_name(row->arrived_utc, row->sha256);
    g_ptr_array_add(taking->rows, row);
    taking->bytes += length;
    if (!store->archive_put(store, row->archive_name, mail->content, row->arrived_utc, &error) ||
        ((taking->rows->len >= FETCH_BATCH || taking->bytes >= FETCH_BATCH_BYTES) &&
         !flush(taking, &error))) {
        taking->error = g_steal_pointer(&error);
        return FALSE;
    }
    return TRUE;
}

static gboolean
set_cursor(MpApp *app, guint32 validity, guint32 uid, GError **error)
{
    MpStore *store = app->store;

    if (!store->begin(store, error))
        return FALSE;
    if (!store->cursor_set(store, app->mailbox->name, validity, uid, error) ||
        !store->commit(store, error)) {
        store->rollback(store);
        return FALSE;
    }
    return TRUE;
}

static gboolean
fetch_all(MpApp *app, guint32 validity, const GArray *uids, GError **error)
{
    g_autoptr(GPtrArray) rows = g_ptr_array_new_with_free_func((GDestroyNotify)mp_ledger_row_free);
    Taking taking = {.app = app, .validity = validity, .rows = rows};
    g_autoptr(GError) fetch_error = NULL;
    gboolean is_fetched;

    is_fetched = app->mailbox->fetch(app->mailbox,
                                     (const guint32 *)(const void *)uids->data,
                                     uids->len,
                                     keep_one,
                                     &taking,
                                     &fetch_error);
    if (taking.error != NULL) {
        g_propagate_error(error, taking.error);
        return FALSE;
    }
    /* What came before the connection broke is kept all the same. */
    if (!flush(&taking, error))
        return FALSE;
    if (!is_fetched) {
        g_propagate_error(error, g_steal_pointer(&fetch_error));
        return FALSE;
    }
    return TRUE;
}

gboolean
mp_pipeline_take(MpApp *app, GError **error)
{
    MpCursor cursor = {0};
    guint32 validity = 0;
    g_autoptr(GArray) listed = NULL;
    g_autoptr(GArray) wanted = NULL;

    if (!app->store->cursor(
            app->store, app->mailbox->name, &cursor.uid_validity, &cursor.last_uid, error))
        return FALSE;
    if (!app->mailbox->list(
            app->mailbox, cursor.last_uid, cursor.uid_validity, &validity, &listed, error))
        return FALSE;
    wanted = mp_intake_plan(
        &cursor, validity, (const guint32 *)(const void *)listed->data, listed->len, 0);
    if (wanted->len == 0)
        return validity == cursor.uid_validity || set_cursor(app, validity, 0, error);
    mp_app_log(app,
               LOG_DEBUG,
               "take.list",
               "mailbox",
               app->mailbox->name,
               "waiting",
               wanted->len == 0 ? NULL : "yes",
               NULL);
    if (!fetch_all(app, validity, wanted, error))
        return FALSE;
    return set_cursor(app, validity, g_array_index(wanted, guint32, wanted->len - 1), error);
}

/* --- decide
 * ------------------------------------------------------------------------------------------ */

static gboolean
save_changes(MpStore *store, const MpPlan *plan, GError **error)
{
    for (guint i = 0; i < plan->changes->len; i++) {
        const MpPlanChange *change = g_ptr_array_index(plan->changes, i);
        const MpDecision *decision = change->decision;

        if (!store->case_save(store, decision->after, decision->events, error) ||
            !store->grant_spend(store, change->number, decision->after->version, error))
            return FALSE;
        for (guint j = 0; j < decision->timers->len; j++) {
            const MpCaseTimer *timer = g_ptr_array_index(decision->timers, j);

            if (!store->timer_set(store, change->number, timer->name, timer->at_utc, error))
                return FALSE;
        }
    }
    return TRUE;
}

/* Counters of the hourly caps: address, domain, all. */
static gboolean
count_mail(MpStore *store, const MpOutboxEntry *entry, GError **error)
{
    g_autofree char *domain = mp_text_domain(entry->recipient);
    g_autofree char *address_key = g_strconcat("to ", entry->recipient, NULL);
    g_autofree char *domain_key = g_strconcat("domain ", domain, NULL);

    if (entry->state == MP_OUTBOX_CANCELLED)
        return TRUE;
    return store->ration_add(store, address_key, entry->made_utc, error) &&
           store->ration_add(store, domain_key, entry->made_utc, error) &&
           store->ration_add(store, "all", entry->made_utc, error);
}

static gboolean
save_mails(MpApp *app, const MpPlan *plan, GError **error)
{
    MpStore *store = app->store;

    for (guint i = 0; i < plan->mails->len; i++) {
        const MpPlanMail *mail = g_ptr_array_index(plan->mails, i);

        if (!store->outbox_add(store, mail->entry, error) || !count_mail(store, mail->entry, error))
            return FALSE;
        if (mail->mark != NULL && !store->mark_set(store, mail->mark, mail->mark_value, error))
            return FALSE;
        if (mail->grant != NULL && !store->grant_add(store, mail->grant, error))
            return FALSE;
        if (mail->ration != NULL &&
            !store->ration_add(store, mail->ration, mail->entry->made_utc, error))
            return FALSE;
    }
    return TRUE;
}

/* Documents of the mail that a case now refers to, by hash: many letters carry the same form. */
static gboolean
save_documents(MpApp *app, const MpFacts *facts, const MpPlan *plan, GError **error)
{
    if (plan->case_number == NULL)
        return TRUE;
    for (guint i = 0; i < facts->documents->len; i++) {
        const MpDocument *document = g_ptr_array_index(facts->documents, i);
        g_autofree char *name = g_strconcat("doc/", document->sha256, NULL);

        if (document->content != NULL &&
            !app->store->archive_put(app->store, name, document->content, 0, error))
            return FALSE;
    }
    return TRUE;
}

static void
log_plan(const MpApp *app, const MpLedgerRow *row, const MpPlan *plan)
{
    g_autofree char *id = g_strdup_printf("%" G_GINT64_FORMAT, row->id);

    mp_app_log(app,
               LOG_INFO,
               "mail.decided",
               "mail",
               id,
               "kind",
               row->kind,
               "end",
               mp_ledger_state_to_string(plan->end),
               "case",
               plan->case_number,
               "reason",
               plan->reason,
               NULL);
    for (guint i = 0; i < plan->changes->len; i++) {
        const MpPlanChange *change = g_ptr_array_index(plan->changes, i);
        const MpEvent *first = change->decision->events->len > 0
                                   ? g_ptr_array_index(change->decision->events, 0)
                                   : NULL;

        mp_app_log(app,
                   LOG_INFO,
                   "case.step",
                   "case",
                   change->number,
                   "from",
                   first == NULL ? NULL : first->from_step,
                   "to",
                   change->decision->after->step,
                   "state",
                   mp_case_state_to_string(change->decision->after->state),
                   "rule",
                   change->decision->rule,
                   NULL);
    }
}

static MpPlanner
planner_of(MpApp *app)
{
    return (MpPlanner){.setup = app->setup,
                       .store = app->store,
                       .random = app->random,
                       .now_utc = app->clock->now_utc(app->clock)};
}

/* The ledger's word on a mail once it is decided. */
static void
close_row(MpApp *app, MpLedgerRow *row, const MpFacts *facts, const MpPlan *plan)
{
    row->state = plan->end;
    row->done_utc = app->clock->now_utc(app->clock);
    g_free(row->reason);
    row->reason = g_strdup(plan->reason);
    g_free(row->case_number);
    row->case_number = g_strdup(plan->case_number);
    if (facts == NULL)
        return;
    g_free(row->kind);
    row->kind = g_strdup(facts->verdict->kind);
    g_free(row->why);
    row->why = mp_why_to_json(facts, plan);
}

static gboolean
carry_out(MpApp *app, MpLedgerRow *row, const MpFacts *facts, const MpPlan *plan, GError **error)
{
    if (facts != NULL && !save_documents(app, facts, plan, error))
        return FALSE;
    if (!save_changes(app->store, plan, error) || !save_mails(app, plan, error))
        return FALSE;
    if (row == NULL)
        return TRUE;
    close_row(app, row, facts, plan);
    log_plan(app, row, plan);
    return app->store->ledger_update(app->store, row, error);
}

gboolean
mp_pipeline_carry_out(MpApp *app, const MpPlan *plan, GError **error)
{
    return carry_out(app, NULL, NULL, plan, error);
}

/* Same mail twice is one (decisions.md 20); TRUE and a plan when this row is such a repeat. */
static gboolean
find_twin(MpApp *app, MpLedgerRow *row, MpFacts *facts, MpPlan **twin_out, GError **error)
{
    gint64 id = 0, hash_id = 0;
    g_autofree char *hash = NULL;
    MpIntakeVerdict verdict;

    if (row->message_id != NULL &&
        !app->store->ledger_find_message(app->store, row->message_id, &id, &hash, error))
        return FALSE;
    if (!app->store->ledger_find_hash(app->store, row->content_hash, &hash_id, error))
        return FALSE;
    if (id == row->id)
        g_clear_pointer(&hash, g_free);
    verdict = mp_intake_judge(
        FALSE, row->message_id, row->content_hash, hash, hash_id != 0 && hash_id != row->id);
    if (verdict == MP_INTAKE_OTHER_BODY) {
        mp_text_add_once(facts->verdict->doubts, "same-id-other-content");
    } else if (verdict == MP_INTAKE_SAME_MAIL) {
        *twin_out = mp_plan_repeat(id != 0 ? id : hash_id);
    }
    return TRUE;
}

static void
fill_row(MpLedgerRow *row, const MpFacts *facts)
{
    const char *sender = mp_message_sender(facts->message);

    g_free(row->message_id);
    row->message_id = g_strdup(facts->message->message_id);
    g_free(row->sender);
    row->sender = mp_text_lower_ascii(sender);
}

static gboolean
decide_one(MpApp *app, MpLedgerRow *row, MpFacts *facts, const char *problem, GError **error)
{
    MpPlanner planner = planner_of(app);
    g_autoptr(MpPlan) plan = NULL;

    if (facts != NULL) {
        fill_row(row, facts);
        if (!find_twin(app, row, facts, &plan, error))
            return FALSE;
    }
    if (plan == NULL && facts == NULL)
        plan = mp_plan_unreadable(&planner, row, problem);
    if (plan == NULL)
        plan = mp_plan_mail(&planner, facts, row, error);
    return plan != NULL && carry_out(app, row, facts, plan, error);
}

/* --- read
 * -------------------------------------------------------------------------------------------- */

typedef struct {
    MpFacts *facts;
    char *problem; /* why it cannot be read; NULL with facts NULL = try again later */
} Reading;

static void
reading_free(gpointer data)
{
    Reading *reading = data;

    mp_facts_free(reading->facts);
    g_free(reading->problem);
    g_free(reading);
}

/* Reads one mail in the child. FALSE only when the system, not the mail, is at fault. A death of
 * the child leaves the row taken until its attempts are used up. */
static gboolean
read_one(MpApp *app, const MpLedgerRow *row, Reading *reading, GError **error)
{
    g_autoptr(GBytes) raw = app->store->archive_get(app->store, row->archive_name, error);
    g_autoptr(GError) local = NULL;
    g_autofree char *id = g_strdup_printf("%" G_GINT64_FORMAT, row->id);

    if (raw == NULL)
        return FALSE;
    reading->facts = mp_reader_read(app->reader, raw, &local);
    if (reading->facts != NULL)
        return TRUE;
    if (!g_error_matches(local, MP_ERROR, MP_ERROR_CANCELLED)) {
        if (g_error_matches(local, MP_ERROR, MP_ERROR_STORAGE)) {
            g_propagate_error(error, g_steal_pointer(&local));
            return FALSE;
        }
        reading->problem = g_strdup(local->message);
        return TRUE;
    }
    mp_app_log(app, LOG_WARNING, "reader.died", "mail", id, "how", local->message, NULL);
    if (row->attempts + 1 >= MAX_ATTEMPTS)
        reading->problem = g_strdup(local->message);
    return TRUE;
}

static gboolean
mark_begun(MpApp *app, const GPtrArray *rows, GError **error)
{
    g_autofree gint64 *ids = g_new(gint64, rows->len);

    for (guint i = 0; i < rows->len; i++)
        ids[i] = ((const MpLedgerRow *)g_ptr_array_index(rows, i))->id;
    if (!app->store->begin(app->store, error))
        return FALSE;
    if (!app->store->ledger_begin(app->store, ids, rows->len, error) ||
        !app->store->commit(app->store, error)) {
        app->store->rollback(app->store);
        return FALSE;
    }
    mp_ports_checkpoint("work.begun");
    return TRUE;
}

/* Each mail in its own savepoint, so that one that cannot be decided leaves the others whole; the
 * snapshot is read inside the transaction, so mail 2 sees mail 1 (decisions.md 29). */
static gboolean
decide_batch(MpApp *app, const GPtrArray *rows, const GPtrArray *readings, GError **error)
{
    MpStore *store = app->store;

    if (!store->begin(store, error))
        return FALSE;
    for (guint i = 0; i < rows->len; i++) {
        MpLedgerRow *row = g_ptr_array_index(rows, i);
        Reading *reading = g_ptr_array_index(readings, i);

        if (reading->facts == NULL && reading->problem == NULL)
            continue;
        if (!store->savepoint(store, error))
            return FALSE;
        if (!decide_one(app, row, reading->facts, reading->problem, error)) {
            store->rollback_to(store);
            return FALSE;
        }
        if (!store->release(store, error))
            return FALSE;
        app->n_decided++;
    }
    /* Documents must be durable before a case refers to them. */
    return store->archive_commit(store, error) && store->commit(store, error);
}

static gboolean
read_batch(MpApp *app, const GPtrArray *rows, GPtrArray *readings, GError **error)
{
    for (guint i = 0; i < rows->len; i++) {
        const MpLedgerRow *row = g_ptr_array_index(rows, i);
        Reading *reading = g_new0(Reading, 1);

        g_ptr_array_add(readings, reading);
        if (row->attempts >= MAX_ATTEMPTS)
            reading->problem = g_strdup("the reader died of it repeatedly");
        else if (!read_one(app, row, reading, error))
            return FALSE;
    }
    return TRUE;
}

gboolean
mp_pipeline_work(MpApp *app, GError **error)
{
    guint batch = WORK_BATCH;

    for (;;) {
        g_autoptr(GPtrArray) rows = app->store->ledger_taken(app->store, batch, error);
        g_autoptr(GPtrArray) readings = g_ptr_array_new_with_free_func(reading_free);
        gboolean is_alone;

        if (rows == NULL)
            return FALSE;
        if (rows->len == 0)
            return TRUE;
        /* A mail that was begun before and is still taken may have killed the reader: alone. */
        is_alone = ((const MpLedgerRow *)g_ptr_array_index(rows, 0))->attempts > 0;
        if (is_alone && rows->len > 1)
            g_ptr_array_set_size(rows, 1);
        if (!mark_begun(app, rows, error) || !read_batch(app, rows, readings, error))
            return FALSE;
        mp_ports_checkpoint("work.read");
        if (!decide_batch(app, rows, readings, error)) {
            app->store->rollback(app->store);
            return FALSE;
        }
        mp_ports_checkpoint("work.committed");
    }
}

/* --- acknowledge
 * ------------------------------------------------------------------------------------------ */

static gboolean
is_quarantined(const MpLedgerRow *row)
{
    return row->state == MP_LEDGER_QUARANTINED || g_strcmp0(row->kind, "suspect") == 0;
}

static gboolean
mark_acknowledged(MpApp *app, const GArray *ids, GError **error)
{
    MpStore *store = app->store;

    if (ids->len == 0)
        return TRUE;
    if (!store->begin(store, error))
        return FALSE;
    if (!store->ledger_acknowledge(
            store, (const gint64 *)(const void *)ids->data, ids->len, error) ||
        !store->commit(store, error)) {
        store->rollback(store);
        return FALSE;
    }
    mp_ports_checkpoint("ack.marked");
    return TRUE;
}

static gboolean
move_some(MpApp *app, const GPtrArray *rows, gboolean quarantine, GError **error)
{
    const char *folder = mp_config_string(
        app->setup->config, "mailbox", quarantine ? "quarantine_folder" : "handled_folder");
    g_autoptr(GArray) uids = g_array_new(FALSE, FALSE, sizeof(guint32));
    g_autoptr(GArray) ids = g_array_new(FALSE, FALSE, sizeof(gint64));

    for (guint i = 0; i < rows->len; i++) {
        const MpLedgerRow *row = g_ptr_array_index(rows, i);

        if (is_quarantined(row) != quarantine)
            continue;
        g_array_append_val(uids, row->uid);
        g_array_append_val(ids, row->id);
    }
    if (ids->len == 0)
        return TRUE;
    if (folder[0] != '\0' &&
        !app->mailbox->move(
            app->mailbox, (const guint32 *)(const void *)uids->data, uids->len, folder, error))
        return FALSE;
    mp_ports_checkpoint("ack.moved");
    return mark_acknowledged(app, ids, error);
}

/* Rows of an older UIDVALIDITY name other mails now: nothing can be moved for them, and the same
 * mails come again under their new UIDs. */
static gboolean
drop_other_validity(MpApp *app, GPtrArray *rows, guint32 validity, GError **error)
{
    g_autoptr(GArray) ids = g_array_new(FALSE, FALSE, sizeof(gint64));

    for (guint i = rows->len; i > 0; i--) {
        const MpLedgerRow *row = g_ptr_array_index(rows, i - 1);

        if (row->uid_validity == validity)
            continue;
        g_array_append_val(ids, row->id);
        g_ptr_array_remove_index(rows, i - 1);
    }
    return mark_acknowledged(app, ids, error);
}

gboolean
mp_pipeline_acknowledge(MpApp *app, GError **error)
{
    for (;;) {
        g_autoptr(GPtrArray) rows =
            app->store->ledger_unacknowledged(app->store, app->mailbox->name, WORK_BATCH, error);
        guint32 validity = 0, uid = 0;

        if (rows == NULL ||
            !app->store->cursor(app->store, app->mailbox->name, &validity, &uid, error))
            return FALSE;
        if (rows->len == 0)
            return TRUE;
        if (!drop_other_validity(app, rows, validity, error) ||
            !move_some(app, rows, FALSE, error) || !move_some(app, rows, TRUE, error))
            return FALSE;
    }
}

/* --- timers
 * ------------------------------------------------------------------------------------------------
 */

static gboolean
work_timer(MpApp *app, const MpTimerRow *timer, GError **error)
{
    MpPlanner planner = planner_of(app);
    g_autoptr(MpPlan) plan = NULL;

    if (!app->store->timer_set(app->store, timer->case_number, timer->name, 0, error))
        return FALSE;
    plan = mp_plan_timer(&planner, timer, error);
    if (plan == NULL)
        return FALSE;
    mp_app_log(
        app, LOG_INFO, "timer.fired", "case", timer->case_number, "timer", timer->name, NULL);
    return carry_out(app, NULL, NULL, plan, error);
}

gboolean
mp_pipeline_timers(MpApp *app, GError **error)
{
    MpStore *store = app->store;

    for (;;) {
        g_autoptr(GPtrArray) due =
            store->timers_due(store, app->clock->now_utc(app->clock), TIMER_BATCH, error);

        if (due == NULL)
            return FALSE;
        if (due->len == 0)
            return TRUE;
        if (!store->begin(store, error))
            return FALSE;
        for (guint i = 0; i < due->len; i++)
            if (!work_timer(app, g_ptr_array_index(due, i), error)) {
                store->rollback(store);
                return FALSE;
            }
        if (!store->commit(store, error)) {
            store->rollback(store);
            return FALSE;
        }
        mp_ports_checkpoint("timers.committed");
    }
}

/* --- all of it
 * -----------------------------------------------------------------------------------------------
 */

typedef gboolean (*Phase)(MpApp *app, GError **error);

gboolean
mp_pipeline_sweep(MpApp *app, GError **error)
{
    /* What is taken is worked even when the mailbox cannot be reached just now. */
    static const Phase phases[] = {mp_pipeline_take,
                                   mp_pipeline_work,
                                   mp_pipeline_acknowledge,
                                   mp_pipeline_timers,
                                   mp_pipeline_deliver};
    g_autoptr(GError) first = NULL;

    for (gsize i = 0; i < G_N_ELEMENTS(phases); i++) {
        g_autoptr(GError) local = NULL;

        if (phases[i](app, &local))
            continue;
        if (first == NULL)
            first = g_steal_pointer(&local);
        if (g_error_matches(first, MP_ERROR, MP_ERROR_STORAGE))
            break;
    }
    if (first == NULL)
        return TRUE;
    g_propagate_error(error, g_steal_pointer(&first));
    return FALSE;
}

/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Read and decide: what is taken goes through the reader child and the planner, one commit a batch,
 * a savepoint a mail. */

#include "app/pipeline-private.h"
#include "app/service-private.h"
#include "intake/intake.h"

#include <syslog.h>

enum {
    WORK_BATCH = 100,
    WORK_BATCH_BYTES = 16 * 1024 * 1024,
    LOOK_EVERY = 200, /* mails of a backlog between two looks at the mailbox */
    MAX_ATTEMPTS = 3
};

/* --- decide ---------------------------------------------------------------------------------- */

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
    MpPlanner planner = mp_pipeline_planner(app);
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
    return plan != NULL && mp_pipeline_carry(app, row, facts, plan, error);
}

/* --- read
 * -------------------------------------------------------------------------------------------- */

typedef struct {
    MpFacts *facts;
    char *problem;       /* why it cannot be read; NULL with facts NULL = try again later */
    gboolean is_put_off; /* the service ends: this was no attempt */
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
    reading->is_put_off = mp_service_is_stopping();
    if (reading->is_put_off)
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

        /* The row still says how many attempts there were before this one. */
        if (reading->is_put_off && !store->ledger_update(store, row, error))
            return FALSE;
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
        reading->is_put_off = mp_service_is_stopping();
        if (reading->is_put_off)
            continue;
        if (row->attempts >= MAX_ATTEMPTS)
            reading->problem = g_strdup("the reader died of it repeatedly");
        else if (!read_one(app, row, reading, error))
            return FALSE;
    }
    return TRUE;
}

/* The documents of a batch are in memory together. */
static void
bound_bytes(GPtrArray *rows)
{
    gsize bytes = 0;

    for (guint i = 0; i < rows->len; i++) {
        bytes += ((const MpLedgerRow *)g_ptr_array_index(rows, i))->bytes;
        if (i > 0 && bytes > WORK_BATCH_BYTES)
            g_ptr_array_set_size(rows, (gint)i);
    }
}

/* One batch of what is taken. */
static gboolean
work_batch(MpApp *app, GPtrArray *rows, GError **error)
{
    g_autoptr(GPtrArray) readings = g_ptr_array_new_with_free_func(reading_free);

    /* A mail that was begun before and is still taken may have killed the reader: alone. */
    if (((const MpLedgerRow *)g_ptr_array_index(rows, 0))->attempts > 0 && rows->len > 1)
        g_ptr_array_set_size(rows, 1);
    bound_bytes(rows);
    if (!mark_begun(app, rows, error) || !read_batch(app, rows, readings, error))
        return FALSE;
    mp_ports_checkpoint("work.read");
    if (!decide_batch(app, rows, readings, error)) {
        app->store->rollback(app->store);
        return FALSE;
    }
    mp_ports_checkpoint("work.committed");
    return TRUE;
}

/* While a backlog is worked, what officials write meanwhile is taken too, so that it has its turn
 * in the next batch. A mailbox that cannot be reached is the next sweep's business. */
static gboolean
look_for_more(MpApp *app, GError **error)
{
    g_autoptr(GError) local = NULL;

    if (mp_pipeline_take(app, &local))
        return TRUE;
    if (g_error_matches(local, MP_ERROR, MP_ERROR_STORAGE)) {
        g_propagate_error(error, g_steal_pointer(&local));
        return FALSE;
    }
    mp_app_log(app, LOG_WARNING, "take.failed", "problem", local->message, NULL);
    return TRUE;
}

gboolean
mp_pipeline_work(MpApp *app, GError **error)
{
    g_auto(GStrv) officials = mp_setup_officials(app->setup);

    for (guint worked = 0;;) {
        g_autoptr(GPtrArray) rows =
            app->store->ledger_taken(app->store, WORK_BATCH, (const char *const *)officials, error);
        gboolean is_backlog;

        if (rows == NULL)
            return FALSE;
        if (rows->len == 0 || mp_service_is_stopping())
            return TRUE;
        is_backlog = rows->len == WORK_BATCH;
        if (!work_batch(app, rows, error))
            return FALSE;
        worked += rows->len;
        if (!is_backlog || worked < LOOK_EVERY || app->mailbox == NULL)
            continue;
        worked = 0;
        if (!look_for_more(app, error))
            return FALSE;
    }
}

/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The story of a mail, left to right: list, fetch, keep (pipeline-take.c), read, decide, commit
 * (pipeline-work.c, pipeline-carry.c), acknowledge, timers, and send (delivery.c). Each durable
 * point is one commit a batch, and each phase can be taken up again where it stopped, because it
 * asks the store what is left to do, never its own memory. */

#include "app/digest.h"
#include "app/evaluation.h"
#include "app/pipeline-private.h"
#include "app/retention.h"

#include <syslog.h>

enum { MOVE_BATCH = 100, TIMER_BATCH = 100 };

/* --- acknowledge --- */

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
            app->store->ledger_unacknowledged(app->store, app->mailbox->name, MOVE_BATCH, error);
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

/* --- timers --- */

static gboolean
work_timer(MpApp *app, const MpTimerRow *timer, GError **error)
{
    MpPlanner planner = mp_pipeline_planner(app);
    g_autoptr(MpPlan) plan = NULL;

    if (!app->store->timer_set(app->store, timer->case_number, timer->name, 0, error))
        return FALSE;
    plan = mp_plan_timer(&planner, timer, error);
    if (plan == NULL)
        return FALSE;
    mp_app_log(
        app, LOG_INFO, "timer.fired", "case", timer->case_number, "timer", timer->name, NULL);
    return mp_pipeline_carry(app, NULL, NULL, plan, error);
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

/* --- all of it --- */

typedef gboolean (*Phase)(MpApp *app, GError **error);

gboolean
mp_pipeline_sweep(MpApp *app, GError **error)
{
    /* What was to be destroyed when the program died goes first: a new letter may bring the same
     * paper. What is taken is worked even when the mailbox cannot be reached just now. */
    static const Phase phases[] = {mp_purge_resume,
                                   mp_pipeline_take,
                                   mp_pipeline_work,
                                   mp_pipeline_acknowledge,
                                   mp_pipeline_calendars,
                                   mp_pipeline_digest,
                                   mp_pipeline_evaluation,
                                   mp_pipeline_timers,
                                   mp_pipeline_register,
                                   mp_pipeline_deliver,
                                   mp_pipeline_erase};
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

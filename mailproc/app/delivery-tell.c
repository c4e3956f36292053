/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Telling a person that a mail failed, after its outcome is recorded: a note that cannot be written
 * must not undo what the server said, or accepted mails would go out once more. What is owed lies
 * in the store until it is told, so that a death in between forgets nothing. */

#include "app/delivery-private.h"
#include "app/pipeline-private.h"

#include <syslog.h>

#define UNTOLD_MARK "untold " /* the outbox id behind it */
#define SHARED "shared"

gboolean
mp_delivery_needs_person(const MpOutboxEntry *entry)
{
    return entry->state == MP_OUTBOX_FAILED ||
           (entry->state == MP_OUTBOX_UNCERTAIN && entry->is_held);
}

gboolean
mp_delivery_owe(MpStore *store, const MpOutboxEntry *entry, gboolean is_shared, GError **error)
{
    g_autofree char *mark = g_strdup_printf(UNTOLD_MARK "%" G_GINT64_FORMAT, entry->id);

    return store->mark_set(store, mark, is_shared ? SHARED : "alone", error);
}

/* What an operator released or the retention took away meanwhile is nothing to tell. */
static gboolean
tell_person(MpApp *app, const char *mark, GError **error)
{
    MpStore *store = app->store;
    const MpPlanner planner = mp_pipeline_planner(app);
    gint64 id = g_ascii_strtoll(mark + strlen(UNTOLD_MARK), NULL, 10);
    g_autofree char *how = store->mark_get(store, mark);
    g_autoptr(GError) local = NULL;
    g_autoptr(MpOutboxEntry) entry = store->outbox_get(store, id, &local);
    g_autoptr(MpPlan) plan = NULL;

    if (entry == NULL && !g_error_matches(local, MP_ERROR, MP_ERROR_INPUT)) {
        g_propagate_error(error, g_steal_pointer(&local));
        return FALSE;
    }
    if (entry == NULL || !mp_delivery_needs_person(entry))
        return store->mark_set(store, mark, NULL, error);
    plan = mp_plan_undelivered(&planner, entry, g_strcmp0(how, SHARED) == 0, error);
    return plan != NULL && mp_pipeline_carry_out(app, plan, error) &&
           store->mark_set(store, mark, NULL, error);
}

static gboolean
tell_one(MpApp *app, const char *mark, GError **error)
{
    MpStore *store = app->store;

    if (!store->begin(store, error))
        return FALSE;
    if (tell_person(app, mark, error) && store->commit(store, error))
        return TRUE;
    store->rollback(store);
    return FALSE;
}

void
mp_delivery_tell(MpApp *app)
{
    g_autoptr(GError) error = NULL;
    g_auto(GStrv) marks = app->store->mark_names(app->store, UNTOLD_MARK, &error);

    if (marks == NULL)
        mp_app_log(app, LOG_WARNING, "mail.untold", "problem", error->message, NULL);
    for (gsize i = 0; marks != NULL && marks[i] != NULL; i++) {
        g_autoptr(GError) local = NULL;

        if (!tell_one(app, marks[i], &local))
            mp_app_log(app,
                       LOG_WARNING,
                       "mail.untold",
                       "outbox",
                       marks[i] + strlen(UNTOLD_MARK),
                       "problem",
                       local->message,
                       NULL);
    }
}

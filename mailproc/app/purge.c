/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What is due to be destroyed, what keeps it, and destroying it. */

#include "app/register.h"
#include "app/retention.h"

#define UNFINISHED "purge unfinished"

static void
item_free(gpointer data)
{
    MpPurgeItem *item = data;

    mp_case_free(item->kase);
    g_free(item->end);
    g_free(item->kept_by);
    if (item->commanders != NULL)
        g_ptr_array_unref(item->commanders);
    g_free(item);
}

/* --- what keeps a case --- */

static gboolean
find_open_complaint(MpApp *app, const char *number, char **kept_by, GError **error)
{
    const MpCaseFilter filter = {.state = "open", .service = "pengaduan", .limit = 100000};
    g_autoptr(GPtrArray) found = app->store->case_find(app->store, &filter, error);

    for (guint i = 0; found != NULL && i < found->len; i++) {
        const MpCase *complaint = g_ptr_array_index(found, i);

        if (g_strcmp0(complaint->linked_from, number) != 0)
            continue;
        *kept_by = g_strdup_printf("complaint %s is open", complaint->number);
        return TRUE;
    }
    return found != NULL;
}

/* The register would forget the holder with the case. */
static gboolean
find_active_certificate(
    MpApp *app, const MpCase *kase, const char *today, char **kept_by, GError **error)
{
    for (guint i = 0; i < kase->applicants->len; i++) {
        g_autoptr(GError) local = NULL;
        g_autoptr(MpHolder) holder =
            app->store->register_match(app->store, g_ptr_array_index(kase->applicants, i), &local);

        if (local != NULL) {
            g_propagate_error(error, g_steal_pointer(&local));
            return FALSE;
        }
        if (holder == NULL || !mp_register_is_active(holder, today) ||
            g_strcmp0(holder->case_number, kase->number) != 0)
            continue;
        *kept_by = g_strdup_printf("a certificate is in force until %s", holder->valid_until);
        return TRUE;
    }
    return TRUE;
}

static gboolean
find_commands(MpApp *app, MpPurgeItem *item, GError **error)
{
    g_autoptr(GPtrArray) events = app->store->case_events(app->store, item->kase->number, error);
    gboolean is_enough = FALSE;

    if (events == NULL)
        return FALSE;
    item->commanders = mp_retention_commands(item->kase, events, &is_enough);
    if (is_enough || item->kept_by != NULL)
        return TRUE;
    item->lacks_command = TRUE;
    item->kept_by =
        g_strdup_printf("%u of 2 officials commanded it, none signed", item->commanders->len);
    return TRUE;
}

static gboolean
judge(MpApp *app, MpPurgeItem *item, const char *today, GError **error)
{
    if (item->kase->linked_open->len > 0)
        item->kept_by = g_strdup("a linked case is open");
    else if (item->row->fate != MP_FATE_DESTROY)
        item->kept_by = g_strdup_printf("its fate is %s", mp_fate_to_string(item->row->fate));
    if (item->kept_by == NULL &&
        !find_open_complaint(app, item->kase->number, &item->kept_by, error))
        return FALSE;
    if (item->kept_by == NULL &&
        !find_active_certificate(app, item->kase, today, &item->kept_by, error))
        return FALSE;
    return find_commands(app, item, error);
}

/* --- the plan --- */

static char *
done_mark(const char *number)
{
    return g_strconcat("purged ", number, NULL);
}

/* NULL without error: not due. */
static MpPurgeItem *
consider(MpApp *app, const MpRetention *retention, const MpCase *kase, const char *today)
{
    const MpCalendar *calendar = mp_setup_calendar(app->setup, kase->service);
    const MpRetentionRow *row = mp_retention_row(retention, kase->service);
    g_autofree char *closed = mp_calendar_today(calendar, kase->closed_utc);
    g_autofree char *end = row == NULL ? NULL : mp_retention_end(row, closed);
    g_autofree char *name = done_mark(kase->number);
    g_autofree char *done = app->store->mark_get(app->store, name);
    MpPurgeItem *item;

    if (end == NULL || strcmp(end, today) > 0 || done != NULL)
        return NULL;
    item = g_new0(MpPurgeItem, 1);
    item->kase = mp_case_copy(kase);
    item->row = row;
    item->end = g_steal_pointer(&end);
    return item;
}

GPtrArray *
mp_purge_plan(MpApp *app, const MpRetention *retention, GError **error)
{
    static const char *const closed[] = {"finished", "refused", "withdrawn", "expired"};
    g_autoptr(GPtrArray) items = g_ptr_array_new_with_free_func(item_free);
    g_autofree char *today =
        mp_calendar_today(app->setup->calendar, app->clock->now_utc(app->clock));

    for (gsize s = 0; s < G_N_ELEMENTS(closed); s++) {
        const MpCaseFilter filter = {.state = closed[s], .limit = 1000000};
        g_autoptr(GPtrArray) found = app->store->case_find(app->store, &filter, error);

        if (found == NULL)
            return NULL;
        for (guint i = 0; i < found->len; i++) {
            MpPurgeItem *item = consider(app, retention, g_ptr_array_index(found, i), today);

            if (item == NULL)
                continue;
            g_ptr_array_add(items, item);
            if (!judge(app, item, today, error))
                return NULL;
        }
    }
    return g_steal_pointer(&items);
}

/* --- destroying --- */

/* What came into use again since it was left here stays: it goes with whatever uses it. */
static gboolean
erase_entries(MpApp *app, char **entries, GError **error)
{
    MpStore *store = app->store;

    for (guint i = 0; entries[i] != NULL; i++) {
        gboolean is_used = FALSE;

        if (entries[i][0] == '\0')
            continue;
        if (!store->entry_is_used(store, entries[i], &is_used, error) ||
            (!is_used && !store->archive_erase(store, entries[i], error)))
            return FALSE;
    }
    return store->archive_commit(store, error);
}

gboolean
mp_purge_leave(MpApp *app, const GPtrArray *entries, GError **error)
{
    g_autofree char *left = app->store->mark_get(app->store, UNFINISHED);
    g_autoptr(GString) list = g_string_new(left);

    for (guint i = 0; i < entries->len; i++)
        g_string_append_printf(
            list, "%s%s", list->len > 0 ? "\n" : "", (const char *)g_ptr_array_index(entries, i));
    return list->len == 0 || app->store->mark_set(app->store, UNFINISHED, list->str, error);
}

/* Inside one transaction of the store, so that nobody can refer to an entry between the look and
 * its end; a death before the commit only repeats what is done already. */
gboolean
mp_purge_resume(MpApp *app, GError **error)
{
    MpStore *store = app->store;
    g_autofree char *waiting = store->mark_get(store, UNFINISHED);
    g_autofree char *left = NULL;
    g_auto(GStrv) entries = NULL;

    if (waiting == NULL)
        return TRUE;
    if (!store->begin(store, error))
        return FALSE;
    left = store->mark_get(store, UNFINISHED);
    entries = g_strsplit(left == NULL ? "" : left, "\n", -1);
    if (erase_entries(app, entries, error) && store->mark_set(store, UNFINISHED, NULL, error) &&
        store->commit(store, error))
        return TRUE;
    store->rollback(store);
    return FALSE;
}

gboolean
mp_purge_do(
    MpApp *app, const MpPurgeItem *item, guint *values_out, guint *entries_out, GError **error)
{
    MpStore *store = app->store;
    const char *number = item->kase->number;
    g_autoptr(GPtrArray) entries = NULL;
    g_autofree char *name = done_mark(number);
    g_autofree char *today =
        mp_calendar_today(app->setup->calendar, app->clock->now_utc(app->clock));

    g_return_val_if_fail(item->kept_by == NULL, FALSE);
    if (!store->begin(store, error))
        return FALSE;
    entries = store->case_entries(store, number, error);
    if (entries != NULL)
        *entries_out = entries->len;
    if (entries == NULL || !store->erase(store, number, NULL, values_out, error) ||
        !store->mark_set(store, name, today, error) || !mp_purge_leave(app, entries, error) ||
        !store->commit(store, error)) {
        store->rollback(store);
        return FALSE;
    }
    return mp_purge_resume(app, error);
}

/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Counters of the rations, and small state by name. */

#include "ports/store-private.h"

#define RATION_KEPT_US ((gint64)32 * 24 * 3600 * G_USEC_PER_SEC)

static gboolean
ration_count(MpStore *store, const char *key, gint64 since_utc, guint *count_out, GError **error)
{
    g_autoptr(MpStatement) statement =
        mp_sql_prepare(store, "SELECT count(*) FROM ration WHERE key = ? AND at_utc >= ?", error);
    gboolean row = FALSE;

    if (statement == NULL)
        return FALSE;
    mp_sql_bind_text(statement, 1, key);
    (void)sqlite3_bind_int64(statement, 2, since_utc);
    if (!mp_sql_step(store, statement, &row, error))
        return FALSE;
    *count_out = row ? (guint)sqlite3_column_int64(statement, 0) : 0;
    return TRUE;
}

/* No ration looks back further than a month: older ones go with every new one. */
static gboolean
ration_add(MpStore *store, const char *key, gint64 at_utc, GError **error)
{
    g_autoptr(MpStatement) add =
        mp_sql_prepare(store, "INSERT INTO ration (key, at_utc) VALUES (?, ?)", error);
    g_autoptr(MpStatement) prune =
        add != NULL ? mp_sql_prepare(store, "DELETE FROM ration WHERE at_utc < ?", error) : NULL;

    if (prune == NULL)
        return FALSE;
    mp_sql_bind_text(add, 1, key);
    (void)sqlite3_bind_int64(add, 2, at_utc);
    (void)sqlite3_bind_int64(prune, 1, at_utc - RATION_KEPT_US);
    return mp_sql_run(store, add, error) && mp_sql_run(store, prune, error);
}

static char *
mark_get(MpStore *store, const char *name)
{
    g_autoptr(MpStatement) statement =
        mp_sql_prepare(store, "SELECT value FROM mark WHERE name = ?", NULL);
    gboolean row = FALSE;

    if (statement == NULL)
        return NULL;
    mp_sql_bind_text(statement, 1, name);
    if (!mp_sql_step(store, statement, &row, NULL) || !row)
        return NULL;
    return mp_sql_text(statement, 0);
}

static gboolean
mark_set(MpStore *store, const char *name, const char *value, GError **error)
{
    g_autoptr(MpStatement) statement =
        mp_sql_prepare(store,
                       value != NULL ? "REPLACE INTO mark (name, value) VALUES (?1, ?2)"
                                     : "DELETE FROM mark WHERE name = ?1",
                       error);

    if (statement == NULL)
        return FALSE;
    mp_sql_bind_text(statement, 1, name);
    if (value != NULL)
        mp_sql_bind_text(statement, 2, value);
    return mp_sql_run(store, statement, error);
}

static char **
mark_names(MpStore *store, const char *prefix, GError **error)
{
    g_autoptr(MpStatement) statement = mp_sql_prepare(
        store, "SELECT name FROM mark WHERE substr(name, 1, length(?1)) = ?1 ORDER BY name", error);
    g_autoptr(GPtrArray) names = g_ptr_array_new_with_free_func(g_free);
    gboolean row = FALSE;

    if (statement == NULL)
        return NULL;
    mp_sql_bind_text(statement, 1, prefix);
    for (;;) {
        if (!mp_sql_step(store, statement, &row, error))
            return NULL;
        if (!row)
            break;
        g_ptr_array_add(names, mp_sql_text(statement, 0));
    }
    g_ptr_array_add(names, NULL);
    return (char **)g_ptr_array_free(g_steal_pointer(&names), FALSE);
}

void
mp_store_init_marks(MpStore *store)
{
    store->ration_count = ration_count;
    store->ration_add = ration_add;
    store->mark_get = mark_get;
    store->mark_set = mark_set;
    store->mark_names = mark_names;
}

/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Grants: what the code in a mail allows its recipient (decisions.md 4). Codes are kept as hashes
 * only. */

#include "ports/store-private.h"

static void
free_item(gpointer data)
{
    MpGrantItem *item = data;

    g_free(item->case_number);
    g_free(item->step);
    g_free(item);
}

MpGrant *
mp_grant_new(void)
{
    MpGrant *grant = g_new0(MpGrant, 1);

    grant->items = g_ptr_array_new_with_free_func(free_item);
    return grant;
}

void
mp_grant_free(MpGrant *grant)
{
    if (grant == NULL)
        return;
    g_free(grant->hash);
    g_free(grant->recipient);
    g_ptr_array_unref(grant->items);
    g_free(grant);
}

static gboolean
add_item(MpStore *store, const char *hash, guint n, const MpGrantItem *item, GError **error)
{
    g_autoptr(MpStatement) statement =
        mp_sql_prepare(store,
                       "INSERT INTO grant_item (hash, n, case_number, step, version, is_spent)"
                       " VALUES (?, ?, ?, ?, ?, ?)",
                       error);

    if (statement == NULL)
        return FALSE;
    mp_sql_bind_text(statement, 1, hash);
    (void)sqlite3_bind_int64(statement, 2, n);
    mp_sql_bind_text(statement, 3, item->case_number);
    mp_sql_bind_text(statement, 4, item->step);
    (void)sqlite3_bind_int64(statement, 5, item->version);
    (void)sqlite3_bind_int(statement, 6, item->is_spent != FALSE);
    return mp_sql_run(store, statement, error);
}

static gboolean
grant_add(MpStore *store, const MpGrant *grant, GError **error)
{
    g_autoptr(MpStatement) statement = mp_sql_prepare(
        store, "INSERT INTO grants (hash, recipient, expires_utc) VALUES (?, ?, ?)", error);

    if (statement == NULL)
        return FALSE;
    mp_sql_bind_text(statement, 1, grant->hash);
    mp_sql_bind_text(statement, 2, grant->recipient);
    (void)sqlite3_bind_int64(statement, 3, grant->expires_utc);
    if (!mp_sql_run(store, statement, error))
        return FALSE;
    for (guint i = 0; i < grant->items->len; i++) {
        if (!add_item(store, grant->hash, i + 1, g_ptr_array_index(grant->items, i), error))
            return FALSE;
    }
    return TRUE;
}

static gboolean
read_items(MpStore *store, MpGrant *grant, GError **error)
{
    g_autoptr(MpStatement) statement = mp_sql_prepare(
        store,
        "SELECT case_number, step, version, is_spent FROM grant_item WHERE hash = ? ORDER BY n",
        error);
    gboolean row = FALSE;

    if (statement == NULL)
        return FALSE;
    mp_sql_bind_text(statement, 1, grant->hash);
    for (;;) {
        if (!mp_sql_step(store, statement, &row, error))
            return FALSE;
        if (!row)
            return TRUE;
        MpGrantItem *item = g_new0(MpGrantItem, 1);
        item->case_number = mp_sql_text(statement, 0);
        item->step = mp_sql_text(statement, 1);
        item->version = (guint)sqlite3_column_int64(statement, 2);
        item->is_spent = sqlite3_column_int(statement, 3) != 0;
        g_ptr_array_add(grant->items, item);
    }
}

static MpGrant *
grant_find(MpStore *store, const char *hash, GError **error)
{
    g_autoptr(MpStatement) statement =
        mp_sql_prepare(store, "SELECT recipient, expires_utc FROM grants WHERE hash = ?", error);
    gboolean row = FALSE;

    if (statement == NULL)
        return NULL;
    mp_sql_bind_text(statement, 1, hash);
    if (!mp_sql_step(store, statement, &row, error) || !row)
        return NULL;
    g_autoptr(MpGrant) grant = mp_grant_new();
    grant->hash = g_strdup(hash);
    grant->recipient = mp_sql_text(statement, 0);
    grant->expires_utc = sqlite3_column_int64(statement, 1);
    return read_items(store, grant, error) ? g_steal_pointer(&grant) : NULL;
}

static gboolean
grant_spend(MpStore *store, const char *number, guint below_version, GError **error)
{
    g_autoptr(MpStatement) statement = mp_sql_prepare(
        store,
        "UPDATE grant_item SET is_spent = 1 WHERE case_number = ? AND version < ? AND is_spent = 0",
        error);

    if (statement == NULL)
        return FALSE;
    mp_sql_bind_text(statement, 1, number);
    (void)sqlite3_bind_int64(statement, 2, below_version);
    return mp_sql_run(store, statement, error);
}

void
mp_store_init_grant(MpStore *store)
{
    store->grant_add = grant_add;
    store->grant_find = grant_find;
    store->grant_spend = grant_spend;
}

/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Verifying the chain: every row's hash from the one before, every personal value against the
 * digest that was chained. Erased values have no salt and cannot be checked, by design. */

#include "ports/store-private.h"

#define DIGEST_LENGTH (strlen("sha256:") + 64)

/* NULL = fine, else what is wrong with one personal value. */
static const char *
judge_person(const MpEvent *event, MpStatement *statement)
{
    const char *chained = mp_event_get(event, (const char *)sqlite3_column_text(statement, 0));
    const char *value = (const char *)sqlite3_column_text(statement, 2);

    if (chained == NULL)
        return "a personal value stands beside it that it does not have";
    if (value == NULL)
        return NULL;
    g_autofree char *digest = mp_event_digest(
        sqlite3_column_blob(statement, 1), (gsize)sqlite3_column_bytes(statement, 1), value);
    return strcmp(digest, chained) == 0 ? NULL : "a personal value was changed";
}

static gboolean
looks_like_digest(const char *value)
{
    return strlen(value) == DIGEST_LENGTH && g_str_has_prefix(value, "sha256:");
}

static guint
count_digests(const MpEvent *event)
{
    GHashTableIter iter;
    gpointer value = NULL;
    guint n = 0;

    g_hash_table_iter_init(&iter, event->data);
    while (g_hash_table_iter_next(&iter, NULL, &value))
        n += looks_like_digest(value);
    return n;
}

static gboolean
check_persons(MpStore *store, const MpEvent *event, const char **why_out, GError **error)
{
    g_autoptr(MpStatement) statement =
        mp_sql_prepare(store, "SELECT key, salt, value FROM person_data WHERE event = ?", error);
    guint n = 0;
    gboolean row = FALSE;

    if (statement == NULL)
        return FALSE;
    (void)sqlite3_bind_int64(statement, 1, event->seq);
    for (;;) {
        if (!mp_sql_step(store, statement, &row, error))
            return FALSE;
        if (!row)
            break;
        n++;
        *why_out = judge_person(event, statement);
        if (*why_out != NULL)
            return TRUE;
    }
    if (n < count_digests(event))
        *why_out = "a personal value is gone without a trace of its erasure";
    return TRUE;
}

/* One row of the walk; `previous` becomes its hash. */
static gboolean
check_row(MpStore *store,
          MpStatement *statement,
          gint64 want_seq,
          char **previous,
          const char **why_out,
          GError **error)
{
    g_autoptr(GError) unreadable = NULL;
    g_autoptr(MpEvent) event = mp_store_read_event_row(statement, &unreadable);
    const char *stored = (const char *)sqlite3_column_text(statement, 11);

    if (event == NULL) {
        *why_out = "its row cannot be read";
        return TRUE;
    }
    if (event->seq != want_seq) {
        *why_out = "the events before it are gone";
        return TRUE;
    }
    g_autofree char *hash = mp_event_hash(*previous,
                                          (const char *)sqlite3_column_text(statement, 1),
                                          event,
                                          (const char *)sqlite3_column_text(statement, 10));
    if (g_strcmp0(hash, stored) != 0) {
        *why_out = "its content does not give its hash";
        return TRUE;
    }
    g_free(*previous);
    *previous = g_steal_pointer(&hash);
    return check_persons(store, event, why_out, error);
}

static gboolean
walk_chain(MpStore *store, gint64 *broken_out, const char **why_out, GError **error)
{
    g_autoptr(MpStatement) statement =
        mp_sql_prepare(store, "SELECT " MP_EVENT_COLUMNS " FROM event ORDER BY seq", error);
    g_autofree char *previous = g_strnfill(64, '0');
    gboolean row = FALSE;

    if (statement == NULL)
        return FALSE;
    for (gint64 seq = 1;; seq++) {
        if (!mp_sql_step(store, statement, &row, error))
            return FALSE;
        if (!row)
            return TRUE;
        if (!check_row(store, statement, seq, &previous, why_out, error))
            return FALSE;
        if (*why_out != NULL) {
            *broken_out = sqlite3_column_int64(statement, 0);
            return TRUE;
        }
    }
}

static gboolean
chain_verify(MpStore *store, gint64 *broken_out, char **why_out, GError **error)
{
    const char *why = NULL;
    gint64 broken = 0;

    if (!mp_store_view_begin(store, error))
        return FALSE;
    gboolean is_read = walk_chain(store, &broken, &why, error);
    mp_store_view_end(store);
    if (!is_read)
        return FALSE;
    *broken_out = broken;
    *why_out = g_strdup(why);
    return TRUE;
}

void
mp_store_init_audit(MpStore *store)
{
    store->chain_head = mp_store_chain_head;
    store->chain_verify = chain_verify;
}

/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Numbers for `status`. */

#include "ports/store-private.h"

/* Rows of (word, count) into `counts` by the word's number. */
static gboolean
count_words(MpStore *store,
            const char *sql,
            gboolean (*place)(const char *word, guint *i_out),
            guint64 *counts,
            GError **error)
{
    g_autoptr(MpStatement) statement = mp_sql_prepare(store, sql, error);
    gboolean row = FALSE;
    guint i = 0;

    if (statement == NULL)
        return FALSE;
    for (;;) {
        if (!mp_sql_step(store, statement, &row, error))
            return FALSE;
        if (!row)
            return TRUE;
        if (place((const char *)sqlite3_column_text(statement, 0), &i))
            counts[i] = (guint64)sqlite3_column_int64(statement, 1);
    }
}

static gboolean
place_mail(const char *word, guint *i_out)
{
    MpLedgerState state = MP_LEDGER_TAKEN;
    gboolean is_known = mp_ledger_state_from_string(word, &state);

    *i_out = (guint)state;
    return is_known;
}

static gboolean
place_notice(const char *word, guint *i_out)
{
    MpOutboxState state = MP_OUTBOX_QUEUED;
    gboolean is_known = mp_outbox_state_from_string(word, &state);

    *i_out = (guint)state;
    return is_known;
}

static gboolean
place_case(const char *word, guint *i_out)
{
    MpCaseState state = MP_CASE_OPEN;
    gboolean is_known = mp_case_state_from_string(word, &state);

    *i_out = (guint)state;
    return is_known;
}

static gboolean
count_in_view(MpStore *store, MpStoreCounts *counts, GError **error)
{
    gint64 held = 0;
    gint64 unacknowledged = 0;
    gint64 events = 0;

    if (!count_words(store,
                     "SELECT state, count(*) FROM ledger GROUP BY state",
                     place_mail,
                     counts->mails,
                     error) ||
        !count_words(store,
                     "SELECT state, count(*) FROM outbox GROUP BY state",
                     place_notice,
                     counts->outbox,
                     error) ||
        !count_words(store,
                     "SELECT state, count(*) FROM cases GROUP BY state",
                     place_case,
                     counts->cases,
                     error) ||
        !mp_sql_ask(store,
                    "SELECT min(arrived_utc) FROM ledger WHERE state = 'taken'",
                    NULL,
                    &counts->oldest_taken_utc,
                    NULL,
                    error) ||
        !mp_sql_ask(store,
                    "SELECT min(made_utc) FROM outbox"
                    " WHERE state IN ('queued', 'sending', 'deferred', 'uncertain')",
                    NULL,
                    &counts->oldest_unsent_utc,
                    NULL,
                    error) ||
        !mp_sql_ask(store,
                    "SELECT count(*) FROM outbox WHERE is_held = 1"
                    " AND state IN ('queued', 'sending', 'deferred', 'uncertain')",
                    NULL,
                    &held,
                    NULL,
                    error) ||
        !mp_sql_ask(store,
                    "SELECT count(*) FROM ledger WHERE is_acknowledged = 0 AND state <> 'taken'",
                    NULL,
                    &unacknowledged,
                    NULL,
                    error) ||
        !mp_sql_ask(store, "SELECT ifnull(max(seq), 0) FROM event", NULL, &events, NULL, error))
        return FALSE;
    counts->held = (guint64)held;
    counts->unacknowledged = (guint64)unacknowledged;
    counts->events = (guint64)events;
    return TRUE;
}

static gboolean
counts(MpStore *store, MpStoreCounts *counts_out, GError **error)
{
    MpStoreCounts found = {0};

    if (!mp_store_view_begin(store, error))
        return FALSE;
    gboolean is_done = count_in_view(store, &found, error);
    mp_store_view_end(store);
    if (is_done)
        *counts_out = found;
    return is_done;
}

void
mp_store_init_counts(MpStore *store)
{
    store->counts = counts;
}

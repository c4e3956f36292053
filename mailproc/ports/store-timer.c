/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Timers: when a case wants to be looked at again. */

#include "ports/store-private.h"

void
mp_timer_row_free(MpTimerRow *row)
{
    if (row == NULL)
        return;
    g_free(row->case_number);
    g_free(row->name);
    g_free(row);
}

static void
free_timer(gpointer row)
{
    mp_timer_row_free(row);
}

static gboolean
timer_set(MpStore *store, const char *number, const char *name, gint64 at_utc, GError **error)
{
    g_autoptr(MpStatement) statement = mp_sql_prepare(
        store,
        at_utc != 0 ? "REPLACE INTO timer (case_number, name, at_utc) VALUES (?1, ?2, ?3)"
                    : "DELETE FROM timer WHERE case_number = ?1 AND name = ?2",
        error);

    if (statement == NULL)
        return FALSE;
    mp_sql_bind_text(statement, 1, number);
    mp_sql_bind_text(statement, 2, name);
    if (at_utc != 0)
        (void)sqlite3_bind_int64(statement, 3, at_utc);
    return mp_sql_run(store, statement, error);
}

static GPtrArray *
timers_due(MpStore *store, gint64 now_utc, guint limit, GError **error)
{
    g_autoptr(MpStatement) statement =
        mp_sql_prepare(store,
                       "SELECT case_number, name, at_utc FROM timer WHERE at_utc <= ?"
                       " ORDER BY at_utc, case_number, name LIMIT ?",
                       error);
    g_autoptr(GPtrArray) rows = g_ptr_array_new_with_free_func(free_timer);
    gboolean row = FALSE;

    if (statement == NULL)
        return NULL;
    (void)sqlite3_bind_int64(statement, 1, now_utc);
    (void)sqlite3_bind_int64(statement, 2, limit > 0 ? (gint64)limit : -1);
    for (;;) {
        if (!mp_sql_step(store, statement, &row, error))
            return NULL;
        if (!row)
            return g_steal_pointer(&rows);
        MpTimerRow *timer = g_new0(MpTimerRow, 1);
        timer->case_number = mp_sql_text(statement, 0);
        timer->name = mp_sql_text(statement, 1);
        timer->at_utc = sqlite3_column_int64(statement, 2);
        g_ptr_array_add(rows, timer);
    }
}

static gint64
timer_next(MpStore *store)
{
    g_autoptr(MpStatement) statement = mp_sql_prepare(store, "SELECT min(at_utc) FROM timer", NULL);
    gboolean row = FALSE;

    if (statement == NULL || !mp_sql_step(store, statement, &row, NULL) || !row)
        return 0;
    return sqlite3_column_int64(statement, 0);
}

void
mp_store_init_timer(MpStore *store)
{
    store->timer_set = timer_set;
    store->timers_due = timers_due;
    store->timer_next = timer_next;
}

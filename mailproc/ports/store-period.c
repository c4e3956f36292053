/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Reading a period for its report. Closed cases are one line each, clustered by the time they
 * closed: a quarter is one stretch of one table. What was still open at the end of the period is
 * told from its events; those are as few as an office has in hand at one time. */

#include "ports/store-private.h"

#define MISSING_MAX 500
#define SERVICE_COLUMN 12 /* behind MP_EVENT_COLUMNS */

/* --- lines of closed cases --- */

gboolean
mp_store_drop_closing(MpStore *store, const char *number, GError **error)
{
    return mp_sql_change(store, "DELETE FROM closing WHERE case_number = ?", number, NULL, error);
}

static gboolean
closing_set(MpStore *store, const char *number, gint64 closed_utc, const char *line, GError **error)
{
    g_autoptr(MpStatement) statement = NULL;

    if (!mp_store_drop_closing(store, number, error))
        return FALSE;
    statement = mp_sql_prepare(
        store, "INSERT INTO closing (closed_utc, case_number, line) VALUES (?, ?, ?)", error);
    if (statement == NULL)
        return FALSE;
    (void)sqlite3_bind_int64(statement, 1, closed_utc);
    mp_sql_bind_text(statement, 2, number);
    mp_sql_bind_text(statement, 3, line);
    return mp_sql_run(store, statement, error);
}

static MpStatement *
prepare_span(MpStore *store, const char *sql, gint64 from_utc, gint64 until_utc, GError **error)
{
    MpStatement *statement = mp_sql_prepare(store, sql, error);

    if (statement == NULL)
        return NULL;
    (void)sqlite3_bind_int64(statement, 1, from_utc);
    (void)sqlite3_bind_int64(statement, 2, until_utc);
    return statement;
}

static gboolean
closing_walk(MpStore *store,
             gint64 from_utc,
             gint64 until_utc,
             MpClosingFunc func,
             gpointer data,
             GError **error)
{
    g_autoptr(MpStatement) statement = prepare_span(store,
                                                    "SELECT line FROM closing WHERE closed_utc >= ?"
                                                    " AND closed_utc < ?"
                                                    " ORDER BY closed_utc, case_number",
                                                    from_utc,
                                                    until_utc,
                                                    error);
    gboolean row = statement != NULL;

    while (row) {
        if (!mp_sql_step(store, statement, &row, error))
            return FALSE;
        if (row && !func((const char *)sqlite3_column_text(statement, 0), data, error))
            return FALSE;
    }
    return statement != NULL;
}

static GPtrArray *
closing_missing(MpStore *store, const char *above, GError **error)
{
    g_autofree char *sql = g_strdup_printf("SELECT number FROM cases WHERE number > ?"
                                           " AND is_closed = 1 AND NOT EXISTS (SELECT 1"
                                           " FROM closing WHERE case_number = number)"
                                           " ORDER BY number LIMIT %d",
                                           MISSING_MAX);

    return mp_sql_texts(store, sql, above, error);
}

/* --- events that move a case --- */

static void
free_event(gpointer event)
{
    mp_event_free(event);
}

static GPtrArray *
moving_events(MpStore *store, const char *number, GError **error)
{
    g_autoptr(GPtrArray) events = g_ptr_array_new_with_free_func(free_event);
    g_autoptr(MpStatement) statement =
        mp_sql_prepare(store,
                       "SELECT " MP_EVENT_COLUMNS " FROM event WHERE case_number = ? AND kind IN"
                       " ('opened', 'moved', 'closed', 'reopened', 'delegated', 'postponed',"
                       " 'resumed', 'due') ORDER BY seq",
                       error);
    gboolean row = statement != NULL;

    if (statement == NULL)
        return NULL;
    mp_sql_bind_text(statement, 1, number);
    while (row) {
        MpEvent *event;

        if (!mp_sql_step(store, statement, &row, error))
            return NULL;
        if (!row)
            break;
        event = mp_store_read_event_row(statement, error);
        if (event == NULL)
            return NULL;
        g_ptr_array_add(events, event);
    }
    return g_steal_pointer(&events);
}

static gboolean
tell_case(MpStore *store, const char *number, MpPeriodFunc func, gpointer data, GError **error)
{
    g_autoptr(GError) why = NULL;
    g_autoptr(MpCase) kase = mp_store_load_in_view(store, number, &why);
    g_autoptr(GPtrArray) events = NULL;

    if (kase == NULL) {
        if (why != NULL)
            g_propagate_error(error, g_steal_pointer(&why));
        else
            g_set_error(error, MP_ERROR, MP_ERROR_STORAGE, "store: case %s vanished", number);
        return FALSE;
    }
    events = moving_events(store, number, error);
    return events != NULL && func(kase, events, data, error);
}

static gboolean
walk_in_view(MpStore *store,
             gint64 from_utc,
             gint64 until_utc,
             MpPeriodFunc func,
             gpointer data,
             GError **error)
{
    g_autoptr(MpStatement) statement = prepare_span(
        store,
        "SELECT number FROM cases INDEXED BY cases_open WHERE is_closed = 0 AND opened_utc < ?2"
        " UNION ALL SELECT number FROM cases INDEXED BY cases_span"
        " WHERE closed_utc >= ?2 AND opened_utc < ?2"
        " UNION ALL SELECT number FROM cases INDEXED BY cases_span"
        " WHERE closed_utc >= ?1 AND closed_utc < ?2 AND closed_utc <> 0 AND NOT EXISTS"
        " (SELECT 1 FROM closing WHERE closing.closed_utc = cases.closed_utc"
        " AND +closing.case_number = cases.number)",
        from_utc,
        until_utc,
        error);
    gboolean row = statement != NULL;

    while (row) {
        if (!mp_sql_step(store, statement, &row, error))
            return FALSE;
        if (row &&
            !tell_case(store, (const char *)sqlite3_column_text(statement, 0), func, data, error))
            return FALSE;
    }
    return statement != NULL;
}

static gboolean
period_walk(MpStore *store,
            gint64 from_utc,
            gint64 until_utc,
            MpPeriodFunc func,
            gpointer data,
            GError **error)
{
    gboolean is_done;

    if (!mp_store_view_begin(store, error))
        return FALSE;
    is_done = walk_in_view(store, from_utc, until_utc, func, data, error);
    mp_store_view_end(store);
    return is_done;
}

/* --- survey --- */

static gboolean
survey_walk(MpStore *store,
            gint64 from_utc,
            gint64 until_utc,
            MpSurveyFunc func,
            gpointer data,
            GError **error)
{
    g_autoptr(MpStatement) statement =
        prepare_span(store,
                     "SELECT " MP_EVENT_COLUMNS ", (SELECT service"
                     " FROM cases WHERE number = case_number)"
                     " FROM event WHERE kind = 'survey' AND at_utc >= ?"
                     " AND at_utc < ? ORDER BY at_utc, seq",
                     from_utc,
                     until_utc,
                     error);
    gboolean row = statement != NULL;

    while (row) {
        g_autoptr(MpEvent) event = NULL;

        if (!mp_sql_step(store, statement, &row, error))
            return FALSE;
        if (!row)
            break;
        event = mp_store_read_event_row(statement, error);
        if (event == NULL ||
            !func((const char *)sqlite3_column_text(statement, SERVICE_COLUMN), event, data, error))
            return FALSE;
    }
    return statement != NULL;
}

void
mp_store_init_period(MpStore *store)
{
    store->closing_set = closing_set;
    store->closing_walk = closing_walk;
    store->closing_missing = closing_missing;
    store->period_walk = period_walk;
    store->survey_walk = survey_walk;
}

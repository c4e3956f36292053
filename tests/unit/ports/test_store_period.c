/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Reading a period: closed cases by their lines, the others by their events, each once. */
#include "store_fixture.h"

#include "ports/store-private.h"

#define HOUR ((gint64)3600 * G_USEC_PER_SEC)

static MpEvent *
event_at(GPtrArray *events, const char *kind, gint64 at_utc)
{
    MpEvent *event = add_event(events, kind, "verifikator");

    event->at_utc = at_utc;
    return event;
}

/* A case opened at `opened`, closed at `closed` (0 = open). */
static void
save_span(MpStore *store, const char *number, gint64 opened_utc, gint64 closed_utc)
{
    g_autoptr(GPtrArray) events = story_events(number);
    g_autoptr(GError) error = NULL;

    for (guint i = 0; i < events->len; i++)
        ((MpEvent *)g_ptr_array_index(events, i))->at_utc = opened_utc;
    if (closed_utc != 0)
        mp_event_set(event_at(events, "closed", closed_utc), "state", "finished");
    g_autoptr(MpCase) kase = mp_case_fold(events, &error);
    assert_no_gerror(error);
    MUST(store->case_save(store, kase, events, &why));
}

static gboolean
note_number(const MpCase *kase, const GPtrArray *events, gpointer data, GError **error)
{
    (void)error;
    assert_true(events->len >= 2);
    g_string_append_printf(data, "%s:%u ", kase->number + strlen("SE-2026-00000"), events->len);
    return TRUE;
}

static gboolean
note_line(const char *line, gpointer data, GError **error)
{
    (void)error;
    g_string_append_printf(data, "%s ", line);
    return TRUE;
}

/* Cases around a period of [10 h, 20 h): 1 before it, 2 in it with a line, 3 in it without, 4 over
 * its end, 5 open, 6 opened after it, 7 closed in its first instant, 8 in the first after it. */
static MpStore *
open_filled(void)
{
    MpStore *store = open_store_at(":memory:");

    MUST(store->begin(store, &why));
    save_span(store, "SE-2026-000001", NOON, NOON + 9 * HOUR);
    save_span(store, "SE-2026-000002", NOON, NOON + 12 * HOUR);
    save_span(store, "SE-2026-000003", NOON + 11 * HOUR, NOON + 13 * HOUR);
    save_span(store, "SE-2026-000004", NOON + 11 * HOUR, NOON + 30 * HOUR);
    save_span(store, "SE-2026-000005", NOON + 11 * HOUR, 0);
    save_span(store, "SE-2026-000006", NOON + 25 * HOUR, 0);
    save_span(store, "SE-2026-000007", NOON, NOON + 10 * HOUR);
    save_span(store, "SE-2026-000008", NOON, NOON + 20 * HOUR);
    MUST(store->closing_set(store, "SE-2026-000002", NOON + 12 * HOUR, "two", &why));
    MUST(store->closing_set(store, "SE-2026-000007", NOON + 10 * HOUR, "seven", &why));
    MUST(store->closing_set(store, "SE-2026-000008", NOON + 20 * HOUR, "eight", &why));
    MUST(store->commit(store, &why));
    return store;
}

static void
closed_cases_come_by_their_lines_in_order(void **state)
{
    MpStore *store = open_filled();
    g_autoptr(GString) seen = g_string_new(NULL);

    (void)state;
    MUST(store->closing_walk(store, NOON + 10 * HOUR, NOON + 20 * HOUR, note_line, seen, &why));
    assert_text(seen->str, "seven two ");
    store->free(store);
}

static void
the_rest_comes_from_its_events_once(void **state)
{
    MpStore *store = open_filled();
    g_autoptr(GString) seen = g_string_new(NULL);

    (void)state;
    MUST(store->period_walk(store, NOON + 10 * HOUR, NOON + 20 * HOUR, note_number, seen, &why));
    /* Of a story three events, of which the applicant's moves nothing. */
    assert_text(seen->str, "5:2 8:3 4:3 3:3 ");
    store->free(store);
}

static void
an_open_case_has_no_line(void **state)
{
    MpStore *store = open_filled();
    g_autoptr(GString) seen = g_string_new(NULL);
    g_autoptr(GPtrArray) events = g_ptr_array_new_with_free_func(free_event);
    g_autoptr(MpCase) kase = store->case_load(store, "SE-2026-000002", NULL);
    MpEvent *reopened = event_at(events, "reopened", NOON + 14 * HOUR);

    (void)state;
    reopened->from_step = g_strdup("sahkan");
    MUST(mp_case_apply(kase, reopened, &why));
    MUST(store->begin(store, &why));
    MUST(store->case_save(store, kase, events, &why));
    MUST(store->commit(store, &why));
    MUST(store->closing_walk(store, NOON + 10 * HOUR, NOON + 20 * HOUR, note_line, seen, &why));
    assert_text(seen->str, "seven ");
    (void)g_string_truncate(seen, 0);
    MUST(store->period_walk(store, NOON + 10 * HOUR, NOON + 20 * HOUR, note_number, seen, &why));
    assert_contains(seen->str, "2:4 ");
    store->free(store);
}

static void
a_line_written_again_replaces_the_first(void **state)
{
    MpStore *store = open_filled();
    g_autoptr(GString) seen = g_string_new(NULL);

    (void)state;
    MUST(store->begin(store, &why));
    MUST(store->closing_set(store, "SE-2026-000002", NOON + 15 * HOUR, "again", &why));
    MUST(store->commit(store, &why));
    MUST(store->closing_walk(store, NOON, NOON + 99 * HOUR, note_line, seen, &why));
    assert_text(seen->str, "seven again eight ");
    store->free(store);
}

static void
closed_cases_without_a_line_are_named(void **state)
{
    MpStore *store = open_filled();
    g_autoptr(GPtrArray) all = store->closing_missing(store, "", NULL);
    g_autoptr(GPtrArray) rest = store->closing_missing(store, "SE-2026-000003", NULL);

    (void)state;
    assert_int_equal(all->len, 3);
    assert_text(g_ptr_array_index(all, 0), "SE-2026-000001");
    assert_text(g_ptr_array_index(all, 1), "SE-2026-000003");
    assert_int_equal(rest->len, 1);
    assert_text(g_ptr_array_index(rest, 0), "SE-2026-000004");
    store->free(store);
}

static gboolean
stop(const MpCase *kase, const GPtrArray *events, gpointer data, GError **error)
{
    (void)kase;
    (void)events;
    ++*(guint *)data;
    g_set_error(error, MP_ERROR, MP_ERROR_INPUT, "enough");
    return FALSE;
}

static void
a_walk_stops_at_the_first_error(void **state)
{
    MpStore *store = open_filled();
    g_autoptr(GError) error = NULL;
    guint n = 0;

    (void)state;
    assert_false(store->period_walk(store, NOON, NOON + 99 * HOUR, stop, &n, &error));
    assert_gerror(error, MP_ERROR_INPUT);
    assert_int_equal(n, 1);
    store->free(store);
}

static gboolean
note_answer(const char *service, const MpEvent *event, gpointer data, GError **error)
{
    (void)error;
    g_string_append_printf(data, "%s=%s ", service, mp_event_get(event, "answers"));
    return TRUE;
}

/* Answers come after the case is closed; they are found by their own time. */
static void
answers_come_by_the_time_they_were_given(void **state)
{
    MpStore *store = open_filled();
    g_autoptr(GPtrArray) events = g_ptr_array_new_with_free_func(free_event);
    g_autoptr(MpCase) kase = store->case_load(store, "SE-2026-000001", NULL);
    g_autoptr(GString) seen = g_string_new(NULL);

    (void)state;
    mp_event_set(event_at(events, "survey", NOON + 11 * HOUR), "answers", "444433332");
    mp_event_set(event_at(events, "survey", NOON + 21 * HOUR), "answers", "111111111");
    MUST(store->begin(store, &why));
    MUST(store->case_save(store, kase, events, &why));
    MUST(store->commit(store, &why));
    MUST(store->survey_walk(store, NOON + 10 * HOUR, NOON + 20 * HOUR, note_answer, seen, &why));
    assert_text(seen->str, "pembaruan=444433332 ");
    store->free(store);
}

/* --- plans: what a quarter costs must not grow with the years before it --- */

static void
add_plan(GString *out, MpStore *store, const char *sql)
{
    MpStoreSqlite *self = (MpStoreSqlite *)store;
    g_autofree char *explain = g_strconcat("EXPLAIN QUERY PLAN ", sql, NULL);
    sqlite3_stmt *statement = NULL;

    assert_int_equal(sqlite3_prepare_v2(self->db, explain, -1, &statement, NULL), SQLITE_OK);
    while (sqlite3_step(statement) == SQLITE_ROW)
        g_string_append_printf(out, "%s\n", (const char *)sqlite3_column_text(statement, 3));
    (void)sqlite3_finalize(statement);
}

static void
a_period_is_read_from_indexes(void **state)
{
    MpStore *store = open_filled();
    g_autoptr(GString) plans = g_string_new(NULL);
    g_autoptr(GString) seen = g_string_new(NULL);
    GHashTableIter iter;
    gpointer sql = NULL;

    (void)state;
    MUST(store->closing_walk(store, NOON, NOON + HOUR, note_line, seen, &why));
    MUST(store->period_walk(store, NOON, NOON + HOUR, note_number, seen, &why));
    MUST(store->survey_walk(store, NOON, NOON + HOUR, note_answer, seen, &why));
    g_hash_table_iter_init(&iter, ((MpStoreSqlite *)store)->statements);
    while (g_hash_table_iter_next(&iter, &sql, NULL))
        if (strstr(sql, "closed_utc >=") != NULL || strstr(sql, "at_utc >=") != NULL)
            add_plan(plans, store, sql);
    assert_contains(plans->str, "SEARCH closing USING PRIMARY KEY (closed_utc>? AND closed_utc<?)");
    assert_contains(plans->str, "COVERING INDEX cases_span (closed_utc>? AND closed_utc<?)");
    assert_contains(plans->str, "event_survey (at_utc>? AND at_utc<?)");
    assert_contains(plans->str, "SEARCH closing USING PRIMARY KEY (closed_utc=?)");
    assert_lacks(plans->str, "SCAN");
    assert_lacks(plans->str, "TEMP B-TREE");
    store->free(store);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(closed_cases_come_by_their_lines_in_order),
        cmocka_unit_test(the_rest_comes_from_its_events_once),
        cmocka_unit_test(an_open_case_has_no_line),
        cmocka_unit_test(a_line_written_again_replaces_the_first),
        cmocka_unit_test(closed_cases_without_a_line_are_named),
        cmocka_unit_test(a_walk_stops_at_the_first_error),
        cmocka_unit_test(answers_come_by_the_time_they_were_given),
        cmocka_unit_test(a_period_is_read_from_indexes),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

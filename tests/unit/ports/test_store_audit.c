/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The chain, the fold and erasing: what was tampered with is found, what may be erased is gone. */

#include "unit/ports/store_fixture.h"

#include <sqlite3.h>

typedef struct {
    const char *name;
    const char *sql;    /* what somebody does to the file, past the program */
    gint64 want_broken; /* 0 = whole */
    const char *want_why;
} Tampering;

static const Tampering tamperings[] = {
    {"untouched chain is whole", "SELECT 1", 0, NULL},
    {"changed actor breaks its event",
     "DROP TRIGGER event_fixed; UPDATE event SET actor = 'kepala-dinas' WHERE seq = 3",
     3,
     "its content does not give its hash"},
    {"changed time breaks its event",
     "DROP TRIGGER event_fixed; UPDATE event SET at_utc = at_utc + 1 WHERE seq = 2",
     2,
     "its content does not give its hash"},
    {"event given to another case breaks the chain",
     "DROP TRIGGER event_fixed; PRAGMA foreign_keys = OFF;"
     "UPDATE event SET case_number = 'SE-2026-000002' WHERE seq = 1",
     1,
     "its content does not give its hash"},
    {"deleted event breaks the one behind it",
     "DROP TRIGGER event_kept; PRAGMA foreign_keys = OFF; DELETE FROM event WHERE seq = 2",
     3,
     "the events before it are gone"},
    {"new hash for a changed event breaks the next one",
     "DROP TRIGGER event_fixed; UPDATE event SET hash = "
     "'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa' WHERE seq = 2",
     2,
     "its content does not give its hash"},
    {"changed personal value is found by its digest",
     "UPDATE person_data SET value = 'Budi' WHERE event = 2 AND key = 'name'",
     2,
     "a personal value was changed"},
    {"erased personal value leaves the chain whole",
     "UPDATE person_data SET value = NULL, salt = NULL WHERE event = 2",
     0,
     NULL},
    {"removed personal row is no erasure",
     "DELETE FROM person_data WHERE event = 2 AND key = 'nip'",
     2,
     "a personal value is gone without a trace of its erasure"},
    {"foreign personal row is found",
     "INSERT INTO person_data VALUES (3, 'nik', x'00', '1')",
     3,
     "a personal value stands beside it that it does not have"},
    {"unreadable data is found",
     "DROP TRIGGER event_fixed; UPDATE event SET data = 'nonsense' WHERE seq = 2",
     2,
     "its row cannot be read"},
};

static void
tamper(const char *dir, const char *sql)
{
    g_autofree char *path = g_build_filename(dir, "mailproc.sqlite", NULL);
    char *message = NULL;
    sqlite3 *db = NULL;

    assert_int_equal(sqlite3_open(path, &db), SQLITE_OK);
    assert_int_equal(sqlite3_exec(db, sql, NULL, NULL, &message), SQLITE_OK);
    assert_null(message);
    assert_int_equal(sqlite3_close(db), SQLITE_OK);
}

static void
tampering_row(void **state)
{
    const Tampering *row = *state;
    g_autofree char *dir = make_dir();
    MpStore *store = open_store_at(dir);
    g_autofree char *got_why = NULL;
    gint64 got_broken = -1;

    save_story(store, NUMBER);
    store->free(store);
    tamper(dir, row->sql);
    store = open_store_at(dir);
    MUST(store->chain_verify(store, &got_broken, &got_why, &why));
    assert_int_equal(got_broken, row->want_broken);
    assert_text(got_why, row->want_why);
    store->free(store);
    remove_dir(dir);
}

static void
events_cannot_be_changed_or_deleted(void **state)
{
    g_autofree char *dir = make_dir();
    g_autofree char *path = g_build_filename(dir, "mailproc.sqlite", NULL);
    MpStore *store = open_store_at(dir);
    sqlite3 *db = NULL;

    (void)state;
    save_story(store, NUMBER);
    assert_int_equal(sqlite3_open(path, &db), SQLITE_OK);
    assert_int_equal(sqlite3_exec(db, "UPDATE event SET kind = 'note'", NULL, NULL, NULL),
                     SQLITE_CONSTRAINT);
    assert_int_equal(sqlite3_exec(db, "DELETE FROM event", NULL, NULL, NULL), SQLITE_CONSTRAINT);
    (void)sqlite3_close(db);
    store->free(store);
    remove_dir(dir);
}

/* F-22: what is done with it in the same transaction is not done either. */
static void
what_cannot_be_audited_is_not_done(void **state)
{
    g_autofree char *dir = make_dir();
    MpStore *store = open_store_at(dir);
    g_autoptr(GPtrArray) events = story_events("SE-2026-000002");
    g_autoptr(GError) fold_error = NULL;
    g_autoptr(GError) error = NULL;
    g_autoptr(MpCase) kase = mp_case_fold(events, &fold_error);
    g_autoptr(MpCase) loaded = NULL;
    g_autofree char *before = NULL;
    g_autofree char *after = NULL;
    g_autofree char *mark = NULL;
    gint64 seq = 0, broken = -1;
    g_autofree char *got_why = NULL;

    (void)state;
    save_story(store, NUMBER);
    MUST(store->chain_head(store, &seq, &before, &why));
    tamper(dir,
           "CREATE TRIGGER penuh BEFORE INSERT ON event WHEN NEW.kind = 'moved'"
           " BEGIN SELECT RAISE(ABORT, 'penuh'); END");
    MUST(store->begin(store, &why));
    MUST(store->mark_set(store, "perbuatan", "1", &why));
    assert_false(store->case_save(store, kase, events, &error));
    assert_gerror(error, MP_ERROR_STORAGE);
    store->rollback(store);
    loaded = store->case_load(store, "SE-2026-000002", NULL);
    assert_null(loaded);
    mark = store->mark_get(store, "perbuatan");
    assert_null(mark);
    MUST(store->chain_head(store, &seq, &after, &why));
    assert_text(after, before);
    MUST(store->chain_verify(store, &broken, &got_why, &why));
    assert_int_equal(broken, 0);
    store->free(store);
    remove_dir(dir);
}

static char *
head_of(guint32 seed)
{
    MpStore *store = open_store_at(":memory:");
    MpRandom *random = mp_random_new_seeded(seed);
    char *hash = NULL;
    gint64 seq = 0;

    mp_store_use_random(store, random);
    save_story(store, NUMBER);
    MUST(store->chain_head(store, &seq, &hash, &why));
    assert_int_equal(seq, 3);
    store->free(store);
    random->free(random);
    return hash;
}

static void
head_depends_on_content_and_salt_alone(void **state)
{
    g_autofree char *one = head_of(1);
    g_autofree char *again = head_of(1);
    g_autofree char *other = head_of(2);

    (void)state;
    assert_text(one, again);
    assert_string_not_equal(one, other);
}

static void
empty_store_has_a_head_of_zeros(void **state)
{
    MpStore *store = open_store_at(":memory:");
    g_autofree char *hash = NULL;
    g_autofree char *got_why = NULL;
    gint64 seq = 9;

    (void)state;
    MUST(store->chain_head(store, &seq, &hash, &why));
    assert_int_equal(seq, 0);
    assert_int_equal(strspn(hash, "0"), 64);
    MUST(store->chain_verify(store, &seq, &got_why, &why));
    assert_int_equal(seq, 0);
    store->free(store);
}

/* --- rebuild --- */

static void
assert_differences(MpStore *store, const char *want)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(GPtrArray) got = store->case_compare(store, NULL, &error);
    g_autofree char *text = NULL;

    assert_no_gerror(error);
    g_ptr_array_add(got, NULL);
    text = g_strjoinv("\n", (char **)got->pdata);
    assert_text(text, want);
}

typedef struct {
    const char *name;
    const char *sql;
    const char *want;
} Drift;

static const Drift drifts[] = {
    {"snapshot equals its events", "SELECT 1", ""},
    {"changed step is named",
     "UPDATE cases SET step = 'periksa'",
     NUMBER ": step: stands 'periksa', events say 'sahkan'"},
    {"changed applicant is named with its number",
     "UPDATE applicant SET name = 'Budi', outcome = 'issued'",
     NUMBER ": applicant 1: name: stands 'Budi', events say 'Siti Aminah'\n" NUMBER
            ": applicant 1: outcome: stands 'issued', events say 'none'"},
    {"lost applicant is counted",
     "DELETE FROM applicant",
     NUMBER ": applicants: stands '0', events say '1'"},
    {"invented list item is named",
     "INSERT INTO case_list VALUES ('" NUMBER "', 'doubt', 1, 'bad-nik')",
     NUMBER ": doubt: stands 'bad-nik', events say ''"},
};

static void
drift_row(void **state)
{
    const Drift *row = *state;
    g_autofree char *dir = make_dir();
    MpStore *store = open_store_at(dir);

    save_story(store, NUMBER);
    store->free(store);
    tamper(dir, row->sql);
    store = open_store_at(dir);
    assert_differences(store, row->want);
    MUST(store->begin(store, &why));
    MUST(store->case_rebuild(store, NULL, &why));
    MUST(store->commit(store, &why));
    assert_differences(store, "");
    store->free(store);
    remove_dir(dir);
}

/* --- erasing --- */

/* TRUE when the words stand anywhere in the files of the store. */
static gboolean
stands_in_files(const char *dir, const char *words)
{
    static const char *const names[] = {"mailproc.sqlite", "mailproc.sqlite-wal"};
    gboolean is_found = FALSE;

    for (guint i = 0; i < G_N_ELEMENTS(names); i++) {
        g_autofree char *path = g_build_filename(dir, names[i], NULL);
        g_autofree char *bytes = NULL;
        gsize length = 0;

        if (g_file_get_contents(path, &bytes, &length, NULL))
            is_found = is_found || memmem(bytes, length, words, strlen(words)) != NULL;
    }
    return is_found;
}

static void
erased_case_keeps_chain_and_fold(void **state)
{
    g_autofree char *dir = make_dir();
    MpStore *store = open_store_at(dir);
    g_autoptr(MpCase) kase = NULL;
    g_autofree char *got_why = NULL;
    gint64 broken = 9;
    guint values = 0;

    (void)state;
    save_story(store, NUMBER);
    assert_true(stands_in_files(dir, NIP));
    MUST(store->begin(store, &why));
    MUST(store->erase(store, NUMBER, NULL, &values, &why));
    MUST(store->commit(store, &why));
    /* requester_address, address and note of the opening; name, nip and unit of the applicant */
    assert_int_equal(values, 6);
    assert_false(stands_in_files(dir, NIP));
    assert_false(stands_in_files(dir, "Siti"));
    assert_false(stands_in_files(dir, "siti aminah"));
    kase = store->case_load(store, NUMBER, NULL);
    assert_text(((MpCaseApplicant *)g_ptr_array_index(kase->applicants, 0))->nip, MP_ERASED);
    assert_text(kase->requester_address, MP_ERASED);
    assert_text(kase->letter_number, "800/12/Umum/2026");
    MUST(store->chain_verify(store, &broken, &got_why, &why));
    assert_int_equal(broken, 0);
    assert_differences(store, "");
    store->free(store);
    remove_dir(dir);
}

static void
official_who_acted_stays_known(void **state)
{
    MpStore *store = open_store_at(":memory:");
    g_autoptr(GPtrArray) events = NULL;
    guint values = 0;

    (void)state;
    save_story(store, NUMBER);
    MUST(store->begin(store, &why));
    MUST(store->erase(store, NUMBER, NULL, &values, &why));
    MUST(store->commit(store, &why));
    events = store->case_events(store, NUMBER, NULL);
    assert_text(((MpEvent *)g_ptr_array_index(events, 0))->address, MP_ERASED);
    assert_text(((MpEvent *)g_ptr_array_index(events, 0))->note, MP_ERASED);
    assert_text(((MpEvent *)g_ptr_array_index(events, 2))->address, "ani@contohkab.go.id");
    store->free(store);
}

static void
person_goes_from_every_case_and_only_he(void **state)
{
    g_autofree char *dir = make_dir();
    MpStore *store = open_store_at(dir);
    g_autoptr(MpCase) kase = NULL;
    guint values = 0;

    (void)state;
    save_story(store, NUMBER);
    save_story(store, "SE-2026-000002");
    MUST(store->begin(store, &why));
    MUST(store->erase(store, NULL, NIP, &values, &why));
    MUST(store->commit(store, &why));
    /* name, nip, unit and the note that names him, in two cases */
    assert_int_equal(values, 8);
    assert_false(stands_in_files(dir, NIP));
    assert_false(stands_in_files(dir, "Siti"));
    kase = store->case_load(store, "SE-2026-000002", NULL);
    assert_text(kase->requester_address, "opd.umum@contohkab.go.id");
    assert_differences(store, "");
    store->free(store);
    remove_dir(dir);
}

static void
case_with_a_notice_under_way_is_not_erased(void **state)
{
    MpStore *store = open_store_at(":memory:");
    MpOutboxEntry *entry = mp_outbox_entry_new();
    g_autoptr(GError) error = NULL;
    guint values = 0;

    (void)state;
    save_story(store, NUMBER);
    entry->case_number = g_strdup(NUMBER);
    entry->envelope_from = g_strdup("");
    entry->recipient = g_strdup("opd.umum@contohkab.go.id");
    entry->state = MP_OUTBOX_SENDING;
    MUST(store->begin(store, &why));
    MUST(store->outbox_add(store, entry, &why));
    assert_false(store->erase(store, NUMBER, NULL, &values, &error));
    assert_gerror(error, MP_ERROR_STORAGE);
    assert_contains(error->message, "still under way");
    mp_outbox_entry_free(entry);
    store->free(store);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(events_cannot_be_changed_or_deleted),
        {"F-22 what cannot be audited is not done",
         what_cannot_be_audited_is_not_done,
         NULL,
         NULL,
         NULL},
        cmocka_unit_test(head_depends_on_content_and_salt_alone),
        cmocka_unit_test(empty_store_has_a_head_of_zeros),
        cmocka_unit_test(erased_case_keeps_chain_and_fold),
        cmocka_unit_test(official_who_acted_stays_known),
        cmocka_unit_test(person_goes_from_every_case_and_only_he),
        cmocka_unit_test(case_with_a_notice_under_way_is_not_erased),
    };

    return run_rows("tampering", tamperings, tampering_row) + run_rows("drift", drifts, drift_row) +
           cmocka_run_group_tests(tests, NULL, NULL);
}

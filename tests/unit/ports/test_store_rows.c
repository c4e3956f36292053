/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Every kind of row makes its round trip through the store. */

#include "unit/ports/store_fixture.h"

#define HASH_A "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"

static MpStore *
open_memory(void)
{
    return open_store_at(":memory:");
}

static MpCase *
new_case(const char *number)
{
    MpCase *kase = mp_case_new();
    MpCaseApplicant *applicant = mp_case_applicant_new();
    MpCaseDocument *document = mp_case_document_new();

    kase->number = g_strdup(number);
    kase->service = g_strdup("pembaruan");
    kase->sop = g_strdup("mamuju-pembaruan");
    kase->step = g_strdup("periksa");
    kase->state = MP_CASE_OPEN;
    kase->holder_role = g_strdup("verifikator");
    kase->opened_utc = NOON;
    kase->due_utc = NOON + (gint64)3600 * G_USEC_PER_SEC;
    kase->version = 3;
    kase->requester_address = g_strdup("OPD.Umum@contohkab.go.id");
    kase->letter_number = g_strdup("800 / 12 /Umum/2026");
    applicant->n = 1;
    applicant->name = g_strdup("Dr. Siti Aminah, S.Kom.");
    applicant->nip = g_strdup("198001012006042999");
    applicant->email = g_strdup("Siti@contohkab.go.id");
    applicant->holds_certificate = TRUE;
    applicant->outcome = MP_OUTCOME_RENEWED;
    g_ptr_array_add(kase->applicants, applicant);
    document->n = 1;
    document->kind = g_strdup("surat-permohonan");
    document->bytes = 4096;
    document->is_readable = TRUE;
    document->mail = 7;
    g_ptr_array_add(kase->documents, document);
    g_ptr_array_add(kase->missing, g_strdup("sk-mutasi|sk-pengangkatan"));
    g_ptr_array_add(kase->doubts, g_strdup("charset-guessed"));
    g_ptr_array_add(kase->doubts, g_strdup("bad-nik"));
    g_ptr_array_add(kase->linked, g_strdup("SE-2026-000009"));
    return kase;
}

static GPtrArray *
one_event(const char *kind, const char *name)
{
    GPtrArray *events = g_ptr_array_new_with_free_func(free_event);
    MpEvent *event = mp_event_new(kind, NOON);

    event->actor = g_strdup("requester");
    event->address = g_strdup("opd.umum@contohkab.go.id");
    event->trust = MP_TRUST_ALIGNED;
    event->mail = 7;
    event->to_step = g_strdup("periksa");
    event->rule = g_strdup("mamuju-pembaruan.sop:12");
    event->note = g_strdup("dua\nbaris");
    mp_event_set(event, "number", NUMBER);
    mp_event_set(event, "name", name);
    g_ptr_array_add(events, event);
    return events;
}

static void
save_case(MpStore *store, MpCase *kase)
{
    g_autoptr(GPtrArray) events = one_event("opened", "Siti Aminah");

    MUST(store->begin(store, &why));
    MUST(store->case_save(store, kase, events, &why));
    MUST(store->commit(store, &why));
}

static void
case_comes_back_as_saved(void **state)
{
    MpStore *store = open_memory();
    g_autoptr(MpCase) kase = new_case(NUMBER);
    g_autoptr(MpCase) got = NULL;
    g_autoptr(GError) error = NULL;

    (void)state;
    save_case(store, kase);
    got = store->case_load(store, NUMBER, &error);
    assert_no_gerror(error);
    assert_text(got->service, "pembaruan");
    assert_text(got->letter_number, "800 / 12 /Umum/2026");
    assert_int_equal(got->state, MP_CASE_OPEN);
    assert_int_equal(got->version, 3);
    assert_int_equal(got->last_seq, 1);
    assert_int_equal(got->applicants->len, 1);
    const MpCaseApplicant *applicant = g_ptr_array_index(got->applicants, 0);
    assert_text(applicant->nip, "198001012006042999");
    assert_int_equal(applicant->outcome, MP_OUTCOME_RENEWED);
    assert_true(applicant->holds_certificate);
    const MpCaseDocument *document = g_ptr_array_index(got->documents, 0);
    assert_int_equal(document->bytes, 4096);
    assert_true(document->is_readable);
    assert_text(g_ptr_array_index(got->missing, 0), "sk-mutasi|sk-pengangkatan");
    assert_int_equal(got->doubts->len, 2);
    assert_text(g_ptr_array_index(got->doubts, 1), "bad-nik");
    assert_text(g_ptr_array_index(got->linked, 0), "SE-2026-000009");
    store->free(store);
}

static void
surplus_rows_go_when_a_case_shrinks(void **state)
{
    MpStore *store = open_memory();
    g_autoptr(MpCase) kase = new_case(NUMBER);
    g_autoptr(MpCase) got = NULL;

    (void)state;
    save_case(store, kase);
    g_ptr_array_set_size(kase->applicants, 0);
    g_ptr_array_set_size(kase->missing, 0);
    save_case(store, kase);
    got = store->case_load(store, NUMBER, NULL);
    assert_int_equal(got->applicants->len, 0);
    assert_int_equal(got->missing->len, 0);
    assert_int_equal(got->last_seq, 2);
    store->free(store);
}

static void
decision_on_an_old_case_is_refused(void **state)
{
    MpStore *store = open_memory();
    g_autoptr(MpCase) kase = new_case(NUMBER);
    g_autoptr(MpCase) stale = new_case(NUMBER);
    g_autoptr(GError) error = NULL;

    (void)state;
    save_case(store, kase);
    MUST(store->begin(store, &why));
    assert_false(store->case_save(store, stale, NULL, &error));
    assert_gerror(error, MP_ERROR_STORAGE);
    assert_contains(error->message, "changed meanwhile");
    store->free(store);
}

static void
unknown_case_is_null_without_error(void **state)
{
    MpStore *store = open_memory();
    g_autoptr(GError) error = NULL;

    (void)state;
    assert_null(store->case_load(store, "SE-2026-999999", &error));
    assert_no_gerror(error);
    store->free(store);
}

static void
event_comes_back_with_its_personal_values(void **state)
{
    MpStore *store = open_memory();
    g_autoptr(MpCase) kase = new_case(NUMBER);
    g_autoptr(GPtrArray) events = NULL;
    g_autoptr(GError) error = NULL;

    (void)state;
    save_case(store, kase);
    events = store->case_events(store, NUMBER, &error);
    assert_no_gerror(error);
    assert_int_equal(events->len, 1);
    const MpEvent *event = g_ptr_array_index(events, 0);
    assert_int_equal(event->seq, 1);
    assert_int_equal(event->at_utc, NOON);
    assert_text(event->kind, "opened");
    assert_text(event->actor, "requester");
    assert_text(event->address, "opd.umum@contohkab.go.id");
    assert_int_equal(event->trust, MP_TRUST_ALIGNED);
    assert_int_equal(event->mail, 7);
    assert_null(event->from_step);
    assert_text(event->to_step, "periksa");
    assert_text(event->note, "dua\nbaris");
    assert_text(mp_event_get(event, "name"), "Siti Aminah");
    assert_text(mp_event_get(event, "number"), NUMBER);
    assert_int_equal(g_hash_table_size(event->data), 2);
    store->free(store);
}

static void
numbers_count_by_prefix_and_year(void **state)
{
    MpStore *store = open_memory();
    g_autofree char *first = NULL;
    g_autofree char *second = NULL;
    g_autofree char *other = NULL;

    (void)state;
    MUST(store->begin(store, &why));
    first = store->case_number(store, "SE", 2026, NULL);
    second = store->case_number(store, "SE", 2026, NULL);
    other = store->case_number(store, "SE", 2027, NULL);
    MUST(store->commit(store, &why));
    assert_text(first, "SE-2026-000001");
    assert_text(second, "SE-2026-000002");
    assert_text(other, "SE-2027-000001");
    store->free(store);
}

static MpLedgerRow *
new_row(guint32 uid)
{
    MpLedgerRow *row = mp_ledger_row_new();

    row->mailbox = g_strdup("imaps://mail.contohkab.go.id/INBOX");
    row->uid_validity = 4000000000u;
    row->uid = uid;
    row->arrived_utc = NOON - uid;
    row->bytes = 30000;
    row->sha256 = g_strdup(HASH_A);
    row->message_id = g_strdup("a@contohkab.go.id");
    row->content_hash = g_strdup("hash");
    return row;
}

static void
ledger_row_walks_from_taken_to_acknowledged(void **state)
{
    MpStore *store = open_memory();
    MpLedgerRow *row = new_row(4294967295u);
    gboolean is_known = FALSE;

    (void)state;
    MUST(store->begin(store, &why));
    MUST(store->ledger_add(store, row, &why));
    MUST(store->ledger_begin(store, &row->id, 1, &why));
    MUST(store->commit(store, &why));
    MUST(store->ledger_has_uid(store, row->mailbox, 4000000000u, 4294967295u, &is_known, &why));
    assert_true(is_known);
    GPtrArray *taken = store->ledger_taken(store, 0, NULL, NULL);
    assert_int_equal(taken->len, 1);
    const MpLedgerRow *got = g_ptr_array_index(taken, 0);
    assert_int_equal(got->attempts, 1);
    assert_int_equal(got->uid, 4294967295u);
    assert_text(got->sha256, HASH_A);
    g_ptr_array_unref(taken);

    row->state = MP_LEDGER_IGNORED;
    row->reason = g_strdup("list mail");
    row->attempts = 1;
    MUST(store->begin(store, &why));
    MUST(store->ledger_update(store, row, &why));
    MUST(store->commit(store, &why));
    GPtrArray *waiting = store->ledger_unacknowledged(store, row->mailbox, 10, NULL);
    assert_int_equal(waiting->len, 1);
    g_ptr_array_unref(waiting);
    MUST(store->begin(store, &why));
    MUST(store->ledger_acknowledge(store, &row->id, 1, &why));
    MUST(store->commit(store, &why));
    waiting = store->ledger_unacknowledged(store, row->mailbox, 10, NULL);
    assert_int_equal(waiting->len, 0);
    g_ptr_array_unref(waiting);
    mp_ledger_row_free(row);
    store->free(store);
}

static void
same_uid_twice_is_refused(void **state)
{
    MpStore *store = open_memory();
    MpLedgerRow *row = new_row(7);
    g_autoptr(GError) error = NULL;

    (void)state;
    MUST(store->begin(store, &why));
    MUST(store->ledger_add(store, row, &why));
    assert_false(store->ledger_add(store, row, &error));
    assert_gerror(error, MP_ERROR_STORAGE);
    mp_ledger_row_free(row);
    store->free(store);
}

static void
outbox_row_keeps_head_body_and_documents(void **state)
{
    MpStore *store = open_memory();
    MpOutboxEntry *entry = mp_outbox_entry_new();
    MpOutboxDocument *document = g_new0(MpOutboxDocument, 1);
    g_autoptr(GError) error = NULL;

    (void)state;
    entry->template_ = g_strdup("diterima");
    entry->envelope_from = g_strdup("");
    entry->recipient = g_strdup("opd.umum@contohkab.go.id");
    entry->made_utc = NOON;
    entry->mail->message_id = g_strdup("x.1.y@contohkab.go.id");
    entry->mail->references = g_strdup("<a@b>");
    entry->mail->is_reply = TRUE;
    entry->mail->text = g_strdup("Yth. Bapak/Ibu\n");
    document->filename = g_strdup("surat.pdf");
    document->bytes = 12;
    g_ptr_array_add(entry->documents, document);
    MUST(store->begin(store, &why));
    MUST(store->outbox_add(store, entry, &why));
    MUST(store->commit(store, &why));
    assert_int_equal(store->outbox_next(store), NOON);
    GPtrArray *due = store->outbox_due(store, NOON, 10, &error);
    assert_no_gerror(error);
    assert_int_equal(due->len, 1);
    MpOutboxEntry *got = g_ptr_array_index(due, 0);
    assert_text(got->envelope_from, "");
    assert_text(got->mail->message_id, "x.1.y@contohkab.go.id");
    assert_text(got->mail->references, "<a@b>");
    assert_true(got->mail->is_reply);
    assert_null(got->mail->html);
    assert_int_equal(got->documents->len, 1);

    got->state = MP_OUTBOX_SENDING;
    got->tries = 1;
    MUST(store->begin(store, &why));
    MUST(store->outbox_move(store, got, MP_OUTBOX_QUEUED, &why));
    MUST(store->commit(store, &why));
    MUST(store->begin(store, &why));
    assert_false(store->outbox_move(store, got, MP_OUTBOX_QUEUED, &error));
    assert_gerror(error, MP_ERROR_STORAGE);
    assert_contains(error->message, "moved by someone else");
    store->rollback(store);
    assert_int_equal(store->outbox_next(store), 0);
    g_ptr_array_unref(due);
    mp_outbox_entry_free(entry);
    store->free(store);
}

static void
grant_is_spent_below_a_version(void **state)
{
    MpStore *store = open_memory();
    MpGrant *grant = mp_grant_new();
    MpGrant *got = NULL;

    (void)state;
    grant->hash = g_strdup(HASH_A);
    grant->recipient = g_strdup("ani@contohkab.go.id");
    grant->expires_utc = NOON;
    for (guint i = 2; i <= 3; i++) {
        MpGrantItem *item = g_new0(MpGrantItem, 1);

        item->case_number = g_strdup(NUMBER);
        item->step = g_strdup("periksa");
        item->version = i;
        g_ptr_array_add(grant->items, item);
    }
    MUST(store->begin(store, &why));
    MUST(store->grant_add(store, grant, &why));
    MUST(store->grant_spend(store, NUMBER, 3, &why));
    MUST(store->commit(store, &why));
    got = store->grant_find(store, HASH_A, NULL);
    assert_non_null(got);
    assert_text(got->recipient, "ani@contohkab.go.id");
    assert_true(((MpGrantItem *)g_ptr_array_index(got->items, 0))->is_spent);
    assert_false(((MpGrantItem *)g_ptr_array_index(got->items, 1))->is_spent);
    assert_null(store->grant_find(store, "no-such", NULL));
    mp_grant_free(grant);
    mp_grant_free(got);
    store->free(store);
}

static void
timers_come_in_their_order(void **state)
{
    MpStore *store = open_memory();
    g_autoptr(MpCase) kase = new_case(NUMBER);

    (void)state;
    save_case(store, kase);
    assert_int_equal(store->timer_next(store), 0);
    MUST(store->begin(store, &why));
    MUST(store->timer_set(store, NUMBER, "due", NOON + 2, &why));
    MUST(store->timer_set(store, NUMBER, "reminder", NOON + 1, &why));
    MUST(store->timer_set(store, NUMBER, "wake", NOON + 3, &why));
    MUST(store->timer_set(store, NUMBER, "wake", 0, &why));
    MUST(store->commit(store, &why));
    assert_int_equal(store->timer_next(store), NOON + 1);
    GPtrArray *due = store->timers_due(store, NOON + 2, 0, NULL);
    assert_int_equal(due->len, 2);
    assert_text(((MpTimerRow *)g_ptr_array_index(due, 0))->name, "reminder");
    g_ptr_array_unref(due);
    store->free(store);
}

static void
rations_marks_and_cursor_are_kept(void **state)
{
    MpStore *store = open_memory();
    guint count = 9;
    guint32 validity = 9;
    guint32 uid = 9;

    (void)state;
    MUST(store->cursor(store, "box", &validity, &uid, &why));
    assert_int_equal(validity + uid, 0);
    MUST(store->begin(store, &why));
    MUST(store->ration_add(store, "ack:a", NOON, &why));
    MUST(store->ration_add(store, "ack:a", NOON, &why));
    MUST(store->ration_add(store, "ack:b", NOON, &why));
    MUST(store->mark_set(store, "last-sweep", "now", &why));
    MUST(store->cursor_set(store, "box", 5, 77, &why));
    MUST(store->commit(store, &why));
    MUST(store->ration_count(store, "ack:a", NOON, &count, &why));
    assert_int_equal(count, 2);
    MUST(store->ration_count(store, "ack:a", NOON + 1, &count, &why));
    assert_int_equal(count, 0);
    g_autofree char *mark = store->mark_get(store, "last-sweep");
    assert_text(mark, "now");
    assert_null(store->mark_get(store, "none"));
    g_auto(GStrv) names = store->mark_names(store, "last-", NULL);
    g_auto(GStrv) none = store->mark_names(store, "%", NULL);

    assert_int_equal(g_strv_length(names), 1);
    assert_text(names[0], "last-sweep");
    assert_int_equal(g_strv_length(none), 0);
    MUST(store->cursor(store, "box", &validity, &uid, &why));
    assert_int_equal(uid, 77);
    store->free(store);
}

static guint
count_found(MpStore *store, MpCaseFilter filter)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(GPtrArray) found = store->case_find(store, &filter, &error);

    assert_no_gerror(error);
    return found->len;
}

static void
cases_are_found_by_what_people_remember(void **state)
{
    MpStore *store = open_memory();
    g_autoptr(MpCase) kase = new_case(NUMBER);

    (void)state;
    save_case(store, kase);
    assert_int_equal(count_found(store, (MpCaseFilter){.letter = "800/12/UMUM/2026"}), 1);
    assert_int_equal(count_found(store, (MpCaseFilter){.letter = "800/1/2/Umum/2026"}), 0);
    assert_int_equal(count_found(store, (MpCaseFilter){.nip = "198001012006042999"}), 1);
    assert_int_equal(count_found(store, (MpCaseFilter){.email = "siti@CONTOHKAB.go.id"}), 1);
    assert_int_equal(count_found(store, (MpCaseFilter){.name = "dr siti  aminah"}), 1);
    assert_int_equal(count_found(store, (MpCaseFilter){.name = "Siti Aminah, M.T."}), 1);
    assert_int_equal(count_found(store, (MpCaseFilter){.name = "Siti"}), 0);
    assert_int_equal(count_found(store, (MpCaseFilter){.requester = "opd.umum@contohkab.go.id"}),
                     1);
    assert_int_equal(count_found(store, (MpCaseFilter){.state = "open"}), 1);
    assert_int_equal(count_found(store, (MpCaseFilter){.state = "finished"}), 0);
    assert_int_equal(count_found(store, (MpCaseFilter){.service = "pembaruan", .step = "periksa"}),
                     1);
    assert_int_equal(count_found(store, (MpCaseFilter){.holder_role = "kabid"}), 0);
    assert_int_equal(count_found(store, (MpCaseFilter){.limit = 0}), 1);
    store->free(store);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(case_comes_back_as_saved),
        cmocka_unit_test(surplus_rows_go_when_a_case_shrinks),
        cmocka_unit_test(decision_on_an_old_case_is_refused),
        cmocka_unit_test(unknown_case_is_null_without_error),
        cmocka_unit_test(event_comes_back_with_its_personal_values),
        cmocka_unit_test(numbers_count_by_prefix_and_year),
        cmocka_unit_test(ledger_row_walks_from_taken_to_acknowledged),
        cmocka_unit_test(same_uid_twice_is_refused),
        cmocka_unit_test(outbox_row_keeps_head_body_and_documents),
        cmocka_unit_test(grant_is_spent_below_a_version),
        cmocka_unit_test(timers_come_in_their_order),
        cmocka_unit_test(rations_marks_and_cursor_are_kept),
        cmocka_unit_test(cases_are_found_by_what_people_remember),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

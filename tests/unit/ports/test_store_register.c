/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The register of certificates in the store: filled by what cases bring, rebuilt from them,
 * forgotten with the person. */

#include "unit/ports/store_fixture.h"

#include "ports/store-private.h"

#define OTHER "SE-2026-000002"
#define NIK "3399014101800001"
/* Noon of 23 November 2026. */
#define ISSUED_UTC ((gint64)1795410000 * G_USEC_PER_SEC)

static MpEvent *
add_outcome(GPtrArray *events, const char *n, const char *outcome, const char *until)
{
    MpEvent *event = add_event(events, "outcome", "bsre");

    mp_event_set(event, "n", n);
    mp_event_set(event, "outcome", outcome);
    mp_event_set(event, "valid_until", until);
    return event;
}

/* A case of one person that ends with an outcome; saved whole. */
static void
save_outcome(MpStore *store,
             const char *number,
             const char *nip,
             const char *outcome,
             const char *until,
             gint64 at_utc)
{
    g_autoptr(GPtrArray) events = g_ptr_array_new_with_free_func(free_event);
    MpEvent *opened = add_event(events, "opened", "requester");
    MpEvent *applicant = add_event(events, "applicant", "requester");
    g_autoptr(GError) error = NULL;
    g_autoptr(MpCase) kase = NULL;

    opened->to_step = g_strdup("periksa");
    mp_event_set(opened, "number", number);
    mp_event_set(opened, "service", "pembaruan");
    mp_event_set(opened, "sop", "mamuju-pembaruan");
    mp_event_set(applicant, "n", "1");
    mp_event_set(applicant, "name", "Siti Aminah, S.Kom");
    mp_event_set(applicant, "nip", nip);
    mp_event_set(applicant, "email", "Siti.Aminah@contohkab.go.id");
    mp_event_set(applicant, "position", "Kepala Subbagian");
    mp_event_set(applicant, "unit", "Dinas Kesehatan");
    mp_event_set(applicant, "valid_until", "2026-12-01");
    add_outcome(events, "1", outcome, until)->at_utc = at_utc;
    kase = mp_case_fold(events, &error);
    assert_no_gerror(error);
    MUST(store->begin(store, &why));
    MUST(store->case_save(store, kase, events, &why));
    MUST(store->commit(store, &why));
}

static GPtrArray *
find(MpStore *store, MpRegisterFilter filter)
{
    g_autoptr(GError) error = NULL;
    GPtrArray *found = store->register_find(store, &filter, &error);

    assert_no_gerror(error);
    return found;
}

static MpHolder *
only(MpStore *store)
{
    g_autoptr(GPtrArray) found = find(store, (MpRegisterFilter){0});

    assert_int_equal(found->len, 1);
    return g_ptr_array_steal_index(found, 0);
}

static void
import(MpStore *store, MpHolder holder)
{
    MUST(store->begin(store, &why));
    MUST(store->register_import(store, &holder, &why));
    MUST(store->commit(store, &why));
}

/* --- filled by cases --- */

static void
outcome_enters_the_holder(void **state)
{
    MpStore *store = open_store_at(":memory:");

    (void)state;
    save_outcome(store, NUMBER, NIP, "issued", "2028-11-20", ISSUED_UTC);
    g_autoptr(MpHolder) holder = only(store);
    assert_text(holder->name, "Siti Aminah, S.Kom");
    assert_text(holder->nip, NIP);
    assert_text(holder->email, "siti.aminah@contohkab.go.id");
    assert_text(holder->unit, "Dinas Kesehatan");
    assert_text(holder->position, "Kepala Subbagian");
    assert_int_equal(holder->state, MP_HOLDER_ACTIVE);
    assert_text(holder->valid_until, "2028-11-20");
    assert_false(holder->is_guess);
    assert_text(holder->case_number, NUMBER);
    store->free(store);
}

/* The letter's date is the end of the certificate before. */
static void
date_nobody_told_is_a_marked_guess(void **state)
{
    MpStore *store = open_store_at(":memory:");
    gint64 leap_day = (gint64)1835369999 * G_USEC_PER_SEC; /* 2028-02-28 23.59.59 in GMT+7 */

    (void)state;
    save_outcome(store, NUMBER, NIP, "renewed", NULL, leap_day);
    g_autoptr(MpHolder) holder = only(store);
    assert_true(holder->is_guess);
    assert_text(holder->valid_from, "2028-02-28");
    assert_text(holder->valid_until, "2030-02-28");
    store->free(store);
}

static void
leap_day_ends_two_years_later_on_the_28th(void **state)
{
    MpStore *store = open_store_at(":memory:");

    (void)state;
    save_outcome(store, NUMBER, NIP, "issued", NULL, (gint64)1835370000 * G_USEC_PER_SEC);
    g_autoptr(MpHolder) holder = only(store);
    assert_text(holder->valid_from, "2028-02-29");
    assert_text(holder->valid_until, "2030-02-28");
    store->free(store);
}

typedef struct {
    const char *name;
    const char *second; /* outcome of the later case */
    MpHolderState holder, first;
} LaterRow;

static const LaterRow later_rows[] = {
    {"renewal follows a certificate", "renewed", MP_HOLDER_ACTIVE, MP_HOLDER_RENEWED},
    {"revocation ends a certificate", "revoked", MP_HOLDER_REVOKED, MP_HOLDER_REVOKED},
    {"data change leaves a certificate", "changed", MP_HOLDER_ACTIVE, MP_HOLDER_ACTIVE},
    {"refusal leaves a certificate", "rejected", MP_HOLDER_ACTIVE, MP_HOLDER_ACTIVE},
};

static void
later_case_row(void **state)
{
    const LaterRow *row = *state;
    MpStore *store = open_store_at(":memory:");

    save_outcome(store, NUMBER, NIP, "issued", "2028-11-20", ISSUED_UTC);
    /* A revocation letter names no NIP. */
    save_outcome(store, OTHER, NULL, row->second, NULL, ISSUED_UTC + G_TIME_SPAN_DAY);
    g_autoptr(MpHolder) holder = only(store);
    g_autoptr(GPtrArray) history = store->register_history(store, holder->id, NULL);
    const MpHolder *first = g_ptr_array_index(history, 0);

    assert_int_equal(holder->state, row->holder);
    assert_int_equal(first->state, row->first);
    assert_int_equal(first->outcome, MP_OUTCOME_ISSUED);
    assert_int_equal(history->len, strcmp(row->second, "rejected") == 0 ? 1 : 2);
    assert_text(holder->nip, NIP);
    store->free(store);
}

static void
two_people_of_one_name_stay_two(void **state)
{
    MpStore *store = open_store_at(":memory:");

    (void)state;
    save_outcome(store, NUMBER, NIP, "issued", "2028-11-20", ISSUED_UTC);
    save_outcome(store, OTHER, "197902022005011999", "issued", "2028-11-21", ISSUED_UTC);
    g_autoptr(GPtrArray) found = find(store, (MpRegisterFilter){0});
    assert_int_equal(found->len, 2);
    store->free(store);
}

static char *
dump(MpStore *store)
{
    g_autoptr(GPtrArray) found = find(store, (MpRegisterFilter){.by_id = TRUE});
    GString *out = g_string_new(NULL);

    for (guint i = 0; i < found->len; i++) {
        for (const MpField *field = mp_holder_fields; field->column != NULL; field++) {
            g_autofree char *text = mp_fields_format(field, g_ptr_array_index(found, i));

            g_string_append_printf(out, "%s=%s ", field->column, text ? text : "-");
        }
        g_string_append_c(out, '\n');
    }
    return g_string_free(out, FALSE);
}

static void
register_is_rebuilt_from_events(void **state)
{
    MpStore *store = open_store_at(":memory:");
    MpStoreSqlite *self = (MpStoreSqlite *)store;

    (void)state;
    save_outcome(store, NUMBER, NIP, "issued", "2028-11-20", ISSUED_UTC);
    save_outcome(store, OTHER, NULL, "revoked", NULL, ISSUED_UTC + G_TIME_SPAN_DAY);
    g_autofree char *before = dump(store);
    MUST(mp_sql_exec(self->db, "test", "DELETE FROM tenure; DELETE FROM holder", &why));
    g_autofree char *empty = dump(store);
    assert_text(empty, "");
    MUST(store->begin(store, &why));
    MUST(store->case_rebuild(store, NULL, &why));
    MUST(store->commit(store, &why));
    g_autofree char *after = dump(store);
    assert_text(after, before);
    /* Twice is once. */
    MUST(store->begin(store, &why));
    MUST(store->case_rebuild(store, NULL, &why));
    MUST(store->commit(store, &why));
    g_autofree char *again = dump(store);
    assert_text(again, before);
    store->free(store);
}

/* --- erasing --- */

static void
erased_case_takes_its_holder_along(void **state)
{
    MpStore *store = open_store_at(":memory:");
    guint values = 0;

    (void)state;
    save_outcome(store, NUMBER, NIP, "issued", "2028-11-20", ISSUED_UTC);
    MUST(store->begin(store, &why));
    MUST(store->erase(store, NUMBER, NULL, &values, &why));
    MUST(store->commit(store, &why));
    g_autoptr(GPtrArray) found = find(store, (MpRegisterFilter){0});
    assert_int_equal(found->len, 0);
    g_autoptr(GPtrArray) words = mp_sql_texts(store, "SELECT word FROM holder_word", NULL, NULL);
    assert_int_equal(words->len, 0);
    store->free(store);
}

static void
erased_person_leaves_no_imported_row(void **state)
{
    MpStore *store = open_store_at(":memory:");
    guint values = 0;

    (void)state;
    import(store,
           (MpHolder){.name = (char *)"Siti Aminah",
                      .nip = (char *)NIP,
                      .valid_until = (char *)"2027-01-01"});
    import(store, (MpHolder){.name = (char *)"Budi", .valid_until = (char *)"2027-01-01"});
    save_outcome(store, NUMBER, NIP, "renewed", "2028-11-20", ISSUED_UTC);
    MUST(store->begin(store, &why));
    MUST(store->erase(store, NULL, NIP, &values, &why));
    MUST(store->commit(store, &why));
    g_autoptr(MpHolder) left = only(store);
    assert_text(left->name, "Budi");
    store->free(store);
}

/* --- importing --- */

static void
import_twice_is_once(void **state)
{
    MpStore *store = open_store_at(":memory:");
    MpHolder one = {.name = (char *)"Siti Aminah",
                    .nip = (char *)NIP,
                    .nik = (char *)NIK,
                    .valid_until = (char *)"2027-01-01"};

    (void)state;
    import(store, one);
    one.position = (char *)"Camat";
    import(store, one);
    g_autoptr(MpHolder) holder = only(store);
    g_autoptr(GPtrArray) history = store->register_history(store, holder->id, NULL);
    assert_int_equal(history->len, 1);
    assert_text(holder->position, "Camat");
    assert_int_equal(holder->state, MP_HOLDER_ACTIVE);
    store->free(store);
}

static void
imported_certificate_is_renewed_by_a_case(void **state)
{
    MpStore *store = open_store_at(":memory:");

    (void)state;
    import(store,
           (MpHolder){.name = (char *)"Siti Aminah",
                      .nip = (char *)NIP,
                      .valid_until = (char *)"2026-12-01"});
    save_outcome(store, NUMBER, NIP, "renewed", "2028-11-20", ISSUED_UTC);
    g_autoptr(MpHolder) holder = only(store);
    g_autoptr(GPtrArray) history = store->register_history(store, holder->id, NULL);
    assert_text(holder->valid_until, "2028-11-20");
    assert_int_equal(history->len, 2);
    assert_int_equal(((MpHolder *)g_ptr_array_index(history, 0))->state, MP_HOLDER_RENEWED);
    store->free(store);
}

static void
import_of_what_a_case_brought_changes_nothing(void **state)
{
    MpStore *store = open_store_at(":memory:");

    (void)state;
    save_outcome(store, NUMBER, NIP, "issued", "2028-11-20", ISSUED_UTC);
    import(store,
           (MpHolder){
               .name = (char *)"Siti", .nip = (char *)NIP, .valid_until = (char *)"2028-11-20"});
    g_autoptr(MpHolder) holder = only(store);
    g_autoptr(GPtrArray) history = store->register_history(store, holder->id, NULL);
    assert_int_equal(history->len, 1);
    assert_text(holder->name, "Siti Aminah, S.Kom");
    store->free(store);
}

/* --- who is meant --- */

static void
applicant_is_matched(void **state)
{
    MpStore *store = open_store_at(":memory:");
    MpCaseApplicant by_nip = {.name = (char *)"S. Aminah", .nip = (char *)NIP};
    MpCaseApplicant by_name = {.name = (char *)"SITI  AMINAH", .unit = (char *)"dinas kesehatan"};
    MpCaseApplicant elsewhere = {.name = (char *)"Siti Aminah", .unit = (char *)"Dinas Sosial"};
    MpCaseApplicant other_nip = {.name = (char *)"Siti Aminah",
                                 .nip = (char *)"197902022005011999"};

    (void)state;
    import(store,
           (MpHolder){.name = (char *)"Siti Aminah",
                      .unit = (char *)"Dinas Kesehatan",
                      .nip = (char *)NIP,
                      .valid_until = (char *)"2027-02-01"});
    g_autoptr(MpHolder) a = store->register_match(store, &by_nip, NULL);
    g_autoptr(MpHolder) b = store->register_match(store, &by_name, NULL);
    g_autoptr(MpHolder) c = store->register_match(store, &elsewhere, NULL);
    g_autoptr(MpHolder) d = store->register_match(store, &other_nip, NULL);
    assert_non_null(a);
    assert_non_null(b);
    assert_null(c);
    assert_null(d);
    store->free(store);
}

typedef struct {
    const char *name;
    MpHolder known, next;
    gboolean is_same;
} TwoRow;

#define C(text) ((char *)(text))
#define NEXT_NIP "197902022005011999"

static const TwoRow two_rows[] = {
    {"a NIK beside another NIP",
     {.name = C("Siti Aminah"), .nip = C(NIP), .nik = C(NIK)},
     {.name = C("Joko Susilo"), .nip = C(NEXT_NIP), .nik = C(NIK)},
     FALSE},
    {"a NIK beside a NIP not known before",
     {.name = C("Siti Aminah"), .nik = C(NIK)},
     {.name = C("Siti Aminah"), .nip = C(NIP), .nik = C(NIK)},
     TRUE},
    {"a name with other degrees",
     {.name = C("Rangga Prasetya, S.Kom.")},
     {.name = C("Rangga Prasetya, S.H.")},
     FALSE},
    {"a name with the same degrees, written otherwise",
     {.name = C("Rangga Prasetya, S.Kom.")},
     {.name = C("Rangga Prasetya, s. kom")},
     TRUE},
    {"a name without degrees",
     {.name = C("Rangga Prasetya, S.Kom.")},
     {.name = C("Rangga Prasetya")},
     TRUE},
    {"a name at another address",
     {.name = C("Rangga Prasetya"), .email = C("rangga@contohkab.go.id")},
     {.name = C("Rangga Prasetya"), .email = C("rangga.p@contohkab.go.id")},
     FALSE},
    {"a name at the same address",
     {.name = C("Rangga Prasetya"), .email = C("rangga@contohkab.go.id")},
     {.name = C("Rangga Prasetya"), .email = C("Rangga@contohkab.go.id")},
     TRUE},
};

static void
two_people_stay_two(void **state)
{
    (void)state;
    for (guint i = 0; i < G_N_ELEMENTS(two_rows); i++) {
        const TwoRow *row = &two_rows[i];
        MpStore *store = open_store_at(":memory:");
        const MpCaseApplicant next = {.name = row->next.name,
                                      .nip = row->next.nip,
                                      .nik = row->next.nik,
                                      .email = row->next.email};

        MpHolder known = row->known;

        known.valid_until = (char *)"2027-02-01";
        import(store, known);
        g_autoptr(MpHolder) found = store->register_match(store, &next, NULL);
        print_message("%s\n", row->name);
        assert_int_equal(found != NULL, row->is_same);
        store->free(store);
    }
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(outcome_enters_the_holder),
        cmocka_unit_test(date_nobody_told_is_a_marked_guess),
        cmocka_unit_test(leap_day_ends_two_years_later_on_the_28th),
        cmocka_unit_test(two_people_of_one_name_stay_two),
        cmocka_unit_test(register_is_rebuilt_from_events),
        cmocka_unit_test(erased_case_takes_its_holder_along),
        cmocka_unit_test(erased_person_leaves_no_imported_row),
        cmocka_unit_test(import_twice_is_once),
        cmocka_unit_test(imported_certificate_is_renewed_by_a_case),
        cmocka_unit_test(import_of_what_a_case_brought_changes_nothing),
        cmocka_unit_test(applicant_is_matched),
        cmocka_unit_test(two_people_stay_two),
    };

    return run_rows("later cases", later_rows, later_case_row) +
           cmocka_run_group_tests(tests, NULL, NULL);
}

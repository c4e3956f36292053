/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A case in the words of a notice: what is masked, what is empty, which steps are drawn where. */
#include "notify/notify-private.h"
#include "support/asserts.h"

static const MpNotifyOffice office = {.office_name = "Dinas\nKominfo",
                                      .service_name = "Layanan TTE",
                                      .office_address = "layanan-tte@contohkab.go.id"};

/* --- steps
 * ---------------------------------------------------------------------------------------- */

typedef struct {
    const char *name;
    const char *step;
    MpCaseState state;
    const char *want; /* ids: "x" done, ">" now, "." next */
} StepRow;

static const StepRow step_rows[] = {
    {"at the first step", "satu", MP_CASE_OPEN, ">satu .dua .tiga"},
    {"in the middle", "dua", MP_CASE_WAITING, "xsatu >dua .tiga"},
    {"at the last step", "tiga", MP_CASE_OPEN, "xsatu xdua >tiga"},
    {"finished", "akhir", MP_CASE_FINISHED, "xsatu xdua xtiga"},
    {"an added step stands before the one it leads back to",
     "lengkapi",
     MP_CASE_WAITING,
     "xsatu >lengkapi .dua .tiga"},
    {"an added step that leads nowhere but back stands last",
     "buntu",
     MP_CASE_WAITING,
     "xsatu xdua xtiga >buntu"},
    {"refused", "ditolak", MP_CASE_REFUSED, ""},
    {"a step that is not in the procedure", "entah", MP_CASE_OPEN, ""},
    {"no step", NULL, MP_CASE_OPEN, ""},
};

/* The activity of each step is its id. */
static const MpSopStep steps[] = {
    {.id = (char *)"satu", .activity = (char *)"satu", .actor = (char *)"kabid"},
    {.id = (char *)"dua", .activity = (char *)"dua", .actor = (char *)"bsre"},
    {.id = (char *)"tiga", .activity = (char *)"tiga", .actor = (char *)"verifikator"},
    {.id = (char *)"akhir", .activity = (char *)"akhir", .is_end = TRUE},
    {.id = (char *)"lengkapi", .activity = (char *)"lengkapi", .is_addition = TRUE},
    {.id = (char *)"buntu", .activity = (char *)"buntu", .is_addition = TRUE},
    {.id = (char *)"ditolak", .activity = (char *)"ditolak", .is_addition = TRUE, .is_end = TRUE},
};

static const MpSopRow rows[] = {
    {.step = (char *)"satu", .next = (char *)"lengkapi"},
    {.step = (char *)"lengkapi", .next = (char *)"lengkapi"},
    {.step = (char *)"lengkapi", .next = (char *)"ditolak"},
    {.step = (char *)"lengkapi", .next = (char *)"tiga"},
    {.step = (char *)"lengkapi", .next = (char *)"dua"},
    {.step = (char *)"buntu", .next = (char *)"akhir"},
    {.step = (char *)"buntu", .event = (char *)"KEMBALIKAN", .next = (char *)"tiga"},
};

static MpSop *
make_sop(void)
{
    MpSop *sop = g_new0(MpSop, 1);

    sop->steps = g_ptr_array_new();
    sop->rows = g_ptr_array_new();
    for (gsize i = 0; i < G_N_ELEMENTS(steps); i++)
        g_ptr_array_add(sop->steps, (gpointer)&steps[i]);
    for (gsize i = 0; i < G_N_ELEMENTS(rows); i++)
        g_ptr_array_add(sop->rows, (gpointer)&rows[i]);
    return sop;
}

static void
free_sop(MpSop *sop)
{
    g_ptr_array_unref(sop->steps);
    g_ptr_array_unref(sop->rows);
    g_free(sop);
}

static const char *
text_of(const MpValue *map, const char *key)
{
    const MpValue *value = g_hash_table_lookup(map->entries, key);

    assert_non_null(value);
    assert_int_equal(value->kind, MP_VALUE_TEXT);
    return value->text;
}

static gboolean
truth_of(const MpValue *map, const char *key)
{
    return mp_value_is_true(g_hash_table_lookup(map->entries, key));
}

static void
test_steps(void **state)
{
    const StepRow *row = *state;
    g_autoptr(MpCase) kase = mp_case_new();
    MpSop *sop = make_sop();
    g_autoptr(GString) got = g_string_new(NULL);
    MpValue *list;

    kase->step = g_strdup(row->step);
    kase->state = row->state;
    list = mp_notify_steps(&office, sop, kase);
    for (guint i = 0; i < list->items->len; i++) {
        const MpValue *map = g_ptr_array_index(list->items, i);
        char mark = truth_of(map, "sudah") ? 'x' : truth_of(map, "kini") ? '>' : '.';
        g_autofree char *number = g_strdup_printf("%u", i + 1);

        assert_int_equal(truth_of(map, "sudah") + truth_of(map, "kini") + truth_of(map, "nanti"),
                         1);
        assert_text(text_of(map, "no_langkah"), number);
        g_string_append_printf(got, "%s%c%s", i > 0 ? " " : "", mark, text_of(map, "kegiatan"));
    }
    assert_text(got->str, row->want);
    mp_value_free(list);
    free_sop(sop);
}

/* --- the case
 * ---------------------------------------------------------------------------------------- */

static MpCaseApplicant *
applicant(guint n)
{
    MpCaseApplicant *made = mp_case_applicant_new();

    made->n = n;
    made->name = g_strdup("Dewi\r\nBcc: x");
    made->nip = g_strdup("199001012015011999");
    made->nik = g_strdup("3399010203900001");
    made->outcome = n == 1 ? MP_OUTCOME_REVOKED : MP_OUTCOME_NONE;
    return made;
}

static void
test_case(void **state)
{
    g_autoptr(MpCase) kase = mp_case_new();
    g_autoptr(MpValue) context = NULL;
    const MpValue *person;

    (void)state;
    kase->number = g_strdup("SE-2026-000123");
    kase->service = g_strdup("pencabutan");
    kase->holder_role = g_strdup("verifikator");
    kase->requester_address = g_strdup("dinkes@contohkab.go.id");
    g_ptr_array_add(kase->applicants, applicant(1));
    g_ptr_array_add(kase->applicants, applicant(2));
    context = mp_notify_case_context(&office, NULL, kase, 2, 0);
    assert_text(text_of(context, "kantor"), "Dinas Kominfo");
    assert_text(text_of(context, "layanan"), "Pencabutan Sertifikat Elektronik");
    assert_text(text_of(context, "pengaju"), "dinkes@contohkab.go.id");
    assert_text(text_of(context, "bola"), "Bola di: Verifikator");
    assert_text(text_of(context, "jumlah_orang"), "2");
    assert_text(text_of(context, "jumlah_kurang"), "");
    assert_text(text_of(context, "surat"), "");
    person = g_hash_table_lookup(context->entries, "pemohon");
    assert_text(text_of(person, "no"), "2");
    assert_text(text_of(person, "nama"), "Dewi Bcc: x");
    assert_text(text_of(person, "nip"), "••••••••••••••1999");
    assert_text(text_of(person, "nik"), "••••••••••••0001");
    assert_text(text_of(person, "hasil"), "belum ada hasil");
    assert_false(truth_of(person, "orang_gagal"));
    person = g_ptr_array_index(
        ((const MpValue *)g_hash_table_lookup(context->entries, "orang"))->items, 0);
    assert_true(truth_of(person, "orang_berhasil") && truth_of(person, "hasil_dicabut"));
    assert_false(truth_of(person, "hasil_terbit"));
}

static void
test_closed(void **state)
{
    g_autoptr(MpCase) kase = mp_case_new();
    g_autoptr(MpValue) context = NULL;

    (void)state;
    kase->state = MP_CASE_REFUSED;
    kase->holder_role = g_strdup("verifikator");
    context = mp_notify_case_context(&office, NULL, kase, 0, 0);
    assert_text(text_of(context, "bola"), "");
    assert_text(text_of(context, "keadaan"), "ditolak");
    assert_null(g_hash_table_lookup(context->entries, "pemohon"));
}

typedef struct {
    const char *name;
    MpOutcome outcome;
    const char *valid_until, *want;
} ValidRow;

/* The outcome came on 20 November 2026. */
static const ValidRow valid_rows[] = {
    {"a new certificate", MP_OUTCOME_ISSUED, "2028-11-20", "20 November 2028"},
    {"the end of the old certificate is not said of the new one",
     MP_OUTCOME_RENEWED,
     "2026-11-30",
     ""},
    {"an end 59 days away", MP_OUTCOME_RENEWED, "2027-01-18", ""},
    {"an end 61 days away", MP_OUTCOME_RENEWED, "2027-01-20", "20 Januari 2027"},
    {"before the outcome the present end is said",
     MP_OUTCOME_NONE,
     "2026-11-30",
     "30 November 2026"},
    {"no end", MP_OUTCOME_ISSUED, NULL, ""},
};

static void
test_valid(void **state)
{
    const ValidRow *row = *state;
    GTimeZone *zone = g_time_zone_new_identifier("Asia/Jakarta");
    g_autoptr(MpCalendar) calendar = mp_calendar_new(zone, "mon-fri 08:00-16:00", NULL);
    MpNotifyOffice with_calendar = office;
    g_autoptr(MpCase) kase = mp_case_new();
    MpCaseApplicant *person = applicant(1);
    g_autoptr(MpValue) context = NULL;

    g_time_zone_unref(zone);
    with_calendar.calendar = calendar;
    person->outcome = row->outcome;
    person->outcome_utc = 1795140840 * G_TIME_SPAN_SECOND;
    person->valid_until = g_strdup(row->valid_until);
    g_ptr_array_add(kase->applicants, person);
    context = mp_notify_case_context(&with_calendar, NULL, kase, 1, 0);
    assert_text(text_of(g_hash_table_lookup(context->entries, "pemohon"), "berlaku_sampai"),
                row->want);
}

/* --- the table of names
 * ---------------------------------------------------------------------------- */

/* Every key that the context of a case sets is a name that templates may use, of the same kind. */
static void
assert_known(const MpValue *map, const char *inside)
{
    GHashTableIter iter;
    gpointer key, item;

    g_hash_table_iter_init(&iter, map->entries);
    while (g_hash_table_iter_next(&iter, &key, &item)) {
        const MpName *name = mp_names_find(key);
        const MpValue *value = item;

        if (name == NULL)
            fail_msg("'%s' is not in the table", (const char *)key);
        assert_int_equal(name->kind, value->kind);
        assert_true(inside == NULL ? name->inside[0] == '\0' : mp_names_lives_in(name, inside));
        if (value->kind == MP_VALUE_MAP)
            assert_known(value, key);
        if (value->kind == MP_VALUE_LIST && value->items->len > 0)
            assert_known(g_ptr_array_index(value->items, 0), key);
    }
}

static void
test_names_of_context(void **state)
{
    g_autoptr(MpCase) kase = mp_case_new();
    g_autoptr(MpValue) context = NULL;
    MpSop *sop = make_sop();

    (void)state;
    kase->step = g_strdup("dua");
    g_ptr_array_add(kase->applicants, applicant(1));
    g_ptr_array_add(kase->documents, mp_case_document_new());
    g_ptr_array_add(kase->missing, g_strdup("ktp"));
    g_ptr_array_add(kase->doubts, g_strdup("bad-nip"));
    g_ptr_array_add(kase->linked, g_strdup("SE-2026-000124"));
    context = mp_notify_case_context(&office, sop, kase, 1, 0);
    assert_known(context, NULL);
    free_sop(sop);
}

static void
test_names_are_once(void **state)
{
    (void)state;
    for (const MpName *a = mp_names; a->name != NULL; a++) {
        assert_true(a->doc != NULL && a->doc[0] != '\0');
        for (const MpName *b = a + 1; b->name != NULL; b++)
            assert_string_not_equal(a->name, b->name);
    }
}

/* mailproc-templates(5) has an item for each name, and no other. */
static void
test_names_of_man(void **state)
{
    g_autofree char *path =
        g_build_filename(MP_SOURCE_DIR, "mailproc", "man", "mailproc-templates.5", NULL);
    g_autofree char *text = NULL;
    g_auto(GStrv) lines = NULL;
    guint items = 0, names = 0;

    (void)state;
    assert_true(g_file_get_contents(path, &text, NULL, NULL));
    for (const MpName *name = mp_names; name->name != NULL; name++, names++) {
        g_autofree char *item = g_strdup_printf("\n.It Va %s\n", name->name);

        assert_contains(text, item);
    }
    lines = g_strsplit(text, "\n", -1);
    for (gsize i = 0; lines[i] != NULL; i++)
        items += g_str_has_prefix(lines[i], ".It Va ");
    assert_int_equal(items, names);
}

/* --- titles
 * --------------------------------------------------------------------------------------------- */

typedef struct {
    const char *name;
    const char *requirement, *want;
} TitleRow;

static const TitleRow title_rows[] = {
    {"one document", "sk-mutasi", "SK Mutasi"},
    {"two to choose from", "sk-mutasi|sk-pengangkatan", "SK Mutasi atau SK Pengangkatan"},
    {"three to choose from",
     "sk-pensiun|sk-pemberhentian|surat-pernyataan",
     "SK Pensiun, SK Pemberhentian atau Surat Pernyataan"},
    {"one for each person", "per-applicant:ktp", "Pindai KTP setiap pemohon"},
    {"a kind that is not known", "surat-lain", "surat-lain"},
    {"nothing", NULL, ""},
};

static void
test_title(void **state)
{
    const TitleRow *row = *state;
    g_autofree char *got = mp_notify_requirement_title(row->requirement);

    assert_text(got, row->want);
}

static void
test_every_value_has_words(void **state)
{
    (void)state;
    for (guint i = 0; i < MP_OUTCOME_N; i++)
        assert_true(mp_notify_outcome_title((MpOutcome)i)[0] != '\0');
    for (guint i = 0; i < MP_CASE_STATE_N; i++)
        assert_true(mp_notify_state_title((MpCaseState)i)[0] != '\0');
    assert_text(mp_notify_service_title("lain"), "lain");
    assert_text(mp_notify_role_title(NULL, "kepala-dinas"), "Kepala Dinas");
    assert_text(mp_notify_role_title(NULL, "lurah"), "lurah");
    assert_null(mp_notify_doubt_sentence("rule-limit"));
    assert_text(mp_notify_verb_meaning("TERUSKAN"), "meneruskan ke tahap berikutnya");
    assert_null(mp_notify_verb_meaning("teruskan"));
}

int
main(void)
{
    static const struct CMUnitTest single[] = {
        {"an open case", test_case, NULL, NULL, NULL},
        {"a closed case has no holder", test_closed, NULL, NULL, NULL},
        {"the context knows only names of the table", test_names_of_context, NULL, NULL, NULL},
        {"each name is there once and explained", test_names_are_once, NULL, NULL, NULL},
        {"the man page explains the same names", test_names_of_man, NULL, NULL, NULL},
        {"every outcome and state has words", test_every_value_has_words, NULL, NULL, NULL},
    };
    int failed = run_rows("steps", step_rows, test_steps);

    failed += run_rows("validity", valid_rows, test_valid);
    failed += run_rows("requirements", title_rows, test_title);
    return failed + cmocka_run_group_tests(single, NULL, NULL);
}

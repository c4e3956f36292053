/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The papers of a case, read again from their PDF. */
#include "letters.h"

#include <poppler.h>

static MpReportOffice
words_of(const Office *office)
{
    return (MpReportOffice){.office_name = "Dinas Komunikasi Kabupaten Contoh",
                            .service_name = "Layanan Sertifikat Elektronik",
                            .calendar = office->calendar};
}

/* As the templates of the office would give them. */
#define WORDS                                                                                      \
    "Kepada: Kepala Balai Besar Sertifikasi Elektronik (BSrE)\nHal: Pemberitahuan\n\n"             \
    "Sehubungan dengan surat Bagian Umum Nomor 800/1/2026:\n\n[tabel]\n\nTerima kasih.\n"

static GBytes *
draw(const Told *told, const char *name, GError **error)
{
    const MpReportOffice words = words_of(told->office);

    return mp_report_paper(&words,
                           name,
                           strcmp(name, "kartu-kendali") == 0 ? NULL : WORDS,
                           told->kase,
                           told->events,
                           told->sop,
                           walk_time(told->office->calendar, "2026-11-20T09:14:00"),
                           error);
}

/* All text, line ends as blanks. */
static char *
read_pdf(GBytes *pdf, int *pages_out)
{
    g_autoptr(GError) error = NULL;
    PopplerDocument *document = poppler_document_new_from_bytes(pdf, NULL, &error);
    GString *text = g_string_new(NULL);

    assert_no_gerror(error);
    *pages_out = poppler_document_get_n_pages(document);
    for (int i = 0; i < *pages_out; i++) {
        PopplerPage *page = poppler_document_get_page(document, i);
        g_autofree char *page_text = poppler_page_get_text(page);

        g_string_append(text, page_text);
        g_string_append_c(text, '\n');
        g_object_unref(page);
    }
    g_object_unref(document);
    g_strdelimit(text->str, "\n", ' ');
    return g_string_free(text, FALSE);
}

/* --- what stands in each --- */

typedef struct {
    const char *name, *paper;
    const char *parts[6];
} Row;

static const Row rows[] = {
    {"the control card names letter, steps and times",
     "kartu-kendali",
     {"KARTU KENDALI",
      "SE-2026-000001",
      "800/1/2026",
      "Mengunggah surat rekomendasi",
      "15 menit",
      "16 November 2026"}},
    {"the recommendation names the applicant and BSrE",
     "surat-rekomendasi",
     {"Balai Besar Sertifikasi Elektronik",
      "Rangga Prasetya, S.Kom.",
      "1999",
      "Dinas Kesehatan",
      "Konsep untuk SE-2026-000001",
      "Kepala Dinas,"}},
    {"the notice names the outcome",
     "surat-pemberitahuan",
     {"Bagian Umum", "Rangga Prasetya, S.Kom.", "dicabut", "Pemberitahuan", "800/1/2026", "NIP"}},
};

static void
test_paper(void **state)
{
    const Row *row = *state;
    Office *office = office_new();
    Told *told = office_revocation(office, "Dinas Kesehatan", "2026-11-16", "T08:10:00");
    g_autoptr(GError) error = NULL;
    g_autoptr(GBytes) pdf = draw(told, row->paper, &error);
    g_autoptr(GBytes) again = NULL;
    g_autofree char *text = NULL;
    int pages = 0;

    assert_no_gerror(error);
    again = draw(told, row->paper, &error);
    assert_no_gerror(error);
    assert_true(g_bytes_equal(pdf, again));
    text = read_pdf(pdf, &pages);
    assert_int_equal(pages, 1);
    for (gsize i = 0; i < G_N_ELEMENTS(row->parts); i++)
        assert_contains(text, row->parts[i]);
    assert_lacks(text, "199002142015021999");
    assert_lacks(text, "3399011402900001");
    told_free(told);
    office_free(office);
}

/* --- edges --- */

static int
set_up(void **state)
{
    Office *office = office_new();

    *state = office_letter(office, office->revocation, "Dinas A", "2026-11-16T08:00:00");
    return 0;
}

static int
tear_down(void **state)
{
    Told *told = *state;
    Office *office = told->office;

    told_free(told);
    office_free(office);
    return 0;
}

static void
test_unknown(void **state)
{
    g_autoptr(GError) error = NULL;

    assert_null(draw(*state, "kartu-kendall", &error));
    assert_gerror(error, MP_ERROR_INPUT);
    assert_contains(error->message, "did you mean 'kartu-kendali'?");
}

static void
test_nobody(void **state)
{
    Told *told = *state;
    g_autoptr(GError) error = NULL;
    g_autoptr(GBytes) card = NULL;

    g_ptr_array_set_size(told->kase->applicants, 0);
    assert_null(draw(told, "surat-rekomendasi", &error));
    assert_gerror(error, MP_ERROR_INPUT);
    g_clear_error(&error);
    card = draw(told, "kartu-kendali", &error);
    assert_no_gerror(error);
    assert_non_null(card);
}

/* A hundred people go over several pages, and none is lost. */
static void
test_many(void **state)
{
    Told *told = *state;
    g_autoptr(GError) error = NULL;
    g_autoptr(GBytes) pdf = NULL;
    g_autofree char *text = NULL;
    int pages = 0;

    for (guint i = 2; i <= 100; i++) {
        MpCaseApplicant *one = mp_case_applicant_new();

        one->n = i;
        one->name = g_strdup_printf("Pemohon Ke%u", i);
        g_ptr_array_add(told->kase->applicants, one);
    }
    pdf = draw(told, "surat-rekomendasi", &error);
    assert_no_gerror(error);
    text = read_pdf(pdf, &pages);
    assert_in_range(pages, 3, 8);
    for (guint i = 2; i <= 100; i++) {
        g_autofree char *name = g_strdup_printf("Ke%u", i);

        assert_contains(text, name);
    }
    assert_contains(text, "Konsep untuk");
}

/* Without its procedure the card has no steps, and everything else. */
static void
test_no_procedure(void **state)
{
    Told *told = *state;
    g_autoptr(GError) error = NULL;
    g_autoptr(GBytes) pdf = NULL;
    g_autofree char *text = NULL;
    int pages = 0;

    told->sop = NULL;
    pdf = draw(told, "kartu-kendali", &error);
    assert_no_gerror(error);
    text = read_pdf(pdf, &pages);
    assert_lacks(text, "Mengunggah");
    assert_contains(text, "Isi disposisi");
}

#define TEST(function) cmocka_unit_test_setup_teardown(function, set_up, tear_down)

int
main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_unknown), TEST(test_nobody), TEST(test_many), TEST(test_no_procedure)};
    int failed = run_rows("papers", rows, test_paper);

    failed += cmocka_run_group_tests_name("edges", tests, NULL, NULL);
    return failed;
}

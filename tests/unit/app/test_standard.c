/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The fourteen components of a service's standard, filled from procedure, calendar and roles. */

#include "app/standard.h"
#include "support/asserts.h"
#include "support/planner.h"

static char *
render(MpTrial *trial, const char *service, char **html_out)
{
    g_autoptr(GError) error = NULL;
    char *text = NULL;

    assert_true(
        mp_standard_render(trial->app.setup, service, trial->now_utc, &text, html_out, &error));
    assert_no_gerror(error);
    return text;
}

static const char *const components[] = {"1. Persyaratan",
                                         "2. Sistem, mekanisme, dan prosedur",
                                         "3. Jangka waktu penyelesaian",
                                         "4. Biaya atau tarif",
                                         "5. Produk pelayanan",
                                         "6. Penanganan pengaduan, saran, dan masukan",
                                         "7. Dasar hukum",
                                         "8. Sarana, prasarana, dan fasilitas",
                                         "9. Kompetensi pelaksana",
                                         "10. Pengawasan internal",
                                         "11. Jumlah pelaksana",
                                         "12. Jaminan pelayanan",
                                         "13. Jaminan keamanan dan keselamatan pelayanan",
                                         "14. Evaluasi kinerja pelaksana"};

static void
all_fourteen_components_stand_in_it(void **state)
{
    g_autoptr(MpTrial) trial = mp_trial_new("[service pengaduan]\nsop = pengaduan.sop\n");
    g_autofree char *html = NULL;
    g_autofree char *text = render(trial, "pembaruan", &html);

    (void)state;
    for (gsize i = 0; i < G_N_ELEMENTS(components); i++) {
        assert_contains(text, components[i]);
        assert_contains(html, components[i]);
    }
    assert_contains(text, "Standar Pelayanan Pembaruan Sertifikat Elektronik");
    assert_contains(text, "- Surat Rekomendasi");
    assert_contains(text, "1) Memberikan disposisi atas surat permohonan pembaruan");
    assert_contains(text, "(5 menit)");
    assert_contains(text, "Jumlah waktu menurut SOP: 50 Menit");
    assert_contains(text, "Di kantor: 50 menit kerja");
    assert_contains(text, "Jam layanan: Senin–");
    assert_contains(text, "Gratis");
    assert_contains(text, "pengaduan@contohkab.go.id");
    assert_contains(text, "Petugas menjawab pengaduan sampai selesai (paling lama 5 hari kerja)");
    assert_contains(text, "setiap tiga bulan");
    assert_lacks(text, "{{");
}

static void
what_the_office_did_not_say_is_told(void **state)
{
    g_autoptr(MpTrial) trial = mp_trial_new(NULL);
    g_autofree char *html = NULL;
    g_autofree char *text = render(trial, "pembaruan", &html);
    g_autoptr(GPtrArray) missing = mp_standard_missing(trial->app.setup);

    (void)state;
    assert_contains(text, "7. Dasar hukum\n   (belum diisi)");
    assert_int_equal(missing->len, 6);
    assert_text(g_ptr_array_index(missing, 0), "legal_basis");
}

static void
what_the_office_said_is_used(void **state)
{
    g_autoptr(MpTrial) trial =
        mp_trial_new("[standard]\nlegal_basis = Peraturan Bupati Contoh Nomor 1 Tahun 2026\n"
                     "facilities = Ruang layanan\ncompetence = Memahami SOP\n"
                     "supervision = Kepala Bidang\nassurance = Sesuai SOP\nsafety = Data aman\n"
                     "fee = Rp0\nstaff = 3 orang\nproduct = Sertifikat baru\n"
                     "evaluation = Setahun sekali\n");
    g_autofree char *html = NULL;
    g_autofree char *text = render(trial, "pembaruan", &html);
    g_autoptr(GPtrArray) missing = mp_standard_missing(trial->app.setup);

    (void)state;
    assert_int_equal(missing->len, 0);
    assert_lacks(text, "belum diisi");
    assert_contains(text, "Peraturan Bupati Contoh Nomor 1 Tahun 2026");
    assert_contains(text, "Rp0");
    assert_contains(text, "11. Jumlah pelaksana\n   3 orang");
    assert_contains(text, "Sertifikat baru");
    assert_contains(text, "Setahun sekali");
}

static void
a_service_that_is_none_is_refused(void **state)
{
    g_autoptr(MpTrial) trial = mp_trial_new(NULL);
    g_autoptr(GError) error = NULL;
    g_autofree char *text = NULL;
    g_autofree char *html = NULL;

    (void)state;
    assert_false(
        mp_standard_render(trial->app.setup, "parkir", trial->now_utc, &text, &html, &error));
    assert_gerror(error, MP_ERROR_INPUT);
    assert_contains(error->message, "parkir: no such service");
    assert_null(text);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(all_fourteen_components_stand_in_it),
        cmocka_unit_test(what_the_office_did_not_say_is_told),
        cmocka_unit_test(what_the_office_said_is_used),
        cmocka_unit_test(a_service_that_is_none_is_refused),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The templates that are installed: they load, and each says what it must for a full case and for
 * an empty one. */
#include "notify/notify-private.h"
#include "support/asserts.h"

#define CODE "ABCDE-FGHIJ-KLMNO-PQRST-UVWXY-2"

static const char *const wanted[] = {"bantuan",
                                     "catatan-harian",
                                     "diterima",
                                     "dipindai",
                                     "ditarik",
                                     "ditolak",
                                     "ditunda",
                                     "eskalasi",
                                     "gagal-kirim",
                                     "ganda",
                                     "giliran",
                                     "karantina",
                                     "kedaluwarsa",
                                     "kemajuan",
                                     "konfirmasi",
                                     "kurang",
                                     "menunggu-bsre",
                                     "pembaruan-awal",
                                     "penarikan-ditolak",
                                     "pengingat",
                                     "ringkasan",
                                     "perlu-dilihat",
                                     "selesai",
                                     "pengingat-pemohon",
                                     "selesai-pemohon",
                                     "status",
                                     "tanya-bsre",
                                     "terkait",
                                     "transkrip",
                                     "masa-berlaku",
                                     "pantauan",
                                     "pengaduan",
                                     "pemusnahan",
                                     "selesai-tawaran",
                                     "bantuan-en",
                                     "batas-perintah",
                                     "ditahan",
                                     "survei",
                                     "laporan",
                                     "standar",
                                     "alamat-mati",
                                     "surel-menumpuk",
                                     NULL};

/* These may come when there is no case. */
static const char *const without_case[] = {"bantuan",
                                           "laporan",
                                           "standar",
                                           "bantuan-en",
                                           "batas-perintah",
                                           "ditahan",
                                           "catatan-harian",
                                           "gagal-kirim",
                                           "karantina",
                                           "konfirmasi",
                                           "masa-berlaku",
                                           "pantauan",
                                           "perlu-dilihat",
                                           "surel-menumpuk",
                                           "ringkasan",
                                           "status",
                                           "tanya-bsre",
                                           "transkrip",
                                           NULL};

typedef struct {
    MpTemplates *templates;
    MpCalendar *calendar;
    MpSop *sop;
    MpCase *kase;
    GHashTable *titles;
    MpNotifyOffice office;
    MpValue *full, *lean, *bare;
} Fixture;

static Fixture fix;

/* --- an invented case --------------------------------------------------------------------------
 */

static MpSopStep *
step(const char *id, const char *actor, const char *activity, const char *time_text)
{
    MpSopStep *made = g_new0(MpSopStep, 1);

    made->id = g_strdup(id);
    made->actor = g_strdup(actor);
    made->activity = g_strdup(activity);
    made->time_text = g_strdup(time_text);
    return made;
}

static void
step_free(gpointer data)
{
    MpSopStep *made = data;

    g_free(made->id);
    g_free(made->actor);
    g_free(made->activity);
    g_free(made->time_text);
    g_free(made);
}

static MpSop *
make_sop(void)
{
    MpSop *sop = g_new0(MpSop, 1);
    MpSopStep *end;

    sop->steps = g_ptr_array_new_with_free_func(step_free);
    sop->rows = g_ptr_array_new();
    g_ptr_array_add(sop->steps, step("disposisi", "kepala-dinas", "Disposisi surat", "5 menit"));
    g_ptr_array_add(sop->steps, step("kabid", "kabid", "Meneruskan disposisi", "5 menit"));
    g_ptr_array_add(sop->steps, step("periksa", "verifikator", "Memeriksa berkas", "15 menit"));
    g_ptr_array_add(sop->steps, step("bsre", "bsre", "Verifikasi oleh BSrE", "24 jam"));
    end = step("selesai", "system", "Selesai", NULL);
    end->is_end = TRUE;
    g_ptr_array_add(sop->steps, end);
    return sop;
}

static MpCaseApplicant *
applicant(guint n, const char *name, const char *nip, MpOutcome outcome)
{
    MpCaseApplicant *made = mp_case_applicant_new();

    made->n = n;
    made->name = g_strdup(name);
    made->nip = g_strdup(nip);
    made->nik = g_strdup("3399010203900001");
    made->email = g_strdup("orang@dinkes.contohkab.go.id");
    made->unit = g_strdup("Dinas Kesehatan");
    made->outcome = outcome;
    return made;
}

static MpCase *
make_case(void)
{
    MpCase *kase = mp_case_new();
    MpCaseApplicant *first =
        applicant(1, "Rangga <b>Prasetya</b>", "199001012015011999", MP_OUTCOME_ISSUED);
    MpCaseApplicant *second = applicant(2, "Dewi & Anggraini", NULL, MP_OUTCOME_REJECTED);
    MpCaseDocument *document = mp_case_document_new();

    kase->number = g_strdup("SE-2026-000123");
    kase->service = g_strdup("pendaftaran");
    kase->step = g_strdup("periksa");
    kase->holder_role = g_strdup("verifikator");
    kase->opened_utc = 1795140840 * G_TIME_SPAN_SECOND;
    kase->step_since_utc = kase->opened_utc;
    kase->due_utc = kase->opened_utc + 900 * G_TIME_SPAN_SECOND;
    kase->requester_name = g_strdup("Dinas Kesehatan");
    kase->requester_address = g_strdup("dinkes@contohkab.go.id");
    kase->letter_number = g_strdup("800/1123/2026");
    kase->letter_date = g_strdup("2026-11-16");
    kase->letter_subject = g_strdup("Permohonan Penerbitan Sertifikat Elektronik");
    kase->reason = g_strdup("SK belum terbit");
    first->valid_until = g_strdup("2028-11-20");
    first->outcome_utc = kase->opened_utc;
    second->outcome_reason = g_strdup("foto KTP buram, NIK 3399010203900001");
    second->was = g_strdup("Kasi Pemerintahan");
    second->becomes = g_strdup("Camat Melati");
    document->filename = g_strdup("Surat <Permohonan>.pdf");
    document->kind = g_strdup("surat-permohonan");
    g_ptr_array_add(kase->applicants, first);
    g_ptr_array_add(kase->applicants, second);
    g_ptr_array_add(kase->documents, document);
    g_ptr_array_add(kase->missing, g_strdup("sk-mutasi|sk-pengangkatan"));
    g_ptr_array_add(kase->missing, g_strdup("per-applicant:ktp"));
    g_ptr_array_add(kase->doubts, g_strdup("private-email"));
    g_ptr_array_add(kase->doubts, g_strdup("rule-limit"));
    g_ptr_array_add(kase->linked, g_strdup("SE-2026-000124"));
    return kase;
}

/* --- what the shell adds -------------------------------------------------------------------------
 */

/* One or more items of a list: NULL-terminated key, text pairs; "|" begins the next item. */
static MpValue *
items(const char *first, ...)
{
    MpValue *list = mp_value_list();
    MpValue *map = mp_value_map();
    va_list args;
    const char *key = first;

    va_start(args, first);
    for (; key != NULL; key = va_arg(args, const char *)) {
        if (strcmp(key, "|") == 0) {
            mp_value_append_take(list, map);
            map = mp_value_map();
        } else {
            mp_value_set_text(map, key, va_arg(args, const char *));
        }
    }
    va_end(args);
    mp_value_append_take(list, map);
    return list;
}

static const char *const plain_extras[][2] = {
    {"penerima", "Kepala Dinas"},
    {"kode", CODE},
    {"catatan", "Mohon dipercepat, NIP 199001012015011999"},
    {"pesan", "Mohon membawa KTP asli."},
    {"sampai", "Senin, 23 November 2026"},
    {"tenggat", "Senin, 30 November 2026"},
    {"lama", "5 hari kerja"},
    {"selanjutnya", "menunggu Verifikator"},
    {"total_terpakai", "31 menit"},
    {"total_sop", "50 menit"},
    {"jumlah_daftar", "2"},
    {"pengirim", "palsu@contoh-surat.example"},
    {"pengaku", "Kepala Dinas <kadis@contohkab.go.id>"},
    {"perihal", "Re: {{nomor}} <script>"},
    {"tiba_pada", "Jumat, 20 November 2026 pukul 09.14 WIB"},
    {"id_surel", "17"},
    {"cuplikan", "mohon segera diteruskan"},
    {"hasil_bsre", "terbit"},
    {"nama_bsre", "Dewi Anggraini"},
    {"alamat_gagal", "dewi@contohkab.go.id"},
    {"jawaban_server", "5.1.1 (alamat tidak dikenal)"},
    {"jenis_surel", "pemberitahuan hasil"},
    {"tanggal", "Jumat, 20 November 2026"},
    {"kepala_rantai", "1234567890123456789012345678901234567890123456789012345678901234"},
};

static void
add_extras(MpValue *map)
{
    MpValue *cases = items("nomor_kasus",
                           "SE-2026-000120",
                           "layanan_kasus",
                           "Pembaruan",
                           "tahap_kasus",
                           "Disposisi",
                           "batas_kasus",
                           "hari ini pukul 10.00 WIB",
                           "|",
                           "nomor_kasus",
                           "SE-2026-000123",
                           "layanan_kasus",
                           "Penerbitan",
                           "pengaju_kasus",
                           "Dinas Kesehatan",
                           "tahap_kasus",
                           "Memeriksa",
                           NULL);

    for (gsize i = 0; i < G_N_ELEMENTS(plain_extras); i++)
        mp_value_set_text(map, plain_extras[i][0], plain_extras[i][1]);
    mp_value_set_take(g_ptr_array_index(cases->items, 0), "terlambat", mp_value_bool(TRUE));
    mp_value_set_take(map, "daftar", cases);
    mp_value_set_take(map,
                      "kata",
                      items("verba",
                            "TERUSKAN",
                            "arti",
                            "meneruskan ke tahap berikutnya",
                            "|",
                            "verba",
                            "TOLAK <alasan>",
                            "arti",
                            "menolak; alasan wajib ditulis",
                            NULL));
    mp_value_set_take(map,
                      "baris",
                      items("perintah",
                            "TERUSKAN",
                            "hasil_baris",
                            "dijalankan",
                            "sebelum",
                            "Disposisi surat",
                            "sesudah",
                            "Memeriksa berkas",
                            "|",
                            "perintah",
                            "SETUJUU",
                            "hasil_baris",
                            "tidak dikenal",
                            "keterangan",
                            "Maksud Bapak/Ibu SETUJU?",
                            NULL));
}

static void
add_rare_extras(MpValue *map)
{
    mp_value_set_take(map, "lampiran", items("nama_lampiran", "Surat Permohonan.pdf", NULL));
    mp_value_set_take(map,
                      "waktu",
                      items("kegiatan_waktu",
                            "Disposisi surat",
                            "pelaku_waktu",
                            "Kepala Dinas",
                            "terpakai",
                            "4 menit",
                            "menurut_sop",
                            "5 menit",
                            NULL));
    mp_value_set_take(
        map, "calon", items("nomor_calon", "SE-2026-000123", "nama_calon", "Dewi Anggraini", NULL));
    mp_value_set_take(map, "angka", items("nama_angka", "Surel diterima", "nilai", "12", NULL));
    mp_value_set_take(
        map, "peringatan", items("isi_peringatan", "Ada 1 surel di karantina.", NULL));
}

/* --- fixture
 * -------------------------------------------------------------------------------------- */

static MpTemplates *
load_all(void)
{
    g_autofree char *dir = g_build_filename(MP_SOURCE_DIR, "templates", "id", NULL);
    g_autoptr(GDir) files = g_dir_open(dir, 0, NULL);
    MpTemplates *templates = mp_templates_new();
    const char *name;

    assert_non_null(files);
    while ((name = g_dir_read_name(files)) != NULL) {
        g_autofree char *path = g_build_filename(dir, name, NULL);
        g_autofree char *bytes = NULL;
        g_autoptr(GError) error = NULL;
        gsize length = 0;

        assert_true(g_file_get_contents(path, &bytes, &length, NULL));
        if (!mp_templates_add(templates, name, bytes, length, &error))
            assert_no_gerror(error);
    }
    return templates;
}

static int
set_up(void **state)
{
    g_autoptr(MpCase) lean = mp_case_new();
    GTimeZone *zone = g_time_zone_new_identifier("Asia/Jakarta");

    (void)state;
    fix.templates = load_all();
    fix.calendar = mp_calendar_new(zone, "mon-fri 08:00-16:00", NULL);
    g_time_zone_unref(zone);
    fix.sop = make_sop();
    fix.kase = make_case();
    fix.titles = g_hash_table_new(g_str_hash, g_str_equal);
    g_hash_table_insert(fix.titles, (gpointer) "kabid", (gpointer) "Kabid Informatika");
    fix.office =
        (MpNotifyOffice){.office_name = "Dinas Komunikasi dan Informatika Kabupaten Contoh",
                         .service_name = "Layanan TTE",
                         .office_address = "layanan-tte@contohkab.go.id",
                         .calendar = fix.calendar,
                         .role_titles = fix.titles};
    fix.full = mp_notify_case_context(&fix.office, fix.sop, fix.kase, 1, fix.kase->opened_utc);
    add_extras(fix.full);
    add_rare_extras(fix.full);
    lean->number = g_strdup("SE-2026-000200");
    lean->service = g_strdup("pembaruan");
    fix.lean = mp_notify_case_context(&fix.office, NULL, lean, 0, fix.kase->opened_utc);
    fix.bare = mp_notify_office_context(&fix.office, fix.kase->opened_utc);
    return 0;
}

static int
tear_down(void **state)
{
    (void)state;
    mp_value_free(fix.full);
    mp_value_free(fix.lean);
    mp_value_free(fix.bare);
    g_hash_table_unref(fix.titles);
    mp_case_free(fix.kase);
    g_ptr_array_unref(fix.sop->steps);
    g_ptr_array_unref(fix.sop->rows);
    g_free(fix.sop);
    mp_calendar_free(fix.calendar);
    mp_templates_free(fix.templates);
    return 0;
}

/* --- tests
 * ------------------------------------------------------------------------------------------ */

static void
test_load(void **state)
{
    g_autoptr(GError) error = NULL;
    g_auto(GStrv) names = mp_templates_names(fix.templates);

    (void)state;
    if (!mp_templates_check(fix.templates, wanted, &error))
        assert_no_gerror(error);
    assert_int_equal(g_strv_length(names), G_N_ELEMENTS(wanted) - 1);
    for (gsize i = 0; names[i] != NULL; i++)
        assert_non_null(mp_notify_notice_title(names[i]));
    assert_null(mp_notify_notice_title("entah"));
}

/* What holds for every notice, whatever the context. */
/* A standard is published, it is no letter. */
static gboolean
greets(const char *name)
{
    return strcmp(name, "standar") != 0;
}

static void
assert_sound(const char *name, const char *subject, const char *text, const char *html)
{
    gboolean is_english = g_str_has_suffix(name, "-en");
    static const char *const never[] = {"{{",
                                        "}}",
                                        "://",
                                        "src=",
                                        "url(",
                                        "<img",
                                        "<script",
                                        "199001012015011999",
                                        "3399010203900001",
                                        "  ,",
                                        "()",
                                        "( "};

    assert_true(subject[0] != '\0');
    assert_null(strchr(subject, '\n'));
    for (gsize i = 0; i < G_N_ELEMENTS(never); i++) {
        assert_lacks(text, never[i]);
        assert_lacks(html, never[i]);
    }
    assert_contains(text, "Layanan TTE");
    if (greets(name))
        assert_contains(text, is_english ? "Dear " : "Yth. ");
    assert_contains(html, "<!DOCTYPE html>");
    assert_contains(html, "</html>");
    assert_lacks(text, "\n\n\n");
}

static void
test_full(void **state)
{
    const char *name = *state;
    g_autofree char *subject = NULL;
    g_autofree char *text = NULL;
    g_autofree char *html = NULL;
    g_autoptr(GError) error = NULL;

    if (!mp_templates_render(fix.templates, name, fix.full, &subject, &text, &html, &error))
        assert_no_gerror(error);
    if (strcmp(name, "perlu-dilihat") == 0 || strcmp(name, "karantina") == 0 ||
        strcmp(name, "ditahan") == 0) {
        assert_contains(text, "Re: {{nomor}} <script>");
        assert_contains(html, "Re: {{nomor}} &lt;script&gt;");
        return;
    }
    if (strstr(html, "&lt;script") == NULL)
        assert_sound(name, subject, text, html);
    assert_contains(text, "\nKode: " CODE "\n");
    assert_contains(html, "Kode: " CODE "<");
}

static void
assert_empty_is_fine(const char *name, const MpValue *context)
{
    g_autofree char *subject = NULL;
    g_autofree char *text = NULL;
    g_autofree char *html = NULL;
    g_autoptr(GError) error = NULL;

    if (!mp_templates_render(fix.templates, name, context, &subject, &text, &html, &error))
        assert_no_gerror(error);
    assert_sound(name, subject, text, html);
    if (!g_str_has_suffix(name, "-en") && greets(name))
        assert_contains(text, "Yth. Bapak/Ibu,");
    assert_lacks(text, "Kode:");
    assert_lacks(html, "Kode:");
}

/* Words to answer with are worth nothing without the code: whoever may not act is not told them. */
static void
assert_words(const char *name, const char *code, gboolean want)
{
    g_autoptr(MpValue) context = mp_value_map();
    g_autofree char *subject = NULL;
    g_autofree char *text = NULL;
    g_autofree char *html = NULL;

    mp_value_merge(context, fix.full);
    mp_value_set_text(context, "kode", code);
    assert_true(mp_templates_render(fix.templates, name, context, &subject, &text, &html, NULL));
    assert_int_equal(strstr(text, "TOLAK <alasan>") != NULL, want);
    assert_int_equal(strstr(html, "TOLAK &lt;alasan&gt;") != NULL, want);
}

static void
test_words_need_code(void **state)
{
    static const char *const names[] = {
        "transkrip", "eskalasi", "ringkasan", "menunggu-bsre", NULL};

    (void)state;
    for (gsize i = 0; names[i] != NULL; i++) {
        assert_words(names[i], CODE, TRUE);
        assert_words(names[i], "", FALSE);
    }
}

static void
test_lean(void **state)
{
    assert_empty_is_fine(*state, fix.lean);
}

static void
test_bare(void **state)
{
    assert_empty_is_fine(*state, fix.bare);
}

static int
run_all(const char *group, const char *const *names, CMUnitTestFunction test)
{
    struct CMUnitTest tests[G_N_ELEMENTS(wanted)] = {{NULL, NULL, NULL, NULL, NULL}};
    gsize n = 0;

    for (; names[n] != NULL; n++) {
        tests[n].name = names[n];
        tests[n].test_func = test;
        tests[n].initial_state = (void *)names[n];
    }
    return _cmocka_run_group_tests(group, tests, n, set_up, tear_down);
}

int
main(void)
{
    static const struct CMUnitTest tests[] = {
        {"all notices load and their names are known", test_load, NULL, NULL, NULL},
        {"words to answer with stand beside a code only", test_words_need_code, NULL, NULL, NULL},
    };
    int failed = cmocka_run_group_tests(tests, set_up, tear_down);

    failed += run_all("notices of a full case", wanted, test_full);
    failed += run_all("notices of a case of which little is known", wanted, test_lean);
    return failed + run_all("notices without a case", without_case, test_bare);
}

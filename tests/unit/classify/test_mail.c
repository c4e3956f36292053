/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Letters with their mails: what the title decides, what follows from a kind, where a case number
 * comes from. */

#include "unit/classify/office.h"

#define HEAD "DINAS SOSIAL\nNomor : 460/12/2026\nSifat : Biasa\nHal : "

static MpVerdict *
judge(MpMessage *message, GPtrArray *documents)
{
    const MpRules *rules = office_rules();
    g_autoptr(MpOffice) office = office_new();
    const MpSenderProof proof = {.level = MP_TRUST_ALIGNED};

    return mp_classify_mail(rules, office, message, documents, &proof);
}

typedef struct {
    const char *name;
    const char *subject, *text;
    const char *letter; /* of an attached letter, or NULL */
    const char *service;
    gboolean is_conflict;
} Row;

static const Row rows[] = {
    {"the letter's Hal decides over the subject",
     "TTE",
     "Mohon diproses.",
     HEAD "Permohonan Pencabutan Sertifikat Elektronik\nYth. Kepala Dinas\nDengan hormat, mohon "
          "sertifikat elektronik berikut dicabut.\n",
     "pencabutan",
     FALSE},
    {"a renewal whose copied body registers",
     "surat",
     "Terlampir.",
     "KECAMATAN MAWAR\nSURAT REKOMENDASI PERMOHONAN PERPANJANGAN\nSERTIFIKAT ELEKTRONIK\nNomor : "
     "138/1/2026\nDengan ini memberikan rekomendasi kepada\nNama : Tuti\nUntuk melakukan "
     "pendaftaran sertifikat elektronik sekaligus menjadi pemegang sertifikat elektronik\n",
     "pembaruan",
     TRUE},
    {"a revocation whose copied body changes data",
     "surat",
     "Terlampir.",
     "DINAS SOSIAL\nSURAT PERMOHONAN PENCABUTAN SERTIFIKAT ELEKTRONIK\nNomor : 460/1/2026\nDengan "
     "ini mengajukan permohonan perubahan data sertifikat elektronik sebagaimana Formulir "
     "Perubahan Data berikut\n",
     "pencabutan",
     TRUE},
    {"a letter that says the same twice",
     "Perpanjangan TTE",
     "Mohon perpanjangan TTE.",
     HEAD "Permohonan Perpanjangan Sertifikat Elektronik\nYth. Kepala\nKami mengajukan "
          "perpanjangan sertifikat elektronik\n",
     "pembaruan",
     FALSE},
    {"a mail that asks for something else than its letter",
     "Pencabutan TTE",
     "Mohon dicabut sertifikat elektroniknya.",
     HEAD "Permohonan Perpanjangan Sertifikat Elektronik\nYth. Kepala\nKami mengajukan "
          "perpanjangan sertifikat elektronik\n",
     "pembaruan",
     TRUE},
    {"without a letter the subject decides over the text",
     "Perpanjangan TTE",
     "Mohon diterbitkan TTE yang baru untuk pegawai kami.",
     NULL,
     "pembaruan",
     TRUE},
    {"the reason of a revocation names no other service",
     "Pencabutan TTE",
     "Mohon TTE pegawai kami dicabut karena data identitas berubah.",
     NULL,
     "pencabutan",
     FALSE},
};

static void
test_row(void **state)
{
    const Row *row = *state;
    g_autoptr(MpMessage) message =
        office_mail("Dinsos", "dinsos@contohkab.go.id", row->subject, row->text);
    g_autoptr(GPtrArray) documents = office_documents();
    g_autoptr(MpVerdict) got = NULL;

    if (row->letter != NULL)
        office_attach(documents, "scan.pdf", row->letter);
    got = judge(message, documents);
    assert_text(got->kind, "request");
    assert_text(got->service, row->service);
    assert_int_equal(office_has_doubt(got, "title-body-conflict"), row->is_conflict);
}

static MpVerdict *
judge_text(const char *subject, const char *text, const char *quoted)
{
    g_autoptr(MpMessage) message = office_mail("Dinsos", "dinsos@contohkab.go.id", subject, text);
    g_autoptr(GPtrArray) documents = office_documents();

    message->date_utc = G_GINT64_CONSTANT(1794614400) * G_USEC_PER_SEC; /* 2026-11-14 */
    if (quoted != NULL)
        office_quote(message, quoted);
    return judge(message, documents);
}

static void
test_renewal_long_before_the_end_is_early(void **state)
{
    g_autoptr(MpVerdict) early =
        judge_text("Perpanjangan TTE a.n. Tuti",
                   "Nama : Tuti, S.Kom.\nNIP : 199001012015012999\n\nSertifikat lama berlaku s.d. "
                   "15 Maret 2027.",
                   NULL);
    g_autoptr(MpVerdict) due =
        judge_text("Perpanjangan TTE a.n. Tuti",
                   "Nama : Tuti, S.Kom.\nNIP : 199001012015012999\n\nSertifikat lama berlaku s.d. "
                   "10 Desember 2026.",
                   NULL);

    (void)state;
    assert_true(office_has_doubt(early, "early-renewal"));
    assert_false(office_has_doubt(due, "early-renewal"));
    assert_text(((MpApplicant *)g_ptr_array_index(due->applicants, 0))->valid_until, "2026-12-10");
}

static void
test_announced_papers_that_did_not_come_are_a_doubt(void **state)
{
    g_autoptr(MpVerdict) announced =
        judge_text("Permohonan perpanjangan TTE", "Surat sebagaimana terlampir.", NULL);
    g_autoptr(MpVerdict) later =
        judge_text("Permohonan pencabutan TTE", "Mohon dicabut, surat menyusul.", NULL);

    (void)state;
    assert_true(office_has_doubt(announced, "no-attachment"));
    assert_false(office_has_doubt(later, "no-attachment"));
}

static void
test_request_about_nobody_for_nothing_says_so(void **state)
{
    g_autoptr(MpMessage) message =
        office_mail(NULL, "dinsos@contohkab.go.id", "", "pak ini suratnya ya");
    g_autoptr(GPtrArray) documents = office_documents();
    g_autoptr(MpVerdict) got = NULL;

    (void)state;
    office_attach(documents, "IMG-1.jpg", NULL);
    got = judge(message, documents);
    assert_true(office_has_doubt(got, "no-applicant"));
    assert_true(office_has_doubt(got, "service-unclear"));
    assert_true(office_has_doubt(got, "unread-attachment"));
}

static void
test_who_asks_for_himself_has_his_own_address(void **state)
{
    g_autoptr(MpMessage) message =
        office_mail("Ratna Hidayat",
                    "ratna.hidayat@contohkab.go.id",
                    "Pencabutan TTE saya",
                    "Saya Ratna Hidayat. Passphrase saya diketahui orang lain, mohon dicabut.");
    g_autoptr(GPtrArray) documents = office_documents();
    g_autoptr(MpVerdict) got = judge(message, documents);
    const MpApplicant *person = g_ptr_array_index(got->applicants, 0);

    (void)state;
    assert_int_equal(got->applicants->len, 1);
    assert_text(person->name, "Ratna Hidayat");
    assert_text(person->email, "ratna.hidayat@contohkab.go.id");
    assert_text(got->reason, "kompromi");
}

static void
test_quoted_text_asks_for_nothing(void **state)
{
    g_autoptr(MpVerdict) got = judge_text("Re: [SE-2026-000123] Selesai",
                                          "Terima kasih",
                                          "> Mohon permohonan ini dibatalkan. Ini pengaduan.\n> "
                                          "Permohonan Pencabutan Sertifikat Elektronik");

    (void)state;
    assert_text(got->kind, "other");
    assert_null(got->service);
}

static void
test_facts_of_no_request_are_taken_away(void **state)
{
    g_autoptr(MpVerdict) got =
        judge_text("Undangan", "Undangan sosialisasi TTE, Nomor 421/639/2026. Nama : Tuti", NULL);

    (void)state;
    assert_text(got->kind, "other");
    assert_int_equal(got->applicants->len, 0);
    assert_null(got->letter->number);
}

static void
test_newsletter_leaves_no_doubts_about_numbers(void **state)
{
    g_autoptr(MpVerdict) got = judge_text(
        "Promo kredit", "Nama : Tuti\nNIP : 1990010120150129\nNIK : 33991\nPinjaman cair.", NULL);

    (void)state;
    assert_text(got->kind, "other");
    assert_int_equal(got->doubts->len, 0);
}

typedef struct {
    const char *name;
    const char *text;
    const char *want;
} Number;

static const Number numbers[] = {
    {"in brackets", "Re: [SE-2026-000123] x", "SE-2026-000123"},
    {"in small letters", "re se-2026-000123", "SE-2026-000123"},
    {"in an id of ours", "se-2026-000844.36d628ab0a@contohkab.go.id", "SE-2026-000844"},
    {"the first of two", "SE-2026-000001 SE-2026-000002", "SE-2026-000001"},
    {"with a digit too many", "SE-2026-0001234", NULL},
    {"with a digit too few", "SE-2026-00012", NULL},
    {"inside a word", "KASE-2026-000123", NULL},
    {"another office's", "XX-2026-000123", NULL},
    {"nothing", "", NULL},
};

static void
test_number(void **state)
{
    const Number *row = *state;
    g_autofree char *got = mp_classify_find_case(row->text, "SE");

    assert_text(got, row->want);
}

static void
test_case_comes_from_the_subject_before_the_quote(void **state)
{
    g_autoptr(MpVerdict) subject =
        judge_text("Re: [SE-2026-000777] x", "apakah sudah selesai?", "SE-2026-000001");
    g_autoptr(MpVerdict) quote = judge_text("Re: x", "apakah sudah selesai?", "SE-2026-000001");

    (void)state;
    assert_text(subject->case_number, "SE-2026-000777");
    assert_text(quote->case_number, "SE-2026-000001");
}

static void
test_case_of_a_report_comes_from_the_returned_mail(void **state)
{
    g_autoptr(MpMessage) message =
        office_mail(NULL, "mailer-daemon@mx.example", "Undelivered Mail", "It failed.");
    g_autoptr(GPtrArray) documents = office_documents();
    MpBounced *bounced = mp_bounced_new();
    g_autoptr(MpVerdict) got = NULL;

    (void)state;
    message->automatic = MP_AUTOMATIC_BOUNCE;
    bounced->original_message_id = g_strdup("SE-2026-000321.kasi.X@contohkab.go.id");
    g_ptr_array_add(message->bounced, bounced);
    got = judge(message, documents);
    assert_text(got->kind, "bounce");
    assert_text(got->case_number, "SE-2026-000321");
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_renewal_long_before_the_end_is_early),
        cmocka_unit_test(test_announced_papers_that_did_not_come_are_a_doubt),
        cmocka_unit_test(test_request_about_nobody_for_nothing_says_so),
        cmocka_unit_test(test_who_asks_for_himself_has_his_own_address),
        cmocka_unit_test(test_quoted_text_asks_for_nothing),
        cmocka_unit_test(test_facts_of_no_request_are_taken_away),
        cmocka_unit_test(test_newsletter_leaves_no_doubts_about_numbers),
        cmocka_unit_test(test_case_comes_from_the_subject_before_the_quote),
        cmocka_unit_test(test_case_of_a_report_comes_from_the_returned_mail),
    };

    return run_rows("title and body", rows, test_row) |
           run_rows("case numbers", numbers, test_number) |
           cmocka_run_group_tests_name("mails", tests, NULL, NULL);
}

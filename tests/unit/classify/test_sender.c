/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What follows from who sent a mail, and from the proof of it. */

#include "unit/classify/office.h"

#include "support/asserts.h"

#define ASKED                                                                                      \
    "> Mohon disposisi SE-2026-000123.\n> Balas dengan satu kata: TERUSKAN, KEMBALIKAN <alasan>"

typedef struct {
    const char *name;
    const char *sender_name, *sender;
    MpTrustLevel level;
    const char *subject, *text, *quoted;
    const char *kind;
    const char *doubt; /* one that must be there, or NULL */
} Row;

static const Row rows[] = {
    {"an official's answer is a command",
     NULL,
     "kadis@contohkab.go.id",
     MP_TRUST_ALIGNED,
     "Re: [SE-2026-000123] Mohon disposisi",
     "TERUSKAN",
     ASKED,
     "command",
     NULL},
    {"also when it commands nothing",
     NULL,
     "kadis@contohkab.go.id",
     MP_TRUST_ALIGNED,
     "Re: [SE-2026-000123] Mohon disposisi",
     "terima kasih",
     ASKED,
     "command",
     NULL},
    {"also when the subject lost our number",
     NULL,
     "kadis@contohkab.go.id",
     MP_TRUST_ALIGNED,
     "Re: disposisi",
     "setuju",
     ASKED,
     "command",
     NULL},
    {"capitals of the address do not matter",
     NULL,
     "Kadis@Contohkab.go.id",
     MP_TRUST_ALIGNED,
     "Re: [SE-2026-000123] x",
     "setuju",
     ASKED,
     "command",
     NULL},
    {"an official may ask out of the blue",
     NULL,
     "kadis@contohkab.go.id",
     MP_TRUST_ALIGNED,
     "daftar",
     "DAFTAR",
     "",
     "command",
     NULL},
    {"an official who writes a letter is a person",
     NULL,
     "kadis@contohkab.go.id",
     MP_TRUST_ALIGNED,
     "Permohonan pencabutan sertifikat elektronik",
     "Mohon dicabut sertifikat elektronik pegawai kami yang pensiun.",
     "",
     "request",
     NULL},
    {"an official without proof is suspect",
     NULL,
     "kadis@contohkab.go.id",
     MP_TRUST_ADDRESS,
     "Re: [SE-2026-000123] Mohon disposisi",
     "Acc",
     ASKED,
     "suspect",
     "unauthenticated"},
    {"an official whose proof failed is suspect",
     NULL,
     "kadis@contohkab.go.id",
     MP_TRUST_NONE,
     "Re: [SE-2026-000123] Mohon disposisi",
     "Acc",
     ASKED,
     "suspect",
     "unauthenticated"},
    {"an official at a free mailer is suspect",
     "Drs. Bambang",
     "bambang.contoh@gmail.com",
     MP_TRUST_ALIGNED,
     "Re: [SE-2026-000123] Mohon disposisi",
     "TERUSKAN",
     ASKED,
     "suspect",
     "private-sender"},
    {"a plus address is a stranger",
     NULL,
     "kadis+x@contohkab.example",
     MP_TRUST_ALIGNED,
     "Re: [SE-2026-000123] Mohon disposisi",
     "TERUSKAN",
     ASKED,
     "suspect",
     "unauthenticated"},
    {"a proved colleague without a role is for the office to see",
     NULL,
     "staf@contohkab.go.id",
     MP_TRUST_ALIGNED,
     "Re: [SE-2026-000123] Mohon disposisi",
     "TERUSKAN",
     ASKED,
     "command",
     NULL},
    {"a notice of BSrE",
     "BSrE",
     "info@bssn.go.id",
     MP_TRUST_ALIGNED,
     "Penerbitan Sertifikat Elektronik",
     "Yth. Tuti, Sertifikat elektronik atas nama Tuti telah diterbitkan dan berlaku sampai dengan "
     "20-11-2028.",
     "",
     "notice",
     NULL},
    {"BSrE without proof",
     "BSrE",
     "info@bssn.go.id",
     MP_TRUST_ADDRESS,
     "Penerbitan Sertifikat Elektronik",
     "Sertifikat elektronik atas nama Tuti telah diterbitkan.",
     "",
     "suspect",
     "unauthenticated"},
    {"BSrE at a free mailer",
     "BSrE BSSN",
     "bsre.bssn@gmail.com",
     MP_TRUST_ALIGNED,
     "PERINGATAN",
     "Segera verifikasi passphrase.",
     "",
     "suspect",
     "look-alike-sender"},
    {"the full name of BSrE elsewhere",
     "Balai Besar Sertifikasi Elektronik",
     "admin@layanan.example",
     MP_TRUST_ADDRESS,
     "Segera",
     "Klik tautan berikut.",
     "",
     "suspect",
     "look-alike-sender"},
    {"a notice that no rule knows goes to a person",
     "BSrE",
     "info@bssn.go.id",
     MP_TRUST_ALIGNED,
     "Pemberitahuan",
     "Akan ada pemeliharaan sistem.",
     "",
     "notice",
     "service-unclear"},
    {"an invitation of BSrE is no notice",
     "BSrE",
     "info@bssn.go.id",
     MP_TRUST_ALIGNED,
     "Undangan Webinar",
     "Kami mengundang Bapak/Ibu hadir pada webinar.",
     "",
     "other",
     NULL},
};

static MpVerdict *
judge(const MpMessage *message, const MpSenderProof *proof, gboolean has_authserv)
{
    const MpRules *rules = office_rules();
    g_autoptr(MpOffice) office = office_new();
    g_autoptr(GPtrArray) documents = office_documents();

    office->has_authserv = has_authserv;
    return mp_classify_mail(rules, office, message, documents, proof);
}

static void
test_row(void **state)
{
    const Row *row = *state;
    g_autoptr(MpMessage) message =
        office_mail(row->sender_name, row->sender, row->subject, row->text);
    const MpSenderProof proof = {.level = row->level};
    g_autoptr(MpVerdict) got = NULL;

    if (row->quoted[0] != '\0')
        office_quote(message, row->quoted);
    got = judge(message, &proof, TRUE);
    assert_text(got->kind, row->kind);
    if (row->doubt != NULL)
        assert_true(office_has_doubt(got, row->doubt));
    if (strcmp(row->kind, "suspect") == 0 || strcmp(row->kind, "command") == 0)
        assert_null(got->service);
}

static void
test_without_authserv_id_an_unproved_official_is_not_suspect(void **state)
{
    g_autoptr(MpMessage) message =
        office_mail(NULL, "kadis@contohkab.go.id", "Re: [SE-2026-000123] Mohon disposisi", "Acc");
    const MpSenderProof proof = {.level = MP_TRUST_ADDRESS};
    g_autoptr(MpVerdict) got = NULL;

    (void)state;
    office_quote(message, ASKED);
    got = judge(message, &proof, FALSE);
    assert_text(got->kind, "command");
    assert_text(got->role, "kepala-dinas");
}

static void
test_reply_to_elsewhere_makes_a_notice_suspect(void **state)
{
    g_autoptr(MpMessage) message = office_mail(
        "BSrE", "info@bssn.go.id", "Penerbitan", "Sertifikat elektronik Tuti telah diterbitkan.");
    const MpSenderProof proof = {.level = MP_TRUST_ALIGNED, .has_foreign_reply_to = TRUE};
    g_autoptr(MpVerdict) got = judge(message, &proof, TRUE);

    (void)state;
    assert_text(got->kind, "suspect");
    assert_null(got->outcome);
}

static void
test_forged_results_are_a_doubt_of_a_suspect_mail(void **state)
{
    g_autoptr(MpMessage) message = office_mail("BSrE", "info@bssn.go.id", "Ditolak", "Ditolak.");
    const MpSenderProof proof = {.level = MP_TRUST_ADDRESS, .is_forged_auth = TRUE};
    g_autoptr(MpVerdict) got = judge(message, &proof, TRUE);

    (void)state;
    assert_true(office_has_doubt(got, "forged-auth"));
    assert_true(office_has_doubt(got, "unauthenticated"));
}

typedef struct {
    const char *name;
    MpAutomatic automatic;
    const char *sender;
    const char *kind;
} Machine;

static const Machine machines[] = {
    {"our own mail come back", MP_AUTOMATIC_OWN, "layanan-tte@contohkab.go.id", "auto-reply"},
    {"a delivery report", MP_AUTOMATIC_BOUNCE, "mailer-daemon@mx.example", "bounce"},
    {"a feedback report", MP_AUTOMATIC_FEEDBACK, "fbl@mx.example", "bounce"},
    {"a vacation note of an official is never a command",
     MP_AUTOMATIC_AUTO_REPLY,
     "kadis@contohkab.go.id",
     "auto-reply"},
    {"a vacation note of an applicant",
     MP_AUTOMATIC_AUTO_REPLY,
     "tuti@contohkab.go.id",
     "auto-reply"},
    {"list mail", MP_AUTOMATIC_LIST, "milis@contohkab.go.id", "other"},
    {"a delivery report of BSrE is a report",
     MP_AUTOMATIC_BOUNCE,
     "mailer-daemon@bssn.go.id",
     "bounce"},
    {"BSrE's machine writes notices", MP_AUTOMATIC_AUTO_REPLY, "notifikasi@bssn.go.id", "notice"},
};

static void
test_machine(void **state)
{
    const Machine *row = *state;
    g_autoptr(MpMessage) message =
        office_mail(NULL,
                    row->sender,
                    "Re: [SE-2026-000123] Pembaruan sertifikat elektronik",
                    "Sertifikat elektronik Anda telah diterbitkan. TERUSKAN");
    const MpSenderProof proof = {.level = MP_TRUST_ALIGNED};
    g_autoptr(MpVerdict) got = NULL;

    message->automatic = row->automatic;
    got = judge(message, &proof, TRUE);
    assert_text(got->kind, row->kind);
    assert_text(got->case_number, "SE-2026-000123");
}

static void
test_robot_at_bsre_that_answers_is_no_notice(void **state)
{
    g_autoptr(MpMessage) message = office_mail(
        NULL, "info@bssn.go.id", "Auto: cuti", "Sertifikat elektronik telah diterbitkan.");
    const MpSenderProof proof = {.level = MP_TRUST_ALIGNED};
    g_autoptr(MpVerdict) got = NULL;

    (void)state;
    message->automatic = MP_AUTOMATIC_AUTO_REPLY;
    g_ptr_array_add(message->headers, mp_header_new("Auto-Submitted", "auto-replied"));
    got = judge(message, &proof, TRUE);
    assert_text(got->kind, "auto-reply");
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_without_authserv_id_an_unproved_official_is_not_suspect),
        cmocka_unit_test(test_reply_to_elsewhere_makes_a_notice_suspect),
        cmocka_unit_test(test_forged_results_are_a_doubt_of_a_suspect_mail),
        cmocka_unit_test(test_robot_at_bsre_that_answers_is_no_notice),
    };

    return run_rows("senders", rows, test_row) | run_rows("machines", machines, test_machine) |
           cmocka_run_group_tests_name("proofs", tests, NULL, NULL);
}

/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Notices of BSrE in many invented wordings: outcome, service, reason, person. */

#include "unit/classify/office.h"

#include "support/asserts.h"

typedef struct {
    const char *name;
    const char *subject, *text;
    const char *outcome, *service, *reason, *person;
} Row;

#define BYE                                                                                        \
    "\n\nHormat kami,\nBalai Sertifikasi Elektronik\nBadan Siber dan Sandi Negara\n\nEmail ini "   \
    "dikirim otomatis, mohon tidak membalas."

static const Row rows[] = {
    {"issued",
     "Penerbitan Sertifikat Elektronik",
     "Yth. Puji Kusuma, S.Sos.,\n\nSertifikat elektronik atas nama Puji Kusuma, S.Sos. telah "
     "diterbitkan dan berlaku sampai dengan 04-11-2028." BYE,
     "issued",
     "pendaftaran",
     NULL,
     "Puji Kusuma, S.Sos."},
    {"issued, in other words",
     "Sertifikat Elektronik Anda",
     "Yth. Bapak/Ibu Tuti Rahmawati,\n\nSelamat, sertifikat elektronik Anda sudah terbit dan dapat "
     "digunakan." BYE,
     "issued",
     "pendaftaran",
     NULL,
     "Tuti Rahmawati"},
    {"issued, by approval",
     "Persetujuan",
     "Yth. ANI WIJAYA,\n\nPermohonan penerbitan sertifikat elektronik Anda telah disetujui." BYE,
     "issued",
     "pendaftaran",
     NULL,
     "ANI WIJAYA"},
    {"renewed",
     "Pembaruan Sertifikat Elektronik",
     "Yth. Ratna Permata, S.Pd.,\n\nPermohonan pembaruan sertifikat elektronik Anda telah "
     "disetujui. Sertifikat berlaku sampai dengan 09-12-2028." BYE,
     "renewed",
     "pembaruan",
     NULL,
     "Ratna Permata, S.Pd."},
    {"renewed, in other words",
     "Perpanjangan berhasil",
     "Yth. Budi Santosa,\n\nSertifikat elektronik Anda telah diperpanjang hingga 1 Januari "
     "2029." BYE,
     "renewed",
     "pembaruan",
     NULL,
     "Budi Santosa"},
    {"changed",
     "Perubahan Data Pengguna",
     "Yth. KURNIA MAULANA,\n\nData Anda telah diperbarui pada 10-11-2026 15:39:14 WIB." BYE,
     "changed",
     "perubahan-data",
     NULL,
     "KURNIA MAULANA"},
    {"changed, in other words",
     "Perubahan data",
     "Yth. Sri,\n\nPermohonan perubahan data Anda telah disetujui." BYE,
     "changed",
     "perubahan-data",
     NULL,
     "Sri"},
    {"revoked",
     "Pencabutan Sertifikat Elektronik",
     "Yth. Fitri Handoko, S.Sos.,\n\nSertifikat dengan nomor seri 3D07 atas nama Fitri Handoko, "
     "S.Sos. telah dicabut pada 14 Desember 2026 12:29:37 WIB dengan alasan: pensiun." BYE,
     "revoked",
     "pencabutan",
     "pensiun",
     "Fitri Handoko, S.Sos."},
    {"revoked because the identity changed",
     "Pencabutan Sertifikat Elektronik",
     "Yth. Dewi,\n\nSertifikat elektronik Anda telah dicabut. Alasan: identitas berubah." BYE,
     "revoked",
     "pencabutan",
     "identitas berubah",
     "Dewi"},
    {"rejected without a service",
     "Permohonan Ditolak",
     "Yth. SITI SAPUTRA,\n\nPermohonan aktivasi akun Anda ditolak dengan alasan: swafoto tidak "
     "sesuai dengan KTP.\n\nSilakan memperbaiki data Anda melalui portal." BYE,
     "rejected",
     NULL,
     "swafoto tidak sesuai dengan KTP",
     "SITI SAPUTRA"},
    {"rejected registration",
     "Permohonan Penerbitan Sertifikat Elektronik Ditolak",
     "Yth. MULYONO (mulyono95@contohkab.go.id),\n\nMohon maaf, permohonan penerbitan sertifikat "
     "elektronik Anda belum dapat disetujui. Alasan penolakan: NIK tidak sesuai." BYE,
     "rejected",
     "pendaftaran",
     "NIK tidak sesuai",
     "MULYONO"},
    {"rejected renewal",
     "Permohonan Ditolak",
     "Yth. Tuti,\n\nPermohonan pembaruan sertifikat elektronik Anda tidak dapat disetujui karena "
     "data tidak lengkap." BYE,
     "rejected",
     "pembaruan",
     "data tidak lengkap",
     "Tuti"},
    {"rejected registration, in the first person",
     "Informasi Penolakan Permohonan",
     "Yth. Tuti,\n\nPermohonan penerbitan sertifikat Anda tidak dapat kami setujui. Alasan: "
     "swafoto tidak jelas." BYE,
     "rejected",
     "pendaftaran",
     "swafoto tidak jelas",
     "Tuti"},
    {"changed, with the person between",
     "Perubahan Data Pengguna",
     "Yth. Tuti,\n\nData pengguna atas nama Tuti Rahmawati (tuti@contohkab.go.id) telah diperbarui "
     "sesuai permohonan perubahan data." BYE,
     "changed",
     "perubahan-data",
     NULL,
     "Tuti Rahmawati"},
    {"rejected revocation",
     "Penolakan pencabutan",
     "Yth. Tuti,\n\nPermohonan pencabutan sertifikat ditolak. Keterangan: surat permohonan tidak "
     "terbaca." BYE,
     "rejected",
     "pencabutan",
     "surat permohonan tidak terbaca",
     "Tuti"},
    {"activation",
     "Aktivasi Akun",
     "Yth. ARIF YULIANTO,\n\nAktivasi Berhasil. Silakan menghubungi verifikator pada Unit IT "
     "Instansi untuk Verifikasi akun." BYE,
     "activation",
     NULL,
     NULL,
     "ARIF YULIANTO"},
    {"activation that leads to a passphrase",
     "Aktivasi Akun",
     "Yth. ARIF,\n\nAktivasi Berhasil. Silakan mengecek email untuk set passphrase." BYE,
     "activation",
     NULL,
     NULL,
     "ARIF"},
    {"passphrase",
     "Set Passphrase Penerbitan Sertifikat Elektronik",
     "Yth. Murtini, S.H., M.H.,\n\nSilakan klik tautan berikut untuk membuat passphrase. Tautan "
     "berlaku 1 hari." BYE,
     "passphrase",
     NULL,
     NULL,
     "Murtini, S.H., M.H."},
    {"passphrase set anew",
     "Reset Passphrase",
     "Yth. Murtini,\n\nKami menerima permintaan reset passphrase Anda." BYE,
     "passphrase",
     NULL,
     NULL,
     "Murtini"},
    {"reminder to the verifikator",
     "Akun Menunggu Verifikasi",
     "Yth. Verifikator,\n\nTerdapat 4 akun pengguna pada instansi Anda yang menunggu proses "
     "verifikasi." BYE,
     "reminder",
     NULL,
     NULL,
     NULL},
    {"reminder of the end of validity",
     "Masa Berlaku Sertifikat",
     "Yth. Tuti,\n\nMasa berlaku sertifikat elektronik Anda akan berakhir pada 1 Januari 2027." BYE,
     "reminder",
     NULL,
     NULL,
     "Tuti"},
    {"two names of one line do not mix",
     "Penerbitan",
     "Kepada Yth. Bapak Joko Susilo, S.T., M.T.,\n\nSertifikat elektronik atas nama Joko Susilo, "
     "S.T., M.T. telah diterbitkan." BYE,
     "issued",
     "pendaftaran",
     NULL,
     "Joko Susilo, S.T., M.T."},
};

static void
test_row(void **state)
{
    const Row *row = *state;
    const MpRules *rules = office_rules();
    g_autoptr(MpOffice) office = office_new();
    g_autoptr(MpMessage) message = office_mail("BSrE", "info@bssn.go.id", row->subject, row->text);
    g_autoptr(GPtrArray) documents = office_documents();
    const MpSenderProof proof = {.level = MP_TRUST_ALIGNED};
    g_autoptr(MpVerdict) got = mp_classify_mail(rules, office, message, documents, &proof);
    const MpApplicant *person =
        got->applicants->len > 0 ? g_ptr_array_index(got->applicants, 0) : NULL;

    assert_text(got->kind, "notice");
    assert_text(got->outcome, row->outcome);
    assert_text(got->service, row->service);
    assert_text(got->reason, row->reason);
    assert_text(person != NULL ? person->name : NULL, row->person);
    assert_null(got->letter->number);
}

static MpForward *
inner_notice(const char *address)
{
    MpForward *forward = mp_forward_new();

    forward->from = mp_address_new("Balai Sertifikasi Elektronik", address);
    office_set(&forward->subject, "Penerbitan Sertifikat Elektronik");
    office_set(&forward->text,
               "Yth. Tuti,\n\nSertifikat elektronik atas nama Tuti telah diterbitkan." BYE);
    forward->is_attached = TRUE;
    forward->depth = 1;
    return forward;
}

typedef struct {
    const char *name;
    const char *sender, *inner;
    MpTrustLevel level;
    const char *kind;
    gboolean is_forwarded;
} Forwarded;

static const Forwarded forwards[] = {
    {"its owner hands it on",
     "tuti@contohkab.go.id",
     "info@bssn.go.id",
     MP_TRUST_ALIGNED,
     "notice",
     TRUE},
    {"an official hands it on without a case",
     "kadis@contohkab.go.id",
     "info@bssn.go.id",
     MP_TRUST_ALIGNED,
     "notice",
     TRUE},
    {"handed on without proof",
     "tuti@contohkab.go.id",
     "info@bssn.go.id",
     MP_TRUST_ADDRESS,
     "suspect",
     TRUE},
    {"handed on from a free mailer",
     "tuti@gmail.com",
     "info@bssn.go.id",
     MP_TRUST_ALIGNED,
     "suspect",
     TRUE},
    {"a pretended notice handed on is none",
     "tuti@contohkab.go.id",
     "info@bssn-go-id.example",
     MP_TRUST_ALIGNED,
     "suspect",
     TRUE},
};

static void
test_forwarded(void **state)
{
    const Forwarded *row = *state;
    const MpRules *rules = office_rules();
    g_autoptr(MpOffice) office = office_new();
    g_autoptr(MpMessage) message = office_mail(
        "Tuti", row->sender, "Fwd: Penerbitan Sertifikat Elektronik", "ini emailnya pak");
    g_autoptr(GPtrArray) documents = office_documents();
    const MpSenderProof proof = {.level = row->level};
    g_autoptr(MpVerdict) got = NULL;

    message->is_forward = TRUE;
    g_ptr_array_add(message->forwards, inner_notice(row->inner));
    got = mp_classify_mail(rules, office, message, documents, &proof);
    assert_int_equal(got->is_forwarded_notice, row->is_forwarded);
    assert_text(got->kind, row->kind);
    assert_int_equal(office_has_doubt(got, "forwarded-notice"), row->is_forwarded);
}

int
main(void)
{
    return run_rows("notices", rows, test_row) |
           run_rows("notices handed on", forwards, test_forwarded);
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Ids of the program in the words of an Indonesian office. */
#include "notify/notify-private.h"

typedef struct {
    const char *id, *title;
} Title;

static const Title services[] = {
    {"pendaftaran", "Penerbitan Sertifikat Elektronik"},
    {"pembaruan", "Pembaruan Sertifikat Elektronik"},
    {"perubahan-data", "Perubahan Data Sertifikat Elektronik"},
    {"pencabutan", "Pencabutan Sertifikat Elektronik"},
    {"pengaduan", "Pengaduan Layanan Sertifikat Elektronik"},
    {"akses-data", "Permintaan Data Pribadi"},
};

static const Title documents[] = {
    {"surat-permohonan", "Surat Permohonan"},
    {"surat-rekomendasi", "Surat Rekomendasi"},
    {"formulir-perubahan-data", "Formulir Perubahan Data"},
    {"daftar-pemohon", "Daftar Pemohon"},
    {"lembar-disposisi", "Lembar Disposisi"},
    {"sk-mutasi", "SK Mutasi"},
    {"sk-pengangkatan", "SK Pengangkatan"},
    {"sk-pensiun", "SK Pensiun"},
    {"sk-pemberhentian", "SK Pemberhentian"},
    {"surat-keterangan-kematian", "Surat Keterangan Kematian"},
    {"surat-pernyataan", "Surat Pernyataan"},
    {"ktp", "Pindai KTP"},
    {"lainnya", "Dokumen lain"},
};

static const Title roles[] = {
    {"requester", "Perangkat daerah pengusul"},
    {"applicant", "Pemohon"},
    {"bsre", "BSrE"},
    {"system", "Sistem layanan"},
    {"operator", "Operator layanan"},
    {"petugas", "Petugas"},
    {"kepala-dinas", "Kepala Dinas"},
    {"sekretaris", "Sekretaris"},
    {"kabid", "Kepala Bidang"},
    {"kasi", "Kepala Seksi"},
    {"admin-helpdesk", "Admin Helpdesk"},
    {"verifikator", "Verifikator"},
    {"pejabat-pengaduan", "Pejabat Pengaduan"},
};

/* Only what the reader of a notice can do something about. */
static const Title doubts[] = {
    {"unread-attachment",
     "Ada lampiran berupa hasil pindai, terkunci, atau tidak dapat dibaca secara otomatis; petugas "
     "akan memeriksanya."},
    {"empty-attachment", "Ada lampiran yang kosong (0 bita); mohon dikirim ulang."},
    {"no-attachment", "Surel menyebut lampiran, tetapi tidak ada lampiran yang kami terima."},
    {"no-applicant", "Nama pemohon sertifikat belum kami temukan dalam surat."},
    {"service-unclear", "Jenis layanan yang dimohonkan belum jelas bagi kami."},
    {"title-body-conflict",
     "Judul dan isi surat menyebut layanan yang berbeda; kami berpegang pada judul surat."},
    {"early-renewal",
     "Masa berlaku sertifikat masih lebih dari 30 hari; pembaruan dikerjakan saat waktunya tiba."},
    {"bad-nip", "Ada NIP yang jumlah atau susunan digitnya tidak sesuai (seharusnya 18 digit)."},
    {"bad-nik", "Ada NIK yang jumlah atau susunan digitnya tidak sesuai (seharusnya 16 digit)."},
    {"nip-nik-differ",
     "NIP dan NIK menunjukkan tanggal lahir atau jenis kelamin yang berbeda. Bila keduanya sudah "
     "benar, balas dengan kata BENAR; bila ada salah ketik, mohon kirim angka yang benar."},
    {"swapped-number", "NIP dan NIK tampaknya tertukar tempat."},
    {"same-name", "Ada dua pemohon dengan nama yang sama."},
    {"private-email", "Alamat surel pemohon bukan alamat kedinasan pribadi (.go.id)."},
    {"forwarded-notice", "Pemberitahuan diteruskan oleh orang lain, bukan dikirim langsung."},
    {"no-command", "Tidak ada perintah yang dapat kami kenali."},
    {"contradiction", "Surel memuat perintah yang saling bertentangan."},
    {"bad-date", "Tanggal yang ditulis tidak dapat kami pastikan."},
    {"parts-differ", "Bagian teks dan HTML surel berbeda isinya."},
};

static const Title verbs[] = {
    {"SETUJU", "menyetujui; permohonan berlanjut ke tahap berikutnya"},
    {"TERUSKAN", "meneruskan ke tahap berikutnya"},
    {"LENGKAPI", "meminta kelengkapan kepada pengusul; sebutkan apa yang kurang"},
    {"KEMBALIKAN", "mengembalikan ke tahap sebelumnya; alasan wajib ditulis"},
    {"TOLAK", "menolak permohonan; alasan wajib ditulis"},
    {"TUNDA", "menunda sampai tanggal yang ditulis"},
    {"AJUKAN", "sudah diajukan ke BSrE; menunggu hasil"},
    {"SELESAI", "hasil dari BSrE sudah ada; nomor pemohon dan \"s.d. tanggal\" boleh ditulis"},
    {"GAGAL", "BSrE menolak; alasan wajib ditulis"},
    {"CATAT", "mencatat keterangan tanpa mengubah tahap"},
    {"ALIH", "mengalihkan tahap ini kepada pejabat lain; tulis alamat surelnya"},
    {"TAUTKAN", "menautkan surel ke nomor permohonan yang ditulis"},
    {"STATUS", "menanyakan keadaan permohonan"},
    {"DAFTAR", "meminta daftar permohonan yang menunggu Bapak/Ibu"},
    {"BATAL", "membatalkan perintah terakhir Bapak/Ibu"},
    {"COBA", "memperlihatkan akibat perintah tanpa menjalankannya"},
    {"BANTUAN", "menjelaskan kata yang dapat digunakan"},
    {"BENAR", "menyatakan bahwa data yang ditulis sudah benar"},
    {"MUSNAHKAN", "memusnahkan data pribadi permohonan yang sudah ditutup"},
};

/* For those who ask in English. */
static const Title english_verbs[] = {
    {"SETUJU", "approves; the request goes on to the next step"},
    {"TERUSKAN", "passes on to the next step"},
    {"LENGKAPI", "asks the office that applied for what is missing; name it"},
    {"KEMBALIKAN", "gives back to the step before; a reason must be written"},
    {"TOLAK", "refuses the request; a reason must be written"},
    {"TUNDA", "puts off until the day that is written"},
    {"AJUKAN", "entered at BSrE; its outcome is awaited"},
    {"SELESAI", "BSrE's outcome is there; the applicant's number and \"s.d. date\" may follow"},
    {"GAGAL", "BSrE refused; a reason must be written"},
    {"CATAT", "adds a note and leaves the step as it is"},
    {"ALIH", "hands the step to another official; write the address"},
    {"TAUTKAN", "joins a mail to the case whose number is written"},
    {"STATUS", "asks where the request stands"},
    {"DAFTAR", "lists the requests that wait for you"},
    {"BATAL", "takes back your last command"},
    {"COBA", "shows what a command would do without doing it"},
    {"BANTUAN", "explains the words"},
    {"BENAR", "says that the data are right as written"},
    {"MUSNAHKAN", "destroys the personal data of a closed request"},
};

G_STATIC_ASSERT(G_N_ELEMENTS(english_verbs) == G_N_ELEMENTS(verbs));

static const Title notices[] = {
    {"diterima", "pemberitahuan penerimaan"},
    {"kurang", "permintaan kelengkapan"},
    {"dipindai", "pemberitahuan pemeriksaan lampiran"},
    {"giliran", "permintaan tindak lanjut"},
    {"kemajuan", "pemberitahuan perkembangan"},
    {"menunggu-bsre", "pemberitahuan pengajuan ke BSrE"},
    {"selesai-pemohon", "pemberitahuan hasil kepada pemohon"},
    {"selesai", "pemberitahuan selesai"},
    {"selesai-tawaran", "pemberitahuan selesai dengan penawaran"},
    {"ditolak", "pemberitahuan penolakan"},
    {"ditarik", "pemberitahuan penarikan"},
    {"kedaluwarsa", "pemberitahuan penutupan"},
    {"ditunda", "pemberitahuan penundaan"},
    {"pembaruan-awal", "pemberitahuan pembaruan lebih awal"},
    {"terkait", "pemberitahuan permohonan terhubung"},
    {"pengingat", "pengingat"},
    {"pengingat-pemohon", "pengingat kelengkapan"},
    {"eskalasi", "pemberitahuan lewat batas"},
    {"ringkasan", "ringkasan harian"},
    {"transkrip", "jawaban atas perintah"},
    {"status", "jawaban status"},
    {"bantuan", "penjelasan kata perintah"},
    {"bantuan-en", "penjelasan kata perintah dalam bahasa Inggris"},
    {"batas-perintah", "peringatan banyaknya keputusan akhir"},
    {"ditahan", "pemberitahuan permohonan yang ditahan"},
    {"tanya-bsre", "pertanyaan tentang pemberitahuan BSrE"},
    {"konfirmasi", "permintaan konfirmasi"},
    {"ganda", "pemberitahuan surat yang sama"},
    {"penarikan-ditolak", "jawaban atas penarikan"},
    {"karantina", "pemberitahuan karantina"},
    {"gagal-kirim", "pemberitahuan surel yang tidak sampai"},
    {"alamat-mati", "permintaan alamat yang aktif"},
    {"surel-menumpuk", "pemberitahuan surel lain yang perlu dilihat"},
    {"perlu-dilihat", "permintaan pemeriksaan surel"},
    {"catatan-harian", "catatan harian"},
    {"masa-berlaku", "pengingat masa berlaku"},
    {"pantauan", "pantauan pemegang sertifikat"},
    {"pengaduan", "pemberitahuan pengaduan"},
    {"pemusnahan", "usul pemusnahan"},
    {"survei", "jawaban survei kepuasan"},
    {"laporan", "laporan kinerja"},
    {"standar", "standar pelayanan"},
};

static const Title statuses[] = {
    {"5.1.0", "alamat tidak diterima"},
    {"5.1.1", "alamat tidak dikenal"},
    {"5.1.2", "domain alamat tidak dikenal"},
    {"5.1.3", "penulisan alamat tidak sah"},
    {"5.1.6", "kotak surel telah pindah"},
    {"5.1.10", "domain alamat tidak menerima surel"},
    {"5.2.0", "kotak surel bermasalah"},
    {"5.2.1", "kotak surel dinonaktifkan"},
    {"5.2.2", "kotak surel penuh"},
    {"5.2.3", "surel terlalu besar"},
    {"5.3.4", "surel terlalu besar"},
    {"5.4.4", "server tujuan tidak ditemukan"},
    {"5.4.7", "batas waktu pengiriman terlampaui"},
    {"5.7.0", "ditolak oleh kebijakan server"},
    {"5.7.1", "ditolak oleh kebijakan server"},
};

static const char *
find_title(const Title *titles, gsize n, const char *id)
{
    for (gsize i = 0; id != NULL && i < n; i++)
        if (strcmp(titles[i].id, id) == 0)
            return titles[i].title;
    return NULL;
}

const char *
mp_notify_status_title(const char *status)
{
    const char *title = find_title(statuses, G_N_ELEMENTS(statuses), status);

    return title == NULL ? "surel ditolak oleh server" : title;
}

const char *
mp_notify_service_title(const char *service)
{
    const char *title = find_title(services, G_N_ELEMENTS(services), service);

    return title == NULL ? (service == NULL ? "" : service) : title;
}

const char *
mp_notify_document_title(const char *kind)
{
    const char *title = find_title(documents, G_N_ELEMENTS(documents), kind);

    return title == NULL ? (kind == NULL ? "" : kind) : title;
}

/* "per-applicant:" asks for one document a person; "a|b" leaves the choice. */
char *
mp_notify_requirement_title(const char *requirement)
{
    static const char per_applicant[] = "per-applicant:";
    gboolean is_each = requirement != NULL && g_str_has_prefix(requirement, per_applicant);
    const char *kinds = requirement == NULL ? "" : requirement;
    GString *out = g_string_new(NULL);
    g_auto(GStrv) parts = NULL;

    if (is_each)
        kinds += strlen(per_applicant);
    parts = g_strsplit(kinds, "|", -1);
    for (gsize i = 0; parts[i] != NULL; i++) {
        if (i > 0)
            g_string_append(out, parts[i + 1] == NULL ? " atau " : ", ");
        g_string_append(out, mp_notify_document_title(g_strstrip(parts[i])));
    }
    if (is_each)
        g_string_append(out, " setiap pemohon");
    return g_string_free(out, FALSE);
}

const char *
mp_notify_outcome_title(MpOutcome outcome)
{
    switch (outcome) {
    case MP_OUTCOME_NONE:
        return "belum ada hasil";
    case MP_OUTCOME_ISSUED:
        return "terbit";
    case MP_OUTCOME_RENEWED:
        return "diperbarui";
    case MP_OUTCOME_CHANGED:
        return "data telah diubah";
    case MP_OUTCOME_REVOKED:
        return "dicabut";
    case MP_OUTCOME_REJECTED:
        return "ditolak";
    case MP_OUTCOME_WITHDRAWN:
        return "ditarik kembali";
    case MP_OUTCOME_EXPIRED:
        return "tidak dilengkapi";
    case MP_OUTCOME_N:
        break;
    }
    return "";
}

const char *
mp_notify_state_title(MpCaseState state)
{
    switch (state) {
    case MP_CASE_OPEN:
        return "sedang diproses";
    case MP_CASE_WAITING:
        return "menunggu pihak lain";
    case MP_CASE_FINISHED:
        return "selesai";
    case MP_CASE_REFUSED:
        return "ditolak";
    case MP_CASE_WITHDRAWN:
        return "ditarik kembali";
    case MP_CASE_EXPIRED:
        return "ditutup karena tidak dilengkapi";
    case MP_CASE_STATE_N:
        break;
    }
    return "";
}

const char *
mp_notify_doubt_sentence(const char *doubt)
{
    return find_title(doubts, G_N_ELEMENTS(doubts), doubt);
}

const char *
mp_notify_verb_meaning(const char *verb)
{
    return find_title(verbs, G_N_ELEMENTS(verbs), verb);
}

const char *
mp_notify_verb_meaning_english(const char *verb)
{
    return find_title(english_verbs, G_N_ELEMENTS(english_verbs), verb);
}

const char *
mp_notify_notice_title(const char *name)
{
    return find_title(notices, G_N_ELEMENTS(notices), name);
}

const char *
mp_notify_role_title(const MpNotifyOffice *office, const char *role)
{
    const char *title = NULL;

    if (role == NULL)
        return "";
    if (office != NULL && office->role_titles != NULL)
        title = g_hash_table_lookup(office->role_titles, role);
    if (title == NULL)
        title = find_title(roles, G_N_ELEMENTS(roles), role);
    return title == NULL ? role : title;
}

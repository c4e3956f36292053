/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The one table of names that templates may use. mailproc-templates(5) says the same in prose; a
 * test holds both against each other. No name inside a list is also a name outside. */
#include "notify/notify-private.h"

#define TEXT(name, inside, doc)                                                                    \
    {                                                                                              \
        name, inside, MP_VALUE_TEXT, FALSE, doc                                                    \
    }
#define CODE(name, inside, doc)                                                                    \
    {                                                                                              \
        name, inside, MP_VALUE_TEXT, TRUE, doc                                                     \
    }
#define TRUTH(name, inside, doc)                                                                   \
    {                                                                                              \
        name, inside, MP_VALUE_BOOL, FALSE, doc                                                    \
    }
#define LIST(name, doc)                                                                            \
    {                                                                                              \
        name, "", MP_VALUE_LIST, FALSE, doc                                                        \
    }
#define MAP(name, doc)                                                                             \
    {                                                                                              \
        name, "", MP_VALUE_MAP, FALSE, doc                                                         \
    }

const MpName mp_names[] = {
    /* the office */
    TEXT("kantor", "", "name of the office"),
    TEXT("nama_layanan", "", "display name of the service mailbox"),
    TEXT("surel_kantor", "", "address of the service mailbox"),
    TEXT("sekarang", "", "date and time of writing"),
    /* the case */
    TEXT("nomor", "", "case number"),
    TEXT("layanan", "", "title of the service"),
    TEXT("keadaan", "", "state of the case in words"),
    TRUTH("berhasil", "", "the case ended with a success"),
    TEXT("alasan", "", "reason of a refusal, a return, a doubt or the opening"),
    TEXT("asal", "", "number of the case that opened this one"),
    TEXT("pengaju", "", "name or address of the requester"),
    TEXT("surel_pengaju", "", "address of the requester"),
    TEXT("surat", "", "letter in words: number, date, subject as far as known"),
    TEXT("surat_nomor", "", "number of the letter"),
    TEXT("surat_tanggal", "", "date of the letter"),
    TEXT("surat_hal", "", "subject of the letter"),
    TEXT("diterima_pada", "", "when the case was opened"),
    TEXT("sejak", "", "since when the present step runs"),
    TEXT("batas", "", "when the present step is due"),
    TEXT("ditutup_pada", "", "when the case was closed"),
    TEXT("tahap", "", "activity of the present step"),
    TEXT("pemegang", "", "who holds the present step"),
    TEXT("bola", "", "one line: who holds the case, since when, until when"),
    TEXT("jumlah_orang", "", "number of applicants, empty when none"),
    TEXT("jumlah_kurang", "", "number of missing documents, empty when none"),
    LIST("orang", "the applicants"),
    MAP("pemohon", "the one applicant that the mail is about"),
    TEXT("no", "orang pemohon", "applicant: number in the letter"),
    TEXT("nama", "orang pemohon", "applicant: name"),
    TEXT("nip", "orang pemohon", "applicant: NIP, masked"),
    TEXT("nik", "orang pemohon", "applicant: NIK, masked"),
    TEXT("jabatan", "orang pemohon", "applicant: position"),
    TEXT("unit", "orang pemohon", "applicant: unit"),
    TEXT("surel", "orang pemohon", "applicant: address"),
    TEXT("semula", "orang pemohon", "applicant: data before the change"),
    TEXT("menjadi", "orang pemohon", "applicant: data after the change"),
    TEXT("berlaku_sampai", "orang pemohon", "applicant: end of validity"),
    TEXT("hasil", "orang pemohon", "applicant: outcome in words"),
    TEXT("hasil_alasan", "orang pemohon", "applicant: reason of the outcome"),
    TEXT("hasil_pada", "orang pemohon", "applicant: when the outcome came"),
    TRUTH("orang_berhasil", "orang pemohon", "applicant: the outcome is a success"),
    TRUTH("orang_gagal", "orang pemohon", "applicant: the outcome is none of success"),
    TRUTH("hasil_terbit", "orang pemohon", "applicant: a certificate was issued or renewed"),
    TRUTH("hasil_dicabut", "orang pemohon", "applicant: the certificate was revoked"),
    LIST("berkas", "the documents that came"),
    TEXT("nama_berkas", "berkas", "document: file name"),
    TEXT("jenis_berkas", "berkas", "document: kind in words"),
    TRUTH("tak_terbaca", "berkas", "document: a scan or locked, a person must look"),
    LIST("kurang", "the documents that are missing"),
    TEXT("nama_kurang", "kurang", "missing document in words"),
    LIST("keraguan", "what is doubtful in the request"),
    TEXT("isi_keraguan", "keraguan", "one doubt as a sentence"),
    LIST("terkait", "the cases that this one opened"),
    TEXT("nomor_terkait", "terkait", "number of a linked case"),
    LIST("langkah", "the steps of the procedure"),
    TEXT("jumlah_langkah", "", "number of steps that are drawn, empty when none"),
    TEXT("no_langkah", "langkah", "step: number"),
    TEXT("kegiatan", "langkah", "step: activity"),
    TEXT("pelaku", "langkah", "step: who acts"),
    TEXT("waktu_sop", "langkah", "step: time as printed in the procedure"),
    TRUTH("tambahan", "langkah", "step: added by the office, not in the printed procedure"),
    TRUTH("sudah", "langkah", "step: done"),
    TRUTH("kini", "langkah", "step: the present one"),
    TRUTH("nanti", "langkah", "step: still to come"),
    /* the mail itself */
    TEXT("penerima", "", "name or title that is greeted"),
    CODE("kode", "", "code that lets a reply carry authority"),
    TEXT("catatan", "", "note of an official"),
    TEXT("pesan", "", "message of an official to the applicant"),
    TEXT("sampai", "", "date until which something sleeps or is valid"),
    TEXT("tenggat", "", "date by which an answer is awaited"),
    TEXT("lama", "", "length of a wait in words"),
    TEXT("selanjutnya", "", "what happens next"),
    LIST("kata", "the words that may be answered with"),
    TEXT("verba", "kata", "word: as it is written"),
    TEXT("arti", "kata", "word: what it does"),
    LIST("baris", "the lines of a command mail"),
    TEXT("perintah", "baris", "line: command as written"),
    TEXT("hasil_baris", "baris", "line: done, refused, not understood"),
    TEXT("keterangan", "baris", "line: why, or the nearest valid words"),
    TEXT("sebelum", "baris", "line: state before"),
    TEXT("sesudah", "baris", "line: state after"),
    TRUTH("ditolak", "baris", "line: nothing was done"),
    LIST("lampiran", "the documents that belong to the mail"),
    TEXT("nama_lampiran", "lampiran", "attachment: file name"),
    TRUTH("lampiran_hanya_daftar", "", "the attachments were too large and are only listed"),
    TEXT("periode", "", "period of a report in words"),
    TRUTH("periode_kosong", "", "nothing happened in the period of the report"),
    /* the standard of a service */
    LIST("persyaratan", "what a request needs"),
    TEXT("isi_persyaratan", "persyaratan", "requirement: in words"),
    LIST("jangka_waktu", "how long the service takes"),
    TEXT("isi_jangka_waktu", "jangka_waktu", "time: in words"),
    TEXT("jam_layanan", "", "working hours of the service"),
    TEXT("biaya", "", "what the service costs"),
    TEXT("produk", "", "what comes out of it"),
    LIST("cara_pengaduan", "how to complain, and what becomes of it"),
    TEXT("isi_pengaduan", "cara_pengaduan", "complaint: one line"),
    TEXT("dasar_hukum", "", "legal basis"),
    TEXT("sarana", "", "facilities"),
    TEXT("kompetensi", "", "competence of those who work on it"),
    TEXT("pengawasan", "", "internal supervision"),
    TEXT("jumlah_pelaksana", "", "how many work on it"),
    TEXT("jaminan_pelayanan", "", "what is promised of the service"),
    TEXT("jaminan_keamanan", "", "what is promised of safety"),
    TEXT("evaluasi", "", "how it is evaluated"),
    TRUTH("survei", "", "an answer to the survey of satisfaction is asked for"),
    TRUTH("survei_diterima", "", "survey: the answer was counted"),
    TRUTH("survei_sudah", "", "survey: an answer was counted before"),
    TRUTH("survei_ulangi", "", "survey: the answer could not be read"),
    LIST("unsur", "the questions of the survey"),
    TEXT("no_unsur", "unsur", "question: number"),
    TEXT("nama_unsur", "unsur", "question: name"),
    LIST("hitungan", "how the due time comes about"),
    TEXT("isi_hitungan", "hitungan", "reckoning: one line"),
    TEXT("jumlah_hitungan", "", "number of its lines, empty when none"),
    LIST("waktu", "the time used at each step"),
    TEXT("kegiatan_waktu", "waktu", "time: activity"),
    TEXT("pelaku_waktu", "waktu", "time: who acted"),
    TEXT("terpakai", "waktu", "time: used"),
    TEXT("menurut_sop", "waktu", "time: allowed by the procedure"),
    TRUTH("lewat", "waktu", "time: more was used than allowed"),
    TEXT("total_terpakai", "", "time used in all"),
    TEXT("total_sop", "", "time of the procedure in all"),
    LIST("daftar", "open cases, oldest due first"),
    TEXT("nomor_kasus", "daftar", "open case: number"),
    TEXT("layanan_kasus", "daftar", "open case: service"),
    TEXT("pengaju_kasus", "daftar", "open case: requester"),
    TEXT("tahap_kasus", "daftar", "open case: step"),
    TEXT("pemegang_kasus", "daftar", "open case: holder"),
    TEXT("batas_kasus", "daftar", "open case: due"),
    TRUTH("terlambat", "daftar", "open case: overdue"),
    TEXT("jumlah_daftar", "", "number of open cases"),
    /* a mail that came */
    TEXT("pengirim", "", "address that a mail came from"),
    TEXT("pengaku", "", "who a mail claims to be from"),
    TEXT("perihal", "", "subject of a mail that came"),
    TEXT("tiba_pada", "", "when a mail came"),
    TEXT("id_surel", "", "number of a mail in the ledger"),
    TEXT("cuplikan", "", "beginning of the text of a mail"),
    TEXT("hasil_bsre", "", "outcome that a notice of BSrE reports"),
    TEXT("nama_bsre", "", "person that a notice of BSrE names"),
    LIST("calon", "cases that a notice may belong to"),
    TEXT("nomor_calon", "calon", "candidate: case number"),
    TEXT("nama_calon", "calon", "candidate: applicant"),
    TEXT("alamat_gagal", "", "address that could not be reached"),
    TEXT("jawaban_server", "", "status of the mail server and what it means"),
    TEXT("jenis_surel", "", "what the mail that failed was"),
    TRUTH("mungkin_sampai", "", "the mail may have arrived: the answer was lost"),
    TRUTH("alamat_berhenti", "", "no more mail goes to that address until it is corrected"),
    /* the daily note */
    TEXT("tanggal", "", "day of the note"),
    CODE("kepala_rantai", "", "head of the hash chain"),
    LIST("angka", "the numbers of the day"),
    TEXT("nama_angka", "angka", "number: its name"),
    TEXT("nilai", "angka", "number: its value"),
    LIST("peringatan", "what needs attention"),
    TEXT("isi_peringatan", "peringatan", "one warning as a sentence"),
    {NULL, NULL, MP_VALUE_TEXT, FALSE, NULL},
};

const MpName *
mp_names_find(const char *name)
{
    for (const MpName *known = mp_names; known->name != NULL; known++)
        if (strcmp(known->name, name) == 0)
            return known;
    return NULL;
}

gboolean
mp_names_lives_in(const MpName *name, const char *section)
{
    g_auto(GStrv) sections = g_strsplit(name->inside, " ", -1);

    return g_strv_contains((const char *const *)sections, section);
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/* notify/: case facts plus a template become an RFC 5322 mail. Templates are data (Mustache:
 * variables, sections, inverted sections, comments, partials; HTML-escaped in .html, plain in .txt;
 * an unknown name is an error at load). GMime builds the bytes; no CR, LF, NUL or other control can
 * pass into a header or an envelope address; lines end in CRLF.
 *
 * Invariants: mp_notify_build is a pure function of its arguments (the boundary comes from the
 * Message-ID); identity numbers are masked before they enter a context.
 * Errors: CONFIG "file:line: …" from loading templates; INPUT from building (an unsafe address).
 */

#include "base/base.h"
#include "case/case.h"

/* --- values for templates --- */

typedef struct MpValue MpValue; /* text, truth, list or map */

MpValue *mp_value_text(const char *text); /* NULL → "" */
MpValue *mp_value_bool(gboolean value);
MpValue *mp_value_list(void);
MpValue *mp_value_map(void);
void mp_value_append_take(MpValue *list, MpValue *item);
void mp_value_set_take(MpValue *map, const char *key, MpValue *value);
void mp_value_set_text(MpValue *map, const char *key, const char *text);
/* Copies every entry of the map `from` (NULL = nothing) over those of `map`. */
void mp_value_merge(MpValue *map, const MpValue *from);
void mp_value_free(MpValue *value);

/* --- templates --- */

typedef struct MpTemplates MpTemplates;

MpTemplates *mp_templates_new(void);
/* `name` is the file name: "diterima.txt", "diterima.html", "_kaki.txt" (partials begin with _).
 * The first line of a .txt that is no partial is "Subjek: …". */
gboolean mp_templates_add(MpTemplates *templates,
                          const char *name,
                          const char *bytes,
                          gsize length,
                          GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* After the last file: every partial exists, every variable is one the context can have, every
 * notice has .txt and .html, every name in `wanted` (one with a dot is a file's) is there. */
gboolean mp_templates_check(const MpTemplates *templates,
                            const char *const *wanted,
                            GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Names without extension, sorted, NULL-terminated, caller frees with g_strfreev. */
char **mp_templates_names(const MpTemplates *templates);
/* INPUT error for a name that is not there. `subject_out` is one safe line. */
gboolean mp_templates_render(const MpTemplates *templates,
                             const char *name,
                             const MpValue *context,
                             char **subject_out,
                             char **text_out,
                             char **html_out,
                             GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* The words of a paper: `name` is that of "surat-rekomendasi.surat", a file of plain text without
 * subject and twin (report.h says what its lines mean). */
char *mp_templates_render_paper(const MpTemplates *templates,
                                const char *name,
                                const MpValue *context,
                                GError **error) G_GNUC_WARN_UNUSED_RESULT;
void mp_templates_free(MpTemplates *templates);

/* --- contexts --- */

typedef struct {
    const char *office_name;    /* "Dinas Komunikasi dan Informatika Kabupaten Contoh" */
    const char *service_name;   /* from address' display name */
    const char *office_address; /* official mailbox */
    const MpCalendar *calendar;
    GHashTable *role_titles; /* role id → "Kepala Dinas" */
} MpNotifyOffice;

/* The names a template may use are one table (names.c; mailproc-templates(5)); texts are cleaned
 * and identity numbers masked. Set by mp_notify_case_context (all of them, empty where unknown):
 * - kantor nama_layanan surel_kantor sekarang; nomor layanan keadaan berhasil(truth) alasan asal
 * - pengaju surel_pengaju; surat surat_nomor surat_tanggal surat_hal
 * - diterima_pada sejak batas ditutup_pada tahap pemegang bola; jumlah_orang, jumlah_kurang and
 *   jumlah_langkah are empty when none
 * - orang[] and pemohon{} (the special applicant): no nama nip nik jabatan unit surel semula
 *   menjadi berlaku_sampai hasil hasil_alasan hasil_pada; truths orang_berhasil orang_gagal
 *   hasil_terbit hasil_dicabut
 * - berkas[]: nama_berkas jenis_berkas tak_terbaca(truth); kurang[]: nama_kurang
 * - keraguan[]: isi_keraguan; terkait[]: nomor_terkait
 * - langkah[]: no_langkah kegiatan pelaku waktu_sop; truths tambahan sudah kini nanti
 * Extra keys that the caller sets on the map where the template wants them (others are empty):
 * - penerima (greeted name, else "Bapak/Ibu") kode catatan pesan alasan sampai tenggat lama
 * - kata[]: verba arti; baris[]: perintah hasil_baris keterangan sebelum sesudah ditolak(truth)
 * - selanjutnya (what happens next); lampiran[]: nama_lampiran; lampiran_hanya_daftar(truth)
 * - hitungan[]: isi_hitungan (how the due time comes about); jumlah_hitungan (empty when none)
 * - waktu[]: kegiatan_waktu pelaku_waktu terpakai menurut_sop lewat(truth), and the sums
 *   total_terpakai total_sop
 * - daftar[]: nomor_kasus layanan_kasus pengaju_kasus tahap_kasus pemegang_kasus batas_kasus
 *   terlambat(truth); jumlah_daftar (empty when none)
 * - of a mail that came: pengirim pengaku (who it claims to be) perihal tiba_pada id_surel cuplikan
 * - hasil_bsre nama_bsre calon[]: nomor_calon nama_calon; alamat_gagal jawaban_server jenis_surel
 * - catatan-harian: tanggal kepala_rantai angka[]: nama_angka nilai; peringatan[]: isi_peringatan
 * `applicant` 0 = none special; `sop` gives the steps and titles and may be NULL. */
MpValue *mp_notify_case_context(const MpNotifyOffice *office,
                                const MpSop *sop,
                                const MpCase *kase,
                                guint applicant,
                                gint64 now_utc);
/* A context without a case (karantina, catatan-harian, bantuan, ringkasan): office and now only. */
MpValue *mp_notify_office_context(const MpNotifyOffice *office, gint64 now_utc);
/* "Penerbitan Sertifikat Elektronik" for "pendaftaran" and so on; the id itself when unknown. */
const char *mp_notify_service_title(const char *service);
/* "SK Mutasi" for one kind, the kind itself when unknown. */
const char *mp_notify_document_title(const char *kind);
char *mp_notify_requirement_title(const char *requirement); /* "SK Mutasi atau SK Pengangkatan" */
const char *mp_notify_outcome_title(MpOutcome outcome);     /* "terbit", "ditolak", "belum ada" */
const char *mp_notify_state_title(MpCaseState state);       /* "sedang diproses" … */
/* One sentence for the reader about a doubt ("early-renewal" …); NULL when it is not his business.
 */
const char *mp_notify_doubt_sentence(const char *doubt);
/* "meneruskan ke tahap berikutnya" for TERUSKAN; "permintaan kelengkapan" for "kurang"; or NULL. */
const char *mp_notify_verb_meaning(const char *verb);
const char *mp_notify_verb_meaning_english(const char *verb);
const char *mp_notify_notice_title(const char *name);
/* What a mail server's status ("5.1.1", "550") means, in our words; never NULL. */
const char *mp_notify_status_title(const char *status);
/* "Kasi TI dan Persandian" by the office's titles, "BSrE", "Perangkat daerah pengusul" …; borrowed.
 */
const char *mp_notify_role_title(const MpNotifyOffice *office, const char *role);

/* --- mails --- */

typedef struct {
    char *message_id; /* without <> */
    char *from_name, *from_address;
    char *to_name, *to_address;
    char *subject;
    char *in_reply_to; /* without <>, or NULL */
    char *references;  /* ids with <>, blank separated, or NULL */
    gboolean is_reply; /* Auto-Submitted: auto-replied, else auto-generated */
    gint64 date_utc;
    char *text, *html; /* html may be NULL */
} MpMail;

typedef struct {
    const char *filename, *type;
    GBytes *content;
} MpAttachment;

/* The finished bytes: headers of contract.md, multipart/alternative, attachments, 7-bit, CRLF. */
GBytes *mp_notify_build(const MpMail *mail,
                        const MpAttachment *attachments,
                        gsize n_attachments,
                        GError **error) G_GNUC_WARN_UNUSED_RESULT;
MpMail *mp_mail_new(void);
void mp_mail_free(MpMail *mail);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(MpValue, mp_value_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC(MpTemplates, mp_templates_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC(MpMail, mp_mail_free)

/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The demo's invented people and what they write. Names, numbers and wordings are made up; NIP end
 * in serial 999 and NIK begin with 3399, so that none can be anybody's. */

#include "app/demo.h"

const MpDemoLetter mp_demo_letters[] = {
    {"kabupaten",
     "pendaftaran",
     "Dinas Kesehatan",
     "dinkes@contohkab.go.id",
     "Permohonan Penerbitan Sertifikat Elektronik",
     "800/1123/2026",
     "Nama        : Rangga Prasetya, S.Kom.\n"
     "NIP         : 19900214 201502 1 999\n"
     "NIK         : 3399011402900001\n"
     "Jabatan     : Pranata Komputer Ahli Muda\n"
     "Unit Kerja  : Dinas Kesehatan\n"
     "Email       : rangga.prasetya@contohkab.go.id\n"
     "No. HP      : 0812-0000-1122\n",
     "rangga.prasetya@contohkab.go.id",
     "Rangga Prasetya, S.Kom.",
     {"Surat Permohonan.pdf", "Surat Rekomendasi.pdf", "KTP.jpg"},
     NULL},
    {"kabupaten",
     "pembaruan",
     "Dinas Perhubungan",
     "dishub@contohkab.go.id",
     "Permohonan Pembaruan Sertifikat Elektronik",
     "550/87/2026",
     "Nama        : Dra. Sulastri Wulandari\n"
     "NIP         : 19710905 199603 2 999\n"
     "Jabatan     : Kepala Bidang Lalu Lintas\n"
     "Unit Kerja  : Dinas Perhubungan\n"
     "Email       : sulastri.wulandari@contohkab.go.id\n"
     "Sertifikat berlaku sampai dengan 30 November 2026.\n",
     "sulastri.wulandari@contohkab.go.id",
     "Dra. Sulastri Wulandari",
     {"Surat Permohonan.pdf", "Surat Rekomendasi.pdf", NULL},
     NULL},
    {"kabupaten",
     "perubahan-data",
     "Kecamatan Melati",
     "kec.melati@contohkab.go.id",
     "Permohonan Perubahan Data Sertifikat Elektronik",
     "138/41/2026",
     "Nama        : Dewi Anggraini, S.STP\n"
     "NIP         : 19880320 201001 2 999\n"
     "Jabatan     : Camat Melati\n"
     "Unit Kerja  : Kecamatan Melati\n"
     "Email       : dewi.anggraini@contohkab.go.id\n"
     "Semula      : Kasi Pemerintahan Kecamatan Mawar\n"
     "Menjadi     : Camat Melati\n",
     "dewi.anggraini@contohkab.go.id",
     "Dewi Anggraini, S.STP",
     {"Surat Permohonan.pdf", "SK Mutasi.pdf", NULL},
     NULL},
    {"kabupaten",
     "pencabutan",
     "Dinas Pendidikan",
     "disdik@contohkab.go.id",
     "Permohonan Pencabutan Sertifikat Elektronik (Purna Tugas)",
     "421/305/2026",
     "Nama        : Drs. Slamet Riyanto\n"
     "NIP         : 19661201 199203 1 999\n"
     "Jabatan     : Pengawas Sekolah\n"
     "Unit Kerja  : Dinas Pendidikan\n"
     "Email       : slamet.riyanto@contohkab.go.id\n"
     "Terhitung mulai 1 Desember 2026 yang bersangkutan memasuki purna tugas.\n",
     "slamet.riyanto@contohkab.go.id",
     "Drs. Slamet Riyanto",
     {"Surat Permohonan.pdf", "SK Pensiun.pdf", NULL},
     NULL},
    {"kota",
     "perubahan-data",
     "Badan Kepegawaian",
     "bkpsdm@contohkab.go.id",
     "Permohonan Perubahan Data Sertifikat Elektronik",
     "800/512/2026",
     "Nama        : Yohana Setyaningsih, S.H.\n"
     "NIP         : 19850610 200901 2 999\n"
     "Jabatan     : Analis SDM Aparatur\n"
     "Unit Kerja  : Badan Kepegawaian\n"
     "Email       : yohana.setyaningsih@contohkab.go.id\n"
     "Semula      : Staf Kecamatan Kenanga\n"
     "Menjadi     : Analis SDM Aparatur\n"
     "Yang bersangkutan masih memiliki sertifikat elektronik yang aktif.\n",
     "yohana.setyaningsih@contohkab.go.id",
     "Yohana Setyaningsih, S.H.",
     {"Formulir Perubahan Data.pdf", "SK Mutasi.pdf", NULL},
     "pekalongan-perubahan-data.sop"},
};

const gsize mp_demo_n_letters = G_N_ELEMENTS(mp_demo_letters);

static const struct {
    const char *name, *text;
} papers[] = {
    {"Surat Permohonan.pdf", "SURAT PERMOHONAN"},
    {"Surat Rekomendasi.pdf", "SURAT REKOMENDASI"},
    {"SK Mutasi.pdf", "KEPUTUSAN BUPATI CONTOH|TENTANG MUTASI PEGAWAI NEGERI SIPIL"},
    {"SK Pensiun.pdf",
     "KEPUTUSAN BUPATI CONTOH|TENTANG PEMBERHENTIAN DENGAN HORMAT DAN PEMBERIAN PENSIUN"},
    {"Formulir Perubahan Data.pdf", "FORMULIR PERMOHONAN PERUBAHAN DATA"},
};

static void
append_pdf_line(GString *stream, const char *line, guint size, gint step)
{
    g_string_append_printf(stream, "/F1 %u Tf 0 %d Td (", size, -step);
    for (const char *p = line; *p != '\0'; p++) {
        if (strchr("()\\", *p) != NULL)
            g_string_append_c(stream, '\\');
        g_string_append_c(stream, *p);
    }
    g_string_append(stream, ") Tj\n");
}

/* One page of Helvetica: enough of PDF for a letter that a reader can read. */
static char *
make_pdf(const char *const *lines)
{
    g_autoptr(GString) stream = g_string_new("BT 60 780 Td\n");
    g_autoptr(GString) pdf = g_string_new("%PDF-1.4\n");
    gsize offsets[6] = {0};
    gsize xref;

    for (guint i = 0; lines[i] != NULL; i++)
        append_pdf_line(stream, lines[i], i == 0 ? 14 : 11, i == 0 ? 0 : 18);
    g_string_append(stream, "ET\n");
    const char *const objects[] = {
        "<< /Type /Catalog /Pages 2 0 R >>",
        "<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R "
        "/Resources << /Font << /F1 5 0 R >> >> >>",
        NULL,
        "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>"};

    for (guint i = 0; i < G_N_ELEMENTS(objects); i++) {
        offsets[i + 1] = pdf->len;
        g_string_append_printf(pdf, "%u 0 obj\n", i + 1);
        if (objects[i] != NULL)
            g_string_append(pdf, objects[i]);
        else
            g_string_append_printf(pdf,
                                   "<< /Length %" G_GSIZE_FORMAT " >>\nstream\n%sendstream",
                                   stream->len,
                                   stream->str);
        g_string_append(pdf, "\nendobj\n");
    }
    xref = pdf->len;
    g_string_append(pdf, "xref\n0 6\n0000000000 65535 f \n");
    for (guint i = 1; i < 6; i++)
        g_string_append_printf(pdf, "%010" G_GSIZE_FORMAT " 00000 n \n", offsets[i]);
    g_string_append_printf(
        pdf, "trailer << /Size 6 /Root 1 0 R >>\nstartxref\n%" G_GSIZE_FORMAT "\n%%%%EOF\n", xref);
    return g_string_free(g_steal_pointer(&pdf), FALSE);
}

static char *
paper_bytes(const MpDemoLetter *letter, const char *filename, gsize *length_out)
{
    /* The first bytes of a JPEG: a photo of an identity card that nobody can read. */
    static const char photo[] = "\xff\xd8\xff\xe0\x00\x10JFIF\x00\x01\x01\x00\x00\x01\x00\x01";
    g_autoptr(GString) text = g_string_new(NULL);
    g_auto(GStrv) lines = NULL;
    char *pdf;

    for (gsize i = 0; i < G_N_ELEMENTS(papers); i++) {
        if (strcmp(papers[i].name, filename) != 0)
            continue;
        g_string_append(text, papers[i].text);
        if (g_str_has_prefix(filename, "Surat") || g_str_has_prefix(filename, "Form"))
            g_string_append_printf(
                text,
                "%s|%s||Nomor : %s|Tanggal : 16 November 2026|Hal : %s||%s",
                strstr(filename, "Rekomendasi") ? " PERMOHONAN SERTIFIKAT ELEKTRONIK" : "",
                letter->office,
                letter->number,
                letter->subject,
                letter->body);
        else
            g_string_append_printf(text, "||Nama : %s", letter->applicant);
    }
    if (text->len == 0) {
        *length_out = sizeof(photo) - 1;
        return g_memdup2(photo, sizeof(photo) - 1);
    }
    g_strdelimit(text->str, "\n", '|');
    lines = g_strsplit(text->str, "|", -1);
    pdf = make_pdf((const char *const *)lines);
    *length_out = strlen(pdf);
    return pdf;
}

static void
append_attachment(GString *mail, const MpDemoLetter *letter, const char *filename)
{
    gsize length = 0;
    g_autofree char *bytes = paper_bytes(letter, filename, &length);
    g_autofree char *base64 = g_base64_encode((const guchar *)bytes, length);

    g_string_append_printf(mail,
                           "--demo\r\nContent-Type: %s; name=\"%s\"\r\n"
                           "Content-Disposition: attachment; filename=\"%s\"\r\n"
                           "Content-Transfer-Encoding: base64\r\n\r\n",
                           g_str_has_suffix(filename, ".pdf") ? "application/pdf" : "image/jpeg",
                           filename,
                           filename);
    for (gsize i = 0, total = strlen(base64); i < total; i += 76)
        g_string_append_printf(mail, "%.76s\r\n", base64 + i);
}

char *
mp_demo_letter_mail(const MpDemoLetter *letter, const char *to, const char *date, guint n)
{
    GString *mail = g_string_new(NULL);
    g_auto(GStrv) lines = g_strsplit(letter->body, "\n", -1);
    g_autofree char *body = g_strjoinv("\r\n", lines);

    g_string_append_printf(mail,
                           "Authentication-Results: mx.contohkab.go.id; dmarc=pass "
                           "header.from=contohkab.go.id\r\n"
                           "From: %s <%s>\r\nTo: <%s>\r\nDate: %s\r\nMessage-ID: "
                           "<surat-%u@contohkab.go.id>\r\nSubject: %s\r\nMIME-Version: 1.0\r\n"
                           "Content-Type: multipart/mixed; boundary=demo\r\n\r\n--demo\r\n"
                           "Content-Type: text/plain; charset=utf-8\r\n\r\n",
                           letter->office,
                           letter->sender,
                           to,
                           date,
                           n,
                           letter->subject);
    g_string_append_printf(mail,
                           "Yth. Kepala Dinas Komunikasi dan Informatika\r\n\r\n"
                           "Bersama ini kami sampaikan Surat Nomor %s tanggal 16 November 2026 "
                           "perihal %s, dengan data sebagai berikut:\r\n\r\n%s\r\n"
                           "Atas perhatiannya kami ucapkan terima kasih.\r\n\r\n"
                           "Hormat kami,\r\nSekretariat %s\r\n",
                           letter->number,
                           letter->subject,
                           body,
                           letter->office);
    for (guint i = 0; i < G_N_ELEMENTS(letter->papers) && letter->papers[i] != NULL; i++)
        append_attachment(mail, letter, letter->papers[i]);
    g_string_append(mail, "--demo--\r\n");
    return g_string_free(mail, FALSE);
}

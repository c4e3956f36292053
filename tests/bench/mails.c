/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "bench/mails.h"

#include <inttypes.h>
#include <sys/resource.h>

#define NAMES 16
#define LINE_CHARS 76

static const char *const given[NAMES] = {"Agus",
                                         "Bambang",
                                         "Citra",
                                         "Dewi",
                                         "Endang",
                                         "Fajar",
                                         "Gilang",
                                         "Hesti",
                                         "Indra",
                                         "Joko",
                                         "Kurnia",
                                         "Lestari",
                                         "Maya",
                                         "Nugroho",
                                         "Oktavia",
                                         "Putri"};
static const char *const middle[NAMES] = {"Adi",
                                          "Bayu",
                                          "Candra",
                                          "Dian",
                                          "Eka",
                                          "Fitri",
                                          "Galih",
                                          "Hadi",
                                          "Intan",
                                          "Jaya",
                                          "Kartika",
                                          "Laras",
                                          "Mulya",
                                          "Ningsih",
                                          "Pratama",
                                          "Ratna"};
static const char *const family[NAMES] = {"Santoso",
                                          "Wijaya",
                                          "Kusuma",
                                          "Purnomo",
                                          "Hartanto",
                                          "Nugraha",
                                          "Saputra",
                                          "Utami",
                                          "Wibowo",
                                          "Yulianti",
                                          "Handoko",
                                          "Permana",
                                          "Rahayu",
                                          "Setiawan",
                                          "Suryani",
                                          "Handayani"};

void
mp_bench_check(gboolean is_done, GError *error)
{
    if (is_done)
        return;
    (void)fprintf(stderr, "%s\n", error != NULL ? error->message : "no");
    exit(1);
}

void
mp_bench_print(const char *name, guint n, gint64 spent_us)
{
    struct rusage usage;

    (void)getrusage(RUSAGE_SELF, &usage);
    (void)printf(
        "%s %u %" PRId64 " %ld\n", name, n, spent_us * 1000 / (gint64)MAX(n, 1), usage.ru_maxrss);
    (void)fflush(stdout);
}

static char *
name_of(guint i)
{
    return g_strdup_printf(
        "%s %s %s", given[i % NAMES], middle[i / NAMES % NAMES], family[i / NAMES / NAMES % NAMES]);
}

/* Birth day, first day of service, sex, and the serial of invented people. */
static char *
nip_of(guint i)
{
    g_autoptr(GDate) birth = g_date_new_dmy(1, 1, 1970);

    g_date_add_days(birth, i % 9000);
    return g_strdup_printf("%04u%02u%02u%04u%02u%u999",
                           g_date_get_year(birth),
                           (guint)g_date_get_month(birth),
                           (guint)g_date_get_day(birth),
                           2016 + i / 9000 % 8,
                           1 + i % 12,
                           1 + i % 2);
}

char *
mp_bench_sender(guint i)
{
    return g_strdup_printf("umum%u@opd%u.contohkab.go.id", i % 97, i % 41);
}

/* A photo as far as its first bytes go; the rest is noise that no compressor could shorten. */
static GByteArray *
make_photo(guint i, gsize bytes)
{
    static const guint8 head[] = {0xff, 0xd8, 0xff, 0xe0, 0, 16, 'J', 'F', 'I', 'F', 0, 1, 1, 0};
    GByteArray *photo = g_byte_array_new();
    guint32 state = i * 2654435761u + 1;

    g_byte_array_append(photo, head, sizeof(head));
    while (photo->len < bytes) {
        state = state * 1664525u + 1013904223u;
        g_byte_array_append(photo, (const guint8 *)&state, sizeof(state));
    }
    return photo;
}

static void
add_object(GByteArray *pdf, GArray *offsets, const char *text)
{
    guint offset = pdf->len;
    g_autofree char *object = g_strdup_printf("%u 0 obj\n%s\nendobj\n", offsets->len + 1, text);

    g_array_append_val(offsets, offset);
    g_byte_array_append(pdf, (const guint8 *)object, (guint)strlen(object));
}

static void
add_table(GByteArray *pdf, const GArray *offsets)
{
    g_autoptr(GString) table = g_string_new(NULL);

    g_string_printf(table, "xref\n0 %u\n0000000000 65535 f \n", offsets->len + 1);
    for (guint i = 0; i < offsets->len; i++)
        g_string_append_printf(table, "%010u 00000 n \n", g_array_index(offsets, guint, i));
    g_string_append_printf(table,
                           "trailer\n<< /Size %u /Root 1 0 R >>\nstartxref\n%u\n%%%%EOF\n",
                           offsets->len + 1,
                           pdf->len);
    g_byte_array_append(pdf, (const guint8 *)table->str, (guint)table->len);
}

/* One page of text, and an object that nobody shows to make up the size. */
static GByteArray *
make_pdf(char *const *lines, gsize bytes)
{
    GByteArray *pdf = g_byte_array_new();
    g_autoptr(GArray) offsets = g_array_new(FALSE, FALSE, sizeof(guint));
    g_autoptr(GString) page = g_string_new("BT /F1 11 Tf 60 780 Td 15 TL\n");
    g_autofree char *content = NULL;

    for (guint i = 0; lines[i] != NULL; i++)
        g_string_append_printf(page, "(%s) Tj T*\n", lines[i]);
    g_string_append(page, "ET\n");
    content = g_strdup_printf("<< /Length %zu >>\nstream\n%sendstream", page->len, page->str);
    g_byte_array_append(pdf, (const guint8 *)"%PDF-1.4\n", 9);
    add_object(pdf, offsets, "<< /Type /Catalog /Pages 2 0 R >>");
    add_object(pdf, offsets, "<< /Type /Pages /Kids [3 0 R] /Count 1 >>");
    add_object(pdf,
               offsets,
               "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 5 0 R"
               " /Resources << /Font << /F1 4 0 R >> >> >>");
    add_object(pdf, offsets, "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>");
    add_object(pdf, offsets, content);
    if (bytes > pdf->len + 512) {
        g_autofree char *fill = g_strnfill(bytes - pdf->len - 512, 'x');
        g_autofree char *filler =
            g_strdup_printf("<< /Length %zu >>\nstream\n%s\nendstream", strlen(fill), fill);

        add_object(pdf, offsets, filler);
    }
    add_table(pdf, offsets);
    return pdf;
}

static char *
make_letter(guint i, const char *name, const char *nip)
{
    return g_strdup_printf("PEMERINTAH KABUPATEN CONTOH\r\n"
                           "DINAS PENDIDIKAN DAN KEBUDAYAAN\r\n"
                           "\r\n"
                           "Nomor : 800/%u/Umum/2026\r\n"
                           "Lampiran : 1 berkas\r\n"
                           "Hal : Permohonan Penerbitan Sertifikat Elektronik\r\n"
                           "Contoh, 16 November 2026\r\n"
                           "\r\n"
                           "Yth. Kepala Dinas Komunikasi dan Informatika\r\n"
                           "\r\n"
                           "Dengan hormat, kami mohon penerbitan sertifikat elektronik untuk:\r\n"
                           "\r\n"
                           "Nama : %s\r\n"
                           "NIP : %s\r\n"
                           "NIK : 339901%06u%04u\r\n"
                           "Jabatan : Analis Kepegawaian\r\n"
                           "Unit kerja : Dinas Pendidikan dan Kebudayaan\r\n"
                           "Email : pegawai%u@contohkab.go.id\r\n"
                           "\r\n"
                           "Demikian permohonan kami, atas perhatiannya diucapkan terima kasih.\r\n"
                           "\r\n"
                           "Kepala Dinas,\r\n"
                           "\r\n"
                           "Dra. Sri Mulyani, M.Pd.\r\n"
                           "NIP 196801011990032999\r\n",
                           i + 1,
                           name,
                           nip,
                           10000 * (1 + i % 28) + 100 * (1 + i % 12) + 70 + i % 25,
                           1 + i % 9999,
                           i);
}

static void
add_base64(GString *mail, const GByteArray *bytes)
{
    g_autofree char *text = g_base64_encode(bytes->data, bytes->len);

    for (gsize at = 0, length = strlen(text); at < length; at += LINE_CHARS) {
        g_string_append_len(mail, text + at, (gssize)MIN((gsize)LINE_CHARS, length - at));
        g_string_append(mail, "\r\n");
    }
}

static void
add_paper(GString *mail, guint i, gsize bytes, MpBenchPaper paper, const char *letter)
{
    gboolean is_pdf = paper == MP_BENCH_PDF;
    g_auto(GStrv) lines = g_strsplit(letter, "\r\n", -1);
    g_autoptr(GByteArray) content = is_pdf ? make_pdf(lines, bytes) : make_photo(i, bytes);

    g_string_append_printf(mail,
                           "--batas\r\n"
                           "Content-Type: %s\r\n"
                           "Content-Disposition: attachment; filename=\"%s\"\r\n"
                           "Content-Transfer-Encoding: base64\r\n"
                           "\r\n",
                           is_pdf ? "application/pdf" : "image/jpeg",
                           is_pdf ? "surat permohonan.pdf" : "surat permohonan.jpg");
    add_base64(mail, content);
}

char *
mp_bench_mail(guint i, gsize bytes, MpBenchPaper paper, gsize *length_out)
{
    GString *mail = g_string_new(NULL);
    g_autofree char *name = name_of(i);
    g_autofree char *nip = nip_of(i);
    g_autofree char *sender = mp_bench_sender(i);
    g_autofree char *letter = make_letter(i, name, nip);

    g_string_append_printf(mail,
                           "From: Subbagian Umum <%s>\r\n"
                           "To: sertifikat@diskominfo.contohkab.go.id\r\n"
                           "Subject: Permohonan penerbitan sertifikat elektronik a.n. %s\r\n"
                           "Date: Mon, 16 Nov 2026 08:%02u:%02u +0700\r\n"
                           "Message-ID: <bench.%u@contohkab.go.id>\r\n"
                           "MIME-Version: 1.0\r\n"
                           "Content-Type: multipart/mixed; boundary=\"batas\"\r\n"
                           "\r\n"
                           "--batas\r\n"
                           "Content-Type: text/plain; charset=utf-8\r\n"
                           "\r\n"
                           "%s",
                           sender,
                           name,
                           i / 60 % 60,
                           i % 60,
                           i,
                           letter);
    /* Four bytes of base64, with line ends, a good three of content. */
    add_paper(mail, i, bytes > mail->len ? (bytes - mail->len) * 73 / 100 : 0, paper, letter);
    g_string_append(mail, "--batas--\r\n");
    *length_out = mail->len;
    return g_string_free(mail, FALSE);
}

char *
mp_bench_config(const char *dir)
{
    g_autofree char *text = NULL;
    g_autofree char *full = NULL;
    char *path = g_build_filename(dir, "mailproc.conf", NULL);
    char *body;
    GError *why = NULL;

    mp_bench_check(
        g_file_get_contents(MP_SOURCE_DIR "/tests/data/letters/mailproc.conf", &text, NULL, &why),
        why);
    body = strstr(text, "[office]\n");
    mp_bench_check(body != NULL, NULL);
    full = g_strconcat("[office]\nrules_dir = " MP_SOURCE_DIR "/rules\n"
                       "templates_dir = " MP_SOURCE_DIR "/templates\n",
                       body + strlen("[office]\n"),
                       NULL);
    mp_bench_check(g_file_set_contents(path, full, -1, &why), why);
    return path;
}

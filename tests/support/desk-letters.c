/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What the OPDs and BSrE write. */

#include "support/asserts.h"
#include "support/desk-private.h"

static const char *const months[] = {"Januari",
                                     "Februari",
                                     "Maret",
                                     "April",
                                     "Mei",
                                     "Juni",
                                     "Juli",
                                     "Agustus",
                                     "September",
                                     "Oktober",
                                     "November",
                                     "Desember"};

char *
mp_desk_day(const MpDesk *desk, gint days)
{
    g_autoptr(GDateTime) now = mp_desk_now(desk);
    g_autoptr(GDateTime) day = g_date_time_add_days(now, days);

    return g_strdup_printf("%d %s %d",
                           g_date_time_get_day_of_month(day),
                           months[g_date_time_get_month(day) - 1],
                           g_date_time_get_year(day));
}

/* --- papers ----------------------------------------------------------------------------------- */

static const struct {
    const char *filename, *title;
    gboolean is_letter;
} papers[] = {
    {"Surat Permohonan.pdf", "SURAT PERMOHONAN", TRUE},
    {"Surat Rekomendasi.pdf", "SURAT REKOMENDASI PERMOHONAN SERTIFIKAT ELEKTRONIK", TRUE},
    {"Formulir Perubahan Data.pdf", "FORMULIR PERMOHONAN PERUBAHAN DATA", TRUE},
    {"SK Mutasi.pdf", "KEPUTUSAN BUPATI CONTOH|TENTANG MUTASI PEGAWAI NEGERI SIPIL", FALSE},
    {"SK Pensiun.pdf",
     "KEPUTUSAN BUPATI CONTOH|TENTANG PEMBERHENTIAN DENGAN HORMAT DAN PEMBERIAN PENSIUN",
     FALSE},
};

static char *
page_text(const char *text)
{
    g_auto(GStrv) lines = g_strsplit(text, "|", -1);
    GString *stream = g_string_new("BT /F1 11 Tf 60 780 Td\n");

    for (guint i = 0; lines[i] != NULL; i++) {
        g_auto(GStrv) parts = g_strsplit(lines[i], "(", -1);
        g_autofree char *open = g_strjoinv("\\(", parts);
        g_auto(GStrv) closing = g_strsplit(open, ")", -1);
        g_autofree char *line = g_strjoinv("\\)", closing);

        g_string_append_printf(stream, "0 -18 Td (%s) Tj\n", line);
    }
    g_string_append(stream, "ET\n");
    return g_string_free(stream, FALSE);
}

/* One page of Helvetica; '|' ends a line. */
static char *
make_pdf(const char *text)
{
    g_autofree char *page = page_text(text);
    g_autofree char *content = g_strdup_printf(
        "<< /Length %" G_GSIZE_FORMAT " >>\nstream\n%sendstream", strlen(page), page);
    const char *const objects[] = {"<< /Type /Catalog /Pages 2 0 R >>",
                                   "<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
                                   "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] "
                                   "/Contents 4 0 R /Resources << /Font << /F1 5 0 R >> >> >>",
                                   content,
                                   "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>"};
    GString *pdf = g_string_new("%PDF-1.4\n");
    gsize offsets[G_N_ELEMENTS(objects)], xref;

    for (guint i = 0; i < G_N_ELEMENTS(objects); i++) {
        offsets[i] = pdf->len;
        g_string_append_printf(pdf, "%u 0 obj\n%s\nendobj\n", i + 1, objects[i]);
    }
    xref = pdf->len;
    g_string_append(pdf, "xref\n0 6\n0000000000 65535 f \n");
    for (guint i = 0; i < G_N_ELEMENTS(objects); i++)
        g_string_append_printf(pdf, "%010" G_GSIZE_FORMAT " 00000 n \n", offsets[i]);
    g_string_append_printf(
        pdf, "trailer << /Size 6 /Root 1 0 R >>\nstartxref\n%" G_GSIZE_FORMAT "\n%%%%EOF\n", xref);
    return g_string_free(pdf, FALSE);
}

/* --- letters ---------------------------------------------------------------------------------- */

static char *
people_text(MpDesk *desk, const MpDeskLetter *letter)
{
    GString *text = g_string_new(NULL);
    gboolean is_list = letter->people[1].name != NULL;

    for (guint i = 0; i < G_N_ELEMENTS(letter->people) && letter->people[i].name != NULL; i++) {
        const MpDeskPerson *person = &letter->people[i];

        if (is_list)
            g_string_append_printf(text, "%u. ", i + 1);
        g_string_append_printf(text, "Nama : %s\nNIP : %s\n", person->name, person->nip);
        g_ptr_array_add(desk->numbers, g_strdup(person->nip));
        if (person->nik != NULL) {
            g_string_append_printf(text, "NIK : %s\n", person->nik);
            g_ptr_array_add(desk->numbers, g_strdup(person->nik));
        }
        g_string_append_printf(text,
                               "Jabatan : Pranata Komputer Ahli Muda\nUnit Kerja : %s\n"
                               "Email : %s\n\n",
                               letter->office,
                               mp_desk_address(desk, person->mailbox));
    }
    g_string_append_printf(text, "%s\n", letter->remark ? letter->remark : "");
    return g_string_free(text, FALSE);
}

static char *
paper_bytes(MpDesk *desk, const MpDeskLetter *letter, const char *filename, gsize *length_out)
{
    /* The first bytes of a JPEG: a photo of an identity card that nobody can read. */
    static const char photo[] = "\xff\xd8\xff\xe0\x00\x10JFIF\x00\x01\x01\x00\x00\x01\x00\x01";
    g_autofree char *people = people_text(desk, letter);
    g_autofree char *today = mp_desk_day(desk, 0);
    char *pdf = NULL;

    for (guint i = 0; i < G_N_ELEMENTS(papers) && pdf == NULL; i++) {
        g_autofree char *text = NULL;

        if (strcmp(papers[i].filename, filename) != 0)
            continue;
        text = papers[i].is_letter
                   ? g_strdup_printf("%s|%s||Nomor : %s|Tanggal : %s|Hal : %s||%s",
                                     papers[i].title,
                                     letter->office,
                                     letter->number,
                                     today,
                                     letter->subject,
                                     people)
                   : g_strdup_printf("%s||Nama : %s", papers[i].title, letter->people[0].name);
        g_strdelimit(text, "\n", '|');
        pdf = make_pdf(text);
    }
    *length_out = pdf != NULL ? strlen(pdf) : sizeof(photo) - 1;
    return pdf != NULL ? pdf : g_memdup2(photo, sizeof(photo) - 1);
}

static void
append_paper(GString *mail, MpDesk *desk, const MpDeskLetter *letter, const char *filename)
{
    gsize length = 0;
    g_autofree char *bytes = paper_bytes(desk, letter, filename, &length);
    g_autofree char *base64 = g_base64_encode((const guchar *)bytes, length);

    g_string_append_printf(mail,
                           "--surat\nContent-Type: %s; name=\"%s\"\n"
                           "Content-Disposition: attachment; filename=\"%s\"\n"
                           "Content-Transfer-Encoding: base64\n\n",
                           g_str_has_suffix(filename, ".pdf") ? "application/pdf" : "image/jpeg",
                           filename,
                           filename);
    for (gsize i = 0, total = strlen(base64); i < total; i += 76)
        g_string_append_printf(mail, "%.76s\n", base64 + i);
}

static GString *
mail_head(MpDesk *desk, const MpDeskLetter *letter, const char *subject, const char *head)
{
    g_autofree char *date = mp_desk_date(desk);
    GString *mail = g_string_new(NULL);

    g_string_append_printf(mail,
                           "From: %s <%s>\nTo: <%s>\nDate: %s\n"
                           "Message-ID: <surat%u-%s@contohkab.go.id>\nSubject: %s\n%s"
                           "MIME-Version: 1.0\nContent-Type: multipart/mixed; boundary=surat\n\n"
                           "--surat\nContent-Type: text/plain; charset=utf-8\n\n",
                           letter->office,
                           mp_desk_address(desk, letter->sender),
                           desk->address,
                           date,
                           ++desk->n_mails,
                           desk->tag,
                           subject,
                           head ? head : "");
    return mail;
}

char *
mp_desk_letter(MpDesk *desk, const MpDeskLetter *letter)
{
    GString *mail = mail_head(desk, letter, letter->subject, letter->head);
    g_autofree char *people = people_text(desk, letter);
    g_autofree char *today = mp_desk_day(desk, 0);

    g_string_append_printf(mail,
                           "Yth. Kepala Dinas Komunikasi dan Informatika\n\n"
                           "Bersama ini kami sampaikan Surat Nomor %s tanggal %s perihal %s, "
                           "dengan data sebagai berikut:\n\n%s\n"
                           "Atas perhatiannya kami ucapkan terima kasih.\n\n"
                           "Hormat kami,\nSekretariat %s\n",
                           letter->number,
                           today,
                           letter->subject,
                           people,
                           letter->office);
    for (guint i = 0; i < G_N_ELEMENTS(letter->papers) && letter->papers[i] != NULL; i++)
        append_paper(mail, desk, letter, letter->papers[i]);
    g_string_append(mail, "--surat--\n");
    return g_string_free(mail, FALSE);
}

void
mp_desk_send_letter(MpDesk *desk, const MpDeskLetter *letter)
{
    g_autofree char *mail = mp_desk_letter(desk, letter);

    mp_desk_send_raw(desk, MP_TOWN_VIA_MX, mp_desk_address(desk, letter->sender), mail, -1);
}

void
mp_desk_supplement(MpDesk *desk,
                   const MpDeskMail *mail,
                   const MpDeskLetter *letter,
                   const char *const *papers_)
{
    g_autofree char *subject = g_strdup_printf("Re: %s", mail->subject);
    g_autofree char *head = g_strdup_printf(
        "In-Reply-To: <%s>\nReferences: <%s>\n", mail->message_id, mail->message_id);
    g_autoptr(GString) reply = mail_head(desk, letter, subject, head);

    g_string_append(reply, "Berikut kami sampaikan kelengkapan berkas yang diminta.\n");
    for (guint i = 0; papers_[i] != NULL; i++)
        append_paper(reply, desk, letter, papers_[i]);
    g_string_append(reply, "--surat--\n");
    mp_desk_send_raw(desk, MP_TOWN_VIA_MX, mp_desk_address(desk, letter->sender), reply->str, -1);
}

void
mp_desk_notice(MpDesk *desk, const MpDeskPerson *person, const char *subject, const char *words)
{
    const char *address = mp_desk_address(desk, person->mailbox);
    g_autofree char *date = mp_desk_date(desk);
    g_autofree char *mail = g_strdup_printf(
        "From: Balai Sertifikasi Elektronik <notifikasi.contoh@bssn.go.id>\nTo: <%s>\n"
        "Date: %s\nMessage-ID: <bsre%u-%s@bssn.go.id>\nSubject: %s\nMIME-Version: 1.0\n"
        "Content-Type: text/plain; charset=utf-8\n\n"
        "Yth. Pengguna,\n\n%s atas nama %s (%s) %s.\n\nBalai Sertifikasi Elektronik\n",
        address,
        date,
        ++desk->n_mails,
        desk->tag,
        subject,
        strstr(subject, "Data") ? "Data pengguna" : "Sertifikat elektronik",
        person->name,
        address,
        words);

    mp_desk_send_raw(desk, MP_TOWN_VIA_MX, "notifikasi.contoh@bssn.go.id", mail, -1);
}

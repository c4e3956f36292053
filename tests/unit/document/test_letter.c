/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "document/document.h"
#include "support/asserts.h"

typedef struct {
    const char *name;
    const char *text;
    const char *number;
    const char *date;
    const char *subject;
    const char *title;
} Row;

static const Row rows[] = {
    {"the classic head with place and date on the right",
     "PEMERINTAH KABUPATEN CONTOH\nDINAS SOSIAL\nJalan Dahlia Nomor 17 Telp. (0299) 000729\n"
     "\t\tDemak, 16 Nopember 2026\nNomor\t: 800/1123/2026\nSifat\t: Segera\nLampiran\t: -\n"
     "Hal\t: Permohonan Penerbitan\n\tSertifikat Elektronik\n\nYth. Kepala Dinas\n",
     "800/1123/2026",
     "2026-11-16",
     "Permohonan Penerbitan Sertifikat Elektronik",
     NULL},
    {"number and date in one line, Perihal beside the addressee",
     "Nomor : 050.1.46/27/I/2024/Diskominfosandi          Contoh, 5 Januari 2024\n"
     "Sifat : Biasa\nPerihal : Pembaruan TTE          Kepada :\n"
     "                                 Yth. Kepala Dinas\n",
     "050.1.46/27/I/2024/Diskominfosandi",
     "2024-01-05",
     "Pembaruan TTE",
     NULL},
    {"a title in capitals with the number below it and the date at the foot",
     "PEMERINTAH KABUPATEN CONTOH\nKECAMATAN MAWAR\n\nSURAT REKOMENDASI\n"
     "PERMOHONAN PERPANJANGAN SERTIFIKAT ELEKTRONIK\nNomor : B-123/KM/XI/2026\n\n"
     "Yang bertanda tangan di bawah ini:\nNama : X Y\nDemikian.\nContoh, 4 Desember 2026\nCamat,\n",
     "B-123/KM/XI/2026",
     "2026-12-04",
     NULL,
     "SURAT REKOMENDASI PERMOHONAN PERPANJANGAN SERTIFIKAT ELEKTRONIK"},
    {"blanks around the strokes of a number",
     "Nomor : 138 / 1315 / 2026\nHal : Cabut\n",
     "138 / 1315 / 2026",
     NULL,
     "Cabut",
     NULL},
    {"a number left open is none",
     "Nomor : -\nHal : Permohonan\nContoh, 1 Mei 2026\n",
     NULL,
     "2026-05-01",
     "Permohonan",
     NULL},
    {"the street's number is no letter number",
     "Jalan Pahlawan Nomor 12\nNo. Telp 000\n",
     NULL,
     NULL,
     NULL,
     NULL},
    {"place and date without a comma",
     "Nomor : 800/7/2026\t\tContoh 5 Mei 2026\nHal : Cabut\n",
     "800/7/2026",
     "2026-05-05",
     "Cabut",
     NULL},
    {"a number of letters and dashes",
     "Nomor: B-1234.KP/2026\nTanggal : 5 Mei 2026\n",
     "B-1234.KP/2026",
     "2026-05-05",
     NULL,
     NULL},
    {"our own case number is no letter", "Nomor : SE-2026-000123\n", NULL, NULL, NULL, NULL},
    {"a telephone number is no letter", "No : 0812-0000-1111\n", NULL, NULL, NULL, NULL},
    {"a head typed into a mail",
     "No. Surat : 800/7/2026\nPerihal: Pencabutan TTE\nTgl Surat : 5/5/2026\n",
     "800/7/2026",
     "2026-05-05",
     "Pencabutan TTE",
     NULL},
    {"label, colon and value in cells",
     "Nomor\t:\t421/297/Dik/2026\tContoh, 4 Desember 2026\nPerihal\t:\tPerubahan Data\tYth. "
     "Kepala\n"
     "Sertifikat\tKabupaten Contoh\ndi CONTOH\n",
     "421/297/Dik/2026",
     "2026-12-04",
     "Perubahan Data Sertifikat",
     NULL},
    {"a date with a label",
     "NOMOR : 421.3/12/2026\nTANGGAL : 10-11-2026\nPERIHAL : Pendaftaran TTE\n",
     "421.3/12/2026",
     "2026-11-10",
     "Pendaftaran TTE",
     NULL},
    {"decree: place and date at the foot",
     "KEPUTUSAN BUPATI CONTOH\nNOMOR 821.2/77/2026\nTENTANG\nPENGANGKATAN\nMEMUTUSKAN:\n"
     "Ditetapkan di Contoh\npada tanggal 6 Oktober 2026\n",
     "821.2/77/2026",
     "2026-10-06",
     NULL,
     "KEPUTUSAN BUPATI CONTOH"},
    {"nothing to find", "halo\n", NULL, NULL, NULL, NULL},
    {"an empty text", "", NULL, NULL, NULL, NULL},
};

static void
test_head(void **state)
{
    const Row *row = *state;
    g_autoptr(MpLetter) got = mp_document_find_letter(row->text);

    assert_text(got->number, row->number);
    assert_text(got->date, row->date);
    assert_text(got->subject, row->subject);
    assert_text(got->title, row->title);
}

static const Row references[] = {
    {"surat kami with number and date",
     "mohon info proses surat kami Nomor 138 / 1559 / 2026 tanggal 9 November 2026 perihal X",
     "138 / 1559 / 2026",
     "2026-11-09",
     NULL,
     NULL},
    {"a number without its word",
     "surat 138/30/2026 kami lampirkan",
     "138/30/2026",
     NULL,
     NULL,
     NULL},
    {"a decree is passed over",
     "Sehubungan SK Bupati Nomor 821.2/131/2026 tanggal 9 Oktober 2026 tentang mutasi, sesuai "
     "surat kami Nomor 140.1/1411/2026 tgl. 13/11/2026:",
     "140.1/1411/2026",
     "2026-11-13",
     NULL,
     NULL},
    {"in brackets at the end",
     "ditarik saja suratnya (No. 800.1.11.1/1183/2026).",
     "800.1.11.1/1183/2026",
     NULL,
     NULL,
     NULL},
    {"a number broken over lines",
     "surat kami Nomor 421.3/1796/SMPN2/2026 tanggal 6\nNov 2026",
     "421.3/1796/SMPN2/2026",
     "2026-11-06",
     NULL,
     NULL},
    {"a letter known by its day",
     "progres surat kami tanggal 3 November 2026",
     NULL,
     "2026-11-03",
     NULL,
     NULL},
    {"bernomor", "Surat kami bernomor 138/287/2026.", "138/287/2026", NULL, NULL, NULL},
    {"the letter's kind and office before the number",
     "menindaklanjuti surat permohonan Dinas Kesehatan 440/12/2026 tgl 5-11-2026",
     "440/12/2026",
     "2026-11-05",
     NULL,
     NULL},
    {"the day before the number",
     "surat kami tanggal 5 November 2026 Nomor 440/12/2026",
     "440/12/2026",
     "2026-11-05",
     NULL,
     NULL},
    {"a law is none", "sesuai UU No. 5/2014 tentang ASN", NULL, NULL, NULL, NULL},
    {"a date is no number", "surat 5/11/2026 kami", NULL, NULL, NULL, NULL},
    {"a decree and nothing else",
     "Surat Keputusan Bupati Nomor 821.2/7/2026 tanggal 1 Mei 2026",
     NULL,
     NULL,
     NULL,
     NULL},
    {"a telephone number is none", "hubungi no. 0812-0000-1111", NULL, NULL, NULL, NULL},
    {"a case number is none", "dicatat dengan nomor SE-2026-000123", NULL, NULL, NULL, NULL},
    {"a street is none", "Jalan Dahlia Nomor 17/2 Contoh", NULL, NULL, NULL, NULL},
};

static void
test_reference(void **state)
{
    const Row *row = *state;
    g_autoptr(MpLetter) got = mp_document_find_reference(row->text);

    assert_text(got->number, row->number);
    assert_text(got->date, row->date);
}

typedef struct {
    const char *name;
    const char *text;
    const char *want;
} DateRow;

static const DateRow dates[] = {
    {"words", "16 November 2026", "2026-11-16"},
    {"old spelling", "16 Nopember 2026", "2026-11-16"},
    {"Pebruari", "1 Pebruari 2026", "2026-02-01"},
    {"short month", "6 Nov. 2026", "2026-11-06"},
    {"dashes", "16-11-2026", "2026-11-16"},
    {"strokes", "04/11/2026", "2026-11-04"},
    {"dots", "4.11.2026", "2026-11-04"},
    {"ISO", "2026-11-16", "2026-11-16"},
    {"place before", "Demak, 16 Nopember 2026", "2026-11-16"},
    {"weekday before", "Senin, 16 November 2026", "2026-11-16"},
    {"words in brackets", "16 (enam belas) November 2026", "2026-11-16"},
    {"month between dashes", "16-Nov-2026", "2026-11-16"},
    {"English order", "November 16, 2026", "2026-11-16"},
    {"glued month", "16November2026", "2026-11-16"},
    {"broken over lines", "16\nNovember\n2026", "2026-11-16"},
    {"two digits of year are no year", "16-11-26", NULL},
    {"no such day", "31 Februari 2026", NULL},
    {"29 February of a leap year", "29-02-2028", "2028-02-29"},
    {"29 February of another", "29-02-2026", NULL},
    {"month 13", "01-13-2026", NULL},
    {"the first of two dates", "dari 1 Mei 2026 sampai 2 Juni 2026", "2026-05-01"},
    {"a letter number is no date", "800/11/2026", NULL},
    {"no date", "besok", NULL},
    {"nothing", "", NULL},
    {"NULL", NULL, NULL},
};

static void
test_date(void **state)
{
    const DateRow *row = *state;
    g_autofree char *got = mp_document_parse_date(row->text);

    assert_text(got, row->want);
}

int
main(void)
{
    int failed = run_rows("document/letter", rows, test_head);

    failed += run_rows("document/reference", references, test_reference);
    failed += run_rows("document/date", dates, test_date);
    return failed;
}

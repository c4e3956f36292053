/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "document/document.h"
#include "support/asserts.h"

typedef struct {
    const char *name;
    const char *kind;
    const char *text;
    const char *want; /* name|nip|nik|email, people split by newlines */
    const char *doubts;
} Row;

static const Row rows[] = {
    {"a block of fields is one applicant",
     "body",
     "Dengan data sebagai berikut:\n"
     "Nama : Rangga Prasetya, S.Kom.\nNIP : 19900412 201502 1 999\nNIK : 3399 0112 0490 0011\n"
     "Pangkat/Gol. : Penata / III.c\nJabatan : Pranata Komputer\nUnit Kerja : Bidang Data\n"
     "Email : rangga.prasetya@contohkab.go.id\nNo. HP : 0812-0000-1111\n",
     "Rangga Prasetya, S.Kom.|199004122015021999|3399011204900011|rangga.prasetya@contohkab.go.id",
     ""},
    {"fields may come in any order",
     "body",
     "NIK: 3399015204900012\nNIP/NIPPPK: 199004122021212999\nAlamat surel: "
     "dewi.lestari@contohkab.go.id\n"
     "Nama lengkap (dengan gelar): Dewi Lestari, S.Pd.\n",
     "Dewi Lestari, S.Pd.|199004122021212999|3399015204900012|dewi.lestari@contohkab.go.id",
     ""},
    {"a greeting before the sentence is no name",
     "body",
     "Assalamualaikum, mohon bantuannya sertifikat elektronik dr. Nanda Puspita "
     "(NIP 198706152014022999) akan habis tanggal 2 Desember 2026.\n",
     "dr. Nanda Puspita|198706152014022999|-|-",
     ""},
    {"colons may stand on the next line",
     "surat-permohonan",
     "dengan ini kami mengajukan:\nNama\n: Bagus Pratama\nNIP\n: 198501012010011999\n",
     "Bagus Pratama|198501012010011999|-|-",
     ""},
    {"two blocks are two applicants",
     "surat-rekomendasi",
     "Yang bertanda tangan di bawah ini:\nNama : Drs. Kepala Satu\nNIP : 196901011990011999\n"
     "Jabatan : Kepala Dinas\nmemberikan rekomendasi kepada:\n"
     "Nama : Sari Utami\nNIP : 199001012015012999\nNama : Tono Wijaya\nNIK : 3399010101910003\n"
     "Demikian disampaikan.\nKepala Dinas,\n\nDrs. Kepala Satu\nPembina\nNIP. 196901011990011999\n",
     "Sari Utami|199001012015012999|-|-\nTono Wijaya|-|3399010101910003|-",
     ""},
    {"the signatory at the foot is no applicant",
     "surat-permohonan",
     "kami mengajukan permohonan atas nama:\nNama : Sari Utami\nNIP : 199001012015012999\n\n"
     "Demikian disampaikan.\n\nCamat Mawar,\n\nJOKO MAULANA\nPembina Tingkat I\n"
     "NIP. C.19751214 200301 1 999\nTembusan:\n1. Bupati Contoh\n",
     "Sari Utami|199001012015012999|-|-",
     ""},
    {"a signature without closing formula is seen by its office",
     "surat-permohonan",
     "DAFTAR PEGAWAI PEMOHON\n1. Sari Utami\nNIP : 199001012015012999\n\n"
     "Lurah Kenanga,\n\nJoko Maulana\nNIP. 197512142003011999\n",
     "Sari Utami|199001012015012999|-|-",
     ""},
    {"a signature is seen by its rank",
     "surat-permohonan",
     "DAFTAR PEGAWAI\n1. Sari Utami\nNIP : 199001012015012999\nJoko Maulana\nPembina Tk. I\n"
     "NIP : 197512142003011999\n",
     "Sari Utami|199001012015012999|-|-",
     ""},
    {"a numbered list in a mail",
     "body",
     "Mohon diterbitkan TTE untuk pegawai berikut:\n"
     "1. Yuni Yulianto, S.AP., NIP 19870903 201102 2999; NIK 3399174309870041; Kabid; "
     "yuni@contohkab.go.id\n"
     "2. Rangga Handoko (non ASN); NIK 339903 251195 0057; staf; rangga.handoko@contohkab.go.id\n",
     "Yuni Yulianto, S.AP.|198709032011022999|3399174309870041|yuni@contohkab.go.id\n"
     "Rangga Handoko|-|3399032511950057|rangga.handoko@contohkab.go.id",
     ""},
    {"a list with the numbers on the second line",
     "body",
     "atas nama:\n1) Drs. Budi Contoh, M.Si.\n   NIP. 198501012010011999\n   NIK. "
     "3399010101850002\n"
     "2) Ani Contoh\n   NIP. 198702022011012999\n",
     "Drs. Budi Contoh, M.Si.|198501012010011999|3399010101850002|-\n"
     "Ani Contoh|198702022011012999|-|-",
     ""},
    {"a table split by tabs",
     "surat-permohonan",
     "NO\tNAMA\tNIP\tNIK\tEMAIL\n1\tSari Utami, S.T.\t199001012015012999\t3399014101900001\t"
     "sari@contohkab.go.id\n2\tTono "
     "Wijaya\t199102022016021999\t3399010202910001\ttono@contohkab.go.id\n",
     "Sari Utami, S.T.|199001012015012999|3399014101900001|sari@contohkab.go.id\n"
     "Tono Wijaya|199102022016021999|3399010202910001|tono@contohkab.go.id",
     ""},
    {"wrapped cells of a table",
     "surat-permohonan",
     "NO\tNAMA\tNIP\tJABATAN\n1\tDra. Sari Utami,\t19900101 201501\tKepala Bidang\n"
     "\tS.T., M.T.\t2 999\tPerencanaan\n2\tTono Wijaya\t199102022016021999\tStaf\n",
     "Dra. Sari Utami, S.T., M.T.|199001012015012999|-|-\nTono Wijaya|199102022016021999|-|-",
     ""},
    {"a table drawn with bars",
     "body",
     "| No | Nama | NIP | Email |\n|----|------|-----|-------|\n"
     "| 1 | Sari Utami | 199001012015012999 | sari@contohkab.go.id |\n"
     "| 2 | Tono Wijaya | 199102022016021999 | tono@contohkab.go.id |\n",
     "Sari Utami|199001012015012999|-|sari@contohkab.go.id\n"
     "Tono Wijaya|199102022016021999|-|tono@contohkab.go.id",
     ""},
    {"a table set with blanks",
     "body",
     "No  Nama            NIP                  Jabatan\n"
     "1   Sari Utami      199001012015012999   Kasi\n"
     "2   Tono Wijaya     199102022016021999   Kasubbag\n",
     "Sari Utami|199001012015012999|-|-\nTono Wijaya|199102022016021999|-|-",
     ""},
    {"semula and menjadi in a sentence",
     "body",
     "Mohon perubahan data:\nDewi Anggraini, S.STP, NIP 198808082012012999 – Semula: Kasi "
     "Pemerintahan – Menjadi: Camat Melati\n",
     "Dewi Anggraini, S.STP|198808082012012999|-|-",
     ""},
    {"a change of address: the new one counts",
     "body",
     "Nama : Sari Utami\nNIP : 199001012015012999\nSemula : sari01@contohkab.go.id\n"
     "Menjadi : sari.utami@contohkab.go.id\n",
     "Sari Utami|199001012015012999|-|sari.utami@contohkab.go.id",
     ""},
    {"nobody but a name behind a.n.",
     "body",
     "Mohon info progres penerbitan TTE a.n. Siti Permata, terima kasih.\n",
     "Siti Permata|-|-|-",
     ""},
    {"a name in phone style",
     "body",
     "min tolong tte nya an. Budi Santoso dicabut ya\n",
     "Budi Santoso|-|-|-",
     ""},
    {"a NIP of 17 digits is kept and doubted",
     "body",
     "Nama : Sari Utami\nNIP : 19900101201501999\n",
     "Sari Utami|19900101201501999|-|-",
     "bad-nip"},
    {"a NIK of 14 digits is kept and doubted",
     "body",
     "Nama : Sari Utami\nNIK : 33990141019000\n",
     "Sari Utami|-|33990141019000|-",
     "bad-nik"},
    {"NIP and NIK in each other's place",
     "body",
     "Nama : Sari Utami\nNIP : 3399014101900001\nNIK : 199001012015012999\n",
     "Sari Utami|3399014101900001|199001012015012999|-",
     "bad-nik bad-nip swapped-number"},
    {"NIP and NIK of different birth dates",
     "body",
     "Nama : Sari Utami\nNIP : 199001012015012999\nNIK : 3399014201900001\n",
     "Sari Utami|199001012015012999|3399014201900001|-",
     "nip-nik-differ"},
    {"two people of one name stay two",
     "daftar-pemohon",
     "NO\tNAMA\tNIP\n1\tNanang Maulana, S.H.\t198203222008031999\n2\tNanang Maulana\t"
     "198402232007121999\n",
     "Nanang Maulana, S.H.|198203222008031999|-|-\nNanang Maulana|198402232007121999|-|-",
     "same-name"},
    {"free mail is a private address",
     "body",
     "Nama : Sari Utami\nNIP : 199001012015012999\nEmail : sari.contoh@gmail.com\n",
     "Sari Utami|199001012015012999|-|sari.contoh@gmail.com",
     "private-email"},
    {"a mistyped own domain is doubted",
     "body",
     "Nama : Sari Utami\nNIP : 199001012015012999\nEmail : sari.utami@contohkap.go.id\n",
     "Sari Utami|199001012015012999|-|sari.utami@contohkap.go.id",
     "private-email"},
    {"the letterhead's address belongs to nobody",
     "surat-permohonan",
     "PEMERINTAH KABUPATEN CONTOH\nWebsite: dinkes.contohkab.go.id E-mail: "
     "dinkes.contohkab@gmail.com\n"
     "atas nama:\nNama : Sari Utami\nNIP : 199001012015012999\n",
     "Sari Utami|199001012015012999|-|-",
     ""},
    {"a dash where a number should be is no number",
     "body",
     "Nama : Sutarno\nNIP : -\nNIK : 3399010101700001\nJabatan : Kepala Desa\n",
     "Sutarno|-|3399010101700001|-",
     ""},
    {"a greeting names nobody",
     "body",
     "Yth. Kepala Dinas Komunikasi dan Informatika\nKabupaten Contoh\ndi tempat\n\nTerlampir "
     "surat.\n",
     "",
     ""},
    {"who introduces himself writes for others",
     "body",
     "Perkenalkan saya Budi Santoso, admin Dinas Kesehatan. Mohon informasi syarat TTE.\n",
     "",
     ""},
    {"the official annex of ten columns, names wrapped",
     "surat-rekomendasi",
     "DAFTAR PEGAWAI PEMOHON\n"
     "NO\tNAMA\tNIP\tNIK\tPANGKAT/GOL.RUANG\tJABATAN\tINSTANSI\tKABUPATEN\tPROVINSI\tEMAIL\tNO "
     "TELP\n"
     "1\tDewi Lestari,\t19900412 "
     "201502\t3399015204\tPenata\tKasi\tKecamatan\tContoh\tJawa\tdewi.lestari@\t0812-0000\n"
     "\tS.Pd.\t2 999\t900012\tIII/c\tPelayanan\tMawar\t\t\tcontohkab.go.id\t-1111\n",
     "Dewi Lestari, S.Pd.|199004122015022999|3399015204900012|dewi.lestari@contohkab.go.id",
     ""},
    {"name and NIP in one column",
     "surat-permohonan",
     "NO\tNAMA / NIP\tSEMULA\tMENJADI\n1\tDewi Lestari, S.Pd.\tKasi\tCamat\n\t19900412 201502 2 "
     "999\t\t\n"
     "2\tTono Wijaya / 199102022016021999\tStaf\tKasi\n",
     "Dewi Lestari, S.Pd.|199004122015022999|-|-\nTono Wijaya|199102022016021999|-|-",
     ""},
    {"Nama/NIP as one field",
     "body",
     "Nama/NIP : Dewi Lestari, S.Pd. / 19900412 201502 2 999\nJabatan : Camat\n",
     "Dewi Lestari, S.Pd.|199004122015022999|-|-",
     ""},
    {"fields of one person in one line",
     "body",
     "Nama: Dewi Lestari, S.Pd., NIP: 199004122015022999, NIK: 3399015204900012, email: "
     "dewi.lestari@contohkab.go.id\n",
     "Dewi Lestari, S.Pd.|199004122015022999|3399015204900012|dewi.lestari@contohkab.go.id",
     ""},
    {"fields in one line split by strokes",
     "body",
     "Nama = Dewi Lestari / NIP = 199004122015022999 / NIK = 3399015204900012\n",
     "Dewi Lestari|199004122015022999|3399015204900012|-",
     ""},
    {"bullets before the labels",
     "body",
     "• Nama Pegawai : Dewi Lestari\n• NIP. : 199004122015022999\n- No. KTP : 3399015204900012\n",
     "Dewi Lestari|199004122015022999|3399015204900012|-",
     ""},
    {"a sentence with the number in brackets",
     "surat-permohonan",
     "mohon diterbitkan sertifikat elektronik bagi pegawai kami Dewi Lestari, S.Pd. (NIP. "
     "19900412\n"
     "201502 2 999) untuk keperluan dinas.\n",
     "Dewi Lestari, S.Pd.|199004122015022999|-|-",
     ""},
    {"a sentence that breaks before the number",
     "surat-permohonan",
     "dengan ini kami mohon pencabutan sertifikat elektronik bagi Dewi Lestari, S.Pd.\n"
     "NIP 199004122015022999 yang telah pensiun.\n",
     "Dewi Lestari, S.Pd.|199004122015022999|-|-",
     ""},
    {"two people in one sentence",
     "body",
     "Mohon pembaruan TTE a.n. Dewi Lestari, S.Pd. NIP 199004122015022999 dan Tono Wijaya NIP "
     "199102022016021999, terima kasih.\n",
     "Dewi Lestari, S.Pd.|199004122015022999|-|-\nTono Wijaya|199102022016021999|-|-",
     ""},
    {"two names behind a.n.",
     "body",
     "mohon info TTE an. Dewi Lestari, S.Pd. dan Tono Wijaya ya pak\n",
     "Dewi Lestari, S.Pd.|-|-|-\nTono Wijaya|-|-|-",
     ""},
    {"names alone in a numbered list",
     "body",
     "Mohon dicabut sertifikat atas nama:\n1. Dewi Lestari, S.Pd.\n2. Tono Wijaya\n\nTerima "
     "kasih.\n",
     "Dewi Lestari, S.Pd.|-|-|-\nTono Wijaya|-|-|-",
     ""},
    {"a list of papers is no list of people",
     "body",
     "Terlampir kami sampaikan:\n1. Surat permohonan\n2. Fotokopi KTP\n3. SK Pensiun\n",
     "",
     ""},
    {"a list of numbers split by semicolons",
     "body",
     "1;Dewi Lestari;199004122015022999;3399015204900012\n2;Tono "
     "Wijaya;199102022016021999;3399010202910001\n",
     "Dewi Lestari|199004122015022999|3399015204900012|-\nTono "
     "Wijaya|199102022016021999|3399010202910001|-",
     ""},
    {"a table that goes on below a second header",
     "surat-permohonan",
     "NO\tNAMA\tNIP\n1\tDewi Lestari\t199004122015022999\n\nNO\tNAMA\tNIP\n2\tTono "
     "Wijaya\t199102022016021999\n",
     "Dewi Lestari|199004122015022999|-|-\nTono Wijaya|199102022016021999|-|-",
     ""},
    {"a table whose row numbers are missing",
     "surat-permohonan",
     "NO\tNAMA\tNIP\n\tDewi Lestari\t199004122015022999\n\tTono Wijaya\t199102022016021999\n",
     "Dewi Lestari|199004122015022999|-|-\nTono Wijaya|199102022016021999|-|-",
     ""},
    {"column numbers below the header are no row",
     "surat-permohonan",
     "NO\tNAMA\tNIP\tJABATAN\n1\t2\t3\t4\n1\tDewi Lestari\t199004122015022999\tCamat\n",
     "Dewi Lestari|199004122015022999|-|-",
     ""},
    {"the signatory asks for himself",
     "surat-permohonan",
     "Saya yang bertanda tangan di bawah ini:\nNama : Dewi Lestari\nNIP : 199004122015022999\n"
     "mengajukan pencabutan sertifikat elektronik saya karena pensiun.\nDemikian.\n",
     "Dewi Lestari|199004122015022999|-|-",
     ""},
    {"a statement speaks of who makes it",
     "surat-pernyataan",
     "Yang bertanda tangan di bawah ini:\nNama : Dewi Lestari\nNIP : 199004122015022999\n"
     "menyatakan bahwa passphrase telah bocor.\nDemikian.\n",
     "Dewi Lestari|199004122015022999|-|-",
     ""},
    {"applicants introduced by other words than usual",
     "surat-permohonan",
     "Yang bertanda tangan di bawah ini :\nNama : Tono Wijaya\nNIP : 197102021996021999\n"
     "Jabatan : Camat\nBermaksud mendaftarkan pegawai kami tersebut di bawah ini agar dilayani :\n"
     "Nama : Dewi Lestari\nNIP : 199004122015022999\nDemikian.\n",
     "Dewi Lestari|199004122015022999|-|-",
     ""},
    {"fields that name the applicant in their labels",
     "body",
     "Nama Pemohon : Dewi Lestari\nNIP Pemohon : 199004122015022999\nNIK Pemohon : "
     "3399015204900012\n"
     "Email Pemohon : dewi.lestari@contohkab.go.id\n",
     "Dewi Lestari|199004122015022999|3399015204900012|dewi.lestari@contohkab.go.id",
     ""},
    {"degrees on the next line",
     "surat-permohonan",
     "Nama\t: Dra. Hj. Dewi Lestari Handayani Kusumaningrum,\n\tS.Pd., M.Pd.\nNIP\t: "
     "199004122015022999\n",
     "Dra. Hj. Dewi Lestari Handayani Kusumaningrum, S.Pd., M.Pd.|199004122015022999|-|-",
     ""},
    {"no name is made of a post",
     "body",
     "Mohon bantuan TTE a.n. Kepala Dinas Kesehatan, terima kasih.\n",
     "",
     ""},
    {"a name in capitals and one in small letters",
     "body",
     "NAMA : DEWI LESTARI, S.PD\nNIP : 199004122015022999\n\nnama : tono wijaya\nnip : "
     "199102022016021999\n",
     "DEWI LESTARI, S.PD|199004122015022999|-|-\ntono wijaya|199102022016021999|-|-",
     ""},
    {"names with particles and apostrophes",
     "body",
     "Nama : H. Ma'ruf Amin bin Abdul Ghofur, Lc.\nNIK : 3399010202910001\nNama : I Gusti Ayu "
     "Ratih\n"
     "NIK : 3399014202910001\n",
     "H. Ma'ruf Amin bin Abdul Ghofur, Lc.|-|3399010202910001|-\nI Gusti Ayu "
     "Ratih|-|3399014202910001|-",
     ""},
    {"an address in angle brackets and capitals",
     "body",
     "Nama : Dewi Lestari\nNIK : 3399014202910001\nEmail : <Dewi.Lestari@CONTOHKAB.go.id>\n",
     "Dewi Lestari|-|3399014202910001|dewi.lestari@contohkab.go.id",
     ""},
    {"the office's box is told from a person's own",
     "body",
     "Nama : Dewi Lestari\nNIK : 3399014202910001\nEmail : kec-mawar@contohkab.go.id\n",
     "Dewi Lestari|-|3399014202910001|kec-mawar@contohkab.go.id",
     "private-email"},
    {"a signature in a forwarded mail names nobody",
     "body",
     "Bersama ini kami kirim berkas.\n\nMega Hartanto\nNIP. 19850307 200902 2 999\nBKPSDM "
     "Kabupaten "
     "Contoh\nTelp 0813-0000-6560 | mega.contoh@gmail.com\n",
     "",
     ""},
    {"data below a thank-you still count",
     "body",
     "Terima kasih atas bantuannya kemarin.\n\nBerikut datanya:\nNama : Dewi Lestari\nNIK : "
     "3399014202910001\n",
     "Dewi Lestari|-|3399014202910001|-",
     ""},
    {"a number far behind its word",
     "body",
     "1. Dewi Lestari, NIP .............. 19900412 201502 2 999\n",
     "Dewi Lestari|199004122015022999|-|-",
     ""},
    {"fields run into each other",
     "body",
     "NIP : 1990Nama : Dewi Lestari\nNIP : 19)00412 ma:\n",
     "",
     ""},
    {"a decree that names three proves nobody",
     "sk-mutasi",
     "NO\tNAMA\tNIP\tJABATAN\n1\tRatna Nugraha\t199010202016102999\tDokter\n"
     "2\tDewi Hartanto\t198007182003012999\tKepala\n3\tVera "
     "Handoko\t198208232007102999\tBendahara\n",
     "",
     ""},
};

static int
compare_strings(gconstpointer a, gconstpointer b)
{
    return g_strcmp0(*(const char *const *)a, *(const char *const *)b);
}

static char *
join(GPtrArray *doubts)
{
    g_autoptr(GString) out = g_string_new(NULL);

    g_ptr_array_sort(doubts, compare_strings);
    for (guint i = 0; i < doubts->len; i++)
        g_string_append_printf(out, "%s%s", i > 0 ? " " : "", (char *)g_ptr_array_index(doubts, i));
    return g_string_free(g_steal_pointer(&out), FALSE);
}

static const char *
or_dash(const char *text)
{
    return text != NULL ? text : "-";
}

static char *
show(GPtrArray *people)
{
    g_autoptr(GString) out = g_string_new(NULL);

    for (guint i = 0; i < people->len; i++) {
        const MpApplicant *a = g_ptr_array_index(people, i);

        g_string_append_printf(out,
                               "%s%s|%s|%s|%s",
                               i > 0 ? "\n" : "",
                               or_dash(a->name),
                               or_dash(a->nip),
                               or_dash(a->nik),
                               or_dash(a->email));
    }
    return g_string_free(g_steal_pointer(&out), FALSE);
}

static void
test_row(void **state)
{
    const Row *row = *state;
    static const char *const own[] = {"contohkab.go.id", NULL};
    MpLimits limits = mp_limits_default();
    MpSource source = {row->kind, row->text, NULL};
    g_autoptr(GPtrArray) doubts = g_ptr_array_new_with_free_func(g_free);
    g_autoptr(GPtrArray) got = mp_document_find_applicants(&source, 1, own, &limits, doubts);
    g_autofree char *got_people = show(got);
    g_autofree char *got_doubts = NULL;

    assert_text(got_people, row->want);
    got_doubts = join(doubts);
    assert_text(got_doubts, row->doubts);
}

static const char three_rows[] = "NO\tNAMA\tNIP\n1\tDewi Lestari\t199004122015022999\n"
                                 "2\tTono Wijaya\t199102022016021999\n"
                                 "3\tSari Utami\t199001012015012999\n";

static guint
count(const char *text, const MpLimits *limits, GPtrArray *doubts)
{
    MpSource source = {"body", text, NULL};
    g_autoptr(GPtrArray) got = mp_document_find_applicants(&source, 1, NULL, limits, doubts);

    return got->len;
}

static gboolean
has_limit(GPtrArray *doubts)
{
    return g_ptr_array_find_with_equal_func(doubts, "limit", g_str_equal, NULL);
}

static void
rows_over_the_limit_are_a_doubt(void **state)
{
    MpLimits limits = mp_limits_default();
    g_autoptr(GPtrArray) doubts = g_ptr_array_new_with_free_func(g_free);

    (void)state;
    limits.table_rows = 3;
    assert_int_equal(count(three_rows, &limits, doubts), 3);
    limits.table_rows = 4;
    assert_false(has_limit(doubts));
    limits.table_rows = 2;
    assert_int_equal(count(three_rows, &limits, doubts), 2);
    assert_true(has_limit(doubts));
}

static void
applicants_over_the_limit_are_a_doubt(void **state)
{
    MpLimits limits = mp_limits_default();
    g_autoptr(GPtrArray) doubts = g_ptr_array_new_with_free_func(g_free);

    (void)state;
    limits.applicants = 3;
    assert_int_equal(count(three_rows, &limits, doubts), 3);
    assert_false(has_limit(doubts));
    limits.applicants = 2;
    assert_int_equal(count(three_rows, &limits, doubts), 2);
    assert_true(has_limit(doubts));
}

static void
sources_complete_each_other(void **state)
{
    static const char *const own[] = {"contohkab.go.id", NULL};
    MpLimits limits = mp_limits_default();
    MpSource sources[] = {
        {"surat-permohonan", "atas nama:\nNama : Dewi Lestari, S.Pd.\nJabatan : Camat\n", NULL},
        {"body", "Nama : Dra. DEWI LESTARI\nNIK : 3399015204900012\n", NULL},
        {"sk-mutasi",
         "NO\tNAMA\tNIP\n1\tTono\t199102022016021999\n2\tDewi Lestari\t199004122015022999\n",
         NULL},
        {"subject", "TTE a.n. Tono Wijaya", NULL},
    };
    g_autoptr(GPtrArray) doubts = g_ptr_array_new_with_free_func(g_free);
    g_autoptr(GPtrArray) got = mp_document_find_applicants(sources, 4, own, &limits, doubts);
    g_autofree char *people = show(got);

    (void)state;
    assert_text(people, "Dewi Lestari, S.Pd.|199004122015022999|3399015204900012|-");
}

static void
the_end_of_validity_is_kept(void **state)
{
    MpLimits limits = mp_limits_default();
    MpSource source = {"body",
                       "Sertifikat berlaku 1 Mei 2024 s.d. 1 Mei 2026.\nNama : Dewi Lestari\n"
                       "NIK : 3399015204900012\n",
                       NULL};
    g_autoptr(GPtrArray) doubts = g_ptr_array_new_with_free_func(g_free);
    g_autoptr(GPtrArray) got = mp_document_find_applicants(&source, 1, NULL, &limits, doubts);

    (void)state;
    assert_int_equal(got->len, 1);
    assert_text(((MpApplicant *)g_ptr_array_index(got, 0))->valid_until, "2026-05-01");
}

static void
semula_and_menjadi_are_kept(void **state)
{
    MpLimits limits = mp_limits_default();
    MpSource source = {"surat-permohonan",
                       "NO\tNAMA\tNIP\tSEMULA\tMENJADI\n1\tDewi Lestari\t199004122015022999\t"
                       "Kasi\tKepala\n\t\t\tPelayanan\tBidang\n",
                       NULL};
    g_autoptr(GPtrArray) doubts = g_ptr_array_new_with_free_func(g_free);
    g_autoptr(GPtrArray) got = mp_document_find_applicants(&source, 1, NULL, &limits, doubts);
    const MpApplicant *dewi = NULL;

    (void)state;
    assert_int_equal(got->len, 1);
    dewi = g_ptr_array_index(got, 0);
    assert_text(dewi->was, "Kasi Pelayanan");
    assert_text(dewi->becomes, "Kepala Bidang");
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(rows_over_the_limit_are_a_doubt),
        cmocka_unit_test(applicants_over_the_limit_are_a_doubt),
        cmocka_unit_test(sources_complete_each_other),
        cmocka_unit_test(the_end_of_validity_is_kept),
        cmocka_unit_test(semula_and_menjadi_are_kept),
    };
    int failed = run_rows("document/applicants", rows, test_row);

    return failed + cmocka_run_group_tests_name("document/people", tests, NULL, NULL);
}

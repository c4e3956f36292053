/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "unit/classify/office.h"

#include "support/asserts.h"

typedef struct {
    const char *name;
    const char *filename;
    const char *text; /* NULL = a scan */
    const char *want;
} Row;

static const Row rows[] = {
    {"a scan by its name", "Surat Permohonan TTE.pdf", NULL, "surat-permohonan"},
    {"underscores are blanks",
     "Surat_Permohonan_Sertifikat_Elektronik_2026.pdf",
     NULL,
     "surat-permohonan"},
    {"a doubled extension", "Surat Permohonan an Puji.pdf.pdf", NULL, "surat-permohonan"},
    {"a recommendation", "Rekomendasi_signed.PDF", NULL, "surat-rekomendasi"},
    {"a recommendation for a request is one",
     "Surat Rekomendasi Permohonan TTE.pdf",
     NULL,
     "surat-rekomendasi"},
    {"an identity card", "KTP.jpeg", NULL, "ktp"},
    {"an electronic identity card", "scan e-KTP bu Tuti.jpg", NULL, "ktp"},
    {"a card of a person", "ktp_imam_wijayanti.jpeg", NULL, "ktp"},
    {"a transfer", "SK MUTASI an DEWI.pdf", NULL, "sk-mutasi"},
    {"an appointment", "SK Pengangkatan 2026.pdf", NULL, "sk-pengangkatan"},
    {"an extract on retirement", "petikan keputusan pensiun.pdf", NULL, "sk-pensiun"},
    {"a dismissal", "SK_Pemberhentian.pdf", NULL, "sk-pemberhentian"},
    {"a death", "surat kematian alm Rina.pdf", NULL, "surat-keterangan-kematian"},
    {"a declaration", "Surat Pernyataan bermeterai.pdf", NULL, "surat-pernyataan"},
    {"a form", "FORM PERUBAHAN DATA TTE.pdf", NULL, "formulir-perubahan-data"},
    {"a list", "Lampiran daftar pegawai.xlsx", NULL, "daftar-pemohon"},
    {"a disposition", "disposisi kadis.pdf", NULL, "lembar-disposisi"},
    {"a camera's name says nothing", "IMG-20261118-WA0007.jpg", NULL, "lainnya"},
    {"a scanner's name says nothing", "doc00412320261118101512.pdf", NULL, "lainnya"},
    {"a list of prices is no list of people", "daftar harga.pdf", NULL, "lainnya"},
    {"what it says beats what it is called",
     "KTP.pdf",
     "DINAS SOSIAL\nNomor : 460/12/2026\nHal : Permohonan Pencabutan Sertifikat Elektronik\nYth. "
     "Kepala Dinas\nDengan hormat, mohon pencabutan sertifikat elektronik pegawai kami.\n",
     "surat-permohonan"},
    {"a recommendation by its heading",
     "surat.docx",
     "KECAMATAN MAWAR\nSURAT REKOMENDASI PERMOHONAN PERPANJANGAN\nSERTIFIKAT ELEKTRONIK\nNomor : "
     "138/1/2026\nYang bertanda tangan di bawah ini\n",
     "surat-rekomendasi"},
    {"a decree on retirement by its text",
     "scan001.pdf",
     "KEPUTUSAN BUPATI CONTOH\nNOMOR 882/1/2026\nTENTANG\nPEMBERHENTIAN DENGAN HORMAT SEBAGAI PNS "
     "YANG MENCAPAI BATAS USIA PENSIUN\nMenimbang : a. bahwa\n",
     "sk-pensiun"},
    {"a decree on dismissal",
     "scan002.pdf",
     "KEPUTUSAN BUPATI CONTOH\nNOMOR 821/2/2026\nTENTANG\nPEMBERHENTIAN DARI JABATAN PERANGKAT "
     "DESA\n"
     "Menimbang : a. bahwa\n",
     "sk-pemberhentian"},
    {"a decree on a transfer",
     "scan003.pdf",
     "PETIKAN KEPUTUSAN BUPATI CONTOH\nNOMOR 824/3/2026\nTENTANG\nMUTASI PEGAWAI NEGERI SIPIL\n",
     "sk-mutasi"},
    {"a decree on an appointment",
     "scan004.pdf",
     "KEPUTUSAN BUPATI CONTOH\nNOMOR 821.2/4/2026\nTENTANG\nPENGANGKATAN DALAM JABATAN PENGAWAS\n",
     "sk-pengangkatan"},
    {"a declaration by its heading",
     "scan005.pdf",
     "SURAT PERNYATAAN\nYang bertanda tangan di bawah ini:\nNama : Tuti\nmenyatakan passphrase "
     "diketahui orang lain.\n",
     "surat-pernyataan"},
    {"a certificate of death",
     "scan006.pdf",
     "PEMERINTAH DESA MAWAR\nSURAT KETERANGAN KEMATIAN\nNomor : 474.3/5/2026\nmenerangkan bahwa\n",
     "surat-keterangan-kematian"},
    {"a table of people",
     "data.csv",
     "No\tNama\tNIP\tNIK\tJabatan\n1\tTuti\t199001012015012999\t3399114101900001\tKasi\n",
     "daftar-pemohon"},
    {"a form by its heading",
     "x.pdf",
     "FORMULIR PERUBAHAN DATA\nSERTIFIKAT ELEKTRONIK\nNama : Tuti\nSemula : Kasi\nMenjadi : "
     "Kabid\n",
     "formulir-perubahan-data"},
    {"a disposition by its heading",
     "x.pdf",
     "LEMBAR DISPOSISI\nSurat dari : Dinkes\n",
     "lembar-disposisi"},
    {"a letter that names a decree stays a letter",
     "x.pdf",
     "DINAS SOSIAL\nNomor : 460/12/2026\nHal : Perubahan Data Sertifikat Elektronik\nYth. Kepala\n"
     "Sehubungan dengan Keputusan Bupati Nomor 821/1/2026 tentang pengangkatan pegawai, mohon "
     "perubahan data sertifikat elektronik.\n",
     "surat-permohonan"},
    {"an invitation is none of ours",
     "Undangan.pdf",
     "DINAS PENDIDIKAN\nNomor : 421/639/2026\nHal : Undangan\nKami mengundang Bapak/Ibu hadir "
     "pada\n",
     "lainnya"},
};

static void
test_row(void **state)
{
    const Row *row = *state;
    const MpRules *rules = office_rules();
    g_autoptr(MpMessage) message = office_mail(NULL, "dinkes@contohkab.go.id", NULL, "");
    g_autoptr(GPtrArray) documents = office_documents();
    g_autoptr(MpVerdict) verdict = mp_verdict_new();
    const MpDocument *document;

    office_attach(documents, row->filename, row->text);
    mp_classify_documents(rules, documents, message, verdict);
    document = g_ptr_array_index(documents, 0);
    assert_text(document->kind, row->want);
    assert_int_equal(office_has_doubt(verdict, "unread-attachment"),
                     row->text == NULL && strcmp(row->want, "lainnya") == 0);
}

static void
test_empty_file_is_nothing_and_a_doubt(void **state)
{
    const MpRules *rules = office_rules();
    g_autoptr(MpMessage) message = office_mail(NULL, "dinkes@contohkab.go.id", NULL, "");
    g_autoptr(GPtrArray) documents = office_documents();
    g_autoptr(MpVerdict) verdict = mp_verdict_new();

    (void)state;
    office_attach(documents, "KTP.pdf", NULL);
    ((MpDocument *)g_ptr_array_index(documents, 0))->is_empty = TRUE;
    mp_classify_documents(rules, documents, message, verdict);
    assert_text(((MpDocument *)g_ptr_array_index(documents, 0))->kind, "lainnya");
    assert_true(office_has_doubt(verdict, "empty-attachment"));
    assert_false(office_has_doubt(verdict, "unread-attachment"));
}

int
main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_empty_file_is_nothing_and_a_doubt)};

    return run_rows("kinds of documents", rows, test_row) |
           cmocka_run_group_tests_name("documents", tests, NULL, NULL);
}

/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The words that letters of Indonesian offices use: field labels, formulas, ranks, degrees. All of
 * it is data in folded form (lower case, single blanks). */

#include "document/document-private.h"

#define MAX_LABEL_WORDS 6
#define MAX_LABEL_CHARS 48

typedef struct {
    MpLabel label;
    const char *words; /* stands anywhere in the label, at word borders */
} LabelWords;

/* First match wins: the more special words stand above the general ones. */
static const LabelWords label_words[] = {
    {MP_LABEL_VALID_UNTIL, "berlaku"},
    {MP_LABEL_VALID_UNTIL, "masa aktif"},
    {MP_LABEL_VALID_UNTIL, "kedaluwarsa"},
    {MP_LABEL_VALID_UNTIL, "kadaluarsa"},
    {MP_LABEL_VALID_UNTIL, "kadaluwarsa"},
    {MP_LABEL_VALID_UNTIL, "expired"},
    {MP_LABEL_OTHER, "sertifikat"},
    {MP_LABEL_OTHER, "perihal"},
    {MP_LABEL_OTHER, "hal"},
    {MP_LABEL_OTHER, "jenis"},
    {MP_LABEL_OTHER, "lahir"},
    {MP_LABEL_OTHER, "ttl"},
    {MP_LABEL_OTHER, "nama ibu"},
    {MP_LABEL_OTHER, "nama aplikasi"},
    {MP_LABEL_OTHER, "nama sistem"},
    {MP_LABEL_OTHER, "nama kegiatan"},
    {MP_LABEL_OTHER, "nama atasan"},
    {MP_LABEL_OTHER, "nip atasan"},
    {MP_LABEL_OTHER, "nama file"},
    {MP_LABEL_OTHER, "username"},
    {MP_LABEL_OTHER, "website"},
    {MP_LABEL_UNIT, "nama unit"},
    {MP_LABEL_UNIT, "nama instansi"},
    {MP_LABEL_UNIT, "nama opd"},
    {MP_LABEL_UNIT, "nama skpd"},
    {MP_LABEL_UNIT, "nama dinas"},
    {MP_LABEL_UNIT, "nama satuan"},
    {MP_LABEL_UNIT, "nama sekolah"},
    {MP_LABEL_UNIT, "nama desa"},
    {MP_LABEL_UNIT, "nama kantor"},
    {MP_LABEL_POSITION, "nama jabatan"},
    {MP_LABEL_WAS, "semula"},
    {MP_LABEL_WAS, "lama"},
    {MP_LABEL_WAS, "sebelum"},
    {MP_LABEL_WAS, "sebelumnya"},
    {MP_LABEL_BECOMES, "menjadi"},
    {MP_LABEL_BECOMES, "baru"},
    {MP_LABEL_BECOMES, "sesudah"},
    {MP_LABEL_BECOMES, "seharusnya"},
    {MP_LABEL_EMAIL, "email"},
    {MP_LABEL_EMAIL, "e mail"},
    {MP_LABEL_EMAIL, "mail"},
    {MP_LABEL_EMAIL, "surel"},
    {MP_LABEL_EMAIL, "pos el"},
    {MP_LABEL_EMAIL, "posel"},
    {MP_LABEL_PHONE, "hp"},
    {MP_LABEL_PHONE, "wa"},
    {MP_LABEL_PHONE, "whatsapp"},
    {MP_LABEL_PHONE, "telp"},
    {MP_LABEL_PHONE, "tlp"},
    {MP_LABEL_PHONE, "telepon"},
    {MP_LABEL_PHONE, "telpon"},
    {MP_LABEL_PHONE, "handphone"},
    {MP_LABEL_PHONE, "hand phone"},
    {MP_LABEL_PHONE, "ponsel"},
    {MP_LABEL_PHONE, "seluler"},
    {MP_LABEL_PHONE, "kontak"},
    {MP_LABEL_PHONE, "no kontak"},
    {MP_LABEL_NIP_OR_NIK, "nip nik"},
    {MP_LABEL_NIP_OR_NIK, "nik nip"},
    {MP_LABEL_NIP_OR_NIK, "nip atau nik"},
    {MP_LABEL_NIP, "nip"},
    {MP_LABEL_NIP, "nippk"},
    {MP_LABEL_NIP, "nipppk"},
    {MP_LABEL_NIP, "nip3k"},
    {MP_LABEL_NIP, "ni pppk"},
    {MP_LABEL_NIP, "nrp"},
    {MP_LABEL_NIP, "nomor induk pegawai"},
    {MP_LABEL_NIP, "no induk pegawai"},
    {MP_LABEL_NIK, "nik"},
    {MP_LABEL_NIK, "ktp"},
    {MP_LABEL_NIK, "induk kependudukan"},
    {MP_LABEL_NIK, "no identitas"},
    {MP_LABEL_NIK, "nomor identitas"},
    {MP_LABEL_OTHER, "pangkat"},
    {MP_LABEL_OTHER, "gol"},
    {MP_LABEL_OTHER, "golongan"},
    {MP_LABEL_OTHER, "eselon"},
    {MP_LABEL_OTHER, "npwp"},
    {MP_LABEL_OTHER, "agama"},
    {MP_LABEL_OTHER, "pendidikan"},
    {MP_LABEL_OTHER, "keterangan"},
    {MP_LABEL_OTHER, "ket"},
    {MP_LABEL_OTHER, "paraf"},
    {MP_LABEL_OTHER, "tanda tangan"},
    {MP_LABEL_OTHER, "alasan"},
    {MP_LABEL_OTHER, "status"},
    {MP_LABEL_OTHER, "kegunaan"},
    {MP_LABEL_OTHER, "sistem"},
    {MP_LABEL_OTHER, "sitem"},
    {MP_LABEL_OTHER, "lampiran"},
    {MP_LABEL_OTHER, "sifat"},
    {MP_LABEL_OTHER, "tembusan"},
    {MP_LABEL_POSITION, "jabatan"},
    {MP_LABEL_POSITION, "posisi"},
    {MP_LABEL_UNIT, "unit"},
    {MP_LABEL_UNIT, "instansi"},
    {MP_LABEL_UNIT, "opd"},
    {MP_LABEL_UNIT, "skpd"},
    {MP_LABEL_UNIT, "satker"},
    {MP_LABEL_UNIT, "satuan kerja"},
    {MP_LABEL_UNIT, "perangkat daerah"},
    {MP_LABEL_UNIT, "organisasi"},
    {MP_LABEL_UNIT, "tempat tugas"},
    {MP_LABEL_UNIT, "tempat kerja"},
    {MP_LABEL_UNIT, "dinas"},
    {MP_LABEL_UNIT, "kecamatan"},
    {MP_LABEL_UNIT, "desa"},
    {MP_LABEL_UNIT, "sekolah"},
    {MP_LABEL_OTHER, "alamat"},
    {MP_LABEL_OTHER, "kabupaten"},
    {MP_LABEL_OTHER, "kota"},
    {MP_LABEL_OTHER, "provinsi"},
    {MP_LABEL_NAME, "nama"},
    {MP_LABEL_NAME, "name"},
    {MP_LABEL_NAME, "a n"},
    {MP_LABEL_ROW, "no urut"},
    {MP_LABEL_ROW, "nomor urut"},
};

const char *const mp_words_signatory[] = {
    "yang bertanda tangan",
    "yang bertandatangan",
    "yang menandatangani",
    "mengetahui",
    "atasan langsung",
    "pejabat yang",
    NULL,
};

const char *const mp_words_applicant[] = {
    "rekomendasi kepada",
    "merekomendasikan",
    "atas nama",
    "sebagai berikut",
    "data berikut",
    "di bawah ini dicabut",
    "pegawai berikut",
    "nama berikut",
    "mengajukan permohonan",
    "mengajukan",
    "memohon",
    "permohonan kepada",
    "untuk pegawai",
    "bagi pegawai",
    "berikut ini",
    "kepada nama",
    "menugaskan",
    "mengusulkan",
    "dengan data",
    "datanya",
    "menerangkan bahwa",
    "menyatakan bahwa",
    "sebagai pemohon",
    "pemohon",
    "menunjuk",
    "memberi kuasa kepada",
    "kepada",
    NULL,
};

const char *const mp_words_closing[] = {
    "demikian",
    "demikianlah",
    "atas perhatian",
    "atas perkenan",
    "atas bantuan",
    "atas kerja sama",
    "atas kerjasama",
    "hormat kami",
    "hormat saya",
    "salam hormat",
    "salam",
    "wassalam",
    "wassalamu alaikum",
    "wassalamualaikum",
    "terima kasih",
    "terimakasih",
    "matur nuwun",
    "maturnuwun",
    "suwun",
    "nuwun",
    "tks",
    "makasih",
    "regards",
    "best regards",
    "thanks",
    "ditetapkan di",
    "dikeluarkan di",
    "dikirim dari",
    NULL,
};

const char *const mp_words_annex[] = {
    "daftar pegawai",
    "daftar nama",
    "daftar pemohon",
    "daftar usulan",
    "lampiran surat",
    "lampiran i",
    "lampiran 1",
    "lampiran nomor",
    "daftar pejabat",
    "data pegawai",
    "data pemohon",
    "formulir",
    "daftar calon",
    "daftar peserta",
    "daftar permohonan",
    NULL,
};

const char *const mp_words_copies[] = {"tembusan", "tembusan disampaikan", "cc", NULL};

const char *const mp_words_rank[] = {
    "pembina",
    "penata",
    "pengatur",
    "juru",
    "pembina utama",
    "golongan",
    "pangkat",
    NULL,
};

const char *const mp_words_before_name[] = {
    "a.n.",
    "an.",
    "a.n",
    "an",
    "a/n",
    "atas nama",
    "saudara",
    "saudari",
    "sdr.",
    "sdri.",
    "alm.",
    "almh.",
    "almarhum",
    "almarhumah",
    NULL,
};

const char *const mp_words_not_name[] = {
    "dinas",      "badan",       "kantor",       "kecamatan",   "kelurahan",    "desa",
    "kabupaten",  "kota",        "provinsi",     "pemerintah",  "bupati",       "walikota",
    "gubernur",   "camat",       "kepala",       "sekretaris",  "bidang",       "seksi",
    "bagian",     "uptd",        "puskesmas",    "rsud",        "smp",          "sma",
    "sd",         "smpn",        "sman",         "sdn",         "smk",          "smkn",
    "surat",      "permohonan",  "rekomendasi",  "sertifikat",  "elektronik",   "perubahan",
    "pencabutan", "penerbitan",  "pendaftaran",  "pembaruan",   "perpanjangan", "data",
    "nomor",      "tanggal",     "perihal",      "lampiran",    "tte",          "bsre",
    "bssn",       "admin",       "layanan",      "verifikator", "petugas",      "yang",
    "dengan",     "untuk",       "dan",          "kami",        "mohon",        "terlampir",
    "berkas",     "scan",        "ktp",          "nip",         "nik",          "nama",
    "jabatan",    "instansi",    "unit",         "kerja",       "email",        "aktif",
    "tidak",      "semula",      "menjadi",      "berikut",     "bapak/ibu",    "pejabat",
    "pegawai",    "orang",       "terima",       "kasih",       "diskominfo",   "dinkes",
    "satuan",     "inspektorat", "sekretariat",  "rumah",       "sakit",        "sekolah",
    "pns",        "pppk",        "asn",          "honorer",     "staf",         "kasi",
    "kabid",      "kasubbag",    "kasubag",      "bendahara",   "analis",       "pranata",
    "guru",       "dokter",      "bidan",        "perawat",     "pembina",      "penata",
    "pengatur",   "terhitung",   "sehubungan",   "sk",          "tentang",      "adalah",
    "telah",      "sudah",       "bahwa",        "pada",        "dari",         "oleh",
    "jalan",      "jl",          "telp",         "hp",          "wa",           "balai",
    "daftar",     "tersebut",    "bersangkutan", "ini",         "itu",          "kepada",
    "yth",        "lain",        "lainnya",      "instansinya", "segera",       "tembusan",
    "arsip",      "laporan",     "sebagai",      "a.n",         "selaku",       "masing-masing",
    NULL,
};

const char *const mp_words_office_box[] = {
    "admin",     "info",        "umum",       "sekretariat", "sekre",       "tu",         "humas",
    "kontak",    "surat",       "persuratan", "kepegawaian", "dinas",       "dinkes",     "dinsos",
    "disdik",    "disdikbud",   "dpupr",      "bkpsdm",      "bkd",         "diskominfo", "kominfo",
    "satpolpp",  "disdukcapil", "bappeda",    "bpkad",       "inspektorat", "setda",      "setwan",
    "kec",       "kecamatan",   "kel",        "kelurahan",   "desa",        "pemdes",     "pkm",
    "puskesmas", "rsud",        "smp",        "smpn",        "sma",         "sman",       "sd",
    "sdn",       "smk",         "smkn",       "uptd",        "kantor",      "office",     "mail",
    "email",     "noreply",     "pengaduan",  "layanan",     "camat",       "lurah",      "kepala",
    "kadis",     "sekdin",      "kabid",      "bupati",      "opd",         NULL,
};

const char *const mp_words_decree[] = {
    "sk",
    "keputusan",
    "peraturan",
    "undang-undang",
    "perbup",
    "perda",
    "perpres",
    "permen",
    "permenpan",
    "instruksi",
    "kepbup",
    "petikan",
    "jalan",
    "jl.",
    "sertifikat nomor",
    "nomor seri",
    "rekening",
    "telp",
    "hp",
    "wa",
    "tiket",
    "pos",
    "kode",
    "edaran",
    "dicatat dengan",
    "rt",
    "rw",
    NULL,
};

const char *const mp_words_body[] = {
    "sehubungan",      "berdasarkan", "dengan hormat", "bersama ini", "dalam rangka",
    "menindaklanjuti", "berkenaan",   "menunjuk",      "dengan ini",  "yang bertanda",
    "memperhatikan",   "bahwa",       "kami yang",     "guna",        "untuk",
    "assalamu",        "yth",         "kepada",        "di tempat",   "di -",
    "menimbang",       "memenuhi",    "mempedomani",   "mendasari",   "sesuai",
    "mohon",           "terlampir",   "salam",         "disampaikan", NULL,
};

const char *const mp_words_title[] = {
    "surat",
    "formulir",
    "form",
    "permohonan",
    "rekomendasi",
    "keputusan",
    "petikan",
    "nota",
    "berita",
    "daftar",
    "lembar",
    "pernyataan",
    "undangan",
    "pengantar",
    "lampiran",
    NULL,
};

const char *const mp_words_valid_until[] = {
    "berlaku s.d.",
    "berlaku s.d",
    "berlaku s/d",
    "berlaku sd",
    "berlaku sampai",
    "berlaku hingga",
    "masa berlaku",
    "masa berlakunya",
    "berlakunya habis",
    "habis pada",
    "berakhir pada",
    "akan berakhir",
    "habis masa",
    "kedaluwarsa",
    "expired",
    "berakhirnya",
    "jatuh tempo",
    NULL,
};

const char *const mp_words_months[] = {
    "januari",  "1",  "jan",      "1",  "january",  "1",  "februari", "2",  "pebruari",  "2",
    "feb",      "2",  "peb",      "2",  "february", "2",  "maret",    "3",  "mar",       "3",
    "mrt",      "3",  "march",    "3",  "april",    "4",  "apr",      "4",  "mei",       "5",
    "may",      "5",  "juni",     "6",  "jun",      "6",  "june",     "6",  "juli",      "7",
    "jul",      "7",  "july",     "7",  "agustus",  "8",  "agu",      "8",  "agt",       "8",
    "ags",      "8",  "agust",    "8",  "aug",      "8",  "august",   "8",  "september", "9",
    "sep",      "9",  "sept",     "9",  "oktober",  "10", "okt",      "10", "oct",       "10",
    "october",  "10", "november", "11", "nopember", "11", "nov",      "11", "nop",       "11",
    "desember", "12", "des",      "12", "dec",      "12", "december", "12", NULL,
};

const char *const mp_words_degrees[] = {
    "dr",      "drg",   "drs",   "dra",    "ir",     "prof", "h",    "hj",   "kh",   "se",
    "sh",      "st",    "si",    "sp",     "spd",    "skom", "ssos", "sip",  "skm",  "skep",
    "ns",      "sfarm", "apt",   "sstp",   "sap",    "ssi",  "stp",  "spt",  "shum", "mm",
    "mh",      "mt",    "msi",   "mpd",    "mkom",   "mkes", "map",  "mip",  "msc",  "ma",
    "mba",     "phd",   "amd",   "amdkom", "amdkeb", "sst",  "sag",  "mag",  "spi",  "spog",
    "spa",     "sppd",  "spb",   "str",    "ak",     "ca",   "cpa",  "ners", "amk",  "ama",
    "sthi",    "sei",   "spdi",  "mpdi",   "shi",    "gr",   "skel", "dipl", "msip", "mmsi",
    "alm",     "almh",  "bapak", "ibu",    "pak",    "bu",   "bpk",  "sdr",  "sdri", "saudara",
    "saudari", "tn",    "ny",    "yth",    NULL,
};

char *
mp_words_fold(const char *text)
{
    g_autofree char *lower = g_utf8_strdown(text, -1);
    g_autoptr(GString) out = g_string_new(NULL);
    gboolean want_blank = FALSE;

    for (const char *p = lower; *p != '\0'; p = g_utf8_next_char(p)) {
        gunichar c = g_utf8_get_char(p);

        if (g_unichar_isspace(c) || c == 0xa0) {
            want_blank = out->len > 0;
            continue;
        }
        if (want_blank)
            g_string_append_c(out, ' ');
        want_blank = FALSE;
        g_string_append_unichar(out, c);
    }
    return g_string_free(g_steal_pointer(&out), FALSE);
}

static gboolean
is_word_byte(char c)
{
    return g_ascii_isalnum(c) || (guchar)c >= 0x80;
}

static gboolean
is_border(const char *text, const char *at, const char *phrase)
{
    const char *end = at + strlen(phrase);

    return (at == text || !is_word_byte(at[-1])) && (!is_word_byte(*end) || !is_word_byte(end[-1]));
}

static const char *
find_phrase(const char *fold, const char *phrase)
{
    for (const char *at = fold; (at = strstr(at, phrase)) != NULL; at++) {
        if (is_border(fold, at, phrase))
            return at;
    }
    return NULL;
}

gboolean
mp_words_open(const char *line, const char *const *phrases)
{
    g_autofree char *fold = mp_words_fold(line);

    for (; *phrases != NULL; phrases++) {
        if (g_str_has_prefix(fold, *phrases) && is_border(fold, fold, *phrases))
            return TRUE;
    }
    return FALSE;
}

gboolean
mp_words_in(const char *line, const char *const *phrases)
{
    g_autofree char *fold = mp_words_fold(line);

    for (; *phrases != NULL; phrases++) {
        if (find_phrase(fold, *phrases) != NULL)
            return TRUE;
    }
    return FALSE;
}

/* Label words only: no numbering, no "(KTP)", no punctuation. */
static char *
label_core(const char *text)
{
    g_autofree char *fold = mp_words_fold(text);
    g_autoptr(GString) out = g_string_new(NULL);
    const char *p = fold;
    guint depth = 0;

    if (g_ascii_isdigit(*p) ||
        (g_ascii_isalpha(*p) && (p[1] == '.' || p[1] == ')') && p[2] == ' ')) {
        while (g_ascii_isalnum(*p))
            p++;
        p += *p == '.' || *p == ')';
    }
    for (; *p != '\0'; p++) {
        depth += *p == '(';
        if (depth == 0 && is_word_byte(*p))
            g_string_append_c(out, *p);
        else if (depth == 0 && out->len > 0 && out->str[out->len - 1] != ' ')
            g_string_append_c(out, ' ');
        depth -= *p == ')' && depth > 0;
    }
    while (out->len > 0 && out->str[out->len - 1] == ' ')
        g_string_truncate(out, out->len - 1);
    return g_string_free(g_steal_pointer(&out), FALSE);
}

MpLabel
mp_label_parse(const char *text)
{
    g_autofree char *core = NULL;
    guint words = 1;

    if (text == NULL || strlen(text) > MAX_LABEL_CHARS)
        return MP_LABEL_NONE;
    core = label_core(text);
    if (*core == '\0')
        return MP_LABEL_NONE;
    for (const char *p = core; *p != '\0'; p++)
        words += *p == ' ';
    if (words > MAX_LABEL_WORDS)
        return MP_LABEL_NONE;
    if (g_str_equal(core, "no") || g_str_equal(core, "nomor"))
        return MP_LABEL_ROW;
    for (gsize i = 0; i < G_N_ELEMENTS(label_words); i++) {
        if (find_phrase(core, label_words[i].words) != NULL)
            return label_words[i].label;
    }
    return MP_LABEL_NONE;
}

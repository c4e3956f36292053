/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "message/message-private.h"

/* Where the person's words end: at "-- ", at a closing formula before a name, at a block of name,
 * post and phone, at a phone's advert or a disclaimer. */

#define MAX_AFTER_CLOSING 14
#define MAX_BLOCK 10

static MpWording dashes = {"^(?:--|—|–|__|-- -|\\*--\\*)\\s*$", 0, NULL};

#define DEVICE                                                                                      \
    "i-?(?:phone|pad|pod|mac)|android|samsung|galaxy|xiaomi|redmi|poco|oppo|vivo|realme|huawei|"    \
    "honor|"                                                                                        \
    "blackberry|nokia|lumia|nexus|pixel|xperia|sony|asus|zenfone|infinix|motorola|oneplus|htc|lg|"  \
    "windows|outlook|yahoo|ymail|gmail|proton(?: ?mail)?|zimbra|thunderbird|roundcube|hotmail|"     \
    "e ?m client|mailspring|spark|mymail|bluemail|aqua "                                            \
    "mail|k-9|fairemail|tutanota|zoho|gmx|web\\.de|mail\\.ru|"                                      \
    "ponsel|handphone|hp|telepon|smart "                                                            \
    "?phone|tablet|perangkat|gawai|device|phone|mobile|mobil|portable|téléphone|"                 \
    "celular|móvil|dispositivo|telefon|handy|smartphone|telefoon|mobiel|puhelin|komórk|wireless|" \
    "laptop"

static MpWording advert = {
    "^\\W{0,4}(?:"
    "(?:(?:di)?kirim(?:kan)?|terkirim) "
    "(?:dari|dengan|menggunakan|melalui|via)\\b[^,.;:!?]{0,30}\\b(?:" DEVICE ")\\b[^,;!?]{0,40}"
    "|sent (?:from|via|with|using|by)\\b[^,;!?]{0,30}\\b(?:" DEVICE ")\\b[^,;!?]{0,50}"
    "|sent from my(?: [\\w'’®™+.-]+){1,6}|dikirim dari [\\w'’®™+.-]+(?: [\\w'’®™+.-]+){0,3} "
    "(?:saya|ku)"
    "|get (?:outlook|the new outlook|bluemail) for [^,]{2,40}|(?:dapatkan|unduh) outlook [^,]{2,40}"
    "|(?:enviad[oa]|mandado) (?:desde|do|da|de|a partir d[eo]|com|por)\\b.{0,30}\\b(?:" DEVICE
    ")\\b.{0,40}|obt(?:é|e)n(?:er|ga)? outlook .{2,40}|obter o outlook .{2,40}"
    "|envoy[eé] (?:de(?:puis)?|à partir d[eu'’])\\b.{0,30}\\b(?:" DEVICE
    ")\\b.{0,40}|(?:obtenir|obtenez|télécharge[rz]) outlook .{2,40}"
    "|(?:von|mit) (?:meinem|meiner|der|dem|outlook)\\b.{2,40}(?:gesendet|geschickt|verfasst)"
    "|gesendet (?:von|mit|über|aus)\\b.{2,60}|diese nachricht wurde von .{2,60} gesendet|outlook "
    "für .{2,30} (?:herunterladen|beziehen)|holen sie sich outlook .{2,40}"
    "|(?:verstuurd|verzonden) (?:vanaf|vanuit|met|via)\\b.{2,60}|inviato (?:da(?:l|lla)?|con)\\b "
    "?.{2,60}|outlook voor .{2,30} downloaden|(?:scarica|ottieni) outlook .{2,40}"
    "|skickat (?:från|med) .{2,60}|(?:hämta|hent|få) outlook .{2,40}|sendt (?:fra|med) "
    ".{2,60}|lähetetty .{2,60}|wysłan[eo] z .{2,60}|odesláno z .{2,60}|odoslané z .{2,60}"
    "|отправлено (?:с|из) "
    ".{2,60}|.{2,40}(?:から|より)送信|発信元.{2,30}|发自我的.{1,40}|從我的.{1,40}傳送|나의 "
    ".{1,30}에서 보냄|.{2,40}['’][dt]an gönderildi|đã gửi từ .{2,40}"
    "|yahoo mail[:,] .{2,80}|(?:cari|dapatkan) .{0,30}yahoo mail.{0,30}|outlook (?:for|untuk) "
    "(?:android|ios)"
    "|(?:virus-free|bebas virus|libre de virus|virenfrei|garanti sans "
    "virus)\\W.{0,80}|.{0,60}avast.{0,60}virus.{0,40}"
    ")\\W*$",
    MP_PATTERN_CASELESS,
    NULL};
/* Below a line of dashes: what a mailing list adds. */
static MpWording rule_line = {"^\\s*[_=-]{8,}\\s*$", 0, NULL};
static MpWording list_footer = {
    "mailing ?list|milis|unsubscribe|berhenti "
    "berlangganan|listinfo|/subscription|groups?/opt_?out|to post to this group",
    MP_PATTERN_CASELESS,
    NULL};

static MpWording disclaimer = {
    "^\\W{0,4}(?:disclaimer\\b|penafian\\b|penyangkalan\\b|pernyataan "
    "(?:kerahasiaan|penyangkalan)|confidential(?:ity)?(?: notice| note)?\\b\\W"
    "|(?:legal|privacy|e-?mail) "
    "(?:notice|disclaimer)\\b|(?:caution|warning|peringatan|perhatian|hati-hati)\\W{1,3}.{0,60}(?:"
    "e-?mail|surel|pesan|message).{0,80}"
    "(?:rahasia|confidential|external|eksternal|luar|outside)"
    "|(?:the|this) "
    "(?:information|e-?mail|message|communication|transmission)\\b.{0,160}(?:confidential|intended|"
    "privileged|addressee)"
    "|(?:informasi|isi|seluruh isi|e-?mail|surel|surat elektronik|pesan|dokumen)\\b.{0,160}"
    "(?:bersifat rahasia|rahasia dan|hanya (?:ditujukan|diperuntukkan|untuk)|dimaksudkan (?:hanya "
    ")?untuk|bukan penerima|penerima yang (?:dituju|dimaksud))"
    "|(?:apabila|jika|bila) (?:anda|saudara) "
    "(?:bukan|menerima|tidak).{0,80}(?:penerima|kesalahan|keliru|salah)"
    "|if you (?:are not|have received|received).{0,100}(?:intended|error|mistake)"
    "|(?:please )?(?:consider|think of|think about) the environment|(?:mohon |harap "
    ")?pertimbangkan (?:lingkungan|sebelum mencetak)"
    "|diese e-?mail .{0,100}vertraulich|ce (?:message|courriel|mail)\\b.{0,120}confidentiel"
    "|este (?:mensaje|correo|mensagem|e-?mail).{0,120}confidencia|esta "
    "mensagem.{0,120}confidencia|dit bericht .{0,100}vertrouwelijk"
    "|(?:you received this message because you are subscribed|to unsubscribe from this|untuk "
    "berhenti berlangganan))",
    MP_PATTERN_CASELESS,
    NULL};

/* Formulas that only close a mail. */
static MpWording closing = {
    "^\\W{0,3}(?:hormat (?:kami|saya|hamba)|teriring salam|salam(?: "
    "(?:hormat|hangat|takzim|sukses|sehat|sejahtera|"
    "kompak|kenal|dari kami|kami|saya))*|wass?alam[\\w'’]*(?:[ .]*w[\\w.' ]*)?|wass?\\.?(?: wr\\.? "
    "?wb\\.?)?"
    "|(?:best|kind|warm(?:est)?|many)? ?regards|best(?: wishes)?|(?:yours "
    ")?(?:sincerely|faithfully|truly|respectfully)(?: yours)?"
    "|cheers|respectfully|mit (?:freundlichen?|besten|herzlichen) "
    "gr(?:ü|ue)(?:ß|ss)en?|(?:viele|beste|liebe|schöne|freundliche) gr(?:ü|ue)(?:ß|ss)e"
    "|gr(?:u|ü)(?:ß|ss)e?|mfg|lg|vg|(?:bien |très "
    ")?(?:cordialement|amicalement|respectueusement)|bien à vous|salutations?(?: \\w+)?|sincères "
    "salutations"
    "|(?:un )?(?:cordial )?saludos?(?: "
    "cordial(?:es)?)?|atentamente|atenciosamente|att|abraços?|cumprimentos|com os melhores "
    "cumprimentos"
    "|met vriendelijke groet(?:en)?|vriendelijke groet(?:en)?|hartelijke "
    "groet(?:en)?|groet(?:en|jes)?|mvg"
    "|(?:cordiali|distinti|cari) saluti|saluti|cordialmente|med v[äe]nlig(?:a)? "
    "h[äi]lsning(?:ar)?|v[äe]nlig(?:a|e)? h[äi]ls(?:ning(?:ar)?|en)"
    "|med (?:venlig|vennlig) hilsen|hilsen|mvh|hälsningar|(?:ystävällisin )?terveisin|pozdrawiam|z "
    "poważaniem|s pozdravem|üdvözlettel"
    "|с уважением|saygılarımla|敬具|よろしくお願い(?:いた)?します"
    "|(?:yang )?(?:membuat pernyataan|memohon|bermohon)|pemohon|ttd|tertanda|a\\.?n\\.? "
    "(?:kepala|sekretaris|camat|direktur).{0,60})\\W*$",
    MP_PATTERN_CASELESS,
    NULL};
/* Thanks close a mail too, but alone they are what the person says. */
static MpWording thanks = {
    "^\\W{0,3}(?:demikian\\b[^.!?]{0,60}[,.] )?(?:(?:atas .{3,60}(?:kami |saya )?(?:ucapkan "
    "|sampaikan |haturkan )?)?(?:terima "
    "?kasih|makasih|trima ?kasih|trims|tks|thx|tq|suwun|matur (?:nuwun|suwun)|nuhun"
    "|thanks|thank you|many thanks|danke|vielen dank|merci|gracias|obrigad[oa]|bedankt|dank u(?: "
    "wel)?|grazie|tack|tak)"
    "(?: (?:banyak|sebelumnya|sekali|pak|bu|bapak|ibu|mas|mbak|min|admin|much|again|you|a lot|in "
    "advance|so much|und viele grüße|et cordialement|and (?:best |kind )?regards))*)\\W*$",
    MP_PATTERN_CASELESS,
    NULL};

/* Formula and name on one line; titles of address after thanks are part of the thanks. */
static MpWording closing_with_name = {
    "^\\W{0,3}(?i:hormat (?:kami|saya)|salam(?: hormat| hangat)?|wassalam|(?:best |kind |warm "
    ")?regards|best|cheers"
    "|sincerely|thanks|thank you|terima "
    "?kasih|makasih|trims|thx|tks|mvg|mfg|lg|vg|gr(?:u|ü)(?:ß|ss)e?|saludos|cordialement|saluti|"
    "groeten|hilsen|mvh)\\s*[,!.\\-–]+\\s*"
    "(?!(?:Pak|Bu|Bapak|Ibu|Mas|Mbak|Kak|Min|Admin|Bang)\\b)\\p{Lu}[\\p{L}'’.\\-]+(?:\\s+\\p{Lu}["
    "\\p{L}'’.,\\-]*){0,4}\\s*$",
    0,
    NULL};
static MpWording dash_name = {
    "^\\s*[-–—~]\\s?\\p{Lu}[\\p{L}'’.]+(?:\\s+\\p{Lu}[\\p{L}'’.]*){0,3}\\s*$", 0, NULL};
static MpWording post_or_unit = {
    "\\b(?:kepala|kabid|kabag|kasi|kasie|kasubbag|kasubag|sekretaris|sekdin|sekcam|camat|lurah|"
    "kades|bupati|wakil|staf|staff|bendahara|analis|pranata|pengelola"
    "|pengadministrasi|penata|arsiparis|auditor|dokter|perawat|bidan|guru|kaur|operator|"
    "verifikator|admin|administrator|direktur|manajer|manager|director|officer|engineer"
    "|pembina|pengawas|penyuluh|kepegawaian|umum|dinas|badan|bidang|seksi|bagian|subbag\\w*|"
    "kecamatan|kec\\.|kelurahan|kel\\.|desa|puskesmas|uptd?|rsud|sekretariat|inspektorat|satpol|"
    "pemerintah|pemkab|pemkot"
    "|kabupaten|kab\\.|kota|provinsi|kantor|bkpsdm|bkd|bappeda|disk\\w+|din[a-z]{2,12}|sd[n "
    "]|smp\\w*|sma\\w*|smk\\w*|head "
    "of|department|office|university|ministry|abteilung|service|plt\\.?|plh\\.?|ketua|anggota|tim)"
    "\\b",
    MP_PATTERN_CASELESS,
    NULL};
static MpWording contact = {"\\b(?:nip|nik|nrp|nuptk|npp)\\b|\\b(?:telp?|tel[ep]+on|tel|hp|wa|"
                            "whats ?app|mobile|phone|fax|faks|ext|ph|cp|no\\. "
                            "?hp|e-?mail|surel|web(?:site)?|alamat|jl|jalan|jln)\\b\\.?"
                            "|\\+?\\d[\\d "
                            "().\\-]{7,}\\d|\\b[\\w.+-]+@[\\w-]+\\.\\w|\\bwww\\.|https?://"
                            "|\\b\\d{5}\\b|\\[(?:image|cid|gambar|logo)\\b",
                            MP_PATTERN_CASELESS,
                            NULL};
static MpWording degree = {
    "(?:^|\\s)(?:drs?|dra|drg|ir|hj?|kh|prof|apt|ns)\\.\\s|,\\s*(?:[SMADP]\\.\\s?\\p{L}{1,6}\\.?|(?"
    ":S|M)\\.?\\s?(?:Kom|Si|Pd|Sos|H|E|T|M|IP|AP|STP|Kes|Kep|Ak|Hum|Farm|Gz)\\b"
    "|S\\.?STP|SE|SH|ST|MM|MH|MT|MSi|A\\.?Md|Sp\\.|Ph\\.?D|M\\.?Sc|B\\.?Sc)",
    0,
    NULL};
/* Capital letters at each word; degrees, "bin", "al" and initials between. */
static MpWording name_line = {
    "^[\\s(*_/]*(?:(?:dr|drg|drs|dra|ir|apt|ns|bin|binti|van|von|de|da|dos|al|el|d\\/"
    "a|an|a\\.n)\\.?\\s+)*\\p{Lu}[\\p{L}\\p{M}'’.\\-]*"
    "(?:[,]?\\s+(?:(?:bin|binti|van|von|der|den|de|da|dos|al|el|y)\\s+)?[\\p{Lu}(][\\p{L}\\p{M}'’."
    "\\-)]*){0,9}[\\s,.)*_]*$",
    0,
    NULL};
/* A line that tells or asks something. */
static MpWording sentence = {"[.!?]\\s+(?-i:\\p{Ll})|[?!]\\s*$|\\b(?:mohon|tolong|sudah|belum|kami|"
                             "saya|akan|agar|untuk|yang|"
                             "dengan|bahwa|adalah|silakan|harap|setuju|tolak|teruskan|terima kasih"
                             "|please|we|the|is|are|will|you|und|ich|wir|bitte|nous|vous)\\b",
                             MP_PATTERN_CASELESS,
                             NULL};

/* --- names ------------------------------------------------------------------------------------ */

/* TRUE when every word of the line that is longer than two letters stands in the writer's name. */
static gboolean
is_own_name(const char *line, const char *name)
{
    g_autofree char *low_line = NULL;
    g_autofree char *low_name = NULL;
    g_auto(GStrv) words = NULL;
    guint hits = 0;

    if (name == NULL || *name == '\0' || strlen(line) > 80)
        return FALSE;
    low_line = g_utf8_strdown(line, -1);
    low_name = g_utf8_strdown(name, -1);
    words = g_strsplit_set(low_line, " ,.()-*_\t", -1);
    for (guint i = 0; words[i] != NULL; i++) {
        if (strlen(words[i]) <= 2)
            continue;
        if (strstr(low_name, words[i]) == NULL) {
            /* Degrees are no part of the display name. */
            if (strlen(words[i]) > 4 || hits == 0)
                return FALSE;
            continue;
        }
        hits++;
    }
    return hits > 0;
}

static gboolean
is_name_like(const char *line, const char *name)
{
    if (is_own_name(line, name))
        return TRUE;
    return strlen(line) <= 70 && mp_wording_match(&name_line, line, -1, NULL);
}

static gboolean
is_block_line(const char *line)
{
    gsize length = strlen(line);

    if (length == 0)
        return TRUE;
    if (mp_wording_match(&contact, line, -1, NULL))
        return length <= 160 && !mp_wording_match(&sentence, line, -1, NULL);
    if (length > 90 || mp_wording_match(&sentence, line, -1, NULL))
        return FALSE;
    return mp_wording_match(&name_line, line, -1, NULL) ||
           mp_wording_match(&post_or_unit, line, -1, NULL);
}

static guint
next_text(char *const *lines, guint at, guint to)
{
    while (at < to && *lines[at] == '\0')
        at++;
    return at;
}

static gboolean
has_text(char *const *lines, guint from, guint to)
{
    return next_text(lines, from, to) < to;
}

static guint
count_text(char *const *lines, guint from, guint to)
{
    guint n = 0;

    for (guint i = from; i < to; i++)
        n += *lines[i] != '\0';
    return n;
}

/* --- the four openings ------------------------------------------------------------------------ */

/* A rule and at most eight short lines to the end, one of which speaks of a list. */
static gboolean
is_list_footer(char *const *lines, guint at, guint to)
{
    if (count_text(lines, at, to) > 9 || !mp_wording_match(&rule_line, lines[at], -1, NULL))
        return FALSE;
    for (guint i = at + 1; i < to; i++) {
        if (mp_wording_match(&list_footer, lines[i], (gssize)MIN(strlen(lines[i]), 200), NULL))
            return TRUE;
    }
    return FALSE;
}

static guint
hard_end(char *const *lines, guint from, guint to)
{
    for (guint i = from; i < to; i++) {
        gsize length = strlen(lines[i]);

        if (length == 0)
            continue;
        if ((length <= 8 && mp_wording_match(&dashes, lines[i], -1, NULL)) ||
            (length <= 200 && mp_wording_match(&advert, lines[i], -1, NULL)))
            return i;
        if (is_list_footer(lines, i, to))
            return i;
        if (length > 8 && (i == from || *lines[i - 1] == '\0' || i + 1 == to || length > 60) &&
            mp_wording_match(&disclaimer, lines[i], (gssize)MIN(length, 400), NULL))
            return i;
    }
    return to;
}

static guint
closing_end(char *const *lines, guint from, guint to, const char *name)
{
    for (guint i = from; i < to; i++) {
        gboolean is_thanks;
        guint next = next_text(lines, i + 1, to);

        if (*lines[i] == '\0' || strlen(lines[i]) > 100)
            continue;
        if (has_text(lines, from, i) && count_text(lines, i + 1, to) <= MAX_BLOCK &&
            mp_wording_match(&closing_with_name, lines[i], -1, NULL))
            return i;
        is_thanks = mp_wording_match(&thanks, lines[i], -1, NULL);
        if (!is_thanks && !mp_wording_match(&closing, lines[i], -1, NULL))
            continue;
        if (count_text(lines, i + 1, to) > MAX_AFTER_CLOSING)
            continue;
        if (next >= to) {
            if (!is_thanks)
                return i; /* a bare "Salam," */
            continue;
        }
        /* Thanks, then a formula: the formula begins the signature. */
        if (!is_name_like(lines[next], name) && !is_block_line(lines[next]))
            continue;
        return is_thanks && !has_text(lines, from, i) ? next : i;
    }
    return to;
}

static MpWording picture = {
    "^\\s*\\[(?:cid|image|gambar|logo|foto)\\b[^\\]]*\\]\\s*$", MP_PATTERN_CASELESS, NULL};

static gboolean
is_shouted(const char *line)
{
    for (const char *at = line; *at != '\0'; at = g_utf8_next_char(at)) {
        if (g_unichar_islower(g_utf8_get_char(at)))
            return FALSE;
    }
    return TRUE;
}

static gboolean
is_block(char *const *lines, guint at, guint to, const char *name)
{
    guint n;
    guint facts = 0;
    gboolean is_own;

    /* The office's logo may stand above the name. */
    while (at + 1 < to && mp_wording_match(&picture, lines[at], -1, NULL))
        at++;
    n = count_text(lines, at, to);
    is_own = is_own_name(lines[at], name);

    if (n > MAX_BLOCK || strchr(lines[at], ':') != NULL ||
        (!is_name_like(lines[at], name) && !mp_wording_match(&dash_name, lines[at], -1, NULL)))
        return FALSE;
    if (n == 1)
        return is_own || mp_wording_match(&dash_name, lines[at], -1, NULL);
    for (guint i = at + 1; i < to; i++) {
        if (!is_block_line(lines[i]))
            return FALSE;
        if (*lines[i] != '\0')
            facts += mp_wording_match(&contact, lines[i], -1, NULL) ||
                     mp_wording_match(&post_or_unit, lines[i], -1, NULL);
    }
    /* One word is a name too, but an order in capitals is not. */
    return facts > 0 && (is_own || strchr(lines[at], ' ') != NULL || !is_shouted(lines[at]));
}

static guint
block_end(char *const *lines, guint from, guint to, const char *name)
{
    guint first = next_text(lines, from, to);
    guint found = to;
    guint last_text = first;

    for (guint i = first; i < to; i++) {
        gboolean opens = i > from && *lines[i - 1] == '\0';

        if (*lines[i] == '\0')
            continue;
        /* Data that a line announces with a colon is no signature. */
        if (i > first && count_text(lines, i, to) <= MAX_BLOCK &&
            (opens || is_own_name(lines[i], name) ||
             mp_wording_match(&degree, lines[i], -1, NULL)) &&
            (!g_str_has_suffix(lines[last_text], ":") || is_own_name(lines[i], name)) &&
            is_block(lines, i, to, name)) {
            found = i;
            break;
        }
        last_text = i;
    }
    return found;
}

guint
mp_signature_start(char *const *lines, guint from, guint to, const char *name)
{
    guint end = hard_end(lines, from, to);
    guint closed;

    while (end > from && *lines[end - 1] == '\0')
        end--;
    closed = closing_end(lines, from, end, name);
    return closed < end ? closed : block_end(lines, from, end, name);
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "message/message-private.h"

/* How mail programs open a quotation, in the languages they speak. The words are lists; what makes
 * an opening is the shape: a line that ends in a colon and names a date or an address beside a verb
 * of writing, a divider of dashes, or a block of mail headers. */

#define MAX_LINE 600
#define MAX_ATTRIBUTION_LINES 4
#define MAX_HEADER_LINES 40

/* --- the words -------------------------------------------------------------------------------- */

#define WROTE                                                                                                          \
    "wrote|writes|written by|said|says|menulis(?:kan)?|tulis|berkata|menjawab"                                         \
    "|schrieb|geschrieben|schreibt|a [eé]crit|[eé]crivit|escribi[oó]|ha escrito|escreveu"                           \
    "|schreef|schrijft|geschreven|ha "                                                                                 \
    "scritto|scrisse|skrev|skrifaði|kirjoitti|napisa[lł]\\(?a?\\)?"                                                  \
    "|naps[aá]l\\(?a?\\)?|[ií]rta|nap[ií]sal|a scris|va escriure|idatzi du|пишет|писал|написала?" \
    "|написав|yazdı|έγραψε|đã viết|sumulat|のメール|書きました|写道|寫道|寫入|작성|כתב|كتب"

static MpWording attribution_verb = {"(?:\\b|(?<=[^\\x00-\\x7f]))(?:" WROTE
                                     ")(?:\\b|(?=\\W|$)).{0,200}[:：\\-]\\s*$",
                                     MP_PATTERN_CASELESS,
                                     NULL};
static MpWording attribution_noun = {
    "^\\W{0,3}(?:quoting|citing|citando|zitat von|citat från|citerar|mengutip|kutipan dari"
    "|balasan untuk|in reply to|replying to|menanggapi)\\b.{2,200}:\\s*$",
    MP_PATTERN_CASELESS,
    NULL};
/* A date or a time of day as mail programs print them. */
static MpWording date_or_time = {
    "\\b(?:19|20)\\d\\d\\b|\\b\\d{1,2}[-/.]\\d{1,2}[-/.]\\d{2,4}\\b|\\b\\d{1,2}[:.]\\d\\d\\b|\\d年",
    0,
    NULL};
static MpWording address_like = {"[\\w.+-]+@[\\w-]+\\.[\\w.-]+|<[^<>\\s]+@[^<>\\s]+>", 0, NULL};
/* How the first line of an attribution that runs over several lines begins. */
static MpWording attribution_opener = {
    "^\\W{0,4}(?:(?:on|pada(?: tanggal| tgl\\.?| hari)?|am|le|el|em|op|il(?: giorno)?|den|dne|dňa"
    "|w dniu|dnia|on the|ngày|vào|в|a|ter|tarihinde|hari|tanggal|tgl\\.?|at|po|ma|på)\\s+.{0,40}\\d"
    "|\\d{1,4}\\s*[-./年 ]"
    "|(?:mon|tue|wed|thu|fri|sat|sun|sen|sel|rab|kam|jum|sab|min)\\w*,?\\s.{0,20}\\d)",
    MP_PATTERN_CASELESS,
    NULL};
/* One that begins with the writer instead. */
static MpWording name_opener = {"^\\W{0,4}[\\p{Lu}\\p{Lo}].{0,120}<[^<>\\s]+@", 0, NULL};

#define ORIGINAL_WORDS                                                                                                                     \
    "original(?: e-?mail)? message|original e-?mail|original appointment|reply message"                                                    \
    "|pesan (?:asli|awal|semula|sebelumnya)|(?:e-?mail|surel|surat) (?:asli|awal|sebelumnya)"                                              \
    "|ursprüngliche (?:nachricht|e-?mail|mail)|original-?nachricht|originalmeldung"                                                       \
    "|message (?:d['’]origine|original|initial)|e-?mail d['’]origine|mensaje original"                                                 \
    "|mensagem original|oorspronkelijk(?:e)? bericht|messaggio originale"                                                                  \
    "|(?:ursprungligt|original) ?meddelande|oprindelig (?:meddelelse|besked)|opprinnelig melding"                                          \
    "|alkuperäinen viesti|wiadomość oryginalna|oryginalna wiadomość|původní (?:zpráva|e-?mail)"                                    \
    "|pôvodná správa|eredeti üzenet|mesajul? original|исходное сообщение|пересылаемое сообщение" \
    "|orijinal (?:mesaj|ileti)|özgün ileti|原始邮件|原始郵件|元のメッセージ|원본 메시지|tin nhắn "                 \
    "gốc"
#define FORWARD_WORDS                                                                                \
    "forwarded (?:e-?mail )?message|forwarded mail|forwarded e-?mail|forwarded by .*|fwd message"    \
    "|(?:awal |mulai )?(?:pesan|surel|e-?mail|surat)(?: yang)? (?:diteruskan|terusan|dilanjutkan)"   \
    "|pesan terusan|diteruskan(?: oleh .*)?|terusan|weitergeleitete (?:nachricht|e-?mail|mail)"      \
    "|weitergeleitet von .*|message (?:transféré|transmis|réexpédié|acheminé)"                 \
    "|e-?mail transféré|mensaje (?:reenviado|remitido)|mensagem (?:encaminhada|reencaminhada)"     \
    "|doorgestuurd(?:e)? bericht|messaggio inoltrato|vidarebefordrat (?:meddelande|brev)"            \
    "|videresendt (?:meddelelse|besked|melding|e-?mail)|välitetty viesti|edelleenlähetetty viesti" \
    "|(?:wiadomość przekazana|przekazana wiadomość|przesłana wiadomość)|přeposlaná zpráva" \
    "|továbbított üzenet|iletilen (?:mesaj|ileti)|пересланное "                        \
    "сообщение|転送(?:された)?(?:メッセージ|メール)?"                          \
    "|转发(?:的)?邮件|轉寄的郵件|전달된 메시지|tin nhắn được chuyển tiếp"

static MpWording original_divider = {"^[\\s>]*[-_=*~—–]{2,}\\s*(?:" ORIGINAL_WORDS
                                     ")\\s*:?\\s*[-_=*~—–]{0,}\\s*$|^\\s*(?:" ORIGINAL_WORDS
                                     ")\\s*[-_=*~—–]{2,}\\s*$",
                                     MP_PATTERN_CASELESS,
                                     NULL};
static MpWording forward_divider = {
    "^[\\s>]*[-_=*~—–]{2,}\\s*(?:" FORWARD_WORDS ")\\s*:?\\s*[-_=*~—–]{0,}\\s*$"
    "|^\\s*(?:(?:begin|start of|start på|anfang der|début du|inicio del|início da|inizio"
    "|awal|mulai|awal dari|begin van) )?(?:" FORWARD_WORDS ")(?: :|:)\\s*$"
    "|^\\s*(?:weitergeleiteten nachricht|anfang der weitergeleiteten (?:nachricht|e-mail)):\\s*$",
    MP_PATTERN_CASELESS,
    NULL};
static MpWording rule_line = {"^\\s*(?:[_=*~—–]{5,}|-{5,})\\s*$", 0, NULL};
/* Dashes on both sides of a few words: a divider in a language we do not know, if headers follow.
 */
static MpWording any_divider = {"^\\s*[-_=*—–]{3,}\\s*\\S.{0,40}\\S\\s*[-_=*—–]{3,}\\s*$", 0, NULL};

static MpWording forward_subject = {"^\\s*(?:(?:re|balas|bls|aw|antw|sv|ri|res|r)\\s*(?:\\[\\d+\\])"
                                    "?\\s*:\\s*|\\[[^\\]]{1,40}\\]\\s*)*"
                                    "(?:fwd?|fw|trs|terusan|teruskan|diteruskan|wg|tr|rv|enc|i|"
                                    "inoltro|doorst|vs|vl|vb|pd|továbbítás"
                                    "|ilt|转发|轉寄|転送)\\s*(?:\\[\\d+\\])?\\s*[:：]",
                                    MP_PATTERN_CASELESS,
                                    NULL};

/* --- header blocks ---------------------------------------------------------------------------- */

typedef enum { LABEL_NONE, LABEL_FROM, LABEL_TO, LABEL_DATE, LABEL_SUBJECT, LABEL_OTHER } Label;

/* clang-format off */
static MpWording label_line = {
    "^[\\s>*_|]*(?:"
    "(from|dari|pengirim|von|de|van|da|från|fra|od|odesílatel|feladó|от|от кого|kimden|gönderen|lähettäjä"
    "|expéditeur|remetente|remitente|mittente|afzender|avsändare|absender|差出人|发件人|寄件者|보낸 ?사람)"
    "|(to|kepada|ke|untuk|tujuan|penerima|an|à|a|para|aan|till|til|do|komu|címzett|кому|kime|alıcı|vastaanottaja"
    "|destinataire|destinatário|destinatario|宛先|收件人|收件者|받는 ?사람)"
    "|(date|sent|tanggal|tgl\\.?|terkirim|dikirim|waktu|gesendet|datum|envoyé(?: le)?|enviado(?: el| em)?|enviada(?: em)?|fecha|data"
    "|verzonden|inviato(?: il)?|skickat|sendt|dato|wysłano|odesláno|dátum|elküldve|отправлено|дата|tarih|gönderilme"
    "|lähetetty|päivämäärä|送信日時|日付|日期|发送时间|寄件日期|보낸 ?날짜|날짜)"
    "|(subject|subjek|subyek|perihal|hal|judul|betreff|objet|asunto|assunto|onderwerp|oggetto|ämne|emne|temat|předmět"
    "|tárgy|тема|konu|aihe|件名|主题|主旨|제목)"
    "|(cc|kopie|copie|copia|kopia|tembusan|bcc|reply-to|balas ke|antwort an|répondre à|importance|prioritas|attachments?"
    "|lampiran|message-id|organization|x-mailer|抄送|副本))"
    "\\s*\\*?\\s*[:：]\\*?\\s*(.*)$",
    MP_PATTERN_CASELESS,
    NULL
};
/* Words that only a mail program puts before a date. */
static MpWording sent_word = {
    "^[\\s>*_|]*(?:sent|terkirim|dikirim|gesendet|envoyé|enviad[oa]|verzonden|inviato|skickat|sendt|wysłano|odesláno)\\b",
    MP_PATTERN_CASELESS,
    NULL
};
/* Labels that follow one another on one line (Samsung). */
static MpWording inline_labels = {
    "^[\\s>*]*(?:dari|from|von|de|van|da)\\s*:\\s*(.+?)\\s+(?:tanggal|date|datum|fecha|data|terkirim|sent)\\s*:\\s*(.+?)"
    "\\s+(?:kepada|ke|to|an|à|para|aan|a)\\s*:\\s*(.*?)\\s+(?:subjek|subject|perihal|judul|betreff|objet|asunto|assunto|onderwerp|oggetto)"
    "\\s*:\\s*(.*)$",
    MP_PATTERN_CASELESS,
    NULL
};
/* clang-format on */
static MpWording time_of_day = {"\\b\\d{1,2}[:.]\\d\\d(?:[:.]\\d\\d)?\\b|\\d時", 0, NULL};

static Label
label_of(const char *line, char **value_out)
{
    MpCaptures captures;
    Label label = LABEL_NONE;

    if (strcspn(line, ":\357") > 40 || strlen(line) > MAX_LINE * 4 ||
        strpbrk(line, ":\357") == NULL || !mp_wording_match(&label_line, line, -1, &captures))
        return LABEL_NONE;
    for (guint i = 1; i <= 5; i++) {
        if (captures.start[i] >= 0)
            label = (Label)i;
    }
    *value_out = mp_pattern_group(line, &captures, 6);
    return label;
}

/* "Name <a@b>" or "a@b [mailto:a@b]" of a quoted header. */
static MpAddress *
quoted_address(const char *value)
{
    g_autoptr(GString) plain = g_string_new(value);
    MpCaptures captures;

    g_string_replace(plain, "mailto:", "", 0);
    for (char *at = plain->str; *at != '\0'; at++) {
        if (*at == '[')
            *at = '<';
        else if (*at == ']')
            *at = '>';
        else if (*at == '*')
            *at = ' ';
    }
    /* The text, not the grammar, decides here: names with commas and colons are usual. */
    if (mp_wording_match(&address_like, plain->str, -1, &captures)) {
        g_autofree char *found = mp_pattern_group(plain->str, &captures, 0);
        g_autofree char *name = g_strndup(plain->str, (gsize)captures.start[0]);

        g_strdelimit(found, "<>", ' ');
        g_strstrip(found);
        g_strdelimit(name, "<>\"'", ' ');
        g_strstrip(name);
        return mp_address_new(*name != '\0' ? name : NULL,
                              mp_text_is_plain_address(found) ? found : NULL);
    }
    g_strstrip(plain->str);
    return *plain->str != '\0' ? mp_address_new(plain->str, NULL) : NULL;
}

static void
take_fact(MpForward *forward, Label label, const char *value)
{
    g_autofree char *line = NULL;

    if (forward == NULL)
        return;
    line = mp_text_line(value);
    if (label == LABEL_FROM && forward->from == NULL)
        forward->from = quoted_address(line);
    else if (label == LABEL_DATE && forward->date == NULL)
        forward->date = g_steal_pointer(&line);
    else if (label == LABEL_SUBJECT && forward->subject == NULL)
        forward->subject = g_steal_pointer(&line);
}

static gboolean
one_line_block(const char *line, MpForward *forward)
{
    MpCaptures captures;
    g_autofree char *from = NULL;
    g_autofree char *date = NULL;
    g_autofree char *subject = NULL;

    if (!mp_wording_match(&inline_labels, line, -1, &captures))
        return FALSE;
    from = mp_pattern_group(line, &captures, 1);
    date = mp_pattern_group(line, &captures, 2);
    subject = mp_pattern_group(line, &captures, 4);
    if (strchr(from, '@') == NULL && !mp_wording_match(&time_of_day, date, -1, NULL))
        return FALSE;
    take_fact(forward, LABEL_FROM, from);
    take_fact(forward, LABEL_DATE, date);
    take_fact(forward, LABEL_SUBJECT, subject);
    return TRUE;
}

typedef struct {
    guint kinds; /* bit per label seen */
    gboolean has_address;
    gboolean has_time;
    gboolean has_sent;
    guint end; /* line after the last label */
} Block;

static void
look_at_label(Block *block, Label label, const char *line, const char *value)
{
    block->kinds |= 1u << label;
    if ((label == LABEL_FROM || label == LABEL_TO) && strchr(value, '@') != NULL)
        block->has_address = TRUE;
    if (label == LABEL_DATE) {
        block->has_time |= mp_wording_match(&time_of_day, value, -1, NULL);
        block->has_sent |= mp_wording_match(&sent_word, line, -1, NULL);
    }
}

/* A recipient list or a subject goes on in the next line. */
static gboolean
is_continuation(Label last, const char *line)
{
    if (last == LABEL_NONE || *line == '\0')
        return FALSE;
    if (last == LABEL_TO || last == LABEL_OTHER)
        return strchr(line, '@') != NULL || g_ascii_isspace(*line);
    return (last == LABEL_SUBJECT || last == LABEL_FROM) && g_ascii_isspace(*line);
}

static void
scan_block(char *const *lines, guint n_lines, guint at, MpForward *forward, Block *block)
{
    Label last = LABEL_NONE;
    guint blanks = 0;

    for (guint i = at; i < n_lines && i < at + MAX_HEADER_LINES; i++) {
        g_autofree char *value = NULL;
        Label label = label_of(lines[i], &value);

        if (label != LABEL_NONE) {
            /* A second From opens the next mail. */
            if (label == LABEL_FROM && (block->kinds & (1u << LABEL_FROM)) != 0)
                return;
            look_at_label(block, label, lines[i], value);
            take_fact(forward, label, value);
            last = label;
            blanks = 0;
            block->end = i + 1;
        } else if (*lines[i] == '\0' && ++blanks == 1 && block->kinds != 0) {
            /* Double-spaced headers; text after a blank line ends the block below. */
            continue;
        } else if (blanks == 0 && is_continuation(last, lines[i])) {
            block->end = i + 1;
        } else {
            return;
        }
    }
}

guint
mp_quote_header_block(char *const *lines, guint n_lines, guint at, MpForward *forward)
{
    Block block = {0};
    g_autofree char *value = NULL;
    Label first = label_of(lines[at], &value);
    gboolean is_mail;
    guint kinds = 0;

    if (first == LABEL_NONE || first == LABEL_OTHER)
        return 0;
    if (first == LABEL_FROM && one_line_block(lines[at], forward))
        return 1;
    scan_block(lines, n_lines, at, NULL, &block);
    for (guint i = LABEL_FROM; i <= LABEL_SUBJECT; i++)
        kinds += (block.kinds >> i) & 1;
    is_mail = block.has_address || block.has_time || block.has_sent;
    if ((block.kinds & (1u << LABEL_FROM)) == 0 || !is_mail ||
        (kinds < 3 && !(kinds == 2 && block.has_address && block.has_time)))
        return 0;
    if (forward != NULL) {
        Block again = {0};

        scan_block(lines, n_lines, at, forward, &again);
    }
    return block.end - at;
}

/* --- openings --------------------------------------------------------------------------------- */

/* By hand: every line of every mail is asked. */
gboolean
mp_quote_is_marked(const char *line)
{
    const char *at = line;
    guint letters = 0;

    while (*at == ' ' && at - line < 3)
        at++;
    if (*at == '>' || g_str_has_prefix(at, "＞"))
        return TRUE;
    /* Initials of the writer: "LS> text". */
    while (g_ascii_isalpha(*at) && letters <= 4) {
        at++;
        letters++;
    }
    return letters > 0 && letters <= 4 && *at == '>' &&
           (at[1] == '>' || at[1] == ' ' || at[1] == '\0');
}

static gboolean
is_marked_next(char *const *lines, guint n_lines, guint at)
{
    while (at < n_lines && *lines[at] == '\0')
        at++;
    return at < n_lines && mp_quote_is_marked(lines[at]);
}

static gboolean
is_attribution(const char *line, gboolean before_marks)
{
    gboolean has_date;
    gboolean has_address;

    if (mp_wording_match(&attribution_noun, line, -1, NULL))
        return TRUE;
    has_date = mp_wording_match(&date_or_time, line, -1, NULL);
    has_address = mp_wording_match(&address_like, line, -1, NULL);
    if (mp_wording_match(&attribution_verb, line, -1, NULL))
        return has_date || has_address || before_marks;
    /* Without a verb (Japanese Gmail): address and date before a colon. */
    return has_date && has_address && (g_str_has_suffix(line, ":") || g_str_has_suffix(line, "："));
}

static gboolean
ends_like_attribution(const char *line)
{
    return g_str_has_suffix(line, ":") || g_str_has_suffix(line, "：") ||
           g_str_has_suffix(line, "--");
}

/* The lines from `at` to the first that may close an attribution, 0 when there is none near. */
static guint
candidate_lines(char *const *lines, guint n_lines, guint at)
{
    gsize length = 0;

    for (guint n = 1; n <= MAX_ATTRIBUTION_LINES && at + n <= n_lines; n++) {
        const char *line = lines[at + n - 1];

        length += strlen(line);
        if (*line == '\0' || length > MAX_LINE || mp_quote_is_marked(line))
            return 0;
        if (ends_like_attribution(line))
            return n;
    }
    return 0;
}

static guint
attribution_at(char *const *lines, guint n_lines, guint at)
{
    guint n = candidate_lines(lines, n_lines, at);
    g_autoptr(GString) joined = NULL;

    if (n == 0)
        return 0;
    if (n > 1 && !mp_wording_match(&attribution_opener, lines[at], -1, NULL) &&
        !mp_wording_match(&name_opener, lines[at], -1, NULL))
        return 0;
    joined = g_string_new(lines[at]);
    for (guint i = 1; i < n; i++) {
        /* A later line that opens for itself: this one is the person's own. */
        if (mp_wording_match(&attribution_opener, lines[at + i], -1, NULL) &&
            attribution_at(lines, n_lines, at + i) > 0)
            return 0;
        g_string_append_printf(joined, " %s", lines[at + i]);
    }
    return is_attribution(joined->str, is_marked_next(lines, n_lines, at + n)) ? n : 0;
}

static gboolean
block_follows(char *const *lines, guint n_lines, guint at)
{
    guint seen = 0;

    while (at < n_lines && *lines[at] == '\0' && seen++ < 2)
        at++;
    return at < n_lines && mp_quote_header_block(lines, n_lines, at, NULL) > 0;
}

/* Dividers begin with strokes or end in strokes or a colon. */
static gboolean
may_divide(const char *line, gsize length)
{
    while (*line == ' ' || *line == '>') {
        line++;
        length--;
    }
    return length > 0 &&
           (strchr("-_=*~\342", *line) != NULL || strchr("-_=*~:\224", line[length - 1]) != NULL);
}

static MpQuoteKind
other_opening(char *const *lines, guint n_lines, guint at, guint *n_out)
{
    if (mp_quote_header_block(lines, n_lines, at, NULL) > 0) {
        *n_out = 1;
        return MP_QUOTE_ORIGINAL;
    }
    *n_out = attribution_at(lines, n_lines, at);
    return *n_out > 0 ? MP_QUOTE_ATTRIBUTION : MP_QUOTE_NONE;
}

MpQuoteKind
mp_quote_at(char *const *lines, guint n_lines, guint at, guint *n_out)
{
    const char *line = lines[at];
    gsize length = strlen(line);

    *n_out = 1;
    if (length < 4 || length > MAX_LINE)
        return MP_QUOTE_NONE;
    if (!may_divide(line, length))
        return other_opening(lines, n_lines, at, n_out);
    if (mp_wording_match(&original_divider, line, -1, NULL))
        return MP_QUOTE_ORIGINAL;
    if (mp_wording_match(&forward_divider, line, -1, NULL))
        return MP_QUOTE_FORWARD;
    if ((mp_wording_match(&rule_line, line, -1, NULL) ||
         mp_wording_match(&any_divider, line, -1, NULL)) &&
        block_follows(lines, n_lines, at + 1))
        return MP_QUOTE_ORIGINAL;
    return other_opening(lines, n_lines, at, n_out);
}

gboolean
mp_quote_is_forward_subject(const char *subject)
{
    return subject != NULL && mp_wording_match(&forward_subject, subject, -1, NULL);
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "message/mime-private.h"

/* Whether a machine wrote it. Headers first; without them only a wording that a person answering
 * us would not use, because no human mail may be taken for automatic. */

/* A label that answering machines put in front of the subject, or all of it. */
static MpWording auto_label = {
    "^\\s*(?:\\[[^\\]]{1,40}\\]\\s*)*(?:auto(?:matic|mated)?[ "
    "-]?(?:reply|response|respon|answer|balas)|ooo"
    "|(?:balasan|jawaban|respon|pesan|tanggapan|e-?mail|surel|surat) otomatis|otomatis|auto "
    "?balas|auto"
    "|automatische antwort|abwesenheit(?:snotiz)?|réponse automatique|absence du bureau|respuesta "
    "automática"
    "|resposta automática|automatisch antwoord|risposta automatica|automatiskt svar|automatisk svar"
    "|自動応答|自动回复|out of (?:the )?office)\\s*(?:[:：]|$)",
    MP_PATTERN_CASELESS,
    NULL};
/* A subject that tells of absence; people write such subjects too. */
static MpWording absence_subject = {
    "^\\s*(?:re\\s*:\\s*|\\[[^\\]]{1,40}\\]\\s*)*(?:out of (?:the )?office|away from (?:the|my) "
    "(?:office|mail)"
    "|on (?:annual )?(?:leave|vacation)|vacation (?:reply|response|notice|message)|i am "
    "(?:away|out)"
    "|fuera de (?:la )?oficina|afwezig(?:heid)?|(?:saya |kami )?(?:sedang |lagi )?(?:cuti|dinas "
    "luar|tugas luar"
    "|(?:tidak (?:berada )?di|di ?luar) (?:kantor|tempat|kota)))\\b",
    MP_PATTERN_CASELESS,
    NULL};
/* The mail calls itself an automatic answer. */
static MpWording says_reply = {
    "\\b(?:this|these)\\b(?: \\w+){0,3} (?:automat(?:ed|ic)(?:ally)?(?: generated)?|auto)[ "
    "-]?(?:generated )?(?:e-?mail |mail )?(?:reply|response|responder|acknowledge?ment)"
    "|\\bautomat(?:ed|ic) (?:reply|response)\\b|\\bauto-?(?:reply|responder)\\b"
    "|\\b(?:ini|berikut)\\b(?: \\w+){0,3} (?:balasan|jawaban|respon|tanggapan)\\b(?: \\w+){0,2} "
    "otomatis"
    "|\\b(?:balasan|jawaban|respon|tanggapan)(?: \\w+){0,2} ini\\b(?: \\w+){0,3} (?:secara "
    ")?otomatis"
    "|\\b(?:dibalas|dijawab|direspon|membalas|menjawab)\\b(?: \\w+){0,2} (?:secara )?otomatis"
    "|automatische antwort|réponse automatique|respuesta automática|resposta automática",
    MP_PATTERN_CASELESS,
    NULL};
/* Some machine sent it: notices say that too. */
static MpWording says_generated = {
    "\\b(?:e-?mail|surel|pesan|surat|message|mail)\\b(?: \\w+){0,4} (?:secara "
    ")?(?:otomatis|automatically)|\\botomatis (?:dikirim|dibuat|oleh sistem)"
    "|\\b(?:automatically|system)[ -]generated\\b|\\bautomated (?:e-?mail|message)\\b|automatisch "
    "(?:generiert|erstellt)",
    MP_PATTERN_CASELESS,
    NULL};
/* The opening of an absence note; together with its shape (short, nothing else) it is one. */
static MpWording absence = {
    "\\b(?:saya|kami|beliau|yang bersangkutan)?\\s*(?:saat ini |sementara ini |untuk sementara "
    ")?(?:sedang|tengah|masih|lagi) (?:dalam |menjalani |menjalankan |melaksanakan |mengikuti "
    "|berada di |mengambil )?(?:masa )?(?:cuti|dinas luar|perjalanan dinas|tugas luar|diklat|tidak "
    "(?:berada )?(?:di )?(?:kantor|tempat)|di ?luar (?:kantor|kota|negeri)|libur)"
    "|\\btidak (?:berada|sedang berada|ada) di (?:kantor|tempat)\\b|\\bi(?: a|['’])m (?:currently "
    "|now )?(?:out of (?:the )?office|on (?:\\w+ ){0,2}leave|on vacation|on "
    "holiday|away|travelling|traveling)\\b|\\bi (?:will|shall) be (?:out of (?:the )?office|on "
    "(?:\\w+ ){0,2}leave|away|on vacation)\\b|\\b(?:out of (?:the )?office|on annual leave)\\b",
    MP_PATTERN_CASELESS,
    NULL};
static MpWording absence_promise = {
    "\\b(?:akan "
    "(?:saya|kami|segera)?\\s*(?:membalas|menjawab|menanggapi|baca|balas|jawab|tanggapi|respon\\w*|"
    "ditindaklanjuti|merespon\\w*)|sekembali\\w*|setelah (?:kembali|saya kembali|masuk)|kembali "
    "(?:bertugas|bekerja|masuk|ke kantor|aktif|pada)|(?:hal|keperluan|urusan|kebutuhan)(?: "
    "yang)?(?: bersifat)? (?:mendesak|penting|urgen\\w*|darurat)|akses "
    "(?:e-?mail|surel|internet)?\\s*(?:yang )?terbatas"
    "|(?:will|shall) (?:be back|return|reply|respond|answer|get back)|upon my return|when i "
    "(?:return|am back|get back)|limited access|for (?:anything )?urgent|urgent "
    "(?:matters?|issues?|requests?)|in my absence|during my absence)\\b",
    MP_PATTERN_CASELESS,
    NULL};

#define MAX_ABSENCE_CHARS 700

static gboolean
header_has(const MpMessage *message, const char *name, const char *word)
{
    for (guint i = 0; i < message->headers->len; i++) {
        const MpHeader *header = g_ptr_array_index(message->headers, i);
        g_autofree char *low = NULL;

        if (g_ascii_strcasecmp(header->name, name) != 0)
            continue;
        low = mp_text_lower_ascii(header->value);
        if (word == NULL || strstr(low, word) != NULL)
            return TRUE;
    }
    return FALSE;
}

static void
set(MpMessage *message, MpAutomatic automatic, const char *reason)
{
    message->automatic = automatic;
    g_free(message->automatic_reason);
    message->automatic_reason = g_strdup(reason);
}

static gboolean
is_own(const MpMessage *message, const MpMessageOptions *options)
{
    const char *sender = mp_message_sender(message);
    gboolean by_address = sender != NULL && options->own_address != NULL &&
                          g_ascii_strcasecmp(sender, options->own_address) == 0;
    const char *at = message->message_id != NULL ? strrchr(message->message_id, '@') : NULL;

    /* Another office's program is as little to be answered as this one. */
    if (by_address || header_has(message, "X-Mailproc", NULL))
        return TRUE;
    return options->own_id_domain != NULL && at != NULL &&
           g_ascii_strcasecmp(at + 1, options->own_id_domain) == 0 &&
           header_has(message, "Auto-Submitted", "auto-") && sender == NULL;
}

/* Headers that only answering machines write. */
static const char *
auto_header(const MpMessage *message)
{
    static const struct {
        const char *name;
        const char *word; /* NULL = any value */
        const char *reason;
    } rows[] = {
        {"Auto-Submitted", "auto-replied", "Auto-Submitted: auto-replied"},
        {"Auto-Submitted", "auto-notified", "Auto-Submitted: auto-notified"},
        {"X-Autoreply", NULL, "X-Autoreply"},
        {"X-Auto-Reply", NULL, "X-Auto-Reply"},
        {"X-Autorespond", NULL, "X-Autorespond"},
        {"X-Autoresponse", NULL, "X-Autoresponse"},
        {"X-Autoreply-From", NULL, "X-Autoreply-From"},
        {"X-Zimbra-Vacation", NULL, "X-Zimbra-Vacation"},
        {"X-Vacation", NULL, "X-Vacation"},
        {"X-Mail-Autoreply", NULL, "X-Mail-Autoreply"},
        {"X-AutoReply-Subject", NULL, "X-AutoReply-Subject"},
        {"X-POST-MessageClass", "9; autoresponder", "X-POST-MessageClass"},
        {"Preference", "auto_reply", "Preference: auto_reply"},
        {"Precedence", "auto_reply", "Precedence: auto_reply"},
        {"Precedence", "auto-reply", "Precedence: auto-reply"},
        {"X-Precedence", "auto_reply", "X-Precedence: auto_reply"},
        {"X-MS-Exchange-Generated-Message-Source", "mailbox rules", "Exchange mailbox rule"},
        {"X-MS-Exchange-Inbox-Rules-Loop", NULL, "Exchange mailbox rule"},
        {"Delivered-To", "autoresponder", "Delivered-To: Autoresponder"},
    };

    for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
        if (header_has(message, rows[i].name, rows[i].word))
            return rows[i].reason;
    }
    return NULL;
}

static gboolean
is_short_absence(const MpMessage *message)
{
    return *message->reply_text != '\0' &&
           g_utf8_strlen(message->reply_text, -1) <= MAX_ABSENCE_CHARS &&
           mp_wording_match(&absence, message->reply_text, -1, NULL) &&
           mp_wording_match(&absence_promise, message->reply_text, -1, NULL);
}

static gboolean
has_documents(const MpMessage *message)
{
    for (guint i = 0; i < message->parts->len; i++) {
        const MpPart *part = g_ptr_array_index(message->parts, i);

        if (!part->is_inline && part->depth == 0)
            return TRUE;
    }
    return FALSE;
}

/* A header that machines of any kind set. */
static gboolean
is_from_machine(const MpMessage *message)
{
    return header_has(message, "X-Auto-Response-Suppress", NULL) ||
           header_has(message, "Auto-Submitted", "auto-") ||
           header_has(message, "Precedence", "bulk") || header_has(message, "Precedence", "junk") ||
           (message->return_path != NULL && *message->return_path == '\0');
}

/* Without a header of its own: a label or subject and wording, two signs at least. */
static const char *
auto_wording(const MpMessage *message)
{
    const char *reply = message->reply_text;
    gboolean is_label = mp_wording_match(&auto_label, message->subject, -1, NULL);
    gboolean is_subject = mp_wording_match(&absence_subject, message->subject, -1, NULL);
    gboolean is_reply = mp_wording_match(&says_reply, reply, -1, NULL);
    gboolean is_generated = mp_wording_match(&says_generated, message->text, 1000, NULL);
    gboolean is_absent = mp_wording_match(&absence, reply, -1, NULL);
    gboolean is_absence = is_short_absence(message);
    gboolean is_machine = is_from_machine(message);

    /* Machines attach nothing, and ask nothing. */
    if (has_documents(message) || mp_quote_is_forward_subject(message->subject) ||
        (strchr(reply, '?') != NULL && !is_machine && !is_reply))
        return NULL;
    if (is_label && (is_reply || is_generated || is_absent || is_machine))
        return "subject and wording of an automatic reply";
    if (is_subject && (is_absence || is_reply || (is_absent && is_generated)))
        return "subject and wording of an automatic reply";
    if (is_machine && (is_absence || is_reply))
        return "header of a machine and wording of an automatic reply";
    if (is_absence && (is_reply || is_generated))
        return "wording of an automatic reply";
    if (is_reply && strchr(reply, '?') == NULL && g_utf8_strlen(reply, -1) <= MAX_ABSENCE_CHARS)
        return "wording of an automatic reply";
    return NULL;
}

static const char *
list_header(const MpMessage *message)
{
    if (header_has(message, "List-Id", NULL))
        return "List-Id";
    if (header_has(message, "List-Post", NULL))
        return "List-Post";
    if (header_has(message, "List-Unsubscribe", NULL))
        return "List-Unsubscribe";
    if (header_has(message, "Precedence", "bulk") || header_has(message, "Precedence", "list") ||
        header_has(message, "Precedence", "junk"))
        return "Precedence";
    return NULL;
}

void
mp_automatic_judge(MpWalk *walk, const MpMessageOptions *options)
{
    MpMessage *message = walk->message;
    const char *reason = NULL;

    if (is_own(message, options)) {
        set(message, MP_AUTOMATIC_OWN, "our own mail");
    } else if (walk->feedback->len > 0) {
        set(message, MP_AUTOMATIC_FEEDBACK, "message/feedback-report");
    } else if (mp_bounce_is(walk, &reason)) {
        set(message, MP_AUTOMATIC_BOUNCE, reason);
        mp_bounce_read(walk);
    } else if (walk->has_receipt) {
        set(message, MP_AUTOMATIC_AUTO_REPLY, "message/disposition-notification");
    } else if ((reason = auto_header(message)) != NULL ||
               (reason = auto_wording(message)) != NULL) {
        set(message, MP_AUTOMATIC_AUTO_REPLY, reason);
    } else if ((reason = list_header(message)) != NULL) {
        set(message, MP_AUTOMATIC_LIST, reason);
    }
}

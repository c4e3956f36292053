/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "message/mime-private.h"

/* Delivery reports: RFC 3464 where there is one, else the words of the mail systems. */

#define MAX_BOUNCED 100

static MpWording daemon_name = {
    "^(?:mailer-?daemon|mail-?daemon|postmaster|mdaemon|mail-?delivery(?:-?system|-?subsystem)?|"
    "bounces?|bouncer?|mailsystem|mail\\.?system|listar|majordomo-owner)(?:[+._-].*)?@",
    MP_PATTERN_CASELESS,
    NULL};
static MpWording daemon_display = {"mail(?:er)? ?-?(?:delivery|daemon|system|deliver)|delivery "
                                   "(?:sub)?system|postmaster|microsoft outlook|system "
                                   "administrator|administrator sistem|sistem pengiriman",
                                   MP_PATTERN_CASELESS,
                                   NULL};
static MpWording bounce_subject = {
    "undeliver|(?:not|never|n't) (?:be )?deliver|non.?deliver|non remis|delivery (?:status "
    "notification|(?:has "
    ")?failed|failure|report|delay|error|problem|incomplete)|deliver(?:y|ed).{0,20}fail|returned "
    "(?:mail|to sender|e-?mail)"
    "|mail (?:system error|delivery (?:failed|failure|system|error|deferred|delayed)|could not|not "
    "delivered|delayed|error)|mail failure|failure notice|failed mail|message "
    "(?:delayed|undeliverable|not delivered|status - undeliverable|delivery fail)|delayed "
    "mail|warning: (?:could not send|message)"
    "|could not (?:be delivered|send)|undelivered mail|unzustellbar|nicht "
    "zugestellt|zustellung.{0,30}fehl|échec de|non remis|no se (?:puede|pudo) entregar|não "
    "entreg|niet bezorgd|onbestelbaar|impossibile recapitare"
    "|tidak (?:dapat |bisa |berhasil )?(?:terkirim|dikirim(?:kan)?|disampaikan|sampai)|gagal "
    "(?:di)?kirim|pengiriman.{0,30}(?:gagal|tertunda|ditunda)|kegagalan pengiriman|gagal "
    "terkirim|(?:e-?mail|surel|pesan|surat).{0,30}(?:dikembalikan|tertunda|gagal|ditolak "
    "server)|pemberitahuan (?:status )?pengiriman",
    MP_PATTERN_CASELESS,
    NULL};
static MpWording bounce_text = {
    "could ?n[o']t be (?:delivered|sent)|could not deliver|(?:was|were)(?: not|n't) (?:able to "
    ")?(?:be )?deliver|ha(?:s|ve)(?: not|n't) (?:yet )?been delivered|problem delivering|delivery "
    "(?:incomplete|problem|attempts)|not been (?:able to )?deliver|unable to "
    "deliver|undeliverable|delivery (?:to .{0,120}|has |attempts? )?(?:has "
    ")?(?:failed|delayed)|permanent (?:fatal )?error|fatal errors|wasn't able to deliver"
    "|following address(?:es)? (?:failed|had)|failed to (?:deliver|reach)|address(?:es)? (?:not "
    "found|had permanent|failed)|user unknown|unknown user|no such user|mailbox "
    "(?:unavailable|full|not found)|recipient (?:address )?rejected|over ?quota|quota "
    "exceeded|returned to (?:you|sender)|did ?n[o']t reach"
    "|will be retried|still being retried|you do not need to resend|no need to resend|retry "
    "timeout exceeded|address you entered couldn't be found"
    "|tidak (?:dapat |bisa |berhasil )(?:terkirim|dikirim(?:kan)?|disampaikan|kami "
    "(?:kirim|sampaikan))|gagal (?:di)?(?:kirim|sampaikan|terkirim)|alamat.{0,40}tidak "
    "(?:ditemukan|ada|dikenal|terdaftar)|penerima tidak (?:ditemukan|dikenal|ada|terdaftar)|kotak "
    "(?:surat|masuk|pos).{0,40}penuh|kuota.{0,40}(?:penuh|terlampaui|habis)|akan dicoba "
    "(?:lagi|kembali)"
    "|nicht zugestellt|konnte nicht|n'a pas pu être|no se ha podido entregar|não pôde ser entregue",
    MP_PATTERN_CASELESS,
    NULL};
static MpWording delay_words = {
    "\\bdelayed?\\b|will be retried|still being (?:re)?tried|still trying|(?:do not|don't) need to "
    "(?:resend|do anything)|no need to resend|this is (?:only )?a warning|warning (?:message "
    ")?only|has not (?:yet )?been delivered|not yet been|will (?:keep|continue) (?:on )?try|will "
    "try again|(?:will )?retry (?:for|every|sending)|attempts will continue|temporar|being "
    "queued|deferred"
    "|tertunda|ditunda|akan dicoba (?:lagi|kembali|terus)|masih (?:akan )?(?:terus "
    ")?(?:dicoba|mencoba)|sementara|tidak perlu (?:mengirim|dikirim) ulang|hanya peringatan|belum "
    "(?:dapat|bisa|berhasil|ter)",
    MP_PATTERN_CASELESS,
    NULL};
static MpWording final_words = {
    "(?<!fails )(?<!gagal )permanent|given up|giving up|gave up|too long in queue|retry timeout "
    "exceeded|message "
    "expired|bukan sementara|menyerah|secara permanen|\\b5\\.\\d{1,3}\\.\\d{1,3}\\b|\\b55[0-9][ -]",
    MP_PATTERN_CASELESS,
    NULL};
static MpWording status_code = {"(?<![\\d.])([245]\\.\\d{1,3}\\.\\d{1,3})(?![\\d.])", 0, NULL};
static MpWording reply_code = {"(?<![\\d.])([45]\\d\\d)[ -](?:[45]\\.|[A-Za-z#<])", 0, NULL};
static MpWording any_address = {"[A-Za-z0-9._%+=/-]+@[A-Za-z0-9-]+(?:\\.[A-Za-z0-9-]+)+", 0, NULL};
static MpWording returned_begins = {
    "^\\W*(?:[-=_*]{2,}\\W*)?(?:(?:this is a copy of|below this line is a copy of|(?:a copy of "
    ")?the (?:original )?(?:message|mail) (?:headers?|follows)|header of your message|your message "
    "headers|original message(?: headers?| follows)?|included is a copy|message headers? "
    "follow|undelivered message|returned message|unsent message|unzustellbare nachricht|message "
    "header|copy of your message|text of the message"
    "|salinan (?:pesan|surat|surel|header)|pesan asli|header (?:pesan|surat|surel)|isi "
    "pesan|kepala (?:pesan|surat))\\b.{0,80})",
    MP_PATTERN_CASELESS,
    NULL};

/* --- RFC 3464 --------------------------------------------------------------------------------- */

/* Value after "rfc822;" of an address field, without <>. */
static char *
report_address(const char *value)
{
    const char *at = strchr(value, ';');
    g_autofree char *address = g_strdup(at != NULL ? at + 1 : value);

    g_strdelimit(address, "<>", ' ');
    g_strstrip(address);
    return *address != '\0' ? g_steal_pointer(&address) : NULL;
}

static char *
first_match(MpWording *wording, const char *text, guint group)
{
    MpCaptures captures;

    return text != NULL && mp_wording_match(wording, text, -1, &captures)
               ? mp_pattern_group(text, &captures, group)
               : NULL;
}

static gboolean
is_delayed_action(const char *action)
{
    static const char *const mild[] = {"delayed", "relayed", "expanded", "delivered", NULL};

    for (guint i = 0; action != NULL && mild[i] != NULL; i++) {
        if (g_ascii_strncasecmp(action, mild[i], strlen(mild[i])) == 0)
            return TRUE;
    }
    return FALSE;
}

static gboolean
is_permanent(const char *action, const char *status)
{
    if (is_delayed_action(action))
        return FALSE;
    /* "failed" with 4.x.x means that the sending server gave up: a full box, a host that is down.
     * Nothing says that the address is bad, so it may be tried again another day. */
    if (status != NULL)
        return *status == '5';
    return action != NULL && g_ascii_strncasecmp(action, "failed", 6) == 0;
}

static void
add_recipient(MpMessage *message, const GPtrArray *fields, const char *original_id)
{
    const char *recipient = mp_header_find(fields, "Original-Recipient");
    const char *final = mp_header_find(fields, "Final-Recipient");
    const char *action = mp_header_find(fields, "Action");
    const char *diagnostic = mp_header_find(fields, "Diagnostic-Code");
    MpBounced *bounced;

    if (final == NULL && recipient == NULL)
        return;
    if (message->bounced->len >= MAX_BOUNCED ||
        (action != NULL && g_ascii_strncasecmp(action, "delivered", 9) == 0))
        return;
    bounced = mp_bounced_new();
    /* The original one is the address that we wrote to; aliases hide behind the final one. */
    bounced->address = recipient != NULL ? report_address(recipient) : NULL;
    if (bounced->address == NULL || strchr(bounced->address, '@') == NULL) {
        g_free(bounced->address);
        bounced->address = final != NULL ? report_address(final) : NULL;
    }
    if (bounced->address == NULL) {
        mp_bounced_free(bounced);
        return;
    }
    bounced->status = first_match(&status_code, mp_header_find(fields, "Status"), 1);
    if (bounced->status == NULL || strcmp(bounced->status, "5.0.0") == 0 ||
        strcmp(bounced->status, "4.0.0") == 0) {
        g_autofree char *better = first_match(&status_code, diagnostic, 1);

        if (better != NULL) {
            g_free(bounced->status);
            bounced->status = g_steal_pointer(&better);
        }
    }
    bounced->is_permanent = is_permanent(action, bounced->status);
    if (diagnostic != NULL) {
        const char *at = strchr(diagnostic, ';');

        bounced->diagnostic = mp_text_line(at != NULL ? at + 1 : diagnostic);
    }
    bounced->original_message_id = g_strdup(original_id);
    g_ptr_array_add(message->bounced, bounced);
}

/* Message-ID of the mail that came back, wherever the report tells it. */
static char *
original_id(const MpWalk *walk)
{
    static MpWording id_line = {"^[\\s>]*(?:x-original-message-id|(?:x-)?original-message-id|"
                                "message-id)\\s*:\\s*<([^<>\\s]+)>",
                                MP_PATTERN_CASELESS | MP_PATTERN_MULTILINE,
                                NULL};
    char *id = first_match(&id_line, walk->returned->str, 1);

    if (id == NULL)
        id = first_match(&id_line, walk->delivery->str, 1);
    for (guint i = 0; id == NULL && i < walk->message->forwards->len; i++) {
        const MpForward *forward = g_ptr_array_index(walk->message->forwards, i);

        id = g_strdup(forward->message_id);
    }
    if (id == NULL)
        id = first_match(&id_line, walk->message->text, 1);
    if (id == NULL)
        id = g_strdup(walk->message->in_reply_to);
    if (id == NULL && walk->message->references->len > 0)
        id = g_strdup(
            g_ptr_array_index(walk->message->references, walk->message->references->len - 1));
    return id;
}

static void
read_report(MpWalk *walk, const char *id)
{
    g_autofree char *text = g_strdup(walk->delivery->str);
    const char *at = text;

    while (*at != '\0') {
        const char *end = strstr(at, "\n\n");
        const char *wide = strstr(at, "\n\r\n");
        gsize length;
        g_autoptr(GPtrArray) fields = NULL;

        if (wide != NULL && (end == NULL || wide < end))
            end = wide;
        length = end != NULL ? (gsize)(end - at) + 1 : strlen(at);
        fields = mp_header_list((const guint8 *)at, length, NULL);
        add_recipient(walk->message, fields, id);
        at += length;
        while (*at == '\n' || *at == '\r')
            at++;
    }
}

/* --- text forms ------------------------------------------------------------------------------- */

static gboolean
is_own_or_daemon(const MpMessage *message, const char *address)
{
    if (mp_wording_match(&daemon_name, address, -1, NULL))
        return TRUE;
    for (guint i = 0; i < message->to->len; i++) {
        const MpAddress *to = g_ptr_array_index(message->to, i);

        if (to->address != NULL && g_ascii_strcasecmp(to->address, address) == 0)
            return TRUE;
    }
    for (guint i = 0; i < message->from->len; i++) {
        const MpAddress *from = g_ptr_array_index(message->from, i);

        if (from->address != NULL && g_ascii_strcasecmp(from->address, address) == 0)
            return TRUE;
    }
    return FALSE;
}

static gboolean
is_known(const MpMessage *message, const char *address)
{
    for (guint i = 0; i < message->bounced->len; i++) {
        const MpBounced *bounced = g_ptr_array_index(message->bounced, i);

        if (bounced->address != NULL && g_ascii_strcasecmp(bounced->address, address) == 0)
            return TRUE;
    }
    return FALSE;
}

/* `near` are the words beside the address, `whole` all of the system's words. */
static gboolean
judge_words(MpBounced *bounced, const MpMessage *message, const char *near, const char *whole)
{
    g_autofree char *code = first_match(&reply_code, near, 1);

    bounced->status = first_match(&status_code, near, 1);
    if (bounced->status == NULL && code == NULL) {
        bounced->status = first_match(&status_code, whole, 1);
        code = first_match(&reply_code, whole, 1);
    }
    if (bounced->status != NULL)
        return *bounced->status == '5';
    if (code != NULL)
        return *code == '5';
    if (mp_wording_match(&final_words, near, -1, NULL) ||
        mp_wording_match(&final_words, whole, -1, NULL))
        return TRUE;
    return !mp_wording_match(&delay_words, whole, -1, NULL) &&
           !mp_wording_match(&delay_words, message->subject, -1, NULL);
}

static void
add_from_text(
    MpMessage *message, const char *address, const char *near, const char *whole, const char *id)
{
    MpBounced *bounced;

    if (is_known(message, address) || message->bounced->len >= MAX_BOUNCED)
        return;
    bounced = mp_bounced_new();
    bounced->address = g_strdup(address);
    bounced->is_permanent = judge_words(bounced, message, near, whole);
    bounced->diagnostic = g_utf8_substring(near, 0, MIN(g_utf8_strlen(near, -1), 300));
    bounced->original_message_id = g_strdup(id);
    g_ptr_array_add(message->bounced, bounced);
}

/* The words of the system end where the returned mail begins. */
static char *
system_words(const MpMessage *message)
{
    g_auto(GStrv) lines = g_strsplit(message->text, "\n", -1);
    guint n = g_strv_length(lines);
    g_autoptr(GString) out = g_string_new(NULL);

    for (guint i = 0; i < n; i++) {
        if (out->len > 40 && (mp_wording_match(&returned_begins, lines[i], -1, NULL) ||
                              mp_quote_header_block(lines, n, i, NULL) > 0))
            break;
        g_string_append_printf(out, "%s\n", lines[i]);
    }
    return g_strdup(out->str);
}

static void
read_failed_header(MpMessage *message, const char *failed, const char *words, const char *id)
{
    g_autoptr(GPtrArray) list = g_ptr_array_new_with_free_func((GDestroyNotify)mp_address_free);

    mp_address_list(failed, list);
    for (guint i = 0; i < list->len; i++) {
        const MpAddress *address = g_ptr_array_index(list, i);

        if (address->address != NULL)
            add_from_text(message, address->address, words, words, id);
    }
}

/* Up to the next address that is another one. */
static char *
words_beside(const char *at, const char *address)
{
    const char *from = at + strlen(address);
    MpCaptures captures;

    while (mp_wording_match(&any_address, from, -1, &captures)) {
        g_autofree char *next = mp_pattern_group(from, &captures, 0);

        if (g_ascii_strcasecmp(next, address) != 0)
            return g_strndup(at, (gsize)(from - at) + (gsize)captures.start[0]);
        from += captures.end[0];
    }
    return g_strdup(at);
}

static void
read_words(MpMessage *message, const char *id)
{
    const char *failed = mp_message_header(message, "X-Failed-Recipients");
    g_autofree char *lines = system_words(message);
    g_autofree char *words = mp_text_line(lines);
    const char *at = words;
    MpCaptures captures;

    if (failed != NULL) {
        read_failed_header(message, failed, words, id);
        return;
    }
    while (message->bounced->len < MAX_BOUNCED &&
           mp_wording_match(&any_address, at, -1, &captures)) {
        g_autofree char *address = mp_pattern_group(at, &captures, 0);
        g_autofree char *near = NULL;

        at += captures.start[0];
        /* "<id@host>" after "Message-ID" is no recipient. */
        if (!is_own_or_daemon(message, address) && mp_text_is_plain_address(address) &&
            (id == NULL || strstr(id, address) == NULL) && !is_known(message, address)) {
            near = words_beside(at, address);
            add_from_text(message, address, near, words, id);
        }
        at += strlen(address);
    }
}

/* The first words on one line: mail systems wrap their sentences. */
static char *
opening(const MpMessage *message)
{
    g_autofree char *line = mp_text_line(message->text);

    return g_utf8_substring(line, 0, MIN(g_utf8_strlen(line, -1), 4000));
}

/* The system named nobody: whom the returned mail was for. */
static void
read_returned(MpWalk *walk, const char *id)
{
    static MpWording to_line = {
        "^[\\s>]*(?:x-)?to\\s*:\\s*(.{3,300})$", MP_PATTERN_CASELESS | MP_PATTERN_MULTILINE, NULL};
    g_autofree char *to = first_match(&to_line, walk->returned->str, 1);
    g_autofree char *words = opening(walk->message);

    if (to == NULL)
        to = first_match(&to_line, walk->message->text, 1);
    if (to != NULL)
        read_failed_header(walk->message, to, words, id);
}

void
mp_bounce_read(MpWalk *walk)
{
    g_autofree char *id = original_id(walk);

    read_report(walk, id);
    if (walk->message->bounced->len == 0)
        read_words(walk->message, id);
    if (walk->message->bounced->len == 0)
        read_returned(walk, id);
}

/* Sender of the kind that only returns mail. */
static gboolean
is_daemon_address(const MpMessage *message)
{
    const MpAddress *from = message->from->len > 0 ? g_ptr_array_index(message->from, 0) : NULL;

    if (from == NULL)
        return FALSE;
    return (from->address != NULL && mp_wording_match(&daemon_name, from->address, -1, NULL)) ||
           (from->name != NULL && mp_wording_match(&daemon_display, from->name, -1, NULL));
}

static gboolean
says_automatic(const MpMessage *message)
{
    const char *value = mp_message_header(message, "Auto-Submitted");

    return (value != NULL && g_ascii_strncasecmp(value, "auto-", 5) == 0) ||
           mp_message_header(message, "X-MS-Exchange-Message-Is-Ndr") != NULL;
}

gboolean
mp_bounce_is(const MpWalk *walk, const char **reason_out)
{
    const MpMessage *message = walk->message;
    gboolean is_daemon = is_daemon_address(message);
    gboolean is_null = message->return_path != NULL && *message->return_path == '\0';
    gboolean by_subject;
    g_autofree char *words = NULL;

    if (walk->delivery->len > 0 && (walk->is_report || is_daemon || is_null)) {
        *reason_out = "message/delivery-status";
        return TRUE;
    }
    if (mp_message_header(message, "X-Failed-Recipients") != NULL && (is_daemon || is_null)) {
        *reason_out = "X-Failed-Recipients";
        return TRUE;
    }
    by_subject = message->subject != NULL &&
                 mp_wording_match(&bounce_subject, message->subject, -1, NULL) &&
                 !mp_quote_is_forward_subject(message->subject);
    if (!is_daemon && !(by_subject && (is_null || says_automatic(message))))
        return FALSE;
    words = opening(message);
    if (!(is_daemon && by_subject) && !mp_wording_match(&bounce_text, words, -1, NULL))
        return FALSE;
    *reason_out =
        is_daemon ? "sender and wording of a mail system" : "subject and wording of a mail system";
    return TRUE;
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "message/mime-private.h"

/* From GMime's tree to visible text, parts and attached mails. GMime is asked only for structure,
 * parameters and decoded content; never for g_mime_content_type_encode or
 * g_mime_multipart_get_boundary, which do not come back from some received mails. */

static gboolean
walk_object(MpWalk *walk, GMimeObject *object, guint depth, guint level, GError **error);

/* --- parsing ---------------------------------------------------------------------------------- */

static void
on_warning(gint64 offset, GMimeParserWarning warning, const gchar *item, gpointer data)
{
    gboolean *odd = data;

    (void)offset;
    (void)item;
    switch ((int)warning) {
    case GMIME_CRIT_CONFLICTING_HEADER:
    case GMIME_CRIT_CONFLICTING_PARAMETER:
    case GMIME_CRIT_MULTIPART_WITHOUT_BOUNDARY:
    case GMIME_CRIT_NESTING_OVERFLOW:
    case GMIME_CRIT_INVALID_HEADER_NAME:
        *odd = TRUE;
        break;
    default:
        break;
    }
}

void
mp_mime_init(void)
{
    static gsize is_ready;

    if (g_once_init_enter(&is_ready)) {
        g_mime_init();
        g_once_init_leave(&is_ready, 1);
    }
}

GMimeMessage *
mp_mime_parse(const guint8 *bytes, gsize length, gboolean *odd_out, GError **error)
{
    g_autoptr(GMimeParserOptions) options = NULL;
    g_autoptr(GMimeParser) parser = NULL;
    g_autoptr(GMimeStream) stream = NULL;
    g_autoptr(GByteArray) array = NULL;
    GMimeMessage *message;

    mp_mime_init();
    options = g_mime_parser_options_new();
    g_mime_parser_options_set_warning_callback(options, on_warning, odd_out);
    /* One copy; GMime's persistent stream would otherwise hold our caller's bytes. */
    array = g_byte_array_sized_new((guint)length);
    g_byte_array_append(array, bytes, (guint)length);
    stream = g_mime_stream_mem_new_with_byte_array(g_steal_pointer(&array));
    parser = g_mime_parser_new_with_stream(stream);
    message = g_mime_parser_construct_message(parser, options);
    if (message == NULL)
        g_set_error(error, MP_ERROR, MP_ERROR_INPUT, "mail: no mail can be made of these bytes");
    return message;
}

static void
append_visible(MpWalk *walk, const char *text, gboolean is_html)
{
    if (strspn(text, " \t\r\n") == strlen(text))
        return;
    if (walk->plain->len > 0)
        g_string_append(walk->plain, "\n\n");
    g_string_append(walk->plain, text);
    walk->has_html |= is_html;
    walk->has_plain |= !is_html;
}

/* --- leaves ----------------------------------------------------------------------------------- */

static void
append_bytes(GString *out, GMimePart *part)
{
    g_autoptr(GByteArray) bytes = mp_part_decoded(part);
    g_autofree char *text = NULL;

    if (bytes->len == 0)
        return;
    text = mp_text_clean((const char *)bytes->data, (gssize)bytes->len);
    g_string_append(out, text);
    g_string_append(out, "\n\n");
}

/* Attached mail that came encoded: GMime leaves it a part, so it is parsed like a new mail. */
static gboolean
walk_encoded_mail(MpWalk *walk, GMimePart *part, guint depth, guint level, GError **error)
{
    g_autoptr(GByteArray) bytes = mp_part_decoded(part);
    g_autoptr(GMimeMessage) inner = NULL;
    gboolean odd = FALSE;

    if (!mp_message_check_limits(bytes->data, bytes->len, walk->limits, error))
        return FALSE;
    inner = mp_mime_parse(bytes->data, bytes->len, &odd, NULL);
    if (inner == NULL) {
        mp_part_add(walk, part, depth);
        return TRUE;
    }
    return mp_mime_walk(walk, inner, depth + 1, level + 1, error);
}

/* Never decrypted, never handed on (decisions of the office are in words that all can read). */
static gboolean
is_encrypted(GMimeObject *object)
{
    const char *kind = g_mime_object_get_content_type_parameter(object, "smime-type");

    if (mp_part_is_type(object, "application", "pgp-encrypted"))
        return TRUE;
    return (mp_part_is_type(object, "application", "pkcs7-mime") ||
            mp_part_is_type(object, "application", "x-pkcs7-mime")) &&
           kind != NULL &&
           (g_ascii_strcasecmp(kind, "enveloped-data") == 0 ||
            g_ascii_strcasecmp(kind, "authEnveloped-data") == 0);
}

static gboolean
walk_leaf(MpWalk *walk, GMimePart *part, guint depth, guint level, GError **error)
{
    GMimeObject *object = (GMimeObject *)part;

    if (depth == 0 && is_encrypted(object))
        walk->message->is_encrypted = TRUE;
    /* A report inside an attached mail was sent to somebody else. */
    if (depth > 0 && mp_part_is_type(object, "message", "*") &&
        !mp_part_is_type(object, "message", "rfc822") &&
        !mp_part_is_type(object, "message", "global"))
        return TRUE;
    if (mp_part_is_type(object, "message", "delivery-status") ||
        mp_part_is_type(object, "message", "global-delivery-status")) {
        append_bytes(walk->delivery, part);
    } else if (mp_part_is_type(object, "message", "disposition-notification")) {
        walk->has_receipt = TRUE;
    } else if (mp_part_is_type(object, "message", "feedback-report")) {
        append_bytes(walk->feedback, part);
    } else if (mp_part_is_type(object, "text", "rfc822-headers") ||
               mp_part_is_type(object, "message", "global-headers")) {
        append_bytes(walk->returned, part);
    } else if (mp_part_is_type(object, "message", "rfc822") ||
               mp_part_is_type(object, "message", "global")) {
        return walk_encoded_mail(walk, part, depth, level, error);
    } else if (walk->alternatives > 0 && mp_part_is_type(object, "text", "*") &&
               !mp_part_is_attachment(object)) {
        return TRUE;
    } else if (!mp_part_is_attachment(object) && mp_part_is_type(object, "text", "plain") &&
               g_mime_part_get_filename(part) == NULL) {
        g_autofree char *text = mp_part_plain_text(walk, part);

        append_visible(walk, text, FALSE);
    } else if (!mp_part_is_attachment(object) && mp_part_is_type(object, "text", "html") &&
               g_mime_part_get_filename(part) == NULL) {
        g_autofree char *text = mp_part_html_text(walk, part, depth == 0);

        append_visible(walk, text, TRUE);
    } else {
        mp_part_add(walk, part, depth);
    }
    return TRUE;
}

/* --- containers ------------------------------------------------------------------------------- */

/* First text leaf of that subtype, not inside attached mails. */
static GMimePart *
find_text(GMimeObject *object, const char *subtype, guint level)
{
    GMimeMultipart *multipart;

    if (GMIME_IS_PART(object))
        return mp_part_is_type(object, "text", subtype) && !mp_part_is_attachment(object)
                   ? (GMimePart *)object
                   : NULL;
    if (!GMIME_IS_MULTIPART(object) || level > 32)
        return NULL;
    multipart = (GMimeMultipart *)object;
    for (int i = 0; i < g_mime_multipart_get_count(multipart); i++) {
        GMimePart *found = find_text(g_mime_multipart_get_part(multipart, i), subtype, level + 1);

        if (found != NULL)
            return found;
    }
    return NULL;
}

/* A short answer must be the same word for word in both; longer texts may carry a letterhead more.
 */
#define SHORT_WORDS 12

static gboolean
tells_else(const char *reply, const char *whole)
{
    guint words = 0;
    guint missing = mp_text_words_missing(reply, whole, &words);

    return missing > 0 && (words <= SHORT_WORDS || missing * 5 > words);
}

static void
compare_alternatives(MpWalk *walk, const char *plain, const char *html)
{
    gint64 limit = walk->limits->text_chars;
    g_autofree char *tidy_plain = NULL;
    g_autofree char *tidy_html = NULL;
    g_autofree char *plain_new = NULL;
    g_autofree char *html_new = NULL;
    g_autofree char *plain_rest = NULL;
    g_autofree char *html_rest = NULL;
    gboolean is_cut = FALSE;
    guint unused = 0;

    /* Mostly they hold the same words, and nobody need ask which of them are new. */
    if (*html == '\0' || (mp_text_words_missing(plain, html, &unused) == 0 &&
                          mp_text_words_missing(html, plain, &unused) == 0))
        return;
    tidy_plain = mp_text_tidy(plain, limit, &is_cut);
    tidy_html = mp_text_tidy(html, limit, &is_cut);
    mp_message_split_reply(tidy_plain, &plain_new, &plain_rest);
    mp_message_split_reply(tidy_html, &html_new, &html_rest);
    if (tells_else(plain_new, tidy_html) || tells_else(html_new, tidy_plain))
        mp_text_add_once(walk->message->doubts, "parts-differ");
}

/* The text of an alternative is the plain one; the HTML gives tables and says whether both tell
 * the same. */
static void
take_alternative_text(MpWalk *walk, GMimeMultipart *multipart, guint depth)
{
    GMimePart *plain = find_text((GMimeObject *)multipart, "plain", 0);
    GMimePart *html = find_text((GMimeObject *)multipart, "html", 0);
    g_autofree char *from_plain = plain != NULL ? mp_part_plain_text(walk, plain) : g_strdup("");
    g_autofree char *from_html =
        html != NULL ? mp_part_html_text(walk, html, depth == 0) : g_strdup("");

    if (strspn(from_plain, " \t\r\n") == strlen(from_plain)) {
        append_visible(walk, from_html, TRUE);
        return;
    }
    append_visible(walk, from_plain, FALSE);
    if (html != NULL && depth == 0)
        compare_alternatives(walk, from_plain, from_html);
}

/* A boundary in numbered pieces (RFC 2231) is one boundary to some programs and none to others:
 * they see other parts. */
static gboolean
has_boundary_in_pieces(GMimeObject *object)
{
    GMimeHeader *header =
        g_mime_header_list_get_header(g_mime_object_get_header_list(object), "Content-Type");
    const char *value = header == NULL ? NULL : g_mime_header_get_raw_value(header);
    g_autofree char *low = value == NULL ? NULL : g_ascii_strdown(value, -1);

    return low != NULL && strstr(low, "boundary*") != NULL;
}

static gboolean
walk_multipart(MpWalk *walk, GMimeObject *object, guint depth, guint level, GError **error)
{
    GMimeMultipart *multipart = (GMimeMultipart *)object;
    gboolean is_alternative = mp_part_is_type(object, "multipart", "alternative");
    gboolean ok = TRUE;

    if (has_boundary_in_pieces(object))
        mp_text_add_once(walk->message->doubts, "mime-ambiguous");
    /* The texts of an alternative are taken at once; below it only papers and pictures count. */
    if (is_alternative && walk->alternatives == 0)
        take_alternative_text(walk, multipart, depth);
    walk->alternatives += is_alternative ? 1 : 0;
    for (int i = 0; ok && i < g_mime_multipart_get_count(multipart); i++)
        ok = walk_object(walk, g_mime_multipart_get_part(multipart, i), depth, level + 1, error);
    walk->alternatives -= is_alternative ? 1 : 0;
    return ok;
}

/* A report's returned mail is ours; any other attached mail is a forward. */
static gboolean
walk_attached(MpWalk *walk, GMimeMessagePart *attached, guint depth, guint level, GError **error)
{
    GMimeMessage *inner = g_mime_message_part_get_message(attached);

    if (inner == NULL)
        return TRUE;
    if (walk->is_report && depth == 0) {
        g_autofree char *headers = g_mime_object_get_headers((GMimeObject *)inner, NULL);

        g_string_append(walk->returned, headers);
        g_string_append(walk->returned, "\n\n");
        return TRUE;
    }
    return mp_mime_walk(walk, inner, depth + 1, level + 1, error);
}

static gboolean
over(GError **error, const char *what, gint64 limit)
{
    g_set_error(
        error, MP_ERROR, MP_ERROR_LIMIT, "mail: %s over the limit %" G_GINT64_FORMAT, what, limit);
    return FALSE;
}

static gboolean
walk_object(MpWalk *walk, GMimeObject *object, guint depth, guint level, GError **error)
{
    if (object == NULL)
        return TRUE;
    if (++walk->parts > walk->limits->parts)
        return over(error, "number of parts", walk->limits->parts);
    if ((gint64)level > walk->limits->depth)
        return over(error, "depth", walk->limits->depth);
    if (GMIME_IS_MULTIPART(object))
        return walk_multipart(walk, object, depth, level, error);
    if (GMIME_IS_MESSAGE_PART(object))
        return walk_attached(walk, (GMimeMessagePart *)object, depth, level, error);
    if (GMIME_IS_PART(object))
        return walk_leaf(walk, (GMimePart *)object, depth, level, error);
    return TRUE;
}

/* --- a whole mail ----------------------------------------------------------------------------- */

static void
set_forward_facts(MpForward *forward, GMimeMessage *mime)
{
    g_autofree char *raw = g_mime_object_get_headers((GMimeObject *)mime, NULL);
    g_autoptr(GPtrArray) headers = mp_header_list((const guint8 *)raw, strlen(raw), NULL);
    g_autoptr(GPtrArray) from = g_ptr_array_new_with_free_func((GDestroyNotify)mp_address_free);
    const char *value = mp_header_find(headers, "From");

    if (value != NULL)
        mp_address_list(value, from);
    if (from->len > 0) {
        const MpAddress *first = g_ptr_array_index(from, 0);

        forward->from = mp_address_new(first->name, first->address);
    }
    forward->date = mp_header_find(headers, "Date") != NULL
                        ? mp_text_line(mp_header_find(headers, "Date"))
                        : NULL;
    forward->subject = mp_header_decode(mp_header_find(headers, "Subject"));
    forward->message_id = mp_header_first_id(mp_header_find(headers, "Message-ID"));
    forward->is_attached = TRUE;
}

gboolean
mp_mime_walk(MpWalk *walk, GMimeMessage *mime, guint depth, guint level, GError **error)
{
    GMimeObject *root = g_mime_message_get_mime_part(mime);
    g_autoptr(GString) outer = NULL;
    g_autoptr(GString) inner = NULL;
    gboolean had_plain = walk->has_plain;
    gboolean had_html = walk->has_html;
    guint alternatives = walk->alternatives;
    MpForward *forward;
    gboolean ok;

    if (depth == 0)
        return walk_object(walk, root, 0, level, error);
    forward = mp_forward_new();
    forward->depth = depth;
    set_forward_facts(forward, mime);
    g_ptr_array_add(walk->message->forwards, forward);
    if (depth == 1) {
        g_autofree char *headers = g_mime_object_get_headers((GMimeObject *)mime, NULL);

        g_string_append_printf(walk->returned, "%s\n\n", headers);
    }
    outer = walk->plain;
    inner = g_string_new(NULL);
    walk->plain = inner;
    walk->alternatives = 0;
    ok = walk_object(walk, root, depth, level, error);
    walk->alternatives = alternatives;
    forward->text = mp_text_tidy(inner->str, walk->limits->text_chars, &walk->is_text_cut);
    walk->plain = g_steal_pointer(&outer);
    walk->has_plain = had_plain;
    walk->has_html = had_html;
    return ok;
}

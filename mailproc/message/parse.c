/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "message/mime-private.h"

/* The order in which a mail becomes facts: pre-scan, header fields by hand, MIME by GMime, texts,
 * then what the texts mean. */

static void
add_addresses(const MpMessage *message, const char *name, GPtrArray *out)
{
    for (guint i = 0; i < message->headers->len; i++) {
        const MpHeader *header = g_ptr_array_index(message->headers, i);

        if (g_ascii_strcasecmp(header->name, name) == 0)
            mp_address_list(header->value, out);
    }
}

/* Exactly one field with exactly one mailbox gives authority; everything else only a name. */
static void
read_from(MpMessage *message, gboolean headers_odd)
{
    MpAddressFlags flags = 0;
    const MpAddress *first;

    for (guint i = 0; i < message->headers->len; i++) {
        const MpHeader *header = g_ptr_array_index(message->headers, i);

        if (g_ascii_strcasecmp(header->name, "From") != 0)
            continue;
        message->from_fields++;
        flags |= mp_address_list(header->value, message->from);
    }
    first = message->from->len > 0 ? g_ptr_array_index(message->from, 0) : NULL;
    message->from_is_plain = message->from_fields == 1 && message->from->len == 1 && flags == 0 &&
                             !headers_odd && first->address != NULL;
    if (message->from_fields > 1)
        mp_text_add_once(message->doubts, "mime-ambiguous");
}

static void
read_return_path(MpMessage *message)
{
    const char *value = mp_message_header(message, "Return-Path");
    g_autofree char *path = NULL;

    if (value == NULL)
        return;
    path = g_strdup(value);
    g_strdelimit(path, "<>", ' ');
    message->return_path = g_strdup(g_strstrip(path));
}

static void
read_headers(MpMessage *message, const guint8 *bytes, gsize length)
{
    gsize body = 0;
    gsize block = mp_header_block(bytes, length, &body);
    gboolean odd = FALSE;

    g_ptr_array_unref(message->headers);
    message->headers = mp_header_list(bytes, block, &odd);
    if (odd)
        mp_text_add_once(message->doubts, "mime-ambiguous");
    read_from(message, odd);
    read_return_path(message);
    add_addresses(message, "Reply-To", message->reply_to);
    add_addresses(message, "To", message->to);
    add_addresses(message, "Cc", message->to);
    message->message_id = mp_header_first_id(mp_message_header(message, "Message-ID"));
    message->in_reply_to = mp_header_first_id(mp_message_header(message, "In-Reply-To"));
    mp_header_ids(mp_message_header(message, "References"), message->references);
    mp_header_ids(mp_message_header(message, "In-Reply-To"), message->references);
    message->subject = mp_header_decode(mp_message_header(message, "Subject"));
    message->date_utc = mp_header_date(mp_message_header(message, "Date"));
}

/* A picture that the HTML shows is no document; one with a Content-ID alone is (phones do that). */
static void
mark_inline_parts(MpWalk *walk)
{
    for (guint i = 0; i < walk->message->parts->len; i++) {
        MpPart *part = g_ptr_array_index(walk->message->parts, i);
        g_autofree char *reference = NULL;

        if (part->content_id == NULL || !g_str_has_prefix(part->declared_type, "image/"))
            continue;
        reference = g_strconcat("cid:", part->content_id, NULL);
        if (strstr(walk->html_refs->str, reference) != NULL)
            part->is_inline = TRUE;
    }
}

static void
read_signed(MpMessage *message, GMimeMessage *mime)
{
    GMimeObject *root = g_mime_message_get_mime_part(mime);
    GMimeContentType *type = root != NULL ? g_mime_object_get_content_type(root) : NULL;

    message->is_signed =
        type != NULL && (g_mime_content_type_is_type(type, "multipart", "signed") ||
                         g_mime_content_type_is_type(type, "application", "pkcs7-mime") ||
                         g_mime_content_type_is_type(type, "application", "x-pkcs7-mime"));
}

static void
make_texts(MpWalk *walk)
{
    MpMessage *message = walk->message;
    const MpAddress *from = message->from->len > 0 ? g_ptr_array_index(message->from, 0) : NULL;

    message->text = mp_text_tidy(walk->plain->str, walk->limits->text_chars, &walk->is_text_cut);
    message->text_from_html = walk->has_html && !walk->has_plain;
    if (walk->is_text_cut)
        mp_text_add_once(message->doubts, "limit");
    mp_reply_split(message->text,
                   from != NULL ? from->name : NULL,
                   &message->reply_text,
                   &message->quoted_text);
}

/* A reply quotes what it answers; only a forward hands it on. */
static void
read_forwards(MpMessage *message)
{
    gboolean is_subject = mp_quote_is_forward_subject(message->subject);
    gboolean has_attached = message->forwards->len > 0;

    message->is_forward = is_subject || has_attached;
    if (!message->is_forward) {
        g_auto(GStrv) lines = g_strsplit(message->text, "\n", -1);
        guint n = g_strv_length(lines);
        guint size = 0;

        for (guint i = 0; i < n && !message->is_forward; i++)
            message->is_forward = mp_quote_at(lines, n, i, &size) == MP_QUOTE_FORWARD;
    }
    if (message->is_forward)
        mp_forward_find(message, 0);
}

static void
judge(MpWalk *walk, const MpMessageOptions *options)
{
    MpMessage *message = walk->message;

    mp_automatic_judge(walk, options);
    if (message->automatic == MP_AUTOMATIC_BOUNCE || message->automatic == MP_AUTOMATIC_FEEDBACK) {
        /* What came back is ours, not a mail that someone hands on. */
        g_ptr_array_set_size(message->forwards, 0);
        for (guint i = message->parts->len; i > 0; i--) {
            const MpPart *part = g_ptr_array_index(message->parts, i - 1);

            if (part->depth > 0)
                g_ptr_array_remove_index(message->parts, i - 1);
        }
        return;
    }
    read_forwards(message);
}

static gboolean
read_mime(MpWalk *walk, const guint8 *bytes, gsize length, GError **error)
{
    gboolean odd = FALSE;
    g_autoptr(GMimeMessage) mime = mp_mime_parse(bytes, length, &odd, error);
    GMimeObject *root;

    if (mime == NULL)
        return FALSE;
    root = g_mime_message_get_mime_part(mime);
    walk->is_report =
        root != NULL && g_mime_object_get_content_type(root) != NULL &&
        g_mime_content_type_is_type(g_mime_object_get_content_type(root), "multipart", "report");
    if (!mp_mime_walk(walk, mime, 0, 0, error))
        return FALSE;
    if (odd)
        mp_text_add_once(walk->message->doubts, "mime-ambiguous");
    read_signed(walk->message, mime);
    return TRUE;
}

MpMessage *
mp_message_parse(const guint8 *bytes, gsize length, const MpMessageOptions *options, GError **error)
{
    g_autoptr(MpMessage) message = NULL;
    g_autoptr(GString) plain = g_string_new(NULL);
    g_autoptr(GString) html_refs = g_string_new(NULL);
    g_autoptr(GString) delivery = g_string_new(NULL);
    g_autoptr(GString) feedback = g_string_new(NULL);
    g_autoptr(GString) returned = g_string_new(NULL);
    MpWalk walk = {.limits = &options->limits,
                   .plain = plain,
                   .html_refs = html_refs,
                   .delivery = delivery,
                   .feedback = feedback,
                   .returned = returned};

    if (!mp_message_check_limits(bytes, length, &options->limits, error))
        return NULL;
    message = mp_message_new();
    walk.message = message;
    read_headers(message, bytes, length);
    if (!read_mime(&walk, bytes, length, error))
        return NULL;
    mark_inline_parts(&walk);
    make_texts(&walk);
    if (strstr(message->text, "-----BEGIN PGP MESSAGE-----") != NULL)
        message->is_encrypted = TRUE;
    judge(&walk, options);
    message->content_hash = mp_message_content_hash(bytes, length);
    return g_steal_pointer(&message);
}

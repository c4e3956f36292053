/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A mail to bytes. Bodies are quoted-printable or base64, so no line is long, nothing is 8-bit and
 * a boundary, which holds "=-", cannot occur in them; it comes from the Message-ID. */
#include "notify/notify-private.h"

#include <gmime/gmime.h>

#define NAME_CHARS 120

G_DEFINE_AUTOPTR_CLEANUP_FUNC(GMimeMessage, g_object_unref)
G_DEFINE_AUTOPTR_CLEANUP_FUNC(GMimeObject, g_object_unref)
G_DEFINE_AUTOPTR_CLEANUP_FUNC(GMimeStream, g_object_unref)
G_DEFINE_AUTOPTR_CLEANUP_FUNC(GMimeDataWrapper, g_object_unref)
G_DEFINE_AUTOPTR_CLEANUP_FUNC(InternetAddress, g_object_unref)
G_DEFINE_AUTOPTR_CLEANUP_FUNC(GMimeFormatOptions, g_mime_format_options_free)

MpMail *
mp_mail_new(void)
{
    return g_new0(MpMail, 1);
}

void
mp_mail_free(MpMail *mail)
{
    if (mail == NULL)
        return;
    g_free(mail->message_id);
    g_free(mail->from_name);
    g_free(mail->from_address);
    g_free(mail->to_name);
    g_free(mail->to_address);
    g_free(mail->subject);
    g_free(mail->in_reply_to);
    g_free(mail->references);
    g_free(mail->text);
    g_free(mail->html);
    g_free(mail);
}

static gboolean
check_mail(const MpMail *mail, GError **error)
{
    const char *problem = NULL;

    if (!mp_notify_is_plain_id(mail->message_id))
        problem = "message id is not plain";
    else if (!mp_text_is_plain_address(mail->from_address))
        problem = "sender address is not plain";
    else if (!mp_text_is_plain_address(mail->to_address))
        problem = "recipient address is not plain";
    else if (mail->text == NULL)
        problem = "mail has no text";
    if (problem == NULL)
        return TRUE;
    g_set_error_literal(error, MP_ERROR, MP_ERROR_INPUT, problem);
    return FALSE;
}

/* One line. GMime writes "=?…?=" as it stands and every reader would decode it, into line ends too:
 * a blank makes it plain text. */
static char *
display_line(const char *text, glong max_chars)
{
    g_autofree char *line = mp_text_line(text == NULL ? "" : text);
    g_auto(GStrv) parts = g_strsplit(line, "=?", -1);
    g_autofree char *plain = g_strjoinv("= ?", parts);

    if (g_utf8_strlen(plain, -1) <= max_chars)
        return g_steal_pointer(&plain);
    return g_utf8_substring(plain, 0, max_chars);
}

static void
set_address(GMimeMessage *message, GMimeAddressType type, const char *name, const char *address)
{
    g_autofree char *shown = display_line(name, NAME_CHARS);
    g_autoptr(InternetAddress) mailbox =
        internet_address_mailbox_new(shown[0] == '\0' ? NULL : shown, address);

    internet_address_set_charset(mailbox, "utf-8");
    internet_address_list_add(g_mime_message_get_addresses(message, type), mailbox);
}

static void
set_header(GMimeMessage *message, const char *name, const char *value)
{
    g_mime_object_set_header(GMIME_OBJECT(message), name, value, "utf-8");
}

static void
set_thread(GMimeMessage *message, const MpMail *mail)
{
    g_autofree char *references = mp_notify_plain_references(mail->references);

    /* What a stranger's mail calls itself is dropped when it is not plain: the thread is lost, the
     * notice is not. */
    if (mp_notify_is_plain_id(mail->in_reply_to)) {
        g_autofree char *id = g_strdup_printf("<%s>", mail->in_reply_to);

        set_header(message, "In-Reply-To", id);
        if (references == NULL)
            references = g_strdup(id);
    }
    if (references != NULL)
        set_header(message, "References", references);
}

static void
set_headers(GMimeMessage *message, const MpMail *mail)
{
    g_autofree char *subject = display_line(mail->subject, MP_SUBJECT_CHARS);
    g_autoptr(GDateTime) date = g_date_time_new_from_unix_utc(mail->date_utc / G_TIME_SPAN_SECOND);

    set_address(message, GMIME_ADDRESS_TYPE_FROM, mail->from_name, mail->from_address);
    set_address(message, GMIME_ADDRESS_TYPE_TO, mail->to_name, mail->to_address);
    g_mime_message_set_subject(message, subject, "utf-8");
    if (date != NULL)
        g_mime_message_set_date(message, date);
    g_mime_message_set_message_id(message, mail->message_id);
    set_thread(message, mail);
    set_header(message, "Auto-Submitted", mail->is_reply ? "auto-replied" : "auto-generated");
    set_header(message, "X-Auto-Response-Suppress", "All");
    set_header(message, "X-Mailproc", "1");
}

static GMimeDataWrapper *
wrap(const void *bytes, gsize length, GMimeContentEncoding encoding)
{
    g_autoptr(GMimeStream) plain = g_mime_stream_mem_new_with_buffer(bytes, length);
    g_autoptr(GMimeStream) coded = g_mime_stream_mem_new();
    g_autoptr(GMimeStream) filtered = g_mime_stream_filter_new(coded);
    GMimeFilter *filter = g_mime_filter_basic_new(encoding, TRUE);

    g_mime_stream_filter_add(GMIME_STREAM_FILTER(filtered), filter);
    g_object_unref(filter);
    g_mime_stream_write_to_stream(plain, filtered);
    g_mime_stream_flush(filtered);
    g_mime_stream_reset(coded);
    return g_mime_data_wrapper_new_with_stream(coded, encoding);
}

static GMimeObject *
text_part(const char *text, const char *subtype)
{
    g_autofree char *clean = mp_text_clean(text, -1);
    g_autoptr(GMimeDataWrapper) content =
        wrap(clean, strlen(clean), GMIME_CONTENT_ENCODING_QUOTEDPRINTABLE);
    GMimePart *part = GMIME_PART(g_mime_text_part_new_with_subtype(subtype));

    g_mime_text_part_set_charset(GMIME_TEXT_PART(part), "utf-8");
    g_mime_part_set_content(part, content);
    g_mime_part_set_content_encoding(part, GMIME_CONTENT_ENCODING_QUOTEDPRINTABLE);
    return GMIME_OBJECT(part);
}

static GMimeObject *
attachment_part(const MpAttachment *attachment)
{
    g_autofree char *major = NULL;
    g_autofree char *minor = NULL;
    g_autofree char *filename = mp_notify_filename(attachment->filename);
    g_autoptr(GMimeDataWrapper) content = NULL;
    gsize length = 0;
    const void *bytes = g_bytes_get_data(attachment->content, &length);
    GMimePart *part;

    mp_notify_plain_type(attachment->type, &major, &minor);
    part = g_mime_part_new_with_type(major, minor);
    content = wrap(bytes, length, GMIME_CONTENT_ENCODING_BASE64);
    g_mime_part_set_content(part, content);
    g_mime_part_set_content_encoding(part, GMIME_CONTENT_ENCODING_BASE64);
    g_mime_object_set_disposition(GMIME_OBJECT(part), GMIME_DISPOSITION_ATTACHMENT);
    g_mime_part_set_filename(part, filename);
    return GMIME_OBJECT(part);
}

static GMimeObject *
multipart(const char *subtype, const char *message_id)
{
    g_autofree char *seed = g_strconcat(subtype, " ", message_id, NULL);
    g_autofree char *hash = mp_text_sha256(seed, strlen(seed));
    g_autofree char *boundary = g_strdup_printf("=-%.32s", hash);
    GMimeMultipart *parts = g_mime_multipart_new_with_subtype(subtype);

    g_mime_multipart_set_boundary(parts, boundary);
    return GMIME_OBJECT(parts);
}

static void
add_part(GMimeObject *parts, GMimeObject *part_take)
{
    g_autoptr(GMimeObject) part = part_take;

    g_mime_multipart_add(GMIME_MULTIPART(parts), part);
}

static GMimeObject *
make_body(const MpMail *mail, const MpAttachment *attachments, gsize n_attachments)
{
    g_autoptr(GMimeObject) body = text_part(mail->text, "plain");
    GMimeObject *mixed;

    if (mail->html != NULL) {
        GMimeObject *alternative = multipart("alternative", mail->message_id);

        add_part(alternative, g_steal_pointer(&body));
        add_part(alternative, text_part(mail->html, "html"));
        body = alternative;
    }
    if (n_attachments == 0)
        return g_steal_pointer(&body);
    mixed = multipart("mixed", mail->message_id);
    add_part(mixed, g_steal_pointer(&body));
    for (gsize i = 0; i < n_attachments; i++)
        add_part(mixed, attachment_part(&attachments[i]));
    return mixed;
}

/* Every line end becomes CRLF, the last line has one. */
static GBytes *
to_crlf(const guint8 *bytes, gsize length)
{
    GByteArray *out = g_byte_array_sized_new((guint)(length + length / 32 + 2));

    for (gsize i = 0; i < length; i++) {
        if (bytes[i] == '\r' && i + 1 < length && bytes[i + 1] == '\n')
            continue;
        if (bytes[i] == '\n' || bytes[i] == '\r')
            g_byte_array_append(out, (const guint8 *)"\r\n", 2);
        else
            g_byte_array_append(out, bytes + i, 1);
    }
    if (out->len < 2 || out->data[out->len - 1] != '\n')
        g_byte_array_append(out, (const guint8 *)"\r\n", 2);
    return g_byte_array_free_to_bytes(out);
}

static void
init_gmime(void)
{
    static gsize is_ready = 0;

    if (g_once_init_enter(&is_ready)) {
        g_mime_init();
        g_once_init_leave(&is_ready, 1);
    }
}

GBytes *
mp_notify_build(const MpMail *mail,
                const MpAttachment *attachments,
                gsize n_attachments,
                GError **error)
{
    g_autoptr(GMimeMessage) message = NULL;
    g_autoptr(GMimeObject) body = NULL;
    g_autoptr(GMimeStream) stream = NULL;
    g_autoptr(GMimeFormatOptions) options = NULL;
    const GByteArray *raw;

    g_return_val_if_fail(mail != NULL, NULL);
    if (!check_mail(mail, error))
        return NULL;
    init_gmime();
    message = g_mime_message_new(FALSE);
    set_headers(message, mail);
    body = make_body(mail, attachments, n_attachments);
    g_mime_message_set_mime_part(message, body);
    options = g_mime_format_options_new();
    g_mime_format_options_set_newline_format(options, GMIME_NEWLINE_FORMAT_UNIX);
    g_mime_format_options_set_param_encoding_method(options, GMIME_PARAM_ENCODING_METHOD_RFC2231);
    stream = g_mime_stream_mem_new();
    g_mime_object_write_to_stream(GMIME_OBJECT(message), options, stream);
    raw = g_mime_stream_mem_get_byte_array(GMIME_STREAM_MEM(stream));
    return to_crlf(raw->data, raw->len);
}

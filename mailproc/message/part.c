/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "message/mime-private.h"

/* One leaf of the MIME tree: its decoded bytes, its text, or the attachment that it is. */

/* --- content ---------------------------------------------------------------------------------- */

GByteArray *
mp_part_decoded(GMimePart *part)
{
    GByteArray *array = g_byte_array_new();
    GMimeDataWrapper *content = g_mime_part_get_content(part);
    g_autoptr(GMimeStream) stream = g_mime_stream_mem_new_with_byte_array(array);

    g_mime_stream_mem_set_owner((GMimeStreamMem *)stream, FALSE);
    if (content != NULL)
        g_mime_data_wrapper_write_to_stream(content, stream);
    return array;
}

static const char *
meta_charset(const GByteArray *bytes, char *buffer, gsize size)
{
    static MpWording meta = {"<meta[^>]{0,200}charset\\s*=\\s*[\"']?\\s*([A-Za-z0-9_.:-]{2,30})",
                             MP_PATTERN_CASELESS,
                             NULL};
    MpCaptures captures;
    g_autofree char *name = NULL;
    g_autofree char *head = g_strndup((const char *)bytes->data, MIN(bytes->len, 4096));

    if (!mp_wording_match(&meta, head, -1, &captures))
        return NULL;
    name = mp_pattern_group(head, &captures, 1);
    g_strlcpy(buffer, name, size);
    return buffer;
}

/* In UTF-7, EBCDIC and their like the letters of ASCII are others: what one program shows as a
 * command is noise in the next. The wide forms of Unicode are read alike by all. */
static gboolean
is_other_alphabet(const char *charset)
{
    static const char sample[] = "SETUJU +AFM-";
    g_autofree char *text = NULL;
    gboolean guessed = FALSE;

    if (charset == NULL || g_ascii_strncasecmp(charset, "utf-16", 6) == 0 ||
        g_ascii_strncasecmp(charset, "utf-32", 6) == 0)
        return FALSE;
    text = mp_charset_decode((const guint8 *)sample, sizeof sample - 1, charset, &guessed);
    return strcmp(text, sample) != 0;
}

static char *
part_text(MpWalk *walk, GMimePart *part, gboolean is_html)
{
    g_autoptr(GByteArray) bytes = mp_part_decoded(part);
    const char *charset = g_mime_object_get_content_type_parameter((GMimeObject *)part, "charset");
    gboolean guessed = FALSE;
    char buffer[32];
    char *text;

    if (bytes->len == 0)
        return g_strdup("");
    if (charset == NULL && is_html)
        charset = meta_charset(bytes, buffer, sizeof buffer);
    text = mp_charset_decode(bytes->data, bytes->len, charset, &guessed);
    if (guessed)
        mp_text_add_once(walk->message->doubts, "charset-guessed");
    if (is_other_alphabet(charset))
        mp_text_add_once(walk->message->doubts, "mime-ambiguous");
    return text;
}

static gboolean
parameter_is(GMimePart *part, const char *name, const char *value)
{
    const char *got = g_mime_object_get_content_type_parameter((GMimeObject *)part, name);

    return got != NULL && g_ascii_strcasecmp(got, value) == 0;
}

char *
mp_part_plain_text(MpWalk *walk, GMimePart *part)
{
    g_autofree char *text = part_text(walk, part, FALSE);

    if (!parameter_is(part, "format", "flowed"))
        return g_steal_pointer(&text);
    return mp_text_unflow(text, parameter_is(part, "delsp", "yes"));
}

char *
mp_part_html_text(MpWalk *walk, GMimePart *part, gboolean keep_tables)
{
    g_autofree char *html = part_text(walk, part, TRUE);
    gboolean hidden = FALSE;
    char *text;

    if (strstr(html, "cid:") != NULL)
        g_string_append(walk->html_refs, html);
    text = mp_message_html_to_text(
        html, strlen(html), keep_tables ? walk->message->tables : NULL, &hidden);
    if (hidden)
        mp_text_add_once(walk->message->doubts, "parts-differ");
    return text;
}

/* --- parts ------------------------------------------------------------------------------------ */

gboolean
mp_part_is_type(GMimeObject *object, const char *type, const char *subtype)
{
    GMimeContentType *content = g_mime_object_get_content_type(object);

    return content != NULL && g_mime_content_type_is_type(content, type, subtype);
}

gboolean
mp_part_is_attachment(GMimeObject *object)
{
    GMimeContentDisposition *disposition = g_mime_object_get_content_disposition(object);
    const char *kind =
        disposition != NULL ? g_mime_content_disposition_get_disposition(disposition) : NULL;

    return kind != NULL && g_ascii_strcasecmp(kind, "attachment") == 0;
}

static gboolean
is_signature_part(GMimeObject *object)
{
    return mp_part_is_type(object, "application", "pkcs7-signature") ||
           mp_part_is_type(object, "application", "x-pkcs7-signature") ||
           mp_part_is_type(object, "application", "pgp-signature") ||
           mp_part_is_type(object, "application", "applefile") ||
           mp_part_is_type(object, "application", "pgp-keys");
}

static char *
lower_type(GMimeObject *object)
{
    GMimeContentType *content = g_mime_object_get_content_type(object);
    g_autofree char *type = content != NULL ? g_mime_content_type_get_mime_type(content) : NULL;

    return mp_text_lower_ascii(type != NULL ? type : "application/octet-stream");
}

static char *
part_name(GMimePart *part)
{
    const char *raw = g_mime_part_get_filename(part);
    g_autofree char *valid = NULL;
    gboolean guessed = FALSE;

    if (raw == NULL)
        return NULL;
    valid = mp_charset_decode((const guint8 *)raw, strlen(raw), NULL, &guessed);
    if (strstr(valid, "=?") != NULL) {
        g_autofree char *words = mp_header_decode(valid);

        return mp_text_file_name(words);
    }
    return mp_text_file_name(valid);
}

void
mp_part_add(MpWalk *walk, GMimePart *part, guint depth)
{
    MpPart *made = mp_part_new();
    const char *id = g_mime_object_get_content_id((GMimeObject *)part);

    made->filename = part_name(part);
    made->declared_type = lower_type((GMimeObject *)part);
    made->content = g_byte_array_free_to_bytes(mp_part_decoded(part));
    made->content_id = id != NULL ? mp_text_line(id) : NULL;
    made->is_inline = is_signature_part((GMimeObject *)part);
    made->depth = depth;
    g_ptr_array_add(walk->message->parts, made);
}

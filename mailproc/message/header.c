/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "message/mime-private.h"

gsize
mp_header_block(const guint8 *bytes, gsize length, gsize *body_out)
{
    gsize at = 0;

    while (at < length) {
        const guint8 *end = memchr(bytes + at, '\n', length - at);
        gsize line = end != NULL ? (gsize)(end - bytes) + 1 - at : length - at;
        gboolean is_blank =
            bytes[at] == '\n' || (line == 2 && bytes[at] == '\r' && bytes[at + 1] == '\n');

        if (is_blank) {
            *body_out = at + line;
            return at;
        }
        at += line;
    }
    *body_out = length;
    return length;
}

static gsize
line_length(const guint8 *bytes, gsize length)
{
    const guint8 *end = memchr(bytes, '\n', length);

    return end != NULL ? (gsize)(end - bytes) + 1 : length;
}

/* Value bytes with line ends taken out, NUL as a blank. */
static char *
unfold(const guint8 *bytes, gsize length, gboolean *odd_out)
{
    g_autoptr(GString) value = g_string_sized_new(length + 1);
    gboolean guessed = FALSE;
    g_autofree char *utf8 = NULL;

    for (gsize i = 0; i < length; i++) {
        gboolean is_bare_cr = bytes[i] == '\r' && (i + 1 >= length || bytes[i + 1] != '\n');

        /* NUL and a bare CR are line ends to some readers and nothing to others. */
        if ((bytes[i] == '\0' || is_bare_cr) && odd_out != NULL)
            *odd_out = TRUE;
        if (bytes[i] == '\r' || bytes[i] == '\n')
            continue;
        g_string_append_c(value, bytes[i] == '\0' ? ' ' : (char)bytes[i]);
    }
    g_strstrip(value->str);
    if (g_utf8_validate(value->str, -1, NULL))
        return mp_text_clean(value->str, -1);
    utf8 = mp_charset_decode((const guint8 *)value->str, strlen(value->str), NULL, &guessed);
    return mp_text_clean(utf8, -1);
}

static gboolean
is_name_byte(guint8 byte)
{
    return byte > 32 && byte < 127 && byte != ':';
}

static void
add_field(GPtrArray *headers, const guint8 *bytes, gsize length, gboolean *odd_out)
{
    gsize name = 0;
    gsize colon;
    MpHeader *header;

    while (name < length && is_name_byte(bytes[name]))
        name++;
    colon = name;
    while (colon < length && (bytes[colon] == ' ' || bytes[colon] == '\t'))
        colon++;
    if (name == 0 || colon >= length || bytes[colon] != ':') {
        if (odd_out != NULL)
            *odd_out = TRUE;
        return;
    }
    if (colon != name && odd_out != NULL)
        *odd_out = TRUE;
    header = g_new0(MpHeader, 1);
    header->name = g_strndup((const char *)bytes, name);
    header->value = unfold(bytes + colon + 1, length - colon - 1, odd_out);
    g_ptr_array_add(headers, header);
}

/* The "From address date" that some mailboxes put in front; "From :" is a field. */
static gboolean
is_envelope_line(const guint8 *bytes, gsize length)
{
    gsize at = 5;

    if (length <= 5 || memcmp(bytes, "From ", 5) != 0)
        return FALSE;
    while (at < length && (bytes[at] == ' ' || bytes[at] == '\t'))
        at++;
    return at < length && bytes[at] != ':';
}

GPtrArray *
mp_header_list(const guint8 *bytes, gsize length, gboolean *odd_out)
{
    GPtrArray *headers = g_ptr_array_new_with_free_func((GDestroyNotify)mp_header_free);
    gsize at = 0;

    if (is_envelope_line(bytes, length))
        at = line_length(bytes, length);
    while (at < length) {
        gsize field = line_length(bytes + at, length - at);

        while (at + field < length && (bytes[at + field] == ' ' || bytes[at + field] == '\t'))
            field += line_length(bytes + at + field, length - at - field);
        add_field(headers, bytes + at, field, odd_out);
        at += field;
    }
    return headers;
}

const char *
mp_header_find(const GPtrArray *headers, const char *name)
{
    for (guint i = 0; i < headers->len; i++) {
        const MpHeader *header = g_ptr_array_index(headers, i);

        if (g_ascii_strcasecmp(header->name, name) == 0)
            return header->value;
    }
    return NULL;
}

char *
mp_header_decode(const char *value)
{
    g_autofree char *decoded = NULL;

    if (value == NULL)
        return NULL;
    if (strstr(value, "=?") == NULL)
        return mp_text_line(value);
    decoded = mp_word_decode(value);
    return mp_text_line(decoded);
}

void
mp_header_ids(const char *value, GPtrArray *ids)
{
    const char *at = value;

    while (at != NULL && (at = strchr(at, '<')) != NULL) {
        const char *end = strpbrk(at + 1, "<> \t");

        if (end != NULL && *end == '>' && end > at + 1) {
            g_autofree char *id = g_strndup(at + 1, (gsize)(end - at - 1));

            mp_text_add_once(ids, id);
        }
        at++;
    }
}

char *
mp_header_first_id(const char *value)
{
    g_autoptr(GPtrArray) ids = g_ptr_array_new_with_free_func(g_free);
    g_autofree char *plain = NULL;

    if (value == NULL)
        return NULL;
    mp_header_ids(value, ids);
    if (ids->len > 0)
        return g_strdup(g_ptr_array_index(ids, 0));
    plain = g_strstrip(g_strdelimit(g_strdup(value), "<>", ' '));
    return *plain != '\0' && strpbrk(plain, " \t") == NULL ? g_steal_pointer(&plain) : NULL;
}

gint64
mp_header_date(const char *value)
{
    g_autoptr(GDateTime) date = NULL;

    if (value == NULL)
        return 0;
    mp_mime_init();
    date = g_mime_utils_header_decode_date(value);
    return date != NULL ? g_date_time_to_unix(date) * G_USEC_PER_SEC : 0;
}

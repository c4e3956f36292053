/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "message/message-private.h"

/* Both functions here run beside the store, before any limit was held against the mail: a header
 * block of millions of fields must cost no list of millions. What is larger is quarantined later.
 */
enum { LISTED_BYTES = 1024 * 1024 };

/* The same mail delivered twice differs in Received, Delivered-To, flags and sometimes in line
 * ends; it is the same when these fields and the body are. */
static const char *const identity_fields[] = {"From", "To", "Date", "Subject", "Message-ID"};

static void
hash_body(MpHash *sum, const guint8 *bytes, gsize length)
{
    gsize from = 0;
    gsize at = 0;

    /* Empty lines at the end come and go with storage formats. */
    while (length > 0 && (bytes[length - 1] == '\n' || bytes[length - 1] == '\r'))
        length--;
    while (at < length) {
        const guint8 *end = memchr(bytes + at, '\n', length - at);

        if (end == NULL)
            break;
        at = (gsize)(end - bytes);
        if (at == 0 || bytes[at - 1] != '\r') {
            mp_hash_add(sum, bytes + from, at - from);
            mp_hash_add(sum, "\r\n", 2);
            from = at + 1;
        }
        at++;
    }
    if (length > from)
        mp_hash_add(sum, bytes + from, length - from);
}

char *
mp_message_content_hash(const guint8 *bytes, gsize length)
{
    MpHash *sum = mp_hash_new();
    g_autoptr(GPtrArray) headers = NULL;
    gsize body = 0;
    gsize block = mp_header_block(bytes, length, &body);

    headers = mp_header_list(bytes, MIN(block, LISTED_BYTES), NULL);
    for (gsize i = 0; i < G_N_ELEMENTS(identity_fields); i++) {
        for (guint j = 0; j < headers->len; j++) {
            const MpHeader *header = g_ptr_array_index(headers, j);
            g_autofree char *line = NULL;

            if (g_ascii_strcasecmp(header->name, identity_fields[i]) != 0)
                continue;
            line = g_strconcat(identity_fields[i], ": ", header->value, "\r\n", NULL);
            mp_hash_add(sum, line, strlen(line));
        }
    }
    /* Unlisted fields count as they stand, so that two mails stay two. */
    if (block > LISTED_BYTES)
        mp_hash_add(sum, bytes + LISTED_BYTES, block - LISTED_BYTES);
    mp_hash_add(sum, "\r\n", 2);
    hash_body(sum, bytes + body, length - body);
    return mp_hash_end_take(sum);
}

char *
mp_message_from_hint(const guint8 *bytes, gsize length)
{
    gsize body = 0;
    gsize block = mp_header_block(bytes, length, &body);
    g_autoptr(GPtrArray) headers = mp_header_list(bytes, MIN(block, LISTED_BYTES), NULL);

    for (guint i = 0; i < headers->len; i++) {
        const MpHeader *header = g_ptr_array_index(headers, i);
        const char *open = strrchr(header->value, '<');
        const char *close = open == NULL ? NULL : strchr(open, '>');
        g_autofree char *address = NULL;

        if (g_ascii_strcasecmp(header->name, "From") != 0)
            continue;
        address = close == NULL ? g_strdup(header->value)
                                : g_strndup(open + 1, (gsize)(close - open - 1));
        g_strstrip(address);
        return mp_text_is_plain_address(address) ? mp_text_lower_ascii(address) : NULL;
    }
    return NULL;
}

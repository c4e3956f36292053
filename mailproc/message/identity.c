/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "message/message-private.h"

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

    headers = mp_header_list(bytes, block, NULL);
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
    mp_hash_add(sum, "\r\n", 2);
    hash_body(sum, bytes + body, length - body);
    return mp_hash_end_take(sum);
}

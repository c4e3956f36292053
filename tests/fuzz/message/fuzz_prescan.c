/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "message/message-private.h"

/* Raw bytes to the pre-scan, the header reader, the address reader and the content hash. */

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    MpLimits limits = mp_limits_default();
    g_autoptr(GPtrArray) headers = NULL;
    g_autofree char *hash = mp_message_content_hash(data, size);
    g_autoptr(GError) error = NULL;
    gsize body = 0;

    if (mp_message_check_limits(data, size, &limits, &error) == (error != NULL))
        abort();
    headers = mp_header_list(data, mp_header_block(data, size, &body), NULL);
    for (guint i = 0; i < headers->len; i++) {
        const MpHeader *header = g_ptr_array_index(headers, i);
        g_autoptr(GPtrArray) addresses =
            g_ptr_array_new_with_free_func((GDestroyNotify)mp_address_free);
        g_autofree char *decoded = mp_header_decode(header->value);

        mp_address_list(header->value, addresses);
        if (body > size || !g_utf8_validate(decoded, -1, NULL))
            abort();
    }
    return strlen(hash) == 64 ? 0 : 1;
}

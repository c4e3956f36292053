/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "message/message-private.h"

/* HTML to visible text and tables. */

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    g_autofree char *html = mp_text_clean((const char *)data, (gssize)size);
    g_autoptr(GPtrArray) tables = g_ptr_array_new_with_free_func(g_free);
    gboolean hidden = FALSE;
    g_autofree char *text = mp_message_html_to_text(html, strlen(html), tables, &hidden);

    if (!g_utf8_validate(text, -1, NULL))
        abort();
    return 0;
}

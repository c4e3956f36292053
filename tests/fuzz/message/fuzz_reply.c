/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "message/message-private.h"

/* Text to reply text. A marked line never gets into what the person wrote. */

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    g_autofree char *text = mp_text_clean((const char *)data, (gssize)size);
    g_autofree char *reply = NULL;
    g_autofree char *rest = NULL;
    g_auto(GStrv) lines = NULL;

    mp_message_split_reply(text, &reply, &rest);
    lines = g_strsplit(reply, "\n", -1);
    for (guint i = 0; lines[i] != NULL; i++) {
        /* The first line lost its blanks. */
        if (i > 0 && mp_quote_is_marked(lines[i]))
            abort();
    }
    return 0;
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "message/message-private.h"

/* Whole mails: whatever comes in, the texts are valid UTF-8 and no list is missing. */

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    MpMessageOptions options = {.limits = mp_limits_default()};
    g_autoptr(GError) error = NULL;
    g_autoptr(MpMessage) message = mp_message_parse(data, size, &options, &error);

    if ((message == NULL) != (error != NULL))
        abort();
    if (message != NULL && (!g_utf8_validate(message->text, -1, NULL) ||
                            !g_utf8_validate(message->reply_text, -1, NULL)))
        abort();
    return 0;
}

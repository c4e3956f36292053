/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "message/message-private.h"

/* The fields of a delivery report, and the words beside them. */

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    MpMessageOptions options = {.limits = mp_limits_default()};
    g_autoptr(GString) mail = g_string_new(
        "From: MAILER-DAEMON@mx.example\nSubject: Undelivered Mail Returned to Sender\n"
        "Content-Type: multipart/report; report-type=delivery-status; boundary=b\n\n"
        "--b\nContent-Type: text/plain\n\n");
    g_autoptr(MpMessage) message = NULL;

    if (size == 0)
        return 0;
    g_string_append_len(mail, (const char *)data, (gssize)(size / 2));
    g_string_append(mail, "\n--b\nContent-Type: message/delivery-status\n\n");
    g_string_append_len(mail, (const char *)data + size / 2, (gssize)(size - size / 2));
    g_string_append(mail, "\n--b--\n");
    message = mp_message_parse((const guint8 *)mail->str, mail->len, &options, NULL);
    for (guint i = 0; message != NULL && i < message->bounced->len; i++) {
        const MpBounced *bounced = g_ptr_array_index(message->bounced, i);

        if (bounced->address == NULL)
            abort();
    }
    return 0;
}

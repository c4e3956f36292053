/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Codes in any text: each found one is 26 base32 characters, is found again when it is written as
 * our footer writes it, and there are never more than the bound. */

#include "trust/trust.h"

#define ALPHABET "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"

static GPtrArray *
find(const char *text)
{
    g_autoptr(MpMessage) message = mp_message_new();

    g_free(message->text);
    message->text = g_strdup(text);
    g_free(message->quoted_text);
    message->quoted_text = g_strdup("");
    return mp_trust_find_codes(message);
}

int
LLVMFuzzerTestOneInput(const guint8 *data, size_t size)
{
    g_autofree char *text = mp_text_clean((const char *)data, (gssize)size);
    g_autoptr(GPtrArray) codes = find(text);

    g_assert_cmpuint(codes->len, <=, 50);
    for (guint i = 0; i < codes->len; i++) {
        const char *code = g_ptr_array_index(codes, i);
        g_autofree char *grouped = mp_trust_group_code(code);
        g_autofree char *line = g_strconcat("Kode: ", grouped, NULL);
        g_autoptr(GPtrArray) again = find(line);

        g_assert(strlen(code) == 26 && strspn(code, ALPHABET) == 26);
        g_assert_cmpuint(again->len, ==, 1);
        g_assert_cmpstr(g_ptr_array_index(again, 0), ==, code);
    }
    return 0;
}

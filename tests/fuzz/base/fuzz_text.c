/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Text helpers on any bytes: results are valid UTF-8, cleaning twice is cleaning once, and after
 * masking no run of 16 digits is left. */

#include "base/base.h"

static gboolean
has_long_number(const char *text)
{
    guint digits = 0;

    for (; *text != '\0' && digits < 16; text++)
        digits = g_ascii_isdigit(*text) ? digits + 1 : 0;
    return digits >= 16;
}

int
LLVMFuzzerTestOneInput(const guint8 *data, size_t size)
{
    g_autofree char *clean = mp_text_clean((const char *)data, (gssize)size);
    g_autofree char *again = mp_text_clean(clean, -1);
    g_autofree char *line = mp_text_line(clean);
    g_autofree char *masked = mp_text_mask_all(clean);
    g_autofree char *domain = mp_text_domain(clean);

    g_assert(g_utf8_validate(clean, -1, NULL) && g_utf8_validate(masked, -1, NULL));
    g_assert_cmpstr(clean, ==, again);
    g_assert(strchr(line, '\n') == NULL && g_utf8_validate(line, -1, NULL));
    g_assert(!has_long_number(masked));
    g_assert(!mp_text_is_plain_address(clean) || (domain != NULL && mp_text_is_safe(clean)));
    return 0;
}

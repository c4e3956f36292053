/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Glyphs at any place, of any size, must give lines: every glyph but doubled ones is in the text.
 */

#include "document/document-private.h"

int
LLVMFuzzerTestOneInput(const guint8 *data, gsize size)
{
    g_autoptr(GArray) glyphs = g_array_new(FALSE, FALSE, sizeof(MpGlyph));
    g_autofree char *text = NULL;

    for (gsize i = 0; i + 5 <= size && glyphs->len < 4000; i += 5) {
        MpGlyph glyph = {.x0 = data[i] * 3.0,
                         .y0 = data[i + 1] * 4.0,
                         .x1 = data[i] * 3.0 + data[i + 2] / 8.0,
                         .y1 = data[i + 1] * 4.0 + data[i + 3] / 8.0,
                         .c = 'a' + data[i + 4] % 26,
                         .space_after = data[i + 4] > 200};

        g_array_append_val(glyphs, glyph);
    }
    text = mp_layout_text(glyphs);
    g_assert(g_utf8_validate(text, -1, NULL));
    g_assert((*text != '\0') == (glyphs->len > 0));
    return 0;
}

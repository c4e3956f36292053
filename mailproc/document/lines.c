/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Lines made fit for reading: over-long ones broken, broken values joined. */

#include "document/document-private.h"

#define MAX_LINE_BYTES 4096

/* "NIP. 19900412" at a line's end and "201502 2 999" at the next one's beginning. */
static gboolean
is_number_broken(const char *line, const char *next)
{
    MpLabel label = MP_LABEL_NONE;
    const char *at = NULL;
    const char *end = line;
    g_autofree char *joined = NULL;
    g_autofree char *digits = NULL;

    if (!g_ascii_isdigit(*next) || strchr(line, '\t') != NULL || strchr(next, '\t') != NULL)
        return FALSE;
    for (const char *p = line; (p = mp_text_find_number(p, &label)) != NULL; p = end) {
        g_autofree char *part = mp_number_cut(p, &end);

        at = p;
        if (end <= p || part == NULL || strlen(part) == 16 || strlen(part) == 18)
            return FALSE;
    }
    if (at == NULL || end[strspn(end, " \r")] != '\0')
        return FALSE;
    joined = g_strconcat(at, " ", next, NULL);
    digits = mp_number_cut(joined, NULL);
    return digits != NULL && (strlen(digits) == 16 || strlen(digits) == 18);
}

/* A line that opens with a colon goes on with the line above. What is left of the lines. */
guint
mp_lines_join(char **lines)
{
    guint all = g_strv_length(lines);
    guint n = 0;

    for (guint i = 0; i < all; i++) {
        const char *text = lines[i] + strspn(lines[i], " \t\r");

        if (n > 0 && ((*text == ':' && strchr(lines[n - 1], ':') == NULL &&
                       mp_label_parse(lines[n - 1]) != MP_LABEL_NONE) ||
                      is_number_broken(lines[n - 1], text))) {
            char *joined = g_strconcat(lines[n - 1], " ", text, NULL);

            g_free(lines[n - 1]);
            g_free(lines[i]);
            lines[n - 1] = joined;
        } else {
            lines[n++] = lines[i];
        }
    }
    for (guint i = n; i < all; i++)
        lines[i] = NULL;
    return n;
}

/* Some programs write a mail as one line. What looks back and forth in a line must not see more
 * than a few thousand bytes of it. */
char *
mp_lines_break(const char *text)
{
    GString *out = g_string_new(NULL);
    gsize length = 0;

    for (const char *p = text; *p != '\0'; p++) {
        length = *p == '\n' ? 0 : length + 1;
        if ((length > MAX_LINE_BYTES && *p == ' ') ||
            (length > 2 * MAX_LINE_BYTES && ((guchar)*p & 0xc0) != 0x80)) {
            g_string_append_c(out, '\n');
            length = 0;
        }
        g_string_append_c(out, *p);
    }
    return g_string_free(out, FALSE);
}

/* "Camat Mawar,", "a.n. Kepala Dinas Kesehatan": an office alone on its line signs. */
gboolean
mp_line_opens_signature(const char *line)
{
    g_autofree char *text = mp_text_line(line);
    gsize n = strlen(text);

    if (n > 70 || n < 4 || !mp_words_open(text, mp_words_head) || strchr(text, ':') != NULL)
        return FALSE;
    return text[n - 1] == ',' || g_ascii_strncasecmp(text, "a.n", 3) == 0;
}

/* "Email pemohon : …" is no formula, whatever words are in it. */
gboolean
mp_line_opens_with_field(const char *line)
{
    g_autoptr(GArray) fields = mp_text_find_fields(line);

    return fields->len > 0 && g_array_index(fields, MpField, 0).from <= 6;
}

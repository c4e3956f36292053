/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The gate in front of every builder call: GMime writes a CR or LF in a Message-ID or file name as
 * a new header line, so nothing reaches it that was not looked at here. */
#include "notify/notify-private.h"

#define ID_BYTES 250
#define FILENAME_CHARS 100
/* References grow with a thread; the first and the newest carry it. */
#define REFERENCES 20

gboolean
mp_notify_is_plain_id(const char *id)
{
    const char *at = id == NULL ? NULL : strchr(id, '@');

    if (at == NULL || at == id || at[1] == '\0' || strchr(at + 1, '@') != NULL ||
        strlen(id) > ID_BYTES || strstr(id, "=?") != NULL) /* no encoded words */
        return FALSE;
    for (const char *p = id; *p != '\0'; p++)
        if (p != at && !g_ascii_isalnum(*p) && strchr("!#$%&'*+-/=?^_`{|}~.[]:", *p) == NULL)
            return FALSE;
    return TRUE;
}

char *
mp_notify_plain_references(const char *references)
{
    g_auto(GStrv) words = g_strsplit_set(references == NULL ? "" : references, " \t\r\n", -1);
    g_autoptr(GPtrArray) ids = g_ptr_array_new();
    g_autoptr(GString) out = g_string_new(NULL);

    for (gsize i = 0; words[i] != NULL; i++) {
        gsize length = strlen(words[i]);

        if (length < 3 || words[i][0] != '<' || words[i][length - 1] != '>')
            continue;
        words[i][length - 1] = '\0';
        if (mp_notify_is_plain_id(words[i] + 1))
            g_ptr_array_add(ids, words[i] + 1);
    }
    for (guint i = 0; i < ids->len; i++)
        if (i == 0 || i + REFERENCES > ids->len)
            g_string_append_printf(
                out, "%s<%s>", out->len > 0 ? " " : "", (const char *)g_ptr_array_index(ids, i));
    return out->len == 0 ? NULL : g_string_free(g_steal_pointer(&out), FALSE);
}

char *
mp_notify_filename(const char *filename)
{
    g_autofree char *line = mp_text_line(filename == NULL ? "" : filename);
    const char *name = line;
    g_autoptr(GString) out = g_string_new(NULL);
    glong n = 0;

    for (const char *p = line; *p != '\0'; p++)
        if (*p == '/' || *p == '\\')
            name = p + 1;
    while (*name == '.' || *name == '-' || *name == ' ')
        name++;
    for (const char *p = name; *p != '\0' && n < FILENAME_CHARS; p = g_utf8_next_char(p), n++) {
        gunichar c = g_utf8_get_char(p);

        /* Quotes and percent signs need no trick of encoding to be read alike everywhere. */
        g_string_append_unichar(out, c < 0x80 && strchr("\"%<>|:*?;", (int)c) != NULL ? '_' : c);
    }
    if (out->len == 0)
        g_string_append(out, "lampiran");
    return g_string_free(g_steal_pointer(&out), FALSE);
}

static gboolean
is_token(const char *text)
{
    if (text[0] == '\0' || strlen(text) > 64)
        return FALSE;
    for (const char *p = text; *p != '\0'; p++)
        if (!g_ascii_isalnum(*p) && strchr("!#$&-^_.+", *p) == NULL)
            return FALSE;
    return TRUE;
}

void
mp_notify_plain_type(const char *type, char **major_out, char **minor_out)
{
    g_auto(GStrv) parts = g_strsplit(type == NULL ? "" : type, "/", -1);
    gboolean is_plain = g_strv_length(parts) == 2 && is_token(parts[0]) && is_token(parts[1]) &&
                        g_ascii_strcasecmp(parts[0], "multipart") != 0 &&
                        g_ascii_strcasecmp(parts[0], "message") != 0;

    *major_out = g_strdup(is_plain ? parts[0] : "application");
    *minor_out = g_strdup(is_plain ? parts[1] : "octet-stream");
}

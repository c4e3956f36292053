/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Folder names: what a configuration may call a folder, and how that goes over the wire. */

#include "ports/imap-private.h"

gboolean
mp_folder_check(const char *name, GError **error)
{
    const char *problem = NULL;

    if (name == NULL || *name == '\0')
        problem = "has no name";
    else if (!g_utf8_validate(name, -1, NULL))
        problem = "is not UTF-8";
    else if (!mp_text_is_safe(name) || strpbrk(name, "\"\\*%{}") != NULL)
        problem = "has a control character, quote, backslash, wildcard or brace in its name";
    else if (*name == '/' || g_str_has_suffix(name, "/") || strstr(name, "//") != NULL)
        problem = "has an empty level in its name";
    if (problem == NULL)
        return TRUE;
    g_autofree char *shown = name != NULL ? mp_text_clean(name, -1) : g_strdup("");
    g_autofree char *line = mp_text_line(shown);

    g_set_error(error, MP_ERROR, MP_ERROR_CONFIG, "folder '%s' %s", line, problem);
    return FALSE;
}

/* A run of characters beyond printable ASCII: UTF-16BE in base64 with `,` for `/`, no padding. */
static void
append_run(GString *out, const char *run, const char *end)
{
    glong units = 0;
    g_autofree gunichar2 *utf16 = g_utf8_to_utf16(run, end - run, NULL, &units, NULL);
    g_autofree guint8 *bytes = g_new(guint8, (gsize)units * 2);

    for (glong i = 0; i < units; i++) {
        bytes[2 * i] = (guint8)(utf16[i] >> 8);
        bytes[2 * i + 1] = (guint8)(utf16[i] & 0xff);
    }
    g_autofree char *base64 = g_base64_encode(bytes, (gsize)units * 2);

    g_strdelimit(base64, "/", ',');
    g_string_append_printf(out, "&%.*s-", (int)strcspn(base64, "="), base64);
}

static gboolean
is_direct(char c)
{
    return c >= 0x20 && c <= 0x7e;
}

char *
mp_imap_folder_encode(const char *name, char delimiter, const char *prefix)
{
    GString *out = g_string_new(NULL);

    if (g_ascii_strcasecmp(name, "INBOX") == 0)
        return g_string_free(g_string_append(out, "INBOX"), FALSE);
    while (*name != '\0') {
        const char *run = name;

        while (*name != '\0' && !is_direct(*name))
            name++;
        if (name > run)
            append_run(out, run, name);
        if (*name == '&')
            g_string_append(out, "&-");
        else if (*name != '\0')
            g_string_append_c(out, *name == '/' && delimiter != '\0' ? delimiter : *name);
        if (*name != '\0')
            name++;
    }
    if (!g_str_has_prefix(out->str, prefix))
        g_string_prepend(out, prefix);
    return g_string_free(out, FALSE);
}

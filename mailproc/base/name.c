/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/base.h"

/* What stands before a name in letters without belonging to it. */
static const char *const titles[] = {
    "sdr", "sdri", "saudara", "saudari", "bapak", "bpk", "pak",      "ibu",        "bu",
    "alm", "almh", "drs",     "dra",     "drg",   "dr",  "ir",       "prof",       "h",
    "hj",  "kh",   "kyai",    "a n",     "an",    "yth", "almarhum", "almarhumah", NULL};

static gboolean
drop_title(char **name)
{
    for (guint i = 0; titles[i] != NULL; i++) {
        gsize length = strlen(titles[i]);

        if (strncmp(*name, titles[i], length) == 0 && (*name)[length] == ' ') {
            *name += length + 1;
            return TRUE;
        }
    }
    return FALSE;
}

char *
mp_text_fold_name(const char *name)
{
    g_autofree char *valid = g_utf8_make_valid(name == NULL ? "" : name, -1);
    g_autofree char *plain = NULL, *folded = NULL;
    g_autoptr(GString) letters = g_string_new(NULL);
    gboolean is_gap = FALSE;
    char *start;

    valid[strcspn(valid, ",")] = '\0';
    plain = g_utf8_normalize(valid, -1, G_NORMALIZE_ALL);
    folded = g_utf8_casefold(plain, -1);
    for (const char *p = folded; *p != '\0'; p = g_utf8_next_char(p)) {
        gunichar c = g_utf8_get_char(p);

        if (g_unichar_ismark(c))
            continue;
        if (!g_unichar_isalpha(c) && c != '\'') {
            is_gap = letters->len > 0;
            continue;
        }
        if (is_gap)
            g_string_append_c(letters, ' ');
        is_gap = FALSE;
        g_string_append_unichar(letters, c);
    }
    start = letters->str;
    while (drop_title(&start)) {
    }
    return g_strdup(start);
}

/* The letters after the first comma of a name, or NULL. */
static char *
degrees_of(const char *name)
{
    const char *comma = name == NULL ? NULL : strchr(name, ',');
    g_autofree char *folded = comma == NULL ? NULL : g_utf8_casefold(comma, -1);
    g_autoptr(GString) letters = g_string_new(NULL);

    for (const char *c = folded; c != NULL && *c != '\0'; c = g_utf8_next_char(c))
        if (g_unichar_isalpha(g_utf8_get_char(c)))
            g_string_append_unichar(letters, g_utf8_get_char(c));
    return letters->len == 0 ? NULL : g_strdup(letters->str);
}

gboolean
mp_text_has_other_degrees(const char *a, const char *b)
{
    g_autofree char *x = degrees_of(a);
    g_autofree char *y = degrees_of(b);

    return x != NULL && y != NULL && strcmp(x, y) != 0;
}

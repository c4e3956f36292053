/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "message/message-private.h"

/* --- format=flowed ---------------------------------------------------------------------------- */

static guint
take_depth(const char **line)
{
    guint depth = 0;

    while (**line == '>') {
        depth++;
        (*line)++;
    }
    if (**line == ' ')
        (*line)++; /* space-stuffing */
    return depth;
}

static void
open_line(GString *out, guint depth)
{
    for (guint i = 0; i < depth; i++)
        g_string_append_c(out, '>');
    if (depth > 0)
        g_string_append_c(out, ' ');
}

char *
mp_text_unflow(const char *text, gboolean delsp)
{
    g_auto(GStrv) lines = g_strsplit(text, "\n", -1);
    GString *out = g_string_sized_new(strlen(text) + 1);
    gboolean is_flowing = FALSE;
    guint last_depth = 0;

    for (guint i = 0; lines[i] != NULL; i++) {
        const char *line = lines[i];
        gsize length = strlen(lines[i]);
        guint depth;
        gboolean is_signature;

        if (length > 0 && line[length - 1] == '\r')
            lines[i][--length] = '\0';
        depth = take_depth(&line);
        is_signature = strcmp(line, "-- ") == 0;
        if (!is_flowing || depth != last_depth || is_signature) {
            if (i > 0)
                g_string_append_c(out, '\n');
            open_line(out, depth);
        }
        g_string_append(out, line);
        is_flowing = !is_signature && g_str_has_suffix(line, " ");
        if (is_flowing && delsp)
            g_string_truncate(out, out->len - 1);
        last_depth = depth;
    }
    return g_string_free(out, FALSE);
}

/* --- tidy ------------------------------------------------------------------------------------- */

static void
append_unix_lines(GString *out, const char *text)
{
    for (const char *at = text; *at != '\0'; at++) {
        if (*at == '\r') {
            if (at[1] != '\n')
                g_string_append_c(out, '\n');
        } else {
            g_string_append_c(out, *at);
        }
    }
}

char *
mp_text_tidy(const char *text, gint64 limit, gboolean *cut_out)
{
    g_autoptr(GString) raw = g_string_sized_new(strlen(text) + 1);
    g_autofree char *clean = NULL;
    g_auto(GStrv) lines = NULL;
    GString *out;
    guint blank = 0;

    append_unix_lines(raw, text);
    clean = mp_text_clean(raw->str, (gssize)raw->len);
    if ((gint64)strlen(clean) > limit && g_utf8_strlen(clean, -1) > limit) {
        *g_utf8_offset_to_pointer(clean, limit) = '\0';
        *cut_out = TRUE;
    }
    lines = g_strsplit(clean, "\n", -1);
    out = g_string_sized_new(strlen(clean) + 1);
    for (guint i = 0; lines[i] != NULL; i++) {
        gboolean is_signature = strcmp(lines[i], "-- ") == 0;

        if (!is_signature)
            g_strchomp(lines[i]);
        blank = *lines[i] == '\0' ? blank + 1 : 0;
        if (blank > 2 || (blank > 0 && out->len == 0))
            continue;
        g_string_append(out, lines[i]);
        g_string_append_c(out, '\n');
    }
    while (out->len > 0 && out->str[out->len - 1] == '\n')
        g_string_truncate(out, out->len - 1);
    return g_string_free(out, FALSE);
}

/* --- comparing -------------------------------------------------------------------------------- */

static void
add_word(GHashTable *words, GString *word)
{
    if (word->len > 0 && !g_hash_table_contains(words, word->str))
        g_hash_table_add(words, g_strdup(word->str));
    g_string_truncate(word, 0);
}

/* Runs of letters and digits in lower case, as a set. */
static GHashTable *
word_set(const char *text)
{
    GHashTable *words = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    g_autoptr(GString) word = g_string_new(NULL);

    for (const char *at = text; *at != '\0'; at = g_utf8_next_char(at)) {
        gunichar c;

        if ((guchar)*at < 0x80) {
            if (g_ascii_isalnum(*at))
                g_string_append_c(word, g_ascii_tolower(*at));
            else
                add_word(words, word);
            continue;
        }
        c = g_utf8_get_char(at);
        if (g_unichar_isalnum(c))
            g_string_append_unichar(word, g_unichar_tolower(c));
        else
            add_word(words, word);
    }
    add_word(words, word);
    return words;
}

guint
mp_text_words_missing(const char *text, const char *from, guint *words_out)
{
    g_autoptr(GHashTable) words = word_set(text);
    g_autoptr(GHashTable) known = word_set(from);
    GHashTableIter iter;
    gpointer word;
    guint missing = 0;

    g_hash_table_iter_init(&iter, words);
    while (g_hash_table_iter_next(&iter, &word, NULL))
        missing += !g_hash_table_contains(known, word);
    *words_out = g_hash_table_size(words);
    return missing;
}

/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Words held against the lists of labels.c. */

#include "document/document-private.h"

#define MAX_LABEL_WORDS 6
#define MAX_LABEL_CHARS 48

/* Nearly every line, at a tenth of the cost. */
static char *
fold_ascii(const char *text, gsize length)
{
    char *fold = g_malloc(length + 1);
    char *out = fold;
    gboolean want_blank = FALSE;

    for (; *text != '\0'; text++) {
        if (g_ascii_isspace(*text)) {
            want_blank = out > fold;
            continue;
        }
        if (want_blank)
            *out++ = ' ';
        want_blank = FALSE;
        *out++ = g_ascii_tolower(*text);
    }
    *out = '\0';
    return fold;
}

static char *
fold_unicode(const char *text)
{
    /* A text that was cut may end inside a character, and GLib would read on behind it. */
    g_autofree char *whole = g_utf8_make_valid(text, -1);
    g_autofree char *lower = g_utf8_strdown(whole, -1);
    g_autoptr(GString) out = g_string_new(NULL);
    gboolean want_blank = FALSE;

    for (const char *p = lower; *p != '\0'; p = g_utf8_next_char(p)) {
        gunichar c = g_utf8_get_char(p);

        if (g_unichar_isspace(c) || c == 0xa0) {
            want_blank = out->len > 0;
            continue;
        }
        if (want_blank)
            g_string_append_c(out, ' ');
        want_blank = FALSE;
        g_string_append_unichar(out, c);
    }
    return g_string_free(g_steal_pointer(&out), FALSE);
}

char *
mp_words_fold(const char *text)
{
    gsize length = 0;

    while (text[length] != '\0' && (guchar)text[length] < 0x80)
        length++;
    return text[length] == '\0' ? fold_ascii(text, length) : fold_unicode(text);
}

static gboolean
is_word_byte(char c)
{
    return g_ascii_isalnum(c) || (guchar)c >= 0x80;
}

static gboolean
is_border(const char *text, const char *at, const char *phrase)
{
    const char *end = at + strlen(phrase);

    return (at == text || !is_word_byte(at[-1])) && (!is_word_byte(*end) || !is_word_byte(end[-1]));
}

static const char *
find_phrase(const char *fold, const char *phrase)
{
    for (const char *at = fold; (at = strstr(at, phrase)) != NULL; at++) {
        if (is_border(fold, at, phrase))
            return at;
    }
    return NULL;
}

gboolean
mp_words_open(const char *line, const char *const *phrases)
{
    g_autofree char *fold = mp_words_fold(line);

    for (; *phrases != NULL; phrases++) {
        if (g_str_has_prefix(fold, *phrases) && is_border(fold, fold, *phrases))
            return TRUE;
    }
    return FALSE;
}

gboolean
mp_words_in(const char *line, const char *const *phrases)
{
    g_autofree char *fold = mp_words_fold(line);

    for (; *phrases != NULL; phrases++) {
        if (find_phrase(fold, *phrases) != NULL)
            return TRUE;
    }
    return FALSE;
}

/* Label words only: no numbering, no "(KTP)", no punctuation. */
static char *
label_core(const char *text)
{
    g_autofree char *fold = mp_words_fold(text);
    g_autoptr(GString) out = g_string_new(NULL);
    const char *p = fold;
    guint depth = 0;

    if (g_ascii_isdigit(*p) ||
        (g_ascii_isalpha(*p) && (p[1] == '.' || p[1] == ')') && p[2] == ' ')) {
        while (g_ascii_isalnum(*p))
            p++;
        p += *p == '.' || *p == ')';
    }
    for (; *p != '\0'; p++) {
        depth += *p == '(';
        if (depth == 0 && is_word_byte(*p))
            g_string_append_c(out, *p);
        else if (depth == 0 && out->len > 0 && out->str[out->len - 1] != ' ')
            g_string_append_c(out, ' ');
        depth -= *p == ')' && depth > 0;
    }
    while (out->len > 0 && out->str[out->len - 1] == ' ')
        g_string_truncate(out, out->len - 1);
    return g_string_free(g_steal_pointer(&out), FALSE);
}

MpLabel
mp_label_parse(const char *text)
{
    g_autofree char *core = NULL;
    guint words = 1;

    if (text == NULL || strlen(text) > MAX_LABEL_CHARS)
        return MP_LABEL_NONE;
    core = label_core(text);
    if (*core == '\0')
        return MP_LABEL_NONE;
    for (const char *p = core; *p != '\0'; p++)
        words += *p == ' ';
    if (words > MAX_LABEL_WORDS)
        return MP_LABEL_NONE;
    if (g_str_equal(core, "no") || g_str_equal(core, "nomor"))
        return MP_LABEL_ROW;
    /* "Nama / NIP" opens with the name, and its value too. */
    if (g_str_has_prefix(core, "nama") && core[4] == ' ' &&
        (find_phrase(core, "nip") != NULL || find_phrase(core, "nik") != NULL) &&
        find_phrase(core, "atasan") == NULL)
        return MP_LABEL_NAME;
    for (gsize i = 0; mp_label_words[i].words != NULL; i++) {
        if (find_phrase(core, mp_label_words[i].words) != NULL)
            return mp_label_words[i].label;
    }
    return MP_LABEL_NONE;
}

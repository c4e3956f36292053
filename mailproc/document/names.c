/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Names, identity numbers and addresses cut out of text. A name is known by what it is not: no
 * digits, no office words, one to eight words, degrees behind a comma. */

#include "document/document-private.h"

#define MAX_NAME_WORDS 8
#define MIN_NUMBER_DIGITS 8

static gboolean
is_listed(const char *const *words, const char *word)
{
    return g_strv_contains(words, word);
}

/* Letters of a word, folded: "S.Kom.," → "skom". */
static char *
bare(const char *word, gsize n)
{
    g_autofree char *raw = g_strndup(word, n);
    g_autofree char *fold = g_utf8_strdown(raw, -1);
    g_autoptr(GString) out = g_string_new(NULL);

    for (const char *p = fold; *p != '\0'; p = g_utf8_next_char(p)) {
        if (g_unichar_isalpha(g_utf8_get_char(p)))
            g_string_append_unichar(out, g_utf8_get_char(p));
    }
    return g_string_free(g_steal_pointer(&out), FALSE);
}

/* "S.Kom.", "M.M.", "SE", "Sp.A": behind a comma these belong to the name. */
static gboolean
is_degree(const char *word, gsize n)
{
    g_autofree char *letters = bare(word, n);
    guint capitals = 0;

    if (n == 0 || n > 14 || *letters == '\0')
        return FALSE;
    if (is_listed(mp_words_degrees, letters))
        return TRUE;
    for (gsize i = 0; i < n; i++) {
        if (g_ascii_isdigit(word[i]) || strchr("@/:", word[i]) != NULL)
            return FALSE;
        capitals += g_ascii_isupper(word[i]) != 0;
    }
    if (word[n - 1] == '.' && g_ascii_isupper(*word) && strlen(letters) <= 4)
        return TRUE; /* "Lc.", "Gr." */
    return memchr(word, '.', n - 1) != NULL && capitals >= 1 && strlen(letters) <= 8;
}

char *
mp_name_key(const char *name)
{
    g_auto(GStrv) words = g_strsplit_set(name != NULL ? name : "", " \t\n", -1);
    g_autoptr(GString) key = g_string_new(NULL);

    for (guint i = 0; words[i] != NULL; i++) {
        gboolean ends = strchr(words[i], ',') != NULL;
        g_autofree char *letters = bare(words[i], strlen(words[i]));

        if (*letters != '\0' && strchr(words[i], '.') == NULL &&
            !is_listed(mp_words_degrees, letters)) {
            if (key->len > 0)
                g_string_append_c(key, ' ');
            g_string_append(key, letters);
        }
        if (ends && key->len > 0)
            break;
    }
    return g_string_free(g_steal_pointer(&key), FALSE);
}

gboolean
mp_name_is_plausible(const char *text)
{
    g_autofree char *key = mp_name_key(text);
    g_auto(GStrv) words = g_strsplit(key, " ", -1);
    g_auto(GStrv) raw = g_strsplit_set(text, " ,.()", -1);

    if (strpbrk(text, "0123456789@:;?!<>=/") != NULL || strlen(key) < 3 ||
        g_strv_length(words) > MAX_NAME_WORDS)
        return FALSE;
    for (guint i = 0; raw[i] != NULL; i++) {
        g_autofree char *fold = g_utf8_strdown(raw[i], -1);

        if (is_listed(mp_words_not_name, fold))
            return FALSE;
    }
    return TRUE;
}

/* List numbers, bullets and salutations before a name. */
static const char *
skip_salutation(const char *p)
{
    static const char *const words[] = {
        "sdr.",     "sdri.",      "sdr",  "sdri", "saudara", "saudari",   "bapak",     "ibu",
        "bpk.",     "bpk",        "pak",  "bu",   "alm.",    "almh.",     "alm",       "almh",
        "almarhum", "almarhumah", "yth.", "a.n.", "an.",     "atas nama", "saudara/i", "bapak/ibu",
        "tn.",      "ny.",        "an",   "a.n",  NULL};
    gboolean again = TRUE;

    while (*p != '\0' && (g_ascii_isspace(*p) || strchr("-*:,(\"'", *p) != NULL))
        p++;
    if (g_ascii_isdigit(*p)) {
        const char *q = p;

        while (g_ascii_isdigit(*q))
            q++;
        if (*q != '\0' && strchr(".)\t ;,", *q) != NULL && q - p <= 3)
            p = q + 1;
    }
    while (again) {
        again = FALSE;
        while (g_ascii_isspace(*p) || *p == '.' || g_str_has_prefix(p, "\xe2\x80\xa2"))
            p += *p == '\xe2' ? 3 : 1;
        for (guint i = 0; words[i] != NULL && !again; i++) {
            gsize n = strlen(words[i]);

            if (g_ascii_strncasecmp(p, words[i], n) == 0 && (p[n] == ' ' || p[n] == '\t')) {
                p += n;
                again = TRUE;
            }
        }
    }
    return p;
}

static gsize
word_length(const char *p)
{
    gsize n = 0;

    while (p[n] != '\0' && !g_ascii_isspace(p[n]) && strchr(",;:()|\"<>?!", p[n]) == NULL &&
           !g_str_has_prefix(p + n, "\xe2\x80\x93") && !g_str_has_prefix(p + n, "\xe2\x80\x94"))
        n++;
    return n;
}

/* TRUE when the word may go on a name: letters, no digits, no office word. */
static gboolean
is_name_word(const char *word, gsize n)
{
    g_autofree char *raw = g_strndup(word, n);
    g_autofree char *fold = g_utf8_strdown(raw, -1);

    if (!g_unichar_isalpha(g_utf8_get_char(word)))
        return FALSE;
    for (gsize i = 0; i < n; i++) {
        if (g_ascii_isdigit(word[i]) || strchr("@/=&?!*#", word[i]) != NULL)
            return FALSE;
    }
    g_strchomp(fold);
    while (*fold != '\0' && fold[strlen(fold) - 1] == '.')
        fold[strlen(fold) - 1] = '\0';
    return !is_listed(mp_words_not_name, fold);
}

char *
mp_name_cut(const char *text)
{
    const char *from = skip_salutation(text);
    const char *p = from;
    const char *end = from;
    gboolean in_degrees = FALSE;

    for (guint words = 0; words < 2 * MAX_NAME_WORDS; words++) {
        gsize n = word_length(p);

        if (n == 0 || !is_name_word(p, n) || (in_degrees && !is_degree(p, n)))
            break;
        end = p + n;
        p = end;
        /* A sentence goes on behind a full stop that ends no degree or initial. */
        if (end[-1] == '.' && n > 5 && !is_degree(p - n, n)) {
            end--;
            break;
        }
        while (*p == ' ' || *p == '\t' || *p == ',') {
            in_degrees = in_degrees || *p == ',';
            if (p[0] == ' ' && p[1] == ' ' && p[2] == ' ')
                break;
            p++;
        }
    }
    {
        g_autofree char *raw = g_strndup(from, (gsize)(end - from));
        g_autofree char *name = mp_text_line(raw);
        g_autofree char *key = mp_name_key(name);

        if (strlen(key) < 3)
            return NULL;
        return g_steal_pointer(&name);
    }
}

/* TRUE when a blank behind `have` digits ends the number: a whole NIP, or a whole NIK that the next
 * group would not make a NIP. */
static gboolean
is_whole(const char *blank, gsize have)
{
    gsize run = 0;

    while (*blank == ' ')
        blank++;
    while (g_ascii_isdigit(blank[run]))
        run++;
    return have == 18 || (have == 16 && have + run != 18);
}

char *
mp_number_cut(const char *text, const char **end_out)
{
    g_autoptr(GString) digits = g_string_new(NULL);
    const char *p = text;
    const char *end = text;

    /* "C.19731023 …", "Nip. ", "'1990…" */
    for (guint i = 0; i < 12 && *p != '\0' && !g_ascii_isdigit(*p); i++)
        p++;
    for (; *p != '\0'; p++) {
        if (g_ascii_isdigit(*p)) {
            g_string_append_c(digits, *p);
            end = p + 1;
        } else if (g_str_has_prefix(p, "\xc2\xa0")) {
            p++;
        } else if (g_ascii_isalpha(*p) && digits->len > 0 && g_ascii_isdigit(p[1]) &&
                   g_ascii_isdigit(p[-1])) {
            continue; /* O for 0, l for 1: the digit is lost, the rest is kept */
        } else if (strchr(" .-", *p) == NULL) {
            break;
        } else if (*p == ' ' && is_whole(p, digits->len)) {
            break;
        }
        if (digits->len > 40)
            break;
    }
    if (end_out != NULL)
        *end_out = end;
    if (digits->len < MIN_NUMBER_DIGITS || digits->len > 24)
        return NULL;
    return g_string_free(g_steal_pointer(&digits), FALSE);
}

static gboolean
is_local_char(char c)
{
    return g_ascii_isalnum(c) || strchr("._%+-", c) != NULL;
}

char *
mp_email_cut(const char *text)
{
    for (const char *at = strchr(text, '@'); at != NULL; at = strchr(at + 1, '@')) {
        const char *from = at;
        const char *to = at + 1;
        g_autofree char *raw = NULL;
        g_autofree char *lower = NULL;

        while (from > text && is_local_char(from[-1]))
            from--;
        while (g_ascii_isalnum(*to) || *to == '.' || *to == '-')
            to++;
        while (to > at && (to[-1] == '.' || to[-1] == '-'))
            to--;
        raw = g_strndup(from, (gsize)(to - from));
        lower = mp_text_lower_ascii(raw);
        if (mp_text_is_plain_address(lower))
            return g_steal_pointer(&lower);
    }
    return NULL;
}

/* A part with a word in small letters is running text; names have only short ones ("bin", "al"). */
static gboolean
is_running_text(const char *lead)
{
    g_auto(GStrv) words = g_strsplit_set(lead, " \t,.()", -1);

    for (guint i = 0; words[i] != NULL; i++)
        if (g_unichar_islower(g_utf8_get_char(words[i])) && g_utf8_strlen(words[i], -1) >= 4)
            return TRUE;
    return FALSE;
}

char *
mp_name_in_lead(const char *lead)
{
    const char *before = mp_text_behind_name_word(lead);
    g_autofree char *last =
        before == NULL && is_running_text(lead) ? mp_text_name_at_end(lead) : NULL;
    char *name;

    if (last != NULL)
        return g_steal_pointer(&last);
    name = mp_name_of(before != NULL ? before : lead);
    return name != NULL ? name : mp_text_name_at_end(lead);
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/base.h"

/* Characters that show nothing or reorder what is shown: C0/C1 but \n and \t, bidi controls,
 * line and paragraph separators, zero-width marks, the BOM. */
static gboolean
is_hidden(gunichar c)
{
    if (c < 0x20)
        return c != '\n' && c != '\t';
    return (c >= 0x7f && c <= 0x9f) || c == 0x200b || c == 0x200e || c == 0x200f || c == 0x061c ||
           (c >= 0x2028 && c <= 0x202e) || (c >= 0x2066 && c <= 0x2069) || c == 0xfeff;
}

/* ASCII that is shown as it is: nearly all of every text, and copied in runs. */
static gboolean
is_plain(char c)
{
    return (c >= 0x20 && c < 0x7f) || c == '\n' || c == '\t';
}

static void
append_clean(GString *out, const char *p, const char *end)
{
    while (p < end) {
        const char *from = p;
        gunichar c;

        while (p < end && is_plain(*p))
            p++;
        g_string_append_len(out, from, p - from);
        if (p == end)
            return;
        from = p;
        c = g_utf8_get_char(p);
        p = g_utf8_next_char(p);
        if (c == 0x2028 || c == 0x2029)
            g_string_append_c(out, ' ');
        else if (!is_hidden(c))
            g_string_append_len(out, from, p - from);
    }
}

char *
mp_text_clean(const char *text, gssize length)
{
    g_autofree char *mended = NULL;
    GString *out;

    if (text == NULL)
        return NULL;
    if (length < 0)
        length = (gssize)strlen(text);
    if (!g_utf8_validate_len(text, (gsize)length, NULL)) {
        text = mended = g_utf8_make_valid(text, length);
        length = (gssize)strlen(text);
    }
    out = g_string_sized_new((gsize)length);
    append_clean(out, text, text + length);
    return g_string_free(out, FALSE);
}

char *
mp_text_line(const char *text)
{
    char *line = mp_text_clean(text, -1);
    char *out = line;
    gboolean is_gap = FALSE;

    /* In place: what is written is never longer than what was read. */
    for (const char *p = line, *next; p != NULL && *p != '\0'; p = next) {
        next = g_utf8_next_char(p);
        if ((guchar)*p < 0x80 ? g_ascii_isspace(*p) : g_unichar_isspace(g_utf8_get_char(p))) {
            is_gap = out > line;
            continue;
        }
        if (is_gap)
            *out++ = ' ';
        is_gap = FALSE;
        while (p < next)
            *out++ = *p++;
    }
    if (out != NULL)
        *out = '\0';
    return line;
}

enum { FILE_NAME_BYTES = 120, FILE_ENDING_BYTES = 16 };

/* Too long: the ending says what it is, so the middle goes. */
static char *
cut_middle(const char *name)
{
    const char *dot = strrchr(name, '.');
    gsize tail = dot != NULL && strlen(dot) <= FILE_ENDING_BYTES ? strlen(dot) : 0;
    gsize head = FILE_NAME_BYTES - tail;

    while (head > 0 && ((guchar)name[head] & 0xc0) == 0x80)
        head--;
    return g_strdup_printf("%.*s%s", (int)head, name, tail > 0 ? dot : "");
}

char *
mp_text_file_name(const char *path)
{
    g_autofree char *line = mp_text_line(path);
    const char *last = line;

    for (gsize n = strlen(line); n > 0 && strchr("/\\ ", line[n - 1]) != NULL; n--)
        line[n - 1] = '\0';
    for (const char *at = line; *at != '\0'; at++) {
        if (*at == '/' || *at == '\\')
            last = at + 1;
    }
    while (*last == '.' || *last == '-' || *last == ' ')
        last++;
    if (*last == '\0')
        return NULL;
    return strlen(last) <= FILE_NAME_BYTES ? g_strdup(last) : cut_middle(last);
}

gboolean
mp_text_is_safe(const char *text)
{
    g_return_val_if_fail(text != NULL, FALSE);
    for (const guchar *p = (const guchar *)text; *p != '\0'; p++)
        if (*p < 0x20 || *p == 0x7f)
            return FALSE;
    return TRUE;
}

char *
mp_text_digits(const char *text)
{
    GString *out = g_string_new(NULL);

    for (const char *p = text; p != NULL && *p != '\0'; p++)
        if (g_ascii_isdigit(*p))
            g_string_append_c(out, *p);
    return g_string_free(out, FALSE);
}

char *
mp_text_mask(const char *number)
{
    gsize length = number == NULL ? 0 : strlen(number);
    GString *out;

    if (number == NULL)
        return NULL;
    out = g_string_new(NULL);
    for (gsize i = 0; i < length; i++) {
        if (length > 4 && i >= length - 4)
            g_string_append_c(out, number[i]);
        else if ((number[i] & 0xc0) != 0x80)
            g_string_append(out, "•");
    }
    return g_string_free(out, FALSE);
}

enum { NUMBER_DIGITS = 14, LONG_DIGITS = 16, MOST_DIGITS = 20, GAP = 3 };

/* Length of the run at `p` that may hold identity numbers: digits with at most three blanks, dots
 * or dashes between them. */
static gsize
number_run(const char *p)
{
    gsize end = 0;

    for (gsize i = 0; p[i] != '\0' && i < end + 1 + GAP; i++) {
        if (g_ascii_isdigit(p[i]))
            end = i + 1;
        else if (strchr(" .-", p[i]) == NULL)
            break;
    }
    return end;
}

/* A piece without a long group of digits: short ones are dates or phones and stay, middle ones are
 * one number, longer ones are several, and none of their digits is safe to show. */
static void
append_loose(GString *out, const char *p, gsize length)
{
    g_autofree char *piece = g_strndup(p, length);
    g_autofree char *number = mp_text_digits(piece);
    g_autofree char *masked = mp_text_mask(number);
    gsize digits = strlen(number), first = 0, last = length;

    while (first < length && !g_ascii_isdigit(p[first]))
        first++;
    while (last > 0 && !g_ascii_isdigit(p[last - 1]))
        last--;
    if (digits >= NUMBER_DIGITS && digits <= MOST_DIGITS) {
        g_string_append_len(out, p, (gssize)first);
        g_string_append(out, masked);
        g_string_append_len(out, p + last, (gssize)(length - last));
        return;
    }
    for (gsize i = 0; i < length; i++) {
        if (digits > MOST_DIGITS && g_ascii_isdigit(p[i]))
            g_string_append(out, "•");
        else
            g_string_append_c(out, p[i]);
    }
}

/* A run is cut at its groups of 16 digits and more: each is a number of its own, so that neither a
 * date before it nor the next number hides it. */
static void
append_run(GString *out, const char *p, gsize length)
{
    gsize loose = 0, group = 0;

    for (gsize i = 0; i <= length; i++) {
        if (i < length && g_ascii_isdigit(p[i])) {
            group++;
            continue;
        }
        if (group >= LONG_DIGITS) {
            g_autofree char *number = g_strndup(p + i - group, group);
            g_autofree char *masked = mp_text_mask(number);

            append_loose(out, p + loose, i - group - loose);
            g_string_append(out, masked);
            loose = i;
        }
        group = 0;
    }
    append_loose(out, p + loose, length - loose);
}

char *
mp_text_mask_all(const char *text)
{
    GString *out;

    if (text == NULL)
        return NULL;
    out = g_string_sized_new(strlen(text));
    for (const char *p = text; *p != '\0';) {
        gsize run = g_ascii_isdigit(*p) ? number_run(p) : 0;

        if (run == 0) {
            g_string_append_c(out, *p++);
            continue;
        }
        append_run(out, p, run);
        p += run;
    }
    return g_string_free(out, FALSE);
}

char *
mp_text_lower_ascii(const char *text)
{
    return text == NULL ? NULL : g_ascii_strdown(text, -1);
}

static gboolean
is_plain_domain(const char *domain)
{
    gsize label = 0;
    gboolean has_dot = FALSE;

    if (strcmp(domain, "localhost") == 0)
        return TRUE;
    for (const char *p = domain; *p != '\0'; p++) {
        if (*p == '.') {
            if (label == 0 || p[-1] == '-' || p[1] == '\0')
                return FALSE;
            has_dot = TRUE;
            label = 0;
        } else if (g_ascii_isalnum(*p) || (*p == '-' && label > 0)) {
            if (++label > 63)
                return FALSE;
        } else {
            return FALSE;
        }
    }
    return has_dot && label > 0 && domain[strlen(domain) - 1] != '-';
}

gboolean
mp_text_is_plain_address(const char *address)
{
    const char *at = address == NULL ? NULL : strchr(address, '@');

    if (at == NULL || at == address || strlen(address) > 254 || at - address > 64)
        return FALSE;
    for (const char *p = address; p < at; p++) {
        if (*p == '.' ? (p == address || p[1] == '.' || p + 1 == at)
                      : (!g_ascii_isalnum(*p) && strchr("!#$%&'*+-/=?^_`{|}~", *p) == NULL))
            return FALSE;
    }
    return is_plain_domain(at + 1);
}

char *
mp_text_domain(const char *address)
{
    const char *at = address == NULL ? NULL : strrchr(address, '@');

    return at == NULL || at[1] == '\0' ? NULL : g_ascii_strdown(at + 1, -1);
}

gboolean
mp_text_domain_in(const char *domain, const char *const *domains)
{
    gsize length = domain == NULL ? 0 : strlen(domain);

    for (guint i = 0; domain != NULL && domains != NULL && domains[i] != NULL; i++) {
        gsize other = strlen(domains[i]);

        if (other == 0 || length < other ||
            g_ascii_strcasecmp(domain + length - other, domains[i]) != 0)
            continue;
        if (length == other || domain[length - other - 1] == '.')
            return TRUE;
    }
    return FALSE;
}

guint
mp_text_distance(const char *a, const char *b, guint limit)
{
    gsize n = strlen(a), m = strlen(b);
    g_autofree guint *row = NULL;

    if (n > m + limit || m > n + limit)
        return limit + 1;
    row = g_new(guint, m + 1);
    for (gsize j = 0; j <= m; j++)
        row[j] = (guint)j;
    for (gsize i = 1; i <= n; i++) {
        guint diagonal = row[0];

        row[0] = (guint)i;
        for (gsize j = 1; j <= m; j++) {
            guint change = diagonal + (a[i - 1] != b[j - 1]);

            diagonal = row[j];
            row[j] = MIN(change, MIN(row[j], row[j - 1]) + 1);
        }
    }
    return MIN(row[m], limit + 1);
}

const char *
mp_text_nearest(const char *word, const char *const *words, guint limit)
{
    const char *best = NULL;
    guint best_distance = limit + 1;

    for (guint i = 0; words != NULL && words[i] != NULL; i++) {
        guint distance = mp_text_distance(word, words[i], limit);

        if (distance < best_distance) {
            best = words[i];
            best_distance = distance;
        }
    }
    return best;
}

void
mp_text_add_once(GPtrArray *strings, const char *text)
{
    for (guint i = 0; i < strings->len; i++)
        if (strcmp(g_ptr_array_index(strings, i), text) == 0)
            return;
    g_ptr_array_add(strings, g_strdup(text));
}

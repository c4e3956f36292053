/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Days as officials type them. What is not plain beyond doubt is asked back, never guessed: a year
 * of two digits, a shortened month, a day without a year. */

#include "case/command-private.h"

static const char *const months[] = {"januari",
                                     "februari",
                                     "maret",
                                     "april",
                                     "mei",
                                     "juni",
                                     "juli",
                                     "agustus",
                                     "september",
                                     "oktober",
                                     "november",
                                     "desember"};
/* First letters of months in use, also of shortened, misspelt and English ones. */
static const char *const month_like[] = {"jan", "feb", "peb", "mar", "apr", "mei", "may",
                                         "jun", "jul", "agu", "agt", "aug", "sep", "okt",
                                         "oct", "nov", "nop", "des", "dec", NULL};

static gsize
count_digits(const char *text)
{
    return strspn(text, "0123456789");
}

static gint64
read_digits(const char *text, gsize length)
{
    g_autofree char *copy = g_strndup(text, length);
    gint64 value = 0;

    g_ascii_string_to_signed(copy, 10, 0, 99999, &value, NULL);
    return value;
}

static MpDateFound
finish(gint64 year, gint64 month, gint64 day, char **iso_day_out)
{
    g_autofree char *iso = g_strdup_printf(
        "%04" G_GINT64_FORMAT "-%02" G_GINT64_FORMAT "-%02" G_GINT64_FORMAT, year, month, day);

    if (mp_day_parse(iso) == 0)
        return MP_DATE_BAD;
    *iso_day_out = g_steal_pointer(&iso);
    return MP_DATE_GOOD;
}

/* "20-11-2028" and "2028-11-20"; a point or stroke does as well, both the same. */
static MpDateFound
numeric(const char *text, char **iso_day_out)
{
    gsize a = count_digits(text), b, c;
    const char *second, *third;

    if (a == 0 || a > 4 || strchr("-/.", text[a]) == NULL || text[a] == '\0')
        return MP_DATE_NONE;
    second = text + a + 1;
    b = count_digits(second);
    if (b == 0 || b > 2 || second[b] != text[a])
        return MP_DATE_NONE;
    third = second + b + 1;
    c = count_digits(third);
    if (a == 4 && (c == 1 || c == 2))
        return finish(
            read_digits(text, a), read_digits(second, b), read_digits(third, c), iso_day_out);
    if (a > 2)
        return MP_DATE_NONE;
    if (c == 4)
        return finish(
            read_digits(third, c), read_digits(second, b), read_digits(text, a), iso_day_out);
    return c == 2 ? MP_DATE_BAD : MP_DATE_NONE;
}

static gboolean
is_month_like(const char *word)
{
    for (guint i = 0; month_like[i] != NULL; i++) {
        if (g_str_has_prefix(word, month_like[i]))
            return TRUE;
    }
    return FALSE;
}

/* "20 November 2028". */
static MpDateFound
spelt(const char *text, char **iso_day_out)
{
    gsize a = count_digits(text), length = 0, c;
    const char *word = text + a + strspn(text + a, " ");
    const char *year;
    g_autofree char *name = NULL;

    if (a == 0 || a > 2 || word == text + a)
        return MP_DATE_NONE;
    while (g_ascii_isalpha(word[length]))
        length++;
    name = g_ascii_strdown(word, (gssize)length);
    if (!is_month_like(name))
        return MP_DATE_NONE;
    year = word + length + strspn(word + length, " .");
    c = count_digits(year);
    for (gint64 month = 0; month < 12; month++) {
        if (strcmp(months[month], name) == 0 && c == 4)
            return finish(read_digits(year, c), month + 1, read_digits(text, a), iso_day_out);
    }
    return MP_DATE_BAD;
}

MpDateFound
mp_date_at(const char *text, char **iso_day_out)
{
    MpDateFound found = numeric(text, iso_day_out);

    return found != MP_DATE_NONE ? found : spelt(text, iso_day_out);
}

MpDateFound
mp_date_find(const char *text, char **iso_day_out)
{
    for (const char *p = text; *p != '\0'; p++) {
        MpDateFound found;

        if (!g_ascii_isdigit(*p) ||
            (p > text && (g_ascii_isalnum(p[-1]) || p[-1] == '-' || p[-1] == '/' || p[-1] == '.') &&
             !(p[-1] == '.' && p - 1 > text && g_ascii_isalpha(p[-2]))))
            continue;
        found = mp_date_at(p, iso_day_out);
        if (found != MP_DATE_NONE)
            return found;
    }
    return MP_DATE_NONE;
}

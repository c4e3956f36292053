/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Dates as Indonesians write them: "16 Nopember 2026", "16-11-2026", "Demak, 16 November 2026",
 * "2026-11-16". Day before month, always; a year of two digits is no year. */

#include "document/document-private.h"

/* Reads 1..`max` digits, not followed by another digit; -1 when there is no such number. */
static int
read_number(const char **p, int max)
{
    int value = 0;
    int n = 0;

    while (g_ascii_isdigit((*p)[n]) && n <= max)
        value = value * 10 + ((*p)[n++] - '0');
    if (n == 0 || n > max)
        return -1;
    *p += n;
    return value;
}

static int
read_month(const char **p)
{
    gsize n = 0;
    g_autofree char *word = NULL;

    while (g_ascii_isalpha((*p)[n]))
        n++;
    if (n < 3)
        return -1;
    word = g_ascii_strdown(*p, (gssize)n);
    for (gsize i = 0; mp_words_months[i] != NULL; i += 2) {
        if (g_str_equal(word, mp_words_months[i])) {
            *p += n;
            *p += **p == '.';
            return (int)g_ascii_strtoll(mp_words_months[i + 1], NULL, 10);
        }
    }
    return -1;
}

static const char *
skip_blanks(const char *p)
{
    while (*p == ' ' || *p == '\t' || *p == '\n' || g_str_has_prefix(p, "\xc2\xa0"))
        p += (guchar)*p == 0xc2 ? 2 : 1;
    return p;
}

static char *
format_day(int year, int month, int day)
{
    if (year < 1900 || year > 2199 || month < 1 || month > 12 || day < 1 || day > 31 ||
        !g_date_valid_dmy((GDateDay)day, (GDateMonth)month, (GDateYear)year))
        return NULL;
    return g_strdup_printf("%04d-%02d-%02d", year, month, day);
}

/* "2026-11-16", "2026/11/16" */
static char *
parse_iso(const char *p)
{
    int year = read_number(&p, 4);
    char separator = *p;
    int month = 0;
    int day = 0;

    if (year < 1000 || (separator != '-' && separator != '/' && separator != '.'))
        return NULL;
    p++;
    month = read_number(&p, 2);
    if (month < 0 || *p != separator)
        return NULL;
    p++;
    day = read_number(&p, 2);
    return day < 0 ? NULL : format_day(year, month, day);
}

/* "16-11-2026", "16/11/2026", "16.11.2026", with blanks around the separators. */
static char *
parse_numeric(const char *p)
{
    int day = read_number(&p, 2);
    int month = 0;
    int year = 0;
    char separator = 0;

    p = skip_blanks(p);
    separator = *p;
    if (day < 0 || (separator != '-' && separator != '/' && separator != '.'))
        return NULL;
    p = skip_blanks(p + 1);
    month = read_number(&p, 2);
    p = skip_blanks(p);
    if (month < 0 || *p != separator)
        return NULL;
    p = skip_blanks(p + 1);
    year = read_number(&p, 4);
    return year < 1000 ? NULL : format_day(year, month, day);
}

/* "16 November 2026", "16 (enam belas) Nov. 2026", "16-Nov-2026" */
static char *
parse_words(const char *p)
{
    int day = read_number(&p, 2);
    int month = 0;
    int year = 0;

    if (day < 0)
        return NULL;
    p = skip_blanks(p);
    if (*p == '(' && strchr(p, ')') != NULL)
        p = skip_blanks(strchr(p, ')') + 1);
    p = skip_blanks(p + (*p == '-' || *p == '/'));
    month = read_month(&p);
    if (month < 0)
        return NULL;
    p = skip_blanks(p);
    p = skip_blanks(p + (*p == '-' || *p == '/' || *p == ','));
    year = read_number(&p, 4);
    return year < 1000 ? NULL : format_day(year, month, day);
}

/* "November 16, 2026" */
static char *
parse_month_first(const char *p)
{
    int month = read_month(&p);
    int day = 0;
    int year = 0;

    if (month < 0)
        return NULL;
    p = skip_blanks(p);
    day = read_number(&p, 2);
    p = skip_blanks(p + (*p == ','));
    year = read_number(&p, 4);
    return day < 0 || year < 1000 ? NULL : format_day(year, month, day);
}

char *
mp_document_parse_date(const char *text)
{
    if (text == NULL)
        return NULL;
    for (const char *p = text; *p != '\0'; p++) {
        gboolean opens = p == text || !g_ascii_isalnum(p[-1]);
        char *day = NULL;

        /* "5/11/2026" inside "800/5/11/2026" is no date. */
        if (!opens ||
            (p > text && strchr("/-.", p[-1]) != NULL && p - 1 > text && g_ascii_isalnum(p[-2])))
            continue;
        if (g_ascii_isdigit(*p)) {
            day = parse_iso(p);
            day = day != NULL ? day : parse_numeric(p);
            day = day != NULL ? day : parse_words(p);
        } else if (g_ascii_isalpha(*p)) {
            day = parse_month_first(p);
        }
        if (day != NULL)
            return day;
    }
    return NULL;
}

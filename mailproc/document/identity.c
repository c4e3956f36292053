/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Inner rules of NIP and NIK. Neither has a check digit: what can be held against each other are
 * dates and sex. Digits 13 and 14 of a NIP mean a month for civil servants and a contract for
 * PPPK, so they reject nothing. */

#include "document/document-private.h"

#define NIP_DIGITS 18
#define NIK_DIGITS 16
/* Nobody is appointed as a child, whatever the exact age limit of the day. */
#define MIN_AGE_YEARS 15

static int
part(const char *digits, int from, int n)
{
    int value = 0;

    for (int i = from; i < from + n; i++)
        value = value * 10 + (digits[i] - '0');
    return value;
}

static gboolean
is_digits(const char *text, gsize n)
{
    return text != NULL && strlen(text) == n && strspn(text, "0123456789") == n;
}

const char *
mp_document_check_nip(const char *digits)
{
    int birth = 0;
    int appointed = 0;
    int sex = 0;

    if (!is_digits(digits, NIP_DIGITS))
        return "bad-nip";
    birth = part(digits, 0, 4);
    appointed = part(digits, 8, 4);
    sex = part(digits, 14, 1);
    if (birth < 1900 || part(digits, 4, 2) < 1 || part(digits, 4, 2) > 12 ||
        !g_date_valid_dmy(
            (GDateDay)part(digits, 6, 2), (GDateMonth)part(digits, 4, 2), (GDateYear)birth))
        return "bad-nip";
    if (appointed < birth + MIN_AGE_YEARS || appointed > birth + 100 || sex < 1 || sex > 2 ||
        part(digits, 15, 3) == 0)
        return "bad-nip";
    return NULL;
}

/* Day of birth in a NIK; women have 40 added. */
static int
nik_day(const char *nik)
{
    int day = part(nik, 6, 2);

    return day > 40 ? day - 40 : day;
}

const char *
mp_document_check_nik(const char *digits)
{
    int month = 0;
    int day = 0;

    if (!is_digits(digits, NIK_DIGITS))
        return "bad-nik";
    month = part(digits, 8, 2);
    day = nik_day(digits);
    /* The century is not told: 29 February is fine when it was in one of them (2000 is). */
    if (month < 1 || month > 12 || day < 1 || day > 31 ||
        !g_date_valid_dmy(
            (GDateDay)day, (GDateMonth)month, (GDateYear)(2000 + part(digits, 10, 2))))
        return "bad-nik";
    if (part(digits, 0, 2) < 11 || part(digits, 12, 4) == 0)
        return "bad-nik";
    return NULL;
}

gboolean
mp_document_nip_nik_differ(const char *nip, const char *nik)
{
    int sex = 0;

    if (mp_document_check_nip(nip) != NULL || mp_document_check_nik(nik) != NULL)
        return FALSE;
    sex = part(nik, 6, 2) > 40 ? 2 : 1;
    return part(nip, 2, 2) != part(nik, 10, 2) || part(nip, 4, 2) != part(nik, 8, 2) ||
           part(nip, 6, 2) != nik_day(nik) || part(nip, 14, 1) != sex;
}

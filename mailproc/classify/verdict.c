/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The values of classify/ and the case number in a text. */

#include "classify/classify-private.h"

MpRuleHit *
mp_rule_hit_new(void)
{
    return g_new0(MpRuleHit, 1);
}

void
mp_rule_hit_free(MpRuleHit *hit)
{
    if (hit == NULL)
        return;
    g_free(hit->name);
    g_free(hit->file);
    g_free(hit->saw);
    g_free(hit->target);
    g_free(hit);
}

MpVerdict *
mp_verdict_new(void)
{
    MpVerdict *verdict = g_new0(MpVerdict, 1);

    verdict->kind = g_strdup("other");
    verdict->letter = mp_letter_new();
    verdict->applicants = g_ptr_array_new_with_free_func((GDestroyNotify)mp_applicant_free);
    verdict->hits = g_ptr_array_new_with_free_func((GDestroyNotify)mp_rule_hit_free);
    verdict->doubts = g_ptr_array_new_with_free_func(g_free);
    return verdict;
}

void
mp_verdict_free(MpVerdict *verdict)
{
    if (verdict == NULL)
        return;
    g_free(verdict->kind);
    g_free(verdict->service);
    g_free(verdict->case_number);
    g_free(verdict->outcome);
    g_free(verdict->reason);
    g_free(verdict->role);
    mp_letter_free(verdict->letter);
    g_ptr_array_unref(verdict->applicants);
    g_ptr_array_unref(verdict->hits);
    g_ptr_array_unref(verdict->doubts);
    g_free(verdict);
}

MpOffice *
mp_office_new(void)
{
    MpOffice *office = g_new0(MpOffice, 1);

    office->case_prefix = g_strdup("SE");
    office->own_domains = g_new0(char *, 1);
    office->bsre_domains = g_new0(char *, 1);
    office->officials = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
    return office;
}

void
mp_office_free(MpOffice *office)
{
    if (office == NULL)
        return;
    g_free(office->service_address);
    g_free(office->case_prefix);
    g_strfreev(office->own_domains);
    g_strfreev(office->bsre_domains);
    if (office->officials != NULL)
        g_hash_table_unref(office->officials);
    g_free(office);
}

/* Digits at `text`, exactly `n` and not followed by another. */
static gboolean
has_digits(const char *text, gsize n)
{
    for (gsize i = 0; i < n; i++) {
        if (!g_ascii_isdigit(text[i]))
            return FALSE;
    }
    return !g_ascii_isdigit(text[n]);
}

char *
mp_classify_find_case(const char *text, const char *prefix)
{
    gsize length = prefix != NULL ? strlen(prefix) : 0;

    if (text == NULL || length == 0)
        return NULL;
    for (const char *at = text; *at != '\0'; at++) {
        const char *year, *number;

        if (g_ascii_strncasecmp(at, prefix, length) != 0 || (at > text && g_ascii_isalnum(at[-1])))
            continue;
        year = at + length;
        if (*year != '-' || !has_digits(year + 1, 4))
            continue;
        number = year + 5;
        if (*number == '-' && has_digits(number + 1, 6))
            return g_ascii_strup(at, (gssize)length + 12);
    }
    return NULL;
}

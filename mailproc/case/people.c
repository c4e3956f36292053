/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Who is the same person: nowhere else may this be judged, because a wrong yes writes one person's
 * number to another. */

#include "case/case.h"

gboolean
mp_case_is_same_name(const char *a, const char *b)
{
    g_autofree char *x = a == NULL ? NULL : mp_text_fold_name(a);
    g_autofree char *y = b == NULL ? NULL : mp_text_fold_name(b);

    return x != NULL && x[0] != '\0' && g_strcmp0(x, y) == 0;
}

static gboolean
may_be_same_unit(const char *a, const char *b)
{
    g_autofree char *line_a = a == NULL ? NULL : mp_text_line(a);
    g_autofree char *line_b = b == NULL ? NULL : mp_text_line(b);

    if (line_a == NULL || line_b == NULL)
        return TRUE;
    g_autofree char *x = g_utf8_casefold(line_a, -1);
    g_autofree char *y = g_utf8_casefold(line_b, -1);

    return strcmp(x, y) == 0;
}

gboolean
mp_case_is_same_person(const MpCaseApplicant *a, const MpCaseApplicant *b)
{
    if (a->nip != NULL && b->nip != NULL)
        return strcmp(a->nip, b->nip) == 0;
    if (a->nik != NULL && b->nik != NULL)
        return strcmp(a->nik, b->nik) == 0;
    return mp_case_is_same_name(a->name, b->name) && may_be_same_unit(a->unit, b->unit);
}

/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What a letter has to bring, and what of it is not there. */

#include "case/case-private.h"

#define PER_APPLICANT "per-applicant:"

/* A surat rekomendasi alone also counts as the surat permohonan (decisions.md 22). */
static gboolean
counts_as(const char *kind, char **alternatives)
{
    if (kind == NULL)
        return FALSE;
    return g_strv_contains((const char *const *)alternatives, kind) ||
           (strcmp(kind, "surat-rekomendasi") == 0 &&
            g_strv_contains((const char *const *)alternatives, "surat-permohonan"));
}

static guint
count_documents(const MpCase *kase, const char *requirement)
{
    g_auto(GStrv) alternatives = g_strsplit(requirement, "|", -1);
    guint count = 0;

    for (guint i = 0; i < kase->documents->len; i++) {
        const MpCaseDocument *document = g_ptr_array_index(kase->documents, i);

        if (counts_as(document->kind, alternatives))
            count++;
    }
    return count;
}

GPtrArray *
mp_sop_missing(const MpSop *sop, const MpCase *kase)
{
    GPtrArray *missing = g_ptr_array_new_with_free_func(g_free);

    for (guint i = 0; sop->requirements[i] != NULL; i++) {
        const char *requirement = sop->requirements[i];
        guint wanted = 1;

        if (g_str_has_prefix(requirement, PER_APPLICANT)) {
            requirement += strlen(PER_APPLICANT);
            wanted = MAX(1, kase->applicants->len);
        }
        if (count_documents(kase, requirement) < wanted)
            g_ptr_array_add(missing, g_strdup(requirement));
    }
    return missing;
}

/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Any text must give applicants, a letter head, a reference and dates without crash, within the
 * limits, and with numbers that are digits only. */

#include "document/document.h"

static void
check_people(GPtrArray *people, const MpLimits *limits)
{
    g_assert_cmpuint(people->len, <=, (guint)limits->applicants);
    for (guint i = 0; i < people->len; i++) {
        const MpApplicant *a = g_ptr_array_index(people, i);

        g_assert(a->name != NULL || a->nip != NULL || a->nik != NULL);
        g_assert(a->name == NULL || g_utf8_validate(a->name, -1, NULL));
        g_assert(a->nip == NULL || strspn(a->nip, "0123456789") == strlen(a->nip));
        g_assert(a->nik == NULL || strspn(a->nik, "0123456789") == strlen(a->nik));
        g_assert(a->email == NULL || mp_text_is_plain_address(a->email));
    }
}

int
LLVMFuzzerTestOneInput(const guint8 *data, gsize size)
{
    static const char *const kinds[] = {
        "body", "surat-permohonan", "surat-pernyataan", "sk-mutasi"};
    static const char *const own[] = {"contohkab.go.id", NULL};
    MpLimits limits = mp_limits_default();
    g_autofree char *text = mp_text_clean((const char *)data, (gssize)MIN(size, 32 * 1024));
    g_autoptr(GPtrArray) tables = g_ptr_array_new();
    g_autoptr(GPtrArray) doubts = g_ptr_array_new_with_free_func(g_free);
    g_autoptr(GPtrArray) people = NULL;
    g_autoptr(MpLetter) head = mp_document_find_letter(text);
    g_autoptr(MpLetter) reference = mp_document_find_reference(text);
    g_autofree char *day = mp_document_parse_date(text);
    MpSource source = {kinds[size > 0 ? data[0] % G_N_ELEMENTS(kinds) : 0], text, tables};

    g_assert(head != NULL && reference != NULL && (day == NULL || strlen(day) == 10));
    g_ptr_array_add(tables, text);
    people = mp_document_find_applicants(&source, 1, own, &limits, doubts);
    check_people(people, &limits);
    return 0;
}

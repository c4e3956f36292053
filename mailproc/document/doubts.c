/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What is odd about the applicants. Nothing is corrected: numbers stand as written. */

#include "document/document-private.h"

#define MAX_DOMAIN_TYPO 2

static gboolean
is_valid_nip(const char *digits)
{
    return digits != NULL && mp_document_check_nip(digits) == NULL;
}

static gboolean
is_valid_nik(const char *digits)
{
    return digits != NULL && mp_document_check_nik(digits) == NULL;
}

static void
doubt_numbers(const MpApplicant *person, GPtrArray *doubts)
{
    if (is_valid_nik(person->nip) || is_valid_nip(person->nik))
        mp_document_add_doubt(doubts, "swapped-number");
    if (person->nip != NULL)
        mp_document_add_doubt(doubts, mp_document_check_nip(person->nip));
    if (person->nik != NULL)
        mp_document_add_doubt(doubts, mp_document_check_nik(person->nik));
    if (person->nip != NULL && person->nik != NULL &&
        mp_document_nip_nik_differ(person->nip, person->nik))
        mp_document_add_doubt(doubts, "nip-nik-differ");
}

/* "contohkab.go.ld", "contohkap.go.id": nearly an own domain, and no domain below it. */
static gboolean
is_typo_of_own(const char *domain, const char *const *own_domains)
{
    for (; own_domains != NULL && *own_domains != NULL; own_domains++) {
        if (!g_str_equal(domain, *own_domains) &&
            mp_text_distance(domain, *own_domains, MAX_DOMAIN_TYPO) <= MAX_DOMAIN_TYPO)
            return TRUE;
    }
    return FALSE;
}

/* A mailbox of the office instead of the person's: "kec-mawar@", "admin.dinkes@". */
static gboolean
is_office_box(const char *address, const char *name)
{
    g_autofree char *local = g_strndup(address, (gsize)(strchr(address, '@') - address));
    g_auto(GStrv) words = g_strsplit_set(local, "._-+0123456789", -1);
    g_autofree char *key = mp_name_key(name);

    for (guint i = 0; words[i] != NULL; i++) {
        if (strlen(words[i]) > 2 && strstr(key, words[i]) != NULL)
            return FALSE;
    }
    for (guint i = 0; words[i] != NULL; i++) {
        if (*words[i] != '\0' && g_strv_contains(mp_words_office_box, words[i]))
            return TRUE;
    }
    return FALSE;
}

static void
doubt_email(const MpApplicant *person, const char *const *own_domains, GPtrArray *doubts)
{
    g_autofree char *domain = NULL;

    if (person->email == NULL)
        return;
    domain = mp_text_domain(person->email);
    if (domain == NULL)
        return;
    if (own_domains != NULL && mp_text_domain_in(domain, own_domains)) {
        if (is_office_box(person->email, person->name))
            mp_document_add_doubt(doubts, "private-email");
        return;
    }
    if (!g_str_has_suffix(domain, ".go.id") || is_typo_of_own(domain, own_domains) ||
        is_office_box(person->email, person->name))
        mp_document_add_doubt(doubts, "private-email");
}

void
mp_applicants_doubt(GPtrArray *applicants, const char *const *own_domains, GPtrArray *doubts)
{
    g_autoptr(GHashTable) names = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);

    for (guint i = 0; i < applicants->len; i++) {
        const MpApplicant *person = g_ptr_array_index(applicants, i);
        g_autofree char *key = mp_name_key(person->name);

        doubt_numbers(person, doubts);
        doubt_email(person, own_domains, doubts);
        if (*key != '\0' && !g_hash_table_add(names, g_steal_pointer(&key)))
            mp_document_add_doubt(doubts, "same-name");
    }
}

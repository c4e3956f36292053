/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The people of all sources made one list: the same person is known by NIP, NIK or name. Decrees
 * and death certificates name others too: they complete a person, and speak alone only when they
 * name a single one and nothing else names anybody. */

#include "document/document-private.h"

#define MAX_TYPO 2

/* What may be shared and kept by a person of two sources. */
static void
fill(char **into, char **from)
{
    if (*into == NULL)
        *into = g_steal_pointer(from);
}

void
mp_applicant_fill(MpApplicant *into, MpApplicant *from)
{
    fill(&into->name, &from->name);
    fill(&into->nip, &from->nip);
    fill(&into->nik, &from->nik);
    fill(&into->email, &from->email);
    fill(&into->phone, &from->phone);
    fill(&into->position, &from->position);
    fill(&into->unit, &from->unit);
    fill(&into->was, &from->was);
    fill(&into->becomes, &from->becomes);
    fill(&into->valid_until, &from->valid_until);
}

static gboolean
is_same_name(const MpApplicant *a, const MpApplicant *b)
{
    g_autofree char *x = mp_name_key(a->name);
    g_autofree char *y = mp_name_key(b->name);

    return *x != '\0' && g_str_equal(x, y);
}

static gboolean
differ(const char *a, const char *b)
{
    return a != NULL && b != NULL && mp_text_distance(a, b, MAX_TYPO) > MAX_TYPO;
}

gboolean
mp_applicant_is_same(const MpApplicant *a, const MpApplicant *b)
{
    if (a->nip != NULL && g_strcmp0(a->nip, b->nip) == 0)
        return TRUE;
    if (a->nik != NULL && g_strcmp0(a->nik, b->nik) == 0)
        return TRUE;
    return !differ(a->nip, b->nip) && !differ(a->nik, b->nik) && is_same_name(a, b);
}

static MpApplicant *
find_same(GPtrArray *people, const MpApplicant *person)
{
    for (guint i = 0; i < people->len; i++) {
        MpApplicant *other = g_ptr_array_index(people, i);

        if (mp_applicant_is_same(other, person))
            return other;
    }
    return NULL;
}

static void
merge(GPtrArray *people,
      GPtrArray *found,
      MpFoundStrength strength,
      const MpLimits *limits,
      GPtrArray *doubts)
{
    for (guint i = 0; i < found->len; i++) {
        MpFound *one = g_ptr_array_index(found, i);
        MpApplicant *same = NULL;

        if (one->strength != strength)
            continue;
        same = find_same(people, one->applicant);
        if (same != NULL)
            mp_applicant_fill(same, one->applicant);
        else if (people->len < (guint)limits->applicants)
            g_ptr_array_add(people, g_steal_pointer(&one->applicant));
        else
            mp_document_add_doubt(doubts, "limit");
        if (one->applicant == NULL)
            one->applicant = mp_applicant_new();
    }
}

/* Only completes people who are in the list already. */
static void
complete(GPtrArray *people, GPtrArray *found)
{
    for (guint i = 0; i < found->len; i++) {
        MpFound *one = g_ptr_array_index(found, i);
        MpApplicant *same = find_same(people, one->applicant);

        if (same != NULL) {
            g_clear_pointer(&one->applicant->email, g_free);
            g_clear_pointer(&one->applicant->position, g_free);
            mp_applicant_fill(same, one->applicant);
        }
    }
}

/* Kinds whose people need not be applicants. */
static gboolean
is_witness(const char *kind)
{
    return kind != NULL &&
           (g_str_has_prefix(kind, "sk-") || g_str_equal(kind, "surat-keterangan-kematian") ||
            g_str_equal(kind, "lembar-disposisi"));
}

static GPtrArray *
find_in_source(const MpSource *source, const MpLimits *limits, GPtrArray *doubts)
{
    GPtrArray *found = g_ptr_array_new_with_free_func((GDestroyNotify)mp_found_free);

    for (guint i = 0; source->tables != NULL && i < source->tables->len; i++)
        mp_applicants_of_table(g_ptr_array_index(source->tables, i), limits, found, doubts);
    mp_applicants_of_text(source->kind, source->text, limits, found, doubts);
    return found;
}

/* "berlaku 1 Mei 2024 s.d. 1 Mei 2026": the second day. */
static const char *
behind_until(const char *text)
{
    static const char *const words[] = {" s.d.", " s/d ", " sd ", " sampai ", " hingga ", NULL};

    for (guint i = 0; words[i] != NULL; i++) {
        const char *at = strstr(text, words[i]);
        g_autofree char *day = at != NULL ? mp_document_parse_date(at) : NULL;

        if (day != NULL)
            return at;
    }
    return text;
}

/* "berlaku s.d. 15 Maret 2027" in the sentence around the words. */
static char *
valid_until(const char *text)
{
    g_autofree char *fold = mp_words_fold(text != NULL ? text : "");

    for (guint i = 0; mp_words_valid_until[i] != NULL; i++) {
        const char *at = strstr(fold, mp_words_valid_until[i]);
        g_autofree char *near = NULL;
        char *day = NULL;

        if (at == NULL)
            continue;
        near = g_strndup(at, MIN(strlen(at), 110));
        day = mp_document_parse_date(behind_until(near));
        if (day != NULL)
            return day;
    }
    return NULL;
}

static void
set_valid_until(GPtrArray *people, const MpSource *sources, gsize n_sources)
{
    g_autofree char *day = NULL;

    for (gsize i = 0; i < n_sources && day == NULL; i++) {
        if (!is_witness(sources[i].kind))
            day = valid_until(sources[i].text);
    }
    for (guint i = 0; day != NULL && i < people->len; i++) {
        MpApplicant *person = g_ptr_array_index(people, i);

        if (person->valid_until == NULL)
            person->valid_until = g_strdup(day);
    }
}

/* People without any name are rows that could not be read. */
static void
drop_nameless(GPtrArray *people)
{
    for (guint i = people->len; i-- > 0;) {
        const MpApplicant *person = g_ptr_array_index(people, i);

        if (person->name == NULL && person->nip == NULL && person->nik == NULL)
            g_ptr_array_remove_index(people, i);
    }
}

GPtrArray *
mp_document_find_applicants(const MpSource *sources,
                            gsize n_sources,
                            const char *const *own_domains,
                            const MpLimits *limits,
                            GPtrArray *doubts)
{
    g_autoptr(GPtrArray) people = g_ptr_array_new_with_free_func((GDestroyNotify)mp_applicant_free);
    g_autoptr(GPtrArray) all = g_ptr_array_new_with_free_func((GDestroyNotify)g_ptr_array_unref);

    for (gsize i = 0; i < n_sources; i++)
        g_ptr_array_add(all, find_in_source(&sources[i], limits, doubts));
    for (gsize i = 0; i < n_sources; i++) {
        if (!is_witness(sources[i].kind))
            merge(people, g_ptr_array_index(all, i), MP_FOUND_STRONG, limits, doubts);
    }
    for (gsize i = 0; i < n_sources && people->len == 0; i++) {
        if (!is_witness(sources[i].kind))
            merge(people, g_ptr_array_index(all, i), MP_FOUND_WEAK, limits, doubts);
    }
    for (gsize i = 0; i < n_sources; i++) {
        GPtrArray *found = g_ptr_array_index(all, i);

        if (is_witness(sources[i].kind) && people->len > 0)
            complete(people, found);
        else if (is_witness(sources[i].kind) && found->len == 1)
            merge(people, found, MP_FOUND_STRONG, limits, doubts);
    }
    set_valid_until(people, sources, n_sources);
    drop_nameless(people);
    mp_applicants_doubt(people, own_domains, doubts);
    return g_steal_pointer(&people);
}

/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Cases, applicants, documents: making, copying, freeing them, and the names of their states. */

#include "case/case-private.h"

static const char *const state_names[] = {
#define X(id, name) name,
    MP_CASE_STATES(X)
#undef X
};

static const char *const outcome_names[] = {
#define X(id, name) name,
    MP_OUTCOMES(X)
#undef X
};

/* Index of `name` in `names`, or -1. */
static int
find_name(const char *const *names, gsize n, const char *name)
{
    for (gsize i = 0; name != NULL && i < n; i++) {
        if (strcmp(names[i], name) == 0)
            return (int)i;
    }
    return -1;
}

const char *
mp_case_state_to_string(MpCaseState state)
{
    return (guint)state < MP_CASE_STATE_N ? state_names[state] : "open";
}

gboolean
mp_case_state_from_string(const char *name, MpCaseState *state_out)
{
    int i = find_name(state_names, G_N_ELEMENTS(state_names), name);

    if (i < 0)
        return FALSE;
    *state_out = (MpCaseState)i;
    return TRUE;
}

gboolean
mp_case_state_is_closed(MpCaseState state)
{
    return state != MP_CASE_OPEN && state != MP_CASE_WAITING;
}

const char *
mp_outcome_to_string(MpOutcome outcome)
{
    return (guint)outcome < MP_OUTCOME_N ? outcome_names[outcome] : "none";
}

gboolean
mp_outcome_from_string(const char *name, MpOutcome *outcome_out)
{
    int i = find_name(outcome_names, G_N_ELEMENTS(outcome_names), name);

    if (i < 0)
        return FALSE;
    *outcome_out = (MpOutcome)i;
    return TRUE;
}

gboolean
mp_outcome_is_success(MpOutcome outcome)
{
    return outcome == MP_OUTCOME_ISSUED || outcome == MP_OUTCOME_RENEWED ||
           outcome == MP_OUTCOME_CHANGED || outcome == MP_OUTCOME_REVOKED;
}

MpCaseApplicant *
mp_case_applicant_new(void)
{
    return g_new0(MpCaseApplicant, 1);
}

void
mp_case_applicant_free(MpCaseApplicant *applicant)
{
    if (applicant == NULL)
        return;
    g_free(applicant->name);
    g_free(applicant->nip);
    g_free(applicant->nik);
    g_free(applicant->email);
    g_free(applicant->phone);
    g_free(applicant->position);
    g_free(applicant->unit);
    g_free(applicant->was);
    g_free(applicant->becomes);
    g_free(applicant->valid_until);
    g_free(applicant->outcome_reason);
    g_free(applicant);
}

static MpCaseApplicant *
applicant_copy(const MpCaseApplicant *from)
{
    MpCaseApplicant *to = g_memdup2(from, sizeof(*from));

    to->name = g_strdup(from->name);
    to->nip = g_strdup(from->nip);
    to->nik = g_strdup(from->nik);
    to->email = g_strdup(from->email);
    to->phone = g_strdup(from->phone);
    to->position = g_strdup(from->position);
    to->unit = g_strdup(from->unit);
    to->was = g_strdup(from->was);
    to->becomes = g_strdup(from->becomes);
    to->valid_until = g_strdup(from->valid_until);
    to->outcome_reason = g_strdup(from->outcome_reason);
    return to;
}

MpCaseDocument *
mp_case_document_new(void)
{
    return g_new0(MpCaseDocument, 1);
}

void
mp_case_document_free(MpCaseDocument *document)
{
    if (document == NULL)
        return;
    g_free(document->filename);
    g_free(document->kind);
    g_free(document->type);
    g_free(document->sha256);
    g_free(document->signature);
    g_free(document);
}

static MpCaseDocument *
document_copy(const MpCaseDocument *from)
{
    MpCaseDocument *to = g_memdup2(from, sizeof(*from));

    to->filename = g_strdup(from->filename);
    to->kind = g_strdup(from->kind);
    to->type = g_strdup(from->type);
    to->sha256 = g_strdup(from->sha256);
    to->signature = g_strdup(from->signature);
    return to;
}

static void
free_applicant(gpointer data)
{
    mp_case_applicant_free(data);
}

static void
free_document(gpointer data)
{
    mp_case_document_free(data);
}

GPtrArray *
mp_case_strings_copy(const GPtrArray *strings)
{
    GPtrArray *copy = g_ptr_array_new_with_free_func(g_free);

    for (guint i = 0; strings != NULL && i < strings->len; i++)
        g_ptr_array_add(copy, g_strdup(g_ptr_array_index(strings, i)));
    return copy;
}

char *
mp_case_strings_join(const GPtrArray *strings)
{
    GString *text = g_string_new(NULL);

    for (guint i = 0; strings != NULL && i < strings->len; i++) {
        if (i > 0)
            g_string_append(text, "; ");
        g_string_append(text, g_ptr_array_index(strings, i));
    }
    return g_string_free(text, FALSE);
}

GPtrArray *
mp_case_strings_split(const char *text)
{
    GPtrArray *strings = g_ptr_array_new_with_free_func(g_free);
    g_auto(GStrv) items = g_strsplit(text != NULL ? text : "", ";", -1);

    for (guint i = 0; items[i] != NULL; i++) {
        g_strstrip(items[i]);
        if (items[i][0] != '\0')
            g_ptr_array_add(strings, g_strdup(items[i]));
    }
    return strings;
}

MpCase *
mp_case_new(void)
{
    MpCase *kase = g_new0(MpCase, 1);

    kase->linked = g_ptr_array_new_with_free_func(g_free);
    kase->linked_open = g_ptr_array_new_with_free_func(g_free);
    kase->applicants = g_ptr_array_new_with_free_func(free_applicant);
    kase->documents = g_ptr_array_new_with_free_func(free_document);
    kase->missing = g_ptr_array_new_with_free_func(g_free);
    kase->doubts = g_ptr_array_new_with_free_func(g_free);
    return kase;
}

static void
copy_texts(MpCase *to, const MpCase *from)
{
    to->number = g_strdup(from->number);
    to->service = g_strdup(from->service);
    to->sop = g_strdup(from->sop);
    to->step = g_strdup(from->step);
    to->holder_role = g_strdup(from->holder_role);
    to->holder_address = g_strdup(from->holder_address);
    to->requester_name = g_strdup(from->requester_name);
    to->requester_address = g_strdup(from->requester_address);
    to->letter_number = g_strdup(from->letter_number);
    to->letter_date = g_strdup(from->letter_date);
    to->letter_subject = g_strdup(from->letter_subject);
    to->reason = g_strdup(from->reason);
    to->linked_from = g_strdup(from->linked_from);
    to->resume_step = g_strdup(from->resume_step);
    to->last_mover = g_strdup(from->last_mover);
}

MpCase *
mp_case_copy(const MpCase *kase)
{
    MpCase *copy = g_memdup2(kase, sizeof(*kase));

    copy_texts(copy, kase);
    copy->linked = mp_case_strings_copy(kase->linked);
    copy->linked_open = mp_case_strings_copy(kase->linked_open);
    copy->missing = mp_case_strings_copy(kase->missing);
    copy->doubts = mp_case_strings_copy(kase->doubts);
    copy->applicants = g_ptr_array_new_with_free_func(free_applicant);
    for (guint i = 0; i < kase->applicants->len; i++)
        g_ptr_array_add(copy->applicants, applicant_copy(g_ptr_array_index(kase->applicants, i)));
    copy->documents = g_ptr_array_new_with_free_func(free_document);
    for (guint i = 0; i < kase->documents->len; i++)
        g_ptr_array_add(copy->documents, document_copy(g_ptr_array_index(kase->documents, i)));
    return copy;
}

gboolean
mp_case_offers(const MpCase *kase)
{
    return mp_case_state_is_closed(kase->state) && kase->step != NULL &&
           g_strcmp0(kase->resume_step, kase->step) == 0;
}

void
mp_case_free(MpCase *kase)
{
    if (kase == NULL)
        return;
    g_free(kase->number);
    g_free(kase->service);
    g_free(kase->sop);
    g_free(kase->step);
    g_free(kase->holder_role);
    g_free(kase->holder_address);
    g_free(kase->requester_name);
    g_free(kase->requester_address);
    g_free(kase->letter_number);
    g_free(kase->letter_date);
    g_free(kase->letter_subject);
    g_free(kase->reason);
    g_free(kase->linked_from);
    g_free(kase->resume_step);
    g_free(kase->last_mover);
    g_ptr_array_unref(kase->linked);
    g_ptr_array_unref(kase->linked_open);
    g_ptr_array_unref(kase->applicants);
    g_ptr_array_unref(kase->documents);
    g_ptr_array_unref(kase->missing);
    g_ptr_array_unref(kase->doubts);
    g_free(kase);
}

MpCaseApplicant *
mp_case_applicant_get(const MpCase *kase, guint n)
{
    return n >= 1 && n <= kase->applicants->len ? g_ptr_array_index(kase->applicants, n - 1) : NULL;
}

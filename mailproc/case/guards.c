/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The guards a procedure may ask, by name: a short closed list of predicates. */

#include "case/sop-private.h"

typedef gboolean (*Guard)(const MpGuardContext *context);

/* Nothing is missing, by count or by an official's word. */
static gboolean
documents_complete(const MpGuardContext *context)
{
    return context->kase->missing->len == 0;
}

/* Doubts that keep the machine from deciding anything by itself. */
static gboolean
has_blocking_doubt(const MpCase *kase)
{
    static const char *const blocking[] = {"service-unclear",
                                           "rule-limit",
                                           "limit",
                                           "mime-ambiguous",
                                           "parts-differ",
                                           "same-id-other-content",
                                           "swapped-number",
                                           "nip-nik-differ",
                                           "bad-nip",
                                           "bad-nik",
                                           NULL};

    for (guint i = 0; i < kase->doubts->len; i++) {
        if (g_strv_contains(blocking, g_ptr_array_index(kase->doubts, i)))
            return TRUE;
    }
    return FALSE;
}

/* A person has to look before anybody is asked: something is missing, but a paper could not be read
 * and may be it; or a doubt stands. */
static gboolean
needs_look(const MpGuardContext *context)
{
    const MpCase *kase = context->kase;

    if (kase->applicants->len == 0 || has_blocking_doubt(kase))
        return TRUE;
    for (guint i = 0; kase->missing->len > 0 && i < kase->documents->len; i++) {
        const MpCaseDocument *document = g_ptr_array_index(kase->documents, i);

        if (!document->is_readable && document->bytes > 0 &&
            (document->kind == NULL || strcmp(document->kind, "lainnya") == 0))
            return TRUE;
    }
    return FALSE;
}

/* A passphrase known to others does not wait for papers. */
static gboolean
is_urgent(const MpGuardContext *context)
{
    return g_strcmp0(context->kase->reason, "kompromi") == 0;
}

static gboolean
holds_certificate(const MpGuardContext *context)
{
    for (guint i = 0; i < context->kase->applicants->len; i++) {
        const MpCaseApplicant *applicant = g_ptr_array_index(context->kase->applicants, i);

        if (applicant->holds_certificate && applicant->outcome != MP_OUTCOME_REJECTED &&
            applicant->outcome != MP_OUTCOME_WITHDRAWN)
            return TRUE;
    }
    return FALSE;
}

/* At least one applicant may be renewed now; an unknown end of validity does not hold anybody. */
static gboolean
renewal_window_open(const MpGuardContext *context)
{
    guint32 today = mp_calendar_day_of(context->calendar, context->now_utc);
    gboolean any = FALSE;

    for (guint i = 0; i < context->kase->applicants->len; i++) {
        const MpCaseApplicant *applicant = g_ptr_array_index(context->kase->applicants, i);
        guint32 end = mp_day_parse(applicant->valid_until);

        if (end == 0 || today + (guint32)context->sop->window_days >= end)
            return TRUE;
        any = TRUE;
    }
    return !any;
}

static gboolean
all_applicants_done(const MpGuardContext *context)
{
    for (guint i = 0; i < context->kase->applicants->len; i++) {
        const MpCaseApplicant *applicant = g_ptr_array_index(context->kase->applicants, i);

        if (applicant->outcome == MP_OUTCOME_NONE)
            return FALSE;
    }
    return context->kase->applicants->len > 0;
}

static gboolean
any_success(const MpGuardContext *context)
{
    for (guint i = 0; i < context->kase->applicants->len; i++) {
        const MpCaseApplicant *applicant = g_ptr_array_index(context->kase->applicants, i);

        if (mp_outcome_is_success(applicant->outcome))
            return TRUE;
    }
    return FALSE;
}

static gboolean
links_closed(const MpGuardContext *context)
{
    return context->kase->linked_open->len == 0;
}

static gboolean
is_linked(const MpGuardContext *context)
{
    return context->kase->linked_from != NULL;
}

/* The end of a linked case, and a good one, leads here. */
static gboolean
link_finished(const MpGuardContext *context)
{
    return strcmp(context->input->event, "link.finished") == 0;
}

/* What this step offers was not taken up yet. */
static gboolean
offer_open(const MpGuardContext *context)
{
    return mp_case_offers(context->kase);
}

/* The very mail that came here already said AJUKAN. */
static gboolean
submitted(const MpGuardContext *context)
{
    return strcmp(context->input->event, "AJUKAN") == 0;
}

/* An official's own words brought the case here, not a notice. */
static gboolean
by_official(const MpGuardContext *context)
{
    return mp_sop_event_is_verb(context->input->event);
}

/* Four eyes: not the one who moved the case last. */
static gboolean
different_person(const MpGuardContext *context)
{
    return context->kase->last_mover == NULL || context->input->address == NULL ||
           g_ascii_strcasecmp(context->kase->last_mover, context->input->address) != 0;
}

static const struct {
    const char *name;
    Guard holds;
} guards[] = {
    {"documents_complete", documents_complete},
    {"needs_look", needs_look},
    {"is_urgent", is_urgent},
    {"holds_certificate", holds_certificate},
    {"renewal_window_open", renewal_window_open},
    {"all_applicants_done", all_applicants_done},
    {"any_success", any_success},
    {"links_closed", links_closed},
    {"is_linked", is_linked},
    {"link_finished", link_finished},
    {"offer_open", offer_open},
    {"submitted", submitted},
    {"by_official", by_official},
    {"different_person", different_person},
};

static Guard
find_guard(const char *name)
{
    for (gsize i = 0; i < G_N_ELEMENTS(guards); i++) {
        if (strcmp(guards[i].name, name) == 0)
            return guards[i].holds;
    }
    return NULL;
}

const char *
mp_guard_name(guint i)
{
    return i < G_N_ELEMENTS(guards) ? guards[i].name : NULL;
}

gboolean
mp_guard_exists(const char *name)
{
    return find_guard(name) != NULL;
}

gboolean
mp_guard_holds(const char *name, const MpGuardContext *context)
{
    Guard holds = find_guard(name);

    return holds != NULL && holds(context);
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/* Letters to the invented office, each told to its end through mp_case_step. */

#include "office.h"

typedef struct {
    Office *office;
    const MpSop *sop;
    MpCase *kase;
    GPtrArray *events;
} Told;

static inline void
told_free(Told *told)
{
    mp_case_free(told->kase);
    g_ptr_array_unref(told->events);
    g_free(told);
}

static inline void
told_step(Told *told, const MpCaseInput *input, const char *number, const char *at)
{
    MpCaseInput with_history = *input;
    g_autoptr(MpDecision) decision = NULL;

    with_history.history = told->events;
    decision = mp_case_step(told->sop,
                            told->kase,
                            number,
                            &with_history,
                            told->office->calendar,
                            walk_time(told->office->calendar, at));
    if (!decision->is_accepted)
        print_error("%s of %s: ", input->event, input->actor);
    assert_text(decision->refusal, NULL);
    for (guint i = 0; i < decision->events->len; i++) {
        MpEvent *event = mp_event_copy(g_ptr_array_index(decision->events, i));

        event->seq = told->events->len + 1;
        g_ptr_array_add(told->events, event);
    }
    mp_case_free(told->kase);
    told->kase = g_steal_pointer(&decision->after);
}

static inline void
add_paper(MpCase *facts, const char *kind)
{
    MpCaseDocument *document = mp_case_document_new();

    document->filename = g_strconcat(kind, ".pdf", NULL);
    document->kind = g_strdup(kind);
    document->type = g_strdup("application/pdf");
    document->sha256 = g_strdup_printf("%064u", facts->documents->len);
    document->bytes = 1000;
    document->is_readable = TRUE;
    g_ptr_array_add(facts->documents, document);
}

/* A letter with all its papers, from an applicant of `unit`. */
static inline Told *
office_letter(Office *office, const MpSop *sop, const char *unit, const char *at)
{
    static const char *const papers[] = {
        "surat-permohonan", "surat-rekomendasi", "sk-pensiun", "ktp"};
    Told *told = g_new0(Told, 1);
    g_autoptr(MpCase) facts = mp_case_new();
    g_autofree char *number = g_strdup_printf("SE-2026-%06u", ++office->n_cases);
    MpCaseApplicant *applicant = mp_case_applicant_new();
    MpCaseInput input = {
        .event = "received", .actor = "requester", .trust = MP_TRUST_ALIGNED, .facts = facts};

    told->office = office;
    told->sop = sop;
    told->events = g_ptr_array_new_with_free_func(walk_free_event);
    facts->requester_name = g_strdup("Bagian Umum");
    facts->requester_address = g_strdup("umum@contohkab.go.id");
    facts->letter_number = g_strdup("800/1/2026");
    for (gsize i = 0; i < G_N_ELEMENTS(papers); i++)
        add_paper(facts, papers[i]);
    applicant->n = 1;
    applicant->name = g_strdup("Rangga Prasetya, S.Kom.");
    applicant->nip = g_strdup("199002142015021999");
    applicant->nik = g_strdup("3399011402900001");
    applicant->email = g_strdup("rangga.prasetya@contohkab.go.id");
    applicant->phone = g_strdup("081200001122");
    applicant->unit = g_strdup(unit);
    g_ptr_array_add(facts->applicants, applicant);
    told_step(told, &input, number, at);
    return told;
}

static inline void
told_say(Told *told, const char *event, const char *actor, const char *at)
{
    MpCaseInput input = {.event = event,
                         .actor = actor,
                         .address = actor,
                         .trust = MP_TRUST_CAPABILITY,
                         .note = g_str_equal(event, "TOLAK") ? "berkas ganda" : NULL};

    told_step(told, &input, NULL, at);
}

/* A revocation from the letter to its end: the head takes until `signed_at`. */
static inline Told *
office_revocation(Office *office, const char *unit, const char *day, const char *signed_at)
{
    g_autofree char *came = g_strconcat(day, "T08:00:00", NULL);
    g_autofree char *sign = g_strconcat(day, signed_at, NULL);
    g_autofree char *handed = g_strconcat(day, "T14:00:00", NULL);
    g_autofree char *done = g_strconcat(day, "T15:00:00", NULL);
    Told *told = office_letter(office, office->revocation, unit, came);

    told_say(told, "SETUJU", "kepala-dinas", sign);
    told_say(told, "AJUKAN", "verifikator", handed);
    told_say(told, "SELESAI", "verifikator", done);
    assert_int_equal(told->kase->state, MP_CASE_FINISHED);
    return told;
}

/* Counts the case and forgets it. */
static inline void
report_take(MpReport *report, Told *told)
{
    g_autoptr(GError) error = NULL;

    assert_true(
        mp_report_add(report, told->kase, told->events, told->sop, told->office->calendar, &error));
    assert_no_gerror(error);
    told_free(told);
}

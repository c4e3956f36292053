/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/* A case walked through a procedure of rules/sop/ on a hand-set clock: what the tests of case/
 * share. Every accepted decision is held against the fold of all events. */

#include "walk-setup.h"

static inline void
walk_add_document(MpCase *facts, const char *kind, gboolean readable)
{
    MpCaseDocument *document = mp_case_document_new();

    document->filename = g_strdup_printf("%s.pdf", kind);
    document->kind = g_strdup(kind);
    document->type = g_strdup("application/pdf");
    document->sha256 = g_strdup_printf("%064u", facts->documents->len + g_str_hash(kind) % 1000);
    document->bytes = 1000;
    document->is_readable = readable;
    g_ptr_array_add(facts->documents, document);
}

/* Facts of a letter: kinds of documents and `n` applicants, "ktp!" = not readable. */
static inline MpCase *
walk_facts(const char *const *kinds, guint n)
{
    MpCase *facts = mp_case_new();

    facts->requester_name = g_strdup("Dinas Kesehatan");
    facts->requester_address = g_strdup("dinkes@contohkab.go.id");
    facts->letter_number = g_strdup("800/1123/2026");
    for (guint i = 0; kinds != NULL && kinds[i] != NULL; i++) {
        g_autofree char *kind = g_strdup(kinds[i]);
        gsize length = strlen(kind);
        gboolean readable = length == 0 || kind[length - 1] != '!';

        if (!readable)
            kind[length - 1] = '\0';
        walk_add_document(facts, kind, readable);
    }
    for (guint i = 0; i < n; i++) {
        MpCaseApplicant *applicant = mp_case_applicant_new();

        applicant->n = i + 1;
        applicant->name = g_strdup_printf("Pemohon %u", i + 1);
        applicant->email = g_strdup_printf("pemohon%u@contohkab.go.id", i + 1);
        g_ptr_array_add(facts->applicants, applicant);
    }
    return facts;
}

static inline void
walk_keep(Walk *walk, MpDecision *decision)
{
    g_autoptr(MpCase) folded = NULL;
    g_autoptr(GError) error = NULL;

    for (guint i = 0; i < decision->events->len; i++) {
        MpEvent *event = mp_event_copy(g_ptr_array_index(decision->events, i));

        event->seq = walk->events->len + 1;
        g_ptr_array_add(walk->events, event);
    }
    for (guint i = 0; i < decision->notices->len; i++) {
        const MpCaseNotice *notice = g_ptr_array_index(decision->notices, i);
        g_autofree char *n =
            notice->applicant > 0 ? g_strdup_printf("%u", notice->applicant) : g_strdup("");

        g_string_append_printf(walk->notices, "%s>%s%s ", notice->template_, notice->audience, n);
    }
    g_string_append(walk->all_notices, walk->notices->str);
    for (guint i = 0; i < decision->timers->len; i++) {
        const MpCaseTimer *timer = g_ptr_array_index(decision->timers, i);

        if (timer->at_utc == 0)
            g_hash_table_remove(walk->timers, timer->name);
        else
            g_hash_table_replace(
                walk->timers, g_strdup(timer->name), g_memdup2(&timer->at_utc, sizeof(gint64)));
    }
    walk->links += decision->links->len;
    mp_case_free(walk->kase);
    walk->kase = g_steal_pointer(&decision->after);
    folded = mp_case_fold(walk->events, &error);
    assert_no_gerror(error);
    assert_text(folded->step, walk->kase->step);
    assert_int_equal(folded->state, walk->kase->state);
    assert_int_equal(folded->version, walk->kase->version);
    assert_true(folded->due_utc == walk->kase->due_utc);
    assert_true(folded->step_since_utc == walk->kase->step_since_utc);
    assert_text(folded->holder_role, walk->kase->holder_role);
    walk->kase->last_seq = folded->last_seq;
}

/* One input; NULL when accepted, else the refusal. */
static inline char *
walk_input(Walk *walk, const MpCaseInput *input)
{
    g_autoptr(MpDecision) decision = NULL;
    MpCaseInput with_history = *input;

    with_history.history = walk->events;
    decision = mp_case_step(
        walk->sop, walk->kase, "SE-2026-000123", &with_history, walk->calendar, walk->now);
    g_string_truncate(walk->notices, 0);
    if (!decision->is_accepted) {
        assert_int_equal(decision->events->len, 0);
        assert_int_equal(decision->notices->len, 0);
        return g_strdup(decision->refusal);
    }
    walk_keep(walk, decision);
    return NULL;
}

/* An event of an actor that has to be accepted. */
static inline void
walk_say(Walk *walk, const char *event, const char *actor)
{
    g_autofree char *address = g_strconcat(actor, "@contohkab.go.id", NULL);
    MpCaseInput input = {.event = event,
                         .actor = actor,
                         .address = address,
                         .trust = MP_TRUST_CAPABILITY,
                         .note = g_str_equal(event, "TOLAK") || g_str_equal(event, "LENGKAPI") ||
                                         g_str_equal(event, "GAGAL") ||
                                         g_str_equal(event, "KEMBALIKAN")
                                     ? "alasan"
                                     : NULL};
    g_autofree char *refusal = walk_input(walk, &input);

    if (refusal != NULL)
        print_error("%s of %s at %s: ", event, actor, walk->kase->step);
    assert_text(refusal, NULL);
}

static inline void
walk_receive(Walk *walk, const char *const *kinds, guint n)
{
    g_autoptr(MpCase) facts = walk_facts(kinds, n);
    MpCaseInput input = {
        .event = "received", .actor = "requester", .trust = MP_TRUST_ALIGNED, .facts = facts};
    g_autofree char *refusal = walk_input(walk, &input);

    assert_text(refusal, NULL);
}

#define assert_step(walk, want) assert_text((walk)->kase->step, want)

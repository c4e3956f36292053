/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/* A case walked through a procedure of rules/sop/ on a hand-set clock: what the tests of case/
 * share. Every accepted decision is held against the fold of all events. */

#include "case/case.h"
#include "support/asserts.h"

#define MP_WALK_MINUTE (60 * (gint64)G_USEC_PER_SEC)

static const char *const walk_roles[] = {"kepala-dinas",
                                         "sekretaris",
                                         "kabid",
                                         "kasi",
                                         "admin-helpdesk",
                                         "verifikator",
                                         "pejabat-pengaduan",
                                         NULL};

typedef struct {
    MpSop *sop;
    MpCalendar *calendar;
    MpCase *kase;
    GPtrArray *events; /* MpEvent, owned */
    GString *notices;  /* "template>audience " of the last decision */
    GString *all_notices;
    GHashTable *timers; /* name → gint64 * */
    gint64 now;
    guint links;
} Walk;

static inline void
walk_free_event(gpointer data)
{
    mp_event_free(data);
}

static inline char *
walk_read(const char *path, gsize *length_out)
{
    g_autofree char *full = g_build_filename(MP_SOURCE_DIR, path, NULL);
    g_autoptr(GError) error = NULL;
    char *text = NULL;

    g_file_get_contents(full, &text, length_out, &error);
    assert_no_gerror(error);
    return text;
}

static inline MpSop *
walk_load(const char *name)
{
    g_autofree char *path = g_strconcat("rules/sop/", name, ".sop", NULL);
    g_autoptr(GError) error = NULL;
    gsize length;
    g_autofree char *text = walk_read(path, &length);
    MpSop *sop = mp_sop_parse(path, text, length, walk_roles, &error);

    assert_no_gerror(error);
    return sop;
}

static inline MpCalendar *
walk_calendar(const char *zone_name, const char *hours)
{
    g_autoptr(GTimeZone) zone = g_time_zone_new_identifier(zone_name);
    g_autoptr(GError) error = NULL;
    gsize length;
    g_autofree char *holidays = walk_read("rules/holidays-2026.tsv", &length);
    MpCalendar *calendar = mp_calendar_new(zone, hours, &error);

    assert_no_gerror(error);
    assert_true(mp_calendar_add_holidays(calendar, "holidays-2026.tsv", holidays, length, &error));
    return calendar;
}

/* "2026-11-20T09:14:00" in the calendar's zone. */
static inline gint64
walk_time(const MpCalendar *calendar, const char *text)
{
    g_autofree char *day = g_strndup(text, 10);
    gint64 hour, minute;
    g_autofree char *h = g_strndup(text + 11, 2);
    g_autofree char *m = g_strndup(text + 14, 2);

    assert_true(g_ascii_string_to_signed(h, 10, 0, 23, &hour, NULL));
    assert_true(g_ascii_string_to_signed(m, 10, 0, 59, &minute, NULL));
    return mp_calendar_day_start(calendar, day) + (hour * 60 + minute) * MP_WALK_MINUTE;
}

static inline Walk *
walk_new(const char *sop, const char *start)
{
    Walk *walk = g_new0(Walk, 1);

    walk->sop = walk_load(sop);
    walk->calendar = walk_calendar(
        walk->sop->zone != NULL ? walk->sop->zone : "Asia/Jakarta",
        walk->sop->hours != NULL ? walk->sop->hours
                                 : "mon-thu 07:30-12:00,13:00-16:00; fri 07:30-11:30,13:00-16:30");
    walk->events = g_ptr_array_new_with_free_func(walk_free_event);
    walk->notices = g_string_new(NULL);
    walk->all_notices = g_string_new(NULL);
    walk->timers = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
    walk->now = walk_time(walk->calendar, start);
    return walk;
}

static inline void
walk_free(Walk *walk)
{
    mp_sop_free(walk->sop);
    mp_calendar_free(walk->calendar);
    mp_case_free(walk->kase);
    g_ptr_array_unref(walk->events);
    g_string_free(walk->notices, TRUE);
    g_string_free(walk->all_notices, TRUE);
    g_hash_table_unref(walk->timers);
    g_free(walk);
}

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

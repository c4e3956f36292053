/* SPDX-License-Identifier: GPL-3.0-or-later */

/* mp_case_step(): one input to one decision. The order is always the same: is the case open, may
 * this person, is all there that the verb needs, what does the input bring (facts, outcomes), which
 * row matches, follow it. Every step of it works on a copy; a refusal throws the copy away. */

#include "case/step-private.h"

static void
free_event(gpointer data)
{
    mp_event_free(data);
}

static void
free_notice(gpointer data)
{
    MpCaseNotice *notice = data;

    g_free(notice->template_);
    g_free(notice->audience);
    g_free(notice->note);
    g_free(notice);
}

static void
free_timer(gpointer data)
{
    MpCaseTimer *timer = data;

    g_free(timer->name);
    g_free(timer);
}

static void
free_link(gpointer data)
{
    MpCaseLink *link = data;

    g_free(link->service);
    g_free(link->reason);
    g_array_unref(link->applicants);
    g_free(link);
}

MpDecision *
mp_decision_new(void)
{
    MpDecision *decision = g_new0(MpDecision, 1);

    decision->events = g_ptr_array_new_with_free_func(free_event);
    decision->notices = g_ptr_array_new_with_free_func(free_notice);
    decision->timers = g_ptr_array_new_with_free_func(free_timer);
    decision->links = g_ptr_array_new_with_free_func(free_link);
    return decision;
}

void
mp_decision_free(MpDecision *decision)
{
    if (decision == NULL)
        return;
    g_free(decision->refusal);
    g_free(decision->refusal_guard);
    g_free(decision->rule);
    g_ptr_array_unref(decision->events);
    g_ptr_array_unref(decision->notices);
    g_ptr_array_unref(decision->timers);
    g_ptr_array_unref(decision->links);
    mp_case_free(decision->after);
    g_free(decision);
}

gboolean
mp_run_refuse(MpRun *run, const char *refusal)
{
    g_free(run->decision->refusal);
    run->decision->refusal = g_strdup(refusal);
    return FALSE;
}

MpEvent *
mp_run_event(const MpRun *run, const char *kind)
{
    MpEvent *event = mp_event_new(kind, run->now_utc);

    event->actor = g_strdup(run->input->actor);
    event->address = g_strdup(run->input->address);
    event->trust = run->input->trust;
    event->mail = run->input->mail;
    return event;
}

gboolean
mp_run_emit(MpRun *run, MpEvent *event)
{
    g_ptr_array_add(run->decision->events, event);
    if (!mp_case_apply(run->decision->after, event, NULL))
        return mp_run_refuse(run, "broken");
    return TRUE;
}

MpCaseNotice *
mp_run_notice(MpRun *run, const char *template_, const char *audience)
{
    MpCaseNotice *notice = g_new0(MpCaseNotice, 1);

    notice->template_ = g_strdup(template_);
    notice->audience = g_strdup(audience);
    g_ptr_array_add(run->decision->notices, notice);
    return notice;
}

void
mp_run_set_timer(MpRun *run, const char *name, gint64 at_utc)
{
    gint64 *at = g_new(gint64, 1);

    *at = at_utc;
    g_hash_table_replace(run->timers, g_strdup(name), at);
}

const char *
mp_run_public_note(const MpRun *run)
{
    static const char *const for_them[] = {"LENGKAPI", "TOLAK", "GAGAL", "TUNDA", NULL};

    if (run->input->message != NULL)
        return run->input->message;
    return g_strv_contains(for_them, run->input->event) ||
                   g_str_has_prefix(run->input->event, "notice.")
               ? run->input->note
               : NULL;
}

/* --- what an input needs --- */

/* SELESAI, GAGAL and the notices that end an applicant's waiting; NONE for all others. */
static MpOutcome
outcome_of(const MpRun *run)
{
    const char *event = run->input->event;
    MpOutcome outcome = MP_OUTCOME_NONE;

    if (strcmp(event, "SELESAI") == 0)
        return run->sop->success;
    if (strcmp(event, "GAGAL") == 0)
        return MP_OUTCOME_REJECTED;
    if (strcmp(event, "withdrawal") == 0)
        return MP_OUTCOME_WITHDRAWN;
    if (g_str_has_prefix(event, "notice."))
        mp_outcome_from_string(event + strlen("notice."), &outcome);
    return outcome;
}

static gboolean
has_text(const char *text)
{
    return text != NULL && text[strspn(text, " \t\n")] != '\0';
}

/* LENGKAPI without words asks for what the requirements lack; there has to be something. */
static gboolean
check_reason(MpRun *run)
{
    const char *event = run->input->event;

    if (mp_sop_event_needs_reason(event) && !has_text(run->input->note))
        return mp_run_refuse(run, "needs-reason");
    if (strcmp(event, "LENGKAPI") == 0 && !has_text(run->input->note) &&
        !has_text(run->input->message) && run->decision->after->missing->len == 0)
        return mp_run_refuse(run, "needs-reason");
    if (strcmp(event, "TUNDA") == 0 &&
        (mp_day_parse(run->input->until) == 0 ||
         mp_calendar_day_start(run->calendar, run->input->until) <= run->now_utc))
        return mp_run_refuse(run, "needs-date");
    /* A certificate that ends before today was mistyped. */
    if (strcmp(event, "SELESAI") == 0 && run->input->until != NULL &&
        mp_day_parse(run->input->until) <= mp_calendar_day_of(run->calendar, run->now_utc))
        return mp_run_refuse(run, "needs-date");
    return TRUE;
}

/* Any row of the step for the event, and whether one of them leaves it. */
static gboolean
find_rows(const MpRun *run, gboolean *leaves_out)
{
    gboolean found = FALSE;

    *leaves_out = FALSE;
    for (guint i = 0; i < run->sop->rows->len; i++) {
        const MpSopRow *row = g_ptr_array_index(run->sop->rows, i);

        if (g_strcmp0(row->step, run->decision->after->step) != 0 ||
            strcmp(row->event, run->input->event) != 0)
            continue;
        found = TRUE;
        if (strcmp(row->next, MP_SOP_STAY) != 0)
            *leaves_out = TRUE;
    }
    return found;
}

/* --- what an input brings --- */

static gboolean
emit_outcome(MpRun *run, guint n, MpOutcome outcome)
{
    MpEvent *event = mp_run_event(run, "outcome");
    g_autofree char *number = g_strdup_printf("%u", n);

    mp_event_set(event, "n", number);
    mp_event_set(event, "outcome", mp_outcome_to_string(outcome));
    if (outcome == MP_OUTCOME_REJECTED || outcome == MP_OUTCOME_WITHDRAWN)
        mp_event_set(event, "reason", run->input->note);
    if (mp_outcome_is_success(outcome) && mp_day_parse(run->input->until) != 0)
        mp_event_set(event, "valid_until", run->input->until);
    g_array_append_val(run->targets, n);
    return mp_run_emit(run, event);
}

/* The applicant named, or all that still wait. One who has an outcome keeps it: a notice that comes
 * twice does nothing. */
static gboolean
bring_outcome(MpRun *run, MpOutcome outcome)
{
    const MpCase *kase = run->decision->after;

    for (guint n = 1; n <= kase->applicants->len; n++) {
        if (run->input->applicant != 0 && run->input->applicant != n)
            continue;
        if (mp_case_applicant_get(kase, n)->outcome != MP_OUTCOME_NONE)
            continue;
        if (!emit_outcome(run, n, outcome))
            return FALSE;
    }
    if (run->targets->len == 0 && outcome != MP_OUTCOME_WITHDRAWN)
        return mp_run_refuse(run, "no-applicant");
    return TRUE;
}

static gboolean
bring(MpRun *run, gboolean leaves)
{
    MpOutcome outcome = outcome_of(run);

    if (!mp_run_take_certificate(run))
        return FALSE;
    if (strcmp(run->input->event, "supplement") == 0)
        return mp_run_take_facts(run);
    /* Where the procedure knows no withdrawal any more, it changes no applicant. */
    if (outcome == MP_OUTCOME_NONE || (outcome == MP_OUTCOME_WITHDRAWN && !leaves))
        return TRUE;
    return bring_outcome(run, outcome);
}

/* --- the decision --- */

static gboolean
reopen(MpRun *run)
{
    MpEvent *event = mp_run_event(run, "reopened");

    return mp_run_emit(run, event);
}

/* Events that a step without a row for them still keeps for the file. */
static gboolean
keep_for_file(MpRun *run)
{
    static const char *const kept[] = {
        "confirmed", "notice.activation", "notice.passphrase", "notice.reminder", NULL};
    MpEvent *event;

    if (mp_case_state_is_closed(run->decision->after->state))
        return mp_run_refuse(run, "closed");
    if (g_str_has_prefix(run->input->event, "timer."))
        return mp_run_timer(run);
    if (strcmp(run->input->event, "supplement") == 0) {
        if (!mp_run_take_facts(run))
            return FALSE;
        /* Whoever works on it should not decide without the new paper. */
        if (run->decision->events->len > 0 && run->decision->after->state == MP_CASE_OPEN)
            mp_run_tell_holder(run, "giliran");
    } else if (!g_strv_contains(kept, run->input->event)) {
        return mp_run_refuse(run, "wrong-step");
    }
    event = mp_run_event(run, "note");
    mp_event_set(event, "event", run->input->event);
    event->note = g_strdup(run->input->note);
    return mp_run_emit(run, event);
}

static gboolean
decide(MpRun *run)
{
    gboolean known = FALSE, leaves;
    const MpSopRow *row;
    const char *guard = NULL;
    gboolean done;

    if (mp_run_put_off(run))
        return TRUE;
    done = mp_run_common(run, &known);
    if (known)
        return done;
    if (!find_rows(run, &leaves))
        return keep_for_file(run);
    if (mp_sop_event_is_verb(run->input->event) && (!mp_run_check_role(run) || !check_reason(run)))
        return FALSE;
    /* A row that stays at an end takes up what that end offers: the case stays closed. */
    if (leaves && mp_case_state_is_closed(run->decision->after->state) && !reopen(run))
        return FALSE;
    if (!bring(run, leaves))
        return FALSE;
    row = mp_run_pick(run, run->decision->after->step, &guard);
    if (row == NULL) {
        run->decision->refusal_guard = g_strdup(guard);
        return mp_run_refuse(run, "guard");
    }
    run->decision->rule = g_strdup_printf("%s:%u", run->sop->file, row->line);
    return mp_run_follow(run, row);
}

/* All timers that were set, and the end of the others where the step was left. */
static void
write_timers(MpRun *run)
{
    const char *const *names = mp_case_timer_names();

    for (guint i = 0; names[i] != NULL; i++) {
        const gint64 *at = g_hash_table_lookup(run->timers, names[i]);
        MpCaseTimer *timer;

        if (at == NULL && !run->sets_timers)
            continue;
        timer = g_new0(MpCaseTimer, 1);
        timer->name = g_strdup(names[i]);
        timer->at_utc = at != NULL ? *at : 0;
        g_ptr_array_add(run->decision->timers, timer);
    }
}

static void
forget(MpDecision *decision, const MpCase *kase)
{
    g_ptr_array_set_size(decision->events, 0);
    g_ptr_array_set_size(decision->notices, 0);
    g_ptr_array_set_size(decision->timers, 0);
    g_ptr_array_set_size(decision->links, 0);
    mp_case_free(decision->after);
    decision->after = kase != NULL ? mp_case_copy(kase) : NULL;
}

MpDecision *
mp_case_step(const MpSop *sop,
             const MpCase *kase,
             const char *number,
             const MpCaseInput *input,
             const MpCalendar *calendar,
             gint64 now_utc)
{
    MpRun run = {.sop = sop, .input = input, .calendar = calendar, .now_utc = now_utc};
    gboolean opens = kase == NULL && strcmp(input->event, "received") == 0;

    run.decision = mp_decision_new();
    run.decision->after = kase != NULL ? mp_case_copy(kase) : mp_case_new();
    run.targets = g_array_new(FALSE, FALSE, sizeof(guint));
    run.timers = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
    if (kase == NULL && !opens)
        mp_run_refuse(&run, "no-case");
    else if (!opens || mp_run_open(&run, number))
        run.decision->is_accepted = decide(&run);
    if (run.decision->is_accepted)
        write_timers(&run);
    else
        forget(run.decision, kase);
    g_array_unref(run.targets);
    g_hash_table_unref(run.timers);
    return run.decision;
}

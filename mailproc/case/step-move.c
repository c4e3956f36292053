/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Following a row: its actions, the move, the steps that are passed through at once, and the
 * arrival at a step that waits or ends. */

#include "case/step-private.h"

/* The graph check leaves no circle of `enter` rows; this is the belt to those braces. */
#define MAX_HOPS 64

const MpSopRow *
mp_run_pick_event(const MpRun *run, const char *step, const char *event, const char **guard_out)
{
    MpGuardContext context = {
        run->sop, run->decision->after, run->input, run->calendar, run->now_utc};

    for (guint i = 0; i < run->sop->rows->len; i++) {
        const MpSopRow *row = g_ptr_array_index(run->sop->rows, i);
        const char *refusing = NULL;

        if (g_strcmp0(row->step, step) != 0 || strcmp(row->event, event) != 0)
            continue;
        for (guint g = 0; row->guards[g] != NULL && refusing == NULL; g++) {
            gboolean negated;
            const char *name = mp_sop_guard_name(row->guards[g], &negated);

            if (mp_guard_holds(name, &context) == negated)
                refusing = row->guards[g];
        }
        if (refusing == NULL)
            return row;
        if (guard_out != NULL)
            *guard_out = refusing;
    }
    return NULL;
}

const MpSopRow *
mp_run_pick(const MpRun *run, const char *step, const char **guard_out)
{
    return mp_run_pick_event(run, step, run->input->event, guard_out);
}

/* An official's step that sleeps: nobody is waited for but a day. */
gboolean
mp_run_is_asleep(const MpRun *run)
{
    const MpSopStep *step = mp_sop_step(run->sop, run->decision->after->step);

    return step != NULL && run->decision->after->state == MP_CASE_WAITING &&
           !mp_sop_is_outsider(step->actor);
}

/* --- notices --- */

static const char *
audience_of(const MpRun *run, const char *audience)
{
    const MpCase *kase = run->decision->after;
    const MpSopStep *step = mp_sop_step(run->sop, kase->step);

    if (strcmp(audience, "keeper") == 0)
        return step != NULL && step->keeper != NULL ? step->keeper : "system";
    if (strcmp(audience, "holder") == 0)
        return kase->holder_address != NULL ? kase->holder_address : kase->holder_role;
    return audience;
}

static gboolean
is_outside_audience(const char *audience)
{
    return strcmp(audience, "requester") == 0 || strcmp(audience, "applicant") == 0;
}

static void
tell_one(MpRun *run, const char *template_, const char *who, guint applicant)
{
    MpCaseNotice *notice = mp_run_notice(run, template_, who);
    gboolean outside = is_outside_audience(who);

    notice->applicant = applicant;
    notice->wants_grant = !outside;
    notice->note = g_strdup(outside ? mp_run_public_note(run) : run->input->note);
}

/* Applicants: those whose outcome this input set; without any, all who were not turned away. */
static gboolean
is_meant(const MpRun *run, const MpCaseApplicant *applicant, gboolean certificate)
{
    if (certificate && !applicant->holds_certificate)
        return FALSE;
    if (run->targets->len == 0)
        return applicant->outcome == MP_OUTCOME_NONE || mp_outcome_is_success(applicant->outcome);
    for (guint i = 0; i < run->targets->len; i++) {
        if (g_array_index(run->targets, guint, i) == applicant->n)
            return TRUE;
    }
    return FALSE;
}

/* A notice of a row or step. */
static void
tell(MpRun *run, const char *template_, const char *audience)
{
    const char *who = audience_of(run, audience);
    const GPtrArray *applicants = run->decision->after->applicants;
    gboolean certificate = strcmp(who, MP_SOP_CERTIFICATE_HOLDERS) == 0;
    guint meant = 0;

    if (!certificate && strcmp(who, "applicant") != 0) {
        tell_one(run, template_, who, 0);
        return;
    }
    for (guint i = 0; i < applicants->len; i++)
        meant += is_meant(run, g_ptr_array_index(applicants, i), certificate) ? 1 : 0;
    if (meant == applicants->len && run->targets->len == 0) {
        tell_one(run, template_, "applicant", 0);
        return;
    }
    for (guint i = 0; i < applicants->len; i++) {
        if (is_meant(run, g_ptr_array_index(applicants, i), certificate))
            tell_one(run, template_, "applicant", i + 1);
    }
}

/* The one who has to act: the step's holder, or for a step outside the office its keeper. */
void
mp_run_tell_holder(MpRun *run, const char *template_)
{
    const MpCase *kase = run->decision->after;
    const MpSopStep *step = mp_sop_step(run->sop, kase->step);
    gboolean outside = mp_sop_is_outsider(kase->holder_role);
    MpCaseNotice *notice;

    if (outside && (step == NULL || step->keeper == NULL))
        return;
    notice = mp_run_notice(run, template_, audience_of(run, outside ? "keeper" : "holder"));
    notice->wants_grant = TRUE;
    notice->wants_documents = !outside;
    notice->note = g_strdup(run->input->note);
}

/* --- actions --- */

static gboolean
act_ask(MpRun *run)
{
    MpEvent *event = mp_run_event(run, "asked");
    g_autofree char *missing = mp_case_strings_join(run->decision->after->missing);

    mp_event_set(event, "missing", missing);
    mp_event_set(event, "resume", run->decision->after->step);
    event->note = g_strdup(run->input->note);
    return mp_run_emit(run, event);
}

/* An offer is a question at an end: nobody waits for its answer. */
static gboolean
act_offer(MpRun *run, const char *next)
{
    MpEvent *event = mp_run_event(run, "asked");

    mp_event_set(event, "offer", "yes");
    mp_event_set(event, "resume", next);
    return mp_run_emit(run, event);
}

static gboolean
act_complete(MpRun *run)
{
    g_autoptr(GPtrArray) nothing = g_ptr_array_new();

    return mp_run_set_missing(run, nothing);
}

static gboolean
act_sleep(MpRun *run)
{
    MpEvent *event = mp_run_event(run, "postponed");
    gint64 day = mp_calendar_day_start(run->calendar, run->input->until);

    mp_event_set(event, "until", run->input->until);
    event->note = g_strdup(run->input->note);
    run->sets_timers = TRUE;
    mp_run_set_timer(run, "wake", mp_calendar_next_open(run->calendar, day));
    return mp_run_emit(run, event);
}

/* Wakes on the first day on which any applicant may be renewed. */
static gboolean
act_hold_window(MpRun *run)
{
    const MpCase *kase = run->decision->after;
    guint32 first = 0;
    g_autofree char *day = NULL;

    for (guint i = 0; i < kase->applicants->len; i++) {
        const MpCaseApplicant *applicant = g_ptr_array_index(kase->applicants, i);
        guint32 end = mp_day_parse(applicant->valid_until);

        if (end > (guint32)run->sop->window_days &&
            (first == 0 || end - (guint32)run->sop->window_days < first))
            first = end - (guint32)run->sop->window_days;
    }
    if (first == 0)
        return TRUE;
    day = mp_day_format(first);
    mp_run_set_timer(
        run,
        "wake",
        mp_calendar_next_open(run->calendar, mp_calendar_day_start(run->calendar, day)));
    return TRUE;
}

static gboolean
act_open_link(MpRun *run, char **arguments)
{
    const MpCase *kase = run->decision->after;
    MpCaseLink *link = g_new0(MpCaseLink, 1);

    link->service = g_strdup(arguments[0]);
    link->reason = g_strdup(arguments[1]);
    link->applicants = g_array_new(FALSE, FALSE, sizeof(guint));
    for (guint i = 0; i < kase->applicants->len; i++) {
        const MpCaseApplicant *applicant = g_ptr_array_index(kase->applicants, i);

        if (applicant->holds_certificate && applicant->outcome != MP_OUTCOME_REJECTED &&
            applicant->outcome != MP_OUTCOME_WITHDRAWN)
            g_array_append_val(link->applicants, applicant->n);
    }
    g_ptr_array_add(run->decision->links, link);
    return TRUE;
}

static gboolean
act(MpRun *run, const MpSopRow *row, const char *text)
{
    g_auto(GStrv) arguments = NULL;
    MpSopAction action;

    if (!mp_sop_action_parse(text, &action, &arguments))
        return mp_run_refuse(run, "broken");
    switch (action) {
    case MP_SOP_ACTION_NOTICE:
        tell(run, arguments[0], arguments[1]);
        return TRUE;
    case MP_SOP_ACTION_OPEN_LINK:
        return act_open_link(run, arguments);
    case MP_SOP_ACTION_HOLD_WINDOW:
        return act_hold_window(run);
    case MP_SOP_ACTION_SLEEP:
        return act_sleep(run);
    case MP_SOP_ACTION_COMPLETE:
        return act_complete(run);
    case MP_SOP_ACTION_ASK:
        return act_ask(run);
    case MP_SOP_ACTION_OFFER:
        return act_offer(run, row->next);
    case MP_SOP_ACTION_N:
        break;
    }
    return mp_run_refuse(run, "broken");
}

/* --- moving --- */

/* How a case ends, by what its applicants got. */
static MpCaseState
final_state(const MpCase *kase, MpCaseState wanted)
{
    guint counts[MP_OUTCOME_N] = {0};

    for (guint i = 0; i < kase->applicants->len; i++) {
        const MpCaseApplicant *applicant = g_ptr_array_index(kase->applicants, i);

        if (mp_outcome_is_success(applicant->outcome))
            return MP_CASE_FINISHED;
        counts[applicant->outcome]++;
    }
    if (counts[MP_OUTCOME_REJECTED] > 0)
        return MP_CASE_REFUSED;
    if (counts[MP_OUTCOME_WITHDRAWN] > 0)
        return MP_CASE_WITHDRAWN;
    return counts[MP_OUTCOME_EXPIRED] > 0 ? MP_CASE_EXPIRED : wanted;
}

static MpOutcome
end_outcome(const MpSop *sop, MpCaseState end)
{
    if (end == MP_CASE_REFUSED)
        return MP_OUTCOME_REJECTED;
    if (end == MP_CASE_WITHDRAWN)
        return MP_OUTCOME_WITHDRAWN;
    return end == MP_CASE_EXPIRED ? MP_OUTCOME_EXPIRED : sop->success;
}

/* Everybody who still waits gets the outcome of the end; then the case is closed. */
static gboolean
close_case(MpRun *run, const MpSopStep *step)
{
    MpCase *kase = run->decision->after;
    MpEvent *event;

    for (guint n = 1; n <= kase->applicants->len; n++) {
        g_autofree char *number = g_strdup_printf("%u", n);

        if (mp_case_applicant_get(kase, n)->outcome != MP_OUTCOME_NONE)
            continue;
        event = mp_run_event(run, "outcome");
        mp_event_set(event, "n", number);
        mp_event_set(
            event, "outcome", mp_outcome_to_string(end_outcome(run->sop, step->end_state)));
        if (step->end_state != MP_CASE_FINISHED)
            mp_event_set(event, "reason", run->input->note);
        if (!mp_run_emit(run, event))
            return FALSE;
    }
    event = mp_run_event(run, "closed");
    mp_event_set(event, "state", mp_case_state_to_string(final_state(kase, step->end_state)));
    if (step->end_state != MP_CASE_FINISHED)
        mp_event_set(event, "reason", run->input->note);
    return mp_run_emit(run, event);
}

static gboolean
emit_moved(MpRun *run, const MpSopStep *step, const MpSopRow *through, const char *rule, guint hop)
{
    MpEvent *event = mp_run_event(run, "moved");
    gboolean waits = through == NULL && !step->is_end;
    gint64 since = step->continues ? run->decision->after->step_since_utc : run->now_utc;
    g_autofree char *due =
        g_strdup_printf("%" G_GINT64_FORMAT, waits ? mp_step_due(run, step, since) : 0);

    event->from_step = g_strdup(run->decision->after->step);
    event->to_step = g_strdup(step->id);
    event->rule = g_strdup(rule);
    mp_event_set(event, "holder", step->is_end ? "system" : step->actor);
    mp_event_set(event, "due", due);
    mp_event_set(event, "state", waits && mp_sop_is_outsider(step->actor) ? "waiting" : "open");
    if (step->continues)
        mp_event_set(event, "continues", "yes");
    if (hop == 0) {
        event->note = g_strdup(run->input->note);
        if (mp_sop_event_is_verb(run->input->event))
            mp_event_set(event, "mover", run->input->address);
        mp_event_set(event, "event", run->input->event);
    } else {
        g_free(event->actor);
        event->actor = g_strdup("system");
        g_clear_pointer(&event->address, g_free);
    }
    return mp_run_emit(run, event);
}

static gboolean
arrive(MpRun *run, const MpSopStep *step)
{
    MpCase *kase = run->decision->after;

    mp_run_set_clock(run, step, kase->step_since_utc, kase->due_utc);
    if (step->is_end && !close_case(run, step))
        return FALSE;
    for (guint i = 0; step->tells[i] != NULL; i++) {
        g_auto(GStrv) words = g_strsplit(step->tells[i], " ", 2);

        /* On arrival everybody is meant, not only those whom this input touched. */
        g_array_set_size(run->targets, 0);
        tell(run, words[0], g_strstrip(words[1]));
    }
    if (!step->is_end && !mp_sop_is_outsider(step->actor))
        mp_run_tell_holder(run, "giliran");
    return TRUE;
}

static gboolean
act_all(MpRun *run, const MpSopRow *row)
{
    for (guint i = 0; i < g_strv_length(row->actions); i++) {
        if (!act(run, row, row->actions[i]))
            return FALSE;
    }
    return TRUE;
}

gboolean
mp_run_move(MpRun *run, const char *to, const char *rule)
{
    g_autofree char *next = g_strdup(to);
    g_autofree char *why = g_strdup(rule);

    for (guint hop = 0; hop < MAX_HOPS; hop++) {
        const MpSopStep *step = mp_sop_step(run->sop, next);
        const MpSopRow *through = step != NULL ? mp_run_pick_event(run, next, "enter", NULL) : NULL;

        if (step == NULL)
            return mp_run_refuse(run, "broken");
        if (!emit_moved(run, step, through, why, hop))
            return FALSE;
        if (through == NULL)
            return arrive(run, step);
        if (!act_all(run, through))
            return FALSE;
        g_free(next);
        g_free(why);
        next = g_strdup(through->next);
        why = g_strdup_printf("%s:%u", run->sop->file, through->line);
    }
    return mp_run_refuse(run, "broken");
}

/* A row that stays leaves a trace for the file, if nothing else did. */
static gboolean
stay(MpRun *run)
{
    MpEvent *event;

    if (run->decision->events->len > 0)
        return TRUE;
    event = mp_run_event(run, "note");
    mp_event_set(event, "event", run->input->event);
    event->note = g_strdup(run->input->note);
    event->rule = g_strdup(run->decision->rule);
    return mp_run_emit(run, event);
}

gboolean
mp_run_follow(MpRun *run, const MpSopRow *row)
{
    g_autofree char *back = g_strdup(run->decision->after->resume_step);

    if (!act_all(run, row))
        return FALSE;
    if (strcmp(row->next, MP_SOP_STAY) == 0)
        return stay(run);
    if (strcmp(row->next, MP_SOP_BACK) != 0)
        return mp_run_move(run, row->next, run->decision->rule);
    if (back == NULL)
        return mp_run_refuse(run, "wrong-step");
    return mp_run_move(run, back, run->decision->rule);
}

/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Events that every step takes, whatever its procedure says: notes for the file, handing over,
 * taking back, waking, the ends of linked cases, a changed calendar. */

#include "case/step-private.h"

gboolean
mp_run_check_role(MpRun *run)
{
    const MpCase *kase = run->decision->after;
    const MpSopStep *step = mp_sop_step(run->sop, kase->step);
    const char *who = kase->holder_role;

    if (g_strcmp0(run->input->actor, "operator") == 0)
        return TRUE;
    if (who == NULL || mp_sop_is_outsider(who))
        who = step != NULL ? step->keeper : NULL;
    if (kase->holder_address != NULL)
        return run->input->address != NULL &&
                       g_ascii_strcasecmp(kase->holder_address, run->input->address) == 0
                   ? TRUE
                   : mp_run_refuse(run, "wrong-role");
    if (who == NULL || g_strcmp0(run->input->actor, who) != 0)
        return mp_run_refuse(run, "wrong-role");
    return TRUE;
}

static gboolean
emit_note(MpRun *run, const char *kind)
{
    MpEvent *event = mp_run_event(run, kind);

    mp_event_set(event, "event", run->input->event);
    event->note = g_strdup(run->input->note);
    return mp_run_emit(run, event);
}

static gboolean
take_note(MpRun *run)
{
    if (run->input->note == NULL || run->input->note[0] == '\0')
        return mp_run_refuse(run, "needs-reason");
    return emit_note(run, "note") && mp_run_take_applicant_note(run);
}

static gboolean
take_mention(MpRun *run)
{
    return emit_note(run, "note");
}

static gboolean
take_refused(MpRun *run)
{
    return emit_note(run, "refused-command");
}

/* --- handing over --- */

static gboolean
is_role_of(const MpSop *sop, const char *role)
{
    for (guint i = 0; i < sop->steps->len; i++) {
        const MpSopStep *step = g_ptr_array_index(sop->steps, i);

        if (!mp_sop_is_outsider(step->actor) && strcmp(step->actor, role) == 0)
            return TRUE;
        if (g_strcmp0(step->keeper, role) == 0 || g_strcmp0(step->escalate, role) == 0)
            return TRUE;
    }
    return FALSE;
}

static gboolean
is_official(const MpRun *run, const char *address)
{
    for (guint i = 0; run->input->officials != NULL && run->input->officials[i] != NULL; i++) {
        if (g_ascii_strcasecmp(run->input->officials[i], address) == 0)
            return TRUE;
    }
    return FALSE;
}

static gboolean
hand_over(MpRun *run)
{
    const MpCase *kase = run->decision->after;
    g_auto(GStrv) words = NULL;
    g_autofree char *target = NULL;
    MpEvent *event;
    gboolean is_address;

    if (mp_case_state_is_closed(kase->state))
        return mp_run_refuse(run, "closed");
    if (mp_sop_is_outsider(kase->holder_role))
        return mp_run_refuse(run, "wrong-step");
    if (!mp_run_check_role(run))
        return FALSE;
    words = g_strsplit_set(run->input->note != NULL ? run->input->note : "", " \t,;", 2);
    target = mp_text_lower_ascii(words[0] != NULL ? words[0] : "");
    is_address = mp_text_is_plain_address(target);
    if (is_address ? !is_official(run, target) : !is_role_of(run->sop, target))
        return mp_run_refuse(run, "unknown-target");
    event = mp_run_event(run, "delegated");
    mp_event_set(event, "holder", is_address ? kase->holder_role : target);
    mp_event_set(event, "address", is_address ? target : NULL);
    event->note = g_strdup(run->input->note);
    if (!mp_run_emit(run, event))
        return FALSE;
    mp_run_tell_holder(run, "giliran");
    return TRUE;
}

/* --- taking back --- */

/* The last event that changed where the case stands; passing through does not count. */
static const MpEvent *
last_change(const MpRun *run, const char **refusal_out)
{
    static const char *const final[] = {
        "outcome", "closed", "reopened", "linked", "link-closed", NULL};
    static const char *const changes[] = {"moved", "postponed", "delegated", "opened", NULL};

    *refusal_out = "nothing-to-undo";
    for (guint i = run->input->history != NULL ? run->input->history->len : 0; i > 0; i--) {
        const MpEvent *event = g_ptr_array_index(run->input->history, i - 1);

        if (g_strv_contains(final, event->kind)) {
            *refusal_out = "irreversible";
            return NULL;
        }
        if (g_strv_contains(changes, event->kind) && g_strcmp0(event->actor, "system") != 0)
            return event;
    }
    return NULL;
}

static gboolean
wake(MpRun *run)
{
    const MpSopStep *step = mp_sop_step(run->sop, run->decision->after->step);
    gint64 due = mp_step_due(run, step, run->now_utc);
    g_autofree char *text = g_strdup_printf("%" G_GINT64_FORMAT, due);
    MpEvent *event = mp_run_event(run, "resumed");

    mp_event_set(event, "due", text);
    mp_event_set(event, "state", "open");
    if (!mp_run_emit(run, event))
        return FALSE;
    mp_run_set_clock(run, step, run->now_utc, due);
    mp_run_tell_holder(run, "giliran");
    return TRUE;
}

static gboolean
take_back(MpRun *run)
{
    const char *refusal;
    const MpEvent *last = last_change(run, &refusal);
    MpEvent *event;

    if (last == NULL)
        return mp_run_refuse(run, refusal);
    if (run->input->address == NULL || last->address == NULL ||
        g_ascii_strcasecmp(run->input->address, last->address) != 0)
        return mp_run_refuse(run, "nothing-to-undo");
    if (strcmp(last->kind, "postponed") == 0)
        return wake(run);
    if (strcmp(last->kind, "delegated") == 0) {
        const MpSopStep *step = mp_sop_step(run->sop, run->decision->after->step);

        event = mp_run_event(run, "delegated");
        mp_event_set(event, "holder", step->actor);
        return mp_run_emit(run, event);
    }
    /* Only what an official's verb moved; a letter or a supplement is nobody's command. */
    if (strcmp(last->kind, "moved") != 0 || mp_event_get(last, "mover") == NULL ||
        mp_sop_step(run->sop, last->from_step) == NULL)
        return mp_run_refuse(run, "nothing-to-undo");
    return mp_run_move(run, last->from_step, NULL);
}

/* --- days, links, calendars --- */

static gboolean
take_wake(MpRun *run)
{
    return wake(run);
}

static gboolean
take_link_opened(MpRun *run)
{
    MpEvent *event = mp_run_event(run, "linked");

    mp_event_set(event, "number", run->input->note);
    if (mp_case_offers(run->decision->after))
        mp_event_set(event, "resume", "");
    return mp_run_emit(run, event);
}

/* The linked case is closed; then the step's row, where it has one. */
static gboolean
take_link_closed(MpRun *run)
{
    MpEvent *event = mp_run_event(run, "link-closed");
    const MpSopRow *row;

    mp_event_set(event, "number", run->input->note);
    mp_event_set(event, "result", run->input->event + strlen("link."));
    if (!mp_run_emit(run, event))
        return mp_run_refuse(run, "wrong-step");
    row = mp_run_pick(run, run->decision->after->step, NULL);
    if (row == NULL)
        return TRUE;
    run->decision->rule = g_strdup_printf("%s:%u", run->sop->file, row->line);
    return mp_run_follow(run, row);
}

static gboolean
take_calendar(MpRun *run)
{
    const MpCase *kase = run->decision->after;
    const MpSopStep *step = mp_sop_step(run->sop, kase->step);
    gint64 since = kase->step_since_utc, due;
    g_autofree char *text = NULL;
    MpEvent *event;

    if (step == NULL || kase->due_utc == 0 || mp_case_state_is_closed(kase->state))
        return TRUE;
    due = mp_step_due(run, mp_sop_clock(run->sop, step), since);
    if (due == kase->due_utc)
        return TRUE;
    text = g_strdup_printf("%" G_GINT64_FORMAT, due);
    event = mp_run_event(run, "due");
    mp_event_set(event, "due", text);
    event->note = g_strdup(run->input->note);
    if (!mp_run_emit(run, event))
        return FALSE;
    mp_run_set_clock(run, step, since, due);
    mp_run_skip_spoken(run, since);
    return TRUE;
}

/* The figures of one person: for the requester n is 0. */
static gboolean
take_survey(MpRun *run)
{
    g_autofree char *n = g_strdup_printf("%u", run->input->applicant);
    MpEvent *event;

    if (run->input->answers == NULL || strlen(run->input->answers) != MP_SURVEY_QUESTIONS)
        return mp_run_refuse(run, "broken");
    event = mp_run_event(run, "survey");
    mp_event_set(event, "answers", run->input->answers);
    mp_event_set(event, "n", n);
    event->note = g_strdup(run->input->note);
    return mp_run_emit(run, event);
}

typedef struct {
    const char *event;
    gboolean (*take)(MpRun *run);
} Common;

static const Common commons[] = {
    {"CATAT", take_note},
    {"TAUTKAN", take_mention},
    {"ALIH", hand_over},
    {"BATAL", take_back},
    {"link.opened", take_link_opened},
    {"link.finished", take_link_closed},
    {"link.failed", take_link_closed},
    {"calendar", take_calendar},
    {"survey", take_survey},
    {"refused", take_refused},
};

gboolean
mp_run_common(MpRun *run, gboolean *known_out)
{
    *known_out = TRUE;
    if (strcmp(run->input->event, "timer.wake") == 0 && mp_run_is_asleep(run))
        return take_wake(run);
    for (gsize i = 0; i < G_N_ELEMENTS(commons); i++) {
        if (strcmp(commons[i].event, run->input->event) == 0)
            return commons[i].take(run);
    }
    *known_out = FALSE;
    return FALSE;
}

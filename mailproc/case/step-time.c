/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The clock of a step: its due time, its timers, and what a timer says when it speaks. All alarms
 * fall inside office hours; each speaks once a stay (decisions.md 23). */

#include "case/step-private.h"

#define MINUTE (60 * (gint64)G_USEC_PER_SEC)
#define FIRST_REMINDER_MINUTES 60

static gboolean
has_row(const MpSop *sop, const char *step, const char *event)
{
    for (guint i = 0; i < sop->rows->len; i++) {
        const MpSopRow *row = g_ptr_array_index(sop->rows, i);

        if (strcmp(row->step, step) == 0 && strcmp(row->event, event) == 0)
            return TRUE;
    }
    return FALSE;
}

/* OPD or applicant was asked something; without an answer the case closes one day. */
gboolean
mp_step_waits_for_answer(const MpSop *sop, const MpSopStep *step)
{
    return has_row(sop, step->id, "timer.expire");
}

gint64
mp_step_due(const MpRun *run, const MpSopStep *step, gint64 since_utc)
{
    MpTimeKind kind = step->time_kind != MP_TIME_NONE ? step->time_kind : step->alarm_kind;
    gint64 amount = step->time_kind != MP_TIME_NONE ? step->minutes : step->alarm_minutes;

    if (step->is_end)
        return 0;
    if (step->continues && run->decision->after->due_utc > 0)
        return run->decision->after->due_utc;
    switch (kind) {
    case MP_TIME_OFFICE:
        return mp_calendar_add_minutes(run->calendar, since_utc, amount);
    case MP_TIME_ELAPSED:
        return since_utc + amount * MINUTE;
    case MP_TIME_DAYS:
        return mp_calendar_add_days(run->calendar, since_utc, (int)amount);
    case MP_TIME_NONE:
        break;
    }
    if (mp_step_waits_for_answer(run->sop, step))
        return mp_calendar_add_days(run->calendar, since_utc, run->sop->expire_days);
    return 0;
}

/* An applicant is reminded too where his step has no end of its own. */
static void
set_answer_timers(MpRun *run, gint64 since_utc, gboolean expires)
{
    gint64 first = mp_calendar_add_days(run->calendar, since_utc, run->sop->requester_days[0]);
    gint64 last = mp_calendar_add_days(run->calendar, since_utc, run->sop->expire_days);

    mp_run_set_timer(run, "requester", mp_calendar_next_open(run->calendar, first));
    if (expires)
        mp_run_set_timer(run, "expire", mp_calendar_next_open(run->calendar, last));
}

/* The share of a step's time after which its holder is reminded. */
static gint64
reminder_time(const MpRun *run, gint64 since_utc, gint64 due_utc, MpTimeKind kind)
{
    gint64 percent = run->sop->reminder_percent;

    if (kind == MP_TIME_ELAPSED) {
        gint64 at = since_utc + (due_utc - since_utc) / 100 * percent;

        return mp_calendar_next_open(run->calendar, at);
    }
    return mp_calendar_next_open(
        run->calendar,
        mp_calendar_add_minutes(run->calendar,
                                since_utc,
                                mp_calendar_minutes_between(run->calendar, since_utc, due_utc) *
                                    percent / 100));
}

static void
set_work_timers(MpRun *run, const MpSopStep *step, gint64 since_utc, gint64 due_utc)
{
    const MpCalendar *calendar = run->calendar;
    MpTimeKind kind = step->time_kind != MP_TIME_NONE ? step->time_kind : step->alarm_kind;
    gint64 earliest = mp_calendar_next_open(
        calendar, mp_calendar_add_minutes(calendar, since_utc, FIRST_REMINDER_MINUTES));
    gint64 reminder = MAX(reminder_time(run, since_utc, due_utc, kind), earliest);
    gint64 due = MAX(mp_calendar_next_open(calendar, due_utc), earliest);
    gint64 day_after = mp_calendar_add_days(calendar, since_utc, 1);
    gint64 escalation = mp_calendar_next_open(calendar, MAX(due_utc, day_after));

    if (escalation <= due)
        escalation = mp_calendar_next_open(calendar, mp_calendar_add_days(calendar, due, 1));
    /* A due time that only moves the case on alarms nobody: it need not wait for the morning. */
    if (has_row(run->sop, step->id, "timer.due")) {
        mp_run_set_timer(run, "due", due_utc);
        return;
    }
    mp_run_set_timer(run, "due", due);
    if (reminder < due && reminder < due_utc)
        mp_run_set_timer(run, "reminder", reminder);
    if (step->escalate != NULL && strcmp(step->escalate, step->actor) != 0)
        mp_run_set_timer(run, "escalation", escalation);
}

void
mp_run_set_clock(MpRun *run, const MpSopStep *step, gint64 since_utc, gint64 due_utc)
{
    gboolean asked = mp_step_waits_for_answer(run->sop, step);

    run->sets_timers = TRUE;
    if (step->is_end)
        return;
    if (asked || strcmp(step->actor, "applicant") == 0)
        set_answer_timers(run, since_utc, asked);
    if (!asked && due_utc > 0)
        set_work_timers(run, step, since_utc, due_utc);
}

static gint64
second_reminder(const MpRun *run, gint64 since_utc)
{
    return mp_calendar_next_open(
        run->calendar, mp_calendar_add_days(run->calendar, since_utc, run->sop->requester_days[1]));
}

void
mp_run_skip_spoken(MpRun *run, gint64 since_utc)
{
    static const char *const begins[] = {"opened", "moved", "resumed", "reopened", NULL};
    const GPtrArray *history = run->input->history;
    gint64 second = second_reminder(run, since_utc);
    guint n_requester = 0;

    for (guint i = history == NULL ? 0 : history->len; i > 0; i--) {
        const MpEvent *event = g_ptr_array_index(history, i - 1);
        const char *timer = mp_event_get(event, "timer");

        if (g_strv_contains(begins, event->kind))
            break;
        if (strcmp(event->kind, "reminded") != 0 || timer == NULL)
            continue;
        n_requester += strcmp(timer, "requester") == 0 ? 1 : 0;
        g_hash_table_remove(run->timers, timer);
    }
    if (n_requester == 1 && run->now_utc < second)
        mp_run_set_timer(run, "requester", second);
}

gboolean
mp_run_put_off(MpRun *run)
{
    static const char *const speaking[] = {"timer.wake", "timer.expire", NULL};

    if (!g_strv_contains(speaking, run->input->event) ||
        mp_calendar_is_open(run->calendar, run->now_utc) ||
        mp_case_state_is_closed(run->decision->after->state))
        return FALSE;
    mp_run_set_timer(run,
                     run->input->event + strlen("timer."),
                     mp_calendar_next_open(run->calendar, run->now_utc));
    return TRUE;
}

static gboolean
emit_reminded(MpRun *run, const char *timer)
{
    MpEvent *event = mp_run_event(run, "reminded");

    mp_event_set(event, "timer", timer);
    return mp_run_emit(run, event);
}

/* One who has his outcome is left in peace, unless a certificate of his waits to be revoked. */
static gboolean
still_acts(const MpCase *kase, guint n)
{
    const MpCaseApplicant *applicant = mp_case_applicant_get(kase, n);

    return applicant->outcome == MP_OUTCOME_NONE ||
           (kase->linked_open->len > 0 && applicant->holds_certificate &&
            mp_outcome_is_success(applicant->outcome));
}

/* OPD or applicant: once after the first days, once after the second, at the step's own dates. */
static gboolean
remind_requester(MpRun *run, const MpSopStep *step)
{
    MpCase *kase = run->decision->after;
    gint64 second = second_reminder(run, kase->step_since_utc);

    if (strcmp(step->actor, "applicant") != 0)
        mp_run_notice(run, "pengingat-pemohon", "requester");
    for (guint n = 1; strcmp(step->actor, "applicant") == 0 && n <= kase->applicants->len; n++) {
        if (still_acts(kase, n))
            mp_run_notice(run, "pengingat-pemohon", "applicant")->applicant = n;
    }
    if (run->now_utc < second)
        mp_run_set_timer(run, "requester", second);
    return emit_reminded(run, "requester");
}

static gboolean
remind_holder(MpRun *run, const char *timer)
{
    /* After a jump of the clock the due reminder alone speaks. */
    if (strcmp(timer, "reminder") != 0 || run->now_utc < run->decision->after->due_utc)
        mp_run_tell_holder(run, "pengingat");
    return emit_reminded(run, timer);
}

gboolean
mp_run_timer(MpRun *run)
{
    const char *timer = run->input->event + strlen("timer.");
    const MpSopStep *step = mp_sop_step(run->sop, run->decision->after->step);
    gboolean known = strcmp(timer, "due") == 0 || strcmp(timer, "reminder") == 0 ||
                     strcmp(timer, "escalation") == 0 || strcmp(timer, "requester") == 0;

    if (!known || step == NULL || mp_case_state_is_closed(run->decision->after->state) ||
        mp_run_is_asleep(run))
        return mp_run_refuse(run, "wrong-step");
    if (!mp_calendar_is_open(run->calendar, run->now_utc)) {
        mp_run_set_timer(run, timer, mp_calendar_next_open(run->calendar, run->now_utc));
        return TRUE;
    }
    if (strcmp(timer, "requester") == 0)
        return remind_requester(run, step);
    if (strcmp(timer, "escalation") == 0) {
        if (step->escalate != NULL)
            mp_run_notice(run, "eskalasi", step->escalate);
        return emit_reminded(run, timer);
    }
    return remind_holder(run, timer);
}

/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The account of a case: how long each step took on its own clock, beside what the SOP allows. */

#include "case/sop-private.h"

#define MINUTE (60 * (gint64)G_USEC_PER_SEC)

typedef struct {
    const MpSop *sop;
    const MpCalendar *calendar;
    GPtrArray *uses; /* MpCaseUse */
    MpCaseUse *use;  /* the one whose clock runs, or NULL */
    gint64 since;
    gint64 until;
} Account;

/* The clock on which a step's time is told: its own, or working days where others hold the ball. */
static MpTimeKind
clock_of(const MpSopStep *step)
{
    if (step->time_kind != MP_TIME_NONE)
        return step->time_kind;
    if (step->alarm_kind != MP_TIME_NONE)
        return step->alarm_kind;
    return mp_sop_is_outsider(step->actor) ? MP_TIME_DAYS : MP_TIME_OFFICE;
}

static MpCaseUse *
find_use(Account *account, const MpSopStep *step, gint64 at_utc)
{
    MpCaseUse *use;

    for (guint i = 0; i < account->uses->len; i++) {
        use = g_ptr_array_index(account->uses, i);
        if (use->step == step)
            return use;
    }
    use = g_new0(MpCaseUse, 1);
    use->step = step;
    use->first_utc = at_utc;
    use->budget_minutes = step->time_kind != MP_TIME_NONE ? step->minutes : 0;
    g_ptr_array_add(account->uses, use);
    return use;
}

/* Working days begun after the day of `from`, as decisions.md 19 counts them. */
static gint64
days_between(const MpCalendar *calendar, gint64 from_utc, gint64 until_utc)
{
    gint64 days = 0;

    while (days < 10000) {
        gint64 end = mp_calendar_add_days(calendar, from_utc, (int)days);

        if (end == 0 || end >= until_utc)
            break;
        days++;
    }
    return days;
}

/* Steps that share one printed time are late together: the one that runs now is where it shows. */
static void
judge_shared(Account *account)
{
    MpCaseUse *use = account->use;
    gint64 used = 0, budget = 0;

    if (!use->step->continues)
        return;
    for (guint i = account->uses->len; i > 0 && budget == 0; i--) {
        const MpCaseUse *other = g_ptr_array_index(account->uses, i - 1);

        used += other->used_minutes;
        budget = other->budget_minutes;
        if (!other->step->continues)
            break;
    }
    use->is_over = budget > 0 && used > budget;
}

static void
stop_clock(Account *account, gint64 at_utc)
{
    MpCaseUse *use = account->use;
    MpTimeKind kind;

    if (use == NULL)
        return;
    kind = clock_of(use->step);
    if (kind == MP_TIME_ELAPSED)
        use->used_minutes += MAX(0, at_utc - account->since) / MINUTE;
    else if (kind == MP_TIME_DAYS)
        use->used_minutes += days_between(account->calendar, account->since, at_utc);
    else
        use->used_minutes += mp_calendar_minutes_between(account->calendar, account->since, at_utc);
    use->is_over = use->budget_minutes > 0 && use->used_minutes > use->budget_minutes;
    judge_shared(account);
    account->use = NULL;
}

static void
start_clock(Account *account, const char *step_id, gint64 at_utc, gboolean is_visit)
{
    const MpSopStep *step = mp_sop_step(account->sop, step_id);

    if (step == NULL || step->is_end)
        return;
    account->use = find_use(account, step, at_utc);
    account->since = at_utc;
    if (is_visit)
        account->use->visits++;
    account->use->left_utc = 0;
}

static void
count_event(Account *account, const MpEvent *event)
{
    MpCaseUse *running = account->use;

    if (strcmp(event->kind, "moved") == 0 || strcmp(event->kind, "opened") == 0) {
        stop_clock(account, event->at_utc);
        if (running != NULL)
            running->left_utc = event->at_utc;
        start_clock(account, event->to_step, event->at_utc, TRUE);
    } else if (strcmp(event->kind, "postponed") == 0 || strcmp(event->kind, "closed") == 0) {
        stop_clock(account, event->at_utc);
    } else if (strcmp(event->kind, "resumed") == 0 && account->uses->len > 0) {
        const MpEvent *resumed = event;

        /* The step that slept is the last one entered. */
        for (guint i = account->uses->len; i > 0; i--) {
            const MpCaseUse *use = g_ptr_array_index(account->uses, i - 1);

            if (use->left_utc == 0) {
                start_clock(account, use->step->id, resumed->at_utc, FALSE);
                break;
            }
        }
    }
}

GPtrArray *
mp_case_account(const MpSop *sop,
                const GPtrArray *events,
                const MpCalendar *calendar,
                gint64 now_utc)
{
    Account account = {.sop = sop, .calendar = calendar};

    account.uses = g_ptr_array_new_with_free_func(g_free);
    for (guint i = 0; i < events->len; i++)
        count_event(&account, g_ptr_array_index(events, i));
    stop_clock(&account, now_utc);
    return account.uses;
}

/* --- words --- */

/* "1 jam 5 menit", "40 menit", "2 hari kerja". */
static char *
spell_amount(MpTimeKind kind, gint64 amount)
{
    if (kind == MP_TIME_DAYS)
        return g_strdup_printf("%" G_GINT64_FORMAT " hari kerja", amount);
    if (amount < 60)
        return g_strdup_printf("%" G_GINT64_FORMAT " menit", amount);
    if (amount % 60 == 0)
        return g_strdup_printf("%" G_GINT64_FORMAT " jam", amount / 60);
    return g_strdup_printf(
        "%" G_GINT64_FORMAT " jam %" G_GINT64_FORMAT " menit", amount / 60, amount % 60);
}

char *
mp_case_use_to_text(const MpCaseUse *use)
{
    MpTimeKind kind = clock_of(use->step);
    g_autofree char *used = spell_amount(kind, use->used_minutes);
    g_autofree char *budget = NULL;

    if (use->budget_minutes == 0)
        return g_steal_pointer(&used);
    budget = spell_amount(kind, use->budget_minutes);
    /* "0 hari kerja" would say that nothing was done. */
    if (kind == MP_TIME_DAYS && use->used_minutes == 0)
        return g_strdup_printf("pada hari yang sama, batas %s", budget);
    return g_strdup_printf("%s dari %s", used, budget);
}

/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Cases become counts, one by one. What happened after the period's end is not looked at: the case
 * is folded again from the events before it. */

#include "report/report-private.h"

#define DAY (24 * 3600 * (gint64)G_USEC_PER_SEC)

enum { OLDEST_MAX = 20 };

static const gint64 age_ends[MP_AGES - 1] = {2, 7, 14, 30};

/* --- making and ending --- */

static gboolean
refuse(GError **error, const char *from_day, const char *to_day, const char *why)
{
    g_set_error(error,
                MP_ERROR,
                MP_ERROR_INPUT,
                "report: %s..%s: %s",
                from_day ? from_day : "?",
                to_day ? to_day : "?",
                why);
    return FALSE;
}

static gboolean
check_period(const char *from_day, const char *to_day, GError **error)
{
    guint from = mp_report_julian(from_day), to = mp_report_julian(to_day);

    if (from == 0 || to == 0)
        return refuse(error, from_day, to_day, "a day is written YYYY-MM-DD");
    if (from > to)
        return refuse(error, from_day, to_day, "ends before it begins");
    if (to - from + 1 > MP_REPORT_DAYS_MAX)
        return refuse(error, from_day, to_day, "is longer than ten years");
    return TRUE;
}

MpReport *
mp_report_new(const MpReportOffice *office,
              const char *from_day,
              const char *to_day,
              gint64 now_utc,
              GError **error)
{
    MpReport *report;
    guint to;

    if (!check_period(from_day, to_day, error))
        return NULL;
    to = mp_report_julian(to_day);
    g_autofree char *after = mp_report_iso_day(to + 1);
    report = g_new0(MpReport, 1);
    report->office = *office;
    report->from_day = g_strdup(from_day);
    report->to_day = g_strdup(to_day);
    report->now_utc = now_utc;
    report->from_utc = mp_calendar_day_start(office->calendar, from_day);
    report->until_utc = MIN(now_utc, mp_calendar_day_start(office->calendar, after));
    report->first_monday = mp_report_monday(mp_report_julian(from_day));
    report->n_weeks = (to - report->first_monday) / 7 + 1;
    mp_report_make_rows(report);
    return report;
}

void
mp_report_span(const MpReport *report, gint64 *from_utc_out, gint64 *until_utc_out)
{
    *from_utc_out = report->from_utc;
    *until_utc_out = report->until_utc;
}

/* --- counting --- */

gboolean
mp_report_is_within(const MpReport *report, gint64 at_utc)
{
    return at_utc >= report->from_utc && at_utc < report->until_utc;
}

gboolean
mp_report_wants(const MpReport *report, const MpCase *kase)
{
    return kase->opened_utc < report->until_utc &&
           (!mp_case_state_is_closed(kase->state) || kase->closed_utc >= report->from_utc ||
            kase->opened_utc >= report->from_utc);
}

static guint
age_class(gint64 days)
{
    guint i = 0;

    while (i < MP_AGES - 1 && days > age_ends[i])
        i++;
    return i;
}

static void
remember_open(MpReport *report, const MpCase *kase, const MpSopStep *step, gint64 days)
{
    MpReportOpen *open;
    guint at = report->oldest->len;

    while (at > 0) {
        const MpReportOpen *other = g_ptr_array_index(report->oldest, at - 1);

        if (other->days > days || (other->days == days && strcmp(other->number, kase->number) <= 0))
            break;
        at--;
    }
    if (at >= OLDEST_MAX)
        return;
    open = g_new0(MpReportOpen, 1);
    open->number = g_strdup(kase->number);
    open->service = g_strdup(kase->service);
    open->role = g_strdup(kase->holder_role ? kase->holder_role : "");
    open->activity = g_strdup(step != NULL && step->activity ? step->activity : kase->step);
    open->days = days;
    open->is_overdue = kase->due_utc != 0 && kase->due_utc < report->until_utc;
    g_ptr_array_insert(report->oldest, (int)at, open);
    g_ptr_array_set_size(report->oldest, (int)MIN(report->oldest->len, OLDEST_MAX));
}

static void
count_open(MpReport *report, const MpCase *kase, const char *opd, const MpSop *sop)
{
    const MpSopStep *step = sop == NULL || kase->step == NULL ? NULL : mp_sop_step(sop, kase->step);
    MpReportService *service = mp_report_find_service(report, kase->service ? kase->service : "");
    MpReportHolder *holder =
        mp_report_find_holder(report, kase->holder_role ? kase->holder_role : "");
    gint64 days = (report->until_utc - kase->opened_utc) / DAY;
    gboolean is_overdue = kase->due_utc != 0 && kase->due_utc < report->until_utc;

    service->open++;
    service->overdue += is_overdue;
    mp_report_find_opd(report, opd)->open++;
    holder->open++;
    holder->overdue += is_overdue;
    holder->ages[age_class(days)]++;
    mp_tally_add(&holder->days, days);
    if (step != NULL)
        mp_report_find_step(report, service->service, sop, step)->open++;
    remember_open(report, kase, step, days);
}

/* Index of the week that an instant is in. */
static guint
week_of(const MpReport *report, gint64 at_utc)
{
    guint low = 0, high = report->n_weeks;

    while (low < high) {
        guint middle = low + (high - low) / 2;

        if (g_array_index(report->week_ends, gint64, middle) <= at_utc)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

void
mp_report_count_received(MpReport *report, const char *name, const char *opd, gint64 opened_utc)
{
    MpReportService *service = mp_report_find_service(report, name);
    guint week = week_of(report, opened_utc);

    service->received++;
    mp_report_find_opd(report, opd)->received++;
    if (week < report->n_weeks)
        g_array_index(service->weeks, guint64, week)++;
}

void
mp_report_judge(MpReportEnding *ending, const GPtrArray *uses)
{
    ending->is_judged = TRUE;
    for (guint i = 0; i < uses->len; i++) {
        const MpCaseUse *use = g_ptr_array_index(uses, i);

        ending->is_timed = ending->is_timed || use->budget_minutes > 0;
        ending->is_over = ending->is_over || use->is_over;
        if (mp_report_clock(use->step) == MP_TIME_OFFICE)
            ending->office_minutes += use->used_minutes;
    }
}

void
mp_report_count_ending(MpReport *report, const MpReportEnding *ending)
{
    MpReportService *service = mp_report_find_service(report, ending->service);
    MpReportOpd *opd = mp_report_find_opd(report, ending->opd);
    gint64 days = (ending->closed_utc - ending->opened_utc) / DAY;

    service->finished += ending->state == MP_CASE_FINISHED;
    service->refused += ending->state == MP_CASE_REFUSED;
    service->withdrawn += ending->state == MP_CASE_WITHDRAWN;
    service->expired += ending->state == MP_CASE_EXPIRED;
    opd->finished += ending->state == MP_CASE_FINISHED;
    opd->refused += ending->state == MP_CASE_REFUSED;
    opd->withdrawn += ending->state == MP_CASE_WITHDRAWN;
    opd->expired += ending->state == MP_CASE_EXPIRED;
    mp_tally_add(&service->days, days);
    mp_tally_add(&opd->days, days);
    if (!ending->is_judged)
        return;
    mp_tally_add(&service->office_minutes, ending->office_minutes);
    service->judged += ending->is_timed;
    service->in_time += ending->is_timed && !ending->is_over;
}

gboolean
mp_report_is_use(const MpCaseUse *use)
{
    return use->left_utc != 0 &&
           (use->step->time_kind != MP_TIME_NONE || use->left_utc != use->first_utc);
}

void
mp_report_count_use(MpReport *report,
                    const char *service,
                    const MpSop *sop,
                    const MpSopStep *step,
                    gint64 used,
                    gboolean is_over)
{
    MpReportStep *row = mp_report_find_step(report, service, sop, step);

    mp_tally_add(&row->used, used);
    row->in_time += row->limit > 0 && !is_over;
}

static void
count_uses(MpReport *report, const char *service, const MpSop *sop, const GPtrArray *uses)
{
    for (guint i = 0; i < uses->len; i++) {
        const MpCaseUse *use = g_ptr_array_index(uses, i);

        if (mp_report_is_use(use) && mp_report_is_within(report, use->left_utc))
            mp_report_count_use(report, service, sop, use->step, use->used_minutes, use->is_over);
    }
}

static void
describe_ending(MpReportEnding *ending, const MpCase *kase, const char *opd)
{
    ending->service = kase->service ? kase->service : "";
    ending->opd = opd;
    ending->state = kase->state;
    ending->opened_utc = kase->opened_utc;
    ending->closed_utc = kase->closed_utc;
}

/* The case as it stood at the period's end, and the events until then (both borrow from `events`).
 */
static MpCase *
stand_then(const MpReport *report, const GPtrArray *events, GPtrArray *past, GError **error)
{
    for (guint i = 0; i < events->len; i++) {
        MpEvent *event = g_ptr_array_index(events, i);

        if (event->at_utc < report->until_utc)
            g_ptr_array_add(past, event);
    }
    return mp_case_fold(past, error);
}

gboolean
mp_report_add(MpReport *report,
              const MpCase *kase,
              const GPtrArray *events,
              const MpSop *sop,
              const MpCalendar *calendar,
              GError **error)
{
    g_autoptr(GPtrArray) past = g_ptr_array_new();
    g_autoptr(GPtrArray) uses = NULL;
    g_autoptr(MpCase) then = NULL;
    g_autofree char *opd = NULL;
    MpReportEnding ending = {0};
    gboolean is_open, has_come, has_ended;

    if (!mp_report_wants(report, kase))
        return TRUE;
    then = stand_then(report, events, past, error);
    if (then == NULL)
        return FALSE;
    has_come = mp_report_is_within(report, then->opened_utc);
    is_open = !mp_case_state_is_closed(then->state);
    has_ended = !is_open && mp_report_is_within(report, then->closed_utc);
    if (!has_come && !is_open && !has_ended)
        return TRUE;
    opd = mp_report_opd_name(kase);
    describe_ending(&ending, then, opd);
    if (sop != NULL) {
        uses = mp_case_account(sop, past, calendar, report->until_utc);
        count_uses(report, ending.service, sop, uses);
        mp_report_judge(&ending, uses);
    }
    if (has_come)
        mp_report_count_received(report, ending.service, opd, then->opened_utc);
    if (is_open)
        count_open(report, then, opd, sop);
    if (has_ended)
        mp_report_count_ending(report, &ending);
    report->n_cases++;
    return TRUE;
}

/* --- asking --- */

gboolean
mp_report_is_empty(const MpReport *report)
{
    return report->n_cases == 0 && report->n_answers == 0;
}

const char *
mp_report_age_name(guint i)
{
    static const char *const names[MP_AGES] = {
        "0–2 hari", "3–7 hari", "8–14 hari", "15–30 hari", "lebih dari 30 hari"};

    return i < MP_AGES ? names[i] : "";
}

const char *
mp_report_service_title(const MpReport *report, const char *service)
{
    return report->office.service_title == NULL ? service : report->office.service_title(service);
}

const char *
mp_report_role_title(const MpReport *report, const char *role)
{
    return report->office.role_title == NULL
               ? role
               : report->office.role_title(report->office.role_data, role);
}

/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The evaluation as a mail: once after each month or quarter, on the first working day, to the head
 * of office. A mark for each period says that it was sent, so that neither a restart nor a clock
 * that jumps sends one twice or swallows one. */

#include "app/evaluation.h"
#include "app/pipeline-private.h"
#include "app/plan-private.h"

#include <syslog.h>

enum { QUARTER = 3 };

/* --- which period, and when --- */

/* Months of a period; 0 = nothing is sent. */
static guint
months_of(const MpSetup *setup)
{
    const char *schedule = mp_config_string(setup->config, "report", "schedule");

    if (strcmp(schedule, "monthly") == 0)
        return 1;
    return strcmp(schedule, "quarterly") == 0 ? QUARTER : 0;
}

/* First days of the last period that is over on `today`, and of the one after it. */
static void
last_period(const char *today, guint months, GDate *from_out, GDate *after_out)
{
    GDate day;
    guint month;

    g_date_clear(&day, 1);
    g_date_set_parse(&day, today);
    month = (guint)g_date_get_month(&day) - 1;
    g_date_set_dmy(&day, 1, (GDateMonth)(month / months * months + 1), g_date_get_year(&day));
    *after_out = day;
    g_date_subtract_months(&day, months);
    *from_out = day;
}

static char *
iso_day(const GDate *day)
{
    return g_strdup_printf("%04u-%02u-%02u",
                           (guint)g_date_get_year(day),
                           (guint)g_date_get_month(day),
                           (guint)g_date_get_day(day));
}

/* On the first day after the period that the office opens on, at the set time or when it opens. */
static gint64
instant_after(const MpSetup *setup, const char *after)
{
    gint64 minute = mp_config_minute(setup->config, "report", "time");
    gint64 open =
        mp_calendar_next_open(setup->calendar, mp_calendar_day_start(setup->calendar, after));
    g_autofree char *day = open == 0 ? NULL : mp_calendar_today(setup->calendar, open);
    gint64 at;

    if (day == NULL)
        return 0;
    at = mp_calendar_day_start(setup->calendar, day) + minute * G_TIME_SPAN_MINUTE;
    return MAX(open, at);
}

typedef struct {
    char *from, *to, *after; /* ISO days; after = the one behind `to` */
    char *mark;              /* that it was sent */
    gint64 at_utc;
} Period;

static void
clear_period(Period *period)
{
    g_free(period->from);
    g_free(period->to);
    g_free(period->after);
    g_free(period->mark);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Period, clear_period)

static void
set_period(const MpSetup *setup, const GDate *from, const GDate *after, Period *period)
{
    GDate to = *after;

    g_date_subtract_days(&to, 1);
    period->from = iso_day(from);
    period->to = iso_day(&to);
    period->after = iso_day(after);
    period->mark = g_strdup_printf("report-sent %s %s", period->from, period->to);
    period->at_utc = instant_after(setup, period->after);
}

/* The last period that is over, or, with `is_next`, the one that runs. */
static void
find_period(const MpApp *app, guint months, gboolean is_next, Period *period)
{
    gint64 now_utc = app->clock->now_utc(app->clock);
    g_autofree char *today = mp_calendar_today(app->setup->calendar, now_utc);
    GDate from, after;

    last_period(today, months, &from, &after);
    if (is_next) {
        from = after;
        g_date_add_months(&after, months);
    }
    set_period(app->setup, &from, &after, period);
}

/* The day of the first look at the schedule; a day still to come was written by a clock that ran
 * ahead. */
static char *
since_day(const MpApp *app)
{
    g_autofree char *since = app->store->mark_get(app->store, "report-since");
    g_autofree char *today =
        mp_calendar_today(app->setup->calendar, app->clock->now_utc(app->clock));

    return since == NULL || strcmp(since, today) > 0 ? NULL : g_steal_pointer(&since);
}

/* Periods that were over before this program was told to send reports are nobody's news. */
static gboolean
is_wanted(const MpApp *app, const Period *period)
{
    g_autofree char *since = since_day(app);
    g_autofree char *sent = app->store->mark_get(app->store, period->mark);

    return sent == NULL && since != NULL && strcmp(period->after, since) > 0;
}

gint64
mp_evaluation_next(MpApp *app)
{
    guint months = months_of(app->setup);
    g_auto(Period) last = {0};
    g_auto(Period) next = {0};

    if (months == 0)
        return 0;
    find_period(app, months, FALSE, &last);
    if (is_wanted(app, &last))
        return last.at_utc;
    find_period(app, months, TRUE, &next);
    return next.at_utc;
}

/* --- the mail --- */

static gboolean
send_to(MpPlanning *p,
        const char *address,
        const char *name,
        MpValue *values,
        const MpAttachment *files,
        gsize n_files,
        GError **error)
{
    const MpLetterOrder order = {.template_ = "laporan",
                                 .to = address,
                                 .to_name = name,
                                 .extra = values,
                                 .files = files,
                                 .n_files = n_files};

    return mp_plan_send(p, &order, error);
}

static MpPlan *
plan_mails(MpApp *app, MpValue *values, const MpAttachment *files, gsize n_files, GError **error)
{
    const MpSetup *setup = app->setup;
    const MpPlanner planner = mp_pipeline_planner(app);
    const char *const *addresses = mp_config_list(setup->config, "report", "recipients");
    g_autoptr(MpPlan) plan = mp_plan_new();
    MpPlanning p = {.planner = &planner, .plan = plan, .at_utc = planner.now_utc};
    g_autofree char *today = mp_plan_today(&p);
    g_autoptr(GPtrArray) heads = mp_setup_role_addresses(setup, "kepala-dinas", today);
    const char *title = mp_notify_role_title(&setup->notify, "kepala-dinas");

    for (guint i = 0; addresses[i] != NULL; i++)
        if (!send_to(&p, addresses[i], NULL, values, files, n_files, error))
            return NULL;
    for (guint i = 0; addresses[0] == NULL && i < heads->len; i++)
        if (!send_to(&p, g_ptr_array_index(heads, i), title, values, files, n_files, error))
            return NULL;
    mp_plan_end(&p, MP_LEDGER_DONE, NULL, NULL);
    return g_steal_pointer(&plan);
}

static MpValue *
describe(const MpReport *report, const Period *period)
{
    MpValue *values = mp_value_map();
    g_autofree char *from = mp_calendar_format_iso_day(period->from);
    g_autofree char *to = mp_calendar_format_iso_day(period->to);
    g_autofree char *words = g_strdup_printf("%s sampai dengan %s", from, to);
    g_autoptr(GPtrArray) figures = mp_report_headlines(report);
    MpValue *list = mp_value_list();

    for (guint i = 0; i + 1 < figures->len; i += 2) {
        MpValue *row = mp_value_map();

        mp_value_set_text(row, "nama_angka", g_ptr_array_index(figures, i));
        mp_value_set_text(row, "nilai", g_ptr_array_index(figures, i + 1));
        mp_value_append_take(list, row);
    }
    mp_value_set_text(values, "periode", words);
    mp_value_set_take(values, "angka", list);
    mp_value_set_take(values, "periode_kosong", mp_value_bool(mp_report_is_empty(report)));
    return values;
}

static GBytes *
take_text(char *text_take)
{
    gsize length = strlen(text_take);

    return g_bytes_new_take(text_take, length);
}

static MpPlan *
plan_report(MpApp *app, const Period *period, GError **error)
{
    g_autoptr(MpReport) report = mp_evaluation_new(app, period->from, period->to, error);
    g_autoptr(MpValue) values = NULL;
    g_autoptr(GBytes) page = NULL;
    g_autoptr(GBytes) table = NULL;
    g_autofree char *page_name = g_strdup_printf("laporan-%s.html", period->to);
    g_autofree char *table_name = g_strdup_printf("laporan-%s.csv", period->to);

    if (report == NULL || !mp_evaluation_count(report, app, error))
        return NULL;
    values = describe(report, period);
    page = take_text(mp_report_to_html(report));
    table = take_text(mp_report_to_csv(report));
    const MpAttachment files[] = {{page_name, "text/html", page}, {table_name, "text/csv", table}};
    return plan_mails(app, values, files, G_N_ELEMENTS(files), error);
}

/* --- sending --- */

typedef struct {
    const Period *period;
    const MpPlan *plan;
} Sending;

typedef gboolean (*SendingFunc)(MpApp *app, const Sending *sending, GError **error);

static gboolean
in_transaction(MpApp *app, SendingFunc func, const Sending *sending, GError **error)
{
    if (!app->store->begin(app->store, error))
        return FALSE;
    if (func(app, sending, error) && app->store->commit(app->store, error))
        return TRUE;
    app->store->rollback(app->store);
    return FALSE;
}

static gboolean
begin_schedule(MpApp *app, const Sending *sending, GError **error)
{
    g_autofree char *today =
        mp_calendar_today(app->setup->calendar, app->clock->now_utc(app->clock));

    (void)sending;
    return app->store->mark_set(app->store, "report-since", today, error);
}

static gboolean
keep_report(MpApp *app, const Sending *sending, GError **error)
{
    const Period *period = sending->period;
    g_autofree char *today =
        mp_calendar_today(app->setup->calendar, app->clock->now_utc(app->clock));
    g_autofree char *mails = g_strdup_printf("%u", sending->plan->mails->len);

    /* Somebody else may have sent it while it was counted. */
    if (!is_wanted(app, period))
        return TRUE;
    if (!mp_pipeline_carry_out(app, sending->plan, error) ||
        !app->store->mark_set(app->store, period->mark, today, error))
        return FALSE;
    mp_app_log(
        app, LOG_INFO, "report.made", "from", period->from, "to", period->to, "mails", mails, NULL);
    return TRUE;
}

/* Counting takes long, so nobody waits for it: the transaction has only the mails and the mark. */
static gboolean
send_period(MpApp *app, const Period *period, GError **error)
{
    g_autoptr(MpPlan) plan = plan_report(app, period, error);
    const Sending sending = {.period = period, .plan = plan};

    if (plan == NULL || !in_transaction(app, keep_report, &sending, error))
        return FALSE;
    mp_ports_checkpoint("report.committed");
    return TRUE;
}

gboolean
mp_pipeline_evaluation(MpApp *app, GError **error)
{
    guint months = months_of(app->setup);
    g_auto(Period) period = {0};
    g_autofree char *since = months == 0 ? NULL : since_day(app);

    if (months == 0)
        return TRUE;
    if (since == NULL)
        return in_transaction(app, begin_schedule, NULL, error);
    find_period(app, months, FALSE, &period);
    if (!is_wanted(app, &period) || period.at_utc == 0 ||
        period.at_utc > app->clock->now_utc(app->clock))
        return TRUE;
    return send_period(app, &period, error);
}

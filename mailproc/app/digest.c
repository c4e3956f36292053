/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "app/digest.h"

#include "app/pipeline-private.h"

#include <syslog.h>

/* A program that was down sends the digest late, but not in the afternoon. */
#define LATEST_US (3 * G_TIME_SPAN_HOUR)

/* --- when ------------------------------------------------------------------------------------ */

gint64
mp_digest_instant(const MpSetup *setup, const char *iso_day)
{
    gint64 minute = mp_config_minute(setup->config, "reminders", "digest_time");
    gint64 at = mp_calendar_day_start(setup->calendar, iso_day) + minute * G_TIME_SPAN_MINUTE;
    gint64 open = mp_calendar_next_open(setup->calendar, at);
    g_autofree char *day = mp_calendar_today(setup->calendar, open);

    return open != 0 && g_strcmp0(day, iso_day) == 0 ? open : 0;
}

static gint64
later_day(const MpSetup *setup, const char *today)
{
    gint64 tomorrow = mp_calendar_day_start(setup->calendar, today) + G_TIME_SPAN_DAY;
    gint64 minute = mp_config_minute(setup->config, "reminders", "digest_time");
    gint64 open = mp_calendar_next_open(setup->calendar, tomorrow + minute * G_TIME_SPAN_MINUTE);
    g_autofree char *day = mp_calendar_today(setup->calendar, open);

    return open == 0 ? 0 : mp_digest_instant(setup, day);
}

gint64
mp_digest_next(MpApp *app)
{
    const MpSetup *setup = app->setup;
    gint64 now_utc = app->clock->now_utc(app->clock);
    g_autofree char *today = mp_calendar_today(setup->calendar, now_utc);
    g_autofree char *mark = NULL;
    gint64 at, open;

    if (!mp_config_bool(setup->config, "reminders", "digest"))
        return 0;
    mark = app->store->mark_get(app->store, "digest");
    at = mp_digest_instant(setup, today);
    if (at == 0 || (mark != NULL && strncmp(mark, today, strlen(today)) >= 0))
        return later_day(setup, today);
    if (now_utc <= at)
        return at;
    open = mp_calendar_next_open(setup->calendar, now_utc);
    return open != 0 && open < at + LATEST_US ? open : later_day(setup, today);
}

/* --- the digest ------------------------------------------------------------------------------ */

static gboolean
carry_digest(MpApp *app, GError **error)
{
    MpPlanner planner = mp_pipeline_planner(app);
    g_autoptr(MpPlan) plan = mp_plan_digest(&planner, error);
    g_autofree char *today = mp_calendar_today(app->setup->calendar, planner.now_utc);
    g_autofree char *mark =
        g_strdup_printf("%s %" G_GINT64_FORMAT, today, mp_digest_instant(app->setup, today));
    g_autofree char *mails = NULL;

    if (plan == NULL || !mp_pipeline_carry(app, NULL, NULL, plan, error) ||
        !app->store->mark_set(app->store, "digest", mark, error))
        return FALSE;
    mails = g_strdup_printf("%u", plan->mails->len);
    mp_app_log(app, LOG_INFO, "digest.made", "day", today, "mails", mails, NULL);
    return TRUE;
}

typedef gboolean (*Doing)(MpApp *app, GError **error);

static gboolean
in_transaction(MpApp *app, Doing doing, GError **error)
{
    if (!app->store->begin(app->store, error))
        return FALSE;
    if (doing(app, error) && app->store->commit(app->store, error))
        return TRUE;
    app->store->rollback(app->store);
    return FALSE;
}

gboolean
mp_pipeline_digest(MpApp *app, GError **error)
{
    gint64 next = mp_digest_next(app);

    if (next == 0 || next > app->clock->now_utc(app->clock))
        return TRUE;
    if (!in_transaction(app, carry_digest, error))
        return FALSE;
    mp_ports_checkpoint("digest.committed");
    return TRUE;
}

/* --- calendars ------------------------------------------------------------------------------- */

static gboolean
recount_service(MpApp *app, const char *service, GError **error)
{
    const MpCaseFilter filter = {.state = "open", .service = service, .limit = G_MAXINT};
    MpPlanner planner = mp_pipeline_planner(app);
    g_autoptr(GPtrArray) cases = app->store->case_find(app->store, &filter, error);
    g_autofree char *moved = NULL;
    guint n = 0;

    if (cases == NULL)
        return FALSE;
    for (guint i = 0; i < cases->len; i++) {
        g_autoptr(MpPlan) plan = mp_plan_recount(&planner, g_ptr_array_index(cases, i), error);

        if (plan == NULL || !mp_pipeline_carry(app, NULL, NULL, plan, error))
            return FALSE;
        n += plan->changes->len;
    }
    moved = g_strdup_printf("%u", n);
    mp_app_log(app, LOG_NOTICE, "calendar.changed", "service", service, "moved", moved, NULL);
    return TRUE;
}

static gboolean
compare_calendar(MpApp *app, const char *service, GError **error)
{
    MpStore *store = app->store;
    g_autofree char *mark = g_strconcat("calendar ", service, NULL);
    g_autofree char *before = store->mark_get(store, mark);
    g_autofree char *now = mp_setup_calendar_print(app->setup, service, error);

    if (now == NULL)
        return FALSE;
    if (g_strcmp0(before, now) == 0)
        return TRUE;
    if (before != NULL && !recount_service(app, service, error))
        return FALSE;
    return store->mark_set(store, mark, now, error);
}

static gboolean
compare_calendars(MpApp *app, GError **error)
{
    const char *const *services = mp_config_sections(app->setup->config, "service");

    for (guint i = 0; services[i] != NULL; i++)
        if (!compare_calendar(app, services[i], error))
            return FALSE;
    return TRUE;
}

gboolean
mp_pipeline_calendars(MpApp *app, GError **error)
{
    if (app->setup->has_counted)
        return TRUE;
    if (!in_transaction(app, compare_calendars, error))
        return FALSE;
    app->setup->has_counted = TRUE;
    mp_ports_checkpoint("calendars.committed");
    return TRUE;
}

/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The register's daily and monthly work, while the office is open: reminders of certificates that
 * come to their end, once each, and the list of those who retire. What was said is kept as marks in
 * the transaction that says it. */

#include "app/pipeline-private.h"
#include "app/plan-register.h"

#include <syslog.h>

enum { REMIND_DAYS = 30, WATCH_DAYS = 90, A_SWEEP = 200, WATCH_MOST = 300, PAGE = 1000 };

#define MAX_FILE_BYTES (64 * 1024)

/* --- reminders --- */

/* "2026-12-01 14": said at H-14 for the certificate that ends then. */
static gboolean
is_said(MpStore *store, const MpHolder *holder, int stage, const char *name)
{
    g_autofree char *mark = store->mark_get(store, name);
    gsize length = strlen(holder->valid_until);

    return mark != NULL && strncmp(mark, holder->valid_until, length) == 0 && mark[length] == ' ' &&
           g_ascii_strtoll(mark + length + 1, NULL, 10) <= stage;
}

static gboolean
remind(MpApp *app, const MpHolder *holder, const char *today, guint *said, GError **error)
{
    MpPlanner planner = mp_pipeline_planner(app);
    int stage = mp_register_stage(holder->valid_until, today);
    g_autofree char *name = g_strdup_printf("register %" G_GINT64_FORMAT, holder->id);
    g_autofree char *value = g_strdup_printf("%s %d", holder->valid_until, stage);
    g_autoptr(MpPlan) plan = NULL;

    if (stage == 0 || is_said(app->store, holder, stage, name))
        return TRUE;
    plan = mp_plan_certificate_end(&planner, holder, error);
    *said += 1;
    return plan != NULL && mp_pipeline_carry_out(app, plan, error) &&
           app->store->mark_set(app->store, name, value, error);
}

static gboolean
remind_all(MpApp *app, const char *today, gboolean *is_done_out, GError **error)
{
    g_autofree char *yesterday = mp_register_day_after(today, -1);
    g_autofree char *last = mp_register_day_after(today, REMIND_DAYS);
    const MpRegisterFilter filter = {
        .until_after = yesterday, .until_up_to = last, .active_only = TRUE, .limit = 100000};
    g_autoptr(GPtrArray) found = app->store->register_find(app->store, &filter, error);
    guint said = 0;

    for (guint i = 0; found != NULL && i < found->len && said < A_SWEEP; i++)
        if (!remind(app, g_ptr_array_index(found, i), today, &said, error))
            return FALSE;
    *is_done_out = said < A_SWEEP;
    return found != NULL;
}

/* --- who retires --- */

static MpRetirement *
load_ages(const MpApp *app, GError **error)
{
    g_autofree char *dir = mp_setup_dir(app->setup->config, "rules_dir");
    g_autofree char *path = g_build_filename(dir, "pensiun.tsv", NULL);
    g_autofree char *bytes = NULL;
    gsize length = 0;

    if (!mp_files_read(path, MAX_FILE_BYTES, &bytes, &length, error))
        return NULL;
    return mp_retirement_parse(path, bytes, error);
}

static void
free_holder(gpointer holder)
{
    mp_holder_free(holder);
}

static void
watch_page(
    const MpRetirement *ages, GPtrArray *page, const char *last, GPtrArray *people, GPtrArray *days)
{
    for (guint i = 0; i < page->len && people->len < WATCH_MOST; i++) {
        g_autofree char *day = mp_retirement_day(ages, g_ptr_array_index(page, i));

        if (day == NULL || strcmp(day, last) > 0)
            continue;
        g_ptr_array_add(people, g_steal_pointer(&page->pdata[i]));
        g_ptr_array_add(days, g_steal_pointer(&day));
    }
}

static gboolean
watch(MpApp *app, const MpRetirement *ages, const char *today, GError **error)
{
    MpPlanner planner = mp_pipeline_planner(app);
    g_autoptr(GPtrArray) people = g_ptr_array_new_with_free_func(free_holder);
    g_autoptr(GPtrArray) days = g_ptr_array_new_with_free_func(g_free);
    g_autofree char *yesterday = mp_register_day_after(today, -1);
    g_autofree char *last = mp_register_day_after(today, WATCH_DAYS);
    MpRegisterFilter filter = {
        .until_after = yesterday, .active_only = TRUE, .by_id = TRUE, .limit = PAGE};
    g_autoptr(MpPlan) plan = NULL;
    guint n = 0;

    do {
        g_autoptr(GPtrArray) page = app->store->register_find(app->store, &filter, error);

        if (page == NULL)
            return FALSE;
        n = page->len;
        if (n > 0)
            filter.above_id = ((const MpHolder *)g_ptr_array_index(page, n - 1))->id;
        watch_page(ages, page, last, people, days);
    } while (n == PAGE && people->len < WATCH_MOST);
    if (people->len == 0)
        return TRUE;
    plan = mp_plan_watch(&planner, people, days, error);
    return plan != NULL && mp_pipeline_carry_out(app, plan, error);
}

/* A file of ages that cannot be read keeps nobody from working: it is said in the log. */
static gboolean
watch_monthly(MpApp *app, const char *today, GError **error)
{
    g_autofree char *month = g_strndup(today, strlen("YYYY-MM"));
    g_autofree char *mark = app->store->mark_get(app->store, "register watch");
    g_autoptr(MpRetirement) ages = NULL;
    g_autoptr(GError) local = NULL;

    if (g_strcmp0(mark, month) == 0)
        return TRUE;
    ages = load_ages(app, &local);
    if (ages == NULL)
        mp_app_log(app, LOG_WARNING, "register.watch", "problem", local->message, NULL);
    else if (!watch(app, ages, today, error))
        return FALSE;
    return app->store->mark_set(app->store, "register watch", month, error);
}

/* --- the phase --- */

gboolean
mp_pipeline_register(MpApp *app, GError **error)
{
    MpStore *store = app->store;
    gint64 now_utc = app->clock->now_utc(app->clock);
    g_autofree char *today = mp_calendar_today(app->setup->calendar, now_utc);
    g_autofree char *mark = store->mark_get(store, "register day");
    gboolean is_done = FALSE;

    if (g_strcmp0(mark, today) == 0 || !mp_calendar_is_open(app->setup->calendar, now_utc))
        return TRUE;
    if (!store->begin(store, error))
        return FALSE;
    if (remind_all(app, today, &is_done, error) && watch_monthly(app, today, error) &&
        (!is_done || store->mark_set(store, "register day", today, error)) &&
        store->commit(store, error))
        return TRUE;
    store->rollback(store);
    return FALSE;
}

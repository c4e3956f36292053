/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The register's daily and monthly work, while the office is open: reminders of certificates that
 * come to their end, once each, and the list of those who should perhaps hold none any more: who
 * retires, of whom a paper says it, whose mailbox is dead. What was said is kept as marks in the
 * transaction that says it. */

#include "app/pipeline-private.h"
#include "app/plan-register.h"

#include <syslog.h>

enum {
    REMIND_DAYS = 30,
    WATCH_DAYS = 90,
    PAPER_DAYS = 62, /* a paper is told in two months' lists */
    A_SWEEP = 200,
    WATCH_MOST = 300,
    PAGE = 1000
};

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

/* --- who should perhaps hold none any more --- */

typedef struct {
    MpApp *app;
    const MpRetirement *ages; /* NULL = not known */
    const char *last;         /* ISO day: retirements up to it are told */
    GHashTable *papers;       /* id of holder → what a paper says (char *) */
    GPtrArray *people;        /* MpHolder */
    GPtrArray *reasons;       /* char * */
    guint n_more;             /* beyond the most that one mail tells */
} Watch;

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

/* Papers that speak of an end, and the service whose case follows from them by itself. */
static const struct {
    const char *kind, *service;
} ends[] = {{"sk-pensiun", "pencabutan"},
            {"sk-pemberhentian", "pencabutan"},
            {"surat-keterangan-kematian", "pencabutan"},
            {"sk-mutasi", "perubahan-data"}};

/* A letter about several people does not say whose paper it is: a person reads that one anyway. */
static gboolean
note_paper(Watch *watch, const MpCase *kase, const char *kind, GError **error)
{
    MpStore *store = watch->app->store;
    g_autoptr(GError) local = NULL;
    g_autoptr(MpHolder) holder = NULL;
    gint64 *id;

    if (kase->applicants->len != 1)
        return TRUE;
    holder = store->register_match(store, g_ptr_array_index(kase->applicants, 0), &local);
    if (local != NULL) {
        g_propagate_error(error, g_steal_pointer(&local));
        return FALSE;
    }
    if (holder == NULL)
        return TRUE;
    id = g_new(gint64, 1);
    *id = holder->id;
    g_hash_table_insert(
        watch->papers,
        id,
        g_strdup_printf("%s terlampir pada %s", mp_notify_document_title(kind), kase->number));
    return TRUE;
}

static gboolean
read_papers(Watch *watch, gsize at, gint64 since_utc, GError **error)
{
    MpStore *store = watch->app->store;
    g_autofree char *above = NULL;

    for (;;) {
        g_autoptr(GPtrArray) numbers =
            store->cases_with_paper(store, ends[at].kind, above, since_utc, PAGE, error);

        for (guint i = 0; numbers != NULL && i < numbers->len; i++) {
            g_autoptr(MpCase) kase = store->case_load(store, g_ptr_array_index(numbers, i), error);

            if (kase == NULL)
                return FALSE;
            if (g_strcmp0(kase->service, "pencabutan") != 0 &&
                g_strcmp0(kase->service, ends[at].service) != 0 &&
                !note_paper(watch, kase, ends[at].kind, error))
                return FALSE;
        }
        if (numbers == NULL)
            return FALSE;
        if (numbers->len < PAGE)
            return TRUE;
        g_free(above);
        above = g_strdup(g_ptr_array_index(numbers, numbers->len - 1));
    }
}

static void
add_reason(GString *text, const char *reason)
{
    g_string_append_printf(text, "%s%s", text->len > 0 ? "; " : "", reason);
}

/* Why this certificate should perhaps be revoked; "" = nothing is known. */
static char *
reason_of(const Watch *watch, const MpHolder *holder)
{
    MpStore *store = watch->app->store;
    g_autofree char *day = watch->ages == NULL ? NULL : mp_retirement_day(watch->ages, holder);
    g_autofree char *mark = holder->email == NULL ? NULL : mp_plan_dead_mark(holder->email);
    g_autofree char *dead = mark == NULL ? NULL : store->mark_get(store, mark);
    const char *paper = g_hash_table_lookup(watch->papers, &holder->id);
    g_autoptr(GString) text = g_string_new(NULL);

    if (day != NULL && strcmp(day, watch->last) <= 0) {
        g_autofree char *when = mp_calendar_format_iso_day(day);
        g_autofree char *why = g_strdup_printf("mencapai batas usia pensiun pada %s", when);

        add_reason(text, why);
    }
    if (paper != NULL)
        add_reason(text, paper);
    if (dead != NULL) {
        g_autofree char *since = g_strndup(dead, strcspn(dead, " "));
        g_autofree char *when = mp_calendar_format_iso_day(since);
        g_autofree char *why = g_strdup_printf("kotak suratnya tidak dapat dikirimi sejak %s",
                                               when == NULL ? since : when);

        add_reason(text, why);
    }
    return g_strdup(text->str);
}

static void
watch_page(Watch *watch, GPtrArray *page)
{
    for (guint i = 0; i < page->len; i++) {
        g_autofree char *reason = reason_of(watch, g_ptr_array_index(page, i));

        if (reason[0] == '\0')
            continue;
        if (watch->people->len == WATCH_MOST) {
            watch->n_more++;
            continue;
        }
        g_ptr_array_add(watch->people, g_steal_pointer(&page->pdata[i]));
        g_ptr_array_add(watch->reasons, g_steal_pointer(&reason));
    }
}

static gboolean
watch_holders(Watch *watch, const char *today, GError **error)
{
    MpStore *store = watch->app->store;
    g_autofree char *yesterday = mp_register_day_after(today, -1);
    MpRegisterFilter filter = {
        .until_after = yesterday, .active_only = TRUE, .by_id = TRUE, .limit = PAGE};

    for (;;) {
        g_autoptr(GPtrArray) page = store->register_find(store, &filter, error);
        guint n = page == NULL ? 0 : page->len;

        if (page == NULL)
            return FALSE;
        if (n > 0)
            filter.above_id = ((const MpHolder *)g_ptr_array_index(page, n - 1))->id;
        watch_page(watch, page);
        if (n < PAGE)
            return TRUE;
    }
}

static gboolean
tell_watch(Watch *watch, GError **error)
{
    MpPlanner planner = mp_pipeline_planner(watch->app);
    g_autofree char *more = g_strdup_printf("%u", watch->n_more);
    g_autoptr(MpPlan) plan = NULL;

    if (watch->people->len == 0)
        return TRUE;
    if (watch->n_more > 0)
        mp_app_log(watch->app, LOG_WARNING, "register.watch", "left-out", more, NULL);
    plan = mp_plan_watch(&planner, watch->people, watch->reasons, error);
    return plan != NULL && mp_pipeline_carry_out(watch->app, plan, error);
}

static gboolean
watch_all(MpApp *app, const MpRetirement *ages, const char *today, GError **error)
{
    g_autofree char *last = mp_register_day_after(today, WATCH_DAYS);
    g_autoptr(GHashTable) papers =
        g_hash_table_new_full(g_int64_hash, g_int64_equal, g_free, g_free);
    g_autoptr(GPtrArray) people = g_ptr_array_new_with_free_func(free_holder);
    g_autoptr(GPtrArray) reasons = g_ptr_array_new_with_free_func(g_free);
    Watch watch = {.app = app,
                   .ages = ages,
                   .last = last,
                   .papers = papers,
                   .people = people,
                   .reasons = reasons};
    gint64 since_utc = app->clock->now_utc(app->clock) - PAPER_DAYS * G_TIME_SPAN_DAY;

    for (gsize i = 0; i < G_N_ELEMENTS(ends); i++)
        if (!read_papers(&watch, i, since_utc, error))
            return FALSE;
    return watch_holders(&watch, today, error) && tell_watch(&watch, error);
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
    return watch_all(app, ages, today, error) &&
           app->store->mark_set(app->store, "register watch", month, error);
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

/* SPDX-License-Identifier: GPL-3.0-or-later */

/* `purge`: the end of retention. */

#include "app/commands.h"
#include "app/retention.h"

#define MAX_FILE_BYTES (64 * 1024)

static MpRetention *
load_table(const MpApp *app, GError **error)
{
    g_autofree char *dir = mp_setup_dir(app->setup->config, "rules_dir");
    g_autofree char *path = g_build_filename(dir, "retention.tsv", NULL);
    g_autofree char *bytes = NULL;
    gsize length = 0;

    if (!mp_files_read(path, MAX_FILE_BYTES, &bytes, &length, error))
        return NULL;
    return mp_retention_parse(path, bytes, error);
}

static void
print_plan(const GPtrArray *items)
{
    for (guint i = 0; i < items->len; i++) {
        const MpPurgeItem *item = g_ptr_array_index(items, i);

        g_print("%-15s %-14s %-10s %s %-15s %s\n",
                item->kase->number,
                item->kase->service,
                item->row->class_,
                item->end,
                mp_fate_to_string(item->row->fate),
                item->kept_by != NULL ? item->kept_by : "may be destroyed");
    }
}

static gboolean
ask(MpApp *app, const GPtrArray *items, GError **error)
{
    MpStore *store = app->store;

    if (!store->begin(store, error))
        return FALSE;
    for (guint i = 0; i < items->len; i++) {
        const MpPurgeItem *item = g_ptr_array_index(items, i);
        const MpPlanner planner = {.setup = app->setup,
                                   .store = store,
                                   .random = app->random,
                                   .now_utc = app->clock->now_utc(app->clock)};
        g_autoptr(MpPlan) plan = NULL;

        if (!item->lacks_command)
            continue;
        plan = mp_plan_ask_destruction(&planner, item->kase, error);
        if (plan == NULL || !mp_pipeline_carry_out(app, plan, error)) {
            store->rollback(store);
            return FALSE;
        }
    }
    if (store->commit(store, error))
        return TRUE;
    store->rollback(store);
    return FALSE;
}

/* The protocol of the destruction, for the office to sign and keep. */
static gboolean
print_minutes(MpApp *app, const GString *lines, guint n, GError **error)
{
    g_autofree char *when =
        mp_calendar_format(app->setup->calendar, app->clock->now_utc(app->clock));
    g_autofree char *hash = NULL;
    gint64 seq = 0;

    if (!app->store->chain_head(app->store, &seq, &hash, error))
        return FALSE;
    g_print("BERITA ACARA PEMUSNAHAN ARSIP\n\n%s\n\nPada %s telah dimusnahkan isi surel, lampiran "
            "dan data pribadi dari %u permohonan berikut, yang masa simpannya berakhir dan "
            "pemusnahannya diperintahkan pejabat melalui surel:\n\n%s\nStatistik dan rantai "
            "catatan tetap disimpan. Kepala rantai: %" G_GINT64_FORMAT " %s\n\n"
            "Yang memusnahkan,                         Saksi,\n\n\n"
            "(....................)                    (....................)\n",
            mp_config_string(app->setup->config, "office", "name"),
            when,
            n,
            lines->str,
            seq,
            hash);
    return TRUE;
}

static gboolean
destroy_all(MpApp *app, const GPtrArray *items, guint *n_out, GError **error)
{
    g_autoptr(GString) lines = g_string_new(NULL);
    guint n = 0;

    for (guint i = 0; i < items->len; i++) {
        MpPurgeItem *item = g_ptr_array_index(items, i);
        g_autofree char *who = NULL;
        guint values = 0, entries = 0;

        if (item->kept_by != NULL) {
            g_printerr("mailproc: %s: kept: %s\n", item->kase->number, item->kept_by);
            continue;
        }
        if (!mp_purge_do(app, item, &values, &entries, error))
            return FALSE;
        g_ptr_array_add(item->commanders, NULL);
        who = g_strjoinv(", ", (char **)item->commanders->pdata);
        g_string_append_printf(lines,
                               "%u. %s (%s, klasifikasi %s), masa simpan sampai %s; diperintahkan "
                               "oleh %s; %u nilai dan %u berkas\n",
                               ++n,
                               item->kase->number,
                               mp_notify_service_title(item->kase->service),
                               item->row->class_,
                               item->end,
                               who,
                               values,
                               entries);
    }
    *n_out = n;
    if (n == 0)
        g_print("nothing was destroyed\n");
    return n == 0 || print_minutes(app, lines, n, error);
}

int
mp_command_purge(const MpGlobalOptions *options, int argc, char **argv)
{
    gboolean wants_plan = FALSE, wants_do = FALSE, wants_ask = FALSE;
    const GOptionEntry entries[] = {
        {"plan", 0, 0, G_OPTION_ARG_NONE, &wants_plan, "list what is due", NULL},
        {"ask", 0, 0, G_OPTION_ARG_NONE, &wants_ask, "with --plan: mail the officials", NULL},
        {"do", 0, 0, G_OPTION_ARG_NONE, &wants_do, "destroy what was commanded", NULL},
        G_OPTION_ENTRY_NULL};
    const MpCommandRow row = {
        .name = "purge", .arguments = "", .summary = "what may be destroyed, and destroying it"};
    g_autoptr(MpApp) app = NULL;
    g_autoptr(MpRetention) table = NULL;
    g_autoptr(GPtrArray) items = NULL;
    g_autoptr(GError) error = NULL;
    gboolean is_done;
    guint n = 0;
    int code = 0;

    if (!mp_app_parse(&row, entries, &argc, &argv, &code))
        return code;
    if (argc != 1 || wants_plan == wants_do || (wants_ask && !wants_plan))
        return mp_cli_usage("purge", "wants one of --plan [--ask] and --do");
    app = wants_do || wants_ask ? mp_cli_open_shared(options, &code)
                                : mp_cli_open_readonly(options, &code);
    if (app == NULL)
        return code;
    table = load_table(app, &error);
    if (table == NULL || (wants_do && !mp_purge_resume(app, &error)))
        return mp_app_fail(error);
    items = mp_purge_plan(app, table, &error);
    if (items == NULL)
        return mp_app_fail(error);
    if (wants_plan)
        print_plan(items);
    is_done =
        wants_do ? destroy_all(app, items, &n, &error) : !wants_ask || ask(app, items, &error);
    if (!is_done)
        return mp_app_fail(error);
    /* What is due and may not go is a refusal. */
    return wants_do && n == 0 && items->len > 0 ? mp_error_exit(MP_ERROR_INPUT) : 0;
}

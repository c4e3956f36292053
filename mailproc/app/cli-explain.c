/* SPDX-License-Identifier: GPL-3.0-or-later */

/* `explain`: the planner on files, with nothing carried out. Uses the same reader child. */

#include "app/commands.h"

#include <unistd.h>

typedef struct {
    MpApp *app;
    gboolean as_json;
    gint64 now_utc;
    guint n_done, n_bad;
} Explaining;

static void
print_rules(const MpVerdict *verdict)
{
    for (guint i = 0; i < verdict->hits->len; i++) {
        const MpRuleHit *hit = g_ptr_array_index(verdict->hits, i);
        g_autofree char *saw = mp_text_mask_all(hit->saw);

        g_print("  rule %s:%u %s %+d for %s, saw «%s»\n",
                hit->file,
                hit->line,
                hit->name,
                hit->weight,
                hit->target,
                saw);
    }
}

static void
print_people(const MpFacts *facts)
{
    for (guint i = 0; i < facts->verdict->applicants->len; i++) {
        const MpApplicant *one = g_ptr_array_index(facts->verdict->applicants, i);
        g_autofree char *nip = mp_text_mask(one->nip);

        g_print("  applicant %u: %s%s%s%s%s\n",
                i + 1,
                one->name ? one->name : "?",
                nip ? ", NIP " : "",
                nip ? nip : "",
                one->email ? ", " : "",
                one->email ? one->email : "");
    }
    for (guint i = 0; i < facts->documents->len; i++) {
        const MpDocument *document = g_ptr_array_index(facts->documents, i);

        g_print("  document %s: %s (%s, %" G_GSIZE_FORMAT " bytes%s)\n",
                document->filename,
                document->kind,
                document->type,
                document->bytes,
                document->is_readable ? "" : ", not readable");
    }
}

static void
print_text(const MpPlanner *planner, const char *file, const MpFacts *facts, const MpPlan *plan)
{
    const MpVerdict *verdict = facts->verdict;
    g_autoptr(GPtrArray) missing = mp_plan_missing(planner, facts);
    const char *sender = mp_message_sender(facts->message);

    g_print("%s\n", file);
    g_print("  kind %s, service %s, case %s\n",
            verdict->kind,
            verdict->service ? verdict->service : "-",
            verdict->case_number ? verdict->case_number : "-");
    g_print("  sender %s (%s)\n",
            sender ? sender : "no single plain address",
            mp_trust_to_string(facts->trust->level));
    if (verdict->letter->number != NULL || verdict->letter->date != NULL)
        g_print("  letter %s of %s\n",
                verdict->letter->number ? verdict->letter->number : "?",
                verdict->letter->date ? verdict->letter->date : "?");
    print_people(facts);
    for (guint i = 0; i < missing->len; i++)
        g_print("  missing: %s\n", (const char *)g_ptr_array_index(missing, i));
    for (guint i = 0; i < verdict->doubts->len; i++)
        g_print("  doubt: %s\n", (const char *)g_ptr_array_index(verdict->doubts, i));
    print_rules(verdict);
    for (guint i = 0; plan != NULL && i < plan->actions->len; i++) {
        const MpPlanAction *action = g_ptr_array_index(plan->actions, i);

        g_print("  → %s %s %s\n",
                action->action,
                action->case_number ? action->case_number : "",
                action->detail);
    }
}

static void
print_unreadable(const Explaining *e, const char *file, const char *why)
{
    g_autofree char *quoted = NULL;

    if (!e->as_json) {
        g_print("%s\n  kind unreadable: %s\n", file, why);
        return;
    }
    quoted = mp_cli_quote(file);
    g_print("{\"file\":%s,\"kind\":\"unreadable\",\"service\":null,\"case\":null,"
            "\"applicants\":[],\"documents\":[],\"missing\":[],\"commands\":[],"
            "\"reply_text\":null,\"outcome\":null,\"reason\":null,\"bounce\":null,"
            "\"doubts\":[],\"rules\":[],\"decision\":[{\"action\":\"quarantine\"}]}\n",
            quoted);
}

static gboolean
explain_file(Explaining *e, const char *file, GError **error)
{
    g_autofree char *bytes = NULL;
    gsize length = 0;
    g_autoptr(GBytes) mail = NULL;
    g_autoptr(MpFacts) facts = NULL;
    g_autoptr(MpPlan) plan = NULL;
    g_autoptr(GError) local = NULL;
    g_autofree char *base = g_path_get_basename(file);
    MpLedgerRow row = {.arrived_utc = e->now_utc};
    const MpPlanner planner = {.setup = e->app->setup,
                               .store = e->app->store,
                               .random = e->app->random,
                               .now_utc = e->now_utc,
                               .is_dry = TRUE};

    if (!mp_files_read(
            file, (gsize)e->app->setup->reading->limits.message_bytes * 4, &bytes, &length, error))
        return FALSE;
    mail = g_bytes_new_take(g_steal_pointer(&bytes), length);
    facts = mp_reader_read(e->app->reader, mail, &local);
    e->n_done++;
    if (facts == NULL) {
        e->n_bad++;
        print_unreadable(e, base, local->message);
        return TRUE;
    }
    plan = mp_plan_mail(&planner, facts, &row, error);
    if (plan == NULL)
        return FALSE;
    if (e->as_json) {
        g_autofree char *json = mp_cli_explain_json(&planner, base, facts, plan);

        g_print("%s\n", json);
    } else {
        print_text(&planner, base, facts, plan);
    }
    return TRUE;
}

static void
show_progress(const Explaining *e, guint n, guint of)
{
    if (isatty(STDERR_FILENO) && of > 20 && !e->app->is_quiet)
        g_printerr("\r%u of %u%s", n, of, n == of ? "\n" : "");
}

/* Files as named; a directory stands for its .eml files. */
static GPtrArray *
list_files(char **names, GError **error)
{
    g_autoptr(GPtrArray) files = g_ptr_array_new_with_free_func(g_free);

    for (guint i = 0; names != NULL && names[i] != NULL; i++) {
        g_auto(GStrv) inside = NULL;

        if (!g_file_test(names[i], G_FILE_TEST_IS_DIR)) {
            g_ptr_array_add(files, g_strdup(names[i]));
            continue;
        }
        inside = mp_files_list(names[i], ".eml", error);
        if (inside == NULL)
            return NULL;
        for (guint j = 0; inside[j] != NULL; j++)
            g_ptr_array_add(files, g_build_filename(names[i], inside[j], NULL));
    }
    return g_steal_pointer(&files);
}

/* The store is looked at when there is one; its absence is no fault. */
static void
open_store(MpApp *app)
{
    const char *dir = mp_config_string(app->setup->config, "store", "dir");
    g_autofree char *path = g_build_filename(dir, "mailproc.sqlite", NULL);

    if (g_file_test(path, G_FILE_TEST_EXISTS))
        app->store = mp_store_open_readonly(dir, NULL);
}

static int
explain_all(Explaining *e, char **names)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(GPtrArray) files = list_files(names, &error);

    if (files == NULL)
        return mp_app_fail(error);
    if (files->len == 0) {
        g_printerr("mailproc: explain: no file named\n");
        return mp_error_exit(MP_ERROR_USAGE);
    }
    for (guint i = 0; i < files->len; i++) {
        if (!explain_file(e, g_ptr_array_index(files, i), &error))
            return mp_app_fail(error);
        show_progress(e, i + 1, files->len);
    }
    if (!e->as_json && files->len > 1)
        g_print("%u mails, %u unreadable\n", e->n_done, e->n_bad);
    return 0;
}

int
mp_command_explain(const MpGlobalOptions *options, int argc, char **argv)
{
    gboolean as_json = FALSE;
    g_autofree char *now = NULL;
    g_auto(GStrv) names = NULL;
    const GOptionEntry entries[] = {
        {"json", 0, 0, G_OPTION_ARG_NONE, &as_json, "one JSON object a mail", NULL},
        {"now", 0, 0, G_OPTION_ARG_STRING, &now, "as if it were then (RFC 3339)", "TIME"},
        {G_OPTION_REMAINING, 0, 0, G_OPTION_ARG_FILENAME_ARRAY, &names, NULL, NULL},
        G_OPTION_ENTRY_NULL};
    g_autoptr(GError) error = NULL;
    g_autoptr(MpApp) app = NULL;
    Explaining e = {0};
    int code = 0;

    if (!mp_app_parse(mp_command_row("explain"), entries, &argc, &argv, &code))
        return code;
    app = mp_app_open(options, &error);
    if (app == NULL)
        return mp_app_fail(error);
    e = (Explaining){.app = app, .as_json = as_json, .now_utc = app->clock->now_utc(app->clock)};
    if (now != NULL) {
        g_autoptr(GTimeZone) utc = g_time_zone_new_utc();
        g_autoptr(GDateTime) then = g_date_time_new_from_iso8601(now, utc);

        if (then == NULL) {
            g_printerr("mailproc: --now '%s': no RFC 3339 time\n", now);
            return mp_error_exit(MP_ERROR_USAGE);
        }
        e.now_utc = g_date_time_to_unix(then) * G_USEC_PER_SEC;
    }
    open_store(app);
    return explain_all(&e, names);
}

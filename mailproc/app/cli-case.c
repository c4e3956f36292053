/* SPDX-License-Identifier: GPL-3.0-or-later */

/* `case`: list, show, export, and an operator's command in an official's stead. */

#include "app/commands.h"
#include "app/retention.h"

#include <sys/stat.h>
#include <unistd.h>

/* --- shared openings --- */

static MpApp *
open_with(const MpGlobalOptions *options,
          MpStore *(*open_store)(const char *dir, GError **error),
          int *exit_out)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(MpApp) app = mp_app_open(options, &error);

    if (app != NULL)
        app->store = open_store(mp_config_string(app->setup->config, "store", "dir"), &error);
    if (app == NULL || app->store == NULL) {
        *exit_out = mp_app_fail(error);
        return NULL;
    }
    return g_steal_pointer(&app);
}

MpApp *
mp_cli_open_readonly(const MpGlobalOptions *options, int *exit_out)
{
    return open_with(options, mp_store_open_readonly, exit_out);
}

MpApp *
mp_cli_open_shared(const MpGlobalOptions *options, int *exit_out)
{
    return open_with(options, mp_store_open_shared, exit_out);
}

int
mp_cli_usage(const char *command, const char *message)
{
    g_printerr("mailproc: %s: %s; see 'mailproc help %s'\n", command, message, command);
    return mp_error_exit(MP_ERROR_USAGE);
}

int
mp_cli_write_private(const char *path, const char *bytes, gsize length)
{
    if (g_file_set_contents_full(
            path, bytes, (gssize)length, G_FILE_SET_CONTENTS_CONSISTENT, 0600, NULL) &&
        chmod(path, 0600) == 0)
        return 0;
    g_printerr("mailproc: %s: cannot be written\n", path);
    return 73;
}

/* --- list --- */

static int
list_cases(const MpGlobalOptions *options, int argc, char **argv)
{
    gboolean as_json = FALSE, all = FALSE;
    g_autofree char *service = NULL;
    const GOptionEntry entries[] = {
        {"json", 0, 0, G_OPTION_ARG_NONE, &as_json, "one JSON object a case", NULL},
        {"all", 0, 0, G_OPTION_ARG_NONE, &all, "closed cases too", NULL},
        {"service", 0, 0, G_OPTION_ARG_STRING, &service, "of this service only", "ID"},
        G_OPTION_ENTRY_NULL};
    const MpCommandRow row = {.name = "case list", .arguments = "", .summary = "cases as a table"};
    g_autoptr(MpApp) app = NULL;
    g_autoptr(GPtrArray) found = NULL;
    g_autoptr(GError) error = NULL;
    MpCaseFilter filter = {.limit = 100000};
    int code = 0;

    if (!mp_app_parse(&row, entries, &argc, &argv, &code))
        return code;
    app = mp_cli_open_readonly(options, &code);
    if (app == NULL)
        return code;
    filter.state = all ? NULL : "open";
    filter.service = service;
    found = app->store->case_find(app->store, &filter, &error);
    if (found == NULL)
        return mp_app_fail(error);
    for (guint i = 0; i < found->len; i++) {
        const MpCase *kase = g_ptr_array_index(found, i);
        const MpCalendar *calendar = mp_setup_calendar(app->setup, kase->service);
        g_autofree char *due = kase->due_utc == 0
                                   ? g_strdup("-")
                                   : mp_calendar_format_rfc3339(calendar, kase->due_utc);
        g_autofree char *json = as_json ? mp_cli_case_json(app, kase, NULL) : NULL;

        if (as_json)
            g_print("%s\n", json);
        else
            g_print("%-15s %-14s %-10s %-18s %-14s %s\n",
                    kase->number,
                    kase->service,
                    mp_case_state_to_string(kase->state),
                    kase->step,
                    kase->holder_role ? kase->holder_role : "-",
                    due);
    }
    return 0;
}

/* --- show --- */

static void
print_people(const MpCase *kase)
{
    for (guint i = 0; i < kase->applicants->len; i++) {
        const MpCaseApplicant *one = g_ptr_array_index(kase->applicants, i);
        g_autofree char *nip = mp_text_mask(one->nip);

        g_print("  %u. %s%s%s: %s%s%s\n",
                one->n,
                one->name ? one->name : "?",
                nip ? ", NIP " : "",
                nip ? nip : "",
                mp_outcome_to_string(one->outcome),
                one->outcome_reason ? ", " : "",
                one->outcome_reason ? one->outcome_reason : "");
    }
    for (guint i = 0; i < kase->documents->len; i++) {
        const MpCaseDocument *document = g_ptr_array_index(kase->documents, i);

        g_print("  %s (%s)%s\n",
                document->filename,
                document->kind,
                document->sha256 == NULL ? " " MP_ERASED : "");
    }
    for (guint i = 0; i < kase->missing->len; i++)
        g_print("  missing: %s\n", (const char *)g_ptr_array_index(kase->missing, i));
}

static void
print_case(const MpApp *app, const MpCase *kase, const GPtrArray *events)
{
    const MpCalendar *calendar = mp_setup_calendar(app->setup, kase->service);
    const MpSop *sop = mp_setup_sop_by_id(app->setup, kase->sop);
    g_autofree char *progress = mp_case_progress(
        kase, mp_notify_role_title(&app->setup->notify, kase->holder_role), calendar);

    g_print("%s  %s  %s  (version %u)\n",
            kase->number,
            kase->service,
            mp_case_state_to_string(kase->state),
            kase->version);
    g_print("letter %s of %s, from %s\n",
            kase->letter_number ? kase->letter_number : "-",
            kase->letter_date ? kase->letter_date : "-",
            kase->requester_address ? kase->requester_address : "-");
    g_print("%s\n", progress);
    print_people(kase);
    if (sop == NULL)
        return;
    if (!mp_case_state_is_closed(kase->state)) {
        g_autoptr(GPtrArray) due = mp_case_explain_due(sop, kase, calendar);

        for (guint i = 0; i < due->len; i++)
            g_print("  %s\n", (const char *)g_ptr_array_index(due, i));
    }
    g_autoptr(GPtrArray) story = mp_case_story(sop, events, calendar);

    for (guint i = 0; i < story->len; i++)
        g_print("%s\n", (const char *)g_ptr_array_index(story, i));
}

MpCase *
mp_cli_load_case(const MpApp *app, const char *number, int *exit_out)
{
    g_autoptr(GError) error = NULL;
    MpCase *kase = app->store->case_load(app->store, number, &error);

    if (kase != NULL)
        return kase;
    if (error != NULL) {
        *exit_out = mp_app_fail(error);
        return NULL;
    }
    g_printerr("mailproc: %s: no such case\n", number);
    *exit_out = mp_error_exit(MP_ERROR_INPUT);
    return NULL;
}

static int
show_case(const MpGlobalOptions *options, int argc, char **argv)
{
    gboolean as_json = FALSE;
    const GOptionEntry entries[] = {{"json", 0, 0, G_OPTION_ARG_NONE, &as_json, "as JSON", NULL},
                                    G_OPTION_ENTRY_NULL};
    const MpCommandRow row = {
        .name = "case show", .arguments = "NUMBER", .summary = "one case's whole story"};
    g_autoptr(MpApp) app = NULL;
    g_autoptr(MpCase) kase = NULL;
    g_autoptr(GPtrArray) events = NULL;
    g_autoptr(GError) error = NULL;
    int code = 0;

    if (!mp_app_parse(&row, entries, &argc, &argv, &code))
        return code;
    if (argc != 2)
        return mp_cli_usage("case", "show wants one number");
    app = mp_cli_open_readonly(options, &code);
    kase = app == NULL ? NULL : mp_cli_load_case(app, argv[1], &code);
    if (kase == NULL)
        return code;
    events = app->store->case_events(app->store, kase->number, &error);
    if (events == NULL)
        return mp_app_fail(error);
    if (as_json) {
        g_autofree char *json = mp_cli_case_json(app, kase, events);

        g_print("%s\n", json);
    } else {
        print_case(app, kase, events);
    }
    return 0;
}

/* --- export --- */

static gboolean
write_entry(MpApp *app, const char *dir, const char *entry, const char *name, GError **error)
{
    g_autoptr(GBytes) bytes = app->store->archive_get(app->store, entry, error);
    g_autofree char *path = g_build_filename(dir, name, NULL);
    gsize length = 0;
    const char *data;

    if (bytes == NULL)
        return FALSE;
    data = g_bytes_get_data(bytes, &length);
    return g_file_set_contents_full(path,
                                    data == NULL ? "" : data,
                                    (gssize)length,
                                    G_FILE_SET_CONTENTS_CONSISTENT,
                                    0600,
                                    error);
}

/* case.json, every mail of the case as it came, and every document under a name of ours. */
static gboolean
export_to(MpApp *app, const MpCase *kase, const GPtrArray *events, const char *dir, GError **error)
{
    g_autofree char *json = mp_cli_case_json(app, kase, events);
    g_autofree char *path = g_build_filename(dir, "case.json", NULL);
    g_autoptr(GHashTable) seen = g_hash_table_new(g_int64_hash, g_int64_equal);

    if (!g_file_set_contents_full(path, json, -1, G_FILE_SET_CONTENTS_CONSISTENT, 0600, error))
        return FALSE;
    for (guint i = 0; i < events->len; i++) {
        MpEvent *event = g_ptr_array_index(events, i);
        g_autoptr(MpLedgerRow) mail = NULL;
        g_autofree char *name = NULL;

        if (event->mail == 0 || !g_hash_table_add(seen, &event->mail))
            continue;
        mail = app->store->ledger_get(app->store, event->mail, error);
        name = g_strdup_printf("mail-%" G_GINT64_FORMAT ".eml", event->mail);
        if (mail == NULL)
            return FALSE;
        if (mp_retention_is_erased(mail))
            g_print("%s: %s\n", name, MP_ERASED);
        else if (!write_entry(app, dir, mail->archive_name, name, error))
            return FALSE;
    }
    for (guint i = 0; i < kase->documents->len; i++) {
        const MpCaseDocument *document = g_ptr_array_index(kase->documents, i);
        g_autofree char *entry = g_strconcat("doc/", document->sha256, NULL);
        g_autofree char *name = g_strdup_printf("document-%u-%s", document->n, document->kind);

        if (document->sha256 == NULL)
            g_print("%s: %s\n", name, MP_ERASED);
        else if (!write_entry(app, dir, entry, name, error))
            return FALSE;
    }
    return TRUE;
}

static int
export_case(const MpGlobalOptions *options, int argc, char **argv)
{
    g_autofree char *person = NULL;
    const GOptionEntry entries[] = {{"person",
                                     0,
                                     0,
                                     G_OPTION_ARG_STRING,
                                     &person,
                                     "all about one person, without a number",
                                     "NIP|NIK|ADDRESS"},
                                    G_OPTION_ENTRY_NULL};
    const MpCommandRow row = {.name = "case export",
                              .arguments = "[NUMBER] DIR",
                              .summary = "evidence of one case, or all about one person, to a new "
                                         "directory"};
    g_autoptr(MpApp) app = NULL;
    g_autoptr(MpCase) kase = NULL;
    g_autoptr(GPtrArray) events = NULL;
    g_autoptr(GError) error = NULL;
    int code = 0;

    if (!mp_app_parse(&row, entries, &argc, &argv, &code))
        return code;
    if (argc != (person == NULL ? 3 : 2))
        return mp_cli_usage("case", "export wants a number or --person, and a directory");
    app = mp_cli_open_readonly(options, &code);
    if (app != NULL && person != NULL)
        return mp_command_case_person(app, person, argv[1]);
    kase = app == NULL ? NULL : mp_cli_load_case(app, argv[1], &code);
    if (kase == NULL)
        return code;
    if (mkdir(argv[2], 0700) != 0) {
        g_printerr("mailproc: %s: cannot be made, or stands already\n", argv[2]);
        return 73;
    }
    events = app->store->case_events(app->store, kase->number, &error);
    if (events == NULL || !export_to(app, kase, events, argv[2], &error))
        return mp_app_fail(error);
    g_print("%s\n", argv[2]);
    return 0;
}

/* --- command --- */

static int
command_case(const MpGlobalOptions *options, int argc, char **argv)
{
    g_autofree char *role = NULL;
    g_autofree char *who = NULL;
    const GOptionEntry entries[] = {
        {"as", 0, 0, G_OPTION_ARG_STRING, &role, "role in whose stead", "ROLE"},
        {"operator", 0, 0, G_OPTION_ARG_STRING, &who, "who gives it (default: login name)", "NAME"},
        G_OPTION_ENTRY_NULL};
    const MpCommandRow row = {.name = "case command",
                              .arguments = "NUMBER WORDS…",
                              .summary = "a command in an official's stead, recorded as such"};
    g_autoptr(MpApp) app = NULL;
    g_autoptr(MpPlan) plan = NULL;
    g_autoptr(GError) error = NULL;
    g_autofree char *words = NULL;
    MpPlanner planner;
    int code = 0;

    if (!mp_app_parse(&row, entries, &argc, &argv, &code))
        return code;
    if (argc < 3 || role == NULL)
        return mp_cli_usage("case", "command wants --as ROLE, a number and words");
    app = mp_cli_open_shared(options, &code);
    if (app == NULL)
        return code;
    words = g_strjoinv(" ", argv + 2);
    planner = (MpPlanner){.setup = app->setup,
                          .store = app->store,
                          .random = app->random,
                          .now_utc = app->clock->now_utc(app->clock)};
    if (!app->store->begin(app->store, &error))
        return mp_app_fail(error);
    plan = mp_plan_operator(
        &planner, argv[1], role, who != NULL ? who : g_get_user_name(), words, &error);
    if (plan == NULL || !mp_pipeline_carry_out(app, plan, &error) ||
        !app->store->commit(app->store, &error)) {
        app->store->rollback(app->store);
        return mp_app_fail(error);
    }
    for (guint i = 0; i < plan->actions->len; i++) {
        const MpPlanAction *action = g_ptr_array_index(plan->actions, i);

        g_print("%s %s %s\n",
                action->action,
                action->case_number ? action->case_number : "",
                action->detail);
    }
    return 0;
}

int
mp_command_case(const MpGlobalOptions *options, int argc, char **argv)
{
    static const struct {
        const char *name;
        int (*run)(const MpGlobalOptions *options, int argc, char **argv);
    } verbs[] = {{"list", list_cases},
                 {"show", show_case},
                 {"export", export_case},
                 {"paper", mp_command_case_paper},
                 {"ams", mp_command_case_ams},
                 {"command", command_case}};

    for (gsize i = 0; argc > 1 && i < G_N_ELEMENTS(verbs); i++)
        if (strcmp(argv[1], verbs[i].name) == 0)
            return verbs[i].run(options, argc - 1, argv + 1);
    if (argc > 1 && strcmp(argv[1], "--help") == 0) {
        g_print("usage: mailproc case list|show|export|paper|ams|command … (each has --help)\n");
        return 0;
    }
    return mp_cli_usage("case", "one of list, show, export, paper, ams, command");
}

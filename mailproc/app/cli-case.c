/* SPDX-License-Identifier: GPL-3.0-or-later */

/* `case`: list, show, export, and an operator's command in an official's stead. */

#include "app/commands.h"

#include <json-glib/json-glib.h>
#include <sys/stat.h>
#include <unistd.h>

/* --- shared openings
 * ----------------------------------------------------------------------------------- */

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

/* --- JSON
 * ------------------------------------------------------------------------------------------------
 */

static void
add_text(JsonBuilder *builder, const char *key, const char *text)
{
    json_builder_set_member_name(builder, key);
    if (text == NULL)
        json_builder_add_null_value(builder);
    else
        json_builder_add_string_value(builder, text);
}

static void
add_time(JsonBuilder *builder, const MpCalendar *calendar, const char *key, gint64 at_utc)
{
    g_autofree char *text = at_utc == 0 ? NULL : mp_calendar_format_rfc3339(calendar, at_utc);

    add_text(builder, key, text);
}

static void
add_strings(JsonBuilder *builder, const char *key, const GPtrArray *strings)
{
    json_builder_set_member_name(builder, key);
    json_builder_begin_array(builder);
    for (guint i = 0; i < strings->len; i++)
        json_builder_add_string_value(builder, g_ptr_array_index(strings, i));
    json_builder_end_array(builder);
}

static void
add_applicants(JsonBuilder *builder, const MpCase *kase)
{
    json_builder_set_member_name(builder, "applicants");
    json_builder_begin_array(builder);
    for (guint i = 0; i < kase->applicants->len; i++) {
        const MpCaseApplicant *applicant = g_ptr_array_index(kase->applicants, i);
        g_autofree char *nip = mp_text_mask(applicant->nip);

        json_builder_begin_object(builder);
        json_builder_set_member_name(builder, "n");
        json_builder_add_int_value(builder, applicant->n);
        add_text(builder, "name", applicant->name);
        add_text(builder, "nip", nip);
        add_text(builder, "email", applicant->email);
        add_text(builder, "outcome", mp_outcome_to_string(applicant->outcome));
        add_text(builder, "reason", applicant->outcome_reason);
        add_text(builder, "valid_until", applicant->valid_until);
        json_builder_end_object(builder);
    }
    json_builder_end_array(builder);
}

static void
add_documents(JsonBuilder *builder, const MpCase *kase)
{
    json_builder_set_member_name(builder, "documents");
    json_builder_begin_array(builder);
    for (guint i = 0; i < kase->documents->len; i++) {
        const MpCaseDocument *document = g_ptr_array_index(kase->documents, i);

        json_builder_begin_object(builder);
        add_text(builder, "filename", document->filename);
        add_text(builder, "kind", document->kind);
        add_text(builder, "type", document->type);
        json_builder_set_member_name(builder, "bytes");
        json_builder_add_int_value(builder, (gint64)document->bytes);
        add_text(builder, "sha256", document->sha256);
        add_text(builder, "signature", document->signature);
        json_builder_end_object(builder);
    }
    json_builder_end_array(builder);
}

static void
add_events(JsonBuilder *builder, const MpCalendar *calendar, const GPtrArray *events)
{
    json_builder_set_member_name(builder, "events");
    json_builder_begin_array(builder);
    for (guint i = 0; i < events->len; i++) {
        const MpEvent *event = g_ptr_array_index(events, i);
        g_autofree char *note = mp_text_mask_all(event->note);

        json_builder_begin_object(builder);
        json_builder_set_member_name(builder, "seq");
        json_builder_add_int_value(builder, event->seq);
        add_time(builder, calendar, "at", event->at_utc);
        add_text(builder, "kind", event->kind);
        add_text(builder, "actor", event->actor);
        add_text(builder, "address", event->address);
        add_text(builder, "trust", mp_trust_to_string(event->trust));
        json_builder_set_member_name(builder, "mail");
        json_builder_add_int_value(builder, event->mail);
        add_text(builder, "from_step", event->from_step);
        add_text(builder, "to_step", event->to_step);
        add_text(builder, "rule", event->rule);
        add_text(builder, "note", note);
        json_builder_end_object(builder);
    }
    json_builder_end_array(builder);
}

static void
add_head(JsonBuilder *builder, const MpCase *kase, const MpCalendar *calendar)
{
    add_text(builder, "number", kase->number);
    add_text(builder, "service", kase->service);
    add_text(builder, "sop", kase->sop);
    add_text(builder, "step", kase->step);
    add_text(builder, "state", mp_case_state_to_string(kase->state));
    json_builder_set_member_name(builder, "holder");
    json_builder_begin_object(builder);
    add_text(builder, "role", kase->holder_role);
    add_text(builder, "address", kase->holder_address);
    json_builder_end_object(builder);
    add_time(builder, calendar, "opened", kase->opened_utc);
    add_time(builder, calendar, "due", kase->due_utc);
    add_time(builder, calendar, "closed", kase->closed_utc);
    json_builder_set_member_name(builder, "version");
    json_builder_add_int_value(builder, kase->version);
    json_builder_set_member_name(builder, "requester");
    json_builder_begin_object(builder);
    add_text(builder, "name", kase->requester_name);
    add_text(builder, "address", kase->requester_address);
    json_builder_end_object(builder);
    json_builder_set_member_name(builder, "letter");
    json_builder_begin_object(builder);
    add_text(builder, "number", kase->letter_number);
    add_text(builder, "date", kase->letter_date);
    add_text(builder, "subject", kase->letter_subject);
    json_builder_end_object(builder);
}

char *
mp_cli_case_json(const MpApp *app, const MpCase *kase, const GPtrArray *events)
{
    const MpCalendar *calendar = mp_setup_calendar(app->setup, kase->service);
    g_autoptr(JsonBuilder) builder = json_builder_new();
    g_autoptr(JsonGenerator) generator = json_generator_new();
    g_autoptr(JsonNode) root = NULL;

    json_builder_begin_object(builder);
    add_head(builder, kase, calendar);
    add_applicants(builder, kase);
    add_documents(builder, kase);
    add_strings(builder, "missing", kase->missing);
    add_strings(builder, "linked", kase->linked);
    if (events != NULL)
        add_events(builder, calendar, events);
    json_builder_end_object(builder);
    root = json_builder_get_root(builder);
    json_generator_set_root(generator, root);
    return json_generator_to_data(generator, NULL);
}

char *
mp_cli_quote(const char *text)
{
    g_autoptr(JsonNode) node = json_node_init_string(json_node_alloc(), text);

    return json_to_string(node, FALSE);
}

/* --- list
 * ---------------------------------------------------------------------------------------------------
 */

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

/* --- show
 * ---------------------------------------------------------------------------------------------------
 */

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

        g_print("  %s (%s)\n", document->filename, document->kind);
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

/* NULL and *exit_out when there is no such case. */
static MpCase *
load_case(const MpApp *app, const char *number, int *exit_out)
{
    g_autoptr(GError) error = NULL;
    MpCase *kase = app->store->case_load(app->store, number, &error);

    if (kase != NULL)
        return kase;
    if (error == NULL)
        g_set_error(&error, MP_ERROR, MP_ERROR_INPUT, "%s: no such case", number);
    *exit_out = mp_app_fail(error);
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
    kase = app == NULL ? NULL : load_case(app, argv[1], &code);
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

/* --- export
 * ---------------------------------------------------------------------------------------------------
 */

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
        if (mail == NULL || !write_entry(app, dir, mail->archive_name, name, error))
            return FALSE;
    }
    for (guint i = 0; i < kase->documents->len; i++) {
        const MpCaseDocument *document = g_ptr_array_index(kase->documents, i);
        g_autofree char *entry = g_strconcat("doc/", document->sha256, NULL);
        g_autofree char *name = g_strdup_printf("document-%u-%s", document->n, document->kind);

        if (!write_entry(app, dir, entry, name, error))
            return FALSE;
    }
    return TRUE;
}

static int
export_case(const MpGlobalOptions *options, int argc, char **argv)
{
    const GOptionEntry entries[] = {G_OPTION_ENTRY_NULL};
    const MpCommandRow row = {.name = "case export",
                              .arguments = "NUMBER DIR",
                              .summary = "evidence of one case to a new directory"};
    g_autoptr(MpApp) app = NULL;
    g_autoptr(MpCase) kase = NULL;
    g_autoptr(GPtrArray) events = NULL;
    g_autoptr(GError) error = NULL;
    int code = 0;

    if (!mp_app_parse(&row, entries, &argc, &argv, &code))
        return code;
    if (argc != 3)
        return mp_cli_usage("case", "export wants a number and a directory");
    app = mp_cli_open_readonly(options, &code);
    kase = app == NULL ? NULL : load_case(app, argv[1], &code);
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

/* --- command
 * -----------------------------------------------------------------------------------------------------
 */

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
                 {"command", command_case}};

    for (gsize i = 0; argc > 1 && i < G_N_ELEMENTS(verbs); i++)
        if (strcmp(argv[1], verbs[i].name) == 0)
            return verbs[i].run(options, argc - 1, argv + 1);
    if (argc > 1 && strcmp(argv[1], "--help") == 0) {
        g_print("usage: mailproc case list|show|export|command … (each has --help)\n");
        return 0;
    }
    return mp_cli_usage("case", "one of list, show, export, command");
}

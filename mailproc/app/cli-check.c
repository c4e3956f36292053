/* SPDX-License-Identifier: GPL-3.0-or-later */

/* `check`: everything that a start would trip over, one line each, with the cure. `render`: a
 * notice without sending it. */

#include "app/commands.h"
#include "app/standard.h"

#include <json-glib/json-glib.h>

typedef struct {
    guint failed, warned;
} Checks;

static void
say(Checks *checks, const char *level, const char *what, const char *detail)
{
    checks->failed += strcmp(level, "FAIL") == 0;
    checks->warned += strcmp(level, "warn") == 0;
    g_print("%-4s  %-10s %s\n", level, what, detail);
}

static void
say_error(Checks *checks, const char *what, const GError *error)
{
    const char *cure = error->domain == MP_ERROR ? mp_error_cure((MpErrorCode)error->code) : "";
    g_autofree char *detail = g_strdup_printf("%s (%s)", error->message, cure);

    say(checks, "FAIL", what, detail);
}

/* --- the files --- */

static void
check_calendar(const MpSetup *setup, gint64 now_utc, Checks *checks)
{
    g_autofree char *today = mp_calendar_today(setup->calendar, now_utc);
    int year = (int)g_ascii_strtoll(today, NULL, 10);
    g_autofree char *detail = NULL;

    if (!mp_calendar_has_year(setup->calendar, year)) {
        detail = g_strdup_printf(
            "no holidays of %d; add holidays-%d.tsv to [calendar] holidays", year, year);
        say(checks, "FAIL", "calendar", detail);
        return;
    }
    if (!mp_calendar_has_year(setup->calendar, year + 1))
        detail =
            g_strdup_printf("no holidays of %d yet; due dates there are provisional", year + 1);
    say(checks,
        detail == NULL ? "ok" : "warn",
        "calendar",
        detail == NULL ? "holidays are there" : detail);
}

static void
check_trust(const MpSetup *setup, Checks *checks)
{
    const MpTrustOptions *trust = &setup->reading->trust;
    guint anchors = mp_trust_count_certificates(trust->smime_ca, trust->smime_ca_bytes);
    g_autofree char *detail =
        anchors == 0 ? NULL : g_strdup_printf("S/MIME: %u certificates to lead to", anchors);

    if (detail != NULL)
        say(checks, "ok", "trust", detail);
    if (setup->reading->office->has_authserv)
        say(checks, "ok", "trust", trust->authserv_id);
    else
        say(checks,
            "warn",
            "trust",
            "authserv_id is empty: nobody is proved; set [trust] authserv_id to your server's "
            "name");
}

static void
check_services(const MpSetup *setup, Checks *checks, gboolean print_sops, gboolean as_dot)
{
    const char *const *services = mp_config_sections(setup->config, "service");

    if (services[0] == NULL)
        say(checks, "FAIL", "service", "none is configured; add a [service ID] with sop = FILE");
    for (guint i = 0; services[i] != NULL; i++) {
        const MpSop *sop = mp_setup_sop(setup, services[i]);
        g_autofree char *detail = g_strdup_printf(
            "%s: %s, %u steps, %u rows", services[i], sop->file, sop->steps->len, sop->rows->len);

        say(checks, "ok", "service", detail);
        if (print_sops) {
            g_autofree char *table = as_dot ? mp_sop_to_dot(sop) : mp_sop_to_text(sop);

            g_print("%s", table);
        }
    }
}

/* Every actor of every procedure must be somebody, or a case would wait for nobody. */
static void
check_roles(const MpSetup *setup, Checks *checks)
{
    const char *const *services = mp_config_sections(setup->config, "service");

    for (guint i = 0; services[i] != NULL; i++) {
        const MpSop *sop = mp_setup_sop(setup, services[i]);

        for (guint j = 0; j < sop->steps->len; j++) {
            const MpSopStep *step = g_ptr_array_index(sop->steps, j);
            g_autofree char *section = g_strconcat("role ", step->actor, NULL);
            g_autofree char *detail = NULL;

            if (step->actor == NULL ||
                g_strv_contains(
                    (const char *const[]){"requester", "applicant", "bsre", "system", NULL},
                    step->actor))
                continue;
            if (mp_config_has_section(setup->config, section))
                continue;
            detail = g_strdup_printf("%s: step '%s' waits for '%s'; add [role %s]",
                                     sop->file,
                                     step->id,
                                     step->actor,
                                     step->actor);
            say(checks, "FAIL", "role", detail);
        }
    }
}

/* --- the outside --- */

static void
check_store(const MpSetup *setup, Checks *checks)
{
    const char *dir = mp_config_string(setup->config, "store", "dir");
    g_autofree char *path = g_build_filename(dir, "mailproc.sqlite", NULL);
    g_autoptr(GError) error = NULL;
    MpStore *store;

    if (!g_file_test(path, G_FILE_TEST_EXISTS)) {
        g_autofree char *detail =
            g_strdup_printf("%s: not there yet; the first start makes it", dir);

        say(checks, "ok", "store", detail);
        return;
    }
    store = mp_store_open_readonly(dir, &error);
    if (store == NULL) {
        say_error(checks, "store", error);
        return;
    }
    store->free(store);
    say(checks, "ok", "store", dir);
}

static void
check_mailbox(const MpSetup *setup, Checks *checks)
{
    g_autoptr(GError) error = NULL;
    MpMailbox *mailbox = mp_setup_open_mailbox(setup, &error);
    guint32 validity = 0;
    g_autoptr(GArray) uids = NULL;

    if (mailbox != NULL && mailbox->list(mailbox, 0, 0, &validity, &uids, &error)) {
        g_autofree char *detail = g_strdup_printf("%s: %u mails", mailbox->name, uids->len);

        say(checks, "ok", "mailbox", detail);
    } else {
        say_error(checks, "mailbox", error);
    }
    if (mailbox != NULL)
        mailbox->free(mailbox);
}

static void
check_sender(const MpSetup *setup, Checks *checks)
{
    g_autoptr(GError) error = NULL;
    MpSender *sender = mp_setup_open_sender(setup, &error);

    if (sender != NULL && sender->check(sender, &error))
        say(checks, "ok", "sender", mp_config_string(setup->config, "sender", "url"));
    else
        say_error(checks, "sender", error);
    if (sender != NULL)
        sender->free(sender);
}

static int
check_probe(const MpSetup *setup, const char *file, Checks *checks)
{
    g_autoptr(GError) error = NULL;
    g_autofree char *bytes = NULL;
    g_autofree char *said = NULL;
    gsize length = 0;
    gboolean is_fine =
        mp_files_read(file, (gsize)setup->reading->limits.message_bytes, &bytes, &length, &error) &&
        mp_cli_probe(setup, bytes, length, &said, &error);

    if (said == NULL)
        say_error(checks, "probe", error);
    else
        say(checks, is_fine ? "ok" : "FAIL", "probe", said);
    return is_fine ? 0 : mp_error_exit(MP_ERROR_CONFIG);
}

static void
check_standard(const MpSetup *setup, Checks *checks)
{
    g_autoptr(GPtrArray) missing = mp_standard_missing(setup);
    g_autofree char *keys = NULL;
    g_autofree char *said = NULL;

    if (missing->len == 0) {
        say(checks, "ok", "standard", "every component can be filled in");
        return;
    }
    g_ptr_array_add(missing, NULL);
    keys = g_strjoinv(", ", (char **)missing->pdata);
    said = g_strdup_printf("not filled in: %s; the published standard says so: set them in "
                           "[standard]",
                           keys);
    say(checks, "warn", "standard", said);
}

int
mp_command_check(const MpGlobalOptions *options, int argc, char **argv)
{
    gboolean offline = FALSE, sops = FALSE, dot = FALSE, show = FALSE;
    g_autofree char *probe = NULL;
    const GOptionEntry entries[] = {
        {"offline", 0, 0, G_OPTION_ARG_NONE, &offline, "do not connect anywhere", NULL},
        {"sop", 0, 0, G_OPTION_ARG_NONE, &sops, "print each procedure's table", NULL},
        {"dot", 0, 0, G_OPTION_ARG_NONE, &dot, "with --sop: as Graphviz", NULL},
        {"show", 0, 0, G_OPTION_ARG_NONE, &show, "print the effective configuration", NULL},
        {"probe", 0, 0, G_OPTION_ARG_FILENAME, &probe, "judge a probe that arrived", "FILE"},
        G_OPTION_ENTRY_NULL};
    g_autoptr(GError) error = NULL;
    g_autoptr(MpApp) app = NULL;
    Checks checks = {0};
    int code = 0;

    if (!mp_app_parse(mp_command_row("check"), entries, &argc, &argv, &code))
        return code;
    app = mp_app_open(options, &error);
    if (app == NULL) {
        say_error(&checks, "config", error);
        return mp_error_exit_of(error);
    }
    if (show) {
        g_autofree char *text = mp_config_show(app->setup->config);

        g_print("%s", text);
        return 0;
    }
    if (probe != NULL)
        return check_probe(app->setup, probe, &checks);
    say(&checks, "ok", "config", mp_config_name(app->setup->config));
    g_autofree char *rules =
        g_strdup_printf("%u rules", mp_rules_count(app->setup->reading->rules));

    say(&checks, "ok", "rules", rules);
    check_services(app->setup, &checks, sops, dot);
    check_roles(app->setup, &checks);
    say(&checks, "ok", "templates", "every name and partial is known");
    check_standard(app->setup, &checks);
    check_calendar(app->setup, app->clock->now_utc(app->clock), &checks);
    check_trust(app->setup, &checks);
    check_store(app->setup, &checks);
    if (!offline) {
        check_mailbox(app->setup, &checks);
        check_sender(app->setup, &checks);
    }
    return checks.failed == 0 ? 0 : mp_error_exit(MP_ERROR_CONFIG);
}

/* --- render --- */

static MpValue *value_of(JsonNode *node);

static void
set_member(JsonObject *object, const char *name, JsonNode *node, gpointer data)
{
    (void)object;
    mp_value_set_take(data, name, value_of(node));
}

static MpValue *
value_of(JsonNode *node)
{
    MpValue *value;
    g_autofree char *number = NULL;

    if (JSON_NODE_HOLDS_OBJECT(node)) {
        value = mp_value_map();
        json_object_foreach_member(json_node_get_object(node), set_member, value);
        return value;
    }
    if (JSON_NODE_HOLDS_ARRAY(node)) {
        JsonArray *array = json_node_get_array(node);

        value = mp_value_list();
        for (guint i = 0; i < json_array_get_length(array); i++)
            mp_value_append_take(value, value_of(json_array_get_element(array, i)));
        return value;
    }
    if (JSON_NODE_HOLDS_NULL(node))
        return mp_value_text(NULL);
    if (json_node_get_value_type(node) == G_TYPE_BOOLEAN)
        return mp_value_bool(json_node_get_boolean(node));
    if (json_node_get_value_type(node) == G_TYPE_STRING)
        return mp_value_text(json_node_get_string(node));
    number = json_to_string(node, FALSE);
    return mp_value_text(number);
}

static MpValue *
read_values(const char *file, GError **error)
{
    g_autofree char *bytes = NULL;
    gsize length = 0;
    g_autoptr(JsonParser) parser = json_parser_new();

    if (!mp_files_read(file, 4 * 1024 * 1024, &bytes, &length, error) ||
        !json_parser_load_from_data(parser, bytes, (gssize)length, error))
        return NULL;
    if (!JSON_NODE_HOLDS_OBJECT(json_parser_get_root(parser))) {
        g_set_error(error, MP_ERROR, MP_ERROR_INPUT, "%s: not one JSON object", file);
        return NULL;
    }
    return value_of(json_parser_get_root(parser));
}

static MpValue *
case_context(const MpApp *app, MpStore *store, const char *number, GError **error)
{
    g_autoptr(GError) local = NULL;
    g_autoptr(MpCase) kase = store->case_load(store, number, &local);
    MpNotifyOffice office = app->setup->notify;

    if (local != NULL) {
        g_propagate_error(error, g_steal_pointer(&local));
        return NULL;
    }
    if (kase == NULL) {
        g_set_error(error, MP_ERROR, MP_ERROR_INPUT, "%s: no such case", number);
        return NULL;
    }
    office.calendar = mp_setup_calendar(app->setup, kase->service);
    return mp_notify_case_context(&office,
                                  mp_setup_sop_by_id(app->setup, kase->sop),
                                  kase,
                                  0,
                                  app->clock->now_utc(app->clock));
}

static MpValue *
case_values(const MpApp *app, const char *number, GError **error)
{
    MpStore *store =
        mp_store_open_readonly(mp_config_string(app->setup->config, "store", "dir"), error);
    MpValue *context;

    if (store == NULL)
        return NULL;
    context = case_context(app, store, number, error);
    store->free(store);
    return context;
}

static int
render(const MpGlobalOptions *options,
       const char *name,
       const char *number,
       const char *file,
       gboolean as_html)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(MpApp) app = mp_app_open(options, &error);
    g_autoptr(MpValue) context = NULL;
    g_autofree char *subject = NULL;
    g_autofree char *text = NULL;
    g_autofree char *html = NULL;

    if (app == NULL)
        return mp_app_fail(error);
    if (number != NULL)
        context = case_values(app, number, &error);
    else if (file != NULL)
        context = read_values(file, &error);
    else
        context = mp_notify_office_context(&app->setup->notify, app->clock->now_utc(app->clock));
    if (context == NULL ||
        !mp_templates_render(app->setup->templates, name, context, &subject, &text, &html, &error))
        return mp_app_fail(error);
    if (as_html)
        g_print("%s", html ? html : "");
    else
        g_print("Subject: %s\n\n%s", subject, text);
    return 0;
}

int
mp_command_render(const MpGlobalOptions *options, int argc, char **argv)
{
    g_autofree char *number = NULL;
    g_autofree char *file = NULL;
    gboolean as_html = FALSE;
    const GOptionEntry entries[] = {
        {"case", 0, 0, G_OPTION_ARG_STRING, &number, "with the facts of a case", "NUMBER"},
        {"json", 0, 0, G_OPTION_ARG_FILENAME, &file, "with the values of a JSON object", "FILE"},
        {"html", 0, 0, G_OPTION_ARG_NONE, &as_html, "the HTML part", NULL},
        G_OPTION_ENTRY_NULL};
    int code = 0;

    if (!mp_app_parse(mp_command_row("render"), entries, &argc, &argv, &code))
        return code;
    if (argc != 2)
        return mp_cli_usage("render", "wants one template");
    return render(options, argv[1], number, file, as_html);
}

/* SPDX-License-Identifier: GPL-3.0-or-later */

/* `mail` (the ledger) and `outbox`. */

#include "app/commands.h"
#include "trust/trust.h"

typedef int (*SubCommand)(MpApp *app, int argc, char **argv);

static char *
local_time(const MpApp *app, gint64 at_utc)
{
    return at_utc == 0 ? g_strdup("-") : mp_calendar_format_rfc3339(app->setup->calendar, at_utc);
}

static const char *
or_dash(const char *text)
{
    return text == NULL || text[0] == '\0' ? "-" : text;
}

/* --- mail --- */

static void
print_row(const MpApp *app, const MpLedgerRow *row)
{
    g_autofree char *arrived = local_time(app, row->arrived_utc);

    g_print("%6" G_GINT64_FORMAT "  %s  %-11s %-10s %-15s %s\n",
            row->id,
            arrived,
            mp_ledger_state_to_string(row->state),
            or_dash(row->kind),
            or_dash(row->case_number),
            or_dash(row->reason));
}

static void
print_row_json(const MpApp *app, const MpLedgerRow *row)
{
    g_autofree char *arrived = local_time(app, row->arrived_utc);

    const struct {
        const char *key, *value;
    } texts[] = {{"arrived", arrived},
                 {"state", mp_ledger_state_to_string(row->state)},
                 {"kind", row->kind},
                 {"case", row->case_number},
                 {"reason", row->reason},
                 {"sender", row->sender},
                 {"message_id", row->message_id},
                 {"sha256", row->sha256},
                 {"archive", row->archive_name}};

    g_print("{\"id\":%" G_GINT64_FORMAT ",\"uid\":%u,\"bytes\":%" G_GSIZE_FORMAT
            ",\"attempts\":%u,\"acknowledged\":%s",
            row->id,
            row->uid,
            row->bytes,
            row->attempts,
            row->is_acknowledged ? "true" : "false");
    for (gsize i = 0; i < G_N_ELEMENTS(texts); i++) {
        g_autofree char *value = texts[i].value == NULL ? NULL : mp_cli_quote(texts[i].value);

        g_print(",\"%s\":%s", texts[i].key, value != NULL ? value : "null");
    }
    g_print("}\n");
}

static int
list_mails(MpApp *app, int argc, char **argv)
{
    gboolean as_json = FALSE;
    g_autofree char *state = NULL;
    int limit = 1000, code = 0;
    const GOptionEntry entries[] = {
        {"json", 0, 0, G_OPTION_ARG_NONE, &as_json, "one JSON object a mail", NULL},
        {"state",
         0,
         0,
         G_OPTION_ARG_STRING,
         &state,
         "taken, done, ignored, duplicate, quarantined",
         "S"},
        {"limit", 0, 0, G_OPTION_ARG_INT, &limit, "newest N (default 1000)", "N"},
        G_OPTION_ENTRY_NULL};
    const MpCommandRow row = {
        .name = "mail list", .arguments = "", .summary = "every mail and where it ended"};
    g_autoptr(GError) error = NULL;
    g_autoptr(GPtrArray) rows = NULL;

    if (!mp_app_parse(&row, entries, &argc, &argv, &code))
        return code;
    rows = app->store->ledger_list(app->store, state, (guint)MAX(limit, 1), &error);
    if (rows == NULL)
        return mp_app_fail(error);
    for (guint i = 0; i < rows->len; i++)
        (as_json ? print_row_json : print_row)(app, g_ptr_array_index(rows, i));
    return 0;
}

static gboolean
parse_id(const char *text, gint64 *id_out)
{
    return text != NULL && g_ascii_string_to_signed(text, 10, 1, G_MAXINT64, id_out, NULL);
}

static int
show_mail(MpApp *app, int argc, char **argv)
{
    gint64 id = 0;
    g_autoptr(GError) error = NULL;
    g_autoptr(MpLedgerRow) row = NULL;

    if (argc != 2 || !parse_id(argv[1], &id))
        return mp_cli_usage("mail", "show wants one id");
    row = app->store->ledger_get(app->store, id, &error);
    if (row == NULL)
        return mp_app_fail(error);
    print_row_json(app, row);
    return 0;
}

static int
why_mail(MpApp *app, int argc, char **argv)
{
    gint64 id = 0;
    g_autoptr(GError) error = NULL;
    g_autoptr(MpLedgerRow) row = NULL;

    if (argc != 2 || !parse_id(argv[1], &id))
        return mp_cli_usage("mail", "why wants one id");
    row = app->store->ledger_get(app->store, id, &error);
    if (row == NULL)
        return mp_app_fail(error);
    g_print("%s\n", row->why != NULL ? row->why : "{}");
    return 0;
}

/* Quarantined or ignored mail goes back to "taken"; the next sweep reads it with today's rules. A
 * mail that has made events stays as it is: its case would be opened twice. */
static int
reprocess_mail(MpApp *app, int argc, char **argv)
{
    gint64 id = 0;
    g_autoptr(GError) error = NULL;
    g_autoptr(MpLedgerRow) row = NULL;

    if (argc != 2 || !parse_id(argv[1], &id))
        return mp_cli_usage("mail", "reprocess wants one id");
    row = app->store->ledger_get(app->store, id, &error);
    if (row == NULL)
        return mp_app_fail(error);
    if (row->state != MP_LEDGER_QUARANTINED && row->state != MP_LEDGER_IGNORED) {
        g_printerr("mailproc: mail %" G_GINT64_FORMAT ": is %s; only quarantined or ignored mail "
                   "is read again\n",
                   id,
                   mp_ledger_state_to_string(row->state));
        return mp_error_exit(MP_ERROR_INPUT);
    }
    row->state = MP_LEDGER_TAKEN;
    row->attempts = 0;
    if (!app->store->begin(app->store, &error))
        return mp_app_fail(error);
    if (!app->store->ledger_update(app->store, row, &error) ||
        !app->store->commit(app->store, &error)) {
        app->store->rollback(app->store);
        return mp_app_fail(error);
    }
    g_print("mail %" G_GINT64_FORMAT " is read again at the next sweep\n", id);
    return 0;
}

/* --- outbox --- */

static void
print_entry(const MpApp *app, const MpOutboxEntry *entry, gboolean as_json)
{
    g_autofree char *made = local_time(app, entry->made_utc);
    g_autofree char *next = local_time(app, entry->next_try_utc);
    g_autofree char *subject = NULL;
    g_autofree char *reply = NULL;
    g_autofree char *message_id = NULL;
    g_autofree char *reason = NULL;

    if (!as_json) {
        g_print("%6" G_GINT64_FORMAT "  %s  %-9s%s %-18s %-15s %s%s%s\n",
                entry->id,
                made,
                mp_outbox_state_to_string(entry->state),
                entry->is_held ? " (held)" : "",
                entry->template_,
                or_dash(entry->case_number),
                entry->recipient,
                entry->reason ? ": " : "",
                entry->reason ? entry->reason : "");
        return;
    }
    subject = mp_cli_quote(or_dash(entry->mail->subject));
    reply = mp_cli_quote(or_dash(entry->server_reply));
    message_id = mp_trust_hide_code(entry->mail->message_id);
    reason = mp_cli_quote(or_dash(entry->reason));
    g_print("{\"id\":%" G_GINT64_FORMAT ",\"made\":\"%s\",\"state\":\"%s\",\"held\":%s,"
            "\"template\":\"%s\",\"case\":\"%s\",\"recipient\":\"%s\",\"message_id\":\"%s\","
            "\"tries\":%u,\"next_try\":\"%s\",\"subject\":%s,\"reply\":%s,\"reason\":%s}\n",
            entry->id,
            made,
            mp_outbox_state_to_string(entry->state),
            entry->is_held ? "true" : "false",
            entry->template_,
            or_dash(entry->case_number),
            entry->recipient,
            message_id,
            entry->tries,
            next,
            subject,
            reply,
            reason);
}

static int
list_outbox(MpApp *app, int argc, char **argv)
{
    gboolean as_json = FALSE;
    g_autofree char *state = NULL;
    int code = 0;
    const GOptionEntry entries[] = {
        {"json", 0, 0, G_OPTION_ARG_NONE, &as_json, "one JSON object a mail", NULL},
        {"state", 0, 0, G_OPTION_ARG_STRING, &state, "queued, sending, sent, deferred …", "S"},
        G_OPTION_ENTRY_NULL};
    const MpCommandRow row = {.name = "outbox list", .arguments = "", .summary = "outgoing mail"};
    g_autoptr(GError) error = NULL;
    g_autoptr(GPtrArray) found = NULL;

    if (!mp_app_parse(&row, entries, &argc, &argv, &code))
        return code;
    found = app->store->outbox_list(app->store, state, NULL, 1000, &error);
    if (found == NULL)
        return mp_app_fail(error);
    for (guint i = 0; i < found->len; i++)
        print_entry(app, g_ptr_array_index(found, i), as_json);
    return 0;
}

static int
show_outbox(MpApp *app, int argc, char **argv)
{
    gint64 id = 0;
    g_autoptr(GError) error = NULL;
    g_autoptr(MpOutboxEntry) entry = NULL;
    g_autoptr(GBytes) bytes = NULL;
    gsize length = 0;
    const char *data;

    if (argc != 2 || !parse_id(argv[1], &id))
        return mp_cli_usage("outbox", "show wants one id");
    entry = app->store->outbox_get(app->store, id, &error);
    bytes = entry == NULL ? NULL : mp_delivery_build(app->store, entry, &error);
    if (bytes == NULL)
        return mp_app_fail(error);
    data = g_bytes_get_data(bytes, &length);
    fwrite(data, 1, length, stdout);
    return 0;
}

static gboolean
save_entry(MpApp *app, const MpOutboxEntry *entry, MpOutboxState before, GError **error)
{
    if (!app->store->begin(app->store, error))
        return FALSE;
    if (!app->store->outbox_move(app->store, entry, before, error) ||
        !app->store->commit(app->store, error)) {
        app->store->rollback(app->store);
        return FALSE;
    }
    return TRUE;
}

/* What each verb does to a row; FALSE = it cannot be done in this state. */
static gboolean
change_entry(MpOutboxEntry *entry, const char *verb, gint64 now_utc)
{
    if (mp_outbox_state_is_final(entry->state) || entry->state == MP_OUTBOX_SENDING)
        return FALSE;
    if (strcmp(verb, "hold") == 0) {
        entry->is_held = TRUE;
    } else if (strcmp(verb, "release") == 0) {
        entry->is_held = FALSE;
    } else if (strcmp(verb, "cancel") == 0) {
        entry->state = MP_OUTBOX_CANCELLED;
        g_free(entry->reason);
        entry->reason = g_strdup("cancelled by an operator");
    } else {
        entry->is_held = FALSE;
        entry->next_try_utc = now_utc;
    }
    return TRUE;
}

static int
change_outbox(MpApp *app, int argc, char **argv)
{
    gint64 id = 0;
    g_autoptr(GError) error = NULL;
    g_autoptr(MpOutboxEntry) entry = NULL;
    MpOutboxState before;

    if (argc != 2 || !parse_id(argv[1], &id))
        return mp_cli_usage("outbox", "wants one id");
    entry = app->store->outbox_get(app->store, id, &error);
    if (entry == NULL)
        return mp_app_fail(error);
    before = entry->state;
    if (!change_entry(entry, argv[0], app->clock->now_utc(app->clock))) {
        g_printerr("mailproc: outbox %" G_GINT64_FORMAT ": is %s; %s cannot be done\n",
                   id,
                   mp_outbox_state_to_string(before),
                   argv[0]);
        return mp_error_exit(MP_ERROR_INPUT);
    }
    if (!save_entry(app, entry, before, &error))
        return mp_app_fail(error);
    print_entry(app, entry, FALSE);
    return 0;
}

/* --- tables --- */

typedef struct {
    const char *name;
    gboolean writes;
    SubCommand run;
} SubRow;

static int
run_sub(const MpGlobalOptions *options,
        const char *command,
        const SubRow *rows,
        gsize n_rows,
        int argc,
        char **argv)
{
    g_autoptr(GString) names = g_string_new("one of");

    for (gsize i = 0; i < n_rows; i++) {
        g_autoptr(MpApp) app = NULL;
        int code = 0;

        g_string_append_printf(names, "%s %s", i == 0 ? "" : ",", rows[i].name);
        if (argc < 2 || strcmp(argv[1], rows[i].name) != 0)
            continue;
        app = rows[i].writes ? mp_cli_open_shared(options, &code)
                             : mp_cli_open_readonly(options, &code);
        return app == NULL ? code : rows[i].run(app, argc - 1, argv + 1);
    }
    if (argc > 1 && strcmp(argv[1], "--help") == 0) {
        g_print("usage: mailproc %s …: %s\n", command, names->str);
        return 0;
    }
    return mp_cli_usage(command, names->str);
}

int
mp_command_mail(const MpGlobalOptions *options, int argc, char **argv)
{
    static const SubRow rows[] = {{"list", FALSE, list_mails},
                                  {"show", FALSE, show_mail},
                                  {"why", FALSE, why_mail},
                                  {"reprocess", TRUE, reprocess_mail}};

    return run_sub(options, "mail", rows, G_N_ELEMENTS(rows), argc, argv);
}

int
mp_command_outbox(const MpGlobalOptions *options, int argc, char **argv)
{
    static const SubRow rows[] = {{"list", FALSE, list_outbox},
                                  {"show", FALSE, show_outbox},
                                  {"retry", TRUE, change_outbox},
                                  {"hold", TRUE, change_outbox},
                                  {"release", TRUE, change_outbox},
                                  {"cancel", TRUE, change_outbox},
                                  {"dead", FALSE, mp_cli_list_dead},
                                  {"revive", TRUE, mp_cli_revive}};

    return run_sub(options, "outbox", rows, G_N_ELEMENTS(rows), argc, argv);
}

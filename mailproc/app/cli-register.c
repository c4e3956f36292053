/* SPDX-License-Identifier: GPL-3.0-or-later */

/* `register`: who holds a certificate until when. */

#include "app/commands.h"
#include "app/register.h"

#include <unistd.h>

enum { MAX_FILE_BYTES = 64 * 1024 * 1024, PAGE = 1000, MAX_EXPIRING_DAYS = 3650 };

static char *
today_of(const MpApp *app)
{
    return mp_calendar_today(app->setup->calendar, app->clock->now_utc(app->clock));
}

static const char *
or_dash(const char *text)
{
    return text == NULL || text[0] == '\0' ? "-" : text;
}

/* --- list --- */

static void
print_holder(const MpHolder *holder, const char *today)
{
    g_autofree char *nip = mp_text_mask(holder->nip);

    g_print("%6" G_GINT64_FORMAT "  %-8s %s%s  %-18s  %s, %s\n",
            holder->id,
            mp_register_state(holder, today),
            or_dash(holder->valid_until),
            holder->is_guess ? "?" : " ",
            or_dash(nip),
            or_dash(holder->name),
            or_dash(holder->unit));
}

static int
list_holders(const MpGlobalOptions *options, int argc, char **argv)
{
    g_autofree char *text = NULL;
    gint days = -1;
    const GOptionEntry entries[] = {{"expiring",
                                     0,
                                     0,
                                     G_OPTION_ARG_INT,
                                     &days,
                                     "active ones that end within so many days",
                                     "DAYS"},
                                    {"search",
                                     0,
                                     0,
                                     G_OPTION_ARG_STRING,
                                     &text,
                                     "beginnings of words of name, NIP, unit",
                                     "TEXT"},
                                    G_OPTION_ENTRY_NULL};
    const MpCommandRow row = {.name = "register list",
                              .arguments = "",
                              .summary = "holders, soonest end first (a ? marks a guessed day)"};
    g_autoptr(MpApp) app = NULL;
    g_autoptr(GPtrArray) found = NULL;
    g_autoptr(GError) error = NULL;
    g_autofree char *today = NULL;
    g_autofree char *before = NULL;
    g_autofree char *until = NULL;
    MpRegisterFilter filter = {.limit = 100000};
    int code = 0;

    if (!mp_app_parse(&row, entries, &argc, &argv, &code))
        return code;
    if (argc != 1 || days < -1 || days > MAX_EXPIRING_DAYS)
        return mp_cli_usage("register", "list wants --expiring 0…3650, --search TEXT or nothing");
    app = mp_cli_open_readonly(options, &code);
    if (app == NULL)
        return code;
    today = today_of(app);
    filter.text = text;
    if (days >= 0) {
        before = mp_register_day_after(today, -1);
        until = mp_register_day_after(today, days);
        filter.until_after = before;
        filter.until_up_to = until;
        filter.active_only = TRUE;
    }
    found = app->store->register_find(app->store, &filter, &error);
    if (found == NULL)
        return mp_app_fail(error);
    for (guint i = 0; i < found->len; i++)
        print_holder(g_ptr_array_index(found, i), today);
    return 0;
}

/* --- show --- */

static void
print_history(const GPtrArray *history, const char *today)
{
    for (guint i = 0; i < history->len; i++) {
        const MpHolder *row = g_ptr_array_index(history, i);

        g_print("  %-15s %-8s %s … %s%s %-8s %s%s%s%s%s\n",
                row->case_number ? row->case_number : "imported",
                mp_outcome_to_string(row->outcome),
                or_dash(row->valid_from),
                or_dash(row->valid_until),
                row->is_guess ? "?" : " ",
                row->outcome == MP_OUTCOME_CHANGED ? "" : mp_register_state(row, today),
                or_dash(row->position),
                row->unit ? ", " : "",
                row->unit ? row->unit : "",
                row->becomes ? " → " : "",
                row->becomes ? row->becomes : "");
    }
}

static void
show_holder(const MpHolder *holder, const GPtrArray *history, const char *today)
{
    g_autofree char *nip = mp_text_mask(holder->nip);
    g_autofree char *nik = mp_text_mask(holder->nik);

    g_print("%" G_GINT64_FORMAT "  %s\n", holder->id, or_dash(holder->name));
    g_print("NIP %s, NIK %s, %s\n", or_dash(nip), or_dash(nik), or_dash(holder->email));
    g_print("%s, %s\n", or_dash(holder->position), or_dash(holder->unit));
    g_print("%s until %s%s\n",
            mp_register_state(holder, today),
            or_dash(holder->valid_until),
            holder->is_guess ? " (guessed: two years)" : "");
    print_history(history, today);
}

/* By the id that `list` prints, or by words that mean one holder. */
static MpHolder *
find_one(const MpApp *app, const char *wanted, GError **error)
{
    const MpRegisterFilter filter = {.text = wanted, .limit = 2};
    gint64 id = 0;
    g_autoptr(GPtrArray) found = NULL;

    if (g_ascii_string_to_signed(wanted, 10, 1, G_MAXINT32, &id, NULL))
        return app->store->register_get(app->store, id, error);
    found = app->store->register_find(app->store, &filter, error);
    if (found == NULL)
        return NULL;
    if (found->len == 1)
        return g_ptr_array_steal_index(found, 0);
    g_set_error(error,
                MP_ERROR,
                MP_ERROR_INPUT,
                "'%s': %s",
                wanted,
                found->len == 0 ? "nobody in the register"
                                : "more than one holder; see 'register list --search'");
    return NULL;
}

static int
show_one(const MpGlobalOptions *options, int argc, char **argv)
{
    const GOptionEntry entries[] = {G_OPTION_ENTRY_NULL};
    const MpCommandRow row = {.name = "register show",
                              .arguments = "ID|NIP|NAME",
                              .summary = "one holder's service history"};
    g_autoptr(MpApp) app = NULL;
    g_autoptr(MpHolder) holder = NULL;
    g_autoptr(GPtrArray) history = NULL;
    g_autoptr(GError) error = NULL;
    g_autofree char *today = NULL;
    int code = 0;

    if (!mp_app_parse(&row, entries, &argc, &argv, &code))
        return code;
    if (argc != 2)
        return mp_cli_usage("register", "show wants one id, NIP or name");
    app = mp_cli_open_readonly(options, &code);
    if (app == NULL)
        return code;
    holder = find_one(app, argv[1], &error);
    history = holder == NULL ? NULL : app->store->register_history(app->store, holder->id, &error);
    if (history == NULL)
        return mp_app_fail(error);
    today = today_of(app);
    show_holder(holder, history, today);
    return 0;
}

/* --- import --- */

static void
show_progress(guint done, guint all)
{
    if (isatty(STDERR_FILENO) == 1 && (done % PAGE == 0 || done == all))
        g_printerr("\r%u of %u%s", done, all, done == all ? "\n" : "");
}

static gboolean
import_rows(const MpApp *app, const GPtrArray *rows, GError **error)
{
    MpStore *store = app->store;

    if (!store->begin(store, error))
        return FALSE;
    for (guint i = 0; i < rows->len; i++) {
        if (!store->register_import(store, g_ptr_array_index(rows, i), error)) {
            store->rollback(store);
            return FALSE;
        }
        show_progress(i + 1, rows->len);
    }
    if (store->commit(store, error))
        return TRUE;
    store->rollback(store);
    return FALSE;
}

/* All rows, or none; NULL and printed when one is bad. */
static GPtrArray *
read_file(const char *path, int *exit_out)
{
    g_autoptr(GPtrArray) problems = g_ptr_array_new_with_free_func(g_free);
    g_autoptr(GPtrArray) rows = NULL;
    g_autoptr(GError) error = NULL;
    g_autofree char *bytes = NULL;
    gsize length = 0;

    if (!mp_files_read(path, MAX_FILE_BYTES, &bytes, &length, &error)) {
        *exit_out = mp_app_fail(error);
        return NULL;
    }
    rows = mp_register_read_csv(path, bytes, length, problems);
    if (problems->len == 0)
        return g_steal_pointer(&rows);
    for (guint i = 0; i < problems->len; i++)
        g_printerr("mailproc: %s\n", (const char *)g_ptr_array_index(problems, i));
    g_printerr("mailproc: %s: nothing was imported; mend the %u lines\n", path, problems->len);
    *exit_out = mp_error_exit(MP_ERROR_INPUT);
    return NULL;
}

static int
import_file(const MpGlobalOptions *options, int argc, char **argv)
{
    const GOptionEntry entries[] = {G_OPTION_ENTRY_NULL};
    const MpCommandRow row = {.name = "register import",
                              .arguments = "FILE.csv",
                              .summary =
                                  "certificates that were issued elsewhere; all rows or none"};
    g_autoptr(MpApp) app = NULL;
    g_autoptr(GPtrArray) rows = NULL;
    g_autoptr(GError) error = NULL;
    int code = 0;

    if (!mp_app_parse(&row, entries, &argc, &argv, &code))
        return code;
    if (argc != 2)
        return mp_cli_usage("register", "import wants one file");
    rows = read_file(argv[1], &code);
    app = rows == NULL ? NULL : mp_cli_open_shared(options, &code);
    if (app == NULL)
        return code;
    if (!import_rows(app, rows, &error))
        return mp_app_fail(error);
    g_print("%u certificates\n", rows->len);
    return 0;
}

/* --- export --- */

static int
export_all(const MpGlobalOptions *options, int argc, char **argv)
{
    const GOptionEntry entries[] = {G_OPTION_ENTRY_NULL};
    const MpCommandRow row = {.name = "register export",
                              .arguments = "",
                              .summary = "the register as CSV with whole identity numbers"};
    g_autoptr(MpApp) app = NULL;
    g_autoptr(GError) error = NULL;
    g_autofree char *today = NULL;
    g_autofree char *head = mp_register_csv_head();
    MpRegisterFilter filter = {.by_id = TRUE, .limit = PAGE};
    int code = 0;

    if (!mp_app_parse(&row, entries, &argc, &argv, &code))
        return code;
    if (argc != 1)
        return mp_cli_usage("register", "export wants nothing");
    app = mp_cli_open_readonly(options, &code);
    if (app == NULL)
        return code;
    today = today_of(app);
    g_print("%s", head);
    for (;;) {
        g_autoptr(GPtrArray) found = app->store->register_find(app->store, &filter, &error);

        if (found == NULL)
            return mp_app_fail(error);
        for (guint i = 0; i < found->len; i++) {
            const MpHolder *holder = g_ptr_array_index(found, i);
            g_autofree char *line = mp_register_csv_line(holder, today);

            g_print("%s", line);
            filter.above_id = holder->id;
        }
        if (found->len < PAGE)
            return 0;
    }
}

int
mp_command_register(const MpGlobalOptions *options, int argc, char **argv)
{
    static const struct {
        const char *name;
        int (*run)(const MpGlobalOptions *options, int argc, char **argv);
    } verbs[] = {{"list", list_holders},
                 {"show", show_one},
                 {"import", import_file},
                 {"export", export_all}};

    for (gsize i = 0; argc > 1 && i < G_N_ELEMENTS(verbs); i++)
        if (strcmp(argv[1], verbs[i].name) == 0)
            return verbs[i].run(options, argc - 1, argv + 1);
    if (argc > 1 && strcmp(argv[1], "--help") == 0) {
        g_print("usage: mailproc register list|show|import|export … (each has --help)\n");
        return 0;
    }
    return mp_cli_usage("register", "one of list, show, import, export");
}

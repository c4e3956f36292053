/* SPDX-License-Identifier: GPL-3.0-or-later */

/* `backup` while the service runs, `restore` while it does not. */

#include "app/commands.h"

/* The one directory that the command wants, or NULL with the exit code. */
static const char *
parse_dir(const char *command, int argc, char **argv, int *exit_out)
{
    const GOptionEntry entries[] = {G_OPTION_ENTRY_NULL};

    if (!mp_app_parse(mp_command_row(command), entries, &argc, &argv, exit_out))
        return NULL;
    if (argc == 2)
        return argv[1];
    *exit_out = mp_cli_usage(command, "wants one directory");
    return NULL;
}

/* What the copy holds, read from the copy. */
static int
print_contents(const char *verb, const char *dir)
{
    g_autoptr(GError) error = NULL;
    MpStore *store = mp_store_open_readonly(dir, &error);
    g_autofree char *head = NULL;
    gint64 seq = 0;

    if (store == NULL || !store->chain_head(store, &seq, &head, &error)) {
        if (store != NULL)
            store->free(store);
        return mp_app_fail(error);
    }
    g_print("%s: %s, %" G_GINT64_FORMAT " events, head %s\n", verb, dir, seq, head);
    store->free(store);
    return 0;
}

int
mp_command_backup(const MpGlobalOptions *options, int argc, char **argv)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(MpApp) app = NULL;
    int code = 0;
    const char *dir = parse_dir("backup", argc, argv, &code);

    if (dir == NULL)
        return code;
    app = mp_cli_open_readonly(options, &code);
    if (app == NULL)
        return code;
    if (!app->store->backup(app->store, dir, &error))
        return mp_app_fail(error);
    return print_contents("backup", dir);
}

int
mp_command_restore(const MpGlobalOptions *options, int argc, char **argv)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(MpApp) app = NULL;
    int code = 0;
    const char *dir = parse_dir("restore", argc, argv, &code);
    const char *place;

    if (dir == NULL)
        return code;
    app = mp_app_open(options, &error);
    if (app == NULL)
        return mp_app_fail(error);
    place = mp_config_string(app->setup->config, "store", "dir");
    if (!mp_store_restore(dir, place, &error))
        return mp_app_fail(error);
    code = print_contents("restored", place);
    if (code == 0)
        g_print("mails that came after the backup: mailproc reconcile --fix\n");
    return code;
}

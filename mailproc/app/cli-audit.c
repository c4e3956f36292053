/* SPDX-License-Identifier: GPL-3.0-or-later */

/* `audit`: the hash chain over all events. */

#include "app/commands.h"

static int
verify(MpApp *app)
{
    g_autoptr(GError) error = NULL;
    g_autofree char *why = NULL;
    g_autofree char *head = NULL;
    gint64 broken = 0, seq = 0;

    if (!app->store->chain_verify(app->store, &broken, &why, &error))
        return mp_app_fail(error);
    if (broken != 0) {
        g_printerr("mailproc: event %" G_GINT64_FORMAT ": %s; it is the first that is not as it "
                   "was written\n",
                   broken,
                   why);
        return mp_error_exit(MP_ERROR_INPUT);
    }
    if (!app->store->chain_head(app->store, &seq, &head, &error))
        return mp_app_fail(error);
    g_print("whole: %" G_GINT64_FORMAT " events, head %s\n", seq, head);
    return 0;
}

static int
print_head(MpApp *app)
{
    g_autoptr(GError) error = NULL;
    g_autofree char *head = NULL;
    gint64 seq = 0;

    if (!app->store->chain_head(app->store, &seq, &head, &error))
        return mp_app_fail(error);
    g_print("%" G_GINT64_FORMAT " %s\n", seq, head);
    return 0;
}

int
mp_command_audit(const MpGlobalOptions *options, int argc, char **argv)
{
    const GOptionEntry entries[] = {G_OPTION_ENTRY_NULL};
    g_autoptr(MpApp) app = NULL;
    int code = 0;

    if (!mp_app_parse(mp_command_row("audit"), entries, &argc, &argv, &code))
        return code;
    if (argc != 2 || (strcmp(argv[1], "verify") != 0 && strcmp(argv[1], "head") != 0))
        return mp_cli_usage("audit", "wants verify or head");
    app = mp_cli_open_readonly(options, &code);
    if (app == NULL)
        return code;
    return strcmp(argv[1], "verify") == 0 ? verify(app) : print_head(app);
}

/* SPDX-License-Identifier: GPL-3.0-or-later */

/* `once` and `run`: the same sweep, once in one process, or for ever in several (supervisor.c). */

#include "app/commands.h"
#include "app/digest.h"
#include "app/service-private.h"

static MpApp *
open_for_work(const MpGlobalOptions *options, GError **error)
{
    g_autoptr(MpApp) app = mp_app_open(options, error);

    if (app == NULL || !mp_app_check_years(app, app->setup, app->clock->now_utc(app->clock), error))
        return NULL;
    mp_service_hide_secrets();
    app->store = mp_store_open(mp_config_string(app->setup->config, "store", "dir"), error);
    if (app->store == NULL)
        return NULL;
    app->mailbox = mp_setup_open_mailbox(app->setup, error);
    if (app->mailbox == NULL)
        return NULL;
    app->sender = mp_setup_open_sender(app->setup, error);
    if (app->sender == NULL || !mp_pipeline_recover(app, error))
        return NULL;
    return g_steal_pointer(&app);
}

int
mp_command_once(const MpGlobalOptions *options, int argc, char **argv)
{
    const GOptionEntry entries[] = {G_OPTION_ENTRY_NULL};
    g_autoptr(GError) error = NULL;
    g_autoptr(MpApp) app = NULL;
    int code = 0;

    if (!mp_app_parse(mp_command_row("once"), entries, &argc, &argv, &code))
        return code;
    app = open_for_work(options, &error);
    if (app == NULL || !mp_pipeline_sweep(app, &error) || !mp_service_mark_sweep(app, &error))
        return mp_app_fail(error);
    if (!options->is_quiet)
        g_print("taken %u, decided %u, sent %u\n", app->n_taken, app->n_decided, app->n_sent);
    return 0;
}

int
mp_command_run(const MpGlobalOptions *options, int argc, char **argv)
{
    const GOptionEntry entries[] = {G_OPTION_ENTRY_NULL};
    int code = 0;

    if (!mp_app_parse(mp_command_row("run"), entries, &argc, &argv, &code))
        return code;
    return mp_supervisor_run(options);
}

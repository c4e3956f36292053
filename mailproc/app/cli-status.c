/* SPDX-License-Identifier: GPL-3.0-or-later */

/* `status`: how the service does, beside the running service. */

#include "app/commands.h"
#include "app/watch.h"

#include <errno.h>
#include <glib/gstdio.h>

/* The node exporter must never see half a file, and reads it as another user. */
static gboolean
write_textfile(const char *path, const MpHealth *health, GError **error)
{
    g_autofree char *text = mp_health_to_textfile(health);
    g_autoptr(GError) local = NULL;

    if (g_file_set_contents(path, text, -1, &local) && g_chmod(path, 0644) == 0)
        return TRUE;
    g_set_error(error,
                MP_ERROR,
                MP_ERROR_STORAGE,
                "%s: %s",
                path,
                local != NULL ? local->message : g_strerror(errno));
    return FALSE;
}

int
mp_command_status(const MpGlobalOptions *options, int argc, char **argv)
{
    gboolean as_json = FALSE;
    g_autofree char *path = NULL;
    const GOptionEntry entries[] = {
        {"json", 0, 0, G_OPTION_ARG_NONE, &as_json, "as one JSON object", NULL},
        {"textfile",
         0,
         0,
         G_OPTION_ARG_FILENAME,
         &path,
         "for Prometheus' node exporter, into PATH",
         "PATH"},
        G_OPTION_ENTRY_NULL};
    g_autoptr(GError) error = NULL;
    g_autoptr(MpApp) app = NULL;
    g_autoptr(MpHealth) health = NULL;
    g_autofree char *text = NULL;
    int code = 0;

    if (!mp_app_parse(mp_command_row("status"), entries, &argc, &argv, &code))
        return code;
    app = mp_cli_open_readonly(options, &code);
    if (app == NULL)
        return code;
    health = mp_health_read(app, &error);
    if (health == NULL || (path != NULL && !write_textfile(path, health, &error)))
        return mp_app_fail(error);
    if (path != NULL && !as_json)
        return 0;
    text = as_json ? mp_health_to_json(health, app->setup->calendar)
                   : mp_health_to_text(health, app->setup->calendar);
    g_print("%s", text);
    return 0;
}

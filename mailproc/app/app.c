/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/app.h"

#include <stdarg.h>
#include <syslog.h>
#include <unistd.h>

/* journald reads "<N>" at the start of a line as its priority; a terminal needs none. */
void
mp_app_log(const MpApp *app, int level, const char *event, ...)
{
    g_autoptr(GString) line = g_string_new(NULL);
    const char *key;
    va_list args;

    if (app->is_quiet ? level > LOG_WARNING : (!app->is_verbose && level > LOG_INFO))
        return;
    if (g_getenv("JOURNAL_STREAM") != NULL)
        g_string_append_printf(line, "<%d>", level);
    g_string_append_printf(line, "event=%s", event);
    va_start(args, event);
    while ((key = va_arg(args, const char *)) != NULL) {
        const char *value = va_arg(args, const char *);
        g_autofree char *masked = value == NULL ? NULL : mp_text_mask_all(value);
        g_autofree char *clean = masked == NULL ? NULL : mp_text_line(masked);

        if (clean == NULL)
            continue;
        g_strdelimit(clean, "\"", '\'');
        if (strpbrk(clean, " =") != NULL)
            g_string_append_printf(line, " %s=\"%s\"", key, clean);
        else
            g_string_append_printf(line, " %s=%s", key, clean);
    }
    va_end(args);
    g_string_append_c(line, '\n');
    (void)!write(STDERR_FILENO, line->str, line->len);
}

int
mp_app_fail(const GError *error)
{
    /* The cures of INPUT and LIMIT are about mail that is worked, not about a command line. */
    gboolean has_cure = error->domain == MP_ERROR && error->code < MP_ERROR_N &&
                        error->code != MP_ERROR_INPUT && error->code != MP_ERROR_LIMIT;
    const char *cure = has_cure ? mp_error_cure((MpErrorCode)error->code) : NULL;

    if (cure != NULL)
        g_printerr("mailproc: %s (%s)\n", error->message, cure);
    else
        g_printerr("mailproc: %s\n", error->message);
    return mp_error_exit_of(error);
}

gboolean
mp_app_parse(
    const MpCommandRow *row, const GOptionEntry *entries, int *argc, char ***argv, int *exit_out)
{
    g_autoptr(GOptionContext) context = g_option_context_new(row->arguments);
    g_autoptr(GError) error = NULL;
    g_autofree char *name = g_strconcat("mailproc ", row->name, NULL);

    g_set_prgname(name);
    g_option_context_set_summary(context, row->summary);
    g_option_context_add_main_entries(context, entries, NULL);
    if (g_option_context_parse(context, argc, argv, &error)) {
        g_set_prgname("mailproc");
        return TRUE;
    }
    g_set_prgname("mailproc");
    g_printerr("mailproc: %s: %s (see 'mailproc help %s')\n", row->name, error->message, row->name);
    *exit_out = mp_error_exit(MP_ERROR_USAGE);
    return FALSE;
}

/* Builds with kill points may be told the time: their runs are compared with one another. */
MpClock *
mp_app_open_clock(void)
{
#ifdef MP_CHECKPOINTS
    const char *seconds = g_getenv("MP_TEST_CLOCK");

    if (seconds != NULL)
        return mp_clock_new_set(g_ascii_strtoll(seconds, NULL, 10) * G_USEC_PER_SEC);
#endif
    return mp_clock_new_real();
}

MpApp *
mp_app_open(const MpGlobalOptions *options, GError **error)
{
    g_autoptr(MpApp) app = g_new0(MpApp, 1);
    g_autofree char *path = mp_config_path(options->config_option);

    app->is_quiet = options->is_quiet;
    app->is_verbose = options->is_verbose;
    app->clock = mp_app_open_clock();
    app->random = mp_random_new_real();
    app->setup = mp_setup_load(path, MP_SETUP_ALL, error);
    if (app->setup == NULL)
        return NULL;
    app->reader =
        mp_reader_new(path, mp_config_duration(app->setup->config, "limits", "reader_wall") * 1000);
    return g_steal_pointer(&app);
}

void
mp_app_free(MpApp *app)
{
    if (app == NULL)
        return;
    g_clear_pointer(&app->reader, mp_reader_free);
    if (app->mailbox != NULL)
        app->mailbox->free(app->mailbox);
    if (app->sender != NULL)
        app->sender->free(app->sender);
    if (app->store != NULL)
        app->store->free(app->store);
    if (app->random != NULL)
        app->random->free(app->random);
    if (app->clock != NULL)
        app->clock->free(app->clock);
    g_clear_pointer(&app->setup, mp_setup_free);
    g_free(app);
}

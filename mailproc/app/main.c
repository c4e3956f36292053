/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The command line: global options, then one row of the table. */

#include "app/commands.h"

#include <signal.h>
#include <sys/stat.h>
#include <unistd.h>

static int
run_named(const MpGlobalOptions *options, int argc, char **argv)
{
    const MpCommandRow *row;

    if (argc < 1) {
        mp_command_row("help")->run(options, 1, argv);
        return mp_error_exit(MP_ERROR_USAGE);
    }
    /* The reader child is this program again; nobody else has a descriptor to give it. */
    if (strcmp(argv[0], "reader") == 0 && argc == 2 && options->config_option != NULL)
        return mp_reader_main(options->config_option, (int)g_ascii_strtoll(argv[1], NULL, 10));
    row = mp_command_row(argv[0]);
    return row == NULL ? mp_command_unknown(argv[0]) : row->run(options, argc, argv);
}

/* Texts are UTF-8 whatever the locale says: a journal or a pipe has none. */
static void
print_out(const char *text)
{
    fputs(text, stdout);
}

static void
print_err(const char *text)
{
    fputs(text, stderr);
}

int
main(int argc, char **argv)
{
    MpGlobalOptions options = {0};
    g_autofree char *config = NULL;
    gboolean wants_version = FALSE;
    const GOptionEntry entries[] = {
        {"config", 0, 0, G_OPTION_ARG_FILENAME, &config, "configuration file", "FILE"},
        {"verbose", 0, 0, G_OPTION_ARG_NONE, &options.is_verbose, "say more", NULL},
        {"quiet", 0, 0, G_OPTION_ARG_NONE, &options.is_quiet, "only warnings", NULL},
        {"version", 0, 0, G_OPTION_ARG_NONE, &wants_version, "version and end", NULL},
        G_OPTION_ENTRY_NULL};
    g_autoptr(GOptionContext) context = g_option_context_new("COMMAND [ARGS]");
    g_autoptr(GError) error = NULL;

    (void)signal(SIGPIPE, SIG_IGN);
    (void)g_set_print_handler(print_out);
    (void)g_set_printerr_handler(print_err);
    (void)umask(077);
    g_option_context_add_main_entries(context, entries, NULL);
    /* What follows the command belongs to the command. */
    g_option_context_set_strict_posix(context, TRUE);
    g_option_context_set_summary(context, "Runs an electronic-certificate desk from its mailbox.");
    if (!g_option_context_parse(context, &argc, &argv, &error)) {
        g_printerr("mailproc: %s\n", error->message);
        return mp_error_exit(MP_ERROR_USAGE);
    }
    options.config_option = config;
    if (wants_version) {
        g_print("mailproc %s\n", MP_VERSION);
        return 0;
    }
    return run_named(&options, argc - 1, argv + 1);
}

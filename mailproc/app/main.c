/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The command line: global options, then one row of the table. */

#include "app/app.h"
#include "app/commands.h"

#include <signal.h>
#include <sys/stat.h>
#include <unistd.h>

static int run_help(const MpGlobalOptions *options, int argc, char **argv);

static const MpCommandRow commands[] = {
    {"run", "", "the service, in the foreground", mp_command_run},
    {"once",
     "",
     "one sweep: take waiting mail, work due timers, send what is due",
     mp_command_once},
    {"check",
     "",
     "config, rules, procedures, templates, calendar, store and servers",
     mp_command_check},
    {"explain",
     "FILE…",
     "what would be done with each mail, and why; changes nothing",
     mp_command_explain},
    {"case", "list|show|export|command …", "cases and their whole story", mp_command_case},
    {"mail",
     "list|show|why|reprocess …",
     "the ledger: every mail and where it ended",
     mp_command_mail},
    {"outbox", "list|show|retry|hold|release|cancel …", "outgoing mail", mp_command_outbox},
    {"render", "TEMPLATE", "see a notice without sending it", mp_command_render},
    {"status", "", "health of the service", mp_command_status},
    {"rules", "test DIR", "score a corpus with expected answers", mp_command_rules},
    {"demo", "", "five invented letters, one a procedure, through to the end", mp_command_demo},
    {"help", "[COMMAND]", "this list, or one command's options", run_help},
};

static const MpCommandRow *
find_command(const char *name)
{
    for (gsize i = 0; i < G_N_ELEMENTS(commands); i++)
        if (g_strcmp0(commands[i].name, name) == 0)
            return &commands[i];
    return NULL;
}

const MpCommandRow *
mp_command_row(const char *name)
{
    return find_command(name);
}

static int
unknown_command(const char *name)
{
    const char *names[G_N_ELEMENTS(commands) + 1] = {NULL};
    const char *near;

    for (gsize i = 0; i < G_N_ELEMENTS(commands); i++)
        names[i] = commands[i].name;
    near = mp_text_nearest(name, names, 2);
    if (near != NULL)
        g_printerr("mailproc: '%s': no such command; did you mean '%s'?\n", name, near);
    else
        g_printerr("mailproc: '%s': no such command; see 'mailproc help'\n", name);
    return mp_error_exit(MP_ERROR_USAGE);
}

static int
run_help(const MpGlobalOptions *options, int argc, char **argv)
{
    if (argc > 1) {
        const MpCommandRow *row = find_command(argv[1]);
        char *arguments[] = {argv[1], (char *)"--help", NULL};

        if (row == NULL || row->run == run_help)
            return row == NULL ? unknown_command(argv[1]) : run_help(options, 1, argv);
        return row->run(options, 2, arguments);
    }
    g_print("usage: mailproc [--config FILE] [--verbose|--quiet] COMMAND [ARGS]\n\n");
    for (gsize i = 0; i < G_N_ELEMENTS(commands); i++)
        g_print("  %-8s %s\n", commands[i].name, commands[i].summary);
    g_print("\nmailproc help COMMAND shows its options; mailproc(1) tells the rest.\n");
    return 0;
}

static int
run_named(const MpGlobalOptions *options, int argc, char **argv)
{
    const MpCommandRow *row;

    if (argc < 1) {
        run_help(options, 1, argv);
        return mp_error_exit(MP_ERROR_USAGE);
    }
    /* The reader child is this program again; nobody else has a descriptor to give it. */
    if (strcmp(argv[0], "reader") == 0 && argc == 2 && options->config_option != NULL)
        return mp_reader_main(options->config_option, (int)g_ascii_strtoll(argv[1], NULL, 10));
    row = find_command(argv[0]);
    return row == NULL ? unknown_command(argv[0]) : row->run(options, argc, argv);
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

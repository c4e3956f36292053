/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The table of commands: name, arguments, one line of help, function. */

#include "app/commands.h"

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
    {"case", "list|show|export|paper|command …", "cases and their whole story", mp_command_case},
    {"mail",
     "list|show|why|reprocess …",
     "the ledger: every mail and where it ended",
     mp_command_mail},
    {"outbox",
     "list|show|retry|hold|release|cancel|dead|revive …",
     "outgoing mail",
     mp_command_outbox},
    {"render", "TEMPLATE", "see a notice without sending it", mp_command_render},
    {"status", "", "health of the service", mp_command_status},
    {"report", "", "the numbers of a period, as a table, CSV and a page", mp_command_report},
    {"register",
     "list|show|import|export …",
     "who holds a certificate until when",
     mp_command_register},
    {"reconcile", "", "the mailbox's folders against the ledger", mp_command_reconcile},
    {"rebuild", "", "cases anew from their events, compared with what stands", mp_command_rebuild},
    {"audit", "verify|head", "the hash chain over all events", mp_command_audit},
    {"backup", "DIR", "store and archives, while the service runs", mp_command_backup},
    {"restore", "DIR", "a backup in place of the store, while nothing runs", mp_command_restore},
    {"import", "MAILDIR|MBOX", "old mail into archive and ledger", mp_command_import},
    {"purge", "--plan|--do", "what may be destroyed, and destroying it", mp_command_purge},
    {"rules", "test DIR", "score a corpus with expected answers", mp_command_rules},
    {"demo", "", "five invented letters, one a procedure, through to the end", mp_command_demo},
    {"help", "[COMMAND]", "this list, or one command's options", run_help},
};

const MpCommandRow *
mp_command_row(const char *name)
{
    for (gsize i = 0; i < G_N_ELEMENTS(commands); i++)
        if (g_strcmp0(commands[i].name, name) == 0)
            return &commands[i];
    return NULL;
}

int
mp_command_unknown(const char *name)
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
        const MpCommandRow *row = mp_command_row(argv[1]);
        char *arguments[] = {argv[1], (char *)"--help", NULL};

        if (row == NULL || row->run == run_help)
            return row == NULL ? mp_command_unknown(argv[1]) : run_help(options, 1, argv);
        return row->run(options, 2, arguments);
    }
    g_print("usage: mailproc [--config FILE] [--verbose|--quiet] COMMAND [ARGS]\n\n");
    for (gsize i = 0; i < G_N_ELEMENTS(commands); i++)
        g_print("  %-8s %s\n", commands[i].name, commands[i].summary);
    g_print("\nmailproc help COMMAND shows its options; mailproc(1) tells the rest.\n");
    return 0;
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/* The commands of the program, one file a group (cli-*.c). Each gets its own arguments with its
 * name at argv[0], prints results on stdout and problems on stderr, and returns a sysexits code.
 * Included by main.c and the files that hold the commands.
 */

#include "app/app.h"
#include "app/plan.h"
#include "report/report.h"

int mp_command_run(const MpGlobalOptions *options, int argc, char **argv);
int mp_command_once(const MpGlobalOptions *options, int argc, char **argv);
int mp_command_check(const MpGlobalOptions *options, int argc, char **argv);
int mp_command_explain(const MpGlobalOptions *options, int argc, char **argv);
int mp_command_case(const MpGlobalOptions *options, int argc, char **argv);
/* `case paper`, of cli-report.c: a word of `case`, no command of its own. */
int mp_command_case_paper(const MpGlobalOptions *options, int argc, char **argv);
/* `case ams` and `case export --person`, likewise (cli-ams.c, cli-person.c). */
int mp_command_case_ams(const MpGlobalOptions *options, int argc, char **argv);
int mp_command_case_person(const MpApp *app, const char *identity, const char *dir);
int mp_command_mail(const MpGlobalOptions *options, int argc, char **argv);
int mp_command_outbox(const MpGlobalOptions *options, int argc, char **argv);
int mp_command_render(const MpGlobalOptions *options, int argc, char **argv);
int mp_command_status(const MpGlobalOptions *options, int argc, char **argv);
int mp_command_report(const MpGlobalOptions *options, int argc, char **argv);
int mp_command_purge(const MpGlobalOptions *options, int argc, char **argv);
int mp_command_register(const MpGlobalOptions *options, int argc, char **argv);
int mp_command_rules(const MpGlobalOptions *options, int argc, char **argv);
int mp_command_reconcile(const MpGlobalOptions *options, int argc, char **argv);
int mp_command_rebuild(const MpGlobalOptions *options, int argc, char **argv);
int mp_command_audit(const MpGlobalOptions *options, int argc, char **argv);
int mp_command_backup(const MpGlobalOptions *options, int argc, char **argv);
int mp_command_restore(const MpGlobalOptions *options, int argc, char **argv);
int mp_command_import(const MpGlobalOptions *options, int argc, char **argv);
int mp_command_demo(const MpGlobalOptions *options, int argc, char **argv);

/* The table's row of a command (commands.c), NULL when there is none. */
const MpCommandRow *mp_command_row(const char *name);
/* Says that there is no such command, and the nearest; returns the exit code. */
int mp_command_unknown(const char *name);

/* --- what commands share --- */

/* Setup and a store opened for reading beside a running service. NULL: printed, *exit_out set. */
MpApp *mp_cli_open_readonly(const MpGlobalOptions *options, int *exit_out);
/* Setup and a store for writing beside a running service. */
MpApp *mp_cli_open_shared(const MpGlobalOptions *options, int *exit_out);
/* A folder beside the mailbox ("mailproc/Selesai") as a mailbox of its own (servers.c). */
MpMailbox *mp_cli_open_folder(const MpSetup *setup,
                              const char *folder,
                              GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* A mail from outside the sweep into archive and ledger, committed one by one (cli-reconcile.c).
 * `row` says whence, when and in which state; hashes, size and place are filled in. */
gboolean mp_cli_keep_mail(MpApp *app, MpLedgerRow *row, GBytes *content, GError **error)
    G_GNUC_WARN_UNUSED_RESULT;
/* "\rVERB n …" on a terminal, nothing elsewhere; ends the line when `is_over`. */
void mp_cli_progress(const MpApp *app, const char *verb, guint n, gboolean is_over);
/* NULL and *exit_out, printed, when there is no such case. */
MpCase *mp_cli_load_case(const MpApp *app, const char *number, int *exit_out);
/* A new file of mode 0600; prints and returns 73 when it cannot be written, else 0. */
int mp_cli_write_private(const char *path, const char *bytes, gsize length);
/* `outbox dead` and `outbox revive` (cli-dead.c). */
int mp_cli_list_dead(MpApp *app, int argc, char **argv);
int mp_cli_revive(MpApp *app, int argc, char **argv);
/* Prints how the command is used; returns the exit code. */
int mp_cli_usage(const char *command, const char *message);
/* Whether the office's server strips forged results, by a probe as it arrived; what to say of it,
 * or an error when it is no mail. */
gboolean mp_cli_probe(
    const MpSetup *setup, const char *bytes, gsize length, char **said_out, GError **error);
/* A text as a JSON string, quotes included. */
char *mp_cli_quote(const char *text);
/* One case as JSON of contract.md, with events when given (one line, caller frees). */
char *mp_cli_case_json(const MpApp *app, const MpCase *kase, const GPtrArray *events);
/* One mail's facts and plan as JSON of contract.md (one line, caller frees). */
char *mp_cli_explain_json(const MpPlanner *planner,
                          const char *file,
                          const MpFacts *facts,
                          const MpPlan *plan);
/* A text put into a file whole. */
gboolean
mp_cli_report_write(const char *path, const char *text, GError **error) G_GNUC_WARN_UNUSED_RESULT;

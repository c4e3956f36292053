/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/* app/: the shell around the pure middle. It loads what an office configured (setup), keeps the
 * reader child (reader), plans what a mail, a timer or an operator means (plan.h) and carries the
 * plan out in one transaction (pipeline), sends what is due (delivery), and is the command line.
 * Only here are decisions turned into I/O; `pipeline.c` reads left to right like a mail's life.
 *
 * Invariants
 *  - A mail is in the archive and the ledger before anything is decided about it, and decided
 * before it is moved on the server.
 *  - The parent never parses a mail: facts come from the reader child, checked on arrival.
 * Errors: every code of base/base.h; main() turns them into sysexits.
 */

#include "app/ams.h"
#include "app/config.h"
#include "app/facts.h"
#include "case/case.h"
#include "notify/notify.h"
#include "ports/ports.h"

/* --- setup --- */

/* One office as configured: everything that is read from files before work begins. */
typedef struct {
    char *config_path;
    MpConfig *config;
    MpReaderSetup *reading;
    MpVerbs *verbs;
    MpSurvey *survey;
    MpTemplates *templates;
    MpAms *ams;            /* columns of the AMS table */
    GHashTable *sops;      /* service id → MpSop */
    GPtrArray *other_sops; /* MpSop of no configured service: old cases still walk through them */
    GHashTable *calendars; /* service id → MpCalendar */
    MpCalendar *calendar;  /* the office's own */
    GPtrArray *zones;      /* GTimeZone, kept for the calendars */
    MpNotifyOffice notify; /* role titles and names for templates */
    char *from_name, *from_address, *id_domain; /* the domain of our Message-IDs */
    gboolean has_counted; /* this setup's calendars were compared with the store's */
} MpSetup;

/* What to load: the reader child needs no templates, procedures or verbs. */
typedef enum { MP_SETUP_ALL, MP_SETUP_READING } MpSetupParts;

MpSetup *mp_setup_load(const char *config_path,
                       MpSetupParts parts,
                       GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Directory of rules or templates: [office] KEY, else the build tree's, else the installed one. */
char *mp_setup_dir(const MpConfig *config, const char *key);
const MpSop *mp_setup_sop(const MpSetup *setup, const char *service);
/* The procedure of a case by its SOP id (the service may be configured anew meanwhile). */
const MpSop *mp_setup_sop_by_id(const MpSetup *setup, const char *id);
const MpCalendar *mp_setup_calendar(const MpSetup *setup, const char *service);
/* TRUE when `address` holds the role: listed, or a deputy whose date is not over on `today`. */
gboolean
mp_setup_has_role(const MpSetup *setup, const char *role, const char *address, const char *today);
/* Addresses that mail for a role goes to today, lower case (char *). */
GPtrArray *mp_setup_role_addresses(const MpSetup *setup, const char *role, const char *today);
/* All officials and deputies; g_strfreev. */
char **mp_setup_officials(const MpSetup *setup);
/* Any role the address holds today, or NULL; borrowed id. */
const char *mp_setup_any_role(const MpSetup *setup, const char *address, const char *today);
void mp_setup_free(MpSetup *setup);

/* Mailbox and sender as configured, with their secrets read. */
MpMailbox *mp_setup_open_mailbox(const MpSetup *setup, GError **error) G_GNUC_WARN_UNUSED_RESULT;
MpSender *mp_setup_open_sender(const MpSetup *setup, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* --- the reader child --- */

typedef struct MpReader MpReader;

/* Nothing is started yet; the first mail starts the child. */
MpReader *mp_reader_new(const char *config_path, gint64 wall_ms);
/* Facts of one mail, documents with their contents. INPUT or LIMIT: the mail's fault, as the child
 * said. CANCELLED: the child died or hung on it: the mail is suspect, the next call starts anew. */
MpFacts *mp_reader_read(MpReader *reader, GBytes *mail, GError **error) G_GNUC_WARN_UNUSED_RESULT;
void mp_reader_free(MpReader *reader);
/* The child's main: reads frames from `fd` until it closes. */
int mp_reader_main(const char *config_path, int fd);

/* --- the program as one object --- */

typedef struct {
    MpSetup *setup;
    MpStore *store;
    MpMailbox *mailbox;
    MpSender *sender;
    MpReader *reader;
    MpClock *clock;
    MpRandom *random;
    gboolean is_quiet, is_verbose;
    guint n_taken, n_decided, n_sent; /* of this process, for the closing line */
} MpApp;

/* One line "event=… key=value …" on stderr, NULL values left out; never a body or a number. */
void mp_app_log(const MpApp *app, int level, const char *event, ...) G_GNUC_NULL_TERMINATED;

/* --- the pipeline --- */

/* Takes waiting mail into archive and ledger. TRUE also when there was none. */
gboolean mp_pipeline_take(MpApp *app, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Decides everything that is taken and not decided. */
gboolean mp_pipeline_work(MpApp *app, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Moves decided mails on the server. */
gboolean mp_pipeline_acknowledge(MpApp *app, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Timers that are due. */
gboolean mp_pipeline_timers(MpApp *app, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Outgoing mail that is due. */
gboolean mp_pipeline_deliver(MpApp *app, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* What was being sent when the program died becomes UNCERTAIN; once, at start. */
gboolean mp_pipeline_recover(MpApp *app, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Finished bytes of an outbox row, as the sender would hand them over. */
GBytes *mp_delivery_build(MpStore *store, const MpOutboxEntry *entry, GError **error);
/* All of it once. An unreachable mailbox does not keep due mail from being sent; the first error is
 * returned after everything was tried. */
gboolean mp_pipeline_sweep(MpApp *app, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* --- commands of the program --- */

typedef struct {
    const char *config_option; /* of --config, or NULL */
    gboolean is_verbose, is_quiet;
} MpGlobalOptions;

/* argv[0] is the command's name; returns an exit code, or prints and returns that of the error. */
typedef int (*MpCommandFunc)(const MpGlobalOptions *options, int argc, char **argv);

typedef struct {
    const char *name, *arguments, *summary;
    MpCommandFunc run;
} MpCommandRow;

/* Prints "mailproc: …" and the cure; returns the exit code. */
int mp_app_fail(const GError *error);
MpApp *mp_app_open(const MpGlobalOptions *options, GError **error) G_GNUC_WARN_UNUSED_RESULT;
void mp_app_free(MpApp *app);
MpClock *mp_app_open_clock(void); /* real, or with kill points $MP_TEST_CLOCK */
/* Parses a command's own options; FALSE = printed, *exit_out says how to end. */
gboolean mp_app_parse(
    const MpCommandRow *row, const GOptionEntry *entries, int *argc, char ***argv, int *exit_out);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(MpLedgerRow, mp_ledger_row_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC(MpOutboxEntry, mp_outbox_entry_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC(MpGrant, mp_grant_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC(MpSetup, mp_setup_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC(MpReader, mp_reader_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC(MpApp, mp_app_free)

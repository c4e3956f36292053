/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/* An office (house) in a scratch directory, for tests that kill the program or take its ground
 * away: Maildir in, Maildir out (or, in a town, real IMAP and SMTP), the demo's configuration, and
 * the real binary as a child that is
 * told the time (MP_TEST_CLOCK, so builds with MP_CHECKPOINTS only). The people answer from the
 * mail they got, as in the demo. What the office holds can be kept and laid back (slots), and be
 * told as one text without ids, codes and times (mp_house_tell) so that two ways to the same end
 * compare equal.
 *
 * Failures of the scaffold are failures of the test (asserts inside).
 */

#include "ports/ports.h"
#include "support/daemons.h"

typedef struct {
    char *program;          /* path of the binary */
    char *dir;              /* scratch; slots lie beside the office */
    char *home;             /* dir/kantor: mailproc.conf, store, masuk, keluar */
    char *config;           /* path */
    char *output;           /* both streams of the last run */
    char *preload;          /* LD_PRELOAD of the next runs, or NULL */
    GPtrArray *extra;       /* further "NAME=VALUE" of the next runs (char *) */
    gint64 now_s;           /* what the program is told */
    gint64 last_entry;      /* highest outbox row that somebody answered */
    guint n_mails;          /* that people wrote */
    gboolean has_own_clock; /* the next runs are not told the time */
    MpTown *town;           /* whose servers it uses, or NULL; borrowed */
} MpHouse;

#define MP_HOUSE_START_S 1794790800 /* Monday, 16 November 2026, 08.00 WIB */

/* `services`: lines "SERVICE=FILE.sop" in place of the usual ones, or NULL. It is
 * MP_HOUSE_START_S. */
MpHouse *mp_house_new(const char *program, const char *service, const char *sop);
/* The same with its mailbox on the town's Dovecot and its sender at the town's Postfix; copies of
 * what is sent are filed in mailproc/Terkirim. One house a town at a time. */
MpHouse *mp_house_new_in_town(const char *program, MpTown *town);
void mp_house_free(MpHouse *house);

/* --- the program --- */

typedef struct {
    guint kill_at;   /* SIGKILL itself at this step; 0 = lives */
    const char *log; /* file that gets the names of all steps, or NULL */
} MpHouseRun;

/* Runs it with these arguments (NULL-terminated); wait status, words in house->output. */
int mp_house_run(MpHouse *house, const char *const *arguments, const MpHouseRun *run);
/* `once`, which must end with 0. */
void mp_house_once(MpHouse *house);
/* `once` with this exit code. */
void mp_house_fails(MpHouse *house, int exit_code, const char *words);

/* Starts `run`; its words go to dir/service. Ends with the test. */
GPid mp_house_start(MpHouse *house);
/* Waits until the service has said this often enough; its words so far in house->output. */
void mp_house_wait_said(MpHouse *house, const char *words, guint n);
/* Waits until the folder holds so many mails. */
void mp_house_wait_count(MpHouse *house, const char *folder, guint n);
/* The service's wait status after the signal; all of its words in house->output. */
int mp_house_end(MpHouse *house, GPid pid, int signal);

/* --- mail --- */

/* A mail lies in the mailbox as if delivered now. */
void mp_house_put(MpHouse *house, const char *mail, gssize length);
/* Letter `index` of the demo, without the papers named in `without` (NULL = complete). */
void mp_house_letter(MpHouse *house, guint index, const char *without);
/* Letter 0 for the `who`-th of many people, each with a number of its own. */
void mp_house_letter_of(MpHouse *house, guint who);
/* Message-ID of the last mail that went to this address. */
char *mp_house_last_id(const MpHouse *house, const char *recipient);
/* The OPD sends this paper of letter `index` in answer to the last mail that it got. */
void mp_house_supplement(MpHouse *house, guint index, const char *paper);
/* A short mail; `head`: further header lines with line ends, or "". */
void mp_house_write(MpHouse *house, const char *from, const char *head, const char *text);
/* Everybody whose turn it is answers: all officials, or else BSrE. FALSE when nobody had to. */
gboolean mp_house_answer(MpHouse *house);
gboolean mp_house_all_closed(MpHouse *house);

/* --- what there is --- */

MpStore *mp_house_store(const MpHouse *house);
/* Cases, events, ledger, timers, outbox and all folders, line by line. */
char *mp_house_tell(const MpHouse *house);
/* TRUE when what was told differs from what is wanted; prints the lines that one of them lacks: the
 * whole would hide them. */
gboolean mp_house_differs(const char *told, const char *want);
/* Each notice that counts as sent lies once with its recipient, and nothing else does; the ledger
 * has every mail once and for a reason, with its raw bytes; the chain is whole; the cases are the
 * fold of their events, as `rebuild` compares them. */
void mp_house_check(const MpHouse *house);
/* Number of mails in a folder beside the mailbox ("masuk", "mailproc.Selesai"). */
guint mp_house_count(const MpHouse *house, const char *folder);

/* Keeps the whole office under this name, or lays it back as it was. */
void mp_house_keep(const MpHouse *house, const char *slot);
void mp_house_lay_back(const MpHouse *house, const char *slot);
void mp_house_shell(const char *format, ...) G_GNUC_PRINTF(1, 2);

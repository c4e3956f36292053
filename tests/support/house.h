/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/* An office (house) in a scratch directory, for tests that kill the program or take its ground
 * away: Maildir in, Maildir out, the demo's configuration, and the real binary as a child that is
 * told the time (MP_TEST_CLOCK, so builds with MP_CHECKPOINTS only). The people answer from the
 * mail they got, as in the demo. What the office holds can be kept and laid back (slots), and be
 * told as one text without ids, codes and times (mp_house_tell) so that two ways to the same end
 * compare equal.
 *
 * Failures of the scaffold are failures of the test (asserts inside).
 */

#include "ports/ports.h"

typedef struct {
    char *program;     /* path of the binary */
    char *dir;         /* scratch; slots lie beside the office */
    char *home;        /* dir/kantor: mailproc.conf, store, masuk, keluar */
    char *config;      /* path */
    char *output;      /* both streams of the last run */
    char *preload;     /* LD_PRELOAD of the next runs, or NULL */
    GPtrArray *extra;  /* further "NAME=VALUE" of the next runs (char *) */
    gint64 now_s;      /* what the program is told */
    gint64 last_entry; /* highest outbox row that somebody answered */
    guint n_mails;     /* that people wrote */
} MpHouse;

/* `services`: lines "SERVICE=FILE.sop" in place of the usual ones, or NULL. Monday, 16 November
 * 2026, 08.00 WIB. */
MpHouse *mp_house_new(const char *program, const char *service, const char *sop);
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

/* --- mail --- */

/* A mail lies in the mailbox as if delivered now. */
void mp_house_put(MpHouse *house, const char *mail, gssize length);
/* Letter `index` of the demo, without the papers named in `without` (NULL = complete). */
void mp_house_letter(MpHouse *house, guint index, const char *without);
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
/* Each notice that counts as sent lies once with its recipient, and nothing else does; the chain is
 * whole; the cases are the fold of their events. */
void mp_house_check(const MpHouse *house);
/* Number of mails in a folder beside the mailbox ("masuk", "mailproc.Selesai"). */
guint mp_house_count(const MpHouse *house, const char *folder);

/* Keeps the whole office under this name, or lays it back as it was. */
void mp_house_keep(const MpHouse *house, const char *slot);
void mp_house_lay_back(const MpHouse *house, const char *slot);
void mp_house_shell(const char *format, ...) G_GNUC_PRINTF(1, 2);

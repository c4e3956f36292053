/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/* A trial: one office with the tree's own rules, procedures and templates, a store in memory, a
 * clock that stands still and dice that fall the same. Mails go in as bytes, are read, sent through
 * the codec as from the reader, planned and carried out; nothing leaves but rows of the outbox.
 *
 * Everybody is at contohkab.go.id: kadis, sekretaris, kabid, kasi, helpdesk, verifikator,
 * pengaduan; the office is layanan@; its server calls itself mx.contohkab.go.id. Failures are
 * failures of the test (asserts inside).
 */

#include "app/app.h"
#include "app/plan.h"

#define TRIAL_OFFICE "layanan@contohkab.go.id"

typedef struct {
    char *dir;
    MpApp app;      /* setup, store, clock, random; nothing that reaches out */
    MpFacts *facts; /* of the last mail */
    MpPlan *plan;   /* likewise */
    gint64 now_utc;
    guint n_mails;
} MpTrial;

/* `more`: further lines of the configuration below [trust], or a "deputies = …" line for kadis, or
 * NULL. Monday, 16 November 2026, 09.00 WIB. */
MpTrial *mp_trial_new(const char *more);
/* The same with texts of the configuration in the place of others, which must be there: was, is,
 * was, is, NULL. */
MpTrial *mp_trial_new_changed(const char *const *changes, const char *more);
void mp_trial_free(MpTrial *trial);
void mp_trial_wait(MpTrial *trial, gint64 seconds);

typedef struct {
    const char *from;    /* the field's value; NULL = `head` brings its own */
    const char *to;      /* NULL = the office */
    const char *auth;    /* what our server found; NULL = dmarc=pass for From, "" = no field */
    const char *head;    /* further lines, each with \r\n */
    const char *subject; /* NULL = "Re: giliran" */
    const char *type;    /* NULL = text/plain; charset=utf-8 */
    const char *text;
} MpTrialMail;

/* The mail as it lies in the office's mailbox. */
char *mp_trial_mail(MpTrial *trial, const MpTrialMail *mail);
/* Takes a mail of any bytes. */
void mp_trial_take(MpTrial *trial, const char *mail);
void mp_trial_send(MpTrial *trial, const MpTrialMail *mail);
/* An official writes these words above the quoted code, ten minutes later; without a code given,
 * the newest of his mails has it. */
void mp_trial_say(MpTrial *trial, const char *official, const char *words);
void mp_trial_say_with(MpTrial *trial, const char *official, const char *code, const char *words);
/* Plans and carries out the facts as they are, as another mail. */
void mp_trial_plan(MpTrial *trial);
/* Plans the facts as they are once more for a row of the ledger that was worked before. */
void mp_trial_again(MpTrial *trial, MpLedgerRow *row);
/* An official writes words about a case without any code, and answers the question that he gets. */
void mp_trial_confirm(MpTrial *trial, const char *official, const char *number, const char *words);
/* The demo's letter about a renewal, complete: the first case, waiting for kadis. */
void mp_trial_open(MpTrial *trial);

#define TRIAL_CASE "SE-2026-000001"

/* The case as it stands; fails the test when there is none. */
MpCase *mp_trial_case(MpTrial *trial, const char *number);
guint mp_trial_n_cases(MpTrial *trial);
/* Outgoing mail, oldest first, withheld ones left out (MpOutboxEntry); `to` NULL = to all. */
GPtrArray *mp_trial_mails(MpTrial *trial, const char *to);
guint mp_trial_count(MpTrial *trial, const char *to);
/* Code of the newest mail to that address that has one. */
char *mp_trial_code(MpTrial *trial, const char *to);
/* All words of one outgoing mail: subject, both bodies, names of attachments. */
char *mp_trial_words(const MpOutboxEntry *entry);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(MpTrial, mp_trial_free)

/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/* A sender in memory: it records what it was given and can be told what becomes of the n-th mail.
 * It obeys the contract of MpSender in ports.h and is its specification:
 *  - addresses that are not plain and mails whose lines do not end in CRLF are REFUSED, unseen;
 *  - ACCEPTED mails are recorded; UNCERTAIN ones are recorded too, for they may have arrived;
 *  - the reply is always set.
 */

#include "ports/ports.h"

typedef struct {
    char *envelope_from, *recipient;
    GBytes *mail;
    MpSendResult result;
} MpFakeMail;

/* The object belongs to its `free`; what it recorded is borrowed. */
MpSender *mp_fake_sender_new(void);
/* The n-th call of send from now on (1 = the next) ends so; only that one. */
void mp_fake_sender_fail_at(MpSender *sender, guint n, MpSendResult result, const char *reply);
/* Every call ends so until told otherwise; ACCEPTED = as usual. */
void mp_fake_sender_fail_always(MpSender *sender, MpSendResult result, const char *reply);
/* check() and all sends fail as unreachable while it is down. */
void mp_fake_sender_set_down(MpSender *sender, gboolean is_down);
/* MpFakeMail in the order of the calls, refused ones too. */
const GPtrArray *mp_fake_sender_mails(MpSender *sender);
/* How many of them may have arrived (ACCEPTED, UNCERTAIN) at `recipient` (NULL = anybody). */
guint mp_fake_sender_arrived(MpSender *sender, const char *recipient);
guint mp_fake_sender_finished(MpSender *sender); /* calls of finish */

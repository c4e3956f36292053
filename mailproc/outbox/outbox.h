/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/* outbox/: the legal states of an outgoing mail and when to try again. Pure: ports/store keeps the
 * rows, the delivery process moves them with a compare-and-set on the state. UNCERTAIN means that
 * the connection was lost after the final dot: the mail may or may not be there.
 *
 * Invariants: CANCELLED, SENT and FAILED are final; Message-ID and bytes never change between
 * tries.
 */

#include "base/base.h"

#define MP_OUTBOX_STATES(X)                                                                        \
    X(QUEUED, "queued")                                                                            \
    X(SENDING, "sending")                                                                          \
    X(SENT, "sent")                                                                                \
    X(DEFERRED, "deferred") X(UNCERTAIN, "uncertain") X(FAILED, "failed") X(CANCELLED, "cancelled")

typedef enum {

#define X(id, name) MP_OUTBOX_##id,
    MP_OUTBOX_STATES(X)
#undef X
        MP_OUTBOX_STATE_N
} MpOutboxState;

const char *mp_outbox_state_to_string(MpOutboxState state);
gboolean mp_outbox_state_from_string(const char *name, MpOutboxState *state_out);
gboolean mp_outbox_state_is_final(MpOutboxState state);
/* Staying is legal where a flag or time may change (hold, release, retry now). */
gboolean mp_outbox_can_move(MpOutboxState from, MpOutboxState to);

typedef struct {
    gint64 base_s;             /* first wait */
    gint64 cap_s;              /* longest wait */
    gint64 give_up_s;          /* since the row was made: 5 days */
    gint64 uncertain_s;        /* wait before the one repeat after UNCERTAIN */
    gboolean repeat_uncertain; /* FALSE = hold for a person */
    guint pause_after;  /* refusals in a row after which a recipient domain rests; 0 = never */
    gint64 pause_s;     /* its first rest, doubled by each refusal that follows … */
    gint64 pause_cap_s; /* … up to this */
} MpOutboxPolicy;

MpOutboxPolicy mp_outbox_policy_default(void);

#define MP_SEND_RESULTS(X)                                                                         \
    X(ACCEPTED, "accepted")                                                                        \
    X(REFUSED_SOON, "refused-soon")                                                                \
    X(REFUSED, "refused") X(UNREACHABLE, "unreachable") X(UNCERTAIN, "uncertain")

typedef enum {

#define X(id, name) MP_SEND_##id,
    MP_SEND_RESULTS(X)
#undef X
        MP_SEND_RESULT_N
} MpSendResult;

const char *mp_send_result_to_string(MpSendResult result);

typedef struct {
    MpOutboxState state;
    gint64 next_try_utc;  /* 0 = none */
    gboolean tell_person; /* failed or given up: the verifikator hears of it */
    gboolean hold;
} MpOutboxNext;

/* What becomes of a row after one try. `tries` counts this one; `jitter` is 0..999 of 1000 from the
 * randomness port (tests: 0). Wait = base × tries², capped, plus up to a tenth of jitter. */
MpOutboxNext mp_outbox_after_try(const MpOutboxPolicy *policy,
                                 MpSendResult result,
                                 guint tries,
                                 gint64 made_utc,
                                 gint64 now_utc,
                                 guint jitter);
/* The same, knowing the row's state before it was SENDING: after UNCERTAIN a second UNCERTAIN is
 * held for a person, however many deferred tries came first, and a deferred repeat stays UNCERTAIN.
 * Without that knowledge the plain function repeats an UNCERTAIN only after the very first try. */
MpOutboxNext mp_outbox_after_try_from(const MpOutboxPolicy *policy,
                                      MpOutboxState before,
                                      MpSendResult result,
                                      guint tries,
                                      gint64 made_utc,
                                      gint64 now_utc,
                                      guint jitter);
/* What a row that was SENDING when the program died becomes at the next start. */
MpOutboxNext mp_outbox_after_crash(const MpOutboxPolicy *policy, guint tries, gint64 now_utc);

/* Whether the words of a refusal ("550 5.1.1 …", or an enhanced status alone) say that nothing can
 * reach the address: unknown, moved, disabled. A refusal of the mail or of us, a full mailbox or a
 * bare 550 says nothing about it. */
gboolean mp_outbox_is_dead_address(const char *words);

/* Its status alone, "5.1.1" or else "550": digits and dots, no word of the server. NULL = it has
 * none. g_free. */
char *mp_outbox_status(const char *words);

/* What the last tries to one recipient domain say about it. */
typedef struct {
    guint refusals;  /* in a row, of any mail to it */
    gint64 rest_utc; /* no mail to it before; 0 = it does not rest */
} MpOutboxDomain;

/* A bad address says nothing about its domain, an unreachable server nothing about any. When a rest
 * is over the next mail is the trial: refused, the domain rests twice as long; taken, all is well.
 */
MpOutboxDomain mp_outbox_domain_after(const MpOutboxPolicy *policy,
                                      MpOutboxDomain before,
                                      MpSendResult result,
                                      const char *words,
                                      gint64 now_utc);

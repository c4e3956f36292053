/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/* The mailbox port in memory: what MpMailbox promises, without a server, and with faults on
 * request. Mails lie in one source folder; moved and appended ones in named folders. */

#include "ports/ports.h"

typedef struct MpFakeMailbox MpFakeMailbox;

typedef enum { MP_FAKE_LIST, MP_FAKE_FETCH, MP_FAKE_MOVE, MP_FAKE_APPEND, MP_FAKE_WAIT } MpFakeCall;

/* Empty, UIDVALIDITY 1. `name` NULL = "fake://mailbox/INBOX". */
MpFakeMailbox *mp_fake_mailbox_new(const char *name);
/* The port; `free` of it frees the fake. */
MpMailbox *mp_fake_mailbox_face(MpFakeMailbox *fake);
/* A mail arrives; returns its UID. */
guint32 mp_fake_mailbox_put(MpFakeMailbox *fake, GBytes *mail, gint64 arrived_utc);
/* A mail that can only be reported: content NULL and this problem. */
guint32 mp_fake_mailbox_put_problem(MpFakeMailbox *fake, const char *problem, gint64 arrived_utc);
/* A person deletes it in webmail; FALSE when it is not there. */
gboolean mp_fake_mailbox_remove(MpFakeMailbox *fake, guint32 uid);
/* The server rebuilds the folder: new validity, UIDs from 1 again in the same order. */
void mp_fake_mailbox_rebuild(MpFakeMailbox *fake, guint32 validity);
/* The `nth` next call of this kind (0 = the next) fails with `code`; a fetch after `after` mails, a
 * move after `after` moves. */
void mp_fake_mailbox_fail(
    MpFakeMailbox *fake, MpFakeCall call, guint nth, guint after, MpErrorCode code);
/* Mails of a folder ("INBOX" = the source) as GBytes, in order of arrival there; NULL content of
 * reported mails is left out. */
GPtrArray *mp_fake_mailbox_mails(const MpFakeMailbox *fake, const char *folder);
guint mp_fake_mailbox_count(const MpFakeMailbox *fake, const char *folder);
/* How often a call was made. */
guint mp_fake_mailbox_calls(const MpFakeMailbox *fake, MpFakeCall call);

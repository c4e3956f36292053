/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/* intake/: which mail is new, and never twice. The cursor is UIDVALIDITY plus the last UID taken;
 * flags, dates and sequence numbers decide nothing. The identity of a mail is Message-ID plus
 * content hash (decisions.md 20): same id with other content is a new item with a doubt.
 */

#include "base/base.h"

typedef struct {
    guint32 uid_validity; /* 0 = never seen */
    guint32 last_uid;     /* highest UID in the ledger under that validity */
} MpCursor;

/* UIDs (guint32) of `listed` that are above the cursor, sorted and each once, at most `max`
 * (0 = all). A changed validity starts at the beginning: the ledger's content hash keeps old mails
 * from counting twice. */
GArray *mp_intake_plan(
    const MpCursor *cursor, guint32 uid_validity, const guint32 *listed, gsize n_listed, gsize max);

typedef enum {
    MP_INTAKE_NEW,
    MP_INTAKE_SAME_UID,   /* this very (mailbox, validity, UID) is in the ledger already */
    MP_INTAKE_SAME_MAIL,  /* same id and same content under another UID */
    MP_INTAKE_OTHER_BODY, /* same id, other content: new, with the doubt same-id-other-content */
} MpIntakeVerdict;

/* `known_hash` is the content hash the ledger holds for this Message-ID, or NULL. A mail without
 * Message-ID is known by its content hash alone (`hash_known`). */
MpIntakeVerdict mp_intake_judge(gboolean uid_known,
                                const char *message_id,
                                const char *content_hash,
                                const char *known_hash,
                                gboolean hash_known);

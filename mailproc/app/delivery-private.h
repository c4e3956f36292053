/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/* Shared by the files of the delivery alone.
 *
 * Which recipient domains rest (outbox.h): a mark each in the store, so that a restart forgets none
 * and `status` can tell; read when a batch first needs one, saved with the batch's results.
 */

#include "app/app.h"

#define MP_REST_MARK "rest "
/* Of a mail that waits because its domain rests. */
#define MP_REST_REASON "its domain rests after refusals"

typedef struct MpRests MpRests;

MpRests *mp_rests_new(void);
void mp_rests_free(MpRests *rests);
/* Until when the address's domain rests; 0 = it never did. */
gint64 mp_rests_until(MpRests *rests, MpStore *store, const char *address);
/* What one try says about the domain of its recipient. */
void mp_rests_learn(MpRests *rests,
                    const MpOutboxPolicy *policy,
                    const MpOutboxEntry *entry,
                    MpSendResult result,
                    gint64 now_utc);
/* Inside a transaction. NULL = nothing was learned. */
gboolean mp_rests_save(MpRests *rests, MpStore *store, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Given up, or perhaps arrived and kept. */
gboolean mp_delivery_needs_person(const MpOutboxEntry *entry);
/* Remembers, inside a transaction, that a person must hear of the mail. `is_shared`: another
 * mailbox got the same words (plan.h). */
gboolean mp_delivery_owe(MpStore *store,
                         const MpOutboxEntry *entry,
                         gboolean is_shared,
                         GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Tells all that is owed, each in a transaction of its own; what fails is logged and stays owed. */
void mp_delivery_tell(MpApp *app);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(MpRests, mp_rests_free)

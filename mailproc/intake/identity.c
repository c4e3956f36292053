/* SPDX-License-Identifier: GPL-3.0-or-later */

/* When two mails are one: Message-ID and content together (decisions.md 20). */

#include "intake/intake.h"

MpIntakeVerdict
mp_intake_judge(gboolean uid_known,
                const char *message_id,
                const char *content_hash,
                const char *known_hash,
                gboolean hash_known)
{
    if (uid_known)
        return MP_INTAKE_SAME_UID;
    if (message_id == NULL || message_id[0] == '\0')
        return content_hash != NULL && hash_known ? MP_INTAKE_SAME_MAIL : MP_INTAKE_NEW;
    if (known_hash == NULL)
        return MP_INTAKE_NEW;
    /* The content counts even where the ledger's first row of this id has another one: the third
     * delivery of a changed mail is the second one again. */
    if (g_strcmp0(known_hash, content_hash) == 0 || (content_hash != NULL && hash_known))
        return MP_INTAKE_SAME_MAIL;
    return MP_INTAKE_OTHER_BODY;
}

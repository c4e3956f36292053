/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ports/ports.h"

#define FIRST_MS 1000
#define LONGEST_MS (5 * 60 * 1000)

gint64
mp_mailbox_backoff_ms(guint failures, guint32 random)
{
    gint64 full = FIRST_MS;

    if (failures == 0)
        return 0;
    for (guint i = 1; i < failures && full < LONGEST_MS; i++)
        full *= 2;
    full = MIN(full, LONGEST_MS);
    return full / 2 + (gint64)(((guint64)random * (guint64)(full / 2)) >> 32);
}

/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Which UIDs are new, by UIDVALIDITY and the highest UID taken. */

#include "intake/intake.h"

static gint
compare_uids(gconstpointer a, gconstpointer b)
{
    guint32 x = *(const guint32 *)a;
    guint32 y = *(const guint32 *)b;

    return (x > y) - (x < y);
}

GArray *
mp_intake_plan(
    const MpCursor *cursor, guint32 uid_validity, const guint32 *listed, gsize n_listed, gsize max)
{
    GArray *uids = g_array_new(FALSE, FALSE, sizeof(guint32));
    guint32 above = cursor->uid_validity == uid_validity ? cursor->last_uid : 0;
    gsize kept = 0;

    /* UID 0 does not exist (RFC 3501 2.3.1.1); a server that lists it is not believed. */
    for (gsize i = 0; i < n_listed; i++) {
        if (listed[i] > above)
            g_array_append_val(uids, listed[i]);
    }
    g_array_sort(uids, compare_uids);
    for (gsize i = 0; i < uids->len; i++) {
        guint32 uid = g_array_index(uids, guint32, i);

        if (kept == 0 || g_array_index(uids, guint32, kept - 1) != uid)
            g_array_index(uids, guint32, kept++) = uid;
    }
    if (max > 0 && kept > max)
        kept = max;
    g_array_set_size(uids, (guint)kept);
    return uids;
}

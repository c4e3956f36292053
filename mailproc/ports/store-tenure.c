/* SPDX-License-Identifier: GPL-3.0-or-later */

/* A holder as the fold of the service history. */

#include "ports/store-private.h"

gboolean
mp_register_is_certificate(const MpHolder *row)
{
    return row->outcome == MP_OUTCOME_ISSUED || row->outcome == MP_OUTCOME_RENEWED;
}

static void
take_last(char **to, const char *from)
{
    if (from == NULL || from[0] == '\0')
        return;
    g_free(*to);
    *to = g_strdup(from);
}

/* A certificate lives until the next one or its revocation. */
static MpHolderState
state_of(const GPtrArray *rows, guint at)
{
    const MpHolder *row = g_ptr_array_index(rows, at);

    if (!mp_register_is_certificate(row))
        return row->outcome == MP_OUTCOME_REVOKED ? MP_HOLDER_REVOKED : MP_HOLDER_UNKNOWN;
    for (guint i = at + 1; i < rows->len; i++) {
        const MpHolder *next = g_ptr_array_index(rows, i);

        if (next->outcome == MP_OUTCOME_REVOKED)
            return MP_HOLDER_REVOKED;
        if (mp_register_is_certificate(next))
            return MP_HOLDER_RENEWED;
    }
    return MP_HOLDER_ACTIVE;
}

MpHolder *
mp_register_fold(const GPtrArray *rows)
{
    MpHolder *holder = mp_holder_new();

    holder->state = MP_HOLDER_UNKNOWN;
    for (guint i = 0; i < rows->len; i++) {
        MpHolder *row = g_ptr_array_index(rows, i);

        take_last(&holder->name, row->name);
        take_last(&holder->nip, row->nip);
        take_last(&holder->nik, row->nik);
        take_last(&holder->email, row->email);
        take_last(&holder->unit, row->unit);
        take_last(&holder->position, row->position);
        take_last(&holder->case_number, row->case_number);
        holder->at_utc = row->at_utc;
        row->state = state_of(rows, i);
        if (row->state != MP_HOLDER_UNKNOWN)
            holder->state = row->state;
        if (!mp_register_is_certificate(row) && row->valid_until == NULL)
            continue;
        g_free(holder->valid_from);
        holder->valid_from = g_strdup(row->valid_from);
        take_last(&holder->valid_until, row->valid_until);
        holder->is_guess = row->is_guess;
    }
    return holder;
}

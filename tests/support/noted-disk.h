/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/* A VFS of SQLite that notes what is done to databases, logs and journals, in order, and passes it
 * on. */

#include <glib.h>

typedef enum {
    MP_OP_WRITE,
    MP_OP_TRUNCATE,
    MP_OP_SYNC,
    MP_OP_DELETE,
    MP_OP_DELETE_SYNCED, /* with the directory */
    MP_OP_MARK           /* of the test itself */
} MpOpKind;

typedef struct {
    MpOpKind kind;
    char *file; /* base name */
    gint64 at;  /* place, new size, or the number of a mark */
    GBytes *bytes;
} MpOp;

void mp_op_free(gpointer op);
/* From now on everything goes to `ops` (MpOp); NULL = nothing is noted. */
void mp_disk_note(GPtrArray *ops);
void mp_disk_mark(gint64 number);

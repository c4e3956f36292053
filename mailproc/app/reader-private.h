/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/* The wire between the reader child and its parent (reader-frame.c), the cage of the child
 * (sandbox.c) and its main (reader-child.c). Both ends are this very program, but the child has met
 * hostile bytes: sizes and seals are checked. Nothing outside reader*.c and sandbox.c includes
 * this. */

#include "app/app.h"

#include <sys/uio.h>

/* READY: the child has loaded what it needs; until then a death is the system's fault, no mail's.
 */
typedef enum { MP_FRAME_MAIL, MP_FRAME_FACTS, MP_FRAME_REFUSED, MP_FRAME_READY } MpFrameKind;

/* Before the text of a frame; both ends are this very program. */
typedef struct {
    guint32 kind;
    guint32 code; /* MP_FRAME_REFUSED: MpErrorCode */
    guint64 text_bytes;
    guint64 blob_bytes; /* size of the memfd's content */
} MpFrame;

/* FALSE when the other end is gone. `blob_fd` -1 = none; it stays the caller's. */
gboolean mp_frame_send(int fd, const MpFrame *frame, const char *text, int blob_fd);
/* Waits until `deadline_us` of the monotonic clock (0 = for ever). */
gboolean
mp_frame_receive(int fd, gint64 deadline_us, MpFrame *frame, char **text_out, int *blob_fd_out);
/* A sealed memfd with the parts one after the other; -1 and errno. */
int mp_frame_make_blob(const struct iovec *parts, guint n_parts);
/* Maps and closes the descriptor; NULL when it is not sealed or not of that size. */
GBytes *mp_frame_map_blob_take(int fd, guint64 length);

/* What of the cage the kernel did not give. */
enum {
    MP_SANDBOX_LIMITS = 1,
    MP_SANDBOX_PRIVILEGES = 2,
    MP_SANDBOX_FILES = 4, /* no Landlock: nothing at all can be opened then */
    MP_SANDBOX_CALLS = 8,
};

/* Locks this process up for good: no file but fonts, converters and zones for reading, no socket,
 * process or program, at most that much memory. The set of what could not be had, 0 = all is well.
 */
guint mp_sandbox_enter(guint64 memory_bytes);

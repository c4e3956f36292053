/* SPDX-License-Identifier: GPL-3.0-or-later */

/* IDLE (RFC 2177), as a hint only: the caller polls anyway. Renewed before the 29 minutes after
 * which a server may end the session. */

#include "ports/imap-private.h"

#include <poll.h>

#define RENEW_MS ((gint64)28 * 60 * 1000)

static gboolean
wait_plain(gint64 timeout_ms, int wake_fd)
{
    gint64 end = g_get_monotonic_time() + timeout_ms * 1000;

    for (;;) {
        gint64 left = end - g_get_monotonic_time();
        struct pollfd wake = {.fd = wake_fd, .events = POLLIN};

        if (left <= 0 || poll(&wake, 1, (int)MIN((left + 999) / 1000, G_MAXINT)) > 0)
            return TRUE;
    }
}

/* One IDLE of at most `limit_ms`. */
static gboolean
idle_once(MpImap *self, gint64 limit_ms, int wake_fd, MpStreamEvent *event_out, GError **error)
{
    mailimap *imap = self->imap;

    imap->imap_selection_info->sel_has_exists = 0;
    mp_imap_expect(self, 0);
    if (!mp_imap_check(self, mailimap_idle(imap), "idle", error))
        return FALSE;
    /* "+ idling" and "* 5 EXISTS" may have come in one piece: then poll would not see the second.
     */
    *event_out = imap->imap_stream->read_buffer_len > 0
                     ? MP_STREAM_DATA
                     : mp_stream_wait(self->stream, limit_ms, wake_fd);
    mp_imap_expect(self, 0);
    return mp_imap_check(self, mailimap_idle_done(imap), "idle", error);
}

gboolean
mp_imap_wait(
    MpMailbox *mailbox, gint64 timeout_ms, int wake_fd, gboolean *changed_out, GError **error)
{
    MpImap *self = (MpImap *)mailbox;
    gint64 end = g_get_monotonic_time() + timeout_ms * 1000;
    gboolean is_changed = FALSE;
    MpStreamEvent event = MP_STREAM_DATA;

    if (self->imap == NULL || !self->options.use_idle || !mailimap_has_idle(self->imap)) {
        *changed_out = FALSE;
        return wait_plain(timeout_ms, wake_fd);
    }
    while (!is_changed && event != MP_STREAM_WAKE) {
        gint64 left_ms = (end - g_get_monotonic_time()) / 1000;

        if (left_ms <= 0)
            break;
        if (!idle_once(self, MIN(left_ms, RENEW_MS), wake_fd, &event, error)) {
            mp_imap_drop(self);
            return FALSE;
        }
        is_changed = self->imap->imap_selection_info->sel_has_exists;
    }
    *changed_out = is_changed;
    return TRUE;
}

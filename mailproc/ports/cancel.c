/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ports/ports-private.h"

#include <errno.h>
#include <poll.h>

static int cancel_fd = -1;
static gint64 cancelled_us; /* when it was first seen; 0 = not yet */

void
mp_ports_cancel_on(int fd)
{
    cancel_fd = fd;
    cancelled_us = 0;
}

gboolean
mp_ports_is_cancelled(void)
{
    struct pollfd one = {.fd = cancel_fd, .events = POLLIN};

    if (cancelled_us == 0 && cancel_fd >= 0 && poll(&one, 1, 0) > 0)
        cancelled_us = g_get_monotonic_time();
    return cancelled_us != 0;
}

gint64
mp_ports_cancelled_ms(void)
{
    return mp_ports_is_cancelled() ? (g_get_monotonic_time() - cancelled_us) / 1000 : -1;
}

int
mp_ports_poll(int fd, short events, gint64 timeout_ms)
{
    struct pollfd fds[] = {{.fd = fd, .events = events}, {.fd = cancel_fd, .events = POLLIN}};
    int n = poll(fds, G_N_ELEMENTS(fds), timeout_ms < 0 ? -1 : (int)MIN(timeout_ms, G_MAXINT));

    if (n > 0 && fds[1].revents != 0) {
        (void)mp_ports_is_cancelled();
        errno = ECANCELED;
        return -1;
    }
    return n;
}

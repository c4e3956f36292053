/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/* `run` as a child of the test, with a socket in systemd's place. Failures of the scaffold are
 * failures of the test (asserts inside). */

#include "limits/office.h"

#include <glib.h>

typedef struct {
    Office *office;
    GPid pid;
    int err_fd, notify_fd;
    GString *err; /* everything said so far */
    char *notify_path;
    const char *watchdog_us; /* "0" = none: nobody need read what is told to systemd */
} Service;

/* `limits`: as of office_new(). Nothing is started yet. */
Service *service_new(const char *limits);
void service_start(Service *service);
/* Reads on until the service has said `part`, from `from` on; gives the place behind it. */
gsize wait_said(Service *service, const char *part, gsize from);
void wait_notified(Service *service, const char *part);
/* What was told to systemd before is old. */
void forget_notices(Service *service);
/* SIGTERM; it must end with 0 within 10 s. */
void service_stop(Service *service);
void service_free(Service *service);
/* Waits for bytes until the deadline. */
gboolean readable(int fd, gint64 deadline_us);
gint64 deadline(void);

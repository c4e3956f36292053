/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/* The processes of `run` (house.md): a supervisor that knows no secret and touches no mail, intake
 * with the mailbox and the store, delivery with the sender and the outbox. supervisor.c is the
 * first, service.c the other two, watch.c what delivery keeps an eye on. The calls below do nothing
 * in a program that is not one of the children.
 */

#include "app/app.h"

/* Runs the supervisor until SIGTERM; returns the exit code. */
int mp_supervisor_run(const MpGlobalOptions *options);

/* What a child gets from the supervisor. */
typedef struct {
    const MpGlobalOptions *options;
    int signal_fd; /* readable = SIGTERM came: finish what is begun and end */
    int beat_fd;   /* seconds of silence to expect, each a guint32 */
    int wake_fd;   /* eventfd: intake has decided something, delivery looks at once */
} MpServicePost;

/* Mains of the children; they return an exit code. */
int mp_service_intake(const MpServicePost *post);
int mp_service_delivery(const MpServicePost *post);

/* Tells the supervisor that this child is alive and will be heard of again within that time (0 =
 * its usual one); the first call says that it is ready. */
void mp_service_beat(gint64 quiet_s);
/* TRUE once the child is asked to end: between two mails is a good moment. */
gboolean mp_service_is_stopping(void);

/* Notes in the store that a sweep went well, for `status` and the alarms. */
gboolean mp_service_mark_sweep(MpApp *app, GError **error);

/* No core dump and no look from outside into a process that holds a secret. */
void mp_service_hide_secrets(void);

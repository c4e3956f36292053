/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/* What goes with a mail that a plan sends (plan-attach.c). Whoever has bytes of his own making to
 * send puts them into the order (MpLetterOrder.files); the rest follows from it.
 */

#include "app/plan-private.h"

/* Bytes of our own making go with the mail: the archive gets them, its row names them. Equal bytes
 * give equal entries (plan-attach.c). */
void mp_plan_attach(MpPlanning *p, MpOutboxEntry *entry, const MpAttachment *file);
/* What goes with a mail to an official: the papers that came, those that the step of the procedure
 * asks for, and the order's own files; all together within [sender] attach_bytes, else only their
 * names. Sets `lampiran` in the context. */
gboolean mp_plan_attach_all(MpPlanning *p,
                            const MpLetterOrder *order,
                            const MpSop *sop,
                            MpOutboxEntry *entry,
                            MpValue *context,
                            GError **error);
/* The case's events as they stand after the plan so far (MpEvent). */
GPtrArray *mp_plan_events(MpPlanning *p, const char *number, GError **error);

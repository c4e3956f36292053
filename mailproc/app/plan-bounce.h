/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/* What the planner knows of our own mails that came back (plan-bounce.c), and of the addresses that
 * take none. Only plan*.c include this.
 */

#include "app/plan-private.h"

/* mp_plan_is_dead_address() with the plan so far on top (plan-bounce.c). */
gboolean mp_plan_is_dead(const MpPlanning *p, const char *address);
/* A person who proves to write from a dead address has it back. */
void mp_plan_revive(MpPlanning *p);
/* One address of a sent mail of ours came back. */
gboolean mp_plan_bounced(MpPlanning *p,
                         const MpOutboxEntry *entry,
                         const MpBounced *bounced,
                         GError **error);

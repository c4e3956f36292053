/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/* What one hour may bring, for the files of the planner that open cases and carry out commands. The
 * counters lie in the store and are raised with the plan; an hour is that before the arrival of the
 * mail.
 */

#include "app/plan-private.h"

/* Whether the hour has room for one more case of this sender; when not, the mail is held and the
 * verifikator told once an hour. */
gboolean mp_plan_may_open(MpPlanning *p, gboolean *may_out, GError **error);
/* Whether the decision brought an outcome or closed the case. */
gboolean mp_plan_is_final(const MpDecision *decision);
/* Whether the hour has room for so many more final decisions of the sender, and the warning to
 * somebody else, once an hour, when it has not. */
gboolean mp_plan_bound_finals(MpPlanning *p, guint finals, gboolean *may_out, GError **error);
gboolean mp_plan_warn_of_finals(MpPlanning *p, guint finals, GError **error);

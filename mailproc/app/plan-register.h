/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/* What the register of certificates makes the office write, as plans: certificates that come to
 * their end, people who retire (plan-register.c).
 */

#include "app/plan.h"
#include "app/register.h"

/* Reminds owner and OPD of a certificate that comes to its end; nobody while a renewal is open. */
MpPlan *mp_plan_certificate_end(const MpPlanner *planner,
                                const MpHolder *holder,
                                GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* The month's list of people (MpHolder) whose certificates should perhaps be revoked, with the
 * reasons (char *) beside them, for the verifikator; attached is a draft of the letter to each OPD.
 */
MpPlan *mp_plan_watch(const MpPlanner *planner,
                      const GPtrArray *holders,
                      const GPtrArray *reasons,
                      GError **error) G_GNUC_WARN_UNUSED_RESULT;

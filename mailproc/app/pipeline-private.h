/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/* What the files of the pipeline share: the planner over the running program, and carrying out a
 * plan. Nothing outside pipeline*.c includes this. */

#include "app/app.h"
#include "app/plan.h"

MpPlanner mp_pipeline_planner(MpApp *app);
/* Once a day: certificates that come to their end, people who retire. */
gboolean mp_pipeline_register(MpApp *app, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Once a day: copies of identity cards that no step needs any more (pipeline-erase.c). */
gboolean mp_pipeline_erase(MpApp *app, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* `row` and `facts` of the mail that the plan is for; both NULL for timers and operators. */
gboolean mp_pipeline_carry(MpApp *app,
                           MpLedgerRow *row,
                           const MpFacts *facts,
                           const MpPlan *plan,
                           GError **error) G_GNUC_WARN_UNUSED_RESULT;

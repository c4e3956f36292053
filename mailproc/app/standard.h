/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/* The standard of a service as an office must publish it (UU 25/2009, PermenPANRB 15/2014): a
 * template filled from the procedure file, the calendar, the roles and [standard], for `report
 * --standard`. Reads nothing but the setup.
 */

#include "app/plan.h"

/* INPUT: no such service is configured. */
gboolean mp_standard_render(const MpSetup *setup,
                            const char *service,
                            gint64 now_utc,
                            char **text_out,
                            char **html_out,
                            GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Keys of [standard] that the office has not filled in (borrowed texts). */
GPtrArray *mp_standard_missing(const MpSetup *setup);

/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/* Days, numbers and names as the reports of an Indonesian office write them. All texts are made new
 * and belong to the caller; what comes from a letter is one clean line with its identity numbers
 * masked. */

#include "report/report.h"

/* --- days (period.c) ---------------------------------------------------------------------------
 */

/* Julian day of an ISO day, 0 = no day. */
guint mp_report_julian(const char *iso_day);
char *mp_report_iso_day(guint julian);
/* Monday of the week that a Julian day is in. */
guint mp_report_monday(guint julian);

/* --- texts (text.c) ----------------------------------------------------------------------------
 */

/* One clean line without identity numbers; NULL → "". */
char *mp_report_line(const char *text);
/* The applicant's office, or NULL when what stands there is none (empty, an address, a name). */
char *mp_report_opd_name(const MpCase *kase);
/* "76,61" of hundredths. */
char *mp_report_hundredths(guint hundredths);
/* "12.345" */
char *mp_report_number(guint64 n);
/* "87,5%", or "–" of nothing. */
char *mp_report_share(guint64 part, guint64 whole);
/* "1 jam 5 menit", "2 hari kerja" */
char *mp_report_duration(MpTimeKind kind, gint64 amount);
const char *mp_report_unit(MpTimeKind kind); /* "menit", "menit jalan", "hari kerja" */

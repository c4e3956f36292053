/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/* What two files of case/ share. */

#include "case/case.h"

/* --- values --- */

/* A copy of a list of strings. */
GPtrArray *mp_case_strings_copy(const GPtrArray *strings);
/* "a; b" and back; empty items are dropped. */
char *mp_case_strings_join(const GPtrArray *strings);
GPtrArray *mp_case_strings_split(const char *text);
MpCaseApplicant *mp_case_applicant_get(const MpCase *kase, guint n);

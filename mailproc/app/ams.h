/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/* A case's applicants as the table that the authority's system (AMS) takes in: columns are the
 * office's data (rules/ams.tsv), a file has at most MP_AMS_ROWS people, addresses are in lower
 * case, and no cell is a formula to a spreadsheet. Identity numbers stand whole: the table goes to
 * one file of the office's (0600), or to the official of the step where the office allows it. Pure.
 */

#include "case/case.h"

enum { MP_AMS_ROWS = 100, MP_AMS_DOCUMENT_BYTES = 1024 * 1024 };

typedef struct MpAms MpAms;

/* CONFIG "NAME:LINE: …". */
MpAms *mp_ams_parse(const char *name, const char *bytes, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Those applicants who have no outcome yet, as CSV (char *), several where there are more than
 * MP_AMS_ROWS. INPUT when nobody waits. */
GPtrArray *
mp_ams_tables(const MpAms *ams, const MpCase *kase, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* "tabel.csv" for the only one, else "tabel-2.csv" for the second (at 1). */
char *mp_ams_filename(const char *path, guint at, guint n);
void mp_ams_free(MpAms *ams);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(MpAms, mp_ams_free)

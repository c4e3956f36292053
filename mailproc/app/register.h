/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/* The register of certificates as offices exchange it: CSV with a head line, comma or semicolon,
 * one certificate a row. Pure but for what its callers give it.
 */

#include "ports/ports.h"

/* Reads all rows (MpHolder). What is wrong with a row goes to `problems` as "NAME:LINE: reason"
 * (char *), and the rows are then worth nothing. */
GPtrArray *
mp_register_read_csv(const char *name, const char *bytes, gsize length, GPtrArray *problems);
/* The head line, and one line of the same columns. A cell that a spreadsheet would take for a
 * formula begins with an apostrophe, which reading takes off again. */
char *mp_register_csv_head(void);
char *mp_register_csv_line(const MpHolder *holder, const char *today);
/* One cell of a line, as above; `place` 0 is the first. */
void mp_register_append_cell(GString *line, gsize place, const char *cell);
/* "active", "expired" (its day is over on `today`), "revoked", "renewed", "unknown". */
const char *mp_register_state(const MpHolder *holder, const char *today);
/* TRUE when the holder's certificate is good on `today`. */
gboolean mp_register_is_active(const MpHolder *holder, const char *today);
/* ISO day so many days later (or earlier); NULL for no day. */
char *mp_register_day_after(const char *day, int days);
/* The smallest of 30, 14, 7 and 1 that is not below the days left; 0 = nothing to say yet, or the
 * certificate is over. */
int mp_register_stage(const char *valid_until, const char *today);
/* ISO day of a person's birth by the first eight digits of a NIP, or NULL. */
char *mp_register_birth(const char *nip);

/* Ages of retirement (rules/pensiun.tsv). */
typedef struct MpRetirement MpRetirement;

MpRetirement *
mp_retirement_parse(const char *name, const char *bytes, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Age of a position's class; 0 = no class has it. */
int mp_retirement_age(const MpRetirement *retirement, const char *position);
/* ISO day on which the holder retires by NIP and position; NULL = not known. */
char *mp_retirement_day(const MpRetirement *retirement, const MpHolder *holder);
void mp_retirement_free(MpRetirement *retirement);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(MpHolder, mp_holder_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC(MpRetirement, mp_retirement_free)

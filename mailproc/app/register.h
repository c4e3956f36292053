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
/* "active", "expired" (its day is over on `today`), "revoked", "renewed", "unknown". */
const char *mp_register_state(const MpHolder *holder, const char *today);
/* TRUE when the holder's certificate is good on `today`. */
gboolean mp_register_is_active(const MpHolder *holder, const char *today);
/* ISO day so many days later (or earlier); NULL for no day. */
char *mp_register_day_after(const char *day, int days);
/* ISO day of a person's birth by the first eight digits of a NIP, or NULL. */
char *mp_register_birth(const char *nip);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(MpHolder, mp_holder_free)

/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/* cmocka with the asserts of this project: GErrors by code, texts with both sides printed, and a
 * table whose rows are tests of their own name. */

#include "base/base.h"

#include <glib.h>

/* cmocka.h needs these four before it. */
/* clang-format off */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
/* clang-format on */

#define assert_no_gerror(error) mp_assert_no_gerror((error), __FILE__, __LINE__)
/* The error is set, of our domain and has this code; prints it otherwise. */
#define assert_gerror(error, code) mp_assert_gerror((error), (code), __FILE__, __LINE__)
/* Equal texts (NULL equals NULL only). */
#define assert_text(got, want) mp_assert_text((got), (want), __FILE__, __LINE__)
/* `part` stands somewhere in `text`. */
#define assert_contains(text, part) mp_assert_contains((text), (part), TRUE, __FILE__, __LINE__)
#define assert_lacks(text, part) mp_assert_contains((text), (part), FALSE, __FILE__, __LINE__)

void mp_assert_no_gerror(const GError *error, const char *file, int line);
void mp_assert_gerror(const GError *error, MpErrorCode code, const char *file, int line);
void mp_assert_text(const char *got, const char *want, const char *file, int line);
void
mp_assert_contains(const char *text, const char *part, gboolean want, const char *file, int line);

/* Runs `n` rows of `row_bytes` each as one test a row; the row's first member is its name
 * (const char *), `test` gets the row as *state. */
int mp_run_rows(
    const char *group, const void *rows, size_t row_bytes, size_t n, CMUnitTestFunction test);
#define run_rows(group, rows, test)                                                                \
    mp_run_rows((group), (rows), sizeof((rows)[0]), G_N_ELEMENTS(rows), (test))

/* Whole file below the test data directory (MP_TEST_DATA), NUL-terminated; fails the test if it
 * cannot be read. */
char *mp_test_data(const char *path, size_t *length_out);

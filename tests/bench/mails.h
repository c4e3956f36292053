/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/* What the benches share: request letters in any number, each a letter of its own (number,
 * applicant, Message-ID), and lines of figures "name n ns/op peakRSS". */

#include <glib.h>

typedef enum {
    MP_BENCH_PLAIN, /* letter in the mail, a photo attached */
    MP_BENCH_PDF,   /* letter in the mail, and in a PDF with text */
} MpBenchPaper;

/* The i-th mail, CRLF, about `bytes` long (at least 3 KiB), from mp_bench_sender(i). */
char *mp_bench_mail(guint i, gsize bytes, MpBenchPaper paper, gsize *length_out);
char *mp_bench_sender(guint i);

/* "name n ns/op peakRSS", the last in KiB, of this process. */
void mp_bench_print(const char *name, guint n, gint64 spent_us);
/* Ends the program when `is_done` is not. */
void mp_bench_check(gboolean is_done, GError *error);
/* Writes DIR/mailproc.conf, the office of tests/data/letters with this tree's rules and templates;
 * the path. */
char *mp_bench_config(const char *dir);

/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/* The demo's parts: invented letters (demo-letters.c), the people who answer (demo.c), and the
 * table and the report at the end (demo-end.c). The demo works through the same pipeline as the
 * service, with Maildirs for the mailbox and the sender and a clock that it sets itself.
 */

#include "app/app.h"

typedef struct {
    const char *place;   /* office of the demo that gets it */
    const char *service; /* what is asked for */
    const char *office;  /* the OPD that writes */
    const char *sender;
    const char *subject, *number, *body;
    const char *applicant_address, *applicant;
    const char *papers[4]; /* attachments, NULL after the last */
    const char *sop;       /* procedure in place of the default one, or NULL */
} MpDemoLetter;

extern const MpDemoLetter mp_demo_letters[];
extern const gsize mp_demo_n_letters;

/* The letter as the OPD's mail program sends it; `n` makes its Message-ID. */
char *mp_demo_letter_mail(const MpDemoLetter *letter, const char *to, const char *date, guint n);
/* The cases of one office as a table; how many are finished. */
guint mp_demo_print_table(const char *place, const MpApp *app);
/* One page about the cases of all offices (MpApp), from the first day to now. */
gboolean mp_demo_write_report(const GPtrArray *apps,
                              gint64 from_utc,
                              const char *path,
                              GError **error) G_GNUC_WARN_UNUSED_RESULT;

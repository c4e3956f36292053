/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/* An office in a scratch folder: Maildir in, Maildir out, a store, and the configuration of
 * tests/data/letters with other lines of [limits]. */

#include <glib.h>

typedef struct {
    char *dir, *config;
    guint n_mails;
} Office;

/* `limits`: lines of [limits], or "". */
Office *office_new(const char *limits);
void office_free(Office *office);
/* A letter in the mailbox whose subject is `subject`. */
void office_put(Office *office, const char *subject);
/* The same letter as bytes. */
GBytes *office_letter(const char *subject);
/* Most memory, in KiB, that any child of this process held that has ended. */
guint64 office_children_peak_kb(void);
/* Runs the program to its end with this office. `setting`: one NAME=VALUE for its environment, or
 * NULL. Returns the exit code. */
int office_call(const Office *office,
                const char *setting,
                const char *const *arguments,
                char **out,
                char **err);

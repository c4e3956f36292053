/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Which listed UIDs are new. */

#include "intake/intake.h"
#include "support/asserts.h"

typedef struct {
    const char *name;
    MpCursor cursor;
    guint32 validity;
    guint32 listed[6];
    gsize n_listed;
    gsize max;
    const char *want; /* UIDs, blank separated */
} Plan;

static const Plan plans[] = {
    {"first look takes everything", {0, 0}, 9, {3, 1, 2}, 3, 0, "1 2 3"},
    {"only what is above the cursor", {9, 2}, 9, {1, 2, 3, 4}, 4, 0, "3 4"},
    {"nothing new is an empty plan", {9, 4}, 9, {1, 2, 3, 4}, 4, 0, ""},
    {"empty mailbox", {9, 4}, 9, {0}, 0, 0, ""},
    {"another validity begins anew", {9, 4}, 10, {1, 2}, 2, 0, "1 2"},
    {"a lower validity begins anew too", {9, 4}, 8, {1, 5}, 2, 0, "1 5"},
    {"doubled UIDs count once", {9, 0}, 9, {7, 7, 5, 7, 5, 7}, 6, 0, "5 7"},
    {"UID 0 does not exist", {9, 0}, 9, {0, 1}, 2, 0, "1"},
    {"the highest UID is one", {9, 4294967294u}, 9, {4294967295u, 4294967294u}, 2, 0, "4294967295"},
    {"at most so many, the oldest first", {9, 0}, 9, {5, 4, 3, 2, 1}, 5, 2, "1 2"},
    {"as many as there are", {9, 0}, 9, {2, 1}, 2, 2, "1 2"},
};

static void
plan_row(void **state)
{
    const Plan *row = *state;
    g_autoptr(GArray) uids =
        mp_intake_plan(&row->cursor, row->validity, row->listed, row->n_listed, row->max);
    g_autoptr(GString) got = g_string_new(NULL);

    for (guint i = 0; i < uids->len; i++)
        g_string_append_printf(got, "%s%u", i > 0 ? " " : "", g_array_index(uids, guint32, i));
    assert_text(got->str, row->want);
}

int
main(void)
{
    return run_rows("plans", plans, plan_row);
}

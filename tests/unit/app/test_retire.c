/* SPDX-License-Identifier: GPL-3.0-or-later */

/* When somebody retires, by the NIP and the tree's own table of ages. */

#include "app/register.h"
#include "support/asserts.h"

typedef struct {
    const char *name, *position, *nip, *want;
} RetireRow;

static const RetireRow retire_rows[] = {
    {"an ordinary official", "Analis", "196812122006041999", "2027-01-01"},
    {"a head of office", "KEPALA DINAS Sosial", "196812122006041999", "2029-01-01"},
    {"no position", NULL, "196801012006041999", "2026-02-01"},
    {"a NIP that tells no birth", NULL, "196813122006041999", NULL},
    {"no NIP", NULL, NULL, NULL},
};

static void
retire_row(void **state)
{
    const RetireRow *row = *state;
    g_autofree char *bytes = NULL;
    g_autoptr(GError) error = NULL;
    const MpHolder holder = {.nip = (char *)row->nip, .position = (char *)row->position};

    assert_true(g_file_get_contents(MP_SOURCE_DIR "/rules/pensiun.tsv", &bytes, NULL, NULL));
    g_autoptr(MpRetirement) ages = mp_retirement_parse("pensiun.tsv", bytes, &error);
    assert_no_gerror(error);
    g_autofree char *day = mp_retirement_day(ages, &holder);
    assert_text(day, row->want);
}

static void
bad_age_is_named_with_its_line(void **state)
{
    g_autoptr(GError) error = NULL;

    (void)state;
    assert_null(mp_retirement_parse("pensiun.tsv", "# x\na\t*\t81\n", &error));
    assert_gerror(error, MP_ERROR_CONFIG);
    assert_contains(error->message, "pensiun.tsv:2:");
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(bad_age_is_named_with_its_line),
    };

    return run_rows("days of retirement", retire_rows, retire_row) +
           cmocka_run_group_tests(tests, NULL, NULL);
}

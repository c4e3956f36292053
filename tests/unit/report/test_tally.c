/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Percentiles by nearest rank. */
#include "report/report-private.h"
#include "support/asserts.h"

typedef struct {
    const char *name;
    gint64 values[12];
    guint n;
    gint64 median, p90, most;
} Row;

static const Row rows[] = {
    {"nothing at all is nought", {0}, 0, 0, 0, 0},
    {"one value is all of them", {7}, 1, 7, 7, 7},
    {"of two the lower is the median", {9, 3}, 2, 3, 9, 9},
    {"of three the middle one is the median", {5, 1, 3}, 3, 3, 5, 5},
    {"of ten the ninth is the 90th percentile", {10, 9, 8, 7, 6, 5, 4, 3, 2, 1}, 10, 5, 9, 10},
    {"of eleven the tenth is the 90th percentile",
     {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11},
     11,
     6,
     10,
     11},
    {"equal values count each", {4, 4, 4, 4, 100}, 5, 4, 100, 100},
    {"nought is a value", {0, 0, 8}, 3, 0, 8, 8},
    {"large values stay exact", {3000000000, 3000000001}, 2, 3000000000, 3000000001, 3000000001},
};

static void
test_row(void **state)
{
    const Row *row = *state;
    MpTally tally = {0};

    for (guint i = 0; i < row->n; i++)
        mp_tally_add(&tally, row->values[i]);
    assert_int_equal(tally.n, row->n);
    assert_int_equal(mp_tally_percentile(&tally, 50), row->median);
    assert_int_equal(mp_tally_percentile(&tally, 90), row->p90);
    assert_int_equal(mp_tally_max(&tally), row->most);
    mp_tally_clear(&tally);
    assert_int_equal(mp_tally_percentile(&tally, 50), 0);
}

/* A million measurements of a hundred lengths are a hundred entries. */
static void
test_memory(void **state)
{
    MpTally tally = {0};

    (void)state;
    for (guint i = 0; i < 100000; i++)
        mp_tally_add(&tally, (i * 7919) % 100);
    assert_int_equal(tally.n, 100000);
    assert_int_equal(tally.entries->len, 100);
    assert_int_equal(mp_tally_percentile(&tally, 50), 49);
    assert_int_equal(mp_tally_percentile(&tally, 90), 89);
    assert_int_equal(mp_tally_percentile(&tally, 100), 99);
    mp_tally_clear(&tally);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_memory)};
    int failed = run_rows("percentiles", rows, test_row);

    return cmocka_run_group_tests_name("memory", tests, NULL, NULL) + failed;
}

/* SPDX-License-Identifier: GPL-3.0-or-later */

/* One mail that kills its reader each time ends in quarantine, wherever it stands, and the others
 * are worked as if it were not there. And the cage changes nothing of what is read. */

#include "limits/office.h"

#include "support/asserts.h"

enum { MAILS = 100 };

typedef struct {
    const char *sentence;
    const char *how;
    guint position; /* of the poisoned mail, from 0 */
} Row;

/* clang-format off */
static Row rows[] = {
    {"F-06 the first of 100 aborts", "abort", 0},
    {"F-06 the middle of 100 aborts", "abort", 50},
    {"F-06 the last of 100 aborts", "abort", 99},
    {"F-06 the middle of 100 hangs", "hang", 50},
    {"F-06 the middle of 100 eats memory", "eat", 50},
};

/* clang-format on */

static guint
count_of(const char *text, const char *part)
{
    guint n = 0;

    for (const char *at = strstr(text, part); at != NULL; at = strstr(at + 1, part))
        n++;
    return n;
}

static void
others_flow(void **state)
{
    const Row *row = *state;
    Office *office = office_new("reader_wall = 1s");
    g_autofree char *setting = g_strconcat("MP_READER_TEST=", row->how, " racun", NULL);
    g_autofree char *out = NULL;
    g_autofree char *err = NULL;
    g_autofree char *again = NULL;
    const char *once[] = {"once", NULL};

    for (guint i = 0; i < MAILS; i++) {
        g_autofree char *subject =
            g_strdup_printf("%s-%u", i == row->position ? "racun" : "surat", i);

        office_put(office, subject);
    }
    assert_int_equal(office_call(office, setting, once, &out, &err), 0);
    assert_contains(out, "taken 100, decided 100");
    assert_int_equal(count_of(err, "event=reader.died"), 3);
    assert_int_equal(count_of(err, "end=quarantined"), 1);
    assert_int_equal(count_of(err, "event=mail.decided"), MAILS);
    assert_int_equal(office_call(office, setting, once, &again, NULL), 0);
    assert_contains(again, "taken 0, decided 0");
    office_free(office);
}

static void
cage_changes_no_answer(void **state)
{
    Office *office = office_new("");
    g_autofree char *dir = g_build_filename(g_getenv("MP_TEST_DATA"), "letters", NULL);
    g_autoptr(GDir) listing = g_dir_open(dir, 0, NULL);
    g_autoptr(GPtrArray) arguments = g_ptr_array_new_with_free_func(g_free);
    g_autofree char *locked = NULL;
    g_autofree char *open = NULL;
    const char *name;

    (void)state;
    g_ptr_array_add(arguments, g_strdup("explain"));
    g_ptr_array_add(arguments, g_strdup("--json"));
    g_ptr_array_add(arguments, g_strdup("--now=2026-11-20T09:00:00+07:00"));
    while ((name = g_dir_read_name(listing)) != NULL)
        if (g_str_has_suffix(name, ".eml"))
            g_ptr_array_add(arguments, g_build_filename(dir, name, NULL));
    g_ptr_array_add(arguments, NULL);
    assert_true(arguments->len > 100);
    (void)office_call(office, NULL, (const char *const *)arguments->pdata, &locked, NULL);
    (void)office_call(
        office, "MP_READER_TEST=open", (const char *const *)arguments->pdata, &open, NULL);
    assert_int_equal(count_of(locked, "\n"), arguments->len - 4);
    assert_string_equal(locked, open);
    office_free(office);
}

int
main(void)
{
    struct CMUnitTest tests[G_N_ELEMENTS(rows) + 1];

    for (gsize i = 0; i < G_N_ELEMENTS(rows); i++)
        tests[i] = (struct CMUnitTest){
            .name = rows[i].sentence, .test_func = others_flow, .initial_state = &rows[i]};
    tests[G_N_ELEMENTS(rows)] = (struct CMUnitTest)cmocka_unit_test(cage_changes_no_answer);
    return cmocka_run_group_tests_name("poison", tests, NULL, NULL);
}

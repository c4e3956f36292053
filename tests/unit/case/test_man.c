/* SPDX-License-Identifier: GPL-3.0-or-later */

/* mailproc-sop(5) names every word that a procedure may use, and words.c knows what it names. */

#include "walk.h"

#include "case/sop-private.h"

static char *
read_man(void)
{
    gsize length;

    return walk_read("mailproc/man/mailproc-sop.5", &length);
}

static void
test_events(void **state G_GNUC_UNUSED)
{
    g_autofree char *man = read_man();
    const char *const *events = mp_sop_event_names();

    for (guint i = 0; events[i] != NULL; i++)
        assert_contains(man, events[i]);
}

static void
test_guards(void **state G_GNUC_UNUSED)
{
    g_autofree char *man = read_man();

    for (guint i = 0; mp_guard_name(i) != NULL; i++)
        assert_contains(man, mp_guard_name(i));
    assert_false(mp_guard_exists("complete"));
}

static void
test_actions(void **state G_GNUC_UNUSED)
{
    static const char *const names[] = {
#define X(id, name, arguments) ".It Cm " name,
        MP_SOP_ACTIONS(X)
#undef X
    };
    g_autofree char *man = read_man();

    for (gsize i = 0; i < G_N_ELEMENTS(names); i++)
        assert_contains(man, names[i]);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_events),
        cmocka_unit_test(test_guards),
        cmocka_unit_test(test_actions),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The framing guard over whole answers, and again one byte at a time. */

#include "ports/imap-private.h"
#include "support/asserts.h"

typedef struct {
    const char *name;
    const char *bytes;
    gsize max_literal;
    gsize max_total;
    MpGuardVerdict want;
} Row;

static const Row rows[] = {
    {"T-21 plain lines are fine", "* OK hello\r\n* 3 EXISTS\r\n", 10, 100, MP_GUARD_FINE},
    {"T-21 a literal of the limit is fine",
     "* 1 FETCH (BODY[] {5}\r\n(((((\r\n)",
     5,
     100,
     MP_GUARD_FINE},
    {"T-21 a literal one over the limit is refused",
     "* 1 FETCH (BODY[] {6}\r\n",
     5,
     100,
     MP_GUARD_LITERAL},
    {"T-21 a literal of four gibibytes is refused",
     "x {4294967290}\r\n",
     1000,
     100,
     MP_GUARD_LITERAL},
    {"T-21 a literal number beyond 64 bits does not overflow",
     "x {99999999999999999999999999}\r\n",
     1000,
     100,
     MP_GUARD_LITERAL},
    {"T-21 a non-synchronising literal counts too", "x {6+}\r\n", 5, 100, MP_GUARD_LITERAL},
    {"T-21 a literal with bare line feed counts too", "x {6}\n", 5, 100, MP_GUARD_LITERAL},
    {"T-21 braces inside a line are text", "* OK {6} is text\r\n", 5, 100, MP_GUARD_FINE},
    {"T-21 braces without number are text", "* OK {a}\r\n", 5, 100, MP_GUARD_FINE},
    {"T-21 a literal inside an open quote counts", "x \"a {6}\r\n", 5, 100, MP_GUARD_LITERAL},
    {"T-21 bytes of the budget are fine", "0123456789", 5, 10, MP_GUARD_FINE},
    {"T-21 one byte over the budget is refused", "01234567890", 5, 10, MP_GUARD_BUDGET},
    {"T-21 parentheses in a quoted string do not nest",
     "x \"((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((\"\r\n",
     5,
     100,
     MP_GUARD_FINE},
    {"T-21 an escaped quote does not end the string",
     "x \"\\\"((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((\"\r\n",
     5,
     100,
     MP_GUARD_FINE},
    {"T-21 after a literal the nesting goes on",
     "((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((({2}\r\nab((\r\n",
     5,
     100,
     MP_GUARD_DEPTH},
};

static void
whole(void **state)
{
    const Row *row = *state;
    MpStreamGuard guard;

    mp_stream_guard_init(&guard, row->max_literal);
    mp_stream_guard_expect(&guard, row->max_total);
    assert_int_equal(mp_stream_guard_feed(&guard, row->bytes, strlen(row->bytes)), row->want);
}

static void
by_single_bytes(void **state)
{
    const Row *row = *state;
    MpStreamGuard guard;
    MpGuardVerdict got = MP_GUARD_FINE;

    mp_stream_guard_init(&guard, row->max_literal);
    mp_stream_guard_expect(&guard, row->max_total);
    for (const char *c = row->bytes; *c != '\0' && got == MP_GUARD_FINE; c++)
        got = mp_stream_guard_feed(&guard, c, 1);
    assert_int_equal(got, row->want);
}

static MpGuardVerdict
feed_run(char c, gsize n)
{
    g_autofree char *bytes = g_malloc(n + 1);
    MpStreamGuard guard;

    memset(bytes, c, n);
    bytes[n] = '\n';
    mp_stream_guard_init(&guard, 5);
    return mp_stream_guard_feed(&guard, bytes, n + 1);
}

static void
a_line_may_have_one_mebibyte_and_no_more(void **state)
{
    (void)state;
    assert_int_equal(feed_run('x', MP_GUARD_LINE_BYTES), MP_GUARD_FINE);
    assert_int_equal(feed_run('x', MP_GUARD_LINE_BYTES + 1), MP_GUARD_LINE);
}

static void
parentheses_may_nest_64_deep_and_no_deeper(void **state)
{
    (void)state;
    assert_int_equal(feed_run('(', MP_GUARD_DEPTH_MAX), MP_GUARD_FINE);
    assert_int_equal(feed_run('(', MP_GUARD_DEPTH_MAX + 1), MP_GUARD_DEPTH);
}

static void
each_command_has_its_own_budget(void **state)
{
    MpStreamGuard guard;

    (void)state;
    mp_stream_guard_init(&guard, 5);
    mp_stream_guard_expect(&guard, 4);
    assert_int_equal(mp_stream_guard_feed(&guard, "abc\n", 4), MP_GUARD_FINE);
    mp_stream_guard_expect(&guard, 4);
    assert_int_equal(mp_stream_guard_feed(&guard, "abc\n", 4), MP_GUARD_FINE);
    assert_int_equal(mp_stream_guard_feed(&guard, "a", 1), MP_GUARD_BUDGET);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_line_may_have_one_mebibyte_and_no_more),
        cmocka_unit_test(parentheses_may_nest_64_deep_and_no_deeper),
        cmocka_unit_test(each_command_has_its_own_budget),
    };

    return run_rows("guard, whole answers", rows, whole) +
           run_rows("guard, byte by byte", rows, by_single_bytes) +
           cmocka_run_group_tests_name("guard, limits", tests, NULL, NULL);
}

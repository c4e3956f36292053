/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "support/asserts.h"

typedef struct {
    const char *name;
    MpErrorCode code;
    const char *want_name;
    int want_exit;
} Row;

static const Row rows[] = {
    {"bad input data is 65", MP_ERROR_INPUT, "input", 65},
    {"over a limit is 65", MP_ERROR_LIMIT, "limit", 65},
    {"a wrong call is 64", MP_ERROR_USAGE, "usage", 64},
    {"a wrong configuration is 78", MP_ERROR_CONFIG, "config", 78},
    {"a server out of reach is 75", MP_ERROR_UNREACHABLE, "unreachable", 75},
    {"a server that wants us later is 75", MP_ERROR_REFUSED_SOON, "refused-soon", 75},
    {"a server that refuses is 69", MP_ERROR_REFUSED, "refused", 69},
    {"a mail of unknown fate is 75", MP_ERROR_UNCERTAIN, "uncertain", 75},
    {"storage is 74", MP_ERROR_STORAGE, "storage", 74},
    {"a shutdown is 0", MP_ERROR_CANCELLED, "cancelled", 0},
};

static void
test_code(void **state)
{
    const Row *row = *state;
    g_autoptr(GError) error = g_error_new(MP_ERROR, (gint)row->code, "x");

    assert_text(mp_error_name(row->code), row->want_name);
    assert_int_equal(mp_error_exit(row->code), row->want_exit);
    assert_int_equal(mp_error_exit_of(error), row->want_exit);
    assert_true(strlen(mp_error_cure(row->code)) > 10);
}

static void
test_foreign_error(void **state)
{
    g_autoptr(GError) error = g_error_new(G_FILE_ERROR, G_FILE_ERROR_NOSPC, "x");

    (void)state;
    assert_int_equal(mp_error_exit_of(error), 74);
    assert_int_equal(mp_error_exit_of(NULL), 0);
}

static void
test_every_code_has_a_row(void **state)
{
    (void)state;
    assert_int_equal(G_N_ELEMENTS(rows), MP_ERROR_N);
}

static void
test_trust_names(void **state)
{
    MpTrustLevel level = MP_TRUST_N;

    (void)state;
    for (guint i = 0; i < MP_TRUST_N; i++) {
        assert_true(mp_trust_from_string(mp_trust_to_string((MpTrustLevel)i), &level));
        assert_int_equal(level, i);
    }
    assert_false(mp_trust_from_string("Signed", &level));
    assert_false(mp_trust_from_string("", &level));
    assert_false(mp_trust_from_string(NULL, &level));
    assert_int_equal(level, MP_TRUST_SIGNED);
}

static void
test_trust_order(void **state)
{
    (void)state;
    assert_true(MP_TRUST_NONE < MP_TRUST_ADDRESS);
    assert_true(MP_TRUST_ADDRESS < MP_TRUST_ALIGNED);
    assert_true(MP_TRUST_ALIGNED < MP_TRUST_CAPABILITY);
    assert_true(MP_TRUST_CAPABILITY < MP_TRUST_SIGNED);
}

static void
test_limits(void **state)
{
    MpLimits limits = mp_limits_default();

    (void)state;
    assert_int_equal(limits.message_bytes, 25 * 1024 * 1024);
    assert_int_equal(limits.match_steps, 100000);
    assert_int_equal(limits.commands, 50);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        {"an error of another library counts as storage", test_foreign_error, NULL, NULL, NULL},
        {"every code has its row here", test_every_code_has_a_row, NULL, NULL, NULL},
        {"names of trust levels read back", test_trust_names, NULL, NULL, NULL},
        {"trust levels rise", test_trust_order, NULL, NULL, NULL},
        {"limits have their defaults", test_limits, NULL, NULL, NULL},
    };

    return run_rows("error: codes", rows, test_code) +
           cmocka_run_group_tests_name("error", tests, NULL, NULL);
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "support/asserts.h"

void
mp_assert_no_gerror(const GError *error, const char *file, int line)
{
    if (error != NULL) {
        print_error("unexpected error: %s\n", error->message);
        _fail(file, line);
    }
}

void
mp_assert_gerror(const GError *error, MpErrorCode code, const char *file, int line)
{
    if (error == NULL) {
        print_error("no error, want '%s'\n", mp_error_name(code));
        _fail(file, line);
    } else if (!g_error_matches(error, MP_ERROR, (gint)code)) {
        print_error(
            "got error '%s' (%d), want '%s'\n", error->message, error->code, mp_error_name(code));
        _fail(file, line);
    }
}

void
mp_assert_text(const char *got, const char *want, const char *file, int line)
{
    if (g_strcmp0(got, want) != 0) {
        print_error("got:  «%s»\nwant: «%s»\n", got ? got : "(null)", want ? want : "(null)");
        _fail(file, line);
    }
}

void
mp_assert_contains(const char *text, const char *part, gboolean want, const char *file, int line)
{
    gboolean is_in = text != NULL && strstr(text, part) != NULL;

    if (is_in != want) {
        print_error("«%s»\n%s «%s»\n", text ? text : "(null)", want ? "lacks" : "holds", part);
        _fail(file, line);
    }
}

int
mp_run_rows(
    const char *group, const void *rows, size_t row_bytes, size_t n, CMUnitTestFunction test)
{
    g_autofree struct CMUnitTest *tests = g_new0(struct CMUnitTest, n);

    for (size_t i = 0; i < n; i++) {
        const char *row = (const char *)rows + i * row_bytes;

        tests[i].name = *(const char *const *)row;
        tests[i].test_func = test;
        tests[i].initial_state = (void *)row;
    }
    return _cmocka_run_group_tests(group, tests, n, NULL, NULL);
}

char *
mp_test_data(const char *path, size_t *length_out)
{
    const char *root = g_getenv("MP_TEST_DATA");
    g_autofree char *full = g_build_filename(root ? root : "tests/data", path, NULL);
    char *bytes = NULL;
    gsize length = 0;
    g_autoptr(GError) error = NULL;

    if (!g_file_get_contents(full, &bytes, &length, &error))
        mp_assert_no_gerror(error, __FILE__, __LINE__);
    if (length_out != NULL)
        *length_out = length;
    return bytes;
}

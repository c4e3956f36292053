/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Files and secrets: bounds, modes, and commands that hang, fail or say nothing. */

#include "unit/ports/store_fixture.h"

#include <sys/stat.h>
#include <unistd.h>

static char *
write_file(const char *dir, const char *name, const char *bytes, gssize length, int mode)
{
    char *path = g_build_filename(dir, name, NULL);

    assert_true(g_file_set_contents(path, bytes, length, NULL));
    assert_int_equal(g_chmod(path, mode), 0);
    return path;
}

/* --- reading --- */

static void
file_at_the_limit_is_read_and_one_more_is_not(void **state)
{
    g_autofree char *dir = make_dir();
    g_autofree char *path = write_file(dir, "f", "0123456789", 10, 0644);
    g_autofree char *bytes = NULL;
    g_autoptr(GError) error = NULL;
    gsize length = 77;

    (void)state;
    MUST(mp_files_read(path, 10, &bytes, &length, &why));
    assert_int_equal(length, 10);
    assert_text(bytes, "0123456789");
    length = 77;
    char *untouched = NULL;
    assert_false(mp_files_read(path, 9, &untouched, &length, &error));
    assert_gerror(error, MP_ERROR_LIMIT);
    assert_int_equal(length, 77);
    assert_null(untouched);
    remove_dir(dir);
}

static void
bytes_with_nul_come_whole(void **state)
{
    g_autofree char *dir = make_dir();
    g_autofree char *path = write_file(dir, "f", "a\0b", 3, 0644);
    g_autofree char *bytes = NULL;
    gsize length = 0;

    (void)state;
    MUST(mp_files_read(path, 100, &bytes, &length, &why));
    assert_int_equal(length, 3);
    assert_memory_equal(bytes, "a\0b\0", 4);
    remove_dir(dir);
}

static void
pipe_and_directory_are_no_files(void **state)
{
    g_autofree char *dir = make_dir();
    g_autofree char *fifo = g_build_filename(dir, "fifo", NULL);
    g_autofree char *bytes = NULL;
    g_autoptr(GError) error = NULL;
    gsize length = 0;

    (void)state;
    assert_int_equal(mkfifo(fifo, 0600), 0);
    assert_false(mp_files_read(fifo, 100, &bytes, &length, &error));
    assert_gerror(error, MP_ERROR_CONFIG);
    assert_contains(error->message, "not a regular file");
    g_clear_error(&error);
    assert_false(mp_files_read(dir, 100, &bytes, &length, &error));
    assert_gerror(error, MP_ERROR_CONFIG);
    g_clear_error(&error);
    assert_false(mp_files_read("/no/such/file", 100, &bytes, &length, &error));
    assert_gerror(error, MP_ERROR_CONFIG);
    remove_dir(dir);
}

static void
names_are_listed_by_byte(void **state)
{
    g_autofree char *dir = make_dir();
    g_autofree char *b = write_file(dir, "b.rules", "", 0, 0644);
    g_autofree char *a = write_file(dir, "a.rules", "", 0, 0644);
    g_autofree char *z = write_file(dir, "Z.rules", "", 0, 0644);
    g_autofree char *other = write_file(dir, "a.rules~", "", 0, 0644);
    g_auto(GStrv) names = mp_files_list(dir, ".rules", NULL);
    g_autofree char *joined = g_strjoinv(" ", names);
    g_autoptr(GError) error = NULL;

    (void)state;
    assert_text(joined, "Z.rules a.rules b.rules");
    assert_null(mp_files_list("/no/such/dir", "", &error));
    assert_gerror(error, MP_ERROR_CONFIG);
    remove_dir(dir);
}

/* --- secrets --- */

typedef struct {
    const char *name;
    const char *content;
    int mode;
    const char *want;         /* NULL = refused */
    const char *want_message; /* part of it */
} Secret;

static const Secret secrets[] = {
    {"first line is the secret", "rahasia\nmore\n", 0600, "rahasia", NULL},
    {"no line end is needed", "rahasia", 0400, "rahasia", NULL},
    {"CRLF ends a line too", "rahasia\r\n", 0600, "rahasia", NULL},
    {"blanks belong to the secret", " a b \n", 0600, " a b ", NULL},
    {"group may not read it", "rahasia\n", 0640, NULL, "others may read it"},
    {"others may not read it", "rahasia\n", 0604, NULL, "others may read it"},
    {"others may not even write it", "rahasia\n", 0602, NULL, "others may read it"},
    {"empty file is no secret", "", 0600, NULL, "the first line is empty"},
    {"empty first line is no secret", "\nrahasia\n", 0600, NULL, "the first line is empty"},
};

static void
secret_row(void **state)
{
    const Secret *row = *state;
    g_autofree char *dir = make_dir();
    g_autofree char *path = write_file(dir, "secret", row->content, -1, row->mode);
    g_autoptr(GError) error = NULL;
    g_autofree char *got = mp_files_read_secret(path, &error);

    assert_text(got, row->want);
    if (row->want == NULL) {
        assert_gerror(error, MP_ERROR_CONFIG);
        assert_contains(error->message, row->want_message);
        assert_lacks(error->message, "rahasia");
    } else {
        assert_no_gerror(error);
    }
    remove_dir(dir);
}

typedef struct {
    const char *name;
    const char *command;
    const char *want;
    const char *want_message;
} Command;

static const Command commands[] = {
    {"first line that it prints", "printf 'rahasia\\nmore\\n'", "rahasia", NULL},
    {"words by shell quoting, no shell", "echo 'a  b' $HOME '*'", "a  b $HOME *", NULL},
    {"exit status is told", "sh -c 'echo rahasia; exit 3'", NULL, "sh: ended with exit status 3"},
    {"signal is told", "sh -c 'kill -9 $$'", NULL, "sh: ended with signal 9"},
    {"silence is no secret", "true", NULL, "the first line is empty"},
    {"program that is not there", "/no/such/program --password rahasia", NULL, "No such file"},
    {"unbalanced quotes", "echo 'rahasia", NULL, "unbalanced quotes"},
    {"empty command", "", NULL, "unbalanced quotes, or empty"},
    {"flood is cut", "yes rahasia", NULL, "prints more than 65536 bytes"},
    {"it cannot wait for our terminal", "sh -c 'read line; echo \"got:$line\"'", "got:", NULL},
};

static void
command_row(void **state)
{
    const Command *row = *state;
    g_autoptr(GError) error = NULL;
    g_autofree char *got = mp_files_run_secret(row->command, &error);

    assert_text(got, row->want);
    if (row->want == NULL) {
        assert_non_null(error);
        assert_contains(error->message, row->want_message);
        assert_lacks(error->message, "rahasia");
    } else {
        assert_no_gerror(error);
    }
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(file_at_the_limit_is_read_and_one_more_is_not),
        cmocka_unit_test(bytes_with_nul_come_whole),
        cmocka_unit_test(pipe_and_directory_are_no_files),
        cmocka_unit_test(names_are_listed_by_byte),
    };

    return run_rows("secrets", secrets, secret_row) + run_rows("commands", commands, command_row) +
           cmocka_run_group_tests(tests, NULL, NULL);
}

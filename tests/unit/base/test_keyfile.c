/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "support/asserts.h"

/* --- what is refused
 * ------------------------------------------------------------------------------ */

typedef struct {
    const char *name, *text, *want;
} Refused;

static const Refused refused[] = {
    {"a key before the first group", "a = 1\n", "f:1: line stands before the first [group]"},
    {"a doubled key names both lines",
     "[g]\na = 1\n\na = 2\n",
     "f:4: key 'a' stands already at line 2"},
    {"a doubled group names both lines",
     "[g]\na = 1\n[h]\n[g]\n",
     "f:4: group [g] stands already at line 1"},
    {"a line without equals sign", "[g]\n# fine\nhello\n", "f:3: line is no 'key = value'"},
    {"a line that begins with an equals sign", "[g]\n= 1\n", "f:2: line is no 'key = value'"},
    {"a group that is not closed", "[g\na = 1\n", "f:1: group header has no closing ']'"},
    {"a group without a name", "[]\n", "f:1: group header"},
    {"bytes that are no UTF-8 have their line",
     "[g]\na = 1\nb = \xc3\x28\n",
     "f:3: text is not UTF-8"},
};

static void
test_refused(void **state)
{
    const Refused *row = *state;
    g_autoptr(GError) error = NULL;
    MpKeyFile *file = mp_keyfile_parse("f", row->text, strlen(row->text), &error);

    assert_null(file);
    assert_gerror(error, MP_ERROR_CONFIG);
    assert_contains(error->message, row->want);
}

/* --- values
 * ---------------------------------------------------------------------------------------- */

typedef struct {
    const char *name, *text, *want;
} Value;

static const Value values[] = {
    {"blanks at both ends are cut", "[g]\nk =  a b  \n", "a b"},
    {"blanks before the equals sign do not matter", "[g]\nk    = a\n", "a"},
    {"no blanks are needed", "[g]\nk=a\n", "a"},
    {"an empty value is empty, not absent", "[g]\nk =\n", ""},
    {"only the first equals sign divides", "[g]\nk = a=b\n", "a=b"},
    {"backslashes stay as they are", "[g]\nk = \\d+\\s\\n\n", "\\d+\\s\\n"},
    {"a hash inside of a value is no comment", "[g]\nk = a # b\n", "a # b"},
    {"a comment line of blanks and hash is skipped", "[g]\n   # k = x\nk = a\n", "a"},
    {"the last line needs no line end", "[g]\nk = a", "a"},
    {"line ends of other systems are cut", "[g]\r\nk = a\r\n", "a"},
    {"letters beyond ASCII are kept", "[g]\nk = Kepala Dinas é…\n", "Kepala Dinas é…"},
    {"a key of the same name in another group is another", "[h]\nk = x\n[g]\nk = a\n", "a"},
    {"a key that is not there has no value", "[g]\nl = a\n", NULL},
    {"a group that is not there has no values", "[h]\nk = a\n", NULL},
};

static void
test_value(void **state)
{
    const Value *row = *state;
    g_autoptr(GError) error = NULL;
    g_autoptr(MpKeyFile) file = mp_keyfile_parse("f", row->text, strlen(row->text), &error);

    assert_no_gerror(error);
    assert_text(mp_keyfile_value(file, "g", "k"), row->want);
}

typedef struct {
    const char *name, *value, *want; /* items joined by | */
} List;

static const List lists[] = {
    {"items are divided by semicolons", "a; b ;c", "a|b|c"},
    {"empty items are dropped", ";a;; b;", "a|b"},
    {"one item is a list of one", "a", "a"},
    {"nothing is a list of none", "", ""},
    {"blanks inside an item stay", "a b; c", "a b|c"},
};

static void
test_list(void **state)
{
    const List *row = *state;
    g_autofree char *text = g_strdup_printf("[g]\nk = %s\n", row->value);
    g_autoptr(MpKeyFile) file = mp_keyfile_parse("f", text, strlen(text), NULL);
    g_auto(GStrv) items = mp_keyfile_list(file, "g", "k");
    g_autofree char *got = g_strjoinv("|", items);

    assert_text(got, row->want);
    assert_null(mp_keyfile_list(file, "g", "other"));
}

/* --- order and lines
 * ----------------------------------------------------------------------------------- */

static const char sample[] = "# head\n[b]\nz = 1\na = 2\n\n[a]\n# note\nm = 3\n";

static void
test_order(void **state)
{
    g_autoptr(MpKeyFile) file = mp_keyfile_parse("f", sample, strlen(sample), NULL);
    const char *const *groups = mp_keyfile_groups(file);
    const char *const *keys = mp_keyfile_keys(file, "b");

    (void)state;
    assert_text(groups[0], "b");
    assert_text(groups[1], "a");
    assert_null(groups[2]);
    assert_text(keys[0], "z");
    assert_text(keys[1], "a");
    assert_null(keys[2]);
    assert_null(mp_keyfile_keys(file, "c"));
    assert_true(mp_keyfile_has_group(file, "a"));
    assert_false(mp_keyfile_has_group(file, "c"));
    assert_text(mp_keyfile_name(file), "f");
}

static void
test_lines(void **state)
{
    g_autoptr(MpKeyFile) file = mp_keyfile_parse("f", sample, strlen(sample), NULL);

    (void)state;
    assert_int_equal(mp_keyfile_line(file, "b", NULL), 2);
    assert_int_equal(mp_keyfile_line(file, "b", "a"), 4);
    assert_int_equal(mp_keyfile_line(file, "a", "m"), 8);
    assert_int_equal(mp_keyfile_line(file, "a", "n"), 0);
    assert_int_equal(mp_keyfile_line(file, "c", NULL), 0);
}

static void
test_refuse(void **state)
{
    g_autoptr(MpKeyFile) file = mp_keyfile_parse("f", sample, strlen(sample), NULL);
    g_autoptr(GError) key = NULL, group = NULL;

    (void)state;
    assert_false(mp_keyfile_refuse(file, "a", "m", &key, "word '%s' is unknown", "x"));
    assert_gerror(key, MP_ERROR_CONFIG);
    assert_text(key->message, "f:8: word 'x' is unknown");
    assert_false(mp_keyfile_refuse(file, "a", "absent", &group, "lacks '%s'", "absent"));
    assert_text(group->message, "f:6: lacks 'absent'");
}

static void
test_empty(void **state)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(MpKeyFile) file = mp_keyfile_parse("f", NULL, 0, &error);

    (void)state;
    assert_no_gerror(error);
    assert_null(mp_keyfile_groups(file)[0]);
}

static void
test_nul_byte(void **state)
{
    g_autoptr(GError) error = NULL;

    (void)state;
    assert_null(mp_keyfile_parse("f", "[g]\nk = a\0b\n", 13, &error));
    assert_gerror(error, MP_ERROR_CONFIG);
    assert_contains(error->message, "f:2:");
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        {"groups and keys come in the order of the file", test_order, NULL, NULL, NULL},
        {"each group and key knows its line", test_lines, NULL, NULL, NULL},
        {"a refusal has the line of the key, else of the group", test_refuse, NULL, NULL, NULL},
        {"an empty file has no groups", test_empty, NULL, NULL, NULL},
        {"a NUL byte is refused with its line", test_nul_byte, NULL, NULL, NULL},
    };

    return run_rows("keyfile: refused", refused, test_refused) +
           run_rows("keyfile: values", values, test_value) +
           run_rows("keyfile: lists", lists, test_list) +
           cmocka_run_group_tests_name("keyfile", tests, NULL, NULL);
}

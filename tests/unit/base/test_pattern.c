/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "support/asserts.h"

typedef struct {
    const char *name, *regex;
    MpPatternFlags flags;
    const char *subject;
    MpMatch want;
    const char *want_group; /* first group, or the whole match when there is none */
} Row;

#define CASELESS MP_PATTERN_CASELESS
#define LINES MP_PATTERN_MULTILINE

static const Row rows[] = {
    {"a word is found", "surat", 0, "sebuah surat dinas", MP_MATCH_YES, "surat"},
    {"a word that is not there is not found", "surat", 0, "sebuah email", MP_MATCH_NO, NULL},
    {"case counts", "surat", 0, "SURAT", MP_MATCH_NO, NULL},
    {"case does not count when asked", "surat", CASELESS, "SURAT", MP_MATCH_YES, "SURAT"},
    {"case-less is more than ASCII", "É", CASELESS, "é", MP_MATCH_YES, "é"},
    {"a dot is one character, not one byte", "^(.)$", 0, "é", MP_MATCH_YES, "é"},
    {"word characters are more than ASCII",
     "^(\\w+)$",
     0,
     "Permohonané",
     MP_MATCH_YES,
     "Permohonané"},
    {"word ends are more than ASCII", "\\bacc\\b", 0, "éacc", MP_MATCH_NO, NULL},
    {"a line begins at the text alone", "^b", 0, "a\nb", MP_MATCH_NO, NULL},
    {"a line begins at each line when asked", "^b", LINES, "a\nb", MP_MATCH_YES, "b"},
    {"a group is given",
     "Nomor\\s*:\\s*(\\S+)",
     0,
     "Nomor : 800/1123/2026 x",
     MP_MATCH_YES,
     "800/1123/2026"},
    {"a group may be empty", "a(.*)b", 0, "ab", MP_MATCH_YES, ""},
    {"nothing matches an empty pattern", "", 0, "", MP_MATCH_YES, ""},
    {"invalid bytes are matched around", "surat", 0, "\xff\xfe surat \xff", MP_MATCH_YES, "surat"},
    {"an invalid byte is no character",
     "a.b",
     0,
     "a\xff"
     "b",
     MP_MATCH_NO,
     NULL},
};

static void
test_match(void **state)
{
    const Row *row = *state;
    g_autoptr(GError) error = NULL;
    g_autoptr(MpPattern) pattern = mp_pattern_new(row->regex, row->flags, NULL, &error);
    MpCaptures captures;
    g_autofree char *group = NULL, *whole = NULL;

    assert_no_gerror(error);
    assert_int_equal(mp_pattern_match(pattern, row->subject, strlen(row->subject), 0, &captures),
                     row->want);
    if (row->want != MP_MATCH_YES)
        return;
    group = mp_pattern_group(row->subject, &captures, 1);
    whole = mp_pattern_group(row->subject, &captures, 0);
    assert_text(group != NULL ? group : whole, row->want_group);
}

typedef struct {
    const char *name, *regex, *want;
} Bad;

static const Bad bad[] = {
    {"an open bracket is refused with PCRE2's words",
     "a(b",
     "missing closing parenthesis at character 3"},
    {"a quantifier of nothing is refused",
     "*a",
     "quantifier does not follow a repeatable item at character 0"},
    {"\\C is refused, it would cut characters", "\\C", "is disabled"},
    {"a pattern that is no UTF-8 is refused", "\xff", "UTF-8 error"},
};

static void
test_bad(void **state)
{
    const Bad *row = *state;
    g_autoptr(GError) error = NULL;

    assert_null(mp_pattern_new(row->regex, 0, NULL, &error));
    assert_gerror(error, MP_ERROR_CONFIG);
    assert_contains(error->message, row->want);
}

/* Patterns that run away on such texts end at the limit, and in no time. */
typedef struct {
    const char *name, *regex, *piece, *tail;
    guint pieces;
} Attack;

static const Attack attacks[] = {
    {"nested quantifiers", "^(a+)+$", "a", "!", 30000},
    {"overlapping alternatives", "^(a|aa)+$", "a", "!", 30000},
    {"blanks before an end that is not there", "\\s+$", " ", "x", 60000},
    {"two stars in a row", ".*.*=.*", "x", "", 60000},
    {"a back reference", "^(.+)\\1+$", "ab", "c", 20000},
    {"quote openers", "(\"[^\"]*\"\\s*)*;", "\"", "x", 60000},
};

static void
test_attack(void **state)
{
    const Attack *row = *state;
    g_autoptr(MpPattern) pattern = mp_pattern_new(row->regex, 0, NULL, NULL);
    GString *subject = g_string_new(NULL);
    gint64 begin, took;
    MpMatch got;

    for (guint i = 0; i < row->pieces; i++)
        g_string_append(subject, row->piece);
    g_string_append(subject, row->tail);
    begin = g_get_monotonic_time();
    got = mp_pattern_match(pattern, subject->str, subject->len, 0, NULL);
    took = g_get_monotonic_time() - begin;
    g_string_free(subject, TRUE);
    assert_int_not_equal(got, MP_MATCH_YES);
    /* No stop-watch: only that nothing runs for minutes, even under a sanitizer. */
    assert_true(took < 20 * G_USEC_PER_SEC);
}

static void
test_step_limit(void **state)
{
    MpLimits few = mp_limits_default();
    g_autoptr(MpPattern) narrow = NULL, wide = NULL;
    const char *text = "aaaaaaaaaaaaaaaaaaaaaaaa!";

    (void)state;
    few.match_steps = 10;
    narrow = mp_pattern_new("^(a+)+$", 0, &few, NULL);
    few.match_steps = G_MAXINT32;
    wide = mp_pattern_new("^(a+)+$", 0, &few, NULL);
    assert_int_equal(mp_pattern_match(narrow, text, strlen(text), 0, NULL), MP_MATCH_LIMIT);
    assert_int_equal(mp_pattern_match(wide, text, 16, 0, NULL), MP_MATCH_YES);
    assert_int_equal(mp_pattern_match(wide, text, strlen(text), 0, NULL), MP_MATCH_NO);
}

static void
test_subject_limit(void **state)
{
    MpLimits ten = mp_limits_default();
    g_autoptr(MpPattern) pattern = NULL;

    (void)state;
    ten.subject_bytes = 10;
    pattern = mp_pattern_new("x", 0, &ten, NULL);
    assert_int_equal(mp_pattern_match(pattern, "123456789x", 10, 0, NULL), MP_MATCH_YES);
    assert_int_equal(mp_pattern_match(pattern, "1234567890x", 11, 0, NULL), MP_MATCH_NO);
}

static void
test_from(void **state)
{
    g_autoptr(MpPattern) pattern = mp_pattern_new("\\bno\\b", 0, NULL, NULL);
    MpCaptures captures;
    const char *text = "no, no";

    (void)state;
    assert_int_equal(mp_pattern_match(pattern, text, strlen(text), 0, &captures), MP_MATCH_YES);
    assert_int_equal(captures.start[0], 0);
    assert_int_equal(mp_pattern_match(pattern, text, strlen(text), 2, &captures), MP_MATCH_YES);
    assert_int_equal(captures.start[0], 4);
    assert_int_equal(captures.end[0], 6);
    assert_int_equal(mp_pattern_match(pattern, text, strlen(text), 6, &captures), MP_MATCH_NO);
    assert_int_equal(mp_pattern_match(pattern, text, strlen(text), 7, &captures), MP_MATCH_NO);
}

static void
test_groups_not_set(void **state)
{
    g_autoptr(MpPattern) pattern = mp_pattern_new("(a)|(b)", 0, NULL, NULL);
    MpCaptures captures;
    g_autofree char *second = NULL;

    (void)state;
    assert_int_equal(mp_pattern_match(pattern, "b", 1, 0, &captures), MP_MATCH_YES);
    assert_null(mp_pattern_group("b", &captures, 1));
    second = mp_pattern_group("b", &captures, 2);
    assert_text(second, "b");
    assert_int_equal(captures.start[8], -1);
}

static void
test_ten_groups(void **state)
{
    g_autoptr(MpPattern) pattern = mp_pattern_new("(a)(b)(c)(d)(e)(f)(g)(h)(i)(j)", 0, NULL, NULL);
    MpCaptures captures;
    g_autofree char *eighth = NULL;

    (void)state;
    assert_int_equal(mp_pattern_match(pattern, "abcdefghij", 10, 0, &captures), MP_MATCH_YES);
    eighth = mp_pattern_group("abcdefghij", &captures, 8);
    assert_text(eighth, "h");
}

/* Rules come by the hundred, and the reader lives under RLIMIT_AS: address space per pattern must
 * stay small. */
static void
test_many_patterns(void **state)
{
    g_autoptr(GPtrArray) patterns = g_ptr_array_new_with_free_func((GDestroyNotify)mp_pattern_free);
    g_autofree char *before = NULL, *after = NULL;
    guint64 pages_before, pages_after;

    (void)state;
    assert_true(g_file_get_contents("/proc/self/statm", &before, NULL, NULL));
    for (guint i = 0; i < 300; i++) {
        g_autofree char *regex = g_strdup_printf("(kata%u)+", i);
        MpPattern *pattern = mp_pattern_new(regex, 0, NULL, NULL);

        g_ptr_array_add(patterns, pattern);
        assert_int_equal(mp_pattern_match(pattern, "tanpa", 5, 0, NULL), MP_MATCH_NO);
    }
    assert_true(g_file_get_contents("/proc/self/statm", &after, NULL, NULL));
    pages_before = g_ascii_strtoull(before, NULL, 10);
    pages_after = g_ascii_strtoull(after, NULL, 10);
    assert_true((pages_after - pages_before) * 4096 < 100 * 1024 * 1024);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        {"a match that takes too many steps is neither yes nor no",
         test_step_limit,
         NULL,
         NULL,
         NULL},
        {"a subject is looked at up to its limit", test_subject_limit, NULL, NULL, NULL},
        {"a search may begin later and still see what stands before", test_from, NULL, NULL, NULL},
        {"a group that took no part is NULL", test_groups_not_set, NULL, NULL, NULL},
        {"groups beyond the eighth do no harm", test_ten_groups, NULL, NULL, NULL},
        {"hundreds of patterns need little address space", test_many_patterns, NULL, NULL, NULL},
    };

    return run_rows("pattern: matches", rows, test_match) +
           run_rows("pattern: refused", bad, test_bad) +
           run_rows("pattern: attacks", attacks, test_attack) +
           cmocka_run_group_tests_name("pattern", tests, NULL, NULL);
}

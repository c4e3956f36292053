/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "classify/classify-private.h"
#include "support/asserts.h"

typedef struct {
    const char *name;
    const char *file;
    const char *want; /* part of the message, or NULL = loads */
} Row;

static const Row rows[] = {
    {"a whole rule",
     "[a]\nin = subject; new\npattern = x\ngives = kind:request\nweight = 20\n",
     NULL},
    {"conditions alone make a rule",
     "[a]\nwhen = thread; not case\ngives = kind:supplement\n",
     NULL},
    {"a mark may be asked for below the rule that gives it",
     "[a]\nin = new\npattern = x\ngives = mark:halo\n[b]\nwhen = halo\ngives = kind:other\n",
     NULL},
    {"a mark that nobody gave is refused with its line",
     "[a]\nwhen = halo\ngives = kind:other\n",
     "uji.rules:2: condition 'halo' is not known"},
    {"a kind of document is a condition", "[a]\nwhen = sk-mutasi\ngives = kind:supplement\n", NULL},
    {"an unknown text names the nearest",
     "[a]\nin = subjek\npattern = x\ngives = kind:request\n",
     "uji.rules:2: text 'subjek' is not known; nearest is 'subject'"},
    {"an unknown kind names the nearest",
     "[a]\nin = new\npattern = x\ngives = kind:requst\n",
     "uji.rules:4: kind 'requst' is not known; nearest is 'request'"},
    {"an unknown service",
     "[a]\nin = new\npattern = x\ngives = service:umum\n",
     "uji.rules:4: service 'umum'"},
    {"an unknown document",
     "[a]\nin = new\npattern = x\ngives = document:sim\n",
     "uji.rules:4: document 'sim'"},
    {"an unknown result",
     "[a]\nin = new\npattern = x\ngives = servis:pembaruan\n",
     "uji.rules:4: result 'servis' is not known; nearest is 'service'"},
    {"a result without a word",
     "[a]\nin = new\npattern = x\ngives = kind\n",
     "uji.rules:4: 'kind' needs a word"},
    {"an unknown key names the nearest",
     "[a]\nin = new\npatern = x\ngives = kind:other\n",
     "uji.rules:3: key 'patern' is not known; nearest is 'pattern'"},
    {"a pattern that does not compile",
     "[a]\nin = new\npattern = (x\ngives = kind:other\n",
     "uji.rules:3: "},
    {"an exception that does not compile",
     "[a]\nin = new\npattern = x\nunless = [\ngives = kind:other\n",
     "uji.rules:4: "},
    {"an empty pattern",
     "[a]\nin = new\npattern =\ngives = kind:other\n",
     "uji.rules:3: the pattern is empty"},
    {"a pattern without a text",
     "[a]\npattern = x\ngives = kind:other\n",
     "uji.rules:1: 'in' and 'pattern' go together"},
    {"a text without a pattern",
     "[a]\nin = new\nwhen = case\ngives = kind:other\n",
     "uji.rules:1: 'in' and 'pattern' go together"},
    {"neither pattern nor condition", "[a]\ngives = kind:other\n", "uji.rules:1: rule has neither"},
    {"no result", "[a]\nin = new\npattern = x\n", "uji.rules:1: rule has no 'gives'"},
    {"the largest weight", "[a]\nin = new\npattern = x\ngives = kind:other\nweight = 100\n", NULL},
    {"one more",
     "[a]\nin = new\npattern = x\ngives = kind:other\nweight = 101\n",
     "uji.rules:5: '101' is no weight"},
    {"a group of the pattern", "[a]\nin = new\npattern = (x)\ngives = reason:$1\n", NULL},
    {"a group beyond the eighth",
     "[a]\nin = new\npattern = (x)\ngives = reason:$9\n",
     "uji.rules:4: '$9' is no $1 to $8"},
    {"a word of the file",
     "[words]\nkata = a|b\n[a]\nin = new\npattern = {kata}c\ngives = kind:other\n",
     NULL},
    {"a word made of words",
     "[words]\nsatu = a\ndua = {satu}b\n[a]\nin = new\npattern = {dua}\ngives = kind:other\n",
     NULL},
    {"an unknown word",
     "[a]\nin = new\npattern = {kata}\ngives = kind:other\n",
     "uji.rules:3: no word {kata}"},
    {"a repetition is no word", "[a]\nin = new\npattern = x{2,3}\ngives = kind:other\n", NULL},
    {"a class of letters is no word",
     "[a]\nin = new\npattern = \\p{Lu}\\x{e9}\ngives = kind:other\n",
     NULL},
    {"a word that does not compile", "[words]\nkata = (a\n", "uji.rules:2: "},
    {"a doubled rule",
     "[a]\nwhen = case\ngives = kind:other\n[a]\nwhen = case\ngives = kind:other\n",
     "uji.rules:4: "},
    {"an empty file", "", NULL},
    {"a file of comments", "# nothing\n", NULL},
};

static void
test_row(void **state)
{
    const Row *row = *state;
    g_autoptr(MpRules) rules = mp_rules_new(NULL);
    g_autoptr(GError) error = NULL;
    gboolean got = mp_rules_add(rules, "uji.rules", row->file, strlen(row->file), &error);

    if (row->want == NULL) {
        assert_no_gerror(error);
        assert_true(got);
        return;
    }
    assert_false(got);
    assert_gerror(error, MP_ERROR_CONFIG);
    assert_contains(error->message, row->want);
}

static gboolean
add(MpRules *rules, const char *name, const char *text, GError **error)
{
    return mp_rules_add(rules, name, text, strlen(text), error);
}

static void
test_words_of_one_file_serve_the_next_and_stand_once(void **state)
{
    g_autoptr(MpRules) rules = mp_rules_new(NULL);
    g_autoptr(GError) error = NULL;

    (void)state;
    assert_true(add(rules, "1.rules", "[words]\nkata = a\n", NULL));
    assert_true(
        add(rules, "2.rules", "[a]\nin = new\npattern = {kata}\ngives = kind:other\n", NULL));
    assert_int_equal(mp_rules_count(rules), 1);
    assert_false(add(rules, "3.rules", "[words]\nkata = b\n", &error));
    assert_contains(error->message, "3.rules:2: word {kata} is already in another file");
}

static void
test_rules_have_a_bound(void **state)
{
    g_autoptr(MpRules) rules = mp_rules_new(NULL);
    g_autoptr(GString) text = g_string_new(NULL);
    g_autoptr(GError) error = NULL;

    (void)state;
    for (int i = 0; i < 2000; i++)
        g_string_append_printf(text, "[r%d]\nwhen = case\ngives = kind:other\n", i);
    assert_true(add(rules, "1.rules", text->str, NULL));
    assert_false(add(rules, "2.rules", "[z]\nwhen = case\ngives = kind:other\n", &error));
    assert_contains(error->message, "2.rules:1: more than 2000 rules");
}

static MpTally *
run(const char *file, const char *text)
{
    g_autoptr(MpRules) rules = mp_rules_new(NULL);
    g_autoptr(MpScene) scene = mp_scene_new();
    g_autoptr(GError) error = NULL;

    assert_true(add(rules, "rules/uji.rules", file, &error));
    mp_scene_set(scene, MP_FIELD_NEW, text);
    mp_scene_set(scene, MP_FIELD_SUBJECT, text);
    return mp_rules_run(rules, scene, MP_TARGET_KIND, ~0u);
}

static void
test_weights_add_up_and_hits_name_file_and_line(void **state)
{
    g_autoptr(MpTally) got =
        run("[a]\nin = new; subject\npattern = mohon\ngives = kind:request\n"
            "weight = 20\n\n[b]\nin = new\npattern = (tolong)\ngives = kind:request\n"
            "weight = 5\n[c]\nin = new\npattern = mohon\nunless = tolong\n"
            "gives = kind:other\nweight = 90\n",
            "Mohon,\n  tolong");
    const MpRuleHit *hit;

    (void)state;
    assert_int_equal(mp_tally_sum(got, "request"), 25);
    assert_int_equal(mp_tally_sum(got, "other"), 0);
    assert_text(mp_tally_best(got, NULL), "request");
    assert_int_equal(got->hits->len, 2);
    hit = g_ptr_array_index(got->hits, 1);
    assert_text(hit->file, "uji.rules");
    assert_int_equal(hit->line, 7);
    assert_text(hit->name, "b");
    assert_text(hit->saw, "tolong");
    assert_text(hit->target, "kind:request");
}

static void
test_tie_is_told(void **state)
{
    g_autoptr(MpTally) got =
        run("[a]\nin = new\npattern = x\ngives = kind:request; kind:other\n", "x");
    gboolean is_tied = FALSE;

    (void)state;
    assert_text(mp_tally_best(got, &is_tied), "request");
    assert_true(is_tied);
}

static void
test_negative_sum_is_no_answer(void **state)
{
    g_autoptr(MpTally) got =
        run("[a]\nin = new\npattern = x\ngives = kind:other\nweight = -3\n", "x");

    (void)state;
    assert_null(mp_tally_best(got, NULL));
}

static void
test_what_a_rule_saw_is_cut_to_eighty_characters(void **state)
{
    g_autofree char *text = g_strnfill(200, 'x');
    g_autoptr(MpTally) got = run("[a]\nin = new\npattern = x+\ngives = kind:other\n", text);

    (void)state;
    assert_int_equal(strlen(((MpRuleHit *)g_ptr_array_index(got->hits, 0))->saw), 80);
}

/* decisions.md 15: neither a match nor a no. */
static void
test_pattern_over_its_limit_counts_nothing_and_is_told(void **state)
{
    g_autofree char *text = g_strnfill(3000, 'a');
    g_autoptr(MpTally) got =
        run("[a]\nin = new\npattern = (a+a+)+[bc]\ngives = kind:other\n", text);

    (void)state;
    assert_true(got->has_limit);
    assert_int_equal(got->hits->len, 0);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_words_of_one_file_serve_the_next_and_stand_once),
        cmocka_unit_test(test_rules_have_a_bound),
        cmocka_unit_test(test_weights_add_up_and_hits_name_file_and_line),
        cmocka_unit_test(test_tie_is_told),
        cmocka_unit_test(test_negative_sum_is_no_answer),
        cmocka_unit_test(test_what_a_rule_saw_is_cut_to_eighty_characters),
        cmocka_unit_test(test_pattern_over_its_limit_counts_nothing_and_is_told),
    };

    return run_rows("rule files", rows, test_row) |
           cmocka_run_group_tests_name("rules", tests, NULL, NULL);
}

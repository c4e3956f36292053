/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The facts of every public letter go over the socket and come back the same; what a reader that
 * was taken over might say is refused. */

#include "unit/classify/office.h"

#include "app/facts.h"

#include <json-glib/json-glib.h>

static MpReaderSetup *
make_setup(void)
{
    MpReaderSetup *setup = mp_reader_setup_new();

    mp_rules_free(setup->rules);
    setup->rules = office_load_rules();
    mp_office_free(setup->office);
    setup->office = office_new();
    setup->trust.authserv_id = g_strdup("mx.contohkab.go.id");
    setup->trust.own_domains = g_strsplit("contohkab.go.id", ";", -1);
    setup->trust.bsre_domains = g_strsplit("bssn.go.id", ";", -1);
    return setup;
}

static MpFacts *
read_letter(const char *name)
{
    static MpReaderSetup *setup = NULL;
    g_autofree char *path = g_build_filename("letters", name, NULL);
    size_t length = 0;
    g_autofree char *bytes = mp_test_data(path, &length);
    g_autoptr(GError) error = NULL;
    MpFacts *facts;

    if (setup == NULL)
        setup = make_setup();
    facts = mp_facts_read(setup, (const guint8 *)bytes, length, &error);
    assert_no_gerror(error);
    return facts;
}

static void
test_every_letter_comes_back_the_same(void **state)
{
    (void)state;
    for (int i = 1; i <= 129; i++) {
        g_autofree char *name = g_strdup_printf("p%03d.eml", i);
        g_autoptr(MpFacts) facts = read_letter(name);
        g_autofree char *json = mp_facts_to_json(facts);
        g_autoptr(GError) error = NULL;
        g_autoptr(MpFacts) got = mp_facts_from_json(json, -1, NULL, &error);
        g_autofree char *again = NULL;

        assert_no_gerror(error);
        again = mp_facts_to_json(got);
        assert_text(again, json);
        assert_lacks(json, "\n");
    }
}

static void
test_what_the_parent_needs_is_there(void **state)
{
    g_autoptr(MpFacts) facts = read_letter("p013.eml");
    g_autofree char *json = mp_facts_to_json(facts);
    g_autoptr(MpFacts) got = mp_facts_from_json(json, -1, NULL, NULL);
    const MpDocument *before = g_ptr_array_index(facts->documents, 0);
    const MpDocument *after;

    (void)state;
    assert_non_null(got);
    assert_text(mp_message_sender(got->message), "disdukcapil@contohkab.go.id");
    assert_text(got->verdict->kind, "request");
    assert_text(got->verdict->service, "pencabutan");
    assert_int_equal(got->verdict->hits->len, facts->verdict->hits->len);
    assert_int_equal(got->trust->level, MP_TRUST_ALIGNED);
    assert_int_equal(got->message->headers->len, 0);
    assert_int_equal(got->documents->len, 2);
    after = g_ptr_array_index(got->documents, 0);
    assert_text(after->sha256, before->sha256);
    assert_int_equal(after->bytes, before->bytes);
    assert_null(after->content);
}

/* decisions.md 14 */
static void
test_links_of_bsre_are_gone_from_every_text(void **state)
{
    static const char *const names[] = {"p026.eml", "p031.eml", "p040.eml", "p065.eml", "p093.eml"};

    (void)state;
    for (gsize i = 0; i < G_N_ELEMENTS(names); i++) {
        g_autoptr(MpFacts) facts = read_letter(names[i]);
        g_autofree char *json = mp_facts_to_json(facts);

        assert_lacks(json, "http");
        assert_contains(json, "[tautan dihapus]");
    }
}

static void
test_written_passphrase_is_gone(void **state)
{
    static const char *const mail =
        "From: ani@contohkab.go.id\r\nTo: layanan-tte@contohkab.go.id\r\n"
        "Subject: TTE\r\nMessage-ID: <1@contohkab.go.id>\r\n\r\n"
        "Mohon diperpanjang.\r\nPassphrase saya: Rahasia123\r\n";
    g_autoptr(MpReaderSetup) setup = make_setup();
    g_autoptr(MpFacts) facts = mp_facts_read(setup, (const guint8 *)mail, strlen(mail), NULL);
    g_autofree char *json = NULL;

    (void)state;
    assert_non_null(facts);
    json = mp_facts_to_json(facts);
    assert_lacks(json, "Rahasia123");
    assert_contains(json, "Passphrase saya: [dihapus]");
}

static void
test_bytes_that_are_no_mail_are_an_input_error(void **state)
{
    g_autoptr(MpReaderSetup) setup = make_setup();
    g_autoptr(GError) error = NULL;

    (void)state;
    assert_null(mp_facts_read(setup, (const guint8 *)"", 0, &error));
    assert_gerror(error, MP_ERROR_INPUT);
}

typedef struct {
    const char *name;
    const char *member; /* path of two names, or NULL = the text stands for all */
    const char *json;
    MpErrorCode code;
} Row;

static const Row rows[] = {
    {"nothing", NULL, "", MP_ERROR_INPUT},
    {"half an object", NULL, "{\"message\":", MP_ERROR_INPUT},
    {"another object", NULL, "{}", MP_ERROR_INPUT},
    {"a list", NULL, "[]", MP_ERROR_INPUT},
    {"nesting without end",
     NULL,
     "[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[",
     MP_ERROR_LIMIT},
    {"an unknown kind", "verdict.kind", "\"perintah\"", MP_ERROR_INPUT},
    {"no kind", "verdict.kind", "null", MP_ERROR_INPUT},
    {"an unknown service", "verdict.service", "\"umum\"", MP_ERROR_INPUT},
    {"a level that does not exist", "trust.level", "\"root\"", MP_ERROR_INPUT},
    {"a level as a number", "trust.level", "4", MP_ERROR_INPUT},
    {"text where a list belongs", "message.references", "\"x\"", MP_ERROR_INPUT},
    {"null in a list", "message.references", "[null]", MP_ERROR_INPUT},
    {"a number where a text belongs", "message.subject", "5", MP_ERROR_INPUT},
    {"a text where a truth belongs", "verdict.has_rule_limit", "\"no\"", MP_ERROR_INPUT},
    {"a negative count", "message.from_fields", "-1", MP_ERROR_LIMIT},
    {"a count beyond reason", "message.from_fields", "1000001", MP_ERROR_LIMIT},
    {"a fraction", "message.from_fields", "1.5", MP_ERROR_INPUT},
};

static char *
with_member(const char *path, const char *json)
{
    g_autoptr(MpFacts) facts = mp_facts_new();
    g_autofree char *whole = mp_facts_to_json(facts);
    g_autoptr(JsonParser) parser = json_parser_new();
    g_auto(GStrv) names = g_strsplit(path, ".", 2);
    JsonObject *part;

    assert_true(json_parser_load_from_data(parser, whole, -1, NULL));
    part =
        json_object_get_object_member(json_node_get_object(json_parser_get_root(parser)), names[0]);
    json_object_set_member(part, names[1], json_from_string(json, NULL));
    return json_to_string(json_parser_get_root(parser), FALSE);
}

static void
test_row(void **state)
{
    const Row *row = *state;
    g_autofree char *json =
        row->member != NULL ? with_member(row->member, row->json) : g_strdup(row->json);
    g_autoptr(GError) error = NULL;

    assert_null(mp_facts_from_json(json, -1, NULL, &error));
    assert_gerror(error, row->code);
    assert_contains(error->message, "facts: ");
}

static MpFacts *
decode_text(gsize chars, GError **error)
{
    MpLimits limits = mp_limits_default();
    g_autoptr(MpFacts) facts = mp_facts_new();
    g_autofree char *json = NULL;

    limits.text_chars = 1000;
    g_free(facts->message->text);
    facts->message->text = g_strnfill(chars, 'x');
    json = mp_facts_to_json(facts);
    return mp_facts_from_json(json, -1, &limits, error);
}

static void
test_text_has_a_bound(void **state)
{
    const gsize most = 4 * 1000 + 128 * 1024;
    g_autoptr(GError) error = NULL;
    g_autoptr(MpFacts) fits = decode_text(most, &error);

    (void)state;
    assert_no_gerror(error);
    assert_non_null(fits);
    assert_null(decode_text(most + 1, &error));
    assert_gerror(error, MP_ERROR_LIMIT);
}

static void
test_list_has_a_bound(void **state)
{
    g_autoptr(MpFacts) facts = mp_facts_new();
    g_autofree char *fits = NULL;
    g_autofree char *over = NULL;
    g_autoptr(MpFacts) got = NULL;
    g_autoptr(GError) error = NULL;

    (void)state;
    for (int i = 0; i < 10000; i++)
        g_ptr_array_add(facts->message->references, g_strdup("x"));
    fits = mp_facts_to_json(facts);
    got = mp_facts_from_json(fits, -1, NULL, &error);
    assert_no_gerror(error);
    assert_non_null(got);
    g_ptr_array_add(facts->message->references, g_strdup("x"));
    over = mp_facts_to_json(facts);
    assert_null(mp_facts_from_json(over, -1, NULL, &error));
    assert_gerror(error, MP_ERROR_LIMIT);
}

static void
test_controls_are_cleaned_again(void **state)
{
    g_autofree char *json = with_member("message.subject", "\"a\\u0000b\\u001b\\u202ec\\r\\nd\"");
    g_autoptr(MpFacts) got = mp_facts_from_json(json, -1, NULL, NULL);

    (void)state;
    assert_non_null(got);
    assert_true(mp_text_is_safe(got->message->subject));
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_every_letter_comes_back_the_same),
        cmocka_unit_test(test_what_the_parent_needs_is_there),
        cmocka_unit_test(test_links_of_bsre_are_gone_from_every_text),
        cmocka_unit_test(test_written_passphrase_is_gone),
        cmocka_unit_test(test_bytes_that_are_no_mail_are_an_input_error),
        cmocka_unit_test(test_text_has_a_bound),
        cmocka_unit_test(test_list_has_a_bound),
        cmocka_unit_test(test_controls_are_cleaned_again),
    };

    return run_rows("a reader that was taken over", rows, test_row) |
           cmocka_run_group_tests_name("facts", tests, NULL, NULL);
}

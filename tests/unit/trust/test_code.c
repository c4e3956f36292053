/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "support/asserts.h"
#include "trust/trust.h"

#define CODE "ABCDEFGHIJKLMNOPQRSTUVWXYZ"

typedef struct {
    const char *name;
    const char *text;
    const char *want; /* NULL = none */
} Row;

static const Row rows[] = {
    {"as we write it", "Kode: ABCDE-FGHIJ-KLMNO-PQRST-UVWXY-Z", CODE},
    {"quoted", "> Kode: ABCDE-FGHIJ-KLMNO-PQRST-UVWXY-Z", CODE},
    {"wrapped by a client inside a quote",
     "> > Kode: ABCDE-FGHIJ-KLMNO-\n> > PQRST-UVWXY-Z\n",
     CODE},
    {"made bold by a client", "*Kode:* ABCDE-FGHIJ-KLMNO-PQRST-UVWXY-Z", CODE},
    {"small letters", "kode: abcde-fghij-klmno-pqrst-uvwxy-z", CODE},
    {"dashes made long by a phone", "Kode: ABCDE–FGHIJ–KLMNO–PQRST–UVWXY–Z", CODE},
    {"without dashes", "Kode: ABCDEFGHIJKLMNOPQRSTUVWXYZ", CODE},
    {"digits typed for letters", "Kode: ABCDE-FGH1J-KLMN0-PQRST-UVWXY-Z", CODE},
    {"one character short", "Kode: ABCDE-FGHIJ-KLMNO-PQRST-UVWXY", NULL},
    {"one character long", "Kode: ABCDE-FGHIJ-KLMNO-PQRST-UVWXY-ZA", NULL},
    {"prose behind the word", "Kode: berikut adalah kode yang kami kirimkan tadi", NULL},
    {"no word before it", "ABCDE-FGHIJ-KLMNO-PQRST-UVWXY-Z", NULL},
    {"the word inside another", "Barkode: ABCDE-FGHIJ-KLMNO-PQRST-UVWXY-Z", NULL},
    {"a sign that is in no code", "Kode: ABCDE-FGHIJ-KLM9O-PQRST-UVWXY-Z", NULL},
};

static void
test_row(void **state)
{
    const Row *row = *state;
    g_autoptr(MpMessage) message = mp_message_new();
    g_autoptr(GPtrArray) got = NULL;

    g_free(message->text);
    message->text = g_strdup(row->text);
    got = mp_trust_find_codes(message);
    assert_int_equal(got->len, row->want != NULL ? 1 : 0);
    if (row->want != NULL)
        assert_text(g_ptr_array_index(got, 0), row->want);
}

static void
test_ids_carry_the_code_as_their_last_part(void **state)
{
    g_autoptr(MpMessage) message = mp_message_new();
    g_autoptr(GPtrArray) got = NULL;

    (void)state;
    g_ptr_array_add(message->references, g_strdup("CA+abc.def@mail.example"));
    g_ptr_array_add(message->references,
                    g_strdup("SE-2026-000123.kasi.abcdefghijklmnopqrstuvwxyz@contohkab.go.id"));
    g_free(message->text);
    message->text = g_strdup("Kode: ABCDE-FGHIJ-KLMNO-PQRST-UVWXY-Z\n"
                             "Kode: 22222-22222-22222-22222-22222-2");
    got = mp_trust_find_codes(message);
    assert_int_equal(got->len, 2);
    assert_text(g_ptr_array_index(got, 0), CODE);
    assert_text(g_ptr_array_index(got, 1), "22222222222222222222222222");
}

static void
test_codes_are_base32_of_all_bits(void **state)
{
    static const guint8 zero[16] = {0};
    static const guint8 ones[16] = {
        255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255};
    static const guint8 text[16] = {
        'f', 'o', 'o', 'b', 'a', 'r', 'f', 'o', 'o', 'b', 'a', 'r', 'f', 'o', 'o', 'b'};
    g_autofree char *low = mp_trust_format_code(zero);
    g_autofree char *high = mp_trust_format_code(ones);
    g_autofree char *rfc = mp_trust_format_code(text);
    g_autofree char *grouped = mp_trust_group_code(rfc);

    (void)state;
    assert_text(low, "AAAAAAAAAAAAAAAAAAAAAAAAAA");
    assert_text(high, "77777777777777777777777774");
    assert_text(rfc, "MZXW6YTBOJTG633CMFZGM33PMI");
    assert_text(grouped, "MZXW6-YTBOJ-TG633-CMFZG-M33PM-I");
}

static void
test_hash_does_not_depend_on_how_it_is_written(void **state)
{
    g_autofree char *plain = mp_trust_hash_code(CODE);
    g_autofree char *grouped = mp_trust_hash_code("abcde-fghij-klmno-pqrst-uvwxy-z");
    g_autofree char *other = mp_trust_hash_code("ABCDEFGHIJKLMNOPQRSTUVWXYA");

    (void)state;
    assert_text(grouped, plain);
    assert_string_not_equal(plain, other);
    assert_int_equal(strlen(plain), 64);
}

static void
test_codes_of_one_mail_have_a_bound(void **state)
{
    g_autoptr(MpMessage) message = mp_message_new();
    g_autoptr(GString) text = g_string_new(NULL);
    g_autoptr(GPtrArray) got = NULL;

    (void)state;
    for (guint8 i = 0; i < 60; i++) {
        const guint8 random[16] = {i};
        g_autofree char *code = mp_trust_format_code(random);

        g_string_append_printf(text, "Kode: %s\n", code);
    }
    g_free(message->text);
    message->text = g_string_free(g_steal_pointer(&text), FALSE);
    got = mp_trust_find_codes(message);
    assert_int_equal(got->len, 50);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_ids_carry_the_code_as_their_last_part),
        cmocka_unit_test(test_codes_are_base32_of_all_bits),
        cmocka_unit_test(test_hash_does_not_depend_on_how_it_is_written),
        cmocka_unit_test(test_codes_of_one_mail_have_a_bound),
    };

    return run_rows("Kode lines", rows, test_row) |
           cmocka_run_group_tests_name("codes", tests, NULL, NULL);
}

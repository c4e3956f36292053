/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "support/asserts.h"

/* --- one text in, one text out -----------------------------------------------------------------
 */

static char *
clean(const char *text)
{
    return mp_text_clean(text, -1);
}

static char *
lower_ascii(const char *text)
{
    return mp_text_lower_ascii(text);
}

typedef struct {
    const char *name;
    char *(*make)(const char *text);
    const char *text, *want;
} Row;

#define NIP "198001012005011999"
#define NIK "3399014101800001"

/* clang-format off */
static const Row rows[] = {
    {"clean: plain text stays", clean, "Yth. Kepala Dinas\n\tdi tempat", "Yth. Kepala Dinas\n\tdi tempat"},
    {"clean: controls go", clean, "a\x01\x1b[31mb\x7f", "a[31mb"},
    {"clean: C1 controls go", clean, "a\xc2\x85" "b", "ab"},
    {"clean: carriage returns go", clean, "a\r\nb", "a\nb"},
    {"clean: bidi controls go", clean, "fdp\xe2\x80\xae" "exe", "fdpexe"},
    {"clean: bidi isolates go", clean, "a\xe2\x81\xa6" "b\xe2\x81\xa9", "ab"},
    {"clean: the line separator is a blank", clean, "a\xe2\x80\xa8" "b\xe2\x80\xa9" "c", "a b c"},
    {"clean: zero width goes", clean, "TO\xe2\x80\x8bLAK\xef\xbb\xbf", "TOLAK"},
    {"clean: invalid bytes are shown as such", clean, "a\xff" "b", "a\xef\xbf\xbd" "b"},
    {"clean: a cut character is shown as such", clean, "a\xc3", "a\xef\xbf\xbd"},
    {"clean: nothing stays nothing", clean, "", ""},
    {"clean: NULL stays NULL", clean, NULL, NULL},
    {"line: runs of white space are one blank", mp_text_line, "a \t\r\n  b\xc2\xa0\xc2\xa0" "c", "a b c"},
    {"line: both ends are trimmed", mp_text_line, " \n a \n ", "a"},
    {"line: blanks alone are nothing", mp_text_line, " \n\t ", ""},
    {"digits: only ASCII digits", mp_text_digits, "19.80-01 a0\xd9\xa1", "1980010"},
    {"digits: none", mp_text_digits, "abc", ""},
    {"name: titles and degrees go", mp_text_fold_name, "Dra. Hj. Siti  AMINAH, M.Si., Ak.", "siti aminah"},
    {"name: an apostrophe stays", mp_text_fold_name, "Nur'aini", "nur'aini"},
    {"name: accents go, composed or not", mp_text_fold_name, "Ren\xc3\xa9 Andre\xcc\x81", "rene andre"},
    {"name: a title alone is nothing", mp_text_fold_name, ", S.Kom.", ""},
    {"name: invalid bytes end nothing", mp_text_fold_name, "Siti\xff Aminah", "siti aminah"},
    {"name: NULL is nothing", mp_text_fold_name, NULL, ""},
    {"mask: a NIP shows its last four", mp_text_mask, NIP, "••••••••••••••1999"},
    {"mask: a NIK shows its last four", mp_text_mask, NIK, "••••••••••••0001"},
    {"mask: five show four", mp_text_mask, "12345", "•2345"},
    {"mask: four show nothing", mp_text_mask, "1234", "••••"},
    {"mask: nothing is nothing", mp_text_mask, "", ""},
    {"mask: NULL stays NULL", mp_text_mask, NULL, NULL},
    {"mask-all: a NIP in a sentence", mp_text_mask_all, "NIP " NIP ", Demak", "NIP ••••••••••••••1999, Demak"},
    {"mask-all: a NIP in groups", mp_text_mask_all, "NIP 19800101 200501 1 999.", "NIP ••••••••••••••1999."},
    {"mask-all: a NIP with dots", mp_text_mask_all, "19800101.200501.1.999", "••••••••••••••1999"},
    {"mask-all: a NIP with wide gaps", mp_text_mask_all, "19800101  200501  1  999", "••••••••••••••1999"},
    {"mask-all: a NIK with dashes", mp_text_mask_all, "NIK: 339901-410180-0001", "NIK: ••••••••••••0001"},
    {"mask-all: NIP and NIK with a blank between", mp_text_mask_all, "Ani " NIP " " NIK " x", "Ani ••••••••••••••1999 ••••••••••••0001 x"},
    {"mask-all: a date before a NIP", mp_text_mask_all, "2026-11-20 " NIP, "2026-11-20 ••••••••••••••1999"},
    {"mask-all: a phone before a NIK", mp_text_mask_all, "0812-0000-7890 " NIK, "0812-0000-7890 ••••••••••••0001"},
    {"mask-all: a number in a list", mp_text_mask_all, "1. " NIP, "1. ••••••••••••••1999"},
    {"mask-all: a date before a NIP in groups", mp_text_mask_all, "2026-11-20 19800101 200501 1 999", "••••-••-•• •••••••• •••••• • •••"},
    {"mask-all: a NIP in groups before a date", mp_text_mask_all, "19800101 200501 1 999 2026", "•••••••• •••••• • ••• ••••"},
    {"mask-all: a NIK in groups, then text", mp_text_mask_all, "3399 0141 0180 0001 - Ani", "••••••••••••0001 - Ani"},
    {"mask-all: a NIP, then a NIK in groups", mp_text_mask_all, NIP " 3399 0141 0180 0001", "••••••••••••••1999 ••••••••••••0001"},
    {"mask-all: two numbers without a gap", mp_text_mask_all, NIP NIK, "••••••••••••••••••••••••••••••0001"},
    {"mask-all: one with a digit too much", mp_text_mask_all, NIP "9", "•••••••••••••••9999"},
    {"mask-all: one with two digits too few", mp_text_mask_all, "33990141018000", "••••••••••8000"},
    {"mask-all: a NIP between letters", mp_text_mask_all, "x" NIP "x", "x••••••••••••••1999x"},
    {"mask-all: a letter's number stays", mp_text_mask_all, "800/1123/2026", "800/1123/2026"},
    {"mask-all: a phone stays", mp_text_mask_all, "0812-0000-7890", "0812-0000-7890"},
    {"mask-all: a date stays", mp_text_mask_all, "20-11-2026, 20 November 2026", "20-11-2026, 20 November 2026"},
    {"mask-all: thirteen digits stay", mp_text_mask_all, "1234567890123", "1234567890123"},
    {"mask-all: other letters stay", mp_text_mask_all, "é • ñ", "é • ñ"},
    {"mask-all: NULL stays NULL", mp_text_mask_all, NULL, NULL},
    {"lower: only A to Z", lower_ascii, "ÉBudi@X", "Ébudi@x"},
    {"domain: the part after the last @ in small letters", mp_text_domain, "a@b@Contohkab.GO.ID", "contohkab.go.id"},
    {"domain: none without @", mp_text_domain, "a", NULL},
    {"domain: none behind the @", mp_text_domain, "a@", NULL},
    {"domain: none of NULL", mp_text_domain, NULL, NULL},
};

/* clang-format on */

static void
test_text(void **state)
{
    const Row *row = *state;
    g_autofree char *got = row->make(row->text);

    assert_text(got, row->want);
}

/* --- addresses
 * -------------------------------------------------------------------------------------- */

typedef struct {
    const char *name, *text;
    gboolean want;
} Truth;

#define D50 "a234567890123456789012345678901234567890123456789."

static const Truth addresses[] = {
    {"an address", "ani@contohkab.go.id", TRUE},
    {"dots, plus, dashes", "a.b+c_d-e@x-y.contohkab.go.id", TRUE},
    {"localhost", "root@localhost", TRUE},
    {"no @", "ani", FALSE},
    {"two @", "a@b@contohkab.go.id", FALSE},
    {"nothing before", "@contohkab.go.id", FALSE},
    {"nothing behind", "ani@", FALSE},
    {"a domain without dot", "ani@contohkab", FALSE},
    {"a dot at the end of the domain", "ani@contohkab.go.id.", FALSE},
    {"two dots in the domain", "ani@contohkab..go.id", FALSE},
    {"a dot first in the domain", "ani@.id", FALSE},
    {"a dash first in a label", "ani@-x.id", FALSE},
    {"a dash last in a label", "ani@x-.id", FALSE},
    {"a dash last of all", "ani@x.id-", FALSE},
    {"a dot first", ".ani@contohkab.go.id", FALSE},
    {"a dot last", "ani.@contohkab.go.id", FALSE},
    {"two dots", "a..b@contohkab.go.id", FALSE},
    {"a quoted local part", "\"ani\"@contohkab.go.id", FALSE},
    {"a comment", "ani(x)@contohkab.go.id", FALSE},
    {"a blank", "an i@contohkab.go.id", FALSE},
    {"angle brackets", "<ani@contohkab.go.id>", FALSE},
    {"a route", "@a,@b:ani@contohkab.go.id", FALSE},
    {"a line end", "ani@contohkab.go.id\r\nRCPT TO:<x@y.id>", FALSE},
    {"letters beyond ASCII before", "än@contohkab.go.id", FALSE},
    {"letters beyond ASCII behind", "an@cöntohkab.go.id", FALSE},
    {"an address literal", "an@[127.0.0.1]", FALSE},
    {"64 before the @",
     "a234567890123456789012345678901234567890123456789012345678901234@x.id",
     TRUE},
    {"65 before the @",
     "a2345678901234567890123456789012345678901234567890123456789012345@x.id",
     FALSE},
    {"a label of 63", "a@a23456789012345678901234567890123456789012345678901234567890123.id", TRUE},
    {"a label of 64",
     "a@a234567890123456789012345678901234567890123456789012345678901234.id",
     FALSE},
    {"254 bytes", "a@" D50 D50 D50 D50 D50 "id", TRUE},
    {"255 bytes", "ab@" D50 D50 D50 D50 D50 "id", FALSE},
    {"nothing", "", FALSE},
    {"NULL", NULL, FALSE},
};

static void
test_address(void **state)
{
    const Truth *row = *state;

    assert_int_equal(mp_text_is_plain_address(row->text), row->want);
}

static const Truth domains[] = {
    {"the domain itself", "bssn.go.id", TRUE},
    {"a domain below", "mail.bssn.go.id", TRUE},
    {"two below", "a.b.bssn.go.id", TRUE},
    {"case does not count", "Mail.BSSN.go.id", TRUE},
    {"the second of the list", "contohkab.go.id", TRUE},
    {"a domain that only ends alike", "notbssn.go.id", FALSE},
    {"a domain above", "go.id", FALSE},
    {"a domain that goes on", "bssn.go.id.example", FALSE},
    {"a dot alone before", ".bssn.go.id", TRUE},
    {"nothing", "", FALSE},
    {"NULL", NULL, FALSE},
};

static void
test_domain_in(void **state)
{
    static const char *const list[] = {"bssn.go.id", "contohkab.go.id", NULL};
    const Truth *row = *state;

    assert_int_equal(mp_text_domain_in(row->text, list), row->want);
    assert_false(mp_text_domain_in(row->text, NULL));
}

static const Truth safe[] = {
    {"plain", "INBOX/Surat Masuk", TRUE},
    {"letters beyond ASCII", "é", TRUE},
    {"nothing", "", TRUE},
    {"a line end", "a\nb", FALSE},
    {"a carriage return", "a\rb", FALSE},
    {"a tab", "a\tb", FALSE},
    {"delete", "a\x7f", FALSE},
};

static void
test_safe(void **state)
{
    const Truth *row = *state;

    assert_int_equal(mp_text_is_safe(row->text), row->want);
}

/* --- distance
 * ------------------------------------------------------------------------------------- */

typedef struct {
    const char *name, *a, *b;
    guint limit, want;
} Distance;

static const Distance distances[] = {
    {"equal", "TERUSKAN", "TERUSKAN", 2, 0},
    {"one changed", "TERUSKAN", "TERUSKEN", 2, 1},
    {"one missing", "TERUSKN", "TERUSKAN", 2, 1},
    {"one too much", "TERUSSKAN", "TERUSKAN", 2, 1},
    {"two changed places are two", "TERUKSAN", "TERUSKAN", 2, 2},
    {"at the limit", "abc", "xyc", 2, 2},
    {"over the limit is limit and one", "abcdef", "uvwxyz", 2, 3},
    {"lengths alone can be over the limit", "a", "abcd", 2, 3},
    {"nothing against two", "", "ab", 2, 2},
    {"nothing against nothing", "", "", 0, 0},
    {"a limit of nothing", "a", "b", 0, 1},
};

static void
test_distance(void **state)
{
    const Distance *row = *state;

    assert_int_equal(mp_text_distance(row->a, row->b, row->limit), row->want);
    assert_int_equal(mp_text_distance(row->b, row->a, row->limit), row->want);
}

/* --- the rest
 * ---------------------------------------------------------------------------------------- */

static void
test_nearest(void **state)
{
    static const char *const words[] = {"TOLAK", "TUNDA", "TOLAN", NULL};

    (void)state;
    assert_text(mp_text_nearest("TOLAX", words, 2), "TOLAK");
    assert_text(mp_text_nearest("TNDA", words, 2), "TUNDA");
    assert_null(mp_text_nearest("SELESAI", words, 2));
    assert_null(mp_text_nearest("TOLAK", NULL, 2));
}

static void
test_add_once(void **state)
{
    g_autoptr(GPtrArray) strings = g_ptr_array_new_with_free_func(g_free);

    (void)state;
    mp_text_add_once(strings, "limit");
    mp_text_add_once(strings, "bad-nip");
    mp_text_add_once(strings, "limit");
    assert_int_equal(strings->len, 2);
    assert_text(g_ptr_array_index(strings, 1), "bad-nip");
}

static void
test_sha256(void **state)
{
    g_autofree char *none = mp_text_sha256("", 0);
    g_autofree char *abc = mp_text_sha256("abc", 3);

    (void)state;
    assert_text(none, "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
    assert_text(abc, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
}

static void
test_clean_length(void **state)
{
    g_autofree char *cut = mp_text_clean("abcdef", 3);
    g_autofree char *nul = mp_text_clean("a\0b", 3);

    (void)state;
    assert_text(cut, "abc");
    assert_contains(nul, "b");
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        {"the nearest word wins, the first of equals", test_nearest, NULL, NULL, NULL},
        {"a text is added once", test_add_once, NULL, NULL, NULL},
        {"SHA-256 is that of the standard", test_sha256, NULL, NULL, NULL},
        {"clean looks at as many bytes as told", test_clean_length, NULL, NULL, NULL},
    };

    return run_rows("text", rows, test_text) +
           run_rows("text: addresses", addresses, test_address) +
           run_rows("text: domains", domains, test_domain_in) +
           run_rows("text: safe", safe, test_safe) +
           run_rows("text: distance", distances, test_distance) +
           cmocka_run_group_tests_name("text", tests, NULL, NULL);
}

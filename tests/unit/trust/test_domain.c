/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "support/asserts.h"
#include "trust/trust-private.h"

typedef struct {
    const char *name;
    const char *domain;
    const char *want;
} Row;

static const Row organisations[] = {
    {"a host of a regency", "mail.dinkes.contohkab.go.id", "contohkab.go.id"},
    {"the regency itself", "contohkab.go.id", "contohkab.go.id"},
    {"capitals", "Contohkab.GO.ID", "contohkab.go.id"},
    {"a public suffix has none", "go.id", NULL},
    {"a top level has none", "id", NULL},
    {"an unknown top level counts as a suffix", "a.b.example", "b.example"},
    {"a final dot is no domain of a mail", "contohkab.go.id.", NULL},
    {"nothing", "", NULL},
};

/* Which of bssn.go.id and contohkab.go.id it imitates. */
static const Row imitations[] = {
    {"the real one", "bssn.go.id", NULL},
    {"a house of the real one", "mail.bssn.go.id", NULL},
    {"a sister office of our regency", "dinkes.contohkab.go.id", NULL},
    {"a free mailer", "gmail.com", NULL},
    {"a neighbouring agency of three letters", "bsn.go.id", NULL},
    {"a neighbouring regency", "demakkab.go.id", NULL},
    {"dashes in place of dots", "bssn-go-id.example", "bssn.go.id"},
    {"the whole name as a host of another", "bssn.go.id.akun-tte.example", "bssn.go.id"},
    {"the name under another suffix", "bssn.co.id", "bssn.go.id"},
    {"the name under another country", "bssn.example", "bssn.go.id"},
    {"digits for letters", "b55n.go.id", "bssn.go.id"},
    {"Cyrillic letters in punycode", "xn--b-oubb1e.go.id", NULL},
    {"our own with one letter doubled", "contohkaab.go.id", "contohkab.go.id"},
    {"our own with zero for o", "c0ntohkab.go.id", "contohkab.go.id"},
    {"our own under .com", "contohkab.com", "contohkab.go.id"},
    {"our own glued", "contohkabgoid.example", "contohkab.go.id"},
};

static void
test_organisation(void **state)
{
    const Row *row = *state;
    g_autofree char *got = mp_trust_organisation(row->domain);

    assert_text(got, row->want);
}

static void
test_imitation(void **state)
{
    static const char *const domains[] = {"bssn.go.id", "contohkab.go.id", NULL};
    const Row *row = *state;

    assert_text(mp_trust_imitated(row->domain, domains), row->want);
}

/* Every letter of the name by its foreign twin, as it travels: punycode. */
static void
test_homographs_are_seen_through_punycode(void **state)
{
    static const char *const domains[] = {"contohkab.go.id", NULL};
    static const char *const twins[] = {"соntohkab.go.id",
                                        "contоhkab.go.id",
                                        "contohkаb.go.id",
                                        "cοntohkab.go.id",
                                        "contohķab.go.id",
                                        "çontohkab.go.id"};

    (void)state;
    for (gsize i = 0; i < G_N_ELEMENTS(twins); i++) {
        g_autofree char *ascii = g_hostname_to_ascii(twins[i]);

        assert_non_null(ascii);
        assert_int_equal(strncmp(ascii, "xn--", 4), 0);
        assert_text(mp_trust_imitated(ascii, domains), "contohkab.go.id");
        assert_text(mp_trust_imitated(twins[i], domains), "contohkab.go.id");
    }
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_homographs_are_seen_through_punycode),
    };

    return run_rows("organisational domain", organisations, test_organisation) |
           run_rows("imitations", imitations, test_imitation) |
           cmocka_run_group_tests_name("homographs", tests, NULL, NULL);
}

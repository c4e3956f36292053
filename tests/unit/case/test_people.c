/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Who is the same person, and whose facts a later mail changes. */

#include "walk.h"

#define NIP_1 "198001012006042999"
#define NIP_2 "198203032008012999"
#define NIK_1 "3399014101800001"

/* Values of a case own their texts; these only stand here. */
#define S(text) ((char *)(text))

typedef struct {
    const char *name;
    MpCaseApplicant a, b;
    gboolean want;
} Row;

/* clang-format off */
static const Row rows[] = {
    {"one NIP, other spelling of the name", {.nip = S(NIP_1), .name = S("Siti Aminah")}, {.nip = S(NIP_1), .name = S("St. Aminah")}, TRUE},
    {"two NIPs, one name", {.nip = S(NIP_1), .name = S("Siti Aminah")}, {.nip = S(NIP_2), .name = S("Siti Aminah")}, FALSE},
    {"one NIK, where one has no NIP", {.nip = S(NIP_1), .nik = S(NIK_1)}, {.nik = S(NIK_1), .name = S("Siti")}, TRUE},
    {"one name, where one has no number", {.nip = S(NIP_1), .name = S("Dra. Siti Aminah, M.Si.")}, {.name = S("SITI AMINAH")}, TRUE},
    {"one name in two offices", {.name = S("Siti Aminah"), .unit = S("Dinas Kesehatan")}, {.name = S("Siti Aminah"), .unit = S("Dinas Sosial")}, FALSE},
    {"one name in one office", {.name = S("Siti Aminah"), .unit = S("Dinas Kesehatan")}, {.name = S("Siti Aminah"), .unit = S("DINAS  KESEHATAN")}, TRUE},
    {"one name, one office not named", {.name = S("Siti Aminah"), .unit = S("Dinas Kesehatan")}, {.name = S("Siti Aminah")}, TRUE},
    {"no name at all", {.unit = S("Dinas Kesehatan")}, {.unit = S("Dinas Kesehatan")}, FALSE},
    {"degrees alone are no name", {.name = S(", S.Kom.")}, {.name = S(", S.Kom.")}, FALSE},
};

/* clang-format on */

static void
test_same(void **state)
{
    const Row *row = *state;

    assert_int_equal(mp_case_is_same_person(&row->a, &row->b), row->want);
    assert_int_equal(mp_case_is_same_person(&row->b, &row->a), row->want);
}

static void
add_person(MpCase *facts, const char *name, const char *nip, const char *email)
{
    MpCaseApplicant *applicant = mp_case_applicant_new();

    applicant->n = facts->applicants->len + 1;
    applicant->name = g_strdup(name);
    applicant->nip = g_strdup(nip);
    applicant->email = g_strdup(email);
    g_ptr_array_add(facts->applicants, applicant);
}

static void
step(Walk *walk, const MpCaseInput *input)
{
    g_autoptr(MpDecision) decision =
        mp_case_step(walk->sop, walk->kase, "SE-2026-000001", input, walk->calendar, walk->now);

    assert_true(decision->is_accepted);
    walk_keep(walk, decision);
}

/* A case of two people, waiting for a paper. */
static Walk *
open_two(const char *first_nip, const char *second_nip)
{
    static const char *const kinds[] = {"surat-permohonan", NULL};
    Walk *walk = walk_new("demak-perubahan-data", "2026-11-16T08:00:00");
    g_autoptr(MpCase) facts = walk_facts(kinds, 0);
    const MpCaseInput input = {.event = "received",
                               .actor = "requester",
                               .address = "dinkes@contohkab.go.id",
                               .trust = MP_TRUST_ALIGNED,
                               .facts = facts};

    add_person(facts, "Siti Aminah", first_nip, "satu@contohkab.go.id");
    add_person(facts, "Siti Aminah", second_nip, "dua@contohkab.go.id");
    step(walk, &input);
    return walk;
}

static void
supplement(Walk *walk, const char *name, const char *nip, const char *email)
{
    g_autoptr(MpCase) facts = walk_facts(NULL, 0);
    const MpCaseInput input = {.event = "supplement",
                               .actor = "requester",
                               .address = "dinkes@contohkab.go.id",
                               .trust = MP_TRUST_ALIGNED,
                               .facts = facts};

    add_person(facts, name, nip, email);
    step(walk, &input);
}

static void
assert_person(const Walk *walk, guint n, const char *nip, const char *email)
{
    const MpCaseApplicant *applicant = g_ptr_array_index(walk->kase->applicants, n - 1);

    assert_text(applicant->nip, nip);
    assert_text(applicant->email, email);
}

static void
number_decides_between_two_of_one_name(void **state)
{
    Walk *walk = open_two(NIP_1, NIP_2);

    (void)state;
    supplement(walk, "Siti Aminah", NIP_2, "baru@contohkab.go.id");
    assert_person(walk, 1, NIP_1, "satu@contohkab.go.id");
    assert_person(walk, 2, NIP_2, "baru@contohkab.go.id");
    walk_free(walk);
}

static void
name_of_two_people_names_nobody(void **state)
{
    Walk *walk = open_two(NULL, NULL);

    (void)state;
    supplement(walk, "Siti Aminah", NIP_2, "baru@contohkab.go.id");
    assert_person(walk, 1, NULL, "satu@contohkab.go.id");
    assert_person(walk, 2, NULL, "dua@contohkab.go.id");
    walk_free(walk);
}

static void
only_one_of_a_name_may_correct_a_number(void **state)
{
    static const char *const kinds[] = {"surat-permohonan", NULL};
    Walk *walk = walk_new("demak-perubahan-data", "2026-11-16T08:00:00");
    g_autoptr(MpCase) facts = walk_facts(kinds, 1);
    const MpCaseInput input = {.event = "received",
                               .actor = "requester",
                               .address = "dinkes@contohkab.go.id",
                               .trust = MP_TRUST_ALIGNED,
                               .facts = facts};

    (void)state;
    add_person(facts, "Siti Aminah", NIP_1, "satu@contohkab.go.id");
    step(walk, &input);
    supplement(walk, "Dra. Siti Aminah", NIP_2, "satu@contohkab.go.id");
    assert_person(walk, 2, NIP_2, "satu@contohkab.go.id");
    walk_free(walk);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(number_decides_between_two_of_one_name),
        cmocka_unit_test(name_of_two_people_names_nobody),
        cmocka_unit_test(only_one_of_a_name_may_correct_a_number),
    };

    return run_rows("same person", rows, test_same) +
           cmocka_run_group_tests_name("people", tests, NULL, NULL);
}

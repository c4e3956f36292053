/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Mamuju's renewal walked from the letter to the end, and the branches that we added. */

#include "walk.h"

static const char *const papers[] = {"surat-permohonan", "surat-rekomendasi", NULL};

static void
to_bsre(Walk *walk, guint applicants)
{
    walk_receive(walk, papers, applicants);
    walk_say(walk, "SETUJU", "kepala-dinas");
    walk_say(walk, "TERUSKAN", "kabid");
    walk_say(walk, "TERUSKAN", "admin-helpdesk");
    walk_say(walk, "AJUKAN", "verifikator");
    assert_step(walk, "bsre");
}

static void
test_whole(void **state G_GNUC_UNUSED)
{
    Walk *walk = walk_new("mamuju-pembaruan", "2026-11-20T09:14:00");

    walk_receive(walk, papers, 1);
    assert_step(walk, "disposisi");
    assert_text(walk->notices->str, "diterima>requester giliran>kepala-dinas ");
    assert_true(walk->kase->due_utc == walk->now + 5 * MP_WALK_MINUTE);
    walk_say(walk, "SETUJU", "kepala-dinas");
    walk_say(walk, "TERUSKAN", "kabid");
    walk_say(walk, "TERUSKAN", "admin-helpdesk");
    walk_say(walk, "TERUSKAN", "verifikator");
    assert_step(walk, "ams");
    walk_say(walk, "AJUKAN", "verifikator");
    assert_step(walk, "bsre");
    assert_int_equal(walk->kase->state, MP_CASE_WAITING);
    walk_say(walk, "notice.renewed", "bsre");
    assert_step(walk, "selesai");
    assert_int_equal(walk->kase->state, MP_CASE_FINISHED);
    assert_text(walk->notices->str, "selesai-pemohon>applicant1 selesai>requester ");
    assert_int_equal(g_hash_table_size(walk->timers), 0);
    walk_free(walk);
}

static void
test_one_of_three_rejected(void **state G_GNUC_UNUSED)
{
    Walk *walk = walk_new("mamuju-pembaruan", "2026-11-20T09:14:00");
    MpCaseInput input = {.event = "notice.renewed", .actor = "bsre", .applicant = 2};
    g_autofree char *again = NULL;

    to_bsre(walk, 3);
    assert_null(walk_input(walk, &input));
    assert_step(walk, "bsre");
    again = walk_input(walk, &input);
    assert_text(again, "no-applicant");
    input = (MpCaseInput){.event = "notice.rejected",
                          .actor = "bsre",
                          .applicant = 3,
                          .note = "foto KTP tidak terbaca"};
    assert_null(walk_input(walk, &input));
    assert_step(walk, "bsre");
    input = (MpCaseInput){
        .event = "SELESAI", .actor = "verifikator", .applicant = 1, .until = "2028-11-20"};
    assert_null(walk_input(walk, &input));
    assert_int_equal(walk->kase->state, MP_CASE_FINISHED);
    {
        const MpCaseApplicant *third = g_ptr_array_index(walk->kase->applicants, 2);
        const MpCaseApplicant *first = g_ptr_array_index(walk->kase->applicants, 0);

        assert_int_equal(third->outcome, MP_OUTCOME_REJECTED);
        assert_text(third->outcome_reason, "foto KTP tidak terbaca");
        assert_text(first->valid_until, "2028-11-20");
    }
    walk_free(walk);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_whole),
        cmocka_unit_test(test_one_of_three_rejected),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

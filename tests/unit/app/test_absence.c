/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Who acts for whom: out-of-office answers are shown to the deputy and obeyed by nobody, ALIH hands
 * a step to officials alone, and a row that asks for two different people gets two. */

#include "support/asserts.h"
#include "support/planner.h"

#define KADIS "kadis@contohkab.go.id"
#define PLT "plt.kadis@contohkab.go.id"
#define VERIFIKATOR "verifikator@contohkab.go.id"

static MpTrial *
trial_with(const char *lines)
{
    MpTrial *trial = mp_trial_new(lines);

    mp_trial_open(trial);
    return trial;
}

static void
away(MpTrial *trial, const char *from, const char *auth, const char *subject)
{
    g_autofree char *code = mp_trial_code(trial, KADIS);
    g_autofree char *text =
        g_strdup_printf("SETUJU\r\nSaya sedang cuti sampai 20 November 2026.\r\n\r\nPada Senin, "
                        "Layanan <" TRIAL_OFFICE "> menulis:\r\n> Kode: %s\r\n",
                        code);

    mp_trial_send(trial,
                  &(MpTrialMail){.from = from,
                                 .auth = auth,
                                 .head = "Auto-Submitted: auto-replied\r\n",
                                 .subject = subject,
                                 .text = text});
}

static void
assert_step(MpTrial *trial, const char *step)
{
    g_autoptr(MpCase) kase = mp_trial_case(trial, TRIAL_CASE);

    assert_text(kase->step, step);
}

/* Acts on a case: the newest code of that official, these words. */
static void
say(MpTrial *trial, const char *official, const char *words)
{
    g_autofree char *code = mp_trial_code(trial, official);
    g_autofree char *text = g_strdup_printf(
        "%s\r\n\r\nPada Senin, Layanan <" TRIAL_OFFICE "> menulis:\r\n> Kode: %s\r\n", words, code);

    mp_trial_wait(trial, 600);
    mp_trial_send(trial, &(MpTrialMail){.from = official, .text = text});
}

static void
test_shown_to_verifikator(void **state)
{
    g_autoptr(MpTrial) trial = trial_with(NULL);
    guint desk = mp_trial_count(trial, VERIFIKATOR), kadis = mp_trial_count(trial, KADIS);

    (void)state;
    for (guint i = 0; i < 5; i++) {
        g_autofree char *subject = g_strdup_printf("Balasan otomatis %u: " TRIAL_CASE, i);

        away(trial, KADIS, NULL, subject);
    }
    assert_step(trial, "disposisi");
    assert_int_equal(mp_trial_count(trial, VERIFIKATOR), desk + 1);
    assert_int_equal(mp_trial_count(trial, KADIS), kadis);
}

static void
test_shown_to_deputy(void **state)
{
    g_autoptr(MpTrial) trial = trial_with("deputies = " PLT " until 2026-11-20\n");
    guint desk = mp_trial_count(trial, VERIFIKATOR), deputy = mp_trial_count(trial, PLT);

    (void)state;
    away(trial, KADIS, NULL, "Balasan otomatis: " TRIAL_CASE);
    assert_int_equal(mp_trial_count(trial, VERIFIKATOR), desk);
    assert_int_equal(mp_trial_count(trial, PLT), deputy + 1);
    /* The deputy's own robot starts no circle. */
    away(trial, PLT, NULL, "Balasan otomatis: " TRIAL_CASE);
    assert_int_equal(mp_trial_count(trial, PLT), deputy + 1);
    assert_step(trial, "disposisi");
}

/* A deputy acts up to his last day and not on the day after. */
static void
test_deputy_until_his_day(void **state)
{
    static const struct {
        gint64 days;
        const char *step;
    } rows[] = {{4, "tindak-lanjut"}, {5, "disposisi"}};

    (void)state;
    for (guint i = 0; i < G_N_ELEMENTS(rows); i++) {
        g_autoptr(MpTrial) trial = trial_with("deputies = " PLT " until 2026-11-20\n");

        mp_trial_wait(trial, rows[i].days * 24 * 3600);
        say(trial, PLT, "SETUJU");
        assert_step(trial, rows[i].step);
    }
}

static void
test_others_absence_is_silent(void **state)
{
    g_autoptr(MpTrial) trial = trial_with(NULL);
    guint before = mp_trial_count(trial, NULL);

    (void)state;
    away(trial, "kabid@contohkab.go.id", NULL, "Balasan otomatis: " TRIAL_CASE);
    away(trial, "dishub@contohkab.go.id", NULL, "Balasan otomatis: " TRIAL_CASE);
    away(trial, "jahat@luar.example", NULL, "Balasan otomatis: " TRIAL_CASE);
    assert_step(trial, "disposisi");
    assert_int_equal(mp_trial_count(trial, NULL), before);
}

static void
test_forged_absence_is_not_shown(void **state)
{
    g_autoptr(MpTrial) trial = trial_with(NULL);
    g_autoptr(GPtrArray) mails = NULL;

    (void)state;
    away(trial, KADIS, "dmarc=fail header.from=contohkab.go.id", "Balasan otomatis: " TRIAL_CASE);
    assert_step(trial, "disposisi");
    mails = mp_trial_mails(trial, VERIFIKATOR);
    for (guint i = 0; i < mails->len; i++) {
        g_autofree char *words = mp_trial_words(g_ptr_array_index(mails, i));

        assert_lacks(words, "tidak di tempat");
    }
}

static void
test_alih_to_officials_only(void **state)
{
    g_autoptr(MpTrial) trial = trial_with(NULL);
    guint stranger;

    (void)state;
    say(trial, KADIS, "ALIH jahat@luar.example");
    stranger = mp_trial_count(trial, "jahat@luar.example");
    assert_int_equal(stranger, 0);
    say(trial, KADIS, "ALIH sekretaris@contohkab.go.id");
    assert_true(mp_trial_count(trial, "sekretaris@contohkab.go.id") > 0);
    say(trial, "sekretaris@contohkab.go.id", "SETUJU");
    assert_step(trial, "tindak-lanjut");
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        {"out of office in a waiting step: the verifikator hears once, nothing moves",
         test_shown_to_verifikator,
         NULL,
         NULL,
         NULL},
        {"out of office goes to the deputy where there is one",
         test_shown_to_deputy,
         NULL,
         NULL,
         NULL},
        {"a deputy acts up to his last day", test_deputy_until_his_day, NULL, NULL, NULL},
        {"out of office of anybody else is silent",
         test_others_absence_is_silent,
         NULL,
         NULL,
         NULL},
        {"a forged out of office is not believed",
         test_forged_absence_is_not_shown,
         NULL,
         NULL,
         NULL},
        {"ALIH hands on to officials alone", test_alih_to_officials_only, NULL, NULL, NULL},
    };

    return cmocka_run_group_tests_name("absence", tests, NULL, NULL);
}

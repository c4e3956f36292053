/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Who may act, told by people and by time: four eyes on a step, codes that expire as their role
 * says, papers that go to one step alone, and an office whose server proves nobody. */

#include "app/demo.h"
#include "app/watch.h"
#include "support/asserts.h"
#include "support/planner.h"

#include <glib/gstdio.h>

#define KADIS "kadis@contohkab.go.id"
#define KABID "kabid@contohkab.go.id"
#define HELPDESK "helpdesk@contohkab.go.id"
#define VERIFIKATOR "verifikator@contohkab.go.id"
#define SECOND "verifikator2@contohkab.go.id"
#define PLT "plt.verifikator@contohkab.go.id"
#define RULES MP_SOURCE_DIR "/rules"

static void
assert_step(MpTrial *trial, const char *step)
{
    g_autoptr(MpCase) kase = mp_trial_case(trial, TRIAL_CASE);

    assert_text(kase->step, step);
}

static char *
last_words(MpTrial *trial, const char *to)
{
    g_autoptr(GPtrArray) mails = mp_trial_mails(trial, to);

    assert_true(mails->len > 0);
    return mp_trial_words(g_ptr_array_index(mails, mails->len - 1));
}

static void
assert_told(MpTrial *trial, const char *to, const char *part)
{
    g_autofree char *words = last_words(trial, to);

    assert_contains(words, part);
}

/* --- four eyes ---------------------------------------------------------------------------------
 */

/* The office's rules with one more guard: who received the papers does not submit them. */
static char *
rules_with_four_eyes(void)
{
    char *dir = g_dir_make_tmp("mailproc-eyes-XXXXXX", NULL);
    g_autofree char *sop = g_build_filename(dir, "sop", "mamuju-pembaruan.sop", NULL);
    g_autofree char *text = NULL;
    const char *argv[] = {"cp", "-r", RULES "/.", dir, NULL};
    int status = -1;

    assert_true(g_spawn_sync(
        NULL, (char **)argv, NULL, G_SPAWN_SEARCH_PATH, NULL, NULL, NULL, NULL, &status, NULL));
    assert_int_equal(status, 0);
    assert_true(g_file_get_contents(sop, &text, NULL, NULL));
    g_auto(GStrv) parts = g_strsplit(text, "on AJUKAN = bsre\n", -1);
    g_autofree char *changed = g_strjoinv("on AJUKAN if different_person = bsre\n", parts);

    assert_int_equal(g_strv_length(parts), 2);
    assert_true(g_file_set_contents(sop, changed, -1, NULL));
    return dir;
}

static void
remove_rules(const char *dir)
{
    const char *argv[] = {"rm", "-rf", dir, NULL};

    assert_true(g_spawn_sync(
        NULL, (char **)argv, NULL, G_SPAWN_SEARCH_PATH, NULL, NULL, NULL, NULL, NULL, NULL));
}

/* `verifikators`: lines of the role. The first of them has received the papers. */
static MpTrial *
trial_at_submission(const char *dir, const char *verifikators)
{
    g_autofree char *is = g_strdup_printf("rules_dir = %s\n", dir);
    const char *const changes[] = {
        "rules_dir = " RULES "\n", is, "addresses = " VERIFIKATOR "\n", verifikators, NULL};
    MpTrial *trial = mp_trial_new_changed(changes, NULL);

    mp_trial_open(trial);
    mp_trial_say(trial, KADIS, "SETUJU");
    mp_trial_say(trial, KABID, "TERUSKAN");
    mp_trial_say(trial, HELPDESK, "TERUSKAN");
    mp_trial_say(trial, VERIFIKATOR, "TERUSKAN");
    assert_step(trial, "ams");
    return trial;
}

typedef struct {
    const char *name, *verifikators, *other;
} EyesRow;

static const EyesRow eyes_rows[] = {
    {"four eyes: the second holder of the role does the second step",
     "addresses = " VERIFIKATOR "; " SECOND "\n",
     SECOND},
    {"four eyes: the deputy does the second step",
     "addresses = " VERIFIKATOR "\ndeputies = " PLT " until 2026-12-31\n",
     PLT},
};

static void
test_four_eyes(void **state)
{
    const EyesRow *row = *state;
    g_autofree char *dir = rules_with_four_eyes();
    g_autoptr(MpTrial) trial = trial_at_submission(dir, row->verifikators);
    g_autofree char *words = NULL;
    guint mails = mp_trial_count(trial, NULL);

    mp_trial_say(trial, VERIFIKATOR, "AJUKAN untuk NIP 197109051996032999");
    assert_step(trial, "ams");
    assert_int_equal(trial->plan->changes->len, 0);
    assert_int_equal(mp_trial_count(trial, NULL), mails + 1);
    words = last_words(trial, VERIFIKATOR);
    assert_contains(words, "dua orang yang berbeda");
    assert_lacks(words, "197109051996032999");
    /* Trying it says the same. */
    mp_trial_say(trial, VERIFIKATOR, "COBA AJUKAN");
    assert_told(trial, VERIFIKATOR, "percobaan: akan ditolak");
    assert_told(trial, VERIFIKATOR, "dua orang yang berbeda");
    /* In capitals he is no other person. */
    {
        g_autofree char *code = mp_trial_code(trial, VERIFIKATOR);

        mp_trial_say_with(trial, "Verifikator@ContohKab.GO.ID", code, "AJUKAN");
    }
    assert_step(trial, "ams");
    mp_trial_say(trial, row->other, "AJUKAN");
    assert_step(trial, "bsre");
    remove_rules(dir);
}

/* --- codes in time -----------------------------------------------------------------------------
 */

/* To the second it is good, a second later it is asked back at the registered address alone. */
static void
test_expiry_per_role(void **state)
{
    static const struct {
        gint64 wait_s;
        const char *step;
    } rows[] = {{7200, "tindak-lanjut"}, {7201, "disposisi"}};

    (void)state;
    for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
        static const char *const changes[] = {
            "addresses = " KADIS "\n", "addresses = " KADIS "\ngrant_expiry = 2h\n", NULL};
        g_autoptr(MpTrial) trial = mp_trial_new_changed(changes, NULL);
        g_autofree char *code = NULL;
        guint mails;

        mp_trial_open(trial);
        code = mp_trial_code(trial, KADIS);
        mails = mp_trial_count(trial, NULL);
        mp_trial_wait(trial, rows[i].wait_s - 600);
        mp_trial_say_with(trial, "Kadis <" KADIS ">", code, "SETUJU");
        assert_step(trial, rows[i].step);
        if (i == 0)
            continue;
        assert_int_equal(mp_trial_count(trial, NULL), mails + 1);
        assert_told(trial, KADIS, "tidak membawa kode");
        mp_trial_say(trial, KADIS, "SETUJU");
        assert_step(trial, "tindak-lanjut");
    }
}

/* --- papers ------------------------------------------------------------------------------------
 */

static gboolean
asks_for_card(const MpSop *sop, const char *id)
{
    const MpSopStep *step = mp_sop_step(sop, id);

    for (guint i = 0; step != NULL && step->requires_ != NULL && step->requires_[i] != NULL; i++)
        if (strstr(step->requires_[i], "ktp") != NULL)
            return TRUE;
    return FALSE;
}

/* The step that the mail is about stands in its Message-ID. */
static void
assert_card_is_asked(const MpSop *sop, const MpOutboxEntry *entry, gboolean has_card)
{
    g_auto(GStrv) parts = g_strsplit(entry->mail->message_id, ".", 3);

    if (has_card != asks_for_card(sop, parts[1]))
        fail_msg("%s: step %s %s the card", entry->recipient, parts[1], has_card ? "got" : "lacks");
}

/* The copy of an identity card goes with the steps that ask for it, to the officials of the step,
 * and to nobody else; so does every other paper. */
static void
test_papers(void **state)
{
    static const struct {
        const char *official, *words;
    } moves[] = {{KADIS, "SETUJU"},
                 {"sekretaris@contohkab.go.id", "TERUSKAN"},
                 {KABID, "TERUSKAN"},
                 {"kasi@contohkab.go.id", "TERUSKAN"},
                 {HELPDESK, "TERUSKAN"},
                 {VERIFIKATOR, "TERUSKAN"},
                 {VERIFIKATOR, "AJUKAN"}};

    g_autoptr(MpTrial) trial = mp_trial_new(NULL);
    g_autofree char *mail = mp_demo_letter_mail(
        &mp_demo_letters[0], TRIAL_OFFICE, "Mon, 16 Nov 2026 02:00:00 +0000", 900);
    const MpSop *sop = mp_setup_sop(trial->app.setup, "pendaftaran");
    g_autoptr(GPtrArray) mails = NULL;
    guint with_card = 0, without_card = 0;

    (void)state;
    mp_trial_take(trial, mail);
    for (guint turn = 0; turn < 12; turn++) {
        g_autoptr(MpCase) kase = mp_trial_case(trial, TRIAL_CASE);
        g_autoptr(GPtrArray) holders = NULL;
        g_autofree char **verbs = mp_sop_verbs_at(sop, kase->step);
        const char *verb = NULL;

        if (kase->state != MP_CASE_OPEN)
            break;
        for (gsize i = 0; i < G_N_ELEMENTS(moves) && verb == NULL; i++)
            if (g_strv_contains((const char *const *)verbs, moves[i].words))
                verb = moves[i].words;
        holders = mp_setup_role_addresses(trial->app.setup, kase->holder_role, "2026-11-16");
        mp_trial_say(trial, g_ptr_array_index(holders, 0), verb);
    }
    mails = mp_trial_mails(trial, NULL);
    for (guint i = 0; i < mails->len; i++) {
        const MpOutboxEntry *entry = g_ptr_array_index(mails, i);
        gboolean has_card = FALSE;

        for (guint j = 0; j < entry->documents->len; j++)
            has_card =
                has_card || strstr(((const MpOutboxDocument *)entry->documents->pdata[j])->filename,
                                   "KTP") != NULL;
        if (entry->documents->len == 0)
            continue;
        assert_text(entry->template_, "giliran");
        assert_non_null(mp_setup_any_role(trial->app.setup, entry->recipient, "2026-11-16"));
        with_card += has_card;
        without_card += !has_card;
        assert_card_is_asked(sop, entry, has_card);
    }
    assert_true(with_card > 0);
    assert_true(without_card > 0);
}

/* --- secrets in notices ------------------------------------------------------------------------
 */

/* A link of activation or passphrase that BSrE mailed goes nowhere: not into mails, not into the
 * facts, not into the report about the mail. */
static void
test_links_of_bsre(void **state)
{
    static const char *const texts[] = {
        "Silakan membuat passphrase melalui "
        "https://portal.bssn.go.id/passphrase?token=RAHASIA91\r\n",
        "Aktivasi akun: https://portal.bssn.go.id/aktivasi/RAHASIA91 berlaku 24 jam.\r\n"};

    (void)state;
    for (gsize i = 0; i < G_N_ELEMENTS(texts); i++) {
        g_autoptr(MpTrial) trial = mp_trial_new(NULL);
        g_autofree char *text = g_strconcat(
            "Yth. Dra. Sulastri Wulandari,\r\nsertifikat elektronik atas nama Dra. Sulastri "
            "Wulandari sedang diproses.\r\n",
            texts[i],
            NULL);
        g_autofree char *facts = NULL;
        g_autofree char *why = NULL;
        g_autoptr(GPtrArray) mails = NULL;

        mp_trial_open(trial);
        mp_trial_send(trial,
                      &(MpTrialMail){.from = "BSrE <noreply@bssn.go.id>",
                                     .subject = "Pembaruan Sertifikat Elektronik",
                                     .text = text});
        facts = mp_facts_to_json(trial->facts);
        why = mp_why_to_json(trial->facts, trial->plan);
        assert_lacks(facts, "RAHASIA91");
        assert_lacks(why, "RAHASIA91");
        mails = mp_trial_mails(trial, NULL);
        for (guint j = 0; j < mails->len; j++) {
            g_autofree char *words = mp_trial_words(g_ptr_array_index(mails, j));

            assert_lacks(words, "RAHASIA91");
        }
    }
}

/* --- an office whose server proves nobody ------------------------------------------------------
 */

static void
assert_note(const char *was, const char *is, gboolean warns)
{
    g_autofree char *dir = g_dir_make_tmp("mailproc-watch-XXXXXX", NULL);
    const char *const changes[] = {was, is, NULL};
    g_autoptr(MpTrial) trial = mp_trial_new_changed(changes, NULL);
    g_autoptr(GError) error = NULL;
    g_autofree char *words = NULL;

    assert_true(mp_config_set(trial->app.setup->config, "store", "dir", dir, &error));
    assert_true(mp_watch_look(&trial->app, trial->now_utc, &error));
    assert_no_gerror(error);
    words = last_words(trial, VERIFIKATOR);
    assert_contains(words, "Catatan harian");
    assert_int_equal(strstr(words, "authserv_id belum diisi") != NULL, warns);
    g_rmdir(dir);
}

static void
test_no_authserv(void **state)
{
    (void)state;
    assert_note("[office]\n", "[office]\n", FALSE);
    assert_note("authserv_id = mx.contohkab.go.id\n", "", TRUE);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        {"a code expires as its role's says", test_expiry_per_role, NULL, NULL, NULL},
        {"T-43 a card goes with the steps that ask for it", test_papers, NULL, NULL, NULL},
        {"T-43 links of activation and passphrase go nowhere",
         test_links_of_bsre,
         NULL,
         NULL,
         NULL},
        {"the daily note warns where nobody is proved", test_no_authserv, NULL, NULL, NULL},
    };

    return run_rows("four eyes", eyes_rows, test_four_eyes) +
           cmocka_run_group_tests_name("eyes", tests, NULL, NULL);
}

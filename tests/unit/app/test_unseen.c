/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What a flood of strangers' mail must not hide from the verifikator (T-15). */

#include "support/asserts.h"
#include "support/planner.h"

#define VERIFIKATOR "verifikator@contohkab.go.id"

#define WITHDRAWAL "Dengan ini kami menarik kembali permohonan " TRIAL_CASE ".\r\n"

enum { FLOOD = 60, HOUR_S = 3600 };

static void
flood(MpTrial *trial, const char *word)
{
    for (guint i = 0; i < FLOOD; i++) {
        g_autofree char *subject =
            g_strdup_printf("Re: [" TRIAL_CASE "] Penarikan permohonan, %s %u", word, i);

        mp_trial_send(trial,
                      &(MpTrialMail){.from = "lain@asing.example",
                                     .auth = "dmarc=fail header.from=asing.example",
                                     .subject = subject,
                                     .text = WITHDRAWAL});
    }
}

static guint
n_of(MpTrial *trial, const char *template_)
{
    g_autoptr(GPtrArray) mails = mp_trial_mails(trial, VERIFIKATOR);
    guint n = 0;

    for (guint i = 0; i < mails->len; i++)
        n += strcmp(((const MpOutboxEntry *)mails->pdata[i])->template_, template_) == 0;
    return n;
}

static guint
n_collecting(MpTrial *trial)
{
    g_autoptr(GPtrArray) mails = mp_trial_mails(trial, VERIFIKATOR);
    guint n = 0;

    for (guint i = 0; i < mails->len; i++) {
        const MpOutboxEntry *entry = g_ptr_array_index(mails, i);

        if (strcmp(entry->template_, "surel-menumpuk") != 0)
            continue;
        assert_true(entry->next_try_utc == entry->made_utc + G_TIME_SPAN_HOUR);
        assert_contains(entry->mail->text, "mailproc mail list");
        n++;
    }
    return n;
}

static void
one_mail_tells_of_the_rest(void **state)
{
    g_autoptr(MpTrial) trial = mp_trial_new(NULL);

    (void)state;
    mp_trial_open(trial);
    flood(trial, "pertama");
    assert_int_equal(n_of(trial, "perlu-dilihat"), 20);
    assert_int_equal(n_collecting(trial), 1);
    flood(trial, "kedua");
    assert_int_equal(n_collecting(trial), 1);
    mp_trial_wait(trial, 2 * HOUR_S);
    flood(trial, "ketiga");
    assert_int_equal(n_collecting(trial), 2);
}

static void
few_mails_need_none(void **state)
{
    g_autoptr(MpTrial) trial = mp_trial_new(NULL);

    (void)state;
    mp_trial_open(trial);
    mp_trial_send(trial,
                  &(MpTrialMail){.from = "lain@asing.example",
                                 .auth = "dmarc=fail header.from=asing.example",
                                 .subject = "Re: [" TRIAL_CASE "] Penarikan permohonan",
                                 .text = WITHDRAWAL});
    assert_int_equal(n_of(trial, "perlu-dilihat"), 1);
    assert_int_equal(n_collecting(trial), 0);
}

int
main(void)
{
    static const struct CMUnitTest tests[] = {
        {"T-15 one mail an hour tells of what the cap dropped",
         one_mail_tells_of_the_rest,
         NULL,
         NULL,
         NULL},
        {"T-15 below the cap each mail is told and none is collected",
         few_mails_need_none,
         NULL,
         NULL,
         NULL},
    };

    return cmocka_run_group_tests_name("unseen mail", tests, NULL, NULL);
}

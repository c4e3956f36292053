/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/* A trial with a sender in memory: rows of the outbox made by hand, and what became of them. */

#include "app/delivery-private.h"
#include "app/service-private.h"
#include "support/asserts.h"
#include "support/fake-sender.h"
#include "support/planner.h"

#define MINUTE 60
#define HOUR (60 * MINUTE)
#define DAY (24 * HOUR)
#define VERIFIKATOR "verifikator@contohkab.go.id"

static MpTrial *
begin(const char *more)
{
    MpTrial *trial = mp_trial_new(NULL);
    g_autoptr(GError) error = NULL;
    g_auto(GStrv) words = g_strsplit(more, " ", 0);

    for (gsize i = 0; words[i] != NULL && words[i + 1] != NULL; i += 2)
        if (!mp_config_set(trial->app.setup->config, "sender", words[i], words[i + 1], &error))
            assert_no_gerror(error);
    trial->app.sender = mp_fake_sender_new();
    return trial;
}

G_GNUC_UNUSED static void
end(MpTrial *trial)
{
    trial->app.sender->free(trial->app.sender);
    mp_trial_free(trial);
}

G_GNUC_UNUSED static gint64
add_for(MpTrial *trial, const char *to, const char *case_number)
{
    g_autoptr(MpOutboxEntry) entry = mp_outbox_entry_new();
    MpStore *store = trial->app.store;
    g_autoptr(GError) error = NULL;

    entry->template_ = g_strdup("kemajuan");
    entry->case_number = g_strdup(case_number);
    entry->envelope_from = g_strdup(TRIAL_OFFICE);
    entry->recipient = g_strdup(to);
    entry->made_utc = trial->now_utc;
    entry->mail->message_id = g_strdup_printf("uji.%u@contohkab.go.id", ++trial->n_mails);
    entry->mail->from_address = g_strdup(TRIAL_OFFICE);
    entry->mail->to_address = g_strdup(to);
    entry->mail->date_utc = trial->now_utc;
    entry->mail->subject = g_strdup("Kemajuan");
    entry->mail->text = g_strdup("Isi.\n");
    entry->mail->html = g_strdup("<p>Isi.</p>\n");
    assert_true(store->begin(store, &error));
    assert_true(store->outbox_add(store, entry, &error));
    assert_true(store->commit(store, &error));
    return entry->id;
}

G_GNUC_UNUSED static gint64
add(MpTrial *trial, const char *to)
{
    return add_for(trial, to, NULL);
}

G_GNUC_UNUSED static void
deliver(MpTrial *trial)
{
    g_autoptr(GError) error = NULL;

    if (!mp_pipeline_deliver(&trial->app, &error))
        assert_no_gerror(error);
}

static MpOutboxEntry *
row_of(MpTrial *trial, gint64 id)
{
    g_autoptr(GError) error = NULL;
    MpOutboxEntry *entry = trial->app.store->outbox_get(trial->app.store, id, &error);

    assert_no_gerror(error);
    return entry;
}

G_GNUC_UNUSED static void
assert_reason(MpTrial *trial, gint64 id, const char *want)
{
    g_autoptr(MpOutboxEntry) entry = row_of(trial, id);

    if (want == NULL)
        assert_null(entry->reason);
    else
        assert_contains(entry->reason, want);
}

G_GNUC_UNUSED static void
assert_row(MpTrial *trial, gint64 id, MpOutboxState state, guint tries)
{
    g_autoptr(MpOutboxEntry) entry = row_of(trial, id);

    assert_text(mp_outbox_state_to_string(entry->state), mp_outbox_state_to_string(state));
    assert_int_equal(entry->tries, tries);
}

G_GNUC_UNUSED static guint
n_tries(MpTrial *trial)
{
    return mp_fake_sender_mails(trial->app.sender)->len;
}

/* Mails of this template to the address that are not withheld. */
G_GNUC_UNUSED static guint
told(MpTrial *trial, const char *to, const char *template_)
{
    g_autoptr(GPtrArray) mails = mp_trial_mails(trial, to);
    guint n = 0;

    for (guint i = 0; i < mails->len; i++)
        n += strcmp(((const MpOutboxEntry *)mails->pdata[i])->template_, template_) == 0;
    return n;
}

/* The notices that wait have documents, and the trial keeps no archive. */
G_GNUC_UNUSED static void
hold_waiting(MpTrial *trial)
{
    g_autoptr(GPtrArray) mails = mp_trial_mails(trial, NULL);
    MpStore *store = trial->app.store;
    g_autoptr(GError) error = NULL;

    assert_true(store->begin(store, &error));
    for (guint i = 0; i < mails->len; i++) {
        MpOutboxEntry *entry = g_ptr_array_index(mails, i);

        if (entry->state != MP_OUTBOX_QUEUED)
            continue;
        entry->is_held = TRUE;
        assert_true(store->outbox_move(store, entry, MP_OUTBOX_QUEUED, &error));
    }
    assert_true(store->commit(store, &error));
}

G_GNUC_UNUSED static gboolean
is_dead(MpTrial *trial, const char *address)
{
    g_autofree char *mark = mp_plan_dead_mark(address);
    g_autofree char *value = trial->app.store->mark_get(trial->app.store, mark);

    return value != NULL;
}

/* The officials answer until BSrE's turn, so that a notice to the applicant goes out. */
G_GNUC_UNUSED static void
work_until_bsre(MpTrial *trial)
{
    static const struct {
        const char *from, *word;
    } says[] = {{"kadis", "TERUSKAN"},
                {"kabid", "TERUSKAN"},
                {"helpdesk", "TERUSKAN"},
                {"verifikator", "TERUSKAN"},
                {"verifikator", "AJUKAN"}};

    g_autoptr(MpCase) kase = NULL;

    for (gsize i = 0; i < G_N_ELEMENTS(says); i++) {
        g_autofree char *from = g_strconcat(says[i].from, "@contohkab.go.id", NULL);
        g_autofree char *code = mp_trial_code(trial, from);
        g_autofree char *text = g_strdup_printf("%s\r\n\r\nPada Senin, Layanan <" TRIAL_OFFICE
                                                "> menulis:\r\n> Kode: %s\r\n",
                                                says[i].word,
                                                code);

        mp_trial_send(trial, &(MpTrialMail){.from = from, .text = text});
    }
    kase = mp_trial_case(trial, TRIAL_CASE);
    assert_text(kase->step, "bsre");
}

G_GNUC_UNUSED static char *
applicant_address(MpTrial *trial)
{
    g_autoptr(MpCase) kase = mp_trial_case(trial, TRIAL_CASE);

    return g_strdup(((const MpCaseApplicant *)kase->applicants->pdata[0])->email);
}

G_GNUC_UNUSED static char *
last_words(MpTrial *trial, const char *to)
{
    g_autoptr(GPtrArray) mails = mp_trial_mails(trial, to);

    return mp_trial_words(g_ptr_array_index(mails, mails->len - 1));
}

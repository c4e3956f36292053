/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What becomes of outgoing mail (F-17): tries with the same bytes, servers that are away, domains
 * that rest, and whom the office tells. */

#include "outgoing.h"

/* --- tries -------------------------------------------------------------------------------------
 */

static void
bytes_stay_the_same(void **state)
{
    MpTrial *trial = begin("");
    gint64 id = add(trial, "dinkes@contohkab.go.id");
    const GPtrArray *sent = mp_fake_sender_mails(trial->app.sender);

    (void)state;
    mp_fake_sender_fail_at(trial->app.sender, 1, MP_SEND_REFUSED_SOON, "451 4.3.0 later");
    mp_fake_sender_fail_at(trial->app.sender, 2, MP_SEND_UNCERTAIN, "lost");
    deliver(trial);
    assert_row(trial, id, MP_OUTBOX_DEFERRED, 1);
    mp_trial_wait(trial, 6 * MINUTE);
    deliver(trial);
    assert_row(trial, id, MP_OUTBOX_UNCERTAIN, 2);
    mp_trial_wait(trial, 14 * MINUTE);
    deliver(trial);
    assert_int_equal(sent->len, 2);
    mp_trial_wait(trial, 2 * MINUTE);
    deliver(trial);
    assert_row(trial, id, MP_OUTBOX_SENT, 3);
    assert_int_equal(sent->len, 3);
    for (guint i = 1; i < sent->len; i++)
        assert_true(g_bytes_equal(((const MpFakeMail *)sent->pdata[0])->mail,
                                  ((const MpFakeMail *)sent->pdata[i])->mail));
    end(trial);
}

static void
given_up_after_five_days(void **state)
{
    MpTrial *trial = begin("pause_after 0");

    (void)state;
    (void)add(trial, "dinkes@contohkab.go.id");
    mp_fake_sender_fail_always(trial->app.sender, MP_SEND_REFUSED_SOON, "451 4.3.0 later");
    for (guint hour = 0; hour < 5 * 24; hour++) {
        deliver(trial);
        mp_trial_wait(trial, HOUR);
    }
    assert_int_equal(told(trial, VERIFIKATOR, "gagal-kirim"), 0);
    mp_trial_wait(trial, HOUR);
    deliver(trial);
    mp_fake_sender_fail_always(trial->app.sender, MP_SEND_ACCEPTED, NULL);
    mp_trial_wait(trial, DAY);
    deliver(trial);
    assert_int_equal(told(trial, VERIFIKATOR, "gagal-kirim"), 1);
    assert_int_equal(mp_fake_sender_arrived(trial->app.sender, "dinkes@contohkab.go.id"), 0);
    end(trial);
}

/* The policy `hold`: nothing goes twice, and a person hears of it. */
static void
doubt_is_held_and_told(void **state)
{
    MpTrial *trial = begin("uncertain hold");
    gint64 id = add(trial, "dinkes@contohkab.go.id");
    g_autoptr(GPtrArray) mails = NULL;
    g_autoptr(MpOutboxEntry) held = NULL;
    g_autofree char *words = NULL;

    (void)state;
    mp_fake_sender_fail_at(trial->app.sender, 1, MP_SEND_UNCERTAIN, "lost");
    deliver(trial);
    mp_trial_wait(trial, DAY);
    deliver(trial);
    assert_row(trial, id, MP_OUTBOX_UNCERTAIN, 1);
    held = row_of(trial, id);
    assert_true(held->is_held);
    assert_int_equal(told(trial, VERIFIKATOR, "gagal-kirim"), 1);
    mails = mp_trial_mails(trial, VERIFIKATOR);
    words = mp_trial_words(g_ptr_array_index(mails, 0));
    assert_contains(words, "Surel mungkin tidak sampai ke dinkes@contohkab.go.id");
    assert_lacks(words, "kami tidak mengirim surel lagi");
    end(trial);
}

/* --- our own store ---------------------------------------------------------------------------
 */

static gboolean
refuse_row(MpStore *store, MpOutboxEntry *entry, GError **error)
{
    (void)store;
    (void)entry;
    g_set_error_literal(error, MP_ERROR, MP_ERROR_STORAGE, "store: disk full");
    return FALSE;
}

static void
an_untold_failure_undoes_no_result(void **state)
{
    MpTrial *trial = begin("");
    MpStore *store = trial->app.store;
    __typeof__(store->outbox_add) add_row = store->outbox_add;
    gint64 refused = add(trial, "dinkes@contohkab.go.id");
    gint64 taken = add(trial, "disdik@contohkab.go.id");
    g_autoptr(GError) error = NULL;

    (void)state;
    mp_fake_sender_fail_at(trial->app.sender, 1, MP_SEND_REFUSED, "554 5.7.1 spam");
    store->outbox_add = refuse_row;
    deliver(trial);
    assert_row(trial, refused, MP_OUTBOX_FAILED, 1);
    assert_row(trial, taken, MP_OUTBOX_SENT, 1);
    assert_int_equal(told(trial, VERIFIKATOR, "gagal-kirim"), 0);
    /* As after a restart: nothing is sent again, and the person hears of it, once. */
    store->outbox_add = add_row;
    assert_true(mp_pipeline_recover(&trial->app, &error));
    assert_int_equal(told(trial, VERIFIKATOR, "gagal-kirim"), 1);
    hold_waiting(trial);
    deliver(trial);
    assert_int_equal(n_tries(trial), 2);
    assert_int_equal(told(trial, VERIFIKATOR, "gagal-kirim"), 1);
    end(trial);
}

static GBytes *
fail_to_read(MpStore *store, const char *name, GError **error)
{
    (void)store;
    g_set_error(error, MP_ERROR, MP_ERROR_STORAGE, "archive: %s: I/O error", name);
    return NULL;
}

static GBytes *
find_nothing(MpStore *store, const char *name, GError **error)
{
    (void)store;
    g_set_error(error, MP_ERROR, MP_ERROR_INPUT, "archive: %s: no such entry", name);
    return NULL;
}

/* The row of the trial that has documents; all others are held. */
static gint64
only_with_documents(MpTrial *trial)
{
    g_autoptr(GPtrArray) mails = mp_trial_mails(trial, NULL);
    MpStore *store = trial->app.store;
    gint64 id = 0;
    g_autoptr(GError) error = NULL;

    hold_waiting(trial);
    assert_true(store->begin(store, &error));
    for (guint i = 0; id == 0 && i < mails->len; i++) {
        g_autoptr(MpOutboxEntry) entry =
            row_of(trial, ((const MpOutboxEntry *)mails->pdata[i])->id);

        if (entry->documents->len == 0)
            continue;
        entry->is_held = FALSE;
        assert_true(store->outbox_move(store, entry, MP_OUTBOX_QUEUED, &error));
        id = entry->id;
    }
    assert_true(store->commit(store, &error));
    assert_true(id != 0);
    return id;
}

static void
our_archive_is_no_server(void **state)
{
    static GBytes *(*const reads[])(MpStore *, const char *, GError **) = {fail_to_read,
                                                                           find_nothing};
    static const MpOutboxState ends[] = {MP_OUTBOX_DEFERRED, MP_OUTBOX_FAILED};

    (void)state;
    for (guint i = 0; i < G_N_ELEMENTS(reads); i++) {
        MpTrial *trial = begin("pause_after 1");
        MpStore *store = trial->app.store;
        g_auto(GStrv) rests = NULL;
        g_autoptr(GError) error = NULL;
        gint64 id;

        mp_trial_open(trial);
        id = only_with_documents(trial);
        store->archive_get = reads[i];
        deliver(trial);
        assert_row(trial, id, ends[i], 1);
        assert_int_equal(told(trial, VERIFIKATOR, "gagal-kirim"), i);
        assert_false(mp_fake_sender_arrived(trial->app.sender, NULL) > i);
        rests = store->mark_names(store, MP_REST_MARK, &error);
        assert_non_null(rests);
        assert_null(rests[0]);
        end(trial);
    }
}

/* --- servers -----------------------------------------------------------------------------------
 */

static void
an_absent_server_is_asked_twice(void **state)
{
    MpTrial *trial = begin("");
    gint64 ids[5];
    g_autoptr(GError) error = NULL;

    (void)state;
    for (guint i = 0; i < G_N_ELEMENTS(ids); i++)
        ids[i] = add(trial, "dinkes@contohkab.go.id");
    mp_fake_sender_set_down(trial->app.sender, TRUE);
    assert_false(mp_pipeline_deliver(&trial->app, &error));
    assert_gerror(error, MP_ERROR_UNREACHABLE);
    for (guint i = 0; i < G_N_ELEMENTS(ids); i++)
        assert_row(trial, ids[i], MP_OUTBOX_DEFERRED, i < 2 ? 1 : 0);
    mp_fake_sender_set_down(trial->app.sender, FALSE);
    deliver(trial);
    assert_row(trial, ids[4], MP_OUTBOX_SENT, 1);
    mp_trial_wait(trial, 6 * MINUTE);
    deliver(trial);
    assert_row(trial, ids[0], MP_OUTBOX_SENT, 2);
    end(trial);
}

/* Not every server that is away says something. */
static void
an_absent_server_without_words_is_asked_twice(void **state)
{
    MpTrial *trial = begin("");
    g_autoptr(GError) error = NULL;

    (void)state;
    for (guint i = 0; i < 5; i++)
        (void)add(trial, "dinkes@contohkab.go.id");
    mp_fake_sender_fail_always(trial->app.sender, MP_SEND_UNREACHABLE, NULL);
    assert_false(mp_pipeline_deliver(&trial->app, &error));
    assert_gerror(error, MP_ERROR_UNREACHABLE);
    assert_text(error->message, "sender: no answer");
    assert_int_equal(n_tries(trial), 2);
    end(trial);
}

static void
a_mail_that_cuts_the_line_stops_nobody(void **state)
{
    MpTrial *trial = begin("");
    gint64 first = add(trial, "dinkes@contohkab.go.id");
    gint64 second = add(trial, "disdik@contohkab.go.id");

    (void)state;
    mp_fake_sender_fail_at(trial->app.sender, 1, MP_SEND_UNREACHABLE, "cut");
    deliver(trial);
    assert_row(trial, first, MP_OUTBOX_DEFERRED, 1);
    assert_row(trial, second, MP_OUTBOX_SENT, 1);
    end(trial);
}

/* --- domains -----------------------------------------------------------------------------------
 */

static void
a_domain_rests_and_resumes(void **state)
{
    MpTrial *trial = begin("pause_after 3 retry_first 1m");
    gint64 ids[5], other;
    g_autoptr(MpOutboxEntry) waits = NULL;
    g_autofree char *mark = NULL;
    g_autofree char *after = NULL;

    (void)state;
    for (guint i = 0; i < G_N_ELEMENTS(ids); i++)
        ids[i] = add(trial, "warga@sibuk.example");
    other = add(trial, "dinkes@contohkab.go.id");
    for (guint i = 1; i <= 3; i++)
        mp_fake_sender_fail_at(trial->app.sender, i, MP_SEND_REFUSED_SOON, "450 4.7.1 too many");
    deliver(trial);
    /* Three tries, then the domain's other mails wait; another domain's does not. */
    assert_int_equal(n_tries(trial), 4);
    assert_row(trial, other, MP_OUTBOX_SENT, 1);
    assert_row(trial, ids[4], MP_OUTBOX_DEFERRED, 0);
    waits = row_of(trial, ids[4]);
    assert_text(waits->reason, MP_REST_REASON);
    assert_int_equal(waits->next_try_utc, trial->now_utc + 15 * MINUTE * G_USEC_PER_SEC);
    mark = trial->app.store->mark_get(trial->app.store, MP_REST_MARK "sibuk.example");
    assert_non_null(mark);
    /* A later mail waits too, without a try and with its state kept. */
    mp_trial_wait(trial, 10 * MINUTE);
    other = add(trial, "lain@sibuk.example");
    deliver(trial);
    assert_int_equal(n_tries(trial), 4);
    assert_row(trial, other, MP_OUTBOX_QUEUED, 0);
    /* The trial after the rest is one mail; refused, the rest doubles. */
    mp_trial_wait(trial, 5 * MINUTE);
    mp_fake_sender_fail_at(trial->app.sender, 1, MP_SEND_REFUSED_SOON, "450 4.7.1 too many");
    deliver(trial);
    assert_int_equal(n_tries(trial), 5);
    mp_trial_wait(trial, 29 * MINUTE);
    deliver(trial);
    assert_int_equal(n_tries(trial), 5);
    mp_trial_wait(trial, MINUTE);
    deliver(trial);
    assert_int_equal(n_tries(trial), 11);
    for (guint i = 0; i < G_N_ELEMENTS(ids); i++)
        assert_row(trial, ids[i], MP_OUTBOX_SENT, i == 0 ? 3 : i < 3 ? 2 : 1);
    assert_reason(trial, ids[4], NULL);
    after = trial->app.store->mark_get(trial->app.store, MP_REST_MARK "sibuk.example");
    assert_null(after);
    end(trial);
}

int
main(void)
{
    static const struct CMUnitTest tests[] = {
        {"F-17 every try has the same bytes; UNCERTAIN is repeated once after 15 minutes",
         bytes_stay_the_same,
         NULL,
         NULL,
         NULL},
        {"F-17 after five days the verifikator is told, once",
         given_up_after_five_days,
         NULL,
         NULL,
         NULL},
        {"F-17 the policy hold keeps a mail that may have arrived, and tells",
         doubt_is_held_and_told,
         NULL,
         NULL,
         NULL},
        {"F-17 a failure that cannot be told undoes no result and is told later",
         an_untold_failure_undoes_no_result,
         NULL,
         NULL,
         NULL},
        {"F-17 an archive in trouble puts a mail off and says nothing about a domain",
         our_archive_is_no_server,
         NULL,
         NULL,
         NULL},
        {"F-17 a server that is away is asked twice, not for each mail",
         an_absent_server_is_asked_twice,
         NULL,
         NULL,
         NULL},
        {"F-17 a server that is away without a word is asked twice too",
         an_absent_server_without_words_is_asked_twice,
         NULL,
         NULL,
         NULL},
        {"F-17 a mail that cuts the line stops nobody",
         a_mail_that_cuts_the_line_stops_nobody,
         NULL,
         NULL,
         NULL},
        {"F-17 a domain rests after refusals, is tried by one mail, and resumes",
         a_domain_rests_and_resumes,
         NULL,
         NULL,
         NULL},
    };

    return cmocka_run_group_tests_name("delivery", tests, NULL, NULL);
}

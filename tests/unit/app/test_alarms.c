/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What the service tells of itself, on a set clock: each alarm once when it comes and once when it
 * goes, the daily note with the head of the chain, and the same figures for `status` and the node
 * exporter. */

#include "outgoing.h"

#include "app/watch.h"

#include <glib/gstdio.h>

#define NOTE "catatan-harian"

static void
set_mark(MpTrial *trial, const char *name, const char *value)
{
    MpStore *store = trial->app.store;
    g_autoptr(GError) error = NULL;

    assert_true(store->begin(store, &error));
    assert_true(store->mark_set(store, name, value, &error));
    assert_true(store->commit(store, &error));
}

/* Monday, 16 November 2026, 09.00 WIB, swept just now; today's note went out. */
static MpTrial *
begin_watch(void)
{
    MpTrial *trial = begin("");
    g_autoptr(GError) error = NULL;

    if (!mp_config_set(trial->app.setup->config, "store", "dir", trial->dir, &error) ||
        !mp_config_set(trial->app.setup->config, "watch", "disk_free", "0", &error) ||
        !mp_service_mark_sweep(&trial->app, &error))
        assert_no_gerror(error);
    set_mark(trial, "daily-note", "2026-11-16");
    return trial;
}

static void
look(MpTrial *trial)
{
    g_autoptr(GError) error = NULL;

    if (!mp_watch_look(&trial->app, 0, &error))
        assert_no_gerror(error);
}

/* The words of the newest note; NULL = none. */
static char *
newest_note(MpTrial *trial)
{
    g_autoptr(GPtrArray) mails = mp_trial_mails(trial, VERIFIKATOR);

    for (guint i = mails->len; i > 0; i--) {
        const MpOutboxEntry *entry = g_ptr_array_index(mails, i - 1);

        if (strcmp(entry->template_, NOTE) == 0)
            return mp_trial_words(entry);
    }
    return NULL;
}

/* --- alarms ------------------------------------------------------------------------------------
 */

static void
sweep(MpTrial *trial)
{
    g_autoptr(GError) error = NULL;

    if (!mp_service_mark_sweep(&trial->app, &error))
        assert_no_gerror(error);
}

static void
no_sweep(MpTrial *trial)
{
    mp_trial_wait(trial, 15 * MINUTE);
}

static void
a_second_more(MpTrial *trial)
{
    mp_trial_wait(trial, 1);
}

static void
nothing(MpTrial *trial)
{
    (void)trial;
}

/* The newest mail of the ledger ends so. */
static void
end_mail(MpTrial *trial, MpLedgerState state)
{
    MpStore *store = trial->app.store;
    g_autoptr(GError) error = NULL;
    g_autoptr(GPtrArray) rows = store->ledger_list(store, NULL, 1, &error);

    assert_int_equal(rows->len, 1);
    ((MpLedgerRow *)rows->pdata[0])->state = state;
    assert_true(store->begin(store, &error));
    assert_true(store->ledger_update(store, rows->pdata[0], &error));
    assert_true(store->commit(store, &error));
}

static void
quarantine(MpTrial *trial)
{
    mp_trial_send(trial, &(MpTrialMail){.from = "x@luar.example", .auth = "", .text = "x"});
    hold_waiting(trial);
    end_mail(trial, MP_LEDGER_QUARANTINED);
}

static void
empty_quarantine(MpTrial *trial)
{
    end_mail(trial, MP_LEDGER_IGNORED);
}

static void
mail_waits(MpTrial *trial)
{
    (void)add(trial, "dinkes@contohkab.go.id");
    mp_trial_wait(trial, HOUR);
    sweep(trial);
}

static void
send(MpTrial *trial)
{
    deliver(trial);
}

static void
set_disk(MpTrial *trial, const char *least)
{
    g_autoptr(GError) error = NULL;

    if (!mp_config_set(trial->app.setup->config, "watch", "disk_free", least, &error))
        assert_no_gerror(error);
}

static void
disk_fills(MpTrial *trial)
{
    set_disk(trial, "1024G");
}

static void
disk_empties(MpTrial *trial)
{
    set_disk(trial, "0");
}

/* A certificate with so many days left. */
static void
meet(MpTrial *trial, gint64 *end_utc, gint64 seconds)
{
    g_autoptr(GError) error = NULL;

    *end_utc = trial->now_utc + seconds * G_USEC_PER_SEC;
    if (!mp_watch_mark_servers(&trial->app, &error))
        assert_no_gerror(error);
}

static void
sender_certificate(MpTrial *trial)
{
    meet(trial, &trial->app.sender->tls_expires_utc, 14 * DAY);
}

static void
renewed_sender(MpTrial *trial)
{
    meet(trial, &trial->app.sender->tls_expires_utc, 90 * DAY);
}

static void
mailbox_certificate(MpTrial *trial)
{
    MpMailbox mailbox = {0};

    trial->app.mailbox = &mailbox;
    meet(trial, &mailbox.tls_expires_utc, 14 * DAY);
    trial->app.mailbox = NULL;
}

static void
renewed_mailbox(MpTrial *trial)
{
    MpMailbox mailbox = {0};

    trial->app.mailbox = &mailbox;
    meet(trial, &mailbox.tls_expires_utc, 90 * DAY);
    trial->app.mailbox = NULL;
}

typedef struct {
    const char *name;
    void (*nearly)(MpTrial *trial); /* as far as it may go */
    void (*wrong)(MpTrial *trial);
    void (*well)(MpTrial *trial);
    const char *want, *want_well;
} AlarmRow;

static const AlarmRow alarm_rows[] = {
    {"F-11 no sweep for 15 minutes is told once",
     no_sweep,
     a_second_more,
     sweep,
     "Kotak surat tidak berhasil diperiksa sejak",
     "pemeriksaan kotak surat"},
    {"F-05 a mail in quarantine is told once",
     nothing,
     quarantine,
     empty_quarantine,
     "Ada 1 surel di karantina",
     "karantina kosong"},
    {"F-17 a mail that waits for an hour is told once",
     mail_waits,
     a_second_more,
     send,
     "Ada surel keluar yang belum terkirim sejak",
     "pengiriman surel"},
    {"F-08 a disk that fills is told once",
     nothing,
     disk_fills,
     disk_empties,
     "Ruang penyimpanan tersisa",
     "ruang penyimpanan"},
    {"T-19 a sender's certificate of less than 14 days is told once",
     sender_certificate,
     a_second_more,
     renewed_sender,
     "Sertifikat server pengiriman surel hanya berlaku sampai",
     "sertifikat server"},
    {"T-19 a mailbox's certificate of less than 14 days is told once",
     mailbox_certificate,
     a_second_more,
     renewed_mailbox,
     "Sertifikat server kotak surat hanya berlaku sampai",
     "sertifikat server"},
};

static void
test_alarm(void **state)
{
    const AlarmRow *row = *state;
    MpTrial *trial = begin_watch();
    g_autofree char *wrong = NULL;
    g_autofree char *well = NULL;

    row->nearly(trial);
    look(trial);
    assert_int_equal(told(trial, VERIFIKATOR, NOTE), 0);
    row->wrong(trial);
    for (guint i = 0; i < 3; i++)
        look(trial);
    assert_int_equal(told(trial, VERIFIKATOR, NOTE), 1);
    wrong = newest_note(trial);
    assert_contains(wrong, row->want);
    row->well(trial);
    for (guint i = 0; i < 3; i++)
        look(trial);
    assert_int_equal(told(trial, VERIFIKATOR, NOTE), 2);
    well = newest_note(trial);
    assert_lacks(well, row->want);
    assert_contains(well, "Sudah pulih");
    assert_contains(well, row->want_well);
    end(trial);
}

/* --- the daily note ----------------------------------------------------------------------------
 */

static void
daily_note(void **state)
{
    MpTrial *trial = begin_watch();
    MpStore *store = trial->app.store;
    g_autoptr(GError) error = NULL;
    g_autoptr(GPtrArray) mails = NULL;
    g_autofree char *head = NULL;
    const MpOutboxEntry *note;
    gint64 seq = 0;

    (void)state;
    assert_true(mp_config_set(trial->app.setup->config, "watch", "outbox_age", "7d", &error));
    mp_trial_open(trial);
    look(trial);
    assert_int_equal(told(trial, VERIFIKATOR, NOTE), 0);
    /* One second before seven the next morning, and at seven. */
    mp_trial_wait(trial, 22 * HOUR - 1);
    sweep(trial);
    look(trial);
    assert_int_equal(told(trial, VERIFIKATOR, NOTE), 0);
    mp_trial_wait(trial, 1);
    for (guint i = 0; i < 3; i++)
        look(trial);
    assert_int_equal(told(trial, VERIFIKATOR, NOTE), 1);
    assert_true(store->chain_head(store, &seq, &head, &error));
    mails = mp_trial_mails(trial, VERIFIKATOR);
    note = g_ptr_array_index(mails, mails->len - 1);
    assert_contains(note->mail->text, head);
    assert_contains(note->mail->html, head);
    assert_contains(note->mail->text, "Permohonan yang terbuka");
    assert_contains(note->mail->html, "Permohonan yang terbuka");
    assert_contains(note->mail->subject, "17 November 2026");
    /* A service that was down at seven tells when it is up again. */
    mp_trial_wait(trial, 30 * HOUR);
    sweep(trial);
    look(trial);
    assert_int_equal(told(trial, VERIFIKATOR, NOTE), 2);
    end(trial);
}

static void
note_to_addresses(void **state)
{
    MpTrial *trial = begin_watch();
    g_autoptr(GError) error = NULL;

    (void)state;
    if (!mp_config_set(trial->app.setup->config,
                       "watch",
                       "addresses",
                       "arsip@contohkab.go.id; tik@contohkab.go.id",
                       &error))
        assert_no_gerror(error);
    mp_trial_wait(trial, DAY);
    sweep(trial);
    look(trial);
    assert_int_equal(told(trial, "arsip@contohkab.go.id", NOTE), 1);
    assert_int_equal(told(trial, "tik@contohkab.go.id", NOTE), 1);
    assert_int_equal(told(trial, VERIFIKATOR, NOTE), 0);
    end(trial);
}

/* --- figures -----------------------------------------------------------------------------------
 */

static void
figures_agree(void **state)
{
    MpTrial *trial = begin_watch();
    g_autoptr(GError) error = NULL;
    g_autoptr(MpHealth) health = NULL;
    g_autofree char *json = NULL;
    g_autofree char *metrics = NULL;
    g_autofree char *text = NULL;
    g_autofree char *dead = mp_plan_dead_mark("mati@contohkab.go.id");

    (void)state;
    sender_certificate(trial);
    set_mark(trial, dead, "1 0");
    set_mark(trial, MP_REST_MARK "sibuk.example", "5 1795140840000000");
    set_mark(trial, MP_REST_MARK "lama.example", "5 1");
    health = mp_health_read(&trial->app, &error);
    assert_no_gerror(error);
    json = mp_health_to_json(health, trial->app.setup->calendar);
    metrics = mp_health_to_textfile(health);
    text = mp_health_to_text(health, trial->app.setup->calendar);
    assert_contains(json, "\"sender_certificate_ends\":\"2026-11-30T09:00:00+07:00\"");
    assert_contains(json, "\"mailbox_certificate_ends\":null");
    assert_contains(json, "\"addresses_dead\":1");
    assert_contains(json, "\"domains_resting\":{\"sibuk.example\":\"2026-11-20T");
    assert_lacks(json, "lama.example");
    assert_contains(
        metrics, "mailproc_certificate_expiry_timestamp_seconds{server=\"sender\"} 1796004000\n");
    assert_contains(metrics,
                    "mailproc_certificate_expiry_timestamp_seconds{server=\"mailbox\"} 0\n");
    assert_contains(metrics, "mailproc_domains_resting 1\n");
    assert_contains(text, "sender certificate   2026-11-30T09:00:00+07:00\n");
    assert_contains(text, "mailbox certificate  none\n");
    assert_contains(text, "rests sibuk.example");
    end(trial);
}

/* A server without TLS, or a Maildir, has nothing that ends; an unknown end changes nothing. */
static void
no_certificate(void **state)
{
    MpTrial *trial = begin_watch();
    g_autoptr(GError) error = NULL;
    g_autofree char *kept = NULL;
    g_autofree char *gone = NULL;

    (void)state;
    sender_certificate(trial);
    trial->app.sender->tls_expires_utc = 0;
    assert_true(mp_watch_mark_servers(&trial->app, &error));
    kept = trial->app.store->mark_get(trial->app.store, "tls sender");
    assert_non_null(kept);
    trial->app.sender->tls_expires_utc = MP_TLS_NEVER;
    assert_true(mp_watch_mark_servers(&trial->app, &error));
    gone = trial->app.store->mark_get(trial->app.store, "tls sender");
    assert_null(gone);
    end(trial);
}

int
main(void)
{
    struct CMUnitTest tests[G_N_ELEMENTS(alarm_rows) + 4];
    gsize n = G_N_ELEMENTS(alarm_rows);

    for (gsize i = 0; i < n; i++)
        tests[i] = (struct CMUnitTest){.name = alarm_rows[i].name,
                                       .test_func = test_alarm,
                                       .initial_state = (void *)&alarm_rows[i]};
    tests[n] = (struct CMUnitTest){"the daily note goes out once, as text and HTML, with the head",
                                   daily_note,
                                   NULL,
                                   NULL,
                                   NULL};
    tests[n + 1] = (struct CMUnitTest){
        "the note goes to the addresses of [watch]", note_to_addresses, NULL, NULL, NULL};
    tests[n + 2] = (struct CMUnitTest){
        "status, JSON and textfile say the same", figures_agree, NULL, NULL, NULL};
    tests[n + 3] = (struct CMUnitTest){
        "where there is no TLS no certificate ends", no_certificate, NULL, NULL, NULL};
    return cmocka_run_group_tests_name("alarms", tests, NULL, NULL);
}

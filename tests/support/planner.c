/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "support/planner.h"

#include "app/demo.h"
#include "app/pipeline-private.h"
#include "intake/intake.h"
#include "support/asserts.h"

#include <glib/gstdio.h>

static const char *const configuration =
    "[office]\nname = Dinas Komunikasi dan Informatika Kabupaten Contoh\n"
    "address = " TRIAL_OFFICE "\ntrusted_domains = contohkab.go.id\n"
    "rules_dir = " MP_SOURCE_DIR "/rules\ntemplates_dir = " MP_SOURCE_DIR "/templates\n"
    "[mailbox]\nurl = maildir:/nonexistent/in\n[sender]\nurl = maildir:/nonexistent/out\n"
    "[store]\ndir = /nonexistent/store\n"
    "[calendar]\nholidays = holidays-2026.tsv\n[bsre]\ndomains = bssn.go.id\n"
    "[role kepala-dinas]\naddresses = kadis@contohkab.go.id\n"
    "[role sekretaris]\naddresses = sekretaris@contohkab.go.id\n"
    "[role kabid]\naddresses = kabid@contohkab.go.id\n"
    "[role kasi]\naddresses = kasi@contohkab.go.id\n"
    "[role admin-helpdesk]\naddresses = helpdesk@contohkab.go.id\n"
    "[role verifikator]\naddresses = verifikator@contohkab.go.id\n"
    "[role pejabat-pengaduan]\naddresses = pengaduan@contohkab.go.id\n"
    "[service pendaftaran]\nsop = kudus-pendaftaran.sop\n"
    "[service pembaruan]\nsop = mamuju-pembaruan.sop\n"
    "[service perubahan-data]\nsop = demak-perubahan-data.sop\n"
    "[service pencabutan]\nsop = demak-pencabutan.sop\n"
    "[trust]\nauthserv_id = mx.contohkab.go.id\n";

static char *
replaced(const char *const *changes)
{
    char *text = g_strdup(configuration);

    for (guint i = 0; changes != NULL && changes[i] != NULL; i += 2) {
        g_auto(GStrv) around = g_strsplit(text, changes[i], -1);

        assert_true(around[1] != NULL);
        g_free(text);
        text = g_strjoinv(changes[i + 1], around);
    }
    return text;
}

static MpSetup *
load_setup(const MpTrial *trial, const char *const *changes, const char *more)
{
    g_autofree char *path = g_build_filename(trial->dir, "mailproc.conf", NULL);
    g_autofree char *changed = replaced(changes);
    g_auto(GStrv) parts = g_strsplit(changed, "addresses = kadis@contohkab.go.id\n", 2);
    gboolean is_kadis = more != NULL && g_str_has_prefix(more, "deputies");
    g_autofree char *text =
        is_kadis
            ? g_strconcat(parts[0], "addresses = kadis@contohkab.go.id\n", more, parts[1], NULL)
            : g_strconcat(changed, more, NULL);
    g_autoptr(GError) error = NULL;
    MpSetup *setup;

    assert_true(g_file_set_contents(path, text, -1, NULL));
    setup = mp_setup_load(path, MP_SETUP_ALL, &error);
    assert_no_gerror(error);
    g_unlink(path);
    return setup;
}

MpTrial *
mp_trial_new(const char *more)
{
    return mp_trial_new_changed(NULL, more);
}

MpTrial *
mp_trial_new_changed(const char *const *changes, const char *more)
{
    MpTrial *trial = g_new0(MpTrial, 1);
    g_autoptr(GDateTime) start = g_date_time_new_utc(2026, 11, 16, 2, 0, 0);
    g_autoptr(GError) error = NULL;

    trial->dir = g_dir_make_tmp("mailproc-trial-XXXXXX", NULL);
    trial->now_utc = g_date_time_to_unix(start) * G_USEC_PER_SEC;
    trial->app.is_quiet = TRUE;
    trial->app.setup = load_setup(trial, changes, more);
    trial->app.store = mp_store_open(":memory:", &error);
    assert_no_gerror(error);
    trial->app.random = mp_random_new_seeded(1);
    trial->app.clock = mp_clock_new_set(trial->now_utc);
    return trial;
}

void
mp_trial_free(MpTrial *trial)
{
    if (trial == NULL)
        return;
    mp_plan_free(trial->plan);
    mp_facts_free(trial->facts);
    trial->app.store->free(trial->app.store);
    trial->app.random->free(trial->app.random);
    trial->app.clock->free(trial->app.clock);
    mp_setup_free(trial->app.setup);
    g_rmdir(trial->dir);
    g_free(trial->dir);
    g_free(trial);
}

void
mp_trial_wait(MpTrial *trial, gint64 seconds)
{
    trial->now_utc += seconds * G_USEC_PER_SEC;
    mp_clock_set(trial->app.clock, trial->now_utc);
}

/* --- in ----------------------------------------------------------------------------------------
 */

static char *
date_of(const MpTrial *trial)
{
    g_autoptr(GDateTime) now = g_date_time_new_from_unix_utc(trial->now_utc / G_USEC_PER_SEC);

    return g_date_time_format(now, "%a, %d %b %Y %H:%M:%S +0000");
}

static char *
results_of(const MpTrialMail *mail)
{
    g_autofree char *address =
        mail->from == NULL || strrchr(mail->from, '<') == NULL
            ? g_strdup(mail->from)
            : g_strndup(strrchr(mail->from, '<') + 1, strcspn(strrchr(mail->from, '<') + 1, ">"));
    g_autofree char *domain = mp_text_domain(address);

    if (mail->auth != NULL && mail->auth[0] == '\0')
        return g_strdup("");
    if (mail->auth != NULL)
        return g_strdup_printf("Authentication-Results: mx.contohkab.go.id; %s\r\n", mail->auth);
    return g_strdup_printf(
        "Authentication-Results: mx.contohkab.go.id; dmarc=pass header.from=%s\r\n",
        domain ? domain : "contohkab.go.id");
}

char *
mp_trial_mail(MpTrial *trial, const MpTrialMail *mail)
{
    g_autofree char *results = results_of(mail);
    g_autofree char *date = date_of(trial);
    const char *head = mail->head ? mail->head : "";
    gboolean has_date = strstr(head, "Date:") != NULL;
    gboolean has_id = strstr(head, "Message-ID:") != NULL;
    GString *text =
        g_string_new("Received: from luar.example by mx.contohkab.go.id with ESMTPS\r\n");

    g_string_append(text, results);
    if (mail->from != NULL)
        g_string_append_printf(text, "From: %s\r\n", mail->from);
    g_string_append_printf(text, "To: <%s>\r\n%s", mail->to ? mail->to : TRIAL_OFFICE, head);
    if (!has_date)
        g_string_append_printf(text, "Date: %s\r\n", date);
    if (!has_id)
        g_string_append_printf(text, "Message-ID: <uji-%u@luar.example>\r\n", ++trial->n_mails);
    g_string_append_printf(text,
                           "Subject: %s\r\nMIME-Version: 1.0\r\nContent-Type: %s\r\n\r\n%s\r\n",
                           mail->subject ? mail->subject : "Re: giliran",
                           mail->type ? mail->type : "text/plain; charset=utf-8",
                           mail->text);
    return g_string_free(text, FALSE);
}

static MpLedgerRow *
add_row(MpTrial *trial, const char *mail, gsize length)
{
    MpLedgerRow *row = mp_ledger_row_new();
    g_autoptr(GError) error = NULL;

    row->mailbox = g_strdup("uji");
    row->uid_validity = 1;
    row->uid = ++trial->n_mails;
    row->arrived_utc = trial->now_utc;
    row->taken_utc = trial->now_utc;
    row->bytes = length;
    row->sha256 = mp_text_sha256(mail, length);
    row->content_hash = mail == NULL ? g_strdup_printf("uji-%u", trial->n_mails)
                                     : mp_message_content_hash((const guint8 *)mail, length);
    row->archive_name = g_strdup_printf("uji/%u.eml", trial->n_mails);
    trial->app.store->ledger_add(trial->app.store, row, &error);
    assert_no_gerror(error);
    return row;
}

/* The facts as the parent gets them. */
static MpFacts *
read_facts(const MpTrial *trial, const char *mail, gsize length)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(MpFacts) facts =
        mp_facts_read(trial->app.setup->reading, (const guint8 *)mail, length, &error);
    g_autofree char *json = facts == NULL ? NULL : mp_facts_to_json(facts);
    MpFacts *back;

    if (facts == NULL)
        return NULL;
    back = mp_facts_from_json(json, -1, NULL, &error);
    assert_no_gerror(error);
    return back;
}

static void
carry(MpTrial *trial, MpLedgerRow *row, gboolean is_repeat)
{
    MpPlanner planner = mp_pipeline_planner(&trial->app);
    MpStore *store = trial->app.store;
    g_autoptr(GError) error = NULL;

    mp_plan_free(trial->plan);
    if (is_repeat)
        trial->plan = mp_plan_repeat(1);
    else if (trial->facts == NULL)
        trial->plan = mp_plan_unreadable(&planner, row, "unreadable");
    else
        trial->plan = mp_plan_mail(&planner, trial->facts, row, &error);
    assert_no_gerror(error);
    assert_true(mp_pipeline_carry(&trial->app, row, trial->facts, trial->plan, &error));
    assert_true(store->commit(store, &error));
    assert_no_gerror(error);
}

void
mp_trial_take(MpTrial *trial, const char *mail)
{
    MpStore *store = trial->app.store;
    g_autoptr(GError) error = NULL;
    g_autoptr(MpLedgerRow) row = NULL;
    gint64 first = 0;

    assert_true(store->begin(store, &error));
    row = add_row(trial, mail, strlen(mail));
    assert_true(store->ledger_find_hash(store, row->content_hash, &first, &error));
    g_clear_pointer(&trial->facts, mp_facts_free);
    trial->facts = read_facts(trial, mail, strlen(mail));
    carry(trial, row, first != 0 && first != row->id);
}

void
mp_trial_plan(MpTrial *trial)
{
    MpStore *store = trial->app.store;
    g_autoptr(GError) error = NULL;
    g_autoptr(MpLedgerRow) row = NULL;

    assert_true(store->begin(store, &error));
    row = add_row(trial, NULL, 0);
    carry(trial, row, FALSE);
}

void
mp_trial_again(MpTrial *trial, MpLedgerRow *row)
{
    g_autoptr(GError) error = NULL;

    assert_true(trial->app.store->begin(trial->app.store, &error));
    carry(trial, row, FALSE);
}

void
mp_trial_send(MpTrial *trial, const MpTrialMail *mail)
{
    g_autofree char *bytes = mp_trial_mail(trial, mail);

    mp_trial_take(trial, bytes);
}

void
mp_trial_say_with(MpTrial *trial, const char *official, const char *code, const char *words)
{
    g_autofree char *text = g_strdup_printf(
        "%s\r\n\r\nPada Senin, Layanan <" TRIAL_OFFICE "> menulis:\r\n> Kode: %s\r\n", words, code);

    mp_trial_wait(trial, 600);
    mp_trial_send(trial, &(MpTrialMail){.from = official, .text = text});
}

void
mp_trial_say(MpTrial *trial, const char *official, const char *words)
{
    g_autofree char *code = mp_trial_code(trial, official);

    mp_trial_say_with(trial, official, code, words);
}

void
mp_trial_confirm(MpTrial *trial, const char *official, const char *number, const char *words)
{
    g_autofree char *line = g_strdup_printf("%s %s", number, words);

    mp_trial_say_with(trial, official, "-", line);
    mp_trial_say(trial, official, line);
}

void
mp_trial_open(MpTrial *trial)
{
    g_autofree char *date = date_of(trial);
    g_autofree char *mail = mp_demo_letter_mail(&mp_demo_letters[1], TRIAL_OFFICE, date, 900);
    g_autoptr(MpCase) kase = NULL;

    mp_trial_take(trial, mail);
    kase = mp_trial_case(trial, TRIAL_CASE);
    assert_text(kase->step, "disposisi");
}

/* --- out ---------------------------------------------------------------------------------------
 */

MpCase *
mp_trial_case(MpTrial *trial, const char *number)
{
    g_autoptr(GError) error = NULL;
    MpCase *kase = trial->app.store->case_load(trial->app.store, number, &error);

    assert_no_gerror(error);
    assert_non_null(kase);
    return kase;
}

guint
mp_trial_n_cases(MpTrial *trial)
{
    const MpCaseFilter all = {.limit = 100000};
    g_autoptr(GError) error = NULL;
    g_autoptr(GPtrArray) found = trial->app.store->case_find(trial->app.store, &all, &error);

    assert_no_gerror(error);
    return found->len;
}

static gint
by_id(gconstpointer a, gconstpointer b)
{
    const MpOutboxEntry *x = *(const MpOutboxEntry *const *)a;
    const MpOutboxEntry *y = *(const MpOutboxEntry *const *)b;

    return (x->id > y->id) - (x->id < y->id);
}

GPtrArray *
mp_trial_mails(MpTrial *trial, const char *to)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(GPtrArray) all =
        trial->app.store->outbox_list(trial->app.store, NULL, NULL, 100000, &error);
    GPtrArray *found = g_ptr_array_new_with_free_func((GDestroyNotify)mp_outbox_entry_free);

    assert_no_gerror(error);
    g_ptr_array_sort(all, by_id);
    while (all->len > 0) {
        MpOutboxEntry *entry = g_ptr_array_steal_index(all, 0);

        if (entry->state != MP_OUTBOX_CANCELLED &&
            (to == NULL || g_ascii_strcasecmp(entry->recipient, to) == 0))
            g_ptr_array_add(found, entry);
        else
            mp_outbox_entry_free(entry);
    }
    return found;
}

guint
mp_trial_count(MpTrial *trial, const char *to)
{
    g_autoptr(GPtrArray) mails = mp_trial_mails(trial, to);

    return mails->len;
}

char *
mp_trial_code(MpTrial *trial, const char *to)
{
    g_autoptr(GPtrArray) mails = mp_trial_mails(trial, to);

    for (guint i = mails->len; i > 0; i--) {
        const MpOutboxEntry *entry = g_ptr_array_index(mails, i - 1);
        const char *line = strstr(entry->mail->text, "Kode: ");

        if (line != NULL)
            return g_strndup(line + 6, strcspn(line + 6, "\r\n "));
    }
    fail_msg("no mail to %s has a code", to);
    return NULL;
}

char *
mp_trial_words(const MpOutboxEntry *entry)
{
    GString *words = g_string_new(entry->mail->subject);

    g_string_append_printf(
        words, "\n%s\n%s\n", entry->mail->text, entry->mail->html ? entry->mail->html : "");
    for (guint i = 0; i < entry->documents->len; i++)
        g_string_append_printf(
            words, "%s\n", ((const MpOutboxDocument *)entry->documents->pdata[i])->filename);
    return g_string_free(words, FALSE);
}

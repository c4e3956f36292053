/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Papers and tables of our own making: who gets them, what they hold, and where they lie. */

#include "app/demo.h"
#include "app/pipeline-private.h"
#include "app/plan-private.h"
#include "support/asserts.h"
#include "support/planner.h"

#include <poppler.h>

#define HEAD "kadis@contohkab.go.id"
#define VERIFIKATOR "verifikator@contohkab.go.id"

/* --- an office --- */

static MpTrial *
trial_with_letter(const char *service, const char *more)
{
    MpTrial *trial = mp_trial_new(more);

    for (gsize i = 0; i < mp_demo_n_letters; i++) {
        const MpDemoLetter *letter = &mp_demo_letters[i];
        g_autofree char *mail = NULL;

        if (strcmp(letter->service, service) != 0 || letter->sop != NULL)
            continue;
        mail = mp_demo_letter_mail(letter, TRIAL_OFFICE, "Mon, 16 Nov 2026 02:00:00 +0000", 900);
        mp_trial_take(trial, mail);
        return trial;
    }
    fail_msg("no letter about %s", service);
    return trial;
}

static void
say(MpTrial *trial, const char *who, const char *words)
{
    g_autofree char *code = mp_trial_code(trial, who);
    g_autofree char *text = g_strdup_printf("%s\r\n\r\n> Kode: %s\r\n", words, code);

    mp_trial_wait(trial, 60);
    mp_trial_send(
        trial,
        &(MpTrialMail){.from = who, .subject = "Re: [" TRIAL_CASE "] giliran", .text = text});
}

/* A document of somebody's newest mail by the beginning of its name, as the archive holds it; NULL
 * = it is not there. */
static GBytes *
attached(MpTrial *trial, const char *who, const char *prefix)
{
    g_autoptr(GPtrArray) mails = mp_trial_mails(trial, who);
    const MpOutboxEntry *last = g_ptr_array_index(mails, mails->len - 1);

    for (guint i = 0; i < last->documents->len; i++) {
        const MpOutboxDocument *document = g_ptr_array_index(last->documents, i);
        g_autofree char *entry = g_strconcat("doc/", document->sha256, NULL);
        g_autoptr(GError) error = NULL;
        GBytes *bytes;

        if (!g_str_has_prefix(document->filename, prefix))
            continue;
        bytes = trial->app.store->archive_get(trial->app.store, entry, &error);
        assert_no_gerror(error);
        assert_int_equal(g_bytes_get_size(bytes), document->bytes);
        return bytes;
    }
    return NULL;
}

static char *
words_of(GBytes *pdf)
{
    g_autoptr(GError) error = NULL;
    PopplerDocument *document = poppler_document_new_from_bytes(pdf, NULL, &error);
    PopplerPage *page;
    char *text;

    assert_no_gerror(error);
    page = poppler_document_get_page(document, 0);
    text = poppler_page_get_text(page);
    g_strdelimit(text, "\n", ' ');
    g_object_unref(page);
    g_object_unref(document);
    return text;
}

/* --- papers --- */

static void
head_gets_card_and_draft_with_the_letter(void **state)
{
    g_autoptr(MpTrial) trial = trial_with_letter("pencabutan", NULL);
    g_autoptr(GBytes) card = attached(trial, HEAD, "kartu-kendali-" TRIAL_CASE ".pdf");
    g_autoptr(GBytes) draft = attached(trial, HEAD, "surat-rekomendasi-" TRIAL_CASE ".pdf");

    (void)state;
    assert_non_null(card);
    assert_non_null(draft);
    g_autofree char *text = words_of(draft);
    assert_contains(text, TRIAL_CASE);
    assert_contains(text, "....");
    g_autoptr(GPtrArray) mails = mp_trial_mails(trial, HEAD);
    g_autofree char *words = mp_trial_words(g_ptr_array_index(mails, mails->len - 1));
    assert_contains(words, "Berkas: surat-rekomendasi-" TRIAL_CASE ".pdf");
}

/* Nobody but the official of the step gets them. */
static void
requester_gets_no_paper(void **state)
{
    g_autoptr(MpTrial) trial = trial_with_letter("pencabutan", NULL);
    g_autoptr(GPtrArray) mails = mp_trial_mails(trial, NULL);

    (void)state;
    for (guint i = 0; i < mails->len; i++) {
        const MpOutboxEntry *entry = g_ptr_array_index(mails, i);

        if (strcmp(entry->recipient, HEAD) != 0)
            assert_int_equal(entry->documents->len, 0);
    }
}

static void
same_facts_give_one_entry(void **state)
{
    g_autoptr(MpTrial) one = trial_with_letter("pencabutan", NULL);
    g_autoptr(MpTrial) other = trial_with_letter("pencabutan", NULL);
    g_autoptr(GBytes) a = attached(one, HEAD, "kartu");
    g_autoptr(GBytes) b = attached(other, HEAD, "kartu");

    (void)state;
    assert_true(g_bytes_equal(a, b));
}

static void
nip_is_masked_unless_the_office_wants_it_whole(void **state)
{
    g_autoptr(MpTrial) masked = trial_with_letter("pencabutan", NULL);
    g_autoptr(MpTrial) whole = trial_with_letter("pencabutan", "[papers]\nfull_nip = yes\n");
    g_autoptr(GBytes) a = attached(masked, HEAD, "surat-rekomendasi");
    g_autoptr(GBytes) b = attached(whole, HEAD, "surat-rekomendasi");
    g_autoptr(GBytes) card = attached(whole, HEAD, "kartu");
    g_autofree char *hidden = words_of(a);
    g_autofree char *shown = words_of(b);
    g_autofree char *other = words_of(card);
    g_autoptr(MpCase) kase = mp_trial_case(whole, TRIAL_CASE);
    const char *nip = ((const MpCaseApplicant *)kase->applicants->pdata[0])->nip;

    (void)state;
    assert_non_null(nip);
    assert_lacks(hidden, nip);
    assert_contains(hidden, "Nomor identitas disamarkan");
    assert_contains(shown, nip);
    assert_contains(shown, "Memuat NIP lengkap");
    assert_lacks(other, nip);
    g_autoptr(GPtrArray) mails = mp_trial_mails(whole, NULL);
    for (guint i = 0; i < mails->len; i++) {
        g_autofree char *words = mp_trial_words(g_ptr_array_index(mails, i));

        assert_lacks(words, nip);
    }
}

/* Over the room for attachments the mail only lists them, and says so. */
static void
papers_that_are_too_large_are_listed(void **state)
{
    g_autoptr(MpTrial) trial = trial_with_letter("pencabutan", NULL);
    MpPlanner planner = mp_pipeline_planner(&trial->app);
    g_autoptr(MpCase) kase = mp_trial_case(trial, TRIAL_CASE);
    g_autoptr(GPtrArray) items = mp_plan_grant_items(kase);
    const gsize over = 10 * 1024 * 1024;

    (void)state;
    for (gsize bytes = over; bytes <= over + 1; bytes++) {
        g_autoptr(MpPlan) plan = mp_plan_new();
        MpPlanning p = {.planner = &planner, .plan = plan, .at_utc = planner.now_utc};
        g_autofree char *content = g_malloc0(bytes);
        g_autoptr(GBytes) blob = g_bytes_new_take(g_steal_pointer(&content), bytes);
        const MpAttachment file = {"besar.csv", "text/csv", blob};
        const MpLetterOrder order = {.template_ = "giliran",
                                     .to = HEAD,
                                     .kase = kase,
                                     .grants = items,
                                     .files = &file,
                                     .n_files = 1};
        g_autoptr(GError) error = NULL;

        assert_true(mp_plan_send(&p, &order, &error));
        assert_no_gerror(error);
        const MpOutboxEntry *entry = ((const MpPlanMail *)plan->mails->pdata[0])->entry;
        g_autofree char *words = mp_trial_words(entry);
        assert_int_equal(entry->documents->len, bytes == over ? 1 : 0);
        assert_contains(words, "Berkas: besar.csv");
        assert_int_equal(strstr(words, "terlalu besar") == NULL, bytes == over);
    }
}

/* --- the table for AMS --- */

static void
walk_to_ams(MpTrial *trial)
{
    say(trial, HEAD, "SETUJU");
}

static void
table_goes_with_no_mail_unless_allowed(void **state)
{
    g_autoptr(MpTrial) closed = trial_with_letter("pencabutan", NULL);
    g_autoptr(MpTrial) open = trial_with_letter("pencabutan", "[papers]\nattach_ams = yes\n");

    (void)state;
    walk_to_ams(closed);
    walk_to_ams(open);
    g_autoptr(MpCase) kase = mp_trial_case(open, TRIAL_CASE);
    assert_text(kase->step, "unggah");
    assert_null(attached(closed, VERIFIKATOR, "tabel-ams"));
    g_autoptr(GBytes) table = attached(open, VERIFIKATOR, "tabel-ams-" TRIAL_CASE ".csv");
    assert_non_null(table);
    g_autofree char *text = g_strndup(g_bytes_get_data(table, NULL), g_bytes_get_size(table));
    assert_contains(text, ((const MpCaseApplicant *)kase->applicants->pdata[0])->nip);
}

/* --- destroying --- */

/* Papers go with their case: their entries are among those that a purge erases. */
static void
papers_are_among_the_entries_of_their_case(void **state)
{
    g_autoptr(MpTrial) trial = trial_with_letter("pencabutan", NULL);
    MpStore *store = trial->app.store;
    g_autoptr(GError) error = NULL;
    g_autoptr(GPtrArray) mails = mp_trial_mails(trial, HEAD);
    const MpOutboxEntry *last = g_ptr_array_index(mails, mails->len - 1);
    g_autoptr(GPtrArray) entries = store->case_entries(store, TRIAL_CASE, &error);
    guint found = 0;

    (void)state;
    assert_no_gerror(error);
    for (guint i = 0; i < last->documents->len; i++) {
        const MpOutboxDocument *document = g_ptr_array_index(last->documents, i);
        g_autofree char *entry = g_strconcat("doc/", document->sha256, NULL);

        if (!g_str_has_suffix(document->filename, "-" TRIAL_CASE ".pdf"))
            continue;
        found++;
        assert_true(g_ptr_array_find_with_equal_func(entries, entry, g_str_equal, NULL));
    }
    assert_int_equal(found, 2);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(head_gets_card_and_draft_with_the_letter),
        cmocka_unit_test(requester_gets_no_paper),
        cmocka_unit_test(same_facts_give_one_entry),
        cmocka_unit_test(nip_is_masked_unless_the_office_wants_it_whole),
        cmocka_unit_test(papers_that_are_too_large_are_listed),
        cmocka_unit_test(table_goes_with_no_mail_unless_allowed),
        cmocka_unit_test(papers_are_among_the_entries_of_their_case),
    };

    return cmocka_run_group_tests_name("papers of a case", tests, NULL, NULL);
}

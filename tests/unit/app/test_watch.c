/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The watch over certificates: why somebody stands in the month's list, the letters that go with
 * it, and which reminders are said once, late or never. */

#include "app/demo.h"
#include "app/pipeline-private.h"
#include "app/plan-register.h"
#include "support/asserts.h"
#include "support/planner.h"

#include <poppler.h>

#define VERIFIKATOR "verifikator@contohkab.go.id"
#define SULASTRI "197109051996032999"
#define YOUNG "199002142015021999"
#define OLD "196812122006041999"
#define A_DAY (24 * 3600)

static void
add_holder(MpTrial *trial, const char *name, const char *nip, const char *unit, const char *until)
{
    g_autofree char *email = g_strdup_printf("%s@contohkab.go.id", name);
    const MpHolder holder = {.name = (char *)name,
                             .nip = (char *)nip,
                             .email = email,
                             .unit = (char *)unit,
                             .position = (char *)"Analis",
                             .valid_until = (char *)until};
    MpStore *store = trial->app.store;

    assert_true(store->begin(store, NULL));
    assert_true(store->register_import(store, &holder, NULL));
    assert_true(store->commit(store, NULL));
}

static void
work(MpTrial *trial)
{
    g_autoptr(GError) error = NULL;

    assert_true(mp_pipeline_register(&trial->app, &error));
    assert_no_gerror(error);
}

/* The month's list, or NULL. */
static MpOutboxEntry *
list_of(MpTrial *trial)
{
    g_autoptr(GPtrArray) mails = mp_trial_mails(trial, VERIFIKATOR);

    for (guint i = mails->len; i > 0; i--)
        if (strcmp(((const MpOutboxEntry *)mails->pdata[i - 1])->template_, "pantauan") == 0)
            return g_ptr_array_steal_index(mails, i - 1);
    return NULL;
}

static guint
count_reminders(MpTrial *trial, const char *to)
{
    g_autoptr(GPtrArray) mails = mp_trial_mails(trial, to);
    guint n = 0;

    for (guint i = 0; i < mails->len; i++)
        n += strcmp(((const MpOutboxEntry *)mails->pdata[i])->template_, "masa-berlaku") == 0;
    return n;
}

/* --- reasons --- */

typedef struct {
    const char *name;
    guint letter; /* of the demo's */
    const char *paper;
    const char *nip;
    const char *want; /* NULL = not listed */
} PaperRow;

static const PaperRow paper_rows[] = {
    {"a retirement order in a letter about a renewal",
     1,
     "SK Pensiun.pdf",
     SULASTRI,
     "SK Pensiun terlampir pada " TRIAL_CASE},
    {"a transfer order in a letter about a renewal",
     1,
     "SK Mutasi.pdf",
     SULASTRI,
     "SK Mutasi terlampir pada " TRIAL_CASE},
    {"a transfer order in a letter about a data change",
     2,
     "SK Mutasi.pdf",
     "198803202010012999",
     NULL},
    {"a retirement order in a letter about a revocation",
     3,
     "SK Pensiun.pdf",
     "196612011992031999",
     NULL},
    {"a retirement order of somebody who holds no certificate", 1, "SK Pensiun.pdf", YOUNG, NULL},
};

static void
paper_row(void **state)
{
    const PaperRow *row = *state;
    g_autoptr(MpTrial) trial = mp_trial_new(NULL);
    MpDemoLetter letter = mp_demo_letters[row->letter];
    g_autofree char *mail = NULL;

    letter.papers[1] = row->paper;
    letter.papers[2] = NULL;
    mail = mp_demo_letter_mail(&letter, TRIAL_OFFICE, "Mon, 16 Nov 2026 02:00:00 +0000", 900);
    mp_trial_take(trial, mail);
    add_holder(trial, "pemegang", row->nip, "Dinas Perhubungan", "2028-01-01");
    work(trial);
    g_autoptr(MpOutboxEntry) list = list_of(trial);
    if (row->want != NULL) {
        assert_non_null(list);
        assert_contains(list->mail->text, row->want);
    } else if (list != NULL) {
        assert_lacks(list->mail->text, "terlampir pada");
    }
}

static void
let_bounce(MpTrial *trial, const char *address)
{
    MpPlanner planner = mp_pipeline_planner(&trial->app);
    MpStore *store = trial->app.store;
    g_autoptr(MpOutboxEntry) entry = mp_outbox_entry_new();
    g_autoptr(GError) error = NULL;

    entry->template_ = g_strdup("masa-berlaku");
    entry->recipient = g_strdup(address);
    entry->server_reply = g_strdup("550 no such user");
    g_autoptr(MpPlan) plan = mp_plan_undelivered(&planner, entry, FALSE, &error);
    assert_no_gerror(error);
    assert_true(store->begin(store, NULL));
    assert_true(mp_pipeline_carry_out(&trial->app, plan, NULL));
    assert_true(store->commit(store, NULL));
}

static void
dead_mailbox_of_a_holder_is_listed(void **state)
{
    g_autoptr(MpTrial) trial = mp_trial_new(NULL);

    (void)state;
    add_holder(trial, "mati", YOUNG, "Dinas Sosial", "2028-01-01");
    add_holder(trial, "hidup", SULASTRI, "Dinas Sosial", "2028-01-01");
    let_bounce(trial, "Mati@contohkab.go.id");
    work(trial);
    g_autoptr(MpOutboxEntry) list = list_of(trial);
    assert_non_null(list);
    assert_contains(list->mail->text, "mati");
    assert_contains(list->mail->text, "tidak dapat dikirimi sejak 16 November 2026");
    assert_lacks(list->mail->text, "hidup");
}

static void
every_reason_stands_beside_its_person(void **state)
{
    g_autoptr(MpTrial) trial = mp_trial_new(NULL);

    (void)state;
    add_holder(trial, "wayan", OLD, "Dinas Sosial", "2028-01-01");
    let_bounce(trial, "wayan@contohkab.go.id");
    work(trial);
    g_autoptr(MpOutboxEntry) list = list_of(trial);
    assert_contains(list->mail->text, "mencapai batas usia pensiun pada 1 Januari 2027; kotak");
}

static void
ended_certificate_is_not_listed(void **state)
{
    g_autoptr(MpTrial) trial = mp_trial_new(NULL);

    (void)state;
    add_holder(trial, "lama", OLD, "Dinas Sosial", "2026-11-15");
    work(trial);
    g_autoptr(MpOutboxEntry) list = list_of(trial);
    assert_null(list);
}

/* --- the letters --- */

static char *
words_of(MpTrial *trial, const MpOutboxDocument *document)
{
    g_autofree char *entry = g_strconcat("doc/", document->sha256, NULL);
    g_autoptr(GError) error = NULL;
    g_autoptr(GBytes) bytes = trial->app.store->archive_get(trial->app.store, entry, &error);
    PopplerDocument *pdf;
    PopplerPage *page;
    char *text;

    assert_no_gerror(error);
    pdf = poppler_document_new_from_bytes(bytes, NULL, &error);
    assert_no_gerror(error);
    page = poppler_document_get_page(pdf, 0);
    text = poppler_page_get_text(page);
    g_strdelimit(text, "\n", ' ');
    g_object_unref(page);
    g_object_unref(pdf);
    return text;
}

static void
each_opd_gets_one_letter_with_a_blank_number(void **state)
{
    g_autoptr(MpTrial) trial = mp_trial_new(NULL);

    (void)state;
    add_holder(trial, "wayan", OLD, "Dinas Sosial", "2028-01-01");
    add_holder(trial, "ketut", "196811112006041999", "Dinas Kesehatan", "2028-01-01");
    add_holder(trial, "nyoman", "196810102006041999", "Dinas Sosial", "2028-01-01");
    work(trial);
    g_autoptr(MpOutboxEntry) list = list_of(trial);
    assert_int_equal(list->documents->len, 2);
    const MpOutboxDocument *first = g_ptr_array_index(list->documents, 0);
    const MpOutboxDocument *second = g_ptr_array_index(list->documents, 1);
    assert_text(first->filename, "surat-1-dinas-sosial.pdf");
    assert_text(second->filename, "surat-2-dinas-kesehatan.pdf");
    g_autofree char *text = words_of(trial, first);
    assert_contains(text, "Kepala Dinas Sosial");
    assert_contains(text, "wayan");
    assert_contains(text, "nyoman");
    assert_lacks(text, "ketut");
    assert_lacks(text, OLD);
    assert_contains(text, "........");
    assert_contains(text, "mencapai batas usia");
    assert_contains(list->mail->text, "surat-2-dinas-kesehatan.pdf");
}

/* --- reminders --- */

static void
missed_days_are_said_once(void **state)
{
    g_autoptr(MpTrial) trial = mp_trial_new(NULL);

    (void)state;
    add_holder(trial, "budi", YOUNG, "Dinas Sosial", "2026-12-21");
    mp_trial_wait(trial, 7 * A_DAY);
    work(trial);
    assert_int_equal(count_reminders(trial, "budi@contohkab.go.id"), 1);
    /* H-14 and H-7 were missed: at H-6 there is one. */
    mp_trial_wait(trial, 22 * A_DAY);
    work(trial);
    work(trial);
    assert_int_equal(count_reminders(trial, "budi@contohkab.go.id"), 2);
    mp_trial_wait(trial, 6 * A_DAY);
    work(trial);
    assert_int_equal(count_reminders(trial, "budi@contohkab.go.id"), 3);
    mp_trial_wait(trial, A_DAY);
    work(trial);
    assert_int_equal(count_reminders(trial, "budi@contohkab.go.id"), 3);
}

static void
renewed_or_revoked_certificate_is_not_reminded(void **state)
{
    g_autoptr(MpTrial) trial = mp_trial_new(NULL);
    MpStore *store = trial->app.store;
    const MpHolder revoked = {.name = (char *)"ayu",
                              .nip = (char *)SULASTRI,
                              .email = (char *)"ayu@contohkab.go.id",
                              .state = MP_HOLDER_REVOKED,
                              .valid_until = (char *)"2026-12-01"};

    (void)state;
    add_holder(trial, "budi", YOUNG, "Dinas Sosial", "2026-12-01");
    add_holder(trial, "budi", YOUNG, "Dinas Sosial", "2028-12-01");
    assert_true(store->begin(store, NULL));
    assert_true(store->register_import(store, &revoked, NULL));
    assert_true(store->commit(store, NULL));
    work(trial);
    assert_int_equal(count_reminders(trial, "budi@contohkab.go.id"), 0);
    assert_int_equal(count_reminders(trial, "ayu@contohkab.go.id"), 0);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(dead_mailbox_of_a_holder_is_listed),
        cmocka_unit_test(every_reason_stands_beside_its_person),
        cmocka_unit_test(ended_certificate_is_not_listed),
        cmocka_unit_test(each_opd_gets_one_letter_with_a_blank_number),
        cmocka_unit_test(missed_days_are_said_once),
        cmocka_unit_test(renewed_or_revoked_certificate_is_not_reminded),
    };

    return run_rows("papers that speak of an end", paper_rows, paper_row) +
           cmocka_run_group_tests_name("watch over certificates", tests, NULL, NULL);
}

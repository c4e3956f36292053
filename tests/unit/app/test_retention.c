/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Retention: the table, what keeps a case, who commands, and what is left afterwards. */

#include "app/evaluation.h"
#include "app/retention.h"
#include "support/asserts.h"
#include "support/planner.h"

#define HEAD "kadis@contohkab.go.id"
#define VERIFIKATOR "verifikator@contohkab.go.id"
#define A_YEAR (366 * 24 * 3600)

/* --- the table --- */

typedef struct {
    const char *name, *text, *want;
} TableRow;

static const TableRow bad_tables[] = {
    {"a cell is missing", "a\tb\t1\t2\n", "t.tsv:1: not a service"},
    {"years are no number", "a\tb\tx\t2\tmusnah\n", "t.tsv:1: not a service"},
    {"101 years", "a\tb\t101\t2\tmusnah\n", "t.tsv:1: not a service"},
    {"unknown fate", "a\tb\t1\t2\tbakar\n", "t.tsv:1: not a service"},
    {"twice", "a\tb\t1\t2\tmusnah\n# x\na\tb\t1\t2\tmusnah\n", "t.tsv:3: the service stands twice"},
};

static void
bad_table(void **state)
{
    const TableRow *row = *state;
    g_autoptr(GError) error = NULL;

    assert_null(mp_retention_parse("t.tsv", row->text, &error));
    assert_gerror(error, MP_ERROR_CONFIG);
    assert_contains(error->message, row->want);
}

static MpRetention *
own_table(void)
{
    g_autofree char *bytes = NULL;
    g_autoptr(GError) error = NULL;
    MpRetention *table;

    assert_true(g_file_get_contents(MP_SOURCE_DIR "/rules/retention.tsv", &bytes, NULL, NULL));
    table = mp_retention_parse("retention.tsv", bytes, &error);
    assert_no_gerror(error);
    return table;
}

static void
terms_are_counted_from_the_closing(void **state)
{
    g_autoptr(MpRetention) table = own_table();
    const MpRetentionRow *row = mp_retention_row(table, "pembaruan");
    g_autofree char *end = mp_retention_end(row, "2028-02-29");

    (void)state;
    assert_text(end, "2033-02-28");
    assert_int_equal(mp_retention_row(table, "pencabutan")->fate, MP_FATE_JUDGE);
    assert_null(mp_retention_row(table, "lainnya"));
}

/* --- who commanded --- */

typedef struct {
    const char *name;
    const char *who[2];
    MpTrustLevel trust[2];
    gint64 after_utc[2]; /* from the closing */
    gboolean is_enough;
} CommandRow;

static const CommandRow command_rows[] = {
    {"nobody", {NULL}, {0}, {0}, FALSE},
    {"one by code", {"a@b.id"}, {MP_TRUST_CAPABILITY}, {1}, FALSE},
    {"one who signed", {"a@b.id"}, {MP_TRUST_SIGNED}, {1}, TRUE},
    {"two by code", {"a@b.id", "c@b.id"}, {MP_TRUST_CAPABILITY, MP_TRUST_CAPABILITY}, {1, 2}, TRUE},
    {"the same one twice",
     {"a@b.id", "a@b.id"},
     {MP_TRUST_CAPABILITY, MP_TRUST_CAPABILITY},
     {1, 2},
     FALSE},
    {"one of them without a code",
     {"a@b.id", "c@b.id"},
     {MP_TRUST_CAPABILITY, MP_TRUST_ALIGNED},
     {1, 2},
     FALSE},
    {"one of them before the case was closed again",
     {"a@b.id", "c@b.id"},
     {MP_TRUST_CAPABILITY, MP_TRUST_CAPABILITY},
     {-1, 2},
     FALSE},
};

static void
command_row(void **state)
{
    const CommandRow *row = *state;
    const MpCase kase = {.closed_utc = 1000};
    g_autoptr(GPtrArray) events = g_ptr_array_new_with_free_func((GDestroyNotify)mp_event_free);
    gboolean is_enough = FALSE;

    for (guint i = 0; i < 2 && row->who[i] != NULL; i++) {
        MpEvent *event = mp_event_new("note", kase.closed_utc + row->after_utc[i]);

        event->address = g_strdup(row->who[i]);
        event->trust = row->trust[i];
        mp_event_set(event, MP_DESTROY_KEY, "yes");
        g_ptr_array_add(events, event);
    }
    g_autoptr(GPtrArray) people = mp_retention_commands(&kase, events, &is_enough);
    assert_int_equal(is_enough, row->is_enough);
}

/* --- an office --- */

/* The case is withdrawn by its requester, and years pass. */
static MpTrial *
trial_with_old_case(gint64 years)
{
    MpTrial *trial = mp_trial_new("[service pengaduan]\nsop = pengaduan.sop\n");

    mp_trial_open(trial);
    mp_trial_wait(trial, 3600);
    g_autofree char *code = mp_trial_code(trial, HEAD);
    g_autofree char *text = g_strdup_printf("TOLAK surat tidak sah\r\n\r\n> Kode: %s\r\n", code);
    mp_trial_send(
        trial,
        &(MpTrialMail){.from = HEAD, .subject = "Re: [" TRIAL_CASE "] giliran", .text = text});
    g_autoptr(MpCase) kase = mp_trial_case(trial, TRIAL_CASE);
    assert_true(mp_case_state_is_closed(kase->state));
    /* Nothing is on its way any more. */
    mp_trial_wait(trial, years * A_YEAR);
    return trial;
}

static GPtrArray *
plan_of(MpTrial *trial, const MpRetention *table)
{
    g_autoptr(GError) error = NULL;
    GPtrArray *items = mp_purge_plan(&trial->app, table, &error);

    assert_no_gerror(error);
    return items;
}

static void
assert_kept(MpTrial *trial, const MpRetention *table, const char *why)
{
    g_autoptr(GPtrArray) items = plan_of(trial, table);

    assert_int_equal(items->len, 1);
    assert_text(((MpPurgeItem *)g_ptr_array_index(items, 0))->kept_by, why);
}

static void
ask_officials(MpTrial *trial)
{
    g_autoptr(MpCase) kase = mp_trial_case(trial, TRIAL_CASE);
    const MpPlanner planner = {.setup = trial->app.setup,
                               .store = trial->app.store,
                               .random = trial->app.random,
                               .now_utc = trial->now_utc};
    MpStore *store = trial->app.store;
    g_autoptr(GError) error = NULL;
    g_autoptr(MpPlan) plan = mp_plan_ask_destruction(&planner, kase, &error);

    assert_no_gerror(error);
    assert_true(store->begin(store, NULL));
    assert_true(mp_pipeline_carry_out(&trial->app, plan, NULL));
    assert_true(store->commit(store, NULL));
}

static void
command(MpTrial *trial, const char *who)
{
    g_autofree char *code = mp_trial_code(trial, who);
    g_autofree char *text = g_strdup_printf("MUSNAHKAN " TRIAL_CASE "\r\n\r\n> Kode: %s\r\n", code);

    mp_trial_send(
        trial, &(MpTrialMail){.from = who, .subject = "Re: [" TRIAL_CASE "] Usul", .text = text});
}

static void
case_is_not_due_before_its_term(void **state)
{
    g_autoptr(MpTrial) trial = trial_with_old_case(4);
    g_autoptr(MpRetention) table = own_table();
    g_autoptr(GPtrArray) items = plan_of(trial, table);

    (void)state;
    assert_int_equal(items->len, 0);
}

static void
two_officials_command_one_does_not(void **state)
{
    g_autoptr(MpTrial) trial = trial_with_old_case(5);
    g_autoptr(MpRetention) table = own_table();

    (void)state;
    assert_kept(trial, table, "0 of 2 officials commanded it, none signed");
    ask_officials(trial);
    mp_trial_wait(trial, 3600);
    command(trial, HEAD);
    assert_kept(trial, table, "1 of 2 officials commanded it, none signed");
    ask_officials(trial);
    command(trial, HEAD);
    assert_kept(trial, table, "1 of 2 officials commanded it, none signed");
    command(trial, VERIFIKATOR);
    assert_kept(trial, table, NULL);
}

static void
command_without_a_code_is_none(void **state)
{
    g_autoptr(MpTrial) trial = trial_with_old_case(5);
    g_autoptr(MpRetention) table = own_table();

    (void)state;
    mp_trial_send(trial,
                  &(MpTrialMail){.from = HEAD,
                                 .subject = "Re: [" TRIAL_CASE "]",
                                 .text = "MUSNAHKAN " TRIAL_CASE "\r\n"});
    assert_kept(trial, table, "0 of 2 officials commanded it, none signed");
}

static void
open_complaint_keeps_the_case(void **state)
{
    g_autoptr(MpTrial) trial = trial_with_old_case(5);
    g_autoptr(MpRetention) table = own_table();

    (void)state;
    mp_trial_send(trial,
                  &(MpTrialMail){.from = "opd.umum@contohkab.go.id",
                                 .subject = "Pengaduan [" TRIAL_CASE "]",
                                 .text = "Kami mengajukan pengaduan, pelayanan lambat.\r\n"});
    assert_kept(trial, table, "complaint SE-2031-000001 is open");
}

static void
fate_that_is_not_destruction_keeps_the_case(void **state)
{
    g_autoptr(MpTrial) trial = trial_with_old_case(5);
    g_autoptr(MpRetention) table = mp_retention_parse("t", "pembaruan\ta\t0\t1\tpermanen\n", NULL);

    (void)state;
    assert_kept(trial, table, "its fate is permanen");
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

/* The register would forget a holder whose certificate still lives. */
static void
certificate_in_force_keeps_the_case(void **state)
{
    g_autoptr(MpTrial) trial = mp_trial_new(NULL);
    g_autoptr(MpRetention) table = own_table();

    (void)state;
    mp_trial_open(trial);
    say(trial, HEAD, "SETUJU");
    say(trial, "kabid@contohkab.go.id", "SETUJU");
    say(trial, "helpdesk@contohkab.go.id", "TERUSKAN");
    say(trial, VERIFIKATOR, "TERUSKAN");
    say(trial, VERIFIKATOR, "AJUKAN");
    say(trial, VERIFIKATOR, "SELESAI s.d. 20-11-2035");
    g_autoptr(MpCase) kase = mp_trial_case(trial, TRIAL_CASE);
    assert_text(mp_case_state_to_string(kase->state), "finished");
    mp_trial_wait(trial, 6 * (gint64)A_YEAR);
    assert_kept(trial, table, "a certificate is in force until 2035-11-20");
    mp_trial_wait(trial, 4 * (gint64)A_YEAR);
    assert_kept(trial, table, "0 of 2 officials commanded it, none signed");
}

static void
open_linked_case_keeps_the_case(void **state)
{
    g_autoptr(MpTrial) trial = trial_with_old_case(5);
    g_autoptr(MpRetention) table = own_table();
    g_autoptr(MpCase) kase = mp_trial_case(trial, TRIAL_CASE);
    g_autoptr(GPtrArray) events = g_ptr_array_new_with_free_func((GDestroyNotify)mp_event_free);
    MpEvent *event = mp_event_new("linked", kase->closed_utc);
    MpStore *store = trial->app.store;
    g_autoptr(GError) error = NULL;

    (void)state;
    g_ptr_array_add(events, event);
    mp_event_set(event, "number", "SE-2026-000099");
    assert_true(mp_case_apply(kase, event, &error));
    assert_true(store->begin(store, NULL));
    assert_true(store->case_save(store, kase, events, &error));
    assert_true(store->commit(store, NULL));
    assert_kept(trial, table, "a linked case is open");
}

/* What a period's report says of a case, it says without the case's people too. */
static char *
numbers_of(MpTrial *trial)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(MpReport) report = mp_evaluation_new(&trial->app, "2026-10-01", "2026-12-31", &error);

    assert_no_gerror(error);
    assert_true(mp_evaluation_count(report, &trial->app, &error));
    assert_no_gerror(error);
    return mp_report_to_csv(report);
}

/* Nobody's name is left, the chain is whole, the numbers stand. */
static void
destroyed_case_keeps_its_chain_and_numbers(void **state)
{
    g_autoptr(MpTrial) trial = trial_with_old_case(5);
    g_autoptr(MpRetention) table = own_table();
    MpStore *store = trial->app.store;
    g_autoptr(GError) error = NULL;
    g_autofree char *why = NULL;
    guint values = 0, entries = 0;
    gint64 broken = -1;

    (void)state;
    ask_officials(trial);
    command(trial, HEAD);
    command(trial, VERIFIKATOR);
    g_autoptr(GPtrArray) items = plan_of(trial, table);
    MpPurgeItem *item = g_ptr_array_index(items, 0);
    assert_int_equal(item->commanders->len, 2);
    g_autoptr(GPtrArray) names = store->case_entries(store, TRIAL_CASE, NULL);
    g_autofree char *numbers = numbers_of(trial);
    if (!mp_purge_do(&trial->app, item, &values, &entries, &error))
        assert_no_gerror(error);
    assert_true(values > 0);
    assert_int_equal(entries, names->len);
    for (guint i = 0; i < names->len; i++)
        assert_null(store->archive_get(store, g_ptr_array_index(names, i), NULL));
    g_autoptr(MpCase) kase = mp_trial_case(trial, TRIAL_CASE);
    const MpCaseApplicant *applicant = g_ptr_array_index(kase->applicants, 0);
    assert_text(applicant->name, MP_ERASED);
    assert_text(mp_case_state_to_string(kase->state), "refused");
    assert_int_equal(item->kase->closed_utc, kase->closed_utc);
    assert_true(store->chain_verify(store, &broken, &why, NULL));
    assert_int_equal(broken, 0);
    assert_null(why);
    g_autoptr(GPtrArray) differences = store->case_compare(store, NULL, NULL);
    assert_int_equal(differences->len, 0);
    g_autofree char *same = numbers_of(trial);
    assert_text(same, numbers);
    g_autoptr(GPtrArray) rows = store->ledger_of_case(store, TRIAL_CASE, NULL);
    assert_true(rows->len > 0);
    for (guint i = 0; i < rows->len; i++)
        assert_true(mp_retention_is_erased(g_ptr_array_index(rows, i)));
    /* Once. */
    g_autoptr(GPtrArray) again = plan_of(trial, table);
    assert_int_equal(again->len, 0);
}

static void
open_case_is_not_destroyed_by_command(void **state)
{
    g_autoptr(MpTrial) trial = mp_trial_new(NULL);

    (void)state;
    mp_trial_open(trial);
    g_autoptr(MpCase) before = mp_trial_case(trial, TRIAL_CASE);
    command(trial, HEAD);
    g_autoptr(MpCase) after = mp_trial_case(trial, TRIAL_CASE);
    assert_int_equal(after->version, before->version);
    g_autoptr(GPtrArray) mails = mp_trial_mails(trial, HEAD);
    const MpOutboxEntry *last = g_ptr_array_index(mails, mails->len - 1);
    assert_contains(last->mail->text, "permohonan masih berjalan");
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(terms_are_counted_from_the_closing),
        cmocka_unit_test(case_is_not_due_before_its_term),
        cmocka_unit_test(two_officials_command_one_does_not),
        cmocka_unit_test(command_without_a_code_is_none),
        cmocka_unit_test(open_complaint_keeps_the_case),
        cmocka_unit_test(certificate_in_force_keeps_the_case),
        cmocka_unit_test(open_linked_case_keeps_the_case),
        cmocka_unit_test(fate_that_is_not_destruction_keeps_the_case),
        cmocka_unit_test(destroyed_case_keeps_its_chain_and_numbers),
        cmocka_unit_test(open_case_is_not_destroyed_by_command),
    };

    return run_rows("bad tables", bad_tables, bad_table) +
           run_rows("who commanded", command_rows, command_row) +
           cmocka_run_group_tests(tests, NULL, NULL);
}

/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What an office can check and mend itself: audit, rebuild, reconcile, backup and restore, import.
 *
 *     test_recovery PROGRAM
 */

#include "support/asserts.h"
#include "support/house.h"

#include <signal.h>
#include <sqlite3.h>
#include <sys/wait.h>

enum { ROUND_S = 25 * 60, BACKUPS = 4 };

static MpHouse *house;
static MpTown *town; /* of the house, or NULL */
static GPid service; /* that runs now; 0 = none */

/* --- scaffold --------------------------------------------------------------------------------- */

static void
run_words(int exit_code, const char *words, const char *const *arguments)
{
    int status = mp_house_run(house, arguments, NULL);

    if (!WIFEXITED(status) || WEXITSTATUS(status) != exit_code)
        fail_msg(
            "%s: status %d, not exit code %d: %s", arguments[0], status, exit_code, house->output);
    assert_contains(house->output, words);
}

#define run(exit_code, words, ...)                                                                 \
    run_words((exit_code), (words), (const char *const[]){__VA_ARGS__, NULL})

static void
change_store(const char *sql)
{
    g_autofree char *path = g_build_filename(house->home, "store", "mailproc.sqlite", NULL);
    sqlite3 *db = NULL;

    assert_int_equal(sqlite3_open(path, &db), SQLITE_OK);
    if (sqlite3_exec(db, sql, NULL, NULL, NULL) != SQLITE_OK)
        fail_msg("%s: %s", sql, sqlite3_errmsg(db));
    assert_int_equal(sqlite3_close(db), SQLITE_OK);
}

/* Cases and their events alone, and the folders of what came in: a mail that was taken in twice has
 * two rows and two answers. */
static char *
tell_cases(void)
{
    g_autofree char *all = mp_house_tell(house);
    g_auto(GStrv) lines = g_strsplit(all, "\n", -1);
    GString *cases = g_string_new(NULL);

    for (guint i = 0; lines[i] != NULL; i++)
        if (g_str_has_prefix(lines[i], "case ") || g_str_has_prefix(lines[i], "  ") ||
            (g_str_has_prefix(lines[i], "folder ") && strstr(lines[i], "Terkirim") == NULL))
            g_string_append_printf(cases, "%s\n", lines[i]);
    return g_string_free(cases, FALSE);
}

static int
set_up(void **state)
{
    (void)state;
    house = mp_house_new(g_getenv("MP_CRASH_PROGRAM"), NULL, NULL);
    mp_house_letter(house, 3, NULL);
    mp_house_letter(house, 0, "Surat Rekomendasi.pdf");
    mp_house_once(house);
    return 0;
}

/* The same office on real IMAP and SMTP. */
static int
set_up_in_town(void **state)
{
    g_autoptr(GError) error = NULL;

    (void)state;
    town = mp_town_start(MP_TOWN_ALL, &error);
    assert_no_gerror(error);
    house = mp_house_new_in_town(g_getenv("MP_CRASH_PROGRAM"), town);
    mp_house_letter(house, 3, NULL);
    mp_house_letter(house, 0, "Surat Rekomendasi.pdf");
    mp_house_once(house);
    return 0;
}

static int
tear_down(void **state)
{
    (void)state;
    if (service != 0)
        (void)mp_house_end(house, service, SIGKILL);
    service = 0;
    mp_house_free(house);
    g_clear_pointer(&town, mp_town_stop);
    return 0;
}

/* --- audit and rebuild ------------------------------------------------------------------------ */

static void
test_audit_names_first_broken(void **state)
{
    (void)state;
    run(0, "whole: ", "audit", "verify");
    run(0, " ", "audit", "head");
    change_store("DROP TRIGGER event_fixed;"
                 "UPDATE event SET at_utc = at_utc + 1 WHERE seq IN (3, 5)");
    run(65, "event 3: ", "audit", "verify");
    assert_lacks(house->output, "event 5");
}

static void
test_audit_misses_event(void **state)
{
    (void)state;
    change_store("DROP TRIGGER event_kept; DELETE FROM event WHERE seq = 2");
    run(65, "event 3: the events before it are gone", "audit", "verify");
}

static void
test_rebuild_compares_and_writes(void **state)
{
    g_autofree char *before = mp_house_tell(house);
    g_autofree char *after = NULL;

    (void)state;
    run(0, "2 cases", "rebuild");
    change_store("UPDATE cases SET step = 'lain' WHERE number = 'SE-2026-000002'");
    run(65, "SE-2026-000002: step", "rebuild");
    run(0, "written anew", "rebuild", "--fix");
    run(0, " 0 differences", "rebuild");
    after = mp_house_tell(house);
    assert_text(after, before);
}

static char *
store_bytes(void)
{
    static const char *const names[] = {"mailproc.sqlite", "archive-2026.sqlar"};
    GString *hashes = g_string_new(NULL);

    for (gsize i = 0; i < G_N_ELEMENTS(names); i++) {
        g_autofree char *path = g_build_filename(house->home, "store", names[i], NULL);
        g_autofree char *bytes = NULL;
        gsize length = 0;

        assert_true(g_file_get_contents(path, &bytes, &length, NULL));
        g_autofree char *hash = mp_text_sha256((const guint8 *)bytes, length);
        g_string_append_printf(hashes, "%s\n", hash);
    }
    return g_string_free(hashes, FALSE);
}

static void
test_rebuild_from_archive_touches_nothing(void **state)
{
    g_autofree char *before = store_bytes();
    g_autofree char *after = NULL;

    (void)state;
    run(0, "2 mails read again: 0 would be taken otherwise", "rebuild", "--from-archive");
    after = store_bytes();
    assert_text(after, before);
}

static void
test_rebuild_from_archive(void **state)
{
    g_autofree char *before = mp_house_tell(house);
    g_autofree char *after = NULL;

    (void)state;
    run(0, "2 mails read again: 0 would be taken otherwise", "rebuild", "--from-archive");
    change_store("UPDATE ledger SET kind = 'other' WHERE id = 1");
    run(0,
        "mail 1 SE-2026-000001: kind: was 'other', today 'request'",
        "rebuild",
        "--from-archive");
    change_store("UPDATE ledger SET kind = 'request' WHERE id = 1");
    after = mp_house_tell(house);
    assert_text(after, before);
}

/* --- reconcile, backup and restore ------------------------------------------------------------ */

static void
test_reconcile_agrees(void **state)
{
    (void)state;
    mp_house_write(house, "dinkes@contohkab.go.id", "Subject: Tanya\r\n", "Kapan buka?");
    run(0, "1 waiting, 0 missed", "reconcile");
    assert_contains(house->output, "2 mails: 2 in the ledger, 0 waiting, 0 missed");
    assert_contains(house->output, "0 in none of the folders");
}

static void
test_reconcile_names_gone(void **state)
{
    (void)state;
    mp_house_shell("find '%s/mailproc.Selesai/cur' -type f | head -n 1 | xargs rm", house->home);
    run(0, "1 in none of the folders", "reconcile");
}

static void
test_restore_drill(void **state)
{
    g_autofree char *place = g_build_filename(house->dir, "cadangan", NULL);
    g_autofree char *lost = NULL;
    g_autofree char *mended = NULL;

    (void)state;
    run(0, "events, head", "backup", place);
    /* What comes after the backup: the missing paper, two answers, another letter. */
    house->now_s += ROUND_S;
    mp_house_supplement(house, 0, "Surat Rekomendasi.pdf");
    assert_true(mp_house_answer(house));
    mp_house_letter(house, 1, NULL);
    mp_house_once(house);
    lost = tell_cases();
    run(0, "restored: ", "restore", place);
    run(65, "4 missed, 0 taken in", "reconcile");
    run(0, "4 missed, 4 taken in", "reconcile", "--fix");
    mp_house_once(house);
    mended = tell_cases();
    assert_false(mp_house_differs(mended, lost));
    run(0, "0 missed", "reconcile");
    run(0, "whole: ", "audit", "verify");
    run(0, " 0 differences", "rebuild");
}

/* The copy is whole by itself: its cases are the fold of its events, and every mail that its ledger
 * names is in its archive. */
static void
check_backup(const char *place)
{
    g_autoptr(GError) error = NULL;
    MpStore *copy = mp_store_open_readonly(place, &error);
    g_autoptr(GPtrArray) rows = NULL, differences = NULL;
    g_autofree char *why = NULL;
    gint64 broken = -1;

    assert_no_gerror(error);
    rows = copy->ledger_after(copy, 0, 10000, &error);
    differences = copy->case_compare(copy, NULL, &error);
    assert_true(copy->chain_verify(copy, &broken, &why, &error));
    assert_no_gerror(error);
    assert_int_equal(differences->len, 0);
    assert_int_equal(broken, 0);
    for (guint i = 0; i < rows->len; i++) {
        const MpLedgerRow *row = g_ptr_array_index(rows, i);
        g_autoptr(GBytes) raw = copy->archive_get(copy, row->archive_name, &error);

        assert_no_gerror(error);
        assert_non_null(raw);
    }
    copy->free(copy);
}

static void
test_backup_while_mail_comes(void **state)
{
    int status;

    (void)state;
    service = mp_house_start(house);
    mp_house_wait_said(house, "event=service.started", 1);
    for (guint i = 0; i < BACKUPS; i++) {
        g_autofree char *place = g_strdup_printf("%s/cadangan%u", house->dir, i);

        mp_house_letter_of(house, 2 * i);
        mp_house_letter_of(house, 2 * i + 1);
        run(0, "backup: ", "backup", place);
        check_backup(place);
    }
    mp_house_wait_count(house, "masuk", 0);
    status = mp_house_end(house, service, SIGTERM);
    service = 0;
    assert_true(WIFEXITED(status) && WEXITSTATUS(status) == 0);
    mp_house_once(house);
    mp_house_check(house);
}

static void
test_restore_is_refused_while_running(void **state)
{
    g_autofree char *place = g_build_filename(house->dir, "cadangan", NULL);
    g_autofree char *dir = g_build_filename(house->home, "store", NULL);
    g_autoptr(GError) error = NULL;
    MpStore *store;

    (void)state;
    run(0, "backup: ", "backup", place);
    store = mp_store_open(dir, &error);
    assert_no_gerror(error);
    run(0, "backup: ", "backup", place);
    run(74, "already in use by process", "restore", place);
    store->free(store);
}

/* --- import ----------------------------------------------------------------------------------- */

static const char old_mail[] = "From: <lama@contohkab.go.id>\nTo: <layanan-tte@contohkab.go.id>\n"
                               "Message-ID: <lama-1@contohkab.go.id>\nSubject: Lama\n\n"
                               "Surat lama.\nFrom sini dan seterusnya.\n";

static void
test_import(void **state)
{
    static const char mbox[] =
        "From lama@contohkab.go.id Mon Jan  5 08:00:00 2026\n"
        "From: <lama@contohkab.go.id>\nTo: <layanan-tte@contohkab.go.id>\n"
        "Message-ID: <lama-1@contohkab.go.id>\nSubject: Lama\n\n"
        "Surat lama.\n>From sini dan seterusnya.\n\n"
        "From lain@contohkab.go.id Tue Jan  6 08:00:00 2026\n"
        "From: <lain@contohkab.go.id>\nMessage-ID: <lain-1@contohkab.go.id>\n\nLain.\n";
    g_autofree char *path = g_build_filename(house->dir, "lama.mbox", NULL);
    g_autofree char *handled = g_build_filename(house->home, "mailproc.Selesai", NULL);
    g_autofree char *told = NULL;

    (void)state;
    assert_true(g_file_set_contents(path, mbox, -1, NULL));
    run(0, "2 mails: 2 taken in, 0 known already", "import", path);
    run(0, "2 mails: 0 taken in, 2 known already", "import", path);
    run(0, "2 mails: 0 taken in, 2 known already", "import", handled);
    /* The same mail comes by the mailbox: a duplicate, which opens nothing. */
    mp_house_put(house, old_mail, -1);
    mp_house_once(house);
    told = mp_house_tell(house);
    assert_contains(told, " ignored old mail, imported ");
    assert_contains(told, " duplicate ");
    run(0, "0 missed", "reconcile");
}

static void
test_import_refuses_other_files(void **state)
{
    (void)state;
    run(65, "is not an mbox file", "import", house->config);
    run(64, "wants one Maildir or mbox file", "import");
}

int
main(int argc, char **argv)
{
#define T(sentence, test)                                                                          \
    {                                                                                              \
        (sentence), (test), set_up, tear_down, NULL                                                \
    }
    const struct CMUnitTest tests[] = {
        T("audit names the first broken event", test_audit_names_first_broken),
        T("audit sees that an event is missing", test_audit_misses_event),
        T("rebuild names what differs and writes it anew", test_rebuild_compares_and_writes),
        T("rebuild from the archive reports and changes nothing", test_rebuild_from_archive),
        T("folders and ledger agree; what waits is not missed", test_reconcile_agrees),
        T("a mail that a person deleted is named", test_reconcile_names_gone),
        T("yesterday's backup and the folders give back what was lost", test_restore_drill),
        T("backup works beside the service, restore does not",
          test_restore_is_refused_while_running),
        T("old mail is imported once and counts as known", test_import),
        T("what is no mbox is refused", test_import_refuses_other_files),
        T("rebuild from the archive touches no byte of the store",
          test_rebuild_from_archive_touches_nothing),
        T("backup while mail keeps coming: each copy is whole", test_backup_while_mail_comes),
        {"on real IMAP: folders and ledger agree; what waits is not missed",
         test_reconcile_agrees,
         set_up_in_town,
         tear_down,
         NULL},
        {"on real IMAP: yesterday's backup and the folders give back what was lost",
         test_restore_drill,
         set_up_in_town,
         tear_down,
         NULL},
    };

    if (argc != 2) {
        print_error("usage: %s PROGRAM\n", argv[0]);
        return 64;
    }
    (void)g_setenv("MP_CRASH_PROGRAM", argv[1], TRUE);
    return cmocka_run_group_tests_name("recovery", tests, NULL, NULL);
}

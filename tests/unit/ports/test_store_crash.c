/* SPDX-License-Identifier: GPL-3.0-or-later */

/* A batch of mails killed at every checkpoint: what the ledger says is true afterwards, and doing
 * the rest again ends where the clean run ends. Without kill points in the build only the clean run
 * is made. */

#include "unit/ports/store_fixture.h"

#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#define MAILS 4

static char *
archive_name(guint32 uid)
{
    return g_strdup_printf("2026/11/20/%u.eml", uid);
}

static gboolean
keep_mail(MpStore *store, guint32 uid)
{
    g_autofree char *name = archive_name(uid);
    g_autofree char *text = g_strnfill(1000 + uid * 40000, 'm');
    g_autoptr(GBytes) content = g_bytes_new(text, strlen(text));

    return store->archive_put(store, name, content, NOON, NULL);
}

static gboolean
decide_mail(MpStore *store, guint32 uid)
{
    MpLedgerRow *row = mp_ledger_row_new();
    g_autofree char *number = store->case_number(store, "SE", 2026, NULL);
    g_autoptr(GPtrArray) events = story_events(number);
    g_autoptr(MpCase) kase = mp_case_fold(events, NULL);

    row->mailbox = g_strdup("box");
    row->uid_validity = 1;
    row->uid = uid;
    row->archive_name = archive_name(uid);
    row->state = MP_LEDGER_DONE;
    row->case_number = g_strdup(number);
    gboolean is_done = kase != NULL && store->savepoint(store, NULL) &&
                       store->case_save(store, kase, events, NULL) &&
                       store->ledger_add(store, row, NULL) && store->release(store, NULL);
    mp_ledger_row_free(row);
    return is_done;
}

/* Takes what the ledger does not know, two mails a batch. */
static gboolean
work(const char *dir)
{
    MpStore *store = mp_store_open(dir, NULL);
    gboolean is_done = store != NULL;

    for (guint32 uid = 1; is_done && uid <= MAILS; uid += 2) {
        gboolean is_known = FALSE;

        is_done = store->ledger_has_uid(store, "box", 1, uid, &is_known, NULL);
        if (!is_done || is_known)
            continue;
        is_done = keep_mail(store, uid) && keep_mail(store, uid + 1) &&
                  store->archive_commit(store, NULL) && store->begin(store, NULL) &&
                  decide_mail(store, uid) && decide_mail(store, uid + 1) &&
                  store->commit(store, NULL);
    }
    if (store != NULL)
        store->free(store);
    return is_done;
}

/* TRUE when the child was killed at its k-th checkpoint. */
static gboolean
work_killed_at(const char *dir, guint k)
{
    int status = 0;
    pid_t pid = fork();

    if (pid == 0) {
        g_autofree char *at = g_strdup_printf("%u", k);

        (void)g_setenv("MP_KILL_AT", at, TRUE);
        _exit(work(dir) ? 0 : 1);
    }
    assert_int_equal(waitpid(pid, &status, 0), pid);
    assert_true(WIFSIGNALED(status) || WEXITSTATUS(status) == 0);
    return WIFSIGNALED(status);
}

/* Every row's mail is in the archive, every case is the fold of its events, the chain is whole. */
static void
assert_true_ledger(const char *dir, gint64 want_rows)
{
    MpStore *store = open_store_at(dir);
    GPtrArray *rows = store->ledger_after(store, 0, 0, NULL);
    g_autoptr(GPtrArray) differences = store->case_compare(store, NULL, NULL);
    g_autofree char *got_why = NULL;
    gint64 broken = -1;

    if (want_rows >= 0)
        assert_int_equal(rows->len, want_rows);
    for (guint i = 0; i < rows->len; i++) {
        const MpLedgerRow *row = g_ptr_array_index(rows, i);
        g_autoptr(GBytes) content = store->archive_get(store, row->archive_name, NULL);
        g_autoptr(MpCase) kase = store->case_load(store, row->case_number, NULL);

        assert_non_null(content);
        assert_non_null(kase);
    }
    assert_int_equal(differences->len, 0);
    MUST(store->chain_verify(store, &broken, &got_why, &why));
    assert_int_equal(broken, 0);
    g_ptr_array_unref(rows);
    store->free(store);
}

static void
killed_at_every_checkpoint_nothing_is_lost_or_doubled(void **state)
{
    gboolean is_killed = TRUE;
    guint k = 0;

    (void)state;
    while (is_killed) {
        g_autofree char *dir = make_dir();

        is_killed = work_killed_at(dir, ++k);
        assert_true_ledger(dir, -1);
        assert_true(work(dir));
        assert_true_ledger(dir, MAILS);
        /* One run more changes nothing. */
        assert_true(work(dir));
        assert_true_ledger(dir, MAILS);
        remove_dir(dir);
    }
#ifdef MP_CHECKPOINTS
    /* migration, and for each of two batches: put twice, commits of archive and store */
    assert_true(k > 1 + 2 * 6);
#endif
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(killed_at_every_checkpoint_nothing_is_lost_or_doubled),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

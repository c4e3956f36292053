/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The power goes (F-02). A VFS of our own notes every write, truncation, sync and deletion of the
 * store and its archive. For each moment the disks that a loss of power there may leave are laid
 * out: what was synced is there; every write since then is there, is not, or is torn between
 * sectors, each by itself; a deletion that was not synced has happened or not. The store opens each
 * of them, is whole, holds every commit that had returned, and goes on to the usual end.
 *
 *     test_power_loss            (MP_CRASH_POINTS=0: every moment, many disks each)
 */

#include "unit/ports/store_fixture.h"

#include "support/noted-disk.h"

#include <sqlite3.h>

enum { MAILS = 6, BATCH = 2, SECTOR = 512, SAMPLE = 160, VARIANTS = 3, NIGHTLY_VARIANTS = 12 };

static char *where; /* the disk that is looked at; NULL = all were fine */

/* --- the work --------------------------------------------------------------------------------- */

static GBytes *
mail_bytes(guint32 uid)
{
    g_autofree char *text = g_strnfill(1000 + uid * 30000, (char)('a' + uid));

    return g_bytes_new(text, strlen(text));
}

static char *
mail_name(guint32 uid)
{
    return g_strdup_printf("2026/11/20/%u.eml", uid);
}

static void
keep_mail(MpStore *store, guint32 uid)
{
    g_autofree char *name = mail_name(uid);
    g_autoptr(GBytes) content = mail_bytes(uid);

    MUST(store->archive_put(store, name, content, NOON, &why));
}

static void
decide_mail(MpStore *store, guint32 uid)
{
    MpLedgerRow *row = mp_ledger_row_new();
    g_autofree char *number = store->case_number(store, "SE", 2026, NULL);
    g_autoptr(GPtrArray) events = story_events(number);
    g_autoptr(MpCase) kase = mp_case_fold(events, NULL);

    row->mailbox = g_strdup("box");
    row->uid_validity = 1;
    row->uid = uid;
    row->archive_name = mail_name(uid);
    row->state = MP_LEDGER_DONE;
    row->case_number = g_strdup(number);
    MUST(store->savepoint(store, &why));
    MUST(store->case_save(store, kase, events, &why));
    MUST(store->ledger_add(store, row, &why));
    MUST(store->release(store, &why));
    mp_ledger_row_free(row);
}

/* Takes what the ledger does not know. The store is opened anew for each batch: its closing writes
 * the log back into the file. */
static void
work(const char *dir)
{
    for (guint32 uid = 1; uid <= MAILS; uid += BATCH) {
        MpStore *store = open_store_at(dir);
        gboolean is_known = FALSE;

        MUST(store->ledger_has_uid(store, "box", 1, uid, &is_known, &why));
        for (guint32 i = uid; !is_known && i < uid + BATCH; i++)
            keep_mail(store, i);
        if (!is_known) {
            MUST(store->archive_commit(store, &why));
            MUST(store->begin(store, &why));
        }
        for (guint32 i = uid; !is_known && i < uid + BATCH; i++)
            decide_mail(store, i);
        if (!is_known) {
            MUST(store->commit(store, &why));
            mp_disk_mark(uid + BATCH - 1);
        }
        store->free(store);
    }
}

/* --- what the power leaves -------------------------------------------------------------------- */

typedef struct {
    GByteArray *safe;  /* NULL = no such file */
    GByteArray *ghost; /* of a file whose deletion is not on the disk yet, or NULL */
    GPtrArray *open;   /* MpOp since the last sync; borrowed */
    gboolean is_known; /* its entry in the directory is on the disk */
} Disk;

static void
disk_free(gpointer data)
{
    Disk *disk = data;

    g_clear_pointer(&disk->safe, g_byte_array_unref);
    g_clear_pointer(&disk->ghost, g_byte_array_unref);
    g_ptr_array_unref(disk->open);
    g_free(disk);
}

static void
put(GByteArray *to, gint64 at, const guint8 *bytes, gsize n)
{
    guint before = to->len;

    if (to->len < at + (gint64)n)
        g_byte_array_set_size(to, (guint)(at + (gint64)n));
    if (before < at)
        memset(to->data + before, 0, (gsize)(at - before));
    memcpy(to->data + at, bytes, n);
}

/* `dice` NULL = the whole of it. */
static void
apply(GByteArray *to, const MpOp *op, GRand *dice)
{
    gsize n = 0;
    const guint8 *bytes = op->bytes == NULL ? NULL : g_bytes_get_data(op->bytes, &n);

    if (op->kind == MP_OP_TRUNCATE) {
        if (to->len > op->at)
            g_byte_array_set_size(to, (guint)op->at);
        return;
    }
    if (dice == NULL) {
        put(to, op->at, bytes, n);
        return;
    }
    for (gsize at = 0; at < n; at += SECTOR)
        if (g_rand_boolean(dice))
            put(to, op->at + (gint64)at, bytes + at, MIN((gsize)SECTOR, n - at));
}

/* With the first sync of a new journal or log SQLite syncs the directory: what was deleted there
 * before is gone for good. */
static void
sync_directory(GHashTable *disks)
{
    GHashTableIter iter;
    gpointer value = NULL;

    g_hash_table_iter_init(&iter, disks);
    while (g_hash_table_iter_next(&iter, NULL, &value))
        g_clear_pointer(&((Disk *)value)->ghost, g_byte_array_unref);
}

static void
sync_disk(GHashTable *disks, Disk *disk, const char *file)
{
    if (!disk->is_known && (g_str_has_suffix(file, "-wal") || g_str_has_suffix(file, "-journal")))
        sync_directory(disks);
    disk->is_known = TRUE;
    if (disk->safe == NULL)
        disk->safe = g_byte_array_new();
    for (guint i = 0; i < disk->open->len; i++)
        apply(disk->safe, g_ptr_array_index(disk->open, i), NULL);
    g_ptr_array_set_size(disk->open, 0);
    g_clear_pointer(&disk->ghost, g_byte_array_unref);
}

static void
step(GHashTable *disks, MpOp *op)
{
    Disk *disk = op->file == NULL ? NULL : g_hash_table_lookup(disks, op->file);

    if (op->file == NULL)
        return;
    if (disk == NULL) {
        disk = g_new0(Disk, 1);
        disk->open = g_ptr_array_new();
        g_hash_table_insert(disks, g_strdup(op->file), disk);
    }
    if (op->kind == MP_OP_WRITE || op->kind == MP_OP_TRUNCATE) {
        g_ptr_array_add(disk->open, op);
    } else if (op->kind == MP_OP_SYNC) {
        sync_disk(disks, disk, op->file);
    } else {
        if (disk->ghost == NULL && op->kind == MP_OP_DELETE)
            disk->ghost = g_steal_pointer(&disk->safe);
        g_clear_pointer(&disk->safe, g_byte_array_unref);
        if (op->kind == MP_OP_DELETE_SYNCED)
            g_clear_pointer(&disk->ghost, g_byte_array_unref);
        g_ptr_array_set_size(disk->open, 0);
        disk->is_known = FALSE;
    }
}

/* Variant 0: nothing since the last sync; 1: all of it; else by the dice. */
static GByteArray *
leave(const Disk *disk, guint variant, GRand *dice)
{
    GByteArray *left = g_byte_array_new();
    gboolean exists = disk->safe != NULL;

    if (disk->ghost != NULL && (variant == 0 || (variant > 1 && g_rand_boolean(dice)))) {
        g_byte_array_append(left, disk->ghost->data, disk->ghost->len);
        return left;
    }
    if (exists)
        g_byte_array_append(left, disk->safe->data, disk->safe->len);
    for (guint i = 0; variant > 0 && i < disk->open->len; i++) {
        gint fate = variant == 1 ? 0 : g_rand_int_range(dice, 0, 3);

        if (fate == 2)
            continue;
        apply(left, g_ptr_array_index(disk->open, i), fate == 0 ? NULL : dice);
        exists = TRUE;
    }
    if (!exists)
        g_clear_pointer(&left, g_byte_array_unref);
    return left;
}

static char *
lay_out(GHashTable *disks, guint variant, GRand *dice)
{
    char *dir = make_dir();
    GHashTableIter iter;
    gpointer name = NULL, disk = NULL;

    g_hash_table_iter_init(&iter, disks);
    while (g_hash_table_iter_next(&iter, &name, &disk)) {
        g_autoptr(GByteArray) left = leave(disk, variant, dice);
        g_autofree char *path = g_build_filename(dir, name, NULL);

        if (left != NULL)
            assert_true(g_file_set_contents(
                path, left->data == NULL ? "" : (const char *)left->data, left->len, NULL));
    }
    return dir;
}

/* --- what must hold --------------------------------------------------------------------------- */

static void
check_whole(const char *dir, const char *base)
{
    g_autofree char *path = g_build_filename(dir, base, NULL);
    sqlite3 *db = NULL;
    sqlite3_stmt *statement = NULL;

    if (!g_file_test(path, G_FILE_TEST_EXISTS))
        return;
    assert_int_equal(sqlite3_open(path, &db), SQLITE_OK);
    assert_int_equal(sqlite3_prepare_v2(db, "PRAGMA integrity_check", -1, &statement, NULL),
                     SQLITE_OK);
    assert_int_equal(sqlite3_step(statement), SQLITE_ROW);
    assert_string_equal((const char *)sqlite3_column_text(statement, 0), "ok");
    (void)sqlite3_finalize(statement);
    assert_int_equal(sqlite3_close(db), SQLITE_OK);
}

/* The ledger has at least `n` mails, each in the archive as it came and with a case that is the
 * fold of its events; the chain is whole. */
static void
check_ledger(const char *dir, guint n)
{
    MpStore *store = open_store_at(dir);
    g_autoptr(GPtrArray) rows = store->ledger_after(store, 0, 0, NULL);
    g_autoptr(GPtrArray) differences = store->case_compare(store, NULL, NULL);
    g_autofree char *reason = NULL;
    gint64 broken = -1;

    assert_true(rows->len >= n && rows->len % BATCH == 0);
    for (guint i = 0; i < rows->len; i++) {
        const MpLedgerRow *row = g_ptr_array_index(rows, i);
        g_autoptr(GBytes) want = mail_bytes(row->uid);
        g_autoptr(GBytes) got = store->archive_get(store, row->archive_name, NULL);
        g_autoptr(MpCase) kase = store->case_load(store, row->case_number, NULL);

        assert_non_null(got);
        assert_true(g_bytes_equal(got, want));
        assert_non_null(kase);
    }
    assert_int_equal(differences->len, 0);
    MUST(store->chain_verify(store, &broken, &reason, &why));
    assert_int_equal(broken, 0);
    store->free(store);
}

static void
check_disk(GHashTable *disks, guint moment, guint variant, guint n_committed)
{
    g_autoptr(GRand) dice = g_rand_new_with_seed(moment * 1000 + variant);
    g_autofree char *dir = lay_out(disks, variant, dice);

    where = g_strdup_printf("after operation %u, disk %u", moment, variant);
    check_ledger(dir, n_committed);
    work(dir);
    check_ledger(dir, MAILS);
    check_whole(dir, "mailproc.sqlite");
    check_whole(dir, "archive-2026.sqlar");
    remove_dir(dir);
    g_clear_pointer(&where, g_free);
}

static int
tell_where(void **state)
{
    (void)state;
    if (where != NULL)
        print_error("%s\n", where);
    return 0;
}

static void
test_power_loss(void **state)
{
    const char *wanted = g_getenv("MP_CRASH_POINTS");
    gboolean is_all = wanted != NULL && strcmp(wanted, "0") == 0;
    g_autofree char *dir = make_dir();
    g_autoptr(GPtrArray) noted = g_ptr_array_new_with_free_func(mp_op_free);
    g_autoptr(GHashTable) disks = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, disk_free);
    guint stride, n_committed = 0, n_disks = 0;

    (void)state;
    mp_disk_note(noted);
    work(dir);
    mp_disk_note(NULL);
    remove_dir(dir);
    stride = is_all ? 1 : MAX(1, noted->len * VARIANTS / SAMPLE);
    for (guint i = 0; i < noted->len; i++) {
        MpOp *op = g_ptr_array_index(noted, i);
        gboolean is_edge =
            op->kind == MP_OP_MARK || op->kind == MP_OP_SYNC || op->kind == MP_OP_DELETE;

        step(disks, op);
        if (op->kind == MP_OP_MARK)
            n_committed = (guint)op->at;
        for (guint v = 0;
             (is_edge || i % stride == 0) && v < (is_all ? NIGHTLY_VARIANTS : VARIANTS);
             v++, n_disks++)
            check_disk(disks, i, v, n_committed);
    }
    print_message("power lost in %u operations: %u disks\n", noted->len, n_disks);
    assert_int_equal(n_committed, MAILS);
    assert_true(n_disks >= SAMPLE);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        {"F-02 power is lost: what was committed is there, whole",
         test_power_loss,
         NULL,
         tell_where,
         NULL},
    };

    return cmocka_run_group_tests_name("power loss", tests, NULL, NULL);
}

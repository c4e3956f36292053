/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Opening the store, its lock, and its transactions. The subjects have files of their own. */

#include "ports/store-private.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#define LOCK_FILE "mailproc.lock"

typedef enum { OPEN_SERVICE, OPEN_SHARED, OPEN_READONLY } OpenMode;

static gboolean
refuse(const char *object, MpErrorCode code, const char *why, GError **error)
{
    g_set_error(error, MP_ERROR, (gint)code, "%s: %s", object, why);
    return FALSE;
}

/* --- transactions --- */

static gboolean
run_plain(MpStore *store, const char *sql, GError **error)
{
    g_autoptr(MpStatement) statement = mp_sql_prepare(store, sql, error);
    gboolean row = FALSE;

    return statement != NULL && mp_sql_step(store, statement, &row, error);
}

static gboolean
begin(MpStore *store, GError **error)
{
    MpStoreSqlite *self = (MpStoreSqlite *)store;

    if (self->broken != NULL)
        return refuse(
            "store", MP_ERROR_STORAGE, "the disk failed before; it must be opened anew", error);
    if (self->is_readonly || self->is_writing)
        return refuse("store",
                      MP_ERROR_STORAGE,
                      self->is_readonly ? "opened for reading only"
                                        : "a transaction is open already",
                      error);
    if (!run_plain(store, "BEGIN IMMEDIATE", error))
        return FALSE;
    self->is_writing = TRUE;
    self->savepoints = 0;
    return TRUE;
}

static void
rollback(MpStore *store)
{
    MpStoreSqlite *self = (MpStoreSqlite *)store;

    if (sqlite3_get_autocommit(self->db) == 0)
        (void)run_plain(store, "ROLLBACK", NULL);
    self->is_writing = FALSE;
    self->savepoints = 0;
}

/* "FOREIGN KEY constraint failed" alone helps nobody: which row of which table it is. */
static char *
find_broken_key(MpStoreSqlite *self)
{
    sqlite3_stmt *statement = NULL;
    char *where = NULL;

    if (sqlite3_prepare_v2(self->db, "PRAGMA foreign_key_check", -1, &statement, NULL) ==
            SQLITE_OK &&
        sqlite3_step(statement) == SQLITE_ROW)
        where = g_strdup_printf("table %s, row %lld points to no row of %s: ",
                                (const char *)sqlite3_column_text(statement, 0),
                                (long long)sqlite3_column_int64(statement, 1),
                                (const char *)sqlite3_column_text(statement, 2));
    (void)sqlite3_finalize(statement);
    return where;
}

static gboolean
commit(MpStore *store, GError **error)
{
    MpStoreSqlite *self = (MpStoreSqlite *)store;

    if (!mp_store_is_writing(store, error))
        return FALSE;
    mp_ports_checkpoint("store.commit");
    if (!run_plain(store, "COMMIT", error)) {
        gboolean is_key = sqlite3_extended_errcode(self->db) == SQLITE_CONSTRAINT_FOREIGNKEY;
        g_autofree char *where = is_key ? find_broken_key(self) : NULL;

        g_prefix_error(error, "%s", where != NULL ? where : "");
        return FALSE;
    }
    mp_ports_checkpoint("store.committed");
    self->is_writing = FALSE;
    self->savepoints = 0;
    /* What was erased still stands in the write-ahead log; a reader may delay its end. */
    if (self->is_erasing)
        (void)sqlite3_wal_checkpoint_v2(self->db, NULL, SQLITE_CHECKPOINT_TRUNCATE, NULL, NULL);
    self->is_erasing = FALSE;
    return TRUE;
}

static gboolean
savepoint(MpStore *store, GError **error)
{
    MpStoreSqlite *self = (MpStoreSqlite *)store;

    if (!mp_store_is_writing(store, error) || !run_plain(store, "SAVEPOINT mail", error))
        return FALSE;
    self->savepoints++;
    return TRUE;
}

static gboolean
release(MpStore *store, GError **error)
{
    MpStoreSqlite *self = (MpStoreSqlite *)store;

    if (!mp_store_is_writing(store, error))
        return FALSE;
    if (self->savepoints == 0)
        return refuse("store", MP_ERROR_STORAGE, "no savepoint is open", error);
    if (!run_plain(store, "RELEASE mail", error))
        return FALSE;
    self->savepoints--;
    return TRUE;
}

static void
rollback_to(MpStore *store)
{
    MpStoreSqlite *self = (MpStoreSqlite *)store;

    if (self->savepoints == 0 || sqlite3_get_autocommit(self->db) != 0)
        return;
    (void)run_plain(store, "ROLLBACK TO mail", NULL);
    (void)run_plain(store, "RELEASE mail", NULL);
    self->savepoints--;
}

/* --- directory, lock, file --- */

/* Makes the directory 0700. One that others may enter is closed to them only while it is empty and
 * ours; a directory in use is its owner's to mend (it might be /tmp). */
gboolean
mp_store_prepare_dir(const char *dir, GError **error)
{
    g_autoptr(GDir) handle = NULL;
    struct stat info;

    if (g_mkdir_with_parents(dir, 0700) != 0 || stat(dir, &info) != 0)
        return refuse(dir, MP_ERROR_STORAGE, g_strerror(errno), error);
    if ((info.st_mode & 077) == 0)
        return TRUE;
    handle = g_dir_open(dir, 0, NULL);
    if (handle != NULL && g_dir_read_name(handle) == NULL && chmod(dir, 0700) == 0)
        return TRUE;
    return refuse(dir, MP_ERROR_CONFIG, "others may enter it; chmod 700", error);
}

/* SQLite gives -wal and -shm the mode of the file itself, so it is made before SQLite sees it. */
gboolean
mp_store_prepare_file(const char *path, GError **error)
{
    int fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);

    if (fd < 0)
        return refuse(path, MP_ERROR_STORAGE, g_strerror(errno), error);
    gboolean is_private = fchmod(fd, 0600) == 0;
    (void)close(fd);
    return is_private || refuse(path, MP_ERROR_STORAGE, g_strerror(errno), error);
}

static gboolean
refuse_locked(const char *dir, int fd, GError **error)
{
    char pid[32] = "";
    ssize_t got = pread(fd, pid, sizeof pid - 1, 0);

    g_set_error(error,
                MP_ERROR,
                MP_ERROR_STORAGE,
                "%s: already in use by process %s",
                dir,
                got > 0 ? g_strchomp(pid) : "(unknown)");
    return FALSE;
}

/* flock, not fcntl: it also holds against a second open in the same process, and a kill frees it.
 */
int
mp_store_take_lock(const char *dir, GError **error)
{
    g_autofree char *path = g_build_filename(dir, LOCK_FILE, NULL);
    int fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);

    if (fd < 0) {
        refuse(path, MP_ERROR_STORAGE, g_strerror(errno), error);
        return -1;
    }
    if (flock(fd, LOCK_EX | LOCK_NB) != 0) {
        if (errno == EWOULDBLOCK)
            refuse_locked(dir, fd, error);
        else
            refuse(path, MP_ERROR_STORAGE, g_strerror(errno), error);
        (void)close(fd);
        return -1;
    }
    if (ftruncate(fd, 0) != 0 || dprintf(fd, "%ld\n", (long)getpid()) < 0) {
        refuse(path, MP_ERROR_STORAGE, g_strerror(errno), error);
        (void)close(fd);
        return -1;
    }
    return fd;
}

static gboolean
quick_check(MpStore *store, GError **error)
{
    MpStoreSqlite *self = (MpStoreSqlite *)store;
    g_autoptr(MpStatement) statement = mp_sql_prepare(store, "PRAGMA quick_check(1)", error);
    gboolean row = FALSE;

    if (statement == NULL || !mp_sql_step(store, statement, &row, error))
        return FALSE;
    if (row && g_strcmp0((const char *)sqlite3_column_text(statement, 0), "ok") == 0)
        return TRUE;
    g_set_error(error,
                MP_ERROR,
                MP_ERROR_STORAGE,
                "%s: damaged: %s" MP_STORE_CURE,
                self->dir != NULL ? self->dir : "store",
                row ? (const char *)sqlite3_column_text(statement, 0) : "no answer");
    return FALSE;
}

/* A reader changes nothing, so it wants the very schema it knows. */
static gboolean
check_version(MpStore *store, GError **error)
{
    g_autoptr(MpStatement) statement = mp_sql_prepare(store, "PRAGMA user_version", error);
    gboolean row = FALSE;

    if (statement == NULL || !mp_sql_step(store, statement, &row, error))
        return FALSE;
    int have = row ? sqlite3_column_int(statement, 0) : 0;
    if (have == mp_schema_version)
        return TRUE;
    g_set_error(error,
                MP_ERROR,
                MP_ERROR_STORAGE,
                "store: schema %d, this program reads %d%s",
                have,
                mp_schema_version,
                have < mp_schema_version ? "; start the service once" : "");
    return FALSE;
}

/* --- open and close --- */

void
mp_store_close(MpStore *store)
{
    MpStoreSqlite *self = (MpStoreSqlite *)store;

    if (self == NULL)
        return;
    if (self->db != NULL && self->is_writing)
        rollback(store);
    g_clear_pointer(&self->archives, g_hash_table_unref);
    g_clear_pointer(&self->statements, g_hash_table_unref);
    g_clear_pointer(&self->db, sqlite3_close_v2);
    if (self->lock_fd >= 0)
        (void)close(self->lock_fd);
    self->own_random->free(self->own_random);
    g_free(self->dir);
    g_free(self->broken);
    g_free(self);
}

static void
finalize_statement(gpointer statement)
{
    (void)sqlite3_finalize(statement);
}

static void
free_archive(gpointer archive)
{
    mp_archive_free(archive);
}

static MpStoreSqlite *
new_store(const char *dir, OpenMode mode)
{
    MpStoreSqlite *self = g_new0(MpStoreSqlite, 1);
    MpStore *store = &self->face;

    self->dir = g_strcmp0(dir, ":memory:") == 0 ? NULL : g_strdup(dir);
    self->is_readonly = mode == OPEN_READONLY;
    self->lock_fd = -1;
    self->own_random = mp_random_new_real();
    self->random = self->own_random;
    self->statements = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, finalize_statement);
    self->archives = g_hash_table_new_full(g_direct_hash, g_direct_equal, NULL, free_archive);
    store->begin = begin;
    store->commit = commit;
    store->rollback = rollback;
    store->savepoint = savepoint;
    store->release = release;
    store->rollback_to = rollback_to;
    store->free = mp_store_close;
    mp_store_init_archive(store);
    mp_store_init_ledger(store);
    mp_store_init_marks(store);
    mp_store_init_case(store);
    mp_store_init_find(store);
    mp_store_init_event(store);
    mp_store_init_audit(store);
    mp_store_init_rebuild(store);
    mp_store_init_erase(store);
    mp_store_init_backup(store);
    mp_store_init_counts(store);
    mp_store_init_timer(store);
    mp_store_init_grant(store);
    mp_store_init_outbox(store);
    mp_store_init_register(store);
    mp_store_init_period(store);
    return self;
}

static gboolean
open_writer(MpStoreSqlite *self, OpenMode mode, GError **error)
{
    g_autofree char *path = NULL;

    if (self->dir == NULL) {
        self->db = mp_sql_open(":memory:", FALSE, error);
    } else {
        path = g_build_filename(self->dir, MP_STORE_FILE, NULL);
        if (!mp_store_prepare_dir(self->dir, error))
            return FALSE;
        if (mode == OPEN_SERVICE)
            self->lock_fd = mp_store_take_lock(self->dir, error);
        if ((mode == OPEN_SERVICE && self->lock_fd < 0) || !mp_store_prepare_file(path, error))
            return FALSE;
        self->db = mp_sql_open(path, FALSE, error);
    }
    if (self->db == NULL)
        return FALSE;
    /* The service alone pays for reading the whole file; what works beside it does not. */
    if (mode == OPEN_SERVICE && !quick_check(&self->face, error))
        return FALSE;
    return mp_schema_migrate(self->db, mp_schema_migrations, mp_schema_version, error);
}

static MpStore *
open_store(const char *dir, OpenMode mode, GError **error)
{
    g_autoptr(MpStore) store = (MpStore *)new_store(dir, mode);
    MpStoreSqlite *self = (MpStoreSqlite *)store;

    if (self->dir != NULL && !mp_store_is_whole(self->dir, error))
        return NULL;
    if (mode != OPEN_READONLY)
        return open_writer(self, mode, error) ? g_steal_pointer(&store) : NULL;
    g_autofree char *path = g_build_filename(dir, MP_STORE_FILE, NULL);
    self->db = mp_sql_open(path, TRUE, error);
    if (self->db == NULL || !check_version(store, error))
        return NULL;
    return g_steal_pointer(&store);
}

MpStore *
mp_store_open(const char *dir, GError **error)
{
    return open_store(dir, OPEN_SERVICE, error);
}

MpStore *
mp_store_open_shared(const char *dir, GError **error)
{
    return open_store(dir, OPEN_SHARED, error);
}

MpStore *
mp_store_open_readonly(const char *dir, GError **error)
{
    return open_store(dir, OPEN_READONLY, error);
}

gboolean
mp_store_is_broken(const MpStore *store)
{
    return ((const MpStoreSqlite *)store)->broken != NULL;
}

void
mp_store_use_random(MpStore *store, MpRandom *random)
{
    MpStoreSqlite *self = (MpStoreSqlite *)store;

    self->random = random != NULL ? random : self->own_random;
}

/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Backup by SQLite's online backup, in one step: a stepwise one begins anew with every write of the
 * service and never ends. Copies are made under another name, opened, checked and synced before
 * they take their own. The store goes first: the archives copied after it hold at least what it
 * names. */

#include "ports/store-private.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

static gboolean
refuse(const char *object, const char *why, GError **error)
{
    g_set_error(error, MP_ERROR, MP_ERROR_STORAGE, "%s: %s", object, why);
    return FALSE;
}

/* --- one file --- */

static gboolean
sync_path(const char *path, int flags, GError **error)
{
    int fd = open(path, flags | O_CLOEXEC);
    gboolean is_done = fd >= 0 && fsync(fd) == 0;
    int failure = errno;

    if (fd >= 0)
        (void)close(fd);
    return is_done || refuse(path, g_strerror(failure), error);
}

static gboolean
copy_database(sqlite3 *from, const char *to_path, GError **error)
{
    g_autoptr(sqlite3) to = NULL;

    if (sqlite3_open_v2(to_path,
                        &to,
                        SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_EXRESCODE,
                        NULL) != SQLITE_OK)
        return mp_sql_refuse(NULL, to, to_path, error);
    sqlite3_backup *backup = sqlite3_backup_init(to, "main", from, "main");
    int rc = backup != NULL ? sqlite3_backup_step(backup, -1) : SQLITE_ERROR;
    (void)sqlite3_backup_finish(backup);
    if (rc != SQLITE_DONE)
        return mp_sql_refuse(NULL, to, to_path, error);
    /* Out of WAL mode the copy is one file, whole by itself. The service sets WAL again. */
    return mp_sql_exec(to, to_path, "PRAGMA journal_mode = DELETE", error);
}

static gboolean
check_copy(const char *path, GError **error)
{
    g_autoptr(sqlite3) db = mp_sql_open(path, TRUE, error);
    g_autoptr(MpStatement) statement = NULL;

    if (db == NULL)
        return FALSE;
    gboolean is_whole =
        sqlite3_prepare_v2(db, "PRAGMA integrity_check(1)", -1, &statement, NULL) == SQLITE_OK &&
        sqlite3_step(statement) == SQLITE_ROW &&
        g_strcmp0((const char *)sqlite3_column_text(statement, 0), "ok") == 0;
    (void)sqlite3_finalize(g_steal_pointer(&statement));
    return is_whole || refuse(path, "the copy is damaged", error);
}

/* A whole, checked and synced copy of an open database under `base` in `dir`. */
static gboolean
copy_checked(sqlite3 *from, const char *dir, const char *base, GError **error)
{
    g_autofree char *path = g_build_filename(dir, base, NULL);
    g_autofree char *fresh = g_strconcat(path, ".new", NULL);

    if (unlink(fresh) != 0 && errno != ENOENT)
        return refuse(fresh, g_strerror(errno), error);
    if (!mp_store_prepare_file(fresh, error) || !copy_database(from, fresh, error) ||
        !check_copy(fresh, error) || !sync_path(fresh, O_RDONLY, error)) {
        (void)unlink(fresh);
        return FALSE;
    }
    mp_ports_checkpoint("backup.rename");
    if (rename(fresh, path) != 0)
        return refuse(path, g_strerror(errno), error);
    return sync_path(dir, O_RDONLY | O_DIRECTORY, error);
}

static gboolean
copy_file(const char *from_dir, const char *base, const char *to_dir, GError **error)
{
    g_autofree char *path = g_build_filename(from_dir, base, NULL);
    g_autoptr(sqlite3) from = mp_sql_open(path, TRUE, error);

    return from != NULL && copy_checked(from, to_dir, base, error);
}

static gboolean
copy_archives(const char *from_dir, const char *to_dir, GError **error)
{
    g_auto(GStrv) names = mp_files_list(from_dir, ".sqlar", error);

    for (guint i = 0; names != NULL && names[i] != NULL; i++) {
        if (!copy_file(from_dir, names[i], to_dir, error))
            return FALSE;
    }
    return names != NULL;
}

static gboolean
is_same_dir(const char *a, const char *b)
{
    struct stat x;
    struct stat y;

    return stat(a, &x) == 0 && stat(b, &y) == 0 && x.st_dev == y.st_dev && x.st_ino == y.st_ino;
}

static gboolean
backup(MpStore *store, const char *dir, GError **error)
{
    MpStoreSqlite *self = (MpStoreSqlite *)store;

    if (self->is_writing || self->dir == NULL)
        return refuse(
            "backup", self->is_writing ? "a transaction is open" : "the store is in memory", error);
    if (!mp_store_prepare_dir(dir, error))
        return FALSE;
    if (is_same_dir(self->dir, dir))
        return refuse(dir, "is the store itself", error);
    return copy_checked(self->db, dir, MP_STORE_FILE, error) &&
           copy_archives(self->dir, dir, error);
}

/* --- restore --- */

/* Lies in the store's directory while its files are exchanged. */
#define RESTORE_MARK "restore-begun"

gboolean
mp_store_is_whole(const char *dir, GError **error)
{
    g_autofree char *path = g_build_filename(dir, RESTORE_MARK, NULL);

    if (access(path, F_OK) != 0)
        return TRUE;
    g_set_error(error,
                MP_ERROR,
                MP_ERROR_STORAGE,
                "%s: a restore was cut short here: give 'mailproc restore' once more",
                dir);
    return FALSE;
}

static gboolean
begin_exchange(const char *dir, GError **error)
{
    g_autofree char *path = g_build_filename(dir, RESTORE_MARK, NULL);
    int fd = open(path, O_WRONLY | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);

    if (fd < 0)
        return refuse(path, g_strerror(errno), error);
    (void)close(fd);
    return sync_path(dir, O_RDONLY | O_DIRECTORY, error);
}

static gboolean
end_exchange(const char *dir, GError **error)
{
    g_autofree char *path = g_build_filename(dir, RESTORE_MARK, NULL);

    if (unlink(path) != 0)
        return refuse(path, g_strerror(errno), error);
    return sync_path(dir, O_RDONLY | O_DIRECTORY, error);
}

/* What stood before is kept once as *.old; of a restore that was cut short only the rest goes. */
static gboolean
move_aside(const char *dir, const char *base, const char *suffix, GError **error)
{
    g_autofree char *name = g_strconcat(base, suffix, NULL);
    g_autofree char *path = g_build_filename(dir, name, NULL);
    g_autofree char *old = g_strconcat(path, ".old", NULL);

    if (access(path, F_OK) != 0)
        return TRUE;
    int rc = access(old, F_OK) == 0 ? unlink(path) : rename(path, old);
    return rc == 0 || refuse(path, g_strerror(errno), error);
}

static gboolean
move_database_aside(const char *dir, const char *base, GError **error)
{
    /* The log without its database is worthless, the other way round not: it goes last. */
    return move_aside(dir, base, "", error) && move_aside(dir, base, "-wal", error) &&
           move_aside(dir, base, "-shm", error);
}

static gboolean
move_all_aside(const char *dir, GError **error)
{
    g_auto(GStrv) names = mp_files_list(dir, ".sqlar", error);

    if (names == NULL)
        return FALSE;
    for (guint i = 0; names[i] != NULL; i++) {
        if (!move_database_aside(dir, names[i], error))
            return FALSE;
    }
    return move_database_aside(dir, MP_STORE_FILE, error);
}

gboolean
mp_store_restore(const char *backup_dir, const char *dir, GError **error)
{
    g_autofree char *source = g_build_filename(backup_dir, MP_STORE_FILE, NULL);
    gboolean is_done = FALSE;

    if (access(source, R_OK) != 0) {
        g_set_error(error, MP_ERROR, MP_ERROR_INPUT, "%s: %s", source, g_strerror(errno));
        return FALSE;
    }
    if (!check_copy(source, error) || !mp_store_prepare_dir(dir, error))
        return FALSE;
    if (is_same_dir(backup_dir, dir))
        return refuse(dir, "is the backup itself", error);
    int lock_fd = mp_store_take_lock(dir, error);
    if (lock_fd < 0)
        return FALSE;
    is_done = begin_exchange(dir, error) && move_all_aside(dir, error) &&
              copy_archives(backup_dir, dir, error) &&
              copy_file(backup_dir, MP_STORE_FILE, dir, error) && end_exchange(dir, error);
    (void)close(lock_fd);
    return is_done;
}

void
mp_store_init_backup(MpStore *store)
{
    store->backup = backup;
}

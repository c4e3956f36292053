/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "support/noted-disk.h"

#include <sqlite3.h>

static GPtrArray *ops;

void
mp_op_free(gpointer data)
{
    MpOp *op = data;

    g_free(op->file);
    g_clear_pointer(&op->bytes, g_bytes_unref);
    g_free(op);
}

static void
note(MpOpKind kind, const char *path, gint64 at, GBytes *bytes)
{
    MpOp *op = g_new0(MpOp, 1);

    op->kind = kind;
    op->file = path == NULL ? NULL : g_path_get_basename(path);
    op->at = at;
    op->bytes = bytes;
    if (ops != NULL)
        g_ptr_array_add(ops, op);
    else
        mp_op_free(op);
}

/* --- the VFS ---------------------------------------------------------------------------------- */

typedef struct {
    sqlite3_file base;
    const char *path; /* SQLite's, valid as long as the file; NULL = temporary */
    sqlite3_file *real;
} File;

static sqlite3_vfs *real_vfs;

#define REAL(file) (((File *)(file))->real)

static int
file_close(sqlite3_file *file)
{
    return REAL(file)->pMethods->xClose(REAL(file));
}

static int
file_read(sqlite3_file *file, void *bytes, int n, sqlite3_int64 at)
{
    return REAL(file)->pMethods->xRead(REAL(file), bytes, n, at);
}

static int
file_write(sqlite3_file *file, const void *bytes, int n, sqlite3_int64 at)
{
    if (((File *)file)->path != NULL)
        note(MP_OP_WRITE, ((File *)file)->path, at, g_bytes_new(bytes, (gsize)n));
    return REAL(file)->pMethods->xWrite(REAL(file), bytes, n, at);
}

static int
file_truncate(sqlite3_file *file, sqlite3_int64 size)
{
    if (((File *)file)->path != NULL)
        note(MP_OP_TRUNCATE, ((File *)file)->path, size, NULL);
    return REAL(file)->pMethods->xTruncate(REAL(file), size);
}

static int
file_sync(sqlite3_file *file, int flags)
{
    if (((File *)file)->path != NULL)
        note(MP_OP_SYNC, ((File *)file)->path, 0, NULL);
    return REAL(file)->pMethods->xSync(REAL(file), flags);
}

static int
file_size(sqlite3_file *file, sqlite3_int64 *size_out)
{
    return REAL(file)->pMethods->xFileSize(REAL(file), size_out);
}

static int
file_lock(sqlite3_file *file, int lock)
{
    return REAL(file)->pMethods->xLock(REAL(file), lock);
}

static int
file_unlock(sqlite3_file *file, int lock)
{
    return REAL(file)->pMethods->xUnlock(REAL(file), lock);
}

static int
file_is_reserved(sqlite3_file *file, int *is_out)
{
    return REAL(file)->pMethods->xCheckReservedLock(REAL(file), is_out);
}

static int
file_control(sqlite3_file *file, int what, void *arg)
{
    return REAL(file)->pMethods->xFileControl(REAL(file), what, arg);
}

static int
file_sector(sqlite3_file *file)
{
    return REAL(file)->pMethods->xSectorSize(REAL(file));
}

static int
file_traits(sqlite3_file *file)
{
    return REAL(file)->pMethods->xDeviceCharacteristics(REAL(file));
}

static int
file_shm_map(sqlite3_file *file, int page, int size, int extend, void volatile **out)
{
    return REAL(file)->pMethods->xShmMap(REAL(file), page, size, extend, out);
}

static int
file_shm_lock(sqlite3_file *file, int offset, int n, int flags)
{
    return REAL(file)->pMethods->xShmLock(REAL(file), offset, n, flags);
}

static void
file_shm_barrier(sqlite3_file *file)
{
    REAL(file)->pMethods->xShmBarrier(REAL(file));
}

static int
file_shm_unmap(sqlite3_file *file, int is_deleted)
{
    return REAL(file)->pMethods->xShmUnmap(REAL(file), is_deleted);
}

static const sqlite3_io_methods methods = {
    .iVersion = 2,
    .xClose = file_close,
    .xRead = file_read,
    .xWrite = file_write,
    .xTruncate = file_truncate,
    .xSync = file_sync,
    .xFileSize = file_size,
    .xLock = file_lock,
    .xUnlock = file_unlock,
    .xCheckReservedLock = file_is_reserved,
    .xFileControl = file_control,
    .xSectorSize = file_sector,
    .xDeviceCharacteristics = file_traits,
    .xShmMap = file_shm_map,
    .xShmLock = file_shm_lock,
    .xShmBarrier = file_shm_barrier,
    .xShmUnmap = file_shm_unmap,
};

static int
vfs_open(sqlite3_vfs *vfs, const char *path, sqlite3_file *opened, int flags, int *flags_out)
{
    File *file = (File *)opened;
    int rc;

    (void)vfs;
    file->real = (sqlite3_file *)(file + 1);
    file->path = path;
    rc = real_vfs->xOpen(real_vfs, path, file->real, flags, flags_out);
    file->base.pMethods = file->real->pMethods != NULL ? &methods : NULL;
    return rc;
}

static int
vfs_delete(sqlite3_vfs *vfs, const char *path, int is_synced)
{
    (void)vfs;
    note(is_synced ? MP_OP_DELETE_SYNCED : MP_OP_DELETE, path, 0, NULL);
    return real_vfs->xDelete(real_vfs, path, is_synced);
}

static void
watch(void)
{
    static sqlite3_vfs vfs;

    if (real_vfs != NULL)
        return;
    real_vfs = sqlite3_vfs_find(NULL);
    vfs = *real_vfs;
    vfs.zName = "noted";
    vfs.szOsFile = (int)sizeof(File) + real_vfs->szOsFile;
    vfs.xOpen = vfs_open;
    vfs.xDelete = vfs_delete;
    (void)sqlite3_vfs_register(&vfs, 1);
}

void
mp_disk_note(GPtrArray *to)
{
    watch();
    ops = to;
}

void
mp_disk_mark(gint64 number)
{
    note(MP_OP_MARK, NULL, number, NULL);
}

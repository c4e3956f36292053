/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The archive: one SQLite archive a year, `archive-2026.sqlar`, entries `2026/11/20/<sha256>.eml`
 * and `doc/<sha256>`, stored as they are, so that any `sqlite3 -A` lists and extracts them. The
 * table is exactly that of the format and not STRICT. The year is that of the name, else of the
 * mtime, else the one in use. Large bodies go in and out by incremental blob I/O: SQLite then holds
 * pages, never a second copy of the mail. */

#include "ports/store-private.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#define BLOB_FROM_BYTES ((gsize)64 * 1024)
#define BLOB_CHUNK ((gsize)256 * 1024)
#define ENTRY_MODE 0100600

static const char archive_schema[] = "CREATE TABLE IF NOT EXISTS sqlar(name TEXT PRIMARY KEY, mode "
                                     "INT, mtime INT, sz INT, data BLOB)";

void
mp_archive_free(MpArchive *archive)
{
    if (archive == NULL)
        return;
    (void)sqlite3_finalize(archive->insert);
    (void)sqlite3_finalize(archive->find);
    (void)sqlite3_close_v2(archive->db);
    g_free(archive);
}

/* --- which file --- */

/* 0 = the name does not say. */
static int
year_of_name(const char *name)
{
    if (!g_ascii_isdigit(name[0]) || !g_ascii_isdigit(name[1]) || !g_ascii_isdigit(name[2]) ||
        !g_ascii_isdigit(name[3]) || name[4] != '/')
        return 0;
    return (name[0] - '0') * 1000 + (name[1] - '0') * 100 + (name[2] - '0') * 10 + (name[3] - '0');
}

static int
year_of_time(gint64 time_utc)
{
    g_autoptr(GDateTime) time = g_date_time_new_from_unix_utc(time_utc / G_USEC_PER_SEC);

    return time != NULL ? g_date_time_get_year(time) : 1970;
}

/* The newest one in use: where the mail went that a document without a time came with. */
static int
year_in_use(MpStoreSqlite *self)
{
    GHashTableIter iter;
    gpointer key = NULL;
    int newest = 0;

    g_hash_table_iter_init(&iter, self->archives);
    while (g_hash_table_iter_next(&iter, &key, NULL))
        newest = MAX(newest, GPOINTER_TO_INT(key));
    return newest != 0 ? newest : year_of_time(g_get_real_time());
}

static int
year_for(MpStoreSqlite *self, const char *name, gint64 mtime_utc)
{
    int year = year_of_name(name);

    if (year != 0)
        return year;
    return mtime_utc != 0 ? year_of_time(mtime_utc) : year_in_use(self);
}

static char *
archive_path(MpStoreSqlite *self, int year)
{
    g_autofree char *base = g_strdup_printf("archive-%04d.sqlar", year);

    return self->dir != NULL ? g_build_filename(self->dir, base, NULL) : g_strdup(":memory:");
}

static gboolean
prepare_archive(MpStore *store, MpArchive *archive, gboolean is_readonly, GError **error)
{
    static const char insert[] = "INSERT INTO sqlar (name, mode, mtime, sz, data)"
                                 " VALUES (?, ?, ?, ?, ?) ON CONFLICT (name) DO NOTHING";
    static const char find[] = "SELECT rowid, sz FROM sqlar WHERE name = ?";

    if (!is_readonly && sqlite3_exec(archive->db, archive_schema, NULL, NULL, NULL) != SQLITE_OK)
        return mp_sql_refuse(store, archive->db, "archive", error);
    if (sqlite3_prepare_v3(
            archive->db, find, -1, SQLITE_PREPARE_PERSISTENT, &archive->find, NULL) != SQLITE_OK ||
        (!is_readonly &&
         sqlite3_prepare_v3(
             archive->db, insert, -1, SQLITE_PREPARE_PERSISTENT, &archive->insert, NULL) !=
             SQLITE_OK))
        return mp_sql_refuse(store, archive->db, "archive", error);
    return TRUE;
}

/* NULL without error when there is no such file and `is_made` is FALSE. */
static MpArchive *
open_archive(MpStoreSqlite *self, int year, gboolean is_made, GError **error)
{
    MpArchive *known = g_hash_table_lookup(self->archives, GINT_TO_POINTER(year));
    g_autoptr(MpArchive) archive = NULL;

    if (known != NULL)
        return known;
    g_autofree char *path = archive_path(self, year);
    if (self->dir == NULL && !is_made)
        return NULL;
    if (self->dir != NULL && !is_made && access(path, F_OK) != 0)
        return NULL;
    if (self->dir != NULL && !self->is_readonly && access(path, F_OK) != 0) {
        int fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);

        if (fd >= 0)
            (void)close(fd);
    }
    archive = g_new0(MpArchive, 1);
    archive->db = mp_sql_open_for(&self->face, path, self->is_readonly, error);
    if (archive->db == NULL || !prepare_archive(&self->face, archive, self->is_readonly, error))
        return NULL;
    g_hash_table_insert(self->archives, GINT_TO_POINTER(year), archive);
    return g_steal_pointer(&archive);
}

/* --- put --- */

static gboolean
write_blob(MpStore *store, MpArchive *archive, GBytes *content, GError **error)
{
    sqlite3_blob *blob = NULL;
    gsize length = 0;
    const char *bytes = g_bytes_get_data(content, &length);
    int rc = sqlite3_blob_open(
        archive->db, "main", "sqlar", "data", sqlite3_last_insert_rowid(archive->db), 1, &blob);

    for (gsize at = 0; rc == SQLITE_OK && at < length; at += BLOB_CHUNK)
        rc = sqlite3_blob_write(blob, bytes + at, (int)MIN(BLOB_CHUNK, length - at), (int)at);
    if (rc != SQLITE_OK)
        mp_sql_refuse(store, archive->db, "archive", error);
    (void)sqlite3_blob_close(blob);
    return rc == SQLITE_OK;
}

static gboolean
begin_archive(MpStore *store, MpArchive *archive, GError **error)
{
    if (archive->is_writing && sqlite3_get_autocommit(archive->db) == 0)
        return TRUE;
    if (archive->is_writing) {
        /* SQLite gave the batch up by itself (a full disk): its entries are gone. */
        archive->is_writing = FALSE;
        g_set_error(error, MP_ERROR, MP_ERROR_STORAGE, "archive: the transaction was rolled back");
        return FALSE;
    }
    if (sqlite3_exec(archive->db, "BEGIN IMMEDIATE", NULL, NULL, NULL) != SQLITE_OK)
        return mp_sql_refuse(store, archive->db, "archive", error);
    archive->is_writing = TRUE;
    return TRUE;
}

static gboolean
insert_entry(MpStore *store,
             MpArchive *archive,
             const char *name,
             GBytes *content,
             gint64 mtime_utc,
             GError **error)
{
    g_autoptr(MpStatement) statement = archive->insert;
    gsize length = 0;
    const void *bytes = g_bytes_get_data(content, &length);
    gboolean is_large = length >= BLOB_FROM_BYTES;

    (void)sqlite3_bind_text(statement, 1, name, -1, SQLITE_STATIC);
    (void)sqlite3_bind_int(statement, 2, ENTRY_MODE);
    (void)sqlite3_bind_int64(statement, 3, mtime_utc / G_USEC_PER_SEC);
    (void)sqlite3_bind_int64(statement, 4, (gint64)length);
    if (is_large)
        (void)sqlite3_bind_zeroblob64(statement, 5, length);
    else
        (void)sqlite3_bind_blob64(statement, 5, length > 0 ? bytes : "", length, SQLITE_STATIC);
    if (sqlite3_step(statement) != SQLITE_DONE)
        return mp_sql_refuse(store, archive->db, "archive", error);
    /* An entry of that name stands already: names carry the hash of the content. */
    if (!is_large || sqlite3_changes(archive->db) == 0)
        return TRUE;
    return write_blob(store, archive, content, error);
}

static void
rollback_archives(MpStoreSqlite *self)
{
    GHashTableIter iter;
    gpointer value = NULL;

    g_hash_table_iter_init(&iter, self->archives);
    while (g_hash_table_iter_next(&iter, NULL, &value)) {
        MpArchive *archive = value;

        if (archive->is_writing)
            (void)sqlite3_exec(archive->db, "ROLLBACK", NULL, NULL, NULL);
        archive->is_writing = FALSE;
    }
}

static gboolean
archive_put(MpStore *store, const char *name, GBytes *content, gint64 mtime_utc, GError **error)
{
    MpStoreSqlite *self = (MpStoreSqlite *)store;
    int year = year_for(self, name, mtime_utc);

    if (self->broken != NULL || self->is_readonly) {
        g_set_error(error,
                    MP_ERROR,
                    MP_ERROR_STORAGE,
                    "archive: %s",
                    self->is_readonly ? "opened for reading only"
                                      : "the disk failed before; it must be opened anew");
        return FALSE;
    }
    if (g_bytes_get_size(content) > G_MAXINT) {
        g_set_error(error, MP_ERROR, MP_ERROR_LIMIT, "archive: %s: larger than 2 GiB", name);
        return FALSE;
    }
    MpArchive *archive = open_archive(self, year, TRUE, error);
    mp_ports_checkpoint("archive.put");
    /* A batch with a hole must not be committed as if it were whole. */
    if (archive == NULL || !begin_archive(store, archive, error) ||
        !insert_entry(store, archive, name, content, mtime_utc, error)) {
        rollback_archives(self);
        return FALSE;
    }
    return TRUE;
}

/* One commit a year that was written to; a batch over New Year has two. */
static gboolean
archive_commit(MpStore *store, GError **error)
{
    MpStoreSqlite *self = (MpStoreSqlite *)store;
    GHashTableIter iter;
    gpointer value = NULL;

    mp_ports_checkpoint("archive.commit");
    g_hash_table_iter_init(&iter, self->archives);
    while (g_hash_table_iter_next(&iter, NULL, &value)) {
        MpArchive *archive = value;

        if (!archive->is_writing)
            continue;
        if (sqlite3_exec(archive->db, "COMMIT", NULL, NULL, NULL) != SQLITE_OK) {
            mp_sql_refuse(store, archive->db, "archive", error);
            rollback_archives(self);
            return FALSE;
        }
        archive->is_writing = FALSE;
        if (archive->is_erasing)
            (void)sqlite3_wal_checkpoint_v2(
                archive->db, NULL, SQLITE_CHECKPOINT_TRUNCATE, NULL, NULL);
        archive->is_erasing = FALSE;
    }
    mp_ports_checkpoint("archive.committed");
    return TRUE;
}

/* --- get --- */

static GBytes *
read_blob(MpStore *store, MpArchive *archive, gint64 rowid, GError **error)
{
    sqlite3_blob *blob = NULL;

    if (sqlite3_blob_open(archive->db, "main", "sqlar", "data", rowid, 0, &blob) != SQLITE_OK) {
        (void)sqlite3_blob_close(blob);
        mp_sql_refuse(store, archive->db, "archive", error);
        return NULL;
    }
    gsize length = (gsize)sqlite3_blob_bytes(blob);
    g_autofree char *bytes = g_malloc(length + 1);
    int rc = SQLITE_OK;
    for (gsize at = 0; rc == SQLITE_OK && at < length; at += BLOB_CHUNK)
        rc = sqlite3_blob_read(blob, bytes + at, (int)MIN(BLOB_CHUNK, length - at), (int)at);
    (void)sqlite3_blob_close(blob);
    if (rc != SQLITE_OK) {
        mp_sql_refuse(store, archive->db, "archive", error);
        return NULL;
    }
    return g_bytes_new_take(g_steal_pointer(&bytes), length);
}

/* Where the name carries a SHA-256, the content must have it: a flipped bit is told, not worked. */
static gboolean
is_content_of(const char *name, GBytes *content)
{
    const char *slash = strrchr(name, '/');
    const char *base = slash != NULL ? slash + 1 : name;
    gsize length = 0;
    const void *bytes = g_bytes_get_data(content, &length);

    if (strspn(base, "0123456789abcdef") != 64 || (base[64] != '\0' && base[64] != '.'))
        return TRUE;
    g_autofree char *hash = mp_text_sha256(bytes, length);
    return strncmp(hash, base, 64) == 0;
}

/* NULL without error = not in this archive. */
static GBytes *
get_from(MpStore *store, MpArchive *archive, const char *name, GError **error)
{
    g_autoptr(MpStatement) statement = archive->find;
    g_autoptr(GBytes) content = NULL;

    (void)sqlite3_bind_text(statement, 1, name, -1, SQLITE_STATIC);
    int rc = sqlite3_step(statement);
    if (rc == SQLITE_DONE)
        return NULL;
    if (rc != SQLITE_ROW) {
        mp_sql_refuse(store, archive->db, "archive", error);
        return NULL;
    }
    content = read_blob(store, archive, sqlite3_column_int64(statement, 0), error);
    if (content != NULL && !is_content_of(name, content)) {
        g_set_error(error,
                    MP_ERROR,
                    MP_ERROR_STORAGE,
                    "archive: %s: damaged, its content has another hash",
                    name);
        return NULL;
    }
    return g_steal_pointer(&content);
}

/* Years that have a file (or, in memory, were opened), newest first. */
static GArray *
list_years(MpStoreSqlite *self)
{
    g_autoptr(GArray) years = g_array_new(FALSE, FALSE, sizeof(int));
    g_auto(GStrv) names = NULL;
    g_autoptr(GList) open = g_hash_table_get_keys(self->archives);

    if (self->dir == NULL) {
        for (GList *at = open; at != NULL; at = at->next) {
            int year = GPOINTER_TO_INT(at->data);

            g_array_append_val(years, year);
        }
        return g_steal_pointer(&years);
    }
    names = mp_files_list(self->dir, ".sqlar", NULL);
    for (guint i = names != NULL ? g_strv_length(names) : 0; i > 0; i--) {
        guint64 year = 0;

        if (strlen(names[i - 1]) == strlen("archive-2026.sqlar") &&
            g_str_has_prefix(names[i - 1], "archive-") &&
            (year = g_ascii_strtoull(names[i - 1] + strlen("archive-"), NULL, 10)) > 0) {
            int found = (int)year;

            g_array_append_val(years, found);
        }
    }
    return g_steal_pointer(&years);
}

/* In every year: a document may have come in two of them. */
static gboolean
archive_erase(MpStore *store, const char *name, GError **error)
{
    MpStoreSqlite *self = (MpStoreSqlite *)store;
    g_autoptr(GArray) years = list_years(self);

    for (guint i = 0; i < years->len; i++) {
        sqlite3_stmt *statement = NULL;
        MpArchive *archive = open_archive(self, g_array_index(years, int, i), TRUE, error);

        if (archive == NULL || !begin_archive(store, archive, error))
            return FALSE;
        archive->is_erasing = TRUE;
        int rc = sqlite3_prepare_v2(
            archive->db, "DELETE FROM sqlar WHERE name = ?", -1, &statement, NULL);
        if (rc == SQLITE_OK)
            (void)sqlite3_bind_text(statement, 1, name, -1, SQLITE_STATIC);
        if (rc == SQLITE_OK)
            rc = sqlite3_step(statement);
        (void)sqlite3_finalize(statement);
        if (rc != SQLITE_DONE)
            return mp_sql_refuse(store, archive->db, "archive", error);
    }
    return TRUE;
}

static GBytes *
archive_get(MpStore *store, const char *name, GError **error)
{
    MpStoreSqlite *self = (MpStoreSqlite *)store;
    g_autoptr(GArray) years = list_years(self);
    g_autoptr(GError) why = NULL;
    int likely = year_for(self, name, 0);

    g_array_prepend_val(years, likely);
    for (guint i = 0; i < years->len; i++) {
        MpArchive *archive = open_archive(self, g_array_index(years, int, i), FALSE, &why);
        g_autoptr(GBytes) content = archive != NULL ? get_from(store, archive, name, &why) : NULL;

        if (content != NULL)
            return g_steal_pointer(&content);
        if (why != NULL) {
            g_propagate_error(error, g_steal_pointer(&why));
            return NULL;
        }
    }
    g_set_error(error, MP_ERROR, MP_ERROR_INPUT, "archive: %s: no such entry", name);
    return NULL;
}

void
mp_store_init_archive(MpStore *store)
{
    store->archive_put = archive_put;
    store->archive_commit = archive_commit;
    store->archive_get = archive_get;
    store->archive_erase = archive_erase;
}

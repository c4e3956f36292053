/* SPDX-License-Identifier: GPL-3.0-or-later */

/* A Maildir has no UIDs, so they are kept in DIR/mailproc-uids:
 *
 *     mailproc-uids 1 VALIDITY NEXT
 *     UID NAME
 *
 * NAME is the file name without its flags (what stands before the colon), which no program changes.
 * The file is replaced as a whole and durably before a new UID is told; a lost file gives a new
 * VALIDITY, and the ledger's content hashes then keep old mails from counting twice. */

#include "ports/ports-private.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <unistd.h>

#define UIDS_NAME "mailproc-uids"
#define UIDS_MAGIC "mailproc-uids 1 "
#define UIDS_BYTES ((gsize)64 * 1024 * 1024)

gboolean
mp_maildir_fail(GError **error, const char *path, const char *text)
{
    g_set_error(error, MP_ERROR, MP_ERROR_STORAGE, "%s: %s", path, text);
    return FALSE;
}

gboolean
mp_maildir_sync(const char *dir, GError **error)
{
    int fd = open(dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    gboolean done = fd >= 0 && fsync(fd) == 0;
    int problem = errno;

    if (fd >= 0)
        close(fd);
    return done ? TRUE : mp_maildir_fail(error, dir, g_strerror(problem));
}

/* new/, cur/ and tmp/ of a Maildir whose parent exists: deeper, a wrong path would be made true. */
gboolean
mp_maildir_make(const char *dir, GError **error)
{
    const char *const subs[] = {"", "tmp", "new", "cur"};

    for (guint i = 0; i < G_N_ELEMENTS(subs); i++) {
        g_autofree char *path = g_build_filename(dir, subs[i], NULL);

        if (g_mkdir(path, 0700) != 0 && errno != EEXIST)
            return mp_maildir_fail(error, path, g_strerror(errno));
    }
    return TRUE;
}

/* Writes `path` durably by way of `tmp` on the same file system. */
gboolean
mp_maildir_write(const char *tmp, const char *path, const char *bytes, gsize length, GError **error)
{
    g_autofree char *dir = g_path_get_dirname(path);
    int fd = open(tmp, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    gboolean done = fd >= 0;

    while (done && length > 0) {
        ssize_t n = write(fd, bytes, length);

        done = n > 0 || (n < 0 && errno == EINTR);
        bytes += MAX(n, 0);
        length -= (gsize)MAX(n, 0);
    }
    done = done && fsync(fd) == 0;
    int problem = errno;

    if (fd >= 0)
        close(fd);
    if (!done)
        return mp_maildir_fail(error, tmp, g_strerror(problem));
    if (rename(tmp, path) != 0)
        return mp_maildir_fail(error, path, g_strerror(errno));
    return mp_maildir_sync(dir, error);
}

/* --- the numbers ------------------------------------------------------------------------------ */

void
mp_maildir_uids_add(MpMaildirUids *self, const char *base, guint32 uid)
{
    char *key = g_strdup(base);

    g_hash_table_replace(self->uid_of, key, GUINT_TO_POINTER(uid));
    g_hash_table_replace(self->base_of, GUINT_TO_POINTER(uid), key);
}

static gboolean
parse_numbers(MpMaildirUids *self, const char *path, char *text, GError **error)
{
    g_auto(GStrv) lines = g_strsplit(text, "\n", -1);
    guint64 uid = 0;
    char *rest = NULL;

    if (!g_str_has_prefix(text, UIDS_MAGIC))
        return mp_maildir_fail(
            error, path, "is not a list of UIDs; remove it to number the mails anew");
    self->validity = (guint32)g_ascii_strtoull(text + strlen(UIDS_MAGIC), &rest, 10);
    self->next = (guint32)g_ascii_strtoull(rest, NULL, 10);
    gboolean is_sound = self->validity != 0 && self->next != 0;

    for (guint i = 1; is_sound && lines[i] != NULL && *lines[i] != '\0'; i++) {
        uid = g_ascii_strtoull(lines[i], &rest, 10);
        is_sound = uid > 0 && uid < self->next && *rest == ' ' && rest[1] != '\0';
        if (is_sound)
            mp_maildir_uids_add(self, rest + 1, (guint32)uid);
    }
    if (is_sound)
        return TRUE;
    self->validity = 0;
    return mp_maildir_fail(error, path, "is damaged; remove it to number the mails anew");
}

gboolean
mp_maildir_uids_load(MpMaildirUids *self, const char *dir, GError **error)
{
    g_autofree char *path = g_build_filename(dir, UIDS_NAME, NULL);
    g_autofree char *text = NULL;
    gsize length = 0;

    if (self->validity != 0)
        return TRUE;
    if (!g_file_test(path, G_FILE_TEST_EXISTS)) {
        self->validity = (guint32)(g_get_real_time() / G_USEC_PER_SEC);
        self->next = 1;
        return TRUE;
    }
    return mp_files_read(path, UIDS_BYTES, &text, &length, error) &&
           parse_numbers(self, path, text, error);
}

static int
by_uid(gconstpointer a, gconstpointer b)
{
    guint32 x = *(const guint32 *)a;
    guint32 y = *(const guint32 *)b;

    return x < y ? -1 : x > y;
}

GArray *
mp_maildir_uids_sorted(const MpMaildirUids *self)
{
    GArray *uids = g_array_new(FALSE, FALSE, sizeof(guint32));
    GHashTableIter iter;
    gpointer key;

    g_hash_table_iter_init(&iter, self->base_of);
    while (g_hash_table_iter_next(&iter, &key, NULL)) {
        guint32 uid = GPOINTER_TO_UINT(key);

        g_array_append_val(uids, uid);
    }
    g_array_sort(uids, by_uid);
    return uids;
}

gboolean
mp_maildir_uids_save(const MpMaildirUids *self, const char *dir, GError **error)
{
    g_autofree char *tmp = g_build_filename(dir, "tmp", UIDS_NAME, NULL);
    g_autofree char *path = g_build_filename(dir, UIDS_NAME, NULL);
    g_autoptr(GArray) uids = mp_maildir_uids_sorted(self);
    g_autoptr(GString) text = g_string_new(UIDS_MAGIC);

    g_string_append_printf(text, "%u %u\n", self->validity, self->next);
    for (guint i = 0; i < uids->len; i++) {
        guint32 uid = g_array_index(uids, guint32, i);
        const char *base = g_hash_table_lookup(self->base_of, GUINT_TO_POINTER(uid));

        g_string_append_printf(text, "%u %s\n", uid, base);
    }
    mp_ports_checkpoint("maildir-uids");
    return mp_maildir_write(tmp, path, text->str, text->len, error);
}

void
mp_maildir_uids_init(MpMaildirUids *self)
{
    self->validity = 0;
    self->next = 0;
    self->uid_of = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    self->base_of = g_hash_table_new(NULL, NULL);
}

void
mp_maildir_uids_forget(MpMaildirUids *self)
{
    self->validity = 0;
    g_hash_table_remove_all(self->base_of);
    g_hash_table_remove_all(self->uid_of);
}

void
mp_maildir_uids_clear(MpMaildirUids *self)
{
    g_hash_table_unref(self->base_of);
    g_hash_table_unref(self->uid_of);
}

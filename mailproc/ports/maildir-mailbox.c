/* SPDX-License-Identifier: GPL-3.0-or-later */

/* A Maildir as the office's mailbox: the numbers are in maildir-uids.c, here is what is done with
 * them. Mails are known by the file name without flags, because any other program may change the
 * flags at any time. */

#include "ports/ports-private.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <poll.h>
#include <sys/inotify.h>
#include <sys/stat.h>
#include <unistd.h>

typedef struct {
    MpMailbox face; /* first: an MpMailbox * is a Maildir * */
    char *name, *dir;
    gsize max_bytes;
    MpMaildirUids uids;
    GHashTable *file_of; /* base name → file name in cur/, as last seen */
    guint appended;
} Maildir;

/* --- looking ---------------------------------------------------------------------------------- */

typedef struct {
    char *base, *file;
    gint64 mtime_us;
} Seen;

static void
seen_free(gpointer data)
{
    Seen *seen = data;

    g_free(seen->base);
    g_free(seen->file);
    g_free(seen);
}

static int
by_arrival(gconstpointer a, gconstpointer b)
{
    const Seen *x = *(const Seen *const *)a;
    const Seen *y = *(const Seen *const *)b;

    if (x->mtime_us != y->mtime_us)
        return x->mtime_us < y->mtime_us ? -1 : 1;
    return strcmp(x->base, y->base);
}

static gint64
mtime_us(const struct stat *facts)
{
    return (gint64)facts->st_mtim.tv_sec * G_USEC_PER_SEC + facts->st_mtim.tv_nsec / 1000;
}

/* What a delivery left in new/ is taken over into cur/, as every Maildir reader does. */
static gboolean
take_new(const Maildir *self, GError **error)
{
    g_autofree char *from = g_build_filename(self->dir, "new", NULL);
    g_autoptr(GDir) listing = g_dir_open(from, 0, NULL);
    const char *name;

    if (listing == NULL)
        return mp_maildir_fail(error, from, "cannot be read");
    while ((name = g_dir_read_name(listing)) != NULL) {
        g_autofree char *old = g_build_filename(from, name, NULL);
        g_autofree char *flagged =
            strchr(name, ':') ? g_strdup(name) : g_strconcat(name, ":2,", NULL);
        g_autofree char *path = g_build_filename(self->dir, "cur", flagged, NULL);

        if (*name != '.' && rename(old, path) != 0 && errno != ENOENT)
            return mp_maildir_fail(error, old, g_strerror(errno));
    }
    return TRUE;
}

static GPtrArray *
look(Maildir *self, GError **error)
{
    g_autofree char *cur = g_build_filename(self->dir, "cur", NULL);
    g_autoptr(GDir) listing = g_dir_open(cur, 0, NULL);
    g_autoptr(GPtrArray) all = g_ptr_array_new_with_free_func(seen_free);
    const char *name;

    if (listing == NULL) {
        mp_maildir_fail(error, cur, "cannot be read");
        return NULL;
    }
    g_hash_table_remove_all(self->file_of);
    while ((name = g_dir_read_name(listing)) != NULL) {
        g_autofree char *path = g_build_filename(cur, name, NULL);
        struct stat facts;

        /* A name that cannot stand on a line of its own is nothing a Maildir program made. */
        if (*name == '.' || !mp_text_is_safe(name) || lstat(path, &facts) != 0 ||
            !S_ISREG(facts.st_mode))
            continue;
        Seen *seen = g_new0(Seen, 1);

        seen->base = g_strndup(name, strcspn(name, ":"));
        seen->file = g_strdup(name);
        seen->mtime_us = mtime_us(&facts);
        g_ptr_array_add(all, seen);
        g_hash_table_replace(self->file_of, g_strdup(seen->base), g_strdup(name));
    }
    g_ptr_array_sort(all, by_arrival);
    return g_steal_pointer(&all);
}

/* Drops what is no longer there and numbers what is new, by arrival. TRUE in *changed_out when the
 * file must be written. */
static void
number(Maildir *self, const GPtrArray *all, gboolean *changed_out)
{
    GHashTableIter iter;
    gpointer base;
    gpointer uid;

    *changed_out = FALSE;
    g_hash_table_iter_init(&iter, self->uids.uid_of);
    while (g_hash_table_iter_next(&iter, &base, &uid)) {
        if (g_hash_table_contains(self->file_of, base))
            continue;
        g_hash_table_remove(self->uids.base_of, uid);
        g_hash_table_iter_remove(&iter);
        *changed_out = TRUE;
    }
    for (guint i = 0; i < all->len; i++) {
        const Seen *seen = all->pdata[i];

        if (g_hash_table_contains(self->uids.uid_of, seen->base))
            continue;
        mp_maildir_uids_add(&self->uids, seen->base, self->uids.next++);
        *changed_out = TRUE;
    }
}

static gboolean
refresh(Maildir *self, GError **error)
{
    gboolean is_changed = FALSE;

    if (!mp_maildir_make(self->dir, error) ||
        !mp_maildir_uids_load(&self->uids, self->dir, error) || !take_new(self, error))
        return FALSE;
    g_autoptr(GPtrArray) all = look(self, error);

    if (all == NULL)
        return FALSE;
    number(self, all, &is_changed);
    if (!is_changed || mp_maildir_uids_save(&self->uids, self->dir, error))
        return TRUE;
    /* Numbers that are not on disk must not be told: they are read again from the file. */
    mp_maildir_uids_forget(&self->uids);
    return FALSE;
}

static gboolean
maildir_list(MpMailbox *mailbox,
             guint32 above_uid,
             guint32 known_validity,
             guint32 *validity_out,
             GArray **uids_out,
             GError **error)
{
    Maildir *self = (Maildir *)mailbox;

    if (!refresh(self, error))
        return FALSE;
    guint32 above = known_validity == self->uids.validity ? above_uid : 0;
    GArray *uids = mp_maildir_uids_sorted(&self->uids);
    guint old = 0;

    while (old < uids->len && g_array_index(uids, guint32, old) <= above)
        old++;
    if (old > 0)
        g_array_remove_range(uids, 0, old);
    *validity_out = self->uids.validity;
    *uids_out = uids;
    return TRUE;
}

/* --- fetching --------------------------------------------------------------------------------- */

/* Path of a mail as it is called now: another program may have changed its flags. NULL = gone. */
static char *
path_of(Maildir *self, guint32 uid, GError **error)
{
    const char *base = g_hash_table_lookup(self->uids.base_of, GUINT_TO_POINTER(uid));

    for (guint try = 0; base != NULL && try < 2; try++) {
        const char *file = g_hash_table_lookup(self->file_of, base);
        g_autofree char *path = g_build_filename(self->dir, "cur", file ? file : ".", NULL);

        if (file != NULL && g_file_test(path, G_FILE_TEST_EXISTS))
            return g_steal_pointer(&path);
        g_autoptr(GPtrArray) all = try == 0 ? look(self, error) : NULL;

        if (all == NULL)
            return NULL;
    }
    return NULL;
}

static gboolean
read_all(int fd, char *bytes, gsize length, gsize *got_out)
{
    gsize got = 0;

    while (got < length) {
        ssize_t n = read(fd, bytes + got, length - got);

        if (n == 0)
            break;
        if (n < 0 && errno != EINTR)
            return FALSE;
        got += (gsize)MAX(n, 0);
    }
    *got_out = got;
    return TRUE;
}

static gboolean
fetch_file(Maildir *self, const char *path, MpFetched *mail, gboolean *is_gone_out, GError **error)
{
    struct stat facts;
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
    gsize got = 0;

    *is_gone_out = fd < 0 && errno == ENOENT;
    if (fd < 0)
        return *is_gone_out || mp_maildir_fail(error, path, g_strerror(errno));
    gboolean done = fstat(fd, &facts) == 0;

    if (done) {
        mail->size = (gsize)facts.st_size;
        mail->arrived_utc = mtime_us(&facts);
    }
    if (done && mail->size > self->max_bytes) {
        mail->problem = "larger than a mail may be";
    } else if (done) {
        char *bytes = g_malloc(mail->size + 1);

        done = read_all(fd, bytes, mail->size, &got);
        mail->content = g_bytes_new_take(bytes, got);
    }
    int problem = errno;

    close(fd);
    return done || mp_maildir_fail(error, path, g_strerror(problem));
}

static gboolean
maildir_fetch(MpMailbox *mailbox,
              const guint32 *uids,
              gsize n_uids,
              MpFetchFunc func,
              gpointer data,
              GError **error)
{
    Maildir *self = (Maildir *)mailbox;
    gboolean goes_on = TRUE;

    if (self->uids.validity == 0 && !refresh(self, error))
        return FALSE;
    for (gsize i = 0; i < n_uids && goes_on; i++) {
        MpFetched mail = {.uid = uids[i]};
        gboolean is_gone = FALSE;
        g_autoptr(GError) problem = NULL;
        g_autofree char *path = path_of(self, uids[i], &problem);

        if (path == NULL && problem == NULL)
            continue;
        if (path == NULL || !fetch_file(self, path, &mail, &is_gone, &problem)) {
            g_clear_pointer(&mail.content, g_bytes_unref);
            g_propagate_error(error, g_steal_pointer(&problem));
            return FALSE;
        }
        if (!is_gone)
            goes_on = func(&mail, data);
        g_clear_pointer(&mail.content, g_bytes_unref);
    }
    return TRUE;
}

/* --- moving and appending --------------------------------------------------------------------- */

/* DIR/../FOLDER, made if missing; slashes of FOLDER are dots. NULL = error. */
static char *
sibling(const Maildir *self, const char *folder, GError **error)
{
    if (!mp_folder_check(folder, error))
        return NULL;
    if (*folder == '.') {
        g_set_error(error, MP_ERROR, MP_ERROR_CONFIG, "folder '%s' begins with a dot", folder);
        return NULL;
    }
    g_autofree char *parent = g_path_get_dirname(self->dir);
    g_autofree char *dotted = g_strdelimit(g_strdup(folder), "/", '.');
    g_autofree char *dir = g_build_filename(parent, dotted, NULL);

    if (strcmp(dir, self->dir) == 0) {
        g_set_error(error, MP_ERROR, MP_ERROR_CONFIG, "folder '%s' is the mailbox itself", folder);
        return NULL;
    }
    return mp_maildir_make(dir, error) ? g_steal_pointer(&dir) : NULL;
}

static gboolean
maildir_move(
    MpMailbox *mailbox, const guint32 *uids, gsize n_uids, const char *folder, GError **error)
{
    Maildir *self = (Maildir *)mailbox;
    g_autofree char *target = sibling(self, folder, error);

    if (target == NULL || (self->uids.validity == 0 && !refresh(self, error)))
        return FALSE;
    g_autofree char *into = g_build_filename(target, "cur", NULL);
    g_autofree char *out_of = g_build_filename(self->dir, "cur", NULL);

    for (gsize i = 0; i < n_uids; i++) {
        g_autoptr(GError) problem = NULL;
        g_autofree char *path = path_of(self, uids[i], &problem);

        if (problem != NULL) {
            g_propagate_error(error, g_steal_pointer(&problem));
            return FALSE;
        }
        if (path == NULL)
            continue;
        g_autofree char *file = g_path_get_basename(path);
        g_autofree char *place = g_build_filename(into, file, NULL);

        mp_ports_checkpoint("maildir-move");
        if (rename(path, place) != 0 && errno != ENOENT)
            return mp_maildir_fail(error, path, g_strerror(errno));
        mp_ports_checkpoint("maildir-moved");
    }
    return mp_maildir_sync(into, error) && mp_maildir_sync(out_of, error);
}

static gboolean
maildir_append(MpMailbox *mailbox, const char *folder, GBytes *mail, GError **error)
{
    Maildir *self = (Maildir *)mailbox;
    g_autofree char *target = sibling(self, folder, error);
    gsize length = 0;
    const char *bytes = g_bytes_get_data(mail, &length);

    if (target == NULL)
        return FALSE;
    gint64 now = g_get_real_time();
    g_autofree char *name =
        g_strdup_printf("%" G_GINT64_FORMAT ".M%" G_GINT64_FORMAT "P%dQ%u.mailproc",
                        now / G_USEC_PER_SEC,
                        now % G_USEC_PER_SEC,
                        (int)getpid(),
                        ++self->appended);
    g_autofree char *seen = g_strconcat(name, ":2,S", NULL);
    g_autofree char *tmp = g_build_filename(target, "tmp", name, NULL);
    g_autofree char *path = g_build_filename(target, "cur", seen, NULL);

    mp_ports_checkpoint("maildir-append");
    return mp_maildir_write(tmp, path, bytes, length, error);
}

/* --- waiting ---------------------------------------------------------------------------------- */

static gboolean
has_new(const Maildir *self)
{
    g_autofree char *dir = g_build_filename(self->dir, "new", NULL);
    g_autoptr(GDir) listing = g_dir_open(dir, 0, NULL);
    const char *name = NULL;

    while (listing != NULL && (name = g_dir_read_name(listing)) != NULL && *name == '.')
        continue;
    return name != NULL;
}

static gboolean
maildir_wait(
    MpMailbox *mailbox, gint64 timeout_ms, int wake_fd, gboolean *changed_out, GError **error)
{
    Maildir *self = (Maildir *)mailbox;
    g_autofree char *dir = g_build_filename(self->dir, "new", NULL);
    gint64 end = g_get_monotonic_time() + timeout_ms * 1000;
    int watch = inotify_init1(IN_CLOEXEC | IN_NONBLOCK);
    gboolean is_over = FALSE;

    (void)error; /* without inotify it is plain waiting, and the caller polls anyway */
    if (watch >= 0)
        inotify_add_watch(watch, dir, IN_CREATE | IN_MOVED_TO);
    while (!is_over && !has_new(self)) {
        gint64 left = end - g_get_monotonic_time();
        struct pollfd fds[2] = {{.fd = wake_fd, .events = POLLIN}, {.fd = watch, .events = POLLIN}};

        is_over = left <= 0 || (poll(fds, 2, (int)MIN((left + 999) / 1000, G_MAXINT)) > 0 &&
                                (fds[0].revents != 0 || fds[1].revents != 0));
    }
    if (watch >= 0)
        close(watch);
    *changed_out = has_new(self);
    return TRUE;
}

/* --- the mailbox ------------------------------------------------------------------------------ */

static void
maildir_close(MpMailbox *mailbox)
{
    (void)mailbox; /* nothing is kept open between calls */
}

static void
maildir_free(MpMailbox *mailbox)
{
    Maildir *self = (Maildir *)mailbox;

    mp_maildir_uids_clear(&self->uids);
    g_hash_table_unref(self->file_of);
    g_free(self->name);
    g_free(self->dir);
    g_free(self);
}

MpMailbox *
mp_mailbox_new_maildir(const char *dir, gsize max_bytes, GError **error)
{
    if (dir == NULL || *dir == '\0' || !mp_text_is_safe(dir)) {
        g_set_error(error, MP_ERROR, MP_ERROR_CONFIG, "mailbox: directory is missing or unsafe");
        return NULL;
    }
    Maildir *self = g_new0(Maildir, 1);

    self->dir = g_canonicalize_filename(dir, NULL);
    self->name = g_strconcat("maildir:", self->dir, NULL);
    self->max_bytes = max_bytes != 0 ? max_bytes : (gsize)mp_limits_default().message_bytes;
    mp_maildir_uids_init(&self->uids);
    self->file_of = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
    self->face = (MpMailbox){
        .tls_expires_utc = MP_TLS_NEVER,
        .name = self->name,
        .list = maildir_list,
        .fetch = maildir_fetch,
        .move = maildir_move,
        .append = maildir_append,
        .wait = maildir_wait,
        .close = maildir_close,
        .free = maildir_free,
    };
    return &self->face;
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Delivery into files: DIR/<recipient>/{tmp,new,cur}. The name of a mail comes from its Message-ID,
 * so that the repeat of an uncertain try is recognised and not delivered twice. */
#include "ports/ports.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <sys/stat.h>
#include <unistd.h>

#define NAME_HEX 40

typedef struct {
    MpSender face; /* first: an MpSender * is a MaildirSender * */
    char *dir;
} MaildirSender;

static gboolean
fail(GError **error, const char *path, const char *what)
{
    int number = errno;

    g_set_error(error, MP_ERROR, MP_ERROR_STORAGE, "%s: %s: %s", path, what, g_strerror(number));
    return FALSE;
}

static gboolean
sync_dir(const char *path, GError **error)
{
    int fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    gboolean is_done;

    if (fd < 0)
        return fail(error, path, "open");
    is_done = fsync(fd) == 0 ? TRUE : fail(error, path, "fsync");
    close(fd);
    return is_done;
}

/* The entry in `parent` is durable too. */
static gboolean
make_dir(const char *parent, const char *path, GError **error)
{
    if (g_mkdir(path, 0700) == 0)
        return sync_dir(parent, error);
    return errno == EEXIST ? TRUE : fail(error, path, "mkdir");
}

/* An address as one directory name: lower case, what could leave the directory is escaped. */
static char *
box_name(const char *recipient)
{
    g_autofree char *lower = mp_text_lower_ascii(recipient);
    GString *name = g_string_new(NULL);

    for (const char *p = lower; *p != '\0'; p++) {
        if (g_ascii_isalnum(*p) || strchr("@_+-", *p) != NULL || (*p == '.' && p > lower))
            g_string_append_c(name, *p);
        else
            g_string_append_printf(name, "%%%02x", (guint)(guchar)*p);
    }
    return g_string_free(name, FALSE);
}

static char *
make_box(MaildirSender *sender, const char *recipient, GError **error)
{
    static const char *const parts[] = {"tmp", "new", "cur"};
    g_autofree char *name = box_name(recipient);
    g_autofree char *box = g_build_filename(sender->dir, name, NULL);

    if (!make_dir(sender->dir, box, error))
        return NULL;
    for (gsize i = 0; i < G_N_ELEMENTS(parts); i++) {
        g_autofree char *path = g_build_filename(box, parts[i], NULL);

        if (!make_dir(box, path, error))
            return NULL;
    }
    return g_steal_pointer(&box);
}

/* The value of the Message-ID field, unfolded as far as our own builder folds; the whole mail when
 * there is none. */
static char *
mail_name(GBytes *mail)
{
    gsize length = 0;
    const char *bytes = g_bytes_get_data(mail, &length);
    const char *end = g_strstr_len(bytes, (gssize)length, "\r\n\r\n");
    g_autofree char *head = g_strndup(bytes, end == NULL ? 0 : (gsize)(end - bytes));
    g_auto(GStrv) lines = g_strsplit(head, "\r\n", -1);
    g_autofree char *hash = NULL;

    for (gsize i = 0; lines[i] != NULL && hash == NULL; i++) {
        if (g_ascii_strncasecmp(lines[i], "Message-ID:", 11) == 0) {
            const char *more =
                lines[i + 1] != NULL && g_ascii_isspace(lines[i + 1][0]) ? lines[i + 1] : "";
            g_autofree char *value = g_strconcat(lines[i] + 11, more, NULL);

            g_strstrip(value);
            hash = mp_text_sha256(value, strlen(value));
        }
    }
    if (hash == NULL)
        hash = mp_text_sha256(bytes, length);
    return g_strdup_printf("%.*s.mailproc", NAME_HEX, hash);
}

/* A reader moves new/NAME to cur/NAME:2,FLAGS. */
static gboolean
is_in(const char *box, const char *part, const char *name)
{
    g_autofree char *path = g_build_filename(box, part, NULL);
    DIR *dir = opendir(path);
    const struct dirent *entry;
    gsize length = strlen(name);
    gboolean is_found = FALSE;

    if (dir == NULL)
        return FALSE;
    while (!is_found && (entry = readdir(dir)) != NULL)
        is_found = strncmp(entry->d_name, name, length) == 0 &&
                   (entry->d_name[length] == '\0' || entry->d_name[length] == ':');
    closedir(dir);
    return is_found;
}

static gboolean
write_all(int fd, GBytes *mail, const char *path, GError **error)
{
    gsize length = 0;
    const char *bytes = g_bytes_get_data(mail, &length);

    for (gsize done = 0; done < length;) {
        gssize n = write(fd, bytes + done, length - done);

        if (n < 0 && errno == EINTR)
            continue;
        if (n <= 0)
            return fail(error, path, "write");
        done += (gsize)n;
    }
    return fsync(fd) == 0 ? TRUE : fail(error, path, "fsync");
}

static gboolean
write_file(const char *path, GBytes *mail, GError **error)
{
    int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0600);
    gboolean is_done;

    if (fd < 0)
        return fail(error, path, "open");
    is_done = write_all(fd, mail, path, error);
    if (close(fd) != 0 && is_done)
        return fail(error, path, "close");
    return is_done;
}

static gboolean
deliver(
    MaildirSender *sender, const char *recipient, GBytes *mail, gboolean *known_out, GError **error)
{
    g_autofree char *box = make_box(sender, recipient, error);
    g_autofree char *name = mail_name(mail);
    g_autofree char *draft = NULL;
    g_autofree char *place = NULL;
    g_autofree char *new_dir = NULL;

    if (box == NULL)
        return FALSE;
    *known_out = is_in(box, "new", name) || is_in(box, "cur", name);
    if (*known_out)
        return TRUE;
    draft = g_build_filename(box, "tmp", name, NULL);
    place = g_build_filename(box, "new", name, NULL);
    new_dir = g_build_filename(box, "new", NULL);
    mp_ports_checkpoint("maildir-sender.before-write");
    if (!write_file(draft, mail, error))
        return FALSE;
    mp_ports_checkpoint("maildir-sender.written");
    if (g_rename(draft, place) != 0)
        return fail(error, place, "rename");
    mp_ports_checkpoint("maildir-sender.renamed");
    return sync_dir(new_dir, error);
}

static MpSendResult
maildir_send(MpSender *face,
             const char *envelope_from,
             const char *recipient,
             GBytes *mail,
             char **reply_out)
{
    MaildirSender *sender = (MaildirSender *)face;
    g_autoptr(GError) error = NULL;
    gboolean is_known = FALSE;
    char *reply = NULL;
    MpSendResult result = MP_SEND_ACCEPTED;

    if (!mp_text_is_plain_address(recipient) ||
        (envelope_from[0] != '\0' && !mp_text_is_plain_address(envelope_from))) {
        reply = g_strdup("envelope address is not plain");
        result = MP_SEND_REFUSED;
    } else if (!deliver(sender, recipient, mail, &is_known, &error)) {
        reply = g_strdup(error->message);
        result = MP_SEND_UNREACHABLE;
    } else {
        reply = g_strdup(is_known ? "was delivered before" : "delivered");
    }
    if (reply_out != NULL)
        *reply_out = reply;
    else
        g_free(reply);
    return result;
}

static gboolean
maildir_check(MpSender *face, GError **error)
{
    MaildirSender *sender = (MaildirSender *)face;

    if (g_access(sender->dir, W_OK | X_OK) == 0)
        return TRUE;
    return fail(error, sender->dir, "access");
}

static void
maildir_finish(MpSender *face)
{
    (void)face;
}

static void
maildir_free(MpSender *face)
{
    MaildirSender *sender = (MaildirSender *)face;

    g_free(sender->dir);
    g_free(sender);
}

MpSender *
mp_sender_new_maildir(const char *dir, GError **error)
{
    MaildirSender *sender;

    g_return_val_if_fail(dir != NULL, NULL);
    if (g_mkdir_with_parents(dir, 0700) != 0) {
        fail(error, dir, "mkdir");
        return NULL;
    }
    sender = g_new0(MaildirSender, 1);
    sender->face.tls_expires_utc = MP_TLS_NEVER;
    sender->face.send = maildir_send;
    sender->face.check = maildir_check;
    sender->face.finish = maildir_finish;
    sender->face.free = maildir_free;
    sender->dir = g_strdup(dir);
    return &sender->face;
}

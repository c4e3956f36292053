/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Reading files and secrets: bounded, regular files only, and never a word of a secret in an error.
 * A password command runs without a shell, with its own process group, so that a hanging helper of
 * it ends with it. */

#include "ports/ports.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

/* The buffer has this size from the start: growing would leave copies behind. */
#define SECRET_BYTES_MAX ((gsize)64 * 1024)
#define SECRET_COMMAND_MS 10000

static gboolean
refuse(const char *path, MpErrorCode code, const char *why, GError **error)
{
    g_set_error(error, MP_ERROR, (gint)code, "%s: %s", path, why);
    return FALSE;
}

/* Opens a regular file without waiting for a writer of a FIFO. */
static int
open_regular(const char *path, struct stat *info, GError **error)
{
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);

    if (fd < 0 || fstat(fd, info) != 0) {
        refuse(path, MP_ERROR_CONFIG, g_strerror(errno), error);
        if (fd >= 0)
            (void)close(fd);
        return -1;
    }
    if (!S_ISREG(info->st_mode)) {
        refuse(path, MP_ERROR_CONFIG, "not a regular file", error);
        (void)close(fd);
        return -1;
    }
    return fd;
}

/* Up to `max` bytes into `bytes`, plus one more to know that there are more. */
static gboolean
read_bounded(int fd, const char *path, gsize max, GByteArray *bytes, GError **error)
{
    guint8 chunk[16384];

    for (;;) {
        gsize room = max - bytes->len + 1;
        ssize_t got = read(fd, chunk, MIN(room, sizeof chunk));

        if (got < 0 && errno == EINTR)
            continue;
        if (got < 0)
            return refuse(path, MP_ERROR_STORAGE, g_strerror(errno), error);
        if (got == 0)
            return TRUE;
        g_byte_array_append(bytes, chunk, (guint)got);
        explicit_bzero(chunk, (gsize)got);
        if (bytes->len > max) {
            g_set_error(error,
                        MP_ERROR,
                        MP_ERROR_LIMIT,
                        "%s: larger than %" G_GSIZE_FORMAT " bytes",
                        path,
                        max);
            return FALSE;
        }
    }
}

gboolean
mp_files_read(const char *path, gsize max, char **bytes_out, gsize *length_out, GError **error)
{
    g_autoptr(GByteArray) bytes = g_byte_array_new();
    struct stat info;

    g_return_val_if_fail(max < G_MAXUINT, FALSE);
    int fd = open_regular(path, &info, error);
    if (fd < 0)
        return FALSE;
    gboolean is_read = read_bounded(fd, path, max, bytes, error);
    (void)close(fd);
    if (!is_read)
        return FALSE;
    gsize length = bytes->len;
    g_byte_array_append(bytes, (const guint8 *)"", 1);
    *bytes_out = (char *)g_byte_array_free(g_steal_pointer(&bytes), FALSE);
    *length_out = length;
    return TRUE;
}

static gint
compare_names(gconstpointer a, gconstpointer b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

char **
mp_files_list(const char *dir, const char *suffix, GError **error)
{
    g_autoptr(GError) why = NULL;
    g_autoptr(GDir) handle = g_dir_open(dir, 0, &why);
    g_autoptr(GPtrArray) names = g_ptr_array_new_with_free_func(g_free);
    const char *name = NULL;

    if (handle == NULL) {
        g_set_error(error, MP_ERROR, MP_ERROR_CONFIG, "%s: %s", dir, g_strerror(errno));
        return NULL;
    }
    while ((name = g_dir_read_name(handle)) != NULL) {
        if (g_str_has_suffix(name, suffix))
            g_ptr_array_add(names, g_strdup(name));
    }
    g_ptr_array_sort(names, compare_names);
    g_ptr_array_add(names, NULL);
    return (char **)g_ptr_array_free(g_steal_pointer(&names), FALSE);
}

/* --- secrets --- */

static void
wipe(GByteArray *bytes)
{
    if (bytes->len > 0)
        explicit_bzero(bytes->data, bytes->len);
}

/* First line; the buffer is wiped whatever happens. */
static char *
take_first_line(const char *what, GByteArray *bytes, GError **error)
{
    gsize length = 0;
    char *line = NULL;

    while (length < bytes->len && bytes->data[length] != '\n')
        length++;
    if (length > 0 && bytes->data[length - 1] == '\r')
        length--;
    if (length == 0)
        refuse(what, MP_ERROR_CONFIG, "the first line is empty", error);
    else if (memchr(bytes->data, '\0', length) != NULL)
        refuse(what, MP_ERROR_CONFIG, "the first line holds a NUL", error);
    else
        line = g_strndup((const char *)bytes->data, length);
    wipe(bytes);
    return line;
}

/* A secret must be its reader's alone. root:group 0640 is let through for a service that is not
 * root, because it could not read a root's own 0600 file at all. */
static gboolean
is_private(const struct stat *info)
{
    if ((info->st_mode & 077) == 0)
        return TRUE;
    return info->st_uid == 0 && geteuid() != 0 && (info->st_mode & 037) == 0;
}

char *
mp_files_read_secret(const char *path, GError **error)
{
    g_autoptr(GByteArray) bytes = g_byte_array_sized_new((guint)SECRET_BYTES_MAX + 1);
    struct stat info;
    int fd = open_regular(path, &info, error);

    if (fd < 0)
        return NULL;
    gboolean is_read = is_private(&info)
                           ? read_bounded(fd, path, SECRET_BYTES_MAX, bytes, error)
                           : refuse(path, MP_ERROR_CONFIG, "others may read it; chmod 600", error);
    (void)close(fd);
    if (!is_read) {
        wipe(bytes);
        return NULL;
    }
    return take_first_line(path, bytes, error);
}

/* Child with the pipe as stdout, nothing as stdin, our stderr, a process group of its own and all
 * signals as they come by default. */
static gboolean
spawn_command(char **argv, int out_fd, pid_t *pid_out, GError **error)
{
    posix_spawn_file_actions_t actions;
    posix_spawnattr_t attributes;
    sigset_t none;
    sigset_t all;

    (void)sigemptyset(&none);
    (void)sigfillset(&all);
    (void)posix_spawn_file_actions_init(&actions);
    (void)posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
    (void)posix_spawn_file_actions_adddup2(&actions, out_fd, STDOUT_FILENO);
    (void)posix_spawnattr_init(&attributes);
    (void)posix_spawnattr_setflags(
        &attributes, POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF);
    (void)posix_spawnattr_setpgroup(&attributes, 0);
    (void)posix_spawnattr_setsigmask(&attributes, &none);
    (void)posix_spawnattr_setsigdefault(&attributes, &all);
    int rc = posix_spawnp(pid_out, argv[0], &actions, &attributes, argv, environ);
    (void)posix_spawn_file_actions_destroy(&actions);
    (void)posix_spawnattr_destroy(&attributes);
    return rc == 0 || refuse(argv[0], MP_ERROR_CONFIG, g_strerror(rc), error);
}

/* Reads to the end of the pipe, at most until the deadline. */
static gboolean
read_until(int fd, const char *what, gint64 deadline_us, GByteArray *bytes, GError **error)
{
    guint8 chunk[4096];

    for (;;) {
        gint64 left_ms = (deadline_us - g_get_monotonic_time()) / 1000;
        struct pollfd poll_fd = {.fd = fd, .events = POLLIN};
        int ready = left_ms > 0 ? poll(&poll_fd, 1, (int)left_ms) : 0;

        if (ready < 0 && errno == EINTR)
            continue;
        if (ready <= 0)
            return refuse(what, MP_ERROR_CONFIG, "no answer within 10 seconds", error);
        ssize_t got = read(fd, chunk, sizeof chunk);
        if (got < 0 && errno == EINTR)
            continue;
        if (got <= 0)
            return got == 0 || refuse(what, MP_ERROR_CONFIG, g_strerror(errno), error);
        if (bytes->len + (gsize)got > SECRET_BYTES_MAX)
            return refuse(what, MP_ERROR_LIMIT, "prints more than 65536 bytes", error);
        g_byte_array_append(bytes, chunk, (guint)got);
        explicit_bzero(chunk, (gsize)got);
    }
}

/* Waits for the end of a command that has closed its output; kills what does not end. */
static gboolean
reap(pid_t pid, const char *what, gint64 deadline_us, GError **error)
{
    int status = 0;
    pid_t got = 0;

    while ((got = waitpid(pid, &status, WNOHANG)) == 0 || (got < 0 && errno == EINTR)) {
        if (g_get_monotonic_time() >= deadline_us) {
            (void)kill(-pid, SIGKILL);
            (void)waitpid(pid, &status, 0);
            return refuse(what, MP_ERROR_CONFIG, "does not end within 10 seconds", error);
        }
        g_usleep(2000);
    }
    if (got == pid && WIFEXITED(status) && WEXITSTATUS(status) == 0)
        return TRUE;
    g_set_error(error,
                MP_ERROR,
                MP_ERROR_CONFIG,
                "%s: ended with %s %d",
                what,
                WIFSIGNALED(status) ? "signal" : "exit status",
                WIFSIGNALED(status) ? WTERMSIG(status) : WEXITSTATUS(status));
    return FALSE;
}

static gboolean
run_and_read(char **argv, GByteArray *bytes, GError **error)
{
    gint64 deadline_us = g_get_monotonic_time() + (gint64)SECRET_COMMAND_MS * 1000;
    int fds[2];
    pid_t pid = 0;

    if (pipe2(fds, O_CLOEXEC) != 0)
        return refuse(argv[0], MP_ERROR_STORAGE, g_strerror(errno), error);
    gboolean is_done = spawn_command(argv, fds[1], &pid, error);
    (void)close(fds[1]);
    if (is_done && !read_until(fds[0], argv[0], deadline_us, bytes, error)) {
        (void)kill(-pid, SIGKILL);
        (void)waitpid(pid, NULL, 0);
        is_done = FALSE;
    } else if (is_done) {
        is_done = reap(pid, argv[0], deadline_us, error);
    }
    (void)close(fds[0]);
    return is_done;
}

char *
mp_files_run_secret(const char *command, GError **error)
{
    g_autoptr(GByteArray) bytes = g_byte_array_sized_new((guint)SECRET_BYTES_MAX + 1);
    g_auto(GStrv) argv = NULL;

    /* The command's own words stay out of the message: a secret may stand among its arguments. */
    if (!g_shell_parse_argv(command, NULL, &argv, NULL)) {
        refuse("password command", MP_ERROR_CONFIG, "unbalanced quotes, or empty", error);
        return NULL;
    }
    if (!run_and_read(argv, bytes, error)) {
        if (bytes->len > 0)
            wipe(bytes);
        return NULL;
    }
    return take_first_line(argv[0], bytes, error);
}

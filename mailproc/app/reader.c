/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The reader child as its parent sees it (decisions.md 28): this same program executed again with
 * one socket. A mail goes down as a memfd, the facts come back as JSON with the decoded documents
 * in a second memfd, one after the other. The child has neither store nor secret; it may die of any
 * mail, and the parent only notes which one it was. */

#include "app/reader-private.h"
#include "app/service-private.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

enum {
    FD_IN_CHILD = 3,
    START_MS = 60000,
};

struct MpReader {
    char *config_path;
    gint64 wall_ms;
    pid_t pid; /* 0 = not running */
    int fd;
};

MpReader *
mp_reader_new(const char *config_path, gint64 wall_ms)
{
    MpReader *reader = g_new0(MpReader, 1);

    reader->config_path = g_strdup(config_path);
    reader->wall_ms = wall_ms;
    reader->fd = -1;
    return reader;
}

/* Ends the child and says how it ended ("killed by signal 9", "exited with 78"). Always by force:
 * it may hang in anything, and one that is dying already keeps its own status. */
static char *
stop_child(MpReader *reader)
{
    int status = 0;

    if (reader->pid == 0)
        return g_strdup("not running");
    (void)kill(reader->pid, SIGKILL);
    if (reader->fd >= 0)
        close(reader->fd);
    reader->fd = -1;
    while (waitpid(reader->pid, &status, 0) < 0 && errno == EINTR) {
    }
    reader->pid = 0;
    if (WIFSIGNALED(status))
        return g_strdup_printf("killed by signal %d", WTERMSIG(status));
    return g_strdup_printf("exited with %d", WEXITSTATUS(status));
}

/* Runs in the child between fork and exec: async-signal-safe calls only. */
static void
exec_child(int fd, char *const *argv, char *const *environment)
{
    sigset_t none;
    int nothing;

    sigemptyset(&none);
    (void)sigprocmask(SIG_SETMASK, &none, NULL);
    if (fd == FD_IN_CHILD) {
        if (fcntl(fd, F_SETFD, 0) != 0)
            _exit(126);
    } else if (dup2(fd, FD_IN_CHILD) < 0) {
        _exit(126);
    }
    nothing = open("/dev/null", O_RDWR | O_CLOEXEC);
    if (nothing < 0 || dup2(nothing, STDIN_FILENO) < 0 || dup2(nothing, STDOUT_FILENO) < 0)
        _exit(126);
    /* Every descriptor of ours closes by itself; a library's may not. */
    (void)close_range(FD_IN_CHILD + 1, ~0U, 0);
    execve("/proc/self/exe", argv, environment);
    _exit(127);
}

/* What of our environment the child may know: nothing that could be a secret. */
static char **
child_environment(void)
{
    static const char *const kept[] = {"TZ",
                                       "JOURNAL_STREAM",
#ifdef MP_CHECKPOINTS
                                       "MP_READER_TEST",
#endif
                                       NULL};
    char **environment = g_environ_setenv(NULL, "LC_ALL", "C.UTF-8", TRUE);

    for (gsize i = 0; kept[i] != NULL; i++)
        if (g_getenv(kept[i]) != NULL)
            environment = g_environ_setenv(environment, kept[i], g_getenv(kept[i]), TRUE);
    return environment;
}

/* A child that cannot even begin (rules that were broken meanwhile, no memory) is nothing that the
 * mail did: the mail keeps its attempts and waits. */
static gboolean
await_ready(MpReader *reader, GError **error)
{
    gint64 deadline_us = g_get_monotonic_time() + START_MS * 1000;
    MpFrame frame;
    g_autofree char *text = NULL;
    g_autofree char *how = NULL;
    int blob = -1;

    if (mp_frame_receive(reader->fd, deadline_us, &frame, &text, &blob) &&
        frame.kind == MP_FRAME_READY && blob < 0)
        return TRUE;
    if (blob >= 0)
        close(blob);
    how = stop_child(reader);
    g_set_error(error, MP_ERROR, MP_ERROR_STORAGE, "reader did not start: %s", how);
    return FALSE;
}

static gboolean
start_child(MpReader *reader, GError **error)
{
    int pair[2];
    g_auto(GStrv) environment = child_environment();
    const char *const argv[] = {
        "mailproc", "--config", reader->config_path, "reader", G_STRINGIFY(3), NULL};
    pid_t pid;

    if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair) != 0) {
        g_set_error(error, MP_ERROR, MP_ERROR_STORAGE, "reader socket: %s", g_strerror(errno));
        return FALSE;
    }
    pid = fork();
    if (pid == 0)
        exec_child(pair[1], (char *const *)argv, environment);
    close(pair[1]);
    if (pid < 0) {
        close(pair[0]);
        g_set_error(error, MP_ERROR, MP_ERROR_STORAGE, "reader: %s", g_strerror(errno));
        return FALSE;
    }
    reader->pid = pid;
    reader->fd = pair[0];
    return await_ready(reader, error);
}

/* Documents get their bytes back, each held against the size and hash that the facts claim. */
static gboolean
hand_out_contents(MpFacts *facts, GBytes *blob, GError **error)
{
    gsize at = 0, total = g_bytes_get_size(blob);

    for (guint i = 0; i < facts->documents->len; i++) {
        MpDocument *document = g_ptr_array_index(facts->documents, i);
        g_autofree char *hash = NULL;

        if (document->bytes > total - at) {
            g_set_error(error, MP_ERROR, MP_ERROR_INPUT, "document %u: bytes are missing", i + 1);
            return FALSE;
        }
        document->content = g_bytes_new_from_bytes(blob, at, document->bytes);
        at += document->bytes;
        hash = mp_text_sha256(g_bytes_get_data(document->content, NULL) == NULL
                                  ? ""
                                  : g_bytes_get_data(document->content, NULL),
                              document->bytes);
        if (g_strcmp0(hash, document->sha256) != 0) {
            g_set_error(error, MP_ERROR, MP_ERROR_INPUT, "document %u: hash differs", i + 1);
            return FALSE;
        }
    }
    return TRUE;
}

static MpFacts *
exchange(MpReader *reader, GBytes *mail, GError **error)
{
    gint64 deadline_us = g_get_monotonic_time() + reader->wall_ms * 1000;
    gsize length = 0;
    const void *bytes = g_bytes_get_data(mail, &length);
    struct iovec part = {.iov_base = (void *)bytes, .iov_len = length};
    MpFrame frame = {.kind = MP_FRAME_MAIL, .blob_bytes = length};
    int blob = mp_frame_make_blob(&part, 1), answer_fd = -1;
    g_autofree char *text = NULL;
    g_autoptr(GBytes) contents = NULL;
    g_autoptr(MpFacts) facts = NULL;
    gboolean is_sent;

    if (blob < 0) {
        g_set_error(error, MP_ERROR, MP_ERROR_STORAGE, "memfd: %s", g_strerror(errno));
        return NULL;
    }
    is_sent = mp_frame_send(reader->fd, &frame, "", blob);
    close(blob);
    if (!is_sent || !mp_frame_receive(reader->fd, deadline_us, &frame, &text, &answer_fd)) {
        gboolean is_late = g_get_monotonic_time() >= deadline_us;
        g_autofree char *how = stop_child(reader);

        g_set_error(error,
                    MP_ERROR,
                    MP_ERROR_CANCELLED,
                    "reader %s%s",
                    how,
                    is_late ? " after its time was up" : "");
        return NULL;
    }
    contents = mp_frame_map_blob_take(answer_fd, frame.blob_bytes);
    if (frame.kind == MP_FRAME_REFUSED) {
        g_set_error_literal(
            error, MP_ERROR, frame.code < MP_ERROR_N ? (gint)frame.code : MP_ERROR_INPUT, text);
        return NULL;
    }
    facts = contents == NULL || frame.kind != MP_FRAME_FACTS
                ? NULL
                : mp_facts_from_json(text, (gssize)frame.text_bytes, NULL, error);
    if (facts == NULL || !hand_out_contents(facts, contents, error)) {
        if (error != NULL && *error == NULL)
            g_set_error(error, MP_ERROR, MP_ERROR_INPUT, "reader's answer is damaged");
        /* What a mail has made of the child shall not meet the next mail. */
        g_free(stop_child(reader));
        return NULL;
    }
    return g_steal_pointer(&facts);
}

MpFacts *
mp_reader_read(MpReader *reader, GBytes *mail, GError **error)
{
    g_return_val_if_fail(reader != NULL && mail != NULL, NULL);
    mp_service_beat(0);
    if (reader->pid == 0 && !start_child(reader, error))
        return NULL;
    return exchange(reader, mail, error);
}

void
mp_reader_free(MpReader *reader)
{
    if (reader == NULL)
        return;
    g_free(stop_child(reader));
    g_free(reader->config_path);
    g_free(reader);
}

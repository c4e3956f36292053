/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The reader child (decisions.md 28): this same program executed again with one socket. A mail goes
 * down as a memfd, the facts come back as JSON with the decoded documents in a second memfd, one
 * after the other. The child has neither store nor secret; it may die of any mail, and the parent
 * only notes which one it was. */

#include "app/reader-private.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

enum {
    FD_IN_CHILD = 3,
};

struct MpReader {
    char *config_path;
    gint64 wall_ms;
    pid_t pid; /* 0 = not running */
    int fd;
};

/* --- the child
 * ----------------------------------------------------------------------------------------- */

static void
limit_child(const MpConfig *config)
{
    const struct rlimit none = {0, 0};
    const struct rlimit files = {64, 64};

    (void)setrlimit(RLIMIT_CORE, &none);
    (void)setrlimit(RLIMIT_NOFILE, &files);
#ifndef __SANITIZE_ADDRESS__
    rlim_t bytes = (rlim_t)mp_config_size(config, "limits", "reader_memory");
    const struct rlimit space = {bytes, bytes};

    (void)setrlimit(RLIMIT_AS, &space); /* cannot live with ASan (decisions.md 35) */
#else
    (void)config;
#endif
    (void)prctl(PR_SET_PDEATHSIG, SIGKILL);
    (void)prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
    (void)prctl(PR_SET_DUMPABLE, 0);
}

/* CPU time is counted over the process' life: each mail gets its own seconds on top of it. */
static void
allow_cpu(gint64 seconds)
{
    struct rusage used;
    struct rlimit limit;

    if (getrusage(RUSAGE_SELF, &used) != 0 || getrlimit(RLIMIT_CPU, &limit) != 0)
        return;
    limit.rlim_cur = (rlim_t)(used.ru_utime.tv_sec + used.ru_stime.tv_sec + seconds + 1);
    (void)setrlimit(RLIMIT_CPU, &limit);
}

static gboolean
answer_refused(int fd, const GError *error)
{
    MpFrame frame = {.kind = MP_FRAME_REFUSED,
                     .code = (guint32)(error->domain == MP_ERROR ? error->code : MP_ERROR_INPUT),
                     .text_bytes = strlen(error->message)};

    return mp_frame_send(fd, &frame, error->message, -1);
}

static gboolean
answer_facts(int fd, const MpFacts *facts)
{
    g_autofree char *json = mp_facts_to_json(facts);
    g_autofree struct iovec *parts = g_new0(struct iovec, facts->documents->len + 1);
    MpFrame frame = {.kind = MP_FRAME_FACTS, .text_bytes = strlen(json)};
    int blob;
    gboolean is_sent;

    for (guint i = 0; i < facts->documents->len; i++) {
        const MpDocument *document = g_ptr_array_index(facts->documents, i);
        gsize length = 0;

        if (document->content == NULL)
            continue;
        parts[i].iov_base = (void *)g_bytes_get_data(document->content, &length);
        parts[i].iov_len = length;
        frame.blob_bytes += length;
    }
    blob = mp_frame_make_blob(parts, facts->documents->len);
    if (blob < 0)
        return FALSE;
    is_sent = mp_frame_send(fd, &frame, json, blob);
    close(blob);
    return is_sent;
}

static gboolean
serve_one(int fd, const MpReaderSetup *setup, gint64 cpu_s)
{
    MpFrame frame;
    g_autofree char *text = NULL;
    g_autoptr(GBytes) mail = NULL;
    g_autoptr(GError) error = NULL;
    g_autoptr(MpFacts) facts = NULL;
    int blob = -1;
    gsize length = 0;
    const guint8 *bytes;

    if (!mp_frame_receive(fd, 0, &frame, &text, &blob))
        return FALSE;
    mail = mp_frame_map_blob_take(blob, frame.blob_bytes);
    if (mail == NULL)
        return FALSE;
    allow_cpu(cpu_s);
    bytes = g_bytes_get_data(mail, &length);
    facts = mp_facts_read(setup, bytes == NULL ? (const guint8 *)"" : bytes, length, &error);
    return facts == NULL ? answer_refused(fd, error) : answer_facts(fd, facts);
}

int
mp_reader_main(const char *config_path, int fd)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(MpSetup) setup = mp_setup_load(config_path, MP_SETUP_READING, &error);
    gint64 cpu_s;

    if (setup == NULL)
        return mp_app_fail(error);
    limit_child(setup->config);
    cpu_s = mp_config_duration(setup->config, "limits", "reader_cpu");
    while (serve_one(fd, setup->reading, cpu_s)) {
    }
    return 0;
}

/* --- the parent
 * ------------------------------------------------------------------------------------------ */

MpReader *
mp_reader_new(const char *config_path, gint64 wall_ms)
{
    MpReader *reader = g_new0(MpReader, 1);

    reader->config_path = g_strdup(config_path);
    reader->wall_ms = wall_ms;
    reader->fd = -1;
    return reader;
}

/* Ends the child and says how it ended ("killed by signal 9", "exited with 78"). */
static char *
stop_child(MpReader *reader, gboolean by_force)
{
    int status = 0;

    if (reader->pid == 0)
        return g_strdup("not running");
    if (by_force)
        kill(reader->pid, SIGKILL);
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

    sigemptyset(&none);
    (void)sigprocmask(SIG_SETMASK, &none, NULL);
    if (fd == FD_IN_CHILD) {
        if (fcntl(fd, F_SETFD, 0) != 0)
            _exit(126);
    } else if (dup2(fd, FD_IN_CHILD) < 0) {
        _exit(126);
    }
    execve("/proc/self/exe", argv, environment);
    _exit(127);
}

static gboolean
start_child(MpReader *reader, GError **error)
{
    int pair[2];
    const char *zone = g_getenv("TZ");
    g_autofree char *zone_entry = zone == NULL ? NULL : g_strconcat("TZ=", zone, NULL);
    const char *const environment[] = {"LC_ALL=C.UTF-8", "PATH=/usr/bin:/bin", zone_entry, NULL};
    const char *const argv[] = {
        "mailproc", "--config", reader->config_path, "reader", G_STRINGIFY(3), NULL};
    pid_t pid;

    if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair) != 0) {
        g_set_error(error, MP_ERROR, MP_ERROR_STORAGE, "reader socket: %s", g_strerror(errno));
        return FALSE;
    }
    pid = fork();
    if (pid == 0)
        exec_child(pair[1], (char *const *)argv, (char *const *)environment);
    close(pair[1]);
    if (pid < 0) {
        close(pair[0]);
        g_set_error(error, MP_ERROR, MP_ERROR_STORAGE, "reader: %s", g_strerror(errno));
        return FALSE;
    }
    reader->pid = pid;
    reader->fd = pair[0];
    return TRUE;
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
        g_autofree char *how = stop_child(reader, is_late);

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
    facts =
        contents == NULL ? NULL : mp_facts_from_json(text, (gssize)frame.text_bytes, NULL, error);
    if (facts == NULL || !hand_out_contents(facts, contents, error)) {
        if (error != NULL && *error == NULL)
            g_set_error(error, MP_ERROR, MP_ERROR_INPUT, "reader's answer is damaged");
        return NULL;
    }
    return g_steal_pointer(&facts);
}

MpFacts *
mp_reader_read(MpReader *reader, GBytes *mail, GError **error)
{
    g_return_val_if_fail(reader != NULL && mail != NULL, NULL);
    if (reader->pid == 0 && !start_child(reader, error))
        return NULL;
    return exchange(reader, mail, error);
}

void
mp_reader_free(MpReader *reader)
{
    if (reader == NULL)
        return;
    g_free(stop_child(reader, FALSE));
    g_free(reader->config_path);
    g_free(reader);
}

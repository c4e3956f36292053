/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The connection below libetpan. The socket is non-blocking throughout; each read or write waits by
 * poll for timeout_ms at most and never beyond the deadline of the command, signals do not disturb
 * it, and SIGPIPE cannot happen (our BIO sends with MSG_NOSIGNAL). libetpan takes 0 from a driver
 * for "try again" and spins, so the end of the stream is -1 like any other trouble; what it was is
 * kept here, since libetpan only says "stream error". */

#include "ports/stream-private.h"

#include <errno.h>
#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <openssl/err.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#define READ_BUFFER 65536

ssize_t
mp_stream_die(MpStream *stream, const char *problem)
{
    if (stream->problem == NULL)
        stream->problem = g_strdup(problem);
    return -1;
}

gboolean
mp_stream_await(MpStream *stream, short events)
{
    gint64 start = g_get_monotonic_time();

    while (stream->problem == NULL) {
        gint64 now = g_get_monotonic_time();
        gint64 left = start + stream->timeout_us - now;

        if (stream->deadline_us != 0 && stream->deadline_us - now < left)
            left = stream->deadline_us - now;
        if (left <= 0) {
            mp_stream_die(stream,
                          stream->deadline_us != 0 && now >= stream->deadline_us
                              ? "server took too long for one command"
                              : "server is silent");
            return FALSE;
        }
        int n = mp_ports_poll(stream->fd, events, (left + 999) / 1000);

        if (n > 0)
            return TRUE;
        if (n < 0 && errno != EINTR)
            mp_stream_die(stream, errno == ECANCELED ? "stopped" : g_strerror(errno));
    }
    return FALSE;
}

/* --- connecting ------------------------------------------------------------------------------- */

static gboolean
is_loopback(const struct sockaddr *address)
{
    if (address->sa_family == AF_INET) {
        const struct sockaddr_in *v4 = (const struct sockaddr_in *)(const void *)address;

        return (ntohl(v4->sin_addr.s_addr) >> 24) == 127;
    }
    const struct sockaddr_in6 *v6 = (const struct sockaddr_in6 *)(const void *)address;

    return address->sa_family == AF_INET6 && IN6_IS_ADDR_LOOPBACK(&v6->sin6_addr);
}

/* Tries one address; on failure stream->problem says why and may be overwritten by the next. */
static gboolean
connect_to(MpStream *stream, const struct addrinfo *info)
{
    int on = 1;
    int result = 0;
    socklen_t length = sizeof result;

    g_clear_pointer(&stream->problem, g_free);
    stream->fd = socket(info->ai_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    if (stream->fd < 0)
        return mp_stream_die(stream, g_strerror(errno)) == 0;
    setsockopt(stream->fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    setsockopt(stream->fd, SOL_SOCKET, SO_KEEPALIVE, &on, sizeof on);
    if (connect(stream->fd, info->ai_addr, info->ai_addrlen) == 0)
        return TRUE;
    if (errno != EINPROGRESS && errno != EINTR)
        result = errno;
    else if (mp_stream_await(stream, POLLOUT))
        getsockopt(stream->fd, SOL_SOCKET, SO_ERROR, &result, &length);
    if (result != 0)
        mp_stream_die(stream, g_strerror(result));
    if (stream->problem == NULL)
        return TRUE;
    close(stream->fd);
    stream->fd = -1;
    return FALSE;
}

MpStream *
mp_stream_open(const char *host,
               guint16 port,
               gint64 timeout_ms,
               gboolean is_loopback_only,
               gsize max_literal,
               GError **error)
{
    g_autoptr(MpStream) stream = g_new0(MpStream, 1);
    g_autofree char *service = g_strdup_printf("%u", port);
    struct addrinfo hints = {.ai_socktype = SOCK_STREAM, .ai_flags = AI_NUMERICSERV};
    struct addrinfo *list = NULL;
    int rc = getaddrinfo(host, service, &hints, &list);

    stream->fd = -1;
    stream->timeout_us = timeout_ms * 1000;
    mp_stream_guard_init(&stream->guard, max_literal);
    if (rc != 0) {
        g_set_error(error, MP_ERROR, MP_ERROR_UNREACHABLE, "%s: %s", host, gai_strerror(rc));
        return NULL;
    }
    for (const struct addrinfo *info = list; info != NULL && stream->fd < 0; info = info->ai_next) {
        if (is_loopback_only && !is_loopback(info->ai_addr))
            mp_stream_die(stream,
                          "is not this machine: a connection without TLS goes to loopback only");
        else
            connect_to(stream, info);
    }
    freeaddrinfo(list);
    if (stream->fd < 0) {
        g_set_error(error,
                    MP_ERROR,
                    MP_ERROR_UNREACHABLE,
                    "%s:%u: %s",
                    host,
                    port,
                    stream->problem ? stream->problem : "no address");
        return NULL;
    }
    return g_steal_pointer(&stream);
}

/* --- reading and writing ---------------------------------------------------------------------- */

static ssize_t
read_plain(MpStream *stream, void *bytes, size_t length)
{
    for (;;) {
        ssize_t n = recv(stream->fd, bytes, length, 0);

        if (n > 0)
            return n;
        if (n == 0)
            return mp_stream_die(stream, "server closed the connection");
        if (errno != EAGAIN && errno != EINTR)
            return mp_stream_die(stream, g_strerror(errno));
        if (!mp_stream_await(stream, POLLIN))
            return -1;
    }
}

static ssize_t
read_tls(MpStream *stream, void *bytes, size_t length)
{
    for (;;) {
        ERR_clear_error();
        int n = SSL_read(stream->ssl, bytes, (int)MIN(length, G_MAXINT));

        if (n > 0)
            return n;
        if (!mp_stream_await_tls(stream, n))
            return -1;
    }
}

static void
keep_tail(MpStream *stream, const char *bytes, gsize length)
{
    gsize take = MIN(length, MP_STREAM_TAIL_BYTES);
    gsize keep = MIN(stream->tail_length, MP_STREAM_TAIL_BYTES - take);

    memmove(stream->tail, stream->tail + stream->tail_length - keep, keep);
    memcpy(stream->tail + keep, bytes + length - take, take);
    stream->tail_length = keep + take;
}

static ssize_t
low_read(mailstream_low *low, void *bytes, size_t length)
{
    static const char *const problems[] = {
        [MP_GUARD_LINE] = "server sends a line without end",
        [MP_GUARD_LITERAL] = "server announces more bytes than a mail may have",
        [MP_GUARD_DEPTH] = "server nests parentheses too deep",
        [MP_GUARD_BUDGET] = "server sends more than was asked for",
    };
    MpStream *stream = low->data;

    if (stream->problem != NULL)
        return -1;
    /* A server that drips one byte at a time is never waited for, so look at the clock here. */
    if (stream->deadline_us != 0 && g_get_monotonic_time() > stream->deadline_us)
        return mp_stream_die(stream, "server took too long for one command");
    ssize_t n =
        stream->ssl != NULL ? read_tls(stream, bytes, length) : read_plain(stream, bytes, length);

    if (n <= 0)
        return -1;
    keep_tail(stream, bytes, (gsize)n);
    stream->verdict = mp_stream_guard_feed(&stream->guard, bytes, (gsize)n);
    return stream->verdict == MP_GUARD_FINE ? n : mp_stream_die(stream, problems[stream->verdict]);
}

static ssize_t
low_write(mailstream_low *low, const void *bytes, size_t length)
{
    MpStream *stream = low->data;

    while (stream->problem == NULL) {
        if (stream->ssl != NULL) {
            ERR_clear_error();
            int n = SSL_write(stream->ssl, bytes, (int)MIN(length, G_MAXINT));

            if (n > 0)
                return n;
            mp_stream_await_tls(stream, n);
            continue;
        }
        ssize_t n = send(stream->fd, bytes, length, MSG_NOSIGNAL);

        if (n >= 0)
            return n;
        if (errno == EAGAIN || errno == EINTR)
            mp_stream_await(stream, POLLOUT);
        else
            mp_stream_die(stream, g_strerror(errno));
    }
    return -1;
}

static int
low_close(mailstream_low *low)
{
    MpStream *stream = low->data;

    if (stream->ssl != NULL && stream->problem == NULL)
        SSL_shutdown(stream->ssl); /* our close_notify; the answer is not waited for */
    if (stream->fd >= 0)
        close(stream->fd);
    stream->fd = -1;
    mp_stream_die(stream, "connection is closed");
    return 0;
}

static int
low_get_fd(mailstream_low *low)
{
    const MpStream *stream = low->data;

    return stream->fd;
}

static void
low_free(mailstream_low *low)
{
    free(low);
}

mailstream *
mp_stream_wrap(MpStream *stream)
{
    static mailstream_low_driver driver = {
        .mailstream_read = low_read,
        .mailstream_write = low_write,
        .mailstream_close = low_close,
        .mailstream_get_fd = low_get_fd,
        .mailstream_free = low_free,
    };

    return mailstream_new(mailstream_low_new(stream, &driver), READ_BUFFER);
}

/* --- asking ----------------------------------------------------------------------------------- */

void
mp_stream_expect(MpStream *stream, gint64 deadline_ms, gsize max_total)
{
    stream->deadline_us = g_get_monotonic_time() + deadline_ms * 1000;
    mp_stream_guard_expect(&stream->guard, max_total);
}

const char *
mp_stream_problem(const MpStream *stream)
{
    return stream->problem;
}

MpGuardVerdict
mp_stream_verdict(const MpStream *stream)
{
    return stream->verdict;
}

char *
mp_stream_bye(const MpStream *stream)
{
    const char *bye = g_strstr_len(stream->tail, (gssize)stream->tail_length, "* BYE ");

    if (bye == NULL)
        return NULL;
    gsize left = stream->tail_length - (gsize)(bye - stream->tail);
    const char *end = memchr(bye, '\r', left);
    g_autofree char *raw = g_strndup(bye + 6, end ? (gsize)(end - bye) - 6 : left - 6);
    g_autofree char *clean = mp_text_clean(raw, -1);

    return mp_text_line(clean);
}

MpStreamEvent
mp_stream_wait(MpStream *stream, gint64 timeout_ms, int wake_fd)
{
    gint64 end = g_get_monotonic_time() + timeout_ms * 1000;

    if (stream->ssl != NULL && SSL_pending(stream->ssl) > 0)
        return MP_STREAM_DATA;
    for (;;) {
        gint64 left = end - g_get_monotonic_time();
        struct pollfd fds[2] = {{.fd = stream->fd, .events = POLLIN},
                                {.fd = wake_fd, .events = POLLIN}};

        if (left <= 0)
            return MP_STREAM_TIME;
        if (poll(fds, 2, (int)MIN((left + 999) / 1000, G_MAXINT)) <= 0)
            continue;
        return fds[1].revents != 0 ? MP_STREAM_WAKE : MP_STREAM_DATA;
    }
}

void
mp_stream_free(MpStream *stream)
{
    if (stream == NULL)
        return;
    SSL_free(stream->ssl);
    SSL_CTX_free(stream->ctx);
    if (stream->fd >= 0)
        close(stream->fd);
    g_free(stream->problem);
    g_free(stream);
}

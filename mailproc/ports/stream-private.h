/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/* The guarded stream below libetpan, which trusts the server: it verifies no certificate, allocates
 * what a literal announces, follows parentheses on the stack and waits for ever. So the bytes come
 * through our own driver, which ends the connection before libetpan gets to see such an answer. */

#include "ports/ports.h"

#include <libetpan/libetpan.h>
#include <openssl/ssl.h>

/* --- guard: what the framing of an answer may look like --- */

typedef enum {
    MP_GUARD_FINE,
    MP_GUARD_LINE,    /* a line beyond max_line */
    MP_GUARD_LITERAL, /* a literal beyond max_literal is announced */
    MP_GUARD_DEPTH,   /* parentheses beyond max_depth */
    MP_GUARD_BUDGET,  /* more bytes than this command may answer */
} MpGuardVerdict;

typedef struct {
    gsize max_line, max_literal, max_total;
    guint max_depth;
    gsize line, total, literal_left, number; /* number: of the `{n` just read */
    guint depth;
    gboolean is_quoted, is_escaped;

    enum { MP_BRACE_NONE, MP_BRACE_OPEN, MP_BRACE_CLOSED } brace;
} MpStreamGuard;

#define MP_GUARD_LINE_BYTES (1024 * 1024)
#define MP_GUARD_DEPTH_MAX 64

void mp_stream_guard_init(MpStreamGuard *guard, gsize max_literal);
/* A new command begins: counts afresh, up to `max_total` bytes; a half-read line goes on. */
void mp_stream_guard_expect(MpStreamGuard *guard, gsize max_total);
/* Looks at the next bytes of the connection, in any pieces. */
MpGuardVerdict mp_stream_guard_feed(MpStreamGuard *guard, const char *bytes, gsize length);

/* --- stream: a TCP connection, later with TLS, that never waits without end --- */

#define MP_STREAM_TAIL_BYTES 512

typedef struct MpStream {
    int fd;
    SSL_CTX *ctx;
    SSL *ssl;
    gint64 timeout_us, deadline_us; /* deadline: monotonic, 0 = none */
    MpStreamGuard guard;
    MpGuardVerdict verdict;
    char *problem;                   /* set once: the stream is dead from then on */
    char tail[MP_STREAM_TAIL_BYTES]; /* the last bytes read, for a BYE */
    gsize tail_length;
    gint64 tls_expires_utc; /* first end in the server's verified chain; 0 = no TLS yet */
} MpStream;

/* The stream is dead from now on, for the first reason given; -1. */
ssize_t mp_stream_die(MpStream *stream, const char *problem);
/* TRUE when the socket is ready within the read limit and the deadline. */
gboolean mp_stream_await(MpStream *stream, short events);
/* Waits as the last call of OpenSSL asks; FALSE when there is nothing to wait for. */
gboolean mp_stream_await_tls(MpStream *stream, int result);

/* Connects within timeout_ms; `is_loopback_only` refuses any peer that is not loopback. */
MpStream *mp_stream_open(const char *host,
                         guint16 port,
                         gint64 timeout_ms,
                         gboolean is_loopback_only,
                         gsize max_literal,
                         GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* TLS >= 1.2, SNI, chain and host name verified against `ca_file` (NULL = the system's). */
gboolean mp_stream_start_tls(MpStream *stream,
                             const char *host,
                             const char *ca_file,
                             GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* For libetpan; `mailstream_close` on it closes the connection, the MpStream stays ours. */
mailstream *mp_stream_wrap(MpStream *stream);
/* A command begins that must be over in `deadline_ms` and may answer `max_total` bytes. */
void mp_stream_expect(MpStream *stream, gint64 deadline_ms, gsize max_total);
/* What ended the stream, or NULL; the guard's verdict; what the server said in a BYE, or NULL. */
const char *mp_stream_problem(const MpStream *stream);
MpGuardVerdict mp_stream_verdict(const MpStream *stream);
char *mp_stream_bye(const MpStream *stream);

/* Waits until bytes, `wake_fd` (-1 = none) or the time. */
typedef enum { MP_STREAM_TIME, MP_STREAM_DATA, MP_STREAM_WAKE } MpStreamEvent;

MpStreamEvent mp_stream_wait(MpStream *stream, gint64 timeout_ms, int wake_fd);
void mp_stream_free(MpStream *stream);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(MpStream, mp_stream_free)

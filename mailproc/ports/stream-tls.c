/* SPDX-License-Identifier: GPL-3.0-or-later */

/* TLS on the guarded stream. OpenSSL reads and writes through a BIO of ours, so that a dead peer
 * cannot raise SIGPIPE. */

#include "ports/stream-private.h"
#include "ports/tls-private.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>
#include <poll.h>
#include <sys/socket.h>
#include <time.h>

G_DEFINE_AUTOPTR_CLEANUP_FUNC(SSL_CTX, SSL_CTX_free)

static int
bio_write(BIO *bio, const char *bytes, int length)
{
    const MpStream *stream = BIO_get_data(bio);
    ssize_t n = send(stream->fd, bytes, (size_t)length, MSG_NOSIGNAL);

    BIO_clear_retry_flags(bio);
    if (n < 0 && (errno == EAGAIN || errno == EINTR))
        BIO_set_retry_write(bio);
    return (int)n;
}

static int
bio_read(BIO *bio, char *bytes, int length)
{
    const MpStream *stream = BIO_get_data(bio);
    ssize_t n = recv(stream->fd, bytes, (size_t)length, 0);

    BIO_clear_retry_flags(bio);
    if (n < 0 && (errno == EAGAIN || errno == EINTR))
        BIO_set_retry_read(bio);
    return (int)n;
}

static long
bio_ctrl(BIO *bio, int command, long number, void *pointer)
{
    (void)bio;
    (void)number;
    (void)pointer;
    return command == BIO_CTRL_FLUSH;
}

static BIO *
new_bio(MpStream *stream)
{
    static BIO_METHOD *method; /* made once, lives as long as the process */

    if (method == NULL) {
        method = BIO_meth_new(BIO_get_new_index() | BIO_TYPE_SOURCE_SINK, "mailproc");
        BIO_meth_set_write(method, bio_write);
        BIO_meth_set_read(method, bio_read);
        BIO_meth_set_ctrl(method, bio_ctrl);
    }
    BIO *bio = BIO_new(method);

    BIO_set_data(bio, stream);
    BIO_set_init(bio, 1);
    return bio;
}

static gboolean
set_trust(SSL_CTX *ctx, const char *ca_file, GError **error)
{
    int done = ca_file != NULL ? SSL_CTX_load_verify_locations(ctx, ca_file, NULL)
                               : SSL_CTX_set_default_verify_paths(ctx);

    SSL_CTX_set_min_proto_version(ctx, TLS1_2_VERSION);
    SSL_CTX_set_verify(ctx, SSL_VERIFY_PEER, NULL);
    SSL_CTX_set_mode(ctx, SSL_MODE_ENABLE_PARTIAL_WRITE | SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER);
    if (done == 1)
        return TRUE;
    g_set_error(error,
                MP_ERROR,
                MP_ERROR_CONFIG,
                "%s: no certificates can be read from it",
                ca_file ? ca_file : "system certificates");
    return FALSE;
}

static gboolean
is_address(const char *host)
{
    guchar bytes[sizeof(struct in6_addr)];

    return inet_pton(AF_INET, host, bytes) == 1 || inet_pton(AF_INET6, host, bytes) == 1;
}

static void
set_peer(SSL *ssl, const char *host)
{
    SSL_set_hostflags(ssl, X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS);
    if (is_address(host)) {
        X509_VERIFY_PARAM_set1_ip_asc(SSL_get0_param(ssl), host);
    } else {
        SSL_set1_host(ssl, host);
        SSL_set_tlsext_host_name(ssl, host);
    }
}

gboolean
mp_stream_await_tls(MpStream *stream, int result)
{
    int reason = SSL_get_error(stream->ssl, result);

    if (reason == SSL_ERROR_WANT_READ)
        return mp_stream_await(stream, POLLIN);
    if (reason == SSL_ERROR_WANT_WRITE)
        return mp_stream_await(stream, POLLOUT);
    const char *text = ERR_reason_error_string(ERR_peek_last_error());

    mp_stream_die(stream,
                  reason == SSL_ERROR_SSL && text != NULL ? text : "server closed the connection");
    ERR_clear_error();
    return FALSE;
}

static gboolean
handshake(MpStream *stream, const char *host, GError **error)
{
    int result = -1;

    stream->deadline_us = g_get_monotonic_time() + stream->timeout_us;
    do {
        ERR_clear_error();
        result = SSL_connect(stream->ssl);
    } while (result != 1 && mp_stream_await_tls(stream, result));
    stream->deadline_us = 0;
    if (result == 1)
        return TRUE;
    long verdict = SSL_get_verify_result(stream->ssl);

    /* A certificate that does not hold is for a person to look at, not to try again. */
    if (verdict != X509_V_OK)
        g_set_error(error,
                    MP_ERROR,
                    MP_ERROR_REFUSED,
                    "%s: certificate: %s",
                    host,
                    X509_verify_cert_error_string(verdict));
    else
        g_set_error(error, MP_ERROR, MP_ERROR_UNREACHABLE, "%s: TLS: %s", host, stream->problem);
    return FALSE;
}

gint64
mp_tls_end_of(X509 *certificate)
{
    struct tm end = {0};

    if (ASN1_TIME_to_tm(X509_get0_notAfter(certificate), &end) != 1)
        return 0;
    return (gint64)timegm(&end) * G_USEC_PER_SEC;
}

gint64
mp_tls_end_of_pem(const char *pem)
{
    BIO *bio = BIO_new_mem_buf(pem, -1);
    X509 *certificate = bio == NULL ? NULL : PEM_read_bio_X509(bio, NULL, NULL, NULL);
    gint64 end = certificate == NULL ? 0 : mp_tls_end_of(certificate);

    ERR_clear_error();
    X509_free(certificate);
    BIO_free(bio);
    return end;
}

/* The first that ends of the chain by which the server was believed. */
static gint64
end_of_chain(const SSL *ssl)
{
    STACK_OF(X509) *chain = SSL_get0_verified_chain(ssl);
    gint64 first = 0;

    for (int i = 0; chain != NULL && i < sk_X509_num(chain); i++) {
        gint64 end = mp_tls_end_of(sk_X509_value(chain, i));

        if (end != 0 && (first == 0 || end < first))
            first = end;
    }
    return first;
}

gboolean
mp_stream_start_tls(MpStream *stream, const char *host, const char *ca_file, GError **error)
{
    g_autoptr(SSL_CTX) ctx = SSL_CTX_new(TLS_client_method());

    if (!set_trust(ctx, ca_file, error))
        return FALSE;
    stream->ctx = g_steal_pointer(&ctx);
    stream->ssl = SSL_new(stream->ctx);
    set_peer(stream->ssl, host);
    BIO *bio = new_bio(stream);

    SSL_set_bio(stream->ssl, bio, bio);
    if (!handshake(stream, host, error))
        return FALSE;
    stream->tls_expires_utc = end_of_chain(stream->ssl);
    return TRUE;
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The SMTP sender and the mails of notify/ against a real Postfix: encrypted, logged in, refused,
 * restarted; and against certificates that must not be believed. */
#include "ports/ports.h"
#include "support/asserts.h"
#include "support/daemons.h"

#include <netinet/in.h>
#include <openssl/ssl.h>
#include <sys/socket.h>
#include <unistd.h>

#define OFFICE "layanan-tte@contohkab.go.id"
#define BOX(name) name "@contohkab.go.id"

static MpTown *town;

static int
start(void **state)
{
    g_autoptr(GError) error = NULL;

    (void)state;
    town = mp_town_start(MP_TOWN_ALL, &error);
    assert_no_gerror(error);
    return 0;
}

static int
stop(void **state)
{
    (void)state;
    mp_town_stop(town);
    return 0;
}

static MpSmtpOptions
smtps(void)
{
    return (MpSmtpOptions){.host = (char *)MP_TOWN_HOST,
                           .port = town->smtps_port,
                           .tls = MP_TLS_IMPLICIT,
                           .user = (char *)OFFICE,
                           .password = (char *)MP_TOWN_PASSWORD,
                           .ca_file = town->ca_file,
                           .helo = (char *)"layanan.contohkab.go.id",
                           .timeout_ms = 10000};
}

static MpSender *
open_sender(const MpSmtpOptions *options)
{
    g_autoptr(GError) error = NULL;
    MpSender *sender = mp_sender_new_smtp(options, &error);

    assert_no_gerror(error);
    return sender;
}

static GBytes *
notice(const char *id, const char *to, const char *text)
{
    g_autoptr(MpMail) mail = mp_mail_new();
    g_autoptr(GError) error = NULL;
    GBytes *bytes;

    mail->message_id = g_strdup_printf("%s@contohkab.go.id", id);
    mail->from_name = g_strdup("Layanan TTE");
    mail->from_address = g_strdup(OFFICE);
    mail->to_address = g_strdup(to);
    mail->subject = g_strdup("[SE-2026-000123] Permohonan diterima – é");
    mail->date_utc = 1795140840 * G_TIME_SPAN_SECOND;
    mail->text = g_strdup(text);
    mail->html = g_strdup("<p>halo</p>");
    bytes = mp_notify_build(mail, NULL, 0, &error);
    assert_no_gerror(error);
    return bytes;
}

static MpSendResult
send_notice(MpSender *sender, const char *from, const char *to, const char *id, char **reply_out)
{
    g_autoptr(GBytes) mail = notice(id, to, "Yth. Bapak/Ibu,\n\nisi\n");

    return sender->send(sender, from, to, mail, reply_out);
}

static void
assert_result(MpSendResult got, MpSendResult want)
{
    assert_text(mp_send_result_to_string(got), mp_send_result_to_string(want));
}

static void
await(const char *user, guint want)
{
    g_autoptr(GError) error = NULL;

    if (!mp_town_wait_count(town, user, "INBOX", want, &error))
        assert_no_gerror(error);
}

/* --- ways in
 * ---------------------------------------------------------------------------------------- */

static void
test_smtps(void **state)
{
    g_autofree char *certs = g_path_get_dirname(town->ca_file);
    MpSmtpOptions options = smtps();
    MpSender *sender = open_sender(&options);
    g_autofree char *reply = NULL;
    g_autofree char *stored = NULL;
    g_autoptr(GError) error = NULL;

    (void)state;
    if (!sender->check(sender, &error))
        assert_no_gerror(error);
    assert_result(send_notice(sender, OFFICE, BOX("smtps"), "a1", &reply), MP_SEND_ACCEPTED);
    assert_contains(reply, "queued as");
    await(BOX("smtps"), 1);
    stored = mp_town_newest(town, BOX("smtps"), "INBOX", NULL);
    assert_contains(stored, "Return-Path: <" OFFICE ">");
    assert_contains(stored, "ESMTPSA");
    assert_int_equal(sender->tls_expires_utc, mp_certs_end(certs));
    sender->free(sender);
}

static void
test_starttls(void **state)
{
    MpSmtpOptions options = smtps();
    MpSender *sender;

    (void)state;
    options.port = town->submission_port;
    options.tls = MP_TLS_STARTTLS;
    sender = open_sender(&options);
    assert_result(send_notice(sender, "", BOX("starttls"), "b1", NULL), MP_SEND_ACCEPTED);
    await(BOX("starttls"), 1);
    {
        g_autofree char *stored = mp_town_newest(town, BOX("starttls"), "INBOX", NULL);

        assert_contains(stored, "Return-Path: <>");
    }
    sender->free(sender);
}

/* Byte for byte what was built, only the line ends are the mailbox's. */
static void
test_bytes(void **state)
{
    static const char text[] = "satu\n.\n..\n.\nMAIL FROM:<e@x.example>\nFrom sini\n\n\xc3\xa9\n";
    MpSmtpOptions options = smtps();
    MpSender *sender = open_sender(&options);
    g_autoptr(GBytes) mail = notice("c1", BOX("bytes"), text);
    g_autofree char *stored = NULL;
    g_auto(GStrv) lines = NULL;
    g_autofree char *want = NULL;
    g_autofree char *sent = g_strndup(g_bytes_get_data(mail, NULL), g_bytes_get_size(mail));

    (void)state;
    assert_result(sender->send(sender, OFFICE, BOX("bytes"), mail, NULL), MP_SEND_ACCEPTED);
    sender->free(sender);
    await(BOX("bytes"), 1);
    stored = mp_town_newest(town, BOX("bytes"), "INBOX", NULL);
    lines = g_strsplit(sent, "\r\n", -1);
    want = g_strjoinv("\n", lines);
    assert_true(g_str_has_suffix(stored, want));
    assert_int_equal(mp_town_count(town, BOX("bytes"), "INBOX"), 1);
    assert_int_equal(mp_town_count(town, "e@x.example", "INBOX"), 0);
}

/* --- refusals
 * ------------------------------------------------------------------------------------------ */

typedef struct {
    const char *name;
    const char *recipient;
    MpSendResult want;
    const char *want_reply;
} RcptRow;

static const RcptRow rcpt_rows[] = {
    {"F-17 a mailbox that does not exist", BOX("tidak-ada-1"), MP_SEND_REFUSED, "550 5.1.1"},
    {"F-17 a mailbox that is busy", BOX("sibuk-1"), MP_SEND_REFUSED_SOON, "450 4.2.1"},
    {"F-17 a mailbox that exists", BOX("ada-1"), MP_SEND_ACCEPTED, "queued as"},
    {"F-17 a domain that is not relayed", "a@lain.invalid", MP_SEND_REFUSED, "5.7.1"},
};

static void
test_rcpt(void **state)
{
    const RcptRow *row = *state;
    MpSmtpOptions options = {.host = (char *)"127.0.0.1",
                             .port = town->mx_port,
                             .tls = MP_TLS_NONE,
                             .timeout_ms = 10000};
    MpSender *sender = open_sender(&options);
    g_autofree char *reply = NULL;

    assert_result(send_notice(sender, OFFICE, row->recipient, "d1", &reply), row->want);
    assert_contains(reply, row->want_reply);
    sender->free(sender);
}

static void
test_wrong_password(void **state)
{
    MpSmtpOptions options = smtps();
    g_autoptr(GError) error = NULL;
    g_autofree char *reply = NULL;
    MpSender *sender;

    (void)state;
    options.password = (char *)"salah-sekali";
    sender = open_sender(&options);
    assert_false(sender->check(sender, &error));
    assert_gerror(error, MP_ERROR_REFUSED);
    assert_lacks(error->message, "salah-sekali");
    assert_result(send_notice(sender, OFFICE, BOX("ada-1"), "e1", &reply), MP_SEND_UNREACHABLE);
    assert_contains(reply, "535 5.7.8");
    assert_lacks(reply, "salah-sekali");
    sender->free(sender);
}

/* --- a server that goes away
 * ------------------------------------------------------------------------------ */

static void
test_restart(void **state)
{
    MpSmtpOptions options = smtps();
    MpSender *sender = open_sender(&options);
    g_autoptr(GError) error = NULL;

    (void)state;
    for (guint i = 0; i < 20; i++) {
        g_autofree char *id = g_strdup_printf("f%u", i);

        assert_result(send_notice(sender, OFFICE, BOX("restart"), id, NULL), MP_SEND_ACCEPTED);
    }
    assert_true(mp_town_settle(town, NULL));
    if (!mp_town_stop_postfix(town, &error))
        assert_no_gerror(error);
    assert_result(send_notice(sender, OFFICE, BOX("restart"), "f-mati", NULL), MP_SEND_UNREACHABLE);
    if (!mp_town_start_postfix(town, &error))
        assert_no_gerror(error);
    assert_result(send_notice(sender, OFFICE, BOX("restart"), "f-lagi", NULL), MP_SEND_ACCEPTED);
    await(BOX("restart"), 21);
    sender->free(sender);
}

/* The kept connection is dead and nobody told us: the next mail goes at once on a new one. */
static void
test_stale(void **state)
{
    MpSmtpOptions options = smtps();
    MpSender *sender = open_sender(&options);
    g_autoptr(GError) error = NULL;

    (void)state;
    assert_result(send_notice(sender, OFFICE, BOX("stale"), "g1", NULL), MP_SEND_ACCEPTED);
    if (!mp_town_stop_postfix(town, &error) || !mp_town_start_postfix(town, &error))
        assert_no_gerror(error);
    assert_result(send_notice(sender, OFFICE, BOX("stale"), "g2", NULL), MP_SEND_ACCEPTED);
    await(BOX("stale"), 2);
    sender->free(sender);
}

/* --- certificates
 * ------------------------------------------------------------------------------------------ */

typedef struct {
    SSL_CTX *context;
    int listener;
    GString *heard;
} TlsServer;

static gpointer
serve_tls(gpointer data)
{
    TlsServer *server = data;
    int fd = accept(server->listener, NULL, NULL);
    SSL *ssl = SSL_new(server->context);
    char buffer[512];
    int n;

    SSL_set_fd(ssl, fd);
    if (SSL_accept(ssl) == 1) {
        SSL_write(ssl, "220 uji ESMTP\r\n", 15);
        while ((n = SSL_read(ssl, buffer, sizeof buffer)) > 0) {
            g_string_append_len(server->heard, buffer, n);
            SSL_write(ssl, "250 AUTH PLAIN\r\n", 16);
        }
    }
    SSL_free(ssl);
    close(fd);
    return NULL;
}

static guint16
listen_at(TlsServer *server)
{
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t length = sizeof address;

    server->listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    assert_int_equal(bind(server->listener, (struct sockaddr *)&address, sizeof address), 0);
    assert_int_equal(listen(server->listener, 1), 0);
    assert_int_equal(getsockname(server->listener, (struct sockaddr *)&address, &length), 0);
    return ntohs(address.sin_port);
}

typedef struct {
    const char *name;
    MpCertKind kind;
    gboolean has_own_ca; /* FALSE = the system's store, which does not know the town */
    int max_tls;
} CertRow;

static const CertRow cert_rows[] = {
    {"T-19 the wrong host", MP_CERT_WRONG_HOST, TRUE, 0},
    {"T-19 an expired certificate", MP_CERT_EXPIRED, TRUE, 0},
    {"T-19 a self-signed certificate", MP_CERT_SELF_SIGNED, TRUE, 0},
    {"T-19 another CA", MP_CERT_OTHER_CA, TRUE, 0},
    {"T-19 a CA that the system does not know", MP_CERT_GOOD, FALSE, 0},
    {"T-19 TLS 1.1", MP_CERT_GOOD, TRUE, TLS1_1_VERSION},
};

static void
test_certificate(void **state)
{
    const CertRow *row = *state;
    g_autofree char *dir = g_dir_make_tmp("mailproc-certs-XXXXXX", NULL);
    g_autofree char *chain = g_strdup_printf("%s/%s.pem", dir, mp_cert_name(row->kind));
    g_autofree char *key = g_strdup_printf("%s/%s.key", dir, mp_cert_name(row->kind));
    g_autofree char *ca = g_build_filename(dir, "ca.pem", NULL);
    TlsServer server = {.context = SSL_CTX_new(TLS_server_method()), .heard = g_string_new(NULL)};
    MpSmtpOptions options = smtps();
    MpSender *sender;
    GThread *thread;

    assert_true(mp_certs_make(dir, NULL));
    assert_int_equal(SSL_CTX_use_certificate_chain_file(server.context, chain), 1);
    assert_int_equal(SSL_CTX_use_PrivateKey_file(server.context, key, SSL_FILETYPE_PEM), 1);
    if (row->max_tls != 0)
        SSL_CTX_set_max_proto_version(server.context, row->max_tls);
    options.port = listen_at(&server);
    options.ca_file = row->has_own_ca ? ca : NULL;
    thread = g_thread_new("tls", serve_tls, &server);
    sender = open_sender(&options);
    assert_result(send_notice(sender, OFFICE, BOX("ada-1"), "h1", NULL), MP_SEND_UNREACHABLE);
    sender->free(sender);
    g_thread_join(thread);
    assert_text(server.heard->str, "");
    close(server.listener);
    SSL_CTX_free(server.context);
    g_string_free(server.heard, TRUE);
    mp_town_remove_tree(dir);
}

int
main(void)
{
    struct CMUnitTest tests[32] = {
        {"implicit TLS with login", test_smtps, NULL, NULL, NULL},
        {"STARTTLS with login, null path", test_starttls, NULL, NULL, NULL},
        {"a mail arrives byte for byte, and is one", test_bytes, NULL, NULL, NULL},
        {"a wrong password is no fault of the mail", test_wrong_password, NULL, NULL, NULL},
        {"a server that is stopped and started", test_restart, NULL, NULL, NULL},
        {"a kept connection that died unnoticed", test_stale, NULL, NULL, NULL},
    };
    gsize n = 6;

    for (gsize i = 0; i < G_N_ELEMENTS(rcpt_rows); i++)
        tests[n++] =
            (struct CMUnitTest){rcpt_rows[i].name, test_rcpt, NULL, NULL, (void *)&rcpt_rows[i]};
    for (gsize i = 0; i < G_N_ELEMENTS(cert_rows); i++)
        tests[n++] = (struct CMUnitTest){
            cert_rows[i].name, test_certificate, NULL, NULL, (void *)&cert_rows[i]};
    return _cmocka_run_group_tests("smtp with postfix", tests, n, start, stop);
}

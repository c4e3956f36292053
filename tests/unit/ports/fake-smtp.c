/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A scripted SMTP server on a thread, included by the tests of the SMTP sender. One connection at a
 * time; everything it hears is kept. */
#include "ports/ports.h"
#include "support/asserts.h"

#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <unistd.h>

#define FROM "layanan-tte@contohkab.go.id"
#define TO "dinkes@contohkab.go.id"
#define MAIL "Subject: satu\r\n\r\nisi\r\n.titik\r\n"

/* --- the server ---------------------------------------------------------------------------------
 */

typedef enum { BANNER, EHLO, STARTTLS, AUTH, MAILFROM, RCPTTO, DATA, DOT, PHASES } At;

static const char *const usual[PHASES] = {
    [BANNER] = "220 uji ESMTP\r\n",
    [EHLO] = "250-uji\r\n250-SIZE 50000000\r\n250-STARTTLS\r\n250 AUTH PLAIN LOGIN\r\n",
    [STARTTLS] = "454 4.7.0 none here\r\n",
    [AUTH] = "235 2.7.0 ok\r\n",
    [MAILFROM] = "250 2.1.0 ok\r\n",
    [RCPTTO] = "250 2.1.5 ok\r\n",
    [DATA] = "354 go on\r\n",
    [DOT] = "250 2.0.0 queued as 4XUJI\r\n",
};

typedef struct {
    At at;
    const char *say; /* NULL = nothing at all; what ends without LF is followed by a cut */
    gboolean is_cut; /* close after it */
    gboolean is_drip;
    guint only_first;   /* the fault happens on that many connections only; 0 = on all */
    gboolean is_single; /* close after each mail, without a word */
    gboolean is_deaf;   /* reads nothing after DATA */
} Script;

typedef struct {
    int listener;
    guint16 port;
    GThread *thread;
    GMutex lock;
    GString *said; /* commands and mails as they came */
    guint connections, mails;
    Script script;
} Server;

static Server server;

static void
say(int fd, const char *text, gboolean is_drip)
{
    gsize length = strlen(text);

    for (gsize done = 0; done < length;) {
        gssize n = send(fd, text + done, is_drip ? 1 : length - done, MSG_NOSIGNAL);

        if (n <= 0)
            return;
        done += (gsize)n;
    }
}

/* One line with its LF, or NULL at the end. */
static char *
hear(int fd)
{
    GString *line = g_string_new(NULL);
    char c;

    while (recv(fd, &c, 1, 0) == 1) {
        g_string_append_c(line, c);
        if (c == '\n')
            return g_string_free(line, FALSE);
    }
    g_string_free(line, TRUE);
    return NULL;
}

static void
note(const char *text)
{
    g_mutex_lock(&server.lock);
    g_string_append(server.said, text);
    g_mutex_unlock(&server.lock);
}

static void
wait_for_end(int fd)
{
    char buffer[4096];

    while (recv(fd, buffer, sizeof buffer, 0) > 0)
        continue;
}

static gboolean
is_fault(At at)
{
    const Script *script = &server.script;

    return script->at == at && !script->is_drip &&
           (script->only_first == 0 || server.connections <= script->only_first);
}

/* FALSE when the connection is to be closed. */
static gboolean
answer(int fd, At at)
{
    const Script *script = &server.script;

    if (!is_fault(at)) {
        say(fd, usual[at], script->is_drip);
        return TRUE;
    }
    if (script->say != NULL)
        say(fd, script->say, FALSE);
    if (script->is_cut)
        return FALSE;
    if (script->say == NULL)
        wait_for_end(fd);
    return script->say != NULL;
}

static gboolean
take_mail(int fd)
{
    char *line;

    if (server.script.is_deaf)
        return FALSE;
    while ((line = hear(fd)) != NULL) {
        gboolean is_end = strcmp(line, ".\r\n") == 0;

        note(line);
        g_free(line);
        if (!is_end)
            continue;
        server.mails++;
        return answer(fd, DOT) && !server.script.is_single;
    }
    return FALSE;
}

static At
phase_of(const char *line)
{
    static const struct {
        const char *word;
        At at;
    } words[] = {{"EHLO", EHLO},
                 {"HELO", EHLO},
                 {"STARTTLS", STARTTLS},
                 {"AUTH", AUTH},
                 {"MAIL", MAILFROM},
                 {"RCPT", RCPTTO},
                 {"DATA", DATA}};

    for (gsize i = 0; i < G_N_ELEMENTS(words); i++)
        if (g_ascii_strncasecmp(line, words[i].word, strlen(words[i].word)) == 0)
            return words[i].at;
    return PHASES;
}

static void
serve(int fd)
{
    char *line;
    gboolean is_open = answer(fd, BANNER);

    while (is_open && (line = hear(fd)) != NULL) {
        At at = phase_of(line);

        note(line);
        g_free(line);
        if (at == PHASES) {
            say(fd, "250 2.0.0 ok\r\n", FALSE);
            continue;
        }
        is_open = answer(fd, at);
        if (is_open && at == DATA && !is_fault(DATA))
            is_open = take_mail(fd);
    }
}

static gpointer
run_server(gpointer data)
{
    (void)data;
    for (;;) {
        int fd = accept(server.listener, NULL, NULL);
        int one = 1;

        if (fd < 0)
            return NULL;
        setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
        server.connections++;
        serve(fd);
        close(fd);
    }
}

static void
start_server(const Script *script)
{
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t length = sizeof address;

    memset(&server, 0, sizeof server);
    server.script = *script;
    server.said = g_string_new(NULL);
    server.listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    assert_int_equal(bind(server.listener, (struct sockaddr *)&address, sizeof address), 0);
    assert_int_equal(listen(server.listener, 8), 0);
    assert_int_equal(getsockname(server.listener, (struct sockaddr *)&address, &length), 0);
    server.port = ntohs(address.sin_port);
    server.thread = g_thread_new("smtp", run_server, NULL);
}

static void
stop_server(void)
{
    shutdown(server.listener, SHUT_RDWR);
    g_thread_join(server.thread);
    close(server.listener);
}

static MpSender *
make_sender(gboolean has_login, MpTlsMode tls)
{
    MpSmtpOptions options = {.host = (char *)"127.0.0.1",
                             .port = server.port,
                             .tls = tls,
                             .user = has_login ? (char *)"layanan" : NULL,
                             .password = has_login ? (char *)"rahasia-uji" : NULL,
                             .helo = (char *)"uji.contohkab.go.id",
                             .timeout_ms = 1000};
    g_autoptr(GError) error = NULL;
    MpSender *sender = mp_sender_new_smtp(&options, &error);

    assert_no_gerror(error);
    return sender;
}

static MpSendResult
send_bytes(MpSender *sender, const char *from, const char *to, const char *mail, char **reply_out)
{
    g_autoptr(GBytes) bytes = g_bytes_new(mail, strlen(mail));

    return sender->send(sender, from, to, bytes, reply_out);
}

static const Script no_fault = {.at = PHASES};

static void
assert_result(MpSendResult got, MpSendResult want)
{
    assert_text(mp_send_result_to_string(got), mp_send_result_to_string(want));
}

static void
forget_server(void)
{
    stop_server();
    g_string_free(server.said, TRUE);
}

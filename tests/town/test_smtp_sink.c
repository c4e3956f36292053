/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The SMTP sender against Postfix's smtp-sink, which refuses, delays and hangs up on demand and
 * keeps what it took: the outcome that we record is held against what really arrived. */
#include "ports/ports.h"
#include "support/asserts.h"
#include "support/daemons.h"

#include <glib/gstdio.h>
#include <netinet/in.h>
#include <pwd.h>
#include <signal.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#define FROM "layanan-tte@contohkab.go.id"
#define TO "dinkes@contohkab.go.id"
#define MAIL "Message-ID: <a@contohkab.go.id>\r\nSubject: uji\r\n\r\nisi\r\n"

typedef struct {
    char *dir;
    guint16 port;
    GPid pid;
} Sink;

static Sink sink;

static gboolean
is_listening(guint16 port)
{
    struct sockaddr_in address = {
        .sin_family = AF_INET, .sin_port = htons(port), .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    gboolean is_up = connect(fd, (struct sockaddr *)&address, sizeof address) == 0;

    close(fd);
    return is_up;
}

static void
start_sink(const char *arguments)
{
    g_autofree char *line = NULL;
    g_auto(GStrv) argv = NULL;
    g_autoptr(GError) error = NULL;
    const struct passwd *nobody = getpwnam("nobody");

    sink.dir = g_dir_make_tmp("mailproc-sink-XXXXXX", NULL);
    assert_non_null(sink.dir);
    sink.port = mp_town_free_port();
    if (geteuid() == 0) { /* smtp-sink will not run as root, and writes its mails as nobody */
        assert_non_null(nobody);
        assert_int_equal(chown(sink.dir, nobody->pw_uid, nobody->pw_gid), 0);
    }
    line = g_strdup_printf("smtp-sink %s -d %s/%%M. %s 127.0.0.1:%u 20",
                           geteuid() == 0 ? "-u nobody" : "",
                           sink.dir,
                           arguments,
                           sink.port);
    assert_true(g_shell_parse_argv(line, NULL, &argv, NULL));
    if (!g_spawn_async(NULL,
                       argv,
                       NULL,
                       G_SPAWN_SEARCH_PATH | G_SPAWN_DO_NOT_REAP_CHILD |
                           G_SPAWN_STDOUT_TO_DEV_NULL | G_SPAWN_STDERR_TO_DEV_NULL,
                       NULL,
                       NULL,
                       &sink.pid,
                       &error))
        assert_no_gerror(error);
    for (guint i = 0; !is_listening(sink.port); i++) {
        assert_true(i < 500);
        g_usleep(10000);
    }
}

static int
stop_sink(void **state)
{
    (void)state;
    if (sink.pid != 0) {
        kill(sink.pid, SIGTERM);
        waitpid(sink.pid, NULL, 0);
    }
    if (sink.dir != NULL)
        mp_town_remove_tree(sink.dir);
    g_free(sink.dir);
    memset(&sink, 0, sizeof sink);
    return 0;
}

/* Mails that the sink took to their end. */
static guint
arrived(void)
{
    g_autoptr(GDir) dir = g_dir_open(sink.dir, 0, NULL);
    const char *name;
    guint n = 0;

    while ((name = g_dir_read_name(dir)) != NULL) {
        g_autofree char *path = g_build_filename(sink.dir, name, NULL);
        g_autofree char *bytes = NULL;

        if (g_file_get_contents(path, &bytes, NULL, NULL) && strstr(bytes, "\nisi\n") != NULL)
            n++;
    }
    return n;
}

static MpSender *
make_sender(gint64 timeout_ms)
{
    MpSmtpOptions options = {.host = (char *)"127.0.0.1",
                             .port = sink.port,
                             .tls = MP_TLS_NONE,
                             .timeout_ms = timeout_ms};
    g_autoptr(GError) error = NULL;
    MpSender *sender = mp_sender_new_smtp(&options, &error);

    assert_no_gerror(error);
    return sender;
}

static MpSendResult
send_one(MpSender *sender, char **reply_out)
{
    g_autoptr(GBytes) mail = g_bytes_new_static(MAIL, strlen(MAIL));

    return sender->send(sender, FROM, TO, mail, reply_out);
}

typedef struct {
    const char *name;
    const char *arguments;
    gint64 timeout_ms;
    MpSendResult want;
    gint want_arrived; /* -1 = not looked at */
} SinkRow;

static const SinkRow sink_rows[] = {
    {"F-17 a server that takes all", "", 5000, MP_SEND_ACCEPTED, 1},
    {"F-17 an old server without ESMTP", "-e -p -8 -E -N", 5000, MP_SEND_ACCEPTED, 1},
    {"F-17 a PIX in between", "-P", 5000, MP_SEND_ACCEPTED, 1},
    {"F-17 5xx at the greeting", "-f connect", 5000, MP_SEND_UNREACHABLE, 0},
    {"F-17 5xx to EHLO and HELO", "-f ehlo,helo", 5000, MP_SEND_UNREACHABLE, 0},
    {"F-17 5xx to MAIL", "-f mail", 5000, MP_SEND_REFUSED, 0},
    {"F-17 5xx to RCPT", "-f rcpt", 5000, MP_SEND_REFUSED, 0},
    {"F-17 5xx to DATA", "-f data", 5000, MP_SEND_REFUSED, 0},
    {"F-17 5xx after the final dot", "-f .", 5000, MP_SEND_REFUSED, -1},
    {"F-17 4xx at the greeting", "-r connect", 5000, MP_SEND_REFUSED_SOON, 0},
    {"F-17 4xx to MAIL", "-r mail", 5000, MP_SEND_REFUSED_SOON, 0},
    {"F-17 greylisting at RCPT",
     "-r rcpt -b '451 4.7.1 greylisted'",
     5000,
     MP_SEND_REFUSED_SOON,
     0},
    {"F-17 4xx to DATA", "-r data", 5000, MP_SEND_REFUSED_SOON, 0},
    {"F-17 4xx after the final dot", "-r .", 5000, MP_SEND_REFUSED_SOON, -1},
    {"F-17 hung up at the greeting", "-q connect", 5000, MP_SEND_UNREACHABLE, 0},
    {"F-17 hung up at EHLO", "-q ehlo", 5000, MP_SEND_UNREACHABLE, 0},
    {"F-17 hung up at MAIL", "-q mail", 5000, MP_SEND_UNREACHABLE, 0},
    {"F-17 hung up at RCPT", "-q rcpt", 5000, MP_SEND_UNREACHABLE, 0},
    {"F-17 hung up at DATA", "-q data", 5000, MP_SEND_UNREACHABLE, 0},
    {"F-17 hung up after the final dot: it arrived", "-q .", 5000, MP_SEND_UNCERTAIN, 1},
    {"F-17 421 at MAIL", "-Q mail", 5000, MP_SEND_REFUSED_SOON, 0},
    {"F-17 421 at RCPT", "-Q rcpt", 5000, MP_SEND_REFUSED_SOON, 0},
    {"F-17 421 after the final dot", "-Q .", 5000, MP_SEND_REFUSED_SOON, -1},
    {"F-17 slow at RCPT beyond the deadline", "-W rcpt:3", 1000, MP_SEND_UNREACHABLE, 0},
    {"F-17 slow after the dot beyond the deadline", "-W .:3", 1000, MP_SEND_UNCERTAIN, -1},
    {"F-17 slow after the dot within the deadline", "-W .:1", 9000, MP_SEND_ACCEPTED, 1},
};

static void
test_sink(void **state)
{
    const SinkRow *row = *state;
    g_autofree char *reply = NULL;
    MpSendResult got;
    MpSender *sender;

    start_sink(row->arguments);
    sender = make_sender(row->timeout_ms);
    got = send_one(sender, &reply);
    sender->free(sender);
    assert_text(mp_send_result_to_string(got), mp_send_result_to_string(row->want));
    assert_true(reply != NULL && reply[0] != '\0');
    if (row->want_arrived >= 0)
        assert_int_equal(arrived(), row->want_arrived);
}

static void
test_many(void **state)
{
    MpSender *sender;

    (void)state;
    start_sink("");
    sender = make_sender(5000);
    for (guint i = 0; i < 200; i++)
        assert_int_equal(send_one(sender, NULL), MP_SEND_ACCEPTED);
    sender->free(sender);
    assert_int_equal(arrived(), 200);
}

static int
run_sinks(void)
{
    struct CMUnitTest tests[G_N_ELEMENTS(sink_rows) + 1] = {{NULL, NULL, NULL, NULL, NULL}};
    gsize n = 0;

    for (; n < G_N_ELEMENTS(sink_rows); n++)
        tests[n] = (struct CMUnitTest){
            sink_rows[n].name, test_sink, NULL, stop_sink, (void *)&sink_rows[n]};
    tests[n++] =
        (struct CMUnitTest){"200 mails on one connection", test_many, NULL, stop_sink, NULL};
    return _cmocka_run_group_tests("smtp-sink", tests, n, NULL, NULL);
}

int
main(void)
{
    return run_sinks();
}

/* SPDX-License-Identifier: GPL-3.0-or-later */

/* F-20: SIGTERM while the service waits for somebody slow. All processes end by themselves, well
 * within 10 s and without SIGKILL, and what was in hand is as if it had not been begun. */

#include "limits/service.h"

#include "support/asserts.h"
#include "support/scripted-imap.h"

#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

/* Replaces a part of the office's configuration. */
static void
configure(const Service *service, const char *what, const char *by)
{
    g_autofree char *text = NULL;
    g_autofree char *changed = NULL;

    assert_true(g_file_get_contents(service->office->config, &text, NULL, NULL));
    g_auto(GStrv) parts = g_strsplit(text, what, 2);

    assert_int_equal(g_strv_length(parts), 2);
    changed = g_strconcat(parts[0], by, parts[1], NULL);
    assert_true(g_file_set_contents(service->office->config, changed, -1, NULL));
}

static Service *
quiet_service(const char *limits)
{
    Service *service = service_new(limits);

    service->watchdog_us = "0";
    return service;
}

/* What a list of the program says, once it has this part. */
static void
wait_listed(const Service *service, const char *list, const char *part)
{
    const char *arguments[] = {list, "list", "--json", NULL};
    gint64 until_us = deadline();
    g_autofree char *said = NULL;

    while (g_get_monotonic_time() < until_us) {
        g_free(said);
        said = NULL;
        if (office_call(service->office, NULL, arguments, &said, NULL) == 0 &&
            strstr(said, part) != NULL)
            return;
    }
    fail_msg("'%s' is not in: %s", part, said);
}

/* The children ended themselves: none was found silent, none was killed. */
static void
stop_cleanly(Service *service)
{
    gint64 until_us = deadline();
    int err_fd = dup(service->err_fd);

    service_stop(service);
    while (readable(err_fd, until_us)) {
        char bytes[4096];
        ssize_t n = read(err_fd, bytes, sizeof(bytes));

        if (n <= 0)
            break;
        g_string_append_len(service->err, bytes, n);
    }
    close(err_fd);
    assert_contains(service->err->str, "event=service.stopped");
    assert_lacks(service->err->str, "event=child.silent");
    assert_lacks(service->err->str, "event=child.ended");
}

/* --- a long fetch ------------------------------------------------------------------------------
 */

static void
during_a_long_fetch(void **state)
{
    const MpSayRule rules[] = {
        {.on = "UID FETCH 1:3 (UID RFC822.SIZE INTERNALDATE BODY",
         .how = MP_SAY_STALL,
         .text = "* 1 FETCH (UID 1 BODY[] {30}\r\nFrom: a"},
        {NULL, 0, 0, MP_SAY_INSTEAD, NULL, 0},
    };
    const MpScript script = {.tls = MP_SCRIPT_PLAIN, .mails = 3, .rules = rules};
    Service *service = quiet_service("");
    MpScripted *server = mp_scripted_start(&script, NULL);
    g_autofree char *secret = g_build_filename(service->office->dir, "secret", NULL);
    g_autofree char *old = g_strdup_printf("url = maildir:%s/masuk", service->office->dir);
    g_autofree char *url = g_strdup_printf("url = imap://127.0.0.1:%u/INBOX\nuser = layanan\n"
                                           "password_file = %s",
                                           mp_scripted_port(server),
                                           secret);
    gint64 until_us = deadline();
    gboolean is_asked = FALSE;

    (void)state;
    assert_true(g_file_set_contents_full(
        secret, MP_SCRIPTED_PASSWORD "\n", -1, G_FILE_SET_CONTENTS_NONE, 0600, NULL));
    configure(service, old, url);
    service_start(service);
    while (!is_asked && g_get_monotonic_time() < until_us) {
        g_autofree char *heard = mp_scripted_heard(server);

        is_asked = strstr(heard, "INTERNALDATE BODY") != NULL;
    }
    assert_true(is_asked);
    stop_cleanly(service);
    mp_scripted_stop(server);
    service_free(service);
}

/* --- a long read -------------------------------------------------------------------------------
 */

static void
during_a_long_read(void **state)
{
    Service *service = quiet_service("reader_wall = 120s");

    (void)state;
    office_put(service->office, "racun");
    office_put(service->office, "surat");
    g_setenv("MP_READER_TEST", "hang racun", TRUE);
    service_start(service);
    g_unsetenv("MP_READER_TEST");
    wait_listed(service, "mail", "\"attempts\":1");
    stop_cleanly(service);
    /* A stop is no attempt of the mail. */
    wait_listed(service, "mail", "\"attempts\":0");
    assert_lacks(service->err->str, "event=reader.died");
    service_free(service);
}

/* --- a long send -------------------------------------------------------------------------------
 */

typedef struct {
    int listener;
    guint16 port;
    GThread *thread;
    const char *stall_at; /* the line that is never answered */
    gint is_stalled;
} Server;

static gboolean
take_line(int fd, GString *line)
{
    char c;

    g_string_truncate(line, 0);
    while (recv(fd, &c, 1, 0) == 1) {
        g_string_append_c(line, c);
        if (c == '\n')
            return TRUE;
    }
    return FALSE;
}

static void
talk(Server *server, int fd)
{
    g_autoptr(GString) line = g_string_new(NULL);
    gboolean in_mail = FALSE;

    (void)!write(fd, "220 uji\r\n", 9);
    while (take_line(fd, line)) {
        const char *answer = g_str_has_prefix(line->str, "DATA") ? "354 go\r\n" : "250 ok\r\n";

        if (g_str_has_prefix(line->str, server->stall_at)) {
            g_atomic_int_set(&server->is_stalled, 1);
            continue;
        }
        if (in_mail && strcmp(line->str, ".\r\n") != 0)
            continue;
        in_mail = g_str_has_prefix(line->str, "DATA");
        (void)!write(fd, answer, strlen(answer));
    }
}

static gpointer
serve(gpointer data)
{
    Server *server = data;
    int fd;

    while ((fd = accept(server->listener, NULL, NULL)) >= 0) {
        talk(server, fd);
        close(fd);
    }
    return NULL;
}

static void
server_start(Server *server, const char *stall_at)
{
    struct sockaddr_in here = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t length = sizeof(here);

    server->stall_at = stall_at;
    server->listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    assert_int_equal(bind(server->listener, (struct sockaddr *)&here, sizeof(here)), 0);
    assert_int_equal(listen(server->listener, 8), 0);
    assert_int_equal(getsockname(server->listener, (struct sockaddr *)&here, &length), 0);
    server->port = ntohs(here.sin_port);
    server->thread = g_thread_new("smtp", serve, server);
}

static void
server_stop(Server *server)
{
    shutdown(server->listener, SHUT_RDWR);
    g_thread_join(server->thread);
    close(server->listener);
}

typedef struct {
    const char *name, *stall_at, *want;
} SendRow;

static const SendRow send_rows[] = {
    {"F-20 SIGTERM while RCPT is not answered: nothing was tried",
     "RCPT",
     "\"state\":\"deferred\",\"held\":false"},
    {"F-20 SIGTERM while the final dot is not answered: it may have arrived",
     ".\r\n",
     "\"state\":\"uncertain\",\"held\":false"},
};

static void
during_a_long_send(void **state)
{
    const SendRow *row = *state;
    Service *service = quiet_service("");
    Server server = {0};
    g_autofree char *old = g_strdup_printf("url = maildir:%s/out", service->office->dir);
    g_autofree char *url = NULL;
    gint64 until_us = deadline();

    server_start(&server, row->stall_at);
    url = g_strdup_printf("url = smtp://127.0.0.1:%u", server.port);
    configure(service, old, url);
    office_put(service->office, "surat");
    service_start(service);
    while (g_atomic_int_get(&server.is_stalled) == 0 && g_get_monotonic_time() < until_us)
        g_thread_yield();
    assert_int_equal(g_atomic_int_get(&server.is_stalled), 1);
    stop_cleanly(service);
    wait_listed(service, "outbox", row->want);
    server_stop(&server);
    service_free(service);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        {"F-20 SIGTERM during a long fetch", during_a_long_fetch, NULL, NULL, NULL},
        {"F-20 SIGTERM during a long read", during_a_long_read, NULL, NULL, NULL},
        {send_rows[0].name, during_a_long_send, NULL, NULL, (void *)&send_rows[0]},
        {send_rows[1].name, during_a_long_send, NULL, NULL, (void *)&send_rows[1]},
    };

    return cmocka_run_group_tests_name("stop", tests, NULL, NULL);
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "limits/service.h"

#include "support/asserts.h"

#include <poll.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

enum { PATIENCE_S = 60, STOP_S = 10 };

Service *
service_new(const char *limits)
{
    Service *service = g_new0(Service, 1);
    struct sockaddr_un here = {.sun_family = AF_UNIX};

    service->office = office_new(limits);
    service->err = g_string_new(NULL);
    service->watchdog_us = "1000000";
    service->notify_path = g_build_filename(service->office->dir, "notify", NULL);
    service->notify_fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    g_strlcpy(here.sun_path, service->notify_path, sizeof(here.sun_path));
    assert_int_equal(bind(service->notify_fd, (struct sockaddr *)&here, sizeof(here)), 0);
    return service;
}

/* A test that fails leaves no service behind. */
static void
end_with_the_test(gpointer data)
{
    (void)data;
    (void)prctl(PR_SET_PDEATHSIG, SIGKILL);
}

void
service_start(Service *service)
{
    const char *argv[] = {MP_PROGRAM, "--config", service->office->config, "run", NULL};
    g_auto(GStrv) environment = g_get_environ();
    g_autoptr(GError) error = NULL;

    environment = g_environ_setenv(
        g_steal_pointer(&environment), "NOTIFY_SOCKET", service->notify_path, TRUE);
    environment = g_environ_setenv(
        g_steal_pointer(&environment), "WATCHDOG_USEC", service->watchdog_us, TRUE);
    g_string_truncate(service->err, 0);
    g_spawn_async_with_pipes(NULL,
                             (char **)argv,
                             environment,
                             G_SPAWN_DO_NOT_REAP_CHILD,
                             end_with_the_test,
                             NULL,
                             &service->pid,
                             NULL,
                             NULL,
                             &service->err_fd,
                             &error);
    assert_no_gerror(error);
}

gboolean
readable(int fd, gint64 deadline_us)
{
    struct pollfd one = {.fd = fd, .events = POLLIN};
    gint64 left_us = deadline_us - g_get_monotonic_time();

    return left_us > 0 && poll(&one, 1, (int)(left_us / 1000)) > 0;
}

gint64
deadline(void)
{
    return g_get_monotonic_time() + PATIENCE_S * G_USEC_PER_SEC;
}

/* Reads on until the service has said `part`, from `from` on; gives the place behind it. */
gsize
wait_said(Service *service, const char *part, gsize from)
{
    gint64 until_us = deadline();

    for (;;) {
        const char *at = strstr(service->err->str + from, part);
        char bytes[4096];
        ssize_t n;

        if (at != NULL)
            return (gsize)(at - service->err->str) + strlen(part);
        if (!readable(service->err_fd, until_us))
            fail_msg("'%s' was not said, only: %s", part, service->err->str);
        n = read(service->err_fd, bytes, sizeof(bytes));
        if (n <= 0)
            fail_msg("ended without '%s': %s", part, service->err->str);
        g_string_append_len(service->err, bytes, n);
    }
}

void
wait_notified(Service *service, const char *part)
{
    gint64 until_us = deadline();
    char bytes[4096];

    while (readable(service->notify_fd, until_us)) {
        ssize_t n = recv(service->notify_fd, bytes, sizeof(bytes) - 1, 0);

        bytes[MAX(n, 0)] = '\0';
        if (strstr(bytes, part) != NULL)
            return;
    }
    fail_msg("systemd was not told '%s'", part);
}

/* What was told before is old. */
void
forget_notices(Service *service)
{
    char bytes[4096];

    while (recv(service->notify_fd, bytes, sizeof(bytes), MSG_DONTWAIT) > 0) {
    }
}

void
service_stop(Service *service)
{
    gint64 since_us = g_get_monotonic_time();
    int status = 0;

    assert_int_equal(kill(service->pid, SIGTERM), 0);
    assert_int_equal(waitpid(service->pid, &status, 0), service->pid);
    assert_true(WIFEXITED(status));
    assert_int_equal(WEXITSTATUS(status), 0);
    assert_true(g_get_monotonic_time() - since_us < STOP_S * G_USEC_PER_SEC);
    close(service->err_fd);
}

void
service_free(Service *service)
{
    close(service->notify_fd);
    g_string_free(service->err, TRUE);
    g_free(service->notify_path);
    office_free(service->office);
    g_free(service);
}

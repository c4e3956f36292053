/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The processes of `run`: started, told apart, killed, reloaded, ended; and what they say of
 * themselves. */

#include "limits/service.h"

#include "support/asserts.h"

#include <glib/gstdio.h>
#include <signal.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

/* Pids of the children, the first started first. */
static char **
children_of(GPid pid)
{
    g_autofree char *path = g_strdup_printf("/proc/%d/task/%d/children", pid, pid);
    g_autofree char *list = NULL;

    assert_true(g_file_get_contents(path, &list, NULL, NULL));
    return g_strsplit(g_strchomp(list), " ", -1);
}

static void
it_works_and_tells_systemd(void **state)
{
    Service *service = service_new("");
    const char *run[] = {"run", NULL};
    g_autofree char *err = NULL;

    (void)state;
    office_put(service->office, "surat");
    service_start(service);
    wait_notified(service, "READY=1");
    wait_notified(service, "WATCHDOG=1");
    (void)wait_said(service, "event=mail.decided", 0);
    assert_int_equal(office_call(service->office, NULL, run, NULL, &err), 74);
    assert_contains(err, "already in use by process");
    service_stop(service);
    wait_notified(service, "STOPPING=1");
    service_free(service);
}

static void
child_that_dies_is_replaced(void **state)
{
    static const char *const names[] = {"child=intake", "child=delivery"};
    Service *service = service_new("");

    (void)state;
    service_start(service);
    (void)wait_said(service, "event=service.started", 0);
    for (gsize i = 0; i < G_N_ELEMENTS(names); i++) {
        g_auto(GStrv) children = children_of(service->pid);
        g_autofree char *line = g_strdup_printf("event=child.ended %s", names[i]);

        assert_int_equal(g_strv_length(children), 2);
        forget_notices(service);
        /* The replaced intake is the younger one afterwards. */
        assert_int_equal(kill((pid_t)g_ascii_strtoll(children[0], NULL, 10), SIGKILL), 0);
        (void)wait_said(service, line, 0);
        wait_notified(service, "STATUS=intake works, delivery works");
    }
    office_put(service->office, "surat");
    /* Sooner than the next look at the mailbox. */
    assert_int_equal(kill(service->pid, SIGHUP), 0);
    (void)wait_said(service, "event=mail.decided", 0);
    service_stop(service);
    service_free(service);
}

/* What /proc shows of a process. */
static char *
proc_of(const char *pid, const char *what)
{
    g_autofree char *path = g_strdup_printf("/proc/%s/%s", pid, what);
    g_autoptr(GError) error = NULL;
    char *text = NULL;
    gsize length = 0;

    (void)g_file_get_contents(path, &text, &length, &error);
    assert_no_gerror(error);
    for (gsize i = 0; i + 1 < length; i++)
        if (text[i] == '\0')
            text[i] = '\n';
    return text;
}

/* Names of all files that a process holds open. */
static char *
files_of(const char *pid)
{
    g_autofree char *path = g_strdup_printf("/proc/%s/fd", pid);
    g_autoptr(GDir) dir = g_dir_open(path, 0, NULL);
    GString *names = g_string_new(NULL);
    const char *fd = NULL;

    assert_non_null(dir);
    while ((fd = g_dir_read_name(dir)) != NULL) {
        g_autofree char *link = g_build_filename(path, fd, NULL);
        g_autofree char *target = g_file_read_link(link, NULL);

        g_string_append_printf(names, "%s\n", target == NULL ? "" : target);
    }
    return g_string_free(names, FALSE);
}

static void
each_process_holds_its_post_only(void **state)
{
    Service *service = service_new("");

    (void)state;
    (void)g_setenv("MP_SECRET", "rahasia", TRUE);
    office_put(service->office, "surat");
    service_start(service);
    g_unsetenv("MP_SECRET");
    (void)wait_said(service, "event=mail.decided", 0);
    g_auto(GStrv) posts = children_of(service->pid);
    g_auto(GStrv) reader = children_of((GPid)g_ascii_strtoll(posts[0], NULL, 10));
    g_autofree char *environment = proc_of(reader[0], "environ");
    g_autofree char *status = proc_of(reader[0], "status");
    g_autofree char *reading = files_of(reader[0]);
    g_autofree char *taking = files_of(posts[0]);
    g_autofree char *sending = files_of(posts[1]);
    const char *const all[] = {posts[0], posts[1], reader[0]};

    assert_int_equal(g_strv_length(posts), 2);
    assert_int_equal(g_strv_length(reader), 1);
    for (gsize i = 0; i < G_N_ELEMENTS(all); i++) {
        g_autofree char *limits = proc_of(all[i], "limits");
        const char *core = strstr(limits, "Max core file size");

        assert_non_null(core);
        assert_int_equal(strspn(core + strlen("Max core file size"), " 0"),
                         strcspn(core + strlen("Max core file size"), "b"));
    }
    assert_lacks(environment, "rahasia");
    assert_contains(status, "Seccomp:\t2");
    assert_lacks(reading, "mailproc.sqlite");
    assert_lacks(reading, ".sqlar");
    assert_contains(taking, "mailproc.sqlite");
    assert_contains(sending, "mailproc.sqlite");
    service_stop(service);
    service_free(service);
}

/* kill -9, and begin again at once: the children went with it. */
static void
killed_service_starts_again(void **state)
{
    Service *service = service_new("");
    int status = 0;

    (void)state;
    service_start(service);
    (void)wait_said(service, "event=service.started", 0);
    assert_int_equal(kill(service->pid, SIGKILL), 0);
    assert_int_equal(waitpid(service->pid, &status, 0), service->pid);
    /* The last writer of the pipe is gone when the children are. */
    while (readable(service->err_fd, deadline())) {
        char bytes[4096];

        if (read(service->err_fd, bytes, sizeof(bytes)) <= 0)
            break;
    }
    close(service->err_fd);
    service_start(service);
    (void)wait_said(service, "event=service.started", 0);
    service_stop(service);
    service_free(service);
}

static void
reload_takes_only_what_is_right(void **state)
{
    Service *service = service_new("");
    g_autofree char *right = NULL;
    g_autofree char *wrong = NULL;

    (void)state;
    assert_true(g_file_get_contents(service->office->config, &right, NULL, NULL));
    wrong = g_strconcat(right, "tidak_ada = 1\n", NULL);
    service_start(service);
    (void)wait_said(service, "event=service.started", 0);
    assert_true(g_file_set_contents(service->office->config, wrong, -1, NULL));
    assert_int_equal(kill(service->pid, SIGHUP), 0);
    (void)wait_said(service, "event=reload.refused", 0);
    assert_true(g_file_set_contents(service->office->config, right, -1, NULL));
    assert_int_equal(kill(service->pid, SIGHUP), 0);
    (void)wait_said(service, "event=reload.done", 0);
    service_stop(service);
    service_free(service);
}

static void
wrong_configuration_starts_nothing(void **state)
{
    Office *office = office_new("tidak_ada = 1");
    const char *run[] = {"run", NULL};
    g_autofree char *err = NULL;

    (void)state;
    assert_int_equal(office_call(office, NULL, run, NULL, &err), 78);
    assert_contains(err, "tidak_ada");
    office_free(office);
}

/* --- what it says of itself --------------------------------------------------------------------
 */

static void
quarantine_one(Office *office)
{
    const char *once[] = {"once", NULL};

    office_put(office, "racun");
    assert_int_equal(office_call(office, "MP_READER_TEST=abort racun", once, NULL, NULL), 0);
}

static void
status_is_for_people_and_programs(void **state)
{
    Office *office = office_new("");
    g_autofree char *path = g_build_filename(office->dir, "mailproc.prom", NULL);
    const char *json[] = {"status", "--json", NULL};
    const char *text[] = {"status", NULL};
    const char *file[] = {"status", "--textfile", path, NULL};
    g_autofree char *as_json = NULL;
    g_autofree char *as_text = NULL;
    g_autofree char *as_file = NULL;
    struct stat facts;

    (void)state;
    quarantine_one(office);
    assert_int_equal(office_call(office, NULL, json, &as_json, NULL), 0);
    assert_contains(as_json, "\"mail_quarantined\":1,");
    assert_contains(as_json, "\"oldest_waiting\":null");
    assert_contains(as_json, "\"chain_head\":\"");
    assert_int_equal(office_call(office, NULL, text, &as_text, NULL), 0);
    assert_contains(as_text, "mail quarantined     1\n");
    assert_int_equal(office_call(office, NULL, file, NULL, NULL), 0);
    assert_true(g_file_get_contents(path, &as_file, NULL, NULL));
    assert_contains(as_file, "mailproc_mails{state=\"quarantined\"} 1\n");
    assert_contains(as_file, "# TYPE mailproc_last_sweep_timestamp_seconds gauge\n");
    assert_int_equal(stat(path, &facts), 0);
    assert_int_equal(facts.st_mode & 0777, 0644);
    office_free(office);
}

static void
alarm_is_told_once(void **state)
{
    Service *service = service_new("");

    (void)state;
    quarantine_one(service->office);
    service_start(service);
    (void)wait_said(service, "event=alarm.raised alarm=quarantine", 0);
    (void)wait_said(service, "template=catatan-harian result=accepted", 0);
    service_stop(service);
    office_put(service->office, "surat");
    service_start(service);
    (void)wait_said(service, "event=mail.decided", 0);
    (void)wait_said(service, "event=service.started", 0);
    service_stop(service);
    assert_lacks(service->err->str, "alarm.raised");
    service_free(service);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(it_works_and_tells_systemd),
        cmocka_unit_test(child_that_dies_is_replaced),
        {"T-44 each process holds its post only",
         each_process_holds_its_post_only,
         NULL,
         NULL,
         NULL},
        cmocka_unit_test(killed_service_starts_again),
        cmocka_unit_test(reload_takes_only_what_is_right),
        cmocka_unit_test(wrong_configuration_starts_nothing),
        cmocka_unit_test(status_is_for_people_and_programs),
        cmocka_unit_test(alarm_is_told_once),
    };

    return cmocka_run_group_tests_name("run", tests, NULL, NULL);
}

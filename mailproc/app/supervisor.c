/* SPDX-License-Identifier: GPL-3.0-or-later */

/* `run`: starts intake, then delivery, and starts again what dies or falls silent. It reads the
 * configuration only to refuse a wrong one and forgets it; its children are forked before anything
 * is opened, so none finds another's secret in its memory. */

#include "app/digest.h"
#include "app/service-private.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sys/eventfd.h>
#include <sys/prctl.h>
#include <sys/signalfd.h>
#include <sys/wait.h>
#include <syslog.h>
#include <systemd/sd-daemon.h>
#include <unistd.h>

enum {
    STOP_S = 8,          /* of the 10 s that a stop may take */
    START_S = 120,       /* a child that has not said it is ready by then is stuck */
    LONGEST_WAIT_S = 60, /* between two looks at the clock */
    STEADY_S = 60,       /* a child that lived so long has not failed to start */
};

typedef int (*ChildMain)(const MpServicePost *post);

typedef struct {
    const char *name;
    ChildMain main;
    pid_t pid; /* 0 = not running */
    int fd;    /* its beats */
    gboolean is_ready, was_ready;
    gint64 started_us, silent_at_us; /* when its silence is too long */
    gint64 start_at_us;              /* not before */
    guint failures;
} Child;

enum { INTAKE, DELIVERY, N_CHILDREN };

typedef struct {
    MpApp plain; /* for log lines */
    MpGlobalOptions options;
    Child children[N_CHILDREN];
    int signal_fd, wake_fd;
    gboolean is_stopping, is_announced, is_reloading;
    gint64 kill_at_us; /* while stopping */
    gint64 watchdog_us, next_ping_us;
    int exit_code;
} Supervisor;

static gint64
seconds(gint64 n)
{
    return n * G_USEC_PER_SEC;
}

/* --- starting -------------------------------------------------------------------------------- */

static int
open_signals(gboolean for_child)
{
    sigset_t set;

    sigemptyset(&set);
    sigaddset(&set, SIGTERM);
    sigaddset(&set, SIGINT);
    if (!for_child) {
        sigaddset(&set, SIGHUP);
        sigaddset(&set, SIGCHLD);
    }
    if (sigprocmask(SIG_SETMASK, &set, NULL) != 0)
        return -1;
    return signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK);
}

/* A signal of the supervisor's terminal or unit is the supervisor's to pass on. */
static G_GNUC_NORETURN void
be_child(Supervisor *all, Child *child, int beat_fd, pid_t parent)
{
    MpServicePost post = {.options = &all->options, .beat_fd = beat_fd, .wake_fd = all->wake_fd};
    int code;

    (void)prctl(PR_SET_PDEATHSIG, SIGKILL);
    if (getppid() != parent)
        _exit(1);
    (void)prctl(PR_SET_NAME, child->name);
    close(all->signal_fd);
    for (guint i = 0; i < N_CHILDREN; i++)
        if (all->children[i].fd >= 0)
            close(all->children[i].fd);
    (void)setpgid(0, 0);
    (void)signal(SIGHUP, SIG_IGN);
    g_unsetenv("NOTIFY_SOCKET");
    post.signal_fd = open_signals(TRUE);
    code = child->main(&post);
    close(post.signal_fd);
    exit(code);
}

static gboolean
start(Supervisor *all, Child *child)
{
    int ends[2];
    pid_t parent = getpid(), pid;

    if (pipe2(ends, O_CLOEXEC | O_NONBLOCK) != 0)
        return FALSE;
    pid = fork();
    if (pid == 0) {
        close(ends[0]);
        be_child(all, child, ends[1], parent);
    }
    close(ends[1]);
    if (pid < 0) {
        close(ends[0]);
        return FALSE;
    }
    child->pid = pid;
    child->fd = ends[0];
    child->is_ready = FALSE;
    child->started_us = g_get_monotonic_time();
    child->silent_at_us = child->started_us + seconds(START_S);
    return TRUE;
}

static void
put_off(Supervisor *all, Child *child)
{
    guint8 random[4];
    guint32 number;

    all->plain.random->fill(all->plain.random, random, sizeof(random));
    memcpy(&number, random, sizeof(number));
    child->failures++;
    child->start_at_us =
        g_get_monotonic_time() + mp_mailbox_backoff_ms(child->failures, number) * 1000;
}

/* Delivery opens the store that intake has made and brought up to date. */
static void
start_due(Supervisor *all)
{
    for (guint i = 0; i < N_CHILDREN && !all->is_stopping; i++) {
        Child *child = &all->children[i];

        if (child->pid != 0 || g_get_monotonic_time() < child->start_at_us ||
            (i == DELIVERY && !all->children[INTAKE].was_ready))
            continue;
        if (!start(all, child)) {
            mp_app_log(&all->plain,
                       LOG_ERR,
                       "child.start",
                       "child",
                       child->name,
                       "problem",
                       g_strerror(errno),
                       NULL);
            put_off(all, child);
        }
    }
}

/* --- hearing of them -------------------------------------------------------------------------- */

static void
announce(Supervisor *all)
{
    gboolean is_complete = TRUE;

    for (guint i = 0; i < N_CHILDREN; i++)
        is_complete = is_complete && all->children[i].is_ready;
    (void)sd_notifyf(0,
                     "STATUS=intake %s, delivery %s",
                     all->children[INTAKE].is_ready ? "works" : "is starting",
                     all->children[DELIVERY].is_ready ? "works" : "is starting");
    if (!is_complete || all->is_stopping)
        return;
    if (!all->is_announced || all->is_reloading)
        (void)sd_notify(0, "READY=1");
    if (!all->is_announced)
        mp_app_log(&all->plain, LOG_NOTICE, "service.started", NULL);
    if (all->is_reloading)
        mp_app_log(&all->plain, LOG_NOTICE, "reload.done", NULL);
    all->is_announced = TRUE;
    all->is_reloading = FALSE;
}

static void
hear(Supervisor *all, Child *child)
{
    guint32 quiet_s;

    while (read(child->fd, &quiet_s, sizeof(quiet_s)) == (ssize_t)sizeof(quiet_s)) {
        child->silent_at_us = g_get_monotonic_time() + seconds(quiet_s);
        if (child->is_ready)
            continue;
        child->is_ready = child->was_ready = TRUE;
        announce(all);
    }
}

static void
stop(Supervisor *all, int exit_code)
{
    if (all->is_stopping)
        return;
    all->is_stopping = TRUE;
    all->exit_code = exit_code;
    all->kill_at_us = g_get_monotonic_time() + seconds(STOP_S);
    (void)sd_notify(0, "STOPPING=1");
    for (guint i = 0; i < N_CHILDREN; i++)
        if (all->children[i].pid != 0)
            kill(all->children[i].pid, SIGTERM);
}

/* A child that never got ready has said why; starting it again would say the same. */
static void
bury(Supervisor *all, Child *child, int status)
{
    g_autofree char *how = WIFSIGNALED(status)
                               ? g_strdup_printf("killed by signal %d", WTERMSIG(status))
                               : g_strdup_printf("exited with %d", WEXITSTATUS(status));
    gboolean is_wanted = all->is_stopping || all->is_reloading;
    gboolean was_ever_ready = child->was_ready;

    close(child->fd);
    child->fd = -1;
    child->pid = 0;
    child->is_ready = FALSE;
    child->start_at_us = 0;
    if (is_wanted && WIFEXITED(status) && WEXITSTATUS(status) == 0)
        return;
    if (!was_ever_ready && !all->is_stopping) {
        stop(all, WIFEXITED(status) && WEXITSTATUS(status) != 0 ? WEXITSTATUS(status) : 70);
        return;
    }
    mp_app_log(&all->plain, LOG_ERR, "child.ended", "child", child->name, "how", how, NULL);
    if (g_get_monotonic_time() - child->started_us > seconds(STEADY_S))
        child->failures = 0;
    put_off(all, child);
    announce(all);
}

static void
reap(Supervisor *all)
{
    int status = 0;
    pid_t pid;

    while ((pid = waitpid(-1, &status, WNOHANG)) > 0)
        for (guint i = 0; i < N_CHILDREN; i++)
            if (all->children[i].pid == pid) {
                hear(all, &all->children[i]);
                bury(all, &all->children[i], status);
            }
}

/* --- signals ---------------------------------------------------------------------------------- */

/* A configuration that is wrong is refused, and before anything is started. */
static gboolean
check_setup(const Supervisor *all, GError **error)
{
    g_autofree char *path = mp_config_path(all->options.config_option);
    g_autoptr(MpSetup) setup = mp_setup_load(path, MP_SETUP_ALL, error);
    MpClock *clock = mp_app_open_clock();
    gboolean is_right =
        setup != NULL && mp_app_check_years(&all->plain, setup, clock->now_utc(clock), error);

    clock->free(clock);
    return is_right;
}

/* What the files say now is taken when it is right as a whole: the children begin anew with it,
 * each after the mail it has in hand. */
static void
reload(Supervisor *all)
{
    g_autoptr(GError) error = NULL;

    if (!check_setup(all, &error)) {
        mp_app_log(&all->plain, LOG_ERR, "reload.refused", "problem", error->message, NULL);
        return;
    }
    (void)sd_notify(0, "RELOADING=1");
    all->is_reloading = TRUE;
    for (guint i = 0; i < N_CHILDREN; i++)
        if (all->children[i].pid != 0)
            kill(all->children[i].pid, SIGTERM);
}

static void
take_signals(Supervisor *all)
{
    struct signalfd_siginfo info;

    while (read(all->signal_fd, &info, sizeof(info)) == (ssize_t)sizeof(info)) {
        if (info.ssi_signo == SIGCHLD)
            reap(all);
        else if (info.ssi_signo == SIGHUP && !all->is_stopping)
            reload(all);
        else if (info.ssi_signo != SIGHUP)
            stop(all, 0);
    }
}

/* --- time ------------------------------------------------------------------------------------- */

static void
end_silent(Supervisor *all, gint64 now_us)
{
    for (guint i = 0; i < N_CHILDREN; i++) {
        Child *child = &all->children[i];

        if (child->pid == 0)
            continue;
        if (all->is_stopping ? now_us < all->kill_at_us : now_us < child->silent_at_us)
            continue;
        mp_app_log(&all->plain, LOG_ERR, "child.silent", "child", child->name, NULL);
        kill(child->pid, SIGKILL);
        child->silent_at_us = now_us + seconds(START_S);
    }
    /* Once: dying takes a moment, too. */
    if (all->is_stopping && now_us >= all->kill_at_us)
        all->kill_at_us = now_us + seconds(STOP_S);
}

static gint64
next_look_us(const Supervisor *all, gint64 now_us)
{
    gint64 next_us = now_us + seconds(LONGEST_WAIT_S);

    for (guint i = 0; i < N_CHILDREN; i++) {
        const Child *child = &all->children[i];

        if (child->pid != 0)
            next_us = MIN(next_us, child->silent_at_us);
        else if (child->start_at_us != 0)
            next_us = MIN(next_us, child->start_at_us);
    }
    if (all->is_stopping)
        next_us = MIN(next_us, all->kill_at_us);
    if (all->watchdog_us != 0)
        next_us = MIN(next_us, all->next_ping_us);
    return next_us;
}

static void
ping_watchdog(Supervisor *all, gint64 now_us)
{
    if (all->watchdog_us == 0 || now_us < all->next_ping_us)
        return;
    (void)sd_notify(0, "WATCHDOG=1");
    all->next_ping_us = now_us + all->watchdog_us / 2;
}

static gboolean
is_alone(const Supervisor *all)
{
    for (guint i = 0; i < N_CHILDREN; i++)
        if (all->children[i].pid != 0)
            return FALSE;
    return TRUE;
}

static void
watch_over(Supervisor *all)
{
    for (;;) {
        struct pollfd fds[1 + N_CHILDREN] = {{.fd = all->signal_fd, .events = POLLIN}};
        gint64 now_us, wait_us;

        start_due(all);
        if (all->is_stopping && is_alone(all))
            return;
        for (guint i = 0; i < N_CHILDREN; i++)
            fds[1 + i] = (struct pollfd){.fd = all->children[i].fd, .events = POLLIN};
        now_us = g_get_monotonic_time();
        wait_us = MAX(0, next_look_us(all, now_us) - now_us);
        (void)poll(fds, G_N_ELEMENTS(fds), (int)(wait_us / 1000) + 1);
        for (guint i = 0; i < N_CHILDREN; i++)
            if ((fds[1 + i].revents & POLLIN) != 0)
                hear(all, &all->children[i]);
        take_signals(all);
        now_us = g_get_monotonic_time();
        end_silent(all, now_us);
        ping_watchdog(all, now_us);
    }
}

/* --- all of it -------------------------------------------------------------------------------- */

int
mp_supervisor_run(const MpGlobalOptions *options)
{
    Supervisor all = {.options = *options,
                      .children = {{.name = "intake", .main = mp_service_intake, .fd = -1},
                                   {.name = "delivery", .main = mp_service_delivery, .fd = -1}}};
    g_autoptr(GError) error = NULL;
    guint64 watchdog_us = 0;

    all.plain.is_quiet = options->is_quiet;
    all.plain.is_verbose = options->is_verbose;
    if (!check_setup(&all, &error))
        return mp_app_fail(error);
    mp_service_hide_secrets();
    all.plain.random = mp_random_new_real();
    if (sd_watchdog_enabled(0, &watchdog_us) > 0)
        all.watchdog_us = (gint64)watchdog_us;
    all.wake_fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
    all.signal_fd = open_signals(FALSE);
    watch_over(&all);
    mp_app_log(&all.plain, LOG_NOTICE, "service.stopped", NULL);
    close(all.signal_fd);
    close(all.wake_fd);
    all.plain.random->free(all.plain.random);
    return all.exit_code;
}

/* SPDX-License-Identifier: GPL-3.0-or-later */

/* `once` and `run`: the same sweep, once or for ever. */

#include "app/commands.h"

#include <poll.h>
#include <signal.h>
#include <sys/signalfd.h>
#include <syslog.h>
#include <unistd.h>

enum { FIRST_BACKOFF_S = 5, LONGEST_BACKOFF_S = 300 };

static MpApp *
open_for_work(const MpGlobalOptions *options, GError **error)
{
    g_autoptr(MpApp) app = mp_app_open(options, error);

    if (app == NULL)
        return NULL;
    app->store = mp_store_open(mp_config_string(app->setup->config, "store", "dir"), error);
    if (app->store == NULL)
        return NULL;
    app->mailbox = mp_setup_open_mailbox(app->setup, error);
    if (app->mailbox == NULL)
        return NULL;
    app->sender = mp_setup_open_sender(app->setup, error);
    if (app->sender == NULL || !mp_pipeline_recover(app, error))
        return NULL;
    return g_steal_pointer(&app);
}

/* When the last sweep went well, for `status` and the alarms. */
static gboolean
mark_sweep(MpApp *app, GError **error)
{
    g_autofree char *now = g_strdup_printf("%" G_GINT64_FORMAT, app->clock->now_utc(app->clock));

    if (!app->store->begin(app->store, error))
        return FALSE;
    if (!app->store->mark_set(app->store, "last-sweep", now, error) ||
        !app->store->commit(app->store, error)) {
        app->store->rollback(app->store);
        return FALSE;
    }
    return TRUE;
}

static gboolean
sweep(MpApp *app, GError **error)
{
    return mp_pipeline_sweep(app, error) && mark_sweep(app, error);
}

int
mp_command_once(const MpGlobalOptions *options, int argc, char **argv)
{
    const GOptionEntry entries[] = {G_OPTION_ENTRY_NULL};
    g_autoptr(GError) error = NULL;
    g_autoptr(MpApp) app = NULL;
    int code = 0;

    if (!mp_app_parse(mp_command_row("once"), entries, &argc, &argv, &code))
        return code;
    app = open_for_work(options, &error);
    if (app == NULL || !sweep(app, &error))
        return mp_app_fail(error);
    if (!options->is_quiet)
        g_print("taken %u, decided %u, sent %u\n", app->n_taken, app->n_decided, app->n_sent);
    return 0;
}

/* --- run
 * -----------------------------------------------------------------------------------------------
 */

static int
block_signals(void)
{
    sigset_t set;

    sigemptyset(&set);
    sigaddset(&set, SIGTERM);
    sigaddset(&set, SIGINT);
    sigaddset(&set, SIGHUP);
    if (sigprocmask(SIG_BLOCK, &set, NULL) != 0)
        return -1;
    return signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK);
}

/* The signal that waits, or 0. */
static int
take_signal(int fd)
{
    struct signalfd_siginfo info;

    return read(fd, &info, sizeof(info)) == (ssize_t)sizeof(info) ? (int)info.ssi_signo : 0;
}

/* New rules, templates and procedures, taken only when they are right. */
static void
reload(MpApp *app)
{
    g_autoptr(GError) error = NULL;
    MpSetup *fresh = mp_setup_load(app->setup->config_path, MP_SETUP_ALL, &error);

    if (fresh == NULL) {
        mp_app_log(app, LOG_ERR, "reload.refused", "problem", error->message, NULL);
        return;
    }
    mp_reader_free(app->reader);
    app->reader = mp_reader_new(fresh->config_path,
                                mp_config_duration(fresh->config, "limits", "reader_wall") * 1000);
    mp_setup_free(app->setup);
    app->setup = fresh;
    mp_app_log(app, LOG_NOTICE, "reload.done", NULL);
}

static gint64
wait_ms(MpApp *app)
{
    gint64 now_utc = app->clock->now_utc(app->clock);
    gint64 next = now_utc + mp_config_duration(app->setup->config, "mailbox", "poll_interval") *
                                G_USEC_PER_SEC;
    gint64 others[] = {app->store->timer_next(app->store), app->store->outbox_next(app->store)};

    for (gsize i = 0; i < G_N_ELEMENTS(others); i++)
        if (others[i] != 0)
            next = MIN(next, others[i]);
    return MAX(200, (next - now_utc) / 1000);
}

static void
sleep_s(int signal_fd, gint64 seconds)
{
    struct pollfd one = {.fd = signal_fd, .events = POLLIN};

    (void)poll(&one, 1, (int)(seconds * 1000));
}

static gint64
back_off(gint64 before_s)
{
    return before_s == 0 ? FIRST_BACKOFF_S : MIN(before_s * 2, LONGEST_BACKOFF_S);
}

static gboolean
wait_for_work(MpApp *app, int signal_fd, gint64 *backoff_s)
{
    g_autoptr(GError) error = NULL;
    gboolean changed = FALSE;

    if (app->mailbox->wait(app->mailbox, wait_ms(app), signal_fd, &changed, &error)) {
        *backoff_s = 0;
        return TRUE;
    }
    *backoff_s = back_off(*backoff_s);
    mp_app_log(app, LOG_WARNING, "mailbox.lost", "problem", error->message, NULL);
    sleep_s(signal_fd, *backoff_s);
    return FALSE;
}

static int
run_loop(MpApp *app, int signal_fd)
{
    gint64 backoff_s = 0;

    for (;;) {
        g_autoptr(GError) error = NULL;
        int signal_number;

        if (!sweep(app, &error)) {
            mp_app_log(app, LOG_ERR, "sweep.failed", "problem", error->message, NULL);
            backoff_s = back_off(backoff_s);
            sleep_s(signal_fd, backoff_s);
        } else {
            (void)wait_for_work(app, signal_fd, &backoff_s);
        }
        signal_number = take_signal(signal_fd);
        if (signal_number == SIGHUP)
            reload(app);
        else if (signal_number != 0)
            return 0;
    }
}

int
mp_command_run(const MpGlobalOptions *options, int argc, char **argv)
{
    const GOptionEntry entries[] = {G_OPTION_ENTRY_NULL};
    g_autoptr(GError) error = NULL;
    g_autoptr(MpApp) app = NULL;
    int code = 0, signal_fd;

    if (!mp_app_parse(mp_command_row("run"), entries, &argc, &argv, &code))
        return code;
    signal_fd = block_signals();
    app = open_for_work(options, &error);
    if (app == NULL)
        return mp_app_fail(error);
    mp_app_log(app, LOG_NOTICE, "service.started", "mailbox", app->mailbox->name, NULL);
    code = run_loop(app, signal_fd);
    mp_app_log(app, LOG_NOTICE, "service.stopped", NULL);
    close(signal_fd);
    return code;
}

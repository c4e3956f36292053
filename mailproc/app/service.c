/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The two working processes of `run`. Intake has the mailbox's secret, the store and the reader;
 * delivery has the sender's secret and the outbox's rows. Neither parses a mail. What one commits
 * the other finds in the store; the eventfd only saves it the wait. */

#include "app/digest.h"
#include "app/evaluation.h"
#include "app/service-private.h"
#include "app/watch.h"

#include <poll.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <syslog.h>
#include <unistd.h>

enum {
    FIRST_BACKOFF_S = 5,
    LONGEST_BACKOFF_S = 300,
    WATCH_S = 60,  /* between two looks at how the service does */
    LOOK_S = 5,    /* delivery looks for what an operator released */
    QUIET_S = 900, /* longest silence while at work */
};

static int beat_fd = -1;
static gint64 usual_quiet_s = QUIET_S;

void
mp_service_beat(gint64 quiet_s)
{
    guint32 seconds = (guint32)(quiet_s > 0 ? quiet_s + usual_quiet_s : usual_quiet_s);

    /* A full pipe means that the supervisor has beats enough to read. */
    if (beat_fd >= 0)
        (void)!write(beat_fd, &seconds, sizeof(seconds));
}

gboolean
mp_service_is_stopping(void)
{
    sigset_t waiting;

    if (beat_fd < 0 || sigpending(&waiting) != 0)
        return FALSE;
    return sigismember(&waiting, SIGTERM) == 1 || sigismember(&waiting, SIGINT) == 1;
}

void
mp_service_hide_secrets(void)
{
    const struct rlimit none = {0, 0};

    (void)setrlimit(RLIMIT_CORE, &none);
#ifndef __SANITIZE_ADDRESS__
    (void)prctl(PR_SET_DUMPABLE, 0); /* LSan looks into its own process from outside */
#endif
}

/* --- what both do ----------------------------------------------------------------------------- */

static MpApp *
open_post(const MpServicePost *post, GError **error)
{
    MpApp *app;

    mp_service_hide_secrets();
    app = mp_app_open(post->options, error);
    if (app == NULL)
        return NULL;
    usual_quiet_s = MAX(QUIET_S, /* some commands of a slow server in a row */
                        3 * mp_config_duration(app->setup->config, "mailbox", "command_timeout"));
    return app;
}

static void
begin_beats(const MpServicePost *post)
{
    beat_fd = post->beat_fd;
    mp_ports_cancel_on(post->signal_fd);
    mp_service_beat(0);
}

/* Sleeps; TRUE when the signal to end came. */
static gboolean
sleep_ms(const MpServicePost *post, int wake_fd, gint64 ms)
{
    struct pollfd fds[] = {{.fd = post->signal_fd, .events = POLLIN},
                           {.fd = wake_fd, .events = POLLIN}};
    guint64 count;

    mp_service_beat(ms / 1000);
    (void)poll(fds, G_N_ELEMENTS(fds), (int)ms);
    mp_service_beat(0);
    if (wake_fd >= 0)
        (void)!read(wake_fd, &count, sizeof(count));
    return (fds[0].revents & POLLIN) != 0;
}

static gint64
back_off(gint64 before_s)
{
    return before_s == 0 ? FIRST_BACKOFF_S : MIN(before_s * 2, LONGEST_BACKOFF_S);
}

gboolean
mp_service_mark_sweep(MpApp *app, GError **error)
{
    g_autofree char *now = g_strdup_printf("%" G_GINT64_FORMAT, app->clock->now_utc(app->clock));

    if (!mp_watch_mark_servers(app, error) || !app->store->begin(app->store, error))
        return FALSE;
    if (!app->store->mark_set(app->store, "last-sweep", now, error) ||
        !app->store->commit(app->store, error)) {
        app->store->rollback(app->store);
        return FALSE;
    }
    return TRUE;
}

/* A store whose disk failed is not used again: the supervisor starts the process anew, and that
 * opens the store and reads it whole. */
static gboolean
is_store_lost(MpApp *app)
{
    if (!mp_store_is_broken(app->store))
        return FALSE;
    mp_app_log(app, LOG_CRIT, "store.lost", "problem", "the disk failed: opened anew", NULL);
    return TRUE;
}

/* --- intake ----------------------------------------------------------------------------------- */

static MpApp *
open_intake(const MpServicePost *post, GError **error)
{
    g_autoptr(MpApp) app = open_post(post, error);

    if (app == NULL)
        return NULL;
    app->store = mp_store_open(mp_config_string(app->setup->config, "store", "dir"), error);
    if (app->store == NULL)
        return NULL;
    app->mailbox = mp_setup_open_mailbox(app->setup, error);
    return app->mailbox == NULL ? NULL : g_steal_pointer(&app);
}

static gint64
intake_wait_ms(MpApp *app)
{
    gint64 now_utc = app->clock->now_utc(app->clock);
    gint64 next = now_utc + mp_config_duration(app->setup->config, "mailbox", "poll_interval") *
                                G_USEC_PER_SEC;
    const gint64 others[] = {
        app->store->timer_next(app->store), mp_digest_next(app), mp_evaluation_next(app)};

    for (gsize i = 0; i < G_N_ELEMENTS(others); i++)
        if (others[i] != 0)
            next = MIN(next, others[i]);
    return MAX(200, (next - now_utc) / 1000);
}

static gboolean
wait_for_mail(MpApp *app, const MpServicePost *post, GError **error)
{
    gint64 ms = intake_wait_ms(app);
    gboolean changed = FALSE, is_well;

    mp_service_beat(ms / 1000);
    is_well = app->mailbox->wait(app->mailbox, ms, post->signal_fd, &changed, error);
    mp_service_beat(0);
    return is_well;
}

static void
wake_delivery(const MpServicePost *post)
{
    const guint64 one = 1;

    (void)!write(post->wake_fd, &one, sizeof(one));
}

int
mp_service_intake(const MpServicePost *post)
{
    g_autoptr(GError) open_error = NULL;
    g_autoptr(MpApp) app = open_intake(post, &open_error);
    gint64 backoff_s = 0;

    if (app == NULL)
        return mp_app_fail(open_error);
    begin_beats(post);
    while (!mp_service_is_stopping()) {
        g_autoptr(GError) error = NULL;
        gboolean is_well = mp_pipeline_sweep(app, &error) && mp_service_mark_sweep(app, &error);

        wake_delivery(post);
        if (mp_service_is_stopping())
            break;
        if (is_well && wait_for_mail(app, post, &error)) {
            backoff_s = 0;
            continue;
        }
        backoff_s = back_off(backoff_s);
        mp_app_log(app, LOG_ERR, "sweep.failed", "problem", error->message, NULL);
        if (is_store_lost(app))
            return mp_error_exit(MP_ERROR_STORAGE);
        if (sleep_ms(post, -1, backoff_s * 1000))
            break;
    }
    return 0;
}

/* --- delivery --------------------------------------------------------------------------------- */

static MpApp *
open_delivery(const MpServicePost *post, GError **error)
{
    g_autoptr(MpApp) app = open_post(post, error);

    if (app == NULL)
        return NULL;
    app->store = mp_store_open_shared(mp_config_string(app->setup->config, "store", "dir"), error);
    if (app->store == NULL)
        return NULL;
    app->sender = mp_setup_open_sender(app->setup, error);
    if (app->sender == NULL || !mp_pipeline_recover(app, error))
        return NULL;
    return g_steal_pointer(&app);
}

static gint64
delivery_wait_ms(MpApp *app)
{
    gint64 now_utc = app->clock->now_utc(app->clock), next = app->store->outbox_next(app->store);
    gint64 left_ms = next == 0 ? LOOK_S * 1000 : (next - now_utc) / 1000;

    return CLAMP(left_ms, 50, LOOK_S * 1000);
}

/* What cannot be told now is told later; nothing else waits for it. */
static void
watch(MpApp *app, gint64 started_utc, gint64 *next_us)
{
    g_autoptr(GError) error = NULL;

    if (g_get_monotonic_time() < *next_us)
        return;
    *next_us = g_get_monotonic_time() + WATCH_S * G_USEC_PER_SEC;
    if (!mp_watch_look(app, started_utc, &error))
        mp_app_log(app, LOG_ERR, "watch.failed", "problem", error->message, NULL);
}

int
mp_service_delivery(const MpServicePost *post)
{
    g_autoptr(GError) open_error = NULL;
    g_autoptr(MpApp) app = open_delivery(post, &open_error);
    gint64 backoff_s = 0, started_utc, next_watch_us = 0;

    if (app == NULL)
        return mp_app_fail(open_error);
    started_utc = app->clock->now_utc(app->clock);
    begin_beats(post);
    while (!mp_service_is_stopping()) {
        g_autoptr(GError) error = NULL;

        watch(app, started_utc, &next_watch_us);
        if (mp_pipeline_deliver(app, &error) && mp_watch_mark_servers(app, &error)) {
            backoff_s = 0;
            if (!mp_service_is_stopping())
                (void)sleep_ms(post, post->wake_fd, delivery_wait_ms(app));
            continue;
        }
        backoff_s = back_off(backoff_s);
        mp_app_log(app, LOG_ERR, "delivery.failed", "problem", error->message, NULL);
        if (is_store_lost(app))
            return mp_error_exit(MP_ERROR_STORAGE);
        (void)sleep_ms(post, -1, backoff_s * 1000);
    }
    return 0;
}

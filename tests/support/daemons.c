/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Starting and ending the town's servers. The traps that shaped this file: Postfix refuses to trust
 * a main.cf younger than two seconds (so it is back-dated), a stale run/ makes Dovecot's logins
 * wait five seconds (so it is removed before each start), and unix socket paths must stay below
 * 108 bytes (so the directory name is short). */

#include "support/daemons-private.h"

#include <errno.h>
#include <fcntl.h>
#include <gio/gio.h>
#include <glib/gstdio.h>
#include <grp.h>
#include <netinet/in.h>
#include <pwd.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>
#include <utime.h>

#define START_LIMIT_US (15 * G_USEC_PER_SEC)
#define POLL_US 20000
#define POSTFIX_MASTER "/usr/lib/postfix/sbin/master"

gboolean
mp_town_fail(GError **error, const char *format, ...)
{
    va_list args;

    va_start(args, format);
    g_autofree char *text = g_strdup_vprintf(format, args);
    va_end(args);
    g_set_error(error, G_IO_ERROR, G_IO_ERROR_FAILED, "town: %s", text);
    return FALSE;
}

/* --- ports ------------------------------------------------------------------------------------ */

static int
loopback_socket(guint16 port, struct sockaddr_in *address_out)
{
    *address_out = (struct sockaddr_in){
        .sin_family = AF_INET,
        .sin_port = htons(port),
        .sin_addr.s_addr = htonl(INADDR_LOOPBACK),
    };
    return socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
}

/* Binds `n` ports at the same time, so that they differ, then lets go of them. */
static void
free_ports(guint16 *ports, guint n)
{
    g_autofree int *fds = g_new(int, n);

    for (guint i = 0; i < n; i++) {
        struct sockaddr_in address;
        socklen_t length = sizeof address;

        fds[i] = loopback_socket(0, &address);
        g_assert_cmpint(bind(fds[i], (struct sockaddr *)&address, sizeof address), ==, 0);
        g_assert_cmpint(getsockname(fds[i], (struct sockaddr *)&address, &length), ==, 0);
        ports[i] = ntohs(address.sin_port);
    }
    for (guint i = 0; i < n; i++)
        close(fds[i]);
}

guint16
mp_town_free_port(void)
{
    guint16 port;

    free_ports(&port, 1);
    return port;
}

int
mp_town_connect(guint16 port)
{
    struct sockaddr_in address;
    struct timeval limit = {.tv_sec = 10};
    int fd = loopback_socket(port, &address);

    if (connect(fd, (struct sockaddr *)&address, sizeof address) != 0) {
        close(fd);
        return -1;
    }
    setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof limit);
    setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &limit, sizeof limit);
    return fd;
}

/* TRUE when a server on `port` sends its greeting. */
static gboolean
greets(guint16 port)
{
    char byte;
    int fd = mp_town_connect(port);

    if (fd < 0)
        return FALSE;
    gboolean got = recv(fd, &byte, 1, 0) == 1;

    close(fd);
    return got;
}

/* --- files ------------------------------------------------------------------------------------ */

void
mp_town_remove_tree(const char *dir)
{
    g_autoptr(GDir) listing = g_dir_open(dir, 0, NULL);
    const char *name;

    while (listing != NULL && (name = g_dir_read_name(listing)) != NULL) {
        g_autofree char *path = g_build_filename(dir, name, NULL);

        if (g_file_test(path, G_FILE_TEST_IS_DIR) && !g_file_test(path, G_FILE_TEST_IS_SYMLINK))
            mp_town_remove_tree(path);
        else
            unlink(path);
    }
    rmdir(dir);
}

static gboolean
make_dir(const char *dir, const char *name, mode_t mode, uid_t uid, gid_t gid)
{
    g_autofree char *path = g_build_filename(dir, name, NULL);

    return g_mkdir_with_parents(path, 0755) == 0 && chown(path, uid, gid) == 0 &&
           chmod(path, mode) == 0;
}

/* Writes `text` with each @word@ replaced by the town's value. */
static gboolean
write_config(const MpTown *town, const char *name, const char *text, GError **error)
{
    const struct {
        const char *word;
        guint16 port;
    } ports[] = {
        {"@imap@", town->imap_port},
        {"@imaps@", town->imaps_port},
        {"@lmtp@", town->lmtp_port},
        {"@auth@", town->auth_port},
        {"@mx@", town->mx_port},
        {"@submission@", town->submission_port},
        {"@smtps@", town->smtps_port},
    };

    g_autoptr(GString) out = g_string_new(text);
    g_autofree char *path = g_build_filename(town->dir, name, NULL);
    struct utimbuf past = {.actime = 1700000000, .modtime = 1700000000};

    g_string_replace(out, "@dir@", town->dir, 0);
    g_string_replace(out, "@password@", MP_TOWN_PASSWORD, 0);
    g_string_replace(out, "@host@", MP_TOWN_MX, 0);
    for (guint i = 0; i < G_N_ELEMENTS(ports); i++) {
        g_autofree char *number = g_strdup_printf("%u", ports[i].port);

        g_string_replace(out, ports[i].word, number, 0);
    }
    if (!g_file_set_contents(path, out->str, (gssize)out->len, error))
        return FALSE;
    utime(path, &past);
    return TRUE;
}

/* --- processes -------------------------------------------------------------------------------- */

/* Own session; ends with the test program even when that is killed; output into DIR/log/NAME. */
static GPid
start_process(const MpTown *town, const char *name, const char *const *argv)
{
    g_autofree char *log_path = g_strdup_printf("%s/log/%s.out", town->dir, name);
    g_autofree char *config = g_strdup_printf("%s/postfix", town->dir);
    int in = open("/dev/null", O_RDONLY | O_CLOEXEC);
    int out = open(log_path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0644);
    GPid pid = fork();

    if (pid == 0) {
        prctl(PR_SET_PDEATHSIG, SIGTERM);
        setsid();
        dup2(in, 0);
        dup2(out, 1);
        dup2(out, 2);
        setenv("MAIL_CONFIG", config, 1);
        /* Dovecot and Postfix must not see the test's time zone or sanitizer settings. */
        unsetenv("ASAN_OPTIONS");
        unsetenv("TZ");
        execv(argv[0], (char *const *)argv);
        _exit(127);
    }
    close(in);
    close(out);
    return pid;
}

static gboolean
has_ended(GPid pid, gint64 limit_us)
{
    gint64 end = g_get_monotonic_time() + limit_us;

    do {
        pid_t got = waitpid(pid, NULL, WNOHANG);

        if (got == pid || (got < 0 && errno == ECHILD))
            return TRUE;
        g_usleep(5000);
    } while (g_get_monotonic_time() < end);
    return FALSE;
}

static void
end_process(GPid *pid)
{
    if (*pid <= 0)
        return;
    kill(*pid, SIGTERM);
    if (!has_ended(*pid, 10 * G_USEC_PER_SEC)) {
        kill(-*pid, SIGKILL); /* the whole session */
        has_ended(*pid, 5 * G_USEC_PER_SEC);
    }
    /* What the server left behind comes to us (PR_SET_CHILD_SUBREAPER) and is reaped here. */
    while (waitpid(-*pid, NULL, WNOHANG) > 0)
        continue;
    *pid = 0;
}

/* The tail of the servers' logs, for the message of a start that did not work. */
static char *
log_tail(const MpTown *town, const char *name)
{
    g_autofree char *path = g_strdup_printf("%s/log/%s", town->dir, name);
    g_autofree char *text = NULL;
    gsize length = 0;

    if (!g_file_get_contents(path, &text, &length, NULL))
        return g_strdup("");
    return g_strdup(length > 1500 ? text + length - 1500 : text);
}

static gboolean
wait_for(MpTown *town, GPid *pid, const char *name, const guint16 *ports, guint n, GError **error)
{
    gint64 end = g_get_monotonic_time() + START_LIMIT_US;

    for (guint i = 0; i < n; i++) {
        while (!greets(ports[i])) {
            gboolean is_dead = has_ended(*pid, 0);

            if (is_dead || g_get_monotonic_time() > end) {
                g_autofree char *log_name = g_strconcat(name, ".log", NULL);
                g_autofree char *out_name = g_strconcat(name, ".out", NULL);
                g_autofree char *log = log_tail(town, log_name);
                g_autofree char *out = log_tail(town, out_name);

                if (is_dead)
                    *pid = 0;
                return mp_town_fail(error,
                                    "%s %s (port %u): %s%s",
                                    name,
                                    is_dead ? "ended at once" : "does not greet",
                                    ports[i],
                                    out,
                                    log);
            }
            g_usleep(POLL_US);
        }
    }
    return TRUE;
}

/* --- Dovecot ---------------------------------------------------------------------------------- */

gboolean
mp_town_start_dovecot(MpTown *town, GError **error)
{
    g_autofree char *config = g_build_filename(town->dir, "dovecot.conf", NULL);
    g_autofree char *run = g_build_filename(town->dir, "run", NULL);
    const char *const argv[] = {"/usr/sbin/dovecot", "-F", "-c", config, NULL};
    const guint16 ports[] = {town->imap_port, town->lmtp_port};

    mp_town_remove_tree(run);
    town->dovecot = start_process(town, "dovecot", argv);
    return wait_for(town, &town->dovecot, "dovecot", ports, G_N_ELEMENTS(ports), error);
}

gboolean
mp_town_stop_dovecot(MpTown *town, GError **error)
{
    if (town->dovecot == 0)
        return mp_town_fail(error, "dovecot is not running");
    end_process(&town->dovecot);
    return TRUE;
}

gboolean
mp_town_restart_dovecot(MpTown *town, GError **error)
{
    return mp_town_stop_dovecot(town, error) && mp_town_start_dovecot(town, error);
}

/* --- Postfix ---------------------------------------------------------------------------------- */

static gboolean
make_queue(const MpTown *town, GError **error)
{
    const char *const own[] = {"active",
                               "bounce",
                               "corrupt",
                               "defer",
                               "deferred",
                               "flush",
                               "hold",
                               "incoming",
                               "private",
                               "saved",
                               "trace",
                               NULL};
    const struct passwd *postfix = getpwnam("postfix");
    const struct group *postdrop = getgrnam("postdrop");
    g_autofree char *queue = g_build_filename(town->dir, "queue", NULL);
    gboolean done = postfix != NULL && postdrop != NULL;

    if (!done)
        return mp_town_fail(error, "postfix is not installed (no user postfix)");
    uid_t uid = postfix->pw_uid;

    done = make_dir(town->dir, "queue", 0755, 0, 0) && make_dir(queue, "pid", 0755, 0, 0) &&
           make_dir(town->dir, "data", 0755, uid, 0) &&
           make_dir(queue, "public", 02710, uid, postdrop->gr_gid) &&
           make_dir(queue, "maildrop", 01730, uid, postdrop->gr_gid);
    for (guint i = 0; done && own[i] != NULL; i++)
        done = make_dir(queue, own[i], 0700, uid, 0);
    return done ? TRUE : mp_town_fail(error, "%s: %s", queue, g_strerror(errno));
}

static gboolean
write_postfix(const MpTown *town, GError **error)
{
    return make_dir(town->dir, "postfix", 0755, 0, 0) &&
           write_config(town, "postfix/main.cf", mp_town_postfix_main, error) &&
           write_config(town, "postfix/master.cf", mp_town_postfix_master, error) &&
           write_config(
               town, "postfix/domains", "/(^|\\.)go\\.id$/ OK\n/\\.example$/ OK\n", error) &&
           write_config(town, "postfix/mailboxes", "!/^tidak-ada/ OK\n", error) &&
           write_config(town, "postfix/transport", "/^mati[^@]*@/ closed:\n", error) &&
           write_config(town, "postfix/access", "/^sibuk/ 450 4.2.1 sibuk, coba lagi\n", error) &&
           make_queue(town, error);
}

gboolean
mp_town_start_postfix(MpTown *town, GError **error)
{
    g_autofree char *config = g_build_filename(town->dir, "postfix", NULL);
    const char *const argv[] = {POSTFIX_MASTER, "-c", config, "-d", NULL};
    const guint16 ports[] = {town->mx_port, town->submission_port};

    town->postfix = start_process(town, "postfix", argv);
    return wait_for(town, &town->postfix, "postfix", ports, G_N_ELEMENTS(ports), error);
}

gboolean
mp_town_stop_postfix(MpTown *town, GError **error)
{
    if (town->postfix == 0)
        return mp_town_fail(error, "postfix is not running");
    end_process(&town->postfix);
    return TRUE;
}

/* --- the town --------------------------------------------------------------------------------- */

static gboolean
write_dovecot(const MpTown *town, GError **error)
{
    const char *limit = town->flags & MP_TOWN_NO_MOVE
                            ? "imap_capability = IMAP4rev1 SASL-IR ID ENABLE IDLE NAMESPACE "
                              "LITERAL+ UIDPLUS\n"
                            : "";
    g_autofree char *text = g_strconcat(mp_town_dovecot_conf, limit, NULL);
    const struct passwd *nobody = getpwnam("nobody");

    return make_dir(town->dir, "mail", 0755, nobody->pw_uid, nobody->pw_gid) &&
           write_config(town, "dovecot.conf", text, error);
}

static gboolean
set_up(MpTown *town, GError **error)
{
    guint16 ports[7];

    free_ports(ports, G_N_ELEMENTS(ports));
    town->imap_port = ports[0];
    town->imaps_port = ports[1];
    town->lmtp_port = ports[2];
    town->auth_port = ports[3];
    town->mx_port = ports[4];
    town->submission_port = ports[5];
    town->smtps_port = ports[6];
    if (geteuid() != 0)
        return mp_town_fail(error, "the mail servers of the tests need root");
    if (!make_dir(town->dir, "log", 01777, 0, 0) || !mp_certs_make(town->dir, error))
        return FALSE;
    if ((town->flags & MP_TOWN_DOVECOT) &&
        (!write_dovecot(town, error) || !mp_town_start_dovecot(town, error)))
        return FALSE;
    return !(town->flags & MP_TOWN_POSTFIX) ||
           (write_postfix(town, error) && mp_town_start_postfix(town, error));
}

MpTown *
mp_town_start(MpTownFlags flags, GError **error)
{
    g_autoptr(MpTown) town = g_new0(MpTown, 1);

    signal(SIGPIPE, SIG_IGN);
    prctl(PR_SET_CHILD_SUBREAPER, 1);
    town->flags = flags;
    town->dir = g_strdup("/tmp/mpt-XXXXXX");
    if (g_mkdtemp(town->dir) == NULL) {
        mp_town_fail(error, "%s: %s", town->dir, g_strerror(errno));
        return NULL;
    }
    chmod(town->dir, 0755);
    town->ca_file = g_build_filename(town->dir, "ca.pem", NULL);
    town->other_ca_file = g_build_filename(town->dir, "other-ca.pem", NULL);
    if (!set_up(town, error))
        return NULL;
    return g_steal_pointer(&town);
}

void
mp_town_stop(MpTown *town)
{
    if (town == NULL)
        return;
    end_process(&town->postfix);
    end_process(&town->dovecot);
    if (g_getenv("MP_TOWN_KEEP") == NULL)
        mp_town_remove_tree(town->dir);
    g_free(town->dir);
    g_free(town->ca_file);
    g_free(town->other_ca_file);
    g_free(town);
}

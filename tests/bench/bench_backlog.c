/* SPDX-License-Identifier: GPL-3.0-or-later */

/* F-18: the service after a holiday. So many mails wait in a private Dovecot when `run` starts, and
 * an official writes a command every second while it works through them. Usage: bench_backlog
 * MAILS.
 *
 * Lines: "backlog n ns/op peakRSS" (all processes of the service together) and "# …": mails a
 * second, commands, the longest and the 99th of a hundred waits of a command, each from the second
 * it arrived to its decision. */

#include "bench/mails.h"

#include "support/daemons.h"

#include <fcntl.h>
#include <glib/gstdio.h>
#include <inttypes.h>
#include <signal.h>
#include <sqlite3.h>
#include <sys/wait.h>
#include <unistd.h>

#define LETTER_BYTES (10 * 1024)
#define USER "timbunan@contohkab.go.id"
#define OFFICIAL "kadis@diskominfo.contohkab.go.id"
#define LOOK_US (1 * G_USEC_PER_SEC)
#define BUSY_MS 10000

static GError *why;
static MpTown *town;
static pid_t service;

/* Also when a check ended the program: nothing may outlive it. */
static void
stop_all(void)
{
    if (service > 0) {
        (void)kill(service, SIGTERM);
        (void)waitpid(service, NULL, 0);
    }
    g_clear_pointer(&town, mp_town_stop);
}

/* --- the mailbox --- */

static void
fill(guint n)
{
    for (guint i = 0; i < n; i++) {
        gsize length = 0;
        g_autofree char *mail = mp_bench_mail(i, LETTER_BYTES, MP_BENCH_PLAIN, &length);
        g_autofree char *sender = mp_bench_sender(i);

        mp_bench_check(
            mp_town_send(town, MP_TOWN_VIA_LMTP, sender, USER, mail, (gssize)length, &why), why);
    }
}

static void
command(guint n)
{
    g_autofree char *mail = g_strdup_printf(
        "Received: from x by mx.contohkab.go.id with ESMTPS\r\n"
        "Authentication-Results: mx.contohkab.go.id; dmarc=pass header.from=contohkab.go.id\r\n"
        "From: <" OFFICIAL ">\r\nTo: <sertifikat@diskominfo.contohkab.go.id>\r\n"
        "Subject: DAFTAR\r\nMessage-ID: <perintah-%u@contohkab.go.id>\r\n\r\nDAFTAR\r\n",
        n);

    mp_bench_check(mp_town_send(town, MP_TOWN_VIA_LMTP, OFFICIAL, USER, mail, -1, &why), why);
}

/* --- the service --- */

static char *
write_config(void)
{
    char *path = g_build_filename(town->dir, "mailproc.conf", NULL);
    g_autofree char *secret = g_build_filename(town->dir, "secret", NULL);
    g_autofree char *letters = NULL;
    g_autofree char *text = NULL;
    const char *rest;

    mp_bench_check(g_file_get_contents(
                       MP_SOURCE_DIR "/tests/data/letters/mailproc.conf", &letters, NULL, &why),
                   why);
    rest = strstr(letters, "[trust]");
    mp_bench_check(rest != NULL, NULL);
    text = g_strdup_printf("[office]\nname = Dinas Komunikasi dan Informatika Kabupaten Contoh\n"
                           "address = sertifikat@diskominfo.contohkab.go.id\n"
                           "trusted_domains = contohkab.go.id\n"
                           "rules_dir = " MP_SOURCE_DIR "/rules\n"
                           "templates_dir = " MP_SOURCE_DIR "/templates\n"
                           "[mailbox]\nurl = imaps://" MP_TOWN_HOST ":%u/INBOX\nuser = " USER "\n"
                           "password_file = %s\nca_file = %s\n"
                           "[sender]\nurl = maildir:%s/out\n[store]\ndir = %s/store\n%s",
                           town->imaps_port,
                           secret,
                           town->ca_file,
                           town->dir,
                           town->dir,
                           rest);
    mp_bench_check(g_file_set_contents_full(
                       secret, MP_TOWN_PASSWORD "\n", -1, G_FILE_SET_CONTENTS_NONE, 0600, &why),
                   why);
    mp_bench_check(g_file_set_contents(path, text, -1, &why), why);
    return path;
}

static void
start(const char *config)
{
    const char *set = g_getenv("MP_BENCH_PROGRAM");
    const char *const argv[] = {
        set != NULL ? set : MP_PROGRAM, "--quiet", "--config", config, "run", NULL};
    g_autofree char *log = g_build_filename(town->dir, "run.log", NULL);

    service = fork();
    if (service == 0) {
        int fd = open(log, O_WRONLY | O_CREAT | O_TRUNC, 0600);

        (void)dup2(fd, STDOUT_FILENO);
        (void)dup2(fd, STDERR_FILENO);
        execvp(argv[0], (char *const *)argv);
        _exit(127);
    }
    mp_bench_check(service > 0, NULL);
}

static guint
peak_of(pid_t pid)
{
    g_autofree char *path = g_strdup_printf("/proc/%d/status", (int)pid);
    g_autofree char *text = NULL;
    const char *line;

    if (!g_file_get_contents(path, &text, NULL, NULL))
        return 0;
    line = strstr(text, "VmHWM:");
    return line == NULL ? 0 : (guint)g_ascii_strtoull(line + strlen("VmHWM:"), NULL, 10);
}

/* A process and all below it. */
static guint
peak_of_tree(pid_t pid)
{
    g_autofree char *path = g_strdup_printf("/proc/%d/task/%d/children", (int)pid, (int)pid);
    g_autofree char *text = NULL;
    guint kib = peak_of(pid);

    if (!g_file_get_contents(path, &text, NULL, NULL))
        return kib;
    g_auto(GStrv) children = g_strsplit(g_strchomp(text), " ", -1);

    for (gsize i = 0; children[i] != NULL && children[i][0] != '\0'; i++)
        kib += peak_of_tree((pid_t)g_ascii_strtoll(children[i], NULL, 10));
    return kib;
}

/* The first number that the question gives; 0 also before there is a store. */
static gint64
ask(const char *sql)
{
    g_autofree char *path = g_build_filename(town->dir, "store", "mailproc.sqlite", NULL);
    sqlite3 *db = NULL;
    sqlite3_stmt *statement = NULL;
    gint64 value = 0;

    if (sqlite3_open_v2(path, &db, SQLITE_OPEN_READONLY, NULL) == SQLITE_OK) {
        (void)sqlite3_busy_timeout(db, BUSY_MS);
        if (sqlite3_prepare_v2(db, sql, -1, &statement, NULL) == SQLITE_OK &&
            sqlite3_step(statement) == SQLITE_ROW)
            value = sqlite3_column_int64(statement, 0);
        (void)sqlite3_finalize(statement);
    }
    (void)sqlite3_close(db);
    return value;
}

/* --- the measure --- */

#define DECIDED "SELECT count(*) FROM ledger WHERE state <> 'taken' AND sender "
#define WAITS                                                                                      \
    "SELECT (done_utc - arrived_utc) / 1000 FROM ledger WHERE sender = '" OFFICIAL                 \
    "' ORDER BY 1 DESC LIMIT 1 OFFSET "

static void
measure(guint n)
{
    g_autofree char *config = write_config();
    gint64 begun_us = g_get_monotonic_time(), spent_us;
    guint n_commands = 0, kib = 0;
    g_autofree char *late = NULL;

    start(config);
    while (ask(DECIDED "<> '" OFFICIAL "'") < (gint64)n) {
        command(++n_commands);
        kib = MAX(kib, peak_of_tree(service));
        mp_bench_check(waitpid(service, NULL, WNOHANG) == 0, NULL);
        g_usleep(LOOK_US);
    }
    spent_us = g_get_monotonic_time() - begun_us;
    while (ask(DECIDED "= '" OFFICIAL "'") < (gint64)n_commands)
        g_usleep(LOOK_US);
    late = g_strdup_printf(WAITS "%u", n_commands / 100);
    (void)printf("backlog %u %" PRId64 " %u\n", n, spent_us * 1000 / n, kib);
    (void)printf("# %.0f mails/s, %u commands, longest wait %" PRId64 " ms, p99 %" PRId64
                 " ms, RSS of all %u KiB\n",
                 (double)n * G_USEC_PER_SEC / (double)spent_us,
                 n_commands,
                 ask(WAITS "0"),
                 ask(late),
                 kib);
}

int
main(int argc, char **argv)
{
    guint n = argc > 1 ? MAX((guint)g_ascii_strtoull(argv[1], NULL, 10), 1) : 1;

    (void)atexit(stop_all);
    town = mp_town_start(MP_TOWN_DOVECOT, &why);
    mp_bench_check(town != NULL, why);
    fill(n);
    measure(n);
    return 0;
}

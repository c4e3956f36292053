/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Taking: `mailproc once` from a private Dovecot over TLS to committed cases, beside mbsync pulling
 * the same mails over TLS into a Maildir with fsync. Usage: bench_take [SMALL [LARGE]]: mails of
 * 30 KiB and of 1 MiB. The ratio is taken on letters without PDF; PDF text is counted apart.
 *
 * Lines: "take_NAME n ns/op peakRSS", mailproc's own RSS and its reader child's added up, and
 * "# NAME: mailproc … mails/s, mbsync … mails/s, ratio …". The time of mailproc runs from its
 * start to the last decision committed; `whole` is until it ends, with every mail moved on the
 * server and every notice handed over (to a Maildir). */

#include "bench/mails.h"

#include "support/daemons.h"

#include <fcntl.h>
#include <glib/gstdio.h>
#include <inttypes.h>
#include <sqlite3.h>
#include <sys/wait.h>
#include <unistd.h>

#define LOOK_US 10000
#define BUSY_MS 10000

typedef struct {
    const char *name;
    gsize bytes;
    MpBenchPaper paper;
    guint n;
} Load;

typedef struct {
    gint64 wall_us;
    gint64 start_utc;
    guint parent_kib, child_kib; /* peaks */
} Run;

static GError *why;

/* --- the mailbox --- */

static void
fill(MpTown *town, const char *user, const Load *load)
{
    for (guint i = 0; i < load->n; i++) {
        gsize length = 0;
        g_autofree char *mail = mp_bench_mail(i, load->bytes, load->paper, &length);
        g_autofree char *sender = mp_bench_sender(i);

        mp_bench_check(
            mp_town_send(town, MP_TOWN_VIA_LMTP, sender, user, mail, (gssize)length, &why), why);
    }
}

/* --- programs --- */

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

static void
look_at(pid_t pid, Run *run)
{
    g_autofree char *path = g_strdup_printf("/proc/%d/task/%d/children", (int)pid, (int)pid);
    g_autofree char *text = NULL;

    run->parent_kib = MAX(run->parent_kib, peak_of(pid));
    if (!g_file_get_contents(path, &text, NULL, NULL) || text[0] == '\0')
        return;
    run->child_kib = MAX(run->child_kib, peak_of((pid_t)g_ascii_strtoll(text, NULL, 10)));
}

/* Runs a program to its end, its output into a file; it must succeed. */
static Run
run_program(const char *const *argv, const char *log)
{
    Run run = {.start_utc = g_get_real_time()};
    gint64 start_us = g_get_monotonic_time();
    int status = 0;
    pid_t pid = fork();

    if (pid == 0) {
        int fd = open(log, O_WRONLY | O_CREAT | O_TRUNC, 0600);

        (void)dup2(fd, STDOUT_FILENO);
        (void)dup2(fd, STDERR_FILENO);
        execvp(argv[0], (char *const *)argv);
        _exit(127);
    }
    mp_bench_check(pid > 0, NULL);
    while (waitpid(pid, &status, WNOHANG) == 0) {
        look_at(pid, &run);
        g_usleep(LOOK_US);
    }
    run.wall_us = g_get_monotonic_time() - start_us;
    if (!WIFEXITED(status) || WEXITSTATUS(status) != 0) {
        g_autofree char *text = NULL;

        (void)g_file_get_contents(log, &text, NULL, NULL);
        (void)fprintf(stderr, "%s: status %d\n%s", argv[0], status, text != NULL ? text : "");
        exit(1);
    }
    return run;
}

/* --- mailproc --- */

static char *
write_config(const MpTown *town, const char *dir, const char *user)
{
    char *path = g_build_filename(dir, "mailproc.conf", NULL);
    g_autofree char *secret = g_build_filename(dir, "secret", NULL);
    g_autofree char *letters = NULL;
    g_autofree char *text = NULL;
    const char *rest;

    mp_bench_check(g_file_get_contents(
                       MP_SOURCE_DIR "/tests/data/letters/mailproc.conf", &letters, NULL, &why),
                   why);
    rest = strstr(letters, "[trust]");
    mp_bench_check(rest != NULL, NULL);
    text = g_strdup_printf("[office]\n"
                           "name = Dinas Komunikasi dan Informatika Kabupaten Contoh\n"
                           "address = sertifikat@diskominfo.contohkab.go.id\n"
                           "trusted_domains = contohkab.go.id\n"
                           "rules_dir = " MP_SOURCE_DIR "/rules\n"
                           "templates_dir = " MP_SOURCE_DIR "/templates\n"
                           "[mailbox]\n"
                           "url = imaps://" MP_TOWN_HOST ":%u/INBOX\n"
                           "user = %s\n"
                           "password_file = %s\n"
                           "ca_file = %s\n"
                           "[sender]\n"
                           "url = maildir:%s/out\n"
                           "[store]\n"
                           "dir = %s/store\n"
                           "[rations]\n"
                           "acknowledgements_per_day = 100\n"
                           "per_address_hour = 10000\n"
                           "per_domain_hour = 100000\n"
                           "total_hour = 1000000\n"
                           "open_per_sender_hour = 100000\n"
                           "open_per_domain_hour = 100000\n"
                           "open_total_hour = 1000000\n"
                           "%s",
                           town->imaps_port,
                           user,
                           secret,
                           town->ca_file,
                           dir,
                           dir,
                           rest);
    mp_bench_check(g_file_set_contents_full(
                       secret, MP_TOWN_PASSWORD "\n", -1, G_FILE_SET_CONTENTS_NONE, 0600, &why),
                   why);
    mp_bench_check(g_file_set_contents(path, text, -1, &why), why);
    return path;
}

static gint64
ask_store(const char *dir, const char *sql)
{
    g_autofree char *path = g_build_filename(dir, "store", "mailproc.sqlite", NULL);
    sqlite3 *db = NULL;
    sqlite3_stmt *statement = NULL;
    gint64 value = 0;

    mp_bench_check(sqlite3_open_v2(path, &db, SQLITE_OPEN_READONLY, NULL) == SQLITE_OK, NULL);
    (void)sqlite3_busy_timeout(db, BUSY_MS);
    mp_bench_check(sqlite3_prepare_v2(db, sql, -1, &statement, NULL) == SQLITE_OK &&
                       sqlite3_step(statement) == SQLITE_ROW,
                   NULL);
    value = sqlite3_column_int64(statement, 0);
    (void)sqlite3_finalize(statement);
    (void)sqlite3_close(db);
    return value;
}

/* Microseconds from the start to the last decision; every mail must have opened a case. */
static gint64
run_mailproc(const MpTown *town, const char *dir, const char *user, guint n, Run *run)
{
    g_autofree char *config = write_config(town, dir, user);
    g_autofree char *log = g_build_filename(dir, "mailproc.log", NULL);
    const char *set = g_getenv("MP_BENCH_PROGRAM");
    const char *const argv[] = {
        set != NULL ? set : MP_PROGRAM, "--quiet", "--config", config, "once", NULL};
    gint64 cases;

    *run = run_program(argv, log);
    cases = ask_store(dir, "SELECT count(DISTINCT case_number) FROM ledger WHERE state = 'done'");
    if (cases != n) {
        (void)fprintf(stderr, "%" PRId64 " cases of %u mails\n", cases, n);
        exit(1);
    }
    return ask_store(dir, "SELECT max(done_utc) FROM ledger") - run->start_utc;
}

/* --- mbsync --- */

static gint64
run_mbsync(const MpTown *town, const char *dir, const char *user)
{
    g_autofree char *path = g_build_filename(dir, "mbsyncrc", NULL);
    g_autofree char *log = g_build_filename(dir, "mbsync.log", NULL);
    const char *const argv[] = {"mbsync", "-q", "-c", path, "tarik", NULL};
    g_autofree char *text = g_strdup_printf("FSync yes\n\n"
                                            "IMAPAccount kota\n"
                                            "Host " MP_TOWN_HOST "\n"
                                            "Port %u\n"
                                            "User %s\n"
                                            "Pass " MP_TOWN_PASSWORD "\n"
                                            "SSLType IMAPS\n"
                                            "CertificateFile %s\n\n"
                                            "IMAPStore jauh\n"
                                            "Account kota\n\n"
                                            "MaildirStore dekat\n"
                                            "Path %s/mbsync/\n"
                                            "Inbox %s/mbsync/INBOX\n\n"
                                            "Channel tarik\n"
                                            "Far :jauh:\n"
                                            "Near :dekat:\n"
                                            "Patterns INBOX\n"
                                            "Sync Pull\n"
                                            "Create Near\n"
                                            "SyncState *\n",
                                            town->imaps_port,
                                            user,
                                            town->ca_file,
                                            dir,
                                            dir);
    g_autofree char *mails = g_build_filename(dir, "mbsync", NULL);

    mp_bench_check(g_file_set_contents(path, text, -1, &why), why);
    mp_bench_check(g_mkdir(mails, 0700) == 0, NULL);
    return run_program(argv, log).wall_us;
}

/* --- side by side --- */

static double
per_second(guint n, gint64 spent_us)
{
    return (double)n * G_USEC_PER_SEC / (double)MAX(spent_us, 1);
}

static void
bench_load(MpTown *town, const Load *load)
{
    g_autofree char *user = g_strdup_printf("%s@contohkab.go.id", load->name);
    g_autofree char *dir = g_build_filename(town->dir, load->name, NULL);
    Run run = {0};
    gint64 taken_us, pulled_us;

    if (load->n == 0)
        return;
    mp_bench_check(g_mkdir(dir, 0700) == 0, NULL);
    fill(town, user, load);
    pulled_us = run_mbsync(town, dir, user);
    taken_us = run_mailproc(town, dir, user, load->n, &run);
    (void)printf("take_%s %u %" PRId64 " %u\n",
                 load->name,
                 load->n,
                 taken_us * 1000 / load->n,
                 run.parent_kib + run.child_kib);
    (void)printf("# %s: mailproc %.0f mails/s (whole %.0f), mbsync %.0f mails/s, ratio %.2f,"
                 " RSS parent %u KiB, reader %u KiB\n",
                 load->name,
                 per_second(load->n, taken_us),
                 per_second(load->n, run.wall_us),
                 per_second(load->n, pulled_us),
                 (double)taken_us / (double)MAX(pulled_us, 1),
                 run.parent_kib,
                 run.child_kib);
    (void)fflush(stdout);
    mp_town_remove_tree(dir);
}

static MpTown *town_to_stop;

/* Also when a check ended the program: no server may outlive it. */
static void
stop_town(void)
{
    g_clear_pointer(&town_to_stop, mp_town_stop);
}

int
main(int argc, char **argv)
{
    guint small = argc > 1 ? (guint)g_ascii_strtoull(argv[1], NULL, 10) : 1;
    guint large = argc > 2 ? (guint)g_ascii_strtoull(argv[2], NULL, 10) : MIN(small, 1);
    const Load loads[] = {{"30KiB", 30 * 1024, MP_BENCH_PLAIN, small},
                          {"1MiB", 1024 * 1024, MP_BENCH_PLAIN, large},
                          {"30KiB_pdf", 30 * 1024, MP_BENCH_PDF, small},
                          {"1MiB_pdf", 1024 * 1024, MP_BENCH_PDF, large}};

    (void)atexit(stop_town);
    town_to_stop = mp_town_start(MP_TOWN_DOVECOT, &why);
    mp_bench_check(town_to_stop != NULL, why);
    for (gsize i = 0; i < G_N_ELEMENTS(loads); i++)
        bench_load(town_to_stop, &loads[i]);
    return 0;
}

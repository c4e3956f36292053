/* SPDX-License-Identifier: GPL-3.0-or-later */

/* From inside the cage: what a mail that has taken over the reader could still do. */

#include "app/reader-private.h"
#include "support/asserts.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/ptrace.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

enum { KILLED = -1, MEMORY_BYTES = 256 * 1024 * 1024 };

static int listening_port, ready_socket;

/* Each attempt gives 0 when it worked, else errno. */
typedef int (*Attempt)(void);

static int
result_of(long n)
{
    return n < 0 ? errno : 0;
}

static int
try_read_passwd(void)
{
    return result_of(open("/etc/passwd", O_RDONLY));
}

static int
try_read_own_memory(void)
{
    return result_of(open("/proc/self/mem", O_RDONLY));
}

static int
try_read_zone(void)
{
    return result_of(open("/usr/share/zoneinfo/Asia/Jakarta", O_RDONLY));
}

static int
try_create(void)
{
    return result_of(open("/tmp/mailproc-sandbox", O_WRONLY | O_CREAT, 0600));
}

static int
try_write_zone(void)
{
    return result_of(open("/usr/share/zoneinfo/Asia/Jakarta", O_WRONLY));
}

static int
try_unnamed_file(void)
{
    return result_of(open("/tmp", O_RDWR | O_TMPFILE, 0600));
}

static int
try_remove(void)
{
    return result_of(unlink("/tmp/mailproc-sandbox"));
}

static int
try_folder(void)
{
    return result_of(mkdir("/tmp/mailproc-sandbox", 0700));
}

static int
try_mode(void)
{
    return result_of(chmod("/tmp", 0777));
}

static int
try_socket(void)
{
    return result_of(socket(AF_INET, SOCK_STREAM, 0));
}

static int
try_connect(void)
{
    struct sockaddr_in to = {.sin_family = AF_INET, .sin_port = htons((guint16)listening_port)};

    to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    return result_of(connect(ready_socket, (struct sockaddr *)&to, sizeof(to)));
}

static int
try_bind(void)
{
    struct sockaddr_in any = {.sin_family = AF_INET};

    return result_of(bind(ready_socket, (struct sockaddr *)&any, sizeof(any)));
}

static int
try_fork(void)
{
    pid_t pid = fork();

    if (pid == 0)
        _exit(0);
    return result_of(pid);
}

static int
try_exec(void)
{
    char *const argv[] = {(char *)"true", NULL};

    return result_of(execve("/bin/true", argv, argv + 1));
}

static int
try_ptrace(void)
{
    return result_of(ptrace(PTRACE_ATTACH, getppid(), NULL, NULL));
}

static int
try_signal(void)
{
    return result_of(kill(getppid(), SIGCONT));
}

static int
try_limits_of_parent(void)
{
    const struct rlimit none = {0, 0};

    return result_of(prlimit(getppid(), RLIMIT_CORE, &none, NULL));
}

static int
try_namespace(void)
{
    return result_of(unshare(CLONE_NEWUSER));
}

static int
try_memory_over(void)
{
    void *p = mmap(NULL, MEMORY_BYTES + 1, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

    return p == MAP_FAILED ? errno : 0;
}

static int
try_memory_under(void)
{
    void *p = mmap(NULL, MEMORY_BYTES / 8, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

    return p == MAP_FAILED ? errno : 0;
}

static int
try_blob(int bytes)
{
    int fd = memfd_create("x", 0);

    (void)signal(SIGXFSZ, SIG_IGN);
    return fd < 0 ? errno : result_of(pwrite(fd, "x", 1, bytes - 1));
}

static int
try_blob_under(void)
{
    int fd = memfd_create("x", 0);

    return fd < 0 ? errno : result_of(write(fd, "x", 1));
}

static int
try_blob_over(void)
{
    return try_blob(MEMORY_BYTES + 1);
}

static int
try_many_files(void)
{
    for (guint i = 0; i < 64; i++)
        if (memfd_create("x", 0) < 0)
            return errno;
    return 0;
}

typedef struct {
    const char *sentence;
    Attempt attempt;
    int want[2]; /* errnos that are right; 0 = it works */
} Row;

/* clang-format off */
static Row rows[] = {
    {"T-44 a file of the system cannot be read", try_read_passwd, {EACCES, EPERM}},
    {"T-44 its own memory cannot be opened", try_read_own_memory, {EACCES, EPERM}},
    {"T-44 a zone can be read", try_read_zone, {0, 0}},
    {"T-44 a zone cannot be written", try_write_zone, {EPERM, EACCES}},
    {"T-44 a file cannot be made", try_create, {EPERM, EACCES}},
    {"T-44 a file without a name cannot be made", try_unnamed_file, {EPERM, EACCES}},
    {"T-44 a file cannot be removed", try_remove, {EPERM, EACCES}},
    {"T-44 a folder cannot be made", try_folder, {EPERM, EACCES}},
    {"T-44 a mode cannot be changed", try_mode, {EPERM, EACCES}},
    {"T-44 a socket cannot be made", try_socket, {EPERM, EPERM}},
    {"T-44 a socket that was there cannot connect", try_connect, {EPERM, EPERM}},
    {"T-44 a socket that was there cannot be bound", try_bind, {EPERM, EPERM}},
    {"T-44 a process cannot be started", try_fork, {EPERM, EPERM}},
    {"T-44 another program ends it", try_exec, {KILLED, KILLED}},
    {"T-44 a look into another process ends it", try_ptrace, {KILLED, KILLED}},
    {"T-44 another process gets no signal", try_signal, {EPERM, EPERM}},
    {"T-44 another process keeps its limits", try_limits_of_parent, {EPERM, EPERM}},
    {"T-44 a namespace cannot be made", try_namespace, {EPERM, EPERM}},
    {"T-44 memory within the limit can be had", try_memory_under, {0, 0}},
    {"T-44 memory over the limit cannot", try_memory_over, {ENOMEM, ENOMEM}},
    {"T-44 a memfd can be written", try_blob_under, {0, 0}},
    {"T-44 a memfd does not grow over the limit", try_blob_over, {EFBIG, EPERM}},
    {"T-44 descriptors come to an end", try_many_files, {EMFILE, EMFILE}},
};

/* clang-format on */

/* What the attempt gave inside the cage. */
static int
inside(Attempt attempt)
{
    int ends[2], status = 0, got = 0;
    pid_t pid;

    assert_int_equal(pipe(ends), 0);
    pid = fork();
    if (pid == 0) {
        guint missing = mp_sandbox_enter(MEMORY_BYTES);

        got = missing != 0 ? 1000 + (int)missing : attempt();
        (void)!write(ends[1], &got, sizeof(got));
        _exit(0);
    }
    close(ends[1]);
    assert_int_equal(waitpid(pid, &status, 0), pid);
    if (read(ends[0], &got, sizeof(got)) != (ssize_t)sizeof(got))
        got = WIFSIGNALED(status) && WTERMSIG(status) == SIGSYS ? KILLED : 2000;
    close(ends[0]);
    return got;
}

static void
attempt_in_the_cage(void **state)
{
    const Row *row = *state;
    int got = inside(row->attempt);

    if (got != row->want[0] && got != row->want[1])
        fail_msg("%s: got %d (%s), want %d",
                 row->sentence,
                 got,
                 got > 0 ? g_strerror(got) : "killed",
                 row->want[0]);
}

/* The attempts that the cage forbids do work outside, so the rows above prove something. */
static void
the_same_works_outside(void **state)
{
    int fd = open("/etc/passwd", O_RDONLY);

    (void)state;
    assert_true(fd >= 0);
    close(fd);
    assert_int_equal(try_connect(), 0);
    assert_int_equal(try_memory_over(), 0);
    assert_int_equal(try_signal(), 0);
}

static int
listen_somewhere(void)
{
    struct sockaddr_in here = {.sin_family = AF_INET};
    socklen_t length = sizeof(here);
    int fd = socket(AF_INET, SOCK_STREAM, 0);

    here.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    assert_int_equal(bind(fd, (struct sockaddr *)&here, length), 0);
    assert_int_equal(listen(fd, 1), 0);
    assert_int_equal(getsockname(fd, (struct sockaddr *)&here, &length), 0);
    listening_port = ntohs(here.sin_port);
    return fd;
}

int
main(void)
{
    struct CMUnitTest tests[G_N_ELEMENTS(rows) + 1];
    int listener = listen_somewhere(), failed;

    ready_socket = socket(AF_INET, SOCK_STREAM, 0);
    for (gsize i = 0; i < G_N_ELEMENTS(rows); i++)
        tests[i] = (struct CMUnitTest){
            .name = rows[i].sentence, .test_func = attempt_in_the_cage, .initial_state = &rows[i]};
    tests[G_N_ELEMENTS(rows)] = (struct CMUnitTest)cmocka_unit_test(the_same_works_outside);
    failed = cmocka_run_group_tests_name("sandbox", tests, NULL, NULL);
    close(ready_socket);
    close(listener);
    return failed;
}

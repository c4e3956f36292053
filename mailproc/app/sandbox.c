/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The cage of the process that reads mail: limits of the kernel on memory, processor and files;
 * Landlock, which leaves it only the data folders that poppler, iconv and ICU may still want; and a
 * seccomp list of the calls that reading takes. Everything that is not on the list fails with
 * EPERM, so a library that asks in vain goes on, and attempts at another program or process end it.
 */

#include "app/reader-private.h"

#include <errno.h>
#include <fcntl.h>
#include <glob.h>
#include <linux/landlock.h>
#include <sched.h>
#include <seccomp.h>
#include <signal.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

enum { MAX_FILES = 64 };

/* --- limits ---------------------------------------------------------------------------------- */

static gboolean
limit(int resource, rlim_t value)
{
    const struct rlimit both = {value, value};

    return setrlimit((__rlimit_resource_t)resource, &both) == 0;
}

static gboolean
set_limits(guint64 memory_bytes)
{
    gboolean is_set = limit(RLIMIT_CORE, 0) && limit(RLIMIT_NOFILE, MAX_FILES);

    /* Bounds each memfd, whose pages RLIMIT_AS does not see. */
    is_set = limit(RLIMIT_FSIZE, memory_bytes) && is_set;
#ifndef __SANITIZE_ADDRESS__
    is_set = limit(RLIMIT_AS, memory_bytes) && is_set; /* cannot live with ASan */
#endif
    return is_set;
}

/* --- Landlock -------------------------------------------------------------------------------- */

/* The headers of an old distribution know less than the kernel that runs, so the shape and the bits
 * of each ABI are written down here. */
typedef struct {
    guint64 fs, net, scoped;
} Ruleset;

enum { FS_RIGHTS_ABI1 = 13, ABI_REFER = 2, ABI_TRUNCATE = 3, ABI_NET = 4, ABI_IOCTL = 5 };

enum { ABI_SCOPE = 6 };

static guint64
low_bits(guint n)
{
    return (G_GUINT64_CONSTANT(1) << n) - 1;
}

static Ruleset
everything_of(int abi)
{
    guint n = FS_RIGHTS_ABI1 + (abi >= ABI_REFER) + (abi >= ABI_TRUNCATE) + (abi >= ABI_IOCTL);

    return (Ruleset){.fs = low_bits(n),
                     .net = abi >= ABI_NET ? low_bits(2) : 0,
                     .scoped = abi >= ABI_SCOPE ? low_bits(2) : 0};
}

static gsize
ruleset_size(int abi)
{
    if (abi >= ABI_SCOPE)
        return sizeof(Ruleset);
    return abi >= ABI_NET ? G_STRUCT_OFFSET(Ruleset, scoped) : G_STRUCT_OFFSET(Ruleset, net);
}

/* Data that a library may open late: CMaps for a font, a converter, a zone. No code but iconv's and
 * OpenSSL's, which belong to the system. */
static const char *const readable[] = {"/usr/share/poppler",
                                       "/usr/share/fonts",
                                       "/usr/share/zoneinfo",
                                       "/usr/share/publicsuffix",
                                       "/usr/lib/*/gconv",
                                       "/usr/lib64/gconv",
                                       "/usr/lib/*/ossl-modules",
                                       "/etc/fonts",
                                       "/etc/localtime",
                                       "/etc/ssl/openssl.cnf"};

static void
allow_reading(int ruleset, const char *path)
{
    struct landlock_path_beneath_attr rule = {.allowed_access = LANDLOCK_ACCESS_FS_READ_FILE |
                                                                LANDLOCK_ACCESS_FS_READ_DIR};

    rule.parent_fd = open(path, O_PATH | O_CLOEXEC);
    if (rule.parent_fd < 0)
        return; /* not on this system */
    if (syscall(SYS_landlock_add_rule, ruleset, LANDLOCK_RULE_PATH_BENEATH, &rule, 0) != 0) {
        /* A file takes no right of folders. */
        rule.allowed_access = LANDLOCK_ACCESS_FS_READ_FILE;
        (void)!syscall(SYS_landlock_add_rule, ruleset, LANDLOCK_RULE_PATH_BENEATH, &rule, 0);
    }
    close(rule.parent_fd);
}

static void
allow_matching(int ruleset, const char *pattern)
{
    glob_t found = {0};

    if (glob(pattern, 0, NULL, &found) == 0)
        for (gsize i = 0; i < found.gl_pathc; i++)
            allow_reading(ruleset, found.gl_pathv[i]);
    globfree(&found);
}

static gboolean
lock_files(void)
{
    int abi = (int)syscall(SYS_landlock_create_ruleset, NULL, 0, LANDLOCK_CREATE_RULESET_VERSION);
    Ruleset all;
    int ruleset;
    gboolean is_locked;

    if (abi < 1)
        return FALSE;
    all = everything_of(abi);
    ruleset = (int)syscall(SYS_landlock_create_ruleset, &all, ruleset_size(abi), 0);
    if (ruleset < 0)
        return FALSE;
    for (gsize i = 0; i < G_N_ELEMENTS(readable); i++)
        allow_matching(ruleset, readable[i]);
    is_locked = syscall(SYS_landlock_restrict_self, ruleset, 0) == 0;
    close(ruleset);
    return is_locked;
}

/* --- seccomp --------------------------------------------------------------------------------- */

/* What a mail takes: the socket to the parent, memory, memfds, time. */
static const int allowed[] = {
    /* frames */
    SCMP_SYS(read),
    SCMP_SYS(write),
    SCMP_SYS(readv),
    SCMP_SYS(writev),
    SCMP_SYS(pread64),
    SCMP_SYS(recvmsg),
    SCMP_SYS(recvfrom),
    SCMP_SYS(sendmsg),
    SCMP_SYS(sendto),
    SCMP_SYS(poll),
    SCMP_SYS(ppoll),
    SCMP_SYS(close),
    SCMP_SYS(fcntl),
    SCMP_SYS(lseek),
    SCMP_SYS(memfd_create),
    /* asking about what is open or may be opened */
    SCMP_SYS(fstat),
    SCMP_SYS(stat),
    SCMP_SYS(lstat),
    SCMP_SYS(newfstatat),
    SCMP_SYS(statx),
    SCMP_SYS(fstatfs),
    SCMP_SYS(statfs),
    SCMP_SYS(access),
    SCMP_SYS(faccessat),
    SCMP_SYS(faccessat2),
    SCMP_SYS(readlink),
    SCMP_SYS(readlinkat),
    SCMP_SYS(getdents64),
    SCMP_SYS(getcwd),
    SCMP_SYS(fadvise64),
    /* memory; PCRE2 and iconv's converters need pages that run */
    SCMP_SYS(mmap),
    SCMP_SYS(munmap),
    SCMP_SYS(mremap),
    SCMP_SYS(mprotect),
    SCMP_SYS(madvise),
    SCMP_SYS(brk),
    SCMP_SYS(futex),
    SCMP_SYS(membarrier),
    /* the process itself */
    SCMP_SYS(exit),
    SCMP_SYS(exit_group),
    SCMP_SYS(rt_sigaction),
    SCMP_SYS(rt_sigprocmask),
    SCMP_SYS(rt_sigreturn),
    SCMP_SYS(sigaltstack),
    SCMP_SYS(restart_syscall),
    SCMP_SYS(getpid),
    SCMP_SYS(gettid),
    SCMP_SYS(getuid),
    SCMP_SYS(geteuid),
    SCMP_SYS(getgid),
    SCMP_SYS(getegid),
    SCMP_SYS(getrusage),
    SCMP_SYS(getrlimit),
    SCMP_SYS(setrlimit),
    SCMP_SYS(sched_yield),
    SCMP_SYS(sched_getaffinity),
    SCMP_SYS(sysinfo),
    SCMP_SYS(uname),
    SCMP_SYS(getrandom),
    /* time */
    SCMP_SYS(clock_gettime),
    SCMP_SYS(clock_getres),
    SCMP_SYS(gettimeofday),
    SCMP_SYS(time),
    SCMP_SYS(nanosleep),
    SCMP_SYS(clock_nanosleep)};

/* Nobody asks for these by mistake. */
static const int deadly[] = {SCMP_SYS(execve),
                             SCMP_SYS(execveat),
                             SCMP_SYS(ptrace),
                             SCMP_SYS(process_vm_readv),
                             SCMP_SYS(process_vm_writev),
                             SCMP_SYS(bpf),
                             SCMP_SYS(keyctl),
                             SCMP_SYS(init_module),
                             SCMP_SYS(mount)};

static int
add_openings(scmp_filter_ctx filter)
{
    const guint64 writing = O_ACCMODE | O_CREAT | O_TRUNC | O_APPEND;
    int n = seccomp_rule_add(filter,
                             SCMP_ACT_ALLOW,
                             SCMP_SYS(openat),
                             1,
                             SCMP_A2(SCMP_CMP_MASKED_EQ, writing, O_RDONLY));

    if (n == 0)
        n = seccomp_rule_add(filter,
                             SCMP_ACT_ALLOW,
                             SCMP_SYS(open),
                             1,
                             SCMP_A1(SCMP_CMP_MASKED_EQ, writing, O_RDONLY));
    return n;
}

/* Calls that are harmless with one argument only: signals and limits of this process, the question
 * whether a stream is a terminal. */
static int
add_narrow(scmp_filter_ctx filter)
{
    int n = seccomp_rule_add(
        filter, SCMP_ACT_ALLOW, SCMP_SYS(tgkill), 1, SCMP_A0(SCMP_CMP_EQ, (scmp_datum_t)getpid()));

    if (n == 0)
        n = seccomp_rule_add(
            filter, SCMP_ACT_ALLOW, SCMP_SYS(prlimit64), 1, SCMP_A0(SCMP_CMP_EQ, 0));
    if (n == 0)
        n = seccomp_rule_add(
            filter, SCMP_ACT_ALLOW, SCMP_SYS(ioctl), 1, SCMP_A1(SCMP_CMP_EQ, TCGETS));
    return n;
}

/* A call that this processor does not have is no reason to stay without a filter. */
static int
add_plain(scmp_filter_ctx filter, guint32 action, const int *calls, gsize n_calls)
{
    for (gsize i = 0; i < n_calls; i++) {
        int n = seccomp_rule_add(filter, action, calls[i], 0);

        if (n != 0 && n != -EDOM)
            return n;
    }
    return 0;
}

static gboolean
filter_calls(gboolean may_open)
{
    scmp_filter_ctx filter = seccomp_init(SCMP_ACT_ERRNO(EPERM));
    int n;

    if (filter == NULL)
        return FALSE;
    n = add_plain(filter, SCMP_ACT_ALLOW, allowed, G_N_ELEMENTS(allowed));
    if (n == 0)
        n = add_plain(filter, SCMP_ACT_KILL_PROCESS, deadly, G_N_ELEMENTS(deadly));
    if (n == 0 && may_open)
        n = add_openings(filter);
    if (n == 0)
        n = add_narrow(filter);
    if (n == 0)
        n = seccomp_load(filter);
    seccomp_release(filter);
    return n == 0;
}

/* --- all of it ------------------------------------------------------------------------------- */

guint
mp_sandbox_enter(guint64 memory_bytes)
{
    guint missing = 0;
    gboolean is_locked;

    if (!set_limits(memory_bytes))
        missing |= MP_SANDBOX_LIMITS;
    if (prctl(PR_SET_DUMPABLE, 0) != 0 || prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0)
        missing |= MP_SANDBOX_PRIVILEGES;
#ifdef __SANITIZE_ADDRESS__
    /* ASan reads /proc and calls what it likes: files and calls are tried in the release build. */
    (void)lock_files;
    (void)filter_calls;
    is_locked = TRUE;
#else
    is_locked = lock_files();
    if (!filter_calls(is_locked))
        missing |= MP_SANDBOX_CALLS;
#endif
    return missing | (is_locked ? 0 : MP_SANDBOX_FILES);
}

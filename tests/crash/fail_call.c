/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Preloaded: the MP_FAIL_AT-th call of MP_FAIL_CALL (read, write, sync, open, rename, or malloc) on
 * something below MP_FAIL_BELOW fails with MP_FAIL_ERRNO; with MP_FAIL_ON=1 all later ones too.
 * What lies elsewhere goes through; malloc has no place and always counts. With MP_FAIL_FILL=bytes
 * or =files nothing fails of itself: at that call the file system of MP_FAIL_BELOW is filled, by
 * one file or by many empty ones beside it (fill, fill-N), and what follows finds it full. With
 * MP_FAIL_ONCE, a path, only the process that makes that file fails. With
 * MP_FAIL_LOG the file gets a byte for each such call, so that their number is known. */

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdarg.h>
#include <stdio.h>
#include <sys/syscall.h>
#include <sys/types.h>
#include <sys/uio.h>
#include <unistd.h>

#define EXPORT __attribute__((visibility("default")))

static long n_calls;

/* Any function that allocates at its first call would wait for itself here. */
static long
number_of(const char *digits)
{
    long n = 0;

    for (; digits != NULL && *digits >= '0' && *digits <= '9'; digits++)
        n = n * 10 + (*digits - '0');
    return n;
}

static int
is_below(const char *path)
{
    const char *below = getenv("MP_FAIL_BELOW");

    return below != NULL && path != NULL && strncmp(path, below, strlen(below)) == 0;
}

static void
note_call(const char *log)
{
    int fd =
        (int)syscall(SYS_openat, AT_FDCWD, log, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);

    (void)syscall(SYS_write, fd, ".", 1);
    (void)syscall(SYS_close, fd);
}

static int
make_file(const char *path)
{
    return (int)syscall(SYS_openat, AT_FDCWD, path, O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
}

static void
fill(const char *how, const char *below)
{
    static const char zeros[4096];
    char path[PATH_MAX];
    int fd = 0;

    (void)snprintf(path, sizeof(path), "%s/fill", below);
    if (strcmp(how, "bytes") == 0) {
        fd = make_file(path);
        while (fd >= 0 && syscall(SYS_write, fd, zeros, sizeof(zeros)) > 0)
            continue;
    }
    for (int i = 0; strcmp(how, "files") == 0 && fd >= 0; i++) {
        if (i > 0)
            (void)syscall(SYS_close, fd);
        (void)snprintf(path, sizeof(path), "%s/fill-%d", below, i);
        fd = make_file(path);
    }
    if (fd >= 0)
        (void)syscall(SYS_close, fd);
}

/* TRUE when another process has made the file. */
static int
is_second(const char *once)
{
    int fd = once == NULL
                 ? -1
                 : (int)syscall(
                       SYS_openat, AT_FDCWD, once, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);

    if (fd >= 0)
        (void)syscall(SYS_close, fd);
    return once != NULL && fd < 0;
}

/* TRUE when this call is one that fails; errno is set then. */
static int
must_fail(const char *call, const char *path)
{
    const char *wanted = getenv("MP_FAIL_CALL");
    const char *at = getenv("MP_FAIL_AT");
    const char *log = getenv("MP_FAIL_LOG");
    const char *number = getenv("MP_FAIL_ERRNO");
    const char *how = getenv("MP_FAIL_FILL");
    long from;

    if (wanted == NULL || strcmp(wanted, call) != 0 || (path != NULL && !is_below(path)))
        return 0;
    n_calls++;
    if (log != NULL)
        note_call(log);
    from = number_of(at);
    if (from == 0 || n_calls < from || (n_calls > from && getenv("MP_FAIL_ON") == NULL))
        return 0;
    if (is_second(getenv("MP_FAIL_ONCE")))
        return 0;
    if (how != NULL) {
        fill(how, getenv("MP_FAIL_BELOW"));
        return 0;
    }
    errno = (int)number_of(number);
    return 1;
}

static int
must_fail_fd(const char *call, int fd)
{
    char link[64];
    char path[PATH_MAX];
    ssize_t length;

    (void)snprintf(link, sizeof(link), "/proc/self/fd/%d", fd);
    length = readlink(link, path, sizeof(path) - 1);
    if (length <= 0)
        return 0;
    path[length] = '\0';
    return must_fail(call, path);
}

EXPORT ssize_t
read(int fd, void *bytes, size_t length)
{
    return must_fail_fd("read", fd) ? -1 : syscall(SYS_read, fd, bytes, length);
}

EXPORT ssize_t
pread(int fd, void *bytes, size_t length, off_t at)
{
    return must_fail_fd("read", fd) ? -1 : syscall(SYS_pread64, fd, bytes, length, at);
}

EXPORT ssize_t
pread64(int fd, void *bytes, size_t length, off64_t at)
{
    return must_fail_fd("read", fd) ? -1 : syscall(SYS_pread64, fd, bytes, length, at);
}

EXPORT ssize_t
write(int fd, const void *bytes, size_t length)
{
    return must_fail_fd("write", fd) ? -1 : syscall(SYS_write, fd, bytes, length);
}

EXPORT ssize_t
pwrite(int fd, const void *bytes, size_t length, off_t at)
{
    return must_fail_fd("write", fd) ? -1 : syscall(SYS_pwrite64, fd, bytes, length, at);
}

EXPORT ssize_t
pwrite64(int fd, const void *bytes, size_t length, off64_t at)
{
    return must_fail_fd("write", fd) ? -1 : syscall(SYS_pwrite64, fd, bytes, length, at);
}

EXPORT int
fsync(int fd)
{
    return must_fail_fd("sync", fd) ? -1 : (int)syscall(SYS_fsync, fd);
}

EXPORT int
fdatasync(int fd)
{
    return must_fail_fd("sync", fd) ? -1 : (int)syscall(SYS_fdatasync, fd);
}

static int
open_path(const char *path, int flags, va_list args)
{
    mode_t mode = (flags & (O_CREAT | O_TMPFILE)) != 0 ? va_arg(args, mode_t) : 0;

    return must_fail("open", path) ? -1 : (int)syscall(SYS_openat, AT_FDCWD, path, flags, mode);
}

EXPORT int
open(const char *path, int flags, ...)
{
    va_list args;
    int fd;

    va_start(args, flags);
    fd = open_path(path, flags, args);
    va_end(args);
    return fd;
}

EXPORT int
open64(const char *path, int flags, ...)
{
    va_list args;
    int fd;

    va_start(args, flags);
    fd = open_path(path, flags, args);
    va_end(args);
    return fd;
}

EXPORT int
rename(const char *from, const char *to)
{
    return must_fail("rename", to) ? -1
                                   : (int)syscall(SYS_renameat2, AT_FDCWD, from, AT_FDCWD, to, 0);
}

/* --- memory ----------------------------------------------------------------------------------- */

extern void *__libc_malloc(size_t size);
extern void *__libc_calloc(size_t n, size_t size);
extern void *__libc_realloc(void *old, size_t size);

EXPORT void *
malloc(size_t size)
{
    return must_fail("malloc", NULL) ? NULL : __libc_malloc(size);
}

EXPORT void *
calloc(size_t n, size_t size)
{
    return must_fail("malloc", NULL) ? NULL : __libc_calloc(n, size);
}

EXPORT void *
realloc(void *old, size_t size)
{
    return must_fail("malloc", NULL) ? NULL : __libc_realloc(old, size);
}

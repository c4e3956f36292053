/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Preloaded: the MP_FAIL_AT-th call of MP_FAIL_CALL (write, sync, open or rename) on something
 * below MP_FAIL_BELOW fails with MP_FAIL_ERRNO. Reads and what lies elsewhere go through. With
 * MP_FAIL_LOG the file gets a byte for each such call, so that their number is known. */

#include <dlfcn.h>
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

static int
is_below(const char *path)
{
    const char *below = getenv("MP_FAIL_BELOW");

    return below != NULL && path != NULL && strncmp(path, below, strlen(below)) == 0;
}

/* TRUE when this call is the one that fails; errno is set then. */
static int
must_fail(const char *call, const char *path)
{
    const char *wanted = getenv("MP_FAIL_CALL");
    const char *at = getenv("MP_FAIL_AT");
    const char *log = getenv("MP_FAIL_LOG");
    const char *number = getenv("MP_FAIL_ERRNO");

    if (wanted == NULL || strcmp(wanted, call) != 0 || !is_below(path))
        return 0;
    n_calls++;
    if (log != NULL) {
        int fd = (int)syscall(
            SYS_openat, AT_FDCWD, log, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);

        (void)syscall(SYS_write, fd, ".", 1);
        (void)syscall(SYS_close, fd);
    }
    if (at == NULL || number == NULL || g_ascii_strtoll(at, NULL, 10) != n_calls)
        return 0;
    errno = (int)g_ascii_strtoll(number, NULL, 10);
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

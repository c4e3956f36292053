/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Frames between the reader child and its parent: a header, a text, and a sealed memfd for bytes.
 */

#include "app/reader-private.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

enum { FRAME_MAX_BYTES = 64 * 1024 * 1024 };

static gboolean
write_all(int fd, const void *bytes, gsize length)
{
    const guint8 *p = bytes;

    while (length > 0) {
        ssize_t n = send(fd, p, length, MSG_NOSIGNAL);

        if (n < 0 && errno == EINTR)
            continue;
        if (n <= 0)
            return FALSE;
        p += n;
        length -= (gsize)n;
    }
    return TRUE;
}

/* Milliseconds are rounded up: whoever waited in vain finds the deadline behind him. */
static gboolean
wait_readable(int fd, gint64 deadline_us)
{
    for (;;) {
        gint64 left = deadline_us == 0 ? -1 : (deadline_us - g_get_monotonic_time() + 999) / 1000;
        int n;

        if (deadline_us != 0 && left <= 0)
            return FALSE;
        n = mp_ports_poll(fd, POLLIN, left);
        if (n > 0)
            return TRUE;
        if (n == 0 || errno != EINTR)
            return FALSE;
    }
}

static gboolean
read_all(int fd, void *bytes, gsize length, gint64 deadline_us)
{
    guint8 *p = bytes;

    while (length > 0) {
        ssize_t n;

        if (!wait_readable(fd, deadline_us))
            return FALSE;
        n = recv(fd, p, length, 0);
        if (n < 0 && errno == EINTR)
            continue;
        if (n <= 0)
            return FALSE;
        p += n;
        length -= (gsize)n;
    }
    return TRUE;
}

/* The header carries the descriptor, so that both arrive in one message. */
gboolean
mp_frame_send(int fd, const MpFrame *frame, const char *text, int blob_fd)
{
    union {
        char bytes[CMSG_SPACE(sizeof(int))];
        struct cmsghdr align;
    } control = {0};
    struct iovec part = {.iov_base = (void *)frame, .iov_len = sizeof(*frame)};
    struct msghdr message = {.msg_iov = &part, .msg_iovlen = 1};
    ssize_t n;

    if (blob_fd >= 0) {
        struct cmsghdr *head;

        message.msg_control = control.bytes;
        message.msg_controllen = sizeof(control.bytes);
        head = CMSG_FIRSTHDR(&message);
        head->cmsg_level = SOL_SOCKET;
        head->cmsg_type = SCM_RIGHTS;
        head->cmsg_len = CMSG_LEN(sizeof(int));
        memcpy(CMSG_DATA(head), &blob_fd, sizeof(int));
    }
    do {
        n = sendmsg(fd, &message, MSG_NOSIGNAL);
    } while (n < 0 && errno == EINTR);
    if (n != (ssize_t)sizeof(*frame))
        return FALSE;
    return write_all(fd, text, frame->text_bytes);
}

gboolean
mp_frame_receive(int fd, gint64 deadline_us, MpFrame *frame, char **text_out, int *blob_fd_out)
{
    union {
        char bytes[CMSG_SPACE(sizeof(int))];
        struct cmsghdr align;
    } control;
    struct iovec part = {.iov_base = frame, .iov_len = sizeof(*frame)};
    struct msghdr message = {.msg_iov = &part,
                             .msg_iovlen = 1,
                             .msg_control = control.bytes,
                             .msg_controllen = sizeof(control.bytes)};
    g_autofree char *text = NULL;
    int blob_fd = -1;
    ssize_t n;

    if (!wait_readable(fd, deadline_us))
        return FALSE;
    n = recvmsg(fd, &message, MSG_CMSG_CLOEXEC | MSG_WAITALL);
    if (n != (ssize_t)sizeof(*frame))
        return FALSE;
    for (struct cmsghdr *head = CMSG_FIRSTHDR(&message); head != NULL;
         head = CMSG_NXTHDR(&message, head))
        if (head->cmsg_level == SOL_SOCKET && head->cmsg_type == SCM_RIGHTS)
            memcpy(&blob_fd, CMSG_DATA(head), sizeof(int));
    if (frame->text_bytes <= FRAME_MAX_BYTES && frame->kind <= MP_FRAME_READY)
        text = g_try_malloc(frame->text_bytes + 1);
    if (text == NULL || !read_all(fd, text, frame->text_bytes, deadline_us)) {
        if (blob_fd >= 0)
            close(blob_fd);
        return FALSE;
    }
    text[frame->text_bytes] = '\0';
    *text_out = g_steal_pointer(&text);
    *blob_fd_out = blob_fd;
    return TRUE;
}

/* A sealed memfd cannot shrink under the reader's mapping. */
int
mp_frame_make_blob(const struct iovec *parts, guint n_parts)
{
    int fd = memfd_create("mailproc", MFD_CLOEXEC | MFD_ALLOW_SEALING);

    if (fd < 0)
        return -1;
    for (guint i = 0; i < n_parts; i++) {
        const guint8 *p = parts[i].iov_base;
        gsize left = parts[i].iov_len;

        while (left > 0) {
            ssize_t n = write(fd, p, left);

            if (n < 0 && errno == EINTR)
                continue;
            if (n <= 0) {
                close(fd);
                return -1;
            }
            p += n;
            left -= (gsize)n;
        }
    }
    (void)fcntl(fd, F_ADD_SEALS, F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_WRITE | F_SEAL_SEAL);
    return fd;
}

typedef struct {
    void *bytes;
    gsize length;
} Mapping;

static void
mapping_free(gpointer data)
{
    Mapping *mapping = data;

    munmap(mapping->bytes, mapping->length);
    g_free(mapping);
}

/* Takes the descriptor. NULL when it is not what the frame said. */
GBytes *
mp_frame_map_blob_take(int fd, guint64 length)
{
    struct stat facts;
    int seals = fd < 0 ? 0 : fcntl(fd, F_GET_SEALS);
    void *bytes;
    Mapping *mapping;

    if (fd < 0)
        return length == 0 ? g_bytes_new(NULL, 0) : NULL;
    if (fstat(fd, &facts) != 0 || (guint64)facts.st_size != length || seals < 0 ||
        (seals & F_SEAL_SHRINK) == 0) {
        close(fd);
        return NULL;
    }
    if (length == 0) {
        close(fd);
        return g_bytes_new(NULL, 0);
    }
    bytes = mmap(NULL, length, PROT_READ, MAP_PRIVATE, fd, 0);
    close(fd);
    if (bytes == MAP_FAILED)
        return NULL;
    mapping = g_new(Mapping, 1);
    mapping->bytes = bytes;
    mapping->length = length;
    return g_bytes_new_with_free_func(bytes, length, mapping_free, mapping);
}

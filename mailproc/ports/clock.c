/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Time, randomness and kill points: the three things that a test must be able to hold still. */

#include "ports/ports.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <sys/random.h>
#include <unistd.h>

typedef struct {
    MpClock face;
    gint64 now_utc;
} SetClock;

typedef struct {
    MpRandom face;
    guint32 seed;
    guint64 block;
    guint8 rest[32];
    gsize n_rest;
} SeededRandom;

/* --- clocks --- */

static gint64
now_real(G_GNUC_UNUSED MpClock *clock)
{
    return g_get_real_time();
}

static gint64
now_set(MpClock *clock)
{
    return ((SetClock *)clock)->now_utc;
}

static void
free_clock(MpClock *clock)
{
    g_free(clock);
}

MpClock *
mp_clock_new_real(void)
{
    MpClock *clock = g_new0(MpClock, 1);

    clock->now_utc = now_real;
    clock->free = free_clock;
    return clock;
}

MpClock *
mp_clock_new_set(gint64 now_utc)
{
    SetClock *clock = g_new0(SetClock, 1);

    clock->face.now_utc = now_set;
    clock->face.free = free_clock;
    clock->now_utc = now_utc;
    return &clock->face;
}

void
mp_clock_set(MpClock *clock, gint64 now_utc)
{
    g_return_if_fail(clock != NULL && clock->now_utc == now_set);
    ((SetClock *)clock)->now_utc = now_utc;
}

/* --- randomness --- */

static void
fill_real(G_GNUC_UNUSED MpRandom *random, guint8 *bytes, gsize length)
{
    gsize done = 0;

    while (done < length) {
        ssize_t got = getrandom(bytes + done, length - done, 0);

        if (got > 0)
            done += (gsize)got;
        else if (errno != EINTR)
            abort(); /* a guessable code would be worse than no program */
    }
}

/* SHA-256 of seed and block number, block after block. */
static void
fill_seeded(MpRandom *random, guint8 *bytes, gsize length)
{
    SeededRandom *seeded = (SeededRandom *)random;

    for (gsize i = 0; i < length; i++) {
        if (seeded->n_rest == 0) {
            g_autoptr(GChecksum) sum = g_checksum_new(G_CHECKSUM_SHA256);
            g_autofree char *text =
                g_strdup_printf("%u/%" G_GUINT64_FORMAT, seeded->seed, seeded->block++);

            seeded->n_rest = sizeof seeded->rest;
            g_checksum_update(sum, (const guchar *)text, -1);
            g_checksum_get_digest(sum, seeded->rest, &seeded->n_rest);
        }
        bytes[i] = seeded->rest[--seeded->n_rest];
    }
}

static void
free_random(MpRandom *random)
{
    g_free(random);
}

MpRandom *
mp_random_new_real(void)
{
    MpRandom *random = g_new0(MpRandom, 1);

    random->fill = fill_real;
    random->free = free_random;
    return random;
}

MpRandom *
mp_random_new_seeded(guint32 seed)
{
    SeededRandom *random = g_new0(SeededRandom, 1);

    random->face.fill = fill_seeded;
    random->face.free = free_random;
    random->seed = seed;
    return &random->face;
}

/* --- kill points --- */

#ifdef MP_CHECKPOINTS
static void
log_checkpoint(const char *path, const char *name)
{
    int fd = open(path, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0600);

    if (fd < 0)
        return;
    (void)dprintf(fd, "%s\n", name);
    (void)close(fd);
}

void
mp_ports_checkpoint(const char *name)
{
    static guint64 count;
    static pid_t counted; /* a forked child counts its own steps */
    const char *kill_at = g_getenv("MP_KILL_AT");
    const char *log = g_getenv("MP_CHECKPOINT_LOG");

    if (counted != getpid())
        count = 0;
    counted = getpid();
    count++;
    if (log != NULL)
        log_checkpoint(log, name);
    if (kill_at != NULL && g_ascii_strtoull(kill_at, NULL, 10) == count)
        (void)raise(SIGKILL);
}
#else
void
mp_ports_checkpoint(G_GNUC_UNUSED const char *name)
{
}
#endif

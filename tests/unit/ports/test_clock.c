/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Clocks, randomness and kill points. */

#include "unit/ports/store_fixture.h"

#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

static void
set_clock_stands_where_it_is_set(void **state)
{
    MpClock *clock = mp_clock_new_set(NOON);

    (void)state;
    assert_int_equal(clock->now_utc(clock), NOON);
    mp_clock_set(clock, NOON + 5);
    assert_int_equal(clock->now_utc(clock), NOON + 5);
    clock->free(clock);
}

static void
real_clock_is_between_two_looks_at_the_wall(void **state)
{
    MpClock *clock = mp_clock_new_real();
    gint64 before = g_get_real_time();
    gint64 now = clock->now_utc(clock);

    (void)state;
    assert_true(before <= now && now <= g_get_real_time());
    clock->free(clock);
}

static void
seeded_stream_repeats_and_does_not_depend_on_the_pieces(void **state)
{
    MpRandom *one = mp_random_new_seeded(7);
    MpRandom *two = mp_random_new_seeded(7);
    MpRandom *other = mp_random_new_seeded(8);
    guint8 a[100];
    guint8 b[100];
    guint8 c[100];

    (void)state;
    one->fill(one, a, sizeof a);
    two->fill(two, b, 1);
    two->fill(two, b + 1, 50);
    two->fill(two, b + 51, 49);
    other->fill(other, c, sizeof c);
    assert_memory_equal(a, b, sizeof a);
    assert_memory_not_equal(a, c, sizeof a);
    one->free(one);
    two->free(two);
    other->free(other);
}

static void
real_stream_does_not_repeat(void **state)
{
    MpRandom *random = mp_random_new_real();
    guint8 a[32] = {0};
    guint8 b[32] = {0};

    (void)state;
    random->fill(random, a, sizeof a);
    random->fill(random, b, sizeof b);
    assert_memory_not_equal(a, b, sizeof a);
    random->free(random);
}

/* Runs three checkpoints in a child with these settings; its wait status. */
static int
run_checkpoints(const char *kill_at, const char *log)
{
    int status = 0;
    pid_t pid = fork();

    if (pid == 0) {
        (void)g_setenv("MP_KILL_AT", kill_at, TRUE);
        (void)g_setenv("MP_CHECKPOINT_LOG", log, TRUE);
        mp_ports_checkpoint("one");
        mp_ports_checkpoint("two");
        mp_ports_checkpoint("three");
        _exit(0);
    }
    assert_int_equal(waitpid(pid, &status, 0), pid);
    return status;
}

static void
checkpoint_kills_at_its_count(void **state)
{
    g_autofree char *dir = make_dir();
    g_autofree char *log = g_build_filename(dir, "log", NULL);
    g_autofree char *names = NULL;
    int status = run_checkpoints("2", log);

    (void)state;
#ifdef MP_CHECKPOINTS
    assert_true(WIFSIGNALED(status));
    assert_int_equal(WTERMSIG(status), SIGKILL);
    assert_true(g_file_get_contents(log, &names, NULL, NULL));
    assert_text(names, "one\ntwo\n");
#else
    /* Not in a build without kill points, whatever the environment says. */
    assert_int_equal(status, 0);
    assert_false(g_file_get_contents(log, &names, NULL, NULL));
#endif
    remove_dir(dir);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(set_clock_stands_where_it_is_set),
        cmocka_unit_test(real_clock_is_between_two_looks_at_the_wall),
        cmocka_unit_test(seeded_stream_repeats_and_does_not_depend_on_the_pieces),
        cmocka_unit_test(real_stream_does_not_repeat),
        cmocka_unit_test(checkpoint_kills_at_its_count),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

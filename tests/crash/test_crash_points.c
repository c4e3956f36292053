/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Killed at every step (F-01, F-03, F-04). Each story (stories.c) is played once undisturbed;
 * before every sweep the whole office is kept, and afterwards the steps of the sweep are known by
 * number. Then, for a sample of all steps (MP_CRASH_POINTS; 0 = all), the office is laid back, the
 * sweep killed there, and the program started again until it rests: what it then holds must be what
 * it held without the kill.
 *
 *     test_crash_points PROGRAM STORY
 *     test_crash_points PROGRAM count STORY...     how many steps all of them have
 */

#include "crash/stories.h"

#include "support/asserts.h"

#include <sys/wait.h>

enum {
    ROUND_S = 25 * 60,
    UNCERTAIN_S = 16 * 60, /* after it, what hung between sending and sent is tried again */
    MAX_ROUNDS = 60,
    DEFAULT_POINTS = 30,
    WANTED_POINTS = 5000 /* of all stories together */
};

typedef struct {
    char *slot;
    char *end;   /* what the office held after the sweep */
    char **argv; /* the command */
    gint64 now_s;
    guint n_steps;
    gboolean loses;
} Round;

static MpTown *town;
static MpHouse *house;
static GPtrArray *rounds;
static const MpStory *story;

/* --- the undisturbed run ---------------------------------------------------------------------- */

static void
round_free(gpointer data)
{
    Round *round = data;

    g_free(round->slot);
    g_free(round->end);
    g_strfreev(round->argv);
    g_free(round);
}

static guint
count_lines(const char *path)
{
    g_autofree char *text = NULL;
    guint n = 0;

    assert_true(g_file_get_contents(path, &text, NULL, NULL));
    for (const char *at = text; (at = strchr(at, '\n')) != NULL; at++)
        n++;
    return n;
}

/* Sweeps until nothing changes any more: one now, one when what is uncertain may be tried again,
 * and another if that one did something. What the house then holds. */
static char *
rest(gint64 now_s)
{
    g_autofree char *first = NULL;
    g_autofree char *second = NULL;
    g_autofree char *third = NULL;

    house->now_s = now_s;
    mp_house_once(house);
    first = mp_house_tell(house);
    house->now_s = now_s + UNCERTAIN_S;
    mp_house_once(house);
    second = mp_house_tell(house);
    if (strcmp(first, second) == 0)
        return g_steal_pointer(&second);
    mp_house_once(house);
    third = mp_house_tell(house);
    assert_text(third, second);
    return g_steal_pointer(&third);
}

/* To its end; a command that was killed is given again before the sweeps. */
static void
run_whole(const Round *round, const MpHouseRun *run)
{
    int status = mp_house_run(house, (const char *const *)round->argv, run);

    if (!WIFEXITED(status) || WEXITSTATUS(status) != 0)
        fail_msg("%s %s: %s: status %d: %s",
                 story->name,
                 round->slot,
                 round->argv[0],
                 status,
                 house->output);
}

static void
play_round(const MpAct *act)
{
    static const MpAct sweep = {.words = {"once"}};
    g_autofree char *log = g_build_filename(house->dir, "steps", NULL);
    Round *round = g_new0(Round, 1);
    const MpHouseRun run = {.log = log};
    g_autoptr(GStrvBuilder) words = g_strv_builder_new();

    act = act == NULL ? &sweep : act;
    if (act->prepare != NULL)
        act->prepare(house);
    for (gsize i = 0; act->words[i] != NULL; i++) {
        g_autoptr(GString) word = g_string_new(act->words[i]);

        (void)g_string_replace(word, "@home@", house->home, 0);
        g_strv_builder_add(words, word->str);
    }
    round->argv = g_strv_builder_end(words);
    round->slot = g_strdup_printf("slot%u", rounds->len);
    round->now_s = house->now_s;
    g_ptr_array_add(rounds, round);
    mp_house_keep(house, round->slot);
    mp_house_shell(": >'%s'", log);
    run_whole(round, &run);
    round->n_steps = count_lines(log);
    round->end = rest(round->now_s);
    round->loses = act->loses;
    if (!round->loses)
        mp_house_check(house);
    house->now_s = round->now_s + (story->round_s != 0 ? story->round_s : ROUND_S);
}

static gboolean
people_answer(void)
{
    return story->answer != NULL ? story->answer(house) : mp_house_answer(house);
}

static int
play_story(void **state)
{
    const char *program = g_getenv("MP_CRASH_PROGRAM");
    g_autoptr(GError) error = NULL;

    (void)state;
    if (story->in_town) {
        town = mp_town_start(MP_TOWN_ALL, &error);
        assert_no_gerror(error);
    }
    house = story->in_town ? mp_house_new_in_town(program, town)
                           : mp_house_new(program, story->service, story->sop);
    rounds = g_ptr_array_new_with_free_func(round_free);
    story->begin(house);
    play_round(NULL);
    if (story->second != NULL)
        story->second(house);
    while (rounds->len < MAX_ROUNDS && (people_answer() || !mp_house_all_closed(house)))
        play_round(NULL);
    for (guint i = 0; i < story->n_acts; i++)
        play_round(&story->acts[i]);
    return 0;
}

static int
end_story(void **state)
{
    (void)state;
    g_ptr_array_unref(rounds);
    mp_house_free(house);
    g_clear_pointer(&town, mp_town_stop);
    return 0;
}

/* --- killed ----------------------------------------------------------------------------------- */

static void
kill_at(const Round *round, guint step)
{
    const MpHouseRun run = {.kill_at = step};
    int status = mp_house_run(house, (const char *const *)round->argv, &run);

    if (!WIFSIGNALED(status) || WTERMSIG(status) != SIGKILL)
        fail_msg("step %u: status %d: %s", step, status, house->output);
}

/* A restart that dies as well, if it goes that far. */
static void
kill_again(const Round *round, guint step)
{
    const MpHouseRun run = {.kill_at = step};

    (void)mp_house_run(house, (const char *const *)round->argv, &run);
}

static void
check_point(const Round *round, guint step, gboolean twice)
{
    g_autofree char *end = NULL;

    mp_house_lay_back(house, round->slot);
    house->now_s = round->now_s;
    kill_at(round, step);
    if (twice)
        kill_again(round, step * 7 % round->n_steps + 1);
    if (strcmp(round->argv[0], "once") != 0)
        run_whole(round, NULL);
    end = rest(round->now_s);
    if (mp_house_differs(end, round->end)) {
        fail_msg("%s, %s: killed at step %u of %u%s",
                 story->name,
                 round->slot,
                 step,
                 round->n_steps,
                 twice ? ", twice" : "");
    }
    if (!round->loses)
        mp_house_check(house);
}

static guint
n_points(guint n_steps)
{
    const char *wanted = g_getenv("MP_CRASH_POINTS");
    guint n = wanted == NULL ? DEFAULT_POINTS : (guint)g_ascii_strtoull(wanted, NULL, 10);

    return n == 0 ? n_steps : MIN(n, n_steps);
}

static guint
count_steps(void)
{
    guint n_steps = 0;

    for (guint i = 0; i < rounds->len; i++)
        n_steps += ((const Round *)g_ptr_array_index(rounds, i))->n_steps;
    return n_steps;
}

static void
test_killed(void **state)
{
    guint n_steps = count_steps();
    guint n = n_points(n_steps);

    (void)state;
    print_message("%s: %u rounds, %u steps, killed at %u\n", story->name, rounds->len, n_steps, n);
    for (guint i = 0; i < n; i++) {
        guint step = (guint)((guint64)i * n_steps / n) + 1;
        guint at = 0;

        while (step > ((const Round *)g_ptr_array_index(rounds, at))->n_steps)
            step -= ((const Round *)g_ptr_array_index(rounds, at++))->n_steps;
        check_point(g_ptr_array_index(rounds, at), step, i % 4 == 3);
    }
}

static void
test_story_ends(void **state)
{
    g_autofree char *held = mp_house_tell(house);

    (void)state;
    if (!mp_house_all_closed(house)) {
        (void)fputs(held, stderr);
        fail_msg("cases are open at the end");
    }
    assert_int_equal(mp_house_count(house, "masuk"), 0);
    if (strstr(held, story->holds) == NULL)
        (void)fputs(held, stderr);
    assert_true(strstr(held, story->holds) != NULL);
}

/* --- all stories ------------------------------------------------------------------------------ */

static char **counted;

static void
test_enough_points(void **state)
{
    guint n_all = 0;

    (void)state;
    for (gsize i = 0; counted[i] != NULL; i++) {
        story = mp_story_find(counted[i]);
        assert_non_null(story);
        (void)play_story(NULL);
        n_all += count_steps();
        print_message("%s: %u steps\n", story->name, count_steps());
        (void)end_story(NULL);
    }
    print_message("all stories: %u kill points\n", n_all);
    assert_true(n_all >= WANTED_POINTS);
}

int
main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        {"F-01 the story comes to its end undisturbed", test_story_ends, NULL, NULL, NULL},
        {"F-01 F-03 F-04 killed at any step, the end is the same", test_killed, NULL, NULL, NULL},
    };
    const struct CMUnitTest counts[] = {
        {"F-01 all stories together have kill points enough", test_enough_points, NULL, NULL, NULL},
    };
    gboolean is_counting = argc > 3 && strcmp(argv[2], "count") == 0;

    story = argc == 3 ? mp_story_find(argv[2]) : NULL;
    if (story == NULL && !is_counting) {
        print_error("usage: %s PROGRAM STORY | PROGRAM count STORY...\n", argv[0]);
        return 64;
    }
    (void)g_setenv("MP_CRASH_PROGRAM", argv[1], TRUE);
    if (!is_counting)
        return cmocka_run_group_tests_name(story->name, tests, play_story, end_story);
    counted = argv + 3;
    return cmocka_run_group_tests_name("all stories", counts, NULL, NULL);
}

/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Killed at every step (F-01, F-03, F-04). Each story is played once undisturbed; before every
 * sweep the whole office is kept, and afterwards the steps of the sweep are known by number. Then,
 * for a sample of all steps (MP_CRASH_POINTS; 0 = all), the office is laid back, the sweep killed
 * there, and the program started again until it rests: what it then holds must be what it held
 * without the kill.
 *
 *     test_crash_points PROGRAM STORY
 */

#include "support/asserts.h"
#include "support/house.h"

#include <sys/wait.h>

enum {
    ROUND_S = 25 * 60,
    UNCERTAIN_S = 16 * 60, /* after it, what hung between sending and sent is tried again */
    MAX_ROUNDS = 40,
    DEFAULT_POINTS = 80
};

typedef struct {
    const char *name;
    const char *service, *sop; /* procedure in place of the usual one, or NULL */
    void (*begin)(MpHouse *house);
    void (*second)(MpHouse *house); /* what comes in the second round, or NULL */
    const char *holds;              /* what the end must tell of */
} Story;

typedef struct {
    char *slot;
    char *end; /* what the office held after the sweep */
    gint64 now_s;
    guint n_steps;
} Round;

static MpHouse *house;
static GPtrArray *rounds;
static const Story *story;

/* --- stories ---------------------------------------------------------------------------------- */

static void
begin_one(MpHouse *o)
{
    mp_house_letter(o, 0, "Surat Rekomendasi.pdf");
}

static void
second_one(MpHouse *o)
{
    mp_house_supplement(o, 0, "Surat Rekomendasi.pdf");
}

static void
begin_many(MpHouse *o)
{
    for (guint i = 0; i < 4; i++)
        mp_house_letter(o, i, NULL);
    mp_house_letter(o, 1, NULL); /* the same mail once more */
    mp_house_write(o, "dinkes@contohkab.go.id", "Subject: Tanya\r\n", "Kapan layanan buka?");
    mp_house_write(o,
                   "dishub@contohkab.go.id",
                   "Subject: Balasan Otomatis\r\nAuto-Submitted: auto-replied\r\n",
                   "Saya sedang cuti.");
}

static void
begin_bad(MpHouse *o)
{
    g_autofree char *large = g_strnfill(1024 * 1024 + 1, 'A');

    mp_house_put(o, "", 0);
    mp_house_letter(o, 3, NULL);
    mp_house_put(o, "no header here\n\nat all\n", -1);
    mp_house_put(o, large, -1);
}

static void
begin_linked(MpHouse *o)
{
    mp_house_letter(o, 4, NULL);
}

static const Story stories[] = {
    {"one-letter", NULL, NULL, begin_one, second_one, " supplement SE-2026-000001 moved"},
    {"many-mails", NULL, NULL, begin_many, NULL, " duplicate "},
    {"bad-mails", NULL, NULL, begin_bad, NULL, " quarantined larger than a mail may be "},
    {"linked-case",
     "perubahan-data",
     "pekalongan-perubahan-data.sop",
     begin_linked,
     NULL,
     " linked from SE-2026-000001 "},
};

/* --- the undisturbed run ---------------------------------------------------------------------- */

static void
round_free(gpointer data)
{
    Round *round = data;

    g_free(round->slot);
    g_free(round->end);
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

static void
play_round(void)
{
    static const char *const once[] = {"once", NULL};
    g_autofree char *log = g_build_filename(house->dir, "steps", NULL);
    Round *round = g_new0(Round, 1);
    const MpHouseRun run = {.log = log};
    int status;

    round->slot = g_strdup_printf("slot%u", rounds->len);
    round->now_s = house->now_s;
    g_ptr_array_add(rounds, round);
    mp_house_keep(house, round->slot);
    mp_house_shell(": >'%s'", log);
    status = mp_house_run(house, once, &run);
    if (!WIFEXITED(status) || WEXITSTATUS(status) != 0)
        fail_msg("clean run: status %d: %s", status, house->output);
    round->n_steps = count_lines(log);
    round->end = rest(round->now_s);
    mp_house_check(house);
    house->now_s = round->now_s + ROUND_S;
}

static int
play_story(void **state)
{
    (void)state;
    house = mp_house_new(g_getenv("MP_CRASH_PROGRAM"), story->service, story->sop);
    rounds = g_ptr_array_new_with_free_func(round_free);
    story->begin(house);
    play_round();
    if (story->second != NULL)
        story->second(house);
    while (rounds->len < MAX_ROUNDS && (mp_house_answer(house) || !mp_house_all_closed(house)))
        play_round();
    return 0;
}

static int
end_story(void **state)
{
    (void)state;
    g_ptr_array_unref(rounds);
    mp_house_free(house);
    return 0;
}

/* --- killed ----------------------------------------------------------------------------------- */

static void
kill_at(guint step)
{
    static const char *const once[] = {"once", NULL};
    const MpHouseRun run = {.kill_at = step};
    int status = mp_house_run(house, once, &run);

    if (!WIFSIGNALED(status) || WTERMSIG(status) != SIGKILL)
        fail_msg("step %u: status %d: %s", step, status, house->output);
}

/* A restart that dies as well, if it goes that far. */
static void
kill_again(guint step)
{
    static const char *const once[] = {"once", NULL};
    const MpHouseRun run = {.kill_at = step};

    (void)mp_house_run(house, once, &run);
}

/* Lines of one end that the other lacks: the whole would hide them. */
static void
show_difference(const char *title, const char *text, const char *other)
{
    g_auto(GStrv) lines = g_strsplit(text, "\n", -1);
    g_auto(GStrv) others = g_strsplit(other, "\n", -1);

    for (guint i = 0; lines[i] != NULL; i++)
        if (!g_strv_contains((const char *const *)others, lines[i]))
            (void)fprintf(stderr, "%s: %s\n", title, lines[i]);
}

static void
check_point(const Round *round, guint step, gboolean twice)
{
    g_autofree char *end = NULL;

    mp_house_lay_back(house, round->slot);
    house->now_s = round->now_s;
    kill_at(step);
    if (twice)
        kill_again(step * 7 % round->n_steps + 1);
    end = rest(round->now_s);
    if (strcmp(end, round->end) != 0) {
        show_difference("with the kill", end, round->end);
        show_difference("without", round->end, end);
        fail_msg("%s, %s: killed at step %u of %u%s",
                 story->name,
                 round->slot,
                 step,
                 round->n_steps,
                 twice ? ", twice" : "");
    }
    mp_house_check(house);
}

static guint
n_points(guint n_steps)
{
    const char *wanted = g_getenv("MP_CRASH_POINTS");
    guint n = wanted == NULL ? DEFAULT_POINTS : (guint)g_ascii_strtoull(wanted, NULL, 10);

    return n == 0 ? n_steps : MIN(n, n_steps);
}

static void
test_killed(void **state)
{
    guint n_steps = 0;
    guint n;

    (void)state;
    for (guint i = 0; i < rounds->len; i++)
        n_steps += ((const Round *)g_ptr_array_index(rounds, i))->n_steps;
    n = n_points(n_steps);
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

int
main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        {"the story comes to its end undisturbed", test_story_ends, NULL, NULL, NULL},
        {"killed at any step, the end is the same", test_killed, NULL, NULL, NULL},
    };

    for (gsize i = 0; argc == 3 && i < G_N_ELEMENTS(stories); i++)
        if (strcmp(stories[i].name, argv[2]) == 0)
            story = &stories[i];
    if (story == NULL) {
        print_error("usage: %s PROGRAM STORY\n", argv[0]);
        return 64;
    }
    (void)g_setenv("MP_CRASH_PROGRAM", argv[1], TRUE);
    return cmocka_run_group_tests_name(story->name, tests, play_story, end_story);
}

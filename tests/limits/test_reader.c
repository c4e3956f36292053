/* SPDX-License-Identifier: GPL-3.0-or-later */

/* A reader that dies, hangs or eats: the mail is given up, the next one is read at once. */

#include "limits/office.h"

#include "app/reader-private.h"
#include "support/asserts.h"

#include <sys/socket.h>
#include <unistd.h>

typedef struct {
    const char *sentence;
    const char *how;    /* of MP_READER_TEST */
    const char *limits; /* of the office */
    const char *problem;
} Row;

/* clang-format off */
static Row rows[] = {
    {"F-06 a reader that aborts is replaced", "abort", "", "killed by signal 6"},
    {"F-06 a reader that hangs is ended and replaced", "hang", "reader_wall = 1s", "after its time was up"},
    {"F-06 a reader that computes for ever is ended and replaced", "spin", "reader_cpu = 1s", "killed by signal 24"},
    {"F-06 a reader that wants all memory is replaced", "eat", "reader_memory = 512M", "killed by signal"},
};

/* clang-format on */

static MpFacts *
read_letter(MpReader *reader, const char *subject, GError **error)
{
    g_autoptr(GBytes) letter = office_letter(subject);

    return mp_reader_read(reader, letter, error);
}

static gint64
wall_of(const Row *row)
{
    return strstr(row->limits, "reader_wall") != NULL ? 1000 : 30000;
}

/* Time from the death of one to the facts of the next, the best of three on a busy machine. */
static void
reader_recovers(void **state)
{
    const Row *row = *state;
    Office *office = office_new(row->limits);
    g_autofree char *setting = g_strconcat(row->how, " racun", NULL);
    g_autoptr(MpReader) reader = NULL;
    gint64 best_us = G_MAXINT64;

    (void)g_setenv("MP_READER_TEST", setting, TRUE);
    reader = mp_reader_new(office->config, wall_of(row));
    for (guint i = 0; i < 3; i++) {
        g_autoptr(GError) error = NULL;
        g_autoptr(GError) none = NULL;
        g_autoptr(MpFacts) facts = read_letter(reader, "racun", &error);
        gint64 since_us = g_get_monotonic_time();

        assert_null(facts);
        assert_gerror(error, MP_ERROR_CANCELLED);
        assert_contains(error->message, row->problem);
        facts = read_letter(reader, "sehat", &none);
        assert_no_gerror(none);
        assert_string_equal(facts->message->subject, "sehat");
        best_us = MIN(best_us, g_get_monotonic_time() - since_us);
    }
    if (best_us >= G_USEC_PER_SEC)
        fail_msg("the next mail was read after %" G_GINT64_FORMAT " ms", best_us / 1000);
    g_unsetenv("MP_READER_TEST");
    office_free(office);
}

/* Rules that somebody broke meanwhile are no mail's fault: nothing is given up for them. */
static void
child_that_cannot_start_blames_no_mail(void **state)
{
    Office *office = office_new("reader_wall = 1");
    g_autoptr(MpReader) reader = mp_reader_new(office->config, 30000);
    g_autoptr(GError) error = NULL;
    g_autoptr(MpFacts) facts = read_letter(reader, "sehat", &error);

    (void)state;
    assert_null(facts);
    assert_gerror(error, MP_ERROR_STORAGE);
    assert_contains(error->message, "reader did not start");
    office_free(office);
}

/* A number of /proc/PID/status, in KiB. */
static guint64
status_kb(const char *pid, const char *member)
{
    g_autofree char *path = g_strdup_printf("/proc/%s/status", pid);
    g_autofree char *text = NULL;

    assert_true(g_file_get_contents(path, &text, NULL, NULL));
    const char *at = strstr(text, member);
    assert_non_null(at);
    return g_ascii_strtoull(at + strlen(member), NULL, 10);
}

static guint
n_files(const char *pid)
{
    g_autofree char *path = g_strdup_printf("/proc/%s/fd", pid);
    g_autoptr(GDir) dir = g_dir_open(path, 0, NULL);
    guint n = 0;

    assert_non_null(dir);
    while (g_dir_read_name(dir) != NULL)
        n++;
    return n;
}

typedef struct {
    guint64 child_kb, parent_kb;
    guint child_files, parent_files;
} Holdings;

static Holdings
read_many(MpReader *reader, guint n)
{
    g_autofree char *list = g_strdup_printf("/proc/self/task/%d/children", (int)getpid());
    g_autofree char *child = NULL;

    for (guint i = 0; i < n; i++) {
        g_autofree char *subject = g_strdup_printf("surat ke-%u", i);
        g_autoptr(GError) error = NULL;
        g_autoptr(MpFacts) facts = read_letter(reader, subject, &error);

        assert_no_gerror(error);
    }
    assert_true(g_file_get_contents(list, &child, NULL, NULL));
    g_strchomp(child);
    return (Holdings){
        status_kb(child, "VmRSS:"), status_kb("self", "VmRSS:"), n_files(child), n_files("self")};
}

/* The long soak is bench.soak_read; this is the same question asked of every change: what the first
 * mails brought stays, and the next ones bring nothing. */
static void
mails_leave_nothing_behind(void **state)
{
    enum { WARM = 300, MORE = 1000, SLACK_KB = 1024 };

    Office *office = office_new("");
    g_autoptr(MpReader) reader = mp_reader_new(office->config, 30000);
    Holdings before = read_many(reader, WARM), after = read_many(reader, MORE);

    (void)state;
    assert_true(after.child_kb <= before.child_kb + SLACK_KB);
    assert_true(after.parent_kb <= before.parent_kb + SLACK_KB);
    /* The child may still be closing what it has answered with. */
    assert_true(after.child_files <= before.child_files + 1);
    assert_int_equal(after.parent_files, before.parent_files);
    office_free(office);
}

/* A wait that ended a moment too early would not be known as one that ended in vain. */
static void
wait_lasts_to_its_end(void **state)
{
    int pair[2];

    (void)state;
    assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair), 0);
    for (guint i = 0; i < 20; i++) {
        gint64 deadline_us = g_get_monotonic_time() + 1900;
        MpFrame frame;
        char *text = NULL;
        int blob = -1;

        assert_false(mp_frame_receive(pair[0], deadline_us, &frame, &text, &blob));
        assert_true(g_get_monotonic_time() >= deadline_us);
    }
    close(pair[0]);
    close(pair[1]);
}

/* The child's environment and status, seen from outside. */
static void
child_knows_nothing_and_is_locked(void **state)
{
    Office *office = office_new("");
    g_autoptr(MpReader) reader = mp_reader_new(office->config, 30000);
    g_autoptr(GError) error = NULL;
    g_autoptr(MpFacts) facts = NULL;
    g_autofree char *children = NULL;
    g_autofree char *status = NULL;
    g_autofree char *environment = NULL;
    gsize length = 0;

    (void)state;
    (void)g_setenv("MP_SECRET", "rahasia", TRUE);
    facts = read_letter(reader, "sehat", &error);
    assert_no_gerror(error);
    g_autofree char *list = g_strdup_printf("/proc/self/task/%d/children", (int)getpid());

    assert_true(g_file_get_contents(list, &children, NULL, NULL));
    g_autofree char *status_path = g_strdup_printf("/proc/%s/status", g_strchomp(children));
    g_autofree char *environment_path = g_strdup_printf("/proc/%s/environ", children);

    assert_true(g_file_get_contents(status_path, &status, NULL, NULL));
    assert_contains(status, "NoNewPrivs:\t1");
    assert_contains(status, "Seccomp:\t2");
    /* Not even its owner may look, unless he is root. */
    if (g_file_get_contents(environment_path, &environment, &length, NULL))
        assert_null(g_strstr_len(environment, (gssize)length, "rahasia"));
    g_unsetenv("MP_SECRET");
    office_free(office);
}

int
main(int argc, char **argv)
{
    struct CMUnitTest tests[G_N_ELEMENTS(rows) + 4];

    /* The reader child is this very program, executed again. */
    if (argc == 5 && strcmp(argv[3], "reader") == 0)
        return mp_reader_main(argv[2], (int)g_ascii_strtoll(argv[4], NULL, 10));
    for (gsize i = 0; i < G_N_ELEMENTS(rows); i++)
        tests[i] = (struct CMUnitTest){
            .name = rows[i].sentence, .test_func = reader_recovers, .initial_state = &rows[i]};
    tests[G_N_ELEMENTS(rows)] =
        (struct CMUnitTest){.name = "T-44 the child knows nothing and is locked",
                            .test_func = child_knows_nothing_and_is_locked};
    tests[G_N_ELEMENTS(rows) + 1] =
        (struct CMUnitTest)cmocka_unit_test(child_that_cannot_start_blames_no_mail);
    tests[G_N_ELEMENTS(rows) + 2] = (struct CMUnitTest)cmocka_unit_test(wait_lasts_to_its_end);
    tests[G_N_ELEMENTS(rows) + 3] =
        (struct CMUnitTest){.name = "F-21 mails leave neither memory nor descriptors behind",
                            .test_func = mails_leave_nothing_behind};
    return cmocka_run_group_tests_name("reader", tests, NULL, NULL);
}

/* SPDX-License-Identifier: GPL-3.0-or-later */

/* One byte of the store is another (F-14). In the head of a page it is found at the start: nothing
 * is written, the mail stays, and the words say what to do. In the content of a page it is found at
 * the start, by `audit verify` or by `rebuild`, or it changes nothing that the office holds; what
 * no check can see (a word of the ledger or of a notice) is counted.
 *
 *     test_damage PROGRAM
 */

#include "support/asserts.h"
#include "support/house.h"

#include <sys/wait.h>

enum { LATER_S = 16 * 60, PAGE = 4096, FILE_HEAD = 100, DEFAULT_POINTS = 16 };

static MpHouse *house;
static char *clean_end;
static guint n_pages;

static char *
rest(gint64 now_s)
{
    for (guint i = 0; i < 2; i++) {
        house->now_s = now_s + i * LATER_S;
        mp_house_once(house);
    }
    house->now_s = now_s;
    return mp_house_tell(house);
}

static int
set_up_group(void **state)
{
    g_autofree char *bytes = NULL;
    g_autofree char *path = NULL;
    gsize length = 0;

    (void)state;
    house = mp_house_new(g_getenv("MP_CRASH_PROGRAM"), NULL, NULL);
    mp_house_letter(house, 3, NULL);
    mp_house_letter(house, 0, NULL);
    mp_house_once(house);
    mp_house_letter(house, 1, NULL);
    mp_house_keep(house, "slot");
    path = g_build_filename(house->home, "store", "mailproc.sqlite", NULL);
    assert_true(g_file_get_contents(path, &bytes, &length, NULL));
    n_pages = (guint)(length / PAGE);
    clean_end = rest(house->now_s);
    return 0;
}

static int
tear_down_group(void **state)
{
    (void)state;
    g_free(clean_end);
    mp_house_free(house);
    return 0;
}

static void
flip(guint page, guint at)
{
    g_autofree char *path = g_build_filename(house->home, "store", "mailproc.sqlite", NULL);
    g_autofree char *bytes = NULL;
    gsize length = 0;

    mp_house_lay_back(house, "slot");
    assert_true(g_file_get_contents(path, &bytes, &length, NULL));
    bytes[(gsize)page * PAGE + at] = (char)(bytes[(gsize)page * PAGE + at] ^ 0xff);
    assert_true(g_file_set_contents_full(
        path, bytes, (gssize)length, G_FILE_SET_CONTENTS_NONE, 0600, NULL));
}

static int
run(const char *first, const char *second)
{
    const char *const words[] = {first, second, NULL};
    int status = mp_house_run(house, words, NULL);

    if (!WIFEXITED(status))
        fail_msg("%s: status %d: %s", first, status, house->output);
    return WEXITSTATUS(status);
}

/* TRUE when the program refused to start on it. */
static gboolean
is_refused(guint page)
{
    int code = run("once", NULL);

    if (code == 0)
        return FALSE;
    assert_int_equal(code, 74);
    if (strstr(house->output, "mailproc restore") == NULL)
        fail_msg("page %u: it is not said what to do: %s", page, house->output);
    assert_int_equal(mp_house_count(house, "masuk"), 1);
    return TRUE;
}

static gboolean
is_unchanged(void)
{
    g_autofree char *end = rest(house->now_s);

    return strcmp(end, clean_end) == 0;
}

static guint
n_points(void)
{
    const char *wanted = g_getenv("MP_CRASH_POINTS");
    guint n = wanted == NULL ? DEFAULT_POINTS : (guint)g_ascii_strtoull(wanted, NULL, 10);

    return n == 0 ? n_pages : MIN(n, n_pages);
}

static void
test_heads(void **state)
{
    guint n = n_points(), n_refused = 0;

    (void)state;
    for (guint i = 0; i < n; i++) {
        guint page = i * n_pages / n;

        flip(page, page == 0 ? FILE_HEAD : 0);
        if (is_refused(page))
            n_refused++;
        else if (!is_unchanged())
            fail_msg("page %u: worked on a damaged store", page);
    }
    print_message("heads of %u pages of %u: %u refused at the start\n", n, n_pages, n_refused);
    assert_true(n_refused >= n * 3 / 4);
}

static void
test_contents(void **state)
{
    guint n = n_points(), n_refused = 0, n_found = 0, n_same = 0;

    (void)state;
    for (guint i = 0; i < n; i++) {
        guint page = i * n_pages / n;

        flip(page, PAGE - 40 - i % 32);
        if (is_refused(page))
            n_refused++;
        else if (run("audit", "verify") != 0 || run("rebuild", NULL) != 0)
            n_found++;
        else if (is_unchanged())
            n_same++;
    }
    print_message("contents of %u pages: %u refused, %u found, %u without effect, %u not seen\n",
                  n,
                  n_refused,
                  n_found,
                  n_same,
                  n - n_refused - n_found - n_same);
}

int
main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        {"F-14 a byte in the head of a page is found at the start", test_heads, NULL, NULL, NULL},
        {"F-14 a byte in the content of a page ends nothing", test_contents, NULL, NULL, NULL},
    };

    if (argc != 2) {
        print_error("usage: %s PROGRAM\n", argv[0]);
        return 64;
    }
    (void)g_setenv("MP_CRASH_PROGRAM", argv[1], TRUE);
    return cmocka_run_group_tests_name("damage", tests, set_up_group, tear_down_group);
}

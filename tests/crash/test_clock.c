/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The clock of the machine jumps under the running service, by libfaketime (F-15): a day ahead, a
 * day back, to 1970, to 2038 and back. Nobody is reminded twice in a period, no notice goes out
 * twice, no case is opened twice. And numbers are those of the year in which the office is.
 *
 *     test_clock PROGRAM LIBFAKETIME
 */

#include "support/asserts.h"
#include "support/house.h"

#include <signal.h>
#include <sys/wait.h>

enum { DAY_S = 24 * 3600 };

static MpHouse *house;
static const char *faketime;
static GPid service; /* that runs now; 0 = none */

static int
set_up(void **state)
{
    (void)state;
    house = mp_house_new(g_getenv("MP_CRASH_PROGRAM"), NULL, NULL);
    return 0;
}

static int
tear_down(void **state)
{
    (void)state;
    if (service != 0)
        (void)mp_house_end(house, service, SIGKILL);
    service = 0;
    mp_house_free(house);
    return 0;
}

/* --- jumps ------------------------------------------------------------------------------------ */

/* Where the clock stands, in the zone of the tests. */
static void
set_clock(const char *path, gint64 to_s)
{
    g_autoptr(GDateTime) utc = g_date_time_new_from_unix_utc(to_s);
    g_autofree char *text = g_date_time_format(utc, "%Y-%m-%d %H:%M:%S\n");
    g_autofree char *fresh = g_strconcat(path, ".new", NULL);

    assert_true(g_file_set_contents(fresh, text, -1, NULL));
    assert_int_equal(rename(fresh, path), 0);
}

static guint
count_words(const char *text, const char *words)
{
    guint n = 0;

    for (const char *at = text; (at = strstr(at, words)) != NULL; at++)
        n++;
    return n;
}

/* A question that is told nothing: only its being handled shows that the service goes on. */
static void
let_one_come(void)
{
    mp_house_write(house,
                   "dinkes@contohkab.go.id",
                   "Subject: Balasan Otomatis\r\nAuto-Submitted: auto-replied\r\n",
                   "Saya sedang cuti.");
    mp_house_wait_count(house, "masuk", 0);
}

/* What is due at this time has been told so often, and no oftener. */
static void
check_fired(const char *timer, guint n)
{
    mp_house_wait_said(house, timer, n);
    assert_int_equal(count_words(house->output, timer), n);
}

/* No notice about a case goes to anybody twice; the list of the morning goes out each morning that
 * the office saw with a case in it, and once. */
static void
check_told_once(const char *told)
{
    g_auto(GStrv) lines = g_strsplit(told, "\n", -1);
    g_autoptr(GHashTable) seen = g_hash_table_new(g_str_hash, g_str_equal);

    for (guint i = 0; lines[i] != NULL; i++)
        if (g_str_has_prefix(lines[i], "outbox SE-") && !g_hash_table_add(seen, lines[i]))
            fail_msg("twice: %s", lines[i]);
    assert_true(g_hash_table_size(seen) > 0);
    assert_int_equal(count_words(told, "\noutbox - ringkasan "), 2);
    assert_int_equal(count_words(told, " eskalasi "), 2);
}

typedef struct {
    gint64 to_s;
    guint n_due, n_escalated; /* of the two cases so far */
} Jump;

static void
test_jumps(void **state)
{
    static const Jump jumps[] = {{MP_HOUSE_START_S + DAY_S, 2, 0},
                                 {MP_HOUSE_START_S, 2, 0},
                                 {MP_HOUSE_START_S - DAY_S, 2, 0},
                                 {MP_HOUSE_START_S, 2, 0},
                                 {60, 2, 0},
                                 {MP_HOUSE_START_S, 2, 0},
                                 {2147483648, 2, 2},
                                 {MP_HOUSE_START_S + DAY_S, 2, 2}};
    g_autofree char *clock = g_build_filename(house->dir, "jam", NULL);
    g_autofree char *told = NULL;
    gint64 began_s = house->now_s;
    int status;

    (void)state;
    mp_house_once(house);
    set_clock(clock, began_s);
    g_ptr_array_add(house->extra, g_strconcat("FAKETIME_TIMESTAMP_FILE=", clock, NULL));
    for (const char *const *at = (const char *const[]){"FAKETIME_NO_CACHE=1",
                                                       "FAKETIME_DONT_FAKE_MONOTONIC=1",
                                                       "DONT_FAKE_MONOTONIC=1",
                                                       "NO_FAKE_STAT=1",
                                                       "TZ=UTC",
                                                       NULL};
         *at != NULL;
         at++)
        g_ptr_array_add(house->extra, g_strdup(*at));
    house->preload = g_strdup(faketime);
    house->has_own_clock = TRUE;
    mp_house_letter(house, 3, NULL);
    mp_house_letter(house, 0, NULL);
    service = mp_house_start(house);
    mp_house_wait_said(house, "event=service.started", 1);
    mp_house_wait_count(house, "masuk", 0);
    for (gsize i = 0; i < G_N_ELEMENTS(jumps); i++) {
        set_clock(clock, jumps[i].to_s);
        let_one_come();
        check_fired(" timer=due\n", jumps[i].n_due);
        check_fired(" timer=escalation\n", jumps[i].n_escalated);
    }
    mp_house_wait_count(house, "keluar/kepala-dinas@contohkab.go.id", 4);
    mp_house_wait_count(house, "keluar/sekretaris@contohkab.go.id", 2);
    status = mp_house_end(house, service, SIGTERM);
    service = 0;
    assert_true(WIFEXITED(status) && WEXITSTATUS(status) == 0);
    told = mp_house_tell(house);
    /* Two cases, each reminded once and escalated once in the one step that the office saw. */
    assert_int_equal(count_words(told, "\n  event reminded "), 4);
    assert_int_equal(count_words(told, "\ncase "), 1);
    check_told_once(told);
    assert_lacks(house->output, "event=child.ended");
    mp_house_check(house);
}

/* --- the last minute of the year -------------------------------------------------------------- */

typedef struct {
    const char *name, *zone;
    gint64 last_minute_s; /* 31 December 2026, 23.59 there */
} Zone;

static void
check_numbers(void **state)
{
    const Zone *row = *state;
    g_autofree char *told = NULL;
    /* This year, the next (a mail lies there a minute), and the clock set back. */
    static const int steps_s[] = {0, 150, 30};

    (void)set_up(NULL);
    mp_house_shell(
        "cp -r '" MP_SOURCE_DIR "/rules' '%s/rules' && "
        "printf '2027-01-01\\tlibur\\tTahun Baru\\tuji\\n' >'%s/rules/holidays-2027.tsv' && "
        "sed -i -e 's,^timezone = .*,timezone = %s\\nrules_dir = %s/rules,' "
        "-e 's/^holidays = .*/holidays = holidays-2026.tsv; holidays-2027.tsv/' '%s'",
        house->home,
        house->home,
        row->zone,
        house->home,
        house->config);
    for (guint i = 0; i < G_N_ELEMENTS(steps_s); i++) {
        house->now_s = row->last_minute_s + steps_s[i];
        mp_house_letter_of(house, i);
        mp_house_once(house);
    }
    told = mp_house_tell(house);
    assert_contains(told, "case SE-2026-000001 ");
    assert_contains(told, "case SE-2027-000001 ");
    assert_contains(told, "case SE-2026-000002 ");
    assert_int_equal(count_words(told, "\ncase ") + g_str_has_prefix(told, "case "), 3);
    mp_house_check(house);
    (void)tear_down(NULL);
}

int
main(int argc, char **argv)
{
    static const Zone zones[] = {
        {"F-15 numbers of 31 December, 23.59 WIB", "Asia/Jakarta", 1798736340},
        {"F-15 numbers of 31 December, 23.59 WITA", "Asia/Makassar", 1798736340 - 3600},
        {"F-15 numbers of 31 December, 23.59 WIT", "Asia/Jayapura", 1798736340 - 7200},
    };
    const struct CMUnitTest tests[] = {
        {"F-15 the clock jumps under the service: no storm, nothing twice",
         test_jumps,
         set_up,
         tear_down,
         NULL},
    };

    if (argc != 3 || !g_file_test(argv[2], G_FILE_TEST_EXISTS)) {
        print_error("usage: %s PROGRAM LIBFAKETIME (package libfaketime)\n", argv[0]);
        return 64;
    }
    (void)g_setenv("MP_CRASH_PROGRAM", argv[1], TRUE);
    faketime = argv[2];
    return run_rows("years", zones, check_numbers) +
           cmocka_run_group_tests_name("jumps", tests, NULL, NULL);
}

/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The ground goes away (F-07, F-09, F-10, F-15, F-19, F-22): calls that fail, memory that is not
 * there, a store that cannot be written, a second service, a locked store, a clock that jumps. Each
 * time the sweep ends with one clear line or goes on, no mail is lost, and the next sweep comes to
 * the same end as if nothing had been. A full disk is in test_room.c, the running service in
 * test_service_faults.c.
 *
 *     test_faults PROGRAM SHIM
 */

#include "support/asserts.h"
#include "support/house.h"

#include <errno.h>
#include <sqlite3.h>
#include <sys/wait.h>

enum { LATER_S = 16 * 60, DAY_S = 24 * 3600, DEFAULT_POINTS = 8, NIGHTLY_MEMORY_POINTS = 3000 };

static MpHouse *house;
static char *clean_end; /* after an undisturbed sweep and one some time later */
static const char *shim;

/* --- scaffold --------------------------------------------------------------------------------- */

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
    (void)state;
    house = mp_house_new(g_getenv("MP_CRASH_PROGRAM"), NULL, NULL);
    mp_house_once(house);
    mp_house_letter(house, 3, NULL);
    mp_house_letter(house, 0, NULL);
    mp_house_put(house, "no header here\n\nat all\n", -1);
    mp_house_keep(house, "slot");
    clean_end = rest(house->now_s);
    mp_house_check(house);
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

static int
set_up(void **state)
{
    (void)state;
    mp_house_lay_back(house, "slot");
    g_ptr_array_set_size(house->extra, 0);
    g_clear_pointer(&house->preload, g_free);
    return 0;
}

static void
check_end(const char *what)
{
    g_autofree char *end = rest(house->now_s);

    if (mp_house_differs(end, clean_end))
        fail_msg("after %s", what);
    mp_house_check(house);
}

/* A sweep that may fail but not die; what it says is one line that begins with our name. */
static gboolean
sweep_disturbed(const char *what)
{
    static const char *const once[] = {"once", NULL};
    int status = mp_house_run(house, once, NULL);

    if (!WIFEXITED(status))
        fail_msg("%s: status %d: %s", what, status, house->output);
    if (WEXITSTATUS(status) == 0)
        return TRUE;
    if (strstr(house->output, "mailproc: ") == NULL)
        fail_msg("%s: exit code %d without a word: %s", what, WEXITSTATUS(status), house->output);
    return FALSE;
}

/* --- calls that fail -------------------------------------------------------------------------- */

typedef struct {
    const char *name;
    const char *call;
    int number; /* errno */
} Call;

static void
set_failing(const Call *call, guint at, const char *log)
{
    g_ptr_array_set_size(house->extra, 0);
    g_ptr_array_add(house->extra, g_strconcat("MP_FAIL_CALL=", call->call, NULL));
    g_ptr_array_add(house->extra, g_strconcat("MP_FAIL_BELOW=", house->home, NULL));
    g_ptr_array_add(house->extra, g_strdup_printf("MP_FAIL_ERRNO=%d", call->number));
    g_ptr_array_add(house->extra, g_strdup_printf("MP_FAIL_AT=%u", at));
    if (log != NULL)
        g_ptr_array_add(house->extra, g_strconcat("MP_FAIL_LOG=", log, NULL));
    g_free(house->preload);
    house->preload = g_strdup(shim);
}

static guint
count_calls(const Call *call)
{
    g_autofree char *log = g_build_filename(house->dir, "calls", NULL);
    g_autofree char *text = NULL;
    gsize length = 0;

    mp_house_shell(": >'%s'", log);
    set_failing(call, 0, log);
    (void)set_up(NULL);
    set_failing(call, 0, log);
    mp_house_once(house);
    assert_true(g_file_get_contents(log, &text, &length, NULL));
    return (guint)length;
}

static void
test_call_fails(void **state)
{
    const Call *call = *state;
    const char *wanted = g_getenv("MP_CRASH_POINTS");
    guint n_calls = count_calls(call);
    guint n_noticed = 0;
    guint n = wanted == NULL ? DEFAULT_POINTS : (guint)g_ascii_strtoull(wanted, NULL, 10);

    assert_true(n_calls > 0);
    n = n == 0 ? n_calls : MIN(n, n_calls);
    for (guint i = 0; i < n; i++) {
        guint at = (guint)((guint64)i * n_calls / n) + 1;
        g_autofree char *what =
            g_strdup_printf("%s, %u of %u: %s", call->call, at, n_calls, g_strerror(call->number));

        (void)set_up(NULL);
        set_failing(call, at, NULL);
        n_noticed += !sweep_disturbed(what);
        g_ptr_array_set_size(house->extra, 0);
        g_clear_pointer(&house->preload, g_free);
        check_end(what);
    }
    print_message("%s: %u of %u failed, %u ended the sweep\n", call->call, n, n_calls, n_noticed);
    assert_true(n_noticed > 0);
}

/* GLib ends the program when memory is not there: that counts as a kill (decisions.md 35). Others
 * may give an error, and the reader's death alone is a try of the mail. */
static void
test_memory_fails(void **state)
{
    static const char *const once[] = {"once", NULL};
    static const Call call = {"", "malloc", ENOMEM};
    const char *wanted = g_getenv("MP_CRASH_POINTS");
    guint n_calls = count_calls(&call);
    guint n_died = 0;
    guint n = wanted == NULL ? DEFAULT_POINTS * 3 : NIGHTLY_MEMORY_POINTS;

    (void)state;
    n = MIN(n, n_calls);
    for (guint i = 0; i < n; i++) {
        guint at = (guint)((guint64)i * n_calls / n) + 1;
        g_autofree char *what = g_strdup_printf("malloc %u of %u", at, n_calls);
        int status;

        (void)set_up(NULL);
        set_failing(&call, at, NULL);
        status = mp_house_run(house, once, NULL);
        n_died += !WIFEXITED(status) || WEXITSTATUS(status) != 0;
        g_ptr_array_set_size(house->extra, 0);
        g_clear_pointer(&house->preload, g_free);
        check_end(what);
    }
    print_message("malloc: %u of %u failed, %u ended the sweep\n", n, n_calls, n_died);
    assert_true(n_died > 0);
}

/* --- the store -------------------------------------------------------------------------------- */

/* Runs a sweep below a shell script that first does this to the store's directory. */
static void
sweep_with_store(const char *before, const char *after)
{
    g_autofree char *own = g_steal_pointer(&house->program);
    g_autofree char *script = g_build_filename(house->dir, "script", NULL);
    g_autofree char *text = g_strdup_printf("#!/bin/sh\n"
                                            "[ \"$1\" = inside ] || exec unshare -m \"$0\" inside "
                                            "\"$@\"\n"
                                            "shift\n"
                                            "cd '%s' || exit 99\n"
                                            "%s\n'%s' \"$@\"\ncode=$?\n%s\nexit $code\n",
                                            house->home,
                                            before,
                                            own,
                                            after);
    gboolean is_done;

    assert_true(g_file_set_contents_full(script, text, -1, G_FILE_SET_CONTENTS_NONE, 0700, NULL));
    house->program = script;
    is_done = sweep_disturbed(before);
    house->program = g_steal_pointer(&own);
    assert_false(is_done);
    assert_contains(house->output, "store");
}

static void
test_store_is_read_only(void **state)
{
    (void)state;
    sweep_with_store("mount --bind store store && mount -o remount,bind,ro store || exit 99", "");
    assert_int_equal(mp_house_count(house, "masuk"), 3);
    check_end("a store that is read-only");
}

static void
test_second_service(void **state)
{
    g_autofree char *dir = g_build_filename(house->home, "store", NULL);
    g_autoptr(GError) error = NULL;
    MpStore *first = mp_store_open(dir, &error);

    (void)state;
    assert_no_gerror(error);
    mp_house_fails(house, 74, "already in use by process");
    assert_int_equal(mp_house_count(house, "masuk"), 3);
    first->free(first);
    check_end("a second service");
}

static void
test_store_is_locked(void **state)
{
    g_autofree char *path = g_build_filename(house->home, "store", "mailproc.sqlite", NULL);
    sqlite3 *other = NULL;

    (void)state;
    assert_int_equal(sqlite3_open(path, &other), SQLITE_OK);
    assert_int_equal(sqlite3_exec(other, "BEGIN IMMEDIATE", NULL, NULL, NULL), SQLITE_OK);
    assert_false(sweep_disturbed("a locked store"));
    assert_contains(house->output, "locked");
    assert_int_equal(mp_house_count(house, "masuk"), 3);
    assert_int_equal(sqlite3_exec(other, "ROLLBACK", NULL, NULL, NULL), SQLITE_OK);
    assert_int_equal(sqlite3_close(other), SQLITE_OK);
    check_end("a locked store");
}

/* --- the clock -------------------------------------------------------------------------------- */

typedef struct {
    const char *name;
    gint64 to_s; /* 0 = by days */
    int days;
} Jump;

/* Mail is taken at the wrong hour, and the right one comes back: no notice is sent twice, no case
 * is opened twice, and nobody is reminded more than once. */
static void
test_clock_jumps(void **state)
{
    const Jump *jump = *state;
    gint64 right_s = house->now_s;
    g_autofree char *end = NULL;
    guint n_reminders = 0;

    (void)set_up(NULL);
    house->now_s = jump->to_s != 0 ? jump->to_s : right_s + jump->days * DAY_S;
    (void)sweep_disturbed(jump->name);
    for (guint i = 0; i < 3; i++) {
        house->now_s = right_s + i * LATER_S;
        mp_house_once(house);
    }
    house->now_s = right_s;
    end = mp_house_tell(house);
    for (const char *at = end; (at = strstr(at, "\n  event reminded ")) != NULL; at++)
        n_reminders++;
    assert_true(n_reminders <= 2);
    assert_null(strstr(end, "SE-2026-000003"));
    assert_int_equal(mp_house_count(house, "masuk"), 0);
    mp_house_check(house);
}

int
main(int argc, char **argv)
{
    static const Call calls[] = {
        {"F-08 no room for the n-th write", "write", ENOSPC},
        {"F-10 the n-th write fails", "write", EIO},
        {"F-10 the n-th read fails", "read", EIO},
        {"F-09 the n-th sync fails", "sync", EIO},
        {"F-10 the n-th open finds no descriptor", "open", EMFILE},
        {"F-10 the n-th rename fails", "rename", EIO},
    };
    static const Jump jumps[] = {
        {"F-15 the clock is a day ahead, and comes back", 0, 1},
        {"F-15 the clock is a day behind, and comes back", 0, -1},
        {"F-15 the clock says 1970, and comes back", 60, 0},
        {"F-15 the clock says 2038, and comes back", 2147483648, 0},
    };
    const struct CMUnitTest tests[] = {
        {"F-10 the n-th malloc fails", test_memory_fails, set_up, NULL, NULL},
        {"F-22 a store that is read-only: mail stays, and is taken later",
         test_store_is_read_only,
         set_up,
         NULL,
         NULL},
        {"F-19 a second service is refused by name", test_second_service, set_up, NULL, NULL},
        {"F-07 a locked store is waited for, then left", test_store_is_locked, set_up, NULL, NULL},
    };
    int n_failed;

    if (argc != 3) {
        print_error("usage: %s PROGRAM SHIM\n", argv[0]);
        return 64;
    }
    (void)g_setenv("MP_CRASH_PROGRAM", argv[1], TRUE);
    shim = argv[2];
    (void)set_up_group(NULL);
    n_failed = cmocka_run_group_tests_name("store", tests, NULL, NULL);
    n_failed += run_rows("calls", calls, test_call_fails);
    n_failed += run_rows("clock", jumps, test_clock_jumps);
    (void)tear_down_group(NULL);
    return n_failed;
}

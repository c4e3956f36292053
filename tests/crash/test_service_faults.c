/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The ground goes away under the running service (F-07, F-08, F-09, F-19): it says so, the mail
 * stays in the mailbox, and when the ground is there again it takes its work up by itself, to the
 * end that an undisturbed service comes to.
 *
 *     test_service_faults PROGRAM SHIM
 */

#include "support/asserts.h"
#include "support/house.h"

#include <errno.h>
#include <sched.h>
#include <signal.h>
#include <sqlite3.h>
#include <sys/mount.h>
#include <sys/wait.h>

enum { LATER_S = 16 * 60, LOCKED_S = 30, TRY_S = 5, N_MAILS = 3 };

static MpHouse *house;
static char *clean_end; /* after undisturbed sweeps */
static char *store;
static GPid service;   /* that runs now; 0 = none */
static sqlite3 *other; /* another program's hold on the store, or NULL */
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

static void
let_be(void)
{
    g_ptr_array_set_size(house->extra, 0);
    g_clear_pointer(&house->preload, g_free);
}

static void
put_mails(void)
{
    house->n_mails = 0;
    mp_house_letter(house, 3, NULL);
    mp_house_letter(house, 0, NULL);
    mp_house_put(house, "no header here\n\nat all\n", -1);
}

static int
set_up_group(void **state)
{
    (void)state;
    house = mp_house_new(g_getenv("MP_CRASH_PROGRAM"), NULL, NULL);
    store = g_build_filename(house->home, "store", NULL);
    mp_house_once(house);
    mp_house_keep(house, "slot");
    put_mails();
    clean_end = rest(house->now_s);
    mp_house_check(house);
    return 0;
}

static int
tear_down_group(void **state)
{
    (void)state;
    g_free(clean_end);
    g_free(store);
    mp_house_free(house);
    return 0;
}

static int
set_up(void **state)
{
    (void)state;
    let_be();
    (void)umount2(store, MNT_DETACH);
    mp_house_lay_back(house, "slot");
    return 0;
}

static void
let_go(void)
{
    assert_int_equal(sqlite3_close(other), SQLITE_OK);
    other = NULL;
}

/* A test that fails leaves neither service nor lock to the next one. */
static int
tear_down(void **state)
{
    (void)state;
    let_go();
    if (service != 0)
        (void)mp_house_end(house, service, SIGKILL);
    service = 0;
    return 0;
}

/* All that it said is in house->output. */
static void
stop_service(void)
{
    int status = mp_house_end(house, service, SIGTERM);

    service = 0;
    assert_true(WIFEXITED(status) && WEXITSTATUS(status) == 0);
}

static void
check_end(void)
{
    g_autofree char *end = NULL;

    let_be();
    end = rest(house->now_s);
    assert_false(mp_house_differs(end, clean_end));
    mp_house_check(house);
}

/* --- the disk --------------------------------------------------------------------------------- */

/* The first process whose sync fails ends with an error, and the next one opens the store anew. */
static void
test_sync_fails(void **state)
{
    g_autofree char *once = g_build_filename(house->dir, "failed", NULL);

    (void)state;
    put_mails();
    mp_house_shell("rm -f '%s'", once);
    g_ptr_array_add(house->extra, g_strdup("MP_FAIL_CALL=sync"));
    g_ptr_array_add(house->extra, g_strdup("MP_FAIL_AT=3"));
    g_ptr_array_add(house->extra, g_strdup_printf("MP_FAIL_ERRNO=%d", EIO));
    g_ptr_array_add(house->extra, g_strconcat("MP_FAIL_BELOW=", store, NULL));
    g_ptr_array_add(house->extra, g_strconcat("MP_FAIL_ONCE=", once, NULL));
    house->preload = g_strdup(shim);
    service = mp_house_start(house);
    mp_house_wait_said(house, "how=\"exited with 74\"", 1);
    assert_contains(house->output, "event=store.lost");
    mp_house_wait_count(house, "masuk", 0);
    stop_service();
    /* By this name a process that ended is told: the others look for its lack. */
    assert_contains(house->output, "event=child.ended");
    check_end();
}

static void
test_disk_fills(void **state)
{

    (void)state;
    mp_house_shell("mv '%s' '%s.was' && mkdir -m 700 '%s' && "
                   "mount -t tmpfs -o size=8m,mode=700 ruang '%s' && "
                   "cp -a '%s.was/.' '%s/' && rm -rf '%s.was'",
                   store,
                   store,
                   store,
                   store,
                   store,
                   store,
                   store);
    service = mp_house_start(house);
    mp_house_wait_said(house, "event=service.started", 1);
    mp_house_shell("head -c 9000000 /dev/zero >'%s/fill' 2>/dev/null || true", store);
    put_mails();
    mp_house_wait_said(house, "event=sweep.failed problem=\"", 1);
    assert_contains(house->output, "full");
    assert_int_equal(mp_house_count(house, "masuk"), N_MAILS);
    mp_house_shell("rm '%s/fill'", store);
    mp_house_wait_count(house, "masuk", 0);
    stop_service();
    assert_lacks(house->output, "event=child.ended");
    check_end();
}

/* --- others ----------------------------------------------------------------------------------- */

/* Long enough for several tries. Each waits for TRY_S before it gives up and says so, so however
 * long all of it takes, there are no more of them than that. */
static void
test_store_is_locked(void **state)
{
    g_autofree char *path = g_build_filename(store, "mailproc.sqlite", NULL);
    gint64 began_us, took_s;
    guint n = 0;

    (void)state;
    service = mp_house_start(house);
    mp_house_wait_said(house, "event=service.started", 1);
    assert_int_equal(sqlite3_open(path, &other), SQLITE_OK);
    (void)sqlite3_busy_timeout(other, 10000);
    assert_int_equal(sqlite3_exec(other, "BEGIN EXCLUSIVE", NULL, NULL, NULL), SQLITE_OK);
    began_us = g_get_monotonic_time();
    put_mails();
    mp_house_wait_said(house, "event=sweep.failed problem=\"store: database is locked", 2);
    while (g_get_monotonic_time() < began_us + LOCKED_S * G_USEC_PER_SEC)
        g_usleep(G_USEC_PER_SEC);
    if (mp_house_count(house, "masuk") != N_MAILS)
        fail_msg("taken while it was locked: %s", house->output);
    let_go();
    mp_house_wait_count(house, "masuk", 0);
    took_s = (g_get_monotonic_time() - began_us) / G_USEC_PER_SEC;
    stop_service();
    for (const char *at = house->output; (at = strstr(at, "is locked")) != NULL; at++)
        n++;
    print_message("%u tries in %" G_GINT64_FORMAT " s\n", n, took_s);
    if (n > took_s / TRY_S)
        fail_msg("%u tries in %" G_GINT64_FORMAT " s: %s", n, took_s, house->output);
    check_end();
}

/* Two services: the second is refused; when the first was killed, it is not in the way. */
static void
test_two_services(void **state)
{
    static const char *const run[] = {"run", NULL};
    int status;

    (void)state;
    service = mp_house_start(house);
    mp_house_wait_said(house, "event=service.started", 1);
    status = mp_house_run(house, run, NULL);
    assert_true(WIFEXITED(status) && WEXITSTATUS(status) == 74);
    assert_contains(house->output, "already in use by process");
    put_mails();
    status = mp_house_end(house, service, SIGKILL);
    assert_true(WIFSIGNALED(status));
    service = mp_house_start(house);
    mp_house_wait_said(house, "event=service.started", 1);
    mp_house_wait_count(house, "masuk", 0);
    stop_service();
    check_end();
}

int
main(int argc, char **argv)
{
#define T(sentence, test)                                                                          \
    {                                                                                              \
        (sentence), (test), set_up, tear_down, NULL                                                \
    }
    const struct CMUnitTest tests[] = {
        T("F-09 a sync fails: the process ends, and the next one goes on", test_sync_fails),
        T("F-08 the disk fills and has room again: the service goes on", test_disk_fills),
        T("F-07 the store is locked for 30 s: the service goes on", test_store_is_locked),
        T("F-19 a second service is refused until the first was killed", test_two_services),
    };

    if (argc != 3) {
        print_error("usage: %s PROGRAM SHIM\n", argv[0]);
        return 64;
    }
    /* The mounts are nobody else's and end with this process. */
    if (unshare(CLONE_NEWNS) != 0 || mount("none", "/", NULL, MS_REC | MS_PRIVATE, NULL) != 0) {
        print_error("%s: mounting needs root: %s\n", argv[0], g_strerror(errno));
        return 77;
    }
    (void)g_setenv("MP_CRASH_PROGRAM", argv[1], TRUE);
    shim = argv[2];
    return cmocka_run_group_tests_name("service", tests, set_up_group, tear_down_group);
}

/* SPDX-License-Identifier: GPL-3.0-or-later */

/* No room (F-08). The store and its archive lie on a file system of 8 MB that is filled, in bytes
 * or in files, before each of the program's own writes: the sweep ends with one clear line or goes
 * on, the mail stays, and once there is room again the next sweep comes to the end it would have
 * come to. A quota, a full place for temporary files, and the store that keeps a reserve.
 *
 *     test_room PROGRAM SHIM
 */

#include "support/asserts.h"
#include "support/house.h"

#include <errno.h>
#include <sched.h>
#include <sys/mount.h>
#include <sys/wait.h>
#include <unistd.h>

enum { LATER_S = 16 * 60, DEFAULT_POINTS = 8 };

static MpHouse *house;
static char *clean_end; /* after an undisturbed sweep and one some time later */
static char *store;     /* the mount point */
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

/* The office as it was, its store on a small file system. */
static int
set_up(void **state)
{
    (void)state;
    let_be();
    (void)umount2(store, MNT_DETACH);
    mp_house_lay_back(house, "slot");
    mp_house_shell("mv '%s' '%s.was' && mkdir -m 700 '%s' && "
                   "mount -t tmpfs -o size=8m,nr_inodes=128,mode=700 ruang '%s' && "
                   "cp -a '%s.was/.' '%s/' && rm -rf '%s.was'",
                   store,
                   store,
                   store,
                   store,
                   store,
                   store,
                   store);
    return 0;
}

static int
set_up_group(void **state)
{
    (void)state;
    house = mp_house_new(g_getenv("MP_CRASH_PROGRAM"), NULL, NULL);
    store = g_build_filename(house->home, "store", NULL);
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
    (void)umount2(store, MNT_DETACH);
    g_free(clean_end);
    g_free(store);
    mp_house_free(house);
    return 0;
}

static void
check_end(const char *what)
{
    g_autofree char *end = NULL;

    let_be();
    mp_house_shell("rm -f '%s'/fill*", store);
    end = rest(house->now_s);
    if (mp_house_differs(end, clean_end))
        fail_msg("after %s", what);
    mp_house_check(house);
}

/* A sweep that may fail but not die, and then says why in a line that begins with our name. */
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

static void
set_shim(const char *call, guint at, const char *more)
{
    let_be();
    g_ptr_array_add(house->extra, g_strconcat("MP_FAIL_CALL=", call, NULL));
    g_ptr_array_add(house->extra, g_strconcat("MP_FAIL_BELOW=", store, NULL));
    g_ptr_array_add(house->extra, g_strdup_printf("MP_FAIL_AT=%u", at));
    if (more != NULL)
        g_ptr_array_add(house->extra, g_strdup(more));
    house->preload = g_strdup(shim);
}

static guint
count_calls(const char *call)
{
    g_autofree char *log = g_build_filename(house->dir, "calls", NULL);
    g_autofree char *more = g_strconcat("MP_FAIL_LOG=", log, NULL);
    g_autofree char *text = NULL;
    gsize length = 0;

    mp_house_shell(": >'%s'", log);
    (void)set_up(NULL);
    set_shim(call, 0, more);
    mp_house_once(house);
    assert_true(g_file_get_contents(log, &text, &length, NULL));
    return (guint)length;
}

/* --- filled at each phase --------------------------------------------------------------------- */

typedef struct {
    const char *name;
    const char *call; /* before the n-th of which the disk is filled */
    const char *more; /* how */
    gboolean is_on;   /* all later calls fail too (a quota) */
} Filled;

static void
test_filled(void **state)
{
    const Filled *row = *state;
    const char *wanted = g_getenv("MP_CRASH_POINTS");
    guint n_calls = count_calls(row->call);
    guint n = wanted == NULL ? DEFAULT_POINTS : (guint)g_ascii_strtoull(wanted, NULL, 10);
    guint n_noticed = 0;

    assert_true(n_calls > 0);
    n = n == 0 ? n_calls : MIN(n, n_calls);
    for (guint i = 0; i < n; i++) {
        guint at = (guint)((guint64)i * n_calls / n) + 1;
        g_autofree char *what =
            g_strdup_printf("%s: %s %u of %u", row->name, row->call, at, n_calls);

        (void)set_up(NULL);
        set_shim(row->call, at, row->more);
        if (row->is_on)
            g_ptr_array_add(house->extra, g_strdup("MP_FAIL_ON=1"));
        n_noticed += !sweep_disturbed(what);
        check_end(what);
    }
    print_message("%s: at %u of %u, %u ended the sweep\n", row->name, n, n_calls, n_noticed);
    assert_true(n_noticed > 0);
}

/* --- other places ----------------------------------------------------------------------------- */

/* Nothing of ours is written to a place for temporary files: that it is full changes nothing. */
static void
test_temp_is_full(void **state)
{
    g_autofree char *place = g_build_filename(house->dir, "sementara", NULL);
    g_autofree char *end = NULL;

    (void)state;
    mp_house_shell("mkdir -p '%s' && mount -t tmpfs -o size=8m ruang '%s' && "
                   "head -c 9000000 /dev/zero >'%s/fill' 2>/dev/null; ! touch '%s/x/y' 2>/dev/null",
                   place,
                   place,
                   place,
                   place);
    g_ptr_array_add(house->extra, g_strconcat("TMPDIR=", place, NULL));
    g_ptr_array_add(house->extra, g_strconcat("SQLITE_TMPDIR=", place, NULL));
    end = rest(house->now_s);
    assert_text(end, clean_end);
    mp_house_check(house);
    (void)umount2(place, MNT_DETACH);
}

static void
set_min_free(const char *to)
{
    mp_house_shell("sed -i 's/^min_free = .*/min_free = %s/' '%s'", to, house->config);
}

/* Before anything is fetched: nothing is written for the mail, and notices still go out. */
static void
test_reserve(void **state)
{
    static const char *const list[] = {"mail", "list", NULL};

    (void)state;
    set_min_free("64M");
    mp_house_fails(house, 75, "min_free is 67 MB: mail stays in the mailbox");
    assert_int_equal(mp_house_count(house, "masuk"), 3);
    assert_int_equal(mp_house_run(house, list, NULL), 0);
    assert_lacks(house->output, "taken");
    set_min_free("1M");
    check_end("a reserve that was too small");
}

static void
test_reserve_of_files(void **state)
{
    (void)state;
    set_min_free("1M");
    /* The store can still be opened, which takes four, and no more. */
    mp_house_shell("i=0; while touch '%s'/fill-$i 2>/dev/null; do i=$((i+1)); done; "
                   "rm -f '%s'/fill-1 '%s'/fill-2 '%s'/fill-3 '%s'/fill-4 '%s'/fill-5",
                   store,
                   store,
                   store,
                   store,
                   store,
                   store);
    mp_house_fails(house, 75, " files left, min_free is 1 MB: mail stays in the mailbox");
    assert_int_equal(mp_house_count(house, "masuk"), 3);
    check_end("no file could be made");
}

int
main(int argc, char **argv)
{
    static const Filled filled[] = {
        {"F-08 the disk is full before the n-th write", "write", "MP_FAIL_FILL=bytes", FALSE},
        {"F-08 the disk is full before the n-th sync", "sync", "MP_FAIL_FILL=bytes", FALSE},
        {"F-08 no file can be made from the n-th open on", "open", "MP_FAIL_FILL=files", FALSE},
        {"F-08 the quota is used up from the n-th write on", "write", "MP_FAIL_ERRNO=122", TRUE},
    };
    const struct CMUnitTest tests[] = {
        {"F-08 a full place for temporary files is not needed",
         test_temp_is_full,
         set_up,
         NULL,
         NULL},
        {"F-08 below min_free no mail is taken, and then it is", test_reserve, set_up, NULL, NULL},
        {"F-08 without a file to make no mail is taken", test_reserve_of_files, set_up, NULL, NULL},
    };
    int n_failed;

    if (argc != 3) {
        print_error("usage: %s PROGRAM SHIM\n", argv[0]);
        return 64;
    }
    G_STATIC_ASSERT(EDQUOT == 122);
    /* The mounts are nobody else's and end with this process. */
    if (unshare(CLONE_NEWNS) != 0 || mount("none", "/", NULL, MS_REC | MS_PRIVATE, NULL) != 0) {
        print_error("%s: mounting needs root: %s\n", argv[0], g_strerror(errno));
        return 77;
    }
    (void)g_setenv("MP_CRASH_PROGRAM", argv[1], TRUE);
    shim = argv[2];
    (void)set_up_group(NULL);
    n_failed = run_rows("room", filled, test_filled);
    n_failed += cmocka_run_group_tests_name("places", tests, NULL, NULL);
    (void)tear_down_group(NULL);
    return n_failed;
}

/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The directory, the program, and the slots. */

#include "app/config.h"
#include "support/asserts.h"
#include "support/house-private.h"

#include <fcntl.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

enum { PATIENCE_S = 90, POLL_US = 20000 };

/* --- the directory ---------------------------------------------------------------------------- */

void
mp_house_shell(const char *format, ...)
{
    g_autoptr(GError) error = NULL;
    g_autofree char *command = NULL;
    g_autofree char *words = NULL;
    va_list args;
    int status = -1;

    va_start(args, format);
    command = g_strdup_vprintf(format, args);
    va_end(args);
    const char *const argv[] = {"/bin/sh", "-c", command, NULL};

    (void)g_spawn_sync(
        NULL, (char **)argv, NULL, G_SPAWN_DEFAULT, NULL, NULL, NULL, &words, &status, &error);
    assert_no_gerror(error);
    if (status != 0)
        fail_msg("%s: %s", command, words);
}

/* In place of the usual one, or in addition. */
static void
set_procedure(char **text, const char *service, const char *sop)
{
    g_autofree char *section = g_strdup_printf("[service %s]\nsop = ", service);
    g_autofree char *old = g_steal_pointer(text);
    const char *at = strstr(old, section);
    const char *rest = at == NULL ? NULL : strchr(at + strlen(section), '\n');
    int length = at == NULL ? (int)strlen(old) : (int)(at - old);

    *text = g_strdup_printf("%.*s%s%s%s", length, old, section, sop, rest == NULL ? "\n" : rest);
}

static void
write_config(const MpHouse *house, const char *service, const char *sop)
{
    g_autofree char *text =
        house->town == NULL ? mp_config_default_text(house->home) : mp_house_town_config(house);
    g_autoptr(GError) error = NULL;

    if (sop != NULL)
        set_procedure(&text, service, sop);
    /* Stores of some tests have little room, and that is what they are about. */
    g_autoptr(GString) whole = g_string_new(text);
    assert_int_equal(g_string_replace(whole, "[store]\n", "[store]\nmin_free = 0\n", 1), 1);
    /* Small, so that a mail over the limit costs little. */
    g_autofree char *limited =
        g_strconcat(whole->str,
                    "[limits]\nmessage_bytes = 256K\n[watch]\ndaily_note = no\nalarms = no\n",
                    NULL);

    (void)g_file_set_contents(house->config, limited, -1, &error);
    assert_no_gerror(error);
}

static MpHouse *
new_house(const char *program, MpTown *town, const char *service, const char *sop)
{
    MpHouse *house = g_new0(MpHouse, 1);
    g_autoptr(GError) error = NULL;

    /* Nothing here is about power loss: memory is faster, and kills see no difference. */
    if (g_file_test("/dev/shm", G_FILE_TEST_IS_DIR))
        house->dir = g_strdup("/dev/shm/mailproc-crash-XXXXXX");
    else
        house->dir = g_build_filename(g_get_tmp_dir(), "mailproc-crash-XXXXXX", NULL);
    assert_non_null(g_mkdtemp_full(house->dir, 0700));
    house->program = g_canonicalize_filename(program, NULL);
    house->home = g_build_filename(house->dir, "kantor", NULL);
    house->config = g_build_filename(house->home, "mailproc.conf", NULL);
    house->extra = g_ptr_array_new_with_free_func(g_free);
    house->now_s = MP_HOUSE_START_S;
    house->town = town;
    mp_house_shell("mkdir -p '%s/masuk/new' '%s/masuk/cur' '%s/masuk/tmp'",
                   house->home,
                   house->home,
                   house->home);
    write_config(house, service, sop);
    return house;
}

MpHouse *
mp_house_new(const char *program, const char *service, const char *sop)
{
    return new_house(program, NULL, service, sop);
}

MpHouse *
mp_house_new_in_town(const char *program, MpTown *town)
{
    return new_house(program, town, NULL, NULL);
}

void
mp_house_free(MpHouse *house)
{
    if (house == NULL)
        return;
    mp_house_shell("rm -rf '%s'", house->dir);
    g_ptr_array_unref(house->extra);
    g_free(house->program);
    g_free(house->dir);
    g_free(house->home);
    g_free(house->config);
    g_free(house->output);
    g_free(house->preload);
    g_free(house);
}

void
mp_house_keep(const MpHouse *house, const char *slot)
{
    mp_house_shell(
        "rm -rf '%s/%s' && cp -a '%s' '%s/%s'", house->dir, slot, house->home, house->dir, slot);
    if (house->town != NULL)
        mp_house_town_keep(house, slot);
}

void
mp_house_lay_back(const MpHouse *house, const char *slot)
{
    mp_house_shell("rm -rf '%s' && cp -a '%s/%s' '%s'", house->home, house->dir, slot, house->home);
    if (house->town != NULL)
        mp_house_town_lay_back(house, slot);
}

/* --- the program ------------------------------------------------------------------------------ */

static char **
make_environment(const MpHouse *house, const MpHouseRun *run)
{
    char **environment = g_get_environ();
    g_autofree char *now = g_strdup_printf("%" G_GINT64_FORMAT, house->now_s);

    if (!house->has_own_clock)
        environment = g_environ_setenv(environment, "MP_TEST_CLOCK", now, TRUE);
    if (run != NULL && run->kill_at != 0) {
        g_autofree char *at = g_strdup_printf("%u", run->kill_at);

        environment = g_environ_setenv(environment, "MP_KILL_AT", at, TRUE);
    }
    if (run != NULL && run->log != NULL)
        environment = g_environ_setenv(environment, "MP_CHECKPOINT_LOG", run->log, TRUE);
    if (house->preload != NULL)
        environment = g_environ_setenv(environment, "LD_PRELOAD", house->preload, TRUE);
    for (guint i = 0; i < house->extra->len; i++) {
        g_auto(GStrv) pair = g_strsplit(g_ptr_array_index(house->extra, i), "=", 2);

        environment = g_environ_setenv(environment, pair[0], pair[1], TRUE);
    }
    return environment;
}

int
mp_house_run(MpHouse *house, const char *const *arguments, const MpHouseRun *run)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(GPtrArray) argv = g_ptr_array_new();
    g_auto(GStrv) environment = make_environment(house, run);
    g_autofree char *out = NULL;
    g_autofree char *problems = NULL;
    int status = -1;

    g_ptr_array_add(argv, house->program);
    g_ptr_array_add(argv, (char *)"--config");
    g_ptr_array_add(argv, house->config);
    for (guint i = 0; arguments[i] != NULL; i++)
        g_ptr_array_add(argv, (char *)arguments[i]);
    g_ptr_array_add(argv, NULL);
    (void)g_spawn_sync(NULL,
                       (char **)argv->pdata,
                       environment,
                       G_SPAWN_DEFAULT,
                       NULL,
                       NULL,
                       &out,
                       &problems,
                       &status,
                       &error);
    assert_no_gerror(error);
    g_free(house->output);
    house->output = g_strconcat(out, problems, NULL);
    if (house->town != NULL)
        mp_house_town_settle(house);
    return status;
}

static const char *const once[] = {"once", NULL};

static void
end_with_the_test(gpointer data)
{
    (void)data;
    (void)prctl(PR_SET_PDEATHSIG, SIGKILL);
}

GPid
mp_house_start(MpHouse *house)
{
    const char *const argv[] = {house->program, "--config", house->config, "run", NULL};
    g_autofree char *path = g_build_filename(house->dir, "service", NULL);
    g_auto(GStrv) environment = make_environment(house, NULL);
    g_autoptr(GError) error = NULL;
    int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    GPid pid = 0;

    assert_true(fd >= 0);
    (void)g_spawn_async_with_fds(NULL,
                                 (char **)argv,
                                 environment,
                                 G_SPAWN_DO_NOT_REAP_CHILD,
                                 end_with_the_test,
                                 NULL,
                                 &pid,
                                 -1,
                                 fd,
                                 fd,
                                 &error);
    (void)close(fd);
    assert_no_gerror(error);
    return pid;
}

static guint
count_said(MpHouse *house, const char *words)
{
    g_autofree char *path = g_build_filename(house->dir, "service", NULL);
    guint n = 0;

    g_clear_pointer(&house->output, g_free);
    assert_true(g_file_get_contents(path, &house->output, NULL, NULL));
    for (const char *at = house->output; (at = strstr(at, words)) != NULL; at += strlen(words))
        n++;
    return n;
}

void
mp_house_wait_said(MpHouse *house, const char *words, guint n)
{
    gint64 until_us = g_get_monotonic_time() + PATIENCE_S * G_USEC_PER_SEC;

    while (count_said(house, words) < n) {
        if (g_get_monotonic_time() > until_us)
            fail_msg("'%s' was not said %u times: %s", words, n, house->output);
        g_usleep(POLL_US);
    }
}

void
mp_house_wait_count(MpHouse *house, const char *folder, guint n)
{
    gint64 until_us = g_get_monotonic_time() + PATIENCE_S * G_USEC_PER_SEC;

    while (mp_house_count(house, folder) != n) {
        if (g_get_monotonic_time() > until_us)
            fail_msg("%s holds %u mails, not %u; %u lines said",
                     folder,
                     mp_house_count(house, folder),
                     n,
                     count_said(house, "\n"));
        g_usleep(POLL_US);
    }
}

int
mp_house_end(MpHouse *house, GPid pid, int signal)
{
    int status = 0;

    assert_int_equal(kill(pid, signal), 0);
    assert_int_equal(waitpid(pid, &status, 0), pid);
    (void)count_said(house, "\n");
    return status;
}

void
mp_house_once(MpHouse *house)
{
    int status = mp_house_run(house, once, NULL);

    if (!WIFEXITED(status) || WEXITSTATUS(status) != 0)
        fail_msg("once: status %d: %s", status, house->output);
}

void
mp_house_fails(MpHouse *house, int exit_code, const char *words)
{
    int status = mp_house_run(house, once, NULL);

    if (!WIFEXITED(status) || WEXITSTATUS(status) != exit_code)
        fail_msg("once: status %d, not exit code %d: %s", status, exit_code, house->output);
    assert_contains(house->output, words);
}

/* --- what there is ---------------------------------------------------------------------------- */

MpStore *
mp_house_store(const MpHouse *house)
{
    g_autoptr(GError) error = NULL;
    g_autofree char *dir = g_build_filename(house->home, "store", NULL);
    MpStore *store = mp_store_open_readonly(dir, &error);

    assert_no_gerror(error);
    return store;
}

guint
mp_house_count(const MpHouse *house, const char *folder)
{
    static const char *const parts[] = {"new", "cur"};
    guint n = 0;

    if (house->town != NULL)
        return mp_house_town_count(house, folder);
    for (gsize i = 0; i < G_N_ELEMENTS(parts); i++) {
        g_autofree char *path = g_build_filename(house->home, folder, parts[i], NULL);
        g_autoptr(GDir) listing = g_dir_open(path, 0, NULL);

        while (listing != NULL && g_dir_read_name(listing) != NULL)
            n++;
    }
    return n;
}

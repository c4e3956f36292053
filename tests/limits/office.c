/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "limits/office.h"

#include "support/asserts.h"

#include <glib/gstdio.h>
#include <sys/resource.h>
#include <sys/wait.h>

static char *
replaced(const char *text, const char *what, const char *by)
{
    g_auto(GStrv) parts = g_strsplit(text, what, -1);

    return g_strjoinv(by, parts);
}

Office *
office_new(const char *limits)
{
    static const char *const folders[] = {"masuk/new", "masuk/cur", "masuk/tmp"};
    Office *office = g_new0(Office, 1);
    gsize length = 0;
    g_autofree char *text = mp_test_data("letters/mailproc.conf", &length);
    g_autofree char *in = NULL;
    g_autofree char *all = NULL;
    g_autofree char *data = NULL;

    office->dir = g_dir_make_tmp("mailproc-limits-XXXXXX", NULL);
    assert_non_null(office->dir);
    for (gsize i = 0; i < G_N_ELEMENTS(folders); i++) {
        g_autofree char *path = g_build_filename(office->dir, folders[i], NULL);

        assert_int_equal(g_mkdir_with_parents(path, 0700), 0);
    }
    in = replaced(text, "/nonexistent", office->dir);
    all = g_strdup_printf("%s\n[limits]\n%s\n", in, limits);
    /* A test that reads with its own child does not stand beside the program's data. */
    data = replaced(all,
                    "[office]\n",
                    "[office]\nrules_dir = " MP_SOURCE_DIR "/rules\n"
                    "templates_dir = " MP_SOURCE_DIR "/templates\n");
    office->config = g_build_filename(office->dir, "mailproc.conf", NULL);
    g_autofree char *renamed = replaced(data, "/in\n", "/masuk\n");

    assert_true(g_file_set_contents(office->config, renamed, -1, NULL));
    return office;
}

void
office_free(Office *office)
{
    const char *argv[] = {"rm", "-rf", office->dir, NULL};

    assert_true(g_spawn_sync(
        NULL, (char **)argv, NULL, G_SPAWN_SEARCH_PATH, NULL, NULL, NULL, NULL, NULL, NULL));
    g_free(office->dir);
    g_free(office->config);
    g_free(office);
}

GBytes *
office_letter(const char *subject)
{
    char *text = g_strdup_printf("From: Siti <siti@dinkes.contohkab.go.id>\r\n"
                                 "To: sertifikat@diskominfo.contohkab.go.id\r\n"
                                 "Subject: %s\r\n"
                                 "Date: Fri, 20 Nov 2026 09:14:00 +0700\r\n"
                                 "Message-ID: <%s@dinkes.contohkab.go.id>\r\n"
                                 "\r\n"
                                 "Mohon informasi layanan %s.\r\n",
                                 subject,
                                 subject,
                                 subject);

    return g_bytes_new_take(text, strlen(text));
}

guint64
office_children_peak_kb(void)
{
    struct rusage usage;

    assert_int_equal(getrusage(RUSAGE_CHILDREN, &usage), 0);
    return (guint64)usage.ru_maxrss;
}

/* As mail is delivered: whole in tmp, then under its name in new, where the service may look at
 * once.
 */
void
office_put(Office *office, const char *subject)
{
    g_autofree char *name = g_strdup_printf("%u.x.host", 1700000000 + office->n_mails++);
    g_autofree char *from = g_build_filename(office->dir, "masuk/tmp", name, NULL);
    g_autofree char *to = g_build_filename(office->dir, "masuk/new", name, NULL);
    g_autoptr(GBytes) letter = office_letter(subject);
    gsize length = 0;
    const char *bytes = g_bytes_get_data(letter, &length);

    assert_true(g_file_set_contents(from, bytes, (gssize)length, NULL));
    assert_int_equal(g_rename(from, to), 0);
}

int
office_call(
    const Office *office, const char *setting, const char *const *arguments, char **out, char **err)
{
    g_autoptr(GPtrArray) argv = g_ptr_array_new();
    g_auto(GStrv) environment = g_get_environ();
    g_auto(GStrv) pair = setting == NULL ? NULL : g_strsplit(setting, "=", 2);
    g_autoptr(GError) error = NULL;
    int status = 0;

    if (pair != NULL)
        environment = g_environ_setenv(g_steal_pointer(&environment), pair[0], pair[1], TRUE);
    g_ptr_array_add(argv, (gpointer)MP_PROGRAM);
    g_ptr_array_add(argv, (gpointer) "--config");
    g_ptr_array_add(argv, office->config);
    for (gsize i = 0; arguments[i] != NULL; i++)
        g_ptr_array_add(argv, (gpointer)arguments[i]);
    g_ptr_array_add(argv, NULL);
    g_spawn_sync(NULL,
                 (char **)argv->pdata,
                 environment,
                 G_SPAWN_DEFAULT,
                 NULL,
                 NULL,
                 out,
                 err,
                 &status,
                 &error);
    assert_no_gerror(error);
    return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

/* SPDX-License-Identifier: GPL-3.0-or-later */

/* main() of a fuzz target where libFuzzer is not: every file of the named corpus goes through the
 * target, whole, cut short at up to 64 places, and nothing at all. The copy has exactly the size of
 * the input, so that AddressSanitizer sees a read beyond its end. */

#include <glib.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const guint8 *data, size_t size);

enum { CUTS = 64 };

static void
feed(const char *bytes, gsize length)
{
    g_autofree guint8 *copy = g_malloc(MAX(length, 1));

    memcpy(copy, bytes, length);
    (void)LLVMFuzzerTestOneInput(copy, length);
}

static void
feed_cut(const char *bytes, gsize length)
{
    gsize step = MAX(1, length / CUTS);

    for (gsize cut = 0; cut < length; cut += step)
        feed(bytes, cut);
    feed(bytes, length);
}

static guint
replay_dir(const char *path)
{
    g_autoptr(GError) error = NULL;
    GDir *dir = g_dir_open(path, 0, &error);
    const char *name;
    guint n = 0;

    if (dir == NULL) {
        fprintf(stderr, "corpus: %s\n", error->message);
        return 0;
    }
    while ((name = g_dir_read_name(dir)) != NULL) {
        g_autofree char *file = g_build_filename(path, name, NULL);
        g_autofree char *bytes = NULL;
        gsize length = 0;

        if (!g_file_get_contents(file, &bytes, &length, NULL))
            continue;
        feed_cut(bytes, length);
        n++;
    }
    g_dir_close(dir);
    return n;
}

int
main(int argc, char **argv)
{
    guint n = 0;

    for (int i = 1; i < argc; i++)
        n += replay_dir(argv[i]);
    printf("%u inputs\n", n);
    return n > 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}

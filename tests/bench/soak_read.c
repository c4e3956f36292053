/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Soak: letters with changed Message-IDs, cut ones and damaged ones through a real reader child,
 * whose memory may not grow: less than 1 MiB over 10,000 mails once it is warm, descriptors
 * constant, 150 MiB in all. Usage: soak_read MAILS [here]: `here` reads in this process and
 * measures nothing, for valgrind, under which the child cannot be started. */

#include "bench/mails.h"

#include "app/app.h"

#include <glib/gstdio.h>
#include <unistd.h>

#define WALL_MS 60000
#define MOST_KIB (150 * 1024)
#define SLOPE_KIB 1024
#define SLOPE_MAILS 10000

static GError *why;

typedef struct {
    guint kib, files;
} Look;

static guint
resident_of(pid_t pid)
{
    g_autofree char *path = g_strdup_printf("/proc/%d/status", (int)pid);
    g_autofree char *text = NULL;
    const char *line;

    if (!g_file_get_contents(path, &text, NULL, NULL))
        return 0;
    line = strstr(text, "VmRSS:");
    return line == NULL ? 0 : (guint)g_ascii_strtoull(line + strlen("VmRSS:"), NULL, 10);
}

/* The reader child and this process together. */
static Look
look(void)
{
    g_autofree char *path = g_strdup_printf("/proc/self/task/%d/children", (int)getpid());
    g_autofree char *text = NULL;
    g_autofree char *files = NULL;
    g_autoptr(GDir) dir = NULL;
    Look seen = {.kib = resident_of(getpid())};
    pid_t child;

    mp_bench_check(g_file_get_contents(path, &text, NULL, &why), why);
    child = (pid_t)g_ascii_strtoll(text, NULL, 10);
    seen.kib += resident_of(child);
    files = g_strdup_printf("/proc/%d/fd", (int)child);
    dir = g_dir_open(files, 0, NULL);
    while (dir != NULL && g_dir_read_name(dir) != NULL)
        seen.files++;
    return seen;
}

/* Of ten mails eight are whole, one is cut and one is damaged. */
static GBytes *
make_mail(const GPtrArray *letters, guint i, GRand *dice)
{
    GBytes *letter = g_ptr_array_index(letters, i % letters->len);
    g_autofree char *head = g_strdup_printf("X-Urut: %u\r\n", i);
    GByteArray *mail = g_byte_array_new();
    gsize length = 0;
    const guint8 *bytes = g_bytes_get_data(letter, &length);

    if (i % 10 == 8)
        length = (gsize)g_rand_int_range(dice, 1, (gint32)length);
    g_byte_array_append(mail, (const guint8 *)head, (guint)strlen(head));
    g_byte_array_append(mail, bytes, (guint)length);
    for (guint k = 0; i % 10 == 9 && k < 40; k++)
        mail->data[g_rand_int_range(dice, 0, (gint32)mail->len)] =
            (guint8)g_rand_int_range(dice, 0, 256);
    return g_byte_array_free_to_bytes(mail);
}

static void
judge(Look first, Look last, guint n)
{
    guint allowed = first.kib + SLOPE_KIB * MAX(n / SLOPE_MAILS, 1);

    (void)printf("soak_read %u %u %u\n", n, first.kib, last.kib);
    /* The child may not have closed its last answer yet. */
    if (last.kib <= allowed && last.kib <= MOST_KIB && last.files <= first.files + 1)
        return;
    (void)fprintf(stderr,
                  "grew: %u KiB to %u KiB (at most %u), %u descriptors to %u\n",
                  first.kib,
                  last.kib,
                  MIN(allowed, MOST_KIB),
                  first.files,
                  last.files);
    exit(1);
}

/* A refusal is an answer; a death of the child, or one that cannot be started, is not. */
static gboolean
is_refusal(const GError *error)
{
    return g_error_matches(error, MP_ERROR, MP_ERROR_INPUT) ||
           g_error_matches(error, MP_ERROR, MP_ERROR_LIMIT);
}

static void
soak_here(const char *config, const GPtrArray *letters, guint n)
{
    g_autoptr(MpSetup) setup = mp_setup_load(config, MP_SETUP_READING, &why);
    g_autoptr(GRand) dice = g_rand_new_with_seed(1);

    mp_bench_check(setup != NULL, why);
    for (guint i = 0; i < n; i++) {
        g_autoptr(GBytes) mail = make_mail(letters, i, dice);
        gsize length = 0;
        const guint8 *bytes = g_bytes_get_data(mail, &length);
        g_autoptr(GError) error = NULL;
        g_autoptr(MpFacts) facts = mp_facts_read(setup->reading, bytes, length, &error);
        g_autofree char *json = facts == NULL ? NULL : mp_facts_to_json(facts);

        mp_bench_check(json != NULL || is_refusal(error), error);
    }
    (void)printf("soak_read %u here\n", n);
}

static void
soak(const char *config, const GPtrArray *letters, guint n)
{
    g_autoptr(MpReader) reader = mp_reader_new(config, WALL_MS);
    g_autoptr(GRand) dice = g_rand_new_with_seed(1);
    guint warm = MIN(n / 4 + letters->len, 2 * SLOPE_MAILS);
    Look first = {0};

    for (guint i = 0; i < warm + n; i++) {
        g_autoptr(GBytes) mail = make_mail(letters, i, dice);
        g_autoptr(GError) error = NULL;
        g_autoptr(MpFacts) facts = mp_reader_read(reader, mail, &error);

        mp_bench_check(facts != NULL || is_refusal(error), error);
        if (i + 1 == warm)
            first = look();
    }
    judge(first, look(), n);
}

static GPtrArray *
load_letters(void)
{
    const char *dir = MP_SOURCE_DIR "/tests/data/letters";
    GPtrArray *letters = g_ptr_array_new_with_free_func((GDestroyNotify)g_bytes_unref);
    g_auto(GStrv) names = mp_files_list(dir, ".eml", &why);

    mp_bench_check(names != NULL, why);
    for (guint i = 0; names[i] != NULL; i++) {
        g_autofree char *path = g_build_filename(dir, names[i], NULL);
        char *bytes = NULL;
        gsize length = 0;

        mp_bench_check(g_file_get_contents(path, &bytes, &length, &why), why);
        g_ptr_array_add(letters, g_bytes_new_take(bytes, length));
    }
    return letters;
}

int
main(int argc, char **argv)
{
    g_autoptr(GPtrArray) letters = NULL;
    g_autofree char *dir = NULL;
    g_autofree char *config = NULL;
    guint n;

    /* The reader child is this program again. */
    if (argc == 5 && strcmp(argv[3], "reader") == 0)
        return mp_reader_main(argv[2], (int)g_ascii_strtoll(argv[4], NULL, 10));
    letters = load_letters();
    dir = g_dir_make_tmp("mailproc-bench-XXXXXX", &why);
    mp_bench_check(dir != NULL, why);
    config = mp_bench_config(dir);
    n = argc > 1 ? MAX((guint)g_ascii_strtoull(argv[1], NULL, 10), 1) : 1;
    if (argc > 2 && strcmp(argv[2], "here") == 0)
        soak_here(config, letters, n);
    else
        soak(config, letters, n);
    (void)g_remove(config);
    (void)g_rmdir(dir);
    return 0;
}

/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The register of certificates: filling and searching it. Usage: bench_register [OPS [HOLDERS]].
 * Prints one line a figure: name, holders, ns a search or import, peak RSS in KiB; "slowest" is the
 * longest single one.
 */

#include "ports/ports.h"

#include <glib/gstdio.h>
#include <inttypes.h>
#include <sys/resource.h>

#define BATCH 10000

static const char *const first_names[] = {
    "Rangga", "Dewi", "Siti", "Andi", "Budi", "Citra", "Eka", "Fajar", "Gita", "Hendra"};
static const char *const last_names[] = {
    "Prasetya", "Anggraini", "Aminah", "Saputra", "Wulandari", "Nugroho", "Lestari"};

static void
check(gboolean is_done, GError *error)
{
    if (is_done)
        return;
    (void)fprintf(stderr, "%s\n", error != NULL ? error->message : "no");
    exit(1);
}

#define MUST(call)                                                                                 \
    do {                                                                                           \
        GError *why = NULL;                                                                        \
        gboolean is_done = (call);                                                                 \
        check(is_done, why);                                                                       \
    } while (0)

/* Three names of which the last is nearly one's own, as in a region of a hundred thousand. */
static char *
name_of(guint i)
{
    static const char *const syllables[] = {
        "sa", "ri", "wu", "ta", "no", "pra", "ka", "di", "lu", "ma"};

    return g_strdup_printf("%s %s %s%s%s%s%s",
                           first_names[i % G_N_ELEMENTS(first_names)],
                           last_names[i / 10 % G_N_ELEMENTS(last_names)],
                           syllables[i / 10000 % 10],
                           syllables[i / 1000 % 10],
                           syllables[i / 100 % 10],
                           syllables[i / 10 % 10],
                           syllables[i % 10]);
}

static char *
unit_of(guint i)
{
    static const char *const areas[] = {
        "Kesehatan", "Pendidikan", "Perhubungan", "Sosial", "Pertanian", "Kecamatan"};

    return g_strdup_printf(
        "Dinas %s Wilayah %c", areas[i % G_N_ELEMENTS(areas)], 'A' + (char)(i % 10));
}

static MpHolder *
make_holder(guint i)
{
    MpHolder *holder = mp_holder_new();

    holder->name = name_of(i);
    holder->nip = g_strdup_printf("19800101%07u999", i);
    holder->email = g_strdup_printf("p%u@contohkab.go.id", i);
    holder->unit = unit_of(i);
    holder->position = g_strdup("Pranata Komputer");
    holder->state = MP_HOLDER_ACTIVE;
    holder->valid_from = g_strdup("2026-01-15");
    holder->valid_until = g_strdup_printf("2028-%02u-15", i % 12 + 1);
    return holder;
}

static void
report(const char *what, guint n, gint64 ns_each, gint64 slowest_ns)
{
    struct rusage usage;

    (void)getrusage(RUSAGE_SELF, &usage);
    (void)printf("%s %u %" PRId64 " %ld slowest %" PRId64 "\n",
                 what,
                 n,
                 ns_each,
                 usage.ru_maxrss,
                 slowest_ns);
    (void)fflush(stdout);
}

/* Holders from `first` up to `end`, of one name or each of its own. */
static void
fill(MpStore *store, const char *what, const char *one_name, guint first, guint end)
{
    gint64 started_us = g_get_monotonic_time(), slowest_us = 0;

    for (guint i = first; i < end; i += BATCH) {
        MUST(store->begin(store, &why));
        for (guint k = i; k < MIN(end, i + BATCH); k++) {
            gint64 one_us = g_get_monotonic_time();
            MpHolder *holder = make_holder(k);

            if (one_name != NULL) {
                g_free(holder->name);
                holder->name = g_strdup(one_name);
            }
            MUST(store->register_import(store, holder, &why));
            mp_holder_free(holder);
            slowest_us = MAX(slowest_us, g_get_monotonic_time() - one_us);
        }
        MUST(store->commit(store, &why));
    }
    report(what,
           end - first,
           (g_get_monotonic_time() - started_us) * 1000 / (end - first),
           slowest_us * 1000);
}

typedef enum {
    BY_NAME,
    BY_PART,
    BY_COMMON,
    BY_NIP,
    BY_UNIT,
    BY_NO_UNIT,
    BY_EMAIL,
    BY_UNTIL,
    BY_N
} By;

static const char *const by_names[] = {
    "name", "part_of_name", "common_name", "nip", "unit", "no_unit", "email", "valid_until"};

/* What is asked for the i-th holder; NULL = by date. */
static char *
words_of(By by, guint i)
{
    g_autofree char *name = name_of(i);

    switch (by) {
    case BY_NAME:
        return name_of(i);
    case BY_PART:
        return g_strdup_printf("%.8s", strrchr(name, ' ') + 1);
    case BY_COMMON:
        return g_strdup(first_names[i % G_N_ELEMENTS(first_names)]);
    case BY_NIP:
        return g_strdup_printf("19800101%07u999", i);
    case BY_UNIT:
        return unit_of(i);
    case BY_NO_UNIT: /* many have each of the words, nobody all */
        return g_strdup("Dinas Kesehatan Perhubungan Wilayah");
    case BY_EMAIL:
        return g_strdup_printf("p%u@contohkab.go.id", i);
    case BY_UNTIL:
    case BY_N:
        break;
    }
    return NULL;
}

static void
search(MpStore *store, By by, guint i)
{
    g_autofree char *words = words_of(by, i);
    const MpRegisterFilter filter = {.text = words,
                                     .until_after = words == NULL ? "2028-01-01" : NULL,
                                     .until_up_to = words == NULL ? "2028-01-31" : NULL,
                                     .limit = 50};
    GError *error = NULL;
    g_autoptr(GPtrArray) found = store->register_find(store, &filter, &error);

    check(found != NULL && (found->len > 0) == (by != BY_NO_UNIT), error);
}

static void
bench(MpStore *store, By by, guint ops, guint n_holders)
{
    gint64 started_us = g_get_monotonic_time(), slowest_us = 0;

    for (guint i = 0; i < ops; i++) {
        gint64 one_us = g_get_monotonic_time();

        search(store, by, (guint)(((guint64)i * 7919) % n_holders));
        slowest_us = MAX(slowest_us, g_get_monotonic_time() - one_us);
    }
    g_autofree char *what = g_strconcat("register_find_", by_names[by], NULL);
    report(what,
           n_holders,
           (g_get_monotonic_time() - started_us) * 1000 / MAX(ops, 1),
           slowest_us * 1000);
}

int
main(int argc, char **argv)
{
    guint ops = argc > 1 ? (guint)g_ascii_strtoull(argv[1], NULL, 10) : 1;
    guint n_holders = argc > 2 ? (guint)g_ascii_strtoull(argv[2], NULL, 10) : 100;
    g_autofree char *dir = g_dir_make_tmp("mailproc-bench-XXXXXX", NULL);
    GError *error = NULL;
    MpStore *store = mp_store_open(dir, &error);

    check(store != NULL, error);
    ops = MAX(ops, 1);
    n_holders = MAX(n_holders, 100);
    fill(store, "register_import", NULL, 0, n_holders);
    for (By by = BY_NAME; by < BY_N; by++)
        bench(store, by, ops, n_holders);
    fill(
        store, "register_import_of_one_name", "Siti Aminah", n_holders, n_holders + n_holders / 10);
    store->free(store);
    g_auto(GStrv) names = mp_files_list(dir, "", NULL);
    for (guint i = 0; names != NULL && names[i] != NULL; i++) {
        g_autofree char *path = g_build_filename(dir, names[i], NULL);

        (void)g_unlink(path);
    }
    (void)g_rmdir(dir);
    return 0;
}

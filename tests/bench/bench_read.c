/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Reading: the public letters through the whole reader, and its parts. Usage: bench_read ROUNDS.
 * Lines are "name n ns/op peakRSS"; whole readings add "mails/s MB/s". `read_no_pdf` are the
 * letters without a PDF, `read_pdf` those with one; `cold` is what a new reader child does before
 * its first mail. */

#include "bench/mails.h"

#include "app/app.h"

#include <glib/gstdio.h>
#include <inttypes.h>

#define NOON ((gint64)1795410000 * G_USEC_PER_SEC)

static GError *why;

typedef struct {
    GBytes *bytes;
    gboolean has_pdf;
} Letter;

static void
letter_free(gpointer data)
{
    Letter *letter = data;

    g_bytes_unref(letter->bytes);
    g_free(letter);
}

static GPtrArray *
load_letters(void)
{
    const char *dir = MP_SOURCE_DIR "/tests/data/letters";
    GPtrArray *letters = g_ptr_array_new_with_free_func(letter_free);
    g_auto(GStrv) names = mp_files_list(dir, ".eml", &why);

    mp_bench_check(names != NULL, why);
    for (guint i = 0; names[i] != NULL; i++) {
        g_autofree char *path = g_build_filename(dir, names[i], NULL);
        Letter *letter = g_new0(Letter, 1);
        char *bytes = NULL;
        gsize length = 0;

        mp_bench_check(g_file_get_contents(path, &bytes, &length, &why), why);
        letter->has_pdf = memmem(bytes, length, "JVBERi0", 7) != NULL;
        letter->bytes = g_bytes_new_take(bytes, length);
        g_ptr_array_add(letters, letter);
    }
    return letters;
}

typedef enum { ALL, WITHOUT_PDF, WITH_PDF } Which;

static gboolean
is_meant(const Letter *letter, Which which)
{
    return which == ALL || letter->has_pdf == (which == WITH_PDF);
}

static void
bench_read(
    const char *name, const GPtrArray *letters, Which which, const MpReaderSetup *setup, guint n)
{
    gint64 start_us = g_get_monotonic_time(), spent_us;
    guint count = 0;
    guint64 total = 0;

    for (guint round = 0; round < n; round++) {
        for (guint i = 0; i < letters->len; i++) {
            const Letter *letter = g_ptr_array_index(letters, i);
            gsize length = 0;
            const guint8 *bytes = g_bytes_get_data(letter->bytes, &length);

            if (!is_meant(letter, which))
                continue;
            g_autoptr(MpFacts) facts = mp_facts_read(setup, bytes, length, &why);

            mp_bench_check(facts != NULL, why);
            count++;
            total += length;
        }
    }
    spent_us = MAX(g_get_monotonic_time() - start_us, 1);
    mp_bench_print(name, count, spent_us);
    (void)printf("# %s: %" PRIu64 " mails/s %.1f MB/s\n",
                 name,
                 (guint64)count * G_USEC_PER_SEC / (guint64)spent_us,
                 (double)total / (double)spent_us);
}

/* What the parent pays beside the reading: facts to JSON and back. */
static void
bench_codec(const GPtrArray *all, guint n)
{
    gint64 start_us = g_get_monotonic_time();
    guint64 total = 0;

    for (guint round = 0; round < n; round++) {
        for (guint i = 0; i < all->len; i++) {
            g_autofree char *json = mp_facts_to_json(g_ptr_array_index(all, i));
            g_autoptr(MpFacts) again = mp_facts_from_json(json, -1, NULL, &why);

            mp_bench_check(again != NULL, why);
            total += strlen(json);
        }
    }
    mp_bench_print("codec", n * all->len, g_get_monotonic_time() - start_us);
    (void)printf("# codec: %" PRIu64 " bytes of JSON a mail\n", total / MAX(n * all->len, 1));
}

static void
bench_parse(const GPtrArray *letters, const MpReaderSetup *setup, guint n)
{
    MpMessageOptions options = setup->message;
    gint64 start_us = g_get_monotonic_time();

    options.limits = setup->limits;
    for (guint round = 0; round < n; round++) {
        for (guint i = 0; i < letters->len; i++) {
            const Letter *letter = g_ptr_array_index(letters, i);
            gsize length = 0;
            const guint8 *bytes = g_bytes_get_data(letter->bytes, &length);
            MpMessage *message = mp_message_parse(bytes, length, &options, &why);

            mp_bench_check(message != NULL, why);
            mp_message_free(message);
        }
    }
    mp_bench_print("parse", n * letters->len, g_get_monotonic_time() - start_us);
}

/* The rules over messages and documents that are read already. */
static void
bench_match(const GPtrArray *all, const MpReaderSetup *setup, guint n)
{
    gint64 start_us = g_get_monotonic_time();

    for (guint round = 0; round < n; round++) {
        for (guint i = 0; i < all->len; i++) {
            const MpFacts *facts = g_ptr_array_index(all, i);
            const MpSenderProof proof = {.level = facts->trust->level};
            g_autoptr(MpVerdict) verdict = mp_classify_mail(
                setup->rules, setup->office, facts->message, facts->documents, &proof);

            mp_bench_check(verdict != NULL, NULL);
        }
    }
    mp_bench_print("match", n * all->len, g_get_monotonic_time() - start_us);
}

static MpCase *
make_case(void)
{
    MpCase *kase = mp_case_new();

    kase->requester_address = g_strdup("umum@opd.contohkab.go.id");
    kase->letter_number = g_strdup("800/1/Umum/2026");
    for (guint i = 1; i <= 12; i++) {
        MpCaseApplicant *applicant = mp_case_applicant_new();

        applicant->n = i;
        applicant->name = g_strdup_printf("Pemohon Nomor %u", i);
        applicant->email = g_strdup_printf("p%u@contohkab.go.id", i);
        g_ptr_array_add(kase->applicants, applicant);
    }
    return kase;
}

/* A letter with twelve applicants opens a case, and an official moves it. */
static void
bench_step(const MpSetup *setup, guint n)
{
    const MpSop *sop = mp_setup_sop(setup, "pendaftaran");
    const MpCalendar *calendar = mp_setup_calendar(setup, "pendaftaran");
    g_autoptr(MpCase) facts = make_case();
    gint64 start_us = g_get_monotonic_time();

    for (guint i = 0; i < n; i++) {
        const MpCaseInput received = {.event = "received",
                                      .actor = "requester",
                                      .address = facts->requester_address,
                                      .trust = MP_TRUST_ALIGNED,
                                      .facts = facts};
        const MpCaseInput refused = {.event = "TOLAK",
                                     .actor = "verifikator",
                                     .address = "verifikator@diskominfo.contohkab.go.id",
                                     .trust = MP_TRUST_CAPABILITY,
                                     .note = "tidak lengkap"};
        MpDecision *opened = mp_case_step(sop, NULL, "SE-2026-000001", &received, calendar, NOON);
        MpDecision *moved =
            mp_case_step(sop, opened->after, "SE-2026-000001", &refused, calendar, NOON);

        mp_bench_check(opened->is_accepted, NULL);
        mp_decision_free(moved);
        mp_decision_free(opened);
    }
    mp_bench_print("step", 2 * n, g_get_monotonic_time() - start_us);
}

static GPtrArray *
read_facts(const GPtrArray *letters, const MpReaderSetup *setup)
{
    GPtrArray *all = g_ptr_array_new_with_free_func((GDestroyNotify)mp_facts_free);

    for (guint i = 0; i < letters->len; i++) {
        const Letter *letter = g_ptr_array_index(letters, i);
        gsize length = 0;
        const guint8 *bytes = g_bytes_get_data(letter->bytes, &length);
        MpFacts *facts = mp_facts_read(setup, bytes, length, &why);

        mp_bench_check(facts != NULL, why);
        g_ptr_array_add(all, facts);
    }
    return all;
}

static void
bench_cold(const char *config, guint n)
{
    gint64 start_us = g_get_monotonic_time();

    for (guint i = 0; i < n; i++) {
        g_autoptr(MpSetup) setup = mp_setup_load(config, MP_SETUP_READING, &why);

        mp_bench_check(setup != NULL, why);
    }
    mp_bench_print("cold", n, g_get_monotonic_time() - start_us);
}

int
main(int argc, char **argv)
{
    guint n = argc > 1 ? MAX((guint)g_ascii_strtoull(argv[1], NULL, 10), 1) : 1;
    const char *only = argc > 2 ? argv[2] : NULL;
    g_autofree char *dir = g_dir_make_tmp("mailproc-bench-XXXXXX", &why);
    g_autofree char *config = NULL;
    g_autoptr(MpSetup) setup = NULL;
    g_autoptr(GPtrArray) letters = load_letters();
    g_autoptr(GPtrArray) all = NULL;

    mp_bench_check(dir != NULL, why);
    config = mp_bench_config(dir);
    setup = mp_setup_load(config, MP_SETUP_ALL, &why);
    mp_bench_check(setup != NULL, why);
    if (only == NULL || strcmp(only, "cold") == 0)
        bench_cold(config, n);
    if (only == NULL || strcmp(only, "read") == 0) {
        bench_read("read", letters, ALL, setup->reading, n);
        bench_read("read_no_pdf", letters, WITHOUT_PDF, setup->reading, n);
        bench_read("read_pdf", letters, WITH_PDF, setup->reading, n);
    }
    if (only == NULL || strcmp(only, "parts") == 0) {
        all = read_facts(letters, setup->reading);
        bench_parse(letters, setup->reading, n);
        bench_match(all, setup->reading, n);
        bench_codec(all, n);
        bench_step(setup, 1000 * n);
    }
    (void)g_remove(config);
    (void)g_rmdir(dir);
    return 0;
}

/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The store: taking mails, saving and finding cases. Usage: bench_store OPS [CASES]…
 * Finding is measured in a store of each number of CASES, one after the other, so that the figures
 * stand side by side: what is looked up must not grow with the number of cases. */

#include "ports/store-private.h"

#include <glib/gstdio.h>
#include <inttypes.h>
#include <sys/resource.h>

#define BATCH 20
#define FILL_BATCH 10000
#define NOON ((gint64)1795410000 * G_USEC_PER_SEC)

typedef struct {
    const char *name;
    gint64 start_us;
} Watch;

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

static Watch
watch_start(const char *name)
{
    return (Watch){name, g_get_monotonic_time()};
}

static void
watch_stop(Watch watch, guint n)
{
    gint64 spent_us = g_get_monotonic_time() - watch.start_us;
    struct rusage usage;

    (void)getrusage(RUSAGE_SELF, &usage);
    (void)printf("%s %u %" PRId64 " %ld\n",
                 watch.name,
                 n,
                 spent_us * 1000 / (gint64)MAX(n, 1),
                 usage.ru_maxrss);
    (void)fflush(stdout);
}

/* --- taking mails --- */

static void
take_mail(MpStore *store, guint32 uid, gsize bytes)
{
    g_autofree char *body = g_malloc(bytes);
    g_autoptr(MpLedgerRow) row = mp_ledger_row_new();
    g_autoptr(GBytes) content = NULL;

    memset(body, 'a', bytes);
    (void)g_snprintf(body, bytes, "%u", uid);
    row->sha256 = mp_text_sha256(body, bytes);
    content = g_bytes_new_take(g_steal_pointer(&body), bytes);
    row->mailbox = g_strdup("imaps://mail.contohkab.go.id/INBOX");
    row->uid_validity = 1;
    row->uid = uid;
    row->arrived_utc = NOON + uid;
    row->bytes = bytes;
    row->archive_name = g_strdup_printf("2026/11/20/%s.eml", row->sha256);
    row->message_id = g_strdup_printf("%u@contohkab.go.id", uid);
    row->content_hash = g_strdup(row->sha256);
    MUST(store->archive_put(store, row->archive_name, content, NOON, &why));
    MUST(store->ledger_add(store, row, &why));
}

/* As the pipeline does: one archive commit a batch, then one of the store. */
static void
bench_take(MpStore *store, const char *name, guint n, gsize bytes, guint32 first_uid)
{
    Watch watch = watch_start(name);

    for (guint i = 0; i < n; i += BATCH) {
        MUST(store->begin(store, &why));
        for (guint k = i; k < MIN(n, i + BATCH); k++)
            take_mail(store, first_uid + k, bytes);
        MUST(store->archive_commit(store, &why));
        MUST(store->commit(store, &why));
    }
    watch_stop(watch, n);
}

/* --- cases --- */

static void
free_event(gpointer event)
{
    mp_event_free(event);
}

static MpCase *
make_case(guint i)
{
    MpCase *kase = mp_case_new();
    MpCaseApplicant *applicant = mp_case_applicant_new();

    kase->number = g_strdup_printf("SE-2026-%06u", i);
    kase->service = g_strdup("pembaruan");
    kase->sop = g_strdup("mamuju-pembaruan");
    kase->step = g_strdup("periksa");
    /* An office's year: one case in fifty is still open. */
    kase->state = i % 50 == 0 ? MP_CASE_OPEN : MP_CASE_FINISHED;
    kase->holder_role = g_strdup("verifikator");
    kase->opened_utc = NOON;
    kase->due_utc = kase->state == MP_CASE_OPEN ? NOON + i : 0;
    kase->version = 1;
    kase->requester_address = g_strdup_printf("opd%u@contohkab.go.id", i % 50000);
    kase->letter_number = g_strdup_printf("800/%u/Umum/2026", i);
    applicant->n = 1;
    applicant->name = g_strdup_printf("Pemohon Nomor %u", i);
    applicant->nip = g_strdup_printf("19800101%07u999", i);
    applicant->email = g_strdup_printf("p%u@contohkab.go.id", i);
    g_ptr_array_add(kase->applicants, applicant);
    return kase;
}

static GPtrArray *
make_events(const MpCase *kase)
{
    GPtrArray *events = g_ptr_array_new_with_free_func(free_event);
    const MpCaseApplicant *applicant = g_ptr_array_index(kase->applicants, 0);
    MpEvent *opened = mp_event_new("opened", NOON);
    MpEvent *added = mp_event_new("applicant", NOON);

    opened->actor = g_strdup("requester");
    opened->to_step = g_strdup(kase->step);
    mp_event_set(opened, "number", kase->number);
    mp_event_set(opened, "requester_address", kase->requester_address);
    mp_event_set(added, "n", "1");
    mp_event_set(added, "name", applicant->name);
    mp_event_set(added, "nip", applicant->nip);
    g_ptr_array_add(events, opened);
    g_ptr_array_add(events, added);
    return events;
}

static void
bench_save(MpStore *store, guint n)
{
    Watch watch = watch_start("case_save");

    for (guint i = 0; i < n; i += BATCH) {
        MUST(store->begin(store, &why));
        for (guint k = i; k < MIN(n, i + BATCH); k++) {
            g_autoptr(MpCase) kase = make_case(900000 + k);
            g_autoptr(GPtrArray) events = make_events(kase);

            MUST(store->case_save(store, kase, events, &why));
        }
        MUST(store->commit(store, &why));
    }
    watch_stop(watch, n);
}

/* Snapshots only: what is measured afterwards is the finding. */
static void
fill(MpStore *store, guint n_cases)
{
    for (guint i = 0; i < n_cases; i += FILL_BATCH) {
        MUST(store->begin(store, &why));
        for (guint k = i; k < MIN(n_cases, i + FILL_BATCH); k++) {
            g_autoptr(MpCase) kase = make_case(k);

            MUST(mp_store_write_snapshot(store, kase, &why));
        }
        MUST(store->commit(store, &why));
    }
}

typedef enum { BY_LETTER, BY_NIP, BY_EMAIL, BY_NAME, BY_REQUESTER, BY_OPEN, BY_LOAD, BY_N } By;

static const char *const by_names[] = {
    "letter", "nip", "email", "name", "requester", "open_50", "load"};

/* One lookup of the i-th case; how many were found. */
static guint
find_one(MpStore *store, By by, guint i)
{
    g_autoptr(MpCase) like = make_case(i);
    const MpCaseApplicant *applicant = g_ptr_array_index(like->applicants, 0);
    MpCaseFilter filter = {.limit = by == BY_OPEN ? 50 : 0,
                           .state = by == BY_OPEN ? "open" : NULL,
                           .letter = by == BY_LETTER ? like->letter_number : NULL,
                           .nip = by == BY_NIP ? applicant->nip : NULL,
                           .email = by == BY_EMAIL ? applicant->email : NULL,
                           .name = by == BY_NAME ? applicant->name : NULL,
                           .requester = by == BY_REQUESTER ? like->requester_address : NULL};
    GError *error = NULL;

    if (by == BY_LOAD) {
        g_autoptr(MpCase) kase = store->case_load(store, like->number, &error);

        check(kase != NULL, error);
        return 1;
    }
    g_autoptr(GPtrArray) found = store->case_find(store, &filter, &error);
    check(found != NULL && found->len > 0, error);
    return found->len;
}

static void
bench_find(MpStore *store, guint n, guint n_cases)
{
    for (By by = BY_LETTER; by < BY_N; by++) {
        g_autofree char *name = g_strdup_printf("case_find_%s_of_%u", by_names[by], n_cases);
        Watch watch = watch_start(name);
        guint found = 0;

        for (guint i = 0; i < n; i++)
            found += find_one(store, by, (guint)(((guint64)i * 7919) % n_cases));
        watch_stop(watch, n);
        check(found >= n, NULL);
    }
}

static void
bench_dir(guint n, guint n_cases, gboolean is_first)
{
    g_autofree char *dir = g_dir_make_tmp("mailproc-bench-XXXXXX", NULL);
    GError *error = NULL;
    MpStore *store = mp_store_open(dir, &error);

    check(store != NULL, error);
    if (is_first) {
        bench_take(store, "take_30KiB", n, (gsize)30 * 1024, 1);
        bench_take(store, "take_1MiB", (n + 9) / 10, (gsize)1024 * 1024, 10000000);
        bench_save(store, n);
    }
    fill(store, n_cases);
    bench_find(store, n, n_cases);
    store->free(store);
    g_auto(GStrv) names = mp_files_list(dir, "", NULL);
    for (guint i = 0; names != NULL && names[i] != NULL; i++) {
        g_autofree char *path = g_build_filename(dir, names[i], NULL);

        (void)g_unlink(path);
    }
    (void)g_rmdir(dir);
}

int
main(int argc, char **argv)
{
    guint n = argc > 1 ? (guint)g_ascii_strtoull(argv[1], NULL, 10) : 1;

    n = MAX(n, 1);
    if (argc < 3)
        bench_dir(n, 100, TRUE);
    for (int i = 2; i < argc; i++) {
        guint n_cases = (guint)g_ascii_strtoull(argv[i], NULL, 10);

        bench_dir(n, MAX(n_cases, 1), i == 2);
    }
    return 0;
}

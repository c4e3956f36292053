/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The office's morning: the digest, `case list` and a sweep of the timers that are due, in stores
 * that hold the same open cases among few and among very many closed ones. Usage: bench_morning N
 * [CASES]…; each figure is the mean of N, and of CASES at most 1,000 are open. What is closed must
 * not be felt. */

#include "app/digest.h"
#include "app/pipeline-private.h"

#include <glib/gstdio.h>
#include <inttypes.h>
#include <sys/resource.h>

enum { FILL_BATCH = 10000, OPEN_MOST = 1000, DUE = 100 };

#define HOUR (G_GINT64_CONSTANT(3600) * G_USEC_PER_SEC)

static const char configuration[] =
    "[office]\nname = Dinas Komunikasi dan Informatika Kabupaten Contoh\n"
    "address = layanan@contohkab.go.id\ntrusted_domains = contohkab.go.id\n"
    "rules_dir = " MP_SOURCE_DIR "/rules\ntemplates_dir = " MP_SOURCE_DIR "/templates\n"
    "[mailbox]\nurl = maildir:/nonexistent/in\n[sender]\nurl = maildir:/nonexistent/out\n"
    "[store]\ndir = /nonexistent/store\n[calendar]\nholidays = holidays-2026.tsv\n"
    "[rations]\nper_address_hour = 10000\nper_domain_hour = 100000\ntotal_hour = 100000\n"
    "[role kepala-dinas]\naddresses = kadis@contohkab.go.id\n"
    "[role sekretaris]\naddresses = sekretaris@contohkab.go.id\n"
    "[role kabid]\naddresses = kabid@contohkab.go.id\n"
    "[role admin-helpdesk]\naddresses = helpdesk@contohkab.go.id\n"
    "[role verifikator]\naddresses = verifikator@contohkab.go.id\n"
    "[service pembaruan]\nsop = mamuju-pembaruan.sop\n";

static void
check(gboolean is_done, const GError *error)
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

static void
tell(const char *what, guint n_cases, guint n, gint64 spent_us)
{
    struct rusage usage;

    (void)getrusage(RUSAGE_SELF, &usage);
    (void)printf("%s_of_%u %u %" PRId64 " %ld\n",
                 what,
                 n_cases,
                 n,
                 spent_us * 1000 / (gint64)MAX(n, 1),
                 usage.ru_maxrss);
    (void)fflush(stdout);
}

static MpSetup *
load_setup(const char *dir)
{
    g_autofree char *path = g_build_filename(dir, "mailproc.conf", NULL);
    GError *error = NULL;
    MpSetup *setup;

    check(g_file_set_contents(path, configuration, -1, &error), error);
    setup = mp_setup_load(path, MP_SETUP_ALL, &error);
    check(setup != NULL, error);
    return setup;
}

/* --- the store -------------------------------------------------------------------------------- */

/* Persons are told apart by the letters of their names, not by digits. */
static char *
make_name(guint i)
{
    GString *name = g_string_new("Pemohon ");

    for (; i > 0 || name->str[name->len - 1] == ' '; i /= 26)
        g_string_append_c(name, (char)('a' + i % 26));
    return g_string_free(name, FALSE);
}

static MpCase *
make_case(guint i, gboolean is_open, gint64 now_utc)
{
    MpCase *kase = mp_case_new();
    MpCaseApplicant *applicant = mp_case_applicant_new();

    kase->number = g_strdup_printf("SE-2026-%06u", i);
    kase->service = g_strdup("pembaruan");
    kase->sop = g_strdup("mamuju-pembaruan");
    kase->step = g_strdup(is_open ? "terima-berkas" : "selesai");
    kase->state = is_open ? MP_CASE_OPEN : MP_CASE_FINISHED;
    kase->holder_role = g_strdup(is_open ? "verifikator" : "system");
    kase->opened_utc = now_utc - 24 * HOUR;
    kase->step_since_utc = kase->opened_utc;
    kase->due_utc = is_open ? now_utc - HOUR + i : 0;
    kase->closed_utc = is_open ? 0 : now_utc - HOUR;
    kase->version = 2;
    kase->requester_address = g_strdup_printf("opd%u@contohkab.go.id", i % 50000);
    kase->letter_number = g_strdup_printf("800/%u/Umum/2026", i);
    applicant->n = 1;
    applicant->name = make_name(i);
    applicant->nip = g_strdup_printf("19800101%07u999", i);
    applicant->email = g_strdup_printf("p%u@contohkab.go.id", i);
    applicant->outcome = is_open ? MP_OUTCOME_NONE : MP_OUTCOME_RENEWED;
    g_ptr_array_add(kase->applicants, applicant);
    return kase;
}

/* Snapshots alone: nothing of what is measured reads an old case's events. */
static void
fill(MpStore *store, guint n_cases, gint64 now_utc)
{
    guint every = MAX(1, n_cases / OPEN_MOST);

    for (guint i = 0; i < n_cases; i += FILL_BATCH) {
        MUST(store->begin(store, &why));
        for (guint k = i; k < MIN(n_cases, i + FILL_BATCH); k++) {
            g_autoptr(MpCase) kase = make_case(k, k % every == 0, now_utc);

            MUST(store->case_save(store, kase, NULL, &why));
            if (k % every == 0)
                MUST(
                    store->timer_set(store, kase->number, "escalation", now_utc + 48 * HOUR, &why));
        }
        MUST(store->commit(store, &why));
    }
}

/* --- the morning ------------------------------------------------------------------------------ */

static void
bench_digest(MpApp *app, guint n, guint n_cases)
{
    gint64 start_us = g_get_monotonic_time();

    for (guint i = 0; i < n; i++) {
        MpPlanner planner = mp_pipeline_planner(app);
        GError *error = NULL;
        g_autoptr(MpPlan) plan = mp_plan_digest(&planner, &error);

        check(plan != NULL, error);
        check(plan->mails->len > 0, NULL);
    }
    tell("digest", n_cases, n, g_get_monotonic_time() - start_us);
}

static void
bench_list(MpApp *app, guint n, guint n_cases)
{
    const MpCaseFilter filter = {.state = "open", .limit = 100000};
    gint64 start_us = g_get_monotonic_time();

    for (guint i = 0; i < n; i++) {
        GError *error = NULL;
        g_autoptr(GPtrArray) found = app->store->case_find(app->store, &filter, &error);

        check(found != NULL, error);
        check(found->len == MIN(n_cases, OPEN_MOST), NULL);
    }
    tell("case_list", n_cases, n, g_get_monotonic_time() - start_us);
}

/* The escalation of some cases is due; the others' is not. */
static void
bench_timers(MpApp *app, guint n, guint n_cases)
{
    guint every = MAX(1, n_cases / OPEN_MOST), due = MIN(n_cases, DUE);
    gint64 now_utc = app->clock->now_utc(app->clock), spent_us = 0;

    for (guint i = 0; i < n; i++) {
        MpStore *store = app->store;
        gint64 start_us;

        MUST(store->begin(store, &why));
        for (guint k = 0; k < due; k++) {
            g_autofree char *number = g_strdup_printf("SE-2026-%06u", k * every);

            MUST(store->timer_set(store, number, "escalation", now_utc, &why));
        }
        MUST(store->commit(store, &why));
        start_us = g_get_monotonic_time();
        MUST(mp_pipeline_timers(app, &why));
        spent_us += g_get_monotonic_time() - start_us;
    }
    tell("sweep_100_due", n_cases, n, spent_us);
}

static void
bench_idle(MpApp *app, guint n, guint n_cases)
{
    gint64 start_us = g_get_monotonic_time();

    for (guint i = 0; i < n; i++)
        MUST(mp_pipeline_timers(app, &why));
    tell("sweep_none_due", n_cases, n, g_get_monotonic_time() - start_us);
}

static void
bench_store(guint n, guint n_cases)
{
    g_autofree char *dir = g_dir_make_tmp("mailproc-bench-XXXXXX", NULL);
    g_autoptr(GDateTime) morning = g_date_time_new_utc(2026, 11, 17, 1, 30, 0);
    gint64 now_utc = g_date_time_to_unix(morning) * G_USEC_PER_SEC;
    GError *error = NULL;
    MpApp app = {.setup = load_setup(dir),
                 .store = mp_store_open(dir, &error),
                 .random = mp_random_new_seeded(1),
                 .clock = mp_clock_new_set(now_utc),
                 .is_quiet = TRUE};

    check(app.store != NULL, error);
    fill(app.store, n_cases, now_utc);
    bench_list(&app, n, n_cases);
    bench_digest(&app, n, n_cases);
    bench_idle(&app, n, n_cases);
    bench_timers(&app, n, n_cases);
    app.store->free(app.store);
    app.random->free(app.random);
    app.clock->free(app.clock);
    mp_setup_free(app.setup);
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
        bench_store(n, 200);
    for (int i = 2; i < argc; i++)
        bench_store(n, MAX((guint)g_ascii_strtoull(argv[i], NULL, 10), 1));
    return 0;
}

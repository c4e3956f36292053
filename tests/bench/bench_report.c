/* SPDX-License-Identifier: GPL-3.0-or-later */

/* A quarter's report. Usage: bench_report [CASES [OPEN]]: a store of CASES closed cases over four
 * years, and OPEN cases in hand at the end of it. Prints a line a figure: name, cases in the store,
 * ns a report (with the page and the table), peak RSS in KiB; below it the time on the processor,
 * which a busy machine does not blow up, and how many cases were counted by line and by events. */

#include "ports/store-private.h"
#include "report/report.h"

#include <glib/gstdio.h>
#include <inttypes.h>
#include <sys/resource.h>

#define FILL_BATCH 10000
#define DAY_US (24 * 3600 * (gint64)G_USEC_PER_SEC)

enum { DAYS = 1460, IN_HAND_DAYS = 7 };

/* Fewer leave a quarter of four years empty. */
enum { LEAST_CASES = 200 };

typedef struct {
    MpStore *store;
    MpCalendar *calendar;
    MpSop *sop;
    GTimeZone *zone;
    gint64 start_utc, now_utc, then_utc; /* then: the end of the quarter long ago */
    guint64 n_lines, n_cases;
    MpReport *report;
} Bench;

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

/* --- an office's four years --- */

static const MpSop *
sop_by_id(gconstpointer data, const char *id)
{
    const Bench *bench = data;

    return strcmp(id, bench->sop->id) == 0 ? bench->sop : NULL;
}

static MpSop *
load_sop(void)
{
    static const char *const roles[] = {"kepala-dinas",
                                        "sekretaris",
                                        "kabid",
                                        "kasi",
                                        "admin-helpdesk",
                                        "verifikator",
                                        "pejabat-pengaduan",
                                        NULL};
    g_autofree char *bytes = NULL;
    gsize length = 0;
    MpSop *sop;
    GError *error = NULL;

    MUST(mp_files_read(
        MP_SOURCE_DIR "/rules/sop/mamuju-pembaruan.sop", 1 << 20, &bytes, &length, &why));
    sop = mp_sop_parse("mamuju-pembaruan.sop", bytes, length, roles, &error);
    check(sop != NULL, error);
    return sop;
}

static MpEvent *
add_event(GPtrArray *events, const char *kind, gint64 at_utc)
{
    MpEvent *event = mp_event_new(kind, at_utc);

    event->seq = events->len + 1;
    event->actor = g_strdup("verifikator");
    g_ptr_array_add(events, event);
    return event;
}

static void
free_event(gpointer event)
{
    mp_event_free(event);
}

/* The walk of a case through all steps of its procedure, each with a wait of its own. */
static GPtrArray *
make_events(const Bench *bench, const MpCase *kase, guint i)
{
    GPtrArray *events = g_ptr_array_new_with_free_func(free_event);
    const MpSopStep *before = g_ptr_array_index(bench->sop->steps, 0);
    gint64 at_utc = kase->opened_utc;
    MpEvent *opened = add_event(events, "opened", at_utc);

    opened->to_step = g_strdup(before->id);
    mp_event_set(opened, "number", kase->number);
    mp_event_set(opened, "service", kase->service);
    mp_event_set(opened, "sop", kase->sop);
    for (guint s = 1; s < bench->sop->steps->len; s++) {
        const MpSopStep *step = g_ptr_array_index(bench->sop->steps, s);
        MpEvent *moved;

        if (step->is_addition)
            continue;
        at_utc += (gint64)(1 + (i * 7 + s * 13) % 45) * 60 * G_USEC_PER_SEC;
        moved = add_event(events, "moved", at_utc);
        moved->from_step = g_strdup(before->id);
        moved->to_step = g_strdup(step->id);
        mp_event_set(moved, "state", "open");
        mp_event_set(moved, "holder", step->actor);
        before = step;
    }
    if (kase->closed_utc != 0)
        mp_event_set(add_event(events, "closed", kase->closed_utc), "state", "finished");
    return events;
}

static MpCase *
make_case(const Bench *bench, guint i, gint64 opened_utc, gint64 closed_utc)
{
    MpCase *kase = mp_case_new();
    MpCaseApplicant *applicant = mp_case_applicant_new();

    kase->number = g_strdup_printf("SE-2026-%07u", i);
    kase->service = g_strdup("pembaruan");
    kase->sop = g_strdup(bench->sop->id);
    kase->step = g_strdup(((MpSopStep *)g_ptr_array_index(bench->sop->steps, 0))->id);
    kase->state = closed_utc == 0 ? MP_CASE_OPEN : MP_CASE_FINISHED;
    kase->holder_role = g_strdup("verifikator");
    kase->opened_utc = opened_utc;
    kase->closed_utc = closed_utc;
    kase->version = 1;
    applicant->n = 1;
    applicant->name = g_strdup_printf("Pemohon Nomor %u", i);
    applicant->unit = g_strdup_printf("Dinas Nomor %u", i % 60);
    g_ptr_array_add(kase->applicants, applicant);
    return kase;
}

/* Of most cases no report asks the events: they are left out, or filling would take hours. */
static gboolean
is_told(const Bench *bench, gint64 opened_utc, gint64 closed_utc)
{
    return closed_utc == 0 || (opened_utc < bench->then_utc && closed_utc >= bench->then_utc);
}

static void
save(const Bench *bench, guint i, gint64 opened_utc, gint64 closed_utc)
{
    g_autoptr(MpCase) kase = make_case(bench, i, opened_utc, closed_utc);
    g_autoptr(GPtrArray) events = make_events(bench, kase, i);
    g_autofree char *line = NULL;

    MUST(mp_store_write_snapshot(bench->store, kase, &why));
    for (guint e = 0; is_told(bench, opened_utc, closed_utc) && e < events->len; e++)
        MUST(mp_store_write_event(bench->store, kase->number, g_ptr_array_index(events, e), &why));
    if (closed_utc == 0)
        return;
    line = mp_report_close_line(kase, events, bench->sop, bench->calendar);
    MUST(bench->store->closing_set(bench->store, kase->number, closed_utc, line, &why));
}

static void
fill(const Bench *bench, guint n_cases, guint n_open)
{
    for (guint i = 0; i < n_cases + n_open; i++) {
        gint64 at_utc = bench->start_utc + DAYS * DAY_US / MAX(n_cases, 1) * i;

        if (i % FILL_BATCH == 0)
            MUST(bench->store->begin(bench->store, &why));
        if (i < n_cases)
            save(bench, i, at_utc - IN_HAND_DAYS * DAY_US, at_utc);
        else
            save(bench, i, bench->now_utc - (gint64)(i % IN_HAND_DAYS) * DAY_US - DAY_US, 0);
        if (i % FILL_BATCH == FILL_BATCH - 1 || i == n_cases + n_open - 1)
            MUST(bench->store->commit(bench->store, &why));
    }
}

/* --- the report --- */

static gboolean
count_line(const char *line, gpointer data, GError **error)
{
    Bench *bench = data;

    bench->n_lines++;
    return mp_report_add_line(bench->report, line, error);
}

static gboolean
count_case(const MpCase *kase, const GPtrArray *events, gpointer data, GError **error)
{
    Bench *bench = data;

    bench->n_cases++;
    return mp_report_add(bench->report, kase, events, bench->sop, bench->calendar, error);
}

static gint64
processor_us(void)
{
    struct rusage usage;

    (void)getrusage(RUSAGE_SELF, &usage);
    return (usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) * G_USEC_PER_SEC +
           usage.ru_utime.tv_usec + usage.ru_stime.tv_usec;
}

static void
say(const char *name, guint64 n, gint64 ns)
{
    struct rusage usage;

    (void)getrusage(RUSAGE_SELF, &usage);
    (void)printf("%s %" PRIu64 " %" PRId64 " %ld\n", name, n, ns, usage.ru_maxrss);
    (void)fflush(stdout);
}

static void
measure(Bench *bench, const char *name, guint n_cases, const char *from, const char *to)
{
    const MpReportOffice office = {.office_name = "Dinas Contoh",
                                   .service_name = "Layanan Sertifikat Elektronik",
                                   .calendar = bench->calendar,
                                   .sop_by_id = sop_by_id,
                                   .sop_data = bench};
    gint64 started_us = g_get_monotonic_time(), worked_us = processor_us();
    gint64 from_utc = 0, until_utc = 0;
    GError *error = NULL;
    g_autofree char *page = NULL;
    g_autofree char *table = NULL;

    bench->n_lines = bench->n_cases = 0;
    bench->report = mp_report_new(&office, from, to, bench->now_utc, &error);
    check(bench->report != NULL, error);
    mp_report_span(bench->report, &from_utc, &until_utc);
    MUST(bench->store->closing_walk(bench->store, from_utc, until_utc, count_line, bench, &why));
    MUST(bench->store->period_walk(bench->store, from_utc, until_utc, count_case, bench, &why));
    page = mp_report_to_html(bench->report);
    table = mp_report_to_csv(bench->report);
    check(page != NULL && table != NULL && bench->n_lines + bench->n_cases > 0, NULL);
    say(name, n_cases, (g_get_monotonic_time() - started_us) * 1000);
    (void)printf("  processor-ns %" PRId64 " by-line %" PRIu64 " by-events %" PRIu64 "\n",
                 (processor_us() - worked_us) * 1000,
                 bench->n_lines,
                 bench->n_cases);
    mp_report_free(bench->report);
}

static void
remove_dir(const char *dir)
{
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
    guint n_cases = argc > 1 ? (guint)g_ascii_strtoull(argv[1], NULL, 10) : 1;
    guint n_open = argc > 2 ? (guint)g_ascii_strtoull(argv[2], NULL, 10) : 1;
    g_autofree char *dir = g_dir_make_tmp("mailproc-bench-XXXXXX", NULL);
    Bench bench = {.zone = g_time_zone_new_offset(7 * 3600)};
    GError *error = NULL;
    gint64 started_us = g_get_monotonic_time();

    bench.calendar =
        mp_calendar_new(bench.zone, "mon-thu 07:30-12:00,13:00-16:00; fri 07:30-11:30", &error);
    check(bench.calendar != NULL, error);
    bench.sop = load_sop();
    bench.now_utc = mp_calendar_day_start(bench.calendar, "2026-10-01");
    bench.then_utc = mp_calendar_day_start(bench.calendar, "2024-10-01");
    bench.start_utc = bench.now_utc - DAYS * DAY_US;
    bench.store = mp_store_open(dir, &error);
    check(bench.store != NULL, error);
    fill(&bench, MAX(n_cases, LEAST_CASES), n_open);
    say("report_fill", n_cases, (g_get_monotonic_time() - started_us) * 1000);
    measure(&bench, "report_quarter", n_cases, "2026-07-01", "2026-09-30");
    measure(&bench, "report_quarter_two_years_ago", n_cases, "2024-07-01", "2024-09-30");
    measure(&bench, "report_four_years", n_cases, "2022-10-03", "2026-09-30");
    bench.store->free(bench.store);
    mp_sop_free(bench.sop);
    mp_calendar_free(bench.calendar);
    g_time_zone_unref(bench.zone);
    remove_dir(dir);
    return 0;
}

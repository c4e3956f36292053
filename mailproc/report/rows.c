/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The rows of a report: one a service, step, applicant's office and holder, found or made. */

#include "report/report-private.h"

enum { OPDS_MAX = 1000 }; /* badly read names must not fill the memory */

static const char other_opds[] = "Lainnya";
static const char unknown_opd[] = "Tidak tercatat";

/* --- ends --- */

static void
free_service(gpointer data)
{
    MpReportService *service = data;

    g_free(service->service);
    mp_tally_clear(&service->office_minutes);
    mp_tally_clear(&service->days);
    g_array_unref(service->weeks);
    g_free(service);
}

static void
free_step(gpointer data)
{
    MpReportStep *step = data;

    g_free(step->service);
    g_free(step->sop);
    g_free(step->step);
    g_free(step->printed);
    g_free(step->activity);
    g_free(step->actor);
    g_free(step->limit_text);
    mp_tally_clear(&step->used);
    g_free(step);
}

static void
free_opd(gpointer data)
{
    MpReportOpd *opd = data;

    g_free(opd->name);
    mp_tally_clear(&opd->days);
    g_free(opd);
}

static void
free_holder(gpointer data)
{
    MpReportHolder *holder = data;

    g_free(holder->role);
    mp_tally_clear(&holder->days);
    g_free(holder);
}

static void
free_open(gpointer data)
{
    MpReportOpen *open = data;

    g_free(open->number);
    g_free(open->service);
    g_free(open->role);
    g_free(open->activity);
    g_free(open);
}

void
mp_report_make_rows(MpReport *report)
{
    report->services = g_ptr_array_new_with_free_func(free_service);
    report->steps = g_ptr_array_new_with_free_func(free_step);
    report->opds = g_ptr_array_new_with_free_func(free_opd);
    report->opd_by_name = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    report->holders = g_ptr_array_new_with_free_func(free_holder);
    report->oldest = g_ptr_array_new_with_free_func(free_open);
    report->week_ends = g_array_sized_new(FALSE, FALSE, sizeof(gint64), report->n_weeks);
    for (guint week = 1; week <= report->n_weeks; week++) {
        g_autofree char *day = mp_report_iso_day(report->first_monday + 7 * week);
        gint64 end_utc = mp_calendar_day_start(report->office.calendar, day);

        g_array_append_val(report->week_ends, end_utc);
    }
}

void
mp_report_free(MpReport *report)
{
    if (report == NULL)
        return;
    g_free(report->from_day);
    g_free(report->to_day);
    g_ptr_array_unref(report->services);
    g_ptr_array_unref(report->steps);
    g_hash_table_unref(report->opd_by_name);
    g_ptr_array_unref(report->opds);
    g_ptr_array_unref(report->holders);
    g_ptr_array_unref(report->oldest);
    g_array_unref(report->week_ends);
    g_free(report);
}

/* --- finding rows: few services, steps and roles, kept sorted --- */

MpReportService *
mp_report_find_service(MpReport *report, const char *name)
{
    MpReportService *service;
    guint at = 0;

    for (; at < report->services->len; at++) {
        int order;

        service = g_ptr_array_index(report->services, at);
        order = strcmp(service->service, name);
        if (order == 0)
            return service;
        if (order > 0)
            break;
    }
    service = g_new0(MpReportService, 1);
    service->service = g_strdup(name);
    service->weeks = g_array_sized_new(FALSE, TRUE, sizeof(guint64), report->n_weeks);
    g_array_set_size(service->weeks, report->n_weeks);
    g_ptr_array_insert(report->services, (int)at, service);
    return service;
}

static int
compare_step(const MpReportStep *a, const char *service, const char *sop, guint line)
{
    int order = strcmp(a->service, service);

    if (order == 0)
        order = strcmp(a->sop, sop);
    if (order == 0)
        order = a->line < line ? -1 : a->line > line;
    return order;
}

MpTimeKind
mp_report_clock(const MpSopStep *step)
{
    static const char *const outsiders[] = {"requester", "applicant", "bsre", "system", NULL};

    if (step->time_kind != MP_TIME_NONE)
        return step->time_kind;
    if (step->alarm_kind != MP_TIME_NONE)
        return step->alarm_kind;
    return g_strv_contains(outsiders, step->actor) ? MP_TIME_DAYS : MP_TIME_OFFICE;
}

MpReportStep *
mp_report_find_step(MpReport *report, const char *service, const MpSop *sop, const MpSopStep *step)
{
    MpReportStep *row;
    guint at = 0, end = report->steps->len;

    while (at < end) {
        guint middle = at + (end - at) / 2;
        int order;

        row = g_ptr_array_index(report->steps, middle);
        order = compare_step(row, service, sop->id, step->line);
        if (order == 0)
            return row;
        if (order < 0)
            at = middle + 1;
        else
            end = middle;
    }
    row = g_new0(MpReportStep, 1);
    row->service = g_strdup(service);
    row->sop = g_strdup(sop->id);
    row->step = g_strdup(step->id);
    row->printed = g_strdup(step->printed ? step->printed : "");
    row->activity = g_strdup(step->activity ? step->activity : step->id);
    row->actor = g_strdup(step->actor);
    row->line = step->line;
    row->kind = mp_report_clock(step);
    row->limit = step->time_kind != MP_TIME_NONE ? step->minutes : 0;
    row->limit_text = row->limit == 0   ? g_strdup("")
                      : step->time_text ? g_strdup(step->time_text)
                                        : mp_report_duration(row->kind, row->limit);
    g_ptr_array_insert(report->steps, (int)at, row);
    return row;
}

MpReportOpd *
mp_report_find_opd(MpReport *report, const char *known)
{
    const char *name = known != NULL ? known : unknown_opd;
    g_autofree char *folded = g_utf8_casefold(name, -1);
    MpReportOpd *opd = g_hash_table_lookup(report->opd_by_name, folded);

    if (opd != NULL)
        return opd;
    if (report->opds->len >= OPDS_MAX && name != other_opds) {
        g_free(folded);
        folded = g_utf8_casefold(other_opds, -1);
        name = other_opds;
        opd = g_hash_table_lookup(report->opd_by_name, folded);
        if (opd != NULL)
            return opd;
    }
    opd = g_new0(MpReportOpd, 1);
    opd->name = g_strdup(name);
    g_ptr_array_add(report->opds, opd);
    g_hash_table_insert(report->opd_by_name, g_steal_pointer(&folded), opd);
    return opd;
}

MpReportHolder *
mp_report_find_holder(MpReport *report, const char *role)
{
    MpReportHolder *holder;
    guint at = 0;

    for (; at < report->holders->len; at++) {
        int order;

        holder = g_ptr_array_index(report->holders, at);
        order = strcmp(holder->role, role);
        if (order == 0)
            return holder;
        if (order > 0)
            break;
    }
    holder = g_new0(MpReportHolder, 1);
    holder->role = g_strdup(role);
    g_ptr_array_insert(report->holders, (int)at, holder);
    return holder;
}

/* --- asking --- */

guint64
mp_report_closed(const MpReportService *service)
{
    return service->finished + service->refused + service->withdrawn + service->expired;
}

gboolean
mp_report_is_complaint(const MpReport *report, const MpReportService *service)
{
    return g_strcmp0(report->office.complaint_service, service->service) == 0;
}

static gint
compare_opds(gconstpointer a, gconstpointer b)
{
    const MpReportOpd *left = *(const MpReportOpd *const *)a;
    const MpReportOpd *right = *(const MpReportOpd *const *)b;

    if (left->received != right->received)
        return left->received > right->received ? -1 : 1;
    return strcmp(left->name, right->name);
}

GPtrArray *
mp_report_sort_opds(const MpReport *report)
{
    GPtrArray *sorted = g_ptr_array_sized_new(report->opds->len);

    for (guint i = 0; i < report->opds->len; i++)
        g_ptr_array_add(sorted, g_ptr_array_index(report->opds, i));
    g_ptr_array_sort(sorted, compare_opds);
    return sorted;
}

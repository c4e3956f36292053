/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Numbers and names as an Indonesian office writes them, and the table for a terminal. */

#include "report/report-private.h"

char *
mp_report_line(const char *text)
{
    g_autofree char *line = mp_text_line(text == NULL ? "" : text);

    return mp_text_mask_all(line);
}

static gboolean
is_a_person(const MpCase *kase, const char *name)
{
    g_autofree char *folded = mp_text_fold_name(name);

    for (guint i = 0; i < kase->applicants->len; i++) {
        const MpCaseApplicant *applicant = g_ptr_array_index(kase->applicants, i);
        g_autofree char *person = mp_text_fold_name(applicant->name ? applicant->name : "");

        if (person[0] != '\0' && strstr(folded, person) != NULL)
            return TRUE;
    }
    return FALSE;
}

/* A letter is one office's: the first applicant's unit speaks for all. */
char *
mp_report_opd_name(const MpCase *kase)
{
    for (guint i = 0; i < kase->applicants->len; i++) {
        const MpCaseApplicant *applicant = g_ptr_array_index(kase->applicants, i);
        g_autofree char *name = mp_report_line(applicant->unit);

        if (name[0] == '\0' || strchr(name, '@') != NULL || strcmp(name, "[dimusnahkan]") == 0)
            continue;
        return is_a_person(kase, name) ? NULL : g_steal_pointer(&name);
    }
    return NULL;
}

char *
mp_report_number(guint64 n)
{
    g_autofree char *digits = g_strdup_printf("%" G_GUINT64_FORMAT, n);
    gsize length = strlen(digits);
    GString *out = g_string_new(NULL);

    for (gsize i = 0; i < length; i++) {
        if (i > 0 && (length - i) % 3 == 0)
            g_string_append_c(out, '.');
        g_string_append_c(out, digits[i]);
    }
    return g_string_free(out, FALSE);
}

char *
mp_report_share(guint64 part, guint64 whole)
{
    guint64 tenths;

    if (whole == 0)
        return g_strdup("–");
    tenths = (part * 1000 + whole / 2) / whole;
    /* What is not all must not read as all. */
    if (tenths == 1000 && part < whole)
        tenths = 999;
    return tenths % 10 == 0 ? g_strdup_printf("%" G_GUINT64_FORMAT "%%", tenths / 10)
                            : g_strdup_printf("%" G_GUINT64_FORMAT ",%" G_GUINT64_FORMAT "%%",
                                              tenths / 10,
                                              tenths % 10);
}

char *
mp_report_duration(MpTimeKind kind, gint64 amount)
{
    if (kind == MP_TIME_DAYS)
        return g_strdup_printf("%" G_GINT64_FORMAT " hari kerja", amount);
    if (amount < 60)
        return g_strdup_printf("%" G_GINT64_FORMAT " menit", amount);
    if (amount % 60 == 0)
        return g_strdup_printf("%" G_GINT64_FORMAT " jam", amount / 60);
    return g_strdup_printf(
        "%" G_GINT64_FORMAT " jam %" G_GINT64_FORMAT " menit", amount / 60, amount % 60);
}

const char *
mp_report_unit(MpTimeKind kind)
{
    switch (kind) {
    case MP_TIME_OFFICE:
        return "menit kerja";
    case MP_TIME_ELAPSED:
        return "menit jalan";
    case MP_TIME_DAYS:
        return "hari kerja";
    case MP_TIME_NONE:
        break;
    }
    return "";
}

/* --- for a terminal --- */

static void
print_services(GString *out, const MpReport *report)
{
    g_string_append_printf(out,
                           "%-16s %8s %8s %8s %9s %8s %6s %8s %8s\n",
                           "service",
                           "received",
                           "finished",
                           "refused",
                           "withdrawn",
                           "expired",
                           "open",
                           "overdue",
                           "in time");
    for (guint i = 0; i < report->services->len; i++) {
        const MpReportService *service = g_ptr_array_index(report->services, i);
        g_autofree char *share = mp_report_share(service->in_time, service->judged);
        g_autofree char *name = mp_report_line(service->service);

        if (service->judged == 0) {
            g_free(share);
            share = g_strdup("-");
        }
        g_strdelimit(share, ",", '.');
        g_string_append_printf(out,
                               "%-16s %8" G_GUINT64_FORMAT " %8" G_GUINT64_FORMAT
                               " %8" G_GUINT64_FORMAT " %9" G_GUINT64_FORMAT " %8" G_GUINT64_FORMAT
                               " %6" G_GUINT64_FORMAT " %8" G_GUINT64_FORMAT " %8s\n",
                               name,
                               service->received,
                               service->finished,
                               service->refused,
                               service->withdrawn,
                               service->expired,
                               service->open,
                               service->overdue,
                               share);
    }
}

static void
print_holders(GString *out, const MpReport *report)
{
    for (guint i = 0; i < report->holders->len; i++) {
        const MpReportHolder *holder = g_ptr_array_index(report->holders, i);
        g_autofree char *role = mp_report_line(holder->role);

        g_string_append_printf(out,
                               "%s%-16s %8" G_GUINT64_FORMAT " oldest %" G_GINT64_FORMAT
                               " days, median %" G_GINT64_FORMAT "\n",
                               i == 0 ? "\nwaiting with\n" : "",
                               role,
                               holder->open,
                               mp_tally_max(&holder->days),
                               mp_tally_percentile(&holder->days, 50));
    }
}

static void
print_survey(GString *out, const MpReport *report)
{
    guint index =
        mp_report_index(mp_report_figures(report), report->n_answers * MP_SURVEY_QUESTIONS);
    const MpSurveyBand *band =
        report->office.survey == NULL ? NULL : mp_survey_band(report->office.survey, index);

    if (report->n_answers == 0)
        return;
    g_string_append_printf(out,
                           "\nsatisfaction %u.%02u of 100%s%s, %" G_GUINT64_FORMAT " answers\n",
                           index / 100,
                           index % 100,
                           band == NULL ? "" : ", grade ",
                           band == NULL ? "" : band->grade,
                           report->n_answers);
}

char *
mp_report_to_text(const MpReport *report)
{
    GString *out = g_string_new(NULL);

    g_string_append_printf(out, "%s to %s\n", report->from_day, report->to_day);
    if (mp_report_is_empty(report)) {
        g_string_append(out, "no case came in, was closed or stood open in this period\n");
        return g_string_free(out, FALSE);
    }
    print_services(out, report);
    print_holders(out, report);
    print_survey(out, report);
    return g_string_free(out, FALSE);
}

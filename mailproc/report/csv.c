/* SPDX-License-Identifier: GPL-3.0-or-later */

/* One flat table: every line says in its first cell what it counts, so that a spreadsheet can
 * filter it. */

#include "report/report-private.h"

#define COLUMNS(X)                                                                                 \
    X(PART, "bagian")                                                                              \
    X(SERVICE, "layanan")                                                                          \
    X(SOP, "sop")                                                                                  \
    X(STEP, "langkah")                                                                             \
    X(NAME, "uraian")                                                                              \
    X(DAY, "mulai")                                                                                \
    X(RECEIVED, "masuk")                                                                           \
    X(FINISHED, "selesai")                                                                         \
    X(REFUSED, "ditolak")                                                                          \
    X(WITHDRAWN, "ditarik")                                                                        \
    X(EXPIRED, "kedaluwarsa")                                                                      \
    X(OPEN, "terbuka")                                                                             \
    X(OVERDUE, "lewat_batas")                                                                      \
    X(MEASURED, "diukur")                                                                          \
    X(MEDIAN, "median")                                                                            \
    X(P90, "persentil_90")                                                                         \
    X(LIMIT, "batas_sop")                                                                          \
    X(UNIT, "satuan")                                                                              \
    X(JUDGED, "dinilai")                                                                           \
    X(IN_TIME, "tepat_waktu")                                                                      \
    X(OLDEST, "umur_tertua_hari")                                                                  \
    X(INDEX, "indeks")                                                                             \
    X(GRADE, "mutu")

typedef enum {

#define X(id, name) COLUMN_##id,
    COLUMNS(X)
#undef X
        COLUMN_N
} Column;

typedef struct {
    char *cells[COLUMN_N];
} Line;

static const char *const names[] = {
#define X(id, name) name,
    COLUMNS(X)
#undef X
};

/* What a spreadsheet would calculate is made a text by a leading apostrophe; blanks in front, which
 * some of them skip, went with mp_report_line. */
static void
append_cell(GString *out, const char *text)
{
    g_autofree char *line = mp_report_line(text);
    gboolean is_formula = line[0] != '\0' && strchr("=+-@", line[0]) != NULL;

    if (!is_formula && strpbrk(line, ",\";") == NULL) {
        g_string_append(out, line);
        return;
    }
    g_string_append(out, is_formula ? "\"'" : "\"");
    for (const char *at = line; *at != '\0'; at++) {
        if (*at == '"')
            g_string_append_c(out, '"');
        g_string_append_c(out, *at);
    }
    g_string_append_c(out, '"');
}

static void
set_text(Line *line, Column column, const char *text)
{
    g_free(line->cells[column]);
    line->cells[column] = g_strdup(text);
}

static void
set_number(Line *line, Column column, guint64 number)
{
    g_free(line->cells[column]);
    line->cells[column] = g_strdup_printf("%" G_GUINT64_FORMAT, number);
}

static void
set_tally(Line *line, const MpTally *tally, const char *unit)
{
    set_number(line, COLUMN_MEASURED, tally->n);
    set_text(line, COLUMN_UNIT, unit);
    if (tally->n == 0)
        return;
    set_number(line, COLUMN_MEDIAN, (guint64)mp_tally_percentile(tally, 50));
    set_number(line, COLUMN_P90, (guint64)mp_tally_percentile(tally, 90));
}

static void
end_line(GString *out, Line *line)
{
    for (guint i = 0; i < COLUMN_N; i++) {
        if (i > 0)
            g_string_append_c(out, ',');
        append_cell(out, line->cells[i]);
        g_clear_pointer(&line->cells[i], g_free);
    }
    g_string_append(out, "\r\n");
}

static void
append_services(GString *out, Line *line, const MpReport *report)
{
    for (guint i = 0; i < report->services->len; i++) {
        const MpReportService *service = g_ptr_array_index(report->services, i);

        set_text(line, COLUMN_PART, "layanan");
        set_text(line, COLUMN_SERVICE, service->service);
        set_text(line, COLUMN_NAME, mp_report_service_title(report, service->service));
        set_number(line, COLUMN_RECEIVED, service->received);
        set_number(line, COLUMN_FINISHED, service->finished);
        set_number(line, COLUMN_REFUSED, service->refused);
        set_number(line, COLUMN_WITHDRAWN, service->withdrawn);
        set_number(line, COLUMN_EXPIRED, service->expired);
        set_number(line, COLUMN_OPEN, service->open);
        set_number(line, COLUMN_OVERDUE, service->overdue);
        set_number(line, COLUMN_JUDGED, service->judged);
        set_number(line, COLUMN_IN_TIME, service->in_time);
        set_tally(line, &service->office_minutes, mp_report_unit(MP_TIME_OFFICE));
        end_line(out, line);
    }
}

static void
append_steps(GString *out, Line *line, const MpReport *report)
{
    for (guint i = 0; i < report->steps->len; i++) {
        const MpReportStep *step = g_ptr_array_index(report->steps, i);

        set_text(line, COLUMN_PART, "langkah");
        set_text(line, COLUMN_SERVICE, step->service);
        set_text(line, COLUMN_SOP, step->sop);
        set_text(line, COLUMN_STEP, step->step);
        set_text(line, COLUMN_NAME, step->activity);
        set_number(line, COLUMN_OPEN, step->open);
        set_tally(line, &step->used, mp_report_unit(step->kind));
        if (step->limit > 0) {
            set_number(line, COLUMN_LIMIT, (guint64)step->limit);
            set_number(line, COLUMN_JUDGED, step->used.n);
            set_number(line, COLUMN_IN_TIME, step->in_time);
        }
        end_line(out, line);
    }
}

static void
append_opds(GString *out, Line *line, const MpReport *report)
{
    g_autoptr(GPtrArray) opds = mp_report_sort_opds(report);

    for (guint i = 0; i < opds->len; i++) {
        const MpReportOpd *opd = g_ptr_array_index(opds, i);

        set_text(line, COLUMN_PART, "perangkat-daerah");
        set_text(line, COLUMN_NAME, opd->name);
        set_number(line, COLUMN_RECEIVED, opd->received);
        set_number(line, COLUMN_FINISHED, opd->finished);
        set_number(line, COLUMN_REFUSED, opd->refused);
        set_number(line, COLUMN_WITHDRAWN, opd->withdrawn);
        set_number(line, COLUMN_EXPIRED, opd->expired);
        set_number(line, COLUMN_OPEN, opd->open);
        set_tally(line, &opd->days, "hari");
        end_line(out, line);
    }
}

static void
append_weeks(GString *out, Line *line, const MpReport *report)
{
    for (guint week = 0; week < report->n_weeks; week++) {
        g_autofree char *day = mp_report_iso_day(report->first_monday + 7 * week);

        for (guint i = 0; i < report->services->len; i++) {
            const MpReportService *service = g_ptr_array_index(report->services, i);

            set_text(line, COLUMN_PART, "minggu");
            set_text(line, COLUMN_SERVICE, service->service);
            set_text(line, COLUMN_DAY, day);
            set_number(line, COLUMN_RECEIVED, g_array_index(service->weeks, guint64, week));
            end_line(out, line);
        }
    }
}

static void
append_open(GString *out, Line *line, const MpReport *report)
{
    for (guint i = 0; i < report->holders->len; i++) {
        const MpReportHolder *holder = g_ptr_array_index(report->holders, i);

        set_text(line, COLUMN_PART, "pemegang");
        set_text(line, COLUMN_NAME, mp_report_role_title(report, holder->role));
        set_number(line, COLUMN_OPEN, holder->open);
        set_number(line, COLUMN_OVERDUE, holder->overdue);
        set_tally(line, &holder->days, "hari");
        set_number(line, COLUMN_OLDEST, (guint64)mp_tally_max(&holder->days));
        end_line(out, line);
    }
}

static void
set_index(Line *line, const MpReport *report, guint64 figures, guint64 n)
{
    guint hundredths = mp_report_index(figures, n);
    const MpSurveyBand *band =
        report->office.survey == NULL ? NULL : mp_survey_band(report->office.survey, hundredths);
    g_autofree char *index = mp_report_hundredths(hundredths);

    /* A table is for programs: a decimal point, as its comma divides cells. */
    g_strdelimit(index, ",", '.');
    set_text(line, COLUMN_INDEX, index);
    set_text(line, COLUMN_GRADE, band == NULL ? "" : band->grade);
}

static void
append_survey(GString *out, Line *line, const MpReport *report)
{
    const guint64 n = report->n_answers;

    for (guint i = 0; n > 0 && i < report->services->len; i++) {
        const MpReportService *service = g_ptr_array_index(report->services, i);

        if (service->n_answers == 0)
            continue;
        set_text(line, COLUMN_PART, "survei-layanan");
        set_text(line, COLUMN_SERVICE, service->service);
        set_number(line, COLUMN_MEASURED, service->n_answers);
        set_index(line, report, service->figures, service->n_answers * MP_SURVEY_QUESTIONS);
        end_line(out, line);
    }
    for (guint i = 0; n > 0 && i < MP_SURVEY_QUESTIONS; i++) {
        g_autofree char *no = g_strdup_printf("%u", i + 1);

        set_text(line, COLUMN_PART, "survei-unsur");
        set_text(line, COLUMN_STEP, no);
        if (report->office.survey != NULL)
            set_text(line, COLUMN_NAME, g_ptr_array_index(report->office.survey->questions, i));
        set_number(line, COLUMN_MEASURED, n);
        set_index(line, report, report->figures[i], n);
        set_text(line, COLUMN_GRADE, "");
        end_line(out, line);
    }
    if (n == 0)
        return;
    set_text(line, COLUMN_PART, "survei");
    set_number(line, COLUMN_MEASURED, n);
    set_index(line, report, mp_report_figures(report), n * MP_SURVEY_QUESTIONS);
    end_line(out, line);
}

char *
mp_report_to_csv(const MpReport *report)
{
    GString *out = g_string_new(NULL);
    Line line = {{NULL}};

    for (guint i = 0; i < COLUMN_N; i++)
        g_string_append_printf(out, "%s%s", i > 0 ? "," : "", names[i]);
    g_string_append(out, "\r\n");
    if (mp_report_is_empty(report))
        return g_string_free(out, FALSE);
    append_services(out, &line, report);
    append_steps(out, &line, report);
    append_opds(out, &line, report);
    append_weeks(out, &line, report);
    append_open(out, &line, report);
    append_survey(out, &line, report);
    return g_string_free(out, FALSE);
}

/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What citizens said of the service: complaints and the survey of satisfaction. */

#include "report/page-private.h"

static void
add_pair(GString *out, const char *name, const char *value)
{
    g_string_append(out, "<tr>");
    mp_report_cell_words(out, name);
    mp_report_cell_value(out, value);
    g_string_append(out, "</tr>\n");
}

static void
add_count(GString *out, const char *name, guint64 n)
{
    g_autofree char *number = mp_report_number(n);

    add_pair(out, name, number);
}

/* --- complaints --- */

static const MpReportService *
complaints_of(const MpReport *report)
{
    for (guint i = 0; i < report->services->len; i++) {
        const MpReportService *service = g_ptr_array_index(report->services, i);

        if (mp_report_is_complaint(report, service))
            return service;
    }
    return NULL;
}

void
mp_report_page_complaints(GString *out, const MpReport *report)
{
    static const char *const heads[] = {"Pengaduan", "Jumlah", NULL};
    const MpReportService *service = complaints_of(report);
    g_autofree char *median = NULL;

    if (report->office.complaint_service == NULL)
        return;
    g_string_append(out, "<h2>6. Pengaduan</h2>\n");
    if (service == NULL || service->received + service->open + mp_report_closed(service) == 0) {
        g_string_append(out, "<p>Tidak ada pengaduan dalam periode ini.</p>\n");
        return;
    }
    median = service->days.n == 0 ? g_strdup("–")
                                  : g_strdup_printf("%" G_GINT64_FORMAT " hari",
                                                    mp_tally_percentile(&service->days, 50));
    mp_report_open_table(out, heads, 1);
    add_count(out, "Masuk", service->received);
    add_count(out, "Selesai dijawab", service->finished);
    add_count(out,
              "Tidak dapat ditindaklanjuti, ditarik, atau kedaluwarsa",
              mp_report_closed(service) - service->finished);
    add_count(out, "Masih terbuka", service->open);
    add_count(out, "Di antaranya melewati batas waktu", service->overdue);
    add_pair(out, "Lama seluruhnya (median)", median);
    mp_report_close_table(out);
}

/* --- the survey --- */

static void
add_question(GString *out, const MpReport *report, guint i)
{
    const char *name = g_ptr_array_index(report->office.survey->questions, i);
    guint index = mp_report_index(report->figures[i], report->n_answers);
    /* Figures are a twenty-fifth of the index: one place less is exact enough to read. */
    g_autofree char *mean = mp_report_hundredths((index + 12) / 25);
    g_autofree char *text = mp_report_hundredths(index);
    g_autofree char *named = g_strdup_printf("%u. %s", i + 1, name);

    g_string_append(out, "<tr>");
    mp_report_cell_words(out, named);
    mp_report_cell_value(out, mean);
    mp_report_cell_value(out, text);
    g_string_append_printf(out,
                           "<td class=\"bar\"><svg viewBox=\"0 0 1000 120\" role=\"img\" "
                           "aria-label=\"%s dari 100\"><rect x=\"0\" y=\"10\" width=\"1000\" "
                           "height=\"100\" fill=\"#e4eaf0\"/><rect x=\"0\" y=\"10\" "
                           "width=\"%u\" height=\"100\" fill=\"%s\"/></svg></td></tr>\n",
                           text,
                           index / 10,
                           mp_report_colour(0));
}

static void
add_total(GString *out, const MpReport *report)
{
    guint index =
        mp_report_index(mp_report_figures(report), report->n_answers * MP_SURVEY_QUESTIONS);
    const MpSurveyBand *band = mp_survey_band(report->office.survey, index);
    g_autofree char *text = mp_report_hundredths(index);
    g_autofree char *number = mp_report_number(report->n_answers);

    g_string_append_printf(
        out, "<p>Indeks kepuasan <b>%s</b> dari 100 berdasarkan %s jawaban", text, number);
    if (band != NULL) {
        g_string_append(out, "; mutu layanan <b>");
        mp_report_escape(out, band->grade);
        g_string_append(out, "</b> (");
        mp_report_escape(out, band->meaning);
        g_string_append(out, ")");
    }
    g_string_append(out, ".</p>\n");
}

void
mp_report_page_survey(GString *out, const MpReport *report)
{
    static const char *const heads[] = {"Unsur", "Rata-rata (1–4)", "Indeks (0–100)", "", NULL};

    if (report->office.survey == NULL)
        return;
    g_string_append(out, "<h2>7. Survei Kepuasan Masyarakat</h2>\n");
    if (report->n_answers == 0) {
        g_string_append(out, "<p>Tidak ada jawaban survei dalam periode ini.</p>\n");
        return;
    }
    add_total(out, report);
    mp_report_open_table(out, heads, 1);
    for (guint i = 0; i < MP_SURVEY_QUESTIONS; i++)
        add_question(out, report, i);
    mp_report_close_table(out);
    g_string_append(out,
                    "<p class=\"muted\">Setiap jawaban berisi sembilan angka dari 1 sampai 4; "
                    "indeks adalah rata-rata dikalikan 25. Batas mutu layanan diambil dari berkas "
                    "aturan kantor.</p>\n");
}

/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The page: what a head of office reads every three months, on a phone or on paper. */

#include "report/page-private.h"

enum { OPDS_SHOWN = 30 };

static const char style[] =
    ":root{color-scheme:light}"
    "*{box-sizing:border-box}"
    "body{margin:0 auto;max-width:880px;padding:16px;background:#fff;color:#1b2733;"
    "font:16px/1.5 'DejaVu Sans','Noto Sans',Roboto,Arial,sans-serif}"
    "header{border-bottom:3px double #1b2733;padding-bottom:10px;margin-bottom:18px}"
    "header p{margin:2px 0}"
    "h1{font-size:1.4rem;line-height:1.25;margin:.3em 0}"
    "h2{font-size:1.12rem;margin:1.7em 0 .5em;border-bottom:1px solid #c9d3dd;padding-bottom:3px}"
    ".muted{color:#55636f;font-weight:normal}"
    ".tiles{display:grid;grid-template-columns:repeat(auto-fit,minmax(130px,1fr));gap:8px}"
    ".tiles div{border:1px solid #c9d3dd;border-radius:6px;padding:8px 10px}"
    ".tiles b{display:block;font-size:1.5rem;line-height:1.2}"
    ".wide{overflow-x:auto}"
    "table{border-collapse:collapse;width:100%;font-size:.82rem}"
    "th,td{border:1px solid #c9d3dd;padding:4px 6px;text-align:left;vertical-align:top}"
    "th{background:#eef2f6}"
    "td.n,th.n{text-align:right}td.n,td.w{white-space:nowrap}"
    "tr.late td{background:#fbeceb}td.bar{width:30%;vertical-align:middle}"
    "figure{margin:0 0 14px;max-width:600px}"
    "figcaption{font-weight:bold;margin:.6em 0 .2em}"
    "svg{display:block;width:100%;height:auto;font-family:inherit}"
    "svg text{font-size:120px;fill:#1b2733}"
    "svg .end{text-anchor:end}svg .middle{text-anchor:middle}"
    "svg .label,svg .strong{font-weight:bold}svg .small{font-size:110px;fill:#55636f}"
    "svg .grid{stroke:#dde4ea;stroke-width:6}svg .axis{stroke:#1b2733;stroke-width:10}"
    "svg .limit{stroke:#1b2733;stroke-width:18;stroke-dasharray:50 25}"
    "ul.key{list-style:none;margin:6px 0 0;padding:0;display:flex;flex-wrap:wrap;gap:4px 16px;"
    "font-size:.85rem}"
    "ul.key i{display:inline-block;width:.8em;height:.8em;margin-right:.4em}"
    "footer{margin-top:28px;border-top:1px solid #c9d3dd;padding-top:8px;font-size:.85rem}"
    "@page{size:A4;margin:16mm 14mm}"
    "@media print{body{max-width:none;padding:0;font-size:10.5pt}"
    "*{-webkit-print-color-adjust:exact;print-color-adjust:exact}"
    ".wide{overflow:visible}figure,tr,.tiles{break-inside:avoid}h2,h2+p,figcaption,tr.part{break-"
    "after:avoid}"
    "thead{display:table-header-group}figure{max-width:150mm}}";

/* --- pieces --- */

void
mp_report_open_table(GString *out, const char *const *heads, guint first_number)
{
    g_string_append(out, "<div class=\"wide\"><table><thead><tr>");
    for (guint i = 0; heads[i] != NULL; i++)
        g_string_append_printf(
            out, "<th%s>%s</th>", i >= first_number ? " class=\"n\"" : "", heads[i]);
    g_string_append(out, "</tr></thead><tbody>\n");
}

void
mp_report_close_table(GString *out)
{
    g_string_append(out, "</tbody></table></div>\n");
}

void
mp_report_cell_words(GString *out, const char *words)
{
    g_string_append(out, "<td>");
    mp_report_escape(out, words);
    g_string_append(out, "</td>");
}

void
mp_report_cell_value(GString *out, const char *value)
{
    g_string_append(out, "<td class=\"n\">");
    mp_report_escape(out, value);
    g_string_append(out, "</td>");
}

void
mp_report_cell_number(GString *out, guint64 n)
{
    g_autofree char *number = mp_report_number(n);

    mp_report_cell_value(out, number);
}

static void
add_share(GString *out, guint64 part, guint64 whole)
{
    g_autofree char *share = mp_report_share(part, whole);

    mp_report_cell_value(out, share);
}

/* Median and 90th percentile, in two cells. */
static void
add_times(GString *out, const MpTally *tally, MpTimeKind kind)
{
    g_autofree char *median = mp_report_duration(kind, mp_tally_percentile(tally, 50));
    g_autofree char *p90 = mp_report_duration(kind, mp_tally_percentile(tally, 90));

    mp_report_cell_value(out, tally->n > 0 ? median : "–");
    mp_report_cell_value(out, tally->n > 0 ? p90 : "–");
}

static void
add_key(GString *out, const char *colour, const char *name)
{
    g_string_append_printf(out, "<li><i style=\"background:%s\"></i>", colour);
    mp_report_escape(out, name);
    g_string_append(out, "</li>");
}

/* --- parts of the page --- */

static void
add_head(GString *out, const MpReport *report)
{
    g_autofree char *from = mp_calendar_format_iso_day(report->from_day);
    g_autofree char *to = mp_calendar_format_iso_day(report->to_day);
    g_autofree char *made = mp_calendar_format(report->office.calendar, report->now_utc);

    g_string_append(out,
                    "<!DOCTYPE html>\n<html lang=\"id\"><head><meta charset=\"utf-8\">\n"
                    "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
                    "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; "
                    "style-src 'unsafe-inline'\">\n<title>Laporan Kinerja ");
    mp_report_escape(out, report->office.service_name);
    g_string_append_printf(
        out, " %s – %s</title>\n<style>%s</style></head><body>\n", from, to, style);
    g_string_append(out, "<header><p>");
    mp_report_escape(out, report->office.office_name);
    g_string_append(out, "</p>\n<h1>Laporan Kinerja ");
    mp_report_escape(out, report->office.service_name);
    g_string_append_printf(out,
                           "</h1>\n<p>Periode %s sampai dengan %s</p>\n<p class=\"muted\">Keadaan "
                           "data: %s</p></header>\n",
                           from,
                           to,
                           made);
}

static void
add_tiles(GString *out, const MpReport *report)
{
    g_autoptr(GPtrArray) headlines = mp_report_headlines(report);

    g_string_append(out, "<div class=\"tiles\">\n");
    for (guint i = 0; i + 1 < headlines->len; i += 2) {
        g_string_append(out, "<div><b>");
        mp_report_escape(out, g_ptr_array_index(headlines, i + 1));
        g_string_append(out, "</b>");
        mp_report_escape(out, g_ptr_array_index(headlines, i));
        g_string_append(out, "</div>\n");
    }
    g_string_append(out, "</div>\n");
}

static void
add_services(GString *out, const MpReport *report)
{
    static const char *const heads[] = {"Layanan",
                                        "Masuk",
                                        "Selesai",
                                        "Ditolak",
                                        "Ditarik",
                                        "Kedaluwarsa",
                                        "Masih terbuka",
                                        "Lama di kantor (median)",
                                        "Persentil ke-90",
                                        "Tepat waktu",
                                        NULL};

    g_string_append(out, "<h2>1. Ringkasan menurut layanan</h2>\n");
    mp_report_open_table(out, heads, 1);
    for (guint i = 0; i < report->services->len; i++) {
        const MpReportService *service = g_ptr_array_index(report->services, i);

        g_string_append(out, "<tr>");
        mp_report_cell_words(out, mp_report_service_title(report, service->service));
        mp_report_cell_number(out, service->received);
        mp_report_cell_number(out, service->finished);
        mp_report_cell_number(out, service->refused);
        mp_report_cell_number(out, service->withdrawn);
        mp_report_cell_number(out, service->expired);
        mp_report_cell_number(out, service->open);
        add_times(out, &service->office_minutes, MP_TIME_OFFICE);
        add_share(out, service->in_time, service->judged);
        g_string_append(out, "</tr>\n");
    }
    mp_report_close_table(out);
}

static void
add_weeks(GString *out, const MpReport *report)
{
    g_string_append(out,
                    "<h2>2. Permohonan masuk per minggu</h2>\n<figure>\n"
                    "<p class=\"muted\">Jumlah permohonan; minggu dimulai hari Senin pada tanggal "
                    "yang tertulis.</p>\n");
    mp_report_svg_weeks(out, report);
    g_string_append(out, "<ul class=\"key\">");
    for (guint i = 0; i < report->services->len; i++) {
        const MpReportService *service = g_ptr_array_index(report->services, i);

        add_key(out, mp_report_colour(i), mp_report_service_title(report, service->service));
    }
    g_string_append(out, "</ul></figure>\n");
}

static void
add_step_row(GString *out, const MpReport *report, const MpReportStep *step)
{
    g_autofree char *named =
        g_strdup_printf("%s%s%s", step->printed, step->printed[0] ? ". " : "", step->activity);

    g_string_append(out, "<tr>");
    mp_report_cell_words(out, named);
    mp_report_cell_words(out, mp_report_role_title(report, step->actor));
    mp_report_cell_number(out, step->used.n);
    add_times(out, &step->used, step->kind);
    mp_report_cell_value(out, step->limit > 0 ? step->limit_text : "–");
    add_share(out, step->in_time, step->limit > 0 ? step->used.n : 0);
    mp_report_cell_number(out, step->open);
    g_string_append(out, "</tr>\n");
}

static void
add_procedure_row(GString *out, const MpReport *report, const MpReportStep *step)
{
    g_string_append(out, "<tr class=\"part\"><th colspan=\"8\">");
    mp_report_escape(out, mp_report_service_title(report, step->service));
    g_string_append(out, " <span class=\"muted\">(");
    mp_report_escape(out, step->sop);
    g_string_append(out, ")</span></th></tr>\n");
}

static void
add_steps(GString *out, const MpReport *report)
{
    static const char *const heads[] = {"Tahap",
                                        "Pelaksana",
                                        "Diukur",
                                        "Median",
                                        "Persentil ke-90",
                                        "Batas SOP",
                                        "Tepat waktu",
                                        "Kini di sini",
                                        NULL};

    if (report->steps->len == 0)
        return;
    g_string_append(
        out,
        "<h2>3. Lama setiap tahap dibandingkan dengan SOP</h2>\n<p class=\"muted\">Garis "
        "putus-putus: batas menurut SOP. Batang tebal: median; batang pucat: persentil "
        "ke-90.</p>\n");
    mp_report_svg_steps(out, report);
    mp_report_open_table(out, heads, 2);
    for (guint i = 0; i < report->steps->len; i++) {
        const MpReportStep *step = g_ptr_array_index(report->steps, i);
        const MpReportStep *before = i == 0 ? NULL : g_ptr_array_index(report->steps, i - 1);

        if (before == NULL || strcmp(before->service, step->service) != 0 ||
            strcmp(before->sop, step->sop) != 0)
            add_procedure_row(out, report, step);
        add_step_row(out, report, step);
    }
    mp_report_close_table(out);
}

static void
add_opds(GString *out, const MpReport *report)
{
    static const char *const heads[] = {"Perangkat daerah",
                                        "Masuk",
                                        "Selesai",
                                        "Ditolak, ditarik, kedaluwarsa",
                                        "Masih terbuka",
                                        "Lama seluruhnya (median hari)",
                                        NULL};
    g_autoptr(GPtrArray) opds = mp_report_sort_opds(report);

    g_string_append(out, "<h2>4. Menurut perangkat daerah</h2>\n");
    mp_report_open_table(out, heads, 1);
    for (guint i = 0; i < MIN(opds->len, OPDS_SHOWN); i++) {
        const MpReportOpd *opd = g_ptr_array_index(opds, i);

        g_string_append(out, "<tr>");
        mp_report_cell_words(out, opd->name);
        mp_report_cell_number(out, opd->received);
        mp_report_cell_number(out, opd->finished);
        mp_report_cell_number(out, opd->refused + opd->withdrawn + opd->expired);
        mp_report_cell_number(out, opd->open);
        if (opd->days.n > 0)
            mp_report_cell_number(out, (guint64)mp_tally_percentile(&opd->days, 50));
        else
            mp_report_cell_value(out, "–");
        g_string_append(out, "</tr>\n");
    }
    mp_report_close_table(out);
    if (opds->len > OPDS_SHOWN)
        g_string_append_printf(
            out,
            "<p class=\"muted\">%u perangkat daerah lainnya terdapat dalam berkas "
            "CSV.</p>\n",
            opds->len - OPDS_SHOWN);
}

static void
add_oldest(GString *out, const MpReport *report)
{
    static const char *const heads[] = {
        "Nomor", "Layanan", "Tahap", "Menunggu", "Umur (hari)", NULL};

    g_string_append(out, "<p>Yang paling lama terbuka; baris berwarna telah lewat batas.</p>\n");
    mp_report_open_table(out, heads, 4);
    for (guint i = 0; i < report->oldest->len; i++) {
        const MpReportOpen *open = g_ptr_array_index(report->oldest, i);

        g_string_append(out, open->is_overdue ? "<tr class=\"late\">" : "<tr>");
        g_string_append(out, "<td class=\"w\">");
        mp_report_escape(out, open->number);
        g_string_append(out, "</td>");
        mp_report_cell_words(out, mp_report_service_title(report, open->service));
        mp_report_cell_words(out, open->activity);
        mp_report_cell_words(out, mp_report_role_title(report, open->role));
        mp_report_cell_number(out, (guint64)open->days);
        g_string_append(out, "</tr>\n");
    }
    mp_report_close_table(out);
}

static void
add_open(GString *out, const MpReport *report)
{
    g_string_append(out, "<h2>5. Yang masih terbuka, dan berapa lama</h2>\n");
    if (report->holders->len == 0) {
        g_string_append(out, "<p>Tidak ada permohonan yang masih terbuka.</p>\n");
        return;
    }
    g_string_append(out, "<figure>\n");
    mp_report_svg_open(out, report);
    g_string_append(out, "<ul class=\"key\">");
    for (guint i = 0; i < MP_AGES; i++)
        add_key(out, mp_report_age_colour(i), mp_report_age_name(i));
    g_string_append(out, "</ul></figure>\n");
    add_oldest(out, report);
}

char *
mp_report_to_html(const MpReport *report)
{
    GString *out = g_string_new(NULL);

    add_head(out, report);
    if (mp_report_is_empty(report)) {
        g_string_append(out,
                        "<p>Tidak ada permohonan yang masuk, ditutup, maupun masih terbuka dalam "
                        "periode ini.</p>\n</body></html>\n");
        return g_string_free(out, FALSE);
    }
    add_tiles(out, report);
    add_services(out, report);
    add_weeks(out, report);
    add_steps(out, report);
    add_opds(out, report);
    add_open(out, report);
    mp_report_page_complaints(out, report);
    mp_report_page_survey(out, report);
    g_string_append(
        out,
        "<footer><p><b>Cara menghitung.</b> Lama di kantor adalah jumlah menit kerja pada "
        "tahap-tahap di dalam kantor; waktu menunggu perangkat daerah, pemohon, dan BSrE tidak "
        "termasuk. Permohonan dinilai tepat waktu apabila tidak satu pun tahapnya melampaui batas "
        "SOP. Tahap dihitung pada periode saat tahap itu ditinggalkan. Persentil menggunakan "
        "peringkat terdekat. Laporan ini tidak memuat data "
        "pribadi.</p></footer>\n</body></html>\n");
    return g_string_free(out, FALSE);
}

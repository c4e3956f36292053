/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The charts, as SVG inside the page. Coordinates are whole tenths of a pixel of a picture 420
 * pixels wide: that is a phone's width, where the letters must still be readable. */

#include "report/page-private.h"

enum {
    WIDTH = 4200,
    LEFT = 360, /* of the plot of weeks: room for the scale */
    TOP = 120,
    PLOT_HEIGHT = 1400,
    LABELS_MAX = 7, /* days named below the weeks */
    STEP_ROW = 560,
    OPEN_ROW = 460,
    LABEL_CHARS = 50,
    BAR_MAX = 360, /* one week alone is no wall */
    TICKS = 4,
};

const char *
mp_report_colour(guint i)
{
    static const char *const colours[] = {
        "#1f5fa8", "#d9822b", "#2e8b57", "#8e44ad", "#b83227", "#5d6d7e"};

    return colours[i % G_N_ELEMENTS(colours)];
}

const char *
mp_report_age_colour(guint i)
{
    static const char *const colours[MP_AGES] = {
        "#a9cdec", "#5b9bd5", "#e8c15a", "#e08a2e", "#b83227"};

    return colours[i % MP_AGES];
}

void
mp_report_escape(GString *out, const char *text)
{
    g_autofree char *line = mp_report_line(text);
    g_autofree char *escaped = g_markup_escape_text(line, -1);

    g_string_append(out, escaped);
}

/* --- pieces --- */

static void
open_picture(GString *out, guint height, const char *title)
{
    g_string_append_printf(
        out, "<svg viewBox=\"0 0 %d %u\" role=\"img\" aria-label=\"", WIDTH, height);
    mp_report_escape(out, title);
    g_string_append(out, "\">\n");
}

/* A bar with what it says when pointed at. */
static void
add_bar(
    GString *out, guint x, guint y, guint width, guint height, const char *fill, const char *says)
{
    g_string_append_printf(out,
                           "<rect x=\"%u\" y=\"%u\" width=\"%u\" height=\"%u\" fill=\"%s\"><title>",
                           x,
                           y,
                           width,
                           height,
                           fill);
    mp_report_escape(out, says);
    g_string_append(out, "</title></rect>\n");
}

static void
add_text(GString *out, guint x, guint y, const char *style, const char *text)
{
    g_string_append_printf(out, "<text x=\"%u\" y=\"%u\" class=\"%s\">", x, y, style);
    mp_report_escape(out, text);
    g_string_append(out, "</text>\n");
}

static void
add_line(GString *out, guint x1, guint y1, guint x2, guint y2, const char *style)
{
    g_string_append_printf(out,
                           "<line x1=\"%u\" y1=\"%u\" x2=\"%u\" y2=\"%u\" class=\"%s\"/>\n",
                           x1,
                           y1,
                           x2,
                           y2,
                           style);
}

static char *
shorten(const char *text)
{
    g_autofree char *line = mp_report_line(text);
    g_autofree char *start = NULL;

    if (g_utf8_strlen(line, -1) <= LABEL_CHARS)
        return g_steal_pointer(&line);
    start = g_utf8_substring(line, 0, LABEL_CHARS - 1);
    return g_strconcat(g_strchomp(start), "…", NULL);
}

/* --- letters by week --- */

/* A round distance of the scale's lines, so that at most TICKS of them reach `most`. */
static guint64
tick_step(guint64 most)
{
    guint64 step = 1;

    while (step * TICKS < most) {
        guint64 lead = step;

        while (lead >= 10)
            lead /= 10;
        step = lead == 2 ? step / 2 * 5 : step * 2;
    }
    return step;
}

static guint64
week_total(const MpReport *report, guint week)
{
    guint64 total = 0;

    for (guint i = 0; i < report->services->len; i++) {
        const MpReportService *service = g_ptr_array_index(report->services, i);

        total += g_array_index(service->weeks, guint64, week);
    }
    return total;
}

static char *
week_label(const MpReport *report, guint week)
{
    static const char *const months[] = {
        "Jan", "Feb", "Mar", "Apr", "Mei", "Jun", "Jul", "Agu", "Sep", "Okt", "Nov", "Des"};
    GDate day;

    g_date_clear(&day, 1);
    g_date_set_julian(&day, report->first_monday + 7 * week);
    return g_strdup_printf(
        "%u %s", (guint)g_date_get_day(&day), months[g_date_get_month(&day) - 1]);
}

static void
draw_scale(GString *out, guint64 top, guint64 step)
{
    for (guint64 value = 0; value <= top; value += step) {
        guint y = TOP + PLOT_HEIGHT - (guint)(value * PLOT_HEIGHT / top);
        g_autofree char *number = mp_report_number(value);

        add_line(out, LEFT, y, WIDTH, y, value == 0 ? "axis" : "grid");
        add_text(out, LEFT - 60, y + 40, "end", number);
    }
}

static void
draw_week(GString *out, const MpReport *report, guint week, guint64 top)
{
    guint slot = (WIDTH - LEFT) / report->n_weeks;
    guint width = CLAMP(slot * 7 / 10, 1, BAR_MAX);
    guint x = LEFT + (guint)((guint64)(WIDTH - LEFT) * week / report->n_weeks) + (slot - width) / 2;
    guint64 below = 0;
    g_autofree char *label = week_label(report, week);

    for (guint i = 0; i < report->services->len; i++) {
        const MpReportService *service = g_ptr_array_index(report->services, i);
        guint64 n = g_array_index(service->weeks, guint64, week);
        guint y_low = (guint)(below * PLOT_HEIGHT / top);
        guint y_high = (guint)((below + n) * PLOT_HEIGHT / top);
        g_autofree char *number = mp_report_number(n);
        g_autofree char *says = g_strdup_printf("%s, minggu mulai %s: %s",
                                                mp_report_service_title(report, service->service),
                                                label,
                                                number);

        if (n > 0)
            add_bar(out,
                    x,
                    TOP + PLOT_HEIGHT - y_high,
                    width,
                    y_high - y_low,
                    mp_report_colour(i),
                    says);
        below += n;
    }
    if (week % ((report->n_weeks + LABELS_MAX - 1) / LABELS_MAX) == 0)
        add_text(out, x + width / 2, TOP + PLOT_HEIGHT + 170, "middle", label);
}

void
mp_report_svg_weeks(GString *out, const MpReport *report)
{
    guint64 most = 1, step;

    for (guint week = 0; week < report->n_weeks; week++)
        most = MAX(most, week_total(report, week));
    step = tick_step(most);
    most = (most + step - 1) / step * step;
    open_picture(out, TOP + PLOT_HEIGHT + 260, "Permohonan masuk per minggu menurut layanan");
    draw_scale(out, most, step);
    for (guint week = 0; week < report->n_weeks; week++)
        draw_week(out, report, week, most);
    g_string_append(out, "</svg>\n");
}

/* --- time by step --- */

/* Position of `value` where the limit stands at a third of the width; what is too long for the
 * picture ends at its edge. */
static guint
place_on_limit(gint64 value, gint64 limit)
{
    gint64 x = value * (WIDTH / 3) / limit;

    return (guint)CLAMP(x, 20, WIDTH);
}

static void
draw_step(GString *out, const MpReportStep *step, guint y)
{
    gint64 median = mp_tally_percentile(&step->used, 50);
    gint64 p90 = mp_tally_percentile(&step->used, 90);
    g_autofree char *median_text = mp_report_duration(step->kind, median);
    g_autofree char *p90_text = mp_report_duration(step->kind, p90);
    g_autofree char *named =
        g_strdup_printf("%s%s%s", step->printed, step->printed[0] ? ". " : "", step->activity);
    g_autofree char *label = shorten(named);
    g_autofree char *says = g_strdup_printf(
        "median %s · persentil ke-90 %s · SOP %s", median_text, p90_text, step->limit_text);

    add_text(out, 0, y + 110, "label", label);
    add_bar(out, 0, y + 160, place_on_limit(p90, step->limit), 140, "#c9d6e4", says);
    add_bar(out,
            0,
            y + 190,
            place_on_limit(median, step->limit),
            80,
            median > step->limit ? "#b83227" : "#2e8b57",
            says);
    add_line(out, WIDTH / 3, y + 150, WIDTH / 3, y + 310, "limit");
    if (p90 > 3 * step->limit)
        add_text(out, WIDTH, y + 270, "end strong", "»");
    add_text(out, 0, y + 425, "small", says);
}

static gboolean
is_drawn(const MpReportStep *step)
{
    return step->limit > 0 && step->used.n > 0;
}

/* One picture for the steps [from, to), which are of one procedure. */
static void
draw_procedure(GString *out, const MpReport *report, guint from, guint to)
{
    const MpReportStep *first = g_ptr_array_index(report->steps, from);
    guint n = 0, y = 0;

    for (guint i = from; i < to; i++)
        n += is_drawn(g_ptr_array_index(report->steps, i));
    if (n == 0)
        return;
    g_string_append(out, "<figure><figcaption>");
    mp_report_escape(out, mp_report_service_title(report, first->service));
    g_string_append(out, " <span class=\"muted\">(");
    mp_report_escape(out, first->sop);
    g_string_append(out, ")</span></figcaption>\n");
    open_picture(out, n * STEP_ROW, "Lama setiap tahap dibandingkan dengan batas SOP");
    for (guint i = from; i < to; i++) {
        const MpReportStep *step = g_ptr_array_index(report->steps, i);

        if (!is_drawn(step))
            continue;
        draw_step(out, step, y);
        y += STEP_ROW;
    }
    g_string_append(out, "</svg></figure>\n");
}

void
mp_report_svg_steps(GString *out, const MpReport *report)
{
    guint from = 0;

    for (guint i = 1; i <= report->steps->len; i++) {
        const MpReportStep *first = g_ptr_array_index(report->steps, from);
        const MpReportStep *here =
            i < report->steps->len ? g_ptr_array_index(report->steps, i) : NULL;

        if (here != NULL && strcmp(first->service, here->service) == 0 &&
            strcmp(first->sop, here->sop) == 0)
            continue;
        draw_procedure(out, report, from, i);
        from = i;
    }
}

/* --- what is open, and how old --- */

static void
draw_holder(
    GString *out, const MpReport *report, const MpReportHolder *holder, guint64 most, guint y)
{
    g_autofree char *number = mp_report_number(holder->open);
    g_autofree char *named = g_strdup_printf("%s: %s permohonan, tertua %" G_GINT64_FORMAT " hari",
                                             mp_report_role_title(report, holder->role),
                                             number,
                                             mp_tally_max(&holder->days));
    g_autofree char *label = shorten(named);
    guint64 below = 0;

    add_text(out, 0, y + 110, "label", label);
    for (guint i = 0; i < MP_AGES; i++) {
        guint x = (guint)(below * WIDTH / most);
        guint end = (guint)((below + holder->ages[i]) * WIDTH / most);
        g_autofree char *n = mp_report_number(holder->ages[i]);
        g_autofree char *says = g_strdup_printf("%s: %s", mp_report_age_name(i), n);

        if (holder->ages[i] > 0)
            add_bar(out, x, y + 160, end - x, 170, mp_report_age_colour(i), says);
        below += holder->ages[i];
    }
}

void
mp_report_svg_open(GString *out, const MpReport *report)
{
    guint64 most = 1;

    for (guint i = 0; i < report->holders->len; i++) {
        const MpReportHolder *holder = g_ptr_array_index(report->holders, i);

        most = MAX(most, holder->open);
    }
    open_picture(out,
                 report->holders->len * OPEN_ROW,
                 "Permohonan yang masih terbuka menurut pemegang dan umur");
    for (guint i = 0; i < report->holders->len; i++)
        draw_holder(out, report, g_ptr_array_index(report->holders, i), most, i * OPEN_ROW);
    g_string_append(out, "</svg>\n");
}

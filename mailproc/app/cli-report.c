/* SPDX-License-Identifier: GPL-3.0-or-later */

/* `report`: the numbers of a period, on the terminal, as CSV and as a page; `case paper`: one
 * case's papers. */

#include "app/commands.h"
#include "app/evaluation.h"
#include "app/office.h"
#include "app/standard.h"

gboolean
mp_cli_report_write(const char *path, const char *text, GError **error)
{
    if (g_file_set_contents_full(path, text, -1, G_FILE_SET_CONTENTS_CONSISTENT, 0644, NULL))
        return TRUE;
    g_set_error(error, MP_ERROR, MP_ERROR_STORAGE, "%s: cannot be written", path);
    return FALSE;
}

/* First day of the quarter that an ISO day is in: the office evaluates every three months. */
static char *
quarter_start(const char *day)
{
    guint month = (guint)(g_ascii_digit_value(day[5]) * 10 + g_ascii_digit_value(day[6]));

    return g_strdup_printf("%.4s-%02u-01", day, (month - 1) / 3 * 3 + 1);
}

static MpReport *
count_period(const MpApp *app, const char *from, const char *to, GError **error)
{
    g_autofree char *today =
        mp_calendar_today(app->setup->calendar, app->clock->now_utc(app->clock));
    g_autofree char *start = NULL;
    g_autoptr(MpReport) report = NULL;

    if (to == NULL)
        to = today;
    /* A day that is none is refused below, by its name. */
    if (from == NULL)
        from = start = quarter_start(strlen(to) == 10 ? to : today);
    report = mp_evaluation_new(app, from, to, error);
    if (report == NULL || !mp_evaluation_count(report, app, error))
        return NULL;
    return g_steal_pointer(&report);
}

static gboolean
write_out(const MpReport *report, const char *html, const char *csv, GError **error)
{
    g_autofree char *page = html == NULL ? NULL : mp_report_to_html(report);
    g_autofree char *table = csv == NULL ? NULL : mp_report_to_csv(report);

    return (page == NULL || mp_cli_report_write(html, page, error)) &&
           (table == NULL || mp_cli_report_write(csv, table, error));
}

/* The standard of a service stands in no store: none is opened. */
static int
print_standard(const MpGlobalOptions *options, const char *service, const char *html)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(MpApp) app = mp_app_open(options, &error);
    g_autofree char *text = NULL;
    g_autofree char *page = NULL;

    if (app == NULL ||
        !mp_standard_render(
            app->setup, service, app->clock->now_utc(app->clock), &text, &page, &error))
        return mp_app_fail(error);
    if (html != NULL && !mp_cli_report_write(html, page, &error)) {
        g_printerr("mailproc: %s\n", error->message);
        return 73;
    }
    g_print("%s", text);
    return 0;
}

int
mp_command_report(const MpGlobalOptions *options, int argc, char **argv)
{
    g_autofree char *from = NULL, *to = NULL, *html = NULL, *csv = NULL, *standard = NULL;
    const GOptionEntry entries[] = {
        {"from", 0, 0, G_OPTION_ARG_STRING, &from, "first day (default: of the quarter)", "DAY"},
        {"to", 0, 0, G_OPTION_ARG_STRING, &to, "last day (default: today)", "DAY"},
        {"html", 0, 0, G_OPTION_ARG_FILENAME, &html, "write the page with charts here", "FILE"},
        {"csv", 0, 0, G_OPTION_ARG_FILENAME, &csv, "write the table here", "FILE"},
        {"standard",
         0,
         0,
         G_OPTION_ARG_STRING,
         &standard,
         "print the standard of a service instead",
         "SERVICE"},
        G_OPTION_ENTRY_NULL};
    g_autoptr(MpApp) app = NULL;
    g_autoptr(MpReport) report = NULL;
    g_autoptr(GError) error = NULL;
    g_autofree char *text = NULL;
    int code = 0;

    if (!mp_app_parse(mp_command_row("report"), entries, &argc, &argv, &code))
        return code;
    if (argc != 1)
        return mp_cli_usage("report", "takes options only");
    if (standard != NULL && (from != NULL || to != NULL || csv != NULL))
        return mp_cli_usage("report", "--standard goes with --html only");
    if (standard != NULL)
        return print_standard(options, standard, html);
    app = mp_cli_open_readonly(options, &code);
    if (app == NULL)
        return code;
    report = count_period(app, from, to, &error);
    if (report == NULL)
        return mp_app_fail(error);
    if (!write_out(report, html, csv, &error)) {
        g_printerr("mailproc: %s\n", error->message);
        return 73;
    }
    text = mp_report_to_text(report);
    g_print("%s", text);
    return 0;
}

/* --- papers --- */

static GBytes *
draw_paper(const MpApp *app, const char *number, const char *name, GError **error)
{
    g_autoptr(GError) why = NULL;
    g_autoptr(MpCase) kase = app->store->case_load(app->store, number, &why);
    g_autoptr(GPtrArray) events = NULL;

    if (kase == NULL) {
        if (why != NULL)
            g_propagate_error(error, g_steal_pointer(&why));
        else
            g_set_error(error, MP_ERROR, MP_ERROR_INPUT, "%s: no such case", number);
        return NULL;
    }
    events = app->store->case_events(app->store, number, error);
    if (events == NULL)
        return NULL;
    return mp_office_draw(app->setup, name, kase, events, app->clock->now_utc(app->clock), error);
}

int
mp_command_case_paper(const MpGlobalOptions *options, int argc, char **argv)
{
    const GOptionEntry entries[] = {G_OPTION_ENTRY_NULL};
    const MpCommandRow row = {.name = "case paper",
                              .arguments = "NUMBER PAPER FILE",
                              .summary = "a paper of one case as PDF: kartu-kendali, "
                                         "surat-rekomendasi or surat-pemberitahuan"};
    g_autoptr(MpApp) app = NULL;
    g_autoptr(GBytes) pdf = NULL;
    g_autoptr(GError) error = NULL;
    gsize length = 0;
    const char *bytes;
    int code = 0;

    if (!mp_app_parse(&row, entries, &argc, &argv, &code))
        return code;
    if (argc != 4)
        return mp_cli_usage("case", "paper wants a number, a paper's name and a file");
    app = mp_cli_open_readonly(options, &code);
    if (app == NULL)
        return code;
    pdf = draw_paper(app, argv[1], argv[2], &error);
    if (pdf == NULL)
        return mp_app_fail(error);
    bytes = g_bytes_get_data(pdf, &length);
    code = mp_cli_write_private(argv[3], bytes, length);
    if (code == 0)
        g_print("%s\n", argv[3]);
    return code;
}

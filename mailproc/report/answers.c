/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The survey of satisfaction in numbers: figures from 1 to 4, index = mean × 25. */

#include "report/report-private.h"

void
mp_report_add_answer(MpReport *report, const char *service, const char *answers)
{
    MpReportService *row;

    if (strlen(answers) != MP_SURVEY_QUESTIONS || strspn(answers, "1234") != MP_SURVEY_QUESTIONS)
        return;
    row = mp_report_find_service(report, service);
    row->n_answers++;
    report->n_answers++;
    for (guint i = 0; i < MP_SURVEY_QUESTIONS; i++) {
        guint figure = (guint)(answers[i] - '0');

        row->figures += figure;
        report->figures[i] += figure;
    }
}

guint64
mp_report_figures(const MpReport *report)
{
    guint64 all = 0;

    for (guint i = 0; i < MP_SURVEY_QUESTIONS; i++)
        all += report->figures[i];
    return all;
}

guint
mp_report_index(guint64 figures, guint64 n)
{
    return n == 0 ? 0 : (guint)((figures * 2500 + n / 2) / n);
}

char *
mp_report_hundredths(guint hundredths)
{
    return g_strdup_printf("%u,%02u", hundredths / 100, hundredths % 100);
}

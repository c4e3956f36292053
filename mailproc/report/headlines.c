/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The few numbers that a head of office reads first. */

#include "report/report-private.h"

typedef struct {
    guint64 received, finished, closed, open, judged, in_time, complaints;
} Sums;

static void
sum_up(const MpReport *report, Sums *sums)
{
    for (guint i = 0; i < report->services->len; i++) {
        const MpReportService *service = g_ptr_array_index(report->services, i);

        if (mp_report_is_complaint(report, service)) {
            sums->complaints += service->received;
            continue;
        }
        sums->received += service->received;
        sums->finished += service->finished;
        sums->closed += mp_report_closed(service);
        sums->open += service->open;
        sums->judged += service->judged;
        sums->in_time += service->in_time;
    }
}

static void
add_take(GPtrArray *pairs, const char *name, char *value_take)
{
    g_ptr_array_add(pairs, g_strdup(name));
    g_ptr_array_add(pairs, value_take);
}

GPtrArray *
mp_report_headlines(const MpReport *report)
{
    GPtrArray *pairs = g_ptr_array_new_with_free_func(g_free);
    Sums sums = {0};

    sum_up(report, &sums);
    add_take(pairs, "permohonan masuk", mp_report_number(sums.received));
    add_take(pairs, "selesai", mp_report_number(sums.finished));
    add_take(
        pairs, "ditolak, ditarik, atau kedaluwarsa", mp_report_number(sums.closed - sums.finished));
    add_take(pairs, "masih terbuka", mp_report_number(sums.open));
    add_take(pairs, "tepat waktu", mp_report_share(sums.in_time, sums.judged));
    add_take(pairs, "pengaduan masuk", mp_report_number(sums.complaints));
    if (report->n_answers > 0)
        add_take(pairs,
                 "indeks kepuasan",
                 mp_report_hundredths(mp_report_index(mp_report_figures(report),
                                                      report->n_answers * MP_SURVEY_QUESTIONS)));
    return pairs;
}

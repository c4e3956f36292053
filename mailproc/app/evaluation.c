/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/evaluation.h"

#include "app/office.h"

/* --- the office's words --- */

static const MpSop *
sop_by_id(gconstpointer data, const char *sop)
{
    return mp_setup_sop_by_id(data, sop);
}

MpReportOffice
mp_evaluation_office(const MpApp *app)
{
    MpReportOffice office = mp_office_of_papers(app->setup, NULL);

    office.sop_by_id = sop_by_id;
    office.sop_data = app->setup;
    office.survey = app->setup->survey;
    office.complaint_service = MP_COMPLAINT_SERVICE;
    return office;
}

/* --- counting --- */

MpReport *
mp_evaluation_new(const MpApp *app, const char *from_day, const char *to_day, GError **error)
{
    const MpReportOffice office = mp_evaluation_office(app);

    return mp_report_new(&office, from_day, to_day, app->clock->now_utc(app->clock), error);
}

typedef struct {
    MpReport *report;
    const MpApp *app;
} Counting;

static gboolean
count_line(const char *line, gpointer data, GError **error)
{
    const Counting *counting = data;

    return mp_report_add_line(counting->report, line, error);
}

static gboolean
count_case(const MpCase *kase, const GPtrArray *events, gpointer data, GError **error)
{
    const Counting *counting = data;
    const MpSetup *setup = counting->app->setup;

    return mp_report_add(counting->report,
                         kase,
                         events,
                         mp_setup_sop_by_id(setup, kase->sop),
                         mp_setup_calendar(setup, kase->service),
                         error);
}

static gboolean
count_answer(const char *service, const MpEvent *event, gpointer data, GError **error)
{
    const Counting *counting = data;
    const char *answers = mp_event_get(event, "answers");

    (void)error;
    mp_report_add_answer(counting->report, service ? service : "", answers ? answers : "");
    return TRUE;
}

gboolean
mp_evaluation_count(MpReport *report, const MpApp *app, GError **error)
{
    MpStore *store = app->store;
    Counting counting = {.report = report, .app = app};
    gint64 from_utc = 0, until_utc = 0;

    mp_report_span(report, &from_utc, &until_utc);
    return store->closing_walk(store, from_utc, until_utc, count_line, &counting, error) &&
           store->period_walk(store, from_utc, until_utc, count_case, &counting, error) &&
           store->survey_walk(store, from_utc, until_utc, count_answer, &counting, error);
}

/* --- lines of closed cases --- */

gboolean
mp_evaluation_close(const MpApp *app, const MpCase *kase, const MpSop *sop, GError **error)
{
    MpStore *store = app->store;
    g_autoptr(GPtrArray) events = NULL;
    g_autofree char *line = NULL;

    if (!mp_case_state_is_closed(kase->state))
        return TRUE;
    events = store->case_events(store, kase->number, error);
    if (events == NULL)
        return FALSE;
    line = mp_report_close_line(kase, events, sop, mp_setup_calendar(app->setup, kase->service));
    return store->closing_set(store, kase->number, kase->closed_utc, line, error);
}

static gboolean
refill_case(const MpApp *app, const char *number, GError **error)
{
    g_autoptr(MpCase) kase = app->store->case_load(app->store, number, error);

    return kase != NULL &&
           mp_evaluation_close(app, kase, mp_setup_sop_by_id(app->setup, kase->sop), error);
}

gboolean
mp_evaluation_refill(const MpApp *app, guint *written_out, GError **error)
{
    g_autofree char *above = g_strdup("");
    guint written = 0;

    for (;;) {
        g_autoptr(GPtrArray) numbers = app->store->closing_missing(app->store, above, error);

        if (numbers == NULL)
            return FALSE;
        if (numbers->len == 0)
            break;
        for (guint i = 0; i < numbers->len; i++)
            if (!refill_case(app, g_ptr_array_index(numbers, i), error))
                return FALSE;
        written += numbers->len;
        g_free(above);
        above = g_strdup(g_ptr_array_index(numbers, numbers->len - 1));
    }
    *written_out = written;
    return TRUE;
}

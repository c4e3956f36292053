/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/* An invented office for the tests of report/: procedures of rules/sop/, and its calendar. */

#include "unit/case/walk-setup.h"

#include "report/report-private.h"

typedef struct {
    MpSop *revocation, *registration, *complaint;
    MpSurvey *survey;
    MpCalendar *calendar;
    guint n_cases;
} Office;

static inline MpSurvey *
office_survey(void)
{
    g_autofree char *bytes = NULL;
    g_autoptr(GError) error = NULL;
    gsize length = 0;
    MpSurvey *survey;

    assert_true(g_file_get_contents(MP_SOURCE_DIR "/rules/skm.tsv", &bytes, &length, NULL));
    survey = mp_survey_parse("skm.tsv", bytes, length, &error);
    assert_no_gerror(error);
    return survey;
}

static inline Office *
office_new(void)
{
    Office *office = g_new0(Office, 1);

    office->revocation = walk_load("demak-pencabutan");
    office->registration = walk_load("kudus-pendaftaran");
    office->complaint = walk_load("pengaduan");
    office->survey = office_survey();
    office->calendar =
        walk_calendar("Asia/Jakarta", "mon-thu 07:30-12:00,13:00-16:00; fri 07:30-11:30");
    return office;
}

static inline void
office_free(Office *office)
{
    mp_sop_free(office->revocation);
    mp_sop_free(office->registration);
    mp_sop_free(office->complaint);
    mp_survey_free(office->survey);
    mp_calendar_free(office->calendar);
    g_free(office);
}

static inline MpReport *
office_report(Office *office, const char *from, const char *to, const char *now, GError **error)
{
    const MpReportOffice words = {.office_name = "Dinas Komunikasi & Informatika <Contoh>",
                                  .service_name = "Layanan Sertifikat Elektronik",
                                  .calendar = office->calendar,
                                  .survey = office->survey,
                                  .complaint_service = "pengaduan"};

    return mp_report_new(&words, from, to, walk_time(office->calendar, now), error);
}

/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Procedures: loaded or refused with an error; what is loaded can be printed, and every step of it
 * takes every event without falling over. */

#include "case/case.h"

static const char *const roles[] = {"kepala-dinas", "kabid", "kasi", "verifikator", NULL};
static const char *const events[] = {"SETUJU",
                                     "TERUSKAN",
                                     "LENGKAPI",
                                     "AJUKAN",
                                     "SELESAI",
                                     "supplement",
                                     "notice.issued",
                                     "timer.due",
                                     "timer.expire",
                                     "timer.wake"};

static void
walk(const MpSop *sop, const MpCalendar *calendar)
{
    g_autoptr(MpCase) facts = mp_case_new();
    MpCaseInput input = {.event = "received", .actor = "requester", .facts = facts};
    g_autoptr(MpDecision) decision = NULL;
    gint64 now = (gint64)1795000000 * G_USEC_PER_SEC;

    g_ptr_array_add(facts->applicants, mp_case_applicant_new());
    decision = mp_case_step(sop, NULL, "SE-2026-000001", &input, calendar, now);
    for (gsize i = 0; decision->is_accepted && i < G_N_ELEMENTS(events); i++) {
        g_autoptr(MpDecision) next = NULL;

        input = (MpCaseInput){.event = events[i], .actor = "operator", .note = "x", .facts = facts};
        next = mp_case_step(
            sop, decision->after, NULL, &input, calendar, now + (gint64)i * 3600 * G_USEC_PER_SEC);
        g_assert(g_strcmp0(next->refusal, "broken") != 0);
        if (next->is_accepted) {
            mp_decision_free(decision);
            decision = g_steal_pointer(&next);
        }
    }
}

int
LLVMFuzzerTestOneInput(const guint8 *data, size_t size)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(GTimeZone) zone = g_time_zone_new_utc();
    g_autoptr(MpCalendar) calendar = NULL;
    g_autoptr(MpSop) sop = NULL;
    g_autofree char *text = NULL;
    g_autofree char *dot = NULL;

    if (size > 20000)
        return 0;
    sop = mp_sop_parse("f.sop", (const char *)data, size, roles, &error);
    g_assert((sop == NULL) == (error != NULL));
    if (sop == NULL)
        return 0;
    text = mp_sop_to_text(sop);
    dot = mp_sop_to_dot(sop);
    calendar = mp_calendar_new(zone, "mon-fri 08:00-16:00", NULL);
    walk(sop, calendar);
    return 0;
}

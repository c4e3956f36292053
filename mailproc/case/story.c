/* SPDX-License-Identifier: GPL-3.0-or-later */

/* A case told in Indonesian: its events, where the ball is, how its due time comes about. */

#include "case/sop-private.h"

static const char *
step_name(const MpSop *sop, const char *id)
{
    const MpSopStep *step = mp_sop_step(sop, id);

    return step != NULL ? step->activity : id != NULL ? id : "-";
}

static const char *
get(const MpEvent *event, const char *key)
{
    const char *value = mp_event_get(event, key);

    return value != NULL ? value : "-";
}

static const char *
outcome_word(const char *outcome)
{
    static const char *const words[][2] = {{"issued", "terbit"},
                                           {"renewed", "diperbarui"},
                                           {"changed", "diubah"},
                                           {"revoked", "dicabut"},
                                           {"rejected", "ditolak"},
                                           {"withdrawn", "ditarik"},
                                           {"expired", "tidak dilengkapi"}};

    for (gsize i = 0; i < G_N_ELEMENTS(words); i++) {
        if (strcmp(words[i][0], outcome) == 0)
            return words[i][1];
    }
    return outcome;
}

static const char *
state_word(const char *state)
{
    static const char *const words[][2] = {{"finished", "selesai"},
                                           {"refused", "ditolak"},
                                           {"withdrawn", "ditarik"},
                                           {"expired", "tidak dilengkapi"}};

    for (gsize i = 0; i < G_N_ELEMENTS(words); i++) {
        if (strcmp(words[i][0], state) == 0)
            return words[i][1];
    }
    return state;
}

static const char *
timer_word(const char *timer)
{
    static const char *const words[][2] = {{"due", "batas waktu terlewati"},
                                           {"reminder", "pengingat menjelang batas waktu"},
                                           {"escalation", "keterlambatan disampaikan ke atasan"},
                                           {"requester", "pengingat kepada pemohon"}};

    for (gsize i = 0; i < G_N_ELEMENTS(words); i++) {
        if (strcmp(words[i][0], timer) == 0)
            return words[i][1];
    }
    return "pengingat";
}

/* What happened, without time and person. */
static char *
tell_event(const MpSop *sop, const MpEvent *event, MpEventKind kind)
{
    switch (kind) {
    case MP_EVENT_OPENED:
        return g_strdup_printf("dibuka: %s", get(event, "number"));
    case MP_EVENT_APPLICANT:
        return g_strdup_printf("pemohon %s: %s", get(event, "n"), get(event, "name"));
    case MP_EVENT_DOCUMENT:
        return g_strdup_printf("berkas %s: %s", get(event, "kind"), get(event, "filename"));
    case MP_EVENT_MISSING:
        return get(event, "missing")[0] != '\0'
                   ? g_strdup_printf("belum lengkap: %s", get(event, "missing"))
                   : g_strdup("berkas lengkap");
    case MP_EVENT_DOUBT:
        return g_strdup_printf("perlu perhatian: %s", get(event, "doubts"));
    case MP_EVENT_MOVED:
        return g_strdup_printf("menuju tahap: %s", step_name(sop, event->to_step));
    case MP_EVENT_OUTCOME:
        return g_strdup_printf(
            "pemohon %s: %s", get(event, "n"), outcome_word(get(event, "outcome")));
    case MP_EVENT_NOTE:
        return g_strdup_printf("catatan (%s)", get(event, "event"));
    case MP_EVENT_ASKED:
        return g_strdup(get(event, "offer") != NULL ? "layanan lanjutan ditawarkan kepada pengusul"
                                                    : "kelengkapan diminta");
    case MP_EVENT_LINKED:
        return g_strdup_printf("membuka permohonan terkait %s", get(event, "number"));
    case MP_EVENT_LINK_CLOSED:
        return g_strdup_printf("permohonan terkait %s ditutup", get(event, "number"));
    case MP_EVENT_CLOSED:
        return g_strdup_printf("ditutup: %s", state_word(get(event, "state")));
    case MP_EVENT_REOPENED:
        return g_strdup("dibuka kembali");
    case MP_EVENT_DELEGATED:
        return g_strdup_printf("dialihkan kepada %s",
                               mp_event_get(event, "address") != NULL ? get(event, "address")
                                                                      : get(event, "holder"));
    case MP_EVENT_POSTPONED:
        return g_strdup_printf("ditunda sampai %s", get(event, "until"));
    case MP_EVENT_RESUMED:
        return g_strdup("dilanjutkan");
    case MP_EVENT_REMINDED:
        return g_strdup(timer_word(get(event, "timer")));
    case MP_EVENT_DUE:
        return g_strdup("batas waktu dihitung ulang");
    case MP_EVENT_SURVEY:
        return g_strdup_printf("jawaban survei kepuasan: %s", get(event, "answers"));
    case MP_EVENT_REFUSED_COMMAND:
        return g_strdup_printf("perintah tidak dijalankan (%s)", get(event, "event"));
    case MP_EVENT_ERASED:
        return g_strdup_printf("salinan berkas dimusnahkan (%s)", get(event, "kind"));
    case MP_EVENT_KIND_N:
        break;
    }
    return g_strdup(event->kind);
}

GPtrArray *
mp_case_story(const MpSop *sop, const GPtrArray *events, const MpCalendar *calendar)
{
    GPtrArray *lines = g_ptr_array_new_with_free_func(g_free);

    for (guint i = 0; i < events->len; i++) {
        const MpEvent *event = g_ptr_array_index(events, i);
        g_autofree char *when = mp_calendar_format(calendar, event->at_utc);
        g_autofree char *what = NULL;
        g_autofree char *line = NULL;
        MpEventKind kind;

        if (!mp_event_kind_from_string(event->kind, &kind))
            continue;
        what = tell_event(sop, event, kind);
        line = g_strdup_printf("%s: %s%s%s%s%s",
                               when,
                               what,
                               event->actor != NULL ? " — " : "",
                               event->actor != NULL ? event->actor : "",
                               event->note != NULL ? ": " : "",
                               event->note != NULL ? event->note : "");
        g_ptr_array_add(lines, mp_text_mask_all(line));
    }
    return lines;
}

char *
mp_case_progress(const MpCase *kase, const char *holder_title, const MpCalendar *calendar)
{
    g_autofree char *since = mp_calendar_format(calendar, kase->step_since_utc);
    g_autofree char *due = NULL;

    if (mp_case_state_is_closed(kase->state)) {
        g_autofree char *closed = mp_calendar_format(calendar, kase->closed_utc);

        return g_strdup_printf(
            "Ditutup (%s) pada %s.", state_word(mp_case_state_to_string(kase->state)), closed);
    }
    if (kase->due_utc == 0)
        return g_strdup_printf("Bola di: %s, sejak %s, tanpa batas waktu.", holder_title, since);
    due = mp_calendar_format_due(calendar, kase->due_utc);
    return g_strdup_printf("Bola di: %s, sejak %s, batas %s.", holder_title, since, due);
}

/* --- the due time, line by line --- */

static void
explain_office(const MpCase *kase, gint64 minutes, const MpCalendar *calendar, GPtrArray *lines)
{
    gint64 at = mp_calendar_next_open(calendar, kase->step_since_utc);
    g_autofree char *begin = mp_calendar_format(calendar, at);

    g_ptr_array_add(
        lines,
        g_strdup_printf(
            "%s %s", at == kase->step_since_utc ? "Mulai" : "Mulai jam kerja berikutnya", begin));
    while (minutes > 0 && lines->len < 40) {
        guint32 day = mp_calendar_day_of(calendar, at);
        g_autofree char *iso = mp_day_format(day + 1);
        gint64 end = mp_calendar_day_start(calendar, iso);
        gint64 here = mp_calendar_minutes_between(calendar, at, MIN(end, kase->due_utc));
        g_autofree char *name = mp_calendar_format_day(calendar, at);

        g_ptr_array_add(lines, g_strdup_printf("%s: %" G_GINT64_FORMAT " menit kerja", name, here));
        minutes -= here;
        at = mp_calendar_next_open(calendar, end);
        if (at == 0 || at >= kase->due_utc)
            break;
    }
}

/* Each working day by its date, so that one sees which days were left out. */
static void
explain_days(const MpCase *kase, gint64 days, const MpCalendar *calendar, GPtrArray *lines)
{
    for (gint64 i = 1; i <= days && lines->len < 40; i++) {
        gint64 end = mp_calendar_add_days(calendar, kase->step_since_utc, (int)i);
        g_autofree char *name = mp_calendar_format_day(calendar, end);

        g_ptr_array_add(lines, g_strdup_printf("Hari kerja ke-%" G_GINT64_FORMAT ": %s", i, name));
    }
}

GPtrArray *
mp_case_explain_due(const MpSop *sop, const MpCase *kase, const MpCalendar *calendar)
{
    GPtrArray *lines = g_ptr_array_new_with_free_func(g_free);
    const MpSopStep *present = mp_sop_step(sop, kase->step);
    const MpSopStep *step = present == NULL ? NULL : mp_sop_clock(sop, present);
    g_autofree char *begin = mp_calendar_format(calendar, kase->step_since_utc);
    g_autofree char *due = NULL;
    gint64 amount;
    MpTimeKind kind;

    if (step == NULL || kase->due_utc == 0) {
        g_ptr_array_add(lines, g_strdup("Tahap ini tidak memiliki batas waktu."));
        return lines;
    }
    kind = step->time_kind != MP_TIME_NONE ? step->time_kind : step->alarm_kind;
    amount = step->time_kind != MP_TIME_NONE ? step->minutes : step->alarm_minutes;
    if (kind == MP_TIME_OFFICE) {
        explain_office(kase, amount, calendar, lines);
    } else {
        g_ptr_array_add(lines, g_strdup_printf("Mulai %s", begin));
        if (kind == MP_TIME_ELAPSED)
            g_ptr_array_add(lines,
                            g_strdup_printf("%" G_GINT64_FORMAT
                                            " jam berjalan terus, juga di luar jam kerja",
                                            amount / 60));
        else
            explain_days(kase, kind == MP_TIME_DAYS ? amount : sop->expire_days, calendar, lines);
    }
    due = mp_calendar_format_due(calendar, kase->due_utc);
    g_ptr_array_add(lines, g_strdup_printf("Batas %s", due));
    return lines;
}

/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Who is reminded when: due times, reminders, escalations, answers that do not come, sleeping and
 * waking, jumps of the clock, a changed calendar. */

#include "walk.h"

static const char *const papers[] = {"surat-permohonan", "surat-rekomendasi", NULL};
static const char *const half[] = {"surat-permohonan", NULL};
static const char *const change[] = {"surat-permohonan", "sk-mutasi", NULL};

/* Lets the earliest timer speak at its time; its name, or NULL. */
static char *
next_timer(Walk *walk)
{
    GHashTableIter iter;
    gpointer name, at;
    const char *first = NULL;
    gint64 when = G_MAXINT64;
    g_autofree char *event = NULL;
    g_autofree char *refusal = NULL;
    char *copy;

    g_hash_table_iter_init(&iter, walk->timers);
    while (g_hash_table_iter_next(&iter, &name, &at)) {
        if (*(gint64 *)at < when) {
            when = *(gint64 *)at;
            first = name;
        }
    }
    if (first == NULL)
        return NULL;
    copy = g_strdup(first);
    event = g_strconcat("timer.", first, NULL);
    walk->now = MAX(walk->now, when);
    g_hash_table_remove(walk->timers, first);
    {
        MpCaseInput input = {.event = event, .actor = "system"};

        refusal = walk_input(walk, &input);
    }
    assert_text(refusal, NULL);
    return copy;
}

static void
expect_timer(Walk *walk, const char *name, const char *at, const char *notices)
{
    g_autofree char *got = next_timer(walk);
    g_autofree char *when = mp_calendar_format_rfc3339(walk->calendar, walk->now);
    g_autofree char *cut = g_strndup(when, 16);

    assert_text(got, name);
    assert_text(cut, at);
    assert_text(walk->notices->str, notices);
}

static void
test_five_minute_step(void **state G_GNUC_UNUSED)
{
    Walk *walk = walk_new("mamuju-pembaruan", "2026-11-19T09:14:00");

    walk_receive(walk, papers, 1);
    /* Five minutes are printed; nobody is reminded within the first working hour. */
    expect_timer(walk, "due", "2026-11-19T10:14", "pengingat>kepala-dinas ");
    expect_timer(walk, "escalation", "2026-11-23T07:30", "eskalasi>sekretaris ");
    assert_null(next_timer(walk));
    walk_free(walk);
}

static void
test_bsre_over_the_weekend(void **state G_GNUC_UNUSED)
{
    Walk *walk = walk_new("demak-perubahan-data", "2026-11-20T15:00:00");

    walk_receive(walk, change, 1);
    walk_say(walk, "AJUKAN", "verifikator");
    assert_text(walk->notices->str,
                "menunggu-bsre>requester menunggu-bsre>applicant menunggu-bsre>verifikator ");
    /* 24 hours run through the night to Saturday; the alarm waits for Monday morning. */
    assert_true(walk->kase->due_utc == walk->now + 24 * 60 * MP_WALK_MINUTE);
    /* The first 24 hours only move on. */
    expect_timer(walk, "due", "2026-11-21T15:00", "");
    assert_step(walk, "bsre-laporan");
    expect_timer(walk, "due", "2026-11-23T08:30", "pengingat>verifikator ");
    expect_timer(walk, "escalation", "2026-11-25T07:30", "eskalasi>kepala-dinas ");
    assert_null(next_timer(walk));
    walk_free(walk);
}

static void
test_requester(void **state G_GNUC_UNUSED)
{
    Walk *walk = walk_new("demak-perubahan-data", "2026-11-18T09:00:00");

    walk_receive(walk, half, 1);
    assert_step(walk, "dilengkapi");
    assert_text(walk->notices->str, "kurang>requester ");
    assert_int_equal(walk->kase->state, MP_CASE_WAITING);
    /* After two working days, after five, then the end of the tenth. */
    expect_timer(walk, "requester", "2026-11-23T07:30", "pengingat-pemohon>requester ");
    expect_timer(walk, "requester", "2026-11-26T07:30", "pengingat-pemohon>requester ");
    expect_timer(walk, "expire", "2026-12-03T07:30", "kedaluwarsa>requester ");
    assert_int_equal(walk->kase->state, MP_CASE_EXPIRED);
    assert_null(next_timer(walk));
    walk_free(walk);
}

static void
test_supplement_stops_reminders(void **state G_GNUC_UNUSED)
{
    Walk *walk = walk_new("demak-perubahan-data", "2026-11-18T09:00:00");
    g_autoptr(MpCase) facts = walk_facts(change, 0);
    MpCaseInput input = {.event = "supplement", .actor = "requester", .facts = facts};

    walk_receive(walk, half, 1);
    walk->now += 24 * 60 * MP_WALK_MINUTE;
    assert_null(walk_input(walk, &input));
    assert_step(walk, "cek");
    assert_null(g_hash_table_lookup(walk->timers, "requester"));
    assert_null(g_hash_table_lookup(walk->timers, "expire"));
    /* The clock of the check starts with the complete file. */
    assert_true(walk->kase->due_utc == walk->now + 15 * MP_WALK_MINUTE);
    walk_free(walk);
}

static void
test_jump(void **state G_GNUC_UNUSED)
{
    Walk *walk = walk_new("demak-perubahan-data", "2026-11-18T09:00:00");
    static const char *const all[] = {"timer.reminder", "timer.due", "timer.escalation"};

    walk_receive(walk, change, 1);
    walk_say(walk, "AJUKAN", "verifikator");
    walk_say(walk, "timer.due", "system");
    g_string_truncate(walk->all_notices, 0);
    /* A month later everything is late at once: one reminder, one escalation. */
    walk->now += (gint64)30 * 24 * 60 * MP_WALK_MINUTE;
    for (guint i = 0; i < G_N_ELEMENTS(all); i++)
        walk_say(walk, all[i], "system");
    assert_text(walk->all_notices->str, "pengingat>verifikator eskalasi>kepala-dinas ");
    walk_free(walk);
}

static void
test_night(void **state G_GNUC_UNUSED)
{
    Walk *walk = walk_new("demak-perubahan-data", "2026-11-18T09:00:00");
    guint events;

    walk_receive(walk, change, 1);
    walk->now = walk_time(walk->calendar, "2026-11-21T03:00");
    events = walk->events->len;
    walk_say(walk, "timer.due", "system");
    assert_text(walk->notices->str, "");
    assert_int_equal(walk->events->len, events);
    g_hash_table_remove(walk->timers, "escalation");
    expect_timer(walk, "due", "2026-11-23T07:30", "pengingat>verifikator ");
    assert_int_equal(walk->events->len, events + 1);
    walk_free(walk);
}

static void
test_sleep(void **state G_GNUC_UNUSED)
{
    Walk *walk = walk_new("mamuju-pembaruan", "2026-11-20T09:14:00");
    MpCaseInput input = {.event = "TUNDA",
                         .actor = "kepala-dinas",
                         .address = "kepala-dinas@contohkab.go.id",
                         .note = "sampai apel"};
    g_autofree char *no_day = NULL;
    g_autofree char *past = NULL;

    walk_receive(walk, papers, 1);
    no_day = walk_input(walk, &input);
    assert_text(no_day, "needs-date");
    input.until = "2026-11-20";
    past = walk_input(walk, &input);
    assert_text(past, "needs-date");
    input.until = "2026-11-24";
    assert_null(walk_input(walk, &input));
    assert_text(walk->notices->str, "ditunda>requester ");
    assert_step(walk, "disposisi");
    assert_int_equal(walk->kase->state, MP_CASE_WAITING);
    assert_true(walk->kase->due_utc == 0);
    expect_timer(walk, "wake", "2026-11-24T07:30", "giliran>kepala-dinas ");
    assert_int_equal(walk->kase->state, MP_CASE_OPEN);
    assert_true(walk->kase->due_utc == walk->now + 5 * MP_WALK_MINUTE);
    walk_say(walk, "SETUJU", "kepala-dinas");
    assert_step(walk, "tindak-lanjut");
    walk_free(walk);
}

static void
test_early_renewal(void **state G_GNUC_UNUSED)
{
    Walk *walk = walk_new("mamuju-pembaruan", "2026-09-04T09:14:00");
    g_autoptr(MpCase) facts = walk_facts(papers, 2);
    MpCaseInput input = {.event = "received", .actor = "requester", .facts = facts};

    for (guint i = 0; i < 2; i++) {
        MpCaseApplicant *applicant = g_ptr_array_index(facts->applicants, i);

        applicant->valid_until = g_strdup(i == 0 ? "2026-12-13" : "2026-12-20");
    }
    assert_null(walk_input(walk, &input));
    assert_step(walk, "menunggu-jendela");
    assert_text(walk->notices->str, "pembaruan-awal>requester ");
    /* 30 days before 13 December is 13 November, a Friday. */
    expect_timer(walk, "wake", "2026-11-13T07:30", "kemajuan>requester giliran>kepala-dinas ");
    assert_step(walk, "disposisi");
    walk_free(walk);
}

static void
test_window_edge(void **state G_GNUC_UNUSED)
{
    static const char *const ends[] = {"2026-12-20", "2026-12-21"};

    for (guint i = 0; i < 2; i++) {
        Walk *walk = walk_new("mamuju-pembaruan", "2026-11-20T09:14:00");
        g_autoptr(MpCase) facts = walk_facts(papers, 1);
        MpCaseInput input = {.event = "received", .actor = "requester", .facts = facts};
        MpCaseApplicant *applicant = g_ptr_array_index(facts->applicants, 0);

        applicant->valid_until = g_strdup(ends[i]);
        assert_null(walk_input(walk, &input));
        assert_step(walk, i == 0 ? "disposisi" : "menunggu-jendela");
        walk_free(walk);
    }
}

static void
test_shared_clock(void **state G_GNUC_UNUSED)
{
    static const char *const register_papers[] = {"surat-permohonan", "ktp", NULL};
    Walk *walk = walk_new("kudus-pendaftaran", "2026-11-18T09:00:00");
    gint64 due, day;

    walk_receive(walk, register_papers, 1);
    walk_say(walk, "TERUSKAN", "kepala-dinas");
    walk_say(walk, "TERUSKAN", "kabid");
    due = walk->kase->due_utc;
    walk->now += 10 * MP_WALK_MINUTE;
    walk_say(walk, "TERUSKAN", "kasi");
    assert_step(walk, "rekomendasi");
    assert_true(walk->kase->due_utc == due);
    walk_say(walk, "AJUKAN", "verifikator");
    day = walk->kase->due_utc;
    walk->now += 10 * MP_WALK_MINUTE;
    walk_say(walk, "notice.activation", "bsre");
    assert_step(walk, "registrasi");
    assert_true(walk->kase->due_utc == day);
    walk_free(walk);
}

static void
test_changed_calendar(void **state G_GNUC_UNUSED)
{
    static const char *const register_papers[] = {"surat-permohonan", "ktp", NULL};
    const char *decree = "2026-11-19\tcuti-bersama\tCuti tambahan\tuji\n";
    Walk *walk = walk_new("kudus-pendaftaran", "2026-11-18T09:00:00");
    MpCaseInput input = {.event = "calendar", .actor = "system", .note = "perubahan SKB"};
    gint64 due;

    walk_receive(walk, register_papers, 1);
    walk_say(walk, "TERUSKAN", "kepala-dinas");
    walk_say(walk, "TERUSKAN", "kabid");
    walk_say(walk, "TERUSKAN", "kasi");
    walk_say(walk, "AJUKAN", "verifikator");
    due = walk->kase->due_utc;
    assert_null(walk_input(walk, &input));
    assert_true(walk->kase->due_utc == due);
    assert_true(mp_calendar_add_holidays(walk->calendar, "skb.tsv", decree, strlen(decree), NULL));
    assert_null(walk_input(walk, &input));
    assert_true(walk->kase->due_utc > due);
    assert_text(((MpEvent *)g_ptr_array_index(walk->events, walk->events->len - 1))->kind, "due");
    walk_free(walk);
}

static void
add_holiday(Walk *walk, const char *iso_day)
{
    MpCaseInput input = {.event = "calendar", .actor = "system", .note = "perubahan SKB"};
    g_autofree char *line = g_strdup_printf("%s\tlibur\tTambahan\tuji\n", iso_day);

    assert_true(mp_calendar_add_holidays(walk->calendar, iso_day, line, strlen(line), NULL));
    assert_null(walk_input(walk, &input));
}

/* A decree counts the days anew; what was said already is not said again. */
static void
test_changed_calendar_reminds_once(void **state G_GNUC_UNUSED)
{
    Walk *walk = walk_new("demak-perubahan-data", "2026-11-18T09:00:00");

    walk_receive(walk, half, 1);
    expect_timer(walk, "requester", "2026-11-23T07:30", "pengingat-pemohon>requester ");
    walk->now = walk_time(walk->calendar, "2026-11-24T10:00");
    add_holiday(walk, "2026-11-25");
    expect_timer(walk, "requester", "2026-11-27T07:30", "pengingat-pemohon>requester ");
    add_holiday(walk, "2026-11-30");
    expect_timer(walk, "expire", "2026-12-07T07:30", "kedaluwarsa>requester ");
    assert_null(next_timer(walk));
    walk_free(walk);
}

static void
test_changed_calendar_after_due(void **state G_GNUC_UNUSED)
{
    static const char *const register_papers[] = {"surat-permohonan", "ktp", NULL};
    Walk *walk = walk_new("kudus-pendaftaran", "2026-11-18T15:25:00");

    walk_receive(walk, register_papers, 1);
    expect_timer(walk, "due", "2026-11-19T07:55", "pengingat>kepala-dinas ");
    /* The rest of the day is free after all: due is later, but he has heard of it. */
    add_holiday(walk, "2026-11-18");
    expect_timer(walk, "escalation", "2026-11-23T07:30", "eskalasi>sekretaris ");
    assert_null(next_timer(walk));
    walk_free(walk);
}

/* The second step of a printed time moves with the first one's. */
static void
test_changed_calendar_of_shared_clock(void **state G_GNUC_UNUSED)
{
    static const char *const register_papers[] = {"surat-permohonan", "ktp", NULL};
    Walk *walk = walk_new("kudus-pendaftaran", "2026-11-18T15:20:00");
    gint64 due;

    walk_receive(walk, register_papers, 1);
    walk_say(walk, "TERUSKAN", "kepala-dinas");
    walk_say(walk, "TERUSKAN", "kabid");
    walk_say(walk, "TERUSKAN", "kasi");
    assert_step(walk, "rekomendasi");
    due = walk->kase->due_utc;
    add_holiday(walk, "2026-11-18");
    assert_true(walk->kase->due_utc > due);
    walk_free(walk);
}

/* A day that became a holiday after the timer was set: the case wakes on the next working day. */
static void
test_nothing_wakes_on_a_holiday(void **state G_GNUC_UNUSED)
{
    Walk *walk = walk_new("mamuju-pembaruan", "2026-11-20T09:14:00");
    MpCaseInput input = {.event = "TUNDA",
                         .actor = "kepala-dinas",
                         .address = "kepala-dinas@contohkab.go.id",
                         .until = "2026-11-24"};

    walk_receive(walk, papers, 1);
    assert_null(walk_input(walk, &input));
    add_holiday(walk, "2026-11-24");
    expect_timer(walk, "wake", "2026-11-24T07:30", "");
    assert_int_equal(walk->kase->state, MP_CASE_WAITING);
    expect_timer(walk, "wake", "2026-11-25T07:30", "giliran>kepala-dinas ");
    walk_free(walk);
}

static void
test_applicants(void **state G_GNUC_UNUSED)
{
    static const char *const register_papers[] = {"surat-permohonan", "ktp", NULL};
    Walk *walk = walk_new("kudus-pendaftaran", "2026-11-18T09:00:00");
    MpCaseInput input = {.event = "SELESAI", .actor = "verifikator", .applicant = 2};

    walk_receive(walk, register_papers, 3);
    walk_say(walk, "TERUSKAN", "kepala-dinas");
    walk_say(walk, "TERUSKAN", "kabid");
    walk_say(walk, "TERUSKAN", "kasi");
    walk_say(walk, "AJUKAN", "verifikator");
    walk_say(walk, "notice.activation", "bsre");
    assert_step(walk, "registrasi");
    assert_null(walk_input(walk, &input));
    assert_text(walk->notices->str, "selesai-pemohon>applicant2 ");
    walk->now = walk_time(walk->calendar, "2026-11-23T07:30");
    walk_say(walk, "timer.requester", "system");
    assert_text(walk->notices->str, "pengingat-pemohon>applicant1 pengingat-pemohon>applicant3 ");
    walk_free(walk);
}

static void
test_late_paper(void **state G_GNUC_UNUSED)
{
    Walk *walk = walk_new("demak-perubahan-data", "2026-11-18T09:00:00");
    static const char *const extra[] = {"lainnya", NULL};
    g_autoptr(MpCase) facts = walk_facts(extra, 0);
    MpCaseInput input = {.event = "supplement", .actor = "requester", .facts = facts};
    guint version;

    walk_receive(walk, change, 1);
    version = walk->kase->version;
    g_ptr_array_add(facts->doubts, g_strdup("no-applicant"));
    assert_null(walk_input(walk, &input));
    assert_step(walk, "cek");
    assert_text(walk->notices->str, "giliran>verifikator ");
    assert_int_equal(walk->kase->version, version);
    assert_int_equal(walk->kase->doubts->len, 0);
    /* The same paper again is no news. */
    assert_null(walk_input(walk, &input));
    assert_text(walk->notices->str, "");
    assert_int_equal(walk->kase->documents->len, 3);
    walk_free(walk);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        {"a five-minute step reminds after an hour, escalates after a day",
         test_five_minute_step,
         NULL,
         NULL,
         NULL},
        {"BSrE's 24 hours run at night, the alarm does not",
         test_bsre_over_the_weekend,
         NULL,
         NULL,
         NULL},
        {"OPD is reminded after 2 and 5 days, then the case closes",
         test_requester,
         NULL,
         NULL,
         NULL},
        {"a supplement ends the reminders and starts the clock",
         test_supplement_stops_reminders,
         NULL,
         NULL,
         NULL},
        {"a clock that jumps causes no storm", test_jump, NULL, NULL, NULL},
        {"a timer at night waits for the morning", test_night, NULL, NULL, NULL},
        {"a postponed step sleeps and wakes with a new clock", test_sleep, NULL, NULL, NULL},
        {"an early renewal sleeps until its window", test_early_renewal, NULL, NULL, NULL},
        {"thirty days before is open, thirty-one is not", test_window_edge, NULL, NULL, NULL},
        {"steps of one printed time share their clock", test_shared_clock, NULL, NULL, NULL},
        {"applicants who still wait are reminded, the others not",
         test_applicants,
         NULL,
         NULL,
         NULL},
        {"a paper that comes late is shown to the holder once", test_late_paper, NULL, NULL, NULL},
        {"a decree that changes holidays counts due times anew",
         test_changed_calendar,
         NULL,
         NULL,
         NULL},
        {"a decree repeats no reminder to the OPD",
         test_changed_calendar_reminds_once,
         NULL,
         NULL,
         NULL},
        {"a decree after the due reminder repeats nothing",
         test_changed_calendar_after_due,
         NULL,
         NULL,
         NULL},
        {"a decree moves a shared clock too",
         test_changed_calendar_of_shared_clock,
         NULL,
         NULL,
         NULL},
        {"nothing wakes on a day that became a holiday",
         test_nothing_wakes_on_a_holiday,
         NULL,
         NULL,
         NULL},
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

/* SPDX-License-Identifier: GPL-3.0-or-later */

/* When the digest goes out, which years a calendar must know, and when it counts as changed. What
 * stands in a digest is shown by tests/scenario/. */

#include "app/digest.h"
#include "app/watch.h"
#include "support/asserts.h"
#include "support/planner.h"

static gint64
at(const char *text)
{
    g_autofree char *iso = g_strdup_printf("%.10sT%s:00+07", text, text + 11);
    g_autoptr(GDateTime) time = g_date_time_new_from_iso8601(iso, NULL);

    assert_non_null(time);
    return g_date_time_to_unix(time) * G_USEC_PER_SEC;
}

static void
set_config(MpTrial *trial, const char *section, const char *key, const char *value)
{
    g_autoptr(GError) error = NULL;

    assert_true(mp_config_set(trial->app.setup->config, section, key, value, &error));
    assert_no_gerror(error);
}

static void
set_mark(MpTrial *trial, const char *name, const char *value)
{
    MpStore *store = trial->app.store;
    g_autoptr(GError) error = NULL;

    assert_true(store->begin(store, &error));
    assert_true(store->mark_set(store, name, value, &error));
    assert_true(store->commit(store, &error));
}

/* --- when --- */

typedef struct {
    const char *name, *now, *sent /* day of the last digest */, *time, *want;
} When;

static const When whens[] = {
    {"before its time it is today's", "2026-11-16 06:00", NULL, NULL, "2026-11-16 08:00"},
    {"at its time it is due", "2026-11-16 08:00", NULL, NULL, "2026-11-16 08:00"},
    {"a program that was down sends it late", "2026-11-16 10:30", NULL, NULL, "2026-11-16 10:30"},
    {"a minute before three hours are over", "2026-11-16 10:59", NULL, NULL, "2026-11-16 10:59"},
    {"after three hours it is tomorrow's", "2026-11-16 11:00", NULL, NULL, "2026-11-17 08:00"},
    {"once a day", "2026-11-16 09:00", "2026-11-16", NULL, "2026-11-17 08:00"},
    {"yesterday's does not count", "2026-11-17 08:00", "2026-11-16", NULL, "2026-11-17 08:00"},
    {"none on Saturday", "2026-11-21 08:00", "2026-11-20", NULL, "2026-11-23 08:00"},
    {"after Friday comes Monday", "2026-11-20 09:00", "2026-11-20", NULL, "2026-11-23 08:00"},
    {"none on cuti bersama", "2026-12-24 08:00", "2026-12-23", NULL, "2026-12-28 08:00"},
    {"a clock set back sends none again",
     "2026-11-16 08:00",
     "2026-12-01",
     NULL,
     "2026-11-17 08:00"},
    {"another time", "2026-11-16 08:00", NULL, "09:30", "2026-11-16 09:30"},
    {"before opening it waits for it", "2026-11-16 05:00", NULL, "06:00", "2026-11-16 08:00"},
    {"in the break it waits for its end", "2026-11-16 08:00", NULL, "12:15", "2026-11-16 13:00"},
    {"a time after Friday's closing", "2026-11-20 08:00", NULL, "14:00", "2026-11-23 14:00"},
};

static void
digest_when(void **state)
{
    const When *row = *state;
    g_autoptr(MpTrial) trial = mp_trial_new(NULL);
    g_autofree char *mark = g_strdup_printf("%s 0", row->sent == NULL ? "" : row->sent);
    g_autofree char *got = NULL;

    mp_clock_set(trial->app.clock, at(row->now));
    if (row->time != NULL)
        set_config(trial, "reminders", "digest_time", row->time);
    if (row->sent != NULL)
        set_mark(trial, "digest", mark);
    got = mp_calendar_format_rfc3339(trial->app.setup->calendar, mp_digest_next(&trial->app));
    got[16] = '\0';
    got[10] = ' ';
    assert_text(got, row->want);
}

static void
digest_off(void **state)
{
    g_autoptr(MpTrial) trial = mp_trial_new(NULL);

    (void)state;
    set_config(trial, "reminders", "digest", "no");
    assert_int_equal(mp_digest_next(&trial->app), 0);
}

/* --- what --- */

static guint
run_digest(MpTrial *trial, const char *now)
{
    g_autoptr(GError) error = NULL;

    mp_clock_set(trial->app.clock, at(now));
    assert_true(mp_pipeline_digest(&trial->app, &error));
    assert_no_gerror(error);
    return mp_trial_count(trial, "kadis@contohkab.go.id");
}

static void
digest_once(void **state)
{
    g_autoptr(MpTrial) trial = mp_trial_new(NULL);
    guint before;

    (void)state;
    mp_trial_open(trial);
    before = mp_trial_count(trial, "kadis@contohkab.go.id");
    /* The case came after this morning's instant. */
    assert_int_equal(run_digest(trial, "2026-11-16 09:30"), before);
    assert_int_equal(run_digest(trial, "2026-11-17 07:59"), before);
    assert_int_equal(run_digest(trial, "2026-11-17 08:00"), before + 1);
    assert_int_equal(run_digest(trial, "2026-11-17 08:01"), before + 1);
    assert_int_equal(run_digest(trial, "1970-01-01 08:00"), before + 1);
    assert_int_equal(run_digest(trial, "2026-11-18 08:00"), before + 2);
}

/* --- years and changes --- */

typedef struct {
    const char *name, *now, *error, *warning;
} Year;

static const Year years[] = {
    {"the year is known, the next is not", "2026-11-16 08:00", NULL, "holidays of 2027"},
    {"the last minute of the year in WITA", "2026-12-31 22:59", NULL, "holidays of 2027"},
    {"a service in WITA is in the next year first",
     "2026-12-31 23:00",
     "holidays of 2027: add",
     NULL},
    {"a year without file is refused", "2027-01-01 00:00", "holidays of 2027: add", NULL},
    {"so is one before", "2025-12-31 23:59", "holidays of 2025: add", NULL},
};

static void
years_known(void **state)
{
    const Year *row = *state;
    g_autoptr(MpTrial) trial = mp_trial_new(NULL);
    g_autofree char *warning = NULL;
    g_autoptr(GError) error = NULL;
    gboolean is_right = mp_setup_check_years(trial->app.setup, at(row->now), &warning, &error);

    if (row->error == NULL) {
        assert_no_gerror(error);
        assert_true(is_right);
        assert_contains(warning, row->warning);
        return;
    }
    assert_false(is_right);
    assert_gerror(error, MP_ERROR_CONFIG);
    assert_contains(error->message, row->error);
    /* File and line of the key that names the holiday files. */
    assert_contains(error->message, ".conf:");
}

static void
print_changes(void **state)
{
    static const char *const keys[][3] = {{"calendar", "hours", "mon-fri 08:00-12:00"},
                                          {"service pembaruan", "hours", "mon 08:00-12:00"},
                                          {"service pembaruan", "timezone", "Asia/Jayapura"}};
    g_autoptr(MpTrial) trial = mp_trial_new(NULL);
    g_autoptr(GError) error = NULL;
    g_autofree char *before = mp_setup_calendar_print(trial->app.setup, "pembaruan", &error);
    g_autofree char *again = mp_setup_calendar_print(trial->app.setup, "pembaruan", &error);

    (void)state;
    assert_no_gerror(error);
    assert_text(before, again);
    for (gsize i = 0; i < G_N_ELEMENTS(keys); i++) {
        g_autofree char *after = NULL;

        set_config(trial, keys[i][0], keys[i][1], keys[i][2]);
        after = mp_setup_calendar_print(trial->app.setup, "pembaruan", &error);
        assert_no_gerror(error);
        assert_string_not_equal(before, after);
        g_free(before);
        before = g_steal_pointer(&after);
    }
}

static void
look(MpTrial *trial, const char *now)
{
    g_autoptr(GError) error = NULL;

    mp_clock_set(trial->app.clock, at(now));
    assert_true(mp_watch_look(&trial->app, at(now), &error));
    assert_no_gerror(error);
}

/* How many notes went out, and that the newest says so. */
static void
expect_notes(MpTrial *trial, guint n, const char *want, const char *lacks)
{
    g_autoptr(GPtrArray) mails = mp_trial_mails(trial, "verifikator@contohkab.go.id");
    g_autofree char *words = NULL;

    assert_int_equal(mails->len, n);
    words = mp_trial_words(g_ptr_array_index(mails, mails->len - 1));
    assert_contains(words, want);
    if (lacks != NULL)
        assert_lacks(words, lacks);
}

/* The service runs over New Year without the holidays of the next year. */
static void
new_year(void **state)
{
    g_autoptr(MpTrial) trial = mp_trial_new("[watch]\ndisk_free = 0\n");
    g_autoptr(MpCase) kase = NULL;
    g_autofree char *due = NULL;

    (void)state;
    set_config(trial, "store", "dir", "/tmp");
    look(trial, "2026-11-27 07:00");
    expect_notes(trial, 1, "Tidak ada hal", NULL);
    look(trial, "2026-12-01 08:00");
    expect_notes(trial, 2, "Hari libur tahun 2027 belum dimuat; batas waktu yang jatuh", NULL);
    look(trial, "2026-12-01 08:01");
    expect_notes(trial, 2, "2027", NULL);
    look(trial, "2026-12-02 07:00");
    expect_notes(trial, 3, "Mohon berkas hari liburnya dipasang", NULL);
    /* WITA is in 2027 an hour before WIB. */
    look(trial, "2026-12-31 23:00");
    expect_notes(trial, 4, "tahun 2027 belum dimuat. Batas waktu dihitung tanpa", "pulih");
    mp_trial_wait(trial, (at("2026-12-31 23:10") - trial->now_utc) / G_USEC_PER_SEC);
    mp_trial_open(trial);
    kase = mp_trial_case(trial, TRIAL_CASE);
    due = mp_calendar_format_due(trial->app.setup->calendar, kase->due_utc);
    assert_contains(due, "(sementara)");
}

static void
provisional_due(void **state)
{
    g_autoptr(MpTrial) trial = mp_trial_new(NULL);
    g_autofree char *known =
        mp_calendar_format_due(trial->app.setup->calendar, at("2026-12-31 08:00"));
    g_autofree char *unknown =
        mp_calendar_format_due(trial->app.setup->calendar, at("2027-01-04 08:00"));

    (void)state;
    assert_text(known, "Kamis, 31 Desember 2026 pukul 08.00 WIB");
    assert_text(unknown, "Senin, 4 Januari 2027 pukul 08.00 WIB (sementara)");
}

int
main(void)
{
    const struct CMUnitTest others[] = {
        {"no digest when it is switched off", digest_off, NULL, NULL, NULL},
        {"a case stands in a digest once a working day", digest_once, NULL, NULL, NULL},
        {"other hours or zones are another calendar", print_changes, NULL, NULL, NULL},
        {"a year that turns without its holidays is told, and mail goes on",
         new_year,
         NULL,
         NULL,
         NULL},
        {"a due time in an unknown year is provisional", provisional_due, NULL, NULL, NULL},
    };

    return run_rows("digest", whens, digest_when) | run_rows("years", years, years_known) |
           cmocka_run_group_tests_name("morning", others, NULL, NULL);
}

/* SPDX-License-Identifier: GPL-3.0-or-later */

/* F-16: what a mail says of its date decides nothing about a request. The case is opened when the
 * mail arrived, and every deadline counts from there. */

#include "app/demo.h"
#include "support/asserts.h"
#include "support/planner.h"

typedef struct {
    const char *name;
    const char *date; /* NULL = no Date field */
} DateRow;

static const DateRow rows[] = {
    {"F-16 the year 99999", "Fri, 31 Dec 99999 23:59:59 +0700"},
    {"F-16 the year 1970", "Thu, 01 Jan 1970 00:00:00 +0000"},
    {"F-16 before 1970", "Wed, 31 Dec 1969 23:59:59 +0000"},
    {"F-16 the year 1", "Mon, 01 Jan 0001 00:00:00 +0000"},
    {"F-16 one second before the end of 32 bits", "Tue, 19 Jan 2038 03:14:07 +0000"},
    {"F-16 one second after it", "Tue, 19 Jan 2038 03:14:08 +0000"},
    {"F-16 yesterday", "Sun, 15 Nov 2026 09:00:00 +0700"},
    {"F-16 tomorrow", "Tue, 17 Nov 2026 09:00:00 +0700"},
    {"F-16 no date", NULL},
    {"F-16 an empty date", ""},
    {"F-16 words", "kemarin sore"},
    {"F-16 a day that does not exist", "Mon, 99 Foo 2026 99:99:99 +0700"},
    {"F-16 29 February of a common year", "Sun, 29 Feb 2026 09:00:00 +0700"},
    {"F-16 a zone of 99 hours", "Mon, 16 Nov 2026 09:00:00 +9999"},
    {"F-16 a zone of minus 99 hours", "Mon, 16 Nov 2026 09:00:00 -9999"},
    {"F-16 a zone without end", "Mon, 16 Nov 2026 09:00:00 +99999999999999999999"},
    {"F-16 a zone in words", "Mon, 16 Nov 2026 09:00:00 WIB"},
    {"F-16 a negative year", "Mon, 16 Nov -2026 09:00:00 +0700"},
    {"F-16 a number without end", "Mon, 16 Nov 99999999999999999999999999 09:00:00 +0700"},
};

static char *
letter_dated(const char *date)
{
    g_autofree char *mail =
        mp_demo_letter_mail(&mp_demo_letters[1], TRIAL_OFFICE, date ? date : "@", 900);
    g_auto(GStrv) parts = g_strsplit(mail, "Date: @\r\n", 2);

    return date == NULL ? g_strjoinv("", parts) : g_steal_pointer(&mail);
}

static MpCase *
open_dated(MpTrial *trial, const char *date)
{
    g_autofree char *mail = letter_dated(date);

    mp_trial_take(trial, mail);
    return mp_trial_case(trial, TRIAL_CASE);
}

static void
test_date(void **state)
{
    const DateRow *row = *state;
    g_autoptr(MpTrial) plain = mp_trial_new(NULL);
    g_autoptr(MpTrial) odd = mp_trial_new(NULL);
    g_autoptr(MpCase) want = open_dated(plain, "Mon, 16 Nov 2026 09:00:00 +0700");
    g_autoptr(MpCase) got = open_dated(odd, row->date);

    assert_int_equal(got->opened_utc, odd->now_utc);
    assert_int_equal(got->opened_utc, want->opened_utc);
    assert_int_equal(got->due_utc, want->due_utc);
    assert_int_equal(got->step_since_utc, want->step_since_utc);
    assert_text(got->step, want->step);
    assert_int_equal(mp_trial_count(odd, NULL), mp_trial_count(plain, NULL));
}

int
main(void)
{
    return run_rows("absurd dates", rows, test_date);
}

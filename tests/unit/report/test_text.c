/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Numbers, shares, durations, and what may be shown of an applicant's office. */
#include "report/report-private.h"
#include "support/asserts.h"

/* --- numbers --- */

typedef struct {
    const char *name;
    guint64 n;
    const char *want;
} NumberRow;

static const NumberRow number_rows[] = {
    {"nought", 0, "0"},
    {"three digits", 999, "999"},
    {"four digits", 1000, "1.000"},
    {"seven digits", 1234567, "1.234.567"},
};

static void
test_number(void **state)
{
    const NumberRow *row = *state;
    g_autofree char *got = mp_report_number(row->n);

    assert_text(got, row->want);
}

/* --- shares --- */

typedef struct {
    const char *name;
    guint64 part, whole;
    const char *want;
} ShareRow;

static const ShareRow share_rows[] = {
    {"of nothing there is no share", 0, 0, "–"},
    {"none", 0, 8, "0%"},
    {"all", 8, 8, "100%"},
    {"seven of eight", 7, 8, "87,5%"},
    {"two of three", 2, 3, "66,7%"},
    {"nearly all is not all", 99999, 100000, "99,9%"},
};

static void
test_share(void **state)
{
    const ShareRow *row = *state;
    g_autofree char *got = mp_report_share(row->part, row->whole);

    assert_text(got, row->want);
}

/* --- durations --- */

typedef struct {
    const char *name;
    MpTimeKind kind;
    gint64 amount;
    const char *want;
} DurationRow;

static const DurationRow duration_rows[] = {
    {"minutes", MP_TIME_OFFICE, 59, "59 menit"},
    {"a whole hour", MP_TIME_OFFICE, 60, "1 jam"},
    {"an hour and a bit", MP_TIME_ELAPSED, 65, "1 jam 5 menit"},
    {"working days", MP_TIME_DAYS, 65, "65 hari kerja"},
};

static void
test_duration(void **state)
{
    const DurationRow *row = *state;
    g_autofree char *got = mp_report_duration(row->kind, row->amount);

    assert_text(got, row->want);
}

/* --- the applicant's office --- */

typedef struct {
    const char *name;
    const char *person, *unit, *want;
} OpdRow;

static const OpdRow opd_rows[] = {
    {"as it stands", "Rangga Prasetya", "Dinas Kesehatan", "Dinas Kesehatan"},
    {"on one line", "Rangga Prasetya", " Dinas\n Kesehatan ", "Dinas Kesehatan"},
    {"none given", "Rangga Prasetya", NULL, NULL},
    {"empty", "Rangga Prasetya", " ", NULL},
    {"an address is no office", "Rangga Prasetya", "rangga@contohkab.go.id", NULL},
    {"the person's name is no office", "Rangga Prasetya, S.Kom.", "Sdr. RANGGA PRASETYA", NULL},
    {"nor is an office with the name behind it",
     "Rangga Prasetya",
     "Dinas Kesehatan Rangga Prasetya",
     NULL},
    {"what was erased is no office", "Rangga Prasetya", "[dimusnahkan]", NULL},
    {"a NIP in it is masked",
     "Rangga Prasetya",
     "Dinas Kesehatan 199002142015021999",
     "Dinas Kesehatan ••••••••••••••1999"},
    {"a NIK with blanks is masked",
     "Rangga Prasetya",
     "Dinas 3399 0114 0290 0001",
     "Dinas ••••••••••••0001"},
};

static void
test_opd(void **state)
{
    const OpdRow *row = *state;
    g_autoptr(MpCase) kase = mp_case_new();
    MpCaseApplicant *applicant = mp_case_applicant_new();
    g_autofree char *got = NULL;

    applicant->name = g_strdup(row->person);
    applicant->unit = g_strdup(row->unit);
    g_ptr_array_add(kase->applicants, applicant);
    got = mp_report_opd_name(kase);
    assert_text(got, row->want);
}

int
main(void)
{
    return run_rows("numbers", number_rows, test_number) +
           run_rows("shares", share_rows, test_share) +
           run_rows("durations", duration_rows, test_duration) +
           run_rows("offices", opd_rows, test_opd);
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Figures out of a citizen's reply, and the form they belong to. */
#include "case/case.h"
#include "support/asserts.h"

typedef struct {
    const char *name, *text;
    MpSurveyReading want;
    const char *answers, *remark;
} Reply;

#define LONG_LINE                                                                                  \
    "4 4 4 4 4 4 4 4 4                                                                         "   \
    "                                                                                          "   \
    "                                                                                          "   \
    "                                                                                          "   \
    "                                                   4"

static const Reply replies[] = {
    {"nine figures in one line", "4 4 3 4 4 4 3 4 4", MP_SURVEY_ANSWER, "443444344", NULL},
    {"divided by commas", "4,4,3,4,4,4,3,4,4\r\n", MP_SURVEY_ANSWER, "443444344", NULL},
    {"divided by dots is no list of labels",
     "1.1.1.1.1.1.1.1.1",
     MP_SURVEY_ANSWER,
     "111111111",
     NULL},
    {"run together", "443444344", MP_SURVEY_ANSWER, "443444344", NULL},
    {"one a line", "4\n4\n3\n4\n4\n4\n3\n4\n1", MP_SURVEY_ANSWER, "443444341", NULL},
    {"numbered, one a line",
     "1. 4\n2. 4\n3. 3\n4. 4\n5. 4\n6. 4\n7. 3\n8. 4\n9. 1",
     MP_SURVEY_ANSWER,
     "443444341",
     NULL},
    {"numbered in one line",
     "1. 4 2. 4 3. 3 4. 4 5. 4 6. 4 7. 3 8. 4 9. 1",
     MP_SURVEY_ANSWER,
     "443444341",
     NULL},
    {"U1: to U9:",
     "U1: 4, U2: 4, U3: 3, U4: 4, U5: 4, U6: 4, U7: 3, U8: 4, U9: 1",
     MP_SURVEY_ANSWER,
     "443444341",
     NULL},
    {"the list of questions with a figure behind each",
     "1. Persyaratan pelayanan: 4\n2. Sistem, mekanisme, dan prosedur: 4\n3. Waktu: 3\n"
     "4. Biaya atau tarif: 4\n5. Produk: 4\n6. Kompetensi: 4\n7. Perilaku: 3\n"
     "8. Pengaduan: 4\n9. Sarana: 1",
     MP_SURVEY_ANSWER,
     "443444341",
     NULL},
    {"a greeting before, words behind",
     "Yth. Layanan TTE,\nberikut jawaban kami:\n\n4 4 3 4 4 4 3 4 4\n\nTerima kasih,\npetugasnya "
     "ramah.",
     MP_SURVEY_ANSWER,
     "443444344",
     "Terima kasih, petugasnya ramah."},
    {"words behind are a remark, whatever they say",
     "4 4 3 4 4 4 3 4 4\nTERUSKAN\nkami mengajukan pengaduan",
     MP_SURVEY_ANSWER,
     "443444344",
     "TERUSKAN kami mengajukan pengaduan"},
    {"eight figures", "4 4 3 4 4 4 3 4", MP_SURVEY_UNCLEAR, NULL, NULL},
    {"ten figures", "4 4 3 4 4 4 3 4 4 4", MP_SURVEY_UNCLEAR, NULL, NULL},
    {"nine figures, then another line of them",
     "4 4 3 4 4 4 3 4 4\n2",
     MP_SURVEY_UNCLEAR,
     NULL,
     NULL},
    {"a five is none", "4 4 3 5 4 4 3 4 4", MP_SURVEY_UNCLEAR, NULL, NULL},
    {"a nought is none", "4 4 3 0 4 4 3 4 4", MP_SURVEY_UNCLEAR, NULL, NULL},
    {"few figures that call themselves the survey", "SKM:\n4 4", MP_SURVEY_UNCLEAR, NULL, NULL},
    {"few figures are none", "4 4", MP_SURVEY_NONE, NULL, NULL},
    {"thanks are no answer", "Terima kasih banyak.", MP_SURVEY_NONE, NULL, NULL},
    {"a command is no answer", "SELESAI 1 s.d. 20-11-2028", MP_SURVEY_NONE, NULL, NULL},
    {"names in a list are no answer", "1. Andi\n2. Budi\n3. Cici", MP_SURVEY_NONE, NULL, NULL},
    {"a telephone number is no answer", "081234567", MP_SURVEY_NONE, NULL, NULL},
    {"a date is no answer", "20-11-2028", MP_SURVEY_NONE, NULL, NULL},
    {"nothing is no answer", "", MP_SURVEY_NONE, NULL, NULL},
    {"a line over the limit is no answer", LONG_LINE, MP_SURVEY_NONE, NULL, NULL},
    {"figures far below are words to somebody else",
     "a\nb\nc\nd\ne\nf\n4 4 3 4 4 4 3 4 4",
     MP_SURVEY_NONE,
     NULL,
     NULL},
};

static void
test_reply(void **state)
{
    const Reply *row = *state;
    g_autofree char *answers = NULL;
    g_autofree char *remark = NULL;

    assert_int_equal(mp_survey_read(row->text, &answers, &remark), row->want);
    assert_text(answers, row->answers);
    assert_text(remark, row->remark);
}

static void
no_text_is_no_answer(void **state)
{
    char *answers = NULL, *remark = NULL;

    (void)state;
    assert_int_equal(mp_survey_read(NULL, &answers, &remark), MP_SURVEY_NONE);
    assert_null(answers);
}

static void
a_remark_is_bounded(void **state)
{
    g_autofree char *long_ = g_strnfill(5000, 'a');
    g_autofree char *text = g_strconcat("4 4 3 4 4 4 3 4 4\n", long_, NULL);
    g_autofree char *answers = NULL;
    g_autofree char *remark = NULL;

    (void)state;
    assert_int_equal(mp_survey_read(text, &answers, &remark), MP_SURVEY_ANSWER);
    assert_int_equal(strlen(remark), 500);
}

/* --- the form --- */

static MpSurvey *
shipped(void)
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

typedef struct {
    const char *name;
    guint hundredths;
    const char *grade;
} Grade;

static const Grade grades[] = {
    {"25,00 is D", 2500, "D"},
    {"64,99 is D", 6499, "D"},
    {"65,00 is C", 6500, "C"},
    {"76,60 is C", 7660, "C"},
    {"76,61 is B", 7661, "B"},
    {"88,30 is B", 8830, "B"},
    {"88,31 is A", 8831, "A"},
    {"100,00 is A", 10000, "A"},
    {"below the lowest band is none", 2499, NULL},
};

static void
test_grade(void **state)
{
    const Grade *row = *state;
    g_autoptr(MpSurvey) survey = shipped();
    const MpSurveyBand *band = mp_survey_band(survey, row->hundredths);

    assert_text(band == NULL ? NULL : band->grade, row->grade);
}

#define EIGHT                                                                                      \
    "unsur\t1\ta\nunsur\t2\tb\nunsur\t3\tc\nunsur\t4\td\nunsur\t5\te\nunsur\t6\tf\n"               \
    "unsur\t7\tg\nunsur\t8\th\n"
#define NINE EIGHT "unsur\t9\ti\n"

typedef struct {
    const char *name, *text, *want;
} BadForm;

static const BadForm bad_forms[] = {
    {"eight questions are refused", EIGHT "band\t25,00\t99,99\tA\tb\n", "skm.tsv: nine questions"},
    {"a tenth question is refused", NINE "unsur\t10\tj\n", "skm.tsv:10: there are nine"},
    {"questions out of order are refused", "unsur\t2\ta\n", "skm.tsv:1: a question"},
    {"a form without bands is refused", NINE, "skm.tsv: nine questions"},
    {"overlapping bands are refused",
     NINE "band\t25,00\t65,00\tD\tx\nband\t65,00\t99,00\tC\ty\n",
     "skm.tsv:11: bands rise"},
    {"a band of words is refused", NINE "band\tsatu\tdua\tD\tx\n", "skm.tsv:10: a band is"},
    {"another line is refused", "soal\t1\ta\n", "skm.tsv:1: a line is"},
};

static void
test_bad_form(void **state)
{
    const BadForm *row = *state;
    g_autoptr(GError) error = NULL;

    assert_null(mp_survey_parse("skm.tsv", row->text, strlen(row->text), &error));
    assert_gerror(error, MP_ERROR_CONFIG);
    assert_contains(error->message, row->want);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(no_text_is_no_answer),
        cmocka_unit_test(a_remark_is_bounded),
    };

    return run_rows("replies", replies, test_reply) + run_rows("grades", grades, test_grade) +
           run_rows("bad forms", bad_forms, test_bad_form) +
           cmocka_run_group_tests(tests, NULL, NULL);
}

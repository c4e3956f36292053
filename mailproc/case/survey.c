/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The survey of satisfaction: its questions and grades as data, and figures out of a citizen's
 * reply. People answer on a telephone: "4 4 3 4 …", "443434444", one a line, "1. 4", "U1: 4", or
 * the list of questions copied with a figure behind each. */

#include "case/case.h"

enum { LINES_MAX = 60, LINE_BYTES = 400, GREETINGS_MAX = 5, REMARK_MAX = 500, ATTEMPT = 5 };

/* --- the form: rules/skm.tsv --- */

static void
free_band(gpointer data)
{
    MpSurveyBand *band = data;

    g_free(band->grade);
    g_free(band->meaning);
    g_free(band);
}

void
mp_survey_free(MpSurvey *survey)
{
    if (survey == NULL)
        return;
    g_ptr_array_unref(survey->questions);
    g_ptr_array_unref(survey->bands);
    g_free(survey);
}

static gboolean
refuse(const char *name, guint line, const char *why, GError **error)
{
    g_set_error(error, MP_ERROR, MP_ERROR_CONFIG, "%s:%u: %s", name, line, why);
    return FALSE;
}

/* "76,61" in hundredths. */
static gboolean
read_hundredths(const char *text, guint *value_out)
{
    guint value = 0, digits = 0;
    const char *comma = strchr(text, ',');

    if (comma == NULL || comma == text || strlen(comma + 1) != 2)
        return FALSE;
    for (const char *at = text; *at != '\0'; at++) {
        if (at == comma)
            continue;
        if (!g_ascii_isdigit(*at) || ++digits > 5)
            return FALSE;
        value = value * 10 + (guint)(*at - '0');
    }
    *value_out = value;
    return TRUE;
}

static gboolean
add_question(MpSurvey *survey, char **cells, const char *name, guint line, GError **error)
{
    g_autofree char *want = g_strdup_printf("%u", survey->questions->len + 1);

    if (g_strv_length(cells) != 3 || strcmp(cells[1], want) != 0 || cells[2][0] == '\0')
        return refuse(name, line, "a question is 'unsur', the next number, its name", error);
    if (survey->questions->len >= MP_SURVEY_QUESTIONS)
        return refuse(name, line, "there are nine questions", error);
    g_ptr_array_add(survey->questions, g_strdup(cells[2]));
    return TRUE;
}

/* From the worst to the best, without overlap. */
static gboolean
add_band(MpSurvey *survey, char **cells, const char *name, guint line, GError **error)
{
    const MpSurveyBand *before =
        survey->bands->len == 0 ? NULL : g_ptr_array_index(survey->bands, survey->bands->len - 1);
    MpSurveyBand *band;
    guint low = 0, high = 0;

    if (g_strv_length(cells) != 5 || !read_hundredths(cells[1], &low) ||
        !read_hundredths(cells[2], &high) || cells[3][0] == '\0')
        return refuse(name, line, "a band is 'band', from, to (76,61), grade, meaning", error);
    if (low > high || (before != NULL && low <= before->high))
        return refuse(name, line, "bands rise and do not overlap", error);
    band = g_new0(MpSurveyBand, 1);
    band->low = low;
    band->high = high;
    band->grade = g_strdup(cells[3]);
    band->meaning = g_strdup(cells[4]);
    g_ptr_array_add(survey->bands, band);
    return TRUE;
}

MpSurvey *
mp_survey_parse(const char *name, const char *bytes, gsize length, GError **error)
{
    g_autofree char *text = g_strndup(bytes, length);
    g_auto(GStrv) lines = g_strsplit(text, "\n", -1);
    g_autoptr(MpSurvey) survey = g_new0(MpSurvey, 1);

    survey->questions = g_ptr_array_new_with_free_func(g_free);
    survey->bands = g_ptr_array_new_with_free_func(free_band);
    for (guint i = 0; lines[i] != NULL; i++) {
        g_auto(GStrv) cells = NULL;
        gboolean is_done;

        g_strchomp(lines[i]);
        if (lines[i][0] == '\0' || lines[i][0] == '#')
            continue;
        cells = g_strsplit(lines[i], "\t", -1);
        if (strcmp(cells[0], "unsur") == 0)
            is_done = add_question(survey, cells, name, i + 1, error);
        else if (strcmp(cells[0], "band") == 0)
            is_done = add_band(survey, cells, name, i + 1, error);
        else
            is_done = refuse(name, i + 1, "a line is 'unsur' or 'band'", error);
        if (!is_done)
            return NULL;
    }
    if (survey->questions->len != MP_SURVEY_QUESTIONS || survey->bands->len == 0) {
        g_set_error(error, MP_ERROR, MP_ERROR_CONFIG, "%s: nine questions and a band needed", name);
        return NULL;
    }
    return g_steal_pointer(&survey);
}

/* The bands have gaps of a hundredth between them: what is above the one below counts up. */
const MpSurveyBand *
mp_survey_band(const MpSurvey *survey, guint hundredths)
{
    for (guint i = survey->bands->len; i > 0; i--) {
        const MpSurveyBand *band = g_ptr_array_index(survey->bands, i - 1);

        if (hundredths >= band->low)
            return band;
    }
    return NULL;
}

/* --- a reply --- */

typedef struct {
    char figures[MP_SURVEY_QUESTIONS + 1];
    guint n;
    gboolean is_over; /* more figures than questions, or one that is not 1 to 4 */
} Answers;

static void
add_figure(Answers *answers, char digit)
{
    if (answers->n >= MP_SURVEY_QUESTIONS) {
        answers->is_over = TRUE;
        return;
    }
    answers->figures[answers->n++] = digit;
    answers->is_over = answers->is_over || digit < '1' || digit > '4';
}

/* Length of the run of digits at `text`. */
static gsize
run_of_digits(const char *text)
{
    gsize length = 0;

    while (g_ascii_isdigit(text[length]))
        length++;
    return length;
}

/* "443434444": nine figures in one, if it can be nothing else. */
static gboolean
take_run(Answers *answers, const char *text, gsize length)
{
    if (length != MP_SURVEY_QUESTIONS)
        return FALSE;
    for (gsize i = 0; i < length; i++)
        if (text[i] < '1' || text[i] > '4')
            return FALSE;
    for (gsize i = 0; i < length; i++)
        add_figure(answers, text[i]);
    return TRUE;
}

/* Figures divided by blanks and marks, and nothing else. */
static gboolean
take_list(const char *line, Answers *answers)
{
    Answers found = *answers;
    const char *at = line;

    while (*at != '\0') {
        gsize length = run_of_digits(at);

        if (length == 1)
            add_figure(&found, *at);
        else if (length > 1 && !take_run(&found, at, length))
            return FALSE;
        else if (length == 0 && strchr(" \t,;./|-", *at) == NULL)
            return FALSE;
        at += MAX(length, 1);
    }
    if (found.n == answers->n && found.is_over == answers->is_over)
        return FALSE;
    *answers = found;
    return TRUE;
}

/* "U3:", "3.", "3)", "3 =" with the number that is due; the text behind it, or NULL. */
static const char *
skip_label(const char *at, guint due)
{
    if (*at == 'U' || *at == 'u')
        at++;
    if (run_of_digits(at) != 1 || (guint)(*at - '0') != due)
        return NULL;
    at++;
    while (*at == ' ')
        at++;
    return *at != '\0' && strchr(".):=-", *at) != NULL ? at + 1 : NULL;
}

/* The figure of a labelled question: the first one alone behind words without digits. */
static const char *
skip_to_figure(const char *at)
{
    while (*at != '\0' && !g_ascii_isdigit(*at))
        at++;
    return run_of_digits(at) == 1 ? at : NULL;
}

/* "1. 4", "U1: 4, U2: 3", "1. Persyaratan: 4". */
static gboolean
take_labelled(const char *line, Answers *answers)
{
    Answers found = *answers;
    const char *at = line;

    while (*at != '\0') {
        const char *figure = skip_label(at, found.n + 1);

        figure = figure == NULL ? NULL : skip_to_figure(figure);
        if (figure == NULL || found.n >= MP_SURVEY_QUESTIONS)
            return FALSE;
        add_figure(&found, *figure);
        at = figure + 1;
        while (*at != '\0' && strchr(" \t,;.", *at) != NULL)
            at++;
    }
    if (found.n == answers->n)
        return FALSE;
    *answers = found;
    return TRUE;
}

static gboolean
take_line(const char *line, Answers *answers)
{
    return strlen(line) <= LINE_BYTES && (take_labelled(line, answers) || take_list(line, answers));
}

static gboolean
names_survey(const char *line)
{
    g_autofree char *lower = g_ascii_strdown(line, -1);

    return strncmp(lower, "skm", 3) == 0 || strncmp(lower, "survei", 6) == 0;
}

static char *
make_remark(char **lines)
{
    g_autofree char *joined = g_strjoinv(" ", lines);
    char *remark = mp_text_line(joined);

    if (g_utf8_strlen(remark, -1) > REMARK_MAX)
        *g_utf8_offset_to_pointer(remark, REMARK_MAX) = '\0';
    if (remark[0] != '\0')
        return remark;
    g_free(remark);
    return NULL;
}

MpSurveyReading
mp_survey_read(const char *reply_text, char **answers_out, char **remark_out)
{
    g_auto(GStrv) lines = g_strsplit(reply_text == NULL ? "" : reply_text, "\n", LINES_MAX);
    Answers answers = {.n = 0};
    gboolean is_named = FALSE;
    guint i = 0, greetings = 0;

    for (; lines[i] != NULL; i++) {
        g_strstrip(lines[i]);
        if (lines[i][0] == '\0')
            continue;
        if (take_line(lines[i], &answers))
            continue;
        if (answers.n > 0 || greetings++ >= GREETINGS_MAX)
            break;
        is_named = is_named || names_survey(lines[i]);
    }
    if (answers.n == MP_SURVEY_QUESTIONS && !answers.is_over) {
        *answers_out = g_strdup(answers.figures);
        *remark_out = make_remark(lines + i);
        return MP_SURVEY_ANSWER;
    }
    return answers.n >= ATTEMPT || (is_named && answers.n > 0) ? MP_SURVEY_UNCLEAR : MP_SURVEY_NONE;
}

/* SPDX-License-Identifier: GPL-3.0-or-later */

/* A closed case as one line of fields divided by tabs:
 *
 *     1 service sop state opened closed judged timed over office-minutes opd uses
 *
 * `uses` is "step:left:used:over" for each step that was left, divided by blanks. A report of a
 * year reads some hundred thousand of them, so they are cut in place and looked at once. */

#include "report/report-private.h"

#define VERSION "1"

enum { FIELDS = 12, USE_FIELDS = 4, DIGITS_MAX = 18 };

enum {
    FIELD_VERSION,
    FIELD_SERVICE,
    FIELD_SOP,
    FIELD_STATE,
    FIELD_OPENED,
    FIELD_CLOSED,
    FIELD_JUDGED,
    FIELD_TIMED,
    FIELD_OVER,
    FIELD_MINUTES,
    FIELD_OPD,
    FIELD_USES
};

/* --- writing --- */

static void
add_uses(GString *out, const GPtrArray *uses)
{
    const char *blank = "";

    for (guint i = 0; i < uses->len; i++) {
        const MpCaseUse *use = g_ptr_array_index(uses, i);

        if (!mp_report_is_use(use))
            continue;
        g_string_append_printf(out,
                               "%s%s:%" G_GINT64_FORMAT ":%" G_GINT64_FORMAT ":%d",
                               blank,
                               use->step->id,
                               use->left_utc,
                               use->used_minutes,
                               use->is_over);
        blank = " ";
    }
}

char *
mp_report_close_line(const MpCase *kase,
                     const GPtrArray *events,
                     const MpSop *sop,
                     const MpCalendar *calendar)
{
    g_autoptr(GPtrArray) uses = NULL;
    g_autofree char *opd = mp_report_opd_name(kase);
    MpReportEnding ending = {0};
    GString *out;

    if (!mp_case_state_is_closed(kase->state))
        return NULL;
    if (sop != NULL) {
        uses = mp_case_account(sop, events, calendar, kase->closed_utc);
        mp_report_judge(&ending, uses);
    }
    out = g_string_new(NULL);
    g_string_append_printf(out,
                           VERSION "\t%s\t%s\t%s\t%" G_GINT64_FORMAT "\t%" G_GINT64_FORMAT
                                   "\t%d\t%d\t%d\t%" G_GINT64_FORMAT "\t%s\t",
                           kase->service ? kase->service : "",
                           kase->sop ? kase->sop : "",
                           mp_case_state_to_string(kase->state),
                           kase->opened_utc,
                           kase->closed_utc,
                           ending.is_judged,
                           ending.is_timed,
                           ending.is_over,
                           ending.office_minutes,
                           opd ? opd : "");
    if (uses != NULL)
        add_uses(out, uses);
    return g_string_free(out, FALSE);
}

/* --- reading --- */

/* Cuts `text` at `by` into exactly `n` fields. */
static gboolean
cut(char *text, char by, char **fields, guint n)
{
    for (guint i = 0; i < n; i++) {
        char *end = strchr(text, by);

        fields[i] = text;
        if ((end == NULL) != (i == n - 1))
            return FALSE;
        if (end != NULL) {
            *end = '\0';
            text = end + 1;
        }
    }
    return TRUE;
}

/* Plain digits, as this file wrote them: the library's reader of numbers would be a third of the
 * whole time. */
static gint64
number_of(const char *field)
{
    gint64 value = 0;

    for (guint i = 0; i < DIGITS_MAX && g_ascii_isdigit(field[i]); i++)
        value = value * 10 + (field[i] - '0');
    return value;
}

static gboolean
count_uses(MpReport *report, const char *service, const MpSop *sop, char *uses)
{
    while (uses != NULL && uses[0] != '\0') {
        char *fields[USE_FIELDS];
        char *blank = strchr(uses, ' ');
        const MpSopStep *step;

        if (blank != NULL)
            *blank = '\0';
        if (!cut(uses, ':', fields, USE_FIELDS))
            return FALSE;
        uses = blank == NULL ? NULL : blank + 1;
        if (sop == NULL || !mp_report_is_within(report, number_of(fields[1])))
            continue;
        step = mp_sop_step(sop, fields[0]);
        if (step != NULL)
            mp_report_count_use(
                report, service, sop, step, number_of(fields[2]), fields[3][0] == '1');
    }
    return TRUE;
}

static gboolean
refuse(GError **error)
{
    g_set_error(error,
                MP_ERROR,
                MP_ERROR_INPUT,
                "report: the line of a closed case cannot be read: run 'mailproc rebuild --fix'");
    return FALSE;
}

static gboolean
read_ending(char *const *fields, MpReportEnding *ending)
{
    if (strcmp(fields[FIELD_VERSION], VERSION) != 0 ||
        !mp_case_state_from_string(fields[FIELD_STATE], &ending->state))
        return FALSE;
    ending->service = fields[FIELD_SERVICE];
    ending->opd = fields[FIELD_OPD][0] == '\0' ? NULL : fields[FIELD_OPD];
    ending->opened_utc = number_of(fields[FIELD_OPENED]);
    ending->closed_utc = number_of(fields[FIELD_CLOSED]);
    ending->is_judged = fields[FIELD_JUDGED][0] == '1';
    ending->is_timed = fields[FIELD_TIMED][0] == '1';
    ending->is_over = fields[FIELD_OVER][0] == '1';
    ending->office_minutes = number_of(fields[FIELD_MINUTES]);
    return TRUE;
}

gboolean
mp_report_add_line(MpReport *report, const char *line, GError **error)
{
    g_autofree char *copy = g_strdup(line);
    char *fields[FIELDS];
    MpReportEnding ending = {0};
    const MpSop *sop;

    if (!cut(copy, '\t', fields, FIELDS) || !read_ending(fields, &ending))
        return refuse(error);
    if (!mp_report_is_within(report, ending.closed_utc))
        return TRUE;
    sop = report->office.sop_by_id == NULL
              ? NULL
              : report->office.sop_by_id(report->office.sop_data, fields[FIELD_SOP]);
    if (!count_uses(report, ending.service, sop, fields[FIELD_USES]))
        return refuse(error);
    if (mp_report_is_within(report, ending.opened_utc))
        mp_report_count_received(report, ending.service, ending.opd, ending.opened_utc);
    mp_report_count_ending(report, &ending);
    report->n_cases++;
    return TRUE;
}

/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The graph of a procedure, judged at load: after this the engine need not doubt a file. */

#include "case/sop-private.h"

/* Guards one event of one step may speak of; their assignments are tried one by one. */
#define MAX_GUARDS 8

static guint
step_index(const MpSop *sop, const char *id)
{
    for (guint i = 0; i < sop->steps->len; i++) {
        const MpSopStep *step = g_ptr_array_index(sop->steps, i);

        if (strcmp(step->id, id) == 0)
            return i;
    }
    return G_MAXUINT;
}

/* --- determinism: every assignment of the guards matches at most one row --- */

static gboolean
row_matches(const MpSopRow *row, GPtrArray *names, guint assignment)
{
    for (guint i = 0; row->guards[i] != NULL; i++) {
        gboolean negated;
        const char *name = mp_sop_guard_name(row->guards[i], &negated);
        guint bit = 0;

        g_ptr_array_find_with_equal_func(names, name, g_str_equal, &bit);
        if (((assignment >> bit) & 1) == (negated ? 1U : 0U))
            return FALSE;
    }
    return TRUE;
}

static GPtrArray *
rows_of(const MpSop *sop, const char *step, const char *event, GPtrArray *names)
{
    GPtrArray *rows = g_ptr_array_new();

    for (guint i = 0; i < sop->rows->len; i++) {
        MpSopRow *row = g_ptr_array_index(sop->rows, i);

        if (strcmp(row->step, step) != 0 || strcmp(row->event, event) != 0)
            continue;
        g_ptr_array_add(rows, row);
        for (guint n = 0; row->guards[n] != NULL; n++) {
            gboolean negated;

            mp_text_add_once(names, mp_sop_guard_name(row->guards[n], &negated));
        }
    }
    return rows;
}

/* Least and greatest number of rows that any assignment matches; `twin_out` gets a row that is
 * matched beside another one. FALSE when there are too many guards. */
static gboolean
count_matches(const MpSop *sop,
              const char *step,
              const char *event,
              guint *least_out,
              const MpSopRow **twin_out)
{
    g_autoptr(GPtrArray) names = g_ptr_array_new_with_free_func(g_free);
    g_autoptr(GPtrArray) rows = rows_of(sop, step, event, names);

    *least_out = G_MAXUINT;
    *twin_out = NULL;
    if (names->len > MAX_GUARDS)
        return FALSE;
    for (guint assignment = 0; assignment < 1U << names->len; assignment++) {
        guint hits = 0;

        for (guint i = 0; i < rows->len; i++) {
            const MpSopRow *row = g_ptr_array_index(rows, i);

            if (row_matches(row, names, assignment) && ++hits > 1)
                *twin_out = row;
        }
        *least_out = MIN(*least_out, hits);
    }
    return TRUE;
}

gboolean
mp_sop_step_passes(const MpSop *sop, const char *step)
{
    guint least;
    const MpSopRow *twin;

    return count_matches(sop, step, "enter", &least, &twin) && least > 0;
}

static gboolean
check_choices(const MpSop *sop, const MpSopStep *step, GError **error)
{
    const char *const *events = mp_sop_event_names();

    for (guint i = 0; events[i] != NULL; i++) {
        const MpSopRow *twin;
        guint least;

        if (!count_matches(sop, step->id, events[i], &least, &twin))
            return mp_sop_refuse(sop,
                                 step->line,
                                 error,
                                 "step '%s' asks more than %d guards about '%s'",
                                 step->id,
                                 MAX_GUARDS,
                                 events[i]);
        if (twin != NULL)
            return mp_sop_refuse(sop,
                                 twin->line,
                                 error,
                                 "step '%s' has two rows for '%s' under the same guards",
                                 step->id,
                                 events[i]);
    }
    return TRUE;
}

/* --- words --- */

static gboolean
check_audience(const MpSop *sop,
               guint line,
               const char *template_,
               const char *audience,
               const char *const *roles,
               GError **error)
{
    if (!mp_sop_is_template(template_))
        return mp_sop_refuse(sop, line, error, "template '%s' is unknown", template_);
    if (strcmp(audience, "holder") != 0 && strcmp(audience, "requester") != 0 &&
        strcmp(audience, "applicant") != 0 && strcmp(audience, "keeper") != 0 &&
        strcmp(audience, MP_SOP_CERTIFICATE_HOLDERS) != 0 &&
        (roles == NULL || !g_strv_contains(roles, audience)))
        return mp_sop_refuse(sop, line, error, "audience '%s' is unknown", audience);
    return TRUE;
}

static gboolean
check_actions(const MpSop *sop, const MpSopRow *row, const char *const *roles, GError **error)
{
    for (guint i = 0; row->actions[i] != NULL; i++) {
        g_auto(GStrv) arguments = NULL;
        MpSopAction action;

        if (!mp_sop_action_parse(row->actions[i], &action, &arguments))
            return mp_sop_refuse(
                sop, row->line, error, "action '%s' is unknown or misused", row->actions[i]);
        if (action == MP_SOP_ACTION_NOTICE &&
            !check_audience(sop, row->line, arguments[0], arguments[1], roles, error))
            return FALSE;
        if (action == MP_SOP_ACTION_HOLD_WINDOW && sop->window_days == 0)
            return mp_sop_refuse(
                sop, row->line, error, "hold_window needs window_days in [procedure]");
    }
    return TRUE;
}

static gboolean
has_row(const MpSop *sop, const char *step, const char *event)
{
    for (guint i = 0; i < sop->rows->len; i++) {
        const MpSopRow *row = g_ptr_array_index(sop->rows, i);

        if (strcmp(row->step, step) == 0 && strcmp(row->event, event) == 0)
            return TRUE;
    }
    return FALSE;
}

/* At an end a requester may take up an offer: the case stays as it is, another one opens. */
static gboolean
takes_up_offer(const MpSopRow *row)
{
    return strcmp(row->event, "confirmed") == 0 && strcmp(row->next, MP_SOP_STAY) == 0 &&
           mp_sop_row_has(row, MP_SOP_ACTION_OPEN_LINK) &&
           g_strv_contains((const char *const *)row->guards, "offer_open");
}

static gboolean
is_offering(const MpSop *sop, const char *id)
{
    const MpSopStep *step = mp_sop_step(sop, id);

    return step != NULL && step->is_end && has_row(sop, id, "confirmed");
}

static gboolean
check_row(const MpSop *sop, const MpSopRow *row, const char *const *roles, GError **error)
{
    const MpSopStep *step = mp_sop_step(sop, row->step);

    if (strcmp(row->next, MP_SOP_STAY) != 0 && strcmp(row->next, MP_SOP_BACK) != 0 &&
        mp_sop_step(sop, row->next) == NULL)
        return mp_sop_refuse(sop, row->line, error, "step '%s' is unknown", row->next);
    if (strcmp(row->next, sop->start) == 0)
        return mp_sop_refuse(sop, row->line, error, "row leads back to the start");
    if (strcmp(row->event, "enter") == 0 &&
        (row->next[0] == '.' || strcmp(row->next, row->step) == 0))
        return mp_sop_refuse(sop, row->line, error, "an 'enter' row has to leave its step");
    if (step->is_end && step->end_state != MP_CASE_EXPIRED && !takes_up_offer(row))
        return mp_sop_refuse(sop,
                             row->line,
                             error,
                             "step '%s' is an end and takes no events, but 'confirmed' for what it "
                             "offers",
                             row->step);
    if (mp_sop_row_has(row, MP_SOP_ACTION_OFFER) && !is_offering(sop, row->next))
        return mp_sop_refuse(sop,
                             row->line,
                             error,
                             "offer needs an end with a row for 'confirmed': '%s'",
                             row->next);
    return check_actions(sop, row, roles, error);
}

static gboolean
check_role(const MpSop *sop, guint line, const char *role, const char *const *roles, GError **error)
{
    if (role != NULL && roles != NULL && !g_strv_contains(roles, role))
        return mp_sop_refuse(sop, line, error, "role '%s' is unknown", role);
    return TRUE;
}

static gboolean
check_tells(const MpSop *sop, const MpSopStep *step, const char *const *roles, GError **error)
{
    for (guint i = 0; step->tells[i] != NULL; i++) {
        g_auto(GStrv) words = g_strsplit(step->tells[i], " ", 2);

        if (g_strv_length(words) != 2)
            return mp_sop_refuse(
                sop, step->line, error, "tell '%s' is not 'template audience'", step->tells[i]);
        if (!check_audience(sop, step->line, words[0], g_strstrip(words[1]), roles, error))
            return FALSE;
    }
    return TRUE;
}

/* Papers go with the mail that asks an official to act: at any other step nobody would get them. */
static gboolean
check_papers(const MpSop *sop, const MpSopStep *step, GError **error)
{
    const char *const *known = mp_case_paper_names();

    for (guint i = 0; step->papers[i] != NULL; i++) {
        const char *nearest;

        if (g_strv_contains(known, step->papers[i]))
            continue;
        nearest = mp_text_nearest(step->papers[i], known, 3);
        return mp_sop_refuse(sop,
                             step->line,
                             error,
                             "paper '%s' is unknown%s%s",
                             step->papers[i],
                             nearest != NULL ? ", nearest: " : "",
                             nearest != NULL ? nearest : "");
    }
    if (step->papers[0] != NULL && (step->is_end || mp_sop_is_outsider(step->actor)))
        return mp_sop_refuse(
            sop, step->line, error, "step '%s' has papers, but no official acts there", step->id);
    return TRUE;
}

/* --- one step --- */

/* A step where a case can stand has somebody who holds it and a clock that does not forget it. */
static gboolean
check_waiting(const MpSop *sop, const MpSopStep *step, GError **error)
{
    gboolean has_clock = step->time_kind != MP_TIME_NONE || step->alarm_kind != MP_TIME_NONE ||
                         step->continues || has_row(sop, step->id, "timer.wake");

    /* The letter that opens the case leaves the start at once, and no row leads back to it. */
    if (strcmp(step->id, sop->start) == 0)
        return TRUE;
    if (strcmp(step->actor, "system") == 0 && !has_row(sop, step->id, "timer.wake"))
        return mp_sop_refuse(sop,
                             step->line,
                             error,
                             "step '%s' waits, but nobody holds it and nothing wakes it",
                             step->id);
    if (strcmp(step->actor, "requester") == 0 && !has_row(sop, step->id, "timer.expire"))
        return mp_sop_refuse(
            sop, step->line, error, "step '%s' waits for the requester for ever", step->id);
    if (strcmp(step->actor, "requester") != 0 && !has_clock)
        return mp_sop_refuse(sop,
                             step->line,
                             error,
                             "step '%s' waits without a clock (time, alarm or timer.wake)",
                             step->id);
    if (mp_sop_is_outsider(step->actor) && step->keeper == NULL)
        return mp_sop_refuse(
            sop, step->line, error, "step '%s' is outside the office and has no keeper", step->id);
    return TRUE;
}

static gboolean
check_step(const MpSop *sop, const MpSopStep *step, const char *const *roles, GError **error)
{
    if (!mp_sop_is_outsider(step->actor) && !check_role(sop, step->line, step->actor, roles, error))
        return FALSE;
    if (!check_role(sop, step->line, step->keeper, roles, error) ||
        !check_role(sop, step->line, step->escalate, roles, error) ||
        !check_tells(sop, step, roles, error) || !check_papers(sop, step, error) ||
        !check_choices(sop, step, error))
        return FALSE;
    if ((step->printed == NULL) != step->is_addition)
        return mp_sop_refuse(sop,
                             step->line,
                             error,
                             "step '%s' is either printed or marked 'addition = yes'",
                             step->id);
    if (step->is_end)
        return TRUE;
    if (!mp_sop_step_passes(sop, step->id) && !check_waiting(sop, step, error))
        return FALSE;
    return TRUE;
}

/* --- the graph --- */

/* The steps a row may lead to, as indexes: itself for ".", every asker for "@back". */
static void
mark_targets(const MpSop *sop, const MpSopRow *row, gboolean *marks, gboolean *changed)
{
    for (guint i = 0; i < sop->rows->len; i++) {
        const MpSopRow *other = g_ptr_array_index(sop->rows, i);
        const char *target = row->next;
        guint at;

        if (strcmp(row->next, MP_SOP_STAY) == 0)
            return;
        if (strcmp(row->next, MP_SOP_BACK) == 0) {
            if (!mp_sop_row_has(other, MP_SOP_ACTION_ASK) || strcmp(other->next, row->step) != 0)
                continue;
            target = other->step;
        }
        at = step_index(sop, target);
        if (!marks[at])
            *changed = TRUE;
        marks[at] = TRUE;
    }
}

static gboolean
check_reachable(const MpSop *sop, GError **error)
{
    g_autofree gboolean *marks = g_new0(gboolean, sop->steps->len);
    gboolean changed = TRUE;

    marks[step_index(sop, sop->start)] = TRUE;
    while (changed) {
        changed = FALSE;
        for (guint i = 0; i < sop->rows->len; i++) {
            const MpSopRow *row = g_ptr_array_index(sop->rows, i);

            if (marks[step_index(sop, row->step)])
                mark_targets(sop, row, marks, &changed);
        }
    }
    for (guint i = 0; i < sop->steps->len; i++) {
        const MpSopStep *step = g_ptr_array_index(sop->steps, i);

        if (!marks[i])
            return mp_sop_refuse(sop,
                                 step->line,
                                 error,
                                 "step '%s' is never reached from '%s'",
                                 step->id,
                                 sop->start);
    }
    return TRUE;
}

static gboolean
leads_to_marked(const MpSop *sop, const MpSopRow *row, const gboolean *marks)
{
    g_autofree gboolean *targets = g_new0(gboolean, sop->steps->len);
    gboolean changed = FALSE;

    mark_targets(sop, row, targets, &changed);
    for (guint i = 0; i < sop->steps->len; i++) {
        if (targets[i] && marks[i])
            return TRUE;
    }
    return FALSE;
}

/* Every step can come to an end. */
static gboolean
check_ends(const MpSop *sop, GError **error)
{
    g_autofree gboolean *marks = g_new0(gboolean, sop->steps->len);
    gboolean changed = TRUE;

    for (guint i = 0; i < sop->steps->len; i++)
        marks[i] = ((const MpSopStep *)g_ptr_array_index(sop->steps, i))->is_end;
    while (changed) {
        changed = FALSE;
        for (guint i = 0; i < sop->rows->len; i++) {
            const MpSopRow *row = g_ptr_array_index(sop->rows, i);
            guint at = step_index(sop, row->step);

            if (marks[at] || !leads_to_marked(sop, row, marks))
                continue;
            marks[at] = TRUE;
            changed = TRUE;
        }
    }
    for (guint i = 0; i < sop->steps->len; i++) {
        const MpSopStep *step = g_ptr_array_index(sop->steps, i);

        if (!marks[i])
            return mp_sop_refuse(
                sop, step->line, error, "step '%s' never comes to an end", step->id);
    }
    return TRUE;
}

/* No round of `enter` rows: else one event would move a case for ever. */
static gboolean
check_rounds(const MpSop *sop, GError **error)
{
    g_autofree guint *depth = g_new0(guint, sop->steps->len);
    gboolean changed = TRUE;

    while (changed) {
        changed = FALSE;
        for (guint i = 0; i < sop->rows->len; i++) {
            const MpSopRow *row = g_ptr_array_index(sop->rows, i);
            guint from, to;

            if (strcmp(row->event, "enter") != 0 || row->next[0] == '@')
                continue;
            from = step_index(sop, row->step);
            to = step_index(sop, row->next);
            if (depth[to] > depth[from])
                continue;
            depth[to] = depth[from] + 1;
            if (depth[to] > sop->steps->len)
                return mp_sop_refuse(
                    sop, row->line, error, "'enter' rows run in a circle at '%s'", row->step);
            changed = TRUE;
        }
    }
    return TRUE;
}

gboolean
mp_sop_check(const MpSop *sop, const char *const *roles, GError **error)
{
    const MpSopStep *start = mp_sop_step(sop, sop->start);

    if (start == NULL)
        return mp_sop_refuse(sop, 1, error, "start step '%s' is unknown", sop->start);
    if (!check_role(sop, 1, sop->keeper, roles, error) ||
        !check_role(sop, 1, sop->escalate, roles, error))
        return FALSE;
    for (guint i = 0; i < sop->rows->len; i++) {
        if (!check_row(sop, g_ptr_array_index(sop->rows, i), roles, error))
            return FALSE;
    }
    for (guint i = 0; i < sop->steps->len; i++) {
        if (!check_step(sop, g_ptr_array_index(sop->steps, i), roles, error))
            return FALSE;
    }
    {
        const MpSopRow *twin;
        guint least;

        if (!count_matches(sop, sop->start, "received", &least, &twin) || least == 0)
            return mp_sop_refuse(sop,
                                 start->line,
                                 error,
                                 "start step '%s' has no row for every letter received",
                                 start->id);
    }
    return check_rounds(sop, error) && check_reachable(sop, error) && check_ends(sop, error);
}

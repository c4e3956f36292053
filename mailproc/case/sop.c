/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Procedures as values: making, freeing, looking up steps and the words they accept. */

#include "case/sop-private.h"

MpSopStep *
mp_sop_step_new(void)
{
    return g_new0(MpSopStep, 1);
}

void
mp_sop_step_free(MpSopStep *step)
{
    if (step == NULL)
        return;
    g_free(step->id);
    g_free(step->printed);
    g_free(step->actor);
    g_free(step->activity);
    g_strfreev(step->requires_);
    g_free(step->time_text);
    g_free(step->output);
    g_free(step->keeper);
    g_free(step->escalate);
    g_strfreev(step->tells);
    g_strfreev(step->papers);
    g_free(step);
}

MpSopRow *
mp_sop_row_new(void)
{
    return g_new0(MpSopRow, 1);
}

MpSopRow *
mp_sop_row_copy(const MpSopRow *row, const char *step)
{
    MpSopRow *copy = mp_sop_row_new();

    copy->step = g_strdup(step);
    copy->event = g_strdup(row->event);
    copy->guards = g_strdupv(row->guards);
    copy->next = g_strdup(row->next);
    copy->actions = g_strdupv(row->actions);
    copy->line = row->line;
    return copy;
}

void
mp_sop_row_free(MpSopRow *row)
{
    if (row == NULL)
        return;
    g_free(row->step);
    g_free(row->event);
    g_strfreev(row->guards);
    g_free(row->next);
    g_strfreev(row->actions);
    g_free(row);
}

void
mp_sop_free(MpSop *sop)
{
    if (sop == NULL)
        return;
    g_free(sop->file);
    g_free(sop->id);
    g_free(sop->title);
    g_free(sop->service);
    g_free(sop->office);
    g_free(sop->source);
    g_free(sop->zone);
    g_free(sop->hours);
    g_strfreev(sop->requirements);
    g_free(sop->total_text);
    g_free(sop->keeper);
    g_free(sop->escalate);
    g_free(sop->start);
    g_ptr_array_unref(sop->steps);
    g_ptr_array_unref(sop->rows);
    g_free(sop);
}

const MpSopStep *
mp_sop_step(const MpSop *sop, const char *id)
{
    for (guint i = 0; id != NULL && i < sop->steps->len; i++) {
        const MpSopStep *step = g_ptr_array_index(sop->steps, i);

        if (strcmp(step->id, id) == 0)
            return step;
    }
    return NULL;
}

const MpSopStep *
mp_sop_clock(const MpSop *sop, const MpSopStep *step)
{
    const MpSopStep *clock = step;

    for (guint i = 0; i < sop->steps->len && g_ptr_array_index(sop->steps, i) != step; i++)
        if (!((const MpSopStep *)g_ptr_array_index(sop->steps, i))->continues)
            clock = g_ptr_array_index(sop->steps, i);
    return step->continues ? clock : step;
}

static gboolean
opens_link(const MpSopRow *row, const char *service)
{
    for (guint i = 0; row->actions[i] != NULL; i++) {
        g_auto(GStrv) arguments = NULL;
        MpSopAction action;

        if (mp_sop_action_parse(row->actions[i], &action, &arguments) &&
            action == MP_SOP_ACTION_OPEN_LINK && g_strcmp0(arguments[0], service) == 0)
            return TRUE;
    }
    return FALSE;
}

gboolean
mp_sop_offers(const MpSop *sop, const char *step, const char *service)
{
    const MpSopStep *end = mp_sop_step(sop, step);

    for (guint i = 0; end != NULL && end->is_end && i < sop->rows->len; i++) {
        const MpSopRow *row = g_ptr_array_index(sop->rows, i);

        if (strcmp(row->step, step) == 0 && strcmp(row->event, "confirmed") == 0 &&
            opens_link(row, service))
            return TRUE;
    }
    return FALSE;
}

char **
mp_sop_verbs_at(const MpSop *sop, const char *step)
{
    g_autoptr(GPtrArray) verbs = g_ptr_array_new();

    for (guint i = 0; i < sop->rows->len; i++) {
        const MpSopRow *row = g_ptr_array_index(sop->rows, i);

        if (strcmp(row->step, step) != 0 || !mp_sop_event_is_verb(row->event))
            continue;
        if (!g_ptr_array_find_with_equal_func(verbs, row->event, g_str_equal, NULL))
            g_ptr_array_add(verbs, row->event);
    }
    g_ptr_array_add(verbs, NULL);
    return (char **)g_ptr_array_steal(verbs, NULL);
}

gboolean
mp_sop_refuse(const MpSop *sop, guint line, GError **error, const char *format, ...)
{
    g_autofree char *message = NULL;
    va_list arguments;

    va_start(arguments, format);
    message = g_strdup_vprintf(format, arguments);
    va_end(arguments);
    g_set_error(error, MP_ERROR, MP_ERROR_CONFIG, "%s:%u: %s", sop->file, line, message);
    return FALSE;
}

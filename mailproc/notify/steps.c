/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The procedure drawn for a reader: what is done, where it stands, what comes. The printed steps
 * always show; a step that the office added shows only while the case stands in it, in front of the
 * printed step to which its rows lead back. Steps that only end a case are never drawn. */
#include "notify/notify-private.h"

static gboolean
is_drawn(const MpSopStep *step)
{
    return !step->is_addition && !step->is_end;
}

static guint
index_of(const MpSop *sop, const char *id)
{
    for (guint i = 0; id != NULL && i < sop->steps->len; i++) {
        const MpSopStep *step = g_ptr_array_index(sop->steps, i);

        if (strcmp(step->id, id) == 0)
            return i;
    }
    return G_MAXUINT;
}

/* First printed step that the rows of an added step lead to; the number of steps when none does. */
static guint
resumes_at(const MpSop *sop, const char *id)
{
    guint first = sop->steps->len;

    for (guint i = 0; sop->rows != NULL && i < sop->rows->len; i++) {
        const MpSopRow *row = g_ptr_array_index(sop->rows, i);
        /* Giving a case back leads to what was done already. */
        gboolean leads_on = strcmp(row->step, id) == 0 && g_strcmp0(row->event, "KEMBALIKAN") != 0;
        guint next = leads_on ? index_of(sop, row->next) : G_MAXUINT;

        if (next < first && is_drawn(g_ptr_array_index(sop->steps, next)))
            first = next;
    }
    return first;
}

typedef enum { STEP_DONE, STEP_NOW, STEP_NEXT } StepPlace;

static void
append_step(MpValue *list, const MpNotifyOffice *office, const MpSopStep *step, StepPlace place)
{
    MpValue *map = mp_value_map();
    g_autofree char *number = g_strdup_printf("%u", list->items->len + 1);

    mp_value_set_text(map, "no_langkah", number);
    mp_value_set_text(map, "kegiatan", step->activity);
    mp_value_set_text(map, "pelaku", mp_notify_role_title(office, step->actor));
    mp_value_set_text(map, "waktu_sop", step->time_text);
    mp_value_set_take(map, "tambahan", mp_value_bool(step->is_addition));
    mp_value_set_take(map, "sudah", mp_value_bool(place == STEP_DONE));
    mp_value_set_take(map, "kini", mp_value_bool(place == STEP_NOW));
    mp_value_set_take(map, "nanti", mp_value_bool(place == STEP_NEXT));
    mp_value_append_take(list, map);
}

MpValue *
mp_notify_steps(const MpNotifyOffice *office, const MpSop *sop, const MpCase *kase)
{
    MpValue *list = mp_value_list();
    gboolean is_finished = kase->state == MP_CASE_FINISHED;
    guint now = sop == NULL ? G_MAXUINT : index_of(sop, kase->step);
    const MpSopStep *present = now == G_MAXUINT ? NULL : g_ptr_array_index(sop->steps, now);
    guint border;

    /* Where a refused or withdrawn case stood is not told by its end step: nothing is drawn. */
    if (sop == NULL || (!is_finished && (present == NULL || present->is_end)))
        return list;
    if (is_finished)
        border = sop->steps->len;
    else
        border = is_drawn(present) ? now : resumes_at(sop, present->id);
    if (border == sop->steps->len && !is_finished && kase->resume_step != NULL)
        border = MIN(border, index_of(sop, kase->resume_step));
    for (guint i = 0; i < sop->steps->len; i++) {
        const MpSopStep *step = g_ptr_array_index(sop->steps, i);

        if (i == border && step != present)
            append_step(list, office, present, STEP_NOW);
        if (is_drawn(step))
            append_step(list,
                        office,
                        step,
                        step == present && !is_finished ? STEP_NOW
                        : i < border                    ? STEP_DONE
                                                        : STEP_NEXT);
    }
    if (!is_finished && border == sop->steps->len)
        append_step(list, office, present, STEP_NOW);
    return list;
}

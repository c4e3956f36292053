/* SPDX-License-Identifier: GPL-3.0-or-later */

/* All or nothing: a command mail with one line that is refused leaves the plan as it was before
 * (decisions.md 8), and each line of its transcript says so. */

#include "app/plan-caps.h"
#include "app/plan-session.h"

MpPlanMark
mp_plan_mark(const MpSession *session)
{
    const MpPlan *plan = session->p->plan;

    return (MpPlanMark){plan->changes->len,
                        plan->mails->len,
                        plan->files->len,
                        plan->rations->len,
                        plan->actions->len,
                        plan->marks->len,
                        session->finals,
                        session->has_change};
}

void
mp_plan_cut(MpSession *session, const MpPlanMark *mark)
{
    MpPlan *plan = session->p->plan;

    g_ptr_array_set_size(plan->changes, (gint)mark->changes);
    g_ptr_array_set_size(plan->mails, (gint)mark->mails);
    g_ptr_array_set_size(plan->files, (gint)mark->files);
    g_ptr_array_set_size(plan->rations, (gint)mark->rations);
    g_ptr_array_set_size(plan->actions, (gint)mark->actions);
    g_ptr_array_set_size(plan->marks, (gint)mark->marks);
    session->finals = mark->finals;
    session->has_change = mark->had_change;
}

static gboolean
has_refused(const MpSession *session)
{
    for (guint i = 0; i < session->lines->len; i++)
        if (((const MpSessionLine *)g_ptr_array_index(session->lines, i))->is_refused)
            return TRUE;
    return FALSE;
}

/* Lines that would have been carried out are not. */
static void
take_back_lines(MpSession *session, const char *why)
{
    for (guint i = 0; i < session->lines->len; i++) {
        MpSessionLine *line = g_ptr_array_index(session->lines, i);

        if (line->is_refused || !line->is_change || line->command->is_trial)
            continue;
        mp_plan_refuse(line, "%s", why);
        g_clear_pointer(&line->after, g_free);
    }
}

gboolean
mp_plan_whole_or_nothing(MpSession *session, const MpPlanMark *before, GError **error)
{
    gboolean is_whole = !has_refused(session), may = TRUE;
    guint finals = session->finals;

    if (!is_whole) {
        mp_plan_cut(session, before);
        take_back_lines(session,
                        "baris ini benar, tetapi ada baris lain yang ditolak sehingga tidak ada "
                        "perintah yang dijalankan");
    } else if (!mp_plan_bound_finals(session->p, finals, &may, error)) {
        return FALSE;
    }
    if (!may) {
        mp_plan_cut(session, before);
        take_back_lines(session,
                        "terlalu banyak keputusan akhir dalam satu jam; seluruh surel ini tidak "
                        "dijalankan, mohon dikirim lagi nanti");
    }
    if (!is_whole || !may)
        mp_plan_note(session->p, "refuse-commands", session->first_case, "nothing was done");
    return may || mp_plan_warn_of_finals(session->p, finals, error);
}

/* SPDX-License-Identifier: GPL-3.0-or-later */

/* A procedure as a table for `check --sop`, and as a graph in Graphviz DOT. */

#include "case/sop-private.h"

static const char *
clock_name(MpTimeKind kind)
{
    switch (kind) {
    case MP_TIME_OFFICE:
        return "office time";
    case MP_TIME_ELAPSED:
        return "elapsed time";
    case MP_TIME_DAYS:
        return "working days";
    case MP_TIME_NONE:
        break;
    }
    return "no time";
}

static void
append_list(GString *out, const char *label, char **items)
{
    g_autofree char *text = NULL;

    if (items == NULL || items[0] == NULL)
        return;
    text = g_strjoinv("; ", items);
    g_string_append_printf(out, "      %s: %s\n", label, text);
}

static void
append_time(GString *out, const MpSopStep *step)
{
    if (step->time_kind != MP_TIME_NONE)
        g_string_append_printf(
            out, "      time: %s (%s)\n", step->time_text, clock_name(step->time_kind));
    else if (step->continues)
        g_string_append(out, "      time: shared with the step before\n");
    else if (step->alarm_kind != MP_TIME_NONE)
        g_string_append_printf(out,
                               "      alarm (ours): %" G_GINT64_FORMAT " %s (%s)\n",
                               step->alarm_minutes,
                               step->alarm_kind == MP_TIME_DAYS ? "days" : "minutes",
                               clock_name(step->alarm_kind));
}

static void
append_rows(GString *out, const MpSop *sop, const MpSopStep *step)
{
    for (guint i = 0; i < sop->rows->len; i++) {
        const MpSopRow *row = g_ptr_array_index(sop->rows, i);
        g_autofree char *guards = NULL;
        g_autofree char *actions = NULL;

        if (strcmp(row->step, step->id) != 0)
            continue;
        guards = g_strjoinv(", ", row->guards);
        actions = g_strjoinv("; ", row->actions);
        g_string_append_printf(out,
                               "      %-20s %s%s%s-> %s%s%s  (line %u)\n",
                               row->event,
                               guards[0] != '\0' ? "if " : "",
                               guards,
                               guards[0] != '\0' ? " " : "",
                               strcmp(row->next, MP_SOP_STAY) == 0 ? "stays" : row->next,
                               actions[0] != '\0' ? "; " : "",
                               actions,
                               row->line);
    }
}

char *
mp_sop_to_text(const MpSop *sop)
{
    GString *out = g_string_new(NULL);

    g_string_append_printf(out, "%s: %s\n%s\n%s\n", sop->id, sop->title, sop->office, sop->source);
    append_list(out, "requirements", sop->requirements);
    if (sop->total_text != NULL)
        g_string_append_printf(out, "      total as printed: %s\n", sop->total_text);
    if (sop->window_days > 0)
        g_string_append_printf(out, "      renewal window: %d days\n", sop->window_days);
    for (guint i = 0; i < sop->steps->len; i++) {
        const MpSopStep *step = g_ptr_array_index(sop->steps, i);

        g_string_append_printf(out,
                               "\n%4s  %s  [%s]  %s%s\n",
                               step->printed != NULL ? step->printed : "+",
                               step->id,
                               step->actor,
                               step->activity,
                               strcmp(step->id, sop->start) == 0 ? "  (start)" : "");
        if (step->is_end)
            g_string_append_printf(
                out, "      end: %s\n", mp_case_state_to_string(step->end_state));
        append_list(out, "requires", step->requires_);
        append_list(out, "papers", step->papers);
        append_time(out, step);
        if (step->output != NULL)
            g_string_append_printf(out, "      output: %s\n", step->output);
        append_rows(out, sop, step);
    }
    return g_string_free(out, FALSE);
}

/* --- DOT --- */

static void
append_quoted(GString *out, const char *text)
{
    g_string_append_c(out, '"');
    for (const char *p = text; *p != '\0'; p++) {
        if (*p == '"' || *p == '\\')
            g_string_append_c(out, '\\');
        g_string_append_c(out, *p);
    }
    g_string_append_c(out, '"');
}

static void
append_node(GString *out, const MpSopStep *step)
{
    g_autofree char *label = g_strdup_printf("%s%s%s (%s)",
                                             step->printed != NULL ? step->printed : "",
                                             step->printed != NULL ? ". " : "",
                                             step->id,
                                             step->actor);

    g_string_append(out, "  ");
    append_quoted(out, step->id);
    g_string_append(out, " [label=");
    append_quoted(out, label);
    g_string_append_printf(out,
                           ", shape=%s, style=%s];\n",
                           step->is_end ? "doublecircle" : "box",
                           step->is_addition ? "dashed" : "solid");
}

static void
append_edge(GString *out, const MpSopRow *row, const char *target)
{
    g_autofree char *guards = g_strjoinv(", ", row->guards);
    g_autofree char *label =
        guards[0] != '\0' ? g_strdup_printf("%s\\n[%s]", row->event, guards) : NULL;

    g_string_append(out, "  ");
    append_quoted(out, row->step);
    g_string_append(out, " -> ");
    append_quoted(out, target);
    g_string_append(out, " [label=\"");
    g_string_append(out, label != NULL ? label : row->event);
    g_string_append(out, "\"];\n");
}

char *
mp_sop_to_dot(const MpSop *sop)
{
    GString *out = g_string_new("digraph ");

    append_quoted(out, sop->id);
    g_string_append(out, " {\n  rankdir=TB;\n");
    for (guint i = 0; i < sop->steps->len; i++)
        append_node(out, g_ptr_array_index(sop->steps, i));
    for (guint i = 0; i < sop->rows->len; i++) {
        const MpSopRow *row = g_ptr_array_index(sop->rows, i);

        if (strcmp(row->next, MP_SOP_STAY) == 0)
            continue;
        if (strcmp(row->next, MP_SOP_BACK) != 0) {
            append_edge(out, row, row->next);
            continue;
        }
        for (guint n = 0; n < sop->rows->len; n++) {
            const MpSopRow *asker = g_ptr_array_index(sop->rows, n);

            if (mp_sop_row_has(asker, MP_SOP_ACTION_ASK) && strcmp(asker->next, row->step) == 0)
                append_edge(out, row, asker->step);
        }
    }
    g_string_append(out, "}\n");
    return g_string_free(out, FALSE);
}

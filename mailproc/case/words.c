/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The closed lists that a procedure's file may speak in. */

#include "case/sop-private.h"

static const char *const outsiders[] = {
#define X(name) name,
    MP_SOP_OUTSIDERS(X)
#undef X
        NULL};

static const char *const events[] = {
#define X(name, verb, reason) name,
    MP_SOP_EVENTS(X)
#undef X
        NULL};

static const char *const verbs[] = {
#define X(name, verb, reason) (verb) ? name : "",
    MP_SOP_EVENTS(X)
#undef X
        NULL};

static const char *const reasoned[] = {
#define X(name, verb, reason) (reason) ? name : "",
    MP_SOP_EVENTS(X)
#undef X
        NULL};

static const char *const timers[] = {
#define X(name) name,
    MP_CASE_TIMERS(X)
#undef X
        NULL};

static const char *const templates[] = {
#define X(name) name,
    MP_CASE_NOTICES(X)
#undef X
        NULL};

static const char *const papers[] = {
#define X(name, doc) name,
    MP_CASE_PAPERS(X)
#undef X
        NULL};

typedef struct {
    const char *name;
    guint arguments;
} Action;

static const Action actions[] = {
#define X(id, name, arguments) {name, arguments},
    MP_SOP_ACTIONS(X)
#undef X
};

gboolean
mp_sop_is_outsider(const char *actor)
{
    return g_strv_contains(outsiders, actor);
}

gboolean
mp_sop_is_event(const char *event)
{
    return g_strv_contains(events, event);
}

gboolean
mp_sop_event_is_verb(const char *event)
{
    return event[0] != '\0' && g_strv_contains(verbs, event);
}

gboolean
mp_sop_event_needs_reason(const char *event)
{
    return event[0] != '\0' && g_strv_contains(reasoned, event);
}

gboolean
mp_sop_is_template(const char *name)
{
    return g_strv_contains(templates, name);
}

const char *const *
mp_case_timer_names(void)
{
    return timers;
}

const char *const *
mp_sop_event_names(void)
{
    return events;
}

const char *const *
mp_case_notice_names(void)
{
    return templates;
}

const char *const *
mp_case_paper_names(void)
{
    return papers;
}

gboolean
mp_sop_action_parse(const char *text, MpSopAction *action_out, char ***arguments_out)
{
    const char *open = strchr(text, '(');
    gsize length = strlen(text);
    g_autofree char *name = NULL;
    g_auto(GStrv) arguments = NULL;

    if (open != NULL && text[length - 1] != ')')
        return FALSE;
    name = open != NULL ? g_strndup(text, (gsize)(open - text)) : g_strdup(text);
    if (open != NULL) {
        g_autofree char *inner = g_strndup(open + 1, length - (gsize)(open - text) - 2);

        arguments = g_strsplit(inner, ",", -1);
    } else {
        arguments = g_new0(char *, 1);
    }
    for (guint i = 0; arguments[i] != NULL; i++)
        g_strstrip(arguments[i]);
    for (guint i = 0; i < MP_SOP_ACTION_N; i++) {
        if (strcmp(actions[i].name, name) != 0)
            continue;
        if (g_strv_length(arguments) != actions[i].arguments)
            return FALSE;
        *action_out = (MpSopAction)i;
        if (arguments_out != NULL)
            *arguments_out = g_steal_pointer(&arguments);
        return TRUE;
    }
    return FALSE;
}

gboolean
mp_sop_row_has(const MpSopRow *row, MpSopAction action)
{
    for (guint i = 0; row->actions[i] != NULL; i++) {
        MpSopAction found;

        if (mp_sop_action_parse(row->actions[i], &found, NULL) && found == action)
            return TRUE;
    }
    return FALSE;
}

const char *
mp_sop_guard_name(const char *guard, gboolean *negated_out)
{
    *negated_out = g_str_has_prefix(guard, "not ");
    return *negated_out ? guard + 4 + strspn(guard + 4, " ") : guard;
}

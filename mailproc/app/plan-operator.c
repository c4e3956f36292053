/* SPDX-License-Identifier: GPL-3.0-or-later */

/* A command that an operator gives at the machine in a named official's stead: recorded as his,
 * with no trust level, because no mail proved anything. */

#include "app/plan-private.h"

static gboolean
take_command(const MpCommands *commands, const char *words, MpCaseInput *input, GError **error)
{
    const MpCommand *command;

    if (commands->commands->len != 1) {
        g_set_error(error, MP_ERROR, MP_ERROR_INPUT, "'%s': not one command", words);
        return FALSE;
    }
    command = g_ptr_array_index(commands->commands, 0);
    input->event = command->verb;
    input->applicant = command->applicant;
    input->note = command->note;
    input->until = command->until;
    input->message = commands->message;
    return TRUE;
}

static gboolean
step_case(MpPlanning *p, const MpCase *kase, MpCaseInput *input, GError **error)
{
    const MpSop *sop = mp_setup_sop_by_id(p->planner->setup, kase->sop);
    g_autoptr(GPtrArray) history = NULL;
    const MpDecision *decision = NULL;
    g_autoptr(MpDecision) refused = NULL;

    if (sop == NULL) {
        g_set_error(error, MP_ERROR, MP_ERROR_INPUT, "%s: its procedure is gone", kase->number);
        return FALSE;
    }
    history = p->planner->store->case_events(p->planner->store, kase->number, error);
    if (history == NULL)
        return FALSE;
    input->history = history;
    if (!mp_plan_step(p, kase->number, kase, sop, input, &decision, &refused, error))
        return FALSE;
    if (refused != NULL) {
        g_set_error(error,
                    MP_ERROR,
                    MP_ERROR_INPUT,
                    "%s: '%s' refused: %s",
                    kase->number,
                    input->event,
                    refused->refusal);
        return FALSE;
    }
    return TRUE;
}

MpPlan *
mp_plan_operator(const MpPlanner *planner,
                 const char *number,
                 const char *role,
                 const char *operator_name,
                 const char *words,
                 GError **error)
{
    g_autoptr(MpPlan) plan = mp_plan_new();
    MpPlanning p = {.planner = planner, .plan = plan, .at_utc = planner->now_utc};
    g_autoptr(MpCommands) commands =
        mp_commands_parse(planner->setup->verbs,
                          words,
                          mp_config_string(planner->setup->config, "office", "case_prefix"),
                          &planner->setup->reading->limits);
    g_autoptr(MpCase) kase = NULL;
    g_autoptr(GError) local = NULL;
    g_autofree char *address = g_strconcat("operator:", operator_name, NULL);
    g_auto(GStrv) officials = mp_setup_officials(planner->setup);
    MpCaseInput input = {.actor = role,
                         .address = address,
                         .trust = MP_TRUST_NONE,
                         .officials = (const char *const *)officials};

    if (!take_command(commands, words, &input, error))
        return NULL;
    kase = mp_plan_case(&p, number, &local);
    if (local != NULL) {
        g_propagate_error(error, g_steal_pointer(&local));
        return NULL;
    }
    if (kase == NULL) {
        g_set_error(error, MP_ERROR, MP_ERROR_INPUT, "%s: no such case", number);
        return NULL;
    }
    if (!step_case(&p, kase, &input, error))
        return NULL;
    mp_plan_end(&p, MP_LEDGER_DONE, NULL, number);
    return g_steal_pointer(&plan);
}

/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "app/plan-private.h"

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
    g_autofree char *prefix =
        g_strdup(mp_config_string(planner->setup->config, "office", "case_prefix"));
    MpCommands *commands =
        mp_commands_parse(planner->setup->verbs, words, prefix, &planner->setup->reading->limits);
    g_autoptr(MpCase) kase = NULL;
    g_autoptr(GPtrArray) history = NULL;
    g_autoptr(GError) local = NULL;
    g_autofree char *address = g_strconcat("operator:", operator_name, NULL);
    const MpSop *sop = NULL;
    const MpDecision *decision = NULL;
    g_autoptr(MpDecision) refused = NULL;
    MpCaseInput input = {.actor = role, .address = address, .trust = MP_TRUST_NONE};

    if (commands->commands->len == 1) {
        const MpCommand *command = g_ptr_array_index(commands->commands, 0);

        input.event = g_intern_string(command->verb);
        input.applicant = command->applicant;
        input.note = command->note == NULL ? NULL : g_intern_string(command->note);
        input.until = command->until == NULL ? NULL : g_intern_string(command->until);
        input.message = commands->message == NULL ? NULL : g_intern_string(commands->message);
    }
    mp_commands_free(commands);
    if (input.event == NULL) {
        g_set_error(error, MP_ERROR, MP_ERROR_INPUT, "'%s': not one command", words);
        return NULL;
    }
    kase = mp_plan_case(&p, number, &local);
    if (local != NULL) {
        g_propagate_error(error, g_steal_pointer(&local));
        return NULL;
    }
    sop = kase == NULL ? NULL : mp_setup_sop_by_id(planner->setup, kase->sop);
    if (sop == NULL) {
        g_set_error(error, MP_ERROR, MP_ERROR_INPUT, "%s: no such case", number);
        return NULL;
    }
    history = planner->store->case_events(planner->store, number, error);
    if (history == NULL)
        return NULL;
    input.history = history;
    if (!mp_plan_step(&p, number, kase, sop, &input, &decision, &refused, error))
        return NULL;
    if (refused != NULL) {
        g_set_error(error,
                    MP_ERROR,
                    MP_ERROR_INPUT,
                    "%s: '%s' refused: %s",
                    number,
                    input.event,
                    refused->refusal);
        return NULL;
    }
    mp_plan_end(&p, MP_LEDGER_DONE, NULL, number);
    return g_steal_pointer(&plan);
}

/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The note about the service itself. */

#include "app/plan-private.h"
#include "app/watch.h"

static gboolean
send_to(MpPlanning *p, const char *address, const char *name, MpValue *values, GError **error)
{
    const MpLetterOrder order = {
        .template_ = "catatan-harian", .to = address, .to_name = name, .extra = values};

    return mp_plan_send(p, &order, error);
}

MpPlan *
mp_plan_health(const MpPlanner *planner, MpValue *values, GError **error)
{
    const MpSetup *setup = planner->setup;
    const char *const *addresses = mp_config_list(setup->config, "watch", "addresses");
    g_autoptr(MpPlan) plan = mp_plan_new();
    MpPlanning p = {.planner = planner, .plan = plan, .at_utc = planner->now_utc};
    g_autofree char *today = mp_plan_today(&p);
    g_autoptr(GPtrArray) holders = mp_setup_role_addresses(setup, "verifikator", today);
    const char *name = mp_notify_role_title(&setup->notify, "verifikator");

    for (guint i = 0; addresses[i] != NULL; i++)
        if (!send_to(&p, addresses[i], NULL, values, error))
            return NULL;
    for (guint i = 0; addresses[0] == NULL && i < holders->len; i++)
        if (!send_to(&p, g_ptr_array_index(holders, i), name, values, error))
            return NULL;
    mp_plan_end(&p, MP_LEDGER_DONE, NULL, NULL);
    return g_steal_pointer(&plan);
}

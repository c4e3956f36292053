/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Whether a mail may go out just now: answers are rationed, hourly caps bind everything
 * (decisions.md 10). */

#include "app/plan-private.h"

/* How many spans the mail has to wait so that no span gets more than `most`; 0 = none. */
static gboolean
over_cap(MpPlanning *p,
         const char *key,
         gint64 span_s,
         gint64 most,
         guint planned,
         guint *hours_out,
         GError **error)
{
    MpStore *store = p->planner->store;
    guint count = 0;

    *hours_out = 0;
    if (store != NULL &&
        !store->ration_count(
            store, key, p->planner->now_utc - span_s * G_USEC_PER_SEC, &count, error))
        return FALSE;
    if ((gint64)count + planned >= most)
        *hours_out = MAX((count + planned) / (guint)MAX(most, 1), 1);
    return TRUE;
}

static guint
planned_with_ration(const MpPlanning *p, const char *key)
{
    guint n = 0;

    for (guint i = 0; i < p->plan->mails->len; i++) {
        const MpPlanMail *mail = g_ptr_array_index(p->plan->mails, i);

        n += g_strcmp0(mail->ration, key) == 0;
    }
    return n;
}

static guint
planned_to(const MpPlanning *p, const char *address, const char *domain)
{
    guint n = 0;

    for (guint i = 0; i < p->plan->mails->len; i++) {
        const MpPlanMail *mail = g_ptr_array_index(p->plan->mails, i);
        g_autofree char *other = mp_text_domain(mail->entry->recipient);

        if (mail->entry->state == MP_OUTBOX_CANCELLED)
            continue;
        n += address != NULL ? mp_plan_is_same_address(mail->entry->recipient, address)
                             : domain == NULL || g_strcmp0(other, domain) == 0;
    }
    return n;
}

/* Hourly caps bind every mail; the store counts rows of the outbox by address, domain and in all.
 */
static gboolean
is_capped(
    MpPlanning *p, const char *address, const char **reason_out, guint *hours_out, GError **error)
{
    const MpConfig *config = p->planner->setup->config;
    g_autofree char *domain = mp_text_domain(address);
    g_autofree char *address_key = g_strconcat("to ", address, NULL);
    g_autofree char *domain_key = g_strconcat("domain ", domain, NULL);

    const struct {
        const char *key, *limit, *reason;
        guint planned;
    } caps[] = {
        {address_key,
         "per_address_hour",
         "hourly cap of the address",
         planned_to(p, address, NULL)},
        {domain_key, "per_domain_hour", "hourly cap of the domain", planned_to(p, NULL, domain)},
        {"all", "total_hour", "hourly cap over all", planned_to(p, NULL, NULL)},
    };

    *hours_out = 0;
    *reason_out = NULL;
    for (gsize i = 0; i < G_N_ELEMENTS(caps); i++) {
        guint hours = 0;

        if (!over_cap(p,
                      caps[i].key,
                      3600,
                      mp_config_int(config, "rations", caps[i].limit),
                      caps[i].planned,
                      &hours,
                      error))
            return FALSE;
        if (hours > 0 && *reason_out == NULL)
            *reason_out = caps[i].reason;
        *hours_out = MAX(*hours_out, hours);
    }
    return TRUE;
}

/* What moves a case is never dropped by an hourly cap, only put off; what a flood of foreign mail
 * can cause without end is dropped. */
static gboolean
is_put_off(const MpLetterOrder *order)
{
    static const char *const floods[] = {"perlu-dilihat", "karantina", "konfirmasi", NULL};

    return !order->is_answer && !g_strv_contains(floods, order->template_);
}

/* Why the mail may not go out, or NULL. `ration_out` gets the counter that it uses up. */
gboolean
mp_plan_withheld(MpPlanning *p,
                 const MpLetterOrder *order,
                 char **ration_out,
                 const char **reason_out,
                 guint *hours_out,
                 GError **error)
{
    gboolean is_to_cause = p->facts != NULL && mp_plan_is_same_address(order->to, p->sender);
    g_autofree char *today = mp_plan_today(p);
    g_autofree char *key = NULL;
    gint64 most = mp_config_int(p->planner->setup->config, "rations", "acknowledgements_per_day");
    guint over = 0, hours = 0;

    *reason_out = NULL;
    if (!mp_text_is_plain_address(order->to)) {
        *reason_out = "recipient is no plain address";
        return TRUE;
    }
    if (mp_plan_is_same_address(order->to,
                                mp_config_string(p->planner->setup->config, "office", "address"))) {
        *reason_out = "recipient is the office's own mailbox";
        return TRUE;
    }
    if (p->facts != NULL && !p->may_answer &&
        mp_setup_any_role(p->planner->setup, order->to, today) == NULL) {
        *reason_out = "sender of the causing mail is not proved";
        return TRUE;
    }
    if (order->is_answer && is_to_cause) {
        /* The answer to a question is no second acknowledgement: each kind has its own. */
        key = g_strdup_printf("answer %s %s %s %s",
                              order->template_,
                              order->to,
                              order->kase == NULL ? "-" : order->kase->number,
                              today);
        if (!over_cap(p, key, 24 * 3600, most, planned_with_ration(p, key), &over, error))
            return FALSE;
        if (over > 0) {
            *reason_out = "ration of the day is used up";
            return TRUE;
        }
    }
    if (!is_capped(p, order->to, reason_out, &hours, error))
        return FALSE;
    *hours_out = *reason_out != NULL && is_put_off(order) ? MAX(hours, 1) : 0;
    if (*hours_out > 0)
        *reason_out = NULL;
    *ration_out = g_steal_pointer(&key);
    return TRUE;
}

/* SPDX-License-Identifier: GPL-3.0-or-later */

/* An official's out-of-office while a step waits for him: whoever acts for him should know, and the
 * case itself stays as it is. Told once a step, so that two absent officials cannot keep telling
 * each other. */

#include "app/plan-private.h"

/* The case of our mail that the robot answered, else the one its words name. */
static gboolean
find_case(MpPlanning *p, MpCase **kase_out, GError **error)
{
    MpStore *store = p->planner->store;
    const char *id = p->facts->message->in_reply_to;
    g_autofree char *number = g_strdup(p->facts->verdict->case_number);
    g_autoptr(GError) local = NULL;

    if (store != NULL && id != NULL) {
        g_autoptr(MpOutboxEntry) entry = store->outbox_find(store, id, &local);

        if (entry != NULL && mp_plan_is_same_address(entry->recipient, p->sender)) {
            g_free(number);
            number = g_strdup(entry->case_number);
        }
    }
    if (local == NULL && number != NULL)
        *kase_out = mp_plan_case(p, number, &local);
    if (local == NULL)
        return TRUE;
    g_propagate_error(error, g_steal_pointer(&local));
    return FALSE;
}

static gboolean
is_proved(const MpPlanning *p)
{
    const char *authserv = mp_config_string(p->planner->setup->config, "trust", "authserv_id");

    return p->sender != NULL && (p->trust >= MP_TRUST_ALIGNED || authserv[0] == '\0');
}

static gboolean
holds_step(const MpPlanning *p, const MpCase *kase, const char *today)
{
    if (kase->holder_address != NULL)
        return mp_plan_is_same_address(kase->holder_address, p->sender);
    return kase->holder_role != NULL &&
           mp_setup_has_role(p->planner->setup, kase->holder_role, p->sender, today);
}

/* The others who have the role today (his deputies among them), else the verifikator. */
static GPtrArray *
who_acts(const MpPlanning *p, const char **role, const char *today)
{
    const char *const candidates[] = {*role, "verifikator"};
    GPtrArray *found = NULL;

    for (gsize i = 0; i < G_N_ELEMENTS(candidates); i++) {
        g_clear_pointer(&found, g_ptr_array_unref);
        found = mp_setup_role_addresses(p->planner->setup, candidates[i], today);
        *role = candidates[i];
        for (guint j = found->len; j > 0; j--)
            if (mp_plan_is_same_address(g_ptr_array_index(found, j - 1), p->sender))
                g_ptr_array_remove_index(found, j - 1);
        if (found->len > 0)
            break;
    }
    return found;
}

static gboolean
tell(MpPlanning *p, const MpCase *kase, const char *mark, GError **error)
{
    const MpSetup *setup = p->planner->setup;
    g_autofree char *today = mp_plan_today(p);
    const char *role = kase->holder_role;
    g_autoptr(GPtrArray) addresses = who_acts(p, &role, today);
    g_autoptr(GPtrArray) items = mp_plan_grant_items(kase);
    g_autoptr(MpValue) extra = mp_value_map();
    MpLetterOrder order = {.template_ = "perlu-dilihat",
                           .kase = kase,
                           .extra = extra,
                           .grants = items,
                           .role = role,
                           .to_name = mp_notify_role_title(&setup->notify, role)};
    g_autofree char *reason =
        g_strdup_printf("%s menjawab otomatis bahwa sedang tidak di tempat; tahap ini menunggu",
                        mp_notify_role_title(&setup->notify, kase->holder_role));
    guint first = p->plan->mails->len;

    mp_value_set_text(extra, "alasan", reason);
    for (guint i = 0; i < addresses->len; i++) {
        order.to = g_ptr_array_index(addresses, i);
        if (!mp_plan_send(p, &order, error))
            return FALSE;
    }
    if (p->plan->mails->len > first) {
        MpPlanMail *mail = g_ptr_array_index(p->plan->mails, first);

        mail->mark = g_strdup(mark);
        mail->mark_value = g_strdup(today);
    }
    return TRUE;
}

gboolean
mp_plan_absence(MpPlanning *p, GError **error)
{
    MpStore *store = p->planner->store;
    g_autofree char *today = mp_plan_today(p);
    g_autoptr(MpCase) kase = NULL;
    g_autofree char *mark = NULL;
    g_autofree char *told = NULL;

    mp_plan_end(p, MP_LEDGER_IGNORED, p->facts->verdict->kind, p->facts->verdict->case_number);
    if (p->facts->message->automatic != MP_AUTOMATIC_AUTO_REPLY || !is_proved(p))
        return TRUE;
    if (!find_case(p, &kase, error))
        return FALSE;
    if (kase == NULL || mp_case_state_is_closed(kase->state) || !holds_step(p, kase, today))
        return TRUE;
    mark = g_strdup_printf("absence %s %u", kase->number, kase->version);
    told = store == NULL ? NULL : store->mark_get(store, mark);
    if (told != NULL)
        return TRUE;
    mp_plan_note(p, "absent", kase->number, "%s", p->sender);
    return tell(p, kase, mark, error);
}

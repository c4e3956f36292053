/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Whether a mail may go out just now: answers are rationed, hourly caps bind everything
 * (decisions.md 10). */

#include "app/plan-bounce.h"

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

static gboolean
answers_command(const char *template_)
{
    static const char *const answers[] = {"transkrip", "bantuan", "bantuan-en", NULL};

    return g_strv_contains(answers, template_);
}

/* To addresses of the configuration alone, once an hour. */
static gboolean
is_warning(const char *template_)
{
    return strcmp(template_, "batas-perintah") == 0 || strcmp(template_, MP_UNSEEN_TEMPLATE) == 0;
}

/* A stranger's reports cause them, one for each mail of ours that he has: they hold up no step. */
static gboolean
is_failure(const char *template_)
{
    return strcmp(template_, "gagal-kirim") == 0;
}

char **
mp_plan_cap_keys(const char *template_, const char *recipient)
{
    g_autofree char *domain = mp_text_domain(recipient);
    g_auto(GStrv) keys = g_new0(char *, 4);

    if (is_warning(template_))
        return g_steal_pointer(&keys);
    if (is_failure(template_)) {
        keys[0] = g_strconcat("failure-to ", recipient, NULL);
        return g_steal_pointer(&keys);
    }
    if (answers_command(template_)) {
        keys[0] = g_strconcat("answer-to ", recipient, NULL);
        return g_steal_pointer(&keys);
    }
    keys[0] = g_strconcat("to ", recipient, NULL);
    keys[1] = g_strconcat("domain ", domain, NULL);
    keys[2] = g_strdup("all");
    return g_steal_pointer(&keys);
}

static guint
planned_with_key(const MpPlanning *p, const char *key)
{
    guint n = 0;

    for (guint i = 0; i < p->plan->mails->len; i++) {
        const MpOutboxEntry *entry = ((const MpPlanMail *)p->plan->mails->pdata[i])->entry;
        g_auto(GStrv) keys = mp_plan_cap_keys(entry->template_, entry->recipient);

        n += entry->state != MP_OUTBOX_CANCELLED && g_strv_contains((const char *const *)keys, key);
    }
    return n;
}

/* Hourly caps bind every mail; the store counts them by address, domain and in all. */
static gboolean
is_capped(MpPlanning *p,
          const MpLetterOrder *order,
          const char **reason_out,
          guint *hours_out,
          GError **error)
{
    static const struct {
        const char *limit, *reason;
    } caps[] = {{"per_address_hour", "hourly cap of the address"},
                {"per_domain_hour", "hourly cap of the domain"},
                {"total_hour", "hourly cap over all"}};

    g_autofree char *recipient = mp_text_lower_ascii(order->to);
    g_auto(GStrv) keys = mp_plan_cap_keys(order->template_, recipient);

    *hours_out = 0;
    *reason_out = NULL;
    for (gsize i = 0; keys[i] != NULL; i++) {
        gint64 most = mp_config_int(p->planner->setup->config, "rations", caps[i].limit);
        guint hours = 0;

        if (!over_cap(p, keys[i], 3600, most, planned_with_key(p, keys[i]), &hours, error))
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

/* Once for each address that is found dead, to the requester of the case alone: a report proves no
 * sender, but it names a mail of ours, and nothing of its words goes out. */
static gboolean
asks_for_address(const MpLetterOrder *order)
{
    return strcmp(order->template_, "alamat-mati") == 0 && order->kase != NULL &&
           mp_plan_is_same_address(order->to, order->kase->requester_address);
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
    if (mp_plan_is_dead(p, order->to)) {
        *reason_out = "address takes no mail: it came back";
        return TRUE;
    }
    if (p->facts != NULL && !p->may_answer && !is_warning(order->template_) &&
        !asks_for_address(order) &&
        mp_setup_any_role(p->planner->setup, order->to, today) == NULL) {
        *reason_out = "sender of the causing mail is not proved";
        return TRUE;
    }
    if (order->is_answer && is_to_cause) {
        /* The answer to a question is no second acknowledgement: each kind has its own. */
        g_autofree char *person = mp_plan_mailbox(order->to);

        key = g_strdup_printf("answer %s %s %s %s",
                              order->template_,
                              person,
                              order->kase == NULL ? "-" : order->kase->number,
                              today);
        if (!over_cap(p, key, 24 * 3600, most, planned_with_ration(p, key), &over, error))
            return FALSE;
        if (over > 0) {
            *reason_out = "ration of the day is used up";
            return TRUE;
        }
    }
    if (!is_capped(p, order, reason_out, &hours, error))
        return FALSE;
    *hours_out = *reason_out != NULL && is_put_off(order) ? MAX(hours, 1) : 0;
    if (*hours_out > 0)
        *reason_out = NULL;
    if (strcmp(order->template_, MP_UNSEEN_TEMPLATE) == 0)
        *hours_out = 1;
    *ration_out = g_steal_pointer(&key);
    return TRUE;
}

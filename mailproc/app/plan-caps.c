/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What one hour may bring, whoever writes: cases opened by a sender, a foreign domain, all unproved
 * and foreign senders together; and final decisions of one official, whose mailbox may be stolen.
 * The counters lie in the store, by the arrival of the mails. */

#include "app/plan-caps.h"

#define HOUR_US G_TIME_SPAN_HOUR
#define HELD "held: "

/* How often the counter was raised in the hour up to this mail. */
static gboolean
count_hour(const MpPlanning *p, const char *key, guint *count_out, GError **error)
{
    MpStore *store = p->planner->store;
    guint since = 0, after = 0;

    *count_out = 0;
    if (store == NULL)
        return TRUE;
    if (!store->ration_count(store, key, p->at_utc - HOUR_US, &since, error) ||
        !store->ration_count(store, key, p->at_utc + 1, &after, error))
        return FALSE;
    *count_out = since - MIN(since, after);
    return TRUE;
}

static void
use_up(MpPlanning *p, const char *key)
{
    MpPlanRation *ration = g_new0(MpPlanRation, 1);

    ration->key = g_strdup(key);
    ration->at_utc = p->at_utc;
    g_ptr_array_add(p->plan->rations, ration);
}

/* The hour of this mail, in which each kind of news is told once. */
static char *
hour_of(const MpPlanning *p)
{
    return g_strdup_printf("%" G_GINT64_FORMAT, p->at_utc / HOUR_US);
}

static gboolean
was_told(const MpPlanning *p, const char *mark)
{
    MpStore *store = p->planner->store;
    g_autofree char *hour = hour_of(p);
    g_autofree char *told = store == NULL ? NULL : store->mark_get(store, mark);

    return g_strcmp0(told, hour) == 0;
}

static void
mark_first_mail(MpPlanning *p, guint first, const char *mark)
{
    MpPlanMail *mail;

    if (p->plan->mails->len <= first)
        return;
    mail = g_ptr_array_index(p->plan->mails, first);
    mail->mark = g_strdup(mark);
    mail->mark_value = hour_of(p);
}

/* --- cases opened ----------------------------------------------------------------------------- */

typedef struct {
    const char *limit; /* of [rations] */
    const char *why;
    const char *key;
} Cap;

/* A sender's counter. What only claims an address uses up nothing of the one who has it. */
static char *
sender_key(const MpPlanning *p)
{
    g_autofree char *sender = mp_plan_mailbox(p->sender);
    const char *proof = p->trust >= MP_TRUST_ALIGNED ? "proved" : "unproved";

    return g_strdup_printf("open %s %s", proof, sender);
}

/* A proved sender of the region is bound by his own cap alone, so that no flood of others stands in
 * his way. */
static gboolean
is_proved_and_ours(const MpPlanning *p, const char *domain)
{
    return p->trust >= MP_TRUST_ALIGNED &&
           mp_text_domain_in(
               domain, mp_config_list(p->planner->setup->config, "office", "trusted_domains"));
}

/* A mail that was held before and is worked again was taken up by a person. */
static gboolean
is_taken_up(const MpPlanning *p)
{
    return p->row != NULL && p->row->reason != NULL && g_str_has_prefix(p->row->reason, HELD);
}

static gboolean
hold(MpPlanning *p, const Cap *cap, GError **error)
{
    g_autofree char *why = g_strconcat(HELD, cap->limit, NULL);
    g_autofree char *mark = g_strconcat("told ", cap->limit, NULL);
    guint first = p->plan->mails->len;

    mp_plan_end(p, MP_LEDGER_QUARANTINED, why, NULL);
    p->plan->is_for_quarantine = TRUE;
    if (was_told(p, mark))
        return TRUE;
    if (!mp_plan_ask_person(p, "ditahan", NULL, cap->why, NULL, error))
        return FALSE;
    mark_first_mail(p, first, mark);
    return TRUE;
}

gboolean
mp_plan_may_open(MpPlanning *p, gboolean *may_out, GError **error)
{
    const MpConfig *config = p->planner->setup->config;
    g_autofree char *domain = mp_text_domain(p->sender);
    g_autofree char *own_key = sender_key(p);
    g_autofree char *domain_key = g_strconcat("open-domain ", domain, NULL);
    const Cap caps[] = {
        {"open_per_sender_hour", "banyak permohonan dari satu alamat", own_key},
        {"open_per_domain_hour", "banyak permohonan dari satu domain luar", domain_key},
        {"open_total_hour", "banyak permohonan dari pengirim luar atau tidak terbukti", "open-all"},
    };
    gsize n = is_proved_and_ours(p, domain) ? 1 : G_N_ELEMENTS(caps);

    *may_out = TRUE;
    for (gsize i = 0; i < n && !is_taken_up(p); i++) {
        guint count = 0;

        if (!count_hour(p, caps[i].key, &count, error))
            return FALSE;
        if ((gint64)count < mp_config_int(config, "rations", caps[i].limit))
            continue;
        *may_out = FALSE;
        return hold(p, &caps[i], error);
    }
    for (gsize i = 0; i < n; i++)
        use_up(p, caps[i].key);
    return TRUE;
}

/* --- final decisions of an official ----------------------------------------------------------- */

gboolean
mp_plan_is_final(const MpDecision *decision)
{
    for (guint i = 0; i < decision->events->len; i++) {
        const MpEvent *event = g_ptr_array_index(decision->events, i);

        if (strcmp(event->kind, "outcome") == 0 || strcmp(event->kind, "closed") == 0)
            return TRUE;
    }
    return FALSE;
}

/* Anybody but the one whose mailbox may be stolen: who watches the service, else the first role
 * that somebody else has, the verifikator's before all. */
static GPtrArray *
who_is_warned(const MpPlanning *p)
{
    const MpSetup *setup = p->planner->setup;
    const char *const *watch = mp_config_list(setup->config, "watch", "addresses");
    const char *const *roles = mp_config_sections(setup->config, "role");
    GPtrArray *found = g_ptr_array_new_with_free_func(g_free);
    g_autofree char *today = mp_plan_today(p);
    g_autoptr(GPtrArray) order = g_ptr_array_new();

    for (guint i = 0; watch[i] != NULL; i++)
        if (!mp_plan_is_same_address(watch[i], p->sender))
            g_ptr_array_add(found, g_strdup(watch[i]));
    g_ptr_array_add(order, (gpointer) "verifikator");
    for (guint i = 0; roles[i] != NULL; i++)
        g_ptr_array_add(order, (gpointer)roles[i]);
    for (guint i = 0; i < order->len && found->len == 0; i++) {
        const char *role = g_ptr_array_index(order, i);
        g_autoptr(GPtrArray) holders = g_strv_contains(roles, role)
                                           ? mp_setup_role_addresses(setup, role, today)
                                           : g_ptr_array_new();

        for (guint j = 0; j < holders->len; j++)
            if (!mp_plan_is_same_address(g_ptr_array_index(holders, j), p->sender))
                g_ptr_array_add(found, g_strdup(g_ptr_array_index(holders, j)));
    }
    return found;
}

gboolean
mp_plan_bound_finals(MpPlanning *p, guint finals, gboolean *may_out, GError **error)
{
    gint64 most = mp_config_int(p->planner->setup->config, "rations", "final_per_hour");
    g_autofree char *sender = mp_text_lower_ascii(p->sender);
    g_autofree char *key = g_strconcat("final ", sender, NULL);
    guint count = 0;

    *may_out = TRUE;
    if (finals == 0)
        return TRUE;
    if (!count_hour(p, key, &count, error))
        return FALSE;
    *may_out = (gint64)count + finals <= most;
    for (guint i = 0; *may_out && i < finals; i++)
        use_up(p, key);
    return TRUE;
}

gboolean
mp_plan_warn_of_finals(MpPlanning *p, guint finals, GError **error)
{
    g_autofree char *sender = mp_text_lower_ascii(p->sender);
    g_autofree char *mark = g_strconcat("told final ", sender, NULL);
    g_autoptr(GPtrArray) addresses = NULL;
    g_autoptr(MpValue) extra = NULL;
    g_autofree char *reason = NULL;
    MpLetterOrder order = {.template_ = "batas-perintah"};
    guint first = p->plan->mails->len;
    gint64 most = mp_config_int(p->planner->setup->config, "rations", "final_per_hour");

    mp_plan_note(p, "too-many-finals", NULL, "%s: %u more", sender, finals);
    if (was_told(p, mark))
        return TRUE;
    addresses = who_is_warned(p);
    extra = mp_value_map();
    reason =
        g_strdup_printf("lebih dari %" G_GINT64_FORMAT " keputusan akhir dalam satu jam", most);
    mp_value_set_text(extra, "alasan", reason);
    order.extra = extra;
    for (guint i = 0; i < addresses->len; i++) {
        order.to = g_ptr_array_index(addresses, i);
        if (!mp_plan_send(p, &order, error))
            return FALSE;
    }
    mark_first_mail(p, first, mark);
    return TRUE;
}

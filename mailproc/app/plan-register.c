/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What the register makes the office write: a certificate comes to its end, somebody retires. And
 * what it tells a request that comes. */

#include "app/plan-register.h"

#include "app/plan-private.h"

static gboolean
learn_of(MpPlanning *p, MpCaseApplicant *applicant, const char *today, GError **error)
{
    g_autoptr(GError) local = NULL;
    g_autoptr(MpHolder) holder =
        p->planner->store->register_match(p->planner->store, applicant, &local);

    if (local != NULL) {
        g_propagate_error(error, g_steal_pointer(&local));
        return FALSE;
    }
    if (holder == NULL || !mp_register_is_active(holder, today))
        return TRUE;
    applicant->holds_certificate = TRUE;
    if (applicant->valid_until == NULL && !holder->is_guess)
        applicant->valid_until = g_strdup(holder->valid_until);
    return TRUE;
}

gboolean
mp_plan_ask_register(MpPlanning *p, MpCase *facts, GError **error)
{
    g_autofree char *today = mp_plan_today(p);

    for (guint i = 0; p->planner->store != NULL && i < facts->applicants->len; i++)
        if (!learn_of(p, g_ptr_array_index(facts->applicants, i), today, error))
            return FALSE;
    return TRUE;
}

/* --- a certificate comes to its end --- */

static MpValue *
holder_map(const MpHolder *holder, const char *why)
{
    MpValue *map = mp_value_map();
    g_autofree char *nip = mp_text_mask(holder->nip);
    g_autofree char *until = mp_calendar_format_iso_day(holder->valid_until);

    mp_value_set_text(map, "nama", holder->name);
    mp_value_set_text(map, "nip", nip);
    mp_value_set_text(map, "jabatan", holder->position);
    mp_value_set_text(map, "unit", holder->unit);
    mp_value_set_text(map, "berlaku_sampai", until);
    mp_value_set_text(map, "hasil_alasan", why);
    return map;
}

/* Who has asked for a renewal already is told by that case. */
static gboolean
is_renewing(MpPlanning *p, const MpHolder *holder, gboolean *renewing_out, GError **error)
{
    const MpCaseFilter filter = {
        .state = "open", .service = "pembaruan", .nip = holder->nip, .limit = 1};
    g_autoptr(GPtrArray) found = NULL;

    *renewing_out = FALSE;
    if (holder->nip == NULL)
        return TRUE;
    found = mp_plan_cases(p, &filter, error);
    if (found == NULL)
        return FALSE;
    *renewing_out = found->len > 0;
    return TRUE;
}

/* The OPD is whoever asked for the certificate. */
static char *
requester_of(MpPlanning *p, const MpHolder *holder, GError **error)
{
    g_autoptr(MpCase) kase = NULL;

    if (holder->case_number == NULL)
        return NULL;
    kase = mp_plan_case(p, holder->case_number, error);
    return kase == NULL ? NULL : g_strdup(kase->requester_address);
}

static gboolean
send_end(MpPlanning *p, const MpHolder *holder, const char *to, const char *left, GError **error)
{
    g_autoptr(MpValue) extra = mp_value_map();
    const MpLetterOrder order = {
        .template_ = "masa-berlaku",
        .to = to,
        .to_name = mp_plan_is_same_address(to, holder->email) ? holder->name : holder->unit,
        .extra = extra};

    if (to == NULL || to[0] == '\0')
        return TRUE;
    mp_value_set_take(extra, "pemohon", holder_map(holder, NULL));
    mp_value_set_text(extra, "lama", left);
    return mp_plan_send(p, &order, error);
}

static char *
days_left(const char *valid_until, const char *today)
{
    int n = 0;
    g_autofree char *day = g_strdup(today);

    while (n <= 30 && strcmp(day, valid_until) < 0) {
        char *next = mp_register_day_after(day, 1);

        g_free(day);
        day = next;
        n++;
    }
    return n == 0 ? g_strdup("hari ini") : g_strdup_printf("%d hari lagi", n);
}

MpPlan *
mp_plan_certificate_end(const MpPlanner *planner, const MpHolder *holder, GError **error)
{
    g_autoptr(MpPlan) plan = mp_plan_new();
    MpPlanning p = {.planner = planner, .plan = plan, .at_utc = planner->now_utc};
    g_autofree char *today = mp_plan_today(&p);
    g_autofree char *left = days_left(holder->valid_until, today);
    g_autofree char *requester = NULL;
    g_autoptr(GError) local = NULL;
    gboolean renewing = FALSE;

    if (!is_renewing(&p, holder, &renewing, error))
        return NULL;
    if (renewing)
        return g_steal_pointer(&plan);
    requester = requester_of(&p, holder, &local);
    if (local != NULL) {
        g_propagate_error(error, g_steal_pointer(&local));
        return NULL;
    }
    if (!send_end(&p, holder, holder->email, left, error) ||
        (!mp_plan_is_same_address(requester, holder->email) &&
         !send_end(&p, holder, requester, left, error)))
        return NULL;
    return g_steal_pointer(&plan);
}

/* --- somebody retires --- */

MpPlan *
mp_plan_watch(const MpPlanner *planner,
              const GPtrArray *holders,
              const GPtrArray *days,
              GError **error)
{
    g_autoptr(MpPlan) plan = mp_plan_new();
    MpPlanning p = {.planner = planner, .plan = plan, .at_utc = planner->now_utc};
    g_autoptr(MpValue) extra = mp_value_map();
    MpValue *people = mp_value_list();
    g_autofree char *count = g_strdup_printf("%u", holders->len);

    for (guint i = 0; i < holders->len; i++) {
        g_autofree char *day = mp_calendar_format_iso_day(g_ptr_array_index(days, i));
        g_autofree char *why = g_strdup_printf("mencapai batas usia pensiun pada %s", day);

        mp_value_append_take(people, holder_map(g_ptr_array_index(holders, i), why));
    }
    mp_value_set_take(extra, "orang", people);
    mp_value_set_text(extra, "jumlah_orang", count);
    if (!mp_plan_ask_person(&p, "pantauan", NULL, NULL, extra, error))
        return NULL;
    return g_steal_pointer(&plan);
}

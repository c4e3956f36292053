/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The morning's digest: one mail to each official with open work, the most urgent case first, with
 * one code for all of them. */

#include "app/digest.h"
#include "app/plan-private.h"

/* How long a digest speaks in place of single reminders. */
#define MORNING_US (4 * G_TIME_SPAN_HOUR)

typedef struct {
    char *address;
    const char *role; /* the first one whose work he has; borrowed */
    GPtrArray *cases; /* MpCase, owned */
} Desk;

static void
desk_free(gpointer data)
{
    Desk *desk = data;

    g_free(desk->address);
    g_ptr_array_unref(desk->cases);
    g_free(desk);
}

static Desk *
desk_of(GPtrArray *desks, const char *address, const char *role)
{
    Desk *desk;

    for (guint i = 0; i < desks->len; i++) {
        desk = g_ptr_array_index(desks, i);
        if (mp_plan_is_same_address(desk->address, address))
            return desk;
    }
    desk = g_new0(Desk, 1);
    desk->address = g_strdup(address);
    desk->role = role;
    desk->cases = g_ptr_array_new_with_free_func((GDestroyNotify)mp_case_free);
    g_ptr_array_add(desks, desk);
    return desk;
}

static gboolean
lay_out_role(MpPlanning *p, GPtrArray *desks, const char *role, GError **error)
{
    const MpCaseFilter filter = {.state = "open", .holder_role = role};
    g_autoptr(GPtrArray) cases = mp_plan_cases(p, &filter, error);
    g_autofree char *today = mp_plan_today(p);
    g_autoptr(GPtrArray) people = mp_setup_role_addresses(p->planner->setup, role, today);
    gint64 instant = mp_digest_instant(p->planner->setup, today);

    for (guint i = 0; cases != NULL && i < cases->len; i++) {
        const MpCase *kase = g_ptr_array_index(cases, i);

        /* A case that sleeps waits for its day, not for its holder. */
        if (kase->state != MP_CASE_OPEN || kase->step_since_utc >= instant)
            continue;
        if (kase->holder_address != NULL) {
            g_ptr_array_add(desk_of(desks, kase->holder_address, role)->cases, mp_case_copy(kase));
            continue;
        }
        for (guint j = 0; j < people->len; j++)
            g_ptr_array_add(desk_of(desks, g_ptr_array_index(people, j), role)->cases,
                            mp_case_copy(kase));
    }
    return cases != NULL;
}

/* Who watches a case that waits outside the office. */
static const char *
keeper_of(const MpPlanner *planner, const MpCase *kase)
{
    const MpSop *sop = mp_setup_sop_by_id(planner->setup, kase->sop);
    const MpSopStep *step = sop == NULL ? NULL : mp_sop_step(sop, kase->step);

    /* Where the due time itself moves the case on, there is nothing to watch. */
    for (guint i = 0; step != NULL && i < sop->rows->len; i++) {
        const MpSopRow *row = g_ptr_array_index(sop->rows, i);

        if (strcmp(row->step, step->id) == 0 && strcmp(row->event, "timer.due") == 0)
            return NULL;
    }
    return step == NULL ? NULL : step->keeper;
}

/* BSrE is not reminded; its keeper is, of what is late or becomes so this morning. */
static gboolean
is_watched(const MpCase *kase, gint64 instant)
{
    return kase->state == MP_CASE_WAITING && g_strcmp0(kase->holder_role, "bsre") == 0 &&
           kase->due_utc != 0 && kase->due_utc < instant + MORNING_US &&
           kase->step_since_utc < instant;
}

static gboolean
lay_out_watched(MpPlanning *p, GPtrArray *desks, GError **error)
{
    const MpCaseFilter filter = {.state = "open", .holder_role = "bsre"};
    g_autoptr(GPtrArray) cases = mp_plan_cases(p, &filter, error);
    g_autofree char *today = mp_plan_today(p);
    gint64 instant = mp_digest_instant(p->planner->setup, today);

    for (guint i = 0; cases != NULL && i < cases->len; i++) {
        const MpCase *kase = g_ptr_array_index(cases, i);
        const char *keeper = is_watched(kase, instant) ? keeper_of(p->planner, kase) : NULL;
        g_autoptr(GPtrArray) people =
            keeper == NULL ? NULL : mp_setup_role_addresses(p->planner->setup, keeper, today);

        for (guint j = 0; people != NULL && j < people->len; j++)
            g_ptr_array_add(desk_of(desks, g_ptr_array_index(people, j), keeper)->cases,
                            mp_case_copy(kase));
    }
    return cases != NULL;
}

static int
by_due(gconstpointer a, gconstpointer b)
{
    const MpCase *x = *(const MpCase *const *)a, *y = *(const MpCase *const *)b;
    gint64 due_x = x->due_utc == 0 ? G_MAXINT64 : x->due_utc;
    gint64 due_y = y->due_utc == 0 ? G_MAXINT64 : y->due_utc;

    if (due_x != due_y)
        return due_x < due_y ? -1 : 1;
    return strcmp(x->number, y->number);
}

/* Words that any of the steps takes, without where they lead: that differs from case to case. */
static void
add_words(const MpPlanning *p, const MpCase *kase, MpValue *words, GHashTable *seen)
{
    const MpSop *sop = mp_setup_sop_by_id(p->planner->setup, kase->sop);
    g_autofree char **verbs = sop == NULL ? NULL : mp_sop_verbs_at(sop, kase->step);

    for (guint i = 0; verbs != NULL && verbs[i] != NULL; i++) {
        MpValue *word;

        if (!g_hash_table_add(seen, g_strdup(verbs[i])))
            continue;
        word = mp_value_map();
        mp_value_set_text(word, "verba", verbs[i]);
        mp_value_set_text(word, "arti", mp_notify_verb_meaning(verbs[i]));
        mp_value_append_take(words, word);
    }
}

static gboolean
send_desk(MpPlanning *p, const Desk *desk, GError **error)
{
    g_autoptr(GHashTable) seen = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    g_autoptr(GPtrArray) grants = mp_plan_no_grant_items();
    g_autoptr(MpValue) extra = mp_value_map();
    g_autofree char *count = g_strdup_printf("%u", desk->cases->len);
    MpValue *rows = mp_value_list(), *words = mp_value_list();
    MpLetterOrder order = {.template_ = "ringkasan",
                           .to = desk->address,
                           .to_name = mp_notify_role_title(&p->planner->setup->notify, desk->role),
                           .extra = extra,
                           .grants = grants,
                           .role = desk->role};

    g_ptr_array_sort(desk->cases, by_due);
    for (guint i = 0; i < desk->cases->len; i++) {
        const MpCase *kase = g_ptr_array_index(desk->cases, i);

        mp_value_append_take(rows, mp_plan_case_row(p, kase));
        mp_plan_add_grant_item(grants, kase);
        add_words(p, kase, words, seen);
    }
    mp_value_set_take(extra, "daftar", rows);
    mp_value_set_take(extra, "kata", words);
    mp_value_set_text(extra, "jumlah_daftar", count);
    return mp_plan_send(p, &order, error);
}

MpPlan *
mp_plan_digest(const MpPlanner *planner, GError **error)
{
    g_autoptr(MpPlan) plan = mp_plan_new();
    g_autoptr(GPtrArray) desks = g_ptr_array_new_with_free_func(desk_free);
    MpPlanning p = {.planner = planner, .plan = plan, .at_utc = planner->now_utc};
    const char *const *roles = mp_config_sections(planner->setup->config, "role");

    for (guint i = 0; roles[i] != NULL; i++)
        if (!lay_out_role(&p, desks, roles[i], error))
            return NULL;
    if (!lay_out_watched(&p, desks, error))
        return NULL;
    for (guint i = 0; i < desks->len; i++)
        if (!send_desk(&p, g_ptr_array_index(desks, i), error))
            return NULL;
    return g_steal_pointer(&plan);
}

gboolean
mp_plan_is_digested(const MpPlanner *planner, const MpCase *kase)
{
    g_autofree char *mark =
        planner->store == NULL ? NULL : planner->store->mark_get(planner->store, "digest");
    const char *blank = mark == NULL ? NULL : strchr(mark, ' ');
    gint64 sent_utc = blank == NULL ? 0 : g_ascii_strtoll(blank + 1, NULL, 10);
    g_autofree char *section =
        g_strconcat("role ", kase->holder_role == NULL ? "" : kase->holder_role, NULL);

    if (sent_utc == 0 || planner->now_utc < sent_utc || planner->now_utc >= sent_utc + MORNING_US)
        return FALSE;
    if (is_watched(kase, sent_utc))
        return keeper_of(planner, kase) != NULL;
    return kase->state == MP_CASE_OPEN && kase->step_since_utc < sent_utc &&
           mp_config_has_section(planner->setup->config, section);
}

MpPlan *
mp_plan_recount(const MpPlanner *planner, const MpCase *kase, GError **error)
{
    g_autoptr(MpPlan) plan = mp_plan_new();
    MpPlanning p = {.planner = planner, .plan = plan, .at_utc = planner->now_utc};
    MpCaseInput input = {.event = "calendar", .actor = "system", .note = "kalender kerja berubah"};
    const MpSop *sop = mp_setup_sop_by_id(planner->setup, kase->sop);
    g_autoptr(GPtrArray) events = NULL;

    if (sop == NULL)
        return g_steal_pointer(&plan);
    events = planner->store->case_events(planner->store, kase->number, error);
    if (events == NULL)
        return NULL;
    input.history = events;
    if (!mp_plan_inner_step(&p, kase->number, kase, sop, &input, error))
        return NULL;
    for (guint i = plan->changes->len; i > 0; i--) {
        const MpPlanChange *change = g_ptr_array_index(plan->changes, i - 1);

        if (change->decision->events->len == 0)
            g_ptr_array_remove_index(plan->changes, i - 1);
    }
    return g_steal_pointer(&plan);
}

/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Copies of identity cards live as long as a step needs them (decisions.md 14): afterwards the
 * decoded document goes, and with it the raw mail it came with, because no part can be cut out of a
 * mail without making its hash untrue. The ledger keeps the hashes and says so, the case has an
 * event; all other documents of the mail stay. First the store in one transaction, then the
 * archive, as a purge does it (purge.c). */

#include "app/pipeline-private.h"
#include "app/retention.h"

#include <syslog.h>

enum { PAGE = 200, REOPEN_DAYS = 30 };

#define KIND "ktp"
#define DAY_MARK "erase day"

/* --- whether it is still needed --- */

static gboolean
needs_paper(const MpSopStep *step)
{
    for (guint i = 0; step->requires_[i] != NULL; i++) {
        g_auto(GStrv) kinds = g_strsplit(step->requires_[i], "|", -1);

        if (g_strv_contains((const char *const *)kinds, KIND))
            return TRUE;
    }
    return FALSE;
}

/* Behind the last step that needs it: steps stand in the order in which they are walked. */
static gboolean
is_past_check(const MpSop *sop, const char *at)
{
    gboolean is_reached = FALSE;

    for (guint i = 0; i < sop->steps->len; i++) {
        const MpSopStep *step = g_ptr_array_index(sop->steps, i);

        is_reached |= strcmp(step->id, at) == 0;
        if (is_reached && needs_paper(step))
            return FALSE;
    }
    return is_reached;
}

/* A case that ran out may be taken up again by its papers; it is left whole for a while. */
static gboolean
may_reopen(const MpSop *sop, const MpCase *kase, gint64 now_utc)
{
    if (now_utc - kase->closed_utc > REOPEN_DAYS * G_TIME_SPAN_DAY)
        return FALSE;
    for (guint i = 0; sop != NULL && i < sop->rows->len; i++)
        if (strcmp(((const MpSopRow *)g_ptr_array_index(sop->rows, i))->step, kase->step) == 0)
            return TRUE;
    return FALSE;
}

gboolean
mp_erase_is_due(const MpSop *sop, const MpCase *kase, gint64 now_utc)
{
    if (mp_case_state_is_closed(kase->state))
        return !may_reopen(sop, kase, now_utc);
    return sop != NULL && kase->linked_open->len == 0 && is_past_check(sop, kase->step) &&
           (kase->resume_step == NULL || is_past_check(sop, kase->resume_step));
}

/* --- one case --- */

static char *
numbers_of(const MpCase *kase)
{
    g_autoptr(GString) list = g_string_new(NULL);

    for (guint i = 0; i < kase->documents->len; i++) {
        const MpCaseDocument *document = g_ptr_array_index(kase->documents, i);

        if (g_strcmp0(document->kind, KIND) == 0 && document->sha256 != NULL)
            g_string_append_printf(list, "%s%u", list->len > 0 ? ";" : "", document->n);
    }
    return g_strdup(list->str);
}

static gboolean
save_event(MpApp *app, const MpCase *kase, GError **error)
{
    g_autoptr(MpCase) after = mp_case_copy(kase);
    g_autoptr(GPtrArray) events = g_ptr_array_new_with_free_func((GDestroyNotify)mp_event_free);
    g_autofree char *papers = numbers_of(kase);
    MpEvent *event = mp_event_new("erased", app->clock->now_utc(app->clock));

    g_ptr_array_add(events, event);
    event->actor = g_strdup("system");
    event->from_step = g_strdup(kase->step);
    event->to_step = g_strdup(kase->step);
    mp_event_set(event, "kind", KIND);
    mp_event_set(event, "papers", papers);
    return mp_case_apply(after, event, error) &&
           app->store->case_save(app->store, after, events, error);
}

/* The mails that brought the copies: their rows stay, with all their hashes. */
static gboolean
mark_mails(MpApp *app, const MpCase *kase, GError **error)
{
    for (guint i = 0; i < kase->documents->len; i++) {
        const MpCaseDocument *document = g_ptr_array_index(kase->documents, i);
        g_autoptr(MpLedgerRow) row = NULL;

        if (g_strcmp0(document->kind, KIND) != 0 || document->sha256 == NULL || document->mail == 0)
            continue;
        row = app->store->ledger_get(app->store, document->mail, error);
        if (row == NULL)
            return FALSE;
        if (mp_retention_is_erased(row))
            continue;
        g_free(row->reason);
        row->reason = g_strdup(MP_ERASED " " KIND);
        if (!app->store->ledger_update(app->store, row, error))
            return FALSE;
    }
    return TRUE;
}

static gboolean
erase_one(MpApp *app, const MpCase *kase, GError **error)
{
    MpStore *store = app->store;
    g_autoptr(GError) why = NULL;
    g_autoptr(GPtrArray) entries = store->paper_entries(store, kase->number, KIND, &why);

    if (entries == NULL) {
        if (why == NULL)
            return TRUE;
        g_propagate_error(error, g_steal_pointer(&why));
        return FALSE;
    }
    if (!store->begin(store, error))
        return FALSE;
    if (!mark_mails(app, kase, error) || !save_event(app, kase, error) ||
        !mp_purge_leave(app, entries, error) || !store->commit(store, error)) {
        store->rollback(store);
        return FALSE;
    }
    mp_ports_checkpoint("erase.committed");
    mp_app_log(app, LOG_INFO, "case.erased", "case", kase->number, "kind", KIND, NULL);
    return mp_purge_resume(app, error);
}

/* --- the phase --- */

static gboolean
erase_page(MpApp *app, const GPtrArray *numbers, GError **error)
{
    gint64 now_utc = app->clock->now_utc(app->clock);

    for (guint i = 0; i < numbers->len; i++) {
        g_autoptr(MpCase) kase =
            app->store->case_load(app->store, g_ptr_array_index(numbers, i), error);

        if (kase == NULL)
            return FALSE;
        if (mp_erase_is_due(mp_setup_sop_by_id(app->setup, kase->sop), kase, now_utc) &&
            !erase_one(app, kase, error))
            return FALSE;
    }
    return TRUE;
}

static gboolean
erase_all(MpApp *app, GError **error)
{
    g_autofree char *above = NULL;

    for (;;) {
        g_autoptr(GPtrArray) numbers =
            app->store->cases_with_paper(app->store, KIND, above, 0, PAGE, error);

        if (numbers == NULL || !erase_page(app, numbers, error))
            return FALSE;
        if (numbers->len < PAGE)
            return TRUE;
        g_free(above);
        above = g_strdup(g_ptr_array_index(numbers, numbers->len - 1));
    }
}

gboolean
mp_pipeline_erase(MpApp *app, GError **error)
{
    MpStore *store = app->store;
    gint64 now_utc = app->clock->now_utc(app->clock);
    g_autofree char *today = mp_calendar_today(app->setup->calendar, now_utc);
    g_autofree char *mark = store->mark_get(store, DAY_MARK);

    if (strcmp(mp_config_string(app->setup->config, "retention", "erase_ktp"), "after-check") !=
            0 ||
        g_strcmp0(mark, today) == 0)
        return TRUE;
    if (!mp_purge_resume(app, error) || !erase_all(app, error) || !store->begin(store, error))
        return FALSE;
    if (store->mark_set(store, DAY_MARK, today, error) && store->commit(store, error))
        return TRUE;
    store->rollback(store);
    return FALSE;
}

/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What came out of an office, as text that a person can read and a test can compare: verdicts of
 * mails, events of cases, outgoing mails, timers. */

#include "scenario.h"

enum { MANY = 1000 };

static char *
format_time(const MpScenario *s, gint64 at_utc)
{
    g_autofree char *rfc = mp_calendar_format_rfc3339(s->app->setup->calendar, at_utc);

    return g_strdelimit(g_strndup(rfc, 16), "T", ' ');
}

static void say(MpScenario *s, const char *format, ...) G_GNUC_PRINTF(2, 3);

/* Each line under the time at which it happened. */
static void
say(MpScenario *s, const char *format, ...)
{
    g_autofree char *at = format_time(s, mp_scenario_now(s));
    va_list args;

    g_string_append_printf(s->out, "%s  ", at);
    va_start(args, format);
    g_string_append_vprintf(s->out, format, args);
    va_end(args);
    g_string_append_c(s->out, '\n');
}

/* --- mails that came ------------------------------------------------------------------------- */

static gboolean
tell_ledger(MpScenario *s, GError **error)
{
    g_autoptr(GPtrArray) rows =
        s->app->store->ledger_after(s->app->store, s->last_mail, MANY, error);

    for (guint i = 0; rows != NULL && i < rows->len; i++) {
        const MpLedgerRow *row = g_ptr_array_index(rows, i);

        s->last_mail = row->id;
        say(s,
            "mail %" G_GINT64_FORMAT " from %s: %s, %s%s%s%s%s",
            row->id,
            row->sender ? row->sender : "-",
            row->kind ? row->kind : "-",
            mp_ledger_state_to_string(row->state),
            row->case_number ? " " : "",
            row->case_number ? row->case_number : "",
            row->reason ? ": " : "",
            row->reason ? row->reason : "");
    }
    return rows != NULL;
}

/* --- cases ----------------------------------------------------------------------------------- */

/* Instants among the event's data as times of the office. */
static char *
data_text(const MpScenario *s, const MpEvent *event)
{
    g_autofree char *data = mp_event_format_data(event);
    g_auto(GStrv) lines = g_strsplit(data, "\n", -1);
    GString *text = g_string_new(NULL);

    for (guint i = 0; lines[i] != NULL && lines[i][0] != '\0'; i++) {
        const char *value = strchr(lines[i], '=');
        gint64 at = value == NULL ? 0 : g_ascii_strtoll(value + 1, NULL, 10);
        g_autofree char *time = NULL;

        g_string_append(text, i == 0 ? " {" : "; ");
        if (value != NULL && strlen(value + 1) == 16 && at > G_USEC_PER_SEC) {
            time = format_time(s, at);
            g_string_append_printf(text, "%.*s=%s", (int)(value - lines[i]), lines[i], time);
        } else {
            g_string_append(text, lines[i]);
        }
    }
    if (text->len > 0)
        g_string_append_c(text, '}');
    return g_string_free(text, FALSE);
}

static void
tell_event(MpScenario *s, const char *number, const MpEvent *event)
{
    g_autofree char *data = data_text(s, event);
    gboolean moves = g_strcmp0(event->from_step, event->to_step) != 0;

    say(s,
        "%s %s by %s%s%s%s%s%s%s%s%s%s",
        number,
        event->kind,
        event->actor ? event->actor : "-",
        moves ? ": " : "",
        moves && event->from_step ? event->from_step : "",
        moves ? " → " : "",
        moves && event->to_step ? event->to_step : "",
        event->rule ? " (" : "",
        event->rule ? event->rule : "",
        event->rule ? ")" : "",
        event->note ? " — " : "",
        event->note ? event->note : "");
    if (data[0] != '\0')
        g_string_append_printf(s->out, "                     %s\n", data);
}

static int
by_number(gconstpointer a, gconstpointer b)
{
    const MpCase *const *x = a, *const *y = b;

    return strcmp((*x)->number, (*y)->number);
}

static gboolean
tell_cases(MpScenario *s, GError **error)
{
    const MpCaseFilter all = {.limit = MANY};
    g_autoptr(GPtrArray) cases = s->app->store->case_find(s->app->store, &all, error);

    if (cases == NULL)
        return FALSE;
    g_ptr_array_sort(cases, by_number);
    for (guint i = 0; i < cases->len; i++) {
        const MpCase *kase = g_ptr_array_index(cases, i);
        gint64 told = GPOINTER_TO_SIZE(g_hash_table_lookup(s->told, kase->number));
        g_autoptr(GPtrArray) events = NULL;

        if (kase->last_seq == told)
            continue;
        events = s->app->store->case_events(s->app->store, kase->number, error);
        for (guint j = 0; events != NULL && j < events->len; j++) {
            const MpEvent *event = g_ptr_array_index(events, j);

            if (event->seq > told)
                tell_event(s, kase->number, event);
        }
        if (events == NULL)
            return FALSE;
        g_hash_table_replace(
            s->told, g_strdup(kase->number), GSIZE_TO_POINTER((gsize)kase->last_seq));
    }
    return TRUE;
}

/* --- mails that went ------------------------------------------------------------------------- */

static void
tell_text(MpScenario *s, const char *text)
{
    g_auto(GStrv) lines = g_strsplit(text, "\n", -1);

    for (guint i = 0; lines[i] != NULL; i++)
        g_string_append_printf(
            s->out, "    |%s%s\n", g_strchomp(lines[i])[0] == '\0' ? "" : " ", lines[i]);
}

static void
tell_entry(MpScenario *s, const MpOutboxEntry *entry)
{
    say(s,
        "to %s [%s] %s%s%s%s: %s",
        entry->recipient,
        entry->template_,
        mp_outbox_state_to_string(entry->state),
        entry->reason ? " (" : "",
        entry->reason ? entry->reason : "",
        entry->reason ? ")" : "",
        entry->mail->subject);
    for (guint i = 0; i < entry->documents->len; i++) {
        const MpOutboxDocument *document = g_ptr_array_index(entry->documents, i);
        g_autofree char *own = g_strdup_printf("-%s.pdf", entry->case_number);
        g_autofree char *size = g_strdup_printf(", %" G_GSIZE_FORMAT, document->bytes);

        /* How many bytes a paper of ours has depends on the machine's fonts. */
        g_string_append_printf(s->out,
                               "    + %s, %s%s\n",
                               document->filename,
                               document->type,
                               g_str_has_suffix(document->filename, own) ? "" : size);
    }
    if (!s->is_brief && entry->state != MP_OUTBOX_CANCELLED)
        tell_text(s, entry->mail->text);
}

static gboolean
tell_outbox(MpScenario *s, GError **error)
{
    (void)error;
    for (;;) {
        g_autoptr(MpOutboxEntry) entry =
            s->app->store->outbox_get(s->app->store, s->last_entry + 1, NULL);

        if (entry == NULL)
            return TRUE;
        s->last_entry++;
        tell_entry(s, entry);
    }
}

gboolean
mp_scenario_tell(MpScenario *s, GError **error)
{
    return tell_ledger(s, error) && tell_cases(s, error) && tell_outbox(s, error);
}

/* --- timers and accounts --------------------------------------------------------------------- */

gboolean
mp_scenario_tell_timers(MpScenario *s, GError **error)
{
    g_autoptr(GPtrArray) rows = s->app->store->timers_due(s->app->store, G_MAXINT64, MANY, error);
    g_autoptr(GString) text = g_string_new(NULL);

    for (guint i = 0; rows != NULL && i < rows->len; i++) {
        const MpTimerRow *row = g_ptr_array_index(rows, i);
        g_autofree char *at = format_time(s, row->at_utc);

        g_string_append_printf(text, "    timer %s %s %s\n", row->case_number, row->name, at);
    }
    if (g_strcmp0(text->str, s->timers) != 0)
        g_string_append(s->out, text->len > 0 ? text->str : "    no timers\n");
    g_free(s->timers);
    s->timers = g_string_free(g_steal_pointer(&text), FALSE);
    return rows != NULL;
}

gboolean
mp_scenario_tell_account(MpScenario *s, const char *number, GError **error)
{
    MpStore *store = s->app->store;
    g_autoptr(MpCase) kase = store->case_load(store, number, error);
    g_autoptr(GPtrArray) events = kase == NULL ? NULL : store->case_events(store, number, error);
    const MpSop *sop = kase == NULL ? NULL : mp_setup_sop_by_id(s->app->setup, kase->sop);
    g_autoptr(GPtrArray) account = NULL;
    const MpCalendar *calendar;

    if (events == NULL || sop == NULL)
        return FALSE;
    calendar = mp_setup_calendar(s->app->setup, kase->service);
    account = mp_case_account(sop, events, calendar, mp_scenario_now(s));
    say(s, "%s %s, time used per step", number, mp_case_state_to_string(kase->state));
    for (guint i = 0; i < account->len; i++) {
        const MpCaseUse *use = g_ptr_array_index(account, i);
        g_autofree char *used = mp_case_use_to_text(use);

        g_string_append_printf(s->out,
                               "    %-16s %-34s printed %s%s\n",
                               use->step->id,
                               used,
                               use->step->time_text ? use->step->time_text : "-",
                               use->is_over ? ", over" : "");
    }
    return TRUE;
}

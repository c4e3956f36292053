/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The service's figures, and how they are written for people, programs and the node exporter. */

#include "app/delivery-private.h"
#include "app/watch.h"

#include <errno.h>
#include <sys/statvfs.h>

static void
rest_free(gpointer data)
{
    MpHealthRest *rest = data;

    g_free(rest->domain);
    g_free(rest);
}

static gboolean
read_rests(MpApp *app, MpHealth *health, GError **error)
{
    g_auto(GStrv) marks = app->store->mark_names(app->store, MP_REST_MARK, error);
    g_autoptr(MpRests) rests = mp_rests_new();

    health->rests = g_ptr_array_new_with_free_func(rest_free);
    for (gsize i = 0; marks != NULL && marks[i] != NULL; i++) {
        const char *domain = marks[i] + strlen(MP_REST_MARK);
        g_autofree char *address = g_strconcat("x@", domain, NULL);
        gint64 until_utc = mp_rests_until(rests, app->store, address);
        MpHealthRest *rest;

        if (until_utc <= health->now_utc)
            continue;
        rest = g_new0(MpHealthRest, 1);
        rest->domain = g_strdup(domain);
        rest->until_utc = until_utc;
        g_ptr_array_add(health->rests, rest);
    }
    return marks != NULL;
}

static gint64
mark_time(MpApp *app, const char *name)
{
    g_autofree char *value = app->store->mark_get(app->store, name);

    return value == NULL ? 0 : g_ascii_strtoll(value, NULL, 10);
}

static gboolean
read_marks(MpApp *app, MpHealth *health, GError **error)
{
    g_auto(GStrv) dead = app->store->mark_names(app->store, MP_DEAD_MARK, error);

    if (dead == NULL || !read_rests(app, health, error))
        return FALSE;
    health->dead = g_strv_length(dead);
    health->last_sweep_utc = mark_time(app, "last-sweep");
    health->mailbox_tls_utc = mark_time(app, "tls mailbox");
    health->sender_tls_utc = mark_time(app, "tls sender");
    return TRUE;
}

MpHealth *
mp_health_read(MpApp *app, GError **error)
{
    g_autoptr(MpHealth) health = g_new0(MpHealth, 1);
    const char *dir = mp_config_string(app->setup->config, "store", "dir");
    struct statvfs disk;

    health->now_utc = app->clock->now_utc(app->clock);
    if (!read_marks(app, health, error) ||
        !app->store->counts(app->store, &health->counts, error) ||
        !app->store->chain_head(app->store, &health->chain_seq, &health->chain_head, error))
        return NULL;
    if (statvfs(dir, &disk) != 0) {
        g_set_error(error, MP_ERROR, MP_ERROR_STORAGE, "%s: %s", dir, g_strerror(errno));
        return NULL;
    }
    health->disk_free = (guint64)disk.f_bavail * disk.f_frsize;
    return g_steal_pointer(&health);
}

void
mp_health_free(MpHealth *health)
{
    if (health == NULL)
        return;
    g_free(health->chain_head);
    g_clear_pointer(&health->rests, g_ptr_array_unref);
    g_free(health);
}

/* --- writing ---------------------------------------------------------------------------------- */

static void
add_time(GString *json, const MpCalendar *calendar, const char *name, gint64 at_utc)
{
    g_autofree char *time = at_utc == 0 ? NULL : mp_calendar_format_rfc3339(calendar, at_utc);

    if (time == NULL)
        g_string_append_printf(json, ",\"%s\":null", name);
    else
        g_string_append_printf(json, ",\"%s\":\"%s\"", name, time);
}

static void
add_number(GString *json, const char *group, const char *name, guint64 n)
{
    g_string_append_printf(json, ",\"%s%s\":%" G_GUINT64_FORMAT, group, name, n);
}

/* A domain's name needs no quoting: letters, digits, dots and hyphens passed the address check. */
static void
add_rests(GString *json, const MpHealth *health, const MpCalendar *calendar)
{
    g_string_append(json, ",\"domains_resting\":{");
    for (guint i = 0; i < health->rests->len; i++) {
        const MpHealthRest *rest = g_ptr_array_index(health->rests, i);
        g_autofree char *until = mp_calendar_format_rfc3339(calendar, rest->until_utc);

        g_string_append_printf(json, "%s\"%s\":\"%s\"", i == 0 ? "" : ",", rest->domain, until);
    }
    g_string_append_c(json, '}');
}

char *
mp_health_to_json(const MpHealth *health, const MpCalendar *calendar)
{
    const MpStoreCounts *counts = &health->counts;
    GString *json = g_string_new(NULL);
    g_autofree char *now = mp_calendar_format_rfc3339(calendar, health->now_utc);

    g_string_append_printf(json, "{\"now\":\"%s\"", now);
    add_time(json, calendar, "last_sweep", health->last_sweep_utc);
    for (guint i = 0; i < MP_LEDGER_STATE_N; i++)
        add_number(json, "mail_", mp_ledger_state_to_string((MpLedgerState)i), counts->mails[i]);
    add_number(json, "mail_", "unacknowledged", counts->unacknowledged);
    add_time(json, calendar, "oldest_waiting", counts->oldest_taken_utc);
    for (guint i = 0; i < MP_CASE_STATE_N; i++)
        add_number(json, "cases_", mp_case_state_to_string((MpCaseState)i), counts->cases[i]);
    for (guint i = 0; i < MP_OUTBOX_STATE_N; i++)
        add_number(json, "outbox_", mp_outbox_state_to_string((MpOutboxState)i), counts->outbox[i]);
    add_number(json, "outbox_", "held", counts->held);
    add_time(json, calendar, "oldest_unsent", counts->oldest_unsent_utc);
    add_number(json, "", "addresses_dead", health->dead);
    add_rests(json, health, calendar);
    add_time(json, calendar, "mailbox_certificate_ends", health->mailbox_tls_utc);
    add_time(json, calendar, "sender_certificate_ends", health->sender_tls_utc);
    add_number(json, "", "disk_free_bytes", health->disk_free);
    add_number(json, "", "events", (guint64)health->chain_seq);
    g_string_append_printf(json, ",\"chain_head\":\"%s\"}\n", health->chain_head);
    return g_string_free(json, FALSE);
}

static void
add_metric(GString *text, const char *name, const char *help)
{
    g_string_append_printf(
        text, "# HELP mailproc_%s %s\n# TYPE mailproc_%s gauge\n", name, help, name);
}

static void
add_plain(GString *text, const char *name, const char *help, guint64 n)
{
    add_metric(text, name, help);
    g_string_append_printf(text, "mailproc_%s %" G_GUINT64_FORMAT "\n", name, n);
}

static void
add_state(GString *text, const char *name, const char *state, guint64 n)
{
    g_string_append_printf(
        text, "mailproc_%s{state=\"%s\"} %" G_GUINT64_FORMAT "\n", name, state, n);
}

static void
add_server(GString *text, const char *server, gint64 ends_utc)
{
    g_string_append_printf(
        text,
        "mailproc_certificate_expiry_timestamp_seconds{server=\"%s\"} %" G_GINT64_FORMAT "\n",
        server,
        ends_utc / G_USEC_PER_SEC);
}

static guint64
age_s(const MpHealth *health, gint64 since_utc)
{
    return since_utc == 0 ? 0 : (guint64)MAX(0, (health->now_utc - since_utc) / G_USEC_PER_SEC);
}

char *
mp_health_to_textfile(const MpHealth *health)
{
    const MpStoreCounts *counts = &health->counts;
    GString *text = g_string_new(NULL);

    add_plain(text,
              "last_sweep_timestamp_seconds",
              "When the mailbox was last swept without an error; 0 = never.",
              (guint64)(health->last_sweep_utc / G_USEC_PER_SEC));
    add_metric(text, "mails", "Mails of the ledger by state.");
    for (guint i = 0; i < MP_LEDGER_STATE_N; i++)
        add_state(text, "mails", mp_ledger_state_to_string((MpLedgerState)i), counts->mails[i]);
    add_plain(text,
              "oldest_waiting_seconds",
              "Age of the oldest mail that is not decided.",
              age_s(health, counts->oldest_taken_utc));
    add_metric(text, "cases", "Cases by state.");
    for (guint i = 0; i < MP_CASE_STATE_N; i++)
        add_state(text, "cases", mp_case_state_to_string((MpCaseState)i), counts->cases[i]);
    add_metric(text, "outbox", "Outgoing mails by state.");
    for (guint i = 0; i < MP_OUTBOX_STATE_N; i++)
        add_state(text, "outbox", mp_outbox_state_to_string((MpOutboxState)i), counts->outbox[i]);
    add_plain(text, "outbox_held", "Outgoing mails that wait for a person.", counts->held);
    add_plain(text,
              "oldest_unsent_seconds",
              "Age of the oldest mail on its way.",
              age_s(health, counts->oldest_unsent_utc));
    add_plain(text, "addresses_dead", "Addresses that take no mail.", health->dead);
    add_plain(
        text, "domains_resting", "Recipient domains that rest after refusals.", health->rests->len);
    add_metric(text,
               "certificate_expiry_timestamp_seconds",
               "When the server's certificate ends; 0 = none seen.");
    add_server(text, "mailbox", health->mailbox_tls_utc);
    add_server(text, "sender", health->sender_tls_utc);
    add_plain(text, "disk_free_bytes", "Space left for the store.", health->disk_free);
    add_plain(text, "events", "Events of the audit chain.", (guint64)health->chain_seq);
    add_metric(text, "chain_head_info", "Head of the audit chain.");
    g_string_append_printf(text, "mailproc_chain_head_info{hash=\"%s\"} 1\n", health->chain_head);
    return g_string_free(text, FALSE);
}

static void
add_line(GString *text, const char *name, const char *state, guint64 n)
{
    g_autofree char *left = g_strdup_printf("%s %s", name, state);

    if (n > 0)
        g_string_append_printf(text, "%-20s %" G_GUINT64_FORMAT "\n", left, n);
}

static void
add_since(GString *text, const MpCalendar *calendar, const char *name, gint64 at_utc)
{
    g_autofree char *time = at_utc == 0 ? NULL : mp_calendar_format_rfc3339(calendar, at_utc);

    g_string_append_printf(text, "%-20s %s\n", name, time == NULL ? "none" : time);
}

char *
mp_health_to_text(const MpHealth *health, const MpCalendar *calendar)
{
    const MpStoreCounts *counts = &health->counts;
    GString *text = g_string_new(NULL);

    add_since(text, calendar, "last good sweep", health->last_sweep_utc);
    for (guint i = 0; i < MP_LEDGER_STATE_N; i++)
        add_line(text, "mail", mp_ledger_state_to_string((MpLedgerState)i), counts->mails[i]);
    add_line(text, "mail", "not moved yet", counts->unacknowledged);
    add_since(text, calendar, "oldest waiting", counts->oldest_taken_utc);
    for (guint i = 0; i < MP_CASE_STATE_N; i++)
        add_line(text, "cases", mp_case_state_to_string((MpCaseState)i), counts->cases[i]);
    for (guint i = 0; i < MP_OUTBOX_STATE_N; i++)
        add_line(text, "outbox", mp_outbox_state_to_string((MpOutboxState)i), counts->outbox[i]);
    add_line(text, "outbox", "held", counts->held);
    add_since(text, calendar, "oldest unsent", counts->oldest_unsent_utc);
    for (guint i = 0; i < health->rests->len; i++) {
        const MpHealthRest *rest = g_ptr_array_index(health->rests, i);
        g_autofree char *name = g_strconcat("rests ", rest->domain, NULL);

        add_since(text, calendar, name, rest->until_utc);
    }
    add_line(text, "addresses", "dead", health->dead);
    add_since(text, calendar, "mailbox certificate", health->mailbox_tls_utc);
    add_since(text, calendar, "sender certificate", health->sender_tls_utc);
    g_string_append_printf(
        text, "%-20s %" G_GUINT64_FORMAT " MB\n", "disk left", health->disk_free / 1000000);
    g_string_append_printf(text,
                           "%-20s %s after %" G_GINT64_FORMAT " events\n",
                           "chain head",
                           health->chain_head,
                           health->chain_seq);
    return g_string_free(text, FALSE);
}

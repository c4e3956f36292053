/* SPDX-License-Identifier: GPL-3.0-or-later */

/* `case list --json` and `case show --json` of contract.md. Identity numbers are masked. */

#include "app/commands.h"

#include <json-glib/json-glib.h>

static void
add_text(JsonBuilder *builder, const char *key, const char *text)
{
    json_builder_set_member_name(builder, key);
    if (text == NULL)
        json_builder_add_null_value(builder);
    else
        json_builder_add_string_value(builder, text);
}

static void
add_time(JsonBuilder *builder, const MpCalendar *calendar, const char *key, gint64 at_utc)
{
    g_autofree char *text = at_utc == 0 ? NULL : mp_calendar_format_rfc3339(calendar, at_utc);

    add_text(builder, key, text);
}

static void
add_strings(JsonBuilder *builder, const char *key, const GPtrArray *strings)
{
    json_builder_set_member_name(builder, key);
    json_builder_begin_array(builder);
    for (guint i = 0; i < strings->len; i++)
        json_builder_add_string_value(builder, g_ptr_array_index(strings, i));
    json_builder_end_array(builder);
}

static void
add_applicants(JsonBuilder *builder, const MpCase *kase)
{
    json_builder_set_member_name(builder, "applicants");
    json_builder_begin_array(builder);
    for (guint i = 0; i < kase->applicants->len; i++) {
        const MpCaseApplicant *applicant = g_ptr_array_index(kase->applicants, i);
        g_autofree char *nip = mp_text_mask(applicant->nip);

        json_builder_begin_object(builder);
        json_builder_set_member_name(builder, "n");
        json_builder_add_int_value(builder, applicant->n);
        add_text(builder, "name", applicant->name);
        add_text(builder, "nip", nip);
        add_text(builder, "email", applicant->email);
        add_text(builder, "outcome", mp_outcome_to_string(applicant->outcome));
        add_text(builder, "reason", applicant->outcome_reason);
        add_text(builder, "valid_until", applicant->valid_until);
        json_builder_end_object(builder);
    }
    json_builder_end_array(builder);
}

static void
add_documents(JsonBuilder *builder, const MpCase *kase)
{
    json_builder_set_member_name(builder, "documents");
    json_builder_begin_array(builder);
    for (guint i = 0; i < kase->documents->len; i++) {
        const MpCaseDocument *document = g_ptr_array_index(kase->documents, i);

        json_builder_begin_object(builder);
        add_text(builder, "filename", document->filename);
        add_text(builder, "kind", document->kind);
        add_text(builder, "type", document->type);
        json_builder_set_member_name(builder, "bytes");
        json_builder_add_int_value(builder, (gint64)document->bytes);
        add_text(builder, "sha256", document->sha256);
        add_text(builder, "signature", document->signature);
        json_builder_end_object(builder);
    }
    json_builder_end_array(builder);
}

static void
add_events(JsonBuilder *builder, const MpCalendar *calendar, const GPtrArray *events)
{
    json_builder_set_member_name(builder, "events");
    json_builder_begin_array(builder);
    for (guint i = 0; i < events->len; i++) {
        const MpEvent *event = g_ptr_array_index(events, i);
        g_autofree char *note = mp_text_mask_all(event->note);

        json_builder_begin_object(builder);
        json_builder_set_member_name(builder, "seq");
        json_builder_add_int_value(builder, event->seq);
        add_time(builder, calendar, "at", event->at_utc);
        add_text(builder, "kind", event->kind);
        add_text(builder, "actor", event->actor);
        add_text(builder, "address", event->address);
        add_text(builder, "trust", mp_trust_to_string(event->trust));
        json_builder_set_member_name(builder, "mail");
        json_builder_add_int_value(builder, event->mail);
        add_text(builder, "from_step", event->from_step);
        add_text(builder, "to_step", event->to_step);
        add_text(builder, "rule", event->rule);
        add_text(builder, "note", note);
        json_builder_end_object(builder);
    }
    json_builder_end_array(builder);
}

static void
add_head(JsonBuilder *builder, const MpCase *kase, const MpCalendar *calendar)
{
    add_text(builder, "number", kase->number);
    add_text(builder, "service", kase->service);
    add_text(builder, "sop", kase->sop);
    add_text(builder, "step", kase->step);
    add_text(builder, "state", mp_case_state_to_string(kase->state));
    json_builder_set_member_name(builder, "holder");
    json_builder_begin_object(builder);
    add_text(builder, "role", kase->holder_role);
    add_text(builder, "address", kase->holder_address);
    json_builder_end_object(builder);
    add_time(builder, calendar, "opened", kase->opened_utc);
    add_time(builder, calendar, "due", kase->due_utc);
    add_time(builder, calendar, "closed", kase->closed_utc);
    json_builder_set_member_name(builder, "version");
    json_builder_add_int_value(builder, kase->version);
    json_builder_set_member_name(builder, "requester");
    json_builder_begin_object(builder);
    add_text(builder, "name", kase->requester_name);
    add_text(builder, "address", kase->requester_address);
    json_builder_end_object(builder);
    json_builder_set_member_name(builder, "letter");
    json_builder_begin_object(builder);
    add_text(builder, "number", kase->letter_number);
    add_text(builder, "date", kase->letter_date);
    add_text(builder, "subject", kase->letter_subject);
    json_builder_end_object(builder);
}

char *
mp_cli_case_json(const MpApp *app, const MpCase *kase, const GPtrArray *events)
{
    const MpCalendar *calendar = mp_setup_calendar(app->setup, kase->service);
    g_autoptr(JsonBuilder) builder = json_builder_new();
    g_autoptr(JsonGenerator) generator = json_generator_new();
    g_autoptr(JsonNode) root = NULL;

    json_builder_begin_object(builder);
    add_head(builder, kase, calendar);
    add_applicants(builder, kase);
    add_documents(builder, kase);
    add_strings(builder, "missing", kase->missing);
    add_strings(builder, "linked", kase->linked);
    if (events != NULL)
        add_events(builder, calendar, events);
    json_builder_end_object(builder);
    root = json_builder_get_root(builder);
    json_generator_set_root(generator, root);
    return json_generator_to_data(generator, NULL);
}

char *
mp_cli_quote(const char *text)
{
    g_autoptr(JsonNode) node = json_node_init_string(json_node_alloc(), text);

    return json_to_string(node, FALSE);
}

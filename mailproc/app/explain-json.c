/* SPDX-License-Identifier: GPL-3.0-or-later */

/* `explain --json` of contract.md: absent facts are null or []. The same rows, shorter, are what
 * the ledger keeps for `mail why`. */

#include "app/commands.h"

#include <json-glib/json-glib.h>

static void
add_text(JsonBuilder *builder, const char *key, const char *text)
{
    json_builder_set_member_name(builder, key);
    if (text == NULL || text[0] == '\0')
        json_builder_add_null_value(builder);
    else
        json_builder_add_string_value(builder, text);
}

static void
add_bool(JsonBuilder *builder, const char *key, gboolean value)
{
    json_builder_set_member_name(builder, key);
    json_builder_add_boolean_value(builder, value);
}

static void
add_int(JsonBuilder *builder, const char *key, gint64 value)
{
    json_builder_set_member_name(builder, key);
    json_builder_add_int_value(builder, value);
}

static void
begin_list(JsonBuilder *builder, const char *key)
{
    json_builder_set_member_name(builder, key);
    json_builder_begin_array(builder);
}

static void
add_strings(JsonBuilder *builder, const char *key, const GPtrArray *strings)
{
    begin_list(builder, key);
    for (guint i = 0; i < strings->len; i++)
        json_builder_add_string_value(builder, g_ptr_array_index(strings, i));
    json_builder_end_array(builder);
}

static void
add_sender(JsonBuilder *builder, const MpFacts *facts)
{
    const MpAddress *from =
        facts->message->from->len > 0 ? g_ptr_array_index(facts->message->from, 0) : NULL;

    json_builder_set_member_name(builder, "sender");
    json_builder_begin_object(builder);
    add_text(builder, "address", from == NULL ? NULL : from->address);
    add_text(builder, "name", from == NULL ? NULL : from->name);
    add_text(builder, "trust", mp_trust_to_string(facts->trust->level));
    json_builder_end_object(builder);
}

static void
add_letter(JsonBuilder *builder, const MpLetter *letter)
{
    json_builder_set_member_name(builder, "letter");
    json_builder_begin_object(builder);
    add_text(builder, "number", letter->number);
    add_text(builder, "date", letter->date);
    add_text(builder, "subject", letter->subject);
    json_builder_end_object(builder);
}

static void
add_applicants(JsonBuilder *builder, const GPtrArray *applicants)
{
    begin_list(builder, "applicants");
    for (guint i = 0; i < applicants->len; i++) {
        const MpApplicant *applicant = g_ptr_array_index(applicants, i);

        json_builder_begin_object(builder);
        add_text(builder, "name", applicant->name);
        add_text(builder, "nip", applicant->nip);
        add_text(builder, "nik", applicant->nik);
        add_text(builder, "email", applicant->email);
        add_text(builder, "phone", applicant->phone);
        add_text(builder, "position", applicant->position);
        add_text(builder, "unit", applicant->unit);
        json_builder_end_object(builder);
    }
    json_builder_end_array(builder);
}

static void
add_documents(JsonBuilder *builder, const GPtrArray *documents)
{
    begin_list(builder, "documents");
    for (guint i = 0; i < documents->len; i++) {
        const MpDocument *document = g_ptr_array_index(documents, i);

        json_builder_begin_object(builder);
        add_text(builder, "filename", document->filename);
        add_text(builder, "kind", document->kind);
        add_text(builder, "type", document->type);
        add_int(builder, "bytes", (gint64)document->bytes);
        add_text(builder, "sha256", document->sha256);
        add_bool(builder, "readable", document->is_readable);
        add_text(builder, "signature", mp_signature_to_string(document->signature));
        json_builder_end_object(builder);
    }
    json_builder_end_array(builder);
}

static void
add_commands(JsonBuilder *builder, const MpCommands *commands)
{
    begin_list(builder, "commands");
    for (guint i = 0; i < commands->commands->len; i++) {
        const MpCommand *command = g_ptr_array_index(commands->commands, i);
        g_autofree char *target =
            command->applicant == 0 ? NULL : g_strdup_printf("%u", command->applicant);

        json_builder_begin_object(builder);
        add_text(builder, "verb", command->verb);
        add_text(builder, "target", command->case_number ? command->case_number : target);
        add_text(builder, "note", command->note);
        json_builder_end_object(builder);
    }
    json_builder_end_array(builder);
}

static void
add_bounce(JsonBuilder *builder, const MpMessage *message)
{
    json_builder_set_member_name(builder, "bounce");
    if (message->bounced->len == 0) {
        json_builder_add_null_value(builder);
        return;
    }
    json_builder_begin_object(builder);
    begin_list(builder, "recipients");
    for (guint i = 0; i < message->bounced->len; i++) {
        const MpBounced *bounced = g_ptr_array_index(message->bounced, i);

        json_builder_begin_object(builder);
        add_text(builder, "address", bounced->address);
        add_text(builder, "status", bounced->status);
        add_bool(builder, "permanent", bounced->is_permanent);
        add_text(builder, "original_message_id", bounced->original_message_id);
        json_builder_end_object(builder);
    }
    json_builder_end_array(builder);
    json_builder_end_object(builder);
}

static void
add_rules(JsonBuilder *builder, const MpVerdict *verdict)
{
    begin_list(builder, "rules");
    for (guint i = 0; i < verdict->hits->len; i++) {
        const MpRuleHit *hit = g_ptr_array_index(verdict->hits, i);
        g_autofree char *saw = mp_text_mask_all(hit->saw);

        json_builder_begin_object(builder);
        add_text(builder, "name", hit->name);
        add_text(builder, "file", hit->file);
        add_int(builder, "line", hit->line);
        add_text(builder, "target", hit->target);
        add_int(builder, "weight", hit->weight);
        add_text(builder, "saw", saw);
        json_builder_end_object(builder);
    }
    json_builder_end_array(builder);
}

static void
add_decision(JsonBuilder *builder, const MpPlan *plan)
{
    begin_list(builder, "decision");
    for (guint i = 0; plan != NULL && i < plan->actions->len; i++) {
        const MpPlanAction *action = g_ptr_array_index(plan->actions, i);

        json_builder_begin_object(builder);
        add_text(builder, "action", action->action);
        add_text(builder, "case", action->case_number);
        add_text(builder, "detail", action->detail);
        json_builder_end_object(builder);
    }
    json_builder_end_array(builder);
}

static char *
to_line(JsonBuilder *builder)
{
    g_autoptr(JsonGenerator) generator = json_generator_new();
    g_autoptr(JsonNode) root = json_builder_get_root(builder);

    json_generator_set_root(generator, root);
    return json_generator_to_data(generator, NULL);
}

char *
mp_cli_explain_json(const MpPlanner *planner,
                    const char *file,
                    const MpFacts *facts,
                    const MpPlan *plan)
{
    const MpVerdict *verdict = facts->verdict;
    g_autoptr(JsonBuilder) builder = json_builder_new();
    g_autoptr(GPtrArray) missing = mp_plan_missing(planner, facts);
    MpCommands *commands = mp_plan_commands(planner, facts);
    g_autoptr(GPtrArray) doubts = g_ptr_array_new_with_free_func(g_free);

    for (guint i = 0; i < verdict->doubts->len; i++)
        mp_text_add_once(doubts, g_ptr_array_index(verdict->doubts, i));
    for (guint i = 0; strcmp(verdict->kind, "command") == 0 && i < commands->doubts->len; i++)
        mp_text_add_once(doubts, g_ptr_array_index(commands->doubts, i));
    json_builder_begin_object(builder);
    add_text(builder, "file", file);
    add_text(builder, "kind", verdict->kind);
    add_text(builder, "service", verdict->service);
    add_text(builder, "case", verdict->case_number);
    add_sender(builder, facts);
    add_letter(builder, verdict->letter);
    add_applicants(builder, verdict->applicants);
    add_documents(builder, facts->documents);
    add_strings(builder, "missing", missing);
    add_commands(builder, commands);
    add_text(builder, "reply_text", facts->message->reply_text);
    add_text(builder, "outcome", verdict->outcome);
    add_text(builder, "reason", verdict->reason);
    add_bounce(builder, facts->message);
    add_strings(builder, "doubts", doubts);
    add_rules(builder, verdict);
    add_decision(builder, plan);
    json_builder_end_object(builder);
    mp_commands_free(commands);
    return to_line(builder);
}

char *
mp_why_to_json(const MpFacts *facts, const MpPlan *plan)
{
    g_autoptr(JsonBuilder) builder = json_builder_new();

    json_builder_begin_object(builder);
    add_text(builder, "kind", facts->verdict->kind);
    add_text(builder, "service", facts->verdict->service);
    add_text(builder, "trust", mp_trust_to_string(facts->trust->level));
    add_strings(builder, "trust_reasons", facts->trust->reasons);
    add_strings(builder, "doubts", facts->verdict->doubts);
    add_rules(builder, facts->verdict);
    add_decision(builder, plan);
    json_builder_end_object(builder);
    return to_line(builder);
}

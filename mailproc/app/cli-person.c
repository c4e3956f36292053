/* SPDX-License-Identifier: GPL-3.0-or-later */

/* `case export --person`: all that is kept about one person, for that person. Whatever names
 * somebody else is masked or left out: other applicants of the same letter, officials, requesters.
 * A mail or document that may hold others' data is only listed. */

#include "app/commands.h"
#include "app/person.h"
#include "app/register.h"

#include <json-glib/json-glib.h>
#include <sys/stat.h>

typedef struct {
    const MpApp *app;
    const char *dir;
    MpPerson *person;
    JsonBuilder *json;
    guint n_files;
} Export;

/* --- what is told --- */

static void
add_text(Export *export, const char *key, const char *text)
{
    json_builder_set_member_name(export->json, key);
    if (text == NULL)
        json_builder_add_null_value(export->json);
    else
        json_builder_add_string_value(export->json, text);
}

static void
add_cleaned(Export *export, const char *key, const char *text)
{
    g_autofree char *cleaned = mp_person_clean(export->person, text);

    add_text(export, key, cleaned);
}

static void
add_time(Export *export, const char *key, gint64 at_utc)
{
    g_autofree char *text =
        at_utc == 0 ? NULL : mp_calendar_format_rfc3339(export->app->setup->calendar, at_utc);

    add_text(export, key, text);
}

static void
begin_list(Export *export, const char *key)
{
    json_builder_set_member_name(export->json, key);
    json_builder_begin_array(export->json);
}

static void
add_applicant(Export *export, const MpCaseApplicant *one)
{
    json_builder_set_member_name(export->json, "applicant");
    json_builder_begin_object(export->json);
    add_text(export, "name", one->name);
    add_text(export, "nip", one->nip);
    add_text(export, "nik", one->nik);
    add_text(export, "email", one->email);
    add_text(export, "phone", one->phone);
    add_text(export, "position", one->position);
    add_text(export, "unit", one->unit);
    add_text(export, "was", one->was);
    add_text(export, "becomes", one->becomes);
    add_text(export, "valid_until", one->valid_until);
    add_text(export, "outcome", mp_outcome_to_string(one->outcome));
    add_text(export, "reason", one->outcome_reason);
    json_builder_end_object(export->json);
}

/* Facts and outcome of another applicant are that one's alone. */
static gboolean
is_about_other(const Export *export, const MpCase *kase, const MpEvent *event)
{
    const char *n = mp_event_get(event, "n");
    gint64 at = 0;

    if (n == NULL || (strcmp(event->kind, "applicant") != 0 && strcmp(event->kind, "outcome") != 0))
        return FALSE;
    if (!g_ascii_string_to_signed(n, 10, 1, kase->applicants->len, &at, NULL))
        return TRUE;
    return !mp_person_is(export->person, g_ptr_array_index(kase->applicants, (guint)at - 1));
}

static void
add_events(Export *export, const MpCase *kase, const GPtrArray *events)
{
    begin_list(export, "events");
    for (guint i = 0; i < events->len; i++) {
        const MpEvent *event = g_ptr_array_index(events, i);

        if (is_about_other(export, kase, event))
            continue;
        json_builder_begin_object(export->json);
        add_time(export, "at", event->at_utc);
        add_text(export, "kind", event->kind);
        add_text(export, "actor", event->actor);
        add_text(export, "from_step", event->from_step);
        add_text(export, "to_step", event->to_step);
        add_cleaned(export, "note", event->note);
        json_builder_end_object(export->json);
    }
    json_builder_end_array(export->json);
}

static gboolean
write_file(const Export *export, const char *name, const char *bytes, gssize length, GError **error)
{
    g_autofree char *path = g_build_filename(export->dir, name, NULL);
    g_autoptr(GError) why = NULL;

    if (g_file_set_contents_full(path, bytes, length, G_FILE_SET_CONTENTS_CONSISTENT, 0600, &why))
        return TRUE;
    g_set_error(error, MP_ERROR, MP_ERROR_STORAGE, "%s: %s", path, why->message);
    return FALSE;
}

/* Writes an entry of the archive beside the list, which says under which name, or why not. */
static gboolean
add_file(Export *export, const char *entry, const char *name, const char *refusal, GError **error)
{
    MpStore *store = export->app->store;
    g_autoptr(GError) why = NULL;
    g_autoptr(GBytes) bytes = NULL;
    gsize length = 0;
    const char *data;

    if (refusal == NULL)
        bytes = store->archive_get(store, entry, &why);
    if (why != NULL && !g_error_matches(why, MP_ERROR, MP_ERROR_INPUT)) {
        g_propagate_error(error, g_steal_pointer(&why));
        return FALSE;
    }
    add_text(export, "file", bytes == NULL ? NULL : name);
    add_text(export, "left_out", refusal != NULL ? refusal : bytes == NULL ? MP_ERASED : NULL);
    if (bytes == NULL)
        return TRUE;
    export->n_files++;
    data = g_bytes_get_data(bytes, &length);
    return write_file(export, name, data == NULL ? "" : data, (gssize)length, error);
}

#define MIXED "holds data of other people"

static gboolean
add_documents(Export *export, const MpCase *kase, GError **error)
{
    gboolean alone = mp_person_is_alone(export->person, kase);

    begin_list(export, "documents");
    for (guint i = 0; i < kase->documents->len; i++) {
        const MpCaseDocument *document = g_ptr_array_index(kase->documents, i);
        g_autofree char *entry =
            g_strconcat("doc/", document->sha256 ? document->sha256 : "", NULL);
        g_autofree char *name =
            g_strdup_printf("%s-document-%u-%s", kase->number, document->n, document->kind);

        json_builder_begin_object(export->json);
        add_cleaned(export, "filename", document->filename);
        add_text(export, "kind", document->kind);
        if (!add_file(export, entry, name, alone ? NULL : MIXED, error))
            return FALSE;
        json_builder_end_object(export->json);
    }
    json_builder_end_array(export->json);
    return TRUE;
}

static gboolean
add_case(Export *export, const MpCase *kase, GError **error)
{
    MpStore *store = export->app->store;
    g_autoptr(GPtrArray) events = store->case_events(store, kase->number, error);

    if (events == NULL)
        return FALSE;
    mp_person_set_case(export->person, kase);
    json_builder_begin_object(export->json);
    add_text(export, "number", kase->number);
    add_text(export, "service", kase->service);
    add_text(export, "state", mp_case_state_to_string(kase->state));
    add_time(export, "opened", kase->opened_utc);
    add_time(export, "closed", kase->closed_utc);
    add_text(export, "letter_number", kase->letter_number);
    add_text(export, "letter_date", kase->letter_date);
    add_cleaned(export, "letter_subject", kase->letter_subject);
    if (mp_person_is_requester(export->person, kase))
        add_text(export, "requester_address", kase->requester_address);
    for (guint i = 0; i < kase->applicants->len; i++)
        if (mp_person_is(export->person, g_ptr_array_index(kase->applicants, i)))
            add_applicant(export, g_ptr_array_index(kase->applicants, i));
    if (!add_documents(export, kase, error))
        return FALSE;
    add_events(export, kase, events);
    json_builder_end_object(export->json);
    return TRUE;
}

/* A mail that the person wrote. What it says of others stays out. */
static gboolean
add_mail(Export *export, const MpLedgerRow *row, GError **error)
{
    MpStore *store = export->app->store;
    g_autofree char *name = g_strdup_printf("mail-%" G_GINT64_FORMAT ".eml", row->id);
    g_autoptr(GError) why = NULL;
    g_autoptr(MpCase) kase =
        row->case_number == NULL ? NULL : store->case_load(store, row->case_number, &why);
    gboolean is_own = kase == NULL ? why == NULL : mp_person_is_alone(export->person, kase);

    json_builder_begin_object(export->json);
    json_builder_set_member_name(export->json, "mail");
    json_builder_add_int_value(export->json, row->id);
    add_time(export, "arrived", row->arrived_utc);
    add_text(export, "kind", row->kind);
    add_text(export, "case", row->case_number);
    if (!add_file(
            export, row->archive_name ? row->archive_name : "", name, is_own ? NULL : MIXED, error))
        return FALSE;
    json_builder_end_object(export->json);
    return TRUE;
}

/* A notice to the person: its text, without codes. */
static gboolean
add_notice(Export *export, const MpOutboxEntry *entry, GError **error)
{
    MpStore *store = export->app->store;
    g_autofree char *name = g_strdup_printf("notice-%" G_GINT64_FORMAT ".txt", entry->id);
    g_auto(GStrv) lines = g_strsplit(entry->mail->text ? entry->mail->text : "", "\n", -1);
    g_autoptr(GString) text = g_string_new(NULL);
    g_autoptr(MpCase) kase =
        entry->case_number == NULL ? NULL : store->case_load(store, entry->case_number, NULL);

    mp_person_set_case(export->person, kase);
    for (guint i = 0; lines[i] != NULL; i++) {
        g_autofree char *line = mp_person_clean(export->person, lines[i]);

        if (!g_str_has_prefix(line, "Kode:"))
            g_string_append_printf(text, "%s\n", line);
    }
    json_builder_begin_object(export->json);
    add_time(export, "made", entry->made_utc);
    add_text(export, "state", mp_outbox_state_to_string(entry->state));
    add_text(export, "case", entry->case_number);
    add_cleaned(export, "subject", entry->mail->subject);
    add_text(export, "file", name);
    json_builder_end_object(export->json);
    export->n_files++;
    return write_file(export, name, text->str, (gssize)text->len, error);
}

static gboolean
add_correspondence(Export *export, GError **error)
{
    MpStore *store = export->app->store;
    g_autoptr(GPtrArray) notices =
        g_ptr_array_new_with_free_func((GDestroyNotify)g_ptr_array_unref);

    begin_list(export, "mails");
    for (guint i = 0; i < export->person->ids->len; i++) {
        const char *id = g_ptr_array_index(export->person->ids, i);
        GPtrArray *mails = strchr(id, '@') ? store->person_mails(store, id, error) : NULL;
        GPtrArray *sent = mails == NULL ? NULL : store->person_notices(store, id, error);
        gboolean is_fine = strchr(id, '@') == NULL || sent != NULL;

        for (guint j = 0; is_fine && mails != NULL && j < mails->len; j++)
            is_fine = add_mail(export, g_ptr_array_index(mails, j), error);
        g_clear_pointer(&mails, g_ptr_array_unref);
        if (sent != NULL)
            g_ptr_array_add(notices, sent);
        if (!is_fine)
            return FALSE;
    }
    json_builder_end_array(export->json);
    begin_list(export, "notices");
    for (guint i = 0; i < notices->len; i++) {
        const GPtrArray *sent = g_ptr_array_index(notices, i);

        for (guint j = 0; j < sent->len; j++)
            if (!add_notice(export, g_ptr_array_index(sent, j), error))
                return FALSE;
    }
    json_builder_end_array(export->json);
    return TRUE;
}

static void
add_tenure(Export *export, const MpHolder *row)
{
    json_builder_begin_object(export->json);
    add_text(export, "case", row->case_number);
    add_text(export, "outcome", mp_outcome_to_string(row->outcome));
    add_text(export, "unit", row->unit);
    add_text(export, "position", row->position);
    add_text(export, "valid_from", row->valid_from);
    add_text(export, "valid_until", row->valid_until);
    json_builder_end_object(export->json);
}

static gboolean
add_register(Export *export, GError **error)
{
    MpStore *store = export->app->store;
    MpCaseApplicant who = {0};
    g_autoptr(GError) why = NULL;
    g_autoptr(MpHolder) holder = NULL;
    g_autoptr(GPtrArray) history = NULL;

    for (guint i = 0; i < export->person->ids->len; i++) {
        char *id = g_ptr_array_index(export->person->ids, i);

        if (strchr(id, '@') == NULL && strlen(id) == 18)
            who.nip = id;
        else if (strchr(id, '@') == NULL)
            who.nik = id;
    }
    if (who.nip != NULL || who.nik != NULL)
        holder = store->register_match(store, &who, &why);
    if (why != NULL) {
        g_propagate_error(error, g_steal_pointer(&why));
        return FALSE;
    }
    begin_list(export, "register");
    history = holder == NULL ? NULL : store->register_history(store, holder->id, error);
    for (guint i = 0; history != NULL && i < history->len; i++)
        add_tenure(export, g_ptr_array_index(history, i));
    json_builder_end_array(export->json);
    return holder == NULL || history != NULL;
}

static gboolean
write_all(Export *export, GError **error)
{
    g_autoptr(JsonGenerator) generator = json_generator_new();
    g_autoptr(JsonNode) root = NULL;
    g_autofree char *text = NULL;

    json_builder_begin_object(export->json);
    add_text(export, "office", export->app->setup->notify.office_name);
    add_time(export, "exported", export->app->clock->now_utc(export->app->clock));
    begin_list(export, "known_as");
    for (guint i = 0; i < export->person->ids->len; i++)
        json_builder_add_string_value(export->json, g_ptr_array_index(export->person->ids, i));
    json_builder_end_array(export->json);
    begin_list(export, "cases");
    for (guint i = 0; i < export->person->cases->len; i++)
        if (!add_case(export, g_ptr_array_index(export->person->cases, i), error))
            return FALSE;
    json_builder_end_array(export->json);
    if (!add_correspondence(export, error) || !add_register(export, error))
        return FALSE;
    json_builder_end_object(export->json);
    root = json_builder_get_root(export->json);
    json_generator_set_root(generator, root);
    json_generator_set_pretty(generator, TRUE);
    text = json_generator_to_data(generator, NULL);
    return write_file(export, "data.json", text, -1, error);
}

/* Beside cases and numbers: a mail that came from there, or went there. */
static gboolean
is_known(const MpApp *app, const MpPerson *person, gboolean *known_out, GError **error)
{
    const char *id = g_ptr_array_index(person->ids, 0);
    g_autoptr(GPtrArray) mails = NULL;
    g_autoptr(GPtrArray) notices = NULL;

    *known_out = person->cases->len > 0 || person->ids->len > 1;
    if (*known_out || strchr(id, '@') == NULL)
        return TRUE;
    mails = app->store->person_mails(app->store, id, error);
    notices = mails == NULL ? NULL : app->store->person_notices(app->store, id, error);
    if (notices == NULL)
        return FALSE;
    *known_out = mails->len + notices->len > 0;
    return TRUE;
}

int
mp_command_case_person(const MpApp *app, const char *identity, const char *dir)
{
    g_autoptr(JsonBuilder) json = json_builder_new();
    g_autoptr(GError) error = NULL;
    g_autoptr(MpPerson) person = mp_person_find(app, identity, &error);
    Export export = {.app = app, .dir = dir, .json = json, .person = person};
    g_autofree char *masked = mp_text_mask_all(identity);
    gboolean known = FALSE;

    if (person == NULL || !is_known(app, person, &known, &error))
        return mp_app_fail(error);
    if (!known) {
        g_printerr("mailproc: %s: nothing is kept about this person\n", masked);
        return mp_error_exit(MP_ERROR_INPUT);
    }
    if (mkdir(dir, 0700) != 0) {
        g_printerr("mailproc: %s: cannot be made, or stands already\n", dir);
        return 73;
    }
    if (!write_all(&export, &error))
        return mp_app_fail(error);
    g_print("%s: %u cases, %u files beside data.json\n", dir, person->cases->len, export.n_files);
    return 0;
}

/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What is known before the kind is judged: marks, the case number, the letter. */

#include "classify/classify-private.h"

#define ALL_FIELDS ((1u << MP_FIELD_N) - 1)

void
mp_reading_set_kind(MpReading *reading, const char *kind)
{
    g_free(reading->verdict->kind);
    reading->verdict->kind = g_strdup(kind);
}

void
mp_reading_doubt(MpReading *reading, const char *name)
{
    mp_text_add_once(reading->verdict->doubts, name);
}

gboolean
mp_reading_has(const MpReading *reading, const char *flag)
{
    return mp_scene_has(reading->scene, flag);
}

void
mp_reading_find_marks(MpReading *reading)
{
    g_autoptr(MpTally) tally =
        mp_rules_run(reading->rules, reading->scene, MP_TARGET_MARK, ALL_FIELDS);

    for (guint i = 0; i < tally->words->len; i++) {
        const MpFound *found = g_ptr_array_index(tally->words, i);

        if (found->sum > 0)
            mp_scene_flag(reading->scene, found->word, TRUE);
    }
    mp_tally_report(tally, NULL, reading->verdict);
}

static char *
case_of_forwards(const MpReading *reading)
{
    const char *prefix = reading->office->case_prefix;

    for (guint i = 0; i < reading->message->forwards->len; i++) {
        const MpForward *forward = g_ptr_array_index(reading->message->forwards, i);
        char *number = mp_classify_find_case(forward->subject, prefix);

        if (number == NULL)
            number = mp_classify_find_case(forward->text, prefix);
        if (number == NULL)
            number = mp_classify_find_case(forward->message_id, prefix);
        if (number != NULL)
            return number;
    }
    return NULL;
}

static char *
case_of_ids(const MpReading *reading)
{
    const char *prefix = reading->office->case_prefix;

    for (guint i = 0; i < reading->message->bounced->len; i++) {
        const MpBounced *bounced = g_ptr_array_index(reading->message->bounced, i);
        char *number = mp_classify_find_case(bounced->original_message_id, prefix);

        if (number != NULL)
            return number;
    }
    for (guint i = reading->message->references->len; i > 0; i--) {
        char *number =
            mp_classify_find_case(g_ptr_array_index(reading->message->references, i - 1), prefix);

        if (number != NULL)
            return number;
    }
    return NULL;
}

/* From the subject, else what is written, quoted or returned, else our own ids. */
void
mp_reading_find_case(MpReading *reading)
{
    const MpMessage *message = reading->message;
    const char *const texts[] = {message->subject, message->reply_text, message->quoted_text};
    char *number = NULL;

    for (gsize i = 0; number == NULL && i < G_N_ELEMENTS(texts); i++)
        number = mp_classify_find_case(texts[i], reading->office->case_prefix);
    if (number == NULL)
        number = case_of_forwards(reading);
    if (number == NULL)
        number = mp_classify_find_case(message->text, reading->office->case_prefix);
    if (number == NULL)
        number = case_of_ids(reading);
    reading->verdict->case_number = number;
    mp_scene_flag(reading->scene, "case", number != NULL);
}

/* What stands behind the first place of `part` in a text of single blanks. */
static const char *
behind(const char *text, const char *part)
{
    g_autofree char *folded = NULL;
    g_autofree char *wanted = part != NULL ? g_utf8_casefold(part, -1) : NULL;
    const char *at;

    if (wanted == NULL || wanted[0] == '\0')
        return text;
    folded = g_utf8_casefold(text, -1);
    at = strlen(folded) == strlen(text) ? strstr(folded, wanted) : NULL;
    return at != NULL ? text + (at - folded) + strlen(wanted) : text;
}

/* The text below heading and Hal. */
static char *
text_below_head(const MpDocument *document)
{
    g_autoptr(MpLetter) head = mp_document_find_letter(document->text);
    g_autofree char *line = mp_text_line(document->text);
    const char *title = behind(line, head != NULL ? head->title : NULL);
    const char *hal = behind(line, head != NULL ? head->subject : NULL);

    return g_strdup(MAX(title, hal));
}

/* The letters' text below their heads, where copied forms contradict their title. */
static char *
letter_text(const MpReading *reading)
{
    static const char *const kinds[] = {
        "surat-permohonan", "formulir-perubahan-data", "surat-rekomendasi", NULL};
    GString *out = g_string_new(NULL);

    for (guint i = 0; i < reading->documents->len; i++) {
        const MpDocument *document = g_ptr_array_index(reading->documents, i);

        if (document->is_readable && g_strv_contains(kinds, document->kind)) {
            g_autofree char *text = text_below_head(document);

            g_string_append_printf(out, "%s\n", text);
        }
    }
    return g_string_free(out, FALSE);
}

void
mp_reading_set_letter(MpReading *reading)
{
    MpScene *scene = reading->scene;
    g_autofree char *text = letter_text(reading);
    gboolean is_unread = FALSE;

    mp_classify_find_letter(reading->verdict, reading->message, reading->documents);
    mp_scene_set(scene, MP_FIELD_HAL, reading->verdict->letter->subject);
    mp_scene_set(scene, MP_FIELD_TITLE, reading->verdict->letter->title);
    mp_scene_set(scene, MP_FIELD_LETTER, text);
    for (guint i = 0; i < reading->documents->len; i++) {
        const MpDocument *document = g_ptr_array_index(reading->documents, i);

        is_unread = is_unread || !document->is_readable;
        mp_scene_flag(scene, document->kind, TRUE);
        if (g_str_has_prefix(document->kind, "surat-permohonan") ||
            strcmp(document->kind, "surat-rekomendasi") == 0 ||
            strcmp(document->kind, "formulir-perubahan-data") == 0)
            mp_scene_flag(scene, "letter", TRUE);
    }
    mp_scene_flag(scene, "documents", reading->documents->len > 0);
    mp_scene_flag(scene, "unread", is_unread);
    mp_scene_flag(scene, "letter-number", reading->verdict->letter->number != NULL);
}

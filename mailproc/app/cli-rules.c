/* SPDX-License-Identifier: GPL-3.0-or-later */

/* `rules test`: an office's own corpus (mails and expected.jsonl) read and scored field by field,
 * the worst mails first, so that a rule can be tuned without touching C. */

#include "app/commands.h"

#include <json-glib/json-glib.h>

enum { MAX_CORPUS_BYTES = 64 * 1024 * 1024, WORST_SHOWN = 20 };

typedef struct {
    const char *name;
    guint n, good;
} Field;

typedef struct {
    char *file;
    GPtrArray *wrong; /* char *: "kind: want request, got other" */
} Mail;

typedef struct {
    MpPlanner planner;
    MpApp *app;
    GHashTable *fields; /* name → Field */
    GPtrArray *order;   /* Field, borrowed */
    GPtrArray *mails;   /* Mail */
} Scoring;

static void
mail_free(gpointer data)
{
    Mail *mail = data;

    g_free(mail->file);
    g_ptr_array_unref(mail->wrong);
    g_free(mail);
}

static const char *
text_of(JsonObject *object, const char *name)
{
    JsonNode *node = object == NULL ? NULL : json_object_get_member(object, name);

    return node == NULL || json_node_get_value_type(node) != G_TYPE_STRING
               ? NULL
               : json_node_get_string(node);
}

/* Blanks and capitals do not matter. */
static char *
squash(const char *text)
{
    g_autofree char *folded = g_utf8_casefold(text == NULL ? "" : text, -1);
    GString *out = g_string_new(NULL);

    for (const char *p = folded; *p != '\0'; p = g_utf8_next_char(p))
        if (!g_unichar_isspace(g_utf8_get_char(p)))
            g_string_append_unichar(out, g_utf8_get_char(p));
    return g_string_free(out, FALSE);
}

static void
count(Scoring *scoring, Mail *mail, const char *name, const char *want, const char *got)
{
    g_autofree char *x = squash(want);
    g_autofree char *y = squash(got);
    Field *field = g_hash_table_lookup(scoring->fields, name);
    gboolean good = strcmp(x, y) == 0;

    if (field == NULL) {
        field = g_new0(Field, 1);
        field->name = name;
        g_hash_table_insert(scoring->fields, (gpointer)name, field);
        g_ptr_array_add(scoring->order, field);
    }
    field->n++;
    field->good += good;
    if (!good)
        g_ptr_array_add(
            mail->wrong,
            g_strdup_printf("%s: want «%s», got «%s»", name, want ? want : "", got ? got : ""));
}

static gint
by_text(gconstpointer a, gconstpointer b)
{
    return g_strcmp0(*(const char *const *)a, *(const char *const *)b);
}

/* Lists as one sorted text, so that order does not matter. */
static char *
join_sorted(GPtrArray *texts)
{
    g_ptr_array_sort(texts, by_text);
    g_ptr_array_add(texts, NULL);
    return g_strjoinv("; ", (char **)texts->pdata);
}

static char *
wanted_members(JsonObject *truth, const char *list, const char *first, const char *second)
{
    g_autoptr(GPtrArray) texts = g_ptr_array_new_with_free_func(g_free);
    JsonArray *array = json_object_has_member(truth, list) &&
                               JSON_NODE_HOLDS_ARRAY(json_object_get_member(truth, list))
                           ? json_object_get_array_member(truth, list)
                           : NULL;

    for (guint i = 0; array != NULL && i < json_array_get_length(array); i++) {
        JsonNode *node = json_array_get_element(array, i);
        JsonObject *object = JSON_NODE_HOLDS_OBJECT(node) ? json_node_get_object(node) : NULL;
        const char *a = object == NULL ? json_node_get_string(node) : text_of(object, first);
        const char *b = object == NULL || second == NULL ? NULL : text_of(object, second);

        g_ptr_array_add(texts, g_strdup_printf("%s%s%s", a ? a : "", b ? "=" : "", b ? b : ""));
    }
    return join_sorted(texts);
}

static char *
people(JsonObject *truth)
{
    g_autoptr(GPtrArray) texts = g_ptr_array_new_with_free_func(g_free);
    JsonArray *array = json_object_has_member(truth, "applicants")
                           ? json_object_get_array_member(truth, "applicants")
                           : NULL;

    for (guint i = 0; array != NULL && i < json_array_get_length(array); i++) {
        JsonObject *one = json_array_get_object_element(array, i);
        g_autofree char *name = mp_text_fold_name(text_of(one, "name"));

        g_ptr_array_add(texts,
                        g_strdup_printf("%s/%s/%s/%s",
                                        name,
                                        text_of(one, "nip") ? text_of(one, "nip") : "",
                                        text_of(one, "nik") ? text_of(one, "nik") : "",
                                        text_of(one, "email") ? text_of(one, "email") : ""));
    }
    return join_sorted(texts);
}

static char *
read_people(const MpVerdict *verdict)
{
    g_autoptr(GPtrArray) texts = g_ptr_array_new_with_free_func(g_free);

    for (guint i = 0; i < verdict->applicants->len; i++) {
        const MpApplicant *one = g_ptr_array_index(verdict->applicants, i);
        g_autofree char *name = mp_text_fold_name(one->name);

        g_ptr_array_add(texts,
                        g_strdup_printf("%s/%s/%s/%s",
                                        name,
                                        one->nip ? one->nip : "",
                                        one->nik ? one->nik : "",
                                        one->email ? one->email : ""));
    }
    return join_sorted(texts);
}

static char *
read_documents(const MpFacts *facts)
{
    g_autoptr(GPtrArray) texts = g_ptr_array_new_with_free_func(g_free);

    for (guint i = 0; i < facts->documents->len; i++) {
        const MpDocument *one = g_ptr_array_index(facts->documents, i);

        g_ptr_array_add(texts, g_strdup_printf("%s=%s", one->filename, one->kind));
    }
    return join_sorted(texts);
}

static char *
read_commands(const MpPlanner *planner, const MpFacts *facts)
{
    MpCommands *commands = mp_plan_commands(planner, facts);
    g_autoptr(GPtrArray) texts = g_ptr_array_new_with_free_func(g_free);

    for (guint i = 0; i < commands->commands->len; i++)
        g_ptr_array_add(
            texts, g_strdup(((const MpCommand *)g_ptr_array_index(commands->commands, i))->verb));
    mp_commands_free(commands);
    return join_sorted(texts);
}

static char *
read_missing(const MpPlanner *planner, const MpFacts *facts)
{
    g_autoptr(GPtrArray) missing = mp_plan_missing(planner, facts);

    return join_sorted(missing);
}

static void
compare(Scoring *scoring, Mail *mail, JsonObject *truth, const MpFacts *facts)
{
    const MpVerdict *verdict = facts->verdict;
    JsonObject *letter = json_object_has_member(truth, "letter")
                             ? json_object_get_object_member(truth, "letter")
                             : NULL;
    const char *kind = text_of(truth, "kind");
    g_autofree char *want_people = people(truth);
    g_autofree char *got_people = read_people(verdict);
    g_autofree char *want_documents = wanted_members(truth, "documents", "filename", "kind");
    g_autofree char *got_documents = read_documents(facts);
    g_autofree char *want_commands = wanted_members(truth, "commands", "verb", NULL);
    g_autofree char *got_commands = read_commands(&scoring->planner, facts);
    g_autofree char *want_missing = wanted_members(truth, "missing", NULL, NULL);
    g_autofree char *got_missing = read_missing(&scoring->planner, facts);

    count(scoring, mail, "kind", kind, verdict->kind);
    count(scoring, mail, "service", text_of(truth, "service"), verdict->service);
    count(scoring, mail, "letter number", text_of(letter, "number"), verdict->letter->number);
    count(scoring, mail, "letter date", text_of(letter, "date"), verdict->letter->date);
    count(scoring, mail, "applicants", want_people, got_people);
    count(scoring, mail, "documents", want_documents, got_documents);
    count(scoring, mail, "commands", want_commands, got_commands);
    count(scoring, mail, "case", text_of(truth, "case"), verdict->case_number);
    if (g_strcmp0(kind, "request") == 0 &&
        !JSON_NODE_HOLDS_NULL(json_object_get_member(truth, "missing")))
        count(scoring, mail, "missing", want_missing, got_missing);
    if (text_of(truth, "reply_text") != NULL)
        count(
            scoring, mail, "reply text", text_of(truth, "reply_text"), facts->message->reply_text);
    count(scoring, mail, "outcome", text_of(truth, "outcome"), verdict->outcome);
}

static gboolean
score_line(Scoring *scoring, const char *dir, const char *line, GError **error)
{
    g_autoptr(JsonParser) parser = json_parser_new();
    g_autofree char *path = NULL;
    g_autofree char *bytes = NULL;
    g_autoptr(GBytes) raw = NULL;
    g_autoptr(MpFacts) facts = NULL;
    g_autoptr(GError) local = NULL;
    Mail *mail;
    JsonObject *truth;
    gsize length = 0;

    if (!json_parser_load_from_data(parser, line, -1, error))
        return FALSE;
    if (!JSON_NODE_HOLDS_OBJECT(json_parser_get_root(parser)) ||
        text_of(json_node_get_object(json_parser_get_root(parser)), "file") == NULL) {
        g_set_error(error, MP_ERROR, MP_ERROR_INPUT, "expected.jsonl: a line names no file");
        return FALSE;
    }
    truth = json_node_get_object(json_parser_get_root(parser));
    path = g_build_filename(dir, text_of(truth, "file"), NULL);
    if (!mp_files_read(path, MAX_CORPUS_BYTES, &bytes, &length, error))
        return FALSE;
    raw = g_bytes_new_take(g_steal_pointer(&bytes), length);
    mail = g_new0(Mail, 1);
    mail->file = g_strdup(text_of(truth, "file"));
    mail->wrong = g_ptr_array_new_with_free_func(g_free);
    g_ptr_array_add(scoring->mails, mail);
    facts = mp_reader_read(scoring->app->reader, raw, &local);
    if (facts == NULL)
        count(scoring, mail, "kind", text_of(truth, "kind"), "unreadable");
    else
        compare(scoring, mail, truth, facts);
    return TRUE;
}

static gint
worst_first(gconstpointer a, gconstpointer b)
{
    const Mail *x = *(const Mail *const *)a;
    const Mail *y = *(const Mail *const *)b;

    return (gint)y->wrong->len - (gint)x->wrong->len;
}

static void
print_scores(Scoring *scoring)
{
    for (guint i = 0; i < scoring->order->len; i++) {
        const Field *field = g_ptr_array_index(scoring->order, i);

        g_print("%-14s %5.1f %%  %u of %u\n",
                field->name,
                100.0 * field->good / field->n,
                field->good,
                field->n);
    }
    g_ptr_array_sort(scoring->mails, worst_first);
    for (guint i = 0; i < MIN(scoring->mails->len, WORST_SHOWN); i++) {
        const Mail *mail = g_ptr_array_index(scoring->mails, i);

        for (guint j = 0; j < mail->wrong->len; j++) {
            g_autofree char *masked = mp_text_mask_all(g_ptr_array_index(mail->wrong, j));

            g_print("%s  %s\n", mail->file, masked);
        }
    }
    g_print("%u mails\n", scoring->mails->len);
}

static int
test_rules(const MpGlobalOptions *options, const char *dir)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(MpApp) app = mp_app_open(options, &error);
    g_autofree char *path = g_build_filename(dir, "expected.jsonl", NULL);
    g_autofree char *bytes = NULL;
    g_auto(GStrv) lines = NULL;
    g_autoptr(GHashTable) fields = g_hash_table_new_full(g_str_hash, g_str_equal, NULL, g_free);
    g_autoptr(GPtrArray) order = g_ptr_array_new();
    g_autoptr(GPtrArray) mails = g_ptr_array_new_with_free_func(mail_free);
    Scoring scoring = {.app = app, .fields = fields, .order = order, .mails = mails};
    gsize length = 0;

    if (app == NULL || !mp_files_read(path, MAX_CORPUS_BYTES, &bytes, &length, &error))
        return mp_app_fail(error);
    scoring.planner = (MpPlanner){.setup = app->setup,
                                  .random = app->random,
                                  .now_utc = app->clock->now_utc(app->clock),
                                  .is_dry = TRUE};
    lines = g_strsplit(bytes, "\n", -1);
    for (guint i = 0; lines[i] != NULL; i++)
        if (lines[i][0] != '\0' && !score_line(&scoring, dir, lines[i], &error))
            return mp_app_fail(error);
    print_scores(&scoring);
    return 0;
}

int
mp_command_rules(const MpGlobalOptions *options, int argc, char **argv)
{
    const GOptionEntry entries[] = {G_OPTION_ENTRY_NULL};
    int code = 0;

    if (!mp_app_parse(mp_command_row("rules"), entries, &argc, &argv, &code))
        return code;
    if (argc != 3 || strcmp(argv[1], "test") != 0)
        return mp_cli_usage("rules", "test DIR");
    return test_rules(options, argv[2]);
}

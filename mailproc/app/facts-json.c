/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The codec of facts. Each struct is a table of members, and one walk writes and one walk reads by
 * these tables, so that no member can go out and not come back. Reading believes nothing: every
 * text is cleaned again, lists and texts have bounds, words of closed lists must be known. */

#include "app/facts-private.h"

#include <json-glib/json-glib.h>

#define MAX_BYTES_FIXED (32 * 1024 * 1024)
#define MAX_LINE (128 * 1024)
#define MAX_ITEMS 10000
#define MAX_DEPTH 16

static void write_shape(JsonBuilder *builder, const MpFactShape *shape, gconstpointer data);

/* json-glib wants valid UTF-8; addresses are raw bytes of the mail. */
static void
write_text(JsonBuilder *builder, const char *text)
{
    g_autofree char *valid = text != NULL ? g_utf8_make_valid(text, -1) : NULL;

    if (valid == NULL)
        json_builder_add_null_value(builder);
    else
        json_builder_add_string_value(builder, valid);
}

static void
write_list(JsonBuilder *builder, const MpFactMember *member, const GPtrArray *list)
{
    json_builder_begin_array(builder);
    for (guint i = 0; list != NULL && i < list->len; i++) {
        if (member->type == MP_FACT_LINES)
            write_text(builder, g_ptr_array_index(list, i));
        else
            write_shape(builder, member->shape, g_ptr_array_index(list, i));
    }
    json_builder_end_array(builder);
}

static void
write_member(JsonBuilder *builder, const MpFactMember *member, gconstpointer at)
{
    switch (member->type) {
    case MP_FACT_LINE:
    case MP_FACT_TEXT:
    case MP_FACT_WORD:
        write_text(builder, *(char *const *)at);
        break;
    case MP_FACT_FLAG:
        json_builder_add_boolean_value(builder, *(const gboolean *)at);
        break;
    case MP_FACT_INTEGER:
        json_builder_add_int_value(builder, *(const int *)at);
        break;
    case MP_FACT_COUNT:
        json_builder_add_int_value(builder, *(const guint *)at);
        break;
    case MP_FACT_SIZE:
        json_builder_add_int_value(builder, (gint64) * (const gsize *)at);
        break;
    case MP_FACT_INSTANT:
        json_builder_add_int_value(builder, *(const gint64 *)at);
        break;
    case MP_FACT_CHOICE:
        json_builder_add_string_value(builder, member->to_name(*(const int *)at));
        break;
    case MP_FACT_LINES:
    case MP_FACT_ITEMS:
        write_list(builder, member, *(GPtrArray *const *)at);
        break;
    case MP_FACT_ITEM:
        write_shape(builder, member->shape, *(const void *const *)at);
        break;
    }
}

static void
write_shape(JsonBuilder *builder, const MpFactShape *shape, gconstpointer data)
{
    if (data == NULL) {
        json_builder_add_null_value(builder);
        return;
    }
    json_builder_begin_object(builder);
    for (gsize i = 0; i < shape->n_members; i++) {
        json_builder_set_member_name(builder, shape->members[i].name);
        write_member(builder, &shape->members[i], (const char *)data + shape->members[i].offset);
    }
    json_builder_end_object(builder);
}

char *
mp_facts_to_json(const MpFacts *facts)
{
    g_autoptr(JsonBuilder) builder = json_builder_new();
    g_autoptr(JsonNode) root = NULL;

    g_return_val_if_fail(facts != NULL, NULL);
    write_shape(builder, &mp_facts_shape, facts);
    root = json_builder_get_root(builder);
    return json_to_string(root, FALSE);
}

typedef struct {
    const MpLimits *limits;
    gsize max_text; /* bytes */
} Bounds;

static gboolean read_shape(
    JsonNode *node, const MpFactShape *shape, gpointer data, const Bounds *bounds, GError **error);

static gboolean
refuse(GError **error, MpErrorCode code, const char *name, const char *what)
{
    g_set_error(error, MP_ERROR, code, "facts: %s: %s", name, what);
    return FALSE;
}

/* NULL stays NULL; anything but a text within its bound is refused. */
static gboolean
read_text(JsonNode *node,
          const MpFactMember *member,
          const Bounds *bounds,
          char **text_out,
          GError **error)
{
    const char *text;
    gsize max = member->type == MP_FACT_TEXT ? bounds->max_text : MAX_LINE;

    if (JSON_NODE_HOLDS_NULL(node)) {
        g_clear_pointer(text_out, g_free);
        return TRUE;
    }
    if (!JSON_NODE_HOLDS_VALUE(node) || json_node_get_value_type(node) != G_TYPE_STRING)
        return refuse(error, MP_ERROR_INPUT, member->name, "no text");
    text = json_node_get_string(node);
    if (strlen(text) > max)
        return refuse(error, MP_ERROR_LIMIT, member->name, "text is too long");
    g_free(*text_out);
    *text_out = member->type == MP_FACT_TEXT ? mp_text_clean(text, -1) : mp_text_line(text);
    return TRUE;
}

static gboolean
read_word(JsonNode *node,
          const MpFactMember *member,
          const Bounds *bounds,
          char **text_out,
          GError **error)
{
    g_autofree char *word = NULL;

    if (!read_text(node, member, bounds, &word, error))
        return FALSE;
    if (word != NULL && !g_strv_contains(member->words, word))
        return refuse(error, MP_ERROR_INPUT, member->name, "unknown word");
    if (word == NULL && strcmp(member->name, "kind") == 0)
        return refuse(error, MP_ERROR_INPUT, member->name, "missing");
    g_free(*text_out);
    *text_out = g_steal_pointer(&word);
    return TRUE;
}

static gboolean
read_integer(JsonNode *node,
             const MpFactMember *member,
             gint64 least,
             gint64 most,
             gint64 *value_out,
             GError **error)
{
    gint64 value;

    if (!JSON_NODE_HOLDS_VALUE(node) || json_node_get_value_type(node) != G_TYPE_INT64)
        return refuse(error, MP_ERROR_INPUT, member->name, "no whole number");
    value = json_node_get_int(node);
    if (value < least || value > most)
        return refuse(error, MP_ERROR_LIMIT, member->name, "number is out of range");
    *value_out = value;
    return TRUE;
}

static gboolean
read_choice(JsonNode *node, const MpFactMember *member, int *value_out, GError **error)
{
    const char *name;

    if (!JSON_NODE_HOLDS_VALUE(node) || json_node_get_value_type(node) != G_TYPE_STRING)
        return refuse(error, MP_ERROR_INPUT, member->name, "no text");
    name = json_node_get_string(node);
    for (int i = 0; i < member->n_choices; i++) {
        if (strcmp(member->to_name(i), name) == 0) {
            *value_out = i;
            return TRUE;
        }
    }
    return refuse(error, MP_ERROR_INPUT, member->name, "unknown word");
}

static gboolean
read_item(JsonNode *node,
          const MpFactMember *member,
          const Bounds *bounds,
          gpointer *item_out,
          GError **error)
{
    const MpFactShape *shape = member->shape;
    gpointer item;

    if (shape->make == NULL) /* a part that is always there */
        return read_shape(node, shape, *item_out, bounds, error);
    if (JSON_NODE_HOLDS_NULL(node))
        return TRUE;
    item = shape->make();
    if (!read_shape(node, shape, item, bounds, error)) {
        shape->release(item);
        return FALSE;
    }
    if (*item_out != NULL)
        shape->release(*item_out);
    *item_out = item;
    return TRUE;
}

static gboolean
read_list(JsonNode *node,
          const MpFactMember *member,
          const Bounds *bounds,
          GPtrArray *list,
          GError **error)
{
    JsonArray *array;

    if (!JSON_NODE_HOLDS_ARRAY(node))
        return refuse(error, MP_ERROR_INPUT, member->name, "no list");
    array = json_node_get_array(node);
    if (json_array_get_length(array) > MAX_ITEMS)
        return refuse(error, MP_ERROR_LIMIT, member->name, "list is too long");
    g_ptr_array_set_size(list, 0);
    for (guint i = 0; i < json_array_get_length(array); i++) {
        JsonNode *child = json_array_get_element(array, i);
        gpointer item = NULL;

        if (member->type == MP_FACT_LINES) {
            char *line = NULL;

            if (!read_text(child, member, bounds, &line, error))
                return FALSE;
            item = line;
        } else if (!read_item(child, member, bounds, &item, error)) {
            return FALSE;
        }
        if (item == NULL)
            return refuse(error, MP_ERROR_INPUT, member->name, "null in a list");
        g_ptr_array_add(list, item);
    }
    return TRUE;
}

static gboolean
read_number(JsonNode *node, const MpFactMember *member, gpointer at, GError **error)
{
    gint64 value = 0;

    if (member->type == MP_FACT_INTEGER &&
        read_integer(node, member, -100000, 100000, &value, error))
        *(int *)at = (int)value;
    else if (member->type == MP_FACT_COUNT && read_integer(node, member, 0, 1000000, &value, error))
        *(guint *)at = (guint)value;
    else if (member->type == MP_FACT_SIZE &&
             read_integer(node, member, 0, G_MAXINT32, &value, error))
        *(gsize *)at = (gsize)value;
    else if (member->type == MP_FACT_INSTANT &&
             read_integer(node, member, G_MININT64, G_MAXINT64, &value, error))
        *(gint64 *)at = value;
    else
        return FALSE;
    return TRUE;
}

static gboolean
read_member(
    JsonNode *node, const MpFactMember *member, gpointer at, const Bounds *bounds, GError **error)
{
    switch (member->type) {
    case MP_FACT_LINE:
    case MP_FACT_TEXT:
        return read_text(node, member, bounds, at, error);
    case MP_FACT_WORD:
        return read_word(node, member, bounds, at, error);
    case MP_FACT_FLAG:
        if (!JSON_NODE_HOLDS_VALUE(node) || json_node_get_value_type(node) != G_TYPE_BOOLEAN)
            return refuse(error, MP_ERROR_INPUT, member->name, "no truth value");
        *(gboolean *)at = json_node_get_boolean(node);
        return TRUE;
    case MP_FACT_INTEGER:
    case MP_FACT_COUNT:
    case MP_FACT_SIZE:
    case MP_FACT_INSTANT:
        return read_number(node, member, at, error);
    case MP_FACT_CHOICE:
        return read_choice(node, member, at, error);
    case MP_FACT_LINES:
    case MP_FACT_ITEMS:
        return read_list(node, member, bounds, *(GPtrArray **)at, error);
    case MP_FACT_ITEM:
        return read_item(node, member, bounds, at, error);
    }
    return FALSE;
}

/* Every member must be there: both ends are the same program. */
static gboolean
read_shape(
    JsonNode *node, const MpFactShape *shape, gpointer data, const Bounds *bounds, GError **error)
{
    JsonObject *object;

    if (!JSON_NODE_HOLDS_OBJECT(node))
        return refuse(error, MP_ERROR_INPUT, "object", "missing");
    object = json_node_get_object(node);
    for (gsize i = 0; i < shape->n_members; i++) {
        const MpFactMember *member = &shape->members[i];
        JsonNode *child = json_object_get_member(object, member->name);

        if (child == NULL)
            return refuse(error, MP_ERROR_INPUT, member->name, "missing");
        if (!read_member(child, member, (char *)data + member->offset, bounds, error))
            return FALSE;
    }
    return TRUE;
}

/* json-glib reads nested values by recursion without a bound of its own. */
static gboolean
is_shallow(const char *json, gsize length)
{
    gboolean in_string = FALSE;
    int depth = 0;

    for (gsize i = 0; i < length; i++) {
        if (in_string && json[i] == '\\')
            i++;
        else if (json[i] == '"')
            in_string = !in_string;
        else if (!in_string && (json[i] == '[' || json[i] == '{') && ++depth > MAX_DEPTH)
            return FALSE;
        else if (!in_string && (json[i] == ']' || json[i] == '}'))
            depth--;
    }
    return TRUE;
}

MpFacts *
mp_facts_from_json(const char *json, gssize length, const MpLimits *limits, GError **error)
{
    MpLimits defaults = mp_limits_default();
    Bounds bounds = {limits != NULL ? limits : &defaults, 0};
    g_autoptr(JsonParser) parser = json_parser_new_immutable();
    g_autoptr(MpFacts) facts = mp_facts_new();
    g_autoptr(GError) cause = NULL;
    gsize bytes = length < 0 ? strlen(json) : (gsize)length;

    bounds.max_text = 4 * (gsize)bounds.limits->text_chars + MAX_LINE;
    if (bytes > MAX_BYTES_FIXED + 8 * bounds.max_text) {
        refuse(error, MP_ERROR_LIMIT, "object", "too long");
        return NULL;
    }
    if (!is_shallow(json, bytes)) {
        refuse(error, MP_ERROR_LIMIT, "object", "nested too deep");
        return NULL;
    }
    if (!json_parser_load_from_data(parser, json, (gssize)bytes, &cause)) {
        refuse(error, MP_ERROR_INPUT, "object", cause->message);
        return NULL;
    }
    if (json_parser_get_root(parser) == NULL) {
        refuse(error, MP_ERROR_INPUT, "object", "missing");
        return NULL;
    }
    if (!read_shape(json_parser_get_root(parser), &mp_facts_shape, facts, &bounds, error))
        return NULL;
    return g_steal_pointer(&facts);
}

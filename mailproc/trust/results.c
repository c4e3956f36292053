/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Authentication-Results, RFC 8601 section 2.2, by hand: a cursor over the value, comments skipped
 * wherever CFWS may stand. Two liberties that real servers need: a value runs to the next blank,
 * `;` or `(` (base64 and addresses hold `=` and `/`), and `name=value` without a ptype is read over
 * (Exchange writes `action=none`). Everything else that is not in the grammar makes the whole field
 * worthless, because a field that was cut or stuffed may say the opposite of what it said. */

#include "trust/trust-private.h"

#define MAX_NESTING 16
#define MAX_METHODS 100
#define MAX_PROPERTIES 100

static void
property_free(gpointer data)
{
    MpAuthProperty *property = data;

    g_free(property->key);
    g_free(property->value);
    g_free(property);
}

static void
method_free(gpointer data)
{
    MpAuthMethod *method = data;

    g_free(method->method);
    g_free(method->result);
    g_ptr_array_unref(method->properties);
    g_free(method);
}

void
mp_trust_results_free(MpAuthResults *results)
{
    if (results == NULL)
        return;
    g_free(results->authserv_id);
    g_ptr_array_unref(results->methods);
    g_free(results);
}

static gboolean
is_blank(char c)
{
    return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

/* Blanks and comments; FALSE when a comment never closes or nests too deep. */
static gboolean
skip_cfws(const char **cursor)
{
    const char *at = *cursor;
    guint depth = 0;

    for (; *at != '\0'; at++) {
        if (depth > 0 && *at == '\\' && at[1] != '\0')
            at++;
        else if (*at == '(') {
            if (++depth > MAX_NESTING)
                return FALSE;
        } else if (*at == ')' && depth > 0)
            depth--;
        else if (depth == 0 && !is_blank(*at))
            break;
    }
    *cursor = at;
    return depth == 0;
}

/* Letters, digits and dashes, lower-cased; NULL when there is none. */
static char *
read_keyword(const char **cursor)
{
    const char *start = *cursor;

    while (g_ascii_isalnum(**cursor) || **cursor == '-' || **cursor == '_')
        (*cursor)++;
    return *cursor == start ? NULL : g_ascii_strdown(start, *cursor - start);
}

static gboolean
read_quoted(const char **cursor, GString *out)
{
    const char *at = *cursor + 1;

    for (; *at != '\0' && *at != '"'; at++) {
        if (*at == '\\' && at[1] != '\0')
            at++;
        g_string_append_c(out, *at);
    }
    if (*at != '"')
        return FALSE;
    *cursor = at + 1;
    return TRUE;
}

/* token, quoted-string, or [[local-part]"@"]domain; NULL when empty or never closed. */
static char *
read_value(const char **cursor)
{
    g_autoptr(GString) out = g_string_new(NULL);
    gboolean is_quoted = **cursor == '"';

    if (is_quoted && !read_quoted(cursor, out))
        return NULL;
    while (**cursor != '\0' && !is_blank(**cursor) && strchr(";(),\"", **cursor) == NULL)
        g_string_append_c(out, *(*cursor)++);
    if (out->len == 0 && !is_quoted)
        return NULL;
    return g_string_free(g_steal_pointer(&out), FALSE);
}

/* `"=" value`, blanks and comments around it. */
static char *
read_assigned(const char **cursor)
{
    if (!skip_cfws(cursor) || **cursor != '=')
        return NULL;
    (*cursor)++;
    return skip_cfws(cursor) ? read_value(cursor) : NULL;
}

/* `ptype.property=value`, `reason=value` or a bare `name=value`; only the first is kept. */
static gboolean
read_property(const char **cursor, MpAuthMethod *method)
{
    g_autofree char *type = read_keyword(cursor);
    g_autofree char *name = NULL;
    g_autofree char *value = NULL;
    MpAuthProperty *property;

    if (type == NULL || method->properties->len >= MAX_PROPERTIES || !skip_cfws(cursor))
        return FALSE;
    if (**cursor == '.') {
        (*cursor)++;
        if (!skip_cfws(cursor) || (name = read_keyword(cursor)) == NULL)
            return FALSE;
    }
    value = read_assigned(cursor);
    if (value == NULL || name == NULL)
        return value != NULL;
    property = g_new0(MpAuthProperty, 1);
    property->key = g_strconcat(type, ".", name, NULL);
    property->value = g_steal_pointer(&value);
    g_ptr_array_add(method->properties, property);
    return TRUE;
}

/* Everything between two semicolons. "none" stands for no results at all. */
static gboolean
read_method(const char **cursor, GPtrArray *methods)
{
    g_autofree char *name = NULL;
    g_autofree char *version = NULL;
    g_autofree char *result = NULL;
    MpAuthMethod *method;

    if (!skip_cfws(cursor))
        return FALSE;
    if (**cursor == '\0' || **cursor == ';') /* `;` at the end: written by several servers */
        return TRUE;
    name = read_keyword(cursor);
    if (name == NULL || methods->len >= MAX_METHODS || !skip_cfws(cursor))
        return FALSE;
    if (strcmp(name, "none") == 0 && **cursor != '=')
        return **cursor == '\0' && methods->len == 0;
    if (**cursor == '/') {
        (*cursor)++;
        if (!skip_cfws(cursor) || (version = read_keyword(cursor)) == NULL ||
            strcmp(version, "1") != 0)
            return FALSE;
    }
    result = read_assigned(cursor);
    if (result == NULL)
        return FALSE;
    method = g_new0(MpAuthMethod, 1);
    method->method = g_steal_pointer(&name);
    method->result = g_ascii_strdown(result, -1);
    method->properties = g_ptr_array_new_with_free_func(property_free);
    g_ptr_array_add(methods, method);
    for (;;) {
        if (!skip_cfws(cursor))
            return FALSE;
        if (**cursor == '\0' || **cursor == ';')
            return TRUE;
        if (!read_property(cursor, method))
            return FALSE;
    }
}

/* authserv-id and, if there is one, the version, which must be 1. */
static char *
read_head(const char **cursor)
{
    g_autofree char *id = NULL;
    g_autofree char *lower = NULL;

    if (!skip_cfws(cursor) || (id = read_value(cursor)) == NULL || !skip_cfws(cursor))
        return NULL;
    if (**cursor != '\0' && **cursor != ';') {
        g_autofree char *version = read_keyword(cursor);

        if (version == NULL || strcmp(version, "1") != 0 || !skip_cfws(cursor))
            return NULL;
    }
    lower = g_ascii_strdown(id, -1);
    if (g_str_has_suffix(lower, "."))
        lower[strlen(lower) - 1] = '\0';
    /* A field without an id begins with a method: `dkim=pass …`. */
    if (lower[0] == '\0' || strchr(lower, '=') != NULL)
        return NULL;
    return g_steal_pointer(&lower);
}

MpAuthResults *
mp_trust_parse_results(const char *value)
{
    g_autoptr(MpAuthResults) results = g_new0(MpAuthResults, 1);
    const char *cursor = value;

    g_return_val_if_fail(value != NULL, NULL);
    results->methods = g_ptr_array_new_with_free_func(method_free);
    results->authserv_id = read_head(&cursor);
    if (results->authserv_id == NULL)
        return NULL;
    while (*cursor == ';') {
        cursor++;
        if (!read_method(&cursor, results->methods))
            return NULL;
    }
    return *cursor == '\0' ? g_steal_pointer(&results) : NULL;
}

const char *
mp_trust_property(const MpAuthMethod *method, const char *key)
{
    for (guint i = 0; i < method->properties->len; i++) {
        const MpAuthProperty *property = g_ptr_array_index(method->properties, i);

        if (strcmp(property->key, key) == 0)
            return property->value;
    }
    return NULL;
}

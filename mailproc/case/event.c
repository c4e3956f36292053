/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Events as values, and the canonical bytes of their data. */

#include "case/case-private.h"

static const char *const kind_names[] = {
#define X(id, name) name,
    MP_EVENT_KINDS(X)
#undef X
};

const char *
mp_event_kind_to_string(MpEventKind kind)
{
    return (guint)kind < MP_EVENT_KIND_N ? kind_names[kind] : "note";
}

gboolean
mp_event_kind_from_string(const char *name, MpEventKind *kind_out)
{
    for (guint i = 0; name != NULL && i < MP_EVENT_KIND_N; i++) {
        if (strcmp(kind_names[i], name) == 0) {
            *kind_out = (MpEventKind)i;
            return TRUE;
        }
    }
    return FALSE;
}

MpEvent *
mp_event_new(const char *kind, gint64 at_utc)
{
    MpEvent *event = g_new0(MpEvent, 1);

    event->kind = g_strdup(kind);
    event->at_utc = at_utc;
    event->data = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
    return event;
}

void
mp_event_free(MpEvent *event)
{
    if (event == NULL)
        return;
    g_free(event->kind);
    g_free(event->actor);
    g_free(event->address);
    g_free(event->from_step);
    g_free(event->to_step);
    g_free(event->rule);
    g_free(event->note);
    g_hash_table_unref(event->data);
    g_free(event);
}

MpEvent *
mp_event_copy(const MpEvent *event)
{
    MpEvent *copy = mp_event_new(event->kind, event->at_utc);
    GHashTableIter iter;
    gpointer key, value;

    copy->seq = event->seq;
    copy->actor = g_strdup(event->actor);
    copy->address = g_strdup(event->address);
    copy->trust = event->trust;
    copy->mail = event->mail;
    copy->from_step = g_strdup(event->from_step);
    copy->to_step = g_strdup(event->to_step);
    copy->rule = g_strdup(event->rule);
    copy->note = g_strdup(event->note);
    g_hash_table_iter_init(&iter, event->data);
    while (g_hash_table_iter_next(&iter, &key, &value))
        g_hash_table_insert(copy->data, g_strdup(key), g_strdup(value));
    return copy;
}

void
mp_event_set(MpEvent *event, const char *key, const char *value)
{
    if (value != NULL)
        g_hash_table_replace(event->data, g_strdup(key), g_strdup(value));
}

const char *
mp_event_get(const MpEvent *event, const char *key)
{
    return g_hash_table_lookup(event->data, key);
}

static void
append_escaped(GString *out, const char *text)
{
    for (const char *p = text; *p != '\0'; p++) {
        if (*p == '\\')
            g_string_append(out, "\\\\");
        else if (*p == '\n')
            g_string_append(out, "\\n");
        else if (*p == '\r')
            g_string_append(out, "\\r");
        else
            g_string_append_c(out, *p);
    }
}

static gint
compare_keys(gconstpointer a, gconstpointer b)
{
    return strcmp(a, b);
}

char *
mp_event_format_data(const MpEvent *event)
{
    GString *out = g_string_new(NULL);
    g_autoptr(GList) keys = g_hash_table_get_keys(event->data);

    keys = g_list_sort(keys, compare_keys);
    for (GList *item = keys; item != NULL; item = item->next) {
        g_string_append(out, item->data);
        g_string_append_c(out, '=');
        append_escaped(out, g_hash_table_lookup(event->data, item->data));
        g_string_append_c(out, '\n');
    }
    return g_string_free(out, FALSE);
}

/* One value up to `end`, or NULL for an escape that is none. */
static char *
unescape(const char *start, const char *end)
{
    g_autoptr(GString) out = g_string_sized_new((gsize)(end - start));

    for (const char *p = start; p < end; p++) {
        if (*p != '\\') {
            g_string_append_c(out, *p);
            continue;
        }
        p++;
        if (p < end && *p == 'n')
            g_string_append_c(out, '\n');
        else if (p < end && *p == 'r')
            g_string_append_c(out, '\r');
        else if (p < end && *p == '\\')
            g_string_append_c(out, '\\');
        else
            return NULL;
    }
    return g_string_free(g_steal_pointer(&out), FALSE);
}

gboolean
mp_event_parse_data(MpEvent *event, const char *text, GError **error)
{
    g_autoptr(GHashTable) data = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
    guint line = 0;

    for (const char *p = text; *p != '\0';) {
        const char *end = strchr(p, '\n');
        const char *equals = strchr(p, '=');
        char *value;

        line++;
        value = end != NULL && equals != NULL && equals > p && equals < end
                    ? unescape(equals + 1, end)
                    : NULL;
        if (value == NULL) {
            g_set_error(error,
                        MP_ERROR,
                        MP_ERROR_INPUT,
                        "event data: line %u is no 'key=value' with a line end",
                        line);
            return FALSE;
        }
        g_hash_table_replace(data, g_strndup(p, (gsize)(equals - p)), value);
        p = end + 1;
    }
    g_hash_table_unref(event->data);
    event->data = g_steal_pointer(&data);
    return TRUE;
}

gboolean
mp_event_key_is_personal(const char *key)
{
    static const char *const personal[] = {"name",
                                           "nip",
                                           "nik",
                                           "email",
                                           "phone",
                                           "position",
                                           "unit",
                                           "was",
                                           "becomes",
                                           "filename",
                                           "letter_subject",
                                           "requester_name",
                                           "requester_address",
                                           "signer",
                                           NULL};

    return g_strv_contains(personal, key);
}

/* SPDX-License-Identifier: GPL-3.0-or-later */

/* GLib's own GKeyFile loses line numbers and lets a later key win over an earlier one of the same
 * name. So GKeyFile judges the syntax of each file, and one scan of the same lines keeps what
 * messages and order need: groups, keys, raw values, lines. */

#include "base/base.h"

typedef struct {
    char *key;
    char *value;
    guint line;
} Entry;

typedef struct {
    char *name;
    guint line;
    GPtrArray *entries; /* Entry */
    GPtrArray *keys;    /* borrowed names, NULL at the end */
} Group;

struct MpKeyFile {
    char *name;
    GPtrArray *groups; /* Group */
    GPtrArray *names;  /* borrowed names, NULL at the end */
};

static void
entry_free(gpointer data)
{
    Entry *entry = data;

    g_free(entry->key);
    g_free(entry->value);
    g_free(entry);
}

static void
group_free(gpointer data)
{
    Group *group = data;

    g_free(group->name);
    g_ptr_array_unref(group->entries);
    g_ptr_array_unref(group->keys);
    g_free(group);
}

void
mp_keyfile_free(MpKeyFile *file)
{
    if (file == NULL)
        return;
    g_free(file->name);
    g_ptr_array_unref(file->groups);
    g_ptr_array_unref(file->names);
    g_free(file);
}

static Group *
find_group(const MpKeyFile *file, const char *name)
{
    for (guint i = 0; i < file->groups->len; i++) {
        Group *group = g_ptr_array_index(file->groups, i);

        if (strcmp(group->name, name) == 0)
            return group;
    }
    return NULL;
}

static Entry *
find_entry(const MpKeyFile *file, const char *group_name, const char *key)
{
    Group *group = find_group(file, group_name);

    for (guint i = 0; group != NULL && i < group->entries->len; i++) {
        Entry *entry = g_ptr_array_index(group->entries, i);

        if (strcmp(entry->key, key) == 0)
            return entry;
    }
    return NULL;
}

static gboolean
refuse_line(const MpKeyFile *file, guint line, GError **error, const char *what)
{
    g_set_error(error, MP_ERROR, MP_ERROR_CONFIG, "%s:%u: %s", file->name, line, what);
    return FALSE;
}

static gboolean
add_group(MpKeyFile *file, char *line, guint number, GError **error)
{
    gsize length = strlen(line);
    Group *group, *twin;

    if (length < 3 || line[length - 1] != ']')
        return refuse_line(file, number, error, "group header has no closing ']'");
    line[length - 1] = '\0';
    twin = find_group(file, line + 1);
    if (twin != NULL) {
        g_set_error(error,
                    MP_ERROR,
                    MP_ERROR_CONFIG,
                    "%s:%u: group [%s] stands already at line %u",
                    file->name,
                    number,
                    line + 1,
                    twin->line);
        return FALSE;
    }
    group = g_new0(Group, 1);
    group->name = g_strdup(line + 1);
    group->line = number;
    group->entries = g_ptr_array_new_with_free_func(entry_free);
    group->keys = g_ptr_array_new();
    g_ptr_array_add(group->keys, NULL);
    g_ptr_array_add(file->groups, group);
    file->names->pdata[file->names->len - 1] = group->name;
    g_ptr_array_add(file->names, NULL);
    return TRUE;
}

static gboolean
add_entry(MpKeyFile *file, char *line, guint number, GError **error)
{
    char *equals = strchr(line, '=');
    Group *group;
    Entry *entry, *twin;

    if (file->groups->len == 0)
        return refuse_line(file, number, error, "line stands before the first [group]");
    if (equals == NULL || equals == line)
        return refuse_line(file, number, error, "line is no 'key = value', group or comment");
    *equals = '\0';
    g_strchomp(line);
    group = g_ptr_array_index(file->groups, file->groups->len - 1);
    twin = find_entry(file, group->name, line);
    if (twin != NULL) {
        g_set_error(error,
                    MP_ERROR,
                    MP_ERROR_CONFIG,
                    "%s:%u: key '%s' stands already at line %u",
                    file->name,
                    number,
                    line,
                    twin->line);
        return FALSE;
    }
    entry = g_new0(Entry, 1);
    entry->key = g_strdup(line);
    entry->value = g_strdup(g_strstrip(equals + 1));
    entry->line = number;
    g_ptr_array_add(group->entries, entry);
    group->keys->pdata[group->keys->len - 1] = entry->key;
    g_ptr_array_add(group->keys, NULL);
    return TRUE;
}

static gboolean
scan_lines(MpKeyFile *file, const char *bytes, gsize length, GError **error)
{
    g_autofree char *copy = g_strndup(bytes, length);
    g_auto(GStrv) lines = g_strsplit(copy, "\n", -1);

    for (guint i = 0; lines[i] != NULL; i++) {
        char *line = g_strstrip(lines[i]);

        if (line[0] == '\0' || line[0] == '#')
            continue;
        if (line[0] == '[' ? !add_group(file, line, i + 1, error)
                           : !add_entry(file, line, i + 1, error))
            return FALSE;
    }
    return TRUE;
}

static guint
line_of_offset(const char *bytes, gsize offset)
{
    guint line = 1;

    for (gsize i = 0; i < offset; i++)
        line += bytes[i] == '\n';
    return line;
}

MpKeyFile *
mp_keyfile_parse(const char *name, const char *bytes, gsize length, GError **error)
{
    g_autoptr(MpKeyFile) file = g_new0(MpKeyFile, 1);
    g_autoptr(GKeyFile) judge = g_key_file_new();
    g_autoptr(GError) local = NULL;
    const char *bad = NULL;

    g_return_val_if_fail(name != NULL && (bytes != NULL || length == 0), NULL);
    file->name = g_strdup(name);
    file->groups = g_ptr_array_new_with_free_func(group_free);
    file->names = g_ptr_array_new();
    g_ptr_array_add(file->names, NULL);
    if (length == 0)
        return g_steal_pointer(&file);
    if (!g_utf8_validate(bytes, (gssize)length, &bad)) {
        refuse_line(file, line_of_offset(bytes, (gsize)(bad - bytes)), error, "text is not UTF-8");
        return NULL;
    }
    if (!scan_lines(file, bytes, length, error))
        return NULL;
    if (!g_key_file_load_from_data(judge, bytes, length, G_KEY_FILE_NONE, &local)) {
        g_set_error(error, MP_ERROR, MP_ERROR_CONFIG, "%s: %s", name, local->message);
        return NULL;
    }
    return g_steal_pointer(&file);
}

const char *
mp_keyfile_name(const MpKeyFile *file)
{
    return file->name;
}

const char *const *
mp_keyfile_groups(const MpKeyFile *file)
{
    return (const char *const *)file->names->pdata;
}

gboolean
mp_keyfile_has_group(const MpKeyFile *file, const char *group)
{
    return find_group(file, group) != NULL;
}

const char *const *
mp_keyfile_keys(const MpKeyFile *file, const char *group)
{
    Group *found = find_group(file, group);

    return found == NULL ? NULL : (const char *const *)found->keys->pdata;
}

const char *
mp_keyfile_value(const MpKeyFile *file, const char *group, const char *key)
{
    Entry *entry = find_entry(file, group, key);

    return entry == NULL ? NULL : entry->value;
}

char **
mp_keyfile_list(const MpKeyFile *file, const char *group, const char *key)
{
    const char *value = mp_keyfile_value(file, group, key);
    g_autoptr(GPtrArray) items = NULL;
    g_auto(GStrv) raw = NULL;

    if (value == NULL)
        return NULL;
    raw = g_strsplit(value, ";", -1);
    items = g_ptr_array_new();
    for (guint i = 0; raw[i] != NULL; i++) {
        g_strstrip(raw[i]);
        if (raw[i][0] != '\0')
            g_ptr_array_add(items, g_strdup(raw[i]));
    }
    g_ptr_array_add(items, NULL);
    return (char **)g_ptr_array_free(g_steal_pointer(&items), FALSE);
}

guint
mp_keyfile_line(const MpKeyFile *file, const char *group, const char *key)
{
    if (key == NULL) {
        Group *found = find_group(file, group);

        return found == NULL ? 0 : found->line;
    }
    Entry *entry = find_entry(file, group, key);

    return entry == NULL ? 0 : entry->line;
}

gboolean
mp_keyfile_refuse(const MpKeyFile *file,
                  const char *group,
                  const char *key,
                  GError **error,
                  const char *format,
                  ...)
{
    guint line = mp_keyfile_line(file, group, key);
    g_autofree char *what = NULL;
    va_list args;

    va_start(args, format);
    what = g_strdup_vprintf(format, args);
    va_end(args);
    if (line == 0)
        line = mp_keyfile_line(file, group, NULL);
    return refuse_line(file, line, error, what);
}

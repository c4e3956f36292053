/* SPDX-License-Identifier: GPL-3.0-or-later */

/* A file held against the table: first each line alone, then what lines say together. */

#include "app/config-private.h"
#include "ports/ports.h"

#define CONFIG_BYTES ((gsize)1024 * 1024)
#define CONFIG_PATH "/etc/mailproc/mailproc.conf"

/* Kinds of sections that stand for many, and the form of their ids. */
static const char *const kinds[] = {"role", "service"};

/* --- sections and rows -------------------------------------------------------------------------
 */

/* "role verifikator" → "role ID"; other names as they are. */
static char *
table_section(const char *section)
{
    for (gsize i = 0; i < G_N_ELEMENTS(kinds); i++) {
        gsize length = strlen(kinds[i]);

        if (strncmp(section, kinds[i], length) == 0 && section[length] == ' ')
            return g_strconcat(kinds[i], " ID", NULL);
    }
    return g_strdup(section);
}

static gboolean
is_id(const char *id)
{
    if (!g_ascii_islower(id[0]))
        return FALSE;
    for (; *id != '\0'; id++)
        if (!g_ascii_islower(*id) && !g_ascii_isdigit(*id) && *id != '-')
            return FALSE;
    return TRUE;
}

/* "level.VERB" fits "level.SELESAI". */
static gboolean
fits_key(const char *pattern, const char *key)
{
    const char *dot = strchr(pattern, '.');
    gsize stem;

    if (dot == NULL)
        return strcmp(pattern, key) == 0;
    stem = (gsize)(dot - pattern) + 1;
    return strncmp(pattern, key, stem) == 0 && key[stem] != '\0';
}

static const MpConfigKey *
find_row(const char *table_name, const char *key)
{
    gsize n = 0;
    const MpConfigKey *keys = mp_config_keys(&n);

    for (gsize i = 0; i < n; i++)
        if (strcmp(keys[i].section, table_name) == 0 && fits_key(keys[i].key, key))
            return &keys[i];
    return NULL;
}

static gboolean
is_table_section(const char *table_name)
{
    gsize n = 0;
    const MpConfigKey *keys = mp_config_keys(&n);

    for (gsize i = 0; i < n; i++)
        if (strcmp(keys[i].section, table_name) == 0)
            return TRUE;
    return FALSE;
}

static char *
value_name(const char *section, const char *key)
{
    return g_strconcat(section, "\n", key, NULL);
}

const MpConfigValue *
mp_config_value(const MpConfig *config, const char *section, const char *key)
{
    g_autofree char *name = value_name(section, key);

    return g_hash_table_lookup(config->values, name);
}

/* --- errors
 * ---------------------------------------------------------------------------------------- */

char *
mp_config_where(const MpConfig *config, const char *section, const char *key)
{
    const MpConfigValue *value = key == NULL ? NULL : mp_config_value(config, section, key);
    guint line = value != NULL ? value->line : 0;

    if (line == 0)
        line = GPOINTER_TO_UINT(g_hash_table_lookup(config->lines, section));
    return line == 0 ? g_strdup(config->name) : g_strdup_printf("%s:%u", config->name, line);
}

gboolean
mp_config_refuse(const MpConfig *config,
                 const char *section,
                 const char *key,
                 GError **error,
                 const char *format,
                 ...)
{
    g_autofree char *where = mp_config_where(config, section, key);
    g_autofree char *what = NULL;
    va_list args;

    va_start(args, format);
    what = g_strdup_vprintf(format, args);
    va_end(args);
    g_set_error(error, MP_ERROR, MP_ERROR_CONFIG, "%s: %s", where, what);
    return FALSE;
}

static gboolean
refuse_key(const MpKeyFile *file, const char *section, const char *key, GError **error)
{
    g_autofree char *table_name = table_section(section);
    g_autoptr(GPtrArray) words = g_ptr_array_new();
    const MpConfigKey *keys;
    const char *nearest;
    gsize n = 0;

    if (strstr(key, "password") != NULL || strstr(key, "secret") != NULL ||
        strstr(key, "token") != NULL)
        return mp_keyfile_refuse(file,
                                 section,
                                 key,
                                 error,
                                 "key '%s' would hold a secret: secrets are never written here, "
                                 "use password_file or password_command",
                                 key);
    keys = mp_config_keys(&n);
    for (gsize i = 0; i < n; i++)
        if (strcmp(keys[i].section, table_name) == 0)
            g_ptr_array_add(words, (gpointer)keys[i].key);
    g_ptr_array_add(words, NULL);
    nearest = mp_text_nearest(key, (const char *const *)words->pdata, 4);
    if (nearest == NULL)
        return mp_keyfile_refuse(
            file, section, key, error, "unknown key '%s' in [%s]", key, section);
    return mp_keyfile_refuse(file,
                             section,
                             key,
                             error,
                             "unknown key '%s' in [%s]: did you mean '%s'?",
                             key,
                             section,
                             nearest);
}

static gboolean
refuse_section(const MpKeyFile *file, const char *section, GError **error)
{
    g_autoptr(GPtrArray) words = g_ptr_array_new();
    const char *nearest;
    gsize n = 0;
    const MpConfigKey *keys = mp_config_keys(&n);

    for (gsize i = 0; i < n; i++)
        g_ptr_array_add(words, (gpointer)keys[i].section);
    g_ptr_array_add(words, NULL);
    nearest = mp_text_nearest(section, (const char *const *)words->pdata, 4);
    if (nearest == NULL)
        return mp_keyfile_refuse(file, section, NULL, error, "unknown section [%s]", section);
    return mp_keyfile_refuse(
        file, section, NULL, error, "unknown section [%s]: did you mean [%s]?", section, nearest);
}

/* --- filling
 * --------------------------------------------------------------------------------------- */

static void
put_value(MpConfig *config, const char *section, const char *key, MpConfigValue *value_take)
{
    g_hash_table_insert(config->values, value_name(section, key), value_take);
}

/* Every row of a section with a default gets it, unless a value stands there already. */
static void
fill_section(MpConfig *config, const char *section)
{
    g_autofree char *table_name = table_section(section);
    gsize n = 0;
    const MpConfigKey *keys = mp_config_keys(&n);

    for (gsize i = 0; i < n; i++) {
        MpConfigValue *value;
        g_autofree char *problem = NULL;

        if (strcmp(keys[i].section, table_name) != 0 || strchr(keys[i].key, '.') != NULL ||
            keys[i].fallback == NULL || mp_config_value(config, section, keys[i].key) != NULL)
            continue;
        value = g_new0(MpConfigValue, 1);
        if (!mp_config_value_parse(&keys[i], keys[i].fallback, value, &problem))
            g_critical("default of [%s] %s %s", section, keys[i].key, problem);
        put_value(config, section, keys[i].key, value);
    }
}

static void
add_section(MpConfig *config, const char *section, guint line)
{
    const char *blank = strchr(section, ' ');
    char *own;

    if (mp_config_has_section(config, section))
        return;
    own = g_strdup(section);
    g_ptr_array_insert(config->sections, (gint)config->sections->len - 1, own);
    g_hash_table_insert(config->lines, own, GUINT_TO_POINTER(line));
    if (blank != NULL) {
        g_autofree char *kind = g_strndup(section, (gsize)(blank - section));
        GPtrArray *ids = g_hash_table_lookup(config->by_kind, kind);

        if (ids != NULL)
            g_ptr_array_insert(ids, (gint)ids->len - 1, own + (blank - section) + 1);
    }
}

static void
fill_defaults(MpConfig *config)
{
    gsize n = 0;
    const MpConfigKey *keys = mp_config_keys(&n);

    for (gsize i = 0; i < n; i++)
        if (strstr(keys[i].section, " ID") == NULL)
            fill_section(config, keys[i].section);
    for (guint i = 0; i + 1 < config->sections->len; i++)
        fill_section(config, g_ptr_array_index(config->sections, i));
}

/* An office that names no domains trusts that of its own address. */
static void
fill_trusted_domains(MpConfig *config)
{
    const char *address = mp_config_string(config, "office", "address");
    g_autofree char *name = value_name("office", "trusted_domains");
    MpConfigValue *value = g_hash_table_lookup(config->values, name);

    if (value->items[0] != NULL)
        return;
    g_free(value->text);
    g_strfreev(value->items);
    value->text = mp_text_domain(address);
    value->items = g_strdupv((char *[]){value->text, NULL});
}

static gboolean
take_value(MpConfig *config,
           const MpConfigKey *row,
           const char *section,
           const char *key,
           const char *text,
           guint line,
           GError **error)
{
    MpConfigValue *value = g_new0(MpConfigValue, 1); /* the table of values has it from here on */
    g_autofree char *problem = NULL;

    value->is_set = mp_config_value_parse(row, text, value, &problem);
    value->line = line;
    put_value(config, section, key, value);
    return value->is_set ||
           mp_config_refuse(config, section, key, error, "[%s] %s %s", section, key, problem);
}

static gboolean
load_section(MpConfig *config, const MpKeyFile *file, const char *section, GError **error)
{
    g_autofree char *table_name = table_section(section);
    const char *const *keys = mp_keyfile_keys(file, section);
    const char *blank = strchr(section, ' ');

    if (!is_table_section(table_name))
        return refuse_section(file, section, error);
    if (blank != NULL && !is_id(blank + 1))
        return mp_keyfile_refuse(file,
                                 section,
                                 NULL,
                                 error,
                                 "section [%s] needs an id of small letters, digits and dashes",
                                 section);
    add_section(config, section, mp_keyfile_line(file, section, NULL));
    for (guint i = 0; keys[i] != NULL; i++) {
        const MpConfigKey *row = find_row(table_name, keys[i]);
        guint line = mp_keyfile_line(file, section, keys[i]);

        if (row == NULL)
            return refuse_key(file, section, keys[i], error);
        if (!take_value(config,
                        row,
                        section,
                        keys[i],
                        mp_keyfile_value(file, section, keys[i]),
                        line,
                        error))
            return FALSE;
    }
    return TRUE;
}

static MpConfig *
config_new(const char *name)
{
    MpConfig *config = g_new0(MpConfig, 1);

    config->name = g_strdup(name);
    config->values = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, mp_config_value_free);
    config->sections = g_ptr_array_new_with_free_func(g_free);
    g_ptr_array_add(config->sections, NULL);
    config->lines = g_hash_table_new(g_str_hash, g_str_equal);
    config->by_kind =
        g_hash_table_new_full(g_str_hash, g_str_equal, NULL, (GDestroyNotify)g_ptr_array_unref);
    for (gsize i = 0; i < G_N_ELEMENTS(kinds); i++) {
        GPtrArray *ids = g_ptr_array_new();

        g_ptr_array_add(ids, NULL);
        g_hash_table_insert(config->by_kind, (gpointer)kinds[i], ids);
    }
    return config;
}

void
mp_config_free(MpConfig *config)
{
    if (config == NULL)
        return;
    g_free(config->name);
    g_hash_table_unref(config->values);
    g_hash_table_unref(config->by_kind);
    g_hash_table_unref(config->lines);
    g_ptr_array_unref(config->sections);
    g_free(config);
}

/* --- the public ways in
 * ------------------------------------------------------------------------------ */

MpConfig *
mp_config_load_bytes(const char *name, const char *bytes, gsize length, GError **error)
{
    g_autoptr(MpKeyFile) file = mp_keyfile_parse(name, bytes, length, error);
    g_autoptr(MpConfig) config = NULL;
    const char *const *groups;

    if (file == NULL)
        return NULL;
    config = config_new(name);
    groups = mp_keyfile_groups(file);
    for (guint i = 0; groups[i] != NULL; i++)
        if (!load_section(config, file, groups[i], error))
            return NULL;
    fill_defaults(config);
    if (!mp_config_check(config, error))
        return NULL;
    fill_trusted_domains(config);
    return g_steal_pointer(&config);
}

MpConfig *
mp_config_load(const char *path, GError **error)
{
    g_autofree char *bytes = NULL;
    gsize length = 0;

    if (!mp_files_read(path, CONFIG_BYTES, &bytes, &length, error))
        return NULL;
    return mp_config_load_bytes(path, bytes, length, error);
}

char *
mp_config_path(const char *option)
{
    const char *environment = g_getenv("MAILPROC_CONFIG");

    if (option != NULL)
        return g_strdup(option);
    return g_strdup(environment != NULL && environment[0] != '\0' ? environment : CONFIG_PATH);
}

gboolean
mp_config_set(
    MpConfig *config, const char *section, const char *key, const char *value, GError **error)
{
    g_autofree char *table_name = table_section(section);
    const MpConfigKey *row = find_row(table_name, key);

    if (row == NULL)
        return mp_config_refuse(
            config, section, NULL, error, "unknown key '%s' in [%s]", key, section);
    if (!take_value(config, row, section, key, value, 0, error))
        return FALSE;
    add_section(config, section, 0);
    fill_section(config, section);
    return TRUE;
}

const char *const *
mp_config_sections(const MpConfig *config, const char *kind)
{
    GPtrArray *ids = g_hash_table_lookup(config->by_kind, kind);

    g_return_val_if_fail(ids != NULL, NULL);
    return (const char *const *)ids->pdata;
}

gboolean
mp_config_has_section(const MpConfig *config, const char *section)
{
    return g_hash_table_contains(config->lines, section);
}

const char *
mp_config_name(const MpConfig *config)
{
    return config->name;
}

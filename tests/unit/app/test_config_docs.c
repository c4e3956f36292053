/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The table of keys, mailproc.conf.example and mailproc.conf(5) say the same, in both directions.
 */

#include "app/config.h"
#include "support/asserts.h"

static char *
read_source(const char *path)
{
    g_autofree char *full = g_build_filename(MP_SOURCE_DIR, path, NULL);
    g_autoptr(GError) error = NULL;
    char *bytes = NULL;

    g_file_get_contents(full, &bytes, NULL, &error);
    assert_no_gerror(error);
    return bytes;
}

/* Each "section key" of the example, commented lines included → what stands behind the "=". */
static GHashTable *
keys_of_example(void)
{
    g_autofree char *text = read_source("mailproc.conf.example");
    g_auto(GStrv) lines = g_strsplit(text, "\n", -1);
    GHashTable *keys = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
    g_autofree char *section = g_strdup("");

    for (guint i = 0; lines[i] != NULL; i++) {
        char *line = lines[i];
        char *equals = strstr(line, " =");
        gboolean is_default = line[0] == '#' && g_ascii_islower(line[1]);

        if (line[0] == '[') {
            g_free(section);
            section = g_str_has_prefix(line, "[role ")      ? g_strdup("role ID")
                      : g_str_has_prefix(line, "[service ") ? g_strdup("service ID")
                                                            : g_strndup(line + 1, strlen(line) - 2);
        } else if (equals != NULL && (is_default || g_ascii_islower(line[0]))) {
            char *key = line + is_default;

            *equals = '\0';
            g_hash_table_insert(keys,
                                g_strconcat(section, " ", key, NULL),
                                is_default ? g_strstrip(g_strdup(equals + 2)) : g_strdup("(set)"));
        }
    }
    return keys;
}

/* "trust level.SELESAI" stands for the row "trust level.VERB". */
static gboolean
is_key_of_row(const char *name, const MpConfigKey *row)
{
    g_autofree char *full = g_strconcat(row->section, " ", row->key, NULL);
    const char *dot = strchr(row->key, '.');

    if (dot == NULL)
        return strcmp(name, full) == 0;
    return strncmp(name, full, strlen(full) - strlen(dot) + 1) == 0;
}

static const MpConfigKey *
row_of(const char *name)
{
    gsize n = 0;
    const MpConfigKey *rows = mp_config_keys(&n);

    for (gsize i = 0; i < n; i++)
        if (is_key_of_row(name, &rows[i]))
            return &rows[i];
    return NULL;
}

static void
test_example_has_every_key(void **state)
{
    g_autoptr(GHashTable) keys = keys_of_example();
    gsize n = 0;
    const MpConfigKey *rows = mp_config_keys(&n);

    (void)state;
    for (gsize i = 0; i < n; i++) {
        gboolean is_there = FALSE;
        GHashTableIter iter;
        gpointer name;

        g_hash_table_iter_init(&iter, keys);
        while (g_hash_table_iter_next(&iter, &name, NULL))
            is_there = is_there || is_key_of_row(name, &rows[i]);
        if (!is_there)
            fail_msg("mailproc.conf.example lacks [%s] %s", rows[i].section, rows[i].key);
    }
}

static void
test_example_tells_the_truth(void **state)
{
    g_autoptr(GHashTable) keys = keys_of_example();
    GHashTableIter iter;
    gpointer name, value;

    (void)state;
    g_hash_table_iter_init(&iter, keys);
    while (g_hash_table_iter_next(&iter, &name, &value)) {
        const MpConfigKey *row = row_of(name);

        if (row == NULL)
            fail_msg("mailproc.conf.example has '%s', the table does not", (char *)name);
        else if (strcmp(value, "(set)") != 0 && strchr(row->key, '.') == NULL)
            assert_text(value, row->fallback);
    }
}

/* Each "section key" of the manual → type, documentation and default of its item. */
static GHashTable *
keys_of_manual(void)
{
    g_autofree char *text = read_source("mailproc/man/mailproc.conf.5");
    g_auto(GStrv) sections = g_strsplit(text, "\n.Ss [", -1);
    GHashTable *keys = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);

    for (guint i = 1; sections[i] != NULL; i++) {
        g_auto(GStrv) items = g_strsplit(sections[i], "\n.It Ic ", -1);
        g_autofree char *section = g_strndup(items[0], strcspn(items[0], "]"));

        for (guint at = 1; items[at] != NULL; at++) {
            g_autofree char *key = g_strndup(items[at], strcspn(items[at], " "));

            g_hash_table_insert(
                keys, g_strconcat(section, " ", key, NULL), g_strconcat(items[at], "\n", NULL));
        }
    }
    return keys;
}

static void
test_manual_has_every_key(void **state)
{
    g_autoptr(GHashTable) keys = keys_of_manual();
    gsize n = 0;
    const MpConfigKey *rows = mp_config_keys(&n);

    (void)state;
    for (gsize i = 0; i < n; i++) {
        g_autofree char *name = g_strconcat(rows[i].section, " ", rows[i].key, NULL);
        g_autofree char *type = g_strdup_printf(" = Ar %s\n", mp_config_type_name(rows[i].type));
        g_autofree char *value = g_strdup_printf("Default:\n.Li %s\n", rows[i].fallback);
        const char *item = g_hash_table_lookup(keys, name);

        if (item == NULL)
            fail_msg("mailproc.conf.5 lacks [%s] %s", rows[i].section, rows[i].key);
        assert_contains(item, type);
        assert_contains(item, rows[i].doc + 1); /* the manual begins with a capital */
        if (rows[i].fallback == NULL)
            assert_contains(item, "Must be set.");
        else if (rows[i].fallback[0] != '\0')
            assert_contains(item, value);
    }
    assert_int_equal(g_hash_table_size(keys), n);
}

static MpConfig *
load_with_level(const char *shown, const char *verb, GError **error)
{
    g_autofree char *line = g_strdup_printf("[trust]\nlevel.%s = signed", verb);
    g_auto(GStrv) parts = g_strsplit(shown, "[trust]", 2);
    g_autofree char *text = g_strconcat(parts[0], line, parts[1], NULL);

    return mp_config_load_bytes("f", text, strlen(text), error);
}

/* Levels of trust can be raised for exactly the verbs that officials can write. */
static void
test_every_verb_has_a_level(void **state)
{
    g_autofree char *text = read_source("rules/commands.tsv");
    g_auto(GStrv) lines = g_strsplit(text, "\n", -1);
    g_autoptr(MpConfig) config = mp_config_default("/tmp");
    g_autofree char *shown = mp_config_show(config);
    guint verbs = 0;

    (void)state;
    for (guint i = 0; lines[i] != NULL; i++) {
        g_auto(GStrv) cells = g_strsplit(lines[i], "\t", -1);
        g_autoptr(MpConfig) with = NULL;
        g_autoptr(GError) error = NULL;

        if (g_strcmp0(cells[0], "verb") != 0)
            continue;
        verbs++;
        with = load_with_level(shown, cells[1], &error);
        assert_no_gerror(error);
        assert_int_equal(mp_config_level(with, cells[1]), MP_TRUST_SIGNED);
    }
    assert_int_equal(verbs, 19);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        {"the example has every key of the table", test_example_has_every_key, NULL, NULL, NULL},
        {"the example's keys and defaults are the table's",
         test_example_tells_the_truth,
         NULL,
         NULL,
         NULL},
        {"the manual has exactly the keys of the table",
         test_manual_has_every_key,
         NULL,
         NULL,
         NULL},
        {"every verb can have a level of its own", test_every_verb_has_a_level, NULL, NULL, NULL},
    };

    return cmocka_run_group_tests_name("config: documentation", tests, NULL, NULL);
}

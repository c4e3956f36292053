/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The two texts made of a configuration: what is in force, and the demo's own. */

#include "app/config-private.h"

static void
show_line(GString *text, const MpConfigValue *value, const char *key)
{
    const char *mark = value->is_set ? "" : "# default\n";

    g_string_append_printf(text, "%s%s = %s\n", mark, key, value->text);
}

static void
show_patterns(GString *text, const MpConfig *config, const char *section, const MpConfigKey *row)
{
    const char *dot = strchr(row->key, '.');
    g_autofree char *stem = g_strndup(row->key, (gsize)(dot - row->key));
    g_auto(GStrv) names = mp_config_pattern_keys(config, section, stem);

    for (guint i = 0; names[i] != NULL; i++) {
        g_autofree char *key = g_strconcat(stem, ".", names[i], NULL);

        show_line(text, mp_config_value(config, section, key), key);
    }
}

static void
show_section(GString *text, const MpConfig *config, const char *section, const char *table_name)
{
    gsize n = 0;
    const MpConfigKey *keys = mp_config_keys(&n);

    g_string_append_printf(text, "%s[%s]\n", text->len > 0 ? "\n" : "", section);
    for (gsize i = 0; i < n; i++) {
        const MpConfigValue *value;

        if (strcmp(keys[i].section, table_name) != 0)
            continue;
        if (strchr(keys[i].key, '.') != NULL) {
            show_patterns(text, config, section, &keys[i]);
            continue;
        }
        value = mp_config_value(config, section, keys[i].key);
        if (value != NULL)
            show_line(text, value, keys[i].key);
    }
}

char *
mp_config_show(const MpConfig *config)
{
    GString *text = g_string_new(NULL);
    const char *last = "";
    gsize n = 0;
    const MpConfigKey *keys = mp_config_keys(&n);

    for (gsize i = 0; i < n; i++) {
        const char *blank = strchr(keys[i].section, ' ');
        g_autofree char *kind = NULL;
        const char *const *ids;

        if (strcmp(keys[i].section, last) == 0)
            continue;
        last = keys[i].section;
        if (blank == NULL) {
            show_section(text, config, last, last);
            continue;
        }
        kind = g_strndup(last, (gsize)(blank - last));
        ids = mp_config_sections(config, kind);
        for (guint at = 0; ids[at] != NULL; at++) {
            g_autofree char *section = g_strconcat(kind, " ", ids[at], NULL);

            show_section(text, config, section, last);
        }
    }
    return g_string_free(text, FALSE);
}

/* --- the demo's
 * ----------------------------------------------------------------------------------- */

static const char demo_head[] = "[office]\n"
                                "name = Dinas Komunikasi dan Informatika Kabupaten Contoh\n"
                                "address = layanan-tte@contohkab.go.id\n"
                                "timezone = Asia/Jakarta\n"
                                "trusted_domains = contohkab.go.id\n";

static const char demo_tail[] = "[trust]\n"
                                "authserv_id = mx.contohkab.go.id\n"
                                "[bsre]\n"
                                "domains = bssn.go.id\n"
                                "[calendar]\n"
                                "holidays = holidays-2026.tsv\n"
                                "[service pendaftaran]\n"
                                "sop = kudus-pendaftaran.sop\n"
                                "[service pembaruan]\n"
                                "sop = mamuju-pembaruan.sop\n"
                                "[service perubahan-data]\n"
                                "sop = demak-perubahan-data.sop\n"
                                "[service pencabutan]\n"
                                "sop = demak-pencabutan.sop\n";

static const struct {
    const char *id, *title;
} demo_roles[] = {
    {"kepala-dinas", "Kepala Dinas"},
    {"sekretaris", "Sekretaris"},
    {"kabid", "Kepala Bidang"},
    {"kasi", "Kepala Seksi"},
    {"admin-helpdesk", "Admin Helpdesk"},
    {"verifikator", "Verifikator"},
    {"pejabat-pengaduan", "Pejabat Pengaduan"},
};

char *
mp_config_default_text(const char *dir)
{
    GString *text = g_string_new(demo_head);

    g_string_append_printf(text, "[mailbox]\nurl = maildir:%s/masuk\n", dir);
    g_string_append_printf(text, "[sender]\nurl = maildir:%s/keluar\n", dir);
    g_string_append_printf(text, "[store]\ndir = %s/store\n", dir);
    for (gsize i = 0; i < G_N_ELEMENTS(demo_roles); i++)
        g_string_append_printf(text,
                               "[role %s]\naddresses = %s@contohkab.go.id\ntitle = %s\n",
                               demo_roles[i].id,
                               demo_roles[i].id,
                               demo_roles[i].title);
    g_string_append(text, demo_tail);
    return g_string_free(text, FALSE);
}

MpConfig *
mp_config_default(const char *dir)
{
    g_autofree char *text = mp_config_default_text(dir);
    g_autoptr(GError) error = NULL;
    MpConfig *config = mp_config_load_bytes("(demo)", text, strlen(text), &error);

    if (config == NULL)
        g_critical("demo configuration: %s", error->message);
    return config;
}

/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Values with an inside (addresses of servers, deputies, periods), and what several keys say
 * together. */

#include "app/config-private.h"

#define SMTP_PORT 25
#define SUBMISSION_PORT 587

/* --- urls ----------------------------------------------------------------------------------------
 */

static const struct {
    const char *scheme;
    guint16 port;
} schemes[] = {{"imaps", 993}, {"imap", 143}, {"smtps", 465}, {"smtp", SMTP_PORT}, {"maildir", 0}};

static gboolean
is_host(const char *text)
{
    if (text[0] == '\0' || text[0] == '-' || text[0] == '.')
        return FALSE;
    for (; *text != '\0'; text++)
        if (!g_ascii_isalnum(*text) && *text != '.' && *text != '-')
            return FALSE;
    return TRUE;
}

static gboolean
parse_authority(const char *authority, MpConfigUrl *url, char **problem_out)
{
    const char *colon = strrchr(authority, ':');
    gint64 port = 0;

    if (strchr(authority, '@') != NULL) {
        *problem_out = g_strdup("holds a user or password: write them as user and password_file");
        return FALSE;
    }
    if (colon != NULL && !g_ascii_string_to_signed(colon + 1, 10, 1, 65535, &port, NULL)) {
        *problem_out = g_strdup("has no port between 1 and 65535 after its ':'");
        return FALSE;
    }
    url->host = colon == NULL ? g_ascii_strdown(authority, -1)
                              : g_ascii_strdown(authority, colon - authority);
    url->has_port = colon != NULL;
    if (url->has_port)
        url->port = (guint16)port;
    url->is_loopback = strcmp(url->host, "localhost") == 0 ||
                       (g_str_has_prefix(url->host, "127.") && g_hostname_is_ip_address(url->host));
    if (is_host(url->host))
        return TRUE;
    *problem_out = g_strdup("names no host: write scheme://host[:port]");
    return FALSE;
}

static gboolean
parse_scheme(const char *text, MpConfigUrl *url)
{
    for (gsize i = 0; i < G_N_ELEMENTS(schemes); i++) {
        gsize length = strlen(schemes[i].scheme);

        if (strncmp(text, schemes[i].scheme, length) != 0 || text[length] != ':')
            continue;
        url->scheme = g_strdup(schemes[i].scheme);
        url->port = schemes[i].port;
        return TRUE;
    }
    return FALSE;
}

static gboolean
parse_rest(const char *rest, MpConfigUrl *url, char **problem_out)
{
    g_autofree char *authority = NULL;
    const char *slash;

    if (strcmp(url->scheme, "maildir") == 0) {
        url->path = g_strdup(g_str_has_prefix(rest, "//") ? rest + 2 : rest);
        if (g_path_is_absolute(url->path))
            return TRUE;
        *problem_out = g_strdup("names no absolute path: write maildir:/path");
        return FALSE;
    }
    if (!g_str_has_prefix(rest, "//")) {
        *problem_out = g_strdup("has no '//': write scheme://host[:port][/folder]");
        return FALSE;
    }
    slash = strchr(rest + 2, '/');
    authority = slash == NULL ? g_strdup(rest + 2) : g_strndup(rest + 2, (gsize)(slash - rest - 2));
    url->path = g_uri_unescape_string(slash == NULL ? "" : slash + 1, NULL);
    if (url->path == NULL || !mp_text_is_safe(url->path)) {
        *problem_out = g_strdup("has a folder that cannot be read");
        return FALSE;
    }
    if (url->path[0] == '\0' && g_str_has_prefix(url->scheme, "imap")) {
        g_free(url->path);
        url->path = g_strdup("INBOX");
    }
    return parse_authority(authority, url, problem_out);
}

gboolean
mp_config_parse_url(const char *text, MpConfigUrl *url, char **problem_out)
{
    MpConfigUrl made = {0};

    if (!parse_scheme(text, &made)) {
        *problem_out = g_strdup("begins with no known scheme");
        return FALSE;
    }
    if (!parse_rest(strchr(text, ':') + 1, &made, problem_out)) {
        g_free(made.scheme);
        g_free(made.host);
        g_free(made.path);
        return FALSE;
    }
    *url = made;
    return TRUE;
}

MpConfigUrl *
mp_config_url(const MpConfig *config, const char *section)
{
    MpConfigUrl *url = g_new0(MpConfigUrl, 1);
    g_autofree char *problem = NULL;
    gboolean is_read = mp_config_parse_url(mp_config_string(config, section, "url"), url, &problem);

    g_return_val_if_fail(is_read, url);
    url->wants_starttls = strcmp(mp_config_string(config, section, "starttls"), "required") == 0;
    if (url->wants_starttls && strcmp(url->scheme, "smtp") == 0 && !url->has_port)
        url->port = SUBMISSION_PORT;
    return url;
}

void
mp_config_url_free(MpConfigUrl *url)
{
    if (url == NULL)
        return;
    g_free(url->scheme);
    g_free(url->host);
    g_free(url->path);
    g_free(url);
}

/* --- deputies, periods, from, zone
 * ------------------------------------------------------------------ */

static void
deputy_free(gpointer data)
{
    MpConfigDeputy *deputy = data;

    g_free(deputy->address);
    g_free(deputy->until);
    g_free(deputy);
}

GPtrArray *
mp_config_deputies(const MpConfig *config, const char *role)
{
    g_autofree char *section = g_strconcat("role ", role, NULL);
    GPtrArray *deputies = g_ptr_array_new_with_free_func(deputy_free);
    const char *const *items = mp_config_list(config, section, "deputies");

    for (guint i = 0; items != NULL && items[i] != NULL; i++) {
        MpConfigDeputy *deputy = g_new0(MpConfigDeputy, 1);
        const char *until = strstr(items[i], "until");
        g_auto(GStrv) words = g_strsplit_set(items[i], " \t", 2);

        deputy->address = mp_text_lower_ascii(words[0]);
        deputy->until = until == NULL ? NULL : g_strndup(until + strlen("until "), 10);
        g_ptr_array_add(deputies, deputy);
    }
    return deputies;
}

static void
period_free(gpointer data)
{
    MpConfigPeriod *period = data;

    g_free(period->name);
    g_free(period->from);
    g_free(period->until);
    g_free(period->hours);
    g_free(period);
}

GPtrArray *
mp_config_periods(const MpConfig *config)
{
    GPtrArray *periods = g_ptr_array_new_with_free_func(period_free);
    g_auto(GStrv) names = mp_config_pattern_keys(config, "calendar", "period");

    for (guint i = 0; names[i] != NULL; i++) {
        g_autofree char *key = g_strconcat("period.", names[i], NULL);
        const char *text = mp_config_string(config, "calendar", key);
        MpConfigPeriod *period = g_new0(MpConfigPeriod, 1);

        period->name = g_strdup(names[i]);
        period->from = g_strndup(text, 10);
        period->until = g_strndup(text + 12, 10);
        period->hours = g_strdup(text + 23);
        g_ptr_array_add(periods, period);
    }
    return periods;
}

static int
compare_names(gconstpointer a, gconstpointer b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

char **
mp_config_pattern_keys(const MpConfig *config, const char *section, const char *stem)
{
    g_autofree char *prefix = g_strconcat(section, "\n", stem, ".", NULL);
    GPtrArray *names = g_ptr_array_new();
    GHashTableIter iter;
    gpointer name;

    g_hash_table_iter_init(&iter, config->values);
    while (g_hash_table_iter_next(&iter, &name, NULL))
        if (g_str_has_prefix(name, prefix))
            g_ptr_array_add(names, g_strdup((const char *)name + strlen(prefix)));
    g_ptr_array_sort(names, compare_names);
    g_ptr_array_add(names, NULL);
    return (char **)g_ptr_array_free(names, FALSE);
}

void
mp_config_from(const MpConfig *config, char **name_out, char **address_out)
{
    const char *from = mp_config_string(config, "sender", "from");
    const char *open = strrchr(from, '<');
    gboolean is_plain = from[0] != '\0' && open == NULL;

    if (from[0] == '\0' || is_plain) {
        *name_out = g_strdup(mp_config_string(config, "office", "service_title"));
        *address_out = g_strdup(is_plain ? from : mp_config_string(config, "office", "address"));
        return;
    }
    *name_out = g_strstrip(g_strndup(from, (gsize)(open - from)));
    *address_out = g_strndup(open + 1, strlen(open) - 2);
}

GTimeZone *
mp_config_zone(const MpConfig *config, const char *section, GError **error)
{
    const char *name = mp_config_string(config, section, "timezone");
    GTimeZone *zone;

    if (name[0] == '\0') {
        section = "office";
        name = mp_config_string(config, section, "timezone");
    }
    zone = g_time_zone_new_identifier(name);
    if (zone == NULL)
        mp_config_refuse(config,
                         section,
                         "timezone",
                         error,
                         "zone '%s' is not in tzdata: write Asia/Jakarta, Asia/Makassar, …",
                         name);
    return zone;
}

MpTrustLevel
mp_config_level(const MpConfig *config, const char *verb)
{
    g_autofree char *key = g_strconcat("level.", verb, NULL);
    const MpConfigValue *value = mp_config_value(config, "trust", key);
    MpTrustLevel level = MP_TRUST_SIGNED;

    if (value == NULL)
        value = mp_config_value(config, "trust", "command_level");
    g_return_val_if_fail(value != NULL, level);
    mp_trust_from_string(value->text, &level);
    return level;
}

/* --- what several keys say together
 * ------------------------------------------------------------------ */

static gboolean
check_required(const MpConfig *config, const char *section, const char *table_name, GError **error)
{
    gsize n = 0;
    const MpConfigKey *keys = mp_config_keys(&n);

    for (gsize i = 0; i < n; i++) {
        if (strcmp(keys[i].section, table_name) != 0 || keys[i].fallback != NULL ||
            mp_config_value(config, section, keys[i].key) != NULL)
            continue;
        return mp_config_refuse(config,
                                section,
                                NULL,
                                error,
                                "[%s] lacks the key '%s' (%s)",
                                section,
                                keys[i].key,
                                keys[i].doc);
    }
    return TRUE;
}

static gboolean
check_secret(const MpConfig *config, const char *section, GError **error)
{
    gboolean has_user = mp_config_string(config, section, "user")[0] != '\0';
    gboolean has_file = mp_config_string(config, section, "password_file")[0] != '\0';
    gboolean has_command = mp_config_string(config, section, "password_command")[0] != '\0';

    if (has_file && has_command)
        return mp_config_refuse(config,
                                section,
                                "password_command",
                                error,
                                "[%s] has both password_file and password_command: keep one",
                                section);
    if (has_user != (has_file || has_command))
        return mp_config_refuse(config,
                                section,
                                "user",
                                error,
                                has_user ? "[%s] user has no password_file or password_command"
                                         : "[%s] has a password but no user",
                                section);
    return TRUE;
}

static gboolean
check_server(const MpConfig *config, const char *section, GError **error)
{
    g_autoptr(MpConfigUrl) url = mp_config_url(config, section);
    gboolean is_maildir = strcmp(url->scheme, "maildir") == 0;
    gboolean is_tls = g_str_has_suffix(url->scheme, "s");

    if (url->wants_starttls && (is_tls || is_maildir))
        return mp_config_refuse(config,
                                section,
                                "starttls",
                                error,
                                "[%s] starttls does not go with %s: remove the line",
                                section,
                                url->scheme);
    if (!is_tls && !is_maildir && !url->wants_starttls && !url->is_loopback)
        return mp_config_refuse(config,
                                section,
                                "url",
                                error,
                                "[%s] url would speak in clear text: write %ss:// or set "
                                "starttls = required",
                                section,
                                url->scheme);
    if (g_str_has_prefix(url->scheme, "imap") &&
        mp_config_string(config, section, "user")[0] == '\0')
        return mp_config_refuse(
            config, section, "url", error, "[%s] lacks the key 'user'", section);
    return check_secret(config, section, error);
}

/* A level for a verb that does not exist would protect nothing. The list is case/'s own; a test
 * holds it against rules/commands.tsv. */
static gboolean
check_levels(const MpConfig *config, GError **error)
{
    static const char *const verbs[] = {"SETUJU", "TERUSKAN", "LENGKAPI", "KEMBALIKAN", "TOLAK",
                                        "TUNDA",  "AJUKAN",   "SELESAI",  "GAGAL",      "CATAT",
                                        "ALIH",   "TAUTKAN",  "STATUS",   "DAFTAR",     "BATAL",
                                        "COBA",   "BANTUAN",  "BENAR",    "MUSNAHKAN",  NULL};
    g_auto(GStrv) names = mp_config_pattern_keys(config, "trust", "level");

    for (guint i = 0; names[i] != NULL; i++) {
        g_autofree char *key = g_strconcat("level.", names[i], NULL);
        const char *nearest = mp_text_nearest(names[i], verbs, 3);

        if (!g_strv_contains(verbs, names[i]))
            return mp_config_refuse(config,
                                    "trust",
                                    key,
                                    error,
                                    "[trust] %s names no verb: did you mean level.%s?",
                                    key,
                                    nearest != NULL ? nearest : verbs[0]);
    }
    return TRUE;
}

gboolean
mp_config_check(const MpConfig *config, GError **error)
{
    static const char *const fixed[] = {"office", "mailbox", "sender", "calendar"};

    for (gsize i = 0; i < G_N_ELEMENTS(fixed); i++)
        if (!check_required(config, fixed[i], fixed[i], error))
            return FALSE;
    for (guint i = 0; i + 1 < config->sections->len; i++) {
        const char *section = g_ptr_array_index(config->sections, i);

        if ((g_str_has_prefix(section, "role ") &&
             !check_required(config, section, "role ID", error)) ||
            (g_str_has_prefix(section, "service ") &&
             !check_required(config, section, "service ID", error)))
            return FALSE;
    }
    if (!mp_config_has_section(config, "role verifikator"))
        return mp_config_refuse(config,
                                "office",
                                NULL,
                                error,
                                "section [role verifikator] is missing: every doubt goes to him");
    if (mp_config_sections(config, "service")[0] == NULL)
        return mp_config_refuse(config,
                                "office",
                                NULL,
                                error,
                                "no section [service ID] is there: no letter could become a case");
    return check_levels(config, error) && check_server(config, "mailbox", error) &&
           check_server(config, "sender", error);
}

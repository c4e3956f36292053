/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Everything an office wrote is read here, before any work: a wrong file stops the start with its
 * name, line and cure. */

#include "app/office.h"
#include "app/plan.h"

enum { MAX_DATA_BYTES = 4 * 1024 * 1024 };

typedef gboolean (*AddFunc)(
    MpSetup *setup, const char *name, const char *bytes, gsize length, GError **error);

/* The build tree's own data when the program runs from there, so that a developer needs no
 * installation; an installed program never looks at a source tree. */
char *
mp_setup_dir(const MpConfig *config, const char *key)
{
    const char *set = mp_config_string(config, "office", key);
    const char *name = strcmp(key, "rules_dir") == 0 ? "rules" : "templates";
    g_autofree char *exe = g_file_read_link("/proc/self/exe", NULL);
    g_autofree char *exe_dir = exe == NULL ? NULL : g_path_get_dirname(exe);
    g_autofree char *cache = g_build_filename(exe_dir ? exe_dir : "/", "CMakeCache.txt", NULL);
    g_autofree char *near_build = g_build_filename(MP_SOURCE_DIR, name, NULL);

    if (set != NULL && set[0] != '\0')
        return g_strdup(set);
    if (g_file_test(cache, G_FILE_TEST_EXISTS))
        return g_steal_pointer(&near_build);
    return g_build_filename(MP_DATADIR, name, NULL);
}

static gboolean
add_file(MpSetup *setup, const char *dir, const char *name, AddFunc add, GError **error)
{
    g_autofree char *path = g_build_filename(dir, name, NULL);
    g_autofree char *bytes = NULL;
    gsize length = 0;

    if (!mp_files_read(path, MAX_DATA_BYTES, &bytes, &length, error))
        return FALSE;
    return add(setup, path, bytes, length, error);
}

static gboolean
add_dir(MpSetup *setup, const char *dir, const char *suffix, AddFunc add, GError **error)
{
    g_auto(GStrv) names = mp_files_list(dir, suffix, error);

    if (names == NULL)
        return FALSE;
    for (guint i = 0; names[i] != NULL; i++)
        if (!add_file(setup, dir, names[i], add, error))
            return FALSE;
    return TRUE;
}

static gboolean
add_rules(MpSetup *setup, const char *name, const char *bytes, gsize length, GError **error)
{
    return mp_rules_add(setup->reading->rules, name, bytes, length, error);
}

static gboolean
add_template(MpSetup *setup, const char *name, const char *bytes, gsize length, GError **error)
{
    g_autofree char *base = g_path_get_basename(name);

    return mp_templates_add(setup->templates, base, bytes, length, error);
}

static gboolean
add_verbs(MpSetup *setup, const char *name, const char *bytes, gsize length, GError **error)
{
    setup->verbs = mp_verbs_parse(name, bytes, length, error);
    return setup->verbs != NULL;
}

static gboolean
add_ams(MpSetup *setup, const char *name, const char *bytes, gsize length, GError **error)
{
    (void)length;
    setup->ams = mp_ams_parse(name, bytes, error);
    return setup->ams != NULL;
}

/* --- who is who --- */

static void
fill_officials(MpSetup *setup)
{
    const char *const *roles = mp_config_sections(setup->config, "role");

    for (guint i = 0; roles[i] != NULL; i++) {
        g_autofree char *section = g_strconcat("role ", roles[i], NULL);
        const char *const *addresses = mp_config_list(setup->config, section, "addresses");
        g_autoptr(GPtrArray) deputies = mp_config_deputies(setup->config, roles[i]);

        for (guint j = 0; addresses[j] != NULL; j++)
            g_hash_table_insert(setup->reading->office->officials,
                                mp_text_lower_ascii(addresses[j]),
                                g_strdup(roles[i]));
        for (guint j = 0; j < deputies->len; j++) {
            const MpConfigDeputy *deputy = g_ptr_array_index(deputies, j);

            if (!g_hash_table_contains(setup->reading->office->officials, deputy->address))
                g_hash_table_insert(setup->reading->office->officials,
                                    g_strdup(deputy->address),
                                    g_strdup(roles[i]));
        }
    }
}

/* What S/MIME chains must lead to; a file without a certificate would make every signature bad. */
static gboolean
read_smime_ca(MpSetup *setup, GError **error)
{
    const char *path = mp_config_string(setup->config, "trust", "smime_ca_file");
    MpTrustOptions *trust = &setup->reading->trust;
    g_autofree char *where = NULL;

    if (path[0] == '\0')
        return TRUE;
    if (!mp_files_read(path, MAX_DATA_BYTES, &trust->smime_ca, &trust->smime_ca_bytes, error))
        return FALSE;
    if (mp_trust_count_certificates(trust->smime_ca, trust->smime_ca_bytes) > 0)
        return TRUE;
    where = mp_config_where(setup->config, "trust", "smime_ca_file");
    g_set_error(error, MP_ERROR, MP_ERROR_CONFIG, "%s: no PEM certificate in %s", where, path);
    return FALSE;
}

static void
fill_reading(MpSetup *setup)
{
    const MpConfig *config = setup->config;
    MpReaderSetup *reading = setup->reading;
    const char *authserv = mp_config_string(config, "trust", "authserv_id");
    const char *const *own = mp_config_list(config, "office", "trusted_domains");

    reading->limits = mp_config_limits(config);
    reading->message.own_address = g_strdup(mp_config_string(config, "office", "address"));
    reading->message.own_id_domain = g_strdup(setup->id_domain);
    reading->trust.authserv_id = g_strdup(authserv);
    reading->trust.own_hosts = g_strdupv((char **)mp_config_list(config, "trust", "own_hosts"));
    reading->trust.own_domains = g_strdupv((char **)own);
    reading->trust.bsre_domains = g_strdupv((char **)mp_config_list(config, "bsre", "domains"));
    g_strfreev(reading->office->own_domains);
    g_strfreev(reading->office->bsre_domains);
    g_free(reading->office->service_address);
    g_free(reading->office->case_prefix);
    reading->office->service_address = g_strdup(mp_config_string(config, "office", "address"));
    reading->office->case_prefix = g_strdup(mp_config_string(config, "office", "case_prefix"));
    reading->office->own_domains = g_strdupv((char **)own);
    reading->office->bsre_domains = g_strdupv((char **)mp_config_list(config, "bsre", "domains"));
    reading->office->has_authserv = authserv != NULL && authserv[0] != '\0';
    fill_officials(setup);
    g_clear_pointer(&reading->rules, mp_rules_free);
    reading->rules = mp_rules_new(&reading->limits);
}

/* --- procedures and their calendars --- */

static gboolean
add_holidays(MpSetup *setup, MpCalendar *calendar, const char *section, GError **error)
{
    g_autofree char *dir = mp_setup_dir(setup->config, "rules_dir");
    const char *const *names = mp_config_list(setup->config, section, "holidays");

    if (names[0] == NULL)
        names = mp_config_list(setup->config, "calendar", "holidays");
    for (guint i = 0; names[i] != NULL; i++) {
        g_autofree char *path = g_build_filename(dir, names[i], NULL);
        g_autofree char *bytes = NULL;
        gsize length = 0;

        if (!mp_files_read(path, MAX_DATA_BYTES, &bytes, &length, error) ||
            !mp_calendar_add_holidays(calendar, path, bytes, length, error))
            return FALSE;
    }
    return TRUE;
}

/* `sop_zone` and `sop_hours` are the procedure's own; the configuration's [service X] wins over
 * them, [office] and [calendar] stand below (decisions.md 18). */
static MpCalendar *
make_calendar(MpSetup *setup,
              const char *section,
              const char *sop_zone,
              const char *sop_hours,
              GError **error)
{
    const MpConfig *config = setup->config;
    gboolean is_office = strcmp(section, "office") == 0;
    const char *set_zone = is_office ? "" : mp_config_string(config, section, "timezone");
    const char *set_hours = is_office ? "" : mp_config_string(config, section, "hours");
    const char *hours = set_hours[0] != '\0' ? set_hours : sop_hours;
    g_autoptr(GPtrArray) periods = mp_config_periods(config);
    g_autoptr(MpCalendar) calendar = NULL;
    GTimeZone *zone;

    if (set_zone[0] == '\0' && sop_zone != NULL)
        zone = g_time_zone_new_identifier(sop_zone);
    else
        zone = mp_config_zone(config, section, error);
    if (zone == NULL) {
        if (error != NULL && *error == NULL)
            g_set_error(error, MP_ERROR, MP_ERROR_CONFIG, "zone '%s' is not in tzdata", sop_zone);
        return NULL;
    }
    g_ptr_array_add(setup->zones, zone);
    if (hours == NULL || hours[0] == '\0')
        hours = mp_config_string(config, "calendar", "hours");
    calendar = mp_calendar_new(zone, hours, error);
    if (calendar == NULL)
        return NULL;
    for (guint i = 0; i < periods->len; i++) {
        const MpConfigPeriod *period = g_ptr_array_index(periods, i);

        if (!mp_calendar_add_period(calendar, period->from, period->until, period->hours, error)) {
            g_autofree char *key = g_strconcat("period.", period->name, NULL);
            g_autofree char *where = mp_config_where(config, "calendar", key);

            g_prefix_error(error, "%s: ", where);
            return NULL;
        }
    }
    if (!add_holidays(setup, calendar, is_office ? "calendar" : section, error))
        return NULL;
    return g_steal_pointer(&calendar);
}

static gboolean
load_service(MpSetup *setup, const char *dir, const char *service, GError **error)
{
    g_autofree char *section = g_strconcat("service ", service, NULL);
    const char *file = mp_config_string(setup->config, section, "sop");
    g_autofree char *path = g_build_filename(dir, "sop", file, NULL);
    g_autofree char *bytes = NULL;
    const char *const *roles = mp_config_sections(setup->config, "role");
    g_autoptr(MpSop) sop = NULL;
    g_autoptr(MpCalendar) calendar = NULL;
    gsize length = 0;

    if (!mp_files_read(path, MAX_DATA_BYTES, &bytes, &length, error))
        return FALSE;
    sop = mp_sop_parse(path, bytes, length, roles, error);
    if (sop == NULL)
        return FALSE;
    if (strcmp(sop->service, service) != 0) {
        g_autofree char *where = mp_config_where(setup->config, section, "sop");

        g_set_error(error,
                    MP_ERROR,
                    MP_ERROR_CONFIG,
                    "%s: procedure '%s' is for service '%s', not '%s'",
                    where,
                    file,
                    sop->service,
                    service);
        return FALSE;
    }
    calendar = make_calendar(setup, section, sop->zone, sop->hours, error);
    if (calendar == NULL)
        return FALSE;
    g_hash_table_insert(setup->sops, g_strdup(service), g_steal_pointer(&sop));
    g_hash_table_insert(setup->calendars, g_strdup(service), g_steal_pointer(&calendar));
    return TRUE;
}

/* Cases that were opened under another procedure finish under it. A file that does not fit this
 * office's roles is nobody's procedure here and no fault. */
static gboolean
load_other_sops(MpSetup *setup, const char *dir, GError **error)
{
    g_autofree char *sop_dir = g_build_filename(dir, "sop", NULL);
    g_auto(GStrv) names = mp_files_list(sop_dir, ".sop", error);
    const char *const *roles = mp_config_sections(setup->config, "role");

    for (guint i = 0; names != NULL && names[i] != NULL; i++) {
        g_autofree char *path = g_build_filename(sop_dir, names[i], NULL);
        g_autofree char *bytes = NULL;
        g_autoptr(MpSop) sop = NULL;
        gsize length = 0;

        if (!mp_files_read(path, MAX_DATA_BYTES, &bytes, &length, error))
            return FALSE;
        sop = mp_sop_parse(path, bytes, length, roles, NULL);
        if (sop != NULL && mp_setup_sop_by_id(setup, sop->id) == NULL)
            g_ptr_array_add(setup->other_sops, g_steal_pointer(&sop));
    }
    return names != NULL;
}

static gboolean
load_office(MpSetup *setup, GError **error)
{
    g_autofree char *rules = mp_setup_dir(setup->config, "rules_dir");
    g_autofree char *templates = mp_setup_dir(setup->config, "templates_dir");
    g_autofree char *language = g_build_filename(templates, "id", NULL);
    const char *const *services = mp_config_sections(setup->config, "service");

    if (!add_file(setup, rules, "commands.tsv", add_verbs, error) ||
        !add_file(setup, rules, "ams.tsv", add_ams, error) ||
        !mp_setup_load_survey(setup, rules, error))
        return FALSE;
    setup->calendar = make_calendar(setup, "office", NULL, NULL, error);
    if (setup->calendar == NULL)
        return FALSE;
    for (guint i = 0; services[i] != NULL; i++)
        if (!load_service(setup, rules, services[i], error))
            return FALSE;
    if (!load_other_sops(setup, rules, error))
        return FALSE;
    if (!add_dir(setup, language, ".txt", add_template, error) ||
        !add_dir(setup, language, ".html", add_template, error) ||
        !add_dir(setup, language, ".surat", add_template, error))
        return FALSE;
    mp_setup_fill_notify(setup);
    return mp_templates_check(setup->templates, mp_plan_templates, error);
}

MpSetup *
mp_setup_load(const char *config_path, MpSetupParts parts, GError **error)
{
    g_autoptr(MpSetup) setup = g_new0(MpSetup, 1);
    g_autofree char *rules = NULL;

    setup->config_path = g_strdup(config_path);
    setup->config = mp_config_load(config_path, error);
    if (setup->config == NULL)
        return NULL;
    mp_config_from(setup->config, &setup->from_name, &setup->from_address);
    setup->id_domain = mp_text_domain(setup->from_address);
    setup->reading = mp_reader_setup_new();
    setup->templates = mp_templates_new();
    setup->zones = g_ptr_array_new_with_free_func((GDestroyNotify)g_time_zone_unref);
    setup->sops =
        g_hash_table_new_full(g_str_hash, g_str_equal, g_free, (GDestroyNotify)mp_sop_free);
    setup->other_sops = g_ptr_array_new_with_free_func((GDestroyNotify)mp_sop_free);
    setup->calendars =
        g_hash_table_new_full(g_str_hash, g_str_equal, g_free, (GDestroyNotify)mp_calendar_free);
    fill_reading(setup);
    if (!read_smime_ca(setup, error))
        return NULL;
    rules = mp_setup_dir(setup->config, "rules_dir");
    if (!add_dir(setup, rules, ".rules", add_rules, error))
        return NULL;
    if (parts == MP_SETUP_ALL && !load_office(setup, error))
        return NULL;
    return g_steal_pointer(&setup);
}

void
mp_setup_free(MpSetup *setup)
{
    if (setup == NULL)
        return;
    g_free(setup->config_path);
    g_clear_pointer(&setup->reading, mp_reader_setup_free);
    g_clear_pointer(&setup->verbs, mp_verbs_free);
    g_clear_pointer(&setup->ams, mp_ams_free);
    g_clear_pointer(&setup->survey, mp_survey_free);
    g_clear_pointer(&setup->templates, mp_templates_free);
    g_clear_pointer(&setup->sops, g_hash_table_unref);
    g_clear_pointer(&setup->other_sops, g_ptr_array_unref);
    g_clear_pointer(&setup->calendars, g_hash_table_unref);
    g_clear_pointer(&setup->calendar, mp_calendar_free);
    g_clear_pointer(&setup->notify.role_titles, g_hash_table_unref);
    g_clear_pointer(&setup->zones, g_ptr_array_unref);
    g_clear_pointer(&setup->config, mp_config_free);
    g_free(setup->from_name);
    g_free(setup->from_address);
    g_free(setup->id_domain);
    g_free(setup);
}

/* --- asking --- */

const MpSop *
mp_setup_sop(const MpSetup *setup, const char *service)
{
    return service == NULL ? NULL : g_hash_table_lookup(setup->sops, service);
}

const MpSop *
mp_setup_sop_by_id(const MpSetup *setup, const char *id)
{
    GHashTableIter iter;
    gpointer value;

    g_hash_table_iter_init(&iter, setup->sops);
    while (g_hash_table_iter_next(&iter, NULL, &value)) {
        const MpSop *sop = value;

        if (g_strcmp0(sop->id, id) == 0)
            return sop;
    }
    for (guint i = 0; i < setup->other_sops->len; i++) {
        const MpSop *sop = g_ptr_array_index(setup->other_sops, i);

        if (g_strcmp0(sop->id, id) == 0)
            return sop;
    }
    return NULL;
}

const MpCalendar *
mp_setup_calendar(const MpSetup *setup, const char *service)
{
    const MpCalendar *own = service == NULL ? NULL : g_hash_table_lookup(setup->calendars, service);

    return own != NULL ? own : setup->calendar;
}

static gboolean
is_current(const MpConfigDeputy *deputy, const char *today)
{
    return deputy->until == NULL || strcmp(today, deputy->until) <= 0;
}

GPtrArray *
mp_setup_role_addresses(const MpSetup *setup, const char *role, const char *today)
{
    g_autofree char *section = g_strconcat("role ", role, NULL);
    GPtrArray *found = g_ptr_array_new_with_free_func(g_free);
    const char *const *addresses;
    g_autoptr(GPtrArray) deputies = NULL;

    if (!mp_config_has_section(setup->config, section))
        return found;
    addresses = mp_config_list(setup->config, section, "addresses");
    for (guint i = 0; addresses[i] != NULL; i++) {
        g_autofree char *lower = mp_text_lower_ascii(addresses[i]);

        mp_text_add_once(found, lower);
    }
    deputies = mp_config_deputies(setup->config, role);
    for (guint i = 0; i < deputies->len; i++) {
        const MpConfigDeputy *deputy = g_ptr_array_index(deputies, i);

        if (is_current(deputy, today))
            mp_text_add_once(found, deputy->address);
    }
    return found;
}

gboolean
mp_setup_has_role(const MpSetup *setup, const char *role, const char *address, const char *today)
{
    g_autoptr(GPtrArray) addresses = mp_setup_role_addresses(setup, role, today);
    g_autofree char *lower = mp_text_lower_ascii(address);

    for (guint i = 0; i < addresses->len; i++)
        if (g_strcmp0(g_ptr_array_index(addresses, i), lower) == 0)
            return TRUE;
    return FALSE;
}

const char *
mp_setup_any_role(const MpSetup *setup, const char *address, const char *today)
{
    const char *const *roles = mp_config_sections(setup->config, "role");

    for (guint i = 0; address != NULL && roles[i] != NULL; i++)
        if (mp_setup_has_role(setup, roles[i], address, today))
            return roles[i];
    return NULL;
}

char **
mp_setup_officials(const MpSetup *setup)
{
    GPtrArray *found = g_ptr_array_new();
    GHashTableIter iter;
    gpointer address;

    g_hash_table_iter_init(&iter, setup->reading->office->officials);
    while (g_hash_table_iter_next(&iter, &address, NULL))
        g_ptr_array_add(found, g_strdup(address));
    g_ptr_array_add(found, NULL);
    return (char **)g_ptr_array_free(found, FALSE);
}

/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Which calendar an office runs on: whether it is the one of the last start, and whether it knows
 * the years that count. */

#include "app/digest.h"

#include <syslog.h>

enum { MAX_DATA_BYTES = 4 * 1024 * 1024 };

static void
add_text(GChecksum *sum, const char *text)
{
    /* With the NUL, so that two texts cannot flow into each other. */
    g_checksum_update(sum,
                      (const guchar *)(text == NULL ? "" : text),
                      text == NULL ? 1 : (gssize)strlen(text) + 1);
}

static gboolean
add_holidays(const MpSetup *setup, const char *section, GChecksum *sum, GError **error)
{
    g_autofree char *dir = mp_setup_dir(setup->config, "rules_dir");
    const char *const *names = mp_config_list(setup->config, section, "holidays");

    if (names[0] == NULL)
        names = mp_config_list(setup->config, "calendar", "holidays");
    for (guint i = 0; names[i] != NULL; i++) {
        g_autofree char *path = g_build_filename(dir, names[i], NULL);
        g_autofree char *bytes = NULL;
        gsize length = 0;

        if (!mp_files_read(path, MAX_DATA_BYTES, &bytes, &length, error))
            return FALSE;
        add_text(sum, bytes);
    }
    return TRUE;
}

char *
mp_setup_calendar_print(const MpSetup *setup, const char *service, GError **error)
{
    const MpConfig *config = setup->config;
    const MpSop *sop = mp_setup_sop(setup, service);
    g_autofree char *section = g_strconcat("service ", service, NULL);
    g_autoptr(GPtrArray) periods = mp_config_periods(config);
    g_autoptr(GChecksum) sum = g_checksum_new(G_CHECKSUM_SHA256);

    add_text(sum, mp_config_string(config, "office", "timezone"));
    add_text(sum, mp_config_string(config, "calendar", "hours"));
    add_text(sum, mp_config_string(config, section, "timezone"));
    add_text(sum, mp_config_string(config, section, "hours"));
    add_text(sum, sop == NULL ? NULL : sop->zone);
    add_text(sum, sop == NULL ? NULL : sop->hours);
    for (guint i = 0; i < periods->len; i++) {
        const MpConfigPeriod *period = g_ptr_array_index(periods, i);

        add_text(sum, period->from);
        add_text(sum, period->until);
        add_text(sum, period->hours);
    }
    if (!add_holidays(setup, section, sum, error))
        return NULL;
    return g_strdup(g_checksum_get_string(sum));
}

/* The line that names the holiday files of a service: its own, else the office's. */
static char *
where_holidays(const MpSetup *setup, const char *section)
{
    gboolean has_own = strcmp(section, "calendar") != 0 &&
                       mp_config_list(setup->config, section, "holidays")[0] != NULL;

    return mp_config_where(setup->config, has_own ? section : "calendar", "holidays");
}

static gboolean
check_calendar(const MpSetup *setup,
               const char *section,
               const MpCalendar *calendar,
               gint64 now_utc,
               char **warning_out,
               GError **error)
{
    g_autofree char *today = mp_calendar_today(calendar, now_utc);
    int year = (int)g_ascii_strtoll(today, NULL, 10);
    g_autofree char *where = where_holidays(setup, section);

    if (!mp_calendar_has_year(calendar, year)) {
        g_set_error(error,
                    MP_ERROR,
                    MP_ERROR_CONFIG,
                    "%s: no file here has the holidays of %d: add holidays-%d.tsv",
                    where,
                    year,
                    year);
        return FALSE;
    }
    if (warning_out != NULL && *warning_out == NULL && !mp_calendar_has_year(calendar, year + 1))
        *warning_out = g_strdup_printf("%s: no file here has the holidays of %d: due times that "
                                       "fall there are provisional",
                                       where,
                                       year + 1);
    return TRUE;
}

gboolean
mp_setup_check_years(const MpSetup *setup, gint64 now_utc, char **warning_out, GError **error)
{
    const char *const *services = mp_config_sections(setup->config, "service");

    if (warning_out != NULL)
        *warning_out = NULL;
    if (!check_calendar(setup, "calendar", setup->calendar, now_utc, warning_out, error))
        return FALSE;
    for (guint i = 0; services[i] != NULL; i++) {
        g_autofree char *section = g_strconcat("service ", services[i], NULL);
        const MpCalendar *calendar = mp_setup_calendar(setup, services[i]);

        if (!check_calendar(setup, section, calendar, now_utc, warning_out, error))
            return FALSE;
    }
    return TRUE;
}

static int
missing_in(const MpCalendar *calendar, gint64 at_utc)
{
    g_autofree char *day = mp_calendar_today(calendar, at_utc);
    int year = (int)g_ascii_strtoll(day, NULL, 10);

    return mp_calendar_has_year(calendar, year) ? 0 : year;
}

int
mp_setup_missing_year(const MpSetup *setup, gint64 at_utc)
{
    const char *const *services = mp_config_sections(setup->config, "service");
    int missing = missing_in(setup->calendar, at_utc);

    for (guint i = 0; missing == 0 && services[i] != NULL; i++)
        missing = missing_in(mp_setup_calendar(setup, services[i]), at_utc);
    return missing;
}

gboolean
mp_app_check_years(const MpApp *app, const MpSetup *setup, gint64 now_utc, GError **error)
{
    g_autofree char *warning = NULL;

    if (!mp_setup_check_years(setup, now_utc, &warning, error))
        return FALSE;
    if (warning != NULL)
        mp_app_log(app, LOG_WARNING, "calendar.year", "problem", warning, NULL);
    return TRUE;
}

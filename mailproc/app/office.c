/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "app/office.h"

enum { SURVEY_BYTES = 64 * 1024 };

gboolean
mp_setup_load_survey(MpSetup *setup, const char *rules_dir, GError **error)
{
    g_autofree char *path = g_build_filename(rules_dir, "skm.tsv", NULL);
    g_autofree char *bytes = NULL;
    gsize length = 0;

    if (!mp_config_bool(setup->config, "report", "survey"))
        return TRUE;
    if (!mp_files_read(path, SURVEY_BYTES, &bytes, &length, error))
        return FALSE;
    setup->survey = mp_survey_parse(path, bytes, length, error);
    return setup->survey != NULL;
}

void
mp_setup_fill_notify(MpSetup *setup)
{
    const char *const *roles = mp_config_sections(setup->config, "role");

    setup->notify.office_name = mp_config_string(setup->config, "office", "name");
    setup->notify.office_address = mp_config_string(setup->config, "office", "address");
    setup->notify.service_name = setup->from_name;
    setup->notify.calendar = setup->calendar;
    setup->notify.role_titles = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
    for (guint i = 0; roles[i] != NULL; i++) {
        g_autofree char *section = g_strconcat("role ", roles[i], NULL);
        const char *title = mp_config_string(setup->config, section, "title");

        if (title[0] != '\0')
            g_hash_table_insert(setup->notify.role_titles, g_strdup(roles[i]), g_strdup(title));
    }
}

static const char *
role_title(gconstpointer data, const char *role)
{
    return role[0] == '\0' ? "–" : mp_notify_role_title(data, role);
}

MpReportOffice
mp_office_of_papers(const MpSetup *setup, const char *service)
{
    return (MpReportOffice){.office_name = setup->notify.office_name,
                            .service_name = setup->notify.service_name,
                            .calendar = service == NULL ? setup->calendar
                                                        : mp_setup_calendar(setup, service),
                            .service_title = mp_notify_service_title,
                            .role_title = role_title,
                            .role_data = &setup->notify,
                            .shows_nip = mp_config_bool(setup->config, "papers", "full_nip")};
}

static char *
words_of(const MpSetup *setup, const char *name, const MpCase *kase, gint64 now_utc, GError **error)
{
    MpNotifyOffice office = setup->notify;
    g_autoptr(MpValue) context = NULL;

    office.calendar = mp_setup_calendar(setup, kase->service);
    context =
        mp_notify_case_context(&office, mp_setup_sop_by_id(setup, kase->sop), kase, 0, now_utc);
    return mp_templates_render_paper(setup->templates, name, context, error);
}

GBytes *
mp_office_draw(const MpSetup *setup,
               const char *name,
               const MpCase *kase,
               const GPtrArray *events,
               gint64 now_utc,
               GError **error)
{
    const MpReportOffice office = mp_office_of_papers(setup, kase->service);
    gboolean is_letter =
        g_str_has_prefix(name, "surat-") && g_strv_contains(mp_case_paper_names(), name);
    g_autofree char *words = is_letter ? words_of(setup, name, kase, now_utc, error) : NULL;

    if (is_letter && words == NULL)
        return NULL;
    return mp_report_paper(
        &office, name, words, kase, events, mp_setup_sop_by_id(setup, kase->sop), now_utc, error);
}

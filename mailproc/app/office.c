/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "app/office.h"

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

/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "app/retention.h"

enum { MAX_YEARS = 100 };

struct MpRetention {
    GPtrArray *rows; /* MpRetentionRow */
};

static const char *const fates[] = {
#define X(id, name) name,
    MP_FATES(X)
#undef X
};

const char *
mp_fate_to_string(MpFate fate)
{
    return (guint)fate < MP_FATE_N ? fates[fate] : "";
}

static void
row_free(gpointer data)
{
    MpRetentionRow *row = data;

    g_free(row->service);
    g_free(row->class_);
    g_free(row);
}

void
mp_retention_free(MpRetention *retention)
{
    if (retention == NULL)
        return;
    g_ptr_array_unref(retention->rows);
    g_free(retention);
}

static MpRetentionRow *
parse_line(const char *line)
{
    g_auto(GStrv) cells = g_strsplit(line, "\t", -1);
    gint64 active = 0, inactive = 0;
    guint fate = 0;
    MpRetentionRow *row;

    if (g_strv_length(cells) != 5 || cells[0][0] == '\0' ||
        !g_ascii_string_to_signed(cells[2], 10, 0, MAX_YEARS, &active, NULL) ||
        !g_ascii_string_to_signed(cells[3], 10, 0, MAX_YEARS, &inactive, NULL))
        return NULL;
    while (fate < MP_FATE_N && strcmp(fates[fate], cells[4]) != 0)
        fate++;
    if (fate == MP_FATE_N)
        return NULL;
    row = g_new0(MpRetentionRow, 1);
    row->service = g_strdup(cells[0]);
    row->class_ = g_strdup(cells[1]);
    row->active_years = (int)active;
    row->inactive_years = (int)inactive;
    row->fate = (MpFate)fate;
    return row;
}

MpRetention *
mp_retention_parse(const char *name, const char *bytes, GError **error)
{
    g_autoptr(MpRetention) retention = g_new0(MpRetention, 1);
    g_auto(GStrv) lines = g_strsplit(bytes, "\n", -1);

    retention->rows = g_ptr_array_new_with_free_func(row_free);
    for (guint i = 0; lines[i] != NULL; i++) {
        MpRetentionRow *row;

        if (lines[i][0] == '#' || g_strstrip(lines[i])[0] == '\0')
            continue;
        row = parse_line(lines[i]);
        if (row != NULL && mp_retention_row(retention, row->service) == NULL) {
            g_ptr_array_add(retention->rows, row);
            continue;
        }
        const char *reason = row == NULL ? "not a service, class, two numbers of years and a fate"
                                         : "the service stands twice";
        g_clear_pointer(&row, row_free);
        g_set_error(error, MP_ERROR, MP_ERROR_CONFIG, "%s:%u: %s", name, i + 1, reason);
        return NULL;
    }
    return g_steal_pointer(&retention);
}

const MpRetentionRow *
mp_retention_row(const MpRetention *retention, const char *service)
{
    for (guint i = 0; i < retention->rows->len; i++) {
        const MpRetentionRow *row = g_ptr_array_index(retention->rows, i);

        if (g_strcmp0(row->service, service) == 0)
            return row;
    }
    return NULL;
}

gboolean
mp_retention_is_erased(const MpLedgerRow *row)
{
    return row->reason != NULL && g_str_has_prefix(row->reason, MP_ERASED);
}

char *
mp_retention_end(const MpRetentionRow *row, const char *closed_day)
{
    g_autofree char *text = g_strconcat(closed_day, "T00:00:00Z", NULL);
    g_autoptr(GDateTime) from = g_date_time_new_from_iso8601(text, NULL);
    g_autoptr(GDateTime) to =
        from == NULL ? NULL : g_date_time_add_years(from, row->active_years + row->inactive_years);

    return to == NULL ? NULL : g_date_time_format(to, "%Y-%m-%d");
}

GPtrArray *
mp_retention_commands(const MpCase *kase, const GPtrArray *events, gboolean *is_enough_out)
{
    GPtrArray *people = g_ptr_array_new_with_free_func(g_free);
    gboolean is_signed = FALSE;

    for (guint i = 0; i < events->len; i++) {
        const MpEvent *event = g_ptr_array_index(events, i);

        if (mp_event_get(event, MP_DESTROY_KEY) == NULL || event->address == NULL ||
            event->at_utc < kase->closed_utc || event->trust < MP_TRUST_CAPABILITY)
            continue;
        is_signed |= event->trust >= MP_TRUST_SIGNED;
        mp_text_add_once(people, event->address);
    }
    *is_enough_out = is_signed || people->len >= 2;
    return people;
}

/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Days of the register: how long a certificate still lives, when somebody was born. */

#include "app/register.h"

enum { NIP_DIGITS = 18 };

static GDateTime *
date_of(const char *day)
{
    g_autofree char *text = NULL;

    if (day == NULL || strlen(day) != strlen("YYYY-MM-DD") || day[4] != '-' || day[7] != '-')
        return NULL;
    text = g_strconcat(day, "T00:00:00Z", NULL);
    return g_date_time_new_from_iso8601(text, NULL);
}

char *
mp_register_day_after(const char *day, int days)
{
    g_autoptr(GDateTime) from = date_of(day);
    g_autoptr(GDateTime) to = from == NULL ? NULL : g_date_time_add_days(from, days);

    return to == NULL ? NULL : g_date_time_format(to, "%Y-%m-%d");
}

int
mp_register_stage(const char *valid_until, const char *today)
{
    static const int stages[] = {1, 7, 14, 30};
    g_autoptr(GDateTime) end = date_of(valid_until);
    g_autoptr(GDateTime) now = date_of(today);
    gint64 left;

    if (end == NULL || now == NULL || strcmp(valid_until, today) < 0)
        return 0;
    left = g_date_time_difference(end, now) / G_TIME_SPAN_DAY;
    for (gsize i = 0; i < G_N_ELEMENTS(stages); i++)
        if (left <= stages[i])
            return stages[i];
    return 0;
}

char *
mp_register_birth(const char *nip)
{
    g_autofree char *digits = nip == NULL ? NULL : mp_text_digits(nip);
    g_autofree char *day = NULL;
    g_autoptr(GDateTime) date = NULL;

    if (digits == NULL || strlen(digits) != NIP_DIGITS)
        return NULL;
    day = g_strdup_printf("%.4s-%.2s-%.2s", digits, digits + 4, digits + 6);
    date = date_of(day);
    return date == NULL ? NULL : g_steal_pointer(&day);
}

gboolean
mp_register_is_active(const MpHolder *holder, const char *today)
{
    return holder->state == MP_HOLDER_ACTIVE && holder->valid_until != NULL &&
           strcmp(holder->valid_until, today) >= 0;
}

const char *
mp_register_state(const MpHolder *holder, const char *today)
{
    if (holder->state == MP_HOLDER_ACTIVE && !mp_register_is_active(holder, today))
        return "expired";
    return mp_holder_state_to_string(holder->state);
}

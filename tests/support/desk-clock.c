/* SPDX-License-Identifier: GPL-3.0-or-later */

/* A desk on a hand-set clock. Mail to the office goes through the MX like any other, but into a
 * mailbox of its own, and from there by APPEND into the office's INBOX under the time it was
 * written at: that is the INTERNALDATE by which the program counts. */

#include "support/asserts.h"
#include "support/desk-private.h"

typedef struct {
    char *mailbox;
    gint64 at_s;
} Coming;

static void
coming_free(gpointer data)
{
    Coming *coming = data;

    g_free(coming->mailbox);
    g_free(coming);
}

void
mp_desk_set_now(MpDesk *desk, gint64 unix_s)
{
    assert_true(unix_s >= desk->now_s);
    desk->now_s = unix_s;
    if (desk->coming == NULL)
        desk->coming = g_ptr_array_new_with_free_func(coming_free);
}

void
mp_desk_take_in(MpDesk *desk, MpTownVia via, const char *from, const char *mail, gssize length)
{
    g_autoptr(GError) error = NULL;
    Coming *coming = g_new0(Coming, 1);

    coming->mailbox = g_strdup_printf("gerbang%u-%s@contohkab.go.id", ++desk->n_mails, desk->tag);
    coming->at_s = desk->now_s;
    g_ptr_array_add(desk->coming, coming);
    mp_town_send(desk->town, via, from, coming->mailbox, mail, length, &error);
    assert_no_gerror(error);
}

/* "APPEND INBOX (…) {n+}" with the bytes behind it, or NULL when the mail is not there. */
static char *
append_command(MpDesk *desk, const Coming *coming)
{
    g_autoptr(GPtrArray) mails = mp_town_mails(desk->town, coming->mailbox, "INBOX");
    g_autoptr(GDateTime) at = g_date_time_new_from_unix_utc(coming->at_s);
    g_autofree char *date = g_date_time_format(at, "%d-%b-%Y %H:%M:%S +0000");
    g_autoptr(GString) wire = g_string_new(NULL);
    const char *data;
    gsize length = 0;

    if (mails->len != 1)
        fail_msg("%s holds %u mails", coming->mailbox, mails->len);
    data = g_bytes_get_data(g_ptr_array_index(mails, 0), &length);
    for (gsize i = 0; i < length; i++) {
        if (data[i] == '\n')
            g_string_append_c(wire, '\r');
        g_string_append_c(wire, data[i]);
    }
    return g_strdup_printf(
        "APPEND INBOX \"%s\" {%" G_GSIZE_FORMAT "+}\r\n%s", date, wire->len, wire->str);
}

void
mp_desk_bring_in(MpDesk *desk)
{
    g_autoptr(GPtrArray) commands = g_ptr_array_new_with_free_func(g_free);
    g_autoptr(GError) error = NULL;
    g_autofree char *said = NULL;

    if (desk->coming == NULL || desk->coming->len == 0)
        return;
    mp_town_settle(desk->town, &error);
    assert_no_gerror(error);
    for (guint i = 0; i < desk->coming->len; i++)
        g_ptr_array_add(commands, append_command(desk, g_ptr_array_index(desk->coming, i)));
    g_ptr_array_add(commands, NULL);
    said = mp_town_imap(desk->town, desk->address, (const char *const *)commands->pdata, &error);
    assert_no_gerror(error);
    g_ptr_array_set_size(desk->coming, 0);
}

GDateTime *
mp_desk_now(const MpDesk *desk)
{
    return desk->now_s == 0 ? g_date_time_new_now_local()
                            : g_date_time_new_from_unix_local(desk->now_s);
}

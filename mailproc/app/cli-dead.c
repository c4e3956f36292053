/* SPDX-License-Identifier: GPL-3.0-or-later */

/* `outbox dead` and `outbox revive`: the addresses that take no mail, and how one gets it again. */

#include "app/commands.h"

/* The address stands in the outbox's row alone; the mark has only its hash. */
static gboolean
print_dead(const MpApp *app, const char *mark, GError **error)
{
    g_autofree char *value = app->store->mark_get(app->store, mark);
    const char *row = value == NULL ? NULL : strchr(value, ' ');
    g_autoptr(MpOutboxEntry) entry = NULL;

    if (row == NULL)
        return TRUE; /* revived meanwhile */
    entry = app->store->outbox_get(app->store, g_ascii_strtoll(row, NULL, 10), error);
    if (entry == NULL)
        return FALSE;
    g_print("%.10s  %-15s %s: %s\n",
            value,
            entry->case_number == NULL ? "-" : entry->case_number,
            entry->recipient,
            entry->server_reply == NULL ? "it came back" : entry->server_reply);
    return TRUE;
}

int
mp_cli_list_dead(MpApp *app, int argc, char **argv)
{
    g_autoptr(GError) error = NULL;
    g_auto(GStrv) marks = NULL;

    (void)argv;
    if (argc != 1)
        return mp_cli_usage("outbox", "dead wants nothing more");
    marks = app->store->mark_names(app->store, MP_DEAD_MARK, &error);
    for (gsize i = 0; marks != NULL && marks[i] != NULL; i++)
        if (!print_dead(app, marks[i], &error))
            return mp_app_fail(error);
    return marks == NULL ? mp_app_fail(error) : 0;
}

static gboolean
clear_mark(MpStore *store, const char *mark, GError **error)
{
    if (!store->begin(store, error))
        return FALSE;
    if (store->mark_set(store, mark, NULL, error) && store->commit(store, error))
        return TRUE;
    store->rollback(store);
    return FALSE;
}

int
mp_cli_revive(MpApp *app, int argc, char **argv)
{
    g_autofree char *mark = NULL;
    g_autofree char *value = NULL;
    g_autoptr(GError) error = NULL;

    if (argc != 2 || !mp_text_is_plain_address(argv[1]))
        return mp_cli_usage("outbox", "revive wants one address");
    mark = mp_plan_dead_mark(argv[1]);
    value = app->store->mark_get(app->store, mark);
    if (value == NULL) {
        g_printerr("mailproc: %s: is not known to be dead; see 'mailproc outbox dead'\n", argv[1]);
        return mp_error_exit(MP_ERROR_INPUT);
    }
    if (!clear_mark(app->store, mark, &error))
        return mp_app_fail(error);
    g_print("%s takes mail again\n", argv[1]);
    return 0;
}

/* SPDX-License-Identifier: GPL-3.0-or-later */

/* `case ams`: the applicants of a case for the authority's system. */

#include "app/commands.h"

/* Without a file the tables go to the terminal, which has to be one table. */
static int
print_table(const MpCase *kase, const GPtrArray *tables)
{
    if (tables->len > 1) {
        g_printerr("mailproc: %s: more than %d people wait, which is more than one table takes; "
                   "give --csv FILE\n",
                   kase->number,
                   MP_AMS_ROWS);
        return mp_error_exit(MP_ERROR_INPUT);
    }
    g_print("%s", (const char *)g_ptr_array_index(tables, 0));
    return 0;
}

int
mp_command_case_ams(const MpGlobalOptions *options, int argc, char **argv)
{
    g_autofree char *path = NULL;
    const GOptionEntry entries[] = {
        {"csv", 0, 0, G_OPTION_ARG_FILENAME, &path, "write here (mode 0600)", "FILE"},
        G_OPTION_ENTRY_NULL};
    const MpCommandRow row = {.name = "case ams",
                              .arguments = "NUMBER",
                              .summary = "who waits for an outcome, as the table for AMS, with "
                                         "whole identity numbers"};
    g_autoptr(MpApp) app = NULL;
    g_autoptr(MpCase) kase = NULL;
    g_autoptr(GPtrArray) tables = NULL;
    g_autoptr(GError) error = NULL;
    int code = 0;

    if (!mp_app_parse(&row, entries, &argc, &argv, &code))
        return code;
    if (argc != 2)
        return mp_cli_usage("case", "ams wants one number");
    app = mp_cli_open_readonly(options, &code);
    kase = app == NULL ? NULL : mp_cli_load_case(app, argv[1], &code);
    if (kase == NULL)
        return code;
    tables = mp_ams_tables(app->setup->ams, kase, &error);
    if (tables == NULL)
        return mp_app_fail(error);
    if (path == NULL)
        return print_table(kase, tables);
    for (guint i = 0; i < tables->len && code == 0; i++) {
        const char *text = g_ptr_array_index(tables, i);
        g_autofree char *file = mp_ams_filename(path, i, tables->len);

        code = mp_cli_write_private(file, text, strlen(text));
        if (code == 0)
            g_print("%s\n", file);
    }
    return code;
}

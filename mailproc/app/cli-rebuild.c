/* SPDX-License-Identifier: GPL-3.0-or-later */

/* `rebuild`: the cases anew from their events, compared with what stands; `--from-archive`: the raw
 * mails read again with today's rules, compared with what was made of them then. */

#include "app/commands.h"
#include "app/evaluation.h"
#include "app/retention.h"

/* --- from the events -------------------------------------------------------------------------- */

/* What differs is written anew; what reports lack of closed cases is written in any case. */
static gboolean
write_all(const MpApp *app, gboolean is_different, guint *lines_out, GError **error)
{
    MpStore *store = app->store;

    if (!store->begin(store, error))
        return FALSE;
    if ((!is_different || store->case_rebuild(store, NULL, error)) &&
        mp_evaluation_refill(app, lines_out, error) && store->commit(store, error))
        return TRUE;
    store->rollback(store);
    return FALSE;
}

static int
rebuild_cases(MpApp *app, gboolean is_fixing)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(GPtrArray) differences = app->store->case_compare(app->store, NULL, &error);
    MpStoreCounts counts;
    guint64 n_cases = 0;
    guint n_lines = 0;

    if (differences == NULL || !app->store->counts(app->store, &counts, &error))
        return mp_app_fail(error);
    for (guint i = 0; i < MP_CASE_STATE_N; i++)
        n_cases += counts.cases[i];
    for (guint i = 0; i < differences->len; i++)
        g_print("%s\n", (const char *)g_ptr_array_index(differences, i));
    g_print("%" G_GUINT64_FORMAT " cases from %" G_GUINT64_FORMAT " events: %u differences\n",
            n_cases,
            counts.events,
            differences->len);
    if (!is_fixing && differences->len == 0)
        return 0;
    if (!is_fixing) {
        g_printerr("mailproc: what stands is not what the events say; 'mailproc rebuild --fix' "
                   "writes it anew\n");
        return mp_error_exit(MP_ERROR_INPUT);
    }
    if (!write_all(app, differences->len > 0, &n_lines, &error))
        return mp_app_fail(error);
    if (differences->len > 0)
        g_print("written anew\n");
    if (n_lines > 0)
        g_print("%u closed cases made ready for reports\n", n_lines);
    return 0;
}

/* --- from the archive ------------------------------------------------------------------------- */

typedef struct {
    MpApp *app;
    guint n_mails, n_differing, n_unread, n_erased;
} Replay;

static void
add_text_difference(GPtrArray *found, const char *what, const char *then, const char *now)
{
    if (g_strcmp0(then, now) != 0)
        g_ptr_array_add(found,
                        g_strdup_printf("%s: was '%s', today '%s'",
                                        what,
                                        then == NULL ? "" : then,
                                        now == NULL ? "" : now));
}

/* The case that this request opened, against what the letter says today. */
static gboolean
compare_case(const Replay *replay,
             const MpLedgerRow *row,
             const MpVerdict *verdict,
             GPtrArray *found,
             GError **error)
{
    MpStore *store = replay->app->store;
    g_autoptr(MpCase) kase = store->case_load(store, row->case_number, error);
    g_autofree char *then = NULL;
    g_autofree char *now = NULL;

    if (kase == NULL)
        return error == NULL || *error == NULL;
    then = g_strdup_printf("%u", kase->applicants->len);
    now = g_strdup_printf("%u", verdict->applicants->len);
    add_text_difference(found, "service", kase->service, verdict->service);
    add_text_difference(found, "letter", kase->letter_number, verdict->letter->number);
    add_text_difference(found, "applicants", then, now);
    return TRUE;
}

static gboolean
compare_mail(Replay *replay, const MpLedgerRow *row, GPtrArray *found, GError **error)
{
    g_autoptr(GError) unreadable = NULL;
    g_autoptr(GBytes) raw =
        replay->app->store->archive_get(replay->app->store, row->archive_name, error);
    g_autoptr(MpFacts) facts = NULL;

    if (raw == NULL)
        return FALSE;
    facts = mp_reader_read(replay->app->reader, raw, &unreadable);
    if (facts == NULL && g_error_matches(unreadable, MP_ERROR, MP_ERROR_STORAGE)) {
        g_propagate_error(error, g_steal_pointer(&unreadable));
        return FALSE;
    }
    if (facts == NULL) {
        if (row->state != MP_LEDGER_QUARANTINED)
            g_ptr_array_add(found,
                            g_strdup_printf("cannot be read today: %s", unreadable->message));
        return TRUE;
    }
    if (row->kind == NULL) {
        if (row->state == MP_LEDGER_QUARANTINED)
            g_ptr_array_add(found,
                            g_strdup_printf("could not be read, today '%s'", facts->verdict->kind));
        return TRUE;
    }
    add_text_difference(found, "kind", row->kind, facts->verdict->kind);
    return strcmp(row->kind, "request") != 0 || row->state != MP_LEDGER_DONE ||
           row->case_number == NULL || compare_case(replay, row, facts->verdict, found, error);
}

static gboolean
replay_row(Replay *replay, const MpLedgerRow *row, GError **error)
{
    g_autoptr(GPtrArray) found = g_ptr_array_new_with_free_func(g_free);

    if (row->archive_name == NULL || row->archive_name[0] == '\0') {
        replay->n_unread++;
        return TRUE;
    }
    if (mp_retention_is_erased(row)) {
        replay->n_erased++;
        return TRUE;
    }
    replay->n_mails++;
    mp_cli_progress(replay->app, "mails", replay->n_mails, FALSE);
    if (!compare_mail(replay, row, found, error))
        return FALSE;
    for (guint i = 0; i < found->len; i++)
        g_print("mail %" G_GINT64_FORMAT "%s%s: %s\n",
                row->id,
                row->case_number == NULL ? "" : " ",
                row->case_number == NULL ? "" : row->case_number,
                (const char *)g_ptr_array_index(found, i));
    replay->n_differing += found->len > 0;
    return TRUE;
}

static int
replay_archive(MpApp *app)
{
    Replay replay = {.app = app};
    g_autoptr(GError) error = NULL;
    gint64 above = 0;

    for (;;) {
        g_autoptr(GPtrArray) rows = app->store->ledger_after(app->store, above, 200, &error);

        if (rows == NULL)
            return mp_app_fail(error);
        if (rows->len == 0)
            break;
        for (guint i = 0; i < rows->len; i++) {
            const MpLedgerRow *row = g_ptr_array_index(rows, i);

            above = row->id;
            if (!replay_row(&replay, row, &error))
                return mp_app_fail(error);
        }
    }
    mp_cli_progress(app, "mails", replay.n_mails, TRUE);
    g_print("%u mails read again: %u would be taken otherwise, %u were never kept\n",
            replay.n_mails,
            replay.n_differing,
            replay.n_unread);
    if (replay.n_erased > 0)
        g_print("%u mails: " MP_ERASED "\n", replay.n_erased);
    return 0;
}

int
mp_command_rebuild(const MpGlobalOptions *options, int argc, char **argv)
{
    gboolean from_archive = FALSE, is_fixing = FALSE;
    const GOptionEntry entries[] = {
        {"from-archive",
         0,
         0,
         G_OPTION_ARG_NONE,
         &from_archive,
         "read the raw mails again and say what would differ",
         NULL},
        {"fix", 0, 0, G_OPTION_ARG_NONE, &is_fixing, "write the cases as their events say", NULL},
        G_OPTION_ENTRY_NULL};
    g_autoptr(MpApp) app = NULL;
    int code = 0;

    if (!mp_app_parse(mp_command_row("rebuild"), entries, &argc, &argv, &code))
        return code;
    if (from_archive && is_fixing)
        return mp_cli_usage("rebuild", "--from-archive only reports");
    app = is_fixing ? mp_cli_open_shared(options, &code) : mp_cli_open_readonly(options, &code);
    if (app == NULL)
        return code;
    return from_archive ? replay_archive(app) : rebuild_cases(app, is_fixing);
}

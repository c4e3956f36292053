/* SPDX-License-Identifier: GPL-3.0-or-later */

/* `reconcile`: the mailbox's folders against the ledger, by content. A restored backup knows less
 * than the folders hold; a ledger may know mails that a person has deleted. `--fix` takes in what
 * was missed, oldest first, as if it came now. */

#include "app/commands.h"

#include <unistd.h>

void
mp_cli_progress(const MpApp *app, const char *verb, guint n, gboolean is_over)
{
    if (app->is_quiet || !isatty(STDERR_FILENO))
        return;
    if (is_over)
        g_printerr("\r%s %u\n", verb, n);
    else if (n % 50 == 0)
        g_printerr("\r%s %u", verb, n);
}

/* --- keeping ---------------------------------------------------------------------------------- */

static char *
archive_name(gint64 arrived_utc, const char *sha256)
{
    g_autoptr(GDateTime) day = g_date_time_new_from_unix_utc(arrived_utc / G_USEC_PER_SEC);
    g_autofree char *path = g_date_time_format(day, "%Y/%m/%d");

    return g_strdup_printf("%s/%s.eml", path, sha256);
}

gboolean
mp_cli_keep_mail(MpApp *app, MpLedgerRow *row, GBytes *content, GError **error)
{
    MpStore *store = app->store;
    gsize length = 0;
    const guint8 *bytes = g_bytes_get_data(content, &length);

    row->bytes = length;
    row->taken_utc = app->clock->now_utc(app->clock);
    row->sha256 = mp_text_sha256(bytes == NULL ? (const guint8 *)"" : bytes, length);
    row->content_hash = mp_message_content_hash(bytes == NULL ? (const guint8 *)"" : bytes, length);
    row->archive_name = archive_name(row->arrived_utc, row->sha256);
    if (!store->archive_put(store, row->archive_name, content, row->arrived_utc, error) ||
        !store->archive_commit(store, error))
        return FALSE;
    mp_ports_checkpoint("keep.archived");
    if (!store->begin(store, error))
        return FALSE;
    if (!store->ledger_add(store, row, error) || !store->commit(store, error)) {
        store->rollback(store);
        return FALSE;
    }
    mp_ports_checkpoint("keep.ledger");
    return TRUE;
}

/* --- one folder ------------------------------------------------------------------------------- */

typedef struct {
    MpApp *app;
    MpMailbox *mailbox; /* of the folder */
    const char *folder;
    gboolean is_source; /* the mailbox itself, where new mail waits */
    gboolean is_fixing;
    MpLedgerRow *cursor; /* of the source: what the next sweep starts above */
    guint32 validity;
    GHashTable *seen; /* content hashes of all folders (a set) */
    guint n_mails, n_known, n_waiting, n_stray, n_taken;
    GError *error;
} Folder;

static gboolean
take_in(Folder *folder, const MpFetched *mail, GError **error)
{
    g_autoptr(MpLedgerRow) row = mp_ledger_row_new();
    gint64 now_utc = folder->app->clock->now_utc(folder->app->clock);
    MpStore *store = folder->app->store;
    gboolean is_there = FALSE;

    row->mailbox = g_strdup(folder->mailbox->name);
    row->uid_validity = folder->validity;
    row->uid = mail->uid;
    row->arrived_utc = mail->arrived_utc > 0 ? MIN(mail->arrived_utc, now_utc) : now_utc;
    row->state = MP_LEDGER_TAKEN;
    /* What lies in a folder of handled mail is where it belongs. */
    row->is_acknowledged = !folder->is_source;
    if (!store->ledger_has_uid(
            store, row->mailbox, row->uid_validity, row->uid, &is_there, error) ||
        is_there)
        return is_there;
    if (!mp_cli_keep_mail(folder->app, row, mail->content, error))
        return FALSE;
    folder->n_taken++;
    return TRUE;
}

static void
print_stray(const Folder *folder, const MpFetched *mail, const char *what)
{
    g_autofree char *arrived =
        mail->arrived_utc > 0
            ? mp_calendar_format_rfc3339(folder->app->setup->calendar, mail->arrived_utc)
            : g_strdup("-");

    g_print("  %s  uid %u  %s  %s\n", folder->folder, mail->uid, arrived, what);
}

static gboolean
judge_mail(Folder *folder, const MpFetched *mail, GError **error)
{
    MpStore *store = folder->app->store;
    gsize length = 0;
    const guint8 *bytes = g_bytes_get_data(mail->content, &length);
    char *hash = mp_message_content_hash(bytes == NULL ? (const guint8 *)"" : bytes, length);
    gint64 id = 0;
    gboolean is_known = FALSE;

    (void)g_hash_table_add(folder->seen, hash);
    if (!store->ledger_find_hash(store, hash, &id, error))
        return FALSE;
    if (id != 0) {
        folder->n_known++;
        return TRUE;
    }
    if (folder->is_source && mail->uid > folder->cursor->uid &&
        folder->validity == folder->cursor->uid_validity) {
        folder->n_waiting++;
        return TRUE;
    }
    if (!store->ledger_has_uid(
            store, folder->mailbox->name, folder->validity, mail->uid, &is_known, error))
        return FALSE;
    folder->n_stray++;
    print_stray(folder, mail, is_known ? "is another mail in the ledger" : "is not in the ledger");
    return !folder->is_fixing || take_in(folder, mail, error);
}

static gboolean
look_at(const MpFetched *mail, gpointer data)
{
    Folder *folder = data;

    folder->n_mails++;
    mp_cli_progress(folder->app, folder->folder, folder->n_mails, FALSE);
    if (mail->content == NULL) {
        print_stray(folder, mail, mail->problem);
        return TRUE;
    }
    return judge_mail(folder, mail, &folder->error);
}

/* A folder of ours is made by the first mail that goes there: until then the server refuses it, and
 * its words are shown. NULL without error = no such folder. */
static GArray *
list_folder(Folder *folder, GError **error)
{
    g_autoptr(GError) local = NULL;
    GArray *uids = NULL;

    if (folder->mailbox->list(folder->mailbox, 0, 0, &folder->validity, &uids, &local))
        return uids;
    if (!folder->is_source && g_error_matches(local, MP_ERROR, MP_ERROR_REFUSED))
        g_print("%-24s 0 mails: %s\n", folder->folder, local->message);
    else
        g_propagate_error(error, g_steal_pointer(&local));
    return NULL;
}

static gboolean
walk_folder(Folder *folder, GError **error)
{
    g_autoptr(GError) local = NULL;
    g_autoptr(GArray) uids = list_folder(folder, &local);
    gboolean is_fetched;

    if (uids == NULL) {
        if (local == NULL)
            return TRUE;
        g_propagate_error(error, g_steal_pointer(&local));
        return FALSE;
    }
    is_fetched = folder->mailbox->fetch(folder->mailbox,
                                        (const guint32 *)(const void *)uids->data,
                                        uids->len,
                                        look_at,
                                        folder,
                                        error);
    mp_cli_progress(folder->app, folder->folder, folder->n_mails, TRUE);
    if (folder->error != NULL) {
        g_clear_error(error);
        g_propagate_error(error, folder->error);
        return FALSE;
    }
    if (is_fetched)
        g_print("%-24s %u mails: %u in the ledger, %u waiting, %u missed, %u taken in\n",
                folder->folder,
                folder->n_mails,
                folder->n_known,
                folder->n_waiting,
                folder->n_stray,
                folder->n_taken);
    return is_fetched;
}

/* --- all of them ------------------------------------------------------------------------------ */

typedef struct {
    MpApp *app;
    gboolean is_fixing;
    GHashTable *seen;
    guint n_open; /* missed and not taken in */
} Reconciling;

/* `name` NULL = the mailbox itself. */
static gboolean
reconcile_folder(Reconciling *r, const char *name, GError **error)
{
    g_autoptr(MpLedgerRow) cursor = mp_ledger_row_new();
    MpMailbox *mailbox = name == NULL ? mp_setup_open_mailbox(r->app->setup, error)
                                      : mp_cli_open_folder(r->app->setup, name, error);
    Folder folder = {.app = r->app,
                     .mailbox = mailbox,
                     .folder = name == NULL ? "INBOX" : name,
                     .is_source = name == NULL,
                     .is_fixing = r->is_fixing,
                     .cursor = cursor,
                     .seen = r->seen};
    gboolean is_done;

    if (mailbox == NULL)
        return FALSE;
    is_done = r->app->store->cursor(
                  r->app->store, mailbox->name, &cursor->uid_validity, &cursor->uid, error) &&
              walk_folder(&folder, error);
    mailbox->free(mailbox);
    r->n_open += folder.n_stray - folder.n_taken;
    return is_done;
}

/* Rows whose mail lies in no folder: a person has moved or deleted it. */
static gboolean
count_gone(const Reconciling *r, GError **error)
{
    MpStore *store = r->app->store;
    gint64 above = 0;
    guint n_rows = 0, n_gone = 0;

    for (;;) {
        g_autoptr(GPtrArray) rows = store->ledger_after(store, above, 1000, error);

        if (rows == NULL)
            return FALSE;
        if (rows->len == 0)
            break;
        for (guint i = 0; i < rows->len; i++) {
            const MpLedgerRow *row = g_ptr_array_index(rows, i);

            above = row->id;
            n_rows++;
            if (row->content_hash == NULL || row->content_hash[0] == '\0' ||
                g_str_has_prefix(row->mailbox, "import:") ||
                g_hash_table_contains(r->seen, row->content_hash))
                continue;
            n_gone++;
            g_print("  mail %" G_GINT64_FORMAT "  %s  is in none of the folders\n",
                    row->id,
                    mp_ledger_state_to_string(row->state));
        }
    }
    g_print("%-24s %u mails: %u in none of the folders\n", "ledger", n_rows, n_gone);
    return TRUE;
}

static gboolean
reconcile_all(Reconciling *r, GError **error)
{
    static const char *const keys[] = {"handled_folder", "quarantine_folder"};

    for (gsize i = 0; i < G_N_ELEMENTS(keys); i++) {
        const char *name = mp_config_string(r->app->setup->config, "mailbox", keys[i]);

        if (name[0] != '\0' && !reconcile_folder(r, name, error))
            return FALSE;
    }
    return reconcile_folder(r, NULL, error) && count_gone(r, error);
}

int
mp_command_reconcile(const MpGlobalOptions *options, int argc, char **argv)
{
    gboolean is_fixing = FALSE;
    const GOptionEntry entries[] = {
        {"fix", 0, 0, G_OPTION_ARG_NONE, &is_fixing, "take in what was missed", NULL},
        G_OPTION_ENTRY_NULL};
    g_autoptr(GHashTable) seen = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    g_autoptr(GError) error = NULL;
    g_autoptr(MpApp) app = NULL;
    Reconciling r = {0};
    int code = 0;

    if (!mp_app_parse(mp_command_row("reconcile"), entries, &argc, &argv, &code))
        return code;
    app = is_fixing ? mp_cli_open_shared(options, &code) : mp_cli_open_readonly(options, &code);
    if (app == NULL)
        return code;
    r = (Reconciling){.app = app, .is_fixing = is_fixing, .seen = seen};
    if (!reconcile_all(&r, &error))
        return mp_app_fail(error);
    if (r.n_open == 0)
        return 0;
    g_printerr(
        "mailproc: %u mails are not in the ledger; 'mailproc reconcile --fix' takes them in\n",
        r.n_open);
    return mp_error_exit(MP_ERROR_INPUT);
}

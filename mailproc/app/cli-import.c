/* SPDX-License-Identifier: GPL-3.0-or-later */

/* `import`: old mail into archive and ledger, from a Maildir or an mbox file. It opens no case and
 * is answered by nobody, but the same mail counts as a duplicate when it comes again. The source is
 * only read. */

#include "app/commands.h"

#include <sys/stat.h>

typedef struct {
    MpApp *app;
    char *mailbox; /* "import:PATH" */
    guint32 uid;   /* last one given */
    gsize max_bytes;
    guint n_mails, n_taken, n_known, n_large;
} Import;

/* --- one mail --------------------------------------------------------------------------------- */

/* Message-ID and sender, if the mail can be read at all. */
static gboolean
fill_from_reader(const Import *import, MpLedgerRow *row, GBytes *content, GError **error)
{
    g_autoptr(GError) unreadable = NULL;
    g_autoptr(MpFacts) facts = mp_reader_read(import->app->reader, content, &unreadable);

    if (facts == NULL) {
        if (!g_error_matches(unreadable, MP_ERROR, MP_ERROR_STORAGE))
            return TRUE;
        g_propagate_error(error, g_steal_pointer(&unreadable));
        return FALSE;
    }
    row->message_id = g_strdup(facts->message->message_id);
    row->sender = mp_text_lower_ascii(mp_message_sender(facts->message));
    row->kind = g_strdup(facts->verdict->kind);
    return TRUE;
}

/* Numbers go on where an earlier import from the same place ended. */
static gboolean
next_uid(Import *import, GError **error)
{
    MpStore *store = import->app->store;
    gboolean is_taken = TRUE;

    while (is_taken)
        if (!store->ledger_has_uid(store, import->mailbox, 1, ++import->uid, &is_taken, error))
            return FALSE;
    return TRUE;
}

static gboolean
take_mail(Import *import, GBytes *content, gint64 arrived_utc, GError **error)
{
    g_autoptr(MpLedgerRow) row = mp_ledger_row_new();
    MpStore *store = import->app->store;
    gsize length = 0;
    const guint8 *bytes = g_bytes_get_data(content, &length);
    g_autofree char *hash =
        mp_message_content_hash(bytes == NULL ? (const guint8 *)"" : bytes, length);
    gint64 known = 0;

    import->n_mails++;
    mp_cli_progress(import->app, "mails", import->n_mails, FALSE);
    if (!store->ledger_find_hash(store, hash, &known, error))
        return FALSE;
    if (known != 0) {
        import->n_known++;
        return TRUE;
    }
    if (!next_uid(import, error) || !fill_from_reader(import, row, content, error))
        return FALSE;
    row->mailbox = g_strdup(import->mailbox);
    row->uid_validity = 1;
    row->uid = import->uid;
    row->arrived_utc = arrived_utc;
    row->done_utc = import->app->clock->now_utc(import->app->clock);
    row->state = MP_LEDGER_IGNORED;
    row->reason = g_strdup("old mail, imported");
    row->is_acknowledged = TRUE;
    import->n_taken++;
    return mp_cli_keep_mail(import->app, row, content, error);
}

static gboolean
refuse_large(Import *import, const char *what)
{
    import->n_mails++;
    import->n_large++;
    g_printerr("mailproc: %s: larger than a mail may be; left out\n", what);
    return TRUE;
}

/* --- Maildir ---------------------------------------------------------------------------------- */

static gboolean
import_file(Import *import, const char *path, GError **error)
{
    g_autofree char *bytes = NULL;
    g_autoptr(GBytes) content = NULL;
    gsize length = 0;
    struct stat facts;

    if (stat(path, &facts) != 0 || !S_ISREG(facts.st_mode))
        return TRUE;
    if ((gsize)facts.st_size > import->max_bytes)
        return refuse_large(import, path);
    if (!mp_files_read(path, import->max_bytes, &bytes, &length, error))
        return FALSE;
    content = g_bytes_new_take(g_steal_pointer(&bytes), length);
    return take_mail(import, content, (gint64)facts.st_mtime * G_USEC_PER_SEC, error);
}

static gboolean
import_maildir(Import *import, const char *dir, GError **error)
{
    static const char *const parts[] = {"cur", "new"};

    for (gsize i = 0; i < G_N_ELEMENTS(parts); i++) {
        g_autofree char *part = g_build_filename(dir, parts[i], NULL);
        g_auto(GStrv) names = mp_files_list(part, "", error);

        for (guint j = 0; names != NULL && names[j] != NULL; j++) {
            g_autofree char *path = g_build_filename(part, names[j], NULL);

            if (names[j][0] != '.' && !import_file(import, path, error))
                return FALSE;
        }
        if (names == NULL)
            return FALSE;
    }
    return TRUE;
}

/* --- mbox ------------------------------------------------------------------------------------- */

/* "From ani@contohkab.go.id Mon Nov 16 08:00:00 2026"; 0 when it says no time. */
static gint64
postmark_time(const char *line)
{
    const char *at = strchr(line + strlen("From "), ' ');
    struct tm when = {0};

    if (at == NULL || strptime(at, " %a %b %d %H:%M:%S %Y", &when) == NULL)
        return 0;
    return (gint64)timegm(&when) * G_USEC_PER_SEC;
}

/* ">From " of a body line stood for "From ". */
static const char *
unquote(const char *line)
{
    const char *at = line;

    while (*at == '>')
        at++;
    return at > line && g_str_has_prefix(at, "From ") ? line + 1 : line;
}

static gboolean
end_mail(Import *import, GString *mail, gint64 arrived_utc, GError **error)
{
    g_autoptr(GBytes) content = NULL;

    /* The blank line before the next postmark belongs to the mbox, not to the mail. */
    if (g_str_has_suffix(mail->str, "\n\n"))
        g_string_truncate(mail, mail->len - 1);
    else if (g_str_has_suffix(mail->str, "\n\r\n"))
        g_string_truncate(mail, mail->len - 2);
    content = g_bytes_new(mail->str, mail->len);
    return take_mail(import, content, arrived_utc, error);
}

typedef struct {
    GString *mail;
    gint64 arrived_utc;
    gboolean is_open, is_large, is_after_blank;
} Mbox;

static gboolean
close_mail(Import *import, Mbox *mbox, const char *path, GError **error)
{
    if (!mbox->is_open)
        return TRUE;
    return mbox->is_large ? refuse_large(import, path)
                          : end_mail(import, mbox->mail, mbox->arrived_utc, error);
}

static gboolean
add_line(
    Import *import, Mbox *mbox, const char *line, gsize length, const char *path, GError **error)
{
    const char *text = unquote(line);

    if (mbox->is_after_blank && g_str_has_prefix(line, "From ")) {
        if (!close_mail(import, mbox, path, error))
            return FALSE;
        g_string_truncate(mbox->mail, 0);
        mbox->arrived_utc = postmark_time(line);
        mbox->is_open = TRUE;
        mbox->is_large = FALSE;
        mbox->is_after_blank = FALSE;
        return TRUE;
    }
    if (!mbox->is_open) {
        g_set_error(error, MP_ERROR, MP_ERROR_INPUT, "%s: is not an mbox file", path);
        return FALSE;
    }
    mbox->is_after_blank = strcmp(line, "\n") == 0 || strcmp(line, "\r\n") == 0;
    mbox->is_large = mbox->is_large || mbox->mail->len + length > import->max_bytes;
    if (!mbox->is_large)
        g_string_append_len(mbox->mail, text, (gssize)(length - (gsize)(text - line)));
    return TRUE;
}

static gboolean
import_mbox(Import *import, const char *path, GError **error)
{
    g_autoptr(GString) mail = g_string_new(NULL);
    Mbox mbox = {.mail = mail, .is_after_blank = TRUE};
    FILE *file = fopen(path, "re");
    char *line = NULL;
    size_t room = 0;
    ssize_t length;
    gboolean is_fine = TRUE;

    if (file == NULL) {
        g_set_error(error, MP_ERROR, MP_ERROR_INPUT, "%s: cannot be read", path);
        return FALSE;
    }
    while (is_fine && (length = getline(&line, &room, file)) > 0)
        is_fine = add_line(import, &mbox, line, (gsize)length, path, error);
    is_fine = is_fine && close_mail(import, &mbox, path, error);
    free(line);
    (void)fclose(file);
    return is_fine;
}

/* --- the command ------------------------------------------------------------------------------ */

int
mp_command_import(const MpGlobalOptions *options, int argc, char **argv)
{
    const GOptionEntry entries[] = {G_OPTION_ENTRY_NULL};
    g_autoptr(GError) error = NULL;
    g_autoptr(MpApp) app = NULL;
    g_autofree char *path = NULL;
    g_autofree char *mailbox = NULL;
    Import import = {0};
    int code = 0;
    gboolean is_done;

    if (!mp_app_parse(mp_command_row("import"), entries, &argc, &argv, &code))
        return code;
    if (argc != 2)
        return mp_cli_usage("import", "wants one Maildir or mbox file");
    app = mp_cli_open_shared(options, &code);
    if (app == NULL)
        return code;
    path = g_canonicalize_filename(argv[1], NULL);
    mailbox = g_strconcat("import:", path, NULL);
    import = (Import){.app = app,
                      .mailbox = mailbox,
                      .max_bytes = (gsize)mp_config_limits(app->setup->config).message_bytes * 4};
    is_done = g_file_test(path, G_FILE_TEST_IS_DIR) ? import_maildir(&import, path, &error)
                                                    : import_mbox(&import, path, &error);
    mp_cli_progress(app, "mails", import.n_mails, TRUE);
    if (!is_done)
        return mp_app_fail(error);
    g_print("%u mails: %u taken in, %u known already, %u too large\n",
            import.n_mails,
            import.n_taken,
            import.n_known,
            import.n_large);
    return import.n_large == 0 ? 0 : mp_error_exit(MP_ERROR_INPUT);
}

/* SPDX-License-Identifier: GPL-3.0-or-later */

/* List, fetch, keep: waiting mail goes to the year's archive and the ledger, one archive commit and
 * one ledger commit a batch, before anything is decided about it. */

#include "app/pipeline-private.h"
#include "app/service-private.h"
#include "intake/intake.h"

#include <errno.h>
#include <sys/statvfs.h>
#include <syslog.h>

enum {
    FETCH_BATCH = 100,
    FETCH_BATCH_BYTES = 16 * 1024 * 1024,
    MIN_FILES = 16, /* that may still be made: two databases with their logs, and some more */
};

typedef struct {
    MpApp *app;
    guint32 validity;
    gboolean is_rewound; /* the server gives known UIDs to other mails */
    GPtrArray *rows;     /* MpLedgerRow, archived but not in the ledger yet */
    gsize bytes;
    GError *error;
} Taking;

static char *
archive_name(gint64 arrived_utc, const char *sha256)
{
    g_autoptr(GDateTime) day = g_date_time_new_from_unix_utc(arrived_utc / G_USEC_PER_SEC);
    g_autofree char *path = g_date_time_format(day, "%Y/%m/%d");

    return g_strdup_printf("%s/%s.eml", path, sha256);
}

static MpLedgerRow *
make_row(const Taking *taking, const MpFetched *mail)
{
    MpLedgerRow *row = mp_ledger_row_new();
    gint64 now_utc = taking->app->clock->now_utc(taking->app->clock);

    row->mailbox = g_strdup(taking->app->mailbox->name);
    row->uid_validity = taking->validity;
    row->uid = mail->uid;
    row->arrived_utc = mail->arrived_utc > 0 ? MIN(mail->arrived_utc, now_utc) : now_utc;
    row->taken_utc = now_utc;
    row->bytes = mail->size;
    return row;
}

/* A mail that is too large to be fetched at all stays on the server; the ledger says so and the
 * quarantine folder gets it. */
static gboolean
keep_unfetched(Taking *taking, const MpFetched *mail)
{
    MpLedgerRow *row = make_row(taking, mail);

    row->state = MP_LEDGER_QUARANTINED;
    row->reason = g_strdup(mail->problem);
    row->sha256 = g_strdup("");
    row->archive_name = g_strdup("");
    row->content_hash = g_strdup("");
    g_ptr_array_add(taking->rows, row);
    return TRUE;
}

static gboolean
flush(Taking *taking, GError **error)
{
    MpStore *store = taking->app->store;

    mp_service_beat(0);
    if (taking->rows->len == 0)
        return TRUE;
    if (!store->archive_commit(store, error))
        return FALSE;
    mp_ports_checkpoint("take.archived");
    if (!store->begin(store, error))
        return FALSE;
    for (guint i = 0; i < taking->rows->len; i++) {
        MpLedgerRow *row = g_ptr_array_index(taking->rows, i);

        if ((taking->is_rewound &&
             !store->ledger_free_uids(
                 store, row->mailbox, row->uid_validity, row->uid, row->uid, error)) ||
            !store->ledger_add(store, row, error)) {
            store->rollback(store);
            return FALSE;
        }
    }
    if (!store->commit(store, error)) {
        store->rollback(store);
        return FALSE;
    }
    mp_ports_checkpoint("take.ledger");
    taking->app->n_taken += taking->rows->len;
    g_ptr_array_set_size(taking->rows, 0);
    taking->bytes = 0;
    return TRUE;
}

/* TRUE when the ledger has this mail: by its UID, or where UIDs lie by its content alone. */
static gboolean
is_known_mail(Taking *taking, const MpFetched *mail, gboolean *known_out, GError **error)
{
    MpStore *store = taking->app->store;
    g_autofree char *hash = NULL;
    gint64 id = 0;

    if (!store->ledger_has_uid(
            store, taking->app->mailbox->name, taking->validity, mail->uid, known_out, error))
        return FALSE;
    if (!*known_out || !taking->is_rewound || mail->content == NULL)
        return TRUE;
    hash = mp_message_content_hash(g_bytes_get_data(mail->content, NULL),
                                   g_bytes_get_size(mail->content));
    if (!store->ledger_find_hash(store, hash, &id, error))
        return FALSE;
    *known_out = id != 0;
    return TRUE;
}

static gboolean
keep_one(const MpFetched *mail, gpointer data)
{
    Taking *taking = data;
    MpStore *store = taking->app->store;
    g_autoptr(GError) error = NULL;
    gsize length = 0;
    const guint8 *bytes;
    MpLedgerRow *row;
    gboolean is_known = FALSE;

    if (!is_known_mail(taking, mail, &is_known, &error)) {
        taking->error = g_steal_pointer(&error);
        return FALSE;
    }
    if (is_known)
        return TRUE;
    if (mail->content == NULL)
        return keep_unfetched(taking, mail);
    bytes = g_bytes_get_data(mail->content, &length);
    row = make_row(taking, mail);
    row->bytes = length;
    row->sha256 = mp_text_sha256(bytes == NULL ? (const guint8 *)"" : bytes, length);
    row->content_hash = mp_message_content_hash(bytes == NULL ? (const guint8 *)"" : bytes, length);
    row->sender = mp_message_from_hint(bytes == NULL ? (const guint8 *)"" : bytes, length);
    row->archive_name = archive_name(row->arrived_utc, row->sha256);
    g_ptr_array_add(taking->rows, row);
    taking->bytes += length;
    if (!store->archive_put(store, row->archive_name, mail->content, row->arrived_utc, &error) ||
        ((taking->rows->len >= FETCH_BATCH || taking->bytes >= FETCH_BATCH_BYTES) &&
         !flush(taking, &error))) {
        taking->error = g_steal_pointer(&error);
        return FALSE;
    }
    return TRUE;
}

/* `is_rewound`: above the new cursor there is nothing on the server, and what will be is new. */
static gboolean
set_cursor(MpApp *app, guint32 validity, guint32 uid, gboolean is_rewound, GError **error)
{
    MpStore *store = app->store;
    const char *name = app->mailbox->name;

    if (!store->begin(store, error))
        return FALSE;
    if ((is_rewound && uid < G_MAXUINT32 &&
         !store->ledger_free_uids(store, name, validity, uid + 1, G_MAXUINT32, error)) ||
        !store->cursor_set(store, name, validity, uid, error) || !store->commit(store, error)) {
        store->rollback(store);
        return FALSE;
    }
    return TRUE;
}

static gboolean
fetch_all(MpApp *app, guint32 validity, gboolean is_rewound, const GArray *uids, GError **error)
{
    g_autoptr(GPtrArray) rows = g_ptr_array_new_with_free_func((GDestroyNotify)mp_ledger_row_free);
    Taking taking = {.app = app, .validity = validity, .is_rewound = is_rewound, .rows = rows};
    g_autoptr(GError) fetch_error = NULL;
    gboolean is_fetched;

    is_fetched = app->mailbox->fetch(app->mailbox,
                                     (const guint32 *)(const void *)uids->data,
                                     uids->len,
                                     keep_one,
                                     &taking,
                                     &fetch_error);
    if (taking.error != NULL) {
        g_propagate_error(error, taking.error);
        return FALSE;
    }
    /* What came before the connection broke is kept all the same. */
    if (!flush(&taking, error))
        return FALSE;
    if (!is_fetched) {
        g_propagate_error(error, g_steal_pointer(&fetch_error));
        return FALSE;
    }
    return TRUE;
}

/* Asked before anything is fetched, as Postfix does (queue_minfree): a batch that cannot be kept is
 * not begun, and what is left is for the notices and the events of cases that are open. */
static gboolean
has_room(MpApp *app, GError **error)
{
    const char *dir = mp_config_string(app->setup->config, "store", "dir");
    gint64 wanted = mp_config_size(app->setup->config, "store", "min_free");
    struct statvfs disk;
    guint64 left;

    if (wanted == 0)
        return TRUE;
    if (statvfs(dir, &disk) != 0) {
        g_set_error(error, MP_ERROR, MP_ERROR_STORAGE, "%s: %s", dir, g_strerror(errno));
        return FALSE;
    }
    left = (guint64)disk.f_bavail * disk.f_frsize;
    /* A file system without a fixed number of files says 0. */
    if (left >= (guint64)wanted && (disk.f_files == 0 || disk.f_favail >= MIN_FILES))
        return TRUE;
    g_set_error(error,
                MP_ERROR,
                MP_ERROR_REFUSED_SOON,
                "%s: %" G_GUINT64_FORMAT " MB and %" G_GUINT64_FORMAT
                " files left, min_free is %" G_GINT64_FORMAT " MB: mail stays in the mailbox",
                dir,
                left / 1000000,
                (guint64)disk.f_favail,
                wanted / 1000000);
    return FALSE;
}

/* The mailbox tells UIDs at or below the cursor only when the server has gone back behind it. */
static gboolean
has_gone_back(const MpCursor *cursor, guint32 validity, const GArray *listed)
{
    return cursor->uid_validity == validity && listed->len > 0 &&
           g_array_index(listed, guint32, 0) <= cursor->last_uid;
}

gboolean
mp_pipeline_take(MpApp *app, GError **error)
{
    MpCursor cursor = {0};
    guint32 validity = 0;
    gboolean is_rewound;
    g_autoptr(GArray) listed = NULL;
    g_autoptr(GArray) wanted = NULL;

    if (!has_room(app, error) ||
        !app->store->cursor(
            app->store, app->mailbox->name, &cursor.uid_validity, &cursor.last_uid, error))
        return FALSE;
    if (!app->mailbox->list(
            app->mailbox, cursor.last_uid, cursor.uid_validity, &validity, &listed, error))
        return FALSE;
    is_rewound = has_gone_back(&cursor, validity, listed);
    if (is_rewound) {
        mp_app_log(app, LOG_WARNING, "take.rewound", "mailbox", app->mailbox->name, NULL);
        cursor.last_uid = 0;
    }
    wanted = mp_intake_plan(
        &cursor, validity, (const guint32 *)(const void *)listed->data, listed->len, 0);
    if (wanted->len == 0)
        return validity == cursor.uid_validity || set_cursor(app, validity, 0, FALSE, error);
    mp_app_log(app,
               LOG_DEBUG,
               "take.list",
               "mailbox",
               app->mailbox->name,
               "waiting",
               wanted->len == 0 ? NULL : "yes",
               NULL);
    if (!fetch_all(app, validity, is_rewound, wanted, error))
        return FALSE;
    return set_cursor(
        app, validity, g_array_index(wanted, guint32, wanted->len - 1), is_rewound, error);
}

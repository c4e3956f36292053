/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The invariant after every fault (promises.md): for each mail that was placed in the mailbox
 * exactly one holds: a case event is recorded for it, it is ignored with a reason, it is
 * quarantined with its raw bytes kept, or it still waits. */

#include "message/message.h"
#include "support/asserts.h"
#include "support/house-private.h"

/* Ids of the mails that some event was recorded for. */
static GHashTable *
mails_of_events(MpStore *store)
{
    const MpCaseFilter all = {.limit = 10000};
    g_autoptr(GError) error = NULL;
    g_autoptr(GPtrArray) cases = store->case_find(store, &all, &error);
    GHashTable *ids = g_hash_table_new_full(g_int64_hash, g_int64_equal, g_free, NULL);

    assert_no_gerror(error);
    for (guint i = 0; i < cases->len; i++) {
        const MpCase *kase = g_ptr_array_index(cases, i);
        g_autoptr(GPtrArray) events = store->case_events(store, kase->number, &error);

        assert_no_gerror(error);
        for (guint j = 0; j < events->len; j++) {
            gint64 *id = g_new(gint64, 1);

            *id = ((const MpEvent *)g_ptr_array_index(events, j))->mail;
            (void)g_hash_table_add(ids, id);
        }
    }
    return ids;
}

static void
check_kept(MpStore *store, const MpLedgerRow *row)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(GBytes) raw = NULL;

    /* What was never fetched lies on the server; what was destroyed by the rules of retention says
     * so. */
    if (row->archive_name == NULL || row->archive_name[0] == '\0' ||
        (row->reason != NULL && g_str_has_prefix(row->reason, MP_ERASED)))
        return;
    raw = store->archive_get(store, row->archive_name, &error);
    if (raw == NULL)
        fail_msg("mail %" G_GINT64_FORMAT ": raw bytes: %s", row->id, error->message);
}

static void
check_row(const MpLedgerRow *row, GHashTable *recorded)
{
    const char *state = mp_ledger_state_to_string(row->state);
    gboolean has_event = g_hash_table_contains(recorded, &row->id);

    switch (row->state) {
    case MP_LEDGER_TAKEN:
        if (has_event || row->is_acknowledged)
            fail_msg("mail %" G_GINT64_FORMAT " is %s, but acted on", row->id, state);
        break;
    case MP_LEDGER_DONE:
        /* A question that was answered and a command that was refused have a reason instead. */
        if (!has_event && row->reason == NULL)
            fail_msg("mail %" G_GINT64_FORMAT " is %s without an event", row->id, state);
        break;
    case MP_LEDGER_IGNORED:
    case MP_LEDGER_DUPLICATE:
    case MP_LEDGER_QUARANTINED:
        if (row->reason == NULL || row->reason[0] == '\0')
            fail_msg("mail %" G_GINT64_FORMAT " is %s without a reason", row->id, state);
        break;
    case MP_LEDGER_STATE_N:
        fail_msg("mail %" G_GINT64_FORMAT " has no state", row->id);
    }
}

static GPtrArray *
read_maildir(const MpHouse *house, const char *folder)
{
    static const char *const parts[] = {"new", "cur"};
    GPtrArray *mails = g_ptr_array_new_with_free_func((GDestroyNotify)g_bytes_unref);
    g_autofree char *base = g_strdelimit(g_strdup(folder), "/", '.');

    for (gsize i = 0; i < G_N_ELEMENTS(parts); i++) {
        g_autofree char *dir = g_build_filename(house->home, base, parts[i], NULL);
        g_autoptr(GDir) listing = g_dir_open(dir, 0, NULL);
        const char *name;

        while (listing != NULL && (name = g_dir_read_name(listing)) != NULL) {
            g_autofree char *path = g_build_filename(dir, name, NULL);
            char *bytes = NULL;
            gsize length = 0;

            assert_true(g_file_get_contents(path, &bytes, &length, NULL));
            g_ptr_array_add(mails, g_bytes_new_take(bytes, length));
        }
    }
    return mails;
}

/* What was moved out of the mailbox is in the ledger; one too large to fetch by its UID alone. */
static void
check_folder(const MpHouse *house, const char *folder, GHashTable *known)
{
    g_autoptr(GPtrArray) mails =
        house->town != NULL ? mp_house_town_folder(house, folder) : read_maildir(house, folder);

    for (guint i = 0; i < mails->len; i++) {
        gsize length = 0;
        const guint8 *bytes = g_bytes_get_data(g_ptr_array_index(mails, i), &length);
        g_autofree char *hash =
            mp_message_content_hash(bytes == NULL ? (const guint8 *)"" : bytes, length);

        if (!g_hash_table_contains(known, hash) && !g_hash_table_contains(known, ""))
            fail_msg("%s holds a mail that is in no row: %s", folder, hash);
    }
}

void
mp_house_check_ledger(const MpHouse *house, MpStore *store)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(GPtrArray) rows = store->ledger_after(store, 0, 10000, &error);
    g_autoptr(GHashTable) recorded = mails_of_events(store);
    g_autoptr(GHashTable) known = g_hash_table_new(g_str_hash, g_str_equal);

    assert_no_gerror(error);
    for (guint i = 0; i < rows->len; i++) {
        MpLedgerRow *row = g_ptr_array_index(rows, i);

        check_row(row, recorded);
        check_kept(store, row);
        if (row->content_hash != NULL)
            (void)g_hash_table_add(known, row->content_hash);
    }
    check_folder(house, "mailproc/Selesai", known);
    check_folder(house, "mailproc/Karantina", known);
}

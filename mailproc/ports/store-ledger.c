/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The ledger: one row for every mail ever taken, and where it ended. With it the cursor, the
 * rations and the small marks. */

#include "ports/store-private.h"

#define LIST_MAX 1000

#define F(column, kind, member)                                                                    \
    {                                                                                              \
        column, MP_FIELD_##kind, G_STRUCT_OFFSET(MpLedgerRow, member)                              \
    }

/* What names the row, then what changes while it is worked. */
static const MpField row_fields[] = {
    F("mailbox", TEXT, mailbox),
    F("uid_validity", UINT32, uid_validity),
    F("uid", UINT32, uid),
    F("arrived_utc", INT64, arrived_utc),
    F("taken_utc", INT64, taken_utc),
    F("bytes", SIZE, bytes),
    F("sha256", TEXT, sha256),
    F("archive_name", TEXT, archive_name),
    F("message_id", TEXT, message_id),
    F("content_hash", TEXT, content_hash),
    F("done_utc", INT64, done_utc),
    F("state", LEDGER_STATE, state),
    F("reason", TEXT, reason),
    F("kind", TEXT, kind),
    F("case_number", TEXT, case_number),
    F("sender", TEXT, sender),
    F("why", TEXT, why),
    F("attempts", UINT, attempts),
    F("is_acknowledged", BOOL, is_acknowledged),
    {NULL, MP_FIELD_TEXT, 0},
};

#define ROW_COLUMNS                                                                                \
    "mailbox, uid_validity, uid, arrived_utc, taken_utc, bytes, sha256, archive_name, message_id," \
    " content_hash, done_utc, state, reason, kind, case_number, sender, why, attempts,"            \
    " is_acknowledged"

#define X(id, name) name,
static const char *const state_names[] = {MP_LEDGER_STATES(X)};
#undef X
G_STATIC_ASSERT(G_N_ELEMENTS(state_names) == MP_LEDGER_STATE_N);

const char *
mp_ledger_state_to_string(MpLedgerState state)
{
    g_return_val_if_fail((guint)state < MP_LEDGER_STATE_N, NULL);
    return state_names[state];
}

gboolean
mp_ledger_state_from_string(const char *name, MpLedgerState *state_out)
{
    for (guint i = 0; i < MP_LEDGER_STATE_N; i++) {
        if (g_strcmp0(name, state_names[i]) == 0) {
            *state_out = (MpLedgerState)i;
            return TRUE;
        }
    }
    return FALSE;
}

MpLedgerRow *
mp_ledger_row_new(void)
{
    return g_new0(MpLedgerRow, 1);
}

void
mp_ledger_row_free(MpLedgerRow *row)
{
    if (row == NULL)
        return;
    for (const MpField *field = row_fields; field->column != NULL; field++) {
        if (field->kind == MP_FIELD_TEXT)
            g_free(*(char **)((char *)row + field->offset));
    }
    g_free(row);
}

static void
free_row(gpointer row)
{
    mp_ledger_row_free(row);
}

/* --- cursor --- */

static gboolean
cursor(MpStore *store, const char *mailbox, guint32 *validity_out, guint32 *uid_out, GError **error)
{
    g_autoptr(MpStatement) statement =
        mp_sql_prepare(store, "SELECT uid_validity, uid FROM cursor WHERE mailbox = ?", error);
    gboolean row = FALSE;

    if (statement == NULL)
        return FALSE;
    mp_sql_bind_text(statement, 1, mailbox);
    if (!mp_sql_step(store, statement, &row, error))
        return FALSE;
    *validity_out = row ? (guint32)sqlite3_column_int64(statement, 0) : 0;
    *uid_out = row ? (guint32)sqlite3_column_int64(statement, 1) : 0;
    return TRUE;
}

static gboolean
cursor_set(MpStore *store, const char *mailbox, guint32 validity, guint32 uid, GError **error)
{
    g_autoptr(MpStatement) statement = mp_sql_prepare(
        store, "REPLACE INTO cursor (mailbox, uid_validity, uid) VALUES (?, ?, ?)", error);

    if (statement == NULL)
        return FALSE;
    mp_sql_bind_text(statement, 1, mailbox);
    (void)sqlite3_bind_int64(statement, 2, validity);
    (void)sqlite3_bind_int64(statement, 3, uid);
    return mp_sql_run(store, statement, error);
}

/* --- rows --- */

static gboolean
ledger_add(MpStore *store, MpLedgerRow *row, GError **error)
{
    MpStoreSqlite *self = (MpStoreSqlite *)store;
    g_autoptr(MpStatement) statement =
        mp_sql_prepare(store,
                       "INSERT INTO ledger (" ROW_COLUMNS
                       ") VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                       error);

    if (statement == NULL)
        return FALSE;
    (void)mp_fields_bind(statement, 1, row_fields, row);
    if (!mp_sql_run(store, statement, error))
        return FALSE;
    row->id = sqlite3_last_insert_rowid(self->db);
    return TRUE;
}

static gboolean
refuse_row(gint64 id, MpErrorCode code, GError **error)
{
    g_set_error(error, MP_ERROR, (gint)code, "mail %" G_GINT64_FORMAT ": not in the ledger", id);
    return FALSE;
}

/* Place, arrival and raw bytes were written once and stay; identity may come with the reading. */
static gboolean
ledger_update(MpStore *store, const MpLedgerRow *row, GError **error)
{
    MpStoreSqlite *self = (MpStoreSqlite *)store;
    g_autoptr(MpStatement) statement = mp_sql_prepare(
        store,
        "UPDATE ledger SET message_id = ?2, content_hash = ?3, done_utc = ?4, state = ?5,"
        " reason = ?6, kind = ?7, case_number = ?8, sender = ?9, why = ?10, attempts = ?11,"
        " is_acknowledged = ?12 WHERE id = ?1",
        error);

    if (statement == NULL)
        return FALSE;
    (void)sqlite3_bind_int64(statement, 1, row->id);
    (void)mp_fields_bind(statement, 2, row_fields + 8, row);
    if (!mp_sql_run(store, statement, error))
        return FALSE;
    return sqlite3_changes(self->db) == 1 || refuse_row(row->id, MP_ERROR_STORAGE, error);
}

/* Rows of a statement whose first column is the id. */
static GPtrArray *
collect_rows(MpStore *store, MpStatement *statement, GError **error)
{
    g_autoptr(GPtrArray) rows = g_ptr_array_new_with_free_func(free_row);

    for (;;) {
        g_autoptr(MpLedgerRow) found = mp_ledger_row_new();
        gboolean row = FALSE;

        if (!mp_sql_step(store, statement, &row, error))
            return NULL;
        if (!row)
            return g_steal_pointer(&rows);
        found->id = sqlite3_column_int64(statement, 0);
        if (!mp_fields_read(statement, 1, row_fields, found, error))
            return NULL;
        g_ptr_array_add(rows, g_steal_pointer(&found));
    }
}

static MpLedgerRow *
ledger_get(MpStore *store, gint64 id, GError **error)
{
    g_autoptr(MpStatement) statement =
        mp_sql_prepare(store, "SELECT id, " ROW_COLUMNS " FROM ledger WHERE id = ?", error);
    g_autoptr(GPtrArray) rows = NULL;

    if (statement == NULL)
        return NULL;
    (void)sqlite3_bind_int64(statement, 1, id);
    rows = collect_rows(store, statement, error);
    if (rows == NULL)
        return NULL;
    if (rows->len == 0) {
        refuse_row(id, MP_ERROR_INPUT, error);
        return NULL;
    }
    return g_ptr_array_steal_index(rows, 0);
}

static gboolean
ledger_has_uid(MpStore *store,
               const char *mailbox,
               guint32 validity,
               guint32 uid,
               gboolean *known_out,
               GError **error)
{
    g_autoptr(MpStatement) statement = mp_sql_prepare(
        store, "SELECT 1 FROM ledger WHERE mailbox = ? AND uid_validity = ? AND uid = ?", error);

    if (statement == NULL)
        return FALSE;
    mp_sql_bind_text(statement, 1, mailbox);
    (void)sqlite3_bind_int64(statement, 2, validity);
    (void)sqlite3_bind_int64(statement, 3, uid);
    return mp_sql_step(store, statement, known_out, error);
}

/* Validity 0 is none that a server has; the row's id keeps the pair single. */
static gboolean
ledger_free_uids(MpStore *store,
                 const char *mailbox,
                 guint32 validity,
                 guint32 first,
                 guint32 last,
                 GError **error)
{
    g_autoptr(MpStatement) statement =
        mp_sql_prepare(store,
                       "UPDATE ledger SET uid_validity = 0, uid = id"
                       " WHERE mailbox = ? AND uid_validity = ? AND uid BETWEEN ? AND ?",
                       error);

    if (statement == NULL)
        return FALSE;
    mp_sql_bind_text(statement, 1, mailbox);
    (void)sqlite3_bind_int64(statement, 2, validity);
    (void)sqlite3_bind_int64(statement, 3, first);
    (void)sqlite3_bind_int64(statement, 4, last);
    return mp_sql_run(store, statement, error);
}

static gboolean
ledger_find_message(
    MpStore *store, const char *message_id, gint64 *id_out, char **hash_out, GError **error)
{
    g_autoptr(MpStatement) statement = mp_sql_prepare(
        store,
        "SELECT id, content_hash FROM ledger WHERE message_id = ? ORDER BY id LIMIT 1",
        error);
    gboolean row = FALSE;

    if (statement == NULL)
        return FALSE;
    mp_sql_bind_text(statement, 1, message_id);
    if (!mp_sql_step(store, statement, &row, error))
        return FALSE;
    *id_out = row ? sqlite3_column_int64(statement, 0) : 0;
    *hash_out = row ? mp_sql_text(statement, 1) : NULL;
    return TRUE;
}

static gboolean
ledger_find_hash(MpStore *store, const char *content_hash, gint64 *id_out, GError **error)
{
    g_autoptr(MpStatement) statement = mp_sql_prepare(
        store, "SELECT id FROM ledger WHERE content_hash = ? ORDER BY id LIMIT 1", error);
    gboolean row = FALSE;

    if (statement == NULL)
        return FALSE;
    mp_sql_bind_text(statement, 1, content_hash);
    if (!mp_sql_step(store, statement, &row, error))
        return FALSE;
    *id_out = row ? sqlite3_column_int64(statement, 0) : 0;
    return TRUE;
}

static GPtrArray *
list_rows(MpStore *store, const char *sql, const char *word, guint limit, GError **error)
{
    g_autoptr(MpStatement) statement = mp_sql_prepare(store, sql, error);

    if (statement == NULL)
        return NULL;
    (void)sqlite3_bind_int64(statement, 1, limit > 0 ? limit : LIST_MAX);
    if (word != NULL)
        mp_sql_bind_text(statement, 2, word);
    return collect_rows(store, statement, error);
}

#define TAKEN                                                                                      \
    "SELECT id, " ROW_COLUMNS " FROM ledger INDEXED BY ledger_taken WHERE state = 'taken' "
#define OLDEST " ORDER BY arrived_utc, id LIMIT ?1"

static gboolean
has_row(const GPtrArray *rows, gint64 id)
{
    for (guint i = 0; i < rows->len; i++)
        if (((const MpLedgerRow *)g_ptr_array_index(rows, i))->id == id)
            return TRUE;
    return FALSE;
}

/* Fills `rows` up to `limit` from `others`. */
static void
fill_up(GPtrArray *rows, GPtrArray *others, guint limit)
{
    for (guint i = 0; rows->len < limit && i < others->len;) {
        if (has_row(rows, ((const MpLedgerRow *)g_ptr_array_index(others, i))->id))
            i++;
        else
            g_ptr_array_add(rows, g_ptr_array_steal_index(others, i));
    }
}

static GPtrArray *
ledger_taken(MpStore *store, guint limit, const char *const *first, GError **error)
{
    g_autoptr(GPtrArray) oldest = list_rows(store, TAKEN OLDEST, NULL, limit, error);
    g_autoptr(GPtrArray) rows = NULL;
    g_autofree char *joined = NULL;
    g_autofree char *lines = NULL;

    if (oldest == NULL || first == NULL || limit < 2 || oldest->len < limit)
        return g_steal_pointer(&oldest);
    joined = g_strjoinv("\n", (char **)first);
    lines = g_strdup_printf("\n%s\n", joined);
    rows = list_rows(store,
                     TAKEN "AND instr(?2, char(10) || sender || char(10)) > 0" OLDEST,
                     lines,
                     limit / 2,
                     error);
    if (rows == NULL)
        return NULL;
    fill_up(rows, oldest, limit);
    return g_steal_pointer(&rows);
}

static GPtrArray *
ledger_unacknowledged(MpStore *store, const char *mailbox, guint limit, GError **error)
{
    return list_rows(store,
                     "SELECT id, " ROW_COLUMNS " FROM ledger WHERE mailbox = ?2"
                     " AND is_acknowledged = 0 AND state <> 'taken' ORDER BY id LIMIT ?1",
                     mailbox,
                     limit,
                     error);
}

static GPtrArray *
ledger_list(MpStore *store, const char *state, guint limit, GError **error)
{
    if (state == NULL)
        return list_rows(store,
                         "SELECT id, " ROW_COLUMNS " FROM ledger ORDER BY id DESC LIMIT ?1",
                         NULL,
                         limit,
                         error);
    return list_rows(store,
                     "SELECT id, " ROW_COLUMNS
                     " FROM ledger WHERE state = ?2 ORDER BY id DESC LIMIT ?1",
                     state,
                     limit,
                     error);
}

static GPtrArray *
ledger_after(MpStore *store, gint64 above_id, guint limit, GError **error)
{
    g_autoptr(MpStatement) statement = mp_sql_prepare(
        store, "SELECT id, " ROW_COLUMNS " FROM ledger WHERE id > ?2 ORDER BY id LIMIT ?1", error);

    if (statement == NULL)
        return NULL;
    (void)sqlite3_bind_int64(statement, 1, limit > 0 ? limit : LIST_MAX);
    (void)sqlite3_bind_int64(statement, 2, above_id);
    return collect_rows(store, statement, error);
}

static GPtrArray *
ledger_of_case(MpStore *store, const char *number, GError **error)
{
    return list_rows(store,
                     "SELECT id, " ROW_COLUMNS
                     " FROM ledger WHERE case_number = ?2 ORDER BY id LIMIT ?1",
                     number,
                     G_MAXINT,
                     error);
}

static GPtrArray *
person_mails(MpStore *store, const char *address, GError **error)
{
    g_autofree char *lower = mp_text_lower_ascii(address);

    return list_rows(store,
                     "SELECT id, " ROW_COLUMNS
                     " FROM ledger WHERE sender = ?2 ORDER BY id LIMIT ?1",
                     lower,
                     G_MAXINT,
                     error);
}

static gboolean
change_rows(MpStore *store, const char *sql, const gint64 *ids, gsize n, GError **error)
{
    MpStoreSqlite *self = (MpStoreSqlite *)store;

    for (gsize i = 0; i < n; i++) {
        g_autoptr(MpStatement) statement = mp_sql_prepare(store, sql, error);

        if (statement == NULL)
            return FALSE;
        (void)sqlite3_bind_int64(statement, 1, ids[i]);
        if (!mp_sql_run(store, statement, error))
            return FALSE;
        if (sqlite3_changes(self->db) != 1)
            return refuse_row(ids[i], MP_ERROR_STORAGE, error);
    }
    return TRUE;
}

static gboolean
ledger_begin(MpStore *store, const gint64 *ids, gsize n, GError **error)
{
    return change_rows(
        store, "UPDATE ledger SET attempts = attempts + 1 WHERE id = ?", ids, n, error);
}

static gboolean
ledger_acknowledge(MpStore *store, const gint64 *ids, gsize n, GError **error)
{
    return change_rows(store, "UPDATE ledger SET is_acknowledged = 1 WHERE id = ?", ids, n, error);
}

void
mp_store_init_ledger(MpStore *store)
{
    store->cursor = cursor;
    store->cursor_set = cursor_set;
    store->ledger_add = ledger_add;
    store->ledger_update = ledger_update;
    store->ledger_get = ledger_get;
    store->ledger_has_uid = ledger_has_uid;
    store->ledger_free_uids = ledger_free_uids;
    store->ledger_find_message = ledger_find_message;
    store->ledger_find_hash = ledger_find_hash;
    store->ledger_taken = ledger_taken;
    store->ledger_unacknowledged = ledger_unacknowledged;
    store->ledger_list = ledger_list;
    store->ledger_after = ledger_after;
    store->ledger_of_case = ledger_of_case;
    store->person_mails = person_mails;
    store->ledger_begin = ledger_begin;
    store->ledger_acknowledge = ledger_acknowledge;
}

/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Outgoing mail: head, body and the documents to attach; the MIME bytes are a pure function of them
 * (decisions.md 30). Rows move by compare-and-set on their state. */

#include "ports/store-private.h"

#define LIST_MAX 1000
#define E(column, kind, member)                                                                    \
    {                                                                                              \
        column, MP_FIELD_##kind, G_STRUCT_OFFSET(MpOutboxEntry, member)                            \
    }
#define M(column, kind, member)                                                                    \
    {                                                                                              \
        column, MP_FIELD_##kind, G_STRUCT_OFFSET(MpMail, member)                                   \
    }
#define D(column, kind, member)                                                                    \
    {                                                                                              \
        column, MP_FIELD_##kind, G_STRUCT_OFFSET(MpOutboxDocument, member)                         \
    }

/* What stays, then (from MOVED_FROM on) what moves. */
#define MOVED_FROM 5
static const MpField entry_fields[] = {
    E("case_number", TEXT, case_number),
    E("template", TEXT, template_),
    E("envelope_from", TEXT, envelope_from),
    E("recipient", TEXT, recipient),
    E("made_utc", INT64, made_utc),
    E("state", OUTBOX_STATE, state),
    E("is_held", BOOL, is_held),
    E("reason", TEXT, reason),
    E("tries", UINT, tries),
    E("next_try_utc", INT64, next_try_utc),
    E("sent_utc", INT64, sent_utc),
    E("server_reply", TEXT, server_reply),
    {NULL, MP_FIELD_TEXT, 0},
};

static const MpField mail_fields[] = {
    M("message_id", TEXT, message_id),
    M("from_name", TEXT, from_name),
    M("from_address", TEXT, from_address),
    M("to_name", TEXT, to_name),
    M("to_address", TEXT, to_address),
    M("subject", TEXT, subject),
    M("in_reply_to", TEXT, in_reply_to),
    M("reply_references", TEXT, references),
    M("is_reply", BOOL, is_reply),
    M("date_utc", INT64, date_utc),
    M("text", TEXT, text),
    M("html", TEXT, html),
    {NULL, MP_FIELD_TEXT, 0},
};

static const MpField document_fields[] = {
    D("filename", TEXT, filename),
    D("type", TEXT, type),
    D("sha256", TEXT, sha256),
    D("bytes", SIZE, bytes),
    {NULL, MP_FIELD_TEXT, 0},
};

#define ENTRY_COLUMNS                                                                              \
    "case_number, template, envelope_from, recipient, made_utc, state, is_held, reason, tries,"    \
    " next_try_utc, sent_utc, server_reply, message_id, from_name, from_address, to_name,"         \
    " to_address, subject, in_reply_to, reply_references, is_reply, date_utc, text, html"
/* The planner, without statistics, would rather take the index on state and sort. */
#define IS_DUE "is_held = 0 AND state IN ('queued', 'deferred', 'uncertain')"

static void
free_document(gpointer data)
{
    MpOutboxDocument *document = data;

    g_free(document->filename);
    g_free(document->type);
    g_free(document->sha256);
    g_free(document);
}

MpOutboxEntry *
mp_outbox_entry_new(void)
{
    MpOutboxEntry *entry = g_new0(MpOutboxEntry, 1);

    entry->mail = mp_mail_new();
    entry->documents = g_ptr_array_new_with_free_func(free_document);
    return entry;
}

void
mp_outbox_entry_free(MpOutboxEntry *entry)
{
    if (entry == NULL)
        return;
    for (const MpField *field = entry_fields; field->column != NULL; field++) {
        if (field->kind == MP_FIELD_TEXT)
            g_free(*(char **)((char *)entry + field->offset));
    }
    mp_mail_free(entry->mail);
    g_ptr_array_unref(entry->documents);
    g_free(entry);
}

static void
free_entry(gpointer entry)
{
    mp_outbox_entry_free(entry);
}

/* --- add --- */

static gboolean
add_document(MpStore *store, gint64 id, guint n, const MpOutboxDocument *document, GError **error)
{
    g_autoptr(MpStatement) statement =
        mp_sql_prepare(store,
                       "INSERT INTO outbox_document (outbox, n, filename, type, sha256, bytes)"
                       " VALUES (?, ?, ?, ?, ?, ?)",
                       error);

    if (statement == NULL)
        return FALSE;
    (void)sqlite3_bind_int64(statement, 1, id);
    (void)sqlite3_bind_int64(statement, 2, n);
    (void)mp_fields_bind(statement, 3, document_fields, document);
    return mp_sql_run(store, statement, error);
}

/* A row that waits is due from the moment it was made. */
static gint64
first_try(const MpOutboxEntry *entry)
{
    if (entry->next_try_utc != 0 || mp_outbox_state_is_final(entry->state))
        return entry->next_try_utc;
    return MAX(entry->made_utc, 1);
}

static gboolean
outbox_add(MpStore *store, MpOutboxEntry *entry, GError **error)
{
    MpStoreSqlite *self = (MpStoreSqlite *)store;
    g_autoptr(MpStatement) statement = mp_sql_prepare(
        store,
        "INSERT INTO outbox (" ENTRY_COLUMNS ") VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?,"
        " ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        error);

    if (statement == NULL)
        return FALSE;
    entry->next_try_utc = first_try(entry);
    int next = mp_fields_bind(statement, 1, entry_fields, entry);
    (void)mp_fields_bind(statement, next, mail_fields, entry->mail);
    if (!mp_sql_run(store, statement, error)) {
        g_prefix_error(error, "notice %s: ", entry->mail->message_id);
        return FALSE;
    }
    entry->id = sqlite3_last_insert_rowid(self->db);
    for (guint i = 0; i < entry->documents->len; i++) {
        if (!add_document(store, entry->id, i + 1, g_ptr_array_index(entry->documents, i), error))
            return FALSE;
    }
    return TRUE;
}

/* --- read --- */

static gboolean
read_documents(MpStore *store, MpOutboxEntry *entry, GError **error)
{
    g_autoptr(MpStatement) statement = mp_sql_prepare(
        store,
        "SELECT filename, type, sha256, bytes FROM outbox_document WHERE outbox = ? ORDER BY n",
        error);
    gboolean row = FALSE;

    if (statement == NULL)
        return FALSE;
    (void)sqlite3_bind_int64(statement, 1, entry->id);
    for (;;) {
        if (!mp_sql_step(store, statement, &row, error))
            return FALSE;
        if (!row)
            return TRUE;
        MpOutboxDocument *document = g_new0(MpOutboxDocument, 1);
        g_ptr_array_add(entry->documents, document);
        if (!mp_fields_read(statement, 0, document_fields, document, error))
            return FALSE;
    }
}

/* Rows of a statement that selects id and ENTRY_COLUMNS. */
static GPtrArray *
collect(MpStore *store, MpStatement *statement, GError **error)
{
    g_autoptr(GPtrArray) entries = g_ptr_array_new_with_free_func(free_entry);

    for (;;) {
        g_autoptr(MpOutboxEntry) entry = NULL;
        gboolean row = FALSE;

        if (!mp_sql_step(store, statement, &row, error))
            return NULL;
        if (!row)
            return g_steal_pointer(&entries);
        entry = mp_outbox_entry_new();
        entry->id = sqlite3_column_int64(statement, 0);
        if (!mp_fields_read(statement, 1, entry_fields, entry, error) ||
            !mp_fields_read(
                statement, G_N_ELEMENTS(entry_fields), mail_fields, entry->mail, error) ||
            !read_documents(store, entry, error))
            return NULL;
        g_ptr_array_add(entries, g_steal_pointer(&entry));
    }
}

static GPtrArray *
collect_in_view(MpStore *store, MpStatement *statement, GError **error)
{
    if (!mp_store_view_begin(store, error))
        return NULL;
    GPtrArray *entries = collect(store, statement, error);
    /* A statement that is still open would hold the view. */
    (void)sqlite3_reset(statement);
    mp_store_view_end(store);
    return entries;
}

/* First entry, or NULL with the array's error if there was one. */
static MpOutboxEntry *
take_one(GPtrArray *entries)
{
    MpOutboxEntry *entry = NULL;

    if (entries != NULL && entries->len > 0)
        entry = g_ptr_array_steal_index(entries, 0);
    if (entries != NULL)
        g_ptr_array_unref(entries);
    return entry;
}

static GPtrArray *
outbox_due(MpStore *store, gint64 now_utc, guint limit, GError **error)
{
    g_autoptr(MpStatement) statement = mp_sql_prepare(
        store,
        "SELECT id, " ENTRY_COLUMNS " FROM outbox INDEXED BY outbox_due WHERE " IS_DUE
        " AND next_try_utc > 0 AND next_try_utc <= ? ORDER BY next_try_utc, id LIMIT ?",
        error);

    if (statement == NULL)
        return NULL;
    (void)sqlite3_bind_int64(statement, 1, now_utc);
    (void)sqlite3_bind_int64(statement, 2, limit > 0 ? limit : LIST_MAX);
    return collect_in_view(store, statement, error);
}

static MpOutboxEntry *
outbox_get(MpStore *store, gint64 id, GError **error)
{
    g_autoptr(MpStatement) statement =
        mp_sql_prepare(store, "SELECT id, " ENTRY_COLUMNS " FROM outbox WHERE id = ?", error);
    GPtrArray *entries = NULL;

    if (statement == NULL)
        return NULL;
    (void)sqlite3_bind_int64(statement, 1, id);
    entries = collect_in_view(store, statement, error);
    if (entries != NULL && entries->len == 0)
        g_set_error(
            error, MP_ERROR, MP_ERROR_INPUT, "notice %" G_GINT64_FORMAT ": not in the outbox", id);
    return take_one(entries);
}

static MpOutboxEntry *
outbox_find(MpStore *store, const char *message_id, GError **error)
{
    g_autoptr(MpStatement) statement = mp_sql_prepare(
        store, "SELECT id, " ENTRY_COLUMNS " FROM outbox WHERE message_id = ?", error);

    if (statement == NULL)
        return NULL;
    mp_sql_bind_text(statement, 1, message_id);
    return take_one(collect_in_view(store, statement, error));
}

static GPtrArray *
outbox_list(MpStore *store, const char *state, const char *number, guint limit, GError **error)
{
    static const char *const sql[] = {
        "SELECT id, " ENTRY_COLUMNS " FROM outbox ORDER BY id DESC LIMIT ?1",
        "SELECT id, " ENTRY_COLUMNS " FROM outbox WHERE state = ?2 ORDER BY id DESC LIMIT ?1",
        "SELECT id, " ENTRY_COLUMNS " FROM outbox WHERE case_number = ?3 ORDER BY id DESC LIMIT ?1",
        "SELECT id, " ENTRY_COLUMNS
        " FROM outbox WHERE case_number = ?3 AND +state = ?2 ORDER BY id DESC LIMIT ?1",
    };
    g_autoptr(MpStatement) statement =
        mp_sql_prepare(store, sql[(state != NULL) + 2 * (number != NULL)], error);

    if (statement == NULL)
        return NULL;
    (void)sqlite3_bind_int64(statement, 1, limit > 0 ? limit : LIST_MAX);
    if (state != NULL)
        mp_sql_bind_text(statement, 2, state);
    if (number != NULL)
        mp_sql_bind_text(statement, 3, number);
    return collect_in_view(store, statement, error);
}

static GPtrArray *
person_notices(MpStore *store, const char *address, GError **error)
{
    g_autofree char *lower = mp_text_lower_ascii(address);
    g_autoptr(MpStatement) statement = mp_sql_prepare(
        store, "SELECT id, " ENTRY_COLUMNS " FROM outbox WHERE recipient = ?1 ORDER BY id", error);

    if (statement == NULL)
        return NULL;
    mp_sql_bind_text(statement, 1, lower);
    return collect_in_view(store, statement, error);
}

static gint64
outbox_next(MpStore *store)
{
    g_autoptr(MpStatement) statement =
        mp_sql_prepare(store,
                       "SELECT min(next_try_utc) FROM outbox INDEXED BY outbox_due WHERE " IS_DUE
                       " AND next_try_utc > 0",
                       NULL);
    gboolean row = FALSE;

    if (statement == NULL || !mp_sql_step(store, statement, &row, NULL) || !row)
        return 0;
    return sqlite3_column_int64(statement, 0);
}

/* --- move --- */

static gboolean
refuse_move(const MpOutboxEntry *entry, MpOutboxState expected, const char *why, GError **error)
{
    g_set_error(error,
                MP_ERROR,
                MP_ERROR_STORAGE,
                "notice %" G_GINT64_FORMAT ": %s (%s to %s)",
                entry->id,
                why,
                mp_outbox_state_to_string(expected),
                mp_outbox_state_to_string(entry->state));
    return FALSE;
}

static gboolean
outbox_move(MpStore *store, const MpOutboxEntry *entry, MpOutboxState expected, GError **error)
{
    MpStoreSqlite *self = (MpStoreSqlite *)store;
    g_autoptr(MpStatement) statement = mp_sql_prepare(
        store,
        "UPDATE outbox SET state = ?3, is_held = ?4, reason = ?5, tries = ?6, next_try_utc = ?7,"
        " sent_utc = ?8, server_reply = ?9 WHERE id = ?1 AND state = ?2",
        error);

    if (statement == NULL)
        return FALSE;
    if (entry->state != expected && !mp_outbox_can_move(expected, entry->state))
        return refuse_move(entry, expected, "no such move", error);
    (void)sqlite3_bind_int64(statement, 1, entry->id);
    mp_sql_bind_text(statement, 2, mp_outbox_state_to_string(expected));
    (void)mp_fields_bind(statement, 3, entry_fields + MOVED_FROM, entry);
    if (!mp_sql_run(store, statement, error))
        return FALSE;
    return sqlite3_changes(self->db) == 1 ||
           refuse_move(entry, expected, "moved by someone else meanwhile", error);
}

void
mp_store_init_outbox(MpStore *store)
{
    store->outbox_add = outbox_add;
    store->outbox_due = outbox_due;
    store->outbox_move = outbox_move;
    store->outbox_get = outbox_get;
    store->outbox_find = outbox_find;
    store->outbox_list = outbox_list;
    store->outbox_next = outbox_next;
    store->person_notices = person_notices;
}

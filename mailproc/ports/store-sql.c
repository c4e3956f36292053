/* SPDX-License-Identifier: GPL-3.0-or-later */

/* SQLite as the store uses it: one way to open, prepare, step, refuse. Struct fields are tables
 * (MpField), so that saving, loading and comparing cannot disagree about a column. */

#include "ports/store-private.h"

#define BUSY_MS 5000
#define WORDS_STORE "store"

/* --- connection --- */

static gboolean
is_damage(int code)
{
    return (code & 0xff) == SQLITE_CORRUPT || (code & 0xff) == SQLITE_NOTADB;
}

/* Not among them: a full disk (also where it keeps the shared memory from growing) and locks, which
 * pass by themselves. */
static gboolean
is_disk_failure(int code)
{
    static const int failures[] = {SQLITE_IOERR_FSYNC,
                                   SQLITE_IOERR_DIR_FSYNC,
                                   SQLITE_IOERR_WRITE,
                                   SQLITE_IOERR_READ,
                                   SQLITE_IOERR_SHORT_READ};

    if (is_damage(code))
        return TRUE;
    for (guint i = 0; i < G_N_ELEMENTS(failures); i++) {
        if (code == failures[i])
            return TRUE;
    }
    return FALSE;
}

gboolean
mp_sql_refuse(MpStore *store, sqlite3 *db, const char *what, GError **error)
{
    MpStoreSqlite *self = (MpStoreSqlite *)store;
    int code = db != NULL ? sqlite3_extended_errcode(db) : SQLITE_NOMEM;
    const char *words = db != NULL ? sqlite3_errmsg(db) : "out of memory";
    /* Every statement is ours: one that does not fit finds other tables than it was written for. */
    const char *cure = is_damage(code) || code == SQLITE_ERROR ? MP_STORE_CURE : "";

    /* After a failed fsync the kernel may have dropped the pages: only a new start reads what is
     * really there. A full disk is no such thing. */
    if (self != NULL && self->broken == NULL && is_disk_failure(code))
        self->broken = g_strdup_printf("%s: %s", what, words);
    g_set_error(error, MP_ERROR, MP_ERROR_STORAGE, "%s: %s (%d)%s", what, words, code, cure);
    return FALSE;
}

static gboolean
exec_for(MpStore *store, sqlite3 *db, const char *what, const char *sql, GError **error)
{
    if (sqlite3_exec(db, sql, NULL, NULL, NULL) != SQLITE_OK)
        return mp_sql_refuse(store, db, what, error);
    return TRUE;
}

gboolean
mp_sql_exec(sqlite3 *db, const char *what, const char *sql, GError **error)
{
    return exec_for(NULL, db, what, sql, error);
}

/* journal_mode answers with the mode that it really has: a file system without shared memory stays
 * with another one and says nothing. */
static gboolean
set_wal(MpStore *store, sqlite3 *db, const char *path, GError **error)
{
    g_autofree char *mode = NULL;
    sqlite3_stmt *statement = NULL;

    if (sqlite3_prepare_v2(db, "PRAGMA journal_mode = WAL", -1, &statement, NULL) == SQLITE_OK &&
        sqlite3_step(statement) == SQLITE_ROW)
        mode = g_strdup((const char *)sqlite3_column_text(statement, 0));
    gboolean is_done = sqlite3_finalize(statement) == SQLITE_OK && mode != NULL;
    if (!is_done)
        return mp_sql_refuse(store, db, path, error);
    if (strcmp(mode, "wal") == 0 || strcmp(mode, "memory") == 0)
        return TRUE;
    g_set_error(error, MP_ERROR, MP_ERROR_STORAGE, "%s: no WAL on this file system", path);
    return FALSE;
}

sqlite3 *
mp_sql_open_for(MpStore *store, const char *path, gboolean is_readonly, GError **error)
{
    g_autoptr(sqlite3) db = NULL;
    int flags = is_readonly ? SQLITE_OPEN_READONLY : SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE;

    if (sqlite3_open_v2(path, &db, flags | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE, NULL) !=
        SQLITE_OK) {
        mp_sql_refuse(store, db, path, error);
        return NULL;
    }
    (void)sqlite3_busy_timeout(db, BUSY_MS);
    (void)sqlite3_db_config(db, SQLITE_DBCONFIG_DEFENSIVE, 1, NULL);
    (void)sqlite3_db_config(db, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, NULL);
    (void)sqlite3_db_config(db, SQLITE_DBCONFIG_DQS_DML, 0, NULL);
    (void)sqlite3_db_config(db, SQLITE_DBCONFIG_DQS_DDL, 0, NULL);
    /* A full /tmp, which is anybody's, stops nothing here. */
    if (!exec_for(store, db, path, "PRAGMA foreign_keys = ON; PRAGMA temp_store = MEMORY", error))
        return NULL;
    if (is_readonly)
        return g_steal_pointer(&db);
    if (!set_wal(store, db, path, error) ||
        !exec_for(store,
                  db,
                  path,
                  "PRAGMA synchronous = FULL; PRAGMA secure_delete = ON;"
                  /* 16 MiB of log between checkpoints: a batch of large mails is not cut into
                   * many; what a huge one needed is given back. */
                  "PRAGMA wal_autocheckpoint = 4000; PRAGMA journal_size_limit = 67108864;"
                  "PRAGMA cell_size_check = ON",
                  error))
        return NULL;
    return g_steal_pointer(&db);
}

sqlite3 *
mp_sql_open(const char *path, gboolean is_readonly, GError **error)
{
    return mp_sql_open_for(NULL, path, is_readonly, error);
}

/* --- statements --- */

void
mp_statement_done(MpStatement *statement)
{
    (void)sqlite3_reset(statement);
    (void)sqlite3_clear_bindings(statement);
}

MpStatement *
mp_sql_prepare(MpStore *store, const char *sql, GError **error)
{
    MpStoreSqlite *self = (MpStoreSqlite *)store;
    sqlite3_stmt *statement = g_hash_table_lookup(self->statements, sql);

    if (statement != NULL)
        return statement;
    if (sqlite3_prepare_v3(self->db, sql, -1, SQLITE_PREPARE_PERSISTENT, &statement, NULL) !=
        SQLITE_OK) {
        mp_sql_refuse(store, self->db, WORDS_STORE, error);
        return NULL;
    }
    g_hash_table_insert(self->statements, g_strdup(sql), statement);
    return statement;
}

void
mp_sql_bind_text(MpStatement *statement, int n, const char *text)
{
    if (text == NULL)
        (void)sqlite3_bind_null(statement, n);
    else
        (void)sqlite3_bind_text(statement, n, text, -1, SQLITE_TRANSIENT);
}

gboolean
mp_sql_step(MpStore *store, MpStatement *statement, gboolean *row_out, GError **error)
{
    int rc = sqlite3_step(statement);

    if (rc != SQLITE_ROW && rc != SQLITE_DONE)
        return mp_sql_refuse(store, sqlite3_db_handle(statement), WORDS_STORE, error);
    *row_out = rc == SQLITE_ROW;
    return TRUE;
}

gboolean
mp_store_is_writing(MpStore *store, GError **error)
{
    MpStoreSqlite *self = (MpStoreSqlite *)store;

    /* SQLite rolls back by itself after some errors; nothing may then slip out one by one. */
    if (self->is_writing && sqlite3_get_autocommit(self->db) == 0)
        return TRUE;
    g_set_error(error,
                MP_ERROR,
                MP_ERROR_STORAGE,
                "store: %s",
                self->is_writing ? "the transaction was rolled back" : "no transaction is open");
    return FALSE;
}

gboolean
mp_sql_run(MpStore *store, MpStatement *statement, GError **error)
{
    gboolean row = FALSE;

    if (!mp_store_is_writing(store, error))
        return FALSE;
    do {
        if (!mp_sql_step(store, statement, &row, error))
            return FALSE;
    } while (row);
    return TRUE;
}

char *
mp_sql_text(MpStatement *statement, int column)
{
    return g_strdup((const char *)sqlite3_column_text(statement, column));
}

gboolean
mp_sql_ask(MpStore *store,
           const char *sql,
           const char *parameter,
           gint64 *number_out,
           char **text_out,
           GError **error)
{
    g_autoptr(MpStatement) statement = mp_sql_prepare(store, sql, error);
    gboolean row = FALSE;

    if (statement == NULL)
        return FALSE;
    if (parameter != NULL)
        mp_sql_bind_text(statement, 1, parameter);
    if (!mp_sql_step(store, statement, &row, error))
        return FALSE;
    if (number_out != NULL)
        *number_out = row ? sqlite3_column_int64(statement, 0) : 0;
    if (text_out != NULL)
        *text_out = row ? mp_sql_text(statement, sqlite3_column_count(statement) - 1) : NULL;
    return TRUE;
}

gboolean
mp_sql_change(
    MpStore *store, const char *sql, const char *first, const char *second, GError **error)
{
    g_autoptr(MpStatement) statement = mp_sql_prepare(store, sql, error);

    if (statement == NULL)
        return FALSE;
    if (first != NULL)
        mp_sql_bind_text(statement, 1, first);
    if (second != NULL)
        mp_sql_bind_text(statement, 2, second);
    return mp_sql_run(store, statement, error);
}

GPtrArray *
mp_sql_texts(MpStore *store, const char *sql, const char *parameter, GError **error)
{
    g_autoptr(MpStatement) statement = mp_sql_prepare(store, sql, error);
    g_autoptr(GPtrArray) texts = g_ptr_array_new_with_free_func(g_free);
    gboolean row = FALSE;

    if (statement == NULL)
        return NULL;
    if (parameter != NULL)
        mp_sql_bind_text(statement, 1, parameter);
    for (;;) {
        if (!mp_sql_step(store, statement, &row, error))
            return NULL;
        if (!row)
            return g_steal_pointer(&texts);
        g_ptr_array_add(texts, mp_sql_text(statement, 0));
    }
}

gboolean
mp_store_view_begin(MpStore *store, GError **error)
{
    MpStoreSqlite *self = (MpStoreSqlite *)store;

    if (self->is_writing || self->views++ > 0)
        return TRUE;
    g_autoptr(MpStatement) statement = mp_sql_prepare(store, "BEGIN", error);
    gboolean row = FALSE;
    if (statement != NULL && mp_sql_step(store, statement, &row, error))
        return TRUE;
    self->views--;
    return FALSE;
}

void
mp_store_view_end(MpStore *store)
{
    MpStoreSqlite *self = (MpStoreSqlite *)store;

    if (self->is_writing || --self->views > 0)
        return;
    g_autoptr(MpStatement) statement = mp_sql_prepare(store, "COMMIT", NULL);
    if (statement != NULL)
        (void)sqlite3_step(statement);
}

/* --- fields --- */

static const char *
word_of(MpFieldKind kind, const void *place)
{
    switch (kind) {
    case MP_FIELD_CASE_STATE:
        return mp_case_state_to_string(*(const MpCaseState *)place);
    case MP_FIELD_OUTCOME:
        return mp_outcome_to_string(*(const MpOutcome *)place);
    case MP_FIELD_LEDGER_STATE:
        return mp_ledger_state_to_string(*(const MpLedgerState *)place);
    case MP_FIELD_OUTBOX_STATE:
        return mp_outbox_state_to_string(*(const MpOutboxState *)place);
    case MP_FIELD_TRUST:
        return mp_trust_to_string(*(const MpTrustLevel *)place);
    case MP_FIELD_HOLDER_STATE:
        return mp_holder_state_to_string(*(const MpHolderState *)place);
    case MP_FIELD_TEXT:
        return *(const char *const *)place;
    case MP_FIELD_INT64:
    case MP_FIELD_UINT32:
    case MP_FIELD_UINT:
    case MP_FIELD_SIZE:
    case MP_FIELD_BOOL:
        break;
    }
    return NULL;
}

static gint64
number_of(MpFieldKind kind, const void *place)
{
    switch (kind) {
    case MP_FIELD_INT64:
        return *(const gint64 *)place;
    case MP_FIELD_UINT32:
        return *(const guint32 *)place;
    case MP_FIELD_UINT:
        return *(const guint *)place;
    case MP_FIELD_SIZE:
        return (gint64) * (const gsize *)place;
    case MP_FIELD_BOOL:
        return *(const gboolean *)place != FALSE;
    case MP_FIELD_TEXT:
    case MP_FIELD_CASE_STATE:
    case MP_FIELD_OUTCOME:
    case MP_FIELD_LEDGER_STATE:
    case MP_FIELD_OUTBOX_STATE:
    case MP_FIELD_TRUST:
    case MP_FIELD_HOLDER_STATE:
        break;
    }
    return 0;
}

static gboolean
is_number(MpFieldKind kind)
{
    return kind >= MP_FIELD_INT64 && kind <= MP_FIELD_BOOL;
}

int
mp_fields_bind(MpStatement *statement, int first, const MpField *fields, const void *object)
{
    for (const MpField *field = fields; field->column != NULL; field++, first++) {
        const void *place = (const char *)object + field->offset;

        if (is_number(field->kind))
            (void)sqlite3_bind_int64(statement, first, number_of(field->kind, place));
        else
            mp_sql_bind_text(statement, first, word_of(field->kind, place));
    }
    return first;
}

static void
read_number(MpFieldKind kind, void *place, gint64 value)
{
    switch (kind) {
    case MP_FIELD_INT64:
        *(gint64 *)place = value;
        break;
    case MP_FIELD_UINT32:
        *(guint32 *)place = (guint32)value;
        break;
    case MP_FIELD_UINT:
        *(guint *)place = (guint)value;
        break;
    case MP_FIELD_SIZE:
        *(gsize *)place = (gsize)value;
        break;
    case MP_FIELD_BOOL:
        *(gboolean *)place = value != 0;
        break;
    case MP_FIELD_TEXT:
    case MP_FIELD_CASE_STATE:
    case MP_FIELD_OUTCOME:
    case MP_FIELD_LEDGER_STATE:
    case MP_FIELD_OUTBOX_STATE:
    case MP_FIELD_TRUST:
    case MP_FIELD_HOLDER_STATE:
        break;
    }
}

static gboolean
read_word(MpFieldKind kind, void *place, const char *word)
{
    const char *name = word != NULL ? word : "";

    switch (kind) {
    case MP_FIELD_CASE_STATE:
        return mp_case_state_from_string(name, place);
    case MP_FIELD_OUTCOME:
        return mp_outcome_from_string(name, place);
    case MP_FIELD_LEDGER_STATE:
        return mp_ledger_state_from_string(name, place);
    case MP_FIELD_OUTBOX_STATE:
        return mp_outbox_state_from_string(name, place);
    case MP_FIELD_TRUST:
        return mp_trust_from_string(name, place);
    case MP_FIELD_HOLDER_STATE:
        return mp_holder_state_from_string(name, place);
    case MP_FIELD_TEXT:
        g_free(*(char **)place);
        *(char **)place = g_strdup(word);
        return TRUE;
    case MP_FIELD_INT64:
    case MP_FIELD_UINT32:
    case MP_FIELD_UINT:
    case MP_FIELD_SIZE:
    case MP_FIELD_BOOL:
        break;
    }
    return TRUE;
}

gboolean
mp_fields_read(
    MpStatement *statement, int first, const MpField *fields, void *object, GError **error)
{
    for (const MpField *field = fields; field->column != NULL; field++, first++) {
        void *place = (char *)object + field->offset;

        if (is_number(field->kind)) {
            read_number(field->kind, place, sqlite3_column_int64(statement, first));
        } else if (!read_word(
                       field->kind, place, (const char *)sqlite3_column_text(statement, first))) {
            g_set_error(error,
                        MP_ERROR,
                        MP_ERROR_STORAGE,
                        "store: column %s: unknown word '%s'",
                        field->column,
                        (const char *)sqlite3_column_text(statement, first));
            return FALSE;
        }
    }
    return TRUE;
}

char *
mp_fields_format(const MpField *field, const void *object)
{
    const void *place = (const char *)object + field->offset;

    if (is_number(field->kind))
        return g_strdup_printf("%" G_GINT64_FORMAT, number_of(field->kind, place));
    return g_strdup(word_of(field->kind, place));
}

char *
mp_fields_columns(const MpField *fields)
{
    GString *text = g_string_new(NULL);

    for (const MpField *field = fields; field->column != NULL; field++)
        g_string_append_printf(text, "%s%s", text->len > 0 ? ", " : "", field->column);
    return g_string_free(text, FALSE);
}

char *
mp_fields_marks(const MpField *fields)
{
    GString *text = g_string_new(NULL);

    for (const MpField *field = fields; field->column != NULL; field++)
        g_string_append(text, text->len > 0 ? ", ?" : "?");
    return g_string_free(text, FALSE);
}

char *
mp_fields_updates(const MpField *fields)
{
    GString *text = g_string_new(NULL);

    for (const MpField *field = fields; field->column != NULL; field++)
        g_string_append_printf(
            text, "%s%s = excluded.%s", text->len > 0 ? ", " : "", field->column, field->column);
    return g_string_free(text, FALSE);
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/* SQLite as the files of the store use it: connections with the project's settings, statements that
 * are kept, and struct fields as tables, so that saving, loading and comparing cannot disagree
 * about a column. Errors: STORAGE. */

#include "ports/ports.h"

#include <sqlite3.h>

/* A statement in use: reset and unbound at the end of its scope, kept for the next time. */
typedef sqlite3_stmt MpStatement;
void mp_statement_done(MpStatement *statement);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(MpStatement, mp_statement_done)

/* How a struct field lies in a column. */
typedef enum {
    MP_FIELD_TEXT,
    MP_FIELD_INT64,
    MP_FIELD_UINT32,
    MP_FIELD_UINT,
    MP_FIELD_SIZE,
    MP_FIELD_BOOL,
    MP_FIELD_CASE_STATE,
    MP_FIELD_OUTCOME,
    MP_FIELD_LEDGER_STATE,
    MP_FIELD_OUTBOX_STATE,
    MP_FIELD_TRUST,
    MP_FIELD_HOLDER_STATE
} MpFieldKind;

typedef struct {
    const char *column;
    MpFieldKind kind;
    gsize offset;
} MpField;

/* Tables of fields end with column NULL. `column` begins at parameter or result column `first`;
 * the number of the one behind the last is returned. */
int mp_fields_bind(MpStatement *statement, int first, const MpField *fields, const void *object);
/* STORAGE error for a word that is no state. Texts that stood in the object are freed. */
gboolean mp_fields_read(MpStatement *statement,
                        int first,
                        const MpField *fields,
                        void *object,
                        GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* "a, b, c"; "?, ?, ?"; "a = excluded.a, …". */
char *mp_fields_columns(const MpField *fields);
char *mp_fields_marks(const MpField *fields);
char *mp_fields_updates(const MpField *fields);
/* Text of one field, for messages and comparison; NULL text stays NULL. */
char *mp_fields_format(const MpField *field, const void *object);

/* Prepared once for each SQL text; CONFIG never, STORAGE when SQLite refuses. */
MpStatement *
mp_sql_prepare(MpStore *store, const char *sql, GError **error) G_GNUC_WARN_UNUSED_RESULT;
void mp_sql_bind_text(MpStatement *statement, int n, const char *text);
/* One row? FALSE with an error when the step failed. */
gboolean mp_sql_step(MpStore *store, MpStatement *statement, gboolean *row_out, GError **error)
    G_GNUC_WARN_UNUSED_RESULT;
/* Steps to the end; for statements that change. Refused outside begin … commit. */
gboolean
mp_sql_run(MpStore *store, MpStatement *statement, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Copy of a text column, NULL for NULL. */
char *mp_sql_text(MpStatement *statement, int column);
/* Runs SQL without parameters on any connection. */
gboolean mp_sql_exec(sqlite3 *db, const char *what, const char *sql, GError **error)
    G_GNUC_WARN_UNUSED_RESULT;
/* Sets a STORAGE error from the connection; a failed disk marks the store as broken. */
gboolean mp_sql_refuse(MpStore *store, sqlite3 *db, const char *what, GError **error);
/* First integer and text of a statement with one text parameter; 0 and NULL when there is no row.
 */
gboolean mp_sql_ask(MpStore *store,
                    const char *sql,
                    const char *parameter,
                    gint64 *number_out,
                    char **text_out,
                    GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Changes by a statement with up to two text parameters. */
gboolean mp_sql_change(MpStore *store,
                       const char *sql,
                       const char *first,
                       const char *second,
                       GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* First column of all rows, one text parameter (NULL = none). */
GPtrArray *mp_sql_texts(MpStore *store, const char *sql, const char *parameter, GError **error)
    G_GNUC_WARN_UNUSED_RESULT;
/* A connection with the project's settings: busy timeout, WAL, FULL, secure_delete, foreign keys.
 */
sqlite3 *
mp_sql_open(const char *path, gboolean is_readonly, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* The same for an archive of the store: a disk that fails meanwhile marks the store as broken. */
sqlite3 *mp_sql_open_for(MpStore *store, const char *path, gboolean is_readonly, GError **error)
    G_GNUC_WARN_UNUSED_RESULT;

G_DEFINE_AUTOPTR_CLEANUP_FUNC(sqlite3, sqlite3_close_v2)

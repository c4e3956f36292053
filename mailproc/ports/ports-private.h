/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/* What the files of ports/ share among themselves: the inside of the SQLite store. Each subject
 * (ledger, cases, outbox, …) is a file of its own that fills its function pointers in. */

#include "ports/ports.h"

#include <sqlite3.h>

/* --- the store's inside --- */

typedef struct {
    MpStore face; /* first: an MpStore * is an MpStoreSqlite * */
    sqlite3 *db;
    char *dir;              /* NULL = in memory */
    GHashTable *statements; /* SQL → sqlite3_stmt, kept for the connection's life */
    GHashTable *archives;   /* year → MpArchive */
    int lock_fd;            /* -1 = no lock held */
    MpRandom *random;       /* salts; borrowed when a test set it, else `own_random` */
    MpRandom *own_random;
    gboolean is_readonly;
    gboolean is_writing; /* between begin and commit */
    guint savepoints;
    guint views;         /* nested reads of one state */
    gboolean is_erasing; /* the log is emptied after the commit */
    char *broken;        /* the disk failed: nothing more may be written through this object */
} MpStoreSqlite;

/* One archive-YYYY.sqlar. */
typedef struct {
    sqlite3 *db;
    sqlite3_stmt *insert, *find;
    gboolean is_writing;
    gboolean is_erasing;
} MpArchive;

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
    MP_FIELD_TRUST
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
/* TRUE between begin and commit, else a STORAGE error. */
gboolean mp_store_is_writing(MpStore *store, GError **error);
/* Several reads see one state of the store; nested in begin … commit they do nothing. */
gboolean mp_store_view_begin(MpStore *store, GError **error);
void mp_store_view_end(MpStore *store);

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

/* 0700 directory, 0600 file, the lock of DIR (a descriptor, -1 with an error). */
gboolean mp_store_prepare_dir(const char *dir, GError **error) G_GNUC_WARN_UNUSED_RESULT;
gboolean mp_store_prepare_file(const char *path, GError **error) G_GNUC_WARN_UNUSED_RESULT;
int mp_store_take_lock(const char *dir, GError **error) G_GNUC_WARN_UNUSED_RESULT;
#define MP_STORE_FILE "mailproc.sqlite"

/* The numbered migrations; `mp_schema_version` is the newest. */
extern const char *const mp_schema_migrations[];
extern const int mp_schema_version;
/* Brings a store to `version` in one transaction; a newer store is refused. */
gboolean mp_schema_migrate(sqlite3 *db, const char *const *migrations, int version, GError **error)
    G_GNUC_WARN_UNUSED_RESULT;

/* Tables of the snapshot, shared by saving, loading and comparing. */
extern const MpField mp_case_fields[];
extern const MpField mp_applicant_fields[];
extern const MpField mp_document_fields[];
/* What is searched instead of what was written: letter numbers without blanks, names folded. */
char *mp_store_squash(const char *number);
char *mp_store_fold(const char *name);
/* The snapshot tables of one case, without events. */
gboolean mp_store_write_snapshot(MpStore *store,
                                 const MpCase *kase,
                                 GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* The lists of a case (linked, missing, …) by number; NULL behind the last. */
const char *mp_case_list_name(guint i);
GPtrArray *mp_case_list(const MpCase *kase, guint i);
/* NULL without error = no such case; inside a view. */
MpCase *
mp_store_load_in_view(MpStore *store, const char *number, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Appends one event to the chain and sets its seq. */
gboolean mp_store_write_event(MpStore *store, const char *number, MpEvent *event, GError **error)
    G_GNUC_WARN_UNUSED_RESULT;
/* The columns of a row as mp_store_read_event_row wants them; its data stays as it was chained. */
#define MP_EVENT_COLUMNS                                                                           \
    "seq, case_number, at_utc, kind, actor, trust, mail, from_step, to_step, rule, data, hash"
MpEvent *mp_store_read_event_row(MpStatement *statement, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Head of the chain: seq 0 and 64 zeros while there is no event. */
gboolean mp_store_chain_head(MpStore *store, gint64 *seq_out, char **hash_out, GError **error)
    G_GNUC_WARN_UNUSED_RESULT;
/* Hash of a row, given the one before it and the row's data column. */
char *
mp_event_hash(const char *previous, const char *number, const MpEvent *event, const char *data);
/* "sha256:<hex>" of SHA-256(salt ‖ value). */
char *mp_event_digest(const guint8 *salt, gsize n_salt, const char *value);

void mp_store_init_archive(MpStore *store);
void mp_store_init_ledger(MpStore *store);
void mp_store_init_case(MpStore *store);
void mp_store_init_find(MpStore *store);
void mp_store_init_event(MpStore *store);
void mp_store_init_audit(MpStore *store);
void mp_store_init_rebuild(MpStore *store);
void mp_store_init_erase(MpStore *store);
void mp_store_init_backup(MpStore *store);
void mp_store_init_counts(MpStore *store);
void mp_store_init_timer(MpStore *store);
void mp_store_init_grant(MpStore *store);
void mp_store_init_outbox(MpStore *store);
void mp_archive_free(MpArchive *archive);
void mp_store_close(MpStore *store);

/* --- mailboxes --- */

/* CONFIG error unless `name` is valid UTF-8 without controls, quotes, backslashes, wildcards and
 * braces, and neither empty nor with an empty level. */
gboolean mp_folder_check(const char *name, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* --- the Maildir mailbox --- */

/* UIDs of the mails of a Maildir, kept in DIR/mailproc-uids. */
typedef struct {
    guint32 validity, next; /* validity 0 = not read yet */
    GHashTable *uid_of;     /* file name without flags → uid */
    GHashTable *base_of;    /* uid → file name without flags, borrowed from uid_of */
} MpMaildirUids;

void mp_maildir_uids_init(MpMaildirUids *uids);
void mp_maildir_uids_clear(MpMaildirUids *uids);
/* Back to the state before the file was read. */
void mp_maildir_uids_forget(MpMaildirUids *uids);
/* Reads the file once; a missing one begins with a new validity. */
gboolean mp_maildir_uids_load(MpMaildirUids *uids,
                              const char *dir,
                              GError **error) G_GNUC_WARN_UNUSED_RESULT;
gboolean mp_maildir_uids_save(const MpMaildirUids *uids,
                              const char *dir,
                              GError **error) G_GNUC_WARN_UNUSED_RESULT;
void mp_maildir_uids_add(MpMaildirUids *uids, const char *base, guint32 uid);
/* All UIDs, ascending. */
GArray *mp_maildir_uids_sorted(const MpMaildirUids *uids);
/* Makes DIR (whose parent exists) with tmp, new and cur. */
gboolean mp_maildir_make(const char *dir, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Writes `path` durably by way of `tmp`. */
gboolean mp_maildir_write(const char *tmp,
                          const char *path,
                          const char *bytes,
                          gsize length,
                          GError **error) G_GNUC_WARN_UNUSED_RESULT;
gboolean mp_maildir_sync(const char *dir, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Sets a STORAGE error "PATH: text", returns FALSE. */
gboolean mp_maildir_fail(GError **error, const char *path, const char *text);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(MpArchive, mp_archive_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC(MpStore, mp_store_close)
G_DEFINE_AUTOPTR_CLEANUP_FUNC(MpLedgerRow, mp_ledger_row_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC(MpOutboxEntry, mp_outbox_entry_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC(MpGrant, mp_grant_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC(sqlite3, sqlite3_close_v2)

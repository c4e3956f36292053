/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/* The inside of the SQLite store. Each subject (ledger, cases, outbox, …) is a file of its own that
 * fills its function pointers in. */

#include "ports/sql-private.h"

typedef struct {
    MpStore face; /* first: an MpStore * is an MpStoreSqlite * */
    sqlite3 *db;
    char *dir;              /* NULL = in memory */
    GHashTable *statements; /* SQL → sqlite3_stmt, kept for the connection's life */
    GHashTable *archives;   /* year → MpArchive */
    int lock_fd;            /* -1 = no lock held */
    MpRandom *random;       /* salts; borrowed when a test set it, else `own_random` */
    MpRandom *own_random;
    guint rare_max;    /* entries of a word that leads a search of the register */
    guint lookups_max; /* of words of that search, before the next one is tallied */
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

/* TRUE between begin and commit, else a STORAGE error. */
gboolean mp_store_is_writing(MpStore *store, GError **error);
/* Several reads see one state of the store; nested in begin … commit they do nothing. */
gboolean mp_store_view_begin(MpStore *store, GError **error);
void mp_store_view_end(MpStore *store);

/* 0700 directory, 0600 file, the lock of DIR (a descriptor, -1 with an error). */
gboolean mp_store_prepare_dir(const char *dir, GError **error) G_GNUC_WARN_UNUSED_RESULT;
gboolean mp_store_prepare_file(const char *path, GError **error) G_GNUC_WARN_UNUSED_RESULT;
int mp_store_take_lock(const char *dir, GError **error) G_GNUC_WARN_UNUSED_RESULT;
#define MP_STORE_FILE "mailproc.sqlite"
/* What an operator does about a damaged file. */
#define MP_STORE_CURE "; 'mailproc restore' a backup, then 'mailproc reconcile --fix'"

/* FALSE while a restore exchanges the files of `dir`, or when one was cut short. */
gboolean mp_store_is_whole(const char *dir, GError **error) G_GNUC_WARN_UNUSED_RESULT;
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
/* What is searched instead of what was written, NULL for NULL: letter numbers without blanks, words
 * of any text, persons by the name that tells whether two are the same (NULL when none is left). */
char *mp_store_squash(const char *number);
char *mp_store_fold(const char *text);
char *mp_store_fold_name(const char *name);
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

/* The line of a case that is open again goes. */
gboolean
mp_store_drop_closing(MpStore *store, const char *number, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* The register's rows of one case, made anew from it; inside a transaction. */
gboolean
mp_register_write(MpStore *store, const MpCase *kase, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Imported rows of a person (NIP, NIK or address) go; inside a transaction. */
gboolean
mp_register_erase(MpStore *store, const char *identity, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* id of the holder that such a person is, 0 = none. */
gboolean mp_register_identify(MpStore *store,
                              const char *nip,
                              const char *nik,
                              const char *name,
                              const char *unit,
                              const char *email,
                              gint64 *id_out,
                              GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* History of a holder as register_history gives it, but each with its own row's id. */
GPtrArray *mp_register_rows(MpStore *store, gint64 holder, GError **error);
/* Holders from rows of id and `fields`. */
GPtrArray *
mp_register_read(MpStore *store, MpStatement *statement, const MpField *fields, GError **error);
/* The holder that a history makes; sets the state of each of its rows. */
MpHolder *mp_register_fold(const GPtrArray *rows);
gboolean mp_register_is_certificate(const MpHolder *row);
extern const MpField mp_holder_fields[];
extern const MpField mp_tenure_fields[];

void mp_store_init_archive(MpStore *store);
void mp_store_init_ledger(MpStore *store);
void mp_store_init_marks(MpStore *store);
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
void mp_store_init_register(MpStore *store);
void mp_store_init_holder(MpStore *store);
void mp_store_init_search(MpStore *store);
void mp_store_init_period(MpStore *store);
void mp_archive_free(MpArchive *archive);
void mp_store_close(MpStore *store);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(MpArchive, mp_archive_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC(MpStore, mp_store_close)
G_DEFINE_AUTOPTR_CLEANUP_FUNC(MpLedgerRow, mp_ledger_row_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC(MpOutboxEntry, mp_outbox_entry_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC(MpGrant, mp_grant_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC(MpHolder, mp_holder_free)

/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The schema, as a list of numbered migrations. A store says by user_version how far it is; what is
 * missing runs in one transaction, so that a death half-way leaves the old store as it was.
 *
 * v1: ledger, cases with their snapshot tables, chained events with personal values apart, timers,
 *     grants, outbox, rations, marks. Words of states are checked against the X-lists of the code:
 * a list that grows needs a migration, and a test compares a migrated store with a fresh one.
 * v2: the register of certificates: its holders, their history, the words they are found by.
 * v3: persons are found by the name that planner and reader compare, without titles and degrees: a
 *     notice about "Rangga Prasetya" is about "Rangga Prasetya, S.Kom.".
 * v4: reports of a period: one line for each closed case, and indexes over time, so that a quarter
 *     is read without walking all years.
 */

#include "ports/store-private.h"

#define IS_WORD(id, name) "state = '" name "' OR "
#define IS_OUTCOME(id, name) "outcome = '" name "' OR "
#define IS_TRUST(id, name) "trust = '" name "' OR "

/* Unformatted, because each word list would be indented deeper than the one before it. */
/* clang-format off */
static const char schema_v1[] =
    /* Which mail was taken, and where it ended. */
    "CREATE TABLE cursor (mailbox TEXT PRIMARY KEY, uid_validity INTEGER NOT NULL,"
    " uid INTEGER NOT NULL) STRICT, WITHOUT ROWID;"
    "CREATE TABLE ledger (id INTEGER PRIMARY KEY AUTOINCREMENT, mailbox TEXT NOT NULL,"
    " uid_validity INTEGER NOT NULL, uid INTEGER NOT NULL, arrived_utc INTEGER NOT NULL,"
    " taken_utc INTEGER NOT NULL, done_utc INTEGER NOT NULL, bytes INTEGER NOT NULL,"
    " sha256 TEXT, archive_name TEXT, message_id TEXT, content_hash TEXT, state TEXT NOT NULL"
    " CHECK (" MP_LEDGER_STATES(IS_WORD) "0), reason TEXT, kind TEXT, case_number TEXT"
    " REFERENCES cases (number) DEFERRABLE INITIALLY DEFERRED, sender TEXT, why TEXT,"
    " attempts INTEGER NOT NULL, is_acknowledged INTEGER NOT NULL"
    " CHECK (is_acknowledged IN (0, 1)), UNIQUE (mailbox, uid_validity, uid)) STRICT;"
    "CREATE INDEX ledger_message ON ledger (message_id) WHERE message_id IS NOT NULL;"
    "CREATE INDEX ledger_content ON ledger (content_hash) WHERE content_hash IS NOT NULL;"
    "CREATE INDEX ledger_taken ON ledger (arrived_utc, id) WHERE state = 'taken';"
    "CREATE INDEX ledger_state ON ledger (state, id);"
    "CREATE INDEX ledger_archive ON ledger (archive_name) WHERE archive_name IS NOT NULL;"
    "CREATE INDEX ledger_case ON ledger (case_number) WHERE case_number IS NOT NULL;"
    "CREATE INDEX ledger_unacknowledged ON ledger (mailbox, id)"
    " WHERE is_acknowledged = 0 AND state <> 'taken';"
    /* The snapshot of every case: the fold of its events. */
    "CREATE TABLE counter (prefix TEXT NOT NULL, year INTEGER NOT NULL,"
    " last INTEGER NOT NULL, PRIMARY KEY (prefix, year)) STRICT, WITHOUT ROWID;"
    "CREATE TABLE cases (number TEXT PRIMARY KEY, service TEXT, sop TEXT, step TEXT,"
    " state TEXT NOT NULL CHECK (" MP_CASE_STATES(IS_WORD) "0), holder_role TEXT,"
    " holder_address TEXT, opened_utc INTEGER NOT NULL, step_since_utc INTEGER NOT NULL,"
    " due_utc INTEGER NOT NULL, closed_utc INTEGER NOT NULL, version INTEGER NOT NULL,"
    " requester_name TEXT, requester_address TEXT, letter_number TEXT, letter_date TEXT,"
    " letter_subject TEXT, reason TEXT, linked_from TEXT, resume_step TEXT, last_mover TEXT,"
    " last_seq INTEGER NOT NULL, requester_folded TEXT, letter_squashed TEXT,"
    " is_closed INTEGER NOT NULL CHECK (is_closed IN (0, 1)), due_order INTEGER NOT NULL)"
    " STRICT;"
    "CREATE INDEX cases_open ON cases (is_closed, due_order, number);"
    "CREATE INDEX cases_state ON cases (state, due_order, number);"
    "CREATE INDEX cases_due ON cases (due_order, number);"
    "CREATE INDEX cases_requester ON cases (requester_folded)"
    " WHERE requester_folded IS NOT NULL;"
    "CREATE INDEX cases_letter ON cases (letter_squashed) WHERE letter_squashed IS NOT NULL;"
    "CREATE TABLE applicant (case_number TEXT NOT NULL REFERENCES cases (number)"
    " DEFERRABLE INITIALLY DEFERRED, n INTEGER NOT NULL CHECK (n > 0), name TEXT, nip TEXT,"
    " nik TEXT, email TEXT, phone TEXT, position TEXT, unit TEXT, was TEXT, becomes TEXT,"
    " valid_until TEXT, holds_certificate INTEGER NOT NULL CHECK (holds_certificate IN (0,"
    " 1)), outcome TEXT NOT NULL CHECK (" MP_OUTCOMES(IS_OUTCOME) "0), outcome_reason TEXT,"
    " outcome_utc INTEGER NOT NULL, name_folded TEXT, email_folded TEXT,"
    " PRIMARY KEY (case_number, n)) STRICT, WITHOUT ROWID;"
    "CREATE INDEX applicant_nip ON applicant (nip) WHERE nip IS NOT NULL;"
    "CREATE INDEX applicant_email ON applicant (email_folded) WHERE email_folded IS NOT NULL;"
    "CREATE INDEX applicant_name ON applicant (name_folded) WHERE name_folded IS NOT NULL;"
    "CREATE TABLE document (case_number TEXT NOT NULL REFERENCES cases (number)"
    " DEFERRABLE INITIALLY DEFERRED, n INTEGER NOT NULL CHECK (n > 0), filename TEXT,"
    " kind TEXT, type TEXT, sha256 TEXT, signature TEXT, bytes INTEGER NOT NULL,"
    " is_readable INTEGER NOT NULL CHECK (is_readable IN (0, 1)), mail INTEGER NOT NULL,"
    " PRIMARY KEY (case_number, n)) STRICT, WITHOUT ROWID;"
    "CREATE INDEX document_sha256 ON document (sha256) WHERE sha256 IS NOT NULL;"
    "CREATE TABLE case_list (case_number TEXT NOT NULL REFERENCES cases (number)"
    " DEFERRABLE INITIALLY DEFERRED, list TEXT NOT NULL CHECK (list IN ('linked',"
    " 'linked-open', 'missing', 'doubt')), n INTEGER NOT NULL, item TEXT NOT NULL,"
    " PRIMARY KEY (case_number, list, n)) STRICT, WITHOUT ROWID;"
    /* What happened: append-only, each row chained to the one before it. Personal values stand
     * apart, salted, so that they can be erased without breaking the chain. */
    "CREATE TABLE event (seq INTEGER PRIMARY KEY, case_number TEXT NOT NULL"
    " REFERENCES cases (number) DEFERRABLE INITIALLY DEFERRED, at_utc INTEGER NOT NULL,"
    " kind TEXT NOT NULL, actor TEXT, trust TEXT NOT NULL CHECK (" MP_TRUSTS(IS_TRUST) "0),"
    " mail INTEGER NOT NULL, from_step TEXT, to_step TEXT, rule TEXT, data TEXT NOT NULL,"
    " hash TEXT NOT NULL CHECK (length(hash) = 64)) STRICT;"
    "CREATE INDEX event_case ON event (case_number, seq);"
    "CREATE TRIGGER event_kept BEFORE DELETE ON event BEGIN SELECT raise(ABORT,"
    " 'events are append-only'); END;"
    "CREATE TRIGGER event_fixed BEFORE UPDATE ON event BEGIN SELECT raise(ABORT,"
    " 'events are append-only'); END;"
    "CREATE TABLE person_data (event INTEGER NOT NULL REFERENCES event (seq),"
    " key TEXT NOT NULL, salt BLOB, value TEXT, CHECK ((salt IS NULL) = (value IS NULL)),"
    " PRIMARY KEY (event, key)) STRICT, WITHOUT ROWID;"
    "CREATE INDEX person_data_value ON person_data (value) WHERE value IS NOT NULL;"
    "CREATE TABLE timer (case_number TEXT NOT NULL REFERENCES cases (number)"
    " DEFERRABLE INITIALLY DEFERRED, name TEXT NOT NULL, at_utc INTEGER NOT NULL,"
    " PRIMARY KEY (case_number, name)) STRICT, WITHOUT ROWID;"
    "CREATE INDEX timer_at ON timer (at_utc, case_number, name);"
    /* Who may do what by answering: only hashes of the codes are kept. */
    "CREATE TABLE grants (hash TEXT PRIMARY KEY CHECK (length(hash) = 64),"
    " recipient TEXT NOT NULL, expires_utc INTEGER NOT NULL) STRICT, WITHOUT ROWID;"
    "CREATE INDEX grants_expiry ON grants (expires_utc);"
    "CREATE TABLE grant_item (hash TEXT NOT NULL REFERENCES grants (hash) ON DELETE CASCADE,"
    " n INTEGER NOT NULL, case_number TEXT NOT NULL, step TEXT NOT NULL,"
    " version INTEGER NOT NULL, is_spent INTEGER NOT NULL CHECK (is_spent IN (0, 1)),"
    " PRIMARY KEY (hash, n)) STRICT, WITHOUT ROWID;"
    "CREATE INDEX grant_item_live ON grant_item (case_number, version) WHERE is_spent = 0;"
    /* Outgoing mail. */
    "CREATE TABLE outbox (id INTEGER PRIMARY KEY AUTOINCREMENT, case_number TEXT"
    " REFERENCES cases (number) DEFERRABLE INITIALLY DEFERRED, template TEXT,"
    " envelope_from TEXT NOT NULL, recipient TEXT NOT NULL, state TEXT NOT NULL CHECK ("
    MP_OUTBOX_STATES(IS_WORD) "0), is_held INTEGER NOT NULL CHECK (is_held IN (0, 1)),"
    " reason TEXT, tries INTEGER NOT NULL, made_utc INTEGER NOT NULL,"
    " next_try_utc INTEGER NOT NULL, sent_utc INTEGER NOT NULL, server_reply TEXT,"
    " message_id TEXT, from_name TEXT, from_address TEXT, to_name TEXT, to_address TEXT,"
    " subject TEXT, in_reply_to TEXT, reply_references TEXT, is_reply INTEGER NOT NULL"
    " CHECK (is_reply IN (0, 1)), date_utc INTEGER NOT NULL, text TEXT, html TEXT) STRICT;"
    "CREATE UNIQUE INDEX outbox_message ON outbox (message_id) WHERE message_id IS NOT NULL;"
    "CREATE INDEX outbox_due ON outbox (next_try_utc, id)"
    " WHERE is_held = 0 AND state IN ('queued', 'deferred', 'uncertain');"
    "CREATE INDEX outbox_state ON outbox (state, id);"
    "CREATE INDEX outbox_case ON outbox (case_number, id) WHERE case_number IS NOT NULL;"
    "CREATE TABLE outbox_document (outbox INTEGER NOT NULL REFERENCES outbox (id),"
    " n INTEGER NOT NULL, filename TEXT, type TEXT, sha256 TEXT, bytes INTEGER NOT NULL,"
    " PRIMARY KEY (outbox, n)) STRICT, WITHOUT ROWID;"
    /* Small things. */
    "CREATE TABLE ration (key TEXT NOT NULL, at_utc INTEGER NOT NULL) STRICT;"
    "CREATE INDEX ration_key ON ration (key, at_utc);"
    "CREATE INDEX ration_at ON ration (at_utc);"
    "CREATE TABLE mark (name TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT, WITHOUT ROWID;";

static const char schema_v2[] =
    /* Who holds a certificate: the fold of what stands in tenure. */
    "CREATE TABLE holder (id INTEGER PRIMARY KEY, name TEXT, nip TEXT, nik TEXT, email TEXT,"
    " unit TEXT, position TEXT, state TEXT NOT NULL CHECK (" MP_HOLDER_STATES(IS_WORD) "0),"
    " valid_from TEXT, valid_until TEXT, is_guess INTEGER NOT NULL CHECK (is_guess IN (0, 1)),"
    " case_number TEXT, at_utc INTEGER NOT NULL, name_folded TEXT, unit_folded TEXT) STRICT;"
    "CREATE INDEX holder_nip ON holder (nip) WHERE nip IS NOT NULL;"
    "CREATE INDEX holder_nik ON holder (nik) WHERE nik IS NOT NULL;"
    "CREATE INDEX holder_name ON holder (name_folded) WHERE name_folded IS NOT NULL;"
    "CREATE INDEX holder_until ON holder (valid_until, id);"
    "CREATE TABLE holder_word (word TEXT NOT NULL, holder INTEGER NOT NULL REFERENCES holder (id)"
    " ON DELETE CASCADE, PRIMARY KEY (word, holder)) STRICT, WITHOUT ROWID;"
    "CREATE INDEX holder_word_holder ON holder_word (holder, word);"
    /* The service history: one row an applicant with an outcome, or an imported certificate. */
    "CREATE TABLE tenure (id INTEGER PRIMARY KEY, holder INTEGER NOT NULL REFERENCES holder (id)"
    " DEFERRABLE INITIALLY DEFERRED, case_number TEXT REFERENCES cases (number)"
    " DEFERRABLE INITIALLY DEFERRED, applicant INTEGER NOT NULL, outcome TEXT NOT NULL CHECK ("
    MP_OUTCOMES(IS_OUTCOME) "0), name TEXT, nip TEXT, nik TEXT, email TEXT, unit TEXT,"
    " position TEXT, was TEXT, becomes TEXT, state TEXT NOT NULL CHECK ("
    MP_HOLDER_STATES(IS_WORD) "0), valid_from TEXT, valid_until TEXT, is_guess INTEGER NOT NULL"
    " CHECK (is_guess IN (0, 1)), at_utc INTEGER NOT NULL, UNIQUE (case_number, applicant)) STRICT;"
    "CREATE INDEX tenure_holder ON tenure (holder, at_utc, id);"
    "CREATE INDEX tenure_nip ON tenure (nip) WHERE nip IS NOT NULL;"
    "CREATE INDEX tenure_nik ON tenure (nik) WHERE nik IS NOT NULL;";

static const char schema_v3[] =
    "UPDATE applicant SET name_folded = mp_fold_name(name) WHERE name IS NOT NULL;"
    "UPDATE holder SET name_folded = mp_fold_name(name) WHERE name IS NOT NULL;";

static const char schema_v4[] =
    /* All that a report asks of a closed case, written when it closes. */
    "CREATE TABLE closing (closed_utc INTEGER NOT NULL, case_number TEXT NOT NULL"
    " REFERENCES cases (number) DEFERRABLE INITIALLY DEFERRED, line TEXT NOT NULL,"
    " PRIMARY KEY (closed_utc, case_number)) STRICT, WITHOUT ROWID;"
    "CREATE UNIQUE INDEX closing_case ON closing (case_number);"
    "CREATE INDEX cases_span ON cases (closed_utc, opened_utc, number);"
    "CREATE INDEX event_survey ON event (at_utc, seq) WHERE kind = 'survey';";

static const char schema_v5[] =
    /* Who may be meant by a name: all of it, those whose NIP and those whose NIK is not known. */
    "DROP INDEX holder_name;"
    "CREATE INDEX holder_name ON holder (name_folded, unit_folded) WHERE name_folded IS NOT NULL;"
    "CREATE INDEX holder_name_nip ON holder (name_folded, unit_folded, nik) WHERE nip IS NULL;"
    "CREATE INDEX holder_name_nik ON holder (name_folded, unit_folded) WHERE nik IS NULL;";
/* clang-format on */

const char *const mp_schema_migrations[] = {
    schema_v1, schema_v2, schema_v3, schema_v4, schema_v5, NULL};
const int mp_schema_version = G_N_ELEMENTS(mp_schema_migrations) - 1;

/* For migrations alone: what the code folds when it writes. */
static void
fold_name(sqlite3_context *context, int n, sqlite3_value **values)
{
    g_autofree char *folded = mp_store_fold_name((const char *)sqlite3_value_text(values[0]));

    (void)n;
    sqlite3_result_text(context, folded, -1, SQLITE_TRANSIENT);
}

static gboolean
read_version(sqlite3 *db, int *version_out, GError **error)
{
    g_autoptr(MpStatement) statement = NULL;

    if (sqlite3_prepare_v2(db, "PRAGMA user_version", -1, &statement, NULL) != SQLITE_OK ||
        sqlite3_step(statement) != SQLITE_ROW) {
        sqlite3_finalize(g_steal_pointer(&statement));
        return mp_sql_refuse(NULL, db, "user_version", error);
    }
    *version_out = sqlite3_column_int(statement, 0);
    sqlite3_finalize(g_steal_pointer(&statement));
    return TRUE;
}

static gboolean
run_migrations(sqlite3 *db, const char *const *migrations, int have, int version, GError **error)
{
    for (int v = have; v < version; v++) {
        g_autofree char *what = g_strdup_printf("migration %d", v + 1);

        mp_ports_checkpoint("store.migrate");
        if (!mp_sql_exec(db, what, migrations[v], error))
            return FALSE;
    }
    g_autofree char *mark = g_strdup_printf("PRAGMA user_version = %d", version);
    return mp_sql_exec(db, "user_version", mark, error);
}

/* Inside a transaction. The version is read again: two programs that start at once migrate once. */
static gboolean
migrate_from_there(sqlite3 *db, const char *const *migrations, int version, GError **error)
{
    int have = 0;

    if (!read_version(db, &have, error))
        return FALSE;
    if (have > version) {
        g_set_error(error,
                    MP_ERROR,
                    MP_ERROR_STORAGE,
                    "store: made by a newer mailproc (schema %d, this program knows %d)",
                    have,
                    version);
        return FALSE;
    }
    return have == version || run_migrations(db, migrations, have, version, error);
}

gboolean
mp_schema_migrate(sqlite3 *db, const char *const *migrations, int version, GError **error)
{
    int have = 0;

    /* What is up to date waits for nobody's transaction. */
    if (!read_version(db, &have, error))
        return FALSE;
    if (have == version)
        return TRUE;
    if (sqlite3_create_function_v2(db,
                                   "mp_fold_name",
                                   1,
                                   SQLITE_UTF8 | SQLITE_DETERMINISTIC,
                                   NULL,
                                   fold_name,
                                   NULL,
                                   NULL,
                                   NULL) != SQLITE_OK)
        return mp_sql_refuse(NULL, db, "migration", error);
    if (!mp_sql_exec(db, "migration", "BEGIN IMMEDIATE", error))
        return FALSE;
    if (migrate_from_there(db, migrations, version, error) &&
        mp_sql_exec(db, "migration", "COMMIT", error))
        return TRUE;
    (void)sqlite3_exec(db, "ROLLBACK", NULL, NULL, NULL);
    return FALSE;
}

/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Erasing personal data (decisions.md 14, 25). The chain keeps the digests; salts and values go, so
 * that nobody can guess a NIP back out of its digest. The snapshot is then folded anew. */

#include "ports/store-private.h"

#define PERSONS_OF_CASE                                                                            \
    "person_data WHERE value IS NOT NULL"                                                          \
    " AND event IN (SELECT seq FROM event WHERE case_number = ?1)"

/* --- one case --- */

static gboolean
is_quiet(MpStore *store, const char *number, GError **error)
{
    gint64 id = 0;

    if (!mp_sql_ask(store,
                    "SELECT id FROM outbox WHERE case_number = ?"
                    " AND state IN ('sending', 'uncertain') LIMIT 1",
                    number,
                    &id,
                    NULL,
                    error))
        return FALSE;
    if (id == 0)
        return TRUE;
    g_set_error(error,
                MP_ERROR,
                MP_ERROR_STORAGE,
                "case %s: notice %" G_GINT64_FORMAT " is still under way",
                number,
                id);
    return FALSE;
}

/* What the rooms around the case know of its people. The rows stay, because the ledger must say of
 * every mail where it ended. */
static gboolean
clear_surroundings(MpStore *store, const char *number, GError **error)
{
    static const char *const sql[] = {
        "UPDATE ledger SET sender = NULL, why = NULL, reason = '" MP_ERASED "'"
        " WHERE case_number = ?1 AND (reason IS NULL OR reason LIKE '" MP_ERASED "%')",
        "UPDATE ledger SET sender = NULL, why = NULL, reason = '" MP_ERASED " ' || reason"
        " WHERE case_number = ?1 AND reason NOT LIKE '" MP_ERASED "%'",
        "UPDATE outbox SET state = 'cancelled', reason = 'erased' WHERE case_number = ?1"
        " AND state IN ('queued', 'deferred')",
        "UPDATE outbox SET recipient = '" MP_ERASED "', to_name = NULL, to_address = NULL,"
        " subject = NULL, text = NULL, html = NULL, server_reply = NULL WHERE case_number = ?1",
        "UPDATE outbox_document SET filename = NULL"
        " WHERE outbox IN (SELECT id FROM outbox WHERE case_number = ?1)",
        "DELETE FROM timer WHERE case_number = ?1",
        "UPDATE grant_item SET is_spent = 1 WHERE case_number = ?1 AND is_spent = 0",
    };

    for (guint i = 0; i < G_N_ELEMENTS(sql); i++) {
        if (!mp_sql_change(store, sql[i], number, NULL, error))
            return FALSE;
    }
    return TRUE;
}

static gboolean
refold(MpStore *store, const char *number, GError **error)
{
    MpStoreSqlite *self = (MpStoreSqlite *)store;

    self->is_erasing = TRUE;
    return store->case_rebuild(store, number, error);
}

static gboolean
erase_case(MpStore *store, const char *number, guint *values, GError **error)
{
    MpStoreSqlite *self = (MpStoreSqlite *)store;

    if (!is_quiet(store, number, error) ||
        !mp_sql_change(store,
                       "UPDATE person_data SET value = NULL, salt = NULL WHERE (event, key) IN"
                       " (SELECT event, key FROM " PERSONS_OF_CASE ")",
                       number,
                       NULL,
                       error))
        return FALSE;
    *values += (guint)sqlite3_changes(self->db);
    return clear_surroundings(store, number, error) && refold(store, number, error);
}

/* --- one person --- */

/* Too short a word (a name "A") would take half the case with it. */
static gboolean
is_telling(const char *value)
{
    return g_utf8_strlen(value, -1) >= 4;
}

/* All values of the events that hold the identity: the person's name, numbers and addresses. */
static GPtrArray *
values_of_person(MpStore *store, const char *number, const char *identity, GError **error)
{
    g_autoptr(MpStatement) statement = mp_sql_prepare(
        store,
        "SELECT DISTINCT value FROM person_data WHERE value IS NOT NULL"
        " AND key IN ('name', 'nip', 'nik', 'email', 'phone', 'requester_name',"
        " 'requester_address') AND event IN (SELECT p.event FROM person_data p"
        " JOIN event e ON e.seq = p.event WHERE p.value = ?2 AND e.case_number = ?1)",
        error);
    g_autoptr(GPtrArray) values = g_ptr_array_new_with_free_func(g_free);
    gboolean row = FALSE;

    if (statement == NULL)
        return NULL;
    mp_sql_bind_text(statement, 1, number);
    mp_sql_bind_text(statement, 2, identity);
    for (;;) {
        if (!mp_sql_step(store, statement, &row, error))
            return NULL;
        if (!row)
            return g_steal_pointer(&values);
        if (is_telling((const char *)sqlite3_column_text(statement, 0)))
            g_ptr_array_add(values, mp_sql_text(statement, 0));
    }
}

static gboolean
erase_value(MpStore *store, const char *number, const char *value, guint *values, GError **error)
{
    MpStoreSqlite *self = (MpStoreSqlite *)store;

    /* A note or file name that holds the value goes as a whole. */
    if (!mp_sql_change(store,
                       "UPDATE person_data SET value = NULL, salt = NULL WHERE (event, key) IN"
                       " (SELECT event, key FROM " PERSONS_OF_CASE
                       " AND instr(lower(value), lower(?2)) > 0)",
                       number,
                       value,
                       error))
        return FALSE;
    *values += (guint)sqlite3_changes(self->db);
    return TRUE;
}

/* What else an applicant's own events say: unit, position, what changed. */
static gboolean
erase_events(
    MpStore *store, const char *number, const char *identity, guint *values, GError **error)
{
    MpStoreSqlite *self = (MpStoreSqlite *)store;

    if (!mp_sql_change(store,
                       "UPDATE person_data SET value = NULL, salt = NULL WHERE (event, key) IN"
                       " (SELECT q.event, q.key FROM person_data p JOIN event e ON e.seq = p.event"
                       " JOIN person_data q ON q.event = p.event WHERE p.value = ?2"
                       " AND e.case_number = ?1 AND e.kind = 'applicant' AND q.value IS NOT NULL)",
                       number,
                       identity,
                       error))
        return FALSE;
    *values += (guint)sqlite3_changes(self->db);
    return TRUE;
}

static gboolean
erase_person(
    MpStore *store, const char *number, const char *identity, guint *values, GError **error)
{
    g_autoptr(GPtrArray) found = values_of_person(store, number, identity, error);

    if (found == NULL || !is_quiet(store, number, error) ||
        !erase_events(store, number, identity, values, error))
        return FALSE;
    for (guint i = 0; i < found->len; i++) {
        const char *value = g_ptr_array_index(found, i);

        if (!erase_value(store, number, value, values, error) ||
            !mp_sql_change(store,
                           "UPDATE outbox SET recipient = '" MP_ERASED "', to_name = NULL,"
                           " to_address = NULL, subject = NULL, text = NULL, html = NULL"
                           " WHERE case_number = ?1 AND (recipient = ?2 COLLATE NOCASE"
                           " OR instr(lower(ifnull(text, '')), lower(?2)) > 0)"
                           " AND state NOT IN ('queued', 'deferred')",
                           number,
                           value,
                           error) ||
            !mp_sql_change(store,
                           "UPDATE ledger SET sender = NULL, why = NULL WHERE case_number = ?1"
                           " AND (sender = ?2 COLLATE NOCASE"
                           " OR instr(lower(ifnull(why, '')), lower(?2)) > 0)",
                           number,
                           value,
                           error))
            return FALSE;
    }
    return refold(store, number, error);
}

static gboolean
erase(MpStore *store, const char *number, const char *identity, guint *values_out, GError **error)
{
    g_autoptr(GPtrArray) numbers = NULL;
    guint values = 0;

    g_return_val_if_fail(number != NULL || identity != NULL, FALSE);
    if (!mp_store_is_writing(store, error))
        return FALSE;
    if (identity == NULL) {
        if (!erase_case(store, number, &values, error))
            return FALSE;
        *values_out = values;
        return TRUE;
    }
    numbers = mp_sql_texts(store,
                           "SELECT DISTINCT e.case_number FROM person_data p"
                           " JOIN event e ON e.seq = p.event WHERE p.value = ?",
                           identity,
                           error);
    for (guint i = 0; numbers != NULL && i < numbers->len; i++) {
        const char *found = g_ptr_array_index(numbers, i);

        if ((number == NULL || strcmp(number, found) == 0) &&
            !erase_person(store, found, identity, &values, error))
            return FALSE;
    }
    if (numbers == NULL || (number == NULL && !mp_register_erase(store, identity, error)))
        return FALSE;
    *values_out = values;
    return TRUE;
}

/* --- archive entries --- */

#define ON_ITS_WAY "state IN ('queued', 'deferred', 'uncertain', 'sending')"

/* Raw mails, documents, and what we made and attached ourselves. */
static GPtrArray *
case_entries(MpStore *store, const char *number, GError **error)
{
    return mp_sql_texts(
        store,
        "SELECT archive_name FROM ledger WHERE case_number = ?1 AND archive_name IS NOT NULL"
        " AND NOT EXISTS (SELECT 1 FROM ledger other WHERE other.archive_name ="
        " ledger.archive_name AND other.case_number IS NOT ?1)"
        " UNION SELECT 'doc/' || sha256 FROM document WHERE case_number = ?1"
        " AND sha256 IS NOT NULL AND NOT EXISTS (SELECT 1 FROM document other"
        " WHERE other.sha256 = document.sha256 AND other.case_number <> ?1)"
        " UNION SELECT 'doc/' || d.sha256 FROM outbox JOIN outbox_document d ON d.outbox ="
        " outbox.id WHERE outbox.case_number = ?1 AND d.sha256 IS NOT NULL AND NOT EXISTS"
        " (SELECT 1 FROM document other WHERE other.sha256 = d.sha256 AND other.case_number"
        " <> ?1) AND d.sha256 NOT IN (SELECT x.sha256 FROM outbox y JOIN outbox_document x"
        " ON x.outbox = y.id WHERE y." ON_ITS_WAY " AND y.case_number IS NOT ?1"
        " AND x.sha256 IS NOT NULL) ORDER BY 1",
        number,
        error);
}

static gboolean
entry_is_used(MpStore *store, const char *name, gboolean *used_out, GError **error)
{
    g_autoptr(MpStatement) statement = mp_sql_prepare(
        store,
        "SELECT 1 FROM document JOIN cases ON cases.number = document.case_number"
        " WHERE document.sha256 = substr(?1, 5) AND ?1 LIKE 'doc/%' AND cases.is_closed = 0"
        " UNION ALL SELECT 1 FROM outbox JOIN outbox_document d ON d.outbox = outbox.id"
        " WHERE outbox." ON_ITS_WAY " AND d.sha256 = substr(?1, 5) AND ?1 LIKE 'doc/%'"
        " UNION ALL SELECT 1 FROM ledger WHERE archive_name = ?1 AND state = 'taken' LIMIT 1",
        error);

    if (statement == NULL)
        return FALSE;
    mp_sql_bind_text(statement, 1, name);
    return mp_sql_step(store, statement, used_out, error);
}

/* --- papers of one kind --- */

static GPtrArray *
read_texts(MpStore *store, MpStatement *statement, GError **error)
{
    g_autoptr(GPtrArray) found = g_ptr_array_new_with_free_func(g_free);
    gboolean row = FALSE;

    for (;;) {
        if (!mp_sql_step(store, statement, &row, error))
            return NULL;
        if (!row)
            return g_steal_pointer(&found);
        g_ptr_array_add(found, mp_sql_text(statement, 0));
    }
}

static GPtrArray *
cases_with_paper(MpStore *store,
                 const char *kind,
                 const char *above,
                 gint64 since_utc,
                 guint limit,
                 GError **error)
{
    g_autoptr(MpStatement) statement =
        mp_sql_prepare(store,
                       "SELECT DISTINCT case_number FROM document JOIN cases ON cases.number ="
                       " document.case_number WHERE kind = ?1 AND sha256 IS NOT NULL"
                       " AND case_number > ?2 AND cases.opened_utc >= ?3"
                       " ORDER BY case_number LIMIT ?4",
                       error);

    if (statement == NULL)
        return NULL;
    mp_sql_bind_text(statement, 1, kind);
    mp_sql_bind_text(statement, 2, above == NULL ? "" : above);
    (void)sqlite3_bind_int64(statement, 3, since_utc);
    (void)sqlite3_bind_int64(statement, 4, limit);
    return read_texts(store, statement, error);
}

/* A copy that another case still works with, or that a mail on its way names. */
static gboolean
is_paper_used(
    MpStore *store, const char *number, const char *kind, gboolean *used_out, GError **error)
{
    g_autoptr(MpStatement) statement = mp_sql_prepare(
        store,
        "SELECT 1 FROM document JOIN document other ON other.sha256 = document.sha256"
        " JOIN cases ON cases.number = other.case_number WHERE document.case_number = ?1"
        " AND document.kind = ?2 AND other.case_number <> ?1 AND cases.is_closed = 0"
        " UNION ALL SELECT 1 FROM outbox JOIN outbox_document d ON d.outbox = outbox.id"
        " JOIN document ON document.sha256 = d.sha256 WHERE outbox." ON_ITS_WAY
        " AND document.case_number = ?1 AND document.kind = ?2 LIMIT 1",
        error);

    if (statement == NULL)
        return FALSE;
    mp_sql_bind_text(statement, 1, number);
    mp_sql_bind_text(statement, 2, kind);
    return mp_sql_step(store, statement, used_out, error);
}

static GPtrArray *
paper_entries(MpStore *store, const char *number, const char *kind, GError **error)
{
    g_autoptr(MpStatement) statement =
        mp_sql_prepare(store,
                       "SELECT 'doc/' || sha256 FROM document WHERE case_number = ?1"
                       " AND kind = ?2 AND sha256 IS NOT NULL UNION SELECT archive_name"
                       " FROM document JOIN ledger ON ledger.id = document.mail"
                       " WHERE document.case_number = ?1 AND document.kind = ?2"
                       " AND document.sha256 IS NOT NULL AND archive_name <> '' ORDER BY 1",
                       error);
    gboolean is_used = FALSE;

    if (statement == NULL || !is_paper_used(store, number, kind, &is_used, error) || is_used)
        return NULL;
    mp_sql_bind_text(statement, 1, number);
    mp_sql_bind_text(statement, 2, kind);
    return read_texts(store, statement, error);
}

/* --- whose case it is --- */

static GPtrArray *
person_cases(MpStore *store, const char *identity, GError **error)
{
    return mp_sql_texts(
        store,
        "SELECT e.case_number FROM person_data p JOIN event e ON e.seq = p.event"
        " WHERE p.value = ?1 AND p.key IN ('nip', 'nik', 'email', 'requester_address')"
        " UNION SELECT case_number FROM applicant WHERE email_folded = lower(?1)"
        " UNION SELECT number FROM cases WHERE requester_folded = lower(?1) ORDER BY 1",
        identity,
        error);
}

void
mp_store_init_erase(MpStore *store)
{
    store->erase = erase;
    store->case_entries = case_entries;
    store->entry_is_used = entry_is_used;
    store->cases_with_paper = cases_with_paper;
    store->paper_entries = paper_entries;
    store->person_cases = person_cases;
}

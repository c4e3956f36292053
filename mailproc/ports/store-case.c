/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Cases: the snapshot tables, which are the fold of the events, saved together with them. */

#include "ports/store-private.h"

#define C(column, kind, member)                                                                    \
    {                                                                                              \
        column, MP_FIELD_##kind, G_STRUCT_OFFSET(MpCase, member)                                   \
    }
#define A(column, kind, member)                                                                    \
    {                                                                                              \
        column, MP_FIELD_##kind, G_STRUCT_OFFSET(MpCaseApplicant, member)                          \
    }
#define D(column, kind, member)                                                                    \
    {                                                                                              \
        column, MP_FIELD_##kind, G_STRUCT_OFFSET(MpCaseDocument, member)                           \
    }

const MpField mp_case_fields[] = {
    C("number", TEXT, number),
    C("service", TEXT, service),
    C("sop", TEXT, sop),
    C("step", TEXT, step),
    C("state", CASE_STATE, state),
    C("holder_role", TEXT, holder_role),
    C("holder_address", TEXT, holder_address),
    C("opened_utc", INT64, opened_utc),
    C("step_since_utc", INT64, step_since_utc),
    C("due_utc", INT64, due_utc),
    C("closed_utc", INT64, closed_utc),
    C("version", UINT, version),
    C("requester_name", TEXT, requester_name),
    C("requester_address", TEXT, requester_address),
    C("letter_number", TEXT, letter_number),
    C("letter_date", TEXT, letter_date),
    C("letter_subject", TEXT, letter_subject),
    C("reason", TEXT, reason),
    C("linked_from", TEXT, linked_from),
    C("resume_step", TEXT, resume_step),
    C("last_mover", TEXT, last_mover),
    C("last_seq", INT64, last_seq),
    {NULL, MP_FIELD_TEXT, 0},
};

const MpField mp_applicant_fields[] = {
    A("n", UINT, n),
    A("name", TEXT, name),
    A("nip", TEXT, nip),
    A("nik", TEXT, nik),
    A("email", TEXT, email),
    A("phone", TEXT, phone),
    A("position", TEXT, position),
    A("unit", TEXT, unit),
    A("was", TEXT, was),
    A("becomes", TEXT, becomes),
    A("valid_until", TEXT, valid_until),
    A("holds_certificate", BOOL, holds_certificate),
    A("outcome", OUTCOME, outcome),
    A("outcome_reason", TEXT, outcome_reason),
    A("outcome_utc", INT64, outcome_utc),
    {NULL, MP_FIELD_TEXT, 0},
};

const MpField mp_document_fields[] = {
    D("n", UINT, n),
    D("filename", TEXT, filename),
    D("kind", TEXT, kind),
    D("type", TEXT, type),
    D("sha256", TEXT, sha256),
    D("signature", TEXT, signature),
    D("bytes", SIZE, bytes),
    D("is_readable", BOOL, is_readable),
    D("mail", INT64, mail),
    {NULL, MP_FIELD_TEXT, 0},
};

/* The lists of a case, each under its name in case_list. */
typedef struct {
    const char *name;
    gsize offset;
} CaseList;

static const CaseList case_lists[] = {
    {"linked", G_STRUCT_OFFSET(MpCase, linked)},
    {"linked-open", G_STRUCT_OFFSET(MpCase, linked_open)},
    {"missing", G_STRUCT_OFFSET(MpCase, missing)},
    {"doubt", G_STRUCT_OFFSET(MpCase, doubts)},
};

static GPtrArray *
list_of(const MpCase *kase, const CaseList *list)
{
    return *(GPtrArray *const *)((const char *)kase + list->offset);
}

const char *
mp_case_list_name(guint i)
{
    return i < G_N_ELEMENTS(case_lists) ? case_lists[i].name : NULL;
}

GPtrArray *
mp_case_list(const MpCase *kase, guint i)
{
    return list_of(kase, &case_lists[i]);
}

/* --- save --- */

/* A table of fields, with what is derived for searching and, for the children of a case, its number
 * behind them. The SQL is made once. */
typedef struct {
    const char *name, *key;
    const MpField *fields;
    const char *extra[6];
    char *upsert, *select;
} Table;

static Table cases_table = {
    .name = "cases",
    .key = "number",
    .fields = mp_case_fields,
    .extra = {"requester_folded", "letter_squashed", "is_closed", "due_order"},
};
static Table applicant_table = {
    .name = "applicant",
    .key = "case_number, n",
    .fields = mp_applicant_fields,
    .extra = {"name_folded", "email_folded", "case_number"},
};
static Table document_table = {
    .name = "document",
    .key = "case_number, n",
    .fields = mp_document_fields,
    .extra = {"case_number"},
};

static const char *
upsert_sql(Table *table)
{
    if (table->upsert != NULL)
        return table->upsert;
    g_autofree char *columns = mp_fields_columns(table->fields);
    g_autofree char *marks = mp_fields_marks(table->fields);
    g_autofree char *updates = mp_fields_updates(table->fields);
    g_autoptr(GString) names = g_string_new(columns);
    g_autoptr(GString) values = g_string_new(marks);
    g_autoptr(GString) changes = g_string_new(updates);
    for (const char *const *extra = table->extra; *extra != NULL; extra++) {
        g_string_append_printf(names, ", %s", *extra);
        g_string_append(values, ", ?");
        g_string_append_printf(changes, ", %s = excluded.%s", *extra, *extra);
    }
    table->upsert = g_strdup_printf("INSERT INTO %s (%s) VALUES (%s) ON CONFLICT (%s)"
                                    " DO UPDATE SET %s",
                                    table->name,
                                    names->str,
                                    values->str,
                                    table->key,
                                    changes->str);
    return table->upsert;
}

/* All rows of one case. */
static const char *
select_sql(Table *table)
{
    gboolean is_child = table != &cases_table;

    if (table->select != NULL)
        return table->select;
    g_autofree char *columns = mp_fields_columns(table->fields);
    table->select = g_strdup_printf("SELECT %s FROM %s WHERE %s = ?%s",
                                    columns,
                                    table->name,
                                    is_child ? "case_number" : "number",
                                    is_child ? " ORDER BY n" : "");
    return table->select;
}

static gboolean
write_case_row(MpStore *store, const MpCase *kase, GError **error)
{
    g_autofree char *address =
        kase->requester_address != NULL ? mp_text_lower_ascii(kase->requester_address) : NULL;
    g_autofree char *letter = mp_store_squash(kase->letter_number);
    g_autoptr(MpStatement) statement = mp_sql_prepare(store, upsert_sql(&cases_table), error);

    if (statement == NULL)
        return FALSE;
    int next = mp_fields_bind(statement, 1, mp_case_fields, kase);
    mp_sql_bind_text(statement, next, address);
    mp_sql_bind_text(statement, next + 1, letter);
    (void)sqlite3_bind_int(statement, next + 2, mp_case_state_is_closed(kase->state));
    (void)sqlite3_bind_int64(statement, next + 3, kase->due_utc != 0 ? kase->due_utc : G_MAXINT64);
    return mp_sql_run(store, statement, error);
}

static gboolean
write_applicants(MpStore *store, const MpCase *kase, GError **error)
{
    for (guint i = 0; i < kase->applicants->len; i++) {
        const MpCaseApplicant *applicant = g_ptr_array_index(kase->applicants, i);
        g_autofree char *name = mp_store_fold_name(applicant->name);
        g_autofree char *email =
            applicant->email != NULL ? mp_text_lower_ascii(applicant->email) : NULL;
        g_autoptr(MpStatement) statement =
            mp_sql_prepare(store, upsert_sql(&applicant_table), error);

        if (statement == NULL)
            return FALSE;
        int next = mp_fields_bind(statement, 1, mp_applicant_fields, applicant);
        mp_sql_bind_text(statement, next, name);
        mp_sql_bind_text(statement, next + 1, email);
        mp_sql_bind_text(statement, next + 2, kase->number);
        if (!mp_sql_run(store, statement, error))
            return FALSE;
    }
    return TRUE;
}

static gboolean
write_documents(MpStore *store, const MpCase *kase, GError **error)
{
    for (guint i = 0; i < kase->documents->len; i++) {
        g_autoptr(MpStatement) statement =
            mp_sql_prepare(store, upsert_sql(&document_table), error);

        if (statement == NULL)
            return FALSE;
        int next =
            mp_fields_bind(statement, 1, mp_document_fields, g_ptr_array_index(kase->documents, i));
        mp_sql_bind_text(statement, next, kase->number);
        if (!mp_sql_run(store, statement, error))
            return FALSE;
    }
    return TRUE;
}

/* Deletes what stands behind the n-th row, or all rows for 0. */
static gboolean
cut_rows(MpStore *store, const char *sql, const char *number, guint n, GError **error)
{
    g_autoptr(MpStatement) statement = mp_sql_prepare(store, sql, error);

    if (statement == NULL)
        return FALSE;
    mp_sql_bind_text(statement, 1, number);
    (void)sqlite3_bind_int64(statement, 2, n);
    return mp_sql_run(store, statement, error);
}

static gboolean
write_lists(MpStore *store, const MpCase *kase, GError **error)
{
    if (!cut_rows(store,
                  "DELETE FROM case_list WHERE case_number = ?1 AND n > ?2",
                  kase->number,
                  0,
                  error))
        return FALSE;
    for (guint i = 0; i < G_N_ELEMENTS(case_lists); i++) {
        GPtrArray *items = list_of(kase, &case_lists[i]);

        for (guint n = 0; n < items->len; n++) {
            g_autoptr(MpStatement) statement = mp_sql_prepare(
                store,
                "INSERT INTO case_list (case_number, list, n, item) VALUES (?, ?, ?, ?)",
                error);

            if (statement == NULL)
                return FALSE;
            mp_sql_bind_text(statement, 1, kase->number);
            mp_sql_bind_text(statement, 2, case_lists[i].name);
            (void)sqlite3_bind_int64(statement, 3, n + 1);
            mp_sql_bind_text(statement, 4, g_ptr_array_index(items, n));
            if (!mp_sql_run(store, statement, error))
                return FALSE;
        }
    }
    return TRUE;
}

gboolean
mp_store_write_snapshot(MpStore *store, const MpCase *kase, GError **error)
{
    return write_case_row(store, kase, error) && write_applicants(store, kase, error) &&
           cut_rows(store,
                    "DELETE FROM applicant WHERE case_number = ?1 AND n > ?2",
                    kase->number,
                    kase->applicants->len,
                    error) &&
           write_documents(store, kase, error) &&
           cut_rows(store,
                    "DELETE FROM document WHERE case_number = ?1 AND n > ?2",
                    kase->number,
                    kase->documents->len,
                    error) &&
           write_lists(store, kase, error) && mp_register_write(store, kase, error);
}

/* The decision must have been made on the case as it stands: the last event it saw is the last. */
static gboolean
is_current(MpStore *store, const MpCase *after, GError **error)
{
    g_autoptr(MpStatement) statement =
        mp_sql_prepare(store, "SELECT last_seq FROM cases WHERE number = ?", error);
    gboolean row = FALSE;

    if (statement == NULL)
        return FALSE;
    mp_sql_bind_text(statement, 1, after->number);
    if (!mp_sql_step(store, statement, &row, error))
        return FALSE;
    gint64 stored = row ? sqlite3_column_int64(statement, 0) : 0;
    if (stored == after->last_seq)
        return TRUE;
    g_set_error(error,
                MP_ERROR,
                MP_ERROR_STORAGE,
                "case %s: changed meanwhile (event %" G_GINT64_FORMAT
                ", decided on %" G_GINT64_FORMAT ")",
                after->number,
                stored,
                after->last_seq);
    return FALSE;
}

static gboolean
case_save(MpStore *store, MpCase *after, GPtrArray *events, GError **error)
{
    if (!mp_store_is_writing(store, error) || !is_current(store, after, error))
        return FALSE;
    for (guint i = 0; events != NULL && i < events->len; i++) {
        MpEvent *event = g_ptr_array_index(events, i);

        if (!mp_store_write_event(store, after->number, event, error))
            return FALSE;
        after->last_seq = event->seq;
    }
    return mp_store_write_snapshot(store, after, error) &&
           (mp_case_state_is_closed(after->state) ||
            mp_store_drop_closing(store, after->number, error));
}

static char *
case_number(MpStore *store, const char *prefix, int year, GError **error)
{
    g_autoptr(MpStatement) statement =
        mp_sql_prepare(store,
                       "INSERT INTO counter (prefix, year, last) VALUES (?1, ?2, 1)"
                       " ON CONFLICT (prefix, year) DO UPDATE SET last = last + 1 RETURNING last",
                       error);
    gboolean row = FALSE;

    if (statement == NULL || !mp_store_is_writing(store, error))
        return NULL;
    mp_sql_bind_text(statement, 1, prefix);
    (void)sqlite3_bind_int(statement, 2, year);
    if (!mp_sql_step(store, statement, &row, error))
        return NULL;
    gint64 last = sqlite3_column_int64(statement, 0);
    /* The change counts once the statement has run to its end. */
    if (!mp_sql_step(store, statement, &row, error))
        return NULL;
    return g_strdup_printf("%s-%04d-%06" G_GINT64_FORMAT, prefix, year, last);
}

/* --- load --- */

static gboolean
load_case_row(MpStore *store, const char *number, MpCase *kase, gboolean *found_out, GError **error)
{
    g_autoptr(MpStatement) statement = mp_sql_prepare(store, select_sql(&cases_table), error);

    if (statement == NULL)
        return FALSE;
    mp_sql_bind_text(statement, 1, number);
    if (!mp_sql_step(store, statement, found_out, error))
        return FALSE;
    return !*found_out || mp_fields_read(statement, 0, mp_case_fields, kase, error);
}

/* Children of a case in the order of n; `make` gives a new element that is in the array already. */
static gboolean
load_children(MpStore *store,
              Table *table,
              const char *number,
              gpointer (*make)(GPtrArray *array),
              GPtrArray *array,
              GError **error)
{
    g_autoptr(MpStatement) statement = mp_sql_prepare(store, select_sql(table), error);
    gboolean row = FALSE;

    if (statement == NULL)
        return FALSE;
    mp_sql_bind_text(statement, 1, number);
    for (;;) {
        if (!mp_sql_step(store, statement, &row, error))
            return FALSE;
        if (!row)
            return TRUE;
        if (!mp_fields_read(statement, 0, table->fields, make(array), error))
            return FALSE;
    }
}

static gpointer
make_applicant(GPtrArray *array)
{
    MpCaseApplicant *applicant = mp_case_applicant_new();

    g_ptr_array_add(array, applicant);
    return applicant;
}

static gpointer
make_document(GPtrArray *array)
{
    MpCaseDocument *document = mp_case_document_new();

    g_ptr_array_add(array, document);
    return document;
}

static gboolean
load_lists(MpStore *store, MpCase *kase, GError **error)
{
    g_autoptr(MpStatement) statement = mp_sql_prepare(
        store, "SELECT list, item FROM case_list WHERE case_number = ? ORDER BY list, n", error);
    gboolean row = FALSE;

    if (statement == NULL)
        return FALSE;
    mp_sql_bind_text(statement, 1, kase->number);
    for (;;) {
        if (!mp_sql_step(store, statement, &row, error))
            return FALSE;
        if (!row)
            return TRUE;
        for (guint i = 0; i < G_N_ELEMENTS(case_lists); i++) {
            if (g_strcmp0((const char *)sqlite3_column_text(statement, 0), case_lists[i].name) == 0)
                g_ptr_array_add(list_of(kase, &case_lists[i]), mp_sql_text(statement, 1));
        }
    }
}

MpCase *
mp_store_load_in_view(MpStore *store, const char *number, GError **error)
{
    g_autoptr(MpCase) kase = mp_case_new();
    gboolean is_found = FALSE;

    if (!load_case_row(store, number, kase, &is_found, error) || !is_found)
        return NULL;
    if (!load_children(store, &applicant_table, number, make_applicant, kase->applicants, error) ||
        !load_children(store, &document_table, number, make_document, kase->documents, error) ||
        !load_lists(store, kase, error))
        return NULL;
    return g_steal_pointer(&kase);
}

static MpCase *
case_load(MpStore *store, const char *number, GError **error)
{
    if (!mp_store_view_begin(store, error))
        return NULL;
    MpCase *kase = mp_store_load_in_view(store, number, error);
    mp_store_view_end(store);
    return kase;
}

void
mp_store_init_case(MpStore *store)
{
    store->case_number = case_number;
    store->case_save = case_save;
    store->case_load = case_load;
}

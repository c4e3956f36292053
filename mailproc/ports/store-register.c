/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The register of certificates, writing: what a case brought to each of its people is a row of
 * tenure, and a holder is the fold of those rows. It is written wherever a case's snapshot is
 * written, so that saving, rebuilding and erasing a case cannot forget it. */

#include "ports/store-private.h"

#define GUESS_YEARS 2
/* Days are those of AMS, which counts in GMT+7 for the whole country. */
#define AMS_OFFSET_US (7 * G_TIME_SPAN_HOUR)

#define H(column, kind, member)                                                                    \
    {                                                                                              \
        column, MP_FIELD_##kind, G_STRUCT_OFFSET(MpHolder, member)                                 \
    }
#define HOLDER_FIELDS                                                                              \
    H("name", TEXT, name), H("nip", TEXT, nip), H("nik", TEXT, nik), H("email", TEXT, email),      \
        H("unit", TEXT, unit), H("position", TEXT, position), H("state", HOLDER_STATE, state),     \
        H("valid_from", TEXT, valid_from), H("valid_until", TEXT, valid_until),                    \
        H("is_guess", BOOL, is_guess), H("case_number", TEXT, case_number),                        \
        H("at_utc", INT64, at_utc)

const MpField mp_holder_fields[] = {HOLDER_FIELDS, {NULL, MP_FIELD_TEXT, 0}};
const MpField mp_tenure_fields[] = {HOLDER_FIELDS,
                                    H("applicant", UINT, applicant),
                                    H("outcome", OUTCOME, outcome),
                                    H("was", TEXT, was),
                                    H("becomes", TEXT, becomes),
                                    {NULL, MP_FIELD_TEXT, 0}};

/* --- values --- */

static const char *const state_names[] = {
#define X(id, name) name,
    MP_HOLDER_STATES(X)
#undef X
};

const char *
mp_holder_state_to_string(MpHolderState state)
{
    g_return_val_if_fail((guint)state < MP_HOLDER_STATE_N, NULL);
    return state_names[state];
}

gboolean
mp_holder_state_from_string(const char *name, MpHolderState *state_out)
{
    for (guint i = 0; i < MP_HOLDER_STATE_N; i++) {
        if (g_strcmp0(name, state_names[i]) == 0) {
            *state_out = (MpHolderState)i;
            return TRUE;
        }
    }
    return FALSE;
}

MpHolder *
mp_holder_new(void)
{
    return g_new0(MpHolder, 1);
}

void
mp_holder_free(MpHolder *holder)
{
    if (holder == NULL)
        return;
    g_free(holder->name);
    g_free(holder->nip);
    g_free(holder->nik);
    g_free(holder->email);
    g_free(holder->unit);
    g_free(holder->position);
    g_free(holder->valid_from);
    g_free(holder->valid_until);
    g_free(holder->case_number);
    g_free(holder->was);
    g_free(holder->becomes);
    g_free(holder);
}

/* --- days --- */

static char *
day_of(gint64 at_utc)
{
    g_autoptr(GDateTime) at =
        g_date_time_new_from_unix_utc((at_utc + AMS_OFFSET_US) / G_USEC_PER_SEC);

    return at == NULL ? NULL : g_date_time_format(at, "%Y-%m-%d");
}

/* The same day so many years on; 29 February becomes 28 February. */
static char *
day_in_years(const char *day, int years)
{
    g_autofree char *text = g_strconcat(day, "T00:00:00Z", NULL);
    g_autoptr(GDateTime) from = g_date_time_new_from_iso8601(text, NULL);
    g_autoptr(GDateTime) to = from == NULL ? NULL : g_date_time_add_years(from, years);

    return to == NULL ? NULL : g_date_time_format(to, "%Y-%m-%d");
}

static gint64
utc_of(const char *day)
{
    g_autofree char *text = g_strconcat(day, "T00:00:00Z", NULL);
    g_autoptr(GDateTime) at = g_date_time_new_from_iso8601(text, NULL);

    return at == NULL ? 0 : g_date_time_to_unix(at) * G_USEC_PER_SEC - AMS_OFFSET_US;
}

/* --- a holder --- */

static gboolean
write_words(MpStore *store, const MpHolder *holder, GError **error)
{
    g_autofree char *all = g_strjoin(" ",
                                     holder->name ? holder->name : "",
                                     holder->unit ? holder->unit : "",
                                     holder->nip ? holder->nip : "",
                                     holder->email ? holder->email : "",
                                     NULL);
    g_autofree char *folded = mp_store_fold(all);
    g_auto(GStrv) words = g_strsplit(folded, " ", -1);

    for (guint i = 0; words[i] != NULL; i++) {
        g_autoptr(MpStatement) statement = mp_sql_prepare(
            store, "INSERT OR IGNORE INTO holder_word (word, holder) VALUES (?1, ?2)", error);

        if (statement == NULL)
            return FALSE;
        mp_sql_bind_text(statement, 1, words[i]);
        (void)sqlite3_bind_int64(statement, 2, holder->id);
        if (words[i][0] != '\0' && !mp_sql_run(store, statement, error))
            return FALSE;
    }
    return TRUE;
}

static gboolean
run_with_id(MpStore *store, const char *sql, gint64 id, GError **error)
{
    g_autoptr(MpStatement) statement = mp_sql_prepare(store, sql, error);

    if (statement == NULL)
        return FALSE;
    (void)sqlite3_bind_int64(statement, 1, id);
    return mp_sql_run(store, statement, error);
}

static gboolean
update_holder(MpStore *store, const MpHolder *holder, GError **error)
{
    g_autofree char *columns = mp_fields_columns(mp_holder_fields);
    g_autofree char *marks = mp_fields_marks(mp_holder_fields);
    g_autofree char *updates = mp_fields_updates(mp_holder_fields);
    g_autofree char *sql =
        g_strdup_printf("INSERT INTO holder (id, name_folded, unit_folded, %s) VALUES (?, ?, ?, %s)"
                        " ON CONFLICT (id) DO UPDATE SET name_folded = excluded.name_folded,"
                        " unit_folded = excluded.unit_folded, %s",
                        columns,
                        marks,
                        updates);
    g_autofree char *name = mp_store_fold_name(holder->name);
    g_autofree char *unit = mp_store_fold(holder->unit);
    g_autoptr(MpStatement) statement = mp_sql_prepare(store, sql, error);

    if (statement == NULL)
        return FALSE;
    (void)sqlite3_bind_int64(statement, 1, holder->id);
    mp_sql_bind_text(statement, 2, name);
    mp_sql_bind_text(statement, 3, unit);
    (void)mp_fields_bind(statement, 4, mp_holder_fields, holder);
    return mp_sql_run(store, statement, error);
}

static gboolean
update_states(MpStore *store, const GPtrArray *rows, GError **error)
{
    for (guint i = 0; i < rows->len; i++) {
        const MpHolder *row = g_ptr_array_index(rows, i);
        g_autoptr(MpStatement) statement =
            mp_sql_prepare(store, "UPDATE tenure SET state = ?2 WHERE id = ?1", error);

        if (statement == NULL)
            return FALSE;
        (void)sqlite3_bind_int64(statement, 1, row->id);
        mp_sql_bind_text(statement, 2, mp_holder_state_to_string(row->state));
        if (!mp_sql_run(store, statement, error))
            return FALSE;
    }
    return TRUE;
}

/* Makes the holder's row and words anew from its tenure; without any it goes. */
static gboolean
refold(MpStore *store, gint64 id, GError **error)
{
    g_autoptr(GPtrArray) rows = mp_register_rows(store, id, error);
    g_autoptr(MpHolder) holder = NULL;

    if (rows == NULL || !run_with_id(store, "DELETE FROM holder_word WHERE holder = ?", id, error))
        return FALSE;
    if (rows->len == 0)
        return run_with_id(store, "DELETE FROM holder WHERE id = ?", id, error);
    holder = mp_register_fold(rows);
    holder->id = id;
    return update_states(store, rows, error) && update_holder(store, holder, error) &&
           write_words(store, holder, error);
}

/* --- rows --- */

/* The holder of such a person, made when there is none yet. */
static gboolean
find_or_make(MpStore *store, const MpHolder *row, gint64 *id_out, GError **error)
{
    g_autoptr(MpHolder) empty = mp_holder_new();
    gint64 last = 0;

    if (!mp_register_identify(
            store, row->nip, row->nik, row->name, row->unit, row->email, id_out, error))
        return FALSE;
    if (*id_out != 0)
        return TRUE;
    if (!mp_sql_ask(store, "SELECT ifnull(max(id), 0) FROM holder", NULL, &last, NULL, error))
        return FALSE;
    empty->id = *id_out = last + 1;
    empty->state = MP_HOLDER_UNKNOWN;
    return update_holder(store, empty, error);
}

static gboolean
insert_row(MpStore *store, gint64 holder, const MpHolder *row, GError **error)
{
    g_autofree char *columns = mp_fields_columns(mp_tenure_fields);
    g_autofree char *marks = mp_fields_marks(mp_tenure_fields);
    g_autofree char *sql =
        g_strdup_printf("INSERT INTO tenure (holder, %s) VALUES (?, %s)", columns, marks);
    g_autoptr(MpStatement) statement = mp_sql_prepare(store, sql, error);

    if (statement == NULL)
        return FALSE;
    (void)sqlite3_bind_int64(statement, 1, holder);
    (void)mp_fields_bind(statement, 2, mp_tenure_fields, row);
    return mp_sql_run(store, statement, error);
}

static gboolean
add_row(MpStore *store, const MpHolder *row, GHashTable *touched, GError **error)
{
    gint64 id = 0;

    if (!find_or_make(store, row, &id, error) || !insert_row(store, id, row, error))
        return FALSE;
    g_hash_table_add(touched, g_memdup2(&id, sizeof(id)));
    /* At once: the next person of the letter may be the same one. */
    return refold(store, id, error);
}

static gboolean
refold_all(MpStore *store, GHashTable *touched, GError **error)
{
    GHashTableIter iter;
    gpointer id = NULL;

    g_hash_table_iter_init(&iter, touched);
    while (g_hash_table_iter_next(&iter, &id, NULL)) {
        if (!refold(store, *(gint64 *)id, error))
            return FALSE;
    }
    return TRUE;
}

/* ids of holders that a statement with one text parameter gives. */
static GHashTable *
collect(MpStore *store, const char *sql, const char *parameter, GError **error)
{
    g_autoptr(GHashTable) ids = g_hash_table_new_full(g_int64_hash, g_int64_equal, g_free, NULL);
    g_autoptr(GPtrArray) texts = mp_sql_texts(store, sql, parameter, error);

    if (texts == NULL)
        return NULL;
    for (guint i = 0; i < texts->len; i++) {
        gint64 id = g_ascii_strtoll(g_ptr_array_index(texts, i), NULL, 10);

        g_hash_table_add(ids, g_memdup2(&id, sizeof(id)));
    }
    return g_steal_pointer(&ids);
}

/* --- cases --- */

static gboolean
has_success(const MpCase *kase)
{
    for (guint i = 0; i < kase->applicants->len; i++) {
        const MpCaseApplicant *applicant = g_ptr_array_index(kase->applicants, i);

        if (mp_outcome_is_success(applicant->outcome))
            return TRUE;
    }
    return FALSE;
}

static gboolean
is_erased(const MpCaseApplicant *applicant)
{
    return g_strcmp0(applicant->name, MP_ERASED) == 0 ||
           g_strcmp0(applicant->nip, MP_ERASED) == 0 || g_strcmp0(applicant->nik, MP_ERASED) == 0;
}

/* The day that the notice or the verifikator told with the outcome. What an applicant's letter says
 * is the end of the certificate before it. */
static const char *
told_until(const GPtrArray *events, guint n)
{
    g_autofree char *number = g_strdup_printf("%u", n);
    const char *until = NULL;

    for (guint i = 0; i < events->len; i++) {
        const MpEvent *event = g_ptr_array_index(events, i);

        if (strcmp(event->kind, "outcome") == 0 && g_strcmp0(mp_event_get(event, "n"), number) == 0)
            until = mp_event_get(event, "valid_until");
    }
    return until;
}

static MpHolder *
row_of(const MpCase *kase, const MpCaseApplicant *applicant, const GPtrArray *events)
{
    MpHolder *row = mp_holder_new();

    row->name = g_strdup(applicant->name);
    row->nip = g_strdup(applicant->nip);
    row->nik = g_strdup(applicant->nik);
    row->email = applicant->email == NULL ? NULL : mp_text_lower_ascii(applicant->email);
    row->unit = g_strdup(applicant->unit);
    row->position = g_strdup(applicant->position);
    row->was = g_strdup(applicant->was);
    row->becomes = g_strdup(applicant->becomes);
    row->case_number = g_strdup(kase->number);
    row->applicant = applicant->n;
    row->outcome = applicant->outcome;
    row->at_utc = applicant->outcome_utc;
    row->state = MP_HOLDER_UNKNOWN;
    if (!mp_register_is_certificate(row))
        return row;
    row->valid_from = day_of(applicant->outcome_utc);
    row->valid_until = g_strdup(told_until(events, applicant->n));
    row->is_guess = row->valid_until == NULL;
    if (row->is_guess && row->valid_from != NULL)
        row->valid_until = day_in_years(row->valid_from, GUESS_YEARS);
    return row;
}

gboolean
mp_register_write(MpStore *store, const MpCase *kase, GError **error)
{
    g_autoptr(GHashTable) touched = collect(
        store, "SELECT DISTINCT holder FROM tenure WHERE case_number = ?", kase->number, error);
    g_autoptr(GPtrArray) events = NULL;

    if (touched == NULL)
        return FALSE;
    if (g_hash_table_size(touched) == 0 && !has_success(kase))
        return TRUE;
    events = store->case_events(store, kase->number, error);
    if (events == NULL ||
        !mp_sql_change(
            store, "DELETE FROM tenure WHERE case_number = ?", kase->number, NULL, error))
        return FALSE;
    for (guint i = 0; i < kase->applicants->len; i++) {
        const MpCaseApplicant *applicant = g_ptr_array_index(kase->applicants, i);
        g_autoptr(MpHolder) row = NULL;

        if (!mp_outcome_is_success(applicant->outcome) || is_erased(applicant))
            continue;
        row = row_of(kase, applicant, events);
        if (!add_row(store, row, touched, error))
            return FALSE;
    }
    return refold_all(store, touched, error);
}

/* --- import and erasing --- */

/* The same certificate may be imported again: its row is replaced. */
static gboolean
drop_same(MpStore *store, const MpHolder *row, GError **error)
{
    g_autoptr(MpStatement) statement = NULL;
    gint64 id = 0;

    if (!mp_register_identify(
            store, row->nip, row->nik, row->name, row->unit, row->email, &id, error))
        return FALSE;
    statement = mp_sql_prepare(store,
                               "DELETE FROM tenure WHERE holder = ?1 AND case_number IS NULL"
                               " AND valid_until IS ?2",
                               error);
    if (statement == NULL)
        return FALSE;
    (void)sqlite3_bind_int64(statement, 1, id);
    mp_sql_bind_text(statement, 2, row->valid_until);
    return mp_sql_run(store, statement, error);
}

/* A certificate that a case brought is known already, and better. */
static gboolean
is_of_case(MpStore *store, const MpHolder *row, gboolean *is_known_out, GError **error)
{
    g_autoptr(MpStatement) statement =
        mp_sql_prepare(store,
                       "SELECT 1 FROM tenure WHERE holder = ?1 AND case_number IS NOT NULL"
                       " AND valid_until = ?2",
                       error);
    gint64 id = 0;

    if (statement == NULL ||
        !mp_register_identify(
            store, row->nip, row->nik, row->name, row->unit, row->email, &id, error))
        return FALSE;
    (void)sqlite3_bind_int64(statement, 1, id);
    mp_sql_bind_text(statement, 2, row->valid_until);
    return mp_sql_step(store, statement, is_known_out, error);
}

static gboolean
register_import(MpStore *store, const MpHolder *holder, GError **error)
{
    g_autoptr(GHashTable) touched =
        g_hash_table_new_full(g_int64_hash, g_int64_equal, g_free, NULL);
    g_autofree char *from = NULL;
    MpHolder row = *holder;
    gboolean is_known = FALSE;

    if (!mp_store_is_writing(store, error) || !is_of_case(store, holder, &is_known, error))
        return FALSE;
    if (is_known)
        return TRUE;
    from = row.valid_from != NULL ? g_strdup(row.valid_from)
                                  : day_in_years(row.valid_until, -GUESS_YEARS);
    row.case_number = NULL;
    row.applicant = 0;
    row.was = row.becomes = NULL;
    row.outcome = row.state == MP_HOLDER_REVOKED ? MP_OUTCOME_REVOKED : MP_OUTCOME_ISSUED;
    row.at_utc = from == NULL ? 0 : utc_of(from);
    return drop_same(store, &row, error) && add_row(store, &row, touched, error);
}

gboolean
mp_register_erase(MpStore *store, const char *identity, GError **error)
{
    g_autoptr(GHashTable) touched =
        collect(store,
                "SELECT DISTINCT holder FROM tenure WHERE case_number IS NULL"
                " AND (nip = ?1 OR nik = ?1 OR email = lower(?1))",
                identity,
                error);

    return touched != NULL &&
           mp_sql_change(store,
                         "DELETE FROM tenure WHERE case_number IS NULL"
                         " AND (nip = ?1 OR nik = ?1 OR email = lower(?1))",
                         identity,
                         NULL,
                         error) &&
           refold_all(store, touched, error);
}

void
mp_store_init_register(MpStore *store)
{
    store->register_import = register_import;
    mp_store_init_holder(store);
    mp_store_init_search(store);
}

/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The register of certificates, reading: who is meant, one holder's history. */

#include "ports/store-private.h"

static void
free_holder(gpointer holder)
{
    mp_holder_free(holder);
}

/* --- rows --- */

GPtrArray *
mp_register_read(MpStore *store, MpStatement *statement, const MpField *fields, GError **error)
{
    g_autoptr(GPtrArray) rows = g_ptr_array_new_with_free_func(free_holder);
    gboolean row = FALSE;

    for (;;) {
        MpHolder *holder;

        if (!mp_sql_step(store, statement, &row, error))
            return NULL;
        if (!row)
            return g_steal_pointer(&rows);
        holder = mp_holder_new();
        g_ptr_array_add(rows, holder);
        holder->id = sqlite3_column_int64(statement, 0);
        if (!mp_fields_read(statement, 1, fields, holder, error))
            return NULL;
    }
}

static GPtrArray *
rows_by_id(MpStore *store, const char *format, const MpField *fields, gint64 id, GError **error)
{
    g_autofree char *columns = mp_fields_columns(fields);
    g_auto(GStrv) halves = g_strsplit(format, "*", 2);
    g_autofree char *sql = g_strconcat(halves[0], columns, halves[1], NULL);
    g_autoptr(MpStatement) statement = mp_sql_prepare(store, sql, error);

    if (statement == NULL)
        return NULL;
    (void)sqlite3_bind_int64(statement, 1, id);
    return mp_register_read(store, statement, fields, error);
}

GPtrArray *
mp_register_rows(MpStore *store, gint64 holder, GError **error)
{
    return rows_by_id(store,
                      "SELECT id, * FROM tenure WHERE holder = ? ORDER BY at_utc, id",
                      mp_tenure_fields,
                      holder,
                      error);
}

static GPtrArray *
register_history(MpStore *store, gint64 id, GError **error)
{
    return rows_by_id(store,
                      "SELECT holder, * FROM tenure WHERE holder = ? ORDER BY at_utc, id",
                      mp_tenure_fields,
                      id,
                      error);
}

static MpHolder *
register_get(MpStore *store, gint64 id, GError **error)
{
    g_autoptr(GPtrArray) rows =
        rows_by_id(store, "SELECT id, * FROM holder WHERE id = ?", mp_holder_fields, id, error);

    if (rows == NULL)
        return NULL;
    if (rows->len == 0) {
        g_set_error(error, MP_ERROR, MP_ERROR_INPUT, "register: no holder %" G_GINT64_FORMAT, id);
        return NULL;
    }
    return g_ptr_array_steal_index(rows, 0);
}

/* --- who is meant --- */

static gboolean
ask_id(MpStore *store, const char *sql, const char *value, gint64 *id_out, GError **error)
{
    *id_out = 0;
    return value == NULL || value[0] == '\0' || mp_sql_ask(store, sql, value, id_out, NULL, error);
}

/* Holders of a name who may be the person: what both know is the same. An index of its own for
 * those without NIP or NIK: a person whose number is known is none of the thousands of that name
 * who have another. */
static char *
name_sql(const char *nip, const char *nik, const char *unit)
{
    const char *index = nip != NULL   ? "holder_name_nip"
                        : nik != NULL ? "holder_name_nik"
                                      : "holder_name";
    g_autofree char *sql = g_strdup_printf("SELECT id, name, email FROM holder INDEXED BY %s"
                                           " WHERE name_folded = ?1%s%s",
                                           index,
                                           nip != NULL ? " AND nip IS NULL" : "",
                                           nik != NULL ? " AND nik IS NULL" : "");

    if (unit == NULL)
        return g_steal_pointer(&sql);
    return g_strconcat(
        sql, " AND unit_folded IS NULL UNION ALL ", sql, " AND unit_folded = ?2", NULL);
}

static gboolean
may_be(MpStatement *statement, const char *name, const char *email)
{
    const char *known = (const char *)sqlite3_column_text(statement, 1);
    const char *address = (const char *)sqlite3_column_text(statement, 2);

    return !mp_text_has_other_degrees(name, known) &&
           (email == NULL || address == NULL || g_ascii_strcasecmp(email, address) == 0);
}

/* Only where one person can be meant. */
static gboolean
identify_by_name(MpStore *store,
                 const char *nip,
                 const char *nik,
                 const char *name,
                 const char *unit,
                 const char *email,
                 gint64 *id_out,
                 GError **error)
{
    g_autofree char *name_folded = mp_store_fold_name(name);
    g_autofree char *unit_folded = mp_store_fold(unit);
    g_autofree char *sql = name_sql(nip, nik, unit_folded);
    g_autoptr(MpStatement) statement = NULL;
    gboolean is_row = FALSE;
    guint n = 0;
    gint64 id = 0;

    *id_out = 0;
    if (name_folded == NULL)
        return TRUE;
    statement = mp_sql_prepare(store, sql, error);
    if (statement == NULL)
        return FALSE;
    mp_sql_bind_text(statement, 1, name_folded);
    if (unit_folded != NULL)
        mp_sql_bind_text(statement, 2, unit_folded);
    do {
        if (!mp_sql_step(store, statement, &is_row, error))
            return FALSE;
        if (is_row && may_be(statement, name, email)) {
            id = sqlite3_column_int64(statement, 0);
            n++;
        }
    } while (is_row && n < 2);
    *id_out = n == 1 ? id : 0;
    return TRUE;
}

/* A NIK that stands beside another NIP was mistyped, or lent to somebody. */
static gboolean
identify_by_nik(MpStore *store, const char *nip, const char *nik, gint64 *id_out, GError **error)
{
    g_autoptr(MpStatement) statement = NULL;
    gboolean is_row = FALSE;

    *id_out = 0;
    if (nik == NULL || nik[0] == '\0')
        return TRUE;
    statement = mp_sql_prepare(store,
                               "SELECT id FROM holder WHERE nik = ?1"
                               " AND (?2 IS NULL OR nip IS NULL OR nip = ?2)",
                               error);
    if (statement == NULL)
        return FALSE;
    mp_sql_bind_text(statement, 1, nik);
    mp_sql_bind_text(statement, 2, nip);
    if (!mp_sql_step(store, statement, &is_row, error))
        return FALSE;
    *id_out = is_row ? sqlite3_column_int64(statement, 0) : 0;
    return TRUE;
}

gboolean
mp_register_identify(MpStore *store,
                     const char *nip,
                     const char *nik,
                     const char *name,
                     const char *unit,
                     const char *email,
                     gint64 *id_out,
                     GError **error)
{
    if (!ask_id(store, "SELECT id FROM holder WHERE nip = ?", nip, id_out, error))
        return FALSE;
    if (*id_out != 0)
        return TRUE;
    if (!identify_by_nik(store, nip, nik, id_out, error))
        return FALSE;
    return *id_out != 0 || identify_by_name(store, nip, nik, name, unit, email, id_out, error);
}

static MpHolder *
register_match(MpStore *store, const MpCaseApplicant *applicant, GError **error)
{
    MpHolder *holder = NULL;
    gint64 id = 0;

    if (!mp_store_view_begin(store, error))
        return NULL;
    if (mp_register_identify(store,
                             applicant->nip,
                             applicant->nik,
                             applicant->name,
                             applicant->unit,
                             applicant->email,
                             &id,
                             error) &&
        id != 0)
        holder = register_get(store, id, error);
    mp_store_view_end(store);
    return holder;
}

void
mp_store_init_holder(MpStore *store)
{
    store->register_get = register_get;
    store->register_history = register_history;
    store->register_match = register_match;
}

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

/* Only where one person can be meant, and nothing that both know says otherwise. */
static gboolean
identify_by_name(MpStore *store,
                 const char *nip,
                 const char *nik,
                 const char *name,
                 const char *unit,
                 gint64 *id_out,
                 GError **error)
{
    g_autofree char *name_folded = mp_store_fold_name(name);
    g_autofree char *unit_folded = mp_store_fold(unit);
    g_autoptr(MpStatement) statement =
        mp_sql_prepare(store,
                       "SELECT min(id), count(*) FROM holder WHERE name_folded = ?1"
                       " AND (?2 IS NULL OR unit_folded IS NULL OR unit_folded = ?2)"
                       " AND (?3 IS NULL OR nip IS NULL) AND (?4 IS NULL OR nik IS NULL)",
                       error);
    gboolean row = FALSE;

    *id_out = 0;
    if (name_folded == NULL)
        return TRUE;
    if (statement == NULL)
        return FALSE;
    mp_sql_bind_text(statement, 1, name_folded);
    mp_sql_bind_text(statement, 2, unit_folded);
    mp_sql_bind_text(statement, 3, nip);
    mp_sql_bind_text(statement, 4, nik);
    if (!mp_sql_step(store, statement, &row, error))
        return FALSE;
    if (sqlite3_column_int64(statement, 1) == 1)
        *id_out = sqlite3_column_int64(statement, 0);
    return TRUE;
}

gboolean
mp_register_identify(MpStore *store,
                     const char *nip,
                     const char *nik,
                     const char *name,
                     const char *unit,
                     gint64 *id_out,
                     GError **error)
{
    if (!ask_id(store, "SELECT id FROM holder WHERE nip = ?", nip, id_out, error))
        return FALSE;
    if (*id_out != 0)
        return TRUE;
    if (!ask_id(store, "SELECT id FROM holder WHERE nik = ?", nik, id_out, error))
        return FALSE;
    return *id_out != 0 || identify_by_name(store, nip, nik, name, unit, id_out, error);
}

static MpHolder *
register_match(MpStore *store, const MpCaseApplicant *applicant, GError **error)
{
    MpHolder *holder = NULL;
    gint64 id = 0;

    if (!mp_store_view_begin(store, error))
        return NULL;
    if (mp_register_identify(
            store, applicant->nip, applicant->nik, applicant->name, applicant->unit, &id, error) &&
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

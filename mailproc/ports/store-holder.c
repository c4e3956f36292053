/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The register of certificates, reading: who is meant, searching, one holder's history. A search
 * is led by its longest word, the rest are looked up for each hit, so that "dinas kesehatan" does
 * not walk through all who work at some dinas. */

#include "ports/store-private.h"

#define FIND_MAX 1000
#define WORDS_MAX 6
#define COUNT_MAX 20000
#define WORD_END "\xf4\x8f\xbf\xbf"
#define PARAMETERS_MAX 20

static void
free_holder(gpointer holder)
{
    mp_holder_free(holder);
}

/* --- rows --- */

static GPtrArray *
read_holders(MpStore *store, MpStatement *statement, const MpField *fields, GError **error)
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
    return read_holders(store, statement, fields, error);
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

/* --- searching --- */

typedef struct {
    GString *where;
    char *values[PARAMETERS_MAX];
    guint n;
} Search;

static void
add_part(Search *search, const char *sql)
{
    g_string_append_printf(search->where, "%s %s", search->where->len > 0 ? " AND" : "", sql);
}

static void
add_text(Search *search, const char *text)
{
    search->values[search->n++] = g_strdup(text);
}

/* A word and the end of what begins with it: U+10FFFF stands in no word. */
static void
add_word(Search *search, const char *word, gboolean leads)
{
    g_autofree char *end = g_strconcat(word, WORD_END, NULL);

    add_part(search,
             leads ? "id IN (SELECT holder FROM holder_word WHERE word >= ? AND word < ?)"
                   : "EXISTS (SELECT 1 FROM holder_word w WHERE w.holder = holder.id"
                     " AND w.word >= ? AND w.word < ?)");
    add_text(search, word);
    add_text(search, end);
}

/* How many entries begin with a word, counted no further than COUNT_MAX. */
static gboolean
count_word(MpStore *store, const char *word, gint64 *n_out, GError **error)
{
    g_autofree char *end = g_strconcat(word, WORD_END, NULL);
    g_autoptr(MpStatement) statement =
        mp_sql_prepare(store,
                       "SELECT count(*) FROM (SELECT 1 FROM holder_word WHERE word >= ?"
                       " AND word < ? LIMIT ?)",
                       error);
    gboolean row = FALSE;

    if (statement == NULL)
        return FALSE;
    mp_sql_bind_text(statement, 1, word);
    mp_sql_bind_text(statement, 2, end);
    (void)sqlite3_bind_int(statement, 3, COUNT_MAX);
    if (!mp_sql_step(store, statement, &row, error))
        return FALSE;
    *n_out = sqlite3_column_int64(statement, 0);
    return TRUE;
}

/* The rarest word leads, of equally common ones the longest: what an address or a unit shares with
 * everybody is only checked. */
static gboolean
add_words(MpStore *store, Search *search, const char *text, GError **error)
{
    g_autofree char *folded = mp_store_fold(text);
    g_auto(GStrv) words = g_strsplit(folded, " ", -1);
    guint n = MIN(g_strv_length(words), WORDS_MAX), rarest = 0;
    gint64 least = G_MAXINT64;

    for (guint i = 0; i < n; i++) {
        gint64 count = 0;

        if (!count_word(store, words[i], &count, error))
            return FALSE;
        if (count < least || (count == least && strlen(words[i]) > strlen(words[rarest]))) {
            least = count;
            rarest = i;
        }
    }
    for (guint i = 0; i < n; i++)
        add_word(search, words[i], i == rarest);
    if (n == 0)
        add_part(search, "0");
    return TRUE;
}

static char *
make_sql(MpStore *store, Search *search, const MpRegisterFilter *filter, GError **error)
{
    g_autofree char *columns = mp_fields_columns(mp_holder_fields);
    gboolean has_words = filter->text != NULL;
    /* Behind the words, dates are only checked. */
    const char *plus = has_words ? "+" : "";

    if (has_words && !add_words(store, search, filter->text, error))
        return NULL;
    if (filter->until_after != NULL) {
        g_autofree char *part = g_strconcat(plus, "valid_until > ?", NULL);

        add_part(search, part);
        add_text(search, filter->until_after);
    }
    if (filter->until_up_to != NULL) {
        g_autofree char *part = g_strconcat(plus, "valid_until <= ?", NULL);

        add_part(search, part);
        add_text(search, filter->until_up_to);
    }
    if (filter->active_only)
        add_part(search, "state = 'active'");
    add_part(search, "id > ?");
    return g_strdup_printf("SELECT id, %s FROM holder WHERE%s ORDER BY %s LIMIT ?",
                           columns,
                           search->where->str,
                           filter->by_id ? "id" : "valid_until, id");
}

static GPtrArray *
register_find(MpStore *store, const MpRegisterFilter *filter, GError **error)
{
    Search search = {.where = g_string_new(NULL)};
    g_autofree char *sql = make_sql(store, &search, filter, error);
    g_autoptr(MpStatement) statement = sql == NULL ? NULL : mp_sql_prepare(store, sql, error);
    GPtrArray *found = NULL;

    for (guint i = 0; i < search.n; i++) {
        if (statement != NULL)
            mp_sql_bind_text(statement, (int)i + 1, search.values[i]);
        g_free(search.values[i]);
    }
    g_string_free(search.where, TRUE);
    if (statement == NULL)
        return NULL;
    (void)sqlite3_bind_int64(statement, (int)search.n + 1, filter->above_id);
    (void)sqlite3_bind_int64(
        statement, (int)search.n + 2, filter->limit > 0 ? filter->limit : FIND_MAX);
    found = read_holders(store, statement, mp_holder_fields, error);
    return found;
}

void
mp_store_init_holder(MpStore *store)
{
    store->register_find = register_find;
    store->register_get = register_get;
    store->register_history = register_history;
    store->register_match = register_match;
}

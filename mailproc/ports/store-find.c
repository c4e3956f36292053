/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Finding cases. The statement is made of the filter's parts; the one that narrows most leads, and
 * the others are kept from the planner by a unary plus, because without statistics it would rather
 * walk all open cases in their order than look up one letter number. */

#include "ports/store-private.h"

#define FIND_MAX 1000
#define PARAMETERS_MAX 10

typedef struct {
    GString *where;
    char *values[PARAMETERS_MAX];
    guint n;
} Search;

/* --- what is searched --- */

char *
mp_store_squash(const char *number)
{
    if (number == NULL)
        return NULL;
    g_autofree char *folded = g_utf8_casefold(number, -1);
    GString *out = g_string_new(NULL);
    for (const char *at = folded; *at != '\0'; at = g_utf8_next_char(at)) {
        gunichar c = g_utf8_get_char(at);

        if (!g_unichar_isspace(c))
            g_string_append_unichar(out, c);
    }
    return g_string_free(out, FALSE);
}

char *
mp_store_fold_name(const char *name)
{
    g_autofree char *folded = name == NULL ? NULL : mp_text_fold_name(name);

    return folded == NULL || folded[0] == '\0' ? NULL : g_steal_pointer(&folded);
}

/* Case and accents apart, everything but letters and digits one blank. */
char *
mp_store_fold(const char *text)
{
    if (text == NULL)
        return NULL;
    g_autofree char *normal = g_utf8_normalize(text, -1, G_NORMALIZE_ALL);
    g_autofree char *folded = g_utf8_casefold(normal != NULL ? normal : "", -1);
    GString *out = g_string_new(NULL);
    for (const char *at = folded; *at != '\0'; at = g_utf8_next_char(at)) {
        gunichar c = g_utf8_get_char(at);

        if (g_unichar_isalnum(c))
            g_string_append_unichar(out, c);
        else if (!g_unichar_ismark(c) && out->len > 0 && out->str[out->len - 1] != ' ')
            g_string_append_c(out, ' ');
    }
    if (out->len > 0 && out->str[out->len - 1] == ' ')
        g_string_truncate(out, out->len - 1);
    return g_string_free(out, FALSE);
}

/* --- the filter --- */

static void
add_part(Search *search, const char *sql)
{
    g_string_append_printf(search->where, "%s %s", search->where->len > 0 ? " AND" : "", sql);
}

/* `sql` holds one ?. */
static void
add_value_take(Search *search, const char *sql, char *value)
{
    add_part(search, sql);
    search->values[search->n++] = value;
}

/* Parts that an index of their own answers. */
static gboolean
add_narrow(Search *search, const MpCaseFilter *filter)
{
    if (filter->letter != NULL)
        add_value_take(search, "letter_squashed = ?", mp_store_squash(filter->letter));
    if (filter->requester != NULL)
        add_value_take(search, "requester_folded = ?", mp_text_lower_ascii(filter->requester));
    if (filter->nip != NULL)
        add_value_take(search,
                       "number IN (SELECT case_number FROM applicant WHERE nip = ?)",
                       g_strdup(filter->nip));
    if (filter->email != NULL)
        add_value_take(search,
                       "number IN (SELECT case_number FROM applicant WHERE email_folded = ?)",
                       mp_text_lower_ascii(filter->email));
    if (filter->name != NULL)
        add_value_take(search,
                       "number IN (SELECT case_number FROM applicant WHERE name_folded = ?)",
                       mp_store_fold_name(filter->name));
    return search->n > 0;
}

static void
add_wide(Search *search, const MpCaseFilter *filter, gboolean is_narrow)
{
    if (g_strcmp0(filter->state, "open") == 0)
        add_part(search, is_narrow ? "+is_closed = 0" : "is_closed = 0");
    else if (filter->state != NULL)
        add_value_take(search, is_narrow ? "+state = ?" : "state = ?", g_strdup(filter->state));
    if (filter->service != NULL)
        add_value_take(search, "+service = ?", g_strdup(filter->service));
    if (filter->step != NULL)
        add_value_take(search, "+step = ?", g_strdup(filter->step));
    if (filter->holder_role != NULL)
        add_value_take(search, "+holder_role = ?", g_strdup(filter->holder_role));
}

static void
clear_search(Search *search)
{
    for (guint i = 0; i < search->n; i++)
        g_free(search->values[i]);
    (void)g_string_free(search->where, TRUE);
}

/* A narrow search is sorted; a wide one walks an index in order and stops at the limit. */
static char *
format_sql(const Search *search, gboolean is_narrow)
{
    return g_strdup_printf("SELECT number FROM cases%s%s ORDER BY %sdue_order, %snumber LIMIT ?",
                           search->where->len > 0 ? " WHERE" : "",
                           search->where->str,
                           is_narrow ? "+" : "",
                           is_narrow ? "+" : "");
}

static GPtrArray *
find_numbers(MpStore *store, const MpCaseFilter *filter, GError **error)
{
    Search search = {.where = g_string_new(NULL)};
    gboolean is_narrow = add_narrow(&search, filter);

    add_wide(&search, filter, is_narrow);
    g_autofree char *sql = format_sql(&search, is_narrow);
    g_autoptr(MpStatement) statement = mp_sql_prepare(store, sql, error);
    g_autoptr(GPtrArray) numbers = g_ptr_array_new_with_free_func(g_free);
    gboolean row = statement != NULL;
    for (guint i = 0; statement != NULL && i < search.n; i++)
        mp_sql_bind_text(statement, (int)i + 1, search.values[i]);
    if (statement != NULL)
        (void)sqlite3_bind_int64(
            statement, (int)search.n + 1, filter->limit > 0 ? filter->limit : FIND_MAX);
    clear_search(&search);
    while (row) {
        if (!mp_sql_step(store, statement, &row, error))
            return NULL;
        if (row)
            g_ptr_array_add(numbers, mp_sql_text(statement, 0));
    }
    return statement != NULL ? g_steal_pointer(&numbers) : NULL;
}

static void
free_case(gpointer kase)
{
    mp_case_free(kase);
}

static GPtrArray *
find_in_view(MpStore *store, const MpCaseFilter *filter, GError **error)
{
    g_autoptr(GPtrArray) numbers = find_numbers(store, filter, error);
    g_autoptr(GPtrArray) cases = g_ptr_array_new_with_free_func(free_case);

    if (numbers == NULL)
        return NULL;
    for (guint i = 0; i < numbers->len; i++) {
        g_autoptr(GError) why = NULL;
        MpCase *kase = mp_store_load_in_view(store, g_ptr_array_index(numbers, i), &why);

        if (kase == NULL) {
            if (why != NULL)
                g_propagate_error(error, g_steal_pointer(&why));
            else
                g_set_error(error, MP_ERROR, MP_ERROR_STORAGE, "store: a case vanished");
            return NULL;
        }
        g_ptr_array_add(cases, kase);
    }
    return g_steal_pointer(&cases);
}

static GPtrArray *
case_find(MpStore *store, const MpCaseFilter *filter, GError **error)
{
    if (!mp_store_view_begin(store, error))
        return NULL;
    GPtrArray *cases = find_in_view(store, filter, error);
    mp_store_view_end(store);
    return cases;
}

void
mp_store_init_find(MpStore *store)
{
    store->case_find = case_find;
}

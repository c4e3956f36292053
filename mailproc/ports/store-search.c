/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Searching the register of certificates. A search is led by its rarest word, the rest are looked
 * up for each hit, so that "dinas kesehatan" does not walk through all who work at some dinas.
 * Where many have every word, the order of the answer leads instead. */

#include "ports/store-private.h"

#define FIND_MAX 1000
#define WORDS_MAX 6
/* A word of more entries is common. */
#define RARE_MAX 1000
/* Of words; as dear as reading some ten thousand entries in a row. */
#define LOOKUPS_MAX 1000
/* A byte for each id up to here; ids are given one by one, a register is far smaller. */
#define TALLY_MAX (16 * 1024 * 1024)
#define WORD_END "\xf4\x8f\xbf\xbf"
#define PARAMETERS_MAX 20

typedef struct {
    GString *where;
    char *values[PARAMETERS_MAX];
    guint n;
} Search;

static void
free_search(Search *search)
{
    g_string_free(search->where, TRUE);
    for (guint i = 0; i < search->n; i++)
        g_free(search->values[i]);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Search, free_search)

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
    add_part(search,
             leads ? "id IN (SELECT holder FROM holder_word WHERE word >= ? AND word < ?)"
                   : "EXISTS (SELECT 1 FROM holder_word w WHERE w.holder = holder.id"
                     " AND w.word >= ? AND w.word < ?)");
    add_text(search, word);
    search->values[search->n++] = g_strconcat(word, WORD_END, NULL);
}

static MpStatement *
prepare_word(MpStore *store, const char *sql, const char *word, GError **error)
{
    g_autofree char *end = g_strconcat(word, WORD_END, NULL);
    MpStatement *statement = mp_sql_prepare(store, sql, error);

    if (statement == NULL)
        return NULL;
    mp_sql_bind_text(statement, 1, word);
    mp_sql_bind_text(statement, 2, end);
    return statement;
}

/* The rarest word leads, of equally common ones the longest: what an address or a unit shares with
 * everybody is only checked. Entries are counted up to one more than what is rare. */
static gboolean
find_rarest(MpStore *store, char **words, guint *rarest_out, gint64 *least_out, GError **error)
{
    gint64 rare_max = ((MpStoreSqlite *)store)->rare_max;

    *rarest_out = 0;
    *least_out = G_MAXINT64;
    for (guint i = 0; words[i] != NULL; i++) {
        g_autoptr(MpStatement) statement =
            prepare_word(store,
                         "SELECT count(*) FROM (SELECT 1 FROM holder_word WHERE word >= ?"
                         " AND word < ? LIMIT ?)",
                         words[i],
                         error);
        gboolean row = FALSE;

        if (statement == NULL)
            return FALSE;
        (void)sqlite3_bind_int64(statement, 3, rare_max + 1);
        if (!mp_sql_step(store, statement, &row, error))
            return FALSE;
        gint64 count = sqlite3_column_int64(statement, 0);
        if (count < *least_out ||
            (count == *least_out && strlen(words[i]) > strlen(words[*rarest_out]))) {
            *least_out = count;
            *rarest_out = i;
        }
    }
    return TRUE;
}

/* Behind `plus` = "+" the dates are only checked, else they lead. */
static void
add_bounds(Search *search, const MpRegisterFilter *filter, const char *plus)
{
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
}

/* The texts of a search are followed by the id above which it goes. */
static MpStatement *
prepare_search(MpStore *store,
               const Search *search,
               const char *sql,
               const MpRegisterFilter *filter,
               GError **error)
{
    MpStatement *statement = mp_sql_prepare(store, sql, error);

    if (statement == NULL)
        return NULL;
    for (guint i = 0; i < search->n; i++)
        mp_sql_bind_text(statement, (int)i + 1, search->values[i]);
    (void)sqlite3_bind_int64(statement, (int)search->n + 1, filter->above_id);
    return statement;
}

static guint
limit_of(const MpRegisterFilter *filter)
{
    return filter->limit > 0 ? filter->limit : FIND_MAX;
}

/* words NULL = whoever; else they lead, by the rarest of them. */
static GPtrArray *
find_by_words(
    MpStore *store, char **words, guint rarest, const MpRegisterFilter *filter, GError **error)
{
    g_auto(Search) search = {.where = g_string_new(NULL)};
    g_autofree char *columns = mp_fields_columns(mp_holder_fields);
    g_autofree char *sql = NULL;
    g_autoptr(MpStatement) statement = NULL;

    for (guint i = 0; words != NULL && words[i] != NULL; i++)
        add_word(&search, words[i], i == rarest);
    if (words != NULL && words[0] == NULL)
        add_part(&search, "0");
    if (filter->email != NULL) {
        add_part(&search, "lower(email) = lower(?)");
        add_text(&search, filter->email);
    }
    add_bounds(&search, filter, words != NULL ? "+" : "");
    if (filter->active_only)
        add_part(&search, "state = 'active'");
    add_part(&search, "id > ?");
    sql = g_strdup_printf("SELECT id, %s FROM holder WHERE%s ORDER BY %s LIMIT ?",
                          columns,
                          search.where->str,
                          filter->by_id ? "id" : "valid_until, id");
    statement = prepare_search(store, &search, sql, filter, error);
    if (statement == NULL)
        return NULL;
    (void)sqlite3_bind_int64(statement, (int)search.n + 2, limit_of(filter));
    return mp_register_read(store, statement, mp_holder_fields, error);
}

/* --- words that many have --- */

/* The index of the ends of validity is walked in the order of the answer, and the words are looked
 * up for each holder: where most have them, the first few are the answer. Each time that has cost
 * many look-ups, one word more is tallied: its entries are read in one pass and tell by id who has
 * it. So words that nearly nobody has together cost one pass each. No holder's row is read but
 * those that are returned (and those that are no longer active). */

/* Of an id that was walked over. */
#define WALKED G_MAXUINT8

typedef struct {
    char **words;   /* the rarest first */
    guint8 *had;    /* by id: how many of the tallied words, from the first on, the holder has */
    gint64 last;    /* greatest id */
    guint8 tallied; /* how many of the words are */
    gint64 left;    /* ids not walked over that have them */
    guint lookups;  /* since the last word was tallied */
} Tally;

static gboolean
tally_word(MpStore *store, Tally *tally, GError **error)
{
    g_autoptr(MpStatement) statement =
        prepare_word(store,
                     "SELECT holder FROM holder_word WHERE word >= ? AND word < ?",
                     tally->words[tally->tallied],
                     error);
    gboolean row = FALSE;

    if (statement == NULL)
        return FALSE;
    tally->left = 0;
    tally->lookups = 0;
    for (;;) {
        if (!mp_sql_step(store, statement, &row, error))
            return FALSE;
        if (!row)
            break;
        gint64 id = sqlite3_column_int64(statement, 0);
        /* Two words of one beginning count once. */
        if (id >= 0 && id <= tally->last && tally->had[id] == tally->tallied) {
            tally->had[id]++;
            tally->left++;
        }
    }
    tally->tallied++;
    return TRUE;
}

/* Looks up the words that are not tallied. */
static gboolean
has_others(MpStore *store, Tally *tally, gint64 id, gboolean *has_out, GError **error)
{
    *has_out = TRUE;
    for (guint i = tally->tallied; *has_out && tally->words[i] != NULL; i++) {
        g_autoptr(MpStatement) statement = prepare_word(
            store,
            "SELECT 1 FROM holder_word WHERE word >= ? AND word < ? AND holder = ? LIMIT 1",
            tally->words[i],
            error);

        if (statement == NULL)
            return FALSE;
        tally->lookups++;
        (void)sqlite3_bind_int64(statement, 3, id);
        if (!mp_sql_step(store, statement, has_out, error))
            return FALSE;
    }
    return TRUE;
}

/* Adds the holder where it is one of those that are meant. */
static gboolean
visit(
    MpStore *store, Tally *tally, gint64 id, gboolean active_only, GPtrArray *rows, GError **error)
{
    g_autoptr(MpHolder) holder = NULL;
    gboolean has = FALSE;

    if (id < 0 || id > tally->last || tally->had[id] != tally->tallied)
        return TRUE;
    tally->had[id] = WALKED;
    tally->left--;
    if (!has_others(store, tally, id, &has, error))
        return FALSE;
    if (!has)
        return TRUE;
    holder = store->register_get(store, id, error);
    if (holder == NULL)
        return FALSE;
    if (!active_only || holder->state == MP_HOLDER_ACTIVE)
        g_ptr_array_add(rows, g_steal_pointer(&holder));
    return TRUE;
}

static void
free_holder(gpointer holder)
{
    mp_holder_free(holder);
}

static GPtrArray *
walk(MpStore *store, Tally *tally, const MpRegisterFilter *filter, GError **error)
{
    g_auto(Search) search = {.where = g_string_new(NULL)};
    g_autoptr(GPtrArray) rows = g_ptr_array_new_with_free_func(free_holder);
    g_autofree char *sql = NULL;
    g_autoptr(MpStatement) statement = NULL;
    guint lookups_max = ((MpStoreSqlite *)store)->lookups_max;

    add_bounds(&search, filter, "");
    add_part(&search, "+id > ?");
    sql = g_strdup_printf("SELECT id FROM holder WHERE%s ORDER BY valid_until, id",
                          search.where->str);
    statement = prepare_search(store, &search, sql, filter, error);
    if (statement == NULL)
        return NULL;
    while (rows->len < limit_of(filter) && tally->left > 0) {
        gboolean row = FALSE;

        if (!mp_sql_step(store, statement, &row, error))
            return NULL;
        if (!row)
            break;
        if (!visit(
                store, tally, sqlite3_column_int64(statement, 0), filter->active_only, rows, error))
            return NULL;
        if (tally->lookups > lookups_max && !tally_word(store, tally, error))
            return NULL;
    }
    return g_steal_pointer(&rows);
}

static GPtrArray *
find_by_walk(MpStore *store,
             char **words,
             guint rarest,
             gint64 last,
             const MpRegisterFilter *filter,
             GError **error)
{
    g_autofree guint8 *had = g_malloc0((gsize)last + 1);
    char *lead = words[rarest];
    Tally tally = {.words = words, .had = had, .last = last, .left = last};

    words[rarest] = words[0];
    words[0] = lead;
    return walk(store, &tally, filter, error);
}

static char **
split_words(const char *text)
{
    g_autofree char *folded = mp_store_fold(text);
    char **words = g_strsplit(folded, " ", -1);

    for (guint i = WORDS_MAX, n = g_strv_length(words); i < n; i++)
        g_clear_pointer(&words[i], g_free);
    return words;
}

static GPtrArray *
find_in_view(MpStore *store, const MpRegisterFilter *filter, GError **error)
{
    const char *text = filter->email != NULL ? filter->email : filter->text;
    g_auto(GStrv) words = text == NULL ? NULL : split_words(text);
    gint64 least = 0, last = 0;
    guint rarest = 0;

    if (words == NULL || words[0] == NULL)
        return find_by_words(store, words, 0, filter, error);
    if (!find_rarest(store, words, &rarest, &least, error) ||
        !mp_sql_ask(store, "SELECT ifnull(max(id), 0) FROM holder", NULL, &last, NULL, error))
        return NULL;
    /* An address has few holders, however many share its words. */
    if (least <= ((MpStoreSqlite *)store)->rare_max || filter->email != NULL || filter->by_id ||
        last > TALLY_MAX)
        return find_by_words(store, words, rarest, filter, error);
    return find_by_walk(store, words, rarest, last, filter, error);
}

static GPtrArray *
register_find(MpStore *store, const MpRegisterFilter *filter, GError **error)
{
    GPtrArray *found = NULL;

    if (!mp_store_view_begin(store, error))
        return NULL;
    found = find_in_view(store, filter, error);
    mp_store_view_end(store);
    return found;
}

void
mp_store_init_search(MpStore *store)
{
    MpStoreSqlite *self = (MpStoreSqlite *)store;

    self->rare_max = RARE_MAX;
    self->lookups_max = LOOKUPS_MAX;
    store->register_find = register_find;
}

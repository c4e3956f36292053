/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Events: append-only rows in one chain over all cases.
 *
 *     hash = SHA-256(hash of the row before, "\n", canonical content)   all in hex and text
 *
 * The canonical content is "key=value\n" lines sorted by key (mp_event_format_data) of the row's
 * members, an empty line, and the row's data column. A personal value stands in that column as
 * "sha256:" and the hex of SHA-256(salt ‖ value); salt and value are in person_data, where erasing
 * them leaves the chain whole (decisions.md 25). Address and note travel in the data under reserved
 * keys, because they may be personal too. */

#include "ports/store-private.h"

#define KEY_ADDRESS "@address"
#define KEY_NOTE "@note"
#define DIGEST_PREFIX "sha256:"
#define SALT_BYTES 16

/* --- personal values --- */

/* An official's address is his office's business and stays; a citizen's goes with his case. */
static gboolean
is_personal(const MpEvent *event, const char *key)
{
    if (strcmp(key, KEY_NOTE) == 0)
        return TRUE;
    if (strcmp(key, KEY_ADDRESS) == 0)
        return event->actor == NULL || strcmp(event->actor, "requester") == 0 ||
               strcmp(event->actor, "applicant") == 0;
    return mp_event_key_is_personal(key);
}

char *
mp_event_digest(const guint8 *salt, gsize n_salt, const char *value)
{
    g_autoptr(GChecksum) sum = g_checksum_new(G_CHECKSUM_SHA256);

    g_checksum_update(sum, salt, (gssize)n_salt);
    g_checksum_update(sum, (const guchar *)value, -1);
    return g_strconcat(DIGEST_PREFIX, g_checksum_get_string(sum), NULL);
}

static gboolean
write_person(MpStore *store,
             gint64 seq,
             const char *key,
             const guint8 *salt,
             const char *value,
             GError **error)
{
    g_autoptr(MpStatement) statement = mp_sql_prepare(
        store, "INSERT INTO person_data (event, key, salt, value) VALUES (?, ?, ?, ?)", error);

    if (statement == NULL)
        return FALSE;
    (void)sqlite3_bind_int64(statement, 1, seq);
    mp_sql_bind_text(statement, 2, key);
    (void)sqlite3_bind_blob(statement, 3, salt, SALT_BYTES, SQLITE_TRANSIENT);
    mp_sql_bind_text(statement, 4, value);
    return mp_sql_run(store, statement, error);
}

/* --- the chain --- */

static void
set_number(MpEvent *row, const char *key, gint64 value)
{
    g_autofree char *text = g_strdup_printf("%" G_GINT64_FORMAT, value);

    mp_event_set(row, key, text);
}

/* Members that the row has in columns; `data` is the column as it stands. */
char *
mp_event_hash(const char *previous, const char *number, const MpEvent *event, const char *data)
{
    g_autoptr(MpEvent) row = mp_event_new("row", 0);
    g_autoptr(GChecksum) sum = g_checksum_new(G_CHECKSUM_SHA256);

    set_number(row, "seq", event->seq);
    set_number(row, "at", event->at_utc);
    set_number(row, "mail", event->mail);
    mp_event_set(row, "case", number);
    mp_event_set(row, "kind", event->kind);
    mp_event_set(row, "actor", event->actor);
    mp_event_set(row, "trust", mp_trust_to_string(event->trust));
    mp_event_set(row, "from", event->from_step);
    mp_event_set(row, "to", event->to_step);
    mp_event_set(row, "rule", event->rule);
    g_autofree char *head = mp_event_format_data(row);
    g_checksum_update(sum, (const guchar *)previous, -1);
    g_checksum_update(sum, (const guchar *)"\n", 1);
    g_checksum_update(sum, (const guchar *)head, -1);
    g_checksum_update(sum, (const guchar *)"\n", 1);
    g_checksum_update(sum, (const guchar *)data, -1);
    return g_strdup(g_checksum_get_string(sum));
}

gboolean
mp_store_chain_head(MpStore *store, gint64 *seq_out, char **hash_out, GError **error)
{
    g_autoptr(MpStatement) statement =
        mp_sql_prepare(store, "SELECT seq, hash FROM event ORDER BY seq DESC LIMIT 1", error);
    gboolean row = FALSE;

    if (statement == NULL || !mp_sql_step(store, statement, &row, error))
        return FALSE;
    *seq_out = row ? sqlite3_column_int64(statement, 0) : 0;
    *hash_out = row ? mp_sql_text(statement, 1) : g_strnfill(64, '0');
    return TRUE;
}

/* --- write --- */

/* All data of an event as it will be stored, personal values still in clear. */
static MpEvent *
gather(const MpEvent *event)
{
    g_autoptr(MpEvent) all = mp_event_new(event->kind, event->at_utc);
    GHashTableIter iter;
    gpointer key = NULL;
    gpointer value = NULL;

    g_hash_table_iter_init(&iter, event->data);
    while (g_hash_table_iter_next(&iter, &key, &value))
        mp_event_set(all, key, value);
    mp_event_set(all, KEY_ADDRESS, event->address);
    mp_event_set(all, KEY_NOTE, event->note);
    return g_steal_pointer(&all);
}

static gint
compare_texts(gconstpointer a, gconstpointer b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

/* Replaces personal values by their digests; keeps key, salt and value for person_data. */
static void
hide_personal(
    MpStore *store, const MpEvent *event, MpEvent *all, GPtrArray *keys, GByteArray *salts)
{
    MpStoreSqlite *self = (MpStoreSqlite *)store;
    GHashTableIter iter;
    gpointer key = NULL;

    g_hash_table_iter_init(&iter, all->data);
    while (g_hash_table_iter_next(&iter, &key, NULL)) {
        if (is_personal(event, key))
            g_ptr_array_add(keys, g_strdup(key));
    }
    g_ptr_array_sort(keys, compare_texts);
    g_byte_array_set_size(salts, keys->len * SALT_BYTES);
    self->random->fill(self->random, salts->data, salts->len);
    for (guint i = 0; i < keys->len; i++) {
        const char *name = g_ptr_array_index(keys, i);
        g_autofree char *digest = mp_event_digest(
            salts->data + (gsize)i * SALT_BYTES, SALT_BYTES, mp_event_get(all, name));

        mp_event_set(all, name, digest);
    }
}

static gboolean
insert_event(MpStore *store,
             const char *number,
             const MpEvent *event,
             const char *data,
             const char *hash,
             GError **error)
{
    g_autoptr(MpStatement) statement = mp_sql_prepare(
        store,
        "INSERT INTO event (" MP_EVENT_COLUMNS ") VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        error);

    if (statement == NULL)
        return FALSE;
    (void)sqlite3_bind_int64(statement, 1, event->seq);
    mp_sql_bind_text(statement, 2, number);
    (void)sqlite3_bind_int64(statement, 3, event->at_utc);
    mp_sql_bind_text(statement, 4, event->kind);
    mp_sql_bind_text(statement, 5, event->actor);
    mp_sql_bind_text(statement, 6, mp_trust_to_string(event->trust));
    (void)sqlite3_bind_int64(statement, 7, event->mail);
    mp_sql_bind_text(statement, 8, event->from_step);
    mp_sql_bind_text(statement, 9, event->to_step);
    mp_sql_bind_text(statement, 10, event->rule);
    mp_sql_bind_text(statement, 11, data);
    mp_sql_bind_text(statement, 12, hash);
    return mp_sql_run(store, statement, error);
}

gboolean
mp_store_write_event(MpStore *store, const char *number, MpEvent *event, GError **error)
{
    g_autoptr(MpEvent) clear = gather(event);
    g_autoptr(MpEvent) hidden = gather(event);
    g_autoptr(GPtrArray) keys = g_ptr_array_new_with_free_func(g_free);
    g_autoptr(GByteArray) salts = g_byte_array_new();
    g_autofree char *previous = NULL;
    gint64 last = 0;

    if (!mp_store_chain_head(store, &last, &previous, error))
        return FALSE;
    event->seq = last + 1;
    hide_personal(store, event, hidden, keys, salts);
    g_autofree char *data = mp_event_format_data(hidden);
    g_autofree char *hash = mp_event_hash(previous, number, event, data);
    if (!insert_event(store, number, event, data, hash, error))
        return FALSE;
    for (guint i = 0; i < keys->len; i++) {
        const char *key = g_ptr_array_index(keys, i);

        if (!write_person(store,
                          event->seq,
                          key,
                          salts->data + (gsize)i * SALT_BYTES,
                          mp_event_get(clear, key),
                          error))
            return FALSE;
    }
    return TRUE;
}

/* --- read --- */

/* Puts the personal values back; erased ones read MP_ERASED. */
static gboolean
fill_personal(MpStore *store, MpEvent *event, GError **error)
{
    g_autoptr(MpStatement) statement =
        mp_sql_prepare(store, "SELECT key, value FROM person_data WHERE event = ?", error);

    if (statement == NULL)
        return FALSE;
    (void)sqlite3_bind_int64(statement, 1, event->seq);
    for (;;) {
        gboolean row = FALSE;

        if (!mp_sql_step(store, statement, &row, error))
            return FALSE;
        if (!row)
            return TRUE;
        const char *value = (const char *)sqlite3_column_text(statement, 1);
        mp_event_set(event,
                     (const char *)sqlite3_column_text(statement, 0),
                     value != NULL ? value : MP_ERASED);
    }
}

static char *
take_reserved(MpEvent *event, const char *key)
{
    char *value = g_strdup(mp_event_get(event, key));

    (void)g_hash_table_remove(event->data, key);
    return value;
}

MpEvent *
mp_store_read_event_row(MpStatement *statement, GError **error)
{
    g_autoptr(MpEvent) event = mp_event_new((const char *)sqlite3_column_text(statement, 3),
                                            sqlite3_column_int64(statement, 2));
    const char *trust = (const char *)sqlite3_column_text(statement, 5);

    event->seq = sqlite3_column_int64(statement, 0);
    event->actor = mp_sql_text(statement, 4);
    event->mail = sqlite3_column_int64(statement, 6);
    event->from_step = mp_sql_text(statement, 7);
    event->to_step = mp_sql_text(statement, 8);
    event->rule = mp_sql_text(statement, 9);
    if (!mp_trust_from_string(trust, &event->trust)) {
        g_set_error(error, MP_ERROR, MP_ERROR_STORAGE, "store: unknown trust level '%s'", trust);
        return NULL;
    }
    if (!mp_event_parse_data(event, (const char *)sqlite3_column_text(statement, 10), error)) {
        g_prefix_error(error, "event %" G_GINT64_FORMAT ": ", event->seq);
        return NULL;
    }
    return g_steal_pointer(&event);
}

static void
free_event(gpointer event)
{
    mp_event_free(event);
}

static GPtrArray *
read_events(MpStore *store, MpStatement *statement, GError **error)
{
    g_autoptr(GPtrArray) events = g_ptr_array_new_with_free_func(free_event);

    for (;;) {
        g_autoptr(MpEvent) event = NULL;
        gboolean row = FALSE;

        if (!mp_sql_step(store, statement, &row, error))
            return NULL;
        if (!row)
            return g_steal_pointer(&events);
        event = mp_store_read_event_row(statement, error);
        if (event == NULL || !fill_personal(store, event, error))
            return NULL;
        event->address = take_reserved(event, KEY_ADDRESS);
        event->note = take_reserved(event, KEY_NOTE);
        g_ptr_array_add(events, g_steal_pointer(&event));
    }
}

static GPtrArray *
case_events(MpStore *store, const char *number, GError **error)
{
    g_autoptr(MpStatement) statement = mp_sql_prepare(
        store, "SELECT " MP_EVENT_COLUMNS " FROM event WHERE case_number = ? ORDER BY seq", error);

    if (statement == NULL || !mp_store_view_begin(store, error))
        return NULL;
    mp_sql_bind_text(statement, 1, number);
    GPtrArray *events = read_events(store, statement, error);
    mp_store_view_end(store);
    return events;
}

void
mp_store_init_event(MpStore *store)
{
    store->case_events = case_events;
}

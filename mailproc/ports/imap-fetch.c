/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Listing and fetching. First a chunk's sizes, so that batches are bounded in bytes and a mail over
 * the limit never crosses the line; then the bodies, streamed past libetpan's lists into one buffer
 * a mail. libetpan says success although a tagged NO came, so nothing but the UIDs that arrived
 * counts; whatever did not arrive is fetched alone, on a new connection when the old one is out of
 * step. */

#include "ports/imap-private.h"

#define LIST_BYTES ((gsize)64 * 1024 * 1024)
#define SURVEY_BYTES 400 /* of answer a mail */
#define TROUBLE_MAX 3

typedef struct {
    guint32 uid;
    gint64 arrived_utc;
    gsize size;
    gboolean is_listed; /* the server knows this UID */
    gboolean is_sized;
    GBytes *content; /* complete */
    char *problem;
    gboolean is_gone; /* not there any more */
} Item;

/* What the handlers of one command write to. */
typedef struct {
    GHashTable *items; /* uid → Item, borrowed; NULL while listing */
    GArray *uids;      /* of a listing, or NULL */
    guint32 above;
    GByteArray *body; /* of the FETCH line that is arriving */
    gboolean has_body;
    gsize max_bytes;
    gboolean is_too_large;
} Sink;

static void
item_free(gpointer data)
{
    Item *item = data;

    g_clear_pointer(&item->content, g_bytes_unref);
    g_free(item->problem);
    g_free(item);
}

/* --- handlers --------------------------------------------------------------------------------- */

static bool
on_body(int type,
        struct mailimap_msg_att_body_section *section,
        const char *bytes,
        size_t length,
        void *data)
{
    Sink *sink = data;

    (void)type;
    (void)section;
    if (length > sink->max_bytes - sink->body->len) {
        sink->is_too_large = TRUE;
        return false;
    }
    g_byte_array_append(sink->body, (const guint8 *)bytes, (guint)length);
    sink->has_body = TRUE;
    return true;
}

static gint64
to_utc(const struct mailimap_date_time *date)
{
    g_autoptr(GDateTime) local = g_date_time_new_utc(date->dt_year,
                                                     date->dt_month,
                                                     date->dt_day,
                                                     date->dt_hour,
                                                     date->dt_min,
                                                     MIN(date->dt_sec, 59));
    gint64 offset_s = (gint64)(date->dt_zone / 100) * 3600 + (gint64)(date->dt_zone % 100) * 60;

    return local != NULL ? (g_date_time_to_unix(local) - offset_s) * G_USEC_PER_SEC : 0;
}

static void
read_item(const struct mailimap_msg_att_static *part, Item *item)
{
    if (part->att_type == MAILIMAP_MSG_ATT_UID)
        item->uid = part->att_data.att_uid;
    else if (part->att_type == MAILIMAP_MSG_ATT_RFC822_SIZE) {
        item->size = part->att_data.att_rfc822_size;
        item->is_sized = TRUE;
    } else if (part->att_type == MAILIMAP_MSG_ATT_INTERNALDATE &&
               part->att_data.att_internal_date != NULL)
        item->arrived_utc = to_utc(part->att_data.att_internal_date);
}

static void
keep(Sink *sink, const Item *seen)
{
    Item *item = g_hash_table_lookup(sink->items, GUINT_TO_POINTER(seen->uid));

    if (item == NULL)
        return;
    item->is_listed = TRUE;
    if (seen->is_sized) {
        item->size = seen->size;
        item->is_sized = TRUE;
    }
    if (seen->arrived_utc != 0)
        item->arrived_utc = seen->arrived_utc;
    /* The first body of a UID stays: what was handed on once must not change (promise T-22). */
    if (!sink->has_body || item->content != NULL)
        return;
    item->content = g_byte_array_free_to_bytes(g_steal_pointer(&sink->body));
    sink->body = g_byte_array_new();
}

/* One FETCH line is complete. Lines without UID (another client changed flags) tell nothing. */
static void
on_item(struct mailimap_msg_att *att, void *data)
{
    Sink *sink = data;
    Item seen = {0};

    for (clistiter *cur = clist_begin(att->att_list); cur != NULL; cur = clist_next(cur)) {
        const struct mailimap_msg_att_item *part = clist_content(cur);

        if (part->att_type == MAILIMAP_MSG_ATT_ITEM_STATIC)
            read_item(part->att_data.att_static, &seen);
    }
    if (seen.uid != 0 && sink->uids != NULL && seen.uid > sink->above)
        g_array_append_val(sink->uids, seen.uid);
    if (seen.uid != 0 && sink->items != NULL)
        keep(sink, &seen);
    g_byte_array_set_size(sink->body, 0);
    sink->has_body = FALSE;
}

/* Without a progress callback libetpan never calls the handler of items. */
static void
on_progress(size_t current, size_t maximum, void *data)
{
    (void)current;
    (void)maximum;
    (void)data;
}

/* --- commands --------------------------------------------------------------------------------- */

typedef enum { WANT_UID, WANT_SURVEY, WANT_BODY } Want;

static struct mailimap_fetch_type *
fetch_type(Want want)
{
    struct mailimap_fetch_type *type = mailimap_fetch_type_new_fetch_att_list_empty();

    mailimap_fetch_type_new_fetch_att_list_add(type, mailimap_fetch_att_new_uid());
    if (want == WANT_UID)
        return type;
    mailimap_fetch_type_new_fetch_att_list_add(type, mailimap_fetch_att_new_rfc822_size());
    mailimap_fetch_type_new_fetch_att_list_add(type, mailimap_fetch_att_new_internaldate());
    if (want == WANT_BODY)
        mailimap_fetch_type_new_fetch_att_list_add(
            type, mailimap_fetch_att_new_body_peek_section(mailimap_section_new(NULL)));
    return type;
}

/* Takes the set. */
static int
run_fetch(MpImap *self, struct mailimap_set *set_take, Want want, Sink *sink)
{
    struct mailimap_fetch_type *type = fetch_type(want);
    clist *list = NULL;

    sink->body = g_byte_array_new();
    sink->max_bytes = self->options.max_bytes;
    mailimap_set_msg_body_handler(self->imap, on_body, sink);
    mailimap_set_msg_att_handler(self->imap, on_item, sink);
    mailimap_set_progress_callback(self->imap, on_progress, on_progress, sink);
    int rc = mailimap_uid_fetch(self->imap, set_take, type, &list);

    if (rc == MAILIMAP_NO_ERROR && list != NULL)
        mailimap_fetch_list_free(list);
    mailimap_set_msg_body_handler(self->imap, NULL, NULL);
    mailimap_set_msg_att_handler(self->imap, NULL, NULL);
    mailimap_set_progress_callback(self->imap, NULL, NULL, NULL);
    mailimap_fetch_type_free(type);
    mailimap_set_free(set_take);
    g_clear_pointer(&sink->body, g_byte_array_unref);
    return rc;
}

static int
by_uid(gconstpointer a, gconstpointer b)
{
    guint32 x = *(const guint32 *)a;
    guint32 y = *(const guint32 *)b;

    return x < y ? -1 : x > y;
}

static void
sort_once(GArray *uids)
{
    guint kept = 0;

    g_array_sort(uids, by_uid);
    for (guint i = 0; i < uids->len; i++) {
        guint32 uid = g_array_index(uids, guint32, i);

        if (kept == 0 || g_array_index(uids, guint32, kept - 1) != uid)
            g_array_index(uids, guint32, kept++) = uid;
    }
    g_array_set_size(uids, kept);
}

gboolean
mp_imap_present(MpImap *self, const guint32 *uids, gsize n, GArray **present_out, GError **error)
{
    g_autoptr(GArray) present = g_array_new(FALSE, FALSE, sizeof(guint32));
    Sink sink = {.uids = present};

    mp_imap_expect(self, n * SURVEY_BYTES);
    if (!mp_imap_check(
            self, run_fetch(self, mp_imap_set(uids, n), WANT_UID, &sink), "fetch", error))
        return FALSE;
    sort_once(present);
    *present_out = g_steal_pointer(&present);
    return TRUE;
}

/* --- listing ---------------------------------------------------------------------------------- */

/* NOOP lets the server tell what came since the last command. A connection kept since the last
 * sweep may have died meanwhile: that is no error yet, a new one is tried. */
static gboolean
refresh(MpImap *self, GError **error)
{
    if (self->imap != NULL) {
        mp_imap_expect(self, 0);
        if (mp_imap_check(self, mailimap_noop(self->imap), "noop", NULL) &&
            self->imap->imap_selection_info->sel_uidvalidity == self->validity)
            return TRUE;
        mp_imap_drop(self);
    }
    self->validity = 0; /* whatever it is now, the caller is told */
    return mp_imap_ensure(self, error);
}

static gboolean
list_above(MpImap *self, guint32 above, GArray *uids, GError **error)
{
    Sink sink = {.uids = uids, .above = above};

    if (above == G_MAXUINT32)
        return TRUE;
    /* "n:*" names the last mail even when its UID is below n: the handler looks again. */
    mp_stream_expect(self->stream, self->options.command_ms, LIST_BYTES);
    int rc = run_fetch(self, mailimap_set_new_interval(above + 1, 0), WANT_UID, &sink);

    return mp_imap_check(self, rc, "list", error);
}

gboolean
mp_imap_list(MpMailbox *mailbox,
             guint32 above_uid,
             guint32 known_validity,
             guint32 *validity_out,
             GArray **uids_out,
             GError **error)
{
    MpImap *self = (MpImap *)mailbox;
    guint32 before = self->validity;
    guint32 validity = 0;
    g_autoptr(GArray) uids = g_array_new(FALSE, FALSE, sizeof(guint32));
    gboolean done = refresh(self, error);

    if (done) {
        validity = self->imap->imap_selection_info->sel_uidvalidity;
        done = list_above(self, known_validity == validity ? above_uid : 0, uids, error);
    }
    if (!done) {
        /* The caller still holds UIDs of the list before: fetch and move must know it. */
        mp_imap_drop(self);
        self->validity = before;
        return FALSE;
    }
    sort_once(uids);
    self->validity = validity;
    *validity_out = validity;
    *uids_out = g_steal_pointer(&uids);
    return TRUE;
}

/* --- fetching --------------------------------------------------------------------------------- */

typedef struct {
    MpImap *self;
    GPtrArray *items; /* of the chunk, in the order asked */
    GHashTable *by_uid;
    MpFetchFunc func;
    gpointer data;
    gboolean is_stopped;
} Fetch;

static struct mailimap_set *
set_of(const Fetch *fetch, guint first, guint n)
{
    g_autoptr(GArray) uids = g_array_new(FALSE, FALSE, sizeof(guint32));

    for (guint i = first; i < first + n; i++) {
        const Item *item = fetch->items->pdata[i];

        g_array_append_val(uids, item->uid);
    }
    sort_once(uids);
    return mp_imap_set((const guint32 *)(gpointer)uids->data, uids->len);
}

/* Sizes and dates of the chunk. An answer that cannot be read (one odd date is enough) is no error:
 * every mail is then fetched alone. */
static gboolean
survey(Fetch *fetch, gboolean *is_sure_out, GError **error)
{
    Sink sink = {.items = fetch->by_uid};
    MpImap *self = fetch->self;

    for (guint try = 0; try < 2; try++) {
        g_autoptr(GError) problem = NULL;

        if (!mp_imap_ensure(self, error))
            return FALSE;
        mp_imap_expect(self, fetch->items->len * SURVEY_BYTES);
        int rc = run_fetch(self, set_of(fetch, 0, fetch->items->len), WANT_SURVEY, &sink);

        *is_sure_out = mp_imap_check(self, rc, "fetch", &problem);
        if (*is_sure_out || rc == MAILIMAP_ERROR_UID_FETCH || rc == MAILIMAP_ERROR_PARSE)
            return TRUE;
        if (try == 1) {
            g_propagate_error(error, g_steal_pointer(&problem));
            return FALSE;
        }
    }
    return TRUE;
}

static void
deliver(Fetch *fetch, Item *item)
{
    MpFetched mail = {
        .uid = item->uid,
        .arrived_utc = item->arrived_utc,
        .size = item->size,
        .content = item->content,
        .problem = item->content != NULL ? NULL : item->problem,
    };

    if (!item->is_gone)
        fetch->is_stopped = !fetch->func(&mail, fetch->data);
    g_clear_pointer(&item->content, g_bytes_unref);
}

static int
fetch_bodies(Fetch *fetch, guint first, guint n, gsize bytes, gboolean *is_too_large_out)
{
    Sink sink = {.items = fetch->by_uid};

    mp_imap_expect(fetch->self, bytes + n * SURVEY_BYTES);
    int rc = run_fetch(fetch->self, set_of(fetch, first, n), WANT_BODY, &sink);

    *is_too_large_out =
        sink.is_too_large || mp_stream_verdict(fetch->self->stream) == MP_GUARD_LITERAL;
    return rc;
}

static void
mark(Item *item, const char *problem)
{
    g_free(item->problem);
    item->problem = g_strdup(problem);
}

/* The connection died while `item` alone was asked for. The line may be bad today, or this mail may
 * kill the server each time: one more try now, one in a later call, then it is told as it is. */
static gboolean
count_trouble(Fetch *fetch, Item *item, GError *problem_take, gboolean *again_out, GError **error)
{
    MpImap *self = fetch->self;
    g_autoptr(GError) problem = problem_take;

    if (self->trouble_uid != item->uid)
        self->trouble_count = 0;
    self->trouble_uid = item->uid;
    self->trouble_count++;
    *again_out = self->trouble_count == 1;
    if (self->trouble_count >= TROUBLE_MAX) {
        g_autofree char *text = g_strconcat("lost each time: ", problem->message, NULL);

        mark(item, text);
        self->trouble_uid = 0;
        return TRUE;
    }
    if (*again_out)
        return TRUE;
    g_propagate_error(error, g_steal_pointer(&problem));
    return FALSE;
}

/* OK without a body: gone meanwhile, or there without content. */
static gboolean
look_again(Fetch *fetch, Item *item, GError **error)
{
    g_autoptr(GArray) present = NULL;

    if (!mp_imap_present(fetch->self, &item->uid, 1, &present, error))
        return FALSE;
    item->is_gone = present->len == 0;
    if (!item->is_gone && item->is_sized && item->size == 0)
        item->content = g_bytes_new_static("", 0);
    else
        mark(item, "server gives no content");
    return TRUE;
}

/* One mail by a command of its own. Afterwards it has content, a problem, or is gone. */
static gboolean
fetch_alone(Fetch *fetch, guint index, GError **error)
{
    Item *item = fetch->items->pdata[index];
    MpImap *self = fetch->self;

    for (gboolean again = TRUE; again;) {
        g_autoptr(GError) problem = NULL;
        gboolean is_too_large = FALSE;

        again = FALSE;
        if (!mp_imap_ensure(self, error))
            return FALSE;
        gsize bytes = item->is_sized ? item->size : self->options.max_bytes;
        int rc = fetch_bodies(fetch, index, 1, bytes, &is_too_large);
        gboolean is_fine = mp_imap_check(self, rc, "fetch", &problem);

        if (item->content != NULL)
            break;
        if (is_fine)
            return look_again(fetch, item, error);
        if (g_error_matches(problem, MP_ERROR, MP_ERROR_REFUSED_SOON)) {
            g_propagate_error(error, g_steal_pointer(&problem));
            return FALSE;
        }
        if (is_too_large)
            mark(item, "larger than a mail may be");
        else if (rc == MAILIMAP_ERROR_STREAM) {
            if (!count_trouble(fetch, item, g_steal_pointer(&problem), &again, error))
                return FALSE;
        } else
            mark(item, problem->message);
    }
    return TRUE;
}

/* How many items from `first` on go into one command; their bytes by the survey. */
static guint
batch_at(const Fetch *fetch, guint first, gsize *bytes_out)
{
    guint n = 0;
    gsize bytes = 0;

    for (guint i = first; i < fetch->items->len; i++) {
        const Item *item = fetch->items->pdata[i];

        if (item->is_gone || item->problem != NULL || !item->is_sized ||
            (n > 0 && bytes + item->size > fetch->self->options.batch_bytes))
            break;
        bytes += item->size;
        n++;
    }
    *bytes_out = bytes;
    return n;
}

/* A batch, then one by one what it did not bring. */
static gboolean
fetch_batch(Fetch *fetch, guint first, guint n, gsize bytes, GError **error)
{
    if (n > 1) {
        gboolean is_too_large = FALSE;

        if (!mp_imap_ensure(fetch->self, error))
            return FALSE;
        int rc = fetch_bodies(fetch, first, n, bytes, &is_too_large);

        /* Whatever went wrong, the mails that are still missing say it again when alone. */
        if (!mp_imap_check(fetch->self, rc, "fetch", NULL) && rc != MAILIMAP_ERROR_UID_FETCH)
            mp_imap_drop(fetch->self);
    }
    for (guint i = first; i < first + n && !fetch->is_stopped; i++) {
        Item *item = fetch->items->pdata[i];

        if (item->content == NULL && !fetch_alone(fetch, i, error))
            return FALSE;
        deliver(fetch, item);
    }
    return TRUE;
}

static gboolean
fetch_chunk(Fetch *fetch, GError **error)
{
    gboolean is_sure = FALSE;

    if (!survey(fetch, &is_sure, error))
        return FALSE;
    for (guint i = 0; i < fetch->items->len; i++) {
        Item *item = fetch->items->pdata[i];

        item->is_gone = is_sure && !item->is_listed;
        if (item->size > fetch->self->options.max_bytes)
            mark(item, "larger than a mail may be");
    }
    for (guint i = 0; i < fetch->items->len && !fetch->is_stopped;) {
        gsize bytes = 0;
        guint n = batch_at(fetch, i, &bytes);
        Item *item = fetch->items->pdata[i];

        if (n == 0 && (item->is_gone || item->problem != NULL))
            deliver(fetch, item);
        else if (!fetch_batch(fetch, i, MAX(n, 1), bytes, error))
            return FALSE;
        i += MAX(n, 1);
    }
    return TRUE;
}

gboolean
mp_imap_fetch(MpMailbox *mailbox,
              const guint32 *uids,
              gsize n_uids,
              MpFetchFunc func,
              gpointer data,
              GError **error)
{
    MpImap *self = (MpImap *)mailbox;
    Fetch fetch = {.self = self, .func = func, .data = data};

    for (gsize first = 0; first < n_uids && !fetch.is_stopped; first += self->options.batch_count) {
        g_autoptr(GPtrArray) items = g_ptr_array_new_with_free_func(item_free);
        g_autoptr(GHashTable) by = g_hash_table_new(NULL, NULL);

        for (gsize i = first; i < MIN(n_uids, first + self->options.batch_count); i++) {
            if (uids[i] == 0 || g_hash_table_contains(by, GUINT_TO_POINTER(uids[i])))
                continue;
            Item *item = g_new0(Item, 1);

            item->uid = uids[i];
            g_ptr_array_add(items, item);
            g_hash_table_insert(by, GUINT_TO_POINTER(item->uid), item);
        }
        fetch.items = items;
        fetch.by_uid = by;
        if (items->len > 0 && !fetch_chunk(&fetch, error)) {
            mp_imap_drop(self);
            return FALSE;
        }
    }
    return TRUE;
}

/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Fetching. First a chunk's sizes, so that batches are bounded in bytes and a mail over
 * the limit never crosses the line; then the bodies, streamed past libetpan's lists into one buffer
 * a mail. libetpan says success although a tagged NO came, so nothing but the UIDs that arrived
 * counts; whatever did not arrive is fetched alone, on a new connection when the old one is out of
 * step. */

#include "ports/imap-private.h"

#define TROUBLE_MAX 3

static void
item_free(gpointer data)
{
    MpImapItem *item = data;

    g_clear_pointer(&item->content, g_bytes_unref);
    g_free(item->problem);
    g_free(item);
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
        const MpImapItem *item = fetch->items->pdata[i];

        g_array_append_val(uids, item->uid);
    }
    mp_imap_sort_once(uids);
    return mp_imap_set((const guint32 *)(gpointer)uids->data, uids->len);
}

/* Sizes and dates of the chunk. An answer that cannot be read (one odd date is enough) is no error:
 * every mail is then fetched alone. */
static gboolean
survey(Fetch *fetch, gboolean *is_sure_out, GError **error)
{
    MpImapSink sink = {.items = fetch->by_uid};
    MpImap *self = fetch->self;

    for (guint try = 0; try < 2; try++) {
        g_autoptr(GError) problem = NULL;

        if (!mp_imap_ensure(self, error))
            return FALSE;
        mp_imap_expect(self, fetch->items->len * MP_IMAP_SURVEY_BYTES);
        int rc = mp_imap_run_fetch(
            self, set_of(fetch, 0, fetch->items->len), MP_IMAP_WANT_SURVEY, &sink);

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
deliver(Fetch *fetch, MpImapItem *item)
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
    MpImapSink sink = {.items = fetch->by_uid};

    mp_imap_expect(fetch->self, bytes + n * MP_IMAP_SURVEY_BYTES);
    int rc = mp_imap_run_fetch(fetch->self, set_of(fetch, first, n), MP_IMAP_WANT_BODY, &sink);

    *is_too_large_out =
        sink.is_too_large || mp_stream_verdict(fetch->self->stream) == MP_GUARD_LITERAL;
    return rc;
}

static void
mark(MpImapItem *item, const char *problem)
{
    g_free(item->problem);
    item->problem = g_strdup(problem);
}

/* The connection died while `item` alone was asked for. The line may be bad today, or this mail may
 * kill the server each time: one more try now, one in a later call, then it is told as it is. */
static gboolean
count_trouble(
    Fetch *fetch, MpImapItem *item, GError *problem_take, gboolean *again_out, GError **error)
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
look_again(Fetch *fetch, MpImapItem *item, GError **error)
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
    MpImapItem *item = fetch->items->pdata[index];
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
        const MpImapItem *item = fetch->items->pdata[i];

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
        MpImapItem *item = fetch->items->pdata[i];

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
        MpImapItem *item = fetch->items->pdata[i];

        item->is_gone = is_sure && !item->is_listed;
        if (item->size > fetch->self->options.max_bytes)
            mark(item, "larger than a mail may be");
    }
    for (guint i = 0; i < fetch->items->len && !fetch->is_stopped;) {
        gsize bytes = 0;
        guint n = batch_at(fetch, i, &bytes);
        MpImapItem *item = fetch->items->pdata[i];

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
            MpImapItem *item = g_new0(MpImapItem, 1);

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

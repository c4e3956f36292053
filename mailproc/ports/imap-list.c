/* SPDX-License-Identifier: GPL-3.0-or-later */

/* UID FETCH as far as listing and fetching share it, and the listing. The answers stream past
 * libetpan's lists into a sink: one buffer for the body that is arriving, then the item it belongs
 * to once its UID is known. */

#include "ports/imap-private.h"

#define LIST_BYTES ((gsize)64 * 1024 * 1024)

/* --- handlers --------------------------------------------------------------------------------- */

static bool
on_body(int type,
        struct mailimap_msg_att_body_section *section,
        const char *bytes,
        size_t length,
        void *data)
{
    MpImapSink *sink = data;

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
read_item(const struct mailimap_msg_att_static *part, MpImapItem *item)
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
keep(MpImapSink *sink, const MpImapItem *seen)
{
    MpImapItem *item = g_hash_table_lookup(sink->items, GUINT_TO_POINTER(seen->uid));

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
    MpImapSink *sink = data;
    MpImapItem seen = {0};

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

static struct mailimap_fetch_type *
fetch_type(MpImapWant want)
{
    struct mailimap_fetch_type *type = mailimap_fetch_type_new_fetch_att_list_empty();

    mailimap_fetch_type_new_fetch_att_list_add(type, mailimap_fetch_att_new_uid());
    if (want == MP_IMAP_WANT_UID)
        return type;
    mailimap_fetch_type_new_fetch_att_list_add(type, mailimap_fetch_att_new_rfc822_size());
    mailimap_fetch_type_new_fetch_att_list_add(type, mailimap_fetch_att_new_internaldate());
    if (want == MP_IMAP_WANT_BODY)
        mailimap_fetch_type_new_fetch_att_list_add(
            type, mailimap_fetch_att_new_body_peek_section(mailimap_section_new(NULL)));
    return type;
}

int
mp_imap_run_fetch(MpImap *self, struct mailimap_set *set_take, MpImapWant want, MpImapSink *sink)
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

void
mp_imap_sort_once(GArray *uids)
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
    MpImapSink sink = {.uids = present};

    mp_imap_expect(self, n * MP_IMAP_SURVEY_BYTES);
    if (!mp_imap_check(self,
                       mp_imap_run_fetch(self, mp_imap_set(uids, n), MP_IMAP_WANT_UID, &sink),
                       "fetch",
                       error))
        return FALSE;
    mp_imap_sort_once(present);
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
    MpImapSink sink = {.uids = uids, .above = above};

    if (above == G_MAXUINT32)
        return TRUE;
    /* "n:*" names the last mail even when its UID is below n: the handler looks again. */
    mp_stream_expect(self->stream, self->options.command_ms, LIST_BYTES);
    int rc =
        mp_imap_run_fetch(self, mailimap_set_new_interval(above + 1, 0), MP_IMAP_WANT_UID, &sink);

    return mp_imap_check(self, rc, "list", error);
}

/* UIDNEXT below what was taken already: the folder came back from a backup, and the server gives
 * UIDs of mails we know to others. Then all are listed. */
static guint32
list_from(MpImap *self, guint32 above, gboolean is_same)
{
    guint32 next = self->next_uid;

    self->next_uid = 0;
    return !is_same || (next != 0 && next <= above) ? 0 : above;
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
        done =
            list_above(self, list_from(self, above_uid, known_validity == validity), uids, error);
    }
    if (!done) {
        /* The caller still holds UIDs of the list before: fetch and move must know it. */
        mp_imap_drop(self);
        self->validity = before;
        return FALSE;
    }
    mp_imap_sort_once(uids);
    self->validity = validity;
    *validity_out = validity;
    *uids_out = g_steal_pointer(&uids);
    return TRUE;
}

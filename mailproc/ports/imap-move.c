/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Moving handled mails and appending sent ones. With MOVE the server does it in one step; else
 * COPY, and only what COPYUID names as copied is marked and expunged by UID, so that nothing of
 * anybody else is expunged and nothing is expunged that was not copied. In the end it counts that
 * the mails are gone from the folder. */

#include "ports/imap-private.h"

#define MOVE_COUNT 200
#define ANSWER_BYTES (1024 * 1024)

/* --- folders ---------------------------------------------------------------------------------- */

static void
learn_prefix(MpImap *self)
{
    struct mailimap_namespace_data *data = NULL;

    if (!mailimap_has_extension(self->imap, "NAMESPACE"))
        return;
    mp_imap_expect(self, ANSWER_BYTES);
    int rc = mailimap_namespace(self->imap, &data);

    if (!mp_imap_check(self, rc, "namespace", NULL) || data == NULL)
        return;
    clist *list = data->ns_personal != NULL ? data->ns_personal->ns_data_list : NULL;
    const struct mailimap_namespace_info *info =
        list != NULL && !clist_isempty(list) ? clist_content(clist_begin(list)) : NULL;

    if (info != NULL && info->ns_prefix != NULL && mp_text_is_safe(info->ns_prefix)) {
        g_free(self->prefix);
        self->prefix = g_strdup(info->ns_prefix);
    }
    mailimap_namespace_data_free(data);
}

static gboolean
learn_folders(MpImap *self, GError **error)
{
    clist *list = NULL;

    mp_imap_expect(self, ANSWER_BYTES);
    if (!mp_imap_check(self, mailimap_list(self->imap, "", "", &list), "list of folders", error))
        return FALSE;
    self->delimiter = '/';
    if (list != NULL && !clist_isempty(list)) {
        const struct mailimap_mailbox_list *root = clist_content(clist_begin(list));

        self->delimiter = root->mb_delimiter;
    }
    if (list != NULL)
        mailimap_list_result_free(list);
    g_free(self->prefix);
    self->prefix = g_strdup("");
    learn_prefix(self);
    if (self->imap == NULL) {
        g_set_error(error, MP_ERROR, MP_ERROR_UNREACHABLE, "%s: connection lost", self->name);
        return FALSE;
    }
    self->knows_folders = TRUE;
    return TRUE;
}

char *
mp_imap_wire_name(MpImap *self, const char *folder, GError **error)
{
    if (!mp_folder_check(folder, error))
        return NULL;
    if (g_ascii_strcasecmp(folder, "INBOX") == 0)
        return g_strdup("INBOX");
    if (!self->knows_folders && !learn_folders(self, error))
        return NULL;
    return mp_imap_folder_encode(folder, self->delimiter, self->prefix);
}

/* After a NO to COPY, MOVE or APPEND. TRUE when the folder was missing and is there now. */
static gboolean
create_folder(MpImap *self, const char *wire)
{
    mp_imap_expect(self, 0);
    if (!mp_imap_check(self, mailimap_create(self->imap, wire), "create", NULL))
        return FALSE;
    /* So that people see it in their mail program; not important. */
    mp_imap_expect(self, 0);
    return mp_imap_check(self, mailimap_subscribe(self->imap, wire), "subscribe", NULL) ||
           self->imap != NULL;
}

/* --- sets ------------------------------------------------------------------------------------- */

struct mailimap_set *
mp_imap_set(const guint32 *uids, gsize n)
{
    struct mailimap_set *set = mailimap_set_new_empty();

    for (gsize i = 0; i < n;) {
        gsize end = i;

        while (end + 1 < n && uids[end + 1] == uids[end] + 1)
            end++;
        mailimap_set_add_interval(set, uids[i], uids[end]);
        i = end + 1;
    }
    return set;
}

gboolean
mp_imap_set_has(const struct mailimap_set *set, guint32 uid)
{
    if (set == NULL)
        return FALSE;
    for (clistiter *cur = clist_begin(set->set_list); cur != NULL; cur = clist_next(cur)) {
        const struct mailimap_set_item *item = clist_content(cur);

        /* "9:3" is as good as "3:9". */
        if (uid >= MIN(item->set_first, item->set_last) &&
            uid <= MAX(item->set_first, item->set_last))
            return TRUE;
    }
    return FALSE;
}

/* --- moving ----------------------------------------------------------------------------------- */

typedef enum { BY_MOVE, BY_COPY } How;

/* One MOVE or COPY; a missing folder is made and the command said again. */
static gboolean
transfer(MpImap *self,
         const GArray *uids,
         const char *wire,
         How how,
         struct mailimap_set **copied_out,
         GError **error)
{
    struct mailimap_set *set = mp_imap_set((const guint32 *)(gpointer)uids->data, uids->len);
    gboolean done = FALSE;

    for (guint try = 0; try < 2 && !done; try++) {
        guint32 validity = 0;
        struct mailimap_set *source = NULL;
        struct mailimap_set *target = NULL;
        g_autoptr(GError) problem = NULL;

        mp_imap_expect(self, ANSWER_BYTES);
        int rc =
            how == BY_MOVE
                ? mailimap_uidplus_uid_move(self->imap, set, wire, &validity, &source, &target)
                : mailimap_uidplus_uid_copy(self->imap, set, wire, &validity, &source, &target);

        done = mp_imap_check(self, rc, wire, &problem);
        if (target != NULL)
            mailimap_set_free(target);
        if (done)
            *copied_out = source;
        else if (source != NULL)
            mailimap_set_free(source);
        if (!done && (try == 1 || self->imap == NULL || !create_folder(self, wire))) {
            g_propagate_error(error, g_steal_pointer(&problem));
            break;
        }
    }
    mailimap_set_free(set);
    return done;
}

static gboolean
store_deleted(MpImap *self, struct mailimap_set *set, GError **error)
{
    struct mailimap_flag_list *flags = mailimap_flag_list_new_empty();

    mailimap_flag_list_add(flags, mailimap_flag_new_deleted());
    struct mailimap_store_att_flags *store = mailimap_store_att_flags_new_add_flags_silent(flags);

    mp_imap_expect(self, ANSWER_BYTES);
    gboolean done =
        mp_imap_check(self, mailimap_uid_store(self->imap, set, store), "delete", error);

    mailimap_store_att_flags_free(store);
    return done;
}

static gboolean
expunge(MpImap *self, const GArray *uids, GError **error)
{
    struct mailimap_set *set = mp_imap_set((const guint32 *)(gpointer)uids->data, uids->len);
    gboolean done = store_deleted(self, set, error);

    if (done) {
        mp_imap_expect(self, ANSWER_BYTES);
        done = mp_imap_check(self, mailimap_uid_expunge(self->imap, set), "expunge", error);
    }
    mailimap_set_free(set);
    return done;
}

/* Expunges what COPYUID says was copied. What it does not name is left; the look at the end tells
 * whether that mail is still there. */
static gboolean
copy_away(MpImap *self, const GArray *uids, const char *wire, GError **error)
{
    struct mailimap_set *copied = NULL;
    g_autoptr(GArray) sure = g_array_new(FALSE, FALSE, sizeof(guint32));

    if (!transfer(self, uids, wire, BY_COPY, &copied, error))
        return FALSE;
    for (guint i = 0; i < uids->len; i++) {
        guint32 uid = g_array_index(uids, guint32, i);

        if (mp_imap_set_has(copied, uid))
            g_array_append_val(sure, uid);
    }
    if (copied != NULL)
        mailimap_set_free(copied);
    return sure->len == 0 || expunge(self, sure, error);
}

static gboolean
move_away(MpImap *self, const GArray *uids, const char *wire, GError **error)
{
    struct mailimap_set *moved = NULL;

    if (!mailimap_has_extension(self->imap, "MOVE")) {
        if (mailimap_has_extension(self->imap, "UIDPLUS"))
            return copy_away(self, uids, wire, error);
        g_set_error(error,
                    MP_ERROR,
                    MP_ERROR_REFUSED,
                    "%s: server offers neither MOVE nor UIDPLUS: mails cannot be moved safely",
                    self->name);
        return FALSE;
    }
    gboolean done = transfer(self, uids, wire, BY_MOVE, &moved, error);

    if (moved != NULL)
        mailimap_set_free(moved);
    return done;
}

/* At most MOVE_COUNT UIDs, sorted. */
static gboolean
move_some(MpImap *self, const guint32 *uids, gsize n, const char *wire, GError **error)
{
    g_autoptr(GArray) present = NULL;
    g_autoptr(GArray) left = NULL;

    if (!mp_imap_present(self, uids, n, &present, error))
        return FALSE;
    if (present->len == 0)
        return TRUE;
    mp_ports_checkpoint("imap-move");
    if (!move_away(self, present, wire, error) ||
        !mp_imap_present(
            self, (const guint32 *)(gpointer)present->data, present->len, &left, error))
        return FALSE;
    mp_ports_checkpoint("imap-moved");
    if (left->len == 0)
        return TRUE;
    g_set_error(error,
                MP_ERROR,
                MP_ERROR_UNREACHABLE,
                "%s: uid %u is still there after the move to %s",
                self->name,
                g_array_index(left, guint32, 0),
                wire);
    return FALSE;
}

gboolean
mp_imap_move(
    MpMailbox *mailbox, const guint32 *uids, gsize n_uids, const char *folder, GError **error)
{
    MpImap *self = (MpImap *)mailbox;
    g_autoptr(GArray) sorted = g_array_new(FALSE, FALSE, sizeof(guint32));
    gboolean done = TRUE;

    if (n_uids == 0)
        return TRUE;
    if (!mp_folder_check(folder, error) || !mp_imap_ensure(self, error))
        return FALSE;
    g_autofree char *wire = mp_imap_wire_name(self, folder, error);

    g_array_append_vals(sorted, uids, (guint)n_uids);
    mp_imap_sort_once(sorted);
    for (guint first = 0; done && wire != NULL && first < sorted->len; first += MOVE_COUNT)
        done = move_some(self,
                         &g_array_index(sorted, guint32, first),
                         MIN(MOVE_COUNT, sorted->len - first),
                         wire,
                         error);
    if (!done || wire == NULL)
        mp_imap_drop(self);
    return done && wire != NULL;
}

/* --- appending -------------------------------------------------------------------------------- */

static int
append_once(MpImap *self, const char *wire, GBytes *mail)
{
    gsize length = 0;
    const char *bytes = g_bytes_get_data(mail, &length);
    struct mailimap_flag_list *flags = mailimap_flag_list_new_empty();

    mailimap_flag_list_add(flags, mailimap_flag_new_seen());
    mp_imap_expect(self, length);
    int rc = mailimap_append(self->imap, wire, flags, NULL, bytes, length);

    mailimap_flag_list_free(flags);
    return rc;
}

gboolean
mp_imap_append(MpMailbox *mailbox, const char *folder, GBytes *mail, GError **error)
{
    MpImap *self = (MpImap *)mailbox;
    g_autoptr(GError) problem = NULL;

    if (!mp_folder_check(folder, error) || !mp_imap_ensure(self, error))
        return FALSE;
    g_autofree char *wire = mp_imap_wire_name(self, folder, error);

    if (wire == NULL)
        return FALSE;
    if (mp_imap_check(self, append_once(self, wire, mail), wire, &problem))
        return TRUE;
    if (self->imap != NULL && create_folder(self, wire))
        return mp_imap_check(self, append_once(self, wire, mail), wire, error);
    g_propagate_error(error, g_steal_pointer(&problem));
    return FALSE;
}

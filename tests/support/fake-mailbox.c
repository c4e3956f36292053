/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "support/fake-mailbox.h"

#define CALL_N (MP_FAKE_WAIT + 1)

typedef struct {
    guint32 uid;
    gint64 arrived_utc;
    GBytes *content; /* NULL with a problem */
    char *problem;
    char *folder;
} FakeMail;

struct MpFakeMailbox {
    MpMailbox face; /* first: an MpMailbox * is an MpFakeMailbox * */
    char *name;
    guint32 validity, told_validity, next_uid;
    GPtrArray *mails; /* FakeMail, of all folders, in order of arrival there */
    guint calls[CALL_N];

    struct {
        gboolean is_set;
        guint at_call, after;
        MpErrorCode code;
    } faults[CALL_N];
};

static void
fake_mail_free(gpointer data)
{
    FakeMail *mail = data;

    g_clear_pointer(&mail->content, g_bytes_unref);
    g_free(mail->problem);
    g_free(mail->folder);
    g_free(mail);
}

static gboolean
is_in(const FakeMail *mail, const char *folder)
{
    return g_ascii_strcasecmp(mail->folder, folder) == 0;
}

static FakeMail *
find(const MpFakeMailbox *fake, guint32 uid)
{
    for (guint i = 0; i < fake->mails->len; i++) {
        FakeMail *mail = fake->mails->pdata[i];

        if (mail->uid == uid && is_in(mail, "INBOX"))
            return mail;
    }
    return NULL;
}

/* Counts the call. TRUE when it is the one that shall fail; then `after_out` says how late. */
static gboolean
begin_call(MpFakeMailbox *fake, MpFakeCall call, guint *after_out)
{
    guint n = fake->calls[call]++;

    if (!fake->faults[call].is_set || fake->faults[call].at_call != n)
        return FALSE;
    fake->faults[call].is_set = FALSE;
    *after_out = fake->faults[call].after;
    return TRUE;
}

static gboolean
fail(const MpFakeMailbox *fake, MpFakeCall call, GError **error)
{
    g_set_error(
        error, MP_ERROR, (gint)fake->faults[call].code, "%s: fault of the test", fake->name);
    return FALSE;
}

/* UIDs of another life of the folder must not touch the mails of this one. */
static gboolean
check_validity(const MpFakeMailbox *fake, GError **error)
{
    if (fake->told_validity == 0 || fake->told_validity == fake->validity)
        return TRUE;
    g_set_error(error, MP_ERROR, MP_ERROR_UNREACHABLE, "%s: folder was rebuilt", fake->name);
    return FALSE;
}

static gboolean
fake_list(MpMailbox *mailbox,
          guint32 above_uid,
          guint32 known_validity,
          guint32 *validity_out,
          GArray **uids_out,
          GError **error)
{
    MpFakeMailbox *fake = (MpFakeMailbox *)mailbox;
    guint32 above = known_validity == fake->validity ? above_uid : 0;
    guint after = 0;

    if (begin_call(fake, MP_FAKE_LIST, &after))
        return fail(fake, MP_FAKE_LIST, error);
    GArray *uids = g_array_new(FALSE, FALSE, sizeof(guint32));

    for (guint i = 0; i < fake->mails->len; i++) {
        const FakeMail *mail = fake->mails->pdata[i];

        if (is_in(mail, "INBOX") && mail->uid > above)
            g_array_append_val(uids, mail->uid);
    }
    fake->told_validity = fake->validity;
    *validity_out = fake->validity;
    *uids_out = uids;
    return TRUE;
}

static gboolean
fake_fetch(MpMailbox *mailbox,
           const guint32 *uids,
           gsize n_uids,
           MpFetchFunc func,
           gpointer data,
           GError **error)
{
    MpFakeMailbox *fake = (MpFakeMailbox *)mailbox;
    guint after = G_MAXUINT;
    gboolean is_fault = begin_call(fake, MP_FAKE_FETCH, &after);
    gboolean goes_on = TRUE;

    if (!check_validity(fake, error))
        return FALSE;
    for (gsize i = 0; i < n_uids && goes_on; i++) {
        const FakeMail *mail = find(fake, uids[i]);

        if (is_fault && i >= after)
            return fail(fake, MP_FAKE_FETCH, error);
        if (mail == NULL)
            continue;
        MpFetched fetched = {
            .uid = mail->uid,
            .arrived_utc = mail->arrived_utc,
            .size = mail->content != NULL ? g_bytes_get_size(mail->content) : 0,
            .content = mail->content,
            .problem = mail->problem,
        };

        goes_on = func(&fetched, data);
    }
    return is_fault && goes_on ? fail(fake, MP_FAKE_FETCH, error) : TRUE;
}

static gboolean
fake_move(MpMailbox *mailbox, const guint32 *uids, gsize n_uids, const char *folder, GError **error)
{
    MpFakeMailbox *fake = (MpFakeMailbox *)mailbox;
    guint after = G_MAXUINT;
    gboolean is_fault = begin_call(fake, MP_FAKE_MOVE, &after);

    if (!check_validity(fake, error))
        return FALSE;
    for (gsize i = 0; i < n_uids; i++) {
        FakeMail *mail = find(fake, uids[i]);
        guint index = 0;

        if (is_fault && i >= after)
            break;
        if (mail == NULL || !g_ptr_array_find(fake->mails, mail, &index))
            continue;
        g_ptr_array_steal_index(fake->mails, index);
        g_free(mail->folder);
        mail->folder = g_strdup(folder);
        g_ptr_array_add(fake->mails, mail);
    }
    return is_fault ? fail(fake, MP_FAKE_MOVE, error) : TRUE;
}

static gboolean
fake_append(MpMailbox *mailbox, const char *folder, GBytes *bytes, GError **error)
{
    MpFakeMailbox *fake = (MpFakeMailbox *)mailbox;
    guint after = 0;

    if (begin_call(fake, MP_FAKE_APPEND, &after))
        return fail(fake, MP_FAKE_APPEND, error);
    FakeMail *mail = g_new0(FakeMail, 1);

    mail->content = g_bytes_ref(bytes);
    mail->folder = g_strdup(folder);
    g_ptr_array_add(fake->mails, mail);
    return TRUE;
}

/* Never sleeps: a test that waits has nothing to wait for. */
static gboolean
fake_wait(MpMailbox *mailbox, gint64 timeout_ms, int wake_fd, gboolean *changed_out, GError **error)
{
    MpFakeMailbox *fake = (MpFakeMailbox *)mailbox;
    guint after = 0;

    (void)timeout_ms;
    (void)wake_fd;
    if (begin_call(fake, MP_FAKE_WAIT, &after))
        return fail(fake, MP_FAKE_WAIT, error);
    *changed_out = FALSE;
    return TRUE;
}

static void
fake_close(MpMailbox *mailbox)
{
    (void)mailbox;
}

static void
fake_free(MpMailbox *mailbox)
{
    MpFakeMailbox *fake = (MpFakeMailbox *)mailbox;

    g_ptr_array_unref(fake->mails);
    g_free(fake->name);
    g_free(fake);
}

MpFakeMailbox *
mp_fake_mailbox_new(const char *name)
{
    MpFakeMailbox *fake = g_new0(MpFakeMailbox, 1);

    fake->name = g_strdup(name != NULL ? name : "fake://mailbox/INBOX");
    fake->validity = 1;
    fake->next_uid = 1;
    fake->mails = g_ptr_array_new_with_free_func(fake_mail_free);
    fake->face = (MpMailbox){
        .name = fake->name,
        .list = fake_list,
        .fetch = fake_fetch,
        .move = fake_move,
        .append = fake_append,
        .wait = fake_wait,
        .close = fake_close,
        .free = fake_free,
    };
    return fake;
}

MpMailbox *
mp_fake_mailbox_face(MpFakeMailbox *fake)
{
    return &fake->face;
}

static FakeMail *
arrive(MpFakeMailbox *fake, gint64 arrived_utc)
{
    FakeMail *mail = g_new0(FakeMail, 1);

    mail->uid = fake->next_uid++;
    mail->arrived_utc = arrived_utc;
    mail->folder = g_strdup("INBOX");
    g_ptr_array_add(fake->mails, mail);
    return mail;
}

guint32
mp_fake_mailbox_put(MpFakeMailbox *fake, GBytes *bytes, gint64 arrived_utc)
{
    FakeMail *mail = arrive(fake, arrived_utc);

    mail->content = g_bytes_ref(bytes);
    return mail->uid;
}

guint32
mp_fake_mailbox_put_problem(MpFakeMailbox *fake, const char *problem, gint64 arrived_utc)
{
    FakeMail *mail = arrive(fake, arrived_utc);

    mail->problem = g_strdup(problem);
    return mail->uid;
}

gboolean
mp_fake_mailbox_remove(MpFakeMailbox *fake, guint32 uid)
{
    return g_ptr_array_remove(fake->mails, find(fake, uid));
}

void
mp_fake_mailbox_rebuild(MpFakeMailbox *fake, guint32 validity)
{
    fake->validity = validity;
    fake->next_uid = 1;
    for (guint i = 0; i < fake->mails->len; i++) {
        FakeMail *mail = fake->mails->pdata[i];

        if (is_in(mail, "INBOX"))
            mail->uid = fake->next_uid++;
    }
}

void
mp_fake_mailbox_fail(MpFakeMailbox *fake, MpFakeCall call, guint nth, guint after, MpErrorCode code)
{
    fake->faults[call].is_set = TRUE;
    fake->faults[call].at_call = fake->calls[call] + nth;
    fake->faults[call].after = after;
    fake->faults[call].code = code;
}

GPtrArray *
mp_fake_mailbox_mails(const MpFakeMailbox *fake, const char *folder)
{
    GPtrArray *found = g_ptr_array_new_with_free_func((GDestroyNotify)g_bytes_unref);

    for (guint i = 0; i < fake->mails->len; i++) {
        const FakeMail *mail = fake->mails->pdata[i];

        if (is_in(mail, folder) && mail->content != NULL)
            g_ptr_array_add(found, g_bytes_ref(mail->content));
    }
    return found;
}

guint
mp_fake_mailbox_count(const MpFakeMailbox *fake, const char *folder)
{
    guint n = 0;

    for (guint i = 0; i < fake->mails->len; i++)
        n += is_in(fake->mails->pdata[i], folder);
    return n;
}

guint
mp_fake_mailbox_calls(const MpFakeMailbox *fake, MpFakeCall call)
{
    return fake->calls[call];
}

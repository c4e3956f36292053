/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What every mailbox promises, asked of all three: the fake that other tests trust, the Maildir,
 * and IMAP on a real Dovecot. */

#include "support/asserts.h"
#include "support/daemons.h"
#include "support/fake-mailbox.h"

typedef enum { FAKE, MAILDIR, IMAP, KIND_N } Kind;

static MpTown *town;
static char *scratch;
static guint boxes;

typedef struct {
    Kind kind;
    MpMailbox *mailbox;
    char *key; /* user or directory */
} Box;

static Box
box_new(Kind kind)
{
    Box box = {.kind = kind};
    g_autoptr(GError) error = NULL;

    boxes++;
    if (kind == FAKE) {
        box.mailbox = mp_fake_mailbox_face(mp_fake_mailbox_new(NULL));
    } else if (kind == MAILDIR) {
        g_autofree char *parent = g_strdup_printf("%s/%u", scratch, boxes);

        g_mkdir_with_parents(parent, 0700);
        box.key = g_build_filename(parent, "masuk", NULL);
        box.mailbox = mp_mailbox_new_maildir(box.key, 0, &error);
    } else {
        box.key = g_strdup_printf("janji%u@contohkab.go.id", boxes);
        MpImapOptions options = {
            .host = (char *)MP_TOWN_HOST,
            .port = town->imaps_port,
            .folder = (char *)"INBOX",
            .user = box.key,
            .password = (char *)MP_TOWN_PASSWORD,
            .ca_file = town->ca_file,
        };

        box.mailbox = mp_mailbox_new_imap(&options, &error);
    }
    assert_no_gerror(error);
    return box;
}

static void
box_clear(Box *box)
{
    box->mailbox->free(box->mailbox);
    g_free(box->key);
}

static void
put(const Box *box, guint number)
{
    g_autofree char *text = g_strdup_printf("Subject: nomor %u\r\n\r\nisi\r\n", number);
    g_autoptr(GError) error = NULL;

    if (box->kind == FAKE) {
        g_autoptr(GBytes) mail = g_bytes_new(text, strlen(text));

        mp_fake_mailbox_put((MpFakeMailbox *)box->mailbox, mail, (gint64)number);
    } else if (box->kind == MAILDIR) {
        g_autofree char *dir = g_build_filename(box->key, "new", NULL);
        g_autofree char *path = g_strdup_printf("%s/%03u", dir, number);

        g_mkdir_with_parents(dir, 0700);
        g_file_set_contents(path, text, -1, &error);
    } else {
        mp_town_send(town, MP_TOWN_VIA_LMTP, "a@a.example", box->key, text, -1, &error);
    }
    assert_no_gerror(error);
}

static gboolean
note(const MpFetched *mail, gpointer data)
{
    GString *got = data;
    gsize length = 0;
    const char *text = g_bytes_get_data(mail->content, &length);
    const char *subject = g_strstr_len(text, (gssize)length, "nomor ");

    g_string_append_printf(got, "%u=%.1s ", mail->uid, subject + 6);
    return strchr(got->str, '!') == NULL;
}

static char *
listed(const Box *box, guint32 above, guint32 known, guint32 *validity)
{
    g_autoptr(GArray) uids = NULL;
    g_autoptr(GError) error = NULL;
    GString *text = g_string_new(NULL);

    box->mailbox->list(box->mailbox, above, known, validity, &uids, &error);
    assert_no_gerror(error);
    for (guint i = 0; i < uids->len; i++)
        g_string_append_printf(text, "%u ", g_array_index(uids, guint32, i));
    return g_string_free(text, FALSE);
}

static void
check(const char *got_take, const char *want)
{
    g_autofree char *got = (char *)got_take;

    assert_text(got, want);
}

typedef struct {
    const char *name;
    Kind kind;
    void (*run)(const Box *box);
} Row;

static void
cursor(const Box *box)
{
    guint32 validity = 0;

    check(listed(box, 0, 0, &validity), "");
    assert_int_not_equal(validity, 0);
    put(box, 1);
    put(box, 2);
    check(listed(box, 0, validity, &validity), "1 2 ");
    check(listed(box, 1, validity, &validity), "2 ");
    check(listed(box, 2, validity, &validity), "");
    check(listed(box, 2, validity + 1, &validity), "1 2 ");
}

static void
fetching(const Box *box)
{
    const guint32 uids[] = {1, 2, 3, 99};
    guint32 validity = 0;
    g_autoptr(GString) got = g_string_new(NULL);
    g_autoptr(GError) error = NULL;

    put(box, 1);
    put(box, 2);
    put(box, 3);
    g_free(listed(box, 0, 0, &validity));
    box->mailbox->fetch(box->mailbox, uids, 4, note, got, &error);
    assert_no_gerror(error);
    assert_text(got->str, "1=1 2=2 3=3 ");
}

static void
moving(const Box *box)
{
    const guint32 uids[] = {1, 3, 99};
    guint32 validity = 0;
    g_autoptr(GString) got = g_string_new(NULL);
    g_autoptr(GError) error = NULL;

    put(box, 1);
    put(box, 2);
    put(box, 3);
    g_free(listed(box, 0, 0, &validity));
    for (guint round = 0; round < 2; round++) {
        box->mailbox->move(box->mailbox, uids, 3, "mailproc/Selesai", &error);
        assert_no_gerror(error);
    }
    check(listed(box, 0, validity, &validity), "2 ");
    box->mailbox->fetch(box->mailbox, uids, 3, note, got, &error);
    assert_no_gerror(error);
    assert_text(got->str, "");
    put(box, 4);
    check(listed(box, 3, validity, &validity), "4 ");
}

static void
appending(const Box *box)
{
    guint32 validity = 0;
    g_autoptr(GBytes) mail = g_bytes_new_static("Subject: x\r\n\r\n", 14);
    g_autoptr(GError) error = NULL;

    box->mailbox->append(box->mailbox, "mailproc/Terkirim", mail, &error);
    assert_no_gerror(error);
    check(listed(box, 0, 0, &validity), "");
}

#define ALL_KINDS(text, function)                                                                  \
    {"fake: " text, FAKE, function}, {"maildir: " text, MAILDIR, function},                        \
    {                                                                                              \
        "imap: " text, IMAP, function                                                              \
    }

static const Row rows[] = {
    ALL_KINDS("only what is above the cursor of this validity is listed", cursor),
    ALL_KINDS("mails come in order and unknown UIDs are left out", fetching),
    ALL_KINDS("moving twice is moving once and UIDs are not used again", moving),
    ALL_KINDS("an appended mail is not a new mail", appending),
};

static void
row_test(void **state)
{
    const Row *row = *state;
    Box box = box_new(row->kind);

    row->run(&box);
    box_clear(&box);
}

int
main(void)
{
    g_autoptr(GError) error = NULL;

    scratch = g_dir_make_tmp("mp-contract-XXXXXX", NULL);
    town = mp_town_start(MP_TOWN_DOVECOT, &error);
    if (town == NULL) {
        g_printerr("%s\n", error->message);
        return 1;
    }
    int failed = run_rows("mailbox contract", rows, row_test);

    mp_town_stop(town);
    mp_town_remove_tree(scratch);
    g_free(scratch);
    return failed;
}

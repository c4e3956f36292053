/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What goes over the wire without a server: folder names, sets, back-off, and the strings that are
 * refused before anything is opened. */

#include "ports/imap-private.h"
#include "support/asserts.h"

typedef struct {
    const char *name;
    const char *folder;
    char delimiter;
    const char *prefix;
    const char *want; /* NULL = refused */
} FolderRow;

static const FolderRow folders[] = {
    {"INBOX is INBOX whatever its case", "inbox", '.', "INBOX.", "INBOX"},
    {"a slash becomes the delimiter", "mailproc/Selesai", '.', "", "mailproc.Selesai"},
    {"a slash stays where it is the delimiter", "mailproc/Selesai", '/', "", "mailproc/Selesai"},
    {"a flat server keeps the slash", "mailproc/Selesai", '\0', "", "mailproc/Selesai"},
    {"the personal namespace is put in front", "Selesai", '.', "INBOX.", "INBOX.Selesai"},
    {"the namespace is not put in front twice", "INBOX/Selesai", '.', "INBOX.", "INBOX.Selesai"},
    {"an ampersand is escaped", "Cuti & Izin", '/', "", "Cuti &- Izin"},
    {"a letter beyond ASCII is modified UTF-7", "Arsip É", '/', "", "Arsip &AMk-"},
    {"a run of letters is one shift", "日本語", '/', "", "&ZeVnLIqe-"},
    {"a letter beyond the first plane is a surrogate pair", "😀", '/', "", "&2D3eAA-"},
    {"base64 uses a comma for its slash", "ÿÿ", '/', "", "&AP8A,w-"},
    {"each level is encoded by itself", "é/è", '.', "", "&AOk-.&AOg-"},
    {"T-20 a carriage return is refused", "a\rb", '/', "", NULL},
    {"T-20 a line feed is refused", "a\nA1 DELETE INBOX", '/', "", NULL},
    {"T-20 a quote is refused", "a\"b", '/', "", NULL},
    {"T-20 a backslash is refused", "a\\b", '/', "", NULL},
    {"T-20 a literal is refused", "a{5}", '/', "", NULL},
    {"T-20 a wildcard is refused", "a*", '/', "", NULL},
    {"T-20 a percent sign is refused", "a%", '/', "", NULL},
    {"T-20 an empty name is refused", "", '/', "", NULL},
    {"T-20 a leading slash is refused", "/a", '/', "", NULL},
    {"T-20 a trailing slash is refused", "a/", '/', "", NULL},
    {"T-20 an empty level is refused", "a//b", '/', "", NULL},
    {"T-20 broken UTF-8 is refused", "a\xff", '/', "", NULL},
};

static void
folder(void **state)
{
    const FolderRow *row = *state;
    g_autoptr(GError) error = NULL;

    assert_int_equal(mp_folder_check(row->folder, &error), row->want != NULL);
    if (row->want == NULL) {
        assert_gerror(error, MP_ERROR_CONFIG);
        return;
    }
    g_autofree char *got = mp_imap_folder_encode(row->folder, row->delimiter, row->prefix);

    assert_text(got, row->want);
}

typedef struct {
    const char *name;
    guint failures;
    guint32 random;
    gint64 want_ms;
} BackoffRow;

static const BackoffRow backoffs[] = {
    {"no failure, no wait", 0, 7, 0},
    {"first failure, least luck", 1, 0, 500},
    {"first failure, most", 1, G_MAXUINT32, 999},
    {"second failure doubles", 2, 0, 1000},
    {"ninth failure still doubles", 9, 0, 128000},
    {"tenth failure is at the cap", 10, 0, 150000},
    {"a thousandth failure stays at the cap", 1000, 0, 150000},
    {"the cap is five minutes", 1000, G_MAXUINT32, 299999},
};

static void
backoff(void **state)
{
    const BackoffRow *row = *state;

    assert_int_equal(mp_mailbox_backoff_ms(row->failures, row->random), row->want_ms);
}

typedef struct {
    const char *name;
    const char *host, *user, *password, *folder;
    MpTlsMode tls;
    const char *want; /* name of the mailbox, or NULL = refused */
} OptionsRow;

static const OptionsRow options_rows[] = {
    {"implicit TLS names itself imaps",
     "mail.contohkab.go.id",
     "a",
     "b",
     "INBOX",
     MP_TLS_IMPLICIT,
     "imaps://mail.contohkab.go.id/INBOX"},
    {"STARTTLS names itself imap",
     "mail.contohkab.go.id",
     "a",
     "b",
     "INBOX",
     MP_TLS_STARTTLS,
     "imap://mail.contohkab.go.id/INBOX"},
    {"no TLS is allowed to localhost",
     "localhost",
     "a",
     "b",
     "INBOX",
     MP_TLS_NONE,
     "imap://localhost/INBOX"},
    {"no TLS is allowed to 127.0.0.2",
     "127.0.0.2",
     "a",
     "b",
     "INBOX",
     MP_TLS_NONE,
     "imap://127.0.0.2/INBOX"},
    {"no TLS is refused to another host",
     "mail.contohkab.go.id",
     "a",
     "b",
     "INBOX",
     MP_TLS_NONE,
     NULL},
    {"no TLS is refused to a name that only begins like loopback",
     "127.0.0.1.example",
     "a",
     "b",
     "INBOX",
     MP_TLS_NONE,
     NULL},
    {"a user with a line feed is refused",
     "h.example",
     "a\r\nA1 LOGOUT",
     "b",
     "INBOX",
     MP_TLS_IMPLICIT,
     NULL},
    {"a password with a line feed is refused",
     "h.example",
     "a",
     "b\n",
     "INBOX",
     MP_TLS_IMPLICIT,
     NULL},
    {"an empty password is refused", "h.example", "a", "", "INBOX", MP_TLS_IMPLICIT, NULL},
    {"a host with a blank is refused", "h example", "a", "b", "INBOX", MP_TLS_IMPLICIT, NULL},
    {"a folder with a quote is refused", "h.example", "a", "b", "IN\"BOX", MP_TLS_IMPLICIT, NULL},
};

static void
options(void **state)
{
    const OptionsRow *row = *state;
    g_autoptr(GError) error = NULL;
    MpImapOptions given = {
        .host = (char *)row->host,
        .user = (char *)row->user,
        .password = (char *)row->password,
        .folder = (char *)row->folder,
        .tls = row->tls,
    };
    MpMailbox *mailbox = mp_mailbox_new_imap(&given, &error);

    assert_int_equal(mailbox != NULL, row->want != NULL);
    if (mailbox == NULL) {
        assert_gerror(error, MP_ERROR_CONFIG);
        return;
    }
    assert_text(mailbox->name, row->want);
    mailbox->free(mailbox);
}

static char *
set_text(const guint32 *uids, gsize n)
{
    struct mailimap_set *set = mp_imap_set(uids, n);
    GString *text = g_string_new(NULL);

    for (clistiter *cur = clist_begin(set->set_list); cur != NULL; cur = clist_next(cur)) {
        const struct mailimap_set_item *item = clist_content(cur);

        g_string_append_printf(text, "%u:%u ", item->set_first, item->set_last);
    }
    mailimap_set_free(set);
    return g_string_free(text, FALSE);
}

static void
runs_of_uids_become_ranges(void **state)
{
    const guint32 uids[] = {1, 2, 3, 7, 9, 10};
    g_autofree char *text = set_text(uids, G_N_ELEMENTS(uids));

    (void)state;
    assert_text(text, "1:3 7:7 9:10 ");
}

static void
the_last_uid_of_all_is_no_overflow(void **state)
{
    const guint32 uids[] = {G_MAXUINT32 - 1, G_MAXUINT32};
    g_autofree char *text = set_text(uids, G_N_ELEMENTS(uids));

    (void)state;
    assert_text(text, "4294967294:4294967295 ");
}

static void
a_range_told_backwards_is_the_same_range(void **state)
{
    struct mailimap_set *set = mailimap_set_new_interval(9, 3);

    (void)state;
    assert_true(mp_imap_set_has(set, 3));
    assert_true(mp_imap_set_has(set, 9));
    assert_false(mp_imap_set_has(set, 2));
    assert_false(mp_imap_set_has(set, 10));
    assert_false(mp_imap_set_has(NULL, 3));
    mailimap_set_free(set);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(runs_of_uids_become_ranges),
        cmocka_unit_test(the_last_uid_of_all_is_no_overflow),
        cmocka_unit_test(a_range_told_backwards_is_the_same_range),
    };

    return run_rows("folder names", folders, folder) + run_rows("back-off", backoffs, backoff) +
           run_rows("options", options_rows, options) +
           cmocka_run_group_tests_name("sets", tests, NULL, NULL);
}

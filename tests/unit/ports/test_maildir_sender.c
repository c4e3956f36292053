/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ports/ports.h"
#include "support/asserts.h"

#include <glib/gstdio.h>
#include <unistd.h>

#define MAIL "Message-ID: <satu@contohkab.go.id>\r\nSubject: x\r\n\r\nisi\r\n"
#define OTHER "Message-ID: <dua@contohkab.go.id>\r\nSubject: x\r\n\r\nisi\r\n"
#define FROM "layanan-tte@contohkab.go.id"

static char *root;

static int
set_up(void **state)
{
    (void)state;
    root = g_dir_make_tmp("mailproc-sender-XXXXXX", NULL);
    return root == NULL;
}

static void
remove_tree(const char *path)
{
    g_autoptr(GDir) dir = g_dir_open(path, 0, NULL);
    const char *name;

    while (dir != NULL && (name = g_dir_read_name(dir)) != NULL) {
        g_autofree char *below = g_build_filename(path, name, NULL);

        if (g_file_test(below, G_FILE_TEST_IS_DIR))
            remove_tree(below);
        else
            g_unlink(below);
    }
    g_rmdir(path);
}

static int
tear_down(void **state)
{
    (void)state;
    remove_tree(root);
    g_free(root);
    return 0;
}

static MpSender *
open_sender(void)
{
    g_autoptr(GError) error = NULL;
    MpSender *sender = mp_sender_new_maildir(root, &error);

    assert_no_gerror(error);
    return sender;
}

static MpSendResult
send_to(MpSender *sender, const char *recipient, const char *mail, char **reply_out)
{
    g_autoptr(GBytes) bytes = g_bytes_new(mail, strlen(mail));

    return sender->send(sender, FROM, recipient, bytes, reply_out);
}

static guint
count(const char *box, const char *part, char **name_out)
{
    g_autofree char *path = g_build_filename(root, box, part, NULL);
    g_autoptr(GDir) dir = g_dir_open(path, 0, NULL);
    const char *name;
    guint n = 0;

    while (dir != NULL && (name = g_dir_read_name(dir)) != NULL) {
        n++;
        if (name_out != NULL) {
            g_free(*name_out);
            *name_out = g_build_filename(path, name, NULL);
        }
    }
    return n;
}

static void
test_delivers(void **state)
{
    MpSender *sender = open_sender();
    g_autofree char *reply = NULL;
    g_autofree char *file = NULL;
    g_autofree char *bytes = NULL;
    GStatBuf info;

    (void)state;
    assert_int_equal(send_to(sender, "Budi@ContohKab.go.id", MAIL, &reply), MP_SEND_ACCEPTED);
    assert_text(reply, "delivered");
    assert_int_equal(count("budi@contohkab.go.id", "new", &file), 1);
    assert_int_equal(count("budi@contohkab.go.id", "tmp", NULL), 0);
    assert_int_equal(count("budi@contohkab.go.id", "cur", NULL), 0);
    assert_true(g_file_get_contents(file, &bytes, NULL, NULL));
    assert_text(bytes, MAIL);
    assert_int_equal(g_stat(file, &info), 0);
    assert_int_equal(info.st_mode & 0777, 0600);
    sender->free(sender);
}

static void
test_repeat(void **state)
{
    MpSender *sender = open_sender();
    g_autofree char *reply = NULL;
    g_autofree char *file = NULL;
    g_autofree char *base = NULL;
    g_autofree char *read_name = NULL;

    (void)state;
    assert_int_equal(send_to(sender, "cici@contohkab.go.id", MAIL, NULL), MP_SEND_ACCEPTED);
    assert_int_equal(send_to(sender, "cici@contohkab.go.id", MAIL, &reply), MP_SEND_ACCEPTED);
    assert_text(reply, "was delivered before");
    assert_int_equal(count("cici@contohkab.go.id", "new", &file), 1);
    /* A reader has taken it meanwhile. */
    base = g_path_get_basename(file);
    read_name = g_strdup_printf("%s/cici@contohkab.go.id/cur/%s:2,S", root, base);
    assert_int_equal(g_rename(file, read_name), 0);
    assert_int_equal(send_to(sender, "cici@contohkab.go.id", MAIL, NULL), MP_SEND_ACCEPTED);
    assert_int_equal(count("cici@contohkab.go.id", "new", NULL), 0);
    assert_int_equal(send_to(sender, "cici@contohkab.go.id", OTHER, NULL), MP_SEND_ACCEPTED);
    assert_int_equal(count("cici@contohkab.go.id", "new", NULL), 1);
    sender->free(sender);
}

/* What a death between write and rename left behind is written over. */
static void
test_leftover(void **state)
{
    MpSender *sender = open_sender();
    g_autofree char *file = NULL;
    g_autofree char *base = NULL;
    g_autofree char *leftover = NULL;
    g_autofree char *bytes = NULL;

    (void)state;
    assert_int_equal(send_to(sender, "dodi@contohkab.go.id", MAIL, NULL), MP_SEND_ACCEPTED);
    count("dodi@contohkab.go.id", "new", &file);
    base = g_path_get_basename(file);
    leftover = g_build_filename(root, "dodi@contohkab.go.id", "tmp", base, NULL);
    assert_int_equal(g_unlink(file), 0);
    assert_true(
        g_file_set_contents(leftover, "half of a longer mail, of a program that died", -1, NULL));
    assert_int_equal(send_to(sender, "dodi@contohkab.go.id", MAIL, NULL), MP_SEND_ACCEPTED);
    assert_true(g_file_get_contents(file, &bytes, NULL, NULL));
    assert_text(bytes, MAIL);
    assert_int_equal(count("dodi@contohkab.go.id", "tmp", NULL), 0);
    sender->free(sender);
}

typedef struct {
    const char *name;
    const char *address;
    const char *want_box; /* NULL = refused */
} PathRow;

static const PathRow path_rows[] = {
    {"a slash stays inside the directory", "a/../../b@contohkab.go.id", NULL},
    {"a lone slash is escaped", "a/b@contohkab.go.id", "a%2fb@contohkab.go.id"},
    {"a percent sign is escaped", "a%2fb@contohkab.go.id", "a%252fb@contohkab.go.id"},
    {"a plus is kept", "a+b@contohkab.go.id", "a+b@contohkab.go.id"},
    {"dots at the beginning are no address", "..@contohkab.go.id", NULL},
    {"a line end is no address", "a@contohkab.go.id\n", NULL},
    {"nothing is no address", "", NULL},
};

static void
test_path(void **state)
{
    const PathRow *row = *state;
    MpSender *sender = open_sender();
    g_autofree char *reply = NULL;

    assert_int_equal(send_to(sender, row->address, MAIL, &reply),
                     row->want_box == NULL ? MP_SEND_REFUSED : MP_SEND_ACCEPTED);
    if (row->want_box != NULL)
        assert_int_equal(count(row->want_box, "new", NULL), 1);
    sender->free(sender);
}

/* What cannot be made durable is not reported as delivered. */
static void
test_broken(void **state)
{
    MpSender *sender = open_sender();
    g_autofree char *reply = NULL;
    g_autofree char *blocker = g_build_filename(root, "eko@contohkab.go.id", NULL);

    (void)state;
    assert_true(g_file_set_contents(blocker, "a file where the Maildir should be", -1, NULL));
    assert_int_equal(send_to(sender, "eko@contohkab.go.id", MAIL, &reply), MP_SEND_UNREACHABLE);
    assert_contains(reply, "eko@contohkab.go.id");
    sender->free(sender);
}

static void
test_check(void **state)
{
    MpSender *sender = open_sender();
    g_autoptr(GError) error = NULL;
    g_autofree char *gone = g_strconcat(root, "-gone", NULL);

    (void)state;
    assert_true(sender->check(sender, &error));
    assert_no_gerror(error);
    assert_int_equal(g_rename(root, gone), 0);
    assert_false(sender->check(sender, &error));
    assert_gerror(error, MP_ERROR_STORAGE);
    assert_int_equal(g_rename(gone, root), 0);
    sender->finish(sender);
    sender->free(sender);
}

static void
test_new_refused(void **state)
{
    g_autofree char *file = g_build_filename(root, "berkas", NULL);
    g_autofree char *below = g_build_filename(file, "di-bawah", NULL);
    g_autoptr(GError) error = NULL;

    (void)state;
    assert_true(g_file_set_contents(file, "x", -1, NULL));
    assert_null(mp_sender_new_maildir(below, &error));
    assert_gerror(error, MP_ERROR_STORAGE);
}

int
main(void)
{
    static const struct CMUnitTest tests[] = {
        {"a mail is one private file in new", test_delivers, NULL, NULL, NULL},
        {"the same Message-ID is delivered once", test_repeat, NULL, NULL, NULL},
        {"a leftover of a death is written over", test_leftover, NULL, NULL, NULL},
        {"a box that cannot be made is unreachable", test_broken, NULL, NULL, NULL},
        {"check sees that the directory is gone", test_check, NULL, NULL, NULL},
        {"a directory that cannot be made is an error", test_new_refused, NULL, NULL, NULL},
    };
    struct CMUnitTest rows[G_N_ELEMENTS(path_rows)] = {{NULL, NULL, NULL, NULL, NULL}};
    int failed = cmocka_run_group_tests(tests, set_up, tear_down);

    for (gsize i = 0; i < G_N_ELEMENTS(path_rows); i++) {
        rows[i].name = path_rows[i].name;
        rows[i].test_func = test_path;
        rows[i].initial_state = (void *)&path_rows[i];
    }
    return failed + cmocka_run_group_tests(rows, set_up, tear_down);
}

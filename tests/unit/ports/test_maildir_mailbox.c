/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The Maildir port in a scratch directory: numbers that outlive the program, moves, and what a
 * Maildir may do behind our back. */

#include "ports/ports.h"
#include "support/asserts.h"

#include <glib/gstdio.h>
#include <unistd.h>
#include <utime.h>

typedef struct {
    char *root, *dir;
    MpMailbox *mailbox;
} Box;

static void
remove_tree(const char *dir)
{
    g_autoptr(GDir) listing = g_dir_open(dir, 0, NULL);
    const char *name;

    while (listing != NULL && (name = g_dir_read_name(listing)) != NULL) {
        g_autofree char *path = g_build_filename(dir, name, NULL);

        if (g_file_test(path, G_FILE_TEST_IS_DIR) && !g_file_test(path, G_FILE_TEST_IS_SYMLINK))
            remove_tree(path);
        else
            g_unlink(path);
    }
    g_rmdir(dir);
}

static void
reopen(Box *box)
{
    g_autoptr(GError) error = NULL;

    if (box->mailbox != NULL)
        box->mailbox->free(box->mailbox);
    box->mailbox = mp_mailbox_new_maildir(box->dir, 100, &error);
    assert_no_gerror(error);
}

static int
set_up(void **state)
{
    Box *box = g_new0(Box, 1);

    box->root = g_dir_make_tmp("mp-maildir-XXXXXX", NULL);
    box->dir = g_build_filename(box->root, "masuk", NULL);
    reopen(box);
    *state = box;
    return 0;
}

static int
tear_down(void **state)
{
    Box *box = *state;

    box->mailbox->free(box->mailbox);
    remove_tree(box->root);
    g_free(box->root);
    g_free(box->dir);
    g_free(box);
    return 0;
}

/* Puts `text` into SUB/NAME with that mtime. */
static void
put(const Box *box, const char *sub, const char *name, const char *text, gint64 mtime_s)
{
    g_autofree char *dir = g_build_filename(box->dir, sub, NULL);
    g_autofree char *path = g_build_filename(dir, name, NULL);
    struct utimbuf times = {.actime = mtime_s, .modtime = mtime_s};

    g_mkdir_with_parents(dir, 0700);
    assert_true(g_file_set_contents(path, text, -1, NULL));
    utime(path, &times);
}

static gboolean
collect(const MpFetched *mail, gpointer data)
{
    GString *seen = data;

    g_string_append_printf(
        seen, "%u@%" G_GINT64_FORMAT "=", mail->uid, mail->arrived_utc / G_USEC_PER_SEC);
    if (mail->content != NULL)
        g_string_append_len(
            seen, g_bytes_get_data(mail->content, NULL), (gssize)g_bytes_get_size(mail->content));
    else
        g_string_append_printf(seen, "(%s)", mail->problem);
    g_string_append_c(seen, ';');
    return mail->content == NULL || memcmp(g_bytes_get_data(mail->content, NULL), "stop", 4) != 0;
}

static GArray *
list(Box *box, guint32 above, guint32 known, guint32 *validity)
{
    g_autoptr(GError) error = NULL;
    GArray *uids = NULL;

    box->mailbox->list(box->mailbox, above, known, validity, &uids, &error);
    assert_no_gerror(error);
    return uids;
}

/* "uid uid …" of all above the cursor. */
static char *
listed(Box *box, guint32 above, guint32 known, guint32 *validity)
{
    g_autoptr(GArray) uids = list(box, above, known, validity);
    GString *text = g_string_new(NULL);

    for (guint i = 0; i < uids->len; i++)
        g_string_append_printf(text, "%s%u", i ? " " : "", g_array_index(uids, guint32, i));
    return g_string_free(text, FALSE);
}

static char *
fetched(Box *box)
{
    guint32 validity = 0;
    g_autoptr(GError) error = NULL;
    g_autoptr(GArray) uids = list(box, 0, 0, &validity);
    GString *seen = g_string_new(NULL);

    box->mailbox->fetch(
        box->mailbox, (const guint32 *)(gpointer)uids->data, uids->len, collect, seen, &error);
    assert_no_gerror(error);
    return g_string_free(seen, FALSE);
}

static void
mails_are_numbered_by_arrival(void **state)
{
    Box *box = *state;

    put(box, "new", "b", "kedua", 2000);
    put(box, "new", "a", "ketiga", 3000);
    put(box, "cur", "c:2,S", "pertama", 1000);
    g_autofree char *seen = fetched(box);

    assert_text(seen, "1@1000=pertama;2@2000=kedua;3@3000=ketiga;");
    g_autofree char *path = g_build_filename(box->dir, "cur", "a:2,", NULL);

    assert_true(g_file_test(path, G_FILE_TEST_EXISTS));
}

static void
numbers_outlive_the_program(void **state)
{
    Box *box = *state;
    guint32 first = 0;
    guint32 second = 0;

    put(box, "new", "b", "b", 2000);
    g_autofree char *before = listed(box, 0, 0, &first);

    reopen(box);
    put(box, "new", "a", "a", 1000);
    g_autofree char *after = listed(box, 1, first, &second);

    assert_text(before, "1");
    assert_text(after, "2");
    assert_int_equal(first, second);
}

static void
a_vanished_number_is_never_given_again(void **state)
{
    Box *box = *state;
    guint32 validity = 0;

    put(box, "new", "a", "a", 1000);
    g_free(listed(box, 0, 0, &validity));
    g_autofree char *path = g_build_filename(box->dir, "cur", "a:2,", NULL);

    g_unlink(path);
    g_free(listed(box, 0, validity, &validity));
    reopen(box);
    put(box, "new", "a", "lagi", 1000);
    g_autofree char *after = listed(box, 0, validity, &validity);

    assert_text(after, "2");
}

static void
another_validity_lists_from_the_beginning(void **state)
{
    Box *box = *state;
    guint32 validity = 0;

    put(box, "new", "a", "a", 1000);
    put(box, "new", "b", "b", 2000);
    g_free(listed(box, 0, 0, &validity));
    g_autofree char *same = listed(box, 2, validity, &validity);
    g_autofree char *other = listed(box, 2, validity + 1, &validity);

    assert_text(same, "");
    assert_text(other, "1 2");
}

static void
flags_changed_by_a_mail_program_do_not_matter(void **state)
{
    Box *box = *state;
    guint32 validity = 0;
    g_autoptr(GError) error = NULL;
    g_autoptr(GString) seen = g_string_new(NULL);
    const guint32 uid = 1;

    put(box, "new", "a", "isi", 1000);
    g_free(listed(box, 0, 0, &validity));
    g_autofree char *old = g_build_filename(box->dir, "cur", "a:2,", NULL);
    g_autofree char *new = g_build_filename(box->dir, "cur", "a:2,RS", NULL);

    assert_int_equal(g_rename(old, new), 0);
    box->mailbox->fetch(box->mailbox, &uid, 1, collect, seen, &error);
    assert_no_gerror(error);
    assert_text(seen->str, "1@1000=isi;");
    box->mailbox->move(box->mailbox, &uid, 1, "mailproc/Selesai", &error);
    assert_no_gerror(error);
    g_autofree char *moved = g_build_filename(box->root, "mailproc.Selesai", "cur", "a:2,RS", NULL);

    assert_true(g_file_test(moved, G_FILE_TEST_EXISTS));
}

static void
moving_what_is_gone_is_fine(void **state)
{
    Box *box = *state;
    guint32 validity = 0;
    g_autoptr(GError) error = NULL;
    const guint32 uids[] = {1, 2, 77};

    put(box, "new", "a", "a", 1000);
    put(box, "new", "b", "b", 2000);
    g_free(listed(box, 0, 0, &validity));
    for (guint round = 0; round < 2; round++) {
        box->mailbox->move(box->mailbox, uids, 3, "Selesai", &error);
        assert_no_gerror(error);
    }
    g_autofree char *rest = listed(box, 0, validity, &validity);

    assert_text(rest, "");
}

static void
a_mail_of_the_limit_is_read_and_one_over_is_told(void **state)
{
    Box *box = *state;
    g_autofree char *fits = g_strnfill(100, 'x');
    g_autofree char *large = g_strnfill(101, 'y');

    put(box, "new", "a", fits, 1000);
    put(box, "new", "b", large, 2000);
    g_autofree char *want = g_strdup_printf("1@1000=%s;2@2000=(larger than a mail may be);", fits);
    g_autofree char *seen = fetched(box);

    assert_text(seen, want);
}

static void
fetching_stops_when_told(void **state)
{
    Box *box = *state;

    put(box, "new", "a", "stop", 1000);
    put(box, "new", "b", "b", 2000);
    g_autofree char *seen = fetched(box);

    assert_text(seen, "1@1000=stop;");
}

static void
links_directories_and_dot_files_are_no_mail(void **state)
{
    Box *box = *state;
    guint32 validity = 0;
    g_autofree char *sub = g_build_filename(box->dir, "cur", "sub", NULL);
    g_autofree char *link = g_build_filename(box->dir, "cur", "tautan", NULL);

    put(box, "new", ".a", "a", 1000);
    g_mkdir_with_parents(sub, 0700);
    assert_int_equal(symlink("/etc/passwd", link), 0);
    g_autofree char *seen = listed(box, 0, 0, &validity);

    assert_text(seen, "");
}

static void
a_damaged_list_of_numbers_is_refused(void **state)
{
    Box *box = *state;
    guint32 validity = 0;
    GArray *uids = NULL;
    g_autoptr(GError) error = NULL;

    put(box, ".", "mailproc-uids", "mailproc-uids 1 7 3\n5 a\n", 1000);
    assert_false(box->mailbox->list(box->mailbox, 0, 0, &validity, &uids, &error));
    assert_gerror(error, MP_ERROR_STORAGE);
    assert_contains(error->message, "mailproc-uids: is damaged; remove it");
}

static void
appended_mail_lies_beside(void **state)
{
    Box *box = *state;
    g_autoptr(GError) error = NULL;
    g_autoptr(GBytes) mail = g_bytes_new_static("isi", 3);

    box->mailbox->append(box->mailbox, "Terkirim", mail, &error);
    assert_no_gerror(error);
    g_autofree char *cur = g_build_filename(box->root, "Terkirim", "cur", NULL);
    g_autoptr(GDir) listing = g_dir_open(cur, 0, NULL);
    const char *name = g_dir_read_name(listing);

    assert_true(g_str_has_suffix(name, ".mailproc:2,S"));
    assert_null(g_dir_read_name(listing));
}

static void
waiting_ends_when_mail_is_there(void **state)
{
    Box *box = *state;
    gboolean is_changed = FALSE;
    g_autoptr(GError) error = NULL;

    put(box, "new", "a", "a", 1000);
    box->mailbox->wait(box->mailbox, 60000, -1, &is_changed, &error);
    assert_no_gerror(error);
    assert_true(is_changed);
}

typedef struct {
    const char *name;
    const char *folder;
} FolderRow;

static const FolderRow bad_folders[] = {
    {"a folder above is refused", "../luar"},
    {"a dot folder is refused", ".luar"},
    {"a folder with a line feed is refused", "a\nb"},
    {"the mailbox itself is refused", "masuk"},
    {"an empty level is refused", "a//b"},
};

static void
bad_folder(void **state)
{
    const FolderRow *row = *state;
    void *inner = NULL;
    g_autoptr(GError) error = NULL;
    const guint32 uid = 1;

    set_up(&inner);
    Box *box = inner;

    put(box, "new", "a", "a", 1000);
    assert_false(box->mailbox->move(box->mailbox, &uid, 1, row->folder, &error));
    assert_gerror(error, MP_ERROR_CONFIG);
    tear_down(&inner);
}

int
main(void)
{
#define T(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        T(mails_are_numbered_by_arrival),
        T(numbers_outlive_the_program),
        T(a_vanished_number_is_never_given_again),
        T(another_validity_lists_from_the_beginning),
        T(flags_changed_by_a_mail_program_do_not_matter),
        T(moving_what_is_gone_is_fine),
        T(a_mail_of_the_limit_is_read_and_one_over_is_told),
        T(fetching_stops_when_told),
        T(links_directories_and_dot_files_are_no_mail),
        T(a_damaged_list_of_numbers_is_refused),
        T(appended_mail_lies_beside),
        T(waiting_ends_when_mail_is_there),
    };
#undef T

    return run_rows("maildir folders", bad_folders, bad_folder) +
           cmocka_run_group_tests_name("maildir mailbox", tests, NULL, NULL);
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The gate in front of the builder, function by function. */
#include "notify/notify-private.h"
#include "support/asserts.h"

/* --- file names --------------------------------------------------------------------------------
 */

typedef struct {
    const char *name;
    const char *filename, *want;
} NameRow;

static const NameRow name_rows[] = {
    {"a plain name", "Surat Permohonan.pdf", "Surat Permohonan.pdf"},
    {"letters of other scripts", "Sürat – é.pdf", "Sürat – é.pdf"},
    {"a path", "/etc/passwd", "passwd"},
    {"a path upwards", "../../x.pdf", "x.pdf"},
    {"a path of Windows", "C:\\berkas\\x.pdf", "x.pdf"},
    {"a hidden file", ".bashrc", "bashrc"},
    {"an option", "--rf", "rf"},
    {"dots and blanks in front", ". . x", "x"},
    {"line ends", "a\r\nBcc: x.pdf", "a Bcc_ x.pdf"},
    {"quotes", "a\"b.pdf", "a_b.pdf"},
    {"a name that reads backwards",
     "x\xe2\x80\xae"
     "fdp.exe",
     "xfdp.exe"},
    {"bytes that are no UTF-8", "a\xff.pdf", "a\xef\xbf\xbd.pdf"},
    {"nothing", "", "lampiran"},
    {"no name", NULL, "lampiran"},
    {"only a directory", "berkas/", "lampiran"},
    {"only dots", "..", "lampiran"},
};

static void
test_name(void **state)
{
    const NameRow *row = *state;
    g_autofree char *got = mp_notify_filename(row->filename);

    assert_text(got, row->want);
}

static void
test_name_length(void **state)
{
    g_autofree char *hundred = g_strnfill(100, 'a');
    g_autofree char *more = g_strnfill(101, 'a');
    g_autofree char *got_hundred = mp_notify_filename(hundred);
    g_autofree char *got_more = mp_notify_filename(more);

    (void)state;
    assert_text(got_hundred, hundred);
    assert_text(got_more, hundred);
}

/* --- media types ---------------------------------------------------------------------------------
 */

static const NameRow type_rows[] = {
    {"a plain type", "application/pdf", "application/pdf"},
    {"a type with a plus", "image/svg+xml", "image/svg+xml"},
    {"parameters", "text/plain; charset=utf-8", "application/octet-stream"},
    {"a line end", "text/plain\r\nBcc: x", "application/octet-stream"},
    {"what would nest", "multipart/mixed", "application/octet-stream"},
    {"a mail", "Message/RFC822", "application/octet-stream"},
    {"half a type", "text", "application/octet-stream"},
    {"an empty half", "text/", "application/octet-stream"},
    {"three parts", "a/b/c", "application/octet-stream"},
    {"nothing", NULL, "application/octet-stream"},
};

static void
test_type(void **state)
{
    const NameRow *row = *state;
    g_autofree char *major = NULL;
    g_autofree char *minor = NULL;
    g_autofree char *got = NULL;

    mp_notify_plain_type(row->filename, &major, &minor);
    got = g_strdup_printf("%s/%s", major, minor);
    assert_text(got, row->want);
}

/* --- ids
 * ------------------------------------------------------------------------------------------- */

/* A Message-ID of 250 bytes is fine, one of 251 is not. */
static void
test_id_length(void **state)
{
    g_autofree char *local = g_strnfill(250, 'a');
    g_autofree char *longer = NULL;

    (void)state;
    local[200] = '@';
    longer = g_strconcat(local, "a", NULL);
    assert_true(mp_notify_is_plain_id(local));
    assert_false(mp_notify_is_plain_id(longer));
}

static void
test_long_thread(void **state)
{
    g_autoptr(GString) references = g_string_new("<awal@x.example>");
    g_autofree char *kept = NULL;

    (void)state;
    for (guint i = 0; i < 500; i++)
        g_string_append_printf(references, " <m%u@x.example>", i);
    g_string_append(references, " <rusak@x.example\x01> rusak <a b@c> <>");
    kept = mp_notify_plain_references(references->str);
    assert_true(g_str_has_prefix(kept, "<awal@x.example> <m481@x.example>"));
    assert_true(g_str_has_suffix(kept, "<m499@x.example>"));
    assert_null(mp_notify_plain_references("bukan id"));
    assert_null(mp_notify_plain_references(NULL));
}

int
main(void)
{
    static const struct CMUnitTest single[] = {
        {"a file name has its length", test_name_length, NULL, NULL, NULL},
        {"a Message-ID has its length", test_id_length, NULL, NULL, NULL},
        {"of a long thread the first and the newest are kept", test_long_thread, NULL, NULL, NULL},
    };
    int failed = run_rows("file names", name_rows, test_name);

    failed += run_rows("media types", type_rows, test_type);
    return failed + cmocka_run_group_tests(single, NULL, NULL);
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "unit/document/make.h"

#include "support/asserts.h"

#include <archive.h>
#include <archive_entry.h>

/* What a clerk would list: names of all documents, "*" behind those that can be read. */
static char *
list(MpMessage *message, const MpLimits *limits, GPtrArray *doubts)
{
    g_autoptr(GPtrArray) documents = mp_document_read_all(message, limits, doubts);
    g_autoptr(GString) out = g_string_new(NULL);

    for (guint i = 0; i < documents->len; i++) {
        const MpDocument *document = g_ptr_array_index(documents, i);

        g_string_append_printf(
            out, "%s%s%s", i > 0 ? ", " : "", document->filename, document->is_readable ? "*" : "");
    }
    mp_message_free(message);
    return g_string_free(g_steal_pointer(&out), FALSE);
}

static GBytes *
text(const char *words)
{
    return g_bytes_new_static(words, strlen(words));
}

static void
plain_text_is_read(void **state)
{
    g_autoptr(GPtrArray) doubts = g_ptr_array_new_with_free_func(g_free);
    MpLimits limits = mp_limits_default();
    g_autoptr(GBytes) bytes = text("Nomor : 1/2/2026\n");
    g_autofree char *got = list(make_mail("a.txt", "text/plain", bytes), &limits, doubts);

    (void)state;
    assert_text(got, "a.txt*");
    assert_int_equal(doubts->len, 0);
}

static void
an_empty_file_is_a_doubt(void **state)
{
    g_autoptr(GPtrArray) doubts = g_ptr_array_new_with_free_func(g_free);
    MpLimits limits = mp_limits_default();
    g_autoptr(GBytes) bytes = text("");
    g_autofree char *got = list(make_mail("ktp.pdf", "application/pdf", bytes), &limits, doubts);

    (void)state;
    assert_text(got, "ktp.pdf");
    assert_true(has_doubt(doubts, "empty-attachment"));
}

static void
machinery_and_inline_parts_are_no_documents(void **state)
{
    g_autoptr(GPtrArray) doubts = g_ptr_array_new_with_free_func(g_free);
    MpLimits limits = mp_limits_default();
    g_autoptr(GBytes) bytes = text("x");
    MpMessage *message = make_mail("smime.p7s", "application/pkcs7-signature", bytes);
    MpPart *picture = mp_part_new();
    g_autofree char *got = NULL;

    (void)state;
    picture->filename = g_strdup("logo.png");
    picture->content = g_bytes_ref(bytes);
    picture->is_inline = TRUE;
    g_ptr_array_add(message->parts, picture);
    got = list(message, &limits, doubts);
    assert_text(got, "");
}

static void
members_stand_in_place_of_their_zip(void **state)
{
    static const MadeFile files[] = {{"KTP/KTP Dewi.txt", "nik", -1},
                                     {"__MACOSX/._KTP Dewi.txt", "x", -1},
                                     {"../../etc/.passwd", "y", -1},
                                     {"Thumbs.db", "z", -1}};
    g_autoptr(GPtrArray) doubts = g_ptr_array_new_with_free_func(g_free);
    MpLimits limits = mp_limits_default();
    g_autoptr(GBytes) bytes = make_zip(files, G_N_ELEMENTS(files));
    g_autofree char *got = list(make_mail("Berkas.zip", "application/zip", bytes), &limits, doubts);

    (void)state;
    assert_text(got, "KTP Dewi.txt*, passwd*");
    assert_int_equal(doubts->len, 0);
}

static void
a_zip_in_a_zip_is_opened(void **state)
{
    static const MadeFile inner[] = {{"surat.txt", "isi", -1}};
    g_autoptr(GPtrArray) doubts = g_ptr_array_new_with_free_func(g_free);
    MpLimits limits = mp_limits_default();
    g_autoptr(GBytes) first = make_zip(inner, 1);
    g_autofree char *got = NULL;
    MadeFile outer = {"dalam.zip", g_bytes_get_data(first, NULL), (gssize)g_bytes_get_size(first)};
    g_autoptr(GBytes) second = make_zip(&outer, 1);

    (void)state;
    got = list(make_mail("luar.zip", "application/zip", second), &limits, doubts);
    assert_text(got, "surat.txt*");
}

/* `levels` ZIPs around one text. */
static GBytes *
nested(guint levels)
{
    GBytes *bytes = text("isi");

    for (guint i = 0; i < levels; i++) {
        MadeFile file = {i == 0 ? "surat.txt" : "lagi.zip",
                         g_bytes_get_data(bytes, NULL),
                         (gssize)g_bytes_get_size(bytes)};
        GBytes *outer = make_zip(&file, 1);

        g_bytes_unref(bytes);
        bytes = outer;
    }
    return bytes;
}

static void
three_nested_zips_are_opened_and_a_fourth_is_not(void **state)
{
    g_autoptr(GPtrArray) doubts = g_ptr_array_new_with_free_func(g_free);
    MpLimits limits = mp_limits_default();
    g_autoptr(GBytes) three = nested(3);
    g_autoptr(GBytes) four = nested(4);
    g_autofree char *got = list(make_mail("a.zip", "application/zip", three), &limits, doubts);
    g_autofree char *deep = NULL;

    (void)state;
    assert_text(got, "surat.txt*");
    assert_false(has_doubt(doubts, "limit"));
    deep = list(make_mail("a.zip", "application/zip", four), &limits, doubts);
    assert_text(deep, "lagi.zip");
    assert_true(has_doubt(doubts, "limit"));
}

static void
entries_over_the_limit_are_not_read(void **state)
{
    static const MadeFile files[] = {{"a.txt", "a", -1}, {"b.txt", "b", -1}, {"c.txt", "c", -1}};
    g_autoptr(GPtrArray) doubts = g_ptr_array_new_with_free_func(g_free);
    MpLimits limits = mp_limits_default();
    g_autoptr(GBytes) bytes = make_zip(files, 3);
    g_autofree char *got = NULL;
    g_autofree char *cut = NULL;

    (void)state;
    limits.archive_entries = 3;
    got = list(make_mail("a.zip", "application/zip", bytes), &limits, doubts);
    assert_text(got, "a.txt*, b.txt*, c.txt*");
    assert_false(has_doubt(doubts, "limit"));
    limits.archive_entries = 2;
    cut = list(make_mail("a.zip", "application/zip", bytes), &limits, doubts);
    assert_text(cut, "a.txt*, b.txt*");
    assert_true(has_doubt(doubts, "limit"));
}

static void
inflated_bytes_over_the_limit_are_not_read(void **state)
{
    static const MadeFile files[] = {{"a.txt", "aaaaa", -1}, {"b.txt", "bbbbb", -1}};
    g_autoptr(GPtrArray) doubts = g_ptr_array_new_with_free_func(g_free);
    MpLimits limits = mp_limits_default();
    g_autoptr(GBytes) bytes = make_zip(files, 2);
    g_autofree char *got = NULL;
    g_autofree char *cut = NULL;

    (void)state;
    limits.archive_bytes = 10;
    got = list(make_mail("a.zip", "application/zip", bytes), &limits, doubts);
    assert_text(got, "a.txt*, b.txt*");
    assert_false(has_doubt(doubts, "limit"));
    limits.archive_bytes = 9;
    cut = list(make_mail("a.zip", "application/zip", bytes), &limits, doubts);
    assert_text(cut, "a.txt*");
    assert_true(has_doubt(doubts, "limit"));
}

/* A deflated ZIP of one file, made in memory. */
static GBytes *
make_packed(const char *name, const char *content, gsize length)
{
    struct archive *zip = archive_write_new();
    struct archive_entry *entry = archive_entry_new();
    gsize room = 64 * 1024, used = 0;
    char *bytes = g_malloc(room);

    assert_int_equal(archive_write_set_format_zip(zip), ARCHIVE_OK);
    assert_int_equal(archive_write_open_memory(zip, bytes, room, &used), ARCHIVE_OK);
    archive_entry_set_pathname(entry, name);
    archive_entry_set_size(entry, (la_int64_t)length);
    archive_entry_set_filetype(entry, AE_IFREG);
    archive_entry_set_perm(entry, 0600);
    assert_int_equal(archive_write_header(zip, entry), ARCHIVE_OK);
    assert_int_equal(archive_write_data(zip, content, length), length);
    archive_entry_free(entry);
    assert_int_equal(archive_write_close(zip), ARCHIVE_OK);
    archive_write_free(zip);
    return g_bytes_new_take(bytes, used);
}

/* Half a megabyte of one letter shrinks some hundredfold: at that ratio it is read, below it not.
 */
static void
a_bomb_is_known_by_its_ratio(void **state)
{
    enum { LENGTH = 512 * 1024 };

    g_autofree char *content = g_strnfill(LENGTH, 'a');
    g_autoptr(GBytes) bytes = make_packed("a.txt", content, LENGTH);
    gint64 packed = (gint64)g_bytes_get_size(bytes);
    g_autoptr(GPtrArray) doubts = g_ptr_array_new_with_free_func(g_free);
    MpLimits limits = mp_limits_default();
    g_autofree char *got = NULL;
    g_autofree char *cut = NULL;

    (void)state;
    limits.archive_ratio = LENGTH / packed + 1;
    got = list(make_mail("a.zip", "application/zip", bytes), &limits, doubts);
    assert_text(got, "a.txt*");
    g_ptr_array_set_size(doubts, 0);
    limits.archive_ratio = LENGTH / (packed + 1);
    cut = list(make_mail("a.zip", "application/zip", bytes), &limits, doubts);
    assert_lacks(cut, "a.txt*");
    assert_true(has_doubt(doubts, "limit"));
}

static void
entries_that_overlap_are_not_inflated(void **state)
{
    static const MadeFile files[] = {{"a.txt", "aaaaa", -1}, {"b.txt", "bbbbb", -1}};
    g_autoptr(GPtrArray) doubts = g_ptr_array_new_with_free_func(g_free);
    MpLimits limits = mp_limits_default();
    g_autoptr(GBytes) bytes = make_zip_bent(files, 2, -40);
    g_autofree char *got = list(make_mail("a.zip", "application/zip", bytes), &limits, doubts);

    (void)state;
    assert_text(got, "a.zip");
    assert_true(has_doubt(doubts, "unread-attachment"));
}

static void
a_large_attachment_is_listed_but_not_looked_into(void **state)
{
    g_autoptr(GPtrArray) doubts = g_ptr_array_new_with_free_func(g_free);
    MpLimits limits = mp_limits_default();
    g_autoptr(GBytes) bytes = text("12345");
    g_autofree char *got = NULL;
    g_autofree char *large = NULL;

    (void)state;
    limits.attachment_bytes = 5;
    got = list(make_mail("a.txt", "text/plain", bytes), &limits, doubts);
    assert_text(got, "a.txt*");
    limits.attachment_bytes = 4;
    large = list(make_mail("a.txt", "text/plain", bytes), &limits, doubts);
    assert_text(large, "a.txt");
    assert_true(has_doubt(doubts, "limit"));
}

static void
a_broken_archive_is_unread(void **state)
{
    g_autoptr(GPtrArray) doubts = g_ptr_array_new_with_free_func(g_free);
    MpLimits limits = mp_limits_default();
    g_autoptr(GBytes) bytes = text("PK\3\4 and nothing more of it");
    g_autofree char *got = list(make_mail("a.zip", "application/zip", bytes), &limits, doubts);

    (void)state;
    assert_text(got, "a.zip");
    assert_true(has_doubt(doubts, "unread-attachment"));
}

static void
facts_of_a_document(void **state)
{
    g_autoptr(GPtrArray) doubts = g_ptr_array_new_with_free_func(g_free);
    MpLimits limits = mp_limits_default();
    g_autoptr(GBytes) bytes = text("Ditandatangani  secara\nelektronik oleh: X");
    g_autoptr(MpMessage) message = make_mail("a.pdf", "application/pdf", bytes);
    g_autoptr(GPtrArray) documents = mp_document_read_all(message, &limits, doubts);
    const MpDocument *document = g_ptr_array_index(documents, 0);

    (void)state;
    assert_text(document->type, "text/plain");
    assert_text(document->kind, "lainnya");
    assert_int_equal(document->bytes, g_bytes_get_size(bytes));
    assert_int_equal(strlen(document->sha256), 64);
    assert_int_equal(document->signature, MP_SIGNATURE_CLAIMED);
    assert_false(document->is_archive_member);
}

typedef struct {
    const char *name;
    const char *bytes;
    gsize length;
    const char *declared;
    const char *want;
} TypeRow;

#define BYTES(text) text, sizeof(text) - 1

static const TypeRow types[] = {
    {"PDF", BYTES("%PDF-1.4\n"), NULL, "application/pdf"},
    {"PDF behind other bytes", BYTES("\r\n\r\n%PDF-1.4\n"), NULL, "application/pdf"},
    {"PDF that says it is a picture", BYTES("%PDF-1.4\n"), "image/jpeg", "application/pdf"},
    {"JPEG", BYTES("\xff\xd8\xff\xe0 JFIF"), "application/pdf", "image/jpeg"},
    {"PNG", BYTES("\x89PNG\r\n\x1a\n...."), NULL, "image/png"},
    {"a program named .pdf",
     BYTES("MZ\x90\0\3\0\0\0"),
     "application/pdf",
     "application/vnd.microsoft.portable-executable"},
    {"HTML named .pdf", BYTES("<!DOCTYPE html><html>"), "application/pdf", "text/html"},
    {"text that opens with MZ", BYTES("MZ, halo apa kabar"), NULL, "text/plain"},
    {"TNEF", BYTES("\x78\x9f\x3e\x22\xd8\x09"), NULL, "application/ms-tnef"},
    {"RAR", BYTES("Rar!\x1a\x07\x01\0"), NULL, "application/vnd.rar"},
    {"7z", BYTES("7z\xbc\xaf\x27\x1c\0\4"), NULL, "application/x-7z-compressed"},
    {"old Word", BYTES("\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1...."), NULL, "application/x-ole-storage"},
    {"CSV by its declared type", BYTES("a;b\n1;2\n"), "text/csv", "text/csv"},
    {"text", BYTES("halo"), NULL, "text/plain"},
    {"UTF-16 text", BYTES("\xff\xfeh\0a\0"), NULL, "text/plain"},
    {"nothing", BYTES(""), "application/pdf", "application/x-empty"},
    {"bytes", BYTES("\1\2\3\4\0\5"), "application/pdf", "application/octet-stream"},
};

static void
test_type(void **state)
{
    const TypeRow *row = *state;

    assert_text(mp_document_type((const guint8 *)row->bytes, row->length, row->declared),
                row->want);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(plain_text_is_read),
        cmocka_unit_test(an_empty_file_is_a_doubt),
        cmocka_unit_test(machinery_and_inline_parts_are_no_documents),
        cmocka_unit_test(members_stand_in_place_of_their_zip),
        cmocka_unit_test(a_zip_in_a_zip_is_opened),
        cmocka_unit_test(three_nested_zips_are_opened_and_a_fourth_is_not),
        cmocka_unit_test(entries_over_the_limit_are_not_read),
        cmocka_unit_test(inflated_bytes_over_the_limit_are_not_read),
        cmocka_unit_test(a_bomb_is_known_by_its_ratio),
        cmocka_unit_test(entries_that_overlap_are_not_inflated),
        cmocka_unit_test(a_large_attachment_is_listed_but_not_looked_into),
        cmocka_unit_test(a_broken_archive_is_unread),
        cmocka_unit_test(facts_of_a_document),
    };
    int failed = cmocka_run_group_tests_name("document/read", tests, NULL, NULL);

    return failed + run_rows("document/type", types, test_type);
}

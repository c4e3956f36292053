/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "limits/hostile.h"

#include "unit/document/make.h"

#include "support/asserts.h"

#include <archive.h>
#include <archive_entry.h>
#include <gio/gio.h>

#define SURAT "BT /F1 10 Tf 60 700 Td (surat) Tj ET\n"

static GBytes *
from_string(GString *text)
{
    gsize length = text->len;

    return g_bytes_new_take(g_string_free(text, FALSE), length);
}

/* --- PDF --- */

GBytes *
hostile_pdf_circular(void)
{
    g_autoptr(GBytes) blank = make_pdf_with(SURAT, 1, "", "/Prev 00000");
    const char *bytes = g_bytes_get_data(blank, NULL);
    GString *text = g_string_new_len(bytes, (gssize)g_bytes_get_size(blank));
    const char *place = strstr(text->str, "startxref\n") + strlen("startxref\n");
    g_autofree char *itself =
        g_strdup_printf("/Prev %05u", (guint)g_ascii_strtoull(place, NULL, 10));

    g_assert_cmpuint(g_string_replace(text, "/Prev 00000", itself, 1), ==, 1);
    return from_string(text);
}

GBytes *
hostile_pdf_broken_xref(void)
{
    g_autoptr(GBytes) whole = make_pdf(SURAT);
    GString *text =
        g_string_new_len(g_bytes_get_data(whole, NULL), (gssize)g_bytes_get_size(whole));

    g_string_replace(text, "startxref\n", "startxref\n999999", 1);
    return from_string(text);
}

GBytes *
hostile_pdf_launch(void)
{
    return make_pdf_with(SURAT, 1, "/FT/Tx/T(t)/AA<</F<</S/Launch/F(/bin/sh)>>>>", "");
}

GBytes *
hostile_pdf_page_loop(void)
{
    g_autoptr(GBytes) whole = make_pdf(SURAT);
    GString *text =
        g_string_new_len(g_bytes_get_data(whole, NULL), (gssize)g_bytes_get_size(whole));

    g_assert_cmpuint(g_string_replace(text, "/Kids[5 0 R ]", "/Kids[2 0 R ]", 1), ==, 1);
    return from_string(text);
}

GBytes *
hostile_pdf_deep(void)
{
    enum { DEEP = 200000 };

    g_autofree char *open = g_strnfill(DEEP, '[');
    g_autofree char *field = g_strconcat("/FT/Tx/T(t)/V ", open, NULL);

    return make_pdf_with(SURAT, 1, field, "");
}

static GBytes *
deflated(gsize length)
{
    g_autoptr(GZlibCompressor) zlib = g_zlib_compressor_new(G_ZLIB_COMPRESSOR_FORMAT_ZLIB, 9);
    g_autofree char *blanks = g_strnfill(length, ' ');
    gsize room = length / 500 + 4096, read = 0, written = 0;
    char *packed = g_malloc(room);

    g_assert(g_converter_convert(G_CONVERTER(zlib),
                                 blanks,
                                 length,
                                 packed,
                                 room,
                                 G_CONVERTER_INPUT_AT_END,
                                 &read,
                                 &written,
                                 NULL) == G_CONVERTER_FINISHED);
    return g_bytes_new_take(packed, written);
}

GBytes *
hostile_pdf_flate(void)
{
    g_autoptr(GBytes) packed = deflated((gsize)64 * 1024 * 1024);
    GString *text = g_string_new("%PDF-1.4\n1 0 obj\n<</Type/Catalog/Pages 2 0 R>>\nendobj\n"
                                 "2 0 obj\n<</Type/Pages/Kids[5 0 R]/Count 1>>\nendobj\n"
                                 "5 0 obj\n<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]"
                                 "/Contents 3 0 R>>\nendobj\n");

    g_string_append_printf(text,
                           "3 0 obj\n<</Filter/FlateDecode/Length %u>>\nstream\n",
                           (guint)g_bytes_get_size(packed));
    g_string_append_len(text, g_bytes_get_data(packed, NULL), (gssize)g_bytes_get_size(packed));
    g_string_append(text, "\nendstream\nendobj\ntrailer\n<</Size 6/Root 1 0 R>>\n%%EOF\n");
    return from_string(text);
}

GBytes *
hostile_pdf_locked(void)
{
    return make_pdf_with(
        SURAT,
        1,
        "",
        "/Encrypt<</Filter/Standard/V 1/R 2/P -4"
        "/O<000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f>"
        "/U<202122232425262728292a2b2c2d2e2f303132333435363738393a3b3c3d3e3f>>>/ID[<00><00>]");
}

GBytes *
hostile_pdf_polyglot(void)
{
    g_autoptr(GBytes) pdf = make_pdf(SURAT);
    GString *text = g_string_new("<html><script src=\"http://luar.example/x.js\"></script>\n");

    g_string_append_len(text, g_bytes_get_data(pdf, NULL), (gssize)g_bytes_get_size(pdf));
    return from_string(text);
}

/* --- ZIP --- */

GBytes *
hostile_zip_overlap(void)
{
    static const MadeFile files[] = {{"a.txt", "aaaaa", -1}, {"b.txt", "bbbbb", -1}};

    return make_zip_bent(files, G_N_ELEMENTS(files), -40);
}

GBytes *
hostile_zip_nested(void)
{
    GBytes *bytes = g_bytes_new_static("isi", 3);

    for (guint i = 0; i < 6; i++) {
        MadeFile file = {i == 0 ? "surat.txt" : "lagi.zip",
                         g_bytes_get_data(bytes, NULL),
                         (gssize)g_bytes_get_size(bytes)};
        GBytes *outer = make_zip(&file, 1);

        g_bytes_unref(bytes);
        bytes = outer;
    }
    return bytes;
}

/* Both sizes of the only directory entry, behind its signature and versions (46-byte header). */
GBytes *
hostile_zip_lies(void)
{
    static const MadeFile file = {"a.txt", "aaaaa", -1};
    g_autoptr(GBytes) bytes = make_zip(&file, 1);
    gsize length = 0;
    guint8 *copy = g_bytes_unref_to_data(g_steal_pointer(&bytes), &length);
    guint8 *entry = memmem(copy, length, "PK\1\2", 4);

    memset(entry + 20, 0x7f, 8);
    return g_bytes_new_take(copy, length);
}

GBytes *
hostile_zip_many(void)
{
    enum { MANY = 65535 };

    g_autofree MadeFile *files = g_new0(MadeFile, MANY);

    for (guint i = 0; i < MANY; i++)
        files[i] = (MadeFile){"a.txt", "", 0};
    return make_zip(files, MANY);
}

static void
add_member(struct archive *zip, const char *name, const char *link, const char *content, gsize n)
{
    struct archive_entry *entry = archive_entry_new();

    archive_entry_set_pathname(entry, name);
    archive_entry_set_perm(entry, 0777);
    archive_entry_set_filetype(entry, link == NULL ? AE_IFREG : AE_IFLNK);
    if (link != NULL)
        archive_entry_set_symlink(entry, link);
    else
        archive_entry_set_size(entry, (la_int64_t)n);
    assert_int_equal(archive_write_header(zip, entry), ARCHIVE_OK);
    for (gsize done = 0; link == NULL && done < n;)
        done += (gsize)archive_write_data(zip, content, MIN(n - done, (gsize)1 << 20));
    archive_entry_free(entry);
}

static struct archive *
open_zip(char **bytes_out, gsize room, gsize *used)
{
    struct archive *zip = archive_write_new();

    *bytes_out = g_malloc(room);
    assert_int_equal(archive_write_set_format_zip(zip), ARCHIVE_OK);
    assert_int_equal(archive_write_open_memory(zip, *bytes_out, room, used), ARCHIVE_OK);
    return zip;
}

static GBytes *
close_zip(struct archive *zip, char *bytes, const gsize *used)
{
    assert_int_equal(archive_write_close(zip), ARCHIVE_OK);
    archive_write_free(zip);
    return g_bytes_new_take(bytes, *used);
}

GBytes *
hostile_zip_ratio(void)
{
    g_autofree char *letters = g_strnfill((gsize)1 << 20, 'a');
    char *bytes = NULL;
    gsize used = 0;
    struct archive *zip = open_zip(&bytes, (gsize)2 << 20, &used);

    add_member(zip, "surat.txt", NULL, letters, (gsize)300 << 20);
    return close_zip(zip, bytes, &used);
}

GBytes *
hostile_zip_names(void)
{
    static const MadeFile files[] = {{"/moo", "a", -1},
                                     {"//moo", "b", -1},
                                     {"../moo", "c", -1},
                                     {"tmp/../../moo", "d", -1},
                                     {"C:\\moo", "e", -1},
                                     {"..", "f", -1},
                                     {"-rf", "g", -1}};

    return make_zip(files, G_N_ELEMENTS(files));
}

GBytes *
hostile_zip_links(void)
{
    char *bytes = NULL;
    gsize used = 0;
    struct archive *zip = open_zip(&bytes, 64 * 1024, &used);

    add_member(zip, "berkas", "/etc", NULL, 0);
    add_member(zip, "berkas/passwd", NULL, "isi", 3);
    return close_zip(zip, bytes, &used);
}

/* --- DOCX --- */

#define W " xmlns:w=\"http://schemas.openxmlformats.org/wordprocessingml/2006/main\""
#define BODY(text)                                                                                 \
    "<w:document" W "><w:body><w:p><w:r><w:t>" text "</w:t></w:r></w:p></w:body></w:document>"

static GBytes *
docx(const char *document)
{
    const MadeFile files[] = {{"[Content_Types].xml", "<Types/>", -1},
                              {"word/document.xml", document, -1}};

    return make_zip(files, G_N_ELEMENTS(files));
}

GBytes *
hostile_docx_dtd(void)
{
    return docx("<!DOCTYPE x [<!ENTITY e SYSTEM \"file:///etc/passwd\">"
                "<!ENTITY n SYSTEM \"http://127.0.0.1:9/x\">]>" BODY("&e;&n;"));
}

GBytes *
hostile_docx_laughs(void)
{
    g_autoptr(GString) text = g_string_new("<!DOCTYPE x [<!ENTITY a0 \"ha\">");

    for (guint i = 1; i <= 9; i++) {
        g_string_append_printf(text, "<!ENTITY a%u \"", i);
        for (guint k = 0; k < 10; k++)
            g_string_append_printf(text, "&a%u;", i - 1);
        g_string_append(text, "\">");
    }
    g_string_append(text, "]>" BODY("&a9;"));
    return docx(text->str);
}

GBytes *
hostile_docx_template(void)
{
    static const MadeFile files[] = {
        {"[Content_Types].xml", "<Types/>", -1},
        {"word/document.xml", BODY("surat"), -1},
        {"word/settings.xml",
         "<w:settings" W "><w:attachedTemplate r:id=\"r1\"/></w:settings>",
         -1},
        {"word/_rels/settings.xml.rels",
         "<Relationships><Relationship Id=\"r1\" TargetMode=\"External\""
         " Target=\"http://127.0.0.1:9/t.dotm\"/></Relationships>",
         -1}};

    return make_zip(files, G_N_ELEMENTS(files));
}

GBytes *
hostile_docx_huge(void)
{
    const gsize n = (gsize)60 << 20;
    g_autofree char *letters = g_strnfill((gsize)1 << 20, 'a');
    g_autoptr(GString) document = g_string_new("<w:document" W "><w:body><w:p><w:r><w:t>");
    char *bytes = NULL;
    gsize used = 0;
    struct archive *zip = open_zip(&bytes, (gsize)2 << 20, &used);
    struct archive_entry *entry = archive_entry_new();

    archive_entry_set_pathname(entry, "word/document.xml");
    archive_entry_set_filetype(entry, AE_IFREG);
    archive_entry_set_perm(entry, 0600);
    archive_entry_set_size(entry, (la_int64_t)(document->len + n));
    assert_int_equal(archive_write_header(zip, entry), ARCHIVE_OK);
    (void)archive_write_data(zip, document->str, document->len);
    for (gsize done = 0; done < n;)
        done += (gsize)archive_write_data(zip, letters, (gsize)1 << 20);
    archive_entry_free(entry);
    return close_zip(zip, bytes, &used);
}

/* --- pictures --- */

GBytes *
hostile_png_large(void)
{
    static const char png[] =
        "\x89PNG\r\n\x1a\n\0\0\0\rIHDR\x7f\xff\xff\xff\x7f\xff\xff\xff\x08\x06"
        "\0\0\0\0\0\0\0\0\0\0\0IDAT\0\0\0\0\0\0\0\0IEND\xae\x42\x60\x82";

    return g_bytes_new_static(png, sizeof(png) - 1);
}

GBytes *
hostile_jpeg_scans(void)
{
    GString *text = g_string_new_len("\xff\xd8\xff\xe0\0\x10JFIF\0\1\1\0\0\1\0\1\0\0", 20);

    for (guint i = 0; i < 1000; i++)
        g_string_append_len(text, "\xff\xda\0\x08\1\1\0\0\x3f\0\x12\x34", 12);
    g_string_append_len(text, "\xff\xd9", 2);
    return from_string(text);
}

GBytes *
hostile_jpeg_tail(void)
{
    GString *text = g_string_new_len("\xff\xd8\xff\xe0\0\x10JFIF\0\1\1\0\0\1\0\1\0\0", 20);

    g_string_append_len(text, "\xff\xd9", 2);
    g_string_append(text, "<html><script>alert(1)</script><?php system($_GET['c']); ?></html>");
    return from_string(text);
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/* Small files made in memory for the tests of this folder: ZIPs, office files, PDFs, mails. */

#include "document/document.h"

#include <glib.h>

typedef struct {
    const char *name;
    const char *content;
    gssize length; /* -1 = strlen */
} MadeFile;

/* CRC-32 as ZIP wants it, bit by bit: these files are tiny. */
static inline guint32
make_crc(const guint8 *bytes, gsize n)
{
    guint32 crc = 0xffffffffU;

    for (gsize i = 0; i < n; i++) {
        crc ^= bytes[i];
        for (int k = 0; k < 8; k++)
            crc = (crc >> 1) ^ (0xedb88320U & (0U - (crc & 1U)));
    }
    return ~crc;
}

static inline void
make_le(GByteArray *out, guint32 value, guint n)
{
    for (guint i = 0; i < n; i++) {
        guint8 byte = (guint8)(value >> (8 * i));

        g_byte_array_append(out, &byte, 1);
    }
}

static inline void
make_header(GByteArray *out, const MadeFile *file, gsize length, guint32 crc)
{
    make_le(out, 20, 2);
    make_le(out, 0, 2);
    make_le(out, 0, 2); /* stored */
    make_le(out, 0, 4);
    make_le(out, crc, 4);
    make_le(out, (guint32)length, 4);
    make_le(out, (guint32)length, 4);
    make_le(out, (guint32)strlen(file->name), 2);
    make_le(out, 0, 2);
}

/* A ZIP of stored files; `offset_bias` bends the offsets of the directory (0 = right). */
static inline GBytes *
make_zip_bent(const MadeFile *files, gsize n, int offset_bias)
{
    GByteArray *out = g_byte_array_new();
    GByteArray *directory = g_byte_array_new();
    guint32 size = 0;

    for (gsize i = 0; i < n; i++) {
        gsize length = files[i].length < 0 ? strlen(files[i].content) : (gsize)files[i].length;
        const guint8 *content = (const guint8 *)files[i].content;
        guint32 crc = make_crc(content, length);
        guint32 at = out->len;

        g_byte_array_append(out, (const guint8 *)"PK\3\4", 4);
        make_header(out, &files[i], length, crc);
        g_byte_array_append(out, (const guint8 *)files[i].name, (guint)strlen(files[i].name));
        g_byte_array_append(out, content, (guint)length);
        g_byte_array_append(directory, (const guint8 *)"PK\1\2\x14\0", 6);
        make_header(directory, &files[i], length, crc);
        make_le(directory, 0, 4);
        make_le(directory, 0, 2);
        make_le(directory, 0, 4);
        make_le(directory, i > 0 ? (guint32)((int)at + offset_bias) : at, 4);
        g_byte_array_append(directory, (const guint8 *)files[i].name, (guint)strlen(files[i].name));
    }
    size = directory->len;
    make_le(directory, 0x06054b50U, 4);
    make_le(directory, 0, 4);
    make_le(directory, (guint32)n, 2);
    make_le(directory, (guint32)n, 2);
    make_le(directory, size, 4);
    make_le(directory, out->len, 4);
    make_le(directory, 0, 2);
    g_byte_array_append(out, directory->data, directory->len);
    g_byte_array_unref(directory);
    return g_byte_array_free_to_bytes(out);
}

static inline GBytes *
make_zip(const MadeFile *files, gsize n)
{
    return make_zip_bent(files, n, 0);
}

/* Pages whose content stream is `stream`; `field` becomes the form's only field (object 6),
 * `trailer` goes into the trailer. */
static inline GBytes *
make_pdf_with(const char *stream, guint pages, const char *field, const char *trailer)
{
    GString *out = g_string_new("%PDF-1.4\n");
    GString *kids = g_string_new(NULL);
    GString *xref = g_string_new(NULL);
    gsize start = 0;

    for (guint i = 0; i < pages; i++)
        g_string_append_printf(kids, "5 0 R ");
    g_string_append_printf(xref, "xref\n0 7\n0000000000 65535 f \n");
#define OBJECT(...)                                                                                \
    g_string_append_printf(xref, "%010u 00000 n \n", (guint)out->len);                             \
    g_string_append_printf(out, __VA_ARGS__)
    OBJECT("1 0 obj\n<</Type/Catalog/Pages 2 0 R/AcroForm<</Fields[6 0 R]>>"
           "/OpenAction<</S/JavaScript/JS(app.alert\\(1\\))>>>>\nendobj\n%s",
           "");
    OBJECT("2 0 obj\n<</Type/Pages/Kids[%s]/Count %u>>\nendobj\n", kids->str, pages);
    OBJECT(
        "3 0 obj\n<</Length %u>>\nstream\n%s\nendstream\nendobj\n", (guint)strlen(stream), stream);
    OBJECT("4 0 obj\n<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>\nendobj\n");
    OBJECT("5 0 obj\n<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 3 0 R"
           "/Resources<</Font<</F1 4 0 R>>>>>>\nendobj\n");
    OBJECT("6 0 obj\n<<%s>>\nendobj\n", field);
#undef OBJECT
    start = out->len;
    g_string_append(out, xref->str);
    g_string_append_printf(
        out, "trailer\n<</Size 7/Root 1 0 R %s>>\nstartxref\n%u\n%%%%EOF\n", trailer, (guint)start);
    g_string_free(kids, TRUE);
    g_string_free(xref, TRUE);
    return g_string_free_to_bytes(out);
}

static inline GBytes *
make_pdf(const char *stream)
{
    return make_pdf_with(stream, 1, "", "");
}

/* A mail with one part. Takes nothing. */
static inline MpMessage *
make_mail(const char *filename, const char *type, GBytes *content)
{
    MpMessage *message = mp_message_new();
    MpPart *part = mp_part_new();

    part->filename = g_strdup(filename);
    part->declared_type = g_strdup(type);
    part->content = g_bytes_ref(content);
    g_ptr_array_add(message->parts, part);
    return message;
}

static inline gboolean
has_doubt(GPtrArray *doubts, const char *doubt)
{
    return g_ptr_array_find_with_equal_func(doubts, doubt, g_str_equal, NULL);
}

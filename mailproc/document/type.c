/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Type by content. A ZIP is told from DOCX, XLSX and ODF by the names in its directory; nothing is
 * inflated here. */

#include "document/document-private.h"

typedef struct {
    const char *magic;
    gsize length;
    gsize offset;
    const char *type;
} Magic;

#define MAGIC(text, offset, type)                                                                  \
    {                                                                                              \
        text, sizeof(text) - 1, offset, type                                                       \
    }

static const Magic magics[] = {
    MAGIC("\xff\xd8\xff", 0, "image/jpeg"),
    MAGIC("\x89PNG\r\n\x1a\n", 0, "image/png"),
    MAGIC("GIF87a", 0, "image/gif"),
    MAGIC("GIF89a", 0, "image/gif"),
    MAGIC("WEBP", 8, "image/webp"),
    MAGIC("II*\0", 0, "image/tiff"),
    MAGIC("MM\0*", 0, "image/tiff"),
    MAGIC("ftypheic", 4, "image/heic"),
    MAGIC("ftypheix", 4, "image/heic"),
    MAGIC("ftypmif1", 4, "image/heic"),
    MAGIC("ftypavif", 4, "image/avif"),
    MAGIC("ftyp", 4, "video/mp4"),
    MAGIC("Rar!\x1a\x07", 0, "application/vnd.rar"),
    MAGIC("7z\xbc\xaf\x27\x1c", 0, "application/x-7z-compressed"),
    MAGIC("\x1f\x8b\x08", 0, "application/gzip"),
    MAGIC("ustar", 257, "application/x-tar"),
    MAGIC("\x78\x9f\x3e\x22", 0, "application/ms-tnef"),
    MAGIC("\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", 0, "application/x-ole-storage"),
    MAGIC("{\\rtf", 0, "application/rtf"),
    MAGIC("MZ", 0, "application/vnd.microsoft.portable-executable"),
    MAGIC("\x7f"
          "ELF",
          0,
          "application/x-elf"),
    MAGIC("BM", 0, "image/bmp"),
};

static const char *
zip_type(const guint8 *bytes, gsize length)
{
    if (mp_zip_names(bytes, length, "word/document.xml"))
        return "application/vnd.openxmlformats-officedocument.wordprocessingml.document";
    if (mp_zip_names(bytes, length, "xl/workbook.xml"))
        return "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";
    if (mp_zip_names(bytes, length, "ppt/presentation.xml"))
        return "application/vnd.openxmlformats-officedocument.presentationml.presentation";
    if (mp_zip_names(bytes, length, "content.xml") && mp_zip_names(bytes, length, "mimetype"))
        return "application/vnd.oasis.opendocument";
    return "application/zip";
}

/* A header is looked for in the first KiB: scanners and gateways put bytes before it. */
static gboolean
is_pdf(const guint8 *bytes, gsize length)
{
    return memmem(bytes, MIN(length, 1024), "%PDF-", 5) != NULL;
}

static gboolean
looks_like_text(const guint8 *bytes, gsize length)
{
    gsize n = MIN(length, 4096);

    if (n >= 2 &&
        ((bytes[0] == 0xff && bytes[1] == 0xfe) || (bytes[0] == 0xfe && bytes[1] == 0xff)))
        return TRUE;
    for (gsize i = 0; i < n; i++) {
        if (bytes[i] < 0x20 && strchr("\t\n\r\f\x1b", bytes[i]) == NULL)
            return FALSE;
        if (bytes[i] == 0)
            return FALSE;
    }
    return TRUE;
}

static gboolean
looks_like_html(const guint8 *bytes, gsize length)
{
    g_autofree char *head = g_ascii_strdown((const char *)bytes, (gssize)MIN(length, 512));

    return strstr(head, "<html") != NULL || strstr(head, "<!doctype html") != NULL;
}

const char *
mp_document_type(const guint8 *bytes, gsize length, const char *declared_type)
{
    if (length == 0)
        return "application/x-empty";
    if (is_pdf(bytes, length))
        return "application/pdf";
    if (length > 4 && memcmp(bytes, "PK", 2) == 0 && (bytes[2] == 3 || bytes[2] == 5))
        return zip_type(bytes, length);
    for (gsize i = 0; i < G_N_ELEMENTS(magics); i++) {
        const Magic *m = &magics[i];

        if (length >= m->offset + m->length &&
            memcmp(bytes + m->offset, m->magic, m->length) == 0 &&
            (m->length > 2 || !looks_like_text(bytes, length)))
            return m->type;
    }
    if (!looks_like_text(bytes, length))
        return "application/octet-stream";
    if (looks_like_html(bytes, length))
        return "text/html";
    if (g_strcmp0(declared_type, "text/csv") == 0)
        return "text/csv";
    return "text/plain";
}

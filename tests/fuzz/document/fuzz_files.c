/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Any bytes as an attachment: ZIP directory, members, DOCX, XLSX, ODF, CSV and text, within limits.
 * The first byte picks the name; PDFs are poppler's own to fuzz and are left out. */

#include "document/document.h"

int
LLVMFuzzerTestOneInput(const guint8 *data, gsize size)
{
    static const char *const names[] = {"a.zip", "a.csv", "a.txt", "a.docx"};
    MpLimits limits = mp_limits_default();
    g_autoptr(MpMessage) message = mp_message_new();
    g_autoptr(GPtrArray) doubts = g_ptr_array_new_with_free_func(g_free);
    g_autoptr(GPtrArray) documents = NULL;
    MpPart *part = mp_part_new();

    limits.archive_bytes = 1024 * 1024;
    limits.archive_entries = 50;
    if (size > 1 && memmem(data, MIN(size, 1100), "%PDF-", 5) == NULL) {
        part->filename = g_strdup(names[data[0] % G_N_ELEMENTS(names)]);
        part->content = g_bytes_new(data + 1, size - 1);
    }
    g_ptr_array_add(message->parts, part);
    documents = mp_document_read_all(message, &limits, doubts);
    for (guint i = 0; i < documents->len; i++) {
        const MpDocument *document = g_ptr_array_index(documents, i);

        g_assert(g_utf8_validate(document->filename, -1, NULL));
        g_assert(g_utf8_validate(document->text, -1, NULL));
        g_assert_cmpint(g_utf8_strlen(document->text, -1), <=, (glong)limits.text_chars);
        g_assert_cmpint(strlen(document->filename), <=, 120);
        g_assert(strchr(document->filename, '/') == NULL);
    }
    return 0;
}

/* SPDX-License-Identifier: GPL-3.0-or-later */

/* All documents of a mail in order, archives opened. */

#include "document/document-private.h"

/* An archive in an archive in an archive: no office needs more. */
#define MAX_NESTING 3

typedef struct {
    const char *type;
    gboolean (*read)(MpDocument *, GBytes *, const MpLimits *, GPtrArray *);
} TypeReader;

static gboolean
read_html(MpDocument *document, GBytes *bytes, const MpLimits *limits, GPtrArray *doubts)
{
    gsize length = 0;
    const guint8 *data = g_bytes_get_data(bytes, &length);
    g_autofree char *html = mp_plain_decode(data, length);
    gboolean hidden = FALSE;
    g_autofree char *text = mp_message_html_to_text(html, strlen(html), document->tables, &hidden);

    (void)doubts;
    return mp_document_take_text(document, text != NULL ? text : "", limits);
}

static const TypeReader readers[] = {
    {"application/pdf", mp_pdf_read},
    {"application/vnd.openxmlformats-officedocument.wordprocessingml.document", mp_docx_read},
    {"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", mp_xlsx_read},
    {"application/vnd.oasis.opendocument", mp_odf_read},
    {"text/csv", mp_csv_read},
    {"text/plain", mp_plain_read},
    {"text/html", read_html},
};

static gboolean
is_archive(const char *type)
{
    static const char *const types[] = {"application/zip",
                                        "application/vnd.rar",
                                        "application/x-7z-compressed",
                                        "application/gzip",
                                        "application/x-tar",
                                        NULL};

    return g_strv_contains(types, type);
}

/* What systems leave in archives beside the files people packed. */
static gboolean
is_litter(const char *path)
{
    g_autofree char *name = g_path_get_basename(path);

    return strstr(path, "__MACOSX/") != NULL || g_str_has_prefix(name, "._") ||
           g_ascii_strcasecmp(name, ".DS_Store") == 0 ||
           g_ascii_strcasecmp(name, "Thumbs.db") == 0 ||
           g_ascii_strcasecmp(name, "desktop.ini") == 0;
}

static void read_bytes(MpDocumentReader *reader,
                       const char *filename,
                       const char *declared_type,
                       GBytes *bytes,
                       guint nesting);

/* TRUE when the members stand in place of the archive. */
static gboolean
read_archive(MpDocumentReader *reader, GBytes *bytes, guint nesting)
{
    g_autoptr(GPtrArray) members = g_ptr_array_new_with_free_func((GDestroyNotify)mp_member_free);
    MpArchiveResult result = MP_ARCHIVE_LIMIT;
    guint before = reader->documents->len;

    if (nesting < MAX_NESTING)
        result = mp_archive_read(bytes, reader->limits, NULL, members);
    if (result == MP_ARCHIVE_LIMIT)
        mp_document_add_doubt(reader->doubts, "limit");
    for (guint i = 0; i < members->len; i++) {
        const MpMember *member = g_ptr_array_index(members, i);
        g_autofree char *name = mp_text_file_name(member->name);

        if (is_litter(member->name))
            continue;
        if (member->is_locked) {
            MpDocument *document = mp_document_new();

            g_free(document->filename);
            document->filename = name != NULL ? g_steal_pointer(&name) : g_strdup("");
            document->is_archive_member = TRUE;
            g_ptr_array_add(reader->documents, document);
            continue;
        }
        read_bytes(reader, name, NULL, member->content, nesting + 1);
    }
    return reader->documents->len > before;
}

static void
read_text(MpDocumentReader *reader, MpDocument *document, GBytes *bytes)
{
    g_autofree char *lower = g_ascii_strdown(document->filename, -1);

    if (g_str_equal(document->type, "text/plain") && g_str_has_suffix(lower, ".csv")) {
        g_free(document->type);
        document->type = g_strdup("text/csv");
    }
    for (gsize i = 0; i < G_N_ELEMENTS(readers); i++) {
        if (g_str_equal(document->type, readers[i].type))
            readers[i].read(document, bytes, reader->limits, reader->doubts);
    }
    if (document->signature == MP_SIGNATURE_NONE && document->is_readable) {
        g_autofree char *fold = mp_words_fold(document->text);

        if (strstr(fold, "ditandatangani secara elektronik") != NULL)
            document->signature = MP_SIGNATURE_CLAIMED;
    }
}

static void
read_bytes(MpDocumentReader *reader,
           const char *filename,
           const char *declared_type,
           GBytes *bytes,
           guint nesting)
{
    gsize length = 0;
    const guint8 *data = g_bytes_get_data(bytes, &length);
    const char *type = mp_document_type(data, length, declared_type);
    MpDocument *document = NULL;

    if (is_archive(type) && (gint64)length <= reader->limits->attachment_bytes &&
        read_archive(reader, bytes, nesting))
        return;
    document = mp_document_new();
    g_ptr_array_add(reader->documents, document);
    g_free(document->filename);
    document->filename = g_strdup(filename != NULL ? filename : "");
    g_free(document->type);
    document->type = g_strdup(type);
    document->bytes = length;
    g_free(document->sha256);
    document->sha256 = mp_text_sha256(data, length);
    document->content = g_bytes_ref(bytes);
    document->is_empty = length == 0;
    document->is_archive_member = nesting > 0;
    if (document->is_empty)
        mp_document_add_doubt(reader->doubts, "empty-attachment");
    else if ((gint64)length > reader->limits->attachment_bytes)
        mp_document_add_doubt(reader->doubts, "limit");
    else if (is_archive(type))
        mp_document_add_doubt(reader->doubts, "unread-attachment");
    else
        read_text(reader, document, bytes);
}

/* Parts that belong to the mail's own machinery, not to what a person attached. */
static gboolean
is_machinery(const MpPart *part)
{
    static const char *const types[] = {"application/pkcs7-signature",
                                        "application/x-pkcs7-signature",
                                        "application/pgp-signature",
                                        "application/pgp-encrypted",
                                        "message/delivery-status",
                                        "message/disposition-notification",
                                        "message/rfc822",
                                        "message/feedback-report",
                                        "text/rfc822-headers",
                                        "text/x-moz-deleted",
                                        NULL};

    return part->declared_type != NULL && g_strv_contains(types, part->declared_type);
}

GPtrArray *
mp_document_read_all(const MpMessage *message, const MpLimits *limits, GPtrArray *doubts)
{
    GPtrArray *documents = g_ptr_array_new_with_free_func((GDestroyNotify)mp_document_free);
    MpDocumentReader reader = {limits, documents, doubts};

    for (guint i = 0; i < message->parts->len; i++) {
        const MpPart *part = g_ptr_array_index(message->parts, i);

        if (part->is_inline || part->content == NULL || is_machinery(part))
            continue;
        read_bytes(&reader, part->filename, part->declared_type, part->content, 0);
    }
    return documents;
}

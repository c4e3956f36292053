/* SPDX-License-Identifier: GPL-3.0-or-later */

/* PDF text by poppler, pages in order. A file that is locked, broken or a scan has no text: that
 * is a fact of the document, not an error. */

#include "document/document-private.h"

static void
add_glyph(GArray *glyphs, gunichar c, const PopplerRectangle *box)
{
    MpGlyph glyph = {box->x1, MIN(box->y1, box->y2), box->x2, MAX(box->y1, box->y2), c, FALSE};

    if (g_unichar_isspace(c) || c == 0xa0) {
        if (glyphs->len > 0 && c != '\n')
            g_array_index(glyphs, MpGlyph, glyphs->len - 1).space_after = TRUE;
        return;
    }
    if (g_unichar_isprint(c))
        g_array_append_val(glyphs, glyph);
}

static char *
page_text(PopplerPage *page, gsize max_glyphs)
{
    g_autofree char *text = poppler_page_get_text(page);
    PopplerRectangle *boxes = NULL;
    guint n = 0;
    g_autoptr(GArray) glyphs = g_array_new(FALSE, FALSE, sizeof(MpGlyph));
    guint i = 0;

    if (text == NULL || *text == '\0' || !poppler_page_get_text_layout(page, &boxes, &n))
        return g_strdup("");
    for (const char *p = text; *p != '\0' && i < n && glyphs->len < max_glyphs;
         p = g_utf8_next_char(p), i++)
        add_glyph(glyphs, g_utf8_get_char(p), &boxes[i]);
    g_free(boxes);
    return mp_layout_text(glyphs);
}

/* Fields may be there for a signature still to come: only a byte range says that one was made. */
static MpSignature
signature_of(PopplerDocument *pdf, GBytes *bytes, const char *text)
{
    gsize length = 0;
    const char *data = g_bytes_get_data(bytes, &length);
    g_autofree char *fold = NULL;

    if (poppler_document_get_n_signatures(pdf) > 0 &&
        memmem(data, length, "/ByteRange", 10) != NULL)
        return MP_SIGNATURE_PRESENT;
    fold = mp_words_fold(text);
    if (strstr(fold, "ditandatangani secara elektronik") != NULL ||
        strstr(fold, "ditanda tangani secara elektronik") != NULL)
        return MP_SIGNATURE_CLAIMED;
    return MP_SIGNATURE_NONE;
}

/* Poppler builds its tables of encodings with the first open document and drops them with the last,
 * which took four fifths of the time of a small PDF: an empty one stays open. */
static void
keep_tables(void)
{
    static const char empty[] = "%PDF-1.4\n"
                                "1 0 obj\n<< /Type /Catalog /Pages 2 0 R >>\nendobj\n"
                                "2 0 obj\n<< /Type /Pages /Kids [] /Count 0 >>\nendobj\n"
                                "xref\n0 3\n"
                                "0000000000 65535 f \n"
                                "0000000009 00000 n \n"
                                "0000000058 00000 n \n"
                                "trailer\n<< /Size 3 /Root 1 0 R >>\n"
                                "startxref\n110\n%%EOF\n";
    static PopplerDocument *kept;
    g_autoptr(GBytes) bytes = NULL;

    if (kept != NULL)
        return;
    bytes = g_bytes_new_static(empty, sizeof(empty) - 1);
    kept = poppler_document_new_from_bytes(bytes, NULL, NULL);
}

gboolean
mp_pdf_read(MpDocument *document, GBytes *bytes, const MpLimits *limits, GPtrArray *doubts)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(PopplerDocument) pdf = NULL;
    g_autoptr(GString) text = g_string_new(NULL);
    int pages = 0;

    keep_tables();
    pdf = poppler_document_new_from_bytes(bytes, NULL, &error);
    if (pdf == NULL)
        return FALSE;
    pages = poppler_document_get_n_pages(pdf);
    if (pages > limits->pdf_pages) {
        mp_document_add_doubt(doubts, "limit");
        pages = (int)limits->pdf_pages;
    }
    for (int i = 0; i < pages && text->len < (gsize)limits->text_chars * 4; i++) {
        g_autoptr(PopplerPage) page = poppler_document_get_page(pdf, i);
        g_autofree char *one = NULL;

        if (page == NULL)
            continue;
        one = page_text(page, (gsize)limits->text_chars);
        g_string_append(text, one);
        g_string_append_c(text, '\n');
    }
    mp_document_take_text(document, text->str, limits);
    document->signature = signature_of(pdf, bytes, document->text);
    return document->is_readable;
}

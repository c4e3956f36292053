/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Text of DOCX (WordprocessingML) and of OpenDocument texts and sheets: paragraphs as lines, tabs
 * kept, tables as lines of cells split by tabs, in the text and apart. */

#include "document/document-private.h"

typedef struct {
    GString *out;
    GString *table;
    GString *row;
    GString *cell;
    GPtrArray *tables;
    guint cells; /* of the row so far */
    guint table_depth;
    guint skip_depth; /* inside fallbacks and deleted text */
    guint text_depth; /* inside an element whose characters are text */
    gboolean is_odf;
    gsize max_bytes;
} Writer;

static GString *
target(Writer *writer)
{
    return writer->table_depth > 0 ? writer->cell : writer->out;
}

static void
write_text(const char *text, void *data)
{
    Writer *writer = data;

    if (writer->text_depth > 0 && writer->skip_depth == 0 && writer->out->len < writer->max_bytes)
        g_string_append(target(writer), text);
}

static void
write_char(Writer *writer, char c)
{
    if (writer->skip_depth == 0)
        g_string_append_c(target(writer), c);
}

/* A cell is one line: what is a paragraph or tab in it becomes a blank. */
static void
end_cell(Writer *writer)
{
    g_autofree char *line = mp_text_line(writer->cell->str);

    if (writer->cells++ > 0)
        g_string_append_c(writer->row, '\t');
    g_string_append(writer->row, line);
    g_string_truncate(writer->cell, 0);
}

static void
end_row(Writer *writer)
{
    g_string_append(writer->table, writer->row->str);
    g_string_append_c(writer->table, '\n');
    g_string_truncate(writer->row, 0);
    writer->cells = 0;
}

static void
end_table(Writer *writer)
{
    g_string_append_c(writer->out, '\n');
    g_string_append(writer->out, writer->table->str);
    g_string_append_c(writer->out, '\n');
    g_ptr_array_add(writer->tables, mp_text_clean(writer->table->str, -1));
    g_string_truncate(writer->table, 0);
    g_string_truncate(writer->row, 0);
    g_string_truncate(writer->cell, 0);
}

static gboolean
is_one_of(const char *name, const char *a, const char *b)
{
    return g_str_equal(name, a) || g_str_equal(name, b);
}

static void
start_element(MpXml *xml, const char *name, void *data)
{
    Writer *writer = data;

    (void)xml;
    if (is_one_of(name, "Fallback", "delText") || is_one_of(name, "annotation", "note"))
        writer->skip_depth++;
    else if (is_one_of(name, "tbl", "table"))
        writer->table_depth++;
    else if (is_one_of(name, "tab", "br") || is_one_of(name, "cr", "line-break"))
        write_char(writer, g_str_equal(name, "tab") ? '\t' : '\n');
    else if (writer->is_odf && g_str_equal(name, "s"))
        write_char(writer, ' ');
    else if (writer->is_odf ? is_one_of(name, "p", "h") : g_str_equal(name, "t"))
        writer->text_depth++;
}

static void
end_element(const char *name, void *data)
{
    Writer *writer = data;

    if (is_one_of(name, "Fallback", "delText") || is_one_of(name, "annotation", "note")) {
        writer->skip_depth--;
        return;
    }
    if (writer->is_odf ? is_one_of(name, "p", "h") : g_str_equal(name, "t"))
        writer->text_depth -= writer->text_depth > 0;
    if (is_one_of(name, "p", "h") && writer->table_depth == 0)
        write_char(writer, '\n');
    else if (is_one_of(name, "p", "h"))
        write_char(writer, ' ');
    if (writer->table_depth == 1 && is_one_of(name, "tc", "table-cell"))
        end_cell(writer);
    else if (writer->table_depth == 1 && is_one_of(name, "tr", "table-row"))
        end_row(writer);
    else if (is_one_of(name, "tbl", "table") && --writer->table_depth == 0)
        end_table(writer);
}

static gboolean
read_parts(MpDocument *document, GPtrArray *parts, gboolean is_odf, const MpLimits *limits)
{
    static const MpXmlHandler handler = {start_element, end_element, write_text};
    g_autoptr(GString) out = g_string_new(NULL);
    g_autoptr(GString) table = g_string_new(NULL);
    g_autoptr(GString) row = g_string_new(NULL);
    g_autoptr(GString) cell = g_string_new(NULL);
    Writer writer = {.out = out,
                     .table = table,
                     .row = row,
                     .cell = cell,
                     .tables = document->tables,
                     .is_odf = is_odf,
                     .max_bytes = (gsize)limits->text_chars * 4};

    for (guint i = 0; i < parts->len; i++) {
        const MpMember *member = g_ptr_array_index(parts, i);

        writer.table_depth = writer.skip_depth = writer.text_depth = 0;
        if (!mp_xml_walk(member->content, &handler, &writer)) {
            g_ptr_array_set_size(document->tables, 0);
            return FALSE;
        }
    }
    return mp_document_take_text(document, out->str, limits);
}

static gboolean
is_docx_part(const char *name)
{
    return g_str_equal(name, "word/document.xml") ||
           (g_str_has_prefix(name, "word/header") && g_str_has_suffix(name, ".xml")) ||
           (g_str_has_prefix(name, "word/footer") && g_str_has_suffix(name, ".xml"));
}

static gboolean
is_odf_part(const char *name)
{
    return g_str_equal(name, "content.xml");
}

/* Letterheads often stand in the header part, "ditandatangani secara elektronik" in the footer:
 * header, text, footer. */
static int
compare_parts(gconstpointer a, gconstpointer b)
{
    const MpMember *const *x = a;
    const MpMember *const *y = b;
    static const char *const order[] = {"word/header", "word/document", "word/footer"};
    int rank_x = 0;
    int rank_y = 0;

    for (int i = 0; i < 3; i++) {
        rank_x = g_str_has_prefix((*x)->name, order[i]) ? i : rank_x;
        rank_y = g_str_has_prefix((*y)->name, order[i]) ? i : rank_y;
    }
    return rank_x != rank_y ? rank_x - rank_y : g_strcmp0((*x)->name, (*y)->name);
}

static gboolean
read_office(MpDocument *document,
            GBytes *bytes,
            MpMemberFilter want,
            const MpLimits *limits,
            GPtrArray *doubts)
{
    g_autoptr(GPtrArray) parts = g_ptr_array_new_with_free_func((GDestroyNotify)mp_member_free);
    MpArchiveResult result = mp_archive_read(bytes, limits, want, parts);

    if (result == MP_ARCHIVE_LIMIT)
        mp_document_add_doubt(doubts, "limit");
    if (result != MP_ARCHIVE_READ || parts->len == 0)
        return FALSE;
    g_ptr_array_sort(parts, compare_parts);
    return read_parts(document, parts, want == is_odf_part, limits);
}

gboolean
mp_docx_read(MpDocument *document, GBytes *bytes, const MpLimits *limits, GPtrArray *doubts)
{
    return read_office(document, bytes, is_docx_part, limits, doubts);
}

gboolean
mp_odf_read(MpDocument *document, GBytes *bytes, const MpLimits *limits, GPtrArray *doubts)
{
    return read_office(document, bytes, is_odf_part, limits, doubts);
}

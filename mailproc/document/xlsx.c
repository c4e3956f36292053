/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Sheets of an XLSX as tables. Cells stand where their reference says, so that empty ones keep
 * their column. Excel keeps 15 digits of a number: a NIP typed as a number has lost its end, and
 * is handed on as it stands there (the inner rules then doubt it). */

#include "document/document-private.h"

#define MAX_COLUMNS 200

typedef struct {
    GPtrArray *shared; /* char * */
    GString *text;     /* of the string or cell being read */
    gboolean in_text;
    gboolean in_phonetic;
    /* sheet only */
    GString *table;
    GPtrArray *row; /* char * */
    char *cell_type;
    guint column;
    gint64 rows_left;
} Sheet;

static void
add_text(const char *text, void *data)
{
    Sheet *sheet = data;

    if (sheet->in_text && !sheet->in_phonetic)
        g_string_append(sheet->text, text);
}

static void
shared_start(MpXml *xml, const char *name, void *data)
{
    Sheet *sheet = data;

    (void)xml;
    if (g_str_equal(name, "si"))
        g_string_truncate(sheet->text, 0);
    else if (g_str_equal(name, "t"))
        sheet->in_text = TRUE;
    else if (g_str_equal(name, "rPh"))
        sheet->in_phonetic = TRUE;
}

static void
shared_end(const char *name, void *data)
{
    Sheet *sheet = data;

    if (g_str_equal(name, "t"))
        sheet->in_text = FALSE;
    else if (g_str_equal(name, "rPh"))
        sheet->in_phonetic = FALSE;
    else if (g_str_equal(name, "si"))
        g_ptr_array_add(sheet->shared, mp_text_line(sheet->text->str));
}

/* "BC12" → 54; the column counted so far when there is no reference. */
static guint
column_of(const char *reference, guint otherwise)
{
    guint column = 0;

    if (reference == NULL || !g_ascii_isalpha(*reference))
        return otherwise;
    for (; g_ascii_isalpha(*reference) && column < MAX_COLUMNS; reference++)
        column = column * 26 + (guint)(g_ascii_toupper(*reference) - 'A' + 1);
    return column - 1;
}

static void
sheet_start(MpXml *xml, const char *name, void *data)
{
    Sheet *sheet = data;

    if (g_str_equal(name, "row")) {
        g_ptr_array_set_size(sheet->row, 0);
        sheet->column = 0;
    } else if (g_str_equal(name, "c")) {
        g_autofree char *reference = mp_xml_attribute(xml, "r");

        g_free(sheet->cell_type);
        sheet->cell_type = mp_xml_attribute(xml, "t");
        sheet->column = column_of(reference, sheet->column);
        g_string_truncate(sheet->text, 0);
    } else if (g_str_equal(name, "v") || g_str_equal(name, "t")) {
        sheet->in_text = TRUE;
    }
}

/* Numbers of many digits are written as 1.98503172009022E+17: the digits that are there, and zeros
 * for those that Excel lost. */
static char *
number_text(const char *text)
{
    const char *e = strpbrk(text, "eE");
    g_autoptr(GString) out = g_string_new(NULL);
    gint64 exponent = 0;
    gint64 digits = 0;

    if (e == NULL)
        return mp_text_line(text);
    exponent = g_ascii_strtoll(e + 1, NULL, 10);
    if (exponent < 0 || exponent > 30 || *text == '-')
        return mp_text_line(text);
    for (const char *p = text; p < e && digits <= exponent; p++) {
        if (g_ascii_isdigit(*p)) {
            g_string_append_c(out, *p);
            digits++;
        }
    }
    for (; digits <= exponent; digits++)
        g_string_append_c(out, '0');
    return g_string_free(g_steal_pointer(&out), FALSE);
}

static char *
cell_text(const Sheet *sheet)
{
    guint64 index = 0;

    if (g_strcmp0(sheet->cell_type, "s") == 0) {
        if (!g_ascii_string_to_unsigned(sheet->text->str, 10, 0, G_MAXUINT32, &index, NULL) ||
            index >= sheet->shared->len)
            return g_strdup("");
        return g_strdup(g_ptr_array_index(sheet->shared, index));
    }
    if (g_strcmp0(sheet->cell_type, "e") == 0)
        return g_strdup("");
    if (sheet->cell_type == NULL || g_str_equal(sheet->cell_type, "n"))
        return number_text(sheet->text->str);
    return mp_text_line(sheet->text->str);
}

static void
end_cell(Sheet *sheet)
{
    if (sheet->column < MAX_COLUMNS) {
        while (sheet->row->len <= sheet->column)
            g_ptr_array_add(sheet->row, g_strdup(""));
        g_free(g_ptr_array_index(sheet->row, sheet->column));
        g_ptr_array_index(sheet->row, sheet->column) = cell_text(sheet);
    }
    sheet->column++;
}

static void
end_row(Sheet *sheet)
{
    gboolean has_text = FALSE;

    for (guint i = 0; i < sheet->row->len; i++)
        has_text = has_text || *(const char *)g_ptr_array_index(sheet->row, i) != '\0';
    if (!has_text || sheet->rows_left-- <= 0)
        return;
    for (guint i = 0; i < sheet->row->len; i++) {
        if (i > 0)
            g_string_append_c(sheet->table, '\t');
        g_string_append(sheet->table, g_ptr_array_index(sheet->row, i));
    }
    g_string_append_c(sheet->table, '\n');
}

static void
sheet_end(const char *name, void *data)
{
    Sheet *sheet = data;

    if (g_str_equal(name, "v") || g_str_equal(name, "t"))
        sheet->in_text = FALSE;
    else if (g_str_equal(name, "c"))
        end_cell(sheet);
    else if (g_str_equal(name, "row"))
        end_row(sheet);
}

static gboolean
is_wanted(const char *name)
{
    return g_str_equal(name, "xl/sharedStrings.xml") ||
           (g_str_has_prefix(name, "xl/worksheets/sheet") && g_str_has_suffix(name, ".xml"));
}

/* sheet2 before sheet10. */
static int
compare_names(gconstpointer a, gconstpointer b)
{
    const MpMember *const *x = a;
    const MpMember *const *y = b;
    gsize length_x = strlen((*x)->name);
    gsize length_y = strlen((*y)->name);

    return length_x != length_y ? (length_x < length_y ? -1 : 1)
                                : g_strcmp0((*x)->name, (*y)->name);
}

static gboolean
read_sheet(const MpMember *member,
           GPtrArray *shared,
           const MpLimits *limits,
           GString *table,
           GPtrArray *doubts)
{
    static const MpXmlHandler handler = {sheet_start, sheet_end, add_text};
    g_autoptr(GString) text = g_string_new(NULL);
    g_autoptr(GPtrArray) row = g_ptr_array_new_with_free_func(g_free);
    Sheet sheet = {.shared = shared,
                   .text = text,
                   .table = table,
                   .row = row,
                   .rows_left = limits->table_rows + 1};
    gboolean is_read = mp_xml_walk(member->content, &handler, &sheet);

    if (sheet.rows_left < 0)
        mp_document_add_doubt(doubts, "limit");
    g_free(sheet.cell_type);
    return is_read;
}

static void
read_shared(GPtrArray *members, GPtrArray *shared)
{
    static const MpXmlHandler handler = {shared_start, shared_end, add_text};
    const MpMember *member = mp_member_find(members, "xl/sharedStrings.xml");
    g_autoptr(GString) text = g_string_new(NULL);
    Sheet sheet = {.shared = shared, .text = text};

    if (member != NULL && !mp_xml_walk(member->content, &handler, &sheet))
        g_ptr_array_set_size(shared, 0);
}

gboolean
mp_xlsx_read(MpDocument *document, GBytes *bytes, const MpLimits *limits, GPtrArray *doubts)
{
    g_autoptr(GPtrArray) members = g_ptr_array_new_with_free_func((GDestroyNotify)mp_member_free);
    g_autoptr(GPtrArray) shared = g_ptr_array_new_with_free_func(g_free);
    g_autoptr(GString) all = g_string_new(NULL);
    MpArchiveResult result = mp_archive_read(bytes, limits, is_wanted, members);

    if (result == MP_ARCHIVE_LIMIT)
        mp_document_add_doubt(doubts, "limit");
    if (result != MP_ARCHIVE_READ)
        return FALSE;
    g_ptr_array_sort(members, compare_names);
    read_shared(members, shared);
    for (guint i = 0; i < members->len; i++) {
        const MpMember *member = g_ptr_array_index(members, i);
        g_autoptr(GString) table = g_string_new(NULL);

        if (!g_str_has_prefix(member->name, "xl/worksheets/") ||
            !read_sheet(member, shared, limits, table, doubts) || table->len == 0)
            continue;
        g_string_append(all, table->str);
        g_string_append_c(all, '\n');
        g_ptr_array_add(document->tables, mp_text_clean(table->str, -1));
    }
    return mp_document_take_text(document, all->str, limits);
}

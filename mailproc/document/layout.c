/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Lines from placed glyphs. PDF programs write cells, kerned pieces and whole lines in any order:
 * only the places on the page say what belongs together. Glyphs are put into rows by their middle
 * height; within a row a gap is nothing, a blank, two blanks or a tab by its width in heights.
 * Cells that stand under cells of the row above are moved to the same tab, so that wrapped cells
 * of a table keep their column. */

#include "document/document-private.h"

#define BLANK_GAP 0.13
#define WIDE_GAP 0.45
#define CELL_GAP 1.15
#define ROW_SHARE 0.5

typedef struct {
    double x0, x1;
    GString *text;
} Cell;

static void
cell_clear(gpointer data)
{
    Cell *cell = data;

    g_string_free(cell->text, TRUE);
}

static double
middle(const MpGlyph *g)
{
    return (g->y0 + g->y1) / 2;
}

static int
compare_middle(gconstpointer a, gconstpointer b)
{
    double x = middle(a);
    double y = middle(b);

    return x < y ? -1 : x > y;
}

static int
compare_x(gconstpointer a, gconstpointer b)
{
    const MpGlyph *x = a;
    const MpGlyph *y = b;

    return x->x0 < y->x0 ? -1 : x->x0 > y->x0;
}

static void
cell_begin(GArray *cells, const MpGlyph *glyph)
{
    Cell cell = {glyph->x0, glyph->x1, g_string_new(NULL)};

    g_string_append_unichar(cell.text, glyph->c);
    g_array_append_val(cells, cell);
}

/* Bold faces are sometimes printed twice, a hair apart. */
static gboolean
is_struck_twice(const MpGlyph *before, const MpGlyph *glyph)
{
    return before->c == glyph->c && glyph->x0 - before->x0 < 0.12 * (glyph->y1 - glyph->y0);
}

/* Cells of one row of glyphs, left to right. */
static GArray *
row_cells(MpGlyph *glyphs, guint n)
{
    GArray *cells = g_array_new(FALSE, FALSE, sizeof(Cell));
    const MpGlyph *before = NULL;

    g_array_set_clear_func(cells, cell_clear);
    qsort(glyphs, n, sizeof(MpGlyph), compare_x);
    for (guint i = 0; i < n; i++) {
        const MpGlyph *glyph = &glyphs[i];
        double height = MAX(glyph->y1 - glyph->y0, 1);
        double gap = before == NULL ? 0 : (glyph->x0 - before->x1) / height;
        Cell *cell = cells->len == 0 ? NULL : &g_array_index(cells, Cell, cells->len - 1);

        if (before != NULL && is_struck_twice(before, glyph))
            continue;
        if (cell == NULL || gap > CELL_GAP) {
            cell_begin(cells, glyph);
        } else {
            if (gap > WIDE_GAP)
                g_string_append(cell->text, "  ");
            else if (gap > BLANK_GAP || before->space_after)
                g_string_append_c(cell->text, ' ');
            g_string_append_unichar(cell->text, glyph->c);
            cell->x1 = MAX(cell->x1, glyph->x1);
        }
        before = glyph;
    }
    return cells;
}

/* Index of the one column that a cell stands under, or -1. */
static int
find_column(GArray *columns, const Cell *cell, guint from)
{
    int found = -1;

    for (guint i = 0; i < columns->len; i++) {
        const Cell *column = &g_array_index(columns, Cell, i);

        if (cell->x0 > column->x1 || cell->x1 < column->x0)
            continue;
        if (found >= 0 || i < from)
            return -1;
        found = (int)i;
    }
    return found;
}

/* Columns for each cell into `at`; FALSE when the row does not stand under these columns. */
static gboolean
align_row(GArray *columns, GArray *cells, int *at)
{
    guint from = 0;

    for (guint i = 0; i < cells->len; i++) {
        at[i] = find_column(columns, &g_array_index(cells, Cell, i), from);
        if (at[i] < 0)
            return FALSE;
        from = (guint)at[i] + 1;
    }
    return TRUE;
}

static void
columns_set(GArray *columns, GArray *cells)
{
    g_array_set_size(columns, 0);
    for (guint i = 0; i < cells->len; i++) {
        const Cell *cell = &g_array_index(cells, Cell, i);
        Cell column = {cell->x0, cell->x1, g_string_new(NULL)};

        g_array_append_val(columns, column);
    }
}

static void
write_row(GString *out, GArray *columns, GArray *cells)
{
    g_autofree int *at = g_new0(int, cells->len);
    gboolean is_aligned = columns->len > 1 && align_row(columns, cells, at);
    int tabs = 0;

    if (!is_aligned)
        columns_set(columns, cells);
    for (guint i = 0; i < cells->len; i++) {
        const Cell *cell = &g_array_index(cells, Cell, i);
        int want = is_aligned ? at[i] : (int)i;
        Cell *column = &g_array_index(columns, Cell, want);

        column->x0 = MIN(column->x0, cell->x0);
        column->x1 = MAX(column->x1, cell->x1);
        for (; tabs < want; tabs++)
            g_string_append_c(out, '\t');
        g_string_append(out, cell->text->str);
    }
    g_string_append_c(out, '\n');
}

char *
mp_layout_text(GArray *glyphs)
{
    g_autoptr(GString) out = g_string_new(NULL);
    g_autoptr(GArray) columns = g_array_new(FALSE, FALSE, sizeof(Cell));
    MpGlyph *all = (MpGlyph *)(void *)glyphs->data;
    guint from = 0;
    double before = 0;

    if (glyphs->len == 0)
        return g_strdup("");
    g_array_set_clear_func(columns, cell_clear);
    qsort(all, glyphs->len, sizeof(MpGlyph), compare_middle);
    while (from < glyphs->len) {
        const MpGlyph *first = &all[from];
        double height = MAX(first->y1 - first->y0, 1);
        double line = middle(first);
        guint to = from + 1;
        g_autoptr(GArray) cells = NULL;

        while (to < glyphs->len && middle(&all[to]) - line < ROW_SHARE * height)
            to++;
        if (from > 0 && line - before > 2.2 * height)
            g_string_append_c(out, '\n');
        if (from > 0 && line - before > 3.5 * height)
            g_array_set_size(columns, 0);
        cells = row_cells(all + from, to - from);
        write_row(out, columns, cells);
        before = line;
        from = to;
    }
    return g_string_free(g_steal_pointer(&out), FALSE);
}

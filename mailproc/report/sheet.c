/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Text flowing down pages of a PDF, by Pango and Cairo, into memory. */

#include "report/sheet-private.h"

#include <cairo-pdf.h>

enum {
    PAGE_WIDTH = 595, /* A4 in points */
    PAGE_HEIGHT = 842,
    MARGIN = 57,
    TEXT_WIDTH = PAGE_WIDTH - 2 * MARGIN,
    LABEL_WIDTH = 130,
    PADDING = 4,
};

static cairo_status_t
take_bytes(void *closure, const unsigned char *data, unsigned int length)
{
    g_byte_array_append(closure, data, length);
    return CAIRO_STATUS_SUCCESS;
}

/* The fonts of all sheets: looking them up anew for each would take longer than drawing it. */
static PangoFontMap *
shared_fonts(void)
{
    static gsize made = 0;

    if (g_once_init_enter(&made))
        g_once_init_leave(&made, (gsize)pango_cairo_font_map_new());
    return (PangoFontMap *)made;
}

MpSheet *
mp_sheet_new(const char *title, gint64 now_utc)
{
    MpSheet *sheet = g_new0(MpSheet, 1);
    PangoContext *context;
    g_autoptr(GDateTime) now = g_date_time_new_from_unix_utc(now_utc / G_USEC_PER_SEC);
    g_autofree char *date = g_date_time_format(now, "%Y-%m-%dT%H:%M:%SZ");

    sheet->bytes = g_byte_array_new();
    sheet->surface =
        cairo_pdf_surface_create_for_stream(take_bytes, sheet->bytes, PAGE_WIDTH, PAGE_HEIGHT);
    /* Cairo would ask the clock. */
    cairo_pdf_surface_set_metadata(sheet->surface, CAIRO_PDF_METADATA_CREATE_DATE, date);
    cairo_pdf_surface_set_metadata(sheet->surface, CAIRO_PDF_METADATA_TITLE, title);
    sheet->cairo = cairo_create(sheet->surface);
    context = pango_font_map_create_context(shared_fonts());
    pango_cairo_context_set_resolution(context, 72); /* a unit of the page is a point */
    pango_cairo_update_context(sheet->cairo, context);
    sheet->layout = pango_layout_new(context);
    g_object_unref(context);
    pango_layout_set_wrap(sheet->layout, PANGO_WRAP_WORD_CHAR);
    sheet->y = MARGIN;
    return sheet;
}

/* Puts the text into the layout; how high it is. */
static double
measure_plain(
    MpSheet *sheet, MpSheetFont font, PangoAlignment alignment, double width, const char *text)
{
    static const char *const fonts[] = {"DejaVu Serif 11",
                                        "DejaVu Serif Bold 11",
                                        "DejaVu Serif Bold 14",
                                        "DejaVu Serif 9",
                                        "DejaVu Serif Bold 9"};
    PangoFontDescription *description = pango_font_description_from_string(fonts[font]);
    int height;

    pango_layout_set_font_description(sheet->layout, description);
    pango_font_description_free(description);
    pango_layout_set_alignment(sheet->layout, alignment);
    pango_layout_set_width(sheet->layout, (int)(width * PANGO_SCALE));
    pango_layout_set_text(sheet->layout, text, -1);
    pango_layout_get_size(sheet->layout, NULL, &height);
    return (double)height / PANGO_SCALE;
}

static double
measure(MpSheet *sheet, MpSheetFont font, PangoAlignment alignment, double width, const char *text)
{
    g_autofree char *line = mp_text_clean(text == NULL ? "" : text, -1);
    g_autofree char *masked = mp_text_mask_all(line);

    return measure_plain(sheet, font, alignment, width, masked);
}

static double
measure_cell(MpSheet *sheet, MpSheetFont font, double width, const MpSheetCell *cell)
{
    g_autofree char *line = NULL;

    if (!cell->is_whole)
        return measure(sheet, font, PANGO_ALIGN_LEFT, width, cell->text);
    line = mp_text_clean(cell->text == NULL ? "" : cell->text, -1);
    return measure_plain(sheet, font, PANGO_ALIGN_LEFT, width, line);
}

static void
draw_at(MpSheet *sheet, double x, double y)
{
    cairo_move_to(sheet->cairo, x, y);
    pango_cairo_show_layout(sheet->cairo, sheet->layout);
}

static void
make_room(MpSheet *sheet, double height)
{
    if (sheet->y + height <= PAGE_HEIGHT - MARGIN || sheet->y <= MARGIN)
        return;
    cairo_show_page(sheet->cairo);
    sheet->y = MARGIN;
}

void
mp_sheet_gap(MpSheet *sheet, double points)
{
    sheet->y += points;
}

void
mp_sheet_text(MpSheet *sheet, MpSheetFont font, PangoAlignment alignment, const char *text)
{
    double height = measure(sheet, font, alignment, TEXT_WIDTH, text);

    make_room(sheet, height);
    draw_at(sheet, MARGIN, sheet->y);
    sheet->y += height + 2;
}

void
mp_sheet_rule(MpSheet *sheet)
{
    make_room(sheet, 8);
    cairo_set_line_width(sheet->cairo, 1.2);
    cairo_move_to(sheet->cairo, MARGIN, sheet->y + 3);
    cairo_line_to(sheet->cairo, PAGE_WIDTH - MARGIN, sheet->y + 3);
    cairo_stroke(sheet->cairo);
    sheet->y += 10;
}

void
mp_sheet_field(MpSheet *sheet, const char *label, const char *value)
{
    double width = TEXT_WIDTH - LABEL_WIDTH - 10;
    double label_height = measure(sheet, MP_SHEET_PLAIN, PANGO_ALIGN_LEFT, LABEL_WIDTH - 4, label);
    double height = measure(sheet, MP_SHEET_PLAIN, PANGO_ALIGN_LEFT, width, value);

    height = MAX(height, label_height);
    make_room(sheet, height);
    draw_at(sheet, MARGIN + LABEL_WIDTH + 10, sheet->y);
    (void)measure(sheet, MP_SHEET_PLAIN, PANGO_ALIGN_LEFT, LABEL_WIDTH - 4, label);
    draw_at(sheet, MARGIN, sheet->y);
    (void)measure(sheet, MP_SHEET_PLAIN, PANGO_ALIGN_LEFT, 10, ":");
    draw_at(sheet, MARGIN + LABEL_WIDTH, sheet->y);
    sheet->y += height + 2;
}

void
mp_sheet_row(MpSheet *sheet, MpSheetFont font, const MpSheetCell *cells, gsize n)
{
    double height = 0, x = MARGIN;

    for (gsize i = 0; i < n; i++) {
        double width = TEXT_WIDTH * cells[i].percent / 100.0 - 2 * PADDING;

        height = MAX(height, measure_cell(sheet, font, width, &cells[i]));
    }
    height += 2 * PADDING;
    make_room(sheet, height);
    cairo_set_line_width(sheet->cairo, 0.6);
    for (gsize i = 0; i < n; i++) {
        double width = TEXT_WIDTH * cells[i].percent / 100.0;

        (void)measure_cell(sheet, font, width - 2 * PADDING, &cells[i]);
        draw_at(sheet, x + PADDING, sheet->y + PADDING);
        cairo_rectangle(sheet->cairo, x, sheet->y, width, height);
        cairo_stroke(sheet->cairo);
        x += width;
    }
    sheet->y += height;
}

GBytes *
mp_sheet_finish(MpSheet *sheet, GError **error)
{
    cairo_status_t status;
    GBytes *bytes;

    g_object_unref(sheet->layout);
    cairo_destroy(sheet->cairo);
    cairo_surface_finish(sheet->surface);
    status = cairo_surface_status(sheet->surface);
    cairo_surface_destroy(sheet->surface);
    bytes = g_byte_array_free_to_bytes(sheet->bytes);
    g_free(sheet);
    if (status == CAIRO_STATUS_SUCCESS)
        return bytes;
    g_bytes_unref(bytes);
    g_set_error(error,
                MP_ERROR,
                status == CAIRO_STATUS_NO_MEMORY ? MP_ERROR_STORAGE : MP_ERROR_INPUT,
                "paper: cannot be drawn: %s",
                cairo_status_to_string(status));
    return NULL;
}

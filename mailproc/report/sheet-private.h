/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/* Sheets of paper: what papers are drawn on (sheet.c), and what they may do with it (paper.c). */

#include "report/report.h"

#include <pango/pangocairo.h>

/* A PDF in the making: text flows down A4 pages. */
typedef struct {
    GByteArray *bytes;
    cairo_surface_t *surface;
    cairo_t *cairo;
    PangoLayout *layout;
    double y;
} MpSheet;

typedef enum {
    MP_SHEET_PLAIN,
    MP_SHEET_BOLD,
    MP_SHEET_TITLE,
    MP_SHEET_SMALL,
    MP_SHEET_SMALL_BOLD
} MpSheetFont;

/* One cell of a row: how much of the width it has, in hundredths, and its text. */
typedef struct {
    guint percent;
    const char *text;
    gboolean is_whole; /* identity numbers in it are not masked */
} MpSheetCell;

MpSheet *mp_sheet_new(const char *title, gint64 now_utc);
void mp_sheet_text(MpSheet *sheet, MpSheetFont font, PangoAlignment alignment, const char *text);
void mp_sheet_gap(MpSheet *sheet, double points);
void mp_sheet_rule(MpSheet *sheet);
/* "Label : value", the value wrapped beside the label. */
void mp_sheet_field(MpSheet *sheet, const char *label, const char *value);
/* A row of a table with lines around its cells, never broken over two pages. */
void mp_sheet_row(MpSheet *sheet, MpSheetFont font, const MpSheetCell *cells, gsize n);
/* Frees the sheet; INPUT when the drawing went wrong. */
GBytes *mp_sheet_finish(MpSheet *sheet, GError **error);

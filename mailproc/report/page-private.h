/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/* The page and its charts: what the parts of the HTML page share. The page is one string, made from
 * the counts alone, and every foreign text in it is masked and escaped on its way in. */

#include "report/report-private.h"

/* --- charts (svg.c) ----------------------------------------------------------------------------
 */

void mp_report_svg_weeks(GString *out, const MpReport *report);
void mp_report_svg_steps(GString *out, const MpReport *report);
void mp_report_svg_open(GString *out, const MpReport *report);
/* Sections of the page (page-voices.c): what citizens said. */
void mp_report_page_complaints(GString *out, const MpReport *report);
void mp_report_page_survey(GString *out, const MpReport *report);
/* Pieces of tables: numbers stand to the right. `heads` ends with NULL. */
void mp_report_open_table(GString *out, const char *const *heads, guint first_number);
void mp_report_close_table(GString *out);
void mp_report_cell_words(GString *out, const char *words);
void mp_report_cell_value(GString *out, const char *value);
void mp_report_cell_number(GString *out, guint64 n);
/* Colours of services and ages, by number. */
const char *mp_report_colour(guint i);
const char *mp_report_age_colour(guint i);
/* Appends `text` as mp_report_line, escaped for HTML. */
void mp_report_escape(GString *out, const char *text);

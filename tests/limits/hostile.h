/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/* Hostile attachments, made when the test runs so that no such file lies in the tree. */

#include <glib.h>

GBytes *hostile_pdf_circular(void);    /* an xref section that names itself as the one before */
GBytes *hostile_pdf_broken_xref(void); /* startxref far beyond the end */
GBytes *hostile_pdf_launch(void);      /* JavaScript at opening, a program at a field */
GBytes *hostile_pdf_page_loop(void);   /* a page tree whose node is its own child */
GBytes *hostile_pdf_deep(void);        /* 200,000 arrays in each other */
GBytes *hostile_pdf_flate(void);       /* a content stream that inflates a thousandfold */
GBytes *hostile_pdf_locked(void);      /* encrypted by a password nobody knows */
GBytes *hostile_pdf_polyglot(void);    /* also a web page */

GBytes *hostile_zip_overlap(void); /* two entries that share bytes */
GBytes *hostile_zip_nested(void);  /* six ZIPs in each other */
GBytes *hostile_zip_lies(void);    /* the directory says other sizes than the local header */
GBytes *hostile_zip_many(void);    /* 65,535 entries */
GBytes *hostile_zip_ratio(void);   /* 300 MB of one letter */
GBytes *hostile_zip_names(void);   /* members that want to lie outside */
GBytes *hostile_zip_links(void);   /* a link, then a file below it */

GBytes *hostile_docx_dtd(void);      /* an entity of the system */
GBytes *hostile_docx_laughs(void);   /* entities of entities */
GBytes *hostile_docx_template(void); /* a template on a foreign server */
GBytes *hostile_docx_huge(void);     /* 60 MB of one paragraph */

GBytes *hostile_png_large(void);  /* claims 2^31 − 1 pixels each way */
GBytes *hostile_jpeg_scans(void); /* a thousand scans */
GBytes *hostile_jpeg_tail(void);  /* a script behind the picture */

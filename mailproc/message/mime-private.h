/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/* What the files around the MIME walk share, and the autoptr lines of GMime types. */

#include "message/message-private.h"

#include <gmime/gmime.h>

G_DEFINE_AUTOPTR_CLEANUP_FUNC(GMimeMessage, g_object_unref)
G_DEFINE_AUTOPTR_CLEANUP_FUNC(GMimeParser, g_object_unref)
G_DEFINE_AUTOPTR_CLEANUP_FUNC(GMimeStream, g_object_unref)
G_DEFINE_AUTOPTR_CLEANUP_FUNC(GMimeParserOptions, g_mime_parser_options_free)

/* --- mime.c --------------------------------------------------------------------------------- */

/* What the walk over the MIME tree collects beside the message itself. */
typedef struct {
    MpMessage *message;
    const MpLimits *limits;
    GString *plain;       /* visible text so far */
    gboolean has_plain;   /* some of it came from text/plain */
    gboolean has_html;    /* some of it came from HTML alone */
    GString *html_refs;   /* raw HTML, to look up cid: */
    GString *delivery;    /* content of message/delivery-status parts */
    GString *feedback;    /* content of message/feedback-report parts */
    GString *returned;    /* header block of the returned mail */
    gboolean has_receipt; /* a message/disposition-notification */
    gboolean is_report;   /* multipart/report at the root */
    gint64 parts;         /* MIME entities seen */
    guint alternatives;   /* multipart/alternative around */
    gboolean is_text_cut;
} MpWalk;

/* GMime must be woken once before any of its functions. */
void mp_mime_init(void);
/* Walks a parsed message; `depth` counts attached mails, `level` all nesting. */
gboolean mp_mime_walk(MpWalk *walk, GMimeMessage *mime, guint depth, guint level, GError **error);
/* Bytes to a GMime message, after the pre-scan; `*odd_out` is set on GMime's warnings. */
GMimeMessage *mp_mime_parse(const guint8 *bytes, gsize length, gboolean *odd_out, GError **error);

/* --- part.c --------------------------------------------------------------------------------- */

gboolean mp_part_is_type(GMimeObject *object, const char *type, const char *subtype);
/* Content-Disposition: attachment. */
gboolean mp_part_is_attachment(GMimeObject *object);
/* Content with its transfer encoding undone; the caller's. */
GByteArray *mp_part_decoded(GMimePart *part);
/* UTF-8 of a text/plain part, format=flowed undone. */
char *mp_part_plain_text(MpWalk *walk, GMimePart *part);
/* Visible text of a text/html part; its tables go to the message when `keep_tables`. */
char *mp_part_html_text(MpWalk *walk, GMimePart *part, gboolean keep_tables);
/* Adds the part to the message's attachments. */
void mp_part_add(MpWalk *walk, GMimePart *part, guint depth);

/* --- bounce.c, automatic.c ------------------------------------------------------------------ */

/* Fills `bounced` from the delivery report or the wording of the text. */
void mp_bounce_read(MpWalk *walk);
/* TRUE when headers and wording say that this is a delivery report. */
gboolean mp_bounce_is(const MpWalk *walk, const char **reason_out);
/* Sets `automatic` and its reason; bounces are read here too. */
void mp_automatic_judge(MpWalk *walk, const MpMessageOptions *options);

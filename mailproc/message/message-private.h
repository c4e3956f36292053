/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/* What the files of message/ share, and the autoptr lines of libxml2 and ICU types. */

#include "message/message.h"

#include <libxml/HTMLparser.h>
#include <libxml/tree.h>
#include <unicode/ucnv.h>
#include <unicode/ucsdet.h>

typedef xmlDoc MpXmlDoc;
G_DEFINE_AUTOPTR_CLEANUP_FUNC(MpXmlDoc, xmlFreeDoc)
typedef UConverter MpConverter;
G_DEFINE_AUTOPTR_CLEANUP_FUNC(MpConverter, ucnv_close)
typedef UCharsetDetector MpDetector;
G_DEFINE_AUTOPTR_CLEANUP_FUNC(MpDetector, ucsdet_close)

/* --- wording.c: patterns of our own, compiled at first use and kept ------------------------- */

typedef struct {
    const char *regex;
    MpPatternFlags flags;
    MpPattern *compiled;
} MpWording;

/* TRUE on a match within at most `length` (-1 = all) bytes. A limit counts as no match. */
gboolean
mp_wording_match(MpWording *wording, const char *text, gssize length, MpCaptures *captures_out);

/* --- charset.c ------------------------------------------------------------------------------ */

/* UTF-8 of bytes in the declared charset (may be NULL), else by detection, else windows-1252; never
 * fails. Not cleaned. `*guessed_out` is set to TRUE (never to FALSE) when the declaration was not
 * usable as it stood. */
char *
mp_charset_decode(const guint8 *bytes, gsize length, const char *declared, gboolean *guessed_out);

/* --- word.c ---------------------------------------------------------------------------------- */

/* Encoded words of a header value decoded; not cleaned, valid UTF-8. */
char *mp_word_decode(const char *value);

/* --- header.c ------------------------------------------------------------------------------- */

/* Length of the header block without its closing blank line; `*body_out` is where the body
 * begins. */
gsize mp_header_block(const guint8 *bytes, gsize length, gsize *body_out);
/* Fields of a header block: MpHeader with unfolded values as valid UTF-8. Sets `*odd_out` when a
 * name is followed by a blank, a value holds NUL or a line is no field. */
GPtrArray *mp_header_list(const guint8 *bytes, gsize length, gboolean *odd_out);
/* First field of that name in a list of MpHeader. */
const char *mp_header_find(const GPtrArray *headers, const char *name);
/* Encoded words decoded, one clean line; NULL stays NULL. */
char *mp_header_decode(const char *value);
/* Appends each <id> of a field (without <>) once. */
void mp_header_ids(const char *value, GPtrArray *ids);
/* The first <id>, or the whole trimmed value when there are no brackets; NULL when empty. */
char *mp_header_first_id(const char *value);
/* Microseconds UTC of a Date field, 0 when unreadable. */
gint64 mp_header_date(const char *value);

/* --- address.c ------------------------------------------------------------------------------ */

typedef enum {
    MP_ADDRESS_GROUP = 1 << 0,   /* a group stood there */
    MP_ADDRESS_BROKEN = 1 << 1,  /* unbalanced quotes, comments or brackets */
    MP_ADDRESS_STRANGE = 1 << 2, /* something that is no plain addr-spec */
} MpAddressFlags;

/* Appends the mailboxes of an address field (raw, unfolded) and says what was odd. */
MpAddressFlags mp_address_list(const char *value, GPtrArray *addresses);

/* --- text.c --------------------------------------------------------------------------------- */

/* Undoes format=flowed (RFC 3676). */
char *mp_text_unflow(const char *text, gboolean delsp);
/* Lines end in \n, text is clean, trailing blanks and more than two empty lines are gone, at most
 * `limit` characters. `*cut_out` is set when something was dropped at the limit. */
char *mp_text_tidy(const char *text, gint64 limit, gboolean *cut_out);
/* How many different words of `text` do not stand in `from`; `*words_out` = how many it has. */
guint mp_text_words_missing(const char *text, const char *from, guint *words_out);

/* --- quote.c: what a line of text is -------------------------------------------------------- */

typedef enum {
    MP_QUOTE_NONE,
    MP_QUOTE_ATTRIBUTION, /* "On …, X wrote:" */
    MP_QUOTE_ORIGINAL,    /* a divider of an answer, or a header block */
    MP_QUOTE_FORWARD,     /* a divider of a forward */
} MpQuoteKind;

/* What begins at line `at` of `lines` (NULL-terminated); `*n_out` is the number of lines that the
 * opening itself takes. */
MpQuoteKind mp_quote_at(char *const *lines, guint n_lines, guint at, guint *n_out);
/* TRUE when the line carries a quote mark (> |). */
gboolean mp_quote_is_marked(const char *line);
/* Number of lines of a block of mail headers beginning here (0 = none); facts go to `forward` when
 * it is not NULL. */
guint mp_quote_header_block(char *const *lines, guint n_lines, guint at, MpForward *forward);
/* TRUE when the subject says that the mail hands on another. */
gboolean mp_quote_is_forward_subject(const char *subject);

/* --- signature.c ---------------------------------------------------------------------------- */

/* Index of the line where signature, phone advert or disclaimer begins in lines [from, to), or
 * `to`. `name` is the writer's display name or NULL. */
guint mp_signature_start(char *const *lines, guint from, guint to, const char *name);

/* --- reply.c, forward.c --------------------------------------------------------------------- */

/* mp_message_split_reply with the writer's display name as a hint. */
void mp_reply_split(const char *text, const char *name, char **reply_out, char **rest_out);
/* Inline forwards of `text`, outer first, appended to `message->forwards`. */
void mp_forward_find(MpMessage *message, guint depth);

/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/* message/: the bytes of one mail become plain facts (MpMessage): who it is from, what a person
 * wrote now and what is quoted below it, what is attached, whether a machine wrote it. Input comes
 * from the mailbox port through the reader process; the facts go to document/, classify/ and
 * trust/. Nothing here opens, sends, logs or asks the time, and nothing of the mail is trusted.
 *
 * Invariants
 *  - All `char *` texts are valid UTF-8 that may be shown (mp_text_clean); addresses are raw ASCII
 *    as they stood in the field: inside an address nothing is ever decoded.
 *  - `reply_text` never holds a quoted, forwarded, signature or disclaimer line.
 *  - Lists are never NULL; an absent single fact is NULL.
 * Errors: INPUT (GMime cannot make a mail of it), LIMIT (of MpLimits; the message names it).
 */

#include "base/base.h"

typedef struct {
    char *name;    /* display name, decoded and cleaned, or NULL */
    char *address; /* addr-spec as written, or NULL when it is no plain address */
} MpAddress;

/* One header field of the top level, in file order: name as written, value unfolded, undecoded. */
typedef struct {
    char *name;
    char *value;
} MpHeader;

/* One attachment a person would open, also inside attached mails (depth > 0). */
typedef struct {
    char *filename; /* safe to show: last component, no controls or bidi, <= 120 bytes, or NULL */
    char *declared_type; /* "application/pdf", lower case */
    GBytes *content;     /* decoded */
    char *content_id;    /* set for pictures inside the text */
    gboolean is_inline;  /* a picture the text refers to, or a signature part: no document */
    guint depth;         /* 0 = of this mail, n = of the n-th level of attached mail */
} MpPart;

/* A mail inside the mail: attached, or quoted by a client's "forward". */
typedef struct {
    MpAddress *from; /* or NULL */
    char *date;      /* as written, or NULL */
    char *subject;
    char *message_id;
    char *text; /* its visible text, without further nesting */
    gboolean is_attached;
    guint depth; /* 1 = directly inside */
} MpForward;

typedef struct {
    char *address; /* the address that failed */
    char *status;  /* RFC 3463 "5.1.1", or NULL */
    gboolean is_permanent;
    char *diagnostic;          /* the server's words, one line, or NULL */
    char *original_message_id; /* of our mail, or NULL */
} MpBounced;

#define MP_AUTOMATICS(X)                                                                           \
    X(NONE, "none")             /* a person wrote it, as far as anything shows */                  \
    X(OWN, "own")               /* our own mail come back */                                       \
    X(BOUNCE, "bounce")         /* delivery report, of any form */                                 \
    X(FEEDBACK, "feedback")     /* ARF */                                                          \
    X(AUTO_REPLY, "auto-reply") /* vacation and the like */                                        \
    X(LIST, "list")             /* mailing list or bulk */

typedef enum {

#define X(id, name) MP_AUTOMATIC_##id,
    MP_AUTOMATICS(X)
#undef X
        MP_AUTOMATIC_N
} MpAutomatic;

const char *mp_automatic_to_string(MpAutomatic automatic);

typedef struct {
    GPtrArray *headers;      /* MpHeader */
    char *message_id;        /* without <>, or NULL */
    char *in_reply_to;       /* first id, without <>, or NULL */
    GPtrArray *references;   /* char *, in order, without <>; In-Reply-To ids included */
    guint from_fields;       /* how many From header fields there are */
    GPtrArray *from;         /* MpAddress of all From fields */
    gboolean from_is_plain;  /* exactly one field with exactly one plain ASCII addr-spec */
    GPtrArray *reply_to;     /* MpAddress */
    GPtrArray *to;           /* MpAddress of To and Cc */
    char *return_path;       /* "" for the null path, NULL when the field is absent */
    char *subject;           /* decoded, one line, or NULL */
    gint64 date_utc;         /* Date field; 0 = none or unreadable. A claim of the sender only. */
    char *text;              /* all visible text, quotes included */
    char *reply_text;        /* what the person wrote now */
    char *quoted_text;       /* the rest of `text` */
    gboolean text_from_html; /* there was no text/plain alternative */
    GPtrArray *tables;       /* char *: each HTML table as lines of cells split by tabs */
    GPtrArray *parts;        /* MpPart */
    GPtrArray *forwards;     /* MpForward, outer first */
    gboolean is_forward;     /* the mail hands on another mail (subject or body says so) */
    gboolean is_signed;      /* multipart/signed or application/pkcs7-mime at the root */
    gboolean is_encrypted;   /* or a part of it */
    MpAutomatic automatic;
    char *automatic_reason; /* which header or wording said so */
    GPtrArray *bounced;     /* MpBounced */
    char *content_hash;     /* identity of the mail, hex SHA-256 */
    GPtrArray *doubts;      /* char *, names of doubts */
} MpMessage;

typedef struct {
    MpLimits limits;
    char *own_address;   /* the office's mailbox: mails from it are our own come back */
    char *own_id_domain; /* domain of the Message-IDs we make, or NULL */
} MpMessageOptions;

/* Reads one mail; the bytes are not kept. A mail over a limit is refused before GMime sees it. */
MpMessage *mp_message_parse(const guint8 *bytes,
                            gsize length,
                            const MpMessageOptions *options,
                            GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* The pre-scan alone: bytes, header block, fields, part boundaries. */
gboolean mp_message_check_limits(const guint8 *bytes,
                                 gsize length,
                                 const MpLimits *limits,
                                 GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Content hash from raw bytes: sender, To, Date, Subject, id and body; works for any bytes,
 * parseable or not. */
char *mp_message_content_hash(const guint8 *bytes, gsize length);
/* The address in the first From field, lower case, or NULL: for the order of work alone, before
 * anything is read. It proves nothing, and reading the mail may find another sender or none. */
char *mp_message_from_hint(const guint8 *bytes, gsize length);
/* Cuts a plain text into what was written now and the quoted rest (either may be ""). Quotes,
 * forwarded blocks, signatures, phone adverts and disclaimers go to the rest. */
void mp_message_split_reply(const char *text, char **reply_out, char **rest_out);
/* Visible text of HTML; hidden words set `*hidden_out`, tables go to `tables`; both may be NULL. */
char *
mp_message_html_to_text(const char *html, gsize length, GPtrArray *tables, gboolean *hidden_out);
/* First header of that name (case-less), or NULL. */
const char *mp_message_header(const MpMessage *message, const char *name);
/* The single From address when from_is_plain, else NULL. */
const char *mp_message_sender(const MpMessage *message);
void mp_message_free(MpMessage *message);

MpAddress *mp_address_new(const char *name, const char *address);
void mp_address_free(MpAddress *address);
MpHeader *mp_header_new(const char *name, const char *value);
void mp_header_free(MpHeader *header);
MpPart *mp_part_new(void);
void mp_part_free(MpPart *part);
MpForward *mp_forward_new(void);
void mp_forward_free(MpForward *forward);
MpBounced *mp_bounced_new(void);
void mp_bounced_free(MpBounced *bounced);
/* An empty message with all lists made, for tests and the reader's codec. */
MpMessage *mp_message_new(void);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(MpMessage, mp_message_free)
